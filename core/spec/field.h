/* A table is the schema: one row per key or option. Everything that knows a key's name, type,
 * bounds, default or prose reads it from its row: decoder, command line, usage, JSON Schema, manual
 * check, fuzz dictionary. */
#ifndef SBX_FIELD_H
#define SBX_FIELD_H

#include "base/num.h"
#include "base/err.h"
#include "text/value.h"

enum field_type {
	FIELD_FLAG,     /* bool; true/false in a document, no argument on the command line */
	FIELD_STRING,   /* struct str, min..max bytes, no NUL */
	FIELD_PATH,     /* struct str, absolute, stored clean; by PATH */
	FIELD_ENUM,     /* int, index into words */
	FIELD_UINT,     /* uint64_t, min..max */
	FIELD_SIZE,     /* uint64_t bytes, min..max; a string like "512M" or a bare integer */
	FIELD_DURATION, /* uint64_t ms, min..max; a string like "300s"; both by SIZE, DURATION */
	FIELD_CORES,    /* uint64_t thousandths of a core, min..max; "0.5" or 0.5; by CORES */
	FIELD_CUSTOM,   /* decoded by the row's own reader, one text at a time */
	FIELD_TREE,     /* const struct value *, of any kind; a document's only */
};

enum {
	FIELD_LIST = 1,      /* an array in a document, a repeated option on the command line;
			   * FIELD_STRING, FIELD_PATH, FIELD_UINT -> struct strlist (a number's
			   * text was checked, and is there once); FIELD_ENUM of at most 32 words
			   * -> uint32_t bit set; FIELD_CUSTOM -> reader called for each */
	FIELD_NEEDED = 2,    /* a document without it is an error */
	FIELD_OTHERWISE = 4, /* a FIELD_FLAG whose key says the opposite of its option */
	FIELD_TWO = 8, /* the option takes two arguments (--bind SRC DEST); reader gets both */
};

enum { FIELD_ROWS = 48 };

/* Which rows were given, and where; the first member of every decoded struct. Row i of table t is
 * bit i. */
struct seen {
	uint64_t bits;
	struct pos at[FIELD_ROWS];
};

struct strnode {
	struct str s;
	struct pos pos;
	struct strnode *next;
};

struct strlist {
	struct strnode *first, **last; /* last is NULL while empty */
	size_t n;
};

struct field;

struct field_ctx {
	struct arena *arena;
	enum fault fault; /* FAULT_CONFIG or FAULT_USAGE */
	struct err *err;
	struct pos pos; /* of the text being read */
};

/* Stores one text (and a second one with FIELD_TWO) into the target; 0 or -1 with the error set. */
typedef int field_reader(struct field_ctx *, const struct field *, void *target, struct str a,
    struct str b);

struct field {
	const char *text; /* made by ROW: five texts, each with its NUL */
	union {
		struct {
			uint32_t min, max;           /* value, or bytes of a string, or ms */
			const struct num_unit *unit; /* FIELD_SIZE, FIELD_DURATION, FIELD_CORES */
		};
		struct { /* FIELD_ENUM, FIELD_PATH, FIELD_CUSTOM */
			/* '|' between; the first may be empty for "not given" */
			const char *words;
			field_reader *read; /* FIELD_PATH, FIELD_CUSTOM */
		};
	};
	uint16_t offset; /* of the member in the target */
	uint8_t type;    /* enum field_type */
	uint8_t flags;
	char letter; /* one-letter form of the option, or 0 */
};

/* One string rather than five pointers: a static PIE relocates every pointer at its start. Empty
 * stands for "none": key, in a document; option, without dashes; arg, what its argument is called
 * ("SRC DEST"); initial, the default as shown to people; prose, one line without a full stop. */
#define ROW(key, option, arg, initial, prose) \
	.text = key "\0" option "\0" arg "\0" initial "\0" prose

field_reader field_read_path;
#define PATH .type = FIELD_PATH, .read = field_read_path
#define SIZE .type = FIELD_SIZE, .unit = &num_of_bytes
#define DURATION .type = FIELD_DURATION, .unit = &num_of_ms
#define CORES .type = FIELD_CORES, .unit = &num_of_cores

struct str row_key(const struct field *);
struct str row_option(const struct field *);
struct str row_arg(const struct field *);
struct str row_initial(const struct field *);
struct str row_prose(const struct field *);
/* NULL where a row has none. */
const char *row_words(const struct field *);
/* Word i of a list with '|' between them; p NULL behind the last. */
struct str word_at(const char *words, size_t i);
/* The words of a bit set (all of them, UINT32_MAX: also those beyond its 32 bits), as far as they
 * fit. */
void words_put(struct buf *, const char *words, uint32_t bits, struct str between);

struct table {
	const char *what; /* "a sandbox", "a hook" for messages */
	const struct field *row;
	size_t n;
};

/* One of the tables that a command line or an object is read by, and where its rows are stored. */
struct args_part {
	const struct table *table;
	void *target;
};

/* Decodes an object into the parts' targets (first member struct seen). Unknown keys (with the
 * nearest name suggested, else the list), duplicates, wrong types, out-of-range values, null,
 * missing needed keys are errors with line:col and path; path is the JSON path of the object
 * ("$.hooks.redact"), and the first table says what it is. 0 or -1. */
int field_decode(struct field_ctx *, const struct args_part *, size_t nparts, const struct value *,
    struct str path) MUST_CHECK;
/* JSON paths of a member of the object, and of an element of the array, at path; owned by the
 * arena; p NULL with the error set when that is exhausted. */
struct str field_member(struct field_ctx *, struct str path, struct str key) MUST_CHECK;
struct str field_element(struct field_ctx *, struct str path, size_t index) MUST_CHECK;
/* Stores one text given for a row as on the command line; the same checks. 0 or -1. */
int field_text(struct field_ctx *, const struct table *, size_t row, void *target, struct str a,
    struct str b) MUST_CHECK;
/* The same for a text of a document, where the reader has refused duplicates already. 0 or -1. */
int field_store(struct field_ctx *, const struct table *, size_t row, void *target,
    struct str text) MUST_CHECK;
/* Marks the row as given at the context's position. */
void field_mark(struct field_ctx *, size_t row, void *target);
/* A flag that a document sets to false: given, and false. 0. */
int field_unset(struct field_ctx *, const struct table *, size_t row, void *target);
/* For readers: the fault with the option's name before it (on a command line) or nothing (in a
 * document, where the path is told); at most twelve parts; -1. */
int field_fault(struct field_ctx *, const struct field *, const char *text, const struct str *arg,
    size_t n);
/* The same of a text: itself in quotes, and why not. */
int field_quoted(struct field_ctx *, const struct field *, struct str text, struct str why);
/* For readers: a value of another kind than is due; -1. */
int field_kind(struct field_ctx *, const struct value *, struct str due);
/* For readers: an absolute path, stored clean. 0 or -1. */
int field_path(struct field_ctx *, const struct field *, struct str text,
    struct str *out) MUST_CHECK;
/* Was the row at this member offset given? */
bool field_given(const struct table *, const void *target, size_t offset);
/* And where; POS_NONE when it was not. */
struct pos field_place(const struct table *, const void *target, size_t offset);
/* The row of a key, or t->n. */
size_t field_row(const struct table *, struct str key);
/* The fault of a member that no row is for: the nearest key or the list of them; -1. */
int field_unknown(struct field_ctx *, const struct args_part *, size_t nparts,
    const struct value *member);
/* The nearest name in the tables for a mistyped one (p NULL when none is near); keys or options. */
struct str field_suggest(const struct args_part *, size_t nparts, struct str wrong, bool options);
/* Appends to a list; -1 when the arena is exhausted. */
int strlist_add(struct arena *, struct strlist *, struct str, struct pos) MUST_CHECK;

#endif
