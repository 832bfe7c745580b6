/* The words and marks of the policy language. */
#ifndef SBX_POLICYLEX_H
#define SBX_POLICYLEX_H

#include "base/err.h"

enum token_kind {
	TOKEN_END,
	TOKEN_LINE,   /* a line's end, or a semicolon */
	TOKEN_WORD,   /* letters, digits, _ and - inside: also numbers, and versions with a dot */
	TOKEN_NUMBER, /* # and a number: of a call */
	TOKEN_MARK,   /* one of { } ( ) , : | & @ - < > and == != <= >= .. */
	TOKEN_BAD,    /* a byte that has no place in a policy */
};

struct token {
	enum token_kind kind;
	struct str text;
	struct pos pos;
};

struct lexer {
	struct str text;
	size_t at, start; /* the next byte; where its line begins */
	uint32_t line;
	bool inside; /* a list in braces: lines do not end */
	struct token now;
};

/* Moves to the next token. */
void lexer_next(struct lexer *);
bool lexer_is(const struct lexer *, const char *text);

#endif
