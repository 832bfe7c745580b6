/* A plan is data: what will be done, in order, and what that enforces. Made from a box and facts,
 * without asking the system; judged by lint; carried out by core/run, which decides nothing. */
#ifndef SBX_PLAN_H
#define SBX_PLAN_H

#include "plan/bpf.h"
#include "plan/ebpf.h"
#include "plan/facts.h"
#include "spec/box.h"

/* Who carries an operation out. */
enum plan_stage {
	STAGE_HOST, /* the monitor, outside the box */
	STAGE_BOX,  /* the first process inside, before anything untrusted runs */
	STAGE_EXEC, /* the process that becomes the payload */
	STAGE_COUNT
};

/* What the slots, numbers and texts of an operation mean. Where a slot is empty because FLAG_MAY
 * allowed that, what would use it is skipped. */
enum op_kind {
	OP_OPEN,      /* open text read-only -> a; FLAG_DIRECTORY: as a place only (MAY) */
	OP_SETNS,     /* join the namespace a of type num; text says which, for people */
	OP_UNSHARE,   /* make a namespace of type num, which the clone did not; text: its name */
	OP_SUBREAPER, /* orphans of the box become our children */
	OP_SELF,      /* move ourselves into a group of our own in directory text */
	OP_ENABLE,    /* for the groups in directory text: controllers text2, "+memory +pids" */
	OP_LEAF,      /* make a group in directory text -> a (MAY); text2: its name, NULL: one of
		       * the run's own */
	OP_LIMIT,     /* write text2 to file text of group a (MAY); num: pages of so many bytes are
		       * kept of a number, 0: it is kept as it is */
	OP_DEVICES,   /* attach a device program to group a (MAY) */
	OP_CLONE,    /* start the box: flags num, in group a; FLAG_OLD: by clone(2); FLAG_SHARED: it
		   * shares our memory (clone(2) too, without a group) */
	OP_MAP,      /* write text2 to /proc/CHILD/text */
	OP_GO,       /* let the box go on */
	OP_WAIT,     /* wait for that; end when the monitor is gone */
	OP_PDEATH,   /* SIGKILL when our parent ends */
	OP_MAP_SELF, /* write text2 to /proc/self/text */
	OP_SYSCTL,   /* write text2 to /proc/sys/text */
	OP_DUMPABLE, /* not dumpable: not traceable by the payload */
	OP_PRIVATE,  /* no mount event leaves or enters */
	OP_TREE,     /* clone the mount at text -> a; FLAG_RECURSIVE */
	OP_ATTR,     /* add attributes num to a; FLAG_RECURSIVE */
	OP_ATTR_OFF, /* take attributes num off a */
	OP_MOVE_ROOT, /* attach a over "/" */
	OP_TARGET,    /* resolve text inside root b -> a (MAY); FLAG_NO_LINK: itself no link */
	OP_MOVE,      /* attach a on b, or on text in b, a directory of our own making */
	OP_WRITABLE,  /* refuse when the mount a is read-only; text says which */
	OP_FCHDIR,    /* work in a */
	OP_MOUNT,     /* file system text on text2, beneath a (entered); data text3, flags num */
	OP_MKDIR,     /* text in directory b, mode num (MAY exist) */
	OP_POINT, /* mount point text in directory b: like a, else a directory or FLAG_FILE (MAY) */
	OP_SYMLINK,    /* text2 in directory b, leading to text */
	OP_CLOSE,      /* a */
	OP_PIVOT,      /* the working directory becomes "/" */
	OP_UMOUNT_OLD, /* and the old root goes */
	OP_CHROOT,     /* the same where the root cannot be pivoted */
	OP_HOSTNAME,   /* text */
	OP_LOOPBACK,   /* lo up */
	OP_CHDIR,      /* text (MAY) */
	OP_SECUREBITS, /* num */
	OP_CAPS_NONE,  /* no effective, permitted, inheritable capability */
	OP_NO_NEW_PRIVS,
	OP_SPAWN, /* start the payload's process, stay as init */
	OP_SETSID,
	OP_STREAM,  /* stream num (0, 1, 2) comes from the supervisor */
	OP_SIGMASK, /* the caller's signal mask again */
	OP_CLOEXEC, /* nothing above 2 survives the exec */
	OP_KEEP_FD, /* but num */
	OP_RLIMIT,  /* no more than num of what RLIMIT_text names */
	OP_SECCOMP, /* filter, flags num; text is for people. The exec is all that follows */
	OP_EXEC,    /* execute text; the next candidate follows when it is absent */
	OP_COUNT
};

enum {
	FLAG_RECURSIVE = 1,
	FLAG_MAY = 2,
	FLAG_OLD = 4,
	FLAG_DIRECTORY = 8,
	FLAG_FILE = 16,
	FLAG_SHARED = 32,
	FLAG_NO_LINK = 64
};
enum { NO_SLOT = 255, TOOK_ROOM = 128 };

/* What an operation of a kind has to have: slots a and b that hold something, texts. */
enum {
	SHAPE_A = 1,
	SHAPE_MAYBE_A = 2, /* or NO_SLOT */
	SHAPE_B = 4,
	SHAPE_FILLS = 8, /* it fills slot a */
	SHAPE_TEXT = 16,
	SHAPE_TEXT2 = 32,
};
uint8_t op_shape(enum op_kind);

struct op {
	uint8_t kind, stage, flags;
	uint8_t a, b; /* slots */
	uint64_t num;
	const char *text, *text2, *text3;
	union {
		const struct bpf *filter;   /* OP_SECCOMP */
		const struct ebpf *devices; /* OP_DEVICES */
		char *took; /* OP_LIMIT: what the kernel has, once that is known; TOOK_ROOM bytes */
	};
	struct pos pos; /* of what asked for it */
};

/* One restriction: asked for by the user (needed) or by a default or level (wanted), and what
 * enforces it. */
enum claim_state {
	CLAIM_ENFORCED,
	CLAIM_BEST_EFFORT, /* enforced as far as the mechanism goes; detail says how far */
	CLAIM_DROPPED,     /* wanted, and not to be had here */
	CLAIM_NOT_ASKED,   /* deliberately open */
};

struct claim {
	struct str name, mechanism, detail;
	bool needed;
	enum claim_state state;
	uint32_t op; /* the OP_LEAF that may turn it to best effort at run time, or UINT32_MAX */
	struct str otherwise; /* the detail in that case, and where it was dropped at run time */
	const char *took;     /* the value that the kernel reports, once it does; NULL: none. What
			       * was only wanted and has none by then was dropped */
};

struct plan {
	struct arena *arena;
	struct op *op;
	size_t n, cap;
	struct claim *claim;
	size_t nclaims, capclaims;
	const struct group_parts *parts; /* of its group with limits (plan/group.h); NULL: none */
	bool init;                       /* the first process inside stays and reaps */
	bool tree;                       /* a PID namespace of the box ends everything in it */
	bool output;                     /* of the streams, the input stays the caller's */
	char *const *argv;
	char *const *envp;
};

/* What is to be executed in the box: argv is NULL-terminated and not empty; envp is the caller's
 * environment, to which the box's rules are applied. */
struct payload {
	char *const *argv;
	char *const *envp;
	bool streams;                 /* 0, 1 and 2 come from the supervisor */
	bool output;                  /* 1 and 2 do */
	const struct confine *filter; /* confine_make's, of the same box and facts; NULL: none */
	const struct group *group;    /* group_make's or group_join's; NULL: no limits */
};

/* The plan of a finished box on this machine, or NULL: FAULT_REFUSED names what cannot be enforced
 * and why. */
struct plan *plan_box(struct arena *, const struct box *, const struct facts *,
    const struct payload *, struct err *) MUST_CHECK;

/* Is the plan sound: slots filled before use and closed or close-on-exec, stages in order, nothing
 * of the payload's before the last restriction, exec last? 0 or -1 with the reason. */
int plan_lint(const struct plan *, struct err *) MUST_CHECK;

/* One line for a person, without newline: "box   open_tree / -> 3 recursive". */
void op_put(struct buf *, const struct op *);
/* "cannot mount tmpfs on /run", for a failed one. */
void op_fault(struct buf *, const struct op *);
/* "pivot_root": how a plan calls it; the system call that it makes; and the Linux version that
 * brought that call, empty when it was always there. */
struct str op_name(enum op_kind);
struct str op_call(enum op_kind);
struct str op_since(enum op_kind);
/* What the operation was done to: a path, a file system; empty when to nothing by name. */
struct str op_object(const struct op *);
/* The CLONE_NEW* of a kind. */
uint64_t ns_flag(enum ns_kind);
struct str stage_name(enum plan_stage);
struct str claim_state_name(enum claim_state);

#endif
