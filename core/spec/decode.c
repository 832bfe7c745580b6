#include "spec/field.h"

#include "text/json.h"

static struct str
join(struct field_ctx *c, struct str path, const struct buf *step)
{
	struct str whole = arena_join(c->arena, TEXT("%%", path, buf_str(step)));

	if (whole.p == NULL)
		err_memory(c->err);
	return whole;
}

struct str
field_member(struct field_ctx *c, struct str path, struct str key)
{
	char text[256];
	struct buf b = BUF(text);

	value_path_key(&b, key);
	return join(c, path, &b);
}

struct str
field_element(struct field_ctx *c, struct str path, size_t index)
{
	char text[24];
	struct buf b = BUF(text);

	value_path_index(&b, index);
	return join(c, path, &b);
}

static void
list_keys(struct buf *b, const struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (row_key(&t->row[i]).n > 0)
			buf_text(b, TEXT("%%", b->n > 0 ? S(", ") : S(""), row_key(&t->row[i])));
}

int
field_unknown(struct field_ctx *c, const struct args_part *part, size_t nparts,
    const struct value *m)
{
	struct str near = field_suggest(part, nparts, m->key, false);
	char list[448];
	struct buf b = BUF(list);

	if (near.p != NULL)
		return err_at(c->err, c->fault, m->keypos, "unknown key \"%\"; did you mean \"%\"?",
		    m->key, near);
	for (size_t k = 0; k < nparts; k++)
		list_keys(&b, part[k].table);
	return err_at(c->err, c->fault, m->keypos, "unknown key \"%\" (%)", m->key, buf_str(&b));
}

int
field_kind(struct field_ctx *c, const struct value *v, struct str due)
{
	return err_at(c->err, c->fault, v->pos, "%, where % is due", value_kind_name(v->kind), due);
}

static int
wrong_value(struct field_ctx *c, const struct field *f, const struct value *v)
{
	char list[256];
	struct buf b = BUF(list);

	if (row_words(f) != NULL) {
		buf_cstr(&b, "a word (");
		words_put(&b, f->words, UINT32_MAX, S(", "));
		buf_cstr(&b, ")");
		return field_kind(c, v, buf_str(&b));
	}
	return field_kind(c, v,
	    f->type == FIELD_FLAG       ? S("true or false")
	    : f->type == FIELD_UINT     ? S("a number")
	    : f->type == FIELD_SIZE     ? S("a number of bytes or a string such as \"64M\"")
	    : f->type == FIELD_DURATION ? S("a string such as \"30s\"")
	    : f->type == FIELD_CORES    ? S("a number of cores or a string such as \"0.5\"")
	    : f->type == FIELD_PATH     ? S("an absolute path")
					: S("a string"));
}

/* One value that is no list: what the row's type wants, as text. */
static int
one(struct field_ctx *c, const struct table *t, size_t row, const struct value *v, void *target)
{
	const struct field *f = &t->row[row];
	bool either = f->type == FIELD_SIZE || f->type == FIELD_CORES;
	bool number = f->type == FIELD_UINT || (either && v->kind == VALUE_NUMBER);
	enum value_kind due = f->type == FIELD_FLAG ? VALUE_BOOL
			    : number                ? VALUE_NUMBER
						    : VALUE_STRING;

	c->pos = v->pos;
	if (f->type == FIELD_TREE) {
		field_mark(c, row, target);
		*(const struct value **)(void *)((char *)target + f->offset) = v;
		return 0;
	}
	if (v->kind != due)
		return wrong_value(c, f, v);
	if (f->type == FIELD_FLAG && v->truth == ((f->flags & FIELD_OTHERWISE) != 0))
		return field_unset(c, t, row, target);
	return field_store(c, t, row, target, v->text);
}

static int
elements(struct field_ctx *c, const struct table *t, size_t row, const struct value *v,
    struct str path, void *target)
{
	size_t i = 0;

	if (v->kind != VALUE_ARRAY)
		return field_kind(c, v, S("an array"));
	c->pos = v->pos;
	field_mark(c, row, target);
	for (const struct value *e = v->first; e != NULL; e = e->next, i++)
		if (one(c, t, row, e, target) < 0)
			return err_path(c->err, field_element(c, path, i));
	return 0;
}

static int
missing(struct field_ctx *c, const struct table *t, const struct value *object, void *target)
{
	const struct seen *s = target;

	for (size_t i = 0; i < t->n; i++)
		if ((t->row[i].flags & FIELD_NEEDED) != 0 && (s->bits & (uint64_t)1 << i) == 0)
			return err_at(c->err, c->fault, object->pos, "the key \"%\" is missing: %",
			    row_key(&t->row[i]), row_prose(&t->row[i]));
	return 0;
}

/* Which of the parts has a row for the key, NULL for none; *row gets that row. */
static const struct args_part *
find(const struct args_part *part, size_t nparts, struct str key, size_t *row)
{
	for (; nparts > 0; part++, nparts--) {
		*row = field_row(part->table, key);
		if (*row < part->table->n)
			return part;
	}
	return NULL;
}

static int
member(struct field_ctx *c, const struct args_part *part, size_t row, const struct value *m,
    struct str path)
{
	struct str at = field_member(c, path, m->key);
	bool list = (part->table->row[row].flags & FIELD_LIST) != 0;
	int r;

	if (at.p == NULL)
		return -1;
	if (list)
		r = elements(c, part->table, row, m, at, part->target);
	else
		r = one(c, part->table, row, m, part->target);
	return r < 0 ? err_path(c->err, at) : 0;
}

int
field_decode(struct field_ctx *c, const struct args_part *part, size_t nparts,
    const struct value *v, struct str path)
{
	if (v->kind != VALUE_OBJECT) {
		field_kind(c, v, str_of(part->table->what));
		return err_path(c->err, path);
	}
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		size_t row;
		const struct args_part *p = find(part, nparts, m->key, &row);

		if (p == NULL) {
			field_unknown(c, part, nparts, m);
			return err_path(c->err, path);
		}
		if (member(c, p, row, m, path) < 0)
			return -1;
	}
	for (size_t i = 0; i < nparts; i++)
		if (missing(c, part[i].table, v, part[i].target) < 0)
			return err_path(c->err, path);
	return 0;
}
