/* core/spec/auditline.c */
#include "check.h"
#include "spec/auditline.h"
#include "unit.h"

#define X86_64 0xc000003e
#define I386 0x40000003

static const struct {
	const char *line;
	uint32_t audit, nr, code;
	uint64_t sig, pid;
	const char *comm, *exe;
} good[] = {
	{ "type=SECCOMP msg=audit(1700000000.123:456): auid=1000 uid=1000 gid=1000 ses=2 "
	  "subj=unconfined pid=1234 comm=\"curl\" exe=\"/usr/bin/curl\" sig=31 arch=c000003e "
	  "syscall=41 compat=0 ip=0x7f0000000000 code=0x80000000",
	    X86_64, 41, 0x80000000, 31, 1234, "curl", "/usr/bin/curl" },
	/* the kernel's log; a name with a quotation mark or a blank is in hexadecimal */
	{ "[   12.5] audit: type=1326 audit(1.1:2): pid=7 comm=612062 exe=(null) sig=0 "
	  "arch=40000003 syscall=102 compat=1 ip=0x1 code=0x50001\n",
	    I386, 102, 0x50001, 0, 7, "a b", "" },
	/* ausearch, enriched and interpreted */
	{ "type=SECCOMP msg=x : pid=9 comm=y exe=/bin/y sig=SIGSYS arch=x86_64 syscall=socket "
	  "compat=0 code=kill",
	    X86_64, 41, 0, 31, 9, "", "" },
	{ "arch=c000003e syscall=1073741865\x1d"
	  "ARCH=x86_64 SYSCALL=socket",
	    X86_64, 0x40000029, 0, 0, 0, "", "" },
	/* what a tracer did away with */
	{ "arch=c000003e syscall=-1", X86_64, 0xffffffff, 0, 0, 0, "", "" },
	/* what is in quotation marks is no member, and the first of a name counts */
	{ "comm=\"arch=40000003 syscall=1\" arch=c000003e syscall=2 syscall=3 comm=\"z\"", X86_64,
	    2, 0, 0, 0, "arch=40000003 syscall=1", "" },
	/* strace */
	{ "--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f2e, "
	  "si_syscall=__NR_socket, si_arch=AUDIT_ARCH_X86_64} ---",
	    X86_64, 41, 0, 31, 0, "", "" },
	{ "si_syscall=0x29, si_arch=0xc000003e}", X86_64, 41, 0, 0, 0, "", "" },
	{ "si_syscall=__NR_socketcall, si_arch=AUDIT_ARCH_I386", I386, 102, 0, 0, 0, "", "" },
	{ "si_arch=AUDIT_ARCH_S390X, si_syscall=__NR_s390_pci_mmio_read", 0x80000016, 353, 0, 0, 0,
	    "", "" },
	/* gdb */
	{ "$1 = {si_signo = 31, si_errno = 0, si_code = 1, _sifields = {_pad = {0}, _kill = "
	  "{si_pid = 5, si_uid = 0}, _sigsys = "
	  "{_call_addr = 0x7ffff7, _syscall = 41, _arch = 3221225534}}}",
	    X86_64, 41, 0, 31, 0, "", "" },
};

static void
lines_are_read(void)
{
	for (size_t i = 0; i < COUNT(good); i++) {
		char text[64];
		struct auditline a;
		struct buf b = BUF(text);

		CHECK_NUM(i, auditline_read(str_of(good[i].line), &a), 0);
		CHECK_NUM(i, a.audit, good[i].audit);
		CHECK_NUM(i, a.nr, good[i].nr);
		CHECK_NUM(i, a.code, good[i].code);
		CHECK_NUM(i, a.coded, good[i].code != 0);
		CHECK_NUM(i, a.sig, good[i].sig);
		CHECK_NUM(i, a.pid, good[i].pid);
		auditline_put(&b, a.comm, a.comm_hex);
		CHECK_STR(i, buf_str(&b), str_of(good[i].comm));
		b = BUF(text);
		auditline_put(&b, a.exe, a.exe_hex);
		CHECK_STR(i, buf_str(&b), str_of(good[i].exe));
	}
}

static void
other_lines_are_not(void)
{
	static const char *const bad[] = { "", "arch=c000003e", "syscall=41", "arch= syscall=41",
		"arch=c000003e syscall=", "arch=zz syscall=1", "arch=1c000003e syscall=1",
		"arch=c000003e syscall=nothing", "arch=c000003e syscall=4294967296",
		"arch=c000003e syscall=-2147483649", "arch=c000003e syscall=socketcall",
		"arch=AUDIT_ARCH_LONGER_THAN_ANY syscall=1", "arch",
		"arch =", "arch=c000003e syscall", "si_arch=c000003e si_syscall=1",
		"arch=\"c000003e", "ARCH=c000003e SYSCALL=1", "parch=c000003e syscall=1",
		"arch=00000000 syscall=1" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct auditline a;

		CHECK_NUM(i, auditline_read(str_of(bad[i]), &a) < 0, true);
	}
}

static void
put_word(char *at, uint32_t v, bool big)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (char)(v >> 8 * (big ? 3 - i : i));
}

/* Where the members are for 64 bits or 32: signal, code, call, architecture. */
static struct str
siginfo(char bytes[128], bool wide, bool big, uint32_t nr, uint32_t audit)
{
	memset(bytes, 0, 128);
	put_word(bytes, 31, big);
	put_word(bytes + 8, 1, big);
	put_word(bytes + (wide ? 24 : 16), nr, big);
	put_word(bytes + (wide ? 28 : 20), audit, big);
	return (struct str){ bytes, 128 };
}

static void
siginfos_are_read(void)
{
	char bytes[128];
	struct auditline a;

	CHECK_NUM(1, siginfo_read(siginfo(bytes, true, false, 41, X86_64), &a), 0);
	CHECK_NUM(1, a.nr, 41);
	CHECK_NUM(1, a.audit, X86_64);
	CHECK_NUM(1, a.sig, 31);
	CHECK_NUM(2, siginfo_read(siginfo(bytes, false, false, 102, I386), &a), 0);
	CHECK_NUM(2, a.nr, 102);
	CHECK_NUM(2, a.audit, I386);
	CHECK_NUM(3, siginfo_read(siginfo(bytes, true, true, 4, 0x80000016), &a), 0);
	CHECK_NUM(3, a.nr, 4);
	CHECK_NUM(3, a.audit, 0x80000016);
	CHECK_NUM(4, siginfo_read(siginfo(bytes, true, false, 41, 1), &a) < 0, true);
	siginfo(bytes, true, false, 41, X86_64);
	CHECK_NUM(5, siginfo_read((struct str){ bytes, 127 }, &a) < 0, true);
	bytes[8] = 2;
	CHECK_NUM(6, siginfo_read((struct str){ bytes, 128 }, &a) < 0, true);
	bytes[8] = 1;
	bytes[0] = 11;
	CHECK_NUM(7, siginfo_read((struct str){ bytes, 128 }, &a) < 0, true);
}

static void
architectures_are_told_apart(void)
{
	CHECK_NUM(1, arch_of(X86_64, 1), ARCH_X86_64);
	CHECK_NUM(2, arch_of(X86_64, X32_BIT | 1), ARCH_X32);
	CHECK_NUM(3, arch_of(I386, 1), ARCH_I386);
	CHECK_NUM(4, arch_of(I386, X32_BIT | 1), ARCH_I386);
	CHECK_NUM(5, arch_of(arch_audit(ARCH_S390X), 1), ARCH_S390X);
	CHECK_NUM(6, arch_of(1, 1) < 0, true);
}

UNIT_MAIN("auditline", { "lines are read", lines_are_read },
    { "other lines are not", other_lines_are_not }, { "siginfos are read", siginfos_are_read },
    { "architectures are told apart", architectures_are_told_apart })
