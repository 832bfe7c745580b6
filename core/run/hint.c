/* What can be done about a control group that is not to be had as planned; cgroup-v2.rst,
 * cgroups(7). */
#include "run/group.h"

#include "spec/field.h"

#include <errno.h>

/* Beside each the words that belong to it, in their order. */
static const struct {
	uint8_t kind, sysno;
} known[] = {
	{ OP_LIMIT, ENOENT },
	{ OP_LIMIT, EBUSY },
	{ OP_LIMIT, EPERM },
	{ OP_LIMIT, EACCES },
	{ OP_LIMIT, ENODEV },
	{ OP_LIMIT, EOPNOTSUPP },
	{ OP_LEAF, EACCES },
	{ OP_LEAF, EPERM },
	{ OP_LEAF, EROFS },
	{ OP_LEAF, EAGAIN },
	{ OP_LEAF, EEXIST },
	{ OP_LEAF, ENOENT },
	{ OP_ENABLE, EBUSY },
	{ OP_ENABLE, ENOENT },
	{ OP_ENABLE, EACCES },
	{ OP_ENABLE, EPERM },
	{ OP_ENABLE, EOPNOTSUPP },
	{ OP_DEVICES, EPERM },
	{ OP_DEVICES, EINVAL },
	{ OP_CLONE, EAGAIN },
	{ OP_CLONE, EBUSY },
	{ OP_SPAWN, EAGAIN },
};

#define NOT_OURS "it belongs to another user, who has not delegated it"

static const char words[] =
    "this kernel has no such file, or its controller is not enabled for the group|"
    "what the group uses now stands against it|" NOT_OURS "|" NOT_OURS "|"
    "there is no such device, or it is a partition|"
    "the controller is not able to do this here|" NOT_OURS "|" NOT_OURS "|"
    "the cgroup file system is mounted read-only|"
    "cgroup.max.depth or cgroup.max.descendants of a group above is reached|"
    "there is one of that name|"
    "it was removed meanwhile|"
    "there are processes in that group itself; they have to be in groups below it first|"
    "cgroup.controllers there has not got one of them|" NOT_OURS "|" NOT_OURS "|"
    "that group is for threads|"
    "this takes CAP_BPF or CAP_SYS_ADMIN outside of any user namespace|"
    "this kernel may be built without CONFIG_CGROUP_BPF|"
    "a limit of processes is reached: of the group, or RLIMIT_NPROC|"
    "controllers are enabled for groups below it, so it takes no processes|"
    "a limit of processes is reached, before the program itself";

/* The kernel says no in two ways: at once, or by keeping another value. */
static void
limit_hint(const struct op *o, int sysno, struct err *e)
{
	/* only what was read back is there */
	if (sysno == ERANGE && o->took != NULL && o->took[0] != '\0')
		err_add(e, TEXT(" (the kernel has \"%\" instead of \"%\")", str_of(o->took),
			       str_of(o->text2)));
	else
		err_add(e, TEXT(" to \"%\"", str_of(o->text2)));
	/* kernel/sched/core.c, tg_set_cfs_bandwidth(): what else it refuses is not written */
	if (sysno == EINVAL && str_eq(str_of(o->text), S("cpu.max")))
		err_add(e, TEXT(" (cpu.max.burst of the group may be above that)"));
}

void
group_hint(const struct op *o, int sysno, struct err *e)
{
	if (o->kind == OP_LIMIT)
		limit_hint(o, sysno, e);
	for (size_t i = 0; i < COUNT(known); i++)
		if (known[i].kind == o->kind && known[i].sysno == sysno)
			err_add(e, TEXT(" (%)", word_at(words, i)));
}

void
group_verdict_hint(const struct verdict *v, const struct op *o, struct err *e)
{
	if (o != NULL)
		group_hint(o, v->sysno, e);
	else if (v->cause == CAUSE_SETUP && (v->evidence & EVIDENCE_OOM) != 0)
		err_system(e, ENOMEM, "the limit of memory is too small to start the program");
}
