#include "plan/bpfcode.h"
#include "spec/policy.h"

enum { AUDIT_LE = 0x40000000 }; /* __AUDIT_ARCH_LE, linux/audit.h */

struct machine {
	const struct bpf_data *data;
	uint32_t a, x, cell[BPF_CELLS];
};

uint32_t
bpf_word(const struct bpf_data *d, uint32_t offset)
{
	bool second = offset % 8 != 0;
	uint64_t v;

	if (offset == DATA_NR)
		return d->nr;
	if (offset == DATA_ARCH)
		return d->arch;
	v = offset < DATA_ARGS ? d->ip : d->arg[(offset - DATA_ARGS) / 8];
	return (uint32_t)(second == ((d->arch & AUDIT_LE) != 0) ? v >> 32 : v);
}

static uint32_t
loaded(const struct machine *m, const struct bpf_insn *i)
{
	switch (i->code & BPF_MODE) {
	case BPF_LD_ABS:
		return bpf_word(m->data, i->k);
	case BPF_MEM:
		return m->cell[i->k];
	case BPF_LEN:
		return DATA_SIZE;
	default:
		return i->k;
	}
}

/* A shift by X counts only the five low bits of it: eBPF's 32-bit shifts, into which the kernel
 * translates these. */
static uint32_t
computed(uint16_t op, uint32_t a, uint32_t v)
{
	switch (op) {
	case BPF_ADD:
		return a + v;
	case BPF_SUB:
		return a - v;
	case BPF_MUL:
		return a * v;
	case BPF_DIV:
		return v != 0 ? a / v : 0;
	case BPF_OR:
		return a | v;
	case BPF_AND:
		return a & v;
	case BPF_LSH:
		return a << (v & 31);
	case BPF_RSH:
		return a >> (v & 31);
	case BPF_XOR:
		return a ^ v;
	default:
		return 0 - a;
	}
}

static bool
jumps(uint16_t code, uint32_t a, uint32_t v)
{
	switch (code & ~BPF_X) {
	case BPF_JEQ:
		return a == v;
	case BPF_JGT:
		return a > v;
	case BPF_JGE:
		return a >= v;
	default:
		return (a & v) != 0;
	}
}

/* All but jumps and returns. */
static void
step(struct machine *m, const struct bpf_insn *i)
{
	switch (i->code & BPF_CLASS) {
	case BPF_LD:
		m->a = loaded(m, i);
		break;
	case BPF_LDX:
		m->x = loaded(m, i);
		break;
	case BPF_ST:
		m->cell[i->k] = m->a;
		break;
	case BPF_STX:
		m->cell[i->k] = m->x;
		break;
	case BPF_ALU:
		m->a = computed(i->code & BPF_OP, m->a, i->code & BPF_X ? m->x : i->k);
		break;
	default:
		if (i->code == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
		break;
	}
}

uint32_t
bpf_run(const struct bpf *b, const struct bpf_data *d, size_t *steps, uint16_t *path)
{
	struct machine m = { .data = d };
	const struct bpf_insn *i = NULL;
	size_t n = 0;

	for (size_t at = 0; at < b->n; at++) {
		uint32_t v;

		i = &b->insn[at];
		v = i->code & BPF_X ? m.x : i->k;
		if (path != NULL)
			path[n] = (uint16_t)at;
		n++;
		/* A division by an X of zero ends the program with 0. */
		if (i->code == (BPF_ALU | BPF_DIV | BPF_X) && v == 0) {
			i = NULL;
			break;
		}
		if ((i->code & BPF_CLASS) == BPF_RET)
			break;
		if (i->code == BPF_JA)
			at += i->k;
		else if (bpf_branches(i))
			at += jumps(i->code, m.a, v) ? i->jt : i->jf;
		else
			step(&m, i);
	}
	if (steps != NULL)
		*steps = n;
	if (i == NULL)
		return 0;
	return i->code == BPF_RET_A ? m.a : i->k;
}

/* More calls than any kernel has; what lies beyond is in no bitmap. */
enum { BITMAP_MAX = 1024 };

bool
bpf_cached(const struct bpf *b, enum arch arch, uint32_t nr)
{
	struct bpf_data d = { .nr = nr, .arch = arch_audit(arch) };
	const struct bpf_insn *i = b->insn;
	uint32_t a = 0;

	if (nr >= BITMAP_MAX || arch == ARCH_X32)
		return false;
	for (size_t at = 0; at < b->n; at++) {
		i = &b->insn[at];
		if (i->code == BPF_LD_ABS && i->k <= DATA_ARCH)
			a = bpf_word(&d, i->k);
		else if (i->code == BPF_AND_K)
			a &= i->k;
		else if (i->code == BPF_JA)
			at += i->k;
		else if (bpf_branches(i) && !(i->code & BPF_X))
			at += jumps(i->code, a, i->k) ? i->jt : i->jf;
		else
			break;
	}
	/* An allowance with data in it is not this value, and not cached. */
	return i->code == BPF_RET_K && i->k == RET_ALLOW;
}
