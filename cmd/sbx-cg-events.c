/* sbx-cg events: what the kernel tells of groups, at the moment when it does. */
#include "sbx-cg-watch.h"

#include "run/io.h"
#include "spec/alert.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

enum {
	GROUPS = 256,
	TRIGGERS = 16,
	FILES = 3,
	TEXT_ROOM = 4096,
	LINE_ROOM = 32 << 10,
	/* the kernel does not wake us for a group that is removed: one that has no process is asked
	 * so often, in ms */
	EVERY = 250,
};

static const uint8_t sources[FILES] = { CG_EVENTS, CG_MEMORY_EVENTS, CG_PIDS_EVENTS };

struct watched {
	struct cg_group group;
	struct cgusage last;
	bool gone;
};

struct events {
	struct cg_call *c;
	struct watched *watched;
	size_t n, left;
	struct trigger trigger[TRIGGERS];
	size_t ntriggers;
	struct pollfd
	    *poll; /* signals; the reader; then for each the files and the triggers, -1 where
		    * there is none */
	uint64_t began;
	uint64_t asked; /* when those without a process were */
	char *text;     /* room to read in */
	struct buf out;
};

/* ---- lines ----------------------------------------------------------------------------------- */

static int
flush(struct events *v)
{
	int r = io_write(1, buf_str(&v->out));

	v->out.n = 0;
	return r < 0 ? err_system(&v->c->err, -r, "cannot write to standard output") : 0;
}

static void
open_line(struct events *v, struct jsonw *j, const char *event, const struct watched *w)
{
	*j = (struct jsonw){ &v->out, false };
	event_open(j, CG_TOOL, str_of(event));
	jsonw_number(j, "ms", (sys_now() - v->began) / 1000);
	jsonw_member(j, "group", w->group.name);
}

static int
close_line(struct events *v, struct jsonw *j)
{
	event_close(j);
	return flush(v);
}

static void
put_states(struct jsonw *j, const struct cgusage *u)
{
	jsonw_key(j, S("populated"));
	jsonw_bool(j, u->populated);
	jsonw_key(j, S("frozen"));
	jsonw_bool(j, u->frozen);
}

/* Counters that moved, and by how much. */
static bool
put_moved(struct jsonw *j, const struct cgusage *before, const struct cgusage *now, size_t file)
{
	const struct {
		const char *key;
		uint64_t before, now;
	} counters[] = {
		{ "low", before->low, now->low },
		{ "high", before->high, now->high },
		{ "max", before->max, now->max },
		{ "oom", before->oom, now->oom },
		{ "oom_kill", before->oom_kill, now->oom_kill },
		{ "oom_group_kill", before->oom_group_kill, now->oom_group_kill },
		{ "max", before->pids_hit, now->pids_hit },
	};
	size_t from = sources[file] == CG_PIDS_EVENTS ? COUNT(counters) - 1 : 0;
	size_t to = sources[file] == CG_PIDS_EVENTS ? COUNT(counters) : COUNT(counters) - 1;
	bool any = false;

	for (size_t i = from; i < to; i++)
		if (counters[i].now > counters[i].before) {
			jsonw_number(j, counters[i].key, counters[i].now - counters[i].before);
			any = true;
		}
	return any;
}

static int
tell_change(struct events *v, const struct watched *w, const struct cgusage *now, size_t file)
{
	struct jsonw j;

	if (sources[file] == CG_EVENTS) {
		if (now->populated == w->last.populated && now->frozen == w->last.frozen)
			return 0;
		open_line(v, &j, "state", w);
		put_states(&j, now);
		return close_line(v, &j);
	}
	open_line(v, &j, sources[file] == CG_MEMORY_EVENTS ? "memory" : "pids", w);
	if (put_moved(&j, &w->last, now, file))
		return close_line(v, &j);
	v->out.n = 0;
	return 0;
}

static int
tell_pressure(struct events *v, const struct watched *w, const struct trigger *t)
{
	struct jsonw j;

	open_line(v, &j, "pressure", w);
	jsonw_member(&j, "resource", stall_name((enum cgstall)t->resource));
	jsonw_member(&j, "kind", t->full ? S("full") : S("some"));
	jsonw_number(&j, "stall_us", (uint64_t)t->stall * 1000);
	jsonw_number(&j, "window_us", (uint64_t)t->window * 1000);
	return close_line(v, &j);
}

/* ---- what comes ------------------------------------------------------------------------------ */

static struct pollfd *
polled(const struct events *v, size_t group)
{
	return v->poll + 2 + group * (FILES + v->ntriggers);
}

static int
tell_gone(struct events *v, struct watched *w)
{
	struct pollfd *p = polled(v, (size_t)(w - v->watched));
	struct jsonw j;

	w->gone = true;
	v->left--;
	for (size_t i = 0; i < FILES + v->ntriggers; i++) {
		if (p[i].fd >= 0)
			sys_close(p[i].fd);
		p[i].fd = -1;
	}
	sys_close(w->group.fd);
	open_line(v, &j, "removed", w);
	return close_line(v, &j);
}

/* Reads one file again, and tells what is different. */
static int
look(struct events *v, struct watched *w, size_t file, bool first)
{
	int fd = polled(v, (size_t)(w - v->watched))[file].fd;
	struct cgusage now = w->last;
	long n;

	if (w->gone || fd < 0)
		return 0;
	n = sys_read_again(fd, v->text, TEXT_ROOM);
	if (n == -ENODEV)
		return tell_gone(v, w);
	if (n < 0 || cgusage_take(&now, (enum cgsource)sources[file],
			 (struct str){ v->text, (size_t)n }) < 0)
		return 0;
	if (!first && tell_change(v, w, &now, file) < 0)
		return -1;
	w->last = now;
	return 0;
}

static int
look_at(struct events *v, struct watched *w, bool timer)
{
	struct pollfd *p = polled(v, (size_t)(w - v->watched));

	for (size_t i = 0; i < FILES; i++)
		if ((p[i].revents != 0 || (timer && i == 0)) && look(v, w, i, false) < 0)
			return -1;
	for (size_t i = 0; i < v->ntriggers && !w->gone; i++) {
		struct pollfd *t = &p[FILES + i];

		if (t->revents == 0)
			continue;
		/* with an error it is one of a group that is gone: it is told by the other files */
		if ((t->revents & POLLERR) != 0) {
			sys_close(t->fd);
			t->fd = -1;
		} else if (tell_pressure(v, w, &v->trigger[i]) < 0) {
			return -1;
		}
	}
	return 0;
}

/* A group can be removed only when nothing is in it. */
static int
patience(const struct events *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (!v->watched[i].gone && polled(v, i)->fd >= 0 && !v->watched[i].last.populated)
			return EVERY;
	return -1;
}

static int
loop(struct events *v)
{
	size_t all = 2 + v->n * (FILES + v->ntriggers);

	v->asked = v->began;
	while (v->left > 0) {
		int r = sys_poll(v->poll, all, patience(v));
		uint64_t now = sys_now();
		/* however much others tell meanwhile */
		bool due = now - v->asked >= EVERY * 1000;

		if (r < 0 && r != -EINTR)
			return err_system(&v->c->err, -r, "cannot wait for events");
		if (r > 0 && v->poll[0].revents != 0 && cg_ended(v->poll[0].fd))
			return 0;
		/* nobody reads any more, and perhaps nothing will ever be written that says so */
		if (r > 0 && (v->poll[1].revents & (POLLERR | POLLHUP)) != 0)
			return 0;
		if (due)
			v->asked = now;
		for (size_t i = 0; r >= 0 && i < v->n; i++)
			if (!v->watched[i].gone && look_at(v, &v->watched[i], due) < 0)
				return -1;
	}
	return 0;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static int
refused(struct events *v, const struct watched *w, const struct trigger *t, int error)
{
	struct str file = cgusage_file(trigger_source(t));
	struct err *e = &v->c->err;

	if (error == ENOENT)
		return err_refused(e, POS_NONE,
		    "%/% does not exist: a kernel that tells of pressure is due (CONFIG_PSI, "
		    "and psi=1)",
		    w->group.path, file);
	if (error == EOPNOTSUPP)
		return err_refused(e, POS_NONE,
		    "%/%: pressure is not told here; psi=1 on the kernel's command line, or 1 in "
		    "cgroup.pressure is due",
		    w->group.path, file);
	err_system(e, error, "cannot set a trigger in %/%", w->group.path, file);
	if (error == EPERM || (error == EINVAL && t->window % 2000 != 0))
		err_add(e,
		    "; without CAP_SYS_RESOURCE only windows of 2s, 4s, 6s, 8s and 10s are "
		    "taken, and none before Linux 6.4",
		    NULL, 0);
	return -1;
}

static int
set_trigger(struct events *v, const struct watched *w, const struct trigger *t)
{
	char line[64];
	struct buf b = BUF(line);
	int fd = sys_open_at(w->group.fd, cgusage_file(trigger_source(t)).p, O_RDWR | O_NONBLOCK,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	long n;

	if (fd < 0)
		return refused(v, w, t, -fd);
	trigger_put(&b, t);
	buf_char(&b, '\0');
	n = sys_write(fd, b.p, b.n);
	if (n >= 0)
		return fd;
	sys_close(fd);
	return refused(v, w, t, (int)-n);
}

static int
open_file(const struct watched *w, enum cgsource source)
{
	int fd = sys_open_at(w->group.fd, cgusage_file(source).p, O_RDONLY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);

	return fd < 0 ? -1 : fd;
}

static int
open_files(struct events *v, struct watched *w)
{
	struct pollfd *p = polled(v, (size_t)(w - v->watched));
	struct jsonw j;

	for (size_t i = 0; i < FILES; i++)
		p[i] = (struct pollfd){ .fd = open_file(w, (enum cgsource)sources[i]),
			.events = POLLPRI };
	if (v->ntriggers == 0 && p[0].fd < 0)
		return err_refused(&v->c->err, POS_NONE,
		    "%/cgroup.events does not exist: of the first group of all nothing is told "
		    "but pressure, for which --psi is due",
		    w->group.path);
	for (size_t i = 0; i < v->ntriggers; i++) {
		int fd = set_trigger(v, w, &v->trigger[i]);

		if (fd < 0)
			return -1;
		p[FILES + i] = (struct pollfd){ .fd = fd, .events = POLLPRI };
	}
	/* what changes from here on is told */
	for (size_t i = 0; i < FILES; i++)
		if (look(v, w, i, true) < 0)
			return -1;
	if (w->gone)
		return 0;
	open_line(v, &j, "watching", w);
	if (p[0].fd >= 0)
		put_states(&j, &w->last);
	return close_line(v, &j);
}

static int
read_triggers(struct events *v)
{
	struct cg_call *c = v->c;

	for (const struct strnode *n = c->options.trigger.first; n != NULL; n = n->next) {
		if (v->ntriggers == TRIGGERS)
			return err_usage(&c->err, "more than 16 times --psi");
		if (trigger_read(n->s, &v->trigger[v->ntriggers++], &c->err) < 0)
			return -1;
	}
	return 0;
}

static int
get_memory(struct events *v)
{
	struct arena *a = &v->c->arena;

	v->n = v->c->argc == 0 ? 1 : (size_t)v->c->argc;
	if (v->n > GROUPS) {
		err_limit(&v->c->err, POS_NONE, "more than 256 control groups");
		return -1;
	}
	v->left = v->n;
	v->watched = arena_array(a, v->n, sizeof(*v->watched));
	v->poll = arena_array(a, 2 + v->n * (FILES + v->ntriggers), sizeof(*v->poll));
	v->text = arena_bytes(a, TEXT_ROOM);
	v->out = (struct buf){ arena_bytes(a, LINE_ROOM), 0, LINE_ROOM, false };
	if (v->watched != NULL && v->poll != NULL && v->text != NULL && v->out.p != NULL)
		return 0;
	err_memory(&v->c->err);
	return -1;
}

int
cg_events(struct cg_call *c)
{
	struct events v = { .c = c, .began = sys_now() };

	if (read_triggers(&v) < 0 || get_memory(&v) < 0)
		return -1;
	v.poll[0] = (struct pollfd){ .fd = cg_signals(c), .events = POLLIN };
	v.poll[1].fd = 1;
	if (v.poll[0].fd < 0)
		return -1;
	(void)!sys_raise_files();
	for (size_t i = 0; i < v.n; i++) {
		struct cg_group *g = &v.watched[i].group;

		if ((c->argc > 0 ? cg_open(c, str_of(c->argv[i]), g) : cg_base(c, g)) < 0)
			return -1;
		sys_close(g->parent);
	}
	for (size_t i = 0; i < v.n; i++)
		if (open_files(&v, &v.watched[i]) < 0)
			return -1;
	return loop(&v);
}
