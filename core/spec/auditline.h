/* What the kernel, strace or a debugger tells of a call that a filter stopped. */
#ifndef SBX_AUDITLINE_H
#define SBX_AUDITLINE_H

#include "base/buf.h"
#include "spec/calls.h"

struct auditline {
	uint32_t audit, nr; /* AUDIT_ARCH_*, and the number, with X32_BIT where it has that */
	bool coded;         /* code was told: what the filter returned, RET_* with its data */
	uint32_t code;
	uint64_t sig, pid; /* 0: not told */
	/* Of the program, borrowed; empty when not told. What could not be printed safely is in
	 * hexadecimal. */
	struct str comm, exe;
	bool comm_hex, exe_hex;
};

/* A record 1326 of the audit system (as auditd, the kernel's log or ausearch have it), or a SIGSYS
 * siginfo as strace and gdb print it. Architecture and number have to be in it. 0 or -1. */
int auditline_read(struct str line, struct auditline *) MUST_CHECK;
/* The bytes of a siginfo_t, of 64 or 32 bits, in either byte order. 0 or -1. */
int siginfo_read(struct str bytes, struct auditline *) MUST_CHECK;
/* comm or exe for people, hexadecimal undone. */
void auditline_put(struct buf *, struct str text, bool hex);

#endif
