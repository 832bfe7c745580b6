#include "spec/limitsread.h"

#include "base/limits.h"
#include "base/num.h"
#include "spec/box.h"

#include <stddef.h>

enum { LISTED_MAX = 256 };
enum { CPUS = 8192, NODES = 1024 }; /* the most that a kernel is built for: NR_CPUS, MAX_NUMNODES */

int
limits_repeated(struct field_ctx *c, const struct field *f, struct str text)
{
	return field_quoted(c, f, text, S(" is there already"));
}

/* A new element, unless there are too many. */
void *
limits_another(struct field_ctx *c, const struct field *f, size_t there, size_t size)
{
	void *e;

	if (there >= LISTED_MAX) {
		field_fault(c, f, TEXT("more than 256 of them"));
		return NULL;
	}
	e = arena_get(c->arena, size);
	if (e == NULL)
		err_memory(c->err);
	return e;
}

/* ---- 0-3,5 ---- */

struct set {
	uint64_t word[CPUS / 64];
	size_t n; /* as many as there may be */
};

static bool
has(const struct set *s, size_t i)
{
	return i < s->n && (s->word[i / 64] >> i % 64 & 1) != 0;
}

/* "3", "0-3" */
static bool
add_range(struct set *s, struct str text)
{
	uint64_t from, to;

	if (num_range(text, &from, &to) < 0 || to >= s->n)
		return false;
	for (; from <= to; from++)
		s->word[from / 64] |= (uint64_t)1 << from % 64;
	return true;
}

/* As the kernel shows it. */
static void
put_set(struct buf *b, const struct set *s)
{
	for (size_t i = 0, end; i < s->n; i = end + 1) {
		for (end = i; has(s, end); end++)
			continue;
		if (end == i)
			continue;
		if (b->n > 0)
			buf_char(b, ',');
		buf_uint(b, i);
		if (end - i > 1) {
			buf_char(b, '-');
			buf_uint(b, end - 1);
		}
	}
}

int
limits_read_list(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct set s = { .n = f->offset == offsetof(struct limits, cpus) ? CPUS : NODES };
	struct buf out = { NULL, 0, a.n, false };
	char most[UINT_ROOM];

	(void)b;
	for (size_t at = 0, end; at <= a.n; at = end + 1) {
		end = str_find(a, ',', at);
		if (!add_range(&s, str_slice(a, at, end)))
			return field_fault(c, f,
			    TEXT("\"%\" is no list; numbers and ranges up to % such as 0-3,5 are "
				 "due",
				a, uint_text(most, s.n - 1)));
	}
	/* no shorter way to write it: each range names its ends */
	out.p = arena_bytes(c->arena, a.n);
	if (out.p == NULL)
		return err_memory(c->err);
	put_set(&out, &s);
	*(struct str *)(void *)((char *)target + f->offset) = buf_str(&out);
	return 0;
}

/* ---- NAME=VALUE ---- */

static struct raw_limit *
raw(struct field_ctx *c, const struct field *f, const struct raw_limit *first, struct str a)
{
	size_t equals = str_find(a, '=', 0), n = 0;
	struct raw_limit *r;

	for (; first != NULL; first = first->next)
		n++;
	r = limits_another(c, f, n, sizeof(*r));
	if (r != NULL)
		*r = (struct raw_limit){ .name = str_slice(a, 0, equals),
			.value = str_slice(a, equals + 1, a.n),
			.pos = c->pos };
	return r;
}

/* "2M", "2MB", as the kernel names them: mm/hugetlb_cgroup.c, mem_fmt(). Its bytes, or 0; *name
 * gets the B that it may lack. */
static uint64_t
page_size(struct field_ctx *c, struct str *name)
{
	struct str text = str_slice(*name, 0, name->n - (str_ends(*name, S("B")) ? 1 : 0));
	char unit = text.n > 0 ? text.p[text.n - 1] : 0;
	uint64_t bytes, count;

	if ((unit != 'K' && unit != 'M' && unit != 'G') || num_size(text, &bytes) < 0 ||
	    num_uint(str_slice(text, 0, text.n - 1), &count) < 0 || num_ones(count) != 1 ||
	    count >= 1024)
		return 0;
	*name = arena_join(c->arena, TEXT("%B", text));
	if (name->p == NULL)
		err_memory(c->err);
	return bytes;
}

int
limits_read_hugetlb(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct limits *l = target;
	struct raw_limit *r = raw(c, f, l->hugetlb, a);
	uint64_t page;

	(void)b;
	if (r == NULL)
		return -1;
	page = page_size(c, &r->name);
	if (page == 0)
		return field_quoted(c, f, r->name,
		    S(" is no size of pages; 2MB, 1GB or 64KB is due"));
	/* the kernel would round it down */
	if (num_size(r->value, &r->bytes) < 0 || r->bytes % page != 0 ||
	    r->bytes > LIMITS_BYTES_MAX)
		return field_fault(c, f,
		    TEXT("\"%\" is not so many bytes as some pages of % have", r->value, r->name));
	r->value = S("");
	for (const struct raw_limit *o = l->hugetlb; o != NULL; o = o->next)
		if (str_eq(o->name, r->name))
			return limits_repeated(c, f, r->name);
	if (l->hugetlb_last == NULL)
		l->hugetlb_last = &l->hugetlb;
	*l->hugetlb_last = r;
	l->hugetlb_last = &r->next;
	return c->err->fault == FAULT_NONE ? 0 : -1;
}

/* CONTROLLER.REST; of the group's own files two, since by the others processes are moved, or it is
 * ended. */
static bool
file_ok(struct str s)
{
	char before = '.';

	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i], low = (char)(ch | 0x20);

		if (!(low >= 'a' && low <= 'z') &&
		    (i == 0 || (!(ch >= '0' && ch <= '9') && ch != '_' && ch != '.')))
			return false;
		if (ch == '.' && before == '.')
			return false;
		before = ch;
	}
	if (s.n > LIMIT_NAME || before == '.' || str_find(s, '.', 0) == s.n)
		return false;
	return !str_starts(s, S("cgroup.")) || str_eq(s, S("cgroup.max.depth")) ||
	       str_eq(s, S("cgroup.max.descendants"));
}

static bool
value_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0 && s.n <= LIMIT_NAME;
}

/* Files that take a line for each device or resource have one of each: "8:0 rbps=1", "hca 5". */
static bool
of_another(struct str a, struct str b)
{
	struct str x = str_slice(a, 0, str_find(a, ' ', 0));
	struct str y = str_slice(b, 0, str_find(b, ' ', 0));
	uint64_t v;

	/* not "5000 10000" of cpu.max */
	return x.n > 0 && y.n > 0 && x.n < a.n && y.n < b.n && !str_eq(x, y) &&
	       num_uint(x, &v) < 0 && num_uint(y, &v) < 0;
}

int
limits_read_set(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct limits *l = target;
	struct raw_limit *r = raw(c, f, l->set, a);

	(void)b;
	if (r == NULL)
		return -1;
	if (!file_ok(r->name))
		return field_quoted(c, f, r->name,
		    S(" is no file of a controller; one such as memory.high is due"));
	if (!value_ok(r->value))
		return field_quoted(c, f, a, S(": FILE=VALUE is due, of 1 to 255 printable bytes"));
	for (const struct raw_limit *o = l->set; o != NULL; o = o->next)
		if (str_eq(o->name, r->name) && !of_another(o->value, r->value))
			return field_quoted(c, f, a, S(": something is written there already"));
	if (l->set_last == NULL)
		l->set_last = &l->set;
	*l->set_last = r;
	l->set_last = &r->next;
	return 0;
}

/* ---- memory,cpu ---- */

int
limits_read_degrade(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct limits *l = target;

	(void)b;
	for (size_t at = 0, end; at <= a.n; at = end + 1) {
		struct str word;
		size_t i = 0;
		uint32_t bit;

		end = str_find(a, ',', at);
		word = str_slice(a, at, end);
		while (word_at(f->words, i).p != NULL && !str_eq(word_at(f->words, i), word))
			i++;
		if (word_at(f->words, i).p == NULL)
			return field_fault(c, f,
			    TEXT("unknown word \"%\" (memory, cpu, pids)", word));
		bit = (uint32_t)DEGRADE_MEMORY << i;
		if ((l->degrade & bit) != 0)
			return limits_repeated(c, f, word);
		l->degrade |= bit;
	}
	return 0;
}
