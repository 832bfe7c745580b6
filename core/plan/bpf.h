/* Classic BPF as seccomp(2) takes it: what is a program, what it does, how it reads. */
#ifndef SBX_BPF_H
#define SBX_BPF_H

#include "base/buf.h"
#include "base/err.h"
#include "spec/calls.h"

/* struct sock_filter, linux/filter.h. */
struct bpf_insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

/* linux/bpf_common.h; those that our own compiler emits. */
enum {
	BPF_LD_ABS = 0x20,
	BPF_AND_K = 0x54,
	BPF_JA = 0x05,
	BPF_JEQ = 0x15,
	BPF_JGT = 0x25,
	BPF_JGE = 0x35,
	BPF_JSET = 0x45,
	BPF_RET_K = 0x06,
	BPF_RET_A = 0x16,
};

enum {
	BPF_INSNS_MAX = 4096,  /* BPF_MAXINSNS */
	BPF_STACK_MAX = 32768, /* over all filters of a process, each with 4 more */
	DATA_NR = 0,           /* offsets in struct seccomp_data */
	DATA_ARCH = 4,
	DATA_IP = 8,
	DATA_ARGS = 16,
	DATA_SIZE = 64,
};

struct bpf_data {
	uint32_t nr, arch; /* arch is AUDIT_ARCH_* */
	uint64_t ip, arg[6];
};

/* Borrowed instructions; why[i] is 1 + the index of the policy's rule that instruction i stems
 * from, or 0. why may be NULL. */
struct bpf {
	const struct bpf_insn *insn;
	const uint32_t *why;
	size_t n;
};

/* Accepts what seccomp(2) accepts, and nothing else: 0, or -1 with instruction and reason. */
int bpf_check(const struct bpf *, struct err *) MUST_CHECK;
/* Bytes of an array of struct sock_filter in this machine's byte order; the instructions are
 * copied into the arena. Does not bpf_check. */
int bpf_read(struct arena *, struct str bytes, struct bpf *, struct err *) MUST_CHECK;
/* The 32 bits at an offset (multiple of 4, below 64), in the byte order of that architecture. */
uint32_t bpf_word(const struct bpf_data *, uint32_t offset);
/* What the program returns; it passed bpf_check. *steps (may be NULL) counts the instructions that
 * were executed, path (may be NULL, room for n) gets their indices. */
uint32_t bpf_run(const struct bpf *, const struct bpf_data *, size_t *steps, uint16_t *path);
/* Will the kernel answer this number from its bitmap without running the program? As
 * seccomp_is_const_allow(), kernel/seccomp.c, from 5.11. x32 never is. */
bool bpf_cached(const struct bpf *, enum arch, uint32_t nr);

/* Listings of a program that passed bpf_check. line_of gives the policy's line of a rule index, or
 * 0 (NULL: there is no policy). Names of calls and architectures are in the comments. */
struct bpf_source {
	struct str (*text)(void *arg, uint32_t rule); /* the rule's line, borrowed */
	struct pos (*pos)(void *arg, uint32_t rule);
	void *arg;
};
void bpf_put_asm(struct buf *, const struct bpf *, const struct bpf_source *);
void bpf_put_dot(struct buf *, const struct bpf *, const struct bpf_source *);
void bpf_put_c(struct buf *, const struct bpf *, const struct bpf_source *);
void bpf_put_json(struct buf *, const struct bpf *, const struct bpf_source *);

#endif
