#include "spec/field.h"

#include "base/num.h"

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
field_fault(struct field_ctx *c, const struct field *f, const char *text, const struct str *arg,
    size_t n)
{
	if (c->err->fault != FAULT_NONE)
		return -1;
	err_put(c->err, c->fault, c->pos, TEXT(""));
	/* on the command line the option is the place; in a document line, column and path are */
	if (c->fault == FAULT_USAGE)
		err_add(c->err, TEXT("--%: ", row_option(f)));
	err_add(c->err, text, arg, n);
	return -1;
}

int
field_quoted(struct field_ctx *c, const struct field *f, struct str text, struct str why)
{
	return field_fault(c, f, TEXT("\"%\"%", text, why));
}

static int
read_number(struct field_ctx *c, const struct field *f, struct str text, uint64_t *out)
{
	static const struct num_unit plain = { num_uint, buf_uint,
		" is no whole number; decimal digits are due", 0 };
	const struct num_unit *unit = f->type == FIELD_UINT ? &plain : f->unit;
	uint64_t most = (uint64_t)f->max << unit->shift;
	char low[32], high[32];
	struct buf a = BUF(low), b = BUF(high);

	if (unit->read(text, out) < 0)
		return field_quoted(c, f, text, str_of(unit->fault));
	if (*out >= f->min && *out <= most)
		return 0;
	unit->put(&a, f->min);
	unit->put(&b, most);
	return field_fault(c, f,
	    TEXT("\"%\" is out of range; % to % is due", text, buf_str(&a), buf_str(&b)));
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
	return field_fault(c, f, TEXT("unknown word \"%\" (%)", text, buf_str(&b)));
}

static int
check_string(struct field_ctx *c, const struct field *f, struct str text)
{
	char length[UINT_ROOM], low[UINT_ROOM], high[UINT_ROOM];

	if (str_find(text, '\0', 0) < text.n)
		return field_quoted(c, f, text,
		    S(" has a NUL byte, which no program can be given"));
	if (text.n >= f->min && text.n <= f->max)
		return 0;
	return field_fault(c, f,
	    TEXT("\"%\" is of length %; % to % bytes are due", text, uint_text(length, text.n),
		uint_text(low, f->min), uint_text(high, f->max)));
}

/* Is a number there already? Its text has one form only. */
static bool
listed(const struct strlist *l, struct str text)
{
	const struct strnode *n = l->first;

	while (n != NULL && !str_eq(n->s, text))
		n = n->next;
	return n != NULL;
}

static int
store_bit(struct field_ctx *c, const struct field *f, uint32_t *bits, struct str text)
{
	size_t index = 0;

	if (read_word(c, f, text, &index) < 0)
		return -1;
	if ((*bits & (uint32_t)1 << index) != 0)
		return field_quoted(c, f, text, S(" is there already"));
	*bits |= (uint32_t)1 << index;
	return 0;
}

static int
store_list(struct field_ctx *c, const struct field *f, struct strlist *l, struct str text)
{
	uint64_t number;

	if (f->type == FIELD_UINT) {
		if (read_number(c, f, text, &number) < 0)
			return -1;
		if (listed(l, text))
			return field_quoted(c, f, text, S(" is there already"));
	} else if (check_string(c, f, text) < 0) {
		return -1;
	}
	return strlist_add(c->arena, l, text, c->pos) < 0 ? err_memory(c->err) : 0;
}

static int
store(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	void *at = (char *)target + f->offset;
	bool list = (f->flags & FIELD_LIST) != 0;
	size_t index = 0;

	if (f->type == FIELD_CUSTOM || f->type == FIELD_PATH)
		return f->read(c, f, target, a, b);
	if (list)
		return f->type == FIELD_ENUM ? store_bit(c, f, at, a) : store_list(c, f, at, a);
	switch ((enum field_type)f->type) {
	case FIELD_FLAG:
		*(bool *)at = true;
		return 0;
	case FIELD_STRING:
		if (check_string(c, f, a) < 0)
			return -1;
		*(struct str *)at = a;
		return 0;
	case FIELD_ENUM:
		if (read_word(c, f, a, &index) < 0)
			return -1;
		*(int *)at = (int)index;
		return 0;
	case FIELD_UINT:
	case FIELD_SIZE:
	case FIELD_DURATION:
	case FIELD_CORES:
	case FIELD_PATH:
	case FIELD_CUSTOM:
	case FIELD_TREE:
		break;
	}
	return read_number(c, f, a, at);
}

void
field_mark(struct field_ctx *c, size_t row, void *target)
{
	struct seen *s = target;

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

	if ((s->bits & (uint64_t)1 << row) != 0 && (f->flags & FIELD_LIST) == 0)
		return field_fault(c, f, TEXT("given twice"));
	field_mark(c, row, target);
	return store(c, f, target, a, b);
}

int
field_store(struct field_ctx *c, const struct table *t, size_t row, void *target, struct str a)
{
	field_mark(c, row, target);
	return store(c, &t->row[row], target, a, S(""));
}

int
field_unset(struct field_ctx *c, const struct table *t, size_t row, void *target)
{
	field_mark(c, row, target);
	*(bool *)(void *)((char *)target + t->row[row].offset) = false;
	return 0;
}

/* The given row of the member at this offset, or t->n. */
static size_t
given(const struct table *t, const struct seen *s, size_t offset)
{
	size_t i = 0;

	while (i < t->n && (t->row[i].offset != offset || (s->bits & (uint64_t)1 << i) == 0))
		i++;
	return i;
}

bool
field_given(const struct table *t, const void *target, size_t offset)
{
	return given(t, target, offset) < t->n;
}

struct pos
field_place(const struct table *t, const void *target, size_t offset)
{
	const struct seen *s = target;
	size_t row = given(t, s, offset);

	return row < t->n ? s->at[row] : POS_NONE;
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
field_suggest(const struct args_part *part, size_t nparts, struct str wrong, bool options)
{
	struct str best = { NULL, 0 };
	/* of a short name every other short one is near */
	size_t least = wrong.n >= 4 ? 3 : wrong.n / 2 + 1;

	for (size_t k = 0; k < nparts; k++) {
		const struct table *t = part[k].table;

		for (size_t i = 0; i < t->n; i++) {
			struct str name = options ? row_option(&t->row[i]) : row_key(&t->row[i]);
			size_t d = name.n == 0 ? least : str_distance(name, wrong, least);

			if (d < least) {
				least = d;
				best = name;
			}
		}
	}
	return best;
}
