/* core/text/jsonput.c, core/text/jsonw.c: what is accepted, and how it is written back */
#include "base/utf8.h"
#include "check.h"
#include "text/json.h"
#include "unit.h"

static unsigned char mem[1 << 20];
static char out[1 << 16];

/* In the spirit of JSONTestSuite: each text with its canonical form. */
static const struct row {
	const char *text;
	size_t n;
	const char *want;
} accepted[] = {
#define ROW(text, want) \
	{ \
		text, sizeof(text) - 1, want \
	}
	ROW("null", "null"),
	ROW(" \t\r\ntrue\n", "true"),
	ROW("false", "false"),
	ROW("0", "0"),
	ROW("-0", "-0"),
	ROW("-0.0", "-0.0"),
	ROW("0e1", "0e1"),
	ROW("0e+1", "0e+1"),
	ROW("123.456e78", "123.456e78"),
	ROW("1E22", "1E22"),
	ROW("1E-2", "1E-2"),
	ROW("-123", "-123"),
	ROW("9007199254740993", "9007199254740993"),
	ROW("123123123123123123123123123123", "123123123123123123123123123123"),
	ROW("1e999999", "1e999999"),
	ROW("-0.000000000000000000000000000000000000000001",
	    "-0.000000000000000000000000000000000000000001"),
	ROW("\"\"", "\"\""),
	ROW("\"a\"", "\"a\""),
	ROW("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""),
	ROW("\"\\u0000\"", "\"\\u0000\""),
	ROW("\"\\u001F\\u007f\x7f\"", "\"\\u001f\\u007f\\u007f\""),
	ROW("\"\\u0022\\u005C\\u002f\"", "\"\\\"\\\\/\""),
	ROW("\"\\u0061\\u30af\\u30EA\\u30b9\"", "\"a\xe3\x82\xaf\xe3\x83\xaa\xe3\x82\xb9\""),
	ROW("\"\\u00e4\\u07ff\\u0800\\uffff\"", "\"\xc3\xa4\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\""),
	ROW("\"\\uD801\\udc37\"", "\"\xf0\x90\x90\xb7\""),
	ROW("\"\\ud83d\\ude39\\ud83d\\udc8d\"", "\"\xf0\x9f\x98\xb9\xf0\x9f\x92\x8d\""),
	ROW("\"\\uDBFF\\uDFFF\"", "\"\xf4\x8f\xbf\xbf\""),
	ROW("\"\\ud7ff\\ue000\"", "\"\xed\x9f\xbf\xee\x80\x80\""),
	ROW("\"\\\\u0041\"", "\"\\\\u0041\""),
	ROW("\"\\\\\\\"\"", "\"\\\\\\\"\""),
	ROW("\"\xe2\x80\xa8\xe2\x80\xa9\"", "\"\xe2\x80\xa8\xe2\x80\xa9\""),
	ROW("\"\xef\xbb\xbf\"", "\"\xef\xbb\xbf\""), /* a mark inside a string is a character */
	ROW("\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\"", "\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\""),
	ROW("\"abcdefgh\\nijklmnop\xc3\xa4qrstuvwxyz\"",
	    "\"abcdefgh\\nijklmnop\xc3\xa4qrstuvwxyz\""),
	ROW("[]", "[]"),
	ROW("[ ]", "[]"),
	ROW("[[]   ]", "[[]]"),
	ROW("[1\n, 2 ,3]", "[1,2,3]"),
	ROW("[null, 1, \"1\", {}, true]", "[null,1,\"1\",{},true]"),
	ROW("[[[[[[[[]]]]]]]]", "[[[[[[[[]]]]]]]]"),
	ROW("{}", "{}"),
	ROW("{ }", "{}"),
	ROW("{\"\":0}", "{\"\":0}"),
	ROW("{\"a\":1,\"A\":1}", "{\"a\":1,\"A\":1}"),
	ROW("{ \"b\" : 1 ,\r\n\"a\" : [ { } ] }", "{\"b\":1,\"a\":[{}]}"),
	ROW("{\"a\\u0000b\":0,\"a\\u0000c\":0}", "{\"a\\u0000b\":0,\"a\\u0000c\":0}"),
	ROW("{\"title\":\"\\u041f\\u043e\"}", "{\"title\":\"\xd0\x9f\xd0\xbe\"}"),
	ROW("{\"x\":[{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}],\"id\":\"b\"}",
	    "{\"x\":[{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}],\"id\":\"b\"}"),
#undef ROW
};

static void
canonical_round_trip(void)
{
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct str text = { accepted[i].text, accepted[i].n }, once;
		struct buf b = BUF(out);
		const struct value *v = json_parse(&a, text, FAULT_DATA, &e), *again;

		CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), S(""));
		if (v == NULL)
			continue;
		json_put(&b, v);
		once = buf_str(&b);
		CHECK_STR(i, once, str_of(accepted[i].want));
		again = json_parse(&a, once, FAULT_DATA, &e);
		CU_ASSERT(again != NULL && value_eq(v, again));
	}
}

static void
canonical_text_is_whole_or_absent(void)
{
	for (size_t i = 0; i < COUNT(accepted); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct str text = { accepted[i].text, accepted[i].n };
		const struct value *v = json_parse(&a, text, FAULT_DATA, &e);
		size_t want = strlen(accepted[i].want);

		CU_ASSERT_FATAL(v != NULL);
		for (size_t cap = 0; cap <= want; cap++) {
			struct buf b = { out, 0, 3 + cap, false };

			buf_put(&b, S("..."));
			json_put(&b, v);
			if (b.full != (cap < want) || b.n != (cap < want ? 3 : 3 + want)) {
				CHECK_NUM(i, cap, want);
				return;
			}
		}
	}
}

static void
any_bytes_make_a_string(void)
{
	static const struct {
		struct str in, want;
	} t[] = {
#define ROW(in, want) \
	{ \
		{ in, sizeof(in) - 1 }, \
		{ \
			want, sizeof(want) - 1 \
		} \
	}
		ROW("", "\"\""),
		ROW("plain", "\"plain\""),
		ROW("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\\u007f\""),
		ROW("\"\\/\b\f\n\r\t", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""),
		ROW("a\xff", "\"a\xef\xbf\xbd\""),
		ROW("\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""),
		ROW("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""),
		ROW("\xc0\xafz", "\"\xef\xbf\xbd\xef\xbf\xbdz\""),
		ROW("\xc3\xa4", "\"\xc3\xa4\""),
#undef ROW
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct buf b = BUF(out);

		json_put_string(&b, t[i].in);
		CHECK_STR(i, buf_str(&b), t[i].want);
		b = (struct buf){ out, 0, t[i].want.n, false };
		buf_put(&b, S("x"));
		json_put_string(&b, t[i].in);
		CU_ASSERT(b.full && b.n == 1);
	}
}

static void
terminals(void)
{
	static const struct {
		const char *in, *want;
	} t[] = {
		{ "", "\"\"" },
		{ "a\x1b[m\"", "\"a\\u001b[m\\\"\"" },
		{ "\xc2\x9b", "\"\\u009b\"" },
		{ "\xc3\xa4", "\"\xc3\xa4\"" },
		{ "x\xe2\x80\xaey", "\"x\\u202ey\"" },
		{ "\xef\xbf\xbd", "\"\xef\xbf\xbd\"" },
		{ "\xff", "\"\xef\xbf\xbd\"" },
		{ "\xf0\x9f\x93\xa6", "\"\xf0\x9f\x93\xa6\"" },
		{ "\xf3\xa0\x80\x81", "\"\\udb40\\udc01\"" },
		{ "\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct buf b = BUF(out);
		const struct value *v;

		json_put_shown(&b, str_of(t[i].in));
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
		v = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
		CU_ASSERT_FATAL(v != NULL);
		if (t[i].in[0] != '\xff')
			CHECK_STR(i, v->text, str_of(t[i].in));
	}
}

static void
every_byte_goes_round(void)
{
	for (unsigned c = 0; c < 256; c++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct err e = { 0 };
		struct buf b = BUF(out);
		char byte = (char)c;
		const struct value *v;

		json_put_string(&b, (struct str){ &byte, 1 });
		v = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
		CU_ASSERT_FATAL(v != NULL);
		CHECK_STR(c, v->text, c < 0x80 ? ((struct str){ &byte, 1 }) : S("\xef\xbf\xbd"));
	}
}

static void
report_lines(void)
{
	struct buf b = BUF(out);
	struct jsonw w = { &b, false };

	jsonw_open(&w, '{');
	jsonw_key(&w, S("v"));
	jsonw_uint(&w, 1);
	jsonw_key(&w, S("too\"l"));
	jsonw_str(&w, S("sbx\n"));
	jsonw_key(&w, S("list"));
	jsonw_open(&w, '[');
	jsonw_int(&w, -5);
	jsonw_bool(&w, true);
	jsonw_bool(&w, false);
	jsonw_null(&w);
	jsonw_open(&w, '{');
	jsonw_close(&w, '}');
	jsonw_open(&w, '[');
	jsonw_close(&w, ']');
	jsonw_str(&w, S(""));
	jsonw_close(&w, ']');
	jsonw_key(&w, S("z"));
	jsonw_null(&w);
	jsonw_close(&w, '}');
	CHECK_TEXT(0, buf_str(&b),
	    "{\"v\":1,\"too\\\"l\":\"sbx\\n\",\"list\":[-5,true,false,null,{},[],\"\"],"
	    "\"z\":null}");
}

UNIT_MAIN("jsonput", { "canonical round trip", canonical_round_trip },
    { "canonical text is whole or absent", canonical_text_is_whole_or_absent },
    { "any bytes make a string", any_bytes_make_a_string }, { "nothing for a terminal", terminals },
    { "every byte goes round", every_byte_goes_round }, { "report lines", report_lines })
