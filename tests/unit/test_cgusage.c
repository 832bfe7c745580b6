/* core/text/cgusage.c */
#include "check.h"
#include "text/cgusage.h"
#include "unit.h"

#define TEXT_OF(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static struct str
json(const struct cgusage *u)
{
	static char text[8192];
	struct buf b = BUF(text);
	struct jsonw w = { &b, false };

	jsonw_open(&w, '{');
	cgusage_json(&w, u);
	jsonw_close(&w, '}');
	CU_ASSERT(!b.full);
	return buf_str(&b);
}

/* Of each file a good text, and what is told of it alone. */
static const struct {
	struct str text, json;
} good[CG_SOURCES] = {
	[CG_CPU_STAT] = { TEXT_OF("usage_usec 5\nuser_usec 3\nsystem_usec 2\nnice_usec 1\n"
				  "nr_periods 7\nnr_throttled 8\nthrottled_usec 9\nnr_bursts 0\n"),
	    TEXT_OF("{\"cpu\":{\"usage_us\":5,\"user_us\":3,\"system_us\":2,\"periods\":7,"
		    "\"throttled\":8,\"throttled_us\":9}}") },
	[CG_MEMORY_CURRENT] = { TEXT_OF("4096\n"), TEXT_OF("{\"memory\":{\"current\":4096}}") },
	[CG_MEMORY_PEAK] = { TEXT_OF("8192\n"), TEXT_OF("{\"memory\":{\"peak\":8192}}") },
	[CG_MEMORY_MAX] = { TEXT_OF("max\n"), TEXT_OF("{\"memory\":{\"max\":null}}") },
	[CG_MEMORY_EVENTS] = { TEXT_OF("low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\n"
				       "oom_group_kill 6\nsock_throttled 0\n"),
	    TEXT_OF("{\"memory\":{\"low_hits\":1,\"high_hits\":2,\"max_hits\":3,\"oom\":4,"
		    "\"oom_kill\":5,\"oom_group_kill\":6}}") },
	[CG_MEMORY_EVENTS_LOCAL] = { TEXT_OF("low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\n"),
	    TEXT_OF("{\"memory\":{\"local_oom\":4,\"local_oom_kill\":5}}") },
	[CG_SWAP_CURRENT] = { TEXT_OF("0\n"), TEXT_OF("{\"memory\":{\"swap\":0}}") },
	[CG_SWAP_PEAK] = { TEXT_OF("1\n"), TEXT_OF("{\"memory\":{\"swap_peak\":1}}") },
	[CG_PIDS_CURRENT] = { TEXT_OF("2\n"), TEXT_OF("{\"pids\":{\"current\":2}}") },
	[CG_PIDS_PEAK] = { TEXT_OF("3\n"), TEXT_OF("{\"pids\":{\"peak\":3}}") },
	[CG_PIDS_MAX] = { TEXT_OF("64\n"), TEXT_OF("{\"pids\":{\"max\":64}}") },
	[CG_PIDS_EVENTS] = { TEXT_OF("max 4\n"), TEXT_OF("{\"pids\":{\"max_hits\":4}}") },
	[CG_IO_STAT] = { TEXT_OF("7:1 7:0 8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
				 "(unknown) rbytes=100\n(unknown) rbytes=100\n"
				 "8:16 wios=1 cost.usage=1.5\n252:0 "),
	    TEXT_OF("{\"io\":{\"rbytes\":1,\"wbytes\":2,\"rios\":3,\"wios\":5,\"devices\":["
		    "{\"device\":\"8:0\",\"rbytes\":1,\"wbytes\":2,\"rios\":3,\"wios\":4},"
		    "{\"device\":\"8:16\",\"rbytes\":0,\"wbytes\":0,\"rios\":0,\"wios\":1}]}}") },
	[CG_CPU_PRESSURE] = { TEXT_OF("some avg10=83.36 avg60=0.00 avg300=0.00 total=4941163663\n"),
	    TEXT_OF("{\"pressure\":{\"cpu\":{\"some_avg10\":83.36,\"full_avg10\":0.00,"
		    "\"some_us\":4941163663,\"full_us\":0}}}") },
	[CG_MEMORY_PRESSURE] = { TEXT_OF("some avg10=100.00 total=1\nfull avg10=0.05 total=2\n"),
	    TEXT_OF("{\"pressure\":{\"memory\":{\"some_avg10\":100.00,\"full_avg10\":0.05,"
		    "\"some_us\":1,\"full_us\":2}}}") },
	[CG_IO_PRESSURE] = { TEXT_OF("some avg10=0.10 total=3\nfull avg10=0.00 total=4\n"),
	    TEXT_OF("{\"pressure\":{\"io\":{\"some_avg10\":0.10,\"full_avg10\":0.00,"
		    "\"some_us\":3,\"full_us\":4}}}") },
	[CG_EVENTS] = { TEXT_OF("populated 1\nfrozen 0\n"),
	    TEXT_OF("{\"frozen\":false,\"populated\":true}") },
};

static void
each_source(void)
{
	for (unsigned i = 0; i < CG_SOURCES; i++) {
		struct cgusage u = { 0 };

		CHECK_NUM(i, cgusage_take(&u, (enum cgsource)i, good[i].text), 0);
		CHECK_NUM(i, u.have, 1u << i);
		CHECK_STR(i, json(&u), good[i].json);
	}
}

/* Those of one controller are one object: the reader refuses a second member of its name. */
static void
whole(struct str text)
{
	static unsigned char mem[64 << 10];
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };

	CU_ASSERT_FATAL(json_parse(&a, text, FAULT_DATA, &e) != NULL);
	CU_ASSERT(str_starts(text, S("{\"cpu\":{\"usage_us\":5,")));
	CU_ASSERT(str_ends(text, S("\"full_us\":4}},\"frozen\":false,\"populated\":true}")));
}

static void
members(void)
{
	struct cgusage u = { 0 };

	for (unsigned i = 0; i < CG_SOURCES; i++)
		CHECK_NUM(i, cgusage_take(&u, (enum cgsource)i, good[i].text), 0);
	CHECK_NUM(0, u.have, (1u << CG_SOURCES) - 1);
	CHECK_NUM(0, u.cpu_us, 5);
	CHECK_NUM(0, u.user_us, 3);
	CHECK_NUM(0, u.system_us, 2);
	CHECK_NUM(0, u.periods, 7);
	CHECK_NUM(0, u.throttled, 8);
	CHECK_NUM(0, u.throttled_us, 9);
	CHECK_NUM(0, u.memory, 4096);
	CHECK_NUM(0, u.memory_peak, 8192);
	CHECK_NUM(0, u.memory_max, UINT64_MAX);
	CHECK_NUM(0, u.low, 1);
	CHECK_NUM(0, u.high, 2);
	CHECK_NUM(0, u.max, 3);
	CHECK_NUM(0, u.oom, 4);
	CHECK_NUM(0, u.oom_kill, 5);
	CHECK_NUM(0, u.oom_group_kill, 6);
	CHECK_NUM(0, u.local_oom, 4);
	CHECK_NUM(0, u.local_oom_kill, 5);
	CHECK_NUM(0, u.swap, 0);
	CHECK_NUM(0, u.swap_peak, 1);
	CHECK_NUM(0, u.pids, 2);
	CHECK_NUM(0, u.pids_peak, 3);
	CHECK_NUM(0, u.pids_max, 64);
	CHECK_NUM(0, u.pids_hit, 4);
	CHECK_NUM(0, u.io.wios, 5);
	CHECK_NUM(0, u.ndevices, 2);
	CHECK_NUM(0, u.device[1].major, 8);
	CHECK_NUM(0, u.device[1].minor, 16);
	CHECK_NUM(0, u.cpu_pressure.some_avg10, 8336);
	CHECK_NUM(0, u.memory_pressure.full_total, 2);
	CHECK_NUM(0, u.io_pressure.some_total, 3);
	CU_ASSERT(u.populated && !u.frozen);
	whole(json(&u));
	u.have &= 1u << CG_CPU_PRESSURE | 1u << CG_EVENTS | 1u << CG_PIDS_MAX | 1u << CG_PIDS_PEAK |
		  1u << CG_MEMORY_MAX | 1u << CG_MEMORY_CURRENT;
	CHECK_TEXT(0, json(&u),
	    "{\"memory\":{\"current\":4096,\"max\":null},\"pids\":{\"peak\":3,\"max\":64},"
	    "\"pressure\":{\"cpu\":{\"some_avg10\":83.36,\"full_avg10\":0.00,"
	    "\"some_us\":4941163663,\"full_us\":0}},\"frozen\":false,\"populated\":true}");
	u.have = 0;
	CHECK_TEXT(0, json(&u), "{}");
}

static void
file_names(void)
{
	CHECK_TEXT(0, cgusage_file(CG_CPU_STAT), "cpu.stat");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_CURRENT), "memory.current");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_PEAK), "memory.peak");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_MAX), "memory.max");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_EVENTS), "memory.events");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_EVENTS_LOCAL), "memory.events.local");
	CHECK_TEXT(0, cgusage_file(CG_SWAP_CURRENT), "memory.swap.current");
	CHECK_TEXT(0, cgusage_file(CG_SWAP_PEAK), "memory.swap.peak");
	CHECK_TEXT(0, cgusage_file(CG_PIDS_CURRENT), "pids.current");
	CHECK_TEXT(0, cgusage_file(CG_PIDS_PEAK), "pids.peak");
	CHECK_TEXT(0, cgusage_file(CG_PIDS_MAX), "pids.max");
	CHECK_TEXT(0, cgusage_file(CG_PIDS_EVENTS), "pids.events");
	CHECK_TEXT(0, cgusage_file(CG_IO_STAT), "io.stat");
	CHECK_TEXT(0, cgusage_file(CG_CPU_PRESSURE), "cpu.pressure");
	CHECK_TEXT(0, cgusage_file(CG_MEMORY_PRESSURE), "memory.pressure");
	CHECK_TEXT(0, cgusage_file(CG_IO_PRESSURE), "io.pressure");
	CHECK_TEXT(0, cgusage_file(CG_EVENTS), "cgroup.events");
}

/* Nothing of what is malformed counts, and what was there stays. */
static void
malformed(void)
{
	static const struct {
		enum cgsource source;
		struct str text;
	} t[] = {
		{ CG_CPU_STAT, TEXT_OF("") },
		{ CG_CPU_STAT, TEXT_OF("usage_usec 5\nuser_usec 3\n") },
		{ CG_CPU_STAT, TEXT_OF("usage_usec 5\nuser_usec 3\nsystem_usec 2") },
		{ CG_CPU_STAT, TEXT_OF("usage_usec 5\nuser_usec 3\nsystem_usec 2\nuser_usec 3\n") },
		{ CG_CPU_STAT, TEXT_OF("usage_usec max\nuser_usec 3\nsystem_usec 2\n") },
		{ CG_MEMORY_CURRENT, TEXT_OF("max\n") },
		{ CG_MEMORY_CURRENT, TEXT_OF("18446744073709551615\n") },
		{ CG_MEMORY_CURRENT, TEXT_OF("1") },
		{ CG_MEMORY_MAX, TEXT_OF("maximum\n") },
		{ CG_MEMORY_EVENTS, TEXT_OF("low 1\nhigh 2\nmax 3\noom 4\n") },
		{ CG_MEMORY_EVENTS,
		    TEXT_OF("low 9\nhigh 9\nmax 9\noom 9\noom_kill 9\noom_kill 9\n") },
		{ CG_MEMORY_EVENTS_LOCAL, TEXT_OF("oom 9\n") },
		{ CG_PIDS_EVENTS, TEXT_OF("min 4\n") },
		{ CG_IO_STAT, TEXT_OF("8:0 rbytes=9\n8:0 rbytes=9\n") },
		{ CG_IO_STAT, TEXT_OF("8:0 rbytes=9 rbytes=9\n") },
		{ CG_IO_STAT, TEXT_OF("8:0 rbytes=x\n") },
		{ CG_IO_STAT, TEXT_OF("8:0 rbytes=9\n8:16 rbytes") },
		{ CG_IO_STAT, TEXT_OF("8:0 rbytes=18446744073709551615\n8:16 rbytes=1\n") },
		{ CG_IO_STAT, TEXT_OF("sda rbytes=9\n") },
		{ CG_CPU_PRESSURE, TEXT_OF("full avg10=0.00 total=9\n") },
		{ CG_IO_PRESSURE, TEXT_OF("some avg10=0.00 total=9\nfull") },
		{ CG_EVENTS, TEXT_OF("populated 0\n") },
		{ CG_EVENTS, TEXT_OF("frozen 1\n") },
		{ CG_EVENTS, TEXT_OF("populated 2\nfrozen 0\n") },
		{ CG_EVENTS, TEXT_OF("populated 0\nfrozen 2\n") },
	};
	static struct cgusage u, before;

	for (size_t i = 0; i < COUNT(t); i++) {
		memset(&u, 0, sizeof(u));
		CHECK_NUM(i, cgusage_take(&u, t[i].source, t[i].text), -1);
		CHECK_NUM(i, u.have, 0);
	}
	for (unsigned i = 0; i < CG_SOURCES; i++)
		CHECK_NUM(i, cgusage_take(&u, (enum cgsource)i, good[i].text), 0);
	before = u;
	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, cgusage_take(&u, t[i].source, t[i].text), -1);
		CHECK_NUM(i, memcmp(&u, &before, sizeof(u)), 0);
	}
}

/* What is not there any more is 0; of devices beyond the last one only the sum is known. */
static void
again(void)
{
	static char text[1024];
	struct buf b = BUF(text);
	struct cgusage u = { 0 };

	CHECK_NUM(0, cgusage_take(&u, CG_CPU_STAT, good[CG_CPU_STAT].text), 0);
	CHECK_NUM(0, cgusage_take(&u, CG_CPU_STAT, S("usage_usec 6\nuser_usec 4\nsystem_usec 2\n")),
	    0);
	CHECK_NUM(0, u.cpu_us, 6);
	CHECK_NUM(0, u.throttled_us, 0);
	for (unsigned i = 0; i < CGUSAGE_DEVICES + 4; i++) {
		buf_cstr(&b, "8:");
		buf_uint(&b, i);
		buf_cstr(&b, " rbytes=1\n");
	}
	CHECK_NUM(0, cgusage_take(&u, CG_IO_STAT, buf_str(&b)), 0);
	CHECK_NUM(0, u.ndevices, CGUSAGE_DEVICES);
	CHECK_NUM(0, u.io.rbytes, CGUSAGE_DEVICES + 4);
	CHECK_NUM(0, cgusage_take(&u, CG_IO_STAT, S("8:0 rbytes=1\n")), 0);
	CHECK_NUM(0, u.ndevices, 1);
	CHECK_NUM(0, u.io.rbytes, 1);
	CHECK_NUM(0, cgusage_take(&u, CG_IO_STAT, S("")), 0);
	CHECK_NUM(0, u.ndevices, 0);
	CHECK_NUM(0, u.io.rbytes, 0);
}

UNIT_MAIN("cgusage", { "each source", each_source }, { "members", members },
    { "file names", file_names }, { "malformed", malformed }, { "again", again })
