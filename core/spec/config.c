#include "spec/hook.h"

#include "base/limits.h"
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

static struct str
path_of(struct reader *r, struct str top, struct str name)
{
	struct str part[3] = { top, S("."), name };
	struct str path = arena_join(r->ctx.arena, part, 3);

	if (path.p == NULL)
		err_memory(r->ctx.err);
	return path;
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
	return err_config(r->ctx.err, m->keypos, S("\""), n,
	    S("\" is no name; 1 to 255 letters, digits, '.', '_' and '-' are due, "
	      "not beginning with '.' or '-'"));
}

static int
read_box(struct reader *r, const struct value *v, struct str name, struct str path)
{
	struct box *box = arena_get(r->ctx.arena, sizeof(*box));

	if (box == NULL)
		return err_memory(r->ctx.err);
	box->name = name;
	box->pos = v->pos;
	if (field_decode(&r->ctx, &box_table, v, path, box) < 0)
		return -1;
	if (box_finish(&r->ctx, box, LEVEL_NAMESPACED) < 0)
		return at(r, path);
	*r->box_last = box;
	r->box_last = &box->next;
	return 0;
}

static int
check_phases(struct reader *r, const struct hook *h)
{
	uint32_t right = hook_type_phases(h->type);
	struct str type = word_at(hook_type_words, (size_t)h->type);
	size_t i = 0;
	char list[160];
	struct buf b = BUF(list);

	if (h->type == HOOK_EVAL) {
		if (h->phases == 0 && !field_given(&hook_table, h, offsetof(struct hook, phases)))
			return 0;
		return err_config(r->ctx.err, h->pos, S("an eval hook has no phases"));
	}
	words_put(&b, hook_phase_words, right, S(", "));
	if (h->phases == 0)
		return err_config(r->ctx.err, h->pos, S("no phases; a "), type, S(" hook has "),
		    buf_str(&b));
	while ((h->phases & ~right & (uint32_t)1 << i) == 0)
		if (++i == 32)
			return 0;
	return err_config(r->ctx.err, h->pos, S("phase \""), word_at(hook_phase_words, i),
	    S("\" is none of a "), type, S(" hook's ("), buf_str(&b), S(")"));
}

/* Where the row that holds this member stood. */
static struct pos
place(const struct hook *h, size_t offset)
{
	for (size_t i = 0; i < hook_table.n; i++)
		if (hook_table.row[i].offset == offset && (h->seen.bits & (uint64_t)1 << i) != 0)
			return h->seen.at[i];
	return h->pos;
}

static int
link_box(struct reader *r, struct hook *h, struct str path)
{
	char list[256];
	struct buf b = BUF(list);

	h->box = config_box(r->config, h->sandbox);
	if (h->box != NULL)
		return 0;
	for (const struct box *x = r->config->boxes; x != NULL; x = x->next)
		buf_parts(&b, ERR_PARTS(b.n > 0 ? S(", ") : S(""), x->name));
	err_config(r->ctx.err, place(h, offsetof(struct hook, sandbox)),
	    S("no sandbox is called \""), h->sandbox, S("\" (declared: "),
	    b.n > 0 ? buf_str(&b) : S("none"), S(")"));
	return at(r, path_of(r, path, S("sandbox")));
}

static int
read_hook(struct reader *r, const struct value *v, struct str name, struct str path)
{
	struct hook *h = arena_get(r->ctx.arena, sizeof(*h));

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
	if (field_decode(&r->ctx, &hook_table, v, path, h) < 0)
		return -1;
	h->pos = place(h, offsetof(struct hook, phases));
	if (check_phases(r, h) < 0)
		return at(r, path_of(r, path, S("phases")));
	if (link_box(r, h, path) < 0)
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
		err_config(r->ctx.err, v->pos, value_kind_name(v->kind),
		    S(", where an object of names is due"));
		return at(r, top);
	}
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		struct str path = path_of(r, top, m->key);

		if (path.p == NULL)
			return -1;
		if (check_name(r, m) < 0)
			return at(r, top);
		if (read(r, m, m->key, path) < 0)
			return -1;
	}
	return 0;
}

static int
read_document(struct reader *r, const struct value *v)
{
	const struct value *boxes = value_get(v, S("sandboxes")), *hooks = value_get(v, S("hooks"));

	if (v->kind == VALUE_OBJECT && v->first == NULL) {
		err_config(r->ctx.err, v->pos,
		    S("an empty object; \"sandboxes\" and \"hooks\", or one sandbox's keys, are due"));
		return at(r, S("$"));
	}
	if (boxes == NULL && hooks == NULL) {
		r->config->bare = true;
		return read_box(r, v, S(""), S("$"));
	}
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		if (m == boxes || m == hooks)
			continue;
		err_config(r->ctx.err, m->keypos, S("unknown key \""), m->key,
		    S("\" (sandboxes, hooks)"));
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
