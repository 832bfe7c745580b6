/* What a policy says of all calls of a class, as diagrams; in the words of policy.h, and by other
 * ways than the compiler. */
#include <string.h>

#include "base/sort.h"
#include "plan/prove.h"

enum { LINKS = 64 };

/* A rule that names a subject, behind all those that come after it. */
struct link {
	const struct rule *rule;
	struct link *next;
};

/* Numbers of one fate. */
struct subject {
	uint32_t lo, hi;
	int call;    /* or -1 */
	bool closed; /* a rule without tests names it: the last that counts */
	struct link *last;
};

struct meaning {
	struct diagram *d;
	const struct policy *p;
	uint32_t archs, nrules;
	uint32_t action, leaf; /* that was asked for last */
	struct condition *condition;
	/* of one architecture */
	uint16_t by[CALL_NUMBERS];
	int subject_of[CALL_COUNT_MAX]; /* 1 + */
	uint64_t beyond;                /* of all numbers that rules name */
	struct subject *subject;
	size_t n, cap;
	struct link *spare;
};

struct meaning *
meaning_new(struct diagram *d, const struct policy *p, uint32_t archs)
{
	struct meaning *m = arena_get(d->arena, sizeof(*m));

	if (m != NULL) {
		m->d = d;
		m->p = p;
		m->archs = archs & p->archs;
		for (const struct rule *r = p->first; r != NULL; r = r->next)
			m->nrules++;
		m->condition = arena_array(d->arena, m->nrules, sizeof(*m->condition));
	}
	if (m == NULL || m->condition == NULL) {
		diagram_fail(d, NULL);
		return NULL;
	}
	return m;
}

/* ---- subjects -------------------------------------------------------------------------------- */

static bool
of_arch(const struct rule *r, const struct callclass *c)
{
	return (r->archs >> c->arch & 1) != 0;
}

static void
add_subject(struct meaning *m, uint64_t lo, uint64_t hi, int call)
{
	struct subject *s;

	if (m->n == m->cap) {
		size_t cap = m->cap > 0 ? 2 * m->cap : CALL_COUNT_MAX;

		s = arena_raw(m->d->arena, cap * sizeof(*s));
		if (s == NULL) {
			diagram_fail(m->d, NULL);
			return;
		}
		if (m->n > 0)
			memcpy(s, m->subject, m->n * sizeof(*s));
		m->subject = s;
		m->cap = cap;
	}
	s = &m->subject[m->n++];
	*s = (struct subject){ (uint32_t)lo, (uint32_t)hi, call, false, NULL };
	if (call >= 0)
		m->subject_of[call] = (int)m->n;
}

/* Calls whose number is beyond the table are few (those of ARM). */
static int
next_beyond(const struct callclass *c, int64_t after)
{
	int best = -1;

	for (unsigned i = 0; i < calls_count(); i++) {
		int64_t nr = call_number(i, (enum arch)c->arch);

		if (nr > after &&
		    (best < 0 || nr < call_number((unsigned)best, (enum arch)c->arch)))
			best = (int)i;
	}
	return best;
}

static void
add_calls(struct meaning *m, const struct callclass *c, const struct callset *of)
{
	uint32_t base = c->arch == ARCH_X32 ? X32_BIT : 0;
	int64_t nr = base + CALL_NUMBERS - 1;
	int call;

	for (uint32_t i = 0; i < CALL_NUMBERS; i++)
		if (m->by[i] != CALL_NONE && (of->word[m->by[i] / 64] >> m->by[i] % 64 & 1) != 0)
			add_subject(m, base | i, base | i, m->by[i]);
	while (c->arch == ARCH_ARM && (call = next_beyond(c, nr)) >= 0) {
		nr = call_number((unsigned)call, (enum arch)c->arch);
		if (callset_has(of, (unsigned)call))
			add_subject(m, (uint64_t)nr, (uint64_t)nr, call);
	}
}

static int
call_at(const struct meaning *m, const struct callclass *c, uint32_t nr)
{
	uint32_t i = c->arch == ARCH_X32 ? nr - X32_BIT : nr;

	if (i >= CALL_NUMBERS)
		return call_of((enum arch)c->arch, nr);
	return m->by[i] == CALL_NONE ? -1 : m->by[i];
}

static bool
is_less(const void *a, const void *b)
{
	return *(const uint64_t *)a < *(const uint64_t *)b;
}

/* Where ranges of numbers are named: a subject for each stretch between any two of their ends. */
static int
add_ranges(struct meaning *m, const struct callclass *c, size_t nranges)
{
	size_t calls = m->n, most = 2 * (nranges + calls) + 2, n = 0;
	uint64_t *cut = arena_array(m->d->arena, most, sizeof(*cut));
	const void **order = arena_array(m->d->arena, most, sizeof(*order));

	if (cut == NULL || order == NULL) {
		diagram_fail(m->d, NULL);
		return -1;
	}
	for (const struct rule *r = m->p->first; r != NULL; r = r->next)
		for (size_t i = 0; i < r->nnr && of_arch(r, c); i++) {
			cut[n++] = r->nr[i].lo;
			cut[n++] = r->nr[i].hi < UINT32_MAX ? r->nr[i].hi + 1 : UINT64_C(1) << 32;
		}
	for (size_t i = 0; i < calls; i++) {
		cut[n++] = m->subject[i].lo;
		cut[n++] = (uint64_t)m->subject[i].hi + 1;
	}
	for (size_t i = 0; i < n; i++)
		order[i] = &cut[i];
	sort_pointers(order, n, is_less);
	m->n = 0;
	for (size_t i = 0; i + 1 < n; i++) {
		uint64_t lo = *(const uint64_t *)order[i], hi = *(const uint64_t *)order[i + 1];

		if (lo < hi && lo <= UINT32_MAX)
			add_subject(m, lo, hi - 1, lo + 1 == hi ? call_at(m, c, (uint32_t)lo) : -1);
	}
	return 0;
}

/* Many at once; the arena's own care for each would be most of the work. */
static struct link *
new_link(struct meaning *m)
{
	struct link *l = m->spare;

	if (l == NULL) {
		l = arena_raw(m->d->arena, LINKS * sizeof(*l));
		if (l == NULL) {
			diagram_fail(m->d, NULL);
			return NULL;
		}
		for (size_t i = 0; i + 1 < LINKS; i++)
			l[i].next = &l[i + 1];
		l[LINKS - 1].next = NULL;
	}
	m->spare = l->next;
	return l;
}

static void
name_subject(struct meaning *m, struct subject *s, const struct rule *r)
{
	struct link *l;

	if (s->closed)
		return;
	l = new_link(m);
	if (l == NULL)
		return;
	l->rule = r;
	l->next = s->last;
	s->last = l;
	s->closed = r->ntests == 0;
}

/* The first that ends at or behind a number. */
static size_t
subject_at(const struct meaning *m, uint64_t nr)
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (m->subject[mid].hi < nr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
name_all(struct meaning *m, const struct rule *r)
{
	const size_t words = COUNT(r->calls.word);

	for (size_t w = 0; w < words; w++)
		for (uint64_t left = r->calls.word[w]; left != 0; left &= left - 1) {
			int s = m->subject_of[w * 64 + (unsigned)__builtin_ctzll(left)];

			if (s > 0)
				name_subject(m, &m->subject[s - 1], r);
		}
	for (size_t i = 0; i < r->nnr && !m->d->failed; i++)
		for (size_t s = subject_at(m, r->nr[i].lo);
		     s < m->n && m->subject[s].lo <= r->nr[i].hi; s++) {
			bool named = m->subject[s].call >= 0 &&
				     callset_has(&r->calls, (unsigned)m->subject[s].call);

			if (!named)
				name_subject(m, &m->subject[s], r);
		}
}

static int
subjects(struct meaning *m, const struct callclass *c)
{
	struct callset of = { { 0 } };
	size_t nranges = 0;

	for (size_t i = 0; i < m->n; i++)
		for (struct link *l = m->subject[i].last, *next; l != NULL; l = next) {
			next = l->next;
			l->next = m->spare;
			m->spare = l;
		}
	m->n = 0;
	m->beyond = 0;
	memset(m->subject_of, 0, sizeof(m->subject_of));
	calls_by_number((enum arch)c->arch, m->by, CALL_NUMBERS);
	for (const struct rule *r = m->p->first; r != NULL; r = r->next)
		if (of_arch(r, c)) {
			callset_join(&of, &r->calls);
			nranges += r->nnr;
			for (size_t i = 0; i < r->nnr; i++)
				if (m->beyond <= r->nr[i].hi)
					m->beyond = r->nr[i].hi + 1;
		}
	for (unsigned i = 0; m->p->newer_largest && i < calls_count(); i++)
		if (callset_has(&of, i) && call_number(i, (enum arch)c->arch) >= (int64_t)m->beyond)
			m->beyond = (uint64_t)call_number(i, (enum arch)c->arch) + 1;
	if (nranges > 0 || m->p->newer > 0)
		memset(&of, 0xff, sizeof(of));
	add_calls(m, c, &of);
	if (nranges > 0 && add_ranges(m, c, nranges) < 0)
		return -1;
	for (const struct rule *r = m->p->first; r != NULL; r = r->next)
		if (of_arch(r, c))
			name_all(m, r);
	return m->d->failed ? -1 : 0;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* Most are the same as the one before. */
static uint32_t
leaf(struct meaning *m, uint32_t action)
{
	if (m->leaf == NODE_NO || m->action != action) {
		m->action = action;
		m->leaf = diagram_leaf(m->d, action);
	}
	return m->leaf;
}

static uint32_t
answer(struct meaning *m, const struct callclass *c, const struct subject *s, bool newer)
{
	uint32_t node;

	if (s->closed)
		node = leaf(m, s->last->rule->action);
	else
		node = leaf(m, newer ? m->p->newer_action : m->p->fallback);
	for (const struct link *l = s->closed ? s->last->next : s->last; l != NULL; l = l->next)
		node = diagram_if(m->d,
		    rule_diagram(m->d, m->p, l->rule, (enum arch)c->arch, s->call,
			l->rule->index < m->nrules ? &m->condition[l->rule->index] : NULL),
		    leaf(m, l->rule->action), node);
	return node;
}

/* From which number on, where no rule names it and no table has it, a call is newer. */
static uint64_t
newer_from(const struct meaning *m)
{
	if (m->p->newer_largest)
		return m->beyond;
	return m->p->newer > 0 ? 0 : UINT64_MAX;
}

static bool
is_newer(const struct meaning *m, const struct subject *s)
{
	if (s->last != NULL)
		return false;
	if (m->p->newer_largest || s->call < 0)
		return s->lo >= newer_from(m);
	return m->p->newer > 0 && call_since((unsigned)s->call) > m->p->newer;
}

/* Of numbers that are no subject: no rule names them. */
static void
add_rest(struct meaning *m, struct spans *to, uint64_t lo, uint64_t hi)
{
	uint64_t newer = newer_from(m);

	while (lo <= hi) {
		uint64_t end = lo < newer && newer <= hi ? newer - 1 : hi;
		struct span span = { .lo = (uint32_t)lo, .hi = (uint32_t)end };

		span.node = diagram_leaf(m->d, lo >= newer ? m->p->newer_action : m->p->fallback);
		spans_add(m->d, to, &span);
		lo = end + 1;
	}
}

static void
add_range(struct meaning *m, const struct callclass *c, struct spans *to, uint64_t lo, uint64_t hi)
{
	for (size_t i = subject_at(m, lo); i < m->n && m->subject[i].lo <= hi; i++) {
		const struct subject *s = &m->subject[i];
		struct span span = { .lo = s->lo, .hi = s->hi < hi ? s->hi : (uint32_t)hi };

		if (span.lo < lo)
			span.lo = (uint32_t)lo;
		if (lo < span.lo)
			add_rest(m, to, lo, (uint64_t)span.lo - 1);
		span.node = answer(m, c, s, is_newer(m, s));
		spans_add(m->d, to, &span);
		lo = (uint64_t)span.hi + 1;
	}
	add_rest(m, to, lo, hi);
}

int
meaning_class(struct meaning *m, const struct callclass *c, struct spans *to)
{
	bool covered = c->arch >= 0 && (m->archs >> c->arch & 1) != 0;

	to->n = 0;
	if (covered && subjects(m, c) < 0)
		return -1;
	for (size_t i = 0; i < c->n; i++) {
		struct span span = { .lo = c->nr[i].lo, .hi = c->nr[i].hi };

		if (covered) {
			add_range(m, c, to, span.lo, span.hi);
			continue;
		}
		span.node = diagram_leaf(m->d, m->p->foreign);
		spans_add(m->d, to, &span);
	}
	return m->d->failed ? -1 : 0;
}
