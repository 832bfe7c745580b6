/* core/base/utf8.c */
#include "base/utf8.h"
#include "check.h"
#include "unit.h"

static void
every_code_point_goes_round(void)
{
	size_t wrong = 0;

	for (uint32_t cp = 0; cp <= 0x110400; cp++) {
		bool good = cp <= 0x10ffff && !(cp >= 0xd800 && cp <= 0xdfff);
		char out[4];
		size_t n = utf8_encode(cp, out);
		uint32_t back = ~cp;

		if (!good)
			wrong += n != 0;
		else
			wrong += utf8_next((struct str){ out, n }, &back) != n || back != cp;
	}
	CHECK_NUM(0, wrong, 0);
	CHECK_NUM(0, utf8_encode(UINT32_MAX, (char[4]){ 0 }), 0);
}

static void
sequences(void)
{
	static const struct {
		const char *text;
		size_t n, want;
	} t[] = {
#define ROW(text, want) { text, sizeof(text) - 1, want }
		ROW("", 0),
		ROW("\0", 1),
		ROW("\x7f", 1),
		ROW("\x80", 0),
		ROW("\xbf", 0),
		ROW("\xc0\x80", 0), /* overlong NUL */
		ROW("\xc1\xbf", 0),
		ROW("\xc2\x80", 2),
		ROW("\xc2", 0),
		ROW("\xc2\x41", 0),
		ROW("\xc2\xc2", 0),
		ROW("\xdf\xbf", 2),
		ROW("\xe0\x9f\xbf", 0), /* overlong */
		ROW("\xe0\xa0\x80", 3),
		ROW("\xe0\xa0", 0),
		ROW("\xe0\xa0\x41", 0),
		ROW("\xed\x9f\xbf", 3),
		ROW("\xed\xa0\x80", 0), /* surrogate */
		ROW("\xed\xbf\xbf", 0),
		ROW("\xee\x80\x80", 3),
		ROW("\xef\xbf\xbf", 3),
		ROW("\xf0\x8f\xbf\xbf", 0), /* overlong */
		ROW("\xf0\x90\x80\x80", 4),
		ROW("\xf0\x90\x80", 0),
		ROW("\xf4\x8f\xbf\xbf", 4),
		ROW("\xf4\x90\x80\x80", 0), /* above U+10FFFF */
		ROW("\xf7\xbf\xbf\xbf", 0),
		ROW("\xf8\x88\x80\x80\x80", 0),
		ROW("\xfe", 0),
		ROW("\xff", 0),
		ROW("\xc3\xa4z", 2),
#undef ROW
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, utf8_next((struct str){ t[i].text, t[i].n }, NULL), t[i].want);
}

static void
checking(void)
{
	char text[40];

	CHECK_NUM(0, utf8_check(S("")), 0);
	CHECK_NUM(0, utf8_check(S("abcdefghijklmnopq\xc3\xa4xyz\xe2\x82\xac")), 25);
	for (size_t at = 0; at < sizeof(text); at++) {
		memset(text, 'a', sizeof(text));
		text[at] = '\xa4';
		CHECK_NUM(at, utf8_check((struct str){ text, sizeof(text) }), at);
		text[at] = '\xc3';
		CHECK_NUM(at, utf8_check((struct str){ text, sizeof(text) }), at);
	}
}

static void
cutting(void)
{
	CHECK_NUM(0, utf8_cut(S("abc"), 3), 3);
	CHECK_NUM(0, utf8_cut(S("abc"), 9), 3);
	CHECK_NUM(0, utf8_cut(S("abc"), 2), 2);
	CHECK_NUM(0, utf8_cut(S("abc"), 0), 0);
	CHECK_NUM(0, utf8_cut(S("a\xf0\x9f\x98\x80z"), 4), 1);
	CHECK_NUM(0, utf8_cut(S("a\xf0\x9f\x98\x80z"), 3), 1);
	CHECK_NUM(0, utf8_cut(S("a\xf0\x9f\x98\x80z"), 2), 1);
	CHECK_NUM(0, utf8_cut(S("a\xf0\x9f\x98\x80z"), 5), 5);
	CHECK_NUM(0, utf8_cut(S("\xe2\x82\xac"), 2), 0);
	/* Not UTF-8 anyway: nothing to spare. */
	CHECK_NUM(0, utf8_cut(S("\x80\x80\x80\x80\x80\x80"), 5), 5);
	CHECK_NUM(0, utf8_cut(S("\x80\x80\x80"), 1), 1);
}

static void
what_is_printable(void)
{
	static const uint32_t good[] = { ' ', '~', 0xa0, 0xe4, 0x20ac, 0x1f600, 0xfffd, 0x10fffd };
	static const uint32_t bad[] = { 0, '\n', 0x1b, 0x7f, 0x80, 0x9f, 0xad, 0x61c, 0x200b,
		0x200e, 0x2028, 0x202e, 0x2066, 0xfdd0, 0xfeff, 0xfffe, 0xffff, 0x1ffff, 0xe0041,
		0x10ffff };

	for (size_t i = 0; i < COUNT(good); i++)
		CHECK_NUM(i, utf8_printable(good[i]), true);
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK_NUM(i, utf8_printable(bad[i]), false);
}

UNIT_MAIN("utf8", { "every code point goes round", every_code_point_goes_round },
    { "sequences", sequences }, { "checking", checking }, { "cutting", cutting },
    { "what is printable", what_is_printable })
