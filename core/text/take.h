/* Pieces off the front of a kernel's text. */
#ifndef SBX_TAKE_H
#define SBX_TAKE_H

#include "base/base.h"

/* The bytes before the next c, and c itself; -1 when there is none. */
int take_until(struct str *rest, char c, struct str *out) MUST_CHECK;
/* The same of a number in 0..UINT64_MAX. */
int take_number(struct str *rest, char c, uint64_t *) MUST_CHECK;
/* A line: 1, 0 at the end, -1 without line end (it was cut off on the way) or with a NUL byte. */
int take_line(struct str *rest, struct str *line) MUST_CHECK;
/* A word between spaces or line ends; p NULL at the end. */
struct str take_word(struct str *rest);

#endif
