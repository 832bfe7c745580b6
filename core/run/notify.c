/* A program under a filter that asks: started, its calls answered, its end seen, and nothing of it
 * left behind. */
#include "run/notify.h"

#include "run/process.h"
#include "spec/policy.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum { SPIN_US = 300 };

/* Between the program's process, before its exec, and us, whose memory it shares. */
struct child {
	const struct watch *w;
	int parent;
	sigset_t mask;
	int listener; /* 1 + its number; written last */
	int status;   /* it could not be executed: the exit status, and the error */
	struct err err;
};

enum { AT_LISTENER, AT_SIGNALS, AT_PARENT, AT_REQUESTS, AT_ANSWERS, AT_COUNT };

struct run {
	const struct watch *w;
	struct child child;
	struct orphans before;
	struct pollfd fd[AT_COUNT];
	int pid, pidfd, status;
	bool masked, over, killed;
	struct rusage usage;
};

/* ---- the program's process ------------------------------------------------------------------- */

static int
attach(const struct child *c, struct err *e)
{
	const struct watch *w = c->w;
	unsigned flags = w->flags | FILTER_LISTENER;
	int r = filter_attach(w->filter, flags | FILTER_WAIT_KILLABLE, w->new_privs, e);

	/* kernels before 5.19 do not know it; without it a signal that comes while a call waits has
	 * the call begin anew */
	if (r < 0 && e->fault == FAULT_SYSTEM && e->sysno == EINVAL) {
		*e = (struct err){ 0 };
		r = filter_attach(w->filter, flags, w->new_privs, e);
	}
	return r;
}

/* It has our descriptors as well as our memory until its exec: so the listener is ours the moment
 * it exists, and the program's process need make no call to hand it over (which might be one of
 * those that wait for an answer). */
static int
child_main(void *arg)
{
	struct child *c = arg;
	int r = sys_prctl(K_PR_SET_PDEATHSIG, SIGKILL);

	c->status = 125;
	if (r == 0 && sys_getppid() != c->parent)
		sys_exit(125);
	if (r == 0)
		r = sys_sigmask(SIG_SETMASK, &c->mask, NULL);
	if (r < 0) {
		err_system(&c->err, -r, "cannot prepare the program's process");
		sys_exit(125);
	}
	r = attach(c, &c->err);
	if (r < 0)
		sys_exit(125);
	c->status = 0;
	__atomic_store_n(&c->listener, r + 1, __ATOMIC_RELEASE);
	c->status = command_exec(c->w->command, &c->err);
	sys_exit(c->status);
}

/* ---- its start ------------------------------------------------------------------------------- */

/* Nothing that it could do would wake us: what it would need for that may be what the filter stops
 * it at. It is there in less than a millisecond. */
static int
await_listener(struct run *r, struct err *e)
{
	struct pollfd p = { .fd = r->pidfd, .events = POLLIN };
	uint64_t until = sys_now() + SPIN_US;
	int n = 0, got = 0;

	while (n == 0 || n == -EINTR) {
		got = __atomic_load_n(&r->child.listener, __ATOMIC_ACQUIRE);
		if (got > 0)
			break;
		n = sys_poll(&p, 1, sys_now() < until ? 0 : 1);
	}
	if (n < 0 && n != -EINTR)
		return err_system(e, -n, "cannot wait for the program's process");
	/* or it was ended by its first call */
	got = __atomic_load_n(&r->child.listener, __ATOMIC_ACQUIRE);
	if (got > 0) {
		r->fd[AT_LISTENER].fd = got - 1;
		return 0;
	}
	if (r->child.err.fault != FAULT_NONE)
		*e = r->child.err;
	return err_data(e, POS_NONE, "the program's process ended before it had its filter");
}

static int
start(struct run *r, struct err *e)
{
	static _Alignas(16) unsigned char stack[STACK_SIZE];
	int n;

	r->child.w = r->w;
	r->child.parent = sys_getpid();
	r->pid = sys_clone_shared(K_CLONE_FILES, child_main, &r->child, stack + sizeof(stack),
	    &r->pidfd);
	if (r->pid < 0)
		return err_system(e, -r->pid, "clone: cannot make a process");
	if (await_listener(r, e) < 0)
		return -1;
	/* what we close from here on is ours alone */
	n = sys_unshare_files();
	if (n < 0)
		return err_system(e, -n, "close_range: cannot have descriptors of our own");
	/* to run on the processor of who asked saves the way to another; from 6.6 on */
	(void)sys_notify_flags(r->fd[AT_LISTENER].fd, K_SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
	return 0;
}

static int
prepare(struct run *r, struct err *e)
{
	sigset_t set;
	int n;

	process_signals(&set, true);
	/* a decider that is gone is an error to us, not an end */
	sigaddset(&set, SIGPIPE);
	/* where it is ignored nobody can be waited for */
	n = sys_signal_default(SIGCHLD);
	if (n == 0)
		n = sys_sigmask(SIG_BLOCK, &set, &r->child.mask);
	r->masked = n == 0;
	if (n == 0)
		n = r->fd[AT_SIGNALS].fd = sys_signalfd(&set);
	if (n >= 0)
		n = process_parent(false, &r->fd[AT_PARENT].fd);
	if (n == 0)
		n = sys_prctl(K_PR_SET_CHILD_SUBREAPER, 1);
	/* or the program would find the way to who decides in /proc; its exec undoes it for itself
	 */
	if (n == 0)
		n = sys_prctl(K_PR_SET_DUMPABLE, 0);
	if (n == 0)
		n = orphans_list(&r->before);
	return n < 0 ? err_system(e, -n, "cannot prepare to watch a program") : 0;
}

/* ---- while it runs --------------------------------------------------------------------------- */

static void
end_it(struct run *r)
{
	r->killed = true;
	(void)sys_pidfd_signal(r->pidfd, SIGKILL);
}

/* 0 or -errno: whoever cannot wait for it would sleep through its end. */
static int
reap(struct run *r)
{
	struct rusage usage = { 0 };
	int status = 0, pid;

	do {
		pid = sys_wait(-1, &status, WNOHANG, &usage);
		if (pid == r->pid) {
			r->status = status;
			r->usage = usage;
			r->over = true;
		}
	} while (pid > 0 || pid == -EINTR);
	return r->over ? 0 : pid;
}

static int
read_signals(struct run *r)
{
	struct signalfd_siginfo s;
	int n = 0;

	while (n == 0 && sys_read(r->fd[AT_SIGNALS].fd, &s, sizeof(s)) == (long)sizeof(s)) {
		if (s.ssi_signo == SIGCHLD)
			n = reap(r);
		/* what the terminal sends to its foreground group the program has had already; that
		 * it is gone it tells one process alone */
		else if (s.ssi_signo != SIGPIPE && (s.ssi_code <= 0 || s.ssi_signo == SIGHUP))
			(void)sys_pidfd_signal(r->pidfd, (int)s.ssi_signo);
	}
	return n;
}

/* One call a turn: answers and signals have theirs between. */
static int
answer_call(struct run *r, struct err *e)
{
	int listener = r->fd[AT_LISTENER].fd, n;
	struct k_notif k;

	n = sys_notify_recv(listener, &k);
	if (n == -ENOENT || n == -EINTR)
		return 0;
	if (n < 0)
		return err_system(e, -n, "ioctl: cannot read what the program calls");
	if (r->w->decider != NULL) {
		n = decider_ask(r->w->decider, listener, &k);
	} else {
		if (learned_add(r->w->learned, k.arch, k.nr, k.arg) < 0)
			return err_limit(e, POS_NONE, "more different calls than can be learned");
		n = notify_reply(listener, k.id, NOTIFY_ALLOW, 0);
	}
	return n < 0 ? err_system(e, -n, "ioctl: cannot answer a call") : 0;
}

static int
look(struct run *r, struct err *e)
{
	int n = 0;

	if (r->fd[AT_SIGNALS].revents != 0)
		n = read_signals(r);
	if (n < 0)
		return err_system(e, -n, "cannot wait for the program");
	if (r->fd[AT_PARENT].revents != 0) {
		process_close(&r->fd[AT_PARENT].fd);
		end_it(r);
	}
	if ((r->fd[AT_LISTENER].revents & POLLIN) != 0 && answer_call(r, e) < 0)
		return -1;
	/* nobody is under the filter any more */
	if ((r->fd[AT_LISTENER].revents & (POLLIN | POLLHUP)) == POLLHUP)
		process_close(&r->fd[AT_LISTENER].fd);
	if (r->w->decider != NULL)
		n = decider_move(r->w->decider, r->fd[AT_LISTENER].fd, &r->fd[AT_REQUESTS]);
	return n < 0 ? err_system(e, -n, "ioctl: cannot answer a call") : 0;
}

static int
watch(struct run *r, struct err *e)
{
	struct decider *d = r->w->decider;

	while (!r->over) {
		int n;

		if (d != NULL)
			decider_want(d, &r->fd[AT_REQUESTS]);
		r->fd[AT_LISTENER].events = d == NULL || decider_room(d) ? POLLIN : 0;
		n = sys_poll(r->fd, AT_COUNT, d == NULL ? -1 : decider_wait(d));
		/* whoever cannot see has to stop */
		if (n < 0 && n != -EINTR)
			return err_system(e, -n, "cannot watch the program");
		for (size_t i = 0; n <= 0 && i < AT_COUNT; i++)
			r->fd[i].revents = 0;
		if (look(r, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- its end --------------------------------------------------------------------------------- */

static void
finish(struct run *r)
{
	struct signalfd_siginfo s;

	if (r->pid > 0 && !r->over) {
		end_it(r);
		while (sys_wait(r->pid, &r->status, 0, NULL) == -EINTR)
			;
	}
	if (r->pid > 0)
		(void)orphans_end(&r->before);
	/* not before: who waits for an answer is to end, not to go on without one */
	process_close(&r->fd[AT_LISTENER].fd);
	process_close(&r->pidfd);
	process_close(&r->fd[AT_PARENT].fd);
	/* what came too late for the program must not end us before all is told */
	while (r->fd[AT_SIGNALS].fd >= 0 &&
	       sys_read(r->fd[AT_SIGNALS].fd, &s, sizeof(s)) == (long)sizeof(s))
		;
	process_close(&r->fd[AT_SIGNALS].fd);
	sigaddset(&r->child.mask, SIGPIPE);
	if (r->masked)
		(void)sys_sigmask(SIG_SETMASK, &r->child.mask, NULL);
}

/* How it ended; what could not be watched to its end was not seen to end well. */
static struct verdict
judge(const struct run *r, bool watched)
{
	struct verdict v = { .cause = CAUSE_SETUP, .op = UINT32_MAX, .usage = r->usage };
	bool by_signal = WIFSIGNALED(r->status);

	if (r->child.status == 126 || r->child.status == 127) {
		v.cause = CAUSE_NO_EXEC;
		v.absent = r->child.status == 127;
	}
	if (!watched || r->child.status != 0)
		return v;
	v.started = true;
	v.cause = r->killed ? CAUSE_KILLED : by_signal ? CAUSE_SIGNAL : CAUSE_EXIT;
	v.status = by_signal ? WTERMSIG(r->status) : WEXITSTATUS(r->status);
	return v;
}

int
watch_run(const struct watch *w, struct verdict *v, struct err *e)
{
	struct run r = { .w = w, .pidfd = -1 };
	uint64_t begin;
	int n;

	for (size_t i = 0; i < AT_COUNT; i++)
		r.fd[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	n = prepare(&r, e);
	begin = sys_now();
	if (n == 0)
		n = start(&r, e);
	if (n == 0)
		n = watch(&r, e);
	finish(&r);
	*v = judge(&r, n == 0);
	v->wall = sys_now() - begin;
	if (n == 0 && r.child.status != 0)
		*e = r.child.err;
	if (v->started && w->decider != NULL && decider_failed(w->decider, e))
		return 125;
	return verdict_status(v);
}
