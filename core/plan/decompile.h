/* From diagrams back to rules. */
#ifndef SBX_DECOMPILE_H
#define SBX_DECOMPILE_H

#include "plan/prove.h"

/* Calls and numbers that the same becomes of. */
struct group {
	uint32_t node, archs;
	struct callset calls;
	struct range *nr;
	size_t nnr, cap;
	struct group *next;
};

/* The rules of one group, at the end of the policy. 0, or -1 and d->failed. */
int group_rules(struct diagram *, struct policy *, const struct group *) MUST_CHECK;

#endif
