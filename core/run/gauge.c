/* Limits that the kernel does not keep by itself, and what a group has used: looked at now and then
 * while the box runs, and once when it is over. */
#include "run/group.h"

#include "run/tree.h"
#include "sys/sys.h"

#include <signal.h>

/* How often one looks: a part of the time of being idle, within bounds; processor time never so
 * often that looking costs more than it saves, and never so late that more than this is spent
 * beyond the limit on each processor; a tree for so small a part of all time as it takes to look at
 * it. */
enum {
	IDLE_PARTS = 8,
	IDLE_LEAST_US = 10000,
	IDLE_MOST_US = 1000000,
	CPU_LEAST_US = 1000,
	CPUS_UNKNOWN = 64,
	TREE_PARTS = 50,
	TREE_LEAST_US = 10000,
	TREE_MOST_US = 250000,
	PATIENCE_MS = 2000,
};

#define SOURCE(s) ((uint32_t)1 << (s))

/* What was seen this time. */
struct sight {
	uint64_t cpu, io;
	bool cpu_known;
	struct tree tree;
};

static uint64_t
bounded(uint64_t n, uint64_t least, uint64_t most)
{
	return n < least ? least : n > most ? most : n;
}

static void
sooner(uint64_t *next, uint64_t at)
{
	if (at < *next)
		*next = at;
}

/* The processes are asked only for what the group does not know. */
static void
see(const struct gauge *g, int group, int pid, struct sight *s)
{
	uint32_t wanted = (g->cpu_time > 0 || g->idle > 0 ? SOURCE(CG_CPU_STAT) : 0) |
			  (g->idle > 0 ? SOURCE(CG_IO_STAT) : 0);
	struct cgusage u = { 0 };

	*s = (struct sight){ 0 };
	if (group >= 0 && wanted != 0)
		group_usage(group, wanted, &u);
	s->cpu = u.cpu_us;
	s->cpu_known = (u.have & SOURCE(CG_CPU_STAT)) != 0;
	s->io = u.io.rbytes + u.io.wbytes + u.io.rios + u.io.wios;
	if (g->watch == 0 && (wanted == 0 || s->cpu_known))
		return;
	tree_look(group, pid, &s->tree);
	if (s->cpu_known)
		return;
	/* who works less than a tick may at least be another one than before */
	s->io = s->tree.mark;
	s->cpu = s->tree.cpu_us;
	s->cpu_known = s->tree.n > 0;
}

/* What is left would be gone soonest if every processor worked on it. */
static enum cause
check_cpu(const struct gauge *g, const struct sight *s, uint64_t now, uint64_t *next)
{
	uint64_t most = g->cpu_time * 1000, cpus = g->cpus > 0 ? g->cpus : CPUS_UNKNOWN;

	if (most == 0)
		return CAUSE_EXIT;
	if (s->cpu >= most)
		return CAUSE_CPU_TIME;
	sooner(next, now + bounded((most - s->cpu) / cpus, CPU_LEAST_US, UINT64_MAX - now));
	return CAUSE_EXIT;
}

static uint64_t
bytes_of(const struct drain *d)
{
	return d == NULL ? 0 : d->n + d->dropped + d->passed;
}

/* What happened between two looks counts from the second one on, so that nobody ends early. Where
 * nothing can be known nobody is idle. */
static enum cause
check_idle(struct gauge *g, const struct sight *s, uint64_t now, uint64_t *next)
{
	uint64_t idle = g->idle * 1000, bytes = bytes_of(g->out) + bytes_of(g->err);

	if (idle == 0)
		return CAUSE_EXIT;
	if (g->active_at == 0 || !s->cpu_known || s->cpu != g->last_cpu || s->io != g->last_io ||
	    bytes != g->last_bytes)
		g->active_at = now;
	g->last_cpu = s->cpu;
	g->last_io = s->io;
	g->last_bytes = bytes;
	if (now - g->active_at >= idle)
		return CAUSE_IDLE;
	sooner(next, now + bounded(idle / IDLE_PARTS, IDLE_LEAST_US, IDLE_MOST_US));
	sooner(next, g->active_at + idle);
	return CAUSE_EXIT;
}

/* took: how long looking took. */
static enum cause
check_tree(struct gauge *g, const struct tree *t, uint64_t now, uint64_t took, uint64_t *next)
{
	if (g->watch == 0)
		return CAUSE_EXIT;
	if (t->bytes > g->tree_peak)
		g->tree_peak = t->bytes;
	g->over_memory = (g->watch & DEGRADE_MEMORY) != 0 && t->bytes > g->memory;
	g->over_pids = (g->watch & DEGRADE_PIDS) != 0 && t->n > g->pids;
	sooner(next, now + bounded(took * TREE_PARTS, TREE_LEAST_US, TREE_MOST_US));
	return g->over_memory ? CAUSE_WATCH_MEMORY : g->over_pids ? CAUSE_WATCH_PIDS : CAUSE_EXIT;
}

static enum cause
gauge_look(struct gauge *g, int group, int pid, uint64_t now, uint64_t *next)
{
	struct sight s;
	enum cause cause;

	*next = UINT64_MAX;
	see(g, group, pid, &s);
	cause = check_tree(g, &s.tree, now, sys_now() - now, next);
	if (cause == CAUSE_EXIT)
		cause = check_cpu(g, &s, now, next);
	return cause == CAUSE_EXIT ? check_idle(g, &s, now, next) : cause;
}

static bool
populated(int group, bool *known)
{
	struct cgusage u = { 0 };

	group_usage(group, SOURCE(CG_EVENTS), &u);
	*known = (u.have & SOURCE(CG_EVENTS)) != 0;
	return u.populated || !*known;
}

static unsigned
gauge_end(struct gauge *g, int group)
{
	bool known;

	for (int i = 0; i < PATIENCE_MS && populated(group, &known); i++) {
		group_kill(group);
		if (!known)
			break;
		(void)sys_poll(NULL, 0, 1);
	}
	g->usage = (struct cgusage){ 0 };
	group_usage(group, SOURCE(CG_SOURCES) - 1, &g->usage);
	return (g->usage.oom_kill > 0 ? (unsigned)EVIDENCE_OOM : 0) |
	       (g->usage.pids_hit > 0 ? (unsigned)EVIDENCE_PIDS : 0);
}

/* What the kernel counted in its group tells why the payload ended as it did. A status alone proves
 * nothing: anybody can end with 137. */
static void
weigh(struct verdict *v)
{
	bool killed =
	    v->cause == CAUSE_KILLED || (v->cause == CAUSE_SIGNAL && v->status == SIGKILL);

	if (killed && (v->evidence & EVIDENCE_OOM) != 0) {
		v->cause = CAUSE_OOM;
	} else if (v->cause != CAUSE_KILLED && v->status != 0 &&
		   (v->evidence & EVIDENCE_PIDS) != 0) {
		v->status = verdict_status(v);
		v->cause = CAUSE_PIDS;
	}
}

static const struct gauging by = {
	.look = gauge_look,
	.measure = gauge_end,
	.weigh = weigh,
	.term = group_term,
	.hint = group_verdict_hint,
	.put_json = gauge_put_json,
	.put_line = gauge_put_line,
};

void
gauge_attach(struct supervise *s, struct gauge *g)
{
	s->gauge = g;
	s->by = &by;
}

void
gauge_begin(struct supervise *s, struct gauge *g, const struct limits *l, const struct group *group,
    uint32_t cpus)
{
	*g = (struct gauge){ .idle = l->idle,
		.cpu_time = l->cpu_time,
		.watch = group->watch,
		.memory = l->memory,
		.pids = l->pids,
		.out = s->streaming == NULL ? NULL : &s->out,
		.err = s->streaming == NULL ? NULL : &s->err,
		.cpus = cpus };
	gauge_attach(s, g);
}
