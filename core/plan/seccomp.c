/* What the payload may ask of the kernel: the last operation before the exec. */
#include "plan/build.h"
#include "plan/confine.h"

/* There is one to be had, and it was not denied. */
bool
build_filtered(const struct build *b)
{
	return b->box->seccomp.kind > SECCOMP_NONE && b->facts->seccomp;
}

static void
apply(struct build *b, const struct confine *c)
{
	char text[24];
	struct buf n = BUF(text);
	struct op *o;

	if (c == NULL || c->filter.n == 0) {
		build_refuse(b, b->pos, TEXT("no filter was made of the policy"));
		return;
	}
	o = build_text(b, OP_SECCOMP, c->name);
	o->filter = &c->filter;
	o->num = c->flags;
	buf_uint(&n, c->filter.n);
	build_claim(b, S("seccomp"), box_seccomp_needed(b->box), S("seccomp filter"),
	    str_of(build_join(b, TEXT("%, % instructions", c->name, buf_str(&n)))));
}

void
build_seccomp(struct build *b, const struct payload *p)
{
	const struct seccomp *s = &b->box->seccomp;

	b->pos = s->pos;
	if (build_filtered(b)) {
		apply(b, p->filter);
	} else if (s->kind <= SECCOMP_NONE) {
		if (b->box->level != LEVEL_UNSET)
			build_claim(b, S("seccomp"), false, S("none"),
			    S("no filter: every system call can be made"))
			    ->state = CLAIM_NOT_ASKED;
	} else if (box_seccomp_needed(b->box)) {
		build_refuse(b, b->pos,
		    TEXT("this kernel takes no seccomp filters, or an outer filter refuses them; "
			 "\"degrade\": [\"seccomp\"] accepts a box without one"));
	} else {
		build_claim(b, S("seccomp"), false, S("seccomp filter"),
		    S("this kernel takes no filters, or an outer filter refuses them"))
		    ->state = CLAIM_DROPPED;
	}
	b->pos = POS_NONE;
}
