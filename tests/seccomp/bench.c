/* bench ROUNDS PROFILE: what our filters of it cost, and libseccomp's of the same rules. All of
 * them in turn in each round, first of compiling, then of attaching. One line each, tab-separated:
 *
 *	filter ARCHS COMPILER INSNS LONGEST MEAN COMPILE ATTACH ALLOWED DENIED TESTED
 *
 * longest is the longest path that the program has, mean that of allowed x86-64 calls with
 * arguments of zero, in instructions; the others are medians in nanoseconds. Compiling is ours with
 * reading the JSON and with the proof; libseccomp's without either. Of calls: getppid, one that is
 * denied, personality, whose argument is tested; "none" is without a filter. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "rival.h"

enum { SIDES = 11, ROUNDS_MAX = 100000, CALLS = 4000, DENIED = SYS_swapon };

enum figure { COMPILE, ATTACH, ALLOWED, REFUSED, TESTED, FIGURES };

static const struct side {
	const char *name;
	uint32_t archs;
	unsigned level; /* ours; or libseccomp's SCMP_FLTATR_CTL_OPTIMIZE */
	bool rival;
} side[SIDES] = {
	{ "none", 0, 0, false },
	{ "sbx -O0", ARCHS_ONE, 0, false },
	{ "sbx -O1", ARCHS_ONE, 1, false },
	{ "sbx -O2", ARCHS_ONE, 2, false },
	{ "libseccomp list", ARCHS_ONE, 1, true },
	{ "libseccomp tree", ARCHS_ONE, 2, true },
	{ "sbx -O0", ARCHS_THREE, 0, false },
	{ "sbx -O1", ARCHS_THREE, 1, false },
	{ "sbx -O2", ARCHS_THREE, 2, false },
	{ "libseccomp list", ARCHS_THREE, 1, true },
	{ "libseccomp tree", ARCHS_THREE, 2, true },
};

static struct made {
	struct bpf_insn insn[BPF_INSNS_MAX];
	size_t n;
	int64_t *ns[FIGURES];
} made[SIDES];

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* One compilation; how long it took. */
static int64_t
compile(const struct side *s, struct made *m, const char *name, struct str text,
    const struct policy *rules)
{
	struct bpf b = { .n = 0 };
	struct rival rival;
	int64_t began = now(), took;
	struct policy *p;
	int got = 0;

	if (s->rival) {
		got = rival_compile(rules, s->archs, RIVAL_FAST, s->level, &b, &rival);
	} else {
		p = profile_read(name, text);
		if (p == NULL || profile_compile(p, s->archs, s->level, true, &b) < 0)
			got = EINVAL;
	}
	took = now() - began;
	if (got != 0) {
		fprintf(stderr, "bench: %s: %s\n", s->name, strerror(got));
		exit(2);
	}
	memcpy(m->insn, b.insn, b.n * sizeof(*b.insn));
	m->n = b.n;
	return took;
}

/* want: 0, an errno, or -1 for any. */
static int64_t
calls(long nr, long arg, int want)
{
	int64_t began = now();

	for (int i = 0; i < CALLS; i++)
		if ((syscall(nr, arg) < 0 ? errno : 0) != want && want >= 0)
			return -1;
	return (now() - began) / CALLS;
}

/* Attaches it in a child, which makes calls. What a child pays for being new, pages that it touches
 * for the first time, is no cost of the filter: it is paid before the clock runs. */
static void
suffer(const struct made *m, int64_t *figure)
{
	static const struct bpf_insn pass = { BPF_RET_K, 0, 0, RET_ALLOW };
	bool bare = m->n == 0;
	int64_t began;

	if ((bpf_check(&(struct bpf){ m->insn, NULL, m->n }, &(struct err){ 0 }) < 0) != bare ||
	    attach(&pass, 0) != EINVAL || calls(SYS_getppid, 0, 0) < 0)
		die();
	began = now();
	if (!bare && attach(m->insn, m->n) != 0)
		die();
	figure[ATTACH] = bare ? 0 : now() - began;
	figure[ALLOWED] = calls(SYS_getppid, 0, 0);
	figure[REFUSED] = calls(DENIED, 0, bare ? -1 : EPERM);
	figure[TESTED] = calls(SYS_personality, 0xffffffff, 0);
	die();
}

static void
measure(const struct side *s, struct made *m, int64_t *figure, int round)
{
	pid_t pid;

	memset(figure, 0xff, FIGURES * sizeof(*figure));
	pid = fork();
	if (pid == 0)
		suffer(m, figure);
	if (pid < 0 || waitpid(pid, NULL, 0) != pid)
		exit(2);
	for (int i = ATTACH; i < FIGURES; i++) {
		if (figure[i] < 0) {
			fprintf(stderr, "bench: %s: a call is not answered as it should be\n",
			    s->name);
			exit(2);
		}
		m->ns[i][round] = figure[i];
	}
}

/* The longest way from each instruction to a return, backwards. */
static unsigned
longest(const struct made *m)
{
	static unsigned from[BPF_INSNS_MAX];

	for (size_t at = m->n; at-- > 0;) {
		const struct bpf_insn *i = &m->insn[at];
		unsigned most = 0;

		if (i->code == BPF_JA) {
			most = from[at + 1 + i->k];
		} else if ((i->code & 7) == 5) {
			most = from[at + 1 + i->jt];
			if (from[at + 1 + i->jf] > most)
				most = from[at + 1 + i->jf];
		} else if ((i->code & 7) != 6) {
			most = from[at + 1];
		}
		from[at] = most + 1;
	}
	return m->n > 0 ? from[0] : 0;
}

static double
mean(const struct made *m)
{
	struct bpf b = { m->insn, NULL, m->n };
	size_t sum = 0, allowed = 0;

	for (unsigned call = 0; call < calls_count() && m->n > 0; call++) {
		int64_t nr = call_number(call, ARCH_X86_64);
		struct bpf_data d = { .nr = (uint32_t)nr, .arch = arch_audit(ARCH_X86_64) };
		size_t steps;

		if (nr >= 0 && bpf_run(&b, &d, &steps, NULL) == RET_ALLOW) {
			sum += steps;
			allowed++;
		}
	}
	return allowed > 0 ? (double)sum / (double)allowed : 0;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void
tell(const struct side *s, struct made *m, int rounds)
{
	printf("filter\t%d\t%s\t%zu\t%u\t%.3f", __builtin_popcount(s->archs), s->name, m->n,
	    longest(m), mean(m));
	for (int i = 0; i < FIGURES; i++) {
		qsort(m->ns[i], (size_t)rounds, sizeof(*m->ns[i]), by_size);
		printf("\t%lld", (long long)m->ns[i][rounds / 2]);
	}
	printf("\n");
}

int
main(int argc, char **argv)
{
	int64_t *figure = shared(FIGURES * sizeof(*figure));
	const struct policy *rules;
	struct str text;
	int rounds;

	if (argc != 3 || number(argv[1]) > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench ROUNDS PROFILE\n");
		return 2;
	}
	rounds = (int)number(argv[1]);
	text = profile_source(argv[2]);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	/* What libseccomp is given stays: what we make lies behind it. */
	rules = profile_read(argv[2], text);
	if (rules == NULL)
		return 2;
	profile_arena.mem += profile_arena.used;
	profile_arena.cap -= profile_arena.used;
	for (int i = 0; i < SIDES; i++)
		for (int k = 0; k < FIGURES; k++)
			if ((made[i].ns[k] = calloc((size_t)rounds, sizeof(int64_t))) == NULL)
				return 2;
	/* One after the other: who compiles for milliseconds leaves nothing in the caches for him
	 * whose attaching is measured next. */
	for (int round = -2; round < rounds; round++)
		for (int i = 1; i < SIDES; i++)
			made[i].ns[COMPILE][round < 0 ? 0 : round] =
			    compile(&side[i], &made[i], argv[2], text, rules);
	/* Twice in a row, of which the second counts: so it is where boxes are started all day. */
	for (int round = -2; round < rounds; round++)
		for (int i = 0; i < 2 * SIDES; i++)
			measure(&side[i / 2], &made[i / 2], figure, round < 0 ? 0 : round);
	for (int i = 0; i < SIDES; i++)
		tell(&side[i], &made[i], rounds);
	return 0;
}
