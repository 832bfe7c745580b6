/* Inside the fake kernel: what its files share. */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include "fake.h"

#include <setjmp.h>
#include <ucontext.h>

/* A fuzzer is to be led by what it tests, not by what that stands on. Each file ends what begins
 * here with UNWATCHED_END. */
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("coverage"))), apply_to = function)
#define UNWATCHED_END _Pragma("clang attribute pop")
#else
#define UNWATCHED_END
#endif

enum { PATH_ROOM = 80, PIPES = 32, PIPE_ROOM = 1 << 16, PIPE_ATOMIC = 4096, GROUPS = 256 };

enum file_kind {
	FILE_TEXT,     /* a regular file, or one of procfs */
	FILE_PLACE,    /* a directory, or a place that was resolved */
	FILE_TREE,     /* a mount that open_tree cloned */
	FILE_GROUP,    /* a directory of the cgroup file system */
	FILE_CONTROL,  /* a file in one */
	FILE_PIPE_OUT, /* the end that is read */
	FILE_PIPE_IN,
	FILE_SIGNALS,
	FILE_PROCESS,
	FILE_INPUT,  /* descriptor 0 of the caller: empty */
	FILE_OUTPUT, /* descriptors 1, 2, 3 */
	FILE_LISTENER,
};

struct file {
	int refs;
	enum file_kind kind;
	int index;         /* pipe, group, output */
	struct proc *proc; /* FILE_PROCESS; FILE_TEXT: the process whose map it is */
	int generation;    /* FILE_PROCESS: of the process's place in the table */
	uint64_t signals;
	bool nonblock, own, attached, sysctl;
	bool place; /* opened as a place only (O_PATH) */
	uint64_t attr;
	size_t at;
	const char *text;
	char made[256]; /* text that was made for this one */
	char path[PATH_ROOM];
};

struct pipe {
	int readers, writers;
	size_t from, n;
	unsigned char room[PIPE_ROOM];
};

struct group {
	bool made, frozen;
	char path[PATH_ROOM];
	char subtree[64]; /* controllers that are enabled for those in it */
	struct file *lock;
	unsigned programs;
	/* what was written to files of controllers */
	struct {
		char name[32], text[64];
	} value[8];
	size_t nvalues;
};

enum proc_state { PROC_FREE, PROC_READY, PROC_WAITS, PROC_ZOMBIE };

struct proc {
	enum proc_state state;
	int pid, generation;
	int memory; /* the pid of who had it first */
	struct proc *parent;
	struct proc *files; /* whose descriptors it shares until its exec */
	struct proc *init;  /* of its PID namespace; NULL: the host's */
	struct file *fd[FAKE_FDS];
	bool cloexec[FAKE_FDS];
	uint64_t mask, pending, ignored;
	struct {
		int pid, code;
	} info[65];
	int death, group, session, pgrp, status;
	bool subreaper, payload, idle, foreign, held, chld_ignored, executed;
	bool filtered, traced, stopped;
	/* what of its restrictions stands */
	uint64_t spaces, joined, securebits, root_attr;
	bool caps_none, no_new_privs, private_mounts, root_moved, old_root, dumpable, own_session;
	unsigned rlimits; /* bit n: of resource n */
	bool setgroups_denied, uid_mapped, gid_mapped, no_nesting;
	char cwd[PATH_ROOM];
	/* as a coroutine */
	void (*run)(void *);
	void *arg;
	int (*shared)(void *); /* what a clone that shares memory runs, and with what */
	void *shared_arg;
	const char *top; /* of its stack, where that is in the memory that is shared */
	void (*program)(void);
	size_t replay, replay_to;
	bool replaying;
	ucontext_t context;
	jmp_buf place;
	bool begun;
	const void *stack;
	size_t stack_size;
	void *fake_stack;
	bool (*ready)(struct proc *);
	const void *ready_arg;
	uint64_t until;
};

struct kernel {
	struct proc proc[FAKE_PROCS];
	struct proc *self, *main, *caller;
	int next_pid;
	struct file file[512];
	size_t nfiles; /* of which so many were ever used */
	struct pipe pipe[PIPES];
	size_t npipes;
	struct group group[GROUPS];
	size_t ngroups;
	struct {
		char path[PATH_ROOM];
		bool own;
	} area[160];
	size_t nareas;
	/* places that were said to be absent, and stay so */
	struct {
		char path[PATH_ROOM];
		int error;
	} gone[8];
	size_t ngone;
	/* clones in a directory of the box's own that may have set-uid programs still */
	char bare[16][PATH_ROOM];
	size_t nbare;
	/* calls that wait for an answer */
	struct {
		enum { ASK_FREE, ASK_NEW, ASK_TOLD, ASK_DONE } state;
		struct proc *proc;
		int generation;
		struct k_notif call;
		long r;
	} ask[FAKE_PROCS];
	uint64_t next_ask;
	struct file *listener;
	size_t count[FAKE_COUNT];
	size_t calls; /* everybody's */
};
extern struct kernel kernel;

/* One call under way. */
struct call {
	enum fake_call call;
	bool live;   /* really made, not replayed */
	bool short_; /* half of it */
	long r;
	void *out; /* what the kernel would write to us, for replays */
	size_t room;
	struct fake_entry *entry;
};

/* fake.c: true when the call is to be made now; else its result is in c->r already. */
bool call_begin(struct call *, enum fake_call, const char *text, uint64_t num);
/* Its result; n bytes were written to c->out. */
long call_end(struct call *, long r, size_t n);
void call_pipe(struct call *, const struct file *);
void wrong(const char *what, const char *about);
void copy_path(char *to, const char *from);

/* proc.c; the calls are in signals.c */
void proc_reset(void);
void proc_before(void);
struct proc *proc_new(struct proc *parent);
/* It is in new namespaces. */
void proc_spaces(struct proc *, uint64_t flags);
struct proc *proc_by_pid(int pid);
void proc_start(struct proc *, void (*run)(void *), void *arg);
/* Everybody else runs until this holds or the time has come. */
void proc_block(bool (*ready)(struct proc *), const void *arg, uint64_t until);
void proc_yield(void);
void proc_die(struct proc *, int status);
NORETURN void proc_leave(void);
void proc_signal(struct proc *, int sig, int sender, int code);
bool proc_alive(const struct proc *);
/* Runs everybody but the main process, for so long at most. */
void proc_settle(uint64_t us);
/* The main process is over, and the others have little time left. */
void proc_over(enum fake_end);
/* It leaves before it has returned. */
NORETURN void main_leave(enum fake_end);
extern bool in_run;

/* fd.c */
struct file *file_new(enum file_kind, const char *path);
int fd_new(struct file *);
/* A pidfd of it. */
int fd_process(struct proc *);
struct file *fd_file(int fd, const char *call);
void fd_drop(struct proc *, int fd);
void fd_drop_all(struct proc *);
void fd_copy_all(struct proc *to, const struct proc *from);
const char *fd_path(int fd);
bool fd_is_pipe(const struct file *);
bool wake_events(const struct file *, short events, short *revents);

/* fs.c; mounts are in mounts.c */
int fs_open(const char *path, int flags);
int fs_open_at(const struct file *dir, const char *name, int flags);
long fs_write(struct file *, const char *, size_t);
bool fs_own(const char *path);
bool fs_absent(const char *path);
void fs_join(char *to, const char *dir, const char *name);
void fs_area(const char *path, bool own);
bool fs_below(const char *path, const char *top);
const struct fake_file *fs_in_table(const char *path);

/* cgroup.c */
int group_find(const char *path);
/* The group whose directory a path's last component is in, or -1. */
int group_above(const char *path);
int group_open_path(const char *path, int flags);
int group_open_at(const struct file *dir, const char *name, int flags);
int group_make_at(const struct file *dir, const char *name);
bool group_access(const char *path);
long group_write(const struct file *, const char *, size_t);
/* Can a process be put there? 0 or -errno. */
int group_takes(int group);
bool group_populated(int group);
void group_unlock(const struct file *);

/* ask.c */
bool ask_some(void);
/* Nobody is under the filter. */
bool ask_over(void);
/* The status of a stopped tracee of that pid: its pid, or 0. */
int trace_wait(int pid, int *status);
#endif
