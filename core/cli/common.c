#include "cli/common.h"

#include "base/num.h"
#include "cli/program.h"
#include "base/limits.h"
#include "cli/file.h"
#include "run/io.h"
#include "run/probe.h"
#include "spec/environ.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

int
common_arena(struct arena *a, size_t n, struct err *e)
{
	const size_t least = 1 << 20;

	/* address space costs nothing, but a host may be strict about it (vm.overcommit_memory 2,
	 * RLIMIT_AS): then less will do */
	for (a->mem = sys_map(n); a->mem == NULL && n > least; a->mem = sys_map(n))
		n /= 2;
	a->used = 0;
	a->cap = a->mem == NULL ? 0 : n;
	return a->mem == NULL ? err_memory(e) : 0;
}

int
common_streams(struct str tool)
{
	struct pollfd p[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };
	struct err e = { 0 };
	int r;

	do
		r = sys_poll(p, 3, 0);
	while (r == -EINTR);
	/* the lowest free number is the closed one; what is opened in its place can be neither read
	 * nor written, but a way to the host's files starts at it: it is close-on-exec, and the
	 * payload finds closed what the caller had closed */
	for (int i = 0; r >= 0 && i < 3; i++)
		if ((p[i].revents & POLLNVAL) != 0)
			r = sys_open("/", O_PATH);
	if (r >= 0)
		return 0;
	err_system(&e, -r, "cannot tell whether 0, 1 and 2 are open, or fill their places");
	report_error(tool, &e);
	return -1;
}

int
common_print(struct str tool, struct str text)
{
	int r = io_write(1, text);
	struct err e = { 0 };

	if (r == 0)
		return 0;
	err_system(&e, -r, "cannot write to standard output");
	report_error(tool, &e);
	return 125;
}

int
common_report(const struct common *c, char **envp, struct report *r, struct err *e)
{
	const char *env = env_value(envp, S("SBX_REPORT_FD"));
	uint64_t fd = c->report;
	struct stat st;

	r->fd = -1;
	if (fd == 0 && env == NULL)
		return 0;
	if (fd == 0 && (num_uint(str_of(env), &fd) < 0 || fd < 3 || fd > 1023))
		return err_usage(e, "SBX_REPORT_FD is no descriptor number from 3 to 1023");
	if (sys_stat_fd((int)fd, &st) < 0)
		return err_usage(e, "the report descriptor is not open");
	r->fd = (int)fd;
	return 0;
}

static int
usage(struct str tool, struct str synopsis, const struct args_part *part, size_t n)
{
	static char text[8192];
	struct buf b = BUF(text);

	args_usage(&b, synopsis, part, n);
	return common_print(tool, buf_str(&b));
}

static int
version(struct str tool)
{
	char text[64];
	struct buf b = BUF(text);

	buf_put(&b, tool);
	buf_put(&b, S(" " SBX_VERSION "\n"));
	return common_print(tool, buf_str(&b));
}

int
common_args(struct field_ctx *ctx, struct str tool, struct str synopsis,
    const struct args_part *part, size_t nparts, int argc, char **argv, char **envp, int *rest,
    bool *dashes, struct report *r)
{
	const struct common *c = part[nparts - 1].target;

	*r = (struct report){ tool, -1 };
	if (args_parse(ctx, part, nparts, argc, argv, rest, dashes) < 0 ||
	    common_report(c, envp, r, ctx->err) < 0) {
		report_error(tool, ctx->err);
		return 125;
	}
	if (c->help)
		return usage(tool, synopsis, part, nparts);
	if (c->version)
		return version(tool);
	return -1;
}

int
common_facts(struct field_ctx *c, const struct common *common, const struct box *box,
    struct facts *f, const struct args_part *more)
{
	struct str text;

	if (common->facts.n == 0)
		return probe_facts(c->arena, box, f, c->err);
	if (!common->plan && !common->check)
		return err_usage(c->err, "--facts goes with --plan or --check");
	if (file_read(c->arena, common->facts, LIMIT_CONFIG_BYTES, &text, c->err) < 0)
		return -1;
	return facts_read(c->arena, common->facts, text, f, more, c->err);
}
