/* core/sys/uapi.h against the system's own headers: each constant, and the shape of each struct.
 *
 * Debian bookworm has all of them in its kernel headers (6.1), but for MNT_DETACH, which the kernel
 * keeps to itself (include/linux/fs.h), and AT_* and P_PIDFD, whose headers do not go together with
 * glibc's: these are glibc's. What older headers lack is said to be lacking. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/magic.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <linux/sockios.h>

#include "base/base.h"
#include "sys/uapi.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned long long ours, theirs;
} same[] = {
#define SAME(name) \
	{ \
		"K_" #name, (unsigned long long)(K_##name), (unsigned long long)(name) \
	}
#define AS(ours, theirs) \
	{ \
#ours, (unsigned long long)(ours), (unsigned long long)(theirs) \
	}
	SAME(CLONE_VM),
	SAME(CLONE_FILES),
	SAME(CLONE_VFORK),
	SAME(CLONE_NEWNS),
	SAME(CLONE_NEWCGROUP),
	SAME(CLONE_NEWUTS),
	SAME(CLONE_NEWIPC),
	SAME(CLONE_NEWUSER),
	SAME(CLONE_NEWPID),
	SAME(CLONE_NEWNET),
#ifdef CLONE_PIDFD
	SAME(CLONE_PIDFD),
#endif
#ifdef CLONE_NEWTIME
	SAME(CLONE_NEWTIME),
#endif
#ifdef CLONE_INTO_CGROUP
	SAME(CLONE_INTO_CGROUP),
#endif
#ifdef OPEN_TREE_CLONE
	SAME(OPEN_TREE_CLONE),
	AS(K_OPEN_TREE_CLOEXEC, O_CLOEXEC),
	SAME(MOVE_MOUNT_F_EMPTY_PATH),
	SAME(MOVE_MOUNT_T_EMPTY_PATH),
#endif
#ifdef MOUNT_ATTR_RDONLY
	SAME(MOUNT_ATTR_RDONLY),
	SAME(MOUNT_ATTR_NOSUID),
	SAME(MOUNT_ATTR_NODEV),
	SAME(MOUNT_ATTR_NOEXEC),
#endif
	SAME(MS_RDONLY),
	SAME(MS_NOSUID),
	SAME(MS_NODEV),
	SAME(MS_NOEXEC),
	SAME(MS_REC),
	SAME(MS_PRIVATE),
	SAME(MNT_DETACH),
	SAME(AT_FDCWD),
	SAME(AT_EMPTY_PATH),
	SAME(AT_SYMLINK_NOFOLLOW),
	SAME(AT_REMOVEDIR),
#ifdef AT_RECURSIVE
	SAME(AT_RECURSIVE),
#endif
#ifdef AT_EACCESS
	SAME(AT_EACCESS),
#endif
	SAME(RESOLVE_NO_XDEV),
	SAME(RESOLVE_NO_MAGICLINKS),
	SAME(RESOLVE_NO_SYMLINKS),
	SAME(RESOLVE_BENEATH),
	SAME(RESOLVE_IN_ROOT),
#ifdef CLOSE_RANGE_UNSHARE
	SAME(CLOSE_RANGE_UNSHARE),
#endif
#ifdef CLOSE_RANGE_CLOEXEC
	SAME(CLOSE_RANGE_CLOEXEC),
#endif
	SAME(PR_SET_PDEATHSIG),
	SAME(PR_SET_DUMPABLE),
	SAME(PR_CAPBSET_DROP),
	SAME(PR_SET_SECUREBITS),
	SAME(PR_SET_CHILD_SUBREAPER),
	SAME(PR_SET_NO_NEW_PRIVS),
	AS(K_SECUREBITS_LOCKED, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
				    SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
				    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED),
	AS(K_CAP_VERSION_3, _LINUX_CAPABILITY_VERSION_3),
	SAME(CAP_SYS_ADMIN),
	SAME(CAP_SETGID),
	SAME(CAP_SETUID),
	SAME(CAP_NET_ADMIN),
#ifdef CAP_BPF
	SAME(CAP_BPF),
#endif
	SAME(SECCOMP_SET_MODE_FILTER),
#ifdef SECCOMP_IOCTL_NOTIF_RECV
	SAME(SECCOMP_IOCTL_NOTIF_RECV),
	SAME(SECCOMP_IOCTL_NOTIF_SEND),
#endif
#ifdef SECCOMP_USER_NOTIF_FLAG_CONTINUE
	SAME(SECCOMP_USER_NOTIF_FLAG_CONTINUE),
#endif
#ifdef SECCOMP_IOCTL_NOTIF_ADDFD
	SAME(SECCOMP_IOCTL_NOTIF_ID_VALID),
#endif
#ifdef SECCOMP_IOCTL_NOTIF_SET_FLAGS
	SAME(SECCOMP_IOCTL_NOTIF_SET_FLAGS),
	SAME(SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP),
#endif
	SAME(PTRACE_DETACH),
	SAME(PTRACE_SEIZE),
	SAME(PTRACE_INTERRUPT),
	SAME(PTRACE_SECCOMP_GET_FILTER),
	SAME(PTRACE_EVENT_STOP),
	SAME(P_PIDFD),
	AS(K_CGROUP2_MAGIC, CGROUP2_SUPER_MAGIC),
	SAME(BPF_PROG_LOAD),
	SAME(BPF_PROG_ATTACH),
	SAME(BPF_PROG_TYPE_CGROUP_DEVICE),
	SAME(BPF_CGROUP_DEVICE),
	SAME(BPF_F_ALLOW_MULTI),
	SAME(RLIMIT_CPU),
	SAME(RLIMIT_NPROC),
	SAME(RLIMIT_AS),
	AS(K_DT_DIR, DT_DIR),
	SAME(SPLICE_F_NONBLOCK),
	SAME(SIOCSIFFLAGS),
	SAME(IFF_UP),
	SAME(IFF_RUNNING),
	SAME(TIOCGWINSZ),
#undef SAME
#undef AS
};

static void
constants(void)
{
	for (size_t i = 0; i < COUNT(same); i++) {
		char text[128];

		snprintf(text, sizeof(text), "%s: ours is %llx, the system's %llx", same[i].name,
		    same[i].ours, same[i].theirs);
		CU_assertImplementation(same[i].ours == same[i].theirs, __LINE__, text, __FILE__,
		    "", CU_FALSE);
	}
}

static bool
listed(const char *name, size_t n)
{
	for (size_t i = 0; i < COUNT(same); i++)
		if (strlen(same[i].name) == n && memcmp(same[i].name, name, n) == 0)
			return true;
	return false;
}

/* None of ours is left out of the comparison. */
static void
none_is_left_out(void)
{
	FILE *f = fopen("core/sys/uapi.h", "r");
	char line[256];
	size_t found = 0, without = 0;

	CU_ASSERT_FATAL(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		const char *name = line + strlen("#define ");
		size_t n;

		if (strncmp(line, "#define K_", 10) != 0)
			continue;
		n = strcspn(name, " \t\n");
		found++;
		if (!listed(name, n)) {
			printf("# %.*s: the system's headers do not have it\n", (int)n, name);
			without++;
		}
	}
	fclose(f);
	CU_ASSERT_EQUAL(found, COUNT(same) + without);
	/* those that came after Linux 5.2 */
	CU_ASSERT(without <= 19);
#if defined(CLONE_INTO_CGROUP) && defined(AT_RECURSIVE) && defined(AT_EACCESS) && \
    defined(SECCOMP_IOCTL_NOTIF_SET_FLAGS)
	CU_ASSERT_EQUAL(without, 0);
#endif
}

#define SIZE(ours, theirs) CU_ASSERT_EQUAL(sizeof(struct ours), sizeof(struct theirs))
#define PLACE(ours, mine, theirs, its) \
	do { \
		CU_ASSERT_EQUAL(offsetof(struct ours, mine), offsetof(struct theirs, its)); \
		CU_ASSERT_EQUAL(sizeof(((struct ours *)0)->mine), \
		    sizeof(((struct theirs *)0)->its)); \
	} while (0)

/* One of the call's shapes, of which each is as long as it is. */
#define BPF(ours, mine, its) \
	do { \
		CU_ASSERT_EQUAL(offsetof(struct ours, mine), offsetof(union bpf_attr, its)); \
		CU_ASSERT_EQUAL(sizeof(((struct ours *)0)->mine), \
		    sizeof(((union bpf_attr *)0)->its)); \
	} while (0)

static void
structs(void)
{
	PLACE(k_clone_args, flags, clone_args, flags);
	PLACE(k_clone_args, pidfd, clone_args, pidfd);
	PLACE(k_clone_args, child_tid, clone_args, child_tid);
	PLACE(k_clone_args, parent_tid, clone_args, parent_tid);
	PLACE(k_clone_args, exit_signal, clone_args, exit_signal);
	PLACE(k_clone_args, stack, clone_args, stack);
	PLACE(k_clone_args, stack_size, clone_args, stack_size);
	PLACE(k_clone_args, tls, clone_args, tls);
#ifdef CLONE_INTO_CGROUP
	PLACE(k_clone_args, set_tid, clone_args, set_tid);
	PLACE(k_clone_args, set_tid_size, clone_args, set_tid_size);
	PLACE(k_clone_args, cgroup, clone_args, cgroup);
	SIZE(k_clone_args, clone_args);
#endif
#ifdef MOUNT_ATTR_SIZE_VER0
	PLACE(k_mount_attr, attr_set, mount_attr, attr_set);
	PLACE(k_mount_attr, attr_clr, mount_attr, attr_clr);
	PLACE(k_mount_attr, propagation, mount_attr, propagation);
	PLACE(k_mount_attr, userns_fd, mount_attr, userns_fd);
	SIZE(k_mount_attr, mount_attr);
#endif
	PLACE(k_open_how, flags, open_how, flags);
	PLACE(k_open_how, mode, open_how, mode);
	PLACE(k_open_how, resolve, open_how, resolve);
	SIZE(k_open_how, open_how);
	PLACE(k_program, n, sock_fprog, len);
	PLACE(k_program, insn, sock_fprog, filter);
	SIZE(k_program, sock_fprog);
	PLACE(k_notif, id, seccomp_notif, id);
	PLACE(k_notif, pid, seccomp_notif, pid);
	PLACE(k_notif, flags, seccomp_notif, flags);
	PLACE(k_notif, nr, seccomp_notif, data.nr);
	PLACE(k_notif, arch, seccomp_notif, data.arch);
	PLACE(k_notif, ip, seccomp_notif, data.instruction_pointer);
	PLACE(k_notif, arg, seccomp_notif, data.args);
	SIZE(k_notif, seccomp_notif);
	PLACE(k_notif_resp, id, seccomp_notif_resp, id);
	PLACE(k_notif_resp, val, seccomp_notif_resp, val);
	PLACE(k_notif_resp, error, seccomp_notif_resp, error);
	PLACE(k_notif_resp, flags, seccomp_notif_resp, flags);
	SIZE(k_notif_resp, seccomp_notif_resp);
	PLACE(k_cap_header, version, __user_cap_header_struct, version);
	PLACE(k_cap_header, pid, __user_cap_header_struct, pid);
	SIZE(k_cap_header, __user_cap_header_struct);
	PLACE(k_cap_data, effective, __user_cap_data_struct, effective);
	PLACE(k_cap_data, permitted, __user_cap_data_struct, permitted);
	PLACE(k_cap_data, inheritable, __user_cap_data_struct, inheritable);
	SIZE(k_cap_data, __user_cap_data_struct);
	PLACE(k_dirent, ino, dirent64, d_ino);
	PLACE(k_dirent, off, dirent64, d_off);
	PLACE(k_dirent, reclen, dirent64, d_reclen);
	PLACE(k_dirent, type, dirent64, d_type);
	CU_ASSERT_EQUAL(offsetof(struct k_dirent, name), offsetof(struct dirent64, d_name));
	BPF(k_bpf_load, type, prog_type);
	BPF(k_bpf_load, insn_cnt, insn_cnt);
	BPF(k_bpf_load, insns, insns);
	BPF(k_bpf_load, license, license);
	BPF(k_bpf_load, log_level, log_level);
	BPF(k_bpf_load, log_size, log_size);
	BPF(k_bpf_load, log_buf, log_buf);
	BPF(k_bpf_load, kern_version, kern_version);
	BPF(k_bpf_load, prog_flags, prog_flags);
	BPF(k_bpf_attach, target_fd, target_fd);
	BPF(k_bpf_attach, attach_bpf_fd, attach_bpf_fd);
	BPF(k_bpf_attach, attach_type, attach_type);
	BPF(k_bpf_attach, attach_flags, attach_flags);
	PLACE(k_ifreq, name, ifreq, ifr_name);
	PLACE(k_ifreq, flags, ifreq, ifr_flags);
	SIZE(k_ifreq, ifreq);
}

UNIT_MAIN("uapi", { "constants", constants }, { "none is left out", none_is_left_out },
    { "structs", structs })
