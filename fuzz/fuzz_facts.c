/* fuzz: core/plan/facts.c core/plan/groupfacts.c */
#include <string.h>

#include "plan/facts.h"
#include "plan/group.h"
#include "spec.h"

enum { INPUT_MAX = 1 << 14, MEMORY = 8 << 20 };

static unsigned char mem[MEMORY], mem_again[MEMORY];
static char once[8 * INPUT_MAX], twice[8 * INPUT_MAX];

static bool
ranges_eq(const struct idrange *a, size_t na, const struct idrange *b, size_t nb)
{
	return na == nb && memcmp(a, b, na * sizeof(*a)) == 0;
}

static bool
list_eq(const struct strlist *a, const struct strlist *b)
{
	const struct strnode *x = a->first, *y = b->first;

	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (!str_eq(x->s, y->s))
			return false;
	return x == y && a->n == b->n;
}

static bool
facts_eq(const struct facts *a, const struct facts *b)
{
	return list_eq(&a->procs, &b->procs) && list_eq(&a->sysfs, &b->sysfs) && a->uid == b->uid &&
	       a->gid == b->gid && a->kernel == b->kernel && a->lacks == b->lacks &&
	       a->admin == b->admin && a->clone3 == b->clone3 && a->seccomp == b->seccomp &&
	       a->proc == b->proc && a->proc_covered == b->proc_covered &&
	       a->sys_readonly == b->sys_readonly && a->root_mount == b->root_mount &&
	       a->root_initramfs == b->root_initramfs &&
	       ranges_eq(a->uids, a->nuids, b->uids, b->nuids) &&
	       ranges_eq(a->gids, a->ngids, b->gids, b->ngids) && str_eq(a->resolv, b->resolv) &&
	       str_eq(a->cgroup, b->cgroup) && str_eq(a->cwd, b->cwd);
}

static void
check_path(struct str path)
{
	MUST(path.n == 0 || path.p[0] == '/');
	MUST(str_find(path, '\0', 0) == path.n);
}

/* A text that is not there is not an empty one. */
static bool
text_eq(struct str a, struct str b)
{
	return str_eq(a, b) && (a.p == NULL) == (b.p == NULL);
}

static bool
dir_eq(const struct cgdir *a, const struct cgdir *b)
{
	return str_eq(a->path, b->path) && str_eq(a->controllers, b->controllers) &&
	       text_eq(a->subtree, b->subtree) && text_eq(a->type, b->type) &&
	       text_eq(a->procs, b->procs) && a->writable == b->writable &&
	       a->delegated == b->delegated && a->top == b->top;
}

static bool
groups_eq(const struct cgfacts *a, const struct cgfacts *b)
{
	bool same = a->nabove == b->nabove;

	for (size_t i = 0; same && i < a->nabove; i++)
		same = dir_eq(&a->above[i], &b->above[i]);
	return same && str_eq(a->mount, b->mount) && a->readonly == b->readonly &&
	       a->outside == b->outside && dir_eq(&a->base, &b->base) &&
	       text_eq(a->base.controllers, b->base.controllers) && a->chosen == b->chosen &&
	       text_eq(a->proc_cgroups, b->proc_cgroups) && text_eq(a->v1, b->v1) &&
	       a->self == b->self && a->systemd == b->systemd && a->bpf == b->bpf &&
	       a->page == b->page;
}

/* Reads it in the second arena, with what is known of groups. */
static int
read_again(struct str text, size_t room, struct facts *f, struct cgfacts *groups, struct err *e)
{
	const struct args_part more = { &cgfacts_table, groups };
	static struct arena a;

	a = (struct arena){ mem_again, 0, room };
	*groups = (struct cgfacts){ 0 };
	*e = (struct err){ 0 };
	return facts_read(&a, S("f"), text, f, &more, e);
}

static void
put(struct buf *b, const struct facts *f, const struct cgfacts *groups)
{
	facts_put(b, f);
	cgfacts_put(b, groups);
	MUST(!b->full);
}

static void
check_paths(const struct facts *f, const struct cgfacts *groups)
{
	MUST(f->uid <= UINT32_MAX && f->gid <= UINT32_MAX && f->lacks <= 0xff);
	MUST(f->nuids <= FACTS_RANGES && f->ngids <= FACTS_RANGES && groups->nabove <= CG_ABOVE);
	check_path(f->resolv);
	check_path(f->cgroup);
	check_path(f->cwd);
	check_path(groups->mount);
	check_path(groups->base.path);
	for (const struct strnode *n = f->procs.first; n != NULL; n = n->next)
		check_path(n->s);
	for (const struct strnode *n = f->sysfs.first; n != NULL; n = n->next)
		check_path(n->s);
	for (size_t i = 0; i < groups->nabove; i++)
		MUST(groups->above[i].path.n > 0 && groups->above[i].path.p[0] == '/');
}

/* A program that knows no groups reads the same, or is told of the first fact that it does not
 * know. */
static void
check_less(const struct facts *f, const struct cgfacts *groups, struct str text)
{
	struct arena a = { mem_again, 0, sizeof(mem_again) };
	struct err e = { 0 };
	struct facts again;
	int r = facts_read(&a, S("f"), text, &again, NULL, &e);

	MUST((r == 0) == (groups->seen.bits == 0));
	MUST(r == 0 ? facts_eq(f, &again)
		    : str_starts((struct str){ e.msg, e.nmsg }, S("unknown fact \"cg_")));
}

static void
check_facts(const struct facts *f, const struct cgfacts *groups, struct str text, size_t used)
{
	struct buf b = BUF(once), b2 = BUF(twice);
	struct cgfacts groups_again;
	struct facts again;
	struct err e;

	check_paths(f, groups);
	put(&b, f, groups);
	MUST(read_again(buf_str(&b), sizeof(mem_again), &again, &groups_again, &e) == 0);
	MUST(e.fault == FAULT_NONE && facts_eq(f, &again) && groups_eq(groups, &groups_again));
	put(&b2, &again, &groups_again);
	MUST(str_eq(buf_str(&b), buf_str(&b2)));
	check_less(f, groups, text);
	for (size_t room = used; used > 0 && room > 0; room = room * 3 / 4) {
		MUST(read_again(text, room - 1, &again, &groups_again, &e) < 0);
		MUST(e.fault == FAULT_LIMIT);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct str text = { (const char *)data, n };
	struct cgfacts groups = { 0 };
	const struct args_part more = { &cgfacts_table, &groups };
	struct err e = { 0 };
	struct facts f;
	int r;

	if (n > INPUT_MAX)
		return 0;
	r = facts_read(&a, S("f"), text, &f, &more, &e);
	MUST((r < 0) == (e.fault != FAULT_NONE));
	if (r == 0) {
		check_facts(&f, &groups, text, a.used);
		return 0;
	}
	spec_fault(text, &e);
	MUST(e.fault == FAULT_CONFIG && e.pos.line > 0 && str_eq(e.file, S("f")));
	return 0;
}
