/* Every allocation of core/spec and core/plan/facts.c fails once: an arena of every size from none
 * to what is needed. It lies in a block of exactly that size, so that the sanitizer sees a byte
 * too many. */
#include <stdlib.h>

#include "boxes.h"
#include "cli/common.h"
#include "plan/facts.h"
#include "spec/chain.h"
#include "spec/protocol.h"
#include "unit.h"

/* Does its work in the arena; 0 or -1. Out of memory is the only thing that may go wrong. */
typedef int work(struct arena *, struct err *, size_t which);

/* Runs it with every size below what it needs, and then with just that. */
static void
sweep(work *run, size_t which)
{
	struct arena a = { malloc(1 << 20), 0, 1 << 20 };
	struct err e = { 0 };
	size_t needed;

	CU_ASSERT_FATAL(a.mem != NULL);
	CHECK_NUM(which, run(&a, &e, which), 0);
	CHECK_NUM(which, e.fault, FAULT_NONE);
	needed = a.used;
	free(a.mem);
	CU_ASSERT(needed > 100);
	for (size_t cap = 0; cap <= needed; cap++) {
		unsigned char *mem = malloc(cap > 0 ? cap : 1);
		int want = cap < needed ? -1 : 0;

		CU_ASSERT_FATAL(mem != NULL);
		a = (struct arena){ mem, 0, cap };
		e = (struct err){ 0 };
		CHECK_NUM(cap, run(&a, &e, which), want);
		if (want == 0)
			CHECK_NUM(cap, e.fault, FAULT_NONE);
		else
			CHECK_EXHAUSTED(cap, &e);
		CHECK_NUM(cap, a.used <= cap, true);
		free(mem);
	}
}

static const char *const document[] = {
	"{\"root\":\"/r\\u0061\",\"readonly_paths\":[\"/a\",\"/b\"],\"writable_paths\":[\"/c\"],"
	"\"tmp_paths\":[\"/t:size=1M\"],\"mount_proc\":true,\"hostname\":\"h\",\"chdir\":\"/c\","
	"\"env\":[\"A=1\",\"B\"],\"network\":\"none\",\"new_session\":false}",
	"{\"sandboxes\":{\"s\":{\"level\":\"none\",\"env\":[\"A=1\"],\"chdir\":\"/\"},\"t.u\":{}},"
	"\"hooks\":{\"h\":{\"command\":\"/x/./y\",\"args\":[\"a\",\"b\"],\"env\":[\"C\"],"
	"\"hook\":\"session\",\"phases\":[\"session_end\"],\"sandbox\":\"s\","
	"\"timeout\":\"1s\",\"request_limit\":9},"
	"\"e\":{\"command\":\"e\",\"hook\":\"eval\",\"sandbox\":\"t.u\"}}}",
};

static int
read_document(struct arena *a, struct err *e, size_t which)
{
	const struct config *c = config_read(a, S("f"), str_of(document[which]), e);

	if (c == NULL)
		return -1;
	/* what is there is whole */
	for (const struct box *b = c->boxes; b != NULL; b = b->next)
		for (size_t k = 0; k < NS_COUNT; k++)
			CU_ASSERT(b->ns[k].mode != NS_UNSET);
	for (const struct hook *h = c->hooks; h != NULL; h = h->next)
		CU_ASSERT(h->box != NULL && h->command.n > 0);
	return 0;
}

static void
documents(void)
{
	for (size_t i = 0; i < COUNT(document); i++)
		sweep(read_document, i);
}

static const char *const words[] = { "sbx-ns", "--pid=/p/./q", "--net", "none", "--root=/r",
	"--ro=/a", "--bind", "/x", "/y", "--tmp=/t:mode=0700", "--proc", "--env", "A=1", "--env=B",
	"--keep-fd", "7", "--chdir=/c", "--hostname=h", "--facts=f", "prog", NULL };

static int
read_words(struct arena *a, struct err *e, size_t which)
{
	struct box box = { 0 };
	struct common common = { 0 };
	const struct args_part part[] = { { &box_table, &box }, { &common_table, &common } };
	struct field_ctx c = { a, FAULT_USAGE, e, POS_NONE };
	int rest = 0;
	bool dashes;

	(void)which;
	if (args_parse(&c, part, COUNT(part), COUNT(words) - 1, (char *const *)(uintptr_t)words,
		&rest, &dashes) < 0 ||
	    box_finish(&c, &box, LEVEL_UNSET) < 0)
		return -1;
	CHECK_NUM(0, (unsigned)rest, COUNT(words) - 2);
	CHECK_NUM(0, box.nactions, 3);
	return 0;
}

static void
command_lines(void)
{
	sweep(read_words, 0);
}

/* From a document to words and back to a box. */
static int
round_trip(struct arena *a, struct err *e, size_t which)
{
	static char *no_environment[] = { NULL };
	const struct config *c = config_read(a, S("f"), str_of(document[which]), e);
	struct strlist list = { 0 };
	struct box box = { 0 };
	const struct args_part part = { &box_table, &box };
	struct field_ctx ctx = { a, FAULT_USAGE, e, POS_NONE };
	const char **argv;
	int n = 0, rest;
	bool dashes;

	if (c == NULL)
		return -1;
	if (box_argv(a, c->boxes, no_environment, &list) < 0)
		return err_memory(e);
	if (c->boxes->level == LEVEL_NONE)
		return 0;
	argv = arena_array(a, list.n + 1, sizeof(*argv));
	if (argv == NULL)
		return err_memory(e);
	for (const struct strnode *w = list.first; w != NULL; w = w->next) {
		argv[n] = arena_cstr(a, w->s);
		if (argv[n++] == NULL)
			return err_memory(e);
	}
	if (args_parse(&ctx, &part, 1, n, (char *const *)(uintptr_t)argv, &rest, &dashes) < 0 ||
	    box_finish(&ctx, &box, LEVEL_UNSET) < 0)
		return -1;
	CU_ASSERT(box_eq(&box, c->boxes));
	return 0;
}

static void
chains(void)
{
	for (size_t i = 0; i < COUNT(document); i++)
		sweep(round_trip, i);
}

static int
read_message(struct arena *a, struct err *e, size_t which)
{
	static const struct hook hook = { .type = HOOK_TOOL, .phases = 0x0c };
	struct str phase = S("x");
	struct reply r;
	int got;

	if (which == 0) {
		got = request_check(a, &hook,
		    S("{\"hook\":\"t\\u006fol\",\"phase\":\"before_execution\",\"x\":[1,{}]}"),
		    &phase, e);
		CHECK_NUM(0, got == 0 ? phase.n > 1 : phase.n == 0, true);
		return got;
	}
	got = reply_check(a, &hook,
	    S("{\"allow\":false,\"reason\":\"\\n\",\"metadata\":{\"a\":1}}"), &r, e);
	CHECK_NUM(0, got < 0 || (r.whole != NULL && r.reason.n == 1), true);
	return got;
}

static void
messages(void)
{
	for (size_t i = 0; i < 2; i++)
		sweep(read_message, i);
}

static int
read_facts(struct arena *a, struct err *e, size_t which)
{
	struct facts f;

	(void)which;
	if (facts_read(a, S("f"),
		S("uid 1\ngid 2\nlacks net\nadmin\nuids 0 1 1\nresolv /run/r\ncgroup /c\n"
		  "cwd /x\\012y\nprocs /proc\nprocs /srv//proc\n"),
		&f, NULL, e) < 0)
		return -1;
	CHECK_NUM(0, f.procs.n, 2);
	return 0;
}

static void
facts(void)
{
	sweep(read_facts, 0);
}

/* ---- what is written goes into a buffer of every size ---- */

typedef void output(struct buf *);

static void
sweep_buffer(output *put)
{
	static char whole[1 << 16];
	struct buf w = BUF(whole);

	put(&w);
	CU_ASSERT_FATAL(!w.full && w.n > 20);
	for (size_t cap = 0; cap <= w.n; cap++) {
		char *text = malloc(cap > 0 ? cap : 1);
		struct buf b = { text, 0, cap, false };

		CU_ASSERT_FATAL(text != NULL);
		put(&b);
		/* the beginning, and it is known to be no more */
		if (b.full != (cap < w.n) || b.n > cap || !str_starts(buf_str(&w), buf_str(&b)))
			CHECK_NUM(cap, 0, 1);
		free(text);
	}
}

static void
put_usage(struct buf *b)
{
	const struct args_part part[] = { { &box_table, NULL }, { &common_table, NULL } };

	args_usage(b, S("sbx-ns"), part, COUNT(part));
}

static void
put_facts(struct buf *b)
{
	static const struct facts f = { .uid = 1,
		.lacks = 3,
		.admin = true,
		.nuids = 1,
		.uids = { { 1, 2, 3 } },
		.cwd = { "/a\n\\b", 6 } };

	facts_put(b, &f);
}

static void
put_shell(struct buf *b)
{
	shell_word(b, S("it's 'a' \"word\" of a certain length"));
}

static void
put_words(struct buf *b)
{
	words_put(b, hook_phase_words, UINT32_MAX, S(", "));
}

static void
outputs(void)
{
	sweep_buffer(config_schema);
	sweep_buffer(put_usage);
	sweep_buffer(put_facts);
	sweep_buffer(put_shell);
	sweep_buffer(put_words);
}

UNIT_MAIN("arena sweep", { "documents", documents }, { "command lines", command_lines },
    { "chains", chains }, { "messages", messages }, { "facts", facts }, { "outputs", outputs })
