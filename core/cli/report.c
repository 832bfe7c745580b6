#include "cli/report.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "run/io.h"
#include "sys/sys.h"

/* A file's name may be as long as a path and four times that when escaped; the fault itself has to
 * fit in any case. */
enum { NAME_SHOWN = 255, ERROR_TEXT = 4096, NOTE_MS = 1000 };

void
report_note(struct str tool, struct str text)
{
	/* what a pipe takes that poll(2) found room in */
	char line[LIMIT_REPORT_LINE];
	struct buf b = BUF(line);
	struct pollfd p = { .fd = 2, .events = POLLOUT };

	/* one line, whatever the text brings along */
	b.cap--;
	buf_put(&b, tool);
	buf_cstr(&b, ": ");
	buf_printable(&b, text);
	line[b.n] = '\n';
	/* a reader who never reads shall not keep us from answering */
	if (sys_poll(&p, 1, NOTE_MS) != 0)
		(void)!io_write(2, (struct str){ line, b.n + 1 });
}

static void
error_text(const struct err *e, struct buf *b)
{
	struct err cut = *e;

	cut.file = str_slice(e->file, 0, utf8_cut(e->file, NAME_SHOWN));
	err_line(&cut, b);
}

void
report_error(struct str tool, const struct err *e)
{
	char text[ERROR_TEXT];
	struct buf b = BUF(text);

	error_text(e, &b);
	report_note(tool, buf_str(&b));
}

/* What texts from elsewhere may take of a line; what is left is more than all the rest needs. */
enum {
	REASON_ROOM = 1400,
	ERROR_ROOM = 1200,
	OBJECT_ROOM = 600,
	PLAN_ROOM = 3600,
	DETAIL_ROOM = 3000, /* beside a value of TOOK_ROOM bytes, each escaped */
	LINE_END = 8,
};

void
event_open(struct jsonw *w, struct str tool, struct str event)
{
	jsonw_open(w, '{');
	jsonw_number(w, "v", 1);
	jsonw_member(w, "tool", tool);
	jsonw_member(w, "event", event);
}

void
event_close(struct jsonw *w)
{
	jsonw_close(w, '}');
	buf_char(w->buf, '\n');
}

/* One event, one write, never more than PIPE_BUF, never waited for. A pipe whose reader is gone
 * would take the line and us with it (SIGPIPE): poll(2) tells it by POLLERR. */
static void
send(const struct report *r, const struct buf *b)
{
	struct pollfd p = { .fd = r->fd, .events = POLLOUT };

	if (b->full || sys_poll(&p, 1, 0) <= 0 || p.revents != POLLOUT)
		return;
	(void)!sys_write(r->fd, b->p, b->n);
}

/* Text from elsewhere: as much of its beginning as fits in room bytes of JSON, so that what else
 * the line has to say is never lost to it. False when it was cut. */
static bool
member_cut(struct jsonw *w, const char *key, struct str text, size_t room)
{
	struct buf *b = w->buf;
	size_t cap = b->cap, n = text.n;
	struct buf kept;
	bool comma;

	jsonw_key(w, str_of(key));
	kept = *b;
	comma = w->comma;
	if (room < cap - kept.n)
		kept.cap = kept.n + room;
	for (;; n = n / 8 * 7) {
		*b = kept;
		w->comma = comma;
		n = utf8_cut(text, n);
		jsonw_str(w, str_slice(text, 0, n));
		if (!b->full || n == 0)
			break;
	}
	b->cap = cap;
	return n == text.n;
}

static void
cut(struct jsonw *w)
{
	jsonw_key(w, S("cut"));
	jsonw_bool(w, true);
}

void
report_plan(const struct report *r, const struct plan *p)
{
	static char text[LIMIT_PATH_LINE];

	for (size_t i = 0; r->fd >= 0 && i < p->n; i++) {
		char line[LIMIT_REPORT_LINE];
		struct buf b = BUF(line), t = BUF(text);
		struct jsonw w = { &b, false };

		op_put(&t, &p->op[i]);
		event_open(&w, r->tool, S("plan"));
		jsonw_number(&w, "op", i);
		jsonw_member(&w, "stage", stage_name((enum plan_stage)p->op[i].stage));
		jsonw_member(&w, "name", op_name((enum op_kind)p->op[i].kind));
		if (!member_cut(&w, "text", str_slice(buf_str(&t), 6, t.n), PLAN_ROOM))
			cut(&w);
		event_close(&w);
		send(r, &b);
	}
}

/* What nobody asked for may be lacking; then the kernel has reported no value. */
static bool
lacking(const struct claim *c)
{
	return !c->needed && c->took != NULL && c->took[0] == '\0';
}

struct str
claim_detail(const struct claim *c, bool leaf)
{
	return lacking(c) || (c->op != UINT32_MAX && !leaf) ? c->otherwise : c->detail;
}

enum claim_state
claim_outcome(const struct claim *c, bool leaf)
{
	if (lacking(c))
		return CLAIM_DROPPED;
	return c->op != UINT32_MAX && !leaf ? CLAIM_BEST_EFFORT : c->state;
}

/* Whole, or with what fits of its detail. */
static void
put_claim(struct jsonw *w, const struct claim *c, bool leaf, bool whole)
{
	struct str detail = claim_detail(c, leaf);

	jsonw_open(w, '{');
	jsonw_member(w, "name", c->name);
	jsonw_member(w, "requested", c->needed ? S("needed") : S("wanted"));
	jsonw_member(w, "mechanism", c->mechanism);
	jsonw_member(w, "state", claim_state_name(claim_outcome(c, leaf)));
	if (c->took != NULL && c->took[0] != '\0')
		jsonw_member(w, "value", str_of(c->took));
	if (whole)
		jsonw_member(w, "detail", detail);
	else if (!member_cut(w, "detail", detail, DETAIL_ROOM))
		cut(w);
	jsonw_close(w, '}');
}

/* As many claims from *i on as fit one line, but one at least. */
static void
put_claims(struct jsonw *w, const struct plan *p, size_t *i, bool leaf)
{
	for (size_t first = *i; *i < p->nclaims; ++*i) {
		struct buf kept = *w->buf;
		bool comma = w->comma;

		put_claim(w, &p->claim[*i], leaf, true);
		if (!w->buf->full && w->buf->cap - w->buf->n > LINE_END)
			continue;
		*w->buf = kept;
		w->comma = comma;
		if (*i == first)
			put_claim(w, &p->claim[(*i)++], leaf, false);
		return;
	}
}

void
report_enforced(const struct report *r, const struct plan *p, const struct verdict *v)
{
	for (size_t i = 0; r->fd >= 0 && i < p->nclaims;) {
		char line[LIMIT_REPORT_LINE];
		struct buf b = BUF(line);
		struct jsonw w = { &b, false };

		event_open(&w, r->tool, S("enforced"));
		jsonw_list(&w, "restrictions", '[');
		put_claims(&w, p, &i, v->leaf);
		jsonw_close(&w, ']');
		event_close(&w);
		send(r, &b);
	}
}

/* limit empty: the event says all. */
static void
report_short(const struct report *r, struct str event, struct str limit)
{
	char line[256];
	struct buf b = BUF(line);
	struct jsonw w = { &b, false };

	if (r->fd < 0)
		return;
	event_open(&w, r->tool, event);
	if (limit.n > 0)
		jsonw_member(&w, "limit", limit);
	event_close(&w);
	send(r, &b);
}

void
report_started(const struct report *r)
{
	report_short(r, S("started"), S(""));
}

void
report_limit(const struct report *r, struct str which)
{
	report_short(r, S("limit"), which);
}

static uint64_t
micro(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static void
usage(struct jsonw *w, const struct verdict *v)
{
	jsonw_list(w, "usage", '{');
	jsonw_number(w, "wall_us", v->wall);
	jsonw_number(w, "user_us", micro(v->usage.ru_utime));
	jsonw_number(w, "system_us", micro(v->usage.ru_stime));
	jsonw_number(w, "max_rss_kib", (uint64_t)v->usage.ru_maxrss);
	jsonw_close(w, '}');
}

/* What stood in the way: the error's line, and where it was a system call, which and on what. */
static void
obstacle(struct jsonw *w, const struct ending *end)
{
	static char text[ERROR_TEXT];
	struct buf t = BUF(text);

	if (end->err->fault == FAULT_NONE)
		return;
	error_text(end->err, &t);
	member_cut(w, "error", buf_str(&t), ERROR_ROOM);
	if (end->err->sysno != 0)
		jsonw_member(w, "errno", err_name(end->err->sysno));
	if (end->call.n == 0)
		return;
	jsonw_member(w, "syscall", end->call);
	member_cut(w, "object", end->object, OBJECT_ROOM);
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
		jsonw_member(&w, "outcome", end->outcome);
	if (end->reason.n > 0)
		member_cut(&w, "reason", end->reason, REASON_ROOM);
	jsonw_member(&w, "stage", verdict_stage(v));
	jsonw_member(&w, "cause", cause_name(v));
	jsonw_key(&w, S("status"));
	jsonw_int(&w, verdict_status(v));
	if (v->cause == CAUSE_SIGNAL) {
		jsonw_key(&w, S("signal"));
		jsonw_int(&w, v->status);
	}
	obstacle(&w, end);
	if (v->survivors > 0)
		jsonw_number(&w, "survivors", v->survivors);
	if (v->started)
		usage(&w, v);
	/* the last one, in the room that there is still */
	if (v->by != NULL)
		v->by->put_json(&w, v);
	event_close(&w);
	send(r, &b);
}

struct ending
ending_of(const struct plan *p, const struct verdict *v, const struct err *e)
{
	struct ending end = { .verdict = v, .err = e };

	if (p == NULL || v->op >= p->n)
		return end;
	end.call = op_call((enum op_kind)p->op[v->op].kind);
	end.object = op_object(&p->op[v->op]);
	return end;
}
