/* The monitor: outside the box, it starts it, watches it to its end and tells how it ended. */
#include "run/process.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

enum watch {
	WATCH_BOX,
	WATCH_STATUS,
	WATCH_SIGNALS,
	WATCH_PARENT,
	WATCH_IN,
	WATCH_OUT,
	WATCH_ERR,
	WATCH_PASS, /* where standard error is copied to; not ours to close */
	WATCH_COUNT
};
enum { BEFORE_MAX = 64, PASS_MS = 1000 };

struct monitor {
	struct process *p;
	struct supervise *s;
	struct verdict *v;
	struct pollfd fd[WATCH_COUNT];
	size_t fed;
	uint64_t start;
	uint64_t kill_at; /* microseconds; UINT64_MAX: not asked to end */
	bool ending;      /* a TERM was sent; KILL follows at kill_at */
	bool ended;       /* init told the payload's end */
	int status;
	enum cause cause; /* what we ended it for; CAUSE_EXIT while we did not */
	int before[BEFORE_MAX];
	size_t nbefore;
};

static void
tell(const struct monitor *m, enum box_event e)
{
	if (m->s->on != NULL)
		m->s->on(m->s->arg, e, m->v);
}

/* The verdict is not spoken yet; the event says already what for. */
static void
tell_limit(const struct monitor *m)
{
	struct verdict v = *m->v;

	v.cause = m->cause;
	if (m->s->on != NULL)
		m->s->on(m->s->arg, BOX_LIMIT, &v);
}

static void
shut(struct pollfd *f)
{
	if (f->fd >= 0)
		sys_close(f->fd);
	f->fd = -1;
}

static void
kill_box(struct monitor *m)
{
	(void)sys_pidfd_signal(m->p->pidfd, SIGKILL);
	m->kill_at = UINT64_MAX;
}

/* To the whole tree where init can reach it, else to the payload's session. */
static void
end_politely(struct monitor *m, enum cause cause)
{
	if (m->ending)
		return;
	m->ending = true;
	m->cause = cause;
	m->kill_at = sys_now() + m->s->grace * 1000;
	tell_limit(m);
	if (m->s->grace == 0)
		kill_box(m);
	else if (m->p->plan->init)
		(void)sys_write(m->p->life[1], "T", 1);
	else if (sys_kill(-m->p->child, SIGTERM) < 0)
		(void)sys_pidfd_signal(m->p->pidfd, SIGTERM);
}

static void
end_now(struct monitor *m, enum cause cause)
{
	if (!m->ending)
		m->cause = cause;
	m->ending = true;
	tell_limit(m);
	kill_box(m);
}

static void
record(struct monitor *m, const struct record *r)
{
	struct verdict *v = m->v;

	switch ((enum record_kind)r->kind) {
	case RECORD_FAIL:
		v->cause = CAUSE_SETUP;
		v->op = r->op;
		v->sysno = r->value;
		break;
	case RECORD_TRY:
		v->started = true;
		v->leaf = m->p->leaf_made;
		tell(m, BOX_ENFORCED);
		if (!m->p->plan->init)
			tell(m, BOX_STARTED);
		break;
	case RECORD_NO_EXEC:
		v->cause = CAUSE_NO_EXEC;
		v->started = false;
		v->op = r->op;
		v->sysno = r->value;
		v->absent = r->absent != 0;
		break;
	case RECORD_STARTED:
		tell(m, BOX_STARTED);
		break;
	case RECORD_ENDED:
		m->ended = true;
		m->status = r->value;
		break;
	}
}

static void
read_status(struct monitor *m)
{
	struct record r[8];
	long n = sys_read(m->fd[WATCH_STATUS].fd, r, sizeof(r));

	/* each was written in one piece, and the size of our buffer is a multiple of theirs */
	for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(r[0]); i++)
		record(m, &r[i]);
	if (n == 0)
		shut(&m->fd[WATCH_STATUS]);
}

static void
read_signals(struct monitor *m)
{
	struct signalfd_siginfo s;

	while (sys_read(m->fd[WATCH_SIGNALS].fd, &s, sizeof(s)) == (long)sizeof(s)) {
		bool fatal = s.ssi_signo == SIGTERM || s.ssi_signo == SIGINT ||
			     s.ssi_signo == SIGHUP || s.ssi_signo == SIGQUIT;

		if (m->s->quiet_signals && fatal)
			end_politely(m, CAUSE_KILLED);
		/* the terminal sends to the whole foreground group: a payload that is in it has had
		 * it already, and so has init. But that it is gone it tells its session's leader
		 * alone, which may be us */
		else if (s.ssi_code <= 0 || s.ssi_signo == SIGHUP ||
			 (m->p->apart && !m->p->plan->init))
			(void)sys_pidfd_signal(m->p->pidfd, (int)s.ssi_signo);
	}
}

static void
feed(struct monitor *m)
{
	if (stream_feed(m->fd[WATCH_IN].fd, m->s->input, &m->fed))
		shut(&m->fd[WATCH_IN]);
}

static void
drain(struct monitor *m, enum watch w, struct drain *d)
{
	if (stream_drain(m->fd[w].fd, d))
		shut(&m->fd[w]);
}

static void
drain_out(struct monitor *m)
{
	drain(m, WATCH_OUT, &m->s->out);
	if (m->s->out.over && !m->ending)
		end_now(m, CAUSE_OUTPUT);
}

static int
wait_ms(const struct monitor *m)
{
	uint64_t now = sys_now(), at = m->kill_at;

	if (!m->ending && m->s->timeout > 0)
		at = m->start + m->s->timeout * 1000;
	if (at == UINT64_MAX)
		return -1;
	if (at <= now)
		return 0;
	return at - now > 3600000000u ? 3600000 : (int)((at - now + 999) / 1000);
}

static void
check_time(struct monitor *m)
{
	uint64_t now = sys_now();

	if (m->ending && now >= m->kill_at)
		kill_box(m);
	else if (!m->ending && m->s->timeout > 0 && now >= m->start + m->s->timeout * 1000)
		end_politely(m, CAUSE_TIMEOUT);
}

static void
watch(struct monitor *m)
{
	while (m->fd[WATCH_BOX].revents == 0) {
		int n;

		m->fd[WATCH_PASS].fd = stream_waits(&m->s->err) ? m->s->err.forward : -1;
		n = sys_poll(m->fd, WATCH_COUNT, wait_ms(m));
		check_time(m);
		if (n <= 0)
			continue;
		if (m->fd[WATCH_STATUS].revents != 0)
			read_status(m);
		if (m->fd[WATCH_SIGNALS].revents != 0)
			read_signals(m);
		if (m->fd[WATCH_PARENT].revents != 0) {
			shut(&m->fd[WATCH_PARENT]);
			end_now(m, CAUSE_KILLED);
		}
		if (m->fd[WATCH_IN].revents != 0)
			feed(m);
		if (m->fd[WATCH_OUT].revents != 0)
			drain_out(m);
		if (m->fd[WATCH_ERR].revents != 0)
			drain(m, WATCH_ERR, &m->s->err);
		if (m->fd[WATCH_PASS].revents != 0)
			stream_pass(&m->s->err);
	}
	m->fd[WATCH_PASS].fd = -1;
}

/* What is left of the diagnostics, for as long as somebody takes it. */
static void
pass_rest(struct monitor *m)
{
	struct drain *d = &m->s->err;
	int n = 1;

	while (n > 0 && stream_waits(d)) {
		struct pollfd to = { .fd = d->forward, .events = POLLOUT };

		n = sys_poll(&to, 1, PASS_MS);
		if (n > 0)
			stream_pass(d);
	}
}

/* The box is gone; what it wrote before is still in the pipes, and nobody who held them can add to
 * it. */
static void
read_rest(struct monitor *m)
{
	for (size_t i = 0; i < 2 && m->fd[WATCH_STATUS].fd >= 0; i++)
		read_status(m);
	for (size_t left = m->s->out.cap + m->s->err.cap + 2; left > 0; left--) {
		size_t before = m->s->out.n + m->s->err.n;

		if (m->fd[WATCH_OUT].fd >= 0 && !m->s->out.over)
			drain_out(m);
		if (m->fd[WATCH_ERR].fd >= 0 && !m->s->err.over)
			drain(m, WATCH_ERR, &m->s->err);
		if (m->s->out.n + m->s->err.n == before)
			break;
	}
	for (size_t i = 0; i < WATCH_COUNT; i++)
		if (i != WATCH_BOX)
			shut(&m->fd[i]);
	pass_rest(m);
}

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
		v->cause = CAUSE_SETUP;
		v->sysno = 0;
		return;
	}
	v->cause = WIFSIGNALED(status) ? CAUSE_SIGNAL : CAUSE_EXIT;
	v->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	if (m->s->out.over)
		v->cause = CAUSE_OUTPUT;
	if (m->ending || m->cause == CAUSE_KILLED)
		v->cause = m->cause;
}

static void
finish(struct monitor *m)
{
	struct process *p = m->p;
	bool leaf = p->leaf_made;
	int status = 0;

	/* before it is reaped: until then its number names no other group */
	if (!p->plan->tree)
		(void)sys_kill(-p->child, SIGKILL);
	while (sys_wait(p->child, &status, 0, &m->v->usage) == -EINTR)
		;
	m->v->wall = sys_now() - m->start;
	if (p->guard > 0)
		leaf_end(p);
	if (!p->plan->tree)
		m->v->survivors = orphans_end(m->before, m->nbefore);
	read_rest(m);
	m->v->leaf = leaf;
	judge(m, status);
	sys_close(p->pidfd);
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
	*m->v = (struct verdict){ .cause = CAUSE_SETUP, .op = (uint32_t)i, .sysno = -r };
	if (p->child > 0) {
		(void)sys_pidfd_signal(p->pidfd, SIGKILL);
		while (sys_wait(p->child, NULL, 0, NULL) == -EINTR)
			;
		process_close(&p->pidfd);
	}
	if (p->guard > 0)
		leaf_end(p);
	return -1;
}

/* The ends that are polled pass to the poll set. */
static void
take(struct monitor *m, int signals, int parent)
{
	struct process *p = m->p;
	const int fd[WATCH_COUNT] = {
		[WATCH_BOX] = p->pidfd,
		[WATCH_STATUS] = p->status[0],
		[WATCH_SIGNALS] = signals,
		[WATCH_PARENT] = parent,
		[WATCH_IN] = p->stream[0][1],
		[WATCH_OUT] = p->stream[1][1],
		[WATCH_ERR] = p->stream[2][1],
		[WATCH_PASS] = -1,
	};

	for (size_t i = 0; i < WATCH_COUNT; i++)
		m->fd[i] = (struct pollfd){ .fd = fd[i], .events = POLLIN };
	m->fd[WATCH_IN].events = m->fd[WATCH_PASS].events = POLLOUT;
	/* records keep in the pipe: without a listener they can wait until the end, and a wake-up
	 * costs more than they do */
	if (m->s->on == NULL)
		m->fd[WATCH_STATUS].events = 0;
	p->status[0] = -1;
	for (size_t k = 0; k < 3; k++)
		p->stream[k][1] = -1;
}

/* The caller, to be watched; -1 where there is none to end with. 0 or -errno: a box that would
 * outlive its caller is not what was asked for. */
static int
open_parent(const struct supervise *s, int *fd)
{
	int parent = s->outlive ? 0 : sys_getppid();
	int r = parent > 1 ? sys_pidfd_open(parent) : -1;

	*fd = r;
	return parent > 1 && r < 0 ? r : 0;
}

int
box_run(const struct plan *plan, struct supervise *s, struct verdict *v)
{
	/* one box at a time; only the pages that are used exist */
	static _Alignas(16) unsigned char stacks[2 * STACK_SIZE];
	struct process p;
	struct monitor m = { .p = &p, .s = s, .v = v, .kill_at = UINT64_MAX, .cause = CAUSE_EXIT };
	sigset_t set;
	int signals, parent = -1, r;

	*v = (struct verdict){ .op = UINT32_MAX };
	process_prepare(&p, plan);
	p.stacks = stacks;
	process_signals(&set, false);
	/* a pipe whose reader is gone is an error to us, not an end */
	sigaddset(&set, SIGPIPE);
	(void)sys_signal_default(SIGCHLD);
	(void)sys_sigmask(SIG_BLOCK, &set, &p.mask);
	sigdelset(&set, SIGPIPE);
	signals = sys_signalfd(&set);
	r = signals < 0 ? signals : open_parent(s, &parent);
	if (r == 0)
		r = process_pipes(&p);
	if (!plan->tree)
		m.nbefore = orphans_list(m.before, BEFORE_MAX);
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
		watch(&m);
		finish(&m);
	} else {
		process_close(&signals);
		process_close(&parent);
	}
	process_close_all(&p);
	/* one may be pending, and what we still have to tell goes to other readers too */
	sigaddset(&p.mask, SIGPIPE);
	(void)sys_sigmask(SIG_SETMASK, &p.mask, NULL);
	return r;
}
