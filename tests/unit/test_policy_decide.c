/* core/spec/policydecide.c, policyaction.c, policytest.c: the definitions of policy.h by hand */
#include "policies.h"
#include "unit.h"

static void
tests_hold_at_both_widths(void)
{
	const struct range neg = { UINT64_MAX, UINT64_MAX }, big = { 0xffffffff, 0xffffffff },
			   some[] = { { 1, 3 }, { 0x80000000, 0x8000000f } };
	static const struct {
		unsigned which;
		bool negated, narrow;
		uint64_t mask, argument;
		bool want;
	} row[] = {
		{ 0, false, false, UINT64_MAX, UINT64_MAX, true },
		{ 0, false, false, UINT64_MAX, 0xffffffff, false },
		{ 0, false, true, UINT64_MAX, 0xffffffff, true },
		{ 0, false, true, UINT64_MAX, 0x1234ffffffff, true },
		{ 0, true, true, UINT64_MAX, 0xffffffff, false },
		{ 1, false, true, UINT64_MAX, UINT64_MAX, true },
		{ 1, false, false, UINT64_MAX, UINT64_MAX, false },
		{ 1, true, false, UINT64_MAX, UINT64_MAX, true },
		{ 2, false, true, UINT64_MAX, 0x100000002, true },
		{ 2, false, false, UINT64_MAX, 0x100000002, false },
		{ 2, false, false, 0xff, 0x100000002, true },
		{ 2, false, true, 0xf0, 0x02, false },
		{ 2, true, true, 0xf0, 0x02, true },
		{ 2, false, false, UINT64_MAX, 0x80000008, true },
		{ 2, false, true, UINT64_MAX, 0xffffffff80000008, true },
		{ 2, false, false, UINT64_MAX, 0xffffffff80000008, false },
		{ 2, false, true, 0xfffffff0, 0x8000000f, true },
		{ 3, false, false, UINT64_MAX, 0, false },
		{ 3, true, true, UINT64_MAX, 0, true },
	};
	const struct range *const in[] = { &neg, &big, some, NULL };
	const size_t n[] = { 1, 1, 2, 0 };

	for (size_t i = 0; i < COUNT(row); i++) {
		const struct test t = { .negated = row[i].negated,
			.mask = row[i].mask,
			.in = in[row[i].which],
			.n = n[row[i].which] };

		CHECK_NUM(i, test_holds(&t, row[i].narrow, row[i].argument), row[i].want);
	}
}

static void
widths_are_the_kernels(void)
{
	struct policy p = { 0 };
	struct test t = { .arg = 0 };
	int reads = call_find(S("read")), pid = call_find(S("getpid"));

	CHECK_NUM(0, policy_narrow(&p, ARCH_X86_64, reads, &t), true);
	CHECK_NUM(0, policy_narrow(&p, ARCH_X86_64, -1, &t), false);
	CHECK_NUM(0, policy_narrow(&p, ARCH_I386, -1, &t), true);
	CHECK_NUM(0, policy_narrow(&p, ARCH_X86_64, pid, &t), false);
	t.arg = 1;
	CHECK_NUM(1, policy_narrow(&p, ARCH_X86_64, reads, &t), false);
	CHECK_NUM(1, policy_narrow(&p, ARCH_ARM, reads, &t), true);
	CHECK_NUM(1, policy_narrow(&p, ARCH_X32, reads, &t), false);
	t = (struct test){ .wide = true };
	CHECK_NUM(2, policy_narrow(&p, ARCH_X86_64, reads, &t), false);
	CHECK_NUM(2, policy_narrow(&p, ARCH_I386, reads, &t), false);
	t.wide = false;
	p.wide = true;
	CHECK_NUM(3, policy_narrow(&p, ARCH_X86_64, reads, &t), false);
}

/* What operators mean: of an int and of a long, on either side of where they change. */
static const struct {
	const char *test;
	uint64_t argument;
	bool fd, buf; /* an unsigned int; a pointer: 64 bits */
} operators[] = {
	{ "== -1", 0xffffffff, true, false },
	{ "== -1", UINT64_MAX, true, true },
	{ "!= -1", 0xffffffff, false, true },
	{ "< 5", 4, true, true },
	{ "< 5", 5, false, false },
	{ "< 5", 0x100000004, true, false },
	{ "<= 5", 5, true, true },
	{ "<= 5", 6, false, false },
	{ "> 5", 6, true, true },
	{ "> 5", 5, false, false },
	{ "> 5", 0xffffffff, true, true },
	{ ">= 5", 5, true, true },
	{ ">= 5", 4, false, false },
	{ ">= 0", 0, true, true },
	{ "> -5", 0xfffffffc, true, false },
	{ "> -5", 0xfffffffb, false, false },
	{ "> -5", UINT64_MAX, true, true },
	{ "> -5", 3, false, false },
	{ "<= -5", 0xfffffffb, true, true },
	{ "<= -5", 0xfffffffc, false, true },
	{ "< -5", 0xfffffffb, false, true },
	{ "<= -1", 7, true, true },
	{ "> -1", 7, false, false },
	{ "> 0xffffffff", 0xffffffff, false, false },
	{ "> 0xffffffff", 0x100000000, false, true },
	{ "signed < 0", 0xffffffff, true, false },
	{ "signed < 0", UINT64_MAX, true, true },
	{ "signed < 0", 0, false, false },
	{ "signed >= 0", 0xffffffff, false, true },
	{ "signed >= 0", 0x7fffffff, true, true },
	{ "signed > -1", 0, true, true },
	{ "signed > -1", UINT64_MAX, false, false },
	{ "signed > 5", 6, true, true },
	{ "signed > 5", 0xffffffff, false, true },
	{ "signed <= 5", 0xffffffff, true, false },
	{ "signed <= 5", 6, false, false },
	{ "signed < -5", 0xfffffffa, true, false },
	{ "signed < -5", 0xfffffffb, false, false },
	{ "signed >= -0x8000000000000000", 7, true, true },
	{ "in {-1..1}", UINT64_MAX, true, true },
	{ "in {-1..1}", 0xffffffff, true, false },
	{ "in {-1..1}", 2, false, false },
	{ "not in {1, 3..5}", 2, true, true },
	{ "not in {1, 3..5}", 4, false, false },
	{ "& 6", 4, true, true },
	{ "& 6", 9, false, false },
	{ "& 6 == 2", 3, true, true },
	{ "& 6 == 2", 7, false, false },
	{ "& 6 != 2", 7, true, true },
	{ "& 0x100000006", 0x100000000, false, true },
	{ "& 0xf0 in {0x10..0x20}", 0x2f, true, true },
	{ "& 0xf0 in {0x10..0x20}", 0x3f, false, false },
	{ "& 0xf0 not in {0x10..0x20}", 0x3f, true, true },
};

static void
operators_mean(void)
{
	for (size_t i = 0; i < COUNT(operators); i++) {
		char text[128];
		struct err e;
		struct policy *p;

		snprintf(text, sizeof(text), "default allow\nlog read fd %s", operators[i].test);
		p = policy_of(text, NULL, &e);
		CU_ASSERT_FATAL(p != NULL);
		CHECK_NUM(i,
		    policy_says(p, ARCH_X86_64, "read", operators[i].argument, 0, 0) == RET_LOG,
		    operators[i].fd);
		snprintf(text, sizeof(text), "default allow\nlog read buf %s", operators[i].test);
		p = policy_of(text, NULL, &e);
		CU_ASSERT_FATAL(p != NULL);
		CHECK_NUM(i,
		    policy_says(p, ARCH_X86_64, "read", 0, operators[i].argument, 0) == RET_LOG,
		    operators[i].buf);
	}
}

static const struct {
	const char *word, *data;
	int got;
	uint32_t action;
	const char *text;
} actions[] = {
	{ "allow", "", 0, RET_ALLOW, "allow" },
	{ "log", "", 0, RET_LOG, "log" },
	{ "notify", "", 0, RET_NOTIFY, "notify" },
	{ "kill", "", 0, (uint32_t)RET_KILL_PROCESS, "kill-process" },
	{ "kill-process", "", 0, (uint32_t)RET_KILL_PROCESS, "kill-process" },
	{ "kill-thread", "", 0, RET_KILL_THREAD, "kill-thread" },
	{ "trap", "", 0, RET_TRAP, "trap" },
	{ "trap", "0", 0, RET_TRAP, "trap" },
	{ "trap", "65535", 0, RET_TRAP | 65535, "trap 65535" },
	{ "trace", "9", 0, RET_TRACE | 9, "trace 9" },
	{ "errno", "EPERM", 0, RET_ERRNO | 1, "errno EPERM" },
	{ "errno", "38", 0, RET_ERRNO | 38, "errno ENOSYS" },
	{ "errno", "ENOTSUP", 0, RET_ERRNO | 95, "errno EOPNOTSUPP" },
	{ "errno", "EWOULDBLOCK", 0, RET_ERRNO | 11, "errno EAGAIN" },
	{ "errno", "EDEADLOCK", 0, RET_ERRNO | 35, "errno EDEADLK" },
	{ "errno", "41", 0, RET_ERRNO | 41, "errno 41" },
	{ "errno", "4095", 0, RET_ERRNO | 4095, "errno 4095" },
	{ "errno", "", -1, 0, "" },
	{ "errno", "0", -1, 0, "" },
	{ "errno", "4096", -1, 0, "" },
	{ "errno", "E?", -1, 0, "" },
	{ "errno", "EWHAT", -1, 0, "" },
	{ "trap", "EPERM", -1, 0, "" },
	{ "trap", "65536", -1, 0, "" },
	{ "allow", "1", -1, 0, "" },
	{ "permit", "", -1, 0, "" },
	{ "", "", -1, 0, "" },
};

static void
actions_have_names(void)
{
	for (size_t i = 0; i < COUNT(actions); i++) {
		char text[64];
		struct buf b = BUF(text);
		uint32_t a = 77;

		CHECK_NUM(i, action_read(str_of(actions[i].word), str_of(actions[i].data), &a),
		    actions[i].got);
		CHECK_NUM(i, a, actions[i].got < 0 ? 77 : actions[i].action);
		if (actions[i].got < 0)
			continue;
		action_put(&b, a);
		CHECK_STR(i, buf_str(&b), str_of(actions[i].text));
	}
}

UNIT_MAIN("policy_decide", { "tests hold at 64 and at 32 bits", tests_hold_at_both_widths },
    { "widths are what the kernel takes", widths_are_the_kernels },
    { "operators mean what policy.h says", operators_mean },
    { "actions have names", actions_have_names })
