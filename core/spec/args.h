/* The command line, by tables: long options and one-letter forms, no abbreviation, --opt=v and
 * --opt v, -m v and -mv. Options end at the first word that is not one, or after "--". */
#ifndef SBX_ARGS_H
#define SBX_ARGS_H

#include "base/buf.h"
#include "spec/field.h"

/* Reads options from argv[1] on; then *rest is the index of the first word that is not an option
 * (argc if none, also where that is 0) and *dashes tells whether "--" stood before it. Repeating an
 * option that is not a list is an error, also one without an argument. 0 or -1. */
int args_parse(struct field_ctx *, const struct args_part *, size_t nparts, int argc,
    char *const *argv, int *rest, bool *dashes) MUST_CHECK;
/* An option that was given and whose row is not in the bit set is an error, not a word ignored. */
int args_allow(struct field_ctx *, const struct table *, const void *target,
    uint64_t rows) MUST_CHECK;
/* "usage: sbx-ns [options] [--] prog [arg ...]" and one line per option, aligned, with defaults. */
void args_usage(struct buf *, struct str synopsis, const struct args_part *, size_t nparts);

#endif
