/* sbx-cg run and exec: a program in a group, from its first instruction. */
#include "sbx-cg.h"

#include "base/path.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

/* What is to run, and how. */
struct job {
	struct box box;
	struct payload payload;
	struct group group;
	bool fused; /* the box is sbx-ns's */
};

/* Links that give up privileges themselves, after what they need them for. */
static struct str
heir(const char *path)
{
	static const char ours[] = "sbx-ns|sbx-cg|sbx-seccomp|sbx-hook|sbx-box";
	struct str name = path_base(str_of(path)), word;
	size_t i = 0;

	do
		word = word_at(ours, i++);
	while (word.p != NULL && !str_eq(word, name));
	return word;
}

/* sbx-ns with its own options, as it would read them: its box is made by the same plan as our
 * group, which costs no second program, and no process of ours but init lives in the group. */
static int
fuse(struct cg_call *c, struct job *j)
{
	struct common common = { 0 };
	const struct args_part part[] = { { &box_table, &j->box }, { &common_table, &common } };
	int rest;
	bool dashes;

	c->err.file = S("sbx-ns");
	if (args_parse(&c->ctx, part, COUNT(part), c->argc, c->argv, &rest, &dashes) < 0)
		return -1;
	for (size_t i = 0; i < common_table.n; i++)
		if ((common.seen.bits & (uint64_t)1 << i) != 0)
			return err_usage(&c->err,
			    "--% is for the chain as a whole: it goes before the first program's "
			    "--",
			    row_option(&common_table.row[i]));
	if (rest == c->argc)
		return err_usage(&c->err,
		    "no program to execute: sbx-ns [options] [--] prog [arg ...]");
	if (c->options.keep_privs)
		return err_usage(&c->err, "--keep-privs does not go with sbx-ns, which keeps none");
	if (box_finish(&c->ctx, &j->box, LEVEL_UNSET) < 0)
		return -1;
	c->err.file = S("");
	j->fused = true;
	j->payload.argv = c->argv + rest;
	return common_keep_fd(&j->box.keep_fd, &c->report, &c->err);
}

/* Everything stays as it is, but for privileges. */
static int
alone(struct cg_call *c, struct job *j)
{
	struct box *box = &j->box;
	struct str next = heir(c->argv[0]);

	for (size_t k = 0; k < NS_COUNT; k++)
		box->ns[k].mode = NS_INHERIT;
	box->keep_fd = c->options.keep_fd;
	if (box_finish(&c->ctx, box, LEVEL_UNSET) < 0)
		return -1;
	j->payload.argv = c->argv;
	if (!c->options.keep_privs && next.p == NULL)
		return 0;
	box->level = LEVEL_NONE;
	box->keeps = c->options.keep_privs
		       ? S("kept: --keep-privs")
		       : arena_join(&c->arena, TEXT("handed on to %, the next link", next));
	return box->keeps.p == NULL ? err_memory(&c->err) : 0;
}

/* The box of what stands behind the options. */
static int
prepare(struct cg_call *c, struct job *j)
{
	j->payload.envp = c->envp;
	j->payload.group = &j->group;
	if (common_keep_fd(&c->options.keep_fd, &c->report, &c->err) < 0)
		return -1;
	if (str_eq(str_of(c->argv[0]), S("sbx-ns")) ? fuse(c, j) < 0 : alone(c, j) < 0)
		return -1;
	j->box.outlive = j->box.outlive || c->options.outlive;
	return 0;
}

/* gauge: the group is ours alone, so what it tells is of this run. */
static int
start(struct cg_call *c, struct job *j, struct gauge *g)
{
	struct facts facts;
	struct told told = { .report = &c->report };
	struct supervise s = { .timeout = c->limits.timeout,
		.grace = c->limits.grace,
		.on = report_listener(&c->report),
		.arg = &told,
		.outlive = j->box.outlive,
		.passed = !c->options.watch_output };
	const struct plan *plan;

	if (common_facts(&c->ctx, &c->common, &j->box, &facts, NULL) < 0)
		return -1;
	plan = plan_box(&c->arena, &j->box, &facts, &j->payload, &c->err);
	if (plan == NULL)
		return -1;
	report_plan(&c->report, plan);
	if (c->common.plan)
		return common_show_plan(CG_TOOL, plan);
	if (c->common.check)
		return 0;
	if (c->options.watch_output) {
		s.out = (struct drain){ .through = &passing, .forward = 1 };
		s.err = (struct drain){ .through = &passing, .forward = 2 };
		streams_attach(&s);
	}
	group_attach(&s);
	if (g != NULL)
		gauge_begin(&s, g, &c->limits, &j->group, c->facts.cpus);
	told.plan = plan;
	return report_run(&told, &s, c->common.receipt);
}

/* The group that is above both, as a directory. */
static struct str
common_group(struct str a, struct str b)
{
	while (!path_below(b, a))
		a = path_dir(a);
	return a;
}

static int
writable(struct cg_call *c, struct str dir, struct str from, struct str to)
{
	char *procs = arena_text(&c->arena, TEXT("%/cgroup.procs", dir));
	int r = procs == NULL ? 0 : sys_access(procs, W_OK);

	if (procs == NULL)
		return err_memory(&c->err);
	if (r == 0)
		return 0;
	return err_refused(&c->err, POS_NONE,
	    "control group \"%\": no process of % can join it without the right to write to %: %",
	    to, from, str_of(procs), err_text(-r));
}

/* Whoever moves a process has to be allowed to write to where it goes and to what is above both
 * places (cgroup-v2.rst, "Delegation Containment"); asked before, as the kernel's answer says
 * little. name is what the group was called. */
static int
may_enter(struct cg_call *c, struct str path, struct str name)
{
	struct limits none = { 0 };
	struct cgfacts own = { 0 };

	if (place_facts(&c->arena, S(""), &none, &own, &c->err) < 0)
		return -1;
	if (own.base.path.n == 0 || str_eq(own.base.path, path))
		return 0;
	if (writable(c, path, own.base.path, name) < 0)
		return -1;
	return writable(c, common_group(own.base.path, path), own.base.path, name);
}

int
cg_run_main(struct cg_call *c)
{
	struct job j = { 0 };
	struct gauge g;
	const struct cgfacts *f;

	if (c->argc == 0)
		return err_usage(&c->err,
		    "no program to execute: sbx-cg run [limits] [options] [--] prog [arg ...]");
	if (limits_finish(&c->ctx, &c->limits) < 0 || prepare(c, &j) < 0 ||
	    cg_facts(c, c->options.parent, &c->facts) < 0)
		return -1;
	f = &c->facts;
	if (f->chosen && !f->base.writable && !f->readonly &&
	    may_enter(c, f->base.path, c->options.parent) < 0)
		return -1;
	if (group_make(&c->arena, &c->limits, &c->facts, group_ours(&j.box), &j.group, &c->err) < 0)
		return -1;
	j.payload.output = c->options.watch_output;
	return start(c, &j, &g);
}

/* The same, and the kinds of groups that take no process ("No Internal Process Constraint"). */
static int
may_join(struct cg_call *c, const struct cg_group *g)
{
	struct limits none = { 0 };
	struct cgfacts to = { 0 };

	if (place_facts(&c->arena, g->path, &none, &to, &c->err) < 0)
		return -1;
	if (!to.base.top && to.base.subtree.n > 1)
		return err_refused(&c->err, POS_NONE,
		    "control group \"%\": controllers are enabled for the groups in it, so the "
		    "kernel lets processes join only those",
		    g->name);
	if (str_starts(to.base.type, S("threaded")) ||
	    str_starts(to.base.type, S("domain invalid")))
		return err_refused(&c->err, POS_NONE,
		    "control group \"%\": it is for threads, and no process can join it", g->name);
	return may_enter(c, g->path, g->name);
}

int
cg_exec(struct cg_call *c)
{
	struct job j = { 0 };
	struct cg_group g;
	int skip = c->argc > 1 && str_eq(str_of(c->argv[1]), S("--")) ? 2 : 1;

	if (c->argc <= skip)
		return err_usage(&c->err, "%: sbx-cg exec [options] GROUP [--] prog [arg ...]",
		    c->argc == 0 ? S("the name of a control group is due")
				 : S("no program to execute"));
	if (cg_open(c, str_of(c->argv[0]), &g) < 0)
		return -1;
	c->argv += skip;
	c->argc -= skip;
	if (limits_finish(&c->ctx, &c->limits) < 0 || prepare(c, &j) < 0 || may_join(c, &g) < 0 ||
	    group_join(&c->arena, g.path, &j.group, &c->err) < 0)
		return -1;
	return start(c, &j, NULL);
}
