#include "plan/groupmake.h"

#define AT(member) offsetof(struct limits, member)

static struct pos
place_of(const struct grouping *g, size_t offset)
{
	return field_place(&limits_table, g->limits, offset);
}

/* ---- what is put together -------------------------------------------------------------------- */

struct op *
grouping_host(struct grouping *g, enum op_kind kind)
{
	struct op *o = &g->group->host[g->group->nhost++];

	*o = (struct op){ .kind = (uint8_t)kind, .stage = STAGE_HOST, .a = NO_SLOT, .b = NO_SLOT };
	return o;
}

struct claim *
grouping_claim(struct grouping *g, const char *name, const char *mechanism, bool needed)
{
	struct claim *c = &g->group->claim[g->group->nclaims++];

	*c = (struct claim){ .name = str_of(name),
		.mechanism = str_of(mechanism),
		.needed = needed,
		.op = UINT32_MAX };
	return c;
}

/* As many as there can be. */
static void
make_room(struct grouping *g)
{
	struct group *out = g->group;

	*out = (struct group){ .parts = &group_parts };
	out->host = arena_array(g->arena, g->nwishes + 4, sizeof(*out->host));
	out->exec = arena_array(g->arena, 3, sizeof(*out->exec));
	out->claim = arena_array(g->arena, g->nwishes + 3, sizeof(*out->claim));
	if (out->host != NULL && out->exec != NULL && out->claim != NULL)
		return;
	err_memory(g->err);
	g->failed = true;
}

/* ---- what cannot be -------------------------------------------------------------------------- */

/* Why there is not what stands at that position: as a whole, or one controller. */
static void
refuse(struct grouping *g, struct pos pos, bool placed, struct str controller)
{
	g->failed = true;
	if (placed)
		grouping_lack(g, controller, pos, g->err);
	else
		(void)!grouping_place(g, true, pos, g->err);
}

/* Whatever is not a value for a file, but takes a group; where it was said. A place that was named
 * is meant. False: nothing. */
static bool
takes_group(const struct grouping *g, struct pos *pos)
{
	const struct limits *l = g->limits;
	bool time = limits_given(l, cpu_time) && (g->degrade & DEGRADE_CPU) == 0;
	size_t at = limits_given(l, idle) ? AT(idle) : AT(cpu_time);

	*pos = grouping_ruled(l) ? grouping_rules_at(g) : place_of(g, at);
	return g->name.n > 0 || g->facts->chosen || grouping_ruled(l) || limits_given(l, idle) ||
	       time;
}

/* Without what was asked for, and without leave to do with less, there is nothing. */
static void
judge(struct grouping *g, bool placed)
{
	struct pos pos;

	for (size_t i = 0; i < g->nwishes && !g->failed; i++) {
		const struct wish *w = &g->wish[i];

		if (!w->lacking || !w->claim.needed)
			continue;
		if ((w->degrade & g->degrade) == 0)
			refuse(g, w->op.pos, placed, group_controller(w->claim.name));
		else if (w->degrade == DEGRADE_PIDS && g->facts->uid == 0)
			grouping_refuse(g, w->op.pos,
			    TEXT("degrade pids: RLIMIT_NPROC does not bind uid 0, and nothing "
				 "else is there; another user, or a group is due"));
	}
	if (!g->failed && !placed && takes_group(g, &pos))
		refuse(g, pos, false, S(""));
}

/* ---- the group ------------------------------------------------------------------------------- */

static void
enable(struct grouping *g)
{
	const char *dir = grouping_text(g, TEXT("%", g->facts->base.path)), *list = "";

	if (g->self) {
		grouping_host(g, OP_SELF)->text = dir;
		grouping_claim(g, "monitor", "cgroup v2", false)->detail = str_of(grouping_text(g,
		    TEXT("moved to a group of its own in %: in that one controllers are enabled, "
			 "which takes that no process is in it",
			g->facts->base.path)));
	}
	for (size_t i = 0; i < g->nneeds; i++)
		if ((g->enable >> i & 1) != 0)
			list = grouping_text(g,
			    TEXT("%%+%", str_of(list), *list != '\0' ? S(" ") : S(""), g->need[i]));
	if (*list != '\0') {
		struct op *o = grouping_host(g, OP_ENABLE);

		o->text = dir;
		o->text2 = list;
	}
}

static struct op *
make_leaf(struct grouping *g, bool may)
{
	struct op *o;

	enable(g);
	o = grouping_host(g, OP_LEAF);
	o->a = 0;
	o->flags = may ? FLAG_MAY : 0;
	o->text = grouping_text(g, TEXT("%", g->facts->base.path));
	if (g->name.n > 0)
		o->text2 = grouping_text(g, TEXT("%", g->name));
	return o;
}

/* The values, each with its claim; or what is in their place. */
static void
values(struct grouping *g)
{
	for (size_t i = 0; i < g->nwishes; i++) {
		const struct wish *w = &g->wish[i];

		if (w->lacking && w->claim.needed) {
			grouping_instead(g, w);
			continue;
		}
		g->group->claim[g->group->nclaims++] = w->claim;
		if (w->lacking) {
			struct claim *c = &g->group->claim[g->group->nclaims - 1];

			c->state = CLAIM_DROPPED;
			c->took = NULL;
			c->detail = S("there is no group for it");
			continue;
		}
		g->group->host[g->group->nhost++] = w->op;
	}
}

/* Is there anything that may not be without a group? */
static bool
firm(const struct grouping *g)
{
	struct pos pos;
	bool some = takes_group(g, &pos);

	for (size_t i = 0; i < g->nwishes; i++)
		some = some || !g->wish[i].lacking;
	return some;
}

static int
make(struct grouping *g)
{
	struct err why = { 0 };
	const struct op *leaf = NULL;
	bool placed;

	grouping_wishes(g);
	if (g->failed)
		return -1;
	placed = grouping_place(g, g->name.n > 0 || limits_group(g->limits), POS_NONE, &why);
	if (placed)
		grouping_controllers(g);
	for (size_t i = 0; i < g->nwishes && !placed; i++)
		g->wish[i].lacking = true;
	judge(g, placed);
	make_room(g);
	if (g->failed)
		return -1;
	why.fault = FAULT_NONE;
	if (placed || grouping_place(g, false, POS_NONE, &why))
		leaf = make_leaf(g, !placed || !firm(g));
	values(g);
	/* of a group that is there one knows how much time was used */
	if (limits_given(g->limits, cpu_time) && !placed && !limits_given(g->limits, cpu))
		grouping_cpu(g, "cpu-time", place_of(g, AT(cpu_time)));
	grouping_devices(g, leaf);
	return g->failed ? -1 : 0;
}

int
group_make(struct arena *arena, const struct limits *l, const struct cgfacts *f, unsigned ours,
    struct group *out, struct err *err)
{
	struct grouping g = { .arena = arena,
		.limits = l,
		.facts = f,
		.group = out,
		.err = err,
		.ours = ours,
		.degrade = l->degrade };

	return make(&g);
}

int
group_create(struct arena *arena, const struct limits *l, const struct cgfacts *f, struct str name,
    struct group *out, struct err *err)
{
	struct grouping g = { .arena = arena,
		.limits = l,
		.facts = f,
		.group = out,
		.err = err,
		.name = name };

	return group_name_check(name, err) < 0 ? -1 : make(&g);
}
