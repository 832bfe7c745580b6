/* What every program of ours has: --help, --version, --check, --plan, --report; and how it begins.
 */
#ifndef SBX_COMMON_H
#define SBX_COMMON_H

#include "cli/report.h"
#include "spec/args.h"

struct common {
	struct seen seen;
	bool help, version, check, plan, receipt, print_facts;
	struct str facts; /* FILE */
	uint64_t report;  /* descriptor; from the option or SBX_REPORT_FD */
};

/* Bits of the rows of common_table, for args_allow(). */
enum {
	COMMON_FACTS = 1,
	COMMON_PRINT_FACTS = 2,
	COMMON_CHECK = 4,
	COMMON_PLAN = 8,
	COMMON_RECEIPT = 16,
	COMMON_SHIFT = 2,
	COMMON_ALWAYS = 32 | 64 | 128, /* report, help, version */
};

extern const struct table common_table;
/* The same without --facts and --print-facts, for programs whose plan takes nothing of the machine;
 * its bits are those above shifted down by COMMON_SHIFT. */
extern const struct table common_plain;

/* Parses argv into part (whose last one is the common table's); answers --help and --version.
 * Returns -1 to go on with *rest and *dashes set, or the exit status. r gets the report descriptor,
 * checked and closed to the payload. */
int common_args(struct field_ctx *, struct str tool, struct str synopsis, const struct args_part *,
    size_t nparts, int argc, char **argv, char **envp, int *rest, bool *dashes, struct report *r);
/* Sets the report descriptor from the options or the environment; 0 or -1. */
int common_report(const struct common *, char **envp, struct report *, struct err *) MUST_CHECK;
/* Are the descriptors of --keep-fd open, and none of them the report's? To be asked before anything
 * of ours is open: a number that the caller did not open would come to mean one of ours. 0 or -1.
 */
int common_keep_fd(const struct strlist *, const struct report *, struct err *) MUST_CHECK;
/* An arena of n bytes of fresh memory; 0 or -1. */
int common_arena(struct arena *, size_t n, struct err *) MUST_CHECK;
/* Descriptors 0, 1 and 2 exist, so that nothing of ours takes their place. 0, or -1 and a line. */
int common_streams(struct str tool);
/* Prints to standard output; the exit status: 0, or 125 when it could not be written. */
int common_print(struct str tool, struct str text);
/* What the plan of the box may know: probed, or read from --facts; more: as for facts_read(), which
 * is not probed. 0 or -1. */
int common_facts(struct field_ctx *, const struct common *, const struct box *, struct facts *,
    const struct args_part *more) MUST_CHECK;
/* The same for --facts to read, and more text of its kind, on standard output; exit status. */
int common_show_facts(struct str tool, const struct facts *, struct str more);
/* The operations of a plan and the claims, for people, on standard output; exit status. */
int common_show_plan(struct str tool, const struct plan *);

#endif
