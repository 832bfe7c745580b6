/* The numbers of one architecture: what the rules that name them come to, and the tree that finds
 * them. */
#include "plan/compilenumbers.h"

/* The largest number that a rule names, for newer_largest. */
static void
find_largest(struct numbers *n)
{
	struct callset all = { { 0 } };

	n->largest = -1;
	for (const struct rule *r = n->c->policy->first; r != NULL; r = r->next) {
		if (!of_arch(n, r))
			continue;
		callset_join(&all, &r->calls);
		for (size_t i = 0; i < r->nnr; i++) {
			uint64_t hi = r->nr[i].hi < UINT32_MAX ? r->nr[i].hi : UINT32_MAX;

			if ((int64_t)hi > n->largest)
				n->largest = (int64_t)hi;
		}
	}
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&all, c) && call_number(c, n->arch) > n->largest)
			n->largest = call_number(c, n->arch);
}

static uint32_t
unnamed(const struct numbers *n, const struct cell *cell)
{
	const struct policy *p = n->c->policy;
	uint32_t lo = cell->lo;
	bool newer;

	/* the first of its numbers that is x32's */
	if (n->arch == ARCH_X32 && (lo & X32_BIT) == 0)
		lo = (lo & UINT32_C(0x80000000)) | X32_BIT;
	if (p->newer_largest)
		newer = (int64_t)lo > n->largest;
	else
		newer = p->newer > 0 && (cell->call == 0 || call_since(cell->call - 1U) > p->newer);
	return newer ? p->newer_action : p->fallback;
}

/* Which arguments the kernel takes 32 bits of, as far as rules can tell: what a chain means for a
 * call depends on nothing else. */
static uint8_t
narrow_args(const struct numbers *n, int call)
{
	uint8_t bits = 0;

	for (unsigned i = 0; i < CALL_ARGS; i++) {
		struct test t = { .arg = (uint8_t)i };

		bits |= (uint8_t)(policy_narrow(n->c->policy, n->arch, call, &t) << i);
	}
	return bits;
}

static uint16_t
chain_node(struct numbers *n, const struct cell *cell)
{
	struct chain *chain = &n->chain[cell->chain];
	int call = (int)cell->call - 1;
	uint8_t narrow = narrow_args(n, call);
	const struct rule **rule;
	size_t before = n->c->temp.used;

	if (chain->node != 0 && chain->narrow == narrow)
		return chain->node;
	rule = compile_get(n->c, &n->c->temp, chain->length, sizeof(struct rule *));
	if (rule == NULL || !compile_work(n->c, chain->length))
		return 0;
	for (const struct chain *at = chain; at->rule != NULL; at = &n->chain[at->before])
		rule[at->length - 1] = at->rule;
	chain->node = rules_make(n->c, (struct subject){ n->arch, call }, rule, chain->length,
	    node_ret(n->c, n->c->policy->fallback, 0));
	chain->narrow = narrow;
	n->c->temp.used = before;
	return chain->node;
}

/* How much a step more on the way there costs. What the kernel's bitmap answers does not run the
 * program, but is what mostly is asked where there is none. */
static uint32_t
weight(const struct numbers *n, const struct cell *cell, const struct node *node)
{
	bool allowed = node->code == BPF_RET_K && (node->k & (uint32_t)RET_ACTION) == RET_ALLOW;

	if (cell->call == 0)
		return 1;
	if (node->code != BPF_RET_K)
		return 32;
	if (!allowed)
		return 4;
	return n->c->options->no_bitmap ? 32 : 8;
}

static uint16_t
cell_node(struct numbers *n, const struct cell *cell)
{
	struct chain *chain = &n->chain[cell->chain];
	uint32_t action;

	if (cell->chain == 0) {
		action = unnamed(n, cell);
		if (n->node == 0 || n->action != action)
			n->node = node_ret(n->c, action, 0);
		n->action = action;
		return n->node;
	}
	if (!cell->closed || chain->length > 1)
		return chain_node(n, cell);
	if (chain->node == 0)
		chain->node = node_ret(n->c, chain->rule->action, chain->rule->index + 1);
	return chain->node;
}

static uint16_t
make_tree(struct numbers *n)
{
	struct tree t = { .c = n->c, .mask = UINT32_MAX };
	struct seg *seg = compile_raw(n->c, &n->c->temp, n->cells * sizeof(*seg));

	if (seg == NULL)
		return 0;
	for (uint32_t i = 0; !n->c->failed && i < n->cells; i++) {
		const struct cell *cell = &n->cell[i];
		const struct chain *chain = &n->chain[cell->chain];
		struct seg *s = &seg[i];

		s->lo = cell->lo;
		s->node = cell_node(n, cell);
		s->why = chain->length == 1 ? chain->rule->index + 1 : 0;
		if (!n->c->failed)
			s->weight = weight(n, cell, &n->c->node[s->node]);
		if (n->x32 != 0 && (i + 1 == n->cells || cell[1].lo > X32_BIT))
			s->node = node_make(n->c, BPF_JSET, X32_BIT, n->x32, s->node, 0);
	}
	if (n->c->failed)
		return 0;
	t.seg = seg;
	t.n = tree_join(seg, n->cells);
	for (size_t i = 0; i < t.n; i++)
		t.price += seg[i].weight;
	t.price = t.price / 32 + 1;
	return tree_make(&t);
}

uint16_t
numbers_make(struct compile *c, enum arch arch, uint16_t x32)
{
	struct numbers n = { .c = c, .arch = arch, .x32 = x32 };
	size_t before = c->temp.used;
	uint16_t node = 0;

	cells_make(&n);
	if (!c->failed && c->policy->newer_largest)
		find_largest(&n);
	if (!c->failed)
		node = make_tree(&n);
	c->temp.used = before;
	return node;
}
