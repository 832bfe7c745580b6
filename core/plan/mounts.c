#include "base/path.h"
#include "plan/build.h"
#include "spec/field.h"
#include "sys/uapi.h"

uint8_t
build_tree(struct build *b, struct str path)
{
	uint8_t slot = build_slot(b);
	struct op *o = build_text(b, OP_TREE, path);

	o->a = slot;
	o->flags = FLAG_RECURSIVE;
	return slot;
}

void
build_attr(struct build *b, uint8_t slot, uint64_t set, bool recursive)
{
	struct op *o = build_op_on(b, OP_ATTR, slot);

	o->num = set;
	o->flags = recursive ? FLAG_RECURSIVE : 0;
}

uint8_t
build_target(struct build *b, struct str path, unsigned flags)
{
	uint8_t slot = build_slot(b);
	/* openat2 takes it relative to the root's descriptor */
	struct op *o = build_text(b, OP_TARGET, path.n > 1 ? str_slice(path, 1, path.n) : S("."));

	o->a = slot;
	o->b = b->root;
	o->flags = (uint8_t)flags;
	return slot;
}

void
build_enter(struct build *b, uint8_t slot)
{
	build_op_on(b, OP_FCHDIR, slot);
}

void
build_mount(struct build *b, uint8_t slot, const char *name, const char *type, unsigned flags,
    const char *data)
{
	struct op *o = build_op_on(b, OP_MOUNT, slot);

	o->text = type;
	o->text2 = name;
	o->text3 = data;
	o->num = flags;
}

void
build_mount_on(struct build *b, struct str path, unsigned may, const char *type, unsigned flags,
    const char *data)
{
	uint8_t slot = build_target(b, path, FLAG_DIRECTORY | may);

	build_enter(b, slot);
	build_mount(b, slot, ".", type, flags, data);
	build_release(b, slot);
}

#define HIDDEN_DATA "size=4k,nr_inodes=2,mode=0555"

void
build_hide(struct build *b, struct str path, unsigned flags)
{
	build_mount_on(b, path, FLAG_MAY | flags, "tmpfs", MOUNT_HIDDEN, HIDDEN_DATA);
}

void
build_cover(struct build *b, struct str path)
{
	uint8_t slot = build_slot(b);
	struct op *o = build_text(b, OP_OPEN, path);

	o->a = slot;
	o->flags = FLAG_DIRECTORY | FLAG_MAY;
	build_enter(b, slot);
	build_mount(b, slot, ".", "tmpfs", MOUNT_HIDDEN, HIDDEN_DATA);
	build_release(b, slot);
}

void
build_hide_sockets(struct build *b, struct str src, struct str dest)
{
	static const char places[] = "/run|/var/run";

	for (size_t i = 0; word_at(places, i).p != NULL; i++) {
		struct str p = word_at(places, i);
		struct str rest = src.n == 1 ? p : str_slice(p, src.n, p.n);

		if (path_below(p, src) && p.n > src.n)
			build_hide(b, str_of(build_join(b, TEXT("%%", dest, rest))), FLAG_NO_LINK);
	}
}

bool
build_in_proc(const struct build *b, struct str path)
{
	for (const struct strnode *n = b->facts->procs.first; n != NULL; n = n->next)
		if (path_below(path, n->s))
			return true;
	return false;
}

bool
build_in_run(struct str path)
{
	return path_below(path, S("/run")) || path_below(path, S("/var/run"));
}

/* Could dest lie in something of ours at all? Most do not, and need no search. */
static bool
maybe_ours(const struct build *b, struct str dest)
{
	return b->box->ntmp > 0 || path_below(dest, S("/run")) || path_below(dest, S("/dev"));
}

void
build_area(struct build *b, size_t index, struct str dest)
{
	uint8_t slot;

	if (b->nareas == AREA_MAX) {
		build_refuse(b, b->pos,
		    TEXT("mount points are due in more than 32 file systems in memory"));
		return;
	}
	slot = build_target(b, dest, FLAG_DIRECTORY);
	b->area[b->nareas].index = index;
	b->area[b->nareas++].slot = slot;
}

static uint8_t
area_of(const struct build *b, size_t index)
{
	uint8_t slot = NO_SLOT;

	for (size_t i = 0; i < b->nareas; i++)
		if (b->area[i].index == index)
			slot = b->area[i].slot;
	return slot;
}

/* What lies below one of the links in our /dev lies somewhere else: nothing of ours to make. */
static bool
below_dev_link(struct str dest)
{
	static const char links[] = "fd|stdin|stdout|stderr|ptmx";
	const size_t from = sizeof("/dev");
	struct str name = str_slice(dest, from, str_find(dest, '/', from));

	for (size_t i = 0; word_at(links, i).p != NULL; i++)
		if (str_eq(word_at(links, i), name))
			return from + name.n < dest.n;
	return false;
}

/* The innermost thing of this box that dest lies strictly below, and its place: an own file system
 * can have mount points made in it, by the slot that is given; a bind cannot (NO_SLOT). That slot
 * was taken when the file system was new: looked up again, the same path could lead, through a
 * link, to what was bound over it since. */
static uint8_t
own_area(struct build *b, size_t index, struct str dest, struct str *top)
{
	const struct action *a;

	if (!maybe_ours(b, dest))
		return NO_SLOT;
	for (*top = path_dir(dest); top->n > 1; *top = path_dir(*top)) {
		a = box_action_at(b->box, *top, index);
		if (a != NULL)
			return a->kind == ACTION_TMP ? area_of(b, a->index) : NO_SLOT;
		if (str_eq(*top, S("/run")))
			return b->run;
		if (str_eq(*top, S("/dev")))
			return below_dev_link(dest) ? NO_SLOT : b->dev;
	}
	return NO_SLOT;
}

/* Makes the directories on the way to a mount point, and the point itself like the source (a
 * directory or a file), where the place is ours to write in; what exists already is left. Elsewhere
 * nothing is made: it would be litter on the host. */
void
build_point(struct build *b, size_t index, struct str dest, uint8_t like)
{
	struct str top;
	uint8_t area = own_area(b, index, dest, &top);
	struct op *o;
	size_t at;

	if (area == NO_SLOT)
		return;
	for (at = str_find(dest, '/', top.n + 1); at < dest.n; at = str_find(dest, '/', at + 1)) {
		o = build_text(b, OP_MKDIR, str_slice(dest, top.n + 1, at));
		o->b = area;
		o->num = 0755;
		o->flags = FLAG_MAY;
	}
	o = build_text(b, OP_POINT, str_slice(dest, top.n + 1, dest.n));
	o->a = like;
	o->b = area;
	o->flags = FLAG_MAY;
}

void
build_attach(struct build *b, size_t index, uint8_t slot, struct str dest)
{
	uint8_t t;

	build_point(b, index, dest, slot);
	t = build_target(b, dest, 0);
	build_op_on(b, OP_MOVE, slot)->b = t;
	build_release(b, t);
}
