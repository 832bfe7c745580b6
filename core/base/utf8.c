#include <string.h>

#include "base/utf8.h"

static bool
is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
utf8_next(struct str s, uint32_t *cp)
{
	/* The least code point of each length: anything below it is an overlong form. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead;
	size_t n;
	uint32_t v;

	if (s.n == 0)
		return 0;
	lead = (unsigned char)s.p[0];
	if (lead < 0x80) {
		n = 1;
		v = lead;
	} else if ((lead & 0xe0) == 0xc0) {
		n = 2;
		v = lead & 0x1fU;
	} else if ((lead & 0xf0) == 0xe0) {
		n = 3;
		v = lead & 0x0fU;
	} else if ((lead & 0xf8) == 0xf0) {
		n = 4;
		v = lead & 0x07U;
	} else {
		return 0;
	}
	if (n > s.n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (!is_tail(s.p[i]))
			return 0;
		v = v << 6 | ((unsigned char)s.p[i] & 0x3fU);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return 0;
	if (cp != NULL)
		*cp = v;
	return n;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			return 0;
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t
utf8_check(struct str s)
{
	size_t at = 0, n;

	while (at < s.n) {
		uint64_t word;

		if (s.n - at >= sizeof(word)) {
			memcpy(&word, s.p + at, sizeof(word));
			if ((word & 0x8080808080808080) == 0) {
				at += sizeof(word);
				continue;
			}
		}
		n = utf8_next(str_slice(s, at, s.n), NULL);
		if (n == 0)
			return at;
		at += n;
	}
	return s.n;
}

size_t
utf8_cut(struct str s, size_t max)
{
	size_t n = max;

	if (s.n <= max)
		return s.n;
	while (n > 0 && max - n < 3 && is_tail(s.p[n]))
		n--;
	return is_tail(s.p[n]) ? max : n;
}

bool
utf8_printable(uint32_t cp)
{
	/* What reorders, hides or breaks a line on a terminal (Unicode classes Cc, Cf, Zl, Zp). */
	static const uint32_t bad[][2] = {
		{ 0x7f, 0x9f },
		{ 0xad, 0xad },
		{ 0x600, 0x605 },
		{ 0x61c, 0x61c },
		{ 0x6dd, 0x6dd },
		{ 0x70f, 0x70f },
		{ 0x180e, 0x180e },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2060, 0x206f },
		{ 0xfdd0, 0xfdef },
		{ 0xfeff, 0xfeff },
		{ 0xfff0, 0xfffb },
		{ 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	if (cp < 0x7f)
		return cp >= 0x20;
	if ((cp & 0xfffe) == 0xfffe)
		return false;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (cp >= bad[i][0] && cp <= bad[i][1])
			return false;
	return true;
}
