/* The descriptors between monitor and box, one call at a time. */
#include "check.h"
#include "fake.h"
#include "run/monitor.h"
#include "unit.h"

#include <errno.h>

static struct op ops[2];
static struct plan plan = { .op = ops, .n = 2 };
static struct process p;
static char mem[64];

static void
prepares(void)
{
	fake_reset();
	ops[0].kind = OP_CLONE;
	ops[1].kind = OP_EXEC;
	process_prepare(&p, &plan);
	CU_ASSERT(!p.streams && !p.apart && p.pidfd == -1 && p.leaf_parent == -1);
	CU_ASSERT(p.guard_pipe == -1 && p.group == -1 && p.plan == &plan);
	for (size_t i = 0; i < LIMIT_SLOTS; i++)
		CU_ASSERT_EQUAL(p.slot[i], -1);
	/* nothing is open: nothing is closed */
	process_close_all(&p);
	CU_ASSERT_EQUAL(fake.nlog, 0);
	ops[0].kind = OP_STREAM;
	process_prepare(&p, &plan);
	CU_ASSERT(p.streams && !p.apart);
	ops[0].kind = OP_SETSID;
	process_prepare(&p, &plan);
	CU_ASSERT(!p.streams && p.apart);
}

/* Whatever fails, all that was made is closed in the end. */
static void
pipes(void)
{
	for (int streams = 0; streams < 2; streams++) {
		size_t n;

		fake_reset();
		process_prepare(&p, &plan);
		p.streams = streams == 1 ? 7 : 0;
		CU_ASSERT_EQUAL(process_pipes(&p), 0);
		CU_ASSERT_EQUAL(fake_open_fds(), streams == 1 ? 3 + 10 : 3 + 4);
		n = fake.nlog;
		process_close_all(&p);
		CU_ASSERT_EQUAL(fake_open_fds(), 3);
		for (size_t at = 1; at <= n; at++) {
			fake_reset();
			process_prepare(&p, &plan);
			p.streams = streams == 1 ? 7 : 0;
			fake.fault[0] = (struct fake_fault){ .at = at, .error = EMFILE };
			CHECK_NUM(at, process_pipes(&p), -EMFILE);
			process_close_all(&p);
			CHECK_NUM(at, fake_open_fds(), 3);
			CU_ASSERT_PTR_NULL(fake.wrong);
		}
	}
}

static void
feeds(void)
{
	int fd[2];
	size_t fed = 0;

	fake_reset();
	CU_ASSERT_FATAL(sys_pipe(fd) == 0 && sys_nonblock(fd[1]) == 0);
	/* in two pieces */
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .nth = 1 };
	CU_ASSERT_EQUAL(stream_feed(fd[1], S("request"), &fed), 0);
	CU_ASSERT_EQUAL(fed, 3);
	CU_ASSERT_EQUAL(stream_feed(fd[1], S("request"), &fed), 1);
	CHECK_TEXT(0, fake_pipe_text(fd[0]), "request");
	/* nothing more: no call */
	CU_ASSERT_EQUAL(stream_feed(fd[1], S("request"), &fed), 1);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_write);
	fed = 0;
	for (int i = 0; i < 3; i++) {
		static const int error[] = { EAGAIN, EINTR, EIO };

		fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = error[i] };
		CU_ASSERT_EQUAL(stream_feed(fd[1], S("request"), &fed), i < 2 ? 0 : -EIO);
		CU_ASSERT_EQUAL(fed, 0);
	}
	fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = EPIPE };
	CU_ASSERT_EQUAL(stream_feed(fd[1], S("request"), &fed), 1);
}

static void
drains(void)
{
	struct drain d = { .mem = mem, .cap = 8, .forward = -1 };
	int fd[2];

	fake_reset();
	CU_ASSERT_FATAL(sys_pipe(fd) == 0 && sys_nonblock(fd[0]) == 0);
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), 0);
	CU_ASSERT(d.n == 0 && !d.over);
	CU_ASSERT_EQUAL(sys_write(fd[1], "12345", 5), 5);
	fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = EINTR };
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), 0);
	CU_ASSERT(d.n == 5 && !d.over);
	CU_ASSERT_EQUAL(sys_write(fd[1], "6789", 4), 4);
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), 0);
	/* full to the brim is not over */
	CU_ASSERT(d.n == 8 && !d.over);
	CHECK_STR(0, ((struct str){ mem, d.n }), S("12345678"));
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), 0);
	CU_ASSERT(d.n == 8 && d.over && d.dropped == 1);
	CU_ASSERT_EQUAL(fake_pipe_text(fd[0]).n, 0);
	fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = EIO };
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), -EIO);
	sys_close(fd[1]);
	CU_ASSERT_EQUAL(stream_drain(fd[0], &d), 1);
}

static void
forwards(void)
{
	static char text[10000];
	struct drain d = { .mem = text, .n = sizeof(text), .cap = sizeof(text), .forward = 2 };
	size_t n;

	fake_reset();
	/* no more at once than what does not wait */
	stream_forward(&d);
	CU_ASSERT_EQUAL(d.forwarded, 4096);
	for (int i = 0; i < 2; i++) {
		static const int error[] = { EAGAIN, EINTR };

		fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = error[i] };
		stream_forward(&d);
		CU_ASSERT(d.forwarded == 4096 && d.forward == 2);
	}
	stream_forward(&d);
	stream_forward(&d);
	CU_ASSERT(d.forwarded == 10000 && fake.out[1].n == 10000);
	n = fake.nlog;
	stream_forward(&d);
	CU_ASSERT_EQUAL(fake.nlog, n);
	d.forwarded = 0;
	fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = EPIPE };
	stream_forward(&d);
	CU_ASSERT(d.forward == -1 && d.forwarded == 0);
	n = fake.nlog;
	stream_forward(&d);
	CU_ASSERT_EQUAL(fake.nlog, n);
	d.forward = 2;
	fake.zero_writes = true;
	stream_forward(&d);
	CU_ASSERT_EQUAL(d.forward, -1);
}

/* What is in the pipes when the box is gone is read to its end, and one byte beyond the limit. */
static void
reads_the_rest(void)
{
	static const struct {
		size_t n, cap, want;
		bool over;
	} t[] = { { 0, 8, 0, false }, { 8, 8, 8, false }, { 9, 8, 8, true }, { 20, 8, 8, true } };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct supervise s = { .out = { .mem = mem, .cap = t[i].cap, .forward = -1 } };
		struct verdict v = { 0 };
		struct monitor m = { .p = &p, .s = &s, .v = &v, .ending = true };
		int fd[2];

		fake_reset();
		streams_attach(&s);
		process_prepare(&p, &plan);
		for (size_t k = 0; k < WATCH_COUNT; k++)
			m.fd[k].fd = -1;
		CU_ASSERT_FATAL(sys_pipe(fd) == 0 && sys_nonblock(fd[0]) == 0);
		CU_ASSERT_EQUAL(sys_write(fd[1], "abcdefghijklmnopqrst", t[i].n), (long)t[i].n);
		m.from[0] = fd[0];
		m.from[1] = -1;
		monitor_read_rest(&m);
		CHECK_NUM(i, s.out.n, t[i].want);
		CHECK_NUM(i, s.out.over, t[i].over);
		CHECK_NUM(i, fake_open_fds(), 4);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

/* A terminal is written to by a description of our own, which does not wait; where there is none to
 * be had, as it is. */
static void
terminal(void)
{
	static const struct fake_file files[] = { { "/proc/self/fd/1", "", 0 }, { NULL, NULL, 0 } };
	struct drain d = { .through = &passing, .forward = 1, .n = 5 };

	fake_reset();
	passing.ready(&d, 0);
	CU_ASSERT(d.forward == 1 && !d.opened && !d.piped && d.n == 0 && d.cap == 4096);
	stream_end(&d);
	CU_ASSERT(d.forward == -1 && fake_open_fds() == 3);

	fake.tty = true;
	d.forward = 1;
	passing.ready(&d, 0);
	CU_ASSERT(d.forward == 1 && !d.opened);

	fake.file = files;
	passing.ready(&d, 0);
	CU_ASSERT(d.forward == 3 && d.opened && fake_open_fds() == 4);
	stream_end(&d);
	CU_ASSERT(d.forward == -1 && !d.opened && fake_open_fds() == 3);

	fake_reset();
	fake.out[0].pipe = true;
	d.forward = 1;
	passing.ready(&d, 0);
	CU_ASSERT(d.piped && d.forward == 1);
	/* what cannot be asked is none */
	fake.fault[0] = (struct fake_fault){ .call = FAKE_stat_fd, .error = EIO };
	passing.ready(&d, 0);
	CU_ASSERT(!d.piped);
}

/* Which of two there is nothing of, or no room in, is told apart by what was polled. */
static void
passes(void)
{
	static const struct {
		bool piped, room, ready_before;
		int error;
		int want;
		bool ready, copied;
	} t[] = {
		{ true, false, false, EAGAIN, 0, true, false },
		{ true, true, true, EAGAIN, 0, false, false },
		{ false, true, true, EAGAIN, 0, false, false },
		{ true, true, true, EINTR, 0, false, false },
		{ true, false, false, EINTR, 0, false, false },
		{ true, false, false, EINVAL, 0, false, true },
		{ false, true, true, ENOSYS, 0, false, true },
		{ true, false, false, EPERM, 0, false, true },
		{ true, false, false, EPIPE, -EPIPE, false, false },
		{ false, true, true, EIO, -EIO, false, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct drain d = { .through = &passing,
			.forward = 1,
			.piped = t[i].piped,
			.ready = t[i].ready_before };
		int fd[2];

		fake_reset();
		CU_ASSERT_FATAL(sys_pipe(fd) == 0 && sys_nonblock(fd[0]) == 0);
		fake.fault[0] = (struct fake_fault){ .call = FAKE_splice, .error = t[i].error };
		CHECK_NUM(i, passing.some(fd[0], &d, t[i].room), t[i].want);
		CHECK_NUM(i, d.ready, t[i].ready);
		CHECK_NUM(i, d.copied, t[i].copied);
		CHECK_NUM(i, fake.hits, 1);
		CHECK_NUM(i, d.passed, 0);
	}
}

/* What is no pipe is asked for room before anything is written to it. */
static void
passes_when_there_is_room(void)
{
	struct drain d = { .through = &passing, .forward = 1 };
	int fd[2];

	fake_reset();
	fake.out[0].spliced = true;
	CU_ASSERT_FATAL(sys_pipe(fd) == 0 && sys_nonblock(fd[0]) == 0);
	CU_ASSERT_EQUAL(sys_write(fd[1], "12345", 5), 5);
	CU_ASSERT(passing.some(fd[0], &d, false) == 0 && d.ready && d.passed == 0);
	CU_ASSERT(output_waits(&d));
	CU_ASSERT(passing.some(fd[0], &d, true) == 0 && !d.ready && d.passed == 5);
	CU_ASSERT(!output_waits(&d) && fake.out[0].n == 5);
	sys_close(fd[1]);
	CU_ASSERT(passing.some(fd[0], &d, true) == 1);
}

UNIT_MAIN("streams", { "terminal", terminal }, { "passes", passes },
    { "passes when there is room", passes_when_there_is_room }, { "prepares", prepares },
    { "pipes", pipes }, { "feeds", feeds }, { "drains", drains }, { "forwards", forwards },
    { "reads the rest", reads_the_rest })
