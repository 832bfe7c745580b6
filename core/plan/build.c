#include "plan/build.h"

#include "base/limits.h"

#include <string.h>

/* Doubling copies at most as much again as there is; the arena never gives back. */
static void *
grown(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap == 0 ? 128 : *cap * 2;
	void *p = arena_array(a, want, size);

	if (p == NULL)
		return NULL;
	if (n > 0)
		memcpy(p, old, n * size);
	*cap = want;
	return p;
}

void
build_memory(struct build *b)
{
	err_memory(b->err);
	b->failed = true;
}

void
build_refuse(struct build *b, struct pos pos, const char *text, const struct str *arg, size_t n)
{
	err_put(b->err, FAULT_REFUSED, pos, text, arg, n);
	b->failed = true;
}

struct op *
build_op(struct build *b, enum op_kind kind)
{
	struct plan *p = b->plan;
	struct op *o = &b->no_op;

	if (!b->failed && p->n == LIMIT_OPS)
		build_refuse(b, b->pos, TEXT("the plan has more than 65536 operations"));
	if (!b->failed && p->n == p->cap) {
		struct op *more = grown(b->arena, p->op, p->n, &p->cap, sizeof(*more));

		if (more == NULL)
			build_memory(b);
		else
			p->op = more;
	}
	if (!b->failed)
		o = &p->op[p->n++];
	*o = (struct op){
		.kind = (uint8_t)kind,
		.stage = (uint8_t)b->stage,
		.a = NO_SLOT,
		.b = NO_SLOT,
		.pos = b->pos,
	};
	return o;
}

char *
build_join(struct build *b, const char *text, const struct str *arg, size_t n)
{
	char *p = b->failed ? NULL : arena_text(b->arena, text, arg, n);

	if (p == NULL)
		build_memory(b);
	return p;
}

char *
build_cstr(struct build *b, struct str s)
{
	return build_join(b, TEXT("%", s));
}

struct op *
build_text(struct build *b, enum op_kind kind, struct str text)
{
	char *p = build_cstr(b, text);
	struct op *o = build_op(b, kind);

	o->text = p;
	return o;
}

struct op *
build_op_on(struct build *b, enum op_kind kind, uint8_t slot)
{
	struct op *o = build_op(b, kind);

	o->a = slot;
	return o;
}

uint8_t
build_slot(struct build *b)
{
	uint8_t slot;

	if (b->failed)
		return NO_SLOT;
	if (b->slots != UINT64_MAX) {
		slot = (uint8_t)__builtin_ctzll(~b->slots);
		b->slots |= (uint64_t)1 << slot;
		return slot;
	}
	if (b->released == 0) {
		build_refuse(b, b->pos, TEXT("the plan holds more than 64 descriptors at once"));
		return NO_SLOT;
	}
	slot = (uint8_t)__builtin_ctzll(b->released);
	b->released &= b->released - 1;
	build_op_on(b, OP_CLOSE, slot);
	return slot;
}

void
build_release(struct build *b, uint8_t slot)
{
	if (slot < LIMIT_SLOTS)
		b->released |= (uint64_t)1 << slot;
}

struct claim *
build_claim(struct build *b, const char *name, bool needed, const char *mechanism,
    struct str detail)
{
	struct plan *p = b->plan;
	struct claim *c = &b->no_claim;

	if (!b->failed && p->nclaims == p->capclaims) {
		struct claim *more =
		    grown(b->arena, p->claim, p->nclaims, &p->capclaims, sizeof(*more));

		if (more == NULL)
			build_memory(b);
		else
			p->claim = more;
	}
	if (!b->failed)
		c = &p->claim[p->nclaims++];
	*c = (struct claim){
		.name = str_of(name),
		.mechanism = str_of(mechanism),
		.detail = detail,
		.needed = needed,
		.op = UINT32_MAX,
	};
	return c;
}

struct plan *
plan_box(struct arena *a, const struct box *box, const struct facts *facts,
    const struct payload *payload, struct err *err)
{
	struct plan *p = arena_get(a, sizeof(*p));
	struct build b = {
		.plan = p,
		.arena = a,
		.box = box,
		.facts = facts,
		.err = err,
		.root = NO_SLOT,
		.run = NO_SLOT,
		.dev = NO_SLOT,
		.group = payload->group,
		.leaf = NO_SLOT,
	};

	if (p == NULL) {
		err_memory(err);
		return NULL;
	}
	p->arena = a;
	p->parts = payload->group != NULL ? payload->group->parts : NULL;
	build_namespaces(&b);
	build_view(&b);
	build_privilege(&b);
	build_exec(&b, payload);
	if (b.failed || plan_lint(p, err) < 0)
		return NULL;
	return p;
}
