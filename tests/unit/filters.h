/* Filters by chance: programs, policies, and calls that lie near their edges. */
#ifndef UNIT_FILTERS_H
#define UNIT_FILTERS_H

#include <string.h>

#include "plan/bpfcode.h"
#include "plan/filter.h"

/* Programs by hand. */
#define LD(offset) \
	{ \
		BPF_LD_ABS, 0, 0, (offset) \
	}
#define JEQ(k, t, f) \
	{ \
		BPF_JEQ, (t), (f), (k) \
	}
#define JGE(k, t, f) \
	{ \
		BPF_JGE, (t), (f), (k) \
	}
#define RET(action) \
	{ \
		BPF_RET_K, 0, 0, (uint32_t)(action) \
	}
#define ARG(i) (DATA_ARGS + 8 * (i))
#define PROGRAM(...) \
	((struct bpf){ ((const struct bpf_insn[]){ __VA_ARGS__ }), NULL, \
	    COUNT(((const struct bpf_insn[]){ __VA_ARGS__ })) })

/* splitmix64; or, as long as there are any, what the bytes of somebody's choice say. */
struct chance {
	uint64_t state;
	const uint8_t *choice;
	size_t n;
};

static inline uint64_t
chance_next(struct chance *c)
{
	uint64_t z;

	if (c->n > 1) {
		z = (uint64_t)c->choice[0] | (uint64_t)c->choice[1] << 8;
		c->choice += 2;
		c->n -= 2;
		return z * UINT64_C(0x0001000100010001);
	}
	z = c->state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline unsigned
chance_below(struct chance *c, unsigned n)
{
	return (unsigned)(chance_next(c) % n);
}

/* Values that programs and policies have in common with each other, and with calls. */
static inline uint32_t
chance_word(struct chance *c)
{
	static const uint32_t edge[] = { 0, 1, 2, 3, 5, 8, 16, 0x7fffffff, 0x80000000, 0xffffffff,
		0xfffffffe, 0x10000, 0x7e020000, 0x40000000, 0xff, 0x80 };

	if (chance_below(c, 8) == 0)
		return (uint32_t)chance_next(c);
	return edge[chance_below(c, COUNT(edge))] + chance_below(c, 3) - 1;
}

static inline uint64_t
chance_long(struct chance *c)
{
	uint64_t high = chance_below(c, 3) == 0 ? chance_word(c)
		      : chance_below(c, 2)      ? 0
						: UINT32_MAX;

	return high << 32 | chance_word(c);
}

static inline uint32_t
chance_action(struct chance *c)
{
	static const int action[] = { RET_ALLOW, RET_ALLOW, RET_ERRNO | 1, RET_ERRNO | 38,
		RET_KILL_PROCESS, RET_KILL_THREAD, RET_TRAP, RET_NOTIFY, RET_LOG, RET_TRACE | 7 };

	return (uint32_t)action[chance_below(c, COUNT(action))];
}

static inline struct bpf_data
chance_call(struct chance *c)
{
	struct bpf_data d = { .nr = chance_below(c, 30),
		.arch = arch_audit((enum arch)chance_below(c, ARCH_COUNT)),
		.ip = chance_long(c) };

	if (chance_below(c, 4) == 0)
		d.nr = chance_below(c, 480);
	if (chance_below(c, 6) == 0)
		d.nr = chance_word(c);
	if (chance_below(c, 6) == 0)
		d.nr = X32_BIT | chance_below(c, 30);
	if (chance_below(c, 8) == 0)
		d.arch = chance_word(c);
	for (size_t i = 0; i < CALL_ARGS; i++)
		d.arg[i] = chance_long(c);
	/* no kernel has more than 0 in the high words of these */
	for (size_t i = 0; i < CALL_ARGS; i++)
		if (d.arch == arch_audit(ARCH_I386) || d.arch == arch_audit(ARCH_ARM))
			d.arg[i] &= UINT32_MAX;
	return d;
}

/* A program that bpf_check takes, of n >= 2 instructions; plain: of what filters are made of. */
static inline void
chance_program(struct chance *c, struct bpf_insn *insn, size_t n, bool plain)
{
	static const uint16_t jump[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	static const uint16_t alu[] = { BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_OR, BPF_AND,
		BPF_AND, BPF_LSH, BPF_RSH, BPF_NEG, BPF_XOR };
	bool number = true; /* was it the number or the architecture that was loaded last? */

	for (size_t i = 0; i < n; i++) {
		unsigned left = (unsigned)(n - i - 1), kind = chance_below(c, plain ? 12 : 16);
		struct bpf_insn *o = &insn[i];

		*o = (struct bpf_insn){ .code = BPF_RET_K, .k = chance_action(c) };
		if (left == 0 || kind == 0)
			continue;
		if (kind < 5) {
			o->code = BPF_LD_ABS;
			o->k = chance_below(c, 3) == 0 ? 4 * chance_below(c, 2)
						       : 4 * chance_below(c, 16);
			number = o->k < DATA_IP;
		} else if (kind < 11) {
			o->code = jump[chance_below(c, COUNT(jump))];
			o->jt = (uint8_t)chance_below(c, left < 8 ? left : 8);
			o->jf = (uint8_t)chance_below(c, left < 8 ? left : 8);
			o->k = chance_below(c, 6) == 0
				 ? arch_audit((enum arch)chance_below(c, ARCH_COUNT))
				 : chance_word(c);
			if (chance_below(c, 3) == 0)
				o->k = chance_below(c, 30);
			/* nobody asks for low bits of a number: there are 2^31 cases */
			if (number && o->code == BPF_JSET)
				o->k = (uint32_t)X32_BIT << chance_below(c, 2);
			if (!plain && chance_below(c, 12) == 0)
				o->code |= BPF_X;
		} else if (kind == 11) {
			o->code = BPF_AND_K;
			o->k = chance_word(c);
			if (number)
				o->k |= UINT32_MAX >> chance_below(c, 3);
		} else if (kind == 12) {
			o->code = chance_below(c, 2) ? BPF_TAX : BPF_TXA;
		} else if (kind == 13) {
			o->code = chance_below(c, 2) ? BPF_LDX : BPF_LD;
			o->k = chance_word(c);
			o->code |= chance_below(c, 8) == 0 ? BPF_LEN : BPF_IMM;
		} else {
			o->code = BPF_ALU | alu[chance_below(c, COUNT(alu))];
			o->k = chance_below(c, 2) ? 1 + chance_below(c, 31) : chance_word(c);
			if (o->code == (BPF_ALU | BPF_LSH) || o->code == (BPF_ALU | BPF_RSH))
				o->k &= 31;
			o->k += o->k == 0;
			if (o->code != (BPF_ALU | BPF_NEG) && chance_below(c, 8) == 0)
				o->code |= BPF_X;
		}
	}
}

/* Sorted, disjoint, not adjacent. */
static inline size_t
chance_ranges(struct chance *c, struct range *in, size_t n, uint64_t most)
{
	uint64_t from = 0;
	size_t i;

	for (i = 0; i < n && from <= most; i++) {
		uint64_t jump = chance_below(c, 3) == 0 ? chance_long(c) : chance_below(c, 6);

		if (jump > most - from)
			jump = chance_below(c, 2) && most - from > 20 ? most - from - 10 : 0;
		in[i].lo = from + jump;
		jump = chance_below(c, 2) ? 0
		     : chance_below(c, 3) ? chance_below(c, 9)
					  : chance_long(c);
		in[i].hi = jump > most - in[i].lo ? in[i].lo : in[i].lo + jump;
		if (in[i].hi > most - 2)
			return i + 1;
		from = in[i].hi + 2;
	}
	return i;
}

/* NULL: the arena is exhausted. */
static inline struct policy *
chance_policy(struct chance *c, struct arena *a, unsigned nrules, unsigned ntests)
{
	struct policy *p = policy_new(a);

	if (p == NULL)
		return NULL;
	p->archs = chance_below(c, 3) == 0 ? ARCH_ALL : 1 + chance_below(c, ARCH_ALL);
	p->fallback = chance_action(c);
	p->foreign = chance_below(c, 2) ? (uint32_t)RET_KILL_PROCESS : chance_action(c);
	p->newer = chance_below(c, 3) == 0 ? 2000 + chance_below(c, 5000) : 0;
	p->newer_largest = chance_below(c, 4) == 0;
	p->newer_action = (uint32_t)RET_ERRNO | 38;
	p->wide = chance_below(c, 4) == 0;
	for (unsigned n = chance_below(c, nrules + 1); n > 0; n--) {
		struct rule *r = policy_add(a, p);
		struct test *t = arena_array(a, ntests + 1, sizeof(*t));
		struct range *nr = arena_array(a, 4, sizeof(*nr));

		if (r == NULL || t == NULL || nr == NULL)
			return NULL;
		r->action = chance_action(c);
		if (chance_below(c, 4) == 0)
			r->archs &= (uint32_t)chance_next(c);
		for (unsigned k = chance_below(c, 4); k > 0; k--)
			callset_add(&r->calls, chance_below(c, (unsigned)calls_count()));
		for (unsigned k = 0; k < 4; k++)
			if (chance_below(c, 2))
				callset_add(&r->calls, chance_below(c, 6));
		if (chance_below(c, 5) == 0) {
			r->nr = nr;
			r->nnr = chance_ranges(c, nr, 1 + chance_below(c, 4), UINT32_MAX);
		}
		r->test = t;
		r->ntests = ntests > 0 ? chance_below(c, ntests + 1) : 0;
		for (size_t i = 0; i < r->ntests; i++) {
			struct range *in = arena_array(a, 6, sizeof(*in));

			if (in == NULL)
				return NULL;
			t[i].arg = (uint8_t)chance_below(c, chance_below(c, 2) ? 2 : CALL_ARGS);
			t[i].wide = chance_below(c, 4) == 0;
			t[i].negated = chance_below(c, 4) == 0;
			t[i].mask = chance_below(c, 2) ? UINT64_MAX : chance_long(c);
			t[i].in = in;
			t[i].n = chance_ranges(c, in, chance_below(c, 7), UINT64_MAX);
			if (chance_below(c, 6) == 0) {
				in[0] = (struct range){ chance_long(c), 0 };
				in[0].hi = in[0].lo &= t[i].mask;
				t[i].n = 1;
			}
		}
	}
	return p;
}

#endif
