/* Output that is not kept but passed on as it comes, by splice(2) where that serves. */
#include "run/monitor.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/signalfd.h>

/* PIECE: as in streams.c. */
enum { PIECE = 4096, SPLICE_MOST = 1 << 16, FLUSH_MS = 1000, REST_MOST = 16 << 20 };

static void
pass_ready(struct drain *d, size_t k)
{
	static char pieces[2][PIECE];
	char path[32];
	struct buf b = BUF(path);
	struct stat st;
	int fd;

	d->mem = pieces[k];
	d->n = 0;
	d->cap = PIECE;
	d->piped = sys_stat_fd(d->forward, &st) == 0 && S_ISFIFO(st.st_mode);
	if (!sys_is_tty(d->forward))
		return;
	/* a terminal that has room for a byte takes the time for all of them: it is told not to, by
	 * a description of our own */
	buf_text(&b, TEXT("/proc/self/fd/"));
	buf_int(&b, d->forward);
	buf_char(&b, '\0');
	fd = sys_open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	d->forward = fd;
	d->opened = true;
}

/* Terminals of some kernels and files that are appended to are not spliced to, and a filter may
 * forbid it altogether. */
static bool
must_copy(long r)
{
	return r == -EINVAL || r == -ENOSYS || r == -EPERM;
}

static int
pass_some(int from, struct drain *d, bool room)
{
	long n;

	if (d->copied)
		return stream_drain(from, d);
	/* only of a pipe is it sure that it does not wait for room */
	d->ready = !room && !d->piped;
	if (d->ready)
		return 0;
	n = sys_splice(from, d->forward, d->piped ? SPLICE_MOST : PIECE);
	d->copied = must_copy(n);
	/* there was something: then there is no room; or the other way round */
	d->ready = n == -EAGAIN && !room;
	if (n == -EAGAIN || n == -EINTR || d->copied)
		return 0;
	if (n <= 0)
		return n == 0 ? 1 : (int)n;
	d->passed += (uint64_t)n;
	return 0;
}

/* Whose output goes nowhere learns it as from its reader itself. What it has written by then is
 * counted. */
static void
pass_nothing(struct monitor *m, size_t k)
{
	struct drain *d = output_of(m, k);
	uint64_t before, most = d->dropped + REST_MOST;

	d->dropped += d->n - d->forwarded;
	d->n = d->forwarded = d->cap = 0;
	do
		before = d->dropped;
	while (m->from[k] >= 0 && stream_drain(m->from[k], d) == 0 && d->dropped != before &&
	       d->dropped < most);
	output_close(m, k);
	stream_end(d);
}

/* ---- when the box is gone -------------------------------------------------------------------- */

static bool
asked_to_stop(const struct monitor *m)
{
	struct signalfd_siginfo s;
	bool stop = false;

	while (sys_read(m->fd[WATCH_SIGNALS].fd, &s, sizeof(s)) == (long)sizeof(s))
		stop = stop || s.ssi_signo == SIGTERM || s.ssi_signo == SIGINT ||
		       s.ssi_signo == SIGHUP || s.ssi_signo == SIGQUIT;
	return stop;
}

/* Whoever reads a payload's output from us gets all of it, however slowly, as from the payload
 * itself: but not when its time is over, nor when we are to end or nobody waits for us. False: that
 * is all. */
static bool
pass_more(struct monitor *m, size_t k)
{
	struct drain *d = output_of(m, k);
	bool more = output_waits(d);
	struct pollfd p[3] = {
		{ .fd = more ? d->forward : m->from[k], .events = more ? POLLOUT : POLLIN },
		m->fd[WATCH_SIGNALS],
		m->fd[WATCH_PARENT],
	};
	int n = sys_poll(p, more ? 3 : 1, !more ? 0 : m->ending ? FLUSH_MS : -1);

	if (n == -EINTR)
		return true;
	if (n <= 0 || (more && (p[2].revents != 0 || (p[1].revents != 0 && asked_to_stop(m)))))
		return false;
	if (!more)
		output_polled(m, k, p[0].revents);
	else if (p[0].revents != 0)
		output_forward(m, k);
	return m->from[k] >= 0 || output_waits(d);
}

static void
pass_rest(struct monitor *m, size_t k)
{
	const struct drain *d = output_of(m, k);
	uint64_t passed = d->passed;

	while (m->from[k] >= 0 || output_waits(d))
		if (!pass_more(m, k) || d->passed - passed > REST_MOST)
			break;
	pass_nothing(m, k);
}

const struct passing passing = { pass_ready, pass_some, pass_nothing, pass_rest };
