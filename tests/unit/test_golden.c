/* tests/golden: typical boxes on typical machines, their plans byte for byte. What the programs say
 * is what scripts/golden.sh compares; here the same parts of them are run in one process, under the
 * sanitizers. After a change that is meant: scripts/golden.sh --update, and read the difference. */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "unit.h"
/* from the declaration to the plan, as sbx-hook does it */
#include "../../cmd/sbx-hook-box.c"

#include "spec/args.h"

enum { FOLDER_TEXT = 512, FILE_TEXT = 1 << 16, NAMES = 128 };

static const char folder[] = "tests/golden";
static unsigned char mem[32 << 20];
static char said[FILE_TEXT];
static struct buf out = { said, 0, sizeof(said), false };
static struct str facts_text;
static struct str facts_name;

/* Stand-ins for what the programs write through and read from. */
int
common_print(struct str tool, struct str text)
{
	(void)tool;
	buf_put(&out, text);
	return 0;
}

int
common_facts(struct field_ctx *c, const struct common *common, const struct box *box,
    struct facts *f)
{
	(void)common;
	(void)box;
	return facts_read(c->arena, facts_name, facts_text, f, c->err);
}

void
report_error(struct str tool, const struct err *e)
{
	buf_parts(&out, ERR_PARTS(tool, S(": ")));
	err_line(e, &out);
	buf_char(&out, '\n');
}

/* The whole of a file of the folder; false when there is none. */
static bool
read_file(const char *name, const char *suffix, char *text, struct str *whole)
{
	char path[FOLDER_TEXT];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s%s", folder, name, suffix);
	f = fopen(path, "rb");
	if (f == NULL)
		return false;
	*whole = (struct str){ text, fread(text, 1, FILE_TEXT, f) };
	CU_ASSERT_FATAL(whole->n < FILE_TEXT);
	fclose(f);
	return true;
}

static char prog[] = "prog", arg[] = "arg", path_env[] = "PATH=/usr/bin:/bin";
static char *prog_argv[] = { prog, arg, NULL };
static char *prog_envp[] = { path_env, NULL };

static const struct plan *
plan_args(struct arena *a, struct str text, struct err *e)
{
	static struct box box;
	static char *argv[64];
	const struct args_part part = { &box_table, &box };
	struct field_ctx c = { .arena = a, .fault = FAULT_USAGE, .err = e };
	const struct payload payload = { prog_argv, prog_envp, false };
	struct facts facts;
	int argc = 0, rest;
	bool dashes;

	box = (struct box){ 0 };
	argv[argc++] = prog;
	for (size_t at = 0, end; at < text.n && argc < 64; at = end + 1) {
		end = str_find(text, '\n', at);
		argv[argc++] = arena_cstr(a, str_slice(text, at, end));
	}
	if (args_parse(&c, &part, 1, argc, argv, &rest, &dashes) < 0 ||
	    box_finish(&c, &box, LEVEL_UNSET) < 0 || common_facts(&c, NULL, &box, &facts) < 0)
		return NULL;
	return plan_box(a, &box, &facts, &payload, e);
}

static const struct plan *
plan_json(struct hook_call *c, struct str text)
{
	const struct box *declared;
	struct box *box;

	c->ctx = (struct field_ctx){ .arena = &c->arena, .fault = FAULT_USAGE, .err = &c->err };
	c->envp = prog_envp;
	c->config = config_read(&c->arena, c->options.file, text, &c->err);
	declared = c->config == NULL ? NULL : hook_box_named(c);
	box = declared == NULL ? NULL : hook_box(c, declared, NULL);
	return box == NULL ? NULL : hook_plan_of(c, box, prog_argv, false);
}

static void
one(const char *name)
{
	static char input[FILE_TEXT], machine[FILE_TEXT], golden[FILE_TEXT];
	static struct hook_call c;
	char file[FOLDER_TEXT];
	const struct plan *plan;
	struct str text, want, tool = S("sbx-ns");

	CU_ASSERT_FATAL(read_file(name, ".facts", machine, &facts_text));
	c = (struct hook_call){ .arena = { mem, 0, sizeof(mem) } };
	facts_name = S("facts");
	out.n = 0;
	if (read_file(name, ".args", input, &text)) {
		plan = plan_args(&c.arena, text, &c.err);
	} else {
		CU_ASSERT_FATAL(read_file(name, ".box.json", input, &text));
		snprintf(file, sizeof(file), "%s/%s.box.json", folder, name);
		c.options.file = str_of(file);
		plan = plan_json(&c, text);
		tool = HOOK_TOOL;
	}
	if (plan == NULL)
		report_error(tool, &c.err);
	else
		CHECK_NUM(0, common_show_plan(tool, plan), 0);
	buf_put(&out, plan == NULL ? S("exit status 125\n") : S("exit status 0\n"));
	CU_ASSERT_FATAL(read_file(name, ".plan", golden, &want));
	if (!str_eq(buf_str(&out), want))
		printf("# differs: %s.plan\n", name);
	CU_ASSERT(str_eq(buf_str(&out), want));
}

static int
order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
all(void)
{
	static char names[NAMES][64];
	DIR *d = opendir(folder);
	struct dirent *e;
	size_t n = 0, plans = 0;

	CU_ASSERT_FATAL(d != NULL);
	while ((e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);

		plans += str_ends(str_of(e->d_name), S(".plan"));
		if (!str_ends(str_of(e->d_name), S(".facts")))
			continue;
		CU_ASSERT_FATAL(n < NAMES && len < sizeof(names[0]));
		memcpy(names[n], e->d_name, len - 6);
		names[n++][len - 6] = '\0';
	}
	closedir(d);
	CU_ASSERT(n >= 20);
	CHECK_NUM(0, plans, n);
	qsort(names, n, sizeof(names[0]), order);
	for (size_t i = 0; i < n; i++)
		one(names[i]);
}

UNIT_MAIN("golden", { "every plan byte for byte", all })
