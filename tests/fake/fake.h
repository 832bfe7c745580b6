/* A kernel in memory, for tests: it stands in for core/sys/sys_linux.c.
 *
 * Processes are coroutines, each with a stack and descriptors of its own. A clone is a fork as the
 * kernel makes it, copied memory included: the child's coroutine runs the same program again from
 * its beginning, its calls answered with what the parent was answered, up to the clone, which gives
 * 0; from there on it is on its own. One that shares memory just runs beside its parent. So both
 * sides of every pipe are the real code, and they interleave. Time is virtual: when everybody
 * waits, the clock jumps. */
#ifndef FAKE_FAKE_H
#define FAKE_FAKE_H

#include "base/base.h"
#include "sys/sys.h"

/* The system calls. E: changes what the payload will find; those can be compared. */
/* clang-format off */
#define FAKE_CALLS(_, E) \
	_(open) _(open_at) _(close) _(read) E(write) _(pipe) E(dup_to) E(keep_on_exec) \
	_(nonblock) E(cloexec_from) _(close_range) _(access) _(stat_fd) _(is_tty) _(getcwd) \
	_(readlink) E(mkdir_at) _(rmdir_at) E(mkfile_at) E(symlink_at) E(open_tree) \
	E(mount_attr) E(move_mount) E(move_mount_at) E(move_mount_root) E(mount) \
	E(umount_detach) E(pivot_root) E(chroot) E(chdir) E(fchdir) E(mount_readonly) E(clone) \
	E(clone_old) E(clone_shared) _(clone3_probe) _(vfork) E(unshare) E(unshare_files) E(setns) \
	E(sethostname) \
	E(loopback_up) E(prctl) _(capget) E(capset_none) E(setsid) _(geteuid) _(getegid) \
	_(getpid) _(getppid) E(sigmask) _(signalfd) _(signal_default) _(pidfd_open) \
	_(pidfd_signal) _(kill) _(poll) _(wait) _(execve) _(exit) _(now) _(map) _(kernel) \
	E(seccomp) _(seccomp_probe) _(map_shared) _(notify_recv) _(notify_valid) _(notify_send) \
	_(notify_flags) _(ptrace) _(getdents) _(lock) _(getxattr) E(bpf_devices) E(bpf_attach) \
	E(rlimit) _(splice)
/* clang-format on */

enum fake_call {
#define FAKE_ENUM(name) FAKE_##name,
	FAKE_CALLS(FAKE_ENUM, FAKE_ENUM)
#undef FAKE_ENUM
	    FAKE_COUNT
};

enum {
	FAKE_PROCS = 24,
	FAKE_FDS = 160,
	FAKE_LOG = 8192,
	FAKE_CALLER = 50,   /* the pid of who called us */
	FAKE_MONITOR = 100, /* ours; children count on from there */
};

/* One call that was made, by one of ours (the payload's are not kept). */
struct fake_entry {
	enum fake_call call;
	int pid;
	int pipe;      /* read, write: which pipe was meant, in order of their making, or -1 */
	char text[80]; /* path, or what the descriptor is */
	uint64_t num;  /* flags, mode, signal, descriptor, hash of what was written; attributes that
			  were set, and above them those that were cleared */
	long r;
	bool injected;
};

/* A call that is to go wrong. */
struct fake_fault {
	size_t at;           /* this entry of the log, from 1; or 0: by name */
	enum fake_call call; /* by name */
	size_t nth;          /* the how manieth of that name from 1; 0: each of them */
	int pid;             /* and only by this process; 0: by any */
	int error;           /* positive errno; 0: a read or write comes short instead */
};

/* Something that happens from outside: before entry at of the log, or at a time. */
struct fake_event {
	size_t at;
	uint64_t us;
	void (*happen)(int);
	int arg;
	bool done;
};

/* How a program that is executed behaves. */
struct fake_program {
	const char *path;
	int error; /* execve gives that; 0: it runs */
	void (*run)(void);
};

struct fake_file {
	const char *path;
	const char *text; /* NULL: a directory */
	int error;        /* opening it gives that */
};

/* A filter that a process has which we look into. */
struct fake_filter {
	const void *insn; /* NULL: there is none, and none behind it */
	size_t n;
};

/* What the payload found at its first instruction. */
struct fake_world {
	int pid;
	const char *path;
	size_t entry; /* of the log: the exec */
	uint64_t spaces, joined, securebits, mask;
	int death;
	bool caps_none, no_new_privs, private_mounts, root_moved, old_root, session;
	bool monitor_dumpable, parent_dumpable; /* parent: whoever of ours is left in the box */
	uint64_t root_attr;
	unsigned fds;           /* open ones */
	unsigned monitor_pipes; /* ends of pipes that the monitor holds */
	bool group;             /* in a control group of its own */
	unsigned rlimits;       /* bit n: resource n has a limit */
	unsigned programs;      /* of its group */
	char limits[8][96];     /* of its group: "memory.max=67108864" */
	bool no_nesting;        /* it can make no user namespace */
	bool filtered;          /* under a filter */
	char cwd[80];
};

struct fake_output {
	char text[1 << 14];
	size_t n;
	bool stuck, gone; /* nobody reads; nobody will */
	bool pipe;        /* it is one */
	bool spliced;     /* it is none, and splice(2) serves it all the same */
	bool cannot;      /* what is written to it fails */
	size_t most;      /* after so many bytes it is stuck; 0: never */
	size_t took;      /* all that was written, more perhaps than text holds */
};

enum fake_end { FAKE_RETURNED, FAKE_EXITED, FAKE_KILLED, FAKE_HUNG };

/* What a test sets, and what it finds. */
struct fake {
	/* the machine */
	int kernel;         /* its version: major * 1000 + minor */
	bool closed_filter; /* nothing but an exec and the end may be called behind one */
	bool no_clone3, no_seccomp, tty, chld_ignored, no_children_file;
	uint32_t uid, gid;
	uint64_t caps;
	int ppid;
	uint64_t mask;      /* signals that the caller has blocked: bit n is signal n */
	int before;         /* children that were there before */
	const char *cgroup; /* a writable v2 directory */
	bool no_kill_file;
	const char *controllers; /* that it has, "cpu memory\n"; NULL: none */
	bool cgroup_top;         /* it is the first of the hierarchy */
	bool inside;             /* our own process is in it */
	bool no_bpf;
	/* what stat tells of a path, up to one that is NULL */
	const struct fake_node {
		const char *path;
		unsigned mode;
		unsigned major, minor; /* its own, or of what it is on */
	} * node;
	const char *delegated; /* a directory that systemd marked so */
	/* files of every group, whatever was written to them, up to a name that is NULL */
	const struct fake_control {
		const char *name, *text;
	} * control;
	const char *absent[8]; /* places that a box does not have */
	const char *readonly;  /* a mount that cannot be written to */
	const char *regular;   /* what is cloned from there is no directory */
	const char *cwd;
	struct fake_link {
		const char *path, *text;
	} link[2];
	size_t memory;         /* what sys_map can give */
	int again;             /* so many openat2 of a place give EAGAIN first */
	bool zero_writes;      /* every write gives 0 */
	bool main_is_init;     /* the main process is PID 1 of a namespace of its own */
	bool no_wait_killable; /* as kernels before 5.19 */
	bool listener_taken;   /* a filter before ours has one */
	struct fake_filter filter[3];
	int stop_signal;  /* a tracee stops to be given this one */
	bool never_stops; /* the kernel holds it */
	int read_other;   /* reading a filter gives so many instructions more */
	const struct fake_file *file;
	char nul; /* this byte in their texts stands for NUL; 0: none does */
	const struct fake_program *program;
	struct fake_fault fault[4];
	struct fake_event event[4];
	bool child_first;
	/* interleaving: a bit for each call says whether somebody else goes first */
	const uint8_t *schedule;
	size_t nschedule;

	/* what came of it */
	struct fake_entry log[FAKE_LOG];
	size_t nlog;
	uint64_t now;
	unsigned executed;
	struct fake_world world;   /* of the last exec */
	int payload_status;        /* its wait status, or -1 while it runs */
	struct fake_output out[3]; /* descriptors 1, 2 and 3 */
	int status;                /* wait status, when the main process ended */
	uint64_t mask_after;       /* what it has blocked, when it returned */
	unsigned left;             /* processes that were there when it returned or ended */
	unsigned zombies;          /* children of its that nobody waited for */
	unsigned alive;            /* and after everything had settled */
	unsigned leaks;            /* descriptors too many, or too few (counted from 1000) */
	unsigned groups;           /* control groups that are left */
	unsigned made;             /* and that there were */
	unsigned hits;             /* faults that came about */
	unsigned traced;           /* processes that we did not let go */
	unsigned damage;           /* the caller's other children that were hit */
	const char *wrong;         /* the first thing that must never be done, or NULL */
	char wrong_about[80];
};
extern struct fake fake;

/* Everything as after boot, in one process with descriptors 0, 1, 2. */
void fake_reset(void);
/* Runs main(copy of arg) to its end and everybody else until nothing happens any more. arg is
 * copied for each process; what the first one leaves in its copy comes back. */
enum fake_end fake_run(void (*main)(void *), void *arg, size_t size);
const char *fake_call_name(enum fake_call);
bool fake_has_effect(enum fake_call);

/* For payloads: another process that runs this and is nobody's wait; its pid. */
int fake_fork(void (*run)(void));
/* A call that a filter asks about: what it comes to for who makes it. */
enum { FAKE_CONTINUED = 1 << 20 };
long fake_notified(uint32_t nr, uint64_t arg);
void fake_ignore(int sig);
void fake_sleep(uint64_t ms);
/* Leaves its process group and session. */
void fake_leave_session(void);
/* As a set-uid program: no longer ours to signal. */
void fake_become_other(void);

/* From outside: a signal to a process. */
void fake_kill(int pid, int sig);
/* For events. */
void fake_sigkill(int pid);
void fake_sigterm(int pid);
/* The kernel holds it: no signal has an effect any more. */
void fake_hold(int pid);
/* As the terminal sends it to a foreground group: SI_KERNEL. */
void fake_terminal(int pid, int sig);
void fake_ctrl_c(int pid);
/* The process of ours that has this pid: is it still there? */
bool fake_lives(int pid);
/* Descriptor 3, where events can be reported to; its output is fake.out[2]. */
int fake_report_fd(void);
/* What is in the pipe that a descriptor leads to. */
struct str fake_pipe_text(int fd);
/* The same for the nth pipe that was made, from 0, whoever holds it still. */
struct str fake_pipe_left(size_t nth);
/* Puts something into it, as if one of its writers had. */
void fake_pipe_put(size_t nth, const void *, size_t n);
/* Descriptors that are open now. */
unsigned fake_open_fds(void);
/* Makes a group below fake.cgroup, as somebody else; what is in it: the process of that pid, or
 * 0. */
void fake_group(const char *path, int pid);
/* Somebody holds its lock, for ever. */
void fake_lock(const char *path);
/* Is there one? */
bool fake_has_group(const char *path);
/* What is enabled for those in it. */
const char *fake_subtree(const char *path);
/* Is the process in that group? */
bool fake_in_group(int pid, const char *path);
/* The log from an entry on (0: the first), a line each, for people and for comparison. */
struct str fake_log_text(size_t from);

#endif
