#include "plan/lint.h"
#include "spec/field.h"
#include "sys/uapi.h"

/* What an operation of each kind has to have. */
uint8_t
op_shape(enum op_kind k)
{
	static const uint8_t shape[OP_COUNT] = {
		[OP_OPEN] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_SETNS] = SHAPE_A,
		[OP_UNSHARE] = SHAPE_TEXT,
		[OP_SELF] = SHAPE_TEXT,
		[OP_ENABLE] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_LEAF] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_LIMIT] = SHAPE_A | SHAPE_TEXT | SHAPE_TEXT2,
		[OP_DEVICES] = SHAPE_A,
		[OP_CLONE] = SHAPE_MAYBE_A,
		[OP_MAP] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_MAP_SELF] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_SYSCTL] = SHAPE_TEXT | SHAPE_TEXT2,
		[OP_TREE] = SHAPE_FILLS | SHAPE_TEXT,
		[OP_ATTR] = SHAPE_A,
		[OP_ATTR_OFF] = SHAPE_A,
		[OP_MOVE_ROOT] = SHAPE_A,
		[OP_TARGET] = SHAPE_FILLS | SHAPE_B | SHAPE_TEXT,
		[OP_MOVE] = SHAPE_A | SHAPE_B,
		[OP_WRITABLE] = SHAPE_A,
		[OP_FCHDIR] = SHAPE_A,
		[OP_MOUNT] = SHAPE_A | SHAPE_TEXT | SHAPE_TEXT2,
		[OP_MKDIR] = SHAPE_B | SHAPE_TEXT,
		[OP_POINT] = SHAPE_MAYBE_A | SHAPE_B | SHAPE_TEXT,
		[OP_SYMLINK] = SHAPE_B | SHAPE_TEXT | SHAPE_TEXT2,
		[OP_CLOSE] = SHAPE_A,
		[OP_HOSTNAME] = SHAPE_TEXT,
		[OP_CHDIR] = SHAPE_TEXT,
		[OP_RLIMIT] = SHAPE_TEXT,
		[OP_SECCOMP] = SHAPE_TEXT,
		[OP_EXEC] = SHAPE_TEXT,
	};

	return k < OP_COUNT ? shape[k] : 0;
}

/* Where operations of each kind belong. */
enum { HOST = 1 << STAGE_HOST, BOX = 1 << STAGE_BOX, EXEC = 1 << STAGE_EXEC };

static const uint8_t belongs[OP_COUNT] = {
	[OP_OPEN] = HOST | BOX,
	[OP_SETNS] = HOST,
	[OP_UNSHARE] = BOX,
	[OP_SUBREAPER] = HOST,
	[OP_SELF] = HOST,
	[OP_ENABLE] = HOST,
	[OP_LEAF] = HOST,
	[OP_LIMIT] = HOST,
	[OP_DEVICES] = HOST,
	[OP_CLONE] = HOST,
	[OP_MAP] = HOST,
	[OP_GO] = HOST,
	[OP_WAIT] = BOX,
	[OP_SYSCTL] = BOX,
	[OP_PDEATH] = BOX,
	[OP_MAP_SELF] = BOX,
	[OP_DUMPABLE] = HOST | BOX,
	[OP_PRIVATE] = BOX,
	[OP_TREE] = BOX,
	[OP_ATTR] = BOX,
	[OP_ATTR_OFF] = BOX,
	[OP_MOVE_ROOT] = BOX,
	[OP_TARGET] = BOX,
	[OP_MOVE] = BOX,
	[OP_WRITABLE] = BOX,
	[OP_FCHDIR] = BOX,
	[OP_MOUNT] = BOX,
	[OP_MKDIR] = BOX,
	[OP_POINT] = BOX,
	[OP_SYMLINK] = BOX,
	[OP_CLOSE] = HOST | BOX,
	[OP_PIVOT] = BOX,
	[OP_UMOUNT_OLD] = BOX,
	[OP_CHROOT] = BOX,
	[OP_HOSTNAME] = BOX,
	[OP_LOOPBACK] = BOX,
	[OP_CHDIR] = BOX,
	[OP_SECUREBITS] = BOX,
	[OP_CAPS_NONE] = HOST | BOX,
	[OP_NO_NEW_PRIVS] = BOX,
	[OP_SPAWN] = BOX,
	[OP_SETSID] = EXEC,
	[OP_STREAM] = EXEC,
	[OP_SIGMASK] = EXEC,
	[OP_CLOEXEC] = EXEC,
	[OP_KEEP_FD] = EXEC,
	[OP_RLIMIT] = EXEC,
	[OP_SECCOMP] = EXEC,
	[OP_EXEC] = EXEC,
};

static const uint64_t once = BIT(OP_SUBREAPER) | BIT(OP_SELF) | BIT(OP_LEAF) | BIT(OP_DEVICES) |
			     BIT(OP_CLONE) | BIT(OP_GO) | BIT(OP_WAIT) | BIT(OP_SYSCTL) |
			     BIT(OP_MOVE_ROOT) | BIT(OP_PIVOT) | BIT(OP_UMOUNT_OLD) |
			     BIT(OP_CHROOT) | BIT(OP_SPAWN) | BIT(OP_SETSID) | BIT(OP_SECCOMP);

/* What takes privilege. */
static const uint64_t privileged =
    BIT(OP_SETNS) | BIT(OP_UNSHARE) | BIT(OP_MAP) | BIT(OP_MAP_SELF) | BIT(OP_PRIVATE) |
    BIT(OP_TREE) | BIT(OP_ATTR) | BIT(OP_ATTR_OFF) | BIT(OP_MOVE_ROOT) | BIT(OP_MOVE) |
    BIT(OP_MOUNT) | BIT(OP_PIVOT) | BIT(OP_UMOUNT_OLD) | BIT(OP_CHROOT) | BIT(OP_HOSTNAME) |
    BIT(OP_LOOPBACK) | BIT(OP_SECUREBITS) | BIT(OP_SYSCTL);

/* What only a group with limits has, or what takes its place. */
static const uint64_t grouped =
    BIT(OP_SELF) | BIT(OP_ENABLE) | BIT(OP_LIMIT) | BIT(OP_DEVICES) | BIT(OP_RLIMIT);

/* What has to be done before, at which stage, or which of the reasons below why not. */
static const struct {
	uint8_t op, needs, stage, why;
} order[] = {
	{ OP_GO, OP_CLONE, STAGE_HOST, 0 },
	{ OP_MAP, OP_CLONE, STAGE_HOST, 0 },
	{ OP_TREE, OP_PRIVATE, STAGE_BOX, 1 },
	{ OP_MOVE_ROOT, OP_PRIVATE, STAGE_BOX, 1 },
	{ OP_MOUNT, OP_PRIVATE, STAGE_BOX, 1 },
	{ OP_PIVOT, OP_MOVE_ROOT, STAGE_BOX, 2 },
	{ OP_CHROOT, OP_MOVE_ROOT, STAGE_BOX, 2 },
	{ OP_UMOUNT_OLD, OP_PIVOT, STAGE_BOX, 3 },
	{ OP_KEEP_FD, OP_CLOEXEC, STAGE_EXEC, 4 },
	{ OP_SECCOMP, OP_NO_NEW_PRIVS, STAGE_BOX, 9 },
	{ OP_EXEC, OP_DUMPABLE, STAGE_BOX, 5 },
	{ OP_EXEC, OP_PDEATH, STAGE_BOX, 6 },
	{ OP_EXEC, OP_SIGMASK, STAGE_EXEC, 7 },
	{ OP_EXEC, OP_CLOEXEC, STAGE_EXEC, 8 },
};
static const char order_why[] =
    "there is no box|mounts still reach the host|there is no new root|"
    "the old root is in its place|it would be closed again|"
    "what tells the verdict could be traced|it would outlive the monitor|"
    "signals of ours are blocked|descriptors are still open|an exec could still give privileges";

enum { INPUT = 1, ALL_STREAMS = 7 };

static bool
has(const struct lint *l, uint8_t slot)
{
	return slot < LIMIT_SLOTS && (l->filled & BIT(slot)) != 0;
}

static bool
did(const struct lint *l, enum plan_stage s, unsigned k)
{
	return (l->done[s] & BIT(k)) != 0;
}

/* Each check gives the reason, or NULL. In one piece, all of their jumps to it would be far
 * ones. */

NOINLINE static const char *
check_shape(const struct lint *l, const struct op *o)
{
	uint8_t shape = op_shape((enum op_kind)o->kind);

	if ((shape & SHAPE_TEXT) != 0 && o->text == NULL)
		return "no text";
	if ((shape & SHAPE_TEXT2) != 0 && o->text2 == NULL)
		return "no second text";
	if ((shape & SHAPE_A) != 0 && !has(l, o->a))
		return "its slot is empty";
	if ((shape & SHAPE_MAYBE_A) != 0 && o->a != NO_SLOT && !has(l, o->a))
		return "its slot is empty";
	if ((shape & SHAPE_B) != 0 && !has(l, o->b))
		return "its directory is not open";
	if ((shape & SHAPE_FILLS) != 0 && (o->a >= LIMIT_SLOTS || has(l, o->a)))
		return "its slot is in use";
	if (o->kind == OP_STREAM && o->num > 2)
		return "no such stream";
	if (o->kind == OP_KEEP_FD && (o->num < 3 || o->num > INT32_MAX))
		return "no such descriptor";
	/* what it does was proved by who made it (confine.c) */
	if (o->kind == OP_SECCOMP &&
	    (o->filter == NULL || o->filter->n == 0 || o->filter->n > BPF_INSNS_MAX))
		return "no filter that the kernel takes";
	return NULL;
}

NOINLINE static const char *
check_stage(const struct lint *l, const struct op *o)
{
	uint64_t any = l->done[STAGE_HOST] | l->done[STAGE_BOX] | l->done[STAGE_EXEC];

	if (o->stage >= STAGE_COUNT || (belongs[o->kind] >> o->stage & 1) == 0)
		return "not of this stage";
	if (o->stage < l->stage)
		return "its stage is over";
	if ((any & once & BIT(o->kind)) != 0)
		return "a second time";
	if (o->stage != STAGE_HOST && !did(l, STAGE_HOST, OP_GO))
		return "the box was not started";
	if (o->stage == STAGE_HOST && did(l, STAGE_HOST, OP_GO))
		return "the box has gone on";
	if (o->stage == STAGE_BOX && o->kind != OP_WAIT && !did(l, STAGE_BOX, OP_WAIT))
		return "the monitor may not be ready";
	if (o->stage == STAGE_EXEC && l->plan->init && !did(l, STAGE_BOX, OP_SPAWN))
		return "the payload's process was not started";
	if (o->kind == OP_SPAWN && !l->plan->init)
		return "there is no init";
	if (o->stage == STAGE_BOX && did(l, STAGE_BOX, OP_SPAWN))
		return "after the payload's process was started";
	if (o->kind != OP_EXEC && did(l, STAGE_EXEC, OP_EXEC))
		return "after the exec";
	/* it may forbid everything else */
	if (o->kind != OP_EXEC && did(l, STAGE_EXEC, OP_SECCOMP))
		return "after the filter";
	if ((privileged & BIT(o->kind)) != 0 && did(l, (enum plan_stage)o->stage, OP_CAPS_NONE))
		return "without the privilege for it";
	return NULL;
}

static struct str
check_order(const struct lint *l, const struct op *o)
{
	for (size_t i = 0; i < COUNT(order); i++)
		if (o->kind == order[i].op &&
		    !did(l, (enum plan_stage)order[i].stage, order[i].needs))
			return word_at(order_why, order[i].why);
	return S("");
}

NOINLINE static const char *
check_clone(const struct lint *l, const struct op *o)
{
	if (o->kind == OP_CLONE && !l->plan->tree && !did(l, STAGE_HOST, OP_SUBREAPER))
		return "orphans would leave the box";
	if (o->kind == OP_CLONE && l->plan->tree &&
	    (!l->plan->init || (o->num & K_CLONE_NEWPID) == 0))
		return "nothing ends its tree";
	if (o->kind == OP_CLONE && (o->flags & FLAG_SHARED) != 0 &&
	    (!l->plan->init || o->a != NO_SLOT))
		return "not with the monitor's memory";
	if (o->kind == OP_CLONE && (o->flags & (FLAG_OLD | FLAG_SHARED)) != 0 &&
	    (o->num & K_CLONE_NEWTIME) != 0)
		return "a flag that the older call does not take";
	if (o->kind == OP_GO && !l->shared && !did(l, STAGE_HOST, OP_DUMPABLE))
		return "what tells the verdict could be traced";
	if (o->kind == OP_DUMPABLE && o->stage == STAGE_BOX && l->user &&
	    (l->maps & MAP_IDS) != MAP_IDS)
		return "its ids are not mapped";
	if (o->kind == OP_SYSCTL && (!l->user || (l->maps & MAP_IDS) != MAP_IDS))
		return "it would be the host's";
	if (o->kind == OP_SYSCTL && (!str_eq(str_of(o->text), S("user/max_user_namespaces")) ||
					!str_eq(str_of(o->text2), S("0"))))
		return "that is no limit of ours";
	if (o->kind == OP_MAP_SELF && str_eq(str_of(o->text), S("gid_map")) &&
	    (l->maps & MAP_SETGROUPS) == 0)
		return "groups were not denied";
	return NULL;
}

/* No set-uid program and no device, but for our own nodes: those can be neither changed nor
 * executed. */
static bool
tame(uint64_t attr)
{
	const uint64_t node = K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC;

	return (attr & K_MOUNT_ATTR_NOSUID) != 0 &&
	       ((attr & K_MOUNT_ATTR_NODEV) != 0 || (attr & node) == node);
}

NOINLINE static const char *
check_mount(const struct lint *l, const struct op *o)
{
	bool enters = o->kind == OP_PIVOT || o->kind == OP_CHROOT;
	bool attaches = o->kind == OP_MOVE || o->kind == OP_MOVE_ROOT;

	if (l->entered && o->kind != OP_MOUNT && !enters)
		return "a directory was entered for nothing";
	if (o->kind == OP_MOUNT && l->cwd != o->a)
		return "not in the directory that it means";
	if (o->kind == OP_MOUNT && !tame(o->num) &&
	    (!str_eq(str_of(o->text), S("devpts")) || (o->num & K_MS_NOSUID) == 0))
		return "set-uid programs or devices in it";
	if (o->kind == OP_ATTR && (l->bare & BIT(o->a)) != 0 && !tame(o->num))
		return "set-uid programs or devices in it";
	if (o->kind == OP_ATTR_OFF &&
	    (l->from[o->a]->kind != OP_TARGET || o->num != K_MOUNT_ATTR_RDONLY))
		return "that attribute stays";
	if (attaches && (l->loose & BIT(o->a)) == 0)
		return "no clone to attach";
	if (attaches && o->text == NULL && (l->bare & BIT(o->a)) != 0)
		return "set-uid programs or devices in it";
	if (enters && l->cwd != l->root)
		return "not in the new root";
	return NULL;
}

/* What must not be left when a slot is closed or the payload's process starts. */
NOINLINE static const char *
check_rest(const struct lint *l, const struct op *o)
{
	uint64_t slots = o->kind == OP_CLOSE ? BIT(o->a) : UINT64_MAX;

	if (o->kind != OP_CLOSE && o->kind != OP_SPAWN && o->kind != OP_EXEC)
		return NULL;
	if ((l->loose & slots) != 0)
		return "a clone was not attached";
	if ((l->bare & slots) != 0)
		return "set-uid programs or devices in what was attached";
	if (o->kind != OP_CLOSE && (l->unused & slots) != 0)
		return "a slot was filled for nothing";
	if (o->kind != OP_CLOSE && did(l, STAGE_BOX, OP_MOVE_ROOT) &&
	    !did(l, STAGE_BOX, OP_UMOUNT_OLD) && !did(l, STAGE_BOX, OP_CHROOT))
		return "the old root is still there";
	if (o->kind == OP_EXEC && l->streams != 0 &&
	    (l->streams | (l->plan->output ? INPUT : 0u)) != ALL_STREAMS)
		return "a stream is the caller's";
	return NULL;
}

static struct str
check(const struct lint *l, const struct op *o)
{
	const struct group_parts *parts = l->plan->parts;
	/* each relies on those before it */
	const char *why = check_stage(l, o);
	struct str before;

	if (why == NULL)
		why = check_shape(l, o);
	if (why != NULL)
		return str_of(why);
	before = check_order(l, o);
	if (before.n > 0)
		return before;
	why = check_clone(l, o);
	if (why == NULL && parts != NULL)
		why = parts->check(l, o);
	if (parts == NULL && (grouped & BIT(o->kind)) != 0)
		why = "there is no group";
	if (why == NULL)
		why = check_mount(l, o);
	if (why == NULL)
		why = check_rest(l, o);
	return str_of(why);
}

static int
unsound(const struct op *o, size_t i, struct str why, struct err *err)
{
	char text[UINT_ROOM];

	return err_refused(err, o->pos, "unsound plan, operation % (%): %", uint_text(text, i),
	    op_name((enum op_kind)o->kind), why);
}

int
plan_lint(const struct plan *p, struct err *err)
{
	struct lint l = { .plan = p, .cwd = NO_SLOT, .root = NO_SLOT };
	const struct claim *false_one;

	for (size_t i = 0; i < p->n; i++) {
		const struct op *o = &p->op[i];
		struct str why;

		if (o->kind >= OP_COUNT)
			return unsound(o, i, S("there is no such operation"), err);
		why = check(&l, o);
		if (why.n > 0)
			return unsound(o, i, why, err);
		lint_note(&l, o);
	}
	if (!did(&l, STAGE_EXEC, OP_EXEC) || p->argv == NULL || p->argv[0] == NULL ||
	    p->envp == NULL)
		return err_refused(err, POS_NONE, "unsound plan: it does not end in an exec");
	false_one = lint_claims(&l);
	if (false_one != NULL)
		return err_refused(err, POS_NONE,
		    "unsound plan: nothing makes it true that % (%) is enforced", false_one->name,
		    false_one->mechanism);
	return 0;
}
