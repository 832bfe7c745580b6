#include "spec/policyparse.h"

/* ---- values ---- */

static int
one_value(struct parser *p, enum arch arch, uint64_t *out)
{
	const struct token *t = &p->lex.now;
	bool minus = lexer_is(&p->lex, "-");
	struct str near;

	if (minus)
		lexer_next(&p->lex);
	if (t->kind != TOKEN_WORD)
		return parser_expected(p, S("a number or a constant"));
	if (t->text.p[0] >= '0' && t->text.p[0] <= '9') {
		if (number_read(t->text, out) < 0 || (minus && *out > (uint64_t)1 << 63))
			return err_config(p->err, t->pos, "\"%\" is not a number of 64 bits",
			    t->text);
	} else if (constant_find(t->text, arch, out) < 0) {
		near = constant_suggest(t->text);
		return unknown(p->err, t->pos, S("constant"), t->text, near);
	} else {
		p->differs |= constant_differs(t->text);
	}
	if (minus)
		*out = 0 - *out;
	lexer_next(&p->lex);
	return 0;
}

static int
value(struct parser *p, enum arch arch, uint64_t *out)
{
	uint64_t one = 0;

	*out = 0;
	for (;;) {
		if (one_value(p, arch, &one) < 0)
			return -1;
		*out |= one;
		if (!lexer_is(&p->lex, "|"))
			return 0;
		lexer_next(&p->lex);
	}
}

/* A, or A..B, from a negative number to one that is not as well. */
static int
member(struct parser *p, enum arch arch, struct ranges *s)
{
	struct pos pos = p->lex.now.pos;
	uint64_t lo, hi;
	int got;

	if (value(p, arch, &lo) < 0)
		return -1;
	hi = lo;
	if (lexer_is(&p->lex, "..")) {
		lexer_next(&p->lex);
		if (value(p, arch, &hi) < 0)
			return -1;
	}
	if (lo <= hi)
		got = ranges_add(p->arena, s, lo, hi);
	else if (lo >> 63 != 0)
		got = ranges_add(p->arena, s, 0, hi) < 0 ? -1
							 : ranges_add(p->arena, s, lo, UINT64_MAX);
	else
		return err_config(p->err, pos, "the range ends before it begins");
	return got < 0 ? err_limit(p->err, pos, "a list of more than 1024 ranges, or out of memory")
		       : 0;
}

static int
set(struct parser *p, enum arch arch, struct test *t)
{
	struct ranges s = { 0 };

	p->lex.inside = true;
	if (parser_mark(p, "{") < 0)
		return -1;
	while (!lexer_is(&p->lex, "}")) {
		if (member(p, arch, &s) < 0)
			return -1;
		if (lexer_is(&p->lex, ","))
			lexer_next(&p->lex);
		else if (!lexer_is(&p->lex, "}"))
			return parser_expected(p, S("\",\" or \"}\""));
	}
	p->lex.inside = false;
	t->in = s.r;
	t->n = s.n;
	return parser_mark(p, "}");
}

/* ---- tests ---- */

static const char compares[] = "==|!=|<|<=|>|>=";

/* Behind an argument: how it is compared, and with what. */
static int
comparison(struct parser *p, enum arch arch, struct test *t)
{
	bool masked = t->mask != UINT64_MAX, sign = lexer_is(&p->lex, "signed");
	struct token op;
	int which;
	uint64_t v;

	if (sign)
		lexer_next(&p->lex);
	op = p->lex.now;
	if (!sign && lexer_is(&p->lex, "not")) {
		lexer_next(&p->lex);
		t->negated = true;
		if (!lexer_is(&p->lex, "in"))
			return parser_expected(p, S("\"in\""));
	}
	if (!sign && lexer_is(&p->lex, "in")) {
		lexer_next(&p->lex);
		return set(p, arch, t);
	}
	which = op.kind == TOKEN_MARK ? word_find(compares, op.text) : -1;
	if (which < 0 || (sign && which < COMPARE_LT))
		return parser_expected(p,
		    sign ? S("<, <=, > or >=") : S("an operator (==, !=, <, <=, >, >=, &, in)"));
	if (masked && (sign || which > COMPARE_NE))
		return err_config(p->err, op.pos,
		    "\"%\" does not go with a mask; say \"in\" and a range", op.text);
	lexer_next(&p->lex);
	if (value(p, arch, &v) < 0)
		return -1;
	return test_compare(p->arena, t, (enum compare)which, sign, v) < 0 ? err_memory(p->err) : 0;
}

/* & MASK, alone or with a comparison. */
static int
mask(struct parser *p, enum arch arch, struct test *t)
{
	lexer_next(&p->lex);
	if (value(p, arch, &t->mask) < 0)
		return -1;
	if (word_find(compares, p->lex.now.text) >= 0 || lexer_is(&p->lex, "in") ||
	    lexer_is(&p->lex, "not") || lexer_is(&p->lex, "signed"))
		return comparison(p, arch, t);
	return test_compare(p->arena, t, COMPARE_NE, false, 0) < 0 ? err_memory(p->err) : 0;
}

/* arg0 to arg5: by number. Some calls have names like these for others of their arguments; a number
 * is meant all the same, and policy_remark() tells. */
static int
argument(struct parser *p, struct test *t, struct str *name)
{
	struct str word = p->lex.now.text;

	if (p->lex.now.kind != TOKEN_WORD)
		return parser_expected(p, S("an argument"));
	*name = word;
	if (str_starts(word, S("arg")) && word.n > 3 && word.p[3] >= '0' && word.p[3] <= '9') {
		if (word.n != 4 || word.p[3] >= '0' + CALL_ARGS)
			return err_config(p->err, p->lex.now.pos,
			    "there is no \"%\": arguments are arg0 to arg5", word);
		t->arg = (uint8_t)(word.p[3] - '0');
		*name = S("");
	}
	lexer_next(&p->lex);
	if (!lexer_is(&p->lex, ":"))
		return 0;
	lexer_next(&p->lex);
	if (!lexer_is(&p->lex, "64"))
		return parser_expected(p, S("64"));
	t->wide = true;
	lexer_next(&p->lex);
	return 0;
}

bool
parser_at_test(const struct parser *p)
{
	static const char after[] = "==|!=|<|<=|>|>=|&|:|in|signed";
	struct lexer x = p->lex;

	lexer_next(&x);
	if (lexer_is(&x, "not")) {
		lexer_next(&x);
		return lexer_is(&x, "in");
	}
	return (x.now.kind == TOKEN_MARK || x.now.kind == TOKEN_WORD) &&
	       word_find(after, x.now.text) >= 0;
}

int
parser_tests(struct parser *p, enum arch arch, struct tests *all)
{
	for (all->n = 0;;) {
		struct test *t = &all->test[all->n];
		struct str *name = &all->name[all->n];

		if (all->n == TESTS_MAX)
			return err_limit(p->err, p->lex.now.pos, "more than 16 tests in one rule");
		*t = (struct test){ .mask = UINT64_MAX, .pos = parser_pos(p, p->lex.now.pos) };
		if (argument(p, t, name) < 0)
			return -1;
		if ((lexer_is(&p->lex, "&") ? mask(p, arch, t) : comparison(p, arch, t)) < 0)
			return -1;
		all->n++;
		if (!lexer_is(&p->lex, "and") && !lexer_is(&p->lex, ","))
			return 0;
		lexer_next(&p->lex);
	}
}
