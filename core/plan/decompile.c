/* A program as a policy: calls with the same answer in one rule. */
#include <string.h>

#include "plan/decompile.h"

struct reading {
	struct diagram *d;
	struct walk *w;
	struct policy *p;
	struct spans s[ARCH_COUNT];
	uint32_t foreign;
	struct group *first, **last;
};

static int
no_memory(struct reading *r)
{
	diagram_fail(r->d, NULL);
	return -1;
}

/* A policy has one word for all architectures without a name. */
static int
check_gap(struct reading *r, const struct callclass *c, const struct spans *s, bool first)
{
	char digits[UINT_ROOM];

	if (first)
		r->foreign = s->at[0].node;
	for (size_t i = 0; i < s->n; i++) {
		if (s->at[i].node == r->foreign && node_is_leaf(r->d, r->foreign))
			continue;
		r->d->failed = true;
		return err_config(r->d->err, POS_NONE,
		    "what the filter does on architecture % cannot be said in a policy",
		    uint_text(digits, c->lo));
	}
	return 0;
}

static int
walk_all(struct reading *r)
{
	struct spans gap = { 0 };
	struct callclass c;
	bool first = true;

	for (bool more = class_first(&c); more; more = class_next(&c)) {
		struct spans *s = c.arch >= 0 ? &r->s[c.arch] : &gap;

		if (walk_class(r->w, &c, s) < 0)
			return -1;
		if (c.arch < 0 && check_gap(r, &c, s, first) < 0)
			return -1;
		first = first && c.arch >= 0;
	}
	return 0;
}

/* Which architectures the policy is for, and what most of their numbers get. */
static int
choose_defaults(struct reading *r)
{
	uint64_t *weight = arena_array(r->d->arena, r->d->n, sizeof(*weight)), most = 0;
	uint32_t archs = 0;

	if (weight == NULL)
		return no_memory(r);
	r->p->foreign = r->p->fallback = node_at(r->d, r->foreign)->zero;
	for (int a = 0; a < ARCH_COUNT; a++)
		for (size_t i = 0; i < r->s[a].n; i++)
			if (r->s[a].at[i].node != r->foreign)
				archs |= (uint32_t)1 << a;
	for (int a = 0; a < ARCH_COUNT; a++)
		for (size_t i = 0; i < r->s[a].n; i++) {
			const struct span *s = &r->s[a].at[i];

			if ((archs >> a & 1) == 0 || !node_is_leaf(r->d, s->node))
				continue;
			weight[s->node] += (uint64_t)s->hi - s->lo + 1;
			if (weight[s->node] > most) {
				most = weight[s->node];
				r->p->fallback = node_at(r->d, s->node)->zero;
			}
		}
	if (archs != 0)
		r->p->archs = archs;
	return 0;
}

/* The group of that answer; NULL: out of memory. */
static struct group *
group_of(struct reading *r, uint32_t node, uint32_t archs, bool ranges)
{
	struct group *g;

	for (g = r->first; g != NULL; g = g->next)
		if (g->node == node && g->archs == archs && (g->cap > 0) == ranges)
			return g;
	g = arena_get(r->d->arena, sizeof(*g));
	if (g == NULL) {
		(void)no_memory(r);
		return NULL;
	}
	g->node = node;
	g->archs = archs;
	*r->last = g;
	r->last = &g->next;
	return g;
}

static uint32_t
node_of(const struct reading *r, unsigned call, int arch)
{
	return spans_find(&r->s[arch], (uint32_t)call_number(call, (enum arch)arch))->node;
}

/* Where the call has a number of its own, and where it has none. */
static uint32_t
archs_of(const struct reading *r, const uint16_t (*by)[CALL_NUMBERS], unsigned call,
    uint32_t *without)
{
	uint32_t archs = 0;

	*without = 0;
	for (int a = 0; a < ARCH_COUNT; a++) {
		int64_t nr = call_number(call, (enum arch)a);
		uint32_t low = (uint32_t)nr & ~(uint32_t)X32_BIT;

		if ((r->p->archs >> a & 1) == 0)
			continue;
		if (nr < 0)
			*without |= (uint32_t)1 << a;
		else if (low >= CALL_NUMBERS || by[a][low] == call)
			archs |= (uint32_t)1 << a;
	}
	return archs;
}

static int
group_calls(struct reading *r, const uint16_t (*by)[CALL_NUMBERS])
{
	for (unsigned call = 0; call < calls_count(); call++) {
		uint32_t without, left = archs_of(r, by, call, &without), all = left;

		while (left != 0) {
			uint32_t node = node_of(r, call, __builtin_ctz(left)), same = 0;
			const struct node *n = node_at(r->d, node);
			struct group *g;

			for (int a = 0; a < ARCH_COUNT; a++)
				if ((left >> a & 1) != 0 && node_of(r, call, a) == node)
					same |= (uint32_t)1 << a;
			left &= ~same;
			if (n->var == VAR_LEAF && n->zero == r->p->fallback)
				continue;
			/* not where its number has another name: that is what would be read back */
			g = group_of(r, node, same == all ? all | without : same, false);
			if (g == NULL)
				return -1;
			callset_add(&g->calls, call);
		}
	}
	return 0;
}

static void
add_range(struct reading *r, const struct span *s, int arch, uint64_t lo, uint64_t hi)
{
	const struct node *n = node_at(r->d, s->node);
	struct group *g;

	if (lo > hi || (n->var == VAR_LEAF && n->zero == r->p->fallback))
		return;
	g = group_of(r, s->node, (uint32_t)1 << arch, true);
	if (g == NULL)
		return;
	if (g->nnr == g->cap) {
		size_t cap = g->cap > 0 ? 2 * g->cap : 16;
		struct range *more = arena_array(r->d->arena, cap, sizeof(*more));

		if (more == NULL) {
			(void)no_memory(r);
			return;
		}
		if (g->nnr > 0)
			memcpy(more, g->nr, g->nnr * sizeof(*more));
		g->nr = more;
		g->cap = cap;
	}
	if (g->nnr > 0 && g->nr[g->nnr - 1].hi + 1 == lo)
		g->nr[g->nnr - 1].hi = hi;
	else
		g->nr[g->nnr++] = (struct range){ lo, hi };
}

/* Numbers without a name. */
static void
group_numbers(struct reading *r, int arch, const uint16_t *by)
{
	uint32_t base = arch == ARCH_X32 ? X32_BIT : 0;

	for (size_t i = 0; i < r->s[arch].n; i++) {
		const struct span *s = &r->s[arch].at[i];
		uint64_t lo = s->lo;

		for (uint32_t nr = s->lo < base ? 0 : s->lo - base;
		     nr < CALL_NUMBERS && (base | nr) <= s->hi; nr++) {
			uint64_t at = base | nr;

			if (by[nr] == CALL_NONE)
				continue;
			if (at > lo)
				add_range(r, s, arch, lo, at - 1);
			lo = at + 1;
		}
		/* ARM's own calls; in a longer range they are named twice */
		while (
		    s->hi - s->lo < 8 && lo <= s->hi && call_of((enum arch)arch, (uint32_t)lo) >= 0)
			lo++;
		add_range(r, s, arch, lo, s->hi);
	}
}

static int
make_policy(struct reading *r)
{
	uint16_t(*by)[CALL_NUMBERS] = arena_array(r->d->arena, ARCH_COUNT, sizeof(*by));

	if (by == NULL)
		return no_memory(r);
	for (int a = 0; a < ARCH_COUNT; a++)
		calls_by_number((enum arch)a, by[a], CALL_NUMBERS);
	if (walk_all(r) < 0 || choose_defaults(r) < 0 ||
	    group_calls(r, (const uint16_t(*)[CALL_NUMBERS])by) < 0)
		return -1;
	for (int a = 0; a < ARCH_COUNT; a++)
		if ((r->p->archs >> a & 1) != 0)
			group_numbers(r, a, by[a]);
	/* what needs no arguments first */
	for (int leaf = 1; leaf >= 0; leaf--)
		for (const struct group *g = r->first; g != NULL; g = g->next)
			if (node_is_leaf(r->d, g->node) == leaf && group_rules(r->d, r->p, g) < 0)
				return -1;
	return r->d->failed ? -1 : 0;
}

struct policy *
filter_decompile(struct arena *a, const struct bpf *b, struct err *e)
{
	struct reading r = { .d = diagram_new(a, e) };

	if (r.d == NULL)
		return NULL;
	r.last = &r.first;
	r.w = walk_new(r.d, b);
	if (r.w == NULL)
		return NULL;
	r.p = policy_new(a);
	if (r.p == NULL)
		(void)no_memory(&r);
	else if (make_policy(&r) == 0)
		return r.p;
	return NULL;
}
