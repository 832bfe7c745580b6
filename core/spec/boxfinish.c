#include "spec/box.h"

#include "base/sort.h"

#include <stddef.h>

static int
fault(struct field_ctx *c, struct pos pos, const char *text, const struct str *arg, size_t n)
{
	return err_put(c->err, c->fault, pos, text, arg, n);
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

/* What level none has no means to enforce is an error, not ignored; false for a flag as well: what
 * it denies is there. */
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
		    TEXT("level none shows the host's files; level namespaced is due for paths"));
	if (box->ns[NS_NET].mode == NS_NEW)
		return fault(c, box->ns[NS_NET].pos,
		    TEXT("level none has the host's network; level namespaced is due"));
	for (size_t i = 0; i < COUNT(at); i++)
		if (field_given(&box_table, box, at[i]))
			return fault(c, field_place(&box_table, box, at[i]),
			    TEXT("level none has the host's root, /proc and hostname; level "
				 "namespaced is due"));
	return 0;
}

static int
compare(const struct action *a, struct str dest, size_t index)
{
	int order = str_cmp(a->dest, dest);

	if (order != 0)
		return order;
	return a->index < index ? -1 : a->index > index;
}

static bool
before(const void *x, const void *y)
{
	const struct action *a = x, *b = y;

	return compare(a, b->dest, b->index) < 0;
}

const struct action *
box_action_at(const struct box *box, struct str dest, size_t index)
{
	size_t low = 0, high = box->nactions;
	const struct action *a;

	/* the first that does not come before (dest, index); its neighbour is the one */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(box->by_dest[middle], dest, index) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	a = low > 0 ? box->by_dest[low - 1] : NULL;
	return a != NULL && str_eq(a->dest, dest) ? a : NULL;
}

/* Actions of one destination stand side by side; of each kind, one will do. */
static int
check_repeated(struct field_ctx *c, const struct box *box)
{
	uint32_t kinds = 0;

	for (size_t i = 0; i < box->nactions; i++) {
		const struct action *a = box->by_dest[i], *b = i > 0 ? box->by_dest[i - 1] : NULL;

		if (b == NULL || !str_eq(a->dest, b->dest))
			kinds = 0;
		if ((kinds & (uint32_t)1 << a->kind) != 0)
			return fault(c, a->pos,
			    TEXT("%\"%\" is there already",
				word_at("the read-only path |the writable path |a bind at |"
					"a tmpfs at ",
				    a->kind),
				a->dest));
		kinds |= (uint32_t)1 << a->kind;
	}
	return 0;
}

static int
index_actions(struct field_ctx *c, struct box *box)
{
	size_t n = 0;

	box->by_dest = arena_array(c->arena, box->nactions, sizeof(*box->by_dest));
	if (box->by_dest == NULL)
		return err_memory(c->err);
	for (const struct action *a = box->first; a != NULL; a = a->next)
		box->by_dest[n++] = a;
	sort_pointers(box->by_dest, n, before);
	return check_repeated(c, box);
}

static int
rules(struct field_ctx *c, struct box *box)
{
	bool view = box->ns[NS_MOUNT].mode == NS_NEW;

	if (!view && (box->first != NULL || box->root.n > 0 || box->proc || box->dev))
		return fault(c, box->ns[NS_MOUNT].pos,
		    TEXT("paths, a root, /proc and /dev need a mount namespace of "
			 "their own; --mount new is due"));
	if (box->proc_subset && !box->proc)
		return fault(c, field_place(&box_table, box, offsetof(struct box, proc_subset)),
		    TEXT("proc_subset without mount_proc: --proc (mount_proc: true) is due"));
	if (box->proc && box->ns[NS_PID].mode == NS_INHERIT)
		return fault(c, box->ns[NS_PID].pos,
		    TEXT("/proc would show the host's processes; a new PID "
			 "namespace (--pid new) is due"));
	if (box->hostname.n > 0 && box->ns[NS_UTS].mode != NS_NEW)
		return fault(c, box->ns[NS_UTS].pos,
		    TEXT("a hostname needs a UTS namespace of its own; --uts new is due"));
	if (box->dev && box->no_dev)
		return fault(c, field_place(&box_table, box, offsetof(struct box, no_dev)),
		    TEXT("--dev and --no-dev exclude each other"));
	return index_actions(c, box);
}

bool
box_seccomp_needed(const struct box *box)
{
	return field_given(&box_table, box, offsetof(struct box, seccomp.value)) &&
	       (box->degrade & DEGRADE_SECCOMP) == 0;
}

int
box_finish(struct field_ctx *c, struct box *box, enum level fallback)
{
	if (box->level == LEVEL_UNSET)
		box->level = (int)fallback;
	if (box->level == LEVEL_NONE && none_has(c, box) < 0)
		return -1;
	fill_spaces(box, (enum level)box->level);
	/* a declared box never owns the caller's terminal, unless it says so */
	if (box->level != LEVEL_UNSET &&
	    !field_given(&box_table, box, offsetof(struct box, new_session)))
		box->new_session = true;
	return rules(c, box);
}
