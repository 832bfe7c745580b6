#include "spec/policylex.h"

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
wordy(char c)
{
	char small = (char)(c | 0x20);

	return (small >= 'a' && small <= 'z') || digit(c) || c == '_';
}

static char
peek(const struct lexer *x, size_t ahead)
{
	return x->at + ahead < x->text.n ? x->text.p[x->at + ahead] : '\0';
}

static void
newline(struct lexer *x, size_t n)
{
	x->at += n;
	x->start = x->at;
	x->line++;
}

/* Blanks, comments, and lines that go on. A number of a call begins like a comment, but it follows
 * something. */
static void
skip(struct lexer *x)
{
	bool first = x->now.kind == TOKEN_LINE || x->now.kind == TOKEN_END || x->inside;

	while (x->at < x->text.n) {
		char c = x->text.p[x->at];

		if (c == ' ' || c == '\t' || c == '\r')
			x->at++;
		else if (c == '\\' && peek(x, 1) == '\n')
			newline(x, 2);
		else if (c == '\n' && x->inside)
			newline(x, 1);
		else if (c == '#' && (first || !digit(peek(x, 1))))
			x->at = str_find(x->text, '\n', x->at);
		else
			return;
	}
}

/* A hyphen joins where a letter follows; a dot, as in 5.12, where digits are around it. */
static size_t
word_length(const struct lexer *x)
{
	bool number = digit(peek(x, 0));
	size_t n = 1;

	while (wordy(peek(x, n)) || (peek(x, n) == '-' && !number && wordy(peek(x, n + 1))) ||
	       (peek(x, n) == '.' && number && digit(peek(x, n + 1))))
		n++;
	return n;
}

static size_t
mark_length(const struct lexer *x)
{
	static const char marks[] = "==!=<=>=..{}(),:|&@-<>";
	char c = peek(x, 0), d = peek(x, 1);

	for (size_t i = 0; i < 10; i += 2)
		if (marks[i] == c && marks[i + 1] == d)
			return 2;
	for (size_t i = 10; marks[i] != '\0'; i++)
		if (marks[i] == c)
			return 1;
	return 0;
}

void
lexer_next(struct lexer *x)
{
	struct token *t = &x->now;
	size_t n = 1;
	char c;

	skip(x);
	t->pos = (struct pos){ x->line, (uint32_t)(x->at - x->start + 1) };
	c = peek(x, 0);
	t->kind = TOKEN_MARK;
	if (x->at == x->text.n) {
		t->kind = TOKEN_END;
		n = 0;
	} else if (c == '\n' || c == ';') {
		t->kind = TOKEN_LINE;
	} else if (wordy(c)) {
		t->kind = TOKEN_WORD;
		n = word_length(x);
	} else if (c == '#') {
		t->kind = TOKEN_NUMBER;
		while (wordy(peek(x, n)))
			n++;
	} else {
		n = mark_length(x);
		if (n == 0) {
			t->kind = TOKEN_BAD;
			n = 1;
		}
	}
	t->text = str_slice(x->text, x->at, x->at + n);
	if (c == '\n' && n == 1)
		newline(x, 1);
	else
		x->at += n;
}

bool
lexer_is(const struct lexer *x, const char *text)
{
	struct str now = x->now.text;
	size_t i = 0;

	/* marks and words have no NUL byte, and mostly it is the first one that differs */
	while (i < now.n && text[i] == now.p[i])
		i++;
	return i == now.n && text[i] == '\0' &&
	       (x->now.kind == TOKEN_MARK || x->now.kind == TOKEN_WORD);
}
