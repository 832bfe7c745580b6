/* Plans for hand-made machines, and what is in them. One plan at a time: all of it is static. */
#ifndef UNIT_PLANNING_H
#define UNIT_PLANNING_H

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "check.h"
#include "plan/confine.h"
#include "plan/plan.h"
#include "spec/args.h"

enum { PLANNING_ARENA = 32 << 20, PLANNING_TEXT = 8 << 20, PLANNING_WORDS = 64 };

static unsigned char planning_mem[PLANNING_ARENA];
static char planning_text[PLANNING_TEXT];

struct planned {
	struct arena arena;
	size_t room; /* of the arena; 0: all there is */
	struct facts facts;
	struct box box;
	int level; /* enum level, as a document would say it */
	struct payload payload;
	struct err err;
	struct plan *plan; /* NULL: refused */
};

static char *planning_argv[] = { (char[]){ "/bin/prog" }, NULL };
static char *planning_envp[] = { (char[]){ "PATH=/bin:/sbin" }, (char[]){ "TERM=dumb" }, NULL };

static struct strnode planning_proc = { .s = { "/proc", 5 } };

/* Root on an ordinary host with a new kernel. */
static inline struct facts
machine_root(void)
{
	return (struct facts){ .kernel = 6018,
		.admin = true,
		.clone3 = true,
		.seccomp = true,
		.proc = true,
		.root_mount = true,
		.uids = { { 0, 0, UINT32_MAX } },
		.gids = { { 0, 0, UINT32_MAX } },
		.nuids = 1,
		.ngids = 1,
		.cwd = S("/home/me"),
		.procs = { &planning_proc, NULL, 1 } };
}

/* An ordinary user there. */
static inline struct facts
machine_nobody(void)
{
	struct facts f = machine_root();

	f.admin = false;
	f.uid = 1000;
	f.gid = 100;
	f.nuids = f.ngids = 0;
	return f;
}

static inline void
planned_reset(struct planned *p)
{
	p->arena = (struct arena){ planning_mem, 0, p->room > 0 ? p->room : PLANNING_ARENA };
	p->err = (struct err){ 0 };
	p->box = (struct box){ .level = p->level };
	p->plan = NULL;
	if (p->payload.argv == NULL)
		p->payload.argv = planning_argv;
	if (p->payload.envp == NULL)
		p->payload.envp = planning_envp;
}

/* The box that these words of a command line mean, one space between; true when it is one. */
static inline bool
planned_box(struct planned *p, const char *words)
{
	static char text[4096];
	static char *argv[PLANNING_WORDS];
	const struct args_part part = { &box_table, &p->box };
	struct field_ctx ctx = { .arena = &p->arena, .fault = FAULT_USAGE, .err = &p->err };
	char *at;
	int argc = 0, rest;
	bool dashes;

	planned_reset(p);
	snprintf(text, sizeof(text), "sbx-ns %s", words);
	for (at = strtok(text, " "); at != NULL && argc < PLANNING_WORDS; at = strtok(NULL, " "))
		argv[argc++] = at;
	if (args_parse(&ctx, &part, 1, argc, argv, &rest, &dashes) != 0 || rest != argc ||
	    box_finish(&ctx, &p->box, LEVEL_UNSET) != 0)
		return false;
	/* as a document would have it */
	if (p->level == LEVEL_NAMESPACED)
		p->box.seccomp =
		    (struct seccomp){ .kind = SECCOMP_PROFILE, .name = S("deny-dangerous") };
	return true;
}

/* The filter of the box that is in place; what that takes is for others to count. */
static inline bool
planned_filter(struct planned *p)
{
	static struct confine filter;

	p->plan = NULL;
	p->payload.filter = &filter;
	return confine_make(&p->arena, &p->box, &p->facts, &filter, &p->err) == 0;
}

/* The plan with the filter that is in place; NULL when it was refused. */
static inline struct plan *
planned_with(struct planned *p)
{
	p->plan = plan_box(&p->arena, &p->box, &p->facts, &p->payload, &p->err);
	return p->plan;
}

/* The plan of the box that is in place; NULL when it was refused. */
static inline struct plan *
planned_again(struct planned *p)
{
	return planned_filter(p) ? planned_with(p) : NULL;
}

static inline struct plan *
planned(struct planned *p, const char *words)
{
	return planned_box(p, words) ? planned_again(p) : NULL;
}

/* The plan as text, a line an operation; slots without their numbers when plain is set. */
static inline const char *
plan_text(const struct plan *p, bool plain)
{
	struct buf b = { planning_text, 0, PLANNING_TEXT, false };

	buf_char(&b, '\n');
	for (size_t i = 0; i < p->n; i++) {
		size_t start = b.n, to = b.n;

		op_put(&b, &p->op[i]);
		for (size_t at = start; plain && at < b.n; to++) {
			b.p[to] = b.p[at++];
			while (b.p[to] == '#' && at < b.n && b.p[at] >= '0' && b.p[at] <= '9')
				at++;
		}
		b.n = plain ? to : b.n;
		buf_char(&b, '\n');
	}
	buf_char(&b, '\0');
	return b.full ? "too long" : b.p;
}

/* Do these lines stand in it one after another? Slots are written "#". */
static inline bool
has_lines(const struct planned *p, const char *lines)
{
	static char want[16384];
	const char *text;

	if (p->plan == NULL) {
		printf("# no plan: %.*s\n", (int)p->err.nmsg, p->err.msg);
		return false;
	}
	snprintf(want, sizeof(want), "\n%s\n", lines);
	text = plan_text(p->plan, true);
	if (strstr(text, want) != NULL)
		return true;
	for (; *text != '\0'; text++) {
		if (*text == '\n' && text[1] != '\0')
			fputs("\n# ", stdout);
		else
			putchar(*text);
	}
	return false;
}

static inline size_t
count_ops(const struct plan *p, enum op_kind k)
{
	size_t n = 0;

	for (size_t i = 0; p != NULL && i < p->n; i++)
		n += p->op[i].kind == k;
	return n;
}

/* The operation of a kind from i on, or p->n. */
static inline size_t
find_op(const struct plan *p, enum op_kind k, size_t i)
{
	while (i < p->n && p->op[i].kind != k)
		i++;
	return i;
}

static inline const struct claim *
find_claim(const struct plan *p, const char *name)
{
	for (size_t i = 0; p != NULL && i < p->nclaims; i++)
		if (str_eq(p->claim[i].name, str_of(name)))
			return &p->claim[i];
	return NULL;
}

/* "enforced needed net: namespace, new": as it is shown to people. */
static inline struct str
claim_text(const struct plan *p, const char *name)
{
	static char text[8192];
	struct buf b = BUF(text);
	const struct claim *c = find_claim(p, name);

	if (c == NULL)
		return S("(none)");
	buf_text(&b, TEXT("%%%, %", claim_state_name(c->state),
			 c->needed ? S(" needed: ") : S(" wanted: "), c->mechanism, c->detail));
	return buf_str(&b);
}

#define CHECK_CLAIM(row, p, name, want) CHECK_TEXT((row), claim_text((p)->plan, (name)), (want))
#define CHECK_LINES(p, lines) CU_ASSERT(has_lines((p), (lines)))

/* It was refused, with a message that begins like this. */
#define CHECK_REFUSED(row, p, words, want) \
	do { \
		CU_ASSERT(planned((p), (words)) == NULL); \
		CHECK_NUM((row), (p)->err.fault, FAULT_REFUSED); \
		CHECK_STR((row), \
		    str_slice(((struct str){ (p)->err.msg, (p)->err.nmsg }), 0, sizeof(want) - 1), \
		    S(want)); \
	} while (0)

#endif
