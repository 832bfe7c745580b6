/* What runs inside the box: its first process, the payload's process before its exec, and init. */
#include "run/process.h"

#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int
process_tell(struct process *p, enum record_kind kind, uint32_t op, int value, bool absent)
{
	struct record r = { (uint32_t)kind, op, value, absent };

	return io_write(p->status[1], (struct str){ (const char *)&r, sizeof(r) });
}

void
process_signals(sigset_t *set, bool init)
{
	static const int forwarded[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
		SIGALRM, SIGWINCH };

	sigemptyset(set);
	for (size_t i = 0; i < COUNT(forwarded); i++)
		sigaddset(set, forwarded[i]);
	if (init)
		sigaddset(set, SIGCHLD);
}

NORETURN static void
fail(struct process *p, size_t i, int error)
{
	(void)!process_tell(p, RECORD_FAIL, (uint32_t)i, error, false);
	p->exec_failed = true;
	sys_exit(125);
}

/* Runs the operations of one stage from i on, up to those that come when all is told; the first
 * that fails is told. */
static size_t
stage(struct process *p, size_t i, enum plan_stage s)
{
	for (; i < p->plan->n && p->plan->op[i].stage == s; i++) {
		int r;

		if (p->plan->op[i].kind == OP_SECCOMP || p->plan->op[i].kind == OP_EXEC)
			break;
		r = process_step(p, i);
		if (r < 0)
			fail(p, i, -r);
	}
	return i;
}

static size_t
first_of(const struct plan *plan, enum plan_stage s)
{
	size_t i = 0;

	while (i < plan->n && plan->op[i].stage < s)
		i++;
	return i;
}

NORETURN void
process_box(struct process *p)
{
	/* the other ends are the monitor's: held here, they would keep it from seeing our end, and
	 * us its end */
	sys_close(p->life[1]);
	sys_close(p->status[0]);
	(void)stage(p, first_of(p->plan, STAGE_BOX), STAGE_BOX);
	process_exec(p);
}

static bool
absent(int r)
{
	return r == -ENOENT || r == -ENOTDIR;
}

/* Of the candidates from i on, the first that is there. */
static size_t
present(const struct plan *plan, size_t i)
{
	while (i < plan->n && absent(sys_access(plan->op[i].text, F_OK)))
		i++;
	return i;
}

/* A filter may forbid all of our ways to tell, or take the attempt for a reason to kill: what is
 * left then is memory. */
NORETURN static void
no_exec(struct process *p, size_t at, int found)
{
	const struct record r = { RECORD_NO_EXEC, (uint32_t)at, found == 0 ? ENOENT : found,
		found == 0 };

	if (!p->filtered)
		(void)!process_tell(p, RECORD_NO_EXEC, r.op, r.value, r.absent != 0);
	else if (p->plan->init)
		p->failed = r;
	else
		*p->shared = r;
	p->exec_failed = true;
	sys_exit(found == 0 ? 127 : 126);
}

/* The most telling of several failures: a file that is there but cannot be executed beats an absent
 * one. */
int
process_exec(void *arg)
{
	struct process *p = arg;
	const struct plan *plan = p->plan;
	size_t i = stage(p, first_of(plan, STAGE_EXEC), STAGE_EXEC), filter = i, there = 0, at;
	int found = 0;

	while (i < plan->n && plan->op[i].kind != OP_EXEC)
		i++;
	at = i;
	/* behind the filter it is too late to ask */
	if (p->filtered)
		there = present(plan, i);
	/* Unheard, what runs would be taken for what never ran. A monitor that ended before
	 * OP_PDEATH is noticed here too. */
	if (process_tell(p, RECORD_TRY, (uint32_t)at, 0, false) < 0) {
		p->exec_failed = true;
		sys_exit(125);
	}
	for (; filter < at; filter++) {
		int r = process_step(p, filter);

		if (r < 0)
			fail(p, filter, -r);
	}
	/* those before it are known to be absent */
	if (p->filtered && there < plan->n)
		i = there;
	for (; i < plan->n; i++) {
		int r = process_step(p, i);

		if (absent(r) &&
		    (p->filtered ? i != there : sys_access(plan->op[i].text, F_OK) < 0))
			continue;
		at = i;
		found = -r;
		if (r != -EACCES)
			break;
	}
	no_exec(p, at, found);
}

static void
end_politely(const struct process *p)
{
	char byte;
	long r = sys_read(p->life[0], &byte, 1);

	/* end of file: the monitor is gone, and our end is the end of everything in here */
	if (r == 0 || (r < 0 && r != -EINTR))
		sys_exit(125);
	if (r == 1 && byte == 'T')
		(void)sys_kill(-1, SIGTERM);
}

/* Only what came from outside the box is passed on: from there the kernel shows no sender's pid.
 * What the terminal sends (SI_KERNEL) the payload has had already, with the rest of the foreground
 * group, unless it has a session of its own. Not the monitor's to pass on: two of a kind that come
 * close together are one. */
static void
forward(const struct process *p, int payload)
{
	struct signalfd_siginfo s;

	while (sys_read(p->signals, &s, sizeof(s)) == (long)sizeof(s))
		if (s.ssi_signo != SIGCHLD && s.ssi_pid == 0 && (s.ssi_code <= 0 || p->apart))
			(void)sys_kill(payload, (int)s.ssi_signo);
}

static void
reap(struct process *p, int payload)
{
	int status, pid;

	while ((pid = sys_wait(-1, &status, WNOHANG, NULL)) > 0) {
		if (pid != payload)
			continue;
		if (!p->exec_failed)
			(void)!process_tell(p, RECORD_ENDED, 0, status, false);
		sys_exit(0);
	}
	/* there is the payload at least: whoever cannot wait for it would sleep through its end */
	if (pid < 0)
		sys_exit(125);
}

int
process_ready(struct process *p)
{
	sigset_t set;
	int r;

	process_signals(&set, true);
	r = sys_sigmask(SIG_BLOCK, &set, NULL);
	if (r < 0)
		return r;
	p->signals = sys_signalfd(&set);
	return p->signals < 0 ? p->signals : 0;
}

/* Our end is the end of everything in here, and the monitor tells that we were killed: after the
 * payload has started there is no other way to fail. */
NORETURN void
process_init(struct process *p, int payload)
{
	struct pollfd wait[2];

	if (!p->exec_failed)
		(void)!process_tell(p, RECORD_STARTED, 0, payload, false);
	else if (p->failed.kind != 0)
		(void)!process_tell(p, RECORD_NO_EXEC, p->failed.op, p->failed.value,
		    p->failed.absent != 0);
	/* a stream held here would look open to its reader after the payload has closed it */
	if (sys_dup_to(p->life[0], 0) < 0 || sys_dup_to(p->status[1], 1) < 0 ||
	    sys_dup_to(p->signals, 2) < 0 || sys_close_range(3, ~0u) < 0)
		sys_exit(125);
	p->life[0] = 0;
	p->status[1] = 1;
	p->signals = 2;
	wait[0] = (struct pollfd){ .fd = 2, .events = POLLIN };
	wait[1] = (struct pollfd){ .fd = 0, .events = POLLIN };
	for (;;) {
		int n;

		reap(p, payload);
		n = sys_poll(wait, 2, -1);
		if (n == -EINTR)
			continue;
		if (n < 0)
			sys_exit(125);
		if (wait[0].revents != 0)
			forward(p, payload);
		if (wait[1].revents != 0)
			end_politely(p);
	}
}
