/* Time, and those who do not want to end. */
#include "scenes.h"
#include "unit.h"

#include <errno.h>

/* ---- time ------------------------------------------------------------------------------------ */

static void
time_limit(void)
{
	static const struct {
		void (*run)(void);
		uint64_t timeout, grace, least, most;
		enum cause cause;
		const char *events;
	} t[] = {
		{ payload_quick, 1000, 500, 0, 10, CAUSE_EXIT, "es" },
		{ payload_in_time, 1000, 500, 999, 1000, CAUSE_EXIT, "es" },
		{ payload_quiet, 1000, 500, 1000, 1010, CAUSE_TIMEOUT, "esl" },
		{ payload_stubborn, 1000, 500, 1500, 1510, CAUSE_TIMEOUT, "esl" },
		{ payload_stubborn, 1000, 0, 1000, 1010, CAUSE_TIMEOUT, "esl" },
		{ payload_two_hours, 0, 500, 7200000, 7200010, CAUSE_EXIT, "es" },
		{ payload_two_hours, 10800000, 500, 7200000, 7200010, CAUSE_EXIT, "es" },
		{ payload_two_hours, 5400000, 500, 5400000, 5400010, CAUSE_TIMEOUT, "esl" },
	};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		for (size_t i = 0; i < COUNT(t); i++) {
			struct scene sc = scene_of(k);

			plan(&sc);
			with(t[i].run);
			sc.s.timeout = t[i].timeout;
			sc.s.grace = t[i].grace;
			scene_run(&sc);
			sound(&sc);
			CHECK_NUM(k * 100 + i, sc.v.cause, t[i].cause);
			CHECK_NUM(k * 100 + i, verdict_status(&sc.v),
			    t[i].cause == CAUSE_TIMEOUT ? 124 : 3);
			CU_ASSERT(sc.v.wall >= t[i].least * 1000);
			CU_ASSERT(sc.v.wall <= t[i].most * 1000);
			CU_ASSERT(sc.v.started && sc.v.survivors == 0);
			CHECK_NUM(k * 100 + i, limit,
			    t[i].cause == CAUSE_TIMEOUT ? CAUSE_TIMEOUT : CAUSE_EXIT);
			heard_is(k * 100 + i, t[i].events);
		}
	}
}

static void
clock_runs_on(int arg)
{
	fake.now += (uint64_t)arg;
}

/* The box ends in time, the monitor hears of it a second late. */
static void
late_is_no_timeout(void)
{
	struct scene sc = { 0 };
	size_t at = 0;

	plan(&sc);
	with(payload_in_time);
	scene_run(&sc);
	while (fake.log[at].call != FAKE_exit)
		at++;
	plan(&sc);
	with(payload_in_time);
	sc.s.timeout = 1050;
	fake.event[0] =
	    (struct fake_event){ .at = at + 1, .happen = clock_runs_on, .arg = 1000000 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
	CU_ASSERT(sc.v.wall > 1900000);
}

/* The limit holds for what stands in a box that is not set up yet. */
static void
hangs_in_setup(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_quiet);
	sc.s.timeout = 1000;
	fake.event[0] = (struct fake_event){ .at = 20, .happen = clock_runs_on, .arg = 2000000 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.op == UINT32_MAX);
	CU_ASSERT(!sc.v.started && fake.executed == 0);
}

/* Whenever the clock jumps, by a suspended machine or a busy one, the run ends soon, and as one of
 * the two. */
static void
clock_jumps(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);
		size_t n;

		plan(&sc);
		with(payload_in_time);
		scene_run(&sc);
		n = fake.nlog;
		for (size_t at = 1; at <= n; at++) {
			plan(&sc);
			with(payload_in_time);
			sc.s.timeout = 1050;
			fake.event[0] = (struct fake_event){ .at = at,
				.happen = clock_runs_on,
				.arg = 5000000 };
			scene_run(&sc);
			sound(&sc);
			CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT || sc.v.cause == CAUSE_EXIT ||
				  (sc.v.cause == CAUSE_SETUP && fake.executed == 0));
			CU_ASSERT(sc.v.wall < 7000000);
		}
	}
}

/* ---- what does not want to end --------------------------------------------------------------- */

/* A set-user-id program is no longer ours to signal: its control group reaches it; without one we
 * say so after ten seconds, rather than wait for it. */
static void
not_ours_to_kill(void)
{
	struct scene sc = { .none = true, .machine = MACHINE_ROOT };
	size_t last_wait = 0;

	plan(&sc);
	with(payload_set_uid);
	sc.s.timeout = 1000;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.survivors == 0);
	CU_ASSERT(sc.v.wall < 1010000);

	sc = (struct scene){ .none = true, .machine = MACHINE_USER };
	plan(&sc);
	with(payload_set_uid);
	sc.s.timeout = 1000;
	sc.s.grace = 100;
	scene_run(&sc);
	CU_ASSERT(sc.end == FAKE_RETURNED && fake.left == 1 && fake.leaks == 0);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.survivors == 1);
	CU_ASSERT(sc.v.wall >= 11000000 && sc.v.wall < 11200000);
	heard_is(0, "esl");

	/* it ends by itself when we have just stopped waiting for it */
	for (size_t at = 0; at < logged(); at++)
		if (fake.log[at].call == FAKE_wait && fake.log[at].num == FAKE_MONITOR + 1)
			last_wait = at + 1;
	plan(&sc);
	with(payload_set_uid);
	fake.event[0] =
	    (struct fake_event){ .at = last_wait, .happen = fake_sigkill, .arg = FAKE_MONITOR + 1 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.survivors == 0);
}

/* Nor does one that the kernel holds (a file server that does not answer), init itself even: the
 * answer comes without it, and its pipes are not waited for. */
static void
held_by_the_kernel(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);
		bool leaf = !kinds[k].none ? k == 1 : k == 4;

		sc.streams = true;
		plan(&sc);
		with(payload_quiet);
		sc.s.timeout = 1000;
		fake.event[0] = (struct fake_event){ .us = 1500000,
			.happen = fake_hold,
			.arg = FAKE_MONITOR + 1 + leaf };
		scene_run(&sc);
		CU_ASSERT_EQUAL(sc.end, FAKE_RETURNED);
		CU_ASSERT_PTR_NULL(fake.wrong);
		CU_ASSERT(fake.left >= 1 && fake.leaks == 0);
		CHECK_NUM(k, sc.v.cause, CAUSE_TIMEOUT);
		CHECK_NUM(k, sc.v.survivors, 1);
		CU_ASSERT(fake.now < 1000000 + 20000000);
	}
}

/* A grandchild that holds the pipes and hides from its session delays nothing. */
static void
grandchild_holds_pipes(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		sc.streams = true;
		plan(&sc);
		with(payload_leave_one);
		sc.s.timeout = 10000;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 0);
		CHECK_STR(k, ((struct str){ sc.s.out.mem, sc.s.out.n }), S("done"));
		CU_ASSERT(sc.v.wall < 10000);
		CU_ASSERT_EQUAL(sc.v.survivors, 0);
		CU_ASSERT_EQUAL(fake.alive, 0);
	}
}

/* Without a list of our children there is no killing them; but it is not said that there is
 * none. */
static void
no_list_of_children(void)
{
	for (int before = 0; before < 2; before++) {
		struct scene sc = { .none = true, .machine = MACHINE_USER };

		plan(&sc);
		with(payload_leave_one);
		fake.no_children_file = true;
		fake.before = before;
		scene_run(&sc);
		CU_ASSERT(sc.end == FAKE_RETURNED && fake.left == 2 && fake.damage == 0);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT);
		/* nor that there is one, when it may be the caller's */
		CU_ASSERT_EQUAL(sc.v.survivors, before == 0 ? 1 : 0);

		plan(&sc);
		with(payload_quick);
		fake.no_children_file = true;
		fake.before = before;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT_EQUAL(sc.v.survivors, 0);
	}
}

/* Where there was none before the start, one of the end does not tell whose they are. */
static void
list_comes_late(void)
{
	struct scene sc = { .none = true, .machine = MACHINE_USER };

	plan(&sc);
	with(payload_leave_one);
	fake.before = 2;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open, .nth = 1, .error = ENOENT };
	scene_run(&sc);
	CU_ASSERT(sc.end == FAKE_RETURNED && fake.hits == 1);
	CU_ASSERT_EQUAL(fake.damage, 0);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.survivors == 0);
}

/* One that cannot be read is read again: the orphan does not escape. */
static void
list_fails_once(void)
{
	static const struct {
		enum fake_call call;
		size_t nth;
	} t[] = { { FAKE_open, 2 }, { FAKE_read, 0 } };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = { .none = true, .machine = MACHINE_USER };
		size_t nth = t[i].nth;

		if (nth == 0) {
			/* the second list: where it is in the order of all reads */
			plan(&sc);
			with(payload_leave_one);
			scene_run(&sc);
			for (size_t at = 0, lists = 0; at < logged() && lists < 2; at++) {
				nth += fake.log[at].call == FAKE_read;
				lists += fake.log[at].call == FAKE_read &&
					 strcmp(fake.log[at].text, "children") == 0;
			}
		}
		plan(&sc);
		with(payload_leave_one);
		fake.fault[0] =
		    (struct fake_fault){ .call = t[i].call, .nth = nth, .error = ENOMEM };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.survivors == 0);
		CU_ASSERT_EQUAL(fake.hits, 1);
	}
}

static const struct fake_file *many_files;

static void
many_orphans(int arg)
{
	(void)arg;
	fake.file = many_files;
}

static void
few_orphans(int arg)
{
	(void)arg;
	fake.file = NULL;
}

static void
others_children(void)
{
	static char many[600 * 8];
	static const struct fake_file files[] = {
		{ "/proc/thread-self/children", many, 0 },
		{ NULL, NULL, 0 },
	};
	struct scene sc = { .none = true, .machine = MACHINE_USER };

	plan(&sc);
	with(payload_leave_one);
	fake.before = 5;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.survivors == 0);

	/* more than we can keep apart from ours */
	for (size_t i = 0, n = 0; i < 600; i++)
		n += (size_t)snprintf(many + n, sizeof(many) - n, "%zu ", 1000 + i);
	many_files = files;
	plan(&sc);
	with(payload_quick);
	fake.file = files;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_SETUP && sc.v.sysno == E2BIG && sc.v.op == UINT32_MAX);
	CU_ASSERT_EQUAL(fake.executed, 0);

	/* more orphans than one list holds, for a while; while there is nobody to wait for, no
	 * list is believed */
	for (int alone = 0; alone < 2; alone++) {
		plan(&sc);
		with(payload_in_time);
		fake.before = alone == 1 ? 0 : 1;
		fake.event[0] = (struct fake_event){ .us = 1500000, .happen = many_orphans };
		fake.event[1] = (struct fake_event){ .us = 2050000, .happen = few_orphans };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.survivors == 0);
		CU_ASSERT(alone == 1 ? fake.nlog < 200 : fake.nlog > 1000);
	}
}

UNIT_MAIN("monitor_limits", { "time limit", time_limit },
    { "late is no timeout", late_is_no_timeout }, { "a box that hangs in set-up", hangs_in_setup },
    { "the clock jumps", clock_jumps }, { "a payload that is not ours to kill", not_ours_to_kill },
    { "a payload that the kernel holds", held_by_the_kernel },
    { "a grandchild holds the pipes", grandchild_holds_pipes },
    { "no list of children", no_list_of_children }, { "a list that comes late", list_comes_late },
    { "a list that fails once", list_fails_once }, { "others' children", others_children })
