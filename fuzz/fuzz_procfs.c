/* fuzz: core/text/procfs.c */
#include "must.h"
#include "text/procfs.h"

static unsigned char mem[64 << 10];
static char line[32 << 10];

/* The line again, from its fields: its beginning, and what stands behind the lone hyphen. */
static void
check_fields(struct str text, const struct mountinfo *m)
{
	struct buf b = BUF(line);

	buf_uint(&b, m->id);
	buf_char(&b, ' ');
	buf_uint(&b, m->parent);
	buf_char(&b, ' ');
	buf_uint(&b, m->major);
	buf_char(&b, ':');
	buf_uint(&b, m->minor);
	buf_text(&b, TEXT(" % % % ", m->root, m->target, m->options));
	MUST(!b.full && str_starts(text, buf_str(&b)));
	b = BUF(line);
	buf_text(&b, TEXT(" - % % %", m->fstype, m->source, m->super));
	MUST(!b.full && str_ends(text, buf_str(&b)));
}

static void
check_unescape(struct str s)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct str plain = mountinfo_unescape(&a, s);

	MUST(plain.p != NULL && plain.n <= s.n);
	MUST(str_find(s, '\\', 0) < s.n || str_eq(s, plain));
	MUST(str_find(s, '\0', 0) < s.n || str_find(plain, '\0', 0) == plain.n);
	a.cap = s.n;
	a.used = s.n > 0;
	MUST((mountinfo_unescape(&a, s).p == NULL) == (s.n > 0));
}

static void
check_options(struct str options)
{
	for (size_t at = 0, end; at < options.n; at = end + 1) {
		end = str_find(options, ',', at);
		MUST(mountinfo_option(options, str_slice(options, at, end)) == (end > at));
	}
}

static void
check_mountinfo(struct str text)
{
	struct str rest = text, before;
	struct mountinfo m;
	int r;

	while (before = rest, (r = mountinfo_next(&rest, &m)) > 0) {
		size_t end = str_find(before, '\n', 0);

		MUST(lies_within(m.root, before) && lies_within(m.target, before));
		MUST(lies_within(m.options, before) && lies_within(m.fstype, before));
		MUST(lies_within(m.source, before) && lies_within(m.super, before));
		MUST(rest.n == before.n - end - 1);
		check_fields(str_slice(before, 0, end), &m);
		check_unescape(m.root);
		check_unescape(m.target);
		check_options(m.options);
		check_options(m.super);
	}
	MUST(r < 0 || rest.n == 0);
}

static void
check_cgroup(struct str text)
{
	struct str own = cgroup_own(text);
	size_t at;

	if (own.p == NULL)
		return;
	MUST(lies_within(own, text) && str_find(own, '\n', 0) == own.n);
	at = (size_t)(own.p - text.p);
	MUST(at >= 3 && str_eq(str_slice(text, at - 3, at), S("0::")));
	MUST(at == 3 || text.p[at - 4] == '\n');
	MUST(text.p[at + own.n] == '\n');
}

/* Each line again, from its fields; the first one of v2 is our own group's. */
static void
check_cgroup_lines(struct str text)
{
	struct str rest = text, own = { NULL, 0 }, before;
	struct cgroup_line l;
	int r;

	while (before = rest, (r = cgroup_next(&rest, &l)) > 0) {
		struct buf b = BUF(line);

		before.n -= rest.n;
		MUST(lies_within(l.controllers, before) && lies_within(l.path, before));
		buf_uint(&b, l.hierarchy);
		buf_text(&b, TEXT(":%:%\n", l.controllers, l.path));
		MUST(str_eq(buf_str(&b), before) && l.path.p[0] == '/');
		if (own.p == NULL && l.hierarchy == 0)
			own = l.path;
	}
	MUST(r < 0 || rest.n == 0);
	MUST(cgroup_own(text).p == own.p);
}

/* The line again, from its numbers: what stands in it besides are spaces. */
static void
check_range(struct str text, const uint32_t v[3])
{
	size_t at = 0, from;

	for (size_t i = 0; i < 3; i++) {
		char digits[16];
		struct buf b = BUF(digits);
		struct str want;

		for (from = at; at < text.n && text.p[at] == ' ';)
			at++;
		MUST(i == 0 || at > from);
		buf_uint(&b, v[i]);
		want = buf_str(&b);
		MUST(str_starts(str_slice(text, at, text.n), want));
		at += want.n;
	}
	MUST(at == text.n);
}

static void
check_idmap(struct str text)
{
	struct str rest = text, before;
	uint32_t v[3];
	int r;

	while (before = rest, (r = idmap_next(&rest, v)) > 0) {
		size_t end = str_find(before, '\n', 0);

		MUST(rest.n == before.n - end - 1);
		check_range(str_slice(before, 0, end), v);
	}
	MUST(r < 0 || rest.n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };

	if (n > 16 << 10)
		return 0;
	check_mountinfo(text);
	check_unescape(text);
	check_cgroup(text);
	check_cgroup_lines(text);
	check_idmap(text);
	return 0;
}
