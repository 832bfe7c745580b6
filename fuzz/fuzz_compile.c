/* fuzz: core/plan/compile.c core/plan/compilecells.c core/plan/compilenumbers.c core/plan/emit.c */
/* fuzz: core/plan/dag.c core/plan/dagset.c core/plan/dagrule.c core/plan/dagjoin.c */
/* fuzz: core/plan/dagword.c core/plan/dagtree.c core/plan/dagbest.c core/plan/filtermake.c */
/* The whole road: a policy becomes programs that the kernel takes, that answer as the evaluator
 * does, and that are proved. */
#include "policyvectors.h"

#include "plan/filter.h"

enum { INPUT_MAX = 2048, VECTORS = 100 };

static unsigned char mem[96 << 20];

struct judged {
	const struct policy *policy;
	const struct bpf *program;
};

static void
check_answer(void *arg, const struct vector *v)
{
	const struct judged *j = arg;
	struct bpf_data d = { .nr = v->nr, .arch = v->audit };

	memcpy(d.arg, v->arg, sizeof(d.arg));
	MUST(bpf_run(j->program, &d, NULL, NULL) == vector_answer(j->policy, v));
}

static void
check_level(struct arena a, const struct policy *p, unsigned level)
{
	struct filter_options o = { .level = level, .archs = p->archs };
	struct err e = { 0 };
	struct bpf b = { 0 };
	struct judged j = { p, &b };

	if (filter_make(&a, p, &o, &b, &e) < 0) {
		MUST(e.fault == FAULT_LIMIT && e.nmsg > 0);
		return;
	}
	MUST(e.fault == FAULT_NONE && b.n > 0 && b.n <= BPF_INSNS_MAX);
	MUST(bpf_check(&b, &e) == 0);
	for (size_t i = 0; i < b.n; i++)
		MUST(b.why[i] <= p->nrules);
	vectors_of(p, VECTORS, check_answer, &j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	const struct policy *p;

	if (size > INPUT_MAX)
		return -1;
	p = policy_read(&a, S("f"), (struct str){ (const char *)data, size }, &host, &e);
	if (p == NULL)
		return 0;
	for (unsigned level = 0; level < 3; level++)
		check_level(a, p, level);
	return 0;
}
