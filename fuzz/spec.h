/* Shared by the targets of core/spec: what a fault must be, and a box written as a command line and
 * read again. */
#ifndef FUZZ_SPEC_H
#define FUZZ_SPEC_H

#include <stddef.h>

#include "base/utf8.h"
#include "must.h"
#include "spec/args.h"
#include "spec/chain.h"
#include "spec/hook.h"
#include "spec/limits.h"
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
	MUST(box->seccomp.text.n == 0 && box->degrade < 2 * DEGRADE_PIDS);
	MUST(box->hostname.n <= 64 && (box->chdir.n == 0 || box->chdir.p[0] == '/'));
}

/* MAJ:MIN of the row was in range, or the path is one. */
static inline void
spec_device(struct str path, bool known, uint32_t major, uint32_t minor)
{
	MUST(known == (path.n == 0) && (known || path.p[0] == '/'));
	MUST(major < 1 << 12 || major == DEVICE_ANY);
	MUST(minor < 1 << 20 || minor == DEVICE_ANY);
}

static inline void
spec_lists(const struct limits *l)
{
	size_t n = 0;

	for (const struct io_limit *i = l->io; i != NULL; i = i->next, n++) {
		const uint64_t v[] = { i->rbps, i->wbps, i->riops, i->wiops };
		size_t none = 0;

		spec_device(i->path, i->known, i->major, i->minor);
		MUST(i->major != DEVICE_ANY && i->minor != DEVICE_ANY);
		for (size_t k = 0; k < COUNT(v); k++) {
			none += v[k] == UINT64_MAX;
			MUST(v[k] > 0 && (v[k] == UINT64_MAX || v[k] <= (uint64_t)1 << 52));
			MUST(k < 2 || v[k] == UINT64_MAX || v[k] < UINT32_MAX);
		}
		MUST(none < COUNT(v));
	}
	MUST(n <= 256 && (n > 0) == limits_given(l, io));
	n = 0;
	for (const struct device_rule *d = l->devices; d != NULL; d = d->next, n++) {
		spec_device(d->path, d->known, d->major, d->minor);
		MUST(d->access > 0 && d->access < 8);
		MUST(d->known ? d->type >= 'a' && d->type <= 'c' : d->type == 0);
	}
	MUST(n <= 256 && (n > 0) == limits_given(l, devices));
	for (const struct raw_limit *r = l->hugetlb; r != NULL; r = r->next)
		MUST(r->value.n == 0 && r->name.n >= 3 && str_ends(r->name, S("B")));
	for (const struct raw_limit *r = l->set; r != NULL; r = r->next) {
		MUST(str_find(r->name, '/', 0) == r->name.n && !str_starts(r->name, S(".")));
		MUST(!str_ends(r->name, S(".")) && str_find(r->name, '.', 0) < r->name.n);
		MUST(!str_starts(r->name, S("cgroup.")) || str_starts(r->name, S("cgroup.max.")));
		MUST(r->value.n > 0 && str_find(r->value, '\n', 0) == r->value.n);
		MUST(r->bytes == 0);
	}
}

/* What holds of every set of limits that was accepted. */
static inline void
spec_limits(const struct limits *l)
{
	const uint64_t most = limits_given(l, memory) ? l->memory : UINT64_MAX;

	MUST(!limits_given(l, memory) || (l->memory >= 4096 && l->memory <= (uint64_t)1 << 52));
	MUST(l->memory_high <= most && l->memory_low <= most && l->memory_min <= most);
	MUST(!l->no_oom_group || limits_given(l, memory));
	MUST(l->cpu_period >= 1 && l->cpu_period <= 1000 && l->cpu <= 4096000);
	MUST(limits_given(l, cpu) == (l->cpu > 0));
	MUST(l->cpu == 0 || l->cpu * l->cpu_period >= 1000);
	MUST(l->cpu_burst * 1000 <= l->cpu * l->cpu_period);
	MUST(l->cpu_weight <= 10000 && l->io_weight <= 10000 && l->pids <= 1 << 22);
	MUST(limits_given(l, pids) == (l->pids > 0));
	MUST(limits_given(l, cpus) == (l->cpus.n > 0) && limits_given(l, mems) == (l->mems.n > 0));
	MUST((l->degrade & ~(uint32_t)(DEGRADE_MEMORY | DEGRADE_CPU | DEGRADE_PIDS)) == 0);
	MUST((l->degrade & DEGRADE_MEMORY) == 0 || limits_given(l, memory));
	MUST((l->degrade & DEGRADE_PIDS) == 0 || l->pids > 0);
	MUST((l->degrade & DEGRADE_CPU) == 0 || l->cpu > 0 || l->cpu_time > 0);
	spec_lists(l);
}

/* As sbx-cg reads the words of limits, where it is told to leave the privileges or not. */
static inline int
spec_limits_read(struct arena *a, int argc, char **argv, struct limits *l, int *rest, struct err *e)
{
	struct kept {
		struct seen seen;
		bool privileges;
	} kept = { 0 };
	const struct field keep[] = { { ROW("", "keep-privs", "", "", "they stay"),
	    .offset = offsetof(struct kept, privileges) } };
	const struct table table = { "sbx-cg", keep, 1 };
	const struct args_part part[] = { { &limits_table, l }, { &table, &kept } };
	struct field_ctx c = { a, FAULT_USAGE, e, POS_NONE };
	bool dashes;

	*l = (struct limits){ 0 };
	*e = (struct err){ 0 };
	if (args_parse(&c, part, COUNT(part), argc, argv, rest, &dashes) < 0)
		return -1;
	return limits_finish(&c, l);
}

/* box_limits_argv gives words that are read to equal limits, and those give the same words. */
static inline void
spec_limits_round(struct arena *a, const struct limits *limits, struct strlist *words)
{
	static char *argv[SPEC_WORDS];
	struct limits first = *limits, other;
	struct box box = { .limits = &first };
	struct strlist again = { 0 };
	struct err e = { 0 };
	struct field_ctx c = { a, FAULT_USAGE, &e, POS_NONE };
	const struct strnode *x, *y;
	int n, rest;

	/* a document's hook has its time elsewhere */
	if ((first.degrade & DEGRADE_CPU) != 0 && first.timeout == 0) {
		first.timeout = 10000;
		field_mark(&c, limits_row(offsetof(struct limits, timeout)), &first);
	}
	MUST(box_limits_argv(a, &box, S(""), words) == 0);
	n = spec_argv(a, words, argv);
	MUST(n >= 3);
	MUST(spec_limits_read(a, n - 1, argv + 1, &other, &rest, &e) == 0 && rest == n - 1);
	MUST(limits_eq(&first, &other) && limits_eq(&other, &first));
	MUST(limits_group(&first) == limits_group(&other));
	box.limits = &other;
	MUST(box_limits_argv(a, &box, S(""), &again) == 0);
	for (x = words->first, y = again.first; x != NULL && y != NULL; x = x->next, y = y->next)
		MUST(str_eq(x->s, y->s));
	MUST(x == NULL && y == NULL);
	/* a place for the group is one word more, and nothing else */
	again = (struct strlist){ 0 };
	MUST(box_limits_argv(a, &box, S("/c d"), &again) == 0 && again.n == words->n + 1);
	y = again.first->next->next;
	MUST(str_eq(y->s, S("--parent=/c d")));
	for (x = words->first->next->next, y = y->next; x != NULL; x = x->next, y = y->next)
		MUST(str_eq(x->s, y->s));
}

#endif
