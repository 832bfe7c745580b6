/* The fake kernel's calls about processes: making, waiting, signals, polling. */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

static bool
vfork_done(struct proc *p)
{
	const struct proc *child = p->ready_arg;

	return child->executed || !proc_alive(child);
}

static void
run_shared(void *arg)
{
	const struct proc *p = arg;

	sys_exit(p->shared(p->shared_arg));
}

enum { STACK_LEAST = 16 << 10 };

/* It has one of its own, as large as it takes. */
static void
check_stack(const struct proc *p)
{
	if ((uintptr_t)p->top % 16 != 0)
		wrong("a stack that is not aligned", NULL);
	for (size_t i = 0; i < FAKE_PROCS; i++) {
		const struct proc *q = &kernel.proc[i];
		uintptr_t low = (uintptr_t)(p->top < q->top ? p->top : q->top);
		uintptr_t high = (uintptr_t)(p->top < q->top ? q->top : p->top);

		if (q != p && proc_alive(q) && q->memory == p->memory && q->top != NULL &&
		    high - low < STACK_LEAST)
			wrong("two processes on one stack", NULL);
	}
}

/* A child that has its parent's memory, and so need not be told what its parent was; NULL when
 * there is no room for it. */
static struct proc *
share(int (*fn)(void *), void *arg, const void *top)
{
	struct proc *p = proc_new(kernel.self);

	if (p == NULL)
		return NULL;
	p->memory = kernel.self->memory;
	p->top = top;
	check_stack(p);
	p->shared = fn;
	p->shared_arg = arg;
	proc_start(p, run_shared, p);
	return p;
}

int
sys_vfork(int (*fn)(void *), void *arg, void *top)
{
	struct call c = { 0 };
	struct proc *p;

	if (!call_begin(&c, FAKE_vfork, "", 0))
		return (int)call_end(&c, c.r, 0);
	p = share(fn, arg, top);
	if (p == NULL)
		return (int)call_end(&c, -EAGAIN, 0);
	c.entry->r = p->pid;
	proc_block(vfork_done, p, UINT64_MAX);
	return (int)call_end(&c, c.entry->r, 0);
}

int
sys_clone_shared(uint64_t flags, int (*fn)(void *), void *arg, void *top, int *pidfd)
{
	struct call c = { .out = pidfd, .room = sizeof(*pidfd) };
	struct proc *p = NULL;
	long r;

	if (call_begin(&c, FAKE_clone_shared, "", flags)) {
		if ((flags & K_CLONE_NEWTIME) == 0)
			p = share(fn, arg, top);
		c.r = (flags & K_CLONE_NEWTIME) != 0 ? -EINVAL : p == NULL ? -EAGAIN : p->pid;
	}
	if (p != NULL) {
		p->files = (flags & K_CLONE_FILES) != 0 ? kernel.self : NULL;
		proc_spaces(p, flags);
		*pidfd = fd_process(p);
	}
	r = call_end(&c, c.r, p != NULL ? sizeof(*pidfd) : 0);
	if (p != NULL && fake.child_first)
		proc_yield();
	return (int)r;
}

NORETURN void
sys_exit(int status)
{
	struct call c = { 0 };

	(void)call_begin(&c, FAKE_exit, "", (uint64_t)status);
	(void)call_end(&c, 0, 0);
	proc_die(kernel.self, (status & 255) << 8);
	if (kernel.self == kernel.main)
		main_leave(FAKE_EXITED);
	proc_leave();
}

static bool
is_child(const struct proc *c, const struct proc *p, int pid)
{
	return c->state != PROC_FREE && c->parent == p && (pid == -1 || c->pid == pid);
}

static struct proc *
zombie(const struct proc *p, int pid, bool *any)
{
	*any = false;
	for (size_t i = 0; i < FAKE_PROCS; i++) {
		if (!is_child(&kernel.proc[i], p, pid))
			continue;
		*any = true;
		if (kernel.proc[i].state == PROC_ZOMBIE)
			return &kernel.proc[i];
	}
	return NULL;
}

static bool
wait_ready(struct proc *p)
{
	const int *pid = p->ready_arg;
	bool any;

	return zombie(p, *pid, &any) != NULL || !any;
}

static int
do_wait(int pid, int *status, int options, struct rusage *usage)
{
	struct proc *p;
	bool any;

	if (trace_wait(pid, status) > 0)
		return pid;
	if ((options & WNOHANG) == 0)
		proc_block(wait_ready, &pid, UINT64_MAX);
	p = zombie(kernel.self, pid, &any);
	if (p == NULL)
		return any ? 0 : -ECHILD;
	pid = p->pid;
	if (status != NULL)
		*status = p->status;
	if (usage != NULL)
		*usage = (struct rusage){ .ru_maxrss = 2048,
			.ru_utime = { 1, 234000 },
			.ru_stime = { 0, 566000 } };
	p->state = PROC_FREE;
	return pid;
}

int
sys_wait(int pid, int *status, int options, struct rusage *usage)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_wait, pid == -1 ? "any" : "", (uint64_t)pid))
		c.r = do_wait(pid, status, options, usage);
	return (int)call_end(&c, c.r, 0);
}

/* A pid as it is seen from a PID namespace; 0 from outside. */
static int
seen_pid(const struct proc *who, const struct proc *by)
{
	return by->init != NULL && who->init != by->init ? 0 : who->pid;
}

static int
to_one(struct proc *p, int sig)
{
	if (p->foreign)
		return -EPERM;
	proc_signal(p, sig, seen_pid(kernel.self, p), 0);
	return 0;
}

static int
do_kill(int pid, int sig)
{
	struct proc *self = kernel.self;
	int r = -ESRCH;

	for (size_t i = 0; i < FAKE_PROCS; i++) {
		struct proc *p = &kernel.proc[i];
		bool meant = pid == -1 ? p != self && p != p->init && p->init == self->init
			   : pid < -1  ? p->pgrp == -pid
				       : p->pid == pid;

		if (p->state == PROC_FREE || !meant)
			continue;
		if (pid == -1 && self->init == NULL)
			wrong("a signal to every process of the host", NULL);
		if (self->init != NULL && p->init != self->init)
			continue;
		r = to_one(p, sig) < 0 && r != 0 ? -EPERM : 0;
	}
	return r;
}

int
sys_kill(int pid, int sig)
{
	struct call c = { 0 };
	char one[16];

	snprintf(one, sizeof(one), "%d", pid);
	if (call_begin(&c, FAKE_kill,
		pid == -1 ? "everybody"
		: pid < 0 ? "a group"
			  : one,
		(uint64_t)sig))
		c.r = do_kill(pid, sig);
	return (int)call_end(&c, c.r, 0);
}

static int
do_pidfd_signal(int fd, int sig)
{
	const struct file *f = fd_file(fd, "pidfd_signal");

	if (f == NULL || f->kind != FILE_PROCESS)
		return -EBADF;
	if (f->proc->generation != f->generation || f->proc->state == PROC_FREE)
		return -ESRCH;
	return to_one(f->proc, sig);
}

int
sys_pidfd_signal(int pidfd, int sig)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_pidfd_signal, "", (uint64_t)sig))
		c.r = do_pidfd_signal(pidfd, sig);
	return (int)call_end(&c, c.r, 0);
}

static int
do_pidfd_open(int pid)
{
	struct proc *p = proc_by_pid(pid);

	return p == NULL || !proc_alive(p) ? -ESRCH : fd_process(p);
}

int
sys_pidfd_open(int pid)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_pidfd_open, pid == FAKE_CALLER ? "caller" : "", 0))
		c.r = do_pidfd_open(pid);
	return (int)call_end(&c, c.r, 0);
}

struct polled {
	struct pollfd *p;
	size_t n;
};

static int
look(const struct polled *w)
{
	int n = 0;

	for (size_t i = 0; i < w->n; i++) {
		const struct file *f = w->p[i].fd < 0        ? NULL
				     : w->p[i].fd < FAKE_FDS ? kernel.self->fd[w->p[i].fd]
							     : NULL;

		w->p[i].revents = 0;
		if (w->p[i].fd < 0)
			continue;
		if (f == NULL)
			w->p[i].revents = POLLNVAL;
		else
			(void)wake_events(f, w->p[i].events, &w->p[i].revents);
		n += w->p[i].revents != 0;
	}
	return n;
}

static bool
poll_ready(struct proc *p)
{
	const struct polled *w = p->ready_arg;
	struct proc *was = kernel.self;
	int n;

	kernel.self = p;
	n = look(w);
	kernel.self = was;
	return n > 0;
}

int
sys_poll_us(struct pollfd *p, size_t n, uint64_t us)
{
	struct call c = { .out = p, .room = n * sizeof(*p) };
	struct polled w = { p, n };

	if (call_begin(&c, FAKE_poll, "", n)) {
		if (us != 0)
			proc_block(poll_ready, &w, us == UINT64_MAX ? us : fake.now + us);
		c.r = look(&w);
	}
	return (int)call_end(&c, c.r, n * sizeof(*p));
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	return sys_poll_us(p, n, timeout_ms < 0 ? UINT64_MAX : (uint64_t)timeout_ms * 1000);
}

static uint64_t
bits_of(const sigset_t *set)
{
	uint64_t bits = 0;

	for (int i = 1; i < 64; i++)
		if (sigismember(set, i) == 1)
			bits |= (uint64_t)1 << i;
	return bits;
}

static void
to_set(sigset_t *set, uint64_t bits)
{
	sigemptyset(set);
	for (int i = 1; i < 64; i++)
		if ((bits >> i & 1) != 0)
			sigaddset(set, i);
}

static void
unblocked(struct proc *p)
{
	uint64_t now = p->pending & ~p->mask;

	p->pending &= p->mask;
	for (int i = 1; i < 64; i++)
		if ((now >> i & 1) != 0)
			proc_signal(p, i, p->info[i].pid, p->info[i].code);
	if (!proc_alive(p))
		proc_leave();
}

int
sys_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	struct proc *p = kernel.self;
	struct call c = { .out = old, .room = sizeof(*old) };

	if (call_begin(&c, FAKE_sigmask, how == SIG_BLOCK ? "block" : "set", bits_of(set))) {
		if (old != NULL)
			to_set(old, p->mask);
		p->mask = (how == SIG_BLOCK ? p->mask : 0) | bits_of(set);
		c.r = 0;
		unblocked(p);
	}
	return (int)call_end(&c, c.r, old != NULL && c.r == 0 ? sizeof(*old) : 0);
}

int
sys_signalfd(const sigset_t *set)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_signalfd, "", bits_of(set))) {
		struct file *f = file_new(FILE_SIGNALS, "signals");

		f->signals = bits_of(set);
		c.r = fd_new(f);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_signal_default(int sig)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_signal_default, "", (uint64_t)sig)) {
		if (sig == SIGCHLD)
			kernel.self->chld_ignored = false;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

UNWATCHED_END
