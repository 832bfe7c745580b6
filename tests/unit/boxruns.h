/* Boxes of all kinds, and what holds of every run of one: for the tests that make calls fail and
 * processes die. */
#ifndef UNIT_BOXRUNS_H
#define UNIT_BOXRUNS_H

#include "check.h"
#include "scene.h"

#include <stdlib.h>

/* ---- the boxes ------------------------------------------------------------------------------- */

static const struct fake_file spaces[] = {
	{ "/ns/user", "", 0 },
	{ "/ns/net", "", 0 },
	{ "/ns/pid", "", 0 },
	{ "/ns/ipc", "", 0 },
	{ "/ns/mnt", "", 0 },
	{ NULL, NULL, 0 },
};

struct row {
	const char *title, *words;
	enum machine machine;
	bool none, streams, listener, filter;
};

static const struct row rows[] = {
	{ "root, everything new", "", MACHINE_ROOT, false, false, false, false },
	{ "an ordinary user", "", MACHINE_USER, false, false, true, false },
	{ "level none with a control group", "", MACHINE_ROOT, true, false, false, false },
	{ "level none without one", "", MACHINE_USER, true, false, true, false },
	{ "no init", "--no-init", MACHINE_ROOT, false, false, true, false },
	{ "no init, ordinary user", "--no-init", MACHINE_USER, false, false, false, false },
	{ "streams", "--new-session", MACHINE_ROOT, false, true, true, false },
	{ "streams at level none", "--new-session", MACHINE_ROOT, true, true, false, false },
	{ "joins", "--user /ns/user --net /ns/net --pid /ns/pid --ipc /ns/ipc --mount new",
	    MACHINE_ROOT, false, false, false, false },
	{ "a joined view", "--user inherit --mount /ns/mnt", MACHINE_ROOT, false, false, false,
	    false },
	{ "an ordinary user, one memory", "--time inherit", MACHINE_USER, false, false, false,
	    false },
	{ "binds and tmp",
	    "--rw /tmp --ro /etc --bind /srv /opt --bind / /host --tmp /a --bind /etc /a/b "
	    "--bind /dev/null /run/null --proc --proc-subset --hostname box --chdir /tmp",
	    MACHINE_ROOT, false, false, false, false },
	{ "initramfs", "--proc", MACHINE_INITRAMFS, false, false, false, false },
	{ "no clone3", "", MACHINE_OLD, false, true, false, false },
	{ "no clone3, one memory", "--time inherit", MACHINE_OLD, false, true, true, false },
	{ "no clone3, no init, no cgroup.kill", "--no-init --time inherit", MACHINE_OLD, false,
	    false, false, false },
	{ "level none, no clone3", "", MACHINE_OLD, true, false, false, false },
	{ "the host's /dev, another root", "--no-dev --root /srv/image --tmp /tmp", MACHINE_BARE,
	    false, false, false, false },
	{ "a filter", "", MACHINE_ROOT, false, false, true, true },
	{ "a filter, an ordinary user, one memory", "--time inherit", MACHINE_USER, false, true,
	    true, true },
	{ "a filter at level none", "", MACHINE_USER, true, false, true, true },
	{ "a filter at level none, streams", "", MACHINE_ROOT, true, true, false, true },
	{ "a filter, no clone3, no init", "--no-init --time inherit", MACHINE_OLD, false, false,
	    true, true },
};

static char said[8];
static size_t nsaid;

static inline void
listen(void *arg, enum box_event e, const struct verdict *v)
{
	(void)arg;
	(void)v;
	if (nsaid < sizeof(said))
		said[nsaid++] = "esl"[e];
}

static inline void
app(void)
{
	char text[64];

	while (sys_read(0, text, sizeof(text)) > 0)
		;
	(void)sys_write(1, "reply", 5);
	sys_exit(7);
}

static const struct fake_program programs[] = {
	{ "/bin/app", 0, app },
	{ NULL, 0, NULL },
};

static inline void
set(struct scene *sc, const struct row *t)
{
	scene_machine(sc);
	fake.program = programs;
	fake.file = spaces;
	fake.regular = "/dev/null";
	sc->s = (struct supervise){ .input = S("request"), .passed = !t->streams };
	if (t->listener)
		sc->s.on = listen;
	nsaid = 0;
}

static inline bool
prepared(struct scene *sc, const struct row *t)
{
	*sc = (struct scene){ .words = t->words,
		.machine = t->machine,
		.none = t->none,
		.filter = t->filter,
		.streams = t->streams };
	if (scene_plan(sc) == NULL) {
		printf("# %s: %.*s\n", t->title, (int)sc->err.nmsg, sc->err.msg);
		return false;
	}
	set(sc, t);
	return true;
}

/* ---- what holds of every run ----------------------------------------------------------------- */

/* Says once a run what was not so, with the log on request. */
static bool good;
static const char *context;

static inline void
must(bool so, const char *what, int line)
{
	char text[512];

	if (!so && good) {
		snprintf(text, sizeof(text), "%s: %s%s%s", context, what,
		    fake.wrong != NULL ? ": " : "", fake.wrong != NULL ? fake.wrong : "");
		CU_assertImplementation(CU_FALSE, (unsigned)line, text, __FILE__, "", CU_FALSE);
		if (getenv("SHOW") != NULL) {
			struct str log = fake_log_text(0);

			printf("%.*s", (int)log.n, log.p);
		}
		good = false;
	}
	if (so)
		CU_assertImplementation(CU_TRUE, (unsigned)line, what, __FILE__, "", CU_FALSE);
}
#define HOLDS(so) must((so), #so, __LINE__)

/* Descriptors 0 and 1, which the monitor lets go of where they are the payload's. */
static bool kept_stdio;
/* Children that could not be waited for, because that was made to fail. */
static unsigned lost_children;
/* The caller's mask could not be restored, for the same reason. */
static bool lost_mask;

static inline unsigned
given_away(const struct scene *sc)
{
	return sc->s.passed && !kept_stdio ? 1002 : 0;
}

/* The caller's, and SIGPIPE: what is still to be told goes to readers that may be gone. */
static inline uint64_t
mask_left(void)
{
	size_t n = fake.nlog < FAKE_LOG ? fake.nlog : FAKE_LOG;

	for (size_t i = 0; i < n; i++)
		if (fake.log[i].call == FAKE_sigmask && fake.log[i].pid == FAKE_MONITOR)
			return fake.log[i].r < 0 ? fake.mask : fake.mask | (uint64_t)1 << SIGPIPE;
	return fake.mask;
}

static inline void
nothing_left(const struct scene *sc, bool started)
{
	HOLDS(fake.wrong == NULL);
	HOLDS(sc->end == FAKE_RETURNED);
	HOLDS(fake.left == 0 && fake.alive == 0 && fake.zombies == lost_children);
	HOLDS(fake.groups == 0);
	HOLDS(fake.damage == 0);
	HOLDS(fake.mask_after == mask_left() || lost_mask);
	HOLDS(fake.leaks == (started ? given_away(sc) : 0));
}

#endif
