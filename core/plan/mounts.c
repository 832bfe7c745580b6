#include "base/path.h"
#include "plan/build.h"
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
build_hide(struct build *b, struct str path)
{
	build_mount_on(b, path, FLAG_MAY, "tmpfs", MOUNT_HIDDEN, HIDDEN_DATA);
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

/* With another PID namespace around it, it would still be the host's. */
void
build_hide_procs(struct build *b, struct str src, struct str dest, struct str except)
{
	for (const struct strnode *n = b->facts->procs.first; n != NULL && !b->failed;
	     n = n->next) {
		struct str p = n->s;
		struct str part[2] = { dest.n == 1 ? S("") : dest,
			src.n == 1 ? p : str_slice(p, src.n, p.n) };
		struct str at;

		if (!path_below(p, src))
			continue;
		at = str_of(build_join(b, part, 2));
		if (!str_eq(at, except))
			build_hide(b, at.n == 0 ? S("/") : at);
	}
}

/* Could dest lie in something of ours at all? Most do not, and need no search. */
static bool
maybe_ours(const struct build *b, struct str dest)
{
	return b->box->ntmp > 0 || path_below(dest, S("/run")) || path_below(dest, S("/dev"));
}

/* The innermost thing of this box that dest lies strictly below, and its place: an own file system
 * can have mount points made in it, by the slot that is given; a bind cannot (NO_SLOT). */
static uint8_t
own_area(struct build *b, size_t index, struct str dest, struct str *top)
{
	const struct action *a;

	if (!maybe_ours(b, dest))
		return NO_SLOT;
	for (*top = path_dir(dest); top->n > 1; *top = path_dir(*top)) {
		a = box_action_at(b->box, *top, index);
		if (a != NULL)
			return a->kind == ACTION_TMP ? build_target(b, *top, FLAG_DIRECTORY)
						     : NO_SLOT;
		if (str_eq(*top, S("/run")))
			return b->run;
		if (str_eq(*top, S("/dev")))
			return b->dev;
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
	if (area != b->run && area != b->dev)
		build_release(b, area);
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
