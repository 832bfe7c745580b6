/* A plan, and what it rests on, for people, on standard output. */
#include "cli/common.h"

#include "base/limits.h"

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
	buf_text(b,
	    TEXT("% %", claim_state_name(c->state), c->needed ? S("needed ") : S("wanted ")));
	buf_text(b, TEXT("%: %, ", c->name, c->mechanism));
	buf_escaped(b, c->detail);
}

int
common_show_plan(struct str tool, const struct plan *p)
{
	static char text[LIMIT_PATH_LINE];
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

int
common_show_facts(struct str tool, const struct facts *f, struct str more)
{
	static char text[16384];
	struct buf b = BUF(text);
	struct err e = { 0 };

	facts_put(&b, f);
	buf_put(&b, more);
	if (!b.full)
		return common_print(tool, buf_str(&b));
	err_limit(&e, POS_NONE, "the facts are longer than 16 KiB");
	report_error(tool, &e);
	return 125;
}
