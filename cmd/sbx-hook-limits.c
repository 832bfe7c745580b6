/* The limits of a declared box: what they take of this machine, and who looks after them. */
#include "sbx-hook.h"

#include <stddef.h>

static void
mark_time(struct hook_call *c, struct limits *l, size_t offset)
{
	c->ctx.pos = POS_NONE;
	field_mark(&c->ctx, limits_row(offset), l);
}

/* How long it may take stands elsewhere: with the hook, or on the command line. What a box may have
 * of the cores where there is no group comes from that. And where its group is to be is no matter
 * of the document: a box without limits gets one there, too, when that was said. */
int
hook_limits(struct hook_call *c, struct box *box, const struct hook *h)
{
	uint64_t timeout = h == NULL ? c->options.timeout : h->timeout;
	struct limits *l;

	if (box->limits == NULL && c->options.parent.n == 0)
		return 0;
	l = arena_get(&c->arena, sizeof(*l));
	if (l == NULL)
		return err_memory(&c->err);
	if (box->limits != NULL)
		*l = *box->limits;
	box->limits = l;
	l->grace = h == NULL ? c->options.grace : h->grace;
	l->timeout = timeout;
	if (timeout > 0)
		mark_time(c, l, offsetof(struct limits, timeout));
	if (timeout > 0 || l->idle > 0 || l->cpu_time > 0)
		mark_time(c, l, offsetof(struct limits, grace));
	return 0;
}

int
hook_group(struct hook_call *c, const struct box *box, const struct cgfacts *f, struct payload *p)
{
	c->limits = box->limits;
	if (c->limits == NULL)
		return 0;
	c->cpus = f->cpus;
	p->group = &c->group;
	return group_make(&c->arena, box->limits, f, group_ours(box), &c->group, &c->err);
}

/* What was dropped of the streams is told of every box. */
void
hook_watch(struct hook_call *c, struct supervise *s)
{
	if (c->limits == NULL) {
		gauge_attach(s, NULL);
		return;
	}
	group_attach(s);
	gauge_begin(s, &c->gauge, c->limits, &c->group, c->cpus);
}
