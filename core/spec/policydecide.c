/* The plain evaluator, in the words of policy.h: slow, and meant to be read. */
#include "spec/policy.h"

bool
policy_narrow(const struct policy *p, enum arch arch, int call, const struct test *t)
{
	if (p->wide || t->wide)
		return false;
	if (!arch_wide(arch))
		return true;
	/* what the kernel does not take, nobody has a width for */
	return call >= 0 && t->arg < call_args((unsigned)call, arch) &&
	       call_arg_width((unsigned)call, arch, t->arg) <= WIDTH_UINT;
}

static bool
lies_in(const struct test *t, uint64_t v)
{
	for (size_t i = 0; i < t->n; i++)
		if (v >= t->in[i].lo && v <= t->in[i].hi)
			return true;
	return false;
}

bool
test_holds(const struct test *t, bool narrow, uint64_t argument)
{
	uint32_t low = (uint32_t)(argument & t->mask);
	bool in;

	if (narrow)
		in = lies_in(t, low) || lies_in(t, (uint64_t)(int64_t)(int32_t)low);
	else
		in = lies_in(t, argument & t->mask);
	return in != t->negated;
}

bool
rule_names(const struct rule *r, enum arch arch, uint32_t nr, int call)
{
	if ((r->archs >> arch & 1) == 0)
		return false;
	for (size_t i = 0; i < r->nnr; i++)
		if (nr >= r->nr[i].lo && nr <= r->nr[i].hi)
			return true;
	return call >= 0 && callset_has(&r->calls, (unsigned)call);
}

static bool
all_hold(const struct policy *p, const struct rule *r, enum arch arch, int call,
    const uint64_t arg[6])
{
	for (size_t i = 0; i < r->ntests; i++) {
		const struct test *t = &r->test[i];
		uint64_t v = arch_wide(arch) ? arg[t->arg] : (uint32_t)arg[t->arg];

		if (!test_holds(t, policy_narrow(p, arch, call, t), v))
			return false;
	}
	return true;
}

/* Does a rule name a number that is not below this one? */
static bool
names_above(const struct rule *r, enum arch arch, uint32_t nr)
{
	if ((r->archs >> arch & 1) == 0)
		return false;
	for (size_t i = 0; i < r->nnr; i++)
		if (r->nr[i].hi >= nr)
			return true;
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&r->calls, c) && call_number(c, arch) >= (int64_t)nr)
			return true;
	return false;
}

static bool
too_new(const struct policy *p, enum arch arch, uint32_t nr, int call)
{
	if (!p->newer_largest)
		return p->newer > 0 && (call < 0 || call_since((unsigned)call) > p->newer);
	for (const struct rule *r = p->first; r != NULL; r = r->next)
		if (names_above(r, arch, nr))
			return false;
	return true;
}

uint32_t
policy_decide(const struct policy *p, uint32_t audit, uint32_t nr, const uint64_t arg[6],
    const struct rule **why)
{
	enum arch arch = 0;
	bool named = false;
	int call;

	*why = NULL;
	while (arch < ARCH_COUNT && arch_audit(arch) != audit)
		arch++;
	if (arch == ARCH_X86_64 && (nr & X32_BIT) != 0)
		arch = ARCH_X32;
	if (arch == ARCH_COUNT || (p->archs >> arch & 1) == 0)
		return p->foreign;
	call = call_of(arch, nr);
	for (const struct rule *r = p->first; r != NULL; r = r->next) {
		if (!rule_names(r, arch, nr, call))
			continue;
		named = true;
		if (all_hold(p, r, arch, call, arg)) {
			*why = r;
			return r->action;
		}
	}
	return !named && too_new(p, arch, nr, call) ? p->newer_action : p->fallback;
}
