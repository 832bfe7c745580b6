#include "spec/host.h"
#include "spec/policyparse.h"

#include "text/json.h"

/* In the order of their words. */
enum {
	SAID_DEFAULT,
	SAID_FOREIGN,
	SAID_ARCH,
	SAID_NEWER,
	SAID_WIDTH,
	SAID_FLAGS,
	SAID_ON,
	SAID_USE
};

static const char statements[] = "default|foreign|arch|newer-than|width|flags|on|use";
/* All that a statement may begin with. */
static const char beginnings[] = "default|foreign|arch|newer-than|width|flags|on|use|"
				 "allow|log|errno|trap|trace|notify|kill|kill-thread|kill-process";
static const char flags[] = "log|tsync|spec-allow|wait-killable";

enum { DEPTH_MAX = 4 };

int
parser_expected(struct parser *p, struct str what)
{
	const struct token *t = &p->lex.now;

	if (t->kind == TOKEN_END)
		return err_config(p->err, t->pos, "expected %, found the end", what);
	if (t->kind == TOKEN_LINE)
		return err_config(p->err, t->pos, "expected %, found the end of the line", what);
	return err_config(p->err, t->pos, "expected %, found \"%\"", what, t->text);
}

int
parser_mark(struct parser *p, const char *mark)
{
	if (!lexer_is(&p->lex, mark))
		return parser_expected(p, str_of(mark));
	lexer_next(&p->lex);
	return 0;
}

struct pos
parser_pos(const struct parser *p, struct pos pos)
{
	return p->depth > 0 ? p->used : pos;
}

static int
action(struct parser *p, uint32_t *out)
{
	struct token t = p->lex.now;
	enum action_data kind;
	bool number;

	if (t.kind != TOKEN_WORD)
		return parser_expected(p, S("an action"));
	kind = action_word(t.text, out);
	if (kind == DATA_UNKNOWN)
		return unknown(p->err, t.pos, S("action"), t.text,
		    word_suggest(beginnings, t.text));
	lexer_next(&p->lex);
	t = p->lex.now;
	number = t.kind == TOKEN_WORD && t.text.p[0] >= '0' && t.text.p[0] <= '9';
	if (kind == DATA_NONE || (kind == DATA_NUMBER && !number))
		return 0;
	if (t.kind != TOKEN_WORD)
		return parser_expected(p, S("the name or number of an error"));
	if (action_data(kind, t.text, out) < 0)
		return err_config(p->err, t.pos,
		    kind == DATA_ERRNO ? "\"%\" is no error: a name, or 1 to 4095, is meant"
				       : "\"%\" is not a number from 0 to 65535",
		    t.text);
	lexer_next(&p->lex);
	return 0;
}

/* What a profile says that the text uses holds where the text itself is silent. */
static uint32_t *
unless_said(struct parser *p, unsigned what, uint32_t *target, uint32_t *scratch)
{
	bool quiet = p->depth > 0 && (p->had >> what & 1) != 0;

	p->had |= 1U << what;
	return quiet ? scratch : target;
}

static int
newer(struct parser *p)
{
	struct token t = p->lex.now;
	uint32_t scratch, *to;
	unsigned version = 0;
	bool largest = lexer_is(&p->lex, "largest");

	if (!largest && (t.kind != TOKEN_WORD || kernel_read(t.text, &version) < 0))
		return parser_expected(p, S("a kernel, such as 5.12, or \"largest\""));
	lexer_next(&p->lex);
	to = unless_said(p, SAID_NEWER, &p->policy->newer_action, &scratch);
	if (to == &p->policy->newer_action) {
		p->policy->newer = version;
		p->policy->newer_largest = largest;
	}
	return action(p, to);
}

static int
some_archs(struct parser *p, uint32_t *out)
{
	for (*out = 0; p->lex.now.kind == TOKEN_WORD; lexer_next(&p->lex)) {
		struct str name = p->lex.now.text;
		int found = arch_find(name);

		if (str_eq(name, S("all")))
			*out |= ARCH_ALL;
		else if (found >= 0)
			*out |= (uint32_t)1 << found;
		else
			return err_config(p->err, p->lex.now.pos,
			    "unknown architecture \"%\" (all, x86_64, i386, x32, aarch64, arm, "
			    "riscv64, ppc64le, s390x)",
			    name);
	}
	return *out != 0 ? 0 : parser_expected(p, S("an architecture"));
}

static int
arch(struct parser *p, struct pos pos)
{
	uint32_t archs;

	if (some_archs(p, &archs) < 0)
		return -1;
	if (p->depth > 0)
		return 0;
	if (p->policy->first != NULL)
		return err_config(p->err, pos, "\"arch\" comes before the rules");
	p->archs = p->policy->archs = archs;
	return 0;
}

static int
flag_words(struct parser *p)
{
	static const uint8_t bit[] = { FILTER_LOG, FILTER_TSYNC, FILTER_SPEC_ALLOW,
		FILTER_WAIT_KILLABLE };

	if (p->lex.now.kind != TOKEN_WORD)
		return parser_expected(p, S("a flag"));
	for (; p->lex.now.kind == TOKEN_WORD; lexer_next(&p->lex)) {
		struct str name = p->lex.now.text;
		int found = word_find(flags, name);

		if (found < 0)
			return unknown(p->err, p->lex.now.pos, S("flag"), name,
			    word_suggest(flags, name));
		if (p->depth == 0)
			p->policy->flags |= bit[found];
	}
	return 0;
}

static int
width(struct parser *p)
{
	bool wide = lexer_is(&p->lex, "64");

	if (!wide && !lexer_is(&p->lex, "kernel"))
		return parser_expected(p, S("\"kernel\" or \"64\""));
	p->policy->wide |= wide && p->depth == 0;
	lexer_next(&p->lex);
	return 0;
}

static int lines(struct parser *p, unsigned depth);

static int
block(struct parser *p, struct pos pos, unsigned depth)
{
	uint32_t outside = p->archs;

	if (p->block)
		return err_config(p->err, pos, "a block of an architecture is in another");
	if (some_archs(p, &p->archs) < 0 || parser_mark(p, "{") < 0)
		return -1;
	p->block = true;
	if (lines(p, depth) < 0 || parser_mark(p, "}") < 0)
		return -1;
	p->block = false;
	p->archs = outside;
	return 0;
}

static int
use(struct parser *p, struct pos pos, unsigned depth)
{
	struct lexer outside;
	struct str name = p->lex.now.text;
	size_t i = 0;
	int got;

	if (p->lex.now.kind != TOKEN_WORD)
		return parser_expected(p, S("the name of a profile"));
	while (profile_name(i).n > 0 && !str_eq(profile_name(i), name))
		i++;
	/* ours do not use each other; this would end it if they did in a circle */
	if (profile_name(i).n == 0 || depth == 0)
		return profile_unknown(p->err, p->lex.now.pos, name);
	lexer_next(&p->lex);
	outside = p->lex;
	if (p->depth++ == 0)
		p->used = pos;
	p->lex = (struct lexer){ .text = profile_text(i), .line = 1 };
	lexer_next(&p->lex);
	got = lines(p, depth - 1);
	p->depth--;
	p->lex = outside;
	return got;
}

/* One that is not a rule: its word is behind. */
static int
said(struct parser *p, int what, struct token word, unsigned depth)
{
	uint32_t scratch;

	if (p->block && what != SAID_ON)
		return err_config(p->err, word.pos, "\"%\" does not go into a block", word.text);
	if (p->depth == 0 && what < SAID_FLAGS) {
		if ((p->said >> what & 1) != 0)
			return err_config(p->err, word.pos, "\"%\" is there twice", word.text);
		p->said |= 1U << what;
	}
	switch (what) {
	case SAID_DEFAULT:
		return action(p, unless_said(p, SAID_DEFAULT, &p->policy->fallback, &scratch));
	case SAID_FOREIGN:
		return action(p, unless_said(p, SAID_FOREIGN, &p->policy->foreign, &scratch));
	case SAID_ARCH:
		return arch(p, word.pos);
	case SAID_NEWER:
		return newer(p);
	case SAID_WIDTH:
		return width(p);
	case SAID_FLAGS:
		return flag_words(p);
	case SAID_ON:
		return block(p, word.pos, depth);
	default:
		return use(p, word.pos, depth);
	}
}

static int
statement(struct parser *p, unsigned depth)
{
	struct token word = p->lex.now;
	uint32_t act = 0;
	int what;

	if (word.kind != TOKEN_WORD)
		return parser_expected(p, S("an action or a statement"));
	what = word_find(statements, word.text);
	if (what >= 0) {
		lexer_next(&p->lex);
		return said(p, what, word, depth);
	}
	return action(p, &act) < 0 ? -1 : parser_rule(p, act, word);
}

/* To the end, or to the brace that closes the block. */
static int
lines(struct parser *p, unsigned depth)
{
	for (;;) {
		while (p->lex.now.kind == TOKEN_LINE)
			lexer_next(&p->lex);
		if (p->lex.now.kind == TOKEN_END || (p->block && lexer_is(&p->lex, "}")))
			return 0;
		if (statement(p, depth) < 0)
			return -1;
		if (p->lex.now.kind != TOKEN_LINE && p->lex.now.kind != TOKEN_END &&
		    !(p->block && lexer_is(&p->lex, "}")))
			return parser_expected(p, S("the end of the line"));
	}
}

struct policy *
policy_parse(struct arena *a, struct str file, struct str text, const struct policy_host *host,
    struct err *e)
{
	struct parser p = { .lex = { .text = text, .line = 1 },
		.arena = a,
		.err = e,
		.policy = policy_new(a),
		.host = host,
		.seen = decided_new(a) };

	e->file = file;
	if (p.policy == NULL || p.seen == NULL) {
		err_memory(e);
		return NULL;
	}
	p.policy->file = file;
	p.policy->wide = host->wide;
	p.policy->archs = arch_family(host->arch);
	p.policy->archs &= 0 - p.policy->archs;
	p.archs = p.policy->archs;
	lexer_next(&p.lex);
	if (lines(&p, DEPTH_MAX) < 0)
		return NULL;
	if ((p.had >> SAID_DEFAULT & 1) == 0) {
		err_config(e, p.lex.now.pos,
		    p.had == 0 && p.policy->first == NULL
			? "the policy is empty"
			: "the policy has no \"default\": what of all other calls?");
		return NULL;
	}
	if (policy_finish(a, p.policy) < 0) {
		err_memory(e);
		return NULL;
	}
	e->file = S("");
	return p.policy;
}

struct policy *
policy_read(struct arena *a, struct str file, struct str text, const struct policy_host *host,
    struct err *e)
{
	const struct value *v;
	size_t i = 0;

	while (i < text.n && (text.p[i] == ' ' || (text.p[i] >= '\t' && text.p[i] <= '\r')))
		i++;
	if (i == text.n || text.p[i] != '{')
		return policy_parse(a, file, text, host, e);
	e->file = file;
	v = json_parse(a, text, FAULT_CONFIG, e);
	return v == NULL ? NULL : policy_json(a, file, v, host, e);
}
