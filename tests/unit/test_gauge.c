/* core/run/gauge.c, gaugeput.c: limits that only looking tells of, evidence, and what is told of a
 * group. The group and the processes are stand-ins. */
#include "check.h"
#include "run/group.h"
#include "run/tree.h"
#include "sys/sys.h"
#include "text/json.h"
#include "unit.h"

#include <signal.h>

enum { GROUP = 7, PID = 123 };
#define BIT(s) ((uint32_t)1 << (s))

/* ---- stand-ins ------------------------------------------------------------------------------- */

static struct cgusage now_is;
static struct tree tree_is;
static uint32_t asked;
static unsigned looks, kills, kills_to_end, polls;
static uint64_t clock_us, tree_takes;

void
group_usage(int group, uint32_t wanted, struct cgusage *u)
{
	CU_ASSERT_EQUAL(group, GROUP);
	asked = wanted;
	*u = now_is;
	u->have &= wanted;
	/* what is not there is 0 */
	if ((u->have & BIT(CG_CPU_STAT)) == 0)
		u->cpu_us = 0;
	if ((u->have & BIT(CG_IO_STAT)) == 0)
		u->io = (struct cgio){ 0 };
	u->populated = (u->have & BIT(CG_EVENTS)) != 0 && kills < kills_to_end;
}

void
group_kill(int group)
{
	CU_ASSERT_EQUAL(group, GROUP);
	kills++;
}

int
group_term(int group)
{
	CU_ASSERT_EQUAL(group, GROUP);
	return 0;
}

void
tree_look(int group, int pid, struct tree *t)
{
	CU_ASSERT((group == GROUP || group == -1) && pid == PID);
	looks++;
	clock_us += tree_takes;
	*t = tree_is;
}

uint64_t
sys_now(void)
{
	return clock_us;
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	CU_ASSERT(p == NULL && n == 0 && timeout_ms == 1);
	polls++;
	return 0;
}

static void
fresh(void)
{
	now_is = (struct cgusage){ .have = BIT(CG_CPU_STAT) | BIT(CG_IO_STAT) };
	tree_is = (struct tree){ .n = 1 };
	looks = kills = kills_to_end = polls = 0;
	clock_us = 1000000;
	tree_takes = 0;
}

static struct supervise s;
static uint64_t next;

static enum cause
look_at(struct gauge *g, int group, uint64_t at)
{
	clock_us = at;
	gauge_attach(&s, g);
	return s.by->look(s.gauge, group, PID, at, &next);
}

/* What is looked at comes from the limits, and from what their group leaves to it. */
static void
begins(void)
{
	const struct limits l = { .idle = 1, .cpu_time = 2, .memory = 3, .pids = 4 };
	const struct group group = { .watch = DEGRADE_PIDS };
	struct supervise begun = { .gauge = NULL };
	struct gauge g = { .last_cpu = 9 };

	gauge_begin(&begun, &g, &l, &group, 5);
	CU_ASSERT(begun.gauge == &g && begun.by != NULL);
	CU_ASSERT(g.idle == 1 && g.cpu_time == 2 && g.memory == 3 && g.pids == 4);
	CU_ASSERT(g.watch == DEGRADE_PIDS && g.cpus == 5 && g.last_cpu == 0);
	CU_ASSERT(g.out == NULL && g.err == NULL);
	begun.streaming = (const void *)&l;
	gauge_begin(&begun, &g, &l, &group, 5);
	CU_ASSERT(g.out == &begun.out && g.err == &begun.err);
	/* of who has no limits, what is known without looking */
	gauge_attach(&begun, NULL);
	CU_ASSERT(begun.gauge == NULL && begun.by->put_json == gauge_put_json);
}

/* ---- looking --------------------------------------------------------------------------------- */

static void
nothing_to_see(void)
{
	struct gauge g = { 0 };

	fresh();
	asked = 0;
	CU_ASSERT_EQUAL(look_at(&g, GROUP, 1000000), CAUSE_EXIT);
	CU_ASSERT(next == UINT64_MAX && asked == 0 && looks == 0);
	CU_ASSERT(s.gauge == &g && s.by->term == group_term);
}

static void
processor_time(void)
{
	static const struct {
		uint64_t limit_ms, used_us;
		uint32_t cpus;
		enum cause cause;
		uint64_t in_us;
	} t[] = {
		{ 1000, 0, 1, CAUSE_EXIT, 1000000 },
		{ 1000, 400000, 1, CAUSE_EXIT, 600000 },
		{ 1000, 400000, 4, CAUSE_EXIT, 150000 },
		/* never sooner than in a millisecond */
		{ 1000, 999999, 1, CAUSE_EXIT, 1000 },
		{ 1000, 990000, 64, CAUSE_EXIT, 1000 },
		/* as if there were 64 */
		{ 64000, 0, 0, CAUSE_EXIT, 1000000 },
		{ 1000, 1000000, 1, CAUSE_CPU_TIME, 0 },
		{ 1000, 5000000, 1, CAUSE_CPU_TIME, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct gauge g = { .cpu_time = t[i].limit_ms, .cpus = t[i].cpus };

		fresh();
		now_is.cpu_us = t[i].used_us;
		CHECK_NUM(i, look_at(&g, GROUP, 1000000), t[i].cause);
		if (t[i].cause == CAUSE_EXIT)
			CHECK_NUM(i, next, 1000000 + t[i].in_us);
		CHECK_NUM(i, asked, BIT(CG_CPU_STAT));
		CHECK_NUM(i, looks, 0);
		/* where the group does not tell, its processes do, and so without one */
		fresh();
		now_is.have = 0;
		tree_is.cpu_us = t[i].used_us;
		CHECK_NUM(i, look_at(&g, GROUP, 1000000), t[i].cause);
		CHECK_NUM(i, looks, 1);
		asked = 0;
		CHECK_NUM(i, look_at(&g, -1, 1000000), t[i].cause);
		CHECK_NUM(i, asked, 0);
	}
}

static void
idle(void)
{
	struct drain out = { 0 }, err = { 0 };
	struct gauge g = { .idle = 800, .out = &out, .err = &err };

	fresh();
	CU_ASSERT_EQUAL(look_at(&g, GROUP, 1000000), CAUSE_EXIT);
	CU_ASSERT_EQUAL(asked, BIT(CG_CPU_STAT) | BIT(CG_IO_STAT));
	CU_ASSERT_EQUAL(next, 1100000);
	/* not quite */
	CU_ASSERT_EQUAL(look_at(&g, GROUP, 1750000), CAUSE_EXIT);
	CU_ASSERT_EQUAL(next, 1800000);
	CU_ASSERT_EQUAL(look_at(&g, GROUP, 1799999), CAUSE_EXIT);
	CU_ASSERT_EQUAL(next, 1800000);
	CU_ASSERT_EQUAL(look_at(&g, GROUP, 1800000), CAUSE_IDLE);

	/* each kind of activity begins it anew */
	for (size_t i = 0; i < 10; i++) {
		uint64_t at = 10000000 + i * 5000000;

		g.active_at = at;
		now_is.cpu_us += i == 0;
		now_is.io.rbytes += i == 1;
		now_is.io.wbytes += i == 2;
		now_is.io.rios += i == 3;
		now_is.io.wios += i == 4;
		out.n += i == 5;
		out.passed += i == 6;
		err.dropped += i == 7;
		err.n += i == 8;
		CHECK_NUM(i, look_at(&g, GROUP, at + 2000000), i < 9 ? CAUSE_EXIT : CAUSE_IDLE);
		if (i < 9)
			CHECK_NUM(i, look_at(&g, GROUP, at + 2799999), CAUSE_EXIT);
		if (i < 9)
			CHECK_NUM(i, look_at(&g, GROUP, at + 2800000), CAUSE_IDLE);
	}
}

static void
idle_steps(void)
{
	static const struct {
		uint64_t idle_ms, step_us;
	} t[] = { { 8, 8000 }, { 40, 10000 }, { 800, 100000 }, { 8000, 1000000 },
		{ 600000, 1000000 } };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct gauge g = { .idle = t[i].idle_ms };

		fresh();
		CHECK_NUM(i, look_at(&g, GROUP, 5000000), CAUSE_EXIT);
		CHECK_NUM(i, next, 5000000 + t[i].step_us);
	}
}

/* Of whom nothing is known it is not known that it is idle. */
static void
idle_unknown(void)
{
	struct gauge g = { .idle = 100 };

	fresh();
	now_is.have = 0;
	tree_is = (struct tree){ 0 };
	for (uint64_t at = 1000000; at < 9000000; at += 1000000)
		CU_ASSERT_EQUAL(look_at(&g, -1, at), CAUSE_EXIT);
	tree_is.n = 1;
	CU_ASSERT_EQUAL(look_at(&g, -1, 9000000), CAUSE_IDLE);
	tree_is.cpu_us = 10000;
	CU_ASSERT_EQUAL(look_at(&g, -1, 9100000), CAUSE_EXIT);
	/* nor who was not there before */
	tree_is.mark = 1;
	CU_ASSERT_EQUAL(look_at(&g, -1, 9200000), CAUSE_EXIT);
	CU_ASSERT_EQUAL(look_at(&g, -1, 9300000), CAUSE_IDLE);
}

static void
sampled(void)
{
	static const struct {
		uint32_t watch;
		uint64_t bytes, n;
		enum cause cause;
	} t[] = {
		{ DEGRADE_MEMORY, 1000, 99, CAUSE_EXIT },
		{ DEGRADE_MEMORY, 1001, 99, CAUSE_WATCH_MEMORY },
		{ DEGRADE_PIDS, 9999, 10, CAUSE_EXIT },
		{ DEGRADE_PIDS, 9999, 11, CAUSE_WATCH_PIDS },
		{ DEGRADE_PIDS | DEGRADE_MEMORY, 1001, 11, CAUSE_WATCH_MEMORY },
		{ DEGRADE_PIDS | DEGRADE_MEMORY, 1000, 10, CAUSE_EXIT },
		{ DEGRADE_CPU, 9999, 99, CAUSE_EXIT },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct gauge g = { .watch = t[i].watch, .memory = 1000, .pids = 10 };

		fresh();
		tree_is = (struct tree){ .n = t[i].n, .bytes = t[i].bytes };
		CHECK_NUM(i, look_at(&g, -1, 1000000), t[i].cause);
		CHECK_NUM(i, g.tree_peak, t[i].bytes);
		CHECK_NUM(i, g.over_memory, t[i].cause == CAUSE_WATCH_MEMORY);
		CHECK_NUM(i, looks, 1);
		tree_is.bytes = 5;
		(void)look_at(&g, -1, 1000000);
		CHECK_NUM(i, g.tree_peak, t[i].bytes);
	}
}

/* Looking takes a fiftieth of the time, within bounds; and time that is up is noticed beside it. */
static void
sampled_seldom(void)
{
	static const struct {
		uint64_t takes, step;
	} t[] = { { 0, 10000 }, { 200, 10000 }, { 1000, 50000 }, { 100000, 250000 } };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct gauge g = { .watch = DEGRADE_MEMORY, .memory = 1000 };

		fresh();
		tree_takes = t[i].takes;
		CHECK_NUM(i, look_at(&g, -1, 1000000), CAUSE_EXIT);
		CHECK_NUM(i, next, 1000000 + t[i].step);
		g.cpu_time = 1000;
		tree_is.cpu_us = 1000000;
		CHECK_NUM(i, look_at(&g, -1, 1000000), CAUSE_CPU_TIME);
	}
}

/* ---- the end --------------------------------------------------------------------------------- */

static void
measures(void)
{
	static const struct {
		uint32_t have;
		unsigned to_end, kills;
		uint64_t oom_kill, pids_hit;
		unsigned evidence;
	} t[] = {
		{ BIT(CG_EVENTS), 0, 0, 0, 0, 0 },
		{ BIT(CG_EVENTS), 1, 1, 1, 0, EVIDENCE_OOM },
		{ BIT(CG_EVENTS), 5, 5, 0, 3, EVIDENCE_PIDS },
		{ BIT(CG_EVENTS), 0, 0, 2, 3, EVIDENCE_OOM | EVIDENCE_PIDS },
		/* one that does not end is not waited for without an end */
		{ BIT(CG_EVENTS), 1u << 30, 2000, 0, 0, 0 },
		/* whether there is somebody is not known */
		{ 0, 1, 1, 0, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct gauge g = { .usage = { .oom_kill = 99, .pids_hit = 99 } };

		fresh();
		gauge_attach(&s, &g);
		now_is.have = t[i].have;
		now_is.oom_kill = t[i].oom_kill;
		now_is.pids_hit = t[i].pids_hit;
		kills_to_end = t[i].to_end;
		CHECK_NUM(i, s.by->measure(&g, GROUP), t[i].evidence);
		CHECK_NUM(i, kills, t[i].kills);
		CHECK_NUM(i, asked, BIT(CG_SOURCES) - 1);
		CHECK_NUM(i, g.usage.pids_hit, t[i].pids_hit);
	}
}

static void
weighs(void)
{
	enum { OOM = EVIDENCE_OOM, PIDS = EVIDENCE_PIDS };
	static const struct {
		enum cause cause;
		int status;
		unsigned evidence;
		enum cause want;
		int want_status;
	} t[] = {
		{ CAUSE_EXIT, 0, OOM | PIDS, CAUSE_EXIT, 0 },
		{ CAUSE_EXIT, 0, PIDS, CAUSE_EXIT, 0 },
		{ CAUSE_EXIT, 2, PIDS, CAUSE_PIDS, 2 },
		{ CAUSE_EXIT, 2, OOM | PIDS, CAUSE_PIDS, 2 },
		/* anybody can say so */
		{ CAUSE_EXIT, 137, OOM, CAUSE_EXIT, 137 },
		{ CAUSE_EXIT, 137, 0, CAUSE_EXIT, 137 },
		{ CAUSE_SIGNAL, SIGKILL, 0, CAUSE_SIGNAL, SIGKILL },
		{ CAUSE_SIGNAL, SIGKILL, OOM, CAUSE_OOM, SIGKILL },
		{ CAUSE_SIGNAL, SIGKILL, OOM | PIDS, CAUSE_OOM, SIGKILL },
		{ CAUSE_SIGNAL, SIGSEGV, OOM, CAUSE_SIGNAL, SIGSEGV },
		{ CAUSE_SIGNAL, SIGABRT, PIDS, CAUSE_PIDS, 128 + SIGABRT },
		{ CAUSE_SIGNAL, SIGKILL, PIDS, CAUSE_PIDS, 128 + SIGKILL },
		/* init was */
		{ CAUSE_KILLED, 0, OOM, CAUSE_OOM, 0 },
		{ CAUSE_KILLED, 9, PIDS, CAUSE_KILLED, 9 },
	};

	gauge_attach(&s, &(struct gauge){ 0 });
	for (size_t i = 0; i < COUNT(t); i++) {
		struct verdict v = { .cause = t[i].cause,
			.status = t[i].status,
			.evidence = t[i].evidence };

		s.by->weigh(&v);
		CHECK_NUM(i, v.cause, t[i].want);
		CHECK_NUM(i, v.status, t[i].want_status);
	}
}

/* ---- what is told ---------------------------------------------------------------------------- */

static struct gauge
full_gauge(size_t devices)
{
	struct gauge g = { .usage = { .have = BIT(CG_SOURCES) - 1,
			       .cpu_us = 1234567,
			       .throttled_us = 5000,
			       .memory_peak = 64 << 20,
			       .memory_max = UINT64_MAX,
			       .oom_kill = 1,
			       .swap_peak = 4096,
			       .pids_peak = 3,
			       .pids_max = 64,
			       .pids_hit = 2,
			       .io = { 0, 0, 8192, 512, 2, 1 },
			       .ndevices = devices } };

	for (size_t i = 0; i < devices; i++)
		g.usage.device[i] = (struct cgio){ UINT32_MAX, UINT32_MAX, UINT64_MAX, UINT64_MAX,
			UINT64_MAX, UINT64_MAX };
	return g;
}

static _Alignas(16) unsigned char mem[1 << 20];

/* With so much on the line already: the object that came out, complete. */
static const struct value *
put(const struct verdict *v, size_t room, bool *empty)
{
	static char line[4096];
	struct buf b = { line, 0, room, false };
	struct jsonw w = { &b, false };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	const struct value *got;
	size_t n;

	jsonw_open(&w, '{');
	jsonw_number(&w, "a", 1);
	n = b.n;
	s.by->put_json(&w, v);
	*empty = b.n == n;
	jsonw_number(&w, "z", 1);
	jsonw_close(&w, '}');
	CU_ASSERT_FALSE(b.full);
	got = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
	CU_ASSERT_FATAL(got != NULL);
	return got;
}

static void
json(void)
{
	struct gauge g = full_gauge(CGUSAGE_DEVICES);
	struct verdict v = { .gauge = &g };
	size_t least = SIZE_MAX, shown = 0;

	gauge_attach(&s, &g);
	/* whatever room there is: whole, cut and so told, or not there */
	for (size_t room = 40; room <= 4096; room++) {
		bool empty;
		const struct value *o = value_get(put(&v, room, &empty), S("cgroup")), *io,
				   *devices;

		CU_ASSERT_EQUAL(empty, o == NULL);
		if (o == NULL) {
			CU_ASSERT_EQUAL(least, SIZE_MAX);
			continue;
		}
		least = room < least ? room : least;
		io = value_get(o, S("io"));
		devices = io == NULL ? NULL : value_get(io, S("devices"));
		if (devices != NULL) {
			CU_ASSERT(devices->count >= shown);
			shown = devices->count;
		}
		CU_ASSERT_EQUAL(value_get(o, S("cut")) == NULL,
		    devices != NULL && devices->count == CGUSAGE_DEVICES);
		/* the kernel's view of an empty group is no news */
		CU_ASSERT_PTR_NULL(value_get(o, S("populated")));
	}
	CU_ASSERT(least < 100 && shown == CGUSAGE_DEVICES);
}

static void
json_rest(void)
{
	struct gauge g = { .tree_peak = 5 };
	struct verdict v = { .cause = CAUSE_EXIT };
	const struct value *o;
	bool empty;

	gauge_attach(&s, &g);
	(void)put(&v, 1000, &empty);
	CU_ASSERT(empty);
	/* of whom nothing is known nothing is told */
	g.tree_peak = 0;
	v.gauge = &g;
	(void)put(&v, 1000, &empty);
	CU_ASSERT(empty);
	g.tree_peak = 5;
	v.cause = CAUSE_CPU_TIME;
	v.dropped[1] = 7;
	v.gauge = &g;
	o = put(&v, 1000, &empty);
	CHECK_TEXT(0, value_get(o, S("limit"))->text, "cpu-time");
	CHECK_TEXT(0, value_get(value_get(o, S("dropped")), S("stdout"))->text, "0");
	CHECK_TEXT(0, value_get(value_get(o, S("dropped")), S("stderr"))->text, "7");
	CHECK_TEXT(0, value_get(value_get(o, S("cgroup")), S("sampled_peak"))->text, "5");
}

static void
line(void)
{
	struct gauge full = full_gauge(0), none = { 0 }, seen = { .tree_peak = 8 << 20 };
	const struct {
		struct verdict v;
		const char *line;
	} t[] = {
		{ { .cause = CAUSE_EXIT }, "" },
		{ { .cause = CAUSE_EXIT, .gauge = &none }, "" },
		{ { .cause = CAUSE_OOM, .gauge = &full },
		    "usage    memory at most 64M, swap at most 4K, processes at most 3, "
		    "cpu 1234.5 ms, throttled for 5.0 ms, read 8K, written 512, "
		    "killed for want of memory 1, forks refused 2\n" },
		{ { .cause = CAUSE_WATCH_MEMORY, .gauge = &seen },
		    "usage    sampled memory at most 8M, ended by the limit memory\n" },
		{ { .cause = CAUSE_CPU_TIME, .dropped = { 1, 0 } },
		    "usage    ended by the limit cpu-time, bytes of output dropped 1\n" },
		{ { .cause = CAUSE_EXIT, .dropped = { 0, 2 } },
		    "usage    bytes of diagnostics dropped 2\n" },
	};

	gauge_attach(&s, &none);
	for (size_t i = 0; i < COUNT(t); i++) {
		char text[512];
		struct buf b = BUF(text);

		s.by->put_line(&b, &t[i].v);
		CHECK_NUM(i, b.full, false);
		CU_ASSERT(str_eq(buf_str(&b), str_of(t[i].line)));
		if (!str_eq(buf_str(&b), str_of(t[i].line)))
			printf("# row %zu: %.*s", i, (int)b.n, text);
	}
}

UNIT_MAIN("gauge", { "begins", begins }, { "nothing to see", nothing_to_see },
    { "processor time", processor_time }, { "idle", idle },
    { "how often one looks for it", idle_steps }, { "nothing is known", idle_unknown },
    { "sampled", sampled }, { "sampled seldom", sampled_seldom }, { "measures", measures },
    { "weighs", weighs }, { "as JSON", json }, { "what else is told", json_rest },
    { "for people", line })
