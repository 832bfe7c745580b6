/* fuzz: core/base/path.c */
#include "base/limits.h"
#include "base/path.h"
#include "must.h"

static unsigned char mem[32 << 10];

/* Clean by another way of counting: no part is empty, "." or "..". */
static bool
clean(struct str s)
{
	size_t end;

	if (str_eq(s, S("/")))
		return true;
	if (s.n == 0 || s.p[0] != '/')
		return false;
	for (size_t i = 1; i <= s.n; i = end + 1) {
		struct str part;

		end = str_find(s, '/', i);
		part = str_slice(s, i, end);
		if (part.n == 0 || str_eq(part, S(".")) || str_eq(part, S("..")))
			return false;
	}
	return true;
}

/* Is top among the folders that hold path? */
static bool
climbs_to(struct str path, struct str top)
{
	while (!str_eq(path, top)) {
		if (str_eq(path, S("/")))
			return false;
		path = path_dir(path);
	}
	return true;
}

static void
check_parts(struct arena *a, struct str path)
{
	struct str dir = path_dir(path), base = path_base(path);
	struct str between = str_eq(dir, S("/")) ? S("") : S("/");

	MUST(clean(dir) && path_below(path, dir) && path_below(path, path));
	if (str_eq(path, S("/")))
		MUST(str_eq(base, path) && str_eq(dir, path));
	else
		MUST(str_eq(arena_join(a, TEXT("%%%", dir, between, base)), path));
}

/* The clean form of an acceptable path; p is NULL for another. */
static struct str
check_path(struct arena *a, struct str text)
{
	enum path_fault fault = path_check(text);
	struct str s, again;

	MUST(path_fault_text(fault).n > 0);
	if (fault != PATH_OK)
		return (struct str){ NULL, 0 };
	s = path_clean(a, text);
	MUST(s.p != NULL && s.n <= text.n && clean(s));
	MUST(path_check(s) == PATH_OK);
	again = path_clean(a, s);
	MUST(str_eq(s, again));
	check_parts(a, s);
	return s;
}

/* Two paths, parted by a line end. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct str text = { (const char *)data, n }, path, top;
	size_t half = str_find(text, '\n', 0);

	path = check_path(&a, str_slice(text, 0, half));
	top = check_path(&a, str_slice(text, half + 1, n));
	if (path.p != NULL && top.p != NULL)
		MUST(path_below(path, top) == climbs_to(path, top));
	return 0;
}
