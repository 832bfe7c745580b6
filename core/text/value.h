/* The tree that every notation is read into. Every node knows where it stood. */
#ifndef SBX_VALUE_H
#define SBX_VALUE_H

#include "base/base.h"
#include "base/buf.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_NUMBER, /* text as written */
	VALUE_STRING, /* text decoded, valid UTF-8, may hold NUL */
	VALUE_ARRAY,
	VALUE_OBJECT,
};

struct value {
	enum value_kind kind;
	bool truth;                 /* VALUE_BOOL */
	struct pos pos;             /* of its first byte */
	struct pos keypos;          /* of its key, when it is a member */
	struct str text;            /* VALUE_NUMBER, VALUE_STRING */
	struct str key;             /* of a member, decoded */
	size_t count;               /* elements or members */
	struct value *first, *next; /* children in order of the text; next sibling */
};

/* The member, or NULL; v may be of any kind. */
const struct value *value_get(const struct value *, struct str key);
/* Same kinds, texts, keys and order; positions do not count. Depth is bounded by the readers. */
bool value_eq(const struct value *, const struct value *);
/* "an object", "a string", ... */
struct str value_kind_name(enum value_kind);
/* The first member that repeats an earlier key, or NULL. O(n log n); its scratch from the arena
 * is given back. NULL with *exhausted set when that has no room. */
const struct value *value_duplicate(const struct value *object, struct arena *, bool *exhausted);
/* Steps of a JSON path, behind "$": .name, or ["k y"] (escaped, a long one cut), or [3]. Whole
 * or not. */
void value_path_key(struct buf *, struct str key);
void value_path_index(struct buf *, size_t index);

#endif
