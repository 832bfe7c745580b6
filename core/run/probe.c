#include "run/probe.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/path.h"
#include "run/io.h"
#include "run/place.h"
#include "sys/sys.h"
#include "text/procfs.h"

#include <errno.h>
#include <unistd.h>

enum { PROC_TEXT = 8 << 20, MAP_TEXT = 16384, GROUP_TEXT = 65536 };

struct probe {
	struct arena *arena;
	struct facts *facts;
	struct err *err;
	struct str mounts; /* /proc/self/mountinfo, once it was read */
};

static int
exhausted(struct probe *p)
{
	return err_memory(p->err);
}

/* The lines of a map of our own user namespace: all of them, or the ids of the box would be fewer
 * than ours without anybody saying so. */
static int
read_ranges(struct probe *p, const char *path, struct idrange *range, size_t *n)
{
	struct str text;
	uint32_t line[3];
	int r = io_read(p->arena, path, MAP_TEXT, &text);

	if (r < 0)
		return err_system(p->err, -r, "cannot read %", str_of(path));
	while ((r = idmap_next(&text, line)) > 0) {
		if (*n == FACTS_RANGES)
			return err_limit(p->err, POS_NONE,
			    "% has more than 8 lines; --user inherit is due", str_of(path));
		range[(*n)++] = (struct idrange){ line[0], line[1], line[2] };
	}
	if (r < 0 || *n == 0)
		return err_at(p->err, FAULT_SYSTEM, POS_NONE, "%%", str_of(path),
		    r < 0 ? S(" is malformed") : S(" is empty"));
	return 0;
}

/* It has a fixed inode (linux/proc_ns.h: PROC_USER_INIT_INO). */
bool
probe_first_user(void)
{
	static const char first[] = "user:[4026531837]";
	char text[64];
	long n = sys_readlink("/proc/self/ns/user", text, sizeof(text));

	return n > 0 && str_eq((struct str){ text, (size_t)n }, str_of(first));
}

/* The first user namespace has every id: nothing to read. */
static int
maps(struct probe *p)
{
	struct facts *f = p->facts;

	if (probe_first_user()) {
		f->uids[0] = f->gids[0] = (struct idrange){ 0, 0, UINT32_MAX };
		f->nuids = f->ngids = 1;
		return 0;
	}
	/* without /proc there is no map to write either, and the plan says so */
	if (!f->proc)
		return 0;
	if (read_ranges(p, "/proc/self/uid_map", f->uids, &f->nuids) < 0)
		return -1;
	return read_ranges(p, "/proc/self/gid_map", f->gids, &f->ngids);
}

/* The last mount on a path is the one that is seen there, so later lines correct earlier ones. None
 * of the names that are looked for has a byte that would be escaped. */
static int
one_mount(struct probe *p, const struct mountinfo *m)
{
	struct facts *f = p->facts;
	struct strlist *list;
	struct str at;

	if (str_eq(m->target, S("/"))) {
		f->root_mount = true;
		f->root_initramfs = m->parent == m->id || str_eq(m->fstype, S("rootfs"));
	}
	if (str_eq(m->target, S("/proc")))
		f->proc = str_eq(m->fstype, S("proc"));
	else if (path_below(m->target, S("/proc")) &&
		 !str_eq(m->target, S("/proc/sys/fs/binfmt_misc")) &&
		 !str_eq(m->target, S("/proc/fs/nfsd")))
		/* those two are mount points by birth, empty underneath: they hide nothing */
		f->proc_covered = true;
	if (path_below(m->target, S("/proc")) && path_below(S("/proc/sys/user"), m->target))
		f->sys_readonly = mountinfo_readonly(m);
	if (str_eq(m->fstype, S("proc")))
		list = &f->procs;
	else if (str_eq(m->fstype, S("sysfs")) && m->root.n == 1)
		list = &f->sysfs;
	else
		return 0;
	at = mountinfo_unescape(p->arena, m->target);
	return at.p == NULL || strlist_add(p->arena, list, at, POS_NONE) < 0 ? exhausted(p) : 0;
}

/* At most once: with thousands of mounts it is the most expensive thing that we do. */
static int
read_mounts(struct probe *p)
{
	return p->mounts.p != NULL
		 ? 0
		 : io_read(p->arena, "/proc/self/mountinfo", PROC_TEXT, &p->mounts);
}

static int
mounts(struct probe *p)
{
	struct mountinfo m;
	int r = read_mounts(p);
	struct str rest = p->mounts;

	if (r == -ENOMEM)
		return exhausted(p);
	if (r == -ENOENT || r == -ENOTDIR) {
		/* without /proc nothing is known of the root but what an attempt tells; a first
		 * root needs chroot, which also works elsewhere */
		p->facts->root_mount = true;
		p->facts->root_initramfs = true;
		return 0;
	}
	/* with one, it also says which proc file systems have to be hidden */
	if (r < 0)
		return err_system(p->err, -r, "cannot read /proc/self/mountinfo");
	while ((r = mountinfo_next(&rest, &m)) > 0)
		if (one_mount(p, &m) < 0)
			return -1;
	if (r < 0)
		return err_at(p->err, FAULT_SYSTEM, POS_NONE, "/proc/self/mountinfo is malformed");
	return 0;
}

/* A kernel can be built without any of them; then there is no such file. */
static void
spaces(struct probe *p, const struct box *box)
{
	for (size_t k = 0; p->facts->proc && k < NS_COUNT; k++) {
		char text[32];
		struct buf path = BUF(text);

		/* the others say so themselves when they are to be made */
		if (box->ns[k].mode != NS_NEW || k < NS_IPC)
			continue;
		buf_cstr(&path, "/proc/self/ns/");
		buf_put(&path, word_at("user|mnt|pid|net|ipc|uts|cgroup|time", k));
		buf_char(&path, '\0');
		if (sys_access(text, F_OK) == -ENOENT)
			p->facts->lacks |= (uint32_t)1 << k;
	}
}

/* A fact where it can be had so; p NULL: there was no memory for the path. */
static int
usable(struct probe *p, struct str path, int how, struct str *fact)
{
	char *text = path.p == NULL ? NULL : arena_cstr(p->arena, path);

	if (text == NULL)
		return exhausted(p);
	if (sys_access(text, how) == 0)
		*fact = path;
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
	struct str dir = S("/"), whole;

	if (text == NULL)
		return exhausted(p);
	if (str_starts(to, S("../")))
		to = str_slice(to, 3, to.n);
	else if (to.n > 0 && to.p[0] == '/')
		dir = S("");
	whole = arena_join(p->arena, TEXT("%%", dir, to));
	if (whole.p == NULL)
		return exhausted(p);
	if (path_check(whole) != PATH_OK)
		return 0;
	whole = path_clean(p->arena, whole);
	if (str_starts(whole, S("/var/run/")))
		whole = str_slice(whole, 4, whole.n);
	if (whole.p != NULL && !path_below(whole, S("/run")))
		return 0;
	return usable(p, whole, F_OK, &p->facts->resolv);
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

static int
group(struct probe *p)
{
	struct place at;
	struct str own, text;

	if (io_read(p->arena, "/proc/self/cgroup", GROUP_TEXT, &text) < 0)
		return 0;
	own = cgroup_own(text);
	if (own.p == NULL || read_mounts(p) < 0)
		return 0;
	if (place_own(p->arena, p->mounts, own, &at) < 0)
		return exhausted(p);
	return at.path.p == NULL ? 0 : usable(p, at.path, W_OK, &p->facts->cgroup);
}

int
probe_facts(struct arena *a, const struct box *box, struct facts *f, struct err *err)
{
	struct probe p = { .arena = a, .facts = f, .err = err };
	const uint64_t need = (uint64_t)1 << K_CAP_SYS_ADMIN | (uint64_t)1 << K_CAP_SETUID |
			      (uint64_t)1 << K_CAP_SETGID;
	uint64_t caps = 0;
	bool some = false, view = box->ns[NS_MOUNT].mode == NS_NEW;
	int r;

	*f = (struct facts){ .uid = (uint32_t)sys_geteuid(), .gid = (uint32_t)sys_getegid() };
	for (size_t k = 0; k < NS_COUNT; k++)
		some = some || box->ns[k].mode != NS_INHERIT;
	f->clone3 = sys_clone3_probe() == -EINVAL;
	r = sys_capget(&caps);
	/* taken for none, they would make another box than the caller may have */
	if (r < 0)
		return err_system(err, -r, "cannot read our own capabilities");
	f->admin = (caps & need) == need;
	if (box->seccomp.kind > SECCOMP_NONE)
		f->seccomp = sys_seccomp_probe() == -EFAULT;
	/* a profile may have rules for some kernels only */
	if (box->ns[NS_TIME].mode == NS_NEW || f->seccomp) {
		int kernel = sys_kernel();

		f->kernel = kernel > 0 ? (uint64_t)kernel : 0;
	}
	if (some && mounts(&p) < 0)
		return -1;
	spaces(&p, box);
	if (some && box->ns[NS_USER].mode != NS_JOIN && f->admin && maps(&p) < 0)
		return -1;
	if (view && (cwd(&p) < 0 || resolv(&p) < 0))
		return -1;
	if (box->ns[NS_PID].mode != NS_NEW || box->no_init)
		return group(&p);
	return 0;
}
