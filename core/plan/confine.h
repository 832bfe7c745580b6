/* From the policy of a box to its filter. Apart from the plan, which programs make that have no
 * policies to read. */
#ifndef SBX_CONFINE_H
#define SBX_CONFINE_H

#include "plan/plan.h"

struct confine {
	struct bpf filter;  /* n 0: there is none */
	unsigned flags;     /* FILTER_*, for the call */
	struct str name;    /* of the policy, for people */
	struct claim claim; /* what the plan says of it; without a name nothing */
};

/* Makes the filter of a finished box for this machine; none where the box has none, or the machine
 * takes none. The text of a file was read (box->seccomp.text). Errors are at their places in the
 * policy's file, or in the document that err->file names; FAULT_REFUSED where the box could not
 * start its program under it. 0 or -1. */
int confine_make(struct arena *, const struct box *, const struct facts *, struct confine *,
    struct err *) MUST_CHECK;

#endif
