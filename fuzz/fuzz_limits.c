/* fuzz: core/spec/limits.c core/spec/limitsread.c core/spec/limitsdevice.c core/spec/limitseq.c */
/* fuzz: core/spec/chainlimits.c core/base/cpu.c */
#include <string.h>

#include "spec.h"

enum { INPUT_MAX = 1 << 12, MEMORY = 8 << 20, CPUS = 8192 };

static unsigned char mem[MEMORY], mem_again[MEMORY];
static char *argv[INPUT_MAX + 2];
static char document[1 << 17];

/* ---- lists of cores, by another way of reading ---- */

struct cores {
	bool in[CPUS];
	size_t n;
};

static uint64_t
digits(struct str s, size_t *at)
{
	uint64_t v = 0;

	MUST(*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9');
	for (; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9'; (*at)++)
		v = v * 10 + (uint64_t)(s.p[*at] - '0');
	return v;
}

/* sorted: as the kernel shows it, with one number at least between the ranges. */
static void
cores_read(struct str s, struct cores *c, bool sorted)
{
	uint64_t before = 0;

	memset(c, 0, sizeof(*c));
	for (size_t at = 0; at < s.n; at++) {
		uint64_t from = digits(s, &at), to = from;

		if (at < s.n && s.p[at] == '-') {
			at++;
			to = digits(s, &at);
			MUST(to > from || !sorted);
		}
		MUST(to < CPUS && (at == s.n || s.p[at] == ','));
		MUST(!sorted || c->n == 0 || from > before + 1);
		for (; from <= to; from++) {
			c->n += !c->in[from];
			c->in[from] = true;
		}
		before = to;
	}
}

/* The text that was given for the option, p NULL when there is none. No option takes a word with
 * dashes before it as its argument. */
static struct str
given_text(int argc, const char *option)
{
	struct str name = str_of(option);

	for (int i = 1; i < argc; i++) {
		struct str w = str_of(argv[i]);

		if (str_starts(w, name) && w.n > name.n && w.p[name.n] == '=')
			return str_slice(w, name.n + 1, w.n);
		if (str_eq(w, name) && i + 1 < argc)
			return str_of(argv[i + 1]);
	}
	return (struct str){ NULL, 0 };
}

static void
check_cores(int argc, const char *option, struct str kept)
{
	static struct cores want, have;
	struct str text = given_text(argc, option);

	MUST((text.p == NULL) == (kept.n == 0));
	cores_read(kept, &have, true);
	cores_read(text, &want, false);
	MUST(have.n == want.n && memcmp(have.in, want.in, sizeof(want.in)) == 0);
	MUST(kept.n <= text.n);
}

/* ---- the same as a document ---- */

static void
put_degrade(struct jsonw *w, uint32_t bits)
{
	jsonw_list(w, "degrade", '[');
	for (size_t i = 0; word_at(DEGRADE_WORDS, i).p != NULL; i++)
		if ((bits & (uint32_t)1 << i) != 0)
			jsonw_str(w, word_at(DEGRADE_WORDS, i));
	jsonw_close(w, ']');
}

/* The texts of a row are those of the words. */
static void
put_row(struct jsonw *w, const struct field *f, const struct limits *l, const struct strlist *words)
{
	const void *at = (const char *)l + f->offset;
	bool list = (f->flags & FIELD_LIST) != 0;

	jsonw_key(w, row_key(f));
	if (f->type == FIELD_FLAG) {
		jsonw_bool(w, *(const bool *)at == ((f->flags & FIELD_OTHERWISE) == 0));
		return;
	}
	if (f->type == FIELD_UINT) {
		jsonw_uint(w, *(const uint64_t *)at);
		return;
	}
	if (list)
		jsonw_open(w, '[');
	for (const struct strnode *n = words->first; n != NULL; n = n->next) {
		size_t equals = str_find(n->s, '=', 0);

		if (str_starts(n->s, S("--")) && str_eq(str_slice(n->s, 2, equals), row_option(f)))
			jsonw_str(w, str_slice(n->s, equals + 1, n->s.n));
	}
	if (list)
		jsonw_close(w, ']');
}

/* Without what a document says elsewhere, or has not got. */
static struct limits
without_time(const struct limits *l)
{
	const size_t at[] = { offsetof(struct limits, timeout), offsetof(struct limits, grace) };
	struct limits out = *l;

	for (size_t i = 0; i < COUNT(at); i++)
		out.seen.bits &= ~((uint64_t)1 << limits_row(at[i]));
	out.timeout = 0;
	out.grace = 5000;
	return out;
}

static void
check_document(struct arena *a, const struct limits *l, const struct strlist *words)
{
	struct buf b = BUF(document);
	struct jsonw w = { &b, false };
	struct limits want = without_time(l);
	struct err e = { 0 };
	const struct config *c;

	/* only text can stand in a document */
	for (const struct strnode *n = words->first; n != NULL; n = n->next)
		if (utf8_check(n->s) < n->s.n)
			return;
	jsonw_open(&w, '{');
	jsonw_member(&w, "level", S("none"));
	if (l->degrade != 0)
		put_degrade(&w, l->degrade);
	for (size_t i = 0; i < limits_table.n; i++)
		if (row_key(&limits_table.row[i]).n > 0 && (want.seen.bits >> i & 1) != 0)
			put_row(&w, &limits_table.row[i], l, words);
	jsonw_close(&w, '}');
	MUST(!b.full);
	c = config_read(a, S("f"), buf_str(&b), &e);
	MUST(c != NULL && c->bare);
	MUST((c->boxes->limits == NULL) == (want.seen.bits == 0));
	MUST(want.seen.bits == 0 || limits_eq(c->boxes->limits, &want));
}

/* ---- */

/* What differs in one number is not equal. */
static void
check_differs(const struct limits *l)
{
	for (size_t i = 0; i < limits_table.n; i++) {
		const struct field *f = &limits_table.row[i];
		struct limits other = *l;
		void *at = (char *)&other + f->offset;

		if (f->type == FIELD_CUSTOM)
			continue;
		if (f->type == FIELD_FLAG)
			*(bool *)at = !*(bool *)at;
		else
			++*(uint64_t *)at;
		MUST(!limits_eq(l, &other) && !limits_eq(&other, l));
	}
}

static void
check_accepted(struct arena *a, const struct limits *l, int argc, int rest)
{
	size_t used = a->used;
	struct strlist words = { 0 };
	struct limits other;
	struct err e;
	int end;

	MUST(rest >= (argc > 0) && rest <= argc);
	spec_limits(l);
	check_differs(l);
	check_cores(rest, "--cpus", l->cpus);
	check_cores(rest, "--mems", l->mems);
	spec_limits_round(a, l, &words);
	check_document(a, l, &words);
	for (size_t room = used; used > 0 && room > 0; room = room * 3 / 4) {
		struct arena again = { mem_again, 0, room - 1 };

		MUST(spec_limits_read(&again, argc, argv, &other, &end, &e) < 0);
		MUST(e.fault == FAULT_LIMIT);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char text[INPUT_MAX + 1];
	struct arena a = { mem, 0, sizeof(mem) };
	struct limits l;
	struct err e;
	int argc = 0, rest;

	if (n > INPUT_MAX)
		return 0;
	/* words end in NUL, the last one also without; the first is the program's name */
	if (n > 0)
		memcpy(text, data, n);
	text[n] = '\0';
	for (size_t at = 0; at < n; at += str_of(text + at).n + 1)
		argv[argc++] = text + at;
	argv[argc] = NULL;
	if (spec_limits_read(&a, argc, argv, &l, &rest, &e) == 0) {
		MUST(e.fault == FAULT_NONE);
		check_accepted(&a, &l, argc, rest);
		return 0;
	}
	spec_fault(S(""), &e);
	MUST(e.fault == FAULT_USAGE && e.npath == 0 && e.pos.line == 0);
	MUST((int)e.pos.col < argc);
	return 0;
}
