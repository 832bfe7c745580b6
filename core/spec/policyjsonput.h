/* What the writer of JSON profiles is made of. */
#ifndef SBX_POLICYJSONPUT_H
#define SBX_POLICYJSONPUT_H

#include "spec/policyread.h"

enum { CHOICES_MAX = 512 };

/* One element of "args": an operator of OCI with its values. */
struct choice {
	uint8_t op; /* enum compare, or CHOICE_MASKED */
	uint64_t value, two;
};

enum { CHOICE_MASKED = COMPARE_GE + 1 };

/* Elements any of which means that the test holds. */
struct choices {
	struct choice *c; /* CHOICES_MAX */
	size_t n;
};

/* The test, or with opposite what it is not, as choices; widths says how it is read: bit 0 at 64
 * bits, bit 1 at 32. NULL, or why that cannot be. */
const char *choices_of(struct choices *, const struct test *, bool opposite, unsigned widths);

#endif
