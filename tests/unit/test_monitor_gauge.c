/* The monitor and a gauge: when it is asked, and what comes of its answers. */
#include "scenes.h"
#include "unit.h"

#include "run/group.h"

#include <errno.h>

/* ---- a gauge by hand ------------------------------------------------------------------------- */

/* A call takes a microsecond, and there are some between two looks. */
enum { CALLS_US = 10 };

static struct {
	enum cause cause; /* of the look after so many others */
	unsigned after, looks;
	uint64_t step, last; /* microseconds */
	bool late;           /* some came too late, or too soon */
	int term_gives;
	unsigned evidence, terms, measures, weighs;
	int group, pid;
} by_hand;

static enum cause
look_by_hand(struct gauge *g, int group, int pid, uint64_t now, uint64_t *next)
{
	CU_ASSERT_PTR_NOT_NULL(g);
	if (by_hand.looks > 0)
		by_hand.late = by_hand.late || now < by_hand.last + by_hand.step ||
			       now > by_hand.last + by_hand.step + CALLS_US;
	by_hand.last = now;
	by_hand.group = group;
	by_hand.pid = pid;
	*next = by_hand.step == UINT64_MAX ? UINT64_MAX : now + by_hand.step;
	return by_hand.looks++ == by_hand.after ? by_hand.cause : CAUSE_EXIT;
}

/* Whoever is left is not one of the box. */
static unsigned
measure_by_hand(struct gauge *g, int group)
{
	CU_ASSERT(g != NULL && group >= 0);
	by_hand.measures++;
	return by_hand.evidence;
}

static void
weigh_by_hand(struct verdict *v)
{
	by_hand.weighs++;
	v->cause = CAUSE_OOM;
}

static int
term_by_hand(int group)
{
	CU_ASSERT(group >= 0);
	by_hand.terms++;
	if (by_hand.term_gives == 0)
		fake_sigterm(by_hand.pid);
	return by_hand.term_gives;
}

static void
hint_by_hand(const struct verdict *v, const struct op *o, struct err *e)
{
	(void)v;
	(void)o;
	(void)e;
}

static const struct gauging by = { .look = look_by_hand,
	.measure = measure_by_hand,
	.weigh = weigh_by_hand,
	.term = term_by_hand,
	.hint = hint_by_hand };
static struct gauge gauge;

static struct scene
gauged(size_t k)
{
	struct scene sc = scene_of(k);

	memset(&by_hand, 0, sizeof(by_hand));
	by_hand.after = ~0u;
	by_hand.step = 123;
	plan(&sc);
	sc.s.gauge = &gauge;
	sc.s.by = &by;
	return sc;
}

/* Does this kind have a group? */
static bool
grouped(size_t k)
{
	return kinds[k].machine == MACHINE_ROOT && (kinds[k].none || k == 1);
}

/* ---- looking --------------------------------------------------------------------------------- */

/* To the microsecond, for as long as the box runs and no longer. */
static void
when_it_says(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = gauged(k);

		with(payload_in_time);
		by_hand.step = 12345;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
		CU_ASSERT(by_hand.looks >= 80 && by_hand.looks <= 83);
		CU_ASSERT_FALSE(by_hand.late);
		CHECK_NUM(k, by_hand.group >= 0, grouped(k));
		CU_ASSERT(by_hand.pid >= FAKE_MONITOR + 1 && by_hand.pid <= FAKE_MONITOR + 2);
		CHECK_NUM(k, by_hand.measures, grouped(k));
		CHECK_NUM(k, by_hand.weighs, 0);
		CU_ASSERT_PTR_EQUAL(sc.v.gauge, &gauge);
		CU_ASSERT_PTR_EQUAL(sc.v.by, &by);
	}
}

/* One that need not look again is not asked again. */
static void
never_again(void)
{
	struct scene sc = gauged(0);

	with(payload_in_time);
	by_hand.step = UINT64_MAX;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(by_hand.looks == 1 && sc.v.cause == CAUSE_EXIT);
}

/* Where there is nothing to look at, nobody looks, measures or weighs. */
static void
nobody_looks(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = gauged(k);

		with(payload_quiet);
		sc.s.gauge = NULL;
		sc.s.timeout = 1000;
		sc.s.grace = 10;
		by_hand.evidence = EVIDENCE_OOM;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(k, sc.v.cause, CAUSE_TIMEOUT);
		CHECK_NUM(k, by_hand.looks + by_hand.measures + by_hand.weighs + by_hand.terms, 0);
		CU_ASSERT(sc.v.gauge == NULL && sc.v.by == &by);
	}
}

static void
ends_it(void)
{
	static const struct {
		enum cause cause;
		bool stubborn;
		int status;
		uint64_t least, most; /* ms */
	} t[] = {
		{ CAUSE_CPU_TIME, false, 124, 123, 135 },
		{ CAUSE_IDLE, false, 124, 123, 135 },
		{ CAUSE_CPU_TIME, true, 124, 623, 635 },
		{ CAUSE_IDLE, true, 124, 623, 635 },
		/* that would go on to take what it must not have */
		{ CAUSE_WATCH_MEMORY, true, 137, 123, 135 },
		{ CAUSE_WATCH_PIDS, true, 137, 123, 135 },
	};

	for (size_t i = 0; i < COUNT(t) * COUNT(kinds); i++) {
		size_t k = i / COUNT(t), row = i % COUNT(t);
		struct scene sc = gauged(k);

		with(t[row].stubborn ? payload_stubborn : payload_quiet);
		by_hand.cause = t[row].cause;
		by_hand.after = 1000;
		sc.s.grace = 500;
		sc.s.timeout = 5000;
		by_hand.evidence = EVIDENCE_OOM | EVIDENCE_PIDS;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, t[row].cause);
		CHECK_NUM(i, limit, t[row].cause);
		CHECK_NUM(i, verdict_status(&sc.v), t[row].status);
		CU_ASSERT(sc.v.wall >= t[row].least * 1000 && sc.v.wall <= t[row].most * 1000);
		heard_is(i, "esl");
		/* that is the end of looking; and what it was ended for stands */
		CHECK_NUM(i, by_hand.looks, 1001);
		CHECK_NUM(i, by_hand.weighs, 0);
		CHECK_NUM(i, sc.v.evidence, grouped(k) ? EVIDENCE_OOM | EVIDENCE_PIDS : 0);
	}
}

/* Where init cannot tell them, the group reaches all of them; where that fails, the session is
 * told. */
static void
asks_the_group(void)
{
	for (size_t i = 0; i < COUNT(kinds) * 2; i++) {
		size_t k = i / 2;
		struct scene sc = gauged(k);

		with(payload_quiet);
		sc.s.timeout = 1000;
		sc.s.grace = 500;
		by_hand.term_gives = i % 2 == 0 ? 0 : -EIO;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, CAUSE_TIMEOUT);
		CHECK_NUM(i, by_hand.terms, grouped(k) && !sc.plan->init);
		/* the first process of a PID namespace hears no TERM that it does not wait for */
		if (k != 1)
			CU_ASSERT(sc.v.wall < 1010000);
	}
}

/* ---- evidence -------------------------------------------------------------------------------- */

static void
evidence(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = gauged(k);

		with(payload_quick);
		by_hand.evidence = EVIDENCE_OOM;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(k, sc.v.cause, grouped(k) ? CAUSE_OOM : CAUSE_EXIT);
		CHECK_NUM(k, by_hand.weighs, grouped(k));

		/* init, or the payload where there is none, is killed by somebody */
		sc = gauged(k);
		with(payload_quiet);
		by_hand.evidence = EVIDENCE_OOM;
		fake.event[0] = (struct fake_event){ .us = 1500000,
			.happen = fake_sigkill,
			.arg = FAKE_MONITOR + 1 + grouped(k) };
		scene_run(&sc);
		sound(&sc);
		if (grouped(k))
			CHECK_NUM(k, sc.v.cause, CAUSE_OOM);
		else
			CU_ASSERT(sc.v.cause == CAUSE_KILLED || sc.v.cause == CAUSE_SIGNAL);

		/* we ended it, for somebody who asked us to */
		sc = gauged(k);
		with(payload_quiet);
		by_hand.evidence = EVIDENCE_OOM;
		sc.s.quiet_signals = true;
		fake.event[0] = (struct fake_event){ .us = 1500000,
			.happen = fake_sigterm,
			.arg = FAKE_MONITOR };
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(k, sc.v.cause, CAUSE_KILLED);
		CHECK_NUM(k, by_hand.weighs, 0);
	}
}

/* What went wrong before the payload is no end of it; but what its group counted is known. */
static void
evidence_of_setup(void)
{
	static const struct {
		enum fake_call call;
		int pid, error;
	} t[] = {
		/* in the box, and by the monitor after the clone */
		{ FAKE_capset_none, 0, EPERM },
		{ FAKE_write, FAKE_MONITOR, EPIPE },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = gauged(1);

		with(payload_quick);
		by_hand.evidence = EVIDENCE_OOM;
		fake.fault[0] = (struct fake_fault){ .call = t[i].call,
			.pid = t[i].pid,
			.nth = 1,
			.error = t[i].error };
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, fake.hits, 1);
		CHECK_NUM(i, sc.v.cause, CAUSE_SETUP);
		CHECK_NUM(i, sc.v.sysno, t[i].error);
		CHECK_NUM(i, by_hand.measures, 1);
		CHECK_NUM(i, by_hand.weighs, 0);
		CHECK_NUM(i, sc.v.evidence, EVIDENCE_OOM);
	}
}

/* Each wait of ours is exact: nothing is rounded up to a millisecond. */
static void
exact(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = gauged(k);

		with(payload_stubborn);
		sc.s.timeout = 1000;
		sc.s.grace = 7;
		by_hand.step = UINT64_MAX;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(k, sc.v.cause, CAUSE_TIMEOUT);
		CU_ASSERT(sc.v.wall >= 1007000 && sc.v.wall <= 1007000 + 3 * CALLS_US);
	}
}

UNIT_MAIN("monitor_gauge", { "it looks when it says", when_it_says },
    { "and never again", never_again }, { "or not at all", nobody_looks },
    { "it ends the box", ends_it }, { "TERM to the group", asks_the_group },
    { "evidence", evidence }, { "evidence of set-up", evidence_of_setup },
    { "time is exact", exact })
