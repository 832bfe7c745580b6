/* What a verdict is called, what status it gives, and what is said of a failure. */
#include "check.h"
#include "run/box.h"
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

UNIT_MAIN("verdict", { "names and statuses", names }, { "faults", faults },
    { "a name that is looked for", by_name }, { "hints", hints })
