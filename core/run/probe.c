#include "run/probe.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "run/io.h"
#include "sys/sys.h"
#include "text/procfs.h"

#include <errno.h>
#include <unistd.h>

enum { PROC_TEXT = 8 << 20, MAP_TEXT = 4096, RELEASE = 65 };

struct probe {
	struct arena *arena;
	struct facts *facts;
	struct err *err;
};

/* The next word of a line of numbers; empty at its end. */
static struct str
word(struct str *rest)
{
	size_t from = 0, to;

	while (from < rest->n && (rest->p[from] == ' ' || rest->p[from] == '\t'))
		from++;
	to = from;
	while (to < rest->n && rest->p[to] != ' ' && rest->p[to] != '\n')
		to++;
	*rest = (struct str){ rest->p + to, rest->n - to };
	return (struct str){ rest->p - (to - from), to - from };
}

static size_t
ranges(struct str text, struct idrange *r)
{
	size_t n = 0;

	while (text.n > 0 && n < FACTS_RANGES) {
		size_t end = str_find(text, '\n', 0);
		struct str line = str_slice(text, 0, end);
		uint64_t v[3];

		for (size_t i = 0; i < 3; i++)
			if (num_uint(word(&line), &v[i]) < 0 || v[i] > UINT32_MAX)
				return n;
		r[n++] = (struct idrange){ (uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2] };
		text = str_slice(text, end + 1, text.n);
	}
	return n;
}

static size_t
read_ranges(struct probe *p, const char *path, struct idrange *r)
{
	struct str text;

	return io_read(p->arena, path, MAP_TEXT, &text) < 0 ? 0 : ranges(text, r);
}

/* The first user namespace has a fixed inode (linux/proc_ns.h: PROC_USER_INIT_INO) and every id:
 * nothing to read. */
static void
maps(struct probe *p)
{
	static const char first[] = "user:[4026531837]";
	struct facts *f = p->facts;
	char text[64];
	long n = sys_readlink("/proc/self/ns/user", text, sizeof(text));

	if (n > 0 && str_eq((struct str){ text, (size_t)n }, str_of(first))) {
		f->uids[0] = f->gids[0] = (struct idrange){ 0, 0, UINT32_MAX };
		f->nuids = f->ngids = 1;
		return;
	}
	f->nuids = read_ranges(p, "/proc/self/uid_map", f->uids);
	f->ngids = read_ranges(p, "/proc/self/gid_map", f->gids);
}

static int
exhausted(struct probe *p)
{
	return err_memory(p->err);
}

/* The last mount on a path is the one that is seen there, so later lines correct earlier ones. */
static int
one_mount(struct probe *p, const struct mountinfo *m, struct str *list, size_t max)
{
	struct str at = mountinfo_unescape(p->arena, m->target);

	if (at.p == NULL)
		return exhausted(p);
	if (at.n == 1) {
		p->facts->root_mount = true;
		p->facts->root_initramfs = m->parent == m->id || str_eq(m->fstype, S("rootfs"));
	}
	if (str_eq(at, S("/proc")))
		p->facts->proc = str_eq(m->fstype, S("proc"));
	else if (path_below(at, S("/proc")) && !str_eq(at, S("/proc/sys/fs/binfmt_misc")) &&
		 !str_eq(at, S("/proc/fs/nfsd")))
		/* those two are mount points by birth, empty underneath: they hide nothing */
		p->facts->proc_covered = true;
	if (str_eq(m->fstype, S("proc")) && p->facts->nprocs < max)
		list[p->facts->nprocs++] = at;
	return 0;
}

static int
mounts(struct probe *p)
{
	struct str text, rest;
	struct mountinfo m;
	struct str *list;
	size_t max = 0;
	int r = io_read(p->arena, "/proc/self/mountinfo", PROC_TEXT, &text);

	if (r == -ENOMEM)
		return exhausted(p);
	if (r < 0) {
		/* without /proc nothing is known of the root but what an attempt tells; a first
		 * root needs chroot, which also works elsewhere */
		p->facts->root_mount = true;
		p->facts->root_initramfs = true;
		return 0;
	}
	for (rest = text; (r = mountinfo_next(&rest, &m)) > 0;)
		max += str_eq(m.fstype, S("proc"));
	if (r < 0)
		return err_at(p->err, FAULT_SYSTEM, POS_NONE,
		    S("/proc/self/mountinfo is malformed"));
	list = arena_array(p->arena, max + 1, sizeof(*list));
	if (list == NULL)
		return exhausted(p);
	for (rest = text; mountinfo_next(&rest, &m) > 0;)
		if (one_mount(p, &m, list, max) < 0)
			return -1;
	p->facts->procs = list;
	return 0;
}

/* Where the link leads to as text; only an absolute or one-step relative target below /run is of
 * interest. */
static int
resolv(struct probe *p)
{
	char *text = arena_get(p->arena, LIMIT_PATH + 1);
	long n = text == NULL ? 0 : sys_readlink("/etc/resolv.conf", text, LIMIT_PATH + 1);
	struct str to = { text, n > 0 ? (size_t)n : 0 };
	struct str part[2] = { S("/"), to };
	struct str whole;

	if (text == NULL)
		return exhausted(p);
	if (str_starts(to, S("../")))
		part[1] = str_slice(to, 3, to.n);
	else if (to.n > 0 && to.p[0] == '/')
		part[0] = S("");
	whole = arena_join(p->arena, part, 2);
	if (whole.p == NULL)
		return exhausted(p);
	if (path_check(whole) != PATH_OK)
		return 0;
	whole = path_clean(p->arena, whole);
	if (whole.p == NULL)
		return exhausted(p);
	if (str_starts(whole, S("/var/run/")))
		whole = str_slice(whole, 4, whole.n);
	if (path_below(whole, S("/run")) && arena_cstr(p->arena, whole) != NULL &&
	    sys_access(arena_cstr(p->arena, whole), F_OK) == 0)
		p->facts->resolv = whole;
	return 0;
}

static int
cwd(struct probe *p)
{
	char *text = arena_get(p->arena, LIMIT_PATH + 1);
	long n;

	if (text == NULL)
		return exhausted(p);
	n = sys_getcwd(text, LIMIT_PATH + 1);
	/* "(unreachable)/..." is how the kernel says that there is no path */
	if (n < 2 || text[0] != '/')
		return 0;
	p->facts->cwd = (struct str){ text, (size_t)n - 1 };
	return 0;
}

/* The directory of our own v2 group: the cgroup2 mount that shows it, and the path below that
 * mount's root. */
static int
group(struct probe *p)
{
	struct str own, text, rest;
	struct mountinfo m;

	if (io_read(p->arena, "/proc/self/cgroup", MAP_TEXT, &text) < 0)
		return 0;
	own = cgroup_own(text);
	if (own.p == NULL || io_read(p->arena, "/proc/self/mountinfo", PROC_TEXT, &rest) < 0)
		return 0;
	while (mountinfo_next(&rest, &m) > 0) {
		struct str part[2];
		struct str whole;

		if (!str_eq(m.fstype, S("cgroup2")) || !path_below(own, m.root))
			continue;
		part[0] = mountinfo_unescape(p->arena, m.target);
		part[1] = m.root.n == 1 ? own : str_slice(own, m.root.n, own.n);
		whole = arena_join(p->arena, part, 2);
		if (part[0].p == NULL || whole.p == NULL)
			return exhausted(p);
		whole = path_clean(p->arena, whole);
		if (whole.p == NULL || arena_cstr(p->arena, whole) == NULL)
			return exhausted(p);
		if (sys_access(arena_cstr(p->arena, whole), W_OK) == 0)
			p->facts->cgroup = whole;
		return 0;
	}
	return 0;
}

int
probe_facts(struct arena *a, const struct box *box, struct facts *f, struct err *err)
{
	struct probe p = { a, f, err };
	const uint64_t need = (uint64_t)1 << K_CAP_SYS_ADMIN | (uint64_t)1 << K_CAP_SETUID |
			      (uint64_t)1 << K_CAP_SETGID;
	uint64_t caps = 0;
	bool spaces = false, view = box->ns[NS_MOUNT].mode == NS_NEW;

	*f = (struct facts){ .uid = (uint32_t)sys_geteuid(), .gid = (uint32_t)sys_getegid() };
	for (size_t k = 0; k < NS_COUNT; k++)
		spaces = spaces || box->ns[k].mode != NS_INHERIT;
	f->clone3 = sys_clone3_probe() != -ENOSYS;
	f->admin = sys_capget(&caps) == 0 && (caps & need) == need;
	if (box->ns[NS_USER].mode == NS_NEW && f->admin)
		maps(&p);
	if (spaces && mounts(&p) < 0)
		return -1;
	if (view && (cwd(&p) < 0 || resolv(&p) < 0))
		return -1;
	if (box->ns[NS_PID].mode != NS_NEW || box->no_init)
		return group(&p);
	return 0;
}
