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
holds(const struct callclass *c, const struct bpf_data *call)
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
check_cover(const struct callclass *c, const struct spans *s)
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
	struct callclass class;
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
		struct callclass class;

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

/* ---- bounds ---------------------------------------------------------------------------------- */

static void
many_nodes(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct diagram *d = diagram_new(&a, &e);

	for (uint32_t i = 0; !d->failed && i < 2 * NODES_MAX; i++)
		diagram_leaf(d, i);
	CHECK_NUM(0, d->n, NODES_MAX);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S("too many cases to tell apart"));
	CHECK_NUM(0, diagram_leaf(d, 1), NODE_NO);
	for (size_t cap = 1 << 13; cap < 1 << 16; cap += 1 << 8) {
		a = (struct arena){ mem, 0, cap };
		e = (struct err){ 0 };
		d = diagram_new(&a, &e);
		for (uint32_t i = 0; d != NULL && !d->failed && i < 4000; i++)
			diagram_leaf(d, i);
		CHECK_NUM(cap, e.fault, FAULT_LIMIT);
	}
}

static void
many_choices(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct diagram *d = diagram_new(&a, &e);
	uint32_t var[VARS];

	for (unsigned i = 0; i < VARS; i++)
		var[i] = diagram_node(d, i, NODE_NO, NODE_YES);
	for (unsigned round = 0; !d->failed && round < 100; round++)
		for (unsigned i = 0; i < VARS; i++)
			for (unsigned k = 0; k < VARS; k++)
				(void)diagram_if(d, var[i], var[k], NODE_NO);
	CU_ASSERT(d->failed && d->n < NODES_MAX);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S("too many cases to tell apart"));
}

static int
walk_all(const struct bpf_insn *insn, size_t n, struct err *e)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct bpf b = { insn, NULL, n };
	struct diagram *d = diagram_new(&a, e);
	struct walk *w = walk_new(d, &b);
	struct spans s = { 0 };
	struct callclass c;

	CU_ASSERT_FATAL(w != NULL);
	for (bool more = class_first(&c); more; more = class_next(&c))
		if (walk_class(w, &c, &s) < 0)
			return -1;
	return 0;
}

static struct bpf_insn insn[BPF_INSNS_MAX];

static void
many_paths(void)
{
	struct err e = { 0 };
	size_t n = 0;

	insn[n++] = (struct bpf_insn){ BPF_LD_ABS, 0, 0, DATA_NR };
	for (; n < BPF_INSNS_MAX - 2; n++)
		insn[n] = (struct bpf_insn){ BPF_JEQ, (uint8_t)(n % 2), 0, (uint32_t)n * 2 };
	insn[n++] = (struct bpf_insn){ BPF_RET_K, 0, 0, 0 };
	insn[n++] = (struct bpf_insn){ BPF_RET_K, 0, 0, 1 };
	CHECK_NUM(0, walk_all(insn, n, &e), -1);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S("too many paths"));
}

/* Each of several values goes through the same sums. */
static void
many_values(void)
{
	struct err e = { 0 };
	size_t n = 0;

	for (uint32_t i = 0; i < 6; i++) {
		insn[n++] = (struct bpf_insn){ BPF_LD_ABS, 0, 0, DATA_ARGS + 4 * i };
		insn[n++] = (struct bpf_insn){ BPF_JEQ, (uint8_t)(2 * (5 - i)), 0, 1 };
	}
	for (; n < 400; n++)
		insn[n] = (struct bpf_insn){ BPF_ALU | BPF_ADD, 0, 0, 1 };
	insn[n++] = (struct bpf_insn){ BPF_JEQ, 0, 0, 1 };
	insn[n++] = (struct bpf_insn){ BPF_RET_K, 0, 0, 0 };
	CHECK_NUM(0, walk_all(insn, n, &e), -1);
	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S("too many values to tell apart"));
}

/* The same jump with what is true of this call alone, and with what is true of all. */
static void
of_one_call(void)
{
	static const struct bpf_insn mixed[] = {
		{ BPF_LD_ABS, 0, 0, DATA_NR },
		{ BPF_TAX, 0, 0, 0 },
		{ BPF_LD_ABS, 0, 0, DATA_ARGS },
		{ BPF_JEQ, 0, 2, 1 },
		{ BPF_LDX | BPF_IMM, 0, 0, 7 },
		{ BPF_STX, 0, 0, 3 },
		{ BPF_LD_ABS, 0, 0, DATA_ARGS + 8 },
		{ BPF_JEQ, 0, 3, 2 },
		{ BPF_TXA, 0, 0, 0 },
		{ BPF_JEQ, 0, 1, 7 },
		{ BPF_RET_K, 0, 0, 1 },
		{ BPF_RET_K, 0, 0, 2 },
	};
	struct err e = { 0 };

	CHECK_NUM(0, walk_all(mixed, COUNT(mixed), &e), 0);
}

UNIT_MAIN("prove_walk", { "programs", programs }, { "arithmetic", arithmetic },
    { "policies", policies }, { "many nodes", many_nodes }, { "many choices", many_choices },
    { "many paths", many_paths }, { "many values", many_values }, { "of one call", of_one_call })
