/*
 * Memory of one command and of everything it starts.
 *
 *	memory [-i FILE] PROG [ARG...]
 *
 * Prints, tab-separated, in KiB: the peak; what is held when the payload (the last program
 * executed) ends; and the number of processes at that moment, the payload among them. Both are sums
 * of the proportional share (Pss) over all processes alive at the same time, read at the start and
 * end of each system call of each of them.
 *
 * Not ru_maxrss: Linux counts the pages of a process in batches a processor since 6.2, and a small
 * static program comes out as 0; and the maximum of one process says little about a tool that keeps
 * two.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCS_MAX = 256, RUN_SECONDS_MAX = 60, SYSCALL_STOP = SIGTRAP | 0x80 };

struct proc {
	pid_t pid;
	pid_t shares; /* a vfork child until it executes: its pages are those of this process; 0 =
			 its own */
	int begun;    /* has had its first stop */
};

static struct proc procs[PROCS_MAX];
static size_t nprocs;
static pid_t payload, first;
static long peak, held, held_procs;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "memory: %s: %s\n", what, strerror(errno));
	if (first > 0)
		kill(first, SIGKILL);
	exit(125);
}

static void
give_up(int sig)
{
	(void)sig;
	if (first > 0)
		kill(first, SIGKILL);
}

static struct proc *
find(pid_t pid)
{
	for (size_t i = 0; i < nprocs; i++)
		if (procs[i].pid == pid)
			return &procs[i];
	if (nprocs == PROCS_MAX) {
		errno = E2BIG;
		die("processes");
	}
	procs[nprocs] = (struct proc){ .pid = pid };
	return &procs[nprocs++];
}

static void
forget(pid_t pid)
{
	struct proc *p = find(pid);

	*p = procs[--nprocs];
}

static long
read_pss(pid_t pid)
{
	char path[64], text[1024], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ESRCH) /* it has no memory any more */
		return 0;
	if (fd < 0)
		die(path);
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	at = strstr(text, "\nPss:");
	return at ? strtol(at + 5, NULL, 10) : 0;
}

/* All are read again each time: a fork, exec or end of one changes the share of the others. */
static long
read_sum(void)
{
	long total = 0;

	for (size_t i = 0; i < nprocs; i++)
		total += procs[i].shares ? 0 : read_pss(procs[i].pid);
	return total;
}

static void
at_syscall(struct proc *p)
{
	struct __ptrace_syscall_info info;

	long kib;

	if (payload == 0) /* still ours, before its exec */
		return;
	kib = read_sum();
	if (kib > peak)
		peak = kib;
	if (p->pid != payload || held)
		return;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, (void *)sizeof info, &info) < 0)
		die("PTRACE_GET_SYSCALL_INFO");
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_exit_group) {
		held = kib;
		held_procs = (long)nprocs;
	}
}

static void
at_event(struct proc *p, int event)
{
	unsigned long msg = 0;
	struct proc *child;

	if (event == PTRACE_EVENT_EXEC) {
		p->shares = 0;
		payload = p->pid;
		held = 0;
		return;
	}
	if (ptrace(PTRACE_GETEVENTMSG, p->pid, NULL, &msg) < 0)
		return;
	child = find((pid_t)msg);
	/* KCMP_VM = 1; fork copies, vfork and clone may share, and what is shared is counted once
	 */
	if (event != PTRACE_EVENT_FORK && syscall(SYS_kcmp, p->pid, child->pid, 1, 0, 0) == 0)
		child->shares = p->pid;
}

/* Returns the signal to hand on. */
static int
at_stop(pid_t pid, int status)
{
	struct proc *p = find(pid);
	int sig = WSTOPSIG(status), event = status >> 16;

	if (sig == SYSCALL_STOP) {
		at_syscall(p);
		return 0;
	}
	if (event) {
		at_event(p, event);
		return 0;
	}
	if (sig == SIGSTOP && !p->begun) { /* how an attached child begins */
		p->begun = 1;
		return 0;
	}
	return sig;
}

static int
watch(void)
{
	int status, last = 125 << 8;
	pid_t pid;

	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			return last;
		if (!WIFSTOPPED(status)) {
			forget(pid);
			if (pid == first)
				last = status;
			continue;
		}
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)at_stop(pid, status));
	}
}

static void
start(const char *in, char **argv)
{
	int null;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		die("PTRACE_TRACEME");
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null < 0 || dup2(null, 1) < 0)
		die("/dev/null");
	close(0);
	if (open(in, O_RDONLY) != 0)
		die(in);
	raise(SIGSTOP);
	execvp(argv[0], argv);
	die(argv[0]);
}

int
main(int argc, char **argv)
{
	const char *in = "/dev/null";
	int c, status;

	while ((c = getopt(argc, argv, "+i:")) == 'i')
		in = optarg;
	if (c != -1 || optind == argc) {
		fprintf(stderr, "usage: memory [-i FILE] PROG [ARG...]\n");
		return 125;
	}
	first = fork();
	if (first < 0)
		die("fork");
	if (first == 0)
		start(in, argv + optind);
	signal(SIGALRM, give_up);
	alarm(RUN_SECONDS_MAX);
	if (waitpid(first, &status, 0) != first || !WIFSTOPPED(status))
		die("start");
	find(first)->begun = 1;
	if (ptrace(PTRACE_SETOPTIONS, first, NULL,
		(void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			       PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL)) < 0)
		die("PTRACE_SETOPTIONS");
	ptrace(PTRACE_SYSCALL, first, NULL, NULL);
	status = watch();
	printf("%ld\t%ld\t%ld\n", peak, held, held_procs);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
