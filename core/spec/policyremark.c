#include "spec/policyread.h"

#include <string.h>

enum arch
arch_with(unsigned call, enum arch arch)
{
	if (call_number(call, arch) >= 0)
		return arch;
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if (call_number(call, (enum arch)a) >= 0)
			return (enum arch)a;
	return arch;
}

int
arg_index(unsigned call, enum arch arch, struct str name)
{
	return call_arg_find(call, arch_with(call, arch), name);
}

struct decided *
decided_new(struct arena *a)
{
	struct decided *s = arena_raw(a, sizeof(*s));

	if (s != NULL)
		memset(s, 0, offsetof(struct decided, action));
	return s;
}

/* One rule under the eye. */
struct look {
	struct arena *arena;
	struct policy *policy;
	const struct rule *rule;
	const struct callset *named;
	struct decided *seen;
	enum severity severe;
	uint32_t narrow[8]; /* the ways in which its tests are read */
	size_t nnarrow;
	size_t fresh, old; /* calls that get here, and that do not */
	int twice;         /* one that an earlier rule decides otherwise, or -1 */
	int again;         /* the same of those that the rule has by name */
	bool pointer, width;
};

#define SAY(l, severity, id, pos, ...) \
	policy_note((l)->arena, (l)->policy, (severity), S(id), (pos), TEXT(__VA_ARGS__))

/* Would its low half alone be judged otherwise than all of it? */
static bool
beyond_int(const struct test *t)
{
	for (size_t i = 0; i < t->n; i++)
		if ((t->in[i].lo >> 31 != 0 && t->in[i].lo != (uint64_t)1 << 63) ||
		    (t->in[i].hi >> 31 != 0 && t->in[i].hi != UINT64_MAX))
			return true;
	return false;
}

/* Whether there is a pointer is a good question. */
static bool
null_test(const struct test *t)
{
	return t->n == 1 && t->in->lo == 0 && t->in->hi == 0 && t->mask == UINT64_MAX;
}

static void
look_at_tests(struct look *l, enum arch arch, unsigned call)
{
	uint32_t narrow = 0;
	size_t k = 0;

	for (size_t i = 0; i < l->rule->ntests; i++) {
		const struct test *t = &l->rule->test[i];
		bool taken = t->arg < call_args(call, arch);

		l->pointer |=
		    taken && !null_test(t) && call_arg_width(call, arch, t->arg) == WIDTH_POINTER;
		if (!policy_narrow(l->policy, arch, (int)call, t))
			continue;
		narrow |= (uint32_t)1 << i;
		l->width |= arch_wide(arch) && beyond_int(t);
	}
	while (k < l->nnarrow && l->narrow[k] != narrow)
		k++;
	if (k == l->nnarrow && k < COUNT(l->narrow))
		l->narrow[l->nnarrow++] = narrow;
}

/* One that is decided already. */
static void
look_at_old(struct look *l, enum arch arch, unsigned call)
{
	l->old++;
	if (l->seen->action[arch][call] == l->rule->action)
		return;
	if (l->twice < 0)
		l->twice = (int)call;
	if (callset_has(l->named, call))
		l->again = (int)call;
}

static void
look_at_new(struct look *l, enum arch arch, unsigned call)
{
	l->fresh++;
	if (l->rule->ntests > 0)
		look_at_tests(l, arch, call);
	else
		l->seen->action[arch][call] = l->rule->action;
}

static void
look_at_calls(struct look *l, enum arch arch)
{
	uint64_t *done = l->seen->calls[arch].word;

	for (unsigned i = 0; i < COUNT(l->rule->calls.word); i++) {
		uint64_t all = calls_there(arch, i, l->rule->calls.word[i]);

		for (uint64_t w = all & done[i]; w != 0; w &= w - 1)
			look_at_old(l, arch, i * 64 + (unsigned)__builtin_ctzll(w));
		for (uint64_t w = all & ~done[i]; w != 0; w &= w - 1)
			look_at_new(l, arch, i * 64 + (unsigned)__builtin_ctzll(w));
		if (l->rule->ntests == 0)
			done[i] |= all;
	}
}

static int
say_twice(struct look *l)
{
	const struct rule *r = l->rule;
	bool vain = l->fresh == 0 && r->nnr == 0;
	struct str name = l->twice < 0 ? S("") : call_name((unsigned)l->twice);

	if (l->twice < 0)
		return !vain || l->old == 0 ? 0
					    : SAY(l, SEVERITY_NOTE, "redundant", r->pos,
						  "earlier rules say the same of all these calls");
	if (vain)
		return SAY(l, l->severe, "never-matches", r->pos,
		    "the rule can never match: earlier ones decide % without tests", name);
	if (l->again < 0)
		return 0;
	return SAY(l, SEVERITY_WARNING, "listed-twice", r->pos,
	    "an earlier rule decides % without tests: the first wins",
	    call_name((unsigned)l->again));
}

static int
say_tests(struct look *l)
{
	const struct rule *r = l->rule;
	bool possible = l->nnarrow == 0 || l->nnarrow == COUNT(l->narrow);

	for (size_t i = 0; i < l->nnarrow && !possible; i++)
		possible = tests_possible(r->test, r->ntests, l->narrow[i]);
	if (!possible)
		return SAY(l, SEVERITY_ERROR, "never-matches", r->test->pos,
		    "the rule can never match: no argument passes its tests");
	if (l->pointer && SAY(l, SEVERITY_WARNING, "pointer", r->test->pos,
			      "the argument is a pointer: what it points to is not looked at") < 0)
		return -1;
	return !l->width ? 0
			 : SAY(l, SEVERITY_NOTE, "width", r->test->pos,
			       "the kernel takes 32 bits of the argument, and so does the test; "
			       ":64 behind its name compares all 64");
}

int
policy_remark(struct arena *a, struct policy *p, const struct rule *r, const struct callset *named,
    struct decided *seen, enum severity severe)
{
	struct look l = { .arena = a,
		.policy = p,
		.rule = r,
		.seen = seen,
		.severe = severe,
		.named = named,
		.twice = -1,
		.again = -1 };

	for (unsigned arch = 0; arch < ARCH_COUNT; arch++)
		if ((r->archs >> arch & 1) != 0)
			look_at_calls(&l, (enum arch)arch);
	if (severe == SEVERITY_NOTE)
		return 0;
	if (say_twice(&l) < 0)
		return -1;
	return r->ntests > 0 ? say_tests(&l) : 0;
}

int
policy_finish(struct arena *a, struct policy *p)
{
	const struct rule *r = p->first;

	if (p->fallback != RET_ALLOW || r == NULL)
		return 0;
	for (; r != NULL; r = r->next)
		if (r->action != RET_ALLOW)
			return 0;
	return policy_note(a, p, SEVERITY_ERROR, S("nothing-denied"), p->first->pos,
	    TEXT("everything is allowed by default, and every rule allows"));
}
