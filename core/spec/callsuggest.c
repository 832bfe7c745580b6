#include "spec/calls.h"

/* Names by index; the nearest within reach, or empty. */
static struct str
nearest(struct str wrong, size_t n, struct str (*name)(size_t))
{
	struct str best = { NULL, 0 };
	/* of a short name every other short one is near */
	size_t least = wrong.n >= 4 ? 3 : wrong.n / 2 + 1;

	for (size_t i = 0; i < n; i++) {
		size_t d = str_distance(name(i), wrong, least);

		if (d < least) {
			least = d;
			best = name(i);
		}
	}
	return best;
}

static struct str
name_of(size_t call)
{
	return call_name((unsigned)call);
}

struct str
call_suggest(struct str wrong)
{
	return nearest(wrong, calls_count(), name_of);
}

struct str
set_suggest(struct str wrong)
{
	return nearest(wrong, sets_count(), set_name);
}
