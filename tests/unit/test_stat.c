/* filter_stat: against counting by hand and by running. */
#include <string.h>

#include "check.h"
#include "filters.h"
#include "unit.h"

static unsigned char mem[32 << 20];

static const char text[] = "default errno EPERM\n"
			   "arch x86_64 i386\n"
			   "allow read write openat\n"
			   "log getpid\n"
			   "allow socket family in {AF_UNIX, AF_INET}\n"
			   "kill-process ptrace request == 1\n";

static void
make(struct arena *a, unsigned level, struct bpf *b)
{
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct policy *p = policy_parse(a, S("p"), S(text), &host, &e);
	struct filter_options o = { .level = level };

	CU_ASSERT_FATAL(p != NULL);
	o.archs = p->archs;
	CU_ASSERT_FATAL(filter_compile(a, p, &o, b, &e) == 0);
}

static void
figures(void)
{
	for (unsigned level = 0; level < 3; level++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct filter_stat s;
		struct bpf b;
		unsigned longest = 0;

		make(&a, level, &b);
		CU_ASSERT_FATAL(filter_stat(&a, &b, &s, &e) == 0);
		CHECK_NUM(level, s.insns, b.n);
		for (unsigned arch = 0; arch < ARCH_COUNT; arch++) {
			struct filter_stat_arch want = { .covered = arch < 2 };
			uint64_t steps = 0, attach = 0;

			for (uint32_t nr = 0; nr < 1000 && want.covered; nr++) {
				struct bpf_data d = { .nr = nr,
					.arch = arch_audit((enum arch)arch) };
				size_t n;
				uint32_t action = bpf_run(&b, &d, &n, NULL);
				int call = call_of((enum arch)arch, nr);
				struct str name = call < 0 ? S("") : call_name((unsigned)call);
				bool socket = str_eq(name, S("socket"));
				bool tested = socket || str_eq(name, S("ptrace"));

				if (call < 0)
					continue;
				want.calls++;
				want.cached += bpf_cached(&b, (enum arch)arch, nr);
				want.conditional += tested;
				attach = nr;
				if (!socket && action != (uint32_t)RET_ALLOW &&
				    action != (uint32_t)RET_LOG)
					continue;
				want.allowed++;
				steps += n;
				if (!bpf_cached(&b, (enum arch)arch, nr))
					callset_add(&want.asked, (unsigned)call);
			}
			CHECK_NUM(arch, s.arch[arch].covered, want.covered);
			CHECK_NUM(arch, s.arch[arch].calls, want.calls);
			CHECK_NUM(arch, s.arch[arch].allowed, want.allowed);
			CHECK_NUM(arch, s.arch[arch].cached, want.cached);
			CHECK_NUM(arch, s.arch[arch].conditional, want.conditional);
			CHECK_NUM(arch,
			    memcmp(&s.arch[arch].asked, &want.asked, sizeof(want.asked)), 0);
			if (!want.covered) {
				CHECK_NUM(arch, s.arch[arch].longest, 0);
				continue;
			}
			CHECK_NUM(arch, want.allowed, 5);
			CHECK_NUM(arch, s.arch[arch].mean_milli, steps * 1000 / want.allowed);
			if (s.arch[arch].longest > longest)
				longest = s.arch[arch].longest;
			/* each number at least a load and a return, none more than the longest */
			CU_ASSERT(s.arch[arch].attach_steps > 2 * attach);
			CU_ASSERT(s.arch[arch].attach_steps < s.arch[arch].longest * (attach + 1));
		}
		CHECK_NUM(level, s.longest, longest);
	}
}

/* Exactly: a load, three comparisons at most. */
static void
by_hand(void)
{
	static const struct bpf_insn insn[] = {
		{ BPF_LD_ABS, 0, 0, DATA_ARCH },
		{ BPF_JEQ, 1, 0, 0xc000003e },
		{ BPF_RET_K, 0, 0, 0 },
		{ BPF_LD_ABS, 0, 0, DATA_NR },
		{ BPF_JGE, 0, 1, X32_BIT },
		{ BPF_RET_K, 0, 0, 0 },
		{ BPF_JEQ, 0, 3, 1 },
		{ BPF_LD_ABS, 0, 0, DATA_ARGS },
		{ BPF_JEQ, 0, 1, 2 },
		{ BPF_RET_K, 0, 0, 0 },
		{ BPF_RET_K, 0, 0, (uint32_t)RET_ALLOW },
	};
	struct bpf b = { insn, NULL, COUNT(insn) };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct filter_stat s;
	unsigned most = 0;

	CU_ASSERT_FATAL(filter_stat(&a, &b, &s, &e) == 0);
	CHECK_NUM(0, a.used, 0);
	CHECK_NUM(0, s.longest, 8);
	CHECK_NUM(0, s.arch[ARCH_X86_64].longest, 8);
	CU_ASSERT(!s.arch[ARCH_X32].covered);
	CHECK_NUM(0, s.arch[ARCH_X86_64].conditional, 1);
	CHECK_NUM(0, s.arch[ARCH_X86_64].allowed, s.arch[ARCH_X86_64].calls);
	CHECK_NUM(0, s.arch[ARCH_X86_64].cached, s.arch[ARCH_X86_64].calls - 1);
	/* six for each: write's last loads an argument */
	for (unsigned c = 0; c < calls_count(); c++)
		if (call_number(c, ARCH_X86_64) > (int64_t)most)
			most = (unsigned)call_number(c, ARCH_X86_64);
	CHECK_NUM(0, s.arch[ARCH_X86_64].attach_steps, 6 * (most + 1));
}

static void
exhausted(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct filter_stat s;
	struct bpf b;
	int result = -1;

	make(&a, 1, &b);
	for (size_t cap = 0; result < 0 && cap < 1 << 20; cap += 64) {
		struct arena small = { mem + a.used, 0, cap };

		e = (struct err){ 0 };
		result = filter_stat(&small, &b, &s, &e);
		CHECK_NUM(cap, e.fault, result < 0 ? FAULT_LIMIT : FAULT_NONE);
	}
	CHECK_NUM(0, result, 0);
	b.n--;
	CHECK_NUM(0, filter_stat(&a, &b, &s, &e), -1);
}

UNIT_MAIN("stat", { "figures", figures }, { "by hand", by_hand }, { "exhausted", exhausted })
