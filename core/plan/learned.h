/* What a program was seen to call, and the policy that allows just that. */
#ifndef SBX_LEARNED_H
#define SBX_LEARNED_H

#include "base/buf.h"
#include "base/err.h"
#include "spec/calls.h"

enum { LEARNED_CALLS = 2048, LEARNED_VALUES = 16 };

struct learned_call {
	uint32_t audit, nr;
	uint64_t count; /* 0: a free place */
	/* distinct values of the argument that tells what it does (socket's family, ...) */
	uint8_t nvalues;
	bool many; /* more than fit */
	uint64_t value[LEARNED_VALUES];
};

struct learned {
	struct learned_call *call; /* LEARNED_CALLS places, by hash */
	size_t n;
};

/* 0 or -1 (exhausted). */
int learned_init(struct arena *, struct learned *, struct err *) MUST_CHECK;
/* One call more: 0, or -1 when there are more different ones than there is room for. */
int learned_add(struct learned *, uint32_t audit, uint32_t nr,
    const uint64_t arg[CALL_ARGS]) MUST_CHECK;
/* A policy in the language: a rule a call, by architecture and name, with how often it was seen.
 * Nothing else is allowed but what the kernel itself makes a program call. 0 or -1. */
int learned_put(struct arena *, struct buf *, const struct learned *, struct err *) MUST_CHECK;

#endif
