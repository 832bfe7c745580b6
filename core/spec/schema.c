/* JSON Schema (draft 2020-12) of the native configuration: each row of a table is a property. */
#include "spec/hook.h"

#include "base/limits.h"
#include "spec/limits.h"
#include "text/json.h"

/* What check_name in config.c takes. */
#define NAME_PATTERN "^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$"

static void
member(struct jsonw *w, const char *key, const char *text)
{
	jsonw_member(w, key, str_of(text));
}

static void
words(struct jsonw *w, const struct field *f)
{
	jsonw_list(w, "enum", '[');
	for (size_t i = 0; word_at(f->words, i).p != NULL; i++)
		if (word_at(f->words, i).n > 0)
			jsonw_str(w, word_at(f->words, i));
	jsonw_close(w, ']');
}

static void
bounds(struct jsonw *w, const struct field *f, const char *least, const char *most)
{
	unsigned shift = f->type == FIELD_SIZE ? f->unit->shift : 0;

	jsonw_number(w, least, f->min);
	jsonw_number(w, most, (uint64_t)f->max << shift);
}

/* Of cores; the least that there can be is no whole number. */
static void
cores(struct jsonw *w, const struct field *f)
{
	jsonw_number(w, "exclusiveMinimum", 0);
	jsonw_number(w, "maximum", f->max / 1000);
}

/* What a type is called, and what its text looks like. */
static const struct {
	const char *type, *pattern;
} types[] = {
	[FIELD_FLAG] = { "boolean", NULL },
	[FIELD_STRING] = { "string", NULL },
	[FIELD_PATH] = { "string", "^/" },
	[FIELD_ENUM] = { "string", NULL },
	[FIELD_UINT] = { "integer", NULL },
	[FIELD_SIZE] = { "string", "^[0-9]+(\\.[0-9]+)?[KMGTkmgt]?$" },
	[FIELD_DURATION] = { "string", "^(0|([0-9.]+(d|h|m|s|ms))+)$" },
	[FIELD_CORES] = { "string", "^([0-9]+|[0-9]*\\.[0-9]{1,3})$" },
	[FIELD_CUSTOM] = { "string", NULL },
};

/* A name, lines, or an object whose members another table knows. */
static void
tree(struct jsonw *w)
{
	jsonw_list(w, "type", '[');
	jsonw_str(w, S("string"));
	jsonw_str(w, S("array"));
	jsonw_str(w, S("object"));
	jsonw_close(w, ']');
	jsonw_list(w, "items", '{');
	member(w, "type", "string");
	jsonw_close(w, '}');
}

/* The members that say what one value of the row may be. */
static void
one(struct jsonw *w, const struct field *f)
{
	bool either = f->type == FIELD_SIZE || f->type == FIELD_CORES;

	if (row_words(f) != NULL) {
		words(w, f);
		return;
	}
	if (f->type == FIELD_TREE) {
		tree(w);
		return;
	}
	jsonw_key(w, S("type"));
	if (either) {
		jsonw_open(w, '[');
		jsonw_str(w, f->type == FIELD_SIZE ? S("integer") : S("number"));
	}
	jsonw_str(w, str_of(types[f->type].type));
	if (either)
		jsonw_close(w, ']');
	if (types[f->type].pattern != NULL)
		member(w, "pattern", types[f->type].pattern);
	if (f->type == FIELD_STRING)
		bounds(w, f, "minLength", "maxLength");
	if (f->type == FIELD_UINT || f->type == FIELD_SIZE)
		bounds(w, f, "minimum", "maximum");
	if (f->type == FIELD_CORES)
		cores(w, f);
}

static void
property(struct jsonw *w, const struct field *f)
{
	jsonw_key(w, row_key(f));
	jsonw_open(w, '{');
	jsonw_member(w, "description", row_prose(f));
	if (row_initial(f).n > 0 && f->type == FIELD_ENUM) {
		jsonw_member(w, "default", row_initial(f));
	}
	if ((f->flags & FIELD_LIST) != 0) {
		member(w, "type", "array");
		if (f->type == FIELD_ENUM) {
			jsonw_key(w, S("uniqueItems"));
			jsonw_bool(w, true);
		}
		jsonw_list(w, "items", '{');
		one(w, f);
		jsonw_close(w, '}');
	} else {
		one(w, f);
	}
	jsonw_close(w, '}');
}

static void
needed(struct jsonw *w, const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if ((t->row[i].flags & FIELD_NEEDED) != 0)
			jsonw_str(w, row_key(&t->row[i]));
}

static void
properties(struct jsonw *w, const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (row_key(&t->row[i]).n > 0)
			property(w, &t->row[i]);
}

/* more: a second table of keys, or NULL */
static void
object(struct jsonw *w, const struct table *t, const struct table *more)
{
	jsonw_open(w, '{');
	member(w, "type", "object");
	jsonw_key(w, S("additionalProperties"));
	jsonw_bool(w, false);
	jsonw_list(w, "required", '[');
	needed(w, t);
	jsonw_close(w, ']');
	jsonw_list(w, "properties", '{');
	properties(w, t);
	if (more != NULL)
		properties(w, more);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

/* An object of names, each a REF. */
static void
named(struct jsonw *w, const char *key, const char *ref)
{
	jsonw_key(w, str_of(key));
	jsonw_open(w, '{');
	member(w, "type", "object");
	jsonw_list(w, "propertyNames", '{');
	member(w, "pattern", NAME_PATTERN);
	jsonw_close(w, '}');
	jsonw_list(w, "additionalProperties", '{');
	member(w, "$ref", ref);
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

static void
document(struct jsonw *w)
{
	jsonw_open(w, '{');
	member(w, "type", "object");
	jsonw_key(w, S("additionalProperties"));
	jsonw_bool(w, false);
	jsonw_number(w, "minProperties", 1);
	jsonw_list(w, "properties", '{');
	named(w, "sandboxes", "#/$defs/sandbox");
	named(w, "hooks", "#/$defs/hook");
	jsonw_close(w, '}');
	jsonw_close(w, '}');
}

void
config_schema(struct buf *b)
{
	struct jsonw w = { b, false };

	jsonw_open(&w, '{');
	member(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
	member(&w, "title", "boxes and hooks for sbx-hook, or one box");
	jsonw_list(&w, "anyOf", '[');
	document(&w);
	jsonw_open(&w, '{');
	member(&w, "$ref", "#/$defs/sandbox");
	jsonw_number(&w, "minProperties", 1);
	jsonw_close(&w, '}');
	jsonw_close(&w, ']');
	jsonw_list(&w, "$defs", '{');
	jsonw_key(&w, S("sandbox"));
	object(&w, &box_table, &limits_table);
	jsonw_key(&w, S("hook"));
	object(&w, &hook_table, NULL);
	jsonw_close(&w, '}');
	jsonw_close(&w, '}');
}
