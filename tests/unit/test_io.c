/* Whole files and whole writes, however the kernel cuts them. */
#include "check.h"
#include "fake.h"
#include "run/io.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

static _Alignas(16) unsigned char mem[256];
static char text[1000];

static const struct fake_file files[] = {
	{ "/hello", "hello, world", 0 },
	{ "/empty", "", 0 },
	{ "/secret", "", EACCES },
	{ "/folder", NULL, 0 },
	{ NULL, NULL, 0 },
};

static void
set(void)
{
	fake_reset();
	fake.file = files;
}

static void
reads_whole_files(void)
{
	static const struct {
		const char *path;
		size_t cap, room;
		int want;
		const char *text;
	} t[] = {
		{ "/hello", 100, 256, 0, "hello, world" },
		{ "/hello", 12, 256, 0, "hello, world" },
		{ "/hello", 11, 256, -EFBIG, "" },
		{ "/hello", 0, 256, -EFBIG, "" },
		{ "/empty", 0, 256, 0, "" },
		{ "/empty", 10, 256, 0, "" },
		/* the arena's end comes first: a byte more has to fit, or it is not known whether
		 * the file ends there */
		{ "/hello", 100, 13, 0, "hello, world" },
		{ "/hello", 100, 12, -ENOMEM, "" },
		{ "/hello", 100, 0, -ENOMEM, "" },
		{ "/hello", 11, 12, -EFBIG, "" },
		{ "/secret", 100, 256, -EACCES, "" },
		{ "/folder", 100, 256, -EBADF, "" },
		{ "/none", 100, 256, -ENOENT, "" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, t[i].room };
		struct str s = { NULL, 0 };
		unsigned before;

		set();
		before = fake_open_fds();
		CHECK_NUM(i, io_read(&a, t[i].path, t[i].cap, &s), t[i].want);
		CHECK_STR(i, s, str_of(t[i].text));
		CHECK_NUM(i, a.used, s.n);
		CHECK_NUM(i, fake_open_fds(), before);
		CU_ASSERT_PTR_NULL(fake.wrong);
	}
}

static void
reads_in_pieces(void)
{
	/* halves of what is asked for, interruptions in between, errors */
	for (size_t nth = 1; nth <= 3; nth++) {
		struct arena a = { mem, 16, sizeof(mem) };
		struct str s;

		set();
		fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = nth };
		fake.fault[1] =
		    (struct fake_fault){ .call = FAKE_read, .nth = nth + 1, .error = EINTR };
		CU_ASSERT_EQUAL(io_read(&a, "/hello", 20, &s), 0);
		CHECK_TEXT(nth, s, "hello, world");
		CU_ASSERT_EQUAL(a.used, 16 + 12);
		a.used = 16;
		set();
		fake.fault[0] = (struct fake_fault){ .call = FAKE_read, .nth = 1 };
		fake.fault[1] = (struct fake_fault){ .call = FAKE_read, .nth = nth, .error = EIO };
		CU_ASSERT_EQUAL(io_read(&a, "/hello", 14, &s), nth == 1 ? 0 : -EIO);
	}
}

static void
writes_all(void)
{
	for (size_t nth = 1; nth <= 4; nth++) {
		int fd[2];

		set();
		CU_ASSERT_FATAL(sys_pipe(fd) == 0);
		for (size_t i = 0; i < 3; i++)
			fake.fault[i] = (struct fake_fault){ .call = FAKE_write, .nth = i + 1 };
		fake.fault[3] =
		    (struct fake_fault){ .call = FAKE_write, .nth = nth, .error = EINTR };
		CU_ASSERT_EQUAL(io_write(fd[1], S("hello, world")), 0);
		CHECK_TEXT(nth, fake_pipe_text(fd[0]), "hello, world");
	}
	set();
	CU_ASSERT_EQUAL(io_write(1, S("")), 0);
	CU_ASSERT_EQUAL(fake.nlog, 0);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_write, .nth = 2, .error = ENOSPC };
	fake.fault[1] = (struct fake_fault){ .call = FAKE_write, .nth = 1 };
	CU_ASSERT_EQUAL(io_write(1, S("hello")), -ENOSPC);
	CHECK_STR(0, ((struct str){ fake.out[0].text, fake.out[0].n }), S("he"));
}

/* write(2) of something that gives 0 is no progress, and no error that could be told. */
static void
writes_nothing(void)
{
	set();
	fake.zero_writes = true;
	CU_ASSERT_EQUAL(io_write(1, S("hello")), -EIO);
}

static void
puts_files(void)
{
	unsigned before;
	int group;

	set();
	fake.cgroup = "/cg";
	before = fake_open_fds();
	CU_ASSERT_EQUAL(io_put("/none", "x"), -ENOENT);
	CU_ASSERT_EQUAL(fake_open_fds(), before);
	group = sys_open("/cg", O_PATH);
	CU_ASSERT_FATAL(group >= 0);
	CU_ASSERT_EQUAL(io_put_at(group, "cgroup.freeze", "1"), 0);
	CU_ASSERT_EQUAL(fake.log[fake.nlog - 2].call, FAKE_write);
	CU_ASSERT_EQUAL(io_put_at(group, "none", "1"), -ENOENT);
	CU_ASSERT_EQUAL(io_put_at(group, "cgroup.procs", "999999"), -ESRCH);
	CU_ASSERT_EQUAL(fake_open_fds(), before + 1);
	/* what close says changes nothing */
	fake.fault[0] = (struct fake_fault){ .call = FAKE_close, .error = EIO };
	CU_ASSERT_EQUAL(io_put_at(group, "cgroup.freeze", "1"), 0);
	CU_ASSERT_EQUAL(fake_open_fds(), before + 1);
	CU_ASSERT_PTR_NULL(fake.wrong);
}

static void
longer_than_a_pipe(void)
{
	struct arena a = { (unsigned char *)text, 0, sizeof(text) };
	struct str s;
	int fd[2];

	set();
	CU_ASSERT_FATAL(sys_pipe(fd) == 0);
	for (int i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(io_write(fd[1], S("0123456")), 0);
	sys_close(fd[1]);
	CU_ASSERT_EQUAL(io_read_fd(&a, fd[0], 699, &s), -EFBIG);
	CU_ASSERT_EQUAL(a.used, 0);
}

UNIT_MAIN("io", { "reads whole files", reads_whole_files }, { "reads in pieces", reads_in_pieces },
    { "writes all", writes_all }, { "writes nothing", writes_nothing },
    { "puts files", puts_files }, { "longer than the limit", longer_than_a_pipe })
