/* The JSON protocol between a caller, sbx-hook and a hook: what a request must be, what a reply may
 * be. */
#ifndef SBX_PROTOCOL_H
#define SBX_PROTOCOL_H

#include "spec/hook.h"

/* One JSON object whose "hook" and "phase" match the declaration (a hook of type eval takes any
 * object, and *phase is empty). Errors are FAULT_DATA with line:col and the byte position in the
 * message. 0 or -1. */
int request_check(struct arena *, const struct hook *, struct str text, struct str *phase,
    struct err *) MUST_CHECK;

struct reply {
	bool allow, enforced;
	struct str reason;
	const struct value *whole; /* the object as read */
};

/* One JSON object: allow (bool, needed unless the hook observes or is an eval hook), reason
 * (string), enforced (bool; only with allow false), metadata (object); other members are kept.
 * Errors are FAULT_DATA, "byte N" and what would be right. 0 or -1. */
int reply_check(struct arena *, const struct hook *, struct str text, struct reply *,
    struct err *) MUST_CHECK;

enum outcome {
	OUTCOME_ALLOWED,
	OUTCOME_OBSERVED,
	OUTCOME_DENIED,
	OUTCOME_ENFORCED,
	OUTCOME_BAD_REPLY,
	OUTCOME_OUTPUT_LIMIT,
	OUTCOME_FAILED,
	OUTCOME_CRASHED,
	OUTCOME_LIMIT,
	OUTCOME_TIMEOUT,
	OUTCOME_REFUSED,
	OUTCOME_NOT_EXECUTABLE,
	OUTCOME_NOT_FOUND,
	OUTCOME_COUNT
};
struct str outcome_name(enum outcome); /* "allowed", "bad-reply", ... */
/* The exit status of sbx-hook run for what happened: section 5 of the contract. A hook that
 * observes, or on_error: allow once the hook was started, gives 0; 125, 126 and 127 always stand.
 */
int outcome_status(enum outcome, const struct hook *);
/* Does the caller go on? */
bool outcome_allows(enum outcome, const struct hook *);

#endif
