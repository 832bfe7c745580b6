#include "spec/environ.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

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

struct search
env_search(char *const *envp, struct str name)
{
	const char *value = env_value(envp, S("PATH"));
	struct search s = { name, value != NULL ? str_of(value) : S(DEFAULT_PATH), 0 };

	/* no directory is looked at */
	if (name.n == 0 || str_find(name, '/', 0) < name.n)
		s.path.p = NULL;
	return s;
}

int
search_next(struct search *s, struct arena *a, char **file)
{
	size_t at = s->at, end = s->path.p == NULL ? s->path.n : str_find(s->path, ':', at);
	struct str dir = str_slice(s->path, at, end);

	if (at > s->path.n)
		return 0;
	s->at = end + 1;
	*file = s->path.p == NULL ? arena_cstr(a, s->name)
				  : arena_text(a, TEXT("%/%", dir.n > 0 ? dir : S("."), s->name));
	return *file == NULL ? -1 : 1;
}
