/* A policy as OCI's linux.seccomp, as far as that can say it. Read back, ours or an engine's, a
 * rule without tests wins over all others for its call; and one that says what the default says
 * is none. So where a rule without tests follows others, it gets their opposites for tests. */
#include "spec/policyjsonput.h"

#include "spec/field.h"
#include "spec/policyput.h"
#include "text/json.h"

struct output {
	struct jsonw w;
	struct err *err;
	const struct policy *policy;
	struct callset done;     /* decided without tests */
	struct callset fallback; /* decided with tests, as the default does */
	struct choices part[CALL_ARGS];
};

/* What one entry is made of: each test in its own place. */
struct entry {
	const struct rule *rule;
	struct callset calls;
	const struct test *test[CALL_ARGS];
	bool opposite[CALL_ARGS];
};

static int
cannot(struct output *o, const struct rule *r, const char *why)
{
	return err_config(o->err, r->pos, "JSON cannot say it: %", str_of(why));
}

/* One of the names, behind what they all begin with. */
static void
put_name(struct output *o, struct str prefix, const char *names, size_t i)
{
	char text[64];
	struct buf b = BUF(text);

	buf_put(&b, prefix);
	buf_put(&b, word_at(names, i));
	jsonw_str(&o->w, buf_str(&b));
}

static void
put_action(struct output *o, const char *key, const char *number, uint32_t action)
{
	static const char names[] = "KILL_PROCESS|KILL_THREAD|TRAP|ERRNO|NOTIFY|TRACE|LOG|ALLOW";
	static const uint16_t high[] = { 0x8000, 0, 3, 5, 0x7fc0, 0x7ff0, 0x7ffc, 0x7fff };
	size_t i = 0;

	while (i < COUNT(high) - 1 && high[i] != action >> 16)
		i++;
	jsonw_key(&o->w, str_of(key));
	put_name(o, S("SCMP_ACT_"), names, i);
	if (high[i] == 5 || high[i] == 0x7ff0) {
		jsonw_key(&o->w, str_of(number));
		jsonw_uint(&o->w, action & RET_DATA);
	}
}

static void
put_choice(struct output *o, size_t arg, const struct choice *c)
{
	static const char names[] = "EQ|NE|LT|LE|GT|GE|MASKED_EQ";

	jsonw_open(&o->w, '{');
	jsonw_key(&o->w, S("index"));
	jsonw_uint(&o->w, arg);
	jsonw_key(&o->w, S("value"));
	jsonw_uint(&o->w, c->value);
	if (c->op == CHOICE_MASKED) {
		jsonw_key(&o->w, S("valueTwo"));
		jsonw_uint(&o->w, c->two);
	}
	jsonw_key(&o->w, S("op"));
	put_name(o, S("SCMP_CMP_"), names, c->op);
	jsonw_close(&o->w, '}');
}

/* One element of "syscalls": of each test the choice that at[] says. */
static void
put_entry(struct output *o, const struct entry *e, const size_t at[CALL_ARGS])
{
	bool open = false;

	jsonw_open(&o->w, '{');
	jsonw_key(&o->w, S("names"));
	jsonw_open(&o->w, '[');
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&e->calls, c))
			jsonw_str(&o->w, call_name(c));
	jsonw_close(&o->w, ']');
	put_action(o, "action", "errnoRet", e->rule->action);
	for (size_t i = 0; i < CALL_ARGS; i++) {
		if (e->test[i] == NULL)
			continue;
		if (!open) {
			jsonw_key(&o->w, S("args"));
			jsonw_open(&o->w, '[');
		}
		open = true;
		put_choice(o, i, &o->part[i].c[at[i]]);
	}
	if (open)
		jsonw_close(&o->w, ']');
	jsonw_close(&o->w, '}');
}

/* At which widths is the test read? Bit 0: 64, bit 1: 32, bit 2: at 64 only because it says so. */
static unsigned
widths_of(const struct output *o, const struct entry *e, const struct test *t)
{
	struct test plain = *t;
	unsigned widths = 0;

	plain.wide = false;
	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		for (unsigned c = 0; (o->policy->archs >> a & 1) != 0 && c < calls_count(); c++) {
			if (!callset_has(&e->calls, c) || call_number(c, (enum arch)a) < 0)
				continue;
			if (!policy_narrow(o->policy, (enum arch)a, (int)c, &plain))
				widths |= 1;
			else
				widths |= t->wide ? 4 : 2;
		}
	}
	return widths;
}

/* The product of the choices. */
static int
put_entries(struct output *o, const struct entry *e)
{
	size_t at[CALL_ARGS] = { 0 }, all = 1, i = 0;

	for (size_t k = 0; k < CALL_ARGS; k++) {
		const struct test *t = e->test[k];
		unsigned widths = t != NULL ? widths_of(o, e, t) : 0;
		const char *why;

		o->part[k].n = 1;
		if (t == NULL)
			continue;
		if ((widths & 4) != 0)
			return cannot(o, e->rule, "all 64 bits of an int are compared");
		why = choices_of(&o->part[k], t, e->opposite[k], widths);
		if (why != NULL)
			return err_config(o->err, t->pos, "%", str_of(why));
		all *= o->part[k].n;
		if (all > CHOICES_MAX)
			return cannot(o, e->rule, "the tests would take more than 512 entries");
	}
	while (i < CALL_ARGS) {
		put_entry(o, e, at);
		for (i = 0; i < CALL_ARGS && ++at[i] == o->part[i].n; i++)
			at[i] = 0;
	}
	return 0;
}

static int
add_test(struct output *o, struct entry *e, const struct test *t, bool opposite)
{
	if (e->test[t->arg] != NULL)
		return cannot(o, e->rule, "two tests of one argument");
	e->test[t->arg] = t;
	e->opposite[t->arg] = opposite;
	return 0;
}

/* The rule has no tests, but others for its call come first and have some. */
static int
put_rest(struct output *o, const struct rule *r, unsigned call, bool *some)
{
	struct entry e = { .rule = r };

	for (const struct rule *b = o->policy->first; b != r; b = b->next) {
		if (!callset_has(&b->calls, call) || b->action == r->action)
			continue;
		if (b->ntests != 1)
			return cannot(o, r, "a rule without tests behind one that has several");
		if (add_test(o, &e, b->test, true) < 0)
			return -1;
		*some = true;
	}
	callset_add(&e.calls, call);
	return *some ? put_entries(o, &e) : 0;
}

static int
put_plain(struct output *o, const struct rule *r)
{
	struct entry e = { .rule = r };

	for (unsigned c = 0; c < calls_count(); c++) {
		bool some = false;

		if (!callset_has(&r->calls, c) || callset_has(&o->done, c))
			continue;
		if (r->action != o->policy->fallback && put_rest(o, r, c, &some) < 0)
			return -1;
		if (!some)
			callset_add(&e.calls, c);
		callset_add(&o->done, c);
	}
	return callset_empty(&e.calls) ? 0 : put_entries(o, &e);
}

static int
put_tested(struct output *o, const struct rule *r)
{
	struct entry e = { .rule = r };
	bool like_default = r->action == o->policy->fallback;

	for (unsigned c = 0; c < calls_count(); c++) {
		if (!callset_has(&r->calls, c) || callset_has(&o->done, c))
			continue;
		if (like_default)
			callset_add(&o->fallback, c);
		else if (callset_has(&o->fallback, c))
			return cannot(o, r,
			    "an earlier rule for the call says what the default says");
		callset_add(&e.calls, c);
	}
	for (size_t i = 0; i < r->ntests; i++)
		if (add_test(o, &e, &r->test[i], false) < 0)
			return -1;
	return callset_empty(&e.calls) ? 0 : put_entries(o, &e);
}

static int
put_rule(struct output *o, const struct rule *r)
{
	uint32_t without = o->policy->archs & ~r->archs;

	if (r->nnr > 0)
		return cannot(o, r, "a call by its number");
	if ((r->action & (uint32_t)RET_ACTION) == RET_TRAP && (r->action & RET_DATA) != 0)
		return cannot(o, r, "\"trap\" with a number");
	for (unsigned a = 0; without >> a != 0; a++)
		for (unsigned c = 0; (without >> a & 1) != 0 && c < calls_count(); c++)
			if (callset_has(&r->calls, c) && call_number(c, (enum arch)a) >= 0)
				return cannot(o, r, "a rule for some architectures");
	return r->ntests == 0 ? put_plain(o, r) : put_tested(o, r);
}

static int
put_head(struct output *o)
{
	static const char archs[] = "X86_64|X86|X32|AARCH64|ARM|RISCV64|PPC64LE|S390X";
	static const char flags[] = "TSYNC|LOG|SPEC_ALLOW|||WAIT_KILLABLE_RECV";
	const struct policy *p = o->policy;
	uint32_t kind = p->fallback & (uint32_t)RET_ACTION;
	bool added = engines_add_enosys(p->fallback);
	bool newer = (p->newer > 0 || p->newer_largest) && p->newer_action != p->fallback;

	if (added ? !p->newer_largest || p->newer_action != RET_ENOSYS : newer)
		return err_config(o->err, POS_NONE,
		    added
			? "JSON cannot say it: engines answer calls above the largest of a profile "
			  "with ENOSYS; say \"newer-than largest errno ENOSYS\""
			: "JSON cannot say it: \"newer-than\"");
	if (p->foreign != (uint32_t)RET_KILL_PROCESS || (kind == RET_TRAP && p->fallback != kind))
		return err_config(o->err, POS_NONE, "JSON cannot say it: %",
		    kind == RET_TRAP ? S("\"trap\" with a number") : S("\"foreign\""));
	put_action(o, "defaultAction", "defaultErrnoRet", p->fallback);
	jsonw_key(&o->w, S("architectures"));
	jsonw_open(&o->w, '[');
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if ((p->archs >> a & 1) != 0)
			put_name(o, S("SCMP_ARCH_"), archs, a);
	jsonw_close(&o->w, ']');
	if ((p->flags & ~(unsigned)FILTER_LISTENER) == 0)
		return 0;
	jsonw_key(&o->w, S("flags"));
	jsonw_open(&o->w, '[');
	for (size_t i = 0; i < 6; i++)
		if ((p->flags >> i & 1) != 0 && word_at(flags, i).n > 0)
			put_name(o, S("SECCOMP_FILTER_FLAG_"), flags, i);
	jsonw_close(&o->w, ']');
	return 0;
}

int
policy_put_json(struct arena *a, struct buf *b, const struct policy *p, struct err *e)
{
	struct output o = { .w = { b, false }, .err = e, .policy = p };
	size_t mark = a->used;

	if (sayable(p, e) < 0)
		return -1;
	for (size_t i = 0; i < CALL_ARGS; i++) {
		o.part[i].c = arena_array(a, CHOICES_MAX, sizeof(*o.part[i].c));
		if (o.part[i].c == NULL)
			return err_memory(e);
	}
	jsonw_open(&o.w, '{');
	if (put_head(&o) < 0)
		return -1;
	jsonw_key(&o.w, S("syscalls"));
	jsonw_open(&o.w, '[');
	for (const struct rule *r = p->first; r != NULL; r = r->next)
		if (!rule_empty(p, r) && put_rule(&o, r) < 0)
			return -1;
	jsonw_close(&o.w, ']');
	jsonw_close(&o.w, '}');
	a->used = mark;
	return b->full ? err_limit(e, POS_NONE, "the text has no room for the policy") : 0;
}
