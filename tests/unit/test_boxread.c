/* core/spec/boxread.c */
#include "base/limits.h"
#include "boxes.h"
#include "unit.h"

static unsigned char mem[8 << 20];

#define ARENA ((struct arena){ mem, 0, sizeof(mem) })

static void
namespaces(void)
{
	static const struct {
		const char *word;
		enum ns_kind kind;
		enum ns_mode mode;
		const char *path;
	} t[] = {
		{ "--user=new", NS_USER, NS_NEW, "" },
		{ "--mount=inherit", NS_MOUNT, NS_INHERIT, "" },
		{ "--pid=/proc/1/ns/pid", NS_PID, NS_JOIN, "/proc/1/ns/pid" },
		{ "--net=new", NS_NET, NS_NEW, "" },
		{ "--net=none", NS_NET, NS_NEW, "" },
		{ "--net=host", NS_NET, NS_INHERIT, "" },
		{ "--net=inherit", NS_NET, NS_INHERIT, "" },
		{ "--net=//run/./netns/a", NS_NET, NS_JOIN, "/run/netns/a" },
		{ "--ipc=new", NS_IPC, NS_NEW, "" },
		{ "--uts=inherit", NS_UTS, NS_INHERIT, "" },
		{ "--cgroup=/", NS_CGROUP, NS_JOIN, "/" },
		{ "--time=inherit", NS_TIME, NS_INHERIT, "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_parse(&b, ARENA, WORDS(t[i].word)), 0);
		for (size_t k = 0; k < NS_COUNT; k++)
			CHECK_NUM(i, b.box.ns[k].mode, k == t[i].kind ? t[i].mode : NS_UNSET);
		CHECK_STR(i, b.box.ns[t[i].kind].path, str_of(t[i].path));
		CHECK_NUM(i, b.box.ns[t[i].kind].pos.col, 1);
	}
}

static void
actions(void)
{
	struct boxed b;
	const struct action *a;

	CHECK_NUM(0,
	    boxed_parse(&b, ARENA,
		WORDS("--ro", "/a/", "--tmp=/t:size=1K,mode=0700,nr_inodes=2", "--bind", "/x",
		    "//y", "--rw=/", "--tmp", "/u")),
	    0);
	CHECK_NUM(0, b.box.nactions, 5);
	CHECK_NUM(0, b.box.ntmp, 2);
	a = b.box.first;
	CU_ASSERT_FATAL(a != NULL);
	CHECK_NUM(0, a->kind, ACTION_RO);
	CHECK_TEXT(0, a->src, "/a");
	CHECK_TEXT(0, a->dest, "/a");
	CHECK_NUM(0, a->index, 0);
	CHECK_NUM(0, a->pos.col, 1);
	a = a->next;
	CHECK_NUM(1, a->kind, ACTION_TMP);
	CHECK_TEXT(1, a->dest, "/t");
	CHECK_TEXT(1, a->src, "");
	CHECK_NUM(1, a->size, 1024);
	CHECK_NUM(1, a->mode, 0700);
	CHECK_NUM(1, a->inodes, 2);
	CHECK_NUM(1, a->index, 1);
	CHECK_NUM(1, a->pos.col, 3);
	a = a->next;
	CHECK_NUM(2, a->kind, ACTION_BIND);
	CHECK_TEXT(2, a->src, "/x");
	CHECK_TEXT(2, a->dest, "/y");
	a = a->next;
	CHECK_NUM(3, a->kind, ACTION_RW);
	CHECK_TEXT(3, a->dest, "/");
	a = a->next;
	CHECK_NUM(4, a->kind, ACTION_TMP);
	CHECK_NUM(4, a->size, 64 << 20);
	CHECK_NUM(4, a->mode, 01777);
	CHECK_NUM(4, a->inodes, 16384);
	CHECK_NUM(4, a->index, 4);
	CU_ASSERT(a->next == NULL && b.box.last == &a->next);
}

static void
tmp_options(void)
{
	static const struct {
		const char *word;
		uint64_t size, inodes;
		uint32_t mode;
	} t[] = {
		{ "--tmp=/t:size=1", 1, 16384, 01777 },
		{ "--tmp=/t:size=18446744073709551615", UINT64_MAX, 16384, 01777 },
		{ "--tmp=/t:nr_inodes=16777216", 64 << 20, 16777216, 01777 },
		{ "--tmp=/t:mode=0", 64 << 20, 16384, 0 },
		{ "--tmp=/t:mode=07777", 64 << 20, 16384, 07777 },
		{ "--tmp=/t:mode=755,size=1.5k", 1536, 16384, 0755 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_parse(&b, ARENA, WORDS(t[i].word)), 0);
		CU_ASSERT_FATAL(b.box.first != NULL);
		CHECK_TEXT(i, b.box.first->dest, "/t");
		CHECK_NUM(i, b.box.first->size, t[i].size);
		CHECK_NUM(i, b.box.first->inodes, t[i].inodes);
		CHECK_NUM(i, b.box.first->mode, t[i].mode);
	}
}

struct row {
	const char *word, *msg;
};

static void
check_wrong(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_parse(&b, ARENA, WORDS(t[i].word)), -1);
		CHECK_TOLD(i, &b.e, FAULT_USAGE, 0, 1, "", t[i].msg);
	}
}

static void
wrong_spaces(void)
{
	static const struct row t[] = {
		{ "--user=", "--user: unknown word \"\" (new|inherit|PATH)" },
		{ "--user=none", "--user: unknown word \"none\" (new|inherit|PATH)" },
		{ "--pid=host", "--pid: unknown word \"host\" (new|inherit|PATH)" },
		{ "--pid=1234", "--pid: unknown word \"1234\" (new|inherit|PATH)" },
		{ "--pid=proc/1", "--pid: unknown word \"proc/1\" (new|inherit|PATH)" },
		{ "--net=NONE", "--net: unknown word \"NONE\" (new|none|inherit|host|PATH)" },
		{ "--net=/a/../b",
		    "--net: \"/a/../b\" is a path with \"..\", where one without is due" },
		{ "--net=newer", "--net: unknown word \"newer\" (new|none|inherit|host|PATH)" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_actions(void)
{
	static const struct row t[] = {
		{ "--ro=a", "--ro: \"a\" is a relative path, where an absolute one is due" },
		{ "--rw=", "--rw: \"\" is an empty path, where an absolute one is due" },
		{ "--rw=/a/..", "--rw: \"/a/..\" is a path with \"..\", where one without is due" },
		{ "--tmp=", "--tmp: \"\" is an empty path, where an absolute one is due" },
		{ "--tmp=:size=1M", "--tmp: \"\" is an empty path, where an absolute one is due" },
		{ "--tmp=t:size=1M",
		    "--tmp: \"t\" is a relative path, where an absolute one is due" },
		{ "--tmp=/",
		    "--tmp: \"/\" cannot be covered; another root (root, --root DIR) is due" },
		{ "--tmp=/./:size=1M",
		    "--tmp: \"/\" cannot be covered; another root (root, --root DIR) is due" },
		{ "--tmp=/t:", "--tmp: unknown option \"\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:size=1M,", "--tmp: unknown option \"\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:,", "--tmp: unknown option \"\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:=1", "--tmp: unknown option \"\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:uid=0", "--tmp: unknown option \"uid\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:Size=1", "--tmp: unknown option \"Size\" (size, mode, nr_inodes)" },
		{ "--tmp=/a:b:size=1", "--tmp: unknown option \"b:size\" (size, mode, nr_inodes)" },
		{ "--tmp=/t:size", "--tmp: \"size\": a size such as size=64M is due" },
		{ "--tmp=/t:size=", "--tmp: \"size=\": a size such as size=64M is due" },
		{ "--tmp=/t:size=0", "--tmp: \"size=0\": a size such as size=64M is due" },
		{ "--tmp=/t:size=50%", "--tmp: \"size=50%\": a size such as size=64M is due" },
		{ "--tmp=/t:size=1=1", "--tmp: \"size=1=1\": a size such as size=64M is due" },
		{ "--tmp=/t:size=18446744073709551616",
		    "--tmp: \"size=18446744073709551616\": a size such as size=64M is due" },
		{ "--tmp=/t:mode", "--tmp: \"mode\": octal permissions such as mode=0755 are due" },
		{ "--tmp=/t:mode=8",
		    "--tmp: \"mode=8\": octal permissions such as mode=0755 are due" },
		{ "--tmp=/t:mode=10000",
		    "--tmp: \"mode=10000\": octal permissions such as mode=0755 are due" },
		{ "--tmp=/t:nr_inodes=1",
		    "--tmp: \"nr_inodes=1\": a number of files from nr_inodes=2 to 16777216 is "
		    "due" },
		{ "--tmp=/t:nr_inodes=16777217",
		    "--tmp: \"nr_inodes=16777217\": a number of files from nr_inodes=2 to "
		    "16777216 is due" },
		{ "--tmp=/t:nr_inodes=1k",
		    "--tmp: \"nr_inodes=1k\": a number of files from nr_inodes=2 to 16777216 is "
		    "due" },
		{ "--tmp=/t:size=1M,size=1M", "--tmp: \"size=1M\" repeats an earlier option" },
		{ "--tmp=/t:size=1M,mode=0,size=2M",
		    "--tmp: \"size=2M\" repeats an earlier option" },
		{ "--tmp=/t:mode=0,mode=0", "--tmp: \"mode=0\" repeats an earlier option" },
		{ "--tmp=/t:size=1M,mode=0,mode=1", "--tmp: \"mode=1\" repeats an earlier option" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_binds(void)
{
	static const struct {
		const char *src, *dest, *msg;
	} t[] = {
		{ "a", "/b", "--bind: \"a\" is a relative path, where an absolute one is due" },
		{ "/a", "b", "--bind: \"b\" is a relative path, where an absolute one is due" },
		{ "/a", "/..", "--bind: \"/..\" is a path with \"..\", where one without is due" },
		{ "/a", "//",
		    "--bind: \"/\" cannot be covered; another root (root, --root DIR) is due" },
		{ "/a", "", "--bind: \"\" is an empty path, where an absolute one is due" },
		{ "", "/b", "--bind: \"\" is an empty path, where an absolute one is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_parse(&b, ARENA, WORDS("--bind", t[i].src, t[i].dest)), -1);
		CHECK_TOLD(i, &b.e, FAULT_USAGE, 0, 1, "", t[i].msg);
	}
}

#define HOSTNAME_DUE \
	" is no hostname; 1 to 64 letters, digits, '.' and '-' are due, neither '.' nor '-' at " \
	"an end"

static void
hostnames(void)
{
	static const char *const good[] = { "a", "A9", "a.b-c", "0",
		"0123456789012345678901234567890123456789012345678901234567890123" };
	static const struct row bad[] = {
		{ "--hostname=", "--hostname: \"\"" HOSTNAME_DUE },
		{ "--hostname=-", "--hostname: \"-\"" HOSTNAME_DUE },
		{ "--hostname=--", "--hostname: \"--\"" HOSTNAME_DUE },
		{ "--hostname=.", "--hostname: \".\"" HOSTNAME_DUE },
		{ "--hostname=-a", "--hostname: \"-a\"" HOSTNAME_DUE },
		{ "--hostname=a-", "--hostname: \"a-\"" HOSTNAME_DUE },
		{ "--hostname=a.", "--hostname: \"a.\"" HOSTNAME_DUE },
		{ "--hostname=a b", "--hostname: \"a b\"" HOSTNAME_DUE },
		{ "--hostname=a_b", "--hostname: \"a_b\"" HOSTNAME_DUE },
		{ "--hostname=a\n", "--hostname: \"a\n\"" HOSTNAME_DUE },
		/* neighbours of the letters and digits in the table, and their twins with bit 5 */
		{ "--hostname=@", "--hostname: \"@\"" HOSTNAME_DUE },
		{ "--hostname=[", "--hostname: \"[\"" HOSTNAME_DUE },
		{ "--hostname=`", "--hostname: \"`\"" HOSTNAME_DUE },
		{ "--hostname={", "--hostname: \"{\"" HOSTNAME_DUE },
		{ "--hostname=:", "--hostname: \":\"" HOSTNAME_DUE },
		{ "--hostname=/", "--hostname: \"/\"" HOSTNAME_DUE },
		{ "--hostname=\x01", "--hostname: \"\x01\"" HOSTNAME_DUE },
		{ "--hostname=\xe1", "--hostname: \"\xe1\"" HOSTNAME_DUE },
		{ "--hostname=01234567890123456789012345678901234567890123456789012345678901234",
		    "--hostname: "
		    "\"0123456789012345678901234567890123456789012345678901234567890123"
		    "4\"" HOSTNAME_DUE },
	};

	for (size_t i = 0; i < COUNT(good); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_parse(&b, ARENA, WORDS("--hostname", good[i])), 0);
		CHECK_STR(i, b.box.hostname, str_of(good[i]));
	}
	check_wrong(bad, COUNT(bad));
}

#define ENV_DUE \
	": NAME or NAME=value is due, NAME of at most 255 letters, digits and _, not beginning " \
	"with a digit"

static void
environment(void)
{
	static const struct row bad[] = {
		{ "--env=", "--env: \"\"" ENV_DUE },
		{ "--env==x", "--env: \"\"" ENV_DUE },
		{ "--env=1A", "--env: \"1A\"" ENV_DUE },
		{ "--env=A-B=secret", "--env: \"A-B\"" ENV_DUE },
		{ "--env=A B=secret", "--env: \"A B\"" ENV_DUE },
		{ "--env=\xc3\xa4=1", "--env: \"\xc3\xa4\"" ENV_DUE },
		{ "--env=@=1", "--env: \"@\"" ENV_DUE },
		{ "--env=A[=1", "--env: \"A[\"" ENV_DUE },
	};
	struct boxed b;
	const struct env_rule *r;

	CHECK_NUM(0,
	    boxed_parse(&b, ARENA,
		WORDS("--env=A=1", "--env", "B", "--env=_9z=", "--env=C= =\n", "--env=a=lower")),
	    0);
	r = b.box.env;
	CU_ASSERT_FATAL(r != NULL);
	CHECK_TEXT(0, r->name, "A");
	CHECK_TEXT(0, r->value, "1");
	CU_ASSERT(r->literal);
	r = r->next;
	CHECK_TEXT(1, r->name, "B");
	CU_ASSERT(!r->literal && r->value.n == 0);
	CHECK_NUM(1, r->pos.col, 2);
	r = r->next;
	CHECK_TEXT(2, r->name, "_9z");
	CU_ASSERT(r->literal && r->value.n == 0);
	r = r->next;
	CHECK_TEXT(3, r->value, " =\n");
	/* names differ by case */
	r = r->next;
	CHECK_TEXT(4, r->name, "a");
	CU_ASSERT(r->next == NULL && b.box.env_last == &r->next);
	check_wrong(bad, COUNT(bad));
	CHECK_NUM(0, boxed_parse(&b, ARENA, WORDS("--env=A", "--env=B", "--env=A=1")), -1);
	CHECK_TOLD(0, &b.e, FAULT_USAGE, 0, 3, "", "--env: \"A\" is there already");
}

static void
long_names(void)
{
	static char word[512], want[512];
	struct boxed b;

	memset(word, 'n', sizeof(word));
	memcpy(word, "--env=", 6);
	word[6 + 255] = '\0';
	CHECK_NUM(0, boxed_parse(&b, ARENA, WORDS(word)), 0);
	CHECK_NUM(0, b.box.env->name.n, 255);
	word[6 + 255] = 'n';
	word[6 + 256] = '\0';
	CHECK_NUM(0, boxed_parse(&b, ARENA, WORDS(word)), -1);
	snprintf(want, sizeof(want), "--env: \"%.96s...\"" ENV_DUE, word + 6);
	CHECK_TOLD(0, &b.e, FAULT_USAGE, 0, 1, "", want);
}

/* Each is compared with all before it: there is an end to that. */
static void
variables_are_bounded(void)
{
	static char text[LIMIT_ENV + 2][16];
	static const char *word[LIMIT_ENV + 3];
	struct boxed b;

	word[0] = "sbx-ns";
	for (size_t i = 0; i <= LIMIT_ENV; i++) {
		snprintf(text[i], sizeof(text[i]), "--env=A%zu", i);
		word[i + 1] = text[i];
	}
	word[LIMIT_ENV + 1] = NULL;
	CHECK_NUM(0, boxed_parse(&b, ARENA, word), 0);
	word[LIMIT_ENV + 1] = text[LIMIT_ENV];
	CHECK_NUM(0, boxed_parse(&b, ARENA, word), -1);
	CHECK_TOLD(0, &b.e, FAULT_USAGE, 0, LIMIT_ENV + 1, "", "--env: more than 4096 variables");
}

/* What the same readers say of a document, where the words are fewer and the path tells the key. */
static void
in_a_document(void)
{
	static const struct {
		const char *text;
		uint32_t col;
		const char *path, *msg;
	} t[] = {
		{ "{\"network\":\"new\"}", 12, "$.network", "unknown word \"new\" (none, host)" },
		{ "{\"network\":\"inherit\"}", 12, "$.network",
		    "unknown word \"inherit\" (none, host)" },
		{ "{\"network\":\"/proc/1/ns/net\"}", 12, "$.network",
		    "unknown word \"/proc/1/ns/net\" (none, host)" },
		{ "{\"network\":\"\"}", 12, "$.network", "unknown word \"\" (none, host)" },
		{ "{\"hostname\":\"-\"}", 13, "$.hostname", "\"-\"" HOSTNAME_DUE },
		{ "{\"tmp_paths\":[\"/a\",\"/b:x\"]}", 20, "$.tmp_paths[1]",
		    "unknown option \"x\" (size, mode, nr_inodes)" },
		{ "{\"env\":[\"A=1\",\"A\"]}", 15, "$.env[1]", "\"A\" is there already" },
		{ "{\"env\":[\"A=\\u0000secret\"]}", 9, "$.env[0]",
		    "the value of \"A\" has a NUL byte, which no program can be given" },
	};
	struct arena a;
	struct err e;

	for (size_t i = 0; i < COUNT(t); i++) {
		a = ARENA;
		CHECK_NUM(i, boxed_document(&a, &e, t[i].text) == NULL, true);
		CHECK_TOLD(i, &e, FAULT_CONFIG, 1, t[i].col, t[i].path, t[i].msg);
	}
	a = ARENA;
	CU_ASSERT(boxed_document(&a, &e, "{\"hostname\":\"a\\u0000\"}") == NULL);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "\"a\0\"" HOSTNAME_DUE);
	a = ARENA;
	CU_ASSERT(boxed_document(&a, &e, "{\"env\":[\"A\\u0000=1\"]}") == NULL);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "\"A\0\"" ENV_DUE);
}

static void
an_exhausted_arena(void)
{
	static const char *const word[] = { "--ro=/a", "--rw=/a", "--tmp=/a", "--env=A",
		"--net=/a" };

	for (size_t i = 0; i < COUNT(word); i++) {
		for (size_t cap = 0; cap < 3; cap++) {
			struct boxed b;

			CHECK_NUM(i, boxed_parse(&b, (struct arena){ mem, 0, cap }, WORDS(word[i])),
			    -1);
			CHECK_EXHAUSTED(i, &b.e);
		}
	}
}

UNIT_MAIN("boxread", { "namespaces", namespaces }, { "actions", actions },
    { "tmp options", tmp_options }, { "wrong namespaces", wrong_spaces },
    { "wrong actions", wrong_actions }, { "wrong binds", wrong_binds }, { "hostnames", hostnames },
    { "environment", environment }, { "long names", long_names },
    { "variables are bounded", variables_are_bounded }, { "in a document", in_a_document },
    { "an exhausted arena", an_exhausted_arena })
