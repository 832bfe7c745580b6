/* fuzz: core/spec/policyjson.c core/spec/policyjsoncall.c core/spec/policyjsonwhen.c */
/* fuzz: core/spec/policyjsonput.c core/spec/policychoice.c */
#include "policyvectors.h"

enum { INPUT_MAX = 4096, VECTORS = 120 };

static unsigned char mem[64 << 20];
static char text_again[1 << 20], json[4 << 20], json_again[4 << 20];

static struct policy *
read_again(struct arena *a, struct str text, const struct policy_host *host)
{
	struct err e = { 0 };
	struct policy *p = policy_read(a, S("again"), text, host, &e);

	MUST(p != NULL && e.fault == FAULT_NONE);
	return p;
}

static void
check_fault(struct str text, const struct err *e)
{
	MUST(e->fault == FAULT_CONFIG || e->fault == FAULT_LIMIT);
	MUST(e->nmsg > 0 && (e->pos.line > 0 || e->fault == FAULT_LIMIT));
	MUST(e->pos.line == 0 || (e->npath > 0 && e->path[0] == '$') || text.p[0] != '{');
}

/* A profile without tests says for each of its calls what the first entry for it says. */
static void
check_first(const struct policy *p)
{
	const struct rule *why;

	for (const struct rule *r = p->first; r != NULL; r = r->next) {
		MUST(r->archs == p->archs && r->nnr == 0 && r->ntests <= CALL_ARGS);
		for (unsigned c = 0; c < calls_count() && r->ntests == 0; c++) {
			int64_t nr = callset_has(&r->calls, c) ? call_number(c, ARCH_AARCH64) : -1;

			if (nr < 0 || (p->archs >> ARCH_AARCH64 & 1) == 0)
				continue;
			(void)policy_decide(p, arch_audit(ARCH_AARCH64), (uint32_t)nr,
			    (uint64_t[6]){ 0 }, &why);
			MUST(why == NULL || why->index <= r->index);
		}
	}
}

static void
check_profile(struct arena *a, const struct policy *p, struct policy_host *host)
{
	struct buf b = BUF(text_again), j = BUF(json), j2 = BUF(json_again);
	struct err e = { 0 };
	const struct policy *again;

	check_first(p);
	MUST(policy_put(&b, p, &e) == 0);
	again = read_again(a, buf_str(&b), host);
	vectors_of(p, VECTORS, vector_same, &(struct policies){ p, again });
	/* what OCI said, OCI can say: but for conditions of which some are decided by what
	 * follows */
	if (policy_put_json(a, &j, p, &e) < 0)
		return;
	host->arch = (enum arch)__builtin_ctz(p->archs);
	again = read_again(a, buf_str(&j), host);
	vectors_of(p, VECTORS, vector_same, &(struct policies){ p, again });
	MUST(policy_put_json(a, &j2, again, &e) == 0);
	MUST(str_eq(buf_str(&j), buf_str(&j2)));
}

/* What is no profile may be a policy that can be said as one. */
static void
check_policy(struct arena *a, const struct policy *p)
{
	struct policy_host host = { .arch = (enum arch)__builtin_ctz(p->archs), .wide = p->wide };
	struct buf j = BUF(json);
	struct err e = { 0 };
	const struct policy *again;

	if (policy_put_json(a, &j, p, &e) < 0) {
		MUST((e.fault == FAULT_CONFIG || e.fault == FAULT_LIMIT) && e.nmsg > 0);
		return;
	}
	again = read_again(a, buf_str(&j), &host);
	MUST(again->archs == p->archs && again->flags == p->flags);
	check_first(again);
	vectors_of(p, VECTORS, vector_same, &(struct policies){ p, again });
	vectors_of(again, VECTORS, vector_same, &(struct policies){ p, again });
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy_host host = { .arch = (enum arch)(n % ARCH_COUNT),
		.kernel = n % 3 == 0 ? 4004 : 0,
		.caps = n % 5 == 0 ? 1 << 21 | 1 << 18 : 0,
		.wide = n % 7 == 0 };
	struct str text = { (const char *)data, n };
	struct err e = { 0 };
	const struct policy *p;

	if (n > INPUT_MAX || n == 0)
		return 0;
	p = policy_read(&a, S("f"), text, &host, &e);
	MUST((p == NULL) == (e.fault != FAULT_NONE));
	if (p == NULL)
		check_fault(text, &e);
	else if (data[0] == '{')
		check_profile(&a, p, &host);
	else
		check_policy(&a, p);
	return 0;
}
