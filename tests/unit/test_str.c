/* core/base/str.c */
#include "base/base.h"
#include "check.h"
#include "unit.h"

static const struct str none = { NULL, 0 };

static void
equality(void)
{
	CU_ASSERT(str_eq(none, S("")));
	CU_ASSERT(str_eq(S("a\0b"), S("a\0b")));
	CU_ASSERT(!str_eq(S("a\0b"), S("a\0c")));
	CU_ASSERT(!str_eq(S("a"), S("ab")));
	CU_ASSERT(str_empty(none));
	CU_ASSERT(!str_empty(S(" ")));
	CU_ASSERT(str_eq(str_of("word"), S("word")));
	CU_ASSERT(str_of(NULL).n == 0);
}

static void
order(void)
{
	CU_ASSERT(str_cmp(none, S("")) == 0);
	CU_ASSERT(str_cmp(S("a"), S("a")) == 0);
	CU_ASSERT(str_cmp(S("a"), S("ab")) < 0);
	CU_ASSERT(str_cmp(S("ab"), S("a")) > 0);
	CU_ASSERT(str_cmp(S("b"), S("ab")) > 0);
	CU_ASSERT(str_cmp(S("a"), S("\xff")) < 0);
	CU_ASSERT(str_cmp(none, S("x")) < 0);
}

static void
ends(void)
{
	CU_ASSERT(str_starts(S("path"), S("pa")));
	CU_ASSERT(str_starts(S("path"), none));
	CU_ASSERT(!str_starts(S("pa"), S("path")));
	CU_ASSERT(!str_starts(S("path"), S("at")));
	CU_ASSERT(str_ends(S("path"), S("th")));
	CU_ASSERT(str_ends(S("path"), S("path")));
	CU_ASSERT(str_ends(none, none));
	CU_ASSERT(!str_ends(S("th"), S("path")));
	CU_ASSERT(!str_ends(S("path"), S("at")));
}

static void
finding(void)
{
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 0), 1);
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 1), 1);
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 2), 3);
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 4), 5);
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 5), 5);
	CHECK_NUM(0, str_find(S("a,b,c"), ',', 99), 5);
	CHECK_NUM(0, str_find(none, ',', 0), 0);
	CHECK_NUM(0, str_find(S("a\0"), '\0', 0), 1);
}

static void
slices(void)
{
	CHECK_TEXT(0, str_slice(S("abcdef"), 1, 3), "bc");
	CHECK_TEXT(0, str_slice(S("abcdef"), 0, 99), "abcdef");
	CHECK_TEXT(0, str_slice(S("abcdef"), 4, 2), "");
	CHECK_TEXT(0, str_slice(S("abcdef"), 99, 199), "");
	CU_ASSERT(str_slice(none, 0, 1).p == NULL);
	CU_ASSERT(str_slice(none, 1, 1).n == 0);
}

static void
distances(void)
{
	static const struct {
		const char *a, *b;
		size_t cap, want;
	} t[] = {
		{ "", "", 2, 0 },
		{ "", "ab", 2, 2 },
		{ "ab", "", 2, 2 },
		{ "abc", "", 2, 3 },
		{ "timeout", "timeout", 0, 0 },
		{ "timeout", "timeouts", 0, 1 },
		{ "timeout", "tmeout", 2, 1 },
		{ "timeout", "timeoutt", 2, 1 },
		{ "timeout", "tineout", 2, 1 },
		{ "timeout", "itmeout", 2, 1 },
		{ "timeout", "timeotu", 2, 1 },
		{ "timeout", "phases", 2, 3 },
		{ "timeout", "phases", 9, 7 },
		{ "tmpfs", "tmfs", 1, 1 },
		{ "ca", "abc", 5, 3 }, /* aligned: a swapped pair is not edited again */
		{ "kitten", "sitting", 3, 3 },
		{ "kitten", "sitting", 2, 3 },
		{ "kitten", "sitting", 99, 3 },
		{ "abcdefghijklmnopqrst", "tsrqponmlkjihgfedcba", 99, 100 },
		{ "aaaaaaaaaaaaaaaaaaaa", "bbbbb", 99, 15 + 85 },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		    "baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3, 2 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, str_distance(str_of(t[i].a), str_of(t[i].b), t[i].cap), t[i].want);
		CHECK_NUM(i, str_distance(str_of(t[i].b), str_of(t[i].a), t[i].cap), t[i].want);
	}
}

/* The textbook's whole table, as a judge of the band. */
static size_t
distance_by_table(const char *a, size_t n, const char *b, size_t m)
{
	size_t d[9][9];

	for (size_t i = 0; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			size_t best = i + j;

			if (i > 0 && j > 0) {
				best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
				best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
				best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
			}
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[n][m];
}

static void
distances_agree_with_the_table(void)
{
	uint32_t seed = 1;

	for (size_t round = 0; round < 20000; round++) {
		char a[8], b[8];
		size_t n, m, cap, want;

		for (size_t i = 0; i < 8; i++) {
			seed = seed * 1664525 + 1013904223;
			a[i] = (char)('a' + (seed >> 24) % 3);
			b[i] = (char)('a' + (seed >> 16) % 3);
		}
		n = (seed >> 8) % 9;
		m = (seed >> 12) % 9;
		cap = (seed >> 20) % 9;
		want = distance_by_table(a, n, b, m);
		if (want > cap)
			want = cap + 1;
		if (str_distance((struct str){ a, n }, (struct str){ b, m }, cap) != want) {
			CHECK_NUM(round,
			    str_distance((struct str){ a, n }, (struct str){ b, m }, cap), want);
			return;
		}
	}
	CU_PASS("agreed");
}

UNIT_MAIN("str", { "equality", equality }, { "order", order }, { "ends", ends },
    { "finding", finding }, { "slices", slices }, { "distances", distances },
    { "distances agree with the table", distances_agree_with_the_table })
