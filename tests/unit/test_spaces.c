/* core/plan/spaces.c: namespaces, id maps, what ends the tree. */
#include "goodplans.h"
#include "unit.h"

static struct planned p;

static void
as_root(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup sharing memory\n"
			"host  map uid_map 0 0 4294967295\\n\n"
			"host  map gid_map 0 0 4294967295\\n\n"
			"host  capabilities\n"
			"host  go\n"
			"box   wait\n"
			"box   undumpable\n"
			"box   pdeathsig\n"
			"box   sysctl user/max_user_namespaces 0\n"
			"box   unshare time\n"
			"box   private");
	CU_ASSERT(p.plan->init && p.plan->tree);
	CHECK_NUM(0, count_ops(p.plan, OP_SUBREAPER) + count_ops(p.plan, OP_LEAF), 0);
	CHECK_CLAIM(0, &p, "tree",
	    "enforced needed: pid namespace, init's end is the end of every process in the box");
	CHECK_CLAIM(0, &p, "user", "enforced wanted: namespace, new");
}

static void
as_user(void)
{
	p = (struct planned){ .facts = machine_nobody() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  go\n"
			"box   wait\n"
			"box   map-self setgroups deny\n"
			"box   map-self uid_map 1000 1000 1\\n\n"
			"box   map-self gid_map 100 100 1\\n\n"
			"box   undumpable\n"
			"box   pdeathsig\n"
			"box   sysctl user/max_user_namespaces 0\n"
			"box   unshare time\n"
			"box   private");
	CHECK_NUM(0, count_ops(p.plan, OP_MAP), 0);
	/* nothing of the monitor's to drop */
	CHECK_NUM(0, count_ops(p.plan, OP_CAPS_NONE), 1);
}

/* Every id maps to itself, as many lines as there are. */
static void
maps(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.nuids = 8;
	for (uint32_t i = 0; i < 8; i++)
		p.facts.uids[i] = (struct idrange){ UINT32_MAX - 8 + i, 7, UINT32_MAX };
	p.facts.ngids = 2;
	p.facts.gids[0] = (struct idrange){ 0, 100000, 65536 };
	p.facts.gids[1] = (struct idrange){ 65536, 5, 1 };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  map uid_map 4294967287 4294967287 4294967295\\n"
			"4294967288 4294967288 4294967295\\n4294967289 4294967289 4294967295\\n"
			"4294967290 4294967290 4294967295\\n4294967291 4294967291 4294967295\\n"
			"4294967292 4294967292 4294967295\\n4294967293 4294967293 4294967295\\n"
			"4294967294 4294967294 4294967295\\n\n"
			"host  map gid_map 0 0 65536\\n65536 65536 1\\n");
	p.facts.ngids = 0;
	CHECK_REFUSED(0, &p, "", "the id maps here are unknown");
	p.facts.ngids = 1;
	p.facts.nuids = 0;
	CHECK_REFUSED(0, &p, "", "the id maps here are unknown");
	CU_ASSERT(planned(&p, "--user inherit") != NULL);
}

/* Each kind: new by default and when asked for, inherited, joined. */
static void
each_kind(void)
{
	static const char *const kinds[] = { "user", "mount", "pid", "net", "ipc", "uts", "cgroup",
		"time" };
	char words[64], want[80];

	p = (struct planned){ .facts = machine_root() };
	for (size_t i = 0; i < COUNT(kinds); i++) {
		uint64_t flag = ns_flag((enum ns_kind)i);

		snprintf(words, sizeof(words), "--%s new", kinds[i]);
		CU_ASSERT_FATAL(planned(&p, words) != NULL);
		CHECK_CLAIM(i, &p, kinds[i], "enforced needed: namespace, new");

		snprintf(words, sizeof(words), "--%s inherit", kinds[i]);
		CU_ASSERT_FATAL(planned(&p, words) != NULL);
		CU_ASSERT((p.plan->op[find_op(p.plan, OP_CLONE, 0)].num & flag) == 0);
		CHECK_STR(i, claim_text(p.plan, kinds[i]),
		    i == NS_PID     ? S("open needed: namespace, inherited: processes of the same "
					    "user outside are in reach")
		    : i == NS_MOUNT ? S("open needed: namespace, inherited: the host's files, "
					"/proc and sockets are in reach")
				    : S("open needed: namespace, inherited"));

		snprintf(words, sizeof(words), "--user inherit --%s /ns/%s", kinds[i], kinds[i]);
		if (i == NS_USER)
			snprintf(words, sizeof(words), "--user /ns/user");
		CU_ASSERT_FATAL(planned(&p, words) != NULL);
		CU_ASSERT((p.plan->op[find_op(p.plan, OP_CLONE, 0)].num & flag) == 0);
		snprintf(want, sizeof(want), "host  open /ns/%s -> #\nhost  setns /ns/%s %s #",
		    kinds[i], kinds[i], kinds[i]);
		CHECK_LINES(&p, want);
		snprintf(want, sizeof(want), "enforced needed: namespace, /ns/%s", kinds[i]);
		CHECK_STR(i, claim_text(p.plan, kinds[i]), str_of(want));
	}
}

/* All opened first; the user namespace gives the right to the rest, the mount namespace hides
 * it. */
static void
joins(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--mount /n/m --time /n/t --pid /n/p --net /n/n --uts /n/h "
				    "--ipc /n/i --cgroup /n/c --user /n/u") != NULL);
	CHECK_LINES(&p, "host  subreaper\n"
			"host  open /n/u -> #\n"
			"host  open /n/c -> #\n"
			"host  open /n/i -> #\n"
			"host  open /n/h -> #\n"
			"host  open /n/n -> #\n"
			"host  open /n/p -> #\n"
			"host  open /n/t -> #\n"
			"host  open /n/m -> #\n"
			"host  setns /n/u user #\n"
			"host  setns /n/c cgroup #\n"
			"host  setns /n/i ipc #\n"
			"host  setns /n/h uts #\n"
			"host  setns /n/n net #\n"
			"host  setns /n/p pid #\n"
			"host  setns /n/t time #\n"
			"host  setns /n/m mount #\n"
			"host  clone\n"
			"host  undumpable\n"
			"host  go");
	/* no view of ours in somebody else's namespaces, and no tree of our init's */
	CHECK_NUM(0, count_ops(p.plan, OP_PRIVATE) + count_ops(p.plan, OP_LOOPBACK), 0);
	CU_ASSERT(!p.plan->init && !p.plan->tree);
	CHECK_CLAIM(0, &p, "capabilities", "enforced needed: capset, securebits, none");
	/* what is found is the first that says why */
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_SETNS, 0)].pos.col, 15);
	p.facts = machine_nobody();
	CU_ASSERT(planned(&p, "--user /n/u --net /n/n") != NULL);
	CHECK_REFUSED(0, &p, "--net /n/n", "to join a namespace takes CAP_SYS_ADMIN");
	CHECK_NUM(0, p.err.pos.col, 0);
	CHECK_REFUSED(1, &p, "--user inherit --net /n/n",
	    "namespaces without a new user namespace need CAP_SYS_ADMIN");
}

static void
impossible(void)
{
	p = (struct planned){ .facts = machine_nobody() };
	CHECK_REFUSED(0, &p, "--user inherit",
	    "namespaces without a new user namespace need CAP_SYS_ADMIN");
	CU_ASSERT(
	    planned(&p, "--user inherit --mount inherit --pid inherit --net inherit "
			"--ipc inherit --uts inherit --cgroup inherit --time inherit") != NULL);
	p.facts.proc = false;
	CHECK_REFUSED(1, &p, "", "a new user namespace needs /proc");
	p.facts = machine_root();
	p.facts.proc = false;
	CHECK_REFUSED(2, &p, "", "a new user namespace needs /proc");
	CU_ASSERT(planned(&p, "--user inherit") != NULL);
	p.facts = machine_root();
	CHECK_REFUSED(3, &p, "--mount /n/m", "a joined mount namespace belongs to its own user");
	CU_ASSERT(planned(&p, "--mount /n/m --user inherit") != NULL);
	CU_ASSERT(planned(&p, "--mount /n/m --user /n/u") != NULL);
	p.facts.root_mount = false;
	CHECK_REFUSED(4, &p, "", "\"/\" is no mount point here");
	CU_ASSERT(planned(&p, "--mount inherit") != NULL);
	CU_ASSERT(planned(&p, "--user inherit --mount /n/m") != NULL);
}

/* What only hides a little more is dropped where it was not asked for; the boundary never is. */
static void
lacking(void)
{
	static const struct {
		const char *name;
		bool wanted;
	} t[] = { { "user", false }, { "mount", false }, { "pid", false }, { "net", false },
		{ "ipc", true }, { "uts", true }, { "cgroup", true }, { "time", true } };
	char words[32], want[80];

	for (size_t i = 0; i < COUNT(t); i++) {
		p = (struct planned){ .facts = machine_root() };
		p.facts.lacks = (uint32_t)1 << i;
		snprintf(words, sizeof(words), "--%s new", t[i].name);
		CU_ASSERT(planned(&p, words) == NULL);
		snprintf(want, sizeof(want),
		    "no %s namespace: this kernel has none; --%s inherit is due", t[i].name,
		    t[i].name);
		CHECK_STR(i, ((struct str){ p.err.msg, p.err.nmsg }), str_of(want));
		snprintf(words, sizeof(words), "--%s inherit", t[i].name);
		CU_ASSERT(planned(&p, words) != NULL);
		if (!t[i].wanted) {
			CU_ASSERT(planned(&p, "") == NULL);
			continue;
		}
		CU_ASSERT_FATAL(planned(&p, "") != NULL);
		CHECK_CLAIM(i, &p, t[i].name, "dropped wanted: namespace, this kernel has none");
		CU_ASSERT(
		    (p.plan->op[find_op(p.plan, OP_CLONE, 0)].num & ns_flag((enum ns_kind)i)) == 0);
	}
	p = (struct planned){ .facts = machine_root() };
	p.facts.lacks = (uint32_t)1 << NS_UTS;
	CHECK_REFUSED(20, &p, "--hostname box", "no uts namespace: this kernel has none");
	p.facts.lacks = (uint32_t)1 << NS_TIME | (uint32_t)1 << NS_IPC | (uint32_t)1 << NS_CGROUP;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,uts sharing memory");
}

/* clone(2) has no bit left for it. */
static void
time_and_clone3(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.kernel = 6002; /* clone3 it is, and no memory is shared */
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup,time\n"
			"host  map uid_map 0 0 4294967295\\n\n"
			"host  map gid_map 0 0 4294967295\\n\n"
			"host  undumpable\n"
			"host  capabilities\n"
			"host  go");
	CHECK_NUM(0, count_ops(p.plan, OP_UNSHARE), 0);
	CU_ASSERT_FATAL(planned(&p, "--time inherit") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup sharing memory");

	p.facts.clone3 = false;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_CLAIM(0, &p, "time",
	    "dropped wanted: namespace, "
	    "this kernel makes none without clone3, which is refused here");
	CHECK_NUM(0, count_ops(p.plan, OP_UNSHARE), 0);
	CHECK_REFUSED(0, &p, "--time new",
	    "no time namespace: this kernel makes none without clone3, which is refused here; "
	    "--time inherit is due");
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup by clone(2)");

	p.facts.kernel = 6003; /* by init, for its child */
	CU_ASSERT_FATAL(planned(&p, "--time new") != NULL);
	CHECK_CLAIM(1, &p, "time", "enforced needed: namespace, new");
	CHECK_NUM(1, count_ops(p.plan, OP_UNSHARE), 1);
	CHECK_REFUSED(1, &p, "--time new --no-init", "no time namespace: this kernel makes none");
	p.facts.clone3 = true;
	CU_ASSERT_FATAL(planned(&p, "--no-init --time new") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup,time");
	CHECK_NUM(2, count_ops(p.plan, OP_UNSHARE), 0);
}

/* Without an init of ours, a control group if there is one to make, else what the subreaper can
 * do. */
static void
tree(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--pid inherit") != NULL);
	CHECK_LINES(&p, "host  subreaper\nhost  clone user,mount,net,ipc,uts,cgroup,time");
	CHECK_CLAIM(0, &p, "tree",
	    "best-effort wanted: subreaper, "
	    "best effort: a process that leaves its session may survive");
	/* its guard needs what the monitor has */
	CHECK_NUM(0, count_ops(p.plan, OP_CAPS_NONE), 1);
	p.facts.cgroup = S("/sys/fs/cgroup/me");
	CU_ASSERT_FATAL(planned(&p, "--no-init --net /n/n") != NULL);
	/* made and guarded before other namespaces are joined: there its path is another's, and the
	 * guard would end with them */
	CHECK_LINES(&p, "host  subreaper\n"
			"host  cgroup-leaf /sys/fs/cgroup/me -> # if possible\n"
			"host  open /n/n -> #\n"
			"host  setns /n/n net #\n"
			"host  clone user,mount,pid,ipc,uts,cgroup,time #");
	CHECK_CLAIM(1, &p, "tree",
	    "enforced wanted: cgroup.kill, one kill ends every process of the box");
	CHECK_NUM(1, find_claim(p.plan, "tree")->op, find_op(p.plan, OP_LEAF, 0));
	CHECK_STR(1, find_claim(p.plan, "tree")->otherwise,
	    S("best effort: a process that leaves its session may survive"));
	p.facts.clone3 = false;
	CU_ASSERT_FATAL(planned(&p, "--no-init --time inherit") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts # by clone(2)");
	CHECK_LINES(&p, "box   sysctl user/max_user_namespaces 0\nbox   unshare cgroup");
}

/* A box begins in the group that was made ready for it; its cgroup namespace is made when it is
 * there. */
static void
limited(void)
{
	p = (struct planned){ .facts = machine_root(), .payload = { .group = &good_limited } };
	CU_ASSERT_FATAL(planned(&p, "--net /n/n") != NULL);
	CHECK_LINES(&p, "host  cgroup-self /sys/fs/cgroup/me\n"
			"host  cgroup-enable /sys/fs/cgroup/me +memory +pids\n"
			"host  cgroup-leaf /sys/fs/cgroup/me -> #\n"
			"host  cgroup-limit memory.max 65536 #\n"
			"host  cgroup-limit memory.swap.max 0 # if possible\n"
			"host  cgroup-limit pids.max 65 #\n"
			"host  cgroup-devices 2 instructions #\n"
			"host  open /n/n -> #\n"
			"host  setns /n/n net #\n"
			"host  clone user,mount,pid,ipc,uts,cgroup,time #\n"
			"host  map uid_map 0 0 4294967295\\n\n"
			"host  map gid_map 0 0 4294967295\\n\n"
			"host  undumpable\n"
			/* who removes it may need more than to be its owner */
			"host  go");
	CHECK_NUM(0, count_ops(p.plan, OP_UNSHARE), 0);
	CHECK_CLAIM(0, &p, "tree",
	    "enforced needed: pid namespace, init's end is the end of every process in the box");
	CU_ASSERT(find_claim(p.plan, "memory.max")->took == good_took[0]);
	/* without an init the group is what ends it */
	CU_ASSERT_FATAL(planned(&p, "--no-init --cgroup inherit") != NULL);
	CHECK_CLAIM(1, &p, "tree",
	    "enforced needed: cgroup.kill, one kill ends every process of the box");
	CHECK_NUM(1, find_claim(p.plan, "tree")->op, UINT32_MAX);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,time #");
	CHECK_NUM(1, count_ops(p.plan, OP_UNSHARE), 0);
	/* before clone3 it is put into it */
	p.facts.clone3 = false;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts # by clone(2)");
	CHECK_LINES(&p, "box   unshare cgroup\nbox   unshare time");
	/* what may not be there is skipped, and told */
	p = (struct planned){ .facts = machine_root(), .payload = { .group = &good_degraded } };
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_CLAIM(2, &p, "tree",
	    "enforced wanted: cgroup.kill, one kill ends every process of the box");
	CHECK_NUM(2, find_claim(p.plan, "tree")->op, find_op(p.plan, OP_LEAF, 0));
	CHECK_NUM(2, find_claim(p.plan, "placement")->op, find_op(p.plan, OP_LEAF, 0));
	CHECK_LINES(&p,
	    "exec  cloexec\nexec  rlimit AS 65536\nexec  rlimit CPU 3\nexec  exec /bin/prog");
	/* others are in a group that is joined */
	p.payload.group = &good_joined;
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_LINES(&p, "host  subreaper\nhost  open /sys/fs/cgroup/you -> #");
	CHECK_CLAIM(3, &p, "tree",
	    "best-effort wanted: subreaper, "
	    "best effort: a process that leaves its session may survive");
}

/* No limits at all, and nowhere to make a group: ready-made, but nothing in it. */
static void
nothing_made(void)
{
	const struct group none = { .parts = &group_parts };

	p = (struct planned){ .facts = machine_root(), .payload = { .group = &none } };
	p.facts.cgroup = S("/sys/fs/cgroup/me");
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,net,ipc,uts,cgroup sharing memory");
	CU_ASSERT(find_claim(p.plan, "placement") == NULL);
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_LEAF), 0);
	CHECK_CLAIM(0, &p, "tree",
	    "best-effort wanted: subreaper, "
	    "best effort: a process that leaves its session may survive");
}

/* Whether the payload can move itself out again. */
static void
placement(void)
{
	static const char kept[] =
	    "enforced wanted: cgroup v2, the payload has no way to write to cgroup.procs";
	static const char open[] =
	    "best-effort wanted: cgroup v2, a payload with our user's rights can move itself out; "
	    "in a box of sbx-ns it cannot";
	static const struct {
		const char *words;
		int level;
		const char *want;
	} t[] = {
		{ "", LEVEL_UNSET, kept },
		{ "--rw /home --bind /a /opt --tmp /t --ro /sys", LEVEL_UNSET, kept },
		{ "--rw /system", LEVEL_UNSET, kept },
		{ "--rw /", LEVEL_UNSET, open },
		{ "--bind / /mnt", LEVEL_UNSET, open },
		{ "--rw /sys", LEVEL_UNSET, open },
		{ "--bind /sys/fs /opt", LEVEL_UNSET, open },
		{ "--cgroup inherit", LEVEL_UNSET, open },
		{ "--user inherit --mount inherit", LEVEL_UNSET, open },
		{ "", LEVEL_NONE, open },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		p = (struct planned){ .facts = machine_root(),
			.level = t[i].level,
			.payload = { .group = &good_limited } };
		if (planned(&p, t[i].words) == NULL)
			printf("# row %zu: %.*s\n", i, (int)p.err.nmsg, p.err.msg);
		CU_ASSERT_FATAL(p.plan != NULL);
		CHECK_STR(i, claim_text(p.plan, "placement"), str_of(t[i].want));
	}
}

/* The limit is the box's own where it has a user namespace of its own making, and is there to write
 * to; the receipt tells of it in any case. */
static void
nesting(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--user new") != NULL);
	CHECK_CLAIM(0, &p, "nesting",
	    "enforced wanted: sysctl user.max_user_namespaces, "
	    "no user namespace can be made in the box");
	CU_ASSERT(find_op(p.plan, OP_SYSCTL, 0) < find_op(p.plan, OP_SECUREBITS, 0));
	CU_ASSERT_FATAL(planned(&p, "--user inherit") != NULL);
	CHECK_NUM(1, count_ops(p.plan, OP_SYSCTL), 0);
	CHECK_CLAIM(1, &p, "nesting",
	    "open wanted: sysctl user.max_user_namespaces, "
	    "a user namespace can be made, with every capability in it");
	CU_ASSERT_FATAL(planned(&p, "--user /n/u") != NULL);
	CHECK_NUM(2, count_ops(p.plan, OP_SYSCTL), 0);
	CHECK_NUM(2, find_claim(p.plan, "nesting")->state, CLAIM_NOT_ASKED);
	p.facts.sys_readonly = true;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_NUM(3, count_ops(p.plan, OP_SYSCTL), 0);
	CHECK_CLAIM(3, &p, "nesting",
	    "dropped wanted: sysctl user.max_user_namespaces, /proc/sys is read-only here: "
	    "a user namespace can be made, with every capability in it");
	CU_ASSERT_FATAL(planned(&p, "--user inherit") != NULL);
	CHECK_NUM(4, find_claim(p.plan, "nesting")->state, CLAIM_NOT_ASKED);
}

/* Level none: the host's namespaces and rights, and the tree as well as it can be ended. */
static void
level_none(void)
{
	p = (struct planned){ .facts = machine_root(), .level = LEVEL_NONE };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  subreaper\n"
			"host  clone\n"
			"host  undumpable\n"
			"host  go\n"
			"box   wait\n"
			"box   undumpable\n"
			"box   pdeathsig\n"
			"box   chdir /home/me if possible\n"
			"exec  setsid\n"
			"exec  sigmask\n"
			"exec  cloexec\n"
			"exec  exec /bin/prog");
	CHECK_CLAIM(0, &p, "net", "open wanted: namespace, inherited");
	CHECK_CLAIM(0, &p, "root", "(none)");
	CHECK_CLAIM(0, &p, "nesting", "(none)");
	CHECK_CLAIM(0, &p, "verdict",
	    "best-effort needed: descriptor that the payload never has, "
	    "a payload with our user's rights could kill or trace what "
	    "tells it");
	p.facts = machine_nobody();
	p.facts.cgroup = S("/sys/fs/cgroup/user");
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  subreaper\n"
			"host  cgroup-leaf /sys/fs/cgroup/user -> # if possible\n"
			"host  clone #");
	p.facts.clone3 = false;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone # by clone(2)");
}

/* Its defaults: the host's network and clock. */
static void
level_namespaced(void)
{
	p = (struct planned){ .facts = machine_root(), .level = LEVEL_NAMESPACED };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "host  clone user,mount,pid,ipc,uts,cgroup sharing memory");
	CHECK_NUM(0, count_ops(p.plan, OP_LOOPBACK), 0);
	CHECK_CLAIM(0, &p, "net", "open wanted: namespace, inherited");
}

UNIT_MAIN("spaces", { "all new, as root", as_root }, { "all new, as an ordinary user", as_user },
    { "id maps", maps }, { "each kind new, inherited, joined", each_kind },
    { "the order of joins", joins }, { "what cannot be", impossible },
    { "what the kernel lacks", lacking }, { "a time namespace and clone3", time_and_clone3 },
    { "what ends the tree", tree }, { "a group with limits", limited },
    { "a group of nothing", nothing_made }, { "who can leave it", placement },
    { "user namespaces in the box", nesting }, { "level none", level_none },
    { "level namespaced", level_namespaced })
