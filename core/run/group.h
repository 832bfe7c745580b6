/* Control groups and the kernel: found, made, limited, measured, ended. */
#ifndef SBX_RUN_GROUP_H
#define SBX_RUN_GROUP_H

#include "plan/group.h"
#include "run/box.h"
#include "text/cgusage.h"

/* place.c: fills the facts. parent: the word of --parent (a path below the mount, or an absolute
 * one to it); empty: our own group. Looks up devices of the limits, too (path to number, a
 * partition to its disk). 0 or -1. */
int place_facts(struct arena *, struct str parent, struct limits *, struct cgfacts *,
    struct err *) MUST_CHECK;

/* apply.c: what the operations do; 0 or -errno. */
/* Writes "+memory +pids" to dir's cgroup.subtree_control. */
int group_enable(const char *dir, const char *text) MUST_CHECK;
/* Writes value to file of the group, reads it back into took (TOOK_ROOM bytes, NUL-terminated;
 * NULL: not wanted), compares (cgfile_took). -ERANGE: the kernel has another value. */
int group_limit(int group, const char *file, const char *value, uint64_t page,
    char *took) MUST_CHECK;
/* Loads the program and attaches it to the group. */
int group_devices(int group, const struct ebpf *) MUST_CHECK;
/* Makes a supervisor carry out operations of limits. A program that never does links none of
 * this. */
void group_attach(struct supervise *);
/* The operations of a group that stays: enabled, made, limited; what was made is removed again when
 * one fails. 0, or -1 with the operation's fault. */
int group_apply(const struct group *, struct err *) MUST_CHECK;

/* usage.c: reads the files of a group. wanted: bit set over enum cgsource. What cannot be read is
 * absent. */
void group_usage(int group, uint32_t wanted, struct cgusage *);

/* end.c */
/* Kills everything in a group and below it: cgroup.kill, or freezing and killing one by one. */
void group_kill(int group);
/* TERM to each of its processes, frozen meanwhile so that no number can come to mean another. 0 or
 * -errno. */
int group_term(int group) MUST_CHECK;
/* Removes an empty group and those in it, bottom up; kill: what is in them ends first. Waits two
 * seconds at most. 0 or -errno of the last attempt. */
int group_remove(int parent, const char *name, bool kill) MUST_CHECK;
/* Is it the name of a marked group, and old enough to have been locked by its owner? Before that
 * nobody else may try the lock: the owner could not get it. */
bool group_settled(struct str name);
/* Marked groups in dir whose owner is gone: removed with all that is in them. Tells each by its
 * name. How many, or -errno. */
int group_sweep(int dir, void (*told)(void *arg, struct str name), void *arg) MUST_CHECK;

/* hint.c: appends to the message of a failed operation what can be done about it. */
void group_hint(const struct op *, int sysno, struct err *);
/* For struct gauging. */
void group_verdict_hint(const struct verdict *, const struct op *, struct err *);

/* gauge.c: limits that only looking tells of, for struct supervise. */
struct gauge {
	uint64_t idle, cpu_time;       /* ms; 0: none */
	uint32_t watch;                /* DEGRADE_*: sampled over the tree */
	uint64_t memory, pids;         /* what for */
	const struct drain *out, *err; /* whose bytes count as activity; NULL: not ours */
	uint32_t cpus;                 /* that the box can use at once; 0: not known */
	/* its own */
	uint64_t last_cpu, last_io, last_bytes, active_at;
	struct cgusage usage; /* of the group, once everything in it has ended */
	uint64_t tree_peak;   /* DEGRADE_MEMORY: bytes */
	bool over_memory, over_pids;
};
/* Makes the supervisor look at it; NULL: it only tells what is known without looking. */
void gauge_attach(struct supervise *, struct gauge *);
/* The same, for a run with these limits in a group that was made for it alone; cpus: that it can
 * use at once. Streams that are attached already count as activity. */
void gauge_begin(struct supervise *, struct gauge *, const struct limits *, const struct group *,
    uint32_t cpus);
/* gaugeput.c: for struct gauging. */
void gauge_put_json(struct jsonw *, const struct verdict *);
void gauge_put_line(struct buf *, const struct verdict *);

#endif
