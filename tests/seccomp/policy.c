/* policy [PROFILE...]: does the kernel answer as a policy says, with our compiler in between? All
 * of ours where none is named. Every rule, the fallback and what is foreign become errnos of their
 * own; then every number is called, natively and by int 0x80. Status 0 if interpreter, plain
 * evaluator and kernel said the same, 1 if not, 2 on trouble. */
#include <stdio.h>
#include <string.h>

#include "profile.h"
#include "shots.h"

enum { NUMBERS = 600, ROUNDS = 6, SHOTS = NUMBERS * ROUNDS, ERRNO_RULE = 100 };

struct tally {
	unsigned long calls, i386, rules, wrong;
};

/* Values that the tests of a policy tell apart. */
static uint64_t edge[512];
static size_t nedges;

static void
note_edge(uint64_t v)
{
	if (nedges < COUNT(edge))
		edge[nedges++] = v;
}

/* An errno for each rule. Of which none may be above 4095. */
static void
distinguish(struct policy *p)
{
	p->fallback = RET_ERRNO | 1;
	p->foreign = RET_ERRNO | 2;
	p->newer_action = RET_ERRNO | 3;
	nedges = 0;
	for (struct rule *r = p->first; r != NULL; r = r->next) {
		r->action = RET_ERRNO | (ERRNO_RULE + r->index % 3000);
		for (size_t i = 0; i < r->ntests; i++) {
			note_edge(r->test[i].mask);
			for (size_t k = 0; k < r->test[i].n; k++) {
				note_edge(r->test[i].in[k].lo);
				note_edge(r->test[i].in[k].hi);
			}
		}
	}
}

static uint64_t
argument(struct dice *d)
{
	uint64_t v = nedges > 0 ? edge[dice_below(d, (uint32_t)nedges)] : 0;

	switch (dice_below(d, 6)) {
	case 0:
		return v + dice_below(d, 3) - 1;
	case 1:
		return v | (uint64_t)dice_number(d) << 32;
	case 2:
		return v ^ UINT64_C(1) << dice_below(d, 64);
	case 3:
		return (uint64_t)dice_number(d) << 32 | dice_number(d);
	default:
		return v;
	}
}

/* Every number in every round. */
static void
load(struct dice *d, struct shot *shot, bool int80)
{
	memset(shot, 0, SHOTS * sizeof(*shot));
	for (unsigned i = 0; i < SHOTS; i++) {
		struct shot *s = &shot[i];
		unsigned round = i / NUMBERS;

		s->i386 = int80 && round % 3 == 1;
		s->data.nr = i % NUMBERS + (round % 3 == 2 ? X32_BIT : 0);
		if (i % NUMBERS == 0 && round % 3 == 0)
			s->data.nr = 0x3fffffff;
		for (size_t k = 0; k < CALL_ARGS; k++)
			s->data.arg[k] = argument(d);
	}
}

/* The evaluator has the same said of it as the filter. */
static void
evaluate(const struct policy *p, const struct shot *shot, struct tally *t)
{
	static bool met[4096];

	memset(met, 0, sizeof(met));
	for (const struct shot *s = shot; s < shot + SHOTS; s++) {
		const struct rule *why;
		uint32_t want = policy_decide(p, s->data.arch, s->data.nr, s->data.arg, &why);

		t->calls += s->fired;
		t->i386 += s->fired && s->i386;
		t->rules += !met[want & 4095];
		met[want & 4095] = true;
		if (want != s->want && t->wrong++ == 0)
			printf("nr %#x: the policy means %#x, its filter %#x\n", s->data.nr, want,
			    s->want);
	}
}

static int
judge(struct policy *p, uint32_t archs, unsigned level, struct shot *shot, bool int80,
    struct tally *t)
{
	struct dice d = { 0x5eed + level };
	uint32_t all = p->archs;
	struct bpf b;
	int wrong;

	if (profile_compile(p, archs, level, true, &b) < 0)
		return -1;
	load(&d, shot, int80);
	wrong = shots_fire(&b, shot, SHOTS);
	if (wrong < 0)
		return -1;
	t->wrong += (unsigned)wrong;
	p->archs = archs;
	evaluate(p, shot, t);
	p->archs = all;
	return 0;
}

static int
judge_all(const char *name, struct shot *shot, bool int80)
{
	struct policy *p = profile_read(name, profile_source(name));
	struct tally t = { 0 };

	if (p == NULL)
		return 2;
	distinguish(p);
	for (unsigned k = 0; k < 6; k++) {
		uint32_t archs = (k < 3 ? ARCHS_ONE : ARCHS_THREE) & p->archs;

		if (judge(p, archs, k % 3, shot, int80, &t) < 0)
			return 2;
	}
	printf("%s: 6 filters, %lu calls: %lu by int 0x80, %lu answers met, %lu differences\n",
	    name, t.calls, t.i386, t.rules, t.wrong);
	return t.wrong > 0 || t.calls == 0;
}

int
main(int argc, char **argv)
{
	struct shot *shot = shared(SHOTS * sizeof(*shot));
	bool int80 = shots_have_int80();
	int worst = 0;

	for (size_t i = 0;; i++) {
		const char *name = profile_asked(argc, argv, i);
		int got = name == NULL ? 0 : judge_all(name, shot, int80);

		worst = got > worst ? got : worst;
		if (name == NULL)
			break;
	}
	if (!int80)
		printf("skipped: this kernel has no int 0x80\n");
	return worst;
}
