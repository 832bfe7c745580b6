/* core/plan/actions.c, mounts.c: binds and file systems in memory, and the mount points for
 * them. */
#include "planning.h"
#include "unit.h"

static struct planned p;

static void
kinds(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(
	    planned(&p, "--ro /a --rw /b --bind /c /d --tmp /e:size=1M,mode=0700") != NULL);
	CHECK_LINES(&p, "box   open_tree /a -> # recursive\n"
			"box   mount_setattr ro,nosuid,nodev # recursive\n"
			"box   target a -> # in #\n"
			"box   move_mount # on #\n"
			"box   open_tree /b -> # recursive\n"
			"box   mount_setattr nosuid,nodev # recursive\n"
			"box   writable /b #\n"
			"box   target b -> # in #\n"
			"box   move_mount # on #\n"
			"box   open_tree /c -> # recursive\n"
			"box   mount_setattr nosuid,nodev # recursive\n"
			"box   target d -> # in #\n"
			"box   move_mount # on #\n"
			"box   target e -> # in #\n"
			"box   enter #\n"
			"box   mount tmpfs . size=1048576,nr_inodes=16384,mode=700 nosuid,nodev #");
	CHECK_CLAIM(0, &p, "read-only", "enforced needed: mount, /a");
	CHECK_CLAIM(0, &p, "writable", "enforced needed: mount, /b");
	CHECK_CLAIM(0, &p, "bind", "enforced needed: mount, /d");
	CHECK_CLAIM(0, &p, "tmpfs", "enforced needed: mount, /e");
	/* each operation says what asked for it */
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_WRITABLE, 0)].pos.col, 3);
}

static size_t
next_move(const struct plan *plan, size_t i)
{
	do
		i = find_op(plan, OP_MOVE, i + 1);
	while (i < plan->n && plan->op[i].text != NULL);
	return i;
}

/* Afterwards "/" would be two mounts, the upper of which is ours. */
static void
early_clones(void)
{
	char words[512] = "";
	size_t tree, move;

	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--bind / /a --bind /x /c --bind / /b") != NULL);
	CHECK_LINES(&p, "box   open_tree / -> # recursive\n"
			"box   open_tree / -> # recursive\n"
			"box   open_tree / -> # recursive\n"
			"box   mount_setattr ro,nosuid,nodev # recursive\n"
			"box   attach-root #");
	/* the first taken is the first attached, and the last is the root */
	tree = find_op(p.plan, OP_TREE, 0);
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_MOVE_ROOT, 0)].a, p.plan->op[tree + 2].a);
	move = next_move(p.plan, tree);
	CHECK_NUM(0, p.plan->op[move].a, p.plan->op[tree].a);
	move = next_move(p.plan, next_move(p.plan, move));
	CHECK_NUM(0, p.plan->op[move].a, p.plan->op[tree + 1].a);

	for (size_t i = 0; i < 16; i++)
		sprintf(words + strlen(words), "--bind / /%zu ", i);
	CU_ASSERT(planned(&p, words) != NULL);
	CHECK_NUM(1, count_ops(p.plan, OP_TREE), 16 + 7);
	strcat(words, "--bind / /x");
	CHECK_REFUSED(1, &p, words, "\"/\" is bound more than 16 times");
	CHECK_NUM(1, p.err.pos.col, 49);
	/* that is the root itself */
	CU_ASSERT_FATAL(planned(&p, "--rw / --bind / /x") != NULL);
	CHECK_NUM(2, count_ops(p.plan, OP_TREE), 2 + 6);
}

/* Mount points are made in what is ours, and nowhere else. */
static void
points(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(
	    planned(&p, "--tmp /t --bind /a /t/x/y --tmp /t/x/z --ro /t/x/z/q") != NULL);
	CHECK_LINES(&p,
	    "box   target t -> # in #\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=67108864,nr_inodes=16384,mode=1777 nosuid,nodev #\n"
	    "box   target t -> # in #\n"
	    "box   open_tree /a -> # recursive\n"
	    "box   mount_setattr nosuid,nodev # recursive\n"
	    "box   mkdir x mode 755 in # if possible\n"
	    "box   mount-point x/y # in # if possible\n"
	    "box   target t/x/y -> # in #\n"
	    "box   move_mount # on #\n"
	    "box   mkdir x mode 755 in # if possible\n"
	    "box   mount-point x/z in # if possible\n"
	    "box   target t/x/z -> # in #\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=67108864,nr_inodes=16384,mode=1777 nosuid,nodev #\n"
	    "box   target t/x/z -> # in #\n"
	    "box   open_tree /t/x/z/q -> # recursive\n"
	    "box   mount_setattr ro,nosuid,nodev # recursive\n"
	    "box   mount-point q # in # if possible\n"
	    "box   target t/x/z/q -> # in #\n"
	    "box   move_mount # on #");
	/* without anything in it, a file system is not looked up again */
	CU_ASSERT_FATAL(planned(&p, "--tmp /t --tmp /tt --bind /a /t-/x") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_POINT), 6);
	CHECK_LINES(&p,
	    "box   mount tmpfs . size=67108864,nr_inodes=16384,mode=1777 nosuid,nodev #\n"
	    "box   target tt -> # in #");
}

static void
no_points(void)
{
	static const char *const t[] = {
		"--bind /a /b/c",          /* the host's */
		"--bind /a /b --tmp /b/c", /* what is bound */
		"--tmp /t --bind /a /t/b --bind /c /t/b/d --tmp /t/b/e/f",
		"--rw /run --bind /a /run/x",
		"--rw /dev --tmp /dev/x/y",
		/* through the links of our /dev the way leads elsewhere */
		"--tmp /dev/fd/3",
		"--tmp /dev/stdin/x",
		"--bind /a /dev/stdout/x/y",
		"--ro /dev/stderr/x",
		"--tmp /dev/ptmx/x",
	};
	static const size_t made[] = { 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 };

	p = (struct planned){ .facts = machine_root() };
	for (size_t i = 0; i < COUNT(t); i++) {
		CU_ASSERT_FATAL(planned(&p, t[i]) != NULL);
		CHECK_NUM(i, count_ops(p.plan, OP_POINT), 6 + made[i]);
		CHECK_NUM(i, count_ops(p.plan, OP_MKDIR), 2);
	}
	CU_ASSERT_FATAL(planned(&p, "--tmp /dev/fd --tmp /dev/stdinx/y --bind /a /dev/x") != NULL);
	CHECK_NUM(20, count_ops(p.plan, OP_POINT), 6 + 3);
	CU_ASSERT_FATAL(planned(&p, "--bind /a /run/x/y --tmp /run/x/z") != NULL);
	CHECK_LINES(&p, "box   open_tree /a -> # recursive\n"
			"box   mount_setattr nosuid,nodev # recursive\n"
			"box   mkdir x mode 755 in # if possible\n"
			"box   mount-point x/y # in # if possible");
	CHECK_NUM(21, count_ops(p.plan, OP_POINT), 6 + 2);
}

/* Looked up again, its path could lead through a link to what has been bound over it: the slot that
 * was taken when it was new is what mount points are made in. */
static void
area_slot(void)
{
	size_t mount, area, point;

	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--tmp /t --bind /a /link --tmp /t/x") != NULL);
	mount = find_op(p.plan, OP_ATTR, find_op(p.plan, OP_MOVE_ROOT, 0));
	point = find_op(p.plan, OP_POINT, 0);
	for (size_t i = 0; i < 6; i++)
		point = find_op(p.plan, OP_POINT, point + 1);
	for (area = mount; area < point; area++)
		if (p.plan->op[area].kind == OP_TARGET && p.plan->op[area].a == p.plan->op[point].b)
			break;
	CU_ASSERT_FATAL(area < point);
	CHECK_NUM(0, p.plan->op[area - 1].kind, OP_MOUNT);
	CHECK_TEXT(0, str_of(p.plan->op[area].text), "t");
	CHECK_NUM(0, find_op(p.plan, OP_CLOSE, 0), p.plan->n);
}

/* A box of n actions, made without a command line; nested: every other one lies in the one
 * before. */
static void
many(size_t n, enum action_kind kind, bool nested)
{
	struct field_ctx ctx = { .arena = &p.arena, .fault = FAULT_USAGE, .err = &p.err };
	struct action *a;

	planned_reset(&p);
	a = arena_array(&p.arena, n, sizeof(*a));
	CU_ASSERT_FATAL(a != NULL);
	for (size_t i = 0; i < n; i++) {
		char text[64];

		snprintf(text, sizeof(text), nested && i % 2 == 1 ? "/d/%zu/x" : "/d/%zu",
		    nested ? i / 2 : i);
		a[i] = (struct action){ .kind = kind,
			.dest = str_of(arena_cstr(&p.arena, str_of(text))),
			.size = 4096,
			.inodes = 2,
			.index = i,
			.next = i + 1 < n ? &a[i + 1] : NULL };
		a[i].src = a[i].dest;
	}
	p.box.first = n > 0 ? a : NULL;
	p.box.nactions = n;
	p.box.ntmp = kind == ACTION_TMP ? n : 0;
	CU_ASSERT_FATAL(box_finish(&ctx, &p.box, LEVEL_UNSET) == 0);
}

/* Each of them keeps a slot. */
static void
many_areas(void)
{
	p = (struct planned){ .facts = machine_root() };
	many(2 * 32, ACTION_TMP, true);
	CU_ASSERT_FATAL(planned_again(&p) != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_POINT), 6 + 32);
	many(2 * 33, ACTION_TMP, true);
	CU_ASSERT(planned_again(&p) == NULL);
	CHECK_TEXT(0, ((struct str){ p.err.msg, p.err.nmsg }),
	    "mount points are due in more than 32 file systems in memory");
}

/* What was asked for comes out, or is refused: in which order is the user's to say. */
static void
covered(void)
{
	static const char *const bad[] = {
		"--ro /a/b --rw /a",
		"--tmp /a/b --bind /x /a --tmp /a/b/c",
		"--rw /a --ro /a",
		"--bind /x /a --tmp /a",
		"--ro /a/b/c/d --ro /q --tmp /a",
		"--tmp /run/x --rw /run",
	};
	static const char *const good[] = {
		"--rw /a --ro /a/b",
		"--ro /a/b --rw /ab --rw /a/bc",
		"--ro /a --rw /",
		"--rw / --ro /a",
		"--ro /a-b --ro /a/b --ro /a.b",
	};

	p = (struct planned){ .facts = machine_root() };
	for (size_t i = 0; i < COUNT(bad); i++) {
		CU_ASSERT(planned(&p, bad[i]) == NULL);
		CHECK_NUM(i, p.err.fault, FAULT_REFUSED);
		CU_ASSERT(p.err.nmsg > 60);
	}
	CHECK_REFUSED(10, &p, "--ro /q --ro /a/b --rw /a",
	    "\"/a/b\" would be covered by \"/a\", which comes later; the other order is due");
	CHECK_NUM(10, p.err.pos.col, 3);
	for (size_t i = 0; i < COUNT(good); i++)
		CU_ASSERT(planned(&p, good[i]) != NULL);
}

/* Twice as many take twice as many operations, and only so many may be. */
static void
linear(void)
{
	static const enum action_kind kinds_of[] = { ACTION_RO, ACTION_RW, ACTION_BIND,
		ACTION_TMP };
	static const size_t each[] = { 4, 5, 4, 3 };

	p = (struct planned){ .facts = machine_root() };
	for (size_t k = 0; k < COUNT(kinds_of); k++) {
		size_t none, claims;

		CU_ASSERT_FATAL(planned(&p, "") != NULL);
		claims = p.plan->nclaims;
		none = p.plan->n + (kinds_of[k] == ACTION_TMP ? 0 : 3); /* and the host's proc */
		for (size_t n = 1500; n <= 3000; n += 1500) {
			size_t closes;

			many(n, kinds_of[k], false);
			CU_ASSERT_FATAL(planned_again(&p) != NULL);
			closes = count_ops(p.plan, OP_CLOSE);
			CHECK_NUM(k, p.plan->nclaims, claims + n);
			CHECK_NUM(k, p.plan->n - closes - none, n * each[k]);
			/* slots are closed as they are needed again: one for one */
			CU_ASSERT(closes <= 2 * n && closes > n - LIMIT_SLOTS);
		}
	}
	many(20000, ACTION_TMP, false);
	CU_ASSERT(planned_again(&p) == NULL);
	CHECK_NUM(9, p.err.fault, FAULT_REFUSED);
	CHECK_TEXT(9, ((struct str){ p.err.msg, p.err.nmsg }),
	    "the plan has more than 65536 operations");
}

UNIT_MAIN("actions", { "each kind", kinds }, { "clones of the root", early_clones },
    { "mount points in what is ours", points }, { "and nowhere else", no_points },
    { "made in what was new", area_slot }, { "too many file systems in memory", many_areas },
    { "what would be covered", covered }, { "thousands", linear })
