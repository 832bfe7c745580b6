/* Fills the facts that a box's plan will ask for, and no others. */
#ifndef SBX_PROBE_H
#define SBX_PROBE_H

#include "plan/facts.h"
#include "spec/box.h"

/* The box was finished; what does not concern it stays zero. 0, or -1 when the arena is exhausted
 * or the kernel's texts make no sense. */
int probe_facts(struct arena *, const struct box *, struct facts *, struct err *) MUST_CHECK;
/* Are we in the first user namespace? False where /proc does not tell. */
bool probe_first_user(void);

#endif
