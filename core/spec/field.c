#include "spec/field.h"

#include "base/num.h"
#include "base/path.h"

int
strlist_add(struct arena *a, struct strlist *l, struct str s, struct pos pos)
{
	struct strnode *n = arena_get(a, sizeof(*n));

	if (n == NULL)
		return -1;
	n->s = s;
	n->pos = pos;
	if (l->last == NULL)
		l->last = &l->first;
	*l->last = n;
	l->last = &n->next;
	l->n++;
	return 0;
}

int
field_fault(struct field_ctx *c, const struct field *f, const struct str *part, size_t n)
{
	struct str all[10];
	size_t k = 0;

	/* on the command line the option is the place; in a document line, column and path are */
	if (c->fault == FAULT_USAGE) {
		all[k++] = S("--");
		all[k++] = row_option(f);
		all[k++] = S(": ");
	}
	for (size_t i = 0; i < n && k < COUNT(all); i++)
		all[k++] = part[i];
	return err_put(c->err, c->fault, c->pos, 0, all, k);
}

static int
quoted(struct field_ctx *c, const struct field *f, struct str text, struct str why)
{
	return field_fault(c, f, ERR_PARTS(S("\""), text, S("\" "), why));
}

int
field_path(struct field_ctx *c, const struct field *f, struct str text, struct str *out)
{
	enum path_fault bad = path_check(text);

	if (bad != PATH_OK)
		return field_fault(c, f,
		    ERR_PARTS(S("\""), text, S("\" is "), path_fault_text(bad)));
	*out = path_clean(c->arena, text);
	return out->p == NULL ? err_memory(c->err) : 0;
}

static int
out_of_range(struct field_ctx *c, const struct field *f, struct str text)
{
	char low[32], high[32];
	struct buf a = BUF(low), b = BUF(high);
	void (*put)(struct buf *, uint64_t) = f->type == FIELD_SIZE     ? num_put_size
					    : f->type == FIELD_DURATION ? num_put_duration
									: buf_uint;

	put(&a, f->min);
	put(&b, f->max);
	return field_fault(c, f,
	    ERR_PARTS(S("\""), text, S("\" is out of range; "), buf_str(&a), S(" to "), buf_str(&b),
		S(" is due")));
}

static int
read_number(struct field_ctx *c, const struct field *f, struct str text, uint64_t *out)
{
	int r = f->type == FIELD_SIZE     ? num_size(text, out)
	      : f->type == FIELD_DURATION ? num_duration(text, out)
					  : num_uint(text, out);

	if (r < 0)
		return quoted(c, f, text,
		    f->type == FIELD_SIZE ? S("is no size; bytes or 512K, 64M, 1.5G are due")
		    : f->type == FIELD_DURATION
			? S("is no duration; 500ms, 30s, 5m or 1h30m is due")
			: S("is no number; decimal digits are due"));
	return *out < f->min || *out > f->max ? out_of_range(c, f, text) : 0;
}

static int
read_word(struct field_ctx *c, const struct field *f, struct str text, size_t *index)
{
	char list[256];
	struct buf b = BUF(list);

	for (size_t i = 0; text.n > 0 && word_at(f->words, i).p != NULL; i++) {
		if (str_eq(word_at(f->words, i), text)) {
			*index = i;
			return 0;
		}
	}
	words_put(&b, f->words, UINT32_MAX, S(", "));
	return field_fault(c, f,
	    ERR_PARTS(S("unknown word \""), text, S("\" ("), buf_str(&b), S(")")));
}

static int
check_string(struct field_ctx *c, const struct field *f, struct str text)
{
	if (str_find(text, '\0', 0) < text.n)
		return quoted(c, f, text, S("has a NUL byte"));
	if (text.n < f->min)
		return quoted(c, f, text, S("is too short"));
	if (text.n > f->max)
		return field_fault(c, f, ERR_PARTS(S("the text is too long")));
	return 0;
}

static int
store_list(struct field_ctx *c, const struct field *f, char *at, struct str text)
{
	struct strlist *l = (struct strlist *)(void *)at;
	uint64_t number;
	size_t index;

	switch ((enum field_type)f->type) {
	case FIELD_ENUM:
		if (read_word(c, f, text, &index) < 0)
			return -1;
		if ((*(uint32_t *)(void *)at & (uint32_t)1 << index) != 0)
			return quoted(c, f, text, S("is there already"));
		*(uint32_t *)(void *)at |= (uint32_t)1 << index;
		return 0;
	case FIELD_PATH:
		if (field_path(c, f, text, &text) < 0)
			return -1;
		break;
	case FIELD_UINT:
		if (read_number(c, f, text, &number) < 0)
			return -1;
		break;
	case FIELD_STRING:
	case FIELD_FLAG:
	case FIELD_SIZE:
	case FIELD_DURATION:
	case FIELD_CUSTOM:
		if (check_string(c, f, text) < 0)
			return -1;
		break;
	}
	return strlist_add(c->arena, l, text, c->pos) < 0 ? err_memory(c->err) : 0;
}

static int
store(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	char *at = (char *)target + f->offset;
	size_t index;

	if (f->type == FIELD_CUSTOM)
		return f->read(c, f, target, a, b);
	if ((f->flags & FIELD_LIST) != 0)
		return store_list(c, f, at, a);
	switch ((enum field_type)f->type) {
	case FIELD_FLAG:
		*(bool *)(void *)at = (f->flags & FIELD_NEGATE) == 0;
		return 0;
	case FIELD_STRING:
		*(struct str *)(void *)at = a;
		return check_string(c, f, a);
	case FIELD_PATH:
		return field_path(c, f, a, (struct str *)(void *)at);
	case FIELD_ENUM:
		if (read_word(c, f, a, &index) < 0)
			return -1;
		*(int *)(void *)at = (int)index;
		return 0;
	case FIELD_UINT:
	case FIELD_SIZE:
	case FIELD_DURATION:
		return read_number(c, f, a, (uint64_t *)(void *)at);
	case FIELD_CUSTOM:
		break;
	}
	return -1;
}

void
field_mark(struct field_ctx *c, const struct table *t, size_t row, void *target)
{
	struct seen *s = target;

	(void)t;
	if ((s->bits & (uint64_t)1 << row) == 0)
		s->at[row] = c->pos;
	s->bits |= (uint64_t)1 << row;
}

int
field_text(struct field_ctx *c, const struct table *t, size_t row, void *target, struct str a,
    struct str b)
{
	const struct field *f = &t->row[row];
	const struct seen *s = target;

	if ((s->bits & (uint64_t)1 << row) != 0 && (f->flags & FIELD_LIST) == 0 &&
	    f->type != FIELD_FLAG)
		return field_fault(c, f, ERR_PARTS(S("given twice")));
	field_mark(c, t, row, target);
	return store(c, f, target, a, b);
}

int
field_store(struct field_ctx *c, const struct table *t, size_t row, void *target, struct str a)
{
	field_mark(c, t, row, target);
	return store(c, &t->row[row], target, a, S(""));
}

int
field_unset(struct field_ctx *c, const struct table *t, size_t row, void *target)
{
	field_mark(c, t, row, target);
	*(bool *)(void *)((char *)target + t->row[row].offset) =
	    (t->row[row].flags & FIELD_NEGATE) != 0;
	return 0;
}

bool
field_given(const struct table *t, const void *target, size_t offset)
{
	const struct seen *s = target;

	for (size_t i = 0; i < t->n; i++)
		if (t->row[i].offset == offset && (s->bits & (uint64_t)1 << i) != 0)
			return true;
	return false;
}

size_t
field_row(const struct table *t, struct str key)
{
	size_t i = 0;

	while (i < t->n && (key.n == 0 || !str_eq(row_key(&t->row[i]), key)))
		i++;
	return i;
}

struct str
field_suggest(const struct table *t, struct str wrong, bool options)
{
	struct str best = { NULL, 0 };
	size_t least = 3;

	for (size_t i = 0; i < t->n; i++) {
		struct str name = options ? row_option(&t->row[i]) : row_key(&t->row[i]);
		size_t d = name.n == 0 ? least : str_distance(name, wrong, least);

		if (d < least) {
			least = d;
			best = name;
		}
	}
	return best;
}
