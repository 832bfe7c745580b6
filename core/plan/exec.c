#include "base/num.h"
#include "plan/build.h"
#include "plan/confine.h"
#include "spec/environ.h"

struct env {
	char **at;
	size_t n;
};

static void
env_drop(struct env *e, struct str name)
{
	size_t kept = 0;

	for (size_t i = 0; i < e->n; i++)
		if (!env_names(e->at[i], name))
			e->at[kept++] = e->at[i];
	e->n = kept;
}

/* A later rule of the same name wins. */
static void
env_apply(struct build *b, struct env *e, const struct env_rule *r, char *const *caller)
{
	for (; r != NULL && !b->failed; r = r->next) {
		/* that one's descriptor is not the payload's; a literal one is the user's own
		 * affair */
		bool ours = str_eq(r->name, S("SBX_REPORT_FD"));
		const char *host = r->literal || ours ? NULL : env_value(caller, r->name);
		struct str value = r->literal ? r->value : str_of(host);

		env_drop(e, r->name);
		if (!r->literal && host == NULL)
			continue;
		e->at[e->n++] = build_join(b, TEXT("%=%", r->name, value));
	}
}

static size_t
count_rules(const struct env_rule *r)
{
	size_t n = 0;

	for (; r != NULL; r = r->next)
		n++;
	return n;
}

static char *const *
environment(struct build *b, const struct payload *p)
{
	struct env e = { 0 };
	size_t base = 0;

	while (p->envp[base] != NULL)
		base++;
	e.at = arena_array(b->arena, base + count_rules(b->box->env) + 1, sizeof(*e.at));
	if (e.at == NULL) {
		build_memory(b);
		return NULL;
	}
	for (size_t i = 0; i < base && !b->box->clear_env; i++)
		e.at[e.n++] = p->envp[i];
	env_drop(&e, S("SBX_REPORT_FD"));
	env_apply(b, &e, b->box->env, p->envp);
	e.at[e.n] = NULL;
	return e.at;
}

static void
candidates(struct build *b, struct str name)
{
	struct search s = env_search(b->plan->envp, name);
	char *file;
	int r;

	while ((r = search_next(&s, b->arena, &file)) > 0)
		build_op(b, OP_EXEC)->text = file;
	if (r < 0)
		build_memory(b);
}

static void
keep(struct build *b)
{
	for (const struct strnode *n = b->box->keep_fd.first; n != NULL; n = n->next) {
		uint64_t fd;

		b->pos = n->pos;
		if (num_uint(n->s, &fd) == 0) /* the option's reader saw to that */
			build_op(b, OP_KEEP_FD)->num = fd;
	}
	b->pos = POS_NONE;
}

static void
session(struct build *b)
{
	if (b->box->new_session) {
		build_op(b, OP_SETSID);
		build_claim(b, "session", true, "setsid", S("own, without a terminal"));
		return;
	}
	build_claim(b, "session", false, "none",
	    S("the caller's: where it has a terminal, input can be put into that"))
	    ->state = CLAIM_NOT_ASKED;
}

static void
verdict(struct build *b)
{
	struct claim *c = build_claim(b, "verdict", true, "descriptor that the payload never has",
	    S("not forgeable"));

	if (b->plan->tree)
		return;
	c->detail = S("a payload with our user's rights could kill or trace what tells it");
	c->state = CLAIM_BEST_EFFORT;
}

/* In place of a control group, where that was agreed to. */
static void
resources(struct build *b)
{
	for (size_t i = 0; b->group != NULL && i < b->group->nexec; i++)
		*build_op(b, OP_RLIMIT) = b->group->exec[i];
}

bool
build_filtered(const struct build *b)
{
	return b->box->seccomp.kind > SECCOMP_NONE && b->facts->seccomp;
}

/* What the payload may ask of the kernel: the last operation before the exec. */
static void
confine(struct build *b, const struct confine *c)
{
	bool filter = c != NULL && c->filter.n > 0;

	b->pos = b->box->seccomp.pos;
	if (c != NULL && c->claim.name.n > 0)
		*build_claim(b, "", false, "", S("")) = c->claim;
	if (filter) {
		struct op *o = build_text(b, OP_SECCOMP, c->name);

		o->filter = &c->filter;
		o->num = c->flags;
	} else if (build_filtered(b)) {
		build_refuse(b, b->pos, TEXT("no filter was made of the policy"));
	}
	b->pos = POS_NONE;
}

void
build_exec(struct build *b, const struct payload *p)
{
	if (b->plan->init)
		build_op(b, OP_SPAWN);
	b->stage = STAGE_EXEC;
	session(b);
	b->plan->output = p->output && !p->streams;
	for (uint64_t i = p->streams ? 0 : 1; (p->streams || p->output) && i < 3; i++)
		build_op(b, OP_STREAM)->num = i;
	build_op(b, OP_SIGMASK);
	build_op(b, OP_CLOEXEC);
	keep(b);
	resources(b);
	build_claim(b, "descriptors", true, "close_range", S("0, 1, 2 and those that were named"));
	verdict(b);
	b->plan->argv = p->argv;
	b->plan->envp = environment(b, p);
	confine(b, p->filter);
	if (!b->failed)
		candidates(b, str_of(p->argv[0]));
}
