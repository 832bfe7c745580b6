/* core/spec: architectures, calls and sets */
#include "check.h"
#include "spec/calls.h"
#include "unit.h"

static int
find(const char *name)
{
	int call = call_find(str_of(name));

	CU_ASSERT_FATAL(call >= 0);
	return call;
}

static void
architectures(void)
{
	static const struct {
		enum arch arch;
		uint32_t audit, family;
		bool wide, big;
		const char *names;
	} t[] = {
		{ ARCH_X86_64, 0xc000003e, 7, true, false, "x86_64 amd64 SCMP_ARCH_X86_64" },
		{ ARCH_I386, 0x40000003, 7, false, false, "i386 386 SCMP_ARCH_X86 i686" },
		{ ARCH_X32, 0xc000003e, 7, true, false, "x32 SCMP_ARCH_X32" },
		{ ARCH_AARCH64, 0xc00000b7, 24, true, false, "aarch64 arm64 SCMP_ARCH_AARCH64" },
		{ ARCH_ARM, 0x40000028, 24, false, false, "arm SCMP_ARCH_ARM armv7l" },
		{ ARCH_RISCV64, 0xc00000f3, 32, true, false, "riscv64 SCMP_ARCH_RISCV64" },
		{ ARCH_PPC64LE, 0xc0000015, 64, true, false, "ppc64le SCMP_ARCH_PPC64LE" },
		{ ARCH_S390X, 0x80000016, 128, true, true, "s390x SCMP_ARCH_S390X" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str all = str_of(t[i].names);

		CHECK_NUM(i, t[i].arch, i);
		CHECK_NUM(i, arch_audit(t[i].arch), t[i].audit);
		CHECK_NUM(i, arch_family(t[i].arch), t[i].family);
		CHECK_NUM(i, arch_wide(t[i].arch), t[i].wide);
		CHECK_NUM(i, arch_big_endian(t[i].arch), t[i].big);
		CHECK_STR(i, arch_name(t[i].arch), str_slice(all, 0, str_find(all, ' ', 0)));
		for (size_t at = 0, end; at < all.n; at = end + 1) {
			end = str_find(all, ' ', at);
			CHECK_NUM(i, arch_find(str_slice(all, at, end)), i);
		}
	}
	CHECK_NUM(0, COUNT(t), ARCH_COUNT);
	CHECK_NUM(0, arch_find(S("")), -1);
	CHECK_NUM(0, arch_find(S(" ")), -1);
	CHECK_NUM(0, arch_find(S("x86_6")), -1);
	CHECK_NUM(0, arch_find(S("SCMP_ARCH_MIPS")), -1);
	CHECK_NUM(0, arch_find(((struct str){ "i386\0", 5 })), -1);
#if defined(__x86_64__)
	CHECK_NUM(0, arch_native(), ARCH_X86_64);
#else
	CHECK_NUM(0, arch_native(), ARCH_AARCH64);
#endif
}

static void
names_and_numbers(void)
{
	static const struct {
		const char *name;
		int64_t nr[ARCH_COUNT];
	} t[] = {
		{ "read", { 0, 3, X32_BIT, 63, 3, 63, 3, 3 } },
		{ "_llseek", { -1, 140, -1, -1, 140, -1, 140, -1 } },
		{ "ioctl", { 16, 54, X32_BIT | 514, 29, 54, 29, 54, 54 } },
		{ "set_tls", { -1, -1, -1, -1, 0xf0005, -1, -1, -1 } },
		{ "fchmodat2", { 452, 452, X32_BIT | 452, 452, 452, 452, 452, 452 } },
		{ "writev", { 20, 146, X32_BIT | 516, 66, 146, 66, 146, 146 } },
		{ "uretprobe", { 335, -1, -1, -1, -1, -1, -1, -1 } },
		{ "syscall", { -1, -1, -1, -1, -1, -1, -1, -1 } },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		for (unsigned a = 0; a < ARCH_COUNT; a++) {
			unsigned call = (unsigned)find(t[i].name);

			CHECK_STR(i, call_name(call), str_of(t[i].name));
			CHECK_NUM(i, call_number(call, a), t[i].nr[a]);
			if (t[i].nr[a] >= 0)
				CHECK_NUM(i, call_of(a, (uint32_t)t[i].nr[a]), call);
		}
	CHECK_NUM(0, call_find(S("")), -1);
	CHECK_NUM(0, call_find(S("reax")), -1);
	CHECK_NUM(0, call_find(S("zzz")), -1);
	CHECK_NUM(0, call_of(ARCH_X86_64, 0xffff), -1);
	CHECK_NUM(0, call_of(ARCH_X86_64, X32_BIT), -1);
	CHECK_NUM(0, call_of(ARCH_X32, 0), -1);
	CHECK_NUM(0, call_of(ARCH_ARM, 0xf002), -1);
	CHECK_NUM(0, call_of(ARCH_X86_64, UINT32_MAX), -1);
}

/* Every row: its place, that its number leads back to it, and the map of all. */
static void
table_is_whole(void)
{
	uint16_t by[CALL_NUMBERS];

	for (unsigned i = 0; i < calls_count(); i++) {
		CHECK_NUM(i, call_find(call_name(i)), i);
		CU_ASSERT(i == 0 || str_cmp(call_name(i - 1), call_name(i)) < 0);
		CU_ASSERT(call_since(i) >= 2006 && call_since(i) < 8000);
	}
	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		calls_by_number(a, by, CALL_NUMBERS);
		for (unsigned i = 0; i < calls_count(); i++) {
			int64_t nr = call_number(i, a);
			int back = nr < 0 ? -1 : call_of(a, (uint32_t)nr);

			if (nr < 0)
				continue;
			CU_ASSERT(back >= 0 && back <= (int)i);
			CHECK_NUM(i, call_number((unsigned)back, a), nr);
			nr &= ~(int64_t)X32_BIT;
			if (nr < 0xf0000)
				CHECK_NUM(i, by[nr], back);
		}
		calls_by_number(a, by, 1);
		CHECK_NUM(a, by[0],
		    a == ARCH_X86_64 || a == ARCH_X32        ? find("read")
		    : a == ARCH_AARCH64 || a == ARCH_RISCV64 ? find("io_setup")
		    : call_of(a, 0) < 0                      ? CALL_NONE
							     : call_of(a, 0));
	}
}

/* What the packing made of the rows. */
static void
rows_are_as_written(void)
{
	enum { NO = -1 };
	static const struct {
		const char *name;
		unsigned since;
		int32_t nr[ARCH_COUNT];
	} row[] = {
/* clang-format off */
#define CALL(name, args, since, ...) { #name, since, { __VA_ARGS__ } },
#include "spec/callrows.h"
#undef CALL
		/* clang-format on */
	};

	CHECK_NUM(0, COUNT(row), calls_count());
	for (unsigned i = 0; i < calls_count(); i++) {
		CHECK_STR(i, call_name(i), str_of(row[i].name));
		CHECK_NUM(i, call_since(i), row[i].since);
		for (unsigned a = 0; a < ARCH_COUNT; a++)
			CHECK_NUM(i, call_number(i, a),
			    row[i].nr[a] < 0 ? -1
			    : a == ARCH_X32  ? row[i].nr[a] | X32_BIT
					     : row[i].nr[a]);
	}
}

static void
first_kernels(void)
{
	CHECK_NUM(0, call_since((unsigned)find("read")), 2006);
	CHECK_NUM(0, call_since((unsigned)find("seccomp")), 3017);
	CHECK_NUM(0, call_since((unsigned)find("clone3")), 5003);
	CHECK_NUM(0, call_since((unsigned)find("clock_gettime64")), 5001);
	CHECK_NUM(0, call_since((unsigned)find("fchmodat2")), 6006);
	CHECK_NUM(0, call_since((unsigned)find("file_setattr")), 6017);
}

/* "width:name ..." of each argument */
static void
arguments(void)
{
	static const struct {
		const char *call;
		uint32_t archs;
		const char *want;
	} t[] = {
		{ "read", ARCH_ALL, "u:fd p:buf l:count " },
		{ "getpid", ARCH_ALL, "" },
		{ "tuxcall", ARCH_ALL, "" },
		{ "ioctl", ARCH_ALL, "u:fd u:request l:arg " },
		{ "socket", ARCH_ALL, "i:family i:type i:protocol " },
		{ "personality", ARCH_ALL, "u:persona " },
		{ "setns", ARCH_ALL, "i:fd i:nstype " },
		{ "ptrace", ARCH_ALL, "l:request i:pid l:addr l:data " },
		{ "sendto", ARCH_ALL, "i:fd p:buf l:len u:flags p:addr i:addrlen " },
		{ "clone", 1 << ARCH_X86_64 | 1 << ARCH_X32,
		    "u:flags l:stack p:parent_tid p:child_tid l:tls " },
		{ "clone",
		    1 << ARCH_I386 | 1 << ARCH_AARCH64 | 1 << ARCH_ARM | 1 << ARCH_RISCV64 |
			1 << ARCH_PPC64LE,
		    "u:flags l:stack p:parent_tid l:tls p:child_tid " },
		{ "clone", 1 << ARCH_S390X, "l:stack u:flags p:parent_tid p:child_tid l:tls " },
		{ "mmap", 1 << ARCH_I386 | 1 << ARCH_S390X, "p:args " },
		{ "mmap", 1 << ARCH_X86_64 | 1 << ARCH_AARCH64,
		    "l:addr l:length l:prot l:flags u:fd l:offset " },
		{ "pread64", 1 << ARCH_X86_64 | 1 << ARCH_X32, "u:fd p:buf l:count l:offset " },
		{ "pread64", 1 << ARCH_I386, "u:fd p:buf l:count u: u: " },
		{ "pread64", 1 << ARCH_ARM, "u:fd p:buf l:count u: u: u: " },
		{ "sync_file_range2", 1 << ARCH_ARM, "i:fd u:flags u: u: u: u: " },
		{ "ipc", 1 << ARCH_S390X, "u:call i:first l:second l:third p:ptr " },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		for (unsigned a = 0; a < ARCH_COUNT; a++) {
			unsigned call = (unsigned)find(t[i].call);
			char text[128];
			struct buf b = BUF(text);

			if ((t[i].archs >> a & 1) == 0)
				continue;
			for (size_t k = 0; k < call_args(call, a); k++) {
				buf_char(&b, "iulp"[call_arg_width(call, a, k)]);
				buf_char(&b, ':');
				buf_put(&b, call_arg_name(call, a, k));
				buf_char(&b, ' ');
			}
			CHECK_STR(i, buf_str(&b), str_of(t[i].want));
		}
	for (unsigned i = 0; i < calls_count(); i++)
		for (unsigned a = 0; a < ARCH_COUNT; a++) {
			CU_ASSERT(call_args(i, a) <= CALL_ARGS);
			for (size_t k = 0; k < call_args(i, a); k++) {
				struct str name = call_arg_name(i, a, k);

				CHECK_NUM(i, call_arg_find(i, a, name), name.n > 0 ? (int)k : -1);
			}
		}
	CHECK_NUM(0, call_arg_find((unsigned)find("clone"), ARCH_S390X, S("flags")), 1);
	CHECK_NUM(0, call_arg_find((unsigned)find("clone"), ARCH_X86_64, S("flag")), -1);
	CHECK_NUM(0, call_arg_find((unsigned)find("getpid"), ARCH_X86_64, S("pid")), -1);
}

static void
sets_of_bits(void)
{
	struct callset a = { 0 }, b = { 0 };

	CU_ASSERT(callset_empty(&a));
	callset_add(&a, CALL_COUNT_MAX - 1);
	callset_add(&a, 64);
	CU_ASSERT(!callset_empty(&a));
	CU_ASSERT(callset_has(&a, 64) && !callset_has(&a, 63) && !callset_has(&a, 65));
	callset_add(&b, 0);
	callset_join(&b, &a);
	CU_ASSERT(callset_has(&b, 0) && callset_has(&b, CALL_COUNT_MAX - 1));
	callset_remove(&b, 64);
	CU_ASSERT(!callset_has(&b, 64) && callset_has(&a, 64));
}

static bool
in_set(const char *set, const char *call)
{
	struct callset s = { 0 };
	int i = set_find(str_of(set));

	CU_ASSERT_FATAL(i >= 0);
	set_join((size_t)i, &s);
	return callset_has(&s, (unsigned)find(call));
}

static void
named_sets(void)
{
	struct callset s = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < sets_count(); i++) {
		CHECK_NUM(i, set_find(set_name(i)), i);
		CU_ASSERT(i == 0 || str_cmp(set_name(i - 1), set_name(i)) < 0);
		s = (struct callset){ 0 };
		set_join(i, &s);
		CU_ASSERT(!callset_empty(&s));
	}
	s = (struct callset){ 0 };
	set_join((size_t)set_find(S("known")), &s);
	for (unsigned i = 0; i < CALL_COUNT_MAX; i++)
		n += callset_has(&s, i);
	CHECK_NUM(0, n, calls_count());
	CU_ASSERT(in_set("io", "read") && in_set("basic-io", "read") && !in_set("io", "socket"));
	CU_ASSERT(in_set("network", "socket") && !in_set("network", "mount"));
	CU_ASSERT(in_set("system-service", "read") && in_set("system-service", "timer_create"));
	CU_ASSERT(!in_set("system-service", "mount") && !in_set("system-service", "bpf"));
	CU_ASSERT(in_set("privileged", "swapon") && in_set("timer", "alarm"));
	CHECK_NUM(0, set_find(S("")), -1);
	CHECK_NUM(0, set_find(S("i")), -1);
}

static void
suggestions(void)
{
	CHECK_TEXT(0, call_suggest(S("sokcet")), "socket");
	CHECK_TEXT(0, call_suggest(S("opennat")), "openat");
	CHECK_TEXT(0, call_suggest(S("unknown_thing")), "");
	CHECK_TEXT(0, set_suggest(S("file_system")), "file-system");
	CHECK_TEXT(0, set_suggest(S("quite-another")), "");
}

UNIT_MAIN("calls", { "architectures", architectures }, { "names and numbers", names_and_numbers },
    { "every row leads back to itself", table_is_whole },
    { "every row is as it was written", rows_are_as_written }, { "first kernels", first_kernels },
    { "arguments", arguments }, { "sets of calls", sets_of_bits }, { "named sets", named_sets },
    { "suggestions", suggestions })
