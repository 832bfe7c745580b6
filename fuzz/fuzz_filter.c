/* fuzz: core/plan/prove.c core/plan/provebranch.c core/plan/proveclass.c */
/* fuzz: core/plan/provediagram.c core/plan/provepolicy.c core/plan/provestep.c */
/* fuzz: core/plan/provetest.c */
/* fuzz: core/plan/provevalue.c core/plan/provewalk.c core/plan/diff.c core/plan/stat.c */
/* fuzz: core/plan/decompile.c core/plan/decompiletest.c core/plan/audit.c core/plan/auditargs.c */
/* fuzz: core/plan/auditcalls.c core/plan/audittext.c */

/* The whole road: a policy, as text or made of the input's choices, is compiled, proved, run; a
 * mutant of the program has witnesses; what is made of a program means what the program does. The
 * first byte says which, the second at which level and what is broken. */
#include "filters.h"
#include "must.h"

/* Longer policies than RULES take too long to be compiled again and again. */
enum { INPUT_MAX = 4096, CALLS = 24, RULES = 200 };

static unsigned char mem[128 << 20];

static void
check_fault(const struct err *e)
{
	MUST(e->fault == FAULT_LIMIT || e->fault == FAULT_CONFIG);
	MUST(e->nmsg > 0);
}

/* 1, 0 with a good witness, or -1. */
static int
compare(struct arena *a, const struct bpf *x, const struct bpf *y)
{
	struct err e = { 0 };
	struct witness w;
	size_t used = a->used;
	int same = filter_diff(a, x, y, &w, &e);

	MUST(a->used == used);
	if (same < 0) {
		check_fault(&e);
	} else if (same == 0) {
		MUST(bpf_run(x, &w.data, NULL, NULL) == w.a);
		MUST(bpf_run(y, &w.data, NULL, NULL) == w.b);
		MUST(w.a != w.b);
	}
	return same;
}

/* What it does is what the policy says, for calls by chance. */
static void
run(const struct bpf *b, const struct policy *p, struct chance *c)
{
	for (size_t i = 0; i < CALLS; i++) {
		struct bpf_data d = chance_call(c);
		const struct rule *why;

		MUST(bpf_run(b, &d, NULL, NULL) == policy_decide(p, d.arch, d.nr, d.arg, &why));
	}
}

static void
prove_mutant(struct arena *a, const struct bpf *b, const struct policy *p, uint8_t what,
    struct chance *c)
{
	struct bpf_insn *insn = arena_array(a, b->n, sizeof(*insn));
	struct bpf mutant = { insn, NULL, b->n };
	struct err e = { 0 };
	struct witness w;
	const struct rule *why;
	int same, equal;

	MUST(insn != NULL);
	memcpy(insn, b->insn, b->n * sizeof(*insn));
	insn += chance_below(c, (unsigned)b->n);
	if ((what & 0x80) != 0 && insn->jt != insn->jf) {
		uint8_t swap = insn->jt;

		insn->jt = insn->jf;
		insn->jf = swap;
	} else {
		insn->k ^= UINT32_C(1) << (what & 31);
	}
	if (bpf_check(&mutant, &e) < 0)
		return;
	same = filter_prove(a, &mutant, p, p->archs, &w, &e);
	equal = compare(a, b, &mutant);
	if (same < 0)
		check_fault(&e);
	if (same < 0 || equal < 0)
		return;
	MUST(same == equal);
	if (same == 1) {
		run(&mutant, p, c);
		return;
	}
	MUST(bpf_run(&mutant, &w.data, NULL, NULL) == w.a);
	MUST(policy_decide(p, w.data.arch, w.data.nr, w.data.arg, &why) == w.b);
	MUST(w.a != w.b);
}

static void
check_stat(struct arena *a, const struct bpf *b, struct chance *c)
{
	struct err e = { 0 };
	struct filter_stat s;

	if (filter_stat(a, b, &s, &e) < 0) {
		check_fault(&e);
		return;
	}
	MUST(s.insns == b->n && s.longest >= 1 && s.longest <= b->n);
	for (int arch = 0; arch < ARCH_COUNT; arch++) {
		const struct filter_stat_arch *of = &s.arch[arch];

		MUST(of->longest <= s.longest && of->allowed <= of->calls);
		MUST(of->conditional <= of->calls && of->cached <= of->allowed);
		MUST(of->mean_milli <= 1000 * of->longest);
	}
	for (size_t i = 0; i < CALLS; i++) {
		struct bpf_data d = chance_call(c);
		size_t steps;

		bpf_run(b, &d, &steps, NULL);
		MUST(steps <= s.longest);
	}
}

static void
check_audit(struct arena *a, const struct bpf *b, const struct policy *p)
{
	struct err e = { 0 };
	struct notes notes = { 0 };
	size_t n = 0;

	if (filter_audit(a, b, p, &notes, &e) < 0) {
		check_fault(&e);
		return;
	}
	for (const struct note *o = notes.first; o != NULL; o = o->next, n++)
		MUST(o->id.n > 0 && o->text.n > 0 && str_find(o->text, '%', 0) == o->text.n);
	MUST(n == notes.n[0] + notes.n[1] + notes.n[2]);
}

/* What any program has to go through. */
static void
check_program(struct arena *a, const struct bpf *b, struct chance *c)
{
	struct err e = { 0 };
	struct filter_options o = { .level = 1 };
	struct policy *p;
	struct bpf again;

	MUST(compare(a, b, b) != 0);
	check_stat(a, b, c);
	p = filter_decompile(a, b, &e);
	if (p == NULL) {
		check_fault(&e);
		check_audit(a, b, NULL);
		return;
	}
	check_audit(a, b, p);
	run(b, p, c);
	o.archs = p->archs;
	if (p->nrules > RULES)
		return;
	if (filter_compile(a, p, &o, &again, &e) < 0)
		check_fault(&e);
	else
		MUST(compare(a, b, &again) != 0);
}

static void
check_policy(struct arena *a, const struct policy *p, uint8_t what, struct chance *c)
{
	struct filter_options o = { .level = what % 3, .archs = p->archs };
	struct err e = { 0 };
	struct witness w;
	struct bpf b;
	int same;

	if (filter_compile(a, p, &o, &b, &e) < 0) {
		check_fault(&e);
		return;
	}
	MUST(bpf_check(&b, &e) == 0);
	same = filter_prove(a, &b, p, p->archs, &w, &e);
	MUST(same == 1 || (same < 0 && e.fault == FAULT_LIMIT));
	run(&b, p, c);
	prove_mutant(a, &b, p, what, c);
	check_program(a, &b, c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct str text = { (const char *)data + 2, n - 2 };
	struct chance c = { .state = n };
	struct bpf b = { NULL, NULL, 0 };
	struct policy *p = NULL;

	if (n < 3 || n > INPUT_MAX)
		return 0;
	switch (data[0] % 4) {
	case 0:
		p = policy_parse(&a, S("fuzz"), text, &host, &e);
		break;
	case 1:
		c = (struct chance){ n, data + 2, n - 2 };
		p = chance_policy(&c, &a, 6, data[1] / 64);
		break;
	case 2:
		if (bpf_read(&a, text, &b, &e) < 0 || bpf_check(&b, &e) < 0)
			return 0;
		break;
	default: {
		struct bpf_insn *insn = arena_array(&a, 64, sizeof(*insn));

		MUST(insn != NULL);
		c = (struct chance){ n, data + 2, n - 2 };
		b.n = 2 + data[1] % 62;
		b.insn = insn;
		chance_program(&c, insn, b.n, data[1] >= 128);
		MUST(bpf_check(&b, &e) == 0);
	}
	}
	if (b.n > 0)
		check_program(&a, &b, &c);
	else if (p != NULL)
		check_policy(&a, p, data[1], &c);
	return 0;
}
