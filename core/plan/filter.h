/* From a policy to a program, and the proof that it is the one that was meant. */
#ifndef SBX_FILTER_H
#define SBX_FILTER_H

#include "plan/bpf.h"
#include "spec/policy.h"

struct filter_options {
	unsigned level; /* -O: 0 a list, 1 a weighted tree, 2 an optimal one */
	uint32_t archs; /* of the policy's, those to compile for; 0: all of the policy's that the
			   * native kernel can run */
	bool no_bitmap; /* for kernels before 5.11: calls that the bitmap would answer weigh too */
};

/* Compiles and proves (filter_prove) or gives nothing: 0 or -1. FAULT_LIMIT beyond BPF_INSNS_MAX.
 * The program belongs to the arena. */
int filter_make(struct arena *, const struct policy *, const struct filter_options *, struct bpf *,
    struct err *) MUST_CHECK;
/* Without the proof; for benchmarks and tests. */
int filter_compile(struct arena *, const struct policy *, const struct filter_options *,
    struct bpf *, struct err *) MUST_CHECK;

/* A call that two filters, or a filter and its policy, answer differently. */
struct witness {
	struct bpf_data data;
	uint32_t a, b; /* what each returns */
};

/* Walks every path of the program symbolically and compares it with the policy's meaning on the
 * architectures `archs` of the policy (others, and calls outside of them, are foreign). 1: the
 * same; 0: not, with a witness; -1: out of memory or of the bound on cases. Shares no code with the
 * compiler. */
int filter_prove(struct arena *, const struct bpf *, const struct policy *, uint32_t archs,
    struct witness *, struct err *) MUST_CHECK;
/* Two programs, on every architecture number and every call: 1 equal, 0 not (the smallest witness:
 * lowest architecture index, lowest number, then the smallest arguments found), -1. */
int filter_diff(struct arena *, const struct bpf *, const struct bpf *, struct witness *,
    struct err *) MUST_CHECK;
/* A policy with the same meaning, for printing raw BPF: rules by number where no name fits. NULL on
 * error. */
struct policy *filter_decompile(struct arena *, const struct bpf *, struct err *) MUST_CHECK;

/* Of one architecture. Paths count executed instructions. */
struct filter_stat_arch {
	bool covered;
	unsigned longest;
	unsigned calls;        /* known calls */
	unsigned allowed;      /* some arguments of which are allowed */
	unsigned conditional;  /* whose answer depends on arguments */
	unsigned cached;       /* that the kernel's bitmap answers */
	struct callset asked;  /* allowed ones that it does not: the program is run for each */
	unsigned mean_milli;   /* mean path over allowed calls, arguments zero, in thousandths */
	unsigned attach_steps; /* what the kernel emulates at attach: sum of paths */
};

struct filter_stat {
	size_t insns;
	unsigned longest;
	struct filter_stat_arch arch[ARCH_COUNT];
};

/* 0 or -1 (memory). */
int filter_stat(struct arena *, const struct bpf *, struct filter_stat *, struct err *) MUST_CHECK;

/* Lint: the known mistakes of filters, judged on what the program answers, so that it works for raw
 * BPF too. Adds to notes; policy may be NULL (then positions are of instructions, 0:0). 0 or -1. */
int filter_audit(struct arena *, const struct bpf *, const struct policy *, struct notes *,
    struct err *) MUST_CHECK;

#endif
