/* sbx-ns: fresh namespaces over a read-only view of the host, and a program in them. */
#include "cli/common.h"
#include "cli/program.h"
#include "run/probe.h"

#define TOOL S("sbx-ns")
#define SYNOPSIS S("sbx-ns [options] [--] prog [arg ...]")

enum { MEMORY = 64 << 20 };

static int
run(const struct box *box, const struct plan *plan, const struct report *r, bool receipt)
{
	struct told told = { .report = r, .plan = plan };
	struct supervise s = { .on = report_listener(r),
		.arg = &told,
		.outlive = box->outlive,
		.passed = true };

	return report_run(&told, &s, receipt);
}

static int
ns_main(int argc, char **argv, char **envp)
{
	struct err e = { 0 };
	struct arena a;
	struct box box = { 0 };
	struct common common = { 0 };
	const struct args_part part[] = { { &box_table, &box }, { &common_table, &common } };
	struct field_ctx ctx = { .arena = &a, .fault = FAULT_USAGE, .err = &e };
	struct facts facts;
	struct payload payload = { .envp = envp };
	struct report report = { TOOL, -1 };
	const struct plan *plan;
	int rest, status;
	bool dashes;

	if (common_arena(&a, MEMORY, &e) < 0)
		return report_refused(&report, &e);
	status = common_args(&ctx, TOOL, SYNOPSIS, part, COUNT(part), argc, argv, envp, &rest,
	    &dashes, &report);
	if (status >= 0)
		return status;
	payload.argv = argv + rest;
	if (common_keep_fd(&box.keep_fd, &report, &e) < 0 ||
	    box_finish(&ctx, &box, LEVEL_UNSET) < 0 ||
	    common_facts(&ctx, &common, &box, &facts, NULL) < 0)
		return report_refused(&report, &e);
	if (common.print_facts)
		return common_show_facts(TOOL, &facts, S(""));
	if (rest == argc)
		err_usage(&e, "no program to execute: %", SYNOPSIS);
	plan = rest == argc ? NULL : plan_box(&a, &box, &facts, &payload, &e);
	if (plan == NULL)
		return report_refused(&report, &e);
	report_plan(&report, plan);
	if (common.plan)
		return common_show_plan(TOOL, plan);
	return common.check ? 0 : run(&box, plan, &report, common.receipt);
}

const struct program program_ns = { "sbx-ns", ns_main };
