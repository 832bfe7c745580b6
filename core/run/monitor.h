/* The monitor's own: what it watches, and what it makes of that. */
#ifndef SBX_MONITOR_H
#define SBX_MONITOR_H

#include "run/process.h"

#include <poll.h>

enum watched {
	WATCH_BOX,
	WATCH_STATUS,
	WATCH_SIGNALS,
	WATCH_PARENT,
	WATCH_IN,
	WATCH_OUT,
	WATCH_ERR,
	WATCH_OUT_TO, /* where the two are copied on to */
	WATCH_ERR_TO,
	WATCH_COUNT
};

struct monitor {
	struct process *p;
	struct supervise *s;
	struct verdict *v;
	struct pollfd fd[WATCH_COUNT];
	size_t fed;
	uint64_t start;
	uint64_t kill_at; /* microseconds; UINT64_MAX: not asked to end */
	unsigned kills;   /* how often it was tried */
	bool ending;      /* a TERM was sent; KILL follows at kill_at */
	bool gave_up;     /* it does not die */
	bool masked;      /* the caller's signal mask is to be restored */
	bool standing;    /* every restriction does, and that was told */
	bool ended;       /* init told the payload's end */
	int status;
	enum cause cause; /* what we ended it for; CAUSE_EXIT while we did not */
	struct orphans before;
};

/* watch.c */
/* Until the box is gone, or cannot be ended. */
void monitor_watch(struct monitor *);
/* The box is gone: what it wrote before is still in the pipes. Closes what was watched, but neither
 * the box nor the signals. */
void monitor_read_rest(struct monitor *);

#endif
