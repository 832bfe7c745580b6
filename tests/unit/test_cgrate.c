/* core/text/cgrate.c */
#include "check.h"
#include "text/cgrate.h"
#include "unit.h"

#define BIT(source) ((uint32_t)1 << (source))
enum { ALL_RATES = 1 << CG_CPU_STAT | 1 << CG_IO_STAT | 7 << CG_CPU_PRESSURE };

static void
seconds(void)
{
	static const struct {
		uint64_t count, us, want;
	} t[] = {
		{ 0, 5, 0 },
		{ 5, 0, 0 },
		{ 10, 1000000, 10 },
		{ 10, 500000, 20 },
		{ 10, 3000000, 3 },
		{ 1, UINT64_MAX, 0 },
		{ UINT64_MAX, 1000000, UINT64_MAX },
		{ UINT64_MAX, 2000000, UINT64_MAX / 2 },
		{ UINT64_MAX, UINT64_MAX, 1000000 },
		{ UINT64_MAX - 1, UINT64_MAX, 999999 },
		{ UINT64_MAX, 1, UINT64_MAX },
		{ UINT64_MAX, 999999, UINT64_MAX },
		{ UINT64_C(1) << 60, UINT64_C(1) << 60, 1000000 },
		{ UINT64_C(3) << 60, UINT64_C(1) << 61, 1500000 },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, cgrate_second(t[i].count, t[i].us), t[i].want);
}

/* Everything that rates are made of. */
static struct cgusage
figures(uint64_t n)
{
	return (struct cgusage){
		.have = ALL_RATES | BIT(CG_MEMORY_CURRENT) | BIT(CG_MEMORY_MAX) |
			BIT(CG_PIDS_CURRENT) | BIT(CG_PIDS_MAX),
		.cpu_us = n,
		.memory = 7,
		.memory_max = 9,
		.pids = 2,
		.pids_max = UINT64_MAX,
		.io = { 0, 0, 2 * n, 3 * n, 4 * n, 5 * n },
		.cpu_pressure = { 0, 0, 6 * n, 7 * n },
		.memory_pressure = { 0, 0, 8 * n, 9 * n },
		.io_pressure = { 0, 0, 10 * n, 11 * n },
	};
}

static void
two_moments(void)
{
	struct cgrate r = { 0 };
	struct cgusage u = figures(100);

	cgrate_next(&r, &u, 5000000);
	CHECK_NUM(0, r.rates, 0);
	CHECK_NUM(0, r.levels, u.have);
	CHECK_NUM(0, r.memory, 7);
	CHECK_NUM(0, r.memory_max, 9);
	CHECK_NUM(0, r.pids, 2);
	CHECK_NUM(0, r.pids_max, UINT64_MAX);
	u = figures(110);
	cgrate_next(&r, &u, 5500000);
	CHECK_NUM(0, r.rates, ALL_RATES);
	CHECK_NUM(0, r.cpu, 20);
	CHECK_NUM(0, r.rbytes, 40);
	CHECK_NUM(0, r.wbytes, 60);
	CHECK_NUM(0, r.rios, 80);
	CHECK_NUM(0, r.wios, 100);
	for (size_t i = 0; i < CGSTALLS; i++) {
		CHECK_NUM(i, r.some[i], 120 + 40 * i);
		CHECK_NUM(i, r.full[i], 140 + 40 * i);
	}
}

static void
no_time(void)
{
	struct cgrate r = { 0 };
	struct cgusage u = figures(100);

	cgrate_next(&r, &u, 5);
	cgrate_next(&r, &u, 5);
	CHECK_NUM(0, r.rates, 0);
	cgrate_next(&r, &u, 4);
	CHECK_NUM(0, r.rates, 0);
	cgrate_next(&r, &u, 6);
	CHECK_NUM(0, r.rates, ALL_RATES);
}

static void
comes_and_goes(void)
{
	struct cgrate r = { 0 };
	struct cgusage u = figures(100), less = figures(100);

	for (unsigned s = 0; s < CG_SOURCES; s++) {
		if ((ALL_RATES & BIT(s)) == 0)
			continue;
		less.have = u.have & ~BIT(s);
		r = (struct cgrate){ 0 };
		cgrate_next(&r, &u, 1);
		cgrate_next(&r, &less, 2);
		CHECK_NUM(s, r.rates, ALL_RATES & ~BIT(s));
		CHECK_NUM(s, r.levels, less.have);
		/* once more it begins anew */
		cgrate_next(&r, &u, 3);
		CHECK_NUM(s, r.rates, ALL_RATES & ~BIT(s));
		cgrate_next(&r, &u, 4);
		CHECK_NUM(s, r.rates, ALL_RATES);
	}
}

static void
goes_back(void)
{
	static const struct {
		size_t offset;
		uint32_t source;
	} t[] = {
		{ offsetof(struct cgusage, cpu_us), CG_CPU_STAT },
		{ offsetof(struct cgusage, io.rbytes), CG_IO_STAT },
		{ offsetof(struct cgusage, io.wbytes), CG_IO_STAT },
		{ offsetof(struct cgusage, io.rios), CG_IO_STAT },
		{ offsetof(struct cgusage, io.wios), CG_IO_STAT },
		{ offsetof(struct cgusage, cpu_pressure.some_total), CG_CPU_PRESSURE },
		{ offsetof(struct cgusage, memory_pressure.full_total), CG_MEMORY_PRESSURE },
		{ offsetof(struct cgusage, io_pressure.some_total), CG_IO_PRESSURE },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct cgrate r = { 0 };
		struct cgusage u = figures(100), back = u;

		*(uint64_t *)(void *)((char *)&back + t[i].offset) -= 1;
		cgrate_next(&r, &u, 1);
		cgrate_next(&r, &back, 2);
		CHECK_NUM(i, r.rates, ALL_RATES & ~BIT(t[i].source));
		/* from there it counts again */
		cgrate_next(&r, &u, 3);
		CHECK_NUM(i, r.rates, ALL_RATES);
	}
}

static void
as_json(void)
{
	static const struct {
		uint32_t levels, rates;
		const char *want;
	} t[] = {
		{ 0, 0, "{}" },
		{ 0, BIT(CG_CPU_STAT), "{\"cpu\":{\"usage_us\":20}}" },
		{ BIT(CG_MEMORY_CURRENT), 0, "{\"memory\":{\"current\":7}}" },
		{ BIT(CG_MEMORY_MAX), 0, "{\"memory\":{\"max\":9}}" },
		{ BIT(CG_PIDS_CURRENT) | BIT(CG_PIDS_MAX), 0,
		    "{\"pids\":{\"current\":2,\"max\":null}}" },
		{ 0, BIT(CG_IO_STAT),
		    "{\"io\":{\"rbytes\":40,\"wbytes\":60,\"rios\":80,\"wios\":100}}" },
		{ 0, BIT(CG_MEMORY_PRESSURE),
		    "{\"pressure\":{\"memory\":{\"some_us\":160,\"full_us\":180}}}" },
		{ BIT(CG_MEMORY_CURRENT) | BIT(CG_MEMORY_MAX),
		    BIT(CG_CPU_STAT) | BIT(CG_CPU_PRESSURE) | BIT(CG_IO_PRESSURE),
		    "{\"cpu\":{\"usage_us\":20},\"memory\":{\"current\":7,\"max\":9},"
		    "\"pressure\":{\"cpu\":{\"some_us\":120,\"full_us\":140},"
		    "\"io\":{\"some_us\":200,\"full_us\":220}}}" },
	};
	struct cgrate r = { 0 };
	struct cgusage u = figures(100);
	char text[512];

	cgrate_next(&r, &u, 5000000);
	u = figures(110);
	cgrate_next(&r, &u, 5500000);
	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = BUF(text);
		struct jsonw w = { &b, false };

		r.levels = t[i].levels;
		r.rates = t[i].rates;
		jsonw_open(&w, '{');
		cgrate_json(&w, &r);
		jsonw_close(&w, '}');
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

UNIT_MAIN("cgrate", { "in a second", seconds }, { "two moments", two_moments },
    { "no time between them", no_time }, { "a file comes and goes", comes_and_goes },
    { "a counter goes back", goes_back }, { "as JSON", as_json })
