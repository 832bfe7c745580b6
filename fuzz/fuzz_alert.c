/* fuzz: core/spec/alert.c core/text/bars.c core/text/cgrate.c */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "must.h"
#include "spec/alert.h"
#include "text/bars.h"

__extension__ typedef unsigned __int128 wide;

enum { SECOND = 1000000, ROOM = 1 << 16 };

static char text[ROOM];

/* Numbers from the input, over and over; zeros when it is empty. */
struct source {
	const uint8_t *p;
	size_t n, at;
};

static uint64_t
take(struct source *s)
{
	uint8_t shape = s->n > 0 ? s->p[s->at++ % s->n] : 0;
	uint64_t v = 0;

	for (size_t i = 0; i < 8 && s->n > 0; i++)
		v = v << 8 | s->p[s->at++ % s->n];
	/* all sizes of numbers, not only large ones */
	return v >> shape % 64;
}

/* ---- rates ----------------------------------------------------------------------------------- */

static uint64_t
second(uint64_t count, uint64_t us)
{
	wide v;

	if (us == 0)
		return 0;
	v = (wide)count * SECOND / us;
	return v > UINT64_MAX ? UINT64_MAX : (uint64_t)v;
}

static void
fill(struct source *s, struct cgusage *u)
{
	struct pressure *p[] = { &u->cpu_pressure, &u->memory_pressure, &u->io_pressure };

	*u = (struct cgusage){ .have = (uint32_t)take(s),
		.cpu_us = take(s),
		.memory = take(s),
		.memory_max = take(s) % 3 == 0 ? UINT64_MAX : take(s),
		.pids = take(s),
		.pids_max = take(s) % 3 == 0 ? UINT64_MAX : take(s),
		.io = { 0, 0, take(s), take(s), take(s), take(s) } };
	for (size_t i = 0; i < COUNT(p); i++) {
		p[i]->some_total = take(s);
		p[i]->full_total = take(s);
	}
}

/* What there must be of a counter, and whether its file counts at all. */
static void
check_counter(const struct cgrate *r, enum cgsource source, uint32_t both, uint64_t before,
    uint64_t now, uint64_t us, uint64_t rate)
{
	bool rated = (r->rates & (uint32_t)1 << source) != 0;

	MUST(!rated || ((both & (uint32_t)1 << source) != 0 && us > 0 && now >= before));
	MUST(!rated || rate == second(now - before, us));
}

static void
check_rates(const struct cgusage *a, const struct cgusage *b, uint64_t us, const struct cgrate *r)
{
	const struct pressure *before[] = { &a->cpu_pressure, &a->memory_pressure,
		&a->io_pressure };
	const struct pressure *now[] = { &b->cpu_pressure, &b->memory_pressure, &b->io_pressure };
	uint32_t both = a->have & b->have;

	MUST(r->levels == b->have && r->memory == b->memory && r->pids == b->pids);
	MUST(r->memory_max == b->memory_max && r->pids_max == b->pids_max);
	check_counter(r, CG_CPU_STAT, both, a->cpu_us, b->cpu_us, us, r->cpu);
	check_counter(r, CG_IO_STAT, both, a->io.rbytes, b->io.rbytes, us, r->rbytes);
	check_counter(r, CG_IO_STAT, both, a->io.wbytes, b->io.wbytes, us, r->wbytes);
	check_counter(r, CG_IO_STAT, both, a->io.rios, b->io.rios, us, r->rios);
	check_counter(r, CG_IO_STAT, both, a->io.wios, b->io.wios, us, r->wios);
	for (size_t i = 0; i < CGSTALLS; i++) {
		enum cgsource s = (enum cgsource)(CG_CPU_PRESSURE + i);

		check_counter(r, s, both, before[i]->some_total, now[i]->some_total, us,
		    r->some[i]);
		check_counter(r, s, both, before[i]->full_total, now[i]->full_total, us,
		    r->full[i]);
	}
	/* and the other way round: of the plainest there is a rate when there can be one */
	MUST((r->rates & 1) == ((both & 1) != 0 && us > 0 && b->cpu_us >= a->cpu_us));
}

static struct cgrate
check_moments(struct source *s)
{
	struct cgrate r = { 0 };
	struct cgusage u[2];
	uint64_t at = take(s), us = take(s);
	struct buf b = BUF(text);
	struct jsonw w = { &b, false };

	us = us > UINT64_MAX - at ? UINT64_MAX - at : us;
	fill(s, &u[0]);
	fill(s, &u[1]);
	cgrate_next(&r, &u[0], at);
	MUST(r.rates == 0 || at > 0);
	cgrate_next(&r, &u[1], at + us);
	check_rates(&u[0], &u[1], us, &r);
	cgrate_json(&w, &r);
	MUST(!b.full && (b.n == 0 || b.p[b.n - 1] == '}'));
	return r;
}

/* ---- alerts ---------------------------------------------------------------------------------- */

static void
check_alert(struct str s, const struct cgrate *r)
{
	struct err e = { 0 };
	struct alert a;
	struct buf b = BUF(text);
	uint64_t value = 0, all;
	int over;

	if (alert_read(s, &a, &e) < 0) {
		MUST(e.fault == FAULT_USAGE && e.nmsg > 0);
		return;
	}
	MUST(e.fault == FAULT_NONE && str_eq(a.text, s) && a.share == str_ends(s, S("%")));
	over = alert_over(&a, r, &value);
	MUST(over < 0 || over == (value > a.most));
	if (over >= 0 && str_starts(s, S("memory>")))
		MUST(value == (a.share ? second(r->memory, r->memory_max) : r->memory));
	if (over >= 0 && str_starts(s, S("pids>")))
		MUST(value == (a.share ? second(r->pids, r->pids_max) : r->pids));
	if (over >= 0 && str_starts(s, S("cpu>")))
		MUST(value == r->cpu);
	all = r->rbytes + r->wbytes;
	if (over >= 0 && str_starts(s, S("io>")))
		MUST(value == (all < r->rbytes ? UINT64_MAX : all));
	alert_put(&b, &a, value);
	MUST(!b.full && b.n > 0 && b.n <= UINT_ROOM + 1);
}

static void
check_trigger(struct str s)
{
	struct err e = { 0 };
	struct trigger t, again;
	struct buf b = BUF(text), line;
	char room[64];

	if (trigger_read(s, &t, &e) < 0) {
		MUST(e.fault == FAULT_USAGE && e.nmsg > 0);
		return;
	}
	MUST(t.resource < CGSTALLS && t.stall > 0 && t.stall <= t.window);
	MUST(t.window >= 500 && t.window <= 10000);
	MUST(str_starts(s, stall_name((enum cgstall)t.resource)));
	buf_put(&b, stall_name((enum cgstall)t.resource));
	buf_cstr(&b, t.full ? ":full:" : ":some:");
	num_put_duration(&b, t.stall);
	buf_char(&b, '/');
	num_put_duration(&b, t.window);
	MUST(trigger_read(buf_str(&b), &again, &e) == 0 && again.resource == t.resource &&
	     again.full == t.full && again.stall == t.stall && again.window == t.window);
	line = BUF(room);
	trigger_put(&line, &t);
	MUST(!line.full && str_starts(buf_str(&line), t.full ? S("full ") : S("some ")));
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* How many there are; each can be shown. */
static size_t
cells(struct str s, bool ascii)
{
	size_t n = 0;

	for (size_t at = 0, one; at < s.n; at += one) {
		struct str rest = str_slice(s, at, s.n);
		uint32_t cp = 0;
		size_t width;

		one = utf8_next(rest, &cp);
		MUST(one > 0 && utf8_printable(cp) && (!ascii || cp < 0x80));
		width = cp < 0x80 ? 1 : cell_width(str_slice(rest, 0, one), false);
		MUST(width <= 2);
		n += width;
	}
	return n;
}

static void
check_cells(struct str s, struct source *src)
{
	uint64_t shape = take(src), value = take(src), most = take(src);
	bool ascii = (shape & 1) != 0, right = (shape & 2) != 0;
	size_t wide_ = (size_t)(shape >> 2) % 100;
	uint32_t ring[8];
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(ring); i++)
		ring[i] = (uint32_t)take(src);
	cell_put(&b, s, wide_, right, ascii);
	MUST(!b.full && cells(buf_str(&b), ascii) == wide_);
	b.n = 0;
	bar_put(&b, value, most, wide_, ascii);
	MUST(cells(buf_str(&b), ascii) == wide_);
	b.n = 0;
	spark_put(&b, ring, COUNT(ring), (size_t)shape % 8, most, ascii);
	MUST(cells(buf_str(&b), ascii) == COUNT(ring));
	b.n = 0;
	short_bytes(&b, value);
	MUST(b.n <= 5);
	b.n = 0;
	short_percent(&b, value);
	MUST(b.p[b.n - 1] == '%' && cells(buf_str(&b), true) == b.n);
	b.n = 0;
	short_seconds(&b, value);
	MUST(b.p[b.n - 1] == 's' && b.p[b.n - 5] == '.');
}

static void
check_share(struct source *s)
{
	uint64_t value = take(s), most = take(s);
	unsigned steps = (unsigned)take(s) % 4096, n = bar_share(value, most, steps);

	MUST(n <= steps || (steps == 0 && n == 1));
	MUST((n == 0) == (value == 0 || most == 0 || (steps == 0 && value >= most)));
	if (value < most)
		MUST(n <= bar_share(value + 1, most, steps) || steps == 0);
	MUST(cgrate_second(value, most) == second(value, most));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct source s = { data, n, 0 };
	struct str whole = { (const char *)data, n };
	struct cgrate r;

	if (n > 4096)
		return 0;
	r = check_moments(&s);
	check_alert(whole, &r);
	check_trigger(whole);
	check_cells(whole, &s);
	check_share(&s);
	(void)bars_utf8(whole, whole, whole);
	return 0;
}
