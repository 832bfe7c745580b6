#include "plan/filter.h"

int
filter_make(struct arena *a, const struct policy *p, const struct filter_options *o,
    struct bpf *out, struct err *e)
{
	struct witness w;
	struct bpf made;
	uint32_t archs = p->archs & (o->archs != 0 ? o->archs : arch_family(arch_native()));
	struct str mistake = S("the filter is not what the policy means");
	int same;

	if (filter_compile(a, p, o, &made, e) != 0)
		return -1;
	same = filter_prove(a, &made, p, archs, &w, e);
	if (same == 1)
		*out = made;
	/* a mistake of ours: nothing is better than that */
	return same == 1 ? 0 : same < 0 ? -1 : err_refused(e, POS_NONE, "%", mistake);
}
