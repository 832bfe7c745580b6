/* What a filter answers to one call, and by which line of its policy. */
#ifndef SBX_EXPLAIN_H
#define SBX_EXPLAIN_H

#include "plan/bpf.h"
#include "spec/policy.h"

enum decided {
	DECIDED_RULE,    /* why */
	DECIDED_DEFAULT, /* no rule holds */
	DECIDED_NEWER,   /* newer than the policy */
	DECIDED_FOREIGN, /* of an architecture that the policy does not cover */
	DECIDED_UNKNOWN, /* there is no policy to ask */
};

struct explained {
	uint32_t action;
	enum decided by;
	const struct rule *why;
	uint16_t *path; /* indices of the instructions that were executed */
	size_t steps;
	bool cached; /* the kernel answers from its bitmap */
	bool exempt; /* the kernel lets it pass whatever a filter says */
};

/* NAME or NR, then its arguments: numbers, constants' names, several with | between, also as
 * name=value. 0 or -1. */
int explain_read(enum arch, const struct str *word, size_t n, struct bpf_data *,
    struct err *) MUST_CHECK;
/* policy may be NULL; the program passed bpf_check and is that policy's. 0 or -1 (exhausted). */
int explain(struct arena *, const struct bpf *, const struct policy *, const struct bpf_data *,
    struct explained *, struct err *) MUST_CHECK;
/* "clone(flags=CLONE_NEWUSER, ...) on x86_64"; a number that no table has: "call 999(...)". */
void call_put(struct buf *, const struct bpf_data *);
/* All of it, as lines. */
void explain_put(struct buf *, const struct bpf_data *, const struct explained *,
    const struct policy *);

#endif
