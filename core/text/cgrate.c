#include "text/cgrate.h"

enum { SECOND = 1000000 };

static uint32_t
bit(enum cgsource s)
{
	return 1u << s;
}

/* a + b, less us where it comes to that: so many times. Both are below us. */
static unsigned
add_below(uint64_t *a, uint64_t b, uint64_t us)
{
	bool more = __builtin_add_overflow(*a, b, a) || *a >= us;

	if (more)
		*a -= us;
	return more;
}

/* rest * SECOND / us, of which the product may not fit: bit by bit. rest is below us. */
static uint64_t
share_of(uint64_t rest, uint64_t us)
{
	uint64_t left = 0, n = 0;

	for (unsigned b = 1u << 19; b > 0; b >>= 1) {
		n = 2 * n + add_below(&left, left, us);
		if ((SECOND & b) != 0)
			n += add_below(&left, rest, us);
	}
	return n;
}

uint64_t
cgrate_second(uint64_t count, uint64_t us)
{
	uint64_t v, rest;

	if (us == 0)
		return 0;
	if (!__builtin_mul_overflow(count, (uint64_t)SECOND, &v))
		return v / us;
	/* the whole times, and what is left of it */
	if (__builtin_mul_overflow(count / us, (uint64_t)SECOND, &v))
		return UINT64_MAX;
	rest = share_of(count % us, us);
	return v > UINT64_MAX - rest ? UINT64_MAX : v + rest;
}

/* False when it went back, or is new. */
static bool
moved(uint64_t *last, uint64_t now, uint64_t us, bool known, uint64_t *rate)
{
	bool good = known && now >= *last;

	*rate = good ? cgrate_second(now - *last, us) : 0;
	*last = now;
	return good;
}

static const struct pressure *
pressure(const struct cgusage *u, size_t stall)
{
	return stall == STALL_CPU    ? &u->cpu_pressure
	     : stall == STALL_MEMORY ? &u->memory_pressure
				     : &u->io_pressure;
}

/* Those of one file; the result: are all of them good? */
static bool
next_stall(struct cgrate *r, const struct cgusage *u, size_t i, uint64_t us, bool known)
{
	const struct pressure *p = pressure(u, i);
	bool some = moved(&r->last.some[i], p->some_total, us, known, &r->some[i]);

	return moved(&r->last.full[i], p->full_total, us, known, &r->full[i]) && some;
}

static bool
next_io(struct cgrate *r, const struct cgio *io, uint64_t us, bool known)
{
	bool a = moved(&r->last.rbytes, io->rbytes, us, known, &r->rbytes);
	bool b = moved(&r->last.wbytes, io->wbytes, us, known, &r->wbytes);
	bool c = moved(&r->last.rios, io->rios, us, known, &r->rios);
	bool d = moved(&r->last.wios, io->wios, us, known, &r->wios);

	return a && b && c && d;
}

void
cgrate_next(struct cgrate *r, const struct cgusage *u, uint64_t at)
{
	/* of no time there is no rate */
	uint64_t us = at > r->last.at ? at - r->last.at : 0;
	uint32_t both = us > 0 ? r->last.have & u->have : 0;

	r->levels = u->have;
	r->rates = 0;
	r->memory = u->memory;
	r->memory_max = u->memory_max;
	r->pids = u->pids;
	r->pids_max = u->pids_max;
	if ((u->have & bit(CG_CPU_STAT)) != 0 &&
	    moved(&r->last.cpu, u->cpu_us, us, (both & bit(CG_CPU_STAT)) != 0, &r->cpu))
		r->rates |= bit(CG_CPU_STAT);
	if ((u->have & bit(CG_IO_STAT)) != 0 &&
	    next_io(r, &u->io, us, (both & bit(CG_IO_STAT)) != 0))
		r->rates |= bit(CG_IO_STAT);
	for (size_t i = 0; i < CGSTALLS; i++) {
		uint32_t its = bit(CG_CPU_PRESSURE) << i;

		if ((u->have & its) != 0 && next_stall(r, u, i, us, (both & its) != 0))
			r->rates |= its;
	}
	r->last.have = u->have;
	r->last.at = at;
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static void
put_limit(struct jsonw *w, uint64_t v)
{
	jsonw_key(w, S("max"));
	if (v == UINT64_MAX)
		jsonw_null(w);
	else
		jsonw_uint(w, v);
}

/* What there is now, and the most there may be. */
static void
put_level(struct jsonw *w, const struct cgrate *r, const char *key, enum cgsource current,
    enum cgsource max)
{
	bool has = (r->levels & bit(current)) != 0, limited = (r->levels & bit(max)) != 0;
	bool memory = current == CG_MEMORY_CURRENT;

	if (!has && !limited)
		return;
	jsonw_list(w, key, '{');
	if (has)
		jsonw_number(w, "current", memory ? r->memory : r->pids);
	if (limited)
		put_limit(w, memory ? r->memory_max : r->pids_max);
	jsonw_close(w, '}');
}

static void
put_io(struct jsonw *w, const struct cgrate *r)
{
	jsonw_list(w, "io", '{');
	jsonw_number(w, "rbytes", r->rbytes);
	jsonw_number(w, "wbytes", r->wbytes);
	jsonw_number(w, "rios", r->rios);
	jsonw_number(w, "wios", r->wios);
	jsonw_close(w, '}');
}

void
cgrate_json(struct jsonw *w, const struct cgrate *r)
{
	static const char stall[CGSTALLS][8] = { "cpu", "memory", "io" };
	uint32_t pressures = r->rates >> CG_CPU_PRESSURE & 7;

	if ((r->rates & bit(CG_CPU_STAT)) != 0) {
		jsonw_list(w, "cpu", '{');
		jsonw_number(w, "usage_us", r->cpu);
		jsonw_close(w, '}');
	}
	put_level(w, r, "memory", CG_MEMORY_CURRENT, CG_MEMORY_MAX);
	put_level(w, r, "pids", CG_PIDS_CURRENT, CG_PIDS_MAX);
	if ((r->rates & bit(CG_IO_STAT)) != 0)
		put_io(w, r);
	if (pressures == 0)
		return;
	jsonw_list(w, "pressure", '{');
	for (size_t i = 0; i < CGSTALLS; i++) {
		if ((pressures >> i & 1) == 0)
			continue;
		jsonw_list(w, stall[i], '{');
		jsonw_number(w, "some_us", r->some[i]);
		jsonw_number(w, "full_us", r->full[i]);
		jsonw_close(w, '}');
	}
	jsonw_close(w, '}');
}
