/* What a box reads and writes through the monitor. */
#include "scenes.h"
#include "unit.h"

#include <errno.h>

/* ---- streams --------------------------------------------------------------------------------- */

static char big[300000];

static void
long_request(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		sc.streams = true;
		plan(&sc);
		with(payload_read_all);
		sc.s.input = (struct str){ big, sizeof(big) };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 0);
		CHECK_NUM(k, payload_got, sizeof(big));

		/* an empty one ends at once */
		plan(&sc);
		with(payload_read_all);
		sc.s.input = S("");
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && payload_got == 0);
	}
}

/* Not a fault, neither of the payload nor of a SIGPIPE of ours. */
static void
request_not_read(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		sc.streams = true;
		plan(&sc);
		with(payload_read_some);
		sc.s.input = (struct str){ big, sizeof(big) };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 0);
		CHECK_STR(k, ((struct str){ sc.s.out.mem, sc.s.out.n }), S("enough"));
	}
}

/* And one that is never read, nor refused, keeps nobody from watching the time. */
static void
request_never_read(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		sc.streams = true;
		plan(&sc);
		with(payload_quiet);
		sc.s.input = (struct str){ big, sizeof(big) };
		sc.s.timeout = 1000;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.wall < 1010000);
	}
}

static void
output_limit(void)
{
	static const struct {
		size_t n, cap;
		bool over;
	} t[] = {
		{ 0, 100, false },
		{ 100, 100, false },
		{ 101, 100, true },
		{ 50000, 60000, false },
		{ 60001, 60000, true },
		{ 1000000, 60000, true },
	};

	for (size_t k = 0; k < COUNT(kinds); k++) {
		for (size_t i = 0; i < COUNT(t); i++) {
			struct scene sc = scene_of(k);

			sc.streams = true;
			plan(&sc);
			with(payload_flood_out);
			payload_to_write = t[i].n;
			sc.s.out.cap = t[i].cap;
			scene_run(&sc);
			sound(&sc);
			CHECK_NUM(k * 100 + i, sc.v.cause, t[i].over ? CAUSE_OUTPUT : CAUSE_EXIT);
			CHECK_NUM(k * 100 + i, sc.s.out.over, t[i].over);
			CHECK_NUM(k * 100 + i, sc.s.out.n, t[i].over ? t[i].cap : t[i].n);
			CHECK_NUM(k * 100 + i, limit, t[i].over ? CAUSE_OUTPUT : CAUSE_EXIT);
			/* of its last write it did not hear any more */
			CU_ASSERT(sc.s.out.n + sc.v.dropped[0] >= payload_wrote);
			CU_ASSERT(sc.s.out.n + sc.v.dropped[0] <= payload_wrote + 5000);
			CHECK_NUM(k * 100 + i, sc.v.dropped[1], 0);
			CU_ASSERT(!t[i].over || verdict_status(&sc.v) == 137);
		}
	}
}

/* What comes while it is being ended is no second reason, and does not shorten its grace. */
static void
output_after_timeout(void)
{
	struct scene sc = { .streams = true };

	plan(&sc);
	with(payload_flood_late);
	payload_to_write = 100;
	sc.s.timeout = 1000;
	sc.s.grace = 1000;
	sc.s.out.cap = 10;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.s.out.over);
	CU_ASSERT(sc.v.wall >= 2000000 && sc.v.wall < 2010000);
}

static void
diagnostics(void)
{
	static const size_t sizes[] = { 0, 1, 4096, 4097, 12000, 40000, 200000 };

	for (size_t k = 0; k < COUNT(kinds); k++) {
		for (size_t i = 0; i < COUNT(sizes); i++) {
			struct scene sc = scene_of(k);

			sc.streams = true;
			plan(&sc);
			with(payload_flood_err);
			payload_to_write = sizes[i];
			sc.s.err.cap = 10000;
			sc.s.err.forward = 2;
			scene_run(&sc);
			sound(&sc);
			CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 0);
			CHECK_NUM(i, payload_wrote, sizes[i]);
			CHECK_NUM(i, sc.s.err.n, sizes[i] < 10000 ? sizes[i] : 10000);
			CHECK_NUM(i, sc.s.err.over, sizes[i] > 10000);
			CHECK_NUM(i, sc.v.dropped[1], sizes[i] > 10000 ? sizes[i] - 10000 : 0);
			CHECK_NUM(i, sc.v.dropped[0], 0);
			CHECK_NUM(i, fake.out[1].n, sc.s.err.n);
			CHECK_NUM(i, sc.s.err.forwarded, sc.s.err.n);
		}
	}
}

static void
unstick(int i)
{
	fake.out[i].stuck = false;
}

/* A reader of our diagnostics that does not read delays neither the limit nor, for long, the
 * answer; one that comes back has missed nothing; one that is gone is no reason to end. */
static void
diagnostics_nobody_reads(void)
{
	struct scene sc = { .streams = true };
	size_t last_poll = 0;

	plan(&sc);
	with(payload_flood_and_stay);
	payload_to_write = 50000;
	sc.s.err.forward = 2;
	sc.s.timeout = 1000;
	fake.out[1].stuck = true;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.wall < 1010000);
	CU_ASSERT(sc.s.err.n == 50000 && fake.out[1].n == 0);
	CU_ASSERT(fake.now < 1000000 + 1000000 + 1010000);

	plan(&sc);
	with(payload_flood_and_stay);
	payload_to_write = 10000;
	sc.s.err = (struct drain){ .forward = 2 };
	sc.s.timeout = 1000;
	fake.out[1].stuck = true;
	fake.event[0] = (struct fake_event){ .us = 1500000, .happen = unstick, .arg = 1 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT_EQUAL(fake.out[1].n, 10000);

	plan(&sc);
	with(payload_flood_err);
	payload_to_write = 10000;
	sc.s.err = (struct drain){ .forward = 2 };
	sc.s.timeout = 1000;
	fake.out[1].gone = true;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.s.err.n == 10000 && fake.out[1].n == 0);
	CU_ASSERT_EQUAL(sc.s.err.forward, -1);

	/* it reads again when the box has ended, but before our patience has */
	for (int interrupted = 0; interrupted < 2; interrupted++) {
		size_t polls = 0;

		plan(&sc);
		with(payload_flood_and_stay);
		payload_to_write = 10000;
		sc.s.err = (struct drain){ .forward = 2 };
		sc.s.timeout = 1000;
		fake.out[1].stuck = true;
		fake.event[0] = (struct fake_event){ .us = 2700000, .happen = unstick, .arg = 1 };
		if (interrupted == 1)
			fake.fault[0] = (struct fake_fault){ .call = FAKE_poll,
				.nth = last_poll,
				.error = EINTR };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT_EQUAL(fake.hits, (unsigned)interrupted);
		CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && fake.out[1].n == 10000);
		for (size_t at = 0; at < logged(); at++)
			polls += fake.log[at].call == FAKE_poll;
		/* three pieces: it waits before the first */
		last_poll = polls - 2;
	}
}

/* Over its limit, and then the end: what is beyond is counted, to the last byte. */
static void
diagnostics_at_the_end(void)
{
	struct scene sc = { .streams = true };

	plan(&sc);
	with(payload_flood_err_and_exit);
	payload_to_write = 30000;
	sc.s.err.cap = 10000;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.s.err.n == 10000 && sc.s.err.over);
	CU_ASSERT(sc.v.dropped[1] == 20000 && sc.s.err.dropped == 20000);

	/* held open by somebody who is beyond reach */
	sc = (struct scene){ .streams = true, .none = true, .machine = MACHINE_USER };
	plan(&sc);
	with(payload_flood_err_and_leave_one);
	payload_to_write = 30000;
	sc.s.err.cap = 10000;
	fake.no_children_file = true;
	scene_run(&sc);
	CU_ASSERT(sc.end == FAKE_RETURNED && fake.leaks == 0);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.s.err.n == 10000 && sc.s.err.over);
	CU_ASSERT_EQUAL(sc.v.dropped[1], 20000);
}

/* The reply too can be copied on as it comes. */
static void
output_forwarded(void)
{
	struct scene sc = { .streams = true };

	plan(&sc);
	with(payload_flood_out);
	payload_to_write = 9000;
	sc.s.out.forward = 1;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.s.out.n == 9000 && fake.out[0].n == 9000);
}

UNIT_MAIN("monitor_output", { "a long request", long_request },
    { "a request that is not read", request_not_read },
    { "a request that is never read", request_never_read }, { "output limit", output_limit },
    { "output after a timeout", output_after_timeout }, { "diagnostics", diagnostics },
    { "diagnostics that nobody reads", diagnostics_nobody_reads },
    { "diagnostics at the end", diagnostics_at_the_end }, { "output forwarded", output_forwarded })
