/* fuzz: core/spec/policylex.c core/spec/policyparse.c core/spec/policyexpr.c */
/* fuzz: core/spec/policyrule.c core/spec/policycalls.c core/spec/policyword.c */
/* fuzz: core/spec/policyaction.c core/spec/policytest.c core/spec/policyremark.c */
/* fuzz: core/spec/policyput.c core/spec/policyputtest.c core/spec/policychain.c */
/* fuzz: core/spec/policymerge.c core/spec/policydecide.c core/spec/policy.c */
#include "policyvectors.h"

#include "base/utf8.h"

enum { INPUT_MAX = 4096, VECTORS = 120 };

static unsigned char mem[64 << 20], mem_again[64 << 20];
static char once[1 << 20], twice[1 << 20], json[4 << 20], line[4096];

static bool
printable(struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &cp);
		if (n == 0 || !utf8_printable(cp))
			return false;
	}
	return true;
}

static void
check_fault(const struct err *e)
{
	struct buf b = BUF(line);

	MUST(e->fault == FAULT_CONFIG || e->fault == FAULT_LIMIT);
	MUST(e->nmsg > 0 && (e->pos.line > 0 || e->fault == FAULT_LIMIT));
	err_line(e, &b);
	MUST(!b.full && printable(buf_str(&b)));
}

/* What is said to match never does not. */
static void
check_vain(void *arg, const struct vector *v)
{
	const struct policy *p = arg;
	const struct rule *why;

	(void)policy_decide(p, v->audit, v->nr, v->arg, &why);
	if (why == NULL)
		return;
	/* a statement that has become several rules is told of by its place alone */
	for (const struct rule *r = p->first; r != NULL; r = r->next)
		if (r != why && r->pos.line == why->pos.line && r->pos.col == why->pos.col)
			return;
	for (const struct note *n = p->notes.first; n != NULL; n = n->next) {
		struct pos at = why->ntests > 0 ? why->test[0].pos : why->pos;

		if (!str_eq(n->id, S("never-matches")))
			continue;
		MUST(n->pos.line != why->pos.line || n->pos.col != why->pos.col);
		MUST(n->pos.line != at.line || n->pos.col != at.col || why->ntests == 0);
	}
}

static struct policy *
read_again(struct arena *a, struct str text, const struct policy_host *host)
{
	struct err e = { 0 };
	struct policy *p = policy_read(a, S("again"), text, host, &e);
	struct buf b = BUF(line);

	if (p == NULL) {
		err_line(&e, &b);
		fprintf(stderr, "%.*s\n%.*s\n", (int)b.n, b.p, (int)text.n, text.p);
	}
	MUST(p != NULL && e.fault == FAULT_NONE);
	return p;
}

static void
check_print(struct arena *a, const struct policy *p, const struct policy_host *host)
{
	struct buf b = BUF(once), b2 = BUF(twice);
	struct err e = { 0 };
	const struct policy *again;

	MUST(policy_put(&b, p, &e) == 0);
	again = read_again(a, buf_str(&b), host);
	vectors_of(p, VECTORS, vector_same, &(struct policies){ p, again });
	MUST(policy_put(&b2, again, &e) == 0);
	MUST(str_eq(buf_str(&b), buf_str(&b2)));
	MUST(again->archs == p->archs && again->flags == p->flags && again->wide == p->wide);
}

static void
check_json(struct arena *a, const struct policy *p)
{
	struct policy_host host = { .arch = (enum arch)__builtin_ctz(p->archs), .wide = p->wide };
	struct buf b = BUF(json);
	struct err e = { 0 };
	const struct policy *again;

	if (policy_put_json(a, &b, p, &e) < 0) {
		MUST(e.fault == FAULT_CONFIG || e.fault == FAULT_LIMIT);
		return;
	}
	again = read_again(a, buf_str(&b), &host);
	MUST(again->archs == p->archs && again->flags == p->flags);
	vectors_of(p, VECTORS, vector_same, &(struct policies){ p, again });
}

struct three {
	const struct policy *a, *b, *both;
};

/* seccomp_run_filters(), kernel/seccomp.c */
static void
check_both(void *arg, const struct vector *v)
{
	const struct three *t = arg;
	uint32_t late = vector_answer(t->b, v), early = vector_answer(t->a, v), want = late;

	if ((int32_t)(early & (uint32_t)RET_ACTION) < (int32_t)(late & (uint32_t)RET_ACTION))
		want = early;
	MUST(vector_answer(t->both, v) == want);
}

static void
check_intersection(struct arena *a, struct policy *p, struct policy *q, struct policy_host *host)
{
	struct policy *both, *const part[] = { p, q };
	struct err e = { 0 };
	struct three t;

	both = policy_intersect(a, part, 2, &e);
	if (both == NULL) {
		MUST(e.fault == FAULT_LIMIT);
		return;
	}
	t = (struct three){ p, q, both };
	vectors_of(p, VECTORS, check_both, &t);
	vectors_of(q, VECTORS, check_both, &t);
	vectors_of(both, VECTORS, check_both, &t);
	check_print(a, both, host);
}

/* One policy, or two with a line of % between them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) }, b = { mem_again, 0, sizeof(mem_again) };
	struct policy_host host = { .arch = (enum arch)(n % ARCH_COUNT), .wide = n % 16 == 7 };
	struct str text = { (const char *)data, n }, second;
	struct err e = { 0 };
	struct policy *p, *q;
	size_t cut = str_find(text, '%', 0);

	if (n > INPUT_MAX)
		return 0;
	second = str_slice(text, cut + 1, n);
	text = str_slice(text, 0, cut);
	p = policy_parse(&a, S("f"), text, &host, &e);
	MUST((p == NULL) == (e.fault != FAULT_NONE));
	if (p == NULL) {
		check_fault(&e);
		return 0;
	}
	MUST(p->archs != 0 && (p->archs & ~(uint32_t)ARCH_ALL) == 0);
	vectors_of(p, VECTORS, check_vain, p);
	check_print(&b, p, &host);
	check_json(&b, p);
	if (second.n == 0)
		return 0;
	q = policy_parse(&a, S("g"), second, &host, &e);
	if (q != NULL)
		check_intersection(&b, p, q, &host);
	return 0;
}
