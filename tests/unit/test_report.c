/* core/cli/report.c: events, one JSON object a line, and lines for people. */
#include "goodplans.h"
#include "reporting.h"
#include "unit.h"

#include <errno.h>

static struct planned p;
static const struct report report = { { "sbx-test", 8 }, REPORT_FD };
static const struct report silent = { { "sbx-test", 8 }, -1 };

/* Bytes that JSON makes the most of: six for one. */
static char nasty[5000];

static void
fill_nasty(size_t n)
{
	for (size_t i = 0; i < n; i++)
		nasty[i] = (char)("\x01\x1f\"\\\x7f\xff\xc3(\n"[i % 9]);
	nasty[n] = '\0';
}

static void
plan_events(void)
{
	kept_reset();
	CU_ASSERT_FATAL(good_plan(&p, 5));
	report_plan(&report, p.plan);
	CHECK_NUM(0, events.w, p.plan->n);
	for (size_t i = 0; i < p.plan->n; i++) {
		const struct value *v = kept_event(i, "plan");
		char text[32], line[256];
		struct buf n = BUF(text), b = BUF(line);

		buf_uint(&n, i);
		op_put(&b, &p.plan->op[i]);
		CHECK_STR(i, member_of(v, "op"), buf_str(&n));
		CHECK_STR(i, member_of(v, "name"), op_name((enum op_kind)p.plan->op[i].kind));
		CHECK_STR(i, member_of(v, "stage"),
		    stage_name((enum plan_stage)p.plan->op[i].stage));
		CHECK_STR(i, member_of(v, "text"), str_slice(buf_str(&b), 6, b.n));
		CHECK_TEXT(i, member_of(v, "cut"), "(none)");
	}
	CHECK_NUM(0, poll_waited, 0);
}

/* What is too long for a line is cut, and says so; the line is whole. */
static void
long_paths(void)
{
	static char path[LIMIT_PATH + 1];
	struct op op = { .kind = OP_TREE, .stage = STAGE_BOX, .text = path, .a = 0, .b = NO_SLOT };
	struct plan plan = { .op = &op, .n = 1 };
	const struct value *v;

	kept_reset();
	memset(path, 'x', 3000);
	report_plan(&report, &plan);
	CHECK_TEXT(0, member_of(kept_event(0, "plan"), "cut"), "(none)");
	memset(path, 'x', sizeof(path) - 1);
	report_plan(&report, &plan);
	v = kept_event(1, "plan");
	CHECK_NUM(0, value_get(v, S("cut"))->truth, true);
	CU_ASSERT(member_of(v, "text").n > 3000);
	CU_ASSERT(str_starts(member_of(v, "text"), S("open_tree xxxx")));
	for (size_t n = 1; n < LIMIT_PATH; n += 37) {
		fill_nasty(n);
		op.text = nasty;
		report_plan(&report, &plan);
		kept_event(events.w - 1, "plan");
	}
	CHECK_NUM(0, events.w, 2 + (LIMIT_PATH + 35) / 37);
}

static void
claim_events(void)
{
	const struct verdict v = { .leaf = true };
	const struct value *e, *list, *c;

	kept_reset();
	CU_ASSERT_FATAL(good_plan(&p, 3));
	report_enforced(&report, p.plan, &v);
	CHECK_NUM(0, events.w, 1);
	e = kept_event(0, "enforced");
	list = value_get(e, S("restrictions"));
	CU_ASSERT_FATAL(list != NULL && list->kind == VALUE_ARRAY);
	CHECK_NUM(0, list->count, p.plan->nclaims);
	c = list->first;
	for (size_t i = 0; i < p.plan->nclaims; i++, c = c->next) {
		const struct claim *claim = &p.plan->claim[i];

		CHECK_STR(i, member_of(c, "name"), claim->name);
		CHECK_STR(i, member_of(c, "requested"), claim->needed ? S("needed") : S("wanted"));
		CHECK_STR(i, member_of(c, "mechanism"), claim->mechanism);
		CHECK_STR(i, member_of(c, "state"), claim_state_name(claim->state));
		CHECK_STR(i, member_of(c, "detail"), claim->detail);
	}
}

/* The group that could not be made makes it best effort, and only that. */
static void
leaf_outcome(void)
{
	const struct claim *tree, *user;

	CU_ASSERT_FATAL(good_plan(&p, 3));
	tree = find_claim(p.plan, "tree");
	user = find_claim(p.plan, "user");
	CHECK_NUM(0, claim_outcome(tree, true), CLAIM_ENFORCED);
	CHECK_NUM(0, claim_outcome(tree, false), CLAIM_BEST_EFFORT);
	CHECK_STR(0, claim_detail(tree, true), S("one kill ends every process of the box"));
	CHECK_STR(0, claim_detail(tree, false),
	    S("best effort: a process that leaves its session may survive"));
	CHECK_NUM(1, claim_outcome(user, false), CLAIM_NOT_ASKED);
	CHECK_STR(1, claim_detail(user, false), user->detail);
}

/* A limit that nobody asked for, and that the kernel has no value of; one that is needed was read
 * back, or there would be no box. */
static void
lacking(void)
{
	struct claim c = { .detail = S("none"),
		.otherwise = S("no such file"),
		.state = CLAIM_ENFORCED,
		.op = UINT32_MAX,
		.took = "" };

	CHECK_NUM(0, claim_outcome(&c, true), CLAIM_DROPPED);
	CHECK_NUM(0, claim_outcome(&c, false), CLAIM_DROPPED);
	CHECK_TEXT(0, claim_detail(&c, true), "no such file");
	/* nor where there is no group: nothing of it is there */
	c.op = 0;
	CHECK_NUM(1, claim_outcome(&c, true), CLAIM_DROPPED);
	CHECK_NUM(1, claim_outcome(&c, false), CLAIM_DROPPED);
	CHECK_TEXT(1, claim_detail(&c, false), "no such file");
	c.took = "0";
	CHECK_NUM(2, claim_outcome(&c, true), CLAIM_ENFORCED);
	CHECK_TEXT(2, claim_detail(&c, true), "none");
	c.took = "";
	c.needed = true;
	CHECK_NUM(3, claim_outcome(&c, true), CLAIM_ENFORCED);
	CHECK_TEXT(3, claim_detail(&c, true), "none");
}

/* As many claims as there are, in as many lines as they take; each told once and in order. */
static void
many_claims(void)
{
	static struct claim claims[400];
	static char detail[400][16];
	struct plan plan = { .claim = claims, .nclaims = COUNT(claims) };
	const struct verdict v = { .leaf = false };
	size_t told = 0;

	kept_reset();
	for (size_t i = 0; i < COUNT(claims); i++) {
		snprintf(detail[i], sizeof(detail[i]), "/path/%zu", i);
		claims[i] = (struct claim){ .name = S("bind"),
			.mechanism = S("mount"),
			.detail = str_of(detail[i]),
			.op = UINT32_MAX };
	}
	report_enforced(&report, &plan, &v);
	CU_ASSERT(events.w > 5 && events.w < 40);
	for (size_t w = 0; w < events.w; w++) {
		const struct value *c =
		    value_get(kept_event(w, "enforced"), S("restrictions"))->first;

		CU_ASSERT(c != NULL);
		for (; c != NULL; c = c->next, told++)
			CHECK_STR(told, member_of(c, "detail"), str_of(detail[told]));
	}
	CHECK_NUM(0, told, COUNT(claims));
}

/* One that fits no line whole is cut, and says so; none is left out. */
static void
long_claims(void)
{
	struct claim claims[3];
	struct plan plan = { .claim = claims, .nclaims = COUNT(claims) };
	const struct verdict v = { .leaf = false };

	for (size_t n = 1; n < sizeof(nasty); n += 61) {
		size_t told = 0, cuts = 0;

		kept_reset();
		fill_nasty(n);
		for (size_t i = 0; i < COUNT(claims); i++)
			claims[i] = (struct claim){ .name = S("bind"),
				.mechanism = S("mount"),
				.detail = i == 1 ? (struct str){ nasty, n } : S("short"),
				.op = UINT32_MAX };
		report_enforced(&report, &plan, &v);
		for (size_t w = 0; w < events.w; w++) {
			const struct value *e = kept_event(w, "enforced");
			const struct value *c = value_get(e, S("restrictions"))->first;

			for (; c != NULL; c = c->next, told++)
				cuts += value_get(c, S("cut")) != NULL;
		}
		CHECK_NUM(n, told, COUNT(claims));
		CHECK_NUM(n, cuts, n > 1100 ? 1 : n < 1000 ? 0 : cuts);
	}
}

static void
small_events(void)
{
	kept_reset();
	report_started(&report);
	report_limit(&report, S("timeout"));
	kept_event(0, "started");
	CHECK_TEXT(0, member_of(kept_event(1, "limit"), "limit"), "timeout");
	CHECK_NUM(0, events.w, 2);
}

static void
listener(void)
{
	struct told told = { &report, NULL, S("") };
	struct verdict v = { .cause = CAUSE_TIMEOUT };

	kept_reset();
	CU_ASSERT_FATAL(good_plan(&p, 0));
	told.plan = p.plan;
	CU_ASSERT(report_listener(&silent) == NULL);
	CU_ASSERT_FATAL(report_listener(&report) == report_event);
	report_event(&told, BOX_ENFORCED, &v);
	report_event(&told, BOX_STARTED, &v);
	report_event(&told, BOX_LIMIT, &v);
	kept_event(0, "enforced");
	kept_event(1, "started");
	CHECK_TEXT(0, member_of(kept_event(2, "limit"), "limit"), "timeout");
	/* by its own name, whatever the cause will be called */
	v.cause = CAUSE_CPU_TIME;
	report_event(&told, BOX_LIMIT, &v);
	CHECK_TEXT(0, member_of(kept_event(3, "limit"), "limit"), "cpu-time");
	v.cause = CAUSE_WATCH_PIDS;
	report_event(&told, BOX_LIMIT, &v);
	CHECK_TEXT(0, member_of(kept_event(4, "limit"), "limit"), "pids");
}

/* What the kernel reports, where that is known. */
static void
values(void)
{
	static char took[TOOK_ROOM], full[TOOK_ROOM];
	static struct claim claims[] = {
		{ .name = { "memory", 6 },
		    .mechanism = { "cgroup", 6 },
		    .detail = { "64M", 3 },
		    .took = took,
		    .op = UINT32_MAX },
		{ .name = { "cpu", 3 },
		    .mechanism = { "cgroup", 6 },
		    .detail = { "1", 1 },
		    .op = UINT32_MAX },
		{ .name = { "bind", 4 },
		    .mechanism = { "mount", 5 },
		    .detail = { nasty, 4900 },
		    .took = full,
		    .op = UINT32_MAX },
	};
	const struct plan plan = { .claim = claims, .nclaims = COUNT(claims) };
	const struct verdict v = { .leaf = true };
	const struct value *c;

	fill_nasty(4900);
	memset(full, '\x01', sizeof(full) - 1);
	/* not yet */
	kept_reset();
	report_enforced(&report, &plan, &v);
	c = value_get(kept_event(0, "enforced"), S("restrictions"))->first;
	CHECK_TEXT(0, member_of(c, "value"), "(none)");
	snprintf(took, sizeof(took), "67108864");
	kept_reset();
	report_enforced(&report, &plan, &v);
	CHECK_NUM(0, events.w, 2);
	c = value_get(kept_event(0, "enforced"), S("restrictions"))->first;
	CHECK_TEXT(0, member_of(c, "value"), "67108864");
	CHECK_TEXT(0, member_of(c->next, "value"), "(none)");
	/* the longest one beside the longest detail */
	c = value_get(kept_event(1, "enforced"), S("restrictions"))->first;
	CHECK_STR(0, member_of(c, "value"), str_of(full));
	CU_ASSERT(member_of(c, "detail").n > 500 && value_get(c, S("cut")) != NULL);
}

/* What is known besides stands last, in what room there is. */
static size_t room;

static void
put_room(struct jsonw *w, const struct verdict *v)
{
	CU_ASSERT(v->gauge == NULL);
	room = w->buf->cap - w->buf->n;
	jsonw_member(w, "besides", S("this"));
}

static void
besides(void)
{
	static const struct gauging by = { .put_json = put_room };
	const struct verdict v = { .cause = CAUSE_SETUP, .op = UINT32_MAX, .by = &by };
	struct ending end = { .verdict = &v };
	struct err e = { 0 };

	for (int full = 0; full < 2; full++) {
		fill_nasty(full == 1 ? 4000 : 1);
		err_system(&e, ENOMEM, "%", str_of(nasty));
		e.file = str_of(nasty);
		end.err = &e;
		end.outcome = S("bad-reply");
		end.reason = end.object = str_of(nasty);
		end.call = S("mount_setattr");
		kept_reset();
		report_ended(&report, &end);
		CHECK_NUM(0, events.w, 1);
		CHECK_TEXT(0, member_of(kept_event(0, "ended"), "besides"), "this");
		/* the least that there is for the figures of a group */
		CU_ASSERT(room > 100 && room < 4096);
	}
}

/* The verdict, with what belongs to it and nothing else. */
static void
ended(void)
{
	static const struct {
		struct verdict v;
		const char *stage, *cause, *status, *signal, *usage;
	} t[] = {
		{ { .cause = CAUSE_EXIT, .status = 3, .started = true, .wall = 7 }, "run", "exit",
		    "3", "(none)", "7" },
		{ { .cause = CAUSE_SIGNAL, .status = 9, .started = true }, "run", "signal", "137",
		    "9", "0" },
		{ { .cause = CAUSE_TIMEOUT, .started = true }, "run", "timeout", "124", "(none)",
		    "0" },
		{ { .cause = CAUSE_CPU_TIME, .started = true }, "run", "timeout", "124", "(none)",
		    "0" },
		{ { .cause = CAUSE_IDLE, .started = true }, "run", "idle-timeout", "124", "(none)",
		    "0" },
		{ { .cause = CAUSE_OOM, .status = 9, .started = true }, "run", "oom", "137",
		    "(none)", "0" },
		{ { .cause = CAUSE_PIDS, .status = 2, .started = true }, "run", "pids", "2",
		    "(none)", "0" },
		{ { .cause = CAUSE_WATCH_MEMORY, .started = true }, "run", "killed", "137",
		    "(none)", "0" },
		{ { .cause = CAUSE_REFUSED }, "parse", "refused", "125", "(none)", NULL },
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX }, "setup", "setup-failed", "125",
		    "(none)", NULL },
		{ { .cause = CAUSE_NO_EXEC, .absent = true }, "exec", "setup-failed", "127",
		    "(none)", NULL },
	};
	const struct err none = { 0 };

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct value *v;

		kept_reset();
		report_ended(&report, &(struct ending){ .verdict = &t[i].v, .err = &none });
		CHECK_NUM(i, events.w, 1);
		v = kept_event(0, "ended");
		CHECK_STR(i, member_of(v, "stage"), str_of(t[i].stage));
		CHECK_STR(i, member_of(v, "cause"), str_of(t[i].cause));
		CHECK_STR(i, member_of(v, "status"), str_of(t[i].status));
		CHECK_STR(i, member_of(v, "signal"), str_of(t[i].signal));
		CU_ASSERT((value_get(v, S("usage")) == NULL) == (t[i].usage == NULL));
		if (t[i].usage != NULL)
			CHECK_STR(i, member_of(value_get(v, S("usage")), "wall_us"),
			    str_of(t[i].usage));
		CHECK_TEXT(i, member_of(v, "error"), "(none)");
		CHECK_TEXT(i, member_of(v, "survivors"), "(none)");
		CHECK_TEXT(i, member_of(v, "outcome"), "(none)");
		CHECK_TEXT(i, member_of(v, "reason"), "(none)");
	}
}

static void
ended_with_fault(void)
{
	struct verdict v = { .cause = CAUSE_SETUP, .sysno = EPERM, .survivors = 2 };
	struct err e = { 0 };
	const struct value *got;
	struct ending end;

	kept_reset();
	CU_ASSERT_FATAL(good_plan(&p, 0));
	v.op = (uint32_t)find_op(p.plan, OP_MOUNT, 0);
	err_system(&e, EPERM, "cannot mount tmpfs");
	end = ending_of(p.plan, &v, &e);
	end.outcome = S("refused");
	end.reason = S("because");
	report_ended(&report, &end);
	got = kept_event(0, "ended");
	CHECK_TEXT(0, member_of(got, "outcome"), "refused");
	CHECK_TEXT(0, member_of(got, "reason"), "because");
	CHECK_TEXT(0, member_of(got, "error"), "cannot mount tmpfs: Operation not permitted");
	CHECK_TEXT(0, member_of(got, "errno"), "EPERM");
	CHECK_TEXT(0, member_of(got, "syscall"), "mount");
	CHECK_TEXT(0, member_of(got, "object"), "tmpfs");
	CHECK_TEXT(0, member_of(got, "survivors"), "2");

	/* no operation of the plan's */
	v.op = (uint32_t)p.plan->n;
	end = ending_of(p.plan, &v, &e);
	report_ended(&report, &end);
	CHECK_TEXT(1, member_of(kept_event(1, "ended"), "syscall"), "(none)");
	/* no plan at all; no system call */
	e = (struct err){ 0 };
	err_refused(&e, POS_NONE, "no");
	v.op = 0;
	end = ending_of(NULL, &v, &e);
	report_ended(&report, &end);
	CHECK_TEXT(2, member_of(kept_event(2, "ended"), "error"), "no");
	CHECK_TEXT(2, member_of(kept_event(2, "ended"), "errno"), "(none)");
	CHECK_TEXT(2, member_of(kept_event(2, "ended"), "syscall"), "(none)");
	err_system(&e, EPERM, "no");
	report_ended(&report, &(struct ending){ .verdict = &v, .err = &e });
	CHECK_TEXT(3, member_of(kept_event(3, "ended"), "error"), "no");
	CHECK_TEXT(3, member_of(kept_event(3, "ended"), "syscall"), "(none)");
}

/* Whatever a payload puts into its reply, and however long names are: the verdict is told. */
static void
ended_whatever(void)
{
	struct verdict v = { .cause = CAUSE_SIGNAL,
		.status = 64,
		.started = true,
		.survivors = UINT32_MAX,
		.wall = UINT64_MAX,
		.op = 0,
		.usage = { .ru_maxrss = INT64_MAX } };
	struct op op = { .kind = OP_CLOEXEC, .text = nasty };
	struct plan plan = { .op = &op, .n = 1 };

	for (size_t n = 1; n < sizeof(nasty); n += 43) {
		struct err e = { .file = { nasty, n }, .pos = { UINT32_MAX, UINT32_MAX } };
		const struct value *got;
		struct ending end;

		kept_reset();
		fill_nasty(n);
		err_path(&e, (struct str){ nasty, n });
		err_system(&e, ENAMETOOLONG, "%", (struct str){ nasty, n });
		end = ending_of(&plan, &v, &e);
		end.outcome = S("not-executable");
		end.reason = (struct str){ nasty, n };
		report_ended(&report, &end);
		CHECK_NUM(n, events.w, 1);
		got = kept_event(0, "ended");
		CU_ASSERT(value_get(got, S("reason"))->text.n > 0);
		CU_ASSERT(value_get(got, S("error"))->text.n > 0);
		CU_ASSERT(value_get(got, S("object"))->text.n > 0);
		CHECK_TEXT(n, member_of(got, "cause"), "signal");
		CU_ASSERT(value_get(got, S("usage")) != NULL);
	}
}

/* Never waited for, never written to when that could end us. */
static void
slow_reader(void)
{
	static const struct {
		int gives;
		short events;
		size_t writes;
	} t[] = {
		{ 1, POLLOUT, 1 },
		{ 0, 0, 0 },
		{ -EINTR, POLLOUT, 0 },
		{ 1, POLLERR, 0 },
		{ 1, POLLOUT | POLLERR, 0 }, /* a pipe without a reader: SIGPIPE */
		{ 1, POLLOUT | POLLHUP, 0 },
		{ 1, POLLNVAL, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		kept_reset();
		poll_gives = t[i].gives;
		poll_events = t[i].events;
		report_started(&report);
		CHECK_NUM(i, events.w, t[i].writes);
		CHECK_NUM(i, poll_waited, 0);
	}
}

static void
nobody_listens(void)
{
	struct verdict v = { .cause = CAUSE_EXIT };
	struct err e = { 0 };

	kept_reset();
	CU_ASSERT_FATAL(good_plan(&p, 0));
	report_plan(&silent, p.plan);
	report_enforced(&silent, p.plan, &v);
	report_started(&silent);
	report_limit(&silent, S("x"));
	report_ended(&silent, &(struct ending){ .verdict = &v, .err = &e });
	CHECK_NUM(0, events.w + people.w, 0);
}

/* An event that does not fit at all is none: half a line would make the next one unreadable. */
static void
no_half_line(void)
{
	struct report odd = { { nasty, 4990 }, REPORT_FD };

	kept_reset();
	fill_nasty(4990);
	report_started(&odd);
	CHECK_NUM(0, events.w, 0);
}

static void
notes(void)
{
	kept_reset();
	report_note(S("sbx-test"), S("all is\twell\x1b[2J \xff\\x00 \xc3\xa4"));
	CHECK_TEXT(0, kept_line(&people, 0),
	    "sbx-test: all is\\x09well\\x1b[2J \\xff\\x00 \xc3\xa4");
	for (size_t n = 1; n < sizeof(nasty); n += 97) {
		kept_reset();
		fill_nasty(n);
		report_note(S("sbx-test"), (struct str){ nasty, n });
		CU_ASSERT(kept_line(&people, 0).n > 0);
		/* in one write, which a pipe has room for when it is said to have any */
		CHECK_NUM(n, people.w, 1);
		CU_ASSERT(people.n <= LIMIT_REPORT_LINE);
	}
}

/* Somebody who never reads is told nothing; a poll that fails is no reason to be silent. */
static void
unread_notes(void)
{
	static const struct {
		int gives;
		size_t writes;
	} t[] = { { 1, 1 }, { 0, 0 }, { -EINTR, 1 } };
	struct err e = { 0 };

	err_refused(&e, POS_NONE, "no");
	for (size_t i = 0; i < COUNT(t); i++) {
		kept_reset();
		note_gives = t[i].gives;
		report_note(S("sbx-test"), S("text"));
		CHECK_NUM(i, people.w, t[i].writes);
		report_error(S("sbx-test"), &e);
		CHECK_NUM(i, people.w, 2 * t[i].writes);
		CHECK_NUM(i, note_polls, 2);
	}
}

static void
errors(void)
{
	struct err e = { .file = S("box.json"), .pos = { 3, 7 } };

	kept_reset();
	err_path(&e, S("$.x"));
	err_put(&e, FAULT_CONFIG, (struct pos){ 3, 7 }, TEXT("unknown key"));
	report_error(S("sbx-test"), &e);
	CHECK_TEXT(0, kept_line(&people, 0), "sbx-test: box.json:3:7: $.x: unknown key");
	/* a file's name does not push the fault out of its line */
	for (size_t n = 1; n < sizeof(nasty); n += 97) {
		kept_reset();
		fill_nasty(n);
		e.file = (struct str){ nasty, n };
		report_error(S("sbx-test"), &e);
		CU_ASSERT(str_ends(kept_line(&people, 0), S(":3:7: $.x: unknown key")));
	}
}

UNIT_MAIN("report", { "a limit that is lacking", lacking }, { "values", values },
    { "besides", besides }, { "the plan", plan_events }, { "long paths", long_paths },
    { "what is enforced", claim_events }, { "a group that was not made", leaf_outcome },
    { "many claims in several lines", many_claims }, { "claims that fit no line", long_claims },
    { "started, limit", small_events }, { "the listener", listener }, { "the verdict", ended },
    { "the verdict with a fault", ended_with_fault },
    { "the verdict whatever comes", ended_whatever }, { "a slow or closed reader", slow_reader },
    { "no descriptor", nobody_listens }, { "no half line", no_half_line }, { "notes", notes },
    { "notes that nobody reads", unread_notes }, { "errors", errors })
