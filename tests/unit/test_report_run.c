/* core/cli/receipt.c: what is told of a run, to people and to programs, and the status it gives. */
#include "check.h"
#include "cli/report.h"
#include "scene.h"
#include "unit.h"

#include <errno.h>

static void
three(void)
{
	sys_exit(3);
}

static void
term(void)
{
	fake_kill(FAKE_MONITOR + 2, SIGTERM);
	(void)sys_poll(NULL, 0, 0);
}

static void
quiet(void)
{
	fake_sleep(3600000);
}

static struct fake_program programs[2];

struct job {
	const struct plan *plan;
	struct supervise s;
	bool receipt, report;
	int status;
};

static void
job_main(void *arg)
{
	struct job *j = arg;
	struct report r = { S("sbx-ns"), j->report ? 3 : -1 };
	struct told told = { &r, j->plan, S("") };

	j->s.arg = &told;
	j->s.on = report_listener(&r);
	j->status = report_run(&told, &j->s, j->receipt);
}

static struct scene sc;

static void
set(void (*run)(void))
{
	CU_ASSERT_FATAL(scene_plan(&sc) != NULL);
	scene_machine(&sc);
	programs[0] = (struct fake_program){ "/bin/app", 0, run };
	fake.program = programs;
	CU_ASSERT_FATAL(fake_report_fd() == 3);
}

static int
run(bool receipt, bool report)
{
	struct job j = { .plan = sc.plan, .s = sc.s, .receipt = receipt, .report = report };

	CU_ASSERT_EQUAL(fake_run(job_main, &j, sizeof(j)), FAKE_RETURNED);
	CU_ASSERT(fake.wrong == NULL && fake.left == 0);
	return j.status;
}

static bool
said(size_t out, const char *what)
{
	fake.out[out].text[fake.out[out].n] = '\0';
	return strstr(fake.out[out].text, what) != NULL;
}

static bool
quiet_out(size_t out)
{
	return fake.out[out].n == 0;
}

static void
statuses(void)
{
	static const struct {
		void (*run)(void);
		int error;
		int status;
		const char *err, *event;
	} t[] = {
		{ three, 0, 3, NULL, "\"cause\":\"exit\",\"status\":3" },
		{ term, 0, 143, NULL, "\"cause\":\"signal\",\"status\":143,\"signal\":15" },
		{ quiet, 0, 124, NULL, "\"cause\":\"timeout\",\"status\":124" },
		{ three, ENOENT, 126,
		    "sbx-ns: cannot execute /bin/app: its interpreter is missing: No such file or "
		    "directory\n",
		    "\"stage\":\"exec\",\"cause\":\"setup-failed\",\"status\":126" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		sc = (struct scene){ .s = { .timeout = 1000, .grace = 100 } };
		set(t[i].run);
		programs[0].error = t[i].error;
		CHECK_NUM(i, run(false, true), t[i].status);
		CU_ASSERT(t[i].err == NULL ? quiet_out(1) : said(1, t[i].err));
		CU_ASSERT(said(2, t[i].event));
		CU_ASSERT(quiet_out(0));
		/* and nobody is told where nobody is named */
		set(t[i].run);
		programs[0].error = t[i].error;
		CHECK_NUM(i, run(false, false), t[i].status);
		CU_ASSERT(quiet_out(2));
	}
}

static void
events(void)
{
	sc = (struct scene){ .s = { .timeout = 1000 } };
	set(quiet);
	CU_ASSERT_EQUAL(run(false, true), 124);
	CU_ASSERT(said(2, "{\"v\":1,\"tool\":\"sbx-ns\",\"event\":\"enforced\""));
	CU_ASSERT(said(2, "\"event\":\"started\"}\n"));
	/* what it is ended for, not how it stands at that moment */
	CU_ASSERT(said(2, "\"event\":\"limit\",\"limit\":\"timeout\"}\n"));
	CU_ASSERT(said(2, "\"event\":\"ended\",\"stage\":\"run\",\"cause\":\"timeout\""));
	CU_ASSERT(said(2, "\"usage\":{\"wall_us\":"));
	CU_ASSERT_PTR_NULL(strstr(fake.out[2].text, "survivors"));
}

static void
refusal(void)
{
	sc = (struct scene){ 0 };
	set(three);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_pivot_root, .error = EPERM };
	CU_ASSERT_EQUAL(run(true, true), 125);
	CU_ASSERT(said(1, "sbx-ns: cannot change the root: Operation not permitted\n"));
	CU_ASSERT(said(2, "\"stage\":\"setup\",\"cause\":\"setup-failed\",\"status\":125,"
			  "\"error\":\"cannot change the root: Operation not permitted\","
			  "\"errno\":\"EPERM\",\"syscall\":\"pivot_root\",\"object\":\"\"}"));
	CU_ASSERT_PTR_NULL(strstr(fake.out[2].text, "enforced"));
	CU_ASSERT(said(1, "verdict  setup-failed\n"));
	CU_ASSERT_EQUAL(fake.executed, 0);
}

/* ---- the receipt ----------------------------------------------------------------------------- */

static void
receipt(void)
{
	sc = (struct scene){ .words = "--hostname box --rw /tmp" };
	set(three);
	CU_ASSERT_EQUAL(run(true, false), 3);
	CU_ASSERT(said(1, "receipt\n  user            enforced    new  (namespace)\n"));
	CU_ASSERT(said(1, "\n  hostname        enforced    box  (uts namespace)\n"));
	CU_ASSERT(said(1, "\n  writable        enforced    /tmp  (mount)\n"));
	CU_ASSERT(said(1, "\n  session         open        the caller's: where"));
	CU_ASSERT(said(1, "\nverdict  exit 3; "));
	CU_ASSERT(said(1, " ms, cpu 1800.0 ms, at most 2M\n"));
	CU_ASSERT_PTR_NULL(strstr(fake.out[1].text, "\033"));

	/* in colours where somebody sees them */
	sc = (struct scene){ .words = "--net inherit" };
	set(three);
	fake.tty = true;
	CU_ASSERT_EQUAL(run(true, false), 3);
	CU_ASSERT(said(1, "\n  user            \033[32menforced    \033[0mnew"));
	CU_ASSERT(said(1, "\n  net             \033[2mopen        \033[0minherited\n"));
	CU_ASSERT(said(1, "\033[1mverdict\033[0m  exit 3"));

	set(term);
	CU_ASSERT_EQUAL(run(true, false), 143);
	CU_ASSERT(said(1, "verdict  signal 15; "));
	set(quiet);
	sc.s.timeout = 10;
	CU_ASSERT_EQUAL(run(true, false), 124);
	CU_ASSERT(said(1, "verdict  timeout; "));
}

/* What was wanted is told as it came out. */
static void
outcome(void)
{
	sc = (struct scene){ .none = true };
	set(three);
	fake.tty = true;
	CU_ASSERT_EQUAL(run(true, true), 3);
	CU_ASSERT(
	    said(1, "\n  tree            \033[32menforced    \033[0mone kill ends every process "
		    "of the box  (cgroup.kill)\n"));
	CU_ASSERT(
	    said(2, "\"name\":\"tree\",\"requested\":\"wanted\",\"mechanism\":\"cgroup.kill\","
		    "\"state\":\"enforced\""));
	set(three);
	fake.tty = true;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_mkdir_at, .error = EPERM };
	CU_ASSERT_EQUAL(run(true, true), 3);
	CU_ASSERT(said(1, "\n  tree            \033[33mbest-effort \033[0mbest effort: a process"));
	CU_ASSERT(said(2, "\"state\":\"best-effort\",\"detail\":\"best effort: a process that"));

	/* dropped: a namespace that the kernel was built without */
	sc = (struct scene){ 0 };
	CU_ASSERT_FATAL(scene_plan(&sc) != NULL);
	for (size_t i = 0; i < sc.plan->nclaims; i++)
		if (str_eq(sc.plan->claim[i].name, S("time")))
			sc.plan->claim[i].state = CLAIM_DROPPED;
	scene_machine(&sc);
	programs[0] = (struct fake_program){ "/bin/app", 0, three };
	fake.program = programs;
	fake.tty = true;
	(void)fake_report_fd();
	CU_ASSERT_EQUAL(run(true, false), 3);
	CU_ASSERT(said(1, "\n  time            \033[31mdropped     \033[0mnew  (namespace)\n"));
}

static void
immortal(void)
{
	fake_become_other();
	fake_sleep(3600000);
}

static void
survivors(void)
{
	struct job j;

	sc = (struct scene){ .none = true,
		.machine = MACHINE_USER,
		.s = { .timeout = 1000, .grace = 100 } };
	set(immortal);
	j = (struct job){ .plan = sc.plan, .s = sc.s, .receipt = true, .report = true };
	CU_ASSERT_EQUAL(fake_run(job_main, &j, sizeof(j)), FAKE_RETURNED);
	CU_ASSERT_EQUAL(j.status, 124);
	CU_ASSERT(said(1, "; processes that could not be ended: 1\n"));
	CU_ASSERT(said(2, "\"survivors\":1,"));
}

/* Nobody who does not read delays anything. */
static void
slow_reader(void)
{
	sc = (struct scene){ .s = { .timeout = 1000 } };
	set(quiet);
	fake.out[2].stuck = true;
	CU_ASSERT_EQUAL(run(false, true), 124);
	CU_ASSERT(quiet_out(2));
	CU_ASSERT(fake.now < 3000000);
	set(three);
	fake.out[2].gone = true;
	CU_ASSERT_EQUAL(run(false, true), 3);
}

static void
refused(void)
{
	struct report r = { S("sbx-ns"), 3 };
	struct err e = { 0 };

	sc = (struct scene){ 0 };
	set(three);
	err_refused(&e, ((struct pos){ 3, 4 }), "no such thing");
	CU_ASSERT_EQUAL(report_refused(&r, &e), 125);
	CU_ASSERT(said(1, "sbx-ns: 3:4: no such thing\n"));
	CU_ASSERT(said(2, "\"stage\":\"parse\",\"cause\":\"refused\",\"status\":125,"
			  "\"error\":\"3:4: no such thing\"}"));
}

UNIT_MAIN("report_run", { "statuses", statuses }, { "events", events }, { "refusal", refusal },
    { "receipt", receipt }, { "outcome", outcome }, { "survivors", survivors },
    { "a slow reader", slow_reader }, { "refused", refused })
