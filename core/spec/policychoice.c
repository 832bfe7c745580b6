/* A test as OCI can say it: single comparisons, one of which has to hold. It has no lists and no
 * ranges, and where an argument is there twice, engines take each for a rule of its own. A range is
 * made of blocks that a mask selects. */
#include "spec/policyjsonput.h"

static const uint64_t TOP = (uint64_t)1 << 63, NEGATIVE = UINT64_MAX << 31;

static const char too_many[] = "in JSON it would take more than 512 comparisons";
static const char two_widths[] =
    "JSON cannot say it: 32 and 64 bits of the argument are judged differently";

static const char *
add(struct choices *s, unsigned op, uint64_t value, uint64_t two)
{
	if (s->n == CHOICES_MAX)
		return too_many;
	s->c[s->n++] = (struct choice){ (uint8_t)op, value, two };
	return NULL;
}

/* lo..hi in blocks: the largest that begins at lo and ends within. What an int that is negative can
 * be is not in one with the rest: at 32 bits the block's mask has only its low half. */
static const char *
add_blocks(struct choices *s, uint64_t mask, uint64_t lo, uint64_t hi, unsigned widths)
{
	const char *why = NULL;

	while (why == NULL) {
		uint64_t size = lo == 0 ? TOP : lo & (0 - lo);

		while (size - 1 > hi - lo || (lo < NEGATIVE && lo + (size - 1) >= NEGATIVE))
			size >>= 1;
		/* bits that the mask takes away are 0, or an int's sign */
		if ((lo & ~mask) == 0)
			why = add(s, CHOICE_MASKED, mask & ~(size - 1), lo);
		else if ((widths & 2) != 0 && lo >= NEGATIVE && ((uint32_t)lo & ~mask) == 0)
			why = (widths & 1) != 0 ? two_widths
						: add(s, CHOICE_MASKED,
						      (uint32_t)(mask & ~(size - 1)), (uint32_t)lo);
		if (hi - lo == size - 1)
			return why;
		lo += size;
	}
	return why;
}

static const char *
add_range(struct choices *s, uint64_t mask, struct range r, unsigned widths)
{
	if (mask != UINT64_MAX)
		return add_blocks(s, mask, r.lo, r.hi, widths);
	if (r.lo == r.hi)
		return add(s, COMPARE_EQ, r.lo, 0);
	if (r.lo == 0 && (r.hi < TOP || r.hi == UINT64_MAX))
		return add(s, COMPARE_LE, r.hi, 0);
	if (r.hi == UINT64_MAX && r.lo > TOP)
		return add(s, COMPARE_GE, r.lo, 0);
	/* this takes no sign for a large number, see test_compare(): the same up to here */
	if (r.hi == UINT64_MAX && r.lo - 1 <= ((widths & 2) != 0 ? INT32_MAX : TOP - 1))
		return add(s, COMPARE_GT, r.lo - 1, 0);
	return add_blocks(s, mask, r.lo, r.hi, widths);
}

/* What is between the ranges. At 32 bits both extensions must be outside, which "in what is
 * between" says only if no range has a number whose extensions differ. */
static const char *
add_between(struct choices *s, const struct test *t, unsigned widths)
{
	const char *why = NULL;
	uint64_t lo = 0;

	if (t->mask != UINT64_MAX)
		return "JSON cannot say it: a list that masked bits are not in";
	for (size_t i = 0; i < t->n && why == NULL; i++) {
		struct range r = t->in[i];

		if ((widths & 2) != 0 &&
		    (r.hi >= NEGATIVE || (r.lo <= UINT32_MAX && r.hi > INT32_MAX)))
			return two_widths;
		if (r.lo > lo)
			why = add_range(s, t->mask, (struct range){ lo, r.lo - 1 }, widths);
		lo = r.hi + 1;
	}
	/* lo is 0 again where the last range went to the end */
	if (why == NULL && lo != 0)
		why = add_range(s, t->mask, (struct range){ lo, UINT64_MAX }, widths);
	return why;
}

/* Some bit of the mask is not as in the value. */
static const char *
add_bits(struct choices *s, const struct test *t, unsigned widths)
{
	uint64_t v = t->in->lo;
	const char *why = NULL;

	if ((widths & 2) != 0 && v > INT32_MAX)
		return two_widths;
	if ((v & ~t->mask) != 0)
		return add(s, COMPARE_GE, 0, 0);
	for (uint64_t rest = t->mask; rest != 0 && why == NULL; rest &= rest - 1) {
		uint64_t bit = rest & (0 - rest);

		why = add(s, CHOICE_MASKED, bit, ~v & bit);
	}
	return why;
}

static const char *
add_negated(struct choices *s, const struct test *t, unsigned widths)
{
	struct range r = t->n > 0 ? t->in[0] : (struct range){ 1, 0 };

	if (t->n == 0)
		return add(s, COMPARE_GE, 0, 0);
	if (t->n == 1 && r.lo == r.hi)
		return t->mask == UINT64_MAX ? add(s, COMPARE_NE, r.lo, 0) : add_bits(s, t, widths);
	if (t->n == 1 && t->mask == UINT64_MAX && r.lo == 0 && r.hi < TOP)
		return add(s, COMPARE_GT, r.hi, 0);
	if (t->n == 1 && t->mask == UINT64_MAX && r.hi == UINT64_MAX && r.lo > TOP)
		return add(s, COMPARE_LT, r.lo, 0);
	return add_between(s, t, widths);
}

const char *
choices_of(struct choices *s, const struct test *t, bool opposite, unsigned widths)
{
	const char *why = NULL;

	s->n = 0;
	if (t->negated != opposite) {
		why = add_negated(s, t, widths);
	} else {
		for (size_t i = 0; i < t->n && why == NULL; i++)
			why = add_range(s, t->mask, t->in[i], widths);
	}
	/* what never holds is said as such: the call is named all the same */
	return why == NULL && s->n == 0 ? add(s, COMPARE_LT, 0, 0) : why;
}
