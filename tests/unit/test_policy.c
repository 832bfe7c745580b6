/* core/spec/policyparse.c and the files around it: what the language says, and what is wrong */
#include "policies.h"
#include "unit.h"

/* clang-format off */
static const struct {
	const char *text, *want;
} faults[] = {
	{ "",
	    "f:1:1: the policy is empty" },
	{ "# only a comment",
	    "f:1:17: the policy is empty" },
	{ "allow read",
	    "f:1:11: the policy has no \"default\": what of all other calls?" },
	{ "defalt allow",
	    "f:1:1: unknown action \"defalt\"; did you mean \"default\"?" },
	{ "default",
	    "f:1:8: expected an action, found the end" },
	{ "default alow",
	    "f:1:9: unknown action \"alow\"; did you mean \"allow\"?" },
	{ "default errno",
	    "f:1:14: expected the name or number of an error, found the end" },
	{ "default errno EPREM",
	    "f:1:15: \"EPREM\" is no error: a name, or 1 to 4095, is meant" },
	{ "default errno 0",
	    "f:1:15: \"0\" is no error: a name, or 1 to 4095, is meant" },
	{ "default errno 4096",
	    "f:1:15: \"4096\" is no error: a name, or 1 to 4095, is meant" },
	{ "default errno {",
	    "f:1:15: expected the name or number of an error, found \"{\"" },
	{ "default trap 65536",
	    "f:1:14: \"65536\" is not a number from 0 to 65535" },
	{ "default trace 65536",
	    "f:1:15: \"65536\" is not a number from 0 to 65535" },
	{ "default allow\ndefault log",
	    "f:2:1: \"default\" is there twice" },
	{ "default allow\nforeign",
	    "f:2:8: expected an action, found the end" },
	{ "default allow\nforeign log\nforeign log",
	    "f:3:1: \"foreign\" is there twice" },
	{ "default allow extra",
	    "f:1:15: expected the end of the line, found \"extra\"" },
	{ "default allow\narch",
	    "f:2:5: expected an architecture, found the end" },
	{ "default allow\narch sparc",
	    "f:2:6: unknown architecture \"sparc\" (all, x86_64, i386, x32, aarch64, arm,"
	    " riscv64, ppc64le, s390x)" },
	{ "default allow\nallow read\narch all",
	    "f:3:1: \"arch\" comes before the rules" },
	{ "default allow\narch x86_64\narch all",
	    "f:3:1: \"arch\" is there twice" },
	{ "default allow\nnewer-than",
	    "f:2:11: expected a kernel, such as 5.12, or \"largest\", found the end" },
	{ "default allow\nnewer-than 5 log",
	    "f:2:12: expected a kernel, such as 5.12, or \"largest\", found \"5\"" },
	{ "default allow\nnewer-than 5.12",
	    "f:2:16: expected an action, found the end" },
	{ "default allow\nwidth 32",
	    "f:2:7: expected \"kernel\" or \"64\", found \"32\"" },
	{ "default allow\nwidth",
	    "f:2:6: expected \"kernel\" or \"64\", found the end" },
	{ "default allow\nflags",
	    "f:2:6: expected a flag, found the end" },
	{ "default allow\nflags lgo",
	    "f:2:7: unknown flag \"lgo\"; did you mean \"log\"?" },
	{ "default allow\nflags log tsync nope",
	    "f:2:17: unknown flag \"nope\"" },
	{ "default allow\non x86_64",
	    "f:2:10: expected {, found the end" },
	{ "default allow\non { }",
	    "f:2:4: expected an architecture, found \"{\"" },
	{ "default allow\non x86_64 { default log }",
	    "f:2:13: \"default\" does not go into a block" },
	{ "default allow\non x86_64 { on arm { } }",
	    "f:2:13: a block of an architecture is in another" },
	{ "default allow\non x86_64 { log read",
	    "f:2:21: expected }, found the end" },
	{ "default allow\n}",
	    "f:2:1: expected an action or a statement, found \"}\"" },
	{ "default allow\nuse",
	    "f:2:4: expected the name of a profile, found the end" },
	{ "default allow\nuse nothing",
	    "f:2:5: unknown profile \"nothing\" (default, deny-dangerous, none, strict)" },
	{ "default allow\nlog",
	    "f:2:4: the rule is for no call" },
	{ "default allow\nlog raed",
	    "f:2:5: unknown call \"raed\"; did you mean \"read\"?" },
	{ "default allow\nlog @oi",
	    "f:2:6: unknown set \"oi\"; did you mean \"io\"?" },
	{ "default allow\nlog @",
	    "f:2:6: expected the name of a set, found the end" },
	{ "default allow\nlog -",
	    "f:2:6: expected the name of a call, found the end" },
	{ "default allow\nlog read -read",
	    "f:2:5: the rule is for no call" },
	{ "default allow\nlog #x",
	    "f:2:7: the rule is for no call" },
	{ "default allow\nlog #4294967296",
	    "f:2:5: \"#4294967296\" is not the number of a call" },
	{ "default allow\nlog #5..",
	    "f:2:9: expected the number of a call, found the end" },
	{ "default allow\nlog #5..x",
	    "f:2:9: \"x\" is not the number of a call" },
	{ "default allow\nlog #5..4",
	    "f:2:5: the range ends before it begins" },
	{ "default allow\nlog read write fd",
	    "f:2:16: unknown call \"fd\"" },
	{ "default allow\nlog read fd =",
	    "f:2:13: unknown operator \"=\"" },
	{ "default allow\nlog read fd ==",
	    "f:2:15: expected a number or a constant, found the end" },
	{ "default allow\nlog read fd == x",
	    "f:2:16: unknown constant \"x\"" },
	{ "default allow\nlog read fd == AF_INTE",
	    "f:2:16: unknown constant \"AF_INTE\"; did you mean \"AF_INET\"?" },
	{ "default allow\nlog read fd == 09",
	    "f:2:16: \"09\" is not a number of 64 bits" },
	{ "default allow\nlog read fd == 0x",
	    "f:2:16: \"0x\" is not a number of 64 bits" },
	{ "default allow\nlog read fd == 18446744073709551616",
	    "f:2:16: \"18446744073709551616\" is not a number of 64 bits" },
	{ "default allow\nlog read fd == -9223372036854775809",
	    "f:2:17: \"9223372036854775809\" is not a number of 64 bits" },
	{ "default allow\nlog read fd == - 5",
	    "" },
	{ "default allow\nlog read fd == 1|",
	    "f:2:18: expected a number or a constant, found the end" },
	{ "default allow\nlog read fd in",
	    "f:2:15: expected {, found the end" },
	{ "default allow\nlog read fd in {1",
	    "f:2:18: expected \",\" or \"}\", found the end" },
	{ "default allow\nlog read fd in {1 2}",
	    "f:2:19: expected \",\" or \"}\", found \"2\"" },
	{ "default allow\nlog read fd in {,}",
	    "f:2:17: expected a number or a constant, found \",\"" },
	{ "default allow\nlog read fd in {5..4}",
	    "f:2:17: the range ends before it begins" },
	{ "default allow\nlog read fd in {5..}",
	    "f:2:20: expected a number or a constant, found \"}\"" },
	{ "default allow\nlog read fd not 5",
	    "f:2:10: unknown call \"fd\"" },
	{ "default allow\nlog read fd not in 5",
	    "f:2:20: expected {, found \"5\"" },
	{ "default allow\nlog read fd signed == 5",
	    "f:2:20: expected <, <=, > or >=, found \"==\"" },
	{ "default allow\nlog read fd signed in {5}",
	    "f:2:20: expected <, <=, > or >=, found \"in\"" },
	{ "default allow\nlog read fd & 7 < 5",
	    "f:2:17: \"<\" does not go with a mask; say \"in\" and a range" },
	{ "default allow\nlog read fd &",
	    "f:2:14: expected a number or a constant, found the end" },
	{ "default allow\nlog read fd & 7 == ",
	    "f:2:20: expected a number or a constant, found the end" },
	{ "default allow\nlog read fd & 7 not 5",
	    "f:2:21: expected \"in\", found \"5\"" },
	{ "default allow\nlog read fd:32 == 5",
	    "f:2:13: expected 64, found \"32\"" },
	{ "default allow\nlog read arg6 == 5",
	    "f:2:10: there is no \"arg6\": arguments are arg0 to arg5" },
	{ "default allow\nlog read arg10 == 5",
	    "f:2:10: there is no \"arg10\": arguments are arg0 to arg5" },
	{ "default allow\nlog read flags == 5",
	    "f:2:10: read on x86_64 has no argument \"flags\"; it has fd, buf, count" },
	{ "default allow\nlog read socket fd == 5",
	    "f:2:17: socket on x86_64 has no argument \"fd\"; it has family, type, protocol" },
	{ "default allow\nlog getpid fd == 5",
	    "f:2:12: getpid on x86_64 has no argument \"fd\"" },
	{ "default allow\nlog #5 fd == 5",
	    "f:2:8: a call that is given by number has arg0 to arg5, not \"fd\"" },
	{ "default allow\nlog read fd == 5 and",
	    "f:2:21: expected an argument, found the end" },
	{ "default allow\nlog read fd == 5 or fd == 6",
	    "f:2:18: expected the end of the line, found \"or\"" },
	{ "default allow\nlog read fd == 5 fd == 6",
	    "f:2:18: expected the end of the line, found \"fd\"" },
	{ "default allow\nlog read \001",
	    "f:2:10: expected the end of the line, found \"\\x01\"" },
	{ "default allow\n$",
	    "f:2:1: expected an action or a statement, found \"$\"" },
	{ "default allow\nlog clone flags & CLONE_NEWUSRE",
	    "f:2:19: unknown constant \"CLONE_NEWUSRE\"; did you mean \"CLONE_NEWUSER\"?" },
};
/* clang-format on */

static void
faults_have_their_place(void)
{
	for (size_t i = 0; i < COUNT(faults); i++)
		check_policy_fault(i, faults[i].text, NULL, faults[i].want);
}

static void
limits_are_kept(void)
{
	static char text[1 << 20];
	struct buf b = BUF(text);

	buf_put(&b, S("default allow\nlog read fd in {0"));
	for (unsigned i = 1; i <= 1024; i++) {
		buf_put(&b, S(", "));
		buf_uint(&b, (uint64_t)i * 2);
	}
	buf_put(&b, S("}\n"));
	buf_char(&b, '\0');
	check_policy_fault(0, text, NULL,
	    "f:2:5606: a list of more than 1024 ranges, or out of memory");
	b = BUF(text);
	buf_put(&b, S("default allow\nlog"));
	for (unsigned i = 0; i <= 1024; i++) {
		buf_put(&b, S(" #"));
		buf_uint(&b, (uint64_t)i * 2);
	}
	buf_char(&b, '\0');
	check_policy_fault(1, text, NULL,
	    "f:2:5594: more than 1024 ranges of numbers, or out of memory");
	b = BUF(text);
	buf_put(&b, S("default allow\n"));
	for (unsigned i = 0; i <= 4096; i++)
		buf_put(&b, S("log read fd == 1\n"));
	buf_char(&b, '\0');
	check_policy_fault(2, text, NULL, "f:4098:1: the policy has more than 4096 rules");
	b = BUF(text);
	buf_put(&b, S("default allow\nlog read fd == 0"));
	for (unsigned i = 0; i < 16; i++)
		buf_put(&b, S(", fd == 0"));
	buf_char(&b, '\0');
	check_policy_fault(3, text, NULL, "f:2:154: more than 16 tests in one rule");
}

/* ---- meaning ---- */

static const char everything[] =
    "# all of it\n"
    "default errno EACCES; foreign log\n"
    "arch x86_64 i386 s390x arm\n"
    "newer-than 5.12 errno ENOSYS\n"
    "width kernel\nflags log tsync\nflags spec-allow wait-killable\n"
    "allow @basic-io -write not @sync \\\n  exit_group #1000..0x3f0 # and so on\n"
    "trap 7 clone flags & CLONE_NEWUSER\n"
    "allow socket family in { AF_UNIX, # a list\n  AF_INET\n #5\n , 7..9 }, type != 3\n"
    "on i386 arm { log read; kill-thread getpid\n trace getppid }\n"
    "notify ioctl request & 0xf0 in {0x10..0x30}\n"
    "errno 5 kill pid signed < 0 and sig:64 == 9\n"
    "kill prctl arg0 & 6 == 010";

static void
statements_mean_what_they_say(void)
{
	struct err e;
	struct policy *p = policy_of(everything, NULL, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, p->fallback, RET_ERRNO | 13);
	CHECK_NUM(0, p->foreign, RET_LOG);
	CHECK_NUM(0, p->archs, 1 << ARCH_X86_64 | 1 << ARCH_I386 | 1 << ARCH_S390X | 1 << ARCH_ARM);
	CHECK_NUM(0, p->newer, 5012);
	CHECK_NUM(0, p->newer_action, ENOSYS_SAID);
	CHECK_NUM(0, p->flags,
	    FILTER_LOG | FILTER_TSYNC | FILTER_SPEC_ALLOW | FILTER_WAIT_KILLABLE);
	CHECK_NUM(1, policy_says(p, ARCH_X86_64, "read", 0, 0, 0), RET_ALLOW);
	CHECK_NUM(2, policy_says(p, ARCH_X86_64, "write", 0, 0, 0), RET_ERRNO | 13);
	CHECK_NUM(3, policy_says(p, ARCH_X86_64, "exit_group", 0, 0, 0), RET_ALLOW);
	CHECK_NUM(4, policy_says(p, ARCH_X86_64, "clone", 0x10000000, 0, 0), RET_TRAP | 7);
	CHECK_NUM(5, policy_says(p, ARCH_X86_64, "clone", 0, 0x10000000, 0), RET_ERRNO | 13);
	CHECK_NUM(6, policy_says(p, ARCH_S390X, "clone", 0x10000000, 0, 0), RET_ERRNO | 13);
	CHECK_NUM(7, policy_says(p, ARCH_S390X, "clone", 0, 0x10000000, 0), RET_TRAP | 7);
	CHECK_NUM(8, policy_says(p, ARCH_ARM, "socket", 2, 1, 0), RET_ALLOW);
	CHECK_NUM(9, policy_says(p, ARCH_ARM, "socket", 2, 3, 0), RET_ERRNO | 13);
	CHECK_NUM(10, policy_says(p, ARCH_ARM, "socket", 5, 1, 0), RET_ERRNO | 13);
	CHECK_NUM(11, policy_says(p, ARCH_ARM, "socket", 8, 1, 0), RET_ALLOW);
	CHECK_NUM(12, policy_says(p, ARCH_ARM, "getpid", 0, 0, 0), RET_KILL_THREAD);
	CHECK_NUM(13, policy_says(p, ARCH_X86_64, "getpid", 0, 0, 0), RET_ERRNO | 13);
	CHECK_NUM(14, policy_says(p, ARCH_I386, "getppid", 0, 0, 0), RET_TRACE);
	CHECK_NUM(15, policy_says(p, ARCH_X86_64, "ioctl", 0, 0x125, 0), RET_NOTIFY);
	CHECK_NUM(16, policy_says(p, ARCH_X86_64, "ioctl", 0, 0x145, 0), RET_ERRNO | 13);
	CHECK_NUM(17, policy_says(p, ARCH_X86_64, "kill", 0xffffffff, 9, 0), RET_ERRNO | 5);
	CHECK_NUM(18, policy_says(p, ARCH_X86_64, "kill", UINT64_MAX, 9, 0), RET_ERRNO | 5);
	CHECK_NUM(19, policy_says(p, ARCH_X86_64, "kill", 1, 9, 0), RET_ERRNO | 13);
	CHECK_NUM(20, policy_says(p, ARCH_X86_64, "kill", 0xffffffff, 0x100000009, 0),
	    RET_ERRNO | 13);
	CHECK_NUM(21, policy_says(p, ARCH_X86_64, "clone3", 0, 0, 0), RET_ERRNO | 13);
	CHECK_NUM(22, policy_says(p, ARCH_X86_64, "futex_wait", 0, 0, 0), ENOSYS_SAID);
	CHECK_NUM(23, policy_says(p, ARCH_AARCH64, "read", 0, 0, 0), RET_LOG);
}

static uint32_t
number(const struct policy *p, uint32_t audit, uint32_t nr, const struct rule **why)
{
	return policy_decide(p, audit, nr, (uint64_t[6]){ 0 }, why);
}

static void
numbers_are_taken_as_they_are(void)
{
	uint32_t x86 = arch_audit(ARCH_X86_64);
	const struct rule *why;
	struct err e;
	struct policy *p = policy_of(everything, NULL, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, number(p, x86, 1000, &why), RET_ALLOW);
	CU_ASSERT_FATAL(why != NULL);
	CHECK_TEXT(0, why->text, "allow @basic-io -write not @sync \\");
	CHECK_NUM(0, why->pos.line, 8);
	CHECK_NUM(1, number(p, x86, 1008, &why), RET_ALLOW);
	CHECK_NUM(2, number(p, x86, 1009, &why), ENOSYS_SAID);
	CU_ASSERT(why == NULL);
	CHECK_NUM(3, number(p, x86, X32_BIT, &why), RET_LOG);
	CHECK_NUM(4, number(p, 12345, 0, &why), RET_LOG);
	p = policy_of("default kill\nnewer-than largest errno ENOSYS\narch x86_64 x32\n"
		      "allow read close #20\nallow #0x40000005\n",
	    NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(5, number(p, x86, 20, &why), RET_ALLOW);
	CHECK_NUM(6, number(p, x86, 19, &why), (uint32_t)RET_KILL_PROCESS);
	/* the larger one has x86_64's number as well: it is x32's only by its bit */
	CHECK_NUM(7, number(p, x86, 21, &why), (uint32_t)RET_KILL_PROCESS);
	CHECK_NUM(8, number(p, x86, X32_BIT + 5, &why), RET_ALLOW);
	CHECK_NUM(9, number(p, x86, X32_BIT + 6, &why), ENOSYS_SAID);
}

static void
profiles_can_be_built_on(void)
{
	struct err e;
	struct policy *p = policy_of("arch x86_64\nerrno EIO read fd == 5\nuse deny-dangerous\n"
				     "foreign trap\n",
	    NULL, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, p->fallback, RET_ALLOW);
	CHECK_NUM(0, p->newer, 6018);
	CHECK_NUM(0, p->foreign, RET_TRAP);
	CHECK_NUM(0, p->archs, 1 << ARCH_X86_64);
	CHECK_NUM(0, policy_says(p, ARCH_X86_64, "read", 5, 0, 0), RET_ERRNO | 5);
	CHECK_NUM(0, policy_says(p, ARCH_X86_64, "mount", 0, 0, 0), EPERM_SAID);
	for (const struct rule *r = p->first->next; r != NULL; r = r->next)
		CHECK_NUM(r->index, r->pos.line, 3);
	/* what the text says itself comes first, wherever it is */
	p = policy_of("use none\ndefault errno EPERM\nuse strict\nnewer-than 5.1 log", NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(1, p->fallback, EPERM_SAID);
	CHECK_NUM(1, p->foreign, RET_ALLOW);
	CHECK_NUM(1, p->newer, 5001);
	CHECK_NUM(1, p->newer_action, RET_LOG);
}

static void
the_host_is_asked(void)
{
	const struct policy_host host = { .arch = ARCH_ARM, .wide = true };
	struct err e;
	struct policy *p = policy_of("default allow", &host, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, p->archs, 1 << ARCH_AARCH64);
	CHECK_NUM(0, p->wide, true);
	p = policy_of("default allow\nwidth 64", NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(1, p->wide, true);
}

/* ---- remarks ---- */

static const struct {
	const char *text, *want;
} remarks[] = {
	{ "default errno EPERM\nallow read", "" },
	{ "default allow", "" },
	{ "default allow\nallow read", "2 nothing-denied 2:1" },
	{ "default errno EPERM\nallow read\nallow read", "0 redundant 3:1" },
	{ "default errno EPERM\nallow read\nlog read", "2 never-matches 3:1" },
	{ "default errno EPERM\nallow read\nlog read fd == 1", "2 never-matches 3:1" },
	{ "default errno EPERM\nallow read fd == 2\nlog read fd == 2", "" },
	{ "default errno EPERM\nallow read\nlog read write", "1 listed-twice 3:1" },
	{ "default errno EPERM\nallow read #5\nlog read #6", "1 listed-twice 3:1" },
	{ "default errno EPERM\nallow read\nlog @io", "" },
	{ "default errno EPERM\nallow read\nlog @io read", "1 listed-twice 3:1" },
	{ "default errno EPERM\nallow read write\nallow read close", "" },
	{ "default errno EPERM\nallow read buf == 5", "1 pointer 2:12" },
	{ "default errno EPERM\nallow read buf == 0", "" },
	{ "default errno EPERM\nallow cacheflush", "0 other-architecture 2:7" },
	{ "default errno EPERM\narch all\nallow syscall arg0 == 1", "0 other-architecture 3:7" },
	{ "default errno EPERM\nallow @default", "" },
	{ "default errno EPERM\nallow @basic-io -mount", "1 removes-nothing 2:18" },
	{ "default errno EPERM\nallow read fd == 0x80000000", "0 width 2:12" },
	{ "default errno EPERM\nallow read fd:64 == 0x80000000", "" },
	{ "default errno EPERM\nallow read fd signed < 0", "" },
	{ "default errno EPERM\nallow read fd == 0x100000000", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd:64 == 0x100000000", "" },
	{ "default errno EPERM\nallow read fd < 0", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd >= 0", "" },
	{ "default errno EPERM\nallow read fd not in {}", "" },
	{ "default errno EPERM\nallow read fd in {}", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd not in {0..-1}", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd & 6 == 1", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd & 6 in {1, 3, 5}", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd & 6 in {5..6}", "" },
	{ "default errno EPERM\nallow read fd & 0", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd & 6 not in {0, 2, 4, 6}", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd & 6 not in {0, 2, 6}", "" },
	{ "default errno EPERM\nallow read fd > 5 and fd < 5", "2 never-matches 2:12" },
	{ "default errno EPERM\nallow read fd > 5 and fd < 7", "" },
	{ "default errno EPERM\nallow read fd == 5 and count == 6", "" },
	{ "default errno EPERM\nallow prctl arg2 == 5", "1 argument-number 2:13" },
	{ "default errno EPERM\narch i386\nallow read count == -1", "" },
	{ "default errno EPERM\narch all\non i386 { allow read }\nlog read", "1 listed-twice 4:1" },
	{ "default errno EPERM\narch all\non i386 { allow read }\non i386 { log read }",
	    "2 never-matches 4:11" },
	{ "default errno EPERM\non arm { allow read }\nlog read", "" },
	{ "default errno EPERM\nlog read\nuse none", "" },
};

static void
remarks_are_made(void)
{
	for (size_t i = 0; i < COUNT(remarks); i++) {
		char line[256];
		struct buf b = BUF(line);
		struct err e;
		struct policy *p = policy_of(remarks[i].text, NULL, &e);
		size_t counted = 0;

		CU_ASSERT_FATAL(p != NULL);
		for (const struct note *n = p->notes.first; n != NULL; n = n->next, counted++) {
			buf_put(&b, counted > 0 ? S(", ") : S(""));
			buf_uint(&b, n->severity);
			buf_char(&b, ' ');
			buf_put(&b, n->id);
			buf_char(&b, ' ');
			buf_uint(&b, n->pos.line);
			buf_char(&b, ':');
			buf_uint(&b, n->pos.col);
			CU_ASSERT(n->text.n > 10);
		}
		CHECK_STR(i, buf_str(&b), str_of(remarks[i].want));
		CHECK_NUM(i, p->notes.n[0] + p->notes.n[1] + p->notes.n[2], counted);
	}
}

UNIT_MAIN("policy", { "faults have their place and what may be meant", faults_have_their_place },
    { "limits are kept", limits_are_kept },
    { "statements mean what they say", statements_mean_what_they_say },
    { "numbers are taken as they are", numbers_are_taken_as_they_are },
    { "profiles can be built on", profiles_can_be_built_on },
    { "the host is asked what the text does not say", the_host_is_asked },
    { "remarks are made", remarks_are_made })
