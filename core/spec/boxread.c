#include "spec/boxread.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"

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

int
box_read_space(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct ns *ns = (struct ns *)(void *)((char *)target + f->offset);
	bool net = f->min == NS_NET;

	(void)b;
	*ns = (struct ns){ .pos = c->pos };
	if (same(a, "new") || (net && same(a, "none")))
		ns->mode = NS_NEW;
	else if (same(a, "inherit") || (net && same(a, "host")))
		ns->mode = NS_INHERIT;
	/* a configuration says none or host; joining is for the one who runs it */
	else if (c->fault == FAULT_CONFIG || a.n == 0 || a.p[0] != '/')
		return field_fault(c, f,
		    ERR_PARTS(S("unknown word \""), a, S("\" ("),
			c->fault == FAULT_CONFIG ? str_of(f->words) : row_arg(f), S(")")));
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

int
box_read_bind(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct action *act = add(c, target, ACTION_BIND);

	if (act == NULL || field_path(c, f, a, &act->src) < 0 ||
	    field_path(c, f, b, &act->dest) < 0)
		return -1;
	if (act->dest.n == 1)
		return field_fault(c, f,
		    ERR_PARTS(S("\"/\" cannot be covered; --root DIR makes another root")));
	return 0;
}

static int
tmp_option(struct field_ctx *c, const struct field *f, struct action *a, struct str option)
{
	size_t equals = str_find(option, '=', 0);
	struct str name = str_slice(option, 0, equals),
		   text = str_slice(option, equals + 1, option.n);
	int r;

	if (same(name, "size"))
		r = num_size(text, &a->size) < 0 || a->size == 0 ? -1 : 0;
	else if (same(name, "mode"))
		r = num_mode(text, &a->mode);
	else if (same(name, "nr_inodes"))
		r = num_uint(text, &a->inodes) < 0 || a->inodes < 2 || a->inodes > TMP_INODES_MAX
		      ? -1
		      : 0;
	else
		return field_fault(c, f,
		    ERR_PARTS(S("unknown option \""), name, S("\" (size, mode, nr_inodes)")));
	if (r < 0)
		return field_fault(c, f,
		    ERR_PARTS(S("\""), option,
			S("\": size=64M, mode=0755 or nr_inodes=16384 is due")));
	return 0;
}

int
box_read_tmp(struct field_ctx *c, const struct field *f, void *target, struct str text,
    struct str b)
{
	size_t colon = str_find(text, ':', 0), at = colon + 1;
	struct action *a = add(c, target, ACTION_TMP);

	(void)b;
	if (a == NULL || field_path(c, f, str_slice(text, 0, colon), &a->dest) < 0)
		return -1;
	if (a->dest.n == 1)
		return field_fault(c, f,
		    ERR_PARTS(S("\"/\" cannot be covered; --root DIR makes another root")));
	a->size = TMP_SIZE;
	a->inodes = TMP_INODES;
	a->mode = TMP_MODE;
	while (at <= text.n && colon < text.n) {
		size_t end = str_find(text, ',', at);

		if (tmp_option(c, f, a, str_slice(text, at, end)) < 0)
			return -1;
		at = end + 1;
	}
	return 0;
}

int
box_read_hostname(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct box *box = target;

	(void)b;
	for (size_t i = 0; i < a.n; i++) {
		char ch = a.p[i], low = (char)(ch | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(ch >= '0' && ch <= '9') && ch != '.' &&
		    ch != '-')
			return field_fault(c, f,
			    ERR_PARTS(S("\""), a,
				S("\" is no hostname; letters, digits, . and - are due")));
	}
	if (a.n == 0 || a.n > HOSTNAME_MAX)
		return field_fault(c, f, ERR_PARTS(S("a hostname has 1 to 64 bytes")));
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
	size_t equals = str_find(a, '=', 0);
	struct env_rule *r;

	if (!name_ok(str_slice(a, 0, equals)) || str_find(a, '\0', 0) < a.n)
		return field_fault(c, f,
		    ERR_PARTS(S("\""), a,
			S("\": NAME or NAME=value is due, NAME of letters, digits and _")));
	for (r = *first; r != NULL; r = r->next)
		if (str_eq(r->name, str_slice(a, 0, equals)))
			return field_fault(c, f,
			    ERR_PARTS(S("\""), r->name, S("\" is there already")));
	r = arena_get(c->arena, sizeof(*r));
	if (r == NULL)
		return err_memory(c->err);
	*r = (struct env_rule){ .name = str_slice(a, 0, equals),
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
