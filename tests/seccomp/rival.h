/* What libseccomp makes of our policies. */
#ifndef SECCOMP_RIVAL_H
#define SECCOMP_RIVAL_H

#include "profile.h"

struct rival {
	struct callset unknown; /* no rule for them: libseccomp does not know the name */
	unsigned unsaid;        /* rules that it cannot express */
};

enum rival_how {
	RIVAL_EXACT, /* rules differ by architecture: one filter for each, and then all in one */
	RIVAL_FAST,  /* every rule for every architecture, as the engines call it */
};

/* The same rules; optimize as SCMP_FLTATR_CTL_OPTIMIZE, 1 a list, 2 a tree. The program lies in
 * memory of its own until the next one. 0 or an errno. */
int rival_compile(const struct policy *, uint32_t archs, enum rival_how, unsigned optimize,
    struct bpf *, struct rival *);

#endif
