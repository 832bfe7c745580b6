/* fuzz: core/cli/report.c core/cli/receipt.c core/cli/show.c core/run/gaugeput.c */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/common.h"
#include "must.h"
#include "run/group.h"
#include "run/io.h"
#include "sys/sys.h"

enum { CLAIMS = 24, OPS = 8, FD = 9, INPUT_MAX = 1 << 15 };

static unsigned char mem[1 << 20], tree_mem[1 << 20];

/* What the descriptor says, and what was written: the events, the lines for people. */
static int poll_gives, note_gives;
static short poll_events;
static size_t events, told_claims, values, with_value, lines;
static bool tty, ended, cut;
static struct verdict run_gives;
static const struct cgusage *used; /* by the group, when there is one */
static const struct plan *judged;
static bool with_leaf;

/* The input, byte by byte; behind its end there are zeros. */
struct bytes {
	const uint8_t *p;
	size_t n;
	struct arena arena;
};

static unsigned
take(struct bytes *b)
{
	if (b->n == 0)
		return 0;
	b->n--;
	return *b->p++;
}

static uint64_t
number(struct bytes *b)
{
	unsigned n = take(b) % 9;
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | take(b);
	return v;
}

/* Bytes as they come, and a NUL. A long text is a short one over and over, so that a small input
 * has the longest path. */
static struct str
text(struct bytes *b)
{
	size_t n = take(b), times = n > 0xf0 ? (size_t)1 << (n & 15) : 1, whole;
	char *p;

	n = n > 0xf0 ? take(b) : n;
	n = n < b->n ? n : b->n;
	whole = n * times < LIMIT_PATH ? n * times : LIMIT_PATH;
	p = arena_bytes(&b->arena, whole + 1);
	MUST(p != NULL);
	for (size_t i = 0; i < whole; i++)
		p[i] = (char)b->p[i % n];
	p[whole] = '\0';
	b->p += n;
	b->n -= n;
	return (struct str){ p, whole };
}

/* The text of an operation may be a path; what stands beside it is short. */
static const char *
word(struct bytes *b, size_t most)
{
	struct str s = text(b);

	if (s.n > most)
		((char *)(uintptr_t)s.p)[most] = '\0';
	return s.n == 0 ? NULL : s.p;
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	MUST(n == 1 && p->events == POLLOUT);
	if (p->fd == 2) {
		/* people may be slow, but not for ever */
		MUST(timeout_ms > 0 && timeout_ms <= 1000);
		return note_gives;
	}
	/* nobody waits for a program */
	MUST(p->fd == FD && timeout_ms == 0);
	p->revents = poll_events;
	return poll_gives;
}

static const struct value *
member(const struct value *v, const char *key, enum value_kind kind)
{
	const struct value *m = value_get(v, str_of(key));

	MUST(m != NULL && m->kind == kind);
	return m;
}

/* What stands of a claim: with a group, and with a value that the kernel has reported. */
static struct str
state_of(const struct claim *c)
{
	if (c->took != NULL && c->took[0] == '\0' && !c->needed)
		return S("dropped");
	return c->op == 0 && !with_leaf ? S("best-effort") : claim_state_name(c->state);
}

static void
check_claims(const struct value *v)
{
	const struct value *list = member(v, "restrictions", VALUE_ARRAY);

	MUST(list->count > 0);
	for (const struct value *c = list->first; c != NULL; c = c->next, told_claims++) {
		member(c, "name", VALUE_STRING);
		member(c, "requested", VALUE_STRING);
		member(c, "mechanism", VALUE_STRING);
		MUST(told_claims < judged->nclaims);
		MUST(str_eq(member(c, "state", VALUE_STRING)->text,
		    state_of(&judged->claim[told_claims])));
		member(c, "detail", VALUE_STRING);
		values += value_get(c, S("value")) != NULL;
		cut = cut || value_get(c, S("cut")) != NULL;
	}
}

/* Whole, or so told. */
static void
check_group(const struct value *v)
{
	const struct value *g = value_get(v, S("cgroup")), *io, *d;

	MUST(used != NULL || g == NULL);
	if (g == NULL || value_get(g, S("cut")) != NULL)
		return;
	io = value_get(g, S("io"));
	MUST((io != NULL) == ((used->have >> CG_IO_STAT & 1) != 0));
	d = io == NULL ? NULL : member(io, "devices", VALUE_ARRAY);
	MUST(d == NULL || d->count == used->ndevices);
	MUST((value_get(g, S("pids")) != NULL) ==
	     ((used->have >> CG_PIDS_CURRENT & (1u << 4) - 1) != 0));
}

/* One write, one line, one object of our own reader's, with the members that its event has. */
long
sys_write(int fd, const void *p, size_t n)
{
	struct arena a = { tree_mem, 0, sizeof(tree_mem) };
	struct err e = { 0 };
	struct str line = { p, n }, event;
	const struct value *v;

	MUST(fd == FD && poll_gives > 0 && poll_events == POLLOUT);
	MUST(n > 0 && n <= LIMIT_REPORT_LINE && str_find(line, '\n', 0) == n - 1);
	v = json_parse(&a, line, FAULT_DATA, &e);
	MUST(v != NULL && v->kind == VALUE_OBJECT);
	MUST(str_eq(member(v, "v", VALUE_NUMBER)->text, S("1")));
	MUST(str_eq(member(v, "tool", VALUE_STRING)->text, S("sbx-fuzz")));
	event = member(v, "event", VALUE_STRING)->text;
	if (str_eq(event, S("enforced"))) {
		check_claims(v);
	} else if (str_eq(event, S("plan"))) {
		member(v, "op", VALUE_NUMBER);
		member(v, "stage", VALUE_STRING);
		member(v, "name", VALUE_STRING);
		member(v, "text", VALUE_STRING);
	} else if (str_eq(event, S("ended"))) {
		member(v, "stage", VALUE_STRING);
		member(v, "cause", VALUE_STRING);
		member(v, "status", VALUE_NUMBER);
		check_group(v);
		ended = true;
	} else if (str_eq(event, S("limit"))) {
		member(v, "limit", VALUE_STRING);
	} else {
		MUST(str_eq(event, S("started")));
	}
	events++;
	return (long)n;
}

bool
sys_is_tty(int fd)
{
	MUST(fd == 2);
	return tty;
}

/* A line for people is one, and does nothing to a terminal but colour it. */
static void
check_line(struct str line)
{
	uint32_t cp;

	MUST(line.n > 0 && str_find(line, '\n', 0) == line.n - 1);
	for (size_t i = 0, n; i + 1 < line.n; i += n) {
		n = utf8_next(str_slice(line, i, line.n), &cp);
		MUST(n > 0 && (utf8_printable(cp) || (tty && cp == 0x1b)));
	}
	lines++;
}

int
io_write(int fd, struct str s)
{
	MUST(fd == 2);
	check_line(s);
	return 0;
}

int
common_print(struct str tool, struct str s)
{
	bool kept = tty;

	MUST(str_eq(tool, S("sbx-fuzz")));
	tty = false;
	/* facts are several lines, and not for people alone */
	if (lines != SIZE_MAX)
		check_line(s);
	tty = kept;
	return 0;
}

int
box_run(const struct plan *plan, struct supervise *s, struct verdict *v)
{
	(void)plan;
	(void)s;
	*v = run_gives;
	return 0;
}

static void
op(struct bytes *b, struct op *o)
{
	o->kind = (uint8_t)(take(b) % OP_COUNT);
	o->stage = (uint8_t)(take(b) % STAGE_COUNT);
	o->flags = (uint8_t)take(b);
	o->a = (uint8_t)take(b);
	o->b = (uint8_t)take(b);
	o->num = number(b);
	o->text = word(b, LIMIT_PATH);
	o->text2 = word(b, 64);
}

static void
ops(struct bytes *b, struct plan *p)
{
	p->n = take(b) % (OPS + 1);
	p->op = arena_array(&b->arena, p->n, sizeof(*p->op));
	MUST(p->op != NULL);
	for (size_t i = 0; i < p->n; i++)
		op(b, &p->op[i]);
}

/* As the kernel writes it, which is no bytes from elsewhere; and nothing is no value. */
static const char *
took(struct bytes *b)
{
	char *p = arena_bytes(&b->arena, TOOK_ROOM);
	size_t n = take(b) % TOOK_ROOM;

	MUST(p != NULL);
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(' ' + take(b) % ('~' - ' '));
	p[n] = '\0';
	with_value += n > 0;
	return p;
}

static void
claims(struct bytes *b, struct plan *p)
{
	static const char names[] = "user|root|read-only|a name that is longer than its column";

	p->nclaims = take(b) % (CLAIMS + 1);
	p->claim = arena_array(&b->arena, p->nclaims, sizeof(*p->claim));
	MUST(p->claim != NULL);
	for (size_t i = 0; i < p->nclaims; i++) {
		unsigned how = take(b);

		p->claim[i] = (struct claim){ .name = word_at(names, how % 4),
			.mechanism = S("mount"),
			.state = (enum claim_state)(how >> 2 & 3),
			.needed = (how >> 4 & 1) != 0,
			.op = (how >> 5 & 1) != 0 ? 0 : UINT32_MAX,
			.detail = text(b) };
		if (p->claim[i].op == 0)
			p->claim[i].otherwise = text(b);
		if ((how >> 6 & 1) != 0)
			p->claim[i].took = took(b);
	}
}

static struct gauge *
gauge(struct bytes *b)
{
	struct gauge *g = arena_get(&b->arena, sizeof(*g));
	uint64_t *figure = &g->usage.cpu_us;

	MUST(g != NULL);
	g->tree_peak = number(b);
	g->usage.have = (uint32_t)number(b);
	for (size_t n = take(b) % 32; n > 0; n--)
		figure[take(b) % (offsetof(struct cgusage, io) / sizeof(*figure) - 1)] = number(b);
	g->usage.io.rbytes = number(b);
	g->usage.ndevices = take(b) % (CGUSAGE_DEVICES + 1);
	for (size_t i = 0; i < g->usage.ndevices; i++)
		g->usage.device[i] = (struct cgio){ (uint32_t)number(b), take(b), number(b),
			number(b), number(b), number(b) };
	g->usage.cpu_pressure.some_total = number(b);
	used = &g->usage;
	return g;
}

static void
no_hint(const struct verdict *v, const struct op *o, struct err *e)
{
	(void)v;
	(void)o;
	(void)e;
}

static const struct gauging by = { .hint = no_hint,
	.put_json = gauge_put_json,
	.put_line = gauge_put_line };

static struct verdict
verdict(struct bytes *b)
{
	struct verdict v = { .cause = (enum cause)(take(b) % (CAUSE_NO_EXEC + 1)) };
	unsigned flags = take(b);

	v.op = take(b);
	v.sysno = (int)take(b);
	v.wall = number(b);
	v.absent = (flags & 1) != 0;
	v.started = (flags & 2) != 0;
	v.leaf = (flags & 4) != 0;
	/* as wait(2) gives it */
	v.status = v.cause == CAUSE_SIGNAL ? 1 + (int)(take(b) % 64) : (int)take(b);
	v.survivors = (unsigned)number(b);
	v.usage.ru_utime.tv_sec = (long)(number(b) >> 24);
	v.usage.ru_stime.tv_usec = (long)(number(b) % 1000000);
	v.usage.ru_maxrss = (long)(number(b) >> 12);
	used = NULL;
	if ((flags & 8) != 0)
		v.gauge = gauge(b);
	if ((flags & 24) != 0)
		v.by = &by;
	if ((flags & 32) != 0)
		v.dropped[take(b) % 2] = number(b);
	return v;
}

static void
fault(struct bytes *b, struct err *e)
{
	struct pos pos;
	struct str part[2];
	enum fault kind;
	int sysno;

	*e = (struct err){ 0 };
	if (take(b) % 4 == 0)
		return;
	e->file = text(b);
	err_path(e, text(b));
	pos.line = (uint32_t)number(b);
	pos.col = (uint32_t)number(b);
	kind = (enum fault)(take(b) % (FAULT_SYSTEM + 1));
	sysno = (int)take(b);
	part[0] = text(b);
	part[1] = text(b);
	err_put(e, kind, pos, TEXT("%%", part[0], part[1]));
	e->sysno = sysno;
}

/* With a reader that is there every event is told, and told whole; else none. */
static void
check_events(const struct report *r, const struct plan *p, const struct verdict *v,
    const struct err *e, struct bytes *b)
{
	struct str reason = text(b);
	bool there = r->fd >= 0 && poll_gives > 0 && poll_events == POLLOUT;
	struct told told = { .report = r, .plan = p };
	bool outcome = take(b) % 4 != 0, planned = take(b) % 4 != 0;
	struct ending end = ending_of(planned ? p : NULL, v, e);

	end.outcome = outcome ? S("bad-reply") : S("");
	end.reason = reason;
	events = told_claims = values = 0;
	ended = false;
	judged = p;
	with_leaf = v->leaf;
	report_plan(r, p);
	MUST(events == (there ? p->n : 0));
	report_event(&told, BOX_ENFORCED, v);
	MUST(told_claims == (there ? p->nclaims : 0));
	MUST(values == (there ? with_value : 0));
	report_event(&told, BOX_STARTED, v);
	report_event(&told, BOX_LIMIT, v);
	report_ended(r, &end);
	MUST(ended == there);
	MUST((report_listener(r) == NULL) == (r->fd < 0));
}

static void
check_people(const struct report *r, const struct plan *p, const struct verdict *v,
    const struct err *e, struct bytes *b)
{
	struct told told = { .report = r, .plan = p };
	struct supervise s = { 0 };
	bool stood = v->started || v->cause == CAUSE_NO_EXEC;
	/* notes are for somebody who reads */
	size_t note = note_gives != 0;
	char used_text[512];
	struct buf u = BUF(used_text);

	lines = 0;
	report_receipt(p, v, text(b));
	if (v->by != NULL)
		v->by->put_line(&u, v);
	MUST(lines == (stood ? p->nclaims + 2 + (u.n > 0) : 1));
	lines = 0;
	report_note(S("sbx-fuzz"), text(b));
	report_error(S("sbx-fuzz"), e);
	MUST(report_refused(r, e) == 125);
	MUST(lines == 3 * note);
	run_gives = *v;
	lines = 0;
	MUST(report_run(&told, &s, false) == verdict_status(v));
	MUST(lines == (v->cause == CAUSE_SETUP || v->cause == CAUSE_NO_EXEC ? note : 0));
	lines = 0;
	MUST(common_show_plan(S("sbx-fuzz"), p) == 0);
	MUST(lines == p->n + p->nclaims);
}

static void
check_facts(struct bytes *b)
{
	struct facts f = { .proc = true };
	int r;

	f.uid = number(b);
	for (unsigned n = take(b) % 16; n > 0; n--)
		MUST(strlist_add(&b->arena, &f.procs, text(b), POS_NONE) == 0);
	lines = SIZE_MAX;
	r = common_show_facts(S("sbx-fuzz"), &f, S(""));
	/* too long is told, on a line */
	MUST(r == 125 || lines == SIZE_MAX);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct bytes b = { data, n, { mem, 0, sizeof(mem) } };
	struct report r = { S("sbx-fuzz"), FD };
	char *argv[2] = { 0 };
	struct plan p = { .argv = argv };
	struct verdict v;
	struct err e;
	unsigned how;

	if (n > INPUT_MAX)
		return 0;
	how = take(&b);
	with_value = 0;
	tty = (how & 1) != 0;
	r.fd = (how & 2) != 0 ? -1 : FD;
	poll_gives = (how & 4) != 0 ? (int)(how >> 6) - 1 : 1;
	note_gives = (how & 16) == 0 ? 1 : (how & 32) == 0 ? 0 : -EINTR;
	poll_events = (how & 8) != 0 ? (short)(POLLOUT | POLLERR) : POLLOUT;
	v = verdict(&b);
	fault(&b, &e);
	ops(&b, &p);
	claims(&b, &p);
	argv[0] = (char *)(uintptr_t)text(&b).p;
	check_events(&r, &p, &v, &e, &b);
	check_people(&r, &p, &v, &e, &b);
	check_facts(&b);
	return 0;
}
