#include "base/num.h"

/* More digits than this say nothing about bytes, and twice 10^18 still fits. */
enum { FRACTION_DIGITS = 18 };

/* Shift of a suffix; 0 when it is none. */
static unsigned
suffix_shift(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	case 't':
	case 'T':
		return 40;
	default:
		return 0;
	}
}

/* 0.DIGITS * 2^shift, rounded down, bit by bit: exact, where a product would overflow. */
static int
fraction_bytes(struct str digits, unsigned shift, uint64_t *out)
{
	uint64_t part = 0, one = 1, bytes = 0;

	if (digits.n == 0 || digits.n > FRACTION_DIGITS)
		return -1;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned digit = (unsigned char)digits.p[i] - (unsigned)'0';

		if (digit > 9)
			return -1;
		part = part * 10 + digit;
		one *= 10;
	}
	for (; shift > 0; shift--) {
		part *= 2;
		bytes = bytes << 1 | (part >= one);
		if (part >= one)
			part -= one;
	}
	*out = bytes;
	return 0;
}

int
num_size(struct str s, uint64_t *out)
{
	unsigned shift = s.n > 0 ? suffix_shift(s.p[s.n - 1]) : 0;
	uint64_t whole, part = 0;
	size_t point;

	if (shift == 0)
		return num_uint(s, out);
	s.n--;
	point = str_find(s, '.', 0);
	if (num_uint(str_slice(s, 0, point), &whole) < 0 || whole > UINT64_MAX >> shift)
		return -1;
	if (point < s.n && fraction_bytes(str_slice(s, point + 1, s.n), shift, &part) < 0)
		return -1;
	*out = (whole << shift) + part; /* part < 2^shift: no carry */
	return 0;
}

void
num_put_size(struct buf *b, uint64_t bytes)
{
	static const char suffix[] = "KMGT";
	char text[24];
	struct buf t = BUF(text);
	size_t unit = 0;

	while (bytes > 0 && unit < 4 && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	buf_uint(&t, bytes);
	if (unit > 0)
		buf_char(&t, suffix[unit - 1]);
	buf_put(b, buf_str(&t));
}

static const char fault[] = " is no size; bytes or 512K, 64M, 1.5G are due";

const struct num_unit num_of_bytes = { num_size, num_put_size, fault, 0 };
const struct num_unit num_of_memory = { num_size, num_put_size, fault, 40 };
