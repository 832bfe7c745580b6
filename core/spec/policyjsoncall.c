/* The entries of "syscalls". */
#include "spec/policyjson.h"

#include "base/num.h"

static int
add_call(struct profile *p, const struct value *v, struct callset *out)
{
	int call = call_find_near(v->text, p->near);

	if (call < 0) {
		unknown(p->err, v->pos, S("call"), v->text, call_suggest(v->text));
		return profile_path(p);
	}
	calls_add(out, (unsigned)call, v->text);
	p->near = (unsigned)call + 1;
	return 0;
}

static int
calls(struct profile *p, const struct value *entry, const struct value *name,
    const struct value *names, struct callset *out)
{
	size_t mark, i = 0;

	if (name != NULL && names != NULL && names->count > 0)
		return PROFILE_FAULT(p, name->keypos, "\"name\" and \"names\" exclude each other");
	if (name != NULL && add_call(p, name, out) < 0)
		return -1;
	if (names != NULL) {
		mark = profile_enter(p, names, 0);
		for (const struct value *v = names->first; v != NULL; v = v->next, i++) {
			size_t inner = profile_enter(p, v, i);

			if (add_call(p, v, out) < 0)
				return -1;
			profile_leave(p, inner);
		}
		profile_leave(p, mark);
	}
	return callset_empty(out) ? PROFILE_FAULT(p, entry->pos, "the entry is for no call") : 0;
}

enum { INDEX, VALUE, VALUE_TWO, OP };

static int
number(struct profile *p, const struct value *v, uint64_t *out)
{
	if (v == NULL || num_json_uint(v->text, out) == 0)
		return 0;
	return MEMBER_FAULT(p, v, "\"%\" is not a whole number of 64 bits", v->text);
}

static int
compare(struct profile *p, const struct value *op, struct test *t, uint64_t value, uint64_t two)
{
	/* in the order of enum compare */
	static const char ops[] = "SCMP_CMP_EQ|SCMP_CMP_NE|SCMP_CMP_LT|SCMP_CMP_LE|SCMP_CMP_GT|"
				  "SCMP_CMP_GE|SCMP_CMP_MASKED_EQ";
	int which = word_find(ops, op->text);

	if (which < 0)
		return MEMBER_FAULT(p, op, "unknown operator \"%\"", op->text);
	if (which > COMPARE_GE) {
		/* libseccomp takes from valueTwo what the mask takes away: for it "& 0 == 1" holds
		 */
		t->mask = value;
		value &= two;
		which = COMPARE_EQ;
	}
	return test_compare(p->arena, t, (enum compare)which, false, value) < 0 ? err_memory(p->err)
										: 0;
}

static int
read_test(struct profile *p, const struct value *v, struct test *t)
{
	const struct value *got[KEYS_MAX];
	uint64_t index = 0, value = 0, two = 0;

	*t = (struct test){ .mask = UINT64_MAX, .pos = v->pos };
	if (profile_members(p, v, "index|value|valueTwo|op", "nnns", got) < 0)
		return -1;
	if (got[INDEX] == NULL || got[VALUE] == NULL || got[OP] == NULL)
		return PROFILE_FAULT(p, v->pos, "\"index\", \"value\" and \"op\" are needed");
	if (number(p, got[INDEX], &index) < 0 || number(p, got[VALUE], &value) < 0 ||
	    number(p, got[VALUE_TWO], &two) < 0)
		return -1;
	if (index >= CALL_ARGS)
		return MEMBER_FAULT(p, got[INDEX], "arguments have the numbers 0 to 5");
	t->arg = (uint8_t)index;
	return compare(p, got[OP], t, value, two);
}

static int
add_rule(struct profile *p, const struct rule *like, const struct test *test, size_t n)
{
	struct rule *r;

	if (p->policy->nrules == RULES_MAX)
		return err_limit(p->err, like->pos, "the profile has more than 4096 rules");
	r = policy_add(p->arena, p->policy);
	if (r == NULL)
		return err_memory(p->err);
	r->action = like->action;
	r->calls = like->calls;
	r->pos = like->pos;
	r->text = like->text;
	r->test = test;
	r->ntests = n;
	return 0;
}

/* All have to hold; but where an argument is there twice, runc and crun make each test a rule
 * of its own, and profiles rely on it. */
static int
add_rules(struct profile *p, const struct rule *like, const struct value *args)
{
	size_t n = args != NULL ? args->count : 0, mark, i = 0;
	struct test *t = arena_array(p->arena, n, sizeof(*t));
	bool used[CALL_ARGS] = { false }, twice = false;

	if (t == NULL)
		return err_memory(p->err);
	if (n == 0)
		return add_rule(p, like, NULL, 0);
	mark = profile_enter(p, args, 0);
	for (const struct value *v = args->first; v != NULL; v = v->next, i++) {
		size_t inner = profile_enter(p, v, i);

		if (read_test(p, v, &t[i]) < 0)
			return -1;
		twice |= used[t[i].arg];
		used[t[i].arg] = true;
		profile_leave(p, inner);
	}
	profile_leave(p, mark);
	if (!twice)
		return add_rule(p, like, t, n);
	for (i = 0; i < n; i++)
		if (add_rule(p, like, t + i, 1) < 0)
			return -1;
	return 0;
}

enum { NAME, NAMES, ACTION, ERRNO_RET, ERRNO_NAME, ARGS, COMMENT, INCLUDES, EXCLUDES };

int
profile_entry(struct profile *p, const struct value *v)
{
	const struct value *got[KEYS_MAX];
	struct rule like = { .pos = v->pos };
	int chosen;

	if (profile_members(p, v, "name|names|action|errnoRet|errno|args|comment|includes|excludes",
		"sSsnsOsoo", got) < 0)
		return -1;
	if (got[ACTION] == NULL)
		return PROFILE_FAULT(p, v->pos, "\"action\" is missing");
	if (calls(p, v, got[NAME], got[NAMES], &like.calls) < 0 ||
	    profile_action(p, got[ACTION], got[ERRNO_RET], got[ERRNO_NAME], &like.action) < 0)
		return -1;
	if (got[COMMENT] != NULL)
		like.text = got[COMMENT]->text;
	chosen = profile_chosen(p, got[INCLUDES], got[EXCLUDES]);
	return chosen <= 0 ? chosen : add_rules(p, &like, got[ARGS]);
}
