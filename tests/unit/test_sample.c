/* core/run/sample.c */
#include "check.h"
#include "run/sample.h"
#include "tree.h"
#include "unit.h"

enum { MEMORY = 8 << 20 };
static _Alignas(16) unsigned char mem[MEMORY];
static struct arena arena;
static struct sampler sampler;

#define BIT(source) ((uint32_t)1 << (source))
#define CPU "usage_usec 500\nuser_usec 1\nsystem_usec 2\n"

static void
begin(void)
{
	struct err e = { 0 };

	arena = (struct arena){ mem, 0, sizeof(mem) };
	CU_ASSERT_FATAL(sampler_init(&arena, &sampler, &e) == 0);
}

static void
add(const char *path, const char *name)
{
	int fd = tree_open(path);

	CU_ASSERT_FATAL(fd >= 0);
	CU_ASSERT_FATAL(sampler_add(&sampler, fd, str_of(name)) == 0);
}

static void
look(uint64_t at)
{
	tree.now = at;
	sampler_look(&sampler);
}

static void
group(const char *dir, const char *cpu)
{
	static char names[64][2][64];
	static size_t next;
	char(*room)[64] = names[next++ % 64];

	snprintf(room[0], sizeof(room[0]), "%s", dir);
	tree_add(room[0], NULL);
	snprintf(room[1], sizeof(room[1]), "%s/cpu.stat", dir);
	tree_add(room[1], cpu);
}

static void
check_names(size_t row, const char *want)
{
	char text[512];
	struct buf b = BUF(text);

	for (size_t i = 0; i < sampler.n; i++) {
		buf_cstr(&b, i > 0 ? " " : "");
		sample_name(&b, sampler.now[i]);
		buf_cstr(&b, sampler.now[i]->fresh ? "*" : "");
	}
	for (size_t i = 0; i < sampler.ngone; i++) {
		buf_cstr(&b, " -");
		sample_name(&b, sampler.gone[i]);
	}
	CHECK_STR(row, buf_str(&b), str_of(want));
}

static void
rates(void)
{
	struct node *cpu;
	const struct cgrate *r;

	tree_reset();
	group("/c", CPU);
	cpu = tree_find("/c/cpu.stat");
	tree_add("/c/memory.current", "4096\n");
	tree_add("/c/memory.max", "max\n");
	tree_add("/c/pids.current", "3\n");
	tree_add("/c/pids.max", "64\n");
	tree_add("/c/io.stat", "");
	begin();
	add("/c", ".");
	look(1000000);
	r = &sampler.now[0]->rate;
	CHECK_NUM(0, r->rates, 0);
	CHECK_NUM(0, r->levels,
	    BIT(CG_CPU_STAT) | BIT(CG_MEMORY_CURRENT) | BIT(CG_MEMORY_MAX) | BIT(CG_PIDS_CURRENT) |
		BIT(CG_PIDS_MAX) | BIT(CG_IO_STAT));
	CHECK_NUM(0, r->pids_max, 64);
	cpu->text = "usage_usec 1500\nuser_usec 1\nsystem_usec 2\n";
	look(1500000);
	CHECK_NUM(0, r->rates, BIT(CG_CPU_STAT) | BIT(CG_IO_STAT));
	CHECK_NUM(0, r->cpu, 2000);
	CHECK_NUM(0, sampler.now[0]->history[0], 0);
	CHECK_NUM(0, sampler.now[0]->history[1], 2000);
	CHECK_NUM(0, sampler.now[0]->turn, 2);
	/* what cannot be understood, what is cut, what cannot be read: not there */
	cpu->text = "garbage";
	look(2000000);
	CHECK_NUM(0, r->rates, BIT(CG_IO_STAT));
	cpu->error = EOPNOTSUPP;
	look(2500000);
	CHECK_NUM(0, r->rates, BIT(CG_IO_STAT));
	/* limits stay as they were found, until they are looked for again */
	tree_find("/c/pids.max")->text = "65\n";
	CHECK_NUM(0, r->pids_max, 64);
	for (int i = 0; i < 8; i++)
		look(3000000 + (uint64_t)i);
	CHECK_NUM(0, r->pids_max, 65);
	CHECK_NUM(0, sampler.now[0]->turn, 0);
}

/* A rate that no sparkline can show. */
static void
much(void)
{
	tree_reset();
	group("/c", CPU);
	begin();
	add("/c", ".");
	look(1);
	tree_find("/c/cpu.stat")->text = "usage_usec 9999999999\nuser_usec 1\nsystem_usec 2\n";
	look(2);
	CHECK_NUM(0, sampler.now[0]->history[1], UINT32_MAX);
}

/* A look at what is known opens nothing but the directory that it lists. */
static void
stays_open(void)
{
	size_t before;

	tree_reset();
	group("/c", CPU);
	group("/c/a", CPU);
	begin();
	add("/c", ".");
	look(1);
	CHECK_NUM(0, tree.open, 3);
	before = tree.calls;
	look(2);
	/* the directory, two lists of it, two reads */
	CHECK_NUM(0, tree.calls - before, 5);
	CHECK_NUM(0, tree.open, 3);
}

static void
comes_and_goes(void)
{
	tree_reset();
	group("/c", CPU);
	group("/c/a", CPU);
	group("/c/b", CPU);
	tree_add("/c/.hidden", NULL);
	group("/d", CPU);
	group("/d/a", CPU);
	begin();
	add("/c", "web");
	add("/d", ".");
	look(1);
	check_names(0, "web* web/a* web/b* .* a*");
	look(2);
	check_names(1, "web web/a web/b . a");
	/* the same name again is another group */
	tree_remove("/c/a");
	group("/c/a", CPU);
	group("/c/c", CPU);
	look(3);
	check_names(2, "web web/b web/a* web/c* . a -web/a");
	look(4);
	check_names(3, "web web/b web/a web/c . a");
	tree_remove("/c/b");
	look(5);
	check_names(4, "web web/a web/c . a -web/b");
	CHECK_NUM(4, sampler.tops, 2);
	/* with a group those in it */
	tree_remove("/c");
	look(6);
	look(7);
	check_names(5, ". a -web");
	CHECK_NUM(5, sampler.tops, 1);
	tree_remove("/d");
	look(8);
	check_names(6, ". -a");
	CHECK_NUM(6, sampler.now[0]->gone, true);
	look(9);
	check_names(6, " -.");
	CHECK_NUM(6, sampler.tops, 0);
	CHECK_NUM(6, tree.open, 0);
	look(10);
	check_names(7, "");
}

/* Where descriptors are few they are opened each time. */
static void
few_descriptors(void)
{
	tree_reset();
	tree.files = 1;
	group("/c", CPU);
	group("/c/a", CPU);
	begin();
	add("/c", ".");
	for (uint64_t i = 1; i < 20; i++) {
		look(i);
		CHECK_NUM(i, sampler.n, 2);
		CHECK_NUM(i, sampler.now[1]->rate.levels, BIT(CG_CPU_STAT));
		CHECK_NUM(i, tree.open, 1);
	}
	CHECK_NUM(0, tree.most_open, 3);
	tree_remove("/c/a");
	look(20);
	check_names(0, ". -a");
	tree_remove("/c");
	look(21);
	look(22);
	CHECK_NUM(0, sampler.tops, 0);
	CHECK_NUM(0, tree.open, 0);
}

/* A file that comes later, as those of a controller do. */
static void
later(void)
{
	tree_reset();
	group("/c", CPU);
	begin();
	add("/c", ".");
	look(1);
	tree_add("/c/pids.current", "7\n");
	for (uint64_t i = 2; i < 10; i++)
		look(i);
	CHECK_NUM(0, sampler.now[0]->rate.pids, 7);
}

static void
too_many(void)
{
	static char names[SAMPLE_GROUPS + 8][16];

	tree_reset();
	tree.files = 1;
	tree_add("/c", NULL);
	for (size_t i = 0; i < SAMPLE_GROUPS + 2; i++) {
		snprintf(names[i], sizeof(names[i]), "/c/%zu", i);
		tree_add(names[i], NULL);
	}
	begin();
	add("/c", ".");
	look(1);
	CHECK_NUM(0, sampler.n, SAMPLE_GROUPS);
	CHECK_NUM(0, sampler.missed, 3);
	CHECK_NUM(0, sampler_add(&sampler, 3, S("x")), -1);
	/* room is used again */
	tree_find("/c/5")->gone = true;
	tree_find("/c/7")->gone = true;
	look(2);
	CHECK_NUM(0, sampler.ngone, 2);
	look(3);
	CHECK_NUM(0, sampler.missed, 1);
	CHECK_NUM(0, sampler.n, SAMPLE_GROUPS);
}

/* Nothing is left open, whatever fails. */
static void
each_call_fails(void)
{
	static const int errors[] = { EIO, ENOENT, EMFILE, ENODEV };
	size_t all = 1;

	for (size_t e = 0; e < COUNT(errors); e++)
		for (size_t at = 2; at <= all + 1; at++) {
			tree_reset();
			group("/c", CPU);
			tree_add("/c/pids.max", "7\n");
			group("/c/a", CPU);
			tree_add("/c/a/memory.max", "7\n");
			begin();
			add("/c", ".");
			tree.calls = 1;
			tree.fail_at = at;
			tree.error = errors[e];
			for (uint64_t i = 1; i < 10; i++)
				look(i);
			all = tree.calls;
			CHECK_NUM(at, tree.fail_at > all || sampler.rounds == 9, true);
			tree_remove("/c");
			look(20);
			look(21);
			CHECK_NUM(at, sampler.tops, 0);
			CHECK_NUM(at, tree.open, 0);
		}
}

static void
no_memory(void)
{
	struct err e = { 0 };
	size_t n = 0;

	tree_reset();
	for (size_t cap = 0; cap < sizeof(mem); cap += 4096) {
		arena = (struct arena){ mem, 0, cap };
		e = (struct err){ 0 };
		if (sampler_init(&arena, &sampler, &e) == 0)
			break;
		CHECK_NUM(cap, e.fault, FAULT_LIMIT);
		n++;
	}
	CU_ASSERT(n > 10);
	/* without more descriptors it works as well */
	tree.fail_at = tree.calls + 1;
	CHECK_NUM(0, sampler_init(&arena, &sampler, &e) < 0 || sampler.most == 0, true);
}

UNIT_MAIN("sample", { "levels, rates, history", rates }, { "more than can be shown", much },
    { "files stay open", stays_open }, { "groups come and go", comes_and_goes },
    { "few descriptors", few_descriptors }, { "a file that comes later", later },
    { "too many groups", too_many }, { "each call fails once", each_call_fails },
    { "no memory, no descriptors", no_memory })
