/* Numbers of one architecture on their way: compilecells.c says which rules name them, and
 * compilenumbers.c what that comes to. */
#ifndef SBX_COMPILENUMBERS_H
#define SBX_COMPILENUMBERS_H

#include "plan/compile.h"

/* Numbers from lo to where the next cell begins, which the rules do not tell apart. */
struct cell {
	uint32_t lo;
	uint16_t call; /* 1 +, or 0: in no table */
	uint16_t chain;
	bool closed; /* the last rule of the chain has no tests */
};

/* A list of rules, the last first, that cells share; 0 is the empty one. */
struct chain {
	const struct rule *rule, *next_rule;
	uint16_t before, next; /* what next_rule made of it */
	uint16_t length;
	uint16_t node; /* for calls whose narrow arguments are these */
	uint8_t narrow;
};

struct numbers {
	struct compile *c;
	enum arch arch;
	struct cell *cell;
	uint32_t cells;
	struct chain *chain;
	uint32_t chains, chains_cap;
	struct callset open; /* calls that are here and whose cells are not closed */
	uint16_t cell_of[CALL_COUNT_MAX];
	int64_t largest; /* number that a rule names */
	uint32_t action; /* of unnamed numbers, the last time */
	uint16_t node;   /* and its return */
	uint16_t x32;    /* for numbers with its bit; 0: there are none */
};

static inline bool
of_arch(const struct numbers *n, const struct rule *r)
{
	return (r->archs >> n->arch & 1) != 0;
}

/* Sets of them cells, and chains; or failed. */
void cells_make(struct numbers *);

#endif
