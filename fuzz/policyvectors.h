/* Calls at the borders of what a policy says, to compare meanings with each other. */
#ifndef FUZZ_POLICYVECTORS_H
#define FUZZ_POLICYVECTORS_H

#include <string.h>

#include "must.h"
#include "spec/policy.h"

struct vector {
	uint32_t audit, nr;
	uint64_t arg[6];
};

typedef void vector_check(void *, const struct vector *);

struct vectors {
	vector_check *check;
	void *with;
	size_t left; /* how many more */
};

static inline void
vector_go(struct vectors *s, const struct vector *v)
{
	if (s->left == 0)
		return;
	s->left--;
	s->check(s->with, v);
}

/* Something that the test accepts, if it accepts anything simple. */
static inline uint64_t
vector_like(const struct test *t)
{
	if (!t->negated)
		return t->n > 0 ? t->in[0].lo : 0;
	return t->n > 0 && t->in[t->n - 1].hi != UINT64_MAX ? t->in[t->n - 1].hi + 1
	     : t->n > 0 && t->in[0].lo > 0                  ? t->in[0].lo - 1
							    : 0;
}

static inline void
vector_borders(struct vectors *s, struct vector v, const struct test *t)
{
	const uint64_t junk = 0xdeadbeef00000000;

	for (size_t i = 0; i <= t->n && i < 6; i++) {
		struct range r = i < t->n ? t->in[i] : (struct range){ 0, UINT64_MAX };
		const uint64_t at[] = { r.lo, r.lo - 1, r.hi, r.hi + 1, r.lo & t->mask,
			r.hi | ~t->mask, r.lo ^ (t->mask & (0 - t->mask)), 0x80000000, UINT64_MAX };

		for (size_t k = 0; k < COUNT(at); k++) {
			v.arg[t->arg] = at[k];
			vector_go(s, &v);
			v.arg[t->arg] = (uint32_t)at[k] | junk;
			vector_go(s, &v);
			v.arg[t->arg] = (uint64_t)(int64_t)(int32_t)at[k];
			vector_go(s, &v);
		}
	}
}

static inline void
vector_number(struct vectors *s, const struct policy *p, enum arch arch, uint32_t nr)
{
	struct vector v = { .audit = arch_audit(arch), .nr = nr };
	int call = call_of(arch, nr);

	vector_go(s, &v);
	for (const struct rule *r = p->first; r != NULL && s->left > 0; r = r->next) {
		if (!rule_names(r, arch, nr, call))
			continue;
		memset(v.arg, 0, sizeof(v.arg));
		for (size_t i = 0; i < r->ntests; i++)
			vector_borders(s, v, &r->test[i]);
		for (size_t i = 0; i < r->ntests; i++)
			v.arg[r->test[i].arg] = vector_like(&r->test[i]);
		vector_go(s, &v);
		for (size_t i = 0; i < r->ntests; i++)
			vector_borders(s, v, &r->test[i]);
	}
}

/* At most so many vectors. */
static inline void
vectors_of(const struct policy *p, size_t most, vector_check *check, void *with)
{
	static const uint32_t numbers[] = { 0, 1, 56, 222, 435, 600, X32_BIT, X32_BIT + 1,
		UINT32_MAX };
	struct vectors s = { check, with, most };
	unsigned step = p->nrules > 8 ? 37 : 11;

	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		s.left = most;
		for (size_t i = 0; i < COUNT(numbers); i++)
			vector_number(&s, p, (enum arch)a, numbers[i]);
		for (const struct rule *r = p->first; r != NULL; r = r->next) {
			unsigned told = 0;

			for (size_t i = 0; i < r->nnr && i < 4; i++) {
				vector_number(&s, p, (enum arch)a, (uint32_t)r->nr[i].lo);
				vector_number(&s, p, (enum arch)a, (uint32_t)r->nr[i].hi + 1);
			}
			for (unsigned c = 0; c < calls_count() && told < 3; c++)
				if (callset_has(&r->calls, c) &&
				    call_number(c, (enum arch)a) >= 0) {
					vector_number(&s, p, (enum arch)a,
					    (uint32_t)call_number(c, (enum arch)a));
					told++;
				}
		}
		for (unsigned c = a; c < calls_count(); c += step)
			if (call_number(c, (enum arch)a) >= 0)
				vector_number(&s, p, (enum arch)a,
				    (uint32_t)call_number(c, (enum arch)a));
	}
}

static inline uint32_t
vector_answer(const struct policy *p, const struct vector *v)
{
	const struct rule *why;

	return policy_decide(p, v->audit, v->nr, v->arg, &why);
}

struct policies {
	const struct policy *a, *b;
};

static inline void
vector_same(void *arg, const struct vector *v)
{
	const struct policies *p = arg;

	MUST(vector_answer(p->a, v) == vector_answer(p->b, v));
}

#endif
