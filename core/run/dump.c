/* A filter that another process is under, as the kernel keeps it. */
#include "run/filter.h"
#include "sys/sys.h"

#include <errno.h>
#include <sys/wait.h>

enum { PATIENCE_MS = 5000, LINUX_EMEDIUMTYPE = 124 };

/* Until it has stopped. One that the kernel holds is let go by our end. */
static int
await_stop(int pid, int *status)
{
	for (int ms = 0; ms < PATIENCE_MS; ms++) {
		int r = sys_wait(pid, status, WNOHANG | __WALL, NULL);

		if (r < 0 && r != -EINTR)
			return r;
		if (r > 0)
			return WIFSTOPPED(*status) ? 0 : -ESRCH;
		(void)sys_poll(NULL, 0, 1);
	}
	return -ETIMEDOUT;
}

/* A signal that was about to be delivered still is. */
static void
let_go(int pid, int status)
{
	bool ours = status >> 16 == K_PTRACE_EVENT_STOP;

	(void)sys_ptrace(K_PTRACE_DETACH, pid, 0, ours ? 0 : (unsigned long)WSTOPSIG(status));
}

static int
get(int pid, uint64_t index, void *to)
{
	return sys_ptrace(K_PTRACE_SECCOMP_GET_FILTER, pid, index, (unsigned long)(uintptr_t)to);
}

static int
refused(int sysno, bool first, struct err *e)
{
	if (sysno == EACCES)
		return err_system(e, sysno,
		    "ptrace: the kernel shows filters only to who has CAP_SYS_ADMIN and is under "
		    "none");
	if (sysno == ENOENT && !first)
		return err_data(e, POS_NONE, "the process has no filter of that number");
	if (sysno == ENOENT || sysno == EINVAL)
		return err_data(e, POS_NONE,
		    "the process is under no filter (or the kernel was built without "
		    "CONFIG_CHECKPOINT_RESTORE)");
	if (sysno == LINUX_EMEDIUMTYPE)
		return err_system(e, sysno,
		    "ptrace: the kernel has not kept that filter's program");
	return err_system(e, sysno, "ptrace: cannot read the filter");
}

static int
read_filter(struct arena *a, int pid, int64_t index, struct bpf *out, struct err *e)
{
	uint64_t i = index < 0 ? 0 : (uint64_t)index;
	struct bpf_insn *insn;
	int n = get(pid, i, NULL), m;

	if (n < 0)
		return refused(-n, i == 0, e);
	if (index < 0 && get(pid, 1, NULL) >= 0)
		return err_usage(e,
		    "the process is under several filters: say which, 0 is the first "
		    "that was attached");
	if (n == 0 || n > BPF_INSNS_MAX)
		return err_limit(e, POS_NONE, "a filter of more than 4096 instructions");
	insn = arena_array(a, (size_t)n, sizeof(*insn));
	if (insn == NULL)
		return err_memory(e);
	m = get(pid, i, insn);
	if (m != n)
		return refused(m < 0 ? -m : EIO, false, e);
	*out = (struct bpf){ .insn = insn, .n = (size_t)n };
	return 0;
}

int
filter_dump(struct arena *a, int pid, int64_t index, struct bpf *out, struct err *e)
{
	int status = 0, r = sys_ptrace(K_PTRACE_SEIZE, pid, 0, 0);

	if (r < 0)
		return err_system(e, -r, "ptrace: cannot look into the process");
	r = sys_ptrace(K_PTRACE_INTERRUPT, pid, 0, 0);
	if (r == 0)
		r = await_stop(pid, &status);
	/* what is not stopped cannot be let go; our own end does that */
	if (r < 0)
		return err_system(e, -r, "ptrace: the process does not stop");
	r = read_filter(a, pid, index, out, e);
	let_go(pid, status);
	return r;
}
