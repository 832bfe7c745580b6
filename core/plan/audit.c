/* The known mistakes of filters. */
#include "plan/audit.h"

static bool
action_denies(uint32_t action)
{
	return !action_allows(action);
}

uint32_t
audit_node(const struct audit *a, int arch, unsigned call)
{
	return spans_find(&a->s[arch], (uint32_t)call_number(call, (enum arch)arch))->node;
}

static void
tell_fates(struct audit *a, int arch)
{
	for (unsigned call = 0; call < calls_count(); call++) {
		uint32_t node;

		if (call_number(call, (enum arch)arch) < 0)
			continue;
		node = audit_node(a, arch, call);
		if (!diagram_has(a->d, node, action_allows))
			a->fate[arch][call] = FATE_DENIED;
		else if (node_is_leaf(a->d, node) || !diagram_has(a->d, node, action_denies))
			a->fate[arch][call] = FATE_OPEN;
		else
			a->fate[arch][call] = FATE_TESTED;
	}
}

static bool
spans_have(const struct audit *a, const struct spans *s, bool (*is)(uint32_t))
{
	for (size_t i = 0; i < s->n; i++)
		if (diagram_has(a->d, s->at[i].node, is))
			return true;
	return false;
}

/* Who knows what arguments a call has that is in no table? */
static bool
asks_of_unknown(const struct audit *a, int arch)
{
	const struct spans *s = &a->s[arch];

	for (size_t i = 0; i < s->n; i++) {
		uint32_t nr = s->at[i].lo;

		if (!diagram_has(a->d, s->at[i].node, audit_asks))
			continue;
		while (call_of((enum arch)arch, nr) >= 0)
			if (nr++ == s->at[i].hi)
				break;
		if (nr >= s->at[i].lo && nr <= s->at[i].hi)
			return true;
	}
	return false;
}

static void
judge_returns(struct audit *a, const struct bpf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		uint32_t data = b->insn[i].k & RET_DATA;

		if (b->insn[i].code != BPF_RET_K)
			continue;
		switch (b->insn[i].k & (uint32_t)RET_ACTION) {
		case RET_ERRNO:
			if (data > 4095)
				audit_found(a, FOUND_ERRNO_RANGE, 0, -1, -1);
			if (data == 0)
				audit_found(a, FOUND_ERRNO_ZERO, 0, -1, -1);
			break;
		case RET_TRACE:
			audit_found(a, FOUND_TRACE, 0, -1, -1);
			break;
		case (uint32_t)RET_KILL_PROCESS:
		case RET_KILL_THREAD:
		case RET_TRAP:
		case RET_NOTIFY:
		case RET_LOG:
		case RET_ALLOW:
			break;
		default:
			audit_found(a, FOUND_UNKNOWN_ACTION, 0, -1, -1);
			break;
		}
	}
}

/* Walks all classes. Sets archs; whether unknown architectures are let through or asked about, and
 * whether anything is denied. */
static int
collect(struct audit *a, struct walk *w, bool *unchecked, bool *foreign_asks, bool *denies)
{
	struct spans gap = { 0 };
	struct callclass c;
	uint32_t foreign;

	if (walk_foreign(w, &gap, &foreign) < 0)
		return -1;
	for (bool more = class_first(&c); more; more = class_next(&c)) {
		struct spans *s = c.arch >= 0 ? &a->s[c.arch] : &gap;

		if (walk_class(w, &c, s) < 0)
			return -1;
		*denies = *denies || spans_have(a, s, action_denies);
		if (c.arch < 0) {
			*unchecked = *unchecked || spans_have(a, s, action_allows);
			*foreign_asks = *foreign_asks || spans_have(a, s, audit_asks);
		} else if (!spans_are(a->d, s, foreign)) {
			a->archs |= (uint32_t)1 << c.arch;
		}
	}
	/* its numbers mean those of one architecture at most */
	if (*unchecked)
		a->archs = (uint32_t)1 << arch_native();
	return 0;
}

int
filter_audit(struct arena *arena, const struct bpf *b, const struct policy *p, struct notes *notes,
    struct err *e)
{
	struct diagram *d = diagram_new(arena, e);
	struct walk *w = d != NULL ? walk_new(d, b) : NULL;
	struct audit *a = arena_get(arena, sizeof(*a));
	bool unchecked = false, foreign_asks = false, denies = false;

	if (w == NULL)
		return -1;
	if (a == NULL)
		return err_memory(e);
	a->d = d;
	a->policy = p;
	a->notes = notes;
	if (collect(a, w, &unchecked, &foreign_asks, &denies) < 0)
		return -1;
	judge_returns(a, b);
	if (!denies) {
		audit_found(a, FOUND_ONLY_ALLOWS, 0, -1, -1);
		return d->failed ? -1 : 0;
	}
	if (unchecked)
		audit_found(a, FOUND_ARCH_UNCHECKED, 0, -1, -1);
	if (foreign_asks)
		audit_note(a, FOUND_NOTIFY_POINTER, 0, -1,
		    (const struct str[]){ S("all calls"), S("other architectures") }, 2);
	for (int arch = 0; arch < ARCH_COUNT; arch++) {
		if ((a->archs >> arch & 1) == 0)
			continue;
		tell_fates(a, arch);
		if (a->s[arch].high)
			audit_found(a, FOUND_HIGH_WORD, arch, -1, -1);
		if (asks_of_unknown(a, arch))
			audit_note(a, FOUND_NOTIFY_POINTER, arch, -1,
			    (const struct str[]){ S("unknown calls"), arch_name((enum arch)arch) },
			    2);
	}
	audit_arguments(a);
	audit_calls(a);
	return d->failed ? -1 : 0;
}
