/* Shared by the subcommands of sbx-hook. */
#ifndef SBX_HOOK_CMD_H
#define SBX_HOOK_CMD_H

#include "cli/common.h"
#include "run/group.h"
#include "run/probe.h"
#include "spec/hook.h"
#include "spec/protocol.h"

#define HOOK_TOOL S("sbx-hook")

/* One table for all subcommands; each refuses what it does not take. */
struct hook_options {
	struct seen seen;
	struct str file;         /* -f */
	struct str box;          /* --box */
	struct str parent;       /* --parent: where groups are; empty: our own */
	uint64_t timeout, grace; /* exec */
	bool chain;              /* plan */
	bool words;              /* plan --argv */
	bool zero;               /* plan -0 */
};

struct hook_call {
	struct arena arena;
	struct err err;
	struct field_ctx ctx;
	struct hook_options options;
	struct common common;
	struct report report;
	const struct config *config;
	const struct limits *limits; /* of the box that was planned; NULL: it has none */
	struct group group;          /* made for them */
	struct gauge gauge;
	uint32_t cpus; /* that it can use at once */
	char **argv;   /* what follows the options, NULL-terminated */
	int argc;
	char **envp;
};

int hook_run(struct hook_call *);
int hook_exec(struct hook_call *);
int hook_check(struct hook_call *);
int hook_plan(struct hook_call *);
int hook_list(struct hook_call *);

/* The box as it is run for a hook, or for any command (hook NULL; in the caller's session, unless
 * it says otherwise): the declared one, with sbx-hook's small environment before its own rules and
 * the hook's after them. NULL with the error set. */
struct box *hook_box(struct hook_call *, const struct box *, const struct hook *);
/* What this machine has for it, or the one of --facts: groups for limits alone. 0 or -1. */
int hook_facts(struct hook_call *, const struct box *, struct facts *, struct cgfacts *) MUST_CHECK;
/* The plan of such a box on this machine; NULL with the error set. */
const struct plan *hook_plan_of(struct hook_call *, const struct box *, char **argv, bool streams);
/* sbx-hook-limits.c: fills in the box's limits what stands outside of it, and puts its group into
 * the payload. 0 or -1. */
int hook_limits(struct hook_call *, struct box *, const struct hook *) MUST_CHECK;
int hook_group(struct hook_call *, const struct box *, const struct cgfacts *,
    struct payload *) MUST_CHECK;
/* Makes the supervisor look after the box that was planned. */
void hook_watch(struct hook_call *, struct supervise *);
/* The hook's command line, NULL-terminated; NULL when exhausted. */
char **hook_argv(struct hook_call *, const struct hook *);
/* The hook that the one word left names; NULL with the error set (declared ones listed). */
const struct hook *hook_named(struct hook_call *);
/* --box NAME, or the only box of a bare document; NULL with the error set. */
const struct box *hook_box_named(struct hook_call *);
/* exec: is there a limit that --grace could follow, if it was given? 0 or -1. */
int hook_grace(struct hook_call *, const struct limits *) MUST_CHECK;
/* Tells the error and gives 125. */
int hook_refuse(struct hook_call *);

#endif
