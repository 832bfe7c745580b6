/* Boxes that run on, over the fake kernel and its clock: who is killed, who outlives whom, signals,
 * and what is told of them. */
#include "run/process.h"
#include "run/monitor.h"
#include "scenes.h"
#include "unit.h"

#include <errno.h>

/* ---- who is killed --------------------------------------------------------------------------- */

static void
killed_from_outside(void)
{
	struct scene sc = { 0 };

	/* init: the whole box, and nobody tells how the payload ended */
	plan(&sc);
	with(payload_quiet);
	fake.event[0] =
	    (struct fake_event){ .us = 1500000, .happen = fake_sigkill, .arg = FAKE_MONITOR + 1 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_KILLED && sc.v.started && verdict_status(&sc.v) == 137);
	heard_is(0, "es");

	/* the payload */
	plan(&sc);
	with(payload_quiet);
	fake.event[0] =
	    (struct fake_event){ .us = 1500000, .happen = fake_sigkill, .arg = FAKE_MONITOR + 2 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_SIGNAL && sc.v.status == SIGKILL);

	plan(&sc);
	with(payload_crash);
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_SIGNAL && sc.v.status == SIGSEGV);
	CU_ASSERT_EQUAL(verdict_status(&sc.v), 128 + SIGSEGV);

	/* the guard of the control group: the box ends with it, and its work is done all the
	 * same */
	sc = (struct scene){ .none = true };
	plan(&sc);
	with(payload_leave_one);
	fake.event[0] =
	    (struct fake_event){ .us = 1004000, .happen = fake_sigkill, .arg = FAKE_MONITOR + 1 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_KILLED && verdict_status(&sc.v) == 137 && sc.v.leaf);
}

static void
parent_ends(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		for (int outlive = 0; outlive < 2; outlive++) {
			struct scene sc = scene_of(k);

			plan(&sc);
			with(payload_quiet);
			sc.s.outlive = outlive == 1;
			sc.s.timeout = 5000;
			fake.event[0] = (struct fake_event){ .us = 2000000,
				.happen = fake_sigkill,
				.arg = FAKE_CALLER };
			fake.damage = 0;
			scene_run(&sc);
			sound(&sc);
			CHECK_NUM(k, sc.v.cause, outlive ? CAUSE_TIMEOUT : CAUSE_KILLED);
			CHECK_NUM(k, limit, outlive ? CAUSE_TIMEOUT : CAUSE_KILLED);
			CU_ASSERT(sc.v.wall < (outlive ? 5010000 : 1010000));
			heard_is(k, "esl");
		}
	}
}

/* One that ends during the grace of a time limit ends it. */
static void
parent_ends_grace(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_stubborn);
	sc.s.timeout = 1000;
	sc.s.grace = 60000;
	fake.event[0] =
	    (struct fake_event){ .us = 3000000, .happen = fake_sigkill, .arg = FAKE_CALLER };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && sc.v.wall < 2010000);
	heard_is(0, "esl");
}

static void
parents_not_watched(void)
{
	static const struct {
		int ppid;
		enum cause cause;
	} t[] = {
		{ 0, CAUSE_EXIT },     /* in another PID namespace */
		{ 1, CAUSE_EXIT },     /* init: or ours is gone already */
		{ 4711, CAUSE_SETUP }, /* gone while we looked */
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = { 0 };

		plan(&sc);
		with(payload_quick);
		fake.ppid = t[i].ppid;
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, t[i].cause);
		if (t[i].cause == CAUSE_SETUP)
			CU_ASSERT(sc.v.sysno == ESRCH && fake.executed == 0);
	}
}

/* ---- signals --------------------------------------------------------------------------------- */

static void
usr1(int pid)
{
	fake_kill(pid, SIGUSR1);
}

static void
hup(int pid)
{
	fake_kill(pid, SIGHUP);
}

static void
quit(int pid)
{
	fake_kill(pid, SIGQUIT);
}

/* The terminal is gone. */
static void
hang_up(int pid)
{
	fake_terminal(pid, SIGHUP);
}

/* The whole foreground group has it: init as well. */
static void
both(int pid)
{
	fake_ctrl_c(pid);
	fake_ctrl_c(FAKE_MONITOR + 1);
}

static void
signals_pass(void)
{
	static const struct {
		size_t kind;
		bool streams, quiet;
		void (*happen)(int);
		enum cause cause;
		int status;
		const char *events;
	} t[] = {
		{ 0, false, false, fake_sigterm, CAUSE_SIGNAL, SIGTERM, "es" },
		{ 0, false, false, usr1, CAUSE_SIGNAL, SIGUSR1, "es" },
		{ 1, false, false, fake_sigterm, CAUSE_SIGNAL, SIGTERM, "es" },
		{ 5, false, false, usr1, CAUSE_SIGNAL, SIGUSR1, "es" },
		/* the terminal's go to the foreground group: a payload in our session has them */
		{ 0, false, false, fake_ctrl_c, CAUSE_TIMEOUT, 0, "esl" },
		{ 1, false, false, fake_ctrl_c, CAUSE_TIMEOUT, 0, "esl" },
		/* one in its own has not */
		{ 3, false, false, fake_ctrl_c, CAUSE_SIGNAL, SIGINT, "es" },
		{ 4, true, false, fake_ctrl_c, CAUSE_SIGNAL, SIGINT, "es" },
		/* with an init it is for that to tell, or there would be two */
		{ 6, false, false, fake_ctrl_c, CAUSE_TIMEOUT, 0, "esl" },
		{ 6, false, false, both, CAUSE_SIGNAL, SIGINT, "es" },
		{ 0, false, false, both, CAUSE_TIMEOUT, 0, "esl" },
		/* that it is gone the terminal tells one process, which may be us */
		{ 0, false, false, hang_up, CAUSE_SIGNAL, SIGHUP, "es" },
		{ 1, false, false, hang_up, CAUSE_SIGNAL, SIGHUP, "es" },
		{ 3, false, false, hang_up, CAUSE_SIGNAL, SIGHUP, "es" },
		{ 6, false, false, hang_up, CAUSE_SIGNAL, SIGHUP, "es" },
		/* ours to end the box */
		{ 0, true, true, fake_sigterm, CAUSE_KILLED, 0, "esl" },
		{ 0, true, true, fake_ctrl_c, CAUSE_KILLED, 0, "esl" },
		{ 3, true, true, fake_sigterm, CAUSE_KILLED, 0, "esl" },
		{ 0, true, true, hup, CAUSE_KILLED, 0, "esl" },
		{ 0, true, true, quit, CAUSE_KILLED, 0, "esl" },
		{ 0, true, true, usr1, CAUSE_SIGNAL, SIGUSR1, "es" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = scene_of(t[i].kind);

		sc.streams = t[i].streams;
		plan(&sc);
		with(payload_quiet);
		sc.s.quiet_signals = t[i].quiet;
		sc.s.timeout = 3000;
		sc.s.grace = 100;
		for (size_t k = 0; k < 2; k++)
			fake.event[k] = (struct fake_event){ .us = 2000000 + k,
				.happen = t[i].happen,
				.arg = FAKE_MONITOR };
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(i, sc.v.cause, t[i].cause);
		CHECK_NUM(i, sc.v.status, t[i].cause == CAUSE_SIGNAL ? t[i].status : sc.v.status);
		heard_is(i, t[i].events);
		CU_ASSERT(t[i].cause == CAUSE_TIMEOUT || sc.v.wall < 1110000);
	}
}

/* Init passes on what comes from outside the box, and no more. */
static void
signals_inside(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_own_child_signals);
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 5);
}

/* Too late for the box: it has ended, and that is told. */
static void
signal_at_the_end(void)
{
	struct scene sc = { 0 };
	size_t n;

	plan(&sc);
	with(payload_quick);
	scene_run(&sc);
	/* the last look for signals; what comes behind it is no longer the box's matter */
	for (n = fake.nlog; fake.log[n - 1].call != FAKE_read; n--)
		;
	for (size_t at = n - 12; at <= n; at++) {
		plan(&sc);
		with(payload_quick);
		fake.event[0] =
		    (struct fake_event){ .at = at, .happen = fake_sigterm, .arg = FAKE_MONITOR };
		scene_run(&sc);
		CHECK_NUM(at, sc.end, FAKE_RETURNED);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
	}
}

static void
in_its_group(void)
{
	(void)fake_fork(payload_stubborn);
	fake_sleep(5);
	sys_exit(3);
}

/* Whoever stays in the payload's own session ends with it, even where nothing lists our
 * children. */
static void
session_ends(void)
{
	static const struct {
		const char *words;
		bool none;
		unsigned survivors;
	} t[] = {
		{ "--no-init --pid inherit --new-session", false, 0 },
		{ "--new-session", true, 0 },
		{ "--no-init --pid inherit", false, 1 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = { .words = t[i].words,
			.none = t[i].none,
			.machine = MACHINE_USER };

		plan(&sc);
		with(in_its_group);
		fake.no_children_file = true;
		scene_run(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
		CHECK_NUM(i, sc.v.survivors, t[i].survivors);
		CHECK_NUM(i, fake.left, t[i].survivors);
	}
}

static void
caller_ignores_children(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		plan(&sc);
		with(payload_quick);
		fake.chld_ignored = true;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
	}
}

/* ---- exec ------------------------------------------------------------------------------------ */

static void
exec_fails(void)
{
	static const struct {
		const char *command;
		struct fake_program p[3];
		int sysno;
		bool absent;
		int status;
	} t[] = {
		{ "/bin/app", { { 0 } }, ENOENT, true, 127 },
		{ "/bin/app", { { "/bin/app", ENOENT, NULL } }, ENOENT, false, 126 },
		{ "/bin/app", { { "/bin/app", EACCES, NULL } }, EACCES, false, 126 },
		{ "/bin/app", { { "/bin/app", ENOEXEC, NULL } }, ENOEXEC, false, 126 },
		{ "/bin/app", { { "/bin/app", ENOTDIR, NULL } }, ENOTDIR, false, 126 },
		{ "/bin/app", { { "/bin/app", E2BIG, NULL } }, E2BIG, false, 126 },
		{ "app", { { 0 } }, ENOENT, true, 127 },
		/* /usr/bin stands before /bin */
		{ "app", { { "/usr/bin/app", EACCES, NULL } }, EACCES, false, 126 },
		{ "app", { { "/usr/bin/app", EACCES, NULL }, { "/bin/app", ENOEXEC, NULL } },
		    ENOEXEC, false, 126 },
		{ "app", { { "/usr/bin/app", ENOEXEC, NULL }, { "/bin/app", 0, payload_quick } },
		    ENOEXEC, false, 126 },
		{ "app", { { "/usr/bin/app", ENOENT, NULL }, { "/bin/app", 0, payload_quick } },
		    ENOENT, false, 126 },
		{ "app", { { "/usr/bin/app", EACCES, NULL }, { "/bin/app", 0, payload_quick } }, 0,
		    false, 3 },
		{ "app", { { "/bin/app", 0, payload_quick } }, 0, false, 3 },
	};

	/* each with a filter too, behind which nothing can be asked and told */
	for (size_t k = 0; k < COUNT(kinds) * 2; k++) {
		for (size_t i = 0; i < COUNT(t); i++) {
			struct scene sc = scene_of(k / 2);
			size_t row = k * 100 + i;

			sc.filter = k % 2 == 1;
			sc.command = t[i].command;
			sc.streams = i % 2 == 1;
			plan(&sc);
			memcpy(programs, t[i].p, sizeof(t[i].p));
			scene_run(&sc);
			sound(&sc);
			CHECK_NUM(row, sc.v.cause, t[i].status == 3 ? CAUSE_EXIT : CAUSE_NO_EXEC);
			CHECK_NUM(row, verdict_status(&sc.v), t[i].status);
			CHECK_NUM(row, sc.v.sysno, t[i].sysno);
			CHECK_NUM(row, sc.v.absent, t[i].absent);
			CHECK_NUM(row, sc.v.started, t[i].status == 3);
			CHECK_NUM(row, fake.executed, t[i].status == 3);
			/* what was not started is not said to be */
			heard_is(row, t[i].status == 3 ? "es" : "e");
			if (t[i].status != 3 && sc.v.op < sc.plan->n)
				CHECK_NUM(row, sc.plan->op[sc.v.op].kind, OP_EXEC);
			if (t[i].sysno == EACCES && t[i].command[0] != '/')
				CHECK_STR(row, str_of(sc.plan->op[sc.v.op].text),
				    S("/usr/bin/app"));
		}
	}
}

/* ---- and what is told ------------------------------------------------------------------------ */

static void
figures(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_in_time);
	sc.s.passed = true;
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.usage.ru_maxrss == 2048 && sc.v.usage.ru_utime.tv_sec == 1);
	CU_ASSERT(sc.v.wall >= 999000 && sc.v.wall < 1000000);
}

/* The payload has the caller's signal mask, and so has the caller again, but for SIGPIPE: what is
 * still to be told goes to readers that may be gone. */
static void
masks(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		plan(&sc);
		with(payload_quick);
		fake.mask = 1 << SIGUSR1;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT_EQUAL(fake.world.mask, 1 << SIGUSR1);
		CU_ASSERT_EQUAL(fake.mask_after, 1 << SIGUSR1 | 1 << SIGPIPE);
	}
}

/* Without a listener the records wait in their pipe, and are read at the end. */
static void
nobody_listens(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		plan(&sc);
		with(payload_in_time);
		sc.s.on = NULL;
		sc.s.timeout = 2000;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3 && sc.v.started);
		plan(&sc);
		with(payload_quiet);
		sc.s.on = NULL;
		scene_run(&sc);
		sound(&sc);
		CU_ASSERT(sc.v.cause == CAUSE_TIMEOUT && nheard == 0);
	}
}

static void
put_unknown(int n)
{
	struct record r = { .kind = (uint32_t)n, .value = 1 };

	fake_pipe_put(0, &r, sizeof(r));
}

/* What is none of the records that we know says nothing. */
static void
unknown_record(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_in_time);
	fake.event[0] = (struct fake_event){ .us = 1500000, .happen = put_unknown, .arg = 99 };
	fake.event[1] = (struct fake_event){ .us = 1500001, .happen = put_unknown, .arg = 0 };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_EXIT && sc.v.status == 3);
	heard_is(0, "es");
}

static int to_guard;

static void
signal_guard(int arg)
{
	(void)arg;
	fake_kill(FAKE_MONITOR + 1, to_guard);
}

/* A refusal waits for its half-started box, however often it is interrupted. */
static void
refusal_interrupted(void)
{
	struct scene sc = { 0 };

	plan(&sc);
	with(payload_quick);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_capset_none, .nth = 1, .error = EPERM };
	fake.fault[1] = (struct fake_fault){ .call = FAKE_wait, .nth = 1, .error = EINTR };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_SETUP && sc.v.sysno == EPERM && fake.executed == 0);
	CU_ASSERT_EQUAL(fake.hits, 2);

	/* nor is it needed to kill it: it waits for our byte, and sees the end of the pipe */
	plan(&sc);
	with(payload_quick);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_capset_none, .nth = 1, .error = EPERM };
	fake.fault[1] = (struct fake_fault){ .call = FAKE_pidfd_signal, .error = EPERM };
	scene_run(&sc);
	sound(&sc);
	CU_ASSERT(sc.v.cause == CAUSE_SETUP && fake.executed == 0);
}

/* What ends us (a terminal's HUP, a TERM to the whole group) does not end the guard, which then has
 * to do its work. */
static void
guard_stays(void)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGXCPU, SIGIO };

	for (size_t i = 0; i < COUNT(signals); i++) {
		struct scene sc = { .none = true };

		plan(&sc);
		with(payload_leave_one);
		to_guard = signals[i];
		fake.event[0] = (struct fake_event){ .us = 1003000, .happen = signal_guard };
		fake.event[1] = (struct fake_event){ .us = 1003001,
			.happen = fake_sigkill,
			.arg = FAKE_MONITOR };
		scene_run(&sc);
		CU_ASSERT(sc.end == FAKE_KILLED && fake.executed == 1);
		CU_ASSERT(fake.alive == 0 && fake.groups == 0);
	}
}

/* A filter that the kernel does not take: what does not stand is not said to stand. */
static void
filter_fails(void)
{
	for (size_t k = 0; k < COUNT(kinds); k++) {
		struct scene sc = scene_of(k);

		sc.filter = true;
		plan(&sc);
		with(payload_quick);
		fake.fault[0] = (struct fake_fault){ .call = FAKE_seccomp, .error = ENOMEM };
		scene_run(&sc);
		sound(&sc);
		CHECK_NUM(k, sc.v.cause, CAUSE_SETUP);
		CHECK_NUM(k, sc.v.sysno, ENOMEM);
		CHECK_NUM(k, verdict_status(&sc.v), 125);
		CHECK_NUM(k, sc.v.started, false);
		CHECK_NUM(k, fake.executed, 0);
		CHECK_NUM(k, sc.plan->op[sc.v.op].kind, OP_SECCOMP);
		heard_is(k, "");
	}
}

/* Its end is seen at once, and is the box's: by itself, with no group and no init between. */
struct guarded {
	struct verdict v;
	enum cause cause;
	uint64_t at;
};

static void
watch_guarded(void *arg)
{
	static struct op op;
	static const struct plan nothing = { .op = &op };
	struct guarded *g = arg;
	struct process p;
	struct supervise s = { .timeout = 60000 };
	struct monitor m = { .p = &p, .s = &s, .v = &g->v, .kill_at = UINT64_MAX };

	process_prepare(&p, &nothing);
	for (size_t i = 0; i < WATCH_COUNT; i++)
		m.fd[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	m.start = sys_now();
	p.child = FAKE_CALLER + 2;
	p.pidfd = m.fd[WATCH_BOX].fd = sys_pidfd_open(p.child);
	p.guard_fd = m.fd[WATCH_GUARD].fd = sys_pidfd_open(FAKE_CALLER + 1);
	monitor_watch(&m);
	g->cause = m.cause;
	g->at = sys_now();
	/* it is not ours to close */
	CU_ASSERT(m.fd[WATCH_GUARD].fd == -1 && p.guard_fd >= 0);
	monitor_read_rest(&m);
	process_close_all(&p);
	sys_close(m.fd[WATCH_BOX].fd);
}

static void
guard_is_gone(void)
{
	struct guarded g = { .cause = CAUSE_EXIT };

	fake_reset();
	fake.before = 2;
	fake.event[0] =
	    (struct fake_event){ .us = 2000000, .happen = fake_sigkill, .arg = FAKE_CALLER + 1 };
	CU_ASSERT_EQUAL(fake_run(watch_guarded, &g, sizeof(g)), FAKE_RETURNED);
	CU_ASSERT(g.cause == CAUSE_KILLED && !fake_lives(FAKE_CALLER + 2));
	CU_ASSERT(g.at >= 2000000 && g.at < 2000100);
	CU_ASSERT(fake.wrong == NULL && fake.nlog < 100);
}

UNIT_MAIN("monitor", { "the guard is gone", guard_is_gone },
    { "killed from outside", killed_from_outside }, { "the parent ends", parent_ends },
    { "the parent ends during the grace", parent_ends_grace },
    { "parents that are not watched", parents_not_watched }, { "signals pass", signals_pass },
    { "signals inside", signals_inside }, { "a signal at the end", signal_at_the_end },
    { "its session ends with it", session_ends },
    { "a caller that ignores its children", caller_ignores_children }, { "exec fails", exec_fails },
    { "a filter fails", filter_fails }, { "figures", figures }, { "signal masks", masks },
    { "nobody listens", nobody_listens }, { "a record that nobody knows", unknown_record },
    { "a refusal that is interrupted", refusal_interrupted }, { "the guard stays", guard_stays })
