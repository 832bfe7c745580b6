/* From limits to files and what is written to them (Documentation/admin-guide/cgroup-v2.rst,
 * "Controllers"). */
#include "plan/groupmake.h"

enum kind { BYTES, NUMBER, LIST, SHARE, QUOTA, BURST, PIDS };

#define AT(member) offsetof(struct limits, member)

/* In the order of the files. */
static const char files[] = "memory.min|memory.low|memory.high|memory.max|memory.swap.max|"
			    "cpu.max|cpu.max.burst|cpu.weight|cpuset.cpus|cpuset.mems|pids.max|"
			    "io.weight";
static const struct {
	uint16_t offset;
	uint8_t kind, degrade;
} rows[] = {
	{ AT(memory_min), BYTES, 0 },
	{ AT(memory_low), BYTES, 0 },
	{ AT(memory_high), BYTES, 0 },
	{ AT(memory), BYTES, DEGRADE_MEMORY },
	{ AT(swap), BYTES, 0 },
	{ AT(cpu), QUOTA, DEGRADE_CPU },
	{ AT(cpu_burst), BURST, 0 },
	{ AT(cpu_weight), NUMBER, 0 },
	{ AT(cpus), LIST, 0 },
	{ AT(mems), LIST, 0 },
	{ AT(pids), PIDS, DEGRADE_PIDS },
	{ AT(io_weight), SHARE, 0 },
};

/* include/linux/threads.h, PID_MAX_LIMIT: more the file does not take */
enum { PIDS_MOST = 1 << 22, MS_US = 1000 };

struct str
group_controller(struct str file)
{
	struct str name = str_slice(file, 0, str_find(file, '.', 0));

	return name.n == file.n || str_eq(name, S("cgroup")) ? S("") : name;
}

void
grouping_refuse(struct grouping *g, struct pos pos, const char *text, const struct str *arg,
    size_t n)
{
	err_put(g->err, FAULT_REFUSED, pos, text, arg, n);
	g->failed = true;
}

const char *
grouping_text(struct grouping *g, const char *text, const struct str *arg, size_t n)
{
	char *p = g->failed ? NULL : arena_text(g->arena, text, arg, n);

	if (p == NULL) {
		err_memory(g->err);
		g->failed = true;
		return "";
	}
	return p;
}

/* Bytes, of which the kernel keeps whole pages. */
static bool
in_pages(struct str file)
{
	static const char of[] = "memory.min|memory.low|memory.high|memory.max|memory.swap.high|"
				 "memory.swap.max|memory.zswap.max";
	size_t i = 0;

	while (word_at(of, i).p != NULL && !str_eq(word_at(of, i), file))
		i++;
	return word_at(of, i).p != NULL;
}

/* value is written to the file; detail says it to people. */
static struct wish *
wish(struct grouping *g, struct str file, struct str value, struct str detail, struct pos pos)
{
	struct wish *w = &g->wish[g->nwishes++];
	char *took = arena_get(g->arena, TOOK_ROOM);

	if (took == NULL) {
		err_memory(g->err);
		g->failed = true;
	}
	*w = (struct wish){
		.op = { .kind = OP_LIMIT,
		    .stage = STAGE_HOST,
		    .a = 0,
		    .b = NO_SLOT,
		    .num = in_pages(file) ? g->facts->page : 0,
		    .text = grouping_text(g, TEXT("%", file)),
		    .text2 = grouping_text(g, TEXT("%", value)),
		    .took = took,
		    .pos = pos },
		.claim = { .mechanism = S("cgroup v2"),
		    .needed = true,
		    .op = UINT32_MAX,
		    .took = took },
	};
	w->claim.name = str_of(w->op.text);
	w->claim.detail = str_of(grouping_text(g, TEXT("%", detail)));
	return w;
}

/* What nobody asked for, but goes with a limit of memory. */
static void
wanted(struct grouping *g, struct str file, struct str value, struct str detail, struct pos pos)
{
	struct wish *w = wish(g, file, value, detail, pos);

	w->op.flags = FLAG_MAY;
	w->claim.needed = false;
	w->claim.otherwise = S("this kernel has no such file, or does not let us write to it");
}

static void
put_row(const struct grouping *g, enum kind kind, const void *member, struct buf *value,
    struct buf *detail)
{
	const struct limits *l = g->limits;
	uint64_t n = kind == LIST ? 0 : *(const uint64_t *)member;
	char ours[UINT_ROOM];

	switch (kind) {
	case BYTES:
		buf_uint(value, n);
		num_put_size(detail, n);
		break;
	case NUMBER:
	case SHARE:
		buf_cstr(value, kind == SHARE ? "default " : "");
		buf_uint(value, n);
		buf_uint(detail, n);
		break;
	case QUOTA:
		/* thousandths of milliseconds are microseconds */
		if (__builtin_mul_overflow(n, l->cpu_period, &n))
			n = UINT64_MAX;
		buf_uint(value, n);
		buf_char(value, ' ');
		buf_uint(value, l->cpu_period * MS_US);
		num_put_cpu(detail, l->cpu);
		buf_cstr(detail, " cores, counted every ");
		num_put_duration(detail, l->cpu_period);
		break;
	case BURST:
		buf_uint(value, n * MS_US);
		num_put_duration(detail, n);
		break;
	case PIDS:
		buf_uint(value, n >= PIDS_MOST - (uint64_t)g->ours ? PIDS_MOST : n + g->ours);
		buf_uint(detail, n);
		if (g->ours > 0)
			buf_text(detail, TEXT(", and % of ours", uint_text(ours, g->ours)));
		break;
	case LIST:
		break;
	}
}

static void
from_table(struct grouping *g, size_t row)
{
	char value_text[64], detail_text[96];
	struct buf value = BUF(value_text), detail = BUF(detail_text);
	const void *member = (const char *)g->limits + rows[row].offset;
	struct pos pos = field_place(&limits_table, g->limits, rows[row].offset);
	enum kind kind = (enum kind)rows[row].kind;
	struct str v, d;

	if (!field_given(&limits_table, g->limits, rows[row].offset))
		return;
	put_row(g, kind, member, &value, &detail);
	v = kind == LIST ? *(const struct str *)member : buf_str(&value);
	d = kind == LIST ? v : buf_str(&detail);
	wish(g, word_at(files, row), v, d, pos)->degrade = rows[row].degrade;
}

/* What nobody asked for is not written where somebody says another value for that file. */
static bool
set_raw(const struct limits *l, struct str file)
{
	const struct raw_limit *r = l->set;

	while (r != NULL && !str_eq(r->name, file))
		r = r->next;
	return r != NULL;
}

/* A group that is there keeps what it has, unless it was said. */
static void
beside_memory(struct grouping *g)
{
	const struct limits *l = g->limits;
	const struct str swap = S("memory.swap.max"), all = S("memory.oom.group");
	bool said = limits_given(l, no_oom_group);
	struct pos pos = field_place(&limits_table, l, AT(memory));

	if (!limits_given(l, memory))
		return;
	if (!g->there && !limits_given(l, swap) && !set_raw(l, swap))
		wanted(g, swap, S("0"), S("none, where memory is limited"), pos);
	if (said)
		pos = field_place(&limits_table, l, AT(no_oom_group));
	if (said || (!g->there && !set_raw(l, all)))
		wanted(g, all, l->no_oom_group ? S("0") : S("1"),
		    l->no_oom_group ? S("out of memory, one process ends, not all of it")
				    : S("out of memory, all of it ends, not one process"),
		    pos);
}

static void
put_io(struct buf *b, const struct io_limit *io)
{
	const uint64_t value[] = { io->rbps, io->wbps, io->riops, io->wiops };

	buf_uint(b, io->major);
	buf_char(b, ':');
	buf_uint(b, io->minor);
	for (size_t i = 0; i < COUNT(value); i++) {
		if (value[i] == UINT64_MAX)
			continue;
		buf_char(b, ' ');
		buf_put(b, word_at("rbps=|wbps=|riops=|wiops=", i));
		buf_uint(b, value[i]);
	}
}

/* By two names, one device would have what was said last. */
static bool
told_before(const struct limits *l, const struct io_limit *io)
{
	const struct io_limit *o = l->io;

	while (o != io && (o->major != io->major || o->minor != io->minor))
		o = o->next;
	return o != io;
}

static void
devices(struct grouping *g)
{
	for (const struct io_limit *io = g->limits->io; io != NULL && !g->failed; io = io->next) {
		char text[160];
		struct buf b = BUF(text);

		put_io(&b, io);
		if (!io->known)
			grouping_refuse(g, io->pos,
			    TEXT("the numbers of device \"%\" are not known", io->path));
		else if (told_before(g->limits, io))
			grouping_refuse(g, io->pos,
			    TEXT("limits of device % are there already",
				str_slice(buf_str(&b), 0, str_find(buf_str(&b), ' ', 0))));
		else
			wish(g, S("io.max"), buf_str(&b), buf_str(&b), io->pos);
	}
}

/* "2MB" */
static uint64_t
page_size(struct str name)
{
	uint64_t n;

	return num_size(str_slice(name, 0, name.n - (name.n > 0)), &n) < 0 ? 0 : n;
}

static void
huge_pages(struct grouping *g)
{
	for (const struct raw_limit *h = g->limits->hugetlb; h != NULL; h = h->next) {
		char number[UINT_ROOM], text[64];
		struct buf size = BUF(text);
		struct str file, detail;

		num_put_size(&size, h->bytes);
		file = str_of(grouping_text(g, TEXT("hugetlb.%.max", h->name)));
		detail = str_of(grouping_text(g, TEXT("% in pages of %", buf_str(&size), h->name)));
		wish(g, file, uint_text(number, h->bytes), detail, h->pos)->op.num =
		    page_size(h->name);
	}
}

void
grouping_wishes(struct grouping *g)
{
	const struct limits *l = g->limits;
	size_t n = COUNT(rows) + 2;

	for (const struct io_limit *io = l->io; io != NULL; io = io->next)
		n++;
	for (const struct raw_limit *h = l->hugetlb; h != NULL; h = h->next)
		n++;
	for (const struct raw_limit *s = l->set; s != NULL; s = s->next)
		n++;
	g->wish = arena_array(g->arena, n, sizeof(*g->wish));
	if (g->wish == NULL) {
		err_memory(g->err);
		g->failed = true;
		return;
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		from_table(g, i);
	beside_memory(g);
	devices(g);
	huge_pages(g);
	for (const struct raw_limit *s = l->set; s != NULL; s = s->next)
		wish(g, s->name, s->value, s->value, s->pos);
}
