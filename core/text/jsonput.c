#include "base/limits.h"
#include "base/utf8.h"
#include "text/json.h"

static const char hex[] = "0123456789abcdef";

/* A character that may not stand in a string as it is. */
static void
put_escape(struct buf *b, unsigned char c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; i + 1 < sizeof(names); i += 2) {
		if (c == (unsigned char)names[i]) {
			buf_char(b, '\\');
			buf_char(b, names[i + 1]);
			return;
		}
	}
	buf_put(b, S("\\u00"));
	buf_char(b, hex[c >> 4]);
	buf_char(b, hex[c & 15]);
}

static bool
as_is(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void
json_put_string(struct buf *b, struct str s)
{
	size_t start = b->n, n;

	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i += n) {
		for (n = 0; i + n < s.n && as_is(s.p[i + n]); n++)
			continue;
		buf_put(b, str_slice(s, i, i + n));
		i += n;
		if (i == s.n)
			break;
		n = utf8_next(str_slice(s, i, s.n), NULL);
		if (n > 1)
			buf_put(b, str_slice(s, i, i + n));
		else if (n == 1)
			put_escape(b, (unsigned char)s.p[i]);
		else
			buf_put(b, S("\xef\xbf\xbd"));
		n += n == 0;
	}
	buf_char(b, '"');
	if (b->full)
		b->n = start;
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
