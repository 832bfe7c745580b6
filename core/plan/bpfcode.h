/* The parts of an instruction's code, linux/bpf_common.h, and what seccomp(2) takes of them. */
#ifndef SBX_BPFCODE_H
#define SBX_BPFCODE_H

#include "plan/bpf.h"

enum {
	BPF_CLASS = 0x07,
	BPF_LD = 0x00,
	BPF_LDX = 0x01,
	BPF_ST = 0x02,
	BPF_STX = 0x03,
	BPF_ALU = 0x04,
	BPF_JMP = 0x05,
	BPF_RET = 0x06,
	BPF_MISC = 0x07,

	BPF_MODE = 0xe0,
	BPF_IMM = 0x00,
	BPF_MEM = 0x60,
	BPF_LEN = 0x80,

	BPF_OP = 0xf0,
	BPF_ADD = 0x00,
	BPF_SUB = 0x10,
	BPF_MUL = 0x20,
	BPF_DIV = 0x30,
	BPF_OR = 0x40,
	BPF_AND = 0x50,
	BPF_LSH = 0x60,
	BPF_RSH = 0x70,
	BPF_NEG = 0x80,
	BPF_XOR = 0xa0,

	BPF_X = 0x08, /* the operand is X, not k */
	BPF_TAX = 0x07,
	BPF_TXA = 0x87,

	BPF_CELLS = 16, /* BPF_MEMWORDS */
};

/* Does it have two ways on? */
static inline bool
bpf_branches(const struct bpf_insn *i)
{
	return (i->code & BPF_CLASS) == BPF_JMP && i->code != BPF_JA;
}

/* M[k] is read; M[k] is written. */
static inline bool
bpf_loads_cell(const struct bpf_insn *i)
{
	return i->code == (BPF_LD | BPF_MEM) || i->code == (BPF_LDX | BPF_MEM);
}

static inline bool
bpf_stores_cell(const struct bpf_insn *i)
{
	return i->code == BPF_ST || i->code == BPF_STX;
}

#endif
