/* Policies and what is said of them, for tests. */
#ifndef UNIT_POLICIES_H
#define UNIT_POLICIES_H

#include "check.h"
#include "spec/policy.h"

static unsigned char policy_mem[16 << 20];

static inline struct policy *
policy_of(const char *text, const struct policy_host *host, struct err *e)
{
	static const struct policy_host plain = { .arch = ARCH_X86_64 };
	struct arena a = { policy_mem, 0, sizeof(policy_mem) };

	*e = (struct err){ 0 };
	return policy_read(&a, S("f"), str_of(text), host != NULL ? host : &plain, e);
}

/* The line of the fault, or "" where there is none. */
static inline void
check_policy_fault(size_t row, const char *text, const struct policy_host *host, const char *want)
{
	char line[1024];
	struct buf b = BUF(line);
	struct err e;
	struct policy *p = policy_of(text, host, &e);

	if (e.fault != FAULT_NONE)
		err_line(&e, &b);
	CHECK_NUM(row, p == NULL, e.fault != FAULT_NONE);
	if (!str_eq(buf_str(&b), str_of(want)))
		fprintf(stderr, "row %zu: got  %.*s\n     want %s\n", row, (int)b.n, b.p, want);
	CHECK_STR(row, buf_str(&b), str_of(want));
}

/* Of the call's first architecture number and arguments. */
static inline uint32_t
policy_says(const struct policy *p, enum arch arch, const char *call, uint64_t a0, uint64_t a1,
    uint64_t a2)
{
	int c = call_find(str_of(call));
	const struct rule *why;

	CU_ASSERT_FATAL(c >= 0 && call_number((unsigned)c, arch) >= 0);
	return policy_decide(p, arch_audit(arch), (uint32_t)call_number((unsigned)c, arch),
	    (uint64_t[6]){ a0, a1, a2, 0, 0, 0 }, &why);
}

enum { EPERM_SAID = RET_ERRNO | 1, ENOSYS_SAID = RET_ERRNO | 38 };

#endif
