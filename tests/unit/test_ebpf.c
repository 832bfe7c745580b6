/* core/plan/ebpf.c, ebpfrun.c: device programs say what the rules say. The kernel judges the same
 * programs in tests that are root. */
#include <stdlib.h>

#include "check.h"
#include "plan/ebpfcode.h"
#include "unit.h"

static unsigned char mem[1 << 20];
static struct arena arena;
static struct err err;
static struct ebpf program;

#define RULE(t, ma, mi, ac) \
	{ \
		.type = (t), .major = (ma), .minor = (mi), .access = (ac), .known = true \
	}
enum { R = DEVICE_READ, W = DEVICE_WRITE, M = DEVICE_MKNOD };

static int
made(struct device_rule *rule, size_t n)
{
	arena = (struct arena){ mem, 0, sizeof(mem) };
	err = (struct err){ 0 };
	for (size_t i = 0; i + 1 < n; i++)
		rule[i].next = &rule[i + 1];
	return ebpf_devices(&arena, n == 0 ? NULL : rule, &program, &err);
}

/* Each bit of the access by some rule that is about the device. */
static int
plainly(const struct device_rule *r, char type, uint32_t major, uint32_t minor, uint8_t access)
{
	unsigned left = access;

	for (; r != NULL; r = r->next)
		if ((r->type == 'a' || r->type == type) &&
		    (r->major == DEVICE_ANY || r->major == major) &&
		    (r->minor == DEVICE_ANY || r->minor == minor))
			left &= ~(unsigned)r->access;
	return left == 0;
}

static void
small_set(void)
{
	static const struct {
		char type;
		uint32_t major, minor;
		uint8_t access;
		int want;
	} t[] = {
		{ 'c', 1, 3, R | W, 1 },
		{ 'c', 1, 3, R | W | M, 1 },
		{ 'b', 1, 3, R, 0 },
		{ 'b', 1, 3, M, 1 },
		{ 'c', 1, 1, R, 0 }, /* mem */
		{ 'c', 1, 1, M, 1 },
		{ 'c', 1, 5, R, 1 },
		{ 'c', 1, 7, W, 1 },
		{ 'c', 1, 8, R, 1 },
		{ 'c', 1, 9, R, 1 },
		{ 'c', 1, 11, R, 0 }, /* kmsg */
		{ 'c', 5, 0, R | W, 1 },
		{ 'c', 5, 1, W, 0 }, /* console */
		{ 'c', 5, 2, R | W, 1 },
		{ 'c', 136, 0, R | W, 1 },
		{ 'c', 136, 1 << 20, R | W, 1 },
		{ 'c', 137, 0, R, 0 },
		{ 'c', 10, 229, R | W, 0 }, /* fuse */
		{ 'b', 8, 0, R, 0 },
		{ 'c', UINT32_MAX, UINT32_MAX, M, 1 },
		{ 'c', UINT32_MAX, UINT32_MAX, R, 0 },
	};

	arena = (struct arena){ mem, 0, sizeof(mem) };
	CU_ASSERT_FATAL(ebpf_devices(&arena, devices_default(), &program, &err) == 0);
	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, ebpf_run(&program, t[i].type, t[i].major, t[i].minor, t[i].access),
		    t[i].want);
}

static void
listing(struct buf *b)
{
	for (size_t i = 0; i < program.n; i++) {
		ebpf_put(b, &program.insn[i]);
		buf_char(b, '\n');
	}
}

/* Rules of one device are one instruction, one comparison is enough for neighbours. */
static void
merged(void)
{
	static struct device_rule rule[] = {
		RULE('c', 5, 1, W),
		RULE('b', 8, 16, R),
		RULE('c', 1, 3, R),
		RULE('c', 5, DEVICE_ANY, M),
		RULE('c', 1, 3, W),
		RULE('a', DEVICE_ANY, 9, R | W | M),
	};
	char text[1024];
	struct buf b = BUF(text);

	CU_ASSERT_FATAL(made(rule, COUNT(rule)) == 0);
	listing(&b);
	CU_ASSERT(str_eq(buf_str(&b), S("r2 = type and access\n"
					"r3 = r2\n"
					"r3 >>= 16\n"
					"r2 &= 0xffff\n"
					"r4 = major\n"
					"r5 = minor\n"
					"if r5 != 9: over 1\n"
					"r3 &= 0xfffffff8\n"
					"if r2 != 1: over 3\n"
					"if r4 != 8: over 2\n"
					"if r5 != 16: over 1\n"
					"r3 &= 0xfffffffd\n"
					"if r2 != 2: over 7\n"
					"if r4 != 1: over 2\n"
					"if r5 != 3: over 1\n"
					"r3 &= 0xfffffff9\n"
					"if r4 != 5: over 3\n"
					"if r5 != 1: over 1\n"
					"r3 &= 0xfffffffb\n"
					"r3 &= 0xfffffffe\n"
					"r0 = 1\n"
					"if r3 == 0: over 1\n"
					"r0 = 0\n"
					"exit\n")));
	/* by different rules, together */
	CHECK_NUM(0, ebpf_run(&program, 'c', 1, 3, R | W), 1);
	CHECK_NUM(1, ebpf_run(&program, 'c', 5, 1, W | M), 1);
	CHECK_NUM(2, ebpf_run(&program, 'c', 5, 2, W | M), 0);
	CHECK_NUM(3, ebpf_run(&program, 'b', 77, 9, R | W | M), 1);
	CHECK_NUM(4, ebpf_run(&program, 'b', 8, 16, R | W), 0);
}

static void
nothing(void)
{
	CU_ASSERT_FATAL(made(NULL, 0) == 0);
	CHECK_NUM(0, program.n, 10);
	for (uint8_t access = 1; access < 8; access++)
		CHECK_NUM(access, ebpf_run(&program, 'c', 1, 3, access), 0);
}

static void
everything(void)
{
	static struct device_rule rule[] = { RULE('a', DEVICE_ANY, DEVICE_ANY, R | W | M) };

	CU_ASSERT_FATAL(made(rule, 1) == 0);
	CHECK_NUM(0, ebpf_run(&program, 'b', 8, 0, R | W | M), 1);
	CHECK_NUM(1, ebpf_run(&program, 'c', UINT32_MAX, 0, W), 1);
}

static void
faults(void)
{
	static struct device_rule rule[DEVICE_RULES_MAX + 1];

	for (uint32_t i = 0; i < COUNT(rule); i++)
		rule[i] = (struct device_rule)RULE('c', i, i, R);
	CHECK_NUM(0, made(rule, COUNT(rule)), -1);
	CHECK_NUM(0, err.fault, FAULT_LIMIT);
	rule[DEVICE_RULES_MAX - 1].next = NULL;
	CHECK_NUM(1, made(rule, DEVICE_RULES_MAX), 0);
	CU_ASSERT(program.n <= EBPF_INSNS_MAX);
	CHECK_NUM(1, ebpf_run(&program, 'c', 255, 255, R), 1);
	CHECK_NUM(1, ebpf_run(&program, 'c', 255, 254, R), 0);
	rule[7].known = false;
	rule[7].path = S("/dev/x\n");
	rule[7].pos = (struct pos){ 3, 4 };
	CHECK_NUM(2, made(rule, DEVICE_RULES_MAX), -1);
	CHECK_NUM(2, err.fault, FAULT_REFUSED);
	CHECK_NUM(2, err.pos.line, 3);
	rule[7].known = true;
	rule[7].type = 0;
	CHECK_NUM(3, made(rule, DEVICE_RULES_MAX), -1);
	rule[7].type = 'a';
	for (size_t room = 0;; room += 64) {
		arena = (struct arena){ mem, 0, room };
		err = (struct err){ 0 };
		if (ebpf_devices(&arena, rule, &program, &err) == 0)
			break;
		CHECK_NUM(room, err.fault, FAULT_LIMIT);
	}
}

static void
by_chance(void)
{
	static struct device_rule rule[24];

	srandom(4);
	for (unsigned round = 0; round < 300; round++) {
		size_t n = (size_t)random() % COUNT(rule);

		for (size_t i = 0; i < n; i++)
			rule[i] = (struct device_rule)RULE("abc"[random() % 3],
			    random() % 5 == 0 ? DEVICE_ANY : (uint32_t)(random() % 4),
			    random() % 5 == 0 ? DEVICE_ANY : (uint32_t)(random() % 4),
			    (uint8_t)(random() % 8));
		CU_ASSERT_FATAL(made(rule, n) == 0);
		for (unsigned i = 0; i < 2 * 5 * 5 * 7; i++) {
			char type = "bc"[i % 2];
			uint32_t major = i / 2 % 5, minor = i / 10 % 5;
			uint8_t access = (uint8_t)(i / 50 + 1);

			CU_ASSERT(ebpf_run(&program, type, major, minor, access) ==
				  plainly(n == 0 ? NULL : rule, type, major, minor, access));
		}
	}
}

/* Programs that are not ours. */
static void
bounds(void)
{
#define I(c, r, o, i) \
	{ \
		EBPF_##c, (r), (o), (i) \
	}
	static const struct {
		struct ebpf_insn insn[2];
		int want;
		const char *text;
	} t[] = {
		{ { I(EXIT, 0, 0, 0), I(EXIT, 0, 0, 0) }, 0, "exit" },
		{ { I(SET, 0, 0, 7), I(EXIT, 0, 0, 0) }, 1, "r0 = 7" },
		{ { I(SET, 0, 0, -7), I(EXIT, 0, 0, 0) }, 1, "r0 = -7" },
		{ { I(SET, 0, 1, 7), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(SET, 0x10, 0, 7), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(SET, 1, 0, 7), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(SET, 10, 0, 7), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(SET, 0, 0, 7), I(SET, 0, 0, 7) }, -1, "r0 = 7" },
		{ { I(MOVE, 0x20, 0, 0), I(EXIT, 0, 0, 0) }, 0, "r0 = r2" },
		{ { I(MOVE, 0xa0, 0, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(LOAD, 0x10, 8, 0), I(EXIT, 0, 0, 0) }, 1, "r0 = minor" },
		{ { I(LOAD, 0x10, 12, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(LOAD, 0x10, 2, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(LOAD, 0x10, -4, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(LOAD, 0x20, 0, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(JNE32, 0, 0, 5), I(EXIT, 0, 0, 0) }, 0, "if r0 != 5: over 0" },
		{ { I(JNE32, 0, 1, 5), I(EXIT, 0, 0, 0) }, -1, "if r0 != 5: over 1" },
		{ { I(JEQ32, 0, 1, 5), I(EXIT, 0, 0, 0) }, 0, "if r0 == 5: over 1" },
		{ { I(JEQ32, 0, 32767, 0), I(EXIT, 0, 0, 0) }, -1, "if r0 == 0: over 32767" },
		{ { I(JEQ32, 0, -1, 0), I(EXIT, 0, 0, 0) }, -1, "?" },
		{ { I(AND, 0, 0, 255), I(EXIT, 0, 0, 0) }, 0, "r0 &= 0xff" },
		{ { { 0, 0, 0, 0 }, I(EXIT, 0, 0, 0) }, -1, "r0 ?" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct ebpf e = { t[i].insn, 2, NULL };
		char text[64];
		struct buf b = BUF(text);

		CHECK_NUM(i, ebpf_run(&e, 'c', 1, 3, R), t[i].want);
		ebpf_put(&b, &t[i].insn[0]);
		CHECK_STR(i, buf_str(&b), str_of(t[i].text));
	}
	program.n = 0;
	CHECK_NUM(0, ebpf_run(&program, 'c', 1, 3, R), -1);
}

UNIT_MAIN("ebpf", { "the small set", small_set }, { "rules are merged", merged },
    { "no rules", nothing }, { "everything", everything }, { "faults", faults },
    { "rules by chance", by_chance }, { "programs that are not ours", bounds })
