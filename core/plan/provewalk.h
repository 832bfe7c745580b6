/* A program on its way: provestep.c goes on to where arguments decide, provebranch.c beyond. */
#ifndef SBX_PROVEWALK_H
#define SBX_PROVEWALK_H

#include "plan/prove.h"

/* Registers and cells as indices of walk.expr. */
enum {
	REG_A,
	REG_X,
	REG_CELL,
	REGS = REG_CELL + BPF_CELLS,
	EXPR_ZERO = DATA_SIZE / 4,
	EXPR_NONE = 0xffff
};

struct state {
	uint16_t reg[REGS];
};

struct cursor {
	struct state s;
	uint32_t pc;
	uint16_t steps, emulated;
	bool beyond; /* of what the kernel's bitmap emulates */
};

enum stop {
	STOP_LEAF,   /* returns walk.value */
	STOP_ASK,    /* walk.ask, at pc, is open */
	STOP_NUMBER, /* the range of numbers has to be cut at walk.value */
	STOP_ARCH,   /* that of architectures */
	STOP_FAIL,   /* diagram.err */
};

/* A jump on arguments, in a state: known for the call at hand or, when portable, for every one. */
struct entry {
	struct entry *next; /* of those at this pc */
	struct entry *made; /* of those of this branch */
	struct state s;
	uint32_t pc;
	bool open, portable;
	bool narrow; /* true only where high words are 0 */
	struct ask ask;
	struct {
		struct entry *entry; /* or NULL: node */
		uint32_t node;
		uint16_t steps;
	} side[2]; /* no, yes */
	uint32_t node;
	uint16_t longest;
};

struct computed {
	uint16_t from, to;
};

struct walk {
	struct diagram *d;
	const struct bpf *b;
	uint32_t *live;         /* registers that are read from here on */
	uint16_t *words;        /* words that are loaded from here on */
	struct computed *known; /* what the instruction made of A last */
	struct expr *expr;
	size_t nexpr, capexpr, nframes;
	struct entry **at; /* by pc */
	struct entry *made, *spare;
	struct frame *frame;
	uint32_t work, paths, cuts;
	/* the call */
	uint32_t lo[2], hi[2]; /* number, architecture: as their words */
	bool big, narrow, high;
	/* where a cursor stopped */
	uint32_t value;
	struct ask ask;
};

/* From its pc to the next stop. */
enum stop walk_on(struct walk *, struct cursor *);
/* Which of both ways a jump at pc goes: the cursor is put there. */
void walk_jump(const struct walk *, struct cursor *, bool yes);
/* What the program answers from a STOP_ASK on; span gets node and longest. */
enum stop walk_branch(struct walk *, const struct cursor *, struct span *);
/* Forgets what was known of other byte orders. */
void walk_forget(struct walk *);

#endif
