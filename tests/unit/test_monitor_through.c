/* Output that goes through the monitor: all of it, as fast as it is read, and never in the way of
 * an end. */
#include "scenes.h"
#include "unit.h"

#include <errno.h>

/* What it goes to. */
static const struct {
	bool pipe, spliced;
} sinks[] = { { true, false }, { false, true }, { false, false } };

static struct scene
through(size_t k, size_t sink)
{
	struct scene sc = scene_of(k);

	sc.streams = true;
	plan(&sc);
	for (int i = 0; i < 2; i++) {
		fake.out[i].pipe = sinks[sink].pipe;
		fake.out[i].spliced = sinks[sink].spliced;
	}
	sc.s.out = (struct drain){ .through = &passing, .forward = 1 };
	sc.s.err = (struct drain){ .through = &passing, .forward = 2 };
	return sc;
}

static void
all_of_it(void)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 65536, 65537, 300000 };

	for (size_t k = 0; k < COUNT(kinds); k++) {
		for (size_t i = 0; i < COUNT(sizes) * COUNT(sinks) * 2; i++) {
			struct scene sc = through(k, i / 2 % COUNT(sinks));
			size_t size = sizes[i / 2 / COUNT(sinks)], o = i % 2;
			const struct drain *d;

			with(o == 0 ? payload_flood_out : payload_flood_err_and_exit);
			payload_to_write = size;
			sc.s.timeout = 1000;
			scene_run(&sc);
			sound(&sc);
			d = o == 0 ? &sc.s.out : &sc.s.err;
			CHECK_NUM(i, sc.v.cause, CAUSE_EXIT);
			CHECK_NUM(i, sc.v.status, 0);
			CHECK_NUM(i, fake.out[o].took, size);
			CHECK_NUM(i, d->passed, size);
			CHECK_NUM(i, sc.v.dropped[0] + sc.v.dropped[1], 0);
			CHECK_NUM(i, fake.out[1 - o].took, 0);
			CU_ASSERT(sc.v.wall < 1000);
		}
	}
}

/* splice(2) may be forbidden altogether. */
static void
copied(void)
{
	static const int errors[] = { ENOSYS, EPERM, EINVAL };

	for (size_t i = 0; i < COUNT(errors); i++) {
		struct scene sc = through(0, 0);
		size_t splices = 0;

		with(payload_flood_out);
		payload_to_write = 10000;
		fake.fault[0] = (struct fake_fault){ .call = FAKE_splice, .error = errors[i] };
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && fake.out[0].took == 10000);
		/* it is asked once */
		for (size_t at = 0; at < logged(); at++)
			splices += fake.log[at].call == FAKE_splice;
		CHECK_NUM(i, splices, 1);
		CU_ASSERT(sc.s.out.copied && !sc.s.err.copied);
	}
}

static void
take_more(int n)
{
	fake.out[0].most += (size_t)n;
	fake.out[0].stuck = false;
}

/* The reader sets the pace, of the payload first, and of the end when the payload has ended.
 * Whoever waits for it sleeps. */
static void
slow_reader(void)
{
	for (size_t i = 0; i < COUNT(kinds) * COUNT(sinks); i++) {
		struct scene sc = through(i / COUNT(sinks), i % COUNT(sinks));

		with(payload_flood_out);
		payload_to_write = 150000;
		sc.s.timeout = 10000;
		fake.out[0].most = 10000;
		for (int e = 0; e < 4; e++)
			fake.event[e] = (struct fake_event){ .us = 2000000 + (uint64_t)e * 3000000,
				.happen = take_more,
				.arg = 35000 };
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, CAUSE_EXIT);
		CHECK_NUM(i, fake.out[0].took, 150000);
		CHECK_NUM(i, sc.s.out.passed, 150000);
		CHECK_NUM(i, sc.v.dropped[0], 0);
		/* the box was gone long before the reader had it all */
		CU_ASSERT(sc.v.wall >= 1000000 && sc.v.wall < 8000000);
		CU_ASSERT(fake.now >= 11000000);
		CU_ASSERT(fake.nlog < 700);
	}
}

/* Its time is over, whoever reads. */
static void
nobody_reads(void)
{
	for (size_t i = 0; i < COUNT(kinds) * COUNT(sinks); i++) {
		struct scene sc = through(i / COUNT(sinks), i % COUNT(sinks));
		size_t first = 10000;

		with(payload_flood_and_stay);
		payload_to_write = 150000;
		sc.s.timeout = 1000;
		sc.s.grace = 100;
		fake.out[1].most = first;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, CAUSE_TIMEOUT);
		CU_ASSERT(sc.v.wall < 1110000);
		CU_ASSERT(fake.now < 1000000 + 1110000 + 1010000);
		CU_ASSERT(fake.nlog < 700);
		/* every byte is somewhere; what the last write was at is not known to it */
		CHECK_NUM(i, sc.s.err.passed, fake.out[1].took);
		CU_ASSERT(sc.s.err.passed + sc.v.dropped[1] >= payload_wrote);
		CU_ASSERT(sc.s.err.passed + sc.v.dropped[1] < payload_wrote + 5000);
	}
}

/* As if it wrote there itself. */
static void
reader_gone(void)
{
	for (size_t i = 0; i < COUNT(kinds) * COUNT(sinks) * 2; i++) {
		struct scene sc = through(i / 2 / COUNT(sinks), i / 2 % COUNT(sinks));

		with(payload_flood_out);
		payload_to_write = 300000;
		fake.out[0].gone = i % 2 == 0;
		fake.out[0].cannot = i % 2 == 1;
		scene_run(&sc);
		sound(&sc);
		/* the first process of a PID namespace does not die of it, but hears of it */
		CU_ASSERT((sc.v.cause == CAUSE_SIGNAL && sc.v.status == SIGPIPE) ||
			  (sc.v.cause == CAUSE_EXIT && i / 6 < 4 && i / 6 > 0));
		CU_ASSERT(payload_wrote < 300000);
		CHECK_NUM(i, fake.out[0].took, 0);
		CU_ASSERT_EQUAL(sc.s.out.forward, -1);
	}
}

static void
end_caller(int unused)
{
	(void)unused;
	fake_sigkill(FAKE_CALLER);
}

static void
ask_us(int sig)
{
	fake_kill(FAKE_MONITOR, sig);
}

/* The box is gone and its output is not read: who is asked to end, or whom nobody waits for,
 * ends. */
static void
asked_to_end(void)
{
	static const struct {
		void (*happen)(int);
		int arg;
		bool ends;
	} t[] = {
		{ ask_us, SIGTERM, true },
		{ ask_us, SIGINT, true },
		{ ask_us, SIGHUP, true },
		{ ask_us, SIGQUIT, true },
		{ ask_us, SIGWINCH, false },
		{ end_caller, 0, true },
	};

	for (size_t i = 0; i < COUNT(t) * COUNT(sinks); i++) {
		struct scene sc = through(0, i / COUNT(t));

		with(payload_flood_out);
		payload_to_write = 50000;
		fake.ppid = FAKE_CALLER;
		fake.out[0].most = 10000;
		fake.event[0] = (struct fake_event){ .us = 5000000,
			.happen = t[i % COUNT(t)].happen,
			.arg = t[i % COUNT(t)].arg };
		fake.event[1] =
		    (struct fake_event){ .us = 9000000, .happen = take_more, .arg = 90000 };
		scene_run(&sc);
		CU_ASSERT(sc.end == FAKE_RETURNED && fake.wrong == NULL && fake.leaks == 0);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 0 && sc.v.wall < 10000);
		CHECK_NUM(i, fake.out[0].took + sc.v.dropped[0], 50000);
		CHECK_NUM(i, sc.v.dropped[0] > 0, t[i % COUNT(t)].ends);
	}
}

/* Somebody beyond reach holds the pipe: what is there is passed on, what may come is not waited
 * for. */
static void
held_by_another(void)
{
	struct scene sc = through(5, 0);

	with(payload_flood_err_and_leave_one);
	payload_to_write = 30000;
	fake.no_children_file = true;
	scene_run(&sc);
	CU_ASSERT(sc.end == FAKE_RETURNED && fake.leaks == 0 && fake.left > 0);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && fake.out[1].took == 30000);
	CHECK_STR(0, ((struct str){ fake.out[0].text, fake.out[0].n }), S("done"));
}

/* Each call about it fails once, or comes short. */
static void
faults(void)
{
	for (size_t sink = 0; sink < COUNT(sinks); sink++) {
		struct scene sc = through(0, sink);
		size_t n;

		with(payload_flood_out);
		payload_to_write = 20000;
		scene_run(&sc);
		n = fake.nlog;
		for (size_t at = 1; at <= n * 2; at++) {
			static const int errors[] = { EINTR, EIO };

			sc = through(0, sink);
			with(payload_flood_out);
			payload_to_write = 20000;
			sc.s.timeout = 1000;
			fake.fault[0] =
			    (struct fake_fault){ .at = (at + 1) / 2, .error = errors[at % 2] };
			scene_run(&sc);
			CU_ASSERT(sc.end == FAKE_RETURNED && fake.wrong == NULL);
			CU_ASSERT(fake.leaks == 0 && fake.alive == 0 && fake.now < 10000000);
			if (sc.v.cause == CAUSE_EXIT && sc.v.status == 0)
				CHECK_NUM(at, sc.s.out.passed + sc.v.dropped[0], 20000);
		}
	}
}

UNIT_MAIN("monitor_through", { "all of it", all_of_it }, { "copied", copied },
    { "a slow reader", slow_reader }, { "nobody reads", nobody_reads },
    { "the reader is gone", reader_gone }, { "asked to end", asked_to_end },
    { "held by another", held_by_another }, { "faults", faults })
