/* What is asked of a machine, for which box, and what is made of the answers. */
#include "check.h"
#include "fake.h"
#include "run/probe.h"
#include "unit.h"

#include <errno.h>

enum { ADMIN = 1 << K_CAP_SYS_ADMIN | 1 << K_CAP_SETUID | 1 << K_CAP_SETGID };

static _Alignas(16) unsigned char mem[1 << 17];
static struct fake_file files[8];
static struct box box;
static struct facts facts;
static struct err err;
static size_t room = sizeof(mem);

#define HOST_ROOT "26 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
#define HOST_PROC "21 26 0:20 / /proc rw,nosuid - proc proc rw\n"
#define HOST_CG "30 26 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"

/* A machine like most: root, and a box with everything new. */
static void
set(void)
{
	fake_reset();
	memset(files, 0, sizeof(files));
	files[0] = (struct fake_file){ "/proc/self/mountinfo", HOST_ROOT HOST_PROC HOST_CG, 0 };
	fake.file = files;
	fake.caps = ADMIN;
	fake.link[0] = (struct fake_link){ "/proc/self/ns/user", "user:[4026531837]" };
	fake.cwd = "/home/me";
	memset(&box, 0, sizeof(box));
	for (size_t k = 0; k < NS_COUNT; k++)
		box.ns[k].mode = NS_NEW;
	room = sizeof(mem);
}

static int
probe(void)
{
	struct arena a = { mem, 0, room };

	err = (struct err){ 0 };
	return probe_facts(&a, &box, &facts, &err);
}

static void
file(size_t i, const char *path, const char *text)
{
	files[i] = (struct fake_file){ path, text, 0 };
}

static void
usual(void)
{
	unsigned before;

	set();
	fake.uid = 1000;
	fake.gid = 100;
	before = fake_open_fds();
	CU_ASSERT_EQUAL(probe(), 0);
	CU_ASSERT(facts.uid == 1000 && facts.gid == 100);
	CU_ASSERT(facts.admin && facts.clone3 && facts.proc && !facts.proc_covered);
	CU_ASSERT(facts.root_mount && !facts.root_initramfs && facts.lacks == 0);
	CU_ASSERT(facts.nuids == 1 && facts.ngids == 1);
	CU_ASSERT(facts.uids[0].inside == 0 && facts.uids[0].count == UINT32_MAX);
	CHECK_TEXT(0, facts.cwd, "/home/me");
	CU_ASSERT(facts.resolv.n == 0 && facts.cgroup.n == 0);
	CU_ASSERT(facts.procs.n == 1);
	CHECK_TEXT(0, facts.procs.first->s, "/proc");
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_PTR_NULL(fake.wrong);
}

/* Nothing is asked that this box has no use for. */
static void
only_what_is_needed(void)
{
	set();
	for (size_t k = 0; k < NS_COUNT; k++)
		box.ns[k].mode = NS_INHERIT;
	box.ns[NS_PID].mode = NS_INHERIT;
	CU_ASSERT_EQUAL(probe(), 0);
	CU_ASSERT(!facts.root_mount && facts.nuids == 0 && facts.cwd.n == 0);
	for (size_t i = 0; i < fake.nlog; i++)
		CU_ASSERT(strcmp(fake.log[i].text, "/proc/self/mountinfo") != 0);
	set();
	box.ns[NS_USER].mode = NS_JOIN;
	CU_ASSERT(probe() == 0 && facts.nuids == 0);
	/* our own, which the box's terminals go by */
	set();
	box.ns[NS_USER].mode = NS_INHERIT;
	CU_ASSERT(probe() == 0 && facts.nuids == 1 && facts.ngids == 1);
	/* the kernel's age matters to a time namespace alone */
	set();
	fake.kernel = 6018;
	CU_ASSERT(probe() == 0 && facts.kernel == 6018);
	box.ns[NS_TIME].mode = NS_INHERIT;
	CU_ASSERT(probe() == 0 && facts.kernel == 0);
	set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_kernel, .error = ENOSYS };
	CU_ASSERT(probe() == 0 && facts.kernel == 0);
	/* and to a policy, whose own facts nobody else has a use for */
	set();
	fake.kernel = 6018;
	box.ns[NS_TIME].mode = NS_INHERIT;
	box.seccomp.kind = SECCOMP_NONE;
	CU_ASSERT(probe() == 0 && facts.kernel == 0 && !facts.seccomp);
	box.seccomp.kind = SECCOMP_PROFILE;
	CU_ASSERT(probe() == 0 && facts.kernel == 6018 && facts.seccomp);
	fake.no_seccomp = true;
	CU_ASSERT(probe() == 0 && facts.kernel == 0 && !facts.seccomp);
	/* an outer filter that refuses it for good */
	fake.no_seccomp = false;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_seccomp_probe, .error = EPERM };
	CU_ASSERT(probe() == 0 && !facts.seccomp);
	set();
	box.ns[NS_MOUNT].mode = NS_INHERIT;
	CU_ASSERT(probe() == 0 && facts.cwd.n == 0 && facts.root_mount);
}

static void
rights(void)
{
	static const struct {
		uint64_t caps;
		bool admin;
	} t[] = {
		{ ADMIN, true },
		{ UINT64_MAX, true },
		{ 0, false },
		{ ADMIN & ~(1 << K_CAP_SETUID), false },
		{ ADMIN & ~(1 << K_CAP_SETGID), false },
		{ ADMIN & ~(1 << K_CAP_SYS_ADMIN), false },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set();
		fake.caps = t[i].caps;
		CU_ASSERT_EQUAL(probe(), 0);
		CHECK_NUM(i, facts.admin, t[i].admin);
		CHECK_NUM(i, facts.nuids, t[i].admin);
	}
	/* unknown, they are not taken for none: that would be another box */
	set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_capget, .error = EPERM };
	CU_ASSERT_EQUAL(probe(), -1);
	CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == EPERM);
	CHECK_TEXT(0, ((struct str){ err.msg, err.nmsg }), "cannot read our own capabilities");
	set();
	fake.no_clone3 = true;
	CU_ASSERT(probe() == 0 && !facts.clone3);
}

/* ---- mounts ---------------------------------------------------------------------------------- */

static void
mounts(void)
{
	static const struct {
		const char *text;
		bool proc, covered, root, initramfs;
		size_t procs;
	} t[] = {
		{ HOST_ROOT HOST_PROC, true, false, true, false, 1 },
		/* a chroot: its root is no mount point */
		{ "26 1 8:1 / /x rw - ext4 /dev/sda1 rw\n" HOST_PROC, true, false, false, false,
		    1 },
		{ "1 1 0:2 / / rw - rootfs rootfs rw\n" HOST_PROC, true, false, true, true, 1 },
		{ "2 1 0:2 / / rw - rootfs none rw\n", false, false, true, true, 0 },
		{ "1 1 0:2 / / rw - tmpfs none rw\n", false, false, true, true, 0 },
		/* the last one on a path is seen */
		{ "1 1 0:2 / / rw - rootfs rootfs rw\n" HOST_ROOT, false, false, true, false, 0 },
		{ HOST_ROOT HOST_PROC "40 21 0:9 / /proc rw - tmpfs x rw\n", false, false, true,
		    false, 1 },
		{ HOST_ROOT HOST_PROC "41 21 0:9 / /proc/kcore rw - tmpfs x rw\n", true, true, true,
		    false, 1 },
		/* by birth, and empty beneath */
		{ HOST_ROOT HOST_PROC "41 21 0:9 / /proc/sys/fs/binfmt_misc rw - binfmt_misc x rw\n"
				      "42 21 0:9 / /proc/fs/nfsd rw - nfsd x rw\n",
		    true, false, true, false, 1 },
		{ HOST_ROOT HOST_PROC "41 21 0:9 / /processes rw - tmpfs x rw\n", true, false, true,
		    false, 1 },
		{ HOST_ROOT HOST_PROC "50 26 0:30 / /srv/a\\040b/proc rw - proc proc rw\n", true,
		    false, true, false, 2 },
		{ "", false, false, false, false, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set();
		file(0, "/proc/self/mountinfo", t[i].text);
		CHECK_NUM(i, probe(), 0);
		CHECK_NUM(i, facts.proc, t[i].proc);
		CHECK_NUM(i, facts.proc_covered, t[i].covered);
		CHECK_NUM(i, facts.root_mount, t[i].root);
		CHECK_NUM(i, facts.root_initramfs, t[i].initramfs);
		CHECK_NUM(i, facts.procs.n, t[i].procs);
		if (t[i].procs == 2)
			CHECK_TEXT(i, facts.procs.first->next->s, "/srv/a b/proc");
	}
}

static void
no_mounts(void)
{
	/* no /proc: an attempt will tell */
	static const int none[] = { ENOENT, ENOTDIR };
	static const int fault[] = { EMFILE, EACCES, EIO };

	for (size_t i = 0; i < COUNT(none); i++) {
		set();
		files[0].error = none[i];
		CU_ASSERT_EQUAL(probe(), 0);
		CU_ASSERT(facts.root_mount && facts.root_initramfs && !facts.proc);
	}
	/* one that cannot be read would hide from us what has to be hidden from the payload */
	for (size_t i = 0; i < COUNT(fault); i++) {
		set();
		files[0].error = fault[i];
		CU_ASSERT_EQUAL(probe(), -1);
		CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == fault[i]);
	}
	set();
	file(0, "/proc/self/mountinfo", HOST_ROOT "nonsense\n");
	CU_ASSERT_EQUAL(probe(), -1);
	CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == 0);
}

static void
lacking_spaces(void)
{
	set();
	fake.absent[0] = "/proc/self/ns/time";
	fake.absent[1] = "/proc/self/ns/net";
	box.ns[NS_NET].mode = NS_INHERIT;
	CU_ASSERT_EQUAL(probe(), 0);
	CU_ASSERT_EQUAL(facts.lacks, 1 << NS_TIME);
	/* not to be told: not lacking */
	set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_access, .error = EACCES };
	CU_ASSERT(probe() == 0 && facts.lacks == 0);
	/* nor without /proc */
	set();
	files[0].error = ENOENT;
	fake.absent[0] = "/proc/self/ns/time";
	CU_ASSERT(probe() == 0 && facts.lacks == 0);
}

/* ---- ids ------------------------------------------------------------------------------------- */

static const char eight[] = "0 0 1\n1 1 1\n2 2 1\n3 3 1\n4 4 1\n5 5 1\n6 6 1\n7 7 1\n";
static const char nine[] = "0 0 1\n1 1 1\n2 2 1\n3 3 1\n4 4 1\n5 5 1\n6 6 1\n7 7 1\n8 8 1\n";

static void
maps(void)
{
	static const struct {
		const char *uids, *gids;
		int want;
		enum fault fault;
		size_t nuids, ngids;
	} t[] = {
		{ "0 1000 1\n", "0 100 1\n1 2000 65536\n", 0, FAULT_NONE, 1, 2 },
		{ eight, eight, 0, FAULT_NONE, 8, 8 },
		/* fewer ids in the box than we have, and nobody said so */
		{ nine, eight, -1, FAULT_LIMIT, 0, 0 },
		{ eight, nine, -1, FAULT_LIMIT, 0, 0 },
		{ "0 0\n", eight, -1, FAULT_SYSTEM, 0, 0 },
		{ eight, "0 0 1", -1, FAULT_SYSTEM, 0, 0 },
		{ "", eight, -1, FAULT_SYSTEM, 0, 0 },
		{ NULL, eight, -1, FAULT_SYSTEM, 0, 0 },
		{ eight, NULL, -1, FAULT_SYSTEM, 0, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set();
		fake.link[0].text = i % 2 == 0 ? "user:[4026532000]" : "user:[40265318370]";
		file(1, t[i].uids == NULL ? "/none" : "/proc/self/uid_map", t[i].uids);
		file(2, t[i].gids == NULL ? "/none2" : "/proc/self/gid_map", t[i].gids);
		CHECK_NUM(i, probe(), t[i].want);
		CHECK_NUM(i, err.fault, t[i].fault);
		if (t[i].want < 0)
			continue;
		CHECK_NUM(i, facts.nuids, t[i].nuids);
		CHECK_NUM(i, facts.ngids, t[i].ngids);
		CHECK_NUM(i, facts.uids[0].outside, i == 0 ? 1000 : 0);
	}
	/* without /proc there are none to read, nor to write: the plan says so */
	set();
	fake.link[0].path = "/none";
	files[0].error = ENOENT;
	CU_ASSERT(probe() == 0 && facts.nuids == 0);
}

/* ---- places ---------------------------------------------------------------------------------- */

static void
resolv(void)
{
	static const struct {
		const char *to, *there, *want;
	} t[] = {
		{ "../run/systemd/resolve/stub-resolv.conf",
		    "/run/systemd/resolve/stub-resolv.conf",
		    "/run/systemd/resolve/stub-resolv.conf" },
		{ "/run/resolvconf/resolv.conf", "/run/resolvconf/resolv.conf",
		    "/run/resolvconf/resolv.conf" },
		{ "/var/run/x", "/run/x", "/run/x" },
		{ "/run//x/./y", "/run/x/y", "/run/x/y" },
		{ "/run/gone", "/none", "" },
		{ "/etc/other", "/etc/other", "" },
		{ "other", "/other", "" },
		{ "../run/../etc/shadow", "/etc/shadow", "" },
		{ "/run/../etc/shadow", "/etc/shadow", "" },
		{ "", "/none", "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set();
		fake.link[1] = (struct fake_link){ "/etc/resolv.conf", t[i].to };
		file(1, t[i].there, "");
		CHECK_NUM(i, probe(), 0);
		CHECK_STR(i, facts.resolv, str_of(t[i].want));
	}
}

static void
working_directory(void)
{
	static const struct {
		const char *cwd, *want;
	} t[] = {
		{ "/", "/" },
		{ "/a b", "/a b" },
		{ "(unreachable)/x", "" },
		{ NULL, "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		set();
		fake.cwd = t[i].cwd;
		CHECK_NUM(i, probe(), 0);
		CHECK_STR(i, facts.cwd, str_of(t[i].want));
	}
}

static void
control_group(void)
{
	static const struct {
		const char *own, *mounts, *writable, *want;
	} t[] = {
		{ "0::/a/b\n", HOST_CG, "/sys/fs/cgroup/a/b", "/sys/fs/cgroup/a/b" },
		{ "0::/\n", HOST_CG, "/sys/fs/cgroup", "/sys/fs/cgroup" },
		{ "12:cpu:/x\n0::/a\n", HOST_ROOT HOST_CG, "/sys/fs/cgroup/a", "/sys/fs/cgroup/a" },
		/* hybrid */
		{ "0::/a\n", "31 26 0:27 / /sys/fs/cgroup/unified rw - cgroup2 x rw\n",
		    "/sys/fs/cgroup/unified/a", "/sys/fs/cgroup/unified/a" },
		/* only a part of the hierarchy is mounted */
		{ "0::/a/b/c\n", "30 26 0:26 /a /cg rw - cgroup2 x rw\n", "/cg/b/c", "/cg/b/c" },
		{ "0::/a/b/c\n", "30 26 0:26 /x /cg rw - cgroup2 x rw\n" HOST_CG,
		    "/sys/fs/cgroup/a/b/c", "/sys/fs/cgroup/a/b/c" },
		{ "0::/a\n", "30 26 0:26 /x /cg rw - cgroup2 x rw\n", "/cg", "" },
		{ "0::/a\n", HOST_CG, "/none", "" },
		{ "0::/../a\n", HOST_CG, "/sys/fs/a", "" },
		{ "0::/a (deleted)\n", HOST_CG, "/none", "" },
		{ "1:cpu:/\n", HOST_CG, "/sys/fs/cgroup", "" },
		{ "0::/a\n", HOST_ROOT, "/sys/fs/cgroup/a", "" },
		{ "0::/a\n", "nonsense\n", "/sys/fs/cgroup/a", "" },
		{ "", HOST_CG, "/sys/fs/cgroup", "" },
		{ NULL, HOST_CG, "/sys/fs/cgroup", "" },
		{ "0::/a\n", NULL, "/sys/fs/cgroup/a", "" },
	};

	for (size_t i = 0; i < COUNT(t) * 2; i++) {
		size_t k = i / 2;

		set();
		/* level none, or a box whose payload is PID 1 */
		for (size_t n = 0; n < NS_COUNT && i % 2 == 0; n++)
			box.ns[n].mode = NS_INHERIT;
		box.no_init = i % 2 == 1;
		if (i % 2 == 1 && (t[k].mounts == NULL || strcmp(t[k].mounts, "nonsense\n") == 0))
			continue;
		file(0, t[k].mounts == NULL ? "/none3" : "/proc/self/mountinfo", t[k].mounts);
		file(1, t[k].own == NULL ? "/none4" : "/proc/self/cgroup", t[k].own);
		file(2, t[k].writable, "");
		CHECK_NUM(i, probe(), 0);
		CHECK_STR(i, facts.cgroup, str_of(t[k].want));
	}
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* Too little of it at any place: a fault that says so, never facts that are wrong. */
static void
memory(void)
{
	size_t enough = 0;

	for (size_t n = 0; enough == 0 && n < sizeof(mem); n += 8) {
		set();
		box.no_init = true;
		fake.link[1] = (struct fake_link){ "/etc/resolv.conf", "../run/x" };
		file(0, "/proc/self/mountinfo",
		    HOST_ROOT HOST_PROC HOST_CG "50 26 0:30 / /srv/proc rw - proc proc rw\n");
		file(1, "/proc/self/cgroup", "0::/a\n");
		file(2, "/sys/fs/cgroup/a", "");
		file(3, "/run/x", "");
		fake.link[0].text = "user:[4026532000]";
		file(4, "/proc/self/uid_map", eight);
		file(5, "/proc/self/gid_map", eight);
		room = n;
		if (probe() < 0) {
			CU_ASSERT(err.fault == FAULT_LIMIT || err.sysno == ENOMEM);
			continue;
		}
		/* the control group is wanted, not needed: without memory for it there is none */
		CU_ASSERT(facts.procs.n == 2 && facts.resolv.n > 0 && facts.cwd.n > 0);
		CU_ASSERT(facts.nuids == 8 && facts.ngids == 8);
		if (facts.cgroup.n > 0)
			enough = n;
	}
	CU_ASSERT(enough > 0);
}

UNIT_MAIN("probe", { "the usual machine", usual }, { "only what is needed", only_what_is_needed },
    { "rights", rights }, { "mounts", mounts }, { "no mounts", no_mounts },
    { "namespaces that are lacking", lacking_spaces }, { "id maps", maps },
    { "resolv.conf", resolv }, { "working directory", working_directory },
    { "control group", control_group }, { "memory", memory })
