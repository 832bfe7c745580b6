/* Listings for reading: assembly and a graph. */
#include "plan/bpfcode.h"
#include "plan/bpfview.h"

/* Of the instruction, of all that is told about it: a cut line is at most four times its length. */
enum { INSN_MAX = 64, LINE_MAX = 640, COLUMN = 32 };

/* Meaning, position and, where it is another one than before, the line of the policy. */
static void
put_told(struct buf *b, const struct bpf_view *v, size_t at)
{
	const uint32_t *why = v->bpf->why;
	struct str line = bpf_line(v, at);

	bpf_put_note(b, v, at);
	if (line.n == 0 || (at > 0 && why[at - 1] == why[at]))
		return;
	buf_cstr(b, ": ");
	buf_escaped(b, line);
}

void
bpf_put_asm(struct buf *b, const struct bpf *bpf, const struct bpf_source *source)
{
	struct bpf_view v;

	bpf_look(&v, bpf, source);
	for (size_t at = 0; at < bpf->n; at++) {
		char insn_text[INSN_MAX], told_text[LINE_MAX];
		struct buf insn = BUF(insn_text), told = BUF(told_text);

		if (bpf_is_target(&v, at)) {
			bpf_put_label(b, &v, at);
			buf_char(b, ':');
		}
		buf_char(b, '\t');
		bpf_put_insn(&insn, &v, at, true);
		put_told(&told, &v, at);
		while (told.n > 0 && insn.n < COLUMN)
			buf_char(&insn, ' ');
		buf_put(b, buf_str(&insn));
		if (told.n > 0)
			buf_cstr(b, "; ");
		buf_put(b, buf_str(&told));
		buf_char(b, '\n');
	}
}

/* Within the double quotes of a label. */
static void
put_quoted(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

static void
put_edge(struct buf *b, size_t from, size_t to, struct str label)
{
	buf_cstr(b, "\tn");
	buf_uint(b, from);
	buf_cstr(b, " -> n");
	buf_uint(b, to);
	buf_put(b, label);
	buf_cstr(b, ";\n");
}

static void
put_edges(struct buf *b, const struct bpf_insn *i, size_t first, size_t last)
{
	if (i->code == BPF_JA) {
		put_edge(b, first, last + 1 + i->k, S(""));
	} else if (bpf_branches(i)) {
		put_edge(b, first, last + 1 + i->jt, S(" [label=yes]"));
		put_edge(b, first, last + 1 + i->jf, S(" [label=no]"));
	} else if ((i->code & BPF_CLASS) != BPF_RET) {
		put_edge(b, first, last + 1, S(""));
	}
}

static bool
ends_block(const struct bpf_view *v, size_t at)
{
	unsigned class = v->bpf->insn[at].code & BPF_CLASS;

	return class == BPF_JMP || class == BPF_RET || bpf_is_target(v, at + 1);
}

/* A node for each run of instructions that nothing jumps into. */
void
bpf_put_dot(struct buf *b, const struct bpf *bpf, const struct bpf_source *source)
{
	struct bpf_view v;
	bool begins = true;
	size_t first = 0;

	bpf_look(&v, bpf, source);
	buf_cstr(b, "digraph filter {\n\tnode [shape=box, fontname=monospace];\n");
	for (size_t at = 0; at < bpf->n; at++) {
		char text[INSN_MAX + LINE_MAX];
		struct buf line = BUF(text);

		if (begins) {
			first = at;
			buf_cstr(b, "\tn");
			buf_uint(b, at);
			buf_cstr(b, " [label=\"");
		}
		bpf_put_insn(&line, &v, at, false);
		buf_cstr(&line, "  ");
		put_told(&line, &v, at);
		put_quoted(b, buf_str(&line));
		buf_cstr(b, "\\l");
		begins = ends_block(&v, at);
		if (!begins)
			continue;
		buf_cstr(b, "\"];\n");
		put_edges(b, &bpf->insn[at], first, at);
	}
	buf_cstr(b, "}\n");
}
