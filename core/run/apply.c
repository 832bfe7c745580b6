/* What is written to control groups: controllers enabled, limits set and read back, a device
 * program attached; and the groups that stay, which are made so. */
#include "run/group.h"

#include "run/end.h"
#include "run/io.h"
#include "run/steps.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

int
group_enable(const char *dir, const char *text)
{
	int fd = sys_open(dir, O_PATH | O_DIRECTORY);
	int r = fd < 0 ? fd : io_put_at(fd, "cgroup.subtree_control", text);

	if (fd >= 0)
		sys_close(fd);
	return r;
}

/* The line that has the value: of files that have one for each device, that of this one. Where none
 * has, the first. */
static struct str
line_of(struct str read, struct str wrote, uint64_t page, bool *took)
{
	struct str first = str_slice(read, 0, str_find(read, '\n', 0));

	*took = true;
	for (struct str rest = read; rest.n > 0;) {
		struct str line = str_slice(rest, 0, str_find(rest, '\n', 0));

		if (cgfile_took(wrote, line, page))
			return line;
		rest = str_slice(rest, line.n + 1, rest.n);
	}
	*took = false;
	return first;
}

int
group_limit(int group, const char *file, const char *value, uint64_t page, char *took)
{
	char text[4096];
	struct buf b = { .cap = TOOK_ROOM };
	struct str line;
	bool good;
	long n;
	int r = io_put_at(group, file, value), fd;

	if (r < 0)
		return r;
	fd = sys_open_at(group, file, O_RDONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	if (fd < 0)
		return fd;
	do
		n = sys_read(fd, text, sizeof(text));
	while (n == -EINTR);
	sys_close(fd);
	if (n < 0)
		return (int)n;
	line = line_of((struct str){ text, (size_t)n }, str_of(value), page, &good);
	b.p = took;
	if (took != NULL) {
		buf_put(&b, str_slice(line, 0, TOOK_ROOM - 1));
		buf_char(&b, '\0');
	}
	return good ? 0 : -ERANGE;
}

int
group_devices(int group, const struct ebpf *e)
{
	int fd = sys_bpf_devices(e->insn, e->n);
	int r = fd < 0 ? fd : sys_bpf_attach(fd, group);
	struct buf b = { e->took, 0, EBPF_TOOK, false };

	/* the group holds it from here on */
	if (fd >= 0)
		sys_close(fd);
	if (r >= 0 && e->took != NULL) {
		buf_cstr(&b, "attached");
		buf_char(&b, '\0');
	}
	return r;
}

/* ---- as operations of a box ------------------------------------------------------------------ */

/* What a wish of ours may meet: no such file, not allowed to, not on this kernel; one without
 * CONFIG_CGROUP_BPF knows no such kind of program. */
static int
wish(const struct op *o, int r)
{
	bool missing = r == -ENOENT || r == -EACCES || r == -EPERM || r == -EOPNOTSUPP ||
		       (o->kind == OP_DEVICES && (r == -EINVAL || r == -ENOSYS));

	return (o->flags & FLAG_MAY) != 0 && missing ? 0 : r;
}

static int
rlimit(const struct op *o)
{
	static const struct {
		char name[7];
		uint8_t resource;
	} limits[] = { { "AS", K_RLIMIT_AS }, { "CPU", K_RLIMIT_CPU },
		{ "NPROC", K_RLIMIT_NPROC } };

	for (size_t i = 0; i < COUNT(limits); i++)
		if (str_eq(str_of(limits[i].name), str_of(o->text)))
			return sys_rlimit(limits[i].resource, o->num);
	return -EINVAL;
}

/* Where a controller may be taken away while we count on it. */
static int
leaf(struct process *p, const struct op *o)
{
	int held = self_lock(o->text), r = leaf_make(p, o);

	process_close(&held);
	return r;
}

static int
step(struct process *p, const struct op *o)
{
	int group = p->slot[o->a % LIMIT_SLOTS];

	switch ((int)o->kind) {
	case OP_SELF:
		return self_make(p, o->text);
	case OP_ENABLE:
		return group_enable(o->text, o->text2);
	case OP_LEAF:
		return leaf(p, o);
	case OP_LIMIT:
		return wish(o, group_limit(group, o->text, o->text2, o->num, o->took));
	case OP_DEVICES:
		return wish(o, group_devices(group, o->devices));
	case OP_RLIMIT:
		return rlimit(o);
	default:
		return -ENOSYS;
	}
}

void
group_attach(struct supervise *s)
{
	static const struct steps steps = { step, self_end };

	s->steps = &steps;
}

/* ---- groups that stay ------------------------------------------------------------------------ */

static int
make_named(const struct op *o, int *parent, int *group)
{
	int r;

	*parent = sys_open(o->text, O_PATH | O_DIRECTORY);
	r = *parent < 0 ? *parent : sys_mkdir_at(*parent, o->text2, 0755);
	if (r < 0)
		return r;
	*group = group_open(*parent, o->text2);
	return *group < 0 ? *group : 1;
}

/* 1: it has made the group. */
static int
apply(const struct op *o, int *parent, int *group)
{
	switch ((int)o->kind) {
	case OP_OPEN:
		*group = sys_open(o->text, O_RDONLY | O_DIRECTORY);
		return *group < 0 ? *group : 0;
	case OP_ENABLE:
		return group_enable(o->text, o->text2);
	case OP_LEAF:
		return make_named(o, parent, group);
	case OP_LIMIT:
		return wish(o, group_limit(*group, o->text, o->text2, o->num, o->took));
	case OP_DEVICES:
		return wish(o, group_devices(*group, o->devices));
	default:
		return -ENOSYS;
	}
}

static void
fault_of(const struct op *o, int sysno, struct err *err)
{
	char text[256];
	struct buf b = BUF(text);

	op_fault(&b, o);
	err_system(err, sysno, "%", buf_str(&b));
	err->pos = o->pos;
	group_hint(o, sysno, err);
}

int
group_apply(const struct group *g, struct err *err)
{
	int parent = -1, group = -1, r = 0;
	const char *made = NULL;
	size_t i = 0;

	for (; i < g->nhost; i++) {
		const struct op *o = &g->host[i];

		r = apply(o, &parent, &group);
		/* whether it could be opened or not */
		if (o->kind == OP_LEAF && (r == 1 || group != -1))
			made = o->text2;
		if (r < 0)
			break;
	}
	if (r < 0)
		fault_of(&g->host[i], -r, err);
	if (r < 0 && made != NULL)
		(void)!group_remove(parent, made, false);
	process_close(&parent);
	process_close(&group);
	return r < 0 ? -1 : 0;
}
