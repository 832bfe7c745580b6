/* A box in words, planned for a machine, and run over the fake kernel. */
#ifndef FAKE_SCENE_H
#define FAKE_SCENE_H

#include "fake.h"
#include "plan/plan.h"
#include "run/box.h"

enum machine {
	MACHINE_ROOT,      /* root, clone3, /proc, a writable control group */
	MACHINE_USER,      /* an ordinary user, no control group */
	MACHINE_OLD,       /* root, no clone3, no cgroup.kill */
	MACHINE_INITRAMFS, /* root, "/" cannot be pivoted, no control groups */
	MACHINE_BARE,      /* root without control groups, without clone3 */
};

struct scene {
	const char *words; /* as sbx-ns takes them, with spaces between */
	enum machine machine;
	bool none;    /* level none */
	bool filter;  /* the profile deny-dangerous */
	bool streams; /* as sbx-hook run: 0, 1, 2 are the supervisor's */
	const char *command;
	void (*change)(struct facts *, const struct box *); /* before the plan is made; or NULL */
	struct supervise s;
	/* what came of it */
	struct facts facts;
	const struct plan *plan;
	struct verdict v;
	int result;
	enum fake_end end;
	struct err err;
};

/* The fake as that machine, and the plan; NULL with scene.err set when it is refused. */
const struct plan *scene_plan(struct scene *);
/* Only the machine: for another run of the same plan. */
void scene_machine(const struct scene *);
/* Runs it; streams go to memory of 64 KiB each, cleared before. */
void scene_run(struct scene *);
/* Keeps what was done in the last run to shape what the payload finds. */
void scene_keep(void);
/* Was the same done in the last run, by each process in its order? With less: nothing else, but
 * things may be missing. */
bool scene_same(bool less);
/* Was its payload's world the same; with less: but for the control group, the directory, and which
 * of several places it was found in? */
bool scene_same_world(bool less);
/* Whether the process of this pid guards a control group, and so shapes nothing. */
void scene_guard(int pid);
/* Sizes of those streams, from the next run on. */
enum { SCENE_STREAM = 1 << 16 };

#endif
