/* What the monitor does while a box runs: records, signals, streams, time. */
#include "run/monitor.h"

#include "sys/sys.h"

#include <errno.h>
#include <sys/signalfd.h>

/* A process that was sent KILL ends at once, unless the kernel holds it (a file server that does
 * not answer) or it is no longer ours to signal. */
enum { KILL_EVERY_US = 100000, KILL_TIMES = 100, FLUSH_MS = 1000 };

static void
tell(const struct monitor *m, enum box_event e)
{
	struct verdict v = *m->v;

	/* what it will have been */
	if (e == BOX_LIMIT)
		v.cause = m->cause;
	if (m->s->on != NULL)
		m->s->on(m->s->arg, e, &v);
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
	leaf_kill(m->p);
	m->kills++;
	m->kill_at = sys_now() + KILL_EVERY_US;
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
	tell(m, BOX_LIMIT);
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
	if (!m->ending) {
		m->ending = true;
		m->cause = cause;
		tell(m, BOX_LIMIT);
	}
	if (m->kills == 0)
		kill_box(m);
}

/* Everything stands: the filter is the last that comes, and told by what comes behind it. */
static void
enforced(struct monitor *m)
{
	if (!m->standing)
		tell(m, BOX_ENFORCED);
	m->standing = true;
}

static void
record(struct monitor *m, const struct record *r)
{
	struct verdict *v = m->v;

	switch ((enum record_kind)r->kind) {
	case RECORD_FAIL:
		v->cause = CAUSE_SETUP;
		v->started = false;
		v->op = r->op;
		v->sysno = r->value;
		break;
	case RECORD_TRY:
		v->started = true;
		v->leaf = m->p->leaf_made;
		if (!m->p->filtered)
			enforced(m);
		break;
	case RECORD_NO_EXEC:
		enforced(m);
		v->cause = CAUSE_NO_EXEC;
		v->started = false;
		v->op = r->op;
		v->sysno = r->value;
		v->absent = r->absent != 0;
		break;
	case RECORD_STARTED:
		enforced(m);
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
	if (n != 0)
		return;
	shut(&m->fd[WATCH_STATUS]);
	/* without an init the exec itself closes the pipe, and so does what failed silently */
	if (m->p->plan->init || !m->v->started)
		return;
	if (m->p->shared != NULL && m->p->shared->kind == RECORD_NO_EXEC)
		record(m, m->p->shared);
	else
		record(m, &(struct record){ .kind = RECORD_STARTED });
}

static void
read_signals(struct monitor *m)
{
	struct signalfd_siginfo s;

	while (sys_read(m->fd[WATCH_SIGNALS].fd, &s, sizeof(s)) == (long)sizeof(s)) {
		bool fatal = s.ssi_signo == SIGTERM || s.ssi_signo == SIGINT ||
			     s.ssi_signo == SIGHUP || s.ssi_signo == SIGQUIT;

		/* our own, of a pipe that nobody reads any more: the write has told already */
		if (s.ssi_signo == SIGPIPE)
			continue;
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

/* What cannot be given or taken whole is nobody's answer. */
static void
moved(struct monitor *m, enum watched w, int r)
{
	if (r != 0)
		shut(&m->fd[w]);
	if (r < 0)
		end_now(m, CAUSE_KILLED);
}

static void
drain(struct monitor *m, enum watched w, struct drain *d)
{
	moved(m, w, stream_drain(m->fd[w].fd, d));
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

	if (m->ending && now >= m->kill_at) {
		m->gave_up = m->kills == KILL_TIMES;
		if (!m->gave_up)
			kill_box(m);
	} else if (!m->ending && m->s->timeout > 0 && now >= m->start + m->s->timeout * 1000) {
		end_politely(m, CAUSE_TIMEOUT);
	}
}

static void
look(struct monitor *m)
{
	if (m->fd[WATCH_STATUS].revents != 0)
		read_status(m);
	if (m->fd[WATCH_SIGNALS].revents != 0)
		read_signals(m);
	if (m->fd[WATCH_PARENT].revents != 0) {
		shut(&m->fd[WATCH_PARENT]);
		end_now(m, CAUSE_KILLED);
	}
	if (m->fd[WATCH_IN].revents != 0)
		moved(m, WATCH_IN, stream_feed(m->fd[WATCH_IN].fd, m->s->input, &m->fed));
	if (m->fd[WATCH_OUT].revents != 0)
		drain_out(m);
	if (m->fd[WATCH_ERR].revents != 0)
		drain(m, WATCH_ERR, &m->s->err);
	if (m->fd[WATCH_OUT_TO].revents != 0)
		stream_forward(&m->s->out);
	if (m->fd[WATCH_ERR_TO].revents != 0)
		stream_forward(&m->s->err);
}

static int
forward_to(const struct drain *d)
{
	return d->n > d->forwarded ? d->forward : -1;
}

/* An end that came in time is no timeout, however late we hear of it. */
void
monitor_watch(struct monitor *m)
{
	while (!m->gave_up && m->fd[WATCH_BOX].revents == 0) {
		int n;

		m->fd[WATCH_OUT_TO].fd = forward_to(&m->s->out);
		m->fd[WATCH_ERR_TO].fd = forward_to(&m->s->err);
		n = sys_poll(m->fd, WATCH_COUNT, wait_ms(m));
		/* whoever cannot see has to stop */
		if (n < 0 && n != -EINTR) {
			end_now(m, CAUSE_KILLED);
			break;
		}
		if (n <= 0 || m->fd[WATCH_BOX].revents == 0)
			check_time(m);
		if (n > 0)
			look(m);
	}
}

/* Nobody's answer waits for a reader of diagnostics that does not read. */
static void
flush(struct drain *d)
{
	while (forward_to(d) >= 0) {
		struct pollfd p = { .fd = d->forward, .events = POLLOUT };
		size_t before = d->forwarded;
		int n = sys_poll(&p, 1, FLUSH_MS);

		if (n == -EINTR)
			continue;
		if (n > 0)
			stream_forward(d);
		if (d->forwarded == before)
			break;
	}
}

void
monitor_read_rest(struct monitor *m)
{
	size_t before;

	for (size_t i = 0; i < 2 && m->fd[WATCH_STATUS].fd >= 0; i++)
		read_status(m);
	/* nobody who held the pipes can add to them, but somebody may hold them still */
	do {
		before = m->s->out.n + m->s->err.n;
		if (m->fd[WATCH_OUT].fd >= 0 && !m->s->out.over)
			drain_out(m);
		if (m->fd[WATCH_ERR].fd >= 0 && !m->s->err.over)
			drain(m, WATCH_ERR, &m->s->err);
	} while (m->s->out.n + m->s->err.n != before);
	shut(&m->fd[WATCH_STATUS]);
	for (size_t i = WATCH_PARENT; i <= WATCH_ERR; i++)
		shut(&m->fd[i]);
	flush(&m->s->out);
	flush(&m->s->err);
}
