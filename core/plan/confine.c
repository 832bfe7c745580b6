#include "plan/confine.h"

#include "plan/filter.h"

#include <string.h>

struct confiner {
	struct arena *arena;
	const struct box *box;
	const struct seccomp *from;
	struct policy_host host;
	struct err *err;
};

/* Lines of a document are its own, wherever they stand in it. */
static struct pos
place(const struct seccomp *s, struct pos pos)
{
	const struct value *line = s->value->first;

	if (pos.line == 0)
		return pos;
	for (uint32_t i = 1; i < pos.line && line != NULL; i++)
		line = line->next;
	/* behind the quote */
	return line == NULL ? s->value->pos
			    : (struct pos){ line->pos.line, line->pos.col + pos.col };
}

/* The same of a path in an object that is part of the document. */
static void
lengthen(const struct confiner *c)
{
	struct err *e = c->err;
	char text[sizeof(e->path)];
	struct buf b = BUF(text);

	if (e->npath == 0)
		return;
	buf_cstr(&b, "$");
	if (c->box->name.n > 0) {
		value_path_key(&b, S("sandboxes"));
		value_path_key(&b, c->box->name);
	}
	value_path_key(&b, S("seccomp"));
	buf_put(&b, (struct str){ e->path + 1, e->npath - 1 });
	memcpy(e->path, text, b.n);
	e->npath = b.n;
}

static struct policy *
read_object(const struct confiner *c)
{
	struct policy *p = policy_json(c->arena, c->err->file, c->from->value, &c->host, c->err);

	if (p == NULL)
		lengthen(c);
	return p;
}

static struct policy *
read_lines(const struct confiner *c)
{
	const struct seccomp *s = c->from;
	size_t n = 0, at = 0;
	char *text;
	struct policy *p;

	for (const struct value *v = s->value->first; v != NULL; v = v->next)
		n += v->text.n + 1;
	text = arena_bytes(c->arena, n);
	if (text == NULL) {
		err_memory(c->err);
		return NULL;
	}
	for (const struct value *v = s->value->first; v != NULL; v = v->next) {
		struct buf line = { text + at, 0, v->text.n + 1, false };

		buf_put(&line, v->text);
		buf_char(&line, '\n');
		at += line.n;
	}
	p = policy_parse(c->arena, c->err->file, (struct str){ text, n }, &c->host, c->err);
	if (p == NULL)
		c->err->pos = place(s, c->err->pos);
	return p;
}

static struct policy *
read(const struct confiner *c)
{
	const struct seccomp *s = c->from;

	switch (s->kind) {
	case SECCOMP_FILE:
		return policy_read(c->arena, s->name, s->text, &c->host, c->err);
	case SECCOMP_LINES:
		return read_lines(c);
	case SECCOMP_OBJECT:
		return read_object(c);
	case SECCOMP_UNSET:
	case SECCOMP_NONE:
	case SECCOMP_PROFILE:
		break;
	}
	return policy_builtin(c->arena, s->name, &c->host, c->err);
}

static bool
allows(uint32_t action)
{
	return (action & (uint32_t)RET_ACTION) == RET_ALLOW ||
	       (action & (uint32_t)RET_ACTION) == (uint32_t)RET_LOG;
}

static bool
notifies(uint32_t action)
{
	return (action & (uint32_t)RET_ACTION) == RET_NOTIFY;
}

/* What is wrong with a rule is wrong in its own text; -1. */
static int
refuse_at(const struct confiner *c, struct pos pos, struct str why)
{
	if (c->from->kind == SECCOMP_FILE)
		c->err->file = c->from->name;
	return err_refused(c->err, c->from->kind == SECCOMP_LINES ? place(c->from, pos) : pos, "%",
	    why);
}

/* The exec comes behind the filter. What a rule makes of its arguments, which are addresses, nobody
 * can say before. */
static int
judge_exec(const struct confiner *c, const struct policy *p)
{
	static const uint64_t nothing[CALL_ARGS];
	enum arch arch = c->host.arch;
	int call = call_find(S("execve"));
	uint32_t nr = call < 0 ? 0 : (uint32_t)call_number((unsigned)call, arch);
	bool decided = false, depends = false;
	const struct rule *why;

	for (const struct rule *r = p->first; r != NULL && !decided; r = r->next) {
		if (!rule_names(r, arch, nr, call))
			continue;
		if (!allows(r->action))
			return refuse_at(c, r->pos,
			    S("it denies execve, by which the program is started"));
		decided = r->ntests == 0;
		depends = !decided;
	}
	if ((!depends || allows(p->fallback)) &&
	    allows(policy_decide(p, arch_audit(arch), nr, nothing, &why)))
		return 0;
	return err_refused(c->err, c->from->pos,
	    "the policy denies execve, by which the program is started");
}

/* Nobody would answer. */
static int
judge_notify(const struct confiner *c, const struct policy *p)
{
	const struct rule *r = p->first;

	while (r != NULL && !notifies(r->action))
		r = r->next;
	if (r != NULL)
		return refuse_at(c, r->pos,
		    S("notify needs a supervisor, which a box has not got"));
	if (!notifies(p->fallback) && !notifies(p->newer_action) && !notifies(p->foreign) &&
	    (p->flags & (FILTER_LISTENER | FILTER_WAIT_KILLABLE)) == 0)
		return 0;
	return err_refused(c->err, c->from->pos,
	    "notify needs a supervisor, which a box has not got");
}

/* A policy that cannot have been meant so: a rule that never matches, nothing that is denied. */
static int
judge_notes(const struct confiner *c, const struct policy *p)
{
	for (const struct note *n = p->notes.first; n != NULL; n = n->next)
		if (n->severity == SEVERITY_ERROR)
			return refuse_at(c, n->pos, n->text);
	return 0;
}

static void
claim(const struct confiner *c, struct confine *out, enum claim_state state, struct str mechanism,
    struct str detail)
{
	out->claim = (struct claim){ .name = S("seccomp"),
		.mechanism = mechanism,
		.detail = detail,
		.needed = state != CLAIM_NOT_ASKED && box_seccomp_needed(c->box),
		.state = state,
		.op = UINT32_MAX };
}

/* What a policy is worth on a machine that takes no filter. */
static int
without(const struct confiner *c, struct confine *out)
{
	if (box_seccomp_needed(c->box))
		return err_refused(c->err, c->from->pos,
		    "this kernel takes no seccomp filters, or an outer filter refuses them; "
		    "\"degrade\": [\"seccomp\"] accepts a box without one");
	claim(c, out, CLAIM_DROPPED, S("seccomp filter"),
	    S("this kernel takes no filters, or an outer filter refuses them"));
	return 0;
}

static int
with(const struct confiner *c, const struct policy *p, const struct facts *facts,
    struct confine *out)
{
	const struct filter_options options = { .level = 1,
		.no_bitmap = facts->kernel > 0 && facts->kernel < 5011 };
	char n[UINT_ROOM];
	struct str detail;

	out->name = c->from->kind < SECCOMP_LINES ? c->from->name : S("inline");
	out->flags = p->flags;
	if (filter_make(c->arena, p, &options, &out->filter, c->err) < 0)
		return -1;
	detail =
	    arena_join(c->arena, TEXT("%, % instructions", out->name, uint_text(n, out->filter.n)));
	claim(c, out, CLAIM_ENFORCED, S("seccomp filter"), detail);
	return detail.p == NULL ? err_memory(c->err) : 0;
}

int
confine_make(struct arena *a, const struct box *box, const struct facts *facts, struct confine *out,
    struct err *e)
{
	const struct confiner c = { a, box, &box->seccomp,
		{ .arch = arch_native(), .kernel = (unsigned)facts->kernel }, e };
	struct str document = e->file;
	const struct policy *p;

	*out = (struct confine){ 0 };
	if (box->seccomp.kind <= SECCOMP_NONE) {
		/* sbx-ns, which has no such option, says nothing */
		if (box->level != LEVEL_UNSET)
			claim(&c, out, CLAIM_NOT_ASKED, S("none"),
			    S("no filter: every system call can be made"));
		return 0;
	}
	p = read(&c);
	if (p == NULL)
		return -1;
	/* what is still to go wrong is said of the document */
	e->file = document;
	if (judge_exec(&c, p) < 0 || judge_notify(&c, p) < 0 || judge_notes(&c, p) < 0)
		return -1;
	/* a policy that is wrong is so on every machine */
	return facts->seccomp ? with(&c, p, facts, out) : without(&c, out);
}
