/* A filter's way into the kernel, and the exec behind it. */
#include "run/filter.h"

#include "spec/policy.h"
#include "sys/sys.h"

#include <errno.h>
#include <unistd.h>

_Static_assert(sizeof(struct bpf_insn) == 8 && offsetof(struct bpf_insn, k) == 4,
    "as struct sock_filter of linux/filter.h");

static int
may_have_privs(bool new_privs, struct err *e)
{
	uint64_t caps = 0;
	int r;

	if (!new_privs) {
		r = sys_prctl(K_PR_SET_NO_NEW_PRIVS, 1);
		return r < 0 ? err_system(e, -r, "prctl: cannot set no_new_privs") : 0;
	}
	r = sys_capget(&caps);
	if (r < 0)
		return err_system(e, -r, "capget: cannot tell what we may do");
	/* seccomp(2) would say so with EACCES, which says less */
	if ((caps >> K_CAP_SYS_ADMIN & 1) == 0)
		return err_refused(e, POS_NONE,
		    "a filter without no_new_privs needs CAP_SYS_ADMIN, which we do not have");
	return 0;
}

int
filter_attach(const struct bpf *f, unsigned flags, bool new_privs, struct err *e)
{
	int r = may_have_privs(new_privs, e);

	if (r < 0)
		return -1;
	r = sys_seccomp(flags, f->insn, f->n);
	if (r == -EBUSY)
		return err_system(e, EBUSY,
		    "seccomp: a filter that we are under already has a listener, and the kernel "
		    "knows but one");
	return r < 0 ? err_system(e, -r, "seccomp: cannot attach the filter") : r;
}

/* As the contract has it: a file that is there but cannot be executed beats an absent one. */
int
command_exec(const struct command *c, struct err *e)
{
	int found = 0;

	for (size_t i = 0; c->path[i] != NULL; i++) {
		int r = sys_execve(c->path[i], c->argv, c->envp);

		if ((r == -ENOENT || r == -ENOTDIR) && sys_access(c->path[i], F_OK) < 0)
			continue;
		found = -r;
		if (r != -EACCES)
			break;
	}
	err_system(e, found == 0 ? ENOENT : found, "cannot execute \"%\"", str_of(c->argv[0]));
	return found == 0 ? 127 : 126;
}
