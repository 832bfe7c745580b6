/* core/text/json.c: limits, memory, and where things stand */
#include "base/limits.h"
#include "check.h"
#include "text/json.h"
#include "unit.h"

static unsigned char mem[96 << 20];
static char big[24 << 20];

static struct value *
parse(struct arena *a, struct str text, struct err *e)
{
	*a = (struct arena){ mem, 0, sizeof(mem) };
	*e = (struct err){ 0 };
	return json_parse(a, text, FAULT_DATA, e);
}

/* Nested n deep: every second level an object if mixed. */
static struct str
nested(size_t n, bool mixed)
{
	struct buf b = BUF(big);

	for (size_t i = 0; i < n; i++)
		buf_put(&b, mixed && i % 2 == 1 ? S("{\"a\":") : S("["));
	buf_put(&b, S("1"));
	for (size_t i = n; i > 0; i--)
		buf_char(&b, mixed && i % 2 == 0 ? '}' : ']');
	return buf_str(&b);
}

static void
depth_has_a_bound(void)
{
	struct arena a;
	struct err e;

	CU_ASSERT(parse(&a, nested(LIMIT_JSON_DEPTH, false), &e) != NULL);
	CU_ASSERT(parse(&a, nested(LIMIT_JSON_DEPTH, true), &e) != NULL);
	CU_ASSERT(parse(&a, nested(LIMIT_JSON_DEPTH + 1, false), &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_NUM(0, e.pos.line, 1);
	CHECK_NUM(0, e.pos.col, LIMIT_JSON_DEPTH + 1);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "more than 64 levels of nesting");
	CHECK_TEXT(0, str_slice((struct str){ e.path, e.npath }, 0, 7), "$[0][0]");
	CU_ASSERT(parse(&a, nested(LIMIT_JSON_DEPTH + 1, true), &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_TEXT(0, str_slice((struct str){ e.path, e.npath }, 0, 9), "$[0].a[0]");
	/* As deep as the text is long, nothing overflows. */
	memset(big, '[', sizeof(big));
	CU_ASSERT(parse(&a, (struct str){ big, sizeof(big) }, &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
}

static void
count_has_a_bound(void)
{
	struct buf b = BUF(big);
	struct arena a;
	struct err e;

	buf_char(&b, '[');
	for (size_t i = 1; i < LIMIT_JSON_NODES - 1; i++)
		buf_put(&b, S("0,"));
	buf_put(&b, S("0]"));
	CU_ASSERT(parse(&a, buf_str(&b), &e) != NULL);
	b.n--;
	buf_put(&b, S(",\n0]"));
	CU_ASSERT(parse(&a, buf_str(&b), &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_NUM(0, e.pos.line, 2);
	CHECK_NUM(0, e.pos.col, 1);
	CHECK_TEXT(0, ((struct str){ e.path, e.npath }), "$");
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "more than 1048576 values in one document");
}

static void
length_has_a_bound(void)
{
	struct arena a;
	struct err e;

	CU_ASSERT(parse(&a, (struct str){ "1", (size_t)LIMIT_MESSAGE_MAX + 1 }, &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_LIMIT);
	CHECK_NUM(0, e.pos.line, 1);
	CHECK_NUM(0, e.pos.col, 1);
	CHECK_TEXT(0, ((struct str){ e.path, e.npath }), "$");
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "more than 67108864 bytes");
	CU_ASSERT(parse(&a, (struct str){ NULL, 0 }, &e) == NULL);
	CHECK_NUM(0, e.fault, FAULT_DATA);
}

static void
a_large_object_is_not_quadratic(void)
{
	struct buf b = BUF(big);
	struct arena a;
	struct err e;
	struct value *v;

	for (size_t i = 0; i < 200000; i++) {
		buf_put(&b, i == 0 ? S("{\"key") : S(",\"key"));
		buf_uint(&b, i);
		buf_put(&b, S("\":0"));
	}
	buf_char(&b, '}');
	v = parse(&a, buf_str(&b), &e);
	CU_ASSERT_FATAL(v != NULL);
	CHECK_NUM(0, v->count, 200000);
	/* What the search for duplicates needed was given back. */
	CU_ASSERT(a.used <= 200001 * (sizeof(struct value) + 16));
	b.n--;
	buf_put(&b, S(",\n \"key77777\":0}"));
	CU_ASSERT(parse(&a, buf_str(&b), &e) == NULL);
	CHECK_NUM(0, e.pos.line, 2);
	CHECK_NUM(0, e.pos.col, 2);
	CHECK_TEXT(0, ((struct str){ e.path, e.npath }), "$.key77777");
}

static void
every_allocation_fails_once(void)
{
	const struct str text =
	    S("{\"a\":[1,\"x\\n\",{\"\\u0062\":null}],\"b\":0,\"c\":0,\"d\":0,\"e\":0,"
	      "\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,\"m\":0}");
	size_t cap;

	for (cap = 0; cap < sizeof(mem); cap++) {
		struct arena a = { mem, 0, cap };
		struct err e = { 0 };

		if (json_parse(&a, text, FAULT_DATA, &e) != NULL)
			break;
		if (e.fault != FAULT_LIMIT || e.pos.line != 0 || e.npath != 0) {
			CU_FAIL("another fault than memory");
			return;
		}
		CHECK_TEXT(cap, ((struct str){ e.msg, e.nmsg }),
		    "out of memory: the arena is exhausted");
	}
	CU_ASSERT(cap > 17 * sizeof(struct value) && cap < 4096);
}

static void
nodes_know_where_they_stand(void)
{
	struct arena a;
	struct err e;
	const struct value *v =
	    parse(&a, S("\n {\"a\" :\n\t[ true,\"x\\u00e4\"],\"\\u0062\":-1.50e+3}"), &e);
	const struct value *m;

	CU_ASSERT_FATAL(v != NULL);
	CU_ASSERT(v->kind == VALUE_OBJECT && v->count == 2 && v->next == NULL);
	CU_ASSERT(v->pos.line == 2 && v->pos.col == 2 && v->keypos.line == 0);
	m = v->first;
	CU_ASSERT(m->kind == VALUE_ARRAY && m->count == 2);
	CHECK_TEXT(0, m->key, "a");
	CU_ASSERT(m->keypos.line == 2 && m->keypos.col == 3);
	CU_ASSERT(m->pos.line == 3 && m->pos.col == 2);
	CU_ASSERT(m->first->kind == VALUE_BOOL && m->first->truth);
	CU_ASSERT(m->first->keypos.line == 0 && m->first->keypos.col == 0);
	CU_ASSERT(m->first->pos.line == 3 && m->first->pos.col == 4);
	CU_ASSERT(m->first->next->kind == VALUE_STRING);
	CHECK_TEXT(0, m->first->next->text, "x\xc3\xa4");
	CU_ASSERT(m->first->next->pos.col == 9 && m->first->next->next == NULL);
	m = m->next;
	CHECK_TEXT(0, m->key, "b");
	CHECK_TEXT(0, m->text, "-1.50e+3");
	CU_ASSERT(m->kind == VALUE_NUMBER && m->pos.line == 3 && m->keypos.col == 20);
	CU_ASSERT(m->next == NULL);
}

static void
plain_texts_are_borrowed(void)
{
	const struct str text = S("[\"plain \xc3\xa4\",12,\"esc\\n\"]");
	struct arena a;
	struct err e;
	const struct value *v = parse(&a, text, &e);

	CU_ASSERT_FATAL(v != NULL);
	v = v->first;
	CU_ASSERT(v->text.p == text.p + 2);
	CU_ASSERT(v->next->text.p == text.p + 12);
	v = v->next->next;
	CU_ASSERT((const unsigned char *)v->text.p >= mem &&
		  (const unsigned char *)v->text.p < mem + sizeof(mem));
}

static void
offsets(void)
{
	const struct str text = S("ab\ncd\r\n\nx");
	static const struct {
		struct pos pos;
		size_t want;
	} t[] = {
		{ { 0, 0 }, 0 },
		{ { 1, 0 }, 0 },
		{ { 1, 1 }, 0 },
		{ { 1, 2 }, 1 },
		{ { 1, 3 }, 2 },
		{ { 1, 9 }, 2 },
		{ { 2, 1 }, 3 },
		{ { 2, 3 }, 5 },
		{ { 3, 1 }, 7 },
		{ { 4, 1 }, 8 },
		{ { 4, 2 }, 9 },
		{ { 4, UINT32_MAX }, 9 },
		{ { 5, 1 }, 9 },
		{ { UINT32_MAX, 1 }, 9 },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, json_offset(text, t[i].pos), t[i].want);
	CHECK_NUM(0, json_offset((struct str){ NULL, 0 }, (struct pos){ 1, 1 }), 0);
	CHECK_NUM(0, json_offset(S("a\n"), (struct pos){ 2, 1 }), 2);
	CHECK_NUM(0, json_offset(S("a\n"), (struct pos){ 3, 1 }), 2);
}

UNIT_MAIN("json", { "depth has a bound", depth_has_a_bound },
    { "count has a bound", count_has_a_bound }, { "length has a bound", length_has_a_bound },
    { "a large object is not quadratic", a_large_object_is_not_quadratic },
    { "every allocation fails once", every_allocation_fails_once },
    { "nodes know where they stand", nodes_know_where_they_stand },
    { "plain texts are borrowed", plain_texts_are_borrowed }, { "offsets", offsets })
