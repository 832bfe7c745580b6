/* Is the program what the policy means? On every call of every architecture. */
#include "plan/prove.h"

int
filter_prove(struct arena *a, const struct bpf *b, const struct policy *p, uint32_t archs,
    struct witness *w, struct err *e)
{
	size_t used = a->used;
	struct diagram *d = diagram_new(a, e);
	struct walk *walk = d != NULL ? walk_new(d, b) : NULL;
	struct meaning *meaning = walk != NULL ? meaning_new(d, p, archs) : NULL;
	struct spans does = { 0 }, means = { 0 };
	struct callclass c;
	int result = 1;

	if (meaning == NULL)
		result = -1;
	for (bool more = class_first(&c); result == 1 && more; more = class_next(&c)) {
		uint32_t nr = 0, x, y;

		if (walk_class(walk, &c, &does) < 0 || meaning_class(meaning, &c, &means) < 0)
			result = -1;
		else if (spans_differ(&does, &means, &nr, &x, &y))
			result = witness_put(d, &c, nr, x, y, w);
	}
	/* nothing of it is needed any more */
	a->used = used;
	return result;
}
