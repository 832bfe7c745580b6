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
	bool wide; /* every test is */
};

/* Calls, or numbers, that both policies judge alike, and the rules that came of it. */
struct group {
	uint64_t hash;
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
	struct chain chain[2];
	struct group *groups;
};

/* Of two results the one that the kernel takes: b's filter was attached later. */
uint32_t stronger(uint32_t a, uint32_t b);
/* Fills both chains; call may be -1, as call_of() has it. 0 or -1. */
int chains_of(struct merge *, enum arch, uint32_t nr, int call) MUST_CHECK;
/* The rules that the chains make together, for these architectures; what they are for is to be
 * added to each: group->nrules from group->first. NULL on error. */
struct group *group_of(struct merge *, uint32_t archs) MUST_CHECK;
/* Does it come to one action, whatever the arguments are? */
bool chains_constant(const struct merge *, uint32_t *action);
uint64_t chains_hash(const struct merge *);

#endif
