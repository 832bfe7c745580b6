#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static const char hex[] = "0123456789abcdef";

void
buf_put(struct buf *b, struct str s)
{
	if (b->full || s.n > b->cap - b->n) {
		b->full = true;
		return;
	}
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
buf_cstr(struct buf *b, const char *s)
{
	buf_put(b, str_of(s));
}

void
buf_char(struct buf *b, char c)
{
	buf_put(b, (struct str){ &c, 1 });
}

static void
put_digits(struct buf *b, uint64_t v, unsigned base, bool minus)
{
	char digit[24];
	size_t at = sizeof(digit);

	do {
		digit[--at] = hex[v % base];
		v /= base;
	} while (v > 0);
	if (minus)
		digit[--at] = '-';
	buf_put(b, (struct str){ digit + at, sizeof(digit) - at });
}

void
buf_uint(struct buf *b, uint64_t v)
{
	put_digits(b, v, 10, false);
}

struct str
uint_text(char room[UINT_ROOM], uint64_t v)
{
	struct buf b = { .cap = UINT_ROOM };

	b.p = room;
	buf_uint(&b, v);
	return buf_str(&b);
}

void
buf_int(struct buf *b, int64_t v)
{
	put_digits(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, 10, v < 0);
}

void
buf_octal(struct buf *b, uint64_t v)
{
	put_digits(b, v, 8, false);
}

void
buf_hex(struct buf *b, uint64_t v)
{
	buf_put(b, S("0x"));
	put_digits(b, v, 16, false);
}

void
buf_text(struct buf *b, const char *text, const struct str *arg, size_t n)
{
	for (struct text t = { text, arg, n }; *t.at != '\0';)
		buf_put(b, text_next(&t));
}

static void
put_hex(struct buf *b, char c)
{
	unsigned char u = (unsigned char)c;

	buf_put(b, (struct str){ (char[]){ '\\', 'x', hex[u >> 4], hex[u & 15] }, 4 });
}

/* Length of the printable text at the front; does a backslash belong to it? */
static size_t
printable_run(struct str s, bool backslash)
{
	size_t n = 0, len;
	uint32_t cp;

	while (n < s.n && (backslash || s.p[n] != '\\')) {
		len = utf8_next(str_slice(s, n, s.n), &cp);
		if (len == 0 || !utf8_printable(cp))
			break;
		n += len;
	}
	return n;
}

void
buf_printable(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t run = printable_run(str_slice(s, i, s.n), true);

		buf_put(b, str_slice(s, i, i + run));
		i += run;
		if (i < s.n)
			put_hex(b, s.p[i]);
	}
}

void
buf_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t run = printable_run(str_slice(s, i, s.n), false);

		buf_put(b, str_slice(s, i, i + run));
		i += run;
		if (i == s.n)
			break;
		if (s.p[i] == '\n')
			buf_put(b, S("\\n"));
		else if (s.p[i] == '\t')
			buf_put(b, S("\\t"));
		else if (s.p[i] == '\\')
			buf_put(b, S("\\\\"));
		else
			put_hex(b, s.p[i]);
	}
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}
