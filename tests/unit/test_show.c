/* core/plan/show.c: operations as people read them. */
#include "planning.h"
#include "sys/uapi.h"
#include "unit.h"

#define SLOTS(k, slot_a, slot_b, ...) \
	{ \
		.kind = OP_##k, .a = (slot_a), .b = (slot_b), __VA_ARGS__ \
	}
#define OP(k, ...) SLOTS(k, NO_SLOT, NO_SLOT, __VA_ARGS__)

/* Every kind: as a line of a plan, its fault, its object, its call, since when. */
static const struct {
	struct op op;
	const char *line, *fault, *object, *call, *since;
} rows[] = {
	{ SLOTS(OPEN, 3, NO_SLOT, .text = "/ns/net"), "host  open /ns/net -> #3",
	    "cannot open /ns/net", "/ns/net", "openat", "" },
	{ SLOTS(SETNS, 0, NO_SLOT, .text = "/n", .num = K_CLONE_NEWNET), "host  setns /n net #0",
	    "cannot join the namespace /n", "/n", "setns", "" },
	{ OP(UNSHARE, .stage = STAGE_BOX, .text = "time", .num = K_CLONE_NEWTIME),
	    "box   unshare time", "cannot make the namespace time", "time", "unshare", "" },
	{ OP(SUBREAPER, .num = 0), "host  subreaper", "cannot adopt orphans", "", "prctl", "" },
	{ OP(SELF, .text = "/sys/fs/cgroup/me"), "host  cgroup-self /sys/fs/cgroup/me",
	    "cannot move the monitor into a control group of its own in /sys/fs/cgroup/me",
	    "/sys/fs/cgroup/me", "write", "" },
	{ OP(ENABLE, .text = "/sys/fs/cgroup", .text2 = "+memory +pids"),
	    "host  cgroup-enable /sys/fs/cgroup +memory +pids",
	    "cannot enable controllers in /sys/fs/cgroup", "/sys/fs/cgroup", "write", "" },
	{ SLOTS(LEAF, 1, NO_SLOT, .text = "/sys/fs/cgroup", .flags = FLAG_MAY),
	    "host  cgroup-leaf /sys/fs/cgroup -> #1 if possible",
	    "cannot make a control group in /sys/fs/cgroup", "/sys/fs/cgroup", "mkdirat", "" },
	{ SLOTS(LIMIT, 1, NO_SLOT, .text = "memory.max", .text2 = "65536", .num = 4096),
	    "host  cgroup-limit memory.max 65536 #1", "cannot set the limit memory.max",
	    "memory.max", "write", "" },
	{ SLOTS(DEVICES, 1, NO_SLOT, .devices = &(struct ebpf){ .n = 17 }),
	    "host  cgroup-devices 17 instructions #1", "cannot limit the devices", "", "bpf",
	    "4.15" },
	{ SLOTS(CLONE, 63, NO_SLOT, .flags = FLAG_OLD, .num = K_CLONE_NEWUSER | K_CLONE_NEWNS),
	    "host  clone user,mount #63 by clone(2)", "cannot make the namespaces", "", "clone3",
	    "5.3" },
	{ OP(MAP, .text = "uid_map", .text2 = "0 0 1\n"), "host  map uid_map 0 0 1\\n",
	    "cannot write the id map uid_map", "uid_map", "write", "" },
	{ OP(GO, .num = 0), "host  go", "cannot start the box", "", "write", "" },
	{ OP(WAIT, .stage = STAGE_BOX), "box   wait", "cannot wait for the monitor", "", "read",
	    "" },
	{ OP(PDEATH, .stage = STAGE_BOX), "box   pdeathsig", "cannot set the parent-death signal",
	    "", "prctl", "" },
	{ OP(MAP_SELF, .stage = STAGE_BOX, .text = "setgroups", .text2 = "deny"),
	    "box   map-self setgroups deny", "cannot write the id map setgroups", "setgroups",
	    "write", "" },
	{ OP(SYSCTL, .stage = STAGE_BOX, .text = "user/max_user_namespaces", .text2 = "0"),
	    "box   sysctl user/max_user_namespaces 0",
	    "cannot set the sysctl user/max_user_namespaces", "user/max_user_namespaces", "write",
	    "" },
	{ OP(DUMPABLE, .stage = STAGE_BOX), "box   undumpable", "cannot become untraceable", "",
	    "prctl", "" },
	{ OP(PRIVATE, .stage = STAGE_BOX), "box   private", "cannot cut mount propagation", "",
	    "mount", "" },
	{ SLOTS(TREE, 9, NO_SLOT, .stage = STAGE_BOX, .text = "/a b\n", .flags = FLAG_RECURSIVE),
	    "box   open_tree /a b\\n -> #9 recursive", "cannot clone the mount at /a b\\n",
	    "/a b\n", "open_tree", "5.2" },
	{ SLOTS(ATTR, 9, NO_SLOT, .stage = STAGE_BOX, .num = 15),
	    "box   mount_setattr ro,nosuid,nodev,noexec #9", "cannot set mount attributes", "",
	    "mount_setattr", "5.12" },
	{ SLOTS(ATTR_OFF, 9, NO_SLOT, .stage = STAGE_BOX, .num = 1), "box   attributes-off ro #9",
	    "cannot take mount attributes off", "", "mount_setattr", "5.12" },
	{ SLOTS(MOVE_ROOT, 2, NO_SLOT, .stage = STAGE_BOX), "box   attach-root #2",
	    "cannot attach the new root", "", "move_mount", "5.2" },
	{ SLOTS(TARGET, 5, 2, .stage = STAGE_BOX, .text = "run",
	      .flags = FLAG_MAY | FLAG_NO_LINK | FLAG_DIRECTORY),
	    "box   target run -> #5 in #2 unless a link if possible", "cannot find in the box /run",
	    "run", "openat2", "5.6" },
	{ SLOTS(MOVE, 4, 5, .stage = STAGE_BOX), "box   move_mount #4 on #5",
	    "cannot attach a mount", "", "move_mount", "5.2" },
	{ SLOTS(WRITABLE, 4, NO_SLOT, .stage = STAGE_BOX, .text = "/tmp"), "box   writable /tmp #4",
	    "cannot have a writable mount of /tmp", "/tmp", "fstatfs", "" },
	{ SLOTS(FCHDIR, 5, NO_SLOT, .stage = STAGE_BOX), "box   enter #5",
	    "cannot enter a directory of the box", "", "fchdir", "" },
	{ SLOTS(MOUNT, 5, NO_SLOT, .stage = STAGE_BOX, .text = "tmpfs", .text2 = ".",
	      .text3 = "size=1", .num = 2),
	    "box   mount tmpfs . size=1 nosuid #5", "cannot mount tmpfs", "tmpfs", "mount", "" },
	{ SLOTS(MKDIR, NO_SLOT, 5, .stage = STAGE_BOX, .text = "shm", .num = 01777),
	    "box   mkdir shm mode 1777 in #5", "cannot make the directory shm", "shm", "mkdirat",
	    "" },
	{ SLOTS(POINT, 3, 5, .stage = STAGE_BOX, .text = "null"), "box   mount-point null #3 in #5",
	    "cannot make the mount point null", "null", "mknodat", "" },
	{ SLOTS(SYMLINK, NO_SLOT, 5, .stage = STAGE_BOX, .text = "pts/ptmx", .text2 = "ptmx"),
	    "box   symlink pts/ptmx ptmx in #5", "cannot make the link ptmx", "ptmx", "symlinkat",
	    "" },
	{ SLOTS(CLOSE, 7, NO_SLOT, .stage = STAGE_BOX), "box   close #7", "cannot close", "",
	    "close", "" },
	{ OP(PIVOT, .stage = STAGE_BOX), "box   pivot_root", "cannot change the root", "",
	    "pivot_root", "" },
	{ OP(UMOUNT_OLD, .stage = STAGE_BOX), "box   umount-old", "cannot unmount the old root", "",
	    "umount2", "" },
	{ OP(CHROOT, .stage = STAGE_BOX), "box   chroot", "cannot change the root", "", "chroot",
	    "" },
	{ OP(HOSTNAME, .stage = STAGE_BOX, .text = "box"), "box   hostname box",
	    "cannot set the hostname box", "box", "sethostname", "" },
	{ OP(LOOPBACK, .stage = STAGE_BOX), "box   loopback",
	    "cannot bring the loopback interface up", "", "ioctl", "" },
	{ OP(CHDIR, .stage = STAGE_BOX, .text = "/w", .flags = FLAG_MAY),
	    "box   chdir /w if possible", "cannot change the working directory to /w", "/w",
	    "chdir", "" },
	{ OP(SECUREBITS, .stage = STAGE_BOX, .num = 207), "box   securebits",
	    "cannot lock the securebits", "", "prctl", "" },
	{ OP(CAPS_NONE, .stage = STAGE_BOX), "box   capabilities", "cannot drop the capabilities",
	    "", "capset", "" },
	{ OP(NO_NEW_PRIVS, .stage = STAGE_BOX), "box   no_new_privs", "cannot set no_new_privs", "",
	    "prctl", "" },
	{ OP(SPAWN, .stage = STAGE_BOX), "box   spawn", "cannot start the payload's process", "",
	    "clone", "" },
	{ OP(SETSID, .stage = STAGE_EXEC), "exec  setsid", "cannot start a session", "", "setsid",
	    "" },
	{ OP(STREAM, .stage = STAGE_EXEC, .num = 2), "exec  stream 2", "cannot connect the stream",
	    "", "dup2", "" },
	{ OP(SIGMASK, .stage = STAGE_EXEC), "exec  sigmask", "cannot restore the signal mask", "",
	    "rt_sigprocmask", "" },
	{ OP(CLOEXEC, .stage = STAGE_EXEC), "exec  cloexec", "cannot close other descriptors", "",
	    "close_range", "5.11" },
	{ OP(KEEP_FD, .stage = STAGE_EXEC, .num = 42), "exec  keep-fd 42",
	    "cannot keep the descriptor", "", "fcntl", "" },
	{ OP(RLIMIT, .stage = STAGE_EXEC, .text = "NPROC", .num = 64), "exec  rlimit NPROC 64",
	    "cannot set the resource limit NPROC", "NPROC", "prlimit64", "" },
	{ OP(SECCOMP, .stage = STAGE_EXEC, .text = "strict", .filter = &(struct bpf){ .n = 42 }),
	    "exec  seccomp strict 42 instructions", "cannot apply the seccomp filter strict",
	    "strict", "seccomp", "3.17" },
	{ OP(EXEC, .stage = STAGE_EXEC, .text = "/bin/true"), "exec  exec /bin/true",
	    "cannot execute /bin/true", "/bin/true", "execve", "" },
};

static void
every_kind(void)
{
	CU_ASSERT_FATAL(COUNT(rows) == OP_COUNT);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct op *o = &rows[i].op;
		char text[256], said[256];
		struct buf b = BUF(text), f = BUF(said);

		CHECK_NUM(i, o->kind, i);
		op_put(&b, o);
		CHECK_STR(i, buf_str(&b), str_of(rows[i].line));
		op_fault(&f, o);
		CHECK_STR(i, buf_str(&f), str_of(rows[i].fault));
		CHECK_STR(i, op_object(o), str_of(rows[i].object));
		CHECK_STR(i, op_call((enum op_kind)i), str_of(rows[i].call));
		CHECK_STR(i, op_since((enum op_kind)i), str_of(rows[i].since));
	}
}

static void
others(void)
{
	static const struct {
		struct op op;
		const char *line, *object;
	} t[] = {
		{ SLOTS(MOVE, 4, 5, .stage = STAGE_BOX, .text = "null"),
		    "box   move_mount null #4 on #5", "null" },
		{ SLOTS(MOUNT, 5, NO_SLOT, .stage = STAGE_BOX, .text = "devpts", .text2 = "pts"),
		    "box   mount devpts pts #5", "pts" },
		{ SLOTS(MOUNT, 5, NO_SLOT, .stage = STAGE_BOX, .text = "tmpfs"),
		    "box   mount tmpfs #5", "" },
		{ OP(CLONE, .flags = FLAG_SHARED,
		      .num = K_CLONE_NEWPID | K_CLONE_NEWNET | K_CLONE_NEWIPC | K_CLONE_NEWUTS |
			     K_CLONE_NEWCGROUP | K_CLONE_NEWTIME),
		    "host  clone pid,net,ipc,uts,cgroup,time sharing memory", "" },
		{ OP(CLONE, .num = 0), "host  clone", "" },
		{ SLOTS(DEVICES, 2, NO_SLOT, .flags = FLAG_MAY),
		    "host  cgroup-devices 0 instructions #2 if possible", "" },
		{ SLOTS(ATTR, 1, NO_SLOT, .stage = STAGE_BOX), "box   mount_setattr #1", "" },
		{ SLOTS(POINT, NO_SLOT, 1, .stage = STAGE_BOX, .text = "x"),
		    "box   mount-point x in #1", "x" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char text[256];
		struct buf b = BUF(text);

		op_put(&b, &t[i].op);
		CHECK_STR(i, buf_str(&b), str_of(t[i].line));
		CHECK_STR(i, op_object(&t[i].op), str_of(t[i].object));
	}
}

static void
names(void)
{
	static const char *const stages[] = { "host", "box", "exec" };
	static const char *const states[] = { "enforced", "best-effort", "dropped", "open" };

	for (size_t i = 0; i < COUNT(stages); i++)
		CHECK_STR(i, stage_name((enum plan_stage)i), str_of(stages[i]));
	for (size_t i = 0; i < COUNT(states); i++)
		CHECK_STR(i, claim_state_name((enum claim_state)i), str_of(states[i]));
	CHECK_TEXT(0, op_name(OP_COUNT), "?");
	CHECK_TEXT(0, op_call(OP_COUNT), "?");
	CHECK_TEXT(0, op_since(OP_COUNT), "?");
	CHECK_NUM(0, op_shape(OP_COUNT), 0);
	CHECK_NUM(0, ns_flag(NS_USER), K_CLONE_NEWUSER);
	CHECK_NUM(0, ns_flag(NS_TIME), K_CLONE_NEWTIME);
}

/* Nothing of it can be mistaken for something else, whatever the path. */
static void
escapes(void)
{
	struct op o = SLOTS(TREE, 0, NO_SLOT, .stage = STAGE_BOX, .text = "/\x1b[31m\xff\\\tx");
	char text[256];
	struct buf b = BUF(text);

	op_put(&b, &o);
	CHECK_TEXT(0, buf_str(&b), "box   open_tree /\\x1b[31m\\xff\\\\\\tx -> #0");
	b.n = 0;
	op_fault(&b, &o);
	CHECK_TEXT(1, buf_str(&b), "cannot clone the mount at /\\x1b[31m\\xff\\\\\\tx");
}

UNIT_MAIN("show", { "every kind of operation", every_kind }, { "their variants", others },
    { "names", names }, { "escapes", escapes })
