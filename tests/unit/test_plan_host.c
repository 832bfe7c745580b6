/* Two promises of the plan that only a run shows to matter: nothing of the host's stage is left to
 * do once the box may go on, and the terminals' group is asked for only where there is one. */
#include "check.h"
#include "scene.h"
#include "unit.h"

static void
go_is_the_last(void)
{
	static const struct scene t[] = {
		{ .machine = MACHINE_ROOT },
		{ .machine = MACHINE_USER },
		{ .machine = MACHINE_OLD },
		{ .machine = MACHINE_ROOT, .words = "--no-init" },
		{ .machine = MACHINE_ROOT, .none = true },
		{ .machine = MACHINE_ROOT, .words = "--user inherit" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = t[i];
		size_t n = 0;

		CU_ASSERT_FATAL(scene_plan(&sc) != NULL);
		while (n < sc.plan->n && sc.plan->op[n].stage == STAGE_HOST)
			n++;
		CU_ASSERT_FATAL(n > 0);
		CHECK_NUM(i, sc.plan->op[n - 1].kind, OP_GO);
	}
}

/* The payload may run by then: a failure could no longer be a refusal. */
static void
lint_refuses_more(void)
{
	struct scene sc = { .machine = MACHINE_ROOT };
	struct op *op;
	size_t go = 0;

	CU_ASSERT_FATAL(scene_plan(&sc) != NULL);
	CU_ASSERT_EQUAL(plan_lint(sc.plan, &sc.err), 0);
	op = sc.plan->op;
	while (op[go].kind != OP_GO)
		go++;
	CU_ASSERT_FATAL(op[go - 1].kind == OP_CAPS_NONE);
	op[go - 1].kind = OP_GO;
	op[go].kind = OP_CAPS_NONE;
	CU_ASSERT_EQUAL(plan_lint(sc.plan, &sc.err), -1);
	CU_ASSERT(str_ends((struct str){ sc.err.msg, sc.err.nmsg },
	    S("(capabilities): the box has gone on")));
}

static struct idrange range;

static void
set_gids(struct facts *f, const struct box *box)
{
	(void)box;
	f->gids[0] = range;
}

static const char *
terminals(const struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->op[i].kind == OP_MOUNT && str_eq(str_of(p->op[i].text), S("devpts")))
			return p->op[i].text3;
	return "";
}

static void
terminal_group(void)
{
	static const struct {
		enum machine machine;
		const char *words;
		struct idrange gids;
		bool group;
	} t[] = {
		{ MACHINE_ROOT, "", { 0, 0, UINT32_MAX }, true },
		{ MACHINE_ROOT, "", { 0, 1000, 1 }, false },
		{ MACHINE_ROOT, "", { 0, 1000, 5 }, false },
		{ MACHINE_ROOT, "", { 0, 1000, 6 }, true },
		{ MACHINE_ROOT, "", { 5, 1000, 1 }, true },
		{ MACHINE_ROOT, "", { 6, 1000, 100 }, false },
		{ MACHINE_ROOT, "--user inherit", { 0, 1000, 1 }, false },
		{ MACHINE_ROOT, "--user inherit", { 0, 1000, 6 }, true },
		/* a joined user namespace: nobody knows whom it has */
		{ MACHINE_ROOT, "--user /ns/user", { 0, 0, UINT32_MAX }, false },
		{ MACHINE_USER, "", { 0, 0, UINT32_MAX }, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct scene sc = { .machine = t[i].machine,
			.words = t[i].words,
			.change = set_gids };

		range = t[i].gids;
		CU_ASSERT_FATAL(scene_plan(&sc) != NULL);
		CHECK_NUM(i, str_ends(str_of(terminals(sc.plan)), S(",gid=5")), t[i].group);
	}
}

UNIT_MAIN("plan_host", { "go is the last", go_is_the_last },
    { "the lint refuses more", lint_refuses_more }, { "the terminals' group", terminal_group })
