/* System calls that a child makes under a filter, and what came back: on x86-64 and arm64. */
#ifndef SECCOMP_SHOTS_H
#define SECCOMP_SHOTS_H

#include "judge.h"

struct shot {
	bool i386; /* by int 0x80 */
	bool fired;
	bool predicted; /* as want says; else the filter would do worse than return an errno */
	struct bpf_data data; /* ip is filled in */
	uint32_t want;        /* what our interpreter says that the filter returns */
	int64_t got;
};

/* Has this kernel int 0x80? */
bool shots_have_int80(void);
/* Can the shot be told from its answer? Not what the kernel allows in spite of filters. */
bool shot_tells(const struct shot *);
/* Fills in ip and want. */
void shots_aim(const struct bpf *, struct shot *, size_t n);
/* Attaches the program to a child of uid 65534, if that can be, which makes those calls that the
 * filter answers with an errno; and then one that it kills for, if there is one. shot is shared().
 * Returns how many were answered differently, or -1 on trouble, and says the first of them. */
int shots_fire(const struct bpf *, struct shot *, size_t n);

#endif
