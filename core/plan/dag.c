/* The graph of instructions. */
#include "plan/compile.h"

#include <string.h>

void *
compile_raw(struct compile *c, struct arena *a, size_t n)
{
	void *p = c->failed ? NULL : arena_raw(a, n);

	if (p == NULL && !c->failed) {
		err_memory(c->err);
		c->failed = true;
	}
	return p;
}

void *
compile_get(struct compile *c, struct arena *a, size_t count, size_t size)
{
	/* counts are of what there is, and small */
	void *p = compile_raw(c, a, count * size);

	return p != NULL ? memset(p, 0, count * size) : NULL;
}

void *
compile_grown(struct compile *c, const void *old, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t want = *cap == 0 ? 512 : *cap * 2;
	void *p = compile_raw(c, &c->keep, want * size);

	if (p == NULL)
		return NULL;
	if (old != NULL)
		memcpy(p, old, n * size);
	else
		memset(p, 0, size);
	*cap = want;
	return p;
}

bool
compile_work(struct compile *c, size_t steps)
{
	if (!c->failed && steps > WORK_MAX - c->work) {
		err_limit(c->err, POS_NONE, "the rules are too many to be compiled");
		c->failed = true;
	}
	if (!c->failed)
		c->work += (uint32_t)steps;
	return !c->failed;
}

static uint32_t
hash(uint16_t code, uint32_t k, uint16_t t, uint16_t f)
{
	uint64_t h = (k ^ (uint64_t)code << 32) * 0x9e3779b97f4a7c15U;

	h = (h ^ h >> 29 ^ ((uint32_t)t << 16 | f)) * 0xbf58476d1ce4e5b9U;
	return (uint32_t)(h >> 32);
}

/* Room for one more; false when there is none. */
static bool
grow(struct compile *c)
{
	if (!c->failed && c->n == NODES_MAX) {
		err_limit(c->err, POS_NONE, "the rules need more than 65535 decisions");
		c->failed = true;
	}
	if (c->n >= c->cap) {
		struct node *more = compile_grown(c, c->node, c->n, &c->cap, sizeof(*more));

		if (more == NULL)
			return false;
		c->node = more;
		c->slots = c->cap * 2;
		c->slot = compile_get(c, &c->keep, c->slots, sizeof(*c->slot));
		for (uint32_t i = 1; c->slot != NULL && i < c->n; i++) {
			const struct node *o = &c->node[i];
			uint32_t at = hash(o->code, o->k, o->t, o->f);

			while (c->slot[at & (c->slots - 1)] != 0)
				at++;
			c->slot[at & (c->slots - 1)] = (uint16_t)i;
		}
	}
	return !c->failed;
}

uint16_t
node_make(struct compile *c, uint16_t code, uint32_t k, uint16_t t, uint16_t f, uint32_t why)
{
	uint32_t at, size;

	if (f != 0 && t == f)
		return t;
	if (c->failed || !grow(c))
		return 0;
	for (at = hash(code, k, t, f);; at++) {
		uint16_t i = c->slot[at & (c->slots - 1)];
		struct node *o = &c->node[i];

		if (i == 0)
			break;
		if (o->code == code && o->k == k && o->t == t && o->f == f) {
			if (o->why != why)
				o->why = 0;
			return i;
		}
	}
	size = 1U + (t != 0 ? c->node[t].size : 0) + (f != 0 ? c->node[f].size : 0);
	c->slot[at & (c->slots - 1)] = (uint16_t)c->n;
	c->node[c->n] = (struct node){ .code = code, .k = k, .t = t, .f = f, .why = why };
	c->node[c->n].size = size > UINT16_MAX ? UINT16_MAX : (uint16_t)size;
	return (uint16_t)c->n++;
}

uint16_t
node_ret(struct compile *c, uint32_t action, uint32_t why)
{
	return node_make(c, BPF_RET_K, action, 0, 0, why);
}

uint16_t
node_load(struct compile *c, uint32_t offset, uint32_t mask, uint16_t then, uint32_t why)
{
	/* nobody looks at it */
	if (!c->failed && (c->node[then].code == BPF_RET_K || c->node[then].code == BPF_LD_ABS))
		return then;
	if (mask != UINT32_MAX)
		then = node_make(c, BPF_AND_K, mask, then, 0, why);
	return node_make(c, BPF_LD_ABS, offset, then, 0, why);
}

uint16_t
node_enter(const struct compile *c, uint16_t node, uint32_t offset, uint32_t mask)
{
	const struct node *load = &c->node[node], *then;

	if (c->failed || load->code != BPF_LD_ABS || load->k != offset)
		return node;
	if (mask == UINT32_MAX)
		return load->t;
	then = &c->node[load->t];
	if (then->code != BPF_AND_K || (then->k & ~mask) != 0)
		return node;
	return then->k == mask ? then->t : load->t;
}
