/* core/text/bars.c */
#include "check.h"
#include "text/bars.h"
#include "unit.h"

#define FULL "\xe2\x96\x88"

static void
locales(void)
{
	static const struct {
		const char *all, *ctype, *lang;
		bool utf8;
	} t[] = {
		{ "", "", "", false },
		{ "", "", "C", false },
		{ "", "", "C.UTF-8", true },
		{ "", "", "de_DE.utf8@euro", true },
		{ "", "", "de_DE.Utf8", true },
		{ "", "", "UTF-8", false },
		{ "", "", "de_DE.", false },
		{ "", "", "de_DE.UTF", false },
		{ "", "", "de_DE.UTF-", false },
		{ "", "", "de_DE.UTF-16", false },
		{ "", "", "de_DE.U-TF8", false },
		{ "", "", "de_DE.ISO-8859-1", false },
		{ "C", "", "C.UTF-8", false },
		{ "C", "C.UTF-8", "C.UTF-8", false },
		{ "", "C", "C.UTF-8", false },
		{ "", "C.UTF-8", "C", true },
		{ "C.UTF-8", "C", "C", true },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, bars_utf8(str_of(t[i].all), str_of(t[i].ctype), str_of(t[i].lang)),
		    t[i].utf8);
}

static void
shares(void)
{
	static const struct {
		uint64_t value, most;
		unsigned steps, want;
	} t[] = {
		{ 0, 100, 10, 0 },
		{ 5, 0, 10, 0 },
		{ 1, 1000, 10, 1 }, /* something is not nothing */
		{ 149, 1000, 10, 1 },
		{ 150, 1000, 10, 2 },
		{ 949, 1000, 10, 9 },
		{ 999, 1000, 10, 10 },
		{ 1000, 1000, 10, 10 },
		{ 2000, 1000, 10, 10 },
		{ UINT64_MAX, UINT64_MAX, 8, 8 },
		{ UINT64_MAX / 2, UINT64_MAX, 8, 4 },
		{ 1, UINT64_MAX, 8, 1 },
		{ UINT64_MAX / 8 * 3, UINT64_MAX, 4096, 1536 },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, bar_share(t[i].value, t[i].most, t[i].steps), t[i].want);
}

static void
bars(void)
{
	static const struct {
		uint64_t value, most;
		size_t cells;
		bool ascii;
		const char *want;
	} t[] = {
		{ 0, 8, 2, false, "  " },
		{ 8, 8, 2, false, FULL FULL },
		{ 1, 16, 2, false, "\xe2\x96\x8f " },
		{ 11, 16, 2, false, FULL "\xe2\x96\x8d" },
		{ 15, 16, 2, false, FULL "\xe2\x96\x89" },
		{ 3, 0, 2, false, "  " },
		{ 3, 4, 4, true, "=== " },
		{ 1, 1000, 4, true, "=   " },
		{ 1, 1, 0, true, "" },
	};
	char text[64];

	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = BUF(text);

		bar_put(&b, t[i].value, t[i].most, t[i].cells, t[i].ascii);
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

static void
sparks(void)
{
	static const uint32_t ring[] = { 4, 0, 1, 8, 7, 2 };
	char text[64];
	struct buf b = BUF(text);

	spark_put(&b, ring, 6, 1, 8, false);
	CHECK_TEXT(0, buf_str(&b), " \xe2\x96\x81\xe2\x96\x88\xe2\x96\x87\xe2\x96\x82\xe2\x96\x84");
	b.n = 0;
	spark_put(&b, ring, 6, 0, 8, true);
	CHECK_TEXT(0, buf_str(&b), "- .#*,");
	b.n = 0;
	spark_put(&b, ring, 0, 0, 8, true);
	CHECK_TEXT(0, buf_str(&b), "");
}

static void
columns(void)
{
	static const struct {
		const char *text;
		size_t cells;
		bool right, ascii;
		const char *want;
	} t[] = {
		{ "abc", 5, false, true, "abc  " },
		{ "abc", 5, true, true, "  abc" },
		{ "abc", 3, true, true, "abc" },
		{ "abcd", 3, true, true, "ab~" },
		{ "abcd", 3, false, false, "ab\xe2\x80\xa6" },
		{ "abcd", 1, false, true, "~" },
		{ "abcd", 0, false, true, "" },
		{ "", 2, false, true, "  " },
		{ "a\nb", 8, false, true, "a\\x0ab  " },
		/* an escape is not cut through */
		{ "a\nb", 5, false, true, "a~   " },
		{ "a\nb", 5, true, true, "a~   " },
		{ "\\", 5, false, false, "\\x5c " },
		{ "\xc3\xa4", 2, false, false, "\xc3\xa4 " },
		{ "\xc3\xa4", 9, false, true, "\\xc3\\xa4 " },
		{ "\xc3", 5, false, false, "\\xc3 " },
		{ "\xe2\x80\xae", 12, false, false, "\\xe2\\x80\\xae" },
		{ "\x1b[2J", 8, true, false, " \\x1b[2J" },
		/* two cells, one of them, none */
		{ "\xe6\x97\xa5\xe6\x9c\xac", 5, false, false, "\xe6\x97\xa5\xe6\x9c\xac " },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 4, true, false, "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 3, false, false, "\xe6\x97\xa5\xe2\x80\xa6" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 2, false, false, "\xe2\x80\xa6 " },
		{ "\xf0\x9f\x93\xa6", 3, true, false, " \xf0\x9f\x93\xa6" },
		{ "e\xcc\x81", 1, false, false, "e\xcc\x81" },
		{ "e\xcc\x81x", 1, false, false, "\xe2\x80\xa6" },
		{ "ae\xcc\x81x", 2, false, false, "a\xe2\x80\xa6" },
		{ "\xcc\x81", 0, false, false, "\xcc\x81" },
	};
	char text[64];

	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = BUF(text);

		cell_put(&b, str_of(t[i].text), t[i].cells, t[i].right, t[i].ascii);
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

static void
numbers(void)
{
	static const struct {
		void (*put)(struct buf *, uint64_t);
		uint64_t v;
		const char *want;
	} t[] = {
		{ short_bytes, 0, "0" },
		{ short_bytes, 1023, "1023" },
		{ short_bytes, 1024, "1.0K" },
		{ short_bytes, 1536, "1.5K" },
		{ short_bytes, 10239, "9.9K" },
		{ short_bytes, 10240, "10K" },
		{ short_bytes, (1 << 20) - 1, "1023K" },
		{ short_bytes, 1 << 20, "1.0M" },
		{ short_bytes, UINT64_C(5) << 30, "5.0G" },
		{ short_bytes, UINT64_C(70) << 40, "70T" },
		{ short_bytes, UINT64_C(3) << 50, "3.0P" },
		{ short_bytes, UINT64_MAX, "15E" },
		{ short_percent, 0, "0.0%" },
		{ short_percent, 999, "0.0%" },
		{ short_percent, 1000, "0.1%" },
		{ short_percent, 999999, "99.9%" },
		{ short_percent, 1000000, "100%" },
		{ short_percent, 2509999, "250%" },
		{ short_seconds, 0, "0.000s" },
		{ short_seconds, 1234567, "1.234s" },
		{ short_seconds, 60007000, "60.007s" },
		{ short_seconds, UINT64_MAX, "18446744073709.551s" },
	};
	char text[64];

	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = BUF(text);

		t[i].put(&b, t[i].v);
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

UNIT_MAIN("bars", { "which locales have UTF-8", locales }, { "a share of some steps", shares },
    { "bars", bars }, { "sparklines", sparks }, { "text in cells", columns },
    { "short numbers", numbers })
