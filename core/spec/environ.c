#include "spec/environ.h"

bool
env_names(const char *entry, struct str name)
{
	struct str e = str_of(entry);

	return e.n > name.n && str_starts(e, name) && e.p[name.n] == '=';
}

const char *
env_value(char *const *envp, struct str name)
{
	for (; *envp != NULL; envp++)
		if (env_names(*envp, name))
			return *envp + name.n + 1;
	return NULL;
}
