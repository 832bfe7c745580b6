/* What is asked of a machine about its control groups, and what is made of the answers. */
#include "check.h"
#include "fake.h"
#include "run/group.h"
#include "run/place.h"
#include "unit.h"

#include <errno.h>
#include <sys/stat.h>

enum { FILES = 12 };

static _Alignas(16) unsigned char mem[1 << 18];
static struct fake_file files[FILES + 1];
static struct limits limits;
static struct cgfacts facts;
static struct err err;
static size_t room;

#define TOP "/sys/fs/cgroup"
#define ROOT "26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define UNIFIED "30 26 0:26 / " TOP " rw - cgroup2 cgroup2 rw,nsdelegate\n"
#define HYBRID \
	"31 23 0:28 / " TOP " rw - tmpfs tmpfs rw\n" \
	"32 31 0:29 / " TOP "/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" \
	"35 31 0:32 / " TOP "/mem\\040ory rw - cgroup cgroup rw,memory\n" \
	"40 31 0:37 / " TOP "/systemd rw - cgroup cgroup rw,xattr,name=systemd\n" \
	"41 31 0:38 / " TOP "/unified rw - cgroup2 cgroup2 rw\n"
#define CONTROLLERS \
	"#subsys_name\thierarchy\tnum_cgroups\tenabled\n" \
	"cpu\t3\t1\t1\ncpuacct\t3\t1\t1\nmemory\t4\t1\t1\npids\t0\t1\t1\n"

static void
file(size_t i, const char *path, const char *text)
{
	files[i] = (struct fake_file){ path, text, 0 };
}

/* A machine like most: one hierarchy, and us in a group of it. */
static void
set(const char *mounts, const char *own)
{
	fake_reset();
	memset(files, 0, sizeof(files));
	memset(&limits, 0, sizeof(limits));
	for (size_t i = 0; i < FILES; i++)
		files[i] = (struct fake_file){ "/none", "", 0 };
	file(0, "/proc/self/mountinfo", mounts);
	file(1, "/proc/self/cgroup", own);
	file(2, "/sys/devices/system/cpu/online", "0-3,6\n");
	file(3, "/proc/cgroups", CONTROLLERS);
	file(4, "/proc/self/cmdline", "sbx-cg");
	fake.file = files;
	fake.cgroup = TOP;
	fake.cgroup_top = true;
	fake.controllers = "cpu io memory pids";
	fake.link[0] = (struct fake_link){ "/proc/self/ns/user", "user:[4026531837]" };
	room = sizeof(mem);
}

static int
place(const char *parent)
{
	struct arena a = { mem, 0, room };

	err = (struct err){ 0 };
	return place_facts(&a, str_of(parent), &limits, &facts, &err);
}

static struct str
message(void)
{
	return (struct str){ err.msg, err.nmsg };
}

/* ---- groups ---------------------------------------------------------------------------------- */

static void
usual(void)
{
	unsigned before;

	set(ROOT UNIFIED, "0::/user.slice/me.scope\n");
	before = fake_open_fds();
	fake_group(TOP "/user.slice", 0);
	fake_group(TOP "/user.slice/me.scope", 0);
	CU_ASSERT_EQUAL(group_enable(TOP, "+memory +pids"), 0);
	CU_ASSERT_EQUAL(group_enable(TOP "/user.slice", "+memory"), 0);
	fake.uid = 1000;
	fake.delegated = TOP "/user.slice";
	CU_ASSERT_EQUAL(place(""), 0);
	CHECK_TEXT(0, facts.mount, TOP);
	CHECK_TEXT(0, facts.base.path, TOP "/user.slice/me.scope");
	CHECK_TEXT(0, facts.base.controllers, "memory\n");
	CHECK_TEXT(0, facts.base.subtree, "\n");
	CHECK_TEXT(0, facts.base.type, "domain\n");
	CU_ASSERT(facts.base.procs.p != NULL && facts.base.procs.n == 0);
	CU_ASSERT(facts.base.writable && facts.base.delegated && !facts.base.top);
	CU_ASSERT(!facts.readonly && !facts.outside && !facts.chosen);
	CU_ASSERT_EQUAL(facts.nabove, 2);
	CHECK_TEXT(0, facts.above[0].path, TOP "/user.slice");
	CHECK_TEXT(0, facts.above[0].subtree, "memory\n");
	CHECK_TEXT(0, facts.above[1].path, TOP);
	CHECK_TEXT(0, facts.above[1].controllers, "cpu io memory pids\n");
	CU_ASSERT_EQUAL(facts.caller, fake.ppid);
	CU_ASSERT(facts.self == FAKE_MONITOR && facts.uid == 1000 && facts.page == 4096);
	CU_ASSERT(facts.cpus == 5 && !facts.systemd && facts.v1.n == 0);
	CHECK_TEXT(0, facts.proc_cgroups, CONTROLLERS);
	CHECK_TEXT(0, facts.command, "sbx-cg");
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_PTR_NULL(fake.wrong);
}

/* In an initramfs we are in the first group of all. */
static void
first_group(void)
{
	set(ROOT UNIFIED, "0::/\n");
	fake.inside = true;
	CU_ASSERT_EQUAL(place(""), 0);
	CHECK_TEXT(0, facts.base.path, TOP);
	CU_ASSERT(facts.base.top && facts.nabove == 0 && facts.base.type.p == NULL);
	CU_ASSERT(facts.base.writable && !facts.base.delegated);
}

static void
mounts(void)
{
	static const struct {
		const char *mounts, *own, *mount, *base;
		bool readonly, outside;
	} t[] = {
		/* hybrid, there and elsewhere */
		{ HYBRID, "4:memory:/x\n0::/a\n", TOP "/unified", TOP "/unified/a", false, false },
		{ ROOT "41 31 0:38 / /cg\\0402 rw - cgroup2 c rw\n", "0::/a\n", "/cg 2", "/cg 2/a",
		    false, false },
		/* a container that sees its own part: by a bind mount, by a namespace */
		{ "30 26 0:26 /docker/1 " TOP " rw - cgroup2 c rw\n", "0::/docker/1\n", TOP, TOP,
		    false, false },
		{ "30 26 0:26 /docker/1 " TOP " rw - cgroup2 c rw\n", "0::/docker/1/x\n", TOP,
		    TOP "/x", false, false },
		{ UNIFIED, "0::/\n", TOP, TOP, false, false },
		/* read-only, as containers have it; a second one that is not is better */
		{ "30 26 0:26 / " TOP " ro - cgroup2 c rw\n", "0::/a\n", TOP, TOP "/a", true,
		    false },
		{ "30 26 0:26 / " TOP " rw - cgroup2 c ro\n", "0::/a\n", TOP, TOP "/a", true,
		    false },
		{ "30 26 0:26 / " TOP " ro - cgroup2 c rw\n31 26 0:26 /a /mine rw - cgroup2 c rw\n",
		    "0::/a/b\n", "/mine", "/mine/b", false, false },
		{ UNIFIED "31 26 0:26 /a /mine rw - cgroup2 c rw\n", "0::/a/b\n", TOP, TOP "/a/b",
		    false, false },
		{ "31 26 0:26 /x /other rw - cgroup2 c rw\n" UNIFIED, "0::/a\n", TOP, TOP "/a",
		    false, false },
		/* the last one on a path is what is seen there */
		{ UNIFIED "31 30 0:26 /a " TOP " rw - cgroup2 c rw\n", "0::/a/b\n", TOP, TOP "/b",
		    false, false },
		{ UNIFIED "31 30 0:99 / " TOP " rw - tmpfs t rw\n", "0::/a\n", "", "", false,
		    false },
		/* we are not in what is seen */
		{ UNIFIED, "0::/../x\n", TOP, "", false, true },
		{ "30 26 0:26 /../.. " TOP " rw - cgroup2 c rw\n", "0::/\n", TOP, "", false, true },
		{ "30 26 0:26 /b " TOP " ro - cgroup2 c rw\n", "0::/a\n", TOP, "", true, true },
		/* names with spaces, which only one of the two texts escapes */
		{ "30 26 0:26 /a\\040b " TOP " rw - cgroup2 c rw\n", "0::/a b/c d\n", TOP,
		    TOP "/c d", false, false },
		/* a name that begins like it is another */
		{ "30 26 0:26 /a " TOP " rw - cgroup2 c rw\n", "0::/ab\n", TOP, "", false, true },
		{ ROOT, "0::/a\n", "", "", false, false },
		{ UNIFIED, "4:memory:/x\n", TOP, "", false, false },
		{ UNIFIED, NULL, TOP, "", false, false },
		{ NULL, "0::/a\n", "", "", false, false },
		{ "nonsense\n", "0::/a\n", "", "", false, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(t[i].mounts, t[i].own);
		if (t[i].mounts == NULL)
			files[0].error = ENOENT;
		if (t[i].own == NULL)
			files[1].error = ENOENT;
		CHECK_NUM(i, place(""), 0);
		CHECK_STR(i, facts.mount, str_of(t[i].mount));
		CHECK_STR(i, facts.base.path, str_of(t[i].base));
		CHECK_NUM(i, facts.readonly, t[i].readonly);
		CHECK_NUM(i, facts.outside, t[i].outside);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

static void
rights(void)
{
	static const char *const needed[] = { TOP "/a", TOP "/a/cgroup.procs",
		TOP "/a/cgroup.subtree_control" };

	for (size_t i = 0; i < COUNT(needed); i++) {
		set(UNIFIED, "0::/a\n");
		fake_group(TOP "/a", 0);
		file(5, needed[i], NULL);
		files[5].error = EACCES;
		CHECK_NUM(i, place(""), 0);
		CU_ASSERT(!facts.base.writable && facts.above[0].writable);
	}
	/* a group that is gone */
	set(UNIFIED, "0::/a (deleted)\n");
	CU_ASSERT_EQUAL(place(""), 0);
	CU_ASSERT(!facts.base.writable && !facts.base.top);
	CU_ASSERT(facts.base.controllers.p == NULL && facts.base.procs.p == NULL);
}

/* Twenty levels are more than there is room for. */
static void
deep(void)
{
	char path[80] = TOP, own[80] = "0::";

	set(UNIFIED, own);
	for (int i = 0; i < 20; i++) {
		strcat(path, "/d");
		fake_group(path, 0);
		strcat(own, "/d");
	}
	strcat(own, "\n");
	CU_ASSERT_EQUAL(place(""), 0);
	CHECK_STR(0, facts.base.path, str_of(path));
	CU_ASSERT_EQUAL(facts.nabove, CG_ABOVE);
	CHECK_STR(0, facts.above[CG_ABOVE - 1].path, str_slice(str_of(path), 0, 14 + 2 * 4));
}

/* ---- --parent -------------------------------------------------------------------------------- */

static void
parents(void)
{
	static const struct {
		const char *mounts, *parent, *mount, *base;
	} t[] = {
		{ UNIFIED, "a", TOP, TOP "/a" },
		{ UNIFIED, "a/b", TOP, TOP "/a/b" },
		{ UNIFIED, "./a//b/", TOP, TOP "/a/b" },
		{ UNIFIED, ".", TOP, TOP },
		{ UNIFIED, TOP "/a/b", TOP, TOP "/a/b" },
		{ UNIFIED, TOP, TOP, TOP },
		{ UNIFIED, TOP "//a/.", TOP, TOP "/a" },
		/* the deepest mount that it is below */
		{ UNIFIED "31 30 0:26 /x " TOP "/a rw - cgroup2 c rw\n", TOP "/a/b", TOP "/a",
		    TOP "/a/b" },
		{ "31 30 0:26 /x " TOP "/a rw - cgroup2 c rw\n" UNIFIED, TOP "/a/b", TOP "/a",
		    TOP "/a/b" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		unsigned before;

		/* we are outside: that does not matter then */
		set(t[i].mounts, "0::/../z\n");
		before = fake_open_fds();
		fake_group(TOP "/a", 0);
		fake_group(TOP "/a/b", 0);
		CHECK_NUM(i, place(t[i].parent), 0);
		CHECK_STR(i, facts.mount, str_of(t[i].mount));
		CHECK_STR(i, facts.base.path, str_of(t[i].base));
		CU_ASSERT(facts.chosen && !facts.outside && facts.base.controllers.p != NULL);
		CU_ASSERT_EQUAL(fake_open_fds(), before);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

static void
bad_parents(void)
{
	static const struct {
		const char *parent;
		enum fault fault;
		int sysno;
		const char *said;
	} t[] = {
		{ "none", FAULT_SYSTEM, ENOENT,
		    "no control group for --parent \"none\" below \"" TOP "\"" },
		{ TOP "/a/none", FAULT_SYSTEM, ENOENT,
		    "no control group for --parent \"" TOP "/a/none\" below \"" TOP "\"" },
		{ "../etc", FAULT_USAGE, 0,
		    "--parent \"../etc\" is no path of a control group: one below the mount, "
		    "without \"..\", is due" },
		{ TOP "/a/..", FAULT_USAGE, 0,
		    "--parent \"" TOP "/a/..\" is no path of a control group: one below the "
		    "mount, without \"..\", is due" },
		{ "/etc", FAULT_USAGE, 0,
		    "--parent \"/etc\" is not below where cgroup v2 is mounted: a path below "
		    "that, or one relative to it, is due" },
		{ TOP "x", FAULT_USAGE, 0,
		    "--parent \"" TOP "x\" is not below where cgroup v2 is mounted: a path below "
		    "that, or one relative to it, is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		unsigned before;

		set(UNIFIED, "0::/a\n");
		before = fake_open_fds();
		fake_group(TOP "/a", 0);
		CHECK_NUM(i, place(t[i].parent), -1);
		CHECK_NUM(i, err.fault, t[i].fault);
		CHECK_NUM(i, err.sysno, t[i].sysno);
		CU_ASSERT_EQUAL(err.nmsg, strlen(t[i].said));
		CU_ASSERT(memcmp(err.msg, t[i].said, err.nmsg) == 0);
		CU_ASSERT_EQUAL(fake_open_fds(), before);
	}
	/* that nothing is mounted the plan says */
	set(ROOT, "0::/a\n");
	CU_ASSERT_EQUAL(place("a"), 0);
	CU_ASSERT(facts.mount.n == 0 && facts.base.path.p == NULL);
	CU_ASSERT_EQUAL(place("/a"), 0);
	CU_ASSERT(facts.mount.n == 0);
	/* the mount itself cannot be opened */
	set(UNIFIED, "0::/\n");
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open, .nth = 3, .error = EACCES };
	CU_ASSERT_EQUAL(place("a"), -1);
	CHECK_TEXT(0, message(), "cannot open \"" TOP "\"");
	CU_ASSERT_EQUAL(err.sysno, EACCES);
}

/* Processes can be put there by who may write to the group above both. */
static void
from_elsewhere(void)
{
	set(UNIFIED, "0::/a/x\n");
	fake_group(TOP "/a", 0);
	fake_group(TOP "/a/x", 0);
	fake_group(TOP "/a/y", 0);
	fake_group(TOP "/b", 0);
	file(5, TOP "/cgroup.procs", NULL);
	files[5].error = EACCES;
	CU_ASSERT(place("a/y") == 0 && facts.base.writable);
	CU_ASSERT(place("b") == 0 && !facts.base.writable);
	CU_ASSERT(place("") == 0 && facts.base.writable);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static void
other_hierarchies(void)
{
	set(HYBRID, "0::/\n");
	CU_ASSERT_EQUAL(place(""), 0);
	CHECK_TEXT(0, facts.v1,
	    "cpu " TOP "/cpu,cpuacct\ncpuacct " TOP "/cpu,cpuacct\nmemory " TOP "/mem ory\n");
	file(5, "/run/systemd/system", NULL);
	CU_ASSERT(place("") == 0 && facts.systemd);
	files[3].error = ENOENT;
	CU_ASSERT(place("") == 0 && facts.v1.n == 0 && facts.proc_cgroups.p == NULL);
}

static void
programs(void)
{
	static const struct {
		const char *space;
		uint64_t caps;
		bool bpf;
	} t[] = {
		{ "user:[4026531837]", (uint64_t)1 << K_CAP_SYS_ADMIN, true },
		{ "user:[4026531837]", (uint64_t)1 << K_CAP_BPF | 1 << K_CAP_NET_ADMIN, true },
		{ "user:[4026531837]", (uint64_t)1 << K_CAP_BPF, false },
		{ "user:[4026531837]", 0, false },
		{ "user:[4026532000]", UINT64_MAX, false },
		{ "user:[40265318370]", UINT64_MAX, false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(UNIFIED, "0::/\n");
		fake.link[0].text = t[i].space;
		fake.caps = t[i].caps;
		CHECK_NUM(i, place(""), 0);
		CHECK_NUM(i, facts.bpf, t[i].bpf);
	}
	set(UNIFIED, "0::/\n");
	fake.caps = UINT64_MAX;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_capget, .error = EPERM };
	CU_ASSERT(place("") == 0 && !facts.bpf);
	set(UNIFIED, "0::/\n");
	fake.caps = UINT64_MAX;
	fake.link[0].path = "/none2";
	CU_ASSERT(place("") == 0 && !facts.bpf);
}

static void
processors(void)
{
	static const struct {
		const char *text;
		unsigned n;
	} t[] = {
		{ "0\n", 1 },
		{ "0-1\n", 2 },
		{ "0-3,8-11,13\n", 9 },
		{ "", 0 },
		{ "\n", 0 },
		{ "x\n", 0 },
		{ "0-\n", 0 },
		{ "-1\n", 0 },
		{ "3-1\n", 0 },
		{ "0,,1\n", 0 },
		{ "0-7", 8 },
		{ "0-4294967295\n", 0 },
		{ "0-18446744073709551615\n", 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(UNIFIED, "0::/\n");
		file(2, "/sys/devices/system/cpu/online", t[i].text);
		CHECK_NUM(i, place(""), 0);
		CHECK_NUM(i, facts.cpus, t[i].n);
	}
	set(UNIFIED, "0::/\n");
	files[2].error = ENOENT;
	CU_ASSERT(place("") == 0 && facts.cpus == 0);
}

static void
command_lines(void)
{
	static char large[1200];
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "sbx-cg", "sbx-cg" },
		{ "./a_b/c+d,e%f@g:h=i.j-k", "./a_b/c+d,e%f@g:h=i.j-k" },
		{ "a b", "'a b'" },
		{ "it's", "'it'\\''s'" },
		{ "$(x)", "'$(x)'" },
		{ "a\nb", "'a\nb'" },
		{ "~", "'~'" },
		{ "", "" },
		{ "a|b c|", "a 'b c'" },
		{ "a||b||", "a '' b ''" },
		{ "|", "''" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set(UNIFIED, "0::/\n");
		file(4, "/proc/self/cmdline", t[i].text);
		fake.nul = '|';
		CHECK_NUM(i, place(""), 0);
		CHECK_STR(i, facts.command, str_of(t[i].want));
	}
	memset(large, 'a', sizeof(large) - 1);
	set(UNIFIED, "0::/\n");
	file(4, "/proc/self/cmdline", large);
	CU_ASSERT(place("") == 0 && facts.command.n == 0);
}

/* ---- devices --------------------------------------------------------------------------------- */

static const struct fake_node nodes[] = {
	{ "/dev/sda", S_IFBLK, 8, 0 },
	{ "/dev/sda3", S_IFBLK, 8, 3 },
	{ "/dev/nvme0n1p2", S_IFBLK, 259, 2 },
	{ "/dev/null", S_IFCHR, 1, 3 },
	{ "/srv/file", S_IFREG, 8, 3 },
	{ "/srv", S_IFDIR, 253, 1048575 },
	{ "/tmp/file", S_IFREG, 0, 41 },
	{ NULL, 0, 0, 0 },
};

static void
set_devices(void)
{
	set(UNIFIED, "0::/\n");
	fake.node = nodes;
	file(5, "/sys/dev/block/8:3/partition", "3\n");
	file(6, "/sys/dev/block/8:3/../dev", "8:0\n");
	file(7, "/sys/dev/block/259:2/partition", "2\n");
	file(8, "/sys/dev/block/259:2/../dev", "259:0\n");
}

static void
disks(void)
{
	const struct {
		struct io_limit io;
		uint32_t major, minor;
	} t[] = {
		{ { .path = S("/dev/sda") }, 8, 0 },
		{ { .path = S("/dev/sda3") }, 8, 0 },
		{ { .path = S("/dev/nvme0n1p2") }, 259, 0 },
		{ { .path = S("/srv/file") }, 8, 0 },
		{ { .path = S("/srv") }, 253, 1048575 },
		{ { .known = true, .major = 8, .minor = 3 }, 8, 0 },
		{ { .known = true, .major = 8, .minor = 16 }, 8, 16 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct io_limit second = { .path = S("/dev/sda3") }, first = t[i].io;

		set_devices();
		first.next = &second;
		limits.io = &first;
		CHECK_NUM(i, place(""), 0);
		CU_ASSERT(first.known && second.known && second.minor == 0);
		CHECK_NUM(i, first.major, t[i].major);
		CHECK_NUM(i, first.minor, t[i].minor);
	}
}

static void
no_disks(void)
{
	const struct {
		struct io_limit io;
		enum fault fault;
		int sysno;
		const char *said;
	} t[] = {
		{ { .path = S("/dev/sdz"), .pos = { 1, 2 } }, FAULT_SYSTEM, ENOENT,
		    "cannot find the device of \"/dev/sdz\"" },
		{ { .path = S("/dev/null"), .pos = { 1, 2 } }, FAULT_REFUSED, 0,
		    "\"/dev/null\" is a character device, where a block device or a file on one is "
		    "due" },
		{ { .path = S("/tmp/file"), .pos = { 1, 2 } }, FAULT_REFUSED, 0,
		    "\"/tmp/file\" is on no block device of its own (its file system is in memory, "
		    "on the network, or over others); the device itself is due" },
		{ { .known = true, .minor = 7, .pos = { 1, 2 } }, FAULT_REFUSED, 0,
		    "0:7 is no block device: major 0 stands for none" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct io_limit io = t[i].io;

		set_devices();
		fake.absent[0] = "/dev/sdz";
		limits.io = &io;
		CHECK_NUM(i, place(""), -1);
		CHECK_NUM(i, err.fault, t[i].fault);
		CHECK_NUM(i, err.sysno, t[i].sysno);
		CHECK_NUM(i, err.pos.col, 2);
		CHECK_NUM(i, err.nmsg, strlen(t[i].said));
		CU_ASSERT(memcmp(err.msg, t[i].said, err.nmsg) == 0);
	}
	/* a partition whose disk is not told */
	for (size_t i = 0; i < 3; i++) {
		struct io_limit io = { .path = S("/dev/sda3") };

		set_devices();
		limits.io = &io;
		file(6, "/sys/dev/block/8:3/../dev", i == 0 ? "8:0" : i == 1 ? "disk\n" : "");
		files[6].error = i == 2 ? ENOENT : 0;
		CHECK_NUM(i, place(""), -1);
		CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == (i == 2 ? ENOENT : 0));
	}
}

static void
rules(void)
{
	struct device_rule second = { .path = S("/dev/sda3"), .access = DEVICE_READ };
	struct device_rule first = { .path = S("/dev/null"), .next = &second };
	struct device_rule known = { .type = 'c', .major = DEVICE_ANY, .known = true };

	set_devices();
	limits.devices = &first;
	second.next = &known;
	CU_ASSERT_EQUAL(place(""), 0);
	CU_ASSERT(first.known && first.type == 'c' && first.major == 1 && first.minor == 3);
	/* a rule is of the node itself, partition or not */
	CU_ASSERT(second.known && second.type == 'b' && second.major == 8 && second.minor == 3);
	CU_ASSERT(second.access == DEVICE_READ && known.major == DEVICE_ANY);
	first = (struct device_rule){ .path = S("/srv/file"), .pos = { 4, 5 } };
	CU_ASSERT_EQUAL(place(""), -1);
	CU_ASSERT(err.fault == FAULT_REFUSED && err.pos.line == 4);
	CHECK_TEXT(0, message(),
	    "\"/srv/file\" is no device; a node like /dev/fuse, or c:10:229, is due");
	first = (struct device_rule){ .path = S("/dev/sdz"), .pos = { 4, 5 } };
	fake.absent[0] = "/dev/sdz";
	CU_ASSERT_EQUAL(place(""), -1);
	CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == ENOENT && err.pos.line == 4);
	fake.absent[0] = NULL;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_stat_fd, .error = EIO };
	CU_ASSERT_EQUAL(place(""), -1);
	CU_ASSERT_EQUAL(err.sysno, EIO);
}

/* ---- trees that are broken ------------------------------------------------------------------- */

/* Each file of the usual machine in each bad way. Where it matters there is no plan, and it is said
 * why in a line; where it does not, there is one. */
static void
trees(void)
{
	enum { HUGE_TEXT = 3 << 20, MUST_FAIL = 1, MAY_FAIL };
	static const struct {
		const char *path;
		int fails;
	} t[] = {
		{ "/proc/self/mountinfo", MUST_FAIL },
		{ "/proc/self/cgroup", MUST_FAIL },
		{ TOP "/a/cgroup.controllers", MUST_FAIL },
		{ TOP "/a/cgroup.procs", MUST_FAIL },
		{ TOP "/a/cgroup.type", MUST_FAIL },
		{ TOP "/a/cgroup.subtree_control", MAY_FAIL },
		{ TOP "/cgroup.controllers", 0 },
		{ TOP "/cgroup.subtree_control", 0 },
		{ "/proc/cgroups", 0 },
		{ "/proc/self/cmdline", 0 },
		{ "/sys/devices/system/cpu/online", 0 },
	};
	static const int error[] = { ENOENT, EACCES, EIO, ENODEV, 0, 0, 0, 0 };
	static char huge[HUGE_TEXT];
	static const char *const text[] = { "", "", "", "", "", "\377\001 \nx\n", huge,
		"\377\001" };
	static unsigned char more[16 << 20];

	for (size_t i = 0; i < COUNT(t) * COUNT(text); i++) {
		struct arena a = { more, 0, sizeof(more) };
		size_t row = i / COUNT(text), way = i % COUNT(text), at = 0;
		/* that nobody is in a group is no fault of it */
		int fails = row == 3 && way == 4 ? 0 : t[row].fails;
		struct group g;
		unsigned before;
		int r;

		memset(huge, '7', sizeof(huge) - 1);
		set(UNIFIED, "0::/a\n");
		before = fake_open_fds();
		fake_group(TOP "/a", FAKE_MONITOR);
		CU_ASSERT_EQUAL(group_enable(TOP, "+memory +pids"), 0);
		while (at < FILES - 1 && strcmp(files[at].path, t[row].path) != 0 &&
		       strcmp(files[at].path, "/none") != 0)
			at++;
		files[at] = (struct fake_file){ t[row].path, text[way], error[way] };
		limits.pids = 5;
		limits.seen.bits = (uint64_t)1 << limits_row(offsetof(struct limits, pids));
		err = (struct err){ 0 };
		r = place_facts(&a, S(""), &limits, &facts, &err);
		if (r == 0)
			r = group_make(&a, &limits, &facts, 1, &g, &err);
		if (r == 0 ? fails == MUST_FAIL : fails == 0)
			printf("# %s, way %zu: %d %.*s\n", t[row].path, way, r, (int)err.nmsg,
			    err.msg);
		CU_ASSERT(r == 0 ? fails != MUST_FAIL : fails != 0);
		CU_ASSERT(r == 0 ? err.fault == FAULT_NONE && g.nhost > 2
				 : err.fault == FAULT_REFUSED && err.nmsg > 15);
		CHECK_NUM(i, fake_open_fds(), before);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

/* ---- memory, and calls that fail ------------------------------------------------------------- */

static int
everything(const char *parent)
{
	static struct io_limit io;
	static struct device_rule rule;

	io = (struct io_limit){ .path = S("/dev/sda3") };
	rule = (struct device_rule){ .path = S("/dev/null") };
	set(HYBRID, "0::/a/b\n");
	fake.cgroup = TOP "/unified";
	fake_group(TOP "/unified/a", 0);
	fake_group(TOP "/unified/a/b", 0);
	fake.node = nodes;
	file(5, "/sys/dev/block/8:3/partition", "3\n");
	file(6, "/sys/dev/block/8:3/../dev", "8:0\n");
	limits.io = &io;
	limits.devices = &rule;
	(void)parent;
	return 0;
}

/* Too little of it at any place: a fault that says so, never facts that are wrong. */
static void
memory(void)
{
	static const char *const parent[] = { "", "a", TOP "/unified/a" };

	for (size_t i = 0; i < COUNT(parent); i++) {
		bool enough = false;

		for (size_t n = 0; !enough && n < sizeof(mem); n += 8) {
			(void)everything(parent[i]);
			room = n;
			enough = place(parent[i]) == 0;
			CU_ASSERT(enough ? facts.command.n > 0 && facts.base.procs.p != NULL &&
					       facts.v1.n > 0 && facts.cpus == 5
					 : err.fault == FAULT_LIMIT || err.sysno == ENOMEM);
		}
		CU_ASSERT(enough);
	}
}

/* Whatever fails once: facts that lack something, or a fault; never a descriptor left. */
static void
failures(void)
{
	size_t from, n;

	(void)everything("");
	from = fake.nlog;
	CU_ASSERT_EQUAL(place("a"), 0);
	n = fake.nlog;
	for (size_t at = from + 1; at <= n; at++) {
		unsigned before;

		(void)everything("");
		before = fake_open_fds();
		fake.fault[0] = (struct fake_fault){ .at = at, .error = EACCES };
		CU_ASSERT(place("a") == 0 || err.fault == FAULT_SYSTEM ||
			  err.fault == FAULT_USAGE || err.fault == FAULT_REFUSED);
		CHECK_NUM(at, fake_open_fds(), before);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

UNIT_MAIN("place", { "the usual machine", usual }, { "the first group", first_group },
    { "mounts", mounts }, { "rights", rights }, { "deep", deep }, { "parents", parents },
    { "bad parents", bad_parents }, { "from elsewhere", from_elsewhere },
    { "other hierarchies", other_hierarchies }, { "programs", programs },
    { "processors", processors }, { "command lines", command_lines }, { "disks", disks },
    { "no disks", no_disks }, { "rules", rules }, { "trees", trees }, { "memory", memory },
    { "failures", failures })
