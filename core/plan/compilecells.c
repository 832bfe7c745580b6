/* Numbers that the rules do not tell apart, and the rules that name them. */
#include "plan/compilenumbers.h"

#include "base/sort.h"

enum {
	ARM_FIRST = 0xf0001, /* its own calls, the only numbers beyond CALL_NUMBERS */
	ARM_LAST = 0xf0006,
	CELLS_MAX = 32768, /* ranges of numbers that the rules tell apart */
};

static void
add_cell(struct numbers *n, uint32_t lo, unsigned call)
{
	if (n->cells == 0 || n->cell[n->cells - 1].lo != lo)
		n->cells++;
	n->cell[n->cells - 1] = (struct cell){ .lo = lo, .call = (uint16_t)call };
}

struct known {
	uint32_t nr;
	uint16_t call;
};

/* The calls in the order of their numbers. */
static size_t
known_calls(const struct numbers *n, struct known *out)
{
	uint32_t base = n->arch == ARCH_X32 ? X32_BIT : 0;
	uint16_t by[CALL_NUMBERS];
	size_t k = 0;

	calls_by_number(n->arch, by, COUNT(by));
	for (uint32_t i = 0; i < COUNT(by); i++)
		if (by[i] != CALL_NONE)
			out[k++] = (struct known){ base + i, by[i] };
	for (uint32_t nr = ARM_FIRST; n->arch == ARCH_ARM && nr <= ARM_LAST; nr++)
		if (call_of(n->arch, nr) >= 0)
			out[k++] = (struct known){ nr, (uint16_t)call_of(n->arch, nr) };
	return k;
}

static bool
before(const void *a, const void *b)
{
	return *(const uint32_t *)a < *(const uint32_t *)b;
}

/* Where the rules' own ranges begin, and what is behind them begins; sorted. */
static const uint32_t **
edges(struct numbers *n, size_t *count)
{
	size_t most = 0, k = 0;
	uint32_t *value;
	const uint32_t **edge;

	for (const struct rule *r = n->c->policy->first; r != NULL; r = r->next)
		if (of_arch(n, r))
			most += 2 * r->nnr;
	*count = 0;
	if (most == 0 || !compile_work(n->c, most * 16))
		return NULL;
	value = compile_get(n->c, &n->c->temp, most, sizeof(*value));
	edge = compile_get(n->c, &n->c->temp, most, sizeof(*edge));
	for (const struct rule *r = n->c->policy->first; edge != NULL && r != NULL; r = r->next) {
		for (size_t i = 0; of_arch(n, r) && i < r->nnr; i++) {
			if (r->nr[i].lo <= UINT32_MAX)
				value[k++] = (uint32_t)r->nr[i].lo;
			if (r->nr[i].hi < UINT32_MAX)
				value[k++] = (uint32_t)r->nr[i].hi + 1;
		}
	}
	for (size_t i = 0; edge != NULL && i < k; i++)
		edge[i] = &value[i];
	if (edge != NULL) {
		sort_pointers((const void **)edge, k, before);
		*count = k;
	}
	return edge;
}

/* For x32 numbers without its bit do not matter: they are in the first cell that is its own. */
static void
make_cells(struct numbers *n)
{
	struct arena *temp = &n->c->temp;
	size_t count, before, calls, k = 0;
	const uint32_t **edge = edges(n, &count);
	struct known *known;

	n->cell = compile_raw(n->c, temp, (2 * CALL_COUNT_MAX + count + 1) * sizeof(*n->cell));
	before = temp->used;
	known = compile_raw(n->c, temp, CALL_COUNT_MAX * sizeof(*known));
	if (n->cell == NULL || known == NULL)
		return;
	calls = known_calls(n, known);
	if (count > CELLS_MAX - 2 * calls - 2) {
		if (!n->c->failed)
			err_limit(n->c->err, POS_NONE, "the rules name too many ranges of numbers");
		n->c->failed = true;
	}
	if (n->c->failed)
		return;
	if (n->arch != ARCH_X32)
		add_cell(n, 0, 0);
	for (size_t i = 0; i <= calls; i++) {
		for (; k < count && (i == calls || *edge[k] <= known[i].nr); k++)
			if (n->arch != ARCH_X32 || *edge[k] >= X32_BIT)
				add_cell(n, *edge[k], 0);
		if (i == calls)
			break;
		add_cell(n, known[i].nr, known[i].call + 1U);
		n->cell_of[known[i].call] = (uint16_t)(n->cells - 1);
		callset_add(&n->open, known[i].call);
		add_cell(n, known[i].nr + 1, 0);
	}
	n->cell[0].lo = 0;
	/* what comes behind the cells takes its place */
	temp->used = before;
}

/* The chain with the rule at its end. */
static uint16_t
follow(struct numbers *n, uint16_t at, const struct rule *r)
{
	struct chain *chain = &n->chain[at];

	if (chain->next_rule == r)
		return chain->next;
	if (n->chains == n->chains_cap) {
		struct chain *more;

		if (n->chains > UINT16_MAX / 2) {
			err_limit(n->c->err, POS_NONE, "the rules are too many to be compiled");
			n->c->failed = true;
			return 0;
		}
		more = compile_grown(n->c, n->chain, n->chains, &n->chains_cap, sizeof(*more));
		if (more == NULL)
			return 0;
		n->chain = more;
		chain = &more[at];
	}
	chain->next_rule = r;
	chain->next = (uint16_t)n->chains++;
	n->chain[chain->next] = (struct chain){ .rule = r, .before = at };
	n->chain[chain->next].length = (uint16_t)(chain->length + 1);
	return chain->next;
}

static void
name_cell(struct numbers *n, uint32_t i, const struct rule *r)
{
	struct cell *cell = &n->cell[i];

	if (cell->closed || n->c->failed || n->chain[cell->chain].rule == r)
		return;
	cell->chain = follow(n, cell->chain, r);
	if (r->ntests > 0)
		return;
	cell->closed = true;
	if (cell->call != 0)
		callset_remove(&n->open, cell->call - 1U);
}

/* The cells of a range of numbers; edges() saw to it that they are whole. */
static void
name_range(struct numbers *n, struct range range, const struct rule *r)
{
	uint32_t lo = 0, hi = n->cells;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (n->cell[mid].lo < range.lo)
			lo = mid + 1;
		else
			hi = mid;
	}
	/* the first cell of x32 begins earlier than its numbers do */
	if (n->arch == ARCH_X32 && range.hi < X32_BIT)
		return;
	if (n->arch == ARCH_X32 && range.lo <= X32_BIT)
		lo = 0;
	for (hi = lo; hi < n->cells && n->cell[hi].lo <= range.hi; hi++)
		name_cell(n, hi, r);
	compile_work(n->c, hi - lo + 8);
}

static void
name_all(struct numbers *n)
{
	for (const struct rule *r = n->c->policy->first; r != NULL; r = r->next) {
		if (!of_arch(n, r))
			continue;
		for (unsigned w = 0; w < COUNT(r->calls.word); w++) {
			uint64_t bits = r->calls.word[w] & n->open.word[w];

			for (; bits != 0 && !n->c->failed; bits &= bits - 1) {
				unsigned call = 64 * w + (unsigned)__builtin_ctzll(bits);

				name_cell(n, n->cell_of[call], r);
			}
		}
		for (size_t i = 0; i < r->nnr && !n->c->failed; i++)
			name_range(n, r->nr[i], r);
		compile_work(n->c, 64);
	}
}

void
cells_make(struct numbers *n)
{
	n->chains = 1;
	n->chains_cap = 32; /* twice as many, that is */
	n->chain = compile_grown(n->c, NULL, 0, &n->chains_cap, sizeof(*n->chain));
	if (n->chain == NULL)
		return;
	n->chain[0] = (struct chain){ .next = 0 };
	make_cells(n);
	if (!n->c->failed)
		name_all(n);
}
