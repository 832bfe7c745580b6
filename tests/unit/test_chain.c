/* core/spec/chain.c */
#include <stdlib.h>
#include <unistd.h>

#include "boxes.h"
#include "spec/chain.h"
#include "spec/limits.h"
#include "unit.h"

static unsigned char mem[4 << 20], mem_again[4 << 20];
static char *no_environment[] = { NULL };

enum { WORDS_MAX = 256 };

struct argv {
	const char *word[WORDS_MAX];
	size_t n;
};

/* The words as a program gets them, NULL-terminated. */
static void
as_argv(struct arena *a, const struct strlist *l, struct argv *v)
{
	v->n = 0;
	for (const struct strnode *n = l->first; n != NULL; n = n->next) {
		CU_ASSERT_FATAL(v->n + 1 < WORDS_MAX);
		v->word[v->n] = arena_cstr(a, n->s);
		CU_ASSERT_FATAL(v->word[v->n] != NULL);
		v->n++;
	}
	v->word[v->n] = NULL;
}

static void
check_words(size_t row, struct arena *a, const struct box *b, char *const *envp,
    const char *const *want)
{
	struct strlist words = { 0 };
	const struct strnode *n;

	CHECK_NUM(row, box_argv(a, b, envp, &words), 0);
	n = words.first;
	for (; *want != NULL && n != NULL; want++, n = n->next)
		CHECK_STR(row, n->s, str_of(*want));
	CHECK_NUM(row, *want == NULL && n == NULL, true);
}

/* Written as a command line and read again it is an equal box. */
static void
check_round(size_t row, struct arena *a, const struct box *b)
{
	struct strlist words = { 0 };
	struct boxed again;
	struct argv v;

	CHECK_NUM(row, box_argv(a, b, no_environment, &words), 0);
	as_argv(a, &words, &v);
	CHECK_NUM(row,
	    boxed_words(&again, (struct arena){ mem_again, 0, sizeof(mem_again) }, LEVEL_UNSET,
		v.word),
	    0);
	CHECK_NUM(row, again.e.fault, FAULT_NONE);
	CHECK_NUM(row, again.dashes, true);
	CHECK_NUM(row, (unsigned)again.rest, v.n);
	CHECK_NUM(row, box_eq(b, &again.box), true);
	CHECK_NUM(row, box_eq(&again.box, b), true);
}

static const char *const line[][8] = {
	{ "--" },
	{ "--user=inherit", "--mount=new", "--pid=/proc/1/ns/pid", "--net=host" },
	{ "--ipc=inherit", "--uts=/a", "--cgroup=inherit", "--time=new" },
	{ "--net=none" },
	{ "--root=//srv/./x/", "--proc", "--proc-subset" },
	{ "--no-dev", "--no-init", "--new-session", "--outlive-parent" },
	{ "--dev" },
	{ "--ro=/a", "--rw=/a", "--tmp=/a:size=1,mode=0,nr_inodes=2", "--bind", "/x", "/y" },
	{ "--tmp", "/t", "--tmp=/u:size=1.5G,mode=7777" },
	{ "--bind", "/a b", "/c'd", "--ro", "/=x", "--rw=/-- y" },
	{ "--bind", "/--flag", "/-x" },
	{ "--hostname=a-b.c", "--chdir=/" },
	{ "--clear-env", "--env=A=", "--env=B", "--env=C=a=b c", "--env=D=--" },
	{ "--keep-fd=3", "--keep-fd=1023" },
	{ "--mount=inherit", "--pid=inherit", "--user=inherit", "--net=inherit", "--ipc=inherit",
	    "--uts=inherit", "--cgroup=inherit" },
};

static void
command_lines_come_back(void)
{
	for (size_t i = 0; i < COUNT(line); i++) {
		const char *word[12] = { "sbx-ns" };
		struct boxed b;

		memcpy(word + 1, line[i], sizeof(line[i]));
		CHECK_NUM(i,
		    boxed_words(&b, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET, word), 0);
		check_round(i, &b.a, &b.box);
	}
}

static void
documents_come_back(void)
{
	static const char *const text[] = {
		"{\"level\":\"namespaced\"}",
		"{\"network\":\"none\"}",
		"{\"network\":\"host\"}",
		"{\"new_session\":false}",
		"{\"root\":\"/r\",\"readonly_paths\":[\"/a\"],\"writable_paths\":[\"/a\",\"/\"],"
		"\"tmp_paths\":[\"/t\",\"/u:mode=0700\"],\"mount_proc\":true,\"proc_subset\":true}",
		"{\"hostname\":\"h\",\"chdir\":\"/c\",\"env\":[\"A\",\"B=1\",\"C=\"]}",
		"{\"mount_proc\":false}",
		"{\"env\":[\"A=\\n'\\\"\\\\ \\u00e4\"],\"readonly_paths\":[\"/'\\n\"]}",
	};

	for (size_t i = 0; i < COUNT(text); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e;
		const struct box *b = boxed_document(&a, &e, text[i]);

		CU_ASSERT_FATAL(b != NULL);
		check_round(i, &a, b);
	}
}

static uint32_t seed = 1;

static uint32_t
any(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static const char *
any_of(const char *const *t, size_t n)
{
	return t[any((uint32_t)n)];
}

/* One option in words that may or may not go together with the others. */
static size_t
any_option(const char **word, char *text, size_t room)
{
	static const char *const path[] = { "/", "/a", "/a/b", "/usr/lib", "/with space", "/--",
		"/-x", "/'", "/=", "/\"", "/\n", "/\xc3\xa4", "/%", "/$HOME", "/*" };
	static const char *const mode[] = { "new", "inherit", "/proc/1/ns/x" };
	static const char *const flag[] = { "proc", "proc-subset", "dev", "no-dev", "no-init",
		"new-session", "outlive-parent", "clear-env" };
	static const char *const paths[] = { "root", "ro", "rw", "chdir" };
	static const char *const options[] = { "", ":size=1", ":size=1T,mode=0", ":nr_inodes=9" };
	const char *p = any_of(path, COUNT(path));
	struct str ns = ns_name((enum ns_kind)any(NS_COUNT));

	word[0] = text;
	switch (any(8)) {
	case 0:
		snprintf(text, room, "--%.*s=%s", (int)ns.n, ns.p, any_of(mode, COUNT(mode)));
		return 1;
	case 1:
		snprintf(text, room, "--%s", any_of(flag, COUNT(flag)));
		return 1;
	case 2:
		snprintf(text, room, "--tmp=%s%s", any_of(path, COUNT(path)),
		    any_of(options, COUNT(options)));
		return 1;
	case 3:
		word[0] = "--bind";
		word[1] = p;
		word[2] = any_of(path, COUNT(path));
		return 3;
	case 4:
		snprintf(text, room, "--env=V%u%s%s", any(4), any(2) == 0 ? "=" : "",
		    any(2) == 0 ? p : "");
		return 1;
	case 5:
		snprintf(text, room, "--keep-fd=%u", 3 + any(5));
		return 1;
	case 6:
		snprintf(text, room, "--hostname=h%u", any(3));
		return 1;
	default:
		snprintf(text, room, "--%s=%s", any_of(paths, COUNT(paths)), p);
		return 1;
	}
}

static void
random_boxes_come_back(void)
{
	size_t good = 0, unequal = 0;
	static struct boxed last;
	static unsigned char mem_last[1 << 20];

	for (size_t i = 0; i < 20000; i++) {
		static char text[16][64];
		const char *word[64] = { "sbx-ns" };
		size_t n = 1;
		struct boxed b;

		for (size_t k = any(10); k > 0; k--)
			n += any_option(word + n, text[k], sizeof(text[k]));
		word[n] = NULL;
		if (boxed_words(&b, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET, word) < 0) {
			CU_ASSERT(b.e.fault == FAULT_USAGE && b.e.nmsg > 0);
			continue;
		}
		check_round(i, &b.a, &b.box);
		if (good++ > 0)
			unequal += !box_eq(&b.box, &last.box);
		/* kept, in memory of its own, for the next to be compared with */
		if (boxed_words(&last, (struct arena){ mem_last, 0, sizeof(mem_last) }, LEVEL_UNSET,
			word) < 0)
			CU_FAIL("not the same twice");
	}
	CU_ASSERT(good > 3000);
	CU_ASSERT(unequal > good / 2);
}

/* Each single choice makes another box: otherwise the tests above would not mean much. */
static void
differences_are_seen(void)
{
	static const char *const pair[][2] = {
		{ "--user=inherit", "--user=new" },
		{ "--time=inherit", "--" },
		{ "--net=/a", "--net=/b" },
		{ "--net=/a", "--net=new" },
		{ "--root=/a", "--root=/b" },
		{ "--root=/", "--" },
		{ "--proc", "--" },
		{ "--no-dev", "--" },
		{ "--no-init", "--" },
		{ "--new-session", "--" },
		{ "--outlive-parent", "--" },
		{ "--clear-env", "--" },
		{ "--hostname=a", "--hostname=b" },
		{ "--chdir=/a", "--chdir=/b" },
		{ "--ro=/a", "--" },
		{ "--ro=/a", "--rw=/a" },
		{ "--ro=/a", "--ro=/b" },
		{ "--tmp=/a", "--tmp=/a:size=1" },
		{ "--tmp=/a", "--tmp=/a:mode=0" },
		{ "--tmp=/a", "--tmp=/a:nr_inodes=9" },
		{ "--env=A", "--" },
		{ "--env=A", "--env=A=" },
		{ "--env=A", "--env=B" },
		{ "--env=A=1", "--env=A=2" },
		{ "--keep-fd=3", "--" },
		{ "--keep-fd=3", "--keep-fd=4" },
	};
	struct boxed a, b;

	for (size_t i = 0; i < COUNT(pair); i++) {
		CHECK_NUM(i,
		    boxed_words(&a, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET,
			WORDS(pair[i][0])),
		    0);
		CHECK_NUM(i,
		    boxed_words(&b, (struct arena){ mem_again, 0, sizeof(mem_again) }, LEVEL_UNSET,
			WORDS(pair[i][1])),
		    0);
		CHECK_NUM(i, box_eq(&a.box, &b.box), false);
		CHECK_NUM(i, box_eq(&b.box, &a.box), false);
		CHECK_NUM(i, box_eq(&a.box, &a.box), true);
	}
	CHECK_NUM(0,
	    boxed_words(&a, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET,
		WORDS("--proc", "--proc-subset", "--bind", "/a", "/b")),
	    0);
	CHECK_NUM(0,
	    boxed_words(&b, (struct arena){ mem_again, 0, sizeof(mem_again) }, LEVEL_UNSET,
		WORDS("--proc", "--proc-subset", "--bind", "/c", "/b")),
	    0);
	CHECK_NUM(0, box_eq(&a.box, &b.box), false);
	b = a;
	b.box.proc_subset = false;
	CHECK_NUM(0, box_eq(&a.box, &b.box), false);
	b = a;
	b.box.level = LEVEL_NONE;
	CHECK_NUM(0, box_eq(&a.box, &b.box), false);
	/* which of the two levels that need namespaces made it so does not count */
	b.box.level = LEVEL_NAMESPACED;
	CHECK_NUM(0, box_eq(&a.box, &b.box), true);
}

static void
the_words(void)
{
	struct boxed b;

	CHECK_NUM(0,
	    boxed_words(&b, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET, WORDS("-", "x")),
	    0);
	check_words(0, &b.a, &b.box, no_environment, WORDS("--"));
	CHECK_NUM(1,
	    boxed_words(&b, (struct arena){ mem, 0, sizeof(mem) }, LEVEL_UNSET,
		WORDS("--net", "host", "--pid=/p", "--tmp", "/t", "--bind", "/a", "/b", "--ro",
		    "/r", "--root=/", "--env", "A", "--env=B=", "--keep-fd", "7")),
	    0);
	check_words(1, &b.a, &b.box, no_environment,
	    WORDS("--pid=/p", "--net=inherit", "--root=/",
		"--tmp=/t:size=67108864,mode=1777,nr_inodes=16384", "--bind", "/a", "/b", "--ro=/r",
		"--env=A", "--env=B=", "--keep-fd=7", "--"));
}

static const struct box *
document(struct arena *a, const char *text)
{
	struct err e;
	const struct box *b;

	*a = (struct arena){ mem, 0, sizeof(mem) };
	b = boxed_document(a, &e, text);
	CU_ASSERT_FATAL(b != NULL);
	return b;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
level_none_without_us(void)
{
	char path[] = "PATH=/bin", a1[] = "A=1", empty[] = "EMPTY=";
	char *const envp[] = { path, a1, empty, NULL };
	struct arena a;
	struct box box;

	check_words(0, &a, document(&a, "{\"level\":\"none\"}"), envp,
	    LIST("setsid", "--wait", "env"));
	check_words(1, &a, document(&a, "{\"level\":\"none\",\"new_session\":false}"), envp,
	    LIST("env"));
	check_words(2, &a,
	    document(&a,
		"{\"level\":\"none\",\"new_session\":false,\"chdir\":\"/a b\",\"env\":[\"A\","
		"\"B=2\","
		"\"NOT_SET\",\"EMPTY\",\"C=\"]}"),
	    envp, LIST("env", "--chdir=/a b", "A=1", "B=2", "EMPTY=", "C="));
	box = *document(&a, "{\"level\":\"none\",\"env\":[\"B=2\"]}");
	box.clear_env = true;
	check_words(3, &a, &box, envp, LIST("setsid", "--wait", "env", "-i", "B=2"));
}

static struct env_rule *
rule(struct env_rule *r, const char *name, const char *value, struct env_rule *next)
{
	*r = (struct env_rule){ .name = str_of(name),
		.value = str_of(value),
		.literal = value != NULL,
		.next = next };
	return r;
}

/* Rules of sbx-hook, a box and a hook, one behind the other: sbx-ns would refuse a repeated name,
 * and the last one is what counts. */
static void
repeated_variables(void)
{
	char a1[] = "A=1";
	char *const envp[] = { a1, NULL };
	struct env_rule r[5];
	struct arena a;
	struct box box = *document(&a, "{\"level\":\"namespaced\"}");

	rule(&r[0], "A", "first",
	    rule(&r[1], "B", "x",
		rule(&r[2], "A", NULL, rule(&r[3], "B", NULL, rule(&r[4], "C", "", NULL)))));
	box.env = &r[0];
	check_words(0, &a, &box, envp,
	    WORDS("--net=inherit", "--time=inherit", "--new-session", "--env=A", "--env=B",
		"--env=C=", "--"));
	box.level = LEVEL_NONE;
	check_words(1, &a, &box, envp, LIST("setsid", "--wait", "env", "A=1", "C="));
}

static void
an_exhausted_arena(void)
{
	static const char *const text[] = {
		"{\"tmp_paths\":[\"/a\"],\"writable_paths\":[\"/b\"],\"env\":[\"A\"]}",
		"{\"level\":\"none\",\"chdir\":\"/\",\"env\":[\"A=1\"]}",
	};

	for (size_t i = 0; i < COUNT(text); i++) {
		struct arena a;
		const struct box *b = document(&a, text[i]);
		struct strlist words = { 0 };
		size_t before = a.used, needed;

		CHECK_NUM(i, box_argv(&a, b, no_environment, &words), 0);
		needed = a.used - before;
		CHECK_NUM(i, needed > 100, true);
		for (size_t room = 0; room < needed; room++) {
			words = (struct strlist){ 0 };
			a.used = before;
			a.cap = before + room;
			CHECK_NUM(room, box_argv(&a, b, no_environment, &words), -1);
		}
	}
}

static void
plain_words(void)
{
	static const struct {
		const char *word, *want;
	} t[] = {
		{ "", "''" },
		{ "a", "a" },
		{ "sbx-ns", "sbx-ns" },
		{ "--tmp=/a:size=1,mode=0+_%@.z9", "--tmp=/a:size=1,mode=0+_%@.z9" },
		{ "A=b", "A=b" },
		{ "=ls", "'=ls'" },
		{ "a b", "'a b'" },
		{ "'", "''\\'''" },
		{ "a'b''c", "'a'\\''b'\\'''\\''c'" },
		{ "~", "'~'" },
		{ "a~b", "'a~b'" },
		{ "\n", "'\n'" },
		{ "a\\b", "'a\\b'" },
		{ "{a,b}", "'{a,b}'" },
		{ "\xc3\xa4", "'\xc3\xa4'" },
		{ "a[", "'a['" },
		{ "a`", "'a`'" },
		{ "!", "'!'" },
		{ "#", "'#'" },
		{ "^", "'^'" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char text[128];
		struct buf b = BUF(text);

		shell_word(&b, str_of(t[i].word));
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

enum { SHELL_WORDS = 600, LONGEST = 12 };

/* Each byte alone and in the middle, and then at random. */
static size_t
shell_case(size_t i, char *word)
{
	size_t n;

	if (i < 255) {
		word[0] = (char)(i + 1);
		return 1;
	}
	if (i < 510) {
		memcpy(word, "a b", 3);
		word[1] = (char)(i - 254);
		return 3;
	}
	n = any(LONGEST);
	for (size_t k = 0; k < n; k++)
		word[k] = any(2) == 0 ? "'\\\" \n$`-"[any(8)] : (char)(1 + any(255));
	return n;
}

static void
a_shell_reads_them_back(void)
{
	static char script[1 << 16], got[SHELL_WORDS * (LONGEST + 1) + 1], want[sizeof(got)];
	struct buf s = BUF(script), w = BUF(want);
	char path[] = "/tmp/sbx-unit.XXXXXX", command[64];
	int fd = mkstemp(path);
	size_t n = 0;
	FILE *f;

	CU_ASSERT_FATAL(fd >= 0);
	buf_put(&s, S("LC_ALL=C\nexport LC_ALL\nset -f\n"));
	for (size_t i = 0; i < SHELL_WORDS; i++) {
		char word[LONGEST];
		struct str text = { word, shell_case(i, word) };

		buf_put(&s, S("printf '%s\\000' "));
		shell_word(&s, text);
		buf_char(&s, '\n');
		buf_put(&w, text);
		buf_char(&w, '\0');
	}
	CU_ASSERT_FATAL(!s.full && !w.full);
	CU_ASSERT_FATAL(write(fd, s.p, s.n) == (ssize_t)s.n);
	snprintf(command, sizeof(command), "exec sh %s", path);
	f = popen(command, "r");
	CU_ASSERT_FATAL(f != NULL);
	n = fread(got, 1, sizeof(got), f);
	CHECK_NUM(0, (unsigned)pclose(f), 0);
	close(fd);
	unlink(path);
	CHECK_NUM(0, n, w.n);
	CU_ASSERT(n == w.n && memcmp(got, want, n) == 0);
}

/* The link that comes behind; what stands in the document has no words. */
static void
the_filter(void)
{
	static const struct {
		const char *text;
		int result;
		const char *word, *name;
	} t[] = {
		{ "{\"mount_proc\":true}", 0, "-p", "deny-dangerous" },
		{ "{\"level\":\"none\"}", 0, NULL, NULL },
		{ "{\"seccomp\":\"none\"}", 0, NULL, NULL },
		{ "{\"level\":\"none\",\"seccomp\":\"strict\"}", 0, "-p", "strict" },
		{ "{\"seccomp\":\"//etc/./p\"}", 0, "-f", "/etc/p" },
		{ "{\"seccomp\":[]}", 1, NULL, NULL },
		{ "{\"seccomp\":{}}", 1, NULL, NULL },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e;
		struct strlist words = { 0 };
		const struct box *b = boxed_document(&a, &e, t[i].text);
		const char *const want[] = { "sbx-seccomp", t[i].word, t[i].name, "--" };
		const struct strnode *n;
		size_t k = 0;

		CU_ASSERT_FATAL(b != NULL);
		CHECK_NUM(i, box_seccomp_argv(&a, b, &words), t[i].result);
		CHECK_NUM(i, words.n, t[i].word == NULL ? 0 : 4);
		for (n = words.first; n != NULL; n = n->next)
			CHECK_STR(i, n->s, str_of(want[k++]));
		a.cap = a.used;
		words = (struct strlist){ 0 };
		CHECK_NUM(i, box_seccomp_argv(&a, b, &words), t[i].word != NULL ? -1 : t[i].result);
	}
}

struct kept {
	struct seen seen;
	bool privileges;
};

/* clang-format off */
static const struct field kept_rows[] = {
	{ ROW("", "keep-privs", "", "", "privileges stay"),
	  .offset = offsetof(struct kept, privileges) },
};
/* clang-format on */

static const struct table kept_table = { "what is sbx-cg's own", kept_rows, COUNT(kept_rows) };

/* The words of the limits; read as sbx-cg does it, they are equal limits. */
static void
check_limits(size_t row, struct arena *a, const struct box *b, const char *const *want)
{
	struct arena again = { mem_again, 0, sizeof(mem_again) };
	struct err e = { 0 };
	struct field_ctx c = { &again, FAULT_USAGE, &e, POS_NONE };
	struct limits limits = { 0 };
	struct kept kept = { 0 };
	const struct args_part part[] = { { &limits_table, &limits }, { &kept_table, &kept } };
	struct strlist words = { 0 };
	const struct strnode *n;
	struct argv v;
	int rest;
	bool dashes;

	CHECK_NUM(row, box_limits_argv(a, b, S(""), &words), 0);
	n = words.first;
	for (; *want != NULL && n != NULL; want++, n = n->next)
		CHECK_STR(row, n->s, str_of(*want));
	CHECK_NUM(row, *want == NULL && n == NULL, true);
	if (b->limits == NULL)
		return;
	as_argv(a, &words, &v);
	CHECK_NUM(row,
	    args_parse(&c, part, COUNT(part), (int)v.n - 1, (char *const *)(uintptr_t)v.word + 1,
		&rest, &dashes),
	    0);
	CHECK_NUM(row, (unsigned)rest, v.n - 1);
	CHECK_NUM(row, dashes, true);
	CHECK_NUM(row, limits_finish(&c, &limits), 0);
	CHECK_NUM(row, limits_eq(b->limits, &limits), true);
	CHECK_NUM(row, kept.privileges, b->level == LEVEL_NONE);
}

/* The link that comes before. */
static void
the_limits(void)
{
	static const struct {
		const char *text;
		const char *want[32];
	} t[] = {
		{ "{\"mount_proc\":true}", { NULL } },
		{ "{\"io\":[],\"memory\":4096}", { "sbx-cg", "run", "--memory=4K", "--" } },
		{ "{\"level\":\"none\",\"pids\":7}",
		    { "sbx-cg", "run", "--pids=7", "--keep-privs", "--" } },
		{ "{\"memory\":\"1M\",\"oom_group\":true,\"devices_only\":false}",
		    { "sbx-cg", "run", "--memory=1M", "--" } },
		{ "{\"memory\":\"64M\",\"memory_high\":1000000,\"memory_low\":0,\"memory_min\":1,"
		  "\"swap\":\"4096T\",\"oom_group\":false,\"cpu\":1.125,\"cpu_period\":\"1s\","
		  "\"cpu_burst\":\"5ms\",\"cpu_weight\":10000,\"cpus\":\"3,2,1,9\",\"mems\":\"0\","
		  "\"pids\":4194304}",
		    { "sbx-cg", "run", "--memory=64M", "--memory-high=1000000", "--memory-low=0",
			"--memory-min=1", "--swap=4096T", "--no-oom-group", "--cpu=1.125",
			"--cpu-period=1s", "--cpu-burst=5ms", "--cpu-weight=10000", "--cpus=1-3,9",
			"--mems=0", "--pids=4194304", "--" } },
		{ "{\"io\":[\"//dev/v:da:rbps=1M,wiops=2\",\"8:0:wbps=1,riops=4\"],\"io_weight\":1,"
		  "\"hugetlb\":[\"2M=4M\",\"1GB=0\"],\"cgroup_files\":[\"rdma.max=a b=c\","
		  "\"misc.max= -x\"],\"allowed_devices\":[\"/dev/a:b:r\",\"/dev/c\",\"a:w\","
		  "\"b:8:*\","
		  "\"c:*:0:mr\"],\"devices_only\":true,\"idle_timeout\":\"1h30m\","
		  "\"cpu_time\":\"1ms\","
		  "\"degrade\":[\"cpu\",\"seccomp\"]}",
		    { "sbx-cg", "run", "--io=/dev/v:da:rbps=1048576,wiops=2",
			"--io=8:0:wbps=1,riops=4", "--io-weight=1", "--hugetlb=2MB=4194304",
			"--hugetlb=1GB=0", "--set=rdma.max=a b=c", "--set=misc.max= -x",
			"--device=/dev/a:b:r", "--device=/dev/c:rwm", "--device=a:*:*:w",
			"--device=b:8:*:rwm", "--device=c:*:0:rm", "--no-default-devices",
			"--idle-timeout=90m", "--cpu-time=1ms", "--degrade=cpu", "--" } },
		{ "{\"memory\":\"1G\",\"pids\":1,\"degrade\":[\"pids\",\"memory\"]}",
		    { "sbx-cg", "run", "--memory=1G", "--pids=1", "--degrade=memory,pids", "--" } },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct strlist words = { 0 };
		struct err e;
		const struct box *b = boxed_document(&a, &e, t[i].text);
		size_t used;

		CU_ASSERT_FATAL(b != NULL);
		used = a.used;
		check_limits(i, &a, b, t[i].want);
		a = (struct arena){ mem, used, used };
		CHECK_NUM(i, box_limits_argv(&a, b, S(""), &words), b->limits == NULL ? 0 : -1);
	}
}

/* Where its group is to be is told by whoever runs it. */
static void
the_place(void)
{
	static const char *const want[] = { "sbx-cg", "run", "--parent=/c/a b", "--pids=7", "--" };
	struct arena a = { mem, 0, sizeof(mem) };
	struct strlist words = { 0 };
	struct err e;
	const struct box *b = boxed_document(&a, &e, "{\"pids\":7}");
	struct box none = { .level = LEVEL_NAMESPACED };
	size_t i = 0;

	CU_ASSERT_FATAL(b != NULL);
	CHECK_NUM(0, box_limits_argv(&a, b, S("/c/a b"), &words), 0);
	CHECK_NUM(0, words.n, COUNT(want));
	for (const struct strnode *n = words.first; n != NULL && i < COUNT(want); n = n->next, i++)
		CHECK_STR(i, n->s, str_of(want[i]));
	words = (struct strlist){ 0 };
	CHECK_NUM(1, box_limits_argv(&a, &none, S("/c"), &words), 0);
	CHECK_NUM(1, words.n, 0);
}

UNIT_MAIN("chain", { "command lines come back", command_lines_come_back },
    { "documents come back", documents_come_back },
    { "random boxes come back", random_boxes_come_back },
    { "differences are seen", differences_are_seen }, { "the words", the_words },
    { "level none, without us", level_none_without_us }, { "the filter", the_filter },
    { "the limits", the_limits }, { "the place", the_place },
    { "repeated variables", repeated_variables }, { "an exhausted arena", an_exhausted_arena },
    { "plain words", plain_words }, { "a shell reads them back", a_shell_reads_them_back })
