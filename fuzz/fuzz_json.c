/* fuzz: core/text/json.c core/text/jsonstr.c core/text/jsontext.c core/text/jsonfault.c */
/* fuzz: core/text/jsonput.c core/text/unique.c core/text/valuepath.c */
#include "base/limits.h"
#include "base/utf8.h"
#include "must.h"
#include "text/json.h"

enum { INPUT_MAX = 1 << 16 };

static unsigned char mem[16 << 20], mem_again[16 << 20];
static char once[8 * INPUT_MAX], twice[8 * INPUT_MAX], line[4096];

static bool
printable(struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &cp);
		if (n == 0 || !utf8_printable(cp))
			return false;
	}
	return true;
}

/* Only a line feed ends a line, and columns count bytes. */
static void
check_position(struct str text, struct pos pos)
{
	size_t at = json_offset(text, pos), start = 0;
	uint32_t lines = 1;

	MUST(at <= text.n);
	for (size_t i = 0; i < at; i++) {
		if (text.p[i] == '\n') {
			start = i + 1;
			lines++;
		}
	}
	MUST(pos.line == lines && pos.col == at - start + 1);
}

static void
check_fault(struct str text, const struct err *e)
{
	struct buf b = BUF(line);

	MUST(e->fault == FAULT_DATA || e->fault == FAULT_LIMIT);
	MUST(e->nmsg > 0 && e->nmsg <= sizeof(e->msg));
	if (e->pos.line > 0) {
		check_position(text, e->pos);
		MUST(e->npath > 0 && e->path[0] == '$');
	}
	err_line(e, &b);
	MUST(!b.full && printable(buf_str(&b)));
}

static void
check_keys(const struct value *v)
{
	size_t n = 0;

	for (const struct value *m = v->first; m != NULL && n < 100; m = m->next, n++)
		MUST(value_get(v, m->key) == m);
}

static void
check_node(struct str text, const struct value *v, unsigned depth)
{
	static const char *const first[] = { "n", "tf", "-0123456789", "\"", "[", "{" };
	char c = text.p[json_offset(text, v->pos)];
	size_t n = 0;

	check_position(text, v->pos);
	MUST(str_find(str_of(first[v->kind]), c, 0) < str_of(first[v->kind]).n);
	MUST(utf8_check(v->text) == v->text.n && utf8_check(v->key) == v->key.n);
	if (v->keypos.line > 0)
		MUST(text.p[json_offset(text, v->keypos)] == '"');
	MUST(v->first == NULL || depth > 0);
	for (const struct value *m = v->first; m != NULL; m = m->next, n++)
		check_node(text, m, depth - 1);
	MUST(n == v->count);
	if (v->kind == VALUE_OBJECT)
		check_keys(v);
}

static void
check_tree(struct str text, const struct value *v, size_t used)
{
	struct arena a = { mem_again, 0, sizeof(mem_again) };
	struct err e = { 0 };
	struct buf b = BUF(once), b2 = BUF(twice);
	const struct value *again;

	MUST(utf8_check(text) == text.n);
	if (text.n < 4096)
		check_node(text, v, LIMIT_JSON_DEPTH);
	json_put(&b, v);
	MUST(!b.full);
	again = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
	MUST(again != NULL && e.fault == FAULT_NONE);
	MUST(value_eq(v, again));
	json_put(&b2, again);
	MUST(str_eq(buf_str(&b), buf_str(&b2)));
	a = (struct arena){ mem_again, 0, used - 1 };
	MUST(json_parse(&a, text, FAULT_DATA, &e) == NULL && e.fault == FAULT_LIMIT);
}

static void
check_string(struct str text, void (*put)(struct buf *, struct str))
{
	struct arena a = { mem_again, 0, sizeof(mem_again) };
	struct err e = { 0 };
	struct buf b = BUF(once);
	const struct value *v;

	put(&b, text);
	MUST(!b.full);
	v = json_parse(&a, buf_str(&b), FAULT_DATA, &e);
	MUST(v != NULL && v->kind == VALUE_STRING && utf8_check(v->text) == v->text.n);
	MUST(utf8_check(text) < text.n || str_eq(v->text, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct str text = { (const char *)data, n };
	const struct value *v;

	if (n > INPUT_MAX)
		return 0;
	v = json_parse(&a, text, FAULT_DATA, &e);
	MUST((v == NULL) == (e.fault != FAULT_NONE));
	if (v == NULL)
		check_fault(text, &e);
	else
		check_tree(text, v, a.used);
	check_string(text, json_put_string);
	check_string(text, json_put_shown);
	return 0;
}
