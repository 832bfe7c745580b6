/* RFC 8259, strictly, and its canonical writer. */
#ifndef SBX_JSON_H
#define SBX_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "text/value.h"

/* Reads exactly one value with optional white space around it. Texts without escapes are
 * borrowed from the input, which must outlive the tree. Duplicate keys, lone surrogates, invalid
 * UTF-8, a byte order mark and trailing bytes are errors of the given fault (FAULT_CONFIG or
 * FAULT_DATA); FAULT_LIMIT is for more than LIMIT_JSON_DEPTH levels, LIMIT_JSON_NODES values or
 * LIMIT_MESSAGE_MAX bytes. All have line:col (only LF ends a line) and path, but an exhausted
 * arena (err_memory). NULL on error. */
struct value *json_parse(struct arena *, struct str text, enum fault, struct err *) MUST_CHECK;

/* Byte offset of a position in the text, at most the end of its line (for "byte N" in messages). */
size_t json_offset(struct str text, struct pos);

/* Canonical: no white space, members in order, shortest escapes, U+0000..U+001F and U+007F escaped,
 * numbers as written. Whole or nothing. */
void json_put(struct buf *, const struct value *);
/* One string with its quotes, whole or nothing. Invalid UTF-8 comes out as U+FFFD, byte by byte,
 * so the result is always valid JSON. */
void json_put_string(struct buf *, struct str);
/* The same string in other words: what would do something to a terminal is escaped. */
void json_put_shown(struct buf *, struct str);

/* Writer for flat lines of our own making: tracks commas. */
struct jsonw {
	struct buf *buf;
	bool comma;
};
void jsonw_open(struct jsonw *, char bracket);  /* { or [ as an element */
void jsonw_close(struct jsonw *, char bracket); /* } or ] */
void jsonw_key(struct jsonw *, struct str);
void jsonw_str(struct jsonw *, struct str);
void jsonw_uint(struct jsonw *, uint64_t);
void jsonw_int(struct jsonw *, int64_t);
void jsonw_bool(struct jsonw *, bool);
void jsonw_null(struct jsonw *);
/* Members, key and value: a text, a number, the beginning of an object or an array. */
void jsonw_member(struct jsonw *, const char *key, struct str text);
void jsonw_number(struct jsonw *, const char *key, uint64_t);
void jsonw_list(struct jsonw *, const char *key, char bracket);

#endif
