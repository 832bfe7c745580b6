/* core/plan/compile*.c, dag*.c, emit.c: the shapes that filters have, and their limits */
#include "check.h"
#include "plan/filter.h"
#include "unit.h"

static unsigned char mem[64 << 20];
static struct arena arena;
static struct err err;

static struct policy *
policy(struct str text)
{
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct policy *p;

	arena = (struct arena){ mem, 0, sizeof(mem) };
	err = (struct err){ 0 };
	p = policy_read(&arena, S("p"), text, &host, &err);
	CHECK_STR(0, ((struct str){ err.msg, err.nmsg }), S(""));
	CU_ASSERT_FATAL(p != NULL);
	return p;
}

static struct bpf
compiled(const struct policy *p, unsigned level, uint32_t archs)
{
	struct filter_options o = { .level = level, .archs = archs };
	struct bpf b = { 0 };

	CHECK_NUM(level, filter_compile(&arena, p, &o, &b, &err), 0);
	CHECK_STR(level, ((struct str){ err.msg, err.nmsg }), S(""));
	CHECK_NUM(level, bpf_check(&b, &err), 0);
	return b;
}

static struct bpf
made(const char *text)
{
	return compiled(policy(str_of(text)), 1, 1 << ARCH_X86_64);
}

static size_t
count(const struct bpf *b, uint16_t code)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->insn[i].code == code;
	return n;
}

static uint32_t
answer(const struct bpf *b, enum arch arch, uint32_t nr, uint64_t a0, uint64_t a1)
{
	struct bpf_data d = { .nr = nr, .arch = arch_audit(arch), .arg = { a0, a1 } };

	return bpf_run(b, &d, NULL, NULL);
}

static uint32_t
number(const char *name, enum arch arch)
{
	int call = call_find(str_of(name));

	CU_ASSERT_FATAL(call >= 0 && call_number((unsigned)call, arch) >= 0);
	return (uint32_t)call_number((unsigned)call, arch);
}

/* Every number that some kernel knows and its neighbours, on every architecture, with arguments
 * that are all the same. */
static void
means(size_t row, const struct policy *p, const struct bpf *b, const uint64_t *value, size_t n)
{
	size_t bad = 0;

	for (enum arch a = 0; a < ARCH_COUNT; a++)
		for (uint32_t nr = 0; nr < 700; nr++)
			for (size_t i = 0; i < n; i++) {
				uint64_t v = value[i];
				struct bpf_data d = { .nr = nr, .arch = arch_audit(a) };
				const struct rule *why;

				if (a == ARCH_X32)
					d.nr |= X32_BIT;
				if (!arch_wide(a))
					v = (uint32_t)v;
				for (size_t k = 0; k < CALL_ARGS; k++)
					d.arg[k] = v;
				bad += bpf_run(b, &d, NULL, NULL) !=
				       policy_decide(p, d.arch, d.nr, d.arg, &why);
			}
	CHECK_NUM(row, bad, 0);
}

/* ---- shapes ---------------------------------------- */

static void
one_action_is_one_instruction(void)
{
	struct bpf b = made("default allow\nforeign allow\n");

	CHECK_NUM(0, b.n, 1);
	CHECK_NUM(0, b.insn[0].k, (uint32_t)RET_ALLOW);
}

static void
x32_is_closed_or_open(void)
{
	const uint32_t family = arch_family(ARCH_X86_64);
	struct policy *p =
	    policy(S("default allow\nforeign kill\narch x86_64 x32\nerrno 1 read\n"));
	struct bpf closed = compiled(p, 1, 1 << ARCH_X86_64), open = compiled(p, 1, family);
	struct bpf alone = compiled(p, 1, 1 << ARCH_X32);

	for (uint32_t nr = 0; nr < 4; nr++) {
		uint32_t allow = (uint32_t)RET_ALLOW, no = (uint32_t)RET_ERRNO | 1;
		uint32_t bit = nr << 30 | 5, shut = (uint32_t)RET_KILL_PROCESS;

		CHECK_NUM(nr, answer(&closed, ARCH_X86_64, bit, 0, 0), nr % 2 == 0 ? allow : shut);
		CHECK_NUM(nr, answer(&open, ARCH_X86_64, bit, 0, 0), allow);
		CHECK_NUM(nr, answer(&alone, ARCH_X86_64, bit, 0, 0), nr % 2 == 0 ? shut : allow);
		bit = nr == 1 ? X32_BIT : 0;
		CHECK_NUM(nr, answer(&open, ARCH_X86_64, bit, 0, 0), no);
	}
	CHECK_NUM(0, answer(&open, ARCH_I386, 0, 0, 0), (uint32_t)RET_KILL_PROCESS);
	p = policy(S("default kill\narch x32\nallow #0..4294967295\n"));
	alone = compiled(p, 1, family);
	CHECK_NUM(0, answer(&alone, ARCH_X86_64, X32_BIT, 0, 0), (uint32_t)RET_ALLOW);
	CHECK_NUM(0, answer(&alone, ARCH_X86_64, 0, 0, 0), (uint32_t)RET_KILL_PROCESS);
	/* no call that is made on x86_64 waits for the bit to be looked at */
	CU_ASSERT(closed.insn[3].code != BPF_JSET);
}

static void
allowed_calls_load_no_argument(void)
{
	struct bpf b =
	    made("default errno 1\nallow read write openat futex\nallow socket arg0 < 38\n"
		 "allow clone arg0 & 0x7e020000 == 0\nallow close\n");
	static const char *const names[] = { "read", "write", "openat", "futex", "close" };

	for (size_t i = 0; i < COUNT(names); i++)
		CU_ASSERT(bpf_cached(&b, ARCH_X86_64, number(names[i], ARCH_X86_64)));
	CU_ASSERT(!bpf_cached(&b, ARCH_X86_64, number("socket", ARCH_X86_64)));
}

/* What a condition costs, on all numbers of an architecture whose arguments are narrow, or wide. */
static const struct {
	const char *test;
	size_t loads, masks, jumps;
	bool wide;
} shape[] = {
	/* cubes */
	{ "arg0 in {0, 8, 0x20000, 0x20008}", 1, 0, 1, false },
	{ "arg0 in {0, 8, 0x20000, 0x20008, 0xffffffff}", 1, 0, 2, false },
	{ "arg0 in {0x1, 0x11, 0x41, 0x51}", 1, 1, 1, false },
	{ "arg0 in {0x4, 0x6, 0xc, 0xe, 0x14, 0x16, 0x1c, 0x1e}", 1, 1, 1, false },
	{ "arg0 in {0..3, 0x10..0x13}", 1, 0, 1, false },
	/* no cubes */
	{ "arg0 in {0, 8, 0x20000, 0x20009}", 1, 0, 3, false },
	{ "arg0 in {1, 0x11, 0x42, 0x51}", 1, 0, 4, false },
	/* bits */
	{ "arg0:64 & 0x7e020000 == 0", 1, 0, 1, true },
	{ "arg0:64 & 0x7e020000 != 0", 1, 0, 1, true },
	{ "arg1 & 0x800", 1, 0, 1, false },
	{ "arg1 & 0x800 == 0x800", 1, 0, 1, false },
	{ "arg1 & 0xf == 2", 1, 1, 1, false },
	{ "arg1 & 0xf in {0..7}", 1, 1, 1, false },
	{ "arg1 & 0x30 in {0x10, 0x20}", 1, 1, 2, false },
	/* words */
	{ "arg0 == 1", 1, 0, 1, false },
	{ "arg0 == 1 and arg1 == 1", 2, 0, 2, false },
	{ "arg2:64 == 5", 2, 0, 2, true },
	{ "arg2:64 == 0x500000000", 2, 0, 2, true },
	{ "arg2:64 >= 0x500000000", 1, 0, 1, true },
	{ "arg2:64 > 5", 2, 0, 2, true },
	{ "arg2:64 in {1..5, 0x100000001..0x100000005}", 2, 0, 3, true },
	{ "arg0:64 == -1", 2, 0, 2, true },
	{ "arg0 == -1", 1, 0, 1, false },
	{ "arg0 not in {1, 2}", 1, 0, 2, false },
	{ "arg0 in {1..10}", 1, 0, 2, false },
};

static void
conditions_are_short(void)
{
	for (size_t i = 0; i < COUNT(shape); i++) {
		enum arch arch = shape[i].wide ? ARCH_AARCH64 : ARCH_I386;
		char line[256];
		struct buf t = BUF(line);
		struct bpf b;

		buf_put(&t, S("default errno 1\narch i386 aarch64\nallow #0..4294967295 "));
		buf_put(&t, str_of(shape[i].test));
		buf_put(&t, S("\n"));
		b = compiled(policy(buf_str(&t)), 1, (uint32_t)1 << arch);
		/* with the architecture; nobody asks for the number */
		CHECK_NUM(i, count(&b, BPF_LD_ABS), shape[i].loads + 1);
		CHECK_NUM(i, count(&b, BPF_AND_K), shape[i].masks);
		CHECK_NUM(i,
		    count(&b, BPF_JEQ) + count(&b, BPF_JGE) + count(&b, BPF_JGT) +
			count(&b, BPF_JSET),
		    shape[i].jumps + 1);
		CHECK_NUM(i, count(&b, BPF_RET_K), 3);
	}
}

static void
rules_on_one_word_look_at_it_once(void)
{
	struct policy *p = policy(S("default errno 1\narch i386\nallow #0..4294967295 arg0 < 38\n"
				    "allow #0..4294967295 arg0 == 39\n"
				    "allow #0..4294967295 arg0 > 40\n"));
	struct bpf b = compiled(p, 1, 1 << ARCH_I386);

	CHECK_NUM(0, b.n, 2 + 1 + 2 + 3);
	b = made("default errno 1\nerrno 2 socket arg0 == 1 and arg1 == 7\nallow socket arg0 == 1\n"
		 "errno 3 socket arg1 == 7\n");
	CHECK_NUM(1, count(&b, BPF_LD_ABS), 5);
	CHECK_NUM(1, answer(&b, ARCH_X86_64, 41, 1, 7), (uint32_t)RET_ERRNO | 2);
	CHECK_NUM(1, answer(&b, ARCH_X86_64, 41, 1, 8), (uint32_t)RET_ALLOW);
	CHECK_NUM(1, answer(&b, ARCH_X86_64, 41, 2, 7), (uint32_t)RET_ERRNO | 3);
}

static void
architectures_share(void)
{
	struct policy *p = policy(S("default errno 1\narch aarch64 riscv64\n"
				    "allow socket arg0 in {1, 2, 10} and arg1 & 0xf == 1\n"));
	size_t one = compiled(p, 1, 1 << ARCH_AARCH64).n;
	size_t both = compiled(p, 1, 1 << ARCH_AARCH64 | 1 << ARCH_RISCV64).n;

	/* numbers are the same, too */
	CHECK_NUM(0, both, one + 1);
}

static void
instructions_know_their_rule(void)
{
	struct bpf b = made("default errno 1\nallow read\nerrno 5 socket arg0 == 1\ntrap close\n");

	CU_ASSERT_FATAL(b.why != NULL);
	for (size_t i = 0; i < b.n; i++) {
		const struct bpf_insn *o = &b.insn[i];
		uint32_t want = 0;

		if (o->code == BPF_RET_K)
			want = o->k == (uint32_t)RET_ALLOW       ? 1
			     : o->k == ((uint32_t)RET_ERRNO | 5) ? 2
			     : o->k == (uint32_t)RET_TRAP        ? 3
								 : 0;
		else if (o->code == BPF_LD_ABS && o->k >= DATA_ARGS)
			want = 2;
		else
			continue;
		CHECK_NUM(i, b.why[i], want);
	}
}

static void
weights_tell_for_the_bitmap(void)
{
	struct policy *p = policy(S("default errno 1\nallow @io @file-system\n"));
	struct filter_options o = { .level = 2, .archs = 1 << ARCH_X86_64, .no_bitmap = true };
	struct bpf b;

	CHECK_NUM(0, filter_compile(&arena, p, &o, &b, &err), 0);
	means(0, p, &b, (const uint64_t[]){ 0 }, 1);
}

/* ---- size ---------------------------------------- */

/* Each call its own errno for its own value: returns and jumps out of reach of each other. */
static struct str
many(char *text, size_t size, unsigned calls, unsigned tests)
{
	struct buf b = { text, 0, size, false };

	buf_put(&b, S("default errno 4000\narch x86_64 i386 s390x\n"));
	for (unsigned i = 0; i < calls; i++)
		for (unsigned k = 0; k < tests; k++) {
			buf_put(&b, S("errno "));
			buf_uint(&b, 1 + (i * tests + k) % 3999);
			buf_put(&b, S(" #"));
			buf_uint(&b, i * 2);
			buf_put(&b, S(" arg1 == "));
			buf_uint(&b, 1000 + i * 7 + k);
			buf_put(&b, S("\n"));
		}
	return buf_str(&b);
}

static char text[1 << 20];

static void
jumps_reach_far(void)
{
	static const uint64_t values[] = { 0, 1000, 1001, 1007, 1014, 1700, 2393, 2394 };
	struct policy *p = policy(many(text, sizeof(text), 100, 2));

	for (unsigned level = 0; level < 3; level++) {
		struct bpf b = compiled(p, level, ARCH_ALL);

		CU_ASSERT(b.n > 1000);
		CU_ASSERT(count(&b, BPF_JA) > 0);
		means(level, p, &b, values, COUNT(values));
	}
}

static void
refused_at(size_t row, const struct policy *p, unsigned level, struct str why)
{
	struct filter_options o = { .level = level, .archs = ARCH_ALL };
	struct bpf b;

	err = (struct err){ 0 };
	CHECK_NUM(row, filter_compile(&arena, p, &o, &b, &err), -1);
	CHECK_NUM(row, err.fault, FAULT_LIMIT);
	CHECK_STR(row, ((struct str){ err.msg, err.nmsg }), why);
}

static void
programs_have_a_bound(void)
{
	struct policy *p = policy(many(text, sizeof(text), 600, 4));

	for (unsigned level = 0; level < 3; level++)
		refused_at(level, p, level, S("the filter has more than 4096 instructions"));
}

static struct rule *
rule(struct policy *p)
{
	struct rule *r = policy_add(&arena, p);

	CU_ASSERT_FATAL(r != NULL);
	return r;
}

/* Conditions that cross: each rule is about other bits of other words. */
static void
crossing_rules_have_a_bound(void)
{
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));

	for (unsigned i = 0; i < 4000; i++) {
		struct rule *r = rule(p);
		struct test *t = arena_array(&arena, 6, sizeof(*t));
		struct range *in = arena_array(&arena, 6, sizeof(*in));

		CU_ASSERT_FATAL(t != NULL && in != NULL);
		callset_add(&r->calls, (unsigned)call_find(S("read")));
		r->action = (uint32_t)RET_ERRNO | (i % 4000 + 1);
		r->test = t;
		r->ntests = 6;
		for (uint8_t k = 0; k < 6; k++) {
			in[k].lo = in[k].hi = (uint64_t)i * 977 % 4093 << k;
			t[k] = (struct test){ .arg = k, .wide = true, .in = &in[k], .n = 1 };
			t[k].mask = (uint64_t)(i * 2654435761U) << (k * 5) | in[k].lo;
		}
	}
	for (unsigned level = 0; level < 3; level++)
		refused_at(level, p, level, S("the rules need more than 65535 decisions"));
}

/* A conjunction's high words: far more parts than there are bits for. */
static void
one_rule_of_many_parts(void)
{
	static const uint64_t values[] = { 0, 0x100000000, 0x300000000, 0x300000007, 0x3f00000007,
		0x4000000007, 0x80000000000 };
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));
	struct rule *r = rule(p);
	struct test *t = arena_array(&arena, 2, sizeof(*t));
	struct range *in = arena_array(&arena, 200, sizeof(*in));

	CU_ASSERT_FATAL(t != NULL && in != NULL);
	for (uint64_t i = 0; i < 200; i++)
		in[i] = (struct range){ i << 32 | i % 5, i << 32 | (i % 5 + 5) };
	callset_add(&r->calls, (unsigned)call_find(S("read")));
	r->action = (uint32_t)RET_ALLOW;
	r->test = t;
	r->ntests = 2;
	t[0] = (struct test){ .arg = 0, .wide = true, .mask = UINT64_MAX, .in = in, .n = 200 };
	t[1] = t[0];
	t[1].arg = 1;
	t[1].negated = true;
	for (unsigned level = 0; level < 3; level++) {
		struct bpf b = compiled(p, level, 1 << ARCH_X86_64);

		means(level, p, &b, values, COUNT(values));
	}
}

static void
numbers_have_a_bound(void)
{
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));
	struct rule *r = rule(p);
	size_t n = 40000;
	struct range *nr = arena_array(&arena, n, sizeof(*nr));

	CU_ASSERT_FATAL(nr != NULL);
	for (size_t i = 0; i < n; i++)
		nr[i].lo = nr[i].hi = 1000 + 2 * i;
	r->nr = nr;
	r->nnr = n;
	r->action = (uint32_t)RET_ALLOW;
	refused_at(0, p, 1, S("the rules name too many ranges of numbers"));
	r->nnr = 5000;
	refused_at(1, p, 1, S("the filter has more than 4096 instructions"));
	r->nnr = 1 << 21;
	refused_at(2, p, 1, S("the rules are too many to be compiled"));
}

static const struct test never = { .arg = 0, .mask = UINT64_MAX };

/* Rules that name other calls each time: no two calls have the same list. */
static void
lists_of_rules_have_a_bound(void)
{
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));

	for (unsigned i = 0; i < 400; i++) {
		struct rule *r = rule(p);

		for (unsigned call = 0; call < calls_count(); call++)
			if (i < 10 ? (call >> i & 1) != 0 : true)
				callset_add(&r->calls, call);
		r->action = (uint32_t)RET_ALLOW;
		r->test = &never;
		r->ntests = 1;
	}
	refused_at(0, p, 1, S("the rules are too many to be compiled"));
}

/* The same large test again and again. */
static void
tests_have_a_bound(void)
{
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));
	size_t n = 5000;
	struct range *in = arena_array(&arena, n, sizeof(*in));
	struct test *t = arena_array(&arena, 1, sizeof(*t));

	CU_ASSERT_FATAL(in != NULL && t != NULL);
	for (size_t i = 0; i < n; i++)
		in[i].lo = in[i].hi = 3 * i;
	*t = (struct test){ .arg = 0, .mask = 1, .in = in, .n = n };
	for (unsigned i = 0; i < 4000; i++) {
		struct rule *r = rule(p);

		callset_add(&r->calls, (unsigned)call_find(S("socket")));
		r->action = (uint32_t)RET_ALLOW;
		r->test = t;
		r->ntests = 1;
	}
	for (unsigned level = 0; level < 3; level++)
		refused_at(level, p, level, S("the rules are too many to be compiled"));
	p->nrules = 1;
	p->first->next = NULL;
	t->mask = UINT64_MAX;
	for (unsigned level = 0; level < 3; level++)
		refused_at(level, p, level, S("the filter has more than 4096 instructions"));
}

/* More conjunctions than a state has bits for: groups of fewer rules. */
static void
groups_have_a_bound(void)
{
	static const uint64_t values[] = { 0, 1, 0x100000000, 0x200000001, 5, 0x30000003f };
	struct policy *p = policy(S("default errno 1\narch x86_64\n"));
	struct range *in = arena_array(&arena, 80, sizeof(*in));
	struct test *t = arena_array(&arena, 80, sizeof(*t));

	CU_ASSERT_FATAL(in != NULL && t != NULL);
	for (unsigned i = 0; i < 80; i++) {
		struct rule *r = rule(p);

		in[i].lo = in[i].hi = i;
		t[i] = (struct test){ .arg = 0, .mask = UINT64_MAX, .in = &in[i], .n = 1 };
		t[i].negated = i == 70;
		callset_add(&r->calls, (unsigned)call_find(S("read")));
		r->action = (uint32_t)RET_ERRNO | (i + 2);
		r->test = &t[i];
		r->ntests = 1;
		t[i].wide = true;
	}
	for (unsigned level = 0; level < 3; level++) {
		struct bpf b = compiled(p, level, 1 << ARCH_X86_64);

		means(level, p, &b, values, COUNT(values));
	}
}

/* A mask within a mask needs no other load. */
static void
masks_are_loaded_once(void)
{
	static const uint64_t values[] = { 0, 0x11, 0x21, 0x12, 0xff, 0x1f };
	struct policy *p = policy(S("default errno 1\narch i386\n"
				    "errno 2 #0..4294967295 arg0 & 0xff == 0x21\n"
				    "allow #0..4294967295 arg0 & 0x0f == 1\n"));
	struct bpf b = compiled(p, 1, 1 << ARCH_I386);

	CHECK_NUM(0, count(&b, BPF_LD_ABS), 2);
	CHECK_NUM(0, count(&b, BPF_AND_K), 2);
	means(0, p, &b, values, COUNT(values));
}

static void
no_architecture(void)
{
	struct policy *p = policy(S("default allow\narch aarch64\n"));
	struct filter_options o = { .level = 1, .archs = 1 << ARCH_X86_64 };
	struct bpf b;

	CHECK_NUM(0, filter_compile(&arena, p, &o, &b, &err), -1);
	CHECK_NUM(0, err.fault, FAULT_CONFIG);
	CHECK_TEXT(0, ((struct str){ err.msg, err.nmsg }),
	    "the policy is for no architecture of this machine");
}

/* ---- memory ---------------------------------------- */

/* From where the room for the program ends. */
static void
sweep(const struct policy *p, unsigned level, size_t step, size_t most)
{
	struct filter_options o = { .level = level, .archs = 1 << ARCH_X86_64 };
	size_t used = arena.used, works = 0, fails = 0;

	for (size_t cap = 48 << 10; cap < most; cap += step) {
		struct bpf b = { 0 };

		err = (struct err){ 0 };
		arena.used = used;
		arena.cap = used + cap;
		if (filter_make(&arena, p, &o, &b, &err) == 0) {
			works++;
			CHECK_NUM(cap, err.fault, FAULT_NONE);
		} else {
			fails++;
			CHECK_NUM(cap, err.fault, FAULT_LIMIT);
		}
		CU_ASSERT(arena.used <= arena.cap);
	}
	CU_ASSERT(works > 0);
	CU_ASSERT(fails > 50);
	arena.used = used;
	arena.cap = sizeof(mem);
}

static void
memory_may_end_anywhere(void)
{
	static const char *const policies[] = {
		"default errno 1\narch x86_64\nallow @io #1000..1010\nallow socket arg0 < 38\n"
		"errno 3 socket arg0 == 2, arg1 & 7 == 1\n",
		"default errno 1\narch x86_64\nallow getrandom arg1 not in {5..0x700000000}\n"
		"errno 4 getrandom arg1 not in {1..3} and arg0:64 in {0..3}\n",
		"default errno 1\narch x86_64\nallow socket arg0 not in {2, 4, 9..11}\n",
	};
	struct policy *p;

	for (size_t i = 0; i < COUNT(policies); i++)
		for (unsigned level = 0; level < 2; level++)
			sweep(policy(str_of(policies[i])), level, 14, 200 << 10);
	/* more lists of rules than there is room for at first */
	p = policy(S("default errno 1\narch x86_64\n"));
	for (unsigned i = 0; i < 20; i++) {
		struct rule *r = rule(p);

		for (unsigned call = 0; call < calls_count(); call++)
			if ((call >> (i % 10) & 1) != 0)
				callset_add(&r->calls, call);
		r->action = (uint32_t)RET_ALLOW;
		r->test = &never;
		r->ntests = 1;
	}
	sweep(p, 1, 1024, 600 << 10);
}

UNIT_MAIN("compile", { "one action is one instruction", one_action_is_one_instruction },
    { "x32 is closed or open", x32_is_closed_or_open },
    { "allowed calls load no argument", allowed_calls_load_no_argument },
    { "conditions are short", conditions_are_short },
    { "rules on one word look at it once", rules_on_one_word_look_at_it_once },
    { "architectures share", architectures_share },
    { "instructions know their rule", instructions_know_their_rule },
    { "weights tell for the bitmap", weights_tell_for_the_bitmap },
    { "jumps reach far", jumps_reach_far }, { "programs have a bound", programs_have_a_bound },
    { "crossing rules have a bound", crossing_rules_have_a_bound },
    { "one rule of many parts", one_rule_of_many_parts },
    { "numbers have a bound", numbers_have_a_bound },
    { "lists of rules have a bound", lists_of_rules_have_a_bound },
    { "tests have a bound", tests_have_a_bound }, { "groups have a bound", groups_have_a_bound },
    { "masks are loaded once", masks_are_loaded_once }, { "no architecture", no_architecture },

    { "memory may end anywhere", memory_may_end_anywhere })
