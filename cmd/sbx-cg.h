/* Shared by the subcommands of sbx-cg. */
#ifndef SBX_CG_CMD_H
#define SBX_CG_CMD_H

#include "cli/common.h"
#include "run/group.h"

#define CG_TOOL S("sbx-cg")

/* One table for all subcommands, beside limits_table and common_plain; each refuses what it does
 * not take. */
struct cg_options {
	struct seen seen;
	struct str parent; /* --parent: where groups are; empty: our own */
	bool keep_privs;   /* --keep-privs: run, exec */
	bool outlive;      /* --outlive-parent: run, exec */
	bool watch_output; /* --watch-output: run; 1 and 2 go through us and count as activity */
	struct strlist keep_fd;
	bool recursive;         /* -r: rm, with what is in it */
	uint64_t interval;      /* --interval: watch, ms */
	uint64_t count;         /* --count: watch, rounds; 0: until it is ended */
	struct strlist alert;   /* --alert: watch, "memory>80%" */
	struct strlist trigger; /* --psi: events, "memory:some:200ms/1s" */
	bool json;              /* --json: stat, watch, ls, tree */
};

struct cg_call {
	struct arena arena;
	struct err err;
	struct field_ctx ctx;
	struct limits limits;
	struct cg_options options;
	struct common common;
	struct report report;
	char **argv; /* what follows the options, NULL-terminated */
	int argc;
	char **envp;
	char **whole; /* the command line as it came, NULL-terminated; for advice */
	struct cgfacts facts;
	bool asked; /* facts are there, of --parent */
};

/* A group that is named on the command line: below the base (--parent, or our own group), or an
 * absolute path below the mount. */
struct cg_group {
	struct str path; /* its directory */
	struct str name; /* as it was named */
	int fd;          /* of the directory, open for reading */
	int parent;      /* of the one above it, and its name in there; of the mount itself "." */
	const char *last;
};
/* Opens it, resolved beneath the mount without following links (openat2). 0 or -1. */
int cg_open(struct cg_call *, struct str name, struct cg_group *) MUST_CHECK;
/* The base, "." as a name. 0 or -1. */
int cg_base(struct cg_call *, struct cg_group *) MUST_CHECK;
/* The only word behind the options: a group; or none, then the base. 0 or -1. */
int cg_word(struct cg_call *, struct cg_group *) MUST_CHECK;
/* The same where none will not do. 0 or -1. */
int cg_named(struct cg_call *, struct cg_group *) MUST_CHECK;
/* The facts of a group: --parent's word, a directory, or empty for our own. 0 or -1. */
int cg_facts(struct cg_call *, struct str parent, struct cgfacts *) MUST_CHECK;

/* The subcommands, for which the options were read: exit status, or -1 with the error. */
typedef int cg_run(struct cg_call *);
/* sbx-cg-run.c */
cg_run cg_run_main, cg_exec;
/* sbx-cg-group.c */
cg_run cg_create, cg_set, cg_freeze, cg_thaw, cg_kill, cg_rm, cg_sweep;
/* sbx-cg-show.c */
cg_run cg_stat, cg_ls, cg_tree;
/* sbx-cg-watch.c, sbx-cg-events.c */
cg_run cg_watch, cg_events;

#endif
