#include <string.h>

#include "base/utf8.h"
#include "text/jsonstr.h"

/* Value of four hexadecimal digits at the front; a value above 0xffff when they are none. */
static uint32_t
hex4(struct str s)
{
	uint32_t v = 0;

	if (s.n < 4)
		return UINT32_MAX;
	for (size_t i = 0; i < 4; i++) {
		char c = s.p[i], small = (char)(c | 0x20);

		if (c >= '0' && c <= '9')
			v = v << 4 | (uint32_t)(c - '0');
		else if (small >= 'a' && small <= 'f')
			v = v << 4 | (uint32_t)(small - 'a' + 10);
		else
			return UINT32_MAX;
	}
	return v;
}

static bool
is_surrogate(uint32_t v, uint32_t from)
{
	return v >= from && v < from + 0x400;
}

/* The byte that a one-letter escape stands for; NUL when there is no such escape. */
static char
short_escape(char c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
		return c;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return '\0';
	}
}

/* One escape at the front: its length in *n. */
static enum jsonstr_fault
scan_escape(struct str s, size_t *n)
{
	uint32_t v;

	if (s.n < 2)
		return JSONSTR_END;
	*n = 2;
	if (s.p[1] != 'u')
		return short_escape(s.p[1]) != '\0' ? JSONSTR_OK : JSONSTR_ESCAPE;
	*n = 6;
	v = hex4(str_slice(s, 2, s.n));
	if (v > 0xffff)
		return JSONSTR_HEX;
	if (is_surrogate(v, 0xdc00))
		return JSONSTR_SURROGATE;
	if (!is_surrogate(v, 0xd800))
		return JSONSTR_OK;
	*n = 12;
	s = str_slice(s, 6, s.n);
	if (!str_starts(s, S("\\u")) || !is_surrogate(hex4(str_slice(s, 2, s.n)), 0xdc00))
		return JSONSTR_SURROGATE;
	return JSONSTR_OK;
}

static bool
is_plain(char c)
{
	unsigned char u = (unsigned char)c;

	return u >= 0x20 && u < 0x80 && u != '"' && u != '\\';
}

/* Offset at or after at of the first byte that is not plain ASCII of a string, or of the end. */
static size_t
skip_plain(struct str s, size_t at)
{
	const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
	uint64_t word;

	/* Eight at a time: a borrow into the high bit of some byte shows that one is special. */
	for (; s.n - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, s.p + at, sizeof(word));
		if (((word | (word - ones * 0x20) | ((word ^ ones * '"') - ones) |
			 ((word ^ ones * '\\') - ones)) &
			high) != 0)
			break;
	}
	while (at < s.n && is_plain(s.p[at]))
		at++;
	return at;
}

enum jsonstr_fault
jsonstr_scan(struct str s, size_t *at, bool *escaped)
{
	size_t i = 0, n;

	*escaped = false;
	for (;; i += n) {
		enum jsonstr_fault fault = JSONSTR_OK;

		i = skip_plain(s, i);
		*at = i;
		if (i == s.n) {
			return JSONSTR_END;
		} else if (s.p[i] == '"') {
			return JSONSTR_OK;
		} else if (s.p[i] == '\\') {
			*escaped = true;
			fault = scan_escape(str_slice(s, i, s.n), &n);
		} else if ((unsigned char)s.p[i] < 0x20) {
			fault = JSONSTR_CONTROL;
		} else {
			n = utf8_next(str_slice(s, i, s.n), NULL);
			if (n == 0)
				fault = JSONSTR_UTF8;
		}
		if (fault != JSONSTR_OK)
			return fault;
	}
}

/* The character of one escape at the front, whose length comes out in *n. */
static uint32_t
escape_char(struct str s, size_t *n)
{
	uint32_t v;

	*n = 2;
	if (s.p[1] != 'u')
		return (uint32_t)short_escape(s.p[1]);
	*n = 6;
	v = hex4(str_slice(s, 2, s.n));
	if (!is_surrogate(v, 0xd800))
		return v;
	*n = 12;
	return 0x10000 + ((v - 0xd800) << 10) + (hex4(str_slice(s, 8, s.n)) - 0xdc00);
}

size_t
jsonstr_decode(struct str raw, char *out)
{
	size_t n = 0, skip;

	for (size_t i = 0; i < raw.n; i += skip) {
		size_t end = str_find(raw, '\\', i);

		memcpy(out + n, raw.p + i, end - i);
		n += end - i;
		i = end;
		if (i == raw.n)
			break;
		n += utf8_encode(escape_char(str_slice(raw, i, raw.n), &skip), out + n);
	}
	return n;
}
