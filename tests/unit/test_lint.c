/* core/plan/lint.c, lintclaim.c: a plan that is not sound is refused, whatever made it. */
#include <stdint.h>
#include <stdlib.h>

#include "goodplans.h"
#include "spec/policy.h"
#include "sys/uapi.h"
#include "unit.h"

static struct planned p;

static struct str
refusal(void)
{
	p.err = (struct err){ 0 };
	if (plan_lint(p.plan, &p.err) == 0)
		return S("sound");
	CU_ASSERT(p.err.fault == FAULT_REFUSED);
	return (struct str){ p.err.msg, p.err.nmsg };
}

/* Plans are changed in a copy. */
static struct plan copy;
static struct op copy_op[512];
static struct claim copy_claim[64];

static struct plan *
fresh(void)
{
	static const struct plan *of;

	if (p.plan != &copy)
		of = p.plan;
	copy = *of;
	CU_ASSERT_FATAL(copy.n < COUNT(copy_op) && copy.nclaims <= COUNT(copy_claim));
	memcpy(copy_op, of->op, of->n * sizeof(*of->op));
	memcpy(copy_claim, of->claim, of->nclaims * sizeof(*of->claim));
	copy.op = copy_op;
	copy.claim = copy_claim;
	copy.cap = COUNT(copy_op);
	p.plan = &copy;
	return &copy;
}

static void
shift_claims(struct plan *plan, size_t from, uint32_t by)
{
	for (size_t c = 0; c < plan->nclaims; c++)
		if (plan->claim[c].op != UINT32_MAX && plan->claim[c].op >= from)
			plan->claim[c].op += by;
}

/* The claims that name a later operation follow it. */
static void
drop(struct plan *plan, size_t i)
{
	memmove(&plan->op[i], &plan->op[i + 1], (plan->n - i - 1) * sizeof(*plan->op));
	plan->n--;
	shift_claims(plan, i + 1, UINT32_MAX);
}

static void
insert(struct plan *plan, size_t i, struct op o)
{
	CU_ASSERT_FATAL(plan->n < plan->cap);
	memmove(&plan->op[i + 1], &plan->op[i], (plan->n - i) * sizeof(*plan->op));
	plan->op[i] = o;
	plan->n++;
	shift_claims(plan, i, 1);
}

static void
move(struct plan *plan, size_t from, size_t to)
{
	struct op o = plan->op[from];

	drop(plan, from);
	insert(plan, to, o);
}

static void
good_ones(void)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		CHECK_STR(i, refusal(), S("sound"));
		for (size_t k = 0; k < p.plan->n; k++)
			seen |= (uint64_t)1 << p.plan->op[k].kind;
	}
	CHECK_NUM(0, seen, ((uint64_t)1 << OP_COUNT) - 1);
}

/* Operations whose absence lint does not have to notice, and why. */
static const struct left_out {
	enum op_kind kind;
	const char *why;
} left_out[] = {
	{ OP_ENABLE, "the files of the limits are not there: set-up fails" },
	{ OP_CAPS_NONE, "the monitor's: whether it has any to drop, only the facts know" },
	{ OP_MOUNT, "of pts and shm in our own /dev: less is there" },
	{ OP_ATTR_OFF, "mount points cannot be made in /dev: set-up fails" },
	{ OP_MKDIR, "what is to be made in it cannot be: set-up fails" },
	{ OP_POINT, "what is to be mounted there cannot be: set-up fails" },
	{ OP_SYMLINK, "less is in /dev" },
	{ OP_LOOPBACK, "the interface stays down" },
	{ OP_CHDIR, "the payload starts in the root" },
	{ OP_KEEP_FD, "one descriptor less is kept" },
	{ OP_EXEC, "one of several candidates is not tried" },
};

static size_t
left_out_row(const struct plan *plan, size_t i)
{
	const struct op *o = &plan->op[i];
	size_t row = 0;

	while (row < COUNT(left_out) && left_out[row].kind != o->kind)
		row++;
	if ((o->kind == OP_CAPS_NONE && o->stage != STAGE_HOST) ||
	    (o->kind == OP_MOUNT && o->text2[0] == '.') ||
	    (o->kind == OP_EXEC && count_ops(plan, OP_EXEC) == 1))
		row = COUNT(left_out);
	return row;
}

/* Without any single operation but those, the rest is refused. */
static void
each_dropped(void)
{
	bool used[COUNT(left_out) + 1] = { false };

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		for (size_t k = 0, n = p.plan->n; k < n; k++) {
			struct op o = fresh()->op[k];
			size_t row = left_out_row(p.plan, k);
			char text[256];
			struct buf b = BUF(text);

			op_put(&b, &o);
			drop(p.plan, k);
			if (str_eq(refusal(), S("sound"))) {
				used[row] = true;
				if (row == COUNT(left_out))
					printf("# row %zu: sound without %zu: %.*s\n", i, k,
					    (int)b.n, b.p);
			}
		}
	}
	/* none is left out for nothing */
	for (size_t row = 0; row < COUNT(left_out); row++)
		CHECK_NUM(row, used[row], true);
	CU_ASSERT(!used[COUNT(left_out)]);
}

/* Done twice, what must not be is refused. */
static void
each_doubled(void)
{
	static const enum op_kind may[] = { OP_UNSHARE, OP_MAP, OP_PDEATH, OP_MAP_SELF, OP_DUMPABLE,
		OP_PRIVATE, OP_ATTR, OP_ATTR_OFF, OP_WRITABLE, OP_MOUNT, OP_MKDIR, OP_POINT,
		OP_SYMLINK, OP_HOSTNAME, OP_LOOPBACK, OP_CHDIR, OP_CAPS_NONE, OP_NO_NEW_PRIVS,
		OP_STREAM, OP_SIGMASK, OP_CLOEXEC, OP_KEEP_FD, OP_EXEC, OP_SETNS, OP_SECUREBITS,
		OP_ENABLE, OP_LIMIT, OP_RLIMIT };

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		for (size_t k = 0, n = p.plan->n; k < n; k++) {
			bool sound, twice = false;

			fresh();
			for (size_t m = 0; m < COUNT(may); m++)
				twice = twice || p.plan->op[k].kind == may[m];
			insert(p.plan, k, p.plan->op[k]);
			sound = str_eq(refusal(), S("sound"));
			if (sound != twice)
				printf("# row %zu, operation %zu: %.*s twice\n", i, k,
				    (int)op_name((enum op_kind)p.plan->op[k].kind).n,
				    op_name((enum op_kind)p.plan->op[k].kind).p);
			CU_ASSERT(sound == twice);
		}
	}
}

/* One rule, one plan that breaks it and no other: the first of its kind in a good plan is
 * changed. */
struct change {
	const char *want;
	size_t plan;
	enum op_kind kind;
	void (*change)(struct plan *, size_t);
};

static void
stage_later(struct plan *plan, size_t i)
{
	plan->op[i].stage++;
}

static void
stage_beyond(struct plan *plan, size_t i)
{
	plan->op[i].stage = STAGE_COUNT;
}

static void
kind_beyond(struct plan *plan, size_t i)
{
	plan->op[i].kind = OP_COUNT;
}

static void
to_front(struct plan *plan, size_t i)
{
	move(plan, i, 0);
}

static void
one_up(struct plan *plan, size_t i)
{
	move(plan, i, i - 1);
}

static void
one_down(struct plan *plan, size_t i)
{
	move(plan, i, i + 1);
}

static void
to_end(struct plan *plan, size_t i)
{
	move(plan, i, plan->n - 1);
}

static void
without(struct plan *plan, size_t i)
{
	drop(plan, i);
}

static void
again(struct plan *plan, size_t i)
{
	insert(plan, i, plan->op[i]);
}

static void
no_text(struct plan *plan, size_t i)
{
	plan->op[i].text = NULL;
}

static void
no_text2(struct plan *plan, size_t i)
{
	plan->op[i].text2 = NULL;
}

static void
no_filter(struct plan *plan, size_t i)
{
	plan->op[i].filter = NULL;
}

static void
empty_filter(struct plan *plan, size_t i)
{
	static const struct bpf none;

	plan->op[i].filter = &none;
}

static void
long_filter(struct plan *plan, size_t i)
{
	static const struct bpf_insn insn[BPF_INSNS_MAX + 1];
	static const struct bpf most = { insn, NULL, BPF_INSNS_MAX + 1 };

	plan->op[i].filter = &most;
}

static void
slot_beyond(struct plan *plan, size_t i)
{
	plan->op[i].a = LIMIT_SLOTS;
}

static void
slot_empty(struct plan *plan, size_t i)
{
	plan->op[i].a = 63;
}

static void
slot_zero(struct plan *plan, size_t i)
{
	plan->op[i].a = 0;
}

static void
directory_empty(struct plan *plan, size_t i)
{
	plan->op[i].b = NO_SLOT;
}

static void
three(struct plan *plan, size_t i)
{
	plan->op[i].num = 3;
}

static void
two(struct plan *plan, size_t i)
{
	plan->op[i].num = 2;
}

static void
huge(struct plan *plan, size_t i)
{
	plan->op[i].num = (uint64_t)INT32_MAX + 1;
}

static void
no_init(struct plan *plan, size_t i)
{
	(void)i;
	plan->init = false;
}

static void
with_init(struct plan *plan, size_t i)
{
	(void)i;
	plan->init = true;
}

static void
with_spawn(struct plan *plan, size_t i)
{
	insert(plan, i,
	    (struct op){ .kind = OP_SPAWN, .stage = STAGE_BOX, .a = NO_SLOT, .b = NO_SLOT });
}

static void
shared(struct plan *plan, size_t i)
{
	plan->op[i].flags = FLAG_SHARED;
}

static void
shared_group(struct plan *plan, size_t i)
{
	plan->op[i].a = 0;
	insert(plan, i,
	    (struct op){ .kind = OP_LEAF,
		.stage = STAGE_HOST,
		.a = 0,
		.b = NO_SLOT,
		.text = "/g" });
}

static void
older(struct plan *plan, size_t i)
{
	plan->op[i].flags = FLAG_OLD;
}

static void
no_nodev(struct plan *plan, size_t i)
{
	plan->op[i].num &= ~(uint64_t)K_MOUNT_ATTR_NODEV;
}

static void
no_nosuid(struct plan *plan, size_t i)
{
	plan->op[i].num &= ~(uint64_t)K_MOUNT_ATTR_NOSUID;
}

static void
no_readonly(struct plan *plan, size_t i)
{
	plan->op[i].num &= ~(uint64_t)K_MOUNT_ATTR_RDONLY;
}

/* The mount of devpts, the third of a plan. */
static void
devpts_suid(struct plan *plan, size_t i)
{
	while (plan->op[i].kind != OP_MOUNT || plan->op[i].text2[0] != 'p')
		i++;
	no_nosuid(plan, i);
}

/* Nodes that are not read-only can be changed by whom the host's are owned by. */
static void
nodes_writable(struct plan *plan, size_t i)
{
	i = find_op(plan, OP_ATTR, i + 1);
	no_readonly(plan, i);
}

static void
nodes_bare(struct plan *plan, size_t i)
{
	drop(plan, find_op(plan, OP_ATTR, i + 1));
}

/* Slots are closed, from the 64th on; the clone that is in it then is still loose, or bare. */
static void
close_loose(struct plan *plan, size_t i)
{
	struct op o = { .kind = OP_CLOSE, .stage = STAGE_BOX, .a = plan->op[i].a, .b = NO_SLOT };

	insert(plan, i + 1, o);
}

static void
open_more(struct plan *plan, size_t i)
{
	struct op o = plan->op[i];

	o.a = 63;
	insert(plan, i + 1, o);
}

static void
stale_leaf(struct plan *plan, size_t i)
{
	(void)i;
	for (size_t c = 0; c < plan->nclaims; c++)
		if (str_eq(plan->claim[c].name, S("tree")))
			plan->claim[c].op = 0;
}

static void
leaf_beyond(struct plan *plan, size_t i)
{
	(void)i;
	for (size_t c = 0; c < plan->nclaims; c++)
		if (str_eq(plan->claim[c].name, S("tree")))
			plan->claim[c].op = (uint32_t)plan->n;
}

/* As if the group were there for certain. */
static void
certain(struct plan *plan, const char *name)
{
	for (size_t c = 0; c < plan->nclaims; c++)
		if (str_eq(plan->claim[c].name, str_of(name)))
			plan->claim[c].op = UINT32_MAX;
}

static void
tree_certain(struct plan *plan, size_t i)
{
	(void)i;
	certain(plan, "tree");
}

static void
placement_certain(struct plan *plan, size_t i)
{
	(void)i;
	certain(plan, "placement");
}

static void
may(struct plan *plan, size_t i)
{
	plan->op[i].flags |= FLAG_MAY;
}

static void
tree_without(struct plan *plan, size_t i)
{
	(void)i;
	plan->tree = true;
}

static void
no_pid_space(struct plan *plan, size_t i)
{
	plan->op[find_op(plan, OP_CLONE, 0)].num &= ~(uint64_t)K_CLONE_NEWPID;
	(void)i;
}

static void
behind_go(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_GO, i));
}

static void
behind_wait(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_WAIT, 0) + 1);
}

static void
behind_caps(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_CAPS_NONE, i));
}

static void
no_user_space(struct plan *plan, size_t i)
{
	plan->op[i].num &= ~(uint64_t)K_CLONE_NEWUSER;
}

static void
other_text(struct plan *plan, size_t i)
{
	plan->op[i].text = "kernel/core_pattern";
}

static void
other_text2(struct plan *plan, size_t i)
{
	plan->op[i].text2 = "1";
}

static void
no_argv(struct plan *plan, size_t i)
{
	(void)i;
	plan->argv = NULL;
}

static void
empty_argv(struct plan *plan, size_t i)
{
	static char *none[] = { NULL };

	(void)i;
	plan->argv = none;
}

static void
no_envp(struct plan *plan, size_t i)
{
	(void)i;
	plan->envp = NULL;
}

/* ---- control groups */

static void
no_parts(struct plan *plan, size_t i)
{
	(void)i;
	plan->parts = NULL;
}

static void
text_elsewhere(struct plan *plan, size_t i)
{
	plan->op[i].text = "/sys/fs/cgroup/you";
}

static void
behind_clone(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_CLONE, i));
}

static void
behind_enable(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_ENABLE, i));
}

static void
behind_leaf(struct plan *plan, size_t i)
{
	move(plan, i, find_op(plan, OP_LEAF, i));
}

static void
text_upwards(struct plan *plan, size_t i)
{
	plan->op[i].text = "../memory.max";
}

static void
no_flags(struct plan *plan, size_t i)
{
	plan->op[i].flags = 0;
}

static void
no_program(struct plan *plan, size_t i)
{
	plan->op[i].devices = NULL;
}

static void
empty_program(struct plan *plan, size_t i)
{
	static const struct ebpf none;

	plan->op[i].devices = &none;
}

static void
long_program(struct plan *plan, size_t i)
{
	static const struct ebpf_insn insn[EBPF_INSNS_MAX + 1];
	static const struct ebpf most = { insn, EBPF_INSNS_MAX + 1, NULL };

	plan->op[i].devices = &most;
}

static void
no_slot(struct plan *plan, size_t i)
{
	plan->op[i].a = NO_SLOT;
}

/* It begins in a group that it joins, beside the one that was made. */
static void
other_slot(struct plan *plan, size_t i)
{
	plan->op[i].a = 63;
	insert(plan, i,
	    (struct op){ .kind = OP_OPEN,
		.stage = STAGE_HOST,
		.flags = FLAG_DIRECTORY,
		.a = 63,
		.b = NO_SLOT,
		.text = "/g" });
}

static void
unlike_took(struct plan *plan, size_t i)
{
	plan->op[i].took = good_took[2];
}

static void
each_rule(void)
{
	static const struct change t[] = {
		{ "there is no such operation", 0, OP_PRIVATE, kind_beyond },
		/* stages */
		{ "not of this stage", 0, OP_PRIVATE, stage_later },
		{ "not of this stage", 0, OP_EXEC, stage_beyond },
		{ "its stage is over", 0, OP_CAPS_NONE, to_end },
		{ "a second time", 0, OP_PIVOT, again },
		{ "the box was not started", 0, OP_GO, without },
		{ "the monitor may not be ready", 0, OP_WAIT, without },
		{ "the payload's process was not started", 0, OP_SPAWN, without },
		{ "the payload's process was not started", 6, OP_EXEC, with_init },
		{ "there is no init", 6, OP_SIGMASK, with_spawn },
		{ "after the payload's process was started", 0, OP_SPAWN, one_up },
		{ "after the exec", 11, OP_KEEP_FD, to_end },
		{ "without the privilege for it", 0, OP_CAPS_NONE, to_front },
		{ "a second time", 0, OP_SYSCTL, again },
		{ "without the privilege for it", 0, OP_SYSCTL, behind_caps },
		/* shapes */
		{ "no text", 0, OP_TREE, no_text },
		{ "no second text", 0, OP_MAP, no_text2 },
		{ "no second text", 0, OP_SYMLINK, no_text2 },
		{ "no text", 0, OP_SYSCTL, no_text },
		{ "no second text", 0, OP_SYSCTL, no_text2 },
		{ "its slot is empty", 0, OP_ATTR, slot_empty },
		{ "its slot is empty", 0, OP_CLONE, slot_empty },
		{ "its slot is empty", 0, OP_MOVE_ROOT, slot_beyond },
		{ "its directory is not open", 0, OP_TARGET, directory_empty },
		{ "its slot is in use", 0, OP_TARGET, slot_zero },
		{ "its slot is in use", 0, OP_TREE, slot_beyond },
		{ "no such stream", 2, OP_STREAM, three },
		{ "no such descriptor", 11, OP_KEEP_FD, two },
		{ "no such descriptor", 11, OP_KEEP_FD, huge },
		/* order */
		{ "there is no box", 0, OP_CLONE, without },
		{ "there is no box", 0, OP_MAP, to_front },
		{ "mounts still reach the host", 0, OP_PRIVATE, without },
		{ "mounts still reach the host", 4, OP_PRIVATE, one_down },
		{ "there is no new root", 0, OP_MOVE_ROOT, without },
		{ "the old root is in its place", 0, OP_UMOUNT_OLD, one_up },
		{ "it would be closed again", 11, OP_CLOEXEC, to_end },
		{ "what tells the verdict could be traced", 13, OP_DUMPABLE, without },
		{ "it would outlive the monitor", 0, OP_PDEATH, without },
		{ "signals of ours are blocked", 0, OP_SIGMASK, without },
		{ "descriptors are still open", 0, OP_CLOEXEC, without },
		/* the clone */
		{ "orphans would leave the box", 2, OP_SUBREAPER, without },
		{ "nothing ends its tree", 3, OP_LEAF, tree_without },
		{ "nothing ends its tree", 9, OP_SPAWN, no_init },
		{ "nothing ends its tree", 9, OP_SPAWN, no_pid_space },
		{ "not with the monitor's memory", 6, OP_CLONE, shared },
		{ "not with the monitor's memory", 3, OP_CLONE, shared },
		{ "not with the monitor's memory", 0, OP_CLONE, shared_group },
		{ "a flag that the older call does not take", 9, OP_CLONE, shared },
		{ "a flag that the older call does not take", 9, OP_CLONE, older },
		{ "the box has gone on", 6, OP_MAP, behind_go },
		{ "its ids are not mapped", 0, OP_MAP, without },
		{ "its ids are not mapped", 1, OP_DUMPABLE, one_up },
		{ "it would be the host's", 0, OP_CLONE, no_user_space },
		{ "it would be the host's", 1, OP_SYSCTL, behind_wait },
		{ "that is no limit of ours", 0, OP_SYSCTL, other_text },
		{ "that is no limit of ours", 1, OP_SYSCTL, other_text2 },
		{ "groups were not denied", 1, OP_MAP_SELF, without },
		/* the filter */
		{ "after the filter", 4, OP_SECCOMP, one_up },
		{ "an exec could still give privileges", 4, OP_NO_NEW_PRIVS, without },
		{ "no filter that the kernel takes", 4, OP_SECCOMP, no_filter },
		{ "no filter that the kernel takes", 4, OP_SECCOMP, empty_filter },
		{ "no filter that the kernel takes", 4, OP_SECCOMP, long_filter },
		{ "no text", 4, OP_SECCOMP, no_text },
		/* mounts */
		{ "a directory was entered for nothing", 0, OP_MOUNT, without },
		{ "not in the directory that it means", 0, OP_FCHDIR, without },
		{ "set-uid programs or devices in it", 0, OP_ATTR, no_nodev },
		{ "set-uid programs or devices in it", 0, OP_ATTR, no_nosuid },
		{ "set-uid programs or devices in it", 0, OP_ATTR, without },
		{ "set-uid programs or devices in it", 0, OP_MOUNT, no_nosuid },
		{ "set-uid programs or devices in it", 0, OP_MOUNT, devpts_suid },
		{ "set-uid programs or devices in it", 0, OP_ATTR, nodes_writable },
		{ "set-uid programs or devices in what was attached", 0, OP_ATTR, nodes_bare },
		{ "that attribute stays", 14, OP_ATTR_OFF, two },
		{ "that attribute stays", 14, OP_ATTR_OFF, slot_zero },
		{ "no clone to attach", 0, OP_MOVE, slot_zero },
		{ "not in the new root", 0, OP_PIVOT, one_up },
		{ "not in the new root", 10, OP_CHROOT, one_up },
		{ "a clone was not attached", 0, OP_MOVE, without },
		{ "a clone was not attached", 0, OP_TREE, close_loose },
		{ "a slot was filled for nothing", 0, OP_TARGET, open_more },
		{ "a slot was filled for nothing", 11, OP_OPEN, open_more },
		{ "the old root is still there", 0, OP_UMOUNT_OLD, without },
		{ "a directory was entered for nothing", 10, OP_CHROOT, without },
		{ "a stream is the caller's", 2, OP_STREAM, without },
		/* the whole */
		{ "it does not end in an exec", 0, OP_EXEC, without },
		{ "it does not end in an exec", 0, OP_EXEC, no_argv },
		{ "it does not end in an exec", 0, OP_EXEC, empty_argv },
		{ "it does not end in an exec", 0, OP_EXEC, no_envp },
		/* control groups */
		{ "there is no group", 16, OP_SELF, no_parts },
		{ "there is no group", 19, OP_RLIMIT, no_parts },
		{ "too late to enable anything", 16, OP_SELF, behind_enable },
		{ "the group is there already", 16, OP_ENABLE, behind_leaf },
		{ "in another group than was made ready", 16, OP_SELF, text_elsewhere },
		{ "in another group than was made ready", 16, OP_ENABLE, text_elsewhere },
		{ "in another group than was made ready", 16, OP_LEAF, text_elsewhere },
		{ "the box has begun", 16, OP_LIMIT, behind_clone },
		{ "the box has begun", 16, OP_DEVICES, behind_clone },
		{ "its slot is empty", 16, OP_LEAF, without },
		{ "of another group", 16, OP_LIMIT, text_upwards },
		{ "of a group that there may not be", 16, OP_LEAF, may },
		{ "no second text", 16, OP_LIMIT, no_text2 },
		{ "no program that the kernel takes", 16, OP_DEVICES, no_program },
		{ "no program that the kernel takes", 16, OP_DEVICES, empty_program },
		{ "no program that the kernel takes", 16, OP_DEVICES, long_program },
		{ "no such resource", 19, OP_RLIMIT, text_elsewhere },
		{ "not in a control group", 18, OP_OPEN, no_flags },
		{ "not in the group that was made for it", 16, OP_CLONE, no_slot },
		{ "not in the group that was made for it", 16, OP_CLONE, other_slot },
		{ "a second time", 16, OP_SELF, again },
		{ "a second time", 16, OP_DEVICES, again },
		{ "its slot is in use", 18, OP_OPEN, again },
		{ "not with the monitor's memory", 16, OP_CLONE, shared },
		{ "no text", 17, OP_UNSHARE, no_text },
		/* claims */
		{ "that monitor (cgroup v2) is enforced", 16, OP_SELF, without },
		{ "that memory.max (cgroup v2) is enforced", 16, OP_LIMIT, without },
		{ "that memory.max (cgroup v2) is enforced", 16, OP_LIMIT, unlike_took },
		{ "that devices (bpf cgroup device) is enforced", 16, OP_DEVICES, without },
		{ "that cgroup (namespace) is enforced", 17, OP_UNSHARE, without },
		{ "that memory.max (RLIMIT_AS and sampling) is enforced", 19, OP_RLIMIT, without },
		{ "nothing makes it true that seccomp (seccomp filter) is enforced", 4, OP_SECCOMP,
		    without },
		{ "nothing makes it true that root (mount) is enforced", 0, OP_ATTR, no_readonly },
		{ "nesting (sysctl user.max_user_namespaces) is enforced", 1, OP_SYSCTL, without },
		{ "nothing makes it true that tree (cgroup.kill) is enforced", 3, OP_LEAF,
		    stale_leaf },
		{ "nothing makes it true that tree (cgroup.kill) is enforced", 3, OP_LEAF,
		    leaf_beyond },
		{ "nothing makes it true that tree (cgroup.kill) is enforced", 3, OP_LEAF,
		    tree_certain },
		{ "nothing makes it true that placement (cgroup v2) is enforced", 19, OP_LEAF,
		    placement_certain },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct str said, want = str_of(t[i].want);
		size_t at;

		CU_ASSERT_FATAL(good_plan(&p, t[i].plan));
		at = find_op(fresh(), t[i].kind, 0);
		CU_ASSERT_FATAL(at < p.plan->n);
		t[i].change(p.plan, at);
		said = refusal();
		if (!str_ends(said, want))
			printf("# row %zu: %.*s\n", i, (int)said.n, said.p);
		CU_ASSERT(str_ends(said, want));
		CU_ASSERT(str_starts(said, S("unsound plan")));
	}
}

/* Slots that an operation does not have mean nothing, whatever their number (found by fuzzing: a
 * shift by 150). */
static void
slots_of_no_use(void)
{
	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		for (size_t k = 0; k < p.plan->n; k++) {
			struct op *o = &p.plan->op[k];
			uint8_t shape = op_shape((enum op_kind)o->kind);

			if ((shape & (SHAPE_A | SHAPE_MAYBE_A | SHAPE_FILLS)) == 0)
				o->a = 200;
			if ((shape & SHAPE_B) == 0)
				o->b = 150;
		}
		CHECK_STR(i, refusal(), S("sound"));
	}
}

/* The message names the operation, and its place in the user's text. */
static void
message(void)
{
	CU_ASSERT_FATAL(good_plan(&p, 5));
	fresh();
	for (size_t i = 0; i < p.plan->n; i++)
		if (p.plan->op[i].kind == OP_WRITABLE)
			p.plan->op[i].text = NULL;
	drop(p.plan, find_op(p.plan, OP_ATTR, find_op(p.plan, OP_WRITABLE, 0) - 2));
	CHECK_TEXT(0, refusal(),
	    "unsound plan, operation 68 (move_mount): set-uid programs or devices in it");
	CHECK_NUM(0, p.err.pos.col, 3);
}

/* Claims that stand need what makes them true; those that do not stand need nothing. */
static void
each_claim(void)
{
	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		for (size_t c = 0; c < p.plan->nclaims; c++) {
			struct claim *claim = &p.plan->claim[c], kept = *claim;

			claim->name = S("nonsense");
			CU_ASSERT(str_eq(refusal(), S("sound")) ==
				  (kept.state == CLAIM_DROPPED || kept.state == CLAIM_NOT_ASKED));
			claim->name = kept.name;
			claim->mechanism = S("magic");
			CU_ASSERT(str_eq(refusal(), S("sound")) ==
				  (kept.state == CLAIM_DROPPED || kept.state == CLAIM_NOT_ASKED));
			*claim = kept;
			/* what is open or dropped cannot be claimed instead */
			if (claim->state != CLAIM_DROPPED && claim->state != CLAIM_NOT_ASKED)
				continue;
			claim->state = CLAIM_ENFORCED;
			if (str_eq(refusal(), S("sound")))
				printf("# row %zu: %.*s\n", i, (int)claim->name.n, claim->name.p);
			CU_ASSERT(!str_eq(refusal(), S("sound")));
			*claim = kept;
		}
	}
}

/* Where nothing else is wrong: it does not begin in the group that it was to join; limits of what
 * is no group. */
static void
no_group(void)
{
	size_t at;

	CU_ASSERT_FATAL(good_plan(&p, 18));
	at = find_op(fresh(), OP_CLONE, 0);
	p.plan->op[at].a = NO_SLOT;
	insert(p.plan, at,
	    (struct op){ .kind = OP_SETNS, .stage = STAGE_HOST, .a = 0, .b = NO_SLOT });
	CHECK_TEXT(0, refusal(),
	    "unsound plan: nothing makes it true that placement (cgroup v2) is enforced");
	p.plan->op[at] = (struct op){ .kind = OP_LIMIT,
		.stage = STAGE_HOST,
		.a = 0,
		.b = NO_SLOT,
		.text = "pids.max",
		.text2 = "1" };
	p.plan->op[find_op(p.plan, OP_OPEN, 0)].flags = 0;
	CU_ASSERT(str_ends(refusal(), S("of no control group")));
}

/* More claims of a kind than operations that make them true. */
static void
counted_claims(void)
{
	static const char *const names[] = { "read-only", "writable", "bind" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct claim *c;

		CU_ASSERT_FATAL(good_plan(&p, 5));
		c = (struct claim *)(uintptr_t)find_claim(p.plan, "session");
		c->name = str_of(names[i]);
		c->mechanism = S("mount");
		c->detail = S("/etc/shadow");
		/* one more clone is attached read-only than was asked for: the name server's */
		if (i == 0 || i == 2) {
			struct claim *more =
			    (struct claim *)(uintptr_t)find_claim(p.plan, "verdict");

			*more = *c;
		}
		CU_ASSERT(!str_eq(refusal(), S("sound")));
	}
	CU_ASSERT_FATAL(good_plan(&p, 14));
	/* a root that is writable has to have been asked for */
	((struct claim *)(uintptr_t)find_claim(p.plan, "writable"))->detail = S("/x");
	CU_ASSERT(!str_eq(refusal(), S("sound")));
}

UNIT_MAIN("lint", { "good plans are sound", good_ones }, { "each operation dropped", each_dropped },
    { "each operation doubled", each_doubled }, { "each rule", each_rule },
    { "slots of no use", slots_of_no_use }, { "the message", message }, { "no group", no_group },
    { "each claim", each_claim }, { "claims are counted", counted_claims })
