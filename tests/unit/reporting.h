/* Stand-ins for what reports are written through: everything written is kept. */
#ifndef UNIT_REPORTING_H
#define UNIT_REPORTING_H

#include "check.h"
#include "cli/report.h"
#include "run/io.h"
#include "sys/sys.h"

enum { KEPT_TEXT = 4 << 20, KEPT_WRITES = 4096, REPORT_FD = 9 };

static struct kept {
	char text[KEPT_TEXT];
	size_t n;                   /* of text */
	size_t end[KEPT_WRITES], w; /* where each write ended */
} events, people;

/* What the descriptor says when it is asked, and does when it is written to. */
static int poll_gives = 1, poll_waited;
/* The same of standard error, for notes; and how often it was asked. */
static int note_gives = 1;
static size_t note_polls;
static short poll_events = POLLOUT;
static bool tty;
static struct verdict run_gives;
static bool ran;

static inline void
keep(struct kept *k, const void *p, size_t n)
{
	CU_ASSERT_FATAL(n <= KEPT_TEXT - k->n && k->w < KEPT_WRITES);
	memcpy(k->text + k->n, p, n);
	k->n += n;
	k->end[k->w++] = k->n;
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	CU_ASSERT_FATAL(n == 1 && p->events == POLLOUT);
	if (p->fd == 2) {
		/* people may be slow, but are not waited for without an end */
		CU_ASSERT(timeout_ms > 0 && timeout_ms <= 1000);
		p->revents = note_gives > 0 ? POLLOUT : 0;
		note_polls++;
		return note_gives;
	}
	CU_ASSERT_FATAL(p->fd == REPORT_FD);
	poll_waited += timeout_ms != 0;
	p->revents = poll_events;
	return poll_gives;
}

long
sys_write(int fd, const void *p, size_t n)
{
	CU_ASSERT_FATAL(fd == REPORT_FD);
	keep(&events, p, n);
	return (long)n;
}

bool
sys_is_tty(int fd)
{
	CU_ASSERT_FATAL(fd == 2);
	return tty;
}

int
io_write(int fd, struct str s)
{
	CU_ASSERT_FATAL(fd == 2);
	keep(&people, s.p, s.n);
	return 0;
}

int
box_run(const struct plan *plan, struct supervise *s, struct verdict *v)
{
	(void)plan;
	(void)s;
	ran = true;
	*v = run_gives;
	return 0;
}

static inline void
kept_reset(void)
{
	events.n = events.w = people.n = people.w = 0;
	poll_gives = note_gives = 1;
	note_polls = 0;
	poll_events = POLLOUT;
	poll_waited = 0;
	tty = ran = false;
}

/* The text of write i, without its newline: it has one, at its end, and is no longer than a pipe
 * takes at once. */
static inline struct str
kept_line(const struct kept *k, size_t i)
{
	size_t from = i == 0 ? 0 : k->end[i - 1];
	struct str s = { k->text + from, k->end[i] - from };

	CU_ASSERT_FATAL(i < k->w && s.n > 0);
	CU_ASSERT(str_find(s, '\n', 0) == s.n - 1);
	CU_ASSERT(s.n <= LIMIT_REPORT_LINE || k == &people);
	return str_slice(s, 0, s.n - 1);
}

/* The event of write i as a tree; its members are there. */
static inline const struct value *
kept_event(size_t i, const char *name)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	const struct value *v = json_parse(&a, kept_line(&events, i), FAULT_DATA, &e);

	CU_ASSERT_FATAL(v != NULL && v->kind == VALUE_OBJECT);
	CHECK_TEXT(i, value_get(v, S("v"))->text, "1");
	CHECK_TEXT(i, value_get(v, S("tool"))->text, "sbx-test");
	CHECK_STR(i, value_get(v, S("event"))->text, str_of(name));
	return v;
}

static inline struct str
member_of(const struct value *v, const char *key)
{
	const struct value *m = value_get(v, str_of(key));

	return m == NULL ? S("(none)") : m->text;
}

#endif
