/* core/spec/policy*.c: every allocation fails once, and every buffer is too short once */
#include <stdlib.h>

#include "policies.h"
#include "unit.h"

typedef int work(struct arena *, struct err *);

/* From none to what is needed; not at each size where that is much. */
static void
sweep(work *run)
{
	enum { MUCH = 8 << 20, CLOSE = 3000 };
	unsigned char *all = malloc(MUCH);
	struct arena a = { all, 0, MUCH };
	struct err e = { 0 };
	size_t needed;

	CU_ASSERT_FATAL(all != NULL);
	CHECK_NUM(0, run(&a, &e), 0);
	CHECK_NUM(0, e.fault, FAULT_NONE);
	needed = a.used;
	free(all);
	for (size_t cap = 0; cap <= needed; cap += needed - cap > CLOSE ? 61 : 1) {
		unsigned char *mem = malloc(cap > 0 ? cap : 1);
		int got;

		CU_ASSERT_FATAL(mem != NULL);
		a = (struct arena){ mem, 0, cap };
		e = (struct err){ 0 };
		got = run(&a, &e);
		/* scratch that is given back may have needed less */
		if (got < 0)
			CHECK_NUM(cap, e.fault, FAULT_LIMIT);
		else
			CHECK_NUM(cap, e.fault, FAULT_NONE);
		if (cap < 1000)
			CHECK_NUM(cap, got, -1);
		free(mem);
	}
}

static const struct policy_host host = { .arch = ARCH_X86_64 };

static const char language[] =
    "default errno EPERM\nnewer-than largest errno ENOSYS\narch x86_64 s390x\n"
    "allow @io -mount #5 #9 #20..30 #40 #50\nlog clone flags & CLONE_NEWUSER\n"
    "allow cacheflush\nallow read buf == 0xff and fd in {1, 3, 5, 7, 9}\n"
    "trap prctl arg2 signed > -5\nuse strict\n";

static int
read_language(struct arena *a, struct err *e)
{
	return policy_read(a, S("f"), str_of(language), &host, e) == NULL ? -1 : 0;
}

static int
read_vain(struct arena *a, struct err *e)
{
	return policy_read(a, S("f"),
		   S("default allow\nallow read\nlog read fd < 0\nlog read write\n"), &host,
		   e) == NULL
		 ? -1
		 : 0;
}

static const char json[] =
    "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"listenerPath\":\"x\",\"syscalls\":["
    "{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":["
    "{\"index\":1,\"value\":1,\"op\":\"SCMP_CMP_GT\"},"
    "{\"index\":1,\"value\":4294967295,\"op\":\"SCMP_CMP_EQ\"}]},"
    "{\"name\":\"read\",\"action\":\"SCMP_ACT_LOG\"}]}";

static int
read_json(struct arena *a, struct err *e)
{
	return policy_read(a, S("f"), str_of(json), &host, e) == NULL ? -1 : 0;
}

static int
write_json(struct arena *a, struct err *e)
{
	static char text[1 << 16];
	struct buf b = BUF(text);
	const struct policy *p = policy_read(a, S("f"), str_of(json), &host, e);

	return p == NULL ? -1 : policy_put_json(a, &b, p, e);
}

static int
join(struct arena *a, struct err *e)
{
	struct policy *part[3] = { policy_read(a, S("f"),
	    S("default allow\nlog read fd in {1, 3} and "
	      "count > 5\ntrap #7\n"),
	    &host, e) };

	if (part[0] == NULL)
		return -1;
	part[1] = policy_read(a, S("g"), S("default log\nfirst read"), &host, &(struct err){ 0 });
	CU_ASSERT(part[1] == NULL);
	part[1] =
	    policy_read(a, S("g"), S("default log\nerrno EIO read #5..9 arg2 < 7\n"), &host, e);
	if (part[1] == NULL)
		return -1;
	return policy_intersect(a, part, 2, e) == NULL ? -1 : 0;
}

static int
read_open(struct arena *a, struct err *e)
{
	return policy_read(a, S("f"), S("default allow\nallow prctl arg2 == 5"), &host, e) == NULL
		 ? -1
		 : 0;
}

static int
read_other(struct arena *a, struct err *e)
{
	return policy_read(a, S("f"), S("default log\nallow cacheflush"), &host, e) == NULL ? -1
											    : 0;
}

static int
build(struct arena *a, struct err *e)
{
	struct policy *p = policy_new(a);

	if (p == NULL || policy_add(a, p) == NULL ||
	    policy_note(a, p, SEVERITY_NOTE, S("id"), POS_NONE, TEXT("% %", S("a"), S("b"))) < 0)
		return err_memory(e);
	CHECK_NUM(0, p->nrules, 1);
	CHECK_NUM(0, p->archs, 1 << arch_native());
	CHECK_NUM(0, p->foreign, (uint32_t)RET_KILL_PROCESS);
	CHECK_TEXT(0, p->notes.first->text, "a b");
	return 0;
}

static void
exhausted(void)
{
	sweep(read_language);
	sweep(read_vain);
	sweep(read_open);
	sweep(read_other);
	sweep(read_json);
	sweep(write_json);
	sweep(join);
}

static void
built(void)
{
	unsigned char mem[2048];

	for (size_t cap = 0; cap <= sizeof(mem); cap++) {
		struct arena a = { mem, 0, cap };
		struct err e = { 0 };

		if (build(&a, &e) < 0)
			CHECK_NUM(cap, e.fault, FAULT_LIMIT);
	}
	CHECK_NUM(0, build(&(struct arena){ mem, 0, sizeof(mem) }, &(struct err){ 0 }), 0);
}

static void
short_buffers(void)
{
	static unsigned char mem[1 << 20];
	static char text[1 << 16];

	for (size_t cap = 0; cap < 4000; cap++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 }, e2 = { 0 }, e3 = { 0 };
		struct buf b = { text, 0, cap, false }, j = { text, 0, cap, false };
		int got;
		struct policy *p = policy_read(&a, S("f"),
		    S("default allow\nlog read write fd in {1, 4}"), &host, &e);

		CU_ASSERT_FATAL(p != NULL);
		got = policy_put(&b, p, &e2);
		CHECK_NUM(cap, got, b.full ? -1 : 0);
		CHECK_NUM(cap, e2.fault, b.full ? FAULT_LIMIT : FAULT_NONE);
		got = policy_put_json(&a, &j, p, &e3);
		CHECK_NUM(cap, got, j.full ? -1 : 0);
		if (!b.full && !j.full)
			return;
	}
	CU_FAIL("never whole");
}

/* What a decompiler may find and no text can say. */
static void
nameless_actions(void)
{
	static unsigned char mem[1 << 20];
	static char text[1 << 12];
	const uint32_t bad[] = { RET_ERRNO, RET_ERRNO | 4096, 0x00010000, 0x12340000 };

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy *p = policy_new(&a);
		struct rule *r;

		CU_ASSERT_FATAL(p != NULL);
		for (unsigned k = 0; k < 4; k++) {
			struct buf b = BUF(text);
			struct err e = { 0 };

			p->fallback = k == 0 ? bad[i] : RET_ALLOW;
			p->foreign = k == 1 ? bad[i] : RET_ALLOW;
			p->newer = k == 2 ? 5001 : 0;
			p->newer_action = bad[i];
			r = k == 3 ? policy_add(&a, p) : NULL;
			if (r != NULL)
				r->action = bad[i];
			CHECK_NUM(i * 4 + k, policy_put(&b, p, &e), -1);
			e = (struct err){ 0 };
			CHECK_NUM(i * 4 + k, policy_put_json(&a, &b, p, &e), -1);
		}
	}
}

/* Made by hand, and of no use. */
static void
empty_rules(void)
{
	static unsigned char mem[1 << 20];
	static char text[1 << 12];
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy *p = policy_new(&a);
	struct rule *r = p != NULL ? policy_add(&a, p) : NULL;
	struct buf b = BUF(text);
	struct err e = { 0 };

	CU_ASSERT_FATAL(r != NULL);
	p->archs = r->archs = 1 << ARCH_X86_64;
	CHECK_NUM(0, policy_put(&b, p, &e), 0);
	CHECK_TEXT(0, buf_str(&b), "default kill-process\narch x86_64\n");
	p = policy_read(&a, S("f"),
	    S("default log\nallow #5..0x8 arg0 == 5, arg1 & 3\n"
	      "allow syscall arg3 == 1"),
	    &host, &e);
	CU_ASSERT_FATAL(p != NULL);
	b.n = 0;
	CHECK_NUM(1, policy_put(&b, p, &e), 0);
	CHECK_TEXT(1, buf_str(&b),
	    "default log\narch x86_64\nallow #5..8 arg0 == 5 and arg1 & 3\n"
	    "allow syscall arg3 == 1\n");
}

static void
put_rules(struct buf *b, const char *head, const char *rule, size_t n)
{
	b->n = 0;
	buf_put(b, str_of(head));
	for (size_t i = 0; i < n; i++) {
		buf_put(b, str_of(rule));
		buf_uint(b, i * 2);
		buf_char(b, '\n');
	}
}

/* What two policies are more than together. */
static void
products_have_limits(void)
{
	static const struct {
		const char *head, *rule;
		size_t n;
		const char *other, *fault;
	} row[] = {
		{ "default log\n", "allow read fd == ", 1025, "default log\ntrap read fd == 5",
		    "more than 1024 rules for one call" },
		{ "default log\n", "allow read fd == ", 1000,
		    "default log\ntrap 1 read fd == 1\nerrno EIO read fd == 2\n"
		    "notify read fd == 3\n"
		    "trace read fd == 4\nerrno EPERM read fd == 5\n",
		    "together the policies have more than 4096 rules" },
		{ "default log\n", "trap #", 1000,
		    "default log\nnewer-than largest allow\nlog read\n",
		    "more than 1024 ranges of numbers" },
		{ "default log\n", "trap #1", 450,
		    "default log\nnewer-than largest allow\nlog read\n",
		    "more than 1024 ranges of numbers" },
		{ "default log\narch x86_64 i386\n", "trap #", 1200, "default log\n",
		    "more than 1024 ranges of numbers" },
		{ "default log\n",
		    "log read fd == 1,fd == 2,fd == 3,fd == 4,fd == 5,fd == 6,fd == 7,"
		    "fd == 8,fd == ",
		    1,
		    "default log\nerrno EIO read fd == 1,fd == 2,fd == 3,fd == 4,fd == 5,fd == 6"
		    ",fd == 7"
		    ",fd == 8\n",
		    "together they have more than 16 tests in a rule" },
	};
	static unsigned char mem[64 << 20];
	static char text[1 << 17];

	for (size_t i = 0; i < COUNT(row); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct buf b = BUF(text);
		struct err e = { 0 };
		struct policy *part[2];
		size_t hit = 0;

		put_rules(&b, row[i].head, row[i].rule, row[i].n);
		for (size_t k = 0; k < 2; k++) {
			/* in either order */
			for (size_t j = 0; j < 2; j++) {
				part[j] = policy_read(&a, S("f"),
				    (j == k) ? buf_str(&b) : str_of(row[i].other), &host, &e);
				CU_ASSERT_FATAL(part[j] != NULL);
			}
			/* what always wins, wins without the other's tests */
			if (policy_intersect(&a, part, 2, &e) != NULL)
				continue;
			hit++;
			CHECK_NUM(i, e.fault, FAULT_LIMIT);
			CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(row[i].fault));
			e = (struct err){ 0 };
		}
		CU_ASSERT(hit > 0);
	}
}

static void
one_or_none(void)
{
	static unsigned char mem[1 << 20];
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct policy *p = policy_new(&a);

	CU_ASSERT_FATAL(p != NULL);
	CU_ASSERT(policy_intersect(&a, &p, 1, &e) == p);
	CU_ASSERT(policy_intersect(&a, &p, 0, &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_CONFIG);
}

UNIT_MAIN("policy_memory", { "exhausted arenas", exhausted }, { "policies are built", built },
    { "buffers that are too short", short_buffers },
    { "actions that have no name", nameless_actions }, { "one policy, or none", one_or_none },
    { "rules for nothing", empty_rules }, { "products have limits", products_have_limits })
