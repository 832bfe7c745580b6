/* filter_decompile: the policy means what the program does. */
#include "check.h"
#include "filters.h"
#include "unit.h"

static unsigned char mem[128 << 20];
static char text[1 << 20];

#define X86 LD(DATA_ARCH), JEQ(0xc000003e, 1, 0), RET(RET_KILL_PROCESS)

/* Compiled again the same; false where a limit says no. */
static bool
back(size_t row, struct arena *a, const struct bpf *b, struct policy **p)
{
	struct filter_options o = { .level = 1 };
	struct err e = { 0 };
	struct bpf again;
	struct witness w;

	*p = filter_decompile(a, b, &e);
	if (*p == NULL) {
		CU_ASSERT(e.fault == FAULT_LIMIT || e.fault == FAULT_CONFIG);
		return false;
	}
	CHECK_NUM(row, e.fault, FAULT_NONE);
	o.archs = (*p)->archs;
	if (filter_compile(a, *p, &o, &again, &e) < 0) {
		CHECK_NUM(row, e.fault, FAULT_LIMIT);
		return false;
	}
	CHECK_NUM(row, filter_diff(a, b, &again, &w, &e), 1);
	return true;
}

/* As the language has it, all in one line. */
static struct str
printed(struct policy *p)
{
	struct buf b = BUF(text);
	struct err e = { 0 };

	CU_ASSERT(policy_put(&b, p, &e) == 0);
	for (size_t i = 0; i < b.n; i++)
		if (text[i] == '\n')
			text[i] = ';';
	return buf_str(&b);
}

static void
words(void)
{
	static const struct {
		const char *policy, *want;
	} row[] = {
		{ "default allow", "default allow;arch x86_64;" },
		{ "default errno EPERM\nallow read write\nallow #1000..2000",
		    "default errno EPERM;arch x86_64;allow read write;allow #1000..2000;" },
		/* two names for one number of ARM: the second is that of others only */
		{ "default errno EPERM\narch arm ppc64le\nallow arm_sync_file_range\n"
		  "errno ENOSYS sync_file_range2",
		    "default errno EPERM;arch arm ppc64le;allow arm_sync_file_range;"
		    "on ppc64le {;\terrno ENOSYS sync_file_range2;};" },
		/* the most of the numbers are what it falls back to */
		{ "default errno EPERM\nnewer-than 6.0 errno ENOSYS\nallow read", NULL },
		{ "default errno EPERM\nallow socket family in {AF_UNIX, AF_INET}",
		    "default errno EPERM;arch x86_64;allow socket family in {AF_UNIX..AF_INET};" },
		{ "default errno EPERM\nallow clone flags & CLONE_NEWUSER == 0",
		    "default errno EPERM;arch x86_64;allow clone flags & CLONE_NEWUSER == 0;" },
		{ "default allow\nerrno EPERM ioctl request == TIOCSTI",
		    "default allow;arch x86_64;errno EPERM ioctl request == TIOCSTI;" },
		{ "default errno EPERM\nallow ioctl request != TIOCSTI",
		    "default errno EPERM;arch x86_64;allow ioctl request != TIOCSTI;" },
		{ "default errno EPERM\narch x86_64 i386\nallow read\n"
		  "on i386 { kill-process write }",
		    "default errno EPERM;arch x86_64 i386;allow read;"
		    "on i386 {;\tkill-process write;};" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy_host host = { .arch = ARCH_X86_64 };
		struct err e = { 0 };
		char source[512];
		struct buf s = BUF(source);
		struct policy *p, *q;
		struct filter_options o = { 0 };
		struct bpf b;

		if (strstr(row[i].policy, "arch") == NULL)
			buf_put(&s, S("arch x86_64\n"));
		buf_put(&s, str_of(row[i].policy));
		p = policy_parse(&a, S("p"), buf_str(&s), &host, &e);
		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), S(""));
		CU_ASSERT_FATAL(p != NULL);
		o.archs = p->archs;
		CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
		CU_ASSERT(back(i, &a, &b, &q));
		if (q != NULL && row[i].want != NULL)
			CHECK_STR(i, printed(q), str_of(row[i].want));
	}
}

static void
programs(void)
{
	const struct bpf row[] = {
		PROGRAM(RET(RET_ALLOW)),
		/* neighbours on paths of their own */
		PROGRAM(X86, LD(DATA_NR), JEQ(1000, 1, 0), JEQ(1001, 0, 1), RET(RET_TRAP),
		    RET(RET_ALLOW)),
		/* a high half alone, and both halves */
		PROGRAM(X86, LD(ARG(0) + 4), JEQ(5, 0, 1), RET(RET_ALLOW), RET(RET_TRAP)),
		PROGRAM(X86, LD(ARG(0) + 4), JEQ(5, 0, 3), LD(ARG(0)), JEQ(7, 0, 1), RET(RET_ALLOW),
		    RET(RET_TRAP)),
		/* even and not one number: neither ranges nor a mask */
		PROGRAM(X86, LD(ARG(1)), { BPF_JSET, 3, 0, 1 }, JEQ(0x40000, 2, 0), LD(ARG(2)),
		    JEQ(3, 1, 0), RET(RET_ALLOW), RET(RET_TRAP)),
		/* three ways */
		PROGRAM(X86, LD(ARG(1)), JEQ(1, 0, 1), RET(RET_LOG), { BPF_JSET, 0, 1, 0x800 },
		    RET(RET_ALLOW), RET(RET_TRAP)),
		PROGRAM(LD(DATA_ARCH), JEQ(0x80000016, 0, 3), LD(ARG(0)), JEQ(1, 1, 0),
		    RET(RET_ALLOW), RET(RET_TRAP)),
	};
	const struct bpf bad[] = {
		PROGRAM(LD(DATA_ARCH), JEQ(0x1234, 0, 1), RET(RET_ALLOW), RET(RET_TRAP)),
		PROGRAM(LD(ARG(0)), JEQ(1, 0, 1), RET(RET_ALLOW), RET(RET_TRAP)),
		PROGRAM(X86, LD(DATA_IP), JEQ(1, 0, 1), RET(RET_ALLOW), RET(RET_TRAP)),
		PROGRAM(LD(DATA_ARCH), JEQ(0xc000003e, 1, 0), RET(RET_KILL_PROCESS)),
	};
	static const char *const said[] = {
		"what the filter does on architecture 4660 cannot be said in a policy",
		"what the filter does on architecture 0 cannot be said in a policy",
		"the filter looks at the instruction pointer",
		"instruction 1: jumps beyond the end",
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy *p;

		CU_ASSERT(back(i, &a, &row[i], &p));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct bpf b = bad[i];

		CU_ASSERT(filter_decompile(&a, &b, &e) == NULL);
		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(said[i]));
	}
}

/* Nine hundred numbers here and there. */
static void
scattered(void)
{
	static struct bpf_insn insn[2000];
	struct arena a = { mem, 0, sizeof(mem) };
	struct chance c = { .state = 9 };
	struct bpf b = { insn, NULL, 0 };
	struct policy *p;

	insn[b.n++] = (struct bpf_insn)LD(DATA_NR);
	for (unsigned i = 0; i < 900; i++) {
		insn[b.n++] = (struct bpf_insn)JEQ(i * 7 + chance_below(&c, 7), 0, 1);
		insn[b.n++] = (struct bpf_insn)RET(chance_below(&c, 4) == 0 ? RET_TRAP : RET_ALLOW);
	}
	insn[b.n++] = (struct bpf_insn)RET(RET_ALLOW);
	/* unknown architectures too: it cannot be said */
	CU_ASSERT(!back(0, &a, &b, &p));
	memmove(insn + 3, insn, b.n * sizeof(*insn));
	insn[0] = (struct bpf_insn)LD(DATA_ARCH);
	insn[1] = (struct bpf_insn)JEQ(0xc000003e, 1, 0);
	insn[2] = (struct bpf_insn)RET(RET_TRAP);
	b.n += 3;
	a.used = 0;
	CU_ASSERT(back(0, &a, &b, &p));
}

/* Outcomes that alternate with every value of ten bits, other ones for each of many. */
static void
alternating(void)
{
	static struct bpf_insn insn[BPF_INSNS_MAX];
	struct bpf b = { insn, NULL, 0 };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };

	insn[b.n++] = (struct bpf_insn)LD(DATA_ARCH);
	insn[b.n++] = (struct bpf_insn)JEQ(0xc000003e, 1, 0);
	insn[b.n++] = (struct bpf_insn)RET(0);
	for (uint32_t i = 0; i < 150; i++) {
		insn[b.n++] = (struct bpf_insn)LD(ARG(0));
		insn[b.n++] = (struct bpf_insn)JEQ(i, 0, 23);
		insn[b.n++] = (struct bpf_insn)LD(ARG(1));
		for (uint32_t bit = 0; bit < 10; bit++) {
			uint32_t k = UINT32_C(1) << (bit + i % 20);

			insn[b.n++] = (struct bpf_insn){ BPF_JSET, 2, 1, k };
			insn[b.n++] = (struct bpf_insn){ BPF_JSET, 0, 1, k };
		}
		insn[b.n++] = (struct bpf_insn)RET(i + 1);
		insn[b.n++] = (struct bpf_insn)RET(RET_ALLOW);
	}
	insn[b.n++] = (struct bpf_insn)RET(0);
	CU_ASSERT(filter_decompile(&a, &b, &e) == NULL);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S("too many cases for rules"));
}

static void
chances(void)
{
	struct chance c = { .state = 6 };
	size_t good = 0;

	for (size_t i = 0; i < 500; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy *p = chance_policy(&c, &a, 5, (unsigned)(i % 4)), *q;
		struct filter_options o = { .level = 1, .archs = p->archs };
		struct err e = { 0 };
		struct bpf b;

		if (filter_compile(&a, p, &o, &b, &e) == 0)
			good += back(i, &a, &b, &q);
	}
	CU_ASSERT(good > 450);
}

static void
exhausted(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct policy *p, *q = NULL;
	struct filter_options o = { .level = 1 };
	struct err e = { 0 };
	struct bpf b;

	p = policy_parse(&a, S("p"),
	    S("default errno EPERM\narch x86_64 i386\nallow read #1000 #1002 #1004 #1006 #1008 "
	      "#1010 #1012 #1014 #1016 #1018 #1020 #1022 #1024 #1026 #1028 #1030 #1032 "
	      "#1034 #1036\n"
	      "allow socket family in {1, 9} and type & 1 == 1\non i386 { trap write }"),
	    &host, &e);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S(""));
	CU_ASSERT_FATAL(p != NULL);
	o.archs = p->archs;
	CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
	for (size_t cap = 0; q == NULL && cap < 4 << 20; cap += cap < 1 << 15 ? 512 : 48) {
		struct arena small = { mem + a.used, 0, cap };

		e = (struct err){ 0 };
		q = filter_decompile(&small, &b, &e);
		CHECK_NUM(cap, e.fault, q == NULL ? FAULT_LIMIT : FAULT_NONE);
	}
	CU_ASSERT(q != NULL);
	b = PROGRAM(X86, LD(ARG(1)), { BPF_JSET, 3, 0, 1 }, JEQ(0x40000, 2, 0), LD(ARG(2)),
	    JEQ(3, 1, 0), RET(RET_ALLOW), RET(RET_TRAP));
	q = NULL;
	for (size_t cap = 1 << 17; q == NULL && cap < 4 << 20; cap += 48) {
		struct arena small = { mem, 0, cap };

		q = filter_decompile(&small, &b, &e);
	}
	CU_ASSERT(q != NULL);
}

UNIT_MAIN("decompile", { "in words", words }, { "programs", programs }, { "scattered", scattered },
    { "alternating", alternating }, { "chances", chances }, { "exhausted", exhausted })
