/* What a box is, typed: the same struct from a configuration and from a command line. */
#ifndef SBX_BOX_H
#define SBX_BOX_H

#include "spec/field.h"

enum ns_kind { NS_USER, NS_MOUNT, NS_PID, NS_NET, NS_IPC, NS_UTS, NS_CGROUP, NS_TIME, NS_COUNT };
enum ns_mode { NS_UNSET, NS_INHERIT, NS_NEW, NS_JOIN };

struct ns {
	enum ns_mode mode;
	struct str path; /* NS_JOIN: absolute, clean */
	struct pos pos;
};

enum level { LEVEL_UNSET, LEVEL_NONE, LEVEL_NAMESPACED };

enum action_kind {
	ACTION_RO,   /* the host's dest again at dest, read-only, recursive */
	ACTION_RW,   /* the host's dest again at dest, writable, recursive */
	ACTION_BIND, /* the host's src at dest, writable as far as the host's mount is, recursive */
	ACTION_TMP,  /* an empty tmpfs */
};

struct action {
	enum action_kind kind;
	struct str src, dest; /* clean absolute paths; src on the host, dest in the box */
	uint64_t size;        /* ACTION_TMP: bytes */
	uint64_t inodes;      /* ACTION_TMP */
	uint32_t mode;        /* ACTION_TMP: permissions of its root */
	struct pos pos;
	size_t index; /* 0 for the first, in order of appearance */
	struct action *next;
};

struct env_rule {
	struct str name, value;
	bool literal; /* NAME=value; else the host's value of NAME if it has one */
	struct pos pos;
	struct env_rule *next;
};

/* What the key seccomp says; the policy itself is read when a plan is made. */
enum seccomp_kind {
	SECCOMP_UNSET,
	SECCOMP_NONE,    /* no filter */
	SECCOMP_PROFILE, /* a built-in one by name */
	SECCOMP_FILE,    /* name is its absolute clean path on the host */
	SECCOMP_LINES,   /* of the policy language: value is the array of them */
	SECCOMP_OBJECT,  /* an OCI profile: value is that object */
};

struct seccomp {
	enum seccomp_kind kind;
	struct str name;
	const struct value *value;
	struct str text; /* SECCOMP_FILE: what is in it, once the program has read it */
	struct pos pos;
};

/* Bits of the words of the key degrade: what a box may do without where the host has not got it. */
#define DEGRADE_WORDS "seccomp|memory|cpu|pids"
enum { DEGRADE_SECCOMP = 1, DEGRADE_MEMORY = 2, DEGRADE_CPU = 4, DEGRADE_PIDS = 8 };

struct limits; /* spec/limits.h */

struct box {
	struct seen seen;
	struct str name; /* its key under sandboxes; empty for a bare box or a command line */
	struct pos pos;
	int level; /* enum level */
	struct ns ns[NS_COUNT];
	struct str root; /* what becomes read-only "/": a host directory; empty means "/" */
	struct action *first, **last; /* in order of appearance; last is NULL while empty */
	size_t nactions, ntmp;        /* of all kinds; of ACTION_TMP */
	const void **by_dest; /* the same, by destination and then by index; made by box_finish */
	bool proc;            /* mount a fresh proc */
	bool proc_subset;     /* with subset=pid */
	bool dev;             /* said so: the default in words */
	bool no_dev;          /* the host's /dev in view (read-only, nodev) instead of an own one */
	bool no_init;         /* the payload itself is the first process */
	bool new_session;     /* setsid before exec */
	bool outlive;         /* stay when the caller dies */
	struct str hostname, chdir;
	struct str keeps; /* LEVEL_NONE: why privileges are kept; empty: for the level */
	bool clear_env;
	struct env_rule *env, **env_last;
	struct strlist keep_fd; /* numbers as text, checked */
	struct seccomp seccomp; /* of the payload; config_read fills in the level's */
	uint32_t degrade;       /* DEGRADE_* */
	struct limits *limits;  /* of a document, finished; NULL when it has no key of them */
	struct box *next;
};

/* Rows that a configuration's sandbox has, and those that sbx-ns takes; the same struct. */
extern const struct table box_table;
/* Rules between keys, and the level's or sbx-ns's defaults filled in (every ns mode is set
 * afterwards). 0 or -1. */
int box_finish(struct field_ctx *, struct box *, enum level fallback) MUST_CHECK;
/* Did the user ask for a filter, rather than the level? */
bool box_seccomp_needed(const struct box *);
/* The last action before index whose destination is this one, or NULL; in log n. */
const struct action *box_action_at(const struct box *, struct str dest, size_t index);
#define NS_WORDS "user|mount|pid|net|ipc|uts|cgroup|time"
/* "user", "mount", ... and "new", "inherit". */
struct str ns_name(enum ns_kind);
struct str level_name(int level);

#endif
