/* Which calls a rule is for. */
#include "spec/policyparse.h"

/* A name that no covered architecture has is known all the same. */
static int
foreign_call(struct parser *p, unsigned call)
{
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if ((p->policy->archs >> a & 1) != 0 && call_number(call, (enum arch)a) >= 0)
			return 0;
	return policy_note(p->arena, p->policy, SEVERITY_NOTE, S("other-architecture"),
	    p->lex.now.pos, TEXT("no architecture of the policy has %", call_name(call)));
}

/* What is no call may be an argument without an operator that is one. */
static int
no_call(struct parser *p)
{
	struct lexer x = p->lex;
	bool bad;

	lexer_next(&x);
	bad = x.now.kind == TOKEN_BAD || x.now.kind == TOKEN_MARK;
	if (bad && !lexer_is(&x, "@") && !lexer_is(&x, "-"))
		return err_config(p->err, x.now.pos, "unknown operator \"%\"", x.now.text);
	return unknown(p->err, p->lex.now.pos, S("call"), p->lex.now.text,
	    call_suggest(p->lex.now.text));
}

/* A name, or a set with the @ before it. */
static int
named(struct parser *p, struct callset *out, struct callset *by_name)
{
	bool set = lexer_is(&p->lex, "@");
	const struct token *t = &p->lex.now;
	int found;

	if (set)
		lexer_next(&p->lex);
	if (t->kind != TOKEN_WORD)
		return parser_expected(p, set ? S("the name of a set") : S("the name of a call"));
	found = set ? set_find(t->text) : call_find(t->text);
	if (found < 0 && set)
		return unknown(p->err, t->pos, S("set"), t->text, set_suggest(t->text));
	if (found < 0)
		return no_call(p);
	if (set)
		set_join((size_t)found, out);
	else
		calls_add(out, (unsigned)found, t->text);
	if (!set)
		callset_add(by_name, (unsigned)found);
	if (!set && p->depth == 0 && foreign_call(p, (unsigned)found) < 0)
		return err_memory(p->err);
	lexer_next(&p->lex);
	return 0;
}

static int
removed(struct parser *p, struct calls *c)
{
	struct callset gone = { 0 };
	struct pos pos;
	bool some = false;

	lexer_next(&p->lex);
	pos = p->lex.now.pos;
	if (named(p, &gone, &gone) < 0)
		return -1;
	for (size_t i = 0; i < COUNT(gone.word); i++) {
		some |= (c->set.word[i] & gone.word[i]) != 0;
		c->set.word[i] &= ~gone.word[i];
	}
	if (some || p->depth > 0)
		return 0;
	return policy_note(p->arena, p->policy, SEVERITY_WARNING, S("removes-nothing"), pos,
		   TEXT("it is not among the calls before it")) < 0
		 ? err_memory(p->err)
		 : 0;
}

static int
number(struct parser *p, uint64_t *out)
{
	const struct token *t = &p->lex.now;

	if (t->kind != TOKEN_NUMBER && t->kind != TOKEN_WORD)
		return parser_expected(p, S("the number of a call"));
	if (number_read(str_slice(t->text, t->kind == TOKEN_NUMBER, t->text.n), out) < 0 ||
	    *out > UINT32_MAX)
		return err_config(p->err, t->pos, "\"%\" is not the number of a call", t->text);
	lexer_next(&p->lex);
	return 0;
}

static int
numbers(struct parser *p, struct calls *c)
{
	struct pos pos = p->lex.now.pos;
	uint64_t lo = 0, hi;

	if (number(p, &lo) < 0)
		return -1;
	hi = lo;
	if (lexer_is(&p->lex, "..")) {
		lexer_next(&p->lex);
		if (number(p, &hi) < 0)
			return -1;
	}
	if (hi < lo)
		return err_config(p->err, pos, "the range ends before it begins");
	return ranges_add(p->arena, &c->nr, lo, hi) < 0
		 ? err_limit(p->err, pos, "more than 1024 ranges of numbers, or out of memory")
		 : 0;
}

int
parser_calls(struct parser *p, struct calls *c)
{
	c->pos = p->lex.now.pos;
	for (;;) {
		int got;

		if (p->lex.now.kind == TOKEN_NUMBER)
			got = numbers(p, c);
		else if (lexer_is(&p->lex, "-") || lexer_is(&p->lex, "not"))
			got = removed(p, c);
		else if (lexer_is(&p->lex, "@") ||
			 (p->lex.now.kind == TOKEN_WORD && !parser_at_test(p)))
			got = named(p, &c->set, &c->named);
		else
			break;
		if (got < 0)
			return -1;
	}
	if (callset_empty(&c->set) && c->nr.n == 0)
		return err_config(p->err, c->pos, "the rule is for no call");
	return 0;
}
