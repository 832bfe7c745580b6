/* The fake kernel's files: a small table, procfs, control groups, and the view that a box makes. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

/* ---- places ---------------------------------------------------------------------------------- */

bool
fs_below(const char *path, const char *top)
{
	size_t n = strlen(top);

	if (n == 1)
		return true;
	return strncmp(path, top, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

void
fs_area(const char *path, bool own)
{
	if (kernel.nareas == COUNT(kernel.area))
		return;
	copy_path(kernel.area[kernel.nareas].path, path);
	kernel.area[kernel.nareas++].own = own;
}

/* The last mount that covers a path says whose it is. */
bool
fs_own(const char *path)
{
	bool own = false;

	for (size_t i = 0; i < kernel.nareas; i++)
		if (fs_below(path, kernel.area[i].path))
			own = kernel.area[i].own;
	return own;
}

bool
fs_absent(const char *path)
{
	for (size_t i = 0; i < COUNT(fake.absent); i++)
		if (fake.absent[i] != NULL && strcmp(fake.absent[i], path) == 0)
			return true;
	return false;
}

void
fs_join(char *to, const char *dir, const char *name)
{
	char whole[2 * PATH_ROOM + 4096];
	size_t n = strlen(dir);

	if (strcmp(name, ".") == 0)
		snprintf(whole, sizeof(whole), "%s", dir);
	else if (name[0] == '/')
		snprintf(whole, sizeof(whole), "%s", name);
	else
		snprintf(whole, sizeof(whole), "%s%s%s", dir, n == 1 ? "" : "/", name);
	copy_path(to, whole);
}

/* ---- id maps --------------------------------------------------------------------------------- */

/* user_namespaces(7): each once; from inside, setgroups has to be denied first. */
static long
write_map(struct file *f, size_t n)
{
	struct proc *p = f->proc;
	bool inside = p == kernel.self;

	if (!proc_alive(p))
		return -ESRCH;
	if ((p->spaces & K_CLONE_NEWUSER) == 0) {
		wrong("an id map of the host's user namespace is written", f->path);
		return -EPERM;
	}
	if (strstr(f->path, "setgroups") != NULL) {
		p->setgroups_denied = true;
	} else if (strstr(f->path, "uid_map") != NULL) {
		if (p->uid_mapped)
			return -EPERM;
		p->uid_mapped = true;
	} else {
		if (p->gid_mapped || (inside && !p->setgroups_denied))
			return -EPERM;
		p->gid_mapped = true;
	}
	return (long)n;
}

/* ---- sysctls --------------------------------------------------------------------------------- */

static const char max_user_namespaces[] = "/proc/sys/user/max_user_namespaces";

/* kernel/ucount.c, set_lookup(): which namespace's it is goes by who opens it. */
static int
open_sysctl(const char *path)
{
	struct file *f;

	if (strcmp(path, max_user_namespaces) != 0)
		return -ENOENT;
	if ((kernel.self->spaces & K_CLONE_NEWUSER) == 0)
		wrong("a sysctl of the host is opened to be written", path);
	f = file_new(FILE_TEXT, path);
	f->proc = kernel.self;
	f->sysctl = true;
	return fd_new(f);
}

static long
write_sysctl(const struct file *f, const char *text, size_t n)
{
	if (n != 1 || text[0] != '0')
		wrong("a sysctl is given what it is not to have", f->path);
	f->proc->no_nesting = true;
	return (long)n;
}

long
fs_write(struct file *f, const char *text, size_t n)
{
	if (f->kind == FILE_CONTROL)
		return group_write(f, text, n);
	if (f->sysctl)
		return write_sysctl(f, text, n);
	return f->proc != NULL ? write_map(f, n) : -EBADF;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int
open_children(void)
{
	struct file *f = file_new(FILE_TEXT, "children");
	size_t n = 0;

	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (kernel.proc[i].state != PROC_FREE && kernel.proc[i].parent == kernel.self)
			n += (size_t)snprintf(f->made + n, sizeof(f->made) - n, "%d ",
			    kernel.proc[i].pid);
	f->text = f->made;
	return fd_new(f);
}

static int
open_map(const char *path)
{
	const char *last = strrchr(path, '/') + 1;
	bool self = strncmp(path, "/proc/self/", 11) == 0;
	struct proc *p = self ? kernel.self : proc_by_pid(atoi(path + 6));
	char name[PATH_ROOM];
	struct file *f;

	if (strcmp(last, "uid_map") != 0 && strcmp(last, "gid_map") != 0 &&
	    strcmp(last, "setgroups") != 0)
		return -ENOENT;
	if (p == NULL)
		return -ENOENT;
	snprintf(name, sizeof(name), "/proc/%s/%s", self ? "self" : "CHILD", last);
	f = file_new(FILE_TEXT, name);
	f->proc = p;
	return fd_new(f);
}

const struct fake_file *
fs_in_table(const char *path)
{
	const struct fake_file *t = fake.file;

	while (t != NULL && t->path != NULL && strcmp(t->path, path) != 0)
		t++;
	return t == NULL || t->path == NULL ? NULL : t;
}

int
fs_open(const char *path, int flags)
{
	const struct fake_file *t = fs_in_table(path);
	struct file *f;

	if (t != NULL && t->error != 0)
		return -t->error;
	if (t != NULL) {
		f = file_new(t->text == NULL ? FILE_PLACE : FILE_TEXT, path);
		f->text = t->text;
		return fd_new(f);
	}
	if (group_find(path) >= 0 || group_above(path) >= 0)
		return group_open_path(path, flags);
	if (strcmp(path, "/proc/thread-self/children") == 0)
		return fake.no_children_file ? -ENOENT : open_children();
	if ((flags & O_ACCMODE) == O_WRONLY && strncmp(path, "/proc/sys/", 10) == 0)
		return open_sysctl(path);
	if ((flags & O_ACCMODE) == O_WRONLY && strncmp(path, "/proc/", 6) == 0)
		return open_map(path);
	/* as a place only: every directory that was not said to be absent is there */
	if ((flags & O_PATH) != 0 && !fs_absent(path))
		return fd_new(file_new(FILE_PLACE, path));
	return -ENOENT;
}

int
fs_open_at(const struct file *dir, const char *name, int flags)
{
	char path[PATH_ROOM];
	struct file *f;

	if (dir->kind == FILE_GROUP)
		return group_open_at(dir, name, flags);
	if (dir->kind != FILE_TREE || !dir->attached) {
		wrong("a place is resolved in something that is not the box's root", name);
		return -EINVAL;
	}
	if (fake.again > 0) {
		fake.again--;
		return -EAGAIN;
	}
	fs_join(path, "/", name);
	if (fs_absent(path))
		return -ENOENT;
	for (size_t i = 0; i < kernel.ngone; i++)
		if (strcmp(kernel.gone[i].path, path) == 0)
			return kernel.gone[i].error;
	if ((flags & O_DIRECTORY) != 0 && fake.regular != NULL && strcmp(path, fake.regular) == 0)
		return -ENOTDIR;
	f = file_new(FILE_PLACE, path);
	f->own = fs_own(path);
	return fd_new(f);
}

/* A fault that says that a place is absent is believed: it does not appear later. */
static void
stays_absent(const char *name, int error)
{
	if ((error != -ENOENT && error != -ENOTDIR && error != -EACCES) ||
	    kernel.ngone == COUNT(kernel.gone))
		return;
	fs_join(kernel.gone[kernel.ngone].path, "/", name);
	kernel.gone[kernel.ngone++].error = error;
}

int
sys_open(const char *path, int flags)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_open, path, (uint64_t)flags))
		c.r = fs_open(path, flags);
	return (int)call_end(&c, c.r, 0);
}

int
sys_open_at(int dir, const char *path, int flags, unsigned resolve)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_open_at, path, (uint64_t)flags)) {
		const struct file *d = fd_file(dir, "open_at");

		/* whatever the box did with its names, none may lead out of it */
		if ((resolve & (K_RESOLVE_IN_ROOT | K_RESOLVE_BENEATH)) == 0 &&
		    (d == NULL || d->kind != FILE_GROUP || strcmp(path, "..") != 0))
			wrong("a name in the box may lead out of it", path);
		/* beneath a directory of the host there is nothing but groups */
		c.r = d == NULL ? -EBADF
		    : d->kind == FILE_PLACE && (resolve & K_RESOLVE_BENEATH) != 0
			? -ENOENT
			: fs_open_at(d, path, flags);
	} else if (c.live) {
		stays_absent(path, (int)c.r);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_access(const char *path, int mode)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_access, path, (uint64_t)mode)) {
		const struct fake_file *t = fs_in_table(path);
		const struct fake_program *p = fake.program;

		while (p != NULL && p->path != NULL && strcmp(p->path, path) != 0)
			p++;
		c.r = -ENOENT;
		if ((p != NULL && p->path != NULL) || group_access(path) ||
		    (strncmp(path, "/proc/self/ns/", 14) == 0 && !fs_absent(path)))
			c.r = 0;
		if (t != NULL)
			c.r = -t->error;
	}
	return (int)call_end(&c, c.r, 0);
}

static void
stat_node(const char *path, struct stat *st)
{
	for (const struct fake_node *n = fake.node; n != NULL && n->path != NULL; n++) {
		if (strcmp(n->path, path) != 0)
			continue;
		st->st_mode = n->mode;
		*(S_ISBLK(n->mode) || S_ISCHR(n->mode) ? &st->st_rdev : &st->st_dev) =
		    makedev(n->major, n->minor);
	}
}

int
sys_stat_fd(int fd, struct stat *st)
{
	struct call c = { .out = st, .room = sizeof(*st) };

	if (call_begin(&c, FAKE_stat_fd, fd_path(fd), 0)) {
		const struct file *f = fd_file(fd, "stat_fd");
		bool file = f != NULL && fake.regular != NULL && strcmp(f->path, fake.regular) == 0;

		c.r = f == NULL ? -EBADF : 0;
		if (c.r == 0) {
			memset(st, 0, sizeof(*st));
			st->st_mode = file ? S_IFREG : fd_is_pipe(f) ? S_IFIFO : S_IFDIR;
			stat_node(f->path, st);
		}
	}
	return (int)call_end(&c, c.r, c.r == 0 ? sizeof(*st) : 0);
}

long
sys_readlink(const char *path, char *p, size_t n)
{
	struct call c = { .out = p, .room = n };

	if (call_begin(&c, FAKE_readlink, path, 0)) {
		c.r = -ENOENT;
		for (size_t i = 0; i < COUNT(fake.link); i++) {
			size_t len;

			if (fake.link[i].path == NULL || strcmp(fake.link[i].path, path) != 0)
				continue;
			len = strlen(fake.link[i].text);
			c.r = (long)(len < n ? len : n);
			memcpy(p, fake.link[i].text, (size_t)c.r);
		}
	}
	return call_end(&c, c.r, c.r > 0 ? (size_t)c.r : 0);
}

long
sys_getcwd(char *p, size_t n)
{
	struct call c = { .out = p, .room = n };

	if (call_begin(&c, FAKE_getcwd, "", 0)) {
		size_t len = fake.cwd == NULL ? 0 : strlen(fake.cwd) + 1;

		c.r = len == 0 ? -ENOENT : len > n ? -ERANGE : (long)len;
		if (c.r > 0)
			memcpy(p, fake.cwd, len);
	}
	return call_end(&c, c.r, c.r > 0 ? (size_t)c.r : 0);
}

UNWATCHED_END
