/* The processes inside the box, each by itself: what they tell, and how they end. */
#include "check.h"
#include "fake.h"
#include "run/process.h"
#include "unit.h"

#include <errno.h>

static struct op ops[8];
static char *argv[] = { NULL, NULL };
static struct plan plan = { .op = ops, .argv = argv, .envp = argv };

enum what { EXEC, BOX, INIT };

static struct job {
	enum what what;
	const char *lifeline; /* what the monitor writes there */
	bool monitor_gone;
	void (*payload)(void);
	bool payload_failed;
	struct record failed;
} job;

/* What the payload's process left behind, for init and for the monitor. */
static struct process after;
static struct record seen;

/* Holds the monitor's ends of the pipes, as the monitor does. */
static void
holder(void)
{
	fake_ignore(SIGTERM);
	fake_sleep(7200000);
}

enum { PAYLOAD = FAKE_MONITOR + 2 };

static void
inside_main(void *arg)
{
	const struct job *j = arg;
	struct process p;
	sigset_t set;
	int pid;

	process_signals(&set, true);
	sigaddset(&set, SIGPIPE);
	(void)sys_sigmask(SIG_BLOCK, &set, NULL);
	process_prepare(&p, &plan);
	if (process_pipes(&p) < 0)
		sys_exit(99);
	if (j->lifeline != NULL)
		(void)sys_write(p.life[1], j->lifeline, strlen(j->lifeline));
	if (!j->monitor_gone)
		(void)fake_fork(holder);
	if (j->what == BOX)
		process_box(&p);
	process_close(&p.life[1]);
	process_close(&p.status[0]);
	if (j->what == EXEC) {
		seen = (struct record){ 0 };
		p.shared = &seen;
		after = p;
		process_exec(&after);
	}
	pid = fake_fork(j->payload);
	p.exec_failed = j->payload_failed;
	p.failed = j->failed;
	(void)process_ready(&p);
	process_init(&p, pid);
}

/* Its exit status, or -1 when it did not exit; the records that it wrote. */
static struct record records[8];
static size_t nrecords;

static int
run(size_t n)
{
	struct str left;
	enum fake_end end;

	plan.n = n;
	end = fake_run(inside_main, &job, sizeof(job));
	left = fake_pipe_left(0);
	CU_ASSERT_EQUAL(left.n % sizeof(records[0]), 0);
	nrecords = left.n / sizeof(records[0]);
	CU_ASSERT_FATAL(nrecords <= COUNT(records));
	memcpy(records, left.p, left.n);
	return end == FAKE_EXITED ? fake.status >> 8 : -1;
}

static void
record_is(size_t i, enum record_kind kind, uint32_t op, int value, int absent)
{
	CU_ASSERT_FATAL(i < nrecords);
	CHECK_NUM(i, records[i].kind, kind);
	CHECK_NUM(i, records[i].op, op);
	CHECK_NUM(i, records[i].value, value);
	CHECK_NUM(i, records[i].absent, absent);
}

static void
quick(void)
{
	sys_exit(3);
}

static void
quiet(void)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sys_sigmask(SIG_SETMASK, &none, NULL);
	fake_sleep(3600000);
}

static const struct fake_program programs[] = {
	{ "/bin/app", 0, quick },
	{ "/bin/secret", EACCES, NULL },
	{ "/bin/broken", ENOEXEC, NULL },
	{ "/bin/script", ENOENT, NULL },
	{ NULL, 0, NULL },
};

static void
set(enum what what)
{
	fake_reset();
	fake.program = programs;
	memset(ops, 0, sizeof(ops));
	for (size_t i = 0; i < COUNT(ops); i++)
		ops[i].a = ops[i].b = NO_SLOT;
	job = (struct job){ .what = what, .payload = quick };
}

static void
executes(void)
{
	set(EXEC);
	ops[0].kind = OP_SIGMASK;
	ops[0].stage = STAGE_EXEC;
	ops[1].kind = OP_EXEC;
	ops[1].stage = STAGE_EXEC;
	ops[1].text = "/bin/app";
	CU_ASSERT_EQUAL(run(2), 3);
	CU_ASSERT(fake.executed == 1 && nrecords == 1);
	record_is(0, RECORD_TRY, 1, 0, 0);

	/* a restriction that fails is told, and nothing else happens */
	set(EXEC);
	ops[0].kind = OP_SIGMASK;
	ops[0].stage = STAGE_EXEC;
	ops[1].kind = OP_EXEC;
	ops[1].stage = STAGE_EXEC;
	ops[1].text = "/bin/app";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_sigmask, .error = EIO };
	CU_ASSERT_EQUAL(run(2), 125);
	CU_ASSERT(fake.executed == 0 && nrecords == 1);
	record_is(0, RECORD_FAIL, 0, EIO, 0);
}

/* Who is not heard does not execute: the verdict would be that nothing ran. */
static void
unheard(void)
{
	set(EXEC);
	ops[0].kind = OP_EXEC;
	ops[0].stage = STAGE_EXEC;
	ops[0].text = "/bin/app";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .error = EIO };
	CU_ASSERT_EQUAL(run(1), 125);
	CU_ASSERT_EQUAL(fake.executed, 0);

	/* the monitor was gone before its end could be ours: SIGPIPE, where the caller's mask
	 * has it, or an error */
	for (int i = 0; i < 2; i++) {
		set(EXEC);
		ops[0].kind = i == 0 ? OP_SIGMASK : OP_EXEC;
		ops[0].stage = ops[1].stage = STAGE_EXEC;
		ops[1].kind = OP_EXEC;
		ops[0].text = ops[1].text = "/bin/app";
		job.monitor_gone = true;
		CU_ASSERT_EQUAL(run(2), i == 0 ? -1 : 125);
		CU_ASSERT_EQUAL(fake.executed, 0);
		CU_ASSERT(i == 1 || fake.status == SIGPIPE);
	}
}

static void
does_not_execute(void)
{
	/* a plan that ends without an exec, which the lint refuses, is one of an absent program */
	set(EXEC);
	ops[0].kind = OP_SIGMASK;
	ops[0].stage = STAGE_EXEC;
	CU_ASSERT_EQUAL(run(1), 127);
	CU_ASSERT_EQUAL(nrecords, 2);
	record_is(1, RECORD_NO_EXEC, 1, ENOENT, 1);
	set(EXEC);
	CU_ASSERT_EQUAL(run(0), 127);

	/* the one that is there is told of, not the one that is absent */
	set(EXEC);
	for (size_t i = 0; i < 3; i++) {
		ops[i].kind = OP_EXEC;
		ops[i].stage = STAGE_EXEC;
		ops[i].text = i == 1 ? "/bin/secret" : "/bin/none";
	}
	CU_ASSERT_EQUAL(run(3), 126);
	record_is(0, RECORD_TRY, 0, 0, 0);
	record_is(1, RECORD_NO_EXEC, 1, EACCES, 0);

	/* and if that cannot be told, the status says the same */
	set(EXEC);
	ops[0].kind = OP_EXEC;
	ops[0].stage = STAGE_EXEC;
	ops[0].text = "/bin/none";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .nth = 2, .error = EIO };
	CU_ASSERT_EQUAL(run(1), 127);
	CU_ASSERT_EQUAL(nrecords, 1);
}

/* ---- behind a filter ------------------------------------------------------------------------- */

static const struct bpf_insn insn = { .code = BPF_RET_K, .k = 0x7fff0000 };
static const struct bpf filter = { &insn, NULL, 1 };

/* An operation, a filter and these candidates. */
static size_t
filtered(enum what what, const char *a, const char *b, const char *c)
{
	const char *const text[] = { a, b, c };
	size_t n = 0;

	set(what);
	fake.caps = 1 << K_CAP_SYS_ADMIN;
	fake.closed_filter = true;
	ops[n++].kind = OP_SIGMASK;
	ops[n].kind = OP_SECCOMP;
	ops[n].text = "x";
	ops[n++].filter = &filter;
	for (size_t i = 0; i < COUNT(text) && text[i] != NULL; i++) {
		ops[n].kind = OP_EXEC;
		ops[n++].text = text[i];
	}
	for (size_t i = 0; i < n; i++)
		ops[i].stage = STAGE_EXEC;
	return n;
}

/* The last that is done, when all is told: there is no other call behind it than the exec's, which
 * the fake kernel sees to, and what failed is left in memory. */
static void
behind_a_filter(void)
{
	static const struct {
		const char *at[3];
		int status, op, error, absent;
	} t[] = {
		{ { "/bin/app" }, 3, 0, 0, 0 },
		{ { "/bin/none", "/bin/app" }, 3, 0, 0, 0 },
		{ { "/bin/none", "/bin/secret", "/bin/app" }, 3, 0, 0, 0 },
		{ { "/bin/none", "/bin/secret", "/bin/nil" }, 126, 3, EACCES, 0 },
		{ { "/bin/none", "/bin/nil" }, 127, 2, ENOENT, 1 },
		/* there, but not its interpreter */
		{ { "/bin/script", "/bin/app" }, 126, 2, ENOENT, 0 },
		{ { "/bin/broken", "/bin/app" }, 126, 2, ENOEXEC, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		size_t n = filtered(EXEC, t[i].at[0], t[i].at[1], t[i].at[2]);

		plan.init = true;
		CHECK_NUM(i, run(n), t[i].status);
		CHECK_NUM(i, fake.executed, t[i].error == 0);
		CHECK_NUM(i, nrecords, 1);
		record_is(0, RECORD_TRY, 2, 0, 0);
		CHECK_NUM(i, fake.executed == 0 || fake.world.filtered, true);
		CHECK_STR(i, str_of(fake.wrong), S(""));
		CHECK_NUM(i, after.failed.kind, t[i].error == 0 ? 0 : RECORD_NO_EXEC);
		CHECK_NUM(i, after.failed.op, t[i].op);
		CHECK_NUM(i, after.failed.value, t[i].error);
		CHECK_NUM(i, after.failed.absent, t[i].absent);

		/* where there is no init, in what the monitor sees */
		n = filtered(EXEC, t[i].at[0], t[i].at[1], t[i].at[2]);
		plan.init = false;
		CHECK_NUM(i, run(n), t[i].status);
		CHECK_NUM(i, nrecords, 1);
		CHECK_NUM(i, after.failed.kind, 0);
		CHECK_NUM(i, seen.kind, t[i].error == 0 ? 0 : RECORD_NO_EXEC);
		CHECK_NUM(i, seen.op, t[i].op);
		CHECK_NUM(i, seen.value, t[i].error);
		CHECK_NUM(i, seen.absent, t[i].absent);
	}
	plan.init = false;
}

/* A filter that the kernel does not take is a restriction that does not stand. */
static void
filter_fails(void)
{
	size_t n = filtered(EXEC, "/bin/app", NULL, NULL);

	fake.fault[0] = (struct fake_fault){ .call = FAKE_seccomp, .error = ENOMEM };
	CU_ASSERT_EQUAL(run(n), 125);
	CU_ASSERT(fake.executed == 0 && nrecords == 2);
	record_is(0, RECORD_TRY, 2, 0, 0);
	record_is(1, RECORD_FAIL, 1, ENOMEM, 0);
	/* and who is not heard does not even try */
	n = filtered(EXEC, "/bin/app", NULL, NULL);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .error = EIO };
	CU_ASSERT_EQUAL(run(n), 125);
	CU_ASSERT(fake.executed == 0 && nrecords == 0);
}

/* Init tells for it. */
static void
init_tells(void)
{
	set(INIT);
	job.payload_failed = true;
	job.failed = (struct record){ RECORD_NO_EXEC, 7, EACCES, 0 };
	CU_ASSERT_EQUAL(run(0), 0);
	CU_ASSERT_EQUAL(nrecords, 1);
	record_is(0, RECORD_NO_EXEC, 7, EACCES, 0);
}

/* Two ends that are the monitor's it closes, to see the monitor's end. */
static void
first_process(void)
{
	for (size_t i = 0; i < 3; i++) {
		set(BOX);
		ops[0].kind = OP_WAIT;
		ops[0].stage = STAGE_BOX;
		ops[1].kind = OP_EXEC;
		ops[1].stage = STAGE_EXEC;
		ops[1].text = "/bin/app";
		job.lifeline = i < 2 ? "G" : NULL;
		job.monitor_gone = i > 0;
		CHECK_NUM(i, run(2), i == 0 ? 3 : 125);
		CHECK_NUM(i, fake.executed, i == 0);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

/* ---- init ------------------------------------------------------------------------------------ */

static void
init_reaps(void)
{
	set(INIT);
	CU_ASSERT_EQUAL(run(0), 0);
	CU_ASSERT_EQUAL(nrecords, 2);
	record_is(0, RECORD_STARTED, 0, PAYLOAD, 0);
	record_is(1, RECORD_ENDED, 0, 3 << 8, 0);

	/* one that was not executed is not said to have started or ended */
	set(INIT);
	job.payload_failed = true;
	CU_ASSERT_EQUAL(run(0), 0);
	CU_ASSERT_EQUAL(nrecords, 0);
}

static void
middle(void)
{
	(void)fake_fork(quick);
	sys_exit(0);
}

static void
leaves_orphans(void)
{
	for (int i = 0; i < 3; i++)
		(void)fake_fork(middle);
	fake_sleep(10);
	sys_exit(5);
}

/* Orphans are reaped, and are not the payload. */
static void
init_reaps_orphans(void)
{
	set(INIT);
	job.payload = leaves_orphans;
	fake.main_is_init = true;
	CU_ASSERT_EQUAL(run(0), 0);
	CU_ASSERT_EQUAL(nrecords, 2);
	record_is(1, RECORD_ENDED, 0, 5 << 8, 0);
}

static void
init_listens(void)
{
	static const struct {
		const char *lifeline;
		int status; /* of init; the payload's in the record is TERM */
		bool told;
	} t[] = {
		{ "T", 0, true },
		{ "x", -2, false },
		{ "GT", 0, true },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(INIT);
		job.payload = quiet;
		job.lifeline = t[i].lifeline;
		fake.main_is_init = true;
		fake.event[0] =
		    (struct fake_event){ .us = 2000000, .happen = fake_sigkill, .arg = PAYLOAD };
		CU_ASSERT_EQUAL(run(0), 0);
		CU_ASSERT_EQUAL(nrecords, 2);
		record_is(1, RECORD_ENDED, 0, t[i].told ? SIGTERM : SIGKILL, 0);
	}

	/* the lifeline ends, or cannot be read */
	set(INIT);
	job.payload = quiet;
	job.monitor_gone = true;
	CU_ASSERT_EQUAL(run(0), 125);
	set(INIT);
	job.payload = quiet;
	job.lifeline = "x";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = 1, .error = EINTR };
	fake.fault[1] = (struct fake_fault){ .call = FAKE_read, .nth = 2, .error = EIO };
	CU_ASSERT_EQUAL(run(0), 125);
}

/* From outside, but by the kernel: the terminal's, which the payload has had already. */
static void
init_forwards(void)
{
	set(INIT);
	job.payload = quiet;
	fake.main_is_init = true;
	fake.event[0] =
	    (struct fake_event){ .us = 1500000, .happen = fake_ctrl_c, .arg = FAKE_MONITOR };
	fake.event[1] =
	    (struct fake_event){ .us = 1600000, .happen = fake_sigkill, .arg = PAYLOAD };
	CU_ASSERT_EQUAL(run(0), 0);
	record_is(1, RECORD_ENDED, 0, SIGKILL, 0);
	set(INIT);
	job.payload = quiet;
	fake.main_is_init = true;
	fake.event[0] =
	    (struct fake_event){ .us = 1500000, .happen = fake_sigterm, .arg = FAKE_MONITOR };
	CU_ASSERT_EQUAL(run(0), 0);
	record_is(1, RECORD_ENDED, 0, SIGTERM, 0);
}

/* What it cannot do without. */
static void
init_fails(void)
{
	static const struct {
		enum fake_call call;
		size_t nth;
	} t[] = {
		{ FAKE_dup_to, 1 },
		{ FAKE_dup_to, 2 },
		{ FAKE_dup_to, 3 },
		{ FAKE_close_range, 1 },
		{ FAKE_wait, 1 },
		{ FAKE_poll, 1 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(INIT);
		job.payload = quiet;
		fake.fault[0] =
		    (struct fake_fault){ .call = t[i].call, .nth = t[i].nth, .error = EPERM };
		CHECK_NUM(i, run(0), 125);
		CU_ASSERT_EQUAL(nrecords, 1);
	}
	set(INIT);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_poll, .nth = 1, .error = EINTR };
	CU_ASSERT_EQUAL(run(0), 0);
}

UNIT_MAIN("inside", { "executes", executes }, { "unheard", unheard },
    { "does not execute", does_not_execute }, { "behind a filter", behind_a_filter },
    { "a filter that fails", filter_fails }, { "init tells", init_tells },
    { "the first process", first_process }, { "init reaps", init_reaps },
    { "init reaps orphans", init_reaps_orphans }, { "init listens", init_listens },
    { "init forwards", init_forwards }, { "init fails", init_fails })
