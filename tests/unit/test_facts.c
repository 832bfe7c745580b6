/* core/plan/facts.c */
#include "plan/facts.h"
#include "spec/box.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[4 << 20];

static int
facts_of(struct facts *f, struct err *e, struct str text)
{
	static struct arena a;

	a = (struct arena){ mem, 0, sizeof(mem) };
	*e = (struct err){ 0 };
	return facts_read(&a, S("facts"), text, f, NULL, e);
}

/* Every fact, in the order in which they are written. */
static const char all[] = "uid 1000\n"
			  "gid 4294967295\n"
			  "kernel 6018\n"
			  "lacks user\n"
			  "lacks time\n"
			  "admin\n"
			  "clone3\n"
			  "seccomp\n"
			  "proc\n"
			  "proc_covered\n"
			  "sys_readonly\n"
			  "root_mount\n"
			  "root_initramfs\n"
			  "uids 0 1000 1\n"
			  "uids 1 100000 65536\n"
			  "gids 0 0 4294967295\n"
			  "resolv /run/a b/resolv.conf\n"
			  "cgroup /sys/fs/cgroup\n"
			  "cwd /srv/x\\012y\\134z\n"
			  "procs /proc\n"
			  "procs /srv/proc\n"
			  "procs /proc\n"
			  "sysfs /sys\n"
			  "sysfs /srv/a\\012b\n";

static void
every_fact(void)
{
	struct facts f;
	struct err e;
	char text[1024];
	struct buf b = BUF(text);

	CHECK_NUM(0, facts_of(&f, &e, S(all)), 0);
	CHECK_NUM(0, e.fault, FAULT_NONE);
	CHECK_TEXT(0, e.file, "");
	CHECK_NUM(0, f.uid, 1000);
	CHECK_NUM(0, f.gid, 4294967295);
	CHECK_NUM(0, f.kernel, 6018);
	CHECK_NUM(0, f.lacks, (uint32_t)1 << NS_USER | (uint32_t)1 << NS_TIME);
	CU_ASSERT(f.admin && f.clone3 && f.seccomp && f.proc && f.proc_covered && f.sys_readonly);
	CU_ASSERT(f.root_mount && f.root_initramfs);
	CHECK_NUM(0, f.nuids, 2);
	CHECK_NUM(0, f.uids[1].inside, 1);
	CHECK_NUM(0, f.uids[1].outside, 100000);
	CHECK_NUM(0, f.uids[1].count, 65536);
	CHECK_NUM(0, f.ngids, 1);
	CHECK_NUM(0, f.gids[0].count, 4294967295);
	CHECK_TEXT(0, f.resolv, "/run/a b/resolv.conf");
	CHECK_TEXT(0, f.cgroup, "/sys/fs/cgroup");
	CHECK_TEXT(0, f.cwd, "/srv/x\ny\\z");
	CHECK_NUM(0, f.procs.n, 3);
	CHECK_TEXT(0, f.procs.first->next->s, "/srv/proc");
	CHECK_NUM(0, f.sysfs.n, 2);
	CHECK_TEXT(0, f.sysfs.first->next->s, "/srv/a\nb");
	facts_put(&b, &f);
	CHECK_TEXT(0, buf_str(&b), all);
}

static void
in_any_order(void)
{
	struct facts f;
	struct err e;
	char text[1024];
	struct buf b = BUF(text);

	CHECK_NUM(0,
	    facts_of(&f, &e,
		S("\nprocs //srv/./proc/\n\nclone3\nlacks net\nlacks mount\ngids 7 8 9\ngid 5\n\n"
		  "uid 0")),
	    0);
	facts_put(&b, &f);
	CHECK_TEXT(0, buf_str(&b),
	    "uid 0\ngid 5\nkernel 0\nlacks mount\nlacks net\nclone3\ngids 7 8 9\n"
	    "procs /srv/proc\n");
	CHECK_NUM(0, facts_of(&f, &e, S("")), 0);
	CHECK_NUM(0, facts_of(&f, &e, (struct str){ NULL, 0 }), 0);
	CU_ASSERT(!f.admin && !f.root_mount && f.nuids == 0 && f.cwd.n == 0 && f.lacks == 0);
	b = BUF(text);
	facts_put(&b, &f);
	CHECK_TEXT(0, buf_str(&b), "uid 0\ngid 0\nkernel 0\n");
}

/* A line end in a path would begin another fact, and a backslash would begin an escape. */
static void
paths_of_any_bytes(void)
{
	char path[260];
	struct facts f = { .cwd = { path, 0 } }, again;
	struct err e;
	char text[2048];
	struct buf b = BUF(text);

	path[f.cwd.n++] = '/';
	for (int i = 1; i < 256; i++)
		if (i != '/')
			path[f.cwd.n++] = (char)i;
	facts_put(&b, &f);
	CU_ASSERT(!b.full);
	CHECK_NUM(0, facts_of(&again, &e, buf_str(&b)), 0);
	CU_ASSERT(str_eq(again.cwd, f.cwd));
	f.cwd = S("/x\nadmin\nroot_mount");
	b = BUF(text);
	facts_put(&b, &f);
	CHECK_NUM(0, facts_of(&again, &e, buf_str(&b)), 0);
	CU_ASSERT(!again.admin && !again.root_mount);
	CHECK_TEXT(0, again.cwd, "/x\nadmin\nroot_mount");
	f.cwd = S("/\\012\\\\134\\");
	b = BUF(text);
	facts_put(&b, &f);
	CHECK_NUM(0, facts_of(&again, &e, buf_str(&b)), 0);
	CHECK_TEXT(0, again.cwd, "/\\012\\\\134\\");
}

static void
wrong_texts(void)
{
	static const struct {
		const char *text;
		uint32_t line, col;
		const char *msg;
	} t[] = {
		{ "uuid 0", 1, 1, "unknown fact \"uuid\"; did you mean \"uid\"?" },
		{ "\n\nrootmount\n", 3, 1,
		    "unknown fact \"rootmount\"; did you mean \"root_mount\"?" },
		{ "completely other", 1, 1,
		    "unknown fact \"completely\" (uid, gid, kernel, lacks, admin, clone3, seccomp, "
		    "proc, proc_covered, sys_readonly, root_mount, root_initramfs, uids, gids, "
		    "resolv, cgroup, cwd, procs, sysfs)" },
		{ " uid 0", 1, 1,
		    "unknown fact \"\" (uid, gid, kernel, lacks, admin, clone3, seccomp, proc, "
		    "proc_covered, sys_readonly, root_mount, root_initramfs, uids, gids, resolv, "
		    "cgroup, cwd, procs, sysfs)" },
		{ "admin yes", 1, 1, "\"admin\" stands alone on its line" },
		{ "admin ", 1, 1, "\"admin\" stands alone on its line" },
		{ "admin\nadmin", 2, 1, "given twice" },
		{ "uid", 1, 1, "\"\" is no whole number; decimal digits are due" },
		{ "uid ", 1, 5, "\"\" is no whole number; decimal digits are due" },
		{ "uid root", 1, 5, "\"root\" is no whole number; decimal digits are due" },
		{ "uid 0\r\n", 1, 5, "\"0\r\" is no whole number; decimal digits are due" },
		{ "uid 4294967296", 1, 5,
		    "\"4294967296\" is out of range; 0 to 4294967295 is due" },
		{ "uid -1", 1, 5, "\"-1\" is no whole number; decimal digits are due" },
		{ "uid 1\nuid 1", 2, 5, "given twice" },
		{ "kernel 1000000", 1, 8, "\"1000000\" is out of range; 0 to 999999 is due" },
		{ "lacks", 1, 1,
		    "unknown word \"\" (user, mount, pid, net, ipc, uts, cgroup, time)" },
		{ "lacks nets", 1, 7,
		    "unknown word \"nets\" (user, mount, pid, net, ipc, uts, cgroup, time)" },
		{ "lacks net\nlacks net", 2, 7, "\"net\" is there already" },
		{ "uids", 1, 1, "\"\": three numbers of 32 bits are due" },
		{ "uids 1", 1, 6, "\"1\": three numbers of 32 bits are due" },
		{ "uids 1 2", 1, 6, "\"1 2\": three numbers of 32 bits are due" },
		{ "uids 1 2 ", 1, 6, "\"1 2 \": three numbers of 32 bits are due" },
		{ "uids 1  2 3", 1, 6, "\"1  2 3\": three numbers of 32 bits are due" },
		{ "uids 1 2 3 4", 1, 6, "\"1 2 3 4\": three numbers of 32 bits are due" },
		{ "uids 1 2 x", 1, 6, "\"1 2 x\": three numbers of 32 bits are due" },
		{ "gids 0 4294967296 1", 1, 6,
		    "\"0 4294967296 1\": three numbers of 32 bits are due" },
		{ "gids 0 0 1\ngids 1 1 1\ngids 2 2 1\ngids 3 3 1\ngids 4 4 1\ngids 5 5 1\n"
		  "gids 6 6 1\ngids 7 7 1\ngids 8 8 1\n",
		    9, 6, "more than 8 ranges" },
		{ "cwd", 1, 1, "\"\" is an empty path, where an absolute one is due" },
		{ "cwd home", 1, 5, "\"home\" is a relative path, where an absolute one is due" },
		{ "cwd /a/../b", 1, 5,
		    "\"/a/../b\" is a path with \"..\", where one without is due" },
		{ "cwd /a/\\056./b", 1, 5,
		    "\"/a/../b\" is a path with \"..\", where one without is due" },
		{ "cwd /a\ncwd /b", 2, 5, "given twice" },
		{ "procs /proc\nprocs p", 2, 7,
		    "\"p\" is a relative path, where an absolute one is due" },
		{ "sysfs s", 1, 7, "\"s\" is a relative path, where an absolute one is due" },
		{ "sys_readonly 1", 1, 1, "\"sys_readonly\" stands alone on its line" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct facts f;
		struct err e;

		CHECK_NUM(i, facts_of(&f, &e, str_of(t[i].text)), -1);
		CHECK_TOLD(i, &e, FAULT_CONFIG, t[i].line, t[i].col, "", t[i].msg);
		CHECK_TEXT(i, e.file, "facts");
	}
}

static void
nul_bytes(void)
{
	struct facts f;
	struct err e;

	CHECK_NUM(0, facts_of(&f, &e, S("cwd /a\0b")), -1);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }),
	    "\"/a\0b\" is a path with a NUL byte, which no file has");
	CHECK_NUM(1, facts_of(&f, &e, S("admin\0")), -1);
	CHECK_NUM(2, facts_of(&f, &e, S("uids 1 2 3\0")), -1);
	/* the kernel never writes NUL so: it is five bytes of a name */
	CHECK_NUM(3, facts_of(&f, &e, S("cwd /a\\000")), 0);
	CHECK_TEXT(3, f.cwd, "/a\\000");
}

static void
an_exhausted_arena(void)
{
	struct facts f;

	for (size_t cap = 0; cap < 4; cap++) {
		struct arena a = { mem, 0, cap };
		struct err e = { 0 };

		CHECK_NUM(cap, facts_read(&a, S("facts"), S("uid 0\ncwd /a\n"), &f, NULL, &e), -1);
		CHECK_EXHAUSTED(cap, &e);
	}
}

static void
no_room(void)
{
	struct facts f;
	struct err e;
	char text[200];
	struct buf b;

	CHECK_NUM(0, facts_of(&f, &e, S(all)), 0);
	b = (struct buf){ text, 0, 100, false };
	facts_put(&b, &f);
	CU_ASSERT(b.full && b.n <= 100);
}

/* A bit that no namespace has is no fact. */
static void
bits_without_a_word(void)
{
	struct facts f = { .lacks = 0xffffff00 };
	char text[200];
	struct buf b = BUF(text);

	facts_put(&b, &f);
	CHECK_TEXT(0, buf_str(&b), "uid 0\ngid 0\nkernel 0\n");
}

UNIT_MAIN("facts", { "every fact", every_fact }, { "in any order", in_any_order },
    { "paths of any bytes", paths_of_any_bytes }, { "wrong texts", wrong_texts },
    { "NUL bytes", nul_bytes }, { "an exhausted arena", an_exhausted_arena },
    { "no room", no_room }, { "bits without a word", bits_without_a_word })
