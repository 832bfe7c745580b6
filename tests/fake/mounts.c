/* The fake kernel's mounts, and what is made in them: the view of a box, as far as it can be
 * wrong. */
#include "kernel.h"

#include <errno.h>
#include <string.h>

/* ---- making ---------------------------------------------------------------------------------- */

/* In a directory of the box: only where we have mounted something ourselves. */
static int
make(int dir, const char *name, bool directory, const char *call)
{
	const struct file *d = fd_file(dir, call);

	if (d == NULL)
		return -EBADF;
	if (d->kind == FILE_GROUP)
		return directory ? group_make_at(d, name) : -EPERM;
	if (d->kind != FILE_PLACE || !d->own)
		wrong("something is made on the host", name);
	return 0;
}

int
sys_mkdir_at(int dir, const char *name, unsigned mode)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_mkdir_at, name, mode))
		c.r = make(dir, name, true, "mkdir_at");
	return (int)call_end(&c, c.r, 0);
}

int
sys_mkfile_at(int dir, const char *name, unsigned mode)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_mkfile_at, name, mode))
		c.r = make(dir, name, false, "mkfile_at");
	return (int)call_end(&c, c.r, 0);
}

int
sys_symlink_at(const char *text, int dir, const char *name)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_symlink_at, text, 0))
		c.r = make(dir, name, false, "symlink_at");
	return (int)call_end(&c, c.r, 0);
}

/* ---- mounting -------------------------------------------------------------------------------- */

static void
may_mount(const char *what)
{
	const struct proc *p = kernel.self;

	if (((p->spaces | p->joined) & K_CLONE_NEWNS) == 0)
		wrong("the host's mounts are changed", what);
	if (!p->private_mounts)
		wrong("a mount that the host can see", what);
}

int
sys_open_tree(const char *path, bool recursive)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_open_tree, path, recursive)) {
		c.r = fs_absent(path) ? -ENOENT : fd_new(file_new(FILE_TREE, path));
		if (c.r >= 0 && kernel.self->root_moved && path[1] == '\0')
			wrong("the root is cloned when the box's lies over it", path);
	}
	return (int)call_end(&c, c.r, 0);
}

static bool
tame(uint64_t attr)
{
	const uint64_t node = K_MOUNT_ATTR_RDONLY | K_MOUNT_ATTR_NOEXEC;

	return (attr & K_MOUNT_ATTR_NOSUID) != 0 &&
	       ((attr & K_MOUNT_ATTR_NODEV) != 0 || (attr & node) == node);
}

/* What was attached below, too. */
static void
tame_below(const char *path)
{
	size_t left = 0;

	for (size_t i = 0; i < kernel.nbare; i++)
		if (!fs_below(kernel.bare[i], path))
			copy_path(kernel.bare[left++], kernel.bare[i]);
	kernel.nbare = left;
}

int
sys_mount_attr(int fd, bool recursive, uint64_t set, uint64_t clear)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_mount_attr, fd_path(fd), set | clear << 32)) {
		struct file *f = fd_file(fd, "mount_attr");

		c.r = f == NULL ? -EBADF : 0;
		if (f != NULL)
			f->attr = (f->attr | set) & ~clear;
		if (f != NULL && recursive && tame(set))
			tame_below(f->path);
	}
	return (int)call_end(&c, c.r, 0);
}

/* Where only the box has written, it may be tamed with the rest; what was not in the end is seen at
 * the exec. */
static void
attach_bare(const struct file *f, const char *dest, bool own)
{
	if (tame(f->attr))
		return;
	if (!own || kernel.nbare == COUNT(kernel.bare))
		wrong("set-user-id programs of the host come along", f->path);
	else
		copy_path(kernel.bare[kernel.nbare++], dest);
}

static int
attach(int from, const char *dest, bool own)
{
	struct file *f = fd_file(from, "move_mount");

	may_mount(dest);
	if (f == NULL)
		return -EBADF;
	if (f->kind != FILE_TREE || f->attached)
		return -EINVAL;
	attach_bare(f, dest, own);
	f->attached = true;
	fs_area(dest, false);
	return 0;
}

int
sys_move_mount(int from, int to)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_move_mount, fd_path(to), 0))
		c.r = fd_file(to, "move_mount") == NULL ? -EBADF : attach(from, fd_path(to), false);
	return (int)call_end(&c, c.r, 0);
}

int
sys_move_mount_at(int from, int dir, const char *name)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_move_mount_at, name, 0)) {
		char path[PATH_ROOM];

		const struct file *d = fd_file(dir, "move_mount_at");

		fs_join(path, fd_path(dir), name);
		c.r = d == NULL ? -EBADF : attach(from, path, d->own);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_move_mount_root(int from)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_move_mount_root, fd_path(from), 0)) {
		c.r = attach(from, "/", false);
		if (c.r == 0) {
			kernel.self->root_moved = true;
			kernel.self->root_attr = kernel.self->fd[from]->attr;
		}
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_mount(const char *source, const char *target, const char *type, unsigned long flags,
    const char *data)
{
	struct proc *p = kernel.self;
	struct call c = { 0 };
	char path[PATH_ROOM];

	(void)source;
	(void)data;
	fs_join(path, p->cwd, target);
	if (call_begin(&c, FAKE_mount, type == NULL ? path : type, flags)) {
		if (type == NULL) {
			if (((p->spaces | p->joined) & K_CLONE_NEWNS) == 0)
				wrong("the host's mounts are changed", path);
			p->private_mounts = true;
		} else {
			may_mount(path);
			fs_area(path, (flags & K_MS_RDONLY) == 0);
			if (strcmp(type, "proc") == 0 && p->init == NULL &&
			    (p->joined & K_CLONE_NEWPID) == 0)
				wrong("the host's processes are shown", path);
		}
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_umount_detach(const char *path)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_umount_detach, path, 0)) {
		may_mount(path);
		kernel.self->old_root = false;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_pivot_root(const char *new_root, const char *put_old)
{
	struct call c = { 0 };

	(void)put_old;
	if (call_begin(&c, FAKE_pivot_root, new_root, 0)) {
		may_mount("pivot_root");
		if (!kernel.self->root_moved)
			wrong("the root is changed to nothing", NULL);
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_chroot(const char *path)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_chroot, path, 0)) {
		kernel.self->old_root = false;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_chdir(const char *path)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_chdir, path, 0)) {
		c.r = fs_absent(path) ? -ENOENT : 0;
		if (c.r == 0)
			copy_path(kernel.self->cwd, path);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_fchdir(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_fchdir, fd_path(fd), 0)) {
		const struct file *f = fd_file(fd, "fchdir");

		c.r = f == NULL ? -EBADF : 0;
		if (f != NULL)
			copy_path(kernel.self->cwd, f->kind == FILE_TREE ? "/" : f->path);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_mount_readonly(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_mount_readonly, fd_path(fd), 0)) {
		const struct file *f = fd_file(fd, "mount_readonly");

		c.r = f == NULL ? -EBADF
				: fake.readonly != NULL && strcmp(f->path, fake.readonly) == 0;
	}
	return (int)call_end(&c, c.r, 0);
}

UNWATCHED_END
