/* What rules make of one call: several at once where that pays, else one after the other. */
#include "plan/compile.h"

enum { AT_ONCE = 64 };

/* `then` where the word is in the set, `rest` where not. */
static uint16_t
in_set(struct compile *c, struct set s, uint32_t offset, uint32_t mask, uint16_t then,
    uint16_t rest, uint32_t why)
{
	struct tree t = { .c = c, .mask = mask, .price = WORD_PRICE, .why = why };
	struct seg *seg = compile_get(c, &c->temp, 2 * s.n + 1, sizeof(*seg));

	if (seg == NULL)
		return 0;
	t.n = 1;
	seg[0] = (struct seg){ .node = rest, .weight = 1 };
	for (size_t i = 0; i < s.n; i++) {
		if (s.span[i].lo == 0)
			t.n = 0;
		seg[t.n++] = (struct seg){ .lo = s.span[i].lo, .node = then, .weight = 1 };
		if (s.span[i].hi != UINT32_MAX)
			seg[t.n++] =
			    (struct seg){ .lo = s.span[i].hi + 1, .node = rest, .weight = 1 };
	}
	return tree_word(&t, seg, offset, 0);
}

/* High words: each part's lead to where its low words are looked at. All parts but the last have
 * one span of them. */
static uint16_t
one_test(struct compile *c, const struct halves *h, uint16_t then, uint16_t rest, uint32_t why)
{
	struct tree t = { .c = c, .mask = h->mask[0], .price = WORD_PRICE, .why = why };
	struct set last = h->part[h->n - 1].half[0];
	struct seg *seg = compile_get(c, &c->temp, 2 * (h->n + last.n) + 1, sizeof(*seg));
	size_t i = 0, j = 0;
	uint32_t from = 0;

	while (seg != NULL && (i + 1 < h->n || j < last.n)) {
		bool first = j == last.n ||
			     (i + 1 < h->n && h->part[i].half[0].span[0].lo < last.span[j].lo);
		const struct part *p = first ? &h->part[i++] : &h->part[h->n - 1];
		struct span s = first ? p->half[0].span[0] : last.span[j++];

		if (s.lo > from || t.n == 0)
			seg[t.n++] = (struct seg){ .lo = from, .node = rest, .weight = 1 };
		if (s.lo == 0)
			t.n = 0;
		seg[t.n++] = (struct seg){ .lo = s.lo, .weight = 1 };
		seg[t.n - 1].node =
		    in_set(c, p->half[1], h->offset[1], h->mask[1], then, rest, why);
		from = s.hi + 1;
	}
	if (seg == NULL)
		return 0;
	if (from != 0)
		seg[t.n++] = (struct seg){ .lo = from, .node = rest, .weight = 1 };
	return tree_word(&t, seg, h->offset[0], 0);
}

static uint16_t
one_rule(struct compile *c, struct subject s, const struct rule *r, uint16_t rest)
{
	uint32_t why = r->index + 1;
	uint16_t node = node_ret(c, r->action, why);
	size_t before = c->temp.used;

	for (size_t i = r->ntests; i > 0 && !c->failed; i--) {
		const struct test *test = &r->test[i - 1];
		bool narrow = policy_narrow(c->policy, s.arch, s.call, test);
		struct halves h = halves_of(c, s.arch, narrow, test);

		if (h.n == 0)
			node = rest;
		else if (!c->failed)
			node = one_test(c, &h, node, rest, why);
		c->temp.used = before;
	}
	return node;
}

uint16_t
rules_make(struct compile *c, struct subject s, const struct rule *const *rule, size_t n,
    uint16_t rest)
{
	size_t most = c->options->level == 0 ? 0 : AT_ONCE;

	while (n > 0 && !c->failed) {
		size_t before = c->temp.used, some = n < most ? n : most;

		compile_work(c, 8 + some);
		if (some > 0 && rules_joined(c, s, rule + n - some, some, rest, &rest)) {
			n -= some;
		} else if (some > 1) {
			most = some / 2;
		} else {
			rest = one_rule(c, s, rule[n - 1], rest);
			n--;
		}
		c->temp.used = before;
	}
	return rest;
}
