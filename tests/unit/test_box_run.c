/* Boxes of all kinds over the fake kernel: as they are, in any order of their processes, and with
 * every process of ours killed at every moment. */
#include "boxruns.h"
#include "unit.h"

/* ---- without faults -------------------------------------------------------------------------- */

static void
check_world(const struct scene *sc, const struct row *t)
{
	const struct fake_world *w = &fake.world;

	HOLDS(fake.executed == 1);
	HOLDS(w->fds == 3);
	HOLDS(w->mask == 0);
	/* records, lifeline, the guard's, streams (the input may have been given already): one end
	 * each. With the others it would see neither the box's end nor that of a stream */
	HOLDS(w->monitor_pipes <= 2u + sc->v.leaf + (t->streams ? 3 : 0));
	HOLDS(w->monitor_pipes >= 2u + sc->v.leaf + (t->streams ? 2 : 0));
	HOLDS(!w->monitor_dumpable);
	HOLDS(!sc->plan->init || !w->parent_dumpable);
	HOLDS(w->death == (sc->plan->init ? 0 : SIGKILL));
	HOLDS(w->group == (!sc->plan->tree && sc->facts.cgroup.n > 0));
	HOLDS(w->filtered == t->filter && (w->no_new_privs || !t->filter));
	HOLDS(w->session == (t->none || strstr(t->words, "--new-session") != NULL));
	if (t->none)
		return;
	HOLDS(w->no_nesting == ((w->spaces & K_CLONE_NEWUSER) != 0));
	HOLDS(w->caps_none && w->no_new_privs);
	HOLDS(w->securebits == K_SECUREBITS_LOCKED);
	HOLDS((w->spaces | w->joined) != 0);
	if (strstr(t->words, "--mount /") != NULL)
		return;
	HOLDS(w->private_mounts && w->root_moved && !w->old_root);
	HOLDS((w->root_attr & K_MOUNT_ATTR_RDONLY) != 0);
	HOLDS((w->root_attr & K_MOUNT_ATTR_NOSUID) != 0);
	HOLDS((w->root_attr & K_MOUNT_ATTR_NODEV) != 0);
}

static void
boxes(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *t = &rows[i];
		struct scene sc;

		context = t->title;
		good = true;
		for (int first = 0; first < 2; first++) {
			HOLDS(prepared(&sc, t));
			fake.child_first = first == 1;
			scene_run(&sc);
			nothing_left(&sc, true);
			HOLDS(sc.result == 0);
			HOLDS(sc.v.cause == CAUSE_EXIT && sc.v.status == 7);
			HOLDS(sc.v.started && sc.v.op == UINT32_MAX && sc.v.survivors == 0);
			HOLDS(sc.v.leaf == (!sc.plan->tree && sc.facts.cgroup.n > 0));
			HOLDS(!t->streams ||
			      str_eq((struct str){ sc.s.out.mem, sc.s.out.n }, S("reply")));
			HOLDS(!t->listener || (nsaid == 2 && memcmp(said, "es", 2) == 0));
			check_world(&sc, t);
		}
	}
}

/* ---- in any order ---------------------------------------------------------------------------- */

static void
any_order(void)
{
	uint8_t schedule[64];
	uint32_t state = 1;

	for (size_t i = 0; i < COUNT(rows) * 64; i++) {
		const struct row *t = &rows[i / 64];
		static struct scene sc;

		for (size_t k = 0; k < sizeof(schedule); k++) {
			state = state * 1103515245 + 12345;
			schedule[k] = (uint8_t)(state >> 16);
		}
		context = t->title;
		good = true;
		if (i % 64 == 0)
			HOLDS(prepared(&sc, t));
		set(&sc, t);
		fake.schedule = schedule;
		fake.nschedule = sizeof(schedule);
		scene_run(&sc);
		nothing_left(&sc, true);
		HOLDS(sc.v.cause == CAUSE_EXIT && sc.v.status == 7);
		HOLDS(fake.executed == 1);
	}
}

/* ---- each process of ours is killed at each moment ------------------------------------------- */

static void
resident(void)
{
	fake_sleep(3600000);
}

static void
parent(void)
{
	(void)fake_fork(resident);
	fake_sleep(3600000);
}

static const struct fake_program long_programs[] = {
	{ "/bin/app", 0, parent },
	{ NULL, 0, NULL },
};

/* Nothing of the box outlives any one of us: neither a process nor a control group, nor has the
 * payload ever run with less than it was to have. Without a namespace or a group of its own only
 * the payload's own child is beyond reach once the monitor is gone, as the receipt says. */
static void
set_long(struct scene *sc, const struct row *t)
{
	set(sc, t);
	fake.program = long_programs;
	sc->s.timeout = 1000;
	sc->s.grace = 100;
}

static void
killed(struct scene *sc, const struct row *t, size_t at, int pid, size_t exec)
{
	bool orphan = !sc->plan->tree && sc->facts.cgroup.n == 0 && pid == FAKE_MONITOR;
	uint8_t schedule[64];
	uint32_t state = (uint32_t)at;
	static char title[128];

	snprintf(title, sizeof(title), "%s: %d is killed before call %zu", t->title, pid, at);
	context = title;
	for (int turn = 0; turn < 2; turn++) {
		good = true;
		set_long(sc, t);
		for (size_t k = 0; turn == 1 && k < sizeof(schedule); k++) {
			state = state * 1103515245 + 12345;
			schedule[k] = (uint8_t)(state >> 16);
		}
		fake.schedule = schedule;
		fake.nschedule = turn == 1 ? sizeof(schedule) : 0;
		fake.event[0] = (struct fake_event){ .at = at, .happen = fake_sigkill, .arg = pid };
		scene_run(sc);
		HOLDS(fake.wrong == NULL);
		HOLDS(sc->end == FAKE_RETURNED || pid == FAKE_MONITOR);
		HOLDS(sc->end != FAKE_HUNG);
		HOLDS(fake.alive <= (orphan && (turn == 1 || at > exec) ? 1 : 0));
		HOLDS(fake.groups == 0);
		HOLDS(fake.executed == 0 || scene_same_world(false));
		HOLDS(sc->end == FAKE_KILLED || sc->v.cause != CAUSE_EXIT);
		HOLDS(sc->end == FAKE_KILLED || fake.executed == 0 || sc->v.cause != CAUSE_SETUP);
	}
}

static void
each_is_killed(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *t = &rows[i];
		static struct scene sc;
		size_t n, exec;

		context = t->title;
		good = true;
		HOLDS(prepared(&sc, t));
		set_long(&sc, t);
		scene_run(&sc);
		HOLDS(sc.v.cause == CAUSE_TIMEOUT);
		nothing_left(&sc, true);
		scene_keep();
		n = fake.nlog;
		exec = fake.world.entry;
		for (size_t at = 1; at <= n; at++)
			for (int pid = FAKE_MONITOR; pid < FAKE_MONITOR + 4; pid++)
				killed(&sc, t, at, pid, exec);
	}
}

UNIT_MAIN("box_run", { "boxes of all kinds", boxes }, { "in any order", any_order },
    { "each process of ours is killed at each moment", each_is_killed })
