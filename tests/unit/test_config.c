/* core/spec/config.c */
#include <dirent.h>

#include "boxes.h"
#include "spec/limits.h"
#include "unit.h"

#define VECTORS "tests/vectors/config/"

static unsigned char mem[256 << 20];

static struct config *
read_config(struct err *e, struct str text)
{
	struct arena a = { mem, 0, sizeof(mem) };

	*e = (struct err){ 0 };
	return config_read(&a, S("f"), text, e);
}

#define DOCUMENT_DUE \
	", where an object with \"sandboxes\" and \"hooks\", or with one sandbox's keys, is due"
#define NAME_DUE \
	" is no name; 1 to 255 letters, digits, '.', '_' and '-' are due, not beginning with '.' " \
	"or '-'"

static void
wrong_documents(void)
{
	static const struct {
		const char *text;
		uint32_t line, col;
		const char *path, *msg;
	} t[] = {
		{ "{}", 1, 1, "$", "an empty object" DOCUMENT_DUE },
		{ " {\n}", 1, 2, "$", "an empty object" DOCUMENT_DUE },
		{ "[]", 1, 1, "$", "an array" DOCUMENT_DUE },
		{ "[1]", 1, 1, "$", "an array" DOCUMENT_DUE },
		{ "null", 1, 1, "$", "null" DOCUMENT_DUE },
		{ "true", 1, 1, "$", "true or false" DOCUMENT_DUE },
		{ "7", 1, 1, "$", "a number" DOCUMENT_DUE },
		{ "\"x\"", 1, 1, "$", "a string" DOCUMENT_DUE },
		{ "", 1, 1, "$", "expected a value, found the end of the text" },
		{ "{\"sandboxes\":null}", 1, 14, "$.sandboxes",
		    "null, where an object of names is due" },
		{ "{\"sandboxes\":[]}", 1, 14, "$.sandboxes",
		    "an array, where an object of names is due" },
		{ "{\"hooks\":3}", 1, 10, "$.hooks", "a number, where an object of names is due" },
		{ "{\"hooks\":\"x\"}", 1, 10, "$.hooks",
		    "a string, where an object of names is due" },
		{ "{\"sandboxs\":{}}", 1, 2, "$",
		    "unknown key \"sandboxs\"; did you mean \"sandboxes\"?" },
		{ "{\"sandbox\":{}}", 1, 2, "$",
		    "unknown key \"sandbox\"; did you mean \"sandboxes\"?" },
		{ "{\"hook\":{}}", 1, 2, "$", "unknown key \"hook\"; did you mean \"hooks\"?" },
		{ "{\"Hooks\":{}}", 1, 2, "$", "unknown key \"Hooks\"; did you mean \"hooks\"?" },
		{ "{\"level\":\"none\",\"hook\":{}}", 1, 17, "$",
		    "unknown key \"hook\"; did you mean \"hooks\"?" },
		{ "{\"sandboxes\":{},\"hook\":{}}", 1, 17, "$",
		    "unknown key \"hook\"; did you mean \"hooks\"?" },
		{ "{\"sandboxes\":{},\"x\":{}}", 1, 17, "$",
		    "unknown key \"x\" (sandboxes, hooks)" },
		{ "{\"hooks\":{},\"level\":\"none\"}", 1, 13, "$",
		    "unknown key \"level\" (sandboxes, hooks)" },
		{ "{\"sandboxes\":{},\n \"backends\":{}}", 2, 2, "$",
		    "unknown key \"backends\" (sandboxes, hooks)" },
		{ "{\"sandboxes\":{},\"sandboxes\":{}}", 1, 17, "$.sandboxes",
		    "duplicate key \"sandboxes\", which is at 1:2 already" },
		{ "{\"sandboxes\":{\"a\":null}}", 1, 19, "$.sandboxes.a",
		    "null, where a sandbox is due" },
		{ "{\"sandboxes\":{\"a\":[]}}", 1, 19, "$.sandboxes.a",
		    "an array, where a sandbox is due" },
		{ "{\"sandboxes\":{\"a\":{},\"b\":\"c\"}}", 1, 26, "$.sandboxes.b",
		    "a string, where a sandbox is due" },
		{ "{\"sandboxes\":{\"\":{}}}", 1, 15, "$.sandboxes", "\"\"" NAME_DUE },
		{ "{\"sandboxes\":{\"-a\":{}}}", 1, 15, "$.sandboxes", "\"-a\"" NAME_DUE },
		{ "{\"sandboxes\":{\".a\":{}}}", 1, 15, "$.sandboxes", "\".a\"" NAME_DUE },
		{ "{\"sandboxes\":{\"a b\":{}}}", 1, 15, "$.sandboxes", "\"a b\"" NAME_DUE },
		{ "{\"sandboxes\":{\"a/b\":{}}}", 1, 15, "$.sandboxes", "\"a/b\"" NAME_DUE },
		{ "{\"sandboxes\":{\"ä\":{}}}", 1, 15, "$.sandboxes", "\"ä\"" NAME_DUE },
		{ "{\"sandboxes\":{\"a@\":{}}}", 1, 15, "$.sandboxes", "\"a@\"" NAME_DUE },
		{ "{\"hooks\":{\"a[\":{}}}", 1, 11, "$.hooks", "\"a[\"" NAME_DUE },
		{ "{\"sandboxes\":{\"a\":{},\"a\":{}}}", 1, 22, "$.sandboxes.a",
		    "duplicate key \"a\", which is at 1:15 already" },
		{ "{\"sandboxes\":{\"a.b\":{\"levle\":\"none\"}}}", 1, 22, "$.sandboxes[\"a.b\"]",
		    "unknown key \"levle\"; did you mean \"level\"?" },
		{ "{\"sandboxes\":{\"a\":{\"level\":\"none\",\"level\":\"none\"}}}", 1, 35,
		    "$.sandboxes.a.level", "duplicate key \"level\", which is at 1:20 already" },
		{ "{\"sandboxes\":{\"a\":{\"level\":\"none\",\"env\":[\"A\"\n,\"A\"]}}}", 2, 2,
		    "$.sandboxes.a.env[1]", "\"A\" is there already" },
		{ "{\"sandboxes\":{\"a\":{},\"b\":{\"proc_subset\":true}}}", 1, 41, "$.sandboxes.b",
		    "proc_subset without mount_proc: --proc (mount_proc: true) is due" },
		{ "{\"levle\":\"none\"}", 1, 2, "$",
		    "unknown key \"levle\"; did you mean \"level\"?" },
		{ "{\"xyzzy\":1}", 1, 2, "$",
		    "unknown key \"xyzzy\" (level, network, root, readonly_paths, writable_paths,"
		    " tmp_paths, mount_proc, proc_subset, new_session, hostname, chdir, env,"
		    " seccomp, degrade, memory, memory_high, memory_low, memory_min, swap, "
		    "oom_group,"
		    " cpu, cpu_period, cpu_burst, cpu_weight, cpus, mems, pids, io, io_weight,"
		    " hugetlb, cgroup_files, allowed_devices, devices_only, idle_timeout,"
		    " cpu_time)" },
		{ "{\"level\":\"container\"}", 1, 10, "$.level",
		    "unknown word \"container\" (none, namespaced)" },
		{ "{\"level\":null}", 1, 10, "$.level",
		    "null, where a word (none, namespaced) is due" },
		{ "{\"hooks\":{\"h\":null}}", 1, 15, "$.hooks.h", "null, where a hook is due" },
		{ "{\"hooks\":{\"h\":[]}}", 1, 15, "$.hooks.h", "an array, where a hook is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e;

		CHECK_NUM(i, read_config(&e, str_of(t[i].text)) == NULL, true);
		CHECK_TOLD(i, &e, FAULT_CONFIG, t[i].line, t[i].col, t[i].path, t[i].msg);
		CHECK_TEXT(i, e.file, "f");
	}
}

/* What the box gets of its limits: those that were given, finished. */
static void
limits_of_boxes(void)
{
	struct err e;
	const struct config *c = read_config(&e,
	    S("{\"sandboxes\":{\"a\":{},\"b\":{\"degrade\":[\"seccomp\"]},\n"
	      "\"c\":{\"cpu\":1,\"oom_group\":true,\"memory\":\"1M\",\"degrade\":[\"cpu\","
	      "\"seccomp\"]},\n"
	      "\"d\":{\"oom_group\":false,\"memory\":\"1M\"},\"e\":{\"allowed_devices\":[]}}}"));
	const struct box *b;

	CU_ASSERT_FATAL(c != NULL);
	b = c->boxes;
	CU_ASSERT(b->limits == NULL);
	b = b->next;
	CU_ASSERT(b->limits == NULL);
	b = b->next;
	CU_ASSERT_FATAL(b->limits != NULL);
	CHECK_NUM(0, b->limits->cpu, 1000);
	CHECK_NUM(0, b->limits->cpu_period, 100);
	CHECK_NUM(0, b->limits->grace, 5000);
	CHECK_NUM(0, b->limits->memory, 1 << 20);
	CHECK_NUM(0, b->limits->no_oom_group, false);
	CHECK_NUM(0, b->limits->degrade, DEGRADE_CPU);
	CHECK_NUM(0, b->degrade, DEGRADE_CPU | DEGRADE_SECCOMP);
	CHECK_NUM(0, limits_given(b->limits, no_oom_group), true);
	b = b->next;
	CU_ASSERT_FATAL(b->limits != NULL);
	CHECK_NUM(0, b->limits->no_oom_group, true);
	b = b->next;
	/* an empty list is as good as none */
	CU_ASSERT(b->limits == NULL);
}

static void
wrong_limits(void)
{
	static const struct {
		const char *text;
		unsigned col;
		const char *path, *msg;
	} t[] = {
		{ "{\"memory\":true}", 11, "$.memory",
		    "true or false, where a number of bytes or a string such as \"64M\" is due" },
		{ "{\"memory\":\"12Q\"}", 11, "$.memory",
		    "\"12Q\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "{\"cpu\":1e9}", 8, "$.cpu",
		    "\"1e9\" is no number of cores; digits such as 2 or 0.5 are due, three behind "
		    "the "
		    "point at most" },
		{ "{\"pids\":\"1\"}", 9, "$.pids", "a string, where a number is due" },
		{ "{\"cpu_tmie\":\"1s\"}", 2, "$",
		    "unknown key \"cpu_tmie\"; did you mean \"cpu_time\"?" },
		{ "{\"io\":[\"8:0:rbps=1\",\"8:0:wbps=1\"]}", 21, "$.io[1]",
		    "\"8:0\" is there already" },
		{ "{\"oom_group\":true}", 14, "$", "oom_group without memory, which is due" },
		{ "{\"cpu_burst\":\"1ms\"}", 14, "$", "cpu_burst without cpu, which is due" },
		{ "{\"pids\":1,\"cgroup_files\":[\"misc.max=a\",\"pids.max=1\"]}", 40, "$",
		    "the file \"pids.max\" is written by another limit already" },
		{ "{\"degrade\":[\"memory\"]}", 12, "$",
		    "degrade memory: without memory there is nothing to do without" },
		{ "{\"degrade\":[\"cpu\"],\"pids\":1}", 12, "$",
		    "degrade cpu: without cpu there is nothing to do without" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e;

		CHECK_NUM(i, read_config(&e, str_of(t[i].text)) == NULL, true);
		CHECK_TOLD(i, &e, FAULT_CONFIG, 1, t[i].col, t[i].path, t[i].msg);
	}
}

static void
no_text(void)
{
	struct err e;

	CU_ASSERT(read_config(&e, (struct str){ NULL, 0 }) == NULL);
	CHECK_TOLD(0, &e, FAULT_CONFIG, 1, 1, "$", "expected a value, found the end of the text");
}

static void
boxes_and_hooks_in_order(void)
{
	struct err e;
	const struct config *c = read_config(&e,
	    S("{\"hooks\":{\"z\":{\"command\":\"z\",\"hook\":\"eval\",\"sandbox\":\"b\"},\n"
	      "\"a\":{\"command\":\"a\",\"hook\":\"eval\",\"sandbox\":\"a\"}},\n"
	      "\"sandboxes\":{\"b\":{},\"a\":{\"network\":\"none\"}}}"));

	CU_ASSERT_FATAL(c != NULL);
	/* from here on there is no place in the document to be told */
	CHECK_TEXT(0, e.file, "");
	CHECK_TEXT(0, c->file, "f");
	CU_ASSERT(!c->bare);
	CHECK_TEXT(0, c->boxes->name, "b");
	CHECK_TEXT(0, c->boxes->next->name, "a");
	CU_ASSERT(c->boxes->next->next == NULL);
	CHECK_NUM(0, c->boxes->pos.line, 3);
	CHECK_NUM(0, c->boxes->pos.col, 18);
	CHECK_TEXT(0, c->hooks->name, "z");
	CHECK_TEXT(0, c->hooks->next->name, "a");
	CU_ASSERT(c->hooks->next->next == NULL);
	CU_ASSERT(c->hooks->box == c->boxes && c->hooks->next->box == c->boxes->next);
	CU_ASSERT(config_box(c, S("a")) == c->boxes->next);
	CU_ASSERT(config_box(c, S("z")) == NULL);
	CU_ASSERT(config_box(c, S("")) == NULL);
	CU_ASSERT(config_hook(c, S("z")) == c->hooks);
	CU_ASSERT(config_hook(c, S("b")) == NULL);
	CU_ASSERT(config_hook(c, S("")) == NULL);
}

static void
a_bare_box(void)
{
	struct err e;
	const struct config *c = read_config(&e, S("\n {\"level\":\"none\"}"));

	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT(c->bare && c->hooks == NULL && c->boxes->next == NULL);
	CHECK_TEXT(0, c->boxes->name, "");
	CHECK_NUM(0, c->boxes->pos.line, 2);
	CHECK_NUM(0, c->boxes->level, LEVEL_NONE);
	CU_ASSERT(config_box(c, S("")) == c->boxes);
	CU_ASSERT(config_hook(c, S("")) == NULL);
	c = read_config(&e, S("{\"sandboxes\":{}}"));
	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT(!c->bare && c->boxes == NULL && c->hooks == NULL);
}

static void
names(void)
{
	static const char *const good[] = { "a", "Z", "0", "_", "a.b", "a-", "a..", "_-." };
	static char name[300];
	char text[400];
	struct err e;
	const struct config *c;

	for (size_t i = 0; i < COUNT(good); i++) {
		snprintf(text, sizeof(text), "{\"sandboxes\":{\"%s\":{}}}", good[i]);
		c = read_config(&e, str_of(text));
		CU_ASSERT_FATAL(c != NULL);
		CHECK_STR(i, c->boxes->name, str_of(good[i]));
	}
	memset(name, 'n', sizeof(name));
	for (size_t n = 255; n <= 256; n++) {
		snprintf(text, sizeof(text), "{\"sandboxes\":{\"%.*s\":{}}}", (int)n, name);
		CHECK_NUM(n, read_config(&e, str_of(text)) == NULL, n == 256);
	}
	CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg }, S("nnn...\"" NAME_DUE)));
	CU_ASSERT(read_config(&e, S("{\"sandboxes\":{\"a\\u0000\":{}}}")) == NULL);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "\"a\0\"" NAME_DUE);
}

/* The names that are declared are listed as far as there is room, and then the line still ends. */
static void
many_declared(void)
{
	static char text[65536];
	struct buf b = BUF(text);
	struct err e;

	buf_put(&b, S("{\"sandboxes\":{\"a\":{}"));
	for (size_t i = 0; i < 1000; i++) {
		buf_put(&b, S(",\"sandbox-number-"));
		buf_uint(&b, i);
		buf_put(&b, S("\":{}"));
	}
	buf_put(&b,
	    S("},\"hooks\":{\"h\":{\"command\":\"h\",\"hook\":\"eval\",\"sandbox\":\"x\"}}}"));
	CU_ASSERT_FATAL(!b.full);
	CU_ASSERT(read_config(&e, buf_str(&b)) == NULL);
	CU_ASSERT(str_starts((struct str){ e.msg, e.nmsg },
	    S("no sandbox is called \"x\" (declared: a, sandbox-number-0, ")));
	CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg }, S(", ...)")));
}

/* Linear enough: as large as a configuration may be. */
static void
large_documents(void)
{
	static char text[1 << 20];
	struct buf b = BUF(text);
	struct err e;
	const struct config *c;

	buf_put(&b, S("{\"readonly_paths\":[\"/x\""));
	for (size_t i = 0; b.n + 40 < b.cap; i++) {
		buf_put(&b, S(",\"/usr/"));
		buf_uint(&b, i);
		buf_put(&b, S("\""));
	}
	buf_put(&b, S("]}"));
	CU_ASSERT_FATAL(!b.full);
	c = read_config(&e, buf_str(&b));
	CU_ASSERT_FATAL(c != NULL);
	CU_ASSERT(c->boxes->nactions > 70000);
	b = BUF(text);
	buf_put(&b, S("{\"sandboxes\":{\"x\":{}"));
	for (size_t i = 0; b.n + 40 < b.cap; i++) {
		buf_put(&b, S(",\"b"));
		buf_uint(&b, i);
		buf_put(&b, S("\":{}"));
	}
	buf_put(&b, S("}}"));
	CU_ASSERT_FATAL(!b.full);
	CU_ASSERT(read_config(&e, buf_str(&b)) != NULL);
	b = BUF(text);
	for (size_t i = 0; !b.full; i++)
		buf_put(&b, S("[{\"a\":"));
	CU_ASSERT(read_config(&e, buf_str(&b)) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
}

static size_t
load(const char *folder, const char *name, char *text, size_t room)
{
	char path[512];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), VECTORS "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return 0;
	n = fread(text, 1, room, f);
	fclose(f);
	return n;
}

/* Calls for each NAME.json of the folder; returns how many there were. */
static size_t
each_vector(const char *folder, void (*check)(const char *name, struct str text))
{
	static char text[65536];
	char path[512];
	struct dirent *d;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), VECTORS "%s", folder);
	dir = opendir(path);
	CU_ASSERT_FATAL(dir != NULL);
	while ((d = readdir(dir)) != NULL) {
		if (!str_ends(str_of(d->d_name), S(".json")))
			continue;
		check(d->d_name, (struct str){ text, load(folder, d->d_name, text, sizeof(text)) });
		n++;
	}
	closedir(dir);
	return n;
}

static void
check_good(const char *name, struct str text)
{
	struct err e;
	char line[1024];
	struct buf b = BUF(line);

	if (read_config(&e, text) != NULL) {
		CU_ASSERT(e.fault == FAULT_NONE);
		return;
	}
	err_line(&e, &b);
	printf("# %s: %.*s\n", name, (int)b.n, line);
	CU_FAIL("a good configuration was refused");
}

/* NAME.err holds the line that is printed, behind the tool's name. */
static void
check_bad(const char *name, struct str text)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	char line[1024], other[256], want[1024];
	struct buf b = BUF(line);
	size_t n;

	CU_ASSERT(config_read(&a, str_of(name), text, &e) == NULL);
	err_line(&e, &b);
	buf_char(&b, '\n');
	snprintf(other, sizeof(other), "%.*s.err", (int)strlen(name) - 5, name);
	n = load("bad", other, want, sizeof(want));
	CU_ASSERT(n > 1 && !b.full);
	CHECK_STR(0, buf_str(&b), ((struct str){ want, n }));
}

static void
good_vectors(void)
{
	CU_ASSERT(each_vector("good", check_good) >= 10);
}

static void
bad_vectors(void)
{
	CU_ASSERT(each_vector("bad", check_bad) >= 40);
}

UNIT_MAIN("config", { "wrong documents", wrong_documents }, { "limits of boxes", limits_of_boxes },
    { "wrong limits", wrong_limits }, { "no text", no_text },
    { "boxes and hooks in order", boxes_and_hooks_in_order }, { "a bare box", a_bare_box },
    { "names", names }, { "many declared", many_declared }, { "large documents", large_documents },
    { "good vectors", good_vectors }, { "bad vectors", bad_vectors })
