/* What the readers and writers of policies share. */
#ifndef SBX_POLICYREAD_H
#define SBX_POLICYREAD_H

#include "spec/policy.h"

enum {
	ERRNO_MAX = 4095,  /* MAX_ERRNO, linux/err.h */
	RULES_MAX = 4096,  /* of one policy: more than a filter has instructions */
	TESTS_MAX = 16,    /* of one rule */
	RANGES_MAX = 1024, /* of one test */
};

/* Of words with a | between them, as word_at() has them: the number of this one, or -1. */
int word_find(const char *words, struct str word);
/* The nearest, or empty. */
struct str word_suggest(const char *words, struct str wrong);
/* unknown WHAT "WRONG", with what may be meant, unless that is empty; -1. */
int unknown(struct err *, struct pos, struct str what, struct str wrong, struct str near);

/* Do engines answer calls above the largest of a profile with ENOSYS, given what it says by
 * default? runc: unless it lets all others pass (a tracer is trusted to know),
 * libcontainer/seccomp/patchbpf/enosys_linux.go. */
bool engines_add_enosys(uint32_t fallback);

/* Adds the call that has this name, or an older one for the same number as well. */
void calls_add(struct callset *, unsigned call, struct str name);

/* Decimal, 0x or, with a 0 before it, octal: 0 or -1. */
int number_read(struct str, uint64_t *) MUST_CHECK;

/* What follows an action's word. */
enum action_data { DATA_NONE, DATA_ERRNO, DATA_NUMBER, DATA_UNKNOWN };

/* The action without data, and which data it takes; DATA_UNKNOWN: no such word. */
enum action_data action_word(struct str word, uint32_t *action);
/* Adds the data: 0 or -1. */
int action_data(enum action_data, struct str text, uint32_t *action) MUST_CHECK;
/* Its number, or -1. */
int errno_find(struct str name);

/* Ranges in the making. */
struct ranges {
	struct range *r;
	size_t n, cap;
};

/* Joins lo..hi to them: sorted, disjoint, not adjacent. -1: exhausted, or more than RANGES_MAX. */
int ranges_add(struct arena *, struct ranges *, uint64_t lo, uint64_t hi) MUST_CHECK;

enum compare { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

/* Makes the test one of (argument & mask) OP value: as unsigned numbers of 64 or 32 bits, or as
 * signed ones. -1: exhausted. */
int test_compare(struct arena *, struct test *, enum compare, bool sign, uint64_t value) MUST_CHECK;
/* Can the tests of one rule hold at once? narrow: bit set of those at 32 bits. A yes may be
 * wrong where there are masks. */
bool tests_possible(const struct test *, size_t n, uint32_t narrow);

/* Index of the call's argument of that name, where the architecture has the call (or, where none of
 * them has, on any other); -1. */
int arg_index(unsigned call, enum arch, struct str name);
/* The architecture itself where it has the call, else one that has. */
enum arch arch_with(unsigned call, enum arch);

/* What was decided without tests already. */
struct decided {
	struct callset calls[ARCH_COUNT];
	uint32_t action[ARCH_COUNT][CALL_COUNT_MAX]; /* of those calls; else never written */
};

/* Nothing yet; NULL when exhausted. */
struct decided *decided_new(struct arena *) MUST_CHECK;

/* Remarks about a new rule: what can never match, what is listed twice, pointers, widths. severe is
 * what a rule in vain counts as; with SEVERITY_NOTE nothing is said. Of a call that is not among
 * the named ones, but came with a set, nothing is said where others go before: that is how a set
 * has an exception. 0 or -1 (exhausted). */
int policy_remark(struct arena *, struct policy *, const struct rule *, const struct callset *named,
    struct decided *, enum severity severe) MUST_CHECK;
/* The fault of a profile that is not ours; -1. */
int profile_unknown(struct err *, struct pos, struct str name);
/* About the policy as a whole, at its end. */
int policy_finish(struct arena *, struct policy *) MUST_CHECK;

#endif
