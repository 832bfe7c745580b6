/* sbx-hook: declared boxes and hooks; a JSON request in, a JSON reply out. */
#include "sbx-hook.h"

#include "base/limits.h"
#include "cli/file.h"
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
	{ ROW("", "parent", "PATH", "", "the control group to make others in (our own)"),
	  .type = FIELD_STRING, AT(parent), .min = 1, .max = LIMIT_PATH },
	{ ROW("", "timeout", "TIME", "", "exec: end the whole box after this time"),
	  .letter = 't', DURATION, AT(timeout), .min = 1, .max = 86400000 },
	{ ROW("", "grace", "TIME", "2s", "exec: time between TERM and KILL"),
	  DURATION, AT(grace), .max = 60000 },
	{ ROW("", "chain", "", "", "plan: print the command line that means the same"),
	  .type = FIELD_FLAG, AT(chain) },
	{ ROW("", "argv", "", "", "plan: print the words of that command line, one a line"),
	  .type = FIELD_FLAG, AT(words) },
	{ ROW("", "null", "", "", "plan --argv: end each word with a NUL byte instead"),
	  .letter = '0', .type = FIELD_FLAG, AT(zero) },
};
/* clang-format on */

static const struct table table = { "the command line", rows, COUNT(rows) };

/* Bits of those rows, for args_allow(). */
enum { FILE_ = 1, BOX = 2, PARENT = 4, TIMES = 8 | 16, FORMS = 32 | 64 | 128 };
enum { RUNS = COMMON_CHECK | COMMON_PLAN | COMMON_FACTS | COMMON_RECEIPT };
enum { TAKES_WORDS = 1, TAKES_STDIN = 2 };

static int hook_schema(struct hook_call *);

static const struct subcommand {
	const char *name;
	int (*run)(struct hook_call *);
	uint8_t options, common, takes;
} subcommands[] = {
	{ "run", hook_run, FILE_ | PARENT, RUNS, TAKES_WORDS | TAKES_STDIN },
	{ "exec", hook_exec, FILE_ | BOX | PARENT | TIMES, RUNS, TAKES_WORDS },
	{ "check", hook_check, FILE_ | PARENT, COMMON_FACTS, 0 },
	{ "plan", hook_plan, FILE_ | BOX | PARENT | FORMS, COMMON_FACTS | COMMON_PRINT_FACTS,
	    TAKES_WORDS },
	{ "list", hook_list, FILE_, 0, 0 },
	{ "schema", hook_schema, 0, 0, 0 },
};

int
hook_refuse(struct hook_call *c)
{
	return report_refused(&c->report, &c->err);
}

static int
hook_schema(struct hook_call *c)
{
	char *text = arena_get(&c->arena, SCHEMA);
	struct buf b = { text, 0, text == NULL ? 0 : SCHEMA, false };

	config_schema(&b);
	buf_char(&b, '\n');
	return common_print(HOOK_TOOL, buf_str(&b));
}

static int
load(struct hook_call *c, const struct subcommand *s)
{
	struct str text;

	if (s->options == 0)
		return 0;
	if (c->options.file.n == 0)
		return err_usage(&c->err, "-f FILE is due");
	if ((s->takes & TAKES_STDIN) != 0 && str_eq(c->options.file, S("-")))
		return err_usage(&c->err,
		    "-f -: standard input is the request; @N with another descriptor is due");
	if (file_read(&c->arena, c->options.file, LIMIT_CONFIG_BYTES, &text, &c->err) < 0)
		return -1;
	c->config = config_read(&c->arena, c->options.file, text, &c->err);
	return c->config == NULL ? -1 : 0;
}

/* What is said has to mean something. */
static int
agree(struct hook_call *c)
{
	const struct hook_options *o = &c->options;

	if (o->chain && o->words)
		return err_usage(&c->err, "--chain and --argv exclude each other");
	if (o->zero && !o->words)
		return err_usage(&c->err, "--null goes with --argv");
	if (o->parent.n > 0 && c->common.facts.n > 0)
		return err_usage(&c->err,
		    "--parent and --facts exclude each other: the group is one of the facts");
	return 0;
}

int
hook_grace(struct hook_call *c, const struct limits *l)
{
	bool given = field_given(&table, &c->options, offsetof(struct hook_options, grace));

	if (!given || c->options.timeout > 0 || (l != NULL && (l->idle > 0 || l->cpu_time > 0)))
		return 0;
	return err_usage(&c->err, "--grace goes with --timeout");
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
	if (args_allow(&c->ctx, &table, &c->options, s->options) < 0 ||
	    args_allow(&c->ctx, &common_table, &c->common, s->common | COMMON_ALWAYS) < 0 ||
	    agree(c) < 0)
		return hook_refuse(c);
	if (c->argc > 0 && (s->takes & TAKES_WORDS) == 0)
		err_usage(&c->err, "unexpected word \"%\"", str_of(c->argv[0]));
	if (c->err.fault != FAULT_NONE || load(c, s) < 0)
		return hook_refuse(c);
	return s->run(c);
}

/* Why the first word is no subcommand. */
static int
no_subcommand(struct hook_call *c, struct str word)
{
	char text[80];
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(subcommands); i++)
		buf_text(&b, TEXT("%%", i > 0 ? S(", ") : S(""), str_of(subcommands[i].name)));
	if (word.n == 0)
		err_usage(&c->err, "a subcommand is due (%); --help says more", buf_str(&b));
	else if (word.p[0] == '-')
		err_usage(&c->err, "the subcommand (%) comes before the options", buf_str(&b));
	else
		err_usage(&c->err, "no subcommand is called \"%\" (%)", word, buf_str(&b));
	return hook_refuse(c);
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
	status = common_args(&c.ctx, HOOK_TOOL, SYNOPSIS, part, COUNT(part), argc, argv, envp,
	    &rest, &dashes, &c.report);
	if (status >= 0)
		return status;
	return no_subcommand(&c, word);
}

const struct program program_hook = { "sbx-hook", hook_main };
