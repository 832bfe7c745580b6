/* core/run/tree.c: who is in a box, over a small proc file system. */
#include "check.h"
#include "run/tree.h"
#include "sys/sys.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>

enum { GROUP = 900, ROOM = 64, PAGE = 4096 };

/* ---- stand-ins ------------------------------------------------------------------------------- */

static const struct entry {
	const char *path, *text; /* NULL: a directory */
} * files;
static struct {
	const struct entry *of;
	size_t at;
	bool used;
} fd[ROOM];
static size_t piece; /* so much is read at once */
static unsigned opened, interrupted;
static char many[1 << 17];

static int
open_path(const char *path, int flags)
{
	for (const struct entry *e = files; e->path != NULL; e++) {
		if (strcmp(e->path, path) != 0)
			continue;
		if ((e->text == NULL) != ((flags & O_DIRECTORY) != 0))
			return -ENOTDIR;
		for (int i = 0; i < ROOM; i++) {
			if (fd[i].used)
				continue;
			fd[i].of = e;
			fd[i].at = 0;
			fd[i].used = true;
			opened++;
			return i;
		}
		CU_FAIL_FATAL("descriptors are not closed");
	}
	return -ENOENT;
}

int
sys_open(const char *path, int flags)
{
	return open_path(path, flags);
}

int
sys_open_at(int dir, const char *name, int flags, unsigned resolve)
{
	char path[256];

	(void)resolve;
	snprintf(path, sizeof(path), "%s/%s", dir == GROUP ? "/cg" : fd[dir].of->path, name);
	return open_path(path, flags);
}

int
sys_close(int i)
{
	CU_ASSERT_FATAL(i >= 0 && i < ROOM && fd[i].used);
	fd[i].used = false;
	opened--;
	return 0;
}

long
sys_read(int i, void *p, size_t n)
{
	const char *text;
	size_t left;

	CU_ASSERT_FATAL(i >= 0 && i < ROOM && fd[i].used && fd[i].of->text != NULL);
	if (interrupted > 0 && strstr(fd[i].of->path, "/stat") == NULL) {
		interrupted--;
		return -EINTR;
	}
	text = fd[i].of->text + fd[i].at;
	left = strlen(text);
	n = n < left ? n : left;
	if (piece > 0 && n > piece && strstr(fd[i].of->path, "/stat") == NULL)
		n = piece;
	memcpy(p, text, n);
	fd[i].at += n;
	return (long)n;
}

/* One entry each time: "." and "..", then those files that lie in folders of this one. */
long
sys_getdents(int i, void *p, size_t n)
{
	struct k_dirent *d = p;
	const char *dir = fd[i].of->path;
	size_t len = strlen(dir), at = fd[i].at++;

	CU_ASSERT_FATAL(n >= 64);
	memset(p, 0, 64);
	d->reclen = 64;
	if (at < 2) {
		memcpy(d->name, "..", at + 1);
		return 64;
	}
	for (const struct entry *e = files; e->path != NULL; e++) {
		if (strncmp(e->path, dir, len) != 0 || e->path[len] != '/' || at-- > 2)
			continue;
		memcpy(d->name, e->path + len + 1, strcspn(e->path + len + 1, "/"));
		return 64;
	}
	return 0;
}

size_t
sys_page(void)
{
	return PAGE;
}

/* ---- what is found -------------------------------------------------------------------------- */

#define STAT(pid, start, rss, u, s, cu, cs) \
	{ \
		"/proc/" #pid "/stat", \
		    #pid " (a) b) S 1 1 1 0 -1 0 0 0 0 0 " #u " " #s " " #cu " " #cs \
			 " 20 0 1 0 " #start " 100 " #rss \
			 " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n" \
	}
#define TASK(pid) \
	{ \
		"/proc/" #pid "/task", NULL \
	}
#define CHILDREN(pid, tid, list) \
	{ \
		"/proc/" #pid "/task/" #tid "/children", list \
	}

static void
check(size_t row, int group, int pid, size_t n, uint64_t pages, uint64_t ticks)
{
	struct tree t;

	tree_look(group, pid, &t);
	CHECK_NUM(row, t.n, n);
	CHECK_NUM(row, t.bytes, pages * PAGE);
	CHECK_NUM(row, t.cpu_us, ticks * 10000);
	CHECK_NUM(row, opened, 0);
}

static void
in_a_group(void)
{
	static const struct entry some[] = {
		{ "/cg/cgroup.procs", "11\n0\n12\n13\n99\n12345678901\n" },
		STAT(11, 5, 10, 1, 2, 3, 4),
		STAT(12, 5, 20, 0, 0, 0, 5),
		STAT(13, 5, 30, 1, 0, 0, 0),
		/* not in it */
		TASK(11),
		CHILDREN(11, 11, "14 "),
		STAT(14, 5, 30, 1, 0, 0, 0),
		{ NULL, NULL },
	};
	static const struct entry none[] = { { NULL, NULL } };

	files = some;
	for (piece = 0; piece < 12; piece++) {
		interrupted = 2;
		check(piece, GROUP, 11, 3, 60, 16);
	}
	piece = 0;
	files = none;
	check(0, GROUP, 11, 0, 0, 0);
}

static void
by_descent(void)
{
	static const struct entry some[] = {
		STAT(20, 50, 1, 1, 0, 0, 0),
		TASK(20),
		/* each of its threads has some */
		CHILDREN(20, 20, "21 22 "),
		CHILDREN(20, 25, "23 "),
		STAT(21, 60, 2, 0, 1, 0, 0),
		TASK(21),
		CHILDREN(21, 21, "24 "),
		/* ended, and not waited for: its time counts */
		STAT(22, 60, 0, 7, 0, 0, 0),
		STAT(23, 60, 4, 0, 0, 0, 0),
		STAT(24, 60, 8, 0, 0, 0, 0),
		TASK(24),
		/* it says so in another way: each is counted once */
		CHILDREN(24, 24, "21 "),
		{ "/proc/thread-self/children", "18 19 20 17 30 31 " },
		/* the guard, and what was there before */
		STAT(17, 49, 100, 100, 0, 0, 0),
		STAT(18, 1, 100, 100, 0, 0, 0),
		STAT(19, 50, 100, 100, 0, 0, 0),
		/* orphans of the box; the third one is gone again */
		STAT(30, 50, 16, 0, 0, 0, 1),
		STAT(31, 90, 32, 0, 0, 0, 0),
		TASK(31),
		CHILDREN(31, 31, "32 33 "),
		STAT(32, 91, 64, 0, 0, 0, 0),
		{ NULL, NULL },
	};

	files = some;
	for (piece = 0; piece < 12; piece++)
		check(piece, -1, 20, 8, 127, 10);
	piece = 0;
}

static void
unknown(void)
{
	static const struct entry alone[] = { STAT(20, 50, 1, 1, 0, 0, 0), { NULL, NULL } };
	static const struct entry odd[] = {
		{ "/proc/20/stat", "20 (cut off) S 1" },
		TASK(20),
		{ "/proc/thread-self/children", "30 " },
		STAT(30, 50, 16, 0, 0, 0, 1),
		{ NULL, NULL },
	};
	static const struct entry none[] = { { NULL, NULL } };

	/* no list of children: the first one at least */
	files = alone;
	check(0, -1, 20, 1, 1, 1);
	/* whose orphans they are is not known */
	files = odd;
	check(1, -1, 20, 0, 0, 0);
	files = none;
	check(2, -1, 20, 0, 0, 0);
}

/* More than can be kept apart: it ends, and nothing is written beyond. */
static void
too_many(void)
{
	static const struct entry some[] = {
		{ "/cg/cgroup.procs", many },
		STAT(11, 5, 10, 1, 2, 3, 4),
		{ NULL, NULL },
	};
	size_t n = (size_t)snprintf(many, sizeof(many), "11\n");

	for (unsigned i = 1000; i < 1000 + 2 * TREE_MOST; i++)
		n += (size_t)snprintf(many + n, sizeof(many) - n, "%u\n", i);
	files = some;
	check(0, GROUP, 11, 1, 10, 10);
}

static void
others(void)
{
	static const struct entry states[][4] = {
		{ { "/cg/cgroup.procs", "11\n" }, STAT(11, 5, 1, 0, 0, 0, 0), { NULL, NULL } },
		{ { "/cg/cgroup.procs", "12\n" }, STAT(12, 5, 1, 0, 0, 0, 0), { NULL, NULL } },
		/* of the same number, but younger */
		{ { "/cg/cgroup.procs", "12\n" }, STAT(12, 6, 1, 0, 0, 0, 0), { NULL, NULL } },
		{ { "/cg/cgroup.procs", "11\n12\n" }, STAT(11, 5, 1, 0, 0, 0, 0),
		    STAT(12, 6, 1, 0, 0, 0, 0), { NULL, NULL } },
	};
	uint64_t marks[COUNT(states)];

	for (size_t i = 0; i < COUNT(states); i++) {
		struct tree t;

		files = states[i];
		for (int again = 0; again < 2; again++) {
			tree_look(GROUP, 11, &t);
			CU_ASSERT(again == 0 || t.mark == marks[i]);
			marks[i] = t.mark;
		}
		for (size_t k = 0; k < i; k++)
			CU_ASSERT_NOT_EQUAL(marks[k], marks[i]);
	}
}

UNIT_MAIN("tree", { "others", others }, { "in a group", in_a_group }, { "by descent", by_descent },
    { "what cannot be known", unknown }, { "too many", too_many })
