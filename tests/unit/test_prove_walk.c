/* The symbolic engine against the plain ways: programs run, policies evaluated. */
#include <stdlib.h>

#include "check.h"
#include "filters.h"
#include "plan/prove.h"
#include "unit.h"

enum { MEMORY = 32 << 20 };

static unsigned char mem[MEMORY];

static uint32_t
follow(const struct diagram *d, uint32_t node, const struct bpf_data *call)
{
	while (!node_is_leaf(d, node)) {
		const struct node *n = node_at(d, node);
		uint64_t v = n->var / 64 == VALUE_IP ? call->ip : call->arg[n->var / 64];

		node = v >> (63 - n->var % 64) & 1 ? n->one : n->zero;
	}
	return node_at(d, node)->zero;
}

static bool
holds(const struct class *c, const struct bpf_data *call)
{
	bool in = false;

	if (call->arch < c->lo || call->arch > c->hi)
		return false;
	for (size_t i = 0; i < c->n; i++)
		in = in || (call->nr >= c->nr[i].lo && call->nr <= c->nr[i].hi);
	return in;
}

/* Ascending, without holes. */
static void
check_cover(const struct class *c, const struct spans *s)
{
	size_t at = 0;

	for (size_t i = 0; i < c->n; i++) {
		uint64_t lo = c->nr[i].lo;

		while (at < s->n && s->at[at].hi <= c->nr[i].hi && s->at[at].lo == lo)
			lo = (uint64_t)s->at[at++].hi + 1;
		CHECK_NUM(i, lo, (uint64_t)c->nr[i].hi + 1);
	}
	CHECK_NUM(0, at, s->n);
}

enum { CALLS = 300 };

static size_t unlike, unknown, known;

static void
programs_of(struct chance *c, size_t n, bool plain)
{
	struct bpf_insn insn[64];
	struct bpf b = { insn, NULL, n };
	struct bpf_data call[CALLS];
	bool seen[CALLS] = { false };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct diagram *d = diagram_new(&a, &e);
	struct spans s = { 0 };
	struct class class;
	struct walk *w;

	chance_program(c, insn, n, plain);
	w = walk_new(d, &b);
	CU_ASSERT_FATAL(w != NULL);
	for (size_t i = 0; i < CALLS; i++)
		call[i] = chance_call(c);
	for (bool more = class_first(&class); more; more = class_next(&class)) {
		if (walk_class(w, &class, &s) < 0) {
			CU_ASSERT(e.fault == FAULT_CONFIG || e.fault == FAULT_LIMIT);
			unknown++;
			return;
		}
		check_cover(&class, &s);
		for (size_t i = 0; i < CALLS; i++) {
			size_t steps;
			const struct span *at;
			uint32_t want;

			if (!holds(&class, &call[i]))
				continue;
			seen[i] = true;
			at = spans_find(&s, call[i].nr);
			want = bpf_run(&b, &call[i], &steps, NULL);
			unlike += follow(d, at->node, &call[i]) != want;
			CHECK_NUM(i, follow(d, at->node, &call[i]), want);
			CU_ASSERT(steps <= at->longest);
		}
	}
	known++;
	for (size_t i = 0; i < CALLS; i++)
		CU_ASSERT(seen[i]);
}

static void
programs(void)
{
	struct chance c = { .state = 1 };

	for (size_t i = 0; i < 1500 && unlike == 0; i++)
		programs_of(&c, 2 + chance_below(&c, 40), true);
	CU_ASSERT(known > 1000);
}

static void
arithmetic(void)
{
	struct chance c = { .state = 2 };

	known = unknown = 0;
	for (size_t i = 0; i < 3000 && unlike == 0; i++)
		programs_of(&c, 2 + chance_below(&c, 24), false);
	CU_ASSERT(known > 1000);
	CU_ASSERT(unknown > 10);
}

static void
policies(void)
{
	struct chance c = { .state = 3 };

	for (size_t i = 0; i < 1500 && unlike == 0; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct policy *p = chance_policy(&c, &a, 8, 6);
		struct diagram *d = diagram_new(&a, &e);
		struct meaning *m = meaning_new(d, p, ARCH_ALL);
		struct spans s = { 0 };
		struct class class;

		for (bool more = class_first(&class); more; more = class_next(&class)) {
			CHECK_NUM(i, meaning_class(m, &class, &s), 0);
			check_cover(&class, &s);
			for (size_t k = 0; k < 60; k++) {
				struct bpf_data call = chance_call(&c);
				const struct rule *why;
				uint32_t want, got;

				call.arch = class.lo;
				if (!holds(&class, &call))
					continue;
				want = policy_decide(p, call.arch, call.nr, call.arg, &why);
				got = follow(d, spans_find(&s, call.nr)->node, &call);
				CHECK_NUM(i, got, want);
				unlike += got != want;
			}
		}
		CU_ASSERT_FATAL(a.used < sizeof(mem) / 2);
	}
}

UNIT_MAIN("prove_walk", { "programs", programs }, { "arithmetic", arithmetic },
    { "policies", policies })
