/* A policy in its own language. */
#include "spec/policyput.h"

#include "spec/field.h"

/* Lines that would be longer go on in the next. */
enum { COLUMNS = 98 };

void
put_word(struct writer *w, struct str s)
{
	struct buf *b = w->buf;

	if (b->n > w->line + w->indent && b->n - w->line + 1 + s.n > COLUMNS) {
		buf_cstr(b, " \\\n");
		w->line = b->n;
		buf_cstr(b, "\t    ");
		w->glue = true;
	}
	if (!w->glue && b->n > w->line + w->indent)
		buf_char(b, ' ');
	w->glue = false;
	buf_put(b, s);
}

static void
put_action(struct writer *w, uint32_t action)
{
	char text[32];
	struct buf b = BUF(text);

	action_put(&b, action);
	put_word(w, buf_str(&b));
}

static void
end_line(struct writer *w)
{
	buf_char(w->buf, '\n');
	w->line = w->buf->n;
}

static void
begin(struct writer *w, const char *word)
{
	w->line = w->buf->n;
	w->indent = 0;
	put_word(w, str_of(word));
}

static void
put_archs(struct writer *w, uint32_t archs)
{
	if (archs == ARCH_ALL)
		put_word(w, S("all"));
	for (unsigned a = 0; a < ARCH_COUNT && archs != ARCH_ALL; a++)
		if ((archs >> a & 1) != 0)
			put_word(w, arch_name((enum arch)a));
}

static void
put_flags(struct writer *w, unsigned flags)
{
	static const char words[] = "tsync|log|spec-allow|||wait-killable";

	begin(w, "flags ");
	words_put(w->buf, words, flags, S(" "));
	end_line(w);
}

static void
put_head(struct writer *w, const struct policy *p)
{
	char text[24];
	struct buf version = BUF(text);

	begin(w, "default");
	put_action(w, p->fallback);
	end_line(w);
	begin(w, "arch");
	put_archs(w, p->archs);
	end_line(w);
	if (p->foreign != (uint32_t)RET_KILL_PROCESS) {
		begin(w, "foreign");
		put_action(w, p->foreign);
		end_line(w);
	}
	if (p->newer_largest || p->newer > 0) {
		buf_uint(&version, p->newer / 1000);
		buf_char(&version, '.');
		buf_uint(&version, p->newer % 1000);
		begin(w, "newer-than");
		put_word(w, p->newer_largest ? S("largest") : buf_str(&version));
		put_action(w, p->newer_action);
		end_line(w);
	}
	if (p->wide) {
		begin(w, "width 64");
		end_line(w);
	}
	if ((p->flags & ~(unsigned)FILTER_LISTENER) != 0)
		put_flags(w, p->flags & ~(unsigned)FILTER_LISTENER);
}

static void
put_numbers(struct writer *w, const struct rule *r)
{
	for (size_t i = 0; i < r->nnr; i++) {
		char text[64];
		struct buf b = BUF(text);

		buf_char(&b, '#');
		buf_uint(&b, r->nr[i].lo);
		if (r->nr[i].hi != r->nr[i].lo) {
			buf_cstr(&b, "..");
			buf_uint(&b, r->nr[i].hi);
		}
		put_word(w, buf_str(&b));
	}
}

static void
put_rule(struct writer *w, const struct rule *r, bool block)
{
	w->line = w->buf->n;
	w->indent = block;
	if (block)
		buf_char(w->buf, '\t');
	put_action(w, r->action);
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&r->calls, c))
			put_word(w, call_name(c));
	put_numbers(w, r);
	for (size_t i = 0; i < r->ntests; i++) {
		if (i > 0)
			put_word(w, S("and"));
		put_test(w, r, &r->test[i]);
	}
	end_line(w);
}

/* Errors are 1 to 4095 in this language, and all actions have names. */
bool
action_sayable(uint32_t a)
{
	uint32_t kind = a & (uint32_t)RET_ACTION, data = a & RET_DATA;

	switch (kind) {
	case RET_ERRNO:
		return data - 1 < ERRNO_MAX;
	case RET_TRAP:
	case RET_TRACE:
		return true;
	default:
		/* of the others the kernel looks at no data */
		return kind == (uint32_t)RET_KILL_PROCESS || kind == RET_KILL_THREAD ||
		       kind == RET_NOTIFY || kind == RET_LOG || kind == RET_ALLOW;
	}
}

int
sayable(const struct policy *p, struct err *e)
{
	if (!action_sayable(p->fallback) || !action_sayable(p->foreign) ||
	    ((p->newer > 0 || p->newer_largest) && !action_sayable(p->newer_action)))
		return err_config(e, POS_NONE, "a default action has no name in a policy");
	for (const struct rule *r = p->first; r != NULL; r = r->next)
		if (!action_sayable(r->action))
			return err_config(e, r->pos,
			    "the action of a rule has no name in a policy");
	return 0;
}

bool
rule_empty(const struct policy *p, const struct rule *r)
{
	return (r->archs & p->archs) == 0 || (callset_empty(&r->calls) && r->nnr == 0);
}

int
policy_put(struct buf *b, const struct policy *p, struct err *e)
{
	struct writer w = { .buf = b };
	uint32_t block = 0;

	if (sayable(p, e) < 0)
		return -1;
	put_head(&w, p);
	for (const struct rule *r = p->first; r != NULL; r = r->next) {
		uint32_t archs = r->archs & p->archs;
		bool inside = archs != p->archs;

		if (rule_empty(p, r))
			continue;
		if (block != 0 && block != archs)
			buf_cstr(b, "}\n");
		if (inside && block != archs) {
			begin(&w, "on");
			put_archs(&w, archs);
			put_word(&w, S("{"));
			end_line(&w);
		}
		block = inside ? archs : 0;
		put_rule(&w, r, inside);
	}
	if (block != 0)
		buf_cstr(b, "}\n");
	return b->full ? err_limit(e, POS_NONE, "the text has no room for the policy") : 0;
}
