/* core/spec/decode.c */
#include "everything.h"
#include "text/json.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[1 << 20];

struct second {
	struct seen seen;
	bool more;
	uint64_t level;
};

/* clang-format off */
static const struct field second_rows[] = {
	{ ROW("more", "", "", "", "more"), .offset = offsetof(struct second, more) },
	{ ROW("level", "", "", "", "a level"), .offset = offsetof(struct second, level),
	  .type = FIELD_UINT, .max = 9 },
};
/* clang-format on */

static const struct table second_table = { "the second", second_rows, COUNT(second_rows) };

struct given {
	struct arena a;
	struct err e;
	struct everything x;
	struct second y;
};

static int
decode(struct given *g, struct str text)
{
	const struct args_part part[] = { { &everything_table, &g->x }, { &second_table, &g->y } };
	struct field_ctx c;
	const struct value *v;

	*g = (struct given){ .a = { mem, 0, sizeof(mem) } };
	g->x.off = true;
	c = (struct field_ctx){ &g->a, FAULT_CONFIG, &g->e, POS_NONE };
	v = json_parse(&g->a, text, FAULT_CONFIG, &g->e);
	CU_ASSERT_FATAL(v != NULL);
	return field_decode(&c, part, COUNT(part), v, S("$.x"));
}

static void
every_kind_of_row(void)
{
	static const char text[] =
	    "{\n"
	    "\"flag\": true, \"turned_on\": true, \"string\": \"\\u0061b\", \"path\": \"/a/\",\n"
	    "\"word\": \"one\", \"number\": 4, \"size\": 1024, \"duration\": \"1h\",\n"
	    "\"set\": [\"green\"], \"strings\": [\"a\", \"a\"], \"paths\": [\"//\"],\n"
	    "\"numbers\": [4294967295], \"custom\": [\"x\", \"y\"],\n"
	    "\"needed\": false}";
	struct given g;

	CHECK_NUM(0, decode(&g, S(text)), 0);
	CU_ASSERT(g.e.fault == FAULT_NONE);
	/* "needed" has the same member as "flag" */
	CU_ASSERT(!g.x.flag && !g.x.off);
	CHECK_TEXT(0, g.x.string, "ab");
	CHECK_TEXT(0, g.x.path, "/a");
	CHECK_NUM(0, g.x.word, 1);
	CHECK_NUM(0, g.x.number, 4);
	CHECK_NUM(0, g.x.size, 1024);
	CHECK_NUM(0, g.x.duration, 3600000);
	CHECK_NUM(0, g.x.set, 2);
	CHECK_NUM(0, g.x.strings.n, 2);
	CHECK_TEXT(0, g.x.paths.first->s, "/");
	CHECK_NUM(0, g.x.paths.first->pos.line, 4);
	CHECK_NUM(0, g.x.paths.first->pos.col, 52);
	CHECK_TEXT(0, g.x.numbers.first->s, "4294967295");
	CHECK_NUM(0, g.x.ncustom, 2);
	CHECK_TEXT(0, g.x.custom[1], "y");
	CHECK_NUM(0, g.x.seen.bits, 0xffff & ~(1 << ROW_PAIR | 1 << ROW_CORES));
	CHECK_NUM(0, g.x.seen.at[ROW_FLAG].line, 2);
	CHECK_NUM(0, g.x.seen.at[ROW_FLAG].col, 9);
	/* of a list, its bracket */
	CHECK_NUM(0, g.x.seen.at[ROW_STRINGS].line, 4);
	CHECK_NUM(0, g.x.seen.at[ROW_STRINGS].col, 30);
}

static void
least(void)
{
	struct given g;

	CHECK_NUM(0, decode(&g, S("{\"needed\":true,\"set\":[],\"strings\":[]}")), 0);
	CU_ASSERT(g.x.flag && g.x.off && g.x.set == 0 && g.x.strings.n == 0);
	CHECK_NUM(0, g.x.seen.bits, 1 << ROW_NEEDED | 1 << ROW_SET | 1 << ROW_STRINGS);
	CHECK_NUM(0, decode(&g, S("{\"needed\":true,\"size\":\"1K\",\"turned_on\":false}")), 0);
	CU_ASSERT(g.x.off && g.x.size == 1024);
}

static void
two_tables(void)
{
	struct given g;

	CHECK_NUM(0, decode(&g, S("{\"level\":7,\"needed\":true,\"more\":true,\"cores\":0.5}")), 0);
	CHECK_NUM(0, g.y.level, 7);
	CU_ASSERT(g.y.more && g.x.flag);
	CHECK_NUM(0, g.x.cores, 500);
	CHECK_NUM(0, g.y.seen.bits, 3);
	CHECK_NUM(0, g.x.seen.bits, 1 << ROW_NEEDED | 1 << ROW_CORES);
	CHECK_NUM(0, g.y.seen.at[1].col, 10);
	CHECK_NUM(1, decode(&g, S("{\"needed\":true,\"cores\":\"1.25\"}")), 0);
	CHECK_NUM(1, g.x.cores, 1250);
	CHECK_NUM(1, g.y.seen.bits, 0);
	/* the first table's needed ones, whatever the second has */
	CHECK_NUM(2, decode(&g, S("{\"level\":7}")), -1);
}

struct row {
	const char *text;
	uint32_t col;
	const char *path, *msg;
};

static void
check_wrong(const struct row *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct given g;

		CHECK_NUM(i, decode(&g, str_of(t[i].text)), -1);
		CHECK_TOLD(i, &g.e, FAULT_CONFIG, 1, t[i].col, t[i].path, t[i].msg);
	}
}

static void
no_object(void)
{
	static const struct row t[] = {
		{ "null", 1, "$.x", "null, where everything is due" },
		{ "true", 1, "$.x", "true or false, where everything is due" },
		{ "1", 1, "$.x", "a number, where everything is due" },
		{ " \"\"", 2, "$.x", "a string, where everything is due" },
		{ "[]", 1, "$.x", "an array, where everything is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
unknown_keys(void)
{
	static const char keys[] =
	    " (flag, turned_on, string, path, word, number, size, duration, cores, set, strings, "
	    "paths, numbers, custom, needed, more, level)";
	char want[512];
	struct given g;

	check_wrong(
	    (const struct row[]){
		{ "{\"fleg\":1}", 2, "$.x", "unknown key \"fleg\"; did you mean \"flag\"?" },
		{ "{\"flag\":true,\"stringg\":1}", 14, "$.x",
		    "unknown key \"stringg\"; did you mean \"string\"?" },
		{ "{\"levle\":1}", 2, "$.x", "unknown key \"levle\"; did you mean \"level\"?" } },
	    3);
	/* an option's name is no key; nor is the empty key of a row that has none */
	snprintf(want, sizeof(want), "unknown key \"pair\"; did you mean \"path\"?");
	check_wrong((const struct row[]){ { "{\"pair\":[]}", 2, "$.x", want } }, 1);
	snprintf(want, sizeof(want), "unknown key \"\"%s", keys);
	check_wrong((const struct row[]){ { "{\"\":1}", 2, "$.x", want } }, 1);
	snprintf(want, sizeof(want), "unknown key \"completely\"%s", keys);
	check_wrong(
	    (const struct row[]){ { "{\"needed\":true,\"completely\":1}", 16, "$.x", want } }, 1);
	CHECK_NUM(0, decode(&g, S("{\"flag\\u0000\":true}")), -1);
	CHECK_TEXT(0, ((struct str){ g.e.msg, g.e.nmsg }),
	    "unknown key \"flag\0\"; did you mean \"flag\"?");
}

static void
wrong_kinds(void)
{
	static const struct row t[] = {
		{ "{\"flag\":1}", 9, "$.x.flag", "a number, where true or false is due" },
		{ "{\"flag\":\"true\"}", 9, "$.x.flag", "a string, where true or false is due" },
		{ "{\"flag\":null}", 9, "$.x.flag", "null, where true or false is due" },
		{ "{\"string\":1}", 11, "$.x.string", "a number, where a string is due" },
		{ "{\"string\":null}", 11, "$.x.string", "null, where a string is due" },
		{ "{\"string\":[\"ab\"]}", 11, "$.x.string", "an array, where a string is due" },
		{ "{\"path\":true}", 9, "$.x.path",
		    "true or false, where an absolute path is due" },
		{ "{\"word\":1}", 9, "$.x.word", "a number, where a word (one, two) is due" },
		{ "{\"number\":\"4\"}", 11, "$.x.number", "a string, where a number is due" },
		{ "{\"number\":null}", 11, "$.x.number", "null, where a number is due" },
		{ "{\"size\":true}", 9, "$.x.size",
		    "true or false, where a number of bytes or a string such as \"64M\" is due" },
		{ "{\"size\":null}", 9, "$.x.size",
		    "null, where a number of bytes or a string such as \"64M\" is due" },
		{ "{\"duration\":5}", 13, "$.x.duration",
		    "a number, where a string such as \"30s\" is due" },
		{ "{\"cores\":null}", 10, "$.x.cores",
		    "null, where a number of cores or a string such as \"0.5\" is due" },
		{ "{\"more\":null}", 9, "$.x.more", "null, where true or false is due" },
		{ "{\"set\":\"red\"}", 8, "$.x.set", "a string, where an array is due" },
		{ "{\"set\":null}", 8, "$.x.set", "null, where an array is due" },
		{ "{\"set\":{}}", 8, "$.x.set", "an object, where an array is due" },
		{ "{\"custom\":\"x\"}", 11, "$.x.custom", "a string, where an array is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_elements(void)
{
	static const struct row t[] = {
		{ "{\"set\":[\"red\",1]}", 15, "$.x.set[1]",
		    "a number, where a word (red, green, blue) is due" },
		{ "{\"set\":[\"red\",null]}", 15, "$.x.set[1]",
		    "null, where a word (red, green, blue) is due" },
		{ "{\"set\":[\"red\",\"rot\"]}", 15, "$.x.set[1]",
		    "unknown word \"rot\" (red, green, blue)" },
		{ "{\"set\":[\"red\",\"red\"]}", 15, "$.x.set[1]", "\"red\" is there already" },
		{ "{\"strings\":[[]]}", 13, "$.x.strings[0]", "an array, where a string is due" },
		{ "{\"strings\":[\"a\",\"b\",\"abcdef\"]}", 21, "$.x.strings[2]",
		    "\"abcdef\" is of length 6; 0 to 5 bytes are due" },
		{ "{\"paths\":[\"/a\",\"b\"]}", 16, "$.x.paths[1]",
		    "\"b\" is a relative path, where an absolute one is due" },
		{ "{\"paths\":[1]}", 11, "$.x.paths[0]",
		    "a number, where an absolute path is due" },
		{ "{\"numbers\":[1,\"2\"]}", 15, "$.x.numbers[1]",
		    "a string, where a number is due" },
		{ "{\"numbers\":[1,1]}", 15, "$.x.numbers[1]", "\"1\" is there already" },
		{ "{\"numbers\":[1e2]}", 13, "$.x.numbers[0]",
		    "\"1e2\" is no whole number; decimal digits are due" },
		{ "{\"custom\":[\"\",\"\",\"\",\"\",\"\"]}", 24, "$.x.custom[4]", "more than 4" },
		{ "{\"custom\":[{}]}", 12, "$.x.custom[0]", "an object, where a string is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_values(void)
{
	static const struct row t[] = {
		{ "{\"number\":2}", 11, "$.x.number", "\"2\" is out of range; 3 to 10 is due" },
		{ "{\"number\":4.5}", 11, "$.x.number",
		    "\"4.5\" is no whole number; decimal digits are due" },
		{ "{\"number\":-4}", 11, "$.x.number",
		    "\"-4\" is no whole number; decimal digits are due" },
		{ "{\"size\":-1}", 9, "$.x.size",
		    "\"-1\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "{\"size\":1024.0}", 9, "$.x.size",
		    "\"1024.0\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "{\"size\":\"2G\"}", 9, "$.x.size", "\"2G\" is out of range; 512 to 1G is due" },
		{ "{\"cores\":0.0099}", 10, "$.x.cores",
		    "\"0.0099\" is no number of cores; digits such as 2 or 0.5 are due, three "
		    "behind "
		    "the point at most" },
		{ "{\"cores\":5e-1}", 10, "$.x.cores",
		    "\"5e-1\" is no number of cores; digits such as 2 or 0.5 are due, three behind "
		    "the point at most" },
		{ "{\"cores\":\"0.009\"}", 10, "$.x.cores",
		    "\"0.009\" is out of range; 0.01 to 2 is due" },
		{ "{\"level\":10}", 10, "$.x.level", "\"10\" is out of range; 0 to 9 is due" },
		{ "{\"path\":\"a\"}", 9, "$.x.path",
		    "\"a\" is a relative path, where an absolute one is due" },
		{ "{}", 1, "$.x", "the key \"needed\" is missing: what cannot be left out" },
		{ "{\"flag\":true}", 1, "$.x",
		    "the key \"needed\" is missing: what cannot be left out" },
	};

	check_wrong(t, COUNT(t));
}

static void
the_first_fault_is_told(void)
{
	static const struct row t[] = {
		{ "{\"number\":2,\"fleg\":1}", 11, "$.x.number",
		    "\"2\" is out of range; 3 to 10 is due" },
		{ "{\"fleg\":1,\"number\":2}", 2, "$.x",
		    "unknown key \"fleg\"; did you mean \"flag\"?" },
	};

	check_wrong(t, COUNT(t));
}

static void
paths_of_members_and_elements(void)
{
	struct arena a = { mem, 0, 64 };
	struct err e = { 0 };
	struct field_ctx c = { &a, FAULT_CONFIG, &e, POS_NONE };

	CHECK_TEXT(0, field_member(&c, S("$.a"), S("b")), "$.a.b");
	CHECK_TEXT(0, field_member(&c, S("$"), S("b.c")), "$[\"b.c\"]");
	CHECK_TEXT(0, field_member(&c, S("$"), S("\n\"")), "$[\"\\n\\\"\"]");
	CHECK_TEXT(0, field_element(&c, S("$.a"), 17), "$.a[17]");
	CU_ASSERT(e.fault == FAULT_NONE);
	a.used = a.cap;
	CU_ASSERT(field_member(&c, S("$"), S("b")).p == NULL);
	CHECK_EXHAUSTED(0, &e);
	e = (struct err){ 0 };
	CU_ASSERT(field_element(&c, S("$"), SIZE_MAX).p == NULL);
	CHECK_EXHAUSTED(1, &e);
}

/* A long key is cut in the path, and escaped, and stays below what the path has room for. */
static void
hostile_keys(void)
{
	static char key[4096];
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct field_ctx c = { &a, FAULT_CONFIG, &e, POS_NONE };
	struct str path;

	memset(key, 1, sizeof(key));
	path = field_member(&c, S("$"), (struct str){ key, sizeof(key) });
	CU_ASSERT(path.n > 40 && path.n < 256);
	CU_ASSERT(str_ends(path, S("\\u0001\"...]")));
	path = field_member(&c, S("$"), (struct str){ key, 40 });
	CU_ASSERT(str_ends(path, S("\\u0001\"]")));
}

UNIT_MAIN("decode", { "every kind of row", every_kind_of_row }, { "the least", least },
    { "two tables", two_tables }, { "no object", no_object }, { "unknown keys", unknown_keys },
    { "wrong kinds", wrong_kinds }, { "wrong elements", wrong_elements },
    { "wrong values", wrong_values }, { "the first fault is told", the_first_fault_is_told },
    { "paths of members and elements", paths_of_members_and_elements },
    { "hostile keys", hostile_keys })
