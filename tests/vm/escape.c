/* Tries to get from a box back to the first root, or below what hides a part of it. It knows that
 * it is out where it sees run/outside, or can write in vm: both are the machine's, and in no box.
 * Each attempt is a process of its own, and is made once more with all rights over namespaces of
 * its own, where these are to be had; the status is 0 when all were held, 1 when one was not. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define CLONE_TREE 1u     /* linux/mount.h: OPEN_TREE_CLONE */
#define RECURSIVE 0x8000u /* linux/fcntl.h: AT_RECURSIVE */

/* Many calls here are meant to fail; what counts is where we are afterwards. */
#define TRY(call) ((void)!(call))

static bool first;

static bool
outside(void)
{
	static const char *const seen[] = { "/run/outside", "run/outside" };
	static const char *const written[] = { "/vm/escaped", "vm/escaped" };
	/* in a proc or a sysfs that was just mounted: with them uid 0 rules the machine */
	static const char *const fresh[] = { "sys/kernel/core_pattern",
		"devices/virtual/mem/null/uevent" };

	for (size_t i = 0; i < COUNT(seen); i++)
		if (access(seen[i], F_OK) == 0)
			return true;
	for (size_t i = 0; i < COUNT(fresh); i++)
		if (open(fresh[i], O_WRONLY) >= 0)
			return true;
	for (size_t i = 0; i < COUNT(written); i++) {
		int fd = open(written[i], O_WRONLY | O_CREAT, 0600);

		if (fd >= 0) {
			close(fd);
			unlink(written[i]);
			return true;
		}
	}
	return false;
}

static void
climb(void)
{
	for (int i = 0; i < 8; i++)
		TRY(chdir(".."));
}

static void
stand_still(void)
{
}

static void
unmount(void)
{
	static const char *const at[] = { ".", "/run", "/proc", "/dev", "/" };

	for (size_t i = 0; i < COUNT(at); i++)
		TRY(umount2(at[i], MNT_DETACH));
}

/* The namespace's own root is where a process that joins it finds itself. */
static void
unmount_and_join(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);

	unmount();
	TRY(setns(fd, CLONE_NEWNS));
}

static void
chroot_and_climb(void)
{
	TRY(chroot("/bin"));
	climb();
	TRY(chroot("."));
}

static void
pivot(void)
{
	TRY(mount("t", "/mnt", "tmpfs", 0, NULL));
	TRY(mkdir("/mnt/old", 0700));
	TRY(syscall(SYS_pivot_root, "/mnt", "/mnt/old"));
	TRY(umount2("/old/run", MNT_DETACH));
	TRY(chdir("/old"));
}

/* The old root lies over the new one and goes first; what is below both would be the first root. */
static void
pivot_onto_itself(void)
{
	int fd = open("/proc/self/ns/mnt", O_RDONLY);

	TRY(mount("/bin", "/bin", NULL, MS_BIND, NULL));
	TRY(chdir("/bin"));
	TRY(syscall(SYS_pivot_root, ".", "."));
	TRY(umount2(".", MNT_DETACH));
	TRY(umount2("/", MNT_DETACH));
	TRY(setns(fd, CLONE_NEWNS));
}

static void
bind_without_what_hides(void)
{
	TRY(mount("/", "/mnt", NULL, MS_BIND, NULL));
	TRY(chdir("/mnt"));
}

static void
bind_and_unmount(void)
{
	TRY(mount("/", "/mnt", NULL, MS_BIND | MS_REC, NULL));
	TRY(umount2("/mnt/run", MNT_DETACH));
	TRY(chdir("/mnt"));
}

static void
move_root(void)
{
	TRY(mount("/", "/mnt", NULL, MS_MOVE, NULL));
	climb();
}

static void
move_what_hides(void)
{
	TRY(mount("/run", "/mnt", NULL, MS_MOVE, NULL));
}

static void
remount(void)
{
	TRY(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
	TRY(mount(NULL, "/", NULL, MS_REMOUNT, NULL));
}

static void
clone_one(void)
{
	TRY(fchdir((int)syscall(SYS_open_tree, AT_FDCWD, "/", CLONE_TREE)));
}

static void
clone_all(void)
{
	TRY(fchdir((int)syscall(SYS_open_tree, AT_FDCWD, "/", CLONE_TREE | RECURSIVE)));
	TRY(umount2("run", MNT_DETACH));
	climb();
}

static void
descriptors(void)
{
	for (int fd = 0; fd < 1024; fd++) {
		if (fchdir(fd) == 0 && outside())
			return;
		climb();
		if (outside())
			return;
	}
}

static void
processes(void)
{
	static const char *const what[] = { "root", "cwd" };
	char path[64];

	for (int pid = 1; pid < 64; pid++) {
		if (pid == getpid())
			continue;
		for (size_t i = 0; i < COUNT(what); i++) {
			snprintf(path, sizeof(path), "/proc/%d/%s", pid, what[i]);
			if (chdir(path) == 0 && outside())
				return;
		}
		snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
		if (setns(open(path, O_RDONLY), CLONE_NEWNS) == 0 && outside())
			return;
	}
}

/* In a box nothing of ours lets itself be traced; where it has no init, the first process is us. */
static void
trace(void)
{
	if (!first && ptrace(PTRACE_SEIZE, 1, NULL, NULL) == 0) {
		puts("init can be traced");
		_exit(1);
	}
}

static void
fresh_file_systems(void)
{
	static const char *const type[] = { "proc", "sysfs", "devtmpfs", "rootfs", "ramfs" };

	/* a sysfs belongs to a network namespace */
	TRY(unshare(CLONE_NEWNET));
	for (size_t i = 0; i < COUNT(type); i++) {
		TRY(mount("x", "/mnt", type[i], 0, NULL));
		TRY(chdir("/mnt/1/root"));
		if (outside())
			return;
		TRY(chdir("/mnt"));
		if (outside())
			return;
	}
}

static const struct attempt {
	const char *name;
	void (*run)(void);
} attempts[] = {
	{ "stand still", stand_still },
	{ "unmount", unmount },
	{ "unmount and join", unmount_and_join },
	{ "chroot and climb", chroot_and_climb },
	{ "pivot", pivot },
	{ "pivot onto itself", pivot_onto_itself },
	{ "bind without what hides", bind_without_what_hides },
	{ "bind and unmount", bind_and_unmount },
	{ "move the root", move_root },
	{ "move what hides", move_what_hides },
	{ "remount", remount },
	{ "clone one mount", clone_one },
	{ "clone all mounts", clone_all },
	{ "descriptors", descriptors },
	{ "processes", processes },
	{ "trace", trace },
	{ "fresh file systems", fresh_file_systems },
};

/* All rights over namespaces of our own: what a payload can always get where the kernel lets it. */
static bool
nest(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) != 0)
		return false;
	/* the new PID namespace begins with the next child */
	pid_t pid = fork();

	if (pid > 0) {
		int status;

		TRY(waitpid(pid, &status, 0));
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
	}
	return pid == 0;
}

enum result { HELD, OUTSIDE, NOT_MADE };

static enum result
attempt(const struct attempt *a, bool nested)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (nested && !nest())
			_exit(NOT_MADE);
		/* with rights over the namespace that we are in, an attempt would spoil the next
		 * one's; without, this fails */
		if (!nested)
			TRY(unshare(CLONE_NEWNS));
		a->run();
		_exit(outside() ? OUTSIDE : HELD);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return OUTSIDE; /* what is not known is not held */
	return (enum result)WEXITSTATUS(status);
}

int
main(void)
{
	unsigned count[3] = { 0 };

	first = getpid() == 1;
	setvbuf(stdout, NULL, _IONBF, 0);
	for (size_t i = 0; i < 2 * COUNT(attempts); i++) {
		const struct attempt *a = &attempts[i / 2];
		enum result r = attempt(a, i % 2 != 0);

		count[r <= NOT_MADE ? r : OUTSIDE]++;
		if (r != HELD && r != NOT_MADE)
			printf("%s%s: OUTSIDE\n", i % 2 != 0 ? "nested: " : "", a->name);
	}
	printf("%u held, %u outside\n", count[HELD], count[OUTSIDE]);
	return count[OUTSIDE] > 0;
}
