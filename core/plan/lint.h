/* What the parts of lint share: the state of a plan up to an operation. */
#ifndef SBX_LINT_H
#define SBX_LINT_H

#include "base/limits.h"
#include "plan/group.h"

/* What operations add up to, behind the bits of their kinds. */
enum {
	HAS_PLACE = OP_COUNT,           /* something of the box's own lies over /proc, /dev, /run */
	PLACE_CLOSED = HAS_PLACE + 3,   /* and is read-only, */
	ROOT_CLOSED = PLACE_CLOSED + 3, /* and so is the root */
	HAS_SPACE,                      /* a namespace was made or joined, of each kind */
	MARKS = HAS_SPACE + NS_COUNT
};
_Static_assert(MARKS <= 64, "done is one word");

enum { MAP_IDS = 1 | 2, MAP_SETGROUPS = 4 };

#define BIT(k) ((uint64_t)1 << (k))

struct lint {
	const struct plan *plan;
	uint64_t filled; /* slots */
	uint64_t unused; /* those that nothing was done with */
	uint64_t loose;  /* clones that were not attached */
	uint64_t bare;   /* that have set-uid programs and devices, or hold such */
	uint64_t closed; /* clones that are read-only */
	const struct op *from[LIMIT_SLOTS];  /* what filled them */
	uint64_t done[STAGE_COUNT];          /* bit sets over enum op_kind and the marks above */
	size_t attached, readonly, writable; /* clones that were, and that were so; checks for it */
	enum plan_stage stage;
	unsigned maps; /* MAP_* that were written */
	unsigned streams;
	uint8_t cwd;  /* the slot that OP_FCHDIR last entered */
	uint8_t root; /* of the new root */
	bool entered; /* just now */
	bool shared;  /* the box shares the monitor's memory */
	bool grouped; /* and begins in a control group */
	bool user;    /* it has a user namespace of its own making */
};

/* lintnote.c: the operation is sound and done. */
void lint_note(struct lint *, const struct op *);

/* lintclaim.c: is each of the claims made true by what was done? NULL, or the one that is not. */
const struct claim *lint_claims(const struct lint *);

#endif
