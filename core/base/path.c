#include <string.h>

#include "base/limits.h"
#include "base/path.h"

/* The next component at or after *at, which moves behind it; empty at the end. */
static struct str
next_part(struct str s, size_t *at)
{
	size_t from = *at;

	while (from < s.n && s.p[from] == '/')
		from++;
	*at = str_find(s, '/', from);
	return str_slice(s, from, *at);
}

enum path_fault
path_check(struct str s)
{
	size_t at = 0;

	if (s.n == 0)
		return PATH_EMPTY;
	if (str_find(s, '\0', 0) < s.n)
		return PATH_NUL;
	if (s.p[0] != '/')
		return PATH_RELATIVE;
	if (s.n > LIMIT_PATH)
		return PATH_LONG;
	for (struct str part = next_part(s, &at); part.n > 0; part = next_part(s, &at))
		if (str_eq(part, S("..")))
			return PATH_DOTDOT;
	return PATH_OK;
}

struct str
path_fault_text(enum path_fault fault)
{
	switch (fault) {
	case PATH_OK:
		break;
	case PATH_EMPTY:
		return S("an empty path, where an absolute one is due");
	case PATH_RELATIVE:
		return S("a relative path, where an absolute one is due");
	case PATH_DOTDOT:
		return S("a path with \"..\", where one without is due");
	case PATH_NUL:
		return S("a path with a NUL byte, which no file has");
	case PATH_LONG:
		return S("a path of more than 4095 bytes, which no kernel takes");
	}
	return S("a good path");
}

struct str
path_clean(struct arena *a, struct str s)
{
	size_t at = 0, n = 0;
	char *p = arena_bytes(a, s.n + 1);

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (struct str part = next_part(s, &at); part.n > 0; part = next_part(s, &at)) {
		if (str_eq(part, S(".")))
			continue;
		p[n++] = '/';
		memcpy(p + n, part.p, part.n);
		n += part.n;
	}
	if (n == 0)
		p[n++] = '/';
	return (struct str){ p, n };
}

bool
path_below(struct str path, struct str top)
{
	if (str_eq(top, S("/")))
		return str_starts(path, top);
	return str_starts(path, top) && (path.n == top.n || path.p[top.n] == '/');
}

/* Offset of the last slash; 0 when there is none. */
static size_t
last_slash(struct str s)
{
	size_t at = s.n;

	while (at > 0 && s.p[at - 1] != '/')
		at--;
	return at > 0 ? at - 1 : 0;
}

struct str
path_base(struct str s)
{
	return s.n > 1 ? str_slice(s, last_slash(s) + 1, s.n) : s;
}

struct str
path_dir(struct str s)
{
	size_t slash = last_slash(s);

	return slash > 0 ? str_slice(s, 0, slash) : S("/");
}
