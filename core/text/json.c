#include "text/jsonread.h"

/* The next byte, or -1 at the end. */
static int
peek(const struct jsonread *r)
{
	return r->p < r->end ? (unsigned char)*r->p : -1;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static void
skip_space(struct jsonread *r)
{
	for (;; r->p++) {
		int c = peek(r);

		if (c == '\n') {
			r->line = r->p + 1;
			r->nline++;
		} else if (c != ' ' && c != '\t' && c != '\r') {
			return;
		}
	}
}

static struct value *
new_value(struct jsonread *r)
{
	struct value *v;

	if (r->nodes == LIMIT_JSON_NODES) {
		jsonread_limit(r, LIMIT_JSON_NODES, S("values in one document"));
		return NULL;
	}
	v = arena_raw(r->arena, sizeof(*v));
	if (v == NULL) {
		jsonread_memory(r);
		return NULL;
	}
	r->nodes++;
	*v = (struct value){ .pos = jsonread_pos(r, r->p) };
	return v;
}

static int
read_digits(struct jsonread *r)
{
	if (!is_digit(peek(r)))
		return jsonread_expected(r, S("a digit"));
	while (is_digit(peek(r)))
		r->p++;
	return 0;
}

static int
read_number(struct jsonread *r, struct value *v)
{
	const char *start = r->p;

	v->kind = VALUE_NUMBER;
	if (peek(r) == '-')
		r->p++;
	if (peek(r) == '0') {
		r->p++;
		if (is_digit(peek(r)))
			return jsonread_expected(r, S("a number without leading zeros"));
	} else if (read_digits(r) < 0) {
		return -1;
	}
	if (peek(r) == '.') {
		r->p++;
		if (read_digits(r) < 0)
			return -1;
	}
	if (peek(r) == 'e' || peek(r) == 'E') {
		r->p++;
		if (peek(r) == '+' || peek(r) == '-')
			r->p++;
		if (read_digits(r) < 0)
			return -1;
	}
	v->text = (struct str){ start, (size_t)(r->p - start) };
	return 0;
}

static int
read_word(struct jsonread *r, struct value *v)
{
	struct str word = { r->p, 0 };

	while (word.p + word.n < r->end && word.p[word.n] >= 'a' && word.p[word.n] <= 'z')
		word.n++;
	if (str_eq(word, S("true")) || str_eq(word, S("false"))) {
		v->kind = VALUE_BOOL;
		v->truth = word.n == 4;
	} else if (str_eq(word, S("null"))) {
		v->kind = VALUE_NULL;
	} else {
		return jsonread_expected(r, S("a value"));
	}
	r->p += word.n;
	return 0;
}

static int
read_value(struct jsonread *r, struct value *v)
{
	int c = peek(r);

	switch (c) {
	case '{':
	case '[':
		if (r->depth == LIMIT_JSON_DEPTH)
			return jsonread_limit(r, LIMIT_JSON_DEPTH, S("levels of nesting"));
		v->kind = c == '{' ? VALUE_OBJECT : VALUE_ARRAY;
		r->open[r->depth] = v;
		r->last[r->depth++] = NULL;
		r->p++;
		return 0;
	case '"':
		v->kind = VALUE_STRING;
		return jsonread_string(r, &v->text);
	default:
		return c == '-' || is_digit(c) ? read_number(r, v) : read_word(r, v);
	}
}

/* A key and its colon, with the space behind. */
static int
read_key(struct jsonread *r, bool first, struct str *key, struct pos *pos)
{
	*pos = jsonread_pos(r, r->p);
	if (peek(r) != '"')
		return jsonread_expected(r,
		    first ? S("a key in double quotes or \"}\"") : S("a key in double quotes"));
	if (jsonread_string(r, key) < 0)
		return -1;
	skip_space(r);
	if (peek(r) != ':')
		return jsonread_expected(r, S("\":\" behind the key"));
	r->p++;
	skip_space(r);
	return 0;
}

static int
close_container(struct jsonread *r, const struct value *top)
{
	const struct value *repeated;
	bool exhausted;

	if (top->kind == VALUE_OBJECT) {
		repeated = value_duplicate(top, r->arena, &exhausted);
		if (exhausted)
			return jsonread_memory(r);
		if (repeated != NULL)
			return jsonread_repeated(r, repeated);
	}
	r->p++;
	r->depth--;
	return 0;
}

/* What comes next in the innermost container: its end, or one more child. */
static int
read_next(struct jsonread *r)
{
	struct value *top = r->open[r->depth - 1], **last = &r->last[r->depth - 1], *v;
	bool array = top->kind == VALUE_ARRAY;
	struct pos keypos = { 0, 0 };
	struct str key = { NULL, 0 };

	r->inside = false;
	skip_space(r);
	if (peek(r) == (array ? ']' : '}'))
		return close_container(r, top);
	if (top->count > 0) {
		if (peek(r) != ',')
			return jsonread_expected(r,
			    array ? S("\",\" or \"]\"") : S("\",\" or \"}\""));
		r->p++;
		skip_space(r);
	}
	if (!array && read_key(r, top->count == 0, &key, &keypos) < 0)
		return -1;
	v = new_value(r);
	if (v == NULL)
		return -1;
	v->key = key;
	v->keypos = keypos;
	if (*last != NULL)
		(*last)->next = v;
	else
		top->first = v;
	*last = v;
	top->count++;
	r->inside = true;
	return read_value(r, v);
}

struct value *
json_parse(struct arena *a, struct str text, enum fault fault, struct err *e)
{
	const char *p = text.p != NULL ? text.p : "";
	struct jsonread r = {
		.p = p,
		.end = p,
		.line = p,
		.nline = 1,
		.fault = fault,
		.arena = a,
		.err = e,
	};
	struct value *root;

	if (text.n > LIMIT_MESSAGE_MAX) {
		jsonread_limit(&r, LIMIT_MESSAGE_MAX, S("bytes"));
		return NULL;
	}
	r.end += text.n;
	skip_space(&r);
	root = new_value(&r);
	if (root == NULL || read_value(&r, root) < 0)
		return NULL;
	while (r.depth > 0)
		if (read_next(&r) < 0)
			return NULL;
	r.inside = false;
	skip_space(&r);
	if (r.p < r.end) {
		jsonread_expected(&r, S("the end of the text"));
		return NULL;
	}
	return root;
}

size_t
json_offset(struct str text, struct pos pos)
{
	size_t at = 0, end;

	for (uint32_t line = 1; line < pos.line && at < text.n; line++)
		at = str_find(text, '\n', at) + 1;
	if (at > text.n || pos.line == 0)
		return pos.line == 0 ? 0 : text.n;
	end = str_find(text, '\n', at);
	if (pos.col > 0)
		at += pos.col - 1;
	return at < end ? at : end;
}
