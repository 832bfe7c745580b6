/* sbx-hook: declared boxes and hooks; a JSON request in, a JSON reply out. */
#include "sbx-hook.h"

#include "base/limits.h"
#include "cli/program.h"
#include "run/io.h"
#include "sys/sys.h"

#include <stddef.h>

#define SYNOPSIS \
	S("sbx-hook run -f FILE [options] HOOK <request.json\n" \
	  "       sbx-hook exec -f FILE [--box NAME] [options] [--] prog [arg ...]\n" \
	  "       sbx-hook check -f FILE\n" \
	  "       sbx-hook plan -f FILE [--chain | --argv [-0]] HOOK\n" \
	  "       sbx-hook plan -f FILE [--chain | --argv [-0]] --box NAME [--] prog [arg ...]\n" \
	  "       sbx-hook list -f FILE\n" \
	  "       sbx-hook schema")

/* The arena holds a configuration, a request and a reply with their trees; pages that are not used
 * cost nothing. */
enum { MEMORY = 1 << 30, SCHEMA = 64 << 10 };

#define AT(member) .offset = offsetof(struct hook_options, member)

/* clang-format off */
static const struct field rows[] = {
	{ ROW("", "file", "FILE", "",
	      "the configuration; @N is descriptor N, - is standard input"),
	  .letter = 'f', .type = FIELD_STRING, AT(file), .min = 1, .max = LIMIT_PATH },
	{ ROW("", "box", "NAME", "", "exec, plan: the declared sandbox to use"),
	  .letter = 'b', .type = FIELD_STRING, AT(box), .min = 1, .max = LIMIT_NAME },
	{ ROW("", "timeout", "TIME", "", "exec: end the whole box after this time"),
	  .letter = 't', .type = FIELD_DURATION, AT(timeout), .min = 1, .max = 86400000 },
	{ ROW("", "grace", "TIME", "2s", "exec: time between TERM and KILL"),
	  .type = FIELD_DURATION, AT(grace), .max = 60000 },
	{ ROW("", "chain", "", "", "plan: print the command line that means the same"),
	  .type = FIELD_FLAG, AT(chain) },
	{ ROW("", "argv", "", "", "plan: print the words of that command line, one a line"),
	  .type = FIELD_FLAG, AT(words) },
	{ ROW("", "null", "", "", "plan --argv: end each word with a NUL byte instead"),
	  .letter = '0', .type = FIELD_FLAG, AT(zero) },
};
/* clang-format on */

static const struct table table = { "the command line", rows, COUNT(rows) };

enum {
	TAKES_BOX = 1,
	TAKES_TIME = 2,
	TAKES_FORM = 4,
	TAKES_REPORT = 8,
	TAKES_WORDS = 16,
	TAKES_STDIN = 32
};

static const struct subcommand {
	const char *name;
	int (*run)(struct hook_call *);
	unsigned takes;
} subcommands[] = {
	{ "run", hook_run, TAKES_REPORT | TAKES_WORDS | TAKES_STDIN },
	{ "exec", hook_exec, TAKES_BOX | TAKES_TIME | TAKES_REPORT | TAKES_WORDS },
	{ "check", hook_check, 0 },
	{ "plan", hook_plan, TAKES_BOX | TAKES_FORM | TAKES_WORDS },
	{ "list", hook_list, 0 },
};

int
hook_refuse(struct hook_call *c)
{
	return report_refused(&c->report, &c->err);
}

static int
schema(struct hook_call *c)
{
	char *text = arena_get(&c->arena, SCHEMA);
	struct buf b = { text, 0, text == NULL ? 0 : SCHEMA, false };

	config_schema(&b);
	buf_char(&b, '\n');
	return common_print(HOOK_TOOL, buf_str(&b));
}

static bool
given(const struct hook_call *c, size_t offset)
{
	return field_given(&table, &c->options, offset);
}

/* An option that the subcommand does not take is an error, not a word ignored. */
static int
misplaced(struct hook_call *c, unsigned takes)
{
	static const struct {
		size_t offset;
		unsigned need;
		struct str name;
	} option[] = {
		{ offsetof(struct hook_options, box), TAKES_BOX, { "--box", 5 } },
		{ offsetof(struct hook_options, timeout), TAKES_TIME, { "--timeout", 9 } },
		{ offsetof(struct hook_options, grace), TAKES_TIME, { "--grace", 7 } },
		{ offsetof(struct hook_options, chain), TAKES_FORM, { "--chain", 7 } },
		{ offsetof(struct hook_options, words), TAKES_FORM, { "--argv", 6 } },
		{ offsetof(struct hook_options, zero), TAKES_FORM, { "--null", 6 } },
	};

	for (size_t i = 0; i < COUNT(option); i++)
		if (given(c, option[i].offset) && (takes & option[i].need) == 0)
			return err_usage(&c->err, option[i].name,
			    S(" does not belong to this subcommand"));
	if ((c->common.check || c->common.plan || c->common.receipt) && (takes & TAKES_REPORT) == 0)
		return err_usage(&c->err,
		    S("--check, --plan and --receipt belong to run and exec"));
	if ((takes & TAKES_STDIN) != 0 && str_eq(c->options.file, S("-")))
		return err_usage(&c->err,
		    S("-f -: standard input is the request; @N with another descriptor is due"));
	if (c->argc > 0 && (takes & TAKES_WORDS) == 0)
		return err_usage(&c->err, S("unexpected word \""), str_of(c->argv[0]), S("\""));
	return 0;
}

/* "-" is standard input, "@N" descriptor N, else a path. */
static int
open_file(struct hook_call *c)
{
	struct str name = c->options.file;
	uint64_t fd = 0;
	char *path;

	if (name.n == 0)
		return err_usage(&c->err, S("-f FILE is due"));
	if (str_eq(name, S("-")))
		return 0;
	if (name.p[0] == '@') {
		for (size_t i = 1; i < name.n; i++) {
			if (name.p[i] < '0' || name.p[i] > '9' || fd > 1023)
				return err_usage(&c->err, S("-f \""), name,
				    S("\": @N with a descriptor's number is due"));
			fd = fd * 10 + (uint64_t)(name.p[i] - '0');
		}
		return (int)fd;
	}
	path = arena_cstr(&c->arena, name);
	if (path == NULL)
		return err_memory(&c->err);
	fd = 0;
	return sys_open(path, 0);
}

static int
load(struct hook_call *c)
{
	struct str text;
	int fd = open_file(c), r;

	if (c->err.fault != FAULT_NONE)
		return -1;
	r = fd < 0 ? fd : io_read_fd(&c->arena, fd, LIMIT_CONFIG_BYTES, &text);
	if (fd > 2)
		sys_close(fd);
	if (r < 0) {
		c->err.file = c->options.file;
		return err_system(&c->err, -r, S("cannot read the configuration"));
	}
	c->config = config_read(&c->arena, c->options.file, text, &c->err);
	return c->config == NULL ? -1 : 0;
}

static int
call(struct hook_call *c, const struct subcommand *s, int argc, char **argv)
{
	const struct args_part part[] = { { &table, &c->options }, { &common_table, &c->common } };
	int rest, status;
	bool dashes;

	status = common_args(&c->ctx, HOOK_TOOL, SYNOPSIS, part, COUNT(part), argc, argv, c->envp,
	    &rest, &dashes, &c->report);
	if (status >= 0)
		return status;
	c->argv = argv + rest;
	c->argc = argc - rest;
	if (misplaced(c, s->takes) < 0 || load(c) < 0)
		return hook_refuse(c);
	return s->run(c);
}

static int
hook_main(int argc, char **argv, char **envp)
{
	struct hook_call c = { .envp = envp, .report = { HOOK_TOOL, -1 }, .options.grace = 2000 };
	const struct args_part part[] = { { &table, &c.options }, { &common_table, &c.common } };
	struct str word = argc > 1 ? str_of(argv[1]) : S("");
	int rest, status;
	bool dashes;

	if (common_arena(&c.arena, MEMORY, &c.err) < 0)
		return hook_refuse(&c);
	c.ctx = (struct field_ctx){ .arena = &c.arena, .fault = FAULT_USAGE, .err = &c.err };
	for (size_t i = 0; i < COUNT(subcommands); i++)
		if (str_eq(word, str_of(subcommands[i].name)))
			return call(&c, &subcommands[i], argc - 1, argv + 1);
	if (str_eq(word, S("schema")) && argc == 2)
		return schema(&c);
	status = common_args(&c.ctx, HOOK_TOOL, SYNOPSIS, part, COUNT(part), argc, argv, envp,
	    &rest, &dashes, &c.report);
	if (status >= 0)
		return status;
	err_usage(&c.err, S("a subcommand is due: run, exec, check, plan, list or schema"));
	return hook_refuse(&c);
}

const struct program program_hook = { "sbx-hook", hook_main };
