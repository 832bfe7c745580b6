/* fuzz: core/run/monitor.c core/run/watch.c core/run/step.c core/run/inside.c core/run/streams.c */
/* fuzz: core/run/leaf.c core/run/orphans.c core/run/output.c core/run/pass.c */
/* A box in words, a machine, a payload, and what goes wrong: planned, judged by the lint, and run
 * over the fake kernel, twice. First as it is, then with the faults: what was executed then was
 * executed with everything that it has in the first run, or not at all.
 *
 * The input is the words of sbx-ns, a NUL, and then bytes: see struct control. What is left of it
 * says who runs when. */
#include "must.h"
#include "run/process.h"
#include "scene.h"

#include <errno.h>
#include <string.h>

enum { WORDS = 400, FAULTS = 3, EVENTS = 2 };

struct control {
	uint8_t machine;          /* enum machine; bits: none, streams, listener, child_first */
	uint8_t facts;            /* bits: see change() */
	uint8_t world;            /* bits: see machine() */
	uint8_t payload, error;   /* which program, and what its exec gives */
	uint8_t timeout, grace;   /* in steps of 50 ms */
	uint8_t fault[FAULTS][3]; /* call, nth (0: at an entry of the log), errno */
	uint8_t event[EVENTS][3]; /* what and to whom, entry of the log */
	uint8_t filter;           /* odd: there is one; bits: see machine() */
	uint8_t gauge, look;      /* bits: see gauge_of(); after how many looks */
};

static struct control c;

static const int errors[] = { EPERM, EINTR, ENOMEM, EMFILE, ENOSYS, EACCES, ENOENT, EAGAIN, EIO,
	EBUSY, EEXIST, EINVAL, EPIPE, ENOTDIR, ELOOP, ESRCH };

/* ---- payloads -------------------------------------------------------------------------------- */

static size_t amount, wrote;

static void
quick(void)
{
	sys_exit(7);
}

static void
sleeps(void)
{
	fake_sleep(3600000);
}

static void
stubborn(void)
{
	fake_ignore(SIGTERM);
	fake_sleep(3600000);
}

static void
talks(void)
{
	static char text[3000];
	char in[100];

	(void)sys_read(0, in, sizeof(in));
	for (size_t n = 0; n < amount; n += sizeof(text)) {
		if (sys_write(n % 2000 == 0 ? 1 : 2, text, sizeof(text)) < 0)
			break;
		wrote += sizeof(text);
	}
	sys_exit(0);
}

static void
deaf(void)
{
	sys_close(0);
	sys_close(1);
	fake_sleep(10);
	sys_exit(1);
}

static void
forks(void)
{
	(void)fake_fork(sleeps);
	fake_leave_session();
	(void)fake_fork(stubborn);
	fake_sleep(20);
	sys_exit(2);
}

static void
crashes(void)
{
	fake_kill(FAKE_MONITOR + 2, SIGSEGV);
	(void)sys_poll(NULL, 0, 0);
	sys_exit(3);
}

/* For a while: who waits for it does so in many small steps. */
static void
immortal(void)
{
	fake_become_other();
	fake_sleep(250);
	sys_exit(4);
}

static void (*const payloads[])(
    void) = { quick, sleeps, stubborn, talks, deaf, forks, crashes, immortal };

/* ---- a gauge --------------------------------------------------------------------------------- */

static struct gauge *const some_gauge = (void *)&amount;
static unsigned looks;

static enum cause
look(struct gauge *g, int group, int pid, uint64_t now, uint64_t *next)
{
	static const enum cause causes[] = { CAUSE_CPU_TIME, CAUSE_IDLE, CAUSE_WATCH_MEMORY,
		CAUSE_WATCH_PIDS };

	MUST(g == some_gauge && group >= -1 && pid > FAKE_MONITOR);
	*next = now + 7000;
	return looks++ == c.look ? causes[c.gauge >> 1 & 3] : CAUSE_EXIT;
}

static unsigned
measure(struct gauge *g, int group)
{
	MUST(g == some_gauge && group >= 0);
	return c.gauge >> 3 & 3u;
}

static void
weigh(struct verdict *v)
{
	MUST(v->evidence != 0 && v->started);
	if ((v->evidence & EVIDENCE_OOM) != 0 && v->cause != CAUSE_EXIT)
		v->cause = CAUSE_OOM;
}

static int
term(int group)
{
	MUST(group >= 0);
	return (c.gauge & 32) != 0 ? -EIO : 0;
}

static void
hint(const struct verdict *v, const struct op *o, struct err *e)
{
	(void)e;
	MUST(o == NULL || v->cause == CAUSE_SETUP || v->cause == CAUSE_NO_EXEC);
}

static const struct gauging by = { .look = look,
	.measure = measure,
	.weigh = weigh,
	.term = term,
	.hint = hint };

/* ---- the machine ----------------------------------------------------------------------------- */

static struct fake_file files[NS_COUNT + 2];
static struct fake_program programs[3];
static const uint8_t *schedule;
static size_t nschedule;

static void
change(struct facts *f, const struct box *box)
{
	static char joined[NS_COUNT][64];
	static struct strnode proc = { .s = { "/srv/proc", 9 } }, sys = { .s = { "/sys", 4 } };
	size_t n = 0;

	if ((c.facts & 1) != 0)
		f->lacks = 1 << NS_TIME | 1 << NS_IPC;
	f->sys_readonly = (c.facts & 3) == 3;
	if ((c.facts & 2) != 0)
		f->cwd = S("");
	if ((c.facts & 4) != 0)
		f->resolv = S("/run/resolv.conf");
	if ((c.facts & 8) != 0) {
		f->procs = (struct strlist){ .first = &proc, .n = 1 };
		f->sysfs = (struct strlist){ .first = &sys, .n = 1 };
	}
	if ((c.facts & 16) != 0)
		f->cgroup = S("");
	if ((c.facts & 32) != 0)
		f->proc = false;
	if ((c.facts & 64) != 0)
		f->root_mount = false;
	/* from 6.3 on a time namespace and one memory go together */
	if ((c.facts & 128) != 0)
		f->kernel = f->kernel < 6003 ? 6003 : 6002;
	memset(files, 0, sizeof(files));
	for (size_t k = 0; k < NS_COUNT; k++) {
		struct str path = box->ns[k].path;

		if (box->ns[k].mode != NS_JOIN || path.n >= sizeof(joined[k]))
			continue;
		memcpy(joined[k], path.p, path.n);
		joined[k][path.n] = '\0';
		files[n++] = (struct fake_file){ joined[k], "", 0 };
	}
}

/* Is it something that only a gauge ends a box for? */
static bool
by_gauge(enum cause cause)
{
	return (c.gauge & 1) != 0 && (cause == CAUSE_CPU_TIME || cause == CAUSE_IDLE ||
					 cause == CAUSE_WATCH_MEMORY || cause == CAUSE_WATCH_PIDS);
}

/* A reader who comes back, late. */
static void
read_again(int i)
{
	fake.out[i].stuck = false;
	fake.out[i].most = 0;
}

static void
listen(void *arg, enum box_event e, const struct verdict *v)
{
	(void)arg;
	/* what is told in the end is never known before */
	MUST(e != BOX_LIMIT || v->cause == CAUSE_TIMEOUT || v->cause == CAUSE_OUTPUT ||
	     v->cause == CAUSE_KILLED || by_gauge(v->cause));
}

static void
machine(struct scene *sc)
{
	scene_machine(sc);
	programs[0] = (struct fake_program){ "/bin/app",
		c.error % 8 == 1 ? errors[c.error / 8 % COUNT(errors)] : 0,
		payloads[c.payload % COUNT(payloads)] };
	programs[1] = (struct fake_program){ "/usr/bin/app", c.error % 8 == 2 ? EACCES : 0, quick };
	if (c.error % 8 < 2)
		programs[1] = (struct fake_program){ NULL, 0, NULL };
	fake.program = programs;
	fake.file = files;
	fake.regular = "/dev/null";
	fake.no_children_file = (c.world & 1) != 0;
	fake.before = (c.world & 2) != 0 ? 2 : 0;
	fake.chld_ignored = (c.world & 4) != 0;
	fake.absent[0] = (c.world & 8) != 0 ? "/run" : NULL;
	fake.absent[1] = (c.world & 16) != 0 ? "/proc" : NULL;
	fake.readonly = (c.world & 32) != 0 ? "/ro" : NULL;
	fake.out[1].stuck = (c.world & 64) != 0;
	fake.no_kill_file = (c.world & 128) != 0;
	fake.child_first = (c.machine & 128) != 0;
	amount = (size_t)c.payload * 1000;
	(void)fake_report_fd();
	sc->s = (struct supervise){ .input = S("request"),
		/* who writes where nobody reads would have no end without one */
		.timeout = (uint64_t)c.timeout * 50 + 1,
		.grace = (uint64_t)c.grace * 50,
		.quiet_signals = (c.grace & 1) != 0,
		.passed = !sc->streams };
	sc->s.out.cap = 20000;
	sc->s.err.forward = (c.grace & 2) != 0 ? 2 : -1;
	if ((c.machine & 64) != 0)
		sc->s.on = listen;
	if ((c.filter & 2) != 0) {
		sc->s.out.through = sc->s.err.through = &passing;
		sc->s.out.forward = 1;
		sc->s.err.forward = 2;
		fake.event[EVENTS] =
		    (struct fake_event){ .us = 60000000, .happen = read_again, .arg = 0 };
		fake.event[EVENTS + 1] =
		    (struct fake_event){ .us = 60000000, .happen = read_again, .arg = 1 };
	}
	fake.out[0].pipe = (c.filter & 4) != 0;
	fake.out[0].spliced = (c.filter & 8) != 0;
	fake.out[1].pipe = (c.filter & 16) != 0;
	fake.out[0].most = (c.filter & 32) != 0 ? 7000 : 0;
	fake.out[1].gone = (c.filter & 64) != 0;
	if ((c.gauge & 1) != 0) {
		sc->s.gauge = some_gauge;
		sc->s.by = &by;
	}
	looks = 0;
	wrote = 0;
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

static bool killed_monitor;
static unsigned kills;

static void
jump(int arg)
{
	fake.now += (uint64_t)arg * 100000;
}

static void
add_event(size_t i)
{
	static void (*const happen[])(int) = { fake_sigkill, fake_sigterm, fake_ctrl_c, jump };
	uint8_t what = c.event[i][0];
	int pid = what / 8 % 5 == 4 ? FAKE_CALLER : FAKE_MONITOR + what / 8 % 5;
	size_t at = (size_t)c.event[i][1] << 8 | c.event[i][2];

	if (what % 8 >= COUNT(happen))
		return;
	fake.event[i] = (struct fake_event){ .at = at % 1024 + 1,
		.happen = happen[what % 8],
		.arg = what % 8 == 3 ? what / 8 : pid };
	kills += what % 8 == 0;
	killed_monitor = killed_monitor || (what % 8 < 3 && pid == FAKE_MONITOR);
}

static void
add_fault(size_t i)
{
	const uint8_t *f = c.fault[i];
	int error = errors[f[2] % COUNT(errors)];

	if (f[0] == 0)
		return;
	if (f[1] == 0)
		fake.fault[i] = (struct fake_fault){ .at = (size_t)f[0] * 2, .error = error };
	else
		fake.fault[i] = (struct fake_fault){ .call = (enum fake_call)(f[0] % FAKE_COUNT),
			.nth = f[1],
			.error = error };
}

/* ---- what holds ------------------------------------------------------------------------------ */

/* The words may ask for what lies beyond this model: paths that it would cut, descriptors that the
 * caller has not, places of its own. */
static bool
within_model(const char *words)
{
	size_t run = 0;

	for (const char *p = words; *p != '\0'; p++) {
		run = *p == ' ' ? 0 : run + 1;
		if (run > 60 || *p < ' ')
			return false;
	}
	return strstr(words, "/cg") == NULL && strstr(words, "/proc/") == NULL;
}

static bool
keeps_only_3(const char *words)
{
	for (const char *p = strstr(words, "keep-fd"); p != NULL; p = strstr(p + 1, "keep-fd")) {
		p += strlen("keep-fd");
		if ((*p != ' ' && *p != '=') || p[1] != '3' || (p[2] != ' ' && p[2] != '\0'))
			return false;
	}
	return true;
}

static void
check_verdict(const struct scene *sc)
{
	const struct verdict *v = &sc->v;
	struct err e = { 0 };
	int status = verdict_status(v);

	MUST(status >= 0 && status <= 255);
	MUST(cause_name(v).n > 0 && verdict_stage(v).n > 0);
	MUST(v->op == UINT32_MAX || v->op < sc->plan->n);
	switch (v->cause) {
	case CAUSE_SETUP:
		MUST(fake.executed == 0 && !v->started && status == 125);
		MUST(sc->result == 0 || v->sysno > 0);
		break;
	case CAUSE_NO_EXEC:
		MUST(fake.executed == 0 && !v->started && v->sysno > 0);
		MUST(sc->plan->op[v->op].kind == OP_EXEC && sc->result == 0);
		break;
	case CAUSE_TIMEOUT:
		MUST(v->started || fake.executed == 0);
		MUST(sc->result == 0 && v->op == UINT32_MAX && status == 124);
		break;
	case CAUSE_CPU_TIME:
	case CAUSE_IDLE:
	case CAUSE_WATCH_MEMORY:
	case CAUSE_WATCH_PIDS:
		MUST(by_gauge(v->cause) && (v->started || fake.executed == 0));
		MUST(sc->result == 0 && v->op == UINT32_MAX);
		break;
	case CAUSE_OOM:
		MUST((c.gauge & 1) != 0 && (v->evidence & EVIDENCE_OOM) != 0);
		MUST(v->started && v->leaf && sc->result == 0);
		break;
	case CAUSE_PIDS:
		MUST(false);
	case CAUSE_EXIT:
	case CAUSE_SIGNAL:
	case CAUSE_OUTPUT:
	case CAUSE_KILLED:
		MUST(v->started && sc->result == 0 && v->op == UINT32_MAX);
		break;
	case CAUSE_REFUSED:
		MUST(false);
	}
	/* how it ended is how it ended; only a record that could not be written may make up for one
	 * that never ran, with the status that this has anyway */
	if (v->cause == CAUSE_EXIT && fake.executed == 1)
		MUST(v->status << 8 == fake.payload_status);
	if (v->cause == CAUSE_SIGNAL && fake.executed == 1)
		MUST(v->status == fake.payload_status);
	MUST(v->cause != CAUSE_EXIT || fake.executed == 1 ||
	     (fake.hits > 0 && (v->status == 126 || v->status == 127)));
	MUST(fake.executed <= 1);
	if (v->cause == CAUSE_SETUP || v->cause == CAUSE_NO_EXEC) {
		verdict_fault(sc->plan, v, &e);
		MUST(e.fault == FAULT_SYSTEM && e.nmsg > 0 && e.sysno == v->sysno);
	}
}

/* Every byte that was written went somewhere, or is counted. What the last write was at is not
 * known to who was ended in it. */
static void
check_bytes(const struct scene *sc)
{
	const struct drain *out = &sc->s.out, *err = &sc->s.err;
	uint64_t got = out->n + out->dropped + out->passed + err->n + err->dropped + err->passed;

	MUST(sc->v.dropped[0] == out->dropped && sc->v.dropped[1] == err->dropped);
	if (!sc->streams || payloads[c.payload % COUNT(payloads)] != talks || fake.hits > 0 ||
	    sc->v.survivors > 0)
		return;
	MUST(got <= wrote + 3000);
	/* what comes between the last look and the closing of a pipe that leads nowhere is
	 * nobody's */
	MUST(got >= wrote || (out->through != NULL && fake.out[1].gone));
	MUST(out->through == NULL || out->passed == fake.out[0].took);
}

/* What holds the tree where there is no PID namespace: a control group, and somebody of us to end
 * it; without one the list of our children, and the monitor itself. The receipt says "best
 * effort". */
static bool
may_stay(const struct scene *sc)
{
	if (sc->plan->tree)
		return false;
	if (sc->end == FAKE_KILLED)
		return fake.made == 0 || kills > 1 || fake.hits > 0;
	return sc->v.survivors > 0 || fake.before > 0 || fake.hits > 0;
}

/* What the receipt says of the world that the payload finds. */
static void
check_claims(const struct plan *p)
{
	for (size_t i = 0; fake.executed > 0 && i < p->nclaims; i++) {
		const struct claim *k = &p->claim[i];

		if (k->state != CLAIM_ENFORCED)
			continue;
		if (str_eq(k->name, S("nesting")))
			MUST(fake.world.no_nesting);
		if (str_eq(k->name, S("capabilities")))
			MUST(fake.world.caps_none);
		if (str_eq(k->name, S("no_new_privs")))
			MUST(fake.world.no_new_privs);
		if (str_eq(k->name, S("seccomp")))
			MUST(fake.world.filtered && fake.world.no_new_privs);
		if (str_eq(k->name, S("root")))
			MUST(fake.world.root_moved && !fake.world.old_root);
		if (str_eq(k->name, S("verdict")))
			MUST(!fake.world.monitor_dumpable && !fake.world.parent_dumpable);
		if (str_eq(k->name, S("session")))
			MUST(fake.world.session);
	}
}

static void
check_rest(const struct scene *sc)
{
	MUST(fake.wrong == NULL);
	check_claims(sc->plan);
	MUST(sc->end != FAKE_HUNG);
	MUST(sc->end == FAKE_RETURNED || killed_monitor || fake.hits > 0);
	MUST(fake.damage == 0);
	MUST(fake.alive == 0 || may_stay(sc));
	MUST(fake.groups == 0 || sc->v.survivors > 0 || kills > 1 || fake.hits > 0);
	if (sc->end != FAKE_RETURNED)
		return;
	MUST(fake.leaks == 0 || (sc->s.passed && fake.leaks == 1002));
	/* SIGPIPE stays blocked, and nothing else */
	MUST(fake.mask_after == (uint64_t)1 << SIGPIPE || fake.hits > 0);
	check_verdict(sc);
	if (sc->result == 0)
		check_bytes(sc);
}

/* The heart of it: what failed before the exec was nothing that the payload needed. */
static void
check_needed(const struct scene *sc)
{
	/* without a PID namespace the payload is the box's first process; another one before it
	 * is the guard of its control group */
	int guard = !sc->plan->tree && fake.world.pid != FAKE_MONITOR + 1 ? FAKE_MONITOR + 1 : 0;

	for (size_t i = 0; i < fake.world.entry && i < FAKE_LOG; i++) {
		const struct fake_entry *e = &fake.log[i];
		bool leaf = e->call == FAKE_mkdir_at && e->pid == FAKE_MONITOR;

		if (!e->injected || !fake_has_effect(e->call) || e->pipe >= 0 || e->pid == guard)
			continue;
		MUST(leaf || e->call == FAKE_chdir || e->r == -EEXIST ||
		     (e->call == FAKE_write && e->r == -EINTR));
	}
}

static bool
plan(struct scene *sc, const char *words)
{
	*sc = (struct scene){ .words = words,
		.machine = (enum machine)(c.machine % 8 % (MACHINE_BARE + 1)),
		.none = (c.machine & 8) != 0,
		.filter = (c.filter & 1) != 0,
		.streams = (c.machine & 16) != 0,
		.command = (c.machine & 32) != 0 ? "app" : "/bin/app",
		.change = change };
	if (scene_plan(sc) != NULL)
		return keeps_only_3(words);
	MUST(sc->err.fault != FAULT_NONE);
	/* the planner's own work is always sound */
	MUST(!str_starts((struct str){ sc->err.msg, sc->err.nmsg }, S("unsound")));
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const uint8_t *nul = memchr(data, 0, n < WORDS ? n : WORDS);
	static char words[WORDS + 1];
	static struct scene sc;
	size_t left;
	unsigned executed;
	bool leaf;

	if (nul == NULL)
		return 0;
	memcpy(words, data, (size_t)(nul - data) + 1);
	nul++;
	left = n - (size_t)(nul - data);
	memset(&c, 0, sizeof(c));
	memcpy(&c, nul, left < sizeof(c) ? left : sizeof(c));
	schedule = nul + (left < sizeof(c) ? left : sizeof(c));
	nschedule = left < sizeof(c) ? 0 : left - sizeof(c);
	killed_monitor = false;
	kills = 0;
	if (!within_model(words) || !plan(&sc, words))
		return 0;

	machine(&sc);
	scene_run(&sc);
	check_rest(&sc);
	executed = fake.executed;
	leaf = sc.v.leaf;
	scene_guard(leaf ? FAKE_MONITOR + 1 : 0);
	scene_keep();

	machine(&sc);
	fake.schedule = schedule;
	fake.nschedule = nschedule;
	for (size_t i = 0; i < FAULTS; i++)
		add_fault(i);
	for (size_t i = 0; i < EVENTS; i++)
		add_event(i);
	scene_run(&sc);
	check_rest(&sc);
	if (fake.executed == 0)
		return 0;
	check_needed(&sc);
	/* what did not run without faults can have been lucky with them: an absent place, say */
	if (executed > 0)
		MUST(scene_same_world(fake.hits > 0));
	if (executed > 0 && fake.hits == 0)
		MUST(scene_same(false));
	return 0;
}
