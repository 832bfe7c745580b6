#include "base/num.h"

int
num_cpu(struct str s, uint64_t *milli)
{
	size_t point = str_find(s, '.', 0);
	uint64_t whole = 0, scale = 1000;

	if (point > 0 || point == s.n)
		if (num_uint(str_slice(s, 0, point), &whole) < 0)
			return -1;
	if (__builtin_mul_overflow(whole, 1000, &whole) || s.n - point > 4 || s.n - point == 1)
		return -1;
	for (size_t i = point + 1; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		scale /= 10;
		if (digit > 9 || __builtin_add_overflow(whole, digit * scale, &whole))
			return -1;
	}
	*milli = whole;
	return 0;
}

void
num_put_cpu(struct buf *b, uint64_t milli)
{
	buf_uint(b, milli / 1000);
	milli %= 1000;
	if (milli > 0)
		buf_char(b, '.');
	for (; milli > 0; milli = milli * 10 % 1000)
		buf_char(b, (char)('0' + milli / 100));
}

const struct num_unit num_of_cores = { num_cpu, num_put_cpu,
	" is no number of cores; digits such as 2 or 0.5 are due, three behind the point at most",
	0 };
