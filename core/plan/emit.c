/* Lays a graph out as a program, from its end: jumps go forward only, and where they lead is
 * there when they are written. Conditional ones reach 255 instructions far. */
#include "plan/compile.h"

#include <string.h>

enum { REACH = 255, NOT_YET = 0xffff };

/* The program backwards: place 0 is its last instruction. */
struct emit {
	const struct compile *c;
	struct bpf_insn *insn;
	uint32_t *why;
	uint16_t n;
	uint16_t *place; /* of the nearest copy of a node, or of a jump to it */
};

static bool
conditional(const struct node *o)
{
	return o->f != 0;
}

/* Writes one instruction in front. */
static void
put(struct emit *e, const struct node *o, uint16_t code, uint32_t k, unsigned jt, unsigned jf)
{
	/* the room is for one node's jumps more than the limit; emit_program() sees it */
	if (e->n < BPF_INSNS_MAX + 4) {
		e->insn[e->n] = (struct bpf_insn){ code, (uint8_t)jt, (uint8_t)jf, k };
		e->why[e->n] = o->why;
		e->n++;
	}
}

static unsigned
distance(const struct emit *e, uint16_t node)
{
	return (unsigned)(e->n - 1 - e->place[node]);
}

/* A node nearer by: again, if it is a return, or a jump to it. */
static void
nearer(struct emit *e, uint16_t node)
{
	const struct node *o = &e->c->node[node];

	if (o->code == BPF_RET_K)
		put(e, o, BPF_RET_K, o->k, 0, 0);
	else
		put(e, o, BPF_JA, distance(e, node), 0, 0);
	e->place[node] = (uint16_t)(e->n - 1);
}

static void
put_jump(struct emit *e, const struct node *o)
{
	/* what comes between the one and the jump may put it out of reach again, once */
	for (int i = 0; i < 2; i++) {
		if (distance(e, o->t) > REACH)
			nearer(e, o->t);
		if (distance(e, o->f) > REACH)
			nearer(e, o->f);
	}
	put(e, o, o->code, o->k, distance(e, o->t), distance(e, o->f));
}

/* A node whose successors are there. */
static void
place(struct emit *e, uint16_t node)
{
	const struct node *o = &e->c->node[node];

	if (conditional(o)) {
		put_jump(e, o);
	} else if (o->t == 0) {
		put(e, o, o->code, o->k, 0, 0);
	} else {
		/* what follows a load comes right behind it; a copy is as short as a jump, and
		 * quicker */
		if (distance(e, o->t) != 0) {
			const struct node *then = &e->c->node[o->t];

			if (conditional(then))
				put_jump(e, then);
			else
				nearer(e, o->t);
		}
		put(e, o, o->code, o->k, 0, 0);
	}
	e->place[node] = (uint16_t)(e->n - 1);
}

/* What a node leads to comes before it, the smaller side last, so that it is near. */
static void
place_all(struct emit *e, uint16_t root, uint16_t *stack)
{
	const struct node *nodes = e->c->node;
	size_t depth = 0;

	stack[depth++] = root;
	while (depth > 0 && e->n <= BPF_INSNS_MAX) {
		uint16_t node = stack[depth - 1], near = nodes[node].t, far = nodes[node].f;

		if (far != 0 && nodes[far].size < nodes[near].size) {
			far = near;
			near = nodes[node].f;
		}
		if (far != 0 && e->place[far] == NOT_YET) {
			stack[depth++] = far;
		} else if (near != 0 && e->place[near] == NOT_YET) {
			stack[depth++] = near;
		} else {
			place(e, node);
			depth--;
		}
	}
}

int
emit_program(struct compile *c, struct arena *a, uint16_t root, struct bpf *out)
{
	struct emit e = { .c = c };
	struct bpf_insn *insn;
	uint16_t *stack;
	uint32_t *why;

	e.insn = compile_raw(c, &c->temp, (BPF_INSNS_MAX + 4) * sizeof(*e.insn));
	e.why = compile_raw(c, &c->temp, (BPF_INSNS_MAX + 4) * sizeof(*e.why));
	e.place = compile_get(c, &c->temp, c->n, sizeof(*e.place));
	stack = compile_get(c, &c->temp, c->n, sizeof(*stack));
	if (stack == NULL)
		return -1;
	memset(e.place, 0xff, c->n * sizeof(*e.place));
	place_all(&e, root, stack);
	if (e.n > BPF_INSNS_MAX)
		return err_limit(c->err, POS_NONE, "the filter has more than 4096 instructions");
	insn = arena_array(a, e.n, sizeof(*insn));
	why = arena_array(a, e.n, sizeof(*why));
	for (size_t i = 0; why != NULL && i < e.n; i++) {
		insn[i] = e.insn[e.n - 1 - i];
		why[i] = e.why[e.n - 1 - i];
	}
	*out = (struct bpf){ insn, why, e.n };
	return why != NULL ? 0 : err_memory(c->err);
}
