/*
 * Starts a program again and again and kills one of its processes at a moment of chance; a tenth of
 * a second later nothing of it may be there, neither processes nor control groups.
 *
 *	strike monitor|guard|init|all ROUNDS SEED GROUP PROG [ARG...]
 *
 * GROUP is the directory below which the program makes its groups ("sbx.*"). A process is told by a
 * word in its environment, which a program cannot lose by forking, leaving its session or ending
 * its parent. The monitor is our child; the guard a child of it that has a session of its own and
 * its program; init a child of it that is the first process of another PID namespace. Of `all` the
 * groups may be left, empty. A tenth of a second is the wall's: where a bare process takes a
 * hundredth of one to be gone, and seen to be, it is ten times that. Prints how long it took. Ends
 * with 0, or with 1 and what was left; with SBX_STRIKE_DUE in the environment, as in a machine
 * whose clock does not depend on others, with 1 too when it was gone late.
 */
#include "attack.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum {
	PROCESSES = 4096,
	DUE_US = 100000,
	DUE_TIMES = 10,
	BARE_ROUNDS = 11,
	STANDS_US = 1000000,
	PATIENCE_US = 3000000,
	MOST = 10000,
};

static char mark[64];
static pid_t marked[PROCESSES];
static size_t nmarked;

static uint64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t
chance(uint64_t *seed)
{
	/* splitmix64, Sebastiano Vigna */
	uint64_t z = *seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* At most n bytes of a file of a process; how many. */
static size_t
of_process(pid_t pid, const char *name, char *p, size_t n)
{
	char path[64];
	int fd;
	size_t got = 0;
	ssize_t r;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	while (got < n && (r = read(fd, p + got, n - got)) > 0)
		got += (size_t)r;
	close(fd);
	return got;
}

/* Fields of stat behind the name: state, parent, group, session. */
static int
stat_of(pid_t pid, char *state, int *parent, int *session)
{
	char text[512];
	size_t n = of_process(pid, "stat", text, sizeof(text) - 1);
	char *p;
	int group;

	text[n] = '\0';
	p = strrchr(text, ')');
	return p != NULL && sscanf(p + 2, "%c %d %d %d", state, parent, &group, session) == 4 ? 0
											      : -1;
}

static int
is_marked(pid_t pid)
{
	static char text[65536];
	size_t n = of_process(pid, "environ", text, sizeof(text));
	char state;
	int parent, session;

	return memmem(text, n, mark, strlen(mark) + 1) != NULL &&
	       stat_of(pid, &state, &parent, &session) == 0 && state != 'Z' && state != 'X';
}

static void
look(void)
{
	DIR *d = opendir("/proc");
	struct dirent *e;

	nmarked = 0;
	while (d != NULL && (e = readdir(d)) != NULL) {
		pid_t pid = atoi(e->d_name);

		if (pid > 0 && pid != getpid() && nmarked < PROCESSES && is_marked(pid))
			marked[nmarked++] = pid;
	}
	if (d != NULL)
		closedir(d);
}

static ino_t
space(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	return stat(path, &st) < 0 ? 0 : st.st_ino;
}

/* 0 when it is not there (yet). */
static pid_t
find(const char *which, pid_t monitor)
{
	if (strcmp(which, "monitor") == 0)
		return monitor;
	look();
	for (size_t i = 0; i < nmarked; i++) {
		char state;
		int parent, session;

		if (stat_of(marked[i], &state, &parent, &session) < 0 || parent != monitor)
			continue;
		if (which[0] == 'i' && space(marked[i]) != 0 && space(marked[i]) != space(monitor))
			return marked[i];
		if (which[0] == 'g' && session == marked[i] && space(marked[i]) == space(monitor))
			return marked[i];
	}
	return 0;
}

static unsigned
groups(const char *dir, int told)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	unsigned n = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, "sbx.", 4) != 0)
			continue;
		n++;
		if (told)
			printf("left: group %s\n", e->d_name);
	}
	if (d != NULL)
		closedir(d);
	return n;
}

static void
reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void
pause_us(uint64_t us)
{
	struct timespec t = { (time_t)(us / 1000000), (long)(us % 1000000 * 1000) };

	nanosleep(&t, NULL);
}

/* Microseconds until nothing was left; UINT64_MAX: something stayed. */
static uint64_t
clean(const char *dir, int but_groups)
{
	uint64_t from = now_us();

	for (;;) {
		uint64_t at;

		reap();
		look();
		at = now_us();
		if (nmarked == 0 && (but_groups || groups(dir, 0) == 0))
			return at - from;
		if (at - from > PATIENCE_US)
			break;
		pause_us(500);
	}
	groups(dir, 1);
	for (size_t i = 0; i < nmarked; i++) {
		char line[256];
		size_t n = of_process(marked[i], "cmdline", line, sizeof(line) - 1);

		for (size_t k = 0; k < n; k++)
			line[k] = line[k] == '\0' ? ' ' : line[k];
		line[n] = '\0';
		printf("left: process %d: %s\n", (int)marked[i], line);
	}
	return UINT64_MAX;
}

static pid_t
start(char **argv)
{
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		if (putenv(mark) == 0)
			execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static void
kill_all_of(pid_t monitor)
{
	pid_t guard = find("guard", monitor), init = find("init", monitor);

	kill(monitor, SIGKILL);
	if (guard > 0)
		kill(guard, SIGKILL);
	if (init > 0)
		kill(init, SIGKILL);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t times[MOST];

static uint64_t
median(size_t n)
{
	qsort(times, n, sizeof(times[0]), compare);
	return n > 0 ? times[n / 2] : 0;
}

/* How long a process that does nothing takes to be gone. */
static uint64_t
bare(const char *dir)
{
	char *argv[] = { (char *)"sleep", (char *)"60", NULL };

	for (size_t i = 0; i < BARE_ROUNDS; i++) {
		pid_t pid;

		snprintf(mark, sizeof(mark), "SBX_STRIKE=%d.bare.%zu", (int)getpid(), i);
		pid = start(argv);
		pause_us(20000);
		kill(pid, SIGKILL);
		times[i] = clean(dir, 1);
	}
	return median(BARE_ROUNDS);
}

/* From the start to a payload that stands with all that it started: moments are chosen from twice
 * that. */
static uint64_t
stands(const char *dir)
{
	uint64_t from = now_us(), since = from;
	size_t before = 0;

	while (now_us() - from < STANDS_US && groups(dir, 0) == 0)
		pause_us(100);
	do {
		pause_us(1000);
		look();
		if (nmarked != before)
			since = now_us();
		before = nmarked;
	} while (now_us() - from < STANDS_US && now_us() - since < since - from + 5000);
	if (nmarked == 0) {
		printf("nothing stands\n");
		exit(TROUBLE);
	}
	return 2 * (since - from);
}

/* One start and one kill; took: as clean() tells. 0 when who was meant was not there, and the
 * monitor was killed instead. */
static int
round_of(char **argv, unsigned long i, uint64_t *span, uint64_t *seed, uint64_t *took)
{
	int all = strcmp(argv[1], "all") == 0, hit;
	pid_t monitor, target;

	snprintf(mark, sizeof(mark), "SBX_STRIKE=%d.%lu", (int)getpid(), i);
	monitor = start(argv + 5);
	if (*span == 0)
		*span = stands(argv[4]);
	else
		pause_us(chance(seed) % *span);
	target = all ? monitor : find(argv[1], monitor);
	hit = target > 0;
	if (all)
		kill_all_of(monitor);
	else
		kill(hit ? target : monitor, SIGKILL);
	*took = clean(argv[4], all);
	return hit;
}

int
main(int argc, char **argv)
{
	unsigned long rounds = argc > 5 ? strtoul(argv[2], NULL, 10) : 0, hit = 0, late = 0;
	uint64_t seed = argc > 5 ? strtoull(argv[3], NULL, 10) : 0, span = 0, due, worst = 0;

	if (argc < 6 || rounds == 0 || rounds > MOST) {
		fprintf(stderr, "strike monitor|guard|init|all ROUNDS SEED GROUP PROG [ARG...]\n");
		return TROUBLE;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	due = DUE_TIMES * bare(argv[4]);
	due = due < DUE_US ? DUE_US : due;
	for (unsigned long i = 0; i < 3 * rounds && hit < rounds; i++) {
		uint64_t took;
		int good = round_of(argv, i, &span, &seed, &took);

		if (took == UINT64_MAX) {
			printf("round %lu, after %s was killed\n", i, argv[1]);
			look();
			for (size_t k = 0; k < nmarked; k++)
				kill(marked[k], SIGKILL);
			return 1;
		}
		if (good)
			times[hit++] = took;
		late += took > due;
		worst = took > worst ? took : worst;
	}
	printf("%s: %lu strikes within %.1f ms of the start, gone after %.1f ms at the median and "
	       "%.1f ms at worst, %lu later than %.0f ms\n",
	    argv[1], hit, (double)span / 1000, (double)median(hit) / 1000, (double)worst / 1000,
	    late, (double)due / 1000);
	return hit < rounds || (late > 0 && getenv("SBX_STRIKE_DUE") != NULL);
}
