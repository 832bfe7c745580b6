/* Boxes and machines whose plans have every operation and every claim between them. */
#ifndef UNIT_GOODPLANS_H
#define UNIT_GOODPLANS_H

#include "plan/group.h"
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
	BARE_NAME = 128,
	LIMITED = 256,  /* a group with limits, for which something has to be enabled first */
	JOINED = 512,   /* one that is there */
	DEGRADED = 1024 /* where possible a group; and resource limits */
};

static char good_took[3][TOOK_ROOM];
static const struct ebpf_insn good_insn[2];
static const struct ebpf good_devices = { good_insn, 2, NULL };
#define GOOD_SLOT .a = 0, .b = NO_SLOT
#define GOOD_NONE .a = NO_SLOT, .b = NO_SLOT
#define GOOD_CLAIM .detail = { "said", 4 }, .op = UINT32_MAX
#define GOOD_V2 .mechanism = { "cgroup v2", 9 }, GOOD_CLAIM

static struct op good_host[] = {
	{ .kind = OP_SELF, GOOD_NONE, .text = "/sys/fs/cgroup/me" },
	{ .kind = OP_ENABLE, GOOD_NONE, .text = "/sys/fs/cgroup/me", .text2 = "+memory +pids" },
	{ .kind = OP_LEAF, GOOD_SLOT, .text = "/sys/fs/cgroup/me" },
	{ .kind = OP_LIMIT,
	    GOOD_SLOT,
	    .text = "memory.max",
	    .text2 = "65536",
	    .num = 4096,
	    .took = good_took[0] },
	{ .kind = OP_LIMIT,
	    GOOD_SLOT,
	    .flags = FLAG_MAY,
	    .text = "memory.swap.max",
	    .text2 = "0",
	    .took = good_took[1] },
	{ .kind = OP_LIMIT, GOOD_SLOT, .text = "pids.max", .text2 = "65", .took = good_took[2] },
	{ .kind = OP_DEVICES, GOOD_SLOT, .devices = &good_devices },
};
static struct claim good_claims[] = {
	{ .name = { "monitor", 7 }, GOOD_V2 },
	{ .name = { "memory.max", 10 }, GOOD_V2, .needed = true, .took = good_took[0] },
	{ .name = { "memory.swap.max", 15 }, GOOD_V2, .took = good_took[1] },
	{ .name = { "pids.max", 8 }, GOOD_V2, .needed = true, .took = good_took[2] },
	{ .name = { "devices", 7 }, .mechanism = { "bpf cgroup device", 17 }, GOOD_CLAIM },
};
static const struct group good_limited = { &group_parts, good_host, COUNT(good_host), NULL, 0,
	good_claims, COUNT(good_claims), 0 };

static struct op good_open[] = {
	{ .kind = OP_OPEN, GOOD_SLOT, .flags = FLAG_DIRECTORY, .text = "/sys/fs/cgroup/you" },
};
static const struct group good_joined = { &group_parts, good_open, COUNT(good_open), NULL, 0, NULL,
	0, 0 };

static struct op good_leaf[] = {
	{ .kind = OP_LEAF, GOOD_SLOT, .flags = FLAG_MAY, .text = "/sys/fs/cgroup/me" },
};
static struct op good_rlimits[] = {
	{ .kind = OP_RLIMIT, .stage = STAGE_EXEC, GOOD_NONE, .text = "AS", .num = 65536 },
	{ .kind = OP_RLIMIT, .stage = STAGE_EXEC, GOOD_NONE, .text = "CPU", .num = 3 },
};
static struct claim good_degraded_claims[] = {
	{ .name = { "memory.max", 10 },
	    .mechanism = { "RLIMIT_AS and sampling", 22 },
	    GOOD_CLAIM,
	    .needed = true,
	    .state = CLAIM_BEST_EFFORT },
	{ .name = { "cpu.max", 7 },
	    .mechanism = { "RLIMIT_CPU and sampling", 23 },
	    GOOD_CLAIM,
	    .needed = true,
	    .state = CLAIM_BEST_EFFORT },
	{ .name = { "devices", 7 },
	    .mechanism = { "bpf cgroup device", 17 },
	    GOOD_CLAIM,
	    .state = CLAIM_DROPPED },
};
static const struct group good_degraded = { &group_parts, good_leaf, COUNT(good_leaf), good_rlimits,
	COUNT(good_rlimits), good_degraded_claims, COUNT(good_degraded_claims), 3 };

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
	{ "", LEVEL_UNSET, LIMITED, false },
	{ "--rw /var --time inherit", LEVEL_UNSET, AS_USER | LIMITED | NO_CLONE3, false },
	{ "", LEVEL_NONE, JOINED, true },
	{ "--no-init", LEVEL_UNSET, DEGRADED, false },
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
	p->payload.group = (g->machine & LIMITED) != 0  ? &good_limited
			 : (g->machine & JOINED) != 0   ? &good_joined
			 : (g->machine & DEGRADED) != 0 ? &good_degraded
							: NULL;
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
