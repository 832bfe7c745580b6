/* What a group has used, told to programs and to people. */
#include "run/group.h"

#include "base/num.h"

#define SOURCE(s) ((uint32_t)1 << (s))

/* What follows it on the line: the ends of the objects and of the line. */
enum { LINE_END = 8 };

/* With so many devices, in all of the room or not at all. */
static bool
put_figures(struct jsonw *w, const struct gauge *g, uint32_t sources, size_t devices, bool cut)
{
	struct cgusage u = g->usage;
	struct buf kept = *w->buf;
	bool comma = w->comma;

	u.have &= sources;
	if (u.ndevices > devices)
		u.ndevices = devices;
	jsonw_list(w, "cgroup", '{');
	cgusage_json(w, &u);
	if (g->tree_peak > 0)
		jsonw_number(w, "sampled_peak", g->tree_peak);
	if (cut) {
		jsonw_key(w, S("cut"));
		jsonw_bool(w, true);
	}
	jsonw_close(w, '}');
	if (!w->buf->full && w->buf->cap - w->buf->n >= LINE_END)
		return true;
	*w->buf = kept;
	w->comma = comma;
	return false;
}

/* Few and then no devices first, then no pressure: what a line has no room for nobody shall miss it
 * for. It is empty and has ended, so that is not told. */
static void
put_group(struct jsonw *w, const struct gauge *g)
{
	uint32_t told = SOURCE(CG_EVENTS) - 1, figures = SOURCE(CG_CPU_PRESSURE) - 1;
	size_t n = g->usage.ndevices;

	if (put_figures(w, g, told, n, false))
		return;
	while (n > 0)
		if (put_figures(w, g, told, --n, true))
			return;
	if (!put_figures(w, g, figures, 0, true))
		(void)put_figures(w, g, 0, 0, true);
}

void
gauge_put_json(struct jsonw *w, const struct verdict *v)
{
	if (!str_eq(cause_name(v), limit_name(v)))
		jsonw_member(w, "limit", limit_name(v));
	if (v->dropped[0] + v->dropped[1] > 0) {
		jsonw_list(w, "dropped", '{');
		jsonw_number(w, "stdout", v->dropped[0]);
		jsonw_number(w, "stderr", v->dropped[1]);
		jsonw_close(w, '}');
	}
	if (v->gauge != NULL && (v->gauge->usage.have != 0 || v->gauge->tree_peak > 0))
		put_group(w, v->gauge);
}

static bool
known(const struct gauge *g, enum cgsource s)
{
	return (g->usage.have & SOURCE(s)) != 0;
}

/* Each part begins where the line does, or behind another. */
static void
part(struct buf *b, const char *text)
{
	static const char begin[] = "usage    ";

	buf_cstr(b, b->n > 0 ? ", " : begin);
	buf_cstr(b, text);
}

static void
size(struct buf *b, const char *text, uint64_t bytes)
{
	part(b, text);
	num_put_size(b, bytes);
}

static void
number(struct buf *b, const char *text, uint64_t n)
{
	part(b, text);
	buf_uint(b, n);
}

static void
time_us(struct buf *b, const char *text, uint64_t us)
{
	part(b, text);
	num_put_us(b, us);
}

static void
put_used(struct buf *b, const struct gauge *g)
{
	const struct cgusage *u = &g->usage;

	if (known(g, CG_MEMORY_PEAK))
		size(b, "memory at most ", u->memory_peak);
	if (u->swap_peak > 0)
		size(b, "swap at most ", u->swap_peak);
	if (g->tree_peak > 0)
		size(b, "sampled memory at most ", g->tree_peak);
	if (known(g, CG_PIDS_PEAK))
		number(b, "processes at most ", u->pids_peak);
	if (known(g, CG_CPU_STAT))
		time_us(b, "cpu ", u->cpu_us);
	if (u->throttled_us > 0)
		time_us(b, "throttled for ", u->throttled_us);
	if (known(g, CG_IO_STAT)) {
		size(b, "read ", u->io.rbytes);
		size(b, "written ", u->io.wbytes);
	}
	if (u->oom_kill > 0)
		number(b, "killed for want of memory ", u->oom_kill);
	if (u->pids_hit > 0)
		number(b, "forks refused ", u->pids_hit);
}

void
gauge_put_line(struct buf *b, const struct verdict *v)
{
	if (v->gauge != NULL)
		put_used(b, v->gauge);
	if (!str_eq(cause_name(v), limit_name(v))) {
		part(b, "ended by the limit ");
		buf_put(b, limit_name(v));
	}
	if (v->dropped[0] > 0)
		number(b, "bytes of output dropped ", v->dropped[0]);
	if (v->dropped[1] > 0)
		number(b, "bytes of diagnostics dropped ", v->dropped[1]);
	if (b->n > 0)
		buf_char(b, '\n');
}
