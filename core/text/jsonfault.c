#include "base/utf8.h"
#include "text/jsonread.h"

/* A longer word is cut where it is shown. */
enum { WORD_MAX = 24 };

struct pos
jsonread_pos(const struct jsonread *r, const char *at)
{
	return (struct pos){ r->nline, (uint32_t)(at - r->line) + 1 };
}

static void
put_step(struct buf *b, const struct value *parent, const struct value *child)
{
	if (parent->kind == VALUE_OBJECT)
		value_path_key(b, child->key);
	else
		value_path_index(b, parent->count - 1);
}

/* The path of the value that is being read, or with a key the path of that member. */
static void
set_path(const struct jsonread *r, const struct str *key)
{
	char text[sizeof(r->err->path)];
	struct buf b = { text, 0, sizeof(text) - 3, false };

	buf_char(&b, '$');
	for (size_t i = 0; i < r->depth; i++)
		if (i + 1 < r->depth || r->inside)
			put_step(&b, r->open[i], r->last[i]);
	if (key != NULL)
		value_path_key(&b, *key);
	if (b.full) {
		b.full = false;
		b.cap = sizeof(text);
		buf_put(&b, S("..."));
	}
	err_path(r->err, buf_str(&b));
}

int
jsonread_fail(struct jsonread *r, enum fault fault, const char *at, const char *text,
    const struct str *arg, size_t n)
{
	if (r->err->fault != FAULT_NONE)
		return -1;
	set_path(r, NULL);
	return err_put(r->err, fault, jsonread_pos(r, at), text, arg, n);
}

static bool
in_word(char c)
{
	char small = (char)(c | 0x20);

	return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '+' ||
	       c == '-' || c == '.';
}

/* What stands at the front of the text, as a person would call it. */
static void
put_found(struct buf *b, struct str s)
{
	size_t n = 0;

	if (s.n == 0) {
		buf_put(b, S("the end of the text"));
		return;
	}
	if (s.p[0] == '"') {
		buf_put(b, S("a string"));
		return;
	}
	if (str_starts(s, S("\xef\xbb\xbf"))) {
		buf_put(b, S("a byte order mark"));
		return;
	}
	while (n < s.n && in_word(s.p[n]))
		n++;
	if (n == 0)
		n = utf8_next(s, NULL);
	if (n == 0) {
		buf_put(b, S("the byte "));
		buf_escaped(b, str_slice(s, 0, 1));
		return;
	}
	buf_char(b, '"');
	buf_escaped(b, str_slice(s, 0, n < WORD_MAX ? n : WORD_MAX));
	buf_put(b, n > WORD_MAX ? S("...\"") : S("\""));
}

int
jsonread_expected(struct jsonread *r, struct str what)
{
	char text[4 * WORD_MAX + 32];
	struct buf found = BUF(text);

	put_found(&found, (struct str){ r->p, (size_t)(r->end - r->p) });
	return jsonread_fail(r, r->fault, r->p, TEXT("expected %, found %", what, buf_str(&found)));
}

int
jsonread_limit(struct jsonread *r, uint64_t n, struct str things)
{
	char text[24];
	struct buf number = BUF(text);

	buf_uint(&number, n);
	return jsonread_fail(r, FAULT_LIMIT, r->p, TEXT("more than % %", buf_str(&number), things));
}

int
jsonread_memory(struct jsonread *r)
{
	return err_memory(r->err);
}

int
jsonread_repeated(struct jsonread *r, const struct value *member)
{
	const struct value *first = value_get(r->open[r->depth - 1], member->key);
	char text[256], place[48];
	struct buf key = BUF(text), at = BUF(place);

	if (r->err->fault != FAULT_NONE)
		return -1;
	r->inside = false;
	set_path(r, &member->key);
	buf_escaped(&key, str_slice(member->key, 0, utf8_cut(member->key, sizeof(text) / 4)));
	buf_uint(&at, first->keypos.line);
	buf_char(&at, ':');
	buf_uint(&at, first->keypos.col);
	return err_at(r->err, r->fault, member->keypos,
	    "duplicate key \"%\", which is at % already", buf_str(&key), buf_str(&at));
}
