/* Which calls there are: architectures, and lists of numbers. */
#include <string.h>

#include "plan/prove.h"

enum { AUDIT_LE = 0x40000000 }; /* __AUDIT_ARCH_LE, linux/audit.h; it is X32_BIT in a number */

static void
known(struct callclass *c)
{
	c->lo = c->hi = arch_audit((enum arch)c->arch);
	c->big = arch_big_endian((enum arch)c->arch);
	c->narrow = !arch_wide((enum arch)c->arch);
	c->n = 1;
	c->nr[0].lo = 0;
	c->nr[0].hi = UINT32_MAX;
	if (c->arch != ARCH_X86_64 && c->arch != ARCH_X32)
		return;
	c->n = 2;
	for (size_t i = 0; i < 2; i++) {
		c->nr[i].lo = (uint32_t)i << 31 | (c->arch == ARCH_X32 ? X32_BIT : 0);
		c->nr[i].hi = c->nr[i].lo | (X32_BIT - 1);
	}
}

/* What lies between `from` and the next that we know, of one byte order. */
static bool
gap(struct callclass *c, uint64_t from)
{
	for (int a = 0; a < ARCH_COUNT; a++)
		if (arch_audit((enum arch)a) == from) {
			from++;
			a = -1;
		}
	if (from > UINT32_MAX)
		return false;
	c->arch = -1;
	c->lo = (uint32_t)from;
	c->hi = c->lo | (AUDIT_LE - 1);
	for (int a = 0; a < ARCH_COUNT; a++) {
		uint32_t audit = arch_audit((enum arch)a);

		if (audit > c->lo && audit <= c->hi)
			c->hi = audit - 1;
	}
	c->big = (c->lo & AUDIT_LE) == 0;
	c->narrow = false;
	c->n = 1;
	c->nr[0].lo = 0;
	c->nr[0].hi = UINT32_MAX;
	return true;
}

bool
class_first(struct callclass *c)
{
	c->arch = 0;
	known(c);
	return true;
}

bool
class_next(struct callclass *c)
{
	if (c->arch < 0)
		return gap(c, (uint64_t)c->hi + 1);
	if (++c->arch == ARCH_COUNT)
		return gap(c, 0);
	known(c);
	return true;
}

void
spans_add(struct diagram *d, struct spans *s, const struct span *new)
{
	struct span *last = s->n > 0 ? &s->at[s->n - 1] : NULL;

	if (last != NULL && last->node == new->node && last->hi + 1 == new->lo &&
	    last->emulated == new->emulated) {
		last->hi = new->hi;
		if (last->longest < new->longest)
			last->longest = new->longest;
		return;
	}
	if (s->at == NULL || s->n == s->cap) {
		size_t cap = s->cap > 0 ? 2 * s->cap : 128;
		struct span *more = arena_raw(d->arena, cap * sizeof(*more));

		if (more == NULL) {
			diagram_fail(d, NULL);
			return;
		}
		if (s->at != NULL)
			memcpy(more, s->at, s->n * sizeof(*more));
		s->at = more;
		s->cap = cap;
	}
	s->at[s->n++] = *new;
}

const struct span *
spans_find(const struct spans *s, uint32_t nr)
{
	size_t lo = 0, hi = s->n - 1;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (s->at[mid].hi < nr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &s->at[lo];
}

bool
spans_differ(const struct spans *a, const struct spans *b, uint32_t *nr, uint32_t *na, uint32_t *nb)
{
	const struct span *p = a->at, *q = b->at;

	while (p < a->at + a->n && q < b->at + b->n) {
		if (p->node != q->node) {
			*nr = p->lo > q->lo ? p->lo : q->lo;
			*na = p->node;
			*nb = q->node;
			return true;
		}
		if (p->hi < q->hi) {
			p++;
		} else {
			if (p->hi == q->hi)
				p++;
			q++;
		}
	}
	return false;
}

int
witness_put(const struct diagram *d, const struct callclass *c, uint32_t nr, uint32_t a, uint32_t b,
    struct witness *w)
{
	uint64_t value[VALUE_IP + 1];

	diagram_differ(d, &a, &b, value);
	w->data = (struct bpf_data){ .nr = nr, .arch = c->lo, .ip = value[VALUE_IP] };
	memcpy(w->data.arg, value, sizeof(w->data.arg));
	w->a = node_at(d, a)->zero;
	w->b = node_at(d, b)->zero;
	return 0;
}

bool
spans_are(const struct diagram *d, const struct spans *s, uint32_t node)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i].node != node)
			return false;
	return node_is_leaf(d, node);
}
