/* The control group that a box begins in, and what can be said of it. */
#include "plan/build.h"

/* Without a PID namespace that dies with our init, the tree is ended by its control group, where we
 * may make one. */
static void
leaf(struct build *b)
{
	struct op *o;

	if (b->facts->cgroup.n == 0 || b->plan->tree)
		return;
	b->leaf = build_slot(b);
	o = build_text(b, OP_LEAF, b->facts->cgroup);
	o->a = b->leaf;
	o->flags = FLAG_MAY;
}

/* The operation that fills the slot of the box's group, or NULL. */
static const struct op *
leaf_op(const struct build *b)
{
	const struct plan *p = b->plan;

	for (size_t i = 0; i < p->n && b->leaf != NO_SLOT && !b->failed; i++)
		if ((op_shape((enum op_kind)p->op[i].kind) & SHAPE_FILLS) != 0 &&
		    p->op[i].a == b->leaf)
			return &p->op[i];
	return NULL;
}

/* What ends all that the box started. A group that others are in as well cannot be that. */
static void
claim_tree(struct build *b, const struct op *made)
{
	const struct str weak = S("best effort: a process that leaves its session may survive");
	bool kills = made != NULL && made->kind == OP_LEAF;
	bool may = kills && (made->flags & FLAG_MAY) != 0;
	struct claim *c;

	if (b->plan->tree) {
		build_claim(b, "tree", true, "pid namespace",
		    S("init's end is the end of every process in the box"));
		return;
	}
	c = build_claim(b, "tree", kills && !may, kills ? "cgroup.kill" : "subreaper",
	    kills ? S("one kill ends every process of the box") : weak);
	c->state = kills ? CLAIM_ENFORCED : CLAIM_BEST_EFFORT;
	if (may) {
		c->op = (uint32_t)(made - b->plan->op);
		c->otherwise = weak;
	}
}

void
build_leaf(struct build *b)
{
	const struct op *made;

	if (b->group != NULL)
		b->group->parts->take(b);
	else
		leaf(b);
	made = leaf_op(b);
	claim_tree(b, made);
	if (b->group != NULL && made != NULL)
		b->group->parts->place(b, made);
}
