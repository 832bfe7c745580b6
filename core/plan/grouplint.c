/* What is done to control groups and claimed of them, judged. */
#include "plan/grouplint.h"

static bool
did(const struct lint *l, enum op_kind k)
{
	return (l->done[STAGE_HOST] & BIT(k)) != 0;
}

static bool
is_resource(struct str s)
{
	return str_eq(s, S("AS")) || str_eq(s, S("CPU")) || str_eq(s, S("NPROC"));
}

/* One that was made, or opened to be joined. */
static bool
group_slot(const struct lint *l, uint8_t slot)
{
	const struct op *from = l->from[slot];

	return from->kind == OP_LEAF ||
	       (from->kind == OP_OPEN && (from->flags & FLAG_DIRECTORY) != 0);
}

/* Was anything done to another group than the one that the leaf is made in? */
static bool
elsewhere(const struct lint *l, const struct op *leaf)
{
	for (const struct op *o = l->plan->op; o < leaf; o++)
		if ((o->kind == OP_SELF || o->kind == OP_ENABLE) &&
		    !str_eq(str_of(o->text), str_of(leaf->text)))
			return true;
	return false;
}

/* What is done to the group comes between its making and the clone, what is done to the one that it
 * is made in before. */
const char *
group_check(const struct lint *l, const struct op *o)
{
	bool limits = o->kind == OP_LIMIT || o->kind == OP_DEVICES;

	if (o->kind == OP_SELF && did(l, OP_ENABLE))
		return "too late to enable anything";
	if ((o->kind == OP_SELF || o->kind == OP_ENABLE) && did(l, OP_LEAF))
		return "the group is there already";
	if (o->kind == OP_LEAF && elsewhere(l, o))
		return "in another group than was made ready";
	if (limits && did(l, OP_CLONE))
		return "the box has begun";
	if (limits && !group_slot(l, o->a))
		return "of no control group";
	/* it would be skipped with that */
	if (o->kind == OP_LIMIT && (l->from[o->a]->flags & ~o->flags & FLAG_MAY) != 0)
		return "of a group that there may not be";
	if (o->kind == OP_LIMIT && str_find(str_of(o->text), '/', 0) != str_of(o->text).n)
		return "of another group";
	if (o->kind == OP_DEVICES &&
	    (o->devices == NULL || o->devices->n == 0 || o->devices->n > EBPF_INSNS_MAX))
		return "no program that the kernel takes";
	if (o->kind == OP_RLIMIT && !is_resource(str_of(o->text)))
		return "no such resource";
	if (o->kind == OP_CLONE && o->a != NO_SLOT && !group_slot(l, o->a))
		return "not in a control group";
	if (o->kind == OP_CLONE && did(l, OP_LEAF) &&
	    (o->a == NO_SLOT || l->from[o->a]->kind != OP_LEAF))
		return "not in the group that was made for it";
	return NULL;
}

/* Is the resource limit what takes the place of that limit of a group? */
static bool
replaces(const struct op *o, const struct claim *c)
{
	static const char pairs[] = "memory.max|RLIMIT_AS|cpu.max|RLIMIT_CPU|pids.max|RLIMIT_NPROC|"
				    "cpu-time|RLIMIT_CPU";

	for (size_t i = 0; i < 8; i += 2) {
		struct str what = word_at(pairs, i + 1);

		if (str_eq(c->name, word_at(pairs, i)) && str_starts(c->mechanism, what) &&
		    str_ends(what, str_of(o->text)))
			return true;
	}
	return false;
}

/* What is told of a control group, or of what takes its place: by each limit's own operation. */
bool
group_claim(const struct lint *l, const struct claim *c)
{
	const struct plan *p = l->plan;
	bool group = str_eq(c->mechanism, S("cgroup v2"));

	if (group && str_eq(c->name, S("placement")))
		return l->grouped;
	if (group && str_eq(c->name, S("monitor")))
		return did(l, OP_SELF);
	if (str_eq(c->name, S("devices")))
		return str_eq(c->mechanism, S("bpf cgroup device")) && did(l, OP_DEVICES);
	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];

		if (group && o->kind == OP_LIMIT && str_eq(str_of(o->text), c->name) &&
		    o->took == c->took)
			return true;
		if (o->kind == OP_RLIMIT && replaces(o, c))
			return true;
	}
	return false;
}
