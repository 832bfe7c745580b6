/* A program on all calls of a class: paths by number first, each over a range of numbers. */
#include "plan/provewalk.h"

/* More than any program has that was not made to have them: of one class, and of them all. */
enum { PATHS_MAX = 1 << 14, CUTS_MAX = 1 << 8 };

/* The upper part of a range, which goes on later from the same place. */
struct frame {
	struct cursor c;
	uint32_t hi;
};

/* What is read of registers from an instruction on, given what is read behind it. */
static uint32_t
live_before(const struct bpf_insn *i, uint32_t live)
{
	uint32_t a = 1 << REG_A, x = 1 << REG_X, cell = UINT32_C(1) << REG_CELL << (i->k & 15);
	uint32_t to = (i->code & BPF_CLASS) == BPF_LD ? a : x;

	switch (i->code & BPF_CLASS) {
	case BPF_LD:
	case BPF_LDX:
		return (live & ~to) | ((i->code & BPF_MODE) == BPF_MEM ? cell : 0);
	case BPF_ST:
	case BPF_STX:
		return (live & ~cell) | (i->code == BPF_ST ? a : x);
	case BPF_RET:
		return i->code == BPF_RET_A ? a : 0;
	case BPF_MISC:
		return i->code == BPF_TAX ? (live & ~x) | a : (live & ~a) | x;
	default:
		if (i->code != BPF_JA)
			live |= a | (i->code & BPF_X ? x : 0);
		return live;
	}
}

static void
look_ahead(struct walk *w)
{
	for (size_t pc = w->b->n; pc-- > 0;) {
		const struct bpf_insn *i = &w->b->insn[pc];
		size_t to = pc + 1, other = to;
		uint32_t live = 0;

		w->known[pc].from = EXPR_NONE;
		if (i->code == BPF_JA) {
			to = other = pc + 1 + i->k;
		} else if (bpf_branches(i)) {
			to = pc + 1 + i->jt;
			other = pc + 1 + i->jf;
		}
		if ((i->code & BPF_CLASS) != BPF_RET) {
			live = w->live[to] | w->live[other];
			w->words[pc] = w->words[to] | w->words[other];
		}
		w->live[pc] = live_before(i, live);
		if (i->code == BPF_LD_ABS)
			w->words[pc] |= (uint16_t)(1 << i->k / 4);
	}
}

struct walk *
walk_new(struct diagram *d, const struct bpf *b)
{
	struct walk *w = arena_get(d->arena, sizeof(*w));
	size_t n = b->n;

	if (bpf_check(b, d->err) < 0)
		return NULL;
	if (w != NULL) {
		w->d = d;
		w->b = b;
		w->capexpr = 2 * n + 64; /* more than anyone needs */
		w->nframes = 2 * n + 64;
		w->live = arena_array(d->arena, n, sizeof(*w->live));
		w->words = arena_array(d->arena, n, sizeof(*w->words));
		w->known = arena_array(d->arena, n, sizeof(*w->known));
		w->expr = arena_raw(d->arena, w->capexpr * sizeof(*w->expr));
		w->at = arena_array(d->arena, n, sizeof(struct entry *));
		w->frame = arena_raw(d->arena, w->nframes * sizeof(*w->frame));
	}
	if (w == NULL || w->live == NULL || w->words == NULL || w->known == NULL ||
	    w->expr == NULL || w->at == NULL || w->frame == NULL) {
		diagram_fail(d, NULL);
		return NULL;
	}
	look_ahead(w);
	w->expr[EXPR_ZERO] = expr_constant(0);
	for (unsigned i = 0; i < EXPR_ZERO; i++)
		w->expr[i] = (struct expr){ .word = (uint8_t)i, .mask = UINT32_MAX };
	w->nexpr = EXPR_ZERO + 1;
	return w;
}

/* One path from a frame: what it answers is added, the parts of the range that go elsewhere are
 * pushed. STOP_LEAF when it came to an end. */
static enum stop
path(struct walk *w, size_t *depth, uint32_t from, struct spans *s)
{
	struct cursor c = w->frame[*depth].c, here;
	struct span span = { .lo = from };
	enum stop stop;

	w->lo[0] = from;
	w->hi[0] = w->frame[*depth].hi;
	for (;;) {
		stop = walk_on(w, &c);
		here = c;
		if (stop == STOP_LEAF) {
			span.node = diagram_leaf(w->d, w->value);
			span.longest = c.steps;
		} else if (stop == STOP_ASK) {
			stop = walk_branch(w, &c, &span);
		}
		if (stop != STOP_NUMBER)
			break;
		if (*depth == w->nframes || ++w->paths > PATHS_MAX) {
			diagram_fail(w->d, "too many ranges of numbers");
			return STOP_FAIL;
		}
		/* the jump is asked again: it counts once */
		here.steps--;
		here.emulated = (uint16_t)(here.emulated - !here.beyond);
		w->frame[(*depth)++] = (struct frame){ here, w->hi[0] };
		w->hi[0] = w->value - 1;
		c = here;
	}
	span.hi = w->hi[0];
	span.emulated = c.emulated;
	if (stop == STOP_FAIL || stop == STOP_ARCH)
		return stop;
	spans_add(w->d, s, &span);
	return w->d->failed ? STOP_FAIL : STOP_LEAF;
}

static enum stop
range(struct walk *w, uint32_t lo, uint32_t hi, struct spans *s)
{
	size_t depth = 1;
	enum stop stop = STOP_LEAF;

	w->frame[0] = (struct frame){ { .pc = 0 }, hi };
	for (size_t r = 0; r < REGS; r++)
		w->frame[0].c.s.reg[r] = EXPR_ZERO;
	while (depth > 0 && stop == STOP_LEAF) {
		depth--;
		stop = path(w, &depth, lo, s);
		lo = w->hi[0] + 1;
	}
	return stop;
}

int
walk_class(struct walk *w, struct callclass *c, struct spans *s)
{
	if (w->big != c->big)
		walk_forget(w);
	w->big = c->big;
	w->narrow = c->narrow;
	w->lo[1] = c->lo;
	w->hi[1] = c->hi;
	w->paths = 0;
	w->high = false;
	s->n = 0;
	for (size_t i = 0; i < c->n; i++) {
		enum stop stop = range(w, c->nr[i].lo, c->nr[i].hi, s);

		if (stop == STOP_FAIL)
			return -1;
		if (stop == STOP_ARCH && ++w->cuts > CUTS_MAX) {
			diagram_fail(w->d, "too many ranges of architectures");
			return -1;
		}
		if (stop == STOP_ARCH) {
			c->hi = w->hi[1] = w->value - 1;
			s->n = 0;
			i = SIZE_MAX; /* from the first range */
		}
	}
	s->high = w->high;
	return 0;
}

int
walk_foreign(struct walk *w, struct spans *s, uint32_t *foreign)
{
	struct callclass c = { .arch = ARCH_COUNT - 1 };

	if (!class_next(&c) || walk_class(w, &c, s) < 0)
		return -1;
	*foreign = s->at[s->n - 1].node;
	return 0;
}
