/* core/run/notify.c and decide.c over the fake kernel: programs whose calls are asked about,
 * decided and learned from. Each call of ours fails once, and nothing of a run is left. */
#include "check.h"
#include "kernel.h"
#include "payloads.h"
#include "run/notify.h"
#include "spec/policy.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

enum { NR_GETPID = 39, NR_SOCKET = 41, AUDIT_X86_64 = (int)0xc000003e };

static const struct bpf_insn insns[] = { { BPF_RET_K, 0, 0, (uint32_t)RET_NOTIFY } };
static const struct bpf filter = { insns, NULL, 1 };
static const char *const paths[] = { "/no/app", "/bin/app", NULL };
static char word[] = "app";
static char *argv[] = { word, NULL }, *envp[] = { NULL };
static const struct command command = { paths, argv, envp };
static struct fake_program programs[3];
static _Alignas(16) unsigned char mem[1 << 20];
static long got[32];
static size_t ngot;

/* ---- runs ------------------------------------------------------------------------------------ */

struct job {
	struct watch w;
	struct verdict v;
	int status;
	struct err err;
};

static void
job_main(void *p)
{
	struct job *j = p;

	j->status = watch_run(&j->w, &j->v, &j->err);
}

static struct learned learned;

/* The machine, and two pipes: requests are written to 4 and answers read from 5. */
static struct job
scene(void (*run)(void), bool decide, uint64_t timeout)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct job j = { .w = { .command = &command, .filter = &filter } };
	struct err e = { 0 };
	int fd[2];

	fake_reset();
	memset(programs, 0, sizeof(programs));
	programs[0] = (struct fake_program){ "/bin/app", 0, run };
	fake.program = programs;
	CU_ASSERT_EQUAL_FATAL(sys_pipe(fd), 0);
	CU_ASSERT_EQUAL_FATAL(sys_pipe(fd), 0);
	CU_ASSERT_EQUAL_FATAL(fd[0], 5);
	fake.child_first = true;
	if (decide)
		j.w.decider = decider_new(&a, 4, 5, timeout);
	CU_ASSERT_EQUAL_FATAL(learned_init(&a, &learned, &e), 0);
	j.w.learned = &learned;
	ngot = 0;
	return j;
}

/* What holds of every run. */
static void
go(size_t row, struct job *j)
{
	size_t before = fake.nlog;

	CHECK_NUM(row, fake_run(job_main, j, sizeof(*j)), FAKE_RETURNED);
	CU_ASSERT(fake.nlog > before);
	if (fake.wrong != NULL)
		printf("# %zu: %s %s\n", row, fake.wrong, fake.wrong_about);
	CU_ASSERT_PTR_NULL(fake.wrong);
	CHECK_NUM(row, fake.left, 0);
	CHECK_NUM(row, fake.zombies, 0);
	CHECK_NUM(row, fake.alive, 0);
	CHECK_NUM(row, fake.leaks, 0);
	CHECK_NUM(row, fake.damage, 0);
}

static void
note(long r)
{
	got[ngot++] = r;
}

static void
ask_once(void)
{
	note(fake_notified(NR_GETPID, 0));
	sys_exit(7);
}

static void
ask_twice(void)
{
	note(fake_notified(NR_GETPID, 0));
	note(fake_notified(NR_SOCKET, 2));
	sys_exit(7);
}

static void
ask_alone(void)
{
	note(fake_notified(NR_SOCKET, 16));
	fake_sleep(3600000);
}

/* Two at a time; who comes second is told apart by what it gets. */
static void
ask_both(void)
{
	(void)fake_fork(ask_alone);
	fake_sleep(1);
	note(fake_notified(NR_GETPID, 0));
	fake_sleep(100);
	sys_exit(7);
}

static const char *answers[4];

static void
put_answer(int i)
{
	fake_pipe_put(1, answers[i], strlen(answers[i]));
}

static void
answer_at(size_t i, uint64_t ms, const char *text)
{
	answers[i] = text;
	fake.event[i] =
	    (struct fake_event){ .us = 1000000 + ms * 1000, .happen = put_answer, .arg = (int)i };
}

static void
no_answers(int unused)
{
	(void)unused;
	kernel.pipe[1].writers = 0;
}

static void
no_requests(int unused)
{
	(void)unused;
	kernel.pipe[0].readers = 0;
}

static void
requests_are(size_t row, const char *text)
{
	CHECK_STR(row, fake_pipe_left(0), str_of(text));
}

#define ASKED(id, nr, call) \
	"{\"v\":1,\"id\":" id ",\"pid\":101,\"arch\":\"x86_64\",\"nr\":" nr ",\"call\":\"" call "\""

static void
decided(void)
{
	static const struct {
		const char *answer;
		long got;
	} t[] = {
		{ "{\"id\":1,\"allow\":true}\n", FAKE_CONTINUED },
		{ "{\"errno\":\"EACCES\",\"id\":1}\n", -EACCES },
		{ "{\"id\":1,\"errno\":38}\n", -ENOSYS },
		{ "{\"id\":1,\"value\":0}\n", 0 },
		{ "{\"id\":1,\"value\":4711}\n", 4711 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct job j = scene(ask_once, true, 0);

		answer_at(0, 500, t[i].answer);
		go(i, &j);
		CHECK_NUM(i, j.status, 7);
		CHECK_NUM(i, j.err.fault, FAULT_NONE);
		CHECK_NUM(i, got[0], t[i].got);
		requests_are(i, ASKED("1", "39", "getpid") ",\"args\":[]}\n");
		CU_ASSERT(fake.world.no_new_privs && fake.world.filtered);
		CHECK_NUM(i, fake.world.death, SIGKILL);
		CHECK_NUM(i, fake.world.fds, 3);
		CHECK_NUM(i, fake.world.mask, 0);
		CHECK_NUM(i, learned.n, 0);
	}
}

static void
in_any_order(void)
{
	struct job j = scene(ask_both, true, 0);

	/* the second first, in pieces, and one more than was asked for afterwards */
	answer_at(0, 10, "{\"id\":2,\"val");
	answer_at(1, 20, "ue\":5}\n{\"id\":");
	answer_at(2, 30, "1,\"errno\":\"EPERM\"}\n{\"id\":1,\"allow\":true}\n");
	go(0, &j);
	CHECK_NUM(0, j.status, 7);
	CHECK_NUM(0, ngot, 2);
	CHECK_NUM(0, got[0] + got[1], 5 - EPERM);
}

/* Who decides is gone, or does not know what he says: every call fails, now and from here on. */
static void
nobody_decides(void)
{
	static const struct {
		void (*happen)(int);
		uint64_t us; /* before or after the first question */
		const char *answer;
		long got[2];
		const char *say;
	} t[] = {
		{ no_answers, 500000, NULL, { -EPERM, -EPERM }, "the decider is gone" },
		{ no_answers, 1, NULL, { -EPERM, -EPERM }, "the decider is gone" },
		{ no_requests, 1, NULL, { -EPERM, -EPERM },
		    "the decider does not take requests any more" },
		{ NULL, 0, "{\"id\":1}\n", { -EPERM, -EPERM },
		    "an object with id and allow, errno or value is due" },
		{ NULL, 0, "{\"id\":2,\"allow\":true}\n", { -EPERM, -EPERM },
		    "an answer to what was not asked" },
		{ NULL, 0, "{\"id\":0,\"allow\":true}\n", { -EPERM, -EPERM },
		    "an answer to what was not asked" },
		{ NULL, 0, "{\"id\":1,\"value\":3}\nrubbish\n", { 3, -EPERM },
		    "expected a value, found \"rubbish\"" },
	};
	static const char end[] = "; calls that were to be decided failed";

	for (size_t i = 0; i < COUNT(t); i++) {
		struct job j = scene(ask_twice, true, 0);
		struct str say;

		if (t[i].answer != NULL)
			answer_at(0, 500, t[i].answer);
		else
			fake.event[0] =
			    (struct fake_event){ .us = 1000000 + t[i].us, .happen = t[i].happen };
		go(i, &j);
		say = (struct str){ j.err.msg, j.err.nmsg };
		CHECK_NUM(i, j.status, 125);
		CHECK_NUM(i, got[0], t[i].got[0]);
		CHECK_NUM(i, got[1], t[i].got[1]);
		CU_ASSERT(str_ends(say, S(end)));
		CHECK_STR(i, str_slice(say, 0, say.n - strlen(end)), str_of(t[i].say));
	}
}

/* Nobody asked any more: the program's own status. */
static void
gone_unmissed(void)
{
	struct job j = scene(payload_quick, true, 0);

	fake.event[0] = (struct fake_event){ .us = 1, .happen = no_answers };
	go(0, &j);
	CHECK_NUM(0, j.status, 3);
	CHECK_NUM(0, j.err.fault, FAULT_NONE);
}

static void
takes_too_long(void)
{
	struct job j = scene(ask_twice, true, 200);

	/* the first comes too late, which is no fault */
	answer_at(0, 300, "{\"id\":1,\"allow\":true}\n{\"id\":2,\"allow\":true}\n");
	go(0, &j);
	CHECK_NUM(0, j.status, 7);
	CHECK_NUM(0, got[0], -EPERM);
	CHECK_NUM(0, got[1], FAKE_CONTINUED);
	/* and one that is never answered */
	j = scene(ask_once, true, 7200000);
	go(1, &j);
	CHECK_NUM(1, j.status, 7);
	CHECK_NUM(1, got[0], -EPERM);
	CU_ASSERT(fake.now > 7200000000u);
}

/* A line that is taken in parts, or not at once. */
static void
told_in_parts(void)
{
	static const int errors[] = { 0, EAGAIN, EINTR };

	for (size_t i = 0; i < COUNT(errors); i++) {
		struct job j = scene(ask_twice, true, 0);

		fake.fault[0] =
		    (struct fake_fault){ .call = FAKE_write, .nth = 1, .error = errors[i] };
		fake.fault[1] = (struct fake_fault){ .call = FAKE_write, .nth = 2 };
		answer_at(0, 500, "{\"id\":1,\"allow\":true}\n");
		answer_at(1, 1000, "{\"id\":2,\"allow\":true}\n");
		go(i, &j);
		CHECK_NUM(i, j.status, 7);
		CU_ASSERT(fake.hits >= 1);
		requests_are(i, ASKED("1", "39", "getpid") ",\"args\":[]}\n" ASKED("2", "41",
				    "socket") ",\"args\":[2,0,0]}\n");
	}
}

static void
many_at_once(void)
{
	for (int i = 0; i < 15; i++)
		(void)fake_fork(ask_alone);
	fake_sleep(100);
	sys_exit(7);
}

/* Those that were ended while they waited are told, and forgotten. */
static void
ended_while_they_wait(void)
{
	struct job j = scene(ask_both, true, 0);

	fake.event[0] = (struct fake_event){ .us = 1100000, .happen = fake_sigkill, .arg = 102 };
	answer_at(1, 200, "{\"id\":1,\"allow\":true}\n{\"id\":2,\"allow\":true}\n");
	go(0, &j);
	CHECK_NUM(0, j.status, 7);
	j = scene(many_at_once, true, 0);
	go(1, &j);
	CHECK_NUM(1, j.status, 7);
	CHECK_NUM(1, ngot, 0);
}

static void
learn(void)
{
	struct job j = scene(ask_twice, false, 0);
	size_t n = 0;

	go(0, &j);
	CHECK_NUM(0, j.status, 7);
	CHECK_NUM(0, got[0], FAKE_CONTINUED);
	CHECK_NUM(0, got[1], FAKE_CONTINUED);
	CHECK_NUM(0, learned.n, 2);
	for (size_t i = 0; i < LEARNED_CALLS; i++) {
		const struct learned_call *c = &learned.call[i];

		n += c->count == 1 && c->audit == (uint32_t)AUDIT_X86_64 &&
		     (c->nr == NR_GETPID || c->nr == NR_SOCKET);
	}
	CHECK_NUM(0, n, 2);
}

static void
learn_too_much(void)
{
	static const uint64_t none[CALL_ARGS];
	struct job j = scene(ask_once, false, 0);

	for (uint32_t i = 0; i < LEARNED_CALLS - 1; i++)
		CU_ASSERT_EQUAL(learned_add(&learned, 1, i, none), 0);
	go(0, &j);
	CHECK_NUM(0, j.status, 125);
	CHECK_NUM(0, j.err.fault, FAULT_LIMIT);
	CHECK_NUM(0, ngot, 0);
}

static void
ends(void)
{
	static const struct {
		void (*run)(void);
		void (*happen)(int);
		int pid, status;
	} t[] = {
		{ payload_quick, NULL, 0, 3 },
		{ payload_quiet, fake_sigkill, 101, 137 },
		{ payload_quiet, fake_sigterm, FAKE_MONITOR, 143 },
		/* the terminal's the program has had itself */
		{ payload_in_time, fake_ctrl_c, FAKE_MONITOR, 3 },
		/* who called us is gone */
		{ payload_stubborn, fake_sigkill, FAKE_CALLER, 137 },
		{ payload_leave_one, NULL, 0, 0 },
		{ ask_alone, fake_sigterm, FAKE_MONITOR, 143 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct job j = scene(t[i].run, true, 0);

		if (t[i].happen != NULL)
			fake.event[0] = (struct fake_event){ .us = 1500000,
				.happen = t[i].happen,
				.arg = t[i].pid };
		CHECK_NUM(i, fake_run(job_main, &j, sizeof(j)), FAKE_RETURNED);
		CU_ASSERT_PTR_NULL(fake.wrong);
		CHECK_NUM(i, j.status, t[i].status);
		CHECK_NUM(i, fake.left + fake.zombies + fake.alive, 0);
		CHECK_NUM(i, fake.leaks, 0);
	}
}

/* We are killed: the program's process goes with us, and whoever else asks gets no answer. */
static void
killed(void)
{
	struct job j = scene(ask_both, true, 0);

	fake.event[0] =
	    (struct fake_event){ .us = 1500000, .happen = fake_sigkill, .arg = FAKE_MONITOR };
	CU_ASSERT_EQUAL(fake_run(job_main, &j, sizeof(j)), FAKE_KILLED);
	CU_ASSERT(!fake_lives(101));
	CHECK_NUM(0, ngot, 1);
	CHECK_NUM(0, got[0], -ENOSYS);
}

static void
not_executed(void)
{
	struct job j = scene(payload_quick, true, 0);

	programs[0].path = "/bin/other";
	go(0, &j);
	CHECK_NUM(0, j.status, 127);
	CHECK_NUM(0, j.err.sysno, ENOENT);
	j = scene(payload_quick, false, 0);
	programs[0].error = EACCES;
	go(1, &j);
	CHECK_NUM(1, j.status, 126);
	CHECK_NUM(1, j.err.sysno, EACCES);
}

static void
old_kernel(void)
{
	struct job j = scene(ask_once, false, 0);

	fake.no_wait_killable = true;
	go(0, &j);
	CHECK_NUM(0, j.status, 7);
	CHECK_NUM(0, got[0], FAKE_CONTINUED);
	/* before 6.6 */
	j = scene(ask_once, false, 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_notify_flags, .nth = 1, .error = EINVAL };
	go(1, &j);
	CHECK_NUM(1, j.status, 7);
	CHECK_NUM(1, fake.hits, 1);
	/* who asked is gone when we come to look */
	j = scene(ask_once, false, 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_notify_recv, .nth = 1, .error = ENOENT };
	go(1, &j);
	CHECK_NUM(1, j.status, 7);
	j = scene(ask_once, false, 0);
	fake.listener_taken = true;
	go(2, &j);
	CHECK_NUM(2, j.status, 125);
	CHECK_NUM(2, j.err.sysno, EBUSY);
}

/* Its parent is gone before it could ask to end with it. */
static void
orphan_at_once(void)
{
	struct job j = scene(payload_quick, false, 0);

	fake.fault[0] = (struct fake_fault){ .call = FAKE_prctl, .pid = 101, .error = EINVAL };
	go(0, &j);
	CHECK_NUM(0, j.status, 125);
	CHECK_NUM(0, j.err.sysno, EINVAL);
	CHECK_NUM(0, fake.executed, 0);
	/* or it is killed by someone before it has its filter */
	j = scene(payload_quick, false, 0);
	for (size_t i = 0; i < 1; i++)
		fake.event[0] =
		    (struct fake_event){ .us = 1000000, .happen = fake_sigkill, .arg = 101 };
	go(1, &j);
	CU_ASSERT(j.status == 137 || j.status == 125 || j.status == 3);
}

/* Every call of ours fails once: with an error that says no, and with one that says again. */
static void
each_call_fails(void)
{
	static const int errors[] = { EIO, EINTR };
	size_t told = 0;

	for (size_t k = 0; k < 2 * COUNT(errors); k++) {
		for (size_t at = 1;; at++) {
			struct job j = scene(ask_twice, k % 2 == 0, 0);

			answer_at(0, 500, "{\"id\":1,\"allow\":true}\n");
			answer_at(1, 1000, "{\"id\":2,\"allow\":true}\n");
			fake.fault[0] =
			    (struct fake_fault){ .at = fake.nlog + at, .error = errors[k / 2] };
			(void)fake_run(job_main, &j, sizeof(j));
			if (fake.hits == 0 && fake.nlog < at)
				break;
			CHECK_NUM(at, fake.left, 0);
			CHECK_NUM(at, fake.zombies, 0);
			CHECK_NUM(at, fake.alive, 0);
			CHECK_NUM(at, fake.leaks, 0);
			CU_ASSERT_PTR_NULL(fake.wrong);
			/* either it did not matter, or it is told */
			if (j.status == 7)
				continue;
			told++;
			CU_ASSERT(j.err.fault != FAULT_NONE || j.status == 137);
			CU_ASSERT(j.status == 125 || j.status == 126 || j.status == 127 ||
				  j.status == 137);
		}
	}
	CU_ASSERT(told > 25);
}

/* And whoever else goes first. */
static void
any_schedule(void)
{
	for (unsigned s = 0; s < 256; s++) {
		struct job j = scene(ask_both, s % 2 == 0, 0);
		uint8_t bits[3] = { (uint8_t)s, (uint8_t)(s * 37), (uint8_t)(s * 101 >> 2) };

		fake.schedule = bits;
		fake.nschedule = sizeof(bits);
		answer_at(0, 500, "{\"id\":1,\"allow\":true}\n{\"id\":2,\"allow\":true}\n");
		go(s, &j);
		CHECK_NUM(s, j.status, 7);
		CHECK_NUM(s, ngot, 2);
	}
}

/* More than there is room for wait in the kernel; of those that have ended room is made. */
static void
no_room(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct decider *d = decider_new(&a, 1, 0, 0);
	struct pollfd p[2] = { { .fd = -1 }, { .fd = -1 } };
	struct err e = { 0 };
	int listener;

	CU_ASSERT_FATAL(d != NULL);
	fake_reset();
	listener = filter_attach(&filter, FILTER_LISTENER, false, &e);
	CU_ASSERT_FATAL(listener >= 0);
	for (uint64_t i = 0; i < DECIDER_PENDING; i++) {
		CU_ASSERT(decider_room(d));
		CU_ASSERT_EQUAL(decider_ask(d, listener, &(struct k_notif){ .id = i }), 0);
		CU_ASSERT_EQUAL(decider_move(d, listener, p), 0);
	}
	CU_ASSERT(decider_room(d));
	for (uint64_t i = 0; i < DECIDER_PENDING; i++)
		CU_ASSERT_EQUAL(decider_ask(d, listener, &(struct k_notif){ .id = i }), 0);
	CU_ASSERT(!decider_room(d));
	CU_ASSERT(decider_wait(d) > 0);
	CU_ASSERT_EQUAL(decider_move(d, listener, p), 0);
	CU_ASSERT(decider_room(d));
	CU_ASSERT_EQUAL(decider_wait(d), -1);
}

static void
no_memory(void)
{
	struct arena a = { mem, 0, 1000 };

	CU_ASSERT_PTR_NULL(decider_new(&a, 3, 4, 0));
}

UNIT_MAIN("watch-run", { "decided", decided }, { "in any order", in_any_order },
    { "nobody decides", nobody_decides }, { "gone, and not missed", gone_unmissed },
    { "takes too long", takes_too_long }, { "told in parts", told_in_parts },
    { "ended while they wait", ended_while_they_wait }, { "learned", learn },
    { "too much to learn", learn_too_much }, { "ends", ends }, { "we are killed", killed },
    { "not executed", not_executed }, { "an old kernel", old_kernel },
    { "killed before its filter", orphan_at_once }, { "each call fails", each_call_fails },
    { "in any schedule", any_schedule }, { "no room", no_room }, { "no memory", no_memory })
