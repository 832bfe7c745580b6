/* core/text/json*.c: what is refused, and how it is told */
#include "check.h"
#include "text/json.h"
#include "unit.h"

static unsigned char mem[1 << 20];
static char big[4096];

static struct value *
parse(struct arena *a, struct str text, struct err *e)
{
	*a = (struct arena){ mem, 0, sizeof(mem) };
	*e = (struct err){ 0 };
	return json_parse(a, text, FAULT_DATA, e);
}

struct row {
	const char *text;
	size_t n;
	uint32_t line, col;
	const char *path, *msg;
};

static void
check_faults(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena a;
		struct err e;

		CHECK_NUM(i, parse(&a, (struct str){ t[i].text, t[i].n }, &e) == NULL, true);
		CHECK_NUM(i, e.fault, FAULT_DATA);
		CHECK_NUM(i, e.sysno, 0);
		CHECK_NUM(i, e.pos.line, t[i].line);
		CHECK_NUM(i, e.pos.col, t[i].col);
		CHECK_STR(i, ((struct str){ e.path, e.npath }), str_of(t[i].path));
		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(t[i].msg));
	}
}

#define BAD(text, line, col, path, msg) \
	{ \
		text, sizeof(text) - 1, line, col, path, msg \
	}

static void
no_value(void)
{
	static const struct row t[] = {
		BAD("", 1, 1, "$", "expected a value, found the end of the text"),
		BAD(" \n\t", 2, 2, "$", "expected a value, found the end of the text"),
		BAD("\xef\xbb\xbf{}", 1, 1, "$", "expected a value, found a byte order mark"),
		BAD("\xef\xbb", 1, 1, "$", "expected a value, found the byte \\xef"),
		BAD("\xff", 1, 1, "$", "expected a value, found the byte \\xff"),
		BAD("\0", 1, 1, "$", "expected a value, found \"\\x00\""),
		BAD("\f1", 1, 1, "$", "expected a value, found \"\\x0c\""),
		BAD("\xc2\xa0"
		    "1",
		    1, 1, "$", "expected a value, found \"\xc2\xa0\""),
		BAD("'a'", 1, 1, "$", "expected a value, found \"'\""),
		BAD("True", 1, 1, "$", "expected a value, found \"True\""),
		BAD("nul", 1, 1, "$", "expected a value, found \"nul\""),
		BAD("nulll", 1, 1, "$", "expected a value, found \"nulll\""),
		BAD("truefalse", 1, 1, "$", "expected a value, found \"truefalse\""),
		BAD("NaN", 1, 1, "$", "expected a value, found \"NaN\""),
		BAD("Infinity", 1, 1, "$", "expected a value, found \"Infinity\""),
		BAD("undefined", 1, 1, "$", "expected a value, found \"undefined\""),
		BAD("abcdefghijklmnopqrstuvwxyz", 1, 1, "$",
		    "expected a value, found \"abcdefghijklmnopqrstuvwx...\""),
		BAD("+1", 1, 1, "$", "expected a value, found \"+1\""),
		BAD(".5", 1, 1, "$", "expected a value, found \".5\""),
		BAD("// c\n1", 1, 1, "$", "expected a value, found \"/\""),
		BAD("# c\n1", 1, 1, "$", "expected a value, found \"#\""),
		BAD("]", 1, 1, "$", "expected a value, found \"]\""),
		BAD("}", 1, 1, "$", "expected a value, found \"}\""),
		BAD(",", 1, 1, "$", "expected a value, found \",\""),
		BAD("\\", 1, 1, "$", "expected a value, found \"\\\\\""),
	};

	check_faults(t, COUNT(t));
}

static void
trailing_bytes(void)
{
	static const struct row t[] = {
		BAD("1 2", 1, 3, "$", "expected the end of the text, found \"2\""),
		BAD("1x", 1, 2, "$", "expected the end of the text, found \"x\""),
		BAD("{}{}", 1, 3, "$", "expected the end of the text, found \"{\""),
		BAD("[]\n]", 2, 1, "$", "expected the end of the text, found \"]\""),
		BAD("\"\"\"\"", 1, 3, "$", "expected the end of the text, found a string"),
		BAD("1\0", 1, 2, "$", "expected the end of the text, found \"\\x00\""),
		BAD("null//", 1, 5, "$", "expected the end of the text, found \"/\""),
		BAD("1\xef\xbb\xbf", 1, 2, "$",
		    "expected the end of the text, found a byte order mark"),
		BAD("{\"a\":[1]} \xe2\x82\xac", 1, 11, "$",
		    "expected the end of the text, found \"\xe2\x82\xac\""),
	};

	check_faults(t, COUNT(t));
}

static void
arrays(void)
{
	static const struct row t[] = {
		BAD("[", 1, 2, "$[0]", "expected a value, found the end of the text"),
		BAD("[1", 1, 3, "$", "expected \",\" or \"]\", found the end of the text"),
		BAD("[1,", 1, 4, "$[1]", "expected a value, found the end of the text"),
		BAD("[1,]", 1, 4, "$[1]", "expected a value, found \"]\""),
		BAD("[,1]", 1, 2, "$[0]", "expected a value, found \",\""),
		BAD("[1,,2]", 1, 4, "$[1]", "expected a value, found \",\""),
		BAD("[1 2]", 1, 4, "$", "expected \",\" or \"]\", found \"2\""),
		BAD("[1 \"a\"]", 1, 4, "$", "expected \",\" or \"]\", found a string"),
		BAD("[1}", 1, 3, "$", "expected \",\" or \"]\", found \"}\""),
		BAD("[1:2]", 1, 3, "$", "expected \",\" or \"]\", found \":\""),
		BAD("[\"\": 1]", 1, 4, "$", "expected \",\" or \"]\", found \":\""),
		BAD("[a, 1]", 1, 2, "$[0]", "expected a value, found \"a\""),
		BAD("[[1],\n [2, x]]", 2, 6, "$[1][1]", "expected a value, found \"x\""),
		BAD("[1,\n1\n,1", 3, 3, "$", "expected \",\" or \"]\", found the end of the text"),
		BAD("[[]", 1, 4, "$", "expected \",\" or \"]\", found the end of the text"),
	};

	check_faults(t, COUNT(t));
}

static void
objects(void)
{
	static const struct row t[] = {
		BAD("{", 1, 2, "$",
		    "expected a key in double quotes or \"}\", found the end of the text"),
		BAD("{]", 1, 2, "$", "expected a key in double quotes or \"}\", found \"]\""),
		BAD("{a:1}", 1, 2, "$", "expected a key in double quotes or \"}\", found \"a\""),
		BAD("{'a':1}", 1, 2, "$", "expected a key in double quotes or \"}\", found \"'\""),
		BAD("{1:1}", 1, 2, "$", "expected a key in double quotes or \"}\", found \"1\""),
		BAD("{\"a\"", 1, 5, "$",
		    "expected \":\" behind the key, found the end of the text"),
		BAD("{\"a\" 1}", 1, 6, "$", "expected \":\" behind the key, found \"1\""),
		BAD("{\"a\",1}", 1, 5, "$", "expected \":\" behind the key, found \",\""),
		BAD("{\"a\"=1}", 1, 5, "$", "expected \":\" behind the key, found \"=\""),
		BAD("{\"a\":", 1, 6, "$.a", "expected a value, found the end of the text"),
		BAD("{\"a\":}", 1, 6, "$.a", "expected a value, found \"}\""),
		BAD("{\"a\"::1}", 1, 6, "$.a", "expected a value, found \":\""),
		BAD("{\"a\":1", 1, 7, "$", "expected \",\" or \"}\", found the end of the text"),
		BAD("{\"a\":1,}", 1, 8, "$", "expected a key in double quotes, found \"}\""),
		BAD("{\"a\":1,,}", 1, 8, "$", "expected a key in double quotes, found \",\""),
		BAD("{\"a\":1]", 1, 7, "$", "expected \",\" or \"}\", found \"]\""),
		BAD("{\"a\":1 \"b\":2}", 1, 8, "$", "expected \",\" or \"}\", found a string"),
		BAD("{\"a\":1,b:2}", 1, 8, "$", "expected a key in double quotes, found \"b\""),
		BAD("{\"a\":{\"b\":\n{\"c\":\r\n x}}}", 3, 2, "$.a.b.c",
		    "expected a value, found \"x\""),
		BAD("{\"a\":[0,1,2,{\"b\":x}]}", 1, 18, "$.a[3].b",
		    "expected a value, found \"x\""),
		BAD("{\"a\":[0,1,2,{\"k y\":x}]}", 1, 20, "$.a[3][\"k y\"]",
		    "expected a value, found \"x\""),
		BAD("{\"\\n\\u0000\":x}", 1, 13, "$[\"\\n\\u0000\"]",
		    "expected a value, found \"x\""),
		BAD("{\"a\":{} x", 1, 9, "$", "expected \",\" or \"}\", found \"x\""),
		BAD("{\"a\":{\"b\":1 x", 1, 13, "$.a", "expected \",\" or \"}\", found \"x\""),
	};

	check_faults(t, COUNT(t));
}

static void
numbers(void)
{
	static const struct row t[] = {
		BAD("-", 1, 2, "$", "expected a digit, found the end of the text"),
		BAD("--1", 1, 2, "$", "expected a digit, found \"-1\""),
		BAD("-a", 1, 2, "$", "expected a digit, found \"a\""),
		BAD("-Infinity", 1, 2, "$", "expected a digit, found \"Infinity\""),
		BAD("01", 1, 2, "$", "expected a number without leading zeros, found \"1\""),
		BAD("-012", 1, 3, "$", "expected a number without leading zeros, found \"12\""),
		BAD("[00]", 1, 3, "$[0]", "expected a number without leading zeros, found \"0\""),
		BAD("1.", 1, 3, "$", "expected a digit, found the end of the text"),
		BAD("1.e1", 1, 3, "$", "expected a digit, found \"e1\""),
		BAD("[1.]", 1, 4, "$[0]", "expected a digit, found \"]\""),
		BAD("1e", 1, 3, "$", "expected a digit, found the end of the text"),
		BAD("1e+", 1, 4, "$", "expected a digit, found the end of the text"),
		BAD("1E-x", 1, 4, "$", "expected a digit, found \"x\""),
		BAD("1e\"", 1, 3, "$", "expected a digit, found a string"),
		BAD("1e\n", 1, 3, "$", "expected a digit, found \"\\n\""),
		BAD("1.2.3", 1, 4, "$", "expected the end of the text, found \".3\""),
		BAD("0x10", 1, 2, "$", "expected the end of the text, found \"x10\""),
		BAD("1_000", 1, 2, "$", "expected the end of the text, found \"_000\""),
		BAD("[1a]", 1, 3, "$", "expected \",\" or \"]\", found \"a\""),
		BAD("\xef\xbc\x91", 1, 1, "$", "expected a value, found \"\xef\xbc\x91\""),
	};

	check_faults(t, COUNT(t));
}

#define CLOSING(at) \
	"expected the closing quote of the string that begins at " at ", found the end of the text"
#define CONTROL(c) "expected an escape for the control character " c " in a string"
#define ESCAPE(c) "expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u, found " c

static void
strings(void)
{
	static const struct row t[] = {
		BAD("\"", 1, 2, "$", CLOSING("1:1")),
		BAD("\"abc", 1, 5, "$", CLOSING("1:1")),
		BAD("{\n \"ab", 2, 5, "$", CLOSING("2:2")),
		BAD("\"abc\\", 1, 5, "$", CLOSING("1:1")),
		BAD("\"abc\\\"", 1, 7, "$", CLOSING("1:1")),
		BAD("[\"abcdefghijklmnop", 1, 19, "$[0]", CLOSING("1:2")),
		BAD("\"a\nb\"", 1, 3, "$", CONTROL("\\n")),
		BAD("\"a\tb\"", 1, 3, "$", CONTROL("\\t")),
		BAD("\"a\rb\"", 1, 3, "$", CONTROL("\\x0d")),
		BAD("\"abcdefghijkl\0mnopqrs\"", 1, 14, "$", CONTROL("\\x00")),
		BAD("{\"a\":\"\x1f\"}", 1, 7, "$.a", CONTROL("\\x1f")),
		BAD("{\"a\x01\":1}", 1, 4, "$", CONTROL("\\x01")),
		BAD("\"a\\x\"", 1, 3, "$", ESCAPE("\\x")),
		BAD("\"\\'\"", 1, 2, "$", ESCAPE("\\'")),
		BAD("\"\\U0041\"", 1, 2, "$", ESCAPE("\\U")),
		BAD("\"\\0\"", 1, 2, "$", ESCAPE("\\0")),
		BAD("\"\\\n\"", 1, 2, "$", ESCAPE("\\\\x0a")),
		BAD("\"\\\0\"", 1, 2, "$", ESCAPE("\\\\x00")),
		BAD("\"\\\xe2\x82\xac\"", 1, 2, "$", ESCAPE("\\\xe2\x82\xac")),
		BAD("\"\\\xff\"", 1, 2, "$", ESCAPE("\\\\xff")),
		BAD("\"\\u\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u12\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u12", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"a\\u123g\"", 1, 3, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u00G0\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u/000\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u:000\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u@000\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\u 123\"", 1, 2, "$", "expected four hexadecimal digits after \\u"),
		BAD("\"\\ud800\"", 1, 2, "$", "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\uDBFF\"", 1, 2, "$", "expected a pair of surrogates, found \\uDBFF alone"),
		BAD("\"ab\\udc00\"", 1, 4, "$",
		    "expected a pair of surrogates, found \\udc00 alone"),
		BAD("\"\\udFff\\ud800\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\udFff alone"),
		BAD("\"\\ud800\\ud800\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\ud800\\u0041\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\ud800\\ue000\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\ud800\\n\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\ud800\\udc0\"", 1, 2, "$",
		    "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"\\ud800", 1, 2, "$", "expected a pair of surrogates, found \\ud800 alone"),
		BAD("\"a\xff\"", 1, 3, "$", "expected UTF-8 in a string, found the byte \\xff"),
		BAD("\"\xc0\x80\"", 1, 2, "$", "expected UTF-8 in a string, found the byte \\xc0"),
		BAD("\"abc\xe2\x82\"", 1, 5, "$",
		    "expected UTF-8 in a string, found the byte \\xe2"),
		BAD("\"\xed\xa0\x80\"", 1, 2, "$",
		    "expected UTF-8 in a string, found the byte \\xed"),
		BAD("\"\xf4\x90\x80\x80\"", 1, 2, "$",
		    "expected UTF-8 in a string, found the byte \\xf4"),
		BAD("\"\xf0\x9f\x98", 1, 2, "$",
		    "expected UTF-8 in a string, found the byte \\xf0"),
		BAD("[\"\xc3\xa4\", \"\xa4\"]", 1, 9, "$[1]",
		    "expected UTF-8 in a string, found the byte \\xa4"),
	};

	check_faults(t, COUNT(t));
}

static void
lines_end_in_lf_only(void)
{
	static const struct row t[] = {
		BAD("\n\n\nx", 4, 1, "$", "expected a value, found \"x\""),
		BAD("\r\n\r\n x", 3, 2, "$", "expected a value, found \"x\""),
		BAD("\r\r x", 1, 4, "$", "expected a value, found \"x\""),
		BAD("[\r1,\n\r\r2 x", 2, 5, "$", "expected \",\" or \"]\", found \"x\""),
		BAD("[\"\xc3\xa4\xe2\x82\xac\" x", 1, 10, "$",
		    "expected \",\" or \"]\", found \"x\""),
	};

	check_faults(t, COUNT(t));
}

#define TWICE(key, at) "duplicate key \"" key "\", which is at " at " already"

static void
duplicates(void)
{
	static const struct row t[] = {
		BAD("{\"a\":1,\"a\":1}", 1, 8, "$.a", TWICE("a", "1:2")),
		BAD("{\"a\":1,\n\"b\":2, \"\\u0061\":3}", 2, 8, "$.a", TWICE("a", "1:2")),
		BAD("{\"\":1,\"\":2}", 1, 7, "$[\"\"]", TWICE("", "1:2")),
		BAD("[0,{\"x\":{\"k y\":0,\"k y\":0}}]", 1, 18, "$[1].x[\"k y\"]",
		    TWICE("k y", "1:10")),
		BAD("{\"a\":1,\"b\":1,\"b\":1,\"a\":1}", 1, 14, "$.b", TWICE("b", "1:8")),
		BAD("{\"\\n\\\\\":1,\"\\n\\\\\":2}", 1, 11, "$[\"\\n\\\\\"]",
		    TWICE("\\n\\\\", "1:2")),
		BAD("{\"a\":{},\"b\":{\"a\":[],\"c\":{}},\"a\":0}", 1, 29, "$.a",
		    TWICE("a", "1:2")),
		BAD("{\"0\":0,\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,"
		    "\"9\":0,\"a\":0,\"b\":0,\"c\":0,\"b\":0}",
		    1, 80, "$.b", TWICE("b", "1:68")),
	};

	check_faults(t, COUNT(t));
}

static void
faults_are_told_once(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };

	/* The fault is the caller's choice. */
	CU_ASSERT(json_parse(&a, S("x"), FAULT_CONFIG, &e) == NULL);
	CU_ASSERT(e.fault == FAULT_CONFIG && e.pos.col == 1);
	/* The first one stays, with its position and path. */
	CU_ASSERT(json_parse(&a, S("[1,x]"), FAULT_DATA, &e) == NULL);
	CU_ASSERT(json_parse(&a, S("{\"a\":1,\"a\":1}"), FAULT_DATA, &e) == NULL);
	CU_ASSERT(e.fault == FAULT_CONFIG && e.pos.col == 1);
	CHECK_TEXT(0, ((struct str){ e.path, e.npath }), "$");
	/* Nor does a path join a fault from elsewhere. */
	e = (struct err){ 0 };
	err_usage(&e, "x");
	CU_ASSERT(json_parse(&a, S("[x"), FAULT_DATA, &e) == NULL);
	CU_ASSERT(e.npath == 0);
}

static void
long_paths_and_keys_are_cut(void)
{
	struct arena a;
	struct err e;
	struct buf b = BUF(big);

	for (int i = 0; i < 60; i++)
		buf_put(&b, S("[1,2,"));
	CU_ASSERT(parse(&a, buf_str(&b), &e) == NULL);
	CHECK_NUM(0, e.npath, 124 + 3); /* whole steps only */
	CHECK_TEXT(0, str_slice((struct str){ e.path, e.npath }, 0, 10), "$[2][2][2]");
	CHECK_TEXT(0, str_slice((struct str){ e.path, e.npath }, 121, 127), "[2]...");
	b = BUF(big);
	buf_put(&b, S("{\""));
	for (int i = 0; i < 50; i++)
		buf_put(&b, S("\xe2\x82\xac"));
	buf_put(&b, S("\":1"));
	buf_put(&b, S(",\""));
	for (int i = 0; i < 50; i++)
		buf_put(&b, S("\xe2\x82\xac"));
	buf_put(&b, S("\":1}"));
	CU_ASSERT(parse(&a, buf_str(&b), &e) == NULL);
	CHECK_NUM(0, e.npath, 1 + 2 + 13 * 3 + 1 + 3 + 1);
	CHECK_NUM(0, e.nmsg, 15 + 21 * 3 + sizeof("\", which is at 1:2 already") - 1);
}

UNIT_MAIN("jsonfault", { "no value", no_value }, { "trailing bytes", trailing_bytes },
    { "arrays", arrays }, { "objects", objects }, { "numbers", numbers }, { "strings", strings },
    { "lines end in LF only", lines_end_in_lf_only }, { "duplicates", duplicates },
    { "faults are told once", faults_are_told_once },
    { "long paths and keys are cut", long_paths_and_keys_are_cut })
