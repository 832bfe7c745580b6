/* Which entries of a docker or podman profile are for this host. */
#include "spec/host.h"
#include "spec/policyjson.h"

struct when {
	uint64_t caps;
	bool arch, no_arch; /* this host's is among them; there are none */
	unsigned kernel;    /* or 0 */
};

static int
read_when(struct profile *p, const struct value *v, struct when *w)
{
	const struct value *got[KEYS_MAX];
	size_t mark = profile_enter(p, v, 0);

	*w = (struct when){ .no_arch = true };
	if (profile_members(p, v, "caps|arches|minKernel", "SSs", got) < 0)
		return -1;
	for (const struct value *c = profile_first(got[0]); c != NULL; c = c->next) {
		int bit = cap_find(c->text);

		if (bit < 0)
			return profile_fault(p, got[0], c->pos,
			    TEXT("unknown capability \"%\"", c->text));
		w->caps |= (uint64_t)1 << bit;
	}
	/* names of GOARCH: one that no host of ours has never matches, as with the engines */
	for (const struct value *a = profile_first(got[1]); a != NULL; a = a->next) {
		w->arch |= arch_find(a->text) == (int)p->host->arch;
		w->no_arch = false;
	}
	if (got[2] != NULL && kernel_read(got[2]->text, &w->kernel) < 0)
		return MEMBER_FAULT(p, got[2], "\"%\" is not a kernel such as \"4.8\"",
		    got[2]->text);
	profile_leave(p, mark);
	return 0;
}

int
profile_chosen(struct profile *p, const struct value *includes, const struct value *excludes)
{
	unsigned kernel = p->host->kernel == 0 ? UINT32_MAX : p->host->kernel;
	struct when w;
	bool chosen = true;

	if (includes != NULL) {
		if (read_when(p, includes, &w) < 0)
			return -1;
		chosen =
		    (w.arch || w.no_arch) && (w.caps & ~p->host->caps) == 0 && kernel >= w.kernel;
	}
	if (excludes != NULL) {
		if (read_when(p, excludes, &w) < 0)
			return -1;
		chosen = chosen && !w.arch && (w.caps & p->host->caps) == 0 &&
			 (w.kernel == 0 || kernel < w.kernel);
	}
	return chosen;
}
