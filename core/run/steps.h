/* The operations of a box with limits. A program that has none links nothing of them: they are
 * reached through struct supervise alone. */
#ifndef SBX_RUN_STEPS_H
#define SBX_RUN_STEPS_H

#include "run/process.h"

struct steps {
	/* 0 or -errno */
	int (*step)(struct process *, const struct op *);
	/* undoes OP_SELF, in the monitor or in its guard */
	void (*back)(struct process *);
};

/* self.c */
int self_make(struct process *, const char *base);
void self_end(struct process *);
/* Held while a group with limits is made in dir, or controllers are disabled there. Its
 * descriptor or -errno. */
int self_lock(const char *dir);

#endif
