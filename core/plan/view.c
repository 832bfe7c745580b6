#include "plan/build.h"
#include "base/limits.h"
#include "base/path.h"
#include "sys/uapi.h"

#include <string.h>

#define ATTR_PLAIN (K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV)
#define MOUNT_HIDDEN (K_MS_RDONLY | K_MS_NOSUID | K_MS_NODEV | K_MS_NOEXEC)
#define MOUNT_PLAIN (K_MS_NOSUID | K_MS_NODEV)

/* The path without its leading slash, as openat2 wants it under a root. "/" gives ".". */
static struct str
relative(struct str path)
{
	return path.n <= 1 ? S(".") : str_slice(path, 1, path.n);
}

static uint8_t
target(struct build *b, struct str path, unsigned flags)
{
	uint8_t slot = build_slot(b);
	struct op *o = build_text(b, OP_TARGET, relative(path));

	if (o != NULL) {
		o->a = slot;
		o->b = b->root;
		o->flags = (uint8_t)flags;
	}
	return slot;
}

static void
enter(struct build *b, uint8_t slot)
{
	struct op *o = build_op(b, OP_FCHDIR);

	if (o != NULL)
		o->a = slot;
}

static struct op *
mount_here(struct build *b, uint8_t slot, const char *type, unsigned flags, const char *data)
{
	struct op *o = build_op(b, OP_MOUNT);

	if (o != NULL) {
		o->a = slot;
		o->text = type;
		o->text2 = ".";
		o->text3 = data;
		o->num = flags;
	}
	return o;
}

/* Mounts over a directory of the box, without keeping a descriptor. */
static void
mount_on(struct build *b, struct str path, unsigned may, const char *type, unsigned flags,
    const char *data)
{
	uint8_t slot = target(b, path, FLAG_DIRECTORY | may);

	enter(b, slot);
	mount_here(b, slot, type, flags, data);
	build_release(b, slot);
}

static void
hide(struct build *b, struct str path)
{
	mount_on(b, path, FLAG_MAY, "tmpfs", MOUNT_HIDDEN, "size=4k,nr_inodes=2,mode=0555");
}

static void
attr(struct build *b, uint8_t slot, uint64_t set, bool recursive)
{
	struct op *o = build_op(b, OP_ATTR);

	if (o != NULL) {
		o->a = slot;
		o->num = set;
		o->flags = recursive ? FLAG_RECURSIVE : 0;
	}
}

static uint8_t
tree(struct build *b, struct str path)
{
	uint8_t slot = build_slot(b);
	struct op *o = build_text(b, OP_TREE, path);

	if (o != NULL) {
		o->a = slot;
		o->flags = FLAG_RECURSIVE;
	}
	return slot;
}

/* A proc file system of the host that came along below src is hidden at its place below dest: with
 * another PID namespace around it, it is still the host's. */
static void
hide_procs(struct build *b, struct str src, struct str dest, struct str except)
{
	for (size_t i = 0; i < b->facts->nprocs && !b->failed; i++) {
		struct str p = b->facts->procs[i];
		struct str part[2] = { dest.n == 1 ? S("") : dest,
			src.n == 1 ? p : str_slice(p, src.n, p.n) };
		struct str at;

		if (!path_below(p, src))
			continue;
		at = str_of(build_join(b, part, 2));
		if (!str_eq(at, except))
			hide(b, at.n == 0 ? S("/") : at);
	}
}

/* The own file system that dest would be made in, as the innermost of what stands there before this
 * action. */
static uint8_t
own_area(struct build *b, const struct action *stop, struct str dest, struct str *top)
{
	uint8_t slot = NO_SLOT;
	*top = S("");
	if (path_below(dest, S("/run")) && dest.n > 4) {
		*top = S("/run");
		slot = b->run;
	}
	if (path_below(dest, S("/dev")) && dest.n > 4 && b->dev != NO_SLOT) {
		*top = S("/dev");
		slot = b->dev;
	}
	for (const struct action *a = b->box->first; a != NULL && a != stop; a = a->next) {
		if (!path_below(dest, a->dest) || a->dest.n < top->n || a->dest.n == dest.n)
			continue;
		*top = a->dest;
		slot = a->kind == ACTION_TMP ? target(b, a->dest, FLAG_DIRECTORY) : NO_SLOT;
	}
	return slot;
}

/* Makes the directories on the way to a mount point, and the point itself like the source (a
 * directory or a file), where the place is ours to write in; what exists already is left. Elsewhere
 * nothing is made: it would be litter on the host. */
static void
point(struct build *b, const struct action *act, struct str dest, uint8_t like)
{
	struct str top;
	uint8_t area = own_area(b, act, dest, &top);
	struct op *o;

	if (area == NO_SLOT || b->failed)
		return;
	enter(b, area);
	for (size_t at = str_find(dest, '/', top.n + 1); at < dest.n;
	     at = str_find(dest, '/', at + 1)) {
		o = build_text(b, OP_MKDIR, str_slice(dest, top.n + 1, at));
		if (o != NULL) {
			o->num = 0755;
			o->flags = FLAG_MAY;
		}
	}
	o = build_text(b, OP_POINT, str_slice(dest, top.n + 1, dest.n));
	if (o != NULL) {
		o->a = like;
		o->flags = FLAG_MAY;
	}
	if (area != b->run && area != b->dev)
		build_release(b, area);
}

static void
attach(struct build *b, uint8_t slot, struct str dest)
{
	uint8_t t = target(b, dest, 0);
	struct op *o = build_op(b, OP_MOVE);

	if (o != NULL) {
		o->a = slot;
		o->b = t;
	}
	build_release(b, t);
}

static void
bind(struct build *b, const struct action *a, uint8_t slot)
{
	struct op *o;

	if (slot == NO_SLOT)
		slot = tree(b, a->src);
	attr(b, slot, ATTR_PLAIN | (a->kind == ACTION_RO ? K_MOUNT_ATTR_RDONLY : 0), true);
	if (a->kind == ACTION_RW) {
		o = build_op(b, OP_WRITABLE);
		if (o != NULL) {
			o->a = slot;
			o->text = build_cstr(b, a->src);
		}
	}
	point(b, a, a->dest, slot);
	attach(b, slot, a->dest);
	build_release(b, slot);
	hide_procs(b, a->src, a->dest, S(""));
}

static void
tmp(struct build *b, const struct action *a)
{
	char data[96];
	struct buf out = BUF(data);

	buf_put(&out, S("size="));
	buf_uint(&out, a->size);
	buf_put(&out, S(",nr_inodes="));
	buf_uint(&out, a->inodes);
	buf_put(&out, S(",mode="));
	buf_octal(&out, a->mode);
	point(b, a, a->dest, NO_SLOT);
	mount_on(b, a->dest, 0, "tmpfs", MOUNT_PLAIN, build_cstr(b, buf_str(&out)));
}

/* The host's root again, or another directory, read-only with all that is mounted below it. */
static void
root(struct build *b)
{
	const struct box *box = b->box;
	struct str src = box->root.n > 0 ? box->root : S("/");
	bool writable = false;
	struct op *o;

	for (const struct action *a = box->first; a != NULL; a = a->next)
		writable = writable || (a->kind == ACTION_RW && a->dest.n == 1);
	b->root = tree(b, src);
	attr(b, b->root, ATTR_PLAIN | (writable ? 0 : K_MOUNT_ATTR_RDONLY), true);
	o = build_op(b, OP_MOVE_ROOT);
	if (o != NULL)
		o->a = b->root;
	hide_procs(b, src, S("/"), S("/proc"));
	build_claim(b, S("root"), box->root.n > 0, S("mount"),
	    writable ? S("writable, nosuid, nodev")
		     : S("read-only with everything below it, nosuid, nodev"));
}

/* A proc that can be written to lets uid 0 change the host's sysctls without any capability, so it
 * never can be. */
static void
proc(struct build *b)
{
	bool fresh = b->box->proc;

	if (fresh && !b->facts->admin && b->facts->proc_covered && b->facts->nprocs == 1) {
		build_refuse(b, b->pos,
		    ERR_PARTS(S(
			"a fresh /proc is refused by the kernel here: the one outside is partly mounted over")));
		return;
	}
	if (fresh)
		mount_on(b, S("/proc"), 0, "proc", MOUNT_HIDDEN,
		    b->box->proc_subset ? "subset=pid" : NULL);
	else
		hide(b, S("/proc"));
	build_claim(b, S("proc"), fresh, S("mount"),
	    !fresh                ? S("hidden")
	    : b->box->proc_subset ? S("own, read-only, processes only")
				  : S("own, read-only"));
}

/* An own file system at path that mount points can still be made in; b->run and b->dev hold it
 * until finish(). */
static uint8_t
area(struct build *b, struct str path, unsigned may, const char *data)
{
	mount_on(b, path, may, "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC, data);
	return target(b, path, FLAG_DIRECTORY | may);
}

/* Host sockets live below /run: they would be in reach in spite of a read-only view and an empty
 * network. */
static void
run(struct build *b)
{
	struct str resolv = b->facts->resolv;
	uint8_t slot;

	b->run = area(b, S("/run"), FLAG_MAY, "size=1m,nr_inodes=512,mode=0755");
	if (resolv.n > 0 && b->box->root.n == 0) {
		slot = tree(b, resolv);
		attr(b, slot, ATTR_PLAIN | K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC, true);
		point(b, b->box->first, resolv, slot);
		attach(b, slot, resolv);
		build_release(b, slot);
	}
	build_claim(b, S("sockets"), false, S("mount"),
	    S("/run hidden; sockets that the host has elsewhere stay in reach"));
}

static const char *const devices[] = { "null", "zero", "full", "random", "urandom", "tty" };

static void
link(struct build *b, const char *text, const char *name)
{
	struct op *o = build_op(b, OP_SYMLINK);

	if (o != NULL) {
		o->text = text;
		o->text2 = name;
	}
}

static void
device(struct build *b, const char *name)
{
	char path[32];
	struct buf host = BUF(path);
	uint8_t slot;
	struct op *o;

	buf_parts(&host, ERR_PARTS(S("/dev/"), str_of(name)));
	slot = tree(b, buf_str(&host));
	/* read-only does not stop writing to a device, but changing its mode: uid 0 owns the host's
	 * nodes */
	attr(b, slot, K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY, false);
	o = build_op(b, OP_MKFILE);
	if (o != NULL)
		o->text = name;
	o = build_op_on(b, OP_MOVE, slot);
	if (o != NULL) {
		o->b = b->dev;
		o->text = name;
	}
	build_release(b, slot);
}

static void
directory(struct build *b, const char *name, unsigned mode)
{
	struct op *o = build_op(b, OP_MKDIR);

	if (o != NULL) {
		o->text = name;
		o->num = mode;
	}
}

static void
dev(struct build *b)
{
	bool tty_group = b->box->ns[NS_USER].mode != NS_NEW || b->facts->admin;
	struct op *o;

	b->dev = NO_SLOT;
	if (b->box->no_dev) {
		build_claim(b, S("devices"), true, S("mount"),
		    S("the host's /dev, read-only, no device can be opened"));
		return;
	}
	b->dev = area(b, S("/dev"), 0, "size=64k,nr_inodes=512,mode=0755");
	enter(b, b->dev);
	for (size_t i = 0; i < COUNT(devices); i++)
		device(b, devices[i]);
	link(b, "/proc/self/fd", "fd");
	link(b, "/proc/self/fd/0", "stdin");
	link(b, "/proc/self/fd/1", "stdout");
	link(b, "/proc/self/fd/2", "stderr");
	link(b, "pts/ptmx", "ptmx");
	directory(b, "pts", 0755);
	directory(b, "shm", 01777);
	o = mount_here(b, b->dev, "devpts", K_MS_NOSUID | K_MS_NOEXEC,
	    /* gid 5 has to be mapped, or 6.1 says EINVAL */
	    tty_group ? "newinstance,ptmxmode=0666,mode=0620,gid=5"
		      : "newinstance,ptmxmode=0666,mode=0620");
	if (o != NULL)
		o->text2 = "pts";
	o = mount_here(b, b->dev, "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=64m,nr_inodes=16384,mode=01777");
	if (o != NULL)
		o->text2 = "shm";
	build_claim(b, S("devices"), true, S("mount"),
	    S("null zero full random urandom tty pts shm"));
}

/* No mount point is made any more: what is ours becomes read-only too, and the host's root goes. */
static void
finish(struct build *b)
{
	if (b->dev != NO_SLOT) {
		attr(b, b->dev, ATTR_PLAIN | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY, false);
		build_release(b, b->dev);
	}
	attr(b, b->run, ATTR_PLAIN | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY, false);
	build_release(b, b->run);
	enter(b, b->root);
	if (b->facts->root_initramfs) {
		build_op(b, OP_CHROOT);
	} else {
		build_op(b, OP_PIVOT);
		build_op(b, OP_UMOUNT_OLD);
	}
	build_release(b, b->root);
}

static void
claim_action(struct build *b, const struct action *a)
{
	static const struct str what[] = {
		[ACTION_RO] = { "read-only", 9 },
		[ACTION_RW] = { "writable", 8 },
		[ACTION_BIND] = { "bind", 4 },
		[ACTION_TMP] = { "tmpfs", 5 },
	};

	build_claim(b, what[a->kind], true, S("mount"), a->dest);
}

/* Clones of "/" are taken before the new root lies over it; afterwards they would be clones of the
 * new root. */
static void
actions(struct build *b, const uint8_t *early)
{
	size_t i = 0;

	for (const struct action *a = b->box->first; a != NULL; a = a->next) {
		b->pos = a->pos;
		if (a->kind == ACTION_TMP)
			tmp(b, a);
		else if (a->dest.n > 1)
			bind(b, a, a->src.n == 1 ? early[i++] : NO_SLOT);
		claim_action(b, a);
	}
	b->pos = POS_NONE;
}

static void
directory_now(struct build *b)
{
	struct str to = b->box->chdir.n > 0 ? b->box->chdir : b->facts->cwd;
	struct op *o;

	if (to.n == 0 || (b->box->chdir.n == 0 && b->box->root.n > 0))
		return;
	o = build_text(b, OP_CHDIR, to);
	if (o != NULL)
		o->flags = b->box->chdir.n > 0 ? 0 : FLAG_MAY;
}

void
build_view(struct build *b)
{
	uint8_t early[LIMIT_SLOTS];
	size_t n = 0;

	if (b->box->ns[NS_MOUNT].mode == NS_NEW) {
		build_op(b, OP_PRIVATE);
		for (const struct action *a = b->box->first; a != NULL && !b->failed; a = a->next)
			if (a->kind != ACTION_TMP && a->src.n == 1 && a->dest.n > 1)
				early[n++] = tree(b, a->src);
		root(b);
		proc(b);
		dev(b);
		run(b);
		actions(b, early);
		finish(b);
	}
	if (b->box->ns[NS_UTS].mode == NS_NEW && b->box->hostname.n > 0) {
		build_text(b, OP_HOSTNAME, b->box->hostname);
		build_claim(b, S("hostname"), true, S("uts namespace"), b->box->hostname);
	}
	if (b->box->ns[NS_NET].mode == NS_NEW)
		build_op(b, OP_LOOPBACK);
	directory_now(b);
}
