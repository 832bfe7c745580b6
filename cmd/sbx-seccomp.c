/* sbx-seccomp: compiles, proves, shows and applies filters of system calls. */
#include "sbx-seccomp.h"

#include "base/limits.h"
#include "base/num.h"
#include "cli/file.h"
#include "cli/program.h"
#include "run/io.h"
#include "spec/host.h"
#include "sys/sys.h"

#include <stddef.h>

#define SYNOPSIS \
	S("sbx-seccomp [inputs] [options] [--] prog [arg ...]\n" \
	  "       sbx-seccomp compile [inputs] [-o FILE] [--asm | --dot | --c | --json]\n" \
	  "       sbx-seccomp convert [inputs] --to policy|json|bpf [-o FILE]\n" \
	  "       sbx-seccomp stat [inputs]\n" \
	  "       sbx-seccomp audit [inputs]\n" \
	  "       sbx-seccomp explain [inputs] NAME|NR [ARG ...]\n" \
	  "       sbx-seccomp diff [options] A B\n" \
	  "       sbx-seccomp decode LINE|-\n" \
	  "       sbx-seccomp learn [-o FILE] [--] prog [arg ...]\n" \
	  "       sbx-seccomp supervise [inputs] --requests N [--answers N] [--] prog [arg ...]\n" \
	  "       sbx-seccomp dump [--to FORM | --asm | --dot | --c | --json] [-o FILE] " \
	  "PID [INDEX]")

/* Address space; what is not used costs nothing. */
enum { MEMORY = 1 << 30, TEXT_MAX = 16 << 20 };

#define AT(member) .offset = offsetof(struct seccomp_options, member)
#define PATHS .min = 1, .max = LIMIT_PATH
#define LIST .flags = FIELD_LIST

/* clang-format off */
static const struct field rows[] = {
	{ ROW("", "profile", "NAME", "",
	      "a built-in policy: default, deny-dangerous, strict, none"),
	  .letter = 'p', .type = FIELD_STRING, LIST, AT(profile), .min = 1, .max = LIMIT_NAME },
	{ ROW("", "file", "FILE", "",
	      "a policy, or a JSON profile; @N is descriptor N, - is standard input"),
	  .letter = 'f', .type = FIELD_STRING, LIST, AT(file), PATHS },
	{ ROW("", "bpf", "FILE", "", "a compiled filter"),
	  .letter = 'b', .type = FIELD_STRING, LIST, AT(program), PATHS },
	{ ROW("", "errno", "CALL=ERRNO,...", "", "let these calls fail"),
	  .type = FIELD_STRING, LIST, AT(refuse), PATHS },
	{ ROW("", "kill", "CALL,...", "", "let these calls end the program"),
	  .type = FIELD_STRING, LIST, AT(kill), PATHS },
	{ ROW("", "width", "kernel|64", "kernel",
	      "compare what the kernel takes of an argument, or 64 bits"),
	  .words = "kernel|64", .type = FIELD_ENUM, AT(width) },
	{ ROW("", "caps", "LIST", "", "JSON: the capabilities that the program will have"),
	  .type = FIELD_STRING, AT(caps), PATHS },
	{ ROW("", "kernel", "VERSION", "", "JSON: the kernel that it will run on"),
	  .type = FIELD_STRING, AT(kernel), .min = 1, .max = LIMIT_NAME },
	{ ROW("", "arch", "NAME", "", "compile for this architecture"),
	  .words = "x86_64|i386|x32|aarch64|arm|riscv64|ppc64le|s390x",
	  .type = FIELD_ENUM, LIST, AT(archs) },
	{ ROW("", "optimize", "LEVEL", "1", "0 a list, 1 a weighted tree, 2 the best one"),
	  .letter = 'O', .type = FIELD_UINT, AT(level), .max = 2 },
	{ ROW("", "log", "", "", "let the kernel log what the filter does not allow"), AT(log) },
	{ ROW("", "tsync", "", "", "attach to all threads"), AT(tsync) },
	{ ROW("", "spec-allow", "", "", "leave speculation mitigations off"), AT(spec_allow) },
	{ ROW("", "allow-new-privs", "", "", "do not set no_new_privs; needs CAP_SYS_ADMIN"),
	  AT(new_privs) },
	{ ROW("", "audit-only", "", "", "say what audit finds, but refuse nothing for it"),
	  AT(audit_only) },
	{ ROW("", "keep-fd", "N", "", "pass descriptor N on to the program"),
	  .type = FIELD_UINT, LIST, AT(keep_fd), .min = 3, .max = 1023 },
	{ ROW("", "output", "FILE", "-", "write to this file"),
	  .letter = 'o', .type = FIELD_STRING, AT(out), PATHS },
	{ ROW("", "asm", "", "", "compile, dump: a listing"), AT(as_asm) },
	{ ROW("", "dot", "", "", "compile, dump: a graph"), AT(as_dot) },
	{ ROW("", "c", "", "", "compile, dump: an array in C"), AT(as_c) },
	{ ROW("", "json", "", "", "compile, dump: JSON"), AT(as_json) },
	{ ROW("", "to", "policy|json|bpf", "", "convert, dump: what to"),
	  .words = "|policy|json|bpf", .type = FIELD_ENUM, AT(to) },
	{ ROW("", "requests", "N", "", "supervise: write requests to descriptor N"),
	  .type = FIELD_UINT, AT(requests), .min = 3, .max = 1023 },
	{ ROW("", "answers", "N", "", "supervise: read answers from descriptor N (that of "
	      "requests)"),
	  .type = FIELD_UINT, AT(answers), .min = 3, .max = 1023 },
	{ ROW("", "timeout", "TIME", "", "supervise: let a call fail that is not answered by then"),
	  .letter = 't', DURATION, AT(timeout), .min = 1, .max = 86400000 },
};
/* clang-format on */

static const struct table table = { "the command line", rows, COUNT(rows) };

/* Each with the options that it takes. */
static const struct subcommand {
	char name[12];
	unsigned takes;
	seccomp_run *run;
} subcommands[] = {
	{ "compile", TAKE_PROGRAM | TAKE_AUDIT_ONLY | TAKE_OUT | TAKE_FORMS, seccomp_compile_main },
	{ "convert", TAKE_PROGRAM | TAKE_OUT | TAKE_TO, seccomp_convert },
	{ "stat", TAKE_PROGRAM, seccomp_stat },
	{ "audit", TAKE_PROGRAM, seccomp_audit },
	{ "explain", TAKE_PROGRAM, seccomp_explain },
	{ "diff", TAKE_READING | TAKE_COMPILING, seccomp_diff },
	{ "decode", 0, seccomp_decode },
	{ "learn", TAKE_NEW_PRIVS | TAKE_KEEP_FD | TAKE_OUT, seccomp_learn },
	{ "supervise", TAKE_APPLYING | TAKE_WATCHING, seccomp_supervise },
	{ "dump", TAKE_OUT | TAKE_TO | TAKE_FORMS, seccomp_dump },
	{ "", TAKE_APPLYING, seccomp_apply },
};

/* What JSON profiles may choose rules by: said, or as it is here. */
static int
host(struct seccomp_call *c)
{
	const struct seccomp_options *o = &c->options;
	int kernel = 0;

	c->host = (struct policy_host){ .arch = arch_native(), .wide = o->width != 0 };
	if (o->kernel.n > 0) {
		if (kernel_read(o->kernel, &c->host.kernel) < 0)
			return err_usage(&c->err, "--kernel %: a version like 6.12 is due",
			    o->kernel);
	} else {
		kernel = sys_kernel();
		c->host.kernel = kernel > 0 ? (unsigned)kernel : 0;
	}
	if (o->caps.n > 0)
		return caps_read(o->caps, &c->host.caps, &c->err);
	kernel = kernel < 0 ? kernel : sys_capget(&c->host.caps);
	return kernel < 0 ? err_system(&c->err, -kernel,
				"cannot tell what this kernel and our "
				"capabilities are")
			  : 0;
}

/* Sets up the arena and the error, reads options from argv[1] on, refuses those that are not in
 * takes (TAKE_ bits), answers --help and --version, and fills host. 0, -1, or 1 with the exit
 * status. */
static int
begin(struct seccomp_call *c, unsigned takes, int argc, char **argv, int *status)
{
	const struct args_part part[] = { { &table, &c->options }, { &common_plain, &c->common } };
	const uint64_t common =
	    (takes & TAKE_COMMON) != 0 ? UINT64_MAX : COMMON_ALWAYS >> COMMON_SHIFT;
	int rest;
	bool dashes;

	if (common_arena(&c->arena, MEMORY, &c->err) < 0)
		return -1;
	*status = common_args(&c->ctx, SECCOMP_TOOL, SYNOPSIS, part, COUNT(part), argc, argv,
	    c->envp, &rest, &dashes, &c->report);
	if (*status >= 0)
		return 1;
	c->argv = argv + rest;
	c->argc = argc - rest;
	if (args_allow(&c->ctx, &table, &c->options, takes) < 0 ||
	    args_allow(&c->ctx, &common_plain, &c->common, common) < 0)
		return -1;
	return host(c);
}

static int
seccomp_main(int argc, char **argv, char **envp)
{
	struct seccomp_call c = { .ctx = { .arena = &c.arena, .fault = FAULT_USAGE, .err = &c.err },
		.envp = envp,
		.report = { SECCOMP_TOOL, -1 },
		.options = { .level = 1 } };
	struct str word = argc > 1 ? str_of(argv[1]) : S("");
	const struct subcommand *sub = subcommands;
	int skip, r, status = 0;

	while (sub->name[0] != '\0' && !str_eq(word, str_of(sub->name)))
		sub++;
	skip = sub->name[0] != '\0';
	r = begin(&c, sub->takes, argc - skip, argv + skip, &status);
	if (r == 0)
		status = r = sub->run(&c);
	if (c.says && c.err.fault == FAULT_NONE) {
		r = seccomp_print(&c);
		status = r != 0 ? r : status;
	}
	return r < 0 ? report_refused(&c.report, &c.err) : status;
}

const struct program program_seccomp = { "sbx-seccomp", seccomp_main };
