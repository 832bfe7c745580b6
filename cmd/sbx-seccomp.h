/* Shared by the subcommands of sbx-seccomp. */
#ifndef SBX_SECCOMP_CMD_H
#define SBX_SECCOMP_CMD_H

#include "cli/common.h"
#include "plan/filter.h"
#include "run/filter.h"

#define SECCOMP_TOOL S("sbx-seccomp")

/* One table for all subcommands; each refuses what it does not take. */
struct seccomp_options {
	struct seen seen;
	struct strlist profile, file, program; /* -p, -f, -b */
	struct strlist refuse, kill;           /* --errno CALL=ERRNO, --kill CALL; with commas */
	int width;                             /* --width: 0 kernel, 1 64 */
	struct str caps, kernel;
	uint32_t archs; /* --arch, bit set of enum arch; 0: not given */
	uint64_t level; /* -O */
	bool log, tsync, spec_allow, new_privs, audit_only;
	struct strlist keep_fd;
	struct str out; /* -o */
	bool as_asm, as_dot, as_c, as_json;
	int to;                     /* convert: enum seccomp_to */
	uint64_t requests, answers; /* supervise: descriptors */
	uint64_t timeout;           /* supervise: of one answer, milliseconds */
};

enum seccomp_to { TO_NONE, TO_POLICY, TO_JSON, TO_BPF };

/* Bits of the rows of the table in sbx-seccomp.c, in its order. */
enum {
	TAKE_INPUTS = 0x1f,        /* -p -f -b --errno --kill */
	TAKE_READING = 0xe0,       /* --width --caps --kernel */
	TAKE_COMPILING = 0x300,    /* --arch -O */
	TAKE_FLAGS = 0x1c00,       /* --log --tsync --spec-allow */
	TAKE_NEW_PRIVS = 0x2000,   /* --allow-new-privs */
	TAKE_AUDIT_ONLY = 0x4000,  /* --audit-only */
	TAKE_KEEP_FD = 0x8000,     /* --keep-fd */
	TAKE_OUT = 0x10000,        /* -o */
	TAKE_FORMS = 0x1e0000,     /* --asm --dot --c --json */
	TAKE_TO = 0x200000,        /* --to */
	TAKE_WATCHING = 0x1c00000, /* --requests --answers --timeout */
	TAKE_COMMON = 1 << 30,     /* --check --plan --receipt */
	TAKE_PROGRAM = TAKE_INPUTS | TAKE_READING | TAKE_COMPILING,
	TAKE_APPLYING = TAKE_PROGRAM | TAKE_FLAGS | TAKE_NEW_PRIVS | TAKE_AUDIT_ONLY |
			TAKE_KEEP_FD | TAKE_COMMON,
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
	bool quiet;   /* notes are not said on the way */
	bool applies; /* and executes a program */
	bool strict;  /* an error that a lint found is a refusal, unless --audit-only */
	bool says;    /* there is a text to print */
	struct buf text;
	struct command command; /* seccomp_find: argv, and what to try to execute for it */
};

/* What the inputs come to: one policy. raw is a lone -b, which is used as it is; then the policy is
 * NULL unless it was asked for. */
struct seccomp_input {
	struct policy *policy;
	struct bpf raw;
	struct str name; /* the file, for messages */
};

/* The policies named by -p, -f, -b, --errno, --kill as one; an error when there are none. With
 * decompile a lone -b becomes a policy too. 0 or -1. */
int seccomp_input(struct seccomp_call *, bool decompile, struct seccomp_input *) MUST_CHECK;
/* Both: the inputs, and the program that they give. 0 or -1. */
int seccomp_program(struct seccomp_call *, bool decompile, struct seccomp_input *,
    struct bpf *) MUST_CHECK;
/* One of them by name: a built-in profile's, or FILE of any notation, BPF told by its bytes. 0 or
 * -1. */
int seccomp_named(struct seccomp_call *, struct str name, struct seccomp_input *) MUST_CHECK;
/* Compiles with --arch and -O, and proves; a raw one was checked. 0 or -1. */
int seccomp_compile(struct seccomp_call *, const struct seccomp_input *, struct bpf *) MUST_CHECK;
/* Those of that severity or more on standard error; where the call is strict, an error is a
 * refusal. 0 or -1. */
int seccomp_notes(struct seccomp_call *, struct str file, const struct notes *,
    enum severity least) MUST_CHECK;
/* One of them: "file:1:2: warning: text (id)". */
void seccomp_note_put(struct seccomp_call *, struct buf *, struct str file, const struct note *);
/* Would it keep us from executing the program? Then the error says by which rule. 0 or -1. */
int seccomp_may_exec(struct seccomp_call *, const struct seccomp_input *) MUST_CHECK;
/* 0, 1, 2 and those of --keep-fd are the program's, no others. 0 or -1. */
int seccomp_keep(struct seccomp_call *) MUST_CHECK;
/* What would be attached, on standard output. 0 or -1. */
int seccomp_plan(struct seccomp_call *, const struct seccomp_input *, const struct bpf *);
/* No words but so many; an error that is there already counts. 0 or -1. */
int seccomp_no_words(struct seccomp_call *, int from) MUST_CHECK;
/* One of bpf_put_asm() and its kind, with the policy's lines. */
void seccomp_listing(struct buf *, const struct seccomp_input *, const struct bpf *,
    void (*put)(struct buf *, const struct bpf *, const struct bpf_source *));
/* The program in the form of --asm and its kind, or its bytes. 0 or -1. */
int seccomp_show(struct seccomp_call *, const struct seccomp_input *, const struct bpf *);
/* The policy in the language, or as JSON. 0 or -1. */
int seccomp_write(struct seccomp_call *, const struct seccomp_input *, bool json);
/* Lints of what is from a file. 0 or -1. */
int seccomp_audited(struct seccomp_call *, const struct seccomp_input *,
    const struct bpf *) MUST_CHECK;
/* FILTER_ of the options and the policy. */
unsigned seccomp_flags(const struct seccomp_call *, const struct policy *);
/* The receipt, before it is true: what is attached may forbid to tell it. */
void seccomp_tell(struct seccomp_call *, const struct bpf *);
/* Room for a long text, which is printed in the end. */
struct buf *seccomp_text(struct seccomp_call *);
/* Prints it now, to standard output or to the FILE of -o: 0, -1, or the exit status of one who
 * could not print. A text that did not fit is an error. */
int seccomp_print(struct seccomp_call *);
/* Without a program to execute, an error. 0 or -1. */
int seccomp_programless(struct seccomp_call *, struct str usage) MUST_CHECK;
/* Looks c->argv[0] up in PATH, before a filter is there, and takes SBX_REPORT_FD out of the
 * environment: fills command. 0, -1, or the exit status (126, 127), which was told. */
int seccomp_find(struct seccomp_call *);
/* Tells the error of a command that could not be executed; the status. */
int seccomp_no_exec(struct seccomp_call *, int status);

/* The subcommands, for which the options were read: exit status, or -1 with the error. */
typedef int seccomp_run(struct seccomp_call *);
seccomp_run seccomp_compile_main, seccomp_convert, seccomp_stat, seccomp_audit, seccomp_explain,
    seccomp_diff, seccomp_decode, seccomp_learn, seccomp_supervise, seccomp_dump;
/* Everything else is a program to execute. */
seccomp_run seccomp_apply;

#endif
