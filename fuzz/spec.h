/* Shared by the targets of core/spec: what a fault must be, and a box written as a command line and
 * read again. */
#ifndef FUZZ_SPEC_H
#define FUZZ_SPEC_H

#include "base/utf8.h"
#include "must.h"
#include "spec/args.h"
#include "spec/chain.h"
#include "spec/hook.h"
#include "text/json.h"

enum { SPEC_WORDS = 8192 };

static inline bool
spec_printable(struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &cp);
		if (n == 0 || !utf8_printable(cp))
			return false;
	}
	return true;
}

/* A message that a person can be shown, with its place inside the text where it has one. */
static inline void
spec_fault(struct str text, const struct err *e)
{
	char line[4096];
	struct buf b = BUF(line);

	MUST(e->fault != FAULT_NONE && e->sysno == 0);
	MUST(e->nmsg > 0 && e->nmsg <= sizeof(e->msg));
	if (e->pos.line > 0) {
		size_t at = json_offset(text, e->pos), start = 0;
		uint32_t lines = 1;

		for (size_t i = 0; i < at; i++) {
			if (text.p[i] == '\n') {
				start = i + 1;
				lines++;
			}
		}
		MUST(e->pos.line == lines && e->pos.col == at - start + 1);
	}
	err_line(e, &b);
	MUST(!b.full && spec_printable(buf_str(&b)));
}

/* The words as main() gets them, NULL-terminated; their number. */
static inline int
spec_argv(struct arena *a, const struct strlist *l, char **argv)
{
	int n = 0;

	for (const struct strnode *w = l->first; w != NULL; w = w->next) {
		MUST(n + 1 < SPEC_WORDS);
		argv[n] = arena_cstr(a, w->s);
		MUST(argv[n] != NULL);
		n++;
	}
	argv[n] = NULL;
	return n;
}

/* box_argv gives words that args_parse and box_finish read to an equal box; that one gives the same
 * words. Not for level none, which is not ours to start. */
static inline void
spec_round(struct arena *a, const struct box *box)
{
	static char *no_environment[] = { NULL }, *argv[SPEC_WORDS];
	struct strlist words = { 0 }, again = { 0 };
	struct box other = { 0 };
	const struct args_part part = { &box_table, &other };
	struct err e = { 0 };
	struct field_ctx c = { a, FAULT_USAGE, &e, POS_NONE };
	const struct strnode *x, *y;
	bool dashes;
	int n, rest;

	MUST(box_argv(a, box, no_environment, &words) == 0);
	n = spec_argv(a, &words, argv);
	MUST(args_parse(&c, &part, 1, n, argv, &rest, &dashes) == 0);
	MUST(rest == n && dashes);
	MUST(box_finish(&c, &other, LEVEL_UNSET) == 0 && e.fault == FAULT_NONE);
	MUST(box_eq(box, &other) && box_eq(&other, box));
	MUST(box_argv(a, &other, no_environment, &again) == 0);
	for (x = words.first, y = again.first; x != NULL && y != NULL; x = x->next, y = y->next)
		MUST(str_eq(x->s, y->s));
	MUST(x == NULL && y == NULL);
}

/* What holds of every box that was accepted. */
static inline void
spec_box(const struct box *box)
{
	size_t n = 0;

	for (size_t k = 0; k < NS_COUNT; k++) {
		MUST(box->ns[k].mode != NS_UNSET);
		MUST((box->ns[k].mode == NS_JOIN) == (box->ns[k].path.n > 0));
	}
	for (const struct action *a = box->first; a != NULL; a = a->next, n++) {
		MUST(a->index == n && a->dest.n > 0 && a->dest.p[0] == '/');
		MUST((a->kind == ACTION_TMP) == (a->src.n == 0));
		MUST(a->kind != ACTION_TMP || (a->size > 0 && a->inodes > 1 && a->mode <= 07777));
		MUST(box_action_at(box, a->dest, n + 1) == a);
		for (const struct action *o = box->first; n < 64 && o != a; o = o->next)
			MUST(o->kind != a->kind || !str_eq(o->dest, a->dest));
	}
	MUST(n == box->nactions);
	for (const struct env_rule *r = box->env; r != NULL; r = r->next) {
		MUST(r->name.n > 0 && str_find(r->name, '=', 0) == r->name.n);
		MUST(r->literal || r->value.n == 0);
		MUST(str_find(r->value, '\0', 0) == r->value.n);
	}
	MUST(box->seccomp.kind != SECCOMP_UNSET || box->level != LEVEL_NAMESPACED);
	MUST((box->seccomp.kind >= SECCOMP_LINES) ==
	     (box->seccomp.value != NULL && box->seccomp.value->kind != VALUE_STRING));
	MUST(box->seccomp.kind != SECCOMP_FILE || box->seccomp.name.p[0] == '/');
	MUST(box->seccomp.text.n == 0 && box->degrade <= DEGRADE_SECCOMP);
	MUST(box->hostname.n <= 64 && (box->chdir.n == 0 || box->chdir.p[0] == '/'));
}

#endif
