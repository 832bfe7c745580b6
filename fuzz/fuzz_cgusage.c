/* fuzz: core/text/cgusage.c */
#include <stddef.h>
#include <string.h>

#include "must.h"
#include "text/cgusage.h"

static char out[16 << 10];
static unsigned char mem[256 << 10];

/* What there is, written once more: of which file, by which key; in which object, by which name. */
static const struct {
	enum cgsource source;
	const char *key, *object, *name;
	size_t at;
} figures[] = {
#define ROW(source, key, object, name, member) \
	{ \
		source, key, object, name, offsetof(struct cgusage, member) \
	}
	ROW(CG_CPU_STAT, "usage_usec", "cpu", "usage_us", cpu_us),
	ROW(CG_CPU_STAT, "user_usec", "cpu", "user_us", user_us),
	ROW(CG_CPU_STAT, "system_usec", "cpu", "system_us", system_us),
	ROW(CG_CPU_STAT, "nr_periods", "cpu", "periods", periods),
	ROW(CG_CPU_STAT, "nr_throttled", "cpu", "throttled", throttled),
	ROW(CG_CPU_STAT, "throttled_usec", "cpu", "throttled_us", throttled_us),
	ROW(CG_MEMORY_CURRENT, "", "memory", "current", memory),
	ROW(CG_MEMORY_PEAK, "", "memory", "peak", memory_peak),
	ROW(CG_MEMORY_MAX, "", "memory", "max", memory_max),
	ROW(CG_MEMORY_EVENTS, "low", "memory", "low_hits", low),
	ROW(CG_MEMORY_EVENTS, "high", "memory", "high_hits", high),
	ROW(CG_MEMORY_EVENTS, "max", "memory", "max_hits", max),
	ROW(CG_MEMORY_EVENTS, "oom", "memory", "oom", oom),
	ROW(CG_MEMORY_EVENTS, "oom_kill", "memory", "oom_kill", oom_kill),
	ROW(CG_MEMORY_EVENTS, "oom_group_kill", "memory", "oom_group_kill", oom_group_kill),
	ROW(CG_MEMORY_EVENTS_LOCAL, "oom", "memory", "local_oom", local_oom),
	ROW(CG_MEMORY_EVENTS_LOCAL, "oom_kill", "memory", "local_oom_kill", local_oom_kill),
	ROW(CG_SWAP_CURRENT, "", "memory", "swap", swap),
	ROW(CG_SWAP_PEAK, "", "memory", "swap_peak", swap_peak),
	ROW(CG_PIDS_CURRENT, "", "pids", "current", pids),
	ROW(CG_PIDS_PEAK, "", "pids", "peak", pids_peak),
	ROW(CG_PIDS_MAX, "", "pids", "max", pids_max),
	ROW(CG_PIDS_EVENTS, "max", "pids", "max_hits", pids_hit),
	ROW(CG_IO_STAT, NULL, "io", "rbytes", io.rbytes),
	ROW(CG_IO_STAT, NULL, "io", "wbytes", io.wbytes),
	ROW(CG_IO_STAT, NULL, "io", "rios", io.rios),
	ROW(CG_IO_STAT, NULL, "io", "wios", io.wios),
#undef ROW
};

static uint64_t
figure(const struct cgusage *u, size_t row)
{
	uint64_t v;

	memcpy(&v, (const char *)u + figures[row].at, sizeof(v));
	return v;
}

static void
put(struct buf *b, const char *before, uint64_t v, const char *behind)
{
	buf_cstr(b, before);
	buf_uint(b, v);
	buf_cstr(b, behind);
}

static const struct pressure *
pressure(const struct cgusage *u, enum cgsource s)
{
	return s == CG_CPU_PRESSURE    ? &u->cpu_pressure
	     : s == CG_MEMORY_PRESSURE ? &u->memory_pressure
				       : &u->io_pressure;
}

static void
put_stalls(struct buf *b, const char *key, uint32_t avg, uint64_t total)
{
	put(b, key, avg / 100, avg % 100 < 10 ? ".0" : ".");
	put(b, "", avg % 100, "");
	put(b, " total=", total, "\n");
}

/* The file again, from what was taken of it; io only where all devices were kept. */
static void
put_source(struct buf *b, const struct cgusage *u, enum cgsource s)
{
	for (size_t i = 0; i < COUNT(figures); i++) {
		if (figures[i].source != s || s == CG_IO_STAT)
			continue;
		buf_cstr(b, figures[i].key);
		if (figures[i].key[0] == '\0' && figure(u, i) == UINT64_MAX)
			buf_cstr(b, "max\n");
		else
			put(b, figures[i].key[0] != '\0' ? " " : "", figure(u, i), "\n");
	}
	for (size_t i = 0; i < u->ndevices && s == CG_IO_STAT; i++) {
		put(b, "", u->device[i].major, ":");
		put(b, "", u->device[i].minor, "");
		put(b, " wios=", u->device[i].wios, "");
		put(b, " rbytes=", u->device[i].rbytes, "");
		put(b, " wbytes=", u->device[i].wbytes, "");
		put(b, " rios=", u->device[i].rios, "\n");
	}
	if (s >= CG_CPU_PRESSURE && s <= CG_IO_PRESSURE) {
		const struct pressure *p = pressure(u, s);

		put_stalls(b, "some avg10=", p->some_avg10, p->some_total);
		put_stalls(b, "full avg10=", p->full_avg10, p->full_total);
	}
	if (s == CG_EVENTS) {
		put(b, "frozen ", u->frozen, "\n");
		put(b, "populated ", u->populated, "\n");
	}
}

/* Sums are those of the devices; of those beyond the last one only the sum is known. */
static void
check_io(const struct cgusage *u)
{
	struct cgio sum = { 0 };

	MUST(u->ndevices <= CGUSAGE_DEVICES && u->io.major == 0 && u->io.minor == 0);
	for (size_t i = 0; i < u->ndevices; i++) {
		const struct cgio *d = &u->device[i];

		MUST(!__builtin_add_overflow(sum.rbytes, d->rbytes, &sum.rbytes) &&
		     !__builtin_add_overflow(sum.wbytes, d->wbytes, &sum.wbytes) &&
		     !__builtin_add_overflow(sum.rios, d->rios, &sum.rios) &&
		     !__builtin_add_overflow(sum.wios, d->wios, &sum.wios));
	}
	MUST(u->io.rbytes >= sum.rbytes && u->io.wbytes >= sum.wbytes);
	MUST(u->io.rios >= sum.rios && u->io.wios >= sum.wios);
	if (u->ndevices < CGUSAGE_DEVICES)
		MUST(memcmp(&u->io, &sum, sizeof(sum)) == 0);
}

/* Of the beginning of a text: the same, or less. */
static void
check_cut(const struct cgusage *u, enum cgsource s, struct str text)
{
	static struct cgusage part;

	memset(&part, 0, sizeof(part));
	if (cgusage_take(&part, s, text) < 0)
		return;
	for (size_t i = 0; i < COUNT(figures); i++)
		MUST(figures[i].source != s || figure(&part, i) == figure(u, i) ||
		     figure(&part, i) == 0 ||
		     (s == CG_IO_STAT && figure(&part, i) <= figure(u, i)));
	MUST(s != CG_IO_STAT ||
	     memcmp(part.device, u->device, part.ndevices * sizeof(part.device[0])) == 0);
	MUST(s != CG_EVENTS || (part.frozen == u->frozen && part.populated == u->populated));
	if (s >= CG_CPU_PRESSURE && s <= CG_IO_PRESSURE)
		MUST(pressure(&part, s)->some_total == pressure(u, s)->some_total &&
		     pressure(&part, s)->full_total == 0);
}

static void
check_take(struct cgusage *u, enum cgsource s, struct str text)
{
	static struct cgusage before, again;
	struct buf b = BUF(out);
	uint32_t sum = 1;

	before = *u;
	if (cgusage_take(u, s, text) < 0) {
		MUST(memcmp(u, &before, sizeof(before)) == 0);
		return;
	}
	MUST(u->have == (before.have | 1u << s));
	for (size_t i = 0; i < COUNT(figures); i++)
		MUST(figures[i].source == s || figure(u, i) == figure(&before, i));
	check_io(u);
	for (size_t i = 0; i < text.n; i++)
		sum = sum * 31 + (unsigned char)text.p[i];
	if (text.n > 0)
		check_cut(u, s, str_slice(text, 0, sum % text.n));
	if (s == CG_IO_STAT && u->ndevices == CGUSAGE_DEVICES)
		return;
	put_source(&b, u, s);
	again = *u;
	MUST(!b.full && cgusage_take(&again, s, buf_str(&b)) == 0);
	MUST(memcmp(u, &again, sizeof(again)) == 0);
}

static void
check_number(const struct value *v, uint64_t want, bool none)
{
	char room[UINT_ROOM];

	MUST(v != NULL && v->kind == (none ? VALUE_NULL : VALUE_NUMBER));
	MUST(none || str_eq(v->text, uint_text(room, want)));
}

/* One JSON object: all figures of what there is, and none of what there is not. */
static void
check_json(const struct cgusage *u)
{
	static const char *const stalls[] = { "cpu", "memory", "io" };
	struct arena a = { mem, 0, sizeof(mem) };
	struct buf b = BUF(out);
	struct jsonw w = { &b, false };
	struct err e = { 0 };
	const struct value *v, *o;

	jsonw_open(&w, '{');
	cgusage_json(&w, u);
	jsonw_close(&w, '}');
	MUST(!b.full);
	v = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
	MUST(v != NULL);
	for (size_t i = 0; i < COUNT(figures); i++) {
		enum cgsource s = figures[i].source;

		o = value_get(v, str_of(figures[i].object));
		o = o != NULL ? value_get(o, str_of(figures[i].name)) : NULL;
		if ((u->have & 1u << s) == 0)
			MUST(o == NULL);
		else
			check_number(o, figure(u, i),
			    (s == CG_MEMORY_MAX || s == CG_PIDS_MAX) && figure(u, i) == UINT64_MAX);
	}
	o = value_get(v, S("io"));
	if (o != NULL)
		MUST(value_get(o, S("devices"))->count == u->ndevices);
	for (unsigned i = 0; i < COUNT(stalls); i++) {
		o = value_get(v, S("pressure"));
		o = o != NULL ? value_get(o, str_of(stalls[i])) : NULL;
		MUST((o != NULL) == ((u->have >> (CG_CPU_PRESSURE + i) & 1u) != 0));
		if (o != NULL)
			check_number(value_get(o, S("some_us")),
			    pressure(u, (enum cgsource)(CG_CPU_PRESSURE + i))->some_total, false);
	}
	o = value_get(v, S("populated"));
	MUST((o != NULL) == ((u->have >> CG_EVENTS & 1u) != 0));
	MUST(o == NULL || o->truth == u->populated);
}

/* Texts, each with the letter of its source before it and a NUL behind it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct cgusage u;
	struct str text = { (const char *)data, n };

	if (n > 4 << 10)
		return 0;
	memset(&u, 0, sizeof(u));
	while (text.n > 0) {
		size_t end = str_find(text, '\0', 0);
		unsigned s = (unsigned char)text.p[0] - (unsigned)'a';

		if (s < CG_SOURCES)
			check_take(&u, (enum cgsource)s, str_slice(text, 1, end));
		text = str_slice(text, end + 1, text.n);
	}
	check_json(&u);
	return 0;
}
