/* The symbolic engine behind filter.h. What a program or a policy answers on one architecture is a
 * list of spans of call numbers, each with a decision diagram over the bits of the arguments.
 * Diagrams are canonical: equal functions are the same node. */
#ifndef SBX_PROVE_H
#define SBX_PROVE_H

#include "plan/bpfcode.h"
#include "plan/filter.h"

/* ---- diagrams ---------------------------------------------------------------------------------
 *
 * Variables in their order: the arguments 0..5 and then the instruction pointer, of each the 64
 * bits, highest first. */
enum {
	NODE_NO,
	NODE_YES,
	VALUE_IP = CALL_ARGS,
	VARS = (CALL_ARGS + 1) * 64,
	VAR_LEAF,

	NODE_CHUNK = 2048, /* nodes that are allocated at once */
	NODES_MAX = 1 << 19,
};

/* The bit is 0: on to zero; 1: to one. Of a leaf `zero` is what the filter returns. */
struct node {
	uint32_t zero, one, next;
	uint16_t var;
};

struct choice {
	uint32_t if_, then, else_, result;
};

struct diagram {
	struct arena *arena;
	struct err *err;
	bool failed; /* err says why; nodes are worth nothing from now on */
	uint32_t n, nheads, nmemo, work;
	uint32_t *head;
	struct choice *memo;
	struct node *chunk[NODES_MAX / NODE_CHUNK];
};

/* NULL when the arena is exhausted. */
struct diagram *diagram_new(struct arena *, struct err *) MUST_CHECK;
/* Without the memory or beyond the bound: sets failed. All of them return a node. */
uint32_t diagram_leaf(struct diagram *, uint32_t action);
uint32_t diagram_node(struct diagram *, unsigned var, uint32_t zero, uint32_t one);
/* if_ has no leaves but NODE_YES and NODE_NO. */
uint32_t diagram_if(struct diagram *, uint32_t if_, uint32_t then, uint32_t else_);
/* For others that use its arena: err tells of the first fault. NULL: out of memory. */
void diagram_fail(struct diagram *, const char *limit);

static inline const struct node *
node_at(const struct diagram *d, uint32_t i)
{
	return &d->chunk[i / NODE_CHUNK][i % NODE_CHUNK];
}

static inline bool
node_is_leaf(const struct diagram *d, uint32_t i)
{
	return node_at(d, i)->var == VAR_LEAF;
}

/* The smallest arguments for which two nodes differ (or any, for a node and itself), and the leaves
 * that they lead to. value has VALUE_IP + 1 places. */
void diagram_differ(const struct diagram *, uint32_t *a, uint32_t *b, uint64_t *value);

/* Do some arguments lead to an action of that kind? */
bool diagram_has(struct diagram *, uint32_t node, bool (*is)(uint32_t action));
/* Lets it happen; a supervisor's or a tracer's word does not count. */
bool action_allows(uint32_t action);

/* ---- words under arithmetic ------------------------------------------------------------------ */

/* (((word >> shift) & mask) ^ flip) + add; a constant has no mask, and is add. */
struct expr {
	uint8_t word; /* index in struct seccomp_data */
	int8_t shift; /* negative: to the left */
	bool opaque;  /* nothing is known; at says which instruction made it */
	uint16_t at;
	uint32_t mask, flip, add;
};

static inline struct expr
expr_constant(uint32_t k)
{
	return (struct expr){ .add = k };
}

static inline bool
expr_is_constant(const struct expr *e)
{
	return e->mask == 0 && !e->opaque;
}

/* e op k, with op as in bpfcode.h; opaque where that has no such form. */
struct expr expr_compute(const struct expr *, uint16_t op, uint32_t k, size_t at);
/* Of a value of its word. */
uint32_t expr_value(const struct expr *, uint32_t word);

/* A jump's question: does the value lie in lo..hi or, with bits, has it one of these? */
struct ask {
	struct expr e;
	uint32_t bits, lo, hi;
};

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_OPEN };

/* The question of a jump: op is BPF_JEQ, ... */
struct ask ask_of(const struct expr *, uint16_t op, uint32_t k);
/* For a word within lo..hi. ANSWER_OPEN: *cut is where an upper part begins; they are asked again.
 */
enum answer ask_range(const struct ask *, uint32_t lo, uint32_t hi, uint32_t *cut);
/* The diagram that goes on to yes or no; of a question that is not always no. big: of the byte
 * order in which words are arguments. */
uint32_t ask_diagram(struct diagram *, const struct ask *, bool big, uint32_t yes, uint32_t no);

/* ---- classes of calls ------------------------------------------------------------------------ */

/* Calls that have the architecture in common: one that we know, or a range of others. */
struct callclass {
	int arch; /* or -1 */
	uint32_t lo, hi;
	bool big;
	bool narrow; /* registers of 32 bits: the kernel gives 0 as their high words */
	size_t n;    /* ranges of numbers */
	struct {
		uint32_t lo, hi;
	} nr[2];
};

/* From the known ones in their order to the gaps between; false behind the last. Before class_next
 * the range of a gap may be cut: hi made less. */
bool class_first(struct callclass *);
bool class_next(struct callclass *);

struct span {
	uint32_t lo, hi;
	uint32_t node;
	uint16_t longest;  /* path, in instructions */
	uint16_t emulated; /* instructions that the kernel's bitmap needs for each number */
};

/* Ascending; covers the ranges of a class. */
struct spans {
	struct span *at;
	size_t n, cap;
	bool high; /* high words were loaded where there are none */
};

/* Joins it to the one before it where they mean the same; or d->failed. */
void spans_add(struct diagram *, struct spans *, const struct span *);
const struct span *spans_find(const struct spans *, uint32_t nr);
/* The first number for which they differ. */
bool spans_differ(const struct spans *, const struct spans *, uint32_t *nr, uint32_t *na,
    uint32_t *nb);
/* Is that action what all of them get? */
bool spans_are(const struct diagram *, const struct spans *, uint32_t node);
/* Of two nodes that differ for a number of a class: 0. */
int witness_put(const struct diagram *, const struct callclass *, uint32_t nr, uint32_t a,
    uint32_t b, struct witness *);

/* ---- walks ----------------------------------------------------------------------------------- */

struct walk;

/* NULL on error. The program is checked. */
struct walk *walk_new(struct diagram *, const struct bpf *) MUST_CHECK;
/* Empties the spans first. May cut the class: what it covered is answered. 0 or -1. */
int walk_class(struct walk *, struct callclass *, struct spans *) MUST_CHECK;
/* What the first architecture that nobody knows gets for the last number; s is scratch. */
int walk_foreign(struct walk *, struct spans *s, uint32_t *node) MUST_CHECK;

/* What the tests of a rule come to, for the call for which it was asked last. */
struct condition {
	const struct rule *rule;
	uint64_t narrow; /* which tests were */
	uint32_t node;
	bool low; /* its registers had 32 bits */
};

/* NODE_YES where all of the rule's tests hold. kept is of this rule, may be NULL. */
uint32_t rule_diagram(struct diagram *, const struct policy *, const struct rule *, enum arch,
    int call, struct condition *kept);

struct meaning;

struct meaning *meaning_new(struct diagram *, const struct policy *, uint32_t archs) MUST_CHECK;
int meaning_class(struct meaning *, const struct callclass *, struct spans *) MUST_CHECK;

#endif
