/* Somebody else decides: calls that wait go out as lines, answers come back in any order and at any
 * time. Whatever goes wrong with him, calls fail; nothing waits for ever. */
#include "run/notify.h"

#include <errno.h>

enum { REFUSED = EPERM, HOUR_MS = 3600000, FULL_MS = 50 };

struct waiting {
	uint64_t kernel;               /* its id */
	uint64_t due;                  /* microseconds; UINT64_MAX: it can wait */
	struct notify_request request; /* id 0: a free place */
};

struct decider {
	int requests, answers;
	uint64_t timeout;    /* microseconds */
	uint64_t last, sent; /* ids that were given, and told */
	size_t n;
	bool gone, missed; /* he is; and somebody asked since */
	struct err fault;
	struct notify_lines lines;
	char line[NOTIFY_LINE]; /* on its way */
	size_t nline, written;
	struct waiting w[DECIDER_PENDING];
};

struct decider *
decider_new(struct arena *a, int requests, int answers, uint64_t timeout)
{
	struct decider *d = arena_get(a, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->requests = requests;
	d->answers = answers;
	d->timeout = timeout * 1000;
	return d;
}

int
notify_reply(int listener, uint64_t id, enum notify_kind kind, int64_t value)
{
	struct k_notif_resp resp = { .id = id };
	int r;

	if (kind == NOTIFY_ALLOW)
		resp.flags = K_SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	else if (kind == NOTIFY_ERRNO)
		resp.error = (int32_t)-value;
	else
		resp.val = value;
	do
		r = sys_notify_send(listener, &resp);
	while (r == -EINTR);
	/* its process was ended, or has a signal to look after */
	return r == -ENOENT ? 0 : r;
}

static struct waiting *
find(struct decider *d, uint64_t id)
{
	for (size_t i = 0; i < DECIDER_PENDING; i++)
		if (d->w[i].request.id == id)
			return &d->w[i];
	return NULL;
}

/* Where there is no listener any more, nobody waits: who asked has ended. 0 or -errno. */
static int
valid(int listener, uint64_t id)
{
	return listener < 0 ? -ENOENT : sys_notify_valid(listener, id);
}

static void
forget(struct decider *d, struct waiting *w)
{
	w->request.id = 0;
	d->n--;
}

static int
finish(struct decider *d, int listener, struct waiting *w, enum notify_kind kind, int64_t value)
{
	uint64_t id = w->kernel;
	int r = valid(listener, id);

	forget(d, w);
	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : notify_reply(listener, id, kind, value);
}

/* From here on nobody is asked. Those that wait are refused now. */
static int
give_up(struct decider *d, int listener)
{
	int r = 0;

	d->gone = true;
	if (d->fault.pos.line > 0)
		d->fault.file = S("answer");
	err_add(&d->fault, TEXT("; calls that were to be decided failed"));
	for (size_t i = 0; i < DECIDER_PENDING && r == 0; i++) {
		if (d->w[i].request.id == 0)
			continue;
		/* who has ended meanwhile misses nothing */
		d->missed = d->missed || valid(listener, d->w[i].kernel) != -ENOENT;
		r = finish(d, listener, &d->w[i], NOTIFY_ERRNO, REFUSED);
	}
	return r;
}

bool
decider_failed(const struct decider *d, struct err *e)
{
	if (d->missed)
		*e = d->fault;
	return d->missed;
}

bool
decider_room(const struct decider *d)
{
	return d->n < DECIDER_PENDING;
}

int
decider_ask(struct decider *d, int listener, const struct k_notif *k)
{
	struct waiting *w = find(d, 0);

	if (d->gone) {
		d->missed = true;
		return notify_reply(listener, k->id, NOTIFY_ERRNO, REFUSED);
	}
	w->kernel = k->id;
	w->due = d->timeout == 0 ? UINT64_MAX : sys_now() + d->timeout;
	w->request = (struct notify_request){ .id = ++d->last,
		.pid = k->pid,
		.audit = k->arch,
		.nr = k->nr };
	for (size_t i = 0; i < CALL_ARGS; i++)
		w->request.arg[i] = k->arg[i];
	d->n++;
	return 0;
}

void
decider_want(const struct decider *d, struct pollfd *p)
{
	bool tell = !d->gone && (d->written < d->nline || d->sent < d->last);

	p[0] = (struct pollfd){ .fd = tell ? d->requests : -1, .events = POLLOUT };
	p[1] = (struct pollfd){ .fd = d->gone ? -1 : d->answers, .events = POLLIN };
}

int
decider_wait(const struct decider *d)
{
	uint64_t due = UINT64_MAX, now;

	/* that one of them has ended nobody tells */
	if (!decider_room(d))
		return FULL_MS;
	for (size_t i = 0; d->timeout > 0 && i < DECIDER_PENDING; i++)
		if (d->w[i].request.id != 0 && d->w[i].due < due)
			due = d->w[i].due;
	if (due == UINT64_MAX)
		return -1;
	now = sys_now();
	if (due <= now)
		return 0;
	return due - now > (uint64_t)HOUR_MS * 1000 ? HOUR_MS : (int)((due - now + 999) / 1000);
}

/* The next request, as a line; none when all that were left have ended meanwhile. */
static void
next_line(struct decider *d)
{
	struct buf b = BUF(d->line);
	struct waiting *w = NULL;

	while (w == NULL && d->sent < d->last)
		w = find(d, ++d->sent);
	if (w != NULL)
		notify_put(&b, &w->request);
	d->nline = b.n;
	d->written = 0;
}

/* One write, which does not wait: a line is less than what a pipe or a socket takes when poll says
 * that it takes something. Should it take a part, it has the rest when it takes that. */
static int
tell(struct decider *d, int listener)
{
	long n;

	if (d->written == d->nline)
		next_line(d);
	if (d->nline == 0)
		return 0;
	n = sys_write(d->requests, d->line + d->written, d->nline - d->written);
	if (n > 0)
		d->written += (size_t)n;
	if (n > 0 || n == -EINTR || n == -EAGAIN)
		return 0;
	err_system(&d->fault, n < 0 ? (int)-n : EIO, "the decider does not take requests any more");
	return give_up(d, listener);
}

static int
take(struct decider *d, int listener, const struct notify_answer *a)
{
	struct waiting *w;

	if (a->id == 0 || a->id > d->sent) {
		err_data(&d->fault, POS_NONE, "an answer to what was not asked");
		return -1;
	}
	w = find(d, a->id);
	/* refused already, as it took so long */
	return w == NULL ? 0 : finish(d, listener, w, a->kind, a->value);
}

static int
hear(struct decider *d, int listener)
{
	char bytes[4 * NOTIFY_LINE];
	long n = sys_read(d->answers, bytes, sizeof(bytes));
	struct str piece = { bytes, n > 0 ? (size_t)n : 0 };
	struct notify_answer a;
	int r = 0;

	if (n == -EINTR || n == -EAGAIN)
		return 0;
	if (n < 0)
		err_system(&d->fault, (int)-n, "cannot read the decider's answers");
	else if (n == 0)
		err_data(&d->fault, POS_NONE, "the decider is gone");
	while (r == 0 && (r = notify_next(&d->lines, &piece, &a, &d->fault)) > 0)
		r = take(d, listener, &a);
	if (d->fault.fault == FAULT_NONE)
		return r;
	return give_up(d, listener);
}

/* What took too long is refused. Where there is no room left, those that have ended meanwhile are
 * forgotten, as nobody may ever answer for them. */
static int
expire(struct decider *d, int listener)
{
	bool full = !decider_room(d);
	uint64_t now = d->timeout > 0 && d->n > 0 ? sys_now() : 0;
	int r = 0;

	for (size_t i = 0; (now > 0 || full) && r == 0 && i < DECIDER_PENDING; i++) {
		struct waiting *w = &d->w[i];

		if (w->request.id == 0)
			continue;
		if (w->due <= now)
			r = finish(d, listener, w, NOTIFY_ERRNO, REFUSED);
		else if (full && valid(listener, w->kernel) == -ENOENT)
			forget(d, w);
	}
	return r;
}

int
decider_move(struct decider *d, int listener, const struct pollfd *p)
{
	int r = 0;

	if (p[1].fd >= 0 && p[1].revents != 0)
		r = hear(d, listener);
	if (r == 0 && !d->gone && p[0].fd >= 0 && p[0].revents != 0)
		r = tell(d, listener);
	return r == 0 ? expire(d, listener) : r;
}
