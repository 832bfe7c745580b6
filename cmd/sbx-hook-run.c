/* sbx-hook run: one request to one hook, one verdict back. */
#include "sbx-hook.h"

#include "base/num.h"
#include "base/utf8.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>

/* Names, a path and a message, each byte of them shown as four at worst. */
enum { REASON_MAX = 4096, FILE_SHOWN = 255 };

struct turn {
	struct hook_call *call;
	const struct hook *hook;
	const struct plan *plan;
	struct supervise s;
	struct verdict v;
	struct reply reply;
	enum outcome outcome;
	struct err why; /* what was wrong, when something was */
};

static int
read_request(struct turn *t)
{
	struct hook_call *c = t->call;
	uint64_t limit = t->hook->request_limit;
	struct str phase;
	char text[32];
	struct buf b = BUF(text);
	int r;

	num_put_size(&b, limit);
	if (sys_is_tty(0))
		report_note(HOOK_TOOL, S("the request is read from the terminal; ^D ends it"));
	r = io_read_fd(&c->arena, 0, limit, &t->s.input);
	c->err.file = S("<request>");
	if (r == -EFBIG)
		return err_limit(&c->err, POS_NONE, "the request is larger than request_limit (%)",
		    buf_str(&b));
	if (r < 0)
		return err_system(&c->err, -r, "cannot read the request");
	return request_check(&c->arena, t->hook, t->s.input, &phase, &c->err);
}

static int
room(struct turn *t, struct drain *d, uint64_t limit, int forward)
{
	*d = (struct drain){ .mem = arena_bytes(&t->call->arena, limit),
		.cap = limit,
		.forward = forward };
	return d->mem == NULL ? err_memory(&t->call->err) : 0;
}

static enum outcome
judge_reply(struct turn *t)
{
	struct str text = { t->s.out.mem, t->s.out.n };

	t->why.file = S("<reply>");
	if (reply_check(&t->call->arena, t->hook, text, &t->reply, &t->why) < 0)
		return OUTCOME_BAD_REPLY;
	if (t->hook->mode == MODE_OBSERVE)
		return OUTCOME_OBSERVED;
	if (t->reply.allow || t->hook->type == HOOK_EVAL)
		return OUTCOME_ALLOWED;
	return t->reply.enforced ? OUTCOME_ENFORCED : OUTCOME_DENIED;
}

static enum outcome
judge(struct turn *t)
{
	switch (t->v.cause) {
	case CAUSE_EXIT:
		return t->v.status == 0 ? judge_reply(t) : OUTCOME_FAILED;
	case CAUSE_SIGNAL:
	case CAUSE_KILLED:
		return OUTCOME_CRASHED;
	case CAUSE_TIMEOUT:
	case CAUSE_CPU_TIME:
	case CAUSE_IDLE:
		return OUTCOME_TIMEOUT;
	case CAUSE_OOM:
	case CAUSE_PIDS:
	case CAUSE_WATCH_MEMORY:
	case CAUSE_WATCH_PIDS:
		return OUTCOME_LIMIT;
	case CAUSE_OUTPUT:
		return OUTCOME_OUTPUT_LIMIT;
	case CAUSE_NO_EXEC:
		return t->v.absent ? OUTCOME_NOT_FOUND : OUTCOME_NOT_EXECUTABLE;
	case CAUSE_REFUSED:
	case CAUSE_SETUP:
		return OUTCOME_REFUSED;
	}
	return OUTCOME_REFUSED;
}

static void
put_signal(struct buf *b, int sig)
{
	static const char names[] =
	    "|HUP|INT|QUIT|ILL|TRAP|ABRT|BUS|FPE|KILL|USR1|SEGV|USR2|PIPE|ALRM|TERM|STKFLT|CHLD|"
	    "CONT|STOP|TSTP|TTIN|TTOU|URG|XCPU|XFSZ|VTALRM|PROF|WINCH|IO|PWR|SYS";
	struct str name = word_at(names, (size_t)sig);

	buf_cstr(b, ": it ended by signal ");
	buf_int(b, sig);
	if (name.n > 0)
		buf_text(b, TEXT(" (%)", name));
}

static void
put_limit(struct buf *b, const struct verdict *v)
{
	if (v->cause == CAUSE_PIDS) {
		buf_cstr(b, ": the limit of processes was met, and its exit status was ");
		buf_int(b, v->status);
	} else if (v->cause == CAUSE_OOM) {
		buf_cstr(b, ": the kernel killed it for want of memory");
	} else {
		buf_text(b, TEXT(": it was ended by the limit %", limit_name(v)));
	}
}

/* What the kernel has counted against a hook that failed by itself: it may be why. */
static void
put_evidence(struct buf *b, unsigned evidence)
{
	if ((evidence & EVIDENCE_OOM) != 0)
		buf_cstr(b, "; the kernel killed a process of it for want of memory");
	if ((evidence & EVIDENCE_PIDS) != 0)
		buf_cstr(b, "; the limit of processes was met");
}

/* What went wrong, in the words of the report and of the reply that is made up for the caller. */
static void
explain(struct turn *t, struct buf *b)
{
	buf_text(b, TEXT("hook %: %", t->hook->name, outcome_name(t->outcome)));
	switch (t->outcome) {
	case OUTCOME_FAILED:
		buf_cstr(b, ": its exit status was ");
		buf_int(b, t->v.status);
		break;
	case OUTCOME_CRASHED:
		if (t->v.cause == CAUSE_KILLED) {
			buf_cstr(b, ": it was killed from outside");
			break;
		}
		put_signal(b, t->v.status);
		break;
	case OUTCOME_LIMIT:
		put_limit(b, &t->v);
		break;
	case OUTCOME_TIMEOUT:
		if (t->v.cause != CAUSE_TIMEOUT) {
			put_limit(b, &t->v);
			break;
		}
		buf_cstr(b, ": it was ended after ");
		num_put_duration(b, t->hook->timeout);
		break;
	case OUTCOME_OUTPUT_LIMIT:
		buf_cstr(b, ": its reply is longer than reply_limit (");
		num_put_size(b, t->hook->reply_limit);
		buf_cstr(b, "), at byte ");
		buf_uint(b, t->hook->reply_limit);
		break;
	case OUTCOME_BAD_REPLY:
	case OUTCOME_REFUSED:
	case OUTCOME_NOT_EXECUTABLE:
	case OUTCOME_NOT_FOUND:
		if (t->why.fault != FAULT_NONE) {
			buf_cstr(b, ": ");
			err_line(&t->why, b);
		}
		break;
	case OUTCOME_ALLOWED:
	case OUTCOME_OBSERVED:
	case OUTCOME_DENIED:
	case OUTCOME_ENFORCED:
	case OUTCOME_COUNT:
		break;
	}
	if (t->outcome == OUTCOME_FAILED || t->outcome == OUTCOME_BAD_REPLY)
		put_evidence(b, t->v.evidence);
}

static bool
answered(enum outcome o)
{
	return o == OUTCOME_ALLOWED || o == OUTCOME_OBSERVED || o == OUTCOME_DENIED ||
	       o == OUTCOME_ENFORCED;
}

/* Was it a limit that it met? */
static bool
limited(enum outcome o)
{
	return o == OUTCOME_LIMIT || o == OUTCOME_TIMEOUT || o == OUTCOME_OUTPUT_LIMIT;
}

/* The hook's own reply where it gave one, else one of ours; always one JSON object on one line. */
static int
print_reply(struct turn *t, struct str reason)
{
	/* an escape is at most six bytes for one of the hook's, and two for one of a reason */
	size_t cap = t->s.out.n * 6 + REASON_MAX * 2 + 64;
	char *text = arena_bytes(&t->call->arena, cap);
	struct buf b = { text, 0, text == NULL ? 0 : cap, false };
	struct jsonw w = { &b, false };

	if (answered(t->outcome) && t->hook->mode == MODE_FILTER && t->reply.whole != NULL) {
		json_put(&b, t->reply.whole);
	} else {
		jsonw_open(&w, '{');
		jsonw_key(&w, S("allow"));
		jsonw_bool(&w, outcome_allows(t->outcome, t->hook));
		if (!answered(t->outcome)) {
			jsonw_member(&w, "reason", reason);
			if (limited(t->outcome))
				jsonw_member(&w, "limit", limit_name(&t->v));
		}
		jsonw_close(&w, '}');
	}
	buf_char(&b, '\n');
	return common_print(HOOK_TOOL, buf_str(&b));
}

/* Whoever does not read one of our outputs shall not keep us from the others. */
static void
block_pipe_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	(void)sys_sigmask(SIG_BLOCK, &set, NULL);
}

/* A hook starts with every signal as the kernel made it, whatever our caller ignores or blocks. */
static void
default_signals(void)
{
	sigset_t none;

	for (int i = 1; i < SIGSYS; i++)
		(void)sys_signal_default(i);
	sigemptyset(&none);
	(void)sys_sigmask(SIG_SETMASK, &none, NULL);
}

/* Behind what the hook said last, on a line of their own: that it said more, and the outcome. */
static void
tell_people(const struct turn *t, struct str outcome)
{
	const struct drain *d = &t->s.err;
	char text[400];
	struct buf b = BUF(text);

	if (d->forwarded > 0 && d->mem[d->forwarded - 1] != '\n' && (d->over || outcome.n > 0))
		(void)!io_write(2, S("\n"));
	if (d->over) {
		buf_text(&b, TEXT("hook %: its standard error is cut at byte ", t->hook->name));
		buf_uint(&b, t->hook->stderr_limit);
		buf_cstr(&b, "; bytes that are missing: ");
		buf_uint(&b, d->dropped);
		report_note(HOOK_TOOL, buf_str(&b));
	}
	if (outcome.n > 0)
		report_note(HOOK_TOOL, outcome);
}

/* The reply for the caller, the lines for people, the event; the exit status. */
static int
tell(struct turn *t, int status)
{
	char text[REASON_MAX];
	struct hook_call *c = t->call;
	struct buf b = BUF(text);
	bool said = answered(t->outcome);
	struct ending end;
	int r;

	block_pipe_signal();
	t->why.file = str_slice(t->why.file, 0, utf8_cut(t->why.file, FILE_SHOWN));
	explain(t, &b);
	tell_people(t, said ? S("") : buf_str(&b));
	r = print_reply(t, buf_str(&b));
	end = ending_of(t->plan, &t->v, &t->why);
	end.outcome = outcome_name(t->outcome);
	end.reason = said ? t->reply.reason : buf_str(&b);
	report_ended(&c->report, &end);
	if (c->common.receipt && t->plan != NULL)
		report_receipt(t->plan, &t->v, buf_str(&b));
	return r != 0 ? r : status;
}

/* Before the hook was started: it is told like every other outcome, so that a caller that reads
 * nothing but the reply is not left without one. */
static int
refused(struct turn *t)
{
	t->v = (struct verdict){ .cause = CAUSE_REFUSED, .op = UINT32_MAX };
	t->why = t->call->err;
	t->outcome = OUTCOME_REFUSED;
	return tell(t, 125);
}

static int
set_up(struct turn *t, struct told *told)
{
	struct hook_call *c = t->call;
	const struct hook *h = t->hook;
	struct box *box = hook_box(c, h->box, h);
	char **argv = box == NULL ? NULL : hook_argv(c, h);

	if (argv == NULL)
		return -1;
	t->s = (struct supervise){ .timeout = h->timeout,
		.grace = h->grace,
		.on = report_listener(&c->report),
		.arg = told,
		.quiet_signals = true };
	streams_attach(&t->s);
	t->plan = told->plan = hook_plan_of(c, box, argv, true);
	if (t->plan == NULL)
		return -1;
	hook_watch(c, &t->s);
	if (c->common.plan || c->common.check)
		return 0;
	if (read_request(t) < 0)
		return -1;
	if (room(t, &t->s.out, h->reply_limit, -1) < 0 ||
	    room(t, &t->s.err, h->stderr_limit, 2) < 0)
		return -1;
	return 0;
}

static void
setup_fault(struct turn *t)
{
	verdict_fault(t->plan, &t->v, &t->why);
	if (t->why.pos.line > 0)
		t->why.file = t->call->options.file;
}

int
hook_run(struct hook_call *c)
{
	struct turn t = { .call = c, .hook = hook_named(c) };
	struct told told = { .report = &c->report, .file = c->options.file };

	if (t.hook == NULL)
		return hook_refuse(c);
	if (set_up(&t, &told) < 0)
		return refused(&t);
	report_plan(&c->report, t.plan);
	if (c->common.plan)
		return common_show_plan(HOOK_TOOL, t.plan);
	if (c->common.check)
		return 0;
	default_signals();
	(void)!box_run(t.plan, &t.s, &t.v);
	t.outcome = judge(&t);
	if (t.v.cause == CAUSE_SETUP || t.v.cause == CAUSE_NO_EXEC)
		setup_fault(&t);
	return tell(&t, outcome_status(t.outcome, t.hook));
}
