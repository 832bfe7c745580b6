/* The control group that exists only to be killed: any writable v2 hierarchy can do that, with or
 * without controllers. */
#include "run/process.h"

#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

enum { PATIENCE_MS = 2000, NAMELESS_MS = 100, READ_MAX = 4096 };

#define CHILDREN "/proc/thread-self/children"

/* Before 5.14 there is no cgroup.kill: every process listed is killed, until none is left to list.
 */
static void
kill_each(int group)
{
	char text[READ_MAX];
	int fd = sys_open_at(group, "cgroup.procs", O_RDONLY, K_RESOLVE_BENEATH);
	long n, pid = 0;

	if (fd < 0)
		return;
	n = sys_read(fd, text, sizeof(text));
	sys_close(fd);
	for (long i = 0; i < n; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			pid = pid * 10 + (text[i] - '0');
		} else {
			if (pid > 0)
				(void)sys_kill((int)pid, SIGKILL);
			pid = 0;
		}
	}
}

static void
end_group(int parent, const char *name)
{
	int group = sys_open_at(parent, name, O_RDONLY | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);

	if (group < 0)
		return;
	/* removing it fails for as long as a process is in it */
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (io_put_at(group, "cgroup.kill", "1") < 0) {
			(void)!io_put_at(group, "cgroup.freeze", "1");
			kill_each(group);
			(void)!io_put_at(group, "cgroup.freeze", "0");
		}
		if (sys_rmdir_at(parent, name) != -EBUSY)
			break;
		(void)sys_poll(NULL, 0, 1);
	}
	sys_close(group);
}

/* Outlives the monitor by design: reads until nobody holds the pipe any more, then ends the group.
 */
NORETURN static void
guard(struct process *p, int pipe)
{
	char byte;
	sigset_t all;

	sigfillset(&all);
	(void)sys_sigmask(SIG_SETMASK, &all, NULL);
	(void)sys_setsid();
	(void)sys_prctl(K_PR_SET_DUMPABLE, 0);
	(void)sys_dup_to(pipe, 0);
	(void)sys_dup_to(p->leaf_parent, 1);
	(void)sys_close_range(2, ~0u);
	while (sys_read(0, &byte, 1) > 0)
		;
	end_group(1, p->leaf);
	sys_exit(0);
}

static int
start_guard(struct process *p)
{
	int fd[2], pidfd, pid, r = sys_pipe(fd);

	if (r < 0)
		return r;
	pid = sys_clone_old(0, &pidfd);
	if (pid == 0) {
		sys_close(fd[1]);
		guard(p, fd[0]);
	}
	sys_close(fd[0]);
	if (pid < 0) {
		sys_close(fd[1]);
		return pid;
	}
	sys_close(pidfd);
	p->guard = pid;
	p->guard_pipe = fd[1];
	return 0;
}

static void
name_leaf(struct process *p)
{
	struct buf b = BUF(p->leaf);

	buf_put(&b, S("sbx."));
	buf_int(&b, sys_getpid());
	buf_char(&b, '.');
	buf_uint(&b, sys_now());
	buf_char(&b, '\0');
}

int
leaf_make(struct process *p, const char *parent, uint8_t slot)
{
	int r;

	p->slot[slot] = -1;
	p->leaf_parent = sys_open(parent, O_PATH | O_DIRECTORY);
	/* not being allowed to is what the plan's "if possible" means; the receipt tells which it
	 * was */
	if (p->leaf_parent < 0)
		return 0;
	name_leaf(p);
	/* the guard first: from its start on the name is somebody's duty */
	r = start_guard(p);
	if (r < 0)
		return r;
	if (sys_mkdir_at(p->leaf_parent, p->leaf, 0755) < 0)
		return 0;
	p->slot[slot] =
	    sys_open_at(p->leaf_parent, p->leaf, O_RDONLY | O_DIRECTORY, K_RESOLVE_BENEATH);
	p->leaf_made = p->slot[slot] >= 0;
	return 0;
}

void
leaf_end(struct process *p)
{
	int status = 0;

	if (p->guard > 0) {
		sys_close(p->guard_pipe);
		while (sys_wait(p->guard, &status, 0, NULL) == -EINTR)
			;
		p->guard = 0;
		/* somebody killed it: then it is ours to do */
		if (status != 0 && p->leaf_made)
			end_group(p->leaf_parent, p->leaf);
	}
	if (p->leaf_parent >= 0)
		sys_close(p->leaf_parent);
	p->leaf_parent = -1;
}

size_t
orphans_list(int *pid, size_t max)
{
	char text[READ_MAX];
	long n;
	int fd = sys_open(CHILDREN, O_RDONLY);
	size_t count = 0;
	int at = 0;

	if (fd < 0)
		return 0;
	n = sys_read(fd, text, sizeof(text));
	sys_close(fd);
	for (long i = 0; i < n && count < max; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			at = at * 10 + (text[i] - '0');
		} else {
			if (at > 0)
				pid[count++] = at;
			at = 0;
		}
	}
	return count;
}

static bool
listed(int pid, const int *before, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (before[i] == pid)
			return true;
	return false;
}

unsigned
orphans_end(const int *before, size_t n)
{
	int pid[512];
	unsigned left = 0;
	/* without /proc nobody can be named; that somebody is left is known all the same */
	bool names = sys_access(CHILDREN, R_OK) == 0;

	for (int round = 0; round < (names ? PATIENCE_MS : NAMELESS_MS); round++) {
		size_t count;
		int r;

		while ((r = sys_wait(-1, NULL, WNOHANG, NULL)) > 0)
			;
		count = orphans_list(pid, COUNT(pid));
		left = !names && r == 0;
		for (size_t i = 0; i < count; i++) {
			if (listed(pid[i], before, n))
				continue;
			left++;
			(void)sys_kill(pid[i], SIGKILL);
		}
		if (left == 0)
			break;
		(void)sys_poll(NULL, 0, 1);
	}
	return left;
}
