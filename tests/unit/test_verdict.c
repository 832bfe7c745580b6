/* What a verdict is called, what status it gives, and what is said of a failure. */
#include "check.h"
#include "run/group.h"
#include "unit.h"

#include <errno.h>

static void
names(void)
{
	static const struct {
		struct verdict v;
		int status;
		const char *cause, *stage;
	} t[] = {
		{ { .cause = CAUSE_EXIT, .status = 0 }, 0, "exit", "run" },
		{ { .cause = CAUSE_EXIT, .status = 42 }, 42, "exit", "run" },
		{ { .cause = CAUSE_SIGNAL, .status = 9 }, 137, "signal", "run" },
		{ { .cause = CAUSE_SIGNAL, .status = 15 }, 143, "signal", "run" },
		{ { .cause = CAUSE_TIMEOUT, .started = true }, 124, "timeout", "run" },
		{ { .cause = CAUSE_TIMEOUT }, 124, "timeout", "setup" },
		{ { .cause = CAUSE_CPU_TIME, .started = true }, 124, "timeout", "run" },
		{ { .cause = CAUSE_CPU_TIME }, 124, "timeout", "setup" },
		{ { .cause = CAUSE_IDLE, .started = true }, 124, "idle-timeout", "run" },
		{ { .cause = CAUSE_OOM, .status = 9 }, 137, "oom", "run" },
		{ { .cause = CAUSE_PIDS, .status = 2 }, 2, "pids", "run" },
		{ { .cause = CAUSE_WATCH_MEMORY, .started = true }, 137, "killed", "run" },
		{ { .cause = CAUSE_WATCH_PIDS, .started = true }, 137, "killed", "run" },
		{ { .cause = CAUSE_OUTPUT }, 137, "output", "run" },
		{ { .cause = CAUSE_KILLED, .started = true }, 137, "killed", "run" },
		{ { .cause = CAUSE_KILLED }, 137, "killed", "setup" },
		{ { .cause = CAUSE_REFUSED }, 125, "refused", "parse" },
		{ { .cause = CAUSE_SETUP }, 125, "setup-failed", "setup" },
		{ { .cause = CAUSE_NO_EXEC }, 126, "setup-failed", "exec" },
		{ { .cause = CAUSE_NO_EXEC, .absent = true }, 127, "setup-failed", "exec" },
		/* never made; and never taken for a success */
		{ { .cause = (enum cause)99 }, 125, "setup-failed", "setup" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, verdict_status(&t[i].v), t[i].status);
		CHECK_STR(i, cause_name(&t[i].v), str_of(t[i].cause));
		CHECK_STR(i, verdict_stage(&t[i].v), str_of(t[i].stage));
	}
}

/* Which limit it was: several have one cause. */
static void
limits(void)
{
	static const struct {
		enum cause cause;
		const char *limit;
	} t[] = {
		{ CAUSE_TIMEOUT, "timeout" },
		{ CAUSE_CPU_TIME, "cpu-time" },
		{ CAUSE_IDLE, "idle-timeout" },
		{ CAUSE_OUTPUT, "output" },
		{ CAUSE_WATCH_MEMORY, "memory" },
		{ CAUSE_WATCH_PIDS, "pids" },
		{ CAUSE_KILLED, "killed" },
		{ CAUSE_NO_EXEC, "setup-failed" },
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_STR(i, limit_name(&(struct verdict){ .cause = t[i].cause }),
		    str_of(t[i].limit));
}

static struct op ops[] = {
	{ .kind = OP_MOUNT, .text = "tmpfs", .text2 = ".", .pos = { 7, 3 } },
	{ .kind = OP_ATTR },
	{ .kind = OP_TARGET, .text = "srv/x" },
	{ .kind = OP_EXEC, .text = "/bin/app" },
};
static char by_path[] = "/bin/app";
static char *argv[] = { by_path, NULL };
static const struct plan plan = { .op = ops, .n = COUNT(ops), .argv = argv };

static void
faults(void)
{
	static const struct {
		struct verdict v;
		const char *line;
	} t[] = {
		{ { .cause = CAUSE_SETUP, .op = 0, .sysno = EPERM },
		    "7:3: cannot mount tmpfs: Operation not permitted" },
		{ { .cause = CAUSE_SETUP, .op = 0, .sysno = ENOSYS },
		    "7:3: cannot mount tmpfs: Function not implemented" },
		{ { .cause = CAUSE_SETUP, .op = 1, .sysno = EPERM },
		    "cannot set mount attributes: Operation not permitted" },
		{ { .cause = CAUSE_SETUP, .op = 1, .sysno = ENOSYS },
		    "cannot set mount attributes (mount_setattr needs Linux 5.12, and no outer "
		    "seccomp filter that refuses it): Function not implemented" },
		{ { .cause = CAUSE_SETUP, .op = 2, .sysno = ENOENT },
		    "cannot find in the box /srv/x: nothing is made on the host for it: "
		    "No such file or directory" },
		{ { .cause = CAUSE_SETUP, .op = 2, .sysno = ELOOP },
		    "cannot find in the box /srv/x: Too many levels of symbolic links" },
		{ { .cause = CAUSE_NO_EXEC, .op = 3, .sysno = ENOENT, .absent = true },
		    "cannot execute /bin/app: No such file or directory" },
		{ { .cause = CAUSE_NO_EXEC, .op = 3, .sysno = ENOENT },
		    "cannot execute /bin/app: its interpreter is missing: "
		    "No such file or directory" },
		{ { .cause = CAUSE_NO_EXEC, .op = 3, .sysno = EACCES },
		    "cannot execute /bin/app: Permission denied" },
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX, .sysno = EMFILE },
		    "cannot start the box: Too many open files" },
		{ { .cause = CAUSE_SETUP, .op = COUNT(ops), .sysno = EMFILE },
		    "cannot start the box: Too many open files" },
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX },
		    "the box ended before the payload was started" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char text[512];
		struct buf b = BUF(text);
		struct err e = { 0 };

		verdict_fault(&plan, &t[i].v, &e);
		CHECK_NUM(i, e.fault, FAULT_SYSTEM);
		CHECK_NUM(i, e.sysno, t[i].v.sysno);
		err_line(&e, &b);
		CHECK_STR(i, buf_str(&b), str_of(t[i].line));
	}
}

/* A name without a slash was looked for in every directory: that is said, and no path. */
static void
by_name(void)
{
	static const struct {
		const char *name;
		bool absent;
		const char *line;
	} t[] = {
		{ "app", true,
		    "cannot find app in the PATH of the box: No such file or directory" },
		{ "a\x1bpp", true,
		    "cannot find a\\x1bpp in the PATH of the box: No such file or directory" },
		{ "app", false,
		    "cannot execute /bin/app: its interpreter is missing: "
		    "No such file or directory" },
		{ "./app", true, "cannot execute /bin/app: No such file or directory" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct verdict v = { .cause = CAUSE_NO_EXEC,
			.op = 3,
			.sysno = ENOENT,
			.absent = t[i].absent };
		char name[16], text[512];
		char *words[] = { name, NULL };
		const struct plan p = { .op = ops, .n = COUNT(ops), .argv = words };
		struct buf b = BUF(text);
		struct err e = { 0 };

		snprintf(name, sizeof(name), "%s", t[i].name);
		verdict_fault(&p, &v, &e);
		err_line(&e, &b);
		CHECK_STR(i, buf_str(&b), str_of(t[i].line));
	}
}

/* What can be done about an errno that says little. */
static void
hints(void)
{
	static struct op some[] = {
		{ .kind = OP_CLONE },
		{ .kind = OP_TREE, .text = "/dev/null" },
		{ .kind = OP_TREE, .text = "/srv" },
		{ .kind = OP_EXEC, .text = "/bin/app" },
	};
	static const struct plan p = { .op = some, .n = COUNT(some), .argv = argv };
	static const struct {
		uint32_t op;
		int sysno;
		bool hint;
		const char *part;
	} t[] = {
		{ 0, EINVAL, true, "may be built without one of them" },
		{ 0, EPERM, true, "kernel.unprivileged_userns_clone" },
		{ 0, EACCES, true, "kernel.unprivileged_userns_clone" },
		{ 0, ENOSPC, true, "user.max_user_namespaces" },
		{ 0, EUSERS, true, "user.max_user_namespaces" },
		{ 0, ENOMEM, false, "(" },
		{ 1, ENOENT, true, "(a devtmpfs on /dev, or --no-dev, is due)" },
		{ 1, EPERM, false, "(" },
		{ 2, ENOENT, false, "(" },
		{ 3, ENOEXEC, true, "nor a script with a #! line" },
		/* before the plan: only the watching of the caller is as new */
		{ UINT32_MAX, ENOSYS, true, "pidfd_open needs Linux 5.3" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct verdict v = { .cause = t[i].op == 3 ? CAUSE_NO_EXEC : CAUSE_SETUP,
			.op = t[i].op,
			.sysno = t[i].sysno };
		char text[512];
		struct buf b = BUF(text);
		struct err e = { 0 };

		verdict_fault(&p, &v, &e);
		err_line(&e, &b);
		buf_char(&b, '\0');
		CHECK_NUM(i, strstr(text, t[i].part) != NULL, t[i].hint);
	}
}

/* What can be done about a group, where that is known at all. */
static void
group_hints(void)
{
	static char took[TOOK_ROOM] = "123", nothing[TOOK_ROOM];
	static struct op some[] = {
		{ .kind = OP_LIMIT, .text = "memory.max", .text2 = "64", .took = took },
		{ .kind = OP_LIMIT, .text = "cpu.weight", .text2 = "0", .took = nothing },
		{ .kind = OP_LIMIT, .text = "cpu.max", .text2 = "x" },
		{ .kind = OP_LEAF, .text = "/cg" },
		{ .kind = OP_ENABLE, .text = "/cg", .text2 = "+memory" },
		{ .kind = OP_DEVICES },
		{ .kind = OP_CLONE },
		{ .kind = OP_SPAWN },
		{ .kind = OP_MOUNT, .text = "tmpfs", .text2 = "." },
	};
	static const struct plan p = { .op = some, .n = COUNT(some), .argv = argv };
	static const struct gauging by = { .hint = group_verdict_hint };
	static const struct {
		uint32_t op;
		int sysno;
		const char *part; /* NULL: nothing is said besides */
	} t[] = {
		{ 0, ERANGE, "(the kernel has \"123\" instead of \"64\")" },
		{ 0, EINVAL, "memory.max to \"64\": Invalid argument" },
		{ 1, ERANGE, "cpu.weight to \"0\": Numerical result out of range" },
		{ 2, EINVAL, "to \"x\" (cpu.max.burst of the group may be above that): In" },
		{ 2, ERANGE, "cpu.max to \"x\": Numerical result out of range" },
		{ 0, ENOENT, "its controller is not enabled" },
		{ 0, EBUSY, "what the group uses now" },
		{ 0, EPERM, "another user" },
		{ 0, EACCES, "another user" },
		{ 0, ENODEV, "no such device" },
		{ 0, EOPNOTSUPP, "not able to do this" },
		{ 0, ENOMEM, "memory.max to \"64\": Cannot allocate memory" },
		{ 3, EACCES, "another user" },
		{ 3, EPERM, "another user" },
		{ 3, EROFS, "mounted read-only" },
		{ 3, EAGAIN, "cgroup.max.depth" },
		{ 3, EEXIST, "one of that name" },
		{ 3, ENOENT, "removed meanwhile" },
		{ 3, ENOSPC, NULL },
		{ 4, EBUSY, "processes in that group itself" },
		{ 4, ENOENT, "cgroup.controllers" },
		{ 4, EACCES, "another user" },
		{ 4, EPERM, "another user" },
		{ 4, EOPNOTSUPP, "for threads" },
		{ 5, EPERM, "CAP_BPF" },
		{ 5, EINVAL, "CONFIG_CGROUP_BPF" },
		{ 6, EAGAIN, "RLIMIT_NPROC" },
		{ 6, EBUSY, "takes no processes" },
		{ 7, EAGAIN, "before the program itself" },
		{ 8, EPERM, NULL },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct verdict v = { .cause = CAUSE_SETUP, .op = t[i].op, .sysno = t[i].sysno };
		char text[512], plain[512];
		struct buf b = BUF(text), q = BUF(plain);
		struct err e = { 0 }, without = { 0 };
		bool said = false;

		verdict_fault(&p, &v, &without);
		err_line(&without, &q);
		v.by = &by;
		verdict_fault(&p, &v, &e);
		err_line(&e, &b);
		for (size_t k = 0; t[i].part != NULL && k < b.n; k++)
			said =
			    said || str_starts(str_slice(buf_str(&b), k, b.n), str_of(t[i].part));
		CHECK_NUM(i, said, t[i].part != NULL);
		CHECK_NUM(i, str_eq(buf_str(&b), buf_str(&q)), t[i].part == NULL);
		CHECK_NUM(i, e.sysno, t[i].sysno);
	}
}

/* The kernel ended it before it began: whatever else was seen to fail follows from that. */
static void
too_little_memory(void)
{
	static const struct gauging by = { .hint = group_verdict_hint };
	static const struct {
		struct verdict v;
		const char *line;
	} t[] = {
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX, .evidence = EVIDENCE_OOM, .by = &by },
		    "the limit of memory is too small to start the program: "
		    "Cannot allocate memory" },
		{ { .cause = CAUSE_SETUP,
		      .op = 1,
		      .sysno = EPIPE,
		      .evidence = EVIDENCE_OOM | EVIDENCE_PIDS,
		      .by = &by },
		    "the limit of memory is too small to start the program: "
		    "Cannot allocate memory" },
		{ { .cause = CAUSE_SETUP, .op = UINT32_MAX, .evidence = EVIDENCE_PIDS, .by = &by },
		    "the box ended before the payload was started" },
		{ { .cause = CAUSE_NO_EXEC,
		      .op = 3,
		      .sysno = EACCES,
		      .evidence = EVIDENCE_OOM,
		      .by = &by },
		    "cannot execute /bin/app: Permission denied" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char text[512];
		struct buf b = BUF(text);
		struct err e = { 0 };

		verdict_fault(&plan, &t[i].v, &e);
		err_line(&e, &b);
		CHECK_STR(i, buf_str(&b), str_of(t[i].line));
	}
}

UNIT_MAIN("verdict", { "limits", limits }, { "hints of groups", group_hints },
    { "too little memory", too_little_memory }, { "names and statuses", names },
    { "faults", faults }, { "a name that is looked for", by_name }, { "hints", hints })
