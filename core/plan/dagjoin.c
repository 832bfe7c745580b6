/* Several rules at once: each word is looked at once, and what is known of it then decides which
 * rules are left. The rules become conjunctions of sets of words; a state is which of those may
 * still hold. */
#include "plan/compile.h"

#include <string.h>

enum {
	CONJ_MAX = 64,  /* bits of a state */
	WORDS_MAX = 32, /* word and mask */
	STATES_MAX = 512,
};

/* A word behind a mask, and which conjunctions want what of it. */
struct word {
	uint32_t offset, mask;
	uint64_t users;
	struct set *set; /* by conjunction */
	uint64_t *event; /* value << 8 | conjunction: from there on it is in the set, or no more */
	size_t events;
};

struct state {
	uint64_t left;
	unsigned word;
	uint16_t node;
};

struct join {
	struct compile *c;
	struct word *word;
	unsigned words;
	unsigned conj;
	uint64_t left;
	uint16_t action[CONJ_MAX];
	uint32_t why[CONJ_MAX];
	uint8_t end[CONJ_MAX]; /* 1 + the last word that it wants something of */
	uint16_t rest;
	struct state *state;
	size_t states;
	uint32_t nodes_max;
	bool over; /* larger than it may become */
};

/* In the order in which they are looked at: by place, and what is whole before what is masked. */
static struct word *
word_of(struct join *j, uint32_t offset, uint32_t mask)
{
	unsigned i = j->words;
	struct set *set;

	for (; i > 0; i--) {
		struct word *w = &j->word[i - 1];

		if (w->offset == offset && w->mask == mask)
			return w;
		if (w->offset < offset || (w->offset == offset && w->mask > mask))
			break;
	}
	set = j->words == WORDS_MAX ? NULL : compile_get(j->c, &j->c->temp, CONJ_MAX, sizeof(*set));
	if (set == NULL) {
		j->over = true;
		return NULL;
	}
	memmove(&j->word[i + 1], &j->word[i], (j->words - i) * sizeof(*j->word));
	j->words++;
	j->word[i] = (struct word){ .offset = offset, .mask = mask, .set = set };
	return &j->word[i];
}

/* The conjunction wants that, too. */
static void
want(struct join *j, unsigned conj, uint32_t offset, uint32_t mask, struct set s)
{
	uint64_t bit = (uint64_t)1 << conj;
	struct word *w;

	if (set_full(s) || j->over)
		return;
	w = word_of(j, offset, mask);
	if (w == NULL)
		return;
	w->set[conj] = (w->users & bit) != 0 ? set_both(j->c, w->set[conj], s) : s;
	w->users |= bit;
	if (w->set[conj].n == 0)
		j->left &= ~bit;
}

static void
copy(struct join *j, unsigned from, unsigned to)
{
	uint64_t bit = (uint64_t)1 << to;

	j->left = (j->left & ~bit) | (j->left >> from & 1) << to;
	for (unsigned i = 0; i < j->words; i++) {
		struct word *w = &j->word[i];

		w->set[to] = w->set[from];
		w->users = (w->users & ~bit) | (w->users >> from & 1) << to;
	}
}

/* Its conjunctions: those of the tests so far, once for each part of the next test. */
static void
take_rule(struct join *j, struct subject s, const struct rule *r)
{
	unsigned first = j->conj, n = 1;
	uint16_t action = node_ret(j->c, r->action, r->index + 1);

	if (first == CONJ_MAX) {
		j->over = true;
		return;
	}
	j->left |= (uint64_t)1 << first;
	for (unsigned i = 0; i < j->words; i++)
		j->word[i].users &= ~((uint64_t)1 << first);
	for (size_t i = 0; i < r->ntests && !j->over && !j->c->failed; i++) {
		bool narrow = policy_narrow(j->c->policy, s.arch, s.call, &r->test[i]);
		struct halves h = halves_of(j->c, s.arch, narrow, &r->test[i]);

		if (h.n == 0) {
			for (unsigned k = 0; k < n; k++)
				j->left &= ~((uint64_t)1 << (first + k));
			n = 0;
			break;
		}
		if (h.n > (CONJ_MAX - first) / n) {
			j->over = true;
			return;
		}
		for (unsigned k = 1; k < h.n; k++)
			for (unsigned m = 0; m < n; m++)
				copy(j, first + m, first + k * n + m);
		for (unsigned k = 0; k < h.n * n; k++)
			for (unsigned half = 0; half < 2; half++)
				want(j, first + k, h.offset[half], h.mask[half],
				    h.part[k / n].half[half]);
		n *= (unsigned)h.n;
	}
	for (unsigned k = 0; k < n; k++) {
		j->action[first + k] = action;
		j->why[first + k] = r->index + 1;
	}
	j->conj += n;
}

/* Shell's sort, with gaps that are enough for what is at once. */
static void
sort(uint64_t *v, size_t n)
{
	static const uint16_t gaps[] = { 1750, 701, 301, 132, 57, 23, 10, 4, 1 };

	for (size_t g = 0; g < COUNT(gaps); g++) {
		size_t gap = gaps[g];

		for (size_t i = gap; i < n; i++) {
			uint64_t hold = v[i];
			size_t at = i;

			for (; at >= gap && v[at - gap] > hold; at -= gap)
				v[at] = v[at - gap];
			v[at] = hold;
		}
	}
}

/* Where what a word's sets say changes. How much the rules would take one after the other is the
 * measure of how large they may be at once. */
static void
take_word(struct join *j, unsigned index)
{
	struct word *w = &j->word[index];
	size_t n = 0;

	for (uint64_t left = w->users & j->left; left != 0; left &= left - 1) {
		unsigned k = (unsigned)__builtin_ctzll(left);

		n += w->set[k].n;
		j->end[k] = (uint8_t)(index + 1);
		j->nodes_max += 2 + (uint32_t)w->set[k].n;
	}
	if (n > 4096 || !compile_work(j->c, 8 * n)) {
		j->over = true;
		return;
	}
	w->event = compile_get(j->c, &j->c->temp, 2 * n, sizeof(*w->event));
	for (uint64_t left = w->users & j->left; w->event != NULL && left != 0; left &= left - 1) {
		unsigned k = (unsigned)__builtin_ctzll(left);

		for (size_t i = 0; i < w->set[k].n; i++) {
			struct span s = w->set[k].span[i];

			w->event[w->events++] = (uint64_t)s.lo << 8 | k;
			if (s.hi != UINT32_MAX)
				w->event[w->events++] = ((uint64_t)s.hi + 1) << 8 | k;
		}
	}
	if (w->event != NULL)
		sort(w->event, w->events);
}

/* Behind what always holds, nothing counts. */
static uint64_t
reachable(const struct join *j, unsigned word, uint64_t left)
{
	for (uint64_t more = left; more != 0; more &= more - 1)
		if (j->end[__builtin_ctzll(more)] <= word)
			return left & (more ^ (more - 1));
	return left;
}

/* The rule that all of them are of, or 0. */
static uint32_t
why_of(const struct join *j, uint64_t left)
{
	uint32_t why = j->why[__builtin_ctzll(left)];

	for (; left != 0; left &= left - 1)
		if (j->why[__builtin_ctzll(left)] != why)
			return 0;
	return why;
}

static uint16_t at(struct join *, unsigned word, uint64_t left);

/* The words from this one on, of which it is the first that somebody wants. */
static uint16_t
look(struct join *j, unsigned index, uint64_t left)
{
	const struct word *w = &j->word[index];
	struct tree t = { .c = j->c, .mask = w->mask, .price = WORD_PRICE, .why = why_of(j, left) };
	struct seg *seg = compile_get(j->c, &j->c->temp, w->events + 1, sizeof(*seg));
	uint64_t in = 0, last = 0, now, value = 0;

	if (seg == NULL || !compile_work(j->c, w->events))
		return 0;
	for (size_t i = 0; !j->over; value = w->event[i] >> 8) {
		for (; i < w->events && w->event[i] >> 8 == value; i++)
			in ^= (uint64_t)1 << (w->event[i] & 0xff);
		now = left & ~(w->users & ~in);
		if (t.n == 0 || now != last) {
			seg[t.n] = (struct seg){ .lo = (uint32_t)value, .weight = 1 };
			seg[t.n++].node = at(j, index + 1, now);
		}
		last = now;
		if (i == w->events)
			return tree_word(&t, seg, w->offset, 0);
	}
	return 0;
}

static uint16_t
at(struct join *j, unsigned word, uint64_t left)
{
	uint16_t node;

	left = reachable(j, word, left);
	if (left == 0)
		return j->rest;
	if (j->end[__builtin_ctzll(left)] <= word)
		return j->action[__builtin_ctzll(left)];
	while ((j->word[word].users & left) == 0)
		word++;
	for (size_t i = 0; i < j->states; i++)
		if (j->state[i].left == left && j->state[i].word == word)
			return j->state[i].node;
	node = look(j, word, left);
	if (j->states == STATES_MAX || j->c->n > j->nodes_max || j->c->failed) {
		j->over = true;
		return 0;
	}
	j->state[j->states++] = (struct state){ left, word, node };
	return node;
}

bool
rules_joined(struct compile *c, struct subject s, const struct rule *const *rule, size_t n,
    uint16_t rest, uint16_t *node)
{
	struct join j = { .c = c, .rest = rest };

	j.word = compile_raw(c, &c->temp, WORDS_MAX * sizeof(*j.word));
	j.state = compile_raw(c, &c->temp, STATES_MAX * sizeof(*j.state));
	if (j.state == NULL)
		return false;
	for (size_t i = 0; i < n && !j.over && !c->failed; i++)
		take_rule(&j, s, rule[i]);
	j.nodes_max = c->n + 8;
	for (unsigned i = 0; i < j.words && !j.over && !c->failed; i++)
		take_word(&j, i);
	if (!j.over && !c->failed)
		rest = at(&j, 0, j.left);
	if (j.over || c->failed)
		return false;
	*node = rest;
	return true;
}
