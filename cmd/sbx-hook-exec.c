/* sbx-hook exec: any command in a declared box. */
#include "sbx-hook.h"

int
hook_exec(struct hook_call *c)
{
	const struct box *declared = hook_box_named(c);
	struct box *box = declared == NULL ? NULL : hook_box(c, declared, NULL);
	struct told told = { .report = &c->report, .file = c->options.file };
	struct supervise s = { .on = report_listener(&c->report),
		.arg = &told,
		.timeout = c->options.timeout,
		.grace = c->options.grace };

	if (box == NULL || hook_grace(c, box->limits) < 0)
		return hook_refuse(c);
	s.outlive = box->outlive;
	s.passed = true;
	if (c->argc == 0) {
		err_usage(&c->err, "no program to execute: sbx-hook exec -f FILE [--box NAME] "
				   "[--] prog [arg ...]");
		return hook_refuse(c);
	}
	told.plan = hook_plan_of(c, box, c->argv, false);
	if (told.plan == NULL)
		return hook_refuse(c);
	hook_watch(c, &s);
	report_plan(&c->report, told.plan);
	if (c->common.plan)
		return common_show_plan(HOOK_TOOL, told.plan);
	return c->common.check ? 0 : report_run(&told, &s, c->common.receipt);
}
