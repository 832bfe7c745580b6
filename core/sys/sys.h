/* Every system call that we make, one function each, returning -errno on failure. sys_linux.c is
 * the kernel's side; tests link a fake that fails the n-th call. Descriptors made here are
 * close-on-exec. */
#ifndef SBX_SYS_H
#define SBX_SYS_H

#include "base/base.h"
#include "sys/uapi.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

int sys_open(const char *path, int flags);
/* openat2; resolve is K_RESOLVE_*. */
int sys_open_at(int dir, const char *path, int flags, unsigned resolve);
int sys_close(int fd);
long sys_read(int fd, void *, size_t);
long sys_write(int fd, const void *, size_t);
/* From the beginning of the file, wherever reading stands. */
long sys_read_again(int fd, void *, size_t);
int sys_pipe(int fd[2]);
int sys_dup_to(int from, int to);
int sys_keep_on_exec(int fd);
int sys_nonblock(int fd);
/* Marks first..~0 close-on-exec. */
int sys_cloexec_from(unsigned first);
/* Closes first..last. */
int sys_close_range(unsigned first, unsigned last);
int sys_access(const char *path, int mode);
int sys_stat_fd(int fd, struct stat *);
bool sys_is_tty(int fd);
/* Cells of a terminal; -errno of what is none. */
int sys_tty_size(int fd, unsigned *rows, unsigned *columns);
/* Length of the working directory's path (at most n, NUL included). */
long sys_getcwd(char *, size_t n);
/* Length of the link's text (at most n), not NUL-terminated. */
long sys_readlink(const char *path, char *, size_t n);
int sys_mkdir_at(int dir, const char *name, unsigned mode);
int sys_rmdir_at(int dir, const char *name);
/* An empty regular file. */
int sys_mkfile_at(int dir, const char *name, unsigned mode);
int sys_symlink_at(const char *text, int dir, const char *name);
/* Entries of a directory as the kernel writes them (struct k_dirent); bytes, 0 at the end. */
long sys_getdents(int fd, void *, size_t n);
/* An exclusive lock of the open file, which ends with it: -EAGAIN where somebody has one. */
int sys_lock(int fd);
/* Length of the attribute's value (at most n), or -errno. */
long sys_getxattr(const char *path, const char *name, void *, size_t n);
/* Moves up to n bytes from one to the other, of which one is a pipe; without waiting on that. */
long sys_splice(int from, int to, size_t n);

int sys_open_tree(const char *path, bool recursive);
int sys_mount_attr(int fd, bool recursive, uint64_t set, uint64_t clear);
int sys_move_mount(int from, int to);
/* Onto a name in a directory that only we have written to. */
int sys_move_mount_at(int from, int dir, const char *name);
int sys_move_mount_root(int from);
int sys_mount(const char *source, const char *target, const char *type, unsigned long flags,
    const char *data);
int sys_umount_detach(const char *path);
int sys_pivot_root(const char *new_root, const char *put_old);
int sys_chroot(const char *path);
int sys_chdir(const char *path);
int sys_fchdir(int fd);
/* The mount of this descriptor is read-only: 1 yes, 0 no. */
int sys_mount_readonly(int fd);
/* Bytes of the file system that this is on: in use, and altogether. */
int sys_space(int fd, uint64_t *used, uint64_t *size);

/* clone3 as fork: 0 in the child, its pid in the parent; cgroup_fd -1 for none; *pidfd is set in
 * the parent. */
int sys_clone(uint64_t flags, int cgroup_fd, int *pidfd);
/* The same by the older call: no CLONE_NEWTIME (unshared by the child's parent beforehand), no
 * cgroup. */
int sys_clone_old(uint64_t flags, int *pidfd);
/* -EINVAL where clone3 exists; -ENOSYS, or what a filter says, where it does not. */
int sys_clone3_probe(void);
/* Runs fn(arg), whose result is the exit status, in a child that shares our memory and runs beside
 * us, on a stack that ends at top (16-byte aligned); its pid or -errno. *pidfd is set. No
 * CLONE_NEWTIME, no cgroup. */
int sys_clone_shared(uint64_t flags, int (*fn)(void *), void *arg, void *top, int *pidfd);
/* The same while we wait for its exec or end (vfork). */
int sys_vfork(int (*fn)(void *), void *arg, void *top);
int sys_unshare(uint64_t flags);
/* Descriptors of our own, when they were shared with another process. */
int sys_unshare_files(void);
int sys_setns(int fd, int type);
/* Attaches n instructions (struct sock_filter); flags are FILTER_*. 0, or the listener's descriptor
 * with FILTER_LISTENER. */
int sys_seccomp(unsigned flags, const void *insn, size_t n);
/* -EFAULT where filters are taken; -EINVAL, -ENOSYS, or what a filter says, where they are not. */
int sys_seccomp_probe(void);
/* The next call that waits at a listener, for which poll said that there is one; -ENOENT when its
 * process is gone meanwhile. */
int sys_notify_recv(int listener, struct k_notif *);
/* -ENOENT when the call does not wait any more, of both. */
int sys_notify_valid(int listener, uint64_t id);
int sys_notify_send(int listener, const struct k_notif_resp *);
int sys_notify_flags(int listener, uint64_t flags);
/* Of those requests whose result is that of the call. */
int sys_ptrace(int request, int pid, unsigned long addr, unsigned long data);
/* A device program of n instructions (struct ebpf_insn): its descriptor. And attached to a group,
 * beside those that are there. */
int sys_bpf_devices(const void *insn, size_t n);
int sys_bpf_attach(int program, int group);
/* Both limits, soft and hard; resource is K_RLIMIT_*. */
int sys_rlimit(int resource, uint64_t most);
/* As many descriptors as are allowed: the soft limit becomes the hard one. How many that are. */
int sys_raise_files(void);
/* Of memory, in bytes. */
size_t sys_page(void);
/* Of the running kernel: major * 1000 + minor, or -errno. */
int sys_kernel(void);
int sys_sethostname(const char *, size_t);
int sys_loopback_up(void);

int sys_prctl(int option, unsigned long value);
/* Effective set as bits 0..63 through the pointer. */
int sys_capget(uint64_t *effective);
int sys_capset_none(void);
int sys_setsid(void);
int sys_geteuid(void);
int sys_getegid(void);
int sys_getpid(void);
int sys_getppid(void);

/* how is SIG_SETMASK, SIG_BLOCK; old may be NULL. */
int sys_sigmask(int how, const sigset_t *set, sigset_t *old);
int sys_signalfd(const sigset_t *);
/* The signal's default action again. */
int sys_signal_default(int sig);
int sys_pidfd_open(int pid);
int sys_pidfd_signal(int pidfd, int sig);
int sys_kill(int pid, int sig);
int sys_poll(struct pollfd *, size_t n, int timeout_ms);
/* For so many microseconds at most; UINT64_MAX: for ever. */
int sys_poll_us(struct pollfd *, size_t n, uint64_t us);
/* wait4: the pid, 0 with WNOHANG when none changed; status and usage may be NULL. */
int sys_wait(int pid, int *status, int options, struct rusage *);
int sys_execve(const char *path, char *const *argv, char *const *envp);
/* Where a filter refuses even that, by a trap. */
NORETURN void sys_exit(int status);
/* Monotonic time, microseconds. */
uint64_t sys_now(void);
/* n fresh zeroed pages' bytes, private; NULL on failure. */
void *sys_map(size_t n);
/* The same, shared with the processes that are copied from us. */
int sys_map_shared(size_t n, void **);
void sys_unmap(void *, size_t n);

#endif
