/* core/plan/learned.c: counted calls, and the policy that they make. */
#include "check.h"
#include "plan/learned.h"
#include "spec/policy.h"
#include "unit.h"

enum { X86_64 = 0, MEMORY = 1 << 20 };

static _Alignas(16) unsigned char mem[2 * MEMORY];
static char text[1 << 16];
static struct learned l;
static struct arena arena;

static void
begin(void)
{
	struct err e = { 0 };

	arena = (struct arena){ mem, 0, sizeof(mem) };
	CU_ASSERT_EQUAL_FATAL(learned_init(&arena, &l, &e), 0);
}

static void
add(const char *call, enum arch arch, uint64_t first, uint64_t second, size_t times)
{
	const uint64_t arg[CALL_ARGS] = { first, second };
	int c = call_find(str_of(call));
	int64_t nr = c < 0 ? -1 : call_number((unsigned)c, arch);

	CU_ASSERT_FATAL(nr >= 0);
	while (times-- > 0)
		CU_ASSERT_EQUAL(learned_add(&l, arch_audit(arch), (uint32_t)nr, arg), 0);
}

static struct str
put(void)
{
	struct buf b = BUF(text);
	struct err e = { 0 };

	CU_ASSERT_EQUAL(learned_put(&arena, &b, &l, &e), 0);
	CU_ASSERT_EQUAL(e.fault, FAULT_NONE);
	return buf_str(&b);
}

#define HEAD \
	"default errno EPERM\n" \
	"allow restart_syscall # not seen: the kernel makes it when it has to\n" \
	"allow rt_sigreturn # not seen: the kernel makes it when it has to\n"

static void
counted(void)
{
	enum arch n = arch_native();

	begin();
	add("write", n, 1, 0, 12);
	add("read", n, 1, 0, 1);
	add("getpid", n, 1, 0, 2);
	CHECK_TEXT(1, put(),
	    HEAD "allow getpid # 2 times\nallow read # once\nallow write # 12 times\n");
	/* seen, they are as others */
	begin();
	add("getpid", n, 0, 0, 1);
	add("rt_sigreturn", n, 0, 0, 3);
	CHECK_TEXT(2, put(),
	    "default errno EPERM\n"
	    "allow restart_syscall # not seen: the kernel makes it when it has to\n"
	    "allow getpid # once\n"
	    "allow rt_sigreturn # 3 times\n");
}

static void
values(void)
{
	enum arch n = arch_native();

	begin();
	/* none that has a name; an int is its low word */
	add("socket", n, 4711, 0, 2);
	add("socket", n, 0xdead000000001266u, 0, 1);
	add("ioctl", n, 3, 0x12345678, 1); /* the second argument */
	add("ioctl", n, 4, 0xab00000012345678u, 1);
	add("personality", n, 0x12340000, 0, 1);
	CHECK_TEXT(0, put(),
	    HEAD "allow ioctl request in {0x12345678} # 2 times\n"
		 "allow personality persona in {0x12340000} # once\n"
		 "allow socket family in {0x1267, 0x1266} # 3 times\n");
	/* so many, and one more */
	for (uint64_t i = 0; i <= LEARNED_VALUES; i++) {
		begin();
		for (uint64_t k = 0; k <= i; k++)
			add("prctl", n, 0x10000000 + k, 0, 1);
		CHECK_NUM(i, str_find(put(), '{', 0) < put().n, i < LEARNED_VALUES);
	}
	CHECK_TEXT(1, put(),
	    HEAD "allow prctl # 17 times, with more values than are worth a list\n");
}

static void
architectures(void)
{
	begin();
	if (arch_native() != ARCH_X86_64)
		return;
	add("socket", ARCH_I386, 4711, 0, 1);
	add("write", ARCH_X86_64, 1, 0, 1);
	add("write", ARCH_X32, 1, 0, 1);
	/* no name; and what no kernel of ours gives */
	for (uint32_t i = 0; i < 2; i++) {
		static const uint64_t none[CALL_ARGS];

		CU_ASSERT_EQUAL(learned_add(&l, i == 0 ? arch_audit(ARCH_X86_64) : 1, 60000, none),
		    0);
	}
	CHECK_TEXT(0, put(),
	    "default errno EPERM\n"
	    "arch x86_64 i386 x32\n"
	    "on x86_64 {\n"
	    "allow restart_syscall # not seen: the kernel makes it when it has to\n"
	    "allow rt_sigreturn # not seen: the kernel makes it when it has to\n"
	    "allow #60000 # once\n"
	    "allow write # once\n"
	    "}\n"
	    "on i386 {\n"
	    "allow restart_syscall # not seen: the kernel makes it when it has to\n"
	    "allow rt_sigreturn # not seen: the kernel makes it when it has to\n"
	    "allow socket family in {0x1267} # once\n"
	    "}\n"
	    "on x32 {\n"
	    "allow restart_syscall # not seen: the kernel makes it when it has to\n"
	    "allow rt_sigreturn # not seen: the kernel makes it when it has to\n"
	    "allow write # once\n"
	    "}\n");
}

/* What is printed is a policy, and it allows what was seen and nothing else. */
static void
read_back(void)
{
	static const struct policy_host host = { .arch = ARCH_X86_64 };
	const uint64_t unix_[CALL_ARGS] = { 1 }, inet[CALL_ARGS] = { 2 };
	struct err e = { 0 };
	struct policy *p;
	uint32_t audit = arch_audit(ARCH_X86_64);
	const struct rule *why;

	if (arch_native() != ARCH_X86_64)
		return;
	begin();
	add("socket", ARCH_X86_64, 1, 0, 1);
	add("write", ARCH_X86_64, 1, 0, 5);
	add("ioctl", ARCH_X86_64, 1, 0x5401, 1);
	add("getpid", ARCH_I386, 1, 0, 1);
	CU_ASSERT_EQUAL(learned_add(&l, audit, 60000, unix_), 0);
	p = policy_parse(&arena, S("learned"), put(), &host, &e);
	if (p == NULL)
		printf("# %u:%u: %.*s\n", e.pos.line, e.pos.col, (int)e.nmsg, e.msg);
	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, p->notes.n[SEVERITY_WARNING] + p->notes.n[SEVERITY_ERROR], 0);
	CHECK_NUM(1, policy_decide(p, audit, 41, unix_, &why), RET_ALLOW);
	CHECK_NUM(2, policy_decide(p, audit, 41, inet, &why), RET_ERRNO | 1);
	CHECK_NUM(3, policy_decide(p, audit, 1, inet, &why), RET_ALLOW);
	CHECK_NUM(4, policy_decide(p, audit, 0, inet, &why), RET_ERRNO | 1);
	CHECK_NUM(5, policy_decide(p, audit, 60000, inet, &why), RET_ALLOW);
	CHECK_NUM(6, policy_decide(p, audit, 15, inet, &why), RET_ALLOW);
	CHECK_NUM(7, policy_decide(p, audit, 39, inet, &why), RET_ERRNO | 1);
	CHECK_NUM(8, policy_decide(p, arch_audit(ARCH_I386), 20, inet, &why), RET_ALLOW);
	CHECK_NUM(9, policy_decide(p, arch_audit(ARCH_I386), 4, inet, &why), RET_ERRNO | 1);
}

static void
limits(void)
{
	static const uint64_t none[CALL_ARGS];
	struct arena little = { mem, 0, 1000 };
	struct buf b = { text, 0, 100, false };
	struct err e = { 0 };

	begin();
	for (uint32_t i = 0; i < LEARNED_CALLS - 1; i++)
		CU_ASSERT_EQUAL(learned_add(&l, arch_audit(arch_native()), i, none), 0);
	CU_ASSERT_EQUAL(learned_add(&l, 1, 1, none), -1);
	CU_ASSERT_EQUAL(learned_add(&l, arch_audit(arch_native()), 7, none), 0);
	CU_ASSERT_EQUAL(l.n, LEARNED_CALLS - 1);
	CU_ASSERT_EQUAL(learned_put(&arena, &b, &l, &e), -1);
	CU_ASSERT_EQUAL(e.fault, FAULT_LIMIT);
	e = (struct err){ 0 };
	CU_ASSERT_EQUAL(learned_put(&little, &b, &l, &e), -1);
	CU_ASSERT_EQUAL(e.fault, FAULT_LIMIT);
	e = (struct err){ 0 };
	CU_ASSERT_EQUAL(learned_init(&little, &l, &e), -1);
	CU_ASSERT_EQUAL(e.fault, FAULT_LIMIT);
}

UNIT_MAIN("learned", { "counted", counted }, { "values", values },
    { "architectures", architectures }, { "read back", read_back }, { "limits", limits })
