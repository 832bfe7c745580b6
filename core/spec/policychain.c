/* What two policies say of one call, and what comes of it. */
#include "spec/policymerge.h"

#include <string.h>

/* The smaller action wins, as signed numbers; of equal ones the filter that was attached last,
 * which runs first: seccomp_run_filters(), kernel/seccomp.c. */
uint32_t
stronger(uint32_t a, uint32_t b)
{
	int32_t x = (int32_t)(a & (uint32_t)RET_ACTION), y = (int32_t)(b & (uint32_t)RET_ACTION);

	return x < y ? a : b;
}

/* The largest number that a rule of the policy names on the architecture, or -1. */
static int64_t
largest(const struct policy *p, enum arch arch)
{
	int64_t most = -1;

	for (const struct rule *r = p->first; r != NULL; r = r->next) {
		if ((r->archs >> arch & 1) == 0)
			continue;
		for (size_t i = 0; i < r->nnr; i++)
			most = (int64_t)r->nr[i].hi > most ? (int64_t)r->nr[i].hi : most;
		for (unsigned c = 0; c < calls_count(); c++)
			if (callset_has(&r->calls, c) && call_number(c, arch) > most)
				most = call_number(c, arch);
	}
	return most;
}

static uint32_t
unnamed(const struct policy *p, enum arch arch, uint32_t nr, int call)
{
	bool new = p->newer_largest
		     ? (int64_t)nr > largest(p, arch)
		     : p->newer > 0 && (call < 0 || call_since((unsigned)call) > p->newer);

	return new ? p->newer_action : p->fallback;
}

static int
follow(struct merge *m, struct chain *c, const struct policy *p, enum arch arch, uint32_t nr,
    int call)
{
	bool final = false;

	c->n = 0;
	c->otherwise = p->foreign;
	if ((p->archs >> arch & 1) == 0)
		return 0;
	c->otherwise = p->fallback;
	for (const struct rule *r = p->first; r != NULL && !final; r = r->next) {
		if (!rule_names(r, arch, nr, call))
			continue;
		if (c->n == CHAIN_MAX)
			return err_limit(m->err, r->pos, "more than 1024 rules for one call");
		c->rule[c->n++] = r;
		final = r->ntests == 0;
	}
	if (c->n == 0)
		c->otherwise = unnamed(p, arch, nr, call);
	else if (final)
		c->otherwise = c->rule[--c->n]->action;
	return 0;
}

static uint64_t
mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * 0x9e3779b97f4a7c15U;
	return hash ^ hash >> 29;
}

static uint64_t
hash_of(const struct merge *m)
{
	uint64_t hash = 0;

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < m->chain[k].n; i++)
			hash = mix(hash, m->chain[k].rule[i]->index + 1);
		hash = mix(hash, (uint64_t)m->chain[k].otherwise << 16);
	}
	return hash;
}

static bool
same_chain(const struct chain *c, const struct pair *p, size_t k)
{
	return p->n[k] == c->n && p->otherwise[k] == c->otherwise &&
	       memcmp(p->rule[k], c->rule, c->n * sizeof(struct rule *)) == 0;
}

const struct pair *
pair_of(struct merge *m, enum arch arch, uint32_t nr, int call)
{
	struct pair *p;
	uint64_t hash;

	if (follow(m, &m->chain[0], m->part[0], arch, nr, call) < 0 ||
	    follow(m, &m->chain[1], m->part[1], arch, nr, call) < 0)
		return NULL;
	hash = hash_of(m);
	for (p = m->pairs; p != NULL; p = p->next)
		if (p->hash == hash && same_chain(&m->chain[0], p, 0) &&
		    same_chain(&m->chain[1], p, 1))
			return p;
	p = arena_get(m->arena, sizeof(*p));
	for (size_t k = 0; p != NULL && k < 2; k++) {
		const struct chain *c = &m->chain[k];

		p->rule[k] = arena_array(m->arena, c->n, sizeof(struct rule *));
		p->n[k] = c->n;
		p->otherwise[k] = c->otherwise;
		if (p->rule[k] == NULL)
			p = NULL;
		else
			memcpy(p->rule[k], c->rule, c->n * sizeof(struct rule *));
	}
	if (p == NULL) {
		err_memory(m->err);
		return NULL;
	}
	p->hash = hash;
	p->next = m->pairs;
	m->pairs = p;
	return p;
}

bool
pair_constant(const struct pair *p, uint32_t *action)
{
	*action = stronger(p->otherwise[0], p->otherwise[1]);
	return p->n[0] + p->n[1] == 0;
}

/* ---- the product ---- */

static int
add_tests(struct merge *m, struct rule *r, const struct rule *a, const struct rule *b)
{
	const struct rule *from[2] = { a, b };
	size_t n = (a != NULL ? a->ntests : 0) + (b != NULL ? b->ntests : 0);
	struct test *t = arena_array(m->arena, n, sizeof(*t));

	if (t == NULL)
		return err_memory(m->err);
	if (n > TESTS_MAX)
		return err_limit(m->err, r->pos, "together they have more than 16 tests in a rule");
	r->test = t;
	r->ntests = n;
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; from[k] != NULL && i < from[k]->ntests; i++, t++) {
			*t = from[k]->test[i];
			t->wide |= m->part[k]->wide && !m->whole->wide;
		}
	}
	return 0;
}

static int
add_rule(struct merge *m, struct group *g, const struct rule *a, const struct rule *b,
    uint32_t action)
{
	const struct rule *why = a != NULL && (b == NULL || a->action == action) ? a : b;
	struct rule *r;

	if (m->whole->nrules == RULES_MAX)
		return err_limit(m->err, POS_NONE,
		    "together the policies have more than 4096 rules");
	r = policy_add(m->arena, m->whole);
	if (r == NULL)
		return err_memory(m->err);
	if (g->first == NULL)
		g->first = r;
	g->nrules++;
	r->archs = g->archs;
	r->action = action;
	if (why != NULL) {
		r->pos = why->pos;
		r->text = why->text;
	}
	return add_tests(m, r, a, b);
}

/* Of the first's rules each with all of the second's, but for those at the end that change
 * nothing. */
static int
product(struct merge *m, struct group *g)
{
	const struct pair *p = g->pair;

	for (size_t i = 0; i <= p->n[0]; i++) {
		const struct rule *a = i < p->n[0] ? p->rule[0][i] : NULL;
		uint32_t first = a != NULL ? a->action : p->otherwise[0];
		uint32_t last = stronger(first, p->otherwise[1]);
		size_t need = p->n[1];

		while (need > 0 && stronger(first, p->rule[1][need - 1]->action) == last)
			need--;
		for (size_t j = 0; j < need; j++)
			if (add_rule(m, g, a, p->rule[1][j],
				stronger(first, p->rule[1][j]->action)) < 0)
				return -1;
		if (add_rule(m, g, a, NULL, last) < 0)
			return -1;
	}
	return 0;
}

struct group *
group_of(struct merge *m, const struct pair *p, uint32_t archs)
{
	struct group *g;

	for (g = m->groups; g != NULL; g = g->next)
		if (g->pair == p && g->archs == archs)
			return g;
	g = arena_get(m->arena, sizeof(*g));
	if (g == NULL) {
		err_memory(m->err);
		return NULL;
	}
	*g = (struct group){ .pair = p, .archs = archs, .next = m->groups };
	m->groups = g;
	return product(m, g) < 0 ? NULL : g;
}
