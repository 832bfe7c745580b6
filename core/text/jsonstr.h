/* The inside of JSON strings: judged first, decoded only where it has escapes. */
#ifndef SBX_JSONSTR_H
#define SBX_JSONSTR_H

#include "base/base.h"

enum jsonstr_fault {
	JSONSTR_OK,
	JSONSTR_END,       /* no closing quote */
	JSONSTR_CONTROL,   /* a raw control character */
	JSONSTR_ESCAPE,    /* no such escape */
	JSONSTR_HEX,       /* not four hexadecimal digits after \u */
	JSONSTR_SURROGATE, /* half of a pair */
	JSONSTR_UTF8,      /* not UTF-8 */
};

/* Judges the text behind an opening quote. *at is the offset of the closing quote or of the
 * fault (an escape's is its backslash); *escaped says whether there is anything to decode. */
enum jsonstr_fault jsonstr_scan(struct str, size_t *at, bool *escaped) MUST_CHECK;
/* Decodes what jsonstr_scan accepted into out, which has room for raw.n bytes; returns the
 * length. */
size_t jsonstr_decode(struct str raw, char *out);

#endif
