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
	CAUSE_IDLE,   /* neither processor time nor input or output for too long */
	CAUSE_OOM,    /* the kernel counted a kill for want of memory in its group */
	CAUSE_PIDS,   /* it failed after the limit of processes was met */
	CAUSE_OUTPUT, /* more output than the limit */
	CAUSE_KILLED, /* by someone outside, or because the caller is gone */
	CAUSE_REFUSED,
	CAUSE_SETUP,   /* set-up failed: the payload never ran */
	CAUSE_NO_EXEC, /* set up, but the program could not be executed */
};

struct verdict {
	enum cause cause;
	int status;   /* CAUSE_EXIT, CAUSE_PIDS: the exit status; CAUSE_SIGNAL: the signal */
	uint32_t op;  /* CAUSE_SETUP, CAUSE_NO_EXEC: the operation that failed, or UINT32_MAX */
	int sysno;    /* and its errno */
	bool absent;  /* CAUSE_NO_EXEC: the program is not there at all */
	bool started; /* the payload's first instruction may have run */
	bool leaf;    /* the control group that the plan asked for was made */
	unsigned survivors; /* processes that could not be ended */
	struct rusage usage;
	uint64_t wall; /* microseconds from the clone to the end */
};

/* What the supervisor holds of one of the payload's output streams. */
struct drain {
	char *mem;
	size_t n, cap;
	bool over;        /* more came than cap */
	bool through;     /* nothing is kept: it is passed on to forward as it comes */
	uint64_t dropped; /* bytes that came beyond cap */
	uint64_t passed;  /* bytes that were passed on */
	int forward;      /* copy to this descriptor as it takes it, or -1 */
	size_t forwarded; /* copied so far */
};

/* What a gauge found when all had ended. */
enum { EVIDENCE_OOM = 1, EVIDENCE_PIDS = 2 };
struct gauge;

enum box_event { BOX_ENFORCED, BOX_STARTED, BOX_LIMIT };

struct supervise {
	uint64_t timeout, grace; /* milliseconds; timeout 0: none */
	struct str input;        /* for descriptor 0 of the payload, when the plan has streams */
	struct drain out, err;
	void (*on)(void *arg, enum box_event,
	    const struct verdict *); /* as it happens; NULL: nobody listens */
	void *arg;
	/* Limits that only looking tells of (run/group.h, gauge_attach); NULL: none. look: CAUSE_EXIT to
	 * go on, or the cause to end for; *next: when to look again (microseconds, as sys_now(); UINT64_MAX:
	 * never). group is the leaf's descriptor or -1, pid the box's first process. measure: everything in
	 * the group has ended, and it is there still; EVIDENCE_ bits. */
	struct gauge *gauge;
	enum cause (*look)(struct gauge *, int group, int pid, uint64_t now, uint64_t *next);
	unsigned (*measure)(struct gauge *, int group);
	bool outlive; /* do not end with our parent */
	bool passed;  /* descriptors 0 and 1 are the payload's: we let go of ours, so that their
			 other ends see its end */
	bool quiet_signals; /* TERM, INT, HUP, QUIT end the box instead of being forwarded */
};

/* Runs the plan to its end. 0 with the verdict filled; -1 when it could not even be tried (verdict
 * CAUSE_SETUP too). */
int box_run(const struct plan *, struct supervise *, struct verdict *);
/* The exit status of the contract: the payload's, 128+n, 124, 125, 126, 127. */
int verdict_status(const struct verdict *);
struct str cause_name(const struct verdict *);
/* "parse", "setup", "exec", "run" */
struct str verdict_stage(const struct verdict *);
/* "cannot mount tmpfs on /run" and the errno for CAUSE_SETUP and CAUSE_NO_EXEC. */
void verdict_fault(const struct plan *, const struct verdict *, struct err *);

#endif
