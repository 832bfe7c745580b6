/* core/spec/hook.c, and what core/spec/config.c checks of a hook */
#include "base/limits.h"
#include "base/num.h"
#include "spec/hook.h"
#include "told.h"
#include "unit.h"

#include <stddef.h>

static unsigned char mem[4 << 20];

/* A document with one box "s" and one hook "h", whose members stand on a line of their own. */
static const struct hook *
read_hook(struct err *e, struct str members)
{
	static char text[1 << 20];
	static struct arena a;
	struct buf b = BUF(text);
	struct config *c;

	a = (struct arena){ mem, 0, sizeof(mem) };
	*e = (struct err){ 0 };
	buf_text(&b, TEXT("{\"sandboxes\":{\"s\":{}},\"hooks\":{\"h\":{\n%\n}}}", members));
	CU_ASSERT_FATAL(!b.full);
	c = config_read(&a, S("f"), buf_str(&b), e);
	if (c == NULL)
		return NULL;
	CU_ASSERT(c->hooks->next == NULL && c->hooks->box == c->boxes);
	return c->hooks;
}

#define EVAL "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\""
#define TOOL "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\""

static void
every_key(void)
{
	struct err e;
	const struct hook *h = read_hook(&e,
	    S("\"command\":\"//usr/bin/./h\",\"args\":[\"\",\"-x\"],\"env\":[\"A=1\",\"B\"],"
	      "\"hook\":\"tool\",\"phases\":[\"after_execution\",\"before_execution\"],"
	      "\"mode\":\"observe\",\"sandbox\":\"s\",\"timeout\":\"1m30s\",\"grace\":\"0\","
	      "\"on_error\":\"allow\",\"request_limit\":\"64M\",\"reply_limit\":1,"
	      "\"stderr_limit\":0"));

	CU_ASSERT_FATAL(h != NULL);
	CHECK_TEXT(0, h->name, "h");
	CHECK_TEXT(0, h->command, "/usr/bin/h");
	CHECK_NUM(0, h->args.n, 2);
	CHECK_TEXT(0, h->args.first->s, "");
	CHECK_TEXT(0, h->args.first->next->s, "-x");
	CHECK_TEXT(0, h->env->name, "A");
	CU_ASSERT(h->env->literal && !h->env->next->literal);
	CHECK_NUM(0, h->type, HOOK_TOOL);
	CHECK_NUM(0, h->phases, 0x0c);
	CHECK_NUM(0, h->mode, MODE_OBSERVE);
	CHECK_TEXT(0, h->sandbox, "s");
	CHECK_NUM(0, h->timeout, 90000);
	CHECK_NUM(0, h->grace, 0);
	CHECK_NUM(0, h->on_error, ON_ERROR_ALLOW);
	CHECK_NUM(0, h->request_limit, LIMIT_MESSAGE_MAX);
	CHECK_NUM(0, h->reply_limit, 1);
	CHECK_NUM(0, h->stderr_limit, 0);
	CHECK_NUM(0, h->pos.line, 1);
	CHECK_NUM(0, h->pos.col, 36);
}

/* What a row says of its default, to people, is what it is. */
static void
defaults_are_as_told(void)
{
	static const struct {
		const char *key;
		size_t offset;
	} t[] = {
		{ "timeout", offsetof(struct hook, timeout) },
		{ "grace", offsetof(struct hook, grace) },
		{ "request_limit", offsetof(struct hook, request_limit) },
		{ "reply_limit", offsetof(struct hook, reply_limit) },
		{ "stderr_limit", offsetof(struct hook, stderr_limit) },
	};
	struct err e;
	const struct hook *h = read_hook(&e, S(EVAL));

	CU_ASSERT_FATAL(h != NULL);
	for (size_t i = 0; i < COUNT(t); i++) {
		const struct field *f = &hook_table.row[field_row(&hook_table, str_of(t[i].key))];
		uint64_t want = 0;

		CHECK_NUM(i, f->offset, t[i].offset);
		CHECK_NUM(i,
		    f->type == FIELD_SIZE ? num_size(row_initial(f), &want)
					  : num_duration(row_initial(f), &want),
		    0);
		CHECK_NUM(i, *(const uint64_t *)(const void *)((const char *)h + t[i].offset),
		    want);
	}
	CHECK_NUM(0, h->mode, MODE_FILTER);
	CHECK_STR(0, row_initial(&hook_table.row[field_row(&hook_table, S("mode"))]),
	    word_at(hook_table.row[field_row(&hook_table, S("mode"))].words, MODE_FILTER));
	CHECK_NUM(0, h->on_error, ON_ERROR_DENY);
	CHECK_STR(0, row_initial(&hook_table.row[field_row(&hook_table, S("on_error"))]),
	    word_at(hook_table.row[field_row(&hook_table, S("on_error"))].words, ON_ERROR_DENY));
	CU_ASSERT(h->phases == 0 && h->args.n == 0 && h->env == NULL);
}

static void
types_and_phases(void)
{
	static const char *const type[] = { "", "provider", "tool", "session", "eval" };
	static const uint32_t want[] = { 0, 0x03, 0x0c, 0x70, 0 };
	uint32_t all = 0;

	for (size_t i = 0; i < COUNT(type); i++) {
		CHECK_STR(i, word_at(hook_type_words, i), str_of(type[i]));
		CHECK_NUM(i, hook_type_phases((int)i), want[i]);
		/* each phase is one type's */
		CHECK_NUM(i, all & want[i], 0);
		all |= want[i];
	}
	CHECK_NUM(0, all, 0x7f);
	CU_ASSERT(word_at(hook_phase_words, 6).p != NULL);
	CU_ASSERT(word_at(hook_phase_words, 7).p == NULL);
	CHECK_NUM(0, hook_type_phases(-1), 0);
	CHECK_NUM(0, hook_type_phases(99), 0);
}

static void
commands(void)
{
	static const char *const good[][2] = {
		{ "/x", "/x" },
		{ "//x/", "/x" },
		{ "x", "x" },
		{ "x y", "x y" },
		{ "-x", "-x" },
		{ "...", "..." },
	};
	struct err e;

	for (size_t i = 0; i < COUNT(good); i++) {
		char text[128];
		const struct hook *h;

		snprintf(text, sizeof(text),
		    "\"command\":\"%s\",\"hook\":\"eval\",\"sandbox\":\"s\"", good[i][0]);
		h = read_hook(&e, str_of(text));
		CU_ASSERT_FATAL(h != NULL);
		CHECK_STR(i, h->command, str_of(good[i][1]));
	}
	CU_ASSERT(read_hook(&e, S("\"command\":\"a\\u0000\"")) == NULL);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }),
	    "\"a\0\": an absolute path or a program's name is due");
	CU_ASSERT(read_hook(&e, S("\"command\":\"/a\\u0000\"")) == NULL);
	CU_ASSERT(read_hook(&e, S("\"args\":[\"b\\u0000\"]")) == NULL);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }),
	    "\"b\0\" has a NUL byte, which no program can be given");
}

static void
long_texts(void)
{
	static char text[200000];
	struct err e;
	const struct hook *h;

	memset(text, 'a', sizeof(text));
	memcpy(text, "\"command\":\"", 11);
	memcpy(text + 11 + 255, "\",", 3);
	strcpy(text + 11 + 257, EVAL + 14);
	h = read_hook(&e, str_of(text));
	CU_ASSERT_FATAL(h != NULL);
	CHECK_NUM(0, h->command.n, 255);
	memset(text, 'a', sizeof(text));
	memcpy(text, "\"command\":\"", 11);
	strcpy(text + 11 + 256, "\"");
	CU_ASSERT(read_hook(&e, str_of(text)) == NULL);
	CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg },
	    S("aaa...\": an absolute path or a program's name is due")));
	/* MAX_ARG_STRLEN of Linux, less the NUL */
	memset(text, 'a', sizeof(text));
	memcpy(text, "\"args\":[\"", 9);
	strcpy(text + 9 + 131071, "\"]," EVAL);
	h = read_hook(&e, str_of(text));
	CU_ASSERT_FATAL(h != NULL);
	CHECK_NUM(0, h->args.first->s.n, 131071);
	memset(text, 'a', sizeof(text));
	memcpy(text, "\"args\":[\"", 9);
	strcpy(text + 9 + 131072, "\"]," EVAL);
	CU_ASSERT(read_hook(&e, str_of(text)) == NULL);
	CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg },
	    S("aaa...\" is of length 131072; 0 to 131071 bytes are due")));
}

static void
good_phases(void)
{
	struct err e;
	const struct hook *h = read_hook(&e, S(TOOL ",\"phases\":[\"after_execution\"]"));

	CU_ASSERT_FATAL(h != NULL);
	CHECK_NUM(0, h->phases, 8);
	/* the type may come after them */
	h = read_hook(&e,
	    S("\"phases\":[\"session_end\",\"session_start\",\"session_update\"],\"command\":\"x\","
	      "\"hook\":\"session\",\"sandbox\":\"s\""));
	CU_ASSERT_FATAL(h != NULL);
	CHECK_NUM(0, h->phases, 0x70);
}

struct row {
	const char *members;
	uint32_t line, col;
	const char *path, *msg;
};

static void
check_wrong(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e;

		CHECK_NUM(i, read_hook(&e, str_of(t[i].members)) == NULL, true);
		CHECK_TOLD(i, &e, FAULT_CONFIG, t[i].line, t[i].col, t[i].path, t[i].msg);
	}
}

static void
needed_keys(void)
{
	static const struct row t[] = {
		{ "", 1, 36, "$.hooks.h",
		    "the key \"command\" is missing: the program: an absolute path, or a name "
		    "that is looked up in the box's PATH" },
		{ "\"command\":\"x\"", 1, 36, "$.hooks.h",
		    "the key \"hook\" is missing: what the hook attends: provider, tool, session "
		    "or eval" },
		{ "\"command\":\"x\",\"hook\":\"tool\"", 1, 36, "$.hooks.h",
		    "the key \"sandbox\" is missing: the name of a declared sandbox" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\"", 1, 36,
		    "$.hooks.h.phases",
		    "no phases; a tool hook has before_execution, after_execution" },
		{ "\"hook\":\"eval\",\"sandbox\":\"s\"", 1, 36, "$.hooks.h",
		    "the key \"command\" is missing: the program: an absolute path, or a name "
		    "that is looked up in the box's PATH" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_commands(void)
{
	static const struct row t[] = {
		{ "\"command\":\"x/y\"", 2, 11, "$.hooks.h.command",
		    "\"x/y\" is a relative path, where an absolute one is due" },
		{ "\"command\":\"./x\"", 2, 11, "$.hooks.h.command",
		    "\"./x\" is a relative path, where an absolute one is due" },
		{ "\"command\":\"/../x\"", 2, 11, "$.hooks.h.command",
		    "\"/../x\" is a path with \"..\", where one without is due" },
		{ "\"command\":\".\"", 2, 11, "$.hooks.h.command",
		    "\".\": an absolute path or a program's name is due" },
		{ "\"command\":\"..\"", 2, 11, "$.hooks.h.command",
		    "\"..\": an absolute path or a program's name is due" },
		{ "\"command\":\"\"", 2, 11, "$.hooks.h.command",
		    "\"\": an absolute path or a program's name is due" },
		{ "\"command\":[\"x\"]", 2, 11, "$.hooks.h.command",
		    "an array, where a string is due" },
		{ "\"command\":null", 2, 11, "$.hooks.h.command", "null, where a string is due" },
		{ "\"command\":3", 2, 11, "$.hooks.h.command", "a number, where a string is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_phases(void)
{
	static const struct row t[] = {
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\",\"phases\":[]", 2, 52,
		    "$.hooks.h.phases",
		    "no phases; a tool hook has before_execution, after_execution" },
		{ "\"phases\":[],\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\"", 2, 10,
		    "$.hooks.h.phases",
		    "no phases; a tool hook has before_execution, after_execution" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":[\"before_execution\",\"before_call\"]",
		    2, 72, "$.hooks.h.phases[1]",
		    "phase \"before_call\" is none of a tool hook's (before_execution, "
		    "after_execution)" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":[\"session_end\",\"before_execution\"]",
		    2, 53, "$.hooks.h.phases[0]",
		    "phase \"session_end\" is none of a tool hook's (before_execution, "
		    "after_execution)" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":[\"before_exection\"]",
		    2, 53, "$.hooks.h.phases[0]",
		    "unknown word \"before_exection\" (before_call, after_call, before_execution,"
		    " after_execution, session_start, session_update, session_end)" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":[\"before_execution\",\"before_execution\"]",
		    2, 72, "$.hooks.h.phases[1]", "\"before_execution\" is there already" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":[\"before_execution\",\"\"]",
		    2, 72, "$.hooks.h.phases[1]",
		    "unknown word \"\" (before_call, after_call, before_execution, "
		    "after_execution, session_start, session_update, session_end)" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\","
		  "\"phases\":\"before_execution\"",
		    2, 52, "$.hooks.h.phases", "a string, where an array is due" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\",\"phases\":null", 2, 52,
		    "$.hooks.h.phases", "null, where an array is due" },
		{ "\"command\":\"x\",\"hook\":\"tool\",\"sandbox\":\"s\",\"phases\":[null]", 2, 53,
		    "$.hooks.h.phases[0]",
		    "null, where a word (before_call, after_call, before_execution, "
		    "after_execution, session_start, session_update, session_end) is due" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\",\"phases\":[]", 2, 52,
		    "$.hooks.h.phases", "an eval hook has no phases" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\","
		  "\"phases\":[\"before_call\"]",
		    2, 52, "$.hooks.h.phases", "an eval hook has no phases" },
		{ "\"phases\":[\"before_execution\"],\"command\":\"x\",\"hook\":\"provider\","
		  "\"sandbox\":\"s\"",
		    2, 11, "$.hooks.h.phases[0]",
		    "phase \"before_execution\" is none of a provider hook's (before_call, "
		    "after_call)" },
		{ "\"phases\":[\"after_call\"],\"command\":\"x\",\"hook\":\"session\","
		  "\"sandbox\":\"s\"",
		    2, 11, "$.hooks.h.phases[0]",
		    "phase \"after_call\" is none of a session hook's (session_start, "
		    "session_update, session_end)" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_words(void)
{
	static const struct row t[] = {
		{ "\"hook\":\"llm\"", 2, 8, "$.hooks.h.hook",
		    "unknown word \"llm\" (provider, tool, session, eval)" },
		{ "\"hook\":\"\"", 2, 8, "$.hooks.h.hook",
		    "unknown word \"\" (provider, tool, session, eval)" },
		{ "\"hook\":null", 2, 8, "$.hooks.h.hook",
		    "null, where a word (provider, tool, session, eval) is due" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\",\"mode\":\"watch\"", 2, 50,
		    "$.hooks.h.mode", "unknown word \"watch\" (filter, observe)" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\",\"mode\":true", 2, 50,
		    "$.hooks.h.mode", "true or false, where a word (filter, observe) is due" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\",\"on_error\":\"Deny\"", 2,
		    54, "$.hooks.h.on_error", "unknown word \"Deny\" (deny, allow)" },
		{ "\"command\":\"x\",\"hook\":\"eval\",\"sandbox\":\"s\",\"on_error\":false", 2, 54,
		    "$.hooks.h.on_error", "true or false, where a word (deny, allow) is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
times_and_sizes(void)
{
	static const struct row t[] = {
		{ "\"timeout\":5", 2, 11, "$.hooks.h.timeout",
		    "a number, where a string such as \"30s\" is due" },
		{ "\"timeout\":\"5\"", 2, 11, "$.hooks.h.timeout",
		    "\"5\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ "\"timeout\":\"9ms\"", 2, 11, "$.hooks.h.timeout",
		    "\"9ms\" is out of range; 10ms to 1d is due" },
		{ "\"timeout\":\"25h\"", 2, 11, "$.hooks.h.timeout",
		    "\"25h\" is out of range; 10ms to 1d is due" },
		{ "\"timeout\":\"\"", 2, 11, "$.hooks.h.timeout",
		    "\"\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ "\"timeout\":\"-1s\"", 2, 11, "$.hooks.h.timeout",
		    "\"-1s\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ "\"grace\":\"61s\"", 2, 9, "$.hooks.h.grace",
		    "\"61s\" is out of range; 0 to 1m is due" },
		{ "\"grace\":\"1.0001s\"", 2, 9, "$.hooks.h.grace",
		    "\"1.0001s\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ "\"request_limit\":0", 2, 17, "$.hooks.h.request_limit",
		    "\"0\" is out of range; 1 to 64M is due" },
		{ "\"request_limit\":1.5", 2, 17, "$.hooks.h.request_limit",
		    "\"1.5\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "\"request_limit\":-1", 2, 17, "$.hooks.h.request_limit",
		    "\"-1\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "\"request_limit\":1e3", 2, 17, "$.hooks.h.request_limit",
		    "\"1e3\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "\"request_limit\":18446744073709551616", 2, 17, "$.hooks.h.request_limit",
		    "\"18446744073709551616\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "\"request_limit\":67108865", 2, 17, "$.hooks.h.request_limit",
		    "\"67108865\" is out of range; 1 to 64M is due" },
		{ "\"request_limit\":\"65M\"", 2, 17, "$.hooks.h.request_limit",
		    "\"65M\" is out of range; 1 to 64M is due" },
		{ "\"request_limit\":true", 2, 17, "$.hooks.h.request_limit",
		    "true or false, where a number of bytes or a string such as \"64M\" is due" },
		{ "\"reply_limit\":{}", 2, 15, "$.hooks.h.reply_limit",
		    "an object, where a number of bytes or a string such as \"64M\" is due" },
		{ "\"reply_limit\":\"0\"", 2, 15, "$.hooks.h.reply_limit",
		    "\"0\" is out of range; 1 to 64M is due" },
		{ "\"stderr_limit\":\"x\"", 2, 16, "$.hooks.h.stderr_limit",
		    "\"x\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "\"stderr_limit\":null", 2, 16, "$.hooks.h.stderr_limit",
		    "null, where a number of bytes or a string such as \"64M\" is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
other_keys(void)
{
	static const struct row t[] = {
		{ "\"args\":\"a\"", 2, 8, "$.hooks.h.args", "a string, where an array is due" },
		{ "\"args\":[\"a\",1]", 2, 13, "$.hooks.h.args[1]",
		    "a number, where a string is due" },
		{ "\"args\":[[\"a\"]]", 2, 9, "$.hooks.h.args[0]",
		    "an array, where a string is due" },
		{ "\"env\":[\"A\",\"A\"]", 2, 12, "$.hooks.h.env[1]", "\"A\" is there already" },
		{ "\"env\":[\"1\"]", 2, 8, "$.hooks.h.env[0]",
		    "\"1\": NAME or NAME=value is due, NAME of at most 255 letters, digits and _,"
		    " not beginning with a digit" },
		{ "\"env\":{\"A\":\"1\"}", 2, 7, "$.hooks.h.env",
		    "an object, where an array is due" },
		{ "\"sandbox\":3", 2, 11, "$.hooks.h.sandbox", "a number, where a string is due" },
		{ "\"sandbox\":\"\"", 2, 11, "$.hooks.h.sandbox",
		    "\"\" is of length 0; 1 to 255 bytes are due" },
		{ "\"sandbox\":\"t\",\"command\":\"x\",\"hook\":\"eval\"", 2, 11,
		    "$.hooks.h.sandbox", "no sandbox is called \"t\" (declared: s)" },
		{ "\"timeuot\":\"5s\"", 2, 1, "$.hooks.h",
		    "unknown key \"timeuot\"; did you mean \"timeout\"?" },
		{ "\"name\":\"h\"", 2, 1, "$.hooks.h",
		    "unknown key \"name\" (command, args, env, hook, phases, mode, sandbox, "
		    "timeout, grace, on_error, request_limit, reply_limit, stderr_limit)" },
		{ "\"cmd\":\"x\"", 2, 1, "$.hooks.h",
		    "unknown key \"cmd\" (command, args, env, hook, phases, mode, sandbox, "
		    "timeout, grace, on_error, request_limit, reply_limit, stderr_limit)" },
		{ "\"phase\":[\"before_call\"]", 2, 1, "$.hooks.h",
		    "unknown key \"phase\"; did you mean \"phases\"?" },
	};

	check_wrong(t, COUNT(t));
}

UNIT_MAIN("hook", { "every key", every_key }, { "defaults are as told", defaults_are_as_told },
    { "types and phases", types_and_phases }, { "commands", commands },
    { "long texts", long_texts }, { "good phases", good_phases }, { "needed keys", needed_keys },
    { "wrong commands", wrong_commands }, { "wrong phases", wrong_phases },
    { "wrong words", wrong_words }, { "times and sizes", times_and_sizes },
    { "other keys", other_keys })
