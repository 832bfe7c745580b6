/* fuzz: core/run/place.c core/run/machine.c */
/* Where control groups are, over a kernel that says anything in its texts. */
#include <errno.h>
#include <string.h>

#include "base/path.h"
#include "fake.h"
#include "must.h"
#include "run/group.h"

enum { TEXTS = 8, TEXT_ROOM = 2048, MEMORY = 1 << 17, SPLIT = '\xff', NUL = 1 };

static const char *const path[TEXTS] = {
	"/proc/self/mountinfo",
	"/proc/self/cgroup",
	"/proc/cgroups",
	"/sys/devices/system/cpu/online",
	"/proc/self/cmdline",
	"/cg/cgroup.controllers",
	"/cg/a/cgroup.procs",
	"the word of --parent",
};
static char text[TEXTS][TEXT_ROOM];
static struct fake_file files[TEXTS];
static _Alignas(16) unsigned char mem[2][MEMORY];

/* The texts, one behind the other. */
static void
split(const uint8_t *p, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < TEXTS; i++) {
		size_t k = 0;

		for (; at < n && p[at] != (uint8_t)SPLIT; at++)
			if (p[at] != '\0' && k + 1 < TEXT_ROOM)
				text[i][k++] = (char)p[at];
		at++;
		text[i][k] = '\0';
	}
}

static void
machine(uint8_t flags)
{
	fake_reset();
	for (size_t i = 0; i < TEXTS - 1; i++) {
		files[i] = (struct fake_file){ path[i], text[i], 0 };
		if (text[i][0] == '!')
			files[i].error = text[i][1] == '!' ? EACCES : ENOENT;
	}
	files[TEXTS - 1] = (struct fake_file){ NULL, NULL, 0 };
	fake.file = files;
	fake.nul = NUL;
	fake.cgroup = "/cg";
	fake.cgroup_top = (flags & 1) != 0;
	fake.controllers = "cpu memory";
	fake.delegated = (flags & 2) != 0 ? "/cg/a" : NULL;
	fake_group("/cg/a", 0);
	fake_group("/cg/a/b", 0);
}

static void
check_dir(const struct cgfacts *f, const struct cgdir *d)
{
	MUST(path_check(d->path) == PATH_OK && path_below(d->path, f->mount));
	MUST(d->controllers.p != NULL || d->controllers.n == 0);
	/* what can be written to is there */
	MUST(!d->writable || path_below(d->path, S("/cg")) || path_below(d->path, S("/proc")));
}

static void
check_groups(const struct cgfacts *f)
{
	struct str at = f->base.path;

	MUST(f->nabove <= CG_ABOVE);
	MUST(!f->outside || (at.p == NULL && !f->chosen));
	MUST(!f->chosen || (text[TEXTS - 1][0] != '\0' && at.p != NULL));
	MUST(f->mount.n > 0 || (at.p == NULL && !f->readonly && !f->outside));
	if (at.p == NULL)
		return;
	check_dir(f, &f->base);
	for (size_t i = 0; i < f->nabove; i++) {
		at = path_dir(at);
		MUST(str_eq(at, f->above[i].path));
		check_dir(f, &f->above[i]);
	}
	MUST(f->nabove == CG_ABOVE || str_eq(at, f->mount));
}

/* "name /path", a line each. */
static void
check_v1(struct str rest)
{
	while (rest.n > 0) {
		size_t end = str_find(rest, '\n', 0), space = str_find(rest, ' ', 0);

		MUST(end < rest.n && space > 0 && space < end);
		rest = str_slice(rest, end + 1, rest.n);
	}
}

/* A shell that knows nothing but what is put between single quotes, or behind a backslash. */
static size_t
unquote(struct str s, size_t *at, char *to)
{
	size_t n = 0;
	bool in = false;

	for (; *at < s.n && (in || s.p[*at] != ' '); ++*at) {
		char c = s.p[*at];

		if (c == '\'')
			in = !in;
		else if (c == '\\' && !in)
			to[n++] = s.p[++*at];
		else
			to[n++] = c;
		MUST(in || c == '\'' || c == '\\' || strchr("$`\"&|;<>()*?[]~#\n\t", c) == NULL ||
		     (*at > 0 && s.p[*at - 1] == '\\'));
	}
	MUST(!in);
	++*at;
	return n;
}

static void
check_command(struct str got)
{
	const char *word = text[4];
	size_t n = strlen(word), at = 0, k = 0;

	if (got.p == NULL || n == 0)
		return;
	while (k < n) {
		char back[TEXT_ROOM];
		size_t len = strcspn(word + k, "\001"), have = unquote(got, &at, back);

		MUST(have == len && memcmp(back, word + k, len) == 0);
		k += len + 1;
	}
	MUST(at == got.n + 1);
}

static int
look(unsigned char *memory, size_t size, struct cgfacts *f, struct err *e)
{
	struct arena a = { memory, 0, size };
	struct limits none = { .io = NULL };
	unsigned before = fake_open_fds();
	int r;

	*e = (struct err){ 0 };
	r = place_facts(&a, str_of(text[TEXTS - 1]), &none, f, e);
	MUST(r == 0 || r == -1);
	MUST((r == -1) == (e->fault != FAULT_NONE));
	MUST(fake_open_fds() == before && fake.wrong == NULL);
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct cgfacts f, again;
	struct err e, less;
	size_t room;

	if (n < 3)
		return 0;
	split(p + 3, n - 3);
	machine(p[0]);
	room = p[1] | (size_t)p[2] << 8;
	if (look(mem[0], MEMORY, &f, &e) < 0)
		return 0;
	check_groups(&f);
	check_v1(f.v1);
	check_command(f.command);
	/* with less memory the same, or none */
	machine(p[0]);
	if (look(mem[1], room, &again, &less) == 0)
		MUST(str_eq(f.base.path, again.base.path) && str_eq(f.mount, again.mount) &&
		     str_eq(f.v1, again.v1) && str_eq(f.command, again.command) &&
		     f.readonly == again.readonly && f.outside == again.outside &&
		     f.nabove == again.nabove && f.base.writable == again.base.writable);
	else
		MUST(less.fault == FAULT_LIMIT || less.sysno == ENOMEM);
	return 0;
}
