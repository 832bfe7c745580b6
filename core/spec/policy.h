/* A seccomp policy: what is allowed, in order. Whatever notation it came from, this is its meaning.
 */
#ifndef SBX_POLICY_H
#define SBX_POLICY_H

#include "base/buf.h"
#include "base/err.h"
#include "spec/calls.h"
#include "text/value.h"

/* What a filter returns, linux/seccomp.h; the low 16 bits are its data. */
enum {
	RET_KILL_PROCESS = (int)0x80000000,
	RET_KILL_THREAD = 0x00000000,
	RET_TRAP = 0x00030000,
	RET_ERRNO = 0x00050000,
	RET_ENOSYS = RET_ERRNO | 38, /* asm-generic/errno.h; the same on each of ours */
	RET_NOTIFY = 0x7fc00000,
	RET_TRACE = 0x7ff00000,
	RET_LOG = 0x7ffc0000,
	RET_ALLOW = 0x7fff0000,
	RET_ACTION = (int)0xffff0000,
	RET_DATA = 0x0000ffff,
};

struct range {
	uint64_t lo, hi; /* inclusive */
};

/* One condition on one argument. At 64 bits it holds when (argument & mask) lies in one of the
 * ranges, or, with negated, in none. At 32 bits (see policy_width) the argument is its low
 * word, and (low word & mask) may lie in a range either zero-extended or sign-extended, so that
 * -1 in a policy is -1 of an int. Of a register of 32 bits the high word is 0. */
struct test {
	uint8_t arg; /* 0..5 */
	bool wide;   /* the 64 bits of the register, whatever the kernel takes of them */
	bool negated;
	uint64_t mask;
	const struct range *in; /* sorted, disjoint, not adjacent; none: never holds */
	size_t n;
	struct pos pos;
};

/* Calls and numbers that it is for, and the tests that all have to hold. */
struct rule {
	uint32_t action; /* a RET_ with its data */
	uint32_t archs;  /* bit set of enum arch */
	struct callset calls;
	const struct range *nr; /* and these numbers, as such, X32_BIT included */
	size_t nnr;
	const struct test *test;
	size_t ntests;
	struct pos pos;  /* of the policy's text */
	struct str text; /* the line or the JSON object's comment; for listings; may be empty */
	uint32_t index;  /* in order, from 0 */
	struct rule *next;
};

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

/* What is said of a policy that can be compiled all the same. */
struct note {
	enum severity severity;
	struct str id; /* "listed-twice" */
	struct pos pos;
	struct str text;
	struct note *next;
};

struct notes {
	struct note *first, **last;
	size_t n[SEVERITY_ERROR + 1];
};

/* A call on a covered architecture is decided by the first rule that names it and whose tests
 * hold. Where no rule names it at all, and the table does not know its number or knows that it is
 * newer than `newer`: newer_action. Otherwise fallback. Calls of other architectures: foreign. */
struct policy {
	struct str file;   /* as the user named it; empty for a built-in one */
	uint32_t fallback; /* RET_* */
	uint32_t foreign;  /* RET_KILL_PROCESS unless said */
	uint32_t archs;    /* covered; never empty */
	unsigned newer;    /* major * 1000 + minor; 0: no such rule */
	uint32_t newer_action;
	/* Numbers above the largest that a rule names, not those that are newer (what runc
	 * does). */
	bool newer_largest;
	bool wide;      /* every test is: --width=64, OCI to the letter */
	unsigned flags; /* FILTER_* */
	struct rule *first, **last;
	uint32_t nrules;
	struct notes notes;
};

/* SECCOMP_FILTER_FLAG_*, linux/seccomp.h. */
enum {
	FILTER_TSYNC = 1,
	FILTER_LOG = 2,
	FILTER_SPEC_ALLOW = 4,
	FILTER_LISTENER = 8,
	FILTER_WAIT_KILLABLE = 32
};

/* What the reader may know: JSON profiles choose rules by these. */
struct policy_host {
	enum arch arch;  /* whose family is meant where the text does not say */
	unsigned kernel; /* major * 1000 + minor, for minKernel; 0: the newest */
	uint64_t caps; /* capabilities that the program will have, bit set, for includes/excludes */
	bool wide;     /* --width=64 */
};

/* Any notation but raw BPF, by its first byte: '{' is JSON. file is for errors, borrowed. NULL on
 * error. Everything belongs to the arena; the text must outlive it. */
struct policy *policy_read(struct arena *, struct str file, struct str text,
    const struct policy_host *, struct err *) MUST_CHECK;
/* The policy language; man/sbx-seccomp.5 has its grammar. */
struct policy *policy_parse(struct arena *, struct str file, struct str text,
    const struct policy_host *, struct err *) MUST_CHECK;
/* OCI linux.seccomp, with what docker's and podman's profiles add; v is that object. */
struct policy *policy_json(struct arena *, struct str file, const struct value *v,
    const struct policy_host *, struct err *) MUST_CHECK;
/* One of ours: "default", "deny-dangerous", "strict", "none"; NULL with a suggestion. */
struct policy *policy_builtin(struct arena *, struct str name, const struct policy_host *,
    struct err *) MUST_CHECK;
/* Name number i, or empty behind the last; and its text. */
struct str profile_name(size_t i);
struct str profile_text(size_t i);

/* An empty policy with the defaults above; NULL when the arena is exhausted. */
struct policy *policy_new(struct arena *) MUST_CHECK;
/* A rule at the end, everything empty, for all of the policy's architectures; NULL likewise. */
struct rule *policy_add(struct arena *, struct policy *) MUST_CHECK;
/* 0 or -1 (exhausted). */
int policy_note(struct arena *, struct policy *, enum severity, struct str id, struct pos,
    const char *text, const struct str *arg, size_t n) MUST_CHECK;

/* Is the argument compared at 32 bits? call may be -1: a number that is in no table. */
bool policy_narrow(const struct policy *, enum arch, int call, const struct test *);
/* Does the test hold, by the definition above? */
bool test_holds(const struct test *, bool narrow, uint64_t argument);
/* Does the rule name this number (of this architecture; call as call_of() has it)? */
bool rule_names(const struct rule *, enum arch, uint32_t nr, int call);
/* The plain evaluator: every other meaning is compared with this one. *why is the rule, or NULL for
 * fallback, newer or foreign. audit is any architecture number. */
uint32_t policy_decide(const struct policy *, uint32_t audit, uint32_t nr, const uint64_t arg[6],
    const struct rule **why);

/* In the policy language, and as OCI JSON (an error where that cannot say it, with the rule's
 * position). Both are read back as a policy with the same meaning. */
int policy_put(struct buf *, const struct policy *, struct err *) MUST_CHECK;
int policy_put_json(struct arena *, struct buf *, const struct policy *, struct err *) MUST_CHECK;
/* "errno EPERM", "kill-process", ... as in the language. */
void action_put(struct buf *, uint32_t action);
/* The same back; 0 or -1. */
int action_read(struct str word, struct str data, uint32_t *action) MUST_CHECK;

/* Several policies as one: for each call the action that the kernel would choose of stacked
 * filters. NULL on error. */
struct policy *policy_intersect(struct arena *, struct policy *const *, size_t n,
    struct err *) MUST_CHECK;

#endif
