/* What a device program does, and how it reads; for tests and for those who look into it. */
#include "plan/ebpfcode.h"

enum { RESULT = 0, CONTEXT = 1, REGISTERS = 10 };

struct machine {
	uint64_t reg[REGISTERS];
	uint32_t context[CTX_SIZE / 4];
};

static bool
jumps(const struct ebpf_insn *i)
{
	return i->code == EBPF_JNE32 || i->code == EBPF_JEQ32;
}

/* Registers that there are; the context's is left as it is; jumps lead forward. */
static bool
well_formed(const struct ebpf_insn *i)
{
	unsigned dst = i->regs & 15, src = i->regs >> 4;

	if (dst >= REGISTERS || dst == CONTEXT)
		return false;
	if (i->code == EBPF_LOAD)
		return src == CONTEXT && i->off >= 0 && i->off < CTX_SIZE && i->off % 4 == 0;
	if (i->code == EBPF_MOVE ? src >= REGISTERS : src != 0)
		return false;
	return jumps(i) ? i->off >= 0 : i->off == 0;
}

/* One instruction that is no exit; how many are passed over, or -1 for one that we never make. */
static int
step(struct machine *m, const struct ebpf_insn *i)
{
	uint64_t *dst, imm = (uint64_t)(int64_t)i->imm;

	if (!well_formed(i))
		return -1;
	dst = &m->reg[i->regs & 15];
	if (jumps(i))
		return ((uint32_t)*dst == (uint32_t)imm) == (i->code == EBPF_JEQ32) ? i->off : 0;
	switch (i->code) {
	case EBPF_LOAD:
		*dst = m->context[i->off / 4];
		return 0;
	case EBPF_MOVE:
		*dst = m->reg[i->regs >> 4];
		return 0;
	case EBPF_SET:
		*dst = imm;
		return 0;
	case EBPF_SHIFT:
		*dst >>= imm & 63;
		return 0;
	case EBPF_AND:
		*dst &= imm;
		return 0;
	case EBPF_AND32:
		*dst = (uint32_t)(*dst & imm);
		return 0;
	default:
		return -1;
	}
}

int
ebpf_run(const struct ebpf *e, char type, uint32_t major, uint32_t minor, uint8_t access)
{
	uint32_t kind = type == 'b' ? CTX_BLOCK : CTX_CHAR;
	struct machine m = {
		.context = { kind | (uint32_t)access << CTX_ACCESS_SHIFT, major, minor },
	};

	for (size_t at = 0; at < e->n; at++) {
		int over;

		if (e->insn[at].code == EBPF_EXIT)
			return m.reg[RESULT] != 0;
		over = step(&m, &e->insn[at]);
		if (over < 0)
			return -1;
		at += (size_t)over;
	}
	return -1;
}

static void
put_register(struct buf *b, unsigned r)
{
	buf_char(b, 'r');
	buf_uint(b, r);
}

void
ebpf_put(struct buf *b, const struct ebpf_insn *i)
{
	static const char context[] = "type and access\0major\0minor";
	static const uint8_t context_at[] = { 0, 16, 22 };
	unsigned dst = i->regs & 15;

	if (i->code == EBPF_EXIT) {
		buf_cstr(b, "exit");
		return;
	}
	if (!well_formed(i)) {
		buf_cstr(b, "?");
		return;
	}
	if (jumps(i))
		buf_cstr(b, "if ");
	put_register(b, dst);
	switch (i->code) {
	case EBPF_LOAD:
		buf_cstr(b, " = ");
		buf_cstr(b, context + context_at[i->off / 4]);
		break;
	case EBPF_MOVE:
		buf_cstr(b, " = ");
		put_register(b, i->regs >> 4);
		break;
	case EBPF_SET:
		buf_cstr(b, " = ");
		buf_int(b, i->imm);
		break;
	case EBPF_SHIFT:
		buf_cstr(b, " >>= ");
		buf_int(b, i->imm);
		break;
	case EBPF_AND:
	case EBPF_AND32:
		buf_cstr(b, " &= ");
		buf_hex(b, (uint32_t)i->imm);
		break;
	case EBPF_JNE32:
	case EBPF_JEQ32:
		buf_cstr(b, i->code == EBPF_JNE32 ? " != " : " == ");
		buf_uint(b, (uint32_t)i->imm);
		buf_cstr(b, ": over ");
		buf_int(b, i->off);
		break;
	default:
		buf_cstr(b, " ?");
		break;
	}
}
