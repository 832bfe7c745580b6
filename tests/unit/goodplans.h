/* Boxes and machines whose plans have every operation and every claim between them. */
#ifndef UNIT_GOODPLANS_H
#define UNIT_GOODPLANS_H

#include "planning.h"

static struct strnode good_elsewhere = { .s = { "/srv/proc", 9 } };
static struct strnode good_proc = { .s = { "/proc", 5 }, .next = &good_elsewhere };

enum {
	AS_USER = 1,
	FIRST_ROOT = 2,
	NO_CLONE3 = 4,
	GROUP = 8,
	RESOLV = 16,
	PROCS = 32,
	OLD = 64,
	BARE_NAME = 128
};

static char *good_bare[] = { (char[]){ "prog" }, NULL };

static const struct good_plan {
	const char *words;
	int level;
	unsigned machine;
	bool streams;
} good_plans[] = {
	{ "", LEVEL_UNSET, 0, false },
	{ "", LEVEL_UNSET, AS_USER, false },
	{ "", LEVEL_NONE, 0, true },
	{ "", LEVEL_NONE, AS_USER | GROUP, true },
	{ "--proc", LEVEL_NAMESPACED, RESOLV, true },
	{ "--proc --proc-subset --rw /tmp --ro /etc --bind /usr /opt --hostname box --new-session",
	    LEVEL_UNSET, AS_USER | RESOLV, false },
	{ "--no-init --tmp /t --tmp /t/a/b --bind /usr /t/a/b/c", LEVEL_UNSET, GROUP, false },
	{ "--pid inherit --no-dev", LEVEL_UNSET, NO_CLONE3 | OLD | GROUP, false },
	{ "", LEVEL_UNSET, NO_CLONE3, false },
	{ "", LEVEL_UNSET, OLD | BARE_NAME, false },
	{ "", LEVEL_UNSET, FIRST_ROOT, false },
	{ "--user inherit --net /n/n --ipc /n/i --keep-fd 5 --keep-fd 7", LEVEL_UNSET, 0, false },
	{ "--user /n/u --mount /n/m --pid /n/p --uts /n/h --cgroup /n/c --time /n/t", LEVEL_UNSET,
	    AS_USER | GROUP, false },
	{ "--user inherit --mount inherit --pid inherit --net inherit --ipc inherit --uts inherit "
	  "--cgroup inherit --time inherit",
	    LEVEL_UNSET, AS_USER, false },
	{ "--rw / --bind / /mnt --bind / /opt --tmp /dev/x --ro /run/y", LEVEL_UNSET, PROCS,
	    false },
	{ "--root /srv/image --chdir /work --rw /srv/data", LEVEL_UNSET, 0, false },
	{ "--ro=/a --ro=/b --ro=/c --ro=/d --ro=/e --ro=/f --ro=/g --ro=/h --ro=/i --ro=/j --ro=/k "
	  "--ro=/l --ro=/m --ro=/n --ro=/o --ro=/p --ro=/q --ro=/r --ro=/s --ro=/t --ro=/u --ro=/v "
	  "--ro=/w --ro=/x --ro=/y --ro=/z --rw=/0",
	    LEVEL_UNSET, 0, false },
};

/* Makes the plan of one; true when there was such a one, and it was not refused. */
static inline bool
good_plan(struct planned *p, size_t i)
{
	const struct good_plan *g = &good_plans[i];

	*p = (struct planned){ .level = g->level, .payload = { .streams = g->streams } };
	p->payload.argv = (g->machine & BARE_NAME) != 0 ? good_bare : planning_argv;
	p->facts = (g->machine & AS_USER) != 0 ? machine_nobody() : machine_root();
	p->facts.root_initramfs = (g->machine & FIRST_ROOT) != 0;
	p->facts.clone3 = (g->machine & NO_CLONE3) == 0;
	p->facts.kernel = (g->machine & OLD) != 0 ? 5012 : 6018;
	p->facts.cgroup = (g->machine & GROUP) != 0 ? S("/sys/fs/cgroup/me") : S("");
	p->facts.resolv = (g->machine & RESOLV) != 0 ? S("/run/resolv.conf") : S("");
	if ((g->machine & PROCS) != 0)
		p->facts.procs = (struct strlist){ &good_proc, NULL, 2 };
	if (planned(p, g->words) != NULL)
		return true;
	printf("# row %zu: %.*s\n", i, (int)p->err.nmsg, p->err.msg);
	return false;
}

#endif
