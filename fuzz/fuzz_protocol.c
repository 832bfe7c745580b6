/* fuzz: core/spec/protocol.c */
#include "spec.h"
#include "spec/protocol.h"

enum { INPUT_MAX = 1 << 14, MEMORY = 16 << 20 };

static unsigned char mem[MEMORY], mem_again[MEMORY];

/* "... (byte 17)": the same place as line and column, counted in bytes. */
static void
check_fault(struct str text, const struct err *e)
{
	char end[40];
	struct buf b = BUF(end);

	spec_fault(text, e);
	MUST(e->fault == FAULT_DATA || e->fault == FAULT_LIMIT);
	MUST(e->pos.line > 0 && e->npath > 0 && e->path[0] == '$');
	MUST(json_offset(text, e->pos) <= text.n);
	buf_put(&b, S(" (byte "));
	buf_uint(&b, json_offset(text, e->pos));
	buf_put(&b, S(")"));
	MUST(str_ends((struct str){ e->msg, e->nmsg }, buf_str(&b)));
}

static const struct value *
parsed(struct str text)
{
	static struct arena a;
	struct err e = { 0 };
	const struct value *v;

	a = (struct arena){ mem_again, 0, sizeof(mem_again) };
	v = json_parse(&a, text, FAULT_DATA, &e);
	return v != NULL && v->kind == VALUE_OBJECT ? v : NULL;
}

static bool
is_string(const struct value *v, struct str text)
{
	return v != NULL && v->kind == VALUE_STRING && str_eq(v->text, text);
}

/* Absent, or of that kind. */
static bool
may_be(const struct value *object, struct str key, enum value_kind kind)
{
	const struct value *v = value_get(object, key);

	return v == NULL || v->kind == kind;
}

static void
check_request(const struct hook *h, struct str text)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct str phase = S("x");
	int r = request_check(&a, h, text, &phase, &e);
	const struct value *v = parsed(text);
	bool known = false;

	MUST((r < 0) == (e.fault != FAULT_NONE));
	if (r < 0)
		check_fault(text, &e);
	/* by another way of asking */
	if (h->type == HOOK_EVAL) {
		MUST((r == 0) == (v != NULL) && phase.n == 0);
		return;
	}
	for (size_t i = 0; v != NULL && i < 7; i++)
		known = known || ((h->phases >> i & 1) != 0 && is_string(value_get(v, S("phase")),
								   word_at(hook_phase_words, i)));
	MUST((r == 0) == (known && is_string(value_get(v, S("hook")),
				       word_at(hook_type_words, (size_t)h->type))));
	MUST(r == 0 ? is_string(value_get(v, S("phase")), phase) : phase.n == 0);
}

static bool
is_true(const struct value *v)
{
	return v != NULL && v->kind == VALUE_BOOL && v->truth;
}

static void
check_reply(const struct hook *h, struct str text)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct reply got;
	int r = reply_check(&a, h, text, &got, &e);
	const struct value *v = parsed(text), *reason;
	bool good = v != NULL && may_be(v, S("allow"), VALUE_BOOL) &&
		    may_be(v, S("reason"), VALUE_STRING) && may_be(v, S("enforced"), VALUE_BOOL) &&
		    may_be(v, S("metadata"), VALUE_OBJECT);

	MUST((r < 0) == (e.fault != FAULT_NONE));
	if (r < 0)
		check_fault(text, &e);
	good = good && !(is_true(value_get(v, S("allow"))) && is_true(value_get(v, S("enforced"))));
	good = good && (h->mode == MODE_OBSERVE || h->type == HOOK_EVAL ||
			   value_get(v, S("allow")) != NULL);
	MUST((r == 0) == good);
	if (r < 0)
		return;
	reason = value_get(v, S("reason"));
	MUST(value_eq(got.whole, v));
	MUST(got.allow == is_true(value_get(v, S("allow"))));
	MUST(got.enforced == is_true(value_get(v, S("enforced"))));
	MUST(str_eq(got.reason, reason == NULL ? S("") : reason->text));
	/* what was said is what comes of it */
	if (h->mode == MODE_FILTER && h->type != HOOK_EVAL) {
		enum outcome o = got.allow    ? OUTCOME_ALLOWED
			       : got.enforced ? OUTCOME_ENFORCED
					      : OUTCOME_DENIED;

		MUST(outcome_allows(o, h) == got.allow);
		MUST((outcome_status(o, h) == 0) == got.allow);
	}
}

/* In an arena that is too small there is no answer, and no place. */
static void
check_memory(const struct hook *h, struct str text)
{
	for (size_t room = 1; room < 4096; room *= 3) {
		struct arena a = { mem, 0, room };
		struct err e = { 0 };
		struct reply r;

		if (reply_check(&a, h, text, &r, &e) < 0 && e.pos.line == 0)
			MUST(e.fault == FAULT_LIMIT);
	}
}

/* Whatever happened, an allowance was earned: by the hook, by observing, or by on_error. */
static void
check_outcomes(const struct hook *h)
{
	for (int o = 0; o < OUTCOME_COUNT; o++) {
		bool goes_on = outcome_allows((enum outcome)o, h);
		int status = outcome_status((enum outcome)o, h);

		MUST(outcome_name((enum outcome)o).n > 1);
		MUST(!goes_on || o == OUTCOME_ALLOWED || h->mode == MODE_OBSERVE ||
		     h->on_error == ON_ERROR_ALLOW);
		MUST(o < OUTCOME_REFUSED ? status < 125 : status >= 125);
		MUST(status != 0 || goes_on || o == OUTCOME_OBSERVED);
	}
}

/* The first byte chooses the declaration, the second its phases; the rest is the message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct hook h = { 0 };
	struct str text;

	if (n < 2 || n > INPUT_MAX)
		return 0;
	h.type = HOOK_PROVIDER + data[0] % 4;
	h.mode = data[0] >> 2 & 1;
	h.on_error = data[0] >> 3 & 1;
	h.phases = data[1] & hook_type_phases(h.type);
	text = (struct str){ (const char *)data + 2, n - 2 };
	if ((data[0] >> 4 & 1) == 0)
		check_request(&h, text);
	else
		check_reply(&h, text);
	check_memory(&h, text);
	check_outcomes(&h);
	return 0;
}
