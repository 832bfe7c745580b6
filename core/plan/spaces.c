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

bool
build_anew(const struct build *b, enum ns_kind k)
{
	return b->box->ns[k].mode == NS_NEW && (b->facts->lacks & (uint32_t)1 << k) == 0;
}

static bool
asked_for(const struct ns *ns)
{
	return ns->pos.line != 0 || ns->pos.col != 0;
}

static void
joins(struct build *b)
{
	uint8_t slot[NS_COUNT];
	const struct ns *ns = b->box->ns;

	for (size_t i = 0; i < NS_COUNT; i++) {
		enum ns_kind k = join_order[i];

		if (ns[k].mode != NS_JOIN)
			continue;
		b->pos = ns[k].pos;
		slot[k] = build_slot(b);
		build_text(b, OP_OPEN, ns[k].path)->a = slot[k];
	}
	for (size_t i = 0; i < NS_COUNT; i++) {
		enum ns_kind k = join_order[i];
		struct op *o;

		if (ns[k].mode != NS_JOIN)
			continue;
		b->pos = ns[k].pos;
		o = build_text(b, OP_SETNS, ns[k].path);
		o->a = slot[k];
		o->num = new_flag[k];
		build_release(b, slot[k]);
	}
	b->pos = POS_NONE;
}

/* Nobody is asked to do without the boundary itself; what only hides a little more is dropped where
 * the kernel was built without it, unless it was asked for. */
static void
known_to_kernel(struct build *b)
{
	for (size_t k = 0; k < NS_COUNT; k++) {
		const struct ns *ns = &b->box->ns[k];
		struct str name = ns_name((enum ns_kind)k);
		bool wanted = k == NS_IPC || k == NS_UTS || k == NS_CGROUP || k == NS_TIME;

		if (ns->mode != NS_NEW || build_anew(b, (enum ns_kind)k))
			continue;
		if (!wanted || asked_for(ns) || (k == NS_UTS && b->box->hostname.n > 0))
			build_refuse(b, ns->pos,
			    ERR_PARTS(S("this kernel has no "), name, S(" namespace; --"), name,
				S(" inherit is due")));
	}
}

/* What cannot be is refused here, with the reason, before anything is made. */
static void
possible(struct build *b)
{
	const struct facts *f = b->facts;
	const struct ns *ns = b->box->ns;
	bool some = false;

	for (size_t k = 0; k < NS_COUNT; k++)
		some = some || (k != NS_USER && ns[k].mode != NS_INHERIT);
	if (some && ns[NS_USER].mode == NS_INHERIT && !f->admin)
		build_refuse(b, ns[NS_USER].pos,
		    ERR_PARTS(S("namespaces without a new user namespace need CAP_SYS_ADMIN; "
				"--user new is due")));
	if (ns[NS_USER].mode == NS_NEW && !f->proc)
		build_refuse(b, ns[NS_USER].pos,
		    ERR_PARTS(S("a new user namespace needs /proc to write its id maps, and none "
				"is mounted; mount one, or take --user inherit")));
	if (ns[NS_USER].mode == NS_NEW && ns[NS_MOUNT].mode == NS_JOIN)
		build_refuse(b, ns[NS_MOUNT].pos,
		    ERR_PARTS(S("a joined mount namespace belongs to its own user namespace; "
				"--user inherit or PATH is due")));
	if (ns[NS_MOUNT].mode == NS_NEW && !f->root_mount)
		build_refuse(b, ns[NS_MOUNT].pos,
		    ERR_PARTS(S("\"/\" is no mount point here (a plain chroot): mounts could not "
				"be kept from the host")));
	known_to_kernel(b);
}

static void
map(struct build *b, enum op_kind kind, struct str file, const struct idrange *r, size_t n)
{
	char text[FACTS_RANGES * 36];
	struct buf out = BUF(text);
	struct op *o = build_text(b, kind, file);

	for (size_t i = 0; i < n; i++) {
		buf_uint(&out, r[i].inside);
		buf_char(&out, ' ');
		buf_uint(&out, r[i].inside);
		buf_char(&out, ' ');
		buf_uint(&out, r[i].count);
		buf_char(&out, '\n');
	}
	o->text2 = build_cstr(b, buf_str(&out));
}

/* With privilege every id maps to itself, written from outside. */
static void
maps_outside(struct build *b)
{
	const struct facts *f = b->facts;

	map(b, OP_MAP, S("uid_map"), f->uids, f->nuids);
	map(b, OP_MAP, S("gid_map"), f->gids, f->ngids);
}

/* Without, only our own, written by the child itself, and no more groups (user_namespaces(7):
 * setgroups has to be denied before gid_map). */
static void
maps_inside(struct build *b)
{
	const struct facts *f = b->facts;
	uint32_t uid = (uint32_t)f->uid, gid = (uint32_t)f->gid;
	struct idrange u = { uid, uid, 1 }, g = { gid, gid, 1 };

	build_text(b, OP_MAP_SELF, S("setgroups"))->text2 = "deny";
	map(b, OP_MAP_SELF, S("uid_map"), &u, 1);
	map(b, OP_MAP_SELF, S("gid_map"), &g, 1);
}

/* Without a PID namespace that dies with our init, the tree is ended by its control group, where we
 * may make one. */
static uint8_t
leaf(struct build *b)
{
	const struct str weak = S("best effort: a process that leaves its session may survive");
	uint8_t slot;
	struct op *o;
	struct claim *c;

	if (b->facts->cgroup.n == 0) {
		build_claim(b, S("tree"), false, S("subreaper"), weak)->state = CLAIM_BEST_EFFORT;
		return NO_SLOT;
	}
	slot = build_slot(b);
	o = build_text(b, OP_LEAF, b->facts->cgroup);
	o->a = slot;
	o->flags = FLAG_MAY;
	c = build_claim(b, S("tree"), false, S("cgroup.kill"),
	    S("one kill ends every process of the box"));
	c->op = (uint32_t)(b->plan->n - 1);
	c->otherwise = weak;
	return slot;
}

static void
clone_box(struct build *b, uint8_t group)
{
	struct op *o = build_op_on(b, OP_CLONE, group);

	for (size_t k = 0; k < NS_COUNT; k++)
		o->num |= build_anew(b, (enum ns_kind)k) ? new_flag[k] : 0;
	if (b->facts->clone3)
		return;
	/* clone(2) has no room for this flag */
	o->num &= ~(uint64_t)K_CLONE_NEWTIME;
	o->flags = FLAG_OLD;
}

/* What init unshares its child gets. */
static void
time_space(struct build *b)
{
	if (b->facts->clone3 || !build_anew(b, NS_TIME))
		return;
	if (!b->plan->init)
		build_refuse(b, b->box->ns[NS_TIME].pos,
		    ERR_PARTS(S("a new time namespace without an init of ours needs clone3, which "
				"is refused here (before Linux 5.3, or by an outer seccomp "
				"filter); --time inherit is due")));
	build_op(b, OP_UNSHARE)->num = K_CLONE_NEWTIME;
}

static struct str
space_detail(const struct build *b, enum ns_kind k)
{
	const struct ns *ns = &b->box->ns[k];

	if (ns->mode == NS_JOIN)
		return ns->path;
	if (ns->mode == NS_NEW)
		return build_anew(b, k) ? S("new") : S("this kernel has none");
	return k == NS_PID ? S("inherited: processes of the same user outside are in reach")
			   : S("inherited");
}

static void
claim_spaces(struct build *b)
{
	for (size_t k = 0; k < NS_COUNT; k++) {
		const struct ns *ns = &b->box->ns[k];
		enum ns_kind kind = (enum ns_kind)k;
		struct claim *c = build_claim(b, ns_name(kind), asked_for(ns), S("namespace"),
		    space_detail(b, kind));

		if (ns->mode == NS_INHERIT)
			c->state = CLAIM_NOT_ASKED;
		else if (ns->mode == NS_NEW && !build_anew(b, kind))
			c->state = CLAIM_DROPPED;
	}
}

static void
host_stage(struct build *b)
{
	struct plan *p = b->plan;
	uint8_t group = NO_SLOT;

	b->stage = STAGE_HOST;
	joins(b);
	if (p->tree) {
		build_claim(b, S("tree"), true, S("pid namespace"),
		    S("init's end is the end of every process in the box"));
	} else {
		build_op(b, OP_SUBREAPER);
		group = leaf(b);
	}
	clone_box(b, group);
	if (build_anew(b, NS_USER) && b->facts->admin)
		maps_outside(b);
	build_op(b, OP_DUMPABLE);
	/* from here on the monitor only watches, and reads what the payload wrote; without an init
	 * its guard needs more */
	if (p->tree && b->facts->admin)
		build_op(b, OP_CAPS_NONE);
	build_op(b, OP_GO);
}

void
build_namespaces(struct build *b)
{
	struct plan *p = b->plan;

	possible(b);
	p->init = build_anew(b, NS_PID) && !b->box->no_init;
	p->tree = p->init;
	claim_spaces(b);
	host_stage(b);

	b->stage = STAGE_BOX;
	build_op(b, OP_WAIT);
	if (build_anew(b, NS_USER) && !b->facts->admin)
		maps_inside(b);
	build_op(b, OP_DUMPABLE);
	build_op(b, OP_PDEATH);
	time_space(b);
}
