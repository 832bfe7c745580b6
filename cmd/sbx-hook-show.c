/* sbx-hook check, plan and list: what would be done, and whether it could. */
#include "sbx-hook.h"

#include "spec/chain.h"

enum { LINES = 1 << 20 };

static char true_word[] = "true";
static char *nothing[] = { true_word, NULL };

/* The first hook that runs in this box: what it has of the cores may depend on a hook's timeout. */
static const struct hook *
hook_of(const struct hook_call *c, const struct box *box)
{
	const struct hook *h = c->config->hooks;

	while (h != NULL && h->box != box)
		h = h->next;
	return h;
}

/* Every declared box, planned for this machine; the first that cannot be is told. */
int
hook_check(struct hook_call *c)
{
	size_t boxes = 0, hooks = 0;
	char text[160];
	struct buf b = BUF(text);

	c->common.check = true;
	for (const struct box *d = c->config->boxes; d != NULL; d = d->next, boxes++) {
		struct box *box = hook_box(c, d, hook_of(c, d));

		if (box == NULL || hook_plan_of(c, box, nothing, true) == NULL)
			return hook_refuse(c);
	}
	for (const struct hook *h = c->config->hooks; h != NULL; h = h->next)
		hooks++;
	buf_uint(&b, boxes);
	buf_cstr(&b, boxes == 1 ? " sandbox, " : " sandboxes, ");
	buf_uint(&b, hooks);
	buf_cstr(&b,
	    hooks == 1 ? " hook: can be enforced here\n" : " hooks: can be enforced here\n");
	return common_print(HOOK_TOOL, buf_str(&b));
}

static struct buf
lines(struct hook_call *c)
{
	char *text = arena_get(&c->arena, LINES);

	return (struct buf){ text, 0, text == NULL ? 0 : LINES, false };
}

int
hook_list(struct hook_call *c)
{
	struct buf b = lines(c);

	for (const struct box *d = c->config->boxes; d != NULL; d = d->next)
		buf_text(&b, TEXT("sandbox % %\n", d->name.n > 0 ? d->name : S("(bare)"),
				 level_name(d->level)));
	for (const struct hook *h = c->config->hooks; h != NULL; h = h->next) {
		buf_text(&b, TEXT("hook % % %", h->name, h->sandbox,
				 word_at(hook_type_words, (size_t)h->type)));
		buf_cstr(&b, h->mode == MODE_OBSERVE ? " observe" : " filter");
		buf_cstr(&b, h->phases != 0 ? " " : "");
		words_put(&b, hook_phase_words, h->phases, S(", "));
		buf_char(&b, '\n');
	}
	return common_print(HOOK_TOOL, buf_str(&b));
}

/* The words of the wrapped command line; as a shell line, one a line, or NUL-ended. */
static int
show_words(struct hook_call *c, const struct box *box, char **argv)
{
	struct strlist words = { 0 };
	struct buf b = lines(c);
	int r = box_limits_argv(&c->arena, box, c->options.parent, &words);

	if (r == 0)
		r = box_argv(&c->arena, box, c->envp, &words);
	if (r == 0)
		r = box_seccomp_argv(&c->arena, box, &words);
	if (r > 0) {
		c->err.file = c->options.file;
		err_config(&c->err, box->seccomp.pos,
		    "a policy that stands in the configuration is no word of a command line; "
		    "a file of its own is due");
		return hook_refuse(c);
	}
	for (; r == 0 && *argv != NULL; argv++)
		r = strlist_add(&c->arena, &words, str_of(*argv), POS_NONE);
	if (r < 0) {
		err_memory(&c->err);
		return hook_refuse(c);
	}
	for (const struct strnode *w = words.first; w != NULL; w = w->next) {
		if (c->options.words)
			buf_put(&b, w->s);
		else
			shell_word(&b, w->s);
		buf_char(&b, !c->options.words ? (w->next != NULL ? ' ' : '\n')
			     : c->options.zero ? '\0'
					       : '\n');
	}
	if (b.full) {
		err_limit(&c->err, POS_NONE, "the command line is longer than 1 MiB");
		return hook_refuse(c);
	}
	return common_print(HOOK_TOOL, buf_str(&b));
}

static int
show_facts(struct hook_call *c, const struct box *box)
{
	struct facts facts;
	struct cgfacts groups;
	struct buf b = lines(c);

	if (hook_facts(c, box, &facts, &groups) < 0)
		return hook_refuse(c);
	if (box->limits != NULL)
		cgfacts_put(&b, &groups);
	return common_show_facts(HOOK_TOOL, &facts, buf_str(&b));
}

int
hook_plan(struct hook_call *c)
{
	const struct hook *h = NULL;
	const struct box *declared;
	const struct plan *plan;
	struct box *box = NULL;
	char **argv;

	c->common.plan = true;
	if (c->options.box.n > 0 || c->config->bare) {
		declared = hook_box_named(c);
		argv = c->argc > 0 ? c->argv : nothing;
	} else {
		h = hook_named(c);
		declared = h == NULL ? NULL : h->box;
		argv = h == NULL ? NULL : hook_argv(c, h);
	}
	if (declared != NULL && argv != NULL)
		box = hook_box(c, declared, h);
	if (box == NULL)
		return hook_refuse(c);
	if (c->options.chain || c->options.words)
		return show_words(c, box, argv);
	if (c->common.print_facts)
		return show_facts(c, box);
	plan = hook_plan_of(c, box, argv, h != NULL);
	return plan == NULL ? hook_refuse(c) : common_show_plan(HOOK_TOOL, plan);
}
