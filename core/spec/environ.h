/* An environment as the kernel hands it over: NULL-terminated NAME=value texts. */
#ifndef SBX_ENVIRON_H
#define SBX_ENVIRON_H

#include "base/base.h"

/* Is this entry NAME=...? */
bool env_names(const char *entry, struct str name);
/* The value of NAME, NUL-terminated, or NULL. */
const char *env_value(char *const *envp, struct str name);

#endif
