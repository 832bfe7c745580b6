#include "plan/ebpfcode.h"

#include "base/sort.h"

#include <string.h>

/* Which register holds what. What is left of the access is that which no rule has allowed yet. */
enum { RESULT, CONTEXT, TYPE, LEFT, MAJOR, MINOR };

/* Before the rules, behind them, and for one: type, major, minor, access. */
enum { HEAD = 6, TAIL = 4, EACH = 4 };

struct assembly {
	struct ebpf_insn *insn;
	size_t n;
};

static size_t
put(struct assembly *a, uint8_t code, unsigned dst, unsigned src, int off, uint32_t imm)
{
	a->insn[a->n] = (struct ebpf_insn){
		.code = code,
		.regs = (uint8_t)(dst | src << 4),
		.off = (int16_t)off,
		.imm = (int32_t)imm,
	};
	return a->n++;
}

static void
put_head(struct assembly *a)
{
	put(a, EBPF_LOAD, TYPE, CONTEXT, CTX_ACCESS_TYPE, 0);
	put(a, EBPF_MOVE, LEFT, TYPE, 0, 0);
	put(a, EBPF_SHIFT, LEFT, 0, 0, CTX_ACCESS_SHIFT);
	put(a, EBPF_AND, TYPE, 0, 0, CTX_TYPE_MASK);
	put(a, EBPF_LOAD, MAJOR, CONTEXT, CTX_MAJOR, 0);
	put(a, EBPF_LOAD, MINOR, CONTEXT, CTX_MINOR, 0);
}

static void
put_tail(struct assembly *a)
{
	put(a, EBPF_SET, RESULT, 0, 0, 1);
	put(a, EBPF_JEQ32, LEFT, 0, 1, 0);
	put(a, EBPF_SET, RESULT, 0, 0, 0);
	put(a, EBPF_EXIT, 0, 0, 0, 0);
}

/* Rules about the same come together, numbers that stand for all of them last. */
static bool
before(const void *a, const void *b)
{
	const struct device_rule *x = a, *y = b;

	if (x->type != y->type)
		return x->type < y->type;
	return x->major != y->major ? x->major < y->major : x->minor < y->minor;
}

/* How many rules from i on are about the same type; also the same major; also the same minor. */
static size_t
same(const struct device_rule *const *rule, size_t i, size_t n, unsigned depth)
{
	const struct device_rule *first = rule[i];
	size_t k = i + 1;

	while (k < n && rule[k]->type == first->type &&
	       (depth < MAJOR || rule[k]->major == first->major) &&
	       (depth < MINOR || rule[k]->minor == first->minor))
		k++;
	return k - i;
}

/* Passes over what follows, up to where the result is given to land(), unless the register has that
 * value. */
static size_t
unless(struct assembly *a, unsigned reg, uint32_t value)
{
	return put(a, EBPF_JNE32, reg, 0, 0, value);
}

static void
land(struct assembly *a, size_t jump)
{
	a->insn[jump].off = (int16_t)(a->n - jump - 1);
}

static void
put_minors(struct assembly *a, const struct device_rule *const *rule, size_t n)
{
	for (size_t i = 0, k; i < n; i += k) {
		bool all = rule[i]->minor == DEVICE_ANY;
		size_t over = all ? 0 : unless(a, MINOR, rule[i]->minor);
		uint32_t access = 0;

		k = same(rule, i, n, MINOR);
		for (size_t m = 0; m < k; m++)
			access |= rule[i + m]->access;
		put(a, EBPF_AND32, LEFT, 0, 0, ~access);
		if (!all)
			land(a, over);
	}
}

static void
put_majors(struct assembly *a, const struct device_rule *const *rule, size_t n)
{
	for (size_t i = 0, k; i < n; i += k) {
		bool all = rule[i]->major == DEVICE_ANY;
		size_t over = all ? 0 : unless(a, MAJOR, rule[i]->major);

		k = same(rule, i, n, MAJOR);
		put_minors(a, rule + i, k);
		if (!all)
			land(a, over);
	}
}

static void
put_rules(struct assembly *a, const struct device_rule *const *rule, size_t n)
{
	for (size_t i = 0, k; i < n; i += k) {
		bool all = rule[i]->type == 'a';
		size_t over =
		    all ? 0 : unless(a, TYPE, rule[i]->type == 'b' ? CTX_BLOCK : CTX_CHAR);

		k = same(rule, i, n, TYPE);
		put_majors(a, rule + i, k);
		if (!all)
			land(a, over);
	}
}

/* The rules in an array; their number, or -1. */
static int
gather(const struct device_rule *r, const struct device_rule *rule[DEVICE_RULES_MAX],
    struct err *err)
{
	int n = 0;

	for (; r != NULL; r = r->next) {
		if (!r->known || (r->type != 'a' && r->type != 'b' && r->type != 'c'))
			return err_refused(err, r->pos, "the numbers of device \"%\" are not known",
			    r->path);
		if (n == DEVICE_RULES_MAX)
			return err_limit(err, r->pos, "more than 272 rules for devices");
		rule[n++] = r;
	}
	return n;
}

int
ebpf_devices(struct arena *arena, const struct device_rule *first, struct ebpf *out,
    struct err *err)
{
	const struct device_rule *rule[DEVICE_RULES_MAX];
	struct assembly a = { 0 };
	int n = gather(first, rule, err);

	if (n < 0)
		return -1;
	a.insn = arena_array(arena, HEAD + EACH * (size_t)n + TAIL, sizeof(*a.insn));
	if (a.insn == NULL)
		return err_memory(err);
	sort_pointers((const void **)rule, (size_t)n, before);
	put_head(&a);
	put_rules(&a, rule, (size_t)n);
	put_tail(&a);
	*out = (struct ebpf){ a.insn, a.n, NULL };
	return 0;
}

#define DEFAULT(type_, major_, minor_, access_, next_) \
	{ \
		.type = (type_), .major = (major_), .minor = (minor_), .known = true, \
		.access = (access_), .next = (struct device_rule *)(uintptr_t)(next_) \
	}
#define DEFAULT_RW (DEVICE_READ | DEVICE_WRITE)

/* Documentation/admin-guide/devices.txt */
static const struct device_rule defaults[] = {
	DEFAULT('c', 1, 3, DEFAULT_RW, &defaults[1]),            /* null */
	DEFAULT('c', 1, 5, DEFAULT_RW, &defaults[2]),            /* zero */
	DEFAULT('c', 1, 7, DEFAULT_RW, &defaults[3]),            /* full */
	DEFAULT('c', 1, 8, DEFAULT_RW, &defaults[4]),            /* random */
	DEFAULT('c', 1, 9, DEFAULT_RW, &defaults[5]),            /* urandom */
	DEFAULT('c', 5, 0, DEFAULT_RW, &defaults[6]),            /* tty */
	DEFAULT('c', 5, 2, DEFAULT_RW, &defaults[7]),            /* ptmx */
	DEFAULT('c', 136, DEVICE_ANY, DEFAULT_RW, &defaults[8]), /* pts/0 and on */
	DEFAULT('a', DEVICE_ANY, DEVICE_ANY, DEVICE_MKNOD, NULL),
};

const struct device_rule *
devices_default(void)
{
	return defaults;
}
