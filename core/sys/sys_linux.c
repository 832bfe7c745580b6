/* The only file that makes system calls. Each function is one call and gives -errno. */
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <time.h>

#include "sys/kcall.h"

/* Older headers lack these; the numbers are the same on every architecture since Linux 5.0. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
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

/* The kernel's signal sets are one word here; the library's are larger, and begin with it. */
enum { SIGSET_BYTES = 8 };

int
sys_open(const char *path, int flags)
{
	return (int)K6(SYS_openat, K_AT_FDCWD, path, flags | O_CLOEXEC, 0, 0, 0);
}

int
sys_open_at(int dir, const char *path, int flags, unsigned resolve)
{
	struct k_open_how how = { .flags = (uint64_t)flags | O_CLOEXEC, .resolve = resolve };

	return (int)K6(SYS_openat2, dir, path, &how, sizeof(how), 0, 0);
}

int
sys_close(int fd)
{
	return (int)K3(SYS_close, fd, 0, 0);
}

long
sys_read(int fd, void *p, size_t n)
{
	return K3(SYS_read, fd, p, n);
}

long
sys_write(int fd, const void *p, size_t n)
{
	return K3(SYS_write, fd, p, n);
}

long
sys_read_again(int fd, void *p, size_t n)
{
	return K6(SYS_pread64, fd, p, n, 0, 0, 0);
}

int
sys_pipe(int fd[2])
{
	return (int)K3(SYS_pipe2, fd, O_CLOEXEC, 0);
}

int
sys_dup_to(int from, int to)
{
	/* dup3 refuses what is in its place already */
	return from == to ? sys_keep_on_exec(to) : (int)K3(SYS_dup3, from, to, 0);
}

int
sys_keep_on_exec(int fd)
{
	return (int)K3(SYS_fcntl, fd, F_SETFD, 0);
}

int
sys_nonblock(int fd)
{
	return (int)K3(SYS_fcntl, fd, F_SETFL, O_NONBLOCK);
}

int
sys_cloexec_from(unsigned first)
{
	return (int)K3(SYS_close_range, first, ~0u, K_CLOSE_RANGE_CLOEXEC);
}

int
sys_close_range(unsigned first, unsigned last)
{
	return (int)K3(SYS_close_range, first, last, 0);
}

int
sys_access(const char *path, int mode)
{
	return (int)K6(SYS_faccessat2, K_AT_FDCWD, path, mode, K_AT_EACCESS, 0, 0);
}

int
sys_stat_fd(int fd, struct stat *st)
{
	return (int)K3(SYS_fstat, fd, st, 0);
}

int
sys_tty_size(int fd, unsigned *rows, unsigned *columns)
{
	uint16_t size[4] = { 0 }; /* struct winsize */
	int r = (int)K3(SYS_ioctl, fd, K_TIOCGWINSZ, size);

	*rows = size[0];
	*columns = size[1];
	return r;
}

bool
sys_is_tty(int fd)
{
	unsigned rows, columns;

	return sys_tty_size(fd, &rows, &columns) == 0;
}

long
sys_readlink(const char *path, char *p, size_t n)
{
	return K6(SYS_readlinkat, K_AT_FDCWD, path, p, n, 0, 0);
}

long
sys_getcwd(char *p, size_t n)
{
	return K3(SYS_getcwd, p, n, 0);
}

int
sys_mkdir_at(int dir, const char *name, unsigned mode)
{
	return (int)K3(SYS_mkdirat, dir, name, mode);
}

int
sys_rmdir_at(int dir, const char *name)
{
	return (int)K3(SYS_unlinkat, dir, name, K_AT_REMOVEDIR);
}

int
sys_mkfile_at(int dir, const char *name, unsigned mode)
{
	return (int)K6(SYS_mknodat, dir, name, S_IFREG | mode, 0, 0, 0);
}

int
sys_symlink_at(const char *text, int dir, const char *name)
{
	return (int)K3(SYS_symlinkat, text, dir, name);
}

long
sys_getdents(int fd, void *p, size_t n)
{
	return K3(SYS_getdents64, fd, p, n);
}

int
sys_lock(int fd)
{
	return (int)K3(SYS_flock, fd, LOCK_EX | LOCK_NB, 0);
}

long
sys_getxattr(const char *path, const char *name, void *p, size_t n)
{
	return K6(SYS_getxattr, path, name, p, n, 0, 0);
}

long
sys_splice(int from, int to, size_t n)
{
	return K6(SYS_splice, from, 0, to, 0, n, K_SPLICE_F_NONBLOCK);
}

int
sys_open_tree(const char *path, bool recursive)
{
	unsigned flags = K_OPEN_TREE_CLONE | K_OPEN_TREE_CLOEXEC | (recursive ? K_AT_RECURSIVE : 0);

	return (int)K3(SYS_open_tree, K_AT_FDCWD, path, flags);
}

int
sys_mount_attr(int fd, bool recursive, uint64_t set, uint64_t clear)
{
	struct k_mount_attr attr = { .attr_set = set, .attr_clr = clear };
	unsigned flags = K_AT_EMPTY_PATH | (recursive ? K_AT_RECURSIVE : 0);

	return (int)K6(SYS_mount_setattr, fd, "", flags, &attr, sizeof(attr), 0);
}

static int
move_mount(int from, int dir, const char *path, unsigned flags)
{
	return (int)K6(SYS_move_mount, from, "", dir, path, flags | K_MOVE_MOUNT_F_EMPTY_PATH, 0);
}

int
sys_move_mount(int from, int to)
{
	return move_mount(from, to, "", K_MOVE_MOUNT_T_EMPTY_PATH);
}

int
sys_move_mount_at(int from, int dir, const char *name)
{
	return move_mount(from, dir, name, 0);
}

int
sys_move_mount_root(int from)
{
	return move_mount(from, K_AT_FDCWD, "/", 0);
}

int
sys_mount(const char *source, const char *target, const char *type, unsigned long flags,
    const char *data)
{
	return (int)K6(SYS_mount, source, target, type, flags, data, 0);
}

int
sys_umount_detach(const char *path)
{
	return (int)K3(SYS_umount2, path, K_MNT_DETACH, 0);
}

int
sys_pivot_root(const char *new_root, const char *put_old)
{
	return (int)K3(SYS_pivot_root, new_root, put_old, 0);
}

int
sys_chroot(const char *path)
{
	return (int)K3(SYS_chroot, path, 0, 0);
}

int
sys_chdir(const char *path)
{
	return (int)K3(SYS_chdir, path, 0, 0);
}

int
sys_fchdir(int fd)
{
	return (int)K3(SYS_fchdir, fd, 0, 0);
}

int
sys_mount_readonly(int fd)
{
	struct statfs fs;
	int r = (int)K3(SYS_fstatfs, fd, &fs, 0);

	return r < 0 ? r : (fs.f_flags & K_MS_RDONLY) != 0;
}

int
sys_space(int fd, uint64_t *used, uint64_t *size)
{
	struct statfs fs;
	int r = (int)K3(SYS_fstatfs, fd, &fs, 0);
	uint64_t block = r < 0 ? 0 : (uint64_t)(fs.f_frsize > 0 ? fs.f_frsize : fs.f_bsize);

	if (r < 0)
		return r;
	*size = (uint64_t)fs.f_blocks * block;
	*used = (uint64_t)(fs.f_blocks - fs.f_bfree) * block;
	return 0;
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
	r = (int)K3(SYS_clone3, &args, sizeof(args), 0);
	if (r > 0)
		*pidfd = fd;
	return r;
}

int
sys_clone_old(uint64_t flags, int *pidfd)
{
	int fd = -1;
	/* a null stack means our own, copied; the third argument is the parent's tid or pidfd on
	 * x86-64 and arm64 both */
	int r = (int)K6(SYS_clone, flags | K_CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0, 0);

	if (r > 0)
		*pidfd = fd;
	return r;
}

int
sys_clone3_probe(void)
{
	return (int)K3(SYS_clone3, 0, 0, 0);
}

/* A child that shares our memory needs a stack of its own, or it would overwrite the frames that we
 * return through. The library's clone knows how to start a function there. */
int
sys_clone_shared(uint64_t flags, int (*fn)(void *), void *arg, void *top, int *pidfd)
{
	uint64_t all = flags | K_CLONE_VM | K_CLONE_PIDFD | SIGCHLD;
	int fd = -1;
	int r = clone(fn, top, (int)all, arg, &fd);

	if (r < 0)
		return -errno;
	*pidfd = fd;
	return r;
}

int
sys_vfork(int (*fn)(void *), void *arg, void *top)
{
	int r = clone(fn, top, (int)(K_CLONE_VM | K_CLONE_VFORK) | SIGCHLD, arg);

	return r < 0 ? -errno : r;
}

int
sys_bpf_devices(const void *insn, size_t n)
{
	/* no helper of the kernel's is called, so it asks for no licence of a kind */
	struct k_bpf_load load = { .type = K_BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = (uint32_t)n,
		.insns = (uint64_t)(uintptr_t)insn,
		.license = (uint64_t)(uintptr_t) "" };

	return (int)K3(SYS_bpf, K_BPF_PROG_LOAD, &load, sizeof(load));
}

int
sys_bpf_attach(int program, int group)
{
	struct k_bpf_attach attach = { (uint32_t)group, (uint32_t)program, K_BPF_CGROUP_DEVICE,
		K_BPF_F_ALLOW_MULTI };

	return (int)K3(SYS_bpf, K_BPF_PROG_ATTACH, &attach, sizeof(attach));
}

int
sys_rlimit(int resource, uint64_t most)
{
	const uint64_t limit[2] = { most, most };

	return (int)K6(SYS_prlimit64, 0, resource, limit, NULL, 0, 0);
}

int
sys_raise_files(void)
{
	uint64_t limit[2]; /* soft, hard */
	int r = (int)K6(SYS_prlimit64, 0, K_RLIMIT_NOFILE, NULL, limit, 0, 0);

	if (r < 0)
		return r;
	limit[0] = limit[1];
	r = (int)K6(SYS_prlimit64, 0, K_RLIMIT_NOFILE, limit, NULL, 0, 0);
	return r < 0 ? r : limit[0] < INT32_MAX ? (int)limit[0] : INT32_MAX;
}

size_t
sys_page(void)
{
	return (size_t)getauxval(AT_PAGESZ);
}

int
sys_kernel(void)
{
	struct utsname u;
	int r = (int)K3(SYS_uname, &u, 0, 0), part[2] = { 0 };
	const char *p = u.release;

	if (r < 0)
		return r;
	for (size_t i = 0; i < 2; i++, p++)
		for (; *p >= '0' && *p <= '9' && part[i] < 100; p++)
			part[i] = part[i] * 10 + (*p - '0');
	return part[0] * 1000 + part[1];
}

int
sys_unshare(uint64_t flags)
{
	return (int)K3(SYS_unshare, flags, 0, 0);
}

/* Of no descriptor at all: what counts is the flag. unshare(2) does the same, but is what filters
 * of containers forbid. */
int
sys_unshare_files(void)
{
	return (int)K3(SYS_close_range, ~0u, ~0u, K_CLOSE_RANGE_UNSHARE | K_CLOSE_RANGE_CLOEXEC);
}

int
sys_seccomp(unsigned flags, const void *insn, size_t n)
{
	const struct k_program program = { .n = (uint16_t)n, .insn = insn };

	if (n > 0xffff)
		return -EINVAL;
	return (int)K3(SYS_seccomp, K_SECCOMP_SET_MODE_FILTER, flags, &program);
}

int
sys_seccomp_probe(void)
{
	return (int)K3(SYS_seccomp, K_SECCOMP_SET_MODE_FILTER, 0, NULL);
}

int
sys_notify_recv(int listener, struct k_notif *n)
{
	/* the kernel takes none that is not all zero */
	*n = (struct k_notif){ 0 };
	return (int)K3(SYS_ioctl, listener, K_SECCOMP_IOCTL_NOTIF_RECV, n);
}

int
sys_notify_valid(int listener, uint64_t id)
{
	return (int)K3(SYS_ioctl, listener, K_SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

int
sys_notify_send(int listener, const struct k_notif_resp *resp)
{
	return (int)K3(SYS_ioctl, listener, K_SECCOMP_IOCTL_NOTIF_SEND, resp);
}

int
sys_notify_flags(int listener, uint64_t flags)
{
	/* the one of the four whose argument is no pointer */
	return (int)K3(SYS_ioctl, listener, K_SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags);
}

int
sys_ptrace(int request, int pid, unsigned long addr, unsigned long data)
{
	return (int)K6(SYS_ptrace, request, pid, addr, data, 0, 0);
}

int
sys_setns(int fd, int type)
{
	return (int)K3(SYS_setns, fd, type, 0);
}

int
sys_sethostname(const char *name, size_t n)
{
	return (int)K3(SYS_sethostname, name, n, 0);
}

int
sys_loopback_up(void)
{
	struct k_ifreq req = { .name = "lo", .flags = K_IFF_UP | K_IFF_RUNNING };
	int fd = (int)K3(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return fd;
	r = (int)K3(SYS_ioctl, fd, K_SIOCSIFFLAGS, &req);
	sys_close(fd);
	return r;
}

int
sys_prctl(int option, unsigned long value)
{
	return (int)K6(SYS_prctl, option, value, 0, 0, 0, 0);
}

int
sys_capget(uint64_t *effective)
{
	struct k_cap_header head = { .version = K_CAP_VERSION_3 };
	struct k_cap_data data[2];
	int r = (int)K3(SYS_capget, &head, data, 0);

	if (r == 0)
		*effective = data[0].effective | (uint64_t)data[1].effective << 32;
	return r;
}

int
sys_capset_none(void)
{
	struct k_cap_header head = { .version = K_CAP_VERSION_3 };
	struct k_cap_data data[2] = { { 0 } };

	return (int)K3(SYS_capset, &head, data, 0);
}

int
sys_setsid(void)
{
	return (int)K3(SYS_setsid, 0, 0, 0);
}

int
sys_geteuid(void)
{
	return (int)K3(SYS_geteuid, 0, 0, 0);
}

int
sys_getegid(void)
{
	return (int)K3(SYS_getegid, 0, 0, 0);
}

int
sys_getpid(void)
{
	return (int)K3(SYS_getpid, 0, 0, 0);
}

int
sys_getppid(void)
{
	return (int)K3(SYS_getppid, 0, 0, 0);
}

int
sys_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)K6(SYS_rt_sigprocmask, how, set, old, SIGSET_BYTES, 0, 0);
}

int
sys_signalfd(const sigset_t *set)
{
	return (int)K6(SYS_signalfd4, -1, set, SIGSET_BYTES, SFD_CLOEXEC | SFD_NONBLOCK, 0, 0);
}

int
sys_signal_default(int sig)
{
	/* struct kernel_sigaction: the handler first, and all zero is the default */
	const unsigned long action[4] = { 0 };

	return (int)K6(SYS_rt_sigaction, sig, action, 0, SIGSET_BYTES, 0, 0);
}

int
sys_pidfd_open(int pid)
{
	return (int)K3(SYS_pidfd_open, pid, 0, 0);
}

int
sys_pidfd_signal(int pidfd, int sig)
{
	return (int)K6(SYS_pidfd_send_signal, pidfd, sig, 0, 0, 0, 0);
}

int
sys_kill(int pid, int sig)
{
	return (int)K3(SYS_kill, pid, sig, 0);
}

int
sys_poll_us(struct pollfd *p, size_t n, uint64_t us)
{
	struct timespec t = { (time_t)(us / 1000000), (long)(us % 1000000) * 1000 };

	return (int)K6(SYS_ppoll, p, n, us == UINT64_MAX ? NULL : &t, 0, SIGSET_BYTES, 0);
}

int
sys_poll(struct pollfd *p, size_t n, int timeout_ms)
{
	return sys_poll_us(p, n, timeout_ms < 0 ? UINT64_MAX : (uint64_t)timeout_ms * 1000);
}

int
sys_wait(int pid, int *status, int options, struct rusage *usage)
{
	return (int)K6(SYS_wait4, pid, status, options, usage, 0, 0);
}

int
sys_execve(const char *path, char *const *argv, char *const *envp)
{
	return (int)K3(SYS_execve, path, argv, envp);
}

NORETURN void
sys_exit(int status)
{
	(void)K3(SYS_exit_group, status, 0, 0);
	/* a filter that we are under may forbid even that */
	(void)K3(SYS_exit, status, 0, 0);
	__builtin_trap();
}

uint64_t
sys_now(void)
{
	struct timespec t = { 0 };

	(void)K3(SYS_clock_gettime, CLOCK_MONOTONIC, &t, 0);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* end(3): behind the last byte of our data */
extern char end[];

void *
sys_map(size_t n)
{
	/* MAP_STACK means "no huge pages" since 6.7: zeroing two megabytes costs more than all of
	 * our own work */
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK;
	/* Next to our own data there are page tables already, which a place elsewhere would need of
	 * its own, and each fork again; when it is taken, the kernel finds another. */
	uintptr_t near = ((uintptr_t)end + 4095) & ~(uintptr_t)4095;
	long r = K6(SYS_mmap, near, n, PROT_READ | PROT_WRITE, flags, -1, 0);

	return r < 0 && r > -4096 ? NULL : (void *)r;
}

int
sys_map_shared(size_t n, void **p)
{
	long r = K6(SYS_mmap, 0, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (r < 0 && r > -4096)
		return (int)r;
	*p = (void *)r;
	return 0;
}

void
sys_unmap(void *p, size_t n)
{
	(void)K3(SYS_munmap, p, n, 0);
}
