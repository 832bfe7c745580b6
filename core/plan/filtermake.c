#include "plan/filter.h"

int
filter_make(struct arena *a, const struct policy *p, const struct filter_options *o,
    struct bpf *out, struct err *e)
{
	struct witness w;
	struct bpf made;
	uint32_t archs = p->archs & (o->archs != 0 ? o->archs : arch_family(arch_native()));
	int same;

	if (filter_compile(a, p, o, &made, e) != 0)
		return -1;
	same = filter_prove(a, &made, p, archs, &w, e);
	if (same < 0)
		return -1;
	/* a mistake of ours: nothing is better than that */
	if (same == 0)
		return err_refused(e, POS_NONE, "the filter does not mean what the policy says");
	*out = made;
	return 0;
}
