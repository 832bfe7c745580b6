#include "plan/bpfcode.h"
#include "plan/bpfview.h"

static const char alu[][4] = { "add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "neg", "",
	"xor" };
static const char jump[][5] = { "ja", "jeq", "jgt", "jge", "jset" };

static void
put_number(struct buf *b, uint32_t k)
{
	buf_char(b, '#');
	buf_hex(b, k);
}

static void
put_in(struct buf *b, struct str what, uint32_t k)
{
	buf_put(b, what);
	buf_uint(b, k);
	buf_char(b, ']');
}

static void
put_operand(struct buf *b, const struct bpf_insn *i)
{
	if (i->code & BPF_X)
		buf_char(b, 'x');
	else
		put_number(b, i->k);
}

static void
put_load(struct buf *b, const struct bpf_insn *i)
{
	buf_put(b, (i->code & BPF_CLASS) == BPF_LD ? S("ld ") : S("ldx "));
	switch (i->code & BPF_MODE) {
	case BPF_LD_ABS:
		put_in(b, S("["), i->k);
		break;
	case BPF_MEM:
		put_in(b, S("M["), i->k);
		break;
	case BPF_LEN:
		buf_cstr(b, "#len");
		break;
	default:
		put_number(b, i->k);
		break;
	}
}

static void
put_jump(struct buf *b, const struct bpf_view *v, size_t at, bool labels)
{
	const struct bpf_insn *i = &v->bpf->insn[at];

	buf_put(b, str_of(jump[i->code >> 4]));
	if (i->code != BPF_JA) {
		buf_char(b, ' ');
		put_operand(b, i);
	}
	if (!labels)
		return;
	buf_cstr(b, i->code == BPF_JA ? " " : ", ");
	bpf_put_label(b, v, at + 1 + (i->code == BPF_JA ? i->k : i->jt));
	if (i->code == BPF_JA)
		return;
	buf_cstr(b, ", ");
	bpf_put_label(b, v, at + 1 + i->jf);
}

void
bpf_put_insn(struct buf *b, const struct bpf_view *v, size_t at, bool labels)
{
	const struct bpf_insn *i = &v->bpf->insn[at];

	switch (i->code & BPF_CLASS) {
	case BPF_LD:
	case BPF_LDX:
		put_load(b, i);
		break;
	case BPF_ST:
	case BPF_STX:
		put_in(b, i->code == BPF_ST ? S("st M[") : S("stx M["), i->k);
		break;
	case BPF_ALU:
		buf_put(b, str_of(alu[i->code >> 4]));
		if (i->code == (BPF_ALU | BPF_NEG))
			break;
		buf_char(b, ' ');
		put_operand(b, i);
		break;
	case BPF_JMP:
		put_jump(b, v, at, labels);
		break;
	case BPF_RET:
		buf_cstr(b, "ret ");
		if (i->code == BPF_RET_A)
			buf_char(b, 'a');
		else
			put_number(b, i->k);
		break;
	default:
		buf_cstr(b, i->code == BPF_TAX ? "tax" : "txa");
		break;
	}
}
