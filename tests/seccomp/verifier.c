/* verifier COUNT SEED: does bpf_check() take just the programs that seccomp(2) takes? Says how many
 * were compared; status 0 if all were judged alike, 1 if not, 2 on trouble. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "judge.h"

enum { LENGTH_MAX = BPF_INSNS_MAX + 1, UNKNOWN = -1 };

static struct bpf_insn program[LENGTH_MAX];

/* The i-th program of this seed; its length. */
static size_t
make(uint64_t seed, unsigned long i)
{
	struct dice d = { (seed << 32 | i) * UINT64_C(0x9e3779b97f4a7c15) | 1 };
	size_t n = 1 + dice_below(&d, 24);

	for (int warm = 0; warm < 4; warm++)
		dice_roll(&d);
	if (i % 256 == 255)
		n = BPF_INSNS_MAX - 2 + dice_below(&d, 4);
	else if (i % 16 == 15)
		n = 1 + dice_below(&d, 600);
	if (dice_below(&d, 4) == 0 && n >= 16)
		program_valid(&d, program, n);
	else
		program_wild(&d, program, n);
	return i % 1000 == 999 ? 0 : n;
}

/* Asks the kernel from the i-th on, until one is accepted: that one may forbid anything. */
static void
child(uint64_t seed, unsigned long i, unsigned long count, int *said)
{
	for (; i < count; i++) {
		size_t n = make(seed, i);

		said[i] = attach(program, n);
		if (said[i] == 0)
			break;
	}
	die();
}

static void
show(unsigned long i, size_t n)
{
	for (size_t at = 0; at < n && at < 40; at++)
		printf("  %zu: { %#x, %u, %u, %#x }\n", at, program[at].code, program[at].jt,
		    program[at].jf, program[at].k);
	printf("  program %lu of %zu instructions\n", i, n);
}

static int
compare(uint64_t seed, unsigned long count, const int *said)
{
	unsigned long accepted = 0, refused = 0, wrong = 0;

	for (unsigned long i = 0; i < count; i++) {
		size_t n = make(seed, i);
		struct err e = { 0 };
		bool ours = bpf_check(&(struct bpf){ .insn = program, .n = n }, &e) == 0;

		if (said[i] != 0 && said[i] != 22 /* EINVAL */) {
			printf("the kernel said errno %d\n", said[i]);
			show(i, n);
			return 2;
		}
		if (ours != (said[i] == 0) && wrong++ < 3) {
			printf("kernel: %s; we: %s %.*s\n", said[i] == 0 ? "accepts" : "refuses",
			    ours ? "accept" : "refuse:", (int)e.nmsg, e.msg);
			show(i, n);
		}
		accepted += said[i] == 0;
		refused += said[i] != 0;
	}
	printf("%lu programs: %lu accepted, %lu refused, %lu differences\n", count, accepted,
	    refused, wrong);
	return wrong > 0 || accepted == 0 || refused == 0;
}

int
main(int argc, char **argv)
{
	unsigned long count, next = 0;
	uint64_t seed;
	int *said;

	if (argc != 3) {
		fprintf(stderr, "usage: verifier COUNT SEED\n");
		return 2;
	}
	count = number(argv[1]);
	seed = number(argv[2]);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	said = shared(count * sizeof(*said));
	memset(said, 0xff, count * sizeof(*said));
	while (next < count) {
		pid_t pid = fork();

		if (pid == 0)
			child(seed, next, count, said);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid || said[next] == UNKNOWN) {
			perror("verifier: child");
			return 2;
		}
		while (next < count && said[next] != UNKNOWN)
			next++;
	}
	return compare(seed, count, said);
}
