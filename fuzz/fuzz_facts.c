/* fuzz: core/plan/facts.c */
#include <string.h>

#include "plan/facts.h"
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

static void
check_facts(const struct facts *f, struct str text, size_t used)
{
	struct arena a = { mem_again, 0, sizeof(mem_again) };
	struct buf b = BUF(once), b2 = BUF(twice);
	struct err e = { 0 };
	struct facts again;

	MUST(f->uid <= UINT32_MAX && f->gid <= UINT32_MAX && f->lacks <= 0xff);
	MUST(f->nuids <= FACTS_RANGES && f->ngids <= FACTS_RANGES);
	check_path(f->resolv);
	check_path(f->cgroup);
	check_path(f->cwd);
	for (const struct strnode *n = f->procs.first; n != NULL; n = n->next)
		check_path(n->s);
	for (const struct strnode *n = f->sysfs.first; n != NULL; n = n->next)
		check_path(n->s);
	facts_put(&b, f);
	MUST(!b.full);
	MUST(facts_read(&a, S("f"), buf_str(&b), &again, &e) == 0 && e.fault == FAULT_NONE);
	MUST(facts_eq(f, &again));
	facts_put(&b2, &again);
	MUST(str_eq(buf_str(&b), buf_str(&b2)));
	for (size_t room = used; used > 0 && room > 0; room = room * 3 / 4) {
		a = (struct arena){ mem_again, 0, room - 1 };
		e = (struct err){ 0 };
		MUST(facts_read(&a, S("f"), text, &again, &e) < 0 && e.fault == FAULT_LIMIT);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct str text = { (const char *)data, n };
	struct err e = { 0 };
	struct facts f;
	int r;

	if (n > INPUT_MAX)
		return 0;
	r = facts_read(&a, S("f"), text, &f, &e);
	MUST((r < 0) == (e.fault != FAULT_NONE));
	if (r == 0) {
		check_facts(&f, text, a.used);
		return 0;
	}
	spec_fault(text, &e);
	MUST(e.fault == FAULT_CONFIG && e.pos.line > 0 && str_eq(e.file, S("f")));
	return 0;
}
