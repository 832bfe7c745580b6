#include "plan/build.h"
#include "sys/uapi.h"

#include <string.h>

static const uint64_t new_flag[NS_COUNT] = {
	[NS_USER] = K_CLONE_NEWUSER,
	[NS_MOUNT] = K_CLONE_NEWNS,
	[NS_PID] = K_CLONE_NEWPID,
	[NS_NET] = K_CLONE_NEWNET,
	[NS_IPC] = K_CLONE_NEWIPC,
	[NS_UTS] = K_CLONE_NEWUTS,
	[NS_CGROUP] = K_CLONE_NEWCGROUP,
	[NS_TIME] = K_CLONE_NEWTIME,
};

/* A user namespace first, because it gives the right to join the others; the mount namespace last,
 * because the other paths are the host's. They were all opened before the first is joined. */
static const enum ns_kind join_order[NS_COUNT] = {
	NS_USER,
	NS_CGROUP,
	NS_IPC,
	NS_UTS,
	NS_NET,
	NS_PID,
	NS_TIME,
	NS_MOUNT,
};

static bool
anew(const struct build *b, enum ns_kind k)
{
	return b->box->ns[k].mode == NS_NEW;
}

static void
joins(struct build *b)
{
	uint8_t slot[NS_COUNT];
	const struct ns *ns = b->box->ns;

	for (size_t i = 0; i < NS_COUNT; i++) {
		enum ns_kind k = join_order[i];
		struct op *o;

		if (ns[k].mode != NS_JOIN)
			continue;
		b->pos = ns[k].pos;
		slot[k] = build_slot(b);
		o = build_text(b, OP_OPEN, ns[k].path);
		if (o != NULL)
			o->a = slot[k];
	}
	for (size_t i = 0; i < NS_COUNT; i++) {
		enum ns_kind k = join_order[i];
		struct op *o;

		if (ns[k].mode != NS_JOIN)
			continue;
		b->pos = ns[k].pos;
		o = build_op(b, OP_SETNS);
		if (o != NULL) {
			o->a = slot[k];
			o->num = new_flag[k];
			o->text = build_cstr(b, ns[k].path);
		}
		build_release(b, slot[k]);
	}
	b->pos = POS_NONE;
}

/* What cannot be is refused here, with the reason, before anything is made. */
static void
possible(struct build *b)
{
	const struct facts *f = b->facts;
	bool some = false;

	for (size_t k = 0; k < NS_COUNT; k++)
		some = some || (k != NS_USER && b->box->ns[k].mode != NS_INHERIT);
	if (some && b->box->ns[NS_USER].mode == NS_INHERIT && !f->admin)
		build_refuse(b, b->box->ns[NS_USER].pos,
		    ERR_PARTS(S(
			"namespaces without a new user namespace need CAP_SYS_ADMIN; --user new is due")));
	if (anew(b, NS_USER) && !f->proc)
		build_refuse(b, b->box->ns[NS_USER].pos,
		    ERR_PARTS(S(
			"a new user namespace needs /proc to write its id maps, and none is mounted; mount one, "
			"or take --user inherit")));
	if (anew(b, NS_USER) && b->box->ns[NS_MOUNT].mode == NS_JOIN)
		build_refuse(b, b->box->ns[NS_MOUNT].pos,
		    ERR_PARTS(S(
			"a joined mount namespace belongs to its own user namespace; --user inherit or PATH is due")));
	if (anew(b, NS_MOUNT) && !f->root_mount)
		build_refuse(b, b->box->ns[NS_MOUNT].pos,
		    ERR_PARTS(S(
			"\"/\" is no mount point here (a plain chroot): mounts could not be kept from the host")));
}

static void
put_ranges(struct build *b, struct buf *out, const struct idrange *r, size_t n)
{
	(void)b;
	for (size_t i = 0; i < n; i++) {
		buf_uint(out, r[i].inside);
		buf_char(out, ' ');
		buf_uint(out, r[i].inside);
		buf_char(out, ' ');
		buf_uint(out, r[i].count);
		buf_char(out, '\n');
	}
}

static void
map(struct build *b, enum op_kind kind, struct str file, const struct idrange *r, size_t n)
{
	char text[FACTS_RANGES * 36];
	struct buf out = BUF(text);
	struct op *o;

	put_ranges(b, &out, r, n);
	o = build_text(b, kind, file);
	if (o != NULL)
		o->text2 = build_cstr(b, buf_str(&out));
}

/* With privilege every id maps to itself, written from outside; without, only our own, written by
 * the child itself, and no more groups (user_namespaces(7): setgroups has to be denied before
 * gid_map). */
static void
maps_outside(struct build *b)
{
	const struct facts *f = b->facts;

	map(b, OP_MAP, S("uid_map"), f->uids, f->nuids);
	map(b, OP_MAP, S("gid_map"), f->gids, f->ngids);
}

static void
maps_inside(struct build *b)
{
	const struct facts *f = b->facts;
	struct idrange u = { f->uid, f->uid, 1 }, g = { f->gid, f->gid, 1 };
	struct op *o = build_text(b, OP_MAP_SELF, S("setgroups"));

	if (o != NULL)
		o->text2 = "deny";
	map(b, OP_MAP_SELF, S("uid_map"), &u, 1);
	map(b, OP_MAP_SELF, S("gid_map"), &g, 1);
}

/* Without a PID namespace that dies with our init, the tree is ended by its control group, where we
 * may make one. */
static uint8_t
leaf(struct build *b)
{
	uint8_t slot;
	struct op *o;
	struct claim *c;

	if (b->facts->cgroup.n == 0) {
		c = build_claim(b, S("tree"), false, S("subreaper"),
		    S("best effort: a process that leaves its session may survive"));
		if (c != NULL)
			c->state = CLAIM_BEST_EFFORT;
		return NO_SLOT;
	}
	slot = build_slot(b);
	o = build_text(b, OP_LEAF, b->facts->cgroup);
	if (o == NULL)
		return NO_SLOT;
	o->a = slot;
	o->flags = FLAG_MAY;
	c = build_claim(b, S("tree"), false, S("cgroup.kill"),
	    S("one kill ends every process of the box"));
	if (c != NULL) {
		c->op = (uint32_t)(b->plan->n - 1);
		c->otherwise = S("best effort: a process that leaves its session may survive");
	}
	return slot;
}

static void
clone_box(struct build *b, uint8_t group)
{
	uint64_t flags = 0;
	struct op *o;

	for (size_t k = 0; k < NS_COUNT; k++)
		flags |= b->box->ns[k].mode == NS_NEW ? new_flag[k] : 0;
	if (!b->facts->clone3)
		flags &= ~(uint64_t)K_CLONE_NEWTIME;
	o = build_op(b, OP_CLONE);
	if (o == NULL)
		return;
	o->num = flags;
	o->a = group;
	o->flags = b->facts->clone3 ? 0 : FLAG_OLD;
}

/* clone(2) has no room for this flag, but what init unshares its child gets. */
static void
time_space(struct build *b)
{
	struct op *o;

	if (b->facts->clone3 || !anew(b, NS_TIME))
		return;
	if (!b->plan->init) {
		build_refuse(b, b->box->ns[NS_TIME].pos,
		    ERR_PARTS(S(
			"a new time namespace without an init of ours needs clone3, which is refused "
			"here (before Linux 5.3, or by an outer seccomp filter); --time inherit is due")));
		return;
	}
	o = build_op(b, OP_UNSHARE);
	if (o != NULL)
		o->num = K_CLONE_NEWTIME;
}

static void
claim_spaces(struct build *b)
{
	for (size_t k = 0; k < NS_COUNT; k++) {
		const struct ns *ns = &b->box->ns[k];
		struct str detail = ns->mode == NS_JOIN ? ns->path
				  : ns->mode == NS_NEW  ? S("new")
							: S("inherited");
		struct claim *c = build_claim(b, ns_name((enum ns_kind)k),
		    ns->pos.line != 0 || ns->pos.col != 0, S("namespace"), detail);

		if (c != NULL && ns->mode == NS_INHERIT)
			c->state = CLAIM_NOT_ASKED;
	}
}

void
build_namespaces(struct build *b)
{
	struct plan *p = b->plan;
	uint8_t group = NO_SLOT;

	possible(b);
	b->stage = STAGE_HOST;
	p->init = anew(b, NS_PID) && !b->box->no_init;
	p->tree = p->init;
	claim_spaces(b);
	joins(b);
	if (p->tree) {
		build_claim(b, S("tree"), true, S("pid namespace"),
		    S("init's end is the end of every process in the box"));
	} else {
		build_op(b, OP_SUBREAPER);
		group = leaf(b);
	}
	clone_box(b, group);
	if (anew(b, NS_USER) && b->facts->admin)
		maps_outside(b);
	build_op(b, OP_DUMPABLE);
	build_op(b, OP_GO);
	/* from here on the monitor only watches, and reads what the payload wrote; without an init
	 * its guard needs more */
	if (p->tree && b->facts->admin)
		build_op(b, OP_CAPS_NONE);

	b->stage = STAGE_BOX;
	build_op(b, OP_WAIT);
	if (anew(b, NS_USER) && !b->facts->admin)
		maps_inside(b);
	build_op(b, OP_DUMPABLE);
	build_op(b, OP_PDEATH);
	time_space(b);
}
