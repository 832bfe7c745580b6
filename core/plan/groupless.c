/* Less than a group, where that was agreed to: getrlimit(2), and looking now and then. */
#include "plan/groupmake.h"

enum { MS = 1000 };

static uint64_t
ceil_div(uint64_t n, uint64_t by)
{
	return n / by + (n % by > 0);
}

/* Seconds of processor time: the share of all the time that there is, or what was said in all. */
static uint64_t
cpu_seconds(const struct limits *l)
{
	uint64_t share = UINT64_MAX, all = UINT64_MAX;

	if (limits_given(l, cpu) && l->timeout > 0) {
		if (__builtin_mul_overflow(l->cpu, l->timeout, &share))
			share = UINT64_MAX;
		share = ceil_div(share, MS * MS);
	}
	if (l->cpu_time > 0)
		all = ceil_div(l->cpu_time, MS);
	return share < all ? share : all;
}

static void
add_rlimit(struct grouping *g, const char *what, uint64_t most, struct pos pos)
{
	g->group->exec[g->group->nexec++] = (struct op){ .kind = OP_RLIMIT,
		.stage = STAGE_EXEC,
		.a = NO_SLOT,
		.b = NO_SLOT,
		.num = most,
		.text = what,
		.pos = pos };
}

void
grouping_cpu(struct grouping *g, const char *name, struct pos pos)
{
	struct claim *c = grouping_claim(g, name, "RLIMIT_CPU", true);
	uint64_t most = cpu_seconds(g->limits);
	char text[UINT_ROOM];

	if (most == UINT64_MAX)
		grouping_refuse(g, pos,
		    TEXT("a share of the cores cannot be limited without a group; a timeout, of "
			 "which it is the part, or a limit of cpu-time is due"));
	c->state = CLAIM_BEST_EFFORT;
	c->detail = str_of(grouping_text(g,
	    TEXT("% s in all, of each process by itself: one that starts others has that again for "
		 "each",
		uint_text(text, most))));
	add_rlimit(g, "CPU", most, pos);
}

void
grouping_instead(struct grouping *g, const struct wish *w)
{
	const struct limits *l = g->limits;
	char text[32];
	struct buf b = BUF(text);
	struct claim *c;

	if (w->degrade == DEGRADE_CPU) {
		grouping_cpu(g, w->op.text, w->op.pos);
		return;
	}
	g->group->watch |= w->degrade;
	if (w->degrade == DEGRADE_MEMORY) {
		c = grouping_claim(g, w->op.text, "RLIMIT_AS and sampling", true);
		num_put_size(&b, l->memory);
		c->detail = str_of(grouping_text(g,
		    TEXT(
			"% of addresses for each process by itself; and all together are looked at "
			"now and then: what two of them share counts twice, a short peak is "
			"not seen",
			buf_str(&b))));
		add_rlimit(g, "AS", l->memory, w->op.pos);
	} else {
		c = grouping_claim(g, w->op.text, "RLIMIT_NPROC and sampling", true);
		buf_uint(&b, l->pids);
		c->detail = str_of(grouping_text(g,
		    TEXT("%, of which all processes of the user count; and those started here are "
			 "looked at now and then",
			buf_str(&b))));
		add_rlimit(g, "NPROC", l->pids, w->op.pos);
	}
	c->state = CLAIM_BEST_EFFORT;
}
