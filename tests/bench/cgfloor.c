/*
 * The floor of what a run in a control group costs: the group is made, limits are written, the
 * program is born in it and waited for, the group is removed. No guard, no reading back, no report,
 * no checks.
 *
 *	cgfloor PARENT [FILE=VALUE ...] -- PROG [ARG...]
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define INTO_CGROUP 0x200000000ull
enum { NR_CLONE3 = 435 };

/* struct clone_args, linux/sched.h */
struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
	    set_tid_size, cgroup;
};

static void
die(const char *what)
{
	perror(what);
	exit(125);
}

int
main(int argc, char **argv, char **envp)
{
	char name[32];
	struct args args = { .flags = INTO_CGROUP, .exit_signal = SIGCHLD };
	int parent, group, status, i = 2;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr, "cgfloor PARENT [FILE=VALUE ...] -- PROG [ARG...]\n");
		return 125;
	}
	parent = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(name, sizeof(name), "floor.%d", (int)getpid());
	if (parent < 0 || mkdirat(parent, name, 0755) < 0)
		die(argv[1]);
	group = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group < 0)
		die(name);
	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		char *value = strchr(argv[i], '=');
		int fd;

		*value++ = '\0';
		fd = openat(group, argv[i], O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, value, strlen(value)) < 0)
			die(argv[i]);
		close(fd);
	}
	args.cgroup = (uint64_t)group;
	pid = (pid_t)syscall(NR_CLONE3, &args, sizeof(args));
	if (pid == 0) {
		execve(argv[i + 1], argv + i + 1, envp);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("clone3");
	if (unlinkat(parent, name, AT_REMOVEDIR) < 0)
		die(name);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
