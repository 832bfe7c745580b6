/* core/run/within.c */
#include "check.h"
#include "run/within.h"
#include "tree.h"
#include "unit.h"

enum { MEMORY = 1 << 20 };
static _Alignas(16) unsigned char mem[MEMORY];

#define NETDEV_HEAD \
	"Inter-|   Receive                                                |  Transmit\n" \
	" face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs " \
	"drop fifo colls carrier compressed\n"
#define NETDEV \
	NETDEV_HEAD \
	"    lo: 999 9 0 0 0 0 0 0 999 9 0 0 0 0 0 0\n" \
	"  eth0: 100 2 0 0 0 0 0 0 300 4 0 0 0 0 0 0\n" \
	"  eth1: 10 1 0 0 0 0 0 0 30 2 0 0 0 0 0 0\n"
#define HOST \
	"20 1 0:1 / / rw - ext4 /dev/sda rw\n" \
	"21 20 0:2 / /run rw - tmpfs tmpfs rw\n"
#define BOX \
	"30 1 0:1 / / ro - ext4 /dev/sda rw\n" \
	"31 30 0:2 / /run rw - tmpfs tmpfs rw\n" /* the host's */ \
	"32 30 0:10 / /tmp rw - tmpfs tmpfs rw\n" \
	"33 30 0:10 / /var/tmp rw - tmpfs tmpfs rw\n" /* the same again */ \
	"34 30 0:11 / /ro rw - tmpfs tmpfs ro\n"      /* not to be written to */ \
	"35 30 0:12 / /also ro - tmpfs tmpfs rw\n"    /* neither */ \
	"36 30 0:13 / /work\\040here rw - overlay overlay rw\n" \
	"37 30 0:14 / /remote rw - fuse.sshfs x rw\n" \
	"38 37 0:15 / /remote/tmp rw - tmpfs tmpfs rw\n" /* behind it */ \
	"39 30 0:16 / /remoter rw - tmpfs tmpfs rw\n"    /* beside it */ \
	"40 30 0:17 / /hidden rw - tmpfs tmpfs rw\n"     /* another one lies upon it */ \
	"41 30 0:18 / /nowhere rw - tmpfs tmpfs rw\n"    /* not to be found */ \
	"42 30 0:19 / /disk rw - ext4 /dev/sdb rw\n"     /* of no kind that is looked at */

static void
link_to(const char *path, const char *text)
{
	tree_add(path, text)->link = true;
}

static void
space(const char *path, unsigned minor, uint64_t used, uint64_t size)
{
	struct node *n = tree_add(path, NULL);

	n->dev = makedev(0, minor);
	n->used = used;
	n->size = size;
}

/* Processes of a group: one that is outside as we are, one with a network of its own, one with
 * both. */
static void
world(void)
{
	tree_reset();
	tree_add("/cg", NULL);
	tree_add("/cg/cgroup.procs", "0\n7\n8\n9\n");
	link_to("/proc/self/ns/net", "net:[1]");
	link_to("/proc/self/ns/mnt", "mnt:[1]");
	link_to("/proc/7/ns/net", "net:[1]");
	link_to("/proc/7/ns/mnt", "mnt:[1]");
	link_to("/proc/8/ns/net", "net:[2]");
	link_to("/proc/8/ns/mnt", "mnt:[1]");
	link_to("/proc/9/ns/net", "net:[3]");
	link_to("/proc/9/ns/mnt", "mnt:[3]");
	tree_add("/proc/8/net/dev", NETDEV);
	tree_add("/proc/self/mountinfo", HOST);
	tree_add("/proc/9/mountinfo", BOX);
	tree_add("/proc/9/root", NULL);
	space("/proc/9/root/run", 2, 1, 1);
	space("/proc/9/root/tmp", 10, 100, 200);
	space("/proc/9/root/var/tmp", 10, 100, 200);
	space("/proc/9/root/ro", 11, 1, 1);
	space("/proc/9/root/also", 12, 1, 1);
	space("/proc/9/root/work here", 13, 300, 400);
	space("/proc/9/root/remote/tmp", 15, 1, 1);
	space("/proc/9/root/remoter", 16, 500, 600);
	space("/proc/9/root/hidden", 99, 1, 1);
	space("/proc/9/root/disk", 19, 1, 1);
}

static void
look_in(size_t room, struct within *w)
{
	struct arena a = { mem, 0, room };
	int fd;
	size_t fail_at = tree.fail_at;

	tree.fail_at = 0;
	fd = tree_open("/cg");
	tree.fail_at = fail_at;
	CU_ASSERT_FATAL(fd >= 0);
	tree.calls = 0;
	within_look(&a, fd, w);
	CHECK_NUM(fail_at, tree.open, 1);
	sys_close(fd);
}

static void
look(struct within *w)
{
	look_in(sizeof(mem), w);
}

static void
all(void)
{
	struct within w;

	world();
	look(&w);
	CHECK_NUM(0, w.has_network, true);
	CHECK_NUM(0, w.rx_bytes, 110);
	CHECK_NUM(0, w.rx_packets, 3);
	CHECK_NUM(0, w.tx_bytes, 330);
	CHECK_NUM(0, w.tx_packets, 6);
	CU_ASSERT_FATAL(w.nmounts == 3);
	CHECK_TEXT(0, w.mount[0].target, "/tmp");
	CHECK_TEXT(0, w.mount[0].type, "tmpfs");
	CHECK_NUM(0, w.mount[0].used, 100);
	CHECK_NUM(0, w.mount[0].size, 200);
	CHECK_TEXT(0, w.mount[1].target, "/work here");
	CHECK_TEXT(0, w.mount[1].type, "overlay");
	CHECK_NUM(0, w.mount[1].used, 300);
	CHECK_TEXT(0, w.mount[2].target, "/remoter");
}

/* One thing is different: what is there then. */
static void
differently(void)
{
	static const struct {
		const char *path, *text; /* NULL: it is not there */
		bool network;
		size_t mounts;
	} t[] = {
		{ "/cg/cgroup.procs", "", false, 0 },
		{ "/cg/cgroup.procs", NULL, false, 0 },
		{ "/cg/cgroup.procs", "x\n", false, 0 },
		{ "/cg/cgroup.procs", "7\n", false, 0 },
		{ "/cg/cgroup.procs", "8\n", true, 0 },
		{ "/cg/cgroup.procs", "9\n", false, 3 },
		{ "/proc/self/ns/net", NULL, false, 3 },
		{ "/proc/self/ns/mnt", NULL, true, 0 },
		{ "/proc/8/ns/net", NULL, false, 3 },
		{ "/proc/8/net/dev", NULL, false, 3 },
		{ "/proc/8/net/dev", "garbage", false, 3 },
		{ "/proc/8/net/dev", NETDEV_HEAD, true, 3 },
		{ "/proc/9/ns/mnt", "mnt:[1]", true, 0 },
		{ "/proc/self/mountinfo", NULL, true, 0 },
		{ "/proc/self/mountinfo", "garbage", true, 0 },
		{ "/proc/9/mountinfo", NULL, true, 0 },
		{ "/proc/9/mountinfo", "garbage", true, 0 },
		{ "/proc/9/mountinfo",
		    "30 1 0:13 / /fuse rw - fuse x rw\n"
		    "31 1 0:10 / /tmp rw - tmpfs tmpfs rw\n",
		    true, 1 },
		{ "/proc/9/mountinfo",
		    "30 1 0:99 / / rw - nfs4 x rw\n"
		    "31 1 0:10 / /tmp rw - tmpfs tmpfs rw\n",
		    true, 0 },
		{ "/proc/9/root", NULL, true, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct within w;
		struct node *n;

		world();
		n = tree_find(t[i].path);
		CU_ASSERT_FATAL(n != NULL);
		n->text = t[i].text;
		n->gone = t[i].text == NULL;
		look(&w);
		CHECK_NUM(i, w.has_network, t[i].network);
		CHECK_NUM(i, w.nmounts, t[i].mounts);
	}
}

/* So many mounts of its own. */
static void
bounded(void)
{
	static char text[64 * (WITHIN_MOUNTS + 9)], host[64 * 1100];
	static char path[WITHIN_MOUNTS + 9][40];
	size_t n = 0;
	struct within w;

	world();
	for (unsigned i = 0; i < WITHIN_MOUNTS + 9; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%u 1 0:%u / /m%u rw - tmpfs tmpfs rw\n", 30 + i, 100 + i, i);
		snprintf(path[i], sizeof(path[i]), "/proc/9/root/m%u", i);
		space(path[i], 100 + i, i, 1000);
	}
	tree_find("/proc/9/mountinfo")->text = text;
	look(&w);
	CHECK_NUM(0, w.nmounts, WITHIN_MOUNTS);
	CHECK_NUM(0, w.mount[WITHIN_MOUNTS - 1].used, WITHIN_MOUNTS - 1);
	/* of too many of the host's it is not known which they are */
	n = 0;
	for (unsigned i = 0; i < 1100; i++)
		n += (size_t)snprintf(host + n, sizeof(host) - n,
		    "%u 1 0:%u / /m%u rw - tmpfs tmpfs rw\n", 30 + i, 5000 + i, i);
	tree_find("/proc/self/mountinfo")->text = host;
	look(&w);
	CHECK_NUM(0, w.nmounts, 0);
	/* just as many as can be remembered: the first of the box's is the last */
	n = 0;
	for (unsigned i = 0; i < 1024; i++)
		n += (size_t)snprintf(host + n, sizeof(host) - n,
		    "%u 1 0:%u / /m%u rw - tmpfs tmpfs rw\n", 30 + i, 5000 + i, i);
	look(&w);
	CHECK_NUM(0, w.nmounts, 1);
}

/* The number of a process that ended may be another one's. */
static void
ends_meanwhile(void)
{
	size_t before = 0;
	struct within w;
	bool seen = false;

	for (size_t at = 1; at < 100; at++) {
		bool told;

		world();
		tree.change_at = at;
		tree.changed = tree_find("/cg/cgroup.procs");
		tree.change_to = "7\n";
		look(&w);
		told = w.has_network || w.nmounts > 0;
		/* what it was is told when it ends behind the last look at the list, and not
		 * before */
		CU_ASSERT(!seen || told);
		seen = seen || told;
		before += !told;
	}
	CU_ASSERT(before > 20 && seen);
}

static void
each_call_fails(void)
{
	struct within whole, w;
	size_t n;

	world();
	look(&whole);
	n = tree.calls;
	CU_ASSERT(n > 25);
	for (size_t at = 1; at <= n; at++) {
		world();
		tree.fail_at = at;
		look(&w);
		/* less, and never anything else */
		CHECK_NUM(at, !w.has_network || w.rx_bytes == whole.rx_bytes, true);
		CHECK_NUM(at, w.nmounts <= whole.nmounts, true);
	}
}

static void
little_memory(void)
{
	struct within w;
	bool some = false;

	for (size_t room = 0; room < 32 << 10; room += 128) {
		world();
		look_in(room, &w);
		some = some || w.nmounts > 0;
	}
	CU_ASSERT(some);
}

UNIT_MAIN("within", { "network and mounts", all }, { "what is not there", differently },
    { "many mounts", bounded }, { "processes end meanwhile", ends_meanwhile },
    { "each call fails once", each_call_fails }, { "little memory", little_memory })
