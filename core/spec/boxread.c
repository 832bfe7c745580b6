#include "spec/boxread.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"

#include <stddef.h>

enum {
	TMP_SIZE = 64 << 20,
	TMP_INODES = 16384,
	TMP_MODE = 01777,
	TMP_INODES_MAX = 1 << 24,
	HOSTNAME_MAX = 64
};

static bool
same(struct str text, const char *word)
{
	return str_eq(text, str_of(word));
}

static int
unknown_space(struct field_ctx *c, const struct field *f, struct str a)
{
	char list[64];
	struct buf b = BUF(list);

	if (c->fault == FAULT_CONFIG)
		words_put(&b, f->words, UINT32_MAX, S(", "));
	else
		buf_put(&b, row_arg(f));
	return field_fault(c, f, TEXT("unknown word \"%\" (%)", a, buf_str(&b)));
}

int
box_read_space(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct ns *ns = (struct ns *)(void *)((char *)target + f->offset);
	bool net = f->offset == offsetof(struct box, ns[NS_NET]),
	     document = c->fault == FAULT_CONFIG;

	(void)b;
	*ns = (struct ns){ .pos = c->pos };
	/* a document says none or host; other words and joining are for the one who runs it */
	if ((net && same(a, "none")) || (!document && same(a, "new")))
		ns->mode = NS_NEW;
	else if ((net && same(a, "host")) || (!document && same(a, "inherit")))
		ns->mode = NS_INHERIT;
	else if (document || a.n == 0 || a.p[0] != '/')
		return unknown_space(c, f, a);
	else
		ns->mode = NS_JOIN;
	return ns->mode == NS_JOIN ? field_path(c, f, a, &ns->path) : 0;
}

static struct action *
add(struct field_ctx *c, struct box *box, enum action_kind kind)
{
	struct action *a = arena_get(c->arena, sizeof(*a));

	if (a == NULL) {
		err_memory(c->err);
		return NULL;
	}
	a->kind = kind;
	a->pos = c->pos;
	a->index = box->nactions++;
	box->ntmp += kind == ACTION_TMP;
	if (box->last == NULL)
		box->last = &box->first;
	*box->last = a;
	box->last = &a->next;
	return a;
}

static int
in_place(struct field_ctx *c, const struct field *f, struct box *box, enum action_kind kind,
    struct str path)
{
	struct action *a = add(c, box, kind);

	if (a == NULL || field_path(c, f, path, &a->src) < 0)
		return -1;
	a->dest = a->src;
	return 0;
}

int
box_read_ro(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	(void)b;
	return in_place(c, f, target, ACTION_RO, a);
}

int
box_read_rw(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	(void)b;
	return in_place(c, f, target, ACTION_RW, a);
}

static int
not_the_root(struct field_ctx *c, const struct field *f, const struct action *a)
{
	if (a->dest.n > 1)
		return 0;
	return field_fault(c, f,
	    TEXT("\"/\" cannot be covered; another root (root, --root DIR) is due"));
}

int
box_read_bind(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct action *act = add(c, target, ACTION_BIND);

	if (act == NULL || field_path(c, f, a, &act->src) < 0 ||
	    field_path(c, f, b, &act->dest) < 0)
		return -1;
	return not_the_root(c, f, act);
}

static int
tmp_option(struct field_ctx *c, const struct field *f, struct action *a, struct str option)
{
	size_t equals = str_find(option, '=', 0);
	struct str name = str_slice(option, 0, equals), due;
	struct str text = str_slice(option, equals + 1, option.n);
	bool good;

	if (same(name, "size")) {
		good = num_size(text, &a->size) == 0 && a->size > 0;
		due = S(": a size such as size=64M is due");
	} else if (same(name, "mode")) {
		good = num_mode(text, &a->mode) == 0;
		due = S(": octal permissions such as mode=0755 are due");
	} else if (same(name, "nr_inodes")) {
		good = num_uint(text, &a->inodes) == 0 && a->inodes >= 2 &&
		       a->inodes <= TMP_INODES_MAX;
		due = S(": a number of files from nr_inodes=2 to 16777216 is due");
	} else {
		return field_fault(c, f,
		    TEXT("unknown option \"%\" (size, mode, nr_inodes)", name));
	}
	return good ? 0 : field_quoted(c, f, option, due);
}

/* Is an option of that name among those before it? */
static bool
option_before(struct str options, size_t at, struct str option)
{
	struct str name = str_slice(option, 0, str_find(option, '=', 0));

	for (size_t from = 0, end; from < at; from = end + 1) {
		struct str other;

		end = str_find(options, ',', from);
		other = str_slice(options, from, end);
		if (str_eq(str_slice(other, 0, str_find(other, '=', 0)), name))
			return true;
	}
	return false;
}

static int
tmp_options(struct field_ctx *c, const struct field *f, struct action *a, struct str options)
{
	for (size_t at = 0, end; at <= options.n; at = end + 1) {
		struct str option;

		end = str_find(options, ',', at);
		option = str_slice(options, at, end);
		if (tmp_option(c, f, a, option) < 0)
			return -1;
		if (option_before(options, at, option))
			return field_fault(c, f, TEXT("\"%\" repeats an earlier option", option));
	}
	return 0;
}

int
box_read_tmp(struct field_ctx *c, const struct field *f, void *target, struct str text,
    struct str b)
{
	size_t colon = str_find(text, ':', 0);
	struct action *a = add(c, target, ACTION_TMP);

	(void)b;
	if (a == NULL || field_path(c, f, str_slice(text, 0, colon), &a->dest) < 0)
		return -1;
	if (not_the_root(c, f, a) < 0)
		return -1;
	a->size = TMP_SIZE;
	a->inodes = TMP_INODES;
	a->mode = TMP_MODE;
	return colon == text.n ? 0 : tmp_options(c, f, a, str_slice(text, colon + 1, text.n));
}

/* At either end a point or hyphen is no part of a name (RFC 1123), and "--" is an option's end. */
static bool
hostname_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i], low = (char)(ch | 0x20);
		bool edge = i == 0 || i + 1 == s.n;

		if (!(low >= 'a' && low <= 'z') && !(ch >= '0' && ch <= '9') &&
		    (edge || (ch != '.' && ch != '-')))
			return false;
	}
	return s.n > 0 && s.n <= HOSTNAME_MAX;
}

int
box_read_hostname(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct box *box = target;

	(void)b;
	if (!hostname_ok(a))
		return field_fault(c, f,
		    TEXT("\"%\" is no hostname; 1 to 64 letters, digits, '.' and "
			 "'-' are due, neither '.' nor '-' at an end",
			a));
	box->hostname = a;
	return 0;
}

static bool
name_ok(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char ch = name.p[i], low = (char)(ch | 0x20);

		if (!(low >= 'a' && low <= 'z') && ch != '_' && !(i > 0 && ch >= '0' && ch <= '9'))
			return false;
	}
	return name.n > 0 && name.n <= LIMIT_NAME;
}

int
env_read(struct field_ctx *c, const struct field *f, struct env_rule **first,
    struct env_rule ***last, struct str a)
{
	size_t equals = str_find(a, '=', 0), n = 0;
	struct str name = str_slice(a, 0, equals);
	struct env_rule *r;

	/* the value may be nobody's business: only the name is shown */
	if (!name_ok(name))
		return field_fault(c, f,
		    TEXT("\"%\": NAME or NAME=value is due, NAME of at most 255 "
			 "letters, digits and _, not beginning with a digit",
			name));
	if (str_find(a, '\0', equals) < a.n)
		return field_fault(c, f,
		    TEXT("the value of \"%\" has a NUL byte, which no program can be given", name));
	for (r = *first; r != NULL; r = r->next, n++)
		if (str_eq(r->name, name))
			return field_fault(c, f, TEXT("\"%\" is there already", name));
	if (n == LIMIT_ENV)
		return field_fault(c, f, TEXT("more than 4096 variables"));
	r = arena_get(c->arena, sizeof(*r));
	if (r == NULL)
		return err_memory(c->err);
	*r = (struct env_rule){ .name = name,
		.value = str_slice(a, equals + 1, a.n),
		.literal = equals < a.n,
		.pos = c->pos };
	if (*last == NULL)
		*last = first;
	**last = r;
	*last = &r->next;
	return 0;
}

int
box_read_env(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct box *box = target;

	(void)b;
	return env_read(c, f, &box->env, &box->env_last, a);
}
