/* The monitor's own: what it watches, and what it makes of that. */
#ifndef SBX_MONITOR_H
#define SBX_MONITOR_H

#include "run/process.h"

#include <poll.h>

enum watched {
	WATCH_BOX,
	WATCH_SIGNALS,
	WATCH_GUARD,
	WATCH_STATUS,
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
	struct pollfd fd[WATCH_COUNT]; /* of the output, what is waited for */
	int from[2];                   /* the payload's output and diagnostics */
	size_t fed;
	uint64_t start;
	uint64_t kill_at; /* microseconds; UINT64_MAX: not asked to end */
	uint64_t look_at; /* when the gauge wants to look again */
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
/* Takes what records there are. */
void monitor_read_status(struct monitor *);
/* Ends the box, by KILL. */
void monitor_end_now(struct monitor *, enum cause);

/* The box is gone: what it wrote before is still in the pipes. Closes what was watched, but neither
 * the box nor the signals. */
void monitor_read_rest(struct monitor *);

/* output.c, which is reached by this alone, so that a program without streams links none of it. */
struct streaming {
	void (*ready)(struct monitor *);
	void (*aim)(struct monitor *);  /* what is to be polled */
	void (*look)(struct monitor *); /* and what came of it */
	/* The box is gone: all that is left. */
	void (*rest)(struct monitor *);
};
/* k: 0 the output, 1 the diagnostics */
struct drain *output_of(const struct monitor *, size_t k);
/* Is there anything to copy or to pass on? */
bool output_waits(const struct drain *);
/* Takes or passes on what there is; with room: what it goes to can take something. */
void output_drain(struct monitor *, size_t k, bool room);
/* The same, after a poll. */
void output_polled(struct monitor *, size_t k, short revents);
void output_close(struct monitor *, size_t k);
/* What it goes to can take something. */
void output_forward(struct monitor *, size_t k);

/* pass.c: of a drain that goes through. */
struct passing {
	void (*ready)(struct drain *, size_t k);
	/* Passes on what there is; 0, 1 at its end, or -errno when nothing can be passed on any
	 * more. */
	int (*some)(int from, struct drain *, bool room);
	/* Nothing more: what there is is counted as dropped. */
	void (*nothing)(struct monitor *, size_t k);
	/* All that is left at the end. */
	void (*rest)(struct monitor *, size_t k);
};

#endif
