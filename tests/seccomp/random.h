/* Policies and calls by chance, from a seed. */
#ifndef SBX_SECCOMP_RANDOM_H
#define SBX_SECCOMP_RANDOM_H

#include "plan/filter.h"

enum { VECTORS = 64 };

/* xorshift64*; never 0. */
struct chance {
	uint64_t state;
};

uint64_t chance_next(struct chance *);
/* 0 .. n - 1 */
unsigned chance_below(struct chance *, unsigned n);
/* Once in n. */
bool chance_once(struct chance *, unsigned n);
/* Up to three bits' worth of trouble: 0, ends of words, powers of two, small numbers, noise. */
uint64_t chance_edge(struct chance *);

/* One to eight rules with zero to six tests each. NULL when the arena is exhausted. */
struct policy *random_policy(struct chance *, struct arena *);
/* A call near to what the policy tells apart. */
struct bpf_data random_call(struct chance *, const struct policy *);

#endif
