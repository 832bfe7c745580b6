#include "spec/policy.h"

struct policy *
policy_new(struct arena *a)
{
	struct policy *p = arena_get(a, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->fallback = p->foreign = (uint32_t)RET_KILL_PROCESS;
	p->archs = (uint32_t)1 << arch_native();
	p->last = &p->first;
	p->notes.last = &p->notes.first;
	return p;
}

struct rule *
policy_add(struct arena *a, struct policy *p)
{
	struct rule *r = arena_get(a, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->archs = p->archs;
	r->index = p->nrules++;
	*p->last = r;
	p->last = &r->next;
	return r;
}

int
policy_note(struct arena *a, struct policy *p, enum severity severity, struct str id,
    struct pos pos, const char *text, const struct str *arg, size_t n)
{
	struct note *note = arena_get(a, sizeof(*note));
	struct str joined = arena_join(a, text, arg, n);

	if (note == NULL || joined.p == NULL)
		return -1;
	*note = (struct note){ severity, id, pos, joined, NULL };
	*p->notes.last = note;
	p->notes.last = &note->next;
	p->notes.n[severity]++;
	return 0;
}
