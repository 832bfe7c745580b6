/* What our device programs are made of; linux/bpf.h, linux/bpf_common.h. */
#ifndef SBX_EBPFCODE_H
#define SBX_EBPFCODE_H

#include "plan/ebpf.h"

/* Of those that the kernel has; 64 bits wide but for those that say 32. */
enum {
	EBPF_LOAD = 0x61,  /* dst = 32 bits at src + off */
	EBPF_MOVE = 0xbf,  /* dst = src */
	EBPF_SET = 0xb7,   /* dst = imm */
	EBPF_SHIFT = 0x77, /* dst >>= imm */
	EBPF_AND = 0x57,   /* dst &= imm */
	EBPF_AND32 = 0x54, /* the same of its lower half; the upper one becomes 0 */
	EBPF_JNE32 = 0x56, /* lower half != imm: off instructions are passed over */
	EBPF_JEQ32 = 0x16,
	EBPF_EXIT = 0x95, /* with r0 */
};

/* struct bpf_cgroup_dev_ctx, at r1: access in the upper half of the first word. */
enum { CTX_ACCESS_TYPE = 0, CTX_MAJOR = 4, CTX_MINOR = 8, CTX_SIZE = 12 };
enum { CTX_BLOCK = 1, CTX_CHAR = 2, CTX_TYPE_MASK = 0xffff, CTX_ACCESS_SHIFT = 16 };

#endif
