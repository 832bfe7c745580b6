#include "text/cgusage.h"

#include "base/num.h"

static const char files[] =
    "cpu.stat\0memory.current\0memory.peak\0memory.max\0memory.events\0memory.events.local\0"
    "memory.swap.current\0memory.swap.peak\0pids.current\0pids.peak\0pids.max\0pids.events\0"
    "io.stat\0cpu.pressure\0memory.pressure\0io.pressure\0cgroup.events\0";

/* A figure: its key in the file (empty where the file is that one number), then its name in JSON,
 * behind that of the file's controller. A row each in figures[]. */
static const char names[] =
    "usage_usec\0usage_us\0user_usec\0user_us\0system_usec\0system_us\0"
    "nr_periods\0periods\0nr_throttled\0throttled\0throttled_usec\0throttled_us\0"
    "\0current\0\0peak\0\0max\0"
    "low\0low_hits\0high\0high_hits\0max\0max_hits\0oom\0oom\0oom_kill\0oom_kill\0"
    "oom_group_kill\0oom_group_kill\0oom\0local_oom\0oom_kill\0local_oom_kill\0"
    "\0swap\0\0swap_peak\0"
    "\0current\0\0peak\0\0max\0max\0max_hits\0"
    "rbytes\0rbytes\0wbytes\0wbytes\0rios\0rios\0wios\0wios\0";

/* MAY: a file without that key makes sense, and means 0: an old kernel, or no such controller.
 * NONE: may be "max", no limit. */
enum { MAY = 1, NONE = 2 };

static const struct figure {
	uint8_t source, flags;
	uint8_t at; /* of the member, in words of 64 bits: in struct cgusage, in struct cgio */
} figures[] = {
#define AT(member) (offsetof(struct cgusage, member) / 8)
#define IO(member) (offsetof(struct cgio, member) / 8)
	{ CG_CPU_STAT, 0, AT(cpu_us) },
	{ CG_CPU_STAT, 0, AT(user_us) },
	{ CG_CPU_STAT, 0, AT(system_us) },
	{ CG_CPU_STAT, MAY, AT(periods) },
	{ CG_CPU_STAT, MAY, AT(throttled) },
	{ CG_CPU_STAT, MAY, AT(throttled_us) },
	{ CG_MEMORY_CURRENT, 0, AT(memory) },
	{ CG_MEMORY_PEAK, 0, AT(memory_peak) },
	{ CG_MEMORY_MAX, NONE, AT(memory_max) },
	{ CG_MEMORY_EVENTS, 0, AT(low) },
	{ CG_MEMORY_EVENTS, 0, AT(high) },
	{ CG_MEMORY_EVENTS, 0, AT(max) },
	{ CG_MEMORY_EVENTS, 0, AT(oom) },
	{ CG_MEMORY_EVENTS, 0, AT(oom_kill) },
	{ CG_MEMORY_EVENTS, MAY, AT(oom_group_kill) },
	{ CG_MEMORY_EVENTS_LOCAL, 0, AT(local_oom) },
	{ CG_MEMORY_EVENTS_LOCAL, 0, AT(local_oom_kill) },
	{ CG_SWAP_CURRENT, 0, AT(swap) },
	{ CG_SWAP_PEAK, 0, AT(swap_peak) },
	{ CG_PIDS_CURRENT, 0, AT(pids) },
	{ CG_PIDS_PEAK, 0, AT(pids_peak) },
	{ CG_PIDS_MAX, NONE, AT(pids_max) },
	{ CG_PIDS_EVENTS, 0, AT(pids_hit) },
	{ CG_IO_STAT, MAY, IO(rbytes) },
	{ CG_IO_STAT, MAY, IO(wbytes) },
	{ CG_IO_STAT, MAY, IO(rios) },
	{ CG_IO_STAT, MAY, IO(wios) },
#undef AT
#undef IO
};

/* A walk over those of one source, with their names. */
struct walk {
	enum cgsource source;
	size_t row; /* the next one, and its names */
	const char *next;
	const struct figure *f;
	struct str key, name;
};
#define WALK(of) ((struct walk){ .source = (of), .next = names })

static bool
walk(struct walk *w)
{
	while (w->row < COUNT(figures)) {
		w->f = &figures[w->row++];
		w->key = str_of(w->next);
		w->name = str_of(w->next + w->key.n + 1);
		w->next = w->name.p + w->name.n + 1;
		if (w->f->source == w->source)
			return true;
	}
	return false;
}

static uint64_t *
member(void *of, const struct figure *f)
{
	return (uint64_t *)of + f->at;
}

/* Where in the structure the figures of a source of this kind are. */
static size_t
pressure(enum cgsource s)
{
	return offsetof(struct cgusage, cpu_pressure) +
	       (size_t)(s - CG_CPU_PRESSURE) * sizeof(struct pressure);
}
_Static_assert(offsetof(struct cgusage, io_pressure) - offsetof(struct cgusage, cpu_pressure) ==
		   (CG_IO_PRESSURE - CG_CPU_PRESSURE) * sizeof(struct pressure),
    "in the order of sources");

struct str
cgusage_file(enum cgsource s)
{
	const char *p = files;

	for (unsigned i = 0; i < (unsigned)s; i++)
		p += str_of(p).n + 1;
	return str_of(p);
}

/* Files of one number, and flat keyed ones. */
static int
take_figures(struct cgusage *u, enum cgsource s, struct str text)
{
	struct walk w = WALK(s);

	while (walk(&w)) {
		uint64_t *v = member(u, w.f);
		int r = 1;

		*v = 0;
		if (w.key.n > 0)
			r = cgfile_key(text, w.key, v);
		else if (cgfile_value(text, v) < 0 ||
			 (*v == UINT64_MAX && (w.f->flags & NONE) == 0))
			return -1;
		if (r < 0 || (r == 0 && (w.f->flags & MAY) == 0))
			return -1;
	}
	return 0;
}

static int
take_device(struct cgio *all, struct cgio *d, struct str pairs)
{
	struct walk w = WALK(CG_IO_STAT);

	while (walk(&w)) {
		uint64_t *v = member(d, w.f), *sum = member(all, w.f);
		struct str text;
		int r;

		r = cgfile_member(pairs, w.key, &text);
		if (r < 0 || (r > 0 && num_uint(text, v) < 0) ||
		    __builtin_add_overflow(*sum, *v, sum))
			return -1;
	}
	return 0;
}

/* Devices without figures are not told, nor those that the kernel has no number for ("(unknown)": a
 * path of another device, whose figures count them already). */
static int
take_io(struct cgusage *u, struct str text)
{
	struct str key, pairs;
	int r;

	u->io = (struct cgio){ 0 };
	u->ndevices = 0;
	while ((r = cgfile_line(&text, &key, &pairs)) > 0) {
		struct cgio d = { 0 };

		if (str_eq(key, S("(unknown)")))
			continue;
		if (cgfile_device(key, &d.major, &d.minor) < 0)
			return -1;
		for (size_t i = 0; i < u->ndevices; i++)
			if (u->device[i].major == d.major && u->device[i].minor == d.minor)
				return -1;
		if (take_device(&u->io, &d, pairs) < 0)
			return -1;
		if (pairs.n > 0 && u->ndevices < CGUSAGE_DEVICES)
			u->device[u->ndevices++] = d;
	}
	return r;
}

static int
take_flag(struct str text, struct str key, bool *out)
{
	uint64_t v;

	if (cgfile_key(text, key, &v) <= 0 || v > 1)
		return -1;
	*out = v != 0;
	return 0;
}

static int
take_source(struct cgusage *u, enum cgsource s, struct str text)
{
	if (s == CG_EVENTS)
		return take_flag(text, S("populated"), &u->populated) < 0
			 ? -1
			 : take_flag(text, S("frozen"), &u->frozen);
	if (s >= CG_CPU_PRESSURE)
		return cgfile_pressure(text, (void *)((char *)u + pressure(s)));
	return s == CG_IO_STAT ? take_io(u, text) : take_figures(u, s, text);
}

int
cgusage_take(struct cgusage *u, enum cgsource s, struct str text)
{
	struct cgusage next = *u;

	if (take_source(&next, s, text) < 0)
		return -1;
	next.have |= (uint32_t)1 << s;
	*u = next;
	return 0;
}

static bool
has(const struct cgusage *u, enum cgsource s)
{
	return (u->have & (uint32_t)1 << s) != 0;
}

/* A file's controller: objects are named for it. */
static struct str
controller(enum cgsource s)
{
	struct str file = cgusage_file(s);

	return str_slice(file, 0, str_find(file, '.', 0));
}

static void
begin(struct jsonw *w, struct str key)
{
	jsonw_key(w, key);
	jsonw_open(w, '{');
}

/* All figures of a source. */
static void
put_figures(struct jsonw *w, const void *of, enum cgsource s)
{
	struct walk at = WALK(s);

	while (walk(&at)) {
		uint64_t v = ((const uint64_t *)of)[at.f->at];

		jsonw_key(w, at.name);
		if (v == UINT64_MAX && (at.f->flags & NONE) != 0)
			jsonw_null(w);
		else
			jsonw_uint(w, v);
	}
}

static void
put_io(struct jsonw *w, const struct cgusage *u)
{
	put_figures(w, &u->io, CG_IO_STAT);
	jsonw_list(w, "devices", '[');
	for (size_t i = 0; i < u->ndevices; i++) {
		char text[2 * UINT_ROOM + 1];
		struct buf b = BUF(text);

		buf_uint(&b, u->device[i].major);
		buf_char(&b, ':');
		buf_uint(&b, u->device[i].minor);
		jsonw_open(w, '{');
		jsonw_member(w, "device", buf_str(&b));
		put_figures(w, &u->device[i], CG_IO_STAT);
		jsonw_close(w, '}');
	}
	jsonw_close(w, ']');
}

/* Percent. */
static void
put_average(struct jsonw *w, const char *key, uint32_t hundredths)
{
	jsonw_number(w, key, hundredths / 100);
	buf_char(w->buf, '.');
	buf_char(w->buf, (char)('0' + hundredths / 10 % 10));
	buf_char(w->buf, (char)('0' + hundredths % 10));
}

static void
put_pressure(struct jsonw *w, const struct pressure *p)
{
	put_average(w, "some_avg10", p->some_avg10);
	put_average(w, "full_avg10", p->full_avg10);
	jsonw_number(w, "some_us", p->some_total);
	jsonw_number(w, "full_us", p->full_total);
}

/* Those of one controller stand beside each other in the list of sources. */
static void
put_controllers(struct jsonw *w, const struct cgusage *u)
{
	struct str open = { NULL, 0 };

	for (unsigned i = CG_CPU_STAT; i < CG_CPU_PRESSURE; i++) {
		enum cgsource s = (enum cgsource)i;

		if (!has(u, s))
			continue;
		if (!str_eq(open, controller(s))) {
			if (open.n > 0)
				jsonw_close(w, '}');
			open = controller(s);
			begin(w, open);
		}
		if (s == CG_IO_STAT)
			put_io(w, u);
		else
			put_figures(w, u, s);
	}
	if (open.n > 0)
		jsonw_close(w, '}');
}

void
cgusage_json(struct jsonw *w, const struct cgusage *u)
{
	bool open = false;

	put_controllers(w, u);
	for (unsigned i = CG_CPU_PRESSURE; i < CG_EVENTS; i++) {
		enum cgsource s = (enum cgsource)i;

		if (!has(u, s))
			continue;
		if (!open)
			begin(w, S("pressure"));
		open = true;
		begin(w, controller(s));
		put_pressure(w, (const void *)((const char *)u + pressure(s)));
		jsonw_close(w, '}');
	}
	if (open)
		jsonw_close(w, '}');
	if (!has(u, CG_EVENTS))
		return;
	jsonw_key(w, S("frozen"));
	jsonw_bool(w, u->frozen);
	jsonw_key(w, S("populated"));
	jsonw_bool(w, u->populated);
}
