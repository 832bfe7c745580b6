/* The monitor: outside the box, it starts it, watches it to its end and tells how it ended. */
#include "run/monitor.h"

#include "sys/sys.h"

#include <errno.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

static void
judge(struct monitor *m, int status)
{
	struct verdict *v = m->v;

	if (v->cause == CAUSE_SETUP || v->cause == CAUSE_NO_EXEC)
		return;
	if (m->p->plan->init && m->ended)
		status = m->status;
	else if (m->p->plan->init && !m->ending)
		m->cause = CAUSE_KILLED;
	if (!v->started) {
		/* a machine that is too slow for the box is too slow for the payload */
		v->cause = m->ending && m->cause != CAUSE_KILLED ? m->cause : CAUSE_SETUP;
		v->sysno = 0;
		return;
	}
	v->cause = WIFSIGNALED(status) ? CAUSE_SIGNAL : CAUSE_EXIT;
	v->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	if (m->ending || m->cause == CAUSE_KILLED)
		v->cause = m->cause;
	/* what we ended it for we know better */
	if (!m->ending && v->evidence != 0)
		m->s->by->weigh(v);
}

/* The wait status of the box's first process. One that we could not wait for was not seen to end
 * well. */
static int
wait_box(struct monitor *m, bool *stays)
{
	int status = 0, r;

	do
		r = sys_wait(m->p->child, &status, m->gave_up ? WNOHANG : 0, &m->v->usage);
	while (r == -EINTR);
	if (r != m->p->child && !m->ending)
		m->cause = CAUSE_KILLED;
	*stays = m->gave_up && r == 0;
	return status;
}

/* The group while it is still there. */
static void
measure(struct monitor *m)
{
	m->v->gauge = m->s->gauge;
	if (m->s->gauge != NULL && m->p->leaf_made)
		m->v->evidence = m->s->by->measure(m->s->gauge, m->p->group);
}

static void
finish(struct monitor *m)
{
	struct process *p = m->p;
	bool stays;
	int status;

	/* before it is reaped: until then its number names no other group */
	if (!p->plan->tree)
		(void)sys_kill(-p->child, SIGKILL);
	status = wait_box(m, &stays);

	m->v->wall = sys_now() - m->start;
	measure(m);
	stays = !leaf_end(p) || stays;
	if (!p->plan->tree)
		m->v->survivors = orphans_end(&m->before);
	if (stays && m->v->survivors == 0)
		m->v->survivors = 1;
	monitor_read_rest(m);
	m->v->leaf = p->leaf_made;
	m->v->dropped[0] = m->s->out.dropped;
	m->v->dropped[1] = m->s->err.dropped;
	judge(m, status);
	process_close(&p->pidfd);
}

/* The host's stage; the first failure is kept and a half-started box ended. */
static int
start(struct monitor *m)
{
	struct process *p = m->p;
	size_t i = 0;
	int r = 0;

	for (; i < p->plan->n && p->plan->op[i].stage == STAGE_HOST; i++) {
		r = process_step(p, i);
		if (r < 0)
			break;
		/* these ends are the box's now; held here, they would hide its end */
		if (p->plan->op[i].kind == OP_CLONE) {
			process_close(&p->status[1]);
			process_close(&p->life[0]);
			for (size_t k = 0; k < 3; k++)
				process_close(&p->stream[k][0]);
		}
	}
	if (r == 0)
		return 0;
	*m->v = (struct verdict){ .cause = CAUSE_SETUP,
		.op = (uint32_t)i,
		.sysno = -r,
		.by = m->s->by };
	if (p->child > 0) {
		/* it waits for our byte; the end of the pipe is its end as well */
		process_close(&p->life[1]);
		(void)sys_pidfd_signal(p->pidfd, SIGKILL);
		while (sys_wait(p->child, NULL, 0, NULL) == -EINTR)
			;
		process_close(&p->pidfd);
		measure(m);
	}
	(void)leaf_end(p);
	return -1;
}

/* The ends that are polled pass to the poll set; the guard's is leaf_end()'s still. */
static void
take(struct monitor *m, int signals, int parent)
{
	struct process *p = m->p;
	const int fd[WATCH_COUNT] = {
		[WATCH_BOX] = p->pidfd,
		[WATCH_SIGNALS] = signals,
		[WATCH_GUARD] = p->guard_fd,
		[WATCH_STATUS] = p->status[0],
		[WATCH_PARENT] = parent,
		[WATCH_IN] = p->stream[0][1],
		[WATCH_OUT] = -1,
		[WATCH_ERR] = -1,
		[WATCH_OUT_TO] = -1,
		[WATCH_ERR_TO] = -1,
	};

	for (size_t i = 0; i < WATCH_COUNT; i++) {
		bool out = i == WATCH_IN || i == WATCH_OUT_TO || i == WATCH_ERR_TO;

		m->fd[i] = (struct pollfd){ .fd = fd[i], .events = out ? POLLOUT : POLLIN };
	}
	/* records keep in the pipe: without a listener they can wait until the end, and a wake-up
	 * costs more than they do */
	if (m->s->on == NULL)
		m->fd[WATCH_STATUS].events = 0;
	m->from[0] = p->stream[1][1];
	m->from[1] = p->stream[2][1];
	p->status[0] = -1;
	for (size_t k = 0; k < 3; k++)
		p->stream[k][1] = -1;
	if (m->s->streaming != NULL)
		m->s->streaming->ready(m);
}

/* Towards a foreign parent a parent-death signal would be wrong (it goes by thread). One that is
 * init or outside of our PID namespace cannot be watched, or need not. */
int
process_parent(bool outlive, int *fd)
{
	int parent = outlive ? 0 : sys_getppid();
	int r = parent > 1 ? sys_pidfd_open(parent) : -1;

	if (parent > 1 && r < 0)
		return r;
	*fd = r;
	return 0;
}

/* All that is ours and not the plan's; 0 or -errno. */
static int
prepare(struct monitor *m, int *signals, int *parent)
{
	struct process *p = m->p;
	sigset_t set;
	int r;

	process_signals(&set, false);
	/* a pipe whose reader is gone is an error to us, not an end */
	sigaddset(&set, SIGPIPE);
	/* where it is ignored nobody can be waited for */
	r = sys_signal_default(SIGCHLD);
	if (r == 0)
		r = sys_sigmask(SIG_BLOCK, &set, &p->mask);
	if (r < 0)
		return r;
	m->masked = true;
	*signals = sys_signalfd(&set);
	r = *signals < 0 ? *signals : process_parent(m->s->outlive, parent);
	if (r == 0)
		r = process_pipes(p);
	/* who tells it else is init */
	if (r == 0 && p->filtered && !p->plan->init) {
		void *shared = NULL;

		r = sys_map_shared(sizeof(*p->shared), &shared);
		p->shared = shared;
	}
	if (r == 0 && !p->plan->tree)
		r = orphans_list(&m->before);
	if (r == 0 && p->streams != 0 && m->s->streaming == NULL)
		r = -EINVAL;
	return r;
}

/* What came too late for the box must not end us before the verdict is told. A SIGPIPE stays
 * blocked: what we still have to tell goes to readers that may be gone too. */
static void
restore_signals(struct monitor *m, int *signals)
{
	struct signalfd_siginfo s;

	while (*signals >= 0 && sys_read(*signals, &s, sizeof(s)) == (long)sizeof(s))
		;
	process_close(signals);
	sigaddset(&m->p->mask, SIGPIPE);
	if (m->masked)
		(void)sys_sigmask(SIG_SETMASK, &m->p->mask, NULL);
}

int
box_run(const struct plan *plan, struct supervise *s, struct verdict *v)
{
	/* one box at a time; only the pages that are used exist */
	static _Alignas(16) unsigned char stacks[2 * STACK_SIZE];
	struct process p;
	struct monitor m = { .p = &p, .s = s, .v = v, .kill_at = UINT64_MAX, .cause = CAUSE_EXIT };
	int signals = -1, parent = -1, r;

	*v = (struct verdict){ .op = UINT32_MAX, .by = s->by };
	process_prepare(&p, plan);
	p.steps = s->steps;
	p.stacks = stacks;
	r = prepare(&m, &signals, &parent);
	m.start = sys_now();
	if (r < 0) {
		*v = (struct verdict){ .cause = CAUSE_SETUP, .op = UINT32_MAX, .sysno = -r };
		r = -1;
	} else {
		r = start(&m);
	}
	if (r == 0) {
		take(&m, signals, parent);
		if (s->passed)
			(void)sys_close_range(0, 1);
		monitor_watch(&m);
		finish(&m);
	} else {
		process_close(&parent);
	}
	if (p.shared != NULL)
		sys_unmap(p.shared, sizeof(*p.shared));
	process_close_all(&p);
	restore_signals(&m, &signals);
	return r;
}
