/* fuzz: core/base/num.c core/base/size.c core/base/duration.c */
#include <string.h>

#include "base/num.h"
#include "must.h"

__extension__ typedef unsigned __int128 wide;

typedef int reader(struct str, uint64_t *);
typedef void writer(struct buf *, uint64_t);

static void
check_canonical(reader *read, writer *put, uint64_t v)
{
	char text[32], text2[32];
	struct buf b = BUF(text), b2 = BUF(text2);
	uint64_t back = ~v;

	put(&b, v);
	MUST(!b.full && read(buf_str(&b), &back) == 0 && back == v);
	put(&b2, back);
	MUST(str_eq(buf_str(&b), buf_str(&b2)));
}

static void
check_integers(struct str s)
{
	char text[32];
	struct buf b = BUF(text);
	uint64_t v, w;
	int64_t i;

	MUST(num_uint(s, &v) == num_json_uint(s, &w));
	if (num_uint(s, &v) == 0) {
		buf_uint(&b, v);
		MUST(str_eq(buf_str(&b), s));
		MUST(v > INT64_MAX || (num_int(s, &i) == 0 && i == (int64_t)v));
	}
	b = BUF(text);
	if (num_int(s, &i) == 0) {
		buf_int(&b, i);
		MUST(str_eq(buf_str(&b), s) || str_eq(s, S("-0")));
	}
}

/* What a digit more does to the value, from the front. */
static void
check_hex(struct str s)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char text[32];
	struct buf b = BUF(text);
	uint64_t v, want = 0;
	bool good = s.n > 0 && s.n <= 16;

	for (size_t i = 0; i < s.n && good; i++) {
		size_t at = str_find(str_of(digits), s.p[i], 0);

		good = at < sizeof(digits) - 1;
		want = want * 16 + (at < 16 ? at : at - 6);
	}
	MUST((num_hex(s, &v) == 0) == good && (!good || v == want));
	if (good) {
		buf_hex(&b, v);
		MUST(num_bits(buf_str(&b), &want) == 0 && want == v);
	}
}

static void
check_bits(struct str s)
{
	uint64_t v, u;
	int64_t i;

	if (num_bits(s, &v) < 0) {
		MUST(num_uint(s, &u) < 0 && num_int(s, &i) < 0);
		MUST(!str_starts(s, S("0x")) || num_hex(str_slice(s, 2, s.n), &u) < 0);
	} else if (str_starts(s, S("0x"))) {
		MUST(num_hex(str_slice(s, 2, s.n), &u) == 0 && u == v);
	} else if (s.p[0] == '-') {
		MUST(num_int(s, &i) == 0 && (uint64_t)i == v);
	} else {
		MUST(num_uint(s, &u) == 0 && u == v);
	}
}

static void
check_ones(uint64_t v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < 64; i++)
		n += v >> i & 1;
	MUST(num_ones(v) == n && num_ones(~v) == 64 - n);
}

static void
check_mode(struct str s)
{
	char text[32];
	struct buf b = BUF(text);
	uint32_t v;

	if (num_mode(s, &v) < 0)
		return;
	MUST(v <= 07777);
	while (s.n > 1 && s.p[0] == '0')
		s = str_slice(s, 1, s.n);
	buf_octal(&b, v);
	MUST(str_eq(buf_str(&b), s));
}

/* The value of DIGITS[.DIGITS] times unit, rounded down, by the widest arithmetic there is. */
static wide
product(struct str s, wide unit)
{
	size_t point = str_find(s, '.', 0);
	wide v = 0, one = 1;

	for (size_t i = 0; i < s.n; i++) {
		if (i == point)
			continue;
		v = v * 10 + (unsigned char)s.p[i] - '0';
		one *= i > point ? 10 : 1;
	}
	return v / one * unit + v % one * unit / one;
}

static void
check_size(struct str s)
{
	static const char suffix[] = "KMGTkmgt";
	uint64_t v;
	size_t at;

	if (num_size(s, &v) < 0)
		return;
	check_canonical(num_size, num_put_size, v);
	at = str_find(str_of(suffix), s.p[s.n - 1], 0);
	if (at < sizeof(suffix) - 1)
		MUST(product(str_slice(s, 0, s.n - 1), (wide)1 << (at % 4 + 1) * 10) == v);
}

static void
check_duration(struct str s)
{
	uint64_t v, one, sum = 0;
	size_t from = 0;

	if (num_duration(s, &v) < 0)
		return;
	check_canonical(num_duration, num_put_duration, v);
	/* The terms alone make the sum. */
	for (size_t i = 1; i <= s.n && !str_eq(s, S("0")); i++) {
		if (i < s.n && (s.p[i] < '0' || s.p[i] > '9' || s.p[i - 1] < 'a'))
			continue;
		MUST(num_duration(str_slice(s, from, i), &one) == 0);
		sum += one;
		from = i;
	}
	MUST(sum == v);
}

static void
check_cpu(struct str s)
{
	uint64_t v;

	if (num_cpu(s, &v) == 0)
		MUST(product(s, 1000) == v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = { (const char *)data, n };
	uint64_t v = 0;

	if (n > 4096)
		return 0;
	memcpy(&v, data, n < sizeof(v) ? n : sizeof(v));
	check_canonical(num_size, num_put_size, v);
	check_canonical(num_duration, num_put_duration, v);
	check_canonical(num_uint, buf_uint, v);
	check_ones(v);
	check_integers(s);
	check_hex(s);
	check_bits(s);
	check_mode(s);
	check_size(s);
	check_duration(s);
	check_cpu(s);
	return 0;
}
