/* Numbers and structs of the kernel's interface that musl does not show, from the kernel's
 * include/uapi. A test compares them with the system's headers. Constants only: pure code may
 * include this file. */
#ifndef SBX_UAPI_H
#define SBX_UAPI_H

#include <stdint.h>

/* linux/sched.h */
#define K_CLONE_VM 0x00000100u
#define K_CLONE_FILES 0x00000400u
#define K_CLONE_VFORK 0x00004000u
#define K_CLONE_PIDFD 0x00001000u
#define K_CLONE_NEWTIME 0x00000080u
#define K_CLONE_NEWNS 0x00020000u
#define K_CLONE_NEWCGROUP 0x02000000u
#define K_CLONE_NEWUTS 0x04000000u
#define K_CLONE_NEWIPC 0x08000000u
#define K_CLONE_NEWUSER 0x10000000u
#define K_CLONE_NEWPID 0x20000000u
#define K_CLONE_NEWNET 0x40000000u
#define K_CLONE_INTO_CGROUP 0x200000000ull

struct k_clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
	    set_tid_size, cgroup;
};

/* linux/mount.h */
#define K_OPEN_TREE_CLONE 1u
#define K_OPEN_TREE_CLOEXEC 02000000u
#define K_MOVE_MOUNT_F_EMPTY_PATH 0x00000004u
#define K_MOVE_MOUNT_T_EMPTY_PATH 0x00000040u
#define K_MOUNT_ATTR_RDONLY 0x00000001u
#define K_MOUNT_ATTR_NOSUID 0x00000002u
#define K_MOUNT_ATTR_NODEV 0x00000004u
#define K_MOUNT_ATTR_NOEXEC 0x00000008u

struct k_mount_attr {
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};

#define K_MS_RDONLY 1u
#define K_MS_NOSUID 2u
#define K_MS_NODEV 4u
#define K_MS_NOEXEC 8u
#define K_MS_REC 16384u
#define K_MS_PRIVATE (1u << 18)
#define K_MNT_DETACH 2u

/* linux/fcntl.h, linux/openat2.h */
#define K_AT_FDCWD (-100)
#define K_AT_EMPTY_PATH 0x1000u
#define K_AT_RECURSIVE 0x8000u
#define K_AT_SYMLINK_NOFOLLOW 0x100u
#define K_AT_REMOVEDIR 0x200u
#define K_AT_EACCESS 0x200u
#define K_RESOLVE_NO_XDEV 0x01u
#define K_RESOLVE_NO_MAGICLINKS 0x02u
#define K_RESOLVE_NO_SYMLINKS 0x04u
#define K_RESOLVE_BENEATH 0x08u
#define K_RESOLVE_IN_ROOT 0x10u

struct k_open_how {
	uint64_t flags, mode, resolve;
};

/* linux/close_range.h */
#define K_CLOSE_RANGE_UNSHARE 2u
#define K_CLOSE_RANGE_CLOEXEC 4u

/* linux/prctl.h, linux/securebits.h, linux/capability.h */
#define K_PR_SET_PDEATHSIG 1
#define K_PR_SET_DUMPABLE 4
#define K_PR_CAPBSET_DROP 24
#define K_PR_SET_SECUREBITS 28
#define K_PR_SET_CHILD_SUBREAPER 36
#define K_PR_SET_NO_NEW_PRIVS 38
/* NOROOT, NO_SETUID_FIXUP, NO_CAP_AMBIENT_RAISE, each with its lock */
#define K_SECUREBITS_LOCKED (0x3u | 0xcu | 0xc0u)
#define K_CAP_VERSION_3 0x20080522u
#define K_CAP_SYS_ADMIN 21
#define K_CAP_SETGID 6
#define K_CAP_SETUID 7
#define K_CAP_NET_ADMIN 12
#define K_CAP_BPF 39

struct k_cap_header {
	uint32_t version;
	int32_t pid;
};

struct k_cap_data {
	uint32_t effective, permitted, inheritable;
};

/* linux/seccomp.h; the flags of filters are in spec/policy.h */
#define K_SECCOMP_SET_MODE_FILTER 1u
#define K_SECCOMP_IOCTL_NOTIF_RECV 0xc0502100u
#define K_SECCOMP_IOCTL_NOTIF_SEND 0xc0182101u
#define K_SECCOMP_IOCTL_NOTIF_ID_VALID 0x40082102u
#define K_SECCOMP_IOCTL_NOTIF_SET_FLAGS 0x40082104u
#define K_SECCOMP_USER_NOTIF_FLAG_CONTINUE 1u
#define K_SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1u

/* struct sock_fprog */
struct k_program {
	uint16_t n;
	const void *insn;
};

/* struct seccomp_notif with its struct seccomp_data */
struct k_notif {
	uint64_t id;
	uint32_t pid, flags;
	uint32_t nr, arch;
	uint64_t ip, arg[6];
};

struct k_notif_resp {
	uint64_t id;
	int64_t val;
	int32_t error;
	uint32_t flags;
};

/* linux/ptrace.h */
#define K_PTRACE_DETACH 17
#define K_PTRACE_SEIZE 0x4206
#define K_PTRACE_INTERRUPT 0x4207
#define K_PTRACE_SECCOMP_GET_FILTER 0x420c
#define K_PTRACE_EVENT_STOP 128

/* linux/wait.h: idtype of waitid */
#define K_P_PIDFD 3

/* linux/magic.h */
#define K_CGROUP2_MAGIC 0x63677270u

/* asm-generic/ioctls.h */
#define K_TIOCGWINSZ 0x5413u

/* linux/if.h, linux/sockios.h */
#define K_SIOCSIFFLAGS 0x8914u
#define K_IFF_UP 1
#define K_IFF_RUNNING 0x40

struct k_ifreq {
	char name[16];
	int16_t flags;
	char pad[22];
};

/* linux/bpf.h; a program of that type, at that place, beside others */
#define K_BPF_PROG_LOAD 5
#define K_BPF_PROG_ATTACH 8
#define K_BPF_PROG_TYPE_CGROUP_DEVICE 15
#define K_BPF_CGROUP_DEVICE 6
#define K_BPF_F_ALLOW_MULTI 2u

struct k_bpf_load {
	uint32_t type, insn_cnt;
	uint64_t insns, license;
	uint32_t log_level, log_size;
	uint64_t log_buf;
	uint32_t kern_version, prog_flags;
};

struct k_bpf_attach {
	uint32_t target_fd, attach_bpf_fd, attach_type, attach_flags;
};

/* asm-generic/resource.h */
#define K_RLIMIT_CPU 0
#define K_RLIMIT_NPROC 6
#define K_RLIMIT_NOFILE 7
#define K_RLIMIT_AS 9

/* linux/dirent.h: struct linux_dirent64, up to its name */
struct k_dirent {
	uint64_t ino, off;
	uint16_t reclen;
	uint8_t type;
	char name[1];
};
#define K_DT_DIR 4

/* linux/splice.h */
#define K_SPLICE_F_NONBLOCK 2u

#endif
