/* core/plan/explain.c */
#include "check.h"
#include "plan/explain.h"
#include "unit.h"

static unsigned char mem[1 << 20];

static const char text[] = "arch x86_64\n"
			   "default errno EPERM\n"
			   "newer-than 5.0 errno ENOSYS\n"
			   "allow getpid\n"
			   "allow socket family == AF_UNIX\n";

/* The same, by hand; each return stems from rule 0 or 1, or from none. */
static const struct bpf_insn insn[] = {
	{ BPF_LD_ABS, 0, 0, DATA_ARCH },
	{ BPF_JEQ, 1, 0, 0xc000003e },
	{ BPF_RET_K, 0, 0, (uint32_t)RET_KILL_PROCESS },
	{ BPF_LD_ABS, 0, 0, DATA_NR },
	{ BPF_JEQ, 7, 0, 39 },
	{ BPF_JEQ, 0, 2, 41 },
	{ BPF_LD_ABS, 0, 0, DATA_ARGS },
	{ BPF_JEQ, 5, 3, 1 },
	{ BPF_JGE, 0, 2, 424 },
	{ BPF_JEQ, 1, 0, 500 },
	{ BPF_RET_K, 0, 0, RET_ERRNO | 38 },
	{ BPF_RET_K, 0, 0, RET_ERRNO | 1 },
	{ BPF_RET_K, 0, 0, RET_ALLOW },
	{ BPF_RET_K, 0, 0, RET_ALLOW },
};
static const uint32_t why[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2 };
static const struct bpf bpf = { insn, why, COUNT(insn) };

static struct policy *
policy(struct arena *a)
{
	static const struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct policy *p = policy_parse(a, S("p"), S(text), &host, &e);

	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "");
	CU_ASSERT_FATAL(p != NULL);
	return p;
}

static void
words_name_a_call(void)
{
	static const struct {
		const char *word[4];
		enum arch arch;
		const char *want; /* as call_put() has it, or the error */
	} t[] = {
		{ { "getpid" }, ARCH_X86_64, "getpid() on x86_64" },
		{ { "39" }, ARCH_X86_64, "getpid() on x86_64" },
		{ { "20" }, ARCH_I386, "getpid() on i386" },
		{ { "999" }, ARCH_X86_64, "call 999() on x86_64" },
		{ { "999", "1", "-1" }, ARCH_X86_64, "call 999(1, -1) on x86_64" },
		{ { "socket", "AF_INET6" }, ARCH_X86_64,
		    "socket(family=AF_INET6, type=0, protocol=IPPROTO_IP) on x86_64" },
		{ { "socket", "protocol=6", "type=0x80001" }, ARCH_X86_64,
		    "socket(family=AF_UNSPEC, type=0x80001, protocol=IPPROTO_TCP) on x86_64" },
		{ { "getpid", "0", "12345" }, ARCH_X86_64, "getpid(0, 0x3039) on x86_64" },
		{ { "close", "CLONE_NEWUSER|CLONE_NEWNET|1" }, ARCH_AARCH64,
		    "close(fd=0x50000001) on aarch64" },
		{ { NULL }, ARCH_X86_64, "!the name or the number of a call is due" },
		{ { "sockett" }, ARCH_X86_64,
		    "!unknown call \"sockett\"; did you mean \"socket\"?" },
		{ { "zzzzzzzzzzzzzz" }, ARCH_X86_64, "!unknown call \"zzzzzzzzzzzzzz\"" },
		{ { "socketcall" }, ARCH_X86_64,
		    "!x86_64 has no call \"socketcall\"; --arch i386 has" },
		{ { "4294967296" }, ARCH_X86_64, "!\"4294967296\": a call's number has 32 bits" },
		{ { "socket", "AF_INTE" }, ARCH_X86_64,
		    "!unknown constant \"AF_INTE\"; did you mean \"AF_INET\"?" },
		{ { "socket", "" }, ARCH_X86_64, "!\"\" is neither a number nor a constant" },
		{ { "socket", "1|" }, ARCH_X86_64, "!\"\" is neither a number nor a constant" },
		{ { "socket", "flags=1" }, ARCH_X86_64, "!the call has no argument \"flags\"" },
		{ { "999", "fd=1" }, ARCH_X86_64, "!the call has no argument \"fd\"" },
		{ { "socket", "1", "family=1" }, ARCH_X86_64, "!argument 0 is there already" },
		{ { "socket", "type=1", "type=1" }, ARCH_X86_64, "!argument 1 is there already" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str word[4];
		struct bpf_data d;
		struct err e = { 0 };
		char said[256];
		struct buf b = BUF(said);
		size_t n = 0;

		for (; n < 4 && t[i].word[n] != NULL; n++)
			word[n] = str_of(t[i].word[n]);
		if (explain_read(t[i].arch, word, n, &d, &e) == 0) {
			call_put(&b, &d);
		} else {
			CHECK_NUM(i, e.fault, FAULT_USAGE);
			buf_char(&b, '!');
			buf_put(&b, (struct str){ e.msg, e.nmsg });
		}
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

static void
six_arguments_are_all(void)
{
	const struct str word[] = { S("1"), S("1"), S("2"), S("3"), S("4"), S("5"), S("6"),
		S("7") };
	struct bpf_data d;
	struct err e = { 0 };

	CHECK_NUM(0, explain_read(ARCH_X86_64, word, 7, &d, &e), 0);
	CHECK_NUM(0, d.arg[5], 6);
	CHECK_NUM(0, explain_read(ARCH_X86_64, word, 8, &d, &e) < 0, true);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "more than six arguments");
}

static void
said(size_t row, const struct policy *p, const struct bpf_data *d, const char *want)
{
	struct arena a = { mem + sizeof(mem) / 2, 0, sizeof(mem) / 2 };
	struct err e = { 0 };
	struct explained x;
	char line[1024];
	struct buf b = BUF(line);

	CHECK_NUM(row, explain(&a, &bpf, p, d, &x, &e), 0);
	explain_put(&b, d, &x, p);
	CHECK_STR(row, buf_str(&b), str_of(want));
}

static void
a_rule_decides_or_none(void)
{
	struct arena a = { mem, 0, sizeof(mem) / 2 };
	const struct policy *p = policy(&a);
	struct bpf_data d = { .nr = 39, .arch = 0xc000003e };

	said(1, p, &d,
	    "getpid() on x86_64: allow\nrule: p:4:1: allow getpid\n"
	    "path: 0 1 3 4 12 (5 instructions, which the kernel's bitmap spares)\n");
	said(2, NULL, &d,
	    "getpid() on x86_64: allow\n"
	    "path: 0 1 3 4 12 (5 instructions, which the kernel's bitmap spares)\n");
	d = (struct bpf_data){ .nr = 41, .arch = 0xc000003e, .arg = { 1 } };
	said(3, p, &d,
	    "socket(family=AF_UNIX, type=0, protocol=IPPROTO_IP) on x86_64: allow\n"
	    "rule: p:5:1: allow socket family == AF_UNIX\n"
	    "path: 0 1 3 4 5 6 7 13 (8 instructions)\n");
	d.arg[0] = 2;
	said(4, p, &d,
	    "socket(family=AF_INET, type=0, protocol=IPPROTO_IP) on x86_64: errno EPERM\n"
	    "rule: none: the policy's default\npath: 0 1 3 4 5 6 7 11 (8 instructions)\n");
	d = (struct bpf_data){ .nr = 435, .arch = 0xc000003e };
	said(5, p, &d,
	    "clone3(args=0, size=0) on x86_64: errno ENOSYS\n"
	    "rule: none, and newer than the policy\npath: 0 1 3 4 5 8 9 10 (8 instructions)\n");
	d = (struct bpf_data){ .nr = 1, .arch = 0x40000003 };
	said(6, p, &d,
	    "exit(status=0) on i386: kill-process\n"
	    "rule: none: the policy does not cover the architecture\n"
	    "path: 0 1 2 (3 instructions)\n");
	d = (struct bpf_data){ .nr = 7, .arch = 77 };
	said(7, NULL, &d,
	    "call 7() on architecture 0x4d: kill-process\npath: 0 1 2 (3 instructions)\n");
	d = (struct bpf_data){ .nr = 335, .arch = 0xc000003e };
	said(8, NULL, &d,
	    "uretprobe() on x86_64: errno EPERM\npath: 0 1 3 4 5 8 11 (7 instructions)\n"
	    "note: the kernel lets it pass whatever a filter says (335 from Linux 6.14, 336 from "
	    "6.18 on)\n");
}

static void
it_needs_memory(void)
{
	const struct bpf_data d = { .nr = 39, .arch = 0xc000003e };
	struct arena a = { mem, 0, 8 };
	struct err e = { 0 };
	struct explained x;

	CHECK_NUM(0, explain(&a, &bpf, NULL, &d, &x, &e) < 0, true);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
}

UNIT_MAIN("explain", { "words name a call", words_name_a_call },
    { "six arguments are all", six_arguments_are_all },
    { "a rule decides, or none", a_rule_decides_or_none }, { "it needs memory", it_needs_memory })
