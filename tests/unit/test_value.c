/* core/text/value.c, core/text/unique.c, core/text/valuepath.c */
#include "base/limits.h"
#include "check.h"
#include "text/json.h"
#include "text/value.h"
#include "unit.h"

static unsigned char mem[8 << 20];

static struct value *
parse(struct arena *a, const char *text)
{
	struct err e = { 0 };
	struct value *v = json_parse(a, str_of(text), FAULT_CONFIG, &e);

	CU_ASSERT_FATAL(v != NULL);
	return v;
}

static void
members(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	const struct value *v = parse(&a, "{\"a\":1,\"\":2,\"b\":{\"a\":3}}");

	CU_ASSERT_FATAL(value_get(v, S("a")) != NULL);
	CHECK_TEXT(0, value_get(v, S("a"))->text, "1");
	CHECK_TEXT(0, value_get(v, S(""))->text, "2");
	CHECK_TEXT(0, value_get(value_get(v, S("b")), S("a"))->text, "3");
	CU_ASSERT(value_get(v, S("c")) == NULL);
	CU_ASSERT(value_get(value_get(v, S("a")), S("a")) == NULL);
	CU_ASSERT(value_get(parse(&a, "[1]"), S("")) == NULL);
}

static void
equality(void)
{
	static const struct {
		const char *a, *b;
		bool want;
	} t[] = {
		{ "null", " null ", true },
		{ "true", "true", true },
		{ "true", "false", false },
		{ "null", "false", false },
		{ "1", "1.0", false },
		{ "\"1\"", "1", false },
		{ "\"\\u0061\"", "\"a\"", true },
		{ "[]", "{}", false },
		{ "[1,2]", "[1,2]", true },
		{ "[1,2]", "[2,1]", false },
		{ "[1]", "[1,1]", false },
		{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", false },
		{ "{\"a\":1}", "{ \"a\" : 1 }", true },
		{ "{\"a\":1}", "{\"b\":1}", false },
		{ "[[[1]]]", "[[[2]]]", false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };

		CHECK_NUM(i, value_eq(parse(&a, t[i].a), parse(&a, t[i].b)), t[i].want);
	}
}

static void
made_by_hand(void)
{
	static struct value chain[LIMIT_JSON_DEPTH + 2];
	struct value one = { .kind = VALUE_NULL }, liar = { .kind = VALUE_ARRAY, .count = 1 };
	struct value other = { .kind = VALUE_ARRAY, .count = 1, .first = &one };
	static char text[1024];
	struct buf b = BUF(text);

	CU_ASSERT(!value_eq(&liar, &other));
	CU_ASSERT(!value_eq(&other, &liar));
	for (size_t i = 0; i < COUNT(chain); i++) {
		chain[i].kind = VALUE_ARRAY;
		if (i > 0) {
			chain[i].count = 1;
			chain[i].first = &chain[i - 1];
		}
	}
	CU_ASSERT(value_eq(&chain[LIMIT_JSON_DEPTH], &chain[LIMIT_JSON_DEPTH]));
	CU_ASSERT(!value_eq(&chain[LIMIT_JSON_DEPTH + 1], &chain[LIMIT_JSON_DEPTH + 1]));
	buf_put(&b, S("x"));
	json_put(&b, &chain[LIMIT_JSON_DEPTH - 1]);
	CU_ASSERT(!b.full && b.n == 1 + 2 * LIMIT_JSON_DEPTH);
	b = BUF(text);
	buf_put(&b, S("x"));
	json_put(&b, &chain[LIMIT_JSON_DEPTH]);
	CU_ASSERT(b.full && b.n == 1);
}

static void
kinds_have_names(void)
{
	CHECK_TEXT(0, value_kind_name(VALUE_NULL), "null");
	CHECK_TEXT(0, value_kind_name(VALUE_BOOL), "true or false");
	CHECK_TEXT(0, value_kind_name(VALUE_NUMBER), "a number");
	CHECK_TEXT(0, value_kind_name(VALUE_STRING), "a string");
	CHECK_TEXT(0, value_kind_name(VALUE_ARRAY), "an array");
	CHECK_TEXT(0, value_kind_name(VALUE_OBJECT), "an object");
	CHECK_TEXT(0, value_kind_name((enum value_kind)99), "nothing");
}

/* An object of n members, with the keys text[0], text[1], … each of len bytes. */
static struct value *
object_of(struct value *v, const char *text, size_t len, size_t n)
{
	memset(v, 0, (n + 1) * sizeof(*v));
	v[0].kind = VALUE_OBJECT;
	v[0].count = n;
	v[0].first = n > 0 ? &v[1] : NULL;
	for (size_t i = 0; i < n; i++) {
		v[i + 1].key = (struct str){ text + i * len, len };
		v[i + 1].next = i + 1 < n ? &v[i + 2] : NULL;
	}
	return v;
}

static void
repeated_keys(void)
{
	static struct value v[64];
	struct arena a = { mem, 0, sizeof(mem) };
	bool exhausted = true;

	CU_ASSERT(value_duplicate(object_of(v, "", 1, 0), &a, &exhausted) == NULL);
	CU_ASSERT(!exhausted);
	CU_ASSERT(value_duplicate(object_of(v, "abc", 1, 3), &a, &exhausted) == NULL);
	CU_ASSERT(value_duplicate(object_of(v, "abcb", 1, 4), &a, &exhausted) == &v[4]);
	CU_ASSERT(value_duplicate(object_of(v, "abbaa", 1, 5), &a, &exhausted) == &v[3]);
	CU_ASSERT(value_duplicate(object_of(v, "abcdefghijklmnop", 1, 16), &a, &exhausted) == NULL);
	CU_ASSERT(
	    value_duplicate(object_of(v, "abcdefghijklmnoabc", 1, 18), &a, &exhausted) == &v[16]);
	CU_ASSERT(
	    value_duplicate(object_of(v, "zbbbcdefghijklmnoaz", 1, 19), &a, &exhausted) == &v[3]);
	CU_ASSERT(
	    value_duplicate(object_of(v, "aaaaaaaaaaaaaaaaaa", 1, 18), &a, &exhausted) == &v[2]);
	CU_ASSERT(a.used == 0 && !exhausted);
	a.cap = 16 * 2 * 16 - 1;
	CU_ASSERT(value_duplicate(object_of(v, "abcdefghijklmnoo", 1, 16), &a, &exhausted) == NULL);
	CU_ASSERT(exhausted && a.used == 0);
}

static uint32_t
fnv(const char *p, size_t n)
{
	uint32_t h = 2166136261;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619;
	return h;
}

/* Every one of two to the k ways to choose from k colliding pairs has the same hash. */
static void
keys_of_one_hash(void)
{
	enum { LEN = 8, PAIRS = 5, WAYS = 1 << PAIRS };
	static char first[PAIRS][LEN], second[PAIRS][LEN], text[(WAYS + 2) * PAIRS * LEN];
	static struct {
		uint32_t hash, seed;
	} seen[1 << 18];
	static struct value v[WAYS + 3];
	struct arena a = { mem, 0, sizeof(mem) };
	uint32_t state = 2166136261;
	bool exhausted;
	size_t n = 0;

	/* Pairs of eight bytes that take the same state to the same state, by the birthday. */
	for (size_t pair = 0; pair < PAIRS; pair++) {
		memset(seen, 0, sizeof(seen));
		for (uint32_t seed = 1;; seed++) {
			char word[LEN + 1];
			uint32_t h = state;
			size_t at;

			snprintf(word, sizeof(word), "%08x", seed * 2654435761u);
			for (size_t i = 0; i < LEN; i++)
				h = (h ^ (unsigned char)word[i]) * 16777619;
			at = h >> 14;
			if (seen[at].seed != 0 && seen[at].hash == h) {
				memcpy(second[pair], word, LEN);
				snprintf(word, sizeof(word), "%08x", seen[at].seed * 2654435761u);
				memcpy(first[pair], word, LEN);
				state = h;
				break;
			}
			seen[at].hash = h;
			seen[at].seed = seed;
		}
	}
	for (size_t way = 0; way < WAYS; way++)
		for (size_t pair = 0; pair < PAIRS; pair++, n += LEN)
			memcpy(text + n, way >> pair & 1 ? first[pair] : second[pair], LEN);
	for (size_t i = 0; i < WAYS; i++)
		CU_ASSERT(fnv(text + i * PAIRS * LEN, PAIRS * LEN) == state);
	CU_ASSERT(value_duplicate(object_of(v, text, PAIRS * LEN, WAYS), &a, &exhausted) == NULL);
	memcpy(text + n, text + 7 * PAIRS * LEN, PAIRS * LEN);
	memcpy(text + n + PAIRS * LEN, text, PAIRS * LEN);
	CU_ASSERT(value_duplicate(object_of(v, text, PAIRS * LEN, WAYS + 2), &a, &exhausted) ==
		  &v[WAYS + 1]);
}

static void
path_steps(void)
{
	static const struct {
		struct str key, want;
	} t[] = {
#define ROW(key, want) \
	{ \
		{ key, sizeof(key) - 1 }, \
		{ \
			want, sizeof(want) - 1 \
		} \
	}
		ROW("name", ".name"),
		ROW("Name_9", ".Name_9"),
		ROW("_", "._"),
		ROW("", "[\"\"]"),
		ROW("9a", "[\"9a\"]"),
		ROW("k y", "[\"k y\"]"),
		ROW("a-b", "[\"a-b\"]"),
		ROW("a.b", "[\"a.b\"]"),
		ROW("q\"\\\n\0", "[\"q\\\"\\\\\\n\\u0000\"]"),
		ROW("\xc3\xa4", "[\"\xc3\xa4\"]"),
		ROW("@`{", "[\"@`{\"]"),
		ROW("abcdefghijabcdefghijabcdefghijabcdefghij",
		    ".abcdefghijabcdefghijabcdefghijabcdefghij"),
		ROW("abcdefghijabcdefghijabcdefghijabcdefghijk",
		    "[\"abcdefghijabcdefghijabcdefghijabcdefghij\"...]"),
#undef ROW
	};
	char text[300], key[64];
	struct buf b;

	for (size_t i = 0; i < COUNT(t); i++) {
		b = BUF(text);
		value_path_key(&b, t[i].key);
		CHECK_STR(i, buf_str(&b), t[i].want);
	}
	b = BUF(text);
	value_path_index(&b, 0);
	value_path_index(&b, SIZE_MAX);
	CHECK_TEXT(0, buf_str(&b), "[0][18446744073709551615]");
	memset(key, 1, sizeof(key));
	b = BUF(text);
	value_path_key(&b, (struct str){ key, sizeof(key) });
	CHECK_NUM(0, b.n, 2 + 40 * 6 + 1 + 3 + 1);
	b = (struct buf){ text, 0, 4, false };
	value_path_key(&b, S("name"));
	CU_ASSERT(b.full && b.n == 0);
	b = (struct buf){ text, 0, 3, false };
	value_path_index(&b, 10);
	CU_ASSERT(b.full && b.n == 0);
}

UNIT_MAIN("value", { "members", members }, { "equality", equality },
    { "made by hand", made_by_hand }, { "kinds have names", kinds_have_names },
    { "repeated keys", repeated_keys }, { "keys of one hash", keys_of_one_hash },
    { "path steps", path_steps })
