#include "base/path.h"
#include "plan/build.h"
#include "spec/field.h"
#include "sys/uapi.h"

static void
device(struct build *b, struct str name)
{
	char path[32];
	struct buf host = BUF(path);
	uint8_t slot;
	struct op *o;

	buf_text(&host, TEXT("/dev/%", name));
	slot = build_tree(b, buf_str(&host));
	o = build_text(b, OP_POINT, name);
	o->b = b->dev;
	o->flags = FLAG_FILE;
	o = build_text(b, OP_MOVE, name);
	o->a = slot;
	o->b = b->dev;
	build_release(b, slot);
}

static void
link(struct build *b, const char *text, const char *name)
{
	struct op *o = build_op(b, OP_SYMLINK);

	o->b = b->dev;
	o->text = text;
	o->text2 = name;
}

static void
directory(struct build *b, const char *name, unsigned mode)
{
	struct op *o = build_op(b, OP_MKDIR);

	o->b = b->dev;
	o->text = name;
	o->num = mode;
}

/* Mount points may still have to be made there. */
static bool
has_action_below(const struct build *b, struct str top)
{
	for (const struct action *a = b->box->first; a != NULL; a = a->next)
		if (path_below(a->dest, top) && a->dest.n > top.n)
			return true;
	return false;
}

/* Terminals belong to group tty, which is 5 everywhere, where the box has that group: one that is
 * not mapped is EINVAL. What a joined user namespace maps is not known. */
static bool
has_tty_group(const struct build *b)
{
	const struct facts *f = b->facts;

	if (!f->admin || b->box->ns[NS_USER].mode == NS_JOIN)
		return false;
	for (size_t i = 0; i < f->ngids; i++)
		if (f->gids[i].inside <= 5 && 5 - f->gids[i].inside < f->gids[i].count)
			return true;
	return false;
}

/* Whatever is or was put there, only our own nodes can be opened. */
static void
claim_devices(struct build *b)
{
	const struct action *root = box_action_at(b->box, S("/"), SIZE_MAX);

	if (box_action_at(b->box, S("/dev"), SIZE_MAX) != NULL)
		build_claim(b, "devices", true, "nodev",
		    S("what was put on /dev: none can be opened"));
	else if (!b->box->no_dev)
		build_claim(b, "devices", true, "mount",
		    S("null zero full random urandom tty pts shm"));
	else if (root != NULL && root->kind == ACTION_RW)
		build_claim(b, "devices", true, "nodev",
		    S("those of the root: none can be opened"));
	else
		build_claim(b, "devices", true, "nodev",
		    S("those of the root, read-only: none can be opened"));
}

void
build_dev(struct build *b)
{
	static const char names[] = "null|zero|full|random|urandom|tty";

	claim_devices(b);
	if (b->box->no_dev)
		return;
	build_mount_on(b, S("/dev"), 0, "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=64k,nr_inodes=512,mode=0755");
	b->dev = build_target(b, S("/dev"), FLAG_DIRECTORY);
	for (size_t i = 0; word_at(names, i).p != NULL; i++)
		device(b, word_at(names, i));
	link(b, "/proc/self/fd", "fd");
	link(b, "/proc/self/fd/0", "stdin");
	link(b, "/proc/self/fd/1", "stdout");
	link(b, "/proc/self/fd/2", "stderr");
	link(b, "pts/ptmx", "ptmx");
	directory(b, "pts", 0755);
	directory(b, "shm", 01777);
	/* read-only does not stop writing to a device, but changing its mode: uid 0 owns the host's
	 * nodes */
	build_attr(b, b->dev, K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY,
	    true);
	b->dev_open = has_action_below(b, S("/dev"));
	if (b->dev_open)
		build_op_on(b, OP_ATTR_OFF, b->dev)->num = K_MOUNT_ATTR_RDONLY;
	build_enter(b, b->dev);
	build_mount(b, b->dev, "pts", "devpts", K_MS_NOSUID | K_MS_NOEXEC,
	    has_tty_group(b) ? "newinstance,ptmxmode=0666,mode=0620,gid=5"
			     : "newinstance,ptmxmode=0666,mode=0620");
	build_mount(b, b->dev, "shm", "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=64m,nr_inodes=16384,mode=01777");
}
