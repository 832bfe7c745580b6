/*
 * Runs a program and everything it starts; one system call of one of these processes fails, or that
 * process is killed at it.
 *
 *	fault list PROG [ARG...]
 *	fault DEPTH NUMBER ERRNO|kill PROG [ARG...]
 *
 * DEPTH is 0 for the program, 1 for what it starts, 2 for what that starts; NUMBER counts the
 * system calls that processes of this depth begin, from 1 on, and up to their exec where they are
 * not the program. "list" prints each on standard
 * error: depth, number, system call, and a line "exec DEPTH" when one is executed. Ends with the
 * program's exit status (128+n for a signal), and with 99 when something it had started was still
 * there after ten seconds: unlike a look at the list of processes, that misses nothing.
 */
#include "attack.h"

#include <elf.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

enum { TASKS = 512, SYSCALL_STOP = SIGTRAP | 0x80, PATIENCE = 10, STAYED = 99 };

struct task {
	pid_t pid;
	int depth; /* -1: its parent's event has not come yet */
	int held;  /* stopped, until it does */
	int other; /* not the program, and another one since its exec */
	int fail;  /* the call that it is in fails with this */
};

static struct task tasks[TASKS];
static unsigned long counts[TASKS];
static size_t ntasks;
static int list, depth_wanted, errno_wanted, killing;
static unsigned long number_wanted;

static struct task *
find(pid_t pid)
{
	for (size_t i = 0; i < ntasks; i++)
		if (tasks[i].pid == pid)
			return &tasks[i];
	if (ntasks == TASKS) {
		fprintf(stderr, "fault: too many processes\n");
		exit(TROUBLE);
	}
	tasks[ntasks] = (struct task){ .pid = pid, .depth = -1 };
	return &tasks[ntasks++];
}

static void
forget(pid_t pid)
{
	struct task *t = find(pid);

	*t = tasks[--ntasks];
}

/* No call has this number: the kernel does nothing. */
static void
skip_call(pid_t pid)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, (void *)(15 * 8), (void *)-1l); /* orig_rax */
#elif defined(__aarch64__)
	int nr = -1;
	struct iovec v = { &nr, sizeof(nr) };

	ptrace(PTRACE_SETREGSET, pid, (void *)0x404, &v); /* NT_ARM_SYSTEM_CALL */
#else
#error "an architecture that is not known here"
#endif
}

static void
set_result(pid_t pid, long r)
{
#if defined(__x86_64__)
	ptrace(PTRACE_POKEUSER, pid, (void *)(10 * 8), (void *)r); /* rax */
#elif defined(__aarch64__)
	struct {
		uint64_t x[31], sp, pc, pstate;
	} regs;
	struct iovec v = { &regs, sizeof(regs) };

	ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &v);
	regs.x[0] = (uint64_t)r;
	ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &v);
#endif
}

static void
entered(struct task *t, unsigned long long nr)
{
	unsigned long n;

	if (t->other)
		return;
	n = ++counts[t->depth];
	if (list)
		fprintf(stderr, "call %d %lu %llu\n", t->depth, n, nr);
	if (list || t->depth != depth_wanted || n != number_wanted)
		return;
	if (killing) {
		kill(t->pid, SIGKILL);
		return;
	}
	t->fail = errno_wanted;
	skip_call(t->pid);
}

static void
at_call(struct task *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, (void *)sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		entered(t, info.entry.nr);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && t->fail != 0) {
		set_result(t->pid, -t->fail);
		t->fail = 0;
	}
}

/* Whose calls are not counted, or no more, does not stop at them. */
static void
go_on(const struct task *t, int sig)
{
	int counted = !t->other && t->depth == depth_wanted && counts[t->depth] < number_wanted;
	int at_each = list || counted || t->fail != 0;

	ptrace(at_each ? PTRACE_SYSCALL : PTRACE_CONT, t->pid, NULL, (void *)(intptr_t)sig);
}

static void
born(const struct task *parent)
{
	unsigned long pid = 0;
	struct task *t;
	int depth = parent->depth;

	ptrace(PTRACE_GETEVENTMSG, parent->pid, NULL, &pid);
	t = find((pid_t)pid);
	t->depth = depth + 1;
	if (t->held)
		go_on(t, 0);
	t->held = 0;
}

static void
stopped(pid_t pid, int status)
{
	struct task *t = find(pid);
	int event = status >> 16, sig = WSTOPSIG(status);

	if (t->depth < 0) {
		t->held = 1;
		return;
	}
	if (sig == SYSCALL_STOP) {
		at_call(t);
		sig = 0;
	} else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		   event == PTRACE_EVENT_CLONE) {
		born(t);
		sig = 0;
	} else if (event == PTRACE_EVENT_EXEC) {
		if (list)
			fprintf(stderr, "exec %d\n", t->depth);
		t->other = t->depth > 0;
		sig = 0;
	} else if (event != 0) {
		sig = 0;
	}
	go_on(t, sig);
}

static void
stayed(int sig)
{
	(void)sig;
	for (size_t i = 0; i < ntasks; i++)
		kill(tasks[i].pid, SIGKILL);
	_exit(STAYED);
}

static pid_t
start(char **argv)
{
	int fd[2];
	pid_t pid;
	char byte;

	if (pipe2(fd, O_CLOEXEC) < 0)
		exit(trouble("pipe"));
	pid = fork();
	if (pid < 0)
		exit(trouble("fork"));
	if (pid == 0) {
		close(fd[1]);
		if (read(fd[0], &byte, 1) == 1)
			execvp(argv[0], argv);
		_exit(127);
	}
	if (ptrace(PTRACE_SEIZE, pid, NULL,
		(void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			 PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)) < 0)
		exit(trouble("ptrace"));
	find(pid)->depth = 0;
	/* it runs untraced up to the exec, which it is told of by the event */
	if (write(fd[1], "", 1) != 1)
		exit(trouble("write"));
	close(fd[0]);
	close(fd[1]);
	return pid;
}

int
main(int argc, char **argv)
{
	int status, result = TROUBLE;
	pid_t first, pid;

	list = argc > 2 && strcmp(argv[1], "list") == 0;
	if (!list && argc < 5) {
		fprintf(stderr, "usage: fault list|DEPTH NUMBER ERRNO|kill PROG [ARG...]\n");
		return TROUBLE;
	}
	if (!list) {
		depth_wanted = atoi(argv[1]);
		number_wanted = strtoul(argv[2], NULL, 10);
		killing = strcmp(argv[3], "kill") == 0;
		errno_wanted = atoi(argv[3]);
	}
	first = start(argv + (list ? 2 : 4));
	signal(SIGALRM, stayed);
	alarm(PATIENCE);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			stopped(pid, status);
			continue;
		}
		forget(pid);
		if (pid == first)
			result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
	return result;
}
