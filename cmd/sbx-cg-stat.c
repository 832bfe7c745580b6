/* sbx-cg stat: the figures of a group. */
#include "sbx-cg.h"

#include "run/within.h"
#include "text/bars.h"

enum { TEXT_ROOM = 64 << 10, LABEL = 11 };

struct figures {
	struct cgusage u;
	struct within w;
	struct buf out;
};

static bool
has(const struct figures *f, enum cgsource s)
{
	return (f->u.have & 1u << s) != 0;
}

/* ---- for people ------------------------------------------------------------------------------ */

static void
label(struct figures *f, const char *text)
{
	cell_put(&f->out, str_of(text), LABEL, false, true);
}

/* A number with what stands before it. */
static void
bytes(struct figures *f, const char *before, uint64_t v)
{
	buf_cstr(&f->out, before);
	short_bytes(&f->out, v);
}

static void
count(struct figures *f, const char *before, uint64_t v)
{
	buf_cstr(&f->out, before);
	buf_uint(&f->out, v);
}

static void
seconds(struct figures *f, const char *before, uint64_t us)
{
	buf_cstr(&f->out, before);
	short_seconds(&f->out, us);
}

static void
put_processes(struct figures *f)
{
	const struct cgusage *u = &f->u;

	if (!has(f, CG_PIDS_CURRENT))
		return;
	label(f, "processes");
	count(f, "", u->pids);
	if (has(f, CG_PIDS_MAX) && u->pids_max != UINT64_MAX)
		count(f, " of ", u->pids_max);
	if (has(f, CG_PIDS_PEAK))
		count(f, ", at most ", u->pids_peak);
	if (has(f, CG_PIDS_EVENTS) && u->pids_hit > 0) {
		count(f, "; ", u->pids_hit);
		buf_cstr(&f->out, " more could not begin");
	}
	buf_char(&f->out, '\n');
}

static void
put_cpu(struct figures *f)
{
	const struct cgusage *u = &f->u;

	if (!has(f, CG_CPU_STAT))
		return;
	label(f, "cpu");
	seconds(f, "", u->cpu_us);
	seconds(f, ": user ", u->user_us);
	seconds(f, ", system ", u->system_us);
	if (u->periods > 0) {
		seconds(f, "; held back ", u->throttled_us);
		count(f, " in ", u->throttled);
		count(f, " of ", u->periods);
		buf_cstr(&f->out, " periods");
	}
	buf_char(&f->out, '\n');
}

static void
put_memory(struct figures *f)
{
	const struct cgusage *u = &f->u;

	if (has(f, CG_MEMORY_CURRENT)) {
		label(f, "memory");
		bytes(f, "", u->memory);
		if (has(f, CG_MEMORY_MAX) && u->memory_max != UINT64_MAX)
			bytes(f, " of ", u->memory_max);
		if (has(f, CG_MEMORY_PEAK))
			bytes(f, ", at most ", u->memory_peak);
		buf_char(&f->out, '\n');
	}
	if (has(f, CG_SWAP_CURRENT)) {
		label(f, "swap");
		bytes(f, "", u->swap);
		if (has(f, CG_SWAP_PEAK))
			bytes(f, ", at most ", u->swap_peak);
		buf_char(&f->out, '\n');
	}
	if (has(f, CG_MEMORY_EVENTS) && (u->max | u->high | u->oom | u->oom_kill) != 0) {
		label(f, "out of it");
		count(f, "at the limit ", u->max);
		count(f, ", slowed down ", u->high);
		count(f, ", nothing left ", u->oom);
		count(f, ", processes ended ", u->oom_kill);
		buf_char(&f->out, '\n');
	}
}

static void
put_device(struct figures *f, const struct cgio *io)
{
	bytes(f, "read ", io->rbytes);
	count(f, " in ", io->rios);
	bytes(f, ", written ", io->wbytes);
	count(f, " in ", io->wios);
	buf_char(&f->out, '\n');
}

static void
put_io(struct figures *f)
{
	if (!has(f, CG_IO_STAT))
		return;
	label(f, "io");
	put_device(f, &f->u.io);
	for (size_t i = 0; i < f->u.ndevices; i++) {
		char text[32];
		struct buf b = BUF(text);

		buf_cstr(&b, "  ");
		buf_uint(&b, f->u.device[i].major);
		buf_char(&b, ':');
		buf_uint(&b, f->u.device[i].minor);
		buf_char(&b, '\0');
		label(f, text);
		put_device(f, &f->u.device[i]);
	}
}

static void
put_stall(struct figures *f, const char *name, const struct pressure *p)
{
	buf_cstr(&f->out, name);
	/* hundredths of a percent */
	short_percent(&f->out, (uint64_t)p->some_avg10 * 100);
	seconds(f, " (", p->some_total);
	buf_char(&f->out, ')');
}

static void
put_pressure(struct figures *f)
{
	static const char names[][9] = { "cpu ", "memory ", "io " };
	const struct pressure *p[] = { &f->u.cpu_pressure, &f->u.memory_pressure,
		&f->u.io_pressure };
	bool any = false;

	for (unsigned i = 0; i < COUNT(p); i++) {
		if ((f->u.have & 1u << (CG_CPU_PRESSURE + i)) == 0)
			continue;
		if (any)
			buf_cstr(&f->out, ", ");
		else
			label(f, "stalled");
		any = true;
		put_stall(f, names[i], p[i]);
	}
	if (any)
		buf_char(&f->out, '\n');
}

static void
put_within(struct figures *f)
{
	const struct within *w = &f->w;

	if (w->has_network) {
		label(f, "network");
		bytes(f, "received ", w->rx_bytes);
		count(f, " in ", w->rx_packets);
		bytes(f, ", sent ", w->tx_bytes);
		count(f, " in ", w->tx_packets);
		buf_char(&f->out, '\n');
	}
	for (size_t i = 0; i < w->nmounts; i++) {
		label(f, i == 0 ? "mounts" : "");
		bytes(f, "", w->mount[i].used);
		bytes(f, " of ", w->mount[i].size);
		buf_text(&f->out, TEXT(" (%) ", w->mount[i].type));
		buf_escaped(&f->out, w->mount[i].target);
		buf_char(&f->out, '\n');
	}
}

static void
put_text(struct figures *f, const struct cg_group *g)
{
	label(f, "group");
	buf_escaped(&f->out, g->path);
	buf_char(&f->out, '\n');
	if (has(f, CG_EVENTS)) {
		label(f, "state");
		buf_cstr(&f->out, f->u.populated ? "populated" : "empty");
		buf_cstr(&f->out, f->u.frozen ? ", frozen\n" : "\n");
	}
	put_processes(f);
	put_cpu(f);
	put_memory(f);
	put_io(f);
	put_pressure(f);
	put_within(f);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void
put_json(struct figures *f, const struct cg_group *g)
{
	const struct within *w = &f->w;
	struct jsonw j = { &f->out, false };

	event_open(&j, CG_TOOL, S("stat"));
	jsonw_member(&j, "group", g->name);
	jsonw_member(&j, "path", g->path);
	cgusage_json(&j, &f->u);
	if (w->has_network) {
		jsonw_list(&j, "network", '{');
		jsonw_number(&j, "rx_bytes", w->rx_bytes);
		jsonw_number(&j, "rx_packets", w->rx_packets);
		jsonw_number(&j, "tx_bytes", w->tx_bytes);
		jsonw_number(&j, "tx_packets", w->tx_packets);
		jsonw_close(&j, '}');
	}
	if (w->nmounts > 0)
		jsonw_list(&j, "mounts", '[');
	for (size_t i = 0; i < w->nmounts; i++) {
		jsonw_open(&j, '{');
		jsonw_member(&j, "target", w->mount[i].target);
		jsonw_member(&j, "type", w->mount[i].type);
		jsonw_number(&j, "used", w->mount[i].used);
		jsonw_number(&j, "size", w->mount[i].size);
		jsonw_close(&j, '}');
	}
	if (w->nmounts > 0)
		jsonw_close(&j, ']');
	event_close(&j);
}

int
cg_stat(struct cg_call *c)
{
	struct figures *f = arena_get(&c->arena, sizeof(*f));
	char *text = arena_bytes(&c->arena, TEXT_ROOM);
	struct cg_group g;

	if (f == NULL || text == NULL)
		return err_memory(&c->err);
	if (cg_word(c, &g) < 0)
		return -1;
	f->out = (struct buf){ text, 0, TEXT_ROOM, false };
	group_usage(g.fd, UINT32_MAX, &f->u);
	within_look(&c->arena, g.fd, &f->w);
	if (c->options.json)
		put_json(f, &g);
	else
		put_text(f, &g);
	if (f->out.full)
		return err_limit(&c->err, POS_NONE, "the figures are longer than 64 KiB");
	return common_print(CG_TOOL, buf_str(&f->out));
}
