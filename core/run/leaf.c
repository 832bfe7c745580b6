/* The control group that exists only to be killed: any writable v2 hierarchy can do that, with or
 * without controllers. */
#include "run/process.h"

#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

enum { PATIENCE_MS = 2000, READ_MAX = 4096 };

/* Before 5.14 there is no cgroup.kill: every process listed is killed, until none is left to list.
 */
static void
kill_each(int group)
{
	char text[READ_MAX];
	int pid[ORPHANS_MAX];
	int fd = sys_open_at(group, "cgroup.procs", O_RDONLY, K_RESOLVE_BENEATH);
	long n;

	if (fd < 0)
		return;
	n = sys_read(fd, text, sizeof(text));
	sys_close(fd);
	for (size_t i = n > 0 ? pids_read(pid, COUNT(pid), text, (size_t)n) : 0; i > 0; i--)
		(void)sys_kill(pid[i - 1], SIGKILL);
}

static void
kill_all(int group)
{
	if (io_put_at(group, "cgroup.kill", "1") == 0)
		return;
	(void)!io_put_at(group, "cgroup.freeze", "1");
	kill_each(group);
	(void)!io_put_at(group, "cgroup.freeze", "0");
}

/* True when there is no such group any more. */
static bool
end_group(int parent, const char *name)
{
	for (int i = 0; i < PATIENCE_MS; i++) {
		int group = sys_open_at(parent, name, O_RDONLY | O_DIRECTORY,
		    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
		int r;

		if (group >= 0) {
			kill_all(group);
			sys_close(group);
		}
		/* this fails for as long as a process is in it */
		r = sys_rmdir_at(parent, name);
		if (r == 0 || r == -ENOENT)
			return true;
		(void)sys_poll(NULL, 0, 1);
	}
	return false;
}

/* Outlives the monitor by design: waits until nobody holds the pipe any more, then ends the group.
 * What it cannot do the monitor is to know, and does at the end. */
NORETURN static void
guard(struct process *p, int pipe)
{
	char byte;
	sigset_t all;
	long r;

	sigfillset(&all);
	(void)sys_sigmask(SIG_SETMASK, &all, NULL);
	(void)sys_setsid();
	(void)sys_prctl(K_PR_SET_DUMPABLE, 0);
	/* held here, the caller's streams and the box's pipes would look open to their readers */
	if (sys_dup_to(pipe, 0) < 0 || sys_dup_to(p->leaf_parent, 1) < 0 ||
	    sys_close_range(2, ~0u) < 0)
		sys_exit(1);
	do
		r = sys_read(0, &byte, 1);
	while (r == -EINTR);
	sys_exit(r == 0 && end_group(1, p->leaf) ? 0 : 1);
}

static int
start_guard(struct process *p)
{
	int fd[2], pidfd, pid, r = sys_pipe(fd);

	if (r < 0)
		return r;
	pid = sys_clone_old(0, &pidfd);
	if (pid == 0)
		guard(p, fd[0]);
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

	buf_cstr(&b, "sbx.");
	buf_int(&b, sys_getpid());
	buf_char(&b, '.');
	buf_uint(&b, sys_now());
	buf_char(&b, '\0');
}

int
leaf_make(struct process *p, const char *parent, uint8_t slot)
{
	int r;

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
	p->group = p->slot[slot];
	return 0;
}

void
leaf_kill(const struct process *p)
{
	if (p->leaf_made)
		kill_all(p->group);
}

bool
leaf_end(struct process *p)
{
	int status = 0, r;
	bool gone;

	if (p->guard <= 0)
		return true;
	process_close(&p->guard_pipe);
	do
		r = sys_wait(p->guard, &status, 0, NULL);
	while (r == -EINTR);
	p->guard = 0;
	/* somebody killed it, or it could not: then it is ours to do */
	gone = (r > 0 && status == 0) || end_group(p->leaf_parent, p->leaf);
	process_close(&p->leaf_parent);
	return gone;
}
