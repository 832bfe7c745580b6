/*
 * The clock of the benchmark: runs rows of commands interleaved and prints one line of numbers for
 * each.
 *
 *	bench [-n ROUNDS] [-w WARMUP] [-p PAUSE_US] FILE
 *
 * FILE holds rows of NUL-terminated fields: NAME STATUS EVERY STDIN ARG... and an empty field that
 * ends the row. STATUS is the exit status that proves the payload ran; a row with EVERY = k > 1
 * takes part in each k-th round only, without warm-up (for what takes seconds).
 *
 * Output, tab-separated: name, runs, median, minimum, maximum (nanoseconds), "ok" or what happened
 * instead. Status 1 if a row did not run.
 *
 * The rows of a round run in random order (fixed seed): a namespace is torn down after its last
 * process is gone, so with a fixed order the successor of a slow row would pay for it every time.
 * Children are spawned by vfork: the size of the harness costs them nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROWS_MAX = 64, RUN_SECONDS_MAX = 60 };

struct row {
	const char *name, *in;
	char **argv;
	int want, tried;
	long every, runs;
	int64_t *ns;
	char fault[64]; /* empty: ran as it should */
};

static volatile sig_atomic_t running; /* pid for the alarm to kill */
static const char *const no_environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* Zeroed memory that lives as long as the program. */
static void *
get(size_t count, size_t size)
{
	void *p =
	    mmap(NULL, count * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

/* The whole file and a NUL that it need not have. */
static char *
read_all(const char *path, size_t *len)
{
	struct stat st;
	ssize_t n;
	char *text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0)
		die(path);
	text = get((size_t)st.st_size + 1, 1);
	for (*len = 0; *len < (size_t)st.st_size; *len += (size_t)n) {
		n = read(fd, text + *len, (size_t)st.st_size - *len);
		if (n <= 0)
			die(path);
	}
	close(fd);
	return text;
}

static char *
next_field(char **at, char *end)
{
	char *field = *at;

	if (field >= end) {
		fprintf(stderr, "bench: the file ends in the middle of a row\n");
		exit(125);
	}
	*at += strlen(field) + 1;
	return field;
}

static char *
read_row(struct row *r, char *at, char *end, long rounds)
{
	size_t n = 0;

	r->name = next_field(&at, end);
	r->want = atoi(next_field(&at, end));
	r->every = atol(next_field(&at, end));
	r->in = next_field(&at, end);
	if (r->every < 1)
		r->every = 1;
	for (char *p = at; p < end && *p; p += strlen(p) + 1)
		n++;
	r->argv = get(n + 1, sizeof *r->argv);
	for (size_t i = 0; i < n; i++)
		r->argv[i] = next_field(&at, end);
	r->ns = get((size_t)(rounds / r->every + 1), sizeof *r->ns);
	next_field(&at, end);
	return at;
}

static void
kill_running(int sig)
{
	(void)sig;
	if (running > 0)
		kill((pid_t)running, SIGKILL);
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Time of one run; what went wrong is left in r->fault. */
static int64_t
run_once(struct row *r, posix_spawn_file_actions_t *fa)
{
	int64_t t0, t1;
	pid_t pid;
	int status, e;

	t0 = now();
	e = posix_spawn(&pid, r->argv[0], fa, NULL, r->argv, (char *const *)no_environment);
	if (e) {
		snprintf(r->fault, sizeof r->fault, "cannot execute: %s", strerror(e));
		return 0;
	}
	running = pid;
	alarm(RUN_SECONDS_MAX);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	t1 = now();
	running = 0;
	alarm(0);
	if (WIFSIGNALED(status))
		snprintf(r->fault, sizeof r->fault, "signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != r->want)
		snprintf(r->fault, sizeof r->fault, "status %d, not %d", WEXITSTATUS(status),
		    r->want);
	return t1 - t0;
}

/* The first run keeps standard error, so that a row that cannot run says why, once. */
static int64_t
run_row(struct row *r)
{
	posix_spawn_file_actions_t fa;
	int64_t ns;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, r->in, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	if (r->tried)
		posix_spawn_file_actions_adddup2(&fa, 1, 2);
	r->tried = 1;
	ns = run_once(r, &fa);
	posix_spawn_file_actions_destroy(&fa);
	return ns;
}

static void
shuffle(size_t *order, size_t n, uint64_t *seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t j, t;

		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		j = (size_t)(*seed >> 33) % i;
		t = order[i - 1];
		order[i - 1] = order[j];
		order[j] = t;
	}
}

static void
run_rounds(struct row *rows, size_t n, long warm, long rounds, unsigned pause)
{
	size_t order[ROWS_MAX];
	uint64_t seed = 1;

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (long k = -warm; k < rounds; k++) {
		shuffle(order, n, &seed);
		for (size_t i = 0; i < n; i++) {
			struct row *r = &rows[order[i]];
			int64_t ns;

			if (r->fault[0] || (r->every > 1 && (k < 0 || k % r->every)))
				continue;
			ns = run_row(r);
			if (k >= 0 && !r->fault[0])
				r->ns[r->runs++] = ns;
			if (pause)
				usleep(pause);
		}
	}
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
print_row(struct row *r)
{
	size_t n = (size_t)r->runs;
	int64_t median = 0;

	if (r->fault[0] || n == 0) {
		printf("%s\t0\t0\t0\t0\t%s\n", r->name, r->fault[0] ? r->fault : "no round");
		return 1;
	}
	qsort(r->ns, n, sizeof *r->ns, by_size);
	median = n % 2 ? r->ns[n / 2] : (r->ns[n / 2 - 1] + r->ns[n / 2]) / 2;
	printf("%s\t%ld\t%lld\t%lld\t%lld\tok\n", r->name, r->runs, (long long)median,
	    (long long)r->ns[0], (long long)r->ns[n - 1]);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct row rows[ROWS_MAX];
	struct sigaction sa = { .sa_handler = kill_running };
	long rounds = 300, warm = 10, pause = 0;
	size_t n = 0, len;
	char *text, *at;
	int c, bad = 0;

	while ((c = getopt(argc, argv, "n:w:p:")) != -1) {
		switch (c) {
		case 'n':
			rounds = atol(optarg);
			break;
		case 'w':
			warm = atol(optarg);
			break;
		case 'p':
			pause = atol(optarg);
			break;
		default:
			rounds = 0;
		}
	}
	if (argc != optind + 1 || rounds < 1 || rounds > 1000000 || warm < 1 || pause < 0) {
		fprintf(stderr, "usage: bench [-n ROUNDS] [-w WARMUP] [-p PAUSE_US] FILE\n");
		return 125;
	}
	sigaction(SIGALRM, &sa, NULL);
	text = read_all(argv[optind], &len);
	for (at = text; at < text + len && n < ROWS_MAX; n++)
		at = read_row(&rows[n], at, text + len, rounds);
	run_rounds(rows, n, warm, rounds, (unsigned)pause);
	for (size_t i = 0; i < n; i++)
		bad |= print_row(&rows[i]);
	return bad;
}
