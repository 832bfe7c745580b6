/* The processes of a box, looked at one by one: for limits that nothing but looking enforces. */
#ifndef SBX_TREE_H
#define SBX_TREE_H

#include "base/base.h"

struct tree {
	size_t n;       /* processes */
	uint64_t bytes; /* resident, all together; what two of them share counts twice */
	uint64_t
	    cpu_us;    /* of them, and of their children that were waited for; in steps of a tick */
	uint64_t mark; /* another one when there are others */
};

enum { TREE_MOST = 4096 };

/* Those in a group, or, with -1, the descendants of pid, the first process of a box whose monitor
 * we are, and those of its orphans that are our children now. TREE_MOST of them at most. n is 0
 * where nothing can be known. */
void tree_look(int group, int pid, struct tree *);

#endif
