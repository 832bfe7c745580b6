#include "cli/common.h"

#include "base/num.h"
#include "cli/program.h"
#include "run/io.h"
#include "spec/environ.h"
#include "sys/sys.h"

#include <fcntl.h>
#include <stddef.h>

#define AT(member) .offset = offsetof(struct common, member)

/* clang-format off */
static const struct field rows[] = {
	{ ROW("", "check", "", "", "judge only: 0 when it could be done"), AT(check) },
	{ ROW("", "plan", "", "", "print what would be done, step by step"), AT(plan) },
	{ ROW("", "receipt", "", "",
	      "show what was enforced, and how it ended, on standard error"), AT(receipt) },
	{ ROW("", "report", "N", "", "write events to descriptor N"),
	  .type = FIELD_UINT, AT(report), .min = 3, .max = 1023 },
	{ ROW("", "help", "", "", "print this"), .letter = 'h', AT(help) },
	{ ROW("", "version", "", "", "print the version"), .letter = 'V', AT(version) },
};
/* clang-format on */

const struct table common_table = { "the command line", rows, COUNT(rows) };

int
common_arena(struct arena *a, size_t n, struct err *e)
{
	a->mem = sys_map(n);
	a->used = 0;
	a->cap = a->mem == NULL ? 0 : n;
	return a->mem == NULL ? err_memory(e) : 0;
}

int
common_streams(void)
{
	struct pollfd p[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	if (sys_poll(p, 3, 0) < 0)
		return 0;
	/* the lowest free number is the closed one; what is opened in its place can be neither read
	 * nor written */
	for (int i = 0; i < 3; i++)
		if ((p[i].revents & POLLNVAL) != 0)
			(void)sys_keep_on_exec(sys_open("/", O_PATH));
	return 0;
}

int
common_print(struct str tool, struct str text)
{
	int r = io_write(1, text);
	struct err e = { 0 };

	if (r == 0)
		return 0;
	err_system(&e, -r, S("cannot write to standard output"));
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
		return err_usage(e, S("SBX_REPORT_FD is no descriptor number from 3 to 1023"));
	if (sys_stat_fd((int)fd, &st) < 0)
		return err_usage(e, S("the report descriptor is not open"));
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

static int
print_line(struct str tool, struct buf *b)
{
	int r;

	buf_char(b, '\n');
	r = common_print(tool, buf_str(b));
	b->n = 0;
	b->full = false;
	return r;
}

static void
put_claim(struct buf *b, const struct claim *c)
{
	buf_parts(b,
	    ERR_PARTS(claim_state_name(c->state), S(" "), c->needed ? S("needed ") : S("wanted ")));
	buf_parts(b, ERR_PARTS(c->name, S(": "), c->mechanism, S(", ")));
	buf_escaped(b, c->detail);
}

int
common_show_plan(struct str tool, const struct plan *p)
{
	static char text[16384];
	struct buf b = BUF(text);
	int r = 0;

	for (size_t i = 0; r == 0 && i < p->n; i++) {
		op_put(&b, &p->op[i]);
		r = print_line(tool, &b);
	}
	for (size_t i = 0; r == 0 && i < p->nclaims; i++) {
		put_claim(&b, &p->claim[i]);
		r = print_line(tool, &b);
	}
	return r;
}
