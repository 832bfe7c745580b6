/*
 * The floor of the benchmark: the same namespaces and mounts as `sbx-ns` with everything new, and
 * nothing else. No init, no report, no checks, no capability work; the payload is PID 1.
 *
 *	floor [--proc] PROG [ARG...]
 *	floor [--proc] binds  N SRCDIR DSTDIR PROG [ARG...]
 *	floor [--proc] mounts N SRCDIR DSTDIR PROG [ARG...]
 *
 * `binds` puts SRCDIR/0 ... SRCDIR/N-1 on DSTDIR/0 ... with open_tree and move_mount, four calls
 * each: the way of a program that must hold what it mounts before it is mounted. `mounts` does it
 * with mount(2), by path and in two calls, the cheapest way there is. Either way they are
 * read-write, nosuid and nodev; absolute paths only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* musl has neither the wrappers nor linux/mount.h; from 424 on the numbers are the same on every
 * architecture. */
enum {
	NR_OPEN_TREE = 428,
	NR_MOVE_MOUNT = 429,
	NR_CLONE3 = 435,
	NR_MOUNT_SETATTR = 442,
};

enum {
	OPEN_TREE_CLONE_ = 1,
	OPEN_TREE_CLOEXEC_ = O_CLOEXEC,
	MOVE_F_EMPTY = 4, /* MOVE_MOUNT_F_EMPTY_PATH */
	AT_EMPTY = 0x1000,
	AT_RECURSE = 0x8000,
	ATTR_RDONLY = 1,
	ATTR_NOSUID = 2,
	ATTR_NODEV = 4,
	ATTR_NOEXEC = 8,
};

#define NEW_TIME 0x00000080u
#define NEW_NS 0x00020000u
#define NEW_CGROUP 0x02000000u
#define NEW_UTS 0x04000000u
#define NEW_IPC 0x08000000u
#define NEW_USER 0x10000000u
#define NEW_PID 0x20000000u
#define NEW_NET 0x40000000u
#define NEW_ALL (NEW_TIME | NEW_NS | NEW_CGROUP | NEW_UTS | NEW_IPC | NEW_USER | NEW_PID | NEW_NET)

struct clone_args_ { /* version 0, 64 bytes */
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

struct mount_attr_ {
	uint64_t set, clr, propagation, userns_fd;
};

struct want {
	int proc;
	int by_path; /* binds with mount(2) */
	long n;      /* binds */
	const char *src, *dst;
	char **argv;
};

static void
need(long rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
	_exit(125);
}

static void
set_attr(int dir, const char *path, unsigned flags, uint64_t attr)
{
	struct mount_attr_ a = { .set = attr };

	need(syscall(NR_MOUNT_SETATTR, dir, path, flags, &a, sizeof a), "mount_setattr");
}

static int
write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	need(fd, path);
	n = write(fd, text, strlen(text));
	close(fd);
	return n < 0 ? -1 : 0;
}

static void
write_map(pid_t pid, const char *name, unsigned id)
{
	char one[64];

	/* root of a container does not have every id */
	if (geteuid() == 0 && write_file(pid, name, "0 0 4294967295") == 0)
		return;
	snprintf(one, sizeof one, "%u %u 1", id, id);
	need(write_file(pid, name, one), name);
}

/* As root every id means itself; a user has only one id to give, and only without setgroups. */
static void
write_maps(pid_t pid)
{
	if (geteuid() != 0)
		need(write_file(pid, "setgroups", "deny"), "setgroups");
	write_map(pid, "uid_map", geteuid());
	write_map(pid, "gid_map", getegid());
}

static void
raise_loopback(void)
{
	struct ifreq ifr = { .ifr_name = "lo" };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	need(s, "socket");
	ifr.ifr_flags = IFF_UP;
	need(ioctl(s, SIOCSIFFLAGS, &ifr), "loopback");
	close(s);
}

static int
clone_tree(const char *path)
{
	int fd = (int)syscall(NR_OPEN_TREE, AT_FDCWD, path,
	    OPEN_TREE_CLONE_ | OPEN_TREE_CLOEXEC_ | AT_RECURSE);

	need(fd, path);
	return fd;
}

static void
mount_new(const char *type, const char *path, unsigned long flags, const char *options)
{
	need(mount(type, path, type, flags | MS_NOSUID, options), path);
}

/* Leaves the working directory in the new root, which covers "/" but is not yet entered:
 * absolute paths are the host's, relative ones the box's, until enter_root. */
static void
make_root(void)
{
	int fd;

	need(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "private");
	fd = clone_tree("/");
	set_attr(fd, "", AT_EMPTY | AT_RECURSE, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV);
	need(syscall(NR_MOVE_MOUNT, fd, "", AT_FDCWD, "/", MOVE_F_EMPTY), "move_mount /");
	need(fchdir(fd), "fchdir");
	close(fd);
}

static void
make_dev(void)
{
	static const char *const nodes[] = { "null", "zero", "full", "random", "urandom", "tty" };
	static const char *const links[][2] = {
		{ "/proc/self/fd", "dev/fd" },
		{ "/proc/self/fd/0", "dev/stdin" },
		{ "/proc/self/fd/1", "dev/stdout" },
		{ "/proc/self/fd/2", "dev/stderr" },
		{ "pts/ptmx", "dev/ptmx" },
	};
	char host[32];

	mount_new("tmpfs", "dev", MS_NOEXEC, "mode=755,size=64k,nr_inodes=64");
	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		snprintf(host, sizeof host, "/dev/%s", nodes[i]);
		need(mknod(host + 1, S_IFREG | 0644, 0), host);
		need(mount(host, host + 1, NULL, MS_BIND | MS_REC, NULL), host);
	}
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		need(symlink(links[i][0], links[i][1]), links[i][1]);
	need(mkdir("dev/pts", 0755), "/dev/pts");
	mount_new("devpts", "dev/pts", MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620");
	need(mkdir("dev/shm", 0755), "/dev/shm");
	mount_new("tmpfs", "dev/shm", MS_NODEV, "mode=1777,size=64m");
	/* one call for all that was bound, which came with the host's flags */
	set_attr(AT_FDCWD, "dev", AT_RECURSE, ATTR_NOSUID | ATTR_NOEXEC);
}

static void
mount_one(const char *src, const char *dst)
{
	need(mount(src, dst, NULL, MS_BIND | MS_REC, NULL), dst);
	set_attr(AT_FDCWD, dst, AT_RECURSE, ATTR_NOSUID | ATTR_NODEV);
}

static void
bind_one(const char *src, const char *dst)
{
	int fd = clone_tree(src);

	set_attr(fd, "", AT_EMPTY | AT_RECURSE, ATTR_NOSUID | ATTR_NODEV);
	need(syscall(NR_MOVE_MOUNT, fd, "", AT_FDCWD, dst, MOVE_F_EMPTY), dst);
	close(fd);
}

static void
make_binds(const struct want *w)
{
	char src[512], dst[512];

	for (long i = 0; i < w->n; i++) {
		snprintf(src, sizeof src, "%s/%ld", w->src, i);
		snprintf(dst, sizeof dst, "%s/%ld", w->dst + 1, i);
		(w->by_path ? mount_one : bind_one)(src, dst);
	}
}

static void
enter_root(void)
{
	need(syscall(SYS_pivot_root, ".", "."), "pivot_root");
	need(umount2(".", MNT_DETACH), "umount2");
}

static void
become_payload(const struct want *w, int ready)
{
	char c;

	/* no file can be made before the maps are written: its owner would have no id */
	if (read(ready, &c, 1) != 1)
		_exit(125);
	raise_loopback();
	make_root();
	make_dev();
	if (w->proc)
		mount_new("proc", "proc", MS_NODEV | MS_NOEXEC, NULL);
	else
		mount_new("tmpfs", "proc", MS_RDONLY | MS_NODEV | MS_NOEXEC,
		    "mode=555,size=4k,nr_inodes=2");
	mount_new("tmpfs", "run", MS_NODEV, "mode=755,size=64m");
	make_binds(w);
	enter_root();
	execv(w->argv[0], w->argv);
	need(-1, w->argv[0]);
}

static int
read_args(struct want *w, char **argv)
{
	argv++;
	if (*argv && strcmp(*argv, "--proc") == 0) {
		w->proc = 1;
		argv++;
	}
	if (*argv && (strcmp(*argv, "binds") == 0 || strcmp(*argv, "mounts") == 0)) {
		w->by_path = **argv == 'm';
		for (int i = 1; i <= 3; i++)
			if (!argv[i])
				return -1;
		w->n = strtol(argv[1], NULL, 10);
		w->src = argv[2];
		w->dst = argv[3];
		if (w->src[0] != '/' || w->dst[0] != '/')
			return -1;
		argv += 4;
	}
	w->argv = argv;
	return *argv ? 0 : -1;
}

int
main(int argc, char **argv)
{
	struct clone_args_ args = { .flags = NEW_ALL, .exit_signal = SIGCHLD };
	struct want w = { 0 };
	int ready[2], status;
	pid_t pid;

	(void)argc;
	if (read_args(&w, argv) < 0) {
		fprintf(stderr,
		    "usage: floor [--proc] [binds|mounts N SRCDIR DSTDIR] PROG [ARG...]\n");
		return 125;
	}
	need(pipe2(ready, O_CLOEXEC), "pipe2");
	pid = (pid_t)syscall(NR_CLONE3, &args, sizeof args);
	need(pid, "clone3");
	if (pid == 0)
		become_payload(&w, ready[0]);
	write_maps(pid);
	need(write(ready[1], "", 1), "write");
	need(waitpid(pid, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
