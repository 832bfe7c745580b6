#include "plan/plan.h"
#include "base/limits.h"

struct lint {
	const struct plan *plan;
	struct err *err;
	uint64_t filled; /* slots */
	enum plan_stage stage;
	bool cloned, gone, spawned, locked, execs;
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

static int
check_slots(struct lint *l, size_t i, const struct op *o)
{
	switch (o->kind) {
	case OP_OPEN:
	case OP_LEAF:
	case OP_TREE:
	case OP_TARGET:
		if (o->a >= LIMIT_SLOTS || has(l, o->a))
			return unsound(l, i, S("its slot is in use"));
		if (o->kind == OP_TARGET && !has(l, o->b))
			return unsound(l, i, S("the root is not open"));
		l->filled |= (uint64_t)1 << o->a;
		return 0;
	case OP_CLOSE:
		if (!has(l, o->a))
			return unsound(l, i, S("its slot is empty"));
		l->filled &= ~((uint64_t)1 << o->a);
		return 0;
	case OP_MOVE:
		return has(l, o->a) && has(l, o->b) ? 0 : unsound(l, i, S("a slot is empty"));
	case OP_SETNS:
	case OP_ATTR:
	case OP_MOVE_ROOT:
	case OP_WRITABLE:
	case OP_FCHDIR:
		return has(l, o->a) ? 0 : unsound(l, i, S("its slot is empty"));
	case OP_MOUNT:
		return has(l, o->a) && l->cwd == o->a
			 ? 0
			 : unsound(l, i, S("not in the directory that it means"));
	case OP_CLONE:
	case OP_POINT:
		return o->a == NO_SLOT || has(l, o->a) ? 0 : unsound(l, i, S("its slot is empty"));
	default:
		return 0;
	}
}

static bool
needs_text(uint8_t kind)
{
	return kind == OP_OPEN || kind == OP_TREE || kind == OP_TARGET || kind == OP_MOUNT ||
	       kind == OP_MKDIR || kind == OP_MKFILE || kind == OP_POINT || kind == OP_SYMLINK ||
	       kind == OP_HOSTNAME || kind == OP_CHDIR || kind == OP_EXEC || kind == OP_MAP ||
	       kind == OP_MAP_SELF || kind == OP_LEAF;
}

static int
check_order(struct lint *l, size_t i, const struct op *o)
{
	if (o->stage < l->stage || o->stage >= STAGE_COUNT)
		return unsound(l, i, S("its stage is over"));
	if (o->stage != STAGE_HOST && !l->gone)
		return unsound(l, i, S("the box was not started"));
	if (o->stage == STAGE_EXEC && l->plan->init && !l->spawned)
		return unsound(l, i, S("the payload's process was not started"));
	if (l->execs && o->kind != OP_EXEC)
		return unsound(l, i, S("after the exec"));
	if (needs_text(o->kind) && o->text == NULL)
		return unsound(l, i, S("no text"));
	l->stage = (enum plan_stage)o->stage;
	return 0;
}

static void
note(struct lint *l, const struct op *o)
{
	switch (o->kind) {
	case OP_CLONE:
		l->cloned = true;
		break;
	case OP_GO:
		l->gone = l->cloned;
		break;
	case OP_SPAWN:
		l->spawned = true;
		break;
	case OP_FCHDIR:
		l->cwd = o->a;
		break;
	case OP_CLOEXEC:
		l->locked = true;
		break;
	case OP_EXEC:
		l->execs = true;
		break;
	default:
		break;
	}
}

int
plan_lint(const struct plan *p, struct err *err)
{
	struct lint l = { .plan = p, .err = err, .cwd = NO_SLOT };

	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];

		if (o->kind >= OP_COUNT)
			return err_refused(err, o->pos, S("unsound plan: unknown operation"));
		if (check_order(&l, i, o) < 0 || check_slots(&l, i, o) < 0)
			return -1;
		note(&l, o);
	}
	if (!l.execs || !l.locked || p->argv == NULL || p->argv[0] == NULL)
		return err_refused(err, POS_NONE, S("unsound plan: it does not end in an exec"));
	return 0;
}
