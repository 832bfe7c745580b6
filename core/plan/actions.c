#include "base/path.h"
#include "plan/build.h"
#include "spec/field.h"
#include "sys/uapi.h"

static bool
clones_root(const struct action *a)
{
	return a->kind != ACTION_TMP && a->src.n == 1 && a->dest.n > 1;
}

void
build_early(struct build *b, uint8_t slot[EARLY_MAX])
{
	size_t n = 0;

	for (const struct action *a = b->box->first; a != NULL; a = a->next) {
		if (!clones_root(a))
			continue;
		if (n == EARLY_MAX) {
			build_refuse(b, a->pos, TEXT("\"/\" is bound more than 16 times"));
			return;
		}
		slot[n++] = build_tree(b, a->src);
	}
}

/* The shortest destination but "/": nothing above it is one. */
static size_t
shortest(const struct box *box)
{
	size_t least = SIZE_MAX;

	for (const struct action *a = box->first; a != NULL; a = a->next)
		if (a->dest.n > 1 && a->dest.n < least)
			least = a->dest.n;
	return least;
}

/* What lies over a when all is done, and is not a itself. */
static const struct action *
cover_of(const struct box *box, const struct action *a, size_t least)
{
	const struct action *over;

	/* "/" is no mount of its own: it lies over nothing */
	for (struct str top = a->dest; top.n >= least || top.n == a->dest.n; top = path_dir(top)) {
		over = box_action_at(box, top, SIZE_MAX);
		if (over != NULL && over->index > a->index)
			return over;
		if (top.n == 1)
			break;
	}
	return NULL;
}

/* Marks the file system in memory, if any, that a needs a mount point in. */
static void
mark_area(const struct box *box, const struct action *a, bool *points)
{
	const struct action *in;

	for (struct str top = path_dir(a->dest); top.n > 1; top = path_dir(top)) {
		in = box_action_at(box, top, a->index);
		if (in == NULL)
			continue;
		points[in->index] = in->kind == ACTION_TMP;
		return;
	}
}

/* In the order that was given each of them has to come out as it was asked for; to reorder them
 * would be to guess. */
bool *
build_judge(struct build *b)
{
	const struct box *box = b->box;
	bool *points = arena_array(b->arena, box->nactions + 1, sizeof(*points));
	size_t least = shortest(box);

	if (points == NULL)
		build_memory(b);
	for (const struct action *a = box->first; a != NULL && !b->failed; a = a->next) {
		const struct action *over = cover_of(box, a, least);

		if (a->kind != ACTION_TMP && build_in_proc(b, a->src))
			build_refuse(b, a->pos,
			    TEXT("\"%\" is the host's proc file system, which no box shows; "
				 "an own one is to be had: --proc (mount_proc: true)",
				a->src));
		if (over != NULL)
			build_refuse(b, a->pos,
			    TEXT("\"%\" would be covered by \"%\", which comes later; the "
				 "other order is due",
				a->dest, over->dest));
		if (box->proc && str_eq(a->dest, S("/proc")))
			build_refuse(b, a->pos, TEXT("\"/proc\" would cover the own one"));
		if (box->ntmp > 0)
			mark_area(box, a, points);
	}
	return points;
}

static void
bind(struct build *b, const struct action *a, uint8_t slot)
{
	build_attr(b, slot, ATTR_PLAIN | (a->kind == ACTION_RO ? K_MOUNT_ATTR_RDONLY : 0), true);
	if (a->kind == ACTION_RW)
		build_op_on(b, OP_WRITABLE, slot)->text = build_cstr(b, a->src);
	build_attach(b, a->index, slot, a->dest);
	build_release(b, slot);
	build_hide_sockets(b, a->src, a->dest);
}

static void
tmp(struct build *b, const struct action *a, bool points)
{
	char data[96];
	struct buf out = BUF(data);

	buf_cstr(&out, "size=");
	buf_uint(&out, a->size);
	buf_cstr(&out, ",nr_inodes=");
	buf_uint(&out, a->inodes);
	buf_cstr(&out, ",mode=");
	buf_octal(&out, a->mode);
	build_point(b, a->index, a->dest, NO_SLOT);
	build_mount_on(b, a->dest, 0, "tmpfs", MOUNT_PLAIN, build_cstr(b, buf_str(&out)));
	if (points)
		build_area(b, a->index, a->dest);
}

void
build_actions(struct build *b, const uint8_t *early, const bool *points)
{
	for (const struct action *a = b->box->first; a != NULL && !b->failed; a = a->next) {
		b->pos = a->pos;
		if (a->kind == ACTION_TMP)
			tmp(b, a, points[a->index]);
		else if (clones_root(a))
			bind(b, a, *early++);
		else if (a->dest.n > 1) /* "/" itself is the root's matter */
			bind(b, a, build_tree(b, a->src));
		build_claim(b, "", true, "mount", a->dest)->name =
		    word_at("read-only|writable|bind|tmpfs", a->kind);
	}
	b->pos = POS_NONE;
}
