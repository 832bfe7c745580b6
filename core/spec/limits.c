#include "spec/limits.h"

#include "spec/box.h"
#include "spec/limitsread.h"

#include <stddef.h>

/* The longest that a duration can be is 49 days: a row's bounds have 32 bits. */
enum { MINUTE_MS = 60000, HOUR_MS = 60 * MINUTE_MS };
#define MONTH_MS (UINT32_C(30) * 24 * HOUR_MS)
/* Documentation/admin-guide/cgroup-v2.rst, cpu.weight and io.weight */
enum { WEIGHT_MAX = 10000 };
enum { PIDS_MAX = 1 << 22 }; /* include/linux/threads.h, PID_MAX_LIMIT */
/* kernel/sched/core.c, max_cfs_quota_period; and the least quota, in us */
enum { PERIOD_MAX_MS = 1000, PERIOD_MS = 100, QUOTA_MIN_US = 1000 };
enum { GRACE_MS = 5000 };

#define AT(member) .offset = offsetof(struct limits, member)
#define MEMORY .type = FIELD_SIZE, .unit = &num_of_memory, .max = 4096
#define LIST(reader) .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = (reader)
#define WEIGHT .type = FIELD_UINT, .min = 1, .max = WEIGHT_MAX

/* Keys of a sandbox and options of sbx-cg: key, option, argument, default, prose. */
/* clang-format off */
static const struct field rows[] = {
	{ ROW("memory", "memory", "SIZE", "", "how much memory all of it may use"),
	  MEMORY, .min = 4096, .letter = 'm', AT(memory) },
	{ ROW("memory_high", "memory-high", "SIZE", "", "from here on it is slowed down"),
	  MEMORY, .min = 4096, AT(memory_high) },
	{ ROW("memory_low", "memory-low", "SIZE", "", "so much is taken from others first"),
	  MEMORY, AT(memory_low) },
	{ ROW("memory_min", "memory-min", "SIZE", "", "so much is never taken from it"),
	  MEMORY, AT(memory_min) },
	{ ROW("swap", "swap", "SIZE", "", "how much swap it may use; none where memory is limited"),
	  MEMORY, AT(swap) },
	{ ROW("oom_group", "no-oom-group", "", "",
	      "when memory runs out, whether all of it ends or one process"),
	  .type = FIELD_FLAG, .flags = FIELD_OTHERWISE, AT(no_oom_group) },
	{ ROW("cpu", "cpu", "CORES", "", "how many cores' time it may use, such as 0.5"),
	  CORES, .min = 10, .max = 4096000, .letter = 'c', AT(cpu) },
	{ ROW("cpu_period", "cpu-period", "TIME", "100ms", "the time in which that is counted"),
	  DURATION, .min = 1, .max = PERIOD_MAX_MS, AT(cpu_period) },
	{ ROW("cpu_burst", "cpu-burst", "TIME", "0",
	      "how much unused time of earlier periods it may use in one"),
	  DURATION, .max = UINT32_MAX, AT(cpu_burst) },
	{ ROW("cpu_weight", "cpu-weight", "N", "100", "its share of the cores"),
	  WEIGHT, AT(cpu_weight) },
	{ ROW("cpus", "cpus", "LIST", "", "the cores that it may run on, such as 0-3,5"),
	  .type = FIELD_CUSTOM, .read = limits_read_list, AT(cpus) },
	{ ROW("mems", "mems", "LIST", "", "the memory nodes that it may use, such as 0"),
	  .type = FIELD_CUSTOM, .read = limits_read_list, AT(mems) },
	{ ROW("pids", "pids", "N", "", "how many processes and threads it may have"),
	  .type = FIELD_UINT, .min = 1, .max = PIDS_MAX, .letter = 'p', AT(pids) },
	{ ROW("io", "io", "DEVICE:LIMITS", "",
	      "limits of a block device, such as 8:0:rbps=1M,wiops=100"),
	  LIST(limits_read_io), AT(io) },
	{ ROW("io_weight", "io-weight", "N", "100", "its share of block devices"),
	  WEIGHT, AT(io_weight) },
	{ ROW("hugetlb", "hugetlb", "PAGE=SIZE", "",
	      "how much memory in huge pages, such as 2MB=64M"),
	  LIST(limits_read_hugetlb), AT(hugetlb) },
	{ ROW("cgroup_files", "set", "FILE=VALUE", "", "write VALUE to a controller's FILE"),
	  LIST(limits_read_set), AT(set) },
	{ ROW("allowed_devices", "device", "DEVICE[:rwm]", "",
	      "a device it may use: a path, or c:MAJ:MIN, b:MAJ:MIN, a for all"),
	  LIST(limits_read_device), AT(devices) },
	{ ROW("devices_only", "no-default-devices", "", "",
	      "no other devices, not even null, zero, full, random, tty"),
	  .type = FIELD_FLAG, AT(devices_only) },
	{ ROW("", "timeout", "TIME", "", "how long it may take"),
	  DURATION, .min = 1, .max = MONTH_MS, .letter = 't', AT(timeout) },
	{ ROW("", "grace", "TIME", "5s", "time between TERM and KILL at the end of a limit"),
	  DURATION, .max = HOUR_MS, AT(grace) },
	{ ROW("idle_timeout", "idle-timeout", "TIME", "",
	      "how long it may do nothing, neither compute nor read nor write"),
	  DURATION, .min = 100, .max = MONTH_MS, AT(idle) },
	{ ROW("cpu_time", "cpu-time", "TIME", "", "how much time of the cores it may use in all"),
	  DURATION, .min = 1, .max = MONTH_MS, AT(cpu_time) },
	{ ROW("", "degrade", "LIST", "",
	      "accept less than a group for memory, cpu, pids where there can be none"),
	  LIST(limits_read_degrade), .words = "memory|cpu|pids", AT(degrade) },
};
/* clang-format on */

const struct table limits_table = { "limits", rows, COUNT(rows) };

size_t
limits_row(size_t offset)
{
	size_t i = 0;

	while (rows[i].offset != offset)
		i++;
	return i;
}

/* A limit as whoever gave it calls it: --memory-high or memory_high. */
struct called {
	struct str dashes, name;
};

static struct called
called(const struct field_ctx *c, size_t offset)
{
	const struct field *f = &rows[limits_row(offset)];
	bool option = c->fault == FAULT_USAGE;

	return (struct called){ option ? S("--") : S(""),
		option || row_key(f).n == 0 ? row_option(f) : row_key(f) };
}

static bool
given(const struct limits *l, size_t offset)
{
	return field_given(&limits_table, l, offset);
}

/* The place is that of the first; each of them (0: none) is named by two %, and behind them comes
 * more. */
static int
fault(struct field_ctx *c, const struct limits *l, const char *text, const uint16_t of[3],
    struct str more)
{
	struct str arg[7];
	size_t n = 0;

	for (size_t i = 0; i < 3 && of[i] != 0; i++) {
		struct called limit = called(c, of[i]);

		arg[n++] = limit.dashes;
		arg[n++] = limit.name;
	}
	arg[n++] = more;
	return err_put(c->err, c->fault, field_place(&limits_table, l, of[0]), text, arg, n);
}

#define OF(a, b, c) ((const uint16_t[]){ (a), (b), (c) })
#define LIMIT(member) offsetof(struct limits, member)

/* What has no effect alone is an error, not ignored. */
static int
needs(struct field_ctx *c, const struct limits *l)
{
	static const uint16_t pair[][3] = {
		{ LIMIT(no_oom_group), LIMIT(memory) },
		{ LIMIT(cpu_period), LIMIT(cpu) },
		{ LIMIT(cpu_burst), LIMIT(cpu) },
	};

	for (size_t i = 0; i < COUNT(pair); i++)
		if (given(l, pair[i][0]) && !given(l, pair[i][1]))
			return fault(c, l, "%% without %%, which is due", pair[i], S(""));
	return 0;
}

static int
memory_in_order(struct field_ctx *c, const struct limits *l)
{
	static const uint16_t pair[][3] = {
		{ LIMIT(memory_high), LIMIT(memory) },
		{ LIMIT(memory_low), LIMIT(memory) },
		{ LIMIT(memory_min), LIMIT(memory) },
	};
	char text[UINT_ROOM + 1];
	struct buf b = BUF(text);

	num_put_size(&b, l->memory);
	for (size_t i = 0; limits_given(l, memory) && i < COUNT(pair); i++) {
		const void *at = (const char *)l + pair[i][0];

		if (*(const uint64_t *)at > l->memory)
			return fault(c, l, "%% is above %%; at most % is due", pair[i],
			    buf_str(&b));
	}
	return 0;
}

/* Milliseconds of thousandths are microseconds. */
static int
cpu_adds_up(struct field_ctx *c, const struct limits *l)
{
	uint64_t quota = l->cpu * l->cpu_period;

	if (!limits_given(l, cpu))
		return 0;
	if (quota < QUOTA_MIN_US)
		return fault(c, l,
		    "%% of so short a %% is less than the 1ms that the kernel deals out",
		    OF(LIMIT(cpu), LIMIT(cpu_period), 0), S(""));
	if (l->cpu_burst * 1000 > quota)
		return fault(c, l, "%% is above what %% is in a %%; at most that is due",
		    OF(LIMIT(cpu_burst), LIMIT(cpu), LIMIT(cpu_period)), S(""));
	return 0;
}

/* Which row writes a file, as words in the order of the rows. */
static const char files[] = "memory.max|memory.high|memory.low|memory.min|memory.swap.max|"
			    "memory.oom.group|cpu.max||cpu.max.burst|cpu.weight|cpuset.cpus|"
			    "cpuset.mems|pids.max|io.max|io.weight";

static bool
hugetlb_file(const struct limits *l, struct str file)
{
	for (const struct raw_limit *h = l->hugetlb; h != NULL; h = h->next)
		if (file.n == h->name.n + 12 && str_starts(file, S("hugetlb.")) &&
		    str_ends(file, S(".max")) && str_eq(str_slice(file, 8, file.n - 4), h->name))
			return true;
	return false;
}

/* Of two values for one file only one would be there. */
static int
written_once(struct field_ctx *c, const struct limits *l)
{
	for (const struct raw_limit *s = l->set; s != NULL; s = s->next) {
		bool twice = hugetlb_file(l, s->name);

		for (size_t i = 0; word_at(files, i).p != NULL; i++)
			twice = twice || (str_eq(word_at(files, i), s->name) &&
					     (l->seen.bits & (uint64_t)1 << i) != 0);
		if (twice)
			return err_at(c->err, c->fault, s->pos,
			    "the file \"%\" is written by another limit already", s->name);
	}
	return 0;
}

/* Without a group the time of the cores can be limited as a whole, not its share: that is to come
 * from how long it may take, which a hook of a document has always. */
static int
degrades(struct field_ctx *c, const struct limits *l)
{
	static const uint16_t of[] = {
		LIMIT(memory),
		LIMIT(cpu),
		LIMIT(pids),
	};

	for (size_t i = 0; i < COUNT(of); i++) {
		bool time_is = of[i] == LIMIT(cpu) && limits_given(l, cpu_time);
		struct called by, what;

		if ((l->degrade & (uint32_t)DEGRADE_MEMORY << i) == 0 || given(l, of[i]) || time_is)
			continue;
		by = called(c, LIMIT(degrade));
		what = called(c, of[i]);
		return err_put(c->err, c->fault, field_place(&limits_table, l, LIMIT(degrade)),
		    TEXT("%% %: without %% there is nothing to do without", by.dashes, by.name,
			word_at(DEGRADE_WORDS, i + 1), what.dashes, what.name));
	}
	if ((l->degrade & DEGRADE_CPU) == 0 || c->fault != FAULT_USAGE ||
	    limits_given(l, timeout) || limits_given(l, cpu_time))
		return 0;
	return fault(c, l,
	    "%% cpu: the share of the cores cannot be limited then; --timeout, of which "
	    "it is the part, or %% is due",
	    OF(LIMIT(degrade), LIMIT(cpu_time), 0), S(""));
}

/* A document's empty array limits nothing: as good as none. */
static void
forget_empty(struct limits *l)
{
	const struct {
		const void *first;
		size_t offset;
	} list[] = {
		{ l->io, LIMIT(io) },
		{ l->hugetlb, LIMIT(hugetlb) },
		{ l->set, LIMIT(set) },
		{ l->devices, LIMIT(devices) },
	};

	for (size_t i = 0; i < COUNT(list); i++)
		if (list[i].first == NULL)
			l->seen.bits &= ~((uint64_t)1 << limits_row(list[i].offset));
}

int
limits_finish(struct field_ctx *c, struct limits *l)
{
	forget_empty(l);
	if (!limits_given(l, cpu_period))
		l->cpu_period = PERIOD_MS;
	if (!limits_given(l, grace))
		l->grace = GRACE_MS;
	if (needs(c, l) < 0 || memory_in_order(c, l) < 0 || cpu_adds_up(c, l) < 0 ||
	    written_once(c, l) < 0)
		return -1;
	return degrades(c, l);
}
