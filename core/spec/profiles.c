#include "spec/policyread.h"

#include "spec/profiletext.h"

#include <string.h>

/* Name and text by turns, in the order of the names; an empty name is behind the last. */
static struct str
part(size_t n)
{
	const char *p = texts;

	for (; n > 0 && *p != '\0'; n--)
		p += strlen(p) + 1;
	return str_of(p);
}

struct str
profile_name(size_t i)
{
	return part(2 * i);
}

struct str
profile_text(size_t i)
{
	return part(2 * i + 1);
}

int
profile_unknown(struct err *e, struct pos pos, struct str name)
{
	size_t n = 0;

	err_config(e, pos, "unknown profile \"%\"", name);
	for (; profile_name(n).n > 0; n++)
		err_add(e, TEXT("%%", n == 0 ? S(" (") : S(", "), profile_name(n)));
	err_add(e, TEXT(")"));
	return -1;
}

struct policy *
policy_builtin(struct arena *a, struct str name, const struct policy_host *host, struct err *e)
{
	for (size_t i = 0; profile_name(i).n > 0; i++)
		if (str_eq(profile_name(i), name))
			return policy_parse(a, S(""), profile_text(i), host, e);
	profile_unknown(e, POS_NONE, name);
	return NULL;
}
