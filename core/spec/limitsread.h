/* The readers of limits' own kinds of values; rows of limits_table point to them. */
#ifndef SBX_LIMITSREAD_H
#define SBX_LIMITSREAD_H

#include "spec/limits.h"

field_reader limits_read_list, limits_read_io, limits_read_hugetlb, limits_read_set,
    limits_read_device, limits_read_degrade;

/* As much as memory can be. */
#define LIMITS_BYTES_MAX ((uint64_t)1 << 52)

/* That it is there already; -1. */
int limits_repeated(struct field_ctx *, const struct field *, struct str text);
/* Another element for a list that has so many; NULL with the error where that are too many. */
void *limits_another(struct field_ctx *, const struct field *, size_t there,
    size_t size) MUST_CHECK;

#endif
