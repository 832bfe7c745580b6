/* Attacks on what the machine has: more of it than a box is allowed. */
#include "attack.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* BYTES of memory, each page written to. Where that is too much the kernel ends us, and nobody
 * prints anything. */
static int
attack_memory(char **arg)
{
	size_t n = strtoul(arg[0], NULL, 10);
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return held("mmap");
	for (size_t i = 0; i < n; i += 4096)
		p[i] = 1;
	return hole("memory");
}

/* The same, for as long as nobody ends us. */
static int
attack_hold(char **arg)
{
	int r = attack_memory(arg);

	while (r == HOLE)
		pause();
	return r;
}

/* The same in a child; we tell how it ended, with the status of a shell. */
static int
attack_child_memory(char **arg)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(attack_memory(arg));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return trouble("fork");
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* N processes at the same time. */
static int
attack_forks(char **arg)
{
	long n = strtol(arg[0], NULL, 10), i = 0;
	int r = HOLE;
	pid_t pid;

	for (; i < n && (pid = fork()) != 0; i++)
		if (pid < 0)
			break;
	if (i < n && pid == 0) {
		/* they end with us */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	if (i < n) {
		printf("%ld of %ld: ", i, n);
		r = held("fork");
	} else {
		hole("fork");
	}
	return r;
}

/* Each makes two, for ever, and none is waited for. */
static int
attack_bomb(char **arg)
{
	(void)arg;
	for (int sig = 1; sig < 32; sig++)
		signal(sig, SIG_IGN);
	while (getpid() != 0)
		if (fork() == 0)
			setsid();
	return HOLE;
}

static uint64_t
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* MS of processor time; then we tell how long that took. */
static int
attack_cpu(char **arg)
{
	uint64_t ms = strtoul(arg[0], NULL, 10);
	struct timespec a, b;

	clock_gettime(CLOCK_MONOTONIC, &a);
	while (cpu_ms() < ms)
		;
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%ld\n", (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000);
	return HOLE;
}

/* BYTES from FILE, past the cache; how long that took. */
static int
attack_read(char **arg)
{
	size_t n = strtoul(arg[1], NULL, 10), done = 0;
	const size_t piece = 1 << 16;
	char *p = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open(arg[0], O_RDONLY | O_DIRECT);
	struct timespec a, b;
	ssize_t r = 1;

	if (fd < 0 || p == MAP_FAILED)
		return held("open");
	clock_gettime(CLOCK_MONOTONIC, &a);
	while (done < n && (r = read(fd, p, piece)) > 0)
		done += (size_t)r;
	clock_gettime(CLOCK_MONOTONIC, &b);
	if (r <= 0)
		return trouble("read");
	printf("%ld\n", (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000);
	return HOLE;
}

static const struct attack attacks[] = {
	{ "memory", 1, attack_memory },
	{ "hold", 1, attack_hold },
	{ "child-memory", 1, attack_child_memory },
	{ "forks", 1, attack_forks },
	{ "bomb", 0, attack_bomb },
	{ "cpu", 1, attack_cpu },
	{ "read", 2, attack_read },
};

int
main(int argc, char **argv)
{
	return attack_main(attacks, sizeof(attacks) / sizeof(attacks[0]), argc, argv);
}
