/* Attacks on other processes. */
#include "attack.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

static int
attack_trace(char **arg)
{
	pid_t pid = atoi(arg[0]);

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return held("ptrace");
	return hole("ptrace");
}

/* ADDRESS is one that PID has for sure: of nothing, when nothing may be read; else the kernel says
 * EFAULT, which tells that it was willing. */
static int
attack_memory(char **arg)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { (void *)4096, 1 };

	if (process_vm_readv(atoi(arg[0]), &here, 1, &there, 1, 0) < 0 && errno != EFAULT)
		return held("process_vm_readv");
	return hole("process_vm_readv");
}

/* One of its descriptors. */
static int
attack_getfd(char **arg)
{
	int pidfd = (int)syscall(SYS_pidfd_open, atoi(arg[0]), 0);
	int r = HELD;

	if (pidfd < 0)
		return held("pidfd_open");
	for (int fd = 0; fd < 8; fd++)
		if (syscall(SYS_pidfd_getfd, pidfd, fd, 0) >= 0)
			r = hole("pidfd_getfd");
	return r == HELD ? held("pidfd_getfd") : r;
}

/* Ends PID, if it lets itself be ended by any signal. */
static int
attack_kill(char **arg)
{
	pid_t pid = atoi(arg[0]);
	struct pollfd p = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };

	if (p.fd < 0)
		return held("pidfd_open");
	for (int sig = 1; sig < 32; sig++)
		if (sig != SIGSTOP && sig != SIGTSTP)
			(void)kill(pid, sig);
	if (poll(&p, 1, 300) <= 0) {
		errno = EPERM;
		return held("it lives");
	}
	return hole("it is dead");
}

static void
stay(void)
{
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_IGN);
	for (;;)
		pause();
}

/* N processes that left their session and parent and ignore every signal; then we end. Each holds
 * descriptor 3, when there is one: whoever reads its other end sees when the last is gone. */
static int
attack_scatter(char **arg)
{
	int n = atoi(arg[0]), status;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return trouble("fork");
		if (pid == 0) {
			setsid();
			if (fork() == 0)
				stay();
			_exit(0);
		}
		waitpid(pid, &status, 0);
	}
	return 0;
}

/* The same, and we stay too. */
static int
attack_scatter_stay(char **arg)
{
	int r = attack_scatter(arg);

	if (r == 0)
		stay();
	return r;
}

/* Twice as many processes with each step, none of which lets itself be ended; then the first ends.
 *  */
static int
attack_bomb(char **arg)
{
	int depth = atoi(arg[0]);

	pid_t first = getpid();

	for (int i = 0; i < depth; i++)
		if (fork() < 0)
			break;
	if (getpid() != first)
		stay();
	return 0;
}

/* Everybody who may be killed. */
static int
attack_all(char **arg)
{
	(void)arg;
	if (kill(-1, SIGKILL) < 0)
		return held("kill -1");
	return hole("kill -1");
}

/* How many processes there are that answer to signal 0, ourselves included. */
static int
attack_count(char **arg)
{
	int max = atoi(arg[0]), n = 0;

	for (int pid = 1; pid <= max; pid++)
		n += kill(pid, 0) == 0 || errno == EPERM;
	printf("%d\n", n);
	return 0;
}

/* The priority of all of this user's processes, wherever they are. */
static int
attack_nice(char **arg)
{
	pid_t pid = atoi(arg[0]);

	errno = 0;
	(void)setpriority(PRIO_USER, getuid(), 19);
	if (getpriority(PRIO_PROCESS, (id_t)pid) < 0 && errno != 0)
		return held("no such process");
	return getpriority(PRIO_PROCESS, (id_t)pid) == 19 ? hole("nice") : held("nice");
}

int
main(int argc, char **argv)
{
	static const struct attack table[] = {
		{ "trace", 1, attack_trace },
		{ "memory", 1, attack_memory },
		{ "getfd", 1, attack_getfd },
		{ "kill", 1, attack_kill },
		{ "scatter", 1, attack_scatter },
		{ "scatter-stay", 1, attack_scatter_stay },
		{ "bomb", 1, attack_bomb },
		{ "all", 0, attack_all },
		{ "count", 1, attack_count },
		{ "nice", 1, attack_nice },
	};

	return attack_main(table, sizeof(table) / sizeof(table[0]), argc, argv);
}
