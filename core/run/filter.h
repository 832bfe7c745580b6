/* Filters and the kernel: attached, answered for, learned from, and taken from another process. */
#ifndef SBX_RUN_FILTER_H
#define SBX_RUN_FILTER_H

#include "plan/bpf.h"
#include "plan/learned.h"
#include "run/box.h"

/* Attaches a program to this process. no_new_privs is set before, unless it may be new_privs: then
 * the kernel wants CAP_SYS_ADMIN in our user namespace, and without that it is refused. 0, or the
 * listener's descriptor where flags has FILTER_LISTENER; -1 with the call named. */
int filter_attach(const struct bpf *, unsigned flags, bool new_privs, struct err *) MUST_CHECK;

/* A program to execute: the names to try in order, NULL-terminated. */
struct command {
	const char *const *path;
	char *const *argv, *const *envp;
};

/* Executes it. Comes back with 126 or 127 (not there), and the error. */
int command_exec(const struct command *, struct err *);
struct decider;

/* A program that runs under a filter of which we are asked. */
struct watch {
	const struct command *command;
	const struct bpf *filter;
	unsigned flags; /* FILTER_LOG, FILTER_SPEC_ALLOW */
	bool new_privs;
	/* who answers; without one every call goes on, and is counted here */
	struct decider *decider;
	struct learned *learned;
};

/* Room for so many calls that wait for a decision; more wait in the kernel. */
enum { DECIDER_PENDING = 512 };

/* Writes requests to a descriptor and reads answers from one, which may be the same
 * (spec/notify.h has the lines). timeout in milliseconds, 0: none. NULL when the arena is
 * exhausted. */
struct decider *decider_new(struct arena *, int requests, int answers, uint64_t timeout) MUST_CHECK;

/* Runs it to its end and ends whatever it leaves behind. The exit status of the contract: that of
 * the verdict, or 125 where a call failed only because nobody was there to decide it. The error
 * says why it is ours (125, 126, 127). */
int watch_run(const struct watch *, struct verdict *, struct err *) MUST_CHECK;

/* Filter number index of a process, 0 is the first that was attached; it goes on unharmed. How many
 * instructions it has is at most BPF_INSNS_MAX; they belong to the arena. index may be -1: the only
 * one, an error where there are several. 0 or -1. */
int filter_dump(struct arena *, int pid, int64_t index, struct bpf *, struct err *) MUST_CHECK;

#endif
