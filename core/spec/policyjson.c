#include "spec/policyjson.h"

#include "base/num.h"

int
profile_path(struct profile *p)
{
	char text[sizeof(p->err->path)];
	struct buf path = BUF(text);

	buf_char(&path, '$');
	for (size_t i = 0; i < p->depth; i++) {
		const struct value *v = p->step[i].v;

		if (v->keypos.line > 0)
			value_path_key(&path, v->key);
		else
			value_path_index(&path, p->step[i].index);
	}
	return err_path(p->err, buf_str(&path));
}

int
profile_fault(struct profile *p, const struct value *member, struct pos pos, const char *text,
    const struct str *arg, size_t n)
{
	if (member != NULL)
		(void)profile_enter(p, member, 0);
	err_put(p->err, FAULT_CONFIG, pos, text, arg, n);
	return profile_path(p);
}

size_t
profile_enter(struct profile *p, const struct value *v, size_t index)
{
	size_t mark = p->depth++;

	p->step[mark].v = v;
	p->step[mark].index = index;
	return mark;
}

void
profile_leave(struct profile *p, size_t mark)
{
	p->depth = mark;
}

static int
want(struct profile *p, const struct value *v, enum value_kind kind)
{
	if (v->kind == kind)
		return 0;
	return PROFILE_FAULT(p, v->pos, "expected %, found %", value_kind_name(kind),
	    value_kind_name(v->kind));
}

static enum value_kind
kind_of(char c)
{
	return c == 's' || c == 'S' ? VALUE_STRING : c == 'n' ? VALUE_NUMBER : VALUE_OBJECT;
}

static int
check_member(struct profile *p, const struct value *v, char kind)
{
	bool array = kind == 'S' || kind == 'O';
	size_t mark = profile_enter(p, v, 0), i = 0;
	int got = want(p, v, array ? VALUE_ARRAY : kind_of(kind));

	for (const struct value *m = v->first; array && m != NULL && got == 0; m = m->next, i++) {
		size_t inner = profile_enter(p, m, i);

		got = want(p, m, kind_of(kind));
		profile_leave(p, inner);
	}
	profile_leave(p, mark);
	return got;
}

int
profile_members(struct profile *p, const struct value *v, const char *keys, const char *kinds,
    const struct value *got[KEYS_MAX])
{
	for (size_t i = 0; i < KEYS_MAX; i++)
		got[i] = NULL;
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		int key = word_find(keys, m->key);

		if (key < 0) {
			unknown(p->err, m->keypos, S("key"), m->key, word_suggest(keys, m->key));
			return profile_path(p);
		}
		if (m->kind == VALUE_NULL)
			continue;
		if (check_member(p, m, kinds[key]) < 0)
			return -1;
		got[key] = m;
	}
	return 0;
}

const struct value *
profile_first(const struct value *v)
{
	return v != NULL ? v->first : NULL;
}

/* ---- actions ---- */

/* KILL is that of a thread, as it was before there was another. */
static int
action_of(struct str name, uint32_t *out)
{
	static const char names[] = "SCMP_ACT_KILL|SCMP_ACT_KILL_THREAD|SCMP_ACT_KILL_PROCESS|"
				    "SCMP_ACT_TRAP|SCMP_ACT_ERRNO|SCMP_ACT_NOTIFY|SCMP_ACT_TRACE|"
				    "SCMP_ACT_LOG|SCMP_ACT_ALLOW";
	static const uint16_t high[] = { 0, 0, 0x8000, 3, 5, 0x7fc0, 0x7ff0, 0x7ffc, 0x7fff };
	int i = word_find(names, name);

	if (i >= 0)
		*out = (uint32_t)high[i] << 16;
	return i;
}

static int
error_number(struct profile *p, const struct value *number, const struct value *name,
    uint32_t action, uint64_t *out)
{
	int found = name != NULL && name->text.n > 0 ? errno_find(name->text) : 0;

	if (found < 0)
		return MEMBER_FAULT(p, name, "unknown error \"%\"", name->text);
	if (number == NULL) {
		/* what the engines take */
		*out = found > 0 ? (uint64_t)found : 1;
		return 0;
	}
	if (num_json_uint(number->text, out) < 0 ||
	    (action == RET_ERRNO ? *out - 1 >= ERRNO_MAX : *out > RET_DATA))
		return MEMBER_FAULT(p, number, "\"%\" is not the number of an error", number->text);
	if (found > 0 && (uint64_t)found != *out)
		return MEMBER_FAULT(p, number, "number and name of the error differ");
	return 0;
}

int
profile_action(struct profile *p, const struct value *action, const struct value *number,
    const struct value *name, uint32_t *out)
{
	uint64_t data = 0;

	if (action_of(action->text, out) < 0)
		return MEMBER_FAULT(p, action, "unknown action \"%\"", action->text);
	if (*out != RET_ERRNO && *out != RET_TRACE) {
		if (number != NULL || (name != NULL && name->text.n > 0))
			return MEMBER_FAULT(p, number != NULL ? number : name,
			    "% has no error number", action->text);
		return 0;
	}
	if (error_number(p, number, name, *out, &data) < 0)
		return -1;
	*out |= (uint32_t)data;
	return 0;
}

/* ---- architectures ---- */

/* Adds one; those that we have no calls of are nothing to us, which leaves them foreign. */
static int
add_arch(struct profile *p, const struct value *v, uint32_t *out)
{
	static const char others[] = "MIPS|MIPS64|MIPS64N32|MIPSEL|MIPSEL64|MIPSEL64N32|PPC|PPC64|"
				     "S390|PARISC|PARISC64|LOONGARCH64|M68K|SH|SHEB";
	struct str prefix = S("SCMP_ARCH_");
	int found = -1;

	if (str_starts(v->text, prefix))
		found = arch_find(v->text);
	if (str_eq(v->text, S("SCMP_ARCH_NATIVE")))
		found = (int)p->host->arch;
	if (found >= 0)
		*out |= (uint32_t)1 << found;
	else if (!str_starts(v->text, prefix) ||
		 word_find(others, str_slice(v->text, prefix.n, v->text.n)) < 0)
		return PROFILE_FAULT(p, v->pos, "unknown architecture \"%\"", v->text);
	return 0;
}

static int
add_archs(struct profile *p, const struct value *list, uint32_t *out)
{
	size_t mark, i = 0;

	if (list == NULL)
		return 0;
	mark = profile_enter(p, list, 0);
	for (const struct value *v = list->first; v != NULL; v = v->next, i++) {
		size_t inner = profile_enter(p, v, i);

		if (add_arch(p, v, out) < 0)
			return -1;
		profile_leave(p, inner);
	}
	profile_leave(p, mark);
	return 0;
}

/* The entry of this host's architecture, with those that the host runs besides. */
static int
read_map(struct profile *p, const struct value *map)
{
	const struct value *got[KEYS_MAX];
	size_t mark = profile_enter(p, map, 0), i = 0;

	for (const struct value *v = map->first; v != NULL; v = v->next, i++) {
		size_t inner = profile_enter(p, v, i);
		uint32_t first = 0, others = 0;

		if (profile_members(p, v, "architecture|subArchitectures", "sS", got) < 0)
			return -1;
		if (got[0] == NULL)
			return PROFILE_FAULT(p, v->pos, "\"architecture\" is missing");
		if (add_arch(p, got[0], &first) < 0 || add_archs(p, got[1], &others) < 0)
			return -1;
		if ((first >> p->host->arch & 1) != 0)
			p->policy->archs |= first | others;
		profile_leave(p, inner);
	}
	profile_leave(p, mark);
	return 0;
}

/* ---- the whole ---- */

static int
read_flags(struct profile *p, const struct value *list)
{
	static const char names[] = "SECCOMP_FILTER_FLAG_TSYNC|SECCOMP_FILTER_FLAG_LOG|"
				    "SECCOMP_FILTER_FLAG_SPEC_ALLOW|"
				    "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";
	static const uint8_t bit[] = { FILTER_TSYNC, FILTER_LOG, FILTER_SPEC_ALLOW,
		FILTER_WAIT_KILLABLE };

	for (const struct value *v = profile_first(list); v != NULL; v = v->next) {
		int i = word_find(names, v->text);

		if (i < 0)
			return profile_fault(p, list, v->pos, TEXT("unknown flag \"%\"", v->text));
		p->policy->flags |= bit[i];
	}
	return 0;
}

/* As libseccomp, on which the engines build, decides: a rule without tests wins over all others for
 * its call, wherever it stands, and one that says what the default says is none. */
static int
order(struct profile *p)
{
	struct policy *y = p->policy;
	struct rule *first[3] = { NULL, NULL, NULL }, **last[3] = { first, first + 1, first + 2 };
	struct decided *seen = decided_new(p->arena);

	if (seen == NULL)
		return -1;
	for (struct rule *r = y->first; r != NULL; r = r->next) {
		unsigned k = r->action == y->fallback ? 2 : r->ntests > 0;

		*last[k] = r;
		last[k] = &r->next;
	}
	y->last = &y->first;
	for (unsigned k = 0; k < 3; k++) {
		*last[k] = NULL;
		*y->last = first[k];
		if (first[k] != NULL)
			y->last = last[k];
	}
	y->nrules = 0;
	for (struct rule *r = y->first; r != NULL; r = r->next) {
		r->index = y->nrules++;
		if (policy_remark(p->arena, y, r, &r->calls, seen, SEVERITY_WARNING) < 0)
			return -1;
	}
	return policy_finish(p->arena, y);
}

enum { ACTION, ERRNO_RET, ERRNO_NAME, ARCHS, MAP, CALLS, FLAGS, LISTENER_PATH, LISTENER_DATA };

static int
read_rules(struct profile *p, const struct value *const got[KEYS_MAX])
{
	struct policy *y = p->policy;
	size_t mark, i = 0;

	y->newer_action = RET_ENOSYS;
	y->newer_largest = engines_add_enosys(y->fallback);
	if (got[CALLS] == NULL)
		return 0;
	mark = profile_enter(p, got[CALLS], 0);
	for (const struct value *v = got[CALLS]->first; v != NULL; v = v->next, i++) {
		size_t inner = profile_enter(p, v, i);

		if (profile_entry(p, v) < 0)
			return -1;
		profile_leave(p, inner);
	}
	profile_leave(p, mark);
	return 0;
}

static int
read_profile(struct profile *p, const struct value *v)
{
	static const char keys[] = "defaultAction|defaultErrnoRet|defaultErrno|architectures|"
				   "archMap|syscalls|flags|listenerPath|listenerMetadata";
	const struct value *got[KEYS_MAX];

	if (want(p, v, VALUE_OBJECT) < 0 || profile_members(p, v, keys, "snsSOOSss", got) < 0)
		return -1;
	if (got[ACTION] == NULL)
		return PROFILE_FAULT(p, v->pos, "\"defaultAction\" is missing");
	if (profile_action(p, got[ACTION], got[ERRNO_RET], got[ERRNO_NAME], &p->policy->fallback) <
	    0)
		return -1;
	if (got[ARCHS] != NULL && got[ARCHS]->count > 0 && got[MAP] != NULL && got[MAP]->count > 0)
		return PROFILE_FAULT(p, got[MAP]->keypos,
		    "\"architectures\" and \"archMap\" exclude each other");
	/* the engines' library has the host's own in any case */
	p->policy->archs = (uint32_t)1 << p->host->arch;
	if (add_archs(p, got[ARCHS], &p->policy->archs) < 0 ||
	    (got[MAP] != NULL && read_map(p, got[MAP]) < 0) || read_flags(p, got[FLAGS]) < 0)
		return -1;
	for (size_t i = LISTENER_PATH; i <= LISTENER_DATA; i++) {
		if (got[i] == NULL)
			continue;
		if (policy_note(p->arena, p->policy, SEVERITY_NOTE, S("listener"), got[i]->keypos,
			TEXT("it is for an engine; nothing is sent there")) < 0)
			return err_memory(p->err);
	}
	if (read_rules(p, got) < 0)
		return -1;
	return order(p) < 0 ? err_memory(p->err) : 0;
}

/* A whole config.json is as good. */
static const struct value *
find_profile(struct profile *p, const struct value *v)
{
	static const char *const step[] = { "linux", "seccomp" };

	if (value_get(v, S("defaultAction")) != NULL || value_get(v, S("linux")) == NULL)
		return v;
	for (size_t i = 0; i < COUNT(step); i++) {
		const struct value *inner = value_get(v, str_of(step[i]));

		if (inner == NULL) {
			PROFILE_FAULT(p, v->pos, "there is no \"%\" in it", str_of(step[i]));
			return NULL;
		}
		v = inner;
		(void)profile_enter(p, v, 0);
	}
	return v;
}

struct policy *
policy_json(struct arena *a, struct str file, const struct value *v, const struct policy_host *host,
    struct err *e)
{
	struct profile p = { .arena = a, .err = e, .policy = policy_new(a), .host = host };

	e->file = file;
	if (p.policy == NULL) {
		err_memory(e);
		return NULL;
	}
	p.policy->file = file;
	p.policy->wide = host->wide;
	v = find_profile(&p, v);
	if (v == NULL || read_profile(&p, v) < 0)
		return NULL;
	e->file = S("");
	return p.policy;
}
