#include "text/procfs.h"

#include "base/num.h"
#include "text/take.h"

/* A field that is never empty. */
static int
take_field(struct str *rest, struct str *out)
{
	return take_until(rest, ' ', out) < 0 || out->n == 0 ? -1 : 0;
}

/* proc(5): optional fields, none to many, up to a lone hyphen. */
static int
skip_optional(struct str *rest)
{
	struct str field;

	do {
		if (take_field(rest, &field) < 0)
			return -1;
	} while (!str_eq(field, S("-")));
	return 0;
}

/*
 * 36 35 98:0 /root /target rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 * The source may be empty. What stands behind it is the file system's own and may hold spaces.
 */
int
mountinfo_next(struct str *rest, struct mountinfo *m)
{
	uint64_t major, minor;
	struct str line;
	int r = take_line(rest, &line);

	if (r <= 0)
		return r;
	if (take_number(&line, ' ', &m->id) < 0 || take_number(&line, ' ', &m->parent) < 0 ||
	    take_number(&line, ':', &major) < 0 || take_number(&line, ' ', &minor) < 0)
		return -1;
	if (major > UINT32_MAX || minor > UINT32_MAX)
		return -1;
	if (take_field(&line, &m->root) < 0 || take_field(&line, &m->target) < 0 ||
	    take_field(&line, &m->options) < 0 || m->target.p[0] != '/')
		return -1;
	if (skip_optional(&line) < 0 || take_field(&line, &m->fstype) < 0 ||
	    take_until(&line, ' ', &m->source) < 0)
		return -1;
	m->major = (uint32_t)major;
	m->minor = (uint32_t)minor;
	m->super = line;
	return 1;
}

bool
mountinfo_option(struct str options, struct str name)
{
	for (size_t at = 0, end; at < options.n; at = end + 1) {
		end = str_find(options, ',', at);
		if (end > at && str_eq(str_slice(options, at, end), name))
			return true;
	}
	return false;
}

bool
mountinfo_readonly(const struct mountinfo *m)
{
	return mountinfo_option(m->options, S("ro")) || mountinfo_option(m->super, S("ro"));
}

/* The byte of "\ooo" at the front, or -1; the kernel never writes NUL so. */
static int
octal_byte(struct str s)
{
	int v = 0;

	if (s.n < 4 || s.p[0] != '\\')
		return -1;
	for (size_t i = 1; i < 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return -1;
		v = v * 8 + (s.p[i] - '0');
	}
	return v > 0 && v < 256 ? v : -1;
}

struct str
mountinfo_unescape(struct arena *a, struct str s)
{
	char *p = arena_bytes(a, s.n);
	size_t n = 0;

	if (p == NULL)
		return (struct str){ NULL, 0 };
	for (size_t i = 0; i < s.n; i++) {
		int c = octal_byte(str_slice(s, i, s.n));

		p[n++] = c < 0 ? s.p[i] : (char)c;
		if (c >= 0)
			i += 3;
	}
	return (struct str){ p, n };
}

/*
 * 4:memory:/a
 * The kernel makes no group with a line end in its name, and no controller with a colon.
 */
int
cgroup_next(struct str *rest, struct cgroup_line *l)
{
	struct str line;
	int r = take_line(rest, &line);

	if (r <= 0)
		return r;
	if (take_number(&line, ':', &l->hierarchy) < 0 ||
	    take_until(&line, ':', &l->controllers) < 0 || line.n == 0 || line.p[0] != '/')
		return -1;
	l->path = line;
	/* that of v2 has none of its own */
	return l->hierarchy > 0 || l->controllers.n == 0 ? 1 : -1;
}

struct str
cgroup_own(struct str text)
{
	struct cgroup_line line;

	while (cgroup_next(&text, &line) > 0)
		if (line.hierarchy == 0)
			return line.path;
	return (struct str){ NULL, 0 };
}

/* Three numbers, each behind spaces. */
int
idmap_next(struct str *rest, uint32_t out[3])
{
	struct str line;
	uint64_t v;
	int r = take_line(rest, &line);

	if (r <= 0)
		return r;
	for (size_t i = 0; i < 3; i++) {
		size_t from = 0, end;

		while (from < line.n && line.p[from] == ' ')
			from++;
		end = str_find(line, ' ', from);
		if (num_uint(str_slice(line, from, end), &v) < 0 || v > UINT32_MAX)
			return -1;
		out[i] = (uint32_t)v;
		line = str_slice(line, end, line.n);
	}
	return line.n == 0 ? 1 : -1;
}
