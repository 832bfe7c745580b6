#include "spec/field.h"

#include "text/json.h"

static struct str
join(struct field_ctx *c, struct str path, const struct str *part, size_t n)
{
	struct str all[6] = { path };

	for (size_t i = 0; i < n && i + 1 < COUNT(all); i++)
		all[i + 1] = part[i];
	path = arena_join(c->arena, all, n + 1);
	if (path.p == NULL)
		err_memory(c->err);
	return path;
}

static struct str
element_path(struct field_ctx *c, struct str path, size_t index)
{
	char text[24];
	struct buf b = BUF(text);

	buf_uint(&b, index);
	return join(c, path, ERR_PARTS(S("["), buf_str(&b), S("]")));
}

static int
unknown_key(struct field_ctx *c, const struct table *t, const struct value *m)
{
	struct str near = field_suggest(t, m->key, false);
	char list[384];
	struct buf b = BUF(list);

	if (near.p != NULL)
		return err_at(c->err, c->fault, m->keypos, S("unknown key \""), m->key,
		    S("\"; did you mean \""), near, S("\"?"));
	for (size_t i = 0; i < t->n; i++)
		if (row_key(&t->row[i]).n > 0)
			buf_parts(&b, ERR_PARTS(b.n > 0 ? S(", ") : S(""), row_key(&t->row[i])));
	return err_at(c->err, c->fault, m->keypos, S("unknown key \""), m->key, S("\" ("),
	    buf_str(&b), S(")"));
}

static int
wrong_kind(struct field_ctx *c, const struct value *v, struct str due)
{
	return err_at(c->err, c->fault, v->pos, value_kind_name(v->kind), S(", where "), due,
	    S(" is due"));
}

/* One value that is no list: what the row's type wants, as text. */
static int
one(struct field_ctx *c, const struct table *t, size_t row, const struct value *v, void *target)
{
	const struct field *f = &t->row[row];
	bool number = f->type == FIELD_UINT || (f->type == FIELD_SIZE && v->kind == VALUE_NUMBER);

	c->pos = v->pos;
	if (f->type == FIELD_FLAG) {
		if (v->kind != VALUE_BOOL)
			return wrong_kind(c, v, S("true or false"));
		if (v->truth)
			return field_store(c, t, row, target, S(""));
		return field_unset(c, t, row, target);
	}
	if (v->kind != (number ? VALUE_NUMBER : VALUE_STRING))
		return wrong_kind(c, v,
		    f->type == FIELD_UINT   ? S("a number")
		    : f->type == FIELD_SIZE ? S("a number of bytes or a string such as \"64M\"")
					    : S("a string"));
	return field_store(c, t, row, target, v->text);
}

static int
list(struct field_ctx *c, const struct table *t, size_t row, const struct value *v, struct str path,
    void *target)
{
	size_t i = 0;

	if (v->kind != VALUE_ARRAY)
		return wrong_kind(c, v, S("an array"));
	c->pos = v->pos;
	field_mark(c, t, row, target);
	for (const struct value *e = v->first; e != NULL; e = e->next, i++)
		if (one(c, t, row, e, target) < 0)
			return err_path(c->err, element_path(c, path, i));
	return 0;
}

static int
missing(struct field_ctx *c, const struct table *t, const struct value *object, void *target)
{
	const struct seen *s = target;

	for (size_t i = 0; i < t->n; i++)
		if ((t->row[i].flags & FIELD_NEEDED) != 0 && (s->bits & (uint64_t)1 << i) == 0)
			return err_at(c->err, c->fault, object->pos, S("the key \""),
			    row_key(&t->row[i]), S("\" is missing: "), row_prose(&t->row[i]));
	return 0;
}

int
field_decode(struct field_ctx *c, const struct table *t, const struct value *v, struct str path,
    void *target)
{
	if (v->kind != VALUE_OBJECT) {
		wrong_kind(c, v, str_of(t->what));
		return err_path(c->err, path);
	}
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		size_t row = field_row(t, m->key);
		struct str at = join(c, path, ERR_PARTS(S("."), m->key));
		int r;

		if (at.p == NULL)
			return -1;
		if (row == t->n) {
			unknown_key(c, t, m);
			return err_path(c->err, path);
		}
		if (m->kind == VALUE_NULL)
			r = wrong_kind(c, m, S("a value"));
		else if ((t->row[row].flags & FIELD_LIST) != 0)
			r = list(c, t, row, m, at, target);
		else
			r = one(c, t, row, m, target);
		if (r < 0)
			return err_path(c->err, at);
	}
	return missing(c, t, v, target) < 0 ? err_path(c->err, path) : 0;
}
