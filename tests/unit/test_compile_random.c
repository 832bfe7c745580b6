/* core/plan: filters of random policies; tests/seccomp/random.c has far more, and no sanitizer */
#include "check.h"
#include "randompolicy.h"
#include "unit.h"

enum { POLICIES = 250 };

static unsigned char mem[64 << 20];

static void
answers_are_the_policys(void)
{
	for (unsigned i = 0; i < POLICIES; i++) {
		struct chance c = { 0x9e3779b97f4a7c15U + i * 0xd1342543de82ef95U };
		struct arena a = { mem, 0, sizeof(mem) };
		const struct policy *p = random_policy(&c, &a);
		struct bpf b[3];
		unsigned bad = 0;

		CU_ASSERT_FATAL(p != NULL);
		for (unsigned level = 0; level < 3; level++) {
			struct filter_options o = { .level = level, .archs = p->archs };
			struct err e = { 0 };

			CHECK_NUM(i, filter_make(&a, p, &o, &b[level], &e), 0);
			CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), S(""));
			CHECK_NUM(i, bpf_check(&b[level], &e), 0);
		}
		for (unsigned k = 0; k < VECTORS; k++) {
			struct bpf_data d = random_call(&c, p);
			const struct rule *why;
			uint32_t want = policy_decide(p, d.arch, d.nr, d.arg, &why);

			for (unsigned level = 0; level < 3; level++)
				bad += bpf_run(&b[level], &d, NULL, NULL) != want;
		}
		CHECK_NUM(i, bad, 0);
	}
}

UNIT_MAIN("compile_random", { "answers are the policy's", answers_are_the_policys })
