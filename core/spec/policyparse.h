/* The state of reading a policy in its own language, shared by the files of the reader. */
#ifndef SBX_POLICYPARSE_H
#define SBX_POLICYPARSE_H

#include "spec/policylex.h"
#include "spec/policyread.h"

struct parser {
	struct lexer lex;
	struct arena *arena;
	struct err *err;
	struct policy *policy;
	const struct policy_host *host;
	struct decided *seen;
	uint32_t archs; /* of the block that this is in, or the policy's */
	bool block;
	bool differs;       /* a constant of the statement is not the same everywhere */
	unsigned said, had; /* statements there were in the text, and in profiles that it uses */
	unsigned depth;     /* of profiles that use profiles */
	struct pos used;    /* where the text uses this profile */
};

/* expected WHAT, found ...; -1 */
int parser_expected(struct parser *, struct str what);
/* The policy's lines do not end while the list is open. -1 unless the mark is next. */
int parser_mark(struct parser *, const char *mark) MUST_CHECK;
struct pos parser_pos(const struct parser *, struct pos);

/* What stands behind an action: calls, and tests. */
int parser_rule(struct parser *, uint32_t action, struct token first) MUST_CHECK;

struct calls {
	struct callset set;
	struct callset named; /* those of them that have their own name there */
	struct ranges nr;
	struct pos pos;
};

/* Calls and numbers, one at least. */
int parser_calls(struct parser *, struct calls *) MUST_CHECK;

/* The tests of one statement as one architecture has them; test[i].arg is of use where name[i] is
 * empty. */
struct tests {
	struct test test[TESTS_MAX];
	struct str name[TESTS_MAX];
	size_t n;
};

/* Does the word that is next begin a test? */
bool parser_at_test(const struct parser *);
int parser_tests(struct parser *, enum arch, struct tests *) MUST_CHECK;

#endif
