/* The numbers of one architecture: which rules name which, and the tree that finds them. */
#include "plan/compile.h"

#include "base/sort.h"

enum {
	ARM_FIRST = 0xf0001, /* its own calls, the only numbers beyond CALL_NUMBERS */
	ARM_LAST = 0xf0006,
	CELLS_MAX = 32768, /* ranges of numbers that the rules tell apart */
};

/* Numbers from lo to where the next cell begins, which the rules do not tell apart. */
struct cell {
	uint32_t lo;
	uint16_t call; /* 1 +, or 0: in no table */
	uint16_t chain;
	bool closed; /* the last rule of the chain has no tests */
};

/* A list of rules, the last first, that cells share; 0 is the empty one. */
struct chain {
	const struct rule *rule, *next_rule;
	uint16_t before, next; /* what next_rule made of it */
	uint16_t length;
	uint16_t node; /* for calls whose narrow arguments are these */
	uint8_t narrow;
};

struct numbers {
	struct compile *c;
	enum arch arch;
	struct cell *cell;
	uint32_t cells;
	struct chain *chain;
	uint32_t chains, chains_cap;
	struct callset open; /* calls that are here and whose cells are not closed */
	uint16_t cell_of[CALL_COUNT_MAX];
	int64_t largest; /* number that a rule names */
	uint16_t x32;    /* for numbers with its bit; 0: there are none */
};

static bool
of_arch(const struct numbers *n, const struct rule *r)
{
	return (r->archs >> n->arch & 1) != 0;
}

/* ---- cells ------------------------------------------------------------------------------------- */

static void
add_cell(struct numbers *n, uint32_t lo, unsigned call)
{
	struct cell *last = n->cells > 0 ? &n->cell[n->cells - 1] : NULL;

	if (last == NULL || last->lo != lo)
		last = &n->cell[n->cells++];
	else if (last->call != 0)
		return;
	last->lo = lo;
	last->call = (uint16_t)call;
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
	struct known *known = compile_get(n->c, &n->c->temp, CALL_COUNT_MAX, sizeof(*known));
	size_t count, calls = known == NULL ? 0 : known_calls(n, known), k = 0;
	const uint32_t **edge = edges(n, &count);

	if (count > CELLS_MAX - 2 * calls - 2) {
		if (!n->c->failed)
			err_limit(n->c->err, POS_NONE, "the rules name too many ranges of numbers");
		n->c->failed = true;
	}
	n->cell = compile_get(n->c, &n->c->temp, 2 * calls + count + 1, sizeof(*n->cell));
	if (n->cell == NULL)
		return;
	if (n->arch != ARCH_X32)
		add_cell(n, 0, 0);
	for (size_t i = 0; i <= calls; i++) {
		for (; k < count && (i == calls || *edge[k] <= known[i].nr); k++)
			if (n->arch != ARCH_X32 || *edge[k] >= X32_BIT)
				add_cell(n, *edge[k], 0);
		if (i == calls)
			break;
		if (n->cells > 0 && n->cell[n->cells - 1].lo == known[i].nr)
			n->cells--;
		n->cell_of[known[i].call] = (uint16_t)n->cells;
		callset_add(&n->open, known[i].call);
		add_cell(n, known[i].nr, known[i].call + 1U);
		if (known[i].nr != UINT32_MAX)
			add_cell(n, known[i].nr + 1, 0);
	}
	if (n->cells > 0)
		n->cell[0].lo = 0;
}

/* ---- rules ------------------------------------------------------------------------------------- */

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

/* ---- nodes ------------------------------------------------------------------------------------- */

/* The largest number that a rule names, for newer_largest. */
static void
find_largest(struct numbers *n)
{
	struct callset all = { { 0 } };

	n->largest = -1;
	for (const struct rule *r = n->c->policy->first; r != NULL; r = r->next) {
		if (!of_arch(n, r))
			continue;
		callset_join(&all, &r->calls);
		for (size_t i = 0; i < r->nnr; i++) {
			uint64_t hi = r->nr[i].hi < UINT32_MAX ? r->nr[i].hi : UINT32_MAX;

			if ((int64_t)hi > n->largest)
				n->largest = (int64_t)hi;
		}
	}
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&all, c) && call_number(c, n->arch) > n->largest)
			n->largest = call_number(c, n->arch);
}

static uint32_t
unnamed(const struct numbers *n, const struct cell *cell)
{
	const struct policy *p = n->c->policy;
	bool newer;

	if (p->newer_largest)
		newer = (int64_t)(n->arch == ARCH_X32 ? cell->lo | X32_BIT : cell->lo) > n->largest;
	else
		newer = p->newer > 0 && (cell->call == 0 || call_since(cell->call - 1U) > p->newer);
	return newer ? p->newer_action : p->fallback;
}

/* Which arguments the kernel takes 32 bits of, as far as rules can tell: what a chain means for a
 * call depends on nothing else. */
static uint8_t
narrow_args(const struct numbers *n, int call)
{
	uint8_t bits = 0;

	for (uint8_t i = 0; i < CALL_ARGS; i++) {
		struct test t = { .arg = i };

		bits |= (uint8_t)(policy_narrow(n->c->policy, n->arch, call, &t) << i);
	}
	return bits;
}

static uint16_t
chain_node(struct numbers *n, const struct cell *cell)
{
	struct chain *chain = &n->chain[cell->chain];
	int call = (int)cell->call - 1;
	uint8_t narrow = narrow_args(n, call);
	const struct rule **rule;
	size_t before = n->c->temp.used;

	if (chain->node != 0 && chain->narrow == narrow)
		return chain->node;
	rule = compile_get(n->c, &n->c->temp, chain->length, sizeof(*rule));
	if (rule == NULL || !compile_work(n->c, chain->length))
		return 0;
	for (const struct chain *at = chain; at->rule != NULL; at = &n->chain[at->before])
		rule[at->length - 1] = at->rule;
	chain->node = rules_make(n->c, (struct subject){ n->arch, call }, rule, chain->length,
	    node_ret(n->c, n->c->policy->fallback, 0));
	chain->narrow = narrow;
	n->c->temp.used = before;
	return chain->node;
}

/* How much a step more on the way there costs. What the kernel's bitmap answers does not run the
 * program, but is what mostly is asked where there is none. */
static uint32_t
weight(const struct numbers *n, const struct cell *cell, const struct node *node)
{
	bool allowed = node->code == BPF_RET_K && (node->k & (uint32_t)RET_ACTION) == RET_ALLOW;

	if (cell->call == 0)
		return 1;
	if (node->code != BPF_RET_K)
		return 32;
	if (!allowed)
		return 4;
	return n->c->options->no_bitmap ? 32 : 8;
}

static uint16_t
make_tree(struct numbers *n)
{
	struct tree t = { .c = n->c, .mask = UINT32_MAX };
	struct seg *seg = compile_get(n->c, &n->c->temp, n->cells, sizeof(*seg));

	for (uint32_t i = 0; seg != NULL && !n->c->failed && i < n->cells; i++) {
		const struct cell *cell = &n->cell[i];
		const struct chain *chain = &n->chain[cell->chain];
		struct seg *s = &seg[i];

		s->lo = cell->lo;
		if (cell->chain == 0)
			s->node = node_ret(n->c, unnamed(n, cell), 0);
		else if (cell->closed && chain->length == 1)
			s->node = node_ret(n->c, chain->rule->action, chain->rule->index + 1);
		else
			s->node = chain_node(n, cell);
		s->why = chain->length == 1 ? chain->rule->index + 1 : 0;
		if (!n->c->failed)
			s->weight = weight(n, cell, &n->c->node[s->node]);
		if (n->x32 != 0 && (i + 1 == n->cells || cell[1].lo > X32_BIT))
			s->node = node_make(n->c, BPF_JSET, X32_BIT, n->x32, s->node, 0);
	}
	if (n->c->failed)
		return 0;
	t.seg = seg;
	t.n = tree_join(seg, n->cells);
	for (size_t i = 0; i < t.n; i++)
		t.price += seg[i].weight;
	t.price = t.price / 32 + 1;
	return tree_make(&t);
}

uint16_t
numbers_make(struct compile *c, enum arch arch, uint16_t x32)
{
	struct numbers n = { .c = c, .arch = arch, .chains = 1, .x32 = x32 };
	size_t before = c->temp.used;
	uint16_t node = 0;

	n.chain = compile_grown(c, NULL, 0, &n.chains_cap, sizeof(*n.chain));
	make_cells(&n);
	if (!c->failed)
		name_all(&n);
	if (!c->failed && c->policy->newer_largest)
		find_largest(&n);
	if (!c->failed)
		node = make_tree(&n);
	c->temp.used = before;
	return node;
}
