/* From a path to the numbers of a device: a node, a file on it, the disk that a partition is of. */
#include "run/place.h"

#include "run/io.h"
#include "spec/limits.h"
#include "sys/sys.h"
#include "text/cgfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { DEV_TEXT = 64 };

/* Fault of a path that stands at pos. */
static int
cannot(struct err *err, struct pos pos, int sysno, struct str path)
{
	err_system(err, sysno, "cannot find the device of \"%\"", path);
	err->pos = pos;
	return -1;
}

/* A node is not opened: that may wait, and has effects with some (a tape is rewound). */
static int
look(struct arena *a, struct str path, struct stat *st)
{
	char *text = arena_cstr(a, path);
	int fd = text == NULL ? -ENOMEM : sys_open(text, O_PATH), r = fd;

	if (fd < 0)
		return r;
	r = sys_stat_fd(fd, st);
	sys_close(fd);
	return r;
}

static char *
sys_dev(struct arena *a, const struct io_limit *io, struct str file)
{
	char major_text[UINT_ROOM], minor_text[UINT_ROOM];

	return arena_text(a, TEXT("/sys/dev/block/%:%/%", uint_text(major_text, io->major),
				 uint_text(minor_text, io->minor), file));
}

/* Limits are of whole disks alone (block/blk-cgroup.c, blkg_conf_open_bdev). */
static int
whole_disk(struct arena *a, struct io_limit *io, struct err *err)
{
	char *partition = sys_dev(a, io, S("partition")), *disk = sys_dev(a, io, S("../dev"));
	struct str text;
	int r;

	if (partition == NULL || disk == NULL)
		return err_memory(err);
	if (sys_access(partition, F_OK) < 0)
		return 0;
	r = io_read(a, disk, DEV_TEXT, &text);
	if (r < 0)
		return cannot(err, io->pos, -r, str_of(disk));
	if (!str_ends(text, S("\n")) ||
	    cgfile_device(str_slice(text, 0, text.n - 1), &io->major, &io->minor) < 0)
		return err_at(err, FAULT_SYSTEM, io->pos, "\"%\" is malformed", str_of(disk));
	return 0;
}

static int
io_device(struct arena *a, struct io_limit *io, struct err *err)
{
	struct stat st;
	char text[UINT_ROOM];
	int r = io->known ? 0 : look(a, io->path, &st);

	if (r < 0)
		return cannot(err, io->pos, -r, io->path);
	if (!io->known && S_ISCHR(st.st_mode))
		return err_refused(err, io->pos,
		    "\"%\" is a character device, where a block device or a file on one is due",
		    io->path);
	if (!io->known) {
		dev_t dev = S_ISBLK(st.st_mode) ? st.st_rdev : st.st_dev;

		io->major = major(dev);
		io->minor = minor(dev);
	}
	/* Documentation/admin-guide/devices.txt: 0 is "unnamed devices" */
	if (io->major == 0 && io->path.n == 0)
		return err_refused(err, io->pos, "0:% is no block device: major 0 stands for none",
		    uint_text(text, io->minor));
	if (io->major == 0)
		return err_refused(err, io->pos,
		    "\"%\" is on no block device of its own (its file system is in memory, on the "
		    "network, or over others); the device itself is due",
		    io->path);
	io->known = true;
	return whole_disk(a, io, err);
}

static int
rule_device(struct arena *a, struct device_rule *d, struct err *err)
{
	struct stat st;
	int r;

	if (d->known)
		return 0;
	r = look(a, d->path, &st);
	if (r < 0)
		return cannot(err, d->pos, -r, d->path);
	if (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		return err_refused(err, d->pos,
		    "\"%\" is no device; a node like /dev/fuse, or c:10:229, is due", d->path);
	d->type = S_ISCHR(st.st_mode) ? 'c' : 'b';
	d->major = major(st.st_rdev);
	d->minor = minor(st.st_rdev);
	d->known = true;
	return 0;
}

int
place_devices(struct arena *a, struct limits *l, struct err *err)
{
	for (struct io_limit *io = l->io; io != NULL; io = io->next)
		if (io_device(a, io, err) < 0)
			return -1;
	for (struct device_rule *d = l->devices; d != NULL; d = d->next)
		if (rule_device(a, d, err) < 0)
			return -1;
	return 0;
}
