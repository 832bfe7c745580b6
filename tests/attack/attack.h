/*
 * What the attack programs share. Their first word names an attack, the others are its arguments;
 * they end with 0 when it succeeded ("HOLE" on standard output), with 1 when it was refused, with 2
 * when it could not be tried. Each is run twice by the tests: in a box, where it must be refused,
 * and where a hole was left on purpose, where it must succeed; else it would prove nothing.
 */
#ifndef SBX_ATTACK_H
#define SBX_ATTACK_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOLE = 0, HELD = 1, TROUBLE = 2 };

struct attack {
	const char *name;
	int nargs; /* how many words it takes */
	int (*run)(char **arg);
};

static inline int
hole(const char *what)
{
	printf("HOLE %s\n", what);
	return HOLE;
}

/* errno says why. */
static inline int
held(const char *what)
{
	printf("held %s: %s\n", what, strerror(errno));
	return HELD;
}

static inline int
trouble(const char *what)
{
	printf("trouble %s: %s\n", what, strerror(errno));
	return TROUBLE;
}

/* A call's result as an attack's. */
static inline int
outcome(const char *what, long r)
{
	return r < 0 ? held(what) : hole(what);
}

/* A descriptor that should not have been had. */
static inline int
outcome_fd(const char *what, int fd)
{
	int r = outcome(what, fd);

	if (fd >= 0)
		close(fd);
	return r;
}

static inline int
attack_main(const struct attack *table, size_t n, int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc > 1 && i < n; i++)
		if (strcmp(table[i].name, argv[1]) == 0 && argc - 2 == table[i].nargs)
			return table[i].run(argv + 2);
	fprintf(stderr, "usage: %s ATTACK [ARGUMENT ...]\n", argv[0]);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "  %s, %d arguments\n", table[i].name, table[i].nargs);
	return TROUBLE;
}

#endif
