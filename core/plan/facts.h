/* What a plan may know of the machine. Probed (core/run/probe.c) or read from a file; never asked
 * for by a plan. */
#ifndef SBX_FACTS_H
#define SBX_FACTS_H

#include "spec/field.h"

/* One line of an id map: count ids from inside on are count ids from outside on. */
struct idrange {
	uint32_t inside, outside, count;
};

enum { FACTS_RANGES = 8 };

struct facts {
	struct seen seen;
	uint64_t uid, gid; /* effective */
	uint64_t kernel;   /* major * 1000 + minor; 0: not asked for */
	uint32_t
	    lacks;    /* bit set over enum ns_kind: namespaces that this kernel was built without */
	bool admin;   /* CAP_SYS_ADMIN, CAP_SETUID and CAP_SETGID in our user namespace */
	bool clone3;  /* the call exists and no filter refuses it */
	bool seccomp; /* the kernel takes filters, and no filter refuses that */
	bool proc;    /* a proc file system is mounted at /proc */
	bool proc_covered;   /* parts of it are mounted over: no fresh one without privilege */
	bool sys_readonly;   /* what is below /proc/sys cannot be written to */
	bool root_mount;     /* "/" is a mount point here (false in a plain chroot) */
	bool root_initramfs; /* "/" is the first mount of all: it cannot be pivoted away */
	struct idrange uids[FACTS_RANGES], gids[FACTS_RANGES]; /* our own user namespace's maps */
	size_t nuids, ngids;
	struct str
	    resolv; /* where /etc/resolv.conf really is, when that is below /run; else empty */
	struct str
	    cgroup;     /* our own group's directory in the v2 hierarchy; empty when there is none
			    * to write to */
	struct str cwd; /* the caller's working directory, clean; empty when it has none */
	struct strlist procs; /* mount points of proc file systems, clean absolute paths */
	struct strlist sysfs; /* the same of whole sysfs file systems */
};

/* Facts as text: one a line, a name and what goes with it; in a path \012 stands for a line end and
 * \134 for a backslash. The text must outlive them. more: another table of them and its target,
 * which is as it was where they are not there; NULL: there is none. Errors are FAULT_CONFIG with
 * file:line:col. 0 or -1. */
int facts_read(struct arena *, struct str file, struct str text, struct facts *,
    const struct args_part *more, struct err *) MUST_CHECK;
/* Read back, they are the same. */
void facts_put(struct buf *, const struct facts *);
/* Those of another table, but for rows with a reader of their own. */
void facts_put_rows(struct buf *, const struct table *, const void *target);
/* A text as it stands in a line; spaces: they may stand in it. */
void facts_put_text(struct buf *, struct str text, bool spaces);

#endif
