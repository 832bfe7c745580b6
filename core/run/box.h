/* Carries a plan out: starts the box, watches it to its end, leaves nothing behind. Decides nothing
 * that the plan does not say. */
#ifndef SBX_RUN_BOX_H
#define SBX_RUN_BOX_H

#include "base/limits.h"
#include "plan/plan.h"

#include <signal.h>
#include <sys/resource.h>

/* Why a box ended, as the contract names it. */
enum cause {
	CAUSE_EXIT,
	CAUSE_SIGNAL,
	CAUSE_TIMEOUT,
	CAUSE_CPU_TIME, /* its processor time is used up: a timeout of another clock */
	CAUSE_IDLE,     /* neither processor time nor input or output for too long */
	CAUSE_OOM,      /* the kernel counted a kill for want of memory in its group */
	CAUSE_PIDS,     /* it failed after the limit of processes was met */
	CAUSE_OUTPUT,   /* more output than the limit */
	/* more memory or processes than the limit, as sampled: no kernel has counted anything, so
	 * this is neither oom nor pids, but that we killed it */
	CAUSE_WATCH_MEMORY,
	CAUSE_WATCH_PIDS,
	CAUSE_KILLED, /* by someone outside, or because the caller or the guard is gone */
	CAUSE_REFUSED,
	CAUSE_SETUP,   /* set-up failed: the payload never ran */
	CAUSE_NO_EXEC, /* set up, but the program could not be executed */
};

/* What a gauge found when all had ended. */
enum { EVIDENCE_OOM = 1, EVIDENCE_PIDS = 2 };
struct gauge;
struct gauging;

struct verdict {
	enum cause cause;
	int status;   /* CAUSE_EXIT, CAUSE_PIDS: the exit status; CAUSE_SIGNAL: the signal */
	uint32_t op;  /* CAUSE_SETUP, CAUSE_NO_EXEC: the operation that failed, or UINT32_MAX */
	int sysno;    /* and its errno */
	bool absent;  /* CAUSE_NO_EXEC: the program is not there at all */
	bool started; /* the payload's first instruction may have run */
	bool leaf;    /* the control group that the plan asked for was made */
	unsigned survivors;        /* processes that could not be ended */
	unsigned evidence;         /* EVIDENCE_ of its group */
	uint64_t dropped[2];       /* bytes of output and of diagnostics that nobody got */
	const struct gauge *gauge; /* what is known of its group, or NULL */
	const struct gauging *by;  /* as in struct supervise */
	struct rusage usage;
	uint64_t wall; /* microseconds from the clone to the end */
};

/* pass.c, which is reached by this alone: a program that keeps all output links none of it. */
struct passing;
extern const struct passing passing;

/* What the supervisor holds of one of the payload's output streams. */
struct drain {
	char *mem;
	size_t n, cap;
	bool over;                     /* more came than cap */
	const struct passing *through; /* &passing: nothing is kept, it is passed on to forward as
					  it comes; NULL: it is kept */
	uint64_t dropped;              /* bytes that came beyond cap, or could not be passed on */
	uint64_t passed;               /* bytes that were passed on */
	int forward;                   /* copy to this descriptor as it takes it, or -1 */
	size_t forwarded;              /* copied so far */
	/* the supervisor's own, of one that goes through; mem and cap are too */
	bool piped;  /* forward is a pipe */
	bool copied; /* splice(2) does not serve it */
	bool ready;  /* there is something to pass on */
	bool opened; /* forward is a description of our own */
};

struct steps;

enum box_event { BOX_ENFORCED, BOX_STARTED, BOX_LIMIT };

struct supervise {
	uint64_t timeout, grace; /* milliseconds; timeout 0: none */
	struct str input;        /* for descriptor 0 of the payload, when the plan has streams */
	struct drain out, err;
	const struct streaming *streaming; /* NULL: the plan has no streams */
	void (*on)(void *arg, enum box_event,
	    const struct verdict *); /* as it happens; NULL: nobody listens */
	void *arg;
	const struct steps *steps; /* run/group.h, group_attach; NULL: no plan with limits */
	/* of limits that only looking tells of: gauge_attach() of run/group.h. NULL: there are
	 * none, and nobody looks */
	struct gauge *gauge;
	const struct gauging *by; /* tells what is known besides; NULL: nothing is */
	bool outlive;             /* do not end with our parent */
	bool passed; /* descriptors 0 and 1 are the payload's: we let go of ours, so that their
			 other ends see its end */
	bool quiet_signals; /* TERM, INT, HUP, QUIT end the box instead of being forwarded */
};

struct jsonw;

/* What a box takes that has limits. It is reached by this alone, so that a program without links
 * none of it. group is the leaf's descriptor. */
struct gauging {
	/* CAUSE_EXIT to go on, or the cause to end for; *next: when to look again (microseconds, as
	 * sys_now(); UINT64_MAX: never). group may be -1; pid is the box's first process. */
	enum cause (*look)(struct gauge *, int group, int pid, uint64_t now, uint64_t *next);
	/* The box is gone, its group is there still: ends what is left in it, reads its figures.
	 * EVIDENCE_ bits. */
	unsigned (*measure)(struct gauge *, int group);
	/* What the verdict is with these, on a box that we did not end. */
	void (*weigh)(struct verdict *);
	/* TERM to all of the group; 0 or -errno. */
	int (*term)(int group);
	/* Says more about a fault: with no operation before anything else is said, then of the
	 * operation that failed. */
	void (*hint)(const struct verdict *, const struct op *, struct err *);
	/* What is known of the end besides: as members of an object that is open, in what room
	 * there is but for a few bytes; and as a line for people. */
	void (*put_json)(struct jsonw *, const struct verdict *);
	void (*put_line)(struct buf *, const struct verdict *);
};

/* Makes a supervisor carry streams: to be called for a plan that has some. */
void streams_attach(struct supervise *);

/* Runs the plan to its end. 0 with the verdict filled; -1 when it could not even be tried (verdict
 * CAUSE_SETUP too). */
int box_run(const struct plan *, struct supervise *, struct verdict *);
/* The exit status of the contract: the payload's, 128+n, 124, 125, 126, 127. */
int verdict_status(const struct verdict *);
struct str cause_name(const struct verdict *);
/* The limit that it was ended for: "timeout", "cpu-time", "memory"; the cause where that is its
 * name. */
struct str limit_name(const struct verdict *);
/* "parse", "setup", "exec", "run" */
struct str verdict_stage(const struct verdict *);
/* "cannot mount tmpfs on /run" and the errno for CAUSE_SETUP and CAUSE_NO_EXEC. */
void verdict_fault(const struct plan *, const struct verdict *, struct err *);

#endif
