/* core/plan/bpfcheck.c, bpfread.c, bpfrun.c: what is a program, and what it returns. The kernel
 * itself judges the same in tests/seccomp. */
#include "check.h"
#include "plan/bpfcode.h"
#include "spec/policy.h"
#include "unit.h"

static struct bpf_insn program[BPF_INSNS_MAX + 1];

#define INSNS(...) ((const struct bpf_insn[]){ __VA_ARGS__ })
#define LOAD(k) \
	{ \
		BPF_LD_ABS, 0, 0, (k) \
	}
#define RET(k) \
	{ \
		BPF_RET_K, 0, 0, (k) \
	}

static void
single_instructions(void)
{
	static const struct {
		struct bpf_insn insn;
		const char *fault; /* NULL: accepted, before a return */
	} t[] = {
		{ { BPF_LD | BPF_IMM, 0, 0, UINT32_MAX }, NULL },
		{ { BPF_LD | BPF_LEN, 0, 0, 7 }, NULL },
		{ { BPF_LDX | BPF_LEN, 0, 0, 7 }, NULL },
		{ { BPF_LDX | BPF_IMM, 9, 9, 0 }, NULL },
		{ LOAD(0), NULL },
		{ LOAD(60), NULL },
		{ LOAD(64), "loads from an offset that is not 0, 4, ... 60" },
		{ LOAD(2), "loads from an offset that is not 0, 4, ... 60" },
		{ LOAD(UINT32_MAX - 3), "loads from an offset that is not 0, 4, ... 60" },
		{ { BPF_LDX | BPF_LD_ABS, 0, 0, 0 }, "no such operation in seccomp" },
		{ { 0x28, 0, 0, 0 }, "no such operation in seccomp" },  /* a half word */
		{ { 0x30, 0, 0, 0 }, "no such operation in seccomp" },  /* a byte */
		{ { 0x40, 0, 0, 0 }, "no such operation in seccomp" },  /* at an offset in X */
		{ { 0xb1, 0, 0, 0 }, "no such operation in seccomp" },  /* an IP header's length */
		{ { 0x94, 0, 0, 3 }, "no such operation in seccomp" },  /* mod */
		{ { 0x8c, 0, 0, 0 }, "no such operation in seccomp" },  /* neg x */
		{ { 0x0e, 0, 0, 0 }, "no such operation in seccomp" },  /* ret x */
		{ { 0x120, 0, 0, 0 }, "no such operation in seccomp" }, /* above 8 bits */
		{ { BPF_ALU | BPF_DIV, 0, 0, 1 }, NULL },
		{ { BPF_ALU | BPF_DIV, 0, 0, 0 }, "divides by zero" },
		{ { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0 }, NULL },
		{ { BPF_ALU | BPF_LSH, 0, 0, 31 }, NULL },
		{ { BPF_ALU | BPF_LSH, 0, 0, 32 }, "shifts by more than 31" },
		{ { BPF_ALU | BPF_RSH, 0, 0, UINT32_MAX }, "shifts by more than 31" },
		{ { BPF_ALU | BPF_RSH | BPF_X, 0, 0, 99 }, NULL },
		{ { BPF_ALU | BPF_NEG, 0, 0, 99 }, NULL },
		{ { BPF_ALU | BPF_XOR | BPF_X, 0, 0, 99 }, NULL },
		{ { BPF_ST, 0, 0, 15 }, NULL },
		{ { BPF_ST, 0, 0, 16 }, "there are 16 memory cells" },
		{ { BPF_STX, 0, 0, UINT32_MAX }, "there are 16 memory cells" },
		{ { BPF_LD | BPF_MEM, 0, 0, 16 }, "there are 16 memory cells" },
		{ { BPF_LD | BPF_MEM, 0, 0, 15 }, "reads a memory cell before it is written" },
		{ { BPF_LDX | BPF_MEM, 0, 0, 0 }, "reads a memory cell before it is written" },
		{ { BPF_TAX, 0, 0, 0 }, NULL },
		{ { BPF_TXA, 0, 0, 0 }, NULL },
		{ { BPF_JA, 0, 0, 0 }, NULL },
		{ { BPF_JA, 9, 9, 0 }, NULL },
		{ { BPF_JA, 0, 0, 1 }, "jumps beyond the end" },
		{ { BPF_JA, 0, 0, UINT32_MAX }, "jumps beyond the end" },
		{ { BPF_JEQ, 0, 0, UINT32_MAX }, NULL },
		{ { BPF_JGT | BPF_X, 1, 0, 0 }, "jumps beyond the end" },
		{ { BPF_JSET, 0, 1, 0 }, "jumps beyond the end" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct bpf_insn two[] = { t[i].insn, RET(RET_ALLOW) };
		struct err e = { 0 };
		int got = bpf_check(&(struct bpf){ .insn = two, .n = 2 }, &e);

		CHECK_NUM(i, (unsigned)got, t[i].fault == NULL ? 0 : (unsigned)-1);
		if (t[i].fault == NULL)
			continue;
		CHECK_NUM(i, e.fault, FAULT_CONFIG);
		CHECK_TEXT(i, str_slice((struct str){ e.msg, e.nmsg }, 0, 15), "instruction 0: ");
		CHECK_STR(i, str_slice((struct str){ e.msg, e.nmsg }, 15, e.nmsg),
		    str_of(t[i].fault));
	}
}

static void
check_whole(size_t row, const struct bpf_insn *insn, size_t n, const char *fault)
{
	struct err e = { 0 };
	int got = bpf_check(&(struct bpf){ .insn = insn, .n = n }, &e);

	CHECK_NUM(row, (unsigned)got, fault == NULL ? 0 : (unsigned)-1);
	CHECK_STR(row, ((struct str){ e.msg, e.nmsg }), str_of(fault));
}

static void
lengths(void)
{
	for (size_t i = 0; i < COUNT(program); i++)
		program[i] = (struct bpf_insn)RET(0);
	check_whole(0, program, 0, "the program is empty");
	check_whole(1, program, 1, NULL);
	check_whole(2, program, BPF_INSNS_MAX, NULL);
	check_whole(3, program, BPF_INSNS_MAX + 1, "more than 4096 instructions");
	program[BPF_INSNS_MAX - 1] = (struct bpf_insn)LOAD(0);
	check_whole(4, program, BPF_INSNS_MAX, "instruction 4095: the last one does not return");
}

/* Cells count as written where every way to them writes. */
static void
cells_are_written_on_every_way(void)
{
	struct bpf_insn forked[] = {
		{ BPF_JEQ, 1, 0, 3 },
		{ BPF_ST, 0, 0, 2 },
		{ BPF_LD | BPF_MEM, 0, 0, 2 },
		RET(0),
	};
	struct bpf_insn over[] = {
		{ BPF_ST, 0, 0, 2 },
		{ BPF_JA, 0, 0, 1 },
		{ BPF_LDX | BPF_MEM, 0, 0, 5 }, /* not reached, and so taken */
		{ BPF_LD | BPF_MEM, 0, 0, 2 },
		RET(0),
	};
	/* The kernel takes a return for an instruction like any other. */
	struct bpf_insn behind[] = {
		RET(0),
		{ BPF_LD | BPF_MEM, 0, 0, 2 },
		RET(0),
	};

	check_whole(0, forked, COUNT(forked),
	    "instruction 2: reads a memory cell before it is written");
	forked[0].jt = 0;
	check_whole(1, forked, COUNT(forked), NULL);
	check_whole(2, over, COUNT(over), NULL);
	over[1].k = 2;
	check_whole(3, over, COUNT(over), NULL);
	over[0].k = 3;
	over[1].k = 1;
	check_whole(4, over, COUNT(over),
	    "instruction 3: reads a memory cell before it is written");
	check_whole(5, behind, COUNT(behind),
	    "instruction 1: reads a memory cell before it is written");
}

static void
reads_bytes(void)
{
	static unsigned char mem[sizeof(program) + 64];
	struct arena a = { mem, 0, sizeof(mem) };
	struct bpf_insn two[] = { LOAD(4), RET(RET_ALLOW) };
	struct bpf b = { 0 };
	struct err e = { 0 };

	CHECK_NUM(0, (unsigned)bpf_read(&a, (struct str){ (char *)two, sizeof(two) }, &b, &e), 0);
	CHECK_NUM(0, b.n, 2);
	CU_ASSERT(b.insn != two && memcmp(b.insn, two, sizeof(two)) == 0 && b.why == NULL);
	for (size_t n = 0; n < sizeof(two); n++) {
		if (n == 8)
			continue;
		e = (struct err){ 0 };
		CU_ASSERT(bpf_read(&a, (struct str){ (char *)two, n }, &b, &e) == -1);
		CHECK_TEXT(n, ((struct str){ e.msg, e.nmsg }),
		    "not a BPF program: its length is no multiple of 8");
	}
	e = (struct err){ 0 };
	CU_ASSERT(bpf_read(&a, (struct str){ (char *)program, sizeof(program) }, &b, &e) == -1);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "more than 4096 instructions");
	e = (struct err){ 0 };
	a = (struct arena){ mem, 0, 15 };
	CU_ASSERT(bpf_read(&a, (struct str){ (char *)two, sizeof(two) }, &b, &e) == -1);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
}

static void
words_in_both_byte_orders(void)
{
	struct bpf_data d = { 59, 0, 0x1111111122222222, { 0x3333333344444444 } };

	d.arg[5] = 0x5555555566666666;
	for (size_t big = 0; big < 2; big++) {
		d.arch = arch_audit(big ? ARCH_S390X : ARCH_X86_64);
		CHECK_NUM(big, bpf_word(&d, DATA_NR), 59);
		CHECK_NUM(big, bpf_word(&d, DATA_ARCH), d.arch);
		CHECK_NUM(big, bpf_word(&d, DATA_IP), big ? 0x11111111 : 0x22222222);
		CHECK_NUM(big, bpf_word(&d, DATA_IP + 4), big ? 0x22222222 : 0x11111111);
		CHECK_NUM(big, bpf_word(&d, DATA_ARGS), big ? 0x33333333 : 0x44444444);
		CHECK_NUM(big, bpf_word(&d, 60), big ? 0x66666666 : 0x55555555);
		CHECK_NUM(big, arch_big_endian(big ? ARCH_S390X : ARCH_X86_64), big);
	}
	for (size_t i = 0; i < ARCH_COUNT; i++)
		CHECK_NUM(i, arch_big_endian((enum arch)i),
		    (arch_audit((enum arch)i) & 0x40000000) == 0);
}

/* A = 7, X = 3 or k = 3 before each. */
static void
computes(void)
{
	static const struct {
		uint16_t code;
		uint32_t a, v, want;
	} t[] = {
		{ BPF_ALU | BPF_ADD, 7, 3, 10 },
		{ BPF_ALU | BPF_ADD, UINT32_MAX, 1, 0 },
		{ BPF_ALU | BPF_SUB, 3, 7, UINT32_MAX - 3 },
		{ BPF_ALU | BPF_MUL, 0x10001, 0x10001, 0x20001 },
		{ BPF_ALU | BPF_DIV, 7, 3, 2 },
		{ BPF_ALU | BPF_OR, 5, 3, 7 },
		{ BPF_ALU | BPF_AND, 5, 3, 1 },
		{ BPF_ALU | BPF_LSH, 7, 31, 0x80000000 },
		{ BPF_ALU | BPF_RSH, 0x80000000, 31, 1 },
		{ BPF_ALU | BPF_XOR, 5, 3, 6 },
		{ BPF_ALU | BPF_NEG, 5, 0, UINT32_MAX - 4 },
	};
	struct bpf_data d = { 0 };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct bpf_insn p[] = {
			{ BPF_LD | BPF_IMM, 0, 0, t[i].a },
			{ BPF_LDX | BPF_IMM, 0, 0, t[i].v },
			{ t[i].code, 0, 0, t[i].v },
			{ BPF_RET_A, 0, 0, 0 },
		};
		size_t steps = 0;
		uint16_t path[4] = { 0 };

		CHECK_NUM(i, bpf_run(&(struct bpf){ p, NULL, 4 }, &d, &steps, path), t[i].want);
		CHECK_NUM(i, steps, 4);
		CHECK_NUM(i, path[3], 3);
		if (t[i].code == (BPF_ALU | BPF_NEG))
			continue;
		p[2].code |= BPF_X;
		p[2].k = 99;
		CHECK_NUM(i, bpf_run(&(struct bpf){ p, NULL, 4 }, &d, NULL, NULL), t[i].want);
	}
}

static void
a_division_by_zero_ends_it(void)
{
	const struct bpf_insn *p = INSNS({ BPF_LD | BPF_IMM, 0, 0, 5 },
	    { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 5 }, RET(RET_ALLOW));
	size_t steps;

	CHECK_NUM(0, bpf_run(&(struct bpf){ p, NULL, 3 }, &(struct bpf_data){ 0 }, &steps, NULL),
	    RET_KILL_THREAD);
	CHECK_NUM(0, steps, 2);
}

static void
moves(void)
{
	const struct bpf_insn *p = INSNS({ BPF_LD | BPF_LEN, 0, 0, 0 }, { BPF_ST, 0, 0, 3 },
	    { BPF_LDX | BPF_MEM, 0, 0, 3 }, { BPF_STX, 0, 0, 4 }, { BPF_LDX | BPF_LEN, 0, 0, 0 },
	    { BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 }, { BPF_TAX, 0, 0, 0 },
	    { BPF_LD | BPF_MEM, 0, 0, 4 }, { BPF_ALU | BPF_LSH, 0, 0, 8 },
	    { BPF_ALU | BPF_OR | BPF_X, 0, 0, 0 }, { BPF_TAX, 0, 0, 0 }, LOAD(DATA_NR),
	    { BPF_TXA, 0, 0, 0 }, { BPF_RET_A, 0, 0, 0 });
	struct bpf b = { p, NULL, 14 };
	struct err e = { 0 };

	CHECK_NUM(0, (unsigned)bpf_check(&b, &e), 0);
	CHECK_NUM(0, bpf_run(&b, &(struct bpf_data){ 0 }, NULL, NULL), 0x4080);
}

static void
jumps_both_ways(void)
{
	static const struct {
		uint16_t code;
		uint32_t a, v;
		bool want;
	} t[] = {
		{ BPF_JEQ, 5, 5, true },
		{ BPF_JEQ, 5, 6, false },
		{ BPF_JGT, 5, 5, false },
		{ BPF_JGT, 0x80000000, 5, true },
		{ BPF_JGE, 5, 5, true },
		{ BPF_JGE, 4, 5, false },
		{ BPF_JSET, 4, 6, true },
		{ BPF_JSET, 4, 3, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct bpf_insn p[] = {
			LOAD(DATA_NR),
			{ BPF_LDX | BPF_IMM, 0, 0, t[i].v },
			{ t[i].code, 1, 0, t[i].v },
			{ BPF_JA, 0, 0, 1 },
			RET(1),
			RET(2),
		};
		struct bpf_data d = { .nr = t[i].a };
		struct bpf b = { p, NULL, COUNT(p) };
		size_t steps;
		uint16_t path[COUNT(p)];

		CHECK_NUM(i, bpf_run(&b, &d, &steps, path), t[i].want ? 1 : 2);
		CHECK_NUM(i, steps, t[i].want ? 4 : 5);
		CHECK_NUM(i, path[3], t[i].want ? 4 : 3);
		p[2].code |= BPF_X;
		p[2].k = ~t[i].v;
		CHECK_NUM(i, bpf_run(&b, &d, NULL, NULL), t[i].want ? 1 : 2);
	}
}

static void
what_the_bitmap_answers(void)
{
	static const struct {
		struct bpf_insn insn;
		bool want; /* is it still cached, before an allowance? */
	} t[] = {
		{ LOAD(DATA_NR), true },
		{ LOAD(DATA_ARCH), true },
		{ LOAD(DATA_IP), false },
		{ LOAD(DATA_ARGS), false },
		{ { BPF_AND_K, 0, 0, 1 }, true },
		{ { BPF_ALU | BPF_AND | BPF_X, 0, 0, 1 }, false },
		{ { BPF_ALU | BPF_OR, 0, 0, 1 }, false },
		{ { BPF_LD | BPF_IMM, 0, 0, 1 }, false },
		{ { BPF_TAX, 0, 0, 1 }, false },
		{ { BPF_JA, 0, 0, 0 }, true },
		{ { BPF_JA, 0, 0, 1 }, false },
		{ { BPF_JEQ, 0, 1, 0 }, true },
		{ { BPF_JEQ, 1, 0, 0 }, false },
		{ { BPF_JEQ | BPF_X, 0, 0, 0 }, false },
		{ { BPF_JGE, 0, 0, 0 }, true },
		{ { BPF_JGT, 0, 0, 0 }, true },
		{ { BPF_JSET, 0, 0, 0 }, true },
		{ RET(RET_ALLOW), true },
		{ RET(RET_ALLOW | 1), false },
		{ RET(RET_LOG), false },
		{ { BPF_RET_A, 0, 0, RET_ALLOW }, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct bpf_insn p[] = { t[i].insn, RET(RET_ALLOW), RET(RET_ERRNO) };
		struct bpf b = { p, NULL, COUNT(p) };

		CHECK_NUM(i, bpf_cached(&b, ARCH_X86_64, 7), t[i].want);
		CHECK_NUM(i, bpf_cached(&b, ARCH_X32, 7 | X32_BIT), false);
		CHECK_NUM(i, bpf_cached(&b, ARCH_X86_64, 7 | X32_BIT), false);
		CHECK_NUM(i, bpf_cached(&b, ARCH_ARM, 0xf0001), false);
	}
	/* The architecture is that of the question. */
	CHECK_NUM(0,
	    bpf_cached(
		&(struct bpf){ INSNS(LOAD(DATA_ARCH), { BPF_JEQ, 0, 1, arch_audit(ARCH_I386) },
				   RET(RET_ALLOW), RET(0)),
		    NULL, 4 },
		ARCH_I386, 7),
	    true);
}

UNIT_MAIN("bpf", { "single instructions", single_instructions }, { "lengths", lengths },
    { "cells are written on every way", cells_are_written_on_every_way },
    { "reads bytes", reads_bytes }, { "words in both byte orders", words_in_both_byte_orders },
    { "computes", computes }, { "a division by zero ends it", a_division_by_zero_ends_it },
    { "moves", moves }, { "jumps both ways", jumps_both_ways },
    { "what the bitmap answers", what_the_bitmap_answers })
