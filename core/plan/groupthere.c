/* Groups that are there: joined, changed; and how they may be called. */
#include "plan/groupmake.h"

#include "base/utf8.h"

#define AT(member) offsetof(struct limits, member)

enum { NAME_MOST = 200 };

static int
opened(struct arena *arena, struct str path, size_t more, struct group *out, struct err *err)
{
	struct op *o = arena_array(arena, more + 1, sizeof(*o));
	char *text = arena_cstr(arena, path);

	*out = (struct group){ .parts = &group_parts, .host = o, .nhost = 1 };
	if (o == NULL || text == NULL)
		return err_memory(err);
	*o = (struct op){ .kind = OP_OPEN,
		.stage = STAGE_HOST,
		.flags = FLAG_DIRECTORY,
		.a = 0,
		.b = NO_SLOT,
		.text = text };
	return 0;
}

int
group_join(struct arena *arena, struct str path, struct group *out, struct err *err)
{
	return opened(arena, path, 0, out, err);
}

static int
judge(struct grouping *g, uint64_t current)
{
	const struct limits *l = g->limits;
	const struct cgdir *d = &g->facts->base;
	char least_text[32], most_text[32];
	struct buf least = BUF(least_text), most = BUF(most_text);

	if (d->top)
		return err_refused(g->err, POS_NONE,
		    "\"%\" is the first group of all, which has no limits; one in it is due",
		    d->path);
	if (grouping_ruled(l))
		return err_refused(g->err, grouping_rules_at(g),
		    "rules for devices are made with the group: more of them would only narrow "
		    "what it may open");
	num_put_size(&least, current);
	num_put_size(&most, l->memory);
	if (limits_given(l, memory) && l->memory < current)
		return err_refused(g->err, field_place(&limits_table, l, AT(memory)),
		    "% of memory are less than the % that \"%\" uses already", buf_str(&most),
		    buf_str(&least), d->path);
	return 0;
}

/* No share is taken that is less than the burst there is (kernel/sched/core.c,
 * tg_set_cfs_bandwidth): where both are new, that goes first. */
static void
write_wish(struct grouping *g, const struct wish *w)
{
	struct group *out = g->group;

	if (str_eq(w->claim.name, S("cpu.max")) && limits_given(g->limits, cpu_burst)) {
		struct op *o = &out->host[out->nhost++];

		/* the burst's own row is the next one */
		*o = w[1].op;
		o->text2 = "0";
		o->flags = FLAG_MAY;
	}
	out->host[out->nhost++] = w->op;
	out->claim[out->nclaims++] = w->claim;
}

int
group_set(struct arena *arena, const struct limits *l, const struct cgfacts *f, uint64_t current,
    struct group *out, struct err *err)
{
	struct grouping g = { .arena = arena,
		.limits = l,
		.facts = f,
		.group = out,
		.err = err,
		.there = true };

	if (!grouping_place(&g, true, POS_NONE, err) || judge(&g, current) < 0)
		return -1;
	grouping_wishes(&g);
	if (g.failed)
		return -1;
	grouping_controllers(&g);
	for (size_t i = 0; i < g.nwishes && !g.failed; i++)
		if (g.wish[i].lacking) {
			grouping_lack(&g, group_controller(g.wish[i].claim.name), g.wish[i].op.pos,
			    err);
			g.failed = true;
		}
	if (g.failed || opened(arena, f->base.path, g.nwishes + 1, out, err) < 0)
		return -1;
	out->claim = arena_array(arena, g.nwishes + 1, sizeof(*out->claim));
	if (out->claim == NULL)
		return err_memory(err);
	for (size_t i = 0; i < g.nwishes; i++)
		write_wish(&g, &g.wish[i]);
	return 0;
}

static bool
printable(struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &cp);
		if (n == 0 || !utf8_printable(cp))
			return false;
	}
	return true;
}

/* Files of the kernel stand beside groups, and are called so. */
static bool
like_file(struct str name)
{
	static const char of[] =
	    "cgroup|memory|cpu|cpuset|io|pids|hugetlb|rdma|misc|dmem|irq|perf_event|debug";
	size_t i = 0;

	while (word_at(of, i).p != NULL &&
	       !str_eq(word_at(of, i), str_slice(name, 0, str_find(name, '.', 0))))
		i++;
	return word_at(of, i).p != NULL && str_find(name, '.', 0) < name.n;
}

int
group_name_check(struct str name, struct err *err)
{
	struct str why = S("");

	if (name.n == 0 || name.n > NAME_MOST)
		why = S("1 to 200 bytes are due");
	else if (!printable(name))
		why = S("only printable characters are due");
	else if (str_find(name, '/', 0) < name.n)
		why = S("a name without / is due");
	else if (name.p[0] == '.')
		why = S("a name that begins without a dot is due");
	else if (str_starts(name, S(GROUP_MARK)))
		why = S("names of groups for one run begin so");
	else if (like_file(name))
		why = S("files of the kernel are called so");
	else
		return 0;
	return err_usage(err, "\"%\" is no name for a group: %", name, why);
}
