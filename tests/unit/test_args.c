/* core/spec/args.c */
#include "cli/common.h"
#include "everything.h"
#include "spec/args.h"
#include "spec/box.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[1 << 18];

struct second {
	struct seen seen;
	bool help, verbose;
	uint64_t report;
};

#define AT(member) .offset = offsetof(struct second, member)

/* clang-format off */
static const struct field second_rows[] = {
	{ ROW("", "help", "", "", "print this"), .letter = 'h', AT(help) },
	{ ROW("", "verbose", "", "", "say more"), .letter = 'v', AT(verbose) },
	{ ROW("", "report", "N", "", "write events to descriptor N"),
	  .type = FIELD_UINT, AT(report), .min = 3, .max = 1023 },
};
/* clang-format on */

static const struct table second_table = { "the command line", second_rows, COUNT(second_rows) };

enum { WORDS = 16 };

struct given {
	struct arena a;
	struct err e;
	struct everything x;
	struct second y;
	const char *word[WORDS];
	int argc, rest;
	bool dashes;
};

/* The words are parted by spaces; the first is the program's name. */
static int
parse(struct given *g, const char *line)
{
	const struct args_part part[] = { { &everything_table, &g->x }, { &second_table, &g->y } };
	struct field_ctx c;
	static char text[512];
	char *word;

	*g = (struct given){ .a = { mem, 0, sizeof(mem) } };
	c = (struct field_ctx){ &g->a, FAULT_USAGE, &g->e, POS_NONE };
	snprintf(text, sizeof(text), "tool %s", line);
	for (word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) {
		CU_ASSERT_FATAL(g->argc + 1 < WORDS);
		/* "_" stands for the empty word */
		g->word[g->argc++] = strcmp(word, "_") == 0 ? "" : word;
	}
	return args_parse(&c, part, COUNT(part), g->argc, (char *const *)(uintptr_t)g->word,
	    &g->rest, &g->dashes);
}

static void
each_way_to_write_an_option(void)
{
	struct given g;

	CHECK_NUM(0, parse(&g, "--string=ab --path /a -n 5 -pp1 -f prog"), -1);
	CHECK_NUM(1, parse(&g, "--string=ab --path /a -n 5 -p/1 -p /2 -f prog"), 0);
	CHECK_TEXT(1, g.x.string, "ab");
	CHECK_TEXT(1, g.x.path, "/a");
	CHECK_NUM(1, g.x.number, 5);
	CHECK_NUM(1, g.x.paths.n, 2);
	CHECK_TEXT(1, g.x.paths.first->s, "/1");
	CHECK_TEXT(1, g.x.paths.first->next->s, "/2");
	CHECK_NUM(1, g.x.flag, true);
	CHECK_NUM(1, g.rest, 10);
	CHECK_NUM(1, g.dashes, false);
	/* only the first "=" parts */
	CHECK_NUM(2, parse(&g, "--strings=a=b --strings= --strings _"), 0);
	CHECK_TEXT(2, g.x.strings.first->s, "a=b");
	CHECK_TEXT(2, g.x.strings.first->next->s, "");
	CHECK_NUM(2, g.x.strings.n, 3);
	/* an argument may look like an option */
	CHECK_NUM(3, parse(&g, "--strings --flag --strings -- -s--"), -1);
	CHECK_NUM(4, parse(&g, "--strings -f --strings -- -s--"), 0);
	CHECK_TEXT(4, g.x.strings.first->s, "-f");
	CHECK_TEXT(4, g.x.strings.first->next->s, "--");
	CHECK_TEXT(4, g.x.string, "--");
	CHECK_NUM(4, g.dashes, false);
	CHECK_NUM(4, g.rest, 6);
	CHECK_NUM(5, parse(&g, "--off"), 0);
	CHECK_NUM(5, g.x.off, true);
	CHECK_NUM(5, g.x.seen.bits, 1 << ROW_OFF);
}

static void
letters_in_one_word(void)
{
	struct given g;

	CHECK_NUM(0, parse(&g, "-fhv"), 0);
	CU_ASSERT(g.x.flag && g.y.help && g.y.verbose);
	CHECK_NUM(1, parse(&g, "-hn7 -vs abc"), 0);
	CHECK_NUM(1, g.x.number, 7);
	CHECK_TEXT(1, g.x.string, "abc");
	CU_ASSERT(g.y.help && g.y.verbose);
	/* what stands behind a letter that takes an argument is that, all of it */
	CHECK_NUM(2, parse(&g, "-sfh -c=x"), 0);
	CHECK_TEXT(2, g.x.string, "fh");
	CHECK_TEXT(2, g.x.custom[0], "=x");
	CU_ASSERT(!g.x.flag && !g.y.help);
}

static void
two_arguments(void)
{
	struct given g;

	CHECK_NUM(0, parse(&g, "--pair l r prog"), 0);
	CHECK_TEXT(0, g.x.pair[0], "l");
	CHECK_TEXT(0, g.x.pair[1], "r");
	CHECK_NUM(0, g.rest, 4);
	CHECK_NUM(1, parse(&g, "--pair=l r prog"), 0);
	CHECK_TEXT(1, g.x.pair[0], "l");
	CHECK_TEXT(1, g.x.pair[1], "r");
	CHECK_NUM(1, g.rest, 3);
	CHECK_NUM(2, parse(&g, "-bl r -b l --"), 0);
	CHECK_NUM(2, g.x.npairs, 2);
	CHECK_TEXT(2, g.x.pair[1], "--");
	CHECK_NUM(2, g.dashes, false);
	CHECK_NUM(3, parse(&g, "--pair l"), -1);
	CHECK_TOLD(3, &g.e, FAULT_USAGE, 0, 0, "", "--pair needs an argument: A B");
	CHECK_NUM(4, parse(&g, "--pair=l"), -1);
	CHECK_TOLD(4, &g.e, FAULT_USAGE, 0, 0, "", "--pair needs an argument: A B");
	CHECK_NUM(5, parse(&g, "-b"), -1);
	CHECK_TOLD(5, &g.e, FAULT_USAGE, 0, 0, "", "--pair needs an argument: A B");
	CHECK_NUM(5, g.x.npairs, 0);
}

static void
where_options_end(void)
{
	static const struct {
		const char *line;
		int rest;
		bool dashes, flag;
	} t[] = {
		{ "", 1, false, false },
		{ "prog", 1, false, false },
		{ "prog -f", 1, false, false },
		{ "-f prog -h", 2, false, true },
		{ "-f", 2, false, true },
		{ "--", 2, true, false },
		{ "-- -f", 2, true, false },
		{ "-f -- --", 3, true, true },
		{ "-f -- prog", 3, true, true },
		{ "-", 1, false, false },
		{ "-f - -h", 2, false, true },
		{ "_ -f", 1, false, false },
		{ "\xc3\xa4 -f", 1, false, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct given g;

		CHECK_NUM(i, parse(&g, t[i].line), 0);
		CHECK_NUM(i, g.rest, t[i].rest);
		CHECK_NUM(i, g.dashes, t[i].dashes);
		CHECK_NUM(i, g.x.flag, t[i].flag);
		CHECK_NUM(i, g.y.help, false);
	}
}

/* execve(2) takes an empty argv, and then the environment follows at once (CVE-2021-4034). */
static void
no_words_at_all(void)
{
	char *const argv[] = { NULL, (char[]){ "--flag" }, NULL };
	struct everything x = { 0 };
	const struct args_part part = { &everything_table, &x };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct field_ctx c = { &a, FAULT_USAGE, &e, POS_NONE };
	int rest = 7;
	bool dashes = true;

	CHECK_NUM(0, args_parse(&c, &part, 1, 0, argv, &rest, &dashes), 0);
	CHECK_NUM(0, rest, 0);
	CHECK_NUM(0, dashes, false);
	CHECK_NUM(0, x.flag, false);
}

static void
wrong_lines(void)
{
	static const struct {
		const char *line, *msg;
		uint32_t word; /* of the fault, where that is told */
	} t[] = {
		{ "--fleg", "unknown option \"--fleg\"; did you mean \"--flag\"?", 0 },
		{ "--fleg=x", "unknown option \"--fleg\"; did you mean \"--flag\"?", 0 },
		{ "-flag", "unknown option \"-flag\"; did you mean \"--flag\"?", 0 },
		{ "-pair", "--paths: \"air\" is a relative path, where an absolute one is due", 1 },
		{ "-path", "--paths: \"ath\" is a relative path, where an absolute one is due", 1 },
		{ "-durations", "unknown option \"-durations\"; did you mean \"--duration\"?", 0 },
		{ "--helpp", "unknown option \"--helpp\"; did you mean \"--help\"?", 0 },
		{ "--completely", "unknown option \"--completely\"; --help lists them", 0 },
		/* a secret behind a misspelt option is not shown */
		{ "--completely=secret", "unknown option \"--completely\"; --help lists them", 0 },
		/* rows without an option have an empty name; this is none of them */
		{ "--=true", "unknown option \"--\"; --help lists them", 0 },
		{ "--=", "unknown option \"--\"; --help lists them", 0 },
		{ "---", "unknown option \"---\"; --help lists them", 0 },
		{ "--needed", "unknown option \"--needed\"; --help lists them", 0 },
		{ "--fla", "unknown option \"--fla\"; did you mean \"--flag\"?", 0 },
		{ "--Flag", "unknown option \"--Flag\"; did you mean \"--flag\"?", 0 },
		{ "-x", "unknown option \"-x\"; --help lists them", 0 },
		{ "-F", "unknown option \"-F\"; --help lists them", 0 },
		{ "-fx", "unknown option \"-x\" in \"-fx\"; --help lists them", 0 },
		{ "-fxyz", "unknown option \"-x\" in \"-fxyz\"; --help lists them", 0 },
		{ "-f-", "unknown option \"--\" in \"-f-\"; --help lists them", 0 },
		{ "-\xc3\xa4", "unknown option \"-\xc3\xa4\"; --help lists them", 0 },
		{ "--flag=", "--flag takes no argument", 0 },
		{ "--flag=true", "--flag takes no argument", 0 },
		{ "--off=x", "--off takes no argument", 0 },
		{ "--string", "--string needs an argument: TEXT", 0 },
		{ "-s", "--string needs an argument: TEXT", 0 },
		{ "-fs", "--string needs an argument: TEXT", 0 },
		{ "-f -h --string", "--string needs an argument: TEXT", 0 },
		{ "--flag --flag", "--flag: given twice", 2 },
		{ "-ff", "--flag: given twice", 1 },
		{ "--string=ab -s ab", "--string: given twice", 2 },
		{ "--set red --set=red", "--set: \"red\" is there already", 3 },
		{ "--number 2", "--number: \"2\" is out of range; 3 to 10 is due", 1 },
		{ "-fn2", "--number: \"2\" is out of range; 3 to 10 is due", 1 },
		{ "-f --report=2", "--report: \"2\" is out of range; 3 to 1023 is due", 2 },
		{ "--path --flag",
		    "--path: \"--flag\" is a relative path, where an absolute one is due", 1 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct given g;

		CHECK_NUM(i, parse(&g, t[i].line), -1);
		CHECK_TOLD(i, &g.e, FAULT_USAGE, 0, t[i].word, "", t[i].msg);
	}
}

static void
each_word_has_a_place(void)
{
	struct given g;

	CHECK_NUM(0, parse(&g, "-f --string ab -p /1 -p /2"), 0);
	CHECK_NUM(0, g.x.seen.at[ROW_FLAG].line, 0);
	CHECK_NUM(0, g.x.seen.at[ROW_FLAG].col, 1);
	CHECK_NUM(0, g.x.seen.at[ROW_STRING].col, 2);
	CHECK_NUM(0, g.x.seen.at[ROW_PATHS].col, 4);
	CHECK_NUM(0, g.x.paths.first->next->pos.col, 6);
}

static void
what_a_subcommand_takes(void)
{
	struct err e = { 0 };
	struct field_ctx c = { NULL, FAULT_USAGE, &e, POS_NONE };
	struct given g;

	CHECK_NUM(0, parse(&g, "-f --path=/a"), 0);
	CHECK_NUM(0, args_allow(&c, &everything_table, &g.x, UINT64_MAX), 0);
	CHECK_NUM(0, args_allow(&c, &everything_table, &g.x, 1 << ROW_FLAG | 1 << ROW_PATH), 0);
	CHECK_NUM(0, args_allow(&c, &second_table, &g.y, 0), 0);
	CU_ASSERT(e.fault == FAULT_NONE);
	CHECK_NUM(0, args_allow(&c, &everything_table, &g.x, 1 << ROW_FLAG), -1);
	CHECK_TOLD(0, &e, FAULT_USAGE, 0, 0, "", "--path does not belong to this subcommand");
	e = (struct err){ 0 };
	CHECK_NUM(0, args_allow(&c, &everything_table, &g.x, 0), -1);
	CHECK_TOLD(0, &e, FAULT_USAGE, 0, 0, "", "--flag does not belong to this subcommand");
}

static void
usage(void)
{
	static const char want[] =
	    "usage: tool [options] prog\n"
	    "\n"
	    "options:\n"
	    "  -f, --flag                            on\n"
	    "      --off                             off\n"
	    "  -s, --string TEXT                     text\n"
	    "      --path PATH                       a path (/)\n"
	    "      --word WORD                       a word (one)\n"
	    "  -n, --number N                        a number\n"
	    "      --size SIZE                       a size (1M)\n"
	    "      --duration TIME                   a time (1s)\n"
	    "      --cores N                         cores\n"
	    "      --set WORD                        words\n"
	    "      --strings TEXT                    texts\n"
	    "  -p, --paths PATH                      paths\n"
	    "      --numbers N                       numbers\n"
	    "  -c, --custom ANY                      anything\n"
	    "  -b, --pair A B                        two of anything\n"
	    "  -h, --help                            print this\n"
	    "  -v, --verbose                         say more\n"
	    "      --report N                        write events to descriptor N\n";
	const struct args_part part[] = { { &everything_table, NULL }, { &second_table, NULL } };
	char text[2048];
	struct buf b = BUF(text);

	args_usage(&b, S("tool [options] prog"), part, COUNT(part));
	CU_ASSERT(str_eq(buf_str(&b), S(want)));
	CHECK_NUM(0, b.full, false);
	b = (struct buf){ text, 0, 40, false };
	args_usage(&b, S("tool [options] prog"), part, COUNT(part));
	CHECK_NUM(0, b.full, true);
}

/* What ships: every option of sbx-ns is on its own line of the usage, and is taken. */
static void
every_option_of_ours(void)
{
	struct box box;
	struct common common;
	const struct args_part part[] = { { &box_table, &box }, { &common_table, &common } };
	static char text[16384];
	struct buf b = BUF(text);

	args_usage(&b, S("sbx-ns"), part, COUNT(part));
	CU_ASSERT_FATAL(!b.full);
	buf_char(&b, '\0');
	for (size_t i = 0; i < COUNT(part); i++) {
		for (size_t k = 0; k < part[i].table->n; k++) {
			struct str option = row_option(&part[i].table->row[k]);
			struct arena a = { mem, 0, sizeof(mem) };
			struct err e = { 0 };
			struct field_ctx c = { &a, FAULT_USAGE, &e, POS_NONE };
			char word[64], line[80];
			char *const argv[] = { NULL, word, NULL };
			int rest;
			bool dashes;

			if (option.n == 0)
				continue;
			snprintf(line, sizeof(line), "--%s ", option.p);
			CHECK_NUM(k, strstr(text, line) != NULL, true);
			snprintf(word, sizeof(word), "--%s", option.p);
			box = (struct box){ 0 };
			common = (struct common){ 0 };
			/* known: it was taken, or wants its argument */
			if (args_parse(&c, part, COUNT(part), 2, argv, &rest, &dashes) < 0)
				CHECK_NUM(k,
				    str_starts((struct str){ e.msg, e.nmsg }, str_of(word)), true);
		}
	}
}

/* "--=none" once chose the row "level", which has no option. */
static void
the_level_is_no_option(void)
{
	struct box box = { 0 };
	const struct args_part part = { &box_table, &box };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct field_ctx c = { &a, FAULT_USAGE, &e, POS_NONE };
	char word[] = "--=none";
	char *const argv[] = { NULL, word, NULL };
	int rest;
	bool dashes;

	CHECK_NUM(0, args_parse(&c, &part, 1, 2, argv, &rest, &dashes), -1);
	CHECK_NUM(0, box.level, LEVEL_UNSET);
}

UNIT_MAIN("args", { "each way to write an option", each_way_to_write_an_option },
    { "letters in one word", letters_in_one_word }, { "two arguments", two_arguments },
    { "where options end", where_options_end }, { "no words at all", no_words_at_all },
    { "wrong lines", wrong_lines }, { "each word has a place", each_word_has_a_place },
    { "what a subcommand takes", what_a_subcommand_takes }, { "usage", usage },
    { "every option of ours", every_option_of_ours },
    { "the level is no option", the_level_is_no_option })
