/* How control groups end: killed, asked to end, removed however deep, swept. */
#include "check.h"
#include "fake.h"
#include "run/end.h"
#include "run/group.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

static int dir, result;
static uint64_t took;

static void
set(void)
{
	fake_reset();
	fake.cgroup = "/cg";
	dir = sys_open("/cg", O_RDONLY | O_DIRECTORY);
}

static void
sleeper(void)
{
	(void)sys_close_range(0, ~0u);
	fake_sleep(3600000);
}

static void
stubborn(void)
{
	fake_ignore(SIGTERM);
	sleeper();
}

static size_t
calls(enum fake_call c)
{
	size_t n = 0;

	for (size_t i = 0; i < fake.nlog; i++)
		n += fake.log[i].call == c;
	return n;
}

/* ---- removing -------------------------------------------------------------------------------- */

static void
removes(void)
{
	set();
	fake_group("/cg/a", 0);
	CU_ASSERT_EQUAL(group_remove(dir, "a", false), 0);
	CU_ASSERT(!fake_has_group("/cg/a"));
	/* the usual one costs one call */
	CU_ASSERT_EQUAL(calls(FAKE_rmdir_at), 1);
	CU_ASSERT_EQUAL(calls(FAKE_open_at), 0);
	/* gone is gone */
	CU_ASSERT_EQUAL(group_remove(dir, "a", true), 0);
}

/* Wide, deep, and with names of any bytes. */
static void
removes_trees(void)
{
	unsigned before;
	char path[80];

	set();
	before = fake_open_fds();
	fake_group("/cg/a", 0);
	fake_group("/cg/other", 0);
	for (int i = 0; i < 60; i++) {
		snprintf(path, sizeof(path), "/cg/a/w%d", i);
		fake_group(path, 0);
		snprintf(path, sizeof(path), "/cg/a/w%d/x", i);
		fake_group(path, 0);
	}
	fake_group("/cg/a/\n \"\\", 0);
	fake_group("/cg/a/\xff\xfe", 0);
	fake_group("/cg/a/...", 0);
	fake_group("/cg/a/.../..x", 0);
	fake_group("/cg/a/.hidden", 0);
	CU_ASSERT_EQUAL(group_remove(dir, "a", false), 0);
	CU_ASSERT(!fake_has_group("/cg/a") && fake_has_group("/cg/other"));
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_PTR_NULL(fake.wrong);

	set();
	strcpy(path, "/cg/d");
	for (size_t i = 0; i < 36; i++) {
		fake_group(path, 0);
		strcat(path, "/d");
	}
	CU_ASSERT_EQUAL(group_remove(dir, "d", true), 0);
	CU_ASSERT(!fake_has_group("/cg/d"));
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_PTR_NULL(fake.wrong);
}

/* A directory that is in use, and in which somebody makes groups for ever. */
static void
remake(int n)
{
	char path[40];

	snprintf(path, sizeof(path), "/cg/a/%d", n);
	fake_group(path, 0);
	fake.event[0] = (struct fake_event){ .us = fake.now + 500, .happen = remake, .arg = n + 1 };
}

static void
forever_main(void *arg)
{
	uint64_t start = fake.now;

	(void)arg;
	result = group_remove(dir, "a", false);
	took = fake.now - start;
	fake.event[0].happen = NULL;
}

static void
never_removed(void)
{
	int nothing = 0;

	set();
	fake_group("/cg/a", 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_rmdir_at, .error = EPERM };
	CU_ASSERT_EQUAL(fake_run(forever_main, &nothing, sizeof(nothing)), FAKE_RETURNED);
	CU_ASSERT_EQUAL(result, -EPERM);
	CU_ASSERT(took > 2000000 && took < 2500000);
	set();
	remake(0);
	CU_ASSERT_EQUAL(fake_run(forever_main, &nothing, sizeof(nothing)), FAKE_RETURNED);
	CU_ASSERT(result == 0 || result == -EBUSY);
	CU_ASSERT(took < 2500000);
	CU_ASSERT_EQUAL(fake.leaks, 0);
}

static struct lives {
	bool kill, nested, deep;
	int result, left;
} lives;

static void
lives_main(void *arg)
{
	struct lives *l = arg;
	unsigned before = fake_open_fds();

	fake_group("/cg/a", l->nested ? 0 : fake_fork(stubborn));
	if (l->nested) {
		fake_group("/cg/a/b", fake_fork(stubborn));
		fake_group("/cg/a/b/c", fake_fork(stubborn));
		fake_group("/cg/a/z", 0);
	}
	l->result = group_remove(dir, "a", l->kill);
	while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
		;
	CU_ASSERT_EQUAL(fake_open_fds(), before);
}

static void
kills_what_is_in_it(void)
{
	for (unsigned i = 0; i < 8; i++) {
		set();
		lives = (struct lives){ .kill = (i & 1) != 0, .nested = (i & 2) != 0 };
		fake.no_kill_file = (i & 4) != 0;
		CU_ASSERT_EQUAL(fake_run(lives_main, &lives, sizeof(lives)), FAKE_RETURNED);
		CU_ASSERT_PTR_NULL(fake.wrong);
		CHECK_NUM(i, lives.result, lives.kill ? 0 : -EBUSY);
		CHECK_NUM(i, fake.left, lives.kill ? 0 : lives.nested ? 2 : 1);
		CHECK_NUM(i, fake_has_group("/cg/a"), !lives.kill);
		if (!lives.kill)
			CU_ASSERT(fake.now > 3000000);
	}
}

/* ---- killing and asking ---------------------------------------------------------------------- */

static struct asked {
	bool kill, deaf;
	int fault_errno;
	enum fake_call fault;
	int result;
	unsigned left;
} asked;

static void
polite(void)
{
	sleeper();
}

static void
asked_main(void *arg)
{
	struct asked *a = arg;
	int group;

	fake_group("/cg/a", fake_fork(a->deaf ? stubborn : polite));
	fake_group("/cg/a/b", fake_fork(a->deaf ? stubborn : polite));
	/* they have come so far as to be deaf */
	(void)sys_poll(NULL, 0, 1);
	group = group_open(dir, "a");
	if (a->fault_errno != 0)
		fake.fault[0] = (struct fake_fault){ .at = fake.nlog + 1, .error = a->fault_errno };
	if (a->kill)
		group_kill(group);
	else
		a->result = group_term(group);
	sys_close(group);
	while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
		;
	a->left = fake_lives(FAKE_MONITOR + 1) + fake_lives(FAKE_MONITOR + 2);
}

static void
asks(void)
{
	for (unsigned i = 0; i < 8; i++) {
		size_t froze = 0, thawed = 0, sent = 0;

		set();
		asked = (struct asked){ .kill = (i & 1) != 0, .deaf = (i & 2) != 0 };
		fake.no_kill_file = (i & 4) != 0;
		CU_ASSERT_EQUAL(fake_run(asked_main, &asked, sizeof(asked)), FAKE_RETURNED);
		CU_ASSERT(fake.wrong == NULL && asked.result == 0 && fake.leaks == 0);
		CHECK_NUM(i, asked.left, asked.kill || !asked.deaf ? 0 : 2);
		for (size_t k = 0; k < fake.nlog; k++) {
			if (fake.log[k].call == FAKE_open_at &&
			    strcmp(fake.log[k].text, "cgroup.freeze") == 0)
				*(froze == 0 ? &froze : &thawed) = k;
			if (fake.log[k].call == FAKE_kill)
				sent = k;
		}
		/* signals by number go to frozen ones alone */
		if (!asked.kill || fake.no_kill_file)
			CU_ASSERT(0 < froze && froze < sent && sent < thawed);
	}
	/* before 5.2 nothing can be frozen */
	set();
	asked = (struct asked){ .fault_errno = ENOENT };
	CU_ASSERT_EQUAL(fake_run(asked_main, &asked, sizeof(asked)), FAKE_RETURNED);
	CU_ASSERT(asked.result == 0 && asked.left == 0);
}

/* What cannot be frozen is asked all the same; and what cannot be listed is told. */
static void
asks_in_vain(void)
{
	static const struct fake_control never[] = {
		{ "cgroup.events", "populated 1\nfrozen 0\n" },
		{ NULL, NULL },
	};
	uint64_t start;

	set();
	asked = (struct asked){ 0 };
	fake.control = never;
	start = fake.now;
	CU_ASSERT_EQUAL(fake_run(asked_main, &asked, sizeof(asked)), FAKE_RETURNED);
	CU_ASSERT(asked.result == 0 && asked.left == 0);
	CU_ASSERT(fake.now - start > 100000 && fake.log[0].r >= 0);
	set();
	fake_group("/cg/a", 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open_at, .nth = 5, .error = EMFILE };
	CU_ASSERT_EQUAL(group_term(group_open(dir, "a")), -EMFILE);
	set();
	fake_group("/cg/a", 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = 2, .error = EOPNOTSUPP };
	CU_ASSERT_EQUAL(group_term(group_open(dir, "a")), -EOPNOTSUPP);
}

/* A list that comes in pieces: no number is taken for another. */
static void
long_lists(void)
{
	static char text[4000];
	static const struct fake_control listed[] = { { "cgroup.procs", text }, { NULL, NULL } };
	size_t n = 0, k = 0;

	for (int i = 0; n + 12 < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%d\n", 1000 + i * 37 % 5000);
	/* of another PID namespace, and none at all; the last one has no line end */
	n += (size_t)snprintf(text + n, sizeof(text) - n, "0\n");
	set();
	fake.no_kill_file = true;
	fake.control = listed;
	fake_group("/cg/a", 0);
	group_kill(group_open(dir, "a"));
	for (size_t i = 0; i < fake.nlog; i++) {
		if (fake.log[i].call != FAKE_kill)
			continue;
		CHECK_NUM(k, strtol(fake.log[i].text, NULL, 10), 1000 + k * 37 % 5000);
		k++;
	}
	CU_ASSERT(k > 700);
}

/* ---- sweeping -------------------------------------------------------------------------------- */

static char told[256];

static void
tell(void *arg, struct str name)
{
	size_t n = strlen(told);

	(void)arg;
	snprintf(told + n, sizeof(told) - n, "%.*s ", (int)name.n, name.p);
}

static void
swept_main(void *arg)
{
	(void)arg;
	told[0] = '\0';
	/* one with somebody in it */
	fake_group("/cg/sbx.5.1000", fake_fork(stubborn));
	fake_group("/cg/sbx.5.1000/below", fake_fork(stubborn));
	result = group_sweep(dir, tell, NULL);
	while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
		;
}

static void
sweeps(void)
{
	static const char *const stay[] = { "/cg/sbx", "/cg/sbx.", "/cg/sbx.1", "/cg/sbx.1.",
		"/cg/sbx..1", "/cg/sbx.1.x", "/cg/sbx.x.1", "/cg/sbx.1.1000.selfish",
		"/cg/sbx.1.1000.", "/cg/sbx.-1.1000", "/cg/sbx.1.1000.self.self", "/cg/xsbx.1.1000",
		"/cg/user.slice", "/cg/user.slice/sbx.1.1000", "/cg/SBX.1.1000" };
	int nothing = 0;
	unsigned before;

	set();
	before = fake_open_fds();
	fake.now = 10000000;
	for (size_t i = 0; i < COUNT(stay); i++)
		fake_group(stay[i], 0);
	fake_group("/cg/sbx.1.1000", 0);
	fake_group("/cg/sbx.1.1000.self", 0);
	/* of another time namespace */
	fake_group("/cg/sbx.2.99999999999", 0);
	/* young, and owned */
	fake_group("/cg/sbx.3.9000000", 0);
	fake_group("/cg/sbx.4.1000", 0);
	fake_lock("/cg/sbx.4.1000");
	CU_ASSERT_EQUAL(fake_run(swept_main, &nothing, sizeof(nothing)), FAKE_RETURNED);
	CU_ASSERT_EQUAL(result, 4);
	CHECK_TEXT(0, str_of(told), "sbx.1.1000 sbx.1.1000.self sbx.2.99999999999 sbx.5.1000 ");
	CU_ASSERT(fake.left == 0 && fake.leaks == 0 && fake.wrong == NULL);
	CU_ASSERT(fake_has_group("/cg/sbx.3.9000000") && fake_has_group("/cg/sbx.4.1000"));
	for (size_t i = 0; i < COUNT(stay); i++)
		CU_ASSERT(fake_has_group(stay[i]));
	CU_ASSERT_EQUAL(fake_open_fds(), before);
}

static void
sweeps_in_vain(void)
{
	set();
	fake.now = 10000000;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open_at, .error = EACCES };
	CU_ASSERT_EQUAL(group_sweep(dir, tell, NULL), -EACCES);
	set();
	fake.now = 10000000;
	fake_group("/cg/sbx.1.1000", 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_getdents, .error = EIO };
	CU_ASSERT_EQUAL(group_sweep(dir, tell, NULL), -EIO);
	/* one that cannot be opened is passed over */
	set();
	fake.now = 10000000;
	told[0] = '\0';
	fake_group("/cg/sbx.1.1000", 0);
	fake_group("/cg/sbx.2.1000", 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open_at, .nth = 2, .error = EACCES };
	CU_ASSERT_EQUAL(group_sweep(dir, tell, NULL), 1);
	CHECK_TEXT(0, str_of(told), "sbx.2.1000 ");
}

UNIT_MAIN("end", { "removes", removes }, { "removes trees", removes_trees },
    { "what cannot be removed", never_removed }, { "kills what is in it", kills_what_is_in_it },
    { "asks", asks }, { "asks in vain", asks_in_vain }, { "long lists", long_lists },
    { "sweeps", sweeps }, { "sweeps in vain", sweeps_in_vain })
