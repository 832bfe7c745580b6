/* Shared by the parts that make a group: what is wished for, what that needs, where it is to be
 * had. */
#ifndef SBX_GROUPMAKE_H
#define SBX_GROUPMAKE_H

#include "plan/group.h"
#include "spec/box.h"

#include <stddef.h>

enum { NEEDS_MAX = 16 };

/* One value for one file. */
struct wish {
	struct op op;
	struct claim claim;
	uint32_t degrade; /* what takes its place, where that was agreed to; 0: nothing can */
	bool lacking;     /* its controller is not to be had */
};

struct grouping {
	struct arena *arena;
	const struct limits *limits;
	const struct cgfacts *facts;
	struct group *group;
	struct err *err;
	unsigned ours;
	struct str name;  /* of a group that stays; empty: of one for a run */
	bool there;       /* the group is there, base: only values are written */
	uint32_t degrade; /* DEGRADE_*: what was agreed to */
	struct wish *wish;
	size_t nwishes;
	struct str need[NEEDS_MAX]; /* controllers */
	size_t nneeds;
	uint32_t enable; /* bit set of those that have to be enabled */
	bool self;       /* for which we have to move */
	bool failed;     /* err says why */
};

/* group.c: another operation of the host's stage, another claim; there is room. */
struct op *grouping_host(struct grouping *, enum op_kind);
struct claim *grouping_claim(struct grouping *, const char *name, const char *mechanism,
    bool needed);

/* groupless.c: what takes the place of a limit that is lacking; and of time of the cores, claimed
 * by that name. */
void grouping_instead(struct grouping *, const struct wish *);
void grouping_cpu(struct grouping *, const char *name, struct pos);

/* groupdevices.c: were there rules for devices, and where? */
bool grouping_ruled(const struct limits *);
struct pos grouping_rules_at(const struct grouping *);
/* leaf: the operation that makes the group, or NULL. */
void grouping_devices(struct grouping *, const struct op *leaf);

/* grouplimits.c: fills wish. */
void grouping_wishes(struct grouping *);
void grouping_refuse(struct grouping *, struct pos, const char *text, const struct str *arg,
    size_t n);
/* Text for the arena's lifetime; what follows after a fault goes nowhere. */
const char *grouping_text(struct grouping *, const char *text, const struct str *arg, size_t n);

/* groupplace.c; each says whether it can be, and if not, why, at that position. */
/* Can there be a group at all, with limits (or only to be killed)? */
bool grouping_place(const struct grouping *, bool limits, struct pos, struct err *why);
/* Which controllers are there: fills enable and self; sets lacking of wishes whose controller is
 * not to be had. */
void grouping_controllers(struct grouping *);
/* Why a controller is lacking. */
void grouping_lack(const struct grouping *, struct str controller, struct pos, struct err *why);

#endif
