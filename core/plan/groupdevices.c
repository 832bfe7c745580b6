/* Which devices the group may open. */
#include "plan/groupmake.h"

bool
grouping_ruled(const struct limits *l)
{
	return l->devices != NULL || l->devices_only;
}

struct pos
grouping_rules_at(const struct grouping *g)
{
	return g->limits->devices != NULL
		 ? g->limits->devices->pos
		 : field_place(&limits_table, g->limits, offsetof(struct limits, devices_only));
}

/* What was given, and the small set behind it. */
static const struct device_rule *
device_rules(struct grouping *g, size_t *n)
{
	struct device_rule *first = NULL, **last = &first;

	*n = 0;
	for (const struct device_rule *r = g->limits->devices; r != NULL; r = r->next) {
		struct device_rule *copy = arena_get(g->arena, sizeof(*copy));

		if (copy == NULL) {
			err_memory(g->err);
			g->failed = true;
			return NULL;
		}
		*copy = *r;
		copy->next = NULL;
		*last = copy;
		last = &copy->next;
		++*n;
	}
	if (!g->limits->devices_only)
		*last = (struct device_rule *)(uintptr_t)devices_default();
	return first;
}

static void
add_devices(struct grouping *g, struct claim *c)
{
	struct ebpf *e = arena_get(g->arena, sizeof(*e));
	char text[UINT_ROOM];
	size_t n;
	const struct device_rule *rules = device_rules(g, &n);
	struct op *o = grouping_host(g, OP_DEVICES);

	char *took = arena_get(g->arena, EBPF_TOOK);

	if (e == NULL || took == NULL)
		err_memory(g->err);
	if (e == NULL || took == NULL || g->failed ||
	    ebpf_devices(g->arena, rules, e, g->err) < 0) {
		g->failed = true;
		return;
	}
	e->took = took;
	c->took = took;
	c->otherwise = S("no group, or no BPF program, could be made: all devices are open");
	o->a = 0;
	o->devices = e;
	o->flags = c->needed ? 0 : FLAG_MAY;
	o->pos = grouping_rules_at(g);
	c->detail = str_of(grouping_text(g,
	    TEXT("%%%no others",
		g->limits->devices_only ? S("") : S("null zero full random urandom tty ptmx pts, "),
		n > 0 ? uint_text(text, n) : S(""), n > 0 ? S(" given, ") : S(""))));
}

/* leaf: the operation that makes the group, or NULL. */
void
grouping_devices(struct grouping *g, const struct op *leaf)
{
	struct claim *c =
	    grouping_claim(g, "devices", "bpf cgroup device", grouping_ruled(g->limits));

	if (leaf != NULL && g->facts->bpf) {
		add_devices(g, c);
		if ((leaf->flags & FLAG_MAY) != 0)
			c->op = (uint32_t)(leaf - g->group->host);
		return;
	}
	if (c->needed)
		grouping_refuse(g, grouping_rules_at(g),
		    TEXT("rules for devices take a BPF program, which cannot be loaded here; root, "
			 "and a kernel with CONFIG_CGROUP_BPF, are due"));
	c->state = CLAIM_DROPPED;
	c->detail = leaf != NULL ? S("no BPF program can be loaded here: all devices are open")
				 : S("there is no group for it: all devices are open");
}
