/* core/spec/schema.c: it says what the decoder does, as far as a small validator can tell */
#include "base/num.h"
#include "spec/hook.h"
#include "spec/limits.h"
#include "text/json.h"
#include "check.h"
#include "unit.h"

#define VECTORS "tests/vectors/config/"

static unsigned char mem[4 << 20];
static char text[1 << 16];
static const struct value *schema;

static const struct value *
parse(struct arena *a, struct str s)
{
	struct err e = { 0 };

	return json_parse(a, s, FAULT_CONFIG, &e);
}

static const struct value *
read_schema(void)
{
	static struct arena a;
	struct buf b = BUF(text);

	a = (struct arena){ mem, 0, sizeof(mem) };
	config_schema(&b);
	CU_ASSERT_FATAL(!b.full);
	schema = parse(&a, buf_str(&b));
	CU_ASSERT_FATAL(schema != NULL);
	return schema;
}

static const struct value *
get(const struct value *v, const char *path)
{
	struct str s = str_of(path);

	for (size_t at = 0, end; v != NULL && at < s.n; at = end + 1) {
		end = str_find(s, '/', at);
		v = value_get(v, str_slice(s, at, end));
	}
	return v;
}

/* ---- the validator ---- */

static bool valid(const struct value *s, const struct value *v, unsigned depth);

static bool
is_type(struct str type, const struct value *v)
{
	uint64_t n;

	return str_eq(type, S("object"))  ? v->kind == VALUE_OBJECT
	     : str_eq(type, S("array"))   ? v->kind == VALUE_ARRAY
	     : str_eq(type, S("string"))  ? v->kind == VALUE_STRING
	     : str_eq(type, S("boolean")) ? v->kind == VALUE_BOOL
	     : str_eq(type, S("number"))  ? v->kind == VALUE_NUMBER
	     : str_eq(type, S("integer"))
		 ? v->kind == VALUE_NUMBER && num_json_uint(v->text, &n) == 0
		 : false;
}

static bool
type_fits(const struct value *type, const struct value *v)
{
	if (type == NULL || type->kind == VALUE_STRING)
		return type == NULL || is_type(type->text, v);
	for (const struct value *t = type->first; t != NULL; t = t->next)
		if (is_type(t->text, v))
			return true;
	return false;
}

/* Our words are strings. */
static bool
among(const struct value *list, const struct value *v)
{
	for (const struct value *e = list == NULL ? NULL : list->first; e != NULL; e = e->next)
		if (v->kind == VALUE_STRING && str_eq(e->text, v->text))
			return true;
	return list == NULL;
}

/* The number of a member such as "maximum", or what is given instead. */
static uint64_t
number(const struct value *s, const char *key, uint64_t otherwise)
{
	const struct value *v = get(s, key);
	uint64_t n = otherwise;

	CU_ASSERT(v == NULL || num_json_uint(v->text, &n) == 0);
	return n;
}

static bool
in_bounds(const struct value *s, const struct value *v)
{
	uint64_t n;

	if (v->kind == VALUE_NUMBER && get(s, "exclusiveMinimum") != NULL &&
	    str_eq(v->text, get(s, "exclusiveMinimum")->text))
		return false;
	if (v->kind == VALUE_STRING)
		return v->text.n >= number(s, "minLength", 0) &&
		       v->text.n <= number(s, "maxLength", UINT64_MAX);
	if (v->kind == VALUE_NUMBER && num_json_uint(v->text, &n) == 0)
		return n >= number(s, "minimum", 0) && n <= number(s, "maximum", UINT64_MAX);
	return v->kind != VALUE_OBJECT || v->count >= number(s, "minProperties", 0);
}

static bool
members_fit(const struct value *s, const struct value *v, unsigned depth)
{
	const struct value *more = get(s, "additionalProperties"), *needed = get(s, "required");
	const struct value *properties = get(s, "properties");

	for (const struct value *m = v->first; m != NULL; m = m->next) {
		const struct value *own = properties == NULL ? NULL : value_get(properties, m->key);

		if (own == NULL)
			own = more;
		if (own != NULL &&
		    (own->kind == VALUE_BOOL ? !own->truth : !valid(own, m, depth - 1)))
			return false;
	}
	for (const struct value *k = needed == NULL ? NULL : needed->first; k != NULL; k = k->next)
		if (value_get(v, k->text) == NULL)
			return false;
	return true;
}

static bool
elements_fit(const struct value *s, const struct value *v, unsigned depth)
{
	const struct value *items = get(s, "items"), *unique = get(s, "uniqueItems");

	for (const struct value *e = v->first; e != NULL; e = e->next) {
		if (items != NULL && !valid(items, e, depth - 1))
			return false;
		for (const struct value *o = e->next; unique != NULL && o != NULL; o = o->next)
			if (value_eq(e, o))
				return false;
	}
	return true;
}

static bool
valid(const struct value *s, const struct value *v, unsigned depth)
{
	const struct value *ref = get(s, "$ref"), *any = get(s, "anyOf");
	bool some = any == NULL;

	CU_ASSERT_FATAL(depth > 0);
	if (ref != NULL) {
		const struct value *to;

		CU_ASSERT_FATAL(str_starts(ref->text, S("#/$defs/")));
		to = value_get(get(schema, "$defs"), str_slice(ref->text, 8, ref->text.n));
		CU_ASSERT_FATAL(to != NULL);
		if (!valid(to, v, depth - 1))
			return false;
	}
	for (const struct value *e = any == NULL ? NULL : any->first; e != NULL; e = e->next)
		some = some || valid(e, v, depth - 1);
	return some && type_fits(get(s, "type"), v) && among(get(s, "enum"), v) &&
	       in_bounds(s, v) && (v->kind != VALUE_OBJECT || members_fit(s, v, depth)) &&
	       (v->kind != VALUE_ARRAY || elements_fit(s, v, depth));
}

/* ---- the tests ---- */

/* How many of the object's properties are the table's. */
static size_t
check_table(const struct table *t, const struct value *o)
{
	size_t keys = 0;

	CU_ASSERT_FATAL(o != NULL);
	CHECK_TEXT(0, get(o, "type")->text, "object");
	CHECK_NUM(0, get(o, "additionalProperties")->truth, false);
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->row[i];
		const struct value *p = value_get(get(o, "properties"), row_key(f));
		bool needed = false;

		if (row_key(f).n == 0)
			continue;
		keys++;
		CU_ASSERT_FATAL(p != NULL);
		CHECK_STR(i, get(p, "description")->text, row_prose(f));
		if ((f->flags & FIELD_LIST) != 0) {
			CHECK_TEXT(i, get(p, "type")->text, "array");
			p = get(p, "items");
			CU_ASSERT_FATAL(p != NULL);
		}
		CHECK_NUM(i, get(p, "type") != NULL || get(p, "enum") != NULL, true);
		for (size_t k = 0; row_words(f) != NULL && word_at(f->words, k).p != NULL; k++) {
			struct value word = { .kind = VALUE_STRING, .text = word_at(f->words, k) };

			CHECK_NUM(i, among(get(p, "enum"), &word), word.text.n > 0);
		}
		for (const struct value *k = get(o, "required")->first; k != NULL; k = k->next)
			needed = needed || str_eq(k->text, row_key(f));
		CHECK_NUM(i, needed, (f->flags & FIELD_NEEDED) != 0);
	}
	return keys;
}

static void
every_key_of_the_tables(void)
{
	const struct value *box = get(read_schema(), "$defs/sandbox"), *hook;

	CHECK_NUM(0, check_table(&box_table, box) + check_table(&limits_table, box),
	    get(box, "properties")->count);
	hook = get(read_schema(), "$defs/hook");
	CHECK_NUM(0, check_table(&hook_table, hook), get(hook, "properties")->count);
}

static void
the_frame(void)
{
	const struct value *s = read_schema();
	struct buf b = BUF(text);

	CHECK_TEXT(0, get(s, "$schema")->text, "https://json-schema.org/draft/2020-12/schema");
	CHECK_NUM(0, get(s, "anyOf")->count, 2);
	CHECK_NUM(0, get(s, "$defs")->count, 2);
	/* defaults are told where a word is one */
	CHECK_TEXT(0, get(s, "$defs/hook/properties/mode/default")->text, "filter");
	CU_ASSERT(get(s, "$defs/hook/properties/hook/default") == NULL);
	CU_ASSERT(get(s, "$defs/hook/properties/timeout/default") == NULL);
	/* no room: cut, and it says so */
	b.cap = 100;
	config_schema(&b);
	CU_ASSERT(b.full);
}

/* Rows of all types, of which our own tables do not have every one in a document. */
static void
numbers_and_paths(void)
{
	const struct value *s = read_schema();

	CHECK_TEXT(0, get(s, "$defs/sandbox/properties/root/pattern")->text, "^/");
	CHECK_NUM(0, number(get(s, "$defs/hook/properties/request_limit"), "maximum", 0), 64 << 20);
	CHECK_NUM(0, number(get(s, "$defs/hook/properties/sandbox"), "maxLength", 0), 255);
	CHECK_TEXT(0, get(s, "$defs/sandbox/properties/mount_proc/type")->text, "boolean");
	CU_ASSERT(get(s, "$defs/sandbox/properties/mount_proc/minimum") == NULL);
	CU_ASSERT(get(s, "$defs/sandbox/properties/root/maximum") == NULL);
	CU_ASSERT(get(s, "$defs/hook/properties/args/items/minimum") == NULL);
}

static bool
vector_is_valid(const char *name, bool *parsed)
{
	static char doc[1 << 16];
	static unsigned char doc_mem[1 << 20];
	struct arena a = { doc_mem, 0, sizeof(doc_mem) };
	const struct value *v;
	char path[256];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), VECTORS "%s.json", name);
	f = fopen(path, "rb");
	CU_ASSERT_FATAL(f != NULL);
	n = fread(doc, 1, sizeof(doc), f);
	fclose(f);
	v = parse(&a, (struct str){ doc, n });
	*parsed = v != NULL;
	return v != NULL && valid(schema, v, 32);
}

static void
good_vectors_are_valid(void)
{
	static const char *const name[] = { "bare-box", "bounds", "empty-lists", "escapes-and-crlf",
		"every-hook-type", "level-none", "limits", "names", "no-hooks", "one-key",
		"redact" };
	bool parsed;

	read_schema();
	for (size_t i = 0; i < COUNT(name); i++) {
		char path[64];

		snprintf(path, sizeof(path), "good/%s", name[i]);
		CHECK_NUM(i, vector_is_valid(path, &parsed), true);
	}
}

/* Those of the bad ones that types, words, keys and bounds can tell. */
static void
bad_vectors_are_not(void)
{
	static const char *const name[] = { "array", "empty-object", "unknown-key",
		"unknown-top-key", "misspelt-hooks", "foreign-key", "wrong-type", "string-for-list",
		"null-hook", "misspelt-phase", "no-command", "level-to-come", "join-by-document",
		"limit-out-of-range", "misspelt-limit" };
	bool parsed;

	read_schema();
	for (size_t i = 0; i < COUNT(name); i++) {
		char path[64];

		snprintf(path, sizeof(path), "bad/%s", name[i]);
		CHECK_NUM(i, vector_is_valid(path, &parsed), false);
		CHECK_NUM(i, parsed, true);
	}
}

UNIT_MAIN("schema", { "every key of the tables", every_key_of_the_tables },
    { "the frame", the_frame }, { "numbers and paths", numbers_and_paths },
    { "good vectors are valid", good_vectors_are_valid },
    { "bad vectors are not", bad_vectors_are_not })
