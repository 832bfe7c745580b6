/* Listings for other programs: C and JSON. */
#include "plan/bpfview.h"
#include "text/json.h"

enum { NOTE_MAX = 128 };

/* The policy's own words stay out of it: they could end the comment. */
void
bpf_put_c(struct buf *b, const struct bpf *bpf, const struct bpf_source *source)
{
	struct bpf_view v;

	bpf_look(&v, bpf, source);
	buf_cstr(b, "/* linux/filter.h; ");
	buf_uint(b, bpf->n);
	buf_cstr(b, " instructions */\nstatic const struct sock_filter filter[] = {\n");
	for (size_t at = 0; at < bpf->n; at++) {
		const struct bpf_insn *i = &bpf->insn[at];
		char text[NOTE_MAX];
		struct buf note = BUF(text);

		buf_cstr(b, "\t{ ");
		buf_hex(b, i->code);
		buf_cstr(b, ", ");
		buf_uint(b, i->jt);
		buf_cstr(b, ", ");
		buf_uint(b, i->jf);
		buf_cstr(b, ", ");
		buf_hex(b, i->k);
		buf_cstr(b, " }, /* ");
		bpf_put_insn(b, &v, at, false);
		bpf_put_note(&note, &v, at);
		if (note.n > 0)
			buf_cstr(b, "; ");
		buf_put(b, buf_str(&note));
		buf_cstr(b, " */\n");
	}
	buf_cstr(b, "};\n");
}

static void
member_text(struct jsonw *w, const char *key, struct str value)
{
	if (value.n > 0)
		jsonw_member(w, key, value);
}

static void
put_object(struct jsonw *w, const struct bpf_view *v, size_t at)
{
	const struct bpf_insn *i = &v->bpf->insn[at];
	char meaning_text[NOTE_MAX], pos_text[NOTE_MAX];
	struct buf meaning = BUF(meaning_text), pos = BUF(pos_text);

	bpf_put_meaning(&meaning, v, at);
	bpf_put_pos(&pos, v, at);
	jsonw_open(w, '{');
	jsonw_number(w, "code", i->code);
	jsonw_number(w, "jt", i->jt);
	jsonw_number(w, "jf", i->jf);
	jsonw_number(w, "k", i->k);
	member_text(w, "meaning", buf_str(&meaning));
	member_text(w, "pos", buf_str(&pos));
	member_text(w, "line", bpf_line(v, at));
	jsonw_close(w, '}');
}

void
bpf_put_json(struct buf *b, const struct bpf *bpf, const struct bpf_source *source)
{
	struct jsonw w = { .buf = b };
	struct bpf_view v;

	bpf_look(&v, bpf, source);
	jsonw_open(&w, '{');
	jsonw_number(&w, "v", 1);
	jsonw_list(&w, "insns", '[');
	for (size_t at = 0; at < bpf->n; at++)
		put_object(&w, &v, at);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_char(b, '\n');
}
