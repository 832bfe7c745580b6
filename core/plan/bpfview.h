/* What the listings of a program have in common. */
#ifndef SBX_BPFVIEW_H
#define SBX_BPFVIEW_H

#include "plan/bpf.h"

struct bpf_view {
	const struct bpf *bpf;
	const struct bpf_source *source; /* may be NULL */
	/* Before each instruction: what A holds, and which architecture it is by now. */
	uint8_t known[BPF_INSNS_MAX];
	uint8_t target[BPF_INSNS_MAX / 8]; /* is it jumped to? */
};

/* The program passed bpf_check. */
void bpf_look(struct bpf_view *, const struct bpf *, const struct bpf_source *);
bool bpf_is_target(const struct bpf_view *, size_t at);
/* "ld [4]", as bpf_asm of the kernel's tools reads it; a jump with labels, or without targets. */
void bpf_put_insn(struct buf *, const struct bpf_view *, size_t at, bool labels);
void bpf_put_label(struct buf *, const struct bpf_view *, size_t at);
/* What the number in it means: the name of a call, an architecture or an action; or nothing. */
void bpf_put_meaning(struct buf *, const struct bpf_view *, size_t at);
/* "12:3", or nothing. */
void bpf_put_pos(struct buf *, const struct bpf_view *, size_t at);
/* Both, with "; " between them; or what there is. */
void bpf_put_note(struct buf *, const struct bpf_view *, size_t at);
/* The line of the policy that it stems from, cut when it is long; or empty. */
struct str bpf_line(const struct bpf_view *, size_t at);

#endif
