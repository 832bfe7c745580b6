/* core/base/num.c, core/base/size.c, core/base/duration.c */
#include "base/num.h"
#include "check.h"
#include "unit.h"

/* No reader stores anything when it refuses. */
#define KEPT 0x5a5a

struct row {
	const char *text;
	int result;
	uint64_t want;
};

typedef int reader(struct str, uint64_t *);

static void
check_rows(reader *read, const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t v = KEPT;
		int r = read(str_of(t[i].text), &v);

		CHECK_NUM(i, r, t[i].result);
		CHECK_NUM(i, v, t[i].result == 0 ? t[i].want : KEPT);
	}
}

static void
unsigned_integers(void)
{
	static const struct row t[] = {
		{ "0", 0, 0 },
		{ "7", 0, 7 },
		{ "4294967296", 0, 4294967296 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -1, 0 },
		{ "18446744073709551620", -1, 0 },
		{ "28446744073709551615", -1, 0 },
		{ "99999999999999999999999", -1, 0 },
		{ "", -1, 0 },
		{ "00", -1, 0 },
		{ "01", -1, 0 },
		{ "-1", -1, 0 },
		{ "+1", -1, 0 },
		{ " 1", -1, 0 },
		{ "1 ", -1, 0 },
		{ "1.0", -1, 0 },
		{ "1e3", -1, 0 },
		{ "0x10", -1, 0 },
		{ "1_000", -1, 0 },
		{ "/", -1, 0 },
		{ ":", -1, 0 },
		{ "-0", -1, 0 },
	};
	uint64_t v = KEPT;

	check_rows(num_uint, t, COUNT(t));
	check_rows(num_json_uint, t, COUNT(t));
	CU_ASSERT(num_uint(S("1\0"), &v) == -1);
}

static void
ranges(void)
{
	static const struct {
		const char *text;
		int result;
		uint64_t from, to;
	} t[] = {
		{ "0", 0, 0, 0 },
		{ "3-3", 0, 3, 3 },
		{ "0-18446744073709551615", 0, 0, UINT64_MAX },
		{ "", -1, 0, 0 },
		{ "-", -1, 0, 0 },
		{ "-3", -1, 0, 0 },
		{ "3-", -1, 0, 0 },
		{ "3-1", -1, 0, 0 },
		{ "1-2-3", -1, 0, 0 },
		{ "01-2", -1, 0, 0 },
		{ "1-02", -1, 0, 0 },
		{ "1 -2", -1, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		uint64_t from = KEPT, to = KEPT;

		CHECK_NUM(i, num_range(str_of(t[i].text), &from, &to), t[i].result);
		if (t[i].result < 0)
			continue;
		CHECK_NUM(i, from, t[i].from);
		CHECK_NUM(i, to, t[i].to);
	}
}

static void
signed_integers(void)
{
	static const struct {
		const char *text;
		int result;
		int64_t want;
	} t[] = {
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "-1", 0, -1 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -1, 0 },
		{ "-9223372036854775807", 0, -INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "-9223372036854775809", -1, 0 },
		{ "-18446744073709551616", -1, 0 },
		{ "", -1, 0 },
		{ "-", -1, 0 },
		{ "--1", -1, 0 },
		{ "-01", -1, 0 },
		{ "+1", -1, 0 },
		{ "- 1", -1, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		int64_t v = KEPT;

		CHECK_NUM(i, num_int(str_of(t[i].text), &v), t[i].result);
		CHECK_NUM(i, v, t[i].result == 0 ? t[i].want : KEPT);
	}
}

static int
read_mode(struct str s, uint64_t *out)
{
	uint32_t v = KEPT;
	int r = num_mode(s, &v);

	*out = v;
	return r;
}

static void
bits(void)
{
	static const struct {
		const char *text;
		int want;
		uint64_t value;
	} t[] = {
		{ "0", 0, 0 },
		{ "41", 0, 41 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -1, 0 },
		{ "-1", 0, UINT64_MAX },
		{ "-9223372036854775808", 0, (uint64_t)1 << 63 },
		{ "-9223372036854775809", -1, 0 },
		{ "0x0", 0, 0 },
		{ "0xfFaA09", 0, 0xffaa09 },
		{ "0xffffffffffffffff", 0, UINT64_MAX },
		{ "0x00000000000000000", -1, 0 },
		{ "0x", -1, 0 },
		{ "0xg", -1, 0 },
		{ "0x/", -1, 0 },
		{ "0x@", -1, 0 },
		{ "0x`", -1, 0 },
		{ "0x:", -1, 0 },
		{ "-0x1", -1, 0 },
		{ "", -1, 0 },
		{ "01", -1, 0 },
		{ "x", -1, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		uint64_t v = 0;

		CHECK_NUM(i, num_bits(str_of(t[i].text), &v) == 0, t[i].want == 0);
		CHECK_NUM(i, v, t[i].value);
	}
}

static void
modes(void)
{
	static const struct row t[] = {
		{ "0", 0, 0 },
		{ "755", 0, 0755 },
		{ "0755", 0, 0755 },
		{ "7777", 0, 07777 },
		{ "00000000000000000000000000000000644", 0, 0644 },
		{ "10000", -1, 0 },
		{ "77777777777777777777", -1, 0 },
		{ "8", -1, 0 },
		{ "75/", -1, 0 },
		{ "0o755", -1, 0 },
		{ "-1", -1, 0 },
		{ "", -1, 0 },
	};

	check_rows(read_mode, t, COUNT(t));
}

static void
sizes(void)
{
	static const struct row t[] = {
		{ "0", 0, 0 },
		{ "512", 0, 512 },
		{ "1k", 0, 1024 },
		{ "1K", 0, 1024 },
		{ "512M", 0, 536870912 },
		{ "512m", 0, 536870912 },
		{ "1.5G", 0, 1610612736 },
		{ "2g", 0, 2147483648 },
		{ "3T", 0, 3298534883328 },
		{ "3t", 0, 3298534883328 },
		{ "0K", 0, 0 },
		{ "0.5K", 0, 512 },
		{ "0.3K", 0, 307 },
		{ "0.0001K", 0, 0 },
		{ "1.0K", 0, 1024 },
		{ "0.999999999999999999T", 0, 1099511627775 },
		{ "0.000000000000909495T", 0, 1 },
		{ "0.000000000000909494T", 0, 0 },
		{ "1.000000000000000001K", 0, 1024 },
		{ "1.0000000000000000001K", -1, 0 }, /* 19 digits */
		{ "16777215T", 0, 16777215ULL << 40 },
		{ "16777215.999999999999999999T", 0, UINT64_MAX },
		{ "16777216T", -1, 0 },
		{ "18014398509481983K", 0, 18014398509481983ULL << 10 },
		{ "18014398509481984K", -1, 0 },
		{ "18446744073709551615", 0, UINT64_MAX },
		{ "18446744073709551616", -1, 0 },
		{ "99999999999999999999K", -1, 0 },
		{ "", -1, 0 },
		{ "K", -1, 0 },
		{ ".5K", -1, 0 },
		{ "1.K", -1, 0 },
		{ "1.5", -1, 0 },
		{ "1.5.5K", -1, 0 },
		{ "1.-5K", -1, 0 },
		{ "1.5/K", -1, 0 },
		{ "01K", -1, 0 },
		{ "-1K", -1, 0 },
		{ "1 K", -1, 0 },
		{ "1KB", -1, 0 },
		{ "1KiB", -1, 0 },
		{ "1P", -1, 0 },
		{ "1B", -1, 0 },
		{ "max", -1, 0 },
	};

	check_rows(num_size, t, COUNT(t));
}

static void
durations(void)
{
	static const struct row t[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "300s", 0, 300000 },
		{ "5m", 0, 300000 },
		{ "1h30m", 0, 5400000 },
		{ "1h05m", 0, 3900000 },
		{ "500ms", 0, 500 },
		{ "1.5s", 0, 1500 },
		{ "1.500s", 0, 1500 },
		{ "1.0ms", 0, 1 },
		{ "0.25h", 0, 900000 },
		{ "1d2h3m4s5ms", 0, 93784005 },
		{ "1d1.5s", 0, 86401500 },
		{ "2m1ms", 0, 120001 },
		{ "0.0000003125d", 0, 27 },
		{ "0.00000003125d", -1, 0 },
		{ "0.000000031250000000000000000000d", -1, 0 },
		{ "0.50000000000000000000000000000s", 0, 500 },
		{ "18446744073709551615ms", 0, UINT64_MAX },
		{ "18446744073709551616ms", -1, 0 },
		{ "18446744073709551s615ms", 0, UINT64_MAX },
		{ "18446744073709551s616ms", -1, 0 },
		{ "18446744073709551.615s", 0, UINT64_MAX },
		{ "18446744073709551.616s", -1, 0 },
		{ "213503982334d", 0, 213503982334ULL * 86400000 },
		{ "213503982335d", -1, 0 },
		{ "99999999999999999999d", -1, 0 },
		{ "", -1, 0 },
		{ "1", -1, 0 },
		{ "00", -1, 0 },
		{ "300", -1, 0 },
		{ "s", -1, 0 },
		{ ".5s", -1, 0 },
		{ "1.s", -1, 0 },
		{ "1.5", -1, 0 },
		{ "1.5.5s", -1, 0 },
		{ "1.0001s", -1, 0 },
		{ "0.5ms", -1, 0 },
		{ "1.5h30m", -1, 0 },
		{ "1m1h", -1, 0 },
		{ "1m1m", -1, 0 },
		{ "1ms1s", -1, 0 },
		{ "1h 30m", -1, 0 },
		{ "1 h", -1, 0 },
		{ "-1s", -1, 0 },
		{ "+1s", -1, 0 },
		{ "1S", -1, 0 },
		{ "1sec", -1, 0 },
		{ "1us", -1, 0 },
		{ "1h30", -1, 0 },
		{ "infinity", -1, 0 },
	};

	check_rows(num_duration, t, COUNT(t));
}

static void
cores(void)
{
	static const struct row t[] = {
		{ "0", 0, 0 },
		{ "2", 0, 2000 },
		{ "0.5", 0, 500 },
		{ ".25", 0, 250 },
		{ "1.001", 0, 1001 },
		{ "1.010", 0, 1010 },
		{ "18446744073709551.615", 0, UINT64_MAX },
		{ "18446744073709551.616", -1, 0 },
		{ "18446744073709552", -1, 0 },
		{ "18446744073709551616", -1, 0 },
		{ "1.0001", -1, 0 },
		{ "1.0000", -1, 0 },
		{ "", -1, 0 },
		{ ".", -1, 0 },
		{ "1.", -1, 0 },
		{ "1.5.", -1, 0 },
		{ "1./", -1, 0 },
		{ "1.a", -1, 0 },
		{ "01", -1, 0 },
		{ "-1", -1, 0 },
		{ "1e1", -1, 0 },
		{ "50%", -1, 0 },
	};

	check_rows(num_cpu, t, COUNT(t));
}

typedef void writer(struct buf *, uint64_t);

static void
check_canonical(reader *read, writer *put, uint64_t v)
{
	char text[32];
	struct buf b = BUF(text);
	uint64_t back = ~v;

	put(&b, v);
	CU_ASSERT(!b.full);
	CHECK_NUM(0, read(buf_str(&b), &back), 0);
	CHECK_NUM(0, back, v);
}

static void
canonical_forms_go_round(void)
{
	static const uint64_t seed[] = { 0, 1, 59, 60, 999, 1000, 1023, 1024, 1025, 60000, 3600000,
		86400000, 90000, 1 << 20, 3 << 29, (1ULL << 40) + 1, UINT64_MAX, UINT64_MAX - 1 };

	for (size_t i = 0; i < COUNT(seed); i++) {
		for (uint64_t scale = 1; scale < 1ULL << 50; scale *= 10) {
			check_canonical(num_size, num_put_size, seed[i] * scale);
			check_canonical(num_duration, num_put_duration, seed[i] * scale);
		}
		for (unsigned shift = 0; shift < 64; shift += 5)
			check_canonical(num_size, num_put_size, seed[i] << shift);
	}
}

static struct str
shown(writer *put, uint64_t v, struct buf *b)
{
	b->n = 0;
	put(b, v);
	return buf_str(b);
}

static void
canonical_forms(void)
{
	char text[32], tiny[2];
	struct buf b = BUF(text);

	CHECK_TEXT(0, shown(num_put_size, 0, &b), "0");
	CHECK_TEXT(0, shown(num_put_size, 1000, &b), "1000");
	CHECK_TEXT(0, shown(num_put_size, 1536ULL << 20, &b), "1536M");
	CHECK_TEXT(0, shown(num_put_size, 1ULL << 30, &b), "1G");
	CHECK_TEXT(0, shown(num_put_size, 2048ULL << 40, &b), "2048T");
	CHECK_TEXT(0, shown(num_put_size, UINT64_MAX, &b), "18446744073709551615");
	CHECK_TEXT(0, shown(num_put_duration, 0, &b), "0");
	CHECK_TEXT(0, shown(num_put_duration, 1, &b), "1ms");
	CHECK_TEXT(0, shown(num_put_duration, 90000, &b), "90s");
	CHECK_TEXT(0, shown(num_put_duration, 5400000, &b), "90m");
	CHECK_TEXT(0, shown(num_put_duration, 7200000, &b), "2h");
	CHECK_TEXT(0, shown(num_put_duration, 172800000, &b), "2d");
	b = BUF(tiny);
	CHECK_TEXT(0, shown(num_put_size, 16384, &b), ""); /* never a number without its unit */
	CU_ASSERT(b.full);
	b = BUF(tiny);
	CHECK_TEXT(0, shown(num_put_duration, 10000, &b), "");
	CU_ASSERT(b.full);
}

UNIT_MAIN("num", { "unsigned integers", unsigned_integers }, { "ranges", ranges },
    { "signed integers", signed_integers }, { "bits", bits }, { "modes", modes },
    { "sizes", sizes }, { "durations", durations }, { "cores", cores },
    { "canonical forms go round", canonical_forms_go_round },
    { "canonical forms", canonical_forms })
