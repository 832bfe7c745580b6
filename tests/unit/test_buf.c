/* core/base/buf.c */
#include "base/buf.h"
#include "check.h"
#include "unit.h"

static void
what_does_not_fit_is_dropped_whole(void)
{
	char text[4];
	struct buf b = BUF(text);

	buf_put(&b, S("ab"));
	buf_put(&b, S(""));
	buf_put(&b, (struct str){ NULL, 0 });
	CU_ASSERT(!b.full);
	buf_put(&b, S("cde"));
	CU_ASSERT(b.full);
	buf_put(&b, S("c"));
	CHECK_TEXT(0, buf_str(&b), "ab");
	b = BUF(text);
	buf_put(&b, S("abcd"));
	CU_ASSERT(!b.full);
	buf_char(&b, 'e');
	CU_ASSERT(b.full);
	CHECK_TEXT(0, buf_str(&b), "abcd");
}

static void
numbers(void)
{
	char text[256];
	struct buf b = BUF(text);

	buf_uint(&b, 0);
	buf_char(&b, ' ');
	buf_uint(&b, UINT64_MAX);
	buf_char(&b, ' ');
	buf_int(&b, INT64_MIN);
	buf_char(&b, ' ');
	buf_int(&b, INT64_MAX);
	buf_char(&b, ' ');
	buf_int(&b, -1);
	buf_char(&b, ' ');
	buf_int(&b, 0);
	buf_char(&b, ' ');
	buf_octal(&b, 01777);
	buf_char(&b, ' ');
	buf_octal(&b, UINT64_MAX);
	CHECK_TEXT(0, buf_str(&b),
	    "0 18446744073709551615 -9223372036854775808 9223372036854775807 -1 0 "
	    "1777 1777777777777777777777");
}

static void
a_number_is_whole_or_absent(void)
{
	char text[3];
	struct buf b = BUF(text);

	buf_int(&b, -100);
	CU_ASSERT(b.full && b.n == 0);
}

static void
parts_come_in_turn(void)
{
	char text[8];
	struct buf b = BUF(text);

	buf_text(&b, TEXT("%cd%%", S("ab"), S("efghi"), S("j")));
	/* an argument that is not there is nothing, and nobody else's */
	buf_text(&b, "%", NULL, 0);
	CU_ASSERT(b.full);
	CHECK_TEXT(0, buf_str(&b), "abcd");
}

static void
escapes(void)
{
	static const struct {
		struct str in, escaped, printable;
	} t[] = {
#define ROW(in, escaped, printable) \
	{ \
		{ in, sizeof(in) - 1 }, { escaped, sizeof(escaped) - 1 }, \
		{ \
			printable, sizeof(printable) - 1 \
		} \
	}
		ROW("", "", ""),
		ROW("plain ~", "plain ~", "plain ~"),
		ROW("a\nb\tc\\d", "a\\nb\\tc\\\\d", "a\\x0ab\\x09c\\d"),
		ROW("\0\x1b[2J\x7f\r", "\\x00\\x1b[2J\\x7f\\x0d", "\\x00\\x1b[2J\\x7f\\x0d"),
		ROW("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
		    "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
		ROW("\xff\xc3", "\\xff\\xc3", "\\xff\\xc3"),
		ROW("\xc2\x9b", "\\xc2\\x9b", "\\xc2\\x9b"),                  /* a C1 control */
		ROW("a\xe2\x80\xae", "a\\xe2\\x80\\xae", "a\\xe2\\x80\\xae"), /* turns the text */
		ROW("\\", "\\\\", "\\"),
#undef ROW
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char text[128];
		struct buf b = BUF(text);

		buf_escaped(&b, t[i].in);
		CHECK_STR(i, buf_str(&b), t[i].escaped);
		b = BUF(text);
		buf_printable(&b, t[i].in);
		CHECK_STR(i, buf_str(&b), t[i].printable);
	}
}

UNIT_MAIN("buf", { "what does not fit is dropped whole", what_does_not_fit_is_dropped_whole },
    { "numbers", numbers }, { "a number is whole or absent", a_number_is_whole_or_absent },
    { "parts come in turn", parts_come_in_turn }, { "escapes", escapes })
