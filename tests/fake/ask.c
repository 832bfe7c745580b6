/* The fake kernel's filters that ask, and looking into another process. What a filter's program
 * answers is not this kernel's matter: a payload says itself which of its calls are asked about. */
#include "kernel.h"

#include <errno.h>

/* Of a filter that can have one only the first does. */
static int
listener(struct proc *p)
{
	int i = 0;

	if (fake.listener_taken || kernel.listener != NULL)
		return -EBUSY;
	while (i < FAKE_FDS && (p->fd[i] != NULL || (p->files != NULL && p->files->fd[i] != NULL)))
		i++;
	if (i == FAKE_FDS)
		return -EMFILE;
	kernel.listener = file_new(FILE_LISTENER, "listener");
	for (struct proc *q = p; q != NULL; q = q->files) {
		q->fd[i] = kernel.listener;
		q->cloexec[i] = true;
		kernel.listener->refs++;
	}
	return i;
}

int
sys_seccomp(unsigned flags, const void *insn, size_t n)
{
	struct proc *p = kernel.self;
	struct call c = { 0 };

	if (call_begin(&c, FAKE_seccomp, "", flags)) {
		if (n == 0 || insn == NULL || (fake.no_wait_killable && (flags & 32) != 0))
			c.r = -EINVAL;
		else if (!p->no_new_privs && (fake.caps >> K_CAP_SYS_ADMIN & 1) == 0)
			c.r = -EACCES;
		else
			c.r = (flags & 8) != 0 ? listener(p) : 0;
		p->filtered = p->filtered || c.r >= 0;
	}
	return (int)call_end(&c, c.r, 0);
}

static bool
waits(size_t i)
{
	const struct proc *p = kernel.ask[i].proc;

	return kernel.ask[i].state != ASK_FREE && kernel.ask[i].state != ASK_DONE &&
	       p->generation == kernel.ask[i].generation && proc_alive(p);
}

bool
ask_some(void)
{
	for (size_t i = 0; i < COUNT(kernel.ask); i++)
		if (waits(i) && kernel.ask[i].state == ASK_NEW)
			return true;
	return false;
}

bool
ask_over(void)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (kernel.proc[i].filtered && proc_alive(&kernel.proc[i]))
			return false;
	return true;
}

static bool
answered(struct proc *p)
{
	return kernel.listener == NULL || kernel.ask[p - kernel.proc].state == ASK_DONE;
}

long
fake_notified(uint32_t nr, uint64_t arg)
{
	struct proc *p = kernel.self;
	size_t i = (size_t)(p - kernel.proc);

	if (kernel.listener == NULL)
		return -ENOSYS;
	kernel.ask[i].state = ASK_NEW;
	kernel.ask[i].proc = p;
	kernel.ask[i].generation = p->generation;
	/* AUDIT_ARCH_X86_64 */
	kernel.ask[i].call = (struct k_notif){ .id = 0xfedc000000000000u + ++kernel.next_ask,
		.pid = (uint32_t)p->pid,
		.nr = nr,
		.arch = 0xc000003e,
		.arg = { arg } };
	proc_block(answered, NULL, UINT64_MAX);
	return kernel.ask[i].state == ASK_DONE ? kernel.ask[i].r : -ENOSYS;
}

static bool
is_listener(int fd, const char *call)
{
	const struct file *f = fd_file(fd, call);

	return f != NULL && f->kind == FILE_LISTENER;
}

int
sys_notify_recv(int fd, struct k_notif *n)
{
	struct call c = { .out = n, .room = sizeof(*n) };

	if (call_begin(&c, FAKE_notify_recv, "", 0)) {
		c.r = is_listener(fd, "notify_recv") ? -ENOENT : -ENOTTY;
		for (size_t i = 0; c.r == -ENOENT && i < COUNT(kernel.ask); i++) {
			if (!waits(i) || kernel.ask[i].state != ASK_NEW)
				continue;
			kernel.ask[i].state = ASK_TOLD;
			*n = kernel.ask[i].call;
			c.r = 0;
		}
	}
	return (int)call_end(&c, c.r, c.r == 0 ? sizeof(*n) : 0);
}

static long
find(int fd, uint64_t id, size_t *at)
{
	if (!is_listener(fd, "notify"))
		return -ENOTTY;
	for (size_t i = 0; i < COUNT(kernel.ask); i++) {
		*at = i;
		if (kernel.ask[i].call.id == id && waits(i))
			return 0;
	}
	return -ENOENT;
}

int
sys_notify_valid(int fd, uint64_t id)
{
	struct call c = { 0 };
	size_t i = 0;

	if (call_begin(&c, FAKE_notify_valid, "", 0))
		c.r = find(fd, id, &i);
	return (int)call_end(&c, c.r, 0);
}

int
sys_notify_send(int fd, const struct k_notif_resp *resp)
{
	struct call c = { 0 };
	size_t i = 0;

	if (call_begin(&c, FAKE_notify_send, "", (uint64_t)resp->val)) {
		bool go = (resp->flags & K_SECCOMP_USER_NOTIF_FLAG_CONTINUE) != 0;

		c.r = find(fd, resp->id, &i);
		if (go && (resp->error != 0 || resp->val != 0))
			c.r = -EINVAL;
		if (c.r == 0 && kernel.ask[i].state != ASK_TOLD)
			c.r = -EINPROGRESS;
		if (c.r == 0) {
			kernel.ask[i].state = ASK_DONE;
			kernel.ask[i].r = go               ? FAKE_CONTINUED
					: resp->error != 0 ? resp->error
							   : resp->val;
		}
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_notify_flags(int fd, uint64_t flags)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_notify_flags, "", flags))
		c.r = is_listener(fd, "notify_flags") ? 0 : -ENOTTY;
	return (int)call_end(&c, c.r, 0);
}

/* ---- looking into another process ------------------------------------------------------------ */

int
trace_wait(int pid, int *status)
{
	struct proc *p = proc_by_pid(pid);

	if (p == NULL || !p->traced || !p->stopped)
		return 0;
	*status = fake.stop_signal != 0 ? fake.stop_signal << 8 | 0x7f
					: K_PTRACE_EVENT_STOP << 16 | SIGTRAP << 8 | 0x7f;
	return pid;
}

static long
get_filter(unsigned long index, void *to)
{
	size_t n = 0;

	while (n < COUNT(fake.filter) && fake.filter[n].insn != NULL)
		n++;
	if (n == 0)
		return -EINVAL;
	if (index >= n)
		return -ENOENT;
	n = fake.filter[index].n;
	if (to == NULL)
		return (long)n;
	for (size_t i = 0; i < n * 8; i++)
		((unsigned char *)to)[i] = ((const unsigned char *)fake.filter[index].insn)[i];
	return (long)n + fake.read_other;
}

static long
trace(int request, struct proc *p, unsigned long addr, unsigned long data)
{
	if (p == NULL || !proc_alive(p) || (request != K_PTRACE_SEIZE && !p->traced))
		return -ESRCH;
	switch (request) {
	case K_PTRACE_SEIZE:
		if (p->traced)
			return -EPERM;
		p->traced = true;
		return 0;
	case K_PTRACE_INTERRUPT:
		p->stopped = !fake.never_stops;
		return 0;
	case K_PTRACE_SECCOMP_GET_FILTER:
		return p->stopped ? get_filter(addr, (void *)(uintptr_t)data) : -ESRCH;
	case K_PTRACE_DETACH:
		if (!p->stopped)
			return -ESRCH;
		if (data != (unsigned long)fake.stop_signal)
			wrong("a signal was lost, or made up", NULL);
		p->traced = p->stopped = false;
		return 0;
	default:
		wrong("an unknown ptrace request", NULL);
		return -EIO;
	}
}

int
sys_ptrace(int request, int pid, unsigned long addr, unsigned long data)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_ptrace, "", (uint64_t)request))
		c.r = trace(request, proc_by_pid(pid), addr, data);
	return (int)call_end(&c, c.r, 0);
}

UNWATCHED_END
