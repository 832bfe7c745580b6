#include "cli/report.h"

#include "run/io.h"
#include "sys/sys.h"

void
report_note(struct str tool, struct str text)
{
	char line[1024];
	struct buf b = BUF(line);

	buf_put(&b, tool);
	buf_put(&b, S(": "));
	buf_put(&b, text);
	buf_char(&b, '\n');
	(void)!io_write(2, buf_str(&b));
}

void
report_error(struct str tool, const struct err *e)
{
	char line[1024];
	struct buf b = BUF(line);

	err_line(e, &b);
	report_note(tool, buf_str(&b));
}

void
event_open(struct jsonw *w, struct str tool, struct str event)
{
	jsonw_open(w, '{');
	jsonw_key(w, S("v"));
	jsonw_uint(w, 1);
	jsonw_key(w, S("tool"));
	jsonw_str(w, tool);
	jsonw_key(w, S("event"));
	jsonw_str(w, event);
}

void
event_close(struct jsonw *w)
{
	jsonw_close(w, '}');
	buf_char(w->buf, '\n');
}

/* One event, one write, never more than PIPE_BUF, never waited for. */
static void
send(const struct report *r, const struct buf *b)
{
	struct pollfd p = { .fd = r->fd, .events = POLLOUT };

	/* of a reader that is gone we would die (SIGPIPE) */
	if (b->full || sys_poll(&p, 1, 0) <= 0 || p.revents != POLLOUT)
		return;
	(void)!sys_write(r->fd, b->p, b->n);
}

static void
member(struct jsonw *w, struct str key, struct str text)
{
	jsonw_key(w, key);
	jsonw_str(w, text);
}

void
report_plan(const struct report *r, const struct plan *p)
{
	for (size_t i = 0; r->fd >= 0 && i < p->n; i++) {
		char line[LIMIT_REPORT_LINE], text[1024];
		struct buf b = BUF(line), t = BUF(text);
		struct jsonw w = { &b, false };

		op_put(&t, &p->op[i]);
		event_open(&w, r->tool, S("plan"));
		jsonw_key(&w, S("op"));
		jsonw_uint(&w, i);
		member(&w, S("stage"), stage_name((enum plan_stage)p->op[i].stage));
		member(&w, S("name"), op_name((enum op_kind)p->op[i].kind));
		member(&w, S("text"), str_slice(buf_str(&t), 6, t.n));
		event_close(&w);
		send(r, &b);
	}
}

struct str
claim_detail(const struct claim *c, bool leaf)
{
	return c->op != UINT32_MAX && !leaf ? c->otherwise : c->detail;
}

enum claim_state
claim_outcome(const struct claim *c, bool leaf)
{
	return c->op != UINT32_MAX && !leaf ? CLAIM_BEST_EFFORT : c->state;
}

static void
put_claim(struct jsonw *w, const struct claim *c, bool leaf)
{
	jsonw_open(w, '{');
	member(w, S("name"), c->name);
	member(w, S("requested"), c->needed ? S("needed") : S("wanted"));
	member(w, S("mechanism"), c->mechanism);
	member(w, S("state"), claim_state_name(claim_outcome(c, leaf)));
	member(w, S("detail"), claim_detail(c, leaf));
	jsonw_close(w, '}');
}

/* As many claims as fit one line; then another line, until all are told. */
void
report_enforced(const struct report *r, const struct plan *p, const struct verdict *v)
{
	for (size_t i = 0; r->fd >= 0 && i < p->nclaims;) {
		char line[LIMIT_REPORT_LINE];
		struct buf b = BUF(line);
		struct jsonw w = { &b, false };
		size_t first = i;

		event_open(&w, r->tool, S("enforced"));
		jsonw_key(&w, S("restrictions"));
		jsonw_open(&w, '[');
		for (; i < p->nclaims; i++) {
			struct buf kept = b;
			bool comma = w.comma;

			put_claim(&w, &p->claim[i], v->leaf);
			/* room for the end of the line */
			if (!b.full && b.cap - b.n > 8)
				continue;
			b = kept;
			w.comma = comma;
			i +=
			    i == first; /* one that fits no line at all is not worth stopping for */
			break;
		}
		jsonw_close(&w, ']');
		event_close(&w);
		send(r, &b);
	}
}

void
report_started(const struct report *r)
{
	char line[256];
	struct buf b = BUF(line);
	struct jsonw w = { &b, false };

	if (r->fd < 0)
		return;
	event_open(&w, r->tool, S("started"));
	event_close(&w);
	send(r, &b);
}

void
report_limit(const struct report *r, struct str which)
{
	char line[256];
	struct buf b = BUF(line);
	struct jsonw w = { &b, false };

	if (r->fd < 0)
		return;
	event_open(&w, r->tool, S("limit"));
	member(&w, S("limit"), which);
	event_close(&w);
	send(r, &b);
}

static uint64_t
micro(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static void
usage(struct jsonw *w, const struct verdict *v)
{
	jsonw_key(w, S("usage"));
	jsonw_open(w, '{');
	jsonw_key(w, S("wall_us"));
	jsonw_uint(w, v->wall);
	jsonw_key(w, S("user_us"));
	jsonw_uint(w, micro(v->usage.ru_utime));
	jsonw_key(w, S("system_us"));
	jsonw_uint(w, micro(v->usage.ru_stime));
	jsonw_key(w, S("max_rss_kib"));
	jsonw_uint(w, (uint64_t)v->usage.ru_maxrss);
	jsonw_close(w, '}');
}

/* What stood in the way: the error's line, and where it was a system call, which and on what. */
static void
obstacle(struct jsonw *w, const struct ending *end)
{
	const struct verdict *v = end->verdict;
	char text[640];
	struct buf t = BUF(text);

	if (end->err->fault == FAULT_NONE)
		return;
	err_line(end->err, &t);
	member(w, S("error"), buf_str(&t));
	if (end->err->sysno != 0)
		member(w, S("errno"), err_name(end->err->sysno));
	if (end->plan == NULL || v->op >= end->plan->n)
		return;
	member(w, S("syscall"), op_call((enum op_kind)end->plan->op[v->op].kind));
	member(w, S("object"), str_slice(op_object(&end->plan->op[v->op]), 0, 256));
}

void
report_ended(const struct report *r, const struct ending *end)
{
	const struct verdict *v = end->verdict;
	char line[LIMIT_REPORT_LINE];
	struct buf b = BUF(line);
	struct jsonw w = { &b, false };

	if (r->fd < 0)
		return;
	event_open(&w, r->tool, S("ended"));
	if (end->outcome.n > 0)
		member(&w, S("outcome"), end->outcome);
	if (end->reason.n > 0)
		member(&w, S("reason"), str_slice(end->reason, 0, 512));
	member(&w, S("stage"), verdict_stage(v));
	member(&w, S("cause"), cause_name(v));
	jsonw_key(&w, S("status"));
	jsonw_int(&w, verdict_status(v));
	if (v->cause == CAUSE_SIGNAL) {
		jsonw_key(&w, S("signal"));
		jsonw_int(&w, v->status);
	}
	obstacle(&w, end);
	if (v->survivors > 0) {
		jsonw_key(&w, S("survivors"));
		jsonw_uint(&w, v->survivors);
	}
	if (v->started)
		usage(&w, v);
	event_close(&w);
	send(r, &b);
}
