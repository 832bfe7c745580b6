/* fuzz: core/spec/config.c core/spec/decode.c core/spec/hook.c core/spec/field.c */
/* fuzz: core/spec/boxread.c core/spec/boxfinish.c core/spec/row.c core/spec/schema.c */
/* fuzz: core/base/sort.c core/spec/boxseccomp.c core/spec/limits.c core/spec/limitsread.c */
/* fuzz: core/spec/limitsdevice.c core/spec/limitseq.c core/spec/chainlimits.c */
#include "base/limits.h"
#include "spec.h"

enum { INPUT_MAX = 1 << 14, MEMORY = 32 << 20 };

static unsigned char mem[MEMORY], mem_again[MEMORY];
static char once[8 * INPUT_MAX];

/* Reads it in the second arena. */
static const struct config *
read_again(struct str text, size_t room, struct err *e)
{
	static struct arena a;

	a = (struct arena){ mem_again, 0, room };
	*e = (struct err){ 0 };
	return config_read(&a, S("f"), text, e);
}

static bool
hook_eq(const struct hook *a, const struct hook *b)
{
	const struct strnode *x = a->args.first, *y = b->args.first;

	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (!str_eq(x->s, y->s))
			return false;
	return x == y && str_eq(a->name, b->name) && str_eq(a->command, b->command) &&
	       a->type == b->type && a->phases == b->phases && a->mode == b->mode &&
	       str_eq(a->box->name, b->box->name) && a->timeout == b->timeout &&
	       a->grace == b->grace && a->on_error == b->on_error &&
	       a->request_limit == b->request_limit && a->reply_limit == b->reply_limit &&
	       a->stderr_limit == b->stderr_limit;
}

static void
check_hook(const struct config *c, const struct hook *h)
{
	MUST(h->name.n > 0 && h->name.n <= LIMIT_NAME && config_hook(c, h->name) == h);
	MUST(h->box != NULL && config_box(c, h->sandbox) == h->box);
	MUST(h->command.n > 0 &&
	     (h->command.p[0] == '/' || str_find(h->command, '/', 0) == h->command.n));
	MUST(h->type > HOOK_UNSET && h->type <= HOOK_EVAL);
	MUST((h->phases & ~hook_type_phases(h->type)) == 0);
	MUST((h->phases == 0) == (h->type == HOOK_EVAL));
	MUST(h->timeout >= 10 && h->timeout <= 86400000 && h->grace <= 60000);
	MUST(h->request_limit > 0 && h->request_limit <= LIMIT_MESSAGE_MAX);
	MUST(h->reply_limit > 0 && h->reply_limit <= LIMIT_MESSAGE_MAX);
	MUST(h->stderr_limit <= LIMIT_MESSAGE_MAX);
	for (const struct strnode *n = h->args.first; n != NULL; n = n->next)
		MUST(str_find(n->s, '\0', 0) == n->s.n);
}

/* Words of another program: each variable is one of the rules. */
static void
check_level_none(struct arena *a, const struct box *box)
{
	static char v0[] = "V=host";
	char *const envp[] = { v0, NULL };
	struct strlist words = { 0 };
	const struct env_rule *r = box->env;

	MUST(box->first == NULL && box->root.n == 0 && !box->proc && box->hostname.n == 0);
	MUST(box_argv(a, box, envp, &words) == 0);
	for (const struct strnode *w = words.first; w != NULL; w = w->next) {
		size_t equals = str_find(w->s, '=', 0);

		if (equals == w->s.n || str_starts(w->s, S("--chdir=")))
			continue;
		while (r != NULL && !str_eq(r->name, str_slice(w->s, 0, equals)))
			r = r->next;
		MUST(r != NULL);
		MUST(
		    str_eq(str_slice(w->s, equals + 1, w->s.n), r->literal ? r->value : S("host")));
	}
}

/* A key that no table has, put into each object that a table is for, is refused and named. */
static void
check_strict(struct value *root, struct value *object, const char *where)
{
	struct value extra = { .kind = VALUE_NULL, .key = S("zz top") };
	struct value **last = &object->first;
	struct buf b = BUF(once);
	struct err e;

	while (*last != NULL)
		last = &(*last)->next;
	*last = &extra;
	object->count++;
	json_put(&b, root);
	MUST(!b.full);
	MUST(read_again(buf_str(&b), MEMORY, &e) == NULL);
	MUST(e.fault == FAULT_CONFIG);
	MUST(str_starts((struct str){ e.msg, e.nmsg }, str_of(where)));
	*last = NULL;
	object->count--;
}

static void
check_every_object(struct value *root, bool bare)
{
	size_t n = 0;

	check_strict(root, root, "unknown key \"zz top\"");
	for (struct value *top = root->first; !bare && top != NULL; top = top->next) {
		check_strict(root, top, "\"zz top\" is no name");
		for (struct value *m = top->first; m != NULL && n < 8; m = m->next, n++)
			check_strict(root, m, "unknown key \"zz top\"");
	}
}

/* The schema that is printed, read once. */
static const struct value *
schema_of(struct str what)
{
	static unsigned char schema_mem[1 << 20];
	static char text[1 << 16];
	static const struct value *schema;
	struct arena a = { schema_mem, 0, sizeof(schema_mem) };
	struct buf b = BUF(text);
	struct err e = { 0 };

	if (schema == NULL) {
		config_schema(&b);
		MUST(!b.full);
		schema = json_parse(&a, buf_str(&b), FAULT_CONFIG, &e);
		MUST(schema != NULL);
	}
	return value_get(value_get(schema, S("$defs")), what);
}

/* Has its properties, and its required ones. */
static void
check_keys(const struct value *object, struct str what)
{
	const struct value *s = schema_of(what);

	for (const struct value *m = object->first; m != NULL; m = m->next) {
		const struct value *p = value_get(value_get(s, S("properties")), m->key);
		const struct value *type, *words;

		MUST(p != NULL);
		type = value_get(p, S("type"));
		words = value_get(p, S("enum"));
		if (type != NULL && str_eq(type->text, S("array")))
			MUST(m->kind == VALUE_ARRAY);
		else if (type != NULL && str_eq(type->text, S("boolean")))
			MUST(m->kind == VALUE_BOOL);
		else if (type != NULL && type->count == 3)
			MUST(m->kind == VALUE_STRING || m->kind == VALUE_ARRAY ||
			     m->kind == VALUE_OBJECT);
		else
			MUST(m->kind == VALUE_STRING || m->kind == VALUE_NUMBER);
		words = words == NULL ? NULL : words->first;
		while (words != NULL && !str_eq(words->text, m->text))
			words = words->next;
		MUST(words != NULL || value_get(p, S("enum")) == NULL);
	}
	for (const struct value *k = value_get(s, S("required"))->first; k != NULL; k = k->next)
		MUST(value_get(object, k->text) != NULL);
}

/* What was accepted, the schema accepts as well. */
static void
check_schema(const struct value *root, bool bare)
{
	const struct str top[2][2] = { { S("sandboxes"), S("sandbox") },
		{ S("hooks"), S("hook") } };

	if (bare) {
		check_keys(root, S("sandbox"));
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct value *t = value_get(root, top[i][0]);

		for (const struct value *m = t == NULL ? NULL : t->first; m != NULL; m = m->next)
			check_keys(m, top[i][1]);
	}
}

static bool
seccomp_eq(const struct box *x, const struct box *y)
{
	const struct seccomp *a = &x->seccomp, *b = &y->seccomp;

	return a->kind == b->kind && str_eq(a->name, b->name) &&
	       (a->value == NULL) == (b->value == NULL) &&
	       (a->value == NULL || value_eq(a->value, b->value)) && x->degrade == y->degrade;
}

static bool
same_limits(const struct box *x, const struct box *y)
{
	if (x->limits == NULL || y->limits == NULL)
		return x->limits == y->limits;
	return limits_eq(x->limits, y->limits);
}

static void
check_limits(struct arena *a, const struct box *b)
{
	struct strlist words = { 0 };

	if (b->limits == NULL) {
		MUST(b->degrade <= DEGRADE_SECCOMP);
		return;
	}
	MUST(b->limits->seen.bits != 0 && b->limits->timeout == 0);
	MUST(b->limits->degrade == (b->degrade & ~(uint32_t)DEGRADE_SECCOMP));
	spec_limits(b->limits);
	spec_limits_round(a, b->limits, &words);
}

/* Without the white space, and with canonical escapes, it means the same. */
static void
check_canonical(const struct config *c, const struct value *root)
{
	struct buf b = BUF(once);
	struct err e;
	const struct config *d;
	const struct box *x, *y;
	const struct hook *g, *h;

	json_put(&b, root);
	MUST(!b.full);
	d = read_again(buf_str(&b), MEMORY, &e);
	MUST(d != NULL && e.fault == FAULT_NONE && d->bare == c->bare);
	for (x = c->boxes, y = d->boxes; x != NULL && y != NULL; x = x->next, y = y->next)
		MUST(box_eq(x, y) && str_eq(x->name, y->name) && seccomp_eq(x, y) &&
		     same_limits(x, y));
	MUST(x == NULL && y == NULL);
	for (g = c->hooks, h = d->hooks; g != NULL && h != NULL; g = g->next, h = h->next)
		MUST(hook_eq(g, h));
	MUST(g == NULL && h == NULL);
}

static void
check_config(struct arena *a, const struct config *c, struct str text)
{
	size_t used = a->used;
	struct err e = { 0 };
	struct value *root;

	MUST(c->boxes != NULL || !c->bare);
	for (const struct box *b = c->boxes; b != NULL; b = b->next) {
		spec_box(b);
		a->used = used;
		check_limits(a, b);
		a->used = used;
		if (b->level == LEVEL_NONE)
			check_level_none(a, b);
		else
			spec_round(a, b);
	}
	for (const struct hook *h = c->hooks; h != NULL; h = h->next)
		check_hook(c, h);
	a->used = used;
	root = json_parse(a, text, FAULT_CONFIG, &e);
	MUST(root != NULL);
	check_schema(root, c->bare);
	check_canonical(c, root);
	check_every_object(root, c->bare);
	/* less memory is never enough, and is what is told */
	for (size_t room = used - 1; room > 0; room = room * 3 / 4) {
		MUST(read_again(text, room, &e) == NULL && e.fault == FAULT_LIMIT);
		MUST(e.pos.line == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct str text = { (const char *)data, n };
	const struct config *c;

	if (n > INPUT_MAX)
		return 0;
	c = config_read(&a, S("f"), text, &e);
	MUST((c == NULL) == (e.fault != FAULT_NONE));
	if (c != NULL) {
		MUST(e.file.n == 0);
		check_config(&a, c, text);
		return 0;
	}
	spec_fault(text, &e);
	MUST(e.fault == FAULT_CONFIG || e.fault == FAULT_LIMIT);
	MUST(e.pos.line > 0 && e.npath > 0 && e.path[0] == '$' && str_eq(e.file, S("f")));
	return 0;
}
