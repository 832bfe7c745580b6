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
	size_t first, n; /* the tree's, that they are */
	uint32_t *cost;
	uint16_t *root;
	bool mixed; /* from i on there is no list any more, however long */
};

static void
cell(struct table *b, size_t i, size_t j, uint32_t weight)
{
	size_t n = b->n, at = i * n + j, points;
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
	if (b->mixed)
		return;
	points = tree_points(b->t, b->first + i, b->first + j + 1, &path);
	b->mixed = points == SIZE_MAX;
	if (!b->mixed && path + (uint32_t)points * b->t->price <= b->cost[at]) {
		b->cost[at] = path + (uint32_t)points * b->t->price;
		b->root[at] |= LIST;
	}
}

static uint16_t
build(const struct table *b, size_t i, size_t j, unsigned depth)
{
	const struct tree *t = b->t;
	size_t m = b->root[i * b->n + j];
	uint16_t low, high;

	if (i == j)
		return t->seg[b->first + i].node;
	if ((m & LIST) != 0)
		return tree_list(t, b->first + i, b->first + j + 1);
	low = build(b, i, m - 1, depth + 1);
	high = build(b, m, j, depth + 1);
	return node_make(t->c, BPF_JGE, t->seg[b->first + m].lo, high, low, t->why);
}

uint16_t
tree_best(const struct tree *t, size_t i, size_t j)
{
	struct arena *temp = &t->c->temp;
	size_t n = j - i, before = temp->used;
	struct table b = { .t = t, .first = i, .n = n };
	uint16_t node;

	if (n > BEST_MAX || !compile_work(t->c, n * n / 8))
		return 0;
	b.cost = compile_raw(t->c, temp, n * n * sizeof(*b.cost));
	b.root = compile_raw(t->c, temp, n * n * sizeof(*b.root));
	if (b.root == NULL)
		return 0;
	for (i = n; i > 0; i--) {
		uint32_t weight = t->seg[b.first + i - 1].weight;

		b.cost[(i - 1) * (n + 1)] = 0;
		b.root[(i - 1) * (n + 1)] = 0;
		b.mixed = false;
		for (j = i; j < n; j++) {
			weight += t->seg[b.first + j].weight;
			cell(&b, i - 1, j, weight);
		}
	}
	node = build(&b, 0, n - 1, 0);
	temp->used = before;
	return node;
}
