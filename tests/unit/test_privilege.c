/* core/plan/privilege.c: what rights the payload is left with. */
#include "planning.h"
#include "sys/uapi.h"
#include "unit.h"

static struct planned p;

/* The last of all before the payload's process, and in this order. */
static void
dropped(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "box   securebits\nbox   capabilities\nbox   no_new_privs\nbox   spawn");
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_SECUREBITS, 0)].num, K_SECUREBITS_LOCKED);
	CHECK_CLAIM(0, &p, "capabilities", "enforced needed: capset, securebits, none");
	CHECK_CLAIM(0, &p, "no_new_privs", "enforced needed: prctl, set: no exec gives any back");
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_LINES(&p, "box   no_new_privs\nexec  sigmask");
	CU_ASSERT_FATAL(planned(&p, "--user inherit") != NULL);
	CHECK_LINES(&p, "box   securebits\nbox   capabilities\nbox   no_new_privs\nbox   spawn");
	p.level = LEVEL_NAMESPACED;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "box   securebits\nbox   capabilities\nbox   no_new_privs\nbox   spawn");
}

/* Without any capability the bits cannot be locked, and are not claimed to be. */
static void
without(void)
{
	const char *nothing_new = "--user inherit --mount inherit --pid inherit --net inherit "
				  "--ipc inherit --uts inherit --cgroup inherit --time inherit";

	p = (struct planned){ .facts = machine_nobody() };
	CU_ASSERT_FATAL(planned(&p, nothing_new) != NULL);
	CHECK_LINES(&p, "box   chdir /home/me if possible\n"
			"box   capabilities\n"
			"box   no_new_privs\n"
			"exec  sigmask");
	CHECK_NUM(0, count_ops(p.plan, OP_SECUREBITS), 0);
	CHECK_CLAIM(0, &p, "capabilities", "enforced needed: capset, none");
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_CLAIM(1, &p, "capabilities", "enforced needed: capset, securebits, none");
	CU_ASSERT_FATAL(planned(&p, "--user /n/u") != NULL);
	CHECK_CLAIM(2, &p, "capabilities", "enforced needed: capset, securebits, none");
	p.facts = machine_root();
	CU_ASSERT_FATAL(planned(&p, nothing_new) != NULL);
	CHECK_CLAIM(3, &p, "capabilities", "enforced needed: capset, securebits, none");
}

static void
kept(void)
{
	p = (struct planned){ .facts = machine_root(), .level = LEVEL_NONE };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_NUM(0,
	    count_ops(p.plan, OP_CAPS_NONE) + count_ops(p.plan, OP_SECUREBITS) +
		count_ops(p.plan, OP_NO_NEW_PRIVS),
	    0);
	CHECK_CLAIM(0, &p, "privileges",
	    "open wanted: none, kept: level none does not change them");
	p.box.keeps = S("handed on to the next link");
	CU_ASSERT_FATAL(planned_again(&p) != NULL);
	CHECK_CLAIM(1, &p, "privileges", "open wanted: none, handed on to the next link");
	CHECK_CLAIM(0, &p, "capabilities", "(none)");
	CHECK_CLAIM(0, &p, "no_new_privs", "(none)");
}

UNIT_MAIN("privilege", { "all are dropped", dropped }, { "where there are none", without },
    { "level none keeps them", kept })
