/* core/spec/alert.c */
#include "check.h"
#include "spec/alert.h"
#include "unit.h"

#define BIT(source) ((uint32_t)1 << (source))

static const struct cgrate rate = {
	.levels =
	    BIT(CG_MEMORY_CURRENT) | BIT(CG_MEMORY_MAX) | BIT(CG_PIDS_CURRENT) | BIT(CG_PIDS_MAX),
	.rates = BIT(CG_CPU_STAT) | BIT(CG_IO_STAT) | (uint32_t)7 << CG_CPU_PRESSURE,
	.memory = 81,
	.memory_max = 100,
	.pids = 5,
	.pids_max = 10,
	.cpu = 1500000,
	.rbytes = 100,
	.wbytes = 23,
	.some = { 10000, 20000, 30000 },
};

static void
good(void)
{
	static const struct {
		const char *text;
		int over;
		uint64_t value;
		const char *shown;
	} t[] = {
		{ "cpu>149%", 1, 1500000, "150%" },
		{ "cpu>150%", 0, 1500000, "150%" },
		{ "cpu>1.499", 1, 1500000, "150%" },
		{ "cpu>1.5", 0, 1500000, "150%" },
		{ "memory>80%", 1, 810000, "81.0%" },
		{ "memory>81%", 0, 810000, "81.0%" },
		{ "memory>80.999%", 1, 810000, "81.0%" },
		{ "memory>80", 1, 81, "81" },
		{ "memory>1K", 0, 81, "81" },
		{ "pids>4", 1, 5, "5" },
		{ "pids>5", 0, 5, "5" },
		{ "pids>49%", 1, 500000, "50.0%" },
		{ "pids>50%", 0, 500000, "50.0%" },
		{ "io>122", 1, 123, "123" },
		{ "io>1.5M", 0, 123, "123" },
		{ "cpu_pressure>0.5%", 1, 10000, "1.0%" },
		{ "memory_pressure>2%", 0, 20000, "2.0%" },
		{ "io_pressure>2.5%", 1, 30000, "3.0%" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct alert a;
		uint64_t value = 0;
		char text[32];
		struct buf b = BUF(text);

		CHECK_NUM(i, alert_read(str_of(t[i].text), &a, &e), 0);
		CHECK_STR(i, a.text, str_of(t[i].text));
		CHECK_NUM(i, alert_over(&a, &rate, &value), t[i].over);
		CHECK_NUM(i, value, t[i].value);
		alert_put(&b, &a, value);
		CHECK_STR(i, buf_str(&b), str_of(t[i].shown));
	}
}

#define FIGURES \
	"\": no figure; one of cpu, memory, pids, io, cpu_pressure, memory_pressure, io_pressure " \
	"is due"

static void
bad(void)
{
	static const struct {
		const char *text, *message;
	} t[] = {
		{ "", "--alert \"\": FIGURE>VALUE is due, like memory>80%" },
		{ "memory", "--alert \"memory\": FIGURE>VALUE is due, like memory>80%" },
		{ "memory<8", "--alert \"memory<8\": FIGURE>VALUE is due, like memory>80%" },
		{ "mem>8", "--alert \"mem>8" FIGURES },
		{ ">8", "--alert \">8" FIGURES },
		{ "cpu>", "--alert \"cpu>\": 80%, or cores like 1.5 is due behind the >" },
		{ "cpu>1K", "--alert \"cpu>1K\": 80%, or cores like 1.5 is due behind the >" },
		{ "cpu>%", "--alert \"cpu>%\": 80%, or cores like 1.5 is due behind the >" },
		{ "cpu>18446744073709551%",
		    "--alert \"cpu>18446744073709551%\": 80%, or cores like 1.5 is due "
		    "behind the >" },
		{ "cpu>18446744073709551",
		    "--alert \"cpu>18446744073709551\": 80%, or cores like 1.5 is due "
		    "behind the >" },
		{ "memory>1Q",
		    "--alert \"memory>1Q\": 80%, or bytes like 64M is due behind the >" },
		{ "memory>x%",
		    "--alert \"memory>x%\": 80%, or bytes like 64M is due behind the >" },
		{ "pids>1.5", "--alert \"pids>1.5\": 80%, or a number is due behind the >" },
		{ "io>5%", "--alert \"io>5%\": bytes like 64M is due behind the >" },
		{ "io_pressure>5", "--alert \"io_pressure>5\": 80% is due behind the >" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct alert a;

		CHECK_NUM(i, alert_read(str_of(t[i].text), &a, &e), -1);
		CHECK_NUM(i, e.fault, FAULT_USAGE);
		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(t[i].message));
	}
}

/* What is not known is neither over nor below. */
static void
unknown(void)
{
	static const struct {
		const char *text;
		uint32_t levels, rates; /* those that are left */
		uint64_t most;
	} t[] = {
		{ "cpu>1", UINT32_MAX, ~BIT(CG_CPU_STAT), 9 },
		{ "io>1", UINT32_MAX, ~BIT(CG_IO_STAT), 9 },
		{ "memory>1", ~BIT(CG_MEMORY_CURRENT), UINT32_MAX, 9 },
		{ "pids>1", ~BIT(CG_PIDS_CURRENT), UINT32_MAX, 9 },
		{ "memory>1%", ~BIT(CG_MEMORY_MAX), UINT32_MAX, 9 },
		{ "pids>1%", ~BIT(CG_PIDS_MAX), UINT32_MAX, 9 },
		{ "memory>1%", UINT32_MAX, UINT32_MAX, UINT64_MAX },
		{ "pids>1%", UINT32_MAX, UINT32_MAX, UINT64_MAX },
		{ "pids>1%", UINT32_MAX, UINT32_MAX, 0 },
		{ "cpu_pressure>1%", UINT32_MAX, ~BIT(CG_CPU_PRESSURE), 9 },
		{ "memory_pressure>1%", UINT32_MAX, ~BIT(CG_MEMORY_PRESSURE), 9 },
		{ "io_pressure>1%", UINT32_MAX, ~BIT(CG_IO_PRESSURE), 9 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct alert a;
		struct cgrate r = rate;
		uint64_t value;

		CHECK_NUM(i, alert_read(str_of(t[i].text), &a, &e), 0);
		r.levels &= t[i].levels;
		r.rates &= t[i].rates;
		r.memory_max = r.pids_max = t[i].most;
		CHECK_NUM(i, alert_over(&a, &r, &value), -1);
	}
}

static void
too_much(void)
{
	struct cgrate r = rate;
	struct err e = { 0 };
	struct alert a;
	uint64_t value;

	r.rbytes = UINT64_MAX;
	CHECK_NUM(0, alert_read(S("io>5"), &a, &e), 0);
	CHECK_NUM(0, alert_over(&a, &r, &value), 1);
	CHECK_NUM(0, value, UINT64_MAX);
}

static void
triggers(void)
{
	static const struct {
		const char *text, *written, *name;
		uint32_t source;
	} t[] = {
		{ "memory:some:200ms/1s", "some 200000 1000000", "memory", CG_MEMORY_PRESSURE },
		{ "cpu:full:1ms/500ms", "full 1000 500000", "cpu", CG_CPU_PRESSURE },
		{ "io:some:10s/10s", "some 10000000 10000000", "io", CG_IO_PRESSURE },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct trigger r;
		char text[64];
		struct buf b = BUF(text);

		CHECK_NUM(i, trigger_read(str_of(t[i].text), &r, &e), 0);
		trigger_put(&b, &r);
		CHECK_STR(i, buf_str(&b), str_of(t[i].written));
		CHECK_NUM(i, trigger_source(&r), t[i].source);
		CHECK_STR(i, stall_name((enum cgstall)r.resource), str_of(t[i].name));
	}
}

static void
no_triggers(void)
{
	static const struct {
		const char *text;
		const char *end; /* of the message */
	} t[] = {
		{ "", "kinds some and full" },
		{ "memory", "kinds some and full" },
		{ "memory:some", "kinds some and full" },
		{ "memory:some:1s", "kinds some and full" },
		{ "mem:some:200ms/1s", "kinds some and full" },
		{ "memory:all:200ms/1s", "kinds some and full" },
		{ "memory:some:200/1s", "kinds some and full" },
		{ "memory:some:200ms/1", "kinds some and full" },
		{ "memory:some:200ms/", "kinds some and full" },
		{ "memory:some:200ms/499ms", "a window of 500ms to 10s is due" },
		{ "memory:some:200ms/10001ms", "a window of 500ms to 10s is due" },
		{ "memory:some:0/1s", "no longer than the window, is due" },
		{ "memory:some:1001ms/1s", "no longer than the window, is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct trigger r;

		CHECK_NUM(i, trigger_read(str_of(t[i].text), &r, &e), -1);
		CHECK_NUM(i, e.fault, FAULT_USAGE);
		CHECK_NUM(i, str_ends((struct str){ e.msg, e.nmsg }, str_of(t[i].end)), 1);
	}
}

UNIT_MAIN("alert", { "alerts", good }, { "what is none", bad },
    { "figures that are not known", unknown }, { "more than can be counted", too_much },
    { "triggers", triggers }, { "what is no trigger", no_triggers })
