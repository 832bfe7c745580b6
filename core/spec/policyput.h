/* What the files that write policies share. */
#ifndef SBX_POLICYPUT_H
#define SBX_POLICYPUT_H

#include "spec/policyread.h"

struct writer {
	struct buf *buf;
	size_t line;   /* where the line begins */
	size_t indent; /* how much of it is no word */
	bool glue;     /* no blank before the next word */
};

/* A word with a blank before it, in the next line if this one has no room. */
void put_word(struct writer *, struct str);
/* One test of the rule, as the language has it. */
void put_test(struct writer *, const struct rule *, const struct test *);

/* Has every action of the policy a name? 0 or -1. */
bool action_sayable(uint32_t action);
int sayable(const struct policy *, struct err *) MUST_CHECK;
/* Is it for no call? */
bool rule_empty(const struct policy *, const struct rule *);

#endif
