/* Tests on 64 bits as tests on half-words. */
#include "plan/compile.h"

bool
set_full(struct set s)
{
	return s.n == 1 && s.span[0].lo == 0 && s.span[0].hi == UINT32_MAX;
}

/* Spans come in order; those that touch become one. */
static void
append(struct set *s, uint32_t lo, uint32_t hi)
{
	struct span *last = s->n > 0 ? &s->span[s->n - 1] : NULL;

	if (last != NULL && (last->hi == UINT32_MAX || last->hi + 1 >= lo)) {
		if (hi > last->hi)
			last->hi = hi;
		return;
	}
	s->span[s->n++] = (struct span){ lo, hi };
}

static struct set
room(struct compile *c, size_t n)
{
	return (struct set){ compile_get(c, &c->temp, n, sizeof(struct span)), 0 };
}

struct set
set_both(struct compile *c, struct set a, struct set b)
{
	struct set s = room(c, a.n + b.n);

	for (size_t i = 0, j = 0; s.span != NULL && i < a.n && j < b.n;) {
		uint32_t lo = a.span[i].lo > b.span[j].lo ? a.span[i].lo : b.span[j].lo;
		uint32_t hi = a.span[i].hi < b.span[j].hi ? a.span[i].hi : b.span[j].hi;

		if (lo <= hi)
			append(&s, lo, hi);
		if (a.span[i].hi < b.span[j].hi)
			i++;
		else
			j++;
	}
	return s;
}

/* The least value not below *v that the mask lets through; false when there is none. */
static bool
mask_up(uint32_t mask, uint32_t *v)
{
	uint32_t high, next;

	if ((*v & ~mask) == 0)
		return true;
	high = UINT32_MAX >> __builtin_clz(*v & ~mask);
	next = mask & ~*v & ~high;
	if (next == 0)
		return false;
	next &= 0 - next;
	*v = (*v & ~(next | (next - 1))) | next;
	return true;
}

uint32_t
mask_end(uint32_t mask, uint32_t v)
{
	return v != UINT32_MAX && (v++, mask_up(mask, &v)) ? v - 1 : UINT32_MAX;
}

/* What of a word & mask lies in the set, where a value that the mask does not let through counts as
 * the one below it that it does. */
static void
set_widen(struct set *s, uint32_t mask)
{
	size_t n = s->n;

	if (mask == UINT32_MAX)
		return;
	s->n = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t lo = s->span[i].lo, hi = s->span[i].hi;

		if (mask_up(mask, &lo) && lo <= hi)
			append(s, lo, mask_end(mask, hi));
	}
}

/* What is not in the ranges, if negated; else they. */
static size_t
ranges_of(struct compile *c, const struct test *t, const struct range **in)
{
	struct range *out;
	uint64_t from = 0;
	size_t n = 0;

	*in = t->in;
	if (!t->negated)
		return t->n;
	*in = out = compile_get(c, &c->temp, t->n + 1, sizeof(*out));
	for (size_t i = 0; out != NULL && i < t->n; i++) {
		if (t->in[i].lo > from)
			out[n++] = (struct range){ from, t->in[i].lo - 1 };
		if (t->in[i].hi == UINT64_MAX)
			return n;
		from = t->in[i].hi + 1;
	}
	if (out != NULL)
		out[n++] = (struct range){ from, UINT64_MAX };
	return n;
}

/* The ranges' values between two bounds, their low words. */
static void
low_words(struct set *s, const struct test *t, uint64_t lo, uint64_t hi)
{
	for (size_t i = 0; i < t->n; i++) {
		uint64_t from = t->in[i].lo > lo ? t->in[i].lo : lo;
		uint64_t to = t->in[i].hi < hi ? t->in[i].hi : hi;

		if (from <= to)
			append(s, (uint32_t)from, (uint32_t)to);
	}
}

static struct set
complement(struct compile *c, struct set s)
{
	struct set out = room(c, s.n + 1);
	uint32_t from = 0;

	if (out.span == NULL)
		return out;
	for (size_t i = 0; i < s.n; i++) {
		if (s.span[i].lo > from)
			out.span[out.n++] = (struct span){ from, s.span[i].lo - 1 };
		if (s.span[i].hi == UINT32_MAX)
			return out;
		from = s.span[i].hi + 1;
	}
	out.span[out.n++] = (struct span){ from, UINT32_MAX };
	return out;
}

static struct set
one_span(struct compile *c, uint32_t lo, uint32_t hi)
{
	struct set s = room(c, 1);

	if (s.span != NULL)
		append(&s, lo, hi);
	return s;
}

/* Only the low word counts: as it is, and, unless the test is wide, as a negative number. */
static struct set
narrow_set(struct compile *c, bool extended, const struct test *t)
{
	struct set zero = room(c, t->n), sign = room(c, t->n), all = room(c, 2 * t->n);
	size_t i = 0, j = 0;

	if (all.span == NULL)
		return all;
	low_words(&zero, t, 0, UINT32_MAX);
	if (extended)
		low_words(&sign, t, UINT64_MAX - INT32_MAX, UINT64_MAX);
	while (i < zero.n || j < sign.n) {
		bool first = j == sign.n || (i < zero.n && zero.span[i].lo <= sign.span[j].lo);
		struct span s = first ? zero.span[i++] : sign.span[j++];

		append(&all, s.lo, s.hi);
	}
	return t->negated ? complement(c, all) : all;
}

/* A part more, unless the halves' masks make it empty. */
static void
add_part(struct halves *h, struct set high, struct set low)
{
	set_widen(&high, h->mask[0]);
	set_widen(&low, h->mask[1]);
	if (high.n > 0 && low.n > 0)
		h->part[h->n++] = (struct part){ { high, low } };
}

/* The parts of ranges by their high words: what begins or ends within one shares a part with all
 * that does so there; what is whole between such is one part together. */
struct cut {
	struct halves *h;
	struct set whole, low;
	uint32_t word; /* of low */
};

static void
flush(struct compile *c, struct cut *cut)
{
	if (cut->low.n == 0)
		return;
	add_part(cut->h, one_span(c, cut->word, cut->word), cut->low);
	cut->low = (struct set){ cut->low.span + cut->low.n, 0 };
}

static void
cut_partial(struct compile *c, struct cut *cut, uint32_t word, uint32_t lo, uint32_t hi)
{
	if (cut->word != word)
		flush(c, cut);
	cut->word = word;
	append(&cut->low, lo, hi);
}

static void
cut_range(struct compile *c, struct cut *cut, struct range r)
{
	uint32_t first = (uint32_t)(r.lo >> 32), last = (uint32_t)(r.hi >> 32);
	uint32_t lo = (uint32_t)r.lo, hi = (uint32_t)r.hi;

	if (first == last && (lo > 0 || hi < UINT32_MAX)) {
		cut_partial(c, cut, first, lo, hi);
		return;
	}
	if (lo > 0)
		cut_partial(c, cut, first++, lo, UINT32_MAX);
	if (hi == UINT32_MAX) {
		append(&cut->whole, first, last);
		return;
	}
	if (first < last)
		append(&cut->whole, first, last - 1);
	cut_partial(c, cut, last, 0, hi);
}

static void
wide_parts(struct compile *c, struct halves *h, const struct range *in, size_t n)
{
	struct cut cut = { .h = h, .whole = room(c, n), .low = room(c, 2 * n) };

	if (cut.low.span == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		cut_range(c, &cut, in[i]);
	flush(c, &cut);
	if (cut.whole.n > 0)
		add_part(h, cut.whole, one_span(c, 0, UINT32_MAX));
}

struct halves
halves_of(struct compile *c, enum arch arch, bool narrow, const struct test *t)
{
	uint32_t base = DATA_ARGS + 8 * (uint32_t)t->arg, big = arch_big_endian(arch) ? 4 : 0;
	struct halves h = { .offset = { base + 4 - big, base + big },
		.mask = { (uint32_t)(t->mask >> 32), (uint32_t)t->mask } };
	const struct range *in;
	size_t n;

	if (!compile_work(c, 8 + t->n))
		return h;
	/* the high word of a register of 32 bits is 0 */
	if (narrow || !arch_wide(arch)) {
		h.part = compile_get(c, &c->temp, 1, sizeof(*h.part));
		if (h.part != NULL)
			add_part(&h, one_span(c, 0, UINT32_MAX), narrow_set(c, narrow, t));
		return h;
	}
	n = ranges_of(c, t, &in);
	h.part = compile_get(c, &c->temp, 2 * n + 1, sizeof(*h.part));
	if (h.part != NULL)
		wide_parts(c, &h, in, n);
	return h;
}
