/* random COUNT [SEED [FIRST]]: policies by chance, each compiled at every level. Each program has
 * to answer every call as the plain evaluator does, and has to be proved; a program with a fault
 * planted has to be found out, with a call that the evaluator answers otherwise. The policies are
 * numbered: one that fails is had again as COUNT 1 with its number as FIRST. */
#include "randompolicy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LEVELS = 3 };

struct counts {
	uint64_t policies, calls, proved, planted, found, insns, failed;
};

static unsigned char memory[64 << 20];

static void
say(const char *what, uint64_t index, unsigned level, const struct err *e)
{
	char text[1024];
	struct buf b = BUF(text);

	err_line(e, &b);
	printf("policy %llu, -O%u: %s%s%.*s\n", (unsigned long long)index, level, what,
	    b.n > 0 ? ": " : "", (int)b.n, text);
	fflush(stdout);
}

static void
show(const struct policy *p, const struct bpf_data *d)
{
	static char text[1 << 18];
	struct buf b = BUF(text);
	struct err e = { 0 };

	printf("  arch %#x nr %#x args", d->arch, d->nr);
	for (size_t i = 0; i < CALL_ARGS; i++)
		printf(" %#llx", (unsigned long long)d->arg[i]);
	if (policy_put(&b, p, &e) == 0)
		printf("\n%.*s", (int)b.n, text);
	printf("\n");
	fflush(stdout);
}

/* Calls that are answered otherwise than the policy says; shown, if that is to be. */
static unsigned
differences(const struct policy *p, const struct bpf *b, const struct bpf_data call[VECTORS],
    bool shown)
{
	unsigned n = 0;

	for (size_t i = 0; i < VECTORS; i++) {
		const struct rule *why;
		const struct bpf_data *d = &call[i];
		uint32_t want = policy_decide(p, d->arch, d->nr, d->arg, &why);
		uint32_t got = bpf_run(b, d, NULL, NULL);

		if (got == want)
			continue;
		if (n++ == 0 && shown) {
			printf("  got %#x, want %#x (rule %d)\n", got, want,
			    why == NULL ? -1 : (int)why->index);
			show(p, d);
		}
	}
	return n;
}

/* Another constant, or a jump elsewhere. */
static void
plant(struct chance *c, struct bpf_insn *insn, size_t n)
{
	struct bpf_insn *i;
	uint8_t jt;

	do
		i = &insn[chance_below(c, (unsigned)n)];
	while (i->code == BPF_LD_ABS || i->code == BPF_JA);
	jt = i->jt;
	switch (i->code == BPF_RET_K || i->code == BPF_AND_K ? 0 : chance_below(c, 4)) {
	case 0:
		i->k ^= (uint32_t)1 << chance_below(c, 32);
		return;
	case 1:
		i->k += chance_once(c, 2) ? 1U : UINT32_MAX;
		return;
	case 2:
		i->jt = i->jf;
		i->jf = jt;
		return;
	default:
		i->jf++;
		return;
	}
}

/* A fault may be none: only then may the proof hold. */
static void
mutate(struct chance *c, struct arena *a, const struct policy *p, const struct bpf *good,
    const struct bpf_data call[VECTORS], uint64_t index, struct counts *counts)
{
	struct bpf_insn *insn = arena_array(a, good->n, sizeof(*insn));
	struct bpf bad = { .insn = insn, .n = good->n };
	struct witness w = { 0 };
	struct err e = { 0 };
	const struct rule *why;
	int same;

	if (insn == NULL)
		return;
	memcpy(insn, good->insn, good->n * sizeof(*insn));
	plant(c, insn, bad.n);
	if (bpf_check(&bad, &e) < 0)
		return;
	counts->planted++;
	same = filter_prove(a, &bad, p, p->archs, &w, &e);
	counts->found += same != 1;
	if (same == 0) {
		if (policy_decide(p, w.data.arch, w.data.nr, w.data.arg, &why) != w.b ||
		    bpf_run(&bad, &w.data, NULL, NULL) != w.a || w.a == w.b) {
			say("a planted fault has a witness that is none", index, 0, &e);
			show(p, &w.data);
			counts->failed++;
		}
	} else if (same == 1 && differences(p, &bad, call, false) > 0) {
		say("a planted fault was not found", index, 0, &e);
		counts->failed++;
	}
}

static void
one(uint64_t seed, uint64_t index, struct counts *counts)
{
	struct chance c = { (seed + 1) * 0x9e3779b97f4a7c15U ^ (index + 1) * 0xd1342543de82ef95U };
	struct arena a = { memory, 0, sizeof(memory) };
	struct bpf_data call[VECTORS];
	struct policy *p;

	chance_next(&c);
	p = random_policy(&c, &a);
	if (p == NULL)
		abort();
	for (size_t i = 0; i < VECTORS; i++)
		call[i] = random_call(&c, p);
	counts->policies++;
	for (unsigned level = 0; level < LEVELS; level++) {
		struct filter_options o = { .level = level, .archs = p->archs };
		struct witness w;
		struct err e = { 0 };
		struct bpf b;
		size_t before = a.used;

		if (filter_compile(&a, p, &o, &b, &e) < 0 || bpf_check(&b, &e) < 0) {
			say("did not compile", index, level, &e);
			counts->failed++;
			continue;
		}
		counts->insns += b.n;
		counts->calls += VECTORS;
		if (differences(p, &b, call, true) > 0) {
			say("answers otherwise", index, level, &e);
			counts->failed++;
		}
		if (filter_prove(&a, &b, p, p->archs, &w, &e) != 1) {
			say("was not proved", index, level, &e);
			show(p, &w.data);
			counts->failed++;
		} else {
			counts->proved++;
		}
		if (index % LEVELS == level)
			mutate(&c, &a, p, &b, call, index, counts);
		a.used = before;
	}
}

static int
work(uint64_t seed, uint64_t first, uint64_t end, unsigned step, int out)
{
	struct counts counts = { 0 };

	for (uint64_t i = first; i < end && counts.failed < 5; i += step)
		one(seed, i, &counts);
	return write(out, &counts, sizeof(counts)) == (ssize_t)sizeof(counts) ? 0 : 1;
}

static uint64_t
argument(int argc, char **argv, int i, uint64_t otherwise)
{
	char *end;
	uint64_t v;

	if (i >= argc)
		return otherwise;
	errno = 0;
	v = strtoull(argv[i], &end, 10);
	if (errno != 0 || end == argv[i] || *end != '\0') {
		fprintf(stderr, "random: \"%s\" is no number\n", argv[i]);
		exit(2);
	}
	return v;
}

int
main(int argc, char **argv)
{
	uint64_t count = argument(argc, argv, 1, 1000), first = argument(argc, argv, 3, 0);
	uint64_t seed = argument(argc, argv, 2, (uint64_t)time(NULL));
	long jobs = sysconf(_SC_NPROCESSORS_ONLN);
	struct counts all = { 0 };
	int pipes[2];

	if (pipe(pipes) < 0)
		return 2;
	for (long i = 0; i < jobs; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 2;
		if (pid == 0)
			_exit(work(seed, first + (uint64_t)i, first + count, (unsigned)jobs,
			    pipes[1]));
	}
	close(pipes[1]);
	for (struct counts c; read(pipes[0], &c, sizeof(c)) == (ssize_t)sizeof(c);) {
		all.policies += c.policies;
		all.calls += c.calls;
		all.proved += c.proved;
		all.planted += c.planted;
		all.found += c.found;
		all.insns += c.insns;
		all.failed += c.failed;
	}
	while (wait(NULL) > 0)
		continue;
	printf("seed %llu: %llu policies, %llu calls, %llu proofs, %llu of %llu faults found, "
	       "%llu instructions, %llu failures\n",
	    (unsigned long long)seed, (unsigned long long)all.policies,
	    (unsigned long long)all.calls, (unsigned long long)all.proved,
	    (unsigned long long)all.found, (unsigned long long)all.planted,
	    (unsigned long long)all.insns, (unsigned long long)all.failed);
	return all.failed == 0 && all.policies == count ? 0 : 1;
}
