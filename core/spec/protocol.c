#include "spec/protocol.h"

#include "text/json.h"

/* Says where in bytes as well: who made the text may not think in lines. */
static int
with_byte(struct str text, struct err *e)
{
	char number[24];
	struct buf b = BUF(number);

	if (e->pos.line == 0)
		return -1;
	buf_uint(&b, json_offset(text, e->pos));
	err_add(e, TEXT(" (byte %)", buf_str(&b)));
	return -1;
}

static int
fault(struct err *e, struct pos pos, struct str path, const char *text, const struct str *arg,
    size_t n)
{
	err_path(e, path);
	return err_put(e, FAULT_DATA, pos, text, arg, n);
}

static int
wrong_kind(struct err *e, const struct value *v, struct str path, struct str due)
{
	return fault(e, v->pos, path, TEXT("%, where % is due", value_kind_name(v->kind), due));
}

static const struct value *
read_object(struct arena *a, struct str text, struct err *e)
{
	const struct value *v;

	if (text.n == 0) {
		fault(e, ((struct pos){ 1, 1 }), S("$"),
		    TEXT("empty, where one JSON object is due"));
		return NULL;
	}
	v = json_parse(a, text, FAULT_DATA, e);
	if (v == NULL)
		return NULL;
	if (v->kind != VALUE_OBJECT) {
		wrong_kind(e, v, S("$"), S("one JSON object"));
		return NULL;
	}
	return v;
}

/* A member that has to be a string. */
static const struct value *
envelope(const struct value *request, struct str key, struct str path, struct err *e)
{
	const struct value *v = value_get(request, key);

	if (v == NULL) {
		fault(e, request->pos, path, TEXT("the member \"%\" is missing", key));
		return NULL;
	}
	if (v->kind != VALUE_STRING) {
		wrong_kind(e, v, path, S("a string"));
		return NULL;
	}
	return v;
}

static int
check_type(const struct hook *h, const struct value *request, struct err *e)
{
	const struct value *v = envelope(request, S("hook"), S("$.hook"), e);
	struct str due = word_at(hook_type_words, (size_t)h->type);

	if (v == NULL)
		return -1;
	if (str_eq(v->text, due))
		return 0;
	return fault(e, v->pos, S("$.hook"),
	    TEXT("\"%\", where this hook is declared as \"%\"", v->text, due));
}

static int
check_phase(const struct hook *h, const struct value *request, struct str *phase, struct err *e)
{
	const struct value *v = envelope(request, S("phase"), S("$.phase"), e);
	char list[160];
	struct buf b = BUF(list);

	if (v == NULL)
		return -1;
	for (size_t i = 0; word_at(hook_phase_words, i).p != NULL; i++) {
		struct str word = word_at(hook_phase_words, i);

		if ((h->phases & (uint32_t)1 << i) != 0 && str_eq(word, v->text)) {
			*phase = word;
			return 0;
		}
	}
	words_put(&b, hook_phase_words, h->phases, S(", "));
	return fault(e, v->pos, S("$.phase"),
	    TEXT("\"%\", where this hook is declared for %", v->text, buf_str(&b)));
}

int
request_check(struct arena *a, const struct hook *h, struct str text, struct str *phase,
    struct err *e)
{
	const struct value *v = read_object(a, text, e);

	*phase = S("");
	if (v == NULL)
		return with_byte(text, e);
	if (h->type == HOOK_EVAL)
		return 0;
	if (check_type(h, v, e) < 0 || check_phase(h, v, phase, e) < 0)
		return with_byte(text, e);
	return 0;
}

/* A member of that kind, or NULL when it is absent (or wrong, with the error set). */
static const struct value *
member(const struct value *reply, const char *key, enum value_kind kind, struct err *e)
{
	const struct value *v = value_get(reply, str_of(key));
	char text[16];
	struct buf path = BUF(text);

	if (v == NULL || v->kind == kind)
		return v;
	buf_text(&path, TEXT("$.%", str_of(key)));
	wrong_kind(e, v, buf_str(&path), value_kind_name(kind));
	return NULL;
}

static int
read_reply(const struct hook *h, struct reply *r, struct err *e)
{
	const struct value *allow = member(r->whole, "allow", VALUE_BOOL, e);
	const struct value *reason = member(r->whole, "reason", VALUE_STRING, e);
	const struct value *enforced = member(r->whole, "enforced", VALUE_BOOL, e);
	const struct value *metadata = member(r->whole, "metadata", VALUE_OBJECT, e);

	(void)metadata; /* only its kind is of interest */
	if (e->fault != FAULT_NONE)
		return -1;
	if (allow == NULL && h->mode == MODE_FILTER && h->type != HOOK_EVAL)
		return fault(e, r->whole->pos, S("$"),
		    TEXT("the member \"allow\" is missing: true or false is due"));
	r->allow = allow != NULL && allow->truth;
	r->enforced = enforced != NULL && enforced->truth;
	r->reason = reason != NULL ? reason->text : S("");
	if (r->allow && r->enforced)
		return fault(e, enforced->pos, S("$.enforced"),
		    TEXT("true, where \"allow\" is true: what was enforced is not allowed"));
	return 0;
}

int
reply_check(struct arena *a, const struct hook *h, struct str text, struct reply *r, struct err *e)
{
	*r = (struct reply){ .whole = read_object(a, text, e) };
	if (r->whole == NULL || read_reply(h, r, e) < 0)
		return with_byte(text, e);
	return 0;
}

/* The contract's section 5: what happened, what it is called, and the status it gives. table */
static const struct {
	char name[16];
	uint8_t status;
	bool started; /* the hook had run, so that on_error may decide */
} outcomes[OUTCOME_COUNT] = {
	[OUTCOME_ALLOWED] = { "allowed", 0, true },
	[OUTCOME_OBSERVED] = { "observed", 0, true },
	[OUTCOME_DENIED] = { "denied", 1, true },
	[OUTCOME_ENFORCED] = { "enforced", 3, true },
	[OUTCOME_BAD_REPLY] = { "bad-reply", 4, true },
	[OUTCOME_OUTPUT_LIMIT] = { "output-limit", 5, true },
	[OUTCOME_FAILED] = { "failed", 6, true },
	[OUTCOME_CRASHED] = { "crashed", 7, true },
	[OUTCOME_LIMIT] = { "limit", 8, true },
	[OUTCOME_TIMEOUT] = { "timeout", 124, true },
	[OUTCOME_REFUSED] = { "refused", 125, false },
	[OUTCOME_NOT_EXECUTABLE] = { "not-executable", 126, false },
	[OUTCOME_NOT_FOUND] = { "not-found", 127, false },
};

struct str
outcome_name(enum outcome o)
{
	return o < OUTCOME_COUNT ? str_of(outcomes[o].name) : S("?");
}

/* Did the hook say so itself? */
static bool
answered(enum outcome o)
{
	return o <= OUTCOME_ENFORCED;
}

bool
outcome_allows(enum outcome o, const struct hook *h)
{
	if (h->mode == MODE_OBSERVE || o == OUTCOME_ALLOWED)
		return true;
	return !answered(o) && outcomes[o].started && h->on_error == ON_ERROR_ALLOW;
}

int
outcome_status(enum outcome o, const struct hook *h)
{
	return outcomes[o].started && outcome_allows(o, h) ? 0 : outcomes[o].status;
}
