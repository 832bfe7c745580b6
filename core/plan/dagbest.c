/* The search tree that costs least: dynamic programming over intervals of segments, with what D. E.
 * Knuth showed for roots (Optimum binary search trees, 1971): that of a longer interval lies
 * between those of its two parts. Lists bend that a little, and what comes out is as good as it
 * gets at n * n steps. */
#include "plan/compile.h"

enum {
	BEST_MAX = 384, /* segments; more are left to the quick way */
	LIST = 0x8000,  /* with a root: a list is cheaper than to part there */
};

/* Of segments i to j, inclusive, at [i * n + j]: what they cost, and where they are parted. */
struct table {
	const struct tree *t;
	uint32_t *cost;
	uint16_t *root;
};

static void
cell(struct table *b, size_t i, size_t j, uint32_t weight)
{
	size_t n = b->t->n, at = i * n + j, points;
	size_t from = b->root[at - 1] & ~(size_t)LIST, to = b->root[at + n] & ~(size_t)LIST;
	uint32_t each = weight + b->t->price, path;

	b->cost[at] = UINT32_MAX;
	if (from == 0 || from > to)
		from = i + 1;
	if (to < from)
		to = j;
	for (size_t m = from; m <= to; m++) {
		uint32_t cost = each + b->cost[i * n + m - 1] + b->cost[m * n + j];

		if (cost < b->cost[at]) {
			b->cost[at] = cost;
			b->root[at] = (uint16_t)m;
		}
	}
	if (j - i > 2 * TREE_LIST)
		return;
	points = tree_points(b->t, i, j + 1, &path);
	if (points != SIZE_MAX && path + (uint32_t)points * b->t->price <= b->cost[at]) {
		b->cost[at] = path + (uint32_t)points * b->t->price;
		b->root[at] |= LIST;
	}
}

static uint16_t
build(const struct table *b, size_t i, size_t j, unsigned depth)
{
	const struct tree *t = b->t;
	size_t m = b->root[i * t->n + j];
	uint16_t low, high;

	if (i == j)
		return t->seg[i].node;
	if ((m & LIST) != 0)
		return tree_list(t, i, j + 1);
	low = build(b, i, m - 1, depth + 1);
	high = build(b, m, j, depth + 1);
	return node_make(t->c, BPF_JGE, t->seg[m].lo, high, low, t->why);
}

uint16_t
tree_best(const struct tree *t)
{
	struct arena *temp = &t->c->temp;
	size_t n = t->n, before = temp->used;
	struct table b = { .t = t };
	uint16_t node;

	if (n > BEST_MAX)
		return 0;
	b.cost = compile_get(t->c, temp, n * n, sizeof(*b.cost));
	b.root = compile_get(t->c, temp, n * n, sizeof(*b.root));
	if (b.root == NULL)
		return 0;
	for (size_t i = n; i > 0; i--) {
		uint32_t weight = t->seg[i - 1].weight;

		for (size_t j = i; j < n; j++) {
			weight += t->seg[j].weight;
			cell(&b, i - 1, j, weight);
		}
	}
	node = build(&b, 0, n - 1, 0);
	temp->used = before;
	return node;
}
