/* Between our own processes: what they share at the clone, and the records that come back on the
 * status pipe. */
#ifndef SBX_PROCESS_H
#define SBX_PROCESS_H

#include "run/box.h"

enum record_kind {
	RECORD_FAIL = 1, /* operation op failed with errno value; the payload never ran */
	RECORD_TRY,      /* every restriction stands; the exec is next */
	RECORD_NO_EXEC,  /* it failed with errno value at operation op */
	RECORD_STARTED,  /* init saw the exec */
	RECORD_ENDED,    /* init reaped the payload: wait status value */
};

/* One write, one read: smaller than PIPE_BUF. */
struct record {
	uint32_t kind, op;
	int32_t value;
	int32_t absent;
};

struct process {
	const struct plan *plan;
	const struct steps *steps; /* of limits; NULL: there are none */
	int slot[LIMIT_SLOTS];
	int status[2]; /* records: [1] is written by the box */
	int life[2]; /* [0] is read by the box: a byte to go on, 'T' to end politely, end of file to
			die */
	int stream[3][2]; /* the payload's end, our end */
	sigset_t mask;    /* the caller's */
	int child, pidfd;
	int signals; /* of init: a signalfd */
	/* the control group of the box */
	int guard, guard_fd, guard_pipe,
	    leaf_parent; /* guard_fd: its pidfd; the box ends with it */
	char leaf[40];
	const char *base; /* OP_SELF's directory; self: our own group there */
	int self;
	int group; /* the leaf itself, for killing everything in it; a slot holds it */
	bool leaf_made;
	uint8_t streams; /* bit n: stream n comes from us */
	bool apart; /* the payload has a session of its own: the caller's terminal does not signal
		       it */
	unsigned char *stacks; /* STACK_SIZE for the payload's process, and as much for the box's */
	volatile bool exec_failed; /* written by the payload's process before its exec, which shares
				      our memory */
	bool filtered; /* behind its filter the payload's process can ask and tell nothing */
	/* RECORD_NO_EXEC, where its process leaves that for others to tell: ours, or, where the
	 * payload is the first process of the box, memory that is shared with the monitor */
	struct record failed, *shared;
};

/* Enough for the deepest of our calls in the box, several times over. */
enum { STACK_SIZE = 32 << 10 };

/* Carries out operation i; 0 or -errno. OP_CLONE and OP_SPAWN do not return in the child. */
int process_step(struct process *, size_t i);
/* Everything from WAIT on, in the first process of the box. */
NORETURN void process_box(struct process *);
/* The last stage, in the process that becomes the payload. */
NORETURN int process_exec(void *process);
/* What init needs and could fail to get, before there is a payload: 0 or -errno. */
int process_ready(struct process *);
/* PID 1 of the box. */
NORETURN void process_init(struct process *, int payload);
/* 0 or -errno. */
int process_tell(struct process *, enum record_kind, uint32_t op, int value,
    bool absent) MUST_CHECK;
/* A pidfd of who called us, whose end is ours; -1 with outlive, or where there is none to watch.
 * 0 or -errno. */
int process_parent(bool outlive, int *fd) MUST_CHECK;
/* Signals that a resident process reads instead of suffering. */
void process_signals(sigset_t *, bool init);

/* streams.c */
/* Everything empty, every descriptor -1. */
void process_prepare(struct process *, const struct plan *);
/* The pipes of a box; what was made before a failure stays for process_close_all. 0 or -errno. */
int process_pipes(struct process *);
/* Closes it unless it is -1, and makes it -1. */
void process_close(int *fd);
void process_close_all(struct process *);
/* Writes more of the input from *fed on: 0, 1 when there is nothing more to write, or -errno. */
int stream_feed(int fd, struct str input, size_t *fed) MUST_CHECK;
/* Takes what there is: 0, 1 at its end, or -errno. What is over the limit is read and dropped, so
 * that the payload never waits for us. */
int stream_drain(int fd, struct drain *) MUST_CHECK;
/* Copies on what was taken and not yet copied, at most so much as does not wait where poll said
 * that it can be written to. */
void stream_forward(struct drain *);
/* Nothing more is copied or passed on. */
void stream_end(struct drain *);

/* leaf.c: the group that is made for the box, by OP_LEAF; with FLAG_MAY there need not be one. 0 or
 * -errno. */
int leaf_make(struct process *, const struct op *);
/* Ends everything in it, at once, and leaves it to be removed. */
void leaf_kill(const struct process *);
/* The same, and removes it; false when something in it could not be ended. Undoes OP_SELF, too. */
bool leaf_end(struct process *);
/* Opens the directory that groups are made in, gives them a name, and starts the guard; when it has
 * one, nothing. 0 or -errno. */
int leaf_begin(struct process *, const char *dir);
/* Makes a group in dir and locks it: its descriptor or -errno. */
int leaf_group(int dir, const char *name);
/* Moves a process of ours there, 0 for ourselves: 0 or -errno. */
int leaf_join(int group, int pid);
/* Ends the guard, with nothing left for it to do. */
void leaf_dismiss(struct process *);

/* orphans.c */
enum { ORPHANS_MAX = 512 };
/* Our children: what can be known of them without being told by the kernel, and the list of them.
 */
struct orphans {
	int pid[ORPHANS_MAX];
	size_t n;
	bool some; /* there is a child */
	/* the kernel gives no list (built without CONFIG_PROC_CHILDREN, or no /proc) */
	bool unlisted;
};
/* 0 or -errno; -E2BIG when there are more than fit. */
int orphans_list(struct orphans *) MUST_CHECK;
/* Kills and reaps our own descendants that are left, except those that were there before; how many
 * remain (at least: those that no list tells of count as one). */
unsigned orphans_end(const struct orphans *before);
/* The pids in a text, one a word; a word without an end was cut off and is none. */
size_t pids_read(int *pid, size_t max, const char *text, size_t n);

#endif
