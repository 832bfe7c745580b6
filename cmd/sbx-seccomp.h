/* Shared by the subcommands of sbx-seccomp. */
#ifndef SBX_SECCOMP_CMD_H
#define SBX_SECCOMP_CMD_H

#include "cli/common.h"
#include "plan/filter.h"

#define SECCOMP_TOOL S("sbx-seccomp")

/* One table for all subcommands; each refuses what it does not take. */
struct seccomp_options {
	struct seen seen;
	struct strlist profile, file, program; /* -p, -f, -b */
	struct strlist refuse, kill;           /* --errno CALL=ERRNO, --kill CALL, one a node */
	uint32_t archs;                        /* --arch, bit set of enum arch; 0: not given */
	int wide;                              /* --width: 0 kernel, 1 64 */
	uint64_t level;                        /* -O */
	struct str caps, kernel;
	bool log, tsync, spec_allow, new_privs, audit_only;
	struct str out; /* -o */
	bool as_asm, as_dot, as_c, as_json;
	int to; /* convert: TO_ */
	/* learn, supervise, dump */
	uint64_t requests, answers; /* descriptors, 0: not given */
	bool once;
};

/* Bits of the rows of the table in sbx-seccomp.c, in its order. */
enum {
	TAKE_INPUTS = 1 | 2 | 4 | 8 | 16,         /* -p -f -b --errno --kill */
	TAKE_READING = 32 | 64 | 128,             /* --width --caps --kernel */
	TAKE_COMPILING = 256 | 512,               /* --arch -O */
	TAKE_FLAGS = 1 << 10 | 1 << 11 | 1 << 12, /* --log --tsync --spec-allow */
	TAKE_NEW_PRIVS = 1 << 13,
	TAKE_AUDIT_ONLY = 1 << 14,
	TAKE_OUT = 1 << 15,
	TAKE_FORMS = 1 << 16 | 1 << 17 | 1 << 18 | 1 << 19, /* --asm --dot --c --json */
	TAKE_TO = 1 << 20,
	TAKE_REQUESTS = 1 << 21,
	TAKE_ANSWERS = 1 << 22,
	TAKE_ONCE = 1 << 23,
	TAKE_ALL = TAKE_INPUTS | TAKE_READING | TAKE_COMPILING,
	/* of the common options besides --report, --help and --version: --check --plan --receipt */
	TAKE_COMMON = 1 << 31,
};

struct seccomp_call {
	struct arena arena;
	struct err err;
	struct field_ctx ctx;
	struct seccomp_options options;
	struct common common;
	struct report report;
	struct policy_host host;
	char **argv; /* what follows the options, NULL-terminated */
	int argc;
	char **envp;
	const char **path; /* seccomp_find: what to try to execute, NULL-terminated */
};

/* What the inputs come to: one policy. raw is a lone -b, which is used as it is; then the policy is
 * NULL unless it was asked for. */
struct seccomp_input {
	struct policy *policy;
	struct bpf raw;
	struct str name; /* for messages */
	bool ad_hoc;     /* nothing but --errno and --kill */
};

/* Sets up the arena and the error, reads options from argv[1] on by the table, refuses those that
 * are not in takes (TAKE_ bits), answers --help and --version, and fills host. -1 to go on, or the
 * exit status. */
int seccomp_begin(struct seccomp_call *, unsigned takes, int argc, char **argv, char **envp);
/* Tells the error and gives 125. */
int seccomp_refuse(struct seccomp_call *);
/* The policies named by -p, -f, -b, --errno, --kill as one; an error when there are none. decompile:
 * a lone -b becomes a policy too. 0 or -1. */
int seccomp_input(struct seccomp_call *, bool decompile, struct seccomp_input *) MUST_CHECK;
/* One of them by name: a built-in profile's, or FILE of any notation, BPF told by its bytes. 0 or
 * -1. */
int seccomp_named(struct seccomp_call *, struct str name, struct seccomp_input *) MUST_CHECK;
/* Compiles with --arch and -O, and proves; a raw one is checked. 0 or -1. */
int seccomp_compile(struct seccomp_call *, const struct seccomp_input *, struct bpf *) MUST_CHECK;
/* Lines for a lint's notes on standard error, those of a severity and above. */
void seccomp_notes(struct seccomp_call *, struct str file, const struct notes *, enum severity);
/* Is there a notify in it? */
bool seccomp_notifies(const struct bpf *);
/* Would this program keep us from executing the next? Then the error says which rule. 0 or -1. */
int seccomp_may_exec(struct seccomp_call *, const struct seccomp_input *,
    const struct bpf *) MUST_CHECK;
/* Room for a long text; printed to standard output, or written to the FILE of -o: exit status. A
 * text that did not fit is an error. */
struct buf seccomp_text(struct seccomp_call *);
int seccomp_print(struct seccomp_call *, const struct buf *);
/* Looks c->argv[0] up in PATH, before a filter is there: -1 to go on, or the exit status (126, 127)
 * when there is none, which was told. */
int seccomp_find(struct seccomp_call *);
/* Executes it; returns the exit status only when that failed, which was told. */
int seccomp_exec(struct seccomp_call *);

/* Subcommands; argv[0] is their word. */
int seccomp_compile_main(int argc, char **argv, char **envp);
int seccomp_convert(int argc, char **argv, char **envp);
int seccomp_stat(int argc, char **argv, char **envp);
int seccomp_audit(int argc, char **argv, char **envp);
int seccomp_explain(int argc, char **argv, char **envp);
int seccomp_diff(int argc, char **argv, char **envp);
int seccomp_decode(int argc, char **argv, char **envp);
int seccomp_learn(int argc, char **argv, char **envp);
int seccomp_supervise(int argc, char **argv, char **envp);
int seccomp_dump(int argc, char **argv, char **envp);

#endif
