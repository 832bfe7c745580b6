/* hostile [WHAT]: a program under a filter that reaches for its supervisor, leaves calls behind, or
 * ends where it should not. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void *
ask(void *p)
{
	syscall(SYS_getuid);
	return p;
}

/* How many ways there are into who supervises us. */
static int
reach(int pid)
{
	static const char *const names[] = { "mem", "maps", "environ", "fd/0", "auxv" };
	char path[64], byte;
	struct iovec here = { &byte, 1 }, there = { (void *)0x400000, 1 };
	int ways = 0, fd = (int)syscall(SYS_pidfd_open, pid, 0);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "/proc/%d/%s", pid, names[i]);
		ways += open(path, O_RDONLY) >= 0;
	}
	for (int i = 3; fd >= 0 && i < 32; i++)
		ways += syscall(SYS_pidfd_getfd, fd, i, 0) >= 0;
	ways += syscall(SYS_process_vm_readv, pid, &here, 1, &there, 1, 0) == 1 ||
		ptrace(PTRACE_SEIZE, pid, 0, 0) == 0;
	return ways;
}

/* What only a call that is answered has: descriptors above 2. */
static int
own(void)
{
	int n = 0;

	for (int i = 3; i < 1024; i++)
		n += fcntl(i, F_GETFD) >= 0;
	return n;
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	pthread_t t;

	if (strcmp(what, "reach") == 0) {
		int n = own(), ways = reach(getppid());

		printf("own %d, ways %d\n", n, ways);
		return ways != 0;
	}
	if (strcmp(what, "thread-exit") == 0 || strcmp(what, "thread-exec") == 0) {
		pthread_create(&t, NULL, ask, NULL);
		usleep(100000);
		if (strcmp(what, "thread-exec") == 0)
			execl(argv[0], argv[0], "exit", NULL);
		_exit(5);
	}
	if (strcmp(what, "exit") == 0)
		return 6;
	/* more than can be told at once, and then away */
	if (strcmp(what, "bomb") == 0) {
		for (int i = 0; i < 600; i++)
			if (fork() == 0) {
				setsid();
				ask(NULL);
				sleep(100);
				_exit(0);
			}
		usleep(100000);
		return 7;
	}
	if (strcmp(what, "wait") == 0)
		for (;;)
			pause();
	return 99;
}
