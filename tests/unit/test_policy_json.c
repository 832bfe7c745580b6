/* core/spec/policyjson*.c, policychoice.c: profiles of the engines, and policies as OCI has them */
#include "policies.h"
#include "unit.h"

/* clang-format off */
static const struct {
	const char *text, *want;
} faults[] = {
	{ " \n\t{}",
	    "f:2:2: $: \"defaultAction\" is missing" },
	{ "{}",
	    "f:1:1: $: \"defaultAction\" is missing" },
	{ "{\"linux\":{}}",
	    "f:1:10: $.linux: there is no \"seccomp\" in it" },
	{ "{\"linux\":1}",
	    "f:1:10: $.linux: there is no \"seccomp\" in it" },
	{ "{\"defaultAction\":1}",
	    "f:1:18: $.defaultAction: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALOW\"}",
	    "f:1:18: $.defaultAction: unknown action \"SCMP_ACT_ALOW\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"x\":1}",
	    "f:1:35: $: unknown key \"x\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscals\":[]}",
	    "f:1:35: $: unknown key \"syscals\"; did you mean \"syscalls\"?" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrnoRet\":1}",
	    "f:1:53: $.defaultErrnoRet: SCMP_ACT_ALLOW has no error number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrno\":\"EPERM\"}",
	    "f:1:50: $.defaultErrno: SCMP_ACT_ALLOW has no error number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":\"1\"}",
	    "f:1:53: $.defaultErrnoRet: expected a number, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":0}",
	    "f:1:53: $.defaultErrnoRet: \"0\" is not the number of an error" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4096}",
	    "f:1:53: $.defaultErrnoRet: \"4096\" is not the number of an error" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":-1}",
	    "f:1:53: $.defaultErrnoRet: \"-1\" is not the number of an error" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":1}",
	    "f:1:50: $.defaultErrno: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EPREM\"}",
	    "f:1:50: $.defaultErrno: unknown error \"EPREM\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EPERM\",\"defaultErrnoRet\":2}",
	    "f:1:76: $.defaultErrnoRet: number and name of the error differ" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":{}}",
	    "f:1:51: $.architectures: expected an array, found an object" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[1]}",
	    "f:1:52: $.architectures[0]: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"amd64\"]}",
	    "f:1:52: $.architectures[0]: unknown architecture \"amd64\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_VAX\"]}",
	    "f:1:52: $.architectures[0]: unknown architecture \"SCMP_ARCH_VAX\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_ARM\"],\""
	  "archMap\":[{\"architecture\":\"SCMP_ARCH_ARM\"}]}",
	    "f:1:69: $: \"architectures\" and \"archMap\" exclude each other" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[1]}",
	    "f:1:46: $.archMap[0]: expected an object, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{}]}",
	    "f:1:46: $.archMap[0]: \"architecture\" is missing" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":\"SCMP_AR"
	  "CH_ARM\",\"x\":1}]}",
	    "f:1:78: $.archMap[0]: unknown key \"x\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":\"SCMP_AR"
	  "CH_ARM\",\"subArchitectures\":[\"x\"]}]}",
	    "f:1:98: $.archMap[0].subArchitectures[0]: unknown architecture \"x\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"archMap\":[{\"architecture\":\"SCMP_AR"
	  "CH_ARM\",\"subArchitectures\":\"x\"}]}",
	    "f:1:97: $.archMap[0].subArchitectures: expected an array, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":\"x\"}",
	    "f:1:43: $.flags: expected an array, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"flags\":[\"SECCOMP_FILTER_FLAG_NEW_LISTENER\"]}",
	    "f:1:44: $.flags: unknown flag \"SECCOMP_FILTER_FLAG_NEW_LISTENER\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"listenerPath\":1}",
	    "f:1:50: $.listenerPath: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":{}}",
	    "f:1:46: $.syscalls: expected an array, found an object" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[1]}",
	    "f:1:47: $.syscalls[0]: expected an object, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{}]}",
	    "f:1:47: $.syscalls[0]: \"action\" is missing" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALLOW\"}]}",
	    "f:1:47: $.syscalls[0]: the entry is for no call" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"names\":[]}]}",
	    "f:1:47: $.syscalls[0]: the entry is for no call" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"names\":\"read\"}]}",
	    "f:1:82: $.syscalls[0].names: expected an array, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"names\":[\"read\",1]}]}",
	    "f:1:90: $.syscalls[0].names[1]: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"names\":[\"read\",\"raed\"]}]}",
	    "f:1:90: $.syscalls[0].names[1]: unknown call \"raed\"; did you mean \"read\"?" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"name\":\"raed\"}]}",
	    "f:1:81: $.syscalls[0]: unknown call \"raed\"; did you mean \"read\"?" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"name\":1}]}",
	    "f:1:81: $.syscalls[0].name: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"action\":\"SCMP_ACT_ALL"
	  "OW\",\"name\":\"read\",\"names\":[\"write\"]}]}",
	    "f:1:74: $.syscalls[0]: \"name\" and \"names\" exclude each other" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"errnoRet\":1}]}",
	    "f:1:102: $.syscalls[0].errnoRet: SCMP_ACT_ALLOW has no error number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_TRACE\",\"errnoRet\":65536}]}",
	    "f:1:102: $.syscalls[0].errnoRet: \"65536\" is not the number of an error" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"comment\":1}]}",
	    "f:1:101: $.syscalls[0].comment: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":{}}]}",
	    "f:1:98: $.syscalls[0].args: expected an array, found an object" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[1]}]}",
	    "f:1:99: $.syscalls[0].args[0]: expected an object, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{}]}]}",
	    "f:1:99: $.syscalls[0].args[0]: \"index\", \"value\" and \"op\" are needed" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,\"value\":1,\"op\":\"SCMP_CMP"
	  "_EQ\"}]}]}",
	    "f:1:108: $.syscalls[0].args[0].index: arguments have the numbers 0 to 5" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":-1,\"value\":1,\"op\":\"SCMP_CM"
	  "P_EQ\"}]}]}",
	    "f:1:108: $.syscalls[0].args[0].index: \"-1\" is not a whole number of 64 bits" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1.5,\"op\":\"SCMP_C"
	  "MP_EQ\"}]}]}",
	    "f:1:118: $.syscalls[0].args[0].value: \"1.5\" is not a whole number of 64 bits" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1844674407370955161"
	  "6,\"op\":\"SCMP_CMP_EQ\"}]}]}",
	    "f:1:118: $.syscalls[0].args[0].value: \"18446744073709551616\" is not a whol"
	    "e number of 64 bits" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":\"1\",\"op\":\"SCMP"
	  "_CMP_EQ\"}]}]}",
	    "f:1:118: $.syscalls[0].args[0].value: expected a number, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"valueTwo\":-1,"
	  "\"op\":\"SCMP_CMP_EQ\"}]}]}",
	    "f:1:131: $.syscalls[0].args[0].valueTwo: \"-1\" is not a whole number of 64 bits" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP"
	  "_EQUAL\"}]}]}",
	    "f:1:125: $.syscalls[0].args[0].op: unknown operator \"SCMP_CMP_EQUAL\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":1}]}]}",
	    "f:1:125: $.syscalls[0].args[0].op: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":1,\"op\":\"SCMP_CMP"
	  "_EQ\",\"x\":0}]}]}",
	    "f:1:139: $.syscalls[0].args[0]: unknown key \"x\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"includes\":1}]}",
	    "f:1:102: $.syscalls[0].includes: expected an object, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"includes\":{\"x\":1}}]}",
	    "f:1:103: $.syscalls[0].includes: unknown key \"x\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_X\"]}}]}",
	    "f:1:111: $.syscalls[0].includes.caps: unknown capability \"CAP_X\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"caps\":\"CAP_X\"}}]}",
	    "f:1:110: $.syscalls[0].excludes.caps: expected an array, found a string" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"arches\":[1]}}]}",
	    "f:1:113: $.syscalls[0].excludes.arches[0]: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":4.8}}]}",
	    "f:1:115: $.syscalls[0].excludes.minKernel: expected a string, found a number" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"read\"],\"ac"
	  "tion\":\"SCMP_ACT_ALLOW\",\"excludes\":{\"minKernel\":\"4\"}}]}",
	    "f:1:115: $.syscalls[0].excludes.minKernel: \"4\" is not a kernel such as \"4.8\"" },
	{ "{\"defaultAction\":\"SCMP_ACT_ERRNO\",}",
	    "f:1:35: $: expected a key in double quotes, found \"}\"" },
};
/* clang-format on */

static void
faults_have_their_path(void)
{
	for (size_t i = 0; i < COUNT(faults); i++)
		check_policy_fault(i, faults[i].text, NULL, faults[i].want);
}

static void
rules_have_a_limit(void)
{
	static char text[1 << 20];
	struct buf b = BUF(text);
	struct err e;

	buf_put(&b, S("{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":["));
	for (unsigned i = 0; i <= 4096; i++)
		buf_put(&b, S("{\"name\":\"read\",\"action\":\"SCMP_ACT_TRAP\"},\n"));
	b.n -= 2;
	buf_put(&b, S("]}"));
	buf_char(&b, '\0');
	CU_ASSERT(policy_of(text, NULL, &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_NUM(0, e.pos.line, 4097);
}

/* ---- as the engines have it ---- */

static struct policy *
file_policy(const char *name, const struct policy_host *host)
{
	static char text[1 << 16];
	char path[256];
	struct err e;
	struct policy *p;
	FILE *f;

	snprintf(path, sizeof(path), "tests/vectors/seccomp/%s", name);
	f = fopen(path, "rb");
	CU_ASSERT_FATAL(f != NULL);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	p = policy_of(text, host, &e);
	CU_ASSERT_FATAL(p != NULL);
	return p;
}

enum { EPERM_ACT = RET_ERRNO | 1, ADMIN = 21 };

static void
docker_chooses_by_the_host(void)
{
	struct policy_host host = { .arch = ARCH_X86_64, .kernel = 6012 };
	struct policy *p = file_policy("docker.json", &host);

	CHECK_NUM(0, p->archs, 1 << ARCH_X86_64 | 1 << ARCH_I386 | 1 << ARCH_X32);
	CHECK_NUM(0, p->fallback, EPERM_ACT);
	CHECK_NUM(0, p->newer_largest, true);
	CHECK_NUM(0, p->newer_action, ENOSYS_SAID);
	CHECK_NUM(1, policy_says(p, ARCH_I386, "read", 0, 0, 0), RET_ALLOW);
	CHECK_NUM(2, policy_says(p, ARCH_X86_64, "ptrace", 0, 0, 0), RET_ALLOW);
	CHECK_NUM(3, policy_says(p, ARCH_X86_64, "clone", 0x11, 0, 0), RET_ALLOW);
	CHECK_NUM(4, policy_says(p, ARCH_X86_64, "clone", 0x10000011, 0, 0), EPERM_ACT);
	CHECK_NUM(5, policy_says(p, ARCH_X86_64, "clone3", 0, 0, 0), ENOSYS_SAID);
	CHECK_NUM(6, policy_says(p, ARCH_X86_64, "socket", 37, 0, 0), RET_ALLOW);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "socket", 38, 0, 0), EPERM_ACT);
	/* personality(2) takes an int: what is above it does not count, unless it has to */
	CHECK_NUM(8, policy_says(p, ARCH_X86_64, "personality", 0xffffffff, 0, 0), RET_ALLOW);
	CHECK_NUM(9, policy_says(p, ARCH_X86_64, "personality", UINT64_MAX, 0, 0), RET_ALLOW);
	CHECK_NUM(10, policy_says(p, ARCH_X86_64, "mseal", 0, 0, 0), ENOSYS_SAID);
	host.wide = true;
	p = file_policy("docker.json", &host);
	CHECK_NUM(11, policy_says(p, ARCH_X86_64, "personality", UINT64_MAX, 0, 0), EPERM_ACT);
	host = (struct policy_host){ .arch = ARCH_S390X, .kernel = 4007 };
	p = file_policy("docker.json", &host);
	CHECK_NUM(12, p->archs, 1 << ARCH_S390X);
	CHECK_NUM(13, policy_says(p, ARCH_S390X, "ptrace", 0, 0, 0), EPERM_ACT);
	CHECK_NUM(14, policy_says(p, ARCH_S390X, "clone", 0x10000000, 0, 0), RET_ALLOW);
	CHECK_NUM(15, policy_says(p, ARCH_S390X, "clone", 0, 0x10000000, 0), EPERM_ACT);
	host = (struct policy_host){ .arch = ARCH_RISCV64, .caps = (uint64_t)1 << ADMIN };
	p = file_policy("docker.json", &host);
	CHECK_NUM(16, p->archs, 1 << ARCH_RISCV64);
	CHECK_NUM(17, policy_says(p, ARCH_RISCV64, "clone3", 0, 0, 0), ENOSYS_SAID);
	CHECK_NUM(18, policy_says(p, ARCH_RISCV64, "ptrace", 0, 0, 0), RET_ALLOW);
}

static const char *
note_at(const struct policy *p, size_t i)
{
	static char id[64];
	const struct note *n = p->notes.first;

	for (; n != NULL && i > 0; i--)
		n = n->next;
	snprintf(id, sizeof(id), "%.*s", n != NULL ? (int)n->id.n : 0, n != NULL ? n->id.p : "");
	return id;
}

static void
rules_without_tests_win(void)
{
	const struct policy_host host = { .arch = ARCH_X86_64 };
	struct policy *p = file_policy("podman.json", &host);

	CHECK_NUM(0, p->fallback, ENOSYS_SAID);
	CHECK_NUM(0, p->newer_largest, false);
	CHECK_NUM(0, p->flags, FILTER_LOG | FILTER_SPEC_ALLOW);
	CHECK_NUM(0, p->archs, 1 << ARCH_X86_64 | 1 << ARCH_AARCH64);
	CHECK_NUM(1, policy_says(p, ARCH_X86_64, "setns", 0, 0, 0), RET_ALLOW);
	CHECK_NUM(2, policy_says(p, ARCH_X86_64, "mount", 0, 0, 0), EPERM_ACT);
	CHECK_NUM(3, policy_says(p, ARCH_X86_64, "socket", 16, 0, 9), RET_ERRNO | 22);
	/* two tests of one argument are two rules */
	CHECK_NUM(4, policy_says(p, ARCH_X86_64, "socket", 2, 0, 9), ENOSYS_SAID);
	CHECK_NUM(5, policy_says(p, ARCH_X86_64, "socket", 2, 0, 8), RET_ALLOW);
	CHECK_STR(6, str_of(note_at(p, 0)), S("listed-twice"));
	p = file_policy("oci.json", &host);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "kill", 1, 10, 0), RET_KILL_THREAD);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "kill", 1, 9, 0), RET_ALLOW);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "kill", 2, 10, 0), RET_ALLOW);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "tkill", 0, 0, 0), RET_TRACE | 7);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "ptrace", 0, 0, 0), RET_TRAP);
	CHECK_NUM(7, policy_says(p, ARCH_X86_64, "mount", 0, 0, 0), RET_NOTIFY);
	CHECK_NUM(7, policy_says(p, ARCH_I386, "umount", 0, 0, 0), (uint32_t)RET_KILL_PROCESS);
	CHECK_NUM(7, p->newer_largest, false);
	CHECK_STR(8, str_of(note_at(p, 0)), S("listener"));
	CHECK_STR(8, str_of(note_at(p, 1)), S("listener"));
	p = file_policy("config.json", &host);
	CHECK_NUM(9, p->fallback, RET_KILL_THREAD);
	CHECK_NUM(9, policy_says(p, ARCH_X86_64, "read", 0, 0, 0), RET_ALLOW);
}

#define MASKED(index, mask, value) \
	"{\"index\":" index ",\"value\":" mask ",\"valueTwo\":" value \
	",\"op\":\"SCMP_CMP_MASKED_EQ\"}"
#define PROFILE(rest) "{\"defaultAction\":\"SCMP_ACT_ERRNO\"," rest "}"
#define ENTRY(action, more) "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_" action "\"" more "}"
#define FD(op, value) ",\"args\":[{\"index\":0,\"op\":\"SCMP_CMP_" op "\",\"value\":" value "}]"

static void
order_is_that_of_libseccomp(void)
{
	struct err e;
	struct policy *p = policy_of(PROFILE("\"syscalls\":[" ENTRY("ERRNO", "") "," ENTRY("LOG",
					 FD("EQ", "1")) "," ENTRY("ALLOW", FD("EQ", "2")) "]"),
	    NULL, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, policy_says(p, ARCH_X86_64, "read", 1, 0, 0), RET_LOG);
	CHECK_NUM(0, policy_says(p, ARCH_X86_64, "read", 2, 0, 0), RET_ALLOW);
	CHECK_NUM(0, policy_says(p, ARCH_X86_64, "read", 3, 0, 0), EPERM_ACT);
	p = policy_of(PROFILE("\"syscalls\":[" ENTRY("LOG", FD("EQ", "1")) "," ENTRY("ALLOW",
			  "") "," ENTRY("TRAP", "") "]"),
	    NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(1, policy_says(p, ARCH_X86_64, "read", 1, 0, 0), RET_ALLOW);
	CHECK_STR(1, str_of(note_at(p, 0)), S("never-matches"));
	CHECK_NUM(1, p->notes.first->severity, SEVERITY_WARNING);
	p = policy_of(PROFILE("\"syscalls\":[" ENTRY("LOG", FD("LT", "0")) "]"), NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(2, p->notes.n[SEVERITY_ERROR], 1);
	/* of the value only what the mask lets through */
	p = policy_of(
	    PROFILE("\"syscalls\":[" ENTRY("LOG", ",\"args\":[" MASKED("0", "1", "3") "]") "]"),
	    NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(3, policy_says(p, ARCH_X86_64, "read", 5, 0, 0), RET_LOG);
	CHECK_NUM(3, policy_says(p, ARCH_X86_64, "read", 6, 0, 0), EPERM_ACT);
	p = policy_of(
	    "{\"defaultAction\":\"SCMP_ACT_TRACE\",\"architectures\":[\"SCMP_ARCH_NATIVE\","
	    "\"SCMP_ARCH_MIPS\",\"SCMP_ARCH_ARM\"],\"syscalls\":null}",
	    NULL, &e);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(3, p->archs, 1 << ARCH_X86_64 | 1 << ARCH_ARM);
	CHECK_NUM(3, p->fallback, RET_TRACE | 1);
	CHECK_NUM(3, p->newer_largest, false);
}

/* ---- written ---- */

#define HEAD(action) \
	"{\"defaultAction\":\"SCMP_ACT_" action ",\"architectures\":[\"SCMP_ARCH_X86_64\"]," \
	"\"syscalls\":["
#define ALLOWED HEAD("ALLOW\"")
#define DENIED HEAD("ERRNO\",\"defaultErrnoRet\":38")
#define NAMED(name, action) "{\"names\":[\"" name "\"],\"action\":\"SCMP_ACT_" action "\""
#define ARG(index, value, op) "{\"index\":" index ",\"value\":" value ",\"op\":\"SCMP_CMP_" op "\"}"
#define LOGS(arg) NAMED("read", "LOG") ",\"args\":[" arg "]}"

static const struct {
	const char *text, *want; /* JSON, or a fault */
} written[] = {
	{ "default allow", ALLOWED "]}" },
	{ "default allow\nlog read", ALLOWED NAMED("read", "LOG") "}]}" },
	{ "default errno ENOSYS\ntrace 5 read",
	    DENIED NAMED("read", "TRACE") ",\"errnoRet\":5}]}" },
	{ "default allow\nkill-thread read fd == 1 and count >= 7",
	    ALLOWED NAMED("read", "KILL_THREAD") ",\"args\":[" ARG("0", "1", "EQ") "," ARG("2", "6",
		"GT") "]}]}" },
	{ "default allow\nlog read fd != 1", ALLOWED LOGS(ARG("0", "1", "NE")) "]}" },
	{ "default allow\nlog read fd <= 1", ALLOWED LOGS(ARG("0", "1", "LE")) "]}" },
	{ "default allow\nlog read fd in {2..3}",
	    ALLOWED LOGS(MASKED("0", "18446744073709551614", "2")) "]}" },
	{ "default allow\nlog read fd in {1, 5}",
	    ALLOWED LOGS(ARG("0", "1", "EQ")) "," LOGS(ARG("0", "5", "EQ")) "]}" },
	{ "default allow\nlog read fd not in {0, 2}",
	    ALLOWED LOGS(ARG("0", "1", "EQ")) "," LOGS(ARG("0", "2", "GT")) "]}" },
	{ "default allow\nlog read fd & 6 != 2",
	    ALLOWED LOGS(MASKED("0", "2", "0")) "," LOGS(MASKED("0", "4", "4")) "]}" },
	{ "default allow\nlog read fd in {}", ALLOWED LOGS(ARG("0", "0", "LT")) "]}" },
	{ "default allow\nlog read fd & 0x80000000 in {-0x80000000}",
	    ALLOWED LOGS(MASKED("0", "2147483648", "2147483648")) "]}" },
	{ "default allow\nlog read fd not in {}", ALLOWED LOGS(ARG("0", "0", "GE")) "]}" },
	{ "default allow\nlog read fd >= -5",
	    ALLOWED LOGS(ARG("0", "18446744073709551611", "GE")) "]}" },
	{ "default allow\nlog read fd < -5",
	    ALLOWED LOGS(ARG("0", "18446744073709551611", "LT")) "]}" },
	{ "default allow\ntrap read fd & 8\nlog read",
	    ALLOWED NAMED("read", "TRAP") ",\"args\":[" MASKED("0", "8", "8") "]}," LOGS(
		MASKED("0", "8", "0")) "]}" },
	{ "default allow\ntrap read fd & 8\nallow read",
	    ALLOWED NAMED("read", "TRAP") ",\"args\":[" MASKED("0", "8", "8") "]}," NAMED("read",
		"ALLOW") "}]}" },
	{ "default allow\nlog read fd & 8\nlog read",
	    ALLOWED LOGS(MASKED("0", "8", "8")) "," NAMED("read", "LOG") "}]}" },
	{ "default allow\nlog read\ntrap read write",
	    ALLOWED NAMED("read", "LOG") "}," NAMED("write", "TRAP") "}]}" },
	{ "default allow\nlog read\ntrap read fd == 1", ALLOWED NAMED("read", "LOG") "}]}" },
	{ "default allow\nflags log spec-allow tsync wait-killable",
	    "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\"],"
	    "\"flags\":[\"SECCOMP_FILTER_FLAG_TSYNC\",\"SECCOMP_FILTER_FLAG_LOG\","
	    "\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\",\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"],"
	    "\"syscalls\":[]}" },
	{ "default allow\narch x86_64 s390x\non x86_64 { log iopl }",
	    "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_X86_64\","
	    "\"SCMP_ARCH_S390X\"],\"syscalls\":[" NAMED("iopl", "LOG") "}]}" },
	{ "default errno EPERM\nnewer-than largest errno ENOSYS",
	    HEAD("ERRNO\",\"defaultErrnoRet\":1") "]}" },
	{ "default allow\nnewer-than 5.1 allow", ALLOWED "]}" },
	{ "default errno EPERM",
	    "JSON cannot say it: engines answer calls above the largest of a profile with"
	    " ENOSYS; say "
	    "\"newer-than largest errno ENOSYS\"" },
	{ "default allow\nnewer-than 5.1 log", "JSON cannot say it: \"newer-than\"" },
	{ "default allow\nforeign log", "JSON cannot say it: \"foreign\"" },
	{ "default trap 5\nnewer-than largest errno ENOSYS",
	    "JSON cannot say it: \"trap\" with a number" },
	{ "default allow\ntrap 5 read", "2:1: JSON cannot say it: \"trap\" with a number" },
	{ "default allow\nlog #5", "2:1: JSON cannot say it: a call by its number" },
	{ "default allow\narch x86_64 s390x\non x86_64 { log read }",
	    "3:13: JSON cannot say it: a rule for some architectures" },
	{ "default allow\nlog read fd == 1 and fd != 5",
	    "2:1: JSON cannot say it: two tests of one argument" },
	{ "default allow\nlog read fd:64 == 1",
	    "2:1: JSON cannot say it: all 64 bits of an int are compared" },
	{ "default allow\nlog read buf:64 == 1", ALLOWED LOGS(ARG("1", "1", "EQ")) "]}" },
	{ "default allow\nlog read fd not in {0x80000000, 5}",
	    "2:10: JSON cannot say it: 32 and 64 bits of the argument are judged differently" },
	{ "default allow\nlog read fd & 0xf not in {1, 3}",
	    "2:10: JSON cannot say it: a list that masked bits are not in" },
	{ "default allow\nlog read fd & -2 != -2",
	    "2:10: JSON cannot say it: 32 and 64 bits of the argument are judged differently" },
	{ "default allow\nlog read buf & 6 != 1", ALLOWED LOGS(ARG("1", "0", "GE")) "]}" },
	{ "default allow\nlog read fd == 1 and count == 5\ntrap read",
	    "3:1: JSON cannot say it: a rule without tests behind one that has several" },
	{ "default allow\nlog read fd == 1\nlog read fd == 2\ntrap read",
	    "4:1: JSON cannot say it: two tests of one argument" },
	{ "default allow\nallow read fd == 1\ntrap read fd < 5",
	    "3:1: JSON cannot say it: an earlier rule for the call says what the default says" },
	{ "default allow\nlog pread64 buf in {1..0x7ffffffe}, count in {1..0x7ffffffe}",
	    "2:1: JSON cannot say it: the tests would take more than 512 entries" },
};

static void
what_oci_can_say_is_said(void)
{
	static unsigned char mem[1 << 20];
	static char out[1 << 16], line[1024];

	for (size_t i = 0; i < COUNT(written); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct buf b = BUF(out), l = BUF(line);
		struct err e, e2 = { 0 };
		struct policy *p = policy_of(written[i].text, NULL, &e);

		CU_ASSERT_FATAL(p != NULL);
		if (policy_put_json(&a, &b, p, &e2) < 0) {
			CHECK_NUM(i, e2.fault, FAULT_CONFIG);
			err_line(&e2, &l);
			b = l;
		}
		if (!str_eq(buf_str(&b), str_of(written[i].want)))
			fprintf(stderr, "row %zu: %.*s\n", i, (int)b.n, b.p);
		CHECK_STR(i, buf_str(&b), str_of(written[i].want));
	}
}

static void
blocks_of(struct buf *t, unsigned n, unsigned step, unsigned width)
{
	t->n = 0;
	buf_put(t, S("default allow\nlog read buf in {"));
	for (unsigned i = 0; i <= n; i++) {
		buf_uint(t, (uint64_t)i * step + 1);
		buf_put(t, S(".."));
		buf_uint(t, (uint64_t)i * step + width);
		buf_put(t, i < n ? S(",") : S("}"));
	}
	buf_char(t, '\0');
}

static void
many_blocks_are_too_many(void)
{
	static unsigned char mem[1 << 20];
	static char text[1 << 16], out[1 << 20];
	struct arena a = { mem, 0, sizeof(mem) };
	struct buf t = BUF(text), b = BUF(out);
	struct err e;
	struct policy *p;

	for (unsigned k = 0; k < 2; k++) {
		/* single numbers, and ranges that are two blocks each */
		blocks_of(&t, k == 0 ? 512 : 300, k == 0 ? 2 : 8, k == 0 ? 1 : 6);
		p = policy_of(text, NULL, &e);
		CU_ASSERT_FATAL(p != NULL);
		CHECK_NUM(k, policy_put_json(&a, &b, p, &e), -1);
		CHECK_TEXT(k, ((struct str){ e.msg, e.nmsg }),
		    "in JSON it would take more than 512 comparisons");
	}
}

UNIT_MAIN("policy_json", { "faults have their path", faults_have_their_path },
    { "rules have a limit", rules_have_a_limit },
    { "docker's entries are chosen by the host", docker_chooses_by_the_host },
    { "a rule without tests wins, two tests of one argument are two rules",
	rules_without_tests_win },
    { "the order is that of libseccomp", order_is_that_of_libseccomp },
    { "what OCI can say is said, the rest is refused", what_oci_can_say_is_said },
    { "many blocks are too many", many_blocks_are_too_many })
