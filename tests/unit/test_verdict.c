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
		{ { .cause = CAUSE_TIMEOUT }, 124, "timeout", "run" },
		{ { .cause = CAUSE_OUTPUT }, 137, "output", "run" },
		{ { .cause = CAUSE_KILLED }, 137, "killed", "run" },
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
static const struct plan plan = { .op = ops, .n = COUNT(ops) };

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
		    "cannot find in the box /srv/x: nothing is made on the host for it: No such file or directory" },
		{ { .cause = CAUSE_SETUP, .op = 2, .sysno = ELOOP },
		    "cannot find in the box /srv/x: Too many levels of symbolic links" },
		{ { .cause = CAUSE_NO_EXEC, .op = 3, .sysno = ENOENT, .absent = true },
		    "cannot execute /bin/app: No such file or directory" },
		{ { .cause = CAUSE_NO_EXEC, .op = 3, .sysno = ENOENT },
		    "cannot execute /bin/app: its interpreter is missing: No such file or directory" },
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

UNIT_MAIN("verdict", { "names and statuses", names }, { "faults", faults })
