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

	/* one directory, which is not looked at */
	if (name.n == 0 || str_find(name, '/', 0) < name.n)
		s.path = S("");
	return s;
}

int
search_next(struct search *s, struct arena *a, char **file)
{
	size_t end = str_find(s->path, ':', s->at);
	struct str dir = str_slice(s->path, s->at, end), whole = s->name;

	if (s->at > s->path.n)
		return 0;
	s->at = end + 1;
	if (s->name.n > 0 && str_find(s->name, '/', 0) == s->name.n)
		whole = arena_join(a, TEXT("%/%", dir.n > 0 ? dir : S("."), s->name));
	*file = whole.p == NULL && s->name.n > 0 ? NULL : arena_cstr(a, whole);
	return *file == NULL ? -1 : 1;
}
