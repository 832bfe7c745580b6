/* Two policies becoming one, shared by the files that do it. */
#ifndef SBX_POLICYMERGE_H
#define SBX_POLICYMERGE_H

#include "spec/policyread.h"

enum { CHAIN_MAX = 1024, BORDERS_MAX = 1024 };

/* What one policy says of one call on one architecture: rules in order, the last of which may have
 * no tests, and an action where none applies. */
struct chain {
	const struct rule *rule[CHAIN_MAX];
	size_t n;
	uint32_t otherwise;
};

/* Two chains as they were met first; the same ones are the same pair. */
struct pair {
	uint64_t hash;
	const struct rule **rule[2];
	size_t n[2];
	uint32_t otherwise[2];
	struct pair *next;
};

/* Calls, or numbers, that both policies judge alike on these architectures: rules of the whole,
 * from first on, to each of which is added what they are for. */
struct group {
	const struct pair *pair;
	uint32_t archs;
	struct rule *first;
	size_t nrules;
	struct group *next;
};

struct merge {
	struct arena *arena;
	struct err *err;
	const struct policy *part[2]; /* in the order in which they would be attached */
	struct policy *whole;
	uint32_t numbered; /* architectures with rules for numbers */
	struct pair *pairs;
	struct group *groups;
	struct chain chain[2]; /* scratch */
};

/* Of two results the one that the kernel takes: b's filter was attached later. */
uint32_t stronger(uint32_t a, uint32_t b);
/* call may be -1, as call_of() has it. NULL on error. */
const struct pair *pair_of(struct merge *, enum arch, uint32_t nr, int call) MUST_CHECK;
/* Does it come to one action, whatever the arguments are? */
bool pair_constant(const struct pair *, uint32_t *action);
/* NULL on error. */
struct group *group_of(struct merge *, const struct pair *, uint32_t archs) MUST_CHECK;

#endif
