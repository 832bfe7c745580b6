#include "base/limits.h"
#include "base/utf8.h"
#include "text/json.h"

static const char hex[] = "0123456789abcdef";

static void
put_unit(struct buf *b, uint32_t v)
{
	buf_put(b, S("\\u"));
	for (int shift = 12; shift >= 0; shift -= 4)
		buf_char(b, hex[v >> shift & 15]);
}

/* A character that may not stand in a string as it is, or that would do something to a terminal. */
static void
put_escape(struct buf *b, uint32_t c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; i + 1 < sizeof(names); i += 2) {
		if (c == (uint32_t)names[i]) {
			buf_char(b, '\\');
			buf_char(b, names[i + 1]);
			return;
		}
	}
	if (c < 0x10000) {
		put_unit(b, c);
		return;
	}
	c -= 0x10000;
	put_unit(b, 0xd800 | c >> 10);
	put_unit(b, 0xdc00 | (c & 0x3ff));
}

static bool
as_is(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void
put_string(struct buf *b, struct str s, bool shown)
{
	size_t start = b->n, n;
	uint32_t cp;

	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i += n) {
		for (n = 0; i + n < s.n && as_is(s.p[i + n]); n++)
			continue;
		buf_put(b, str_slice(s, i, i + n));
		i += n;
		if (i == s.n)
			break;
		n = utf8_next(str_slice(s, i, s.n), &cp);
		if (n > 1 && (!shown || utf8_printable(cp)))
			buf_put(b, str_slice(s, i, i + n));
		else if (n > 0)
			put_escape(b, cp);
		else
			buf_put(b, S("\xef\xbf\xbd"));
		n += n == 0;
	}
	buf_char(b, '"');
	if (b->full)
		b->n = start;
}

void
json_put_string(struct buf *b, struct str s)
{
	put_string(b, s, false);
}

void
json_put_shown(struct buf *b, struct str s)
{
	put_string(b, s, true);
}

static void
put_scalar(struct buf *b, const struct value *v)
{
	if (v->kind == VALUE_STRING)
		json_put_string(b, v->text);
	else if (v->kind == VALUE_NUMBER)
		buf_put(b, v->text);
	else if (v->kind == VALUE_BOOL)
		buf_put(b, v->truth ? S("true") : S("false"));
	else
		buf_put(b, S("null"));
}

static void
put_value(struct buf *b, const struct value *v, unsigned depth)
{
	bool object = v->kind == VALUE_OBJECT;

	if (!object && v->kind != VALUE_ARRAY) {
		put_scalar(b, v);
		return;
	}
	if (depth == 0) {
		b->full = true; /* no reader makes such a tree */
		return;
	}
	buf_char(b, object ? '{' : '[');
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		if (m != v->first)
			buf_char(b, ',');
		if (object) {
			json_put_string(b, m->key);
			buf_char(b, ':');
		}
		put_value(b, m, depth - 1);
	}
	buf_char(b, object ? '}' : ']');
}

void
json_put(struct buf *b, const struct value *v)
{
	size_t start = b->n;

	put_value(b, v, LIMIT_JSON_DEPTH);
	if (b->full)
		b->n = start;
}
