/* A diagram as rules in order: argument by argument, for each outcome the values that lead there,
 * and last the outcome that needs no test. */
#include <string.h>

#include "plan/decompile.h"

enum {
	PIECES_MAX = 1024,
	VISITS_MAX = 1 << 14,
	WORK_MAX = 1 << 26,
	RULES_MAX = 4096, /* of one policy that nobody wrote */
};

/* From start on, up to where the next begins. */
struct piece {
	uint64_t start;
	uint32_t child;
};

/* An argument of a diagram, looked at under a mask. */
struct view {
	const struct diagram *d;
	unsigned value;
	uint64_t mask;
	struct piece *piece;
	size_t n, visits;
};

struct making {
	struct diagram *d;
	struct policy *p;
	const struct group *g;
	struct test test[CALL_ARGS]; /* those that hold so far */
	size_t n;
	unsigned char *seen; /* a bit for each node */
	struct piece *piece[CALL_ARGS][2];
	size_t work;
};

static bool
is_beyond(const struct diagram *d, uint32_t node, unsigned value)
{
	return node_at(d, node)->var / 64 != value;
}

/* Bits of the argument on which the node depends. The mark of a node is in seen. */
static uint64_t
support(const struct diagram *d, uint32_t i, unsigned value, unsigned char *seen, unsigned depth)
{
	const struct node *n = node_at(d, i);

	if (depth == 0 || is_beyond(d, i, value) || (seen[i / 8] >> i % 8 & 1) != 0)
		return 0;
	seen[i / 8] |= (unsigned char)(1 << i % 8);
	return UINT64_C(1) << (63 - n->var % 64) | support(d, n->zero, value, seen, depth - 1) |
	       support(d, n->one, value, seen, depth - 1);
}

/* Ascending pieces of what the masked argument can be, the lowest `bits` bits of it being open. */
static void
look(struct view *v, uint32_t node, unsigned bits, uint64_t base)
{
	const struct node *n = node_at(v->d, node);
	unsigned bit;

	if (v->visits > VISITS_MAX || v->n > PIECES_MAX)
		return;
	v->visits++;
	if (is_beyond(v->d, node, v->value)) {
		if (v->n > 0 && v->piece[v->n - 1].child == node)
			return;
		if (v->n < PIECES_MAX)
			v->piece[v->n] = (struct piece){ base, node };
		v->n++;
		return;
	}
	bit = 63 - n->var % 64;
	for (unsigned b = bits; b-- > bit + 1;)
		if ((v->mask >> b & 1) != 0) {
			look(v, node, b, base);
			look(v, node, b, base | UINT64_C(1) << b);
			return;
		}
	look(v, n->zero, bit, base);
	look(v, n->one, bit, base | UINT64_C(1) << bit);
}

static bool
view_under(struct view *v, uint32_t node, uint64_t mask)
{
	v->mask = mask;
	v->n = v->visits = 0;
	look(v, node, 64, 0);
	return v->n <= PIECES_MAX && v->visits <= VISITS_MAX;
}

/* Is it compared at 32 bits wherever the group means it? */
static bool
is_narrow(const struct making *m, const struct test *t)
{
	if (m->g->nnr > 0)
		return false;
	for (int a = 0; a < ARCH_COUNT; a++)
		for (unsigned c = 0; (m->g->archs >> a & 1) != 0 && c < calls_count(); c++)
			if (callset_has(&m->g->calls, c) && call_number(c, (enum arch)a) >= 0 &&
			    !policy_narrow(m->p, (enum arch)a, (int)c, t))
				return false;
	return true;
}

static int
out_of_memory(struct making *m)
{
	diagram_fail(m->d, NULL);
	return -1;
}

static int
add_rule(struct making *m, uint32_t action)
{
	struct rule *r = m->p->nrules < RULES_MAX ? policy_add(m->d->arena, m->p) : NULL;
	struct test *t = arena_array(m->d->arena, m->n, sizeof(*t));

	if (m->p->nrules >= RULES_MAX) {
		diagram_fail(m->d, "more than 4096 rules would be due");
		return -1;
	}
	if (r == NULL || t == NULL)
		return out_of_memory(m);
	for (size_t i = 0; i < m->n; i++)
		t[i] = m->test[i];
	r->action = action;
	r->archs = m->g->archs;
	r->calls = m->g->calls;
	r->nr = m->g->nr;
	r->nnr = m->g->nnr;
	r->test = t;
	r->ntests = m->n;
	return 0;
}

/* The pieces that lead to the child, or, where there are fewer, all the others. */
static int
push_ranges(struct making *m, const struct view *v, uint32_t child)
{
	struct test *t = &m->test[m->n];
	struct range *in;
	size_t own = 0, n = 0;
	bool joins = false; /* the piece before is one of them */

	for (size_t i = 0; i < v->n; i++)
		own += v->piece[i].child == child;
	*t = (struct test){ .arg = (uint8_t)v->value, .mask = v->mask };
	t->negated = own > v->n - own;
	in = arena_array(m->d->arena, v->n, sizeof(*in));
	if (in == NULL)
		return out_of_memory(m);
	for (size_t i = 0; i < v->n; i++) {
		bool is = (v->piece[i].child == child) != t->negated;

		if (is && !joins)
			in[n++].lo = v->piece[i].start;
		/* the last value under the mask that is below the next piece */
		if (is)
			in[n - 1].hi =
			    i + 1 < v->n ? (v->piece[i + 1].start - 1) & v->mask : v->mask;
		joins = is;
	}
	t->in = in;
	t->n = n;
	t->wide = v->mask > UINT32_MAX || !is_narrow(m, t);
	if (!t->wide && v->mask == UINT32_MAX)
		t->mask = UINT64_MAX;
	m->n++;
	return 0;
}

static int make_rules(struct making *m, uint32_t node);

/* Where neither mask gives few ranges: a rule for each way through the bits. */
static int
cubes(struct making *m, uint32_t node, unsigned value, uint32_t rest, uint64_t mask, uint64_t bits)
{
	const struct node *n = node_at(m->d, node);
	uint64_t bit = UINT64_C(1) << (63 - n->var % 64);
	struct test *t = &m->test[m->n];
	struct range *in;
	int r;

	if (!is_beyond(m->d, node, value)) {
		if (cubes(m, n->zero, value, rest, mask | bit, bits) < 0)
			return -1;
		return cubes(m, n->one, value, rest, mask | bit, bits | bit);
	}
	if (node == rest)
		return 0;
	in = arena_get(m->d->arena, sizeof(*in));
	if (in == NULL)
		return out_of_memory(m);
	*in = (struct range){ bits, bits };
	*t = (struct test){ .arg = (uint8_t)value, .wide = true, .mask = mask, .in = in, .n = 1 };
	m->n++;
	r = make_rules(m, node);
	m->n--;
	return r;
}

/* What comes last, without a test: what the policy falls back to, or else what has most pieces. */
static uint32_t
rest_of(const struct making *m, const struct view *v)
{
	uint32_t best = v->piece[0].child;
	size_t most = 0;

	for (size_t i = 0; i < v->n; i++) {
		const struct node *n = node_at(m->d, v->piece[i].child);
		size_t own = 0;

		if (n->var == VAR_LEAF && n->zero == m->p->fallback)
			return v->piece[i].child;
		for (size_t k = 0; k < v->n; k++)
			own += v->piece[k].child == v->piece[i].child;
		if (own > most) {
			most = own;
			best = v->piece[i].child;
		}
	}
	return best;
}

static int
by_ranges(struct making *m, const struct view *v)
{
	uint32_t rest = rest_of(m, v);

	for (size_t i = 0; i < v->n; i++) {
		uint32_t child = v->piece[i].child;
		bool first = child != rest;

		for (size_t k = 0; first && k < i; k++)
			first = v->piece[k].child != child;
		if (!first)
			continue;
		if (push_ranges(m, v, child) < 0 || make_rules(m, child) < 0)
			return -1;
		m->n--;
	}
	return make_rules(m, rest);
}

static uint32_t
last_of(const struct diagram *d, uint32_t node, unsigned value)
{
	while (!is_beyond(d, node, value))
		node = node_at(d, node)->one;
	return node;
}

/* Each level is an argument further on. */
static int
make_rules(struct making *m, uint32_t node)
{
	struct view plain = { .d = m->d, .value = node_at(m->d, node)->var / 64 }, masked;
	uint64_t mask, whole;
	bool good;

	if (node_is_leaf(m->d, node))
		return add_rule(m, node_at(m->d, node)->zero);
	if (plain.value == VALUE_IP) {
		err_config(m->d->err, POS_NONE, "the filter looks at the instruction pointer");
		m->d->failed = true;
		return -1;
	}
	masked = plain;
	plain.piece = m->piece[plain.value][0];
	masked.piece = m->piece[plain.value][1];
	memset(m->seen, 0, m->d->n / 8 + 1);
	mask = support(m->d, node, plain.value, m->seen, 64);
	whole = mask <= UINT32_MAX ? UINT32_MAX : UINT64_MAX;
	good = view_under(&masked, node, mask);
	/* numbers rather than bits, where that is no longer */
	if (view_under(&plain, node, whole) && (!good || plain.n <= masked.n)) {
		masked = plain;
		good = true;
	}
	m->work += masked.visits + plain.visits + m->d->n / 8 + (good ? masked.n * masked.n : 0);
	if (m->work > WORK_MAX) {
		diagram_fail(m->d, "too many cases for rules");
		return -1;
	}
	if (good)
		return by_ranges(m, &masked);
	if (cubes(m, node, plain.value, last_of(m->d, node, plain.value), 0, 0) < 0)
		return -1;
	return make_rules(m, last_of(m->d, node, plain.value));
}

int
group_rules(struct diagram *d, struct policy *p, const struct group *g)
{
	struct making m = { .d = d, .p = p, .g = g };
	struct rule **first = p->last, *last = NULL;
	uint32_t nrules = p->nrules;

	bool whole;

	m.seen = arena_get(d->arena, d->n / 8 + 1);
	whole = m.seen != NULL;
	for (size_t i = 0; i < 2 * CALL_ARGS && !node_is_leaf(d, g->node); i++) {
		m.piece[i / 2][i % 2] = arena_array(d->arena, PIECES_MAX, sizeof(struct piece));
		whole = whole && m.piece[i / 2][i % 2] != NULL;
	}
	if (!whole)
		return out_of_memory(&m);
	if (make_rules(&m, g->node) < 0)
		return -1;
	/* what the policy falls back to need not be said at the end */
	for (struct rule *r = *first; r != NULL; r = r->next)
		if (r->action != p->fallback)
			last = r;
	p->last = last != NULL ? &last->next : first;
	*p->last = NULL;
	p->nrules = last != NULL ? last->index + 1 : nrules;
	return 0;
}
