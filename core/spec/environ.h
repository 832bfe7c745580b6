/* An environment as the kernel hands it over: NULL-terminated NAME=value texts. */
#ifndef SBX_ENVIRON_H
#define SBX_ENVIRON_H

#include "base/base.h"

/* Is this entry NAME=...? */
bool env_names(const char *entry, struct str name);
/* The value of NAME, NUL-terminated, or NULL. */
const char *env_value(char *const *envp, struct str name);

/* What to try for a program's name, as execvp(3): a name without a slash in each directory of PATH
 * (an empty one is the working directory), else the name itself; of an empty name nothing else. */
struct search {
	struct str name, path;
	size_t at;
};

struct search env_search(char *const *envp, struct str name);
/* The next file's name, NUL-terminated and owned by the arena: 1, 0 behind the last, -1 when the
 * arena is exhausted. */
int search_next(struct search *, struct arena *, char **) MUST_CHECK;

#endif
