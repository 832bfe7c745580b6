/* core/text/cgfile.c */
#include "check.h"
#include "text/cgfile.h"
#include "unit.h"

#define TEXT_OF(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static void
words(void)
{
	struct str rest = S("  cpu io\nmemory  \n");

	CHECK_TEXT(0, cgfile_word(&rest), "cpu");
	CHECK_TEXT(0, cgfile_word(&rest), "io");
	CHECK_TEXT(0, cgfile_word(&rest), "memory");
	CU_ASSERT(cgfile_word(&rest).p == NULL);
	CU_ASSERT(cgfile_word(&rest).p == NULL);
	CU_ASSERT(cgfile_has(S("cpuset cpu io memory\n"), S("cpu")));
	CU_ASSERT(cgfile_has(S("cpuset cpu io memory\n"), S("memory")));
	CU_ASSERT(cgfile_has(S("io"), S("io")));
	CU_ASSERT(!cgfile_has(S("cpuset io memory\n"), S("cpu")));
	CU_ASSERT(!cgfile_has(S("cpu\n"), S("cpuset")));
	CU_ASSERT(!cgfile_has(S("\n"), S("cpu")));
	CU_ASSERT(!cgfile_has(S(""), S("")));
}

static void
values(void)
{
	static const struct {
		struct str text;
		int result;
		uint64_t v;
	} t[] = {
		{ TEXT_OF("67108864\n"), 0, 67108864 },
		{ TEXT_OF("0\n"), 0, 0 },
		{ TEXT_OF("max\n"), 0, UINT64_MAX },
		{ TEXT_OF("18446744073709551615\n"), 0, UINT64_MAX },
		{ TEXT_OF("18446744073709551616\n"), -1, 0 },
		{ TEXT_OF("99999999999999999999999999\n"), -1, 0 },
		{ TEXT_OF(""), -1, 0 },
		{ TEXT_OF("\n"), -1, 0 },
		{ TEXT_OF("6710"), -1, 0 },
		{ TEXT_OF("max"), -1, 0 },
		{ TEXT_OF("maximum\n"), -1, 0 },
		{ TEXT_OF("1 2\n"), -1, 0 },
		{ TEXT_OF("1\n2\n"), -1, 0 },
		{ TEXT_OF("1\n\n"), -1, 0 },
		{ TEXT_OF(" 1\n"), -1, 0 },
		{ TEXT_OF("1 \n"), -1, 0 },
		{ TEXT_OF("-1\n"), -1, 0 },
		{ TEXT_OF("01\n"), -1, 0 },
		{ TEXT_OF("1\0\n"), -1, 0 },
		{ TEXT_OF("max\0\n"), -1, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		uint64_t v = 0;

		CHECK_NUM(i, cgfile_value(t[i].text, &v), t[i].result);
		CHECK_NUM(i, v, t[i].v);
	}
}

static void
keys(void)
{
	static const struct {
		struct str text;
		int result;
		uint64_t v;
	} t[] = {
		{ TEXT_OF("low 1\noom 2\noom_kill 3\noom_group_kill 4\n"), 1, 3 },
		{ TEXT_OF("oom_kill 18446744073709551615\n"), 1, UINT64_MAX },
		{ TEXT_OF("oom 2\noom_group_kill 4\n"), 0, 0 },
		{ TEXT_OF(""), 0, 0 },
		{ TEXT_OF("oom_kill 18446744073709551616\n"), -1, 0 },
		{ TEXT_OF("oom_kill 3"), -1, 0 },
		{ TEXT_OF("oom_kill 3\noom"), -1, 3 },
		{ TEXT_OF("oom_kill 3\noom_kill 3\n"), -1, 3 },
		{ TEXT_OF("oom_kill 3\noom_kill 4\n"), -1, 3 },
		{ TEXT_OF("oom_kill\n"), -1, 0 },
		{ TEXT_OF("oom_kill \n"), -1, 0 },
		{ TEXT_OF("oom_kill  3\n"), -1, 0 },
		{ TEXT_OF("oom_kill 3 \n"), -1, 0 },
		{ TEXT_OF("oom_kill max\n"), -1, 0 },
		{ TEXT_OF("oom_kill 3\n\n"), -1, 3 },
		{ TEXT_OF(" 3\noom_kill 3\n"), -1, 0 },
		{ TEXT_OF("low x\noom_kill 3\n"), -1, 0 },
		{ TEXT_OF("low\0 1\noom_kill 3\n"), -1, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		uint64_t v = 0;

		CHECK_NUM(i, cgfile_key(t[i].text, S("oom_kill"), &v), t[i].result);
		CHECK_NUM(i, v, t[i].v);
	}
}

static void
line_is(size_t row, struct str *rest, struct str want_key, struct str want_pairs)
{
	struct str key = S("none"), pairs = S("none");

	CHECK_NUM(row, cgfile_line(rest, &key, &pairs), 1);
	CHECK_STR(row, key, want_key);
	CHECK_STR(row, pairs, want_pairs);
}

static void
nested(void)
{
	struct str rest = S("8:0 rbytes=1 wbytes=2\n8:16  rbytes=3 \n7:1 7:0 252:0 rios=9 x\n"
			    "7:2\n7:3 \n7:4  7:5 "),
		   key, pairs, value;

	line_is(0, &rest, S("8:0"), S("rbytes=1 wbytes=2"));
	line_is(1, &rest, S("8:16"), S("rbytes=3 "));
	line_is(2, &rest, S("7:1"), S(""));
	line_is(3, &rest, S("7:0"), S(""));
	line_is(4, &rest, S("252:0"), S("rios=9 x"));
	line_is(5, &rest, S("7:2"), S(""));
	line_is(6, &rest, S("7:3"), S(""));
	line_is(7, &rest, S("7:4"), S(""));
	line_is(8, &rest, S("7:5"), S(""));
	CHECK_NUM(0, cgfile_line(&rest, &key, &pairs), 0);
	CHECK_NUM(0, cgfile_line(&rest, &key, &pairs), 0);

	pairs = S(" rbps=1  wbps=max cost.usage=1.5 a=b=c ");
	CHECK_NUM(0, cgfile_pair(&pairs, &key, &value), 1);
	CHECK_TEXT(0, key, "rbps");
	CHECK_TEXT(0, value, "1");
	CHECK_NUM(0, cgfile_pair(&pairs, &key, &value), 1);
	CHECK_TEXT(0, key, "wbps");
	CHECK_TEXT(0, value, "max");
	CHECK_NUM(0, cgfile_pair(&pairs, &key, &value), 1);
	CHECK_TEXT(0, value, "1.5");
	CHECK_NUM(0, cgfile_pair(&pairs, &key, &value), 1);
	CHECK_TEXT(0, value, "b=c");
	CHECK_NUM(0, cgfile_pair(&pairs, &key, &value), 0);
}

static void
nested_malformed(void)
{
	static const struct str t[] = {
		TEXT_OF("\n"),
		TEXT_OF(" \n"),
		TEXT_OF(" 8:0 rbytes=1\n"),
		TEXT_OF("rbytes=1\n"),
		TEXT_OF("8:0"), /* cut off: which device? */
		TEXT_OF("8:0 rbytes=1"),
		TEXT_OF("8:0 rbytes="),
		TEXT_OF("8:0 rbytes=1 \0\n"),
		TEXT_OF("8:\0 rbytes=1\n"),
	};
	static const struct str p[] = { TEXT_OF("a"), TEXT_OF("=1"), TEXT_OF("a="), TEXT_OF("=") };
	struct str key, pairs, value;

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str rest = t[i];

		CHECK_NUM(i, cgfile_line(&rest, &key, &pairs), -1);
	}
	for (size_t i = 0; i < COUNT(p); i++) {
		pairs = p[i];
		CHECK_NUM(i, cgfile_pair(&pairs, &key, &value), -1);
	}
	CHECK_NUM(0, cgfile_member(S("a=1 b=2"), S("b"), &value), 1);
	CHECK_TEXT(0, value, "2");
	CHECK_NUM(0, cgfile_member(S("a=1 bb=2"), S("b"), &value), 0);
	CHECK_NUM(0, cgfile_member(S(""), S("b"), &value), 0);
	CHECK_NUM(0, cgfile_member(S("b=1 b=1"), S("b"), &value), -1);
	CHECK_NUM(0, cgfile_member(S("b=1 c"), S("b"), &value), -1);
}

static void
devices(void)
{
	static const struct str bad[] = { TEXT_OF(""), TEXT_OF("8"), TEXT_OF("8:"), TEXT_OF(":8"),
		TEXT_OF("8:0 "), TEXT_OF("8:-1"), TEXT_OF("x:0"), TEXT_OF("(unknown)"),
		TEXT_OF("8:0:0"), TEXT_OF("4294967296:0"), TEXT_OF("0:4294967296"),
		TEXT_OF("8:\0") };
	uint32_t major, minor;

	CHECK_NUM(0, cgfile_device(S("8:16"), &major, &minor), 0);
	CHECK_NUM(0, major, 8);
	CHECK_NUM(0, minor, 16);
	CHECK_NUM(0, cgfile_device(S("0:4294967295"), &major, &minor), 0);
	CHECK_NUM(0, minor, UINT32_MAX);
	CHECK_NUM(0, cgfile_device(S("4294967295:0"), &major, &minor), 0);
	CHECK_NUM(0, major, UINT32_MAX);
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK_NUM(i, cgfile_device(bad[i], &major, &minor), -1);
}

static void
pids(void)
{
	static const struct str bad[] = { TEXT_OF("1"), TEXT_OF("\n"), TEXT_OF("x\n"),
		TEXT_OF("-1\n"), TEXT_OF("2147483648\n"), TEXT_OF("1 2\n"), TEXT_OF("1\0\n") };
	struct str rest = S("1\n0\n2147483647\n");
	int pid;

	CHECK_NUM(0, cgfile_pid(&rest, &pid), 1);
	CHECK_NUM(0, pid, 1);
	CHECK_NUM(0, cgfile_pid(&rest, &pid), 1);
	CHECK_NUM(0, pid, 0);
	CHECK_NUM(0, cgfile_pid(&rest, &pid), 1);
	CHECK_NUM(0, pid, INT32_MAX);
	CHECK_NUM(0, cgfile_pid(&rest, &pid), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		rest = bad[i];
		CHECK_NUM(i, cgfile_pid(&rest, &pid), -1);
	}
}

static void
pressures(void)
{
#define SOME "some avg10=83.36 avg60=73.92 avg300=60.43 total=4941163663\n"
#define FULL "full avg10=0.05 avg60=0.00 avg300=0.00 total=7\n"
	static const struct str bad[] = {
		TEXT_OF(""),
		TEXT_OF(FULL),
		TEXT_OF(SOME SOME),
		TEXT_OF(SOME FULL FULL),
		TEXT_OF(SOME "full\n"),
		TEXT_OF(SOME "full"),
		TEXT_OF("some avg10=83.36 total=1"),
		TEXT_OF("some avg10=83.36\n"),
		TEXT_OF("some total=1\n"),
		TEXT_OF("some avg10=83.36 total=1 total=1\n"),
		TEXT_OF("some avg10=1.00 avg10=1.00 total=1\n"),
		TEXT_OF("some avg10=83 total=1\n"),
		TEXT_OF("some avg10=83.3 total=1\n"),
		TEXT_OF("some avg10=83.366 total=1\n"),
		TEXT_OF("some avg10=.36 total=1\n"),
		TEXT_OF("some avg10=83.x6 total=1\n"),
		TEXT_OF("some avg10=83.3x total=1\n"),
		TEXT_OF("some avg10=42949672.00 total=1\n"),
		TEXT_OF("some avg10=-1.00 total=1\n"),
		TEXT_OF("some avg10=0.00 total=-1\n"),
		TEXT_OF("some avg10=0.00 total=18446744073709551616\n"),
		TEXT_OF("some avg10=0.00 total=1 x\n"),
		TEXT_OF("some avg10=0.00 total=1\0\n"),
	};
	struct pressure p = { 0 };

	CHECK_NUM(0, cgfile_pressure(S(SOME FULL), &p), 0);
	CHECK_NUM(0, p.some_avg10, 8336);
	CHECK_NUM(0, p.full_avg10, 5);
	CHECK_NUM(0, p.some_total, 4941163663);
	CHECK_NUM(0, p.full_total, 7);
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK_NUM(i, cgfile_pressure(bad[i], &p), -1);
		CHECK_NUM(i, p.full_total, 7); /* as it was */
	}
	CHECK_NUM(0, cgfile_pressure(S(SOME), &p), 0);
	CHECK_NUM(0, p.some_avg10, 8336);
	CHECK_NUM(0, p.full_total, 0);
	CHECK_NUM(0, cgfile_pressure(S("some avg10=42949671.99 total=18446744073709551615\n"), &p),
	    0);
	CHECK_NUM(0, p.some_avg10, 4294967199);
	CHECK_NUM(0, p.some_total, UINT64_MAX);
}

static void
long_lines(void)
{
	static char text[70000];
	struct str rest, key, pairs, value;
	uint64_t v;

	memset(text, '7', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	CHECK_NUM(0, cgfile_value((struct str){ text, sizeof(text) }, &v), -1);
	memcpy(text, "8:0 rbytes=", 11);
	rest = (struct str){ text, sizeof(text) };
	CHECK_NUM(0, cgfile_line(&rest, &key, &pairs), 1);
	CHECK_TEXT(0, key, "8:0");
	CHECK_NUM(0, cgfile_member(pairs, S("rbytes"), &value), 1);
	CHECK_NUM(0, value.n, sizeof(text) - 12);
	CHECK_NUM(0, rest.n, 0);
	CHECK_NUM(0, cgfile_key((struct str){ text, sizeof(text) }, S("8:0"), &v), -1);
}

static void
took(void)
{
	static const struct {
		const char *wrote, *read;
		uint64_t page;
		bool good;
	} t[] = {
		{ "64", "64\n", 0, true },
		{ "64", "64", 0, true },
		{ "64", "65\n", 0, false },
		{ "64", "", 0, false },
		{ "max", "max\n", 0, true },
		{ "64", "max\n", 0, false },
		{ "max", "64\n", 4096, false },
		{ "50000", "50000 100000\n", 0, true },
		{ "50000 100000", "50000 100000\n", 0, true },
		{ "100000 50000", "50000 100000\n", 0, false },
		{ "50000 50000", "50000 100000\n", 0, false },
		{ "50", "default 50\n", 0, true },
		{ "50", "default 100\n8:0 50\n", 0, false },
		{ "default 50", "default 50\n8:0 9\n", 0, true },
		{ "default", "default\n", 0, true },
		{ "8:0 50", "default 100\n8:0 50\n", 0, true },
		{ "8:0 50", "default 50\n8:0 100\n", 0, false },
		/* the period of cpu.max is no quota */
		{ "100000", "max 100000\n", 0, false },
		{ "max", "50000 100000\n", 0, false },
		{ "5", "default default 5\n", 0, false },
		{ "x a=1 y", "x a=1 y\n", 0, true },
		{ "a=1 x", "a=1 x\n", 0, true },
		{ "x", "a=1\n", 0, false },
		{ "8:0 rbps=1", "8:0 rbps=1 wbps=max riops=max wiops=max\n", 0, true },
		{ "8:0 wbps=2 rbps=1", "7:0 rbps=1\n8:0 rbps=1 wbps=2 riops=max\n", 0, true },
		{ "8:0 rbps=1", "8:16 rbps=1 wbps=max\n", 0, false },
		{ "8:0 rbps=1 wbps=2", "8:0 rbps=1 wbps=max\n8:16 rbps=1 wbps=2\n", 0, false },
		{ "8:0 rbps=1", "\n", 0, false },
		{ "root", "root\n", 0, true },
		{ "root", "root invalid (Cpu list in cpuset.cpus not exclusive)\n", 0, false },
		{ "invalid", "invalid\n", 0, true },
		/* lists of numbers */
		{ "0-3,5", "0-3,5\n", 0, true },
		{ "0,1,2", "0-2\n", 0, true },
		{ "5,0-3", "0-3,5\n", 0, true },
		{ "0-1,2,1", "0-2\n", 0, true },
		{ "0-4", "0-3\n", 0, false },
		{ "0-3", "0-4\n", 0, false },
		{ "0-3", "0,3\n", 0, false },
		{ "0-3,5", "0-5\n", 0, false },
		{ "3-0", "0-3\n", 0, false },
		{ "0-", "0\n", 0, false },
		{ "0,", "0\n", 0, false },
		{ "0", "0,\n", 0, false },
		{ "0-18446744073709551615", "0,1-18446744073709551615\n", 0, true },
		{ "", "\n", 0, true },
		{ "", "", 0, true },
		{ "", "0-3\n", 0, false },
		/* pages */
		{ "100000", "98304\n", 4096, true },
		{ "100000", "98304\n", 0, false },
		{ "100000", "100000\n", 4096, true },
		{ "100000", "102400\n", 4096, false },
		{ "100000", "94208\n", 4096, false },
		{ "4095", "0\n", 4096, true },
		{ "64M", "67108864\n", 4096, true },
		{ "64M", "67108864\n", 0, false },
		{ "100000", "65536\n", 65536, true },
		{ "18446744073709551615", "max\n", 4096, true },
		{ "9223372036854771712", "max\n", 4096, true },
		{ "9223372036854771711", "9223372036854767616\n", 4096, true },
		{ "9223372036854771711", "max\n", 4096, false },
		{ "9223372036854771712", "9223372036854771712\n", 4096, true },
		{ "100000 1", "98304\n", 4096, false },
		{ "100000", "98304 1\n", 4096, false },
		{ "x", "98304\n", 4096, false },
		{ "100000", "x\n", 4096, false },
		{ "100000", "", 4096, false },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, cgfile_took(str_of(t[i].wrote), str_of(t[i].read), t[i].page),
		    t[i].good);
}

UNIT_MAIN("cgfile", { "words", words }, { "values", values }, { "keys", keys },
    { "nested", nested }, { "nested malformed", nested_malformed }, { "devices", devices },
    { "pids", pids }, { "pressures", pressures }, { "long lines", long_lines }, { "took", took })
