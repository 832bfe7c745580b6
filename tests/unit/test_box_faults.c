/* Boxes of all kinds over the fake kernel, in which every system call fails once, with each errno
 * that it could give, and each is refused for good. */
#include "boxruns.h"
#include "unit.h"

#include <errno.h>

/* ---- which operation a call belongs to ------------------------------------------------------- */

static int op_of[FAKE_LOG];

/* The calls that an operation makes, in order. */
static size_t
calls_of(const struct op *o, enum fake_call c[12])
{
	static const struct {
		uint8_t kind;
		enum fake_call call;
	} one[] = {
		{ OP_OPEN, FAKE_open },
		{ OP_SETNS, FAKE_setns },
		{ OP_UNSHARE, FAKE_unshare },
		{ OP_SUBREAPER, FAKE_prctl },
		{ OP_GO, FAKE_write },
		{ OP_WAIT, FAKE_read },
		{ OP_PDEATH, FAKE_prctl },
		{ OP_DUMPABLE, FAKE_prctl },
		{ OP_PRIVATE, FAKE_mount },
		{ OP_TREE, FAKE_open_tree },
		{ OP_ATTR, FAKE_mount_attr },
		{ OP_ATTR_OFF, FAKE_mount_attr },
		{ OP_MOVE_ROOT, FAKE_move_mount_root },
		{ OP_TARGET, FAKE_open_at },
		{ OP_WRITABLE, FAKE_mount_readonly },
		{ OP_FCHDIR, FAKE_fchdir },
		{ OP_MOUNT, FAKE_mount },
		{ OP_MKDIR, FAKE_mkdir_at },
		{ OP_SYMLINK, FAKE_symlink_at },
		{ OP_CLOSE, FAKE_close },
		{ OP_PIVOT, FAKE_pivot_root },
		{ OP_UMOUNT_OLD, FAKE_umount_detach },
		{ OP_CHROOT, FAKE_chroot },
		{ OP_HOSTNAME, FAKE_sethostname },
		{ OP_LOOPBACK, FAKE_loopback_up },
		{ OP_CHDIR, FAKE_chdir },
		{ OP_SECUREBITS, FAKE_prctl },
		{ OP_CAPS_NONE, FAKE_capset_none },
		{ OP_NO_NEW_PRIVS, FAKE_prctl },
		{ OP_SETSID, FAKE_setsid },
		{ OP_STREAM, FAKE_dup_to },
		{ OP_SIGMASK, FAKE_sigmask },
		{ OP_CLOEXEC, FAKE_cloexec_from },
		{ OP_KEEP_FD, FAKE_keep_on_exec },
		{ OP_SECCOMP, FAKE_seccomp },
		{ OP_EXEC, FAKE_execve },
	};
	static const enum fake_call leaf[] = { FAKE_open, FAKE_getpid, FAKE_now, FAKE_pipe,
		FAKE_clone_old, FAKE_close, FAKE_mkdir_at, FAKE_open_at, FAKE_lock };
	static const enum fake_call map[] = { FAKE_open, FAKE_write, FAKE_close };
	static const enum fake_call old[] = { FAKE_clone_old, FAKE_open_at, FAKE_write,
		FAKE_close };
	static const enum fake_call spawn[] = { FAKE_sigmask, FAKE_signalfd, FAKE_vfork };
	size_t n = 0;

	switch (o->kind) {
	case OP_LEAF:
		memcpy(c, leaf, sizeof(leaf));
		return COUNT(leaf);
	case OP_MAP:
	case OP_MAP_SELF:
	case OP_SYSCTL:
		memcpy(c, map, sizeof(map));
		return COUNT(map);
	case OP_CLONE:
		c[0] = (o->flags & FLAG_SHARED) != 0 ? FAKE_clone_shared : FAKE_clone;
		if ((o->flags & FLAG_OLD) != 0)
			memcpy(c, old, sizeof(old));
		return (o->flags & FLAG_OLD) == 0 || o->a == NO_SLOT ? 1 : COUNT(old);
	case OP_SPAWN:
		memcpy(c, spawn, sizeof(spawn));
		return COUNT(spawn);
	case OP_MOVE:
		c[0] = o->text == NULL ? FAKE_move_mount : FAKE_move_mount_at;
		return 1;
	case OP_POINT:
		if (o->a != NO_SLOT)
			c[n++] = FAKE_stat_fd;
		/* and then one that depends on what the slot is: see match() */
		c[n++] = FAKE_mkdir_at;
		return n;
	default:
		for (size_t i = 0; i < COUNT(one); i++)
			if (one[i].kind == o->kind)
				c[n++] = one[i].call;
		return n;
	}
}

static bool
match(const struct op *o, enum fake_call want, const struct fake_entry *e)
{
	if (want == FAKE_mkdir_at && o->kind == OP_POINT)
		return e->call == FAKE_mkdir_at || e->call == FAKE_mkfile_at;
	/* the monitor opens other files than those of its operations */
	if (o->kind == OP_OPEN || (o->kind == OP_LEAF && want == FAKE_open))
		return e->call == want && strcmp(e->text, o->text) == 0;
	return e->call == want;
}

/* Walks the log of a run without faults: every operation of the plan made its calls, in order, in
 * the process that it is for. */
static void
align(const struct scene *sc, bool leaf)
{
	int box = FAKE_MONITOR + 1 + leaf;
	const int pid[STAGE_COUNT] = { FAKE_MONITOR, box, sc->plan->init ? box + 1 : box };
	size_t at[3] = { 0 };

	scene_guard(leaf ? FAKE_MONITOR + 1 : 0);
	for (size_t i = 0; i < FAKE_LOG; i++)
		op_of[i] = -1;
	for (size_t i = 0; i < sc->plan->n; i++) {
		const struct op *o = &sc->plan->op[i];
		int p = pid[o->stage];
		size_t *k = &at[p - FAKE_MONITOR - (p > FAKE_MONITOR && leaf)];
		enum fake_call c[12];
		size_t n = calls_of(o, c);

		HOLDS(n > 0);
		for (size_t j = 0; j < n; j++, ++*k) {
			while (*k < fake.nlog &&
			       (fake.log[*k].pid != p || !match(o, c[j], &fake.log[*k])))
				++*k;
			HOLDS(*k < fake.nlog);
			if (*k >= fake.nlog)
				return;
			op_of[*k] = (int)i;
		}
	}
}

static void
one_operation_its_calls(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct scene sc;

		context = rows[i].title;
		good = true;
		HOLDS(prepared(&sc, &rows[i]));
		scene_run(&sc);
		align(&sc, sc.v.leaf);
	}
}

/* ---- each call fails once -------------------------------------------------------------------- */

enum outcome {
	REFUSED,  /* set-up failed; the operation and the errno are told; nothing was executed */
	UNTOLD,   /* the same, but who was to tell it could not */
	NO_EXEC,  /* set up, not executed, and told so */
	HARMLESS, /* all that was asked for was done: the payload found what it always finds */
	LESS,     /* the same but for what the plan marks "if possible" */
	BLIND,    /* the payload may have run: it was ended, and that is the verdict */
};

enum role { MONITOR, GUARD, BOX, PAYLOAD };

/* One entry of the log of a run without faults. */
struct where {
	const struct fake_entry *e;
	enum role role;
	const struct op *op; /* that made the call, or NULL */
	uint32_t number;     /* of that operation */
	bool waits;          /* the box waits still for its go */
	bool running;        /* the payload runs */
	bool first_told;     /* a record that init writes: the first, that it was started */
	int error;
};

static bool
absent(int e)
{
	return e == ENOENT || e == EACCES;
}

/* Pipes in the order of their making: status, lifeline, then the streams. */
static bool
of_stream(const struct where *w, const struct scene *sc)
{
	return sc->streams && w->e->pipe >= 2 && w->e->pipe <= 4;
}

/* The calls of operations whose failure is no failure of the box, with the reasons. */
static enum outcome
by_operation(const struct where *w)
{
	bool may = (w->op->flags & FLAG_MAY) != 0;
	enum fake_call c = w->e->call;

	switch (w->op->kind) {
	case OP_EXEC:
		return NO_EXEC;
	case OP_LEAF:
		/* the group is wanted, not needed, and the verdict tells that there was none; but
		 * a guard that cannot be started is a refusal */
		if (c == FAKE_close)
			return HARMLESS;
		return c == FAKE_pipe || c == FAKE_clone_old ? REFUSED : LESS;
	case OP_TARGET:
		/* a rename elsewhere: resolved again */
		if (w->error == EAGAIN)
			return HARMLESS;
		/* a box need not have that place */
		return may && absent(w->error) ? LESS : REFUSED;
	case OP_CHDIR:
		/* it need not have the caller's directory; the new root is as good */
		return may ? LESS : REFUSED;
	case OP_WAIT:
	case OP_GO:
		return w->error == EINTR ? HARMLESS : REFUSED; /* made again */
	case OP_MAP:
	case OP_MAP_SELF:
	case OP_SYSCTL:
	case OP_CLONE:
		/* close(2) closes whatever it says; an interrupted write is made again */
		return c == FAKE_close || (c == FAKE_write && w->error == EINTR) ? HARMLESS
										 : REFUSED;
	default:
		return REFUSED;
	}
}

/* The monitor's own calls, outside of any operation. */
static enum outcome
by_monitor(const struct where *w, const struct scene *sc)
{
	enum fake_call c = w->e->call;

	switch ((int)c) {
	case FAKE_close:       /* closes whatever it says */
	case FAKE_close_range: /* what we do not let go of ends with us */
	case FAKE_kill:        /* whom it does not reach the group's end does, or the list */
	case FAKE_rmdir_at:    /* tried again, with all that is in it */
	case FAKE_open_at:     /* the same */
		return HARMLESS;
	case FAKE_pidfd_signal: /* the guard, which ends with its pipe, too; or the box itself */
		return w->e->num == SIGKILL && !sc->plan->tree && sc->v.leaf ? HARMLESS : REFUSED;
	case FAKE_sigmask: /* at the end: the mask ends with us too */
		return w->waits ? REFUSED : HARMLESS;
	case FAKE_open: /* the list of our children; looked at again, but before the start once */
		return w->waits && w->error != ENOENT ? REFUSED : HARMLESS;
	case FAKE_wait:
		/* for whatever there is: tried again; for the guard: we do its work; for the box:
		 * how it ended is not known */
		if (w->e->text[0] != '\0' || w->error == EINTR)
			return HARMLESS;
		return w->e->num == FAKE_MONITOR + 1 && !sc->plan->tree && sc->v.leaf ? HARMLESS
										      : BLIND;
	case FAKE_poll:
		return w->error == EINTR ? HARMLESS : BLIND;
	case FAKE_read:
		if (w->error == EINTR)
			return HARMLESS;
		if (w->waits)
			return REFUSED;
		/* records, signals, children: read again */
		return of_stream(w, sc) && w->error != EAGAIN ? BLIND : HARMLESS;
	case FAKE_write:
		/* that nobody reads on is the payload's right */
		return w->error == EINTR || w->error == EAGAIN || w->error == EPIPE ? HARMLESS
										    : BLIND;
	default:
		return REFUSED;
	}
}

static enum outcome
expected(const struct where *w, const struct scene *sc)
{
	enum fake_call c = w->e->call;

	/* a guard that cannot wait is gone, and the box ends with it; what it does later the
	 * monitor does as well */
	if (w->role == GUARD)
		return c == FAKE_dup_to || c == FAKE_close_range ||
			       (c == FAKE_read && w->error != EINTR)
			 ? BLIND
			 : HARMLESS;
	if (w->op != NULL)
		return by_operation(w);
	if (w->role == MONITOR)
		return by_monitor(w, sc);
	/* which of several places has the program: the exec asks again */
	if (c == FAKE_close || c == FAKE_access)
		return HARMLESS;
	if (w->error == EINTR && (c == FAKE_write || c == FAKE_poll || c == FAKE_wait))
		return c == FAKE_wait ? BLIND : HARMLESS; /* WNOHANG is not interrupted */
	if (c == FAKE_write && !w->running)
		return UNTOLD;
	/* the event alone is lost; a signal is read again */
	if ((c == FAKE_write && w->first_told) || c == FAKE_read)
		return HARMLESS;
	return BLIND;
}

static void
check_outcome(const struct scene *sc, const struct where *w, enum outcome want)
{
	const struct verdict *v = &sc->v;
	uint32_t op = w->op == NULL ? UINT32_MAX : w->number;

	switch (want) {
	case REFUSED:
		HOLDS(v->cause == CAUSE_SETUP && fake.executed == 0 && !v->started);
		HOLDS(v->op == op && v->sysno == w->error);
		HOLDS(sc->result == (w->role == MONITOR ? -1 : 0));
		break;
	case UNTOLD:
		HOLDS(v->cause == CAUSE_SETUP && fake.executed == 0 && !v->started);
		HOLDS(v->op == UINT32_MAX && v->sysno == 0);
		break;
	case NO_EXEC:
		HOLDS(v->cause == CAUSE_NO_EXEC && fake.executed == 0 && !v->started);
		HOLDS(v->op == op && v->sysno == w->error && !v->absent);
		HOLDS(verdict_status(v) == 126);
		break;
	case HARMLESS:
	case LESS:
		HOLDS(v->cause == CAUSE_EXIT && v->status == 7 && fake.executed == 1);
		HOLDS(scene_same_world(want == LESS));
		HOLDS(want == LESS || scene_same(false));
		break;
	case BLIND:
		HOLDS((v->cause == CAUSE_KILLED && verdict_status(v) == 137) ||
		      (v->cause == CAUSE_SETUP && fake.executed == 0));
		break;
	}
	nothing_left(sc, v->cause != CAUSE_SETUP || sc->result == 0);
}

static const int errors[] = { EPERM, EINTR, ENOMEM, EMFILE, ENOSYS, EACCES, ENOENT, EAGAIN, EIO };

static struct fake_entry entries[FAKE_LOG];

static void
describe(struct where *w, const struct scene *sc, size_t i, size_t go, size_t exec, bool guard)
{
	int box = FAKE_MONITOR + 1 + guard;

	w->e = &entries[i];
	w->role = w->e->pid == FAKE_MONITOR     ? MONITOR
		: guard && w->e->pid == box - 1 ? GUARD
		: w->e->pid == box              ? BOX
						: PAYLOAD;
	w->op = op_of[i] < 0 ? NULL : &sc->plan->op[op_of[i]];
	w->number = (uint32_t)op_of[i];
	w->waits = i <= go;
	w->running = i > exec;
	w->first_told = w->role == BOX && w->running && w->e->call == FAKE_write;
	for (size_t k = exec + 1; k < i; k++)
		if (entries[k].pid == w->e->pid && entries[k].call == FAKE_write)
			w->first_told = false;
}

static bool
never_fails(enum fake_call c)
{
	return c == FAKE_exit || c == FAKE_now || c == FAKE_getpid || c == FAKE_getppid;
}

/* What would be a lie about something that is there, not a failure. */
static bool
plausible(enum fake_call c, int error)
{
	return !never_fails(c) && !(c == FAKE_rmdir_at && error == ENOENT);
}

static void
each_call_of(const struct row *t, size_t *runs)
{
	static struct scene sc;
	size_t n, go = 0, exec;
	bool guard;

	context = t->title;
	good = true;
	HOLDS(prepared(&sc, t));
	scene_run(&sc);
	align(&sc, sc.v.leaf);
	guard = sc.v.leaf;
	n = fake.nlog;
	HOLDS(n < FAKE_LOG);
	memcpy(entries, fake.log, n * sizeof(entries[0]));
	exec = fake.world.entry - 1;
	scene_keep();
	for (size_t i = 0; i < n; i++)
		if (op_of[i] >= 0 && sc.plan->op[op_of[i]].kind == OP_GO)
			go = i;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < COUNT(errors); k++) {
			struct where w = { .error = errors[k] };
			char title[160];

			if (!plausible(entries[i].call, errors[k]))
				continue;

			describe(&w, &sc, i, go, exec, guard);
			snprintf(title, sizeof(title), "%s: %zu: %s %s: errno %d", t->title, i + 1,
			    fake_call_name(entries[i].call), entries[i].text, errors[k]);
			context = title;
			good = true;
			set(&sc, t);
			fake.fault[0] = (struct fake_fault){ .at = i + 1, .error = errors[k] };
			scene_run(&sc);
			HOLDS(fake.hits == 1);
			kept_stdio = w.role == MONITOR && w.e->call == FAKE_close_range;
			lost_children = w.role == MONITOR && w.e->call == FAKE_wait &&
					expected(&w, &sc) == BLIND && sc.plan->tree;
			lost_mask = w.role == MONITOR && w.e->call == FAKE_sigmask;
			check_outcome(&sc, &w, expected(&w, &sc));
			kept_stdio = lost_mask = false;
			lost_children = 0;
			++*runs;
		}
	}
}

static void
each_call_fails_once(void)
{
	size_t runs = 0;

	for (size_t i = 0; i < COUNT(rows); i++)
		each_call_of(&rows[i], &runs);
	printf("# %zu runs\n", runs);
}

/* ---- each call fails always, for one process or all ------------------------------------------ */

/* Whoever refuses a call for good (an outer seccomp filter) gets a refusal, or the box as it is
 * asked for, or its end; and never waits for it. */
static void
always(struct scene *sc, const struct row *t, enum fake_call c, int error)
{
	char title[128];

	snprintf(title, sizeof(title), "%s: %s always fails with %d", t->title, fake_call_name(c),
	    error);
	context = title;
	good = true;
	set(sc, t);
	fake.fault[0] = (struct fake_fault){ .call = c, .error = error };
	scene_run(sc);
	HOLDS(sc->end == FAKE_RETURNED);
	HOLDS(fake.wrong == NULL && fake.damage == 0);
	/* who cannot wait does not know when they are gone */
	HOLDS(fake.alive == 0 && (fake.left == 0 || c == FAKE_wait || c == FAKE_poll));
	/* an empty group with our mark is the most that can stay */
	HOLDS(fake.groups == 0 || c == FAKE_rmdir_at);
	HOLDS(fake.groups == 0 || sc->v.survivors > 0);
	HOLDS(fake.executed == 0 || scene_same_world(true));
	HOLDS(fake.executed == 0 || sc->v.cause != CAUSE_SETUP);
	HOLDS(sc->v.cause != CAUSE_EXIT || (sc->v.status == 7 && fake.executed == 1));
}

static void
each_call_fails_always(void)
{
	static const int error[] = { EPERM, ENOSYS, EIO };

	for (size_t i = 0; i < COUNT(rows); i++) {
		static struct scene sc;

		context = rows[i].title;
		good = true;
		HOLDS(prepared(&sc, &rows[i]));
		scene_run(&sc);
		scene_keep();
		for (int c = 0; c < FAKE_COUNT; c++)
			for (size_t k = 0; k < COUNT(error); k++)
				if (!never_fails((enum fake_call)c))
					always(&sc, &rows[i], (enum fake_call)c, error[k]);
	}
}

UNIT_MAIN("box_faults", { "each operation makes its calls", one_operation_its_calls },
    { "each call fails once", each_call_fails_once },
    { "each call fails always", each_call_fails_always })
