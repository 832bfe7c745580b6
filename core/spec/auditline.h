/* What the kernel, strace or a debugger tells of a call that a filter stopped. */
#ifndef SBX_AUDITLINE_H
#define SBX_AUDITLINE_H

#include "spec/calls.h"

struct auditline {
	uint32_t audit, nr; /* AUDIT_ARCH_*, and the number with X32_BIT where it has it */
	bool coded;         /* an audit line: code is what the filter returned */
	uint32_t code;      /* RET_* with its data; of a siginfo RET_TRAP's */
	bool killed;        /* a siginfo that says that the signal cannot be caught */
	uint64_t sig, pid;  /* 0: not told */
	/* of the program; as in the line, empty when not told; comm and exe may be in hexadecimal,
	 * when what they hold is not printable */
	struct str comm, exe;
	bool comm_hex, exe_hex;
};

/* A line of an audit record 1326 (auditd's, the kernel log's or ausearch's), or a SIGSYS siginfo as
 * strace or gdb print it: the architecture and the number have to be in it. 0, or -1: it is neither.
 */
int auditline_read(struct str line, struct auditline *) MUST_CHECK;
/* The same of the bytes of a siginfo_t, 64 bits or 32, in either byte order. */
int siginfo_read(struct str bytes, struct auditline *) MUST_CHECK;
/* Which of ours, or -1. */
int arch_of(uint32_t audit, uint32_t nr);
/* A text of such a line, its hexadecimal undone, escaped for people. */
void auditline_put(struct buf *, struct str text, bool hex);

#endif
