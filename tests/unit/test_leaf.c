/* The control group that is made to be killed, its guard, and orphans that no group holds. */
#include "check.h"
#include "fake.h"
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

struct made {
	int result;
	bool gone, leaf, twice;
	bool refilled;
	int child;
};

static void
sleeper(void)
{
	fake_sleep(3600000);
}

static void
make_main(void *arg)
{
	struct made *m = arg;
	struct process p; /* not static: the guard has its own, as after every fork */

	process_prepare(&p, &plan);
	m->result = leaf_make(&p, "/cg", 0);
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

/* As long as it cannot be removed it is not gone; the patience of guard and monitor is two seconds
 * each. */
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
	CU_ASSERT(fake.now > 5000000 && fake.now < 6000000);

	/* only the guard's attempts fail */
	fake_reset();
	fake.cgroup = "/cg";
	fake.fault[0] =
	    (struct fake_fault){ .call = FAKE_rmdir_at, .error = EBUSY, .pid = FAKE_MONITOR + 1 };
	m = make();
	CU_ASSERT(m.leaf && m.gone);
	CU_ASSERT_EQUAL(fake.groups, 0);

	/* somebody else has removed it */
	fake_reset();
	fake.cgroup = "/cg";
	fake.fault[0] = (struct fake_fault){ .call = FAKE_rmdir_at, .error = ENOENT };
	m = make();
	CU_ASSERT(m.leaf && m.gone);
}

/* The guard: what it must not hold or miss. */
static void
guards(void)
{
	static const struct {
		enum fake_call call;
		size_t nth;
		int error;
	} t[] = {
		{ FAKE_dup_to, 1, EBADF },
		{ FAKE_dup_to, 2, EBADF },
		{ FAKE_close_range, 1, ENOSYS },
		{ FAKE_read, 1, EIO },
		{ FAKE_read, 1, EINTR },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct made m;
		bool read_end = false;

		fake_reset();
		fake.cgroup = "/cg";
		fake.fault[0] = (struct fake_fault){ .call = t[i].call,
			.nth = t[i].nth,
			.error = t[i].error,
			.pid = FAKE_MONITOR + 1 };
		m = make();
		CU_ASSERT(m.leaf && m.gone && fake.groups == 0 && fake.hits == 1);
		/* one that fails does nothing: neither reads the caller's input nor ends the group
		 * of a box that runs */
		for (size_t k = 0; k < fake.nlog; k++)
			read_end = read_end || (fake.log[k].pid == FAKE_MONITOR + 1 &&
						   fake.log[k].call == FAKE_rmdir_at);
		CU_ASSERT_EQUAL(read_end, t[i].error == EINTR);
	}
}

static void
unwritten_main(void *arg)
{
	struct made *m = arg;
	struct process p;

	process_prepare(&p, &plan);
	m->result = leaf_make(&p, "/cg", 0);
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
    { "guards", guards }, { "kills members", kills_members })
