/* Several policies as one. Every call is judged by both; those that both judge alike share
 * rules. */
#include "spec/policymerge.h"

#include <string.h>

/* On one architecture, calls that are one group. */
struct share {
	const struct pair *pair;
	uint32_t archs;
};

static void
callset_to(struct group *g, unsigned call)
{
	struct rule *r = g->first;

	for (size_t i = 0; i < g->nrules; i++, r = r->next)
		callset_add(&r->calls, call);
}

/* What becomes of a call or a number that the whole does not name. */
static uint32_t
unless_named(const struct policy *p, int call)
{
	bool new = p->newer > 0 && (call < 0 || call_since((unsigned)call) > p->newer);

	return new ? p->newer_action : p->fallback;
}

/* Architectures that judge it alike share rules; one that does not have it goes with the first. */
static int
merge_call(struct merge *m, unsigned call)
{
	struct share share[ARCH_COUNT];
	uint32_t action, without = 0;
	size_t n = 0, k;

	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		int64_t nr = call_number(call, (enum arch)a);
		const struct pair *pair;

		if ((m->whole->archs >> a & 1) == 0)
			continue;
		if (nr < 0) {
			without |= (uint32_t)1 << a;
			continue;
		}
		pair = pair_of(m, (enum arch)a, (uint32_t)nr, (int)call);
		if (pair == NULL)
			return -1;
		for (k = 0; k < n && share[k].pair != pair; k++)
			;
		if (k == n)
			share[n++] = (struct share){ pair, 0 };
		share[k].archs |= (uint32_t)1 << a;
	}
	if (n > 0)
		share[0].archs |= without;
	for (k = 0; k < n; k++) {
		struct group *g;

		if (pair_constant(share[k].pair, &action) && (share[k].archs & m->numbered) == 0 &&
		    action == unless_named(m->whole, (int)call))
			continue;
		g = group_of(m, share[k].pair, share[k].archs);
		if (g == NULL)
			return -1;
		callset_to(g, call);
	}
	return 0;
}

/* ---- numbers that no table has ---- */

/* Where what is said of numbers can change. */
struct borders {
	uint64_t at[BORDERS_MAX];
	size_t n;
};

static int
add_border(struct merge *m, struct borders *b, uint64_t at)
{
	size_t i = b->n;

	while (i > 0 && b->at[i - 1] > at)
		i--;
	if ((i > 0 && b->at[i - 1] == at) || at > UINT32_MAX)
		return 0;
	if (b->n == BORDERS_MAX)
		return err_limit(m->err, POS_NONE, "more than 1024 ranges of numbers");
	memmove(b->at + i + 1, b->at + i, (b->n - i) * sizeof(*b->at));
	b->at[i] = at;
	b->n++;
	return 0;
}

static int
find_borders(struct merge *m, enum arch arch, struct borders *b)
{
	b->at[0] = 0;
	b->n = 1;
	for (size_t k = 0; k < 2; k++) {
		const struct policy *p = m->part[k];

		for (const struct rule *r = p->first; r != NULL; r = r->next) {
			if ((r->archs >> arch & 1) == 0)
				continue;
			for (size_t i = 0; i < r->nnr; i++)
				if (add_border(m, b, r->nr[i].lo) < 0 ||
				    add_border(m, b, r->nr[i].hi + 1) < 0)
					return -1;
		}
		if (!p->newer_largest)
			continue;
		for (unsigned c = 0; c < calls_count(); c++)
			if (call_number(c, arch) >= 0 &&
			    add_border(m, b, (uint64_t)call_number(c, arch) + 1) < 0)
				return -1;
	}
	return 0;
}

static int
add_numbers(struct merge *m, struct group *g, struct range nr)
{
	struct rule *r = g->first;

	for (size_t i = 0; i < g->nrules; i++, r = r->next) {
		struct ranges s = { (struct range *)(uintptr_t)r->nr, r->nnr, r->nnr };

		/* the old array, if it has to grow, is left behind */
		if (ranges_add(m->arena, &s, nr.lo, nr.hi) < 0)
			return err_limit(m->err, POS_NONE,
			    "more than 1024 ranges of numbers, or out of memory");
		r->nr = s.r;
		r->nnr = s.n;
	}
	return 0;
}

/* These rules come last: a number that a call has was decided by those for the call. Before, with
 * count, it is only found out whether there are any. */
static int
merge_numbers(struct merge *m, enum arch arch, struct borders *b, bool count)
{
	uint32_t action;

	if (find_borders(m, arch, b) < 0)
		return -1;
	m->groups = NULL;
	for (size_t i = 0; i < b->n; i++) {
		struct range nr = { b->at[i], i + 1 < b->n ? b->at[i + 1] - 1 : UINT32_MAX };
		const struct pair *pair = pair_of(m, arch, (uint32_t)nr.lo, -1);
		struct group *g;

		if (pair == NULL)
			return -1;
		if (pair_constant(pair, &action) && action == unless_named(m->whole, -1))
			continue;
		m->numbered |= (uint32_t)1 << arch;
		if (count)
			break;
		g = group_of(m, pair, (uint32_t)1 << arch);
		if (g == NULL || add_numbers(m, g, nr) < 0)
			return -1;
	}
	return 0;
}

static int
all_numbers(struct merge *m, struct borders *b, bool count)
{
	for (unsigned arch = 0; arch < ARCH_COUNT; arch++)
		if ((m->whole->archs >> arch & 1) != 0 &&
		    merge_numbers(m, (enum arch)arch, b, count) < 0)
			return -1;
	return 0;
}

/* ---- the whole ---- */

/* An architecture that one of them kills needs no rules, if that is said of foreign ones as
 * well. */
static uint32_t
covered(const struct policy *a, const struct policy *b, uint32_t foreign)
{
	uint32_t all = a->archs | b->archs, gone = 0;

	if (foreign != (uint32_t)RET_KILL_PROCESS)
		return all;
	if (a->foreign == foreign)
		gone |= all & ~a->archs;
	if (b->foreign == foreign)
		gone |= all & ~b->archs;
	return gone == all ? all : all & ~gone;
}

static uint32_t
for_new(const struct policy *p)
{
	return p->newer > 0 || p->newer_largest ? p->newer_action : p->fallback;
}

static struct policy *
merge_two(struct arena *arena, const struct policy *a, const struct policy *b, struct err *e)
{
	struct merge *m = arena_get(arena, sizeof(*m));
	struct borders *borders = arena_get(arena, sizeof(*borders));
	struct policy *p = policy_new(arena);

	if (m == NULL || borders == NULL || p == NULL) {
		err_memory(e);
		return NULL;
	}
	m->arena = arena;
	m->err = e;
	m->part[0] = a;
	m->part[1] = b;
	m->whole = p;
	p->file = a->file;
	p->fallback = stronger(a->fallback, b->fallback);
	p->foreign = stronger(a->foreign, b->foreign);
	p->archs = covered(a, b, p->foreign);
	p->newer_action = stronger(for_new(a), for_new(b));
	p->newer = a->newer > b->newer ? a->newer : b->newer;
	/* numbers are not versions: everything that has a name gets a rule */
	if (a->newer_largest || b->newer_largest)
		p->newer = 999999;
	p->wide = a->wide && b->wide;
	p->flags = a->flags | b->flags;
	if (all_numbers(m, borders, true) < 0)
		return NULL;
	m->groups = NULL;
	for (unsigned c = 0; c < calls_count(); c++)
		if (merge_call(m, c) < 0)
			return NULL;
	if (all_numbers(m, borders, false) < 0)
		return NULL;
	return p;
}

struct policy *
policy_intersect(struct arena *a, struct policy *const *p, size_t n, struct err *e)
{
	struct policy *whole = n > 0 ? p[0] : NULL;

	if (n == 0)
		err_config(e, POS_NONE, "there is no policy");
	for (size_t i = 1; i < n && whole != NULL; i++)
		whole = merge_two(a, whole, p[i], e);
	return whole;
}
