/* Decision diagrams with shared nodes: one node for each function. */
#include <string.h>

#include "plan/prove.h"

enum {
	HEADS_FIRST = 1024,
	MEMO_MAX = 1 << 16,
	WORK_MAX = 1 << 22, /* choices, some of which are made again */
};

static const char too_many[] = "too many cases to tell apart";

void
diagram_fail(struct diagram *d, const char *limit)
{
	if (!d->failed && limit == NULL)
		err_memory(d->err);
	else if (!d->failed)
		err_limit(d->err, POS_NONE, "%", str_of(limit));
	d->failed = true;
}

static struct node *
node_of(struct diagram *d, uint32_t i)
{
	return &d->chunk[i / NODE_CHUNK][i % NODE_CHUNK];
}

static uint32_t
hash(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t h = (a * UINT64_C(0x9e3779b97f4a7c15)) ^ (b * UINT64_C(0xc2b2ae3d27d4eb4f)) ^
		     (c * UINT64_C(0x165667b19e3779f9));

	return (uint32_t)((h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 32);
}

/* Both tables, for n nodes. The old ones stay behind in the arena: less than what is new. */
static int
tables(struct diagram *d, uint32_t n)
{
	uint32_t *head = arena_array(d->arena, n, sizeof(*head));
	struct choice *memo = d->memo;

	if (n <= MEMO_MAX)
		memo = arena_array(d->arena, n / 2, sizeof(*memo));
	if (head == NULL || memo == NULL)
		return -1;
	if (n <= MEMO_MAX)
		d->nmemo = n / 2;
	d->memo = memo;
	d->head = head;
	d->nheads = n;
	for (uint32_t i = 0; i < d->n; i++) {
		struct node *o = node_of(d, i);
		uint32_t *h = &head[hash(o->var, o->zero, o->one) & (n - 1)];

		o->next = *h;
		*h = i + 1;
	}
	return 0;
}

static uint32_t
make(struct diagram *d, unsigned var, uint32_t zero, uint32_t one)
{
	uint32_t at = hash(var, zero, one);
	struct node *o;

	for (uint32_t i = d->head[at & (d->nheads - 1)]; i > 0; i = o->next) {
		o = node_of(d, i - 1);
		if (o->var == var && o->zero == zero && o->one == one)
			return i - 1;
	}
	if (d->n == NODES_MAX) {
		diagram_fail(d, too_many);
		return NODE_NO;
	}
	if (d->n % NODE_CHUNK == 0) {
		d->chunk[d->n / NODE_CHUNK] = arena_raw(d->arena, NODE_CHUNK * sizeof(*o));
		if (d->chunk[d->n / NODE_CHUNK] == NULL) {
			diagram_fail(d, NULL);
			return NODE_NO;
		}
	}
	if (d->n == d->nheads && tables(d, 2 * d->nheads) < 0) {
		diagram_fail(d, NULL);
		return NODE_NO;
	}
	o = node_of(d, d->n);
	o->var = (uint16_t)var;
	o->zero = zero;
	o->one = one;
	o->next = d->head[at & (d->nheads - 1)];
	d->head[at & (d->nheads - 1)] = ++d->n;
	return d->n - 1;
}

struct diagram *
diagram_new(struct arena *a, struct err *e)
{
	struct diagram *d = arena_raw(a, sizeof(*d));

	if (d == NULL) {
		err_memory(e);
		return NULL;
	}
	memset(d, 0, offsetof(struct diagram, chunk));
	d->arena = a;
	d->err = e;
	if (tables(d, HEADS_FIRST) < 0) {
		diagram_fail(d, NULL);
		return NULL;
	}
	/* NODE_NO and NODE_YES; an action has 1 in its `one` */
	make(d, VAR_LEAF, 0, 0);
	make(d, VAR_LEAF, 1, 0);
	return d->failed ? NULL : d;
}

uint32_t
diagram_leaf(struct diagram *d, uint32_t action)
{
	return d->failed ? NODE_NO : make(d, VAR_LEAF, action, 1);
}

uint32_t
diagram_node(struct diagram *d, unsigned var, uint32_t zero, uint32_t one)
{
	if (zero == one || d->failed)
		return zero;
	return make(d, var, zero, one);
}

/* Each level is a variable further on, so that depth is at most VARS. */
static uint32_t
choose(struct diagram *d, uint32_t c, uint32_t t, uint32_t e, unsigned depth)
{
	const struct node *nc = node_at(d, c), *nt = node_at(d, t), *ne = node_at(d, e);
	unsigned var = nc->var;
	struct choice *memo;
	uint32_t zero, one, kept;

	if (c <= NODE_YES)
		return c == NODE_YES ? t : e;
	if (t == e || (t == NODE_YES && e == NODE_NO))
		return t == e ? t : c;
	memo = &d->memo[hash(c, t, e) & (d->nmemo - 1)];
	if (memo->if_ == c && memo->then == t && memo->else_ == e)
		return memo->result;
	if (d->failed || depth == 0 || ++d->work > WORK_MAX) {
		diagram_fail(d, too_many);
		return NODE_NO;
	}
	if (nt->var < var)
		var = nt->var;
	if (ne->var < var)
		var = ne->var;
	zero = choose(d, nc->var == var ? nc->zero : c, nt->var == var ? nt->zero : t,
	    ne->var == var ? ne->zero : e, depth - 1);
	one = choose(d, nc->var == var ? nc->one : c, nt->var == var ? nt->one : t,
	    ne->var == var ? ne->one : e, depth - 1);
	kept = diagram_node(d, var, zero, one);
	memo = &d->memo[hash(c, t, e) & (d->nmemo - 1)];
	*memo = (struct choice){ c, t, e, kept };
	return kept;
}

uint32_t
diagram_if(struct diagram *d, uint32_t if_, uint32_t then, uint32_t else_)
{
	return choose(d, if_, then, else_, VARS + 1);
}

void
diagram_differ(const struct diagram *d, uint32_t *a, uint32_t *b, uint64_t *value)
{
	for (unsigned i = 0; i <= VALUE_IP; i++)
		value[i] = 0;
	for (;;) {
		const struct node *na = node_at(d, *a), *nb = node_at(d, *b);
		bool in_a = na->var <= nb->var, in_b = nb->var <= na->var, one;
		unsigned var = in_a ? na->var : nb->var;

		if (var == VAR_LEAF)
			return;
		/* one of the two ways has to differ where the node does */
		one = *a != *b && (in_a ? na->zero : *a) == (in_b ? nb->zero : *b);
		if (one)
			value[var / 64] |= UINT64_C(1) << (63 - var % 64);
		if (in_a)
			*a = one ? na->one : na->zero;
		if (in_b)
			*b = one ? nb->one : nb->zero;
	}
}

bool
action_allows(uint32_t action)
{
	action &= (uint32_t)RET_ACTION;
	return action == (uint32_t)RET_ALLOW || action == (uint32_t)RET_LOG;
}

static bool
has(const struct diagram *d, uint32_t i, bool (*is)(uint32_t), unsigned char *seen, unsigned depth)
{
	const struct node *n = node_at(d, i);

	if (n->var == VAR_LEAF)
		return is(n->zero);
	if (depth == 0 || (seen[i / 8] >> i % 8 & 1) != 0)
		return false;
	seen[i / 8] |= (unsigned char)(1 << i % 8);
	return has(d, n->zero, is, seen, depth - 1) || has(d, n->one, is, seen, depth - 1);
}

bool
diagram_has(struct diagram *d, uint32_t node, bool (*is)(uint32_t action))
{
	size_t used = d->arena->used;
	unsigned char *seen;
	bool found;

	if (node_is_leaf(d, node))
		return is(node_at(d, node)->zero);
	seen = arena_get(d->arena, d->n / 8 + 1);
	if (seen == NULL) {
		diagram_fail(d, NULL);
		return false;
	}
	found = has(d, node, is, seen, VARS);
	d->arena->used = used;
	return found;
}
