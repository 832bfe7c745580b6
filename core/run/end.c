/* How a control group ends: what is in it is killed, or asked to end; it is removed, with those
 * below it, whatever their names and however deep; and what nobody owns any more is swept away. */
#include "run/end.h"

#include "base/num.h"
#include "run/group.h"
#include "run/io.h"
#include "run/process.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

enum { PATIENCE_MS = 2000, FREEZE_MS = 100, KILL_DEPTH = 16, YOUNG_US = 2000000 };

int
group_open(int dir, const char *name)
{
	return sys_open_at(dir, name, O_RDONLY | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS | K_RESOLVE_NO_XDEV);
}

/* ---- who is in it ---------------------------------------------------------------------------- */

/* To each process that is listed. The list comes in pieces, which may divide a number; those of
 * another PID namespace are 0, and not ours to name. */
static int
signal_listed(int group, int sig)
{
	char text[1024];
	int fd = sys_open_at(group, "cgroup.procs", O_RDONLY, K_RESOLVE_BENEATH), pid = 0;
	long n;

	if (fd < 0)
		return fd;
	while ((n = sys_read(fd, text, sizeof(text))) > 0 || n == -EINTR)
		for (long i = 0; i < n; i++) {
			bool digit = text[i] >= '0' && text[i] <= '9';

			if (!digit && pid > 0)
				(void)sys_kill(pid, sig);
			/* no pid has ten digits (linux/threads.h: PID_MAX_LIMIT) */
			pid = !digit ? 0 : pid < 100000000 ? pid * 10 + (text[i] - '0') : pid;
		}
	sys_close(fd);
	return (int)n;
}

int
group_next(struct group_list *l, const char **name)
{
	for (;;) {
		const struct k_dirent *e = (const void *)(l->room + l->at);
		long n;

		if (l->at < l->n) {
			l->at += e->reclen;
			if (e->type != K_DT_DIR || e->name[0] == '\0' ||
			    (e->name[0] == '.' &&
				(e->name[1] == '\0' || (e->name[1] == '.' && e->name[2] == '\0'))))
				continue;
			*name = e->name;
			return 1;
		}
		n = sys_getdents(l->fd, l->room, sizeof(l->room));
		if (n <= 0)
			return (int)n;
		l->at = 0;
		l->n = (size_t)n;
	}
}

/* And below it. Freezing reaches everything below by itself, and so does killing where the kernel
 * has a file for it: this is for where it has none. */
static int
signal_below(int group, int sig, unsigned depth)
{
	struct group_list l = { .fd = group_open(group, ".") };
	const char *name = NULL;
	int r = signal_listed(group, sig);

	while (l.fd >= 0 && depth > 0 && group_next(&l, &name) > 0) {
		int fd = group_open(group, name);

		if (fd < 0)
			continue;
		(void)signal_below(fd, sig, depth - 1);
		sys_close(fd);
	}
	process_close(&l.fd);
	return r;
}

/* ---- ending ---------------------------------------------------------------------------------- */

/* Before 5.14 there is no cgroup.kill: every process listed is killed, until none is left to
 * list. */
void
group_kill(int group)
{
	if (io_put_at(group, "cgroup.kill", "1") == 0)
		return;
	(void)!io_put_at(group, "cgroup.freeze", "1");
	(void)!signal_below(group, SIGKILL, KILL_DEPTH);
	(void)!io_put_at(group, "cgroup.freeze", "0");
}

static bool
frozen(int group)
{
	char text[256];
	int fd = sys_open_at(group, "cgroup.events", O_RDONLY, K_RESOLVE_BENEATH);
	long n = fd < 0 ? 0 : sys_read(fd, text, sizeof(text));
	uint64_t v = 0;

	if (fd >= 0)
		sys_close(fd);
	return n > 0 && cgfile_key((struct str){ text, (size_t)n }, S("frozen"), &v) > 0 && v == 1;
}

/* A process in an uninterruptible wait cannot be frozen: then the signal goes all the same. */
int
group_term(int group)
{
	int r = io_put_at(group, "cgroup.freeze", "1"), thawed;

	for (int i = 0; r == 0 && i < FREEZE_MS && !frozen(group); i++)
		(void)sys_poll(NULL, 0, 1);
	r = signal_below(group, SIGTERM, KILL_DEPTH);
	thawed = io_put_at(group, "cgroup.freeze", "0");
	return r < 0 ? r : thawed == -ENOENT ? 0 : thawed;
}

/* ---- removing -------------------------------------------------------------------------------- */

/* Those below it, bottom up, by one descriptor and without recursion: however deep it is. Until one
 * stays although nothing is below it any more: somebody in it is dying. */
static void
remove_below(int group, bool kill)
{
	struct group_list l = { .fd = group };
	unsigned depth = 0;
	bool up = false;

	while (l.fd >= 0) {
		const char *name;
		int r = group_next(&l, &name), next;

		if (r > 0) {
			r = sys_rmdir_at(l.fd, name);
			if (r < 0 && up)
				break;
			up = false;
			if (r == 0)
				continue;
			next = group_open(l.fd, name);
			if (kill && next >= 0)
				group_kill(next);
			depth++;
		} else if (r == 0 && depth > 0) {
			/* a group of v2 is never moved (the kernel has no rename for it): this is
			 * where we came from */
			next = sys_open_at(l.fd, "..", O_RDONLY | O_DIRECTORY, K_RESOLVE_NO_XDEV);
			up = true;
			depth--;
		} else {
			break;
		}
		sys_close(l.fd);
		l.fd = next;
		l.at = l.n = 0;
	}
	process_close(&l.fd);
}

int
group_remove(int parent, const char *name, bool kill)
{
	for (int i = 0;; i++) {
		/* this fails for as long as a process or a group is in it */
		int r = sys_rmdir_at(parent, name), group;

		if (r == 0 || r == -ENOENT)
			return 0;
		if (i == PATIENCE_MS)
			return r;
		group = group_open(parent, name);
		if (kill && group >= 0)
			group_kill(group);
		remove_below(group, kill);
		(void)sys_poll(NULL, 0, 1);
	}
}

/* ---- sweeping -------------------------------------------------------------------------------- */

/* "sbx.PID.TIME", and ".self" behind it. */
bool
group_settled(struct str name)
{
	uint64_t pid, made, now = sys_now();
	size_t dot, end;

	if (!str_starts(name, S(GROUP_MARK)))
		return false;
	name = str_slice(name, sizeof(GROUP_MARK) - 1, name.n);
	dot = str_find(name, '.', 0);
	end = str_find(name, '.', dot + 1);
	return num_uint(str_slice(name, 0, dot), &pid) == 0 &&
	       num_uint(str_slice(name, dot + 1, end), &made) == 0 &&
	       (end == name.n || str_eq(str_slice(name, end, name.n), S(".self"))) &&
	       /* a time that is still to come is of another time namespace */
	       (made > now || now - made >= YOUNG_US);
}

/* Whoever made it holds its lock for as long as it lives (leaf.c). */
static bool
sweep_one(int dir, const char *name)
{
	int group = group_open(dir, name);
	bool gone;

	if (group < 0)
		return false;
	gone = sys_lock(group) == 0 && group_remove(dir, name, true) == 0;
	sys_close(group);
	return gone;
}

int
group_sweep(int dir, void (*told)(void *arg, struct str name), void *arg)
{
	struct group_list l = { .fd = group_open(dir, ".") };
	const char *name;
	int n = 0, r;

	if (l.fd < 0)
		return l.fd;
	while ((r = group_next(&l, &name)) > 0) {
		if (!group_settled(str_of(name)) || !sweep_one(dir, name))
			continue;
		told(arg, str_of(name));
		n++;
	}
	sys_close(l.fd);
	return r < 0 ? r : n;
}
