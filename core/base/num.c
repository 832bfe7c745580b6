#include "base/num.h"

int
num_uint(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || (s.n > 1 && s.p[0] == '0'))
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		if (digit > 9 || __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			return -1;
	}
	*out = v;
	return 0;
}

int
num_range(struct str s, uint64_t *from, uint64_t *to)
{
	size_t dash = str_find(s, '-', 0);

	if (num_uint(str_slice(s, 0, dash), from) < 0)
		return -1;
	/* without a second one the first is that as well */
	if (num_uint(str_slice(s, dash < s.n ? dash + 1 : 0, s.n), to) < 0)
		return -1;
	return *from <= *to ? 0 : -1;
}

int
num_int(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	uint64_t v, most = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;

	if (num_uint(str_slice(s, minus, s.n), &v) < 0 || v > most)
		return -1;
	if (!minus)
		*out = (int64_t)v;
	else if (v == most)
		*out = INT64_MIN;
	else
		*out = -(int64_t)v;
	return 0;
}

int
num_hex(struct str s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 16)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';
		unsigned letter = ((unsigned char)s.p[i] | 0x20u) - (unsigned)'a';

		if (digit > 9 && letter > 5)
			return -1;
		v = v << 4 | (digit > 9 ? letter + 10 : digit);
	}
	*out = v;
	return 0;
}

int
num_bits(struct str s, uint64_t *out)
{
	int64_t v;

	if (str_starts(s, S("0x")))
		return num_hex(str_slice(s, 2, s.n), out);
	if (num_uint(s, out) == 0)
		return 0;
	if (num_int(s, &v) < 0)
		return -1;
	*out = (uint64_t)v;
	return 0;
}

int
num_mode(struct str s, uint32_t *out)
{
	uint32_t v = 0;

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		if (digit > 7)
			return -1;
		v = v << 3 | digit;
		if (v > 07777)
			return -1;
	}
	*out = v;
	return 0;
}

int
num_json_uint(struct str s, uint64_t *out)
{
	/* RFC 8259 forbids leading zeros and plus signs as well; "-0" is no number of anything. */
	return num_uint(s, out);
}

unsigned
num_ones(uint64_t v)
{
	unsigned n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}
