#include "base/utf8.h"
#include "text/jsonread.h"
#include "text/jsonstr.h"

/* Tells a fault in the string whose opening quote is still the next byte of the reader. */
static int
string_fault(struct jsonread *r, enum jsonstr_fault fault, const char *at)
{
	struct str rest = { at, (size_t)(r->end - at) }, before = S(""), after = S("");
	struct pos start = jsonread_pos(r, r->p);
	char text[48];
	struct buf shown = BUF(text);
	size_t n;

	switch (fault) {
	case JSONSTR_END:
		before = S("expected the closing quote of the string that begins at ");
		buf_uint(&shown, start.line);
		buf_char(&shown, ':');
		buf_uint(&shown, start.col);
		after = S(", found the end of the text");
		break;
	case JSONSTR_CONTROL:
		before = S("expected an escape for the control character ");
		buf_escaped(&shown, str_slice(rest, 0, 1));
		after = S(" in a string");
		break;
	case JSONSTR_ESCAPE:
		before = S("expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found ");
		n = utf8_next(str_slice(rest, 1, rest.n), NULL);
		buf_printable(&shown, str_slice(rest, 0, 1 + (n > 0 ? n : 1)));
		break;
	case JSONSTR_HEX:
		before = S("expected four hexadecimal digits after \\u");
		break;
	case JSONSTR_SURROGATE:
		before = S("expected a pair of surrogates, found ");
		buf_put(&shown, str_slice(rest, 0, 6));
		after = S(" alone");
		break;
	case JSONSTR_OK: /* not a fault */
	case JSONSTR_UTF8:
		before = S("expected UTF-8 in a string, found the byte ");
		buf_escaped(&shown, str_slice(rest, 0, 1));
		break;
	}
	return jsonread_fail(r, r->fault, at, TEXT("%%%", before, buf_str(&shown), after));
}

int
jsonread_string(struct jsonread *r, struct str *out)
{
	struct str s = { r->p + 1, (size_t)(r->end - r->p) - 1 };
	enum jsonstr_fault fault;
	bool escaped;
	size_t n;
	char *copy;

	fault = jsonstr_scan(s, &n, &escaped);
	if (fault != JSONSTR_OK)
		return string_fault(r, fault, s.p + n);
	r->p = s.p + n + 1;
	*out = str_slice(s, 0, n);
	if (!escaped)
		return 0;
	copy = arena_bytes(r->arena, n);
	if (copy == NULL)
		return jsonread_memory(r);
	*out = (struct str){ copy, jsonstr_decode(*out, copy) };
	return 0;
}
