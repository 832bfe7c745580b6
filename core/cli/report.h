/* What we tell: lines for people on standard error, events for programs on the report descriptor.
 */
#ifndef SBX_REPORT_H
#define SBX_REPORT_H

#include "base/err.h"
#include "plan/plan.h"
#include "run/box.h"
#include "text/json.h"

struct report {
	struct str tool; /* "sbx-ns" */
	int fd;          /* of the events, or -1 */
};

/* "sbx-ns: file:3:1: $.x: message\n" on standard error, in one write. */
void report_error(struct str tool, const struct err *);
/* A line of our own on standard error. */
void report_note(struct str tool, struct str text);

/* Events; nothing is written when there is no descriptor, and a reader that is slow or gone loses
 * lines but never delays us (the descriptor is polled before each write). */
void report_plan(const struct report *, const struct plan *);
void report_enforced(const struct report *, const struct plan *, const struct verdict *);
void report_started(const struct report *);
void report_limit(const struct report *, struct str which);
/* How it all ended. err has what failed or was refused; call and object are those of the operation
 * that did (ending_of), empty where it was none; outcome and reason are sbx-hook's, else empty. */
struct ending {
	const struct verdict *verdict;
	const struct err *err;
	struct str outcome, reason;
	struct str call, object;
};
/* Of a plan, or of none (NULL). */
struct ending ending_of(const struct plan *, const struct verdict *, const struct err *);
/* The verdict: the last event. */
void report_ended(const struct report *, const struct ending *);

/* A supervised run and what is told of it. */
struct told {
	const struct report *report;
	const struct plan *plan;
	struct str file; /* that the plan's positions are in; empty for a command line */
};

/* The callback for struct supervise, with a struct told. */
void report_event(void *told, enum box_event, const struct verdict *);
/* That callback, or NULL where there is no descriptor to report to. */
void (*report_listener(const struct report *))(void *, enum box_event, const struct verdict *);
/* Runs the box, tells the fault or the verdict (and the receipt, to people); the exit status of a
 * link. */
int report_run(struct told *, struct supervise *, bool receipt);
/* A refusal before anything was made: the line, the event; 125. */
int report_refused(const struct report *, const struct err *);
/* The receipt for people, on standard error: one row a restriction (none when the box was never
 * set up), then the verdict. */
void report_receipt(const struct plan *, const struct verdict *, struct str verdict);

/* The line of one event, newline included, into buf; for tests. */
void event_open(struct jsonw *, struct str tool, struct str event);
void event_close(struct jsonw *);

/* A claim's detail as it came out: with the group that could not be made it is the other one. */
struct str claim_detail(const struct claim *, bool leaf);
enum claim_state claim_outcome(const struct claim *, bool leaf);

#endif
