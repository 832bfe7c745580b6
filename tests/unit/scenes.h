/* Boxes of each kind over the fake kernel, and what holds of every run: for the tests of the
 * monitor. */
#ifndef UNIT_SCENES_H
#define UNIT_SCENES_H

#include "check.h"
#include "payloads.h"
#include "scene.h"

static char heard[16];
static size_t nheard;
static enum cause limit;

static inline void
hear(void *arg, enum box_event e, const struct verdict *v)
{
	(void)arg;
	if (nheard < sizeof(heard))
		heard[nheard++] = "esl"[e];
	if (e == BOX_LIMIT)
		limit = v->cause;
}

static struct fake_program programs[6];

static inline void
plan(struct scene *sc)
{
	CU_ASSERT_FATAL(scene_plan(sc) != NULL);
	scene_machine(sc);
	memset(programs, 0, sizeof(programs));
	fake.program = programs;
	nheard = payload_got = payload_wrote = 0;
	limit = CAUSE_EXIT;
	sc->s.on = hear;
}

static inline void
with(void (*run)(void))
{
	programs[0] = (struct fake_program){ "/bin/app", 0, run };
}

static inline void
sound(const struct scene *sc)
{
	CU_ASSERT_EQUAL(sc->end, FAKE_RETURNED);
	CU_ASSERT_PTR_NULL(fake.wrong);
	CU_ASSERT_EQUAL(fake.left, 0);
	CU_ASSERT_EQUAL(fake.zombies, 0);
	CU_ASSERT_EQUAL(fake.leaks, sc->s.passed ? 1002 : 0);
	CU_ASSERT_EQUAL(fake.groups, 0);
	CU_ASSERT_EQUAL(fake.damage, 0);
}

static inline void
heard_is(size_t row, const char *want)
{
	CHECK_STR(row, ((struct str){ heard, nheard }), str_of(want));
}

static inline size_t
logged(void)
{
	return fake.nlog < FAKE_LOG ? fake.nlog : FAKE_LOG;
}

static const struct {
	const char *words;
	enum machine machine;
	bool none;
} kinds[] = {
	{ "", MACHINE_ROOT, false },
	{ "--no-init", MACHINE_ROOT, false },
	{ "--no-init", MACHINE_USER, false },
	{ "--no-init --new-session", MACHINE_USER, false },
	{ "", MACHINE_ROOT, true },
	{ "", MACHINE_USER, true },
	{ "--new-session", MACHINE_ROOT, false },
	{ "--time inherit", MACHINE_USER, false },
};

static inline struct scene
scene_of(size_t kind)
{
	return (struct scene){ .words = kinds[kind].words,
		.machine = kinds[kind].machine,
		.none = kinds[kind].none };
}

#endif
