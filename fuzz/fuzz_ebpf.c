/* fuzz: core/plan/ebpf.c core/plan/ebpfrun.c */
#include <string.h>

#include "must.h"
#include "plan/ebpfcode.h"

/* An input is rules of 5 bytes each: about what, then a byte each for the numbers, then the access.
 * The first byte says how many; what follows is what is tried. */
enum { MEMORY = 1 << 18, RULES = 40, TRIED = 32 };

static unsigned char mem[MEMORY];

struct bytes {
	const uint8_t *p;
	size_t n;
};

static unsigned
take(struct bytes *b)
{
	if (b->n == 0)
		return 0;
	b->n--;
	return *b->p++;
}

/* Small numbers, so that rules meet; all; and the ends of what there is. */
static uint32_t
number(unsigned byte)
{
	return byte < 0x40 ? byte % 8
	     : byte < 0x80 ? DEVICE_ANY
	     : byte < 0xc0 ? byte
			   : UINT32_MAX - byte;
}

static size_t
read_rules(struct bytes *b, struct device_rule *rule)
{
	size_t n = take(b) % (RULES + 1);

	for (size_t i = 0; i < n; i++) {
		unsigned about = take(b);

		rule[i] = (struct device_rule){ .type = "abcb"[about % 4],
			.known = true,
			.major = number(take(b)),
			.minor = number(take(b)),
			.access = (uint8_t)(take(b) % 8),
			.next = i + 1 < n ? &rule[i + 1] : NULL };
	}
	return n;
}

/* Bit by bit: some rule that is about the device allows it. */
static bool
allowed(const struct device_rule *rule, size_t n, char type, uint32_t major, uint32_t minor,
    unsigned access)
{
	for (unsigned bit = 1; bit < 8; bit <<= 1) {
		bool found = (access & bit) == 0;

		for (size_t i = 0; i < n; i++)
			found =
			    found || ((rule[i].access & bit) != 0 &&
					 (rule[i].type == 'a' || rule[i].type == type) &&
					 (rule[i].major == DEVICE_ANY || rule[i].major == major) &&
					 (rule[i].minor == DEVICE_ANY || rule[i].minor == minor));
		if (!found)
			return false;
	}
	return true;
}

static void
attempt(const struct ebpf *e, const struct device_rule *rule, size_t n, uint32_t major,
    uint32_t minor)
{
	for (unsigned access = 0; access < 8; access++)
		for (unsigned t = 0; t < 2; t++) {
			char type = "bc"[t];

			MUST(ebpf_run(e, type, major, minor, (uint8_t)access) ==
			     allowed(rule, n, type, major, minor, access));
		}
}

/* What the kernel's verifier wants of it, as far as it can be seen: jumps lead forward and not out,
 * the end is an exit and the only one. */
static void
check_shape(const struct ebpf *e, size_t n)
{
	char text[128];

	MUST(e->n <= EBPF_INSNS_MAX && e->n <= 10 + 4 * n && e->n >= 10);
	for (size_t i = 0; i < e->n; i++) {
		const struct ebpf_insn *o = &e->insn[i];
		struct buf b = BUF(text);

		MUST((o->code == EBPF_EXIT) == (i + 1 == e->n));
		if ((o->code & 7) == 6)
			MUST(o->off > 0 && i + 1 + (size_t)o->off < e->n);
		ebpf_put(&b, o);
		MUST(!b.full && b.n > 0 && str_find(buf_str(&b), '?', 0) == b.n);
	}
}

/* Bytes that are no program of ours: the interpreter stays within them. */
static void
wild(struct bytes b)
{
	static struct ebpf_insn insn[64];
	struct ebpf e = { insn, b.n / sizeof(*insn), NULL };
	char text[128];
	int r;

	e.n = e.n < COUNT(insn) ? e.n : COUNT(insn);
	if (e.n > 0)
		memcpy(insn, b.p, e.n * sizeof(*insn));
	r = ebpf_run(&e, 'c', 1, 3, 7);
	MUST(r >= -1 && r <= 1);
	for (size_t i = 0; i < e.n; i++) {
		struct buf out = BUF(text);

		ebpf_put(&out, &insn[i]);
		MUST(!out.full && out.n > 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct device_rule rule[RULES];
	struct arena a = { mem, 0, sizeof(mem) };
	struct bytes b = { data, size };
	struct err err = { 0 };
	struct ebpf e;
	size_t n;

	wild(b);
	n = read_rules(&b, rule);
	MUST(ebpf_devices(&a, n == 0 ? NULL : rule, &e, &err) == 0);
	check_shape(&e, n);
	for (size_t i = 0; i < n; i++) {
		attempt(&e, rule, n, rule[i].major, rule[i].minor);
		attempt(&e, rule, n, rule[i].major + 1, rule[i].minor);
		attempt(&e, rule, n, rule[i].major, rule[i].minor - 1);
	}
	for (size_t i = 0; i < TRIED && b.n > 0; i++) {
		unsigned major = take(&b);

		attempt(&e, rule, n, number(major), number(take(&b)));
	}
	a.cap = a.used - 1;
	a.used = 0;
	MUST(ebpf_devices(&a, n == 0 ? NULL : rule, &e, &err) < 0 && err.fault == FAULT_LIMIT);
	return 0;
}
