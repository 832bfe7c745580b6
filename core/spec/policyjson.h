/* The state of reading a JSON profile, shared by the files of the reader. */
#ifndef SBX_POLICYJSON_H
#define SBX_POLICYJSON_H

#include "spec/policyread.h"

enum { KEYS_MAX = 9, STEPS_MAX = 12 };

struct profile {
	struct arena *arena;
	struct err *err;
	struct policy *policy;
	const struct policy_host *host;
	/* the way to what is being read, told only where something is wrong */
	struct {
		const struct value *v;
		size_t index;
	} step[STEPS_MAX];
	size_t depth;
	unsigned near; /* behind the last call that was named */
};

/* A fault in what is being read, or in a member of it that may not be; -1. */
int profile_fault(struct profile *, const struct value *member, struct pos pos, const char *text,
    const struct str *arg, size_t n);
#define PROFILE_FAULT(p, pos, ...) profile_fault((p), NULL, (pos), TEXT(__VA_ARGS__))
#define MEMBER_FAULT(p, v, ...) profile_fault((p), (v), (v)->pos, TEXT(__VA_ARGS__))

/* Adds the path to a fault; -1. */
int profile_path(struct profile *);

/* Goes into a member or an element; the mark that leads back. At most STEPS_MAX deep. */
size_t profile_enter(struct profile *, const struct value *, size_t index);
void profile_leave(struct profile *, size_t mark);

/* The members by the number of their key in the list (with a | between), each of its kind: s is
 * a string, n a number, o an object; S and O are arrays of them. null is as good as none, as
 * where the engines come from. */
int profile_members(struct profile *, const struct value *, const char *keys, const char *kinds,
    const struct value *got[KEYS_MAX]) MUST_CHECK;
/* The first child of what may be NULL. */
const struct value *profile_first(const struct value *);

/* An action with what says which error: either may be NULL, as may the name of the error. */
int profile_action(struct profile *, const struct value *action, const struct value *number,
    const struct value *name, uint32_t *out) MUST_CHECK;
/* Is the entry for this host? 1, 0 or -1. */
int profile_chosen(struct profile *, const struct value *includes,
    const struct value *excludes) MUST_CHECK;
/* The rules of one entry of "syscalls". */
int profile_entry(struct profile *, const struct value *) MUST_CHECK;

#endif
