#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plan/bpfcode.h"

uint64_t
dice_roll(struct dice *d)
{
	/* xorshift64*, with a state that is never 0 */
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return d->state * UINT64_C(0x2545f4914f6cdd1d);
}

uint32_t
dice_below(struct dice *d, uint32_t n)
{
	return (uint32_t)((dice_roll(d) >> 32) % n);
}

uint32_t
dice_number(struct dice *d)
{
	const uint32_t special[] = { arch_audit(arch_native()), 0x40000003, X32_BIT, 0xffffffff,
		0x80000000, 0x7fffffff, 0, 1, 0xffff0000, 0x0000ffff };

	switch (dice_below(d, 5)) {
	case 0:
		return dice_below(d, 16);
	case 1:
		return dice_below(d, 600);
	case 2:
		return UINT32_C(1) << dice_below(d, 32);
	case 3:
		return special[dice_below(d, COUNT(special))];
	default:
		return (uint32_t)dice_roll(d);
	}
}

void
dice_data(struct dice *d, struct bpf_data *data)
{
	for (size_t i = 0; i < CALL_ARGS; i++)
		data->arg[i] = (uint64_t)dice_number(d) << 32 | dice_number(d);
	for (size_t i = 0; i < CALL_ARGS; i++)
		if (dice_below(d, 2) == 0)
			data->arg[i] = dice_number(d);
}

static const uint8_t straight[] = {
	BPF_LD | BPF_IMM,
	BPF_LD_ABS,
	BPF_LD_ABS,
	BPF_LD_ABS,
	BPF_LD_ABS,
	BPF_LD | BPF_MEM,
	BPF_LD | BPF_LEN,
	BPF_LDX | BPF_IMM,
	BPF_LDX | BPF_MEM,
	BPF_LDX | BPF_LEN,
	BPF_ST,
	BPF_STX,
	BPF_ALU | BPF_ADD,
	BPF_ALU | BPF_SUB,
	BPF_ALU | BPF_MUL,
	BPF_ALU | BPF_DIV,
	BPF_ALU | BPF_OR,
	BPF_ALU | BPF_AND,
	BPF_ALU | BPF_LSH,
	BPF_ALU | BPF_RSH,
	BPF_ALU | BPF_XOR,
	BPF_ALU | BPF_ADD | BPF_X,
	BPF_ALU | BPF_SUB | BPF_X,
	BPF_ALU | BPF_MUL | BPF_X,
	BPF_ALU | BPF_DIV | BPF_X,
	BPF_ALU | BPF_OR | BPF_X,
	BPF_ALU | BPF_AND | BPF_X,
	BPF_ALU | BPF_LSH | BPF_X,
	BPF_ALU | BPF_RSH | BPF_X,
	BPF_ALU | BPF_XOR | BPF_X,
	BPF_ALU | BPF_NEG,
	BPF_TAX,
	BPF_TAX,
	BPF_TXA,
};

static struct bpf_insn
straight_insn(struct dice *d)
{
	struct bpf_insn i = { straight[dice_below(d, COUNT(straight))], 0, 0, dice_number(d) };

	if (i.code == BPF_LD_ABS)
		i.k = 4 * dice_below(d, DATA_SIZE / 4);
	else if (bpf_loads_cell(&i) || bpf_stores_cell(&i))
		i.k = dice_below(d, JUDGE_CELLS);
	else if (i.code == (BPF_ALU | BPF_LSH) || i.code == (BPF_ALU | BPF_RSH))
		i.k %= 32;
	else if (i.code == (BPF_ALU | BPF_DIV) && i.k == 0)
		i.k = 3;
	return i;
}

/* room: how many instructions behind the next one may be jumped to; at least 1. */
static struct bpf_insn
jump_insn(struct dice *d, uint32_t room)
{
	static const uint8_t code[] = { BPF_JA, BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct bpf_insn i = { code[dice_below(d, COUNT(code))], 0, 0, dice_number(d) };
	uint32_t near = room < 12 ? room : 12;

	if (i.code == BPF_JA) {
		i.k = dice_below(d, near);
		return i;
	}
	if (dice_below(d, 3) == 0)
		i.code |= BPF_X;
	i.jt = (uint8_t)dice_below(d, near);
	i.jf = (uint8_t)dice_below(d, near);
	return i;
}

void
program_valid(struct dice *d, struct bpf_insn *p, size_t n)
{
	size_t at = 0, tail = n - 3;

	/* All cells are written first, by what does not depend on anything else. */
	for (uint32_t cell = 0; cell < JUDGE_CELLS; cell++) {
		p[at++] = (struct bpf_insn){ BPF_LDX | BPF_IMM, 0, 0, dice_number(d) };
		p[at++] = (struct bpf_insn){ BPF_STX, 0, 0, cell };
	}
	for (; at < tail; at++) {
		uint32_t kind = dice_below(d, 16);

		if (kind == 0)
			p[at] =
			    (struct bpf_insn){ BPF_RET_K, 0, 0, RET_ERRNO | (1 + (uint32_t)at) };
		else if (kind < 6)
			p[at] = jump_insn(d, (uint32_t)(tail - at));
		else
			p[at] = straight_insn(d);
	}
	p[tail] = (struct bpf_insn){ BPF_AND_K, 0, 0, 0xfff };
	p[tail + 1] = (struct bpf_insn){ BPF_ALU | BPF_OR, 0, 0, RET_ERRNO };
	p[tail + 2] = (struct bpf_insn){ BPF_RET_A, 0, 0, 0 };
}

static void
spoil(struct dice *d, struct bpf_insn *i)
{
	switch (dice_below(d, 6)) {
	case 0:
		i->code ^= (uint16_t)(1U << dice_below(d, 9));
		break;
	case 1:
		i->code = (uint16_t)dice_below(d, 0x120);
		break;
	case 2:
		i->k = dice_number(d);
		break;
	case 3:
		i->k = dice_below(d, 70);
		break;
	case 4:
		i->jt = (uint8_t)dice_below(d, 256);
		break;
	default:
		i->jf = (uint8_t)dice_below(d, 32);
		break;
	}
}

void
program_wild(struct dice *d, struct bpf_insn *p, size_t n)
{
	for (size_t at = 0; at < n; at++) {
		uint32_t kind = dice_below(d, 10);

		if (at == n - 1 || kind == 0)
			p[at] = (struct bpf_insn){ dice_below(d, 2) ? BPF_RET_K : BPF_RET_A, 0, 0,
				dice_number(d) };
		else if (kind < 3)
			p[at] = jump_insn(d, (uint32_t)(n - 1 - at));
		else
			p[at] = straight_insn(d);
		/* Memory is mostly written when it is read. */
		if (bpf_loads_cell(&p[at]) && dice_below(d, 2) == 0)
			p[at].code = BPF_ST;
	}
	for (uint32_t i = dice_below(d, 3); i > 0; i--)
		spoil(d, &p[dice_below(d, (uint32_t)n)]);
}

void *
shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	return p;
}

int
attach(const struct bpf_insn *insn, size_t n)
{
	struct {
		unsigned short len;
		const struct bpf_insn *filter;
	} program = { (unsigned short)n, insn };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return errno;
	return syscall(SYS_seccomp, 1 /* SECCOMP_SET_MODE_FILTER */, 0, &program) < 0 ? errno : 0;
}

void
die(void)
{
	__builtin_trap();
}

unsigned long
number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || n == 0) {
		fprintf(stderr, "%s: not a number above 0\n", text);
		exit(2);
	}
	return n;
}
