/* tests/golden: typical boxes on typical machines, their plans byte for byte. What the programs say
 * is what scripts/golden.sh compares; here the same parts of them are run in one process, under the
 * sanitizers. After a change that is meant: scripts/golden.sh --update, and read the difference. */
#include <dirent.h>
#include <stddef.h>
#include <stdlib.h>

#include "check.h"
#include "cli/common.h"
#include "plan/confine.h"
#include "plan/group.h"
#include "spec/args.h"
#include "spec/hook.h"
#include "unit.h"

enum { FOLDER_TEXT = 512, FILE_TEXT = 1 << 16, NAMES = 128 };

static const char folder[] = "tests/golden";
static unsigned char mem[32 << 20];
static char said[FILE_TEXT];
static struct buf out = { said, 0, sizeof(said), false };
static struct str facts_text;

/* Stand-ins for what the programs write through and read from. */
int
common_print(struct str tool, struct str text)
{
	(void)tool;
	buf_put(&out, text);
	return 0;
}

void
report_error(struct str tool, const struct err *e)
{
	buf_text(&out, TEXT("%: ", tool));
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

/* How many instructions a filter has depends on the machine whose calls it is for; the files are of
 * x86-64: elsewhere the number before that word is left out. */
static struct str
counted(struct str t, char *room)
{
	const struct str word = S(" instructions");
	struct buf b = { room, 0, FILE_TEXT, false };

	if (arch_native() == ARCH_X86_64)
		return t;
	for (size_t i = 0; i < t.n; i++) {
		if (str_starts((struct str){ t.p + i, t.n - i }, word))
			while (b.n > 0 && room[b.n - 1] >= '0' && room[b.n - 1] <= '9')
				b.n--;
		buf_char(&b, t.p[i]);
	}
	return buf_str(&b);
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
	const struct payload payload = { .argv = prog_argv, .envp = prog_envp };
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
	    box_finish(&c, &box, LEVEL_UNSET) < 0 ||
	    facts_read(a, S("facts"), facts_text, &facts, NULL, e) < 0)
		return NULL;
	return plan_box(a, &box, &facts, &payload, e);
}

/* As sbx-hook does it for a command: with a PATH of its own, and the caller's session unless the
 * box says otherwise. */
static const struct plan *
plan_json(struct arena *a, struct str file, struct str text, struct err *e)
{
	static struct box box;
	static struct env_rule path;
	const struct config *config = config_read(a, file, text, e);
	static struct confine filter;
	static struct group group;
	struct cgfacts groups = { .readonly = false };
	const struct args_part more = { &cgfacts_table, &groups };
	struct payload payload = { .argv = prog_argv, .envp = prog_envp, .filter = &filter };
	struct facts facts;

	if (config == NULL || facts_read(a, S("facts"), facts_text, &facts, &more, e) < 0)
		return NULL;
	CU_ASSERT_FATAL(config->bare);
	box = *config->boxes;
	if (!field_given(&box_table, config->boxes, offsetof(struct box, new_session)))
		box.new_session = false;
	path = (struct env_rule){ .name = S("PATH"),
		.value = S("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
		.literal = true,
		.next = box.env };
	box.clear_env = true;
	box.env = &path;
	e->file = file;
	if (confine_make(a, &box, &facts, &filter, e) < 0)
		return NULL;
	groups.uid = facts.uid;
	payload.group = box.limits == NULL ? NULL : &group;
	if (box.limits != NULL &&
	    group_make(a, box.limits, &groups, group_ours(&box), &group, e) < 0)
		return NULL;
	return plan_box(a, &box, &facts, &payload, e);
}

static void
one(const char *name)
{
	static char input[FILE_TEXT], machine[FILE_TEXT], golden[FILE_TEXT];
	static char kept[2][FILE_TEXT];
	char file[FOLDER_TEXT];
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	const struct plan *plan;
	struct str text, want, tool = S("sbx-ns");

	CU_ASSERT_FATAL(read_file(name, ".facts", machine, &facts_text));
	out.n = 0;
	if (read_file(name, ".args", input, &text)) {
		plan = plan_args(&a, text, &e);
	} else {
		CU_ASSERT_FATAL(read_file(name, ".box.json", input, &text));
		snprintf(file, sizeof(file), "%s/%s.box.json", folder, name);
		plan = plan_json(&a, str_of(file), text, &e);
		tool = S("sbx-hook");
	}
	if (plan == NULL)
		report_error(tool, &e);
	else
		CHECK_NUM(0, common_show_plan(tool, plan), 0);
	buf_put(&out, plan == NULL ? S("exit status 125\n") : S("exit status 0\n"));
	CU_ASSERT_FATAL(read_file(name, ".plan", golden, &want));
	text = counted(buf_str(&out), kept[0]);
	want = counted(want, kept[1]);
	if (!str_eq(text, want))
		printf("# differs: %s.plan\n", name);
	CU_ASSERT(str_eq(text, want));
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
