#include "plan/build.h"
#include "spec/field.h"
#include "sys/uapi.h"

enum { TTY_GROUP = 5 };

static void
device(struct build *b, struct str name)
{
	char path[32];
	struct buf host = BUF(path);
	uint8_t slot;
	struct op *o;

	buf_parts(&host, ERR_PARTS(S("/dev/"), name));
	slot = build_tree(b, buf_str(&host));
	/* read-only does not stop writing to a device, but changing its mode: uid 0 owns the host's
	 * nodes */
	build_attr(b, slot, K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NOEXEC | K_MOUNT_ATTR_RDONLY, false);
	o = build_text(b, OP_POINT, name);
	o->a = slot;
	o->b = b->dev;
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

/* Is the terminals' group one of the box? */
static bool
has_tty_group(const struct build *b)
{
	const struct facts *f = b->facts;

	if (!build_anew(b, NS_USER))
		return true;
	for (size_t i = 0; f->admin && i < f->ngids; i++)
		if (f->gids[i].inside <= TTY_GROUP &&
		    TTY_GROUP - f->gids[i].inside < f->gids[i].count)
			return true;
	return false;
}

void
build_dev(struct build *b)
{
	static const char names[] = "null|zero|full|random|urandom|tty";

	if (b->box->no_dev) {
		build_claim(b, S("devices"), true, S("mount"),
		    S("the host's /dev, read-only, no device can be opened"));
		return;
	}
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
	build_enter(b, b->dev);
	build_mount(b, b->dev, "pts", "devpts", K_MS_NOSUID | K_MS_NOEXEC,
	    /* it has to be mapped, or Linux 6.1 says EINVAL */
	    has_tty_group(b) ? "newinstance,ptmxmode=0666,mode=0620,gid=5"
			     : "newinstance,ptmxmode=0666,mode=0620");
	build_mount(b, b->dev, "shm", "tmpfs", MOUNT_PLAIN | K_MS_NOEXEC,
	    "size=64m,nr_inodes=16384,mode=01777");
	build_claim(b, S("devices"), true, S("mount"),
	    S("null zero full random urandom tty pts shm"));
}
