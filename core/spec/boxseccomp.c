/* The key seccomp: which policy is meant. What is in it is another matter, and read later. */
#include "spec/boxread.h"

static int
named(struct field_ctx *c, const struct field *f, struct seccomp *s, struct str text)
{
	s->kind = str_eq(text, S("none")) ? SECCOMP_NONE : SECCOMP_PROFILE;
	s->name = text;
	/* as everywhere in a configuration: a relative path would mean something else wherever it
	 * is run from */
	if (str_find(text, '/', 0) == text.n)
		return 0;
	s->kind = SECCOMP_FILE;
	return field_path(c, f, text, &s->name);
}

/* Each is one line: its place in the document is that of what is wrong with it. */
static int
lines(struct field_ctx *c, const struct field *f, struct seccomp *s, const struct value *v)
{
	s->kind = SECCOMP_LINES;
	for (const struct value *e = v->first; e != NULL; e = e->next) {
		c->pos = e->pos;
		if (e->kind != VALUE_STRING)
			return field_kind(c, e, S("a line of a policy"));
		if (str_find(e->text, '\n', 0) < e->text.n)
			return field_fault(c, f, TEXT("a line end in a line of a policy"));
	}
	return 0;
}

int
box_read_seccomp(struct field_ctx *c, struct box *box)
{
	const struct field *f = &box_table.row[field_row(&box_table, S("seccomp"))];
	struct seccomp *s = &box->seccomp;
	const struct value *v = s->value;

	if (v == NULL)
		return 0;
	c->pos = s->pos = v->pos;
	if (v->kind == VALUE_STRING)
		return named(c, f, s, v->text);
	if (v->kind == VALUE_ARRAY)
		return lines(c, f, s, v);
	s->kind = SECCOMP_OBJECT;
	return v->kind == VALUE_OBJECT
		 ? 0
		 : field_kind(c, v,
		       S("a profile's name, an absolute path, an array of lines or an "
			 "object"));
}
