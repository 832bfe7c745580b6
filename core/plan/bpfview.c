#include "plan/bpfview.h"
#include "base/num.h"

#include "plan/bpfcode.h"
#include "spec/policy.h"

/* A byte an instruction, as there is no arena here: what A holds in the low half, the architecture
 * in the high one. Nothing at all: not reached. */
enum {
	HOLDS = 0x0f,
	HOLDS_OTHER = 0, /* also the instruction pointer */
	HOLDS_NR,
	HOLDS_ARCH,
	HOLDS_ARG, /* the first half of the first argument; eleven more */
	OF = 0xf0,
	OF_ANY = 0xf0, /* else 16 * (1 + enum arch) */
};

static void
flow(struct bpf_view *v, size_t at, unsigned known)
{
	unsigned old = v->known[at];

	if (known == 0)
		return;
	if (old != 0 && (old & HOLDS) != (known & HOLDS))
		known &= ~(unsigned)HOLDS;
	if (old != 0 && (old & OF) != (known & OF))
		known |= OF_ANY;
	v->known[at] = (uint8_t)known;
}

static void
flow_jump(struct bpf_view *v, size_t at, unsigned known)
{
	v->target[at / 8] |= (uint8_t)(1 << at % 8);
	flow(v, at, known);
}

/* What is known after an instruction that is no jump. */
static unsigned
known_after(const struct bpf_insn *i, unsigned known)
{
	unsigned class = i->code & BPF_CLASS;

	if (known == 0)
		return 0;
	if (class == BPF_LD || class == BPF_ALU || i->code == BPF_TXA)
		known &= ~(unsigned)HOLDS;
	if (i->code != BPF_LD_ABS)
		return known;
	if (i->k >= DATA_ARGS)
		return known | (HOLDS_ARG + (i->k - DATA_ARGS) / 4);
	return known | (i->k == DATA_NR ? HOLDS_NR : i->k == DATA_ARCH ? HOLDS_ARCH : HOLDS_OTHER);
}

void
bpf_look(struct bpf_view *v, const struct bpf *b, const struct bpf_source *source)
{
	*v = (struct bpf_view){ .bpf = b, .source = source, .known = { OF_ANY } };
	for (size_t at = 0; at < b->n; at++) {
		const struct bpf_insn *i = &b->insn[at];
		unsigned known = v->known[at], yes = known;
		int arch = arch_of(i->k, 0);

		if (i->code == BPF_JEQ && (known & HOLDS) == HOLDS_ARCH && arch >= 0)
			yes = HOLDS_ARCH | (unsigned)(arch + 1) << 4;
		if (i->code == BPF_JA) {
			flow_jump(v, at + 1 + i->k, known);
		} else if (bpf_branches(i)) {
			flow_jump(v, at + 1 + i->jt, yes);
			flow_jump(v, at + 1 + i->jf, known);
		} else if ((i->code & BPF_CLASS) != BPF_RET) {
			flow(v, at + 1, known_after(i, known));
		}
	}
}

bool
bpf_is_target(const struct bpf_view *v, size_t at)
{
	return v->target[at / 8] >> at % 8 & 1;
}

/* Numbered as they come. */
void
bpf_put_label(struct buf *b, const struct bpf_view *v, size_t at)
{
	unsigned n = 1;

	for (size_t i = 0; i < at / 8; i++)
		n += num_ones(v->target[i]);
	n += num_ones(v->target[at / 8] & ((1U << at % 8) - 1));
	buf_char(b, 'L');
	buf_uint(b, n);
}

static void
put_call(struct buf *b, const struct bpf_insn *i, unsigned of)
{
	enum arch arch = (enum arch)((of >> 4) - 1);
	int call;

	if (arch == ARCH_X86_64 && i->k == X32_BIT && i->code != BPF_JEQ) {
		buf_cstr(b, "x32");
		return;
	}
	if (arch == ARCH_X86_64 && i->k & X32_BIT)
		arch = ARCH_X32;
	call = i->code == BPF_JSET ? -1 : call_of(arch, i->k);
	if (call < 0)
		return;
	buf_put(b, i->code == BPF_JEQ ? S("") : i->code == BPF_JGE ? S("from ") : S("beyond "));
	buf_put(b, call_name((unsigned)call));
}

static void
put_field(struct buf *b, uint32_t offset, unsigned of)
{
	bool big = arch_big_endian(of == OF_ANY ? arch_native() : (enum arch)((of >> 4) - 1));
	bool high = (offset % 8 == 0) == big;

	if (offset < DATA_IP) {
		buf_cstr(b, offset == DATA_NR ? "nr" : "arch");
		return;
	}
	buf_cstr(b, offset < DATA_ARGS ? "ip" : "arg");
	if (offset >= DATA_ARGS)
		buf_uint(b, (offset - DATA_ARGS) / 8);
	buf_cstr(b, high ? " high" : " low");
}

void
bpf_put_meaning(struct buf *b, const struct bpf_view *v, size_t at)
{
	const struct bpf_insn *i = &v->bpf->insn[at];
	unsigned holds = v->known[at] & HOLDS, of = v->known[at] & OF;
	int arch = arch_of(i->k, 0);

	if (i->code == BPF_RET_K)
		action_put(b, i->k);
	else if (of == 0)
		buf_cstr(b, "not reached");
	else if (i->code == BPF_LD_ABS)
		put_field(b, i->k, of);
	else if (!bpf_branches(i) || i->code & BPF_X)
		return;
	else if (holds == HOLDS_ARCH && arch >= 0)
		buf_put(b, arch_name((enum arch)arch));
	else if (holds == HOLDS_NR && of != OF_ANY)
		put_call(b, i, of);
}

void
bpf_put_pos(struct buf *b, const struct bpf_view *v, size_t at)
{
	uint32_t why = v->bpf->why == NULL ? 0 : v->bpf->why[at];
	struct pos pos = POS_NONE;

	if (why > 0 && v->source != NULL)
		pos = v->source->pos(v->source->arg, why - 1);
	if (pos.line == 0)
		return;
	buf_uint(b, pos.line);
	buf_char(b, ':');
	buf_uint(b, pos.col);
}

void
bpf_put_note(struct buf *b, const struct bpf_view *v, size_t at)
{
	char text[64];
	struct buf pos = BUF(text);
	size_t before = b->n;

	bpf_put_meaning(b, v, at);
	bpf_put_pos(&pos, v, at);
	if (b->n > before && pos.n > 0)
		buf_cstr(b, "; ");
	buf_put(b, buf_str(&pos));
}

struct str
bpf_line(const struct bpf_view *v, size_t at)
{
	uint32_t why = v->bpf->why == NULL ? 0 : v->bpf->why[at];
	struct str line = S("");
	size_t n = 100;

	if (why > 0 && v->source != NULL)
		line = v->source->text(v->source->arg, why - 1);
	if (line.n <= n)
		return line;
	while (n > 0 && ((unsigned char)line.p[n] & 0xc0) == 0x80)
		n--;
	return str_slice(line, 0, n);
}
