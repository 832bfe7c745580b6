/* The control group that is made to be killed, its guard, and orphans that no group holds. */
#include "check.h"
#include "fake.h"
#include "run/group.h"
#include "run/process.h"
#include "unit.h"

#include <errno.h>
#include <sys/wait.h>

static struct plan plan;

/* ---- lists of pids --------------------------------------------------------------------------- */

static void
pids(void)
{
	static const struct {
		const char *text;
		size_t max, n;
		int pid[4];
	} t[] = {
		{ "", 4, 0, { 0 } },
		{ "1\n", 4, 1, { 1 } },
		{ "1 22 333 4444 ", 4, 4, { 1, 22, 333, 4444 } },
		{ "1 22 333 4444 ", 2, 2, { 1, 22 } },
		{ "1 22 333 4444 ", 0, 0, { 0 } },
		/* cut off: may be the beginning of another one */
		{ "1 22 33", 4, 2, { 1, 22 } },
		{ "33", 4, 0, { 0 } },
		/* processes of another PID namespace are 0 */
		{ "0\n0\n7\n", 4, 1, { 7 } },
		{ "\n\n \n", 4, 0, { 0 } },
		{ "x1y2/3:", 4, 3, { 1, 2, 3 } },
		/* no pid, but no overflow either */
		{ "99999999999999999999999999 5 ", 4, 2, { 999999999, 5 } },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		int pid[4] = { 0 };

		CHECK_NUM(i, pids_read(pid, t[i].max, t[i].text, strlen(t[i].text)), t[i].n);
		CU_ASSERT(memcmp(pid, t[i].pid, sizeof(pid)) == 0);
	}
}

/* ---- orphans --------------------------------------------------------------------------------- */

static char long_list[5000];
static struct orphans orphans;
static int listed;

static void
list_main(void *arg)
{
	(void)arg;
	listed = orphans_list(&orphans);
}

static void
list(const struct fake_file *file, int before)
{
	int nothing = 0;

	fake_reset();
	fake.file = file;
	fake.before = before;
	CU_ASSERT_EQUAL(fake_run(list_main, &nothing, sizeof(nothing)), FAKE_RETURNED);
	CU_ASSERT(fake.leaks == 0 && fake.wrong == NULL);
}

static void
lists(void)
{
	static const struct fake_file full[] = {
		{ "/proc/thread-self/children", long_list, 0 },
		{ NULL, NULL, 0 },
	};
	static const struct fake_file secret[] = {
		{ "/proc/thread-self/children", NULL, EACCES },
		{ NULL, NULL, 0 },
	};

	list(NULL, 0);
	CU_ASSERT(listed == 0 && orphans.n == 0 && !orphans.some && !orphans.unlisted);
	list(NULL, 3);
	CU_ASSERT(listed == 0 && orphans.n == 3 && orphans.some && !orphans.unlisted);
	CU_ASSERT(orphans.pid[0] == 51 && orphans.pid[2] == 53);
	list(secret, 3);
	CU_ASSERT(listed == -EACCES && orphans.n == 0 && !orphans.unlisted);

	/* many short ones, and few long ones */
	for (size_t i = 0; i < 511; i++)
		memcpy(long_list + 2 * i, "7 ", 3);
	list(full, 0);
	CU_ASSERT(listed == 0 && orphans.n == 511);
	memcpy(long_list + 2 * 511, "7 ", 3);
	list(full, 0);
	CU_ASSERT(listed == -E2BIG && orphans.n == 512);
	memset(long_list, ' ', 4096);
	long_list[4096] = '\0';
	list(full, 0);
	CU_ASSERT_EQUAL(listed, -E2BIG);
	long_list[4095] = '\0';
	list(full, 0);
	CU_ASSERT(listed == 0 && orphans.n == 0);
}

/* ---- the group ------------------------------------------------------------------------------- */

static const struct op leaf_op = { .kind = OP_LEAF, .flags = FLAG_MAY, .text = "/cg" };

struct made {
	int result;
	bool gone, leaf, twice;
	bool refilled;
	int child;
};

static void
sleeper(void)
{
	/* as an exec does */
	(void)sys_close_range(0, ~0u);
	fake_sleep(3600000);
}

static void
make_main(void *arg)
{
	struct made *m = arg;
	struct process p; /* not static: the guard has its own, as after every fork */

	process_prepare(&p, &plan);
	m->result = leaf_make(&p, &leaf_op);
	m->leaf = p.leaf_made;
	leaf_kill(&p);
	m->gone = leaf_end(&p);
	m->twice = leaf_end(&p);
	process_close_all(&p);
}

static struct made
make(void)
{
	struct made m = { 0 };

	CU_ASSERT_EQUAL(fake_run(make_main, &m, sizeof(m)), FAKE_RETURNED);
	CU_ASSERT_EQUAL(fake.leaks, 0);
	CU_ASSERT_EQUAL(fake.alive, 0);
	CU_ASSERT_PTR_NULL(fake.wrong);
	return m;
}

static void
made_and_ended(void)
{
	struct made m;
	size_t n;

	fake_reset();
	fake.cgroup = "/cg";
	m = make();
	CU_ASSERT(m.result == 0 && m.leaf && m.gone && m.twice);
	CU_ASSERT(fake.groups == 0 && fake.left == 0 && fake.zombies == 0);
	n = fake.nlog;

	/* no such directory: there is none, and that is no fault */
	fake_reset();
	fake.absent[0] = "/cg";
	m = make();
	CU_ASSERT(m.result == 0 && !m.leaf && m.gone);

	/* each of its calls fails: a group that is there is ended all the same */
	for (size_t at = 1; at <= n; at++) {
		fake_reset();
		fake.cgroup = "/cg";
		fake.fault[0] = (struct fake_fault){ .at = at, .error = EMFILE };
		m = make();
		CU_ASSERT_EQUAL(fake.groups, 0);
		CU_ASSERT(m.gone);
		CU_ASSERT(m.result == 0 || (m.result == -EMFILE && !m.leaf));
	}
}

/* As long as it cannot be removed it is not gone; patience ends after two seconds. */
static void
cannot_be_removed(void)
{
	struct made m;

	fake_reset();
	fake.cgroup = "/cg";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_rmdir_at, .error = EBUSY };
	m = make();
	CU_ASSERT(m.leaf && !m.gone);
	CU_ASSERT_EQUAL(fake.groups, 1);
	CU_ASSERT(fake.now > 3000000 && fake.now < 4000000);

	/* somebody else has removed it */
	fake_reset();
	fake.cgroup = "/cg";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_rmdir_at, .error = ENOENT };
	m = make();
	CU_ASSERT(m.leaf && m.gone);
}

/* ---- with a group for ourselves, and limits -------------------------------------------------- */

static char took[TOOK_ROOM];
static struct op ops[] = {
	{ .kind = OP_SELF, .text = "/cg" },
	{ .kind = OP_ENABLE, .text = "/cg", .text2 = "+memory +pids" },
	{ .kind = OP_LEAF, .text = "/cg", .a = 0 },
	{ .kind = OP_LIMIT, .text = "memory.max", .text2 = "65536", .num = 4096, .took = took },
};
static struct plan whole = { .op = ops, .n = COUNT(ops) };

static struct limited {
	bool stays; /* the monitor ends without leaf_end */
	int failed; /* -errno of the operation that failed */
	bool gone;
	size_t ended; /* entries of the log when the end began */
	char leaf[40];
} limited;

static void
limited_main(void *arg)
{
	struct limited *m = arg;
	struct process p;
	struct supervise s = { .outlive = true };
	char path[80];

	group_attach(&s);
	process_prepare(&p, &whole);
	p.steps = s.steps;
	for (size_t i = 0; i < whole.n && m->failed == 0; i++)
		m->failed = process_step(&p, i);
	/* what the kernel does with CLONE_INTO_CGROUP */
	if (p.leaf_made) {
		snprintf(path, sizeof(path), "/cg/%s", p.leaf);
		fake_group(path, fake_fork(sleeper));
	}
	memcpy(m->leaf, p.leaf, sizeof(m->leaf));
	m->ended = fake.nlog;
	if (m->stays)
		sys_exit(9);
	m->gone = leaf_end(&p);
	while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
		;
	process_close_all(&p);
}

static void
limited_set(void)
{
	fake_reset();
	fake.cgroup = "/cg";
	fake.controllers = "cpu memory pids";
	fake.inside = true;
	limited = (struct limited){ 0 };
}

static enum fake_end
limited_run(void)
{
	enum fake_end end = fake_run(limited_main, &limited, sizeof(limited));

	CU_ASSERT_PTR_NULL(fake.wrong);
	if (fake.wrong != NULL)
		printf("# %s: %s\n%s", fake.wrong, fake.wrong_about, fake_log_text(0).p);
	return end;
}

static void
nothing_is_left(size_t row)
{
	CHECK_NUM(row, fake.groups, 0);
	CHECK_NUM(row, fake.alive, 0);
	CHECK_STR(row, str_of(fake_subtree("/cg")), S(""));
}

static void
with_limits(void)
{
	limited_set();
	CU_ASSERT_EQUAL(limited_run(), FAKE_RETURNED);
	CU_ASSERT(limited.failed == 0 && limited.gone && fake.leaks == 0 && fake.zombies == 0);
	CU_ASSERT_EQUAL(fake.made, 2);
	CHECK_TEXT(0, str_of(took), "65536");
	CU_ASSERT(fake_in_group(FAKE_MONITOR, "/cg"));
	nothing_is_left(0);

	/* the monitor ends before it has undone anything */
	limited_set();
	limited.stays = true;
	CU_ASSERT_EQUAL(limited_run(), FAKE_EXITED);
	nothing_is_left(0);

	/* no cgroup.kill */
	for (int i = 0; i < 2; i++) {
		limited_set();
		limited.stays = i == 1;
		fake.no_kill_file = true;
		CU_ASSERT_EQUAL(limited_run(), i == 1 ? FAKE_EXITED : FAKE_RETURNED);
		nothing_is_left((size_t)i);
	}
}

/* SIGKILL before any call of anybody: of the monitor, of the guard. */
static void
killed_at_any_moment(void)
{
	for (int guard = 0; guard < 2; guard++)
		for (int stays = 0; stays < 2; stays++) {
			size_t n;

			limited_set();
			limited.stays = stays == 1;
			(void)limited_run();
			n = fake.nlog;
			/* both of them at once would be another story */
			for (size_t at = 1; at <= n && (guard == 0 || stays == 0); at++) {
				limited_set();
				limited.stays = stays == 1;
				fake.event[0] = (struct fake_event){ .at = at,
					.happen = fake_sigkill,
					.arg = FAKE_MONITOR + guard };
				(void)limited_run();
				nothing_is_left(at);
				CU_ASSERT(guard == 0 || limited.gone);
			}
		}
}

/* Whatever order they run in. */
static void
killed_in_any_order(void)
{
	static uint8_t schedule[8];
	uint32_t seed = 1;

	for (size_t i = 0; i < 400; i++) {
		for (size_t k = 0; k < sizeof(schedule); k++) {
			seed = seed * 1664525 + 1013904223;
			schedule[k] = (uint8_t)(seed >> 24);
		}
		limited_set();
		fake.schedule = schedule;
		fake.nschedule = sizeof(schedule);
		fake.child_first = (seed & 1) != 0;
		fake.event[0] = (struct fake_event){ .at = 1 + seed % 90,
			.happen = fake_sigkill,
			.arg = FAKE_MONITOR + (int)(seed >> 8 & 1) };
		(void)limited_run();
		nothing_is_left(i);
	}
}

/* Each call fails once: what was made goes again, or is left, empty, for sweep. */
static void
failing_limits(void)
{
	static const int errors[] = { EMFILE, EINTR, EACCES, EBUSY, EAGAIN };
	size_t n, ended;

	limited_set();
	(void)limited_run();
	n = fake.nlog;
	ended = limited.ended;
	for (size_t at = 1; at <= n; at++)
		for (size_t k = 0; k < COUNT(errors); k++) {
			limited_set();
			fake.fault[0] = (struct fake_fault){ .at = at, .error = errors[k] };
			CU_ASSERT_EQUAL(limited_run(), FAKE_RETURNED);
			CHECK_NUM(at, fake.alive, 0);
			CHECK_NUM(at, fake.leaks, 0);
			CU_ASSERT(limited.gone);
			CU_ASSERT(limited.failed == 0 || limited.failed == -errors[k]);
			/* what holds the lock for us is not seen to be us */
			if (at <= ended ||
			    (errors[k] != EAGAIN && fake.log[at - 1].call != FAKE_close))
				nothing_is_left(at);
			else
				CU_ASSERT(fake.groups <= 1);
		}
}

/* Others have come into the group meanwhile: what they count on stays. */
static void
not_alone(void)
{
	limited_set();
	fake_group("/cg/other", 0);
	CU_ASSERT_EQUAL(limited_run(), FAKE_RETURNED);
	CU_ASSERT(limited.failed == 0 && limited.gone);
	CHECK_TEXT(0, str_of(fake_subtree("/cg")), "memory pids");
	/* theirs, and the one that we are in until we end */
	CU_ASSERT_EQUAL(fake.groups, 2);
	CU_ASSERT(!fake_in_group(FAKE_MONITOR, "/cg"));
}

/* Somebody holds the lock for ever: what it guards is done without it where that harms nobody. */
static void
lock_held(void)
{
	limited_set();
	fake_lock("/cg");
	CU_ASSERT_EQUAL(limited_run(), FAKE_RETURNED);
	CU_ASSERT(limited.failed == 0 && limited.gone && fake.leaks == 0);
	CHECK_TEXT(0, str_of(fake_subtree("/cg")), "memory pids");
	CU_ASSERT_EQUAL(fake.groups, 1);
	CU_ASSERT(fake.now > 1200000 && fake.now < 1300000);
}

/* A name that is taken already is somebody else's group, to be left alone. */
static void
taken_names(void)
{
	for (int self = 0; self < 2; self++) {
		char leaf[40], path[80];

		/* the clock of the fake goes by calls: the same name again */
		limited_set();
		(void)limited_run();
		memcpy(leaf, limited.leaf, sizeof(leaf));
		limited_set();
		snprintf(path, sizeof(path), "/cg/%s%s", leaf, self == 1 ? ".self" : "");
		fake_group(path, 0);
		CU_ASSERT_EQUAL(limited_run(), FAKE_RETURNED);
		CU_ASSERT_EQUAL(limited.failed, -EEXIST);
		/* with another group beside it our own is left to be swept */
		CU_ASSERT_EQUAL(fake.groups, self == 1 ? 1 : 2);
		CU_ASSERT(fake_has_group(path));
		CU_ASSERT_EQUAL(fake.alive, 0);
	}
}

/* Of who may not make one. */
static void
without_limits(void)
{
	struct process p;

	fake_reset();
	for (size_t i = 0; i < COUNT(ops); i++) {
		struct plan one = { .op = &ops[i], .n = 1 };

		process_prepare(&p, &one);
		p.slot[0] = 0;
		CHECK_NUM(i, process_step(&p, 0), -ENOSYS);
	}
	p.slot[0] = -1;
}

static void
unwritten_main(void *arg)
{
	struct made *m = arg;
	struct process p;

	process_prepare(&p, &plan);
	m->result = leaf_make(&p, &leaf_op);
	m->leaf = p.leaf_made;
	m->child = fake_fork(sleeper);
	/* what the kernel does with CLONE_INTO_CGROUP, by hand */
	if (p.leaf_made) {
		char text[16];
		int fd = sys_open_at(p.group, "cgroup.procs", 1, K_RESOLVE_BENEATH);

		snprintf(text, sizeof(text), "%d", m->child);
		(void)sys_write(fd, text, strlen(text));
		sys_close(fd);
	}
	if (m->refilled)
		leaf_kill(&p);
	m->gone = leaf_end(&p);
	while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
		;
	process_close_all(&p);
}

/* With and without cgroup.kill. */
static void
kills_members(void)
{
	for (int i = 0; i < 8; i++) {
		struct made m = { .refilled = (i & 2) != 0 };

		fake_reset();
		fake.cgroup = "/cg";
		fake.no_kill_file = (i & 1) != 0;
		/* a list that cannot be read once, is read again */
		if ((i & 4) != 0) {
			fake.fault[0] =
			    (struct fake_fault){ .call = FAKE_open_at, .nth = 5, .error = EMFILE };
			fake.fault[1] =
			    (struct fake_fault){ .call = FAKE_open_at, .nth = 6, .error = EMFILE };
			fake.fault[2] = (struct fake_fault){ .call = FAKE_read,
				.pid = FAKE_MONITOR,
				.nth = 1,
				.error = EIO };
		}
		CU_ASSERT_EQUAL(fake_run(unwritten_main, &m, sizeof(m)), FAKE_RETURNED);
		CU_ASSERT(m.leaf && m.gone);
		CU_ASSERT(fake.groups == 0 && fake.left == 0 && fake.leaks == 0);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

UNIT_MAIN("leaf", { "pids", pids }, { "lists of children", lists },
    { "made and ended", made_and_ended }, { "cannot be removed", cannot_be_removed },
    { "kills members", kills_members }, { "with limits", with_limits },
    { "killed at any moment", killed_at_any_moment }, { "in any order", killed_in_any_order },
    { "each call fails once, with limits", failing_limits }, { "not alone", not_alone },
    { "a lock that is held", lock_held }, { "taken names", taken_names },
    { "no limits without what carries them out", without_limits })
