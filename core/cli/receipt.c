#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "cli/report.h"
#include "run/io.h"
#include "sys/sys.h"

enum { NAME_WIDTH = 16, STATE_WIDTH = 12, VERDICT_TEXT = 4096 };

static void
pad(struct buf *b, size_t from, size_t width)
{
	for (size_t n = b->n - from; n < width; n++)
		buf_char(b, ' ');
}

static struct str
colour(bool tty, enum claim_state s)
{
	static const char codes[][6] = {
		[CLAIM_ENFORCED] = "\033[32m",
		[CLAIM_BEST_EFFORT] = "\033[33m",
		[CLAIM_DROPPED] = "\033[31m",
		[CLAIM_NOT_ASKED] = "\033[2m",
	};

	return tty ? str_of(codes[s]) : S("");
}

static void
row(const struct claim *c, bool leaf, bool tty)
{
	static char line[LIMIT_PATH_LINE];
	struct buf b = BUF(line);
	enum claim_state s = claim_outcome(c, leaf);
	struct str took = c->took == NULL ? S("") : str_of(c->took);
	size_t from;

	buf_cstr(&b, "  ");
	from = b.n;
	buf_put(&b, c->name);
	pad(&b, from, c->name.n < NAME_WIDTH ? NAME_WIDTH : c->name.n + 1);
	buf_put(&b, colour(tty, s));
	from = b.n;
	buf_put(&b, claim_state_name(s));
	pad(&b, from, STATE_WIDTH);
	if (tty)
		buf_cstr(&b, "\033[0m");
	buf_escaped(&b, claim_detail(c, leaf));
	if (s != CLAIM_NOT_ASKED)
		buf_text(&b, TEXT("  (%%%)", c->mechanism, took.n > 0 ? S(" = ") : took, took));
	buf_char(&b, '\n');
	(void)!io_write(2, buf_str(&b));
}

static uint64_t
cpu(const struct rusage *u)
{
	return (uint64_t)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000 +
	       (uint64_t)(u->ru_utime.tv_usec + u->ru_stime.tv_usec);
}

void
report_receipt(const struct plan *p, const struct verdict *v, struct str verdict)
{
	char line[VERDICT_TEXT + 256];
	struct buf b = BUF(line);
	bool tty = sys_is_tty(2);
	bool stood = v->started || v->cause == CAUSE_NO_EXEC;

	/* where the box never stood, nothing was enforced */
	if (stood)
		(void)!io_write(2, S("receipt\n"));
	for (size_t i = 0; stood && i < p->nclaims; i++)
		row(&p->claim[i], v->leaf, tty);
	if (stood && v->by != NULL) {
		v->by->put_line(&b, v);
		if (b.n > 0)
			(void)!io_write(2, buf_str(&b));
		b.n = 0;
	}
	buf_cstr(&b, tty ? "\033[1mverdict\033[0m  " : "verdict  ");
	buf_printable(&b, str_slice(verdict, 0, utf8_cut(verdict, VERDICT_TEXT / 4)));
	if (v->started) {
		buf_cstr(&b, "; ");
		num_put_us(&b, v->wall);
		buf_cstr(&b, ", cpu ");
		num_put_us(&b, cpu(&v->usage));
		buf_cstr(&b, ", at most ");
		num_put_size(&b, (uint64_t)v->usage.ru_maxrss * 1024);
	}
	if (v->survivors > 0) {
		buf_cstr(&b, "; processes that could not be ended: ");
		buf_uint(&b, v->survivors);
	}
	buf_char(&b, '\n');
	(void)!io_write(2, buf_str(&b));
}

void
report_event(void *arg, enum box_event e, const struct verdict *v)
{
	const struct told *t = arg;

	switch (e) {
	case BOX_ENFORCED:
		report_enforced(t->report, t->plan, v);
		break;
	case BOX_STARTED:
		report_started(t->report);
		break;
	case BOX_LIMIT:
		report_limit(t->report, limit_name(v));
		break;
	}
}

void (*report_listener(const struct report *r))(void *, enum box_event, const struct verdict *)
{
	return r->fd < 0 ? NULL : report_event;
}

int
report_refused(const struct report *r, const struct err *e)
{
	struct verdict v = { .cause = CAUSE_REFUSED };

	report_error(r->tool, e);
	report_ended(r, &(struct ending){ .verdict = &v, .err = e });
	return 125;
}

static void
put_verdict(struct buf *b, const struct verdict *v)
{
	buf_put(b, cause_name(v));
	if (v->cause == CAUSE_EXIT || v->cause == CAUSE_SIGNAL || v->cause == CAUSE_PIDS) {
		buf_char(b, ' ');
		buf_int(b, v->status);
	}
}

int
report_run(struct told *t, struct supervise *s, bool receipt)
{
	struct verdict v;
	struct err e = { 0 };
	struct ending end;
	char text[64];
	struct buf b = BUF(text);

	(void)!box_run(t->plan, s, &v);
	if (v.cause == CAUSE_SETUP || v.cause == CAUSE_NO_EXEC) {
		verdict_fault(t->plan, &v, &e);
		if (e.pos.line > 0)
			e.file = t->file;
		report_error(t->report->tool, &e);
	}
	end = ending_of(t->plan, &v, &e);
	report_ended(t->report, &end);
	put_verdict(&b, &v);
	if (receipt)
		report_receipt(t->plan, &v, buf_str(&b));
	return verdict_status(&v);
}
