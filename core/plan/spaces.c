#include "plan/build.h"
#include "sys/uapi.h"

#include <string.h>

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

/* A time namespace comes with clone3, or is unshared by our init for its child: that one shares our
 * memory until its exec, which Linux allows since 6.3. */
enum { SHARED_TIME = 6003 };

static bool
time_possible(const struct build *b)
{
	return b->facts->clone3 || (b->plan->init && b->facts->kernel >= SHARED_TIME);
}

bool
build_anew(const struct build *b, enum ns_kind k)
{
	return b->box->ns[k].mode == NS_NEW && (b->facts->lacks & (uint32_t)1 << k) == 0 &&
	       (k != NS_TIME || time_possible(b));
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
		o->num = ns_flag(k);
		build_release(b, slot[k]);
	}
	b->pos = POS_NONE;
}

static struct str
why_not(const struct build *b, enum ns_kind k)
{
	return (b->facts->lacks & (uint32_t)1 << k) != 0
		 ? S("this kernel has none")
		 : S("this kernel makes none without clone3, which is refused here");
}

/* Nobody is asked to do without the boundary itself; what only hides a little more is dropped where
 * the kernel has not got it, unless it was asked for. */
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
			    TEXT("no % namespace: %; --% inherit is due", name,
				why_not(b, (enum ns_kind)k), name));
	}
}

/* What cannot be is refused here, with the reason, before anything is made. */
static void
possible(struct build *b)
{
	const struct facts *f = b->facts;
	const struct ns *ns = b->box->ns;
	bool some = false, join = false;

	for (size_t k = 0; k < NS_COUNT; k++) {
		some = some || (k != NS_USER && ns[k].mode != NS_INHERIT);
		join = join || ns[k].mode == NS_JOIN;
	}
	if (some && ns[NS_USER].mode == NS_INHERIT && !f->admin)
		build_refuse(b, ns[NS_USER].pos,
		    TEXT("namespaces without a new user namespace need CAP_SYS_ADMIN; %",
			f->proc ? S("--user new is due") : S("mount /proc and take --user new")));
	if (join && ns[NS_USER].mode == NS_NEW && !f->admin)
		build_refuse(b, ns[NS_USER].pos,
		    TEXT("to join a namespace takes CAP_SYS_ADMIN, or its user "
			 "namespace as well; --user PATH is due"));
	/* who has the rights and a command line (no key says it) can do without */
	if (ns[NS_USER].mode == NS_NEW && !f->proc)
		build_refuse(b, ns[NS_USER].pos,
		    TEXT("a new user namespace needs /proc to write its id maps, "
			 "and none is mounted; mount one%",
			f->admin && b->box->level == LEVEL_UNSET ? S(", or take --user inherit")
								 : S("")));
	if (ns[NS_USER].mode == NS_NEW && f->admin && (f->nuids == 0 || f->ngids == 0))
		build_refuse(b, ns[NS_USER].pos,
		    TEXT("the id maps here are unknown, so none can be made from "
			 "them; --user inherit is due"));
	if (ns[NS_USER].mode == NS_NEW && ns[NS_MOUNT].mode == NS_JOIN)
		build_refuse(b, ns[NS_MOUNT].pos,
		    TEXT("a joined mount namespace belongs to its own user "
			 "namespace; --user inherit or PATH is due"));
	if (ns[NS_MOUNT].mode == NS_NEW && !f->root_mount)
		build_refuse(b, ns[NS_MOUNT].pos,
		    TEXT("\"/\" is no mount point here (a plain chroot): mounts "
			 "could not be kept from the host"));
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

/* A copy of our memory costs more than all that a box needs besides; with an init of ours, which
 * nobody can trace, none is made. */
static bool
shares_memory(const struct build *b)
{
	return b->plan->init && b->leaf == NO_SLOT &&
	       (!build_anew(b, NS_TIME) || b->facts->kernel >= SHARED_TIME);
}

/* Its root is the group that the box is in when it is made. clone3 puts it there at once
 * (kernel/cgroup/cgroup.c, cgroup_post_fork); otherwise that is ours until the box was moved. */
static bool
late_cgroup(const struct build *b)
{
	return build_anew(b, NS_CGROUP) && b->leaf != NO_SLOT && !b->facts->clone3;
}

static void
clone_box(struct build *b)
{
	struct op *o = build_op_on(b, OP_CLONE, b->leaf);

	for (size_t k = 0; k < NS_COUNT; k++)
		o->num |= build_anew(b, (enum ns_kind)k) ? ns_flag((enum ns_kind)k) : 0;
	if (shares_memory(b))
		o->flags = FLAG_SHARED;
	else if (!b->facts->clone3)
		o->flags = FLAG_OLD;
	/* clone(2) has no room for this flag */
	if (o->flags != 0)
		o->num &= ~(uint64_t)K_CLONE_NEWTIME;
	if (late_cgroup(b))
		o->num &= ~(uint64_t)K_CLONE_NEWCGROUP;
}

static void
unshare(struct build *b, enum ns_kind k)
{
	build_text(b, OP_UNSHARE, ns_name(k))->num = ns_flag(k);
}

static void
later_spaces(struct build *b)
{
	if (late_cgroup(b))
		unshare(b, NS_CGROUP);
	/* what init unshares its child gets */
	if (build_anew(b, NS_TIME) && (!b->facts->clone3 || shares_memory(b)))
		unshare(b, NS_TIME);
}

/* One more user namespace, and the payload has every capability in it: enough to mount the host's
 * control groups once more, which go by uids and know no read-only view, and to reach most of the
 * kernel that takes a privilege to reach. */
static void
nesting(struct build *b)
{
	struct claim *c = build_claim(b, "nesting", false, "sysctl user.max_user_namespaces",
	    S("no user namespace can be made in the box"));

	if (b->box->ns[NS_USER].mode != NS_NEW) {
		c->detail = S("a user namespace can be made, with every capability in it");
		c->state = CLAIM_NOT_ASKED;
	} else if (b->facts->sys_readonly) {
		c->detail = S("/proc/sys is read-only here: a user namespace can be made, with "
			      "every capability in it");
		c->state = CLAIM_DROPPED;
	} else {
		build_text(b, OP_SYSCTL, S("user/max_user_namespaces"))->text2 = "0";
	}
}

static struct str
space_detail(const struct build *b, enum ns_kind k)
{
	const struct ns *ns = &b->box->ns[k];

	if (ns->mode == NS_JOIN)
		return ns->path;
	if (ns->mode == NS_NEW)
		return build_anew(b, k) ? S("new") : why_not(b, k);
	if (k == NS_PID)
		return S("inherited: processes of the same user outside are in reach");
	return k == NS_MOUNT ? S("inherited: the host's files, /proc and sockets are in reach")
			     : S("inherited");
}

static void
claim_spaces(struct build *b)
{
	for (size_t k = 0; k < NS_COUNT; k++) {
		const struct ns *ns = &b->box->ns[k];
		enum ns_kind kind = (enum ns_kind)k;
		struct claim *c =
		    build_claim(b, "", asked_for(ns), "namespace", space_detail(b, kind));

		c->name = ns_name(kind);
		if (ns->mode == NS_INHERIT)
			c->state = CLAIM_NOT_ASKED;
		else if (ns->mode == NS_NEW && !build_anew(b, kind))
			c->state = CLAIM_DROPPED;
	}
}

static void
host_stage(struct build *b)
{
	const struct plan *p = b->plan;

	b->stage = STAGE_HOST;
	if (!p->tree)
		build_op(b, OP_SUBREAPER);
	/* before the joins: its directory is named as it is called out here, and its guard has to
	 * stay out here */
	build_leaf(b);
	joins(b);
	clone_box(b);
	if (build_anew(b, NS_USER) && b->facts->admin)
		maps_outside(b);
	/* with one memory it is one switch, and the box turns it, once its own maps are written */
	if (!shares_memory(b))
		build_op(b, OP_DUMPABLE);
	/* all that is left to the monitor is to watch, and to read what the payload wrote; where
	 * there is a group, its guard needs more. Last of all the start: what failed after it would
	 * be denied of a payload that runs already */
	if (p->tree && b->leaf == NO_SLOT && b->facts->admin)
		build_op(b, OP_CAPS_NONE);
	build_op(b, OP_GO);
}

void
build_namespaces(struct build *b)
{
	struct plan *p = b->plan;

	p->init = build_anew(b, NS_PID) && !b->box->no_init;
	p->tree = p->init;
	possible(b);
	claim_spaces(b);
	host_stage(b);

	b->stage = STAGE_BOX;
	build_op(b, OP_WAIT);
	if (build_anew(b, NS_USER) && !b->facts->admin)
		maps_inside(b);
	build_op(b, OP_DUMPABLE);
	build_op(b, OP_PDEATH);
	if (b->box->level != LEVEL_NONE)
		nesting(b);
	later_spaces(b);
}
