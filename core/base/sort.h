/* Order in n log n whatever the input, in place, without recursion. */
#ifndef SBX_SORT_H
#define SBX_SORT_H

#include "base/base.h"

/* Sorts n pointers; before(a, b) says whether a comes first. Not stable: what must keep its order
 * says so in before(). */
void sort_pointers(const void **p, size_t n, bool (*before)(const void *a, const void *b));

#endif
