/* The tests of a policy's rule as a diagram: search trees over the bits. */
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

/* NODE_YES where it holds. */
static uint32_t
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

uint32_t
rule_diagram(struct diagram *d, const struct policy *p, const struct rule *r, enum arch arch,
    int call, struct condition *kept)
{
	bool low = !arch_wide(arch);
	uint64_t narrow = 0;
	uint32_t all = NODE_YES;

	for (size_t i = 0; i < r->ntests; i++)
		if (policy_narrow(p, arch, call, &r->test[i]))
			narrow |= UINT64_C(1) << i % 64;
	if (r->ntests <= 64 && kept != NULL && kept->rule == r && kept->narrow == narrow &&
	    kept->low == low)
		return kept->node;
	for (size_t i = r->ntests; i-- > 0;) {
		struct test t = r->test[i];
		bool is_narrow = policy_narrow(p, arch, call, &t);

		/* what a register does not have is 0 */
		if (low)
			t.mask &= UINT32_MAX;
		all = diagram_if(d, test_diagram(d, &t, is_narrow), all, NODE_NO);
	}
	if (kept != NULL)
		*kept = (struct condition){ r, narrow, all, low };
	return all;
}
