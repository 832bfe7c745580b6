/* core/cli/receipt.c, show.c: what people read; and what a link does with a run. */
#include "cli/common.h"
#include "goodplans.h"
#include "reporting.h"
#include "unit.h"

#include <errno.h>

static struct planned p;
static const struct report report = { { "sbx-test", 8 }, REPORT_FD };
static const struct report silent = { { "sbx-test", 8 }, -1 };
static char nasty[5000];

/* Standard output; it may be full. */
static struct kept shown;
static int shown_max = -1;

int
common_print(struct str tool, struct str text)
{
	CHECK_TEXT(0, tool, "sbx-test");
	if (shown_max >= 0 && shown.w >= (size_t)shown_max)
		return 125;
	keep(&shown, text.p, text.n);
	return 0;
}

static struct str
whole(const struct kept *k)
{
	return (struct str){ k->text, k->n };
}

static void
fill_nasty(size_t n)
{
	for (size_t i = 0; i < n; i++)
		nasty[i] = (char)("\x01\x1f\"\\\x7f\xff\xc3(\n"[i % 9]);
	nasty[n] = '\0';
}

static void
one_row_each(void)
{
	static struct claim claims[] = {
		{ .name = { "root", 4 },
		    .mechanism = { "mount", 5 },
		    .detail = { "read-only", 9 },
		    .op = UINT32_MAX },
		{ .name = { "tree", 4 },
		    .mechanism = { "cgroup.kill", 11 },
		    .detail = { "one kill", 8 },
		    .op = 0,
		    .otherwise = { "a few", 5 } },
		{ .name = { "time", 4 },
		    .mechanism = { "namespace", 9 },
		    .detail = { "no\x1b", 3 },
		    .state = CLAIM_DROPPED,
		    .op = UINT32_MAX },
		{ .name = { "a-name-that-is-long", 19 },
		    .mechanism = { "none", 4 },
		    .detail = { "kept", 4 },
		    .state = CLAIM_NOT_ASKED,
		    .op = UINT32_MAX },
	};
	const struct plan plan = { .claim = claims, .nclaims = COUNT(claims) };
	struct verdict v = { .cause = CAUSE_SETUP };

	/* where the box never stood, nothing was enforced */
	kept_reset();
	report_receipt(&plan, &v, S("setup-failed"));
	CHECK_TEXT(0, whole(&people), "verdict  setup-failed\n");
	v.cause = CAUSE_NO_EXEC;
	kept_reset();
	report_receipt(&plan, &v, S("setup-failed"));
	CHECK_TEXT(0, whole(&people),
	    "receipt\n"
	    "  root            enforced    read-only  (mount)\n"
	    "  tree            best-effort a few  (cgroup.kill)\n"
	    "  time            dropped     no\\x1b  (namespace)\n"
	    "  a-name-that-is-long open        kept\n"
	    "verdict  setup-failed\n");
	kept_reset();
	tty = true;
	v = (struct verdict){
		.started = true,
		.leaf = true,
		.survivors = 3,
		.wall = 12345,
		.usage = { .ru_utime = { 1, 2000 }, .ru_stime = { 0, 999999 }, .ru_maxrss = 2048 }
	};
	report_receipt(&plan, &v, S("exit 0"));
	CHECK_TEXT(1, whole(&people),
	    "receipt\n"
	    "  root            \x1b[32menforced    \x1b[0mread-only  (mount)\n"
	    "  tree            \x1b[32menforced    \x1b[0mone kill  (cgroup.kill)\n"
	    "  time            \x1b[31mdropped     \x1b[0mno\\x1b  (namespace)\n"
	    "  a-name-that-is-long \x1b[2mopen        \x1b[0mkept\n"
	    "\x1b[1mverdict\x1b[0m  exit 0; 12.3 ms, cpu 2001.9 ms, at most 2M; "
	    "processes that could not be ended: 3\n");
	kept_reset();
	tty = true;
	v.leaf = false;
	report_receipt(&plan, &v, S("exit 0"));
	CU_ASSERT(strstr(people.text, "\x1b[33mbest-effort \x1b[0ma few  (cgroup.kill)\n") != NULL);
}

static bool used;

static void
put_used(struct buf *b, const struct verdict *v)
{
	(void)v;
	if (used)
		buf_cstr(b, "usage    of everything\n");
}

/* What the kernel reports stands beside what was asked for, and what was used before the
 * verdict. */
static void
values_and_usage(void)
{
	static const struct gauging by = { .put_line = put_used };
	static struct claim claims[] = {
		{ .name = { "memory", 6 },
		    .mechanism = { "memory.max", 10 },
		    .detail = { "64M", 3 },
		    .took = "67108864",
		    .op = UINT32_MAX },
		{ .name = { "cpu", 3 },
		    .mechanism = { "cpu.max", 7 },
		    .detail = { "1", 1 },
		    .took = "",
		    .needed = true,
		    .op = UINT32_MAX },
		{ .name = { "swap", 4 },
		    .mechanism = { "cgroup v2", 9 },
		    .detail = { "none", 4 },
		    .otherwise = { "no such limit", 13 },
		    .took = "",
		    .op = UINT32_MAX },
	};
	const struct plan plan = { .claim = claims, .nclaims = COUNT(claims) };
	struct verdict v = { .cause = CAUSE_NO_EXEC, .by = &by };

	for (int with = 0; with < 2; with++) {
		used = with == 1;
		kept_reset();
		report_receipt(&plan, &v, S("setup-failed"));
		if (used)
			CHECK_TEXT(1, whole(&people),
			    "receipt\n"
			    "  memory          enforced    64M  (memory.max = 67108864)\n"
			    "  cpu             enforced    1  (cpu.max)\n"
			    "  swap            dropped     no such limit  (cgroup v2)\n"
			    "usage    of everything\n"
			    "verdict  setup-failed\n");
		else
			CHECK_NUM(0, people.w, 5);
	}
	/* what never stood used nothing */
	v.cause = CAUSE_SETUP;
	kept_reset();
	report_receipt(&plan, &v, S("setup-failed"));
	CHECK_TEXT(2, whole(&people), "verdict  setup-failed\n");
}

/* Rows stay rows and the verdict a line, whatever is in them. */
static void
whatever_comes(void)
{
	struct claim claim = { .name = S("bind"), .mechanism = S("mount"), .op = UINT32_MAX };
	const struct plan plan = { .claim = &claim, .nclaims = 1 };
	const struct verdict v = { .cause = CAUSE_EXIT,
		.started = true,
		.wall = UINT64_MAX,
		.survivors = UINT32_MAX };

	for (size_t n = 1; n < LIMIT_PATH; n += 53) {
		kept_reset();
		fill_nasty(n);
		claim.detail = (struct str){ nasty, n };
		report_receipt(&plan, &v, claim.detail);
		CHECK_NUM(n, people.w, 3);
		for (size_t i = 0; i < people.w; i++) {
			struct str line = kept_line(&people, i);

			for (size_t at = 0; at < line.n; at++)
				CU_ASSERT_FATAL(line.p[at] >= ' ' && line.p[at] < 0x7f);
		}
		CU_ASSERT(str_ends(kept_line(&people, 1), S("  (mount)")));
	}
}

static void
refused(void)
{
	struct err e = { 0 };

	kept_reset();
	err_refused(&e, POS_NONE, "no user namespace");
	CHECK_NUM(0, report_refused(&report, &e), 125);
	CHECK_TEXT(0, whole(&people), "sbx-test: no user namespace\n");
	CHECK_NUM(0, events.w, 1);
	CHECK_TEXT(0, member_of(kept_event(0, "ended"), "cause"), "refused");
	CHECK_TEXT(0, member_of(kept_event(0, "ended"), "stage"), "parse");
	CHECK_TEXT(0, member_of(kept_event(0, "ended"), "error"), "no user namespace");
	kept_reset();
	CHECK_NUM(1, report_refused(&silent, &e), 125);
	CHECK_NUM(1, events.w, 0);
}

static void
runs(void)
{
	static const struct {
		struct verdict v;
		int status;
		bool stood;
		const char *people, *error;
	} t[] = {
		{ { .cause = CAUSE_EXIT, .status = 3, .started = true }, 3, true,
		    "\nverdict  exit 3; 0.0 ms, cpu 0.0 ms, at most 0\n", "(none)" },
		{ { .cause = CAUSE_SIGNAL, .status = 15, .started = true }, 143, true,
		    "\nverdict  signal 15; 0.0 ms, cpu 0.0 ms, at most 0\n", "(none)" },
		{ { .cause = CAUSE_TIMEOUT, .started = true }, 124, true,
		    "\nverdict  timeout; 0.0 ms, cpu 0.0 ms, at most 0\n", "(none)" },
		/* its time was over before the payload's was */
		{ { .cause = CAUSE_TIMEOUT }, 124, false, "verdict  timeout\n", "(none)" },
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX, .sysno = ENOMEM }, 125, false,
		    "\nverdict  setup-failed\n", "cannot start the box: Cannot allocate memory" },
		{ { .cause = CAUSE_NO_EXEC, .op = UINT32_MAX, .sysno = ENOENT, .absent = true },
		    127, true, "\nverdict  setup-failed\n",
		    "cannot start the box: No such file or directory" },
	};
	struct told told = { &report, NULL, S("") };
	struct supervise s = { 0 };

	CU_ASSERT_FATAL(good_plan(&p, 0));
	told.plan = p.plan;
	for (size_t i = 0; i < COUNT(t); i++) {
		kept_reset();
		run_gives = t[i].v;
		CHECK_NUM(i, report_run(&told, &s, true), t[i].status);
		CU_ASSERT(ran);
		CU_ASSERT(str_ends(whole(&people), str_of(t[i].people)));
		people.text[people.n] = '\0';
		CU_ASSERT((strstr(people.text, "receipt\n  user ") != NULL) == t[i].stood);
		CHECK_NUM(i, events.w, 1);
		CHECK_STR(i, member_of(kept_event(0, "ended"), "error"), str_of(t[i].error));
		kept_reset();
		report_run(&told, &s, false);
		CHECK_NUM(i, people.w, t[i].error[0] != '(');
	}
}

/* What a failed operation was asked for by, in a file or on the command line. */
static void
position(void)
{
	struct op op = { .kind = OP_TREE, .text = "/a", .pos = { 3, 7 }, .a = 0, .b = NO_SLOT };
	const struct plan plan = { .op = &op, .n = 1, .argv = planning_argv };
	struct told told = { &report, &plan, S("box.json") };
	struct supervise s = { 0 };

	run_gives = (struct verdict){ .cause = CAUSE_SETUP, .op = 0, .sysno = ENOENT };
	kept_reset();
	CHECK_NUM(0, report_run(&told, &s, false), 125);
	CHECK_TEXT(0, whole(&people),
	    "sbx-test: box.json:3:7: cannot clone the mount at /a: No such file or directory\n");
	/* a word of the command line is in no file */
	op.pos = (struct pos){ 0, 2 };
	kept_reset();
	CHECK_NUM(1, report_run(&told, &s, false), 125);
	CHECK_TEXT(1, whole(&people),
	    "sbx-test: cannot clone the mount at /a: No such file or directory\n");
}

static void
shown_reset(int max)
{
	shown.n = shown.w = 0;
	shown_max = max;
}

static void
show_plan(void)
{
	size_t n;

	kept_reset();
	shown_reset(-1);
	CU_ASSERT_FATAL(good_plan(&p, 0));
	CHECK_NUM(0, common_show_plan(S("sbx-test"), p.plan), 0);
	n = p.plan->n + p.plan->nclaims;
	CHECK_NUM(0, shown.w, n);
	CHECK_TEXT(0, kept_line(&shown, 4), "host  go");
	CHECK_TEXT(0, kept_line(&shown, p.plan->n), "enforced wanted user: namespace, new");
	CHECK_TEXT(0, kept_line(&shown, n - 1),
	    "enforced needed verdict: descriptor that the payload never has, not forgeable");
	/* full: no more is tried */
	for (size_t max = 0; max < n; max++) {
		shown_reset((int)max);
		CHECK_NUM(max, common_show_plan(S("sbx-test"), p.plan), 125);
		CHECK_NUM(max, shown.w, max);
	}
}

static void
show_long_plan(void)
{
	struct op op = { .kind = OP_TREE, .text = nasty, .a = 0, .b = NO_SLOT };
	struct claim claim = { .name = S("bind"), .mechanism = S("mount"), .op = UINT32_MAX };
	const struct plan plan = { .op = &op, .n = 1, .claim = &claim, .nclaims = 1 };

	shown_reset(-1);
	memset(nasty, '\x01', LIMIT_PATH);
	nasty[LIMIT_PATH] = '\0';
	claim.detail = (struct str){ nasty, LIMIT_PATH };
	CHECK_NUM(0, common_show_plan(S("sbx-test"), &plan), 0);
	CHECK_NUM(0, shown.w, 2);
	CU_ASSERT(str_ends(whole(&shown), S("\\x01\n")));
	CHECK_NUM(0, shown.end[0], 4 * LIMIT_PATH + sizeof("host  open_tree  -> #0\n") - 1);
}

static void
show_facts(void)
{
	static struct strnode many[200];
	static char path[201];
	struct facts f = machine_root();

	shown_reset(-1);
	CHECK_NUM(0, common_show_facts(S("sbx-test"), &f, S("")), 0);
	CHECK_NUM(0, shown.w, 1);
	CU_ASSERT(str_starts(whole(&shown), S("uid 0\ngid 0\n")));
	CU_ASSERT(str_ends(whole(&shown), S("\nprocs /proc\n")));
	shown_reset(0);
	CHECK_NUM(1, common_show_facts(S("sbx-test"), &f, S("")), 125);
	/* half of them would be another machine's */
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct strnode){ .s = str_of(path),
			.next = i + 1 < COUNT(many) ? &many[i + 1] : NULL };
	f.procs = (struct strlist){ many, NULL, COUNT(many) };
	kept_reset();
	shown_reset(-1);
	CHECK_NUM(2, common_show_facts(S("sbx-test"), &f, S("")), 125);
	CHECK_NUM(2, shown.w, 0);
	CHECK_TEXT(2, whole(&people), "sbx-test: the facts are longer than 16 KiB\n");
}

UNIT_MAIN("receipt", { "values and usage", values_and_usage },
    { "a row for each claim, and the verdict", one_row_each },
    { "whatever is in them", whatever_comes }, { "a refusal", refused }, { "runs", runs },
    { "where a fault comes from", position }, { "the plan for people", show_plan },
    { "the longest path", show_long_plan }, { "the facts", show_facts })
