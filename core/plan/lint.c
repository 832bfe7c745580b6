#include "base/limits.h"
#include "plan/plan.h"

/* What an operation of each kind has to have. */
uint8_t
op_shape(enum op_kind k)
{
	static const uint8_t shape[OP_COUNT] = {
		[OP_OPEN] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_SETNS] = SHAPE_A,
		[OP_LEAF] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_CLONE] = SHAPE_MAYBE_A,
		[OP_MAP] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_MAP_SELF] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_TREE] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_ATTR] = SHAPE_A,
		[OP_MOVE_ROOT] = SHAPE_A,
		[OP_TARGET] = SHAPE_FILLS | SHAPE_B | SHAPE_TEXT,
		[OP_MOVE] = SHAPE_A | SHAPE_B,
		[OP_WRITABLE] = SHAPE_A,
		[OP_FCHDIR] = SHAPE_A,
		[OP_MOUNT] = SHAPE_A | SHAPE_TEXT | SHAPE_TEXT2,
		[OP_MKDIR] = SHAPE_B | SHAPE_TEXT,
		[OP_POINT] = SHAPE_MAYBE_A | SHAPE_B | SHAPE_TEXT,
		[OP_SYMLINK] = SHAPE_B | SHAPE_TEXT | SHAPE_TEXT2,
		[OP_CLOSE] = SHAPE_A,
		[OP_HOSTNAME] = SHAPE_TEXT,
		[OP_CHDIR] = SHAPE_TEXT,
		[OP_EXEC] = SHAPE_TEXT,
	};

	return k < OP_COUNT ? shape[k] : 0;
}

struct lint {
	const struct plan *plan;
	struct err *err;
	uint64_t filled; /* slots */
	uint64_t done;   /* bit set over enum op_kind */
	enum plan_stage stage;
	uint8_t cwd; /* the slot that OP_FCHDIR last entered */
};

static int
unsound(struct lint *l, size_t i, struct str why)
{
	char text[24];
	struct buf b = BUF(text);

	buf_uint(&b, i);
	return err_refused(l->err, l->plan->op[i].pos, S("unsound plan, operation "), buf_str(&b),
	    S(" ("), op_name((enum op_kind)l->plan->op[i].kind), S("): "), why);
}

static bool
has(const struct lint *l, uint8_t slot)
{
	return slot < LIMIT_SLOTS && (l->filled & (uint64_t)1 << slot) != 0;
}

static bool
did(const struct lint *l, enum op_kind k)
{
	return (l->done & (uint64_t)1 << k) != 0;
}

static int
check_shape(struct lint *l, size_t i, const struct op *o)
{
	uint8_t shape = op_shape((enum op_kind)o->kind);

	if ((shape & SHAPE_TEXT) != 0 && o->text == NULL)
		return unsound(l, i, S("no text"));
	if ((shape & SHAPE_TEXT2) != 0 && o->text2 == NULL)
		return unsound(l, i, S("no second text"));
	if ((shape & SHAPE_A) != 0 && !has(l, o->a))
		return unsound(l, i, S("its slot is empty"));
	if ((shape & SHAPE_MAYBE_A) != 0 && o->a != NO_SLOT && !has(l, o->a))
		return unsound(l, i, S("its slot is empty"));
	if ((shape & SHAPE_B) != 0 && !has(l, o->b))
		return unsound(l, i, S("its directory is not open"));
	if ((shape & SHAPE_FILLS) != 0 && (o->a >= LIMIT_SLOTS || has(l, o->a)))
		return unsound(l, i, S("its slot is in use"));
	if (o->kind == OP_MOUNT && l->cwd != o->a)
		return unsound(l, i, S("not in the directory that it means"));
	return 0;
}

/* Nothing that changes the view before it is private, no payload before the old root is gone. */
static int
check_order(struct lint *l, size_t i, const struct op *o)
{
	bool starts = o->kind == OP_SPAWN || o->kind == OP_EXEC;

	if (o->stage < l->stage || o->stage >= STAGE_COUNT)
		return unsound(l, i, S("its stage is over"));
	if (o->stage != STAGE_HOST && !did(l, OP_GO))
		return unsound(l, i, S("the box was not started"));
	if (o->kind == OP_GO && !did(l, OP_CLONE))
		return unsound(l, i, S("there is no box"));
	if (o->stage == STAGE_HOST && did(l, OP_GO))
		return unsound(l, i, S("the payload may run already"));
	if (o->stage == STAGE_EXEC && l->plan->init && !did(l, OP_SPAWN))
		return unsound(l, i, S("the payload's process was not started"));
	if (did(l, OP_EXEC) && o->kind != OP_EXEC)
		return unsound(l, i, S("after the exec"));
	if ((o->kind == OP_MOVE_ROOT || o->kind == OP_MOUNT) && !did(l, OP_PRIVATE))
		return unsound(l, i, S("mounts still reach the host"));
	if (starts && did(l, OP_MOVE_ROOT) && !did(l, OP_UMOUNT_OLD) && !did(l, OP_CHROOT))
		return unsound(l, i, S("the old root is still there"));
	if (starts && !did(l, OP_DUMPABLE))
		return unsound(l, i, S("what tells the verdict could be traced"));
	if (o->kind == OP_EXEC && !did(l, OP_CLOEXEC))
		return unsound(l, i, S("descriptors are still open"));
	return 0;
}

static void
note(struct lint *l, const struct op *o)
{
	l->done |= (uint64_t)1 << o->kind;
	l->stage = (enum plan_stage)o->stage;
	if ((op_shape((enum op_kind)o->kind) & SHAPE_FILLS) != 0)
		l->filled |= (uint64_t)1 << o->a;
	if (o->kind == OP_CLOSE)
		l->filled &= ~((uint64_t)1 << o->a);
	if (o->kind == OP_FCHDIR)
		l->cwd = o->a;
}

int
plan_lint(const struct plan *p, struct err *err)
{
	struct lint l = { .plan = p, .err = err, .cwd = NO_SLOT };

	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];

		if (o->kind >= OP_COUNT)
			return err_refused(err, o->pos, S("unsound plan: unknown operation"));
		if (check_order(&l, i, o) < 0 || check_shape(&l, i, o) < 0)
			return -1;
		note(&l, o);
	}
	if (!did(&l, OP_EXEC) || p->argv == NULL || p->argv[0] == NULL)
		return err_refused(err, POS_NONE, S("unsound plan: it does not end in an exec"));
	return 0;
}
