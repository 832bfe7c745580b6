/* What advice about control groups takes besides: other hierarchies, rights, the command line. */
#include "run/place.h"

#include "base/num.h"
#include "run/group.h"
#include "run/io.h"
#include "run/probe.h"
#include "sys/sys.h"
#include "text/procfs.h"

#include <errno.h>
#include <unistd.h>

enum { FILE_TEXT = 4096, COMMAND_TEXT = 1024 };

/* What cannot be read stays p NULL; -1 when the arena is exhausted. */
static int
file(struct arena *a, const char *path, struct str *out)
{
	return io_read(a, path, FILE_TEXT, out) == -ENOMEM ? -1 : 0;
}

/* "memory /sys/fs/cgroup/memory": each controller that /proc/cgroups has, and the hierarchies
 * that say so among their options. */
static int
v1(struct arena *a, struct str mounts, struct cgfacts *c)
{
	struct mountinfo m;

	while (mountinfo_next(&mounts, &m) > 0) {
		struct str list = c->proc_cgroups, at;
		struct cgcontroller k;

		if (!str_eq(m.fstype, S("cgroup")))
			continue;
		at = mountinfo_unescape(a, m.target);
		while (at.p != NULL && cgfile_controller(&list, &k) > 0) {
			if (!mountinfo_option(m.super, k.name))
				continue;
			c->v1 = arena_join(a, TEXT("%% %\n", c->v1, k.name, at));
			if (c->v1.p == NULL)
				return -1;
		}
		if (at.p == NULL)
			return -1;
	}
	return 0;
}

/* bpf(2), in the kernel's words bpf_prog_load(): in the first user namespace alone. A kernel
 * without it, or a filter, an attempt tells. */
static bool
bpf(void)
{
	const uint64_t admin = (uint64_t)1 << K_CAP_SYS_ADMIN;
	const uint64_t less = (uint64_t)1 << K_CAP_BPF | (uint64_t)1 << K_CAP_NET_ADMIN;
	uint64_t caps = 0;

	return probe_first_user() && sys_capget(&caps) == 0 &&
	       ((caps & admin) != 0 || (caps & less) == less);
}

/* "0-3,5" */
static uint32_t
count_list(struct str list)
{
	uint64_t n = 0;

	while (list.n > 0) {
		struct str part = str_slice(list, 0, str_find(list, ',', 0));
		uint64_t from, to;

		if (num_range(part, &from, &to) < 0)
			return 0;
		n += to - from + 1;
		list = str_slice(list, part.n + 1, list.n);
	}
	return n > UINT32_MAX ? 0 : (uint32_t)n;
}

/* Does a shell take it as it stands? */
static bool
plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       str_find(S("%+,-./:=@_"), c, 0) < 10;
}

static void
put_word(struct buf *b, struct str word)
{
	bool bare = word.n > 0;

	for (size_t i = 0; i < word.n; i++)
		bare = bare && plain(word.p[i]);
	buf_cstr(b, bare ? "" : "'");
	for (size_t i = 0; i < word.n; i++)
		buf_put(b, word.p[i] == '\'' ? S("'\\''") : str_slice(word, i, i + 1));
	buf_cstr(b, bare ? "" : "'");
}

/* A long one is no advice, and a part of it were wrong. */
static int
command(struct arena *a, struct str *out)
{
	struct str text;
	int r = io_read(a, "/proc/self/cmdline", COMMAND_TEXT, &text);
	struct buf b = { NULL, 0, 0, false };

	if (r == -ENOMEM)
		return -1;
	if (r < 0)
		return 0;
	/* each byte can become four, and each word gets three */
	b.cap = 7 * text.n;
	b.p = arena_bytes(a, b.cap + 1);
	if (b.p == NULL)
		return -1;
	while (text.n > 0) {
		struct str word = str_slice(text, 0, str_find(text, '\0', 0));

		buf_cstr(&b, b.n > 0 ? " " : "");
		put_word(&b, word);
		text = str_slice(text, word.n + 1, text.n);
	}
	*out = buf_str(&b);
	return 0;
}

int
place_machine(struct arena *a, struct str mounts, struct cgfacts *c, struct err *err)
{
	struct str cpus = { NULL, 0 };

	if (file(a, "/proc/cgroups", &c->proc_cgroups) < 0 || v1(a, mounts, c) < 0 ||
	    file(a, "/sys/devices/system/cpu/online", &cpus) < 0 || command(a, &c->command) < 0)
		return err_memory(err);
	c->cpus = count_list(str_slice(cpus, 0, str_find(cpus, '\n', 0)));
	c->systemd = sys_access("/run/systemd/system", F_OK) == 0;
	c->self = (uint64_t)sys_getpid();
	c->caller = (uint64_t)sys_getppid();
	c->uid = (uint64_t)sys_geteuid();
	c->page = sys_page();
	c->bpf = bpf();
	return 0;
}
