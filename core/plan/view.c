#include "base/path.h"
#include "plan/build.h"
#include "sys/uapi.h"

/* Those below "/proc" get something of the box's own over them; only a bind could bring them along
 * elsewhere. */
static bool
covered_first(const struct build *b, struct str proc)
{
	return !path_below(proc, S("/proc")) || b->box->nactions > b->box->ntmp;
}

/* Every proc file system of the host that a clone could bring along, under whatever name, is
 * covered first: another PID namespace around it would not make it another one. */
static void
cover_procs(struct build *b)
{
	for (const struct strnode *n = b->facts->procs.first; n != NULL && !b->failed; n = n->next)
		if (covered_first(b, n->s))
			build_cover(b, n->s);
}

static bool
writable_root(const struct box *box)
{
	const struct action *a = box_action_at(box, S("/"), SIZE_MAX);

	return a != NULL && a->kind == ACTION_RW;
}

/* The host's root again, or another directory, read-only with all that is mounted below it. */
static void
root(struct build *b)
{
	const struct box *box = b->box;
	struct str src = box->root.n > 0 ? box->root : S("/");
	bool writable = writable_root(box);

	if (build_in_proc(b, src))
		build_refuse(b, b->pos, TEXT("\"%\" is the host's proc file system: no root", src));
	b->root = build_tree(b, src);
	build_attr(b, b->root, ATTR_PLAIN | (writable ? 0 : K_MOUNT_ATTR_RDONLY), true);
	if (writable)
		build_op_on(b, OP_WRITABLE, b->root)->text = build_cstr(b, src);
	build_op_on(b, OP_MOVE_ROOT, b->root);
	build_claim(b, "root", box->root.n > 0, "mount",
	    writable ? S("writable, nosuid, nodev")
		     : S("read-only with everything below it, nosuid, nodev"));
}

/* fs/namespace.c, mnt_already_visible(): in a user namespace that is not the first one, a proc file
 * system that is seen whole has to exist already. */
static bool
proc_possible(const struct build *b)
{
	if (!b->facts->proc_covered || (b->facts->admin && !build_anew(b, NS_USER)))
		return true;
	for (const struct strnode *n = b->facts->procs.first; n != NULL; n = n->next)
		if (!path_below(n->s, S("/proc")))
			return true;
	return false;
}

/* A proc that can be written to lets uid 0 change the host's sysctls without any capability, so it
 * never can be. */
static void
proc(struct build *b)
{
	const struct box *box = b->box;

	if (!box->proc) {
		build_hide(b, S("/proc"), 0);
		build_claim(b, "proc", false, "mount", S("hidden"));
		return;
	}
	if (!proc_possible(b))
		build_refuse(b, b->pos,
		    TEXT("a fresh /proc is refused by the kernel here: the one "
			 "outside is partly mounted over"));
	build_mount_on(b, S("/proc"), 0, "proc", MOUNT_HIDDEN,
	    box->proc_subset ? "subset=pid" : NULL);
	build_claim(b, "proc", true, "mount",
	    box->proc_subset ? S("own, read-only, processes only") : S("own, read-only"));
}

/* The first path of the host that was asked for and shows its sockets; empty when none does. */
static struct str
shown_sockets(const struct box *box)
{
	if (build_in_run(box->root))
		return box->root;
	for (const struct action *a = box->first; a != NULL; a = a->next)
		if (a->kind != ACTION_TMP && build_in_run(a->src))
			return a->src;
	return S("");
}

static void
claim_sockets(struct build *b)
{
	struct str shown = shown_sockets(b->box);

	if (shown.n > 0) {
		build_claim(b, "sockets", false, "none",
		    str_of(build_join(b, TEXT("in reach: % of the host is shown", shown))))
		    ->state = CLAIM_NOT_ASKED;
		return;
	}
	build_claim(b, "sockets", false, "mount",
	    build_anew(b, NS_NET)
		? S("/run hidden; sockets that the host has elsewhere stay in reach")
		: S("/run hidden; those elsewhere and abstract ones stay in reach"));
}

/* Host sockets live below /run: they would be in reach in spite of a read-only view and an empty
 * network. It stays writable until finish(), so that mount points can be made in it. */
static void
run(struct build *b)
{
	struct str resolv = b->facts->resolv;
	uint8_t slot;

	/* most often a link to the other, else one more directory like it */
	build_hide(b, S("/var/run"), FLAG_NO_LINK);
	build_mount_on(b, S("/run"), FLAG_MAY, "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=1m,nr_inodes=512,mode=0755");
	b->run = build_target(b, S("/run"), FLAG_DIRECTORY | FLAG_MAY);
	if (resolv.n > 0 && b->box->root.n == 0) {
		slot = build_tree(b, resolv);
		build_attr(b, slot, ATTR_PLAIN | K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC, true);
		build_attach(b, 0, slot, resolv);
		build_release(b, slot);
	}
	claim_sockets(b);
}

/* Where the old root stays below the new one, so do its file systems. Nobody reaches them, but a
 * user namespace made in the box is given a proc or a sysfs of its own as free as one that is seen
 * whole anywhere in its mount namespace (fs/namespace.c, mnt_already_visible()); and uid 0 that can
 * write to a proc has the machine, by kernel.core_pattern. */
static void
cover_old(struct build *b)
{
	const struct facts *f = b->facts;

	for (const struct strnode *n = f->procs.first; n != NULL && !b->failed; n = n->next)
		if (!covered_first(b, n->s))
			build_cover(b, n->s);
	for (const struct strnode *n = f->sysfs.first; n != NULL && !b->failed; n = n->next)
		build_cover(b, n->s);
	/* what is mounted is not known then */
	if (!f->proc)
		build_cover(b, S("/sys"));
}

/* No mount point is made any more: what is ours becomes read-only too, and the host's root goes. */
static void
finish(struct build *b)
{
	const uint64_t closed = ATTR_PLAIN | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY;

	if (b->dev_open)
		build_attr(b, b->dev, closed, false);
	build_release(b, b->dev);
	build_attr(b, b->run, closed, false);
	build_release(b, b->run);
	if (b->facts->root_initramfs)
		cover_old(b);
	build_enter(b, b->root);
	if (b->facts->root_initramfs) {
		build_op(b, OP_CHROOT);
	} else {
		build_op(b, OP_PIVOT);
		build_op(b, OP_UMOUNT_OLD);
	}
	build_release(b, b->root);
}

static void
files(struct build *b)
{
	uint8_t early[EARLY_MAX] = { 0 };
	const bool *points = build_judge(b);

	build_op(b, OP_PRIVATE);
	cover_procs(b);
	build_early(b, early);
	root(b);
	proc(b);
	build_dev(b);
	run(b);
	build_actions(b, early, points);
	finish(b);
}

static void
directory_now(struct build *b)
{
	const struct box *box = b->box;

	if (box->chdir.n > 0)
		build_text(b, OP_CHDIR, box->chdir);
	else if (box->root.n == 0 && b->facts->cwd.n > 0)
		build_text(b, OP_CHDIR, b->facts->cwd)->flags = FLAG_MAY;
}

void
build_view(struct build *b)
{
	if (build_anew(b, NS_MOUNT))
		files(b);
	if (build_anew(b, NS_UTS) && b->box->hostname.n > 0) {
		build_text(b, OP_HOSTNAME, b->box->hostname);
		build_claim(b, "hostname", true, "uts namespace", b->box->hostname);
	}
	if (build_anew(b, NS_NET))
		build_op(b, OP_LOOPBACK);
	directory_now(b);
}
