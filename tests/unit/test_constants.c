/* core/spec/constants.c */
#include "check.h"
#include "spec/calls.h"
#include "unit.h"

static uint64_t
value_of(const char *name, enum arch arch)
{
	uint64_t value = 0;

	CU_ASSERT(constant_find(str_of(name), arch, &value) == 0);
	return value;
}

/* Every row, as it was written. */
static void
rows_are_as_written(void)
{
	enum { MINUS };
	static const struct {
		const char *name;
		int64_t value;
	} row[] = {
/* clang-format off */
#define GROUP(id, width)
#define DIFF(name, archs, value)
#define USE(call, arg, group)
#define C1(name, value) { #name, value },
#define C2(name, value) { #name, value },
#define C4(name, value) { #name, value },
#define M1(name, value) { #name, -(value) },
#include "spec/constrows.h"
#undef C1
#undef C2
#undef C4
#undef M1
#undef DIFF
		/* clang-format on */
	};
	for (size_t i = 0; i < COUNT(row); i++) {
		CHECK_NUM(i, value_of(row[i].name, ARCH_X86_64), row[i].value);
		CHECK_NUM(i, value_of(row[i].name, ARCH_X32), row[i].value);
		/* where it does not differ it is read once for all */
		bool differs = false;

		for (unsigned a = 0; a < ARCH_COUNT; a++)
			differs |= value_of(row[i].name, (enum arch)a) != (uint64_t)row[i].value;
		CU_ASSERT(constant_differs(str_of(row[i].name)) == differs);
		/* no second one of that name */
		for (size_t k = 0; k < i; k++)
			CU_ASSERT(!str_eq(str_of(row[k].name), str_of(row[i].name)));
	}
	CU_ASSERT(COUNT(row) > 700);
}

static void
values_differ(void)
{
	static const struct {
		const char *name;
		enum arch arch;
		uint64_t value;
	} t[] = {
		{ "O_DIRECTORY", ARCH_X86_64, 0x10000 },
		{ "O_DIRECTORY", ARCH_I386, 0x10000 },
		{ "O_DIRECTORY", ARCH_AARCH64, 0x4000 },
		{ "O_DIRECTORY", ARCH_ARM, 0x4000 },
		{ "O_DIRECTORY", ARCH_PPC64LE, 0x4000 },
		{ "O_DIRECTORY", ARCH_RISCV64, 0x10000 },
		{ "O_DIRECT", ARCH_PPC64LE, 0x20000 },
		{ "O_DIRECT", ARCH_S390X, 0x4000 },
		{ "TIOCSTI", ARCH_PPC64LE, 0x5412 },
		{ "TIOCLINUX", ARCH_AARCH64, 0x541c },
		{ "TCSETS", ARCH_PPC64LE, 0x802c7414 },
		{ "AT_FDCWD", ARCH_X86_64, UINT64_MAX - 99 },
		{ "CLONE_NEWUSER", ARCH_S390X, 0x10000000 },
		{ "CLONE_IO", ARCH_S390X, 0x80000000 },
		{ "LINUX_REBOOT_MAGIC1", ARCH_ARM, 0xfee1dead },
		{ "SIGSYS", ARCH_RISCV64, 31 },
	};
	uint64_t value = 5;

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, value_of(t[i].name, t[i].arch), t[i].value);
	CHECK_NUM(0, constant_find(S("AF_INE"), ARCH_X86_64, &value), -1);
	CHECK_NUM(0, constant_find(S("AF_INET\0"), ARCH_X86_64, &value), -1);
	CHECK_NUM(0, constant_find(S(""), ARCH_X86_64, &value), -1);
	CHECK_NUM(0, constant_find(S("\1"), ARCH_X86_64, &value), -1);
	CHECK_NUM(0, value, 5);
}

static void
names_of_values(void)
{
	static const struct {
		const char *call;
		enum arch arch;
		size_t arg;
		uint64_t value;
		const char *want;
	} t[] = {
		{ "socket", ARCH_X86_64, 0, 1, "AF_UNIX" },
		{ "socket", ARCH_X86_64, 0, 0x500000001, "AF_UNIX" },
		{ "socket", ARCH_X86_64, 0, 200, "" },
		{ "socket", ARCH_X86_64, 1, 0x80000, "SOCK_CLOEXEC" },
		{ "socket", ARCH_X86_64, 1, 1, "SOCK_STREAM" },
		{ "socket", ARCH_X86_64, 2, 6, "IPPROTO_TCP" },
		{ "clone", ARCH_X86_64, 0, 0x10000000, "CLONE_NEWUSER" },
		{ "clone", ARCH_X86_64, 1, 0x10000000, "" },
		{ "clone", ARCH_S390X, 1, 0x10000000, "CLONE_NEWUSER" },
		{ "clone", ARCH_S390X, 0, 0x10000000, "" },
		{ "openat", ARCH_X86_64, 2, 0x4000, "O_DIRECT" },
		{ "openat", ARCH_AARCH64, 2, 0x4000, "O_DIRECTORY" },
		{ "openat", ARCH_X86_64, 0, UINT64_MAX - 99, "AT_FDCWD" },
		{ "openat", ARCH_X86_64, 0, 0xffffff9c, "AT_FDCWD" },
		{ "ioctl", ARCH_X86_64, 1, 0x5412, "TIOCSTI" },
		{ "ioctl", ARCH_PPC64LE, 1, 0x802c7414, "TCSETS" },
		{ "unshare", ARCH_X86_64, 0, 0x100020000, "" },
		{ "unshare", ARCH_I386, 0, 0x100020000, "CLONE_NEWNS" },
		{ "msync", ARCH_X86_64, 2, 4, "MS_SYNC" },
		{ "mount", ARCH_X86_64, 3, 4, "MS_NODEV" },
		{ "unlinkat", ARCH_X86_64, 2, 0x200, "AT_REMOVEDIR" },
		{ "faccessat2", ARCH_X86_64, 3, 0x200, "AT_EACCESS" },
		{ "faccessat2", ARCH_X86_64, 3, 0x100, "AT_SYMLINK_NOFOLLOW" },
		{ "mmap", ARCH_PPC64LE, 3, 0x80, "MAP_LOCKED" },
		{ "mmap", ARCH_S390X, 0, 1, "" },
		{ "reboot", ARCH_X86_64, 2, 0x45584543, "LINUX_REBOOT_CMD_KEXEC" },
		{ "personality", ARCH_X86_64, 0, 0x40000, "ADDR_NO_RANDOMIZE" },
		{ "personality", ARCH_X86_64, 0, 8, "PER_LINUX32" },
		{ "ipc", ARCH_I386, 0, 21, "SHMAT" },
		{ "pread64", ARCH_ARM, 3, 0, "" },
		/* what they do not take */
		{ "execve", ARCH_X86_64, 3, 9, "" },
		{ "_llseek", ARCH_I386, 5, 9, "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		int call = call_find(str_of(t[i].call));

		CU_ASSERT_FATAL(call >= 0);
		CHECK_STR(i, constant_name((unsigned)call, t[i].arch, t[i].arg, t[i].value),
		    str_of(t[i].want));
	}
}

/* Each group is printed for an argument that is there. */
static void
uses_are_of_arguments(void)
{
	static const struct {
		const char *call;
		size_t arg;
	} t[] = {
/* clang-format off */
#undef USE
#define USE(call, arg, group) { #call, arg },
#define C1(name, value)
#define C2(name, value)
#define C4(name, value)
#define M1(name, value)
#define DIFF(name, archs, value)
#include "spec/constrows.h"
		/* clang-format on */
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		int call = call_find(str_of(t[i].call));

		CU_ASSERT_FATAL(call >= 0);
		CU_ASSERT(t[i].arg < call_args((unsigned)call, ARCH_X86_64));
		CU_ASSERT(call_arg_width((unsigned)call, ARCH_X86_64, t[i].arg) != WIDTH_POINTER);
	}
}

/* Else constant_find() would not look there. */
static void
groups_begin_alike(void)
{
	static const char *const row[] = {
/* clang-format off */
#undef GROUP
#undef USE
#undef C1
#undef C2
#undef C4
#undef M1
#define GROUP(id, width) NULL,
#define USE(call, arg, group)
#define C1(name, value) #name,
#define C2(name, value) #name,
#define C4(name, value) #name,
#define M1(name, value) #name,
#include "spec/constrows.h"
		/* clang-format on */
	};

	for (size_t i = 1; i < COUNT(row); i++)
		if (row[i - 1] != NULL && row[i] != NULL)
			CU_ASSERT(strncmp(row[i - 1], row[i], 2) == 0);
}

static void
suggestions(void)
{
	CHECK_TEXT(0, constant_suggest(S("CLONE_NEWUSERS")), "CLONE_NEWUSER");
	CHECK_TEXT(0, constant_suggest(S("AF_UNXI")), "AF_UNIX");
	CHECK_TEXT(0, constant_suggest(S("NOTHING_LIKE_IT")), "");
}

UNIT_MAIN("constants", { "every row is as it was written", rows_are_as_written },
    { "architectures differ", values_differ }, { "names of values", names_of_values },
    { "a group has one beginning", groups_begin_alike },
    { "what is printed is an argument", uses_are_of_arguments }, { "suggestions", suggestions })
