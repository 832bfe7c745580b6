/* What the monitor does while a box runs: records, signals, streams, time. */
#include "run/monitor.h"

#include "sys/sys.h"

#include <errno.h>
#include <sys/signalfd.h>

/* A process that was sent KILL ends at once, unless the kernel holds it (a file server that does
 * not answer) or it is no longer ours to signal. */
enum { KILL_EVERY_US = 100000, KILL_TIMES = 100 };

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
kill_box(struct monitor *m)
{
	(void)sys_pidfd_signal(m->p->pidfd, SIGKILL);
	leaf_kill(m->p);
	m->kills++;
	m->kill_at = sys_now() + KILL_EVERY_US;
}

/* To the whole tree where init can reach it, or its group does, else to the payload's session. */
static void
ask_to_end(const struct monitor *m)
{
	const struct process *p = m->p;

	if (p->plan->init)
		(void)sys_write(p->life[1], "T", 1);
	else if (m->s->gauge != NULL && p->leaf_made && m->s->by->term(p->group) == 0)
		return;
	else if (sys_kill(-p->child, SIGTERM) < 0)
		(void)sys_pidfd_signal(p->pidfd, SIGTERM);
}

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
	else
		ask_to_end(m);
}

void
monitor_end_now(struct monitor *m, enum cause cause)
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

void
monitor_read_status(struct monitor *m)
{
	struct record r[8];
	long n = sys_read(m->fd[WATCH_STATUS].fd, r, sizeof(r));

	/* each was written in one piece, and the size of our buffer is a multiple of theirs */
	for (size_t i = 0; n > 0 && i < (size_t)n / sizeof(r[0]); i++)
		record(m, &r[i]);
	if (n != 0)
		return;
	process_close(&m->fd[WATCH_STATUS].fd);
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

static uint64_t
wait_us(const struct monitor *m)
{
	uint64_t now = sys_now(), at = m->kill_at;

	if (!m->ending && m->s->timeout > 0)
		at = m->start + m->s->timeout * 1000;
	if (!m->ending && m->s->gauge != NULL && m->look_at < at)
		at = m->look_at;
	return at == UINT64_MAX ? at : at <= now ? 0 : at - now;
}

/* Who is over a limit of memory or of processes may not go on for a grace. */
static void
ask_gauge(struct monitor *m, uint64_t now)
{
	int group = m->p->leaf_made ? m->p->group : -1;
	enum cause cause = m->s->by->look(m->s->gauge, group, m->p->child, now, &m->look_at);

	if (cause == CAUSE_WATCH_MEMORY || cause == CAUSE_WATCH_PIDS)
		monitor_end_now(m, cause);
	else if (cause != CAUSE_EXIT)
		end_politely(m, cause);
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
	} else if (!m->ending && m->s->gauge != NULL && now >= m->look_at) {
		ask_gauge(m, now);
	}
}

static void
look(struct monitor *m)
{
	if (m->fd[WATCH_STATUS].revents != 0)
		monitor_read_status(m);
	if (m->fd[WATCH_SIGNALS].revents != 0)
		read_signals(m);
	/* without the guard nobody would end the box if we were killed next */
	if (m->fd[WATCH_PARENT].revents != 0 || m->fd[WATCH_GUARD].revents != 0) {
		process_close(&m->fd[WATCH_PARENT].fd);
		m->fd[WATCH_GUARD].fd = -1;
		monitor_end_now(m, CAUSE_KILLED);
	}
	if (m->s->streaming != NULL)
		m->s->streaming->look(m);
}

/* An end that came in time is no timeout, however late we hear of it. */
void
monitor_watch(struct monitor *m)
{
	while (!m->gave_up && m->fd[WATCH_BOX].revents == 0) {
		int n;

		if (m->s->streaming != NULL)
			m->s->streaming->aim(m);
		n = sys_poll_us(m->fd, WATCH_COUNT, wait_us(m));
		/* whoever cannot see has to stop */
		if (n < 0 && n != -EINTR) {
			monitor_end_now(m, CAUSE_KILLED);
			break;
		}
		if (n <= 0 || m->fd[WATCH_BOX].revents == 0)
			check_time(m);
		if (n > 0)
			look(m);
	}
}

void
monitor_read_rest(struct monitor *m)
{
	for (size_t i = 0; i < 2 && m->fd[WATCH_STATUS].fd >= 0; i++)
		monitor_read_status(m);
	if (m->s->streaming != NULL)
		m->s->streaming->rest(m);
	process_close(&m->fd[WATCH_STATUS].fd);
	process_close(&m->fd[WATCH_PARENT].fd);
}
