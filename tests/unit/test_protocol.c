/* core/spec/protocol.c */
#include "spec/protocol.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[4 << 20];

static const struct hook tool = { .type = HOOK_TOOL, .phases = 0x0c };
static const struct hook provider = { .type = HOOK_PROVIDER, .phases = 0x01 };
static const struct hook session = { .type = HOOK_SESSION, .phases = 0x70 };
static const struct hook eval = { .type = HOOK_EVAL };
static const struct hook observer = { .type = HOOK_TOOL, .phases = 0x0c, .mode = MODE_OBSERVE };

static int
request(const struct hook *h, struct str text, struct str *phase, struct err *e)
{
	struct arena a = { mem, 0, sizeof(mem) };

	*e = (struct err){ 0 };
	return request_check(&a, h, text, phase, e);
}

static int
reply(const struct hook *h, struct str text, struct reply *r, struct err *e)
{
	struct arena a = { mem, 0, sizeof(mem) };

	*e = (struct err){ 0 };
	return reply_check(&a, h, text, r, e);
}

static void
good_requests(void)
{
	static const struct {
		const struct hook *hook;
		const char *text, *phase;
	} t[] = {
		{ &tool, "{\"hook\":\"tool\",\"phase\":\"before_execution\",\"request\":{}}",
		    "before_execution" },
		{ &tool, " {\"phase\":\"after_execution\",\"hook\":\"t\\u006fol\"}\n",
		    "after_execution" },
		{ &provider, "{\"hook\":\"provider\",\"phase\":\"before_call\",\"x\":[null]}",
		    "before_call" },
		{ &session, "{\"hook\":\"session\",\"phase\":\"session_end\"}", "session_end" },
		{ &observer, "{\"hook\":\"tool\",\"phase\":\"before_execution\"}",
		    "before_execution" },
		/* of an eval hook's request nothing is known but that it is an object */
		{ &eval, "{}", "" },
		{ &eval, "{\"hook\":3,\"phase\":null}", "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str phase = { NULL, 0 };
		struct err e;

		CHECK_NUM(i, request(t[i].hook, str_of(t[i].text), &phase, &e), 0);
		CHECK_STR(i, phase, str_of(t[i].phase));
		CHECK_NUM(i, e.fault, FAULT_NONE);
	}
}

struct row {
	const struct hook *hook;
	const char *text;
	uint32_t line, col;
	const char *path, *msg;
};

static void
check_requests(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str phase = S("x");
		struct err e;

		CHECK_NUM(i, request(t[i].hook, str_of(t[i].text), &phase, &e), -1);
		CHECK_TOLD(i, &e, FAULT_DATA, t[i].line, t[i].col, t[i].path, t[i].msg);
		CHECK_TEXT(i, phase, "");
	}
}

static void
no_object(void)
{
	static const struct row t[] = {
		{ &tool, "", 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &tool, NULL, 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &eval, "", 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &tool, " \n ", 2, 2, "$",
		    "expected a value, found the end of the text (byte 3)" },
		{ &tool, "[]", 1, 1, "$", "an array, where one JSON object is due (byte 0)" },
		{ &tool, "\n null", 2, 2, "$", "null, where one JSON object is due (byte 2)" },
		{ &eval, "\"{}\"", 1, 1, "$", "a string, where one JSON object is due (byte 0)" },
		{ &eval, "3", 1, 1, "$", "a number, where one JSON object is due (byte 0)" },
		{ &eval, "true", 1, 1, "$",
		    "true or false, where one JSON object is due (byte 0)" },
		{ &tool, "{}{}", 1, 3, "$", "expected the end of the text, found \"{\" (byte 2)" },
		{ &eval, "{}\n{}", 2, 1, "$",
		    "expected the end of the text, found \"{\" (byte 3)" },
		{ &eval, "{} x", 1, 4, "$", "expected the end of the text, found \"x\" (byte 3)" },
		{ &tool, "{\"hook\":\"to\xff", 1, 12, "$.hook",
		    "expected UTF-8 in a string, found the byte \\xff (byte 11)" },
		{ &tool, "{\n\"hook\":\"tool\",\n\"hook\":\"tool\"}", 3, 1, "$.hook",
		    "duplicate key \"hook\", which is at 2:1 already (byte 17)" },
		{ &tool, "\xef\xbb\xbf{}", 1, 1, "$",
		    "expected a value, found a byte order mark (byte 0)" },
		{ &tool, "{\"hook\":\"tool\"", 1, 15, "$",
		    "expected \",\" or \"}\", found the end of the text (byte 14)" },
	};

	check_requests(t, COUNT(t));
}

static void
wrong_envelopes(void)
{
	static const struct row t[] = {
		{ &tool, " {}", 1, 2, "$.hook", "the member \"hook\" is missing (byte 1)" },
		{ &tool, "{\"phase\":\"before_execution\"}", 1, 1, "$.hook",
		    "the member \"hook\" is missing (byte 0)" },
		{ &tool, "{\"hook\":\"tool\"}", 1, 1, "$.phase",
		    "the member \"phase\" is missing (byte 0)" },
		{ &tool, "{\"hook\":null}", 1, 9, "$.hook",
		    "null, where a string is due (byte 8)" },
		{ &tool, "{\"hook\":[\"tool\"]}", 1, 9, "$.hook",
		    "an array, where a string is due (byte 8)" },
		{ &tool, "{\"hook\":\"tool\",\n\"phase\":1}", 2, 9, "$.phase",
		    "a number, where a string is due (byte 24)" },
		{ &tool, "{\"hook\":\"provider\",\"phase\":\"before_call\"}", 1, 9, "$.hook",
		    "\"provider\", where this hook is declared as \"tool\" (byte 8)" },
		{ &tool, "{\"hook\":\"Tool\",\"phase\":\"before_execution\"}", 1, 9, "$.hook",
		    "\"Tool\", where this hook is declared as \"tool\" (byte 8)" },
		{ &tool, "{\"hook\":\"\",\"phase\":\"before_execution\"}", 1, 9, "$.hook",
		    "\"\", where this hook is declared as \"tool\" (byte 8)" },
		{ &tool, "{\"hook\":\"tool\",\"phase\":\"before_call\"}", 1, 24, "$.phase",
		    "\"before_call\", where this hook is declared for before_execution, "
		    "after_execution (byte 23)" },
		{ &provider, "{\"hook\":\"provider\",\"phase\":\"after_call\"}", 1, 28, "$.phase",
		    "\"after_call\", where this hook is declared for before_call (byte 27)" },
		{ &session, "{\"hook\":\"session\",\"phase\":\"\"}", 1, 27, "$.phase",
		    "\"\", where this hook is declared for session_start, session_update, "
		    "session_end (byte 26)" },
		{ &observer, "{\"hook\":\"tool\",\"phase\":\"x\"}", 1, 24, "$.phase",
		    "\"x\", where this hook is declared for before_execution, after_execution "
		    "(byte 23)" },
	};

	check_requests(t, COUNT(t));
}

/* A text from elsewhere never pushes the reason or the byte out of the message. */
static void
long_words(void)
{
	static char text[100000], want[512];
	struct str phase;
	struct err e;

	memset(text, 'x', sizeof(text));
	memcpy(text, "{\"hook\":\"", 9);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	CU_ASSERT(request(&tool, (struct str){ text, sizeof(text) }, &phase, &e) < 0);
	snprintf(want, sizeof(want),
	    "\"%.96s...\", where this hook is declared as \"tool\" (byte 8)", text + 9);
	CHECK_TOLD(0, &e, FAULT_DATA, 1, 9, "$.hook", want);
	memcpy(text, "{\"hook\":\"session\",\"phase\":\"", 27);
	CU_ASSERT(request(&session, (struct str){ text, sizeof(text) }, &phase, &e) < 0);
	snprintf(want, sizeof(want),
	    "\"%.96s...\", where this hook is declared for session_start, session_update, "
	    "session_end (byte 26)",
	    text + 27);
	CHECK_TOLD(0, &e, FAULT_DATA, 1, 27, "$.phase", want);
}

/* No phase of a bit that has no word, and none of a set with every bit. */
static void
sets_of_any_bits(void)
{
	const struct hook all = { .type = HOOK_TOOL, .phases = UINT32_MAX };
	const struct hook high = { .type = HOOK_TOOL, .phases = 0x80000000 };
	struct str phase;
	struct err e;

	CU_ASSERT(
	    request(&all, S("{\"hook\":\"tool\",\"phase\":\"session_end\"}"), &phase, &e) == 0);
	CU_ASSERT(request(&all, S("{\"hook\":\"tool\",\"phase\":\"\"}"), &phase, &e) < 0);
	CU_ASSERT(
	    request(&high, S("{\"hook\":\"tool\",\"phase\":\"session_end\"}"), &phase, &e) < 0);
	CU_ASSERT(request(&high, S("{\"hook\":\"tool\",\"phase\":\"\"}"), &phase, &e) < 0);
}

static void
good_replies(void)
{
	static const struct {
		const struct hook *hook;
		const char *text;
		bool allow, enforced;
		const char *reason;
	} t[] = {
		{ &tool, "{\"allow\":true}", true, false, "" },
		{ &tool, "{\"allow\":false}", false, false, "" },
		{ &tool,
		    "\t{\"allow\":false,\"enforced\":true,\"reason\":\"a\\u0000\xc3\xa4\"}\r\n",
		    false, true, NULL },
		{ &tool,
		    "{\"allow\":true,\"enforced\":false,\"metadata\":{\"a\":[1]},\"reason\":\"\"}",
		    true, false, "" },
		{ &tool, "{\"request\":{\"x\":1},\"reason\":\"why\",\"allow\":true}", true, false,
		    "why" },
		/* other members are nobody's business, whatever their case or kind */
		{ &tool, "{\"allow\":true,\"Allow\":false,\"enforce\":true,\"x\":null}", true,
		    false, "" },
		{ &observer, "{}", false, false, "" },
		{ &observer, "{\"reason\":\"seen\"}", false, false, "seen" },
		{ &observer, "{\"allow\":true}", true, false, "" },
		{ &observer, "{\"enforced\":true}", false, true, "" },
		{ &eval, "{}", false, false, "" },
		{ &eval, "{\"score\":0.5,\"metadata\":{}}", false, false, "" },
		{ &eval, "{\"allow\":true}", true, false, "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct reply r;
		struct err e;

		CHECK_NUM(i, reply(t[i].hook, str_of(t[i].text), &r, &e), 0);
		CHECK_NUM(i, e.fault, FAULT_NONE);
		CHECK_NUM(i, r.allow, t[i].allow);
		CHECK_NUM(i, r.enforced, t[i].enforced);
		CHECK_NUM(i, r.whole != NULL && r.whole->kind == VALUE_OBJECT, true);
		if (t[i].reason != NULL)
			CHECK_STR(i, r.reason, str_of(t[i].reason));
		else
			CHECK_TEXT(i, r.reason, "a\0\xc3\xa4");
	}
}

static void
wrong_replies(void)
{
	static const struct row t[] = {
		{ &tool, "", 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &observer, "", 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &eval, "", 1, 1, "$", "empty, where one JSON object is due (byte 0)" },
		{ &eval, "{} {}", 1, 4, "$", "expected the end of the text, found \"{\" (byte 3)" },
		{ &tool, "{\"allow\":true}{\"allow\":true}", 1, 15, "$",
		    "expected the end of the text, found \"{\" (byte 14)" },
		{ &tool, "log line\n{\"allow\":true}", 1, 1, "$",
		    "expected a value, found \"log\" (byte 0)" },
		{ &tool, "{\"allow\":true}\nlog line", 2, 1, "$",
		    "expected the end of the text, found \"log\" (byte 15)" },
		{ &tool, "[{\"allow\":true}]", 1, 1, "$",
		    "an array, where one JSON object is due (byte 0)" },
		{ &observer, "null", 1, 1, "$", "null, where one JSON object is due (byte 0)" },
		{ &tool, "{\"allow\":true,\"allow\":false}", 1, 15, "$.allow",
		    "duplicate key \"allow\", which is at 1:2 already (byte 14)" },
		{ &tool, "{\"allow\":true,\"reason\":\"\xff\"}", 1, 25, "$.reason",
		    "expected UTF-8 in a string, found the byte \\xff (byte 24)" },
		{ &tool, "{}", 1, 1, "$",
		    "the member \"allow\" is missing: true or false is due (byte 0)" },
		{ &tool, "\n{\"reason\":\"x\"}", 2, 1, "$",
		    "the member \"allow\" is missing: true or false is due (byte 1)" },
		{ &tool, "{\"allow\":\"true\"}", 1, 10, "$.allow",
		    "a string, where true or false is due (byte 9)" },
		{ &tool, "{\"allow\":1}", 1, 10, "$.allow",
		    "a number, where true or false is due (byte 9)" },
		{ &tool, "{\"allow\":null}", 1, 10, "$.allow",
		    "null, where true or false is due (byte 9)" },
		{ &observer, "{\"allow\":null}", 1, 10, "$.allow",
		    "null, where true or false is due (byte 9)" },
		{ &eval, "{\"allow\":0}", 1, 10, "$.allow",
		    "a number, where true or false is due (byte 9)" },
		{ &tool, "{\"allow\":true,\"reason\":[]}", 1, 24, "$.reason",
		    "an array, where a string is due (byte 23)" },
		{ &eval, "{\"reason\":null}", 1, 11, "$.reason",
		    "null, where a string is due (byte 10)" },
		{ &tool, "{\"allow\":false,\"enforced\":\"yes\"}", 1, 27, "$.enforced",
		    "a string, where true or false is due (byte 26)" },
		{ &tool, "{\"allow\":false,\"metadata\":[]}", 1, 27, "$.metadata",
		    "an array, where an object is due (byte 26)" },
		{ &eval, "{\"metadata\":null}", 1, 13, "$.metadata",
		    "null, where an object is due (byte 12)" },
		{ &tool, "{\"allow\":true,\"enforced\":true}", 1, 26, "$.enforced",
		    "true, where \"allow\" is true: what was enforced is not allowed (byte 25)" },
		{ &observer, "{\"enforced\":true,\"allow\":true}", 1, 13, "$.enforced",
		    "true, where \"allow\" is true: what was enforced is not allowed (byte 12)" },
		{ &eval, "{\"enforced\":true,\"allow\":true}", 1, 13, "$.enforced",
		    "true, where \"allow\" is true: what was enforced is not allowed (byte 12)" },
		/* the first of several wrong members, in this order */
		{ &tool, "{\"metadata\":1,\"enforced\":1,\"reason\":1,\"allow\":1}", 1, 47,
		    "$.allow", "a number, where true or false is due (byte 46)" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct reply r;
		struct err e;

		CHECK_NUM(i, reply(t[i].hook, str_of(t[i].text), &r, &e), -1);
		CHECK_TOLD(i, &e, FAULT_DATA, t[i].line, t[i].col, t[i].path, t[i].msg);
	}
}

static void
limits(void)
{
	static char deep[200];
	struct arena a = { mem, 0, 64 };
	struct reply r;
	struct str phase;
	struct err e = { 0 };

	memset(deep, '[', sizeof(deep));
	memcpy(deep, "{\"a\":", 5);
	CHECK_NUM(0, request(&eval, (struct str){ deep, sizeof(deep) }, &phase, &e), -1);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg }, S(" (byte 68)")));
	/* an exhausted arena has no place to tell */
	e = (struct err){ 0 };
	CHECK_NUM(0, reply_check(&a, &tool, S("{\"allow\":true}"), &r, &e), -1);
	CHECK_EXHAUSTED(0, &e);
	CHECK_NUM(0, e.pos.line, 0);
	e = (struct err){ 0 };
	CHECK_NUM(0, request_check(&a, &tool, S("{\"allow\":true}"), &phase, &e), -1);
	CHECK_EXHAUSTED(1, &e);
}

/* The contract's section 5, written down once more. */
static void
outcomes(void)
{
	static const struct {
		enum outcome outcome;
		const char *name;
		int deny, allow, observe; /* status: a filter's by on_error, an observer's */
		bool goes_on[3];          /* in the same order: does the caller? */
	} t[] = {
		{ OUTCOME_ALLOWED, "allowed", 0, 0, 0, { true, true, true } },
		{ OUTCOME_OBSERVED, "observed", 0, 0, 0, { false, false, true } },
		{ OUTCOME_DENIED, "denied", 1, 1, 0, { false, false, true } },
		{ OUTCOME_ENFORCED, "enforced", 3, 3, 0, { false, false, true } },
		{ OUTCOME_BAD_REPLY, "bad-reply", 4, 0, 0, { false, true, true } },
		{ OUTCOME_OUTPUT_LIMIT, "output-limit", 5, 0, 0, { false, true, true } },
		{ OUTCOME_FAILED, "failed", 6, 0, 0, { false, true, true } },
		{ OUTCOME_CRASHED, "crashed", 7, 0, 0, { false, true, true } },
		{ OUTCOME_LIMIT, "limit", 8, 0, 0, { false, true, true } },
		{ OUTCOME_TIMEOUT, "timeout", 124, 0, 0, { false, true, true } },
		{ OUTCOME_REFUSED, "refused", 125, 125, 125, { false, false, true } },
		{ OUTCOME_NOT_EXECUTABLE, "not-executable", 126, 126, 126, { false, false, true } },
		{ OUTCOME_NOT_FOUND, "not-found", 127, 127, 127, { false, false, true } },
	};

	CHECK_NUM(0, COUNT(t), OUTCOME_COUNT);
	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, t[i].outcome, i);
		CHECK_STR(i, outcome_name(t[i].outcome), str_of(t[i].name));
		for (int type = HOOK_PROVIDER; type <= HOOK_EVAL; type++) {
			for (int on_error = ON_ERROR_DENY; on_error <= ON_ERROR_ALLOW; on_error++) {
				const struct hook filter = { .type = type, .on_error = on_error };
				const struct hook observe = { .type = type,
					.on_error = on_error,
					.mode = MODE_OBSERVE };

				CHECK_NUM(i, outcome_status(t[i].outcome, &filter),
				    on_error == ON_ERROR_ALLOW ? t[i].allow : t[i].deny);
				CHECK_NUM(i, outcome_allows(t[i].outcome, &filter),
				    t[i].goes_on[on_error]);
				CHECK_NUM(i, outcome_status(t[i].outcome, &observe), t[i].observe);
				CHECK_NUM(i, outcome_allows(t[i].outcome, &observe),
				    t[i].goes_on[2]);
			}
		}
	}
	CHECK_TEXT(0, outcome_name(OUTCOME_COUNT), "?");
}

UNIT_MAIN("protocol", { "good requests", good_requests }, { "no object", no_object },
    { "wrong envelopes", wrong_envelopes }, { "long words", long_words },
    { "sets of any bits", sets_of_any_bits }, { "good replies", good_replies },
    { "wrong replies", wrong_replies }, { "limits", limits }, { "outcomes", outcomes })
