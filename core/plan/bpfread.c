#include "plan/bpf.h"

#include <string.h>

_Static_assert(sizeof(struct bpf_insn) == 8, "as the kernel's struct sock_filter");

int
bpf_read(struct arena *a, struct str bytes, struct bpf *b, struct err *e)
{
	size_t size = sizeof(*b->insn);
	struct bpf_insn *insn;

	if (bytes.n == 0 || bytes.n % size != 0)
		return err_config(e, POS_NONE, "not a BPF program: its length is no multiple of 8");
	if (bytes.n / size > BPF_INSNS_MAX)
		return err_limit(e, POS_NONE, "more than 4096 instructions");
	insn = arena_array(a, bytes.n / size, size);
	if (insn == NULL)
		return err_memory(e);
	memcpy(insn, bytes.p, bytes.n);
	*b = (struct bpf){ .insn = insn, .n = bytes.n / size };
	return 0;
}
