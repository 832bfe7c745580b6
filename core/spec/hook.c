#include "spec/hook.h"

#include "base/limits.h"
#include "spec/boxread.h"

#include <stddef.h>

enum { DAY_MS = 86400000, GRACE_MAX_MS = 60000 };

const char hook_type_words[] = "|provider|tool|session|eval";
const char hook_phase_words[] = "before_call|after_call|before_execution|after_execution|"
				"session_start|session_update|session_end";

uint32_t
hook_type_phases(int type)
{
	switch (type) {
	case HOOK_PROVIDER:
		return 0x03;
	case HOOK_TOOL:
		return 0x0c;
	case HOOK_SESSION:
		return 0x70;
	default:
		return 0;
	}
}

static int
read_env(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct hook *h = target;

	(void)b;
	return env_read(c, f, &h->env, &h->env_last, a);
}

/* A relative path would mean something else wherever it is run from. */
static int
read_command(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct hook *h = target;

	(void)b;
	if (str_find(a, '/', 0) < a.n)
		return field_path(c, f, a, &h->command);
	if (a.n == 0 || a.n > LIMIT_NAME || str_find(a, '\0', 0) < a.n || str_eq(a, S(".")) ||
	    str_eq(a, S("..")))
		return field_fault(c, f,
		    TEXT("\"%\": an absolute path or a program's name is due", a));
	h->command = a;
	return 0;
}

#define AT(member) .offset = offsetof(struct hook, member)

/* The keys of a hook: key, option, argument, default, prose. */
/* clang-format off */
static const struct field rows[] = {
	{ ROW("command", "", "", "",
	      "the program: an absolute path, or a name that is looked up in the box's PATH"),
	  .type = FIELD_CUSTOM, .flags = FIELD_NEEDED, .read = read_command, AT(command) },
	{ ROW("args", "", "", "", "its arguments"),
	  .type = FIELD_STRING, .flags = FIELD_LIST, AT(args), .max = 131071 },
	{ ROW("env", "", "", "", "variables: NAME takes the caller's value, NAME=value sets one"),
	  .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = read_env, AT(env) },
	{ ROW("hook", "", "", "", "what the hook attends: provider, tool, session or eval"),
	  .type = FIELD_ENUM, .flags = FIELD_NEEDED, AT(type), .words = hook_type_words },
	{ ROW("phases", "", "", "", "when it runs; not for eval, which has none"),
	  .type = FIELD_ENUM, .flags = FIELD_LIST, AT(phases), .words = hook_phase_words },
	{ ROW("mode", "", "", "filter", "filter decides, observe only sees"),
	  .type = FIELD_ENUM, AT(mode), .words = "filter|observe" },
	{ ROW("sandbox", "", "", "", "the name of a declared sandbox"),
	  .type = FIELD_STRING, .flags = FIELD_NEEDED, AT(sandbox), .min = 1, .max = LIMIT_NAME },
	{ ROW("timeout", "", "", "10s", "how long the whole box may take"),
	  DURATION, AT(timeout), .min = 10, .max = DAY_MS },
	{ ROW("grace", "", "", "2s", "time between TERM and KILL when it took longer"),
	  DURATION, AT(grace), .max = GRACE_MAX_MS },
	{ ROW("on_error", "", "", "deny", "what a filter that fails decides"),
	  .type = FIELD_ENUM, AT(on_error), .words = "deny|allow" },
	{ ROW("request_limit", "", "", "1M", "the largest request"),
	  SIZE, AT(request_limit), .min = 1, .max = LIMIT_MESSAGE_MAX },
	{ ROW("reply_limit", "", "", "1M", "the largest reply"),
	  SIZE, AT(reply_limit), .min = 1, .max = LIMIT_MESSAGE_MAX },
	{ ROW("stderr_limit", "", "", "64K", "how much of its standard error is passed on"),
	  SIZE, AT(stderr_limit), .max = LIMIT_MESSAGE_MAX },
};
/* clang-format on */

const struct table hook_table = { "a hook", rows, COUNT(rows) };
