/* The receipt is as good as the plan: whatever is claimed, operations have to make true. */
#include "plan/lint.h"
#include "spec/field.h"

/* What makes a claim true: name, mechanism, and the operations or marks of a stage. Those that a
 * box may have thousands of come first. */
static const char words[] = "read-only|mount|writable|mount|bind|mount|tmpfs|mount|"
			    "user|namespace|mount|namespace|pid|namespace|net|namespace|"
			    "ipc|namespace|uts|namespace|cgroup|namespace|time|namespace|"
			    "tree|pid namespace|tree|cgroup.kill|tree|subreaper|"
			    "root|mount|proc|mount|devices|mount|devices|nodev|sockets|mount|"
			    "hostname|uts namespace|capabilities|capset, securebits|"
			    "capabilities|capset|no_new_privs|prctl|session|setsid|"
			    "descriptors|close_range|"
			    "verdict|descriptor that the payload never has|"
			    "nesting|sysctl user.max_user_namespaces|seccomp|seccomp filter";
/* OP_OPEN, which is 0, makes nothing true. */
static const struct {
	uint8_t stage, needs[4];
} rows[] = {
	{ STAGE_BOX, { OP_ATTR } },
	{ STAGE_BOX, { OP_WRITABLE } },
	{ STAGE_BOX, { OP_MOVE } },
	{ STAGE_BOX, { OP_MOUNT } },
	{ STAGE_HOST, { HAS_SPACE + NS_USER } },
	{ STAGE_HOST, { HAS_SPACE + NS_MOUNT } },
	{ STAGE_HOST, { HAS_SPACE + NS_PID } },
	{ STAGE_HOST, { HAS_SPACE + NS_NET } },
	{ STAGE_HOST, { HAS_SPACE + NS_IPC } },
	{ STAGE_HOST, { HAS_SPACE + NS_UTS } },
	{ STAGE_HOST, { HAS_SPACE + NS_CGROUP } },
	{ STAGE_HOST, { HAS_SPACE + NS_TIME } },
	{ STAGE_HOST, { HAS_SPACE + NS_PID } },
	{ STAGE_HOST, { OP_LEAF } },
	{ STAGE_HOST, { OP_SUBREAPER } },
	{ STAGE_BOX, { OP_MOVE_ROOT, HAS_PLACE, HAS_PLACE + 2, PLACE_CLOSED + 2 } },
	{ STAGE_BOX, { HAS_PLACE } },
	{ STAGE_BOX, { HAS_PLACE + 1, PLACE_CLOSED + 1 } },
	{ STAGE_BOX, { OP_ATTR } },
	{ STAGE_BOX, { HAS_PLACE + 2, PLACE_CLOSED + 2 } },
	{ STAGE_BOX, { OP_HOSTNAME } },
	{ STAGE_BOX, { OP_CAPS_NONE, OP_SECUREBITS } },
	{ STAGE_BOX, { OP_CAPS_NONE } },
	{ STAGE_BOX, { OP_NO_NEW_PRIVS } },
	{ STAGE_EXEC, { OP_SETSID } },
	{ STAGE_EXEC, { OP_CLOEXEC } },
	{ STAGE_BOX, { OP_DUMPABLE } },
	{ STAGE_BOX, { OP_SYSCTL } },
	{ STAGE_EXEC, { OP_SECCOMP } },
};

enum { READONLY, WRITABLE, BIND, TMPFS };

/* Walks the words once; the row, or COUNT(rows). */
static size_t
row_of(const struct claim *c)
{
	struct str all = str_of(words);
	size_t i = 0;

	for (size_t at = 0; at < all.n; i++) {
		size_t name = str_find(all, '|', at), end = str_find(all, '|', name + 1);

		if (str_eq(str_slice(all, at, name), c->name) &&
		    str_eq(str_slice(all, name + 1, end), c->mechanism))
			break;
		at = end + 1;
	}
	return i;
}

static bool
was_done(const struct lint *l, size_t row)
{
	uint64_t needs = 0;

	for (size_t i = 0; i < COUNT(rows[row].needs); i++)
		needs |= rows[row].needs[i] != 0 ? BIT(rows[row].needs[i]) : 0;
	return (l->done[rows[row].stage] & needs) == needs;
}

static bool
is_groups(const struct lint *l, const struct claim *c)
{
	return l->plan->parts != NULL && l->plan->parts->claim(l, c);
}

/* Is the group that it rests on one that there may not be? */
static bool
may_fail(const struct plan *p, const struct claim *c)
{
	size_t i = 0;

	if (!str_eq(c->mechanism, S("cgroup.kill")) && !str_eq(c->mechanism, S("cgroup v2")) &&
	    !str_eq(c->mechanism, S("bpf cgroup device")))
		return false;
	while (i < p->n && p->op[i].kind != OP_LEAF)
		i++;
	return i < p->n && (p->op[i].flags & FLAG_MAY) != 0;
}

/* What may turn it to best effort is the making of a group. */
static bool
depends_well(const struct plan *p, const struct claim *c)
{
	return c->op == UINT32_MAX ? !may_fail(p, c) : c->op < p->n && p->op[c->op].kind == OP_LEAF;
}

static bool
stands(const struct claim *c)
{
	return c->state == CLAIM_ENFORCED || c->state == CLAIM_BEST_EFFORT;
}

const struct claim *
lint_claims(const struct lint *l)
{
	const struct plan *p = l->plan;
	size_t told[TMPFS + 1] = { 0 };
	const struct claim *root = NULL;
	bool writable = false;

	for (size_t i = 0; i < p->nclaims; i++) {
		const struct claim *c = &p->claim[i];
		size_t row = stands(c) ? row_of(c) : 0;
		bool top = str_eq(c->detail, S("/"));

		if (!stands(c))
			continue;
		if (!depends_well(p, c) ||
		    !(row == COUNT(rows) ? is_groups(l, c) : was_done(l, row)))
			return c;
		writable = writable || (row == WRITABLE && top);
		root = str_eq(c->name, S("root")) ? c : root;
		/* "/" is not attached like the others */
		if (row <= TMPFS && !(row == READONLY && top))
			told[row]++;
		if (told[READONLY] > l->readonly || told[WRITABLE] > l->writable ||
		    told[READONLY] + told[WRITABLE] + told[BIND] > l->attached + writable)
			return c;
	}
	return (l->done[STAGE_BOX] & BIT(ROOT_CLOSED)) == 0 && !writable ? root : NULL;
}
