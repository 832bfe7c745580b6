/* From limits and facts to a control group: where it is made, what is enabled for it, what is
 * written to it. Apart from plan_box(), which has programs that know no limits. */
#ifndef SBX_GROUP_H
#define SBX_GROUP_H

#include "plan/plan.h"
#include "spec/limits.h"

/* One directory of the cgroup v2 file system, as texts of its files; p NULL: it cannot be read. */
struct cgdir {
	struct str path; /* as it is called from here, clean */
	struct str controllers, subtree, type, procs;
	bool writable; /* groups can be made in it, and processes be put into it and its children */
	bool delegated; /* marked so by systemd (user.delegate, trusted.delegate) */
	bool top;       /* the first one of the hierarchy: it has no cgroup.type */
};

enum { CG_ABOVE = 16 };

/* What is known of the machine; taken by run/place.h, or made up by tests. */
struct cgfacts {
	struct seen seen;
	struct str mount; /* where the v2 hierarchy is seen; empty: nowhere */
	bool readonly;    /* that mount is */
	bool outside; /* our own group lies outside of what is seen ("/.."); so there is no base */
	struct cgdir base; /* the group that a leaf is made in: --parent, or our own */
	bool chosen;       /* --parent said so */
	struct cgdir
	    above[CG_ABOVE]; /* its ancestors, nearest first: path, controllers and subtree */
	size_t nabove;
	struct str proc_cgroups; /* /proc/cgroups; empty: there is none */
	struct str
	    v1; /* "memory /sys/fs/cgroup/memory\n...": v1 controllers and where they are mounted */
	uint64_t self;      /* our own pid */
	uint64_t caller;    /* that of who started us, for advice; 0: not seen from here */
	bool systemd;       /* it is PID 1's program */
	bool bpf;           /* device programs can be loaded and attached */
	uint32_t cpus;      /* online */
	uint64_t page;      /* bytes */
	uint64_t uid;       /* effective */
	struct str command; /* the command line, as a shell would read it back, for advice */
};

/* groupfacts.c: as text, what of it a plan depends on; for facts_read(), which takes it by this
 * table. Who we are it has from other facts. */
extern const struct table cgfacts_table;
void cgfacts_put(struct buf *, const struct cgfacts *);

struct build;
struct lint;

/* What the plan of a box does with a group, and lint. */
struct group_parts {
	void (*take)(struct build *);                         /* operations and claims -> b->leaf */
	void (*place)(struct build *, const struct op *made); /* can the payload leave it? */
	const char *(*check)(const struct lint *, const struct op *);
	bool (*claim)(const struct lint *, const struct claim *);
};
extern const struct group_parts group_parts;

/* Ready-made operations and claims, which a plan takes over as they are. Slots in them: 0 stands
 * for the group's. */
struct group {
	const struct group_parts *parts; /* &group_parts */
	struct op
	    *host; /* in the stage of the host, up to the group and its limits; where not for a new
			   * group but for one that is there: the opening of it */
	size_t nhost;
	struct op *exec; /* in the stage of the exec: OP_RLIMIT */
	size_t nexec;
	struct claim *claim;
	size_t nclaims;
	uint32_t watch; /* DEGRADE_MEMORY, DEGRADE_CPU, DEGRADE_PIDS: what only sampling enforces */
};

/* ours: how many of our own processes will be in it (added to the limit of pids). FAULT_REFUSED
 * names what is missing and what would provide it. 0 or -1. */
int group_make(struct arena *, const struct limits *, const struct cgfacts *, unsigned ours,
    struct group *, struct err *) MUST_CHECK;
/* How many of our own processes will be in the group of a box: its init. */
unsigned group_ours(const struct box *);
/* A group that stays, named name in the base: to be carried out by itself (run/group.h). */
int group_create(struct arena *, const struct limits *, const struct cgfacts *, struct str name,
    struct group *, struct err *) MUST_CHECK;
/* Only the writes: to a group that is there, base. A limit of memory below what is used already is
 * refused: current is that, 0 where it is not known. */
int group_set(struct arena *, const struct limits *, const struct cgfacts *, uint64_t current,
    struct group *, struct err *) MUST_CHECK;
/* To join: path is the group's directory. */
int group_join(struct arena *, struct str path, struct group *, struct err *) MUST_CHECK;

/* Our mark: names of groups that are made for one run begin so, and no other's may. */
#define GROUP_MARK "sbx."
/* A name for a group that stays: no slash, no "..", no dot first, not our mark, no name of a
 * kernel's file ("cgroup.", "memory." and their kind); at most 200 bytes. 0 or -1. */
int group_name_check(struct str name, struct err *) MUST_CHECK;
/* Which controller a file is of ("memory" of memory.max); empty for those of cgroup itself. */
struct str group_controller(struct str file);

#endif
