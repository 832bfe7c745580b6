/* sbx-cg watch: what groups do, round by round. */
#include "sbx-cg-watch.h"

#include "run/io.h"
#include "spec/alert.h"
#include "sys/sys.h"

#include <sys/signalfd.h>

enum {
	ALERTS = 64, /* a bit each */
	INTERVAL = 1000,
	OUT_ROOM = 1 << 20,
	OUT_FULL = OUT_ROOM / 2, /* from here on it is written */
	NAME_ROOM = 5000,
};

struct watcher {
	struct cg_call *c;
	struct sampler s;
	struct cg_table table;
	struct alert alert[ALERTS];
	size_t nalerts;
	uint64_t known; /* bits over alerts: some group had the figure */
	bool drawing;   /* a table, not lines of JSON */
	bool fired;
	bool full; /* that there are too many groups was said */
	int signals;
	uint64_t began;
	struct buf out, note;
};

/* ---- what is told ---------------------------------------------------------------------------- */

static int
flush(struct watcher *w)
{
	int r = io_write(1, buf_str(&w->out));

	w->out.n = 0;
	return r < 0 ? err_system(&w->c->err, -r, "cannot write to standard output") : 0;
}

static struct str
name_of(const struct sample *g, char *room)
{
	struct buf b = { .cap = NAME_ROOM };

	b.p = room;
	sample_name(&b, g);
	return buf_str(&b);
}

/* The beginning of a line about a group. */
static void
open_line(struct watcher *w, struct jsonw *j, const char *event, const struct sample *g)
{
	char name[NAME_ROOM];

	*j = (struct jsonw){ &w->out, false };
	event_open(j, CG_TOOL, str_of(event));
	jsonw_number(j, "ms", (w->s.at - w->began) / 1000);
	jsonw_member(j, "group", name_of(g, name));
}

static int
close_line(struct watcher *w, struct jsonw *j)
{
	event_close(j);
	return w->out.n > OUT_FULL ? flush(w) : 0;
}

static int
tell(struct watcher *w, const char *event, const struct sample *g)
{
	struct jsonw j;

	if (w->drawing)
		return 0;
	open_line(w, &j, event, g);
	return close_line(w, &j);
}

static int
tell_rates(struct watcher *w, const struct sample *g)
{
	struct jsonw j;

	open_line(w, &j, "rates", g);
	cgrate_json(&j, &g->rate);
	return close_line(w, &j);
}

static int
tell_alert(struct watcher *w, const struct sample *g, const struct alert *a, uint64_t value)
{
	char name[NAME_ROOM];
	struct jsonw j;

	if (!w->drawing) {
		open_line(w, &j, "alert", g);
		jsonw_member(&j, "alert", a->text);
		if (a->share) {
			jsonw_number(&j, "percent", value / 10000);
			buf_char(&w->out, '.');
			buf_uint(&w->out, value / 1000 % 10);
		} else {
			jsonw_number(&j, "value", value);
		}
		return close_line(w, &j);
	}
	buf_cstr(&w->note, "alert: ");
	buf_escaped(&w->note, name_of(g, name));
	buf_text(&w->note, TEXT(": % (", a->text));
	alert_put(&w->note, a, value);
	buf_cstr(&w->note, ")\n");
	return 0;
}

/* ---- a round --------------------------------------------------------------------------------- */

/* Told when it is crossed; what is not known leaves it as it was. */
static int
judge(struct watcher *w, struct sample *g)
{
	for (size_t i = 0; i < w->nalerts; i++) {
		uint64_t bit = (uint64_t)1 << i, value;
		int over = alert_over(&w->alert[i], &g->rate, &value);

		if (over >= 0)
			w->known |= bit;
		if (over == 0)
			g->over &= ~bit;
		if (over <= 0 || (g->over & bit) != 0)
			continue;
		g->over |= bit;
		w->fired = true;
		if (tell_alert(w, g, &w->alert[i], value) < 0)
			return -1;
	}
	return 0;
}

/* Who waits for an alert that cannot come is to know. After two looks there are rates too. */
static void
tell_unknown(struct watcher *w)
{
	for (size_t i = 0; i < w->nalerts && w->s.rounds == 2; i++) {
		char text[LIMIT_NAME + 64];
		struct buf b = BUF(text);

		if ((w->known >> i & 1) != 0)
			continue;
		buf_text(&b, TEXT("--alert \"%\": no group has that figure, or its limit",
				 w->alert[i].text));
		if (!w->drawing) {
			report_note(CG_TOOL, buf_str(&b));
			continue;
		}
		buf_put(&w->note, buf_str(&b));
		buf_char(&w->note, '\n');
	}
}

static int
tell_groups(struct watcher *w, bool first)
{
	for (size_t i = 0; i < w->s.ngone; i++)
		if (tell(w, "removed", w->s.gone[i]) < 0)
			return -1;
	for (size_t i = 0; i < w->s.n; i++) {
		struct sample *g = w->s.now[i];

		if (g->gone)
			continue;
		if (g->fresh && !first && tell(w, "made", g) < 0)
			return -1;
		if (!w->drawing && !first && tell_rates(w, g) < 0)
			return -1;
		if (judge(w, g) < 0)
			return -1;
	}
	return 0;
}

static int
round_of(struct watcher *w, bool first)
{
	w->note.n = 0;
	w->note.full = false;
	sampler_look(&w->s);
	if (tell_groups(w, first) < 0)
		return -1;
	tell_unknown(w);
	if (w->s.missed > 0 && !w->full) {
		w->full = true;
		report_note(CG_TOOL, S("more than 4096 groups: the others are not watched"));
	}
	if (w->drawing)
		cg_table_put(&w->out, &w->table, &w->s, buf_str(&w->note));
	return flush(w);
}

/* Until that moment: 0, or 1 when it is to end. */
static int
wait_until(struct watcher *w, uint64_t moment)
{
	for (;;) {
		uint64_t now = sys_now(), left = now < moment ? moment - now : 0;
		struct pollfd p = { .fd = w->signals, .events = POLLIN };
		int ms = left > 1000000000 ? 1000000 : (int)((left + 999) / 1000);

		if (left == 0)
			return 0;
		if (sys_poll(&p, 1, ms) <= 0)
			continue;
		if (cg_ended(w->signals))
			return 1;
		if (w->drawing) {
			cg_table_put(&w->out, &w->table, &w->s, S(""));
			if (flush(w) < 0)
				return -1;
		}
	}
}

static int
rounds(struct watcher *w)
{
	const uint64_t given = w->c->options.interval, count = w->c->options.count;
	const uint64_t every = (given == 0 ? INTERVAL : given) * 1000;
	uint64_t next = w->began = sys_now();
	int r = round_of(w, true);

	for (uint64_t i = 0; r == 0 && w->s.tops > 0 && (count == 0 || i < count); i++) {
		uint64_t now = sys_now();

		/* rounds that we were too late for are left out */
		next += every;
		if (next < now)
			next += (now - next) / every * every;
		r = wait_until(w, next);
		if (r == 0)
			r = round_of(w, false);
	}
	if (r >= 0 && w->drawing)
		cg_table_end(&w->out, &w->table);
	return r < 0 || flush(w) < 0 ? -1 : w->fired;
}

/* ---- the beginning --------------------------------------------------------------------------- */

static int
read_alerts(struct watcher *w)
{
	struct cg_call *c = w->c;

	for (const struct strnode *n = c->options.alert.first; n != NULL; n = n->next) {
		if (w->nalerts == ALERTS)
			return err_usage(&c->err, "more than 64 times --alert");
		if (alert_read(n->s, &w->alert[w->nalerts++], &c->err) < 0)
			return -1;
	}
	return 0;
}

static int
add_groups(struct watcher *w)
{
	struct cg_call *c = w->c;

	for (int i = 0; i < c->argc || i == 0; i++) {
		struct cg_group g;

		if ((i < c->argc ? cg_open(c, str_of(c->argv[i]), &g) : cg_base(c, &g)) < 0)
			return -1;
		if (sampler_add(&w->s, g.fd, g.name) < 0)
			return err_limit(&c->err, POS_NONE, "more than 4096 control groups");
		sys_close(g.parent);
	}
	return 0;
}

int
cg_signals(struct cg_call *c)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	fd = sys_sigmask(SIG_BLOCK, &set, NULL);
	if (fd == 0)
		fd = sys_signalfd(&set);
	return fd < 0 ? err_system(&c->err, -fd, "cannot wait for signals") : fd;
}

bool
cg_ended(int signals)
{
	struct signalfd_siginfo s;

	return sys_read(signals, &s, sizeof(s)) == (long)sizeof(s) && s.ssi_signo != SIGWINCH;
}

static struct buf
room(struct arena *a, size_t n)
{
	char *p = arena_bytes(a, n);

	return (struct buf){ p, 0, p == NULL ? 0 : n, false };
}

int
cg_watch(struct cg_call *c)
{
	struct watcher *w = arena_get(&c->arena, sizeof(*w));

	if (w == NULL)
		return err_memory(&c->err);
	w->c = c;
	w->out = room(&c->arena, OUT_ROOM);
	w->note = room(&c->arena, OUT_ROOM / 4);
	if (w->out.cap == 0 || w->note.cap == 0)
		return err_memory(&c->err);
	w->drawing = !c->options.json && sys_is_tty(1);
	if (w->drawing)
		cg_table_init(&w->table, c->envp);
	if (read_alerts(w) < 0 || sampler_init(&c->arena, &w->s, &c->err) < 0 || add_groups(w) < 0)
		return -1;
	w->signals = cg_signals(c);
	return w->signals < 0 ? -1 : rounds(w);
}
