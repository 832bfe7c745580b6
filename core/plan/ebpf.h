/* The program that says which devices a control group may open: made by us, without a library
 * (linux/bpf.h; Documentation/bpf/standardization/instruction-set.rst). */
#ifndef SBX_EBPF_H
#define SBX_EBPF_H

#include "base/err.h"
#include "spec/limits.h"

/* struct bpf_insn: code, registers (dst low, src high), offset, immediate value. */
struct ebpf_insn {
	uint8_t code, regs;
	int16_t off;
	int32_t imm;
};

struct ebpf {
	const struct ebpf_insn *insn;
	size_t n;
	char *took; /* of an operation: says so once it is attached, EBPF_TOOK bytes; may be NULL */
};

enum {
	EBPF_TOOK = 12,
	EBPF_INSNS_MAX = 4096,
	DEVICE_RULES_MAX = 272 /* the user's 256 and the small set */
};

/* Allows what the rules allow, taken together by device, and refuses everything else. Equal devices
 * are merged. NULL instructions never; 0 or -1 (too many rules, the arena is exhausted). */
int ebpf_devices(struct arena *, const struct device_rule *, struct ebpf *,
    struct err *) MUST_CHECK;
/* What it says of one attempt: type 'b' or 'c', access bits; for tests and for `explain`. -1 when
 * the program leaves its bounds. */
int ebpf_run(const struct ebpf *, char type, uint32_t major, uint32_t minor, uint8_t access);
/* One instruction for people. */
void ebpf_put(struct buf *, const struct ebpf_insn *);

/* The small set: null, zero, full, random, urandom, tty, ptmx, pts/N, mknod of anything (as runc
 * and crun have it); in the order of the rules. */
const struct device_rule *devices_default(void);

#endif
