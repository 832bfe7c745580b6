/* Groups that stay: made, changed, frozen, ended, removed; and those of ours that were left. */
#include "sbx-cg.h"

#include "base/limits.h"
#include "base/path.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* The kernel freezes and ends processes when they come by; one that a device holds comes late. */
enum { PATIENCE_US = 5000000, EVERY_MS = 2 };

/* Prints the operations, or carries them out and tells what holds now. */
static int
carry_out(struct cg_call *c, const struct group *g, struct str done)
{
	struct plan p = { .op = g->host, .n = g->nhost, .claim = g->claim, .nclaims = g->nclaims };
	struct verdict v = { .cause = CAUSE_NO_EXEC, .leaf = true };

	report_plan(&c->report, &p);
	if (c->common.plan)
		return common_show_plan(CG_TOOL, &p);
	if (c->common.check)
		return 0;
	if (group_apply(g, &c->err) < 0)
		return -1;
	report_enforced(&c->report, &p, &v);
	if (c->common.receipt)
		report_receipt(&p, &v, done);
	return 0;
}

static bool
can_write(struct cg_call *c, struct str dir, const char *name)
{
	char *path = arena_text(&c->arena, TEXT("%/%", dir, str_of(name)));

	return path != NULL && sys_access(path, W_OK) == 0;
}

int
cg_create(struct cg_call *c)
{
	struct cgdir *base = &c->facts.base;
	struct group g;

	if (c->argc != 1)
		return err_usage(&c->err, c->argc == 0 ? "the name of a new control group is due"
						       : "one control group at a time");
	if (group_name_check(str_of(c->argv[0]), &c->err) < 0 ||
	    limits_finish(&c->ctx, &c->limits) < 0 || cg_facts(c, c->options.parent, &c->facts) < 0)
		return -1;
	/* no process is to be moved there: the right to that is not asked for */
	if (base->path.n > 0)
		base->writable = can_write(c, base->path, ".") &&
				 can_write(c, base->path, "cgroup.subtree_control");
	if (group_create(&c->arena, &c->limits, &c->facts, str_of(c->argv[0]), &g, &c->err) < 0)
		return -1;
	return carry_out(c, &g, S("made"));
}

int
cg_set(struct cg_call *c)
{
	struct cg_group target;
	struct cgfacts facts;
	struct cgusage u = { 0 };
	struct group g;

	if (c->limits.seen.bits == 0)
		return err_usage(&c->err, "a limit is due: what shall be set?");
	if (cg_named(c, &target) < 0 || limits_finish(&c->ctx, &c->limits) < 0 ||
	    cg_facts(c, target.path, &facts) < 0)
		return -1;
	group_usage(target.fd, 1u << CG_MEMORY_CURRENT, &u);
	if (group_set(&c->arena, &c->limits, &facts, u.memory, &g, &c->err) < 0)
		return -1;
	return carry_out(c, &g, S("set"));
}

/* What ends or holds its processes must not do that to us, who are to tell of it. */
static int
not_ours(struct cg_call *c, const struct cg_group *g)
{
	struct limits none = { 0 };
	struct cgfacts own = { 0 };

	if (str_eq(str_of(g->last), S(".")))
		return err_refused(&c->err, POS_NONE,
		    "%: that is the top of what is seen here, and no group of its own", g->path);
	if (place_facts(&c->arena, S(""), &none, &own, &c->err) < 0)
		return -1;
	if (own.base.path.n > 0 && path_below(own.base.path, g->path))
		return err_refused(&c->err, POS_NONE,
		    "control group \"%\": this process is in it itself", g->name);
	return 0;
}

/* Everything that is done to a group is done by writing to it: 0, or -1 when that is not ours to
 * do. An older kernel may not have the file. */
static int
writable(struct cg_call *c, const struct cg_group *g, const char *file)
{
	int fd = sys_open_at(g->fd, file, O_WRONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);

	if (fd >= 0)
		sys_close(fd);
	if (fd >= 0 || fd == -ENOENT)
		return 0;
	return err_system(&c->err, -fd, "cannot write to %/%", g->path, str_of(file));
}

enum state { FROZEN, THAWED, EMPTY };

/* Does the kernel say so (cgroup.events), now or soon? */
static bool
reaches(int fd, enum state want)
{
	uint64_t until = sys_now() + PATIENCE_US;

	for (;;) {
		struct cgusage u = { 0 };

		group_usage(fd, 1u << CG_EVENTS, &u);
		/* a group that was removed meanwhile has no processes either */
		if ((u.have & 1u << CG_EVENTS) == 0)
			return want == EMPTY;
		if (want == EMPTY ? !u.populated : u.frozen == (want == FROZEN))
			return true;
		if (sys_now() >= until)
			return false;
		(void)sys_poll(NULL, 0, EVERY_MS);
	}
}

static int
hold(struct cg_call *c, enum state want)
{
	struct cg_group g;
	int r;

	if (cg_named(c, &g) < 0 || not_ours(c, &g) < 0)
		return -1;
	r = io_put_at(g.fd, "cgroup.freeze", want == FROZEN ? "1" : "0");
	if (r < 0)
		return err_system(&c->err, -r, "cannot write to %/cgroup.freeze", g.path);
	if (reaches(g.fd, want))
		return 0;
	return err_at(&c->err, FAULT_SYSTEM, POS_NONE, "control group \"%\": %", g.name,
	    want == FROZEN ? S("not frozen after 5 seconds: the kernel holds one of its processes")
			   : S("still frozen after 5 seconds: a group above it may be"));
}

int
cg_freeze(struct cg_call *c)
{
	return hold(c, FROZEN);
}

int
cg_thaw(struct cg_call *c)
{
	return hold(c, THAWED);
}

int
cg_kill(struct cg_call *c)
{
	struct cg_group g;

	if (cg_named(c, &g) < 0 || not_ours(c, &g) < 0 || writable(c, &g, "cgroup.kill") < 0)
		return -1;
	group_kill(g.fd);
	if (reaches(g.fd, EMPTY))
		return 0;
	return err_at(&c->err, FAULT_SYSTEM, POS_NONE,
	    "control group \"%\": there are processes in it that could not be ended", g.name);
}

/* Why the kernel says that a group is busy. */
static int
busy(struct cg_call *c, const struct cg_group *g)
{
	struct cgusage u = { 0 };

	group_usage(g->fd, 1u << CG_EVENTS, &u);
	return err_refused(&c->err, POS_NONE,
	    "control group \"%\": there are % in it; rm -r % as well", g->name,
	    u.populated ? S("processes") : S("groups"),
	    u.populated ? S("ends them") : S("removes them"));
}

int
cg_rm(struct cg_call *c)
{
	struct cg_group g;
	int r;

	if (cg_named(c, &g) < 0 || not_ours(c, &g) < 0)
		return -1;
	r = c->options.recursive ? group_remove(g.parent, g.last, true)
				 : sys_rmdir_at(g.parent, g.last);
	if (r == -EBUSY && !c->options.recursive)
		return busy(c, &g);
	return r < 0 ? err_system(&c->err, -r, "cannot remove the control group %", g.path) : 0;
}

static void
told(void *arg, struct str name)
{
	char text[4 * LIMIT_NAME + 2];
	struct buf b = BUF(text);
	int *status = arg;

	buf_escaped(&b, name);
	buf_char(&b, '\n');
	if (common_print(CG_TOOL, buf_str(&b)) != 0)
		*status = 125;
}

int
cg_sweep(struct cg_call *c)
{
	struct cg_group g;
	int status = 0, r;

	if (cg_word(c, &g) < 0)
		return -1;
	r = group_sweep(g.fd, told, &status);
	return r < 0 ? err_system(&c->err, -r, "cannot sweep %", g.path) : status;
}
