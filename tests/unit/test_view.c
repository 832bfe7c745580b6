/* core/plan/view.c, mounts.c, devices.c: the file-system view. */
#include "planning.h"
#include "sys/uapi.h"
#include "unit.h"

static struct planned p;
static struct strnode elsewhere = { .s = { "/srv/box/proc", 13 } };
static struct strnode inside = { .s = { "/proc/sys", 9 }, .next = &elsewhere };
static struct strnode first = { .s = { "/proc", 5 }, .next = &inside };

/* One order for all: private, clone, read-only, attach, what is ours over it, pivot, unmount. */
static void
whole(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--hostname box") != NULL);
	CHECK_LINES(&p,
	    "box   private\n"
	    "box   open_tree / -> # recursive\n"
	    "box   mount_setattr ro,nosuid,nodev # recursive\n"
	    "box   attach-root #\n"
	    "box   target proc -> # in # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   target dev -> # in #\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=64k,nr_inodes=512,mode=0755 nosuid,nodev,noexec #\n"
	    "box   target dev -> # in #\n"
	    "box   open_tree /dev/null -> # recursive\n"
	    "box   mount-point null in #\n"
	    "box   move_mount null # on #");
	CHECK_LINES(&p,
	    "box   open_tree /dev/tty -> # recursive\n"
	    "box   mount-point tty in #\n"
	    "box   move_mount tty # on #\n"
	    "box   symlink /proc/self/fd fd in #\n"
	    "box   symlink /proc/self/fd/0 stdin in #\n"
	    "box   symlink /proc/self/fd/1 stdout in #\n"
	    "box   symlink /proc/self/fd/2 stderr in #\n"
	    "box   symlink pts/ptmx ptmx in #\n"
	    "box   mkdir pts mode 755 in #\n"
	    "box   mkdir shm mode 1777 in #\n"
	    "box   mount_setattr ro,nosuid,noexec # recursive\n"
	    "box   enter #\n"
	    "box   mount devpts pts newinstance,ptmxmode=0666,mode=0620,gid=5 nosuid,noexec #\n"
	    "box   mount tmpfs shm size=64m,nr_inodes=16384,mode=01777 nosuid,nodev,noexec #\n"
	    "box   target var/run -> # in # unless a link if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   target run -> # in # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=1m,nr_inodes=512,mode=0755 nosuid,nodev,noexec #\n"
	    "box   target run -> # in # if possible\n"
	    "box   mount_setattr ro,nosuid,nodev,noexec #\n"
	    "box   enter #\n"
	    "box   pivot_root\n"
	    "box   umount-old\n"
	    "box   hostname box\n"
	    "box   loopback\n"
	    "box   chdir /home/me if possible\n"
	    "box   securebits\n"
	    "box   capabilities\n"
	    "box   no_new_privs\n"
	    "box   spawn");
	/* all devices, and no more */
	CHECK_NUM(0, count_ops(p.plan, OP_TREE), 7);
	CHECK_CLAIM(0, &p, "root",
	    "enforced wanted: mount, read-only with everything below it, nosuid, nodev");
	CHECK_CLAIM(0, &p, "proc", "enforced wanted: mount, hidden");
	CHECK_CLAIM(0, &p, "devices",
	    "enforced needed: mount, null zero full random urandom tty pts shm");
	CHECK_CLAIM(0, &p, "hostname", "enforced needed: uts namespace, box");
}

/* What is entered last is the new root; what was attached last but it is not. */
static void
entered_root(void)
{
	size_t i;

	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--tmp /mnt") != NULL);
	i = find_op(p.plan, OP_PIVOT, 0);
	CHECK_NUM(0, p.plan->op[i - 1].kind, OP_FCHDIR);
	CHECK_NUM(0, p.plan->op[i - 1].a, p.plan->op[find_op(p.plan, OP_MOVE_ROOT, 0)].a);
	for (i = find_op(p.plan, OP_TARGET, 0); i < p.plan->n;
	     i = find_op(p.plan, OP_TARGET, i + 1))
		CHECK_NUM(i, p.plan->op[i].b, p.plan->op[find_op(p.plan, OP_MOVE_ROOT, 0)].a);
}

static void
initramfs(void)
{
	static struct strnode sysfs = { .s = { "/sys", 4 } };

	p = (struct planned){ .facts = machine_root() };
	p.facts.root_initramfs = true;
	p.facts.sysfs = (struct strlist){ &sysfs, NULL, 1 };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	/* below the new root stays the old one: what is in it must give nobody the right to more */
	CHECK_LINES(&p,
	    "box   mount_setattr ro,nosuid,nodev,noexec #\n"
	    "box   open /proc -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   open /sys -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   enter #\n"
	    "box   chroot\n"
	    "box   loopback");
	CHECK_NUM(0, count_ops(p.plan, OP_PIVOT) + count_ops(p.plan, OP_UMOUNT_OLD), 0);
	/* where that is not known */
	p.facts.proc = false;
	p.facts.procs = p.facts.sysfs = (struct strlist){ 0 };
	CU_ASSERT_FATAL(planned(&p, "--user inherit") != NULL);
	CHECK_LINES(&p,
	    "box   open /sys -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   enter #\n"
	    "box   chroot");
	/* once is enough */
	p = (struct planned){ .facts = machine_root() };
	p.facts.root_initramfs = true;
	CU_ASSERT_FATAL(planned(&p, "--bind /data /mnt") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_OPEN), 1);
}

static void
other_root(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.resolv = S("/run/resolv.conf");
	CU_ASSERT_FATAL(planned(&p, "--root /srv/image") != NULL);
	CHECK_LINES(&p, "box   private\n"
			"box   open_tree /srv/image -> # recursive\n"
			"box   mount_setattr ro,nosuid,nodev # recursive\n"
			"box   attach-root #\n"
			"box   target proc -> # in # if possible");
	/* the caller's directory and name server mean nothing in there */
	CHECK_NUM(0, count_ops(p.plan, OP_CHDIR), 0);
	CHECK_NUM(0, count_ops(p.plan, OP_TREE), 7);
	CHECK_CLAIM(0, &p, "root",
	    "enforced needed: mount, read-only with everything below it, nosuid, nodev");
	CU_ASSERT_FATAL(planned(&p, "--root /srv/image --chdir /work") != NULL);
	CHECK_LINES(&p, "box   chdir /work\nbox   securebits");
	CHECK_REFUSED(0, &p, "--root /proc", "\"/proc\" is the host's proc file system: no root");
	CHECK_REFUSED(1, &p, "--root /proc/self/root", "\"/proc/self/root\" is the host's proc");
	CU_ASSERT(planned(&p, "--root /process") != NULL);
}

/* Asked for, it has to be: on a mount that is read-only itself that would be told only much
 * later. */
static void
writable_root(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--rw /") != NULL);
	CHECK_LINES(&p, "box   open_tree / -> # recursive\n"
			"box   mount_setattr nosuid,nodev # recursive\n"
			"box   writable / #\n"
			"box   attach-root #");
	CHECK_CLAIM(0, &p, "root", "enforced wanted: mount, writable, nosuid, nodev");
	CHECK_CLAIM(0, &p, "writable", "enforced needed: mount, /");
	CHECK_NUM(0, count_ops(p.plan, OP_TREE), 7);
	CU_ASSERT_FATAL(planned(&p, "--rw / --root /srv/x --no-dev") != NULL);
	CHECK_LINES(&p, "box   open_tree /srv/x -> # recursive\n"
			"box   mount_setattr nosuid,nodev # recursive\n"
			"box   writable /srv/x #\n"
			"box   attach-root #");
	CHECK_CLAIM(1, &p, "devices",
	    "enforced needed: nodev, those of the root: none can be opened");
	CU_ASSERT_FATAL(planned(&p, "--ro /") != NULL);
	CHECK_LINES(&p, "box   mount_setattr ro,nosuid,nodev # recursive\nbox   attach-root #");
	CHECK_CLAIM(2, &p, "read-only", "enforced needed: mount, /");
	CHECK_REFUSED(0, &p, "--ro / --rw /", "\"/\" would be covered by \"/\"");
	CHECK_REFUSED(1, &p, "--rw / --ro /", "\"/\" would be covered by \"/\"");
}

static void
fresh_proc(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--proc") != NULL);
	CHECK_LINES(&p, "box   attach-root #\n"
			"box   target proc -> # in #\n"
			"box   enter #\n"
			"box   mount proc . ro,nosuid,nodev,noexec #");
	CHECK_CLAIM(0, &p, "proc", "enforced needed: mount, own, read-only");
	CU_ASSERT_FATAL(planned(&p, "--proc --proc-subset") != NULL);
	CHECK_LINES(&p, "box   mount proc . subset=pid ro,nosuid,nodev,noexec #");
	CHECK_CLAIM(1, &p, "proc", "enforced needed: mount, own, read-only, processes only");
	CHECK_REFUSED(0, &p, "--proc --tmp /proc", "\"/proc\" would cover the own one");
	CU_ASSERT(planned(&p, "--tmp /proc") != NULL);
}

/* The kernel wants one that is seen whole, unless we are the first user namespace. */
static void
covered_proc(void)
{
	p = (struct planned){ .facts = machine_nobody() };
	p.facts.proc_covered = true;
	CHECK_REFUSED(0, &p, "--proc", "a fresh /proc is refused by the kernel here");
	CU_ASSERT(planned(&p, "") != NULL);
	p.facts.procs = (struct strlist){ &first, NULL, 3 };
	CU_ASSERT(planned(&p, "--proc") != NULL);
	elsewhere.s = S("/proc/irq"); /* as containers have them: parts of it, bound over it */
	CHECK_REFUSED(1, &p, "--proc", "a fresh /proc is refused by the kernel here");
	elsewhere.s = S("/srv/box/proc");
	p.facts = machine_root();
	p.facts.proc_covered = true;
	CHECK_REFUSED(2, &p, "--proc", "a fresh /proc is refused by the kernel here");
	CU_ASSERT(planned(&p, "--proc --user inherit") != NULL);
}

/* Whatever can bring a proc file system of the host along, by whatever name: it is covered before
 * anything is cloned. */
static void
host_procs(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--proc --tmp /mnt") != NULL);
	CHECK_LINES(&p, "box   private\nbox   open_tree / -> # recursive");
	CU_ASSERT_FATAL(planned(&p, "--proc --bind /usr /mnt") != NULL);
	CHECK_LINES(&p,
	    "box   private\n"
	    "box   open /proc -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   open_tree / -> # recursive");
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_OPEN, 0)].flags, FLAG_DIRECTORY | FLAG_MAY);
	p.facts.procs = (struct strlist){ &first, NULL, 3 };
	CU_ASSERT_FATAL(planned(&p, "--proc") != NULL);
	CHECK_LINES(&p,
	    "box   private\n"
	    "box   open /srv/box/proc -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   open_tree / -> # recursive");
	CU_ASSERT_FATAL(planned(&p, "--bind / /mnt") != NULL);
	/* each has one of its own: a cover opens nothing where one above it has hidden its place */
	CHECK_NUM(0, count_ops(p.plan, OP_OPEN), 3);
	CHECK_LINES(&p,
	    "box   open /srv/box/proc -> # if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   open_tree / -> # recursive\n"
	    "box   open_tree / -> # recursive");
	CHECK_REFUSED(0, &p, "--ro /proc",
	    "\"/proc\" is the host's proc file system, which no box");
	CHECK_REFUSED(1, &p, "--rw /proc/sys/net", "\"/proc/sys/net\" is the host's proc");
	CHECK_REFUSED(2, &p, "--bind /srv/box/proc/1 /mnt", "\"/srv/box/proc/1\" is the host's");
	CU_ASSERT(planned(&p, "--bind /srv/box /mnt") != NULL);
}

/* No socket of the host in reach, or the receipt says so. */
static void
sockets(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_CLAIM(0, &p, "sockets",
	    "enforced wanted: mount, "
	    "/run hidden; sockets that the host has elsewhere stay in reach");
	CU_ASSERT_FATAL(planned(&p, "--net inherit") != NULL);
	CHECK_CLAIM(1, &p, "sockets",
	    "enforced wanted: mount, /run hidden; those elsewhere and abstract ones stay in reach");
	CU_ASSERT_FATAL(planned(&p, "--bind / /mnt") != NULL);
	CHECK_LINES(&p,
	    "box   move_mount # on #\n"
	    "box   target mnt/run -> # in # unless a link if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n"
	    "box   target mnt/var/run -> # in # unless a link if possible\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #");
	CU_ASSERT_FATAL(planned(&p, "--rw /var") != NULL);
	CHECK_LINES(&p, "box   move_mount # on #\n"
			"box   target var/run -> # in # unless a link if possible");
	CHECK_CLAIM(2, &p, "sockets",
	    "enforced wanted: mount, "
	    "/run hidden; sockets that the host has elsewhere stay in reach");
	CU_ASSERT_FATAL(planned(&p, "--tmp /run --ro /usr --bind /run/docker.sock /x") != NULL);
	CHECK_CLAIM(3, &p, "sockets",
	    "open wanted: none, in reach: /run/docker.sock of the host is shown");
	CU_ASSERT_FATAL(planned(&p, "--rw /var/run/x") != NULL);
	CHECK_CLAIM(4, &p, "sockets",
	    "open wanted: none, in reach: /var/run/x of the host is shown");
	CU_ASSERT_FATAL(planned(&p, "--root /run/image") != NULL);
	CHECK_CLAIM(5, &p, "sockets",
	    "open wanted: none, in reach: /run/image of the host is shown");
	CU_ASSERT_FATAL(planned(&p, "--ro /runner --ro /var/running") != NULL);
	CHECK_CLAIM(6, &p, "sockets",
	    "enforced wanted: mount, "
	    "/run hidden; sockets that the host has elsewhere stay in reach");
}

static void
name_server(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.resolv = S("/run/systemd/resolve/stub.conf");
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "box   target run -> # in # if possible\n"
			"box   open_tree /run/systemd/resolve/stub.conf -> # recursive\n"
			"box   mount_setattr ro,nosuid,nodev,noexec # recursive\n"
			"box   mkdir systemd mode 755 in # if possible\n"
			"box   mkdir systemd/resolve mode 755 in # if possible\n"
			"box   mount-point systemd/resolve/stub.conf # in # if possible\n"
			"box   target run/systemd/resolve/stub.conf -> # in #\n"
			"box   move_mount # on #\n"
			"box   mount_setattr ro,nosuid,nodev,noexec #\n"
			"box   enter #\n"
			"box   pivot_root");
}

static void
devices(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--no-dev") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_TREE), 1);
	CHECK_CLAIM(0, &p, "devices",
	    "enforced needed: nodev, those of the root, read-only: none can be opened");
	CU_ASSERT_FATAL(planned(&p, "--rw /dev") != NULL);
	CHECK_CLAIM(1, &p, "devices",
	    "enforced needed: nodev, what was put on /dev: none can be opened");
	/* it stays open for mount points only while there are any to make */
	CHECK_NUM(1, count_ops(p.plan, OP_ATTR_OFF), 0);
	CU_ASSERT_FATAL(planned(&p, "--tmp /dev/shm/x") != NULL);
	CHECK_LINES(&p,
	    "box   mount_setattr ro,nosuid,noexec # recursive\n"
	    "box   attributes-off ro #\n"
	    "box   enter #\n"
	    "box   mount devpts pts newinstance,ptmxmode=0666,mode=0620,gid=5 nosuid,noexec #");
	CHECK_LINES(&p,
	    "box   mkdir shm mode 755 in # if possible\n"
	    "box   mount-point shm/x in # if possible\n"
	    "box   target dev/shm/x -> # in #\n"
	    "box   enter #\n"
	    "box   mount tmpfs . size=67108864,nr_inodes=16384,mode=1777 nosuid,nodev #\n"
	    "box   mount_setattr ro,nosuid,nodev,noexec #\n"
	    "box   mount_setattr ro,nosuid,nodev,noexec #\n"
	    "box   enter #\n"
	    "box   pivot_root");
	CU_ASSERT_FATAL(planned(&p, "--tmp /devices") != NULL);
	CHECK_NUM(2, count_ops(p.plan, OP_ATTR_OFF), 0);
}

/* devpts wants a group that is mapped. */
static void
tty_group(void)
{
	const char *with = "box   mount devpts pts newinstance,ptmxmode=0666,mode=0620,gid=5 "
			   "nosuid,noexec #";
	const char *without = "box   mount devpts pts newinstance,ptmxmode=0666,mode=0620 "
			      "nosuid,noexec #";

	p = (struct planned){ .facts = machine_nobody() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, without);
	p.facts = machine_root();
	CU_ASSERT_FATAL(planned(&p, "--user inherit") != NULL);
	CHECK_LINES(&p, with);
	p.facts.gids[0] = (struct idrange){ 0, 7, 5 };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, without);
	p.facts.gids[1] = (struct idrange){ 5, 9, 1 };
	p.facts.ngids = 2;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, with);
	p.facts.gids[1] = (struct idrange){ 6, 9, 1 };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, without);
}

static void
directory(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.cwd = S("");
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_CHDIR), 0);
	CU_ASSERT_FATAL(planned(&p, "--chdir /tmp") != NULL);
	CHECK_LINES(&p, "box   chdir /tmp\nbox   securebits");
	p.facts.cwd = S("/x");
	CU_ASSERT_FATAL(planned(&p, "--mount inherit --net inherit") != NULL);
	CHECK_LINES(&p, "box   unshare time\nbox   chdir /x if possible\nbox   securebits");
	CHECK_CLAIM(0, &p, "sockets", "(none)");
	CHECK_CLAIM(0, &p, "root", "(none)");
}

/* A hostname needs a namespace of its own, and gets it or is refused; inherited it is not
 * touched. */
static void
hostname(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--uts inherit") != NULL);
	CHECK_NUM(0, count_ops(p.plan, OP_HOSTNAME), 0);
	CHECK_CLAIM(0, &p, "hostname", "(none)");
	p.facts.lacks = (uint32_t)1 << NS_UTS;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_NUM(1, count_ops(p.plan, OP_HOSTNAME), 0);
}

UNIT_MAIN("view", { "the whole view in order", whole },
    { "the root that is entered", entered_root }, { "an initramfs is left by chroot", initramfs },
    { "another root", other_root }, { "a writable root", writable_root },
    { "a fresh proc", fresh_proc }, { "a proc that is covered outside", covered_proc },
    { "the host's procs", host_procs }, { "the host's sockets", sockets },
    { "the name server's file", name_server }, { "devices", devices },
    { "the terminals' group", tty_group }, { "the working directory", directory },
    { "the hostname", hostname })
