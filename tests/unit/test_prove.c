/* filter_prove and filter_diff: what is the same, and witnesses of what is not. */
#include <stdlib.h>

#include "check.h"
#include "filters.h"
#include "unit.h"

static unsigned char mem[64 << 20];

/* ---- programs by hand ------------------------------------------------------------------------ */

static const uint32_t x86 = 0xc000003e, i386 = 0x40000003, s390x = 0x80000016;

/* 1, 0 with a witness that the interpreter confirms, or -1. */
static int
differ(size_t row, const struct bpf *a, const struct bpf *b, struct witness *w, struct err *e)
{
	struct arena arena = { mem, 0, sizeof(mem) };
	int result;

	memset(e, 0, sizeof(*e));
	result = filter_diff(&arena, a, b, w, e);
	CHECK_NUM(row, arena.used, 0);
	CHECK_NUM(row, e->fault != FAULT_NONE, result < 0);
	if (result == 0) {
		CHECK_NUM(row, bpf_run(a, &w->data, NULL, NULL), w->a);
		CHECK_NUM(row, bpf_run(b, &w->data, NULL, NULL), w->b);
		CU_ASSERT(w->a != w->b);
	}
	return result;
}

static void
equal(void)
{
	const struct bpf all = PROGRAM(RET(RET_ALLOW));
	const struct bpf three = PROGRAM(LD(DATA_NR), JEQ(3, 0, 1), RET(RET_TRAP), RET(RET_ALLOW));
	const struct bpf same[] = {
		/* a test whose two ways are one */
		PROGRAM(LD(DATA_NR), JEQ(3, 1, 0), RET(RET_ALLOW), RET(RET_ALLOW)),
		/* nothing is above the highest */
		PROGRAM(LD(ARG(0)), { BPF_JGT, 0, 1, UINT32_MAX }, RET(RET_TRAP), RET(RET_ALLOW)),
		/* what was tested is known */
		PROGRAM(LD(ARG(1)), JEQ(7, 0, 2), JEQ(7, 1, 0), RET(RET_TRAP), RET(RET_ALLOW)),
		/* a bit that the mask took away */
		PROGRAM(LD(ARG(1)), { BPF_AND_K, 0, 0, 6 }, { BPF_JSET, 0, 1, 1 }, RET(RET_TRAP),
		    RET(RET_ALLOW)),
	};
	const struct bpf alike[] = {
		PROGRAM(LD(DATA_NR), JGE(4, 2, 0), JGE(3, 0, 1), RET(RET_TRAP), RET(RET_ALLOW)),
		PROGRAM(LD(DATA_NR), { BPF_ALU | BPF_XOR, 0, 0, 3 }, JEQ(0, 0, 1), RET(RET_TRAP),
		    RET(RET_ALLOW)),
		PROGRAM(LD(DATA_NR), { BPF_ALU | BPF_SUB, 0, 0, 3 }, JGE(1, 1, 0), RET(RET_TRAP),
		    RET(RET_ALLOW)),
		PROGRAM(LD(DATA_NR), { BPF_ALU | BPF_NEG, 0, 0, 0 }, JEQ((uint32_t)-3, 0, 1),
		    RET(RET_TRAP), RET(RET_ALLOW)),
		PROGRAM({ BPF_LDX | BPF_IMM, 0, 0, 3 }, LD(DATA_NR), { BPF_JEQ | BPF_X, 0, 1, 0 },
		    RET(RET_TRAP), RET(RET_ALLOW)),
		PROGRAM({ BPF_LD | BPF_LEN, 0, 0, 0 }, { BPF_ALU | BPF_SUB, 0, 0, 61 },
		    { BPF_ST, 0, 0, 15 }, { BPF_LDX | BPF_MEM, 0, 0, 15 }, LD(DATA_NR),
		    { BPF_JEQ | BPF_X, 0, 1, 0 }, RET(RET_TRAP), RET(RET_ALLOW)),
		/* the returned value computed from a number that there is only one of */
		PROGRAM(LD(DATA_NR), JEQ(3, 0, 2), { BPF_ALU | BPF_OR, 0, 0, RET_TRAP & ~3 },
		    JEQ(0, 0, 1), RET(RET_TRAP), RET(RET_ALLOW)),
	};
	struct witness w;
	struct err e;

	for (size_t i = 0; i < COUNT(same); i++)
		CHECK_NUM(i, differ(i, &all, &same[i], &w, &e), 1);
	for (size_t i = 0; i + 1 < COUNT(alike); i++)
		CHECK_NUM(i, differ(i, &three, &alike[i], &w, &e), 1);
}

static void
witnesses(void)
{
	const struct bpf none = PROGRAM(RET(RET_KILL_PROCESS));
	const struct bpf wide =
	    PROGRAM(LD(DATA_ARCH), JEQ(x86, 0, 6), LD(DATA_NR), JGE(5, 0, 4), LD(ARG(2) + 4),
		JGE(2, 0, 2), LD(ARG(2)), JGE(0x10, 1, 0), RET(RET_KILL_PROCESS), RET(RET_ALLOW));
	const struct bpf big = PROGRAM(LD(DATA_ARCH), JEQ(s390x, 0, 2), LD(ARG(0)), JEQ(7, 1, 0),
	    RET(RET_KILL_PROCESS), RET(RET_ALLOW));
	const struct bpf foreign =
	    PROGRAM(LD(DATA_ARCH), JEQ(0x1234, 1, 0), RET(RET_KILL_PROCESS), RET(RET_ALLOW));
	const struct bpf both = PROGRAM(LD(DATA_ARCH), JEQ(i386, 1, 0), JEQ(x86, 0, 2), LD(DATA_NR),
	    JEQ(X32_BIT | 9, 1, 0), RET(RET_KILL_PROCESS), RET(RET_ALLOW));
	struct witness w;
	struct err e;

	CHECK_NUM(0, differ(0, &none, &wide, &w, &e), 0);
	CHECK_NUM(0, w.data.arch, x86);
	CHECK_NUM(0, w.data.nr, 5);
	CHECK_NUM(0, w.data.arg[0] | w.data.arg[1] | w.data.ip, 0);
	CHECK_NUM(0, w.data.arg[2], UINT64_C(2) << 32 | 0x10);
	CHECK_NUM(1, differ(1, &big, &none, &w, &e), 0);
	CHECK_NUM(1, w.data.arch, s390x);
	CHECK_NUM(1, w.data.arg[0], UINT64_C(7) << 32);
	CHECK_NUM(2, differ(2, &foreign, &none, &w, &e), 0);
	CHECK_NUM(2, w.data.arch, 0x1234);
	CHECK_NUM(2, w.data.nr, 0);
	/* i386 comes before x32, whose numbers are x86_64's audit number's */
	CHECK_NUM(3, differ(3, &both, &none, &w, &e), 0);
	CHECK_NUM(3, w.data.arch, i386);
}

static void
undecided(void)
{
	const struct bpf all = PROGRAM(RET(RET_ALLOW));
	const struct {
		struct bpf b;
		const char *said;
	} row[] = {
		{ PROGRAM(LD(ARG(0)), { BPF_ALU | BPF_MUL, 0, 0, 3 }, JEQ(9, 0, 0), RET(RET_ALLOW)),
		    "instruction 1: arithmetic on a word of a call that cannot be followed" },
		{ PROGRAM(LD(ARG(0)), { BPF_ALU | BPF_ADD, 0, 0, 3 },
		      { BPF_ALU | BPF_RSH, 0, 0, 3 }, JEQ(9, 0, 0), RET(RET_ALLOW)),
		    "instruction 2: arithmetic on a word of a call that cannot be followed" },
		{ PROGRAM(LD(ARG(0)), { BPF_ALU | BPF_ADD, 0, 0, 3 }, { BPF_JSET, 0, 0, 3 },
		      RET(RET_ALLOW)),
		    "instruction 2: arithmetic on a word of a call that cannot be followed" },
		{ PROGRAM(LD(ARG(0)), { BPF_TAX, 0, 0, 0 }, LD(ARG(1)),
		      { BPF_JEQ | BPF_X, 0, 0, 0 }, RET(RET_ALLOW)),
		    "instruction 3: compares two words of a call" },
		{ PROGRAM(LD(ARG(0)), { BPF_TAX, 0, 0, 0 }, LD(ARG(1)),
		      { BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0 }, JEQ(0, 0, 0), RET(RET_ALLOW)),
		    "instruction 3: arithmetic on a word of a call that cannot be followed" },
		{ PROGRAM(LD(ARG(0)), { BPF_TAX, 0, 0, 0 }, { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0 },
		      RET(RET_ALLOW)),
		    "instruction 2: divides by a word of a call" },
		{ PROGRAM(LD(ARG(0)), { BPF_RET_A, 0, 0, 0 }),
		    "instruction 1: returns a value that is computed from a word of a call" },
		{ PROGRAM(LD(DATA_NR), { BPF_JSET, 0, 1, 1 }, RET(RET_TRAP), RET(RET_ALLOW)),
		    "too many ranges of numbers" },
		{ PROGRAM(LD(DATA_ARCH), { BPF_JSET, 0, 1, 1 }, RET(RET_TRAP), RET(RET_ALLOW)),
		    "too many ranges of architectures" },
		{ PROGRAM(LD(ARG(0))), "instruction 0: the last one does not return" },
	};
	struct witness w;
	struct err e;

	for (size_t i = 0; i < COUNT(row); i++) {
		CHECK_NUM(i, differ(i, &row[i].b, &row[i].b, &w, &e), -1);
		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(row[i].said));
	}
	/* by a constant it can, and by 0 it ends */
	{
		const struct bpf zero = PROGRAM({ BPF_LDX | BPF_IMM, 0, 0, 0 }, LD(ARG(0)),
		    { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0 }, RET(RET_ALLOW));
		const struct bpf eight = PROGRAM({ BPF_LDX | BPF_IMM, 0, 0, 8 }, LD(ARG(0)),
		    { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 0 }, JEQ(1, 0, 1), RET(0), RET(RET_ALLOW));

		CHECK_NUM(0, differ(0, &zero, &eight, &w, &e), 0);
		CHECK_NUM(0, w.data.arg[0], 0);
		CHECK_NUM(0, differ(0, &eight, &all, &w, &e), 0);
		CHECK_NUM(0, w.data.arg[0], 8);
	}
}

/* ---- policies -------------------------------------------------------------------------------- */

static struct policy *
policy_of(struct arena *a, const char *text)
{
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct policy *p = policy_parse(a, S("p"), str_of(text), &host, &e);

	CU_ASSERT_FATAL(p != NULL);
	return p;
}

static const char policy_text[] = "default errno EPERM\n"
				  "arch x86_64 i386 x32 s390x\n"
				  "newer-than 6.1 errno ENOSYS\n"
				  "allow read write openat\n"
				  "allow socket family in {AF_UNIX, AF_INET}\n"
				  "errno EINVAL clone flags & CLONE_NEWUSER\n"
				  "allow clone\n"
				  "trap #700..800 #900 socket\n";

static void
proofs(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_of(&a, policy_text);
	struct witness w;
	struct err e = { 0 };

	for (unsigned level = 0; level < 3; level++) {
		struct filter_options o = { .level = level, .archs = p->archs };
		struct bpf b, broken;
		struct bpf_insn *insn;
		size_t used, unequal = 0;

		CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
		used = a.used;
		CHECK_NUM(level, filter_prove(&a, &b, p, p->archs, &w, &e), 1);
		CHECK_NUM(level, a.used, used);
		/* not what it says of fewer architectures */
		CHECK_NUM(level, filter_prove(&a, &b, p, 1 << ARCH_X86_64, &w, &e), 0);
		CHECK_NUM(level, w.data.arch, i386);
		CHECK_NUM(level, w.b, (uint32_t)RET_KILL_PROCESS);
		/* every constant of it counts */
		insn = arena_array(&a, b.n, sizeof(*insn));
		broken = (struct bpf){ insn, NULL, b.n };
		for (size_t i = 0; i < b.n; i++) {
			const struct rule *why;
			int same;

			memcpy(insn, b.insn, b.n * sizeof(*insn));
			if (insn[i].code == BPF_LD_ABS || insn[i].code == BPF_JA)
				continue;
			insn[i].k ^= 1;
			same = filter_prove(&a, &broken, p, p->archs, &w, &e);
			CU_ASSERT(same >= 0 || e.fault == FAULT_LIMIT);
			e = (struct err){ 0 };
			if (same != 0)
				continue;
			unequal++;
			CHECK_NUM(i, bpf_run(&broken, &w.data, NULL, NULL), w.a);
			CHECK_NUM(i, policy_decide(p, w.data.arch, w.data.nr, w.data.arg, &why),
			    w.b);
			CU_ASSERT(w.a != w.b);
		}
		CU_ASSERT(unequal > b.n / 2);
	}
}

/* Policies by chance: compiled ones are proved, and mutants have witnesses. */
static void
chances(void)
{
	struct chance c = { .state = 5 };
	size_t proved = 0, refuted = 0;

	for (size_t i = 0; i < 400; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy *p = chance_policy(&c, &a, 8, (unsigned)(i % 7));
		struct filter_options o = { .level = (unsigned)(i % 3), .archs = p->archs };
		struct bpf_insn *insn;
		struct bpf b;
		struct witness w;
		struct err e = { 0 };
		const struct rule *why;
		int same;

		if (filter_compile(&a, p, &o, &b, &e) < 0)
			continue;
		same = filter_prove(&a, &b, p, p->archs, &w, &e);
		CHECK_NUM(i, same, 1);
		proved += same == 1;
		insn = arena_array(&a, b.n, sizeof(*insn));
		memcpy(insn, b.insn, b.n * sizeof(*insn));
		insn[chance_below(&c, (unsigned)b.n)].k ^= 1u << 2 * chance_below(&c, 16);
		b.insn = insn;
		if (bpf_check(&b, &e) < 0)
			continue;
		same = filter_prove(&a, &b, p, p->archs, &w, &e);
		CU_ASSERT(same >= 0 || e.fault == FAULT_LIMIT);
		if (same != 0)
			continue;
		refuted++;
		CHECK_NUM(i, bpf_run(&b, &w.data, NULL, NULL), w.a);
		CHECK_NUM(i, policy_decide(p, w.data.arch, w.data.nr, w.data.arg, &why), w.b);
		CU_ASSERT(w.a != w.b);
	}
	CU_ASSERT(proved > 300);
	CU_ASSERT(refuted > 200);
}

/* Numbers of x32 that others lie between. */
static void
halves(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_of(&a, "default allow\n"
					 "arch x86_64 x32\n"
					 "newer-than largest errno ENOSYS\n"
					 "errno EPERM #3198649090..3198649857 #3801954606\n");
	struct witness w;
	struct err e = { 0 };

	for (unsigned level = 0; level < 3; level++) {
		struct filter_options o = { .level = level, .archs = p->archs };
		struct bpf b;

		CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
		CHECK_NUM(level, filter_prove(&a, &b, p, p->archs, &w, &e), 1);
	}
}

/* As large as policies get: hundreds of values on two arguments at once. */
static void
large(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_new(&a);
	struct filter_options o = { .archs = 1 << ARCH_X86_64 };
	struct err e = { 0 };
	struct witness w;
	struct bpf b;

	p->archs = 1 << ARCH_X86_64;
	for (unsigned k = 0; k < 2; k++) {
		struct rule *r = policy_add(&a, p);
		struct test *t = arena_array(&a, 2, sizeof(*t));

		callset_add(&r->calls, (unsigned)call_find(S("ioctl")));
		r->action = k == 0 ? (uint32_t)RET_ALLOW : (uint32_t)RET_TRAP;
		r->test = t;
		r->ntests = 2;
		for (unsigned i = 0; i < 2; i++) {
			struct range *in = arena_array(&a, 300, sizeof(*in));

			for (unsigned n = 0; n < 300; n++)
				in[n].lo = in[n].hi = (uint64_t)n * n * 7 + i + k;
			t[i] = (struct test){ .arg = (uint8_t)(i + 1),
				.mask = UINT64_MAX,
				.in = in,
				.n = 300 };
		}
	}
	CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
	CU_ASSERT(b.n > 500);
	CHECK_NUM(0, filter_prove(&a, &b, p, p->archs, &w, &e), 1);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "");
}

/* More stretches of numbers than there are calls. */
static void
stretches(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_new(&a);
	struct rule *r = policy_add(&a, p);
	struct range *nr = arena_array(&a, 900, sizeof(*nr));
	struct filter_options o = { .archs = 1 << ARCH_X86_64 };
	struct err e = { 0 };
	struct witness w;
	struct bpf b;

	p->archs = 1 << ARCH_X86_64;
	r->action = (uint32_t)RET_ALLOW;
	for (unsigned i = 0; i < 900; i++)
		nr[i] = (struct range){ 3 * i, 3 * i + 1 };
	r->nr = nr;
	r->nnr = 900;
	CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
	CHECK_NUM(0, filter_prove(&a, &b, p, p->archs, &w, &e), 1);
	for (size_t cap = 1 << 16; cap < 1 << 19; cap += 1 << 11) {
		struct arena small = { mem + a.used, 0, cap };

		e = (struct err){ 0 };
		CU_ASSERT(filter_prove(&small, &b, p, p->archs, &w, &e) != 0);
	}
}

/* Out of memory at every size. */
static void
exhausted(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_of(&a, policy_text);
	struct filter_options o = { .level = 1, .archs = p->archs };
	struct err e = { 0 };
	struct witness w;
	struct bpf b;
	int result = -1;

	CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
	for (size_t cap = 0; result < 0 && cap < 4 << 20; cap += cap < 1 << 15 ? 512 : 48) {
		unsigned char *block = malloc(cap + 1);
		struct arena small = { block, 0, cap };

		CU_ASSERT_FATAL(block != NULL);
		e = (struct err){ 0 };
		result = filter_prove(&small, &b, p, p->archs, &w, &e);
		CHECK_NUM(cap, result < 0, e.fault == FAULT_LIMIT);
		if (result == 1) {
			small.used = 0;
			/* with two programs a little more is needed */
			CU_ASSERT(filter_diff(&small, &b, &b, &w, &e) != 0);
		}
		free(block);
	}
	CHECK_NUM(0, result, 1);
}

UNIT_MAIN("prove", { "equal programs", equal }, { "witnesses", witnesses },
    { "undecided", undecided }, { "proofs", proofs }, { "chances", chances }, { "halves", halves },
    { "large sets", large }, { "stretches", stretches }, { "exhausted", exhausted })
