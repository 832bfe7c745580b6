/* Limits from words and machines made by hand: shared by the tests of core/plan/group*.c. */
#ifndef UNIT_GROUPING_H
#define UNIT_GROUPING_H

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "plan/group.h"
#include "spec/args.h"
#include "spec/box.h"

enum { GROUPING_ARENA = 1 << 20 };

static unsigned char grouping_mem[GROUPING_ARENA];
static char grouping_words[4096], grouping_said[8192];

struct grouped {
	struct arena arena;
	struct limits limits;
	struct cgfacts facts;
	struct group group;
	struct err err;
};

#define FILE_TEXT(text) ((struct str){ (text), sizeof(text) - 1 })
#define ALL_CONTROLLERS "cpuset cpu io memory hugetlb pids rdma misc\n"

/* A group that is delegated to us, with nothing enabled and nobody but us in it. */
static inline struct cgfacts
machine_delegated(void)
{
	struct cgfacts f = { .mount = S("/sys/fs/cgroup"),
		.base = { .path = S("/sys/fs/cgroup/user/scope"),
		    .controllers = S(ALL_CONTROLLERS),
		    .subtree = S("\n"),
		    .type = S("domain\n"),
		    .procs = S("77\n"),
		    .writable = true,
		    .delegated = true },
		.above = { { .path = S("/sys/fs/cgroup/user"),
			       .controllers = S(ALL_CONTROLLERS),
			       .subtree = S(ALL_CONTROLLERS) },
		    { .path = S("/sys/fs/cgroup"),
			.controllers = S(ALL_CONTROLLERS),
			.subtree = S(ALL_CONTROLLERS),
			.top = true } },
		.nabove = 2,
		.proc_cgroups = S("#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
				  "cpuset\t0\t9\t1\ncpu\t0\t9\t1\nblkio\t0\t9\t1\n"
				  "memory\t0\t9\t1\npids\t0\t9\t1\nhugetlb\t0\t9\t1\n"
				  "rdma\t0\t9\t1\nmisc\t0\t9\t1\n"),
		.self = 77,
		.systemd = true,
		.bpf = true,
		.cpus = 4,
		.page = 4096,
		.command = S("sbx-cg run -m 64M -- true") };

	return f;
}

/* The init of a small system. */
static inline struct cgfacts
machine_first(void)
{
	struct cgfacts f = machine_delegated();

	f.base.path = f.mount;
	f.base.top = true;
	f.base.delegated = false;
	f.base.type = (struct str){ NULL, 0 };
	f.base.procs = S("1\n2\n77\n");
	f.nabove = 0;
	f.systemd = false;
	return f;
}

/* The limits that these words of a command line mean. */
static inline bool
grouped_limits(struct grouped *g, const char *words)
{
	static char *argv[64];
	const struct args_part part = { &limits_table, &g->limits };
	struct field_ctx ctx = { .arena = &g->arena, .fault = FAULT_USAGE, .err = &g->err };
	int argc = 0, rest;
	bool dashes;

	g->arena = (struct arena){ grouping_mem, 0, sizeof(grouping_mem) };
	g->limits = (struct limits){ 0 };
	g->group = (struct group){ 0 };
	g->err = (struct err){ 0 };
	snprintf(grouping_words, sizeof(grouping_words), "sbx-cg %s", words);
	for (char *at = strtok(grouping_words, " "); at != NULL; at = strtok(NULL, " "))
		argv[argc++] = at;
	if (args_parse(&ctx, &part, 1, argc, argv, &rest, &dashes) == 0 &&
	    limits_finish(&ctx, &g->limits) == 0)
		return true;
	printf("# %s: %.*s\n", words, (int)g->err.nmsg, g->err.msg);
	return false;
}

static inline bool
grouped(struct grouped *g, const char *words, unsigned ours)
{
	return grouped_limits(g, words) &&
	       group_make(&g->arena, &g->limits, &g->facts, ours, &g->group, &g->err) == 0;
}

/* Its operations, a line each. */
static inline struct str
grouped_text(const struct grouped *g)
{
	struct buf b = BUF(grouping_said);

	for (size_t i = 0; i < g->group.nhost + g->group.nexec; i++) {
		op_put(&b,
		    i < g->group.nhost ? &g->group.host[i] : &g->group.exec[i - g->group.nhost]);
		buf_char(&b, '\n');
	}
	return buf_str(&b);
}

static inline const struct claim *
grouped_claim(const struct grouped *g, const char *name)
{
	for (size_t i = 0; i < g->group.nclaims; i++)
		if (str_eq(g->group.claim[i].name, str_of(name)))
			return &g->group.claim[i];
	return NULL;
}

/* "enforced needed: cgroup v2, 64M" */
static inline struct str
grouped_said(const struct grouped *g, const char *name)
{
	struct buf b = BUF(grouping_said);
	const struct claim *c = grouped_claim(g, name);

	if (c == NULL)
		return S("(none)");
	buf_text(&b, TEXT("%%%, %", claim_state_name(c->state),
			 c->needed ? S(" needed: ") : S(" wanted: "), c->mechanism, c->detail));
	return buf_str(&b);
}

static inline struct str
grouped_fault(const struct grouped *g)
{
	return (struct str){ g->err.msg, g->err.nmsg };
}

#endif
