/* Words of those who watch a group: from which figure on they want to hear of it. */
#ifndef SBX_ALERT_H
#define SBX_ALERT_H

#include "base/err.h"
#include "text/cgrate.h"

/* "memory>80%", "cpu>1.5", "io>10M", "memory_pressure>10%". */
struct alert {
	struct str text; /* as it was written */
	uint8_t figure;
	bool share;    /* of the limit: parts in a million */
	uint64_t most; /* crossed by more than this */
};
/* 0 or -1. */
int alert_read(struct str, struct alert *, struct err *) MUST_CHECK;
/* Is it crossed? 1 yes, 0 no, -1 the figure is not known, or the limit it is a share of. *value is
 * what was compared. */
int alert_over(const struct alert *, const struct cgrate *, uint64_t *value);
/* Such a value for people: "81.2%", "1.5G". */
void alert_put(struct buf *, const struct alert *, uint64_t value);

/* "memory:some:200ms/1s": a stall of so long within a window (Documentation/accounting/psi.rst). */
struct trigger {
	uint8_t resource; /* enum cgstall */
	bool full;
	uint32_t stall, window; /* ms */
};
int trigger_read(struct str, struct trigger *, struct err *) MUST_CHECK;
/* Which of a group's files it is of. */
enum cgsource trigger_source(const struct trigger *);
/* What is written to that: "some 200000 1000000". */
void trigger_put(struct buf *, const struct trigger *);
/* "cpu", "memory", "io". */
struct str stall_name(enum cgstall);

#endif
