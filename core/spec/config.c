#include "spec/hook.h"

#include "base/limits.h"
#include "spec/boxread.h"
#include "spec/limits.h"
#include "spec/policy.h"
#include "text/json.h"

#include <stddef.h>

struct reader {
	struct field_ctx ctx;
	struct config *config;
	struct box **box_last;
	struct hook **hook_last;
};

static int
at(struct reader *r, struct str path)
{
	return err_path(r->ctx.err, path);
}

static int
check_name(struct reader *r, const struct value *m)
{
	struct str n = m->key;
	bool ok = n.n > 0 && n.n <= LIMIT_NAME && n.p[0] != '-' && n.p[0] != '.';

	for (size_t i = 0; ok && i < n.n; i++) {
		char c = n.p[i], low = (char)(c | 0x20);

		ok = (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
		     c == '-';
	}
	if (ok)
		return 0;
	return err_config(r->ctx.err, m->keypos,
	    "\"%\" is no name; 1 to 255 letters, digits, '.', '_' and "
	    "'-' are due, not beginning with '.' or '-'",
	    n);
}

/* Which profiles there are, a program without documents need not know. */
static int
check_profile(struct reader *r, const struct seccomp *s)
{
	char list[128];
	struct buf b = BUF(list);
	size_t i = 0;

	if (s->kind != SECCOMP_PROFILE)
		return 0;
	for (; profile_name(i).n > 0 && !str_eq(profile_name(i), s->name); i++)
		buf_text(&b, TEXT("%%", i > 0 ? S(", ") : S(""), profile_name(i)));
	if (profile_name(i).n > 0)
		return 0;
	return err_config(r->ctx.err, s->pos,
	    "no profile is called \"%\" (%); an absolute path, an array of lines or an object is a "
	    "policy of your own",
	    s->name, buf_str(&b));
}

/* Rules between the limits and with what may be less. A box without any has none. */
static int
finish_limits(struct reader *r, struct box *box, struct limits *l)
{
	l->degrade = box->degrade & ~(uint32_t)DEGRADE_SECCOMP;
	if (l->degrade != 0) {
		/* as if it stood among them: where a fault of it is told */
		r->ctx.pos = field_place(&box_table, box, offsetof(struct box, degrade));
		field_mark(&r->ctx, limits_row(offsetof(struct limits, degrade)), l);
	}
	if (limits_finish(&r->ctx, l) < 0)
		return -1;
	if (l->seen.bits == 0)
		return 0;
	box->limits = arena_get(r->ctx.arena, sizeof(*l));
	if (box->limits == NULL)
		return err_memory(r->ctx.err);
	*box->limits = *l;
	return 0;
}

static int
read_box(struct reader *r, const struct value *v, struct str name, struct str path)
{
	struct box *box = arena_get(r->ctx.arena, sizeof(*box));
	struct limits limits = { 0 };
	const struct args_part part[] = { { &box_table, box }, { &limits_table, &limits } };

	if (box == NULL)
		return err_memory(r->ctx.err);
	box->name = name;
	box->pos = v->pos;
	if (field_decode(&r->ctx, part, COUNT(part), v, path) < 0)
		return -1;
	if (box_read_seccomp(&r->ctx, box) < 0 || check_profile(r, &box->seccomp) < 0)
		return at(r, field_member(&r->ctx, path, S("seccomp")));
	if (box_finish(&r->ctx, box, LEVEL_NAMESPACED) < 0 || finish_limits(r, box, &limits) < 0)
		return at(r, path);
	if (box->level == LEVEL_NAMESPACED && box->seccomp.kind == SECCOMP_UNSET)
		box->seccomp =
		    (struct seccomp){ .kind = SECCOMP_PROFILE, .name = S("deny-dangerous") };
	*r->box_last = box;
	r->box_last = &box->next;
	return 0;
}

/* The bit of a phase's name, which was read before. */
static uint32_t
phase_bit(struct str name)
{
	size_t i = 0;

	while (!str_eq(word_at(hook_phase_words, i), name))
		i++;
	return (uint32_t)1 << i;
}

/* The first phase in the text that is none of the hook's type. */
static int
wrong_phase(struct reader *r, const struct hook *h, const struct value *phases, struct str path,
    struct str right)
{
	const struct value *e = phases->first;
	struct str type = word_at(hook_type_words, (size_t)h->type);
	size_t index = 0;

	for (; e != NULL && (phase_bit(e->text) & hook_type_phases(h->type)) != 0; e = e->next)
		index++;
	if (e == NULL)
		return 0;
	err_config(r->ctx.err, e->pos, "phase \"%\" is none of a % hook's (%)", e->text, type,
	    right);
	return at(r, field_element(&r->ctx, path, index));
}

static int
check_phases(struct reader *r, const struct hook *h, const struct value *v, struct str path)
{
	const struct value *phases = value_get(v, S("phases"));
	struct pos pos = phases == NULL ? v->pos : phases->pos;
	char list[160];
	struct buf b = BUF(list);

	if (h->type == HOOK_EVAL) {
		if (phases == NULL)
			return 0;
		err_config(r->ctx.err, pos, "an eval hook has no phases");
		return at(r, path);
	}
	words_put(&b, hook_phase_words, hook_type_phases(h->type), S(", "));
	if (h->phases != 0)
		return wrong_phase(r, h, phases, path, buf_str(&b));
	err_config(r->ctx.err, pos, "no phases; a % hook has %",
	    word_at(hook_type_words, (size_t)h->type), buf_str(&b));
	return at(r, path);
}

/* One more name of a list, or the dots that end it; there is always room for those. */
static void
list_name(struct buf *b, struct str name)
{
	const struct str between = b->n > 0 ? S(", ") : S(""), dots = S("...");

	if (b->full)
		return;
	if (name.n + 2 * (between.n + dots.n) > b->cap - b->n) {
		buf_text(b, TEXT("%%", between, dots));
		b->full = true;
	} else {
		buf_text(b, TEXT("%%", between, name));
	}
}

static int
link_box(struct reader *r, struct hook *h, struct str path)
{
	char list[200];
	struct buf b = BUF(list);

	h->box = config_box(r->config, h->sandbox);
	if (h->box != NULL)
		return 0;
	for (const struct box *x = r->config->boxes; x != NULL; x = x->next)
		list_name(&b, x->name);
	err_config(r->ctx.err, field_place(&hook_table, h, offsetof(struct hook, sandbox)),
	    "no sandbox is called \"%\" (declared: %)", h->sandbox,
	    b.n > 0 ? buf_str(&b) : S("none"));
	return at(r, path);
}

static int
read_hook(struct reader *r, const struct value *v, struct str name, struct str path)
{
	struct hook *h = arena_get(r->ctx.arena, sizeof(*h));
	const struct args_part part = { &hook_table, h };
	struct str phases, sandbox;

	if (h == NULL)
		return err_memory(r->ctx.err);
	*h = (struct hook){
		.name = name,
		.pos = v->pos,
		.timeout = 10000,
		.grace = 2000,
		.request_limit = LIMIT_MESSAGE_BYTES,
		.reply_limit = LIMIT_MESSAGE_BYTES,
		.stderr_limit = LIMIT_STDERR_BYTES,
	};
	if (field_decode(&r->ctx, &part, 1, v, path) < 0)
		return -1;
	phases = field_member(&r->ctx, path, S("phases"));
	sandbox = field_member(&r->ctx, path, S("sandbox"));
	if (phases.p == NULL || sandbox.p == NULL || check_phases(r, h, v, phases) < 0 ||
	    link_box(r, h, sandbox) < 0)
		return -1;
	*r->hook_last = h;
	r->hook_last = &h->next;
	return 0;
}

static int
each(struct reader *r, const struct value *v, struct str top,
    int (*read)(struct reader *, const struct value *, struct str, struct str))
{
	if (v->kind != VALUE_OBJECT) {
		err_config(r->ctx.err, v->pos, "%, where an object of names is due",
		    value_kind_name(v->kind));
		return at(r, top);
	}
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		struct str path = field_member(&r->ctx, top, m->key);

		if (path.p == NULL)
			return -1;
		if (check_name(r, m) < 0)
			return at(r, top);
		if (read(r, m, m->key, path) < 0)
			return -1;
	}
	return 0;
}

/* clang-format off */
static const struct field rows[] = {
	{ ROW("sandboxes", "", "", "", "declared boxes by name") },
	{ ROW("hooks", "", "", "", "declared hooks by name") },
};
/* clang-format on */

static const struct table document_table = { "a configuration", rows, COUNT(rows) };
static const struct args_part document = { &document_table, NULL };

/* A bare box is meant, unless a key is nearer to those of a whole document. */
static int
read_bare(struct reader *r, const struct value *v)
{
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		if (field_row(&box_table, m->key) < box_table.n ||
		    field_row(&limits_table, m->key) < limits_table.n ||
		    field_suggest(&document, 1, m->key, false).p == NULL)
			continue;
		field_unknown(&r->ctx, &document, 1, m);
		return at(r, S("$"));
	}
	r->config->bare = true;
	return read_box(r, v, S(""), S("$"));
}

static int
read_document(struct reader *r, const struct value *v)
{
	const struct value *boxes = value_get(v, S("sandboxes")), *hooks = value_get(v, S("hooks"));

	if (v->first == NULL || v->kind != VALUE_OBJECT) {
		err_config(r->ctx.err, v->pos,
		    "%, where an object with \"sandboxes\" and \"hooks\", or "
		    "with one sandbox's keys, is due",
		    v->kind == VALUE_OBJECT ? S("an empty object") : value_kind_name(v->kind));
		return at(r, S("$"));
	}
	if (boxes == NULL && hooks == NULL)
		return read_bare(r, v);
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		if (m == boxes || m == hooks)
			continue;
		field_unknown(&r->ctx, &document, 1, m);
		return at(r, S("$"));
	}
	if (boxes != NULL && each(r, boxes, S("$.sandboxes"), read_box) < 0)
		return -1;
	return hooks == NULL ? 0 : each(r, hooks, S("$.hooks"), read_hook);
}

struct config *
config_read(struct arena *a, struct str file, struct str text, struct err *e)
{
	struct config *c = arena_get(a, sizeof(*c));
	struct reader r = { .ctx = { .arena = a, .fault = FAULT_CONFIG, .err = e }, .config = c };
	const struct value *v;

	e->file = file;
	if (c == NULL) {
		err_memory(e);
		return NULL;
	}
	c->file = file;
	r.box_last = &c->boxes;
	r.hook_last = &c->hooks;
	v = json_parse(a, text, FAULT_CONFIG, e);
	if (v == NULL || read_document(&r, v) < 0)
		return NULL;
	/* what goes wrong from here on has no place in the document */
	e->file = S("");
	return c;
}

const struct hook *
config_hook(const struct config *c, struct str name)
{
	const struct hook *h = c->hooks;

	while (h != NULL && !str_eq(h->name, name))
		h = h->next;
	return h;
}

const struct box *
config_box(const struct config *c, struct str name)
{
	const struct box *b = c->boxes;

	while (b != NULL && !str_eq(b->name, name))
		b = b->next;
	return b;
}
