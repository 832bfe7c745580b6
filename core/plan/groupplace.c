/* Where a group can be made, and what is in the way (Documentation/admin-guide/cgroup-v2.rst,
 * "Organizing Processes and Threads", "Controlling Controllers", "Delegation"). */
#include "plan/groupmake.h"
#include "text/cgfile.h"

/* The most that stands around the group's path and the command in a message with both. */
enum { PIDS_SHOWN = 8, AROUND = 215, PATH_SHOWN = 99, ABOVE_SHOWN = 64, ADVICE_ROOM = 340 };

/* What root does so that this user can: a group that is theirs as far as making groups in it goes,
 * and in it another for who started us, since whoever is moved may leave one that is theirs only
 * (cgroup-v2.rst, "Delegation Containment"). */
static void
handed_over(const struct cgfacts *f, struct str above, struct buf *b)
{
	char uid_text[UINT_ROOM], pid_text[UINT_ROOM];
	struct str uid = uint_text(uid_text, f->uid);
	struct str pid = f->caller > 0 ? uint_text(pid_text, f->caller) : S("PID");

	buf_text(b,
	    TEXT("root can: cd % && mkdir -p user%/shell && cd user% && chown % . cgroup.procs "
		 "cgroup.subtree_control && echo % >shell/cgroup.procs; then --parent %/user% is "
		 "due",
		above, uid, uid, uid, pid, above, uid));
}

/* One line that starts the same command where a group is delegated to it; without systemd, or where
 * the group was chosen, how one comes to be. */
static struct str
advice(const struct grouping *g, struct buf *b)
{
	const struct cgfacts *f = g->facts;
	size_t path = f->base.path.n < PATH_SHOWN ? f->base.path.n : PATH_SHOWN;
	bool fits = f->command.n > 0 && f->command.n <= sizeof(g->err->msg) - AROUND - path;
	struct str above = f->nabove > 0 ? f->above[0].path : f->mount;

	if (f->systemd && !f->chosen)
		buf_text(b,
		    TEXT("systemd-run%-q --scope --collect -p Delegate=yes -- % is due",
			f->uid != 0 ? S(" --user ") : S(" "), fits ? f->command : S("COMMAND")));
	else if (above.n > ABOVE_SHOWN || f->base.path.n > PATH_SHOWN)
		buf_cstr(b, "--parent with an empty group that may be written to is due");
	else if (f->uid == 0)
		buf_text(b,
		    TEXT("--parent with an empty group is due, made by mkdir %/NAME", above));
	else if (f->base.writable)
		buf_text(b, TEXT("cd % && mkdir -p others && for p in $(cat cgroup.procs); do echo "
				 "$p >others/cgroup.procs; done is due",
				f->base.path));
	else
		handed_over(f, above, b);
	return buf_str(b);
}

static bool
no(struct err *why, struct pos pos, const char *text, const struct str *arg, size_t n)
{
	err_put(why, FAULT_REFUSED, pos, text, arg, n);
	return false;
}

static bool
mounted(const struct cgfacts *f, struct pos pos, struct err *why)
{
	if (f->mount.n == 0)
		return no(why, pos,
		    TEXT("limits need cgroup v2, which is not mounted here: %",
			f->systemd && f->v1.n > 0
			    ? S("the kernel parameter systemd.unified_cgroup_hierarchy=1 is due")
			    : S("mount -t cgroup2 none /sys/fs/cgroup is due")));
	if (f->outside)
		return no(why, pos,
		    TEXT(
			"our own control group lies outside of what \"%\" shows; --parent with one "
			"that it shows is due",
			f->mount));
	if (f->readonly)
		return no(why, pos,
		    TEXT("\"%\" is mounted read-only; mount -o remount,rw of it, or the like from "
			 "who made this container, is due",
			f->mount));
	if (f->base.path.n == 0)
		return no(why, pos,
		    TEXT(
			"our own control group is not known (/proc/self/cgroup); --parent is due"));
	return true;
}

/* In a threaded group, and in one whose type is invalid, no group has limits. */
static bool
of_domain(const struct cgdir *d, struct pos pos, struct err *why)
{
	struct str rest = d->type, first = cgfile_word(&rest);

	if (d->top)
		return true;
	if (first.n == 0)
		return no(why, pos, TEXT("cgroup.type of \"%\" cannot be read", d->path));
	if (str_eq(first, S("domain")) && cgfile_word(&rest).n == 0)
		return true;
	return no(why, pos,
	    TEXT("control group \"%\" is a threaded one (cgroup.type); --parent with one of type "
		 "domain is due",
		d->path));
}

bool
grouping_place(const struct grouping *g, bool limits, struct pos pos, struct err *why)
{
	const struct cgfacts *f = g->facts;
	const struct cgdir *d = &f->base;
	char room[ADVICE_ROOM], uid[UINT_ROOM];
	struct buf b = BUF(room);

	if (!mounted(f, pos, why) || !of_domain(d, pos, why))
		return false;
	if (g->there)
		return true;
	if (!d->writable)
		return no(why, pos,
		    TEXT("no group can be made in \"%\", which uid % may not write to; %", d->path,
			uint_text(uid, f->uid), advice(g, &b)));
	if (limits && f->systemd && !d->delegated && !f->chosen && !d->top)
		return no(why, pos,
		    TEXT("control group \"%\" is systemd's own, not delegated to us; %", d->path,
			advice(g, &b)));
	return true;
}

/* ---- controllers ----------------------------------------------------------------------------- */

/* Its name in v1 hierarchies, and in /proc/cgroups. */
static struct str
old_name(struct str controller)
{
	return str_eq(controller, S("io")) ? S("blkio") : controller;
}

/* Where a v1 hierarchy has the controller: p NULL when none is mounted. */
static struct str
v1_mount(const struct cgfacts *f, struct str controller)
{
	for (size_t at = 0, end; at < f->v1.n; at = end + 1) {
		struct str line;
		size_t space;

		end = str_find(f->v1, '\n', at);
		line = str_slice(f->v1, at, end);
		space = str_find(line, ' ', 0);
		if (str_eq(str_slice(line, 0, space), old_name(controller)))
			return str_slice(line, space + 1, line.n);
	}
	return (struct str){ NULL, 0 };
}

/* What /proc/cgroups says of it; false when it does not, or says nothing that can be read. */
static bool
kernel_knows(const struct cgfacts *f, struct str controller, struct cgcontroller *c)
{
	struct str rest = f->proc_cgroups;

	while (cgfile_controller(&rest, c) > 0)
		if (str_eq(c->name, old_name(controller)))
			return true;
	return false;
}

static void
lack_v1(const struct grouping *g, struct str controller, struct str where, struct pos pos,
    struct err *why)
{
	(void)no(why, pos,
	    TEXT("controller % is bound to a v1 hierarchy%%; the kernel parameter cgroup_no_v1=%% "
		 "is due",
		controller, where.n > 0 ? S(" at ") : S(""), str_slice(where, 0, 96), controller,
		g->facts->systemd ? S(", or systemd.unified_cgroup_hierarchy=1,") : S("")));
}

/* The pids of others than us, the first ones; false when there are none. malformed: as if there
 * were. */
static bool
others(const struct grouping *g, struct buf *b)
{
	const struct cgdir *d = &g->facts->base;
	struct str rest = d->procs;
	size_t n = 0;
	int pid, r;

	if (d->procs.p == NULL) {
		buf_cstr(b, "cgroup.procs cannot be read");
		return true;
	}
	while ((r = cgfile_pid(&rest, &pid)) > 0) {
		if ((uint64_t)pid == g->facts->self && g->name.n == 0)
			continue;
		if (n < PIDS_SHOWN) {
			buf_cstr(b, n == 0 ? "pid " : ", ");
			buf_int(b, pid);
		}
		n++;
	}
	if (n > PIDS_SHOWN) {
		buf_cstr(b, " and ");
		buf_uint(b, n - PIDS_SHOWN);
		buf_cstr(b, " more");
	}
	if (r < 0)
		buf_cstr(b, n > 0 ? "" : "cgroup.procs is malformed");
	return n > 0 || r < 0;
}

/* In the group and not yet for those in it; there, a process is in the way. */
static void
lack_alone(const struct grouping *g, struct str controller, struct pos pos, struct err *why)
{
	char who_text[160], room[ADVICE_ROOM];
	struct buf who = BUF(who_text), b = BUF(room);

	(void)others(g, &who);
	(void)no(why, pos,
	    TEXT("controller % cannot be enabled in \"%\": processes are in it (%); %", controller,
		g->facts->base.path, buf_str(&who), advice(g, &b)));
}

void
grouping_lack(const struct grouping *g, struct str controller, struct pos pos, struct err *why)
{
	const struct cgfacts *f = g->facts;
	struct str where = v1_mount(f, controller), base = f->base.path;
	struct cgcontroller c = { 0 };
	size_t i = 0;

	if (cgfile_has(f->base.controllers, controller)) {
		lack_alone(g, controller, pos, why);
		return;
	}
	while (i < f->nabove && !cgfile_has(f->above[i].controllers, controller))
		i++;
	if (i < f->nabove)
		(void)no(why, pos,
		    TEXT("controller % is not enabled in \"%\"; echo +% >cgroup.subtree_control in "
			 "there is due, and in each group from there to ours",
			controller, f->above[i].path, controller));
	else if (where.p != NULL)
		lack_v1(g, controller, where, pos, why);
	else if (!kernel_knows(f, controller, &c))
		(void)no(why, pos,
		    TEXT("there is no controller % here: neither cgroup.controllers of \"%\" nor "
			 "/proc/cgroups has it; a kernel with it is due",
			controller, base));
	else if (c.hierarchy != 0)
		lack_v1(g, controller, S(""), pos, why);
	else if (!c.enabled)
		(void)no(why, pos,
		    TEXT("controller % is switched off (/proc/cgroups); the kernel without its "
			 "parameter cgroup_disable=% is due",
			controller, controller));
	else
		(void)no(why, pos,
		    TEXT("controller % is not enabled in the group above \"%\", which is not seen "
			 "here; whoever made ours has to enable it",
			controller, base));
}

static void
need(struct grouping *g, struct str controller, struct pos pos, bool enable)
{
	size_t i = 0;

	while (i < g->nneeds && !str_eq(g->need[i], controller))
		i++;
	if (i == NEEDS_MAX) {
		grouping_refuse(g, pos, TEXT("files of more than 16 controllers"));
		return;
	}
	if (i == g->nneeds)
		g->need[g->nneeds++] = controller;
	g->enable |= enable ? (uint32_t)1 << i : 0;
}

/* Files of the group itself are always there. */
static void
look(struct grouping *g, struct wish *w)
{
	const struct cgdir *d = &g->facts->base;
	struct str controller = group_controller(w->claim.name);
	bool there = cgfile_has(d->controllers, controller);
	bool ready = cgfile_has(g->there ? d->controllers : d->subtree, controller);

	if (controller.n == 0)
		return;
	w->lacking = !ready && !there;
	if (!w->lacking)
		need(g, controller, w->op.pos, !ready);
}

void
grouping_controllers(struct grouping *g)
{
	const struct cgdir *d = &g->facts->base;
	char room[160];
	struct buf who = BUF(room);

	for (size_t i = 0; i < g->nwishes; i++)
		look(g, &g->wish[i]);
	if (g->enable == 0 || d->top)
		return;
	g->self = !others(g, &who) && d->procs.n > 0;
	for (size_t i = 0; i < g->nwishes && who.n > 0; i++) {
		struct str controller = group_controller(g->wish[i].claim.name);

		if (controller.n > 0 && !cgfile_has(d->subtree, controller))
			g->wish[i].lacking = true;
	}
	if (who.n > 0)
		g->enable = 0;
}
