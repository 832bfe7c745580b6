/* The state of one reading of a JSON text, shared by the files of the reader. */
#ifndef SBX_JSONREAD_H
#define SBX_JSONREAD_H

#include "base/limits.h"
#include "text/json.h"

struct jsonread {
	const char *p, *end; /* the next byte, and behind the last one */
	const char *line;    /* first byte of the line that p is in */
	uint32_t nline;
	enum fault fault; /* what bad syntax counts as */
	struct arena *arena;
	struct err *err;
	size_t nodes, depth;
	bool inside; /* the last child of the innermost container is being read */
	struct value *open[LIMIT_JSON_DEPTH]; /* containers, the innermost last */
	struct value *last[LIMIT_JSON_DEPTH]; /* the last child of each */
};

/* Position of a byte of the current line. */
struct pos jsonread_pos(const struct jsonread *, const char *at);
/* All return -1 and fill the error with position and path. */
int jsonread_fail(struct jsonread *, enum fault, const char *at, const char *text,
    const struct str *arg, size_t n);
/* "expected WHAT, found ..." about the next byte. */
int jsonread_expected(struct jsonread *, struct str what);
/* "more than N THINGS" */
int jsonread_limit(struct jsonread *, uint64_t n, struct str things);
int jsonread_memory(struct jsonread *);
/* The member repeats an earlier key of the innermost object. */
int jsonread_repeated(struct jsonread *, const struct value *member);

/* Reads a string whose opening quote is next; what is said of it in errors. */
int jsonread_string(struct jsonread *, struct str *out) MUST_CHECK;

#endif
