/* The figures of a program. */
#include "plan/prove.h"

struct count {
	const struct bpf *b;
	struct diagram *d;
	struct filter_stat_arch *to;
	uint64_t steps;
};

static void
count_call(struct count *c, enum arch arch, unsigned call, const struct span *s)
{
	uint32_t nr = (uint32_t)call_number(call, arch);
	bool cached = bpf_cached(c->b, arch, nr);
	struct bpf_data data = { .nr = nr, .arch = arch_audit(arch) };
	size_t steps;

	c->to->calls++;
	c->to->conditional += !node_is_leaf(c->d, s->node);
	c->to->cached += cached;
	if (!diagram_has(c->d, s->node, action_allows))
		return;
	c->to->allowed++;
	if (!cached)
		callset_add(&c->to->asked, call);
	bpf_run(c->b, &data, &steps, NULL);
	c->steps += steps;
}

static void
count_class(const struct bpf *b, struct diagram *d, const struct callclass *class,
    const struct spans *s, struct filter_stat_arch *to)
{
	enum arch arch = (enum arch) class->arch;
	struct count c = { b, d, to, 0 };
	uint16_t by[CALL_NUMBERS];
	uint32_t most = 0;

	calls_by_number(arch, by, COUNT(by));
	for (unsigned i = 0; i < calls_count(); i++) {
		int64_t nr = call_number(i, arch);
		uint32_t low = (uint32_t)nr & ~(uint32_t)X32_BIT;

		/* of two names for one number the first */
		if (nr < 0 || (low < CALL_NUMBERS && by[low] != i))
			continue;
		count_call(&c, arch, i, spans_find(s, (uint32_t)nr));
		if (nr < CALL_NUMBERS && nr > most)
			most = (uint32_t)nr;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct span *at = &s->at[i];
		uint32_t hi = at->hi < most ? at->hi : most;

		if (at->longest > to->longest)
			to->longest = at->longest;
		/* x32's numbers are in no bitmap */
		if (arch != ARCH_X32 && at->lo <= most)
			to->attach_steps += at->emulated * (hi - at->lo + 1);
	}
	if (to->allowed > 0)
		to->mean_milli = (unsigned)(c.steps * 1000 / to->allowed);
}

int
filter_stat(struct arena *a, const struct bpf *b, struct filter_stat *stat, struct err *e)
{
	size_t used = a->used;
	struct diagram *d = diagram_new(a, e);
	struct walk *w = d != NULL ? walk_new(d, b) : NULL;
	struct spans s = { 0 };
	struct callclass c;
	uint32_t foreign = 0;
	int result = -1;

	*stat = (struct filter_stat){ .insns = b->n };
	if (w != NULL)
		result = walk_foreign(w, &s, &foreign);
	for (bool more = class_first(&c); result == 0 && more; more = class_next(&c)) {
		result = walk_class(w, &c, &s);
		for (size_t i = 0; result == 0 && i < s.n; i++)
			if (s.at[i].longest > stat->longest)
				stat->longest = s.at[i].longest;
		if (result < 0 || c.arch < 0 || spans_are(d, &s, foreign))
			continue;
		stat->arch[c.arch].covered = true;
		count_class(b, d, &c, &s, &stat->arch[c.arch]);
	}
	if (d != NULL && d->failed)
		result = -1;
	a->used = used;
	return result;
}
