/* The control group that a box begins in, and what can be said of it. */
#include "base/path.h"
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

/* Does the view leave the files of control groups read-only? A path that is writable anywhere below
 * the same first directory is taken to lead to them; and who can mount them once more must find no
 * other group there. */
static bool
sealed(const struct build *b, struct str dir)
{
	const struct box *box = b->box;
	struct str top = str_slice(dir, 0, str_find(dir, '/', 1));
	bool open = !build_anew(b, NS_MOUNT) || !build_anew(b, NS_CGROUP);

	for (const struct action *a = box->first; a != NULL; a = a->next)
		open = open || ((a->kind == ACTION_RW || a->kind == ACTION_BIND) &&
				   (a->src.n == 1 || path_below(a->src, top)));
	return !open;
}

static void
placement(struct build *b, const struct op *o)
{
	struct claim *c = build_claim(b, "placement", false, "cgroup v2",
	    S("the payload has no way to write to cgroup.procs"));

	if (!sealed(b, str_of(o->text))) {
		c->state = CLAIM_BEST_EFFORT;
		c->detail = S("a payload with our user's rights can move itself out; in a box of "
			      "sbx-ns it cannot");
	}
	if ((o->flags & FLAG_MAY) != 0) {
		c->op = (uint32_t)(o - b->plan->op);
		c->otherwise = S("no group could be made");
	}
}

/* Operations and claims that are ready-made. */
static void
take_group(struct build *b, const struct group *g)
{
	size_t first = b->plan->n;

	if (g->nhost > 0)
		b->leaf = build_slot(b);
	for (size_t i = 0; i < g->nhost; i++) {
		struct op *o = build_op(b, OP_LEAF);

		*o = g->host[i];
		o->a = o->a == 0 ? b->leaf : o->a;
	}
	for (size_t i = 0; i < g->nclaims; i++) {
		struct claim *c = build_claim(b, "", false, "", S(""));

		*c = g->claim[i];
		c->op += c->op != UINT32_MAX ? (uint32_t)first : 0;
	}
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
		take_group(b, b->group);
	else
		leaf(b);
	made = leaf_op(b);
	claim_tree(b, made);
	if (b->group != NULL && made != NULL)
		placement(b, made);
}
