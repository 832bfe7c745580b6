/* sbx-cg: runs programs in control groups with limits, and looks after such groups. */
#include "sbx-cg.h"

#include "base/limits.h"
#include "base/path.h"
#include "cli/program.h"
#include "spec/chain.h"
#include "sys/sys.h"

#include <fcntl.h>
#include <stddef.h>

#define SYNOPSIS \
	S("sbx-cg run [limits] [options] [--] prog [arg ...]\n" \
	  "       sbx-cg exec [options] GROUP [--] prog [arg ...]\n" \
	  "       sbx-cg create [limits] [options] NAME\n" \
	  "       sbx-cg set [limits] [options] GROUP\n" \
	  "       sbx-cg freeze [--parent PATH] GROUP\n" \
	  "       sbx-cg thaw [--parent PATH] GROUP\n" \
	  "       sbx-cg kill [--parent PATH] GROUP\n" \
	  "       sbx-cg rm [--parent PATH] [-r] GROUP\n" \
	  "       sbx-cg sweep [--parent PATH] [GROUP]\n" \
	  "       sbx-cg stat [--parent PATH] [--json] [GROUP]\n" \
	  "       sbx-cg ls [--parent PATH] [--json] [GROUP]\n" \
	  "       sbx-cg tree [--parent PATH] [--json] [GROUP]\n" \
	  "       sbx-cg watch [--parent PATH] [--interval TIME] [--count N] " \
	  "[--alert FIGURE>VALUE] [--json] [GROUP ...]\n" \
	  "       sbx-cg events [--parent PATH] [--psi TRIGGER] [GROUP ...]")

enum { MEMORY = 64 << 20, COMMAND_MAX = 4096 };

#define AT(member) .offset = offsetof(struct cg_options, member)
#define LIST .flags = FIELD_LIST

/* clang-format off */
static const struct field rows[] = {
	{ ROW("", "parent", "PATH", "", "the group that groups are in, instead of our own"),
	  .type = FIELD_STRING, AT(parent), .min = 1, .max = LIMIT_PATH },
	{ ROW("", "keep-privs", "", "", "run, exec: take no privileges away"), AT(keep_privs) },
	{ ROW("", "outlive-parent", "", "", "run, exec: do not end when the caller does"),
	  AT(outlive) },
	{ ROW("", "watch-output", "", "",
	      "run: pass output on ourselves, and take it for activity"), AT(watch_output) },
	{ ROW("", "keep-fd", "N", "", "run, exec: leave descriptor N open"),
	  .type = FIELD_UINT, LIST, AT(keep_fd), .min = 3, .max = 1023 },
	{ ROW("", "recursive", "", "", "rm: with everything that is in it"),
	  .letter = 'r', AT(recursive) },
	{ ROW("", "interval", "TIME", "1s", "watch: the time between two looks"),
	  DURATION, AT(interval), .min = 10, .max = 86400000 },
	{ ROW("", "count", "N", "", "watch: end after so many rounds"),
	  .type = FIELD_UINT, AT(count), .min = 1, .max = UINT32_MAX },
	{ ROW("", "alert", "FIGURE>VALUE", "", "watch: tell when it is crossed, as memory>80%"),
	  .type = FIELD_STRING, LIST, AT(alert), .min = 1, .max = LIMIT_NAME },
	{ ROW("", "psi", "TRIGGER", "", "events: tell of pressure, as memory:some:200ms/1s"),
	  .type = FIELD_STRING, LIST, AT(trigger), .min = 1, .max = LIMIT_NAME },
	{ ROW("", "json", "", "", "stat, ls, tree, watch: lines for programs"), AT(json) },
};
/* clang-format on */

static const struct table table = { "the command line", rows, COUNT(rows) };

/* Bits of those rows, and what else a subcommand takes. */
enum {
	TAKE_PARENT = 1,
	TAKE_RUNNING = 2 | 4 | 16, /* --keep-privs --outlive-parent --keep-fd */
	TAKE_OUTPUT = 8,           /* --watch-output */
	TAKE_RECURSIVE = 32,
	TAKE_WATCHING = 64 | 128 | 256, /* --interval --count --alert */
	TAKE_PSI = 512,
	TAKE_JSON = 1024,
	TAKE_LIMITS = 1 << 24,  /* of limits_table: what is written to a group */
	TAKE_TIME = 1 << 25,    /* --timeout --grace */
	TAKE_WATCHED = 1 << 26, /* what takes somebody who watches: --idle-timeout and its kind */
	TAKE_PLAN = 1 << 27,    /* --check --plan --receipt */
	TAKE_WORDS =
	    1 << 28, /* what follows are words, and no program: options may stand between */
};

static const struct subcommand {
	char name[8];
	unsigned takes;
	cg_run *run;
} subcommands[] = {
	{ "run",
	    TAKE_PARENT | TAKE_RUNNING | TAKE_OUTPUT | TAKE_LIMITS | TAKE_TIME | TAKE_WATCHED |
		TAKE_PLAN,
	    cg_run_main },
	{ "exec", TAKE_PARENT | TAKE_RUNNING | TAKE_TIME | TAKE_PLAN, cg_exec },
	{ "create", TAKE_PARENT | TAKE_LIMITS | TAKE_PLAN | TAKE_WORDS, cg_create },
	{ "set", TAKE_PARENT | TAKE_LIMITS | TAKE_PLAN | TAKE_WORDS, cg_set },
	{ "freeze", TAKE_PARENT | TAKE_WORDS, cg_freeze },
	{ "thaw", TAKE_PARENT | TAKE_WORDS, cg_thaw },
	{ "kill", TAKE_PARENT | TAKE_WORDS, cg_kill },
	{ "rm", TAKE_PARENT | TAKE_RECURSIVE | TAKE_WORDS, cg_rm },
	{ "sweep", TAKE_PARENT | TAKE_WORDS, cg_sweep },
	{ "stat", TAKE_PARENT | TAKE_JSON | TAKE_WORDS, cg_stat },
	{ "ls", TAKE_PARENT | TAKE_JSON | TAKE_WORDS, cg_ls },
	{ "tree", TAKE_PARENT | TAKE_JSON | TAKE_WORDS, cg_tree },
	{ "watch", TAKE_PARENT | TAKE_WATCHING | TAKE_JSON | TAKE_WORDS, cg_watch },
	{ "events", TAKE_PARENT | TAKE_PSI | TAKE_WORDS, cg_events },
};

/* The rows of limits_table that a subcommand takes: in the struct, what needs somebody to stay and
 * look comes last. */
static uint64_t
limit_rows(unsigned takes)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < limits_table.n; i++) {
		size_t at = limits_table.row[i].offset;
		unsigned kind = at < offsetof(struct limits, timeout) ? TAKE_LIMITS : TAKE_WATCHED;

		if (at == offsetof(struct limits, timeout) || at == offsetof(struct limits, grace))
			kind = TAKE_TIME;
		if ((takes & kind) != 0)
			bits |= (uint64_t)1 << i;
	}
	return bits;
}

/* Options, and words between them. -1 to go on, or the exit status. */
static int
parse(struct cg_call *c, bool words, int argc, char **argv)
{
	const struct args_part part[] = { { &limits_table, &c->limits }, { &table, &c->options },
		{ &common_plain, &c->common } };
	int rest, status;
	bool dashes = false;

	status = common_args(&c->ctx, CG_TOOL, SYNOPSIS, part, COUNT(part), argc, argv, c->envp,
	    &rest, &dashes, &c->report);
	c->argv = argv + rest;
	c->argc = argc - rest;
	for (int n = 0; words && status < 0 && !dashes && n < c->argc; n++) {
		/* as if this word were the program's name */
		status = common_args(&c->ctx, CG_TOOL, SYNOPSIS, part, COUNT(part), c->argc - n,
		    c->argv + n, c->envp, &rest, &dashes, &c->report);
		if (rest == 1)
			continue;
		/* those that were read are taken out */
		for (int i = n + rest; i <= c->argc; i++)
			c->argv[i - rest + 1] = c->argv[i];
		c->argc -= rest - 1;
	}
	return status;
}

static int
check_taken(struct cg_call *c, unsigned takes)
{
	const uint64_t all = UINT64_MAX, always = COMMON_ALWAYS >> COMMON_SHIFT;

	if (args_allow(&c->ctx, &limits_table, &c->limits, limit_rows(takes)) < 0 ||
	    args_allow(&c->ctx, &table, &c->options, takes) < 0)
		return -1;
	return args_allow(&c->ctx, &common_plain, &c->common,
	    (takes & TAKE_PLAN) != 0 ? all : always);
}

static int
unknown(struct cg_call *c, struct str word)
{
	char text[128];
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(subcommands); i++)
		buf_text(&b, TEXT("%%", i > 0 ? S(", ") : S(""), str_of(subcommands[i].name)));
	if (word.n == 0)
		return err_usage(&c->err, "a subcommand is due (%); --help says more", buf_str(&b));
	if (word.p[0] == '-')
		return err_usage(&c->err, "the subcommand (%) comes before the options",
		    buf_str(&b));
	return err_usage(&c->err, "no subcommand is called \"%\" (%)", word, buf_str(&b));
}

static int
cg_main(int argc, char **argv, char **envp)
{
	static struct cg_call c;
	struct str word = argc > 1 ? str_of(argv[1]) : S("");
	size_t i = 0;
	bool found;
	int r;

	c.ctx = (struct field_ctx){ .arena = &c.arena, .fault = FAULT_USAGE, .err = &c.err };
	c.report = (struct report){ CG_TOOL, -1 };
	c.envp = envp;
	if (common_arena(&c.arena, MEMORY, &c.err) < 0)
		return report_refused(&c.report, &c.err);
	c.whole = arena_array(&c.arena, (size_t)argc + 1, sizeof(*c.whole));
	for (int k = 0; c.whole != NULL && k < argc; k++)
		c.whole[k] = argv[k];
	while (i < COUNT(subcommands) && !str_eq(word, str_of(subcommands[i].name)))
		i++;
	found = i < COUNT(subcommands);
	r = parse(&c, found && (subcommands[i].takes & TAKE_WORDS) != 0, argc - found,
	    argv + found);
	if (r >= 0)
		return r;
	if (!found)
		r = unknown(&c, word);
	else if (c.whole == NULL)
		r = err_memory(&c.err);
	else if (check_taken(&c, subcommands[i].takes) == 0)
		r = subcommands[i].run(&c);
	return r < 0 ? report_refused(&c.report, &c.err) : r;
}

/* The command line, for people who are told how to start it so that it works. */
static struct str
command(struct cg_call *c)
{
	char *p = arena_bytes(&c->arena, COMMAND_MAX);
	struct buf b = { p, 0, p == NULL ? 0 : COMMAND_MAX, false };

	/* sbx-box hands on its words from the program's name on */
	if (c->whole[0] != NULL && !str_starts(path_base(str_of(c->whole[0])), S("sbx-")))
		buf_cstr(&b, "sbx-box ");
	for (size_t i = 0; c->whole[i] != NULL; i++) {
		buf_cstr(&b, i > 0 ? " " : "");
		shell_word(&b, str_of(c->whole[i]));
	}
	if (b.full)
		b.n = 0;
	return b.n > 0 ? buf_str(&b) : S("sbx-cg ...");
}

int
cg_facts(struct cg_call *c, struct str parent, struct cgfacts *f)
{
	if (place_facts(&c->arena, parent, &c->limits, f, &c->err) < 0)
		return -1;
	f->command = command(c);
	return 0;
}

/* The facts of --parent, which name the mount and the base. */
static int
ask(struct cg_call *c)
{
	if (!c->asked && cg_facts(c, c->options.parent, &c->facts) < 0)
		return -1;
	c->asked = true;
	if (c->facts.mount.n == 0)
		return err_refused(&c->err, POS_NONE,
		    "no cgroup2 file system is mounted here: mount -t cgroup2 none /sys/fs/cgroup");
	return 0;
}

static int
open_dir(struct cg_call *c, int mount, struct str below, int flags, int *fd)
{
	char *path = arena_cstr(&c->arena, below.n > 0 ? below : S("."));

	if (path == NULL)
		return err_memory(&c->err);
	*fd = sys_open_at(mount, path, flags | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS | K_RESOLVE_NO_MAGICLINKS);
	return 0;
}

/* What is left of a path below that one. */
static struct str
below(struct str path, struct str top)
{
	return str_slice(path, top.n + (top.n > 1), path.n);
}

/* path is clean, and below the mount. */
static int
open_path(struct cg_call *c, struct str path, struct cg_group *g)
{
	const struct str top = c->facts.mount;
	struct str rest = below(path, top);
	char *mount = arena_cstr(&c->arena, top);
	bool self = rest.n == 0;

	g->path = path;
	g->last = self ? "." : arena_cstr(&c->arena, path_base(path));
	if (mount == NULL || g->last == NULL)
		return err_memory(&c->err);
	g->parent = sys_open(mount, O_PATH | O_DIRECTORY);
	if (g->parent < 0)
		return err_system(&c->err, -g->parent, "cannot open %", top);
	if (open_dir(c, g->parent, rest, O_RDONLY, &g->fd) < 0)
		return -1;
	if (g->fd < 0)
		return err_system(&c->err, -g->fd, "no control group \"%\" can be opened in %",
		    g->name, c->facts.base.path.n > 0 ? c->facts.base.path : top);
	if (!self && path_dir(path).n > top.n) {
		int up = g->parent;

		rest = path_dir(path);
		if (open_dir(c, up, below(rest, top), O_PATH, &g->parent) < 0)
			return -1;
		sys_close(up);
	}
	return g->parent < 0 ? err_system(&c->err, -g->parent, "cannot open %", rest) : 0;
}

static int
outside(struct cg_call *c)
{
	return err_refused(&c->err, POS_NONE,
	    "our own control group is not below %, so there is nothing to start from; --parent "
	    "PATH is due",
	    c->facts.mount);
}

int
cg_open(struct cg_call *c, struct str name, struct cg_group *g)
{
	bool absolute = name.n > 0 && name.p[0] == '/';
	struct str path = name;
	enum path_fault fault;

	*g = (struct cg_group){ .name = name, .fd = -1, .parent = -1 };
	if (ask(c) < 0)
		return -1;
	if (!absolute && c->facts.base.path.n == 0)
		return outside(c);
	if (!absolute && name.n > 0)
		path = arena_join(&c->arena, TEXT("%/%", c->facts.base.path, name));
	if (name.n > 0 && path.p == NULL)
		return err_memory(&c->err);
	fault = path_check(path);
	if (fault != PATH_OK)
		return err_usage(&c->err, "control group \"%\": %", name, path_fault_text(fault));
	path = path_clean(&c->arena, path);
	if (path.p == NULL)
		return err_memory(&c->err);
	if (!path_below(path, c->facts.mount))
		return err_usage(&c->err, "control group \"%\": control groups are below %", name,
		    c->facts.mount);
	/* one name, however it was written */
	g->name = absolute ? path : below(path, c->facts.base.path);
	if (g->name.n == 0)
		g->name = S(".");
	return open_path(c, path, g);
}

int
cg_base(struct cg_call *c, struct cg_group *g)
{
	return cg_open(c, S("."), g);
}

int
cg_word(struct cg_call *c, struct cg_group *g)
{
	if (c->argc > 1)
		return err_usage(&c->err, "one control group at a time: what is \"%\"?",
		    str_of(c->argv[1]));
	return c->argc == 0 ? cg_base(c, g) : cg_open(c, str_of(c->argv[0]), g);
}

int
cg_named(struct cg_call *c, struct cg_group *g)
{
	if (c->argc == 0)
		return err_usage(&c->err, "the name of a control group is due");
	return cg_word(c, g);
}

const struct program program_cg = { "sbx-cg", cg_main };
