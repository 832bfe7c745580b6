/* One operation, one system call: which, on what, and what becomes of its failure. */
#include "check.h"
#include "fake.h"
#include "run/group.h"
#include "run/process.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

static struct op op;
static char *argv[] = { NULL, NULL };
static struct plan plan = { .op = &op, .n = 1, .argv = argv, .envp = argv };
static struct process p;

enum { ROOT, PLACE, TREE, EMPTY }; /* slots, and what is in them */

static void
set(struct op o)
{
	fake_reset();
	op = o;
	process_prepare(&p, &plan);
	p.slot[ROOT] = sys_open_tree("/root", true);
	(void)sys_move_mount_root(p.slot[ROOT]);
	p.slot[PLACE] = sys_open_at(p.slot[ROOT], "place", O_PATH, K_RESOLVE_IN_ROOT);
	p.slot[TREE] = sys_open_tree("/tree", true);
	(void)sys_mount_attr(p.slot[TREE], true, K_MOUNT_ATTR_NOSUID, 0);
	if (o.kind == OP_SECCOMP)
		(void)sys_prctl(K_PR_SET_NO_NEW_PRIVS, 1);
}

#define OP(k, slot, dir, ...) \
	{ \
		.kind = (k), .a = (slot), .b = (dir), __VA_ARGS__ \
	}

static const struct bpf_insn insn = { .code = BPF_RET_K, .k = 0x7fff0000 };
static const struct bpf filter = { &insn, NULL, 1 };

static const struct {
	struct op op;
	enum fake_call call;
	const char *text;
	uint64_t num;
} rows[] = {
	{ OP(OP_SETNS, TREE, NO_SLOT, .num = K_CLONE_NEWNET), FAKE_setns, "/tree", K_CLONE_NEWNET },
	{ OP(OP_UNSHARE, NO_SLOT, NO_SLOT, .num = K_CLONE_NEWTIME), FAKE_unshare, "",
	    K_CLONE_NEWTIME },
	{ OP(OP_SUBREAPER, NO_SLOT, NO_SLOT, .num = 0), FAKE_prctl, "subreaper", 1 },
	{ OP(OP_PDEATH, NO_SLOT, NO_SLOT, .num = 0), FAKE_prctl, "pdeathsig", SIGKILL },
	{ OP(OP_DUMPABLE, NO_SLOT, NO_SLOT, .num = 0), FAKE_prctl, "dumpable", 0 },
	{ OP(OP_PRIVATE, NO_SLOT, NO_SLOT, .num = 0), FAKE_mount, "/", K_MS_REC | K_MS_PRIVATE },
	{ OP(OP_TREE, EMPTY, NO_SLOT, .text = "/x"), FAKE_open_tree, "/x", 0 },
	{ OP(OP_TREE, EMPTY, NO_SLOT, .text = "/x", .flags = FLAG_RECURSIVE), FAKE_open_tree, "/x",
	    1 },
	{ OP(OP_ATTR, TREE, NO_SLOT, .num = 5), FAKE_mount_attr, "/tree", 5 },
	{ OP(OP_ATTR_OFF, TREE, NO_SLOT, .num = 5), FAKE_mount_attr, "/tree", (uint64_t)5 << 32 },
	{ OP(OP_MOVE_ROOT, TREE, NO_SLOT, .num = 0), FAKE_move_mount_root, "/tree", 0 },
	{ OP(OP_TARGET, EMPTY, ROOT, .text = "x"), FAKE_open_at, "x", O_PATH },
	{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_DIRECTORY), FAKE_open_at, "x",
	    O_PATH | O_DIRECTORY },
	{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_NO_LINK), FAKE_open_at, "x",
	    O_PATH | O_NOFOLLOW },
	{ OP(OP_OPEN, EMPTY, NO_SLOT, .text = "/x", .flags = FLAG_DIRECTORY), FAKE_open, "/x",
	    O_PATH | O_DIRECTORY },
	{ OP(OP_MOVE, TREE, PLACE, .num = 0), FAKE_move_mount, "/place", 0 },
	{ OP(OP_MOVE, TREE, PLACE, .text = "x"), FAKE_move_mount_at, "x", 0 },
	{ OP(OP_WRITABLE, PLACE, NO_SLOT, .num = 0), FAKE_mount_readonly, "/place", 0 },
	{ OP(OP_FCHDIR, PLACE, NO_SLOT, .num = 0), FAKE_fchdir, "/place", 0 },
	{ OP(OP_MOUNT, PLACE, NO_SLOT, .text = "tmpfs", .text2 = ".", .num = 6), FAKE_mount,
	    "tmpfs", 6 },
	{ OP(OP_MKDIR, NO_SLOT, PLACE, .text = "x", .num = 0700), FAKE_mkdir_at, "x", 0700 },
	{ OP(OP_POINT, NO_SLOT, PLACE, .text = "x"), FAKE_mkdir_at, "x", 0755 },
	{ OP(OP_POINT, NO_SLOT, PLACE, .text = "x", .flags = FLAG_FILE), FAKE_mkfile_at, "x",
	    0444 },
	{ OP(OP_SYMLINK, NO_SLOT, PLACE, .text = "to", .text2 = "x"), FAKE_symlink_at, "to", 0 },
	{ OP(OP_CLOSE, TREE, NO_SLOT, .num = 0), FAKE_close, "/tree", 0 },
	{ OP(OP_PIVOT, NO_SLOT, NO_SLOT, .num = 0), FAKE_pivot_root, ".", 0 },
	{ OP(OP_UMOUNT_OLD, NO_SLOT, NO_SLOT, .num = 0), FAKE_umount_detach, ".", 0 },
	{ OP(OP_CHROOT, NO_SLOT, NO_SLOT, .num = 0), FAKE_chroot, ".", 0 },
	{ OP(OP_HOSTNAME, NO_SLOT, NO_SLOT, .text = "box"), FAKE_sethostname, "box", 3 },
	{ OP(OP_LOOPBACK, NO_SLOT, NO_SLOT, .num = 0), FAKE_loopback_up, "", 0 },
	{ OP(OP_CHDIR, NO_SLOT, NO_SLOT, .text = "/x"), FAKE_chdir, "/x", 0 },
	{ OP(OP_SECUREBITS, NO_SLOT, NO_SLOT, .num = 0xcf), FAKE_prctl, "securebits", 0xcf },
	{ OP(OP_CAPS_NONE, NO_SLOT, NO_SLOT, .num = 0), FAKE_capset_none, "", 0 },
	{ OP(OP_NO_NEW_PRIVS, NO_SLOT, NO_SLOT, .num = 0), FAKE_prctl, "no_new_privs", 1 },
	{ OP(OP_SETSID, NO_SLOT, NO_SLOT, .num = 0), FAKE_setsid, "", 0 },
	{ OP(OP_SIGMASK, NO_SLOT, NO_SLOT, .num = 0), FAKE_sigmask, "set", 0 },
	{ OP(OP_CLOEXEC, NO_SLOT, NO_SLOT, .num = 0), FAKE_cloexec_from, "", 3 },
	{ OP(OP_KEEP_FD, NO_SLOT, NO_SLOT, .num = 2), FAKE_keep_on_exec, "", 2 },
	{ OP(OP_SECCOMP, NO_SLOT, NO_SLOT, .num = 2, .filter = &filter), FAKE_seccomp, "", 2 },
};

static void
one_call(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct fake_entry *e;
		size_t n;

		set(rows[i].op);
		n = fake.nlog;
		CHECK_NUM(i, process_step(&p, 0), 0);
		CHECK_NUM(i, fake.nlog, n + 1);
		e = &fake.log[n];
		CHECK_NUM(i, e->call, rows[i].call);
		CHECK_STR(i, str_of(e->text), str_of(rows[i].text));
		if (rows[i].call != FAKE_close)
			CHECK_NUM(i, e->num, rows[i].num);
		if ((op_shape((enum op_kind)op.kind) & SHAPE_FILLS) != 0)
			CHECK_NUM(i, p.slot[EMPTY], e->r);
		if (op.kind == OP_CLOSE)
			CHECK_NUM(i, p.slot[TREE], -1);
	}
}

static void
its_failure(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		set(rows[i].op);
		fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = EIO };
		CHECK_NUM(i, process_step(&p, 0), -EIO);
		if ((op_shape((enum op_kind)op.kind) & SHAPE_FILLS) != 0)
			CHECK_NUM(i, p.slot[EMPTY], -1);
	}
}

/* What would use an empty slot is skipped, whatever it would have done. */
static void
empty_slots(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t shape = op_shape((enum op_kind)rows[i].op.kind);
		size_t n;

		if ((shape & (SHAPE_A | SHAPE_B)) == 0)
			continue;
		set(rows[i].op);
		if ((shape & SHAPE_A) != 0)
			op.a = EMPTY;
		n = fake.nlog;
		if ((shape & SHAPE_B) != 0)
			op.b = EMPTY + 1;
		CHECK_NUM(i, process_step(&p, 0), 0);
		CHECK_NUM(i, fake.nlog, n);
		/* the second one alone */
		if ((shape & SHAPE_A) == 0 || (shape & SHAPE_B) == 0)
			continue;
		op.a = TREE;
		CHECK_NUM(i, process_step(&p, 0), 0);
		CHECK_NUM(i, fake.nlog, n);
	}
}

static void
what_may_be(void)
{
	static const struct {
		struct op op;
		int error, want;
	} t[] = {
		{ OP(OP_TARGET, EMPTY, ROOT, .text = "x"), ENOENT, -ENOENT },
		{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_MAY), ENOENT, 0 },
		{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_MAY), ENOTDIR, 0 },
		{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_MAY), EACCES, 0 },
		{ OP(OP_TARGET, EMPTY, ROOT, .text = "x", .flags = FLAG_MAY), ELOOP, -ELOOP },
		{ OP(OP_OPEN, EMPTY, NO_SLOT, .text = "/x", .flags = FLAG_DIRECTORY | FLAG_MAY),
		    ENOENT, 0 },
		{ OP(OP_OPEN, EMPTY, NO_SLOT, .text = "/x", .flags = FLAG_DIRECTORY | FLAG_MAY),
		    EMFILE, -EMFILE },
		{ OP(OP_MKDIR, NO_SLOT, PLACE, .text = "x"), EEXIST, -EEXIST },
		{ OP(OP_MKDIR, NO_SLOT, PLACE, .text = "x", .flags = FLAG_MAY), EEXIST, 0 },
		{ OP(OP_MKDIR, NO_SLOT, PLACE, .text = "x", .flags = FLAG_MAY), EROFS, -EROFS },
		{ OP(OP_POINT, NO_SLOT, PLACE, .text = "x"), EEXIST, -EEXIST },
		{ OP(OP_POINT, NO_SLOT, PLACE, .text = "x", .flags = FLAG_MAY), EEXIST, 0 },
		{ OP(OP_CHDIR, NO_SLOT, NO_SLOT, .text = "/x"), ENOENT, -ENOENT },
		{ OP(OP_CHDIR, NO_SLOT, NO_SLOT, .text = "/x", .flags = FLAG_MAY), ENOENT, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(t[i].op);
		fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = t[i].error };
		CHECK_NUM(i, process_step(&p, 0), t[i].want);
		CU_ASSERT_EQUAL(p.slot[EMPTY], -1);
	}
}

/* openat2(2): EAGAIN is a rename that was noticed on the way; patience has an end. */
static void
target_again(void)
{
	struct op o = OP(OP_TARGET, EMPTY, ROOT, .text = "x");
	size_t n;

	set(o);
	fake.again = 5;
	n = fake.nlog;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT_EQUAL(fake.nlog, n + 6);
	set(o);
	fake.again = 999;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	set(o);
	fake.again = 1000;
	CU_ASSERT_EQUAL(process_step(&p, 0), -EAGAIN);
}

/* A mount point is like what goes there. */
static void
points(void)
{
	struct op o = OP(OP_POINT, TREE, PLACE, .text = "x");

	set(o);
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_mkdir_at);
	set(o);
	fake.regular = "/tree";
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_mkfile_at);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].num, 0444);
	set(o);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_stat_fd, .error = EIO };
	CU_ASSERT_EQUAL(process_step(&p, 0), -EIO);
}

static void
writable_mounts(void)
{
	struct op o = OP(OP_WRITABLE, PLACE, NO_SLOT, .num = 0);

	set(o);
	fake.readonly = "/place";
	CU_ASSERT_EQUAL(process_step(&p, 0), -EROFS);
}

static void
opens(void)
{
	static const struct fake_file files[] = { { "/ns", "", 0 }, { NULL, NULL, 0 } };
	struct op o = OP(OP_OPEN, EMPTY, NO_SLOT, .text = "/ns");

	set(o);
	fake.file = files;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT(p.slot[EMPTY] >= 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].num, O_RDONLY | O_NOCTTY);
	set(o);
	CU_ASSERT_EQUAL(process_step(&p, 0), -ENOENT);
	CU_ASSERT_EQUAL(p.slot[EMPTY], -1);
}

/* A stream that has its number already only has to stay open. */
static void
stream_numbers(void)
{
	struct op o = OP(OP_STREAM, NO_SLOT, NO_SLOT, .num = 1);

	set(o);
	p.stream[1][0] = p.slot[TREE];
	CU_ASSERT(process_step(&p, 0) >= 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_dup_to);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].num, 1);
	set(o);
	p.stream[1][0] = 1;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_keep_on_exec);
}

static void
lifeline(void)
{
	struct op o = OP(OP_WAIT, NO_SLOT, NO_SLOT, .num = 0);
	int fd[2];

	set(o);
	CU_ASSERT_FATAL(sys_pipe(fd) == 0);
	p.life[0] = fd[0];
	p.life[1] = fd[1];
	op.kind = OP_GO;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CHECK_TEXT(0, fake_pipe_text(fd[0]), "G");
	op.kind = OP_WAIT;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	sys_close(fd[1]);
	CU_ASSERT_EQUAL(process_step(&p, 0), -ESRCH);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .error = EIO };
	CU_ASSERT_EQUAL(process_step(&p, 0), -EIO);
	p.life[1] = fd[1] = -1;
}

static void
maps(void)
{
	struct op o = OP(OP_MAP, NO_SLOT, NO_SLOT, .text = "uid_map", .text2 = "0 0 1\n");

	/* the fake has no such process: what counts is the path */
	set(o);
	p.child = 4711;
	CU_ASSERT_EQUAL(process_step(&p, 0), -ENOENT);
	CHECK_STR(0, str_of(fake.log[fake.nlog - 1].text), S("/proc/4711/uid_map"));
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].num, O_WRONLY | O_NOCTTY);
	op.kind = OP_MAP_SELF;
	CU_ASSERT_EQUAL(process_step(&p, 0), -EPERM);
	CHECK_STR(0, str_of(fake.log[fake.nlog - 2].text), S("/proc/self/uid_map"));
}

static void
sysctls(void)
{
	static const enum fake_call call[] = { FAKE_open, FAKE_write };
	struct op o =
	    OP(OP_SYSCTL, NO_SLOT, NO_SLOT, .text = "user/max_user_namespaces", .text2 = "0");

	set(o);
	(void)sys_unshare(K_CLONE_NEWUSER);
	fake.wrong = NULL;
	CU_ASSERT_EQUAL(process_step(&p, 0), 0);
	CU_ASSERT_PTR_NULL(fake.wrong);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 3].call, FAKE_open);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 3].num, O_WRONLY | O_NOCTTY);
	CHECK_STR(0, str_of(fake.log[fake.nlog - 3].text), S("/proc/sys/user/max_user_namespaces"));
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 1].call, FAKE_close);
	for (size_t i = 0; i < COUNT(call); i++) {
		unsigned before;

		set(o);
		(void)sys_unshare(K_CLONE_NEWUSER);
		before = fake_open_fds();
		fake.fault[0] = (struct fake_fault){ .call = call[i], .error = EROFS };
		CHECK_NUM(i, process_step(&p, 0), -EROFS);
		CHECK_NUM(i, fake_open_fds(), before);
	}
}

/* ---- of a box with limits -------------------------------------------------------------------- */

static void
set_limited(struct op o)
{
	struct supervise s = { .outlive = true };

	set(o);
	fake.wrong = NULL;
	group_attach(&s);
	p.steps = s.steps;
	fake.cgroup = "/cg";
	fake.controllers = "memory pids";
	fake_group("/cg/a", 0);
	CU_ASSERT_EQUAL(group_enable("/cg", "+memory"), 0);
	p.slot[PLACE] = sys_open("/cg/a", O_RDONLY | O_DIRECTORY);
}

static void
limits(void)
{
	static const struct ebpf_insn one = { 0x95, 0, 0, 0 };
	static const struct ebpf program = { &one, 1, NULL };
	static char took[TOOK_ROOM];
	static const struct {
		struct op op;
		int error; /* of the first call that can be refused; 0: none */
		enum fake_call call;
		int want;
	} t[] = {
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "memory.max", .text2 = "8192", .took = took),
		    0, FAKE_write, 0 },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "pids.max", .text2 = "1", .took = took), 0,
		    FAKE_write, -ENOENT },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "pids.max", .text2 = "1", .flags = FLAG_MAY,
		      .took = took),
		    0, FAKE_write, 0 },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "memory.max", .text2 = "1",
		      .flags = FLAG_MAY, .took = took),
		    EACCES, FAKE_write, 0 },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "memory.max", .text2 = "1",
		      .flags = FLAG_MAY, .took = took),
		    EPERM, FAKE_write, 0 },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "memory.max", .text2 = "1",
		      .flags = FLAG_MAY, .took = took),
		    EINVAL, FAKE_write, -EINVAL },
		{ OP(OP_LIMIT, PLACE, NO_SLOT, .text = "memory.max", .text2 = "8192", .took = took),
		    EBUSY, FAKE_write, -EBUSY },
		{ OP(OP_DEVICES, PLACE, NO_SLOT, .devices = &program), 0, FAKE_bpf_attach, 0 },
		{ OP(OP_DEVICES, PLACE, NO_SLOT, .devices = &program), EPERM, FAKE_bpf_attach,
		    -EPERM },
		{ OP(OP_DEVICES, PLACE, NO_SLOT, .devices = &program, .flags = FLAG_MAY),
		    EOPNOTSUPP, FAKE_bpf_attach, 0 },
		{ OP(OP_ENABLE, NO_SLOT, NO_SLOT, .text = "/cg", .text2 = "+pids"), 0, FAKE_write,
		    0 },
		{ OP(OP_ENABLE, NO_SLOT, NO_SLOT, .text = "/cg", .text2 = "+cpu"), 0, FAKE_write,
		    -ENOENT },
		{ OP(OP_RLIMIT, NO_SLOT, NO_SLOT, .text = "AS", .num = 1), 0, FAKE_rlimit, 0 },
		{ OP(OP_RLIMIT, NO_SLOT, NO_SLOT, .text = "CPU", .num = 1), EPERM, FAKE_rlimit,
		    -EPERM },
		{ OP(OP_RLIMIT, NO_SLOT, NO_SLOT, .text = "CORE", .num = 1), 0, FAKE_rlimit,
		    -EINVAL },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		size_t n;

		memset(took, 0, sizeof(took));
		set_limited(t[i].op);
		n = fake_open_fds();
		fake.fault[0] = (struct fake_fault){ .call = t[i].call,
			.nth = t[i].error == 0         ? 0
			     : t[i].call == FAKE_write ? 2
						       : 1,
			.error = t[i].error };
		CHECK_NUM(i, process_step(&p, 0), t[i].want);
		CHECK_NUM(i, fake_open_fds(), n);
		CHECK_NUM(i, fake.hits, t[i].error != 0);
		CU_ASSERT_PTR_NULL(fake.wrong);
		if (i == 0)
			CHECK_TEXT(i, str_of(took), "8192");
	}
}

static void
resource_limits(void)
{
	static const struct {
		const char *text;
		int resource;
	} t[] = { { "AS", K_RLIMIT_AS }, { "CPU", K_RLIMIT_CPU }, { "NPROC", K_RLIMIT_NPROC } };

	for (size_t i = 0; i < COUNT(t); i++) {
		struct op o = OP(OP_RLIMIT, NO_SLOT, NO_SLOT, .text = t[i].text, .num = 77);

		set_limited(o);
		CHECK_NUM(i, process_step(&p, 0), 0);
		CHECK_NUM(i, fake.log[fake.nlog - 1].num, (uint64_t)t[i].resource << 56 | 77);
	}
}

/* Whoever cannot be without its group is told why there is none. */
static void
needed_groups(void)
{
	static const struct {
		enum fake_call call;
		int error;
	} t[] = {
		{ FAKE_open, ENOENT },
		{ FAKE_pipe, EMFILE },
		{ FAKE_mkdir_at, EROFS },
		{ FAKE_mkdir_at, EAGAIN },
		{ FAKE_open_at, EMFILE },
		{ FAKE_lock, ENOLCK },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct op o = OP(OP_LEAF, EMPTY, NO_SLOT, .text = "/cg");

		set_limited(o);
		fake.fault[0] = (struct fake_fault){ .call = t[i].call, .error = t[i].error };
		/* outside of a run nothing can be forked: by the fake's rules that is a fault */
		if (t[i].call != FAKE_open && t[i].call != FAKE_pipe)
			p.guard = FAKE_MONITOR, p.leaf_parent = p.slot[PLACE];
		CHECK_NUM(i, process_step(&p, 0), -t[i].error);
		CU_ASSERT(!p.leaf_made && p.slot[EMPTY] == -1);
		p.guard = 0;
	}
}

static void
unknown(void)
{
	struct op o = OP(OP_COUNT, NO_SLOT, NO_SLOT, .num = 0);

	set(o);
	CU_ASSERT_EQUAL(process_step(&p, 0), -ENOSYS);
	op.kind = OP_COUNT + 1;
	CU_ASSERT_EQUAL(process_step(&p, 0), -ENOSYS);
}

static void
vfork_fails(void)
{
	static const enum fake_call call[] = { FAKE_sigmask, FAKE_signalfd, FAKE_vfork };
	struct op o = OP(OP_SPAWN, NO_SLOT, NO_SLOT, .num = 0);

	for (size_t i = 0; i < COUNT(call); i++) {
		set(o);
		fake.fault[0] = (struct fake_fault){ .call = call[i], .error = ENOMEM };
		CHECK_NUM(i, process_step(&p, 0), -ENOMEM);
	}
}

UNIT_MAIN("step", { "one call for each operation", one_call }, { "its failure", its_failure },
    { "empty slots", empty_slots }, { "what may be", what_may_be },
    { "a target is looked for again", target_again }, { "mount points", points },
    { "writable mounts", writable_mounts }, { "opens", opens },
    { "stream numbers", stream_numbers }, { "lifeline", lifeline }, { "maps", maps },
    { "sysctls", sysctls }, { "limits", limits }, { "resource limits", resource_limits },
    { "groups that are needed", needed_groups }, { "unknown operations", unknown },
    { "no process for the payload", vfork_fails })
