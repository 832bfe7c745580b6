/* From a policy to a program: the architecture first, then a tree over its numbers. */
#include "plan/compile.h"

static bool
has(uint32_t archs, enum arch a)
{
	return (archs >> a & 1) != 0;
}

/* The calls of an audit number, which x86_64 and x32 share. Where x32 is closed, its bit is looked
 * at behind the last number that x86_64 knows, where no call that is made has to wait for it. */
static uint16_t
make_arch(struct compile *c, enum arch a, uint32_t archs, uint16_t foreign)
{
	uint16_t node, x32;

	if (a != ARCH_X86_64) {
		node = numbers_make(c, a, 0);
	} else if (!has(archs, ARCH_X32)) {
		node = numbers_make(c, a, foreign);
	} else {
		x32 = numbers_make(c, ARCH_X32, 0);
		node = has(archs, a) ? numbers_make(c, a, 0) : foreign;
		node = node_make(c, BPF_JSET, X32_BIT, x32, node, 0);
	}
	return node_load(c, DATA_NR, UINT32_MAX, node, 0);
}

static uint16_t
make_all(struct compile *c, uint32_t archs)
{
	uint16_t foreign = node_ret(c, c->policy->foreign, 0), node = foreign;
	enum arch native = arch_native();

	/* the native one comes last here, and so first in the program */
	for (unsigned i = ARCH_COUNT; i > 0; i--) {
		enum arch a = (enum arch)((i - 1 + native) % ARCH_COUNT);

		if (a == ARCH_X32 || (a == ARCH_X86_64 && !has(archs, a) && !has(archs, ARCH_X32)))
			continue;
		if (a == ARCH_X86_64 || has(archs, a))
			node = node_make(c, BPF_JEQ, arch_audit(a), make_arch(c, a, archs, foreign),
			    node, 0);
	}
	return node_load(c, DATA_ARCH, UINT32_MAX, node, 0);
}

/* Those to compile for; 0, with an error, when there are none. */
static uint32_t
chosen(const struct policy *p, const struct filter_options *o, struct err *e)
{
	uint32_t archs = p->archs & (o->archs != 0 ? o->archs : arch_family(arch_native()));

	if (archs == 0)
		err_config(e, POS_NONE, "the policy is for no architecture of this machine");
	return archs;
}

int
filter_compile(struct arena *a, const struct policy *p, const struct filter_options *o,
    struct bpf *out, struct err *e)
{
	struct compile c = { .err = e, .policy = p, .options = o, .n = 1 };
	/* What is behind this much is ours meanwhile, the program comes in front. What is given
	 * back lies where the caller goes on, so that the same pages serve again. */
	size_t front = BPF_INSNS_MAX * (sizeof(struct bpf_insn) + sizeof(uint32_t)) + 64, left;
	uint32_t archs = chosen(p, o, e);
	uint16_t root;

	if (archs == 0)
		return -1;
	if (a->mem == NULL || a->cap - a->used < front)
		return err_memory(e);
	left = a->cap - a->used - front;
	c.temp = (struct arena){ a->mem + a->used + front, 0, left / 2 };
	c.keep = (struct arena){ a->mem + a->used + front + left / 2, 0, left - left / 2 };
	root = make_all(&c, archs);
	return c.failed ? -1 : emit_program(&c, a, root, out);
}
