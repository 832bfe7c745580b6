/* peer [PROFILE...]: does libseccomp's filter of the same rules answer every number as ours does?
 * All of ours where none is named. Only calls without tests of arguments: of those it is not the
 * judge. For one architecture and for three, as a list and as a tree. Status 0 alike, 1 not, 2
 * trouble. */
#include <stdio.h>
#include <string.h>

#include "rival.h"

enum { NUMBERS = 1024 };

struct tally {
	unsigned compared, newer, unknown, wrong;
};

/* Is it one of those that ours knows to be newer, where libseccomp falls back? */
static bool
newer_only(const struct policy *p, uint32_t ours, uint32_t theirs)
{
	return (p->newer_largest || p->newer != 0) && ours == p->newer_action &&
	       theirs == p->fallback;
}

/* Do its arguments matter, on any architecture? */
static bool
has_tests(const struct policy *p, int call)
{
	for (const struct rule *r = p->first; r != NULL; r = r->next)
		if (r->ntests > 0 && callset_has(&r->calls, (unsigned)call))
			return true;
	return false;
}

static void
ask(const struct policy *p, const struct bpf *ours, const struct bpf *theirs,
    const struct rival *rival, enum arch arch, uint32_t nr, struct tally *t)
{
	struct bpf_data d = { .nr = nr, .arch = arch_audit(arch) };
	int call = call_of(arch, nr);
	uint32_t a, b;

	if (call >= 0 && has_tests(p, call))
		return;
	if (call >= 0 && callset_has(&rival->unknown, (unsigned)call)) {
		t->unknown++;
		return;
	}
	a = bpf_run(ours, &d, NULL, NULL);
	b = bpf_run(theirs, &d, NULL, NULL);
	t->compared++;
	if (a == b)
		return;
	if (newer_only(p, a, b)) {
		t->newer++;
		return;
	}
	if (t->wrong++ < 8)
		printf("%.*s %#x %.*s: we %#x, libseccomp %#x\n", (int)arch_name(arch).n,
		    arch_name(arch).p, nr, call < 0 ? 0 : (int)call_name((unsigned)call).n,
		    call < 0 ? "" : call_name((unsigned)call).p, a, b);
}

static int
compare(const char *name, const struct policy *p, uint32_t archs, unsigned optimize)
{
	/* of another family, and no architecture at all */
	static const enum arch other[] = { ARCH_X86_64, ARCH_I386, ARCH_X32, ARCH_AARCH64,
		ARCH_S390X };
	struct tally t = { 0 };
	struct bpf ours, theirs;
	struct rival rival;
	struct err e = { 0 };
	int got = rival_compile(p, archs, RIVAL_EXACT, optimize, &theirs, &rival);

	if (got != 0 || bpf_check(&theirs, &e) < 0) {
		printf("%s: libseccomp: %s %.*s\n", name, strerror(got), (int)e.nmsg, e.msg);
		return 2;
	}
	if (profile_compile(p, archs, 1, true, &ours) < 0)
		return 2;
	for (size_t i = 0; i < COUNT(other); i++)
		for (uint32_t nr = 0; nr < NUMBERS; nr++)
			ask(p, &ours, &theirs, &rival, other[i],
			    nr | (other[i] == ARCH_X32 ? X32_BIT : 0), &t);
	/* What lies above is x32 to libseccomp, whether bit 30 is set or not. */
	ask(p, &ours, &theirs, &rival, ARCH_X86_64, 0x7fffffff, &t);
	printf("%s, %d architectures, libseccomp %s: %u numbers, %u newer than it knows, %u names "
	       "that it does not know, %u rules that it cannot say, %u differences\n",
	    name, __builtin_popcount(archs), optimize == 2 ? "tree" : "list", t.compared, t.newer,
	    t.unknown, rival.unsaid, t.wrong);
	return t.wrong > 0 || t.compared < 1000;
}

static int
compare_all(const char *name)
{
	const char *slash = strrchr(name, '/');
	const struct policy *p = profile_read(name, profile_source(name));
	int worst = 0;

	if (p == NULL)
		return 2;
	for (unsigned k = 0; k < 4; k++) {
		int got = compare(slash == NULL ? name : slash + 1, p,
		    (k < 2 ? ARCHS_ONE : ARCHS_THREE) & p->archs, 1 + k % 2);

		worst = got > worst ? got : worst;
	}
	return worst;
}

int
main(int argc, char **argv)
{
	const char *name;
	int worst = 0;

	for (size_t i = 0; (name = profile_asked(argc, argv, i)) != NULL; i++) {
		int got = compare_all(name);

		worst = got > worst ? got : worst;
	}
	return worst;
}
