/* What a group adds to the plan of a box, and how lint judges that: reached through struct group
 * alone, so that a program without limits has none of it. */
#include "base/path.h"
#include "plan/build.h"
#include "plan/grouplint.h"

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
take(struct build *b)
{
	const struct group *g = b->group;
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

unsigned
group_ours(const struct box *box)
{
	return box->ns[NS_PID].mode == NS_NEW && !box->no_init;
}

const struct group_parts group_parts = { take, placement, group_check, group_claim };
