/* A test of a policy as a diagram: a search tree over the bits. */
#include "plan/prove.h"

/* The ranges at..end of a test that touch the block of 2^bits values from base on. The bits below
 * are those of the argument under its mask. */
static uint32_t
block(struct diagram *d, const struct test *t, unsigned bits, uint64_t base, size_t at, size_t end)
{
	uint64_t top = bits == 64 ? UINT64_MAX : base + ((UINT64_C(1) << bits) - 1), mid;
	uint32_t zero, one;
	size_t lo, hi;

	if (at == end)
		return NODE_NO;
	if (t->in[at].lo <= base && t->in[at].hi >= top)
		return NODE_YES;
	bits--;
	mid = base | UINT64_C(1) << bits;
	lo = at;
	hi = end;
	while (lo < hi) { /* the first that ends in the upper half */
		size_t m = (lo + hi) / 2;

		if (t->in[m].hi < mid)
			lo = m + 1;
		else
			hi = m;
	}
	zero = block(d, t, bits, base, at, lo < end && t->in[lo].lo < mid ? lo + 1 : lo);
	if ((t->mask >> bits & 1) == 0)
		return zero;
	one = block(d, t, bits, mid, lo, end);
	return diagram_node(d, t->arg * 64u + 63 - bits, zero, one);
}

static uint32_t
part(struct diagram *d, const struct test *t, unsigned bits, uint64_t base)
{
	uint64_t top = bits == 64 ? UINT64_MAX : base + ((UINT64_C(1) << bits) - 1);
	size_t at = 0, end = t->n;

	while (at < end && t->in[at].hi < base)
		at++;
	while (end > at && t->in[end - 1].lo > top)
		end--;
	return block(d, t, bits, base, at, end);
}

uint32_t
test_diagram(struct diagram *d, const struct test *t, bool narrow)
{
	uint32_t in, negative;

	if (narrow) {
		in = part(d, t, 32, 0);
		/* or as negative numbers, where the sign bit can be set */
		negative = part(d, t, 31, UINT64_MAX << 31);
		if ((t->mask >> 31 & 1) != 0 && negative != NODE_NO)
			in = diagram_if(d, diagram_node(d, t->arg * 64u + 32, NODE_NO, negative),
			    NODE_YES, in);
	} else {
		in = part(d, t, 64, 0);
	}
	return t->negated ? diagram_if(d, in, NODE_NO, NODE_YES) : in;
}
