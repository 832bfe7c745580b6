/* The control group that we move to ourselves where the one above the box's has to be without
 * processes (Documentation/admin-guide/cgroup-v2.rst, "No Internal Process Constraint"). */
#include "run/steps.h"

#include "run/end.h"
#include "run/group.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

enum { LOCK_TRIES = 100, ENABLE_ROOM = 256, NAME_MORE = 8 };

/* Of the group that we move to; it can only be the run's own, as long as that has a name. */
static void
self_name(const struct process *p, char name[sizeof(p->leaf) + NAME_MORE])
{
	struct buf b = { .cap = sizeof(p->leaf) + NAME_MORE };

	b.p = name;
	buf_text(&b, TEXT("%.self", str_of(p->leaf)));
	buf_char(&b, '\0');
}

/* ---- ending ---------------------------------------------------------------------------------- */

/* "+memory +pids" was written for us alone. What is not enabled is disabled for nothing. */
static int
disable(const struct process *p)
{
	struct str base = { NULL, 0 };
	int r = 0;

	for (size_t i = 0; i < p->plan->n && r == 0; i++) {
		const struct op *o = &p->plan->op[i];
		char text[ENABLE_ROOM];
		struct buf b = BUF(text);

		if (o->kind == OP_SELF)
			base = str_of(o->text);
		if (o->kind != OP_ENABLE || base.n == 0 || !str_eq(base, str_of(o->text)))
			continue;
		for (const char *c = o->text2; *c != '\0'; c++)
			buf_char(&b, *c == '+' ? '-' : *c);
		buf_char(&b, '\0');
		r = io_put_at(p->leaf_parent, "cgroup.subtree_control", text);
	}
	return r;
}

/* Is ours the only group in there? 1, 0 or -errno. */
static int
alone(int dir, const char *name)
{
	struct group_list l = { .fd = group_open(dir, ".") };
	const char *entry;
	bool other = false;
	int r = l.fd;

	while (r >= 0 && (r = group_next(&l, &entry)) > 0)
		other = other || !str_eq(str_of(entry), str_of(name));
	process_close(&l.fd);
	return r < 0 ? r : !other;
}

/* Taken while a group with limits is made, and while controllers are disabled: a limit of another
 * box that lost its controller would be lost without a word. A lock that is held for longer than
 * either takes is somebody else's. */
int
self_lock(const char *dir)
{
	int fd = sys_open(dir, O_RDONLY | O_DIRECTORY), r = fd < 0 ? fd : sys_lock(fd);

	for (int i = 0; fd >= 0 && r == -EAGAIN && i < LOCK_TRIES; i++) {
		(void)sys_poll(NULL, 0, 1);
		r = sys_lock(fd);
	}
	if (fd >= 0 && r < 0)
		sys_close(fd);
	return r < 0 ? r : fd;
}

/* The guard may be gone by now. */
static int
back(const struct process *p, const char *name)
{
	int r = alone(p->leaf_parent, name);

	if (r <= 0)
		return r;
	r = disable(p);
	if (r == 0 && p->guard > 0)
		r = leaf_join(p->leaf_parent, p->guard);
	if (r == 0 || r == -ESRCH)
		r = leaf_join(p->leaf_parent, 0);
	return r < 0 ? r : group_remove(p->leaf_parent, name, false);
}

/* Back to where we were, all of us that are left; and once more when something was in the way that
 * is not somebody else's lock. A group that has others in it by now keeps its controllers, and so
 * cannot take us back: our own stays, empty once we are gone. */
void
self_end(struct process *p)
{
	char name[sizeof(p->leaf) + NAME_MORE];
	int r = -EINTR;

	self_name(p, name);
	for (int i = 0; i < 2 && r < 0 && r != -EAGAIN; i++) {
		int held = self_lock(p->base);

		r = held < 0 ? held : back(p, name);
		process_close(&held);
	}
	process_close(&p->self);
}

/* ---- making ---------------------------------------------------------------------------------- */

int
self_make(struct process *p, const char *base)
{
	char name[sizeof(p->leaf) + NAME_MORE];
	int r;

	p->base = base;
	r = leaf_begin(p, base);
	if (r < 0)
		return r;
	self_name(p, name);
	p->self = leaf_group(p->leaf_parent, name);
	/* of another PID namespace, and of the same microsecond */
	if (p->self == -EEXIST) {
		p->base = NULL;
		leaf_dismiss(p);
	}
	r = p->self < 0 ? p->self : leaf_join(p->self, p->guard);
	return r < 0 ? r : leaf_join(p->self, 0);
}
