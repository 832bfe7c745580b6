#include "spec/box.h"

#include <stddef.h>

static int
fault(struct field_ctx *c, struct pos pos, const struct str *part, size_t n)
{
	return err_put(c->err, c->fault, pos, 0, part, n);
}

static void
fill_spaces(struct box *box, enum level level)
{
	static const enum ns_mode fresh[NS_COUNT] = {
		[NS_USER] = NS_NEW,
		[NS_MOUNT] = NS_NEW,
		[NS_PID] = NS_NEW,
		[NS_NET] = NS_INHERIT,
		[NS_IPC] = NS_NEW,
		[NS_UTS] = NS_NEW,
		[NS_CGROUP] = NS_NEW,
		[NS_TIME] = NS_INHERIT,
	};

	for (size_t k = 0; k < NS_COUNT; k++) {
		if (box->ns[k].mode != NS_UNSET)
			continue;
		box->ns[k].mode = level == LEVEL_UNSET ? NS_NEW
				: level == LEVEL_NONE  ? NS_INHERIT
						       : fresh[k];
	}
}

/* What level none has no means to enforce is an error, not ignored. */
static int
none_has(struct field_ctx *c, const struct box *box)
{
	static const size_t at[] = {
		offsetof(struct box, root),
		offsetof(struct box, proc),
		offsetof(struct box, proc_subset),
		offsetof(struct box, hostname),
	};

	if (box->first != NULL)
		return fault(c, box->first->pos,
		    ERR_PARTS(
			S("level none shows the host's files; level namespaced is due for paths")));
	if (box->ns[NS_NET].mode == NS_NEW)
		return fault(c, box->ns[NS_NET].pos,
		    ERR_PARTS(S("level none has the host's network; level namespaced is due")));
	for (size_t i = 0; i < COUNT(at); i++)
		if (field_given(&box_table, box, at[i]))
			return fault(c, box->pos,
			    ERR_PARTS(S(
				"root, mount_proc, proc_subset and hostname need level namespaced")));
	return 0;
}

static int
repeated(struct field_ctx *c, const struct box *box)
{
	size_t n = 0;

	for (const struct action *a = box->first; a != NULL; a = a->next, n++) {
		size_t seen = 0;

		/* a command line with thousands of binds must not be quadratic; the kernel takes
		 * repeats, people do not write them */
		if (n > 256)
			break;
		for (const struct action *b = box->first; seen < n; b = b->next, seen++)
			if (b->kind == a->kind && str_eq(b->dest, a->dest))
				return fault(c, a->pos,
				    ERR_PARTS(S("\""), a->dest, S("\" is there already")));
	}
	return 0;
}

static int
rules(struct field_ctx *c, struct box *box)
{
	bool view = box->ns[NS_MOUNT].mode == NS_NEW;

	if (!view && (box->first != NULL || box->root.n > 0 || box->proc || box->dev))
		return fault(c, box->ns[NS_MOUNT].pos,
		    ERR_PARTS(S(
			"paths, a root, /proc and /dev need a mount namespace of their own; --mount new is due")));
	if (box->proc_subset && !box->proc)
		return fault(c, box->pos,
		    ERR_PARTS(
			S("proc_subset without mount_proc: --proc (mount_proc: true) is due")));
	if (box->proc && box->ns[NS_PID].mode == NS_INHERIT)
		return fault(c, box->ns[NS_PID].pos,
		    ERR_PARTS(S(
			"/proc would show the host's processes; a new PID namespace (--pid new) is due")));
	if (box->hostname.n > 0 && box->ns[NS_UTS].mode != NS_NEW)
		return fault(c, box->ns[NS_UTS].pos,
		    ERR_PARTS(S("a hostname needs a UTS namespace of its own; --uts new is due")));
	if (box->dev && box->no_dev)
		return fault(c, box->pos, ERR_PARTS(S("--dev and --no-dev exclude each other")));
	return repeated(c, box);
}

int
box_finish(struct field_ctx *c, struct box *box, enum level fallback)
{
	if (box->level == LEVEL_UNSET)
		box->level = fallback;
	if (box->level == LEVEL_NONE && none_has(c, box) < 0)
		return -1;
	fill_spaces(box, (enum level)box->level);
	/* a declared box never owns the caller's terminal, unless it says so */
	if (box->level != LEVEL_UNSET &&
	    !field_given(&box_table, box, offsetof(struct box, new_session)))
		box->new_session = true;
	return rules(c, box);
}
