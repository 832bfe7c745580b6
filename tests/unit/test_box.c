/* core/spec/box.c, core/spec/boxfinish.c */
#include "boxes.h"
#include "unit.h"

static unsigned char mem[128 << 20];

#define ARENA ((struct arena){ mem, 0, sizeof(mem) })

static void
names(void)
{
	static const char *const ns[NS_COUNT] = { "user", "mount", "pid", "net", "ipc", "uts",
		"cgroup", "time" };

	for (size_t k = 0; k < NS_COUNT; k++)
		CHECK_STR(k, ns_name((enum ns_kind)k), str_of(ns[k]));
	CU_ASSERT(ns_name(NS_COUNT).p == NULL);
	CHECK_TEXT(0, level_name(LEVEL_UNSET), "unset");
	CHECK_TEXT(0, level_name(LEVEL_NONE), "none");
	CHECK_TEXT(0, level_name(LEVEL_NAMESPACED), "namespaced");
	CU_ASSERT(level_name(17).p == NULL);
}

static void
check_spaces(size_t row, const struct box *b, const char *want)
{
	for (size_t k = 0; k < NS_COUNT; k++)
		CHECK_NUM(row, b->ns[k].mode, want[k] == 'n' ? NS_NEW : NS_INHERIT);
}

static void
what_a_level_fills_in(void)
{
	struct boxed b;

	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--")), 0);
	check_spaces(0, &b.box, "nnnnnnnn");
	CHECK_NUM(0, b.box.level, LEVEL_UNSET);
	CU_ASSERT(!b.box.new_session);
	CHECK_NUM(1, boxed_words(&b, ARENA, LEVEL_NAMESPACED, WORDS("--")), 0);
	check_spaces(1, &b.box, "nnninnni");
	CHECK_NUM(1, b.box.level, LEVEL_NAMESPACED);
	CU_ASSERT(b.box.new_session);
	CHECK_NUM(2, boxed_words(&b, ARENA, LEVEL_NONE, WORDS("--")), 0);
	check_spaces(2, &b.box, "iiiiiiii");
	CU_ASSERT(b.box.new_session);
	/* what was said stays */
	CHECK_NUM(3,
	    boxed_words(&b, ARENA, LEVEL_NAMESPACED,
		WORDS("--net=new", "--ipc=inherit", "--time", "new")),
	    0);
	check_spaces(3, &b.box, "nnnninnn");
	CHECK_NUM(4, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--net=/n", "--user=inherit")), 0);
	CHECK_NUM(4, b.box.ns[NS_NET].mode, NS_JOIN);
	CHECK_NUM(4, b.box.ns[NS_USER].mode, NS_INHERIT);
}

static void
a_session_of_its_own(void)
{
	static const struct {
		const char *text;
		bool want;
	} t[] = {
		{ "{\"level\":\"namespaced\"}", true },
		{ "{\"new_session\":true}", true },
		{ "{\"new_session\":false}", false },
		{ "{\"level\":\"none\"}", true },
		{ "{\"level\":\"none\",\"new_session\":false}", false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = ARENA;
		struct err e;
		const struct box *b = boxed_document(&a, &e, t[i].text);

		CU_ASSERT_FATAL(b != NULL);
		CHECK_NUM(i, b->new_session, t[i].want);
	}
}

static void
level_none(void)
{
	static const char host[] = "level none has the host's root, /proc and hostname; level "
				   "namespaced is due";
	static const struct {
		const char *text;
		uint32_t line, col;
		const char *msg;
	} t[] = {
		{ "{\"readonly_paths\":[\"/a\"],\n\"level\":\"none\"}", 1, 20,
		    "level none shows the host's files; level namespaced is due for paths" },
		{ "{\"level\":\"none\",\n\"writable_paths\":[\n\"/a\"]}", 3, 1,
		    "level none shows the host's files; level namespaced is due for paths" },
		{ "{\"level\":\"none\",\"tmp_paths\":[\"/a\"]}", 1, 30,
		    "level none shows the host's files; level namespaced is due for paths" },
		{ "{\"level\":\"none\",\"network\":\"none\"}", 1, 27,
		    "level none has the host's network; level namespaced is due" },
		{ "{\"level\":\"none\",\"root\":\"/\"}", 1, 24, host },
		{ "{\"level\":\"none\",\"mount_proc\":true}", 1, 30, host },
		{ "{\"level\":\"none\",\"mount_proc\":false}", 1, 30, host },
		{ "{\"level\":\"none\",\"proc_subset\":false}", 1, 31, host },
		{ "{\"level\":\"none\",\"hostname\":\"a\"}", 1, 28, host },
	};
	struct arena a;
	struct err e;
	const struct box *b;

	for (size_t i = 0; i < COUNT(t); i++) {
		a = ARENA;
		CHECK_NUM(i, boxed_document(&a, &e, t[i].text) == NULL, true);
		CHECK_TOLD(i, &e, FAULT_CONFIG, t[i].line, t[i].col, "$", t[i].msg);
	}
	a = ARENA;
	b = boxed_document(&a, &e,
	    "{\"level\":\"none\",\"network\":\"host\",\"chdir\":\"/\",\"env\":[\"A\"],"
	    "\"readonly_paths\":[]}");
	CU_ASSERT_FATAL(b != NULL);
	check_spaces(0, b, "iiiiiiii");
}

static void
rules_between_options(void)
{
	static const char view[] = "paths, a root, /proc and /dev need a mount namespace of their "
				   "own; --mount new is due";
	static const char proc[] = "/proc would show the host's processes; a new PID namespace "
				   "(--pid new) is due";
	static const struct {
		const char *word[4];
		uint32_t at;
		const char *msg;
	} t[] = {
		{ { "--ro=/a", "--mount=inherit" }, 2, view },
		{ { "--mount=/m", "--tmp=/a" }, 1, view },
		{ { "--mount=inherit", "--root=/" }, 1, view },
		{ { "--proc", "--mount=inherit" }, 2, view },
		{ { "--dev", "--mount=inherit" }, 2, view },
		{ { "--proc-subset" }, 1,
		    "proc_subset without mount_proc: --proc (mount_proc: true) is due" },
		{ { "--proc", "--pid=inherit" }, 2, proc },
		{ { "--hostname=a", "--uts=inherit" }, 2,
		    "a hostname needs a UTS namespace of its own; --uts new is due" },
		{ { "--uts=/u", "--hostname=a" }, 1,
		    "a hostname needs a UTS namespace of its own; --uts new is due" },
		{ { "--dev", "--no-dev" }, 2, "--dev and --no-dev exclude each other" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS(t[i].word[0], t[i].word[1])),
		    -1);
		CHECK_TOLD(i, &b.e, FAULT_USAGE, 0, t[i].at, "", t[i].msg);
	}
}

static void
what_goes_together(void)
{
	static const char *const word[][3] = {
		{ "--proc", "--pid=/p" },
		{ "--proc", "--proc-subset" },
		{ "--mount=inherit", "--no-dev" },
		{ "--mount=inherit", "--chdir=/a" },
		{ "--pid=inherit", "--no-init" },
		{ "--hostname=a", "--uts=new" },
		{ "--ro=/a", "--rw=/a" },
		{ "--tmp=/a", "--ro=/a" },
		{ "--ro=/a", "--ro=/b" },
		{ "--ro=/a", "--ro=/ab" },
	};

	for (size_t i = 0; i < COUNT(word); i++) {
		struct boxed b;

		CHECK_NUM(i, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS(word[i][0], word[i][1])), 0);
		CU_ASSERT(b.e.fault == FAULT_NONE);
	}
}

static void
repeated_paths(void)
{
	static const struct {
		const char *word[4];
		const char *msg;
	} t[] = {
		{ { "--ro=/a", "--ro=/a", "--rw=/b" },
		    "the read-only path \"/a\" is there already" },
		{ { "--rw=/b", "--rw=//b/.", "--rw=/c" },
		    "the writable path \"/b\" is there already" },
		{ { "--tmp=/c", "--tmp=/c:size=1M", "--ro=/c" },
		    "a tmpfs at \"/c\" is there already" },
		/* also where another kind stands between them */
		{ { "--ro=/a", "--rw=/a", "--ro=/a" },
		    "the read-only path \"/a\" is there already" },
		{ { "--tmp=/a", "--ro=/a", "--tmp=/a" }, "a tmpfs at \"/a\" is there already" },
	};
	struct boxed b;

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i,
		    boxed_words(&b, ARENA, LEVEL_UNSET,
			WORDS(t[i].word[0], t[i].word[1], t[i].word[2])),
		    -1);
		CHECK_TOLD(i, &b.e, FAULT_USAGE, 0, i < 3 ? 2 : 3, "", t[i].msg);
	}
	CHECK_NUM(0,
	    boxed_words(&b, ARENA, LEVEL_UNSET,
		WORDS("--bind", "/x", "/a", "--ro=/x", "--bind", "/y", "/a")),
	    -1);
	CHECK_TOLD(0, &b.e, FAULT_USAGE, 0, 5, "", "a bind at \"/a\" is there already");
}

static const struct action *
nth(const struct box *b, size_t n)
{
	const struct action *a = b->first;

	while (n-- > 0)
		a = a->next;
	return a;
}

static void
the_action_before(void)
{
	struct boxed b;
	const struct box *x = &b.box;

	CHECK_NUM(0,
	    boxed_words(&b, ARENA, LEVEL_UNSET,
		WORDS("--ro=/b", "--tmp=/a", "--rw=/b", "--bind", "/z", "/b", "--ro=/ab")),
	    0);
	CU_ASSERT(box_action_at(x, S("/b"), 0) == NULL);
	CU_ASSERT(box_action_at(x, S("/b"), 1) == nth(x, 0));
	CU_ASSERT(box_action_at(x, S("/b"), 2) == nth(x, 0));
	CU_ASSERT(box_action_at(x, S("/b"), 3) == nth(x, 2));
	CU_ASSERT(box_action_at(x, S("/b"), 4) == nth(x, 3));
	CU_ASSERT(box_action_at(x, S("/b"), SIZE_MAX) == nth(x, 3));
	CU_ASSERT(box_action_at(x, S("/a"), 1) == NULL);
	CU_ASSERT(box_action_at(x, S("/a"), 2) == nth(x, 1));
	CU_ASSERT(box_action_at(x, S("/ab"), 4) == NULL);
	CU_ASSERT(box_action_at(x, S("/ab"), 5) == nth(x, 4));
	CU_ASSERT(box_action_at(x, S("/"), 5) == NULL);
	CU_ASSERT(box_action_at(x, S("/c"), 5) == NULL);
	CU_ASSERT(box_action_at(x, S(""), 5) == NULL);
	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--")), 0);
	CU_ASSERT(box_action_at(x, S("/"), SIZE_MAX) == NULL);
}

/* Against the slow way, on a list with many of the same destination. */
static void
the_action_before_by_search(void)
{
	enum { N = 200, KINDS = 4 };
	static char text[N][16];
	static const char *word[N + 2] = { "sbx-ns" };
	struct boxed b;
	const struct box *x = &b.box;

	for (size_t i = 0; i < N; i++) {
		/* 50 destinations, each once of each kind, in no order */
		size_t dest = i * 7 % (N / KINDS);

		snprintf(text[i], sizeof(text[i]), "--%s=/%zu",
		    i < N / 4       ? "ro"
		    : i < N / 2     ? "rw"
		    : i < 3 * N / 4 ? "tmp"
				    : "env",
		    dest);
		if (i >= 3 * N / 4)
			snprintf(text[i], sizeof(text[i]), "--env=A%zu", i);
		word[i + 1] = text[i];
	}
	word[N + 1] = NULL;
	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, word), 0);
	CHECK_NUM(0, b.box.nactions, 3 * N / 4);
	for (size_t index = 0; index <= b.box.nactions; index++) {
		for (size_t i = 0; i < N / KINDS; i++) {
			const struct action *want = NULL;
			char dest[8];

			snprintf(dest, sizeof(dest), "/%zu", i);
			for (const struct action *a = x->first; a != NULL; a = a->next)
				if (a->index < index && str_eq(a->dest, str_of(dest)))
					want = a;
			if (box_action_at(x, str_of(dest), index) != want)
				CHECK_NUM(i, index, 0);
		}
	}
}

/* In n log n; a square of this would take minutes. */
static void
thousands_of_actions(void)
{
	enum { N = 100000 };
	static char text[N][48];
	static const char *word[N + 2] = { "sbx-ns" };
	struct boxed b;
	size_t found = 0;

	/* long beginnings in common, in falling order */
	for (size_t i = 0; i < N; i++) {
		snprintf(text[i], sizeof(text[i]), "--ro=/usr/share/a-long-beginning/%06zu", N - i);
		word[i + 1] = text[i];
	}
	word[N + 1] = NULL;
	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, word), 0);
	CHECK_NUM(0, b.box.nactions, N);
	for (const struct action *a = b.box.first; a != NULL; a = a->next)
		found += box_action_at(&b.box, a->dest, a->index + 1) == a &&
			 box_action_at(&b.box, a->dest, a->index) == NULL;
	CHECK_NUM(0, found, N);
	memcpy(text[N - 1], text[N / 2], sizeof(text[0]));
	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, word), -1);
	CHECK_NUM(0, b.e.pos.col, N);
}

static void
descriptors(void)
{
	struct boxed b;

	CHECK_NUM(0, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=3", "--keep-fd", "1023")),
	    0);
	CHECK_NUM(0, b.box.keep_fd.n, 2);
	CHECK_TEXT(0, b.box.keep_fd.first->next->s, "1023");
	CHECK_NUM(1, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=2")), -1);
	CHECK_TOLD(1, &b.e, FAULT_USAGE, 0, 1, "",
	    "--keep-fd: \"2\" is out of range; 3 to 1023 is due");
	CHECK_NUM(2, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=1024")), -1);
	CHECK_NUM(3, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=4294967299")), -1);
	CHECK_NUM(4, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=-1")), -1);
	CHECK_NUM(5, boxed_words(&b, ARENA, LEVEL_UNSET, WORDS("--keep-fd=3", "--keep-fd=3")), -1);
	CHECK_TOLD(5, &b.e, FAULT_USAGE, 0, 2, "", "--keep-fd: \"3\" is there already");
}

static void
an_exhausted_arena(void)
{
	struct boxed b;
	struct field_ctx c = { &b.a, FAULT_USAGE, &b.e, POS_NONE };

	CHECK_NUM(0, boxed_parse(&b, ARENA, WORDS("--ro=/a", "--ro=/b")), 0);
	b.a.cap = b.a.used + 15;
	CHECK_NUM(0, box_finish(&c, &b.box, LEVEL_UNSET), -1);
	CHECK_EXHAUSTED(0, &b.e);
}

UNIT_MAIN("box", { "names", names }, { "what a level fills in", what_a_level_fills_in },
    { "a session of its own", a_session_of_its_own }, { "level none", level_none },
    { "rules between options", rules_between_options },
    { "what goes together", what_goes_together }, { "repeated paths", repeated_paths },
    { "the action before", the_action_before },
    { "the action before, by search", the_action_before_by_search },
    { "thousands of actions", thousands_of_actions }, { "descriptors", descriptors },
    { "an exhausted arena", an_exhausted_arena })
