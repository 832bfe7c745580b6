/* core/plan/group.c and its parts: where a group is made, what is enabled, what is written. */
#include "grouping.h"
#include "unit.h"

static struct grouped g;

#define BASE "/sys/fs/cgroup/user/scope"
#define LEAF "host  cgroup-leaf " BASE " -> #0\n"
#define FIRST \
	"host  cgroup-enable /sys/fs/cgroup +memory\n" \
	"host  cgroup-leaf /sys/fs/cgroup -> #0\n"
#define SELF "host  cgroup-self " BASE "\n"
#define ENABLE(what) "host  cgroup-enable " BASE " " what "\n"
#define LIMIT(what) "host  cgroup-limit " what " #0\n"
#define WISH(what) "host  cgroup-limit " what " #0 if possible\n"
#define DEVICES(n) "host  cgroup-devices " #n " instructions #0 if possible\n"
#define MEMORY WISH("memory.swap.max 0") WISH("memory.oom.group 1")

/* What is not as it is written there. */
static void
same_text(const char *what, struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		printf("# %s: got\n# %.*s\n", what, (int)got.n, got.p);
	CU_ASSERT(str_eq(got, str_of(want)));
}

/* Each limit: its file, its value, and what of controllers it needs. */
static void
each_limit(void)
{
	static const struct {
		const char *words, *enable, *limits;
	} t[] = {
		{ "-m 64M", "+memory", LIMIT("memory.max 67108864") MEMORY },
		{ "-m 64M --swap 1M", "+memory",
		    LIMIT("memory.max 67108864") LIMIT("memory.swap.max 1048576")
			WISH("memory.oom.group 1") },
		{ "-m 64M --no-oom-group", "+memory",
		    LIMIT("memory.max 67108864") WISH("memory.swap.max 0")
			WISH("memory.oom.group 0") },
		{ "-m 64M --set memory.swap.max=max --set memory.high=1M", "+memory",
		    LIMIT("memory.max 67108864") WISH("memory.oom.group 1")
			LIMIT("memory.swap.max max") LIMIT("memory.high 1M") },
		{ "-m 64M --set memory.oom.group=0", "+memory",
		    LIMIT("memory.max 67108864") WISH("memory.swap.max 0")
			LIMIT("memory.oom.group 0") },
		{ "--memory-high 1G --memory-low 1M --memory-min 4K", "+memory",
		    LIMIT("memory.min 4096") LIMIT("memory.low 1048576")
			LIMIT("memory.high 1073741824") },
		{ "--swap 0", "+memory", LIMIT("memory.swap.max 0") },
		{ "-c 0.5", "+cpu", LIMIT("cpu.max 50000 100000") },
		{ "-c 2.5 --cpu-period 10ms --cpu-burst 5ms", "+cpu",
		    LIMIT("cpu.max 25000 10000") LIMIT("cpu.max.burst 5000") },
		{ "--cpu-weight 7", "+cpu", LIMIT("cpu.weight 7") },
		{ "--cpus 0-3,5 --mems 0", "+cpuset",
		    LIMIT("cpuset.cpus 0-3,5") LIMIT("cpuset.mems 0") },
		{ "-p 64", "+pids", LIMIT("pids.max 65") },
		{ "-p 4194304", "+pids", LIMIT("pids.max 4194304") },
		{ "-p 4194303", "+pids", LIMIT("pids.max 4194304") },
		{ "--io 8:0:rbps=1M,wiops=7 --io 8:16:wbps=2,riops=3", "+io",
		    LIMIT("io.max 8:0 rbps=1048576 wiops=7") LIMIT("io.max 8:16 wbps=2 riops=3") },
		{ "--io-weight 300", "+io", LIMIT("io.weight default 300") },
		{ "--hugetlb 2MB=64M --hugetlb 1G=1G", "+hugetlb",
		    LIMIT("hugetlb.2MB.max 67108864") LIMIT("hugetlb.1GB.max 1073741824") },
		{ "--set misc.max=sev --set rdma.max=mlx", "+misc +rdma",
		    LIMIT("misc.max sev") LIMIT("rdma.max mlx") },
		{ "-p 9 -m 4K -c 1 --io-weight 1 --cpus 0", "+memory +cpu +cpuset +pids +io",
		    LIMIT("memory.max 4096") LIMIT("cpu.max 100000 100000") LIMIT("cpuset.cpus 0")
			LIMIT("pids.max 10") LIMIT("io.weight default 1") MEMORY },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char want[2048];

		g.facts = machine_delegated();
		CU_ASSERT_FATAL(grouped(&g, t[i].words, 1));
		snprintf(want, sizeof(want),
		    SELF "host  cgroup-enable " BASE " %s\n" LEAF "%s" DEVICES(30), t[i].enable,
		    t[i].limits);
		same_text(t[i].words, grouped_text(&g), want);
	}
}

/* What goes with a limit of memory, unless something else was said. */
static void
beside_memory(void)
{
	static const struct {
		const char *words, *limits;
	} t[] = {
		{ "-m 4K", LIMIT("memory.max 4096") MEMORY },
		{ "-m 4K --no-oom-group",
		    LIMIT("memory.max 4096") WISH("memory.swap.max 0") WISH("memory.oom.group 0") },
		{ "-m 4K --set memory.swap.max=1M",
		    LIMIT("memory.max 4096") WISH("memory.oom.group 1")
			LIMIT("memory.swap.max 1M") },
		{ "-m 4K --set memory.oom.group=0 --swap 0",
		    LIMIT("memory.max 4096") LIMIT("memory.swap.max 0")
			LIMIT("memory.oom.group 0") },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		char want[1024];

		g.facts = machine_delegated();
		CU_ASSERT_FATAL(grouped(&g, t[i].words, 0));
		snprintf(want, sizeof(want),
		    SELF "host  cgroup-enable " BASE " +memory\n" LEAF "%s" DEVICES(30),
		    t[i].limits);
		same_text(t[i].words, grouped_text(&g), want);
	}
	CU_ASSERT_FATAL(grouped(&g, "-m 4K --no-oom-group", 0));
	CHECK_TEXT(0, grouped_said(&g, "memory.oom.group"),
	    "enforced wanted: cgroup v2, out of memory, one process ends, not all of it");
}

static void
pages(void)
{
	static const char *const words[] = { "memory.max", "memory.swap.max", "memory.oom.group",
		"memory.high", "hugetlb.2MB.max", "pids.max" };
	static const uint64_t kept[] = { 4096, 4096, 0, 4096, 2 << 20, 0 };

	g.facts = machine_delegated();
	CU_ASSERT_FATAL(grouped(&g, "-m 64M --set memory.high=1M --hugetlb 2M=2M -p 1", 0));
	for (size_t i = 0; i < COUNT(words); i++)
		for (size_t k = 0; k < g.group.nhost; k++)
			if (str_eq(str_of(g.group.host[k].text), str_of(words[i])))
				CHECK_NUM(i, g.group.host[k].num, kept[i]);
}

static void
receipts(void)
{
	static const struct {
		const char *name, *want;
	} t[] = {
		{ "memory.max", "enforced needed: cgroup v2, 64M" },
		{ "memory.swap.max", "enforced wanted: cgroup v2, none, where memory is limited" },
		{ "memory.oom.group",
		    "enforced wanted: cgroup v2, out of memory, all of it ends, not one process" },
		{ "cpu.max", "enforced needed: cgroup v2, 1.5 cores, counted every 100ms" },
		{ "cpu.max.burst", "enforced needed: cgroup v2, 20ms" },
		{ "cpuset.cpus", "enforced needed: cgroup v2, 1" },
		{ "cpu.weight", "enforced needed: cgroup v2, 9" },
		{ "pids.max", "enforced needed: cgroup v2, 64, and 2 of ours" },
		{ "io.max", "enforced needed: cgroup v2, 8:0 rbps=1" },
		{ "hugetlb.2MB.max", "enforced needed: cgroup v2, 4M in pages of 2MB" },
		{ "misc.max", "enforced needed: cgroup v2, sev" },
		{ "devices", "enforced needed: bpf cgroup device, "
			     "null zero full random urandom tty ptmx pts, 1 given, no others" },
		{ "monitor",
		    "enforced wanted: cgroup v2, moved to a group of its own in " BASE
		    ": in that one controllers are enabled, which takes that no process is in it" },
	};
	size_t shared = 0;

	g.facts = machine_delegated();
	CU_ASSERT_FATAL(grouped(&g,
	    "-m 64M -c 1.5 --cpu-burst 20ms --cpus 1 --cpu-weight 9 -p 64 --io 8:0:rbps=1 "
	    "--hugetlb 2M=4M --set misc.max=sev --device c:10:229:rw",
	    2));
	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_STR(i, grouped_said(&g, t[i].name), str_of(t[i].want));
	/* what the kernel reports is written where the receipt looks for it */
	for (size_t i = 0; i < g.group.nhost; i++)
		if (g.group.host[i].kind == OP_LIMIT) {
			const struct claim *c = grouped_claim(&g, g.group.host[i].text);

			CU_ASSERT_FATAL(c != NULL);
			CU_ASSERT(c->took == g.group.host[i].took && c->took[0] == '\0');
			shared++;
		}
	CHECK_NUM(0, shared, 11);
	CU_ASSERT_FATAL(grouped(&g, "-p 64 --no-default-devices", 0));
	CHECK_NUM(0, g.group.host[g.group.nhost - 1].kind, OP_DEVICES);
	CHECK_NUM(0, g.group.host[g.group.nhost - 1].flags, 0);
	CHECK_TEXT(0, grouped_said(&g, "pids.max"), "enforced needed: cgroup v2, 64");
	CHECK_TEXT(0, grouped_said(&g, "devices"), "enforced needed: bpf cgroup device, no others");
}

/* Only what is needed and is not there yet is enabled; for nothing we do not move. */
static void
enabling(void)
{
	g.facts = machine_delegated();
	g.facts.base.subtree = S("memory pids\n");
	g.facts.base.procs = S("");
	CU_ASSERT_FATAL(grouped(&g, "-p 1", 1));
	same_text("enabled", grouped_text(&g), LEAF LIMIT("pids.max 2") DEVICES(30));
	CU_ASSERT_FATAL(grouped(&g, "-p 1 -c 1", 1));
	same_text("one of two", grouped_text(&g),
	    ENABLE("+cpu") LEAF LIMIT("cpu.max 100000 100000") LIMIT("pids.max 2") DEVICES(30));
	CU_ASSERT(grouped_claim(&g, "monitor") == NULL);
	/* others in it are no matter, while nothing has to be enabled */
	g.facts.base.procs = S("5\n0\n");
	CU_ASSERT_FATAL(grouped(&g, "-p 1", 1));
	same_text("others", grouped_text(&g), LEAF LIMIT("pids.max 2") DEVICES(30));
	/* nor in the first group of all */
	g.facts = machine_first();
	CU_ASSERT_FATAL(grouped(&g, "-m 1M", 1));
	same_text("first", grouped_text(&g), FIRST LIMIT("memory.max 1048576") MEMORY DEVICES(30));
	/* of the group's own files nothing has to be enabled */
	g.facts = machine_delegated();
	CU_ASSERT_FATAL(grouped(&g, "--set cgroup.max.depth=1 --set cgroup.max.descendants=2", 0));
	same_text("own files", grouped_text(&g),
	    LEAF LIMIT("cgroup.max.depth 1") LIMIT("cgroup.max.descendants 2") DEVICES(30));
}

/* What needs a group has one, or is refused; what is served without gets one where there can be. */
static void
timeouts(void)
{
	static const char may[] = "host  cgroup-leaf " BASE " -> #0 if possible\n" DEVICES(30);

	g.facts = machine_delegated();
	g.facts.base.delegated = false;
	CU_ASSERT_FATAL(grouped(&g, "-t 1s --grace 2s", 0));
	same_text("timeout", grouped_text(&g), may);
	CHECK_NUM(0, grouped_claim(&g, "devices")->op, 0);
	CHECK_TEXT(0, grouped_claim(&g, "devices")->otherwise,
	    "no group, or no BPF program, could be made: all devices are open");
	CU_ASSERT_FATAL(grouped(&g, "", 0));
	same_text("nothing", grouped_text(&g), may);
	CU_ASSERT(!grouped(&g, "--idle-timeout 1s", 0));
	CU_ASSERT(!grouped(&g, "--cpu-time 1s", 0));
	CU_ASSERT(!grouped(&g, "--no-default-devices", 0));
	g.facts.base.delegated = true;
	CU_ASSERT_FATAL(grouped(&g, "--idle-timeout 1s", 0));
	same_text("idle", grouped_text(&g), LEAF DEVICES(30));
	CU_ASSERT_FATAL(grouped(&g, "--cpu-time 1s", 0));
	same_text("time", grouped_text(&g), LEAF DEVICES(30));
	g.facts.chosen = true;
	CU_ASSERT_FATAL(grouped(&g, "-t 1s", 0));
	same_text("chosen", grouped_text(&g), LEAF DEVICES(30));
	g.facts.base.writable = false;
	CU_ASSERT(!grouped(&g, "-t 1s", 0));
	g.facts.chosen = false;
	g.facts.readonly = true;
	CU_ASSERT_FATAL(grouped(&g, "-t 1s", 0));
	same_text("read-only", grouped_text(&g), "");
	CHECK_TEXT(0, grouped_said(&g, "devices"),
	    "dropped wanted: bpf cgroup device, there is no group for it: all devices are open");
}

static void
no_mount(struct cgfacts *f)
{
	f->mount = S("");
}

static void
no_v2(struct cgfacts *f)
{
	f->mount = S("");
	f->v1 = S("memory /sys/fs/cgroup/memory\n");
}

static void
outside(struct cgfacts *f)
{
	f->outside = true;
	f->base = (struct cgdir){ 0 };
}

static void
readonly(struct cgfacts *f)
{
	f->readonly = true;
}

static void
unknown(struct cgfacts *f)
{
	f->base = (struct cgdir){ 0 };
}

static void
threaded(struct cgfacts *f)
{
	f->base.type = S("domain threaded\n");
}

static void
invalid(struct cgfacts *f)
{
	f->base.type = S("threaded\n");
}

static void
no_type(struct cgfacts *f)
{
	f->base.type = (struct str){ NULL, 0 };
}

static void
unwritable(struct cgfacts *f)
{
	f->base.writable = false;
}

static void
unwritable_user(struct cgfacts *f)
{
	f->base.writable = false;
	f->uid = 1000;
}

static void
unwritable_plain(struct cgfacts *f)
{
	f->base.writable = false;
	f->uid = 1000;
	f->systemd = false;
}

static void
unwritable_called(struct cgfacts *f)
{
	unwritable_plain(f);
	f->caller = 4242;
}

#define LONG "1234567890123456789012345678901234567890123456789012345"

static void
unwritable_deep(struct cgfacts *f)
{
	unwritable_plain(f);
	f->base.path = S("/sys/fs/cgroup/" LONG "/x");
	f->above[0].path = S("/sys/fs/cgroup/" LONG);
}

static void
undelegated(struct cgfacts *f)
{
	f->base.delegated = false;
}

static void
undelegated_long(struct cgfacts *f)
{
	static char path[300], command[300];

	memset(path, 'p', sizeof(path));
	memset(command, 'c', sizeof(command));
	path[0] = '/';
	f->base.delegated = false;
	f->base.path = (struct str){ path, sizeof(path) };
	f->command = (struct str){ command, sizeof(command) };
}

static void
populated(struct cgfacts *f)
{
	f->base.procs = S("77\n9\n0\n");
}

static void
crowded(struct cgfacts *f)
{
	f->base.procs = S("1\n2\n3\n4\n5\n6\n77\n7\n8\n9\n10\n");
	f->systemd = false;
}

static void
no_procs(struct cgfacts *f)
{
	f->base.procs = (struct str){ NULL, 0 };
}

static void
bad_procs(struct cgfacts *f)
{
	f->base.procs = S("77\nx\n");
}

static void
chosen_populated(struct cgfacts *f)
{
	f->chosen = true;
	f->base.delegated = false;
	f->base.procs = S("9\n");
}

static void
populated_user(struct cgfacts *f)
{
	chosen_populated(f);
	f->uid = 1000;
}

static void
nothing_enabled(struct cgfacts *f)
{
	f->base.controllers = S("pids\n");
	f->above[0].controllers = S("pids\n");
	f->above[0].subtree = S("pids\n");
}

static void
bound(struct cgfacts *f)
{
	f->base.controllers = S("hugetlb\n");
	f->nabove = 0;
	f->v1 = S("cpu /sys/fs/cgroup/cpu\nblkio /sys/fs/cgroup/blk\n"
		  "memory /sys/fs/cgroup/memory\n");
}

static void
bound_somewhere(struct cgfacts *f)
{
	f->base.controllers = S("");
	f->nabove = 0;
	f->systemd = false;
	f->proc_cgroups = S("#n h n e\nmemory\t4\t9\t1\n");
}

static void
not_in_kernel(struct cgfacts *f)
{
	f->base.controllers = S("cpu");
	f->nabove = 0;
	f->proc_cgroups = S("");
}

static void
disabled(struct cgfacts *f)
{
	f->base.controllers = S("cpu\n");
	f->nabove = 0;
	f->proc_cgroups = S("#n h n e\nmemory\t0\t9\t0\n");
}

static void
hidden(struct cgfacts *f)
{
	f->base.controllers = S("\n");
	f->nabove = 0;
}

static void
no_files(struct cgfacts *f)
{
	f->base.controllers = f->base.subtree = (struct str){ NULL, 0 };
	f->nabove = 0;
}

static void
no_bpf(struct cgfacts *f)
{
	f->bpf = false;
}

#define DELEGATE(user) \
	"systemd-run " user \
	"-q --scope --collect -p Delegate=yes -- sbx-cg run -m 64M -- true is due"
#define HAND_OVER(pid) \
	"root can: cd /sys/fs/cgroup/user && mkdir -p user1000/shell && cd user1000 && chown " \
	"1000 . cgroup.procs cgroup.subtree_control && echo " pid \
	" >shell/cgroup.procs; then --parent /sys/fs/cgroup/user/user1000 is due"

/* Each says what is missing, and what would provide it. */
static void
refusals(void)
{
	static const struct {
		void (*change)(struct cgfacts *);
		const char *words, *want;
	} t[] = {
		{ no_mount, "-m 1M",
		    "limits need cgroup v2, which is not mounted here: mount -t cgroup2 none "
		    "/sys/fs/cgroup is due" },
		{ no_v2, "-m 1M",
		    "limits need cgroup v2, which is not mounted here: the kernel parameter "
		    "systemd.unified_cgroup_hierarchy=1 is due" },
		{ outside, "-m 1M",
		    "our own control group lies outside of what \"/sys/fs/cgroup\" shows; --parent "
		    "with one that it shows is due" },
		{ readonly, "-m 1M",
		    "\"/sys/fs/cgroup\" is mounted read-only; mount -o remount,rw of it, or the "
		    "like from who made this container, is due" },
		{ unknown, "-m 1M",
		    "our own control group is not known (/proc/self/cgroup); --parent is due" },
		{ threaded, "-m 1M",
		    "control group \"" BASE "\" is a threaded one (cgroup.type); --parent with one "
		    "of type domain is due" },
		{ invalid, "--cpu-time 1s",
		    "control group \"" BASE "\" is a threaded one (cgroup.type); --parent with one "
		    "of type domain is due" },
		{ no_type, "-m 1M", "cgroup.type of \"" BASE "\" cannot be read" },
		{ unwritable, "-m 1M",
		    "no group can be made in \"" BASE
		    "\", which uid 0 may not write to; " DELEGATE("") },
		{ unwritable_user, "-m 1M",
		    "no group can be made in \"" BASE
		    "\", which uid 1000 may not write to; " DELEGATE("--user ") },
		{ unwritable_plain, "-m 1M",
		    "no group can be made in \"" BASE
		    "\", which uid 1000 may not write to; " HAND_OVER("PID") },
		{ unwritable_called, "-m 1M",
		    "no group can be made in \"" BASE
		    "\", which uid 1000 may not write to; " HAND_OVER("4242") },
		{ unwritable_deep, "-m 1M",
		    "no group can be made in \"/sys/fs/cgroup/" LONG
		    "/x\", which uid 1000 may not write to; --parent with an empty group that may "
		    "be written to is due" },
		{ undelegated, "-m 1M",
		    "control group \"" BASE
		    "\" is systemd's own, not delegated to us; " DELEGATE("") },
		{ undelegated, "--device a",
		    "control group \"" BASE
		    "\" is systemd's own, not delegated to us; " DELEGATE("") },
		{ populated, "-m 1M",
		    "controller memory cannot be enabled in \"" BASE "\": processes are in it (pid "
		    "9, 0); " DELEGATE("") },
		{ crowded, "-m 1M",
		    "controller memory cannot be enabled in \"" BASE "\": processes are in it (pid "
		    "1, 2, 3, 4, 5, 6, 7, 8 and 2 more); --parent with an empty group is due, made "
		    "by mkdir /sys/fs/cgroup/user/NAME" },
		{ no_procs, "-p 1",
		    "controller pids cannot be enabled in \"" BASE "\": processes are in it "
		    "(cgroup.procs cannot be read); " DELEGATE("") },
		{ bad_procs, "-p 1",
		    "controller pids cannot be enabled in \"" BASE "\": processes are in it "
		    "(cgroup.procs is malformed); " DELEGATE("") },
		{ chosen_populated, "-p 1",
		    "controller pids cannot be enabled in \"" BASE
		    "\": processes are in it (pid 9); "
		    "--parent with an empty group is due, made by mkdir /sys/fs/cgroup/user/NAME" },
		{ populated_user, "-p 1",
		    "controller pids cannot be enabled in \"" BASE
		    "\": processes are in it (pid 9); cd " BASE " && mkdir -p others && for p in "
		    "$(cat cgroup.procs); do echo $p >others/cgroup.procs; done is due" },
		{ nothing_enabled, "-p 1 -m 1M",
		    "controller memory is not enabled in \"/sys/fs/cgroup\"; echo +memory "
		    ">cgroup.subtree_control in there is due, and in each group from there to "
		    "ours" },
		{ bound, "--io-weight 7",
		    "controller io is bound to a v1 hierarchy at /sys/fs/cgroup/blk; the kernel "
		    "parameter cgroup_no_v1=io, or systemd.unified_cgroup_hierarchy=1, is due" },
		{ bound, "-m 1M",
		    "controller memory is bound to a v1 hierarchy at /sys/fs/cgroup/memory; the "
		    "kernel parameter cgroup_no_v1=memory, or systemd.unified_cgroup_hierarchy=1, "
		    "is due" },
		{ bound_somewhere, "-m 1M",
		    "controller memory is bound to a v1 hierarchy; the kernel parameter "
		    "cgroup_no_v1=memory is due" },
		{ not_in_kernel, "-m 1M",
		    "there is no controller memory here: neither cgroup.controllers of \"" BASE
		    "\" nor /proc/cgroups has it; a kernel with it is due" },
		{ disabled, "-m 1M",
		    "controller memory is switched off (/proc/cgroups); the kernel without its "
		    "parameter cgroup_disable=memory is due" },
		{ hidden, "--io-weight 1",
		    "controller io is not enabled in the group above \"" BASE "\", which is not "
		    "seen here; whoever made ours has to enable it" },
		{ no_files, "-p 1",
		    "controller pids is not enabled in the group above \"" BASE "\", which is not "
		    "seen here; whoever made ours has to enable it" },
		{ hidden, "--set nonsense.max=1",
		    "there is no controller nonsense here: neither cgroup.controllers of \"" BASE
		    "\" nor /proc/cgroups has it; a kernel with it is due" },
		{ no_bpf, "--device c:1:3",
		    "rules for devices take a BPF program, which cannot be loaded here; root, and "
		    "a kernel with CONFIG_CGROUP_BPF, are due" },
		{ no_bpf, "--io 8:0:rbps=1 --io /dev/x:rbps=1",
		    "the numbers of device \"/dev/x\" "
		    "are not known" },
		{ no_bpf, "--set a.b=1 --set b.b=1 --set c.b=1 --set d.b=1 --set e.b=1",
		    "there is no controller a here: neither cgroup.controllers of \"" BASE
		    "\" nor /proc/cgroups has it; a kernel with it is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		g.facts = machine_delegated();
		t[i].change(&g.facts);
		CU_ASSERT(!grouped(&g, t[i].words, 1));
		CHECK_NUM(i, g.err.fault, FAULT_REFUSED);
		/* the word of the command line that asked for it */
		CU_ASSERT(g.err.pos.col > 0);
		same_text(t[i].words, grouped_fault(&g), t[i].want);
	}
	g.facts = machine_delegated();
	undelegated_long(&g.facts);
	CU_ASSERT(!grouped(&g, "-m 1M", 1));
	CU_ASSERT(str_ends(grouped_fault(&g), S("... -- COMMAND is due")) ||
		  str_ends(grouped_fault(&g), S("-p Delegate=yes -- COMMAND is due")));
}

static void
controllers_in_number(void)
{
	static const char all[] = "a b c d e f g h i j k l m n o p q\n";
	char words[1024] = "", list[3 * 202];

	for (char c = 'a'; c <= 'q'; c++)
		snprintf(words + strlen(words), sizeof(words) - strlen(words), " --set %c.x=1", c);
	g.facts = machine_delegated();
	g.facts.base.controllers = FILE_TEXT(all);
	CU_ASSERT(!grouped(&g, words, 1));
	CHECK_TEXT(0, grouped_fault(&g), "files of more than 16 controllers");
	/* the longest names that files can have */
	for (size_t i = 0, at = 0; i < 3; i++) {
		char *w = list + i * 202;

		memset(w, 'a' + (char)i, 201);
		w[201] = i == 2 ? '\0' : ' ';
		at += (size_t)snprintf(words + at, sizeof(words) - at, "--set %.201s.x=1 ", w);
	}
	g.facts = machine_delegated();
	g.facts.base.controllers = str_of(list);
	CU_ASSERT_FATAL(grouped(&g, words, 1));
	CHECK_NUM(0, str_of(g.group.host[1].text2).n, 3 * 203 - 1);
	g.facts = machine_delegated();
	/* one by two names */
	CU_ASSERT_FATAL(grouped_limits(&g, "--io 8:0:rbps=1 --io /dev/sda:rbps=2"));
	g.limits.io->next->known = true;
	g.limits.io->next->major = 8;
	CU_ASSERT(group_make(&g.arena, &g.limits, &g.facts, 0, &g.group, &g.err) < 0);
	CHECK_TEXT(0, grouped_fault(&g), "limits of device 8:0 are there already");
}

/* Only what is lacking, and only what was agreed to. */
static void
less(void)
{
	g.facts = machine_delegated();
	CU_ASSERT_FATAL(grouped(&g, "-m 64M -p 5 --degrade memory,pids", 0));
	same_text("not lacking", grouped_text(&g),
	    SELF ENABLE("+memory +pids") LEAF LIMIT("memory.max 67108864") LIMIT("pids.max 5")
		MEMORY DEVICES(30));
	CHECK_NUM(0, g.group.watch, 0);
	g.facts.base.controllers = S("pids\n");
	CU_ASSERT_FATAL(grouped(&g, "-m 64M -p 5 --degrade memory", 0));
	same_text("memory alone", grouped_text(&g),
	    SELF ENABLE("+pids") LEAF LIMIT("pids.max 5") DEVICES(30) "exec  rlimit AS 67108864\n");
	CHECK_NUM(1, g.group.watch, DEGRADE_MEMORY);
	CHECK_TEXT(1, grouped_said(&g, "memory.max"),
	    "best-effort needed: RLIMIT_AS and sampling, 64M of addresses for each process by "
	    "itself; and all together are looked at now and then: what two of them share counts "
	    "twice, a short peak is not seen");
	CHECK_TEXT(1, grouped_said(&g, "memory.swap.max"),
	    "dropped wanted: cgroup v2, there is no group for it");
	CU_ASSERT(grouped_claim(&g, "memory.oom.group")->took == NULL);
	CU_ASSERT(!grouped(&g, "-m 64M --memory-high 32M --degrade memory", 0));
	CHECK_TEXT(1, str_slice(grouped_fault(&g), 0, 17), "controller memory");
	CU_ASSERT(!grouped(&g, "-m 64M -c 1 --degrade memory", 0));
	CHECK_TEXT(1, str_slice(grouped_fault(&g), 0, 14), "controller cpu");
	g.facts.uid = 1000;
	populated(&g.facts);
	CU_ASSERT_FATAL(grouped(&g, "-c 2.5 -t 1s -p 5 --degrade cpu,pids", 0));
	same_text("no leave to enable", grouped_text(&g),
	    "host  cgroup-leaf " BASE
	    " -> #0 if possible\n" DEVICES(30) "exec  rlimit CPU 3\nexec  rlimit NPROC 5\n");
	CHECK_NUM(2, g.group.watch, DEGRADE_PIDS);
	CHECK_TEXT(2, grouped_said(&g, "cpu.max"),
	    "best-effort needed: RLIMIT_CPU, 3 s in all, of each process by itself: one that "
	    "starts others has that again for each");
	CHECK_TEXT(2, grouped_said(&g, "pids.max"),
	    "best-effort needed: RLIMIT_NPROC and sampling, 5, of which all processes of the user "
	    "count; and those started here are looked at now and then");
	g.facts.uid = 0;
	CU_ASSERT(!grouped(&g, "-p 5 --degrade pids", 0));
	CHECK_TEXT(3, str_slice(grouped_fault(&g), 0, 52),
	    "degrade pids: RLIMIT_NPROC does not bind uid 0, and ");
}

/* Numbers that no reader gives: they are not cut short. */
static void
overflow(void)
{
	g.facts = machine_delegated();
	CU_ASSERT_FATAL(grouped_limits(&g, "-c 1 -p 1 -t 1s --degrade cpu"));
	g.limits.cpu = g.limits.pids = UINT64_MAX;
	CU_ASSERT_FATAL(
	    group_make(&g.arena, &g.limits, &g.facts, UINT32_MAX, &g.group, &g.err) == 0);
	same_text("overflow", grouped_text(&g),
	    SELF ENABLE("+cpu +pids") LEAF LIMIT("cpu.max 18446744073709551615 100000")
		LIMIT("pids.max 4194304") DEVICES(30));
	g.facts.base.controllers = S("pids\n");
	g.limits.timeout = UINT64_MAX;
	CU_ASSERT_FATAL(group_make(&g.arena, &g.limits, &g.facts, 0, &g.group, &g.err) == 0);
	CHECK_NUM(0, g.group.exec[0].num, UINT64_MAX / 1000000 + 1);
}

static void
less_of_all(void)
{
	g.facts = machine_delegated();
	g.facts.readonly = true;
	CU_ASSERT_FATAL(grouped(&g, "-m 64M --degrade memory", 0));
	same_text("read-only", grouped_text(&g), "exec  rlimit AS 67108864\n");
	CU_ASSERT_FATAL(grouped(&g, "-c 1 -t 7s --cpu-time 1500ms --degrade cpu", 0));
	same_text("the less of both", grouped_text(&g), "exec  rlimit CPU 2\n");
	CU_ASSERT_FATAL(grouped(&g, "-c 0.1 -t 7s --cpu-time 1500ms --degrade cpu", 0));
	same_text("rounded up", grouped_text(&g), "exec  rlimit CPU 1\n");
	CU_ASSERT_FATAL(grouped(&g, "--cpu-time 61s --degrade cpu", 0));
	same_text("time alone", grouped_text(&g), "exec  rlimit CPU 61\n");
	CHECK_TEXT(0, str_slice(grouped_said(&g, "cpu-time"), 0, 30),
	    "best-effort needed: RLIMIT_CPU");
	CU_ASSERT(!grouped(&g, "-m 64M --idle-timeout 1s --degrade memory", 0));
	CU_ASSERT(!grouped(&g, "-m 64M --device a --degrade memory", 0));
	/* a document's timeout comes from elsewhere */
	CU_ASSERT_FATAL(grouped_limits(&g, "-c 1 -t 1s --degrade cpu"));
	g.limits.timeout = 0;
	CU_ASSERT(group_make(&g.arena, &g.limits, &g.facts, 0, &g.group, &g.err) < 0);
	CHECK_TEXT(0, str_slice(grouped_fault(&g), 0, 55),
	    "a share of the cores cannot be limited without a group;");
	/* not delegated, but good enough to be killed in */
	g.facts = machine_delegated();
	g.facts.base.delegated = false;
	CU_ASSERT_FATAL(grouped(&g, "-m 64M --degrade memory", 0));
	same_text("undelegated", grouped_text(&g),
	    "host  cgroup-leaf " BASE
	    " -> #0 if possible\n" DEVICES(30) "exec  rlimit AS 67108864\n");
}

static void
staying(void)
{
	g.facts = machine_delegated();
	g.facts.base.procs = S("");
	CU_ASSERT_FATAL(grouped_limits(&g, "-p 5"));
	CU_ASSERT_FATAL(
	    group_create(&g.arena, &g.limits, &g.facts, S("web"), &g.group, &g.err) == 0);
	same_text("create", grouped_text(&g),
	    ENABLE("+pids") "host  cgroup-leaf " BASE " web -> #0\n" LIMIT("pids.max 5")
		DEVICES(30));
	/* to move away helps nobody when we are gone */
	g.facts.base.procs = S("77\n");
	CU_ASSERT(group_create(&g.arena, &g.limits, &g.facts, S("web"), &g.group, &g.err) < 0);
	CHECK_TEXT(0, str_slice(grouped_fault(&g), 0, 15), "controller pids");
	/* without limits, it is a group all the same */
	g.facts.base.delegated = false;
	CU_ASSERT_FATAL(grouped_limits(&g, "-t 1s"));
	CU_ASSERT(group_create(&g.arena, &g.limits, &g.facts, S("web"), &g.group, &g.err) < 0);
	CHECK_NUM(0, g.err.fault, FAULT_REFUSED);
	g.facts.chosen = true;
	g.err = (struct err){ 0 };
	CU_ASSERT_FATAL(
	    group_create(&g.arena, &g.limits, &g.facts, S("web"), &g.group, &g.err) == 0);
	same_text("plain", grouped_text(&g), "host  cgroup-leaf " BASE " web -> #0\n" DEVICES(30));
	CU_ASSERT(group_create(&g.arena, &g.limits, &g.facts, S("a/b"), &g.group, &g.err) < 0);
	CHECK_NUM(0, g.err.fault, FAULT_USAGE);
}

static bool
set(const char *words, uint64_t current)
{
	return grouped_limits(&g, words) &&
	       group_set(&g.arena, &g.limits, &g.facts, current, &g.group, &g.err) == 0;
}

static void
changing(void)
{
	g.facts = machine_delegated();
	populated(&g.facts);
	g.facts.base.delegated = g.facts.base.writable = false;
	CU_ASSERT_FATAL(set("-m 64M -p 5", 64 << 20));
	same_text("set", grouped_text(&g),
	    "host  open " BASE " -> #0\n" LIMIT("memory.max 67108864") LIMIT("pids.max 5"));
	CHECK_TEXT(0, grouped_said(&g, "pids.max"), "enforced needed: cgroup v2, 5");
	CHECK_NUM(0, g.group.host[0].flags, FLAG_DIRECTORY);
	/* a burst that is there must not be in the way of less */
	CU_ASSERT_FATAL(set("-c 0.1 --cpu-burst 5ms --cpu-weight 3", 0));
	same_text("burst", grouped_text(&g),
	    "host  open " BASE " -> #0\n" WISH("cpu.max.burst 0") LIMIT("cpu.max 10000 100000")
		LIMIT("cpu.max.burst 5000") LIMIT("cpu.weight 3"));
	CHECK_NUM(0, g.group.nclaims, 3);
	CU_ASSERT_FATAL(set("-c 0.1", 0));
	same_text("no burst", grouped_text(&g),
	    "host  open " BASE " -> #0\n" LIMIT("cpu.max 10000 100000"));
	CU_ASSERT_FATAL(set("-m 64M --no-oom-group", 0));
	same_text("one by one", grouped_text(&g),
	    "host  open " BASE " -> #0\n" LIMIT("memory.max 67108864") WISH("memory.oom.group 0"));
	CU_ASSERT(!set("-m 64M", (64 << 20) + 4096));
	CHECK_TEXT(0, grouped_fault(&g),
	    "64M of memory are less than the 65540K that \"" BASE "\" uses already");
	CU_ASSERT(!set("--device a", 0));
	CU_ASSERT(!set("--no-default-devices", 0));
	CU_ASSERT(!set("--io /dev/x:rbps=1", 0));
	nothing_enabled(&g.facts);
	CU_ASSERT(!set("-m 1M", 0));
	CHECK_TEXT(1, str_slice(grouped_fault(&g), 0, 51),
	    "controller memory is not enabled in \"/sys/fs/cgroup");
	readonly(&g.facts);
	CU_ASSERT(!set("-p 1", 0));
	g.facts = machine_first();
	CU_ASSERT(!set("-p 1", 0));
	CHECK_NUM(2, g.err.fault, FAULT_REFUSED);
}

static void
joining(void)
{
	g.arena = (struct arena){ grouping_mem, 0, sizeof(grouping_mem) };
	CU_ASSERT_FATAL(group_join(&g.arena, S("/sys/fs/cgroup/x"), &g.group, &g.err) == 0);
	same_text("join", grouped_text(&g), "host  open /sys/fs/cgroup/x -> #0\n");
	CHECK_NUM(0, g.group.nclaims, 0);
	g.err = (struct err){ 0 };
	g.arena.cap = g.arena.used;
	CU_ASSERT(group_join(&g.arena, S("/sys/fs/cgroup/x"), &g.group, &g.err) < 0);
	CHECK_NUM(0, g.err.fault, FAULT_LIMIT);
}

static void
names(void)
{
	static const struct {
		const char *name, *why;
	} t[] = {
		{ "web", NULL },
		{ "web.1", NULL },
		{ "cgroup", NULL },
		{ "memory", NULL },
		{ "a..b", NULL },
		{ "\xc3\xa4", NULL },
		{ "", "1 to 200 bytes are due" },
		{ "..", "a name that begins without a dot is due" },
		{ ".", "a name that begins without a dot is due" },
		{ ".x", "a name that begins without a dot is due" },
		{ "a/b", "a name without / is due" },
		{ "/", "a name without / is due" },
		{ "../x", "a name without / is due" },
		{ "a\nb", "only printable characters are due" },
		{ "a\xff", "only printable characters are due" },
		{ "sbx.1.2", "names of groups for one run begin so" },
		{ "cgroup.procs", "files of the kernel are called so" },
		{ "memory.x", "files of the kernel are called so" },
		{ "cpu.", "files of the kernel are called so" },
		{ "irq.pressure", "files of the kernel are called so" },
	};
	static char many[201];

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		int r = group_name_check(str_of(t[i].name), &e);

		CHECK_NUM(i, r == 0, t[i].why == NULL);
		if (t[i].why == NULL)
			continue;
		CHECK_NUM(i, e.fault, FAULT_USAGE);
		CU_ASSERT(str_ends((struct str){ e.msg, e.nmsg }, str_of(t[i].why)));
	}
	memset(many, 'x', sizeof(many));
	CHECK_NUM(0, group_name_check((struct str){ many, 200 }, &(struct err){ 0 }), 0);
	CHECK_NUM(0, group_name_check((struct str){ many, 201 }, &(struct err){ 0 }), -1);
}

static void
of_controllers(void)
{
	static const char *const t[][2] = { { "memory.max", "memory" },
		{ "memory.swap.max", "memory" }, { "cgroup.max.depth", "" }, { "x", "" },
		{ "", "" }, { "hugetlb.2MB.max", "hugetlb" } };

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_STR(i, group_controller(str_of(t[i][0])), str_of(t[i][1]));
}

/* Less and less memory: told, and nothing else. */
static void
memory(void)
{
	static const char *const words[] = {
		"-m 64M -c 1 -p 3 --cpus 0 --io 8:0:rbps=1 --hugetlb 2M=2M --set misc.max=1 "
		"--device c:1:1",
		"-m 64M -c 1 -t 1s --cpu-time 1s --degrade memory,cpu",
	};

	for (size_t i = 0; i < 3 * COUNT(words); i++) {
		size_t from, to;

		g.facts = machine_delegated();
		g.facts.base.procs = i / 2 == 1 ? S("") : g.facts.base.procs;
		g.facts.readonly = i % 2 == 1;
		CU_ASSERT_FATAL(grouped_limits(&g, words[i % 2]));
		from = g.arena.used;
		for (to = from;; to += 8) {
			int r;

			g.arena.used = from;
			g.arena.cap = to;
			g.err = (struct err){ 0 };
			r = i / 2 == 0
			      ? group_make(&g.arena, &g.limits, &g.facts, 1, &g.group, &g.err)
			  : i / 2 == 1 && i % 2 == 0 ? group_create(&g.arena, &g.limits, &g.facts,
							   S("w"), &g.group, &g.err)
			  : i % 2 == 1
			      ? group_make(&g.arena, &g.limits, &g.facts, 0, &g.group, &g.err)
			      : (g.limits.devices = NULL,
				    group_set(&g.arena, &g.limits, &g.facts, 0, &g.group, &g.err));
			if (r == 0)
				break;
			CU_ASSERT_FATAL(g.err.fault == FAULT_LIMIT);
			CU_ASSERT_FATAL(to < from + (64 << 10));
		}
		CU_ASSERT(to > from);
	}
}

/* Init lives in the group of its box, where there is one. */
static void
of_ours(void)
{
	struct box box = { .level = LEVEL_NONE };

	CHECK_NUM(0, group_ours(&box), 0);
	box.ns[NS_PID].mode = NS_NEW;
	CHECK_NUM(1, group_ours(&box), 1);
	box.no_init = true;
	CHECK_NUM(2, group_ours(&box), 0);
}

UNIT_MAIN("group", { "each limit", each_limit }, { "beside memory", beside_memory },
    { "pages", pages }, { "receipts", receipts }, { "enabling", enabling },
    { "timeouts", timeouts }, { "refusals", refusals },
    { "many controllers, one device", controllers_in_number }, { "less than a group", less },
    { "no group at all", less_of_all }, { "numbers without end", overflow },
    { "groups that stay", staying }, { "groups that are changed", changing },
    { "joining", joining }, { "names", names }, { "controllers", of_controllers },
    { "memory", memory }, { "processes of ours", of_ours })
