#include "scene.h"

#include "plan/confine.h"
#include "spec/args.h"

#include "kernel.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY = 8 << 20, WORDS = 64 };

static _Alignas(16) unsigned char memory[MEMORY];
static char streams[2][SCENE_STREAM];

static struct facts
facts_of(enum machine m)
{
	const struct idrange all = { 0, 0, UINT32_MAX };
	struct facts f = {
		.proc = true,
		.root_mount = true,
		.cwd = S("/home"),
	};

	if (m == MACHINE_USER) {
		f.uid = f.gid = 1000;
		f.clone3 = true;
		f.seccomp = true;
		return f;
	}
	f.seccomp = true;
	f.admin = true;
	f.kernel = m == MACHINE_ROOT || m == MACHINE_INITRAMFS ? 6018 : 5002;
	f.clone3 = m == MACHINE_ROOT || m == MACHINE_INITRAMFS;
	f.root_initramfs = m == MACHINE_INITRAMFS;
	f.uids[0] = f.gids[0] = all;
	f.nuids = f.ngids = 1;
	if (m == MACHINE_ROOT || m == MACHINE_OLD)
		f.cgroup = S("/cg");
	return f;
}

void
scene_machine(const struct scene *sc)
{
	fake_reset();
	fake.no_clone3 = !sc->facts.clone3;
	fake.closed_filter = true;
	fake.no_seccomp = !sc->facts.seccomp;
	fake.kernel = (int)sc->facts.kernel;
	fake.uid = (uint32_t)sc->facts.uid;
	fake.gid = (uint32_t)sc->facts.gid;
	fake.cgroup = sc->facts.cgroup.n > 0 ? "/cg" : NULL;
	fake.no_kill_file = sc->machine == MACHINE_OLD;
}

/* The words as a command line behind the program's name; they live in the arena. */
static int
split(struct arena *a, const char *words, char **argv)
{
	static char name[] = "sbx-ns";
	char *text = arena_cstr(a, str_of(words));
	int n = 0;

	argv[n++] = name;
	for (char *w = text == NULL ? NULL : strtok(text, " "); w != NULL && n + 1 < WORDS;
	     w = strtok(NULL, " "))
		argv[n++] = w;
	argv[n] = NULL;
	return n;
}

const struct plan *
scene_plan(struct scene *sc)
{
	static char *words[WORDS], *none[] = { NULL };
	static char *command[3];
	struct arena a = { memory, 0, sizeof(memory) };
	struct arena *kept = arena_get(&a, sizeof(*kept));
	struct box *box = arena_get(&a, sizeof(*box));
	struct field_ctx c = { .arena = &a, .fault = FAULT_USAGE, .err = &sc->err };
	const struct args_part part[] = { { &box_table, box } };
	struct confine *filter = arena_get(&a, sizeof(*filter));
	struct payload payload = { .argv = command,
		.envp = none,
		.streams = sc->streams,
		.filter = filter };
	int n, rest;
	bool dashes;

	sc->facts = facts_of(sc->machine);
	sc->err = (struct err){ 0 };
	sc->plan = NULL;
	command[0] = arena_cstr(&a, str_of(sc->command == NULL ? "/bin/app" : sc->command));
	command[1] = NULL;
	box->level = sc->none ? LEVEL_NONE : LEVEL_UNSET;
	n = split(&a, sc->words == NULL ? "" : sc->words, words);
	if (args_parse(&c, part, 1, n, words, &rest, &dashes) < 0)
		return NULL;
	if (box_finish(&c, box, LEVEL_UNSET) < 0)
		return NULL;
	if (sc->filter)
		box->seccomp =
		    (struct seccomp){ .kind = SECCOMP_PROFILE, .name = S("deny-dangerous") };
	if (sc->change != NULL)
		sc->change(&sc->facts, box);
	*kept = a;
	if (confine_make(kept, box, &sc->facts, filter, &sc->err) < 0)
		return NULL;
	sc->plan = plan_box(kept, box, &sc->facts, &payload, &sc->err);
	return sc->plan;
}

struct job {
	const struct plan *plan;
	struct supervise s;
	struct verdict v;
	int result;
};

static void
job_main(void *p)
{
	struct job *j = p;

	j->result = box_run(j->plan, &j->s, &j->v);
}

void
scene_run(struct scene *sc)
{
	struct job j = { .plan = sc->plan, .s = sc->s };

	if (sc->streams)
		streams_attach(&j.s);
	for (size_t i = 0; i < 2; i++) {
		struct drain *d = i == 0 ? &j.s.out : &j.s.err;

		d->mem = streams[i];
		if (d->cap == 0 || d->cap > SCENE_STREAM)
			d->cap = SCENE_STREAM;
		if (d->forward == 0)
			d->forward = -1;
	}
	sc->end = fake_run(job_main, &j, sizeof(j));
	sc->s = j.s;
	sc->v = j.v;
	sc->result = j.result;
}

/* ---- the same as before? --------------------------------------------------------------------- */

enum { EFFECTS = 2048 };

static struct fake_entry kept[EFFECTS];
static size_t nkept;
static struct fake_world kept_world;
static int guard;

void
scene_guard(int pid)
{
	guard = pid;
}

/* Of ours, up to the exec; pipes are between us. */
static bool
shapes(const struct fake_entry *e)
{
	return fake_has_effect(e->call) && e->pipe < 0 && e->r >= 0 && e->pid != guard;
}

static size_t
before_exec(void)
{
	return fake.world.entry < FAKE_LOG ? fake.world.entry : FAKE_LOG;
}

void
scene_keep(void)
{
	nkept = 0;
	for (size_t i = 0; i < before_exec() && nkept < EFFECTS; i++)
		if (shapes(&fake.log[i]))
			kept[nkept++] = fake.log[i];
	kept_world = fake.world;
}

static bool
same_effect(const struct fake_entry *a, const struct fake_entry *b)
{
	/* the control group's name has the time in it */
	return a->call == b->call && a->num == b->num &&
	       (strcmp(a->text, b->text) == 0 ||
		   (strncmp(a->text, "sbx.", 4) == 0 && strncmp(b->text, "sbx.", 4) == 0));
}

bool
scene_same(bool less)
{
	size_t next[FAKE_PROCS] = { 0 }; /* in kept, for each process */
	size_t n = 0;

	for (size_t i = 0; i < before_exec(); i++) {
		const struct fake_entry *e = &fake.log[i];
		size_t *k = &next[(size_t)(e->pid - FAKE_MONITOR) % FAKE_PROCS];

		if (!shapes(e))
			continue;
		while (
		    *k < nkept && (kept[*k].pid != e->pid || (less && !same_effect(&kept[*k], e))))
			++*k;
		if (*k == nkept || !same_effect(&kept[*k], e))
			return false;
		++*k;
		n++;
	}
	return less || n == nkept;
}

bool
scene_same_world(bool less)
{
	const struct fake_world *a = &fake.world, *b = &kept_world;

	if (!less &&
	    (a->group != b->group || strcmp(a->cwd, b->cwd) != 0 || strcmp(a->path, b->path) != 0))
		return false;
	return a->spaces == b->spaces && a->joined == b->joined && a->securebits == b->securebits &&
	       a->mask == b->mask && a->death == b->death && a->root_attr == b->root_attr &&
	       a->fds == b->fds && a->caps_none == b->caps_none &&
	       a->no_new_privs == b->no_new_privs && a->filtered == b->filtered &&
	       a->private_mounts == b->private_mounts && a->root_moved == b->root_moved &&
	       a->old_root == b->old_root && a->session == b->session &&
	       a->monitor_dumpable == b->monitor_dumpable &&
	       a->parent_dumpable == b->parent_dumpable && a->no_nesting == b->no_nesting;
}

UNWATCHED_END
