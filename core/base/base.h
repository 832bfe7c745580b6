/* The ground types: borrowed text, positions, and the one arena. */
#ifndef SBX_BASE_H
#define SBX_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define NOINLINE __attribute__((noinline))
#define UNUSED __attribute__((unused))

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Borrowed bytes; never owns, need not end in NUL. p may be NULL when n is 0. */
struct str {
	const char *p;
	size_t n;
};

#define S(literal) ((struct str){ (literal), sizeof(literal) - 1 })

/* A literal with a % for each string behind it, of which there are eight at most: three arguments
 * of a function that takes (const char *text, const struct str *arg, size_t n). */
#define TEXT(...) \
	TEXT_PICK(__VA_ARGS__, TEXT_WITH, TEXT_WITH, TEXT_WITH, TEXT_WITH, TEXT_WITH, TEXT_WITH, \
	    TEXT_WITH, TEXT_WITH, TEXT_ALONE, ) \
	(__VA_ARGS__)
#define TEXT_PICK(t, a, b, c, d, e, f, g, h, pick, ...) pick
#define TEXT_ALONE(t) (t), NULL, 0
#define TEXT_WITH(t, ...) \
	(t), ((const struct str[]){ __VA_ARGS__ }), COUNT(((const struct str[]){ __VA_ARGS__ }))

/* One such text on the way: what follows in it, and the arguments that are left. */
struct text {
	const char *at;
	const struct str *arg;
	size_t n;
};

/* The next piece: what stands before a %, or what belongs in its place (nothing when there are too
 * few). Not at the end, where *at is NUL. */
struct str text_next(struct text *);

/* 1-based; 0:0 means that there is no text to point at. Columns count bytes. */
struct pos {
	uint32_t line;
	uint32_t col;
};

#define POS_NONE ((struct pos){ 0, 0 })

/* The str of a NUL-terminated string; NULL gives the empty str. */
struct str str_of(const char *);
bool str_eq(struct str, struct str);
bool str_empty(struct str);
bool str_starts(struct str text, struct str prefix);
bool str_ends(struct str text, struct str suffix);
/* Index of the first byte c at or after from, or text.n. */
size_t str_find(struct str text, char c, size_t from);
/* Bytes from..to, both clamped to the text. */
struct str str_slice(struct str, size_t from, size_t to);
/* Memory order: <0, 0, >0. */
int str_cmp(struct str, struct str);
/* Edit distance (insert, delete, replace, swap of neighbours), at most cap+1; for suggestions:
 * more than 15 is reported as cap+1. */
size_t str_distance(struct str, struct str, size_t cap);

/* One block of memory, handed out from the front and never given back piecemeal. */
struct arena {
	unsigned char *mem;
	size_t used;
	size_t cap;
};

/* n zeroed bytes aligned for any type, owned by the arena; NULL when it is exhausted. */
void *arena_get(struct arena *, size_t n) MUST_CHECK;
/* n bytes, neither zeroed nor aligned, owned by the arena; NULL when it is exhausted. For text. */
char *arena_bytes(struct arena *, size_t n) MUST_CHECK;
/* n bytes aligned for any type, not zeroed: for what may be large and is written before it is read,
 * so that pages nobody needs are never touched. */
void *arena_raw(struct arena *, size_t n) MUST_CHECK;
/* The same as arena_get for count objects of size bytes, overflow checked. */
void *arena_array(struct arena *, size_t count, size_t size) MUST_CHECK;
/* A NUL-terminated copy; NULL when exhausted or when the text holds a NUL byte. */
char *arena_cstr(struct arena *, struct str) MUST_CHECK;
/* A copy of the text with its arguments; p is NULL when exhausted. */
struct str arena_join(struct arena *, const char *text, const struct str *arg, size_t n) MUST_CHECK;
/* The same as arena_cstr. */
char *arena_text(struct arena *, const char *text, const struct str *arg, size_t n) MUST_CHECK;

#endif
