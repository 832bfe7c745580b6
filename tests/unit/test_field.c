/* core/spec/field.c */
#include "everything.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[16384];

struct given {
	struct arena a;
	struct err e;
	struct field_ctx c;
	struct everything x;
};

static void
begin(struct given *g, enum fault fault)
{
	*g = (struct given){ .a = { mem, 0, sizeof(mem) } };
	g->c = (struct field_ctx){ &g->a, fault, &g->e, { 3, 7 } };
}

static int
text(struct given *g, size_t row, struct str a)
{
	return field_text(&g->c, &everything_table, row, &g->x, a, S(""));
}

static void
each_type_is_stored(void)
{
	struct given g;

	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_FLAG, S("")), 0);
	CHECK_NUM(0, text(&g, ROW_OFF, S("")), 0);
	CHECK_NUM(0, text(&g, ROW_STRING, S("abcde")), 0);
	CHECK_NUM(0, text(&g, ROW_PATH, S("//a/./b/")), 0);
	CHECK_NUM(0, text(&g, ROW_WORD, S("two")), 0);
	CHECK_NUM(0, text(&g, ROW_NUMBER, S("10")), 0);
	CHECK_NUM(0, text(&g, ROW_SIZE, S("1.5K")), 0);
	CHECK_NUM(0, text(&g, ROW_DURATION, S("1m30s")), 0);
	CU_ASSERT(g.x.flag && g.x.off);
	CHECK_TEXT(0, g.x.string, "abcde");
	CHECK_TEXT(0, g.x.path, "/a/b");
	CHECK_NUM(0, g.x.word, 2);
	CHECK_NUM(0, g.x.number, 10);
	CHECK_NUM(0, g.x.size, 1536);
	CHECK_NUM(0, g.x.duration, 90000);
	CHECK_NUM(0, text(&g, ROW_CORES, S("0.25")), 0);
	CHECK_NUM(0, g.x.cores, 250);
	CHECK_NUM(0, field_unset(&g.c, &everything_table, ROW_FLAG, &g.x), 0);
	CHECK_NUM(0, field_unset(&g.c, &everything_table, ROW_OFF, &g.x), 0);
	CU_ASSERT(!g.x.flag && !g.x.off);
	CU_ASSERT(g.e.fault == FAULT_NONE);
}

static void
lists_keep_their_order(void)
{
	static const char *const path[] = { "/c", "/a", "/c" };
	struct given g;
	const struct strnode *n;

	begin(&g, FAULT_USAGE);
	for (size_t i = 0; i < COUNT(path); i++) {
		g.c.pos.col = (uint32_t)i + 1;
		CHECK_NUM(i, text(&g, ROW_PATHS, str_of(path[i])), 0);
	}
	CHECK_NUM(0, g.x.paths.n, 3);
	n = g.x.paths.first;
	for (size_t i = 0; i < COUNT(path); i++, n = n->next) {
		CU_ASSERT_FATAL(n != NULL);
		CHECK_STR(i, n->s, str_of(path[i]));
		CHECK_NUM(i, n->pos.col, i + 1);
	}
	CU_ASSERT(n == NULL);
	CHECK_NUM(0, text(&g, ROW_STRINGS, S("")), 0);
	CHECK_NUM(0, text(&g, ROW_STRINGS, S("")), 0);
	CHECK_NUM(0, g.x.strings.n, 2);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("0")), 0);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("4294967295")), 0);
	CHECK_TEXT(0, g.x.numbers.first->next->s, "4294967295");
	CHECK_NUM(0, text(&g, ROW_SET, S("blue")), 0);
	CHECK_NUM(0, text(&g, ROW_SET, S("red")), 0);
	CHECK_NUM(0, g.x.set, 5);
	CHECK_NUM(0, text(&g, ROW_CUSTOM, S("x")), 0);
	CHECK_NUM(0, field_text(&g.c, &everything_table, ROW_PAIR, &g.x, S("l"), S("r")), 0);
	CHECK_NUM(0, g.x.ncustom + g.x.npairs, 2);
	CHECK_TEXT(0, g.x.pair[1], "r");
}

static void
what_was_given_and_where(void)
{
	struct given g;

	begin(&g, FAULT_CONFIG);
	CU_ASSERT(!field_given(&everything_table, &g.x, offsetof(struct everything, paths)));
	CHECK_NUM(0, field_place(&everything_table, &g.x, offsetof(struct everything, paths)).line,
	    0);
	CHECK_NUM(0, text(&g, ROW_PATHS, S("/a")), 0);
	g.c.pos = (struct pos){ 9, 9 };
	CHECK_NUM(0, text(&g, ROW_PATHS, S("/b")), 0);
	CU_ASSERT(field_given(&everything_table, &g.x, offsetof(struct everything, paths)));
	/* the first place counts */
	CHECK_NUM(0, field_place(&everything_table, &g.x, offsetof(struct everything, paths)).line,
	    3);
	CHECK_NUM(0, g.x.seen.bits, 1 << ROW_PATHS);
	/* two rows may store into one member */
	field_mark(&g.c, ROW_NEEDED, &g.x);
	CU_ASSERT(field_given(&everything_table, &g.x, offsetof(struct everything, flag)));
	CHECK_NUM(0, field_place(&everything_table, &g.x, offsetof(struct everything, flag)).col,
	    9);
	CU_ASSERT(!field_given(&everything_table, &g.x, 65535));
}

struct wrong {
	size_t row;
	const char *text;
	const char *msg;
};

static void
check_wrong(const struct wrong *t, size_t n)
{
	char said[512];

	for (size_t i = 0; i < n; i++) {
		struct given g;

		begin(&g, FAULT_CONFIG);
		CHECK_NUM(i, text(&g, t[i].row, str_of(t[i].text)), -1);
		CHECK_TOLD(i, &g.e, FAULT_CONFIG, 3, 7, "", t[i].msg);
		begin(&g, FAULT_USAGE);
		CHECK_NUM(i, text(&g, t[i].row, str_of(t[i].text)), -1);
		snprintf(said, sizeof(said), "--%s: %s", row_option(&everything_rows[t[i].row]).p,
		    t[i].msg);
		CHECK_TOLD(i, &g.e, FAULT_USAGE, 3, 7, "", said);
	}
}

static void
wrong_texts(void)
{
	static const struct wrong t[] = {
		{ ROW_STRING, "", "\"\" is of length 0; 2 to 5 bytes are due" },
		{ ROW_STRING, "a", "\"a\" is of length 1; 2 to 5 bytes are due" },
		{ ROW_STRING, "abcdef", "\"abcdef\" is of length 6; 2 to 5 bytes are due" },
		{ ROW_STRINGS, "abcdef", "\"abcdef\" is of length 6; 0 to 5 bytes are due" },
		{ ROW_PATH, "", "\"\" is an empty path, where an absolute one is due" },
		{ ROW_PATH, NULL, "\"\" is an empty path, where an absolute one is due" },
		{ ROW_PATH, "a", "\"a\" is a relative path, where an absolute one is due" },
		{ ROW_PATH, "./a", "\"./a\" is a relative path, where an absolute one is due" },
		{ ROW_PATH, "/a/../b",
		    "\"/a/../b\" is a path with \"..\", where one without is due" },
		{ ROW_PATHS, "/..", "\"/..\" is a path with \"..\", where one without is due" },
		{ ROW_WORD, "", "unknown word \"\" (one, two)" },
		{ ROW_WORD, NULL, "unknown word \"\" (one, two)" },
		{ ROW_WORD, "One", "unknown word \"One\" (one, two)" },
		{ ROW_WORD, "one|two", "unknown word \"one|two\" (one, two)" },
		{ ROW_SET, "pink", "unknown word \"pink\" (red, green, blue)" },
	};

	check_wrong(t, COUNT(t));
}

static void
wrong_numbers(void)
{
	static const struct wrong t[] = {
		{ ROW_NUMBER, "", "\"\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "-4", "\"-4\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "4.0", "\"4.0\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "0x4", "\"0x4\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "04", "\"04\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "18446744073709551620",
		    "\"18446744073709551620\" is no whole number; decimal digits are due" },
		{ ROW_NUMBER, "2", "\"2\" is out of range; 3 to 10 is due" },
		{ ROW_NUMBER, "11", "\"11\" is out of range; 3 to 10 is due" },
		{ ROW_NUMBER, "18446744073709551615",
		    "\"18446744073709551615\" is out of range; 3 to 10 is due" },
		{ ROW_NUMBERS, "x", "\"x\" is no whole number; decimal digits are due" },
		{ ROW_SIZE, "x", "\"x\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ ROW_SIZE, "1.5", "\"1.5\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ ROW_SIZE, "1KB", "\"1KB\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ ROW_SIZE, "17000000T",
		    "\"17000000T\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ ROW_SIZE, "511", "\"511\" is out of range; 512 to 1G is due" },
		{ ROW_SIZE, "1073741825", "\"1073741825\" is out of range; 512 to 1G is due" },
		{ ROW_DURATION, "5", "\"5\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ ROW_DURATION, "1m1h", "\"1m1h\" is no duration; 500ms, 30s, 5m or 1h30m is due" },
		{ ROW_DURATION, "0", "\"0\" is out of range; 10ms to 1h is due" },
		{ ROW_DURATION, "1h1ms", "\"1h1ms\" is out of range; 10ms to 1h is due" },
	};

	check_wrong(t, COUNT(t));
}

static void
nul_bytes(void)
{
	static const size_t row[] = { ROW_STRING, ROW_STRINGS };
	struct given g;

	for (size_t i = 0; i < COUNT(row); i++) {
		begin(&g, FAULT_CONFIG);
		CHECK_NUM(i, text(&g, row[i], S("ab\0")), -1);
		CHECK_TEXT(i, ((struct str){ g.e.msg, g.e.nmsg }),
		    "\"ab\0\" has a NUL byte, which no program can be given");
	}
	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_PATH, S("/a\0")), -1);
	CHECK_TEXT(0, ((struct str){ g.e.msg, g.e.nmsg }),
	    "\"/a\0\" is a path with a NUL byte, which no file has");
	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_SIZE, S("1M\0")), -1);
	CHECK_NUM(0, text(&g, ROW_WORD, S("one\0")), -1);
	CHECK_NUM(0, text(&g, ROW_NUMBER, S("5\0")), -1);
}

static void
long_texts_leave_room_for_the_reason(void)
{
	static char big[5001], want[512];
	struct given g;

	memset(big, 'x', sizeof(big));
	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_WORD, (struct str){ big, 5000 }), -1);
	snprintf(want, sizeof(want), "unknown word \"%.96s...\" (one, two)", big);
	CHECK_TOLD(0, &g.e, FAULT_CONFIG, 3, 7, "", want);
	big[0] = '/';
	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_PATH, (struct str){ big, 5000 }), -1);
	snprintf(want, sizeof(want),
	    "\"%.96s...\" is a path of more than 4095 bytes, which no kernel takes", big);
	CHECK_TOLD(0, &g.e, FAULT_CONFIG, 3, 7, "", want);
}

static void
nothing_is_stored_twice(void)
{
	static const size_t row[] = { ROW_FLAG, ROW_OFF, ROW_STRING, ROW_PATH, ROW_WORD, ROW_NUMBER,
		ROW_SIZE, ROW_DURATION };
	static const char *const value[] = { "", "", "ab", "/a", "one", "3", "1M", "1s" };
	struct given g;
	char want[64];

	for (size_t i = 0; i < COUNT(row); i++) {
		begin(&g, FAULT_USAGE);
		CHECK_NUM(i, text(&g, row[i], str_of(value[i])), 0);
		CHECK_NUM(i, text(&g, row[i], str_of(value[i])), -1);
		snprintf(want, sizeof(want), "--%s: given twice",
		    row_option(&everything_rows[row[i]]).p);
		CHECK_TOLD(i, &g.e, FAULT_USAGE, 3, 7, "", want);
	}
	begin(&g, FAULT_USAGE);
	CHECK_NUM(0, text(&g, ROW_SET, S("green")), 0);
	CHECK_NUM(0, text(&g, ROW_SET, S("green")), -1);
	CHECK_TOLD(0, &g.e, FAULT_USAGE, 3, 7, "", "--set: \"green\" is there already");
	begin(&g, FAULT_USAGE);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("7")), 0);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("8")), 0);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("7")), -1);
	CHECK_TOLD(0, &g.e, FAULT_USAGE, 3, 7, "", "--numbers: \"7\" is there already");
}

static void
a_wrong_text_stores_nothing(void)
{
	struct given g;

	begin(&g, FAULT_CONFIG);
	CHECK_NUM(0, text(&g, ROW_STRING, S("toolong")), -1);
	CHECK_NUM(0, text(&g, ROW_PATH, S("x")), -1);
	CHECK_NUM(0, text(&g, ROW_WORD, S("x")), -1);
	CHECK_NUM(0, text(&g, ROW_SET, S("x")), -1);
	CHECK_NUM(0, text(&g, ROW_PATHS, S("x")), -1);
	CHECK_NUM(0, text(&g, ROW_STRINGS, S("toolong")), -1);
	CHECK_NUM(0, text(&g, ROW_NUMBERS, S("x")), -1);
	CU_ASSERT(g.x.string.p == NULL && g.x.path.p == NULL && g.x.word == 0 && g.x.set == 0);
	CU_ASSERT(g.x.paths.n + g.x.strings.n + g.x.numbers.n == 0);
	CU_ASSERT(g.x.paths.first == NULL && g.x.strings.first == NULL);
}

static void
an_exhausted_arena(void)
{
	static const size_t row[] = { ROW_PATH, ROW_PATHS, ROW_STRINGS, ROW_NUMBERS };
	static const char *const value[] = { "/a", "/a", "a", "1" };
	struct given g;

	for (size_t i = 0; i < COUNT(row); i++) {
		begin(&g, FAULT_USAGE);
		g.a.cap = 2;
		CHECK_NUM(i, text(&g, row[i], str_of(value[i])), -1);
		CHECK_EXHAUSTED(i, &g.e);
	}
	/* room for the text, and none for its place in the list */
	begin(&g, FAULT_USAGE);
	g.a.cap = 3;
	CHECK_NUM(0, text(&g, ROW_PATHS, S("/a")), -1);
	CHECK_EXHAUSTED(0, &g.e);
	CU_ASSERT(g.x.paths.n == 0);
}

static void
nearest_names(void)
{
	static const struct {
		const char *wrong, *key, *option;
	} t[] = {
		{ "fleg", "flag", "flag" },
		{ "falg", "flag", "flag" },
		{ "turnedon", "turned_on", NULL },
		{ "cors", "cores", "cores" },
		{ "durations", "duration", "duration" },
		{ "duratio", "duration", "duration" },
		{ "pathes", "paths", "paths" },
		{ "pairs", "paths", "pair" },
		{ "set2", "set", "set" },
		{ "st", "set", "set" },
		{ "", NULL, NULL },
		{ "s", NULL, NULL },
		{ "xy", NULL, NULL },
		{ "sxy", NULL, NULL },
		{ "completely", NULL, NULL },
		{ "needd", "needed", NULL },
	};

	const struct args_part part = { &everything_table, NULL };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str key = field_suggest(&part, 1, str_of(t[i].wrong), false);
		struct str option = field_suggest(&part, 1, str_of(t[i].wrong), true);

		CHECK_NUM(i, key.p == NULL, t[i].key == NULL);
		CHECK_STR(i, key, str_of(t[i].key));
		CHECK_NUM(i, option.p == NULL, t[i].option == NULL);
		CHECK_STR(i, option, str_of(t[i].option));
	}
}

static void
rows_by_key(void)
{
	CHECK_NUM(0, field_row(&everything_table, S("flag")), ROW_FLAG);
	CHECK_NUM(0, field_row(&everything_table, S("needed")), ROW_NEEDED);
	CHECK_NUM(0, field_row(&everything_table, S("pair")), everything_table.n);
	/* a row without a key has an empty one, which no key is */
	CHECK_NUM(0, field_row(&everything_table, S("")), everything_table.n);
	CHECK_NUM(0, field_row(&everything_table, (struct str){ NULL, 0 }), everything_table.n);
	CHECK_NUM(0, field_row(&everything_table, S("flag\0")), everything_table.n);
}

static void
faults_of_many_parts(void)
{
	const struct str digit[8] = { S("1"), S("2"), S("3"), S("4"), S("5"), S("6"), S("7"),
		S("8") };
	struct given g;

	begin(&g, FAULT_USAGE);
	for (size_t i = 0; i < 2; i++) {
		/* the second time nothing happens: the first fault stands */
		CHECK_NUM(i,
		    field_fault(&g.c, &everything_rows[ROW_FLAG], "0%%%%%%%%", digit, 8 - i), -1);
		CHECK_TOLD(i, &g.e, FAULT_USAGE, 3, 7, "", "--flag: 012345678");
	}
}

UNIT_MAIN("field", { "each type is stored", each_type_is_stored },
    { "lists keep their order", lists_keep_their_order },
    { "what was given, and where", what_was_given_and_where }, { "wrong texts", wrong_texts },
    { "wrong numbers", wrong_numbers }, { "NUL bytes", nul_bytes },
    { "long texts leave room for the reason", long_texts_leave_room_for_the_reason },
    { "nothing is stored twice", nothing_is_stored_twice },
    { "a wrong text stores nothing", a_wrong_text_stores_nothing },
    { "an exhausted arena", an_exhausted_arena }, { "nearest names", nearest_names },
    { "rows by key", rows_by_key }, { "faults of many parts", faults_of_many_parts })
