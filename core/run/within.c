#include "run/within.h"

#include "run/io.h"
#include "sys/sys.h"
#include "text/cgfile.h"
#include "text/procfs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>

enum {
	PROCS = 64, /* that are looked at */
	PATH_ROOM = 64,
	NAME_ROOM = 64,
	PROCS_MAX = 64 << 10,
	NETDEV_MAX = 256 << 10,
	MOUNTS_MAX = 4 << 20,
	DEVICES = 1024,
};

/* ---- whose ----------------------------------------------------------------------------------- */

/* "/proc/PID/ns/net"; pid 0: our own. */
static const char *
proc_path(char room[PATH_ROOM], int pid, const char *file)
{
	struct buf b = { .cap = PATH_ROOM };

	b.p = room;
	buf_cstr(&b, "/proc/");
	if (pid == 0)
		buf_cstr(&b, "self");
	else
		buf_int(&b, pid);
	buf_char(&b, '/');
	buf_cstr(&b, file);
	buf_char(&b, '\0');
	return room;
}

static struct str
space_of(char room[NAME_ROOM], int pid, const char *file)
{
	char path[PATH_ROOM];
	long n = sys_readlink(proc_path(path, pid, file), room, NAME_ROOM);

	return (struct str){ room, n < 0 ? 0 : (size_t)n };
}

/* The first process that is in another namespace of that kind than we are; or 0. */
static int
outsider(struct str procs, const char *file)
{
	char ours[NAME_ROOM], theirs[NAME_ROOM];
	struct str own = space_of(ours, 0, file);
	int pid;

	for (size_t i = 0; own.n > 0 && i < PROCS && cgfile_pid(&procs, &pid) > 0; i++) {
		struct str its = pid == 0 ? S("") : space_of(theirs, pid, file);

		if (its.n > 0 && !str_eq(its, own))
			return pid;
	}
	return 0;
}

static struct str
procs_of(struct arena *a, int group)
{
	int fd =
	    sys_open_at(group, "cgroup.procs", O_RDONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	struct str text = { NULL, 0 };

	if (fd < 0)
		return text;
	if (io_read_fd(a, fd, PROCS_MAX, &text) < 0)
		text = (struct str){ NULL, 0 };
	sys_close(fd);
	return text;
}

/* Its number may have become another process's while we looked. */
static bool
still_there(struct arena *a, int group, int pid)
{
	struct str procs = procs_of(a, group);
	int p;

	while (cgfile_pid(&procs, &p) > 0)
		if (p == pid)
			return true;
	return false;
}

/* ---- network --------------------------------------------------------------------------------- */

static bool
look_network(struct arena *a, int pid, struct within *w)
{
	char path[PATH_ROOM];
	struct str text;
	struct netdev d;
	int r;

	if (io_read(a, proc_path(path, pid, "net/dev"), NETDEV_MAX, &text) < 0)
		return false;
	while ((r = cgfile_netdev(&text, &d)) > 0) {
		if (str_eq(d.name, S("lo")))
			continue;
		w->rx_bytes += d.rx_bytes;
		w->rx_packets += d.rx_packets;
		w->tx_bytes += d.tx_bytes;
		w->tx_packets += d.tx_packets;
	}
	return r == 0;
}

/* ---- mounts ---------------------------------------------------------------------------------- */

struct devices {
	uint64_t *device;
	size_t n;
};

static uint64_t
device_of(const struct mountinfo *m)
{
	return (uint64_t)m->major << 32 | m->minor;
}

/* False when there was no room. */
static bool
remember(struct devices *d, uint64_t device)
{
	if (d->n == DEVICES)
		return false;
	d->device[d->n++] = device;
	return true;
}

static bool
remembered(const struct devices *d, uint64_t device)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->device[i] == device)
			return true;
	return false;
}

/* All that we see is the host's. False when that is not known. */
static bool
hosts(struct arena *a, struct devices *d)
{
	struct str text;
	struct mountinfo m;
	int r;

	d->device = arena_array(a, DEVICES, sizeof(*d->device));
	if (d->device == NULL || io_read(a, "/proc/self/mountinfo", MOUNTS_MAX, &text) < 0)
		return false;
	while ((r = mountinfo_next(&text, &m)) > 0)
		if (!remembered(d, device_of(&m)) && !remember(d, device_of(&m)))
			return false;
	return r == 0;
}

/* Someone else answers what is asked of it, perhaps never. */
static bool
may_hang(struct str type)
{
	static const char words[][5] = { "fuse", "nfs", "cifs", "smb", "9p", "ceph", "afs" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_starts(type, str_of(words[i])))
			return true;
	return false;
}

/* Does the way to the target lead through such a mount? */
static bool
behind_others(struct str mounts, struct str target)
{
	struct mountinfo m;

	while (mountinfo_next(&mounts, &m) > 0)
		if (may_hang(m.fstype) && str_starts(target, m.target) &&
		    (m.target.n <= 1 || target.n == m.target.n || target.p[m.target.n] == '/'))
			return true;
	return false;
}

static void
look_mount(struct arena *a, int root, const struct mountinfo *m, struct within *w)
{
	struct within_mount *out = &w->mount[w->nmounts];
	struct str target = mountinfo_unescape(a, m->target);
	char *path = target.n > 0 ? arena_cstr(a, target) : NULL;
	struct stat st;
	int fd;

	if (path == NULL)
		return;
	/* its paths are its own: none of them may lead out of it, or be walked on */
	fd = sys_open_at(root, path, O_PATH,
	    K_RESOLVE_IN_ROOT | K_RESOLVE_NO_SYMLINKS | K_RESOLVE_NO_MAGICLINKS);
	if (fd < 0)
		return;
	/* another one may lie upon it */
	if (sys_stat_fd(fd, &st) == 0 && major(st.st_dev) == m->major &&
	    minor(st.st_dev) == m->minor && sys_space(fd, &out->used, &out->size) == 0) {
		out->target = target;
		out->type = m->fstype;
		w->nmounts++;
	}
	sys_close(fd);
}

static void
look_mounts(struct arena *a, int pid, struct within *w)
{
	char path[PATH_ROOM];
	struct devices known = { 0 };
	struct str text, rest;
	struct mountinfo m;
	int root;

	if (!hosts(a, &known) ||
	    io_read(a, proc_path(path, pid, "mountinfo"), MOUNTS_MAX, &text) < 0)
		return;
	root = sys_open(proc_path(path, pid, "root"), O_PATH | O_DIRECTORY);
	if (root < 0)
		return;
	for (rest = text; w->nmounts < WITHIN_MOUNTS && mountinfo_next(&rest, &m) > 0;) {
		size_t before = w->nmounts;

		if ((!str_eq(m.fstype, S("tmpfs")) && !str_eq(m.fstype, S("overlay"))) ||
		    !mountinfo_option(m.options, S("rw")) || !mountinfo_option(m.super, S("rw")) ||
		    remembered(&known, device_of(&m)) || behind_others(text, m.target))
			continue;
		look_mount(a, root, &m, w);
		/* the same one may be seen in many places */
		if (w->nmounts > before && !remember(&known, device_of(&m)))
			break;
	}
	sys_close(root);
}

void
within_look(struct arena *a, int group, struct within *w)
{
	struct str procs = procs_of(a, group);
	int net = outsider(procs, "ns/net"), mounts = outsider(procs, "ns/mnt");

	*w = (struct within){ 0 };
	if (mounts > 0)
		look_mounts(a, mounts, w);
	if (mounts > 0 && !still_there(a, group, mounts))
		w->nmounts = 0;
	w->has_network = net > 0 && look_network(a, net, w) && still_there(a, group, net);
}
