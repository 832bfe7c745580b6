/* The only file that makes system calls. Each function is one call and gives -errno. */
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Older headers lack these; the numbers are the same on every architecture since Linux 5.0. */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_faccessat2
#define SYS_faccessat2 439
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

static int
ret(long r)
{
	return r < 0 ? -errno : (int)r;
}

int
sys_open(const char *path, int flags)
{
	/* not open(2) of the library: musl's makes a second call to be sure of O_CLOEXEC on
	 * Linux 2.6.22 */
	return ret(syscall(SYS_openat, K_AT_FDCWD, path, flags | O_CLOEXEC));
}

int
sys_open_at(int dir, const char *path, int flags, unsigned resolve)
{
	struct k_open_how how = { .flags = (uint64_t)flags | O_CLOEXEC, .resolve = resolve };

	return ret(syscall(SYS_openat2, dir, path, &how, sizeof(how)));
}

int
sys_close(int fd)
{
	return ret(close(fd));
}

long
sys_read(int fd, void *p, size_t n)
{
	long r = read(fd, p, n);

	return r < 0 ? -errno : r;
}

long
sys_write(int fd, const void *p, size_t n)
{
	long r = write(fd, p, n);

	return r < 0 ? -errno : r;
}

int
sys_pipe(int fd[2])
{
	return ret(pipe2(fd, O_CLOEXEC));
}

int
sys_dup_to(int from, int to)
{
	return ret(dup2(from, to));
}

int
sys_keep_on_exec(int fd)
{
	return ret(fcntl(fd, F_SETFD, 0));
}

int
sys_nonblock(int fd)
{
	return ret(fcntl(fd, F_SETFL, O_NONBLOCK));
}

int
sys_cloexec_from(unsigned first)
{
	return ret(syscall(SYS_close_range, first, ~0u, K_CLOSE_RANGE_CLOEXEC));
}

int
sys_close_range(unsigned first, unsigned last)
{
	return ret(syscall(SYS_close_range, first, last, 0));
}

int
sys_access(const char *path, int mode)
{
	return ret(syscall(SYS_faccessat2, K_AT_FDCWD, path, mode, K_AT_EACCESS));
}

int
sys_stat_fd(int fd, struct stat *st)
{
	return ret(fstat(fd, st));
}

bool
sys_is_tty(int fd)
{
	return isatty(fd) == 1;
}

long
sys_readlink(const char *path, char *p, size_t n)
{
	long r = readlink(path, p, n);

	return r < 0 ? -errno : r;
}

long
sys_getcwd(char *p, size_t n)
{
	long r = syscall(SYS_getcwd, p, n);

	return r < 0 ? -errno : r;
}

int
sys_mkdir_at(int dir, const char *name, unsigned mode)
{
	return ret(mkdirat(dir, name, mode));
}

int
sys_rmdir_at(int dir, const char *name)
{
	return ret(unlinkat(dir, name, AT_REMOVEDIR));
}

int
sys_mkfile_at(int dir, const char *name, unsigned mode)
{
	return ret(mknodat(dir, name, S_IFREG | mode, 0));
}

int
sys_symlink_at(const char *text, int dir, const char *name)
{
	return ret(symlinkat(text, dir, name));
}

int
sys_open_tree(const char *path, bool recursive)
{
	unsigned flags = K_OPEN_TREE_CLONE | K_OPEN_TREE_CLOEXEC | (recursive ? K_AT_RECURSIVE : 0);

	return ret(syscall(SYS_open_tree, K_AT_FDCWD, path, flags));
}

int
sys_mount_attr(int fd, bool recursive, uint64_t set)
{
	struct k_mount_attr attr = { .attr_set = set };
	unsigned flags = K_AT_EMPTY_PATH | (recursive ? K_AT_RECURSIVE : 0);

	return ret(syscall(SYS_mount_setattr, fd, "", flags, &attr, sizeof(attr)));
}

int
sys_move_mount(int from, int to)
{
	return ret(syscall(SYS_move_mount, from, "", to, "",
	    K_MOVE_MOUNT_F_EMPTY_PATH | K_MOVE_MOUNT_T_EMPTY_PATH));
}

int
sys_move_mount_at(int from, int dir, const char *name)
{
	return ret(syscall(SYS_move_mount, from, "", dir, name, K_MOVE_MOUNT_F_EMPTY_PATH));
}

int
sys_move_mount_root(int from)
{
	return ret(syscall(SYS_move_mount, from, "", K_AT_FDCWD, "/", K_MOVE_MOUNT_F_EMPTY_PATH));
}

int
sys_mount(const char *source, const char *target, const char *type, unsigned long flags,
    const char *data)
{
	return ret(syscall(SYS_mount, source, target, type, flags, data));
}

int
sys_umount_detach(const char *path)
{
	return ret(syscall(SYS_umount2, path, K_MNT_DETACH));
}

int
sys_pivot_root(const char *new_root, const char *put_old)
{
	return ret(syscall(SYS_pivot_root, new_root, put_old));
}

int
sys_chroot(const char *path)
{
	return ret(chroot(path));
}

int
sys_chdir(const char *path)
{
	return ret(chdir(path));
}

int
sys_fchdir(int fd)
{
	return ret(fchdir(fd));
}

int
sys_mount_readonly(int fd)
{
	struct statfs fs;
	int r = ret(fstatfs(fd, &fs));

	return r < 0 ? r : (fs.f_flags & 1) != 0;
}

int
sys_clone(uint64_t flags, int cgroup_fd, int *pidfd)
{
	int fd = -1;
	struct k_clone_args args = {
		.flags = flags | K_CLONE_PIDFD,
		.pidfd = (uint64_t)(uintptr_t)&fd,
		.exit_signal = SIGCHLD,
	};
	int r;

	if (cgroup_fd >= 0) {
		args.flags |= K_CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup_fd;
	}
	r = ret(syscall(SYS_clone3, &args, sizeof(args)));
	if (r > 0)
		*pidfd = fd;
	return r;
}

int
sys_clone_old(uint64_t flags, int *pidfd)
{
	int fd = -1;
	unsigned long f = (unsigned long)flags | K_CLONE_PIDFD | SIGCHLD;
	/* a null stack means our own, copied; argument order differs on some machines, not on
	 * x86-64, arm64, riscv64 */
	int r = ret(syscall(SYS_clone, f, 0ul, &fd, 0ul, 0ul));

	if (r > 0)
		*pidfd = fd;
	return r;
}

int
sys_clone3_probe(void)
{
	return ret(syscall(SYS_clone3, NULL, (size_t)0));
}

int
sys_vfork(int (*fn)(void *), void *arg)
{
	/* The child runs on a stack of its own, or it would overwrite the frame that we return
	 * through. */
	static _Alignas(16) unsigned char stack[32768];

	return ret(
	    clone(fn, stack + sizeof(stack), (int)(K_CLONE_VM | K_CLONE_VFORK) | SIGCHLD, arg));
}

int
sys_unshare(uint64_t flags)
{
	return ret(syscall(SYS_unshare, (unsigned long)flags));
}

int
sys_setns(int fd, int type)
{
	return ret(setns(fd, type));
}

int
sys_sethostname(const char *name, size_t n)
{
	return ret(sethostname(name, n));
}

int
sys_loopback_up(void)
{
	struct k_ifreq req = { .name = "lo", .flags = K_IFF_UP | K_IFF_RUNNING };
	int fd = ret(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	int r;

	if (fd < 0)
		return fd;
	r = ret(ioctl(fd, (int)K_SIOCSIFFLAGS, &req));
	close(fd);
	return r;
}

int
sys_prctl(int option, unsigned long value)
{
	return ret(syscall(SYS_prctl, option, value, 0ul, 0ul, 0ul));
}

int
sys_capget(uint64_t *effective)
{
	struct k_cap_header head = { .version = K_CAP_VERSION_3 };
	struct k_cap_data data[2];
	int r = ret(syscall(SYS_capget, &head, data));

	if (r == 0)
		*effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return r;
}

int
sys_capset_none(void)
{
	struct k_cap_header head = { .version = K_CAP_VERSION_3 };
	struct k_cap_data data[2] = { { 0 } };

	return ret(syscall(SYS_capset, &head, data));
}

int
sys_setsid(void)
{
	return ret(setsid());
}

int
sys_geteuid(void)
{
	return (int)geteuid();
}

int
sys_getegid(void)
{
	return (int)getegid();
}

int
sys_getpid(void)
{
	return (int)syscall(SYS_getpid);
}

int
sys_getppid(void)
{
	return (int)getppid();
}

int
sys_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return ret(sigprocmask(how, set, old));
}

int
sys_signalfd(const sigset_t *set)
{
	return ret(signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int
sys_signal_default(int sig)
{
	struct sigaction act = { .sa_handler = SIG_DFL };

	return ret(sigaction(sig, &act, NULL));
}

int
sys_pidfd_open(int pid)
{
	return ret(syscall(SYS_pidfd_open, pid, 0));
}

int
sys_pidfd_signal(int pidfd, int sig)
{
	return ret(syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0));
}

int
sys_kill(int pid, int sig)
{
	return ret(kill(pid, sig));
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	return ret(poll(p, (nfds_t)n, timeout_ms));
}

int
sys_wait(int pid, int *status, int options, struct rusage *usage)
{
	return ret(wait4(pid, status, options, usage));
}

int
sys_execve(const char *path, char *const *argv, char *const *envp)
{
	execve(path, argv, envp);
	return -errno;
}

NORETURN void
sys_exit(int status)
{
	_exit(status);
}

uint64_t
sys_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void *
sys_map(size_t n)
{
	/* MAP_STACK means "no huge pages" since 6.7: zeroing two megabytes costs more than all of
	 * our own work */
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, flags, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int
sys_uname_release(char *p, size_t n)
{
	struct utsname u;
	int r = ret(uname(&u));
	size_t i = 0;

	if (r < 0 || n == 0)
		return r;
	for (; i + 1 < n && u.release[i] != '\0'; i++)
		p[i] = u.release[i];
	p[i] = '\0';
	return 0;
}
