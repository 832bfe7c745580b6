/* The payload's output and diagnostics on their way through the monitor: kept, copied, passed on,
 * and what is left of them when the box is gone. */
#include "run/monitor.h"

#include "sys/sys.h"

#include <errno.h>

/* A reader who takes nothing for so long takes nothing any more; nobody who is gone has left more
 * in a pipe than that. */
enum { FLUSH_MS = 1000, REST_MOST = 16 << 20 };

struct drain *
output_of(const struct monitor *m, size_t k)
{
	return k == 0 ? &m->s->out : &m->s->err;
}

bool
output_waits(const struct drain *d)
{
	return d->forward >= 0 && (d->ready || d->n > d->forwarded);
}

void
output_close(struct monitor *m, size_t k)
{
	process_close(&m->from[k]);
	output_of(m, k)->ready = false;
}

void
output_drain(struct monitor *m, size_t k, bool room)
{
	struct drain *d = output_of(m, k);
	int r = d->through != NULL ? d->through->some(m->from[k], d, room)
				   : stream_drain(m->from[k], d);

	if (r < 0 && d->through != NULL)
		d->through->nothing(m, k);
	else if (r != 0)
		output_close(m, k);
	/* what cannot be taken whole is nobody's answer */
	if (r < 0 && d->through == NULL)
		monitor_end_now(m, CAUSE_KILLED);
	if (k == 0 && d->over && d->through == NULL && !m->ending)
		monitor_end_now(m, CAUSE_OUTPUT);
}

/* That nothing more will come is known without asking whether what it went to has room. */
void
output_polled(struct monitor *m, size_t k, short revents)
{
	if ((revents & POLLIN) != 0 || (revents != 0 && output_of(m, k)->through == NULL))
		output_drain(m, k, false);
	else if (revents != 0)
		output_close(m, k);
}

void
output_forward(struct monitor *m, size_t k)
{
	struct drain *d = output_of(m, k);

	if (d->ready)
		output_drain(m, k, true);
	else
		stream_forward(d);
	if (d->through != NULL && d->forward < 0)
		d->through->nothing(m, k);
}

/* One that goes through is read when what was read is gone: a slow reader slows the payload down,
 * and not us. */
static void
aim(struct monitor *m)
{
	for (size_t k = 0; k < 2; k++) {
		const struct drain *d = output_of(m, k);
		bool more = output_waits(d);

		m->fd[WATCH_OUT + k].fd = d->through != NULL && more ? -1 : m->from[k];
		m->fd[WATCH_OUT_TO + k].fd = more ? d->forward : -1;
	}
}

static void
feed(struct monitor *m)
{
	int r = stream_feed(m->fd[WATCH_IN].fd, m->s->input, &m->fed);

	if (r != 0)
		process_close(&m->fd[WATCH_IN].fd);
	/* what cannot be given whole is nobody's request */
	if (r < 0)
		monitor_end_now(m, CAUSE_KILLED);
}

static void
look(struct monitor *m)
{
	if (m->fd[WATCH_IN].revents != 0)
		feed(m);
	for (size_t k = 0; k < 2; k++) {
		output_polled(m, k, m->fd[WATCH_OUT + k].revents);
		if (m->fd[WATCH_OUT_TO + k].revents != 0)
			output_forward(m, k);
	}
}

/* ---- when the box is gone -------------------------------------------------------------------- */

/* Nobody's answer waits for a reader of diagnostics that does not read. */
static void
flush(struct drain *d)
{
	while (output_waits(d)) {
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

static uint64_t
lost(const struct monitor *m)
{
	return m->s->out.dropped + m->s->err.dropped;
}

/* Nobody who held the pipes can add to them, but somebody may hold them still, whom we could not
 * end. */
static void
read_rest(struct monitor *m)
{
	uint64_t first = lost(m), before, now = 0;

	do {
		before = now;
		for (size_t k = 0; k < 2; k++)
			if (m->from[k] >= 0 && output_of(m, k)->through == NULL)
				output_drain(m, k, false);
		now = m->s->out.n + m->s->err.n + lost(m);
	} while (now != before && lost(m) - first < REST_MOST);
}

static void
rest(struct monitor *m)
{
	read_rest(m);
	/* diagnostics first: they say why nothing else comes */
	for (size_t i = 0; i < 2; i++) {
		struct drain *d = output_of(m, 1 - i);

		if (d->through != NULL)
			d->through->rest(m, 1 - i);
		else
			flush(d);
	}
	process_close(&m->fd[WATCH_IN].fd);
	for (size_t k = 0; k < 2; k++) {
		output_close(m, k);
		stream_end(output_of(m, k));
	}
}

static void
ready(struct monitor *m)
{
	for (size_t k = 0; k < 2; k++) {
		struct drain *d = output_of(m, k);

		if (d->through != NULL)
			d->through->ready(d, k);
	}
}

void
streams_attach(struct supervise *s)
{
	static const struct streaming streaming = { ready, aim, look, rest };

	s->streaming = &streaming;
}
