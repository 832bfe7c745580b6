/* What an oracle says when the code is wrong: where, and then the engine keeps the input. */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static inline void
must(bool good, const char *what, const char *file, int line)
{
	if (good)
		return;
	fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
	abort();
}

#define MUST(condition) must((condition), #condition, __FILE__, __LINE__)

/* Does part lie within whole, by its address? */
static inline bool
lies_within(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

#endif
