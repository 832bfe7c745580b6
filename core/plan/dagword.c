/* A word of an argument: which node for which of its values. Sets that differ in a few bits only
 * (a cube) take one instruction. */
#include "plan/compile.h"
#include "base/num.h"

/* The values of members: v with (v & ~free) == base. */
struct cube {
	uint32_t free, base;
	size_t n; /* members that it covers, the first, third, ... from `first` on */
	size_t first;
};

/* Bits that v varies in on its way from lo to hi. */
static uint32_t
varies(uint32_t lo, uint32_t hi)
{
	return lo == hi ? 0 : UINT32_MAX >> __builtin_clz(lo ^ hi);
}

static uint32_t
last_of(const struct tree *t, size_t i)
{
	return i + 1 < t->n ? t->seg[i + 1].lo - 1 : UINT32_MAX;
}

/* The most of every other segment from `first` on, all with the same node, that are a cube; none
 * unless those between have one node too. */
static struct cube
cube_of(const struct tree *t, size_t first)
{
	struct cube best = { .first = first }, now = { .base = t->seg[first].lo };
	uint64_t values = 0;

	for (size_t i = 3 - first; i < t->n; i += 2)
		if (t->seg[i].node != t->seg[1 - first].node)
			return best;
	for (size_t i = first; i < t->n && t->seg[i].node == t->seg[first].node; i += 2) {
		uint32_t lo = t->seg[i].lo, hi = last_of(t, i);

		/* behind a mask only points are counted */
		if (t->mask != UINT32_MAX) {
			if (mask_end(t->mask, lo) != hi)
				break;
			hi = lo;
		}
		values += (uint64_t)hi - lo + 1;
		now.free |= (lo ^ now.base) | varies(lo, hi);
		now.n++;
		if (values == (uint64_t)1 << num_ones(now.free)) {
			best.free = now.free;
			best.n = now.n;
		}
	}
	best.base = now.base;
	return best;
}

/* The tree without the cube's members, which get what is between them. */
static void
fill(struct tree *t, struct seg *s, struct cube cube)
{
	uint16_t between = s[1 - cube.first].node;

	for (size_t i = 0; i < cube.n; i++)
		s[cube.first + 2 * i].node = between;
	t->n = tree_join(s, t->n);
}

/* With base 0 one JSET, which leaves the word whole for what follows; 0 when there is none. */
static uint16_t
by_bits(struct tree *t, struct seg *s, uint32_t offset, unsigned depth)
{
	struct cube cube = cube_of(t, 0);
	uint16_t in = s[0].node, out;

	/* behind a mask a lone 0 is worth it where that is all: no AND */
	if (cube.n < 2 && (cube.n == 0 || t->mask == UINT32_MAX || t->n > 2))
		return 0;
	fill(t, s, cube);
	out = tree_word(t, s, offset, depth + 1);
	out = node_enter(t->c, out, offset, UINT32_MAX);
	in = node_enter(t->c, in, offset, UINT32_MAX);
	return node_load(t->c, offset, UINT32_MAX,
	    node_make(t->c, BPF_JSET, t->mask & ~cube.free, out, in, t->why), t->why);
}

uint16_t
tree_word(struct tree *t, struct seg *s, uint32_t offset, unsigned depth)
{
	uint32_t mask = t->mask;
	uint16_t node;

	t->seg = s;
	t->n = tree_join(s, t->n);
	if (t->n == 1 || t->c->failed)
		return s[0].node;
	if (t->c->options->level > 0 && depth < 4) {
		struct cube cube;

		node = by_bits(t, s, offset, depth);
		if (node != 0)
			return node;
		/* the cube is all that there is, and worth an AND */
		cube = cube_of(t, 1);
		if (cube.n > 2 && 2 * cube.n + 1 >= t->n) {
			uint16_t in = s[1].node, out = s[0].node;

			mask &= ~cube.free;
			in = node_enter(t->c, in, offset, mask);
			out = node_enter(t->c, out, offset, mask);
			node = node_make(t->c, BPF_JEQ, cube.base, in, out, t->why);
			return node_load(t->c, offset, mask, node, t->why);
		}
	}
	for (size_t i = 0; i < t->n; i++)
		s[i].node = node_enter(t->c, s[i].node, offset, mask);
	return node_load(t->c, offset, mask, tree_make(t), t->why);
}
