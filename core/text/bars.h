/* Figures drawn in the cells of a terminal: bars, sparklines, columns, and numbers that are short
 * enough for them. */
#ifndef SBX_BARS_H
#define SBX_BARS_H

#include "base/buf.h"

/* Characters of the locale that these three name; the first that is not empty counts. */
bool bars_utf8(struct str lc_all, struct str lc_ctype, struct str lang);

/* value of most steps in 0..steps, rounded to the nearest; none at all only for 0. most 0: nothing
 * is more than it. */
unsigned bar_share(uint64_t value, uint64_t most, unsigned steps);
/* Always so many cells: full ones, one eighth by eighth, blanks. */
void bar_put(struct buf *, uint64_t value, uint64_t most, size_t cells, bool ascii);
/* A cell for each of the n values at ring[from], ring[from + 1]..., which goes round at n. */
void spark_put(struct buf *, const uint32_t *ring, size_t n, size_t from, uint64_t most,
    bool ascii);
/* How many cells untrusted text takes, as cell_put() shows it. */
size_t cell_width(struct str text, bool ascii);
/* Untrusted text in exactly so many cells, to the left or to the right; what is too long is cut,
 * and ends in a mark that says so. */
void cell_put(struct buf *, struct str text, size_t cells, bool right, bool ascii);
/* So many cells of nothing. */
void blank_put(struct buf *, size_t cells);

/* Rounded down, at most five characters: 1023, 9.9K, 512M. */
void short_bytes(struct buf *, uint64_t);
/* Of parts in a million, rounded down: 0.1%, 12.5%, 250%. */
void short_percent(struct buf *, uint64_t ppm);
/* Of microseconds, rounded down: 0.025s. */
void short_seconds(struct buf *, uint64_t us);

#endif
