/* Policies and calls by chance, from a seed. */
#ifndef UNIT_RANDOMPOLICY_H
#define UNIT_RANDOMPOLICY_H

#include "plan/filter.h"

enum { VECTORS = 64 };

/* xorshift64*; never 0. */
struct chance {
	uint64_t state;
};

static inline uint64_t
chance_next(struct chance *c)
{
	c->state ^= c->state >> 12;
	c->state ^= c->state << 25;
	c->state ^= c->state >> 27;
	return c->state * 0x2545f4914f6cdd1dU;
}

/* 0 .. n - 1 */
static inline unsigned
chance_below(struct chance *c, unsigned n)
{
	return (unsigned)((chance_next(c) >> 33) % n);
}

/* Once in n. */
static inline bool
chance_once(struct chance *c, unsigned n)
{
	return chance_below(c, n) == 0;
}

/* 0, ends of words, powers of two, small numbers, noise. */
static inline uint64_t
chance_edge(struct chance *c)
{
	static const uint64_t edges[] = { 0, 1, 2, 3, 8, 0x7fffffff, 0x80000000, 0xfffffffe,
		0xffffffff, 0x100000000, 0x100000001, 0x1ffffffff, 0x7fffffffffffffff,
		0x8000000000000000, 0xffffffff00000000, 0xffffffff7fffffff, 0xffffffff80000000,
		0xfffffffffffffffe, 0xffffffffffffffff, 0x20000, 0x20008 };
	unsigned bit;

	switch (chance_below(c, 6)) {
	case 0:
		return chance_below(c, 16);
	case 1:
		bit = chance_below(c, 64);
		return ((uint64_t)1 << bit) - chance_below(c, 2);
	case 2:
		return chance_next(c) & chance_next(c);
	case 3:
		return (uint64_t)chance_below(c, 4) << 32 | chance_below(c, 4);
	default:
		return edges[chance_below(c, COUNT(edges))];
	}
}

static inline uint32_t
random_action(struct chance *c)
{
	static const uint32_t actions[] = { (uint32_t)RET_ALLOW, (uint32_t)RET_ALLOW,
		(uint32_t)RET_KILL_PROCESS, (uint32_t)RET_KILL_THREAD, (uint32_t)RET_LOG,
		(uint32_t)RET_TRACE | 7, (uint32_t)RET_ERRNO, (uint32_t)RET_ERRNO | 1,
		(uint32_t)RET_ERRNO | 38, (uint32_t)RET_TRAP };

	return actions[chance_below(c, COUNT(actions))];
}

/* Some ranges, then put in order; what touches is one. */
static inline size_t
random_ranges(struct chance *c, struct range *in, size_t most)
{
	size_t n = chance_below(c, (unsigned)most + 1), k = 0;

	for (size_t i = 0; i < n; i++) {
		struct range r = { chance_edge(c), 0 };
		size_t at = i;

		r.hi = chance_once(c, 2) ? r.lo : chance_edge(c);
		if (r.hi < r.lo)
			r = (struct range){ r.hi, r.lo };
		for (; at > 0 && in[at - 1].lo > r.lo; at--)
			in[at] = in[at - 1];
		in[at] = r;
	}
	for (size_t i = 0; i < n; i++) {
		if (k > 0 && (in[k - 1].hi == UINT64_MAX || in[k - 1].hi + 1 >= in[i].lo)) {
			if (in[i].hi > in[k - 1].hi)
				in[k - 1].hi = in[i].hi;
		} else {
			in[k++] = in[i];
		}
	}
	return k;
}

static inline int
random_test(struct chance *c, struct arena *a, struct test *t, unsigned args)
{
	struct range *in = arena_array(a, 6, sizeof(*in));

	if (in == NULL)
		return -1;
	t->arg = (uint8_t)chance_below(c, args);
	t->wide = chance_once(c, 5);
	t->negated = chance_once(c, 4);
	t->mask = chance_once(c, 3) ? chance_edge(c) : UINT64_MAX;
	t->in = in;
	t->n = random_ranges(c, in, 6);
	return 0;
}

static inline uint64_t
random_number(struct chance *c)
{
	switch (chance_below(c, 5)) {
	case 0:
		return X32_BIT + chance_below(c, 600);
	case 1:
		return (uint32_t)chance_edge(c);
	default:
		return chance_below(c, 600);
	}
}

static inline int
random_rule(struct chance *c, struct arena *a, struct rule *r, const unsigned pool[4])
{
	static const unsigned args[] = { 1, 2, 6 };
	unsigned spread = args[chance_below(c, 3)];
	struct range *nr = arena_array(a, 2, sizeof(*nr));
	struct test *test = arena_array(a, 6, sizeof(*test));

	if (test == NULL || nr == NULL)
		return -1;
	r->action = random_action(c);
	r->archs = chance_once(c, 3) ? chance_below(c, ARCH_ALL + 1) : ARCH_ALL;
	for (unsigned i = 0; i < 4; i++)
		if (!chance_once(c, 3))
			callset_add(&r->calls, pool[i]);
	for (unsigned i = chance_once(c, 12) ? 100 : 0; i > 0; i--)
		callset_add(&r->calls, chance_below(c, (unsigned)calls_count()));
	if (chance_once(c, 6)) {
		nr[0].lo = random_number(c);
		nr[0].hi = nr[0].lo + (chance_once(c, 2) ? 0 : chance_below(c, 40));
		if (nr[0].hi > UINT32_MAX)
			nr[0].hi = UINT32_MAX;
		r->nr = nr;
		r->nnr = 1;
	}
	r->test = test;
	r->ntests = chance_once(c, 4) ? 0 : chance_below(c, 7);
	for (size_t i = 0; i < r->ntests; i++)
		if (random_test(c, a, &test[i], spread) < 0)
			return -1;
	return 0;
}

/* One to eight rules with zero to six tests each; NULL when the arena is exhausted. */
static inline struct policy *
random_policy(struct chance *c, struct arena *a)
{
	static const unsigned kernels[] = { 2006, 3017, 4008, 5006, 5010, 6001, 6012, 7000 };
	struct policy *p = policy_new(a);
	unsigned pool[4];

	if (p == NULL)
		return NULL;
	p->archs = (uint32_t)1 << chance_below(c, ARCH_COUNT);
	if (chance_once(c, 3))
		p->archs |= chance_once(c, 2) ? 7 : chance_below(c, ARCH_ALL + 1);
	p->fallback = random_action(c);
	p->foreign = random_action(c);
	p->wide = chance_once(c, 6);
	p->newer = chance_once(c, 2) ? 0 : kernels[chance_below(c, COUNT(kernels))];
	p->newer_largest = chance_once(c, 8);
	p->newer_action = random_action(c);
	for (unsigned i = 0; i < 4; i++)
		pool[i] = chance_below(c, (unsigned)calls_count());
	for (unsigned n = 1 + chance_below(c, 8); n > 0; n--) {
		struct rule *r = policy_add(a, p);

		if (r == NULL || random_rule(c, a, r, pool) < 0)
			return NULL;
	}
	return p;
}

static const struct rule *
some_rule(struct chance *c, const struct policy *p)
{
	const struct rule *r = p->first;

	for (unsigned n = chance_below(c, p->nrules); n > 0; n--)
		r = r->next;
	return r;
}

static inline uint32_t
some_number(struct chance *c, const struct rule *r, enum arch arch)
{
	unsigned calls = (unsigned)calls_count(), call = chance_below(c, calls);

	if (chance_once(c, 8))
		return (uint32_t)chance_edge(c);
	if (r->nnr > 0 && chance_once(c, 3))
		return (uint32_t)(r->nr[0].lo + chance_below(c, 3) - 1);
	if (chance_once(c, 8))
		return chance_below(c, 600) + (arch == ARCH_X32 ? X32_BIT : 0);
	for (unsigned i = 0; i < calls; i++, call = (call + 1) % calls)
		if (callset_has(&r->calls, call) && call_number(call, arch) >= 0)
			return (uint32_t)call_number(call, arch) +
			       (chance_once(c, 10) ? chance_below(c, 3) - 1 : 0);
	return chance_below(c, 600);
}

/* A value at the border of what a test tells apart, from either side; often one that holds. */
static inline uint64_t
some_value(struct chance *c, const struct test *t)
{
	uint64_t v = chance_edge(c);

	if (t->n > 0 && !chance_once(c, 6)) {
		const struct range *r = &t->in[chance_below(c, (unsigned)t->n)];

		v = chance_once(c, 2) ? r->lo : r->hi;
		v += chance_once(c, 3) ? chance_below(c, 3) - 1U : 0;
	}
	if (chance_once(c, 3))
		v |= chance_next(c) & ~t->mask;
	if (chance_once(c, 8))
		v = (uint32_t)v | chance_edge(c) << 32;
	return v;
}

/* A call near to what the policy tells apart. */
static inline struct bpf_data
random_call(struct chance *c, const struct policy *p)
{
	const struct rule *r = some_rule(c, p);
	enum arch arch = (enum arch)chance_below(c, ARCH_COUNT);
	struct bpf_data d = { .ip = chance_next(c) };

	for (unsigned i = 0; i < 20 && ((p->archs & r->archs) >> arch & 1) == 0; i++)
		arch = (enum arch)chance_below(c, ARCH_COUNT);
	d.arch = chance_once(c, 30) ? (uint32_t)chance_edge(c) : arch_audit(arch);
	d.nr = some_number(c, r, arch);
	for (size_t i = 0; i < CALL_ARGS; i++)
		d.arg[i] = chance_edge(c);
	for (size_t i = 0; i < r->ntests; i++)
		if (!chance_once(c, 8))
			d.arg[r->test[i].arg] = some_value(c, &r->test[i]);
	/* registers of 32 bits */
	for (size_t i = 0; i < CALL_ARGS && !arch_wide(arch); i++)
		d.arg[i] = (uint32_t)d.arg[i];
	return d;
}

#endif
