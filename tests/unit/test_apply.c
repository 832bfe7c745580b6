/* Limits that are written, and groups that stay. */
#include "check.h"
#include "fake.h"
#include "run/group.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

static struct err err;
static char took[TOOK_ROOM];
static const struct ebpf_insn insn = { 0x95, 0, 0, 0 };
static const struct ebpf program = { &insn, 1, NULL };

static int
set(void)
{
	fake_reset();
	fake.cgroup = "/cg";
	fake.controllers = "cpu io memory pids";
	err = (struct err){ 0 };
	memset(took, 'x', sizeof(took));
	fake_group("/cg/a", 0);
	CU_ASSERT_EQUAL(group_enable("/cg", "+io +memory +pids"), 0);
	return sys_open("/cg/a", O_RDONLY | O_DIRECTORY);
}

static void
enables(void)
{
	static const enum fake_call call[] = { FAKE_open, FAKE_open_at, FAKE_write };
	unsigned before;

	(void)set();
	before = fake_open_fds();
	CHECK_TEXT(0, str_of(fake_subtree("/cg")), "io memory pids");
	CU_ASSERT_EQUAL(group_enable("/cg/a", "+memory"), 0);
	CHECK_TEXT(0, str_of(fake_subtree("/cg/a")), "memory");
	/* what is not to be had there; and with somebody in it */
	CU_ASSERT_EQUAL(group_enable("/cg/a", "+cpu"), -ENOENT);
	CU_ASSERT_EQUAL(group_enable("/cg/none", "+memory"), -ENOENT);
	fake_group("/cg/b", FAKE_MONITOR);
	CU_ASSERT_EQUAL(group_enable("/cg/b", "+memory"), -EBUSY);
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	for (size_t i = 0; i < COUNT(call); i++) {
		(void)set();
		before = fake_open_fds();
		fake.fault[0] = (struct fake_fault){ .call = call[i], .error = EIO };
		CHECK_NUM(i, group_enable("/cg/a", "+memory"), -EIO);
		CHECK_NUM(i, fake_open_fds(), before);
	}
}

static void
limits(void)
{
	static const struct {
		const char *file, *value, *kept; /* NULL: as it was written */
		uint64_t page;
		int want;
		const char *took;
	} t[] = {
		{ "memory.max", "65536", NULL, 4096, 0, "65536" },
		{ "memory.max", "65537", "65536\n", 4096, 0, "65536" },
		{ "memory.max", "65537", "65536\n", 0, -ERANGE, "65536" },
		{ "memory.max", "65536", "131072\n", 4096, -ERANGE, "131072" },
		{ "pids.max", "64", NULL, 0, 0, "64" },
		{ "pids.max", "64", "max\n", 0, -ERANGE, "max" },
		{ "pids.max", "64", "", 0, -ERANGE, "" },
		/* of several devices that one's line, and the first one where it is not there */
		{ "io.max", "8:16 rbps=1", "8:0 rbps=max wbps=max\n8:16 rbps=1 wbps=max\n", 0, 0,
		    "8:16 rbps=1 wbps=max" },
		{ "io.max", "8:32 rbps=1", "8:0 rbps=1 wbps=max\n8:16 rbps=1 wbps=max\n", 0,
		    -ERANGE, "8:0 rbps=1 wbps=max" },
		{ "io.weight", "default 50", "default 50\n8:0 100\n", 0, 0, "default 50" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct fake_control control[] = { { t[i].file, t[i].kept }, { NULL, NULL } };
		int group = set(), before = (int)fake_open_fds();

		fake.control = t[i].kept == NULL ? NULL : control;
		CHECK_NUM(i, group_limit(group, t[i].file, t[i].value, t[i].page, took), t[i].want);
		CHECK_STR(i, str_of(took), str_of(t[i].took));
		CHECK_NUM(i, fake_open_fds(), before);
		CHECK_NUM(i, group_limit(group, t[i].file, t[i].value, t[i].page, NULL), t[i].want);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

/* More than there is room for is cut, never written behind it. */
static void
long_lines(void)
{
	static char kept[400];
	static const struct fake_control control[] = { { "io.max", kept }, { NULL, NULL } };
	int group = set();

	memset(kept, 'a', sizeof(kept) - 1);
	memcpy(kept, "8:0 rbps=1 ", 11);
	fake.control = control;
	CU_ASSERT_EQUAL(group_limit(group, "io.max", "8:0 rbps=1", 0, took), 0);
	CU_ASSERT(strlen(took) == TOOK_ROOM - 1 && strncmp(took, kept, TOOK_ROOM - 1) == 0);
}

static void
limits_that_fail(void)
{
	static const struct {
		enum fake_call call;
		size_t nth;
		int error, want;
	} t[] = {
		{ FAKE_open_at, 1, ENOENT, -ENOENT },
		{ FAKE_write, 1, EINVAL, -EINVAL },
		{ FAKE_write, 1, EBUSY, -EBUSY },
		{ FAKE_open_at, 2, EACCES, -EACCES },
		{ FAKE_read, 1, EINVAL, -EINVAL },
		{ FAKE_read, 1, EINTR, 0 },
		{ FAKE_write, 1, EINTR, 0 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		int group = set(), before = (int)fake_open_fds();

		memset(fake.fault, 0, sizeof(fake.fault));
		fake.fault[0] = (struct fake_fault){ .call = t[i].call,
			/* the enabling made one of each before */
			.nth = t[i].nth + (t[i].call != FAKE_read),
			.error = t[i].error };
		CHECK_NUM(i, group_limit(group, "pids.max", "5", 0, took), t[i].want);
		CHECK_NUM(i, fake.hits, 1);
		CHECK_NUM(i, fake_open_fds(), before);
		CU_ASSERT(t[i].want == 0 || took[0] == 'x');
	}
	/* a controller that is not enabled, and no name leads elsewhere */
	CU_ASSERT_EQUAL(group_limit(set(), "cpu.max", "5", 0, took), -ENOENT);
}

static void
devices(void)
{
	int group = set();
	unsigned before = fake_open_fds();

	const struct ebpf told = { &insn, 1, took };

	took[0] = '\0';
	CU_ASSERT_EQUAL(group_devices(group, &told), 0);
	CHECK_TEXT(0, str_of(took), "attached");
	CU_ASSERT_EQUAL(group_devices(group, &program), 0);
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 3].call, FAKE_bpf_devices);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 3].num, 1);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 2].call, FAKE_bpf_attach);
	fake.no_bpf = true;
	CU_ASSERT_EQUAL(group_devices(group, &program), -EPERM);
	fake.no_bpf = false;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_bpf_attach, .error = EINVAL };
	CU_ASSERT_EQUAL(group_devices(group, &program), -EINVAL);
	CU_ASSERT_EQUAL(fake_open_fds(), before);
}

/* ---- groups that stay ------------------------------------------------------------------------ */

static struct op ops[] = {
	{ .kind = OP_ENABLE, .text = "/cg", .text2 = "+memory +pids" },
	{ .kind = OP_LEAF, .text = "/cg", .text2 = "web", .a = 0 },
	{ .kind = OP_LIMIT, .text = "memory.max", .text2 = "65536", .num = 4096, .took = took },
	{ .kind = OP_LIMIT, .text = "pids.max", .text2 = "12", .pos = { 3, 7 } },
	{ .kind = OP_DEVICES, .devices = &program },
};
static const struct group whole = { .host = ops, .nhost = COUNT(ops) };

static void
makes_a_group(void)
{
	size_t n;

	(void)set();
	n = fake_open_fds();
	CU_ASSERT_EQUAL(group_apply(&whole, &err), 0);
	CU_ASSERT(fake_has_group("/cg/web") && err.fault == FAULT_NONE);
	CHECK_TEXT(0, str_of(took), "65536");
	CU_ASSERT_EQUAL(fake_open_fds(), n);
	/* and no second one */
	CU_ASSERT_EQUAL(group_apply(&whole, &err), -1);
	CU_ASSERT(err.fault == FAULT_SYSTEM && err.sysno == EEXIST);
	CU_ASSERT(fake_has_group("/cg/web"));
}

/* Each call fails: the group that was made half goes again, and who asked is told which. */
static void
half_a_group(void)
{
	size_t from, n;

	(void)set();
	from = fake.nlog;
	CU_ASSERT_EQUAL(group_apply(&whole, &err), 0);
	n = fake.nlog;
	for (size_t at = from + 1; at <= n; at++) {
		unsigned before;
		int r;

		(void)set();
		before = fake_open_fds();
		fake.fault[0] = (struct fake_fault){ .at = at, .error = EIO };
		r = group_apply(&whole, &err);
		CHECK_NUM(at, fake_has_group("/cg/web"), r == 0);
		CHECK_NUM(at, fake_open_fds(), before);
		CU_ASSERT(r == 0 ? fake.log[at - 1].call == FAKE_close
				 : err.fault == FAULT_SYSTEM && err.sysno == EIO);
	}
	(void)set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .nth = 4, .error = EINVAL };
	CU_ASSERT_EQUAL(group_apply(&whole, &err), -1);
	CHECK_TEXT(0, ((struct str){ err.msg, err.nmsg }),
	    "cannot set the limit pids.max to \"12\"");
	CU_ASSERT(err.sysno == EINVAL && err.pos.line == 3 && err.pos.col == 7);
}

static void
a_group_that_is_there(void)
{
	static struct op there[] = {
		{ .kind = OP_OPEN, .text = "/cg/a", .flags = FLAG_DIRECTORY, .a = 0 },
		{ .kind = OP_LIMIT, .text = "pids.max", .text2 = "9", .took = took },
		{ .kind = OP_LIMIT, .text = "memory.oom.group", .text2 = "1", .flags = FLAG_MAY },
		{ .kind = OP_LIMIT, .text = "cpu.max", .text2 = "1", .flags = FLAG_MAY },
		{ .kind = OP_DEVICES, .devices = &program, .flags = FLAG_MAY },
	};
	const struct group g = { .host = there, .nhost = COUNT(there) };
	static const int may[] = { ENOENT, EACCES, EPERM, EOPNOTSUPP, EINVAL, ENOSYS };

	(void)set();
	fake.no_bpf = true;
	/* no cpu controller, no programs: both may be */
	CU_ASSERT_EQUAL(group_apply(&g, &err), 0);
	CHECK_TEXT(0, str_of(took), "9");
	for (size_t i = 0; i < COUNT(may); i++) {
		(void)set();
		fake.fault[0] = (struct fake_fault){ .call = FAKE_bpf_attach, .error = may[i] };
		CHECK_NUM(i, group_apply(&g, &err), 0);
	}
	(void)set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_bpf_attach, .error = EBUSY };
	CU_ASSERT_EQUAL(group_apply(&g, &err), -1);
	CU_ASSERT(fake_has_group("/cg/a"));
	(void)set();
	there[4].flags = 0;
	fake.fault[0] = (struct fake_fault){ .call = FAKE_bpf_attach, .error = EINVAL };
	CU_ASSERT_EQUAL(group_apply(&g, &err), -1);
	there[4].flags = FLAG_MAY;
	(void)set();
	fake.fault[0] = (struct fake_fault){ .call = FAKE_open, .nth = 3, .error = ENOENT };
	CU_ASSERT_EQUAL(group_apply(&g, &err), -1);
	CU_ASSERT_EQUAL(err.sysno, ENOENT);
	/* what is no operation of groups */
	(void)set();
	there[1].kind = OP_CLONE;
	CU_ASSERT_EQUAL(group_apply(&g, &err), -1);
	CU_ASSERT_EQUAL(err.sysno, ENOSYS);
	there[1].kind = OP_LIMIT;
}

UNIT_MAIN("apply", { "enables", enables }, { "limits", limits }, { "long lines", long_lines },
    { "limits that fail", limits_that_fail }, { "devices", devices },
    { "makes a group", makes_a_group }, { "half a group", half_a_group },
    { "a group that is there", a_group_that_is_there })
