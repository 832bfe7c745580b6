/* The live table of sbx-cg watch. */
#include "sbx-cg-watch.h"

#include "base/sort.h"
#include "spec/environ.h"
#include "sys/sys.h"
#include "text/bars.h"

enum {
	NAME_LEAST = 12,
	NAME_MOST = 40,
	NAME_ROOM = 5000,
	ROWS = 24, /* of a terminal that does not say */
	COLUMNS = 80,
	SLIGHT = 100000, /* parts in a million */
	GRAVE = 500000,
	SECOND = 1000000,
};

/* ---- columns --------------------------------------------------------------------------------- */

/* As they stand. */
enum column { CPU, SPARK, MEMORY, BAR, PIDS, READ, WRITE, STALL, COLUMNS_ALL };

#define FROM(source) (1u << (source))

static const struct {
	char title[8];
	uint8_t cells;
	bool level; /* known as soon as there is such a file; else from the second look on */
	uint32_t source;
} columns[COLUMNS_ALL] = {
	{ "cpu", 6, false, FROM(CG_CPU_STAT) },
	{ "", SAMPLE_HISTORY, false, FROM(CG_CPU_STAT) },
	{ "memory", 6, true, FROM(CG_MEMORY_CURRENT) },
	{ "", 6, true, FROM(CG_MEMORY_MAX) },
	{ "pids", 5, true, FROM(CG_PIDS_CURRENT) },
	{ "read/s", 6, false, FROM(CG_IO_STAT) },
	{ "write/s", 7, false, FROM(CG_IO_STAT) },
	{ "stalled", 7, false,
	    FROM(CG_CPU_PRESSURE) | FROM(CG_MEMORY_PRESSURE) | FROM(CG_IO_PRESSURE) },
};

/* Which ones are kept where there is little room: the first. */
static const uint8_t wanted[COLUMNS_ALL] = { CPU, MEMORY, PIDS, STALL, SPARK, BAR, READ, WRITE };

/* A row's cells: which columns, and how wide the name is. */
struct layout {
	uint32_t has; /* bits over enum column */
	size_t name;
	size_t cells;
};

/* Is there anything to show in a column, now or at the next look? */
static bool
filled(const struct cgrate *r, enum column c)
{
	return (r->levels & columns[c].source) != 0 && (c != BAR || r->memory_max != UINT64_MAX);
}

static bool
known(const struct cgrate *r, enum column c)
{
	return ((columns[c].level ? r->levels : r->rates) & columns[c].source) != 0;
}

/* Bits over enum column: those that some group fills. */
static uint32_t
used(const struct sampler *s)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < s->n; i++)
		for (unsigned c = 0; c < COLUMNS_ALL; c++)
			if (!s->now[i]->gone && filled(&s->now[i]->rate, (enum column)c))
				bits |= 1u << c;
	return bits;
}

static struct layout
layout(const struct cg_table *t, uint32_t there, size_t longest)
{
	struct layout l = { 0 };
	size_t name = longest < NAME_LEAST ? NAME_LEAST : longest > NAME_MOST ? NAME_MOST : longest;

	for (size_t i = 0; i < COLUMNS_ALL; i++) {
		size_t more = columns[wanted[i]].cells + (size_t)1;

		if ((there >> wanted[i] & 1) == 0)
			continue;
		if (NAME_LEAST + l.cells + more > t->columns)
			break;
		l.has |= 1u << wanted[i];
		l.cells += more;
	}
	l.name = l.cells + name > t->columns ? t->columns - l.cells : name;
	l.cells += l.name;
	return l;
}

/* ---- cells ----------------------------------------------------------------------------------- */

static void
colour(struct buf *b, const struct cg_table *t, const char *code)
{
	if (t->colour)
		buf_text(b, TEXT("\x1b[%m", str_of(code)));
}

/* From that share on it is slight, or grave. */
static bool
warn(struct buf *b, const struct cg_table *t, uint64_t value, uint64_t slight, uint64_t grave)
{
	if (value < slight)
		return false;
	colour(b, t, value < grave ? "33" : "31");
	return true;
}

static uint64_t
worst_stall(const struct cgrate *r)
{
	uint64_t worst = 0;

	for (size_t i = 0; i < CGSTALLS; i++)
		if (r->some[i] > worst)
			worst = r->some[i];
	return worst;
}

static void
number(struct buf *b, const struct cgrate *r, enum column c)
{
	if (c == CPU)
		short_percent(b, r->cpu);
	else if (c == STALL)
		short_percent(b, worst_stall(r));
	else if (c == PIDS)
		buf_uint(b, r->pids);
	else
		short_bytes(b, c == MEMORY ? r->memory : c == READ ? r->rbytes : r->wbytes);
}

static void
graph(struct buf *b, const struct cg_table *t, const struct sample *g, enum column c)
{
	const struct cgrate *r = &g->rate;
	uint64_t most = SECOND;

	if (c == BAR) {
		bool warned = warn(b, t, r->memory, r->memory_max / 4 * 3, r->memory_max / 10 * 9);

		bar_put(b, r->memory, r->memory_max, columns[BAR].cells, t->ascii);
		if (warned)
			colour(b, t, "0");
		return;
	}
	/* a core is full height, or as much as there was */
	for (size_t i = 0; i < SAMPLE_HISTORY; i++)
		if (g->history[i] > most)
			most = g->history[i];
	spark_put(b, g->history, SAMPLE_HISTORY, g->turn, most, t->ascii);
}

static void
cell(struct buf *b, const struct cg_table *t, const struct sample *g, enum column c)
{
	bool has = known(&g->rate, c), warned = false;
	char text[32];
	struct buf n = BUF(text);

	if (c == BAR && !filled(&g->rate, c)) {
		blank_put(b, columns[c].cells);
		return;
	}
	if (c == SPARK || c == BAR) {
		graph(b, t, g, c);
		return;
	}
	if (has)
		number(&n, &g->rate, c);
	else
		buf_char(&n, '-');
	if (has && c == STALL)
		warned = warn(b, t, worst_stall(&g->rate), SLIGHT, GRAVE);
	cell_put(b, buf_str(&n), columns[c].cells, true, t->ascii);
	if (warned)
		colour(b, t, "0");
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void
end_line(struct buf *b, const struct cg_table *t)
{
	/* what was there before may have been longer */
	buf_cstr(b, t->moves ? "\x1b[K\n" : "\n");
}

static void
row(struct buf *b, const struct cg_table *t, const struct layout *l, const struct sample *g)
{
	char room[NAME_ROOM];
	struct buf name = BUF(room);

	sample_name(&name, g);
	if (g->over != 0)
		colour(b, t, "31");
	cell_put(b, buf_str(&name), l->name, false, t->ascii);
	if (g->over != 0)
		colour(b, t, "0");
	for (unsigned i = 0; i < COLUMNS_ALL; i++)
		if ((l->has >> i & 1) != 0) {
			buf_char(b, ' ');
			cell(b, t, g, (enum column)i);
		}
	end_line(b, t);
}

static void
heading(struct buf *b, const struct cg_table *t, const struct layout *l)
{
	colour(b, t, "1");
	cell_put(b, S("group"), l->name, false, t->ascii);
	for (unsigned i = 0; i < COLUMNS_ALL; i++)
		if ((l->has >> i & 1) != 0) {
			buf_char(b, ' ');
			cell_put(b, str_of(columns[i].title), columns[i].cells, true, t->ascii);
		}
	colour(b, t, "0");
	end_line(b, t);
}

/* ---- order ----------------------------------------------------------------------------------- */

static struct str
own_name(const struct sample *g)
{
	return g == g->top ? g->named : str_of(g->name);
}

/* As they were named, each before its children, and those by name. */
static bool
by_name(const void *x, const void *y)
{
	const struct sample *a = x, *b = y;

	if (a->top != b->top)
		return a->top < b->top;
	if (a == a->top || b == b->top)
		return a == a->top && b != b->top;
	return str_cmp(own_name(a), own_name(b)) < 0;
}

static bool
by_use(const void *x, const void *y)
{
	const struct sample *a = x, *b = y;

	if (a->rate.cpu != b->rate.cpu)
		return a->rate.cpu > b->rate.cpu;
	if (a->rate.memory != b->rate.memory)
		return a->rate.memory > b->rate.memory;
	return by_name(x, y);
}

/* The sampler goes through its groups in the kernel's order: what is sorted is a list of its
 * own. */
static size_t
ordered(struct sampler *s, struct sample **list, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!s->now[i]->gone)
			list[n++] = s->now[i];
	sort_pointers((const void **)list, n, n > most ? by_use : by_name);
	return n;
}

/* ---- the table ------------------------------------------------------------------------------- */

void
cg_table_init(struct cg_table *t, char *const *envp)
{
	struct str term = str_of(env_value(envp, S("TERM")));

	t->ascii = !bars_utf8(str_of(env_value(envp, S("LC_ALL"))),
	    str_of(env_value(envp, S("LC_CTYPE"))), str_of(env_value(envp, S("LANG"))));
	t->moves = term.n > 0 && !str_eq(term, S("dumb"));
	/* NO_COLOR: any value but an empty one (no-color.org) */
	t->colour = t->moves && str_empty(str_of(env_value(envp, S("NO_COLOR"))));
}

/* To the first line of the one that is there. A terminal that became narrower has broken its
 * lines. */
static void
go_back(struct buf *b, const struct cg_table *t)
{
	unsigned each = (t->wide + t->columns - 1) / t->columns, up;

	up = t->drawn * (each == 0 ? 1 : each);
	if (up >= t->rows)
		up = t->rows - 1;
	if (up > 0) {
		buf_cstr(b, "\x1b[");
		buf_uint(b, up);
		buf_char(b, 'A');
	}
	/* no line is broken while it is drawn */
	buf_cstr(b, "\r\x1b[?7l");
}

static void
put_note(struct buf *b, const struct cg_table *t, struct str note)
{
	for (size_t at = 0, end; at < note.n; at = end + 1) {
		end = str_find(note, '\n', at);
		buf_put(b, str_slice(note, at, end));
		end_line(b, t);
	}
}

static void
ask_size(struct cg_table *t)
{
	if (sys_tty_size(1, &t->rows, &t->columns) < 0)
		t->rows = t->columns = 0;
	if (t->rows < 4)
		t->rows = t->rows == 0 ? ROWS : 4;
	if (t->columns < 20)
		t->columns = t->columns == 0 ? COLUMNS : 20;
}

void
cg_table_put(struct buf *b, struct cg_table *t, struct sampler *s, struct str note)
{
	size_t most, n, one, longest = 0;
	struct layout l;

	ask_size(t);
	/* the heading, the line of the cursor, and one for what is left out */
	most = t->moves ? t->rows - 3 : SAMPLE_GROUPS;
	n = ordered(s, s->list, most);
	if (n < most)
		most = n;
	for (size_t i = 0; i < most; i++) {
		char room[NAME_ROOM];
		struct buf name = BUF(room);

		sample_name(&name, s->list[i]);
		one = cell_width(buf_str(&name), t->ascii);
		longest = one > longest ? one : longest;
	}
	l = layout(t, used(s), longest);
	if (t->moves)
		go_back(b, t);
	put_note(b, t, note);
	heading(b, t, &l);
	for (size_t i = 0; i < most; i++)
		row(b, t, &l, s->list[i]);
	t->drawn = (unsigned)most + 1;
	t->wide = (unsigned)l.cells;
	if (n > most) {
		buf_cstr(b, "and ");
		buf_uint(b, n - most);
		buf_cstr(b, " more, which use less");
		end_line(b, t);
		t->drawn++;
	}
	buf_cstr(b, t->moves ? "\x1b[J\x1b[?7h" : "\n");
}

void
cg_table_end(struct buf *b, const struct cg_table *t)
{
	/* the terminal has shown what was typed to end us */
	if (t->moves)
		buf_cstr(b, "\r\x1b[K");
}
