#include "run/tree.h"

#include "base/buf.h"
#include "sys/sys.h"
#include "text/cgfile.h"

#include <errno.h>
#include <fcntl.h>

/* proc_pid_stat(5), sysconf(_SC_CLK_TCK): USER_HZ is 100 on both of our machines. */
enum { TICK_US = 10000, STAT_ROOM = 1024, LIST_ROOM = 1024 };

/* Only the pages that are used exist. */
static int found[TREE_MOST];
static size_t nfound;

static void
add(int pid)
{
	/* it may have come to another parent while we looked */
	for (size_t i = 0; i < nfound; i++)
		if (found[i] == pid)
			return;
	if (nfound < TREE_MOST)
		found[nfound++] = pid;
}

/* Numbers, a word or a line each; a piece that was read may end within one. Those of processes that
 * we cannot see are 0. */
static void
add_listed(int fd)
{
	char text[LIST_ROOM];
	int pid = 0;
	long n;

	if (fd < 0)
		return;
	while ((n = sys_read(fd, text, sizeof(text))) > 0 || n == -EINTR) {
		for (long i = 0; i < n; i++) {
			bool digit = text[i] >= '0' && text[i] <= '9';

			if (!digit && pid > 0)
				add(pid);
			/* linux/threads.h, PID_MAX_LIMIT: none has eight digits */
			pid = !digit ? 0 : pid < 10000000 ? pid * 10 + (text[i] - '0') : pid;
		}
	}
	sys_close(fd);
}

static int
open_of(int pid, const char *what, int flags)
{
	char path[64];
	struct buf b = BUF(path);

	buf_cstr(&b, "/proc/");
	buf_int(&b, pid);
	buf_cstr(&b, what);
	buf_char(&b, '\0');
	return sys_open(path, flags);
}

/* Each thread has children of its own. */
static void
add_children(int pid)
{
	_Alignas(struct k_dirent) char room[LIST_ROOM];
	int dir = open_of(pid, "/task", O_RDONLY | O_DIRECTORY);
	long n;

	if (dir < 0)
		return;
	while ((n = sys_getdents(dir, room, sizeof(room))) > 0) {
		for (long at = 0; at < n;) {
			const struct k_dirent *e = (const void *)(room + at);
			char path[64];
			struct buf b = BUF(path);

			at += e->reclen;
			if (e->name[0] == '.')
				continue;
			buf_cstr(&b, e->name);
			buf_cstr(&b, "/children");
			buf_char(&b, '\0');
			add_listed(sys_open_at(dir, path, O_RDONLY, 0));
		}
	}
	sys_close(dir);
}

static bool
read_stat(int pid, struct procstat *st)
{
	char text[STAT_ROOM];
	int fd = open_of(pid, "/stat", O_RDONLY);
	long n = fd < 0 ? fd : sys_read(fd, text, sizeof(text));

	if (fd >= 0)
		sys_close(fd);
	return n > 0 && cgfile_procstat((struct str){ text, (size_t)n }, st) == 0;
}

/* Of our own children those that are older than the box are not of it: its guard, and what the
 * program that became us had before. Its orphans are younger. */
static void
add_orphans(int pid)
{
	struct procstat box, one;
	size_t kept = nfound;

	add_listed(sys_open("/proc/thread-self/children", O_RDONLY));
	if (!read_stat(pid, &box))
		box = (struct procstat){ .start = UINT64_MAX };
	for (size_t i = kept; i < nfound; i++)
		if (read_stat(found[i], &one) &&
		    (one.start > box.start || (one.start == box.start && one.pid > pid)))
			found[kept++] = found[i];
	nfound = kept;
}

void
tree_look(int group, int pid, struct tree *t)
{
	size_t page = sys_page();

	*t = (struct tree){ 0 };
	nfound = 0;
	if (group >= 0) {
		add_listed(sys_open_at(group, "cgroup.procs", O_RDONLY,
		    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS));
	} else {
		add(pid);
		add_orphans(pid);
	}
	for (size_t i = 0; i < nfound; i++) {
		struct procstat st;

		if (group < 0)
			add_children(found[i]);
		/* it has ended meanwhile, or cannot be seen */
		if (!read_stat(found[i], &st))
			continue;
		t->n++;
		t->bytes += st.rss * page;
		t->mark += ((uint64_t)st.pid << 40) + st.start + 1;
		t->cpu_us += (st.utime + st.stime + st.ended) * TICK_US;
	}
}
