#include "spec/policyread.h"

#include <string.h>

static const uint64_t TOP = (uint64_t)1 << 63;

static int
room(struct arena *a, struct ranges *s)
{
	size_t cap = s->cap == 0 ? 4 : s->cap * 2;
	struct range *more;

	if (s->n < s->cap)
		return 0;
	more = s->n < RANGES_MAX ? arena_array(a, cap, sizeof(*more)) : NULL;
	if (more == NULL)
		return -1;
	if (s->n > 0)
		memcpy(more, s->r, s->n * sizeof(*more));
	s->r = more;
	s->cap = cap;
	return 0;
}

int
ranges_add(struct arena *a, struct ranges *s, uint64_t lo, uint64_t hi)
{
	size_t from = s->n, to = s->n;

	/* from: the first that the new one touches or precedes; to: the first beyond its reach */
	while (from > 0 && (s->r[from - 1].hi >= lo || s->r[from - 1].hi + 1 == lo)) {
		from--;
		if (hi != UINT64_MAX && s->r[from].lo > hi + 1)
			to = from;
	}
	if (from == to && room(a, s) < 0)
		return -1;
	if (from < to) {
		lo = s->r[from].lo < lo ? s->r[from].lo : lo;
		hi = s->r[to - 1].hi > hi ? s->r[to - 1].hi : hi;
	}
	if (to < s->n)
		memmove(s->r + from + 1, s->r + to, (s->n - to) * sizeof(*s->r));
	s->r[from] = (struct range){ lo, hi };
	s->n = s->n - (to - from) + 1;
	return 0;
}

/* At most, as signed numbers: those with the sign, which come last, and then the others. */
static int
signed_at_most(struct arena *a, struct ranges *s, uint64_t v)
{
	if (v >= TOP)
		return ranges_add(a, s, TOP, v);
	return ranges_add(a, s, 0, v) < 0 ? -1 : ranges_add(a, s, TOP, UINT64_MAX);
}

/*
 * Everything becomes an "at most" or an "equal" and their opposites. A number at 32 bits is in a
 * range when either of its extensions is: so "more than 5" has to be "not in 0..5" rather than "in
 * 6..", which the -1 of an int would be in with either sign. With a negative number it is the other
 * way round: its 32 bits are compared with those above it.
 */
int
test_compare(struct arena *a, struct test *t, enum compare op, bool sign, uint64_t v)
{
	struct ranges s = { 0 };
	bool below = op == COMPARE_LT || op == COMPARE_GE, never;
	int got = 0;

	t->negated = op == COMPARE_NE || op == COMPARE_GT || op == COMPARE_GE;
	if (op <= COMPARE_NE) {
		got = ranges_add(a, &s, v, v);
	} else {
		never = below && v == (sign ? TOP : 0);
		v -= below;
		if (never)
			s.n = 0;
		else if (sign)
			got = signed_at_most(a, &s, v);
		else if (v < TOP || v == UINT64_MAX)
			got = ranges_add(a, &s, 0, v);
		else {
			t->negated = !t->negated;
			got = ranges_add(a, &s, v + 1, UINT64_MAX);
		}
	}
	t->in = s.r;
	t->n = s.n;
	return got;
}

/* The smallest number of at least v that has only bits of the mask; 0 when there is none. */
static uint64_t
next_of_mask(uint64_t v, uint64_t mask)
{
	uint64_t bad = v & ~mask, free;
	unsigned top;

	if (bad == 0)
		return v;
	/* the highest bit that may not be: one above it has to grow, all below become nothing */
	top = 63 - (unsigned)__builtin_clzll(bad);
	free = top == 63 ? 0 : mask & ~v & (UINT64_MAX << (top + 1));
	if (free == 0)
		return 0;
	free &= 0 - free;
	return ((v | free) & ~(free - 1)) & mask;
}

struct trial {
	const struct test *test;
	size_t from, to;
	uint32_t narrow;
};

/* Does this argument satisfy all tests of it? */
static bool
satisfies(const struct trial *t, uint8_t arg, uint64_t v)
{
	for (size_t i = t->from; i < t->to; i++)
		if (t->test[i].arg == arg && !test_holds(&t->test[i], t->narrow >> i & 1, v))
			return false;
	return true;
}

/* What begins at a border of a range, at 64 and at 32 bits. */
static bool
border(const struct trial *t, const struct test *of, uint64_t v)
{
	return satisfies(t, of->arg, next_of_mask(v, of->mask)) ||
	       satisfies(t, of->arg, next_of_mask((uint32_t)v, (uint32_t)of->mask));
}

/* Whether a test holds changes at the borders of its ranges only, at 0, and where an int becomes
 * negative. */
static bool
some_border(const struct trial *t, const struct test *of)
{
	if (border(t, of, 0) || border(t, of, (uint64_t)1 << 31) || border(t, of, UINT64_MAX << 31))
		return true;
	for (size_t i = 0; i < of->n; i++)
		if (border(t, of, of->in[i].lo) || border(t, of, of->in[i].hi + 1))
			return true;
	return false;
}

bool
tests_possible(const struct test *test, size_t n, uint32_t narrow)
{
	struct trial all = { test, 0, n, narrow };

	for (size_t i = 0; i < n; i++) {
		struct trial one = { test, i, i + 1, narrow };
		bool good = false;

		if (!some_border(&one, test + i))
			return false;
		/* with a mask, what they have in common may begin elsewhere */
		for (size_t k = 0; k < n && !good; k++)
			good = test[k].arg == test[i].arg &&
			       (test[k].mask != UINT64_MAX || some_border(&all, test + k));
		if (!good)
			return false;
	}
	return true;
}
