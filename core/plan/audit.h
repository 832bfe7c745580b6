/* Lint of filters: what a program answers, call by call. */
#ifndef SBX_AUDIT_H
#define SBX_AUDIT_H

#include "plan/prove.h"

/* In the order of their texts in audittext.c. */
enum finding {
	FOUND_ARCH_UNCHECKED,
	FOUND_ONLY_ALLOWS,
	FOUND_NOTIFY_POINTER,
	FOUND_TEST_POINTER,
	FOUND_X32,
	FOUND_X32_OLD,
	FOUND_MULTIPLEX,
	FOUND_CLONE3,
	FOUND_CLONE3_ERRNO,
	FOUND_OPENAT2,
	FOUND_IO_URING,
	FOUND_FASTOPEN,
	FOUND_SIBLING,
	FOUND_SIBLING_TESTED,
	FOUND_MISSING_64,
	FOUND_IGNORED_HALF,
	FOUND_SIGNED,
	FOUND_HIGH_WORD,
	FOUND_ERRNO_RANGE,
	FOUND_ERRNO_ZERO,
	FOUND_UNKNOWN_ACTION,
	FOUND_TRACE,
	FOUND_NOTIFY_RUNTIME,
	FOUND_PTRACE,
	FOUND_NO_EXEC,
	FOUND_ARM_PRIVATE,
	FOUND_DANGEROUS,
	FOUND_UPROBE,
	FOUND_NEWER,
};

/* How a call is answered: never, sometimes or always by making it. */
enum fate { FATE_ABSENT, FATE_DENIED, FATE_TESTED, FATE_OPEN };

struct audit {
	struct diagram *d;
	const struct policy *policy; /* or NULL */
	struct notes *notes;
	struct spans s[ARCH_COUNT];
	uint32_t archs; /* those that are not answered as foreign ones are */
	uint8_t fate[ARCH_COUNT][CALL_COUNT_MAX];
	/* what was said of an architecture is not said again of the next */
	struct {
		int finding, call, other;
	} told[128];
	size_t ntold;
};

/* A note, with % in its text for each string; call, or -1, is for the position. */
void audit_note(struct audit *, enum finding, int arch, int call, const struct str *arg, size_t n);
/* The usual one: two calls (other may be -1) and the architecture. */
void audit_found(struct audit *, enum finding, int arch, int call, int other);
/* Does the action ask a supervisor? */
bool audit_asks(uint32_t action);
/* The answer to a known call that the architecture has. */
uint32_t audit_node(const struct audit *, int arch, unsigned call);
/* Lints about each call, and about calls together. */
void audit_arguments(struct audit *);
void audit_calls(struct audit *);

#endif
