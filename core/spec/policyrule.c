/* A rule of the language becomes one for each way in which architectures read it. */
#include "spec/policyparse.h"

#include <string.h>

/* Equal but for the argument, which names may give. */
static bool
same_test(const struct test *a, const struct test *b)
{
	return a->wide == b->wide && a->negated == b->negated && a->mask == b->mask &&
	       a->n == b->n && (a->n == 0 || memcmp(a->in, b->in, a->n * sizeof(*a->in)) == 0);
}

/* The statement on each architecture: those with the same values share them. */
struct meaning {
	struct tests *tests[ARCH_COUNT];
	struct rule **end; /* where the rules of this statement begin */
	uint32_t index;
	uint32_t action;
	struct pos pos;
	struct str text;
	uint32_t told; /* tests that were remarked on */
};

/* One way in which some architectures read the statement for one call. */
struct part {
	uint32_t archs;
	const struct tests *tests;
	uint8_t arg[TESTS_MAX];
};

static bool
same_tests(const struct tests *a, const struct tests *b)
{
	for (size_t i = 0; i < a->n; i++)
		if (!same_test(&a->test[i], &b->test[i]))
			return false;
	return true;
}

/* Reads the tests once, or where their constants differ once for each architecture. */
static int
meanings(struct parser *p, struct meaning *m)
{
	const struct lexer begin = p->lex;
	struct tests *last = NULL;

	p->differs = false;
	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		if ((p->archs >> a & 1) == 0)
			continue;
		if (last == NULL || p->differs) {
			p->lex = begin;
			last = arena_raw(p->arena, sizeof(*last));
			if (last == NULL)
				return err_memory(p->err);
			if (parser_tests(p, (enum arch)a, last) < 0)
				return -1;
		}
		m->tests[a] = last;
		for (unsigned k = 0; k < a; k++)
			if (m->tests[k] != NULL && same_tests(m->tests[k], last))
				m->tests[a] = m->tests[k];
	}
	return 0;
}

static int
no_argument(struct parser *p, unsigned call, enum arch arch, struct pos pos, struct str name)
{
	size_t n = call_args(call, arch);

	err_config(p->err, pos, "% on % has no argument \"%\"", call_name(call), arch_name(arch),
	    name);
	for (size_t i = 0; i < n; i++)
		err_add(p->err,
		    TEXT("%%", i == 0 ? S("; it has ") : S(", "), call_arg_name(call, arch, i)));
	return -1;
}

/* arg2 counts from 0. prctl(2) and a few others have names like it that count from 1. */
static int
check_number(struct parser *p, struct meaning *m, unsigned call, enum arch arch, size_t test)
{
	const struct test *t = &m->tests[arch]->test[test];
	const char name[4] = { 'a', 'r', 'g', (char)('0' + t->arg) };
	int other = call_arg_find(call, arch, (struct str){ name, sizeof(name) });

	if (other < 0 || other == t->arg || (m->told >> test & 1) != 0)
		return 0;
	m->told |= (uint32_t)1 << test;
	return policy_note(p->arena, p->policy, SEVERITY_WARNING, S("argument-number"), t->pos,
	    TEXT("arguments count from 0; what % calls % comes before", call_name(call),
		((struct str){ name, sizeof(name) })));
}

/* How one architecture reads the tests for the call; a number of no name is -1. */
static int
resolve(struct parser *p, struct meaning *m, int call, unsigned arch, struct part *out)
{
	const struct tests *t = m->tests[arch];

	out->tests = t;
	for (size_t i = 0; i < t->n; i++) {
		int arg = t->test[i].arg;

		if (t->name[i].n > 0 && call < 0)
			return err_config(p->err, t->test[i].pos,
			    "a call that is given by number has arg0 to arg5, not \"%\"",
			    t->name[i]);
		if (t->name[i].n > 0)
			arg = arg_index((unsigned)call, (enum arch)arch, t->name[i]);
		if (arg < 0)
			return no_argument(p, (unsigned)call,
			    arch_with((unsigned)call, (enum arch)arch), t->test[i].pos, t->name[i]);
		if (t->name[i].n == 0 && call >= 0 &&
		    check_number(p, m, (unsigned)call, (enum arch)arch, i) < 0)
			return err_memory(p->err);
		out->arg[i] = (uint8_t)arg;
	}
	return 0;
}

static bool
same_part(const struct part *a, const struct part *b)
{
	return a->tests == b->tests && memcmp(a->arg, b->arg, a->tests->n) == 0;
}

/* Does the rule say what this part says? */
static bool
says(const struct rule *r, const struct part *part)
{
	if (r->archs != part->archs)
		return false;
	for (size_t i = 0; i < r->ntests; i++)
		if (r->test[i].arg != part->arg[i] ||
		    !same_test(&r->test[i], &part->tests->test[i]))
			return false;
	return true;
}

static struct rule *
new_rule(struct parser *p, const struct meaning *m, uint32_t archs)
{
	struct rule *r;

	if (p->policy->nrules == RULES_MAX) {
		err_limit(p->err, m->pos, "the policy has more than 4096 rules");
		return NULL;
	}
	r = policy_add(p->arena, p->policy);
	if (r == NULL) {
		err_memory(p->err);
		return NULL;
	}
	r->action = m->action;
	r->archs = archs;
	r->pos = m->pos;
	r->text = m->text;
	return r;
}

static struct rule *
rule_for(struct parser *p, const struct meaning *m, const struct part *part)
{
	struct test *t;
	struct rule *r;

	for (r = *m->end; r != NULL; r = r->next)
		if (says(r, part))
			return r;
	t = arena_array(p->arena, part->tests->n, sizeof(*t));
	if (t == NULL) {
		err_memory(p->err);
		return NULL;
	}
	r = new_rule(p, m, part->archs);
	if (r == NULL)
		return NULL;
	for (size_t i = 0; i < part->tests->n; i++) {
		t[i] = part->tests->test[i];
		t[i].arg = part->arg[i];
	}
	r->test = t;
	r->ntests = part->tests->n;
	return r;
}

/* Adds one call (or, with -1, the numbers) to the rules that say what the statement means for it.
 * An architecture that has no such call goes with the first that has. */
static int
distribute(struct parser *p, struct meaning *m, int call, const struct ranges *nr)
{
	struct part part[ARCH_COUNT + 1] = { 0 };
	uint32_t without = 0;
	size_t n = 0, k;

	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		if (m->tests[a] == NULL)
			continue;
		if (call >= 0 && call_number((unsigned)call, (enum arch)a) < 0) {
			without |= (uint32_t)1 << a;
			continue;
		}
		if (resolve(p, m, call, a, &part[n]) < 0)
			return -1;
		for (k = 0; !same_part(&part[k], &part[n]); k++)
			;
		part[k].archs |= (uint32_t)1 << a;
		n += k == n;
	}
	if (n == 0 && resolve(p, m, call, (unsigned)__builtin_ctz(p->archs), &part[n++]) < 0)
		return -1;
	part[0].archs |= without;
	for (k = 0; k < n; k++) {
		struct rule *r = rule_for(p, m, &part[k]);

		if (r == NULL)
			return -1;
		if (call >= 0) {
			callset_add(&r->calls, (unsigned)call);
		} else {
			r->nr = nr->r;
			r->nnr = nr->n;
		}
	}
	return 0;
}

/* Those of architectures that the policy does not cover were read for their errors only. */
static int
keep_covered(struct parser *p, struct meaning *m, const struct callset *named)
{
	struct policy *policy = p->policy;

	policy->last = m->end;
	policy->nrules = m->index;
	for (struct rule *r = *m->end; r != NULL; r = r->next) {
		r->archs &= policy->archs;
		if (r->archs == 0)
			continue;
		r->index = policy->nrules++;
		*policy->last = r;
		policy->last = &r->next;
		if (policy_remark(p->arena, policy, r, named, p->seen,
			p->depth > 0 ? SEVERITY_NOTE : SEVERITY_ERROR) < 0)
			return err_memory(p->err);
	}
	*policy->last = NULL;
	return 0;
}

int
parser_rule(struct parser *p, uint32_t action, struct token first)
{
	struct calls c = { 0 };
	struct meaning m = { .end = p->policy->last, .index = p->policy->nrules, .action = action };
	struct rule *r;
	size_t end;

	if (parser_calls(p, &c) < 0)
		return -1;
	m.pos = parser_pos(p, first.pos);
	if (p->lex.now.kind == TOKEN_WORD && meanings(p, &m) < 0)
		return -1;
	m.text.p = first.text.p;
	end = (size_t)(p->lex.now.text.p - first.text.p);
	m.text.n = str_find((struct str){ first.text.p, end }, '\n', 0);
	while (m.text.n > 0 && m.text.p[m.text.n - 1] == ' ')
		m.text.n--;
	if (m.tests[__builtin_ctz(p->archs)] == NULL) {
		r = new_rule(p, &m, p->archs);
		if (r == NULL)
			return -1;
		r->calls = c.set;
		r->nr = c.nr.r;
		r->nnr = c.nr.n;
		return keep_covered(p, &m, &c.named);
	}
	for (unsigned i = 0; i < calls_count(); i++)
		if (callset_has(&c.set, i) && distribute(p, &m, (int)i, &c.nr) < 0)
			return -1;
	if (c.nr.n > 0 && distribute(p, &m, -1, &c.nr) < 0)
		return -1;
	return keep_covered(p, &m, &c.named);
}
