/* The control group of a box, made for one run: its limits are in it, and whoever is in it can be
 * killed, which any writable v2 hierarchy can do, with or without controllers.
 *
 * Whatever of ours is killed, and whenever: before there is anything to remove there is a second
 * process that knows its name, the guard. It does nothing while the monitor lives, and the monitor
 * ends the box when the guard does. */
#include "run/steps.h"

#include "run/end.h"
#include "run/group.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

static void
end_self(struct process *p)
{
	if (p->base != NULL)
		p->steps->back(p);
}

/* ---- the guard ------------------------------------------------------------------------------- */

/* Outlives the monitor by design: waits until nobody holds the pipe any more, then ends what
 * there is by then. A monitor that ends well has done so before, and ends the guard. */
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
	p->leaf_parent = 1;
	do
		r = sys_read(0, &byte, 1);
	while (r == -EINTR);
	if (r == 0) {
		(void)!group_remove(1, p->leaf, true);
		end_self(p);
	}
	sys_exit(0);
}

static int
start_guard(struct process *p)
{
	int fd[2], pid, r = sys_pipe(fd);

	if (r < 0)
		return r;
	pid = sys_clone_old(0, &p->guard_fd);
	if (pid == 0)
		guard(p, fd[0]);
	sys_close(fd[0]);
	if (pid < 0) {
		sys_close(fd[1]);
		return pid;
	}
	p->guard = pid;
	p->guard_pipe = fd[1];
	return 0;
}

/* Nothing is left for it to do. */
void
leaf_dismiss(struct process *p)
{
	(void)sys_pidfd_signal(p->guard_fd, SIGKILL);
	process_close(&p->guard_pipe);
	while (sys_wait(p->guard, NULL, 0, NULL) == -EINTR)
		;
	process_close(&p->guard_fd);
	p->guard = 0;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* The guard first: from its start on the name is somebody's duty. */
int
leaf_begin(struct process *p, const char *dir)
{
	struct buf b = BUF(p->leaf);

	if (p->guard > 0)
		return 0;
	p->leaf_parent = sys_open(dir, O_PATH | O_DIRECTORY);
	if (p->leaf_parent < 0)
		return p->leaf_parent;
	buf_cstr(&b, GROUP_MARK);
	buf_int(&b, sys_getpid());
	buf_char(&b, '.');
	buf_uint(&b, sys_now());
	buf_char(&b, '\0');
	return start_guard(p);
}

/* Its lock says that it has an owner; it ends with the last descriptor, and we give none away. */
int
leaf_group(int dir, const char *name)
{
	int r = sys_mkdir_at(dir, name, 0755), fd;

	if (r < 0)
		return r;
	fd = group_open(dir, name);
	r = fd < 0 ? fd : sys_lock(fd);
	if (fd >= 0 && r < 0)
		sys_close(fd);
	return r < 0 ? r : fd;
}

int
leaf_join(int group, int pid)
{
	char text[16];
	struct buf b = BUF(text);

	buf_int(&b, pid);
	buf_char(&b, '\0');
	return io_put_at(group, "cgroup.procs", text);
}

int
leaf_make(struct process *p, const struct op *o)
{
	/* not being allowed to is what the plan's "if possible" means; the receipt tells which it
	 * was */
	bool may = (o->flags & FLAG_MAY) != 0;
	int r = leaf_begin(p, o->text);

	if (r < 0)
		return may && p->leaf_parent < 0 ? 0 : r;
	r = leaf_group(p->leaf_parent, p->leaf);
	/* of another PID namespace, and of the same microsecond */
	if (r == -EEXIST) {
		end_self(p);
		leaf_dismiss(p);
	}
	if (r < 0)
		return may ? 0 : r;
	p->slot[o->a] = p->group = r;
	p->leaf_made = true;
	return 0;
}

void
leaf_kill(const struct process *p)
{
	if (p->leaf_made)
		group_kill(p->group);
}

bool
leaf_end(struct process *p)
{
	bool gone;

	if (p->guard <= 0)
		return true;
	gone = group_remove(p->leaf_parent, p->leaf, true) == 0;
	end_self(p);
	leaf_dismiss(p);
	process_close(&p->leaf_parent);
	return gone;
}
