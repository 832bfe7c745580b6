/* What a plan has done so far, operation by operation. */
#include "plan/lint.h"
#include "spec/field.h"
#include "sys/uapi.h"

static void
note_place(struct lint *l, const struct op *o)
{
	static const char places[] = "proc|dev|run";
	const struct op *from = l->from[o->a];

	for (unsigned i = 0; i < 3; i++) {
		if (from->kind != OP_TARGET || !str_eq(str_of(from->text), word_at(places, i)))
			continue;
		if (o->kind == OP_MOUNT && o->text2[0] == '.')
			l->done[STAGE_BOX] |= BIT(HAS_PLACE + i);
		if (o->kind == OP_ATTR && (o->num & K_MOUNT_ATTR_RDONLY) != 0)
			l->done[STAGE_BOX] |= BIT(PLACE_CLOSED + i);
		if (o->kind == OP_ATTR_OFF)
			l->done[STAGE_BOX] &= ~BIT(PLACE_CLOSED + i);
	}
}

static void
note_spaces(struct lint *l, uint64_t flags)
{
	for (unsigned k = 0; k < NS_COUNT; k++)
		if ((flags & ns_flag((enum ns_kind)k)) != 0)
			l->done[STAGE_HOST] |= BIT(HAS_SPACE + k);
}

static void
note_attach(struct lint *l, const struct op *o)
{
	uint64_t slot = BIT(o->a);
	bool closed = (l->closed & slot) != 0;

	if (o->kind == OP_MOVE_ROOT) {
		l->root = o->a;
		l->done[STAGE_BOX] |= closed ? BIT(ROOT_CLOSED) : 0;
	} else if (o->text == NULL) {
		l->attached++;
		l->readonly += closed;
	} else if ((l->bare & slot) != 0) {
		/* in a directory of ours the whole of that is closed later */
		l->bare |= BIT(o->b);
	}
	l->loose &= ~slot;
	l->bare &= ~slot;
}

static unsigned
map_bit(const struct op *o)
{
	static const char files[] = "uid_map|gid_map|setgroups";
	unsigned i = 0;

	while (i < 3 && !str_eq(str_of(o->text), word_at(files, i)))
		i++;
	return 1u << i;
}

static void
used(struct lint *l, uint8_t slot)
{
	if (slot < LIMIT_SLOTS)
		l->unused &= ~BIT(slot);
}

/* Slots and what is in them. */
static void
note_slots(struct lint *l, const struct op *o)
{
	used(l, o->a);
	used(l, o->b);
	if ((op_shape((enum op_kind)o->kind) & SHAPE_FILLS) != 0) {
		l->filled |= BIT(o->a);
		l->unused |= BIT(o->a);
		l->from[o->a] = o;
	}
	if (o->kind == OP_CLOSE)
		l->filled &= ~BIT(o->a);
}

void
lint_note(struct lint *l, const struct op *o)
{
	l->done[o->stage] |= BIT(o->kind);
	l->stage = (enum plan_stage)o->stage;
	l->entered = o->kind == OP_FCHDIR;
	l->writable += o->kind == OP_WRITABLE;
	note_slots(l, o);
	switch (o->kind) {
	case OP_CLONE:
		l->shared = (o->flags & FLAG_SHARED) != 0;
		l->user = (o->num & K_CLONE_NEWUSER) != 0;
		l->grouped = o->a != NO_SLOT;
		note_spaces(l, o->num);
		break;
	case OP_UNSHARE:
	case OP_SETNS:
		note_spaces(l, o->num);
		break;
	case OP_MAP:
	case OP_MAP_SELF:
		l->maps |= map_bit(o);
		break;
	case OP_STREAM:
		l->streams |= 1u << o->num;
		break;
	case OP_FCHDIR:
		l->cwd = o->a;
		break;
	case OP_TREE:
		l->loose |= BIT(o->a);
		l->bare |= BIT(o->a);
		l->closed &= ~BIT(o->a);
		break;
	case OP_ATTR:
		/* with all that is mounted below it */
		if ((o->flags & FLAG_RECURSIVE) != 0)
			l->bare &= ~BIT(o->a);
		if ((o->num & K_MOUNT_ATTR_RDONLY) != 0)
			l->closed |= BIT(o->a);
		note_place(l, o);
		break;
	case OP_MOUNT:
	case OP_ATTR_OFF:
		note_place(l, o);
		break;
	case OP_MOVE:
	case OP_MOVE_ROOT:
		note_attach(l, o);
		break;
	default:
		break;
	}
}
