/* Which policies ask about calls that nobody can decide by numbers alone. */
#include "spec/notify.h"

/* Of any architecture that the rule is for: they differ in number, not in kind. */
static bool
has_pointer(const struct rule *r, unsigned call)
{
	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		if ((r->archs >> a & 1) == 0 || call_number(call, a) < 0)
			continue;
		for (size_t i = 0; i < call_args(call, a); i++)
			if (call_arg_width(call, a, i) == WIDTH_POINTER)
				return true;
	}
	return false;
}

static bool
asks(uint32_t action)
{
	return (action & (uint32_t)RET_ACTION) == RET_NOTIFY;
}

#define NO_DECISION \
	"to let such a call go on decides nothing, as its pointers' targets can change " \
	"meanwhile (--audit-only, to watch)"

int
notify_check(const struct policy *p, struct err *e)
{
	if (asks(p->fallback) || asks(p->newer_action) || asks(p->foreign))
		return err_config(e, POS_NONE,
		    "calls that no rule names are asked about, pointers and all: " NO_DECISION);
	for (const struct rule *r = p->first; r != NULL; r = r->next) {
		if (!asks(r->action))
			continue;
		for (unsigned c = 0; c < calls_count(); c++)
			if (callset_has(&r->calls, c) && has_pointer(r, c))
				return err_config(e, r->pos,
				    "notify % takes a pointer: " NO_DECISION, call_name(c));
		if (r->nnr > 0)
			return err_config(e, r->pos,
			    "notify of a call by number, which may take pointers: " NO_DECISION);
	}
	return 0;
}
