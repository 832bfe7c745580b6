#include "rival.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <seccomp.h>

static const uint32_t token[ARCH_COUNT] = {
	[ARCH_X86_64] = SCMP_ARCH_X86_64,
	[ARCH_I386] = SCMP_ARCH_X86,
	[ARCH_X32] = SCMP_ARCH_X32,
};

static bool
mask_is_whole(const struct test *t)
{
	return t->mask == UINT64_MAX || (!t->wide && (uint32_t)t->mask == UINT32_MAX);
}

/* One comparison of OCI's, or false. */
static bool
comparison(const struct test *t, struct scmp_arg_cmp *c)
{
	const struct range *r = t->in;

	*c = (struct scmp_arg_cmp){ .arg = t->arg };
	if (t->n != 1)
		return false;
	if (r->lo == r->hi && mask_is_whole(t)) {
		c->op = t->negated ? SCMP_CMP_NE : SCMP_CMP_EQ;
		c->datum_a = r->lo;
		return true;
	}
	if (r->lo == r->hi && !t->negated) {
		c->op = SCMP_CMP_MASKED_EQ;
		c->datum_a = t->mask;
		c->datum_b = r->lo;
		return true;
	}
	if (!mask_is_whole(t) || (r->lo != 0 && r->hi != UINT64_MAX))
		return false;
	if (r->lo == 0) {
		c->op = t->negated ? SCMP_CMP_GT : SCMP_CMP_LE;
		c->datum_a = r->hi;
	} else {
		c->op = t->negated ? SCMP_CMP_LT : SCMP_CMP_GE;
		c->datum_a = r->lo;
	}
	return true;
}

static int
add_call(scmp_filter_ctx ctx, const struct rule *r, unsigned call, const struct scmp_arg_cmp *c,
    struct rival *out)
{
	struct str name = call_name(call);
	char word[64] = { 0 };
	int nr, got;

	memcpy(word, name.p, name.n < sizeof(word) ? name.n : sizeof(word) - 1);
	nr = seccomp_syscall_resolve_name(word);
	if (nr == __NR_SCMP_ERROR) {
		callset_add(&out->unknown, call);
		return 0;
	}
	got = seccomp_rule_add_array(ctx, r->action, nr, (unsigned)r->ntests, c);
	/* Another action for what is decided already, or the same as without a rule. */
	if (got == -EEXIST || got == -EACCES)
		return 0;
	if (got == -EINVAL && r->ntests > 0) {
		out->unsaid++;
		return 0;
	}
	return -got;
}

static bool
exists(unsigned call, uint32_t archs)
{
	for (unsigned i = 0; i < COUNT(token); i++)
		if (archs >> i & 1 && call_number(call, (enum arch)i) >= 0)
			return true;
	return false;
}

static int
add_rule(scmp_filter_ctx ctx, const struct policy *p, const struct rule *r, uint32_t archs,
    struct rival *out)
{
	struct scmp_arg_cmp c[CALL_ARGS];

	if (!(r->archs & archs) || r->action == p->fallback)
		return 0;
	if (r->ntests > CALL_ARGS || r->nnr > 0) {
		out->unsaid++;
		return 0;
	}
	for (size_t i = 0; i < r->ntests; i++) {
		if (!comparison(&r->test[i], &c[i])) {
			out->unsaid++;
			return 0;
		}
	}
	for (unsigned call = 0; call < calls_count(); call++) {
		int got = 0;

		if (callset_has(&r->calls, call) && exists(call, archs))
			got = add_call(ctx, r, call, c, out);
		if (got != 0)
			return got;
	}
	return 0;
}

static int
fill(scmp_filter_ctx ctx, const struct policy *p, uint32_t archs, struct rival *out)
{
	int got = 0;

	for (unsigned i = 0; i < COUNT(token) && got == 0; i++)
		if (i != ARCH_X86_64 && archs >> i & 1)
			got = -seccomp_arch_add(ctx, token[i]);
	if (got == 0 && !(archs >> ARCH_X86_64 & 1))
		got = -seccomp_arch_remove(ctx, SCMP_ARCH_NATIVE);
	if (got == 0)
		got = -seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, p->foreign);
	for (const struct rule *r = p->first; r != NULL && got == 0; r = r->next)
		got = add_rule(ctx, p, r, archs, out);
	return got;
}

/* Adds a filter to those that are there already. */
static int
join(scmp_filter_ctx *all, const struct policy *p, uint32_t archs, struct rival *out)
{
	scmp_filter_ctx one = seccomp_init(p->fallback);
	int got;

	if (one == NULL)
		return ENOMEM;
	got = fill(one, p, archs, out);
	if (got == 0 && *all != NULL)
		got = -seccomp_merge(*all, one);
	if (*all == NULL)
		*all = one;
	else if (got != 0)
		seccomp_release(one);
	return got;
}

static int
exported(scmp_filter_ctx ctx, struct bpf *b)
{
	static struct bpf_insn insn[BPF_INSNS_MAX];
	int fd = memfd_create("filter", MFD_CLOEXEC), got = fd < 0 ? errno : 0;
	ssize_t n = 0;

	if (got == 0)
		got = -seccomp_export_bpf(ctx, fd);
	if (got == 0)
		n = pread(fd, insn, sizeof(insn), 0);
	if (n < 0)
		got = errno;
	if (fd >= 0)
		close(fd);
	*b = (struct bpf){ .insn = insn, .n = (size_t)n / sizeof(*insn) };
	return got;
}

int
rival_compile(const struct policy *p, uint32_t archs, enum rival_how how, unsigned optimize,
    struct bpf *b, struct rival *out)
{
	scmp_filter_ctx ctx = NULL;
	int got = 0;

	*out = (struct rival){ .unsaid = 0 };
	if (how == RIVAL_FAST)
		got = join(&ctx, p, archs, out);
	for (unsigned i = 0; i < COUNT(token) && got == 0 && how == RIVAL_EXACT; i++)
		if (token[i] != 0 && archs >> i & 1)
			got = join(&ctx, p, 1U << i, out);
	if (got == 0)
		got = -seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, optimize);
	if (got == 0)
		got = exported(ctx, b);
	seccomp_release(ctx);
	return got;
}
