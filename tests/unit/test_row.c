/* core/spec/row.c; and what every table of ours has to keep to */
#include "base/num.h"
#include "check.h"
#include "cli/common.h"
#include "spec/hook.h"
#include "spec/limits.h"
#include "unit.h"

static void
five_texts(void)
{
	static const struct field f = { ROW("key", "option", "ARG", "1", "what it is") };
	static const struct field none = { ROW("", "", "", "", "") };

	CHECK_TEXT(0, row_key(&f), "key");
	CHECK_TEXT(0, row_option(&f), "option");
	CHECK_TEXT(0, row_arg(&f), "ARG");
	CHECK_TEXT(0, row_initial(&f), "1");
	CHECK_TEXT(0, row_prose(&f), "what it is");
	CHECK_TEXT(1, row_key(&none), "");
	CHECK_TEXT(1, row_prose(&none), "");
}

static void
words_of_a_list(void)
{
	CHECK_TEXT(0, word_at("a|bc|d", 0), "a");
	CHECK_TEXT(0, word_at("a|bc|d", 1), "bc");
	CHECK_TEXT(0, word_at("a|bc|d", 2), "d");
	CU_ASSERT(word_at("a|bc|d", 3).p == NULL);
	CU_ASSERT(word_at("a|bc|d", 4).p == NULL);
	CU_ASSERT(word_at("a|bc|d", 1000000).p == NULL);
	/* an empty word is one */
	CU_ASSERT(word_at("|a", 0).p != NULL && word_at("|a", 0).n == 0);
	CHECK_TEXT(0, word_at("|a", 1), "a");
	CU_ASSERT(word_at("a|", 1).p != NULL && word_at("a|", 1).n == 0);
	CU_ASSERT(word_at("a|", 2).p == NULL);
	CU_ASSERT(word_at("", 0).p != NULL && word_at("", 0).n == 0);
	CU_ASSERT(word_at("", 1).p == NULL);
	CU_ASSERT(word_at(NULL, 0).p == NULL && word_at(NULL, 1).p == NULL);
}

static void
put(size_t row, const char *words, uint32_t bits, size_t room, const char *want)
{
	char text[128];
	struct buf b = { text, 0, room, false };

	words_put(&b, words, bits, S(", "));
	CHECK_STR(row, buf_str(&b), str_of(want));
}

static void
words_of_a_set(void)
{
	static const char many[] = "0|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|"
				   "24|25|26|27|28|29|30|31|32|33";

	put(0, "a|b|c", 5, 128, "a, c");
	put(1, "a|b|c", 0, 128, "");
	put(2, "a|b|c", UINT32_MAX, 128, "a, b, c");
	put(3, "|a||b", UINT32_MAX, 128, "a, b");
	put(4, "|a||b", 1, 128, "");
	put(5, many, (uint32_t)1 << 31, 128, "31");
	put(6, many, UINT32_MAX - 1, 128,
	    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, "
	    "24, 25, 26, 27, 28, 29, 30, 31");
	/* a list of more words than bits is not a set's, and is listed whole */
	put(7, "0|1||||||||||||||||||||||||||||||32|33", UINT32_MAX, 128, "0, 1, 32, 33");
	put(8, "0|1||||||||||||||||||||||||||||||32|33", 3, 128, "0, 1");
	put(9, "aaa|bbb", UINT32_MAX, 4, "aaa");
}

static size_t
count_words(const char *words)
{
	size_t n = 0;

	while (word_at(words, n).p != NULL)
		n++;
	return n;
}

static bool
has_word(const char *words, struct str word)
{
	for (size_t i = 0; i < count_words(words); i++)
		if (str_eq(word_at(words, i), word))
			return true;
	return false;
}

static void
check_default(size_t row, const struct field *f)
{
	struct str text = row_initial(f);
	uint64_t v = 0;

	if (f->type == FIELD_ENUM)
		CHECK_NUM(row, has_word(f->words, text), true);
	if (f->type == FIELD_SIZE)
		CHECK_NUM(row, num_size(text, &v), 0);
	if (f->type == FIELD_DURATION)
		CHECK_NUM(row, num_duration(text, &v), 0);
	if (f->type == FIELD_SIZE || f->type == FIELD_DURATION)
		CHECK_NUM(row, v >= f->min && v <= f->max, true);
}

static void
check_row(size_t row, const struct field *f)
{
	bool key = row_key(f).n > 0, option = row_option(f).n > 0;
	bool list = (f->flags & FIELD_LIST) != 0;

	CHECK_NUM(row, key || option, true);
	CHECK_NUM(row, row_prose(f).n > 0, true);
	CHECK_NUM(row, str_ends(row_prose(f), S(".")), false);
	/* what takes an argument says what; what takes none does not */
	CHECK_NUM(row, row_arg(f).n > 0, option && f->type != FIELD_FLAG);
	CHECK_NUM(row, (f->type != FIELD_CUSTOM && f->type != FIELD_PATH) || f->read != NULL, true);
	CHECK_NUM(row, f->type != FIELD_ENUM || list || count_words(f->words) > 1, true);
	CHECK_NUM(row, f->type != FIELD_ENUM || !list || count_words(f->words) <= 32, true);
	/* in a document a word is wanted, never none */
	CHECK_NUM(row, f->type != FIELD_ENUM || !list || !has_word(f->words, S("")), true);
	CHECK_NUM(row,
	    row_words(f) != NULL || f->type == FIELD_PATH || f->type == FIELD_CUSTOM ||
		f->min <= f->max,
	    true);
	CHECK_NUM(row, f->type != FIELD_STRING || f->max > 0, true);
	CHECK_NUM(row, (f->flags & FIELD_NEEDED) == 0 || key, true);
	CHECK_NUM(row, (f->flags & FIELD_OTHERWISE) == 0 || f->type == FIELD_FLAG, true);
	CHECK_NUM(row, (f->flags & FIELD_TWO) == 0 || (option && !key && f->type == FIELD_CUSTOM),
	    true);
	/* the kinds of lists that there are */
	CHECK_NUM(row,
	    !list || f->type == FIELD_STRING || f->type == FIELD_PATH || f->type == FIELD_UINT ||
		f->type == FIELD_ENUM || f->type == FIELD_CUSTOM,
	    true);
	CHECK_NUM(row, option || f->letter == 0, true);
	/* an option has a text, no tree */
	CHECK_NUM(row, f->type != FIELD_TREE || (key && !option), true);
	if (row_initial(f).n > 0)
		check_default(row, f);
}

static void
check_table(const struct table *t)
{
	CU_ASSERT(t->n > 0 && t->n <= FIELD_ROWS);
	for (size_t i = 0; i < t->n; i++) {
		check_row(i, &t->row[i]);
		for (size_t k = 0; k < i; k++) {
			const struct field *a = &t->row[i], *b = &t->row[k];

			if (row_key(a).n > 0)
				CHECK_NUM(i, str_eq(row_key(a), row_key(b)), false);
			if (row_option(a).n > 0)
				CHECK_NUM(i, str_eq(row_option(a), row_option(b)), false);
			if (a->letter != 0)
				CHECK_NUM(i, a->letter == b->letter, false);
		}
	}
}

static void
tables_are_sound(void)
{
	check_table(&box_table);
	check_table(&hook_table);
	check_table(&common_table);
	check_table(&limits_table);
}

static void
share(const struct table *t, const struct table *with)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < with->n; k++) {
			const struct field *a = &t->row[i], *b = &with->row[k];

			CHECK_NUM(i, row_option(a).n > 0 && str_eq(row_option(a), row_option(b)),
			    false);
			CHECK_NUM(i, row_key(a).n > 0 && str_eq(row_key(a), row_key(b)), false);
			CHECK_NUM(i, a->letter != 0 && a->letter == b->letter, false);
		}
	}
}

/* Two tables for one command line or one object share its names. */
static void
tables_do_not_clash(void)
{
	share(&box_table, &common_table);
	share(&limits_table, &common_table);
	share(&limits_table, &box_table);
}

UNIT_MAIN("row", { "five texts", five_texts }, { "words of a list", words_of_a_list },
    { "words of a set", words_of_a_set }, { "tables are sound", tables_are_sound },
    { "tables do not clash", tables_do_not_clash })
