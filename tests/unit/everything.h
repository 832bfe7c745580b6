/* A table that has each kind of row, for the tests of what reads tables. */
#ifndef UNIT_EVERYTHING_H
#define UNIT_EVERYTHING_H

#include <stddef.h>

#include "spec/field.h"

struct everything {
	struct seen seen;
	bool flag, off;
	struct str string, path, pair[2], custom[4];
	int word;
	uint64_t number, size, duration, cores;
	uint32_t set;
	struct strlist strings, paths, numbers;
	size_t ncustom, npairs;
};

static inline int
everything_custom(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct everything *e = target;

	(void)b;
	if (e->ncustom == COUNT(e->custom))
		return field_fault(c, f, TEXT("more than 4"));
	e->custom[e->ncustom++] = a;
	return 0;
}

static inline int
everything_pair(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct everything *e = target;

	(void)c;
	(void)f;
	e->pair[0] = a;
	e->pair[1] = b;
	e->npairs++;
	return 0;
}

#define E(member) .offset = offsetof(struct everything, member)

/* clang-format off */
static const struct field everything_rows[] = {
	{ ROW("flag", "flag", "", "", "on"), .letter = 'f', E(flag) },
	{ ROW("turned_on", "off", "", "", "off"), .flags = FIELD_OTHERWISE, E(off) },
	{ ROW("string", "string", "TEXT", "", "text"), .letter = 's',
	  .type = FIELD_STRING, E(string), .min = 2, .max = 5 },
	{ ROW("path", "path", "PATH", "/", "a path"), PATH, E(path) },
	{ ROW("word", "word", "WORD", "one", "a word"),
	  .type = FIELD_ENUM, E(word), .words = "|one|two" },
	{ ROW("number", "number", "N", "", "a number"), .letter = 'n',
	  .type = FIELD_UINT, E(number), .min = 3, .max = 10 },
	{ ROW("size", "size", "SIZE", "1M", "a size"),
	  SIZE, E(size), .min = 512, .max = 1 << 30 },
	{ ROW("duration", "duration", "TIME", "1s", "a time"),
	  DURATION, E(duration), .min = 10, .max = 3600000 },
	{ ROW("cores", "cores", "N", "", "cores"), CORES, E(cores), .min = 10, .max = 2000 },
	{ ROW("set", "set", "WORD", "", "words"),
	  .type = FIELD_ENUM, .flags = FIELD_LIST, E(set), .words = "red|green|blue" },
	{ ROW("strings", "strings", "TEXT", "", "texts"),
	  .type = FIELD_STRING, .flags = FIELD_LIST, E(strings), .max = 5 },
	{ ROW("paths", "paths", "PATH", "", "paths"), .letter = 'p',
	  PATH, .flags = FIELD_LIST, E(paths) },
	{ ROW("numbers", "numbers", "N", "", "numbers"),
	  .type = FIELD_UINT, .flags = FIELD_LIST, E(numbers), .max = UINT32_MAX },
	{ ROW("custom", "custom", "ANY", "", "anything"), .letter = 'c',
	  .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = everything_custom },
	{ ROW("", "pair", "A B", "", "two of anything"), .letter = 'b',
	  .type = FIELD_CUSTOM, .flags = FIELD_LIST | FIELD_TWO, .read = everything_pair },
	{ ROW("needed", "", "", "", "what cannot be left out"), .flags = FIELD_NEEDED, E(flag) },
};
/* clang-format on */

/* Places of those rows. */
enum {
	ROW_FLAG,
	ROW_OFF,
	ROW_STRING,
	ROW_PATH,
	ROW_WORD,
	ROW_NUMBER,
	ROW_SIZE,
	ROW_DURATION,
	ROW_CORES,
	ROW_SET,
	ROW_STRINGS,
	ROW_PATHS,
	ROW_NUMBERS,
	ROW_CUSTOM,
	ROW_PAIR,
	ROW_NEEDED,
};

static const struct table everything_table = { "everything", everything_rows,
	COUNT(everything_rows) };

#endif
