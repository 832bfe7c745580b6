/* core/spec/policy*.c: random policies, written and read back, and joined with each other; their
 * meanings are compared at their borders. */
#include "check.h"
#include "policyvectors.h"
#include "unit.h"

enum { ROUNDS = 200, VECTORS = 150 };

static unsigned char mem[128 << 20];
static char text[1 << 16], text2[1 << 16], json[8 << 20];
static uint64_t seed;

static uint64_t
any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed * 0x2545f4914f6cdd1d;
}

static size_t
below(size_t n)
{
	return (size_t)(any() >> 33) % n;
}

static const char *
pick(const char *const *list, size_t n)
{
	return list[below(n)];
}

#define PICK(...) \
	pick((const char *const[]){ __VA_ARGS__ }, COUNT(((const char *const[]){ __VA_ARGS__ })))

static void
put(struct buf *b, const char *s)
{
	buf_put(b, str_of(s));
	buf_char(b, ' ');
}

static void
put_value(struct buf *b)
{
	put(b, PICK("0", "1", "2", "5", "0x7fffffff", "0x80000000", "0xffffffff", "0x100000000",
		   "-1", "-2", "-0x80000000", "0x8000000000000000", "0x7fffffffffffffff",
		   "CLONE_NEWUSER", "AF_INET", "0xf0", "-0x7fffffffffffffff", "7|8", "4096"));
}

static void
put_set(struct buf *b)
{
	put(b, PICK("in {", "not in {"));
	for (size_t n = below(4); n > 0; n--) {
		put(b, PICK("0", "1..3", "6", "8..0xff", "0x7fffffff..0x80000000", "-1", "-5..-3",
			   "-1..1", "0xfffffffe..0xffffffff", "0x80000000..0x80000fff", "5..-1",
			   "0..-1", "0..-5", "0..0x8000000000000000", "0..-0x7ffffff0",
			   "0x100000000..0x1000000ff", "0xffffffff00000000..-1", "3..0x123456789"));
		if (n > 1)
			put(b, ",");
	}
	put(b, "}");
}

static void
put_test(struct buf *b)
{
	put(b, PICK("arg0", "arg1", "arg2", "arg3", "arg1:64", "arg5", "arg0"));
	switch (below(4)) {
	case 0:
		put_set(b);
		break;
	case 1:
		put(b, "&");
		put(b, PICK("1", "0xff", "0x80000000", "-1", "-4", "0xffffffff",
			   "0xffffffff00000000", "0x30", "0", "0xfffffff0"));
		if (below(3) == 0)
			put_set(b);
		else if (below(2) == 0) {
			put(b, PICK("==", "!="));
			put_value(b);
		}
		break;
	default:
		if (below(3) == 0)
			put(b, PICK("signed <", "signed <=", "signed >", "signed >="));
		else
			put(b, PICK("==", "!=", "<", "<=", ">", ">="));
		put_value(b);
	}
}

static void
put_action(struct buf *b)
{
	put(b, PICK("allow", "errno EPERM", "errno ENOSYS", "log", "trap", "trap 3", "trace 7",
		   "notify", "kill-thread", "kill", "allow", "allow"));
}

/* simple: what JSON has words for, more often. */
static struct str
random_policy(char *to, size_t cap, bool simple)
{
	struct buf b = { to, 0, cap, false };
	size_t rules = 1 + below(8);

	put(&b, "default");
	put(&b, PICK("allow", "errno EPERM", "errno ENOSYS", "kill", "log"));
	buf_put(&b, S("\narch "));
	put(&b, PICK("x86_64", "x86_64 i386", "all", "aarch64 arm", "s390x x86_64", "x32 x86_64"));
	if (simple || below(3) == 0)
		buf_put(&b, S("\nnewer-than largest errno ENOSYS"));
	else if (below(2) == 0)
		buf_put(&b, S("\nnewer-than 5.12 trap"));
	if (!simple && below(4) == 0)
		buf_put(&b, S("\nforeign errno EACCES"));
	if (below(8) == 0)
		buf_put(&b, S("\nwidth 64"));
	for (; rules > 0; rules--) {
		bool block = !simple && below(6) == 0;

		buf_put(&b, block ? S("\non x86_64 arm s390x { ") : S("\n"));
		put_action(&b);
		for (size_t n = 1 + below(2); n > 0; n--)
			put(&b, PICK("read", "clone", "socket", "kill", "mmap", "lseek",
				    "mount_setattr", "arch_prctl"));
		if (!simple && below(5) == 0)
			put(&b, PICK("#0", "#3..9", "#1000", "#0x40000000..0x40000020"));
		for (size_t n = below(3); n > 0; n--) {
			put_test(&b);
			if (n > 1)
				put(&b, "and");
		}
		if (block)
			put(&b, "}");
	}
	buf_char(&b, '\n');
	return buf_str(&b);
}

static struct policy *
read_text(struct arena *a, struct str s, const struct policy_host *host)
{
	struct err e = { 0 };
	struct policy *p = policy_read(a, S("f"), s, host, &e);

	if (p == NULL) {
		struct buf b = BUF(text2);

		err_line(&e, &b);
		fprintf(stderr, "%.*s\n%.*s", (int)b.n, b.p, (int)s.n, s.p);
	}
	CU_ASSERT_FATAL(p != NULL);
	return p;
}

struct judged {
	const struct policy *a, *b, *both; /* both: of a and b as the kernel would stack them */
	size_t n, wrong;
};

static void
judge(void *arg, const struct vector *v)
{
	struct judged *j = arg;
	uint32_t want = vector_answer(j->a, v), other = vector_answer(j->b, v), got = other;

	if (j->both != NULL) {
		if ((int32_t)(want & 0xffff0000) >= (int32_t)(other & 0xffff0000))
			want = other;
		got = vector_answer(j->both, v);
	}
	j->n++;
	if (got != want && j->wrong++ == 0)
		fprintf(stderr, "arch %x nr %u args %llx %llx %llx %llx: %x, not %x\n", v->audit,
		    v->nr, (unsigned long long)v->arg[0], (unsigned long long)v->arg[1],
		    (unsigned long long)v->arg[2], (unsigned long long)v->arg[3], got, want);
}

static void
check_same(size_t round, const struct policy *a, const struct policy *b, const char *what)
{
	struct judged j = { .a = a, .b = b };

	vectors_of(a, VECTORS, judge, &j);
	vectors_of(b, VECTORS, judge, &j);
	CU_ASSERT(j.n > 100);
	if (j.wrong > 0)
		fprintf(stderr, "round %zu, %s:\n%s", round, what, text);
	CHECK_NUM(round, j.wrong, 0);
}

static void
reads_what_it_writes(void)
{
	const struct policy_host host = { .arch = ARCH_X86_64 };

	for (size_t i = 0; i < ROUNDS; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct str s = random_policy(text, sizeof(text) - 1, false);
		struct policy *p = read_text(&a, s, &host), *again;
		struct buf b = BUF(json);

		text[s.n] = '\0';
		CHECK_NUM(i, policy_put(&b, p, &e), 0);
		again = read_text(&a, buf_str(&b), &host);
		check_same(i, p, again, "written and read");
	}
}

static void
reads_its_json(void)
{
	size_t said = 0;

	for (size_t i = 0; i < 3 * ROUNDS; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy_host host = { .arch = ARCH_X86_64 };
		struct err e = { 0 };
		struct str s = random_policy(text, sizeof(text) - 1, true);
		struct policy *p = read_text(&a, s, &host), *again;
		struct buf b = BUF(json);

		text[s.n] = '\0';
		if (policy_put_json(&a, &b, p, &e) < 0) {
			CHECK_NUM(i, e.fault, FAULT_CONFIG);
			continue;
		}
		said++;
		host.arch = (enum arch)__builtin_ctz(p->archs);
		host.wide = p->wide;
		again = read_text(&a, buf_str(&b), &host);
		CHECK_NUM(i, again->archs, p->archs);
		check_same(i, p, again, "as JSON");
	}
	CU_ASSERT(said > ROUNDS / 4);
}

static void
joins_as_the_kernel_does(void)
{
	const struct policy_host host = { .arch = ARCH_X86_64 };

	for (size_t i = 0; i < ROUNDS; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct str s = random_policy(text, sizeof(text) / 2, false), s2;
		struct policy *part[2], *both;
		struct judged j = { 0 };

		part[0] = read_text(&a, s, &host);
		s2 = random_policy(text + s.n, sizeof(text) / 2 - 1, false);
		part[1] = read_text(&a, s2, &host);
		text[s.n + s2.n] = '\0';
		both = policy_intersect(&a, part, 2, &e);
		CU_ASSERT_FATAL(both != NULL);
		j.a = part[0];
		j.b = part[1];
		j.both = both;
		vectors_of(part[0], VECTORS, judge, &j);
		vectors_of(part[1], VECTORS, judge, &j);
		vectors_of(both, VECTORS, judge, &j);
		if (j.wrong > 0)
			fprintf(stderr, "round %zu:\n%s", i, text);
		CHECK_NUM(i, j.wrong, 0);
	}
}

static void
begin(void)
{
	seed = 0x9e3779b97f4a7c15;
	reads_what_it_writes();
}

UNIT_MAIN("policy_random", { "random policies are read as they are written", begin },
    { "random policies are read from the JSON that they are written as", reads_its_json },
    { "two random policies become what the kernel makes of two filters", joins_as_the_kernel_does })
