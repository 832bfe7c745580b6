/* core/plan/groupfacts.c: what is known of control groups, as text and back. */
#include "grouping.h"
#include "plan/facts.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[4 << 20];
static char text[1 << 16];

static int
facts_of(struct cgfacts *f, struct err *e, struct str from)
{
	static struct arena a;
	const struct args_part more = { &cgfacts_table, f };
	struct facts rest;

	a = (struct arena){ mem, 0, sizeof(mem) };
	*f = (struct cgfacts){ .cpus = 3 };
	*e = (struct err){ 0 };
	return facts_read(&a, S("facts"), from, &rest, &more, e);
}

/* In the order in which they are written. */
static const char all[] = "cg_mount /sys/fs/cgroup\n"
			  "cg_readonly\n"
			  "cg_outside\n"
			  "cg_group /sys/fs/cgroup/a b\n"
			  "cg_controllers cpu memory\\012\n"
			  "cg_subtree\n"
			  "cg_type domain\\012\n"
			  "cg_procs 77\\01278\\012\n"
			  "cg_self 77\n"
			  "cg_writable\n"
			  "cg_delegated\n"
			  "cg_top\n"
			  "cg_chosen\n"
			  "cg_known #x\ty\\012cpu\t0\t9\t1\\012\n"
			  "cg_v1 pids /c/p\\134\\012\n"
			  "cg_systemd\n"
			  "cg_bpf\n"
			  "cg_page 65536\n"
			  "cg_above /sys/fs/cgroup/x\\040y cpu\\012\n"
			  "cg_above /sys/fs/cgroup \n";

static void
every_fact(void)
{
	struct cgfacts f;
	struct err e;
	struct buf b = BUF(text);

	CHECK_NUM(0, facts_of(&f, &e, S(all)), 0);
	CHECK_TEXT(0, f.mount, "/sys/fs/cgroup");
	CHECK_TEXT(0, f.base.path, "/sys/fs/cgroup/a b");
	CHECK_TEXT(0, f.base.controllers, "cpu memory\n");
	CHECK_TEXT(0, f.base.type, "domain\n");
	CHECK_TEXT(0, f.base.procs, "77\n78\n");
	CHECK_TEXT(0, f.proc_cgroups, "#x\ty\ncpu\t0\t9\t1\n");
	CHECK_TEXT(0, f.v1, "pids /c/p\\\n");
	CU_ASSERT(f.readonly && f.outside && f.chosen && f.systemd && f.bpf);
	CU_ASSERT(f.base.writable && f.base.delegated && f.base.top);
	CU_ASSERT(f.self == 77 && f.page == 65536 && f.nabove == 2);
	CHECK_TEXT(0, f.above[0].path, "/sys/fs/cgroup/x y");
	CHECK_TEXT(0, f.above[0].controllers, "cpu\n");
	CHECK_TEXT(0, f.above[1].path, "/sys/fs/cgroup");
	/* a file that is empty is not one that cannot be read */
	CU_ASSERT(f.base.subtree.p != NULL && f.base.subtree.n == 0);
	CHECK_NUM(0, f.cpus, 3);
	cgfacts_put(&b, &f);
	CHECK_STR(0, buf_str(&b), S(all));
	CU_ASSERT(str_eq(buf_str(&b), S(all)));
}

/* As read from a machine: the same plan comes of it. */
static void
machines(void)
{
	for (size_t first = 0; first < 2; first++) {
		static struct grouped g, again;
		struct buf b = BUF(text);
		char kept[8192];
		struct buf want = BUF(kept);
		struct err e;

		g.facts = first ? machine_first() : machine_delegated();
		CU_ASSERT_FATAL(grouped(&g, "-m 64M -p 9 -c 0.5 --idle-timeout 1s", 1));
		buf_put(&want, grouped_text(&g));
		cgfacts_put(&b, &g.facts);
		CHECK_NUM(first, facts_of(&again.facts, &e, buf_str(&b)), 0);
		CU_ASSERT_FATAL(grouped(&again, "-m 64M -p 9 -c 0.5 --idle-timeout 1s", 1));
		CU_ASSERT(want.n > 100 && str_eq(buf_str(&want), grouped_text(&again)));
		/* and without a file of the group the other way round */
		CHECK_NUM(first, again.facts.base.type.p == NULL, first);
	}
}

/* A machine that nothing is known of has no such hierarchy. */
static void
nothing(void)
{
	struct cgfacts f;
	struct err e;
	struct buf b = BUF(text);

	CHECK_NUM(0, facts_of(&f, &e, S("uid 0\n")), 0);
	CU_ASSERT(f.mount.n == 0 && f.base.procs.p == NULL && f.nabove == 0);
	cgfacts_put(&b, &f);
	CHECK_TEXT(0, buf_str(&b), "cg_self 0\ncg_page 0\n");
}

static void
wrong_texts(void)
{
	static const struct {
		const char *text;
		uint32_t line, col;
		const char *msg;
	} t[] = {
		{ "cg_mounts /c", 1, 1, "unknown fact \"cg_mounts\"; did you mean \"cg_mount\"?" },
		{ "cg_mount c", 1, 10, "\"c\" is a relative path, where an absolute one is due" },
		{ "cg_bpf 1", 1, 1, "\"cg_bpf\" stands alone on its line" },
		{ "cg_self 2147483648", 1, 9,
		    "\"2147483648\" is out of range; 0 to 2147483647 is due" },
		{ "cg_page x", 1, 9, "\"x\" is no whole number; decimal digits are due" },
		{ "uid 0\ncg_above", 2, 1, "\"\" is an empty path, where an absolute one is due" },
		{ "cg_above x cpu", 1, 10,
		    "\"x\" is a relative path, where an absolute one is due" },
		{ "cg_type a\ncg_type a", 2, 9, "given twice" },
	};
	struct cgfacts f;
	struct err e;
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, facts_of(&f, &e, str_of(t[i].text)), -1);
		CHECK_TOLD(i, &e, FAULT_CONFIG, t[i].line, t[i].col, "", t[i].msg);
	}
	for (int i = 0; i < 17; i++)
		buf_cstr(&b, "cg_above /c\n");
	CHECK_NUM(0, facts_of(&f, &e, buf_str(&b)), -1);
	CHECK_TOLD(0, &e, FAULT_CONFIG, 17, 10, "", "more than 16 groups");
}

/* Who knows no groups does not know their facts. */
static void
another_program(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct facts f;

	CHECK_NUM(0, facts_read(&a, S("facts"), S("cg_bpf\n"), &f, NULL, &e), -1);
	CHECK_NUM(0, e.fault, FAULT_CONFIG);
}

static void
an_exhausted_arena(void)
{
	struct cgfacts f = { .readonly = false };
	const struct args_part more = { &cgfacts_table, &f };
	struct facts rest;
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	size_t used;

	CHECK_NUM(0, facts_read(&a, S("facts"), S(all), &rest, &more, &e), 0);
	used = a.used;
	for (size_t cap = 0; cap < used; cap++) {
		a = (struct arena){ mem, 0, cap };
		f = (struct cgfacts){ .readonly = false };
		e = (struct err){ 0 };
		CHECK_NUM(cap, facts_read(&a, S("facts"), S(all), &rest, &more, &e), -1);
		CHECK_EXHAUSTED(cap, &e);
	}
}

UNIT_MAIN("groupfacts", { "every fact", every_fact }, { "machines", machines },
    { "nothing", nothing }, { "wrong texts", wrong_texts }, { "another program", another_program },
    { "an exhausted arena", an_exhausted_arena })
