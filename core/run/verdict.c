#include "run/box.h"

#include "spec/field.h"

#include <errno.h>

int
verdict_status(const struct verdict *v)
{
	switch (v->cause) {
	case CAUSE_EXIT:
	case CAUSE_PIDS:
		return v->status;
	case CAUSE_SIGNAL:
		return 128 + v->status;
	case CAUSE_TIMEOUT:
	case CAUSE_CPU_TIME:
	case CAUSE_IDLE:
		return 124;
	case CAUSE_OOM:
	case CAUSE_OUTPUT:
	case CAUSE_WATCH_MEMORY:
	case CAUSE_WATCH_PIDS:
	case CAUSE_KILLED:
		return 137;
	case CAUSE_REFUSED:
	case CAUSE_SETUP:
		return 125;
	case CAUSE_NO_EXEC:
		return v->absent ? 127 : 126;
	}
	return 125;
}

struct str
cause_name(const struct verdict *v)
{
	/* in the order of enum cause */
	struct str name = word_at("exit|signal|timeout|timeout|idle-timeout|oom|pids|output|killed|"
				  "killed|killed|refused",
	    v->cause);

	return name.p == NULL ? S("setup-failed") : name;
}

struct str
limit_name(const struct verdict *v)
{
	return v->cause == CAUSE_CPU_TIME     ? S("cpu-time")
	     : v->cause == CAUSE_WATCH_MEMORY ? S("memory")
	     : v->cause == CAUSE_WATCH_PIDS   ? S("pids")
					      : cause_name(v);
}

struct str
verdict_stage(const struct verdict *v)
{
	switch (v->cause) {
	case CAUSE_REFUSED:
		return S("parse");
	case CAUSE_SETUP:
		return S("setup");
	case CAUSE_NO_EXEC:
		return S("exec");
	case CAUSE_EXIT:
	case CAUSE_PIDS:
	case CAUSE_SIGNAL:
	case CAUSE_OOM:
	case CAUSE_OUTPUT:
		return S("run");
	/* these come from outside, at any time */
	case CAUSE_TIMEOUT:
	case CAUSE_CPU_TIME:
	case CAUSE_IDLE:
	case CAUSE_WATCH_MEMORY:
	case CAUSE_WATCH_PIDS:
	case CAUSE_KILLED:
		return v->started ? S("run") : S("setup");
	}
	return S("setup");
}

/* Why the kernel makes no namespaces; clone(2), user_namespaces(7). */
static struct str
clone_hint(int sysno)
{
	switch (sysno) {
	case EINVAL:
		return S(" (this kernel may be built without one of them)");
	case EPERM:
	case EACCES:
		return S(" (user namespaces may be off for ordinary users: sysctl "
			 "kernel.unprivileged_userns_clone, or an AppArmor or seccomp policy)");
	case ENOSPC:
	case EUSERS:
		return S(" (sysctl user.max_user_namespaces and its kind limit them)");
	default:
		return S("");
	}
}

/* What a person can do about an errno that alone says little. */
static void
add_hint(const struct op *o, const struct verdict *v, struct err *e)
{
	struct str since = op_since((enum op_kind)o->kind);

	if (v->sysno == ENOSYS && since.n > 0)
		err_add(e, TEXT(" (% needs Linux %, and no outer seccomp filter that refuses it)",
			       op_call((enum op_kind)o->kind), since));
	else if (o->kind == OP_CLONE)
		err_add(e, TEXT("%", clone_hint(v->sysno)));
	else if (o->kind == OP_EXEC && v->sysno == ENOENT && !v->absent)
		err_add(e, TEXT(": its interpreter is missing"));
	else if (o->kind == OP_EXEC && v->sysno == ENOEXEC)
		err_add(e,
		    TEXT(" (neither a program for this machine nor a script with a #! line)"));
	else if (o->kind == OP_TARGET && v->sysno == ENOENT)
		err_add(e, TEXT(": nothing is made on the host for it"));
	else if (o->kind == OP_TREE && v->sysno == ENOENT &&
		 str_starts(str_of(o->text), S("/dev/")))
		err_add(e, TEXT(" (a devtmpfs on /dev, or --no-dev, is due)"));
}

/* A name that was looked for in every directory: the first of them says nothing. */
static bool
looked_for(const struct plan *plan, const struct verdict *v)
{
	struct str name = str_of(plan->argv[0]);

	return v->cause == CAUSE_NO_EXEC && v->absent && str_find(name, '/', 0) == name.n;
}

void
verdict_fault(const struct plan *plan, const struct verdict *v, struct err *e)
{
	char text[256];
	struct buf b = BUF(text);

	/* the first fault that is told stands */
	if (v->by != NULL)
		v->by->hint(v, NULL, e);
	if (looked_for(plan, v)) {
		struct str name = str_slice(str_of(plan->argv[0]), 0, 60);

		buf_escaped(&b, name.n > 0 ? name : S("\"\""));
		err_system(e, v->sysno, "cannot find % in the PATH of the box", buf_str(&b));
	} else if (v->op < plan->n) {
		op_fault(&b, &plan->op[v->op]);
		err_system(e, v->sysno, "%", buf_str(&b));
		e->pos = plan->op[v->op].pos;
		add_hint(&plan->op[v->op], v, e);
		if (v->by != NULL)
			v->by->hint(v, &plan->op[v->op], e);
	} else if (v->sysno == ENOSYS) {
		/* the only one of the calls before the plan that is not as old as Linux 2.6.27 */
		err_system(e, v->sysno,
		    "cannot watch the caller (pidfd_open needs Linux 5.3, and "
		    "no outer seccomp filter that refuses it)");
	} else if (v->sysno != 0) {
		err_system(e, v->sysno, "cannot start the box");
	} else {
		err_at(e, FAULT_SYSTEM, POS_NONE, "the box ended before the payload was started");
	}
}
