/* From the first jump on arguments to the returns: every jump in every state once, then diagrams
 * from the last to the first. */
#include <string.h>

#include "plan/provewalk.h"

/* Those of arguments, where the low one comes first. */
enum { HIGH_WORDS = 0xaaa0 };

/* Nothing of the call's number or architecture is left in it. */
static bool
portable(const struct walk *w, const struct state *s, uint32_t pc)
{
	if ((w->words[pc] & 3) != 0)
		return false;
	for (size_t r = 0; r < REGS; r++)
		if (s->reg[r] != EXPR_NONE && w->expr[s->reg[r]].word < 2 &&
		    w->expr[s->reg[r]].mask != 0)
			return false;
	return true;
}

/* The entry of a cursor that stopped to ask; NULL: out of memory. */
static struct entry *
entry_of(struct walk *w, const struct cursor *c)
{
	struct state s = c->s;
	struct entry *e;
	bool narrow = w->narrow && (w->words[c->pc] & HIGH_WORDS) != 0;

	for (size_t r = 0; r < REGS; r++)
		if ((w->live[c->pc] >> r & 1) == 0)
			s.reg[r] = EXPR_NONE;
	for (e = w->at[c->pc]; e != NULL; e = e->next)
		if (e->narrow == narrow && memcmp(&e->s, &s, sizeof(s)) == 0)
			return e;
	e = w->spare;
	if (e != NULL)
		w->spare = e->next;
	else
		e = arena_get(w->d->arena, sizeof(*e));
	if (e == NULL) {
		diagram_fail(w->d, NULL);
		return NULL;
	}
	*e = (struct entry){ .s = s, .pc = c->pc, .open = true, .narrow = narrow, .ask = w->ask };
	e->portable = portable(w, &s, c->pc);
	e->next = w->at[c->pc];
	w->at[c->pc] = e;
	e->made = w->made;
	w->made = e;
	return e;
}

/* Where both ways lead. */
static enum stop
expand(struct walk *w, struct entry *e)
{
	for (int yes = 0; yes < 2; yes++) {
		struct cursor c = { .s = e->s, .pc = e->pc, .beyond = true };
		enum stop stop;

		/* what is dead here is not read again */
		for (size_t r = 0; r < REGS; r++)
			if (c.s.reg[r] == EXPR_NONE)
				c.s.reg[r] = EXPR_ZERO;
		walk_jump(w, &c, yes);
		stop = walk_on(w, &c);
		if (stop == STOP_LEAF) {
			e->side[yes].entry = NULL;
			e->side[yes].node = diagram_leaf(w->d, w->value);
		} else if (stop == STOP_ASK) {
			e->side[yes].entry = entry_of(w, &c);
		} else {
			return stop;
		}
		e->side[yes].steps = c.steps;
	}
	return w->d->failed ? STOP_FAIL : STOP_ASK;
}

static void
finish(struct walk *w, struct entry *e)
{
	uint32_t node[2];

	e->longest = 0;
	for (int yes = 0; yes < 2; yes++) {
		const struct entry *to = e->side[yes].entry;
		unsigned n = e->side[yes].steps;

		node[yes] = to != NULL ? to->node : e->side[yes].node;
		n += to != NULL ? to->longest : 0;
		if (e->longest < n)
			e->longest = (uint16_t)n;
	}
	e->node = ask_diagram(w->d, &e->ask, w->big, node[1], node[0]);
	e->open = false;
}

static void
drop(struct walk *w, struct entry *e)
{
	struct entry **p = &w->at[e->pc];

	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	e->next = w->spare;
	w->spare = e;
}

/* Keeps of what this branch made only what is true of others. */
static void
clean(struct walk *w)
{
	for (struct entry *e = w->made, *made; e != NULL; e = made) {
		made = e->made;
		if (e->open || !e->portable)
			drop(w, e);
	}
	w->made = NULL;
}

void
walk_forget(struct walk *w)
{
	for (size_t pc = 0; pc < w->b->n; pc++)
		while (w->at[pc] != NULL)
			drop(w, w->at[pc]);
}

enum stop
walk_branch(struct walk *w, const struct cursor *c, struct span *span)
{
	struct entry *first = entry_of(w, c);
	enum stop stop = first == NULL ? STOP_FAIL : STOP_ASK;
	uint32_t last = c->pc;

	for (uint32_t pc = c->pc; stop == STOP_ASK && first->open && pc < w->b->n; pc++)
		for (struct entry *e = w->at[pc]; e != NULL && stop == STOP_ASK; e = e->next)
			if (e->open) {
				stop = expand(w, e);
				last = pc;
			}
	for (uint32_t pc = last + 1; stop == STOP_ASK && pc > c->pc; pc--)
		for (struct entry *e = w->at[pc - 1]; e != NULL; e = e->next)
			if (e->open)
				finish(w, e);
	if (stop == STOP_ASK) {
		span->node = first->node;
		span->longest = (uint16_t)(c->steps + first->longest);
	}
	clean(w);
	return stop;
}
