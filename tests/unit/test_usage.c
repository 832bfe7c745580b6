/* A group's figures: which files are read, and what comes of those that cannot be. */
#include "check.h"
#include "fake.h"
#include "run/group.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

static const struct fake_control full[] = {
	{ "cpu.stat", "usage_usec 300\nuser_usec 200\nsystem_usec 100\n" },
	{ "memory.current", "4096\n" },
	{ "memory.peak", "8192\n" },
	{ "memory.max", "max\n" },
	{ "memory.events", "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\noom_group_kill 0\n" },
	{ "pids.peak", "7\n" },
	{ "pids.events", "max 5\n" },
	{ "io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n" },
	{ NULL, NULL },
};

enum { ALL = (1 << CG_SOURCES) - 1 };

static int
set(const struct fake_control *control)
{
	fake_reset();
	fake.cgroup = "/cg";
	fake.control = control;
	fake_group("/cg/a", 0);
	return sys_open("/cg/a", O_RDONLY | O_DIRECTORY);
}

static void
reads(void)
{
	struct cgusage u;
	int group = set(full);
	unsigned before = fake_open_fds();

	group_usage(group, ALL, &u);
	CU_ASSERT(u.cpu_us == 300 && u.user_us == 200 && u.memory == 4096);
	CU_ASSERT(u.memory_peak == 8192 && u.memory_max == UINT64_MAX && u.oom_kill == 4);
	CU_ASSERT(u.pids_peak == 7 && u.pids_hit == 5 && u.io.wbytes == 2);
	CU_ASSERT(!u.populated);
	CU_ASSERT_EQUAL(u.have, 1 << CG_CPU_STAT | 1 << CG_MEMORY_CURRENT | 1 << CG_MEMORY_PEAK |
				    1 << CG_MEMORY_MAX | 1 << CG_MEMORY_EVENTS | 1 << CG_PIDS_PEAK |
				    1 << CG_PIDS_EVENTS | 1 << CG_IO_STAT | 1 << CG_EVENTS);
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_PTR_NULL(fake.wrong);
}

static void
only_what_is_wanted(void)
{
	struct cgusage u;
	int group = set(full);
	size_t n = fake.nlog;

	group_usage(group, 0, &u);
	CU_ASSERT(u.have == 0 && fake.nlog == n);
	group_usage(group, 1 << CG_MEMORY_PEAK, &u);
	CU_ASSERT(u.have == 1 << CG_MEMORY_PEAK && u.memory_peak == 8192 && u.memory == 0);
	CHECK_TEXT(0, str_of(fake.log[n].text), "memory.peak");
	/* open, read, read to the end, close */
	CU_ASSERT_EQUAL(fake.nlog, n + 4);
}

static void
what_cannot_be_read(void)
{
	static char longest[16384], longer[16400];
	static const struct fake_control sick[] = {
		{ "memory.current", "many\n" },
		{ "memory.peak", longer },
		{ "pids.peak", "9\n" },
		{ "pids.current", longest },
		{ NULL, NULL },
	};
	struct cgusage u;
	int group;

	memset(longer, ' ', sizeof(longer) - 1);
	memcpy(longer, "1\n", 2);
	memset(longest, '0', sizeof(longest) - 1);
	group = set(sick);
	group_usage(group, ALL, &u);
	CU_ASSERT_EQUAL(u.have, 1 << CG_PIDS_PEAK | 1 << CG_EVENTS);
	CU_ASSERT(u.memory == 0 && u.pids_peak == 9);
	/* interrupted, and cut short, is read on */
	group = set(full);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = 1, .error = EINTR };
	fake.fault[1] = (struct fake_fault){ .call = FAKE_read, .nth = 2 };
	group_usage(group, 1 << CG_CPU_STAT, &u);
	CU_ASSERT(u.have == 1 << CG_CPU_STAT && u.system_us == 100 && fake.hits == 2);
	group = set(full);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = 1, .error = ENODEV };
	group_usage(group, 1 << CG_CPU_STAT | 1 << CG_MEMORY_PEAK, &u);
	CU_ASSERT_EQUAL(u.have, 1 << CG_MEMORY_PEAK);
}

UNIT_MAIN("usage", { "reads", reads }, { "only what is wanted", only_what_is_wanted },
    { "what cannot be read", what_cannot_be_read })
