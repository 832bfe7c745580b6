/* Where control groups can be made: what /proc and the mounted hierarchy say of it. */
#include "run/place.h"

#include "base/limits.h"
#include "base/path.h"
#include "run/group.h"
#include "run/io.h"
#include "sys/sys.h"
#include "text/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { MOUNTS_TEXT = 8 << 20, GROUP_TEXT = 65536, FILE_TEXT = 4096, PROCS_TEXT = 1 << 20 };

/* ---- which mount ----------------------------------------------------------------------------- */

/* Is another mount seen in its place? */
static bool
covered(struct str rest, struct str target)
{
	struct mountinfo m;

	while (mountinfo_next(&rest, &m) > 0)
		if (str_eq(m.target, target))
			return true;
	return false;
}

/* One that can be written to is better, and then the first one. "/.." stands before a group outside
 * of our cgroup namespace, which is seen nowhere. */
int
place_own(struct arena *a, struct str mounts, struct str own, struct place *out)
{
	struct str rest = own, whole;
	struct mountinfo m;

	*out = (struct place){ .readonly = false };
	while (mountinfo_next(&mounts, &m) > 0) {
		struct str root;
		bool ro;

		if (!str_eq(m.fstype, S("cgroup2")))
			continue;
		root = mountinfo_unescape(a, m.root);
		if (root.p == NULL)
			return -1;
		ro = mountinfo_readonly(&m);
		if (!path_below(own, root) || (out->mount.p != NULL && (!out->readonly || ro)) ||
		    covered(mounts, m.target))
			continue;
		*out = (struct place){ .mount = m.target, .readonly = ro };
		rest = str_slice(own, root.n == 1 ? 0 : root.n, own.n);
	}
	if (out->mount.p == NULL)
		return 0;
	out->mount = mountinfo_unescape(a, out->mount);
	whole = arena_join(a, TEXT("%%", out->mount, rest));
	if (out->mount.p == NULL || whole.p == NULL)
		return -1;
	if (path_check(whole) != PATH_OK)
		*out = (struct place){ .readonly = false };
	else
		out->path = path_clean(a, whole);
	return out->mount.p != NULL && out->path.p == NULL ? -1 : 0;
}

/* As the kernel writes them. 1, 0, or -1 when the arena is exhausted. */
static int
clean(struct arena *a, struct str path)
{
	struct str same;

	if (path_check(path) != PATH_OK)
		return 0;
	same = path_clean(a, path);
	return same.p == NULL ? -1 : str_eq(same, path);
}

/* The mount that an absolute path is below: the deepest, of equal ones the last. For an empty one
 * any: the first. p NULL: there is none. */
static int
mount_above(struct arena *a, struct str mounts, struct str path, struct place *out)
{
	struct mountinfo m;

	*out = (struct place){ .readonly = false };
	while (mountinfo_next(&mounts, &m) > 0) {
		struct str top;
		int r;

		if (!str_eq(m.fstype, S("cgroup2")) || covered(mounts, m.target))
			continue;
		top = mountinfo_unescape(a, m.target);
		r = top.p == NULL ? -1 : clean(a, top);
		if (r < 0)
			return -1;
		if (r == 0)
			continue;
		if (path.n == 0 ? out->mount.p != NULL
				: !path_below(path, top) || top.n < out->mount.n)
			continue;
		*out = (struct place){ .mount = top, .readonly = mountinfo_readonly(&m) };
	}
	return 0;
}

/* ---- one directory --------------------------------------------------------------------------- */

struct finding {
	struct arena *arena;
	struct cgfacts *facts;
	struct err *err;
	struct str mounts, own; /* texts; own: the path of our own group */
	struct place place;     /* of that */
	struct str parent;
};

static int
exhausted(const struct finding *f)
{
	return err_memory(f->err);
}

/* What cannot be read stays p NULL. */
static int
file(const struct finding *f, struct str dir, const char *name, size_t cap, struct str *out)
{
	char *path = arena_text(f->arena, TEXT("%/%", dir, str_of(name)));
	int r = path == NULL ? -ENOMEM : io_read(f->arena, path, cap, out);

	return r == -ENOMEM ? exhausted(f) : 0;
}

/* May this process write there, as the kernel judges it: ids, capabilities, the mount. */
static int
can_write(const struct finding *f, struct str dir, const char *name, bool *can)
{
	char *path = arena_text(f->arena, TEXT("%%", dir, str_of(name)));

	if (path == NULL)
		return exhausted(f);
	*can = *can && sys_access(path, W_OK) == 0;
	return 0;
}

/* Says systemd that what is in it is ours to do with (systemd.resource-control(5), Delegate=)? */
static int
marked(const struct finding *f, struct str dir, bool *is)
{
	static const char *const names[] = { "user.delegate", "trusted.delegate" };
	char *path = arena_cstr(f->arena, dir), value[8];

	if (path == NULL)
		return exhausted(f);
	for (size_t i = 0; i < COUNT(names) && !*is; i++) {
		long n = sys_getxattr(path, names[i], value, sizeof(value));

		*is = n == 1 && value[0] == '1';
	}
	return 0;
}

static int
directory(const struct finding *f, struct str path, struct cgdir *d)
{
	*d = (struct cgdir){ .path = path, .writable = true };
	if (file(f, path, "cgroup.controllers", FILE_TEXT, &d->controllers) < 0 ||
	    file(f, path, "cgroup.subtree_control", FILE_TEXT, &d->subtree) < 0 ||
	    marked(f, path, &d->delegated) < 0 || can_write(f, path, "", &d->writable) < 0 ||
	    can_write(f, path, "/cgroup.procs", &d->writable) < 0)
		return -1;
	return can_write(f, path, "/cgroup.subtree_control", &d->writable);
}

/* Who moves a process has to be allowed to write to the group that is above both places, too
 * (cgroup-v2.rst, "Delegation Containment"). */
static int
common(const struct finding *f, bool *can)
{
	struct str a = f->facts->base.path, b = f->place.path;

	if (b.p == NULL)
		return 0;
	while (!path_below(b, a) && !str_eq(a, f->facts->mount) && a.n > 1)
		a = path_dir(a);
	return can_write(f, a, "/cgroup.procs", can);
}

static int
base(const struct finding *f)
{
	struct cgfacts *c = f->facts;
	struct cgdir *d = &c->base;
	struct str path = d->path;

	if (directory(f, path, d) < 0 || file(f, path, "cgroup.type", FILE_TEXT, &d->type) < 0 ||
	    file(f, path, "cgroup.procs", PROCS_TEXT, &d->procs) < 0 ||
	    (c->chosen && common(f, &d->writable) < 0))
		return -1;
	/* the first one of the hierarchy alone has no type; it is nowhere but where that is
	 * mounted */
	d->top = d->type.p == NULL && d->controllers.p != NULL && str_eq(path, c->mount);
	while (c->nabove < CG_ABOVE && !str_eq(path, c->mount)) {
		path = path_dir(path);
		if (directory(f, path, &c->above[c->nabove]) < 0)
			return -1;
		d->delegated = d->delegated || c->above[c->nabove].delegated;
		c->nabove++;
	}
	return 0;
}

/* ---- --parent -------------------------------------------------------------------------------- */

static int
bad_parent(const struct finding *f, const char *why)
{
	return err_usage(f->err, "--parent \"%\" %", f->parent, str_of(why));
}

/* No link, and no "..", may lead anywhere else. */
static int
resolve(const struct finding *f, struct str mount, struct str rest)
{
	char *top = arena_cstr(f->arena, mount), *name = arena_cstr(f->arena, rest);
	int dir, fd;

	if (top == NULL || name == NULL)
		return exhausted(f);
	dir = sys_open(top, O_PATH | O_DIRECTORY);
	if (dir < 0)
		return err_system(f->err, -dir, "cannot open \"%\"", mount);
	fd = sys_open_at(dir, name, O_PATH | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS | K_RESOLVE_NO_XDEV);
	sys_close(dir);
	if (fd < 0)
		return err_system(f->err, -fd, "no control group for --parent \"%\" below \"%\"",
		    f->parent, mount);
	sys_close(fd);
	return 0;
}

static int
chosen(struct finding *f)
{
	struct cgfacts *c = f->facts;
	bool absolute = f->parent.n > 0 && f->parent.p[0] == '/';
	struct str whole = f->parent, path;
	struct place at = f->place;

	if (!absolute && at.mount.p == NULL && mount_above(f->arena, f->mounts, S(""), &at) < 0)
		return exhausted(f);
	/* a NUL byte is no part of an argument, and a relative path gets what it is relative to */
	if (!absolute)
		whole = arena_join(f->arena, TEXT("%/%", at.mount, f->parent));
	if (whole.p == NULL)
		return exhausted(f);
	if (path_check(whole) != PATH_OK)
		return bad_parent(f, "is no path of a control group: one below the mount, without "
				     "\"..\", is due");
	path = path_clean(f->arena, whole);
	if (path.p == NULL || (absolute && mount_above(f->arena, f->mounts, path, &at) < 0))
		return exhausted(f);
	/* that none is mounted is for the plan to say */
	if (at.mount.p == NULL && mount_above(f->arena, f->mounts, S(""), &at) < 0)
		return exhausted(f);
	if (at.mount.p == NULL)
		return 0;
	if (!path_below(path, at.mount))
		return bad_parent(f, "is not below where cgroup v2 is mounted: a path below that, "
				     "or one relative to it, is due");
	c->mount = at.mount;
	c->readonly = at.readonly;
	c->base.path = path;
	c->chosen = true;
	path = str_slice(path, at.mount.n + (at.mount.n > 1 ? 1 : 0), path.n);
	return resolve(f, at.mount, path.n > 0 ? path : S("."));
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int
our_own(struct finding *f)
{
	struct cgfacts *c = f->facts;
	struct place any = f->place;

	if (any.mount.p == NULL && mount_above(f->arena, f->mounts, S(""), &any) < 0)
		return exhausted(f);
	if (any.mount.p == NULL)
		return 0;
	c->mount = any.mount;
	c->readonly = any.readonly;
	c->base.path = f->place.path;
	c->outside = f->place.path.p == NULL && f->own.p != NULL;
	return 0;
}

int
place_facts(struct arena *a, struct str parent, struct limits *l, struct cgfacts *facts,
    struct err *err)
{
	struct finding f = { .arena = a, .facts = facts, .err = err, .parent = parent };
	struct str text = { NULL, 0 };
	int r;

	*facts = (struct cgfacts){ 0 };
	if (place_devices(a, l, err) < 0 ||
	    file(&f, S("/proc/self"), "mountinfo", MOUNTS_TEXT, &f.mounts) < 0 ||
	    file(&f, S("/proc/self"), "cgroup", GROUP_TEXT, &text) < 0)
		return -1;
	f.own = cgroup_own(text);
	if (f.own.p != NULL && place_own(a, f.mounts, f.own, &f.place) < 0)
		return exhausted(&f);
	r = f.place.mount.p == NULL ? 1 : clean(a, f.place.mount);
	if (r < 0)
		return exhausted(&f);
	if (r == 0)
		f.place = (struct place){ .readonly = false };
	if ((parent.n > 0 ? chosen(&f) : our_own(&f)) < 0 ||
	    place_machine(a, f.mounts, facts, err) < 0)
		return -1;
	return facts->base.path.p == NULL ? 0 : base(&f);
}
