/* What the judges of filters share: random programs, the kernel as the one who decides. */
#ifndef SECCOMP_JUDGE_H
#define SECCOMP_JUDGE_H

#include "plan/bpf.h"
#include "spec/policy.h"

enum { JUDGE_CELLS = 4 };

struct dice {
	uint64_t state;
};

uint64_t dice_roll(struct dice *);
/* 0..n-1 */
uint32_t dice_below(struct dice *, uint32_t n);
/* A number that is likely to meet another: small, a bit, a mask, an architecture, anything. */
uint32_t dice_number(struct dice *);
/* System calls' numbers and arguments as a filter may be asked about. */
void dice_data(struct dice *, struct bpf_data *);

/* n >= 16 instructions that seccomp(2) takes, every answer of which is an errno of the
 * instruction's own or one that was computed; or, after a division by zero, 0. */
void program_valid(struct dice *, struct bpf_insn *, size_t n);
/* Anything between valid and nonsense. */
void program_wild(struct dice *, struct bpf_insn *, size_t n);

/* Memory that a child shares with its parent. */
void *shared(size_t n);
/* seccomp(2), with no_new_privs: 0 or an errno. */
int attach(const struct bpf_insn *, size_t n);
/* Ends the process without a system call, which a filter may have something against. */
void die(void) __attribute__((noreturn));
/* A number on the command line, or the program ends with 2. */
unsigned long number(const char *);

#endif
