#include "base/path.h"
#include "plan/build.h"
#include "sys/uapi.h"

/* The host's root again, or another directory, read-only with all that is mounted below it. */
static void
root(struct build *b)
{
	const struct box *box = b->box;
	struct str src = box->root.n > 0 ? box->root : S("/");
	bool writable = false;

	for (const struct action *a = box->first; a != NULL; a = a->next)
		writable = writable || (a->kind == ACTION_RW && a->dest.n == 1);
	b->root = build_tree(b, src);
	build_attr(b, b->root, ATTR_PLAIN | (writable ? 0 : K_MOUNT_ATTR_RDONLY), true);
	build_op_on(b, OP_MOVE_ROOT, b->root);
	build_hide_procs(b, src, S("/"), S("/proc"));
	build_claim(b, S("root"), box->root.n > 0, S("mount"),
	    writable ? S("writable, nosuid, nodev")
		     : S("read-only with everything below it, nosuid, nodev"));
}

/* A proc that can be written to lets uid 0 change the host's sysctls without any capability, so it
 * never can be. */
static void
proc(struct build *b)
{
	const struct box *box = b->box;

	if (!box->proc) {
		build_hide(b, S("/proc"));
		build_claim(b, S("proc"), false, S("mount"), S("hidden"));
		return;
	}
	/* fs/namespace.c, mnt_already_visible(): one that is seen whole has to exist already */
	if (!b->facts->admin && b->facts->proc_covered && b->facts->procs.n == 1)
		build_refuse(b, b->pos,
		    ERR_PARTS(S("a fresh /proc is refused by the kernel here: the one outside is "
				"partly mounted over")));
	build_mount_on(b, S("/proc"), 0, "proc", MOUNT_HIDDEN,
	    box->proc_subset ? "subset=pid" : NULL);
	build_claim(b, S("proc"), true, S("mount"),
	    box->proc_subset ? S("own, read-only, processes only") : S("own, read-only"));
}

/* Host sockets live below /run: they would be in reach in spite of a read-only view and an empty
 * network. It stays writable until finish(), so that mount points can be made in it. */
static void
run(struct build *b)
{
	struct str resolv = b->facts->resolv;
	uint8_t slot;

	build_mount_on(b, S("/run"), FLAG_MAY, "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=1m,nr_inodes=512,mode=0755");
	b->run = build_target(b, S("/run"), FLAG_DIRECTORY | FLAG_MAY);
	if (resolv.n > 0 && b->box->root.n == 0) {
		slot = build_tree(b, resolv);
		build_attr(b, slot, ATTR_PLAIN | K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC, true);
		build_attach(b, 0, slot, resolv);
		build_release(b, slot);
	}
	build_claim(b, S("sockets"), false, S("mount"),
	    build_anew(b, NS_NET)
		? S("/run hidden; sockets that the host has elsewhere stay in reach")
		: S("/run hidden; those elsewhere and abstract ones stay in reach"));
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
	uint8_t early[EARLY_MAX];

	build_op(b, OP_PRIVATE);
	build_early(b, early);
	root(b);
	proc(b);
	build_dev(b);
	run(b);
	build_actions(b, early);
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
		build_claim(b, S("hostname"), true, S("uts namespace"), b->box->hostname);
	}
	if (build_anew(b, NS_NET))
		build_op(b, OP_LOOPBACK);
	directory_now(b);
}
