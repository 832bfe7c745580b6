/* sbx-seccomp decode: which call it was that a filter stopped. */
#include "sbx-seccomp.h"

#include "base/limits.h"
#include "cli/file.h"
#include "plan/explain.h"
#include "spec/auditline.h"

static void
put_call(struct buf *b, const struct auditline *a)
{
	int arch = arch_of(a->audit, a->nr);
	int call = arch < 0 ? -1 : call_of((enum arch)arch, a->nr);

	buf_put(b, call < 0 ? S("call ") : call_name((unsigned)call));
	buf_cstr(b, call < 0 ? "" : " (");
	buf_uint(b, a->nr);
	buf_cstr(b, call < 0 ? " on " : ") on ");
	if (arch >= 0) {
		buf_put(b, arch_name((enum arch)arch));
		return;
	}
	buf_cstr(b, "architecture ");
	buf_hex(b, a->audit);
}

static void
put_program(struct buf *b, const struct auditline *a)
{
	if (a->exe.n > 0) {
		buf_cstr(b, ", by ");
		auditline_put(b, a->exe, a->exe_hex);
	} else if (a->comm.n > 0) {
		buf_cstr(b, ", by ");
		auditline_put(b, a->comm, a->comm_hex);
	}
	if (a->pid > 0) {
		buf_cstr(b, ", pid ");
		buf_uint(b, a->pid);
	}
}

static void
put(struct buf *b, const struct auditline *a)
{
	put_call(b, a);
	buf_cstr(b, ": ");
	if (a->coded)
		action_put(b, a->code);
	else
		buf_cstr(b, "trap, or a kill");
	put_program(b, a);
	buf_char(b, '\n');
}

/* Line by line; those that say nothing of a call are other people's. */
static size_t
put_lines(struct buf *b, struct str text)
{
	struct auditline a;
	size_t n = 0;

	if (siginfo_read(text, &a) == 0) {
		put(b, &a);
		return 1;
	}
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find(text, '\n', at);
		if (auditline_read(str_slice(text, at, end), &a) < 0)
			continue;
		put(b, &a);
		n++;
	}
	return n;
}

int
seccomp_decode(struct seccomp_call *c)
{
	struct str text;

	if (c->argc == 0)
		err_usage(&c->err, "a line is due, or - for standard input");
	if (seccomp_no_words(c, 1) < 0)
		return -1;
	text = str_of(c->argv[0]);
	if (str_eq(text, S("-")) &&
	    file_read(&c->arena, text, LIMIT_MESSAGE_MAX, &text, &c->err) < 0)
		return -1;
	return put_lines(seccomp_text(c), text) == 0;
}
