/* A word under the arithmetic that programs do to it, and what a jump asks of it. */
#include "plan/prove.h"

static uint32_t
shifted(uint32_t v, int right)
{
	return right >= 0 ? v >> right : v << -right;
}

uint32_t
expr_value(const struct expr *e, uint32_t word)
{
	return ((shifted(word, e->shift) & e->mask) ^ e->flip) + e->add;
}

static uint32_t
computed(uint16_t op, uint32_t a, uint32_t k)
{
	switch (op) {
	case BPF_ADD:
		return a + k;
	case BPF_SUB:
		return a - k;
	case BPF_MUL:
		return a * k;
	case BPF_DIV:
		return a / k;
	case BPF_OR:
		return a | k;
	case BPF_AND:
		return a & k;
	case BPF_LSH:
		return a << (k & 31);
	case BPF_RSH:
		return a >> (k & 31);
	case BPF_XOR:
		return a ^ k;
	default:
		return 0 - a;
	}
}

static void
shift(struct expr *e, int right)
{
	e->mask = shifted(e->mask, right);
	e->flip = shifted(e->flip, right);
	e->shift = (int8_t)(e->shift + right);
	if (e->shift > 31 || e->shift < -31)
		e->shift = 0; /* nothing is left in the mask */
}

struct expr
expr_compute(const struct expr *old, uint16_t op, uint32_t k, size_t at)
{
	struct expr e = *old;

	if (expr_is_constant(&e))
		return expr_constant(computed(op, e.add, k));
	/* as shifts, where they are */
	if ((op == BPF_MUL || op == BPF_DIV) && k > 0 && (k & (k - 1)) == 0) {
		op = op == BPF_MUL ? BPF_LSH : BPF_RSH;
		k = (uint32_t)__builtin_ctz(k);
	}
	if (op == BPF_ADD) {
		e.add += k;
	} else if (op == BPF_SUB) {
		e.add -= k;
	} else if (op == BPF_NEG) {
		e.flip = ~e.flip; /* -(v + a) = ~v + 1 - a */
		e.add = 1 - e.add;
	} else if (op == BPF_MUL || op == BPF_DIV || e.add != 0) {
		e.opaque = true;
	} else if (op == BPF_AND) {
		e.mask &= k;
		e.flip &= k;
	} else if (op == BPF_OR) {
		e.mask &= ~k;
		e.flip |= k;
	} else if (op == BPF_XOR) {
		e.flip ^= k;
	} else {
		shift(&e, op == BPF_RSH ? (int)(k & 31) : -(int)(k & 31));
	}
	if (old->opaque || e.opaque)
		return (struct expr){ .opaque = true,
			.word = old->word,
			.at = old->opaque ? old->at : (uint16_t)at };
	return e.mask == 0 ? expr_constant(e.flip + e.add) : e;
}

struct ask
ask_of(const struct expr *e, uint16_t op, uint32_t k)
{
	struct ask a = { .e = *e, .hi = UINT32_MAX };

	if (op == BPF_JSET) {
		a.bits = k;
		if (k == 0)
			a.lo = 1, a.hi = 0;
	} else if (op == BPF_JEQ) {
		a.lo = a.hi = k;
	} else if (op == BPF_JGE) {
		a.lo = k;
	} else if (k == UINT32_MAX) {
		a.lo = 1;
		a.hi = 0;
	} else {
		a.lo = k + 1;
	}
	return a;
}

static bool
says_yes(const struct ask *a, uint32_t value)
{
	return a->bits != 0 ? (value & a->bits) != 0 : value >= a->lo && value <= a->hi;
}

/* For a word whose value is itself plus `more`. */
static enum answer
ask_sum(const struct ask *a, uint32_t more, uint32_t lo, uint32_t hi, uint32_t *cut)
{
	uint32_t from = a->lo - more, to = a->hi - more;
	bool yes = true;

	if (from > to) { /* the complement of what lies between */
		uint32_t swap = from;

		from = to + 1;
		to = swap - 1;
		yes = false;
		if (from > to)
			return ANSWER_YES;
	}
	if (hi < from || lo > to)
		return yes ? ANSWER_NO : ANSWER_YES;
	if (lo >= from && hi <= to)
		return yes ? ANSWER_YES : ANSWER_NO;
	*cut = lo < from ? from : to + 1;
	return ANSWER_OPEN;
}

enum answer
ask_range(const struct ask *a, uint32_t lo, uint32_t hi, uint32_t *cut)
{
	const struct expr *e = &a->e;
	uint32_t first = expr_value(e, lo), vary = lo ^ hi, matter;

	if (a->bits == 0 && a->lo > a->hi)
		return ANSWER_NO;
	vary |= vary >> 1;
	vary |= vary >> 2;
	vary |= vary >> 4;
	vary |= vary >> 8;
	vary |= vary >> 16; /* all bits that can differ within the range */
	matter = shifted(e->mask, -e->shift) & vary;
	if (a->bits != 0) {
		uint32_t open = shifted(vary, e->shift) & e->mask & a->bits;

		if ((first & a->bits & ~open) != 0)
			return ANSWER_YES;
		if (open == 0)
			return ANSWER_NO;
	} else if (matter == 0) {
		return says_yes(a, first) ? ANSWER_YES : ANSWER_NO;
	} else if (e->shift == 0 && matter == vary && (e->flip & vary) == 0) {
		return ask_sum(a, first - lo, lo, hi, cut);
	} else {
		uint32_t open = shifted(vary, e->shift) & e->mask, least = (first - e->add) & ~open;
		enum answer answer = ask_sum(a, e->add, least, least | open, cut);

		if (answer != ANSWER_OPEN)
			return answer;
	}
	*cut = hi & ~(vary >> 1);
	return ANSWER_OPEN;
}

enum shape { SHAPE_EQUAL, SHAPE_FROM, SHAPE_BITS };

/* From the lowest bit, where the choice comes last. */
static uint32_t
compare(struct diagram *d, const struct expr *e, unsigned var, enum shape shape, uint32_t k,
    uint32_t yes, uint32_t no)
{
	uint32_t r = shape == SHAPE_BITS ? no : yes;

	for (int i = 0; i < 32; i++) {
		bool bit = k >> i & 1, flip = e->flip >> i & 1;
		uint32_t zero = r, one = r;

		if (shape == SHAPE_BITS)
			one = bit ? yes : r;
		else if (bit)
			zero = no;
		else
			one = shape == SHAPE_EQUAL ? no : yes;
		if ((e->mask >> i & 1) == 0)
			r = flip ? one : zero;
		else
			r = diagram_node(d, var + 31 - (unsigned)(i + e->shift), flip ? one : zero,
			    flip ? zero : one);
	}
	return r;
}

static uint32_t
cofactor(const struct diagram *d, uint32_t i, unsigned var, bool one)
{
	const struct node *n = node_at(d, i);

	if (n->var != var)
		return i;
	return one ? n->one : n->zero;
}

/* Of a whole word, where nothing in yes and no comes before it: down along the bits of k, where
 * both are left as they are besides, and up again. Most jumps are like this; what compare() and
 * diagram_if() would make on their way to the same is not made. */
static uint32_t
graft(struct diagram *d, uint32_t flip, unsigned var, enum shape shape, uint32_t k, uint32_t yes,
    uint32_t no)
{
	uint32_t beside[32];
	int i;

	for (i = 31; i >= 0 && yes != no; i--) {
		bool bit = k >> i & 1, on = bit ^ (flip >> i & 1);
		unsigned v = var + 31 - (unsigned)i;

		beside[i] = cofactor(d, shape == SHAPE_FROM && !bit ? yes : no, v, !on);
		yes = cofactor(d, yes, v, on);
		no = cofactor(d, no, v, on);
	}
	for (i++; i < 32; i++) {
		bool on = (k ^ flip) >> i & 1;

		yes = diagram_node(d, var + 31 - (unsigned)i, on ? beside[i] : yes,
		    on ? yes : beside[i]);
	}
	return yes;
}

static uint32_t
branch(struct diagram *d, const struct expr *e, unsigned var, enum shape shape, uint32_t k,
    uint32_t yes, uint32_t no)
{
	if (shape != SHAPE_BITS && e->mask == UINT32_MAX && e->shift == 0 &&
	    node_at(d, yes)->var >= var && node_at(d, no)->var >= var)
		return graft(d, e->flip, var, shape, k, yes, no);
	/* the same, as long as nothing of this word comes behind it */
	if (node_at(d, yes)->var >= var + 32 && node_at(d, no)->var >= var + 32)
		return compare(d, e, var, shape, k, yes, no);
	return diagram_if(d, compare(d, e, var, shape, k, NODE_YES, NODE_NO), yes, no);
}

/* The first variable of a word: an argument's high half comes first. */
static unsigned
var_of(unsigned word, bool big)
{
	unsigned value = word < DATA_ARGS / 4 ? VALUE_IP : (word - DATA_ARGS / 4) / 2;
	bool high = (word % 2 != 0) != big;

	return value * 64 + (high ? 0 : 32);
}

uint32_t
ask_diagram(struct diagram *d, const struct ask *a, bool big, uint32_t yes, uint32_t no)
{
	unsigned var = var_of(a->e.word, big);
	uint32_t lo = a->lo - a->e.add, hi = a->hi - a->e.add;

	if (a->bits != 0)
		return branch(d, &a->e, var, SHAPE_BITS, a->bits, yes, no);
	if (lo == hi)
		return branch(d, &a->e, var, SHAPE_EQUAL, lo, yes, no);
	if (lo > hi) {
		uint32_t swap = lo;

		if (lo == hi + 1)
			return yes;
		lo = hi + 1;
		hi = swap - 1;
		swap = yes;
		yes = no;
		no = swap;
	}
	if (hi < UINT32_MAX)
		yes = branch(d, &a->e, var, SHAPE_FROM, hi + 1, no, yes);
	return lo == 0 ? yes : branch(d, &a->e, var, SHAPE_FROM, lo, yes, no);
}
