/* Inside the compiler. A filter is a graph of instructions without duplicates: what one does
 * depends only on its constant, its successors and the accumulator, so that whatever is equal may
 * be shared, by rules, by calls and by architectures alike. What the accumulator holds where an
 * instruction is entered is known from what leads to it, and never guessed: see node_enter(). */
#ifndef SBX_COMPILE_H
#define SBX_COMPILE_H

#include "plan/filter.h"

enum {
	NODES_MAX = 65535,   /* an index has 16 bits, and 0 is none */
	WORK_MAX = 16 << 20, /* steps that hostile rules may cost */
};

/* Loads and ANDs have t only, returns none. A node comes after those that it leads to. */
struct node {
	uint32_t k;
	uint32_t why; /* as in struct bpf */
	uint16_t code, t, f;
	uint16_t size; /* of all behind it and itself, shared ones each time; for the layout */
};

struct compile {
	struct arena keep, temp; /* temp is given back by those who take from it */
	struct err *err;
	const struct policy *policy;
	const struct filter_options *options;
	struct node *node;
	uint32_t n, cap;
	uint16_t *slot; /* hash of the nodes, open addresses */
	uint32_t slots;
	uint32_t work;
	bool failed; /* err has it; what is made from then on is never used */
};

/* Memory of the caller's two kinds; NULL, with failed, when it is exhausted. Raw is not zeroed. */
void *compile_get(struct compile *, struct arena *, size_t count, size_t size);
void *compile_raw(struct compile *, struct arena *, size_t n);
/* Doubles an array that is full; the old one is left. Of what is new only the first is zeroed. */
void *compile_grown(struct compile *, const void *old, uint32_t n, uint32_t *cap, size_t size);
/* Counts steps; false, with failed, when there were too many. */
bool compile_work(struct compile *, size_t steps);

/* The node with these parts. A jump to the same place either way is that place. */
uint16_t node_make(struct compile *, uint16_t code, uint32_t k, uint16_t t, uint16_t f,
    uint32_t why);
uint16_t node_ret(struct compile *, uint32_t action, uint32_t why);
/* Loads a word of struct seccomp_data, masks it unless the mask is ~0, goes on with `then`. */
uint16_t node_load(struct compile *, uint32_t offset, uint32_t mask, uint16_t then, uint32_t why);
/* Where to enter a node when the accumulator is (word at offset) & mask: behind its load, where
 * that is what it would load. */
uint16_t node_enter(const struct compile *, uint16_t node, uint32_t offset, uint32_t mask);

/* Numbers of 32 bits: sorted, disjoint, not adjacent. */
struct span {
	uint32_t lo, hi;
};

struct set {
	struct span *span;
	size_t n;
};

bool set_full(struct set);
/* In the compiler's temp; empty when that is exhausted. */
struct set set_both(struct compile *, struct set, struct set);
/* The last value behind v before the next one that the mask lets through. */
uint32_t mask_end(uint32_t mask, uint32_t v);

/* A test on half-words: it holds when one of its parts does. The parts' sets of high words are
 * disjoint. */
struct part {
	struct set half[2]; /* high, low */
};

struct halves {
	uint32_t offset[2], mask[2];
	struct part *part;
	size_t n;
};

/* What one call on one architecture makes of a test. In temp. */
struct halves halves_of(struct compile *, enum arch, bool narrow, const struct test *);

/* From lo, a value that the mask lets through, to where the next one begins. */
struct seg {
	uint32_t lo, weight, why;
	uint16_t node;
	bool point; /* it has one value; tree_make() sees to it */
};

/* Segments of all values of (a word & mask), the first from 0; neighbours differ. */
struct tree {
	struct compile *c;
	struct seg *seg;
	size_t n;
	uint32_t mask;
	uint32_t price; /* of an instruction more, in weights on a path */
	uint32_t why;
};

/* Where nothing is known of values, each segment weighs 1. */
enum { WORD_PRICE = 4 };

/* Joins equal neighbours in place; how many are left. */
size_t tree_join(struct seg *, size_t n);
/* Finds the segment of what the accumulator holds. */
uint16_t tree_make(const struct tree *);
/* Finds it from anywhere: loads the word; nodes of segments are to be entered from anywhere. The
 * segments need not be joined. depth: how many times it called itself. */
uint16_t tree_word(struct tree *, struct seg *, uint32_t offset, unsigned depth);
/* The best tree, -O2; 0 when there are too many segments. */
uint16_t tree_best(const struct tree *, size_t i, size_t j);
/* Segments i to j - 1 as a list of comparisons, the heaviest first: they have to be points (one
 * value each) of which there are TREE_LIST at most, and else one same node. How many comparisons,
 * or SIZE_MAX; *path (may be NULL) is what their weights add up to. */
enum { TREE_LIST = 4 };
size_t tree_points(const struct tree *, size_t i, size_t j, uint32_t *path);
uint16_t tree_list(const struct tree *, size_t i, size_t j);

/* What the rules, in order, make of a call; `rest` where none holds. */
struct subject {
	enum arch arch;
	int call;
};
uint16_t rules_make(struct compile *, struct subject, const struct rule *const *, size_t n,
    uint16_t rest);
/* Several rules at once, each word looked at once: false when that would be larger than one rule
 * after the other. */
bool rules_joined(struct compile *, struct subject, const struct rule *const *, size_t n,
    uint16_t rest, uint16_t *node);

/* The numbers of an architecture: a tree, the number in the accumulator. Numbers with X32_BIT get
 * the node x32, unless that is 0: then they are the tree's own or never come to it. */
uint16_t numbers_make(struct compile *, enum arch, uint16_t x32);

/* Lays the graph out from its end. 0 or -1. */
int emit_program(struct compile *, struct arena *, uint16_t root, struct bpf *);

#endif
