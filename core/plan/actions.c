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
			build_refuse(b, a->pos, ERR_PARTS(S("\"/\" is bound more than 16 times")));
			return;
		}
		slot[n++] = build_tree(b, a->src);
	}
}

static void
bind(struct build *b, const struct action *a, uint8_t slot)
{
	build_attr(b, slot, ATTR_PLAIN | (a->kind == ACTION_RO ? K_MOUNT_ATTR_RDONLY : 0), true);
	if (a->kind == ACTION_RW)
		build_op_on(b, OP_WRITABLE, slot)->text = build_cstr(b, a->src);
	build_attach(b, a->index, slot, a->dest);
	build_release(b, slot);
	build_hide_procs(b, a->src, a->dest, S(""));
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
	build_point(b, a->index, a->dest, NO_SLOT);
	build_mount_on(b, a->dest, 0, "tmpfs", MOUNT_PLAIN, build_cstr(b, buf_str(&out)));
}

void
build_actions(struct build *b, const uint8_t *early)
{
	for (const struct action *a = b->box->first; a != NULL; a = a->next) {
		b->pos = a->pos;
		if (a->kind == ACTION_TMP)
			tmp(b, a);
		else if (clones_root(a))
			bind(b, a, *early++);
		else if (a->dest.n > 1) /* "/" itself is the root's matter */
			bind(b, a, build_tree(b, a->src));
		build_claim(b, word_at("read-only|writable|bind|tmpfs", a->kind), true, S("mount"),
		    a->dest);
	}
	b->pos = POS_NONE;
}
