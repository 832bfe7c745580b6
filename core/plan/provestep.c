/* What one instruction after the other does to words that are known as far as the call is. */
#include "plan/provewalk.h"

enum { WORK_MAX = 1 << 25 };

static enum stop
fail(struct walk *w, size_t at, struct str why)
{
	char digits[UINT_ROOM];

	if (!w->d->failed)
		err_config(w->d->err, POS_NONE, "instruction %: %", uint_text(digits, at), why);
	w->d->failed = true;
	return STOP_FAIL;
}

static bool
expr_same(const struct expr *a, const struct expr *b)
{
	return a->word == b->word && a->shift == b->shift && a->opaque == b->opaque &&
	       a->at == b->at && a->mask == b->mask && a->flip == b->flip && a->add == b->add;
}

/* Its index; with d->failed any. */
static uint16_t
expr_index(struct walk *w, const struct expr *e)
{
	for (size_t i = w->nexpr; i > 0; i--)
		if (expr_same(&w->expr[i - 1], e))
			return (uint16_t)(i - 1);
	w->work += (uint32_t)w->nexpr / 8;
	if (w->nexpr == w->capexpr) {
		diagram_fail(w->d, "too many values to tell apart");
		return EXPR_ZERO;
	}
	w->expr[w->nexpr] = *e;
	return (uint16_t)w->nexpr++;
}

/* A word of the call that there is only one of is a constant where more than a jump needs it. */
static struct expr
settled(const struct walk *w, uint16_t index)
{
	struct expr e = w->expr[index];

	if (!e.opaque && e.mask != 0 && e.word < 2 && w->lo[e.word] == w->hi[e.word])
		return expr_constant(expr_value(&e, w->lo[e.word]));
	return e;
}

static uint16_t
constant(struct walk *w, uint32_t k)
{
	struct expr e = expr_constant(k);

	return expr_index(w, &e);
}

static uint16_t
loaded(struct walk *w, const struct cursor *c, const struct bpf_insn *i)
{
	switch (i->code & BPF_MODE) {
	case BPF_LD_ABS:
		/* those with registers of 32 bits are all little-endian */
		if (w->narrow && i->k >= DATA_ARGS && i->k / 4 % 2 != 0)
			return w->high = true, EXPR_ZERO;
		return (uint16_t)(i->k / 4);
	case BPF_MEM:
		return c->s.reg[REG_CELL + i->k];
	case BPF_LEN:
		return constant(w, DATA_SIZE);
	default:
		return constant(w, i->k);
	}
}

/* A op operand. Two words of a call together are nothing that we can follow. */
static uint16_t
calculated(struct walk *w, const struct cursor *c, const struct bpf_insn *i)
{
	struct computed *known = &w->known[c->pc];
	struct expr x = expr_constant(i->k), a, e;
	bool fixed = (i->code & BPF_X) == 0;

	if (fixed && known->from == c->s.reg[REG_A])
		return known->to;
	a = w->expr[c->s.reg[REG_A]];
	if (!fixed)
		x = settled(w, c->s.reg[REG_X]);
	if (!expr_is_constant(&x)) {
		a = settled(w, c->s.reg[REG_A]);
		e = x;
		x = a;
		a = e;
		/* the other way round, where that is the same */
		if (!expr_is_constant(&x) || (i->code & BPF_OP) == BPF_SUB ||
		    (i->code & BPF_OP) == BPF_LSH || (i->code & BPF_OP) == BPF_RSH)
			a = (struct expr){ .opaque = true, .at = (uint16_t)c->pc };
	}
	e = expr_compute(&a, i->code & BPF_OP, x.add, c->pc);
	if (e.opaque && !a.opaque) {
		a = settled(w, c->s.reg[REG_A]);
		e = expr_compute(&a, i->code & BPF_OP, x.add, c->pc);
		fixed = false;
	}
	if (!fixed)
		return expr_index(w, &e);
	known->from = c->s.reg[REG_A];
	known->to = expr_index(w, &e);
	return known->to;
}

static void
emulate(struct cursor *c, const struct bpf_insn *i)
{
	bool same = i->code == BPF_LD_ABS ? i->k <= DATA_ARCH
					  : (i->code & BPF_CLASS) == BPF_JMP && !(i->code & BPF_X);

	c->emulated++;
	c->beyond = !same && i->code != BPF_AND_K;
}

/* All but jumps and returns. */
static void
compute(struct walk *w, struct cursor *c, const struct bpf_insn *i)
{
	uint16_t *reg = c->s.reg;

	switch (i->code & BPF_CLASS) {
	case BPF_LD:
		reg[REG_A] = loaded(w, c, i);
		break;
	case BPF_LDX:
		reg[REG_X] = loaded(w, c, i);
		break;
	case BPF_ST:
		reg[REG_CELL + i->k] = reg[REG_A];
		break;
	case BPF_STX:
		reg[REG_CELL + i->k] = reg[REG_X];
		break;
	case BPF_ALU:
		reg[REG_A] = calculated(w, c, i);
		break;
	default:
		if (i->code == BPF_TAX)
			reg[REG_X] = reg[REG_A];
		else
			reg[REG_A] = reg[REG_X];
		break;
	}
}

void
walk_jump(const struct walk *w, struct cursor *c, bool yes)
{
	const struct bpf_insn *i = &w->b->insn[c->pc];

	c->pc += 1u + (yes ? i->jt : i->jf);
}

/* The same for what nearly all jumps are that are not on arguments: a word as it is, and a
 * constant. */
static enum answer
plain(struct walk *w, uint16_t word, uint16_t code, uint32_t k)
{
	uint32_t lo = w->lo[word], hi = w->hi[word];

	if (code == BPF_JEQ) {
		if (k < lo || k > hi)
			return ANSWER_NO;
		w->value = k > lo ? k : k + 1;
		return lo == hi ? ANSWER_YES : ANSWER_OPEN;
	}
	if (code == BPF_JGT && k == UINT32_MAX)
		return ANSWER_NO;
	w->value = k + (code == BPF_JGT);
	if (lo >= w->value)
		return ANSWER_YES;
	return hi < w->value ? ANSWER_NO : ANSWER_OPEN;
}

/* STOP_LEAF here: decided, and the cursor is on its way. */
static enum stop
jump(struct walk *w, struct cursor *c, const struct bpf_insn *i)
{
	uint16_t op = i->code & (uint16_t)~BPF_X;
	uint16_t reg = c->s.reg[REG_A];
	struct expr a, k = expr_constant(i->k), swap;
	enum answer answer;

	if (reg < 2 && (i->code == BPF_JEQ || i->code == BPF_JGT || i->code == BPF_JGE)) {
		answer = plain(w, reg, i->code, i->k);
		if (answer == ANSWER_OPEN)
			return reg == 1 ? STOP_ARCH : STOP_NUMBER;
		walk_jump(w, c, answer == ANSWER_YES);
		return STOP_LEAF;
	}
	a = settled(w, reg);

	if (i->code & BPF_X) {
		k = settled(w, c->s.reg[REG_X]);
		if (!expr_is_constant(&k) && (op == BPF_JEQ || op == BPF_JSET)) {
			swap = k;
			k = a;
			a = swap;
		}
		if (!expr_is_constant(&k))
			return fail(w, c->pc, S("compares two words of a call"));
	}
	if (a.opaque || (op == BPF_JSET && a.mask != 0 && a.add != 0))
		return fail(w, a.opaque ? a.at : c->pc,
		    S("arithmetic on a word of a call that cannot be followed"));
	w->ask = ask_of(&a, op, k.add);
	if (a.mask != 0 && a.word > 1) {
		w->value = 0;
		answer = w->ask.bits == 0 && w->ask.lo > w->ask.hi ? ANSWER_NO : ANSWER_OPEN;
	} else {
		answer = ask_range(&w->ask, w->lo[a.word], w->hi[a.word], &w->value);
	}
	if (answer == ANSWER_OPEN)
		return a.word > 1 ? STOP_ASK : a.word == 1 ? STOP_ARCH : STOP_NUMBER;
	walk_jump(w, c, answer == ANSWER_YES);
	return STOP_LEAF;
}

static enum stop
give(struct walk *w, struct cursor *c, const struct bpf_insn *i)
{
	struct expr a = settled(w, c->s.reg[REG_A]);

	if (i->code == BPF_RET_K)
		a = expr_constant(i->k);
	if (!expr_is_constant(&a))
		return fail(w, c->pc, S("returns a value that is computed from a word of a call"));
	w->value = a.add;
	return STOP_LEAF;
}

enum stop
walk_on(struct walk *w, struct cursor *c)
{
	for (;;) {
		const struct bpf_insn *i = &w->b->insn[c->pc];
		enum stop stop;

		if (++w->work > WORK_MAX)
			diagram_fail(w->d, "too many paths");
		if (w->d->failed)
			return STOP_FAIL;
		c->steps++;
		if (!c->beyond)
			emulate(c, i);
		if ((i->code & BPF_CLASS) == BPF_RET)
			return give(w, c, i);
		if (i->code == (BPF_ALU | BPF_DIV | BPF_X)) {
			struct expr x = settled(w, c->s.reg[REG_X]);

			if (!expr_is_constant(&x))
				return fail(w, c->pc, S("divides by a word of a call"));
			w->value = 0;
			if (x.add == 0)
				return STOP_LEAF;
		}
		if (bpf_branches(i)) {
			stop = jump(w, c, i);
			if (stop != STOP_LEAF)
				return stop;
		} else if (i->code == BPF_JA) {
			c->pc += 1 + i->k;
		} else {
			compute(w, c, i);
			c->pc++;
		}
	}
}
