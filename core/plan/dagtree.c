/* Search trees over the values of a word: as a list, and balanced by weight. */
#include "plan/compile.h"

enum {
	SMALL = 24, /* segments: the best tree for them costs little time */
	DEEP = 24,  /* from there on the middle counts, whatever the weights */
};

size_t
tree_join(struct seg *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 1; i < n; i++) {
		if (s[i].node != s[k].node) {
			s[++k] = s[i];
			continue;
		}
		s[k].weight += s[i].weight;
		if (s[k].why != s[i].why)
			s[k].why = 0;
	}
	return k + 1;
}

static uint16_t
compare(const struct tree *t, size_t i, uint16_t not )
{
	const struct seg *s = &t->seg[i];

	return node_make(t->c, BPF_JEQ, s->lo, s->node, not, s->why != 0 ? s->why : t->why);
}

/* What all but points are; the last, if there are only points. */
static uint16_t
other_of(const struct tree *t, size_t i, size_t j)
{
	while (i + 1 < j && t->seg[i].point)
		i++;
	return t->seg[i].node;
}

/* The points among the segments, the lightest first; SIZE_MAX when there is something else. */
static size_t
order(const struct tree *t, size_t i, size_t j, size_t heap[TREE_LIST])
{
	uint16_t other = other_of(t, i, j);
	size_t n = 0;

	for (; i < j; i++) {
		size_t at = n;

		if (t->seg[i].node == other)
			continue;
		if (n == TREE_LIST || !t->seg[i].point)
			return SIZE_MAX;
		while (at > 0 && t->seg[heap[at - 1]].weight > t->seg[i].weight) {
			heap[at] = heap[at - 1];
			at--;
		}
		heap[at] = i;
		n++;
	}
	return n;
}

size_t
tree_points(const struct tree *t, size_t i, size_t j, uint32_t *path)
{
	size_t heap[TREE_LIST], n = order(t, i, j, heap);
	uint32_t left = 0;

	if (n == SIZE_MAX || path == NULL)
		return n;
	for (; i < j; i++)
		left += t->seg[i].weight;
	*path = 0;
	for (size_t k = n; k > 0; k--) {
		*path += left;
		left -= t->seg[heap[k - 1]].weight;
	}
	return n;
}

uint16_t
tree_list(const struct tree *t, size_t i, size_t j)
{
	size_t heap[TREE_LIST], n = order(t, i, j, heap);
	uint16_t node = other_of(t, i, j);

	for (size_t k = 0; n != SIZE_MAX && k < n; k++)
		node = compare(t, heap[k], node);
	return node;
}

/* Every segment in turn. */
static uint16_t
linear(const struct tree *t)
{
	uint16_t node = t->seg[t->n - 1].node;

	for (size_t i = t->n - 1; i > 0; i--)
		node = t->seg[i - 1].point
			 ? compare(t, i - 1, node)
			 : node_make(t->c, BPF_JGE, t->seg[i].lo, node, t->seg[i - 1].node, t->why);
	return node;
}

/* Does an end of segment m cut a point off from neighbours that are the same? Then it takes two
 * comparisons where one would do. */
static bool
cuts(const struct tree *t, size_t i, size_t j, size_t m)
{
	const struct seg *s = t->seg;

	return (m + 1 < j && s[m - 1].node == s[m + 1].node && s[m].point) ||
	       (m >= i + 2 && s[m - 2].node == s[m].node && s[m - 1].point);
}

/* Where to part segments i to j - 1 of that weight: as evenly as there is a good place. */
static size_t
middle(const struct tree *t, size_t i, size_t j, uint32_t weight, uint32_t *left)
{
	size_t best = 0;
	uint32_t least = UINT32_MAX, sum = 0;

	for (size_t m = i + 1; m < j; m++) {
		uint32_t skew;

		sum += t->seg[m - 1].weight;
		skew = 2 * sum > weight ? 2 * sum - weight : weight - 2 * sum;
		if (skew < least || best == 0) {
			if (cuts(t, i, j, m))
				skew += t->price;
			if (skew < least || best == 0) {
				least = skew;
				best = m;
				*left = sum;
			}
		}
	}
	return best;
}

static uint16_t
balanced(const struct tree *t, size_t i, size_t j, uint32_t weight, unsigned depth)
{
	uint32_t left = weight / 2;
	size_t m = i + (j - i) / 2;
	uint16_t low, high;

	if (j - i <= SMALL)
		return tree_best(t, i, j);
	if (depth < DEEP)
		m = middle(t, i, j, weight, &left);
	low = balanced(t, i, m, left, depth + 1);
	high = balanced(t, m, j, weight - left, depth + 1);
	return node_make(t->c, BPF_JGE, t->seg[m].lo, high, low, t->why);
}

uint16_t
tree_make(const struct tree *t)
{
	uint32_t weight = 0;
	uint16_t node;

	compile_work(t->c, 4 * t->n);
	for (size_t i = 0; i < t->n; i++) {
		uint32_t end = mask_end(t->mask, t->seg[i].lo);

		t->seg[i].point = i + 1 < t->n ? end == t->seg[i + 1].lo - 1 : end == UINT32_MAX;
	}
	if (t->c->options->level == 0)
		return linear(t);
	node = t->c->options->level > 1 ? tree_best(t, 0, t->n) : 0;
	if (node != 0)
		return node;
	for (size_t i = 0; i < t->n; i++)
		weight += t->seg[i].weight;
	return balanced(t, 0, t->n, weight, 0);
}
