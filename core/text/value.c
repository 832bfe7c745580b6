#include "base/limits.h"
#include "text/value.h"

const struct value *
value_get(const struct value *v, struct str key)
{
	if (v->kind != VALUE_OBJECT)
		return NULL;
	for (const struct value *m = v->first; m != NULL; m = m->next)
		if (str_eq(m->key, key))
			return m;
	return NULL;
}

static bool
equal(const struct value *a, const struct value *b, unsigned depth)
{
	if (a->kind != b->kind || a->count != b->count || a->truth != b->truth ||
	    !str_eq(a->text, b->text) || !str_eq(a->key, b->key))
		return false;
	if (a->first != NULL && depth == 0)
		return false;
	a = a->first;
	b = b->first;
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!equal(a, b, depth - 1))
			return false;
	return a == b;
}

bool
value_eq(const struct value *a, const struct value *b)
{
	return equal(a, b, LIMIT_JSON_DEPTH);
}

struct str
value_kind_name(enum value_kind kind)
{
	switch (kind) {
	case VALUE_NULL:
		return S("null");
	case VALUE_BOOL:
		return S("true or false");
	case VALUE_NUMBER:
		return S("a number");
	case VALUE_STRING:
		return S("a string");
	case VALUE_ARRAY:
		return S("an array");
	case VALUE_OBJECT:
		return S("an object");
	}
	return S("nothing");
}
