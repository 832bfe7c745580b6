#include "spec/alert.h"

#include "base/num.h"
#include "text/bars.h"

/* ---- alerts ---------------------------------------------------------------------------------- */

enum figure { CPU, MEMORY, PIDS, IO, CPU_PRESSURE, MEMORY_PRESSURE, IO_PRESSURE };

enum { SHARE = 1, CORES = 2, BYTES = 4, COUNT_OF = 8 };

/* In the order of enum figure; forms: how its values may be written. */
static const struct {
	char name[16];
	uint8_t forms;
} figures[] = {
	{ "cpu", SHARE | CORES },
	{ "memory", SHARE | BYTES },
	{ "pids", SHARE | COUNT_OF },
	{ "io", BYTES },
	{ "cpu_pressure", SHARE },
	{ "memory_pressure", SHARE },
	{ "io_pressure", SHARE },
};

static const struct {
	uint8_t form;
	char text[15];
} due[] = { { SHARE, "80%" }, { CORES, "cores like 1.5" }, { BYTES, "bytes like 64M" },
	{ COUNT_OF, "a number" } };

/* Percent with three digits behind the point, as parts in a million. */
static int
read_share(struct str s, uint64_t *out)
{
	uint64_t milli;

	if (num_cpu(s, &milli) < 0)
		return -1;
	return __builtin_mul_overflow(milli, (uint64_t)10, out) ? -1 : 0;
}

/* Cores as microseconds in a second. */
static int
read_cores(struct str s, uint64_t *out)
{
	uint64_t milli;

	if (num_cpu(s, &milli) < 0)
		return -1;
	return __builtin_mul_overflow(milli, (uint64_t)1000, out) ? -1 : 0;
}

static int
read_value(struct alert *a, uint8_t forms, struct str s)
{
	if (str_ends(s, S("%"))) {
		a->share = true;
		return (forms & SHARE) == 0 ? -1 : read_share(str_slice(s, 0, s.n - 1), &a->most);
	}
	return (forms & CORES) != 0    ? read_cores(s, &a->most)
	     : (forms & BYTES) != 0    ? num_size(s, &a->most)
	     : (forms & COUNT_OF) != 0 ? num_uint(s, &a->most)
				       : -1;
}

static int
no_figure(struct str s, struct err *e)
{
	char text[128];
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(figures); i++)
		buf_text(&b, TEXT(i == 0 ? "%" : ", %", str_of(figures[i].name)));
	return err_usage(e, "--alert \"%\": no figure; one of % is due", s, buf_str(&b));
}

static int
no_value(struct str s, uint8_t forms, struct err *e)
{
	char text[64];
	struct buf b = BUF(text);

	for (size_t i = 0; i < COUNT(due); i++)
		if ((forms & due[i].form) != 0)
			buf_text(&b, TEXT(b.n == 0 ? "%" : ", or %", str_of(due[i].text)));
	return err_usage(e, "--alert \"%\": % is due behind the >", s, buf_str(&b));
}

int
alert_read(struct str s, struct alert *a, struct err *e)
{
	size_t sign = str_find(s, '>', 0), i = 0;
	struct str name = str_slice(s, 0, sign);

	if (sign == s.n)
		return err_usage(e, "--alert \"%\": FIGURE>VALUE is due, like memory>80%", s,
		    S("%"));
	while (i < COUNT(figures) && !str_eq(name, str_of(figures[i].name)))
		i++;
	if (i == COUNT(figures))
		return no_figure(s, e);
	*a = (struct alert){ .text = s, .figure = (uint8_t)i };
	if (read_value(a, figures[i].forms, str_slice(s, sign + 1, s.n)) < 0)
		return no_value(s, figures[i].forms, e);
	return 0;
}

void
alert_put(struct buf *b, const struct alert *a, uint64_t value)
{
	if (a->share || a->figure == CPU)
		short_percent(b, value);
	else if (a->figure == PIDS)
		buf_uint(b, value);
	else
		short_bytes(b, value);
}

/* Is it a share of a limit? */
static bool
of_limit(const struct alert *a)
{
	return a->share && (a->figure == MEMORY || a->figure == PIDS);
}

/* Parts in a million of a limit; without one there is no share. */
static bool
share_of(uint64_t value, uint64_t most, uint64_t *out)
{
	if (most == UINT64_MAX || most == 0)
		return false;
	*out = cgrate_second(value, most);
	return true;
}

/* The figure, when it is known. */
static bool
figure_of(const struct alert *a, const struct cgrate *r, uint64_t *v)
{
	static const uint8_t source[] = { CG_CPU_STAT, CG_MEMORY_CURRENT, CG_PIDS_CURRENT,
		CG_IO_STAT, CG_CPU_PRESSURE, CG_MEMORY_PRESSURE, CG_IO_PRESSURE };
	bool level = a->figure == MEMORY || a->figure == PIDS;
	uint32_t have = level ? r->levels : r->rates;

	if ((have & 1u << source[a->figure]) == 0)
		return false;
	switch ((enum figure)a->figure) {
	case CPU:
		*v = r->cpu;
		break;
	case MEMORY:
		*v = r->memory;
		break;
	case PIDS:
		*v = r->pids;
		break;
	case IO:
		if (__builtin_add_overflow(r->rbytes, r->wbytes, v))
			*v = UINT64_MAX;
		break;
	case CPU_PRESSURE:
	case MEMORY_PRESSURE:
	case IO_PRESSURE:
		*v = r->some[a->figure - CPU_PRESSURE];
		break;
	}
	return true;
}

int
alert_over(const struct alert *a, const struct cgrate *r, uint64_t *value)
{
	bool memory = a->figure == MEMORY;

	if (!figure_of(a, r, value))
		return -1;
	if (of_limit(a)) {
		if ((r->levels & 1u << (memory ? CG_MEMORY_MAX : CG_PIDS_MAX)) == 0 ||
		    !share_of(*value, memory ? r->memory_max : r->pids_max, value))
			return -1;
	}
	return *value > a->most;
}

/* ---- triggers -------------------------------------------------------------------------------- */

/* What the kernel takes as a window (kernel/sched/psi.c). */
enum { WINDOW_MIN = 500, WINDOW_MAX = 10000 };

static const char stalls[CGSTALLS][8] = { "cpu", "memory", "io" };

struct str
stall_name(enum cgstall s)
{
	return str_of(stalls[s]);
}

int
trigger_read(struct str s, struct trigger *t, struct err *e)
{
	size_t one = str_find(s, ':', 0), two = str_find(s, ':', one + 1);
	size_t slash = str_find(s, '/', two);
	struct str kind = str_slice(s, one + 1, two);
	uint64_t stall, window;
	size_t i = 0;

	while (i < CGSTALLS && !str_eq(str_slice(s, 0, one), str_of(stalls[i])))
		i++;
	t->resource = (uint8_t)i;
	t->full = str_eq(kind, S("full"));
	if (i == CGSTALLS || (!t->full && !str_eq(kind, S("some"))) ||
	    num_duration(str_slice(s, two + 1, slash), &stall) < 0 ||
	    num_duration(str_slice(s, slash + 1, s.n), &window) < 0)
		return err_usage(e,
		    "--psi \"%\": RESOURCE:KIND:STALL/WINDOW is due, like memory:some:200ms/1s; "
		    "resources are cpu, memory and io, kinds some and full",
		    s);
	if (window < WINDOW_MIN || window > WINDOW_MAX)
		return err_usage(e, "--psi \"%\": a window of 500ms to 10s is due", s);
	if (stall == 0 || stall > window)
		return err_usage(e,
		    "--psi \"%\": a stall above 0, and no longer than the window, is due", s);
	t->stall = (uint32_t)stall;
	t->window = (uint32_t)window;
	return 0;
}

enum cgsource
trigger_source(const struct trigger *t)
{
	return (enum cgsource)(CG_CPU_PRESSURE + t->resource);
}

void
trigger_put(struct buf *b, const struct trigger *t)
{
	buf_cstr(b, t->full ? "full " : "some ");
	buf_uint(b, (uint64_t)t->stall * 1000);
	buf_char(b, ' ');
	buf_uint(b, (uint64_t)t->window * 1000);
}
