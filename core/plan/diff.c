/* Do two programs answer every call alike? */
#include "plan/prove.h"

int
filter_diff(struct arena *a, const struct bpf *one, const struct bpf *other, struct witness *w,
    struct err *e)
{
	size_t used = a->used;
	struct diagram *d = diagram_new(a, e);
	struct walk *left = d != NULL ? walk_new(d, one) : NULL;
	struct walk *right = left != NULL ? walk_new(d, other) : NULL;
	struct spans x = { 0 }, y = { 0 };
	struct callclass c;
	int result = right != NULL ? 1 : -1;

	for (bool more = class_first(&c); result == 1 && more; more = class_next(&c)) {
		uint32_t nr = 0, p, q;

		/* the second may cut the class: what is known of the first is true of the rest */
		if (walk_class(left, &c, &x) < 0 || walk_class(right, &c, &y) < 0)
			result = -1;
		else if (spans_differ(&x, &y, &nr, &p, &q))
			result = witness_put(d, &c, nr, p, q, w);
	}
	a->used = used;
	return result;
}
