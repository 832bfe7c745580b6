/* From the declaration to a plan: what run, exec, check and plan have in common. */
#include "sbx-hook.h"

#include "base/limits.h"
#include "cli/file.h"
#include "plan/confine.h"

#include <stddef.h>

/* A hook sees what it was given, not what the caller happens to have. */
static const struct {
	struct str name, value;
} small[] = {
	{ { "PATH", 4 }, { "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 60 } },
	{ { "HOME", 4 }, { "/", 1 } },
	{ { "LANG", 4 }, { "C.UTF-8", 7 } },
};

static int
add_rule(struct hook_call *c, struct env_rule ***last, struct env_rule rule)
{
	struct env_rule *r = arena_get(&c->arena, sizeof(*r));

	if (r == NULL)
		return err_memory(&c->err);
	*r = rule;
	r->next = NULL;
	**last = r;
	*last = &r->next;
	return 0;
}

static int
add_rules(struct hook_call *c, struct env_rule ***last, const struct env_rule *from)
{
	for (; from != NULL; from = from->next)
		if (add_rule(c, last, *from) < 0)
			return -1;
	return 0;
}

struct box *
hook_box(struct hook_call *c, const struct box *declared, const struct hook *h)
{
	struct box *box = arena_get(&c->arena, sizeof(*box));
	struct env_rule **last;

	if (box == NULL) {
		err_memory(&c->err);
		return NULL;
	}
	*box = *declared;
	/* a command keeps the caller's terminal and job control, unless the box says otherwise */
	if (h == NULL && !field_given(&box_table, declared, offsetof(struct box, new_session)))
		box->new_session = false;
	box->clear_env = true;
	box->env = NULL;
	last = &box->env;
	for (size_t i = 0; i < COUNT(small); i++)
		if (add_rule(c, &last,
			(struct env_rule){ .name = small[i].name,
			    .value = small[i].value,
			    .literal = true }) < 0)
			return NULL;
	if (add_rules(c, &last, declared->env) < 0 ||
	    (h != NULL && add_rules(c, &last, h->env) < 0) || hook_limits(c, box, h) < 0)
		return NULL;
	return box;
}

/* On the host, before anything: in the box the path may be another file's. */
static int
read_policy(struct hook_call *c, struct seccomp *s)
{
	if (s->kind != SECCOMP_FILE)
		return 0;
	return file_read(&c->arena, s->name, LIMIT_CONFIG_BYTES, &s->text, &c->err);
}

int
hook_facts(struct hook_call *c, const struct box *box, struct facts *f, struct cgfacts *groups)
{
	const struct args_part more = { &cgfacts_table, groups };
	int r;

	*groups = (struct cgfacts){ 0 };
	if (common_facts(&c->ctx, &c->common, box, f, &more) < 0)
		return -1;
	groups->uid = f->uid;
	if (box->limits == NULL || c->common.facts.n > 0)
		return 0;
	/* devices that stand in the configuration are looked up as well */
	r = place_facts(&c->arena, c->options.parent, box->limits, groups, &c->err);
	if (r < 0 && c->err.pos.line > 0)
		c->err.file = c->options.file;
	return r;
}

const struct plan *
hook_plan_of(struct hook_call *c, const struct box *box, char **argv, bool streams)
{
	struct facts facts;
	struct cgfacts groups;
	struct confine *filter = arena_get(&c->arena, sizeof(*filter));
	struct payload payload = { .argv = argv,
		.envp = c->envp,
		.streams = streams,
		.filter = filter };
	struct box with = *box;
	const struct plan *plan;

	if (filter == NULL) {
		err_memory(&c->err);
		return NULL;
	}
	if (hook_facts(c, box, &facts, &groups) < 0 || read_policy(c, &with.seccomp) < 0)
		return NULL;
	/* what the box asks for and this machine has not got stands in the configuration */
	c->err.file = c->options.file;
	if (confine_make(&c->arena, &with, &facts, filter, &c->err) < 0 ||
	    hook_group(c, &with, &groups, &payload) < 0)
		return NULL;
	plan = plan_box(&c->arena, &with, &facts, &payload, &c->err);
	if (plan != NULL)
		c->err.file = S("");
	return plan;
}

char **
hook_argv(struct hook_call *c, const struct hook *h)
{
	char **argv = arena_array(&c->arena, h->args.n + 2, sizeof(*argv));
	size_t n = 0;

	if (argv != NULL)
		argv[n++] = arena_cstr(&c->arena, h->command);
	for (const struct strnode *s = h->args.first; argv != NULL && s != NULL; s = s->next) {
		argv[n] = arena_cstr(&c->arena, s->s);
		if (argv[n++] == NULL)
			argv = NULL;
	}
	if (argv == NULL || argv[0] == NULL) {
		err_memory(&c->err);
		return NULL;
	}
	return argv;
}

/* As many names as fit. */
static void
put_name(struct buf *b, struct str name)
{
	size_t room = sizeof(", , ...") - 1;

	if (b->full)
		return;
	if (name.n + room > b->cap - b->n) {
		buf_cstr(b, ", ...");
		b->full = true;
		return;
	}
	buf_cstr(b, b->n > 0 ? ", " : "");
	buf_put(b, name);
}

const struct hook *
hook_named(struct hook_call *c)
{
	const struct hook *h = c->argc == 1 ? config_hook(c->config, str_of(c->argv[0])) : NULL;
	char text[300];
	struct buf b = BUF(text);

	if (h != NULL)
		return h;
	for (h = c->config->hooks; h != NULL; h = h->next)
		put_name(&b, h->name);
	if (b.n == 0)
		err_usage(&c->err, "% declares no hook", c->options.file);
	else if (c->argc != 1)
		err_usage(&c->err, "the name of one hook is due (declared: %)", buf_str(&b));
	else
		err_usage(&c->err, "no hook is called \"%\" (declared: %)", str_of(c->argv[0]),
		    buf_str(&b));
	return NULL;
}

const struct box *
hook_box_named(struct hook_call *c)
{
	const struct config *f = c->config;
	struct str name = c->options.box;
	const struct box *box = NULL;
	char text[300];
	struct buf b = BUF(text);

	if (name.n > 0 && !f->bare)
		box = config_box(f, name);
	else if (name.n == 0 && f->boxes != NULL && f->boxes->next == NULL)
		box = f->boxes;
	if (box != NULL)
		return box;
	for (box = f->boxes; box != NULL; box = box->next)
		put_name(&b, box->name);
	if (f->bare)
		err_usage(&c->err, "--box %: % is one sandbox without a name", name,
		    c->options.file);
	else if (b.n == 0)
		err_usage(&c->err, "% declares no sandbox", c->options.file);
	else if (name.n == 0)
		err_usage(&c->err, "--box NAME is due (declared: %)", buf_str(&b));
	else
		err_usage(&c->err, "no sandbox is called \"%\" (declared: %)", name, buf_str(&b));
	return NULL;
}
