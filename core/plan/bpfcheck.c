/* As bpf_check_classic() and check_load_and_stores() of net/core/filter.c and
 * seccomp_check_filter() of kernel/seccomp.c do together. */
#include "plan/bpfcode.h"

#include <string.h>

/* Every code that passes both; all others are refused, whatever else is in them. */
static const uint8_t known[] = {
	BPF_LD | BPF_IMM,
	BPF_LD_ABS,
	BPF_LD | BPF_MEM,
	BPF_LD | BPF_LEN,
	BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM,
	BPF_LDX | BPF_LEN,
	BPF_ST,
	BPF_STX,
	BPF_ALU | BPF_ADD,
	BPF_ALU | BPF_ADD | BPF_X,
	BPF_ALU | BPF_SUB,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL,
	BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_OR,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_AND_K,
	BPF_AND_K | BPF_X,
	BPF_ALU | BPF_LSH,
	BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH,
	BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_NEG,
	BPF_ALU | BPF_XOR,
	BPF_ALU | BPF_XOR | BPF_X,
	BPF_JA,
	BPF_JEQ,
	BPF_JEQ | BPF_X,
	BPF_JGT,
	BPF_JGT | BPF_X,
	BPF_JGE,
	BPF_JGE | BPF_X,
	BPF_JSET,
	BPF_JSET | BPF_X,
	BPF_RET_K,
	BPF_RET_A,
	BPF_TAX,
	BPF_TXA,
};

static int
refuse(struct err *e, size_t at, struct str why)
{
	char digits[UINT_ROOM];

	return err_config(e, POS_NONE, "instruction %: %", uint_text(digits, at), why);
}

/* What is wrong with it by itself, or nothing; left is how many instructions follow. */
static struct str
fault_of(const struct bpf_insn *i, size_t left)
{
	if (i->code > UINT8_MAX || memchr(known, (int)i->code, sizeof(known)) == NULL)
		return S("no such operation in seccomp");
	if (i->code == BPF_LD_ABS && (i->k >= DATA_SIZE || i->k % 4 != 0))
		return S("loads from an offset that is not 0, 4, ... 60");
	if (i->code == (BPF_ALU | BPF_DIV) && i->k == 0)
		return S("divides by zero");
	if ((i->code == (BPF_ALU | BPF_LSH) || i->code == (BPF_ALU | BPF_RSH)) && i->k >= 32)
		return S("shifts by more than 31");
	if ((bpf_loads_cell(i) || bpf_stores_cell(i)) && i->k >= BPF_CELLS)
		return S("there are 16 memory cells");
	if (i->code == BPF_JA ? i->k >= left : bpf_branches(i) && (i->jt >= left || i->jf >= left))
		return S("jumps beyond the end");
	return S("");
}

/* Which instructions may be reached while the cell is not written. Kept for one cell at a time, as
 * the kernel's array for all of them would be too large for a stack. */
struct unwritten {
	uint8_t bit[BPF_INSNS_MAX / 8];
};

static void
mark(struct unwritten *u, size_t at)
{
	u->bit[at / 8] |= (uint8_t)(1 << at % 8);
}

/* The first instruction that reads the cell though nobody wrote it, or the program's length. Like
 * the kernel, takes what follows a return as reached with what was written before it. */
static size_t
early_read(const struct bpf *b, uint32_t cell)
{
	struct unwritten u;
	bool written = false;

	/* an initialiser would be a copy of as many zeros, kept in the program */
	memset(&u, 0, sizeof(u));
	for (size_t at = 0; at < b->n; at++) {
		const struct bpf_insn *i = &b->insn[at];

		if (u.bit[at / 8] >> at % 8 & 1)
			written = false;
		if (bpf_stores_cell(i) && i->k == cell)
			written = true;
		if (bpf_loads_cell(i) && i->k == cell && !written)
			return at;
		if ((i->code & BPF_CLASS) != BPF_JMP)
			continue;
		if (!written && i->code == BPF_JA) {
			mark(&u, at + 1 + i->k);
		} else if (!written) {
			mark(&u, at + 1 + i->jt);
			mark(&u, at + 1 + i->jf);
		}
		written = true;
	}
	return b->n;
}

int
bpf_check(const struct bpf *b, struct err *e)
{
	uint32_t cells = 0;

	if (b->n == 0)
		return err_config(e, POS_NONE, "the program is empty");
	if (b->n > BPF_INSNS_MAX)
		return err_limit(e, POS_NONE, "more than 4096 instructions");
	for (size_t at = 0; at < b->n; at++) {
		struct str why = fault_of(&b->insn[at], b->n - at - 1);

		if (why.n > 0)
			return refuse(e, at, why);
		if (bpf_loads_cell(&b->insn[at]))
			cells |= UINT32_C(1) << b->insn[at].k;
	}
	if ((b->insn[b->n - 1].code & BPF_CLASS) != BPF_RET)
		return refuse(e, b->n - 1, S("the last one does not return"));
	for (uint32_t cell = 0; cell < BPF_CELLS; cell++) {
		size_t at = cells >> cell & 1 ? early_read(b, cell) : b->n;

		if (at < b->n)
			return refuse(e, at, S("reads a memory cell before it is written"));
	}
	return 0;
}
