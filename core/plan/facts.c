#include "plan/facts.h"

#include <stddef.h>

#include "base/num.h"
#include "spec/box.h"
#include "text/procfs.h"

/* "0 0 4294967295": as a line of /proc/PID/uid_map */
static int
read_range(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct facts *facts = target;
	bool gids = f->offset == offsetof(struct facts, gids);
	size_t *n = gids ? &facts->ngids : &facts->nuids;
	struct idrange *r = gids ? facts->gids : facts->uids;
	uint64_t v[3];
	size_t at = 0;

	(void)b;
	for (size_t i = 0; i < 3; i++) {
		size_t end = i < 2 ? str_find(a, ' ', at) : a.n;

		if (num_uint(str_slice(a, at, end), &v[i]) < 0 || v[i] > UINT32_MAX)
			return field_fault(c, f,
			    TEXT("\"%\": three numbers of 32 bits are due", a));
		at = end + 1;
	}
	if (*n == FACTS_RANGES)
		return field_fault(c, f, TEXT("more than 8 ranges"));
	r[(*n)++] = (struct idrange){ (uint32_t)v[0], (uint32_t)v[1], (uint32_t)v[2] };
	return 0;
}

#define AT(member) .offset = offsetof(struct facts, member)
#define FACT(name) ROW(name, "", "", "", "")
#define RANGE .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = read_range

/* clang-format off */
/* What each is stands at its member in facts.h. */
static const struct field rows[] = {
	{ FACT("uid"), .type = FIELD_UINT, AT(uid), .max = UINT32_MAX },
	{ FACT("gid"), .type = FIELD_UINT, AT(gid), .max = UINT32_MAX },
	{ FACT("kernel"), .type = FIELD_UINT, AT(kernel), .max = 999999 },
	{ FACT("lacks"), .type = FIELD_ENUM, .flags = FIELD_LIST, AT(lacks),
	  .words = NS_WORDS },
	{ FACT("admin"), AT(admin) },
	{ FACT("clone3"), AT(clone3) },
	{ FACT("seccomp"), AT(seccomp) },
	{ FACT("proc"), AT(proc) },
	{ FACT("proc_covered"), AT(proc_covered) },
	{ FACT("sys_readonly"), AT(sys_readonly) },
	{ FACT("root_mount"), AT(root_mount) },
	{ FACT("root_initramfs"), AT(root_initramfs) },
	{ FACT("uids"), RANGE, AT(uids) },
	{ FACT("gids"), RANGE, AT(gids) },
	{ FACT("resolv"), PATH, AT(resolv) },
	{ FACT("cgroup"), PATH, AT(cgroup) },
	{ FACT("cwd"), PATH, AT(cwd) },
	{ FACT("procs"), PATH, .flags = FIELD_LIST, AT(procs) },
	{ FACT("sysfs"), PATH, .flags = FIELD_LIST, AT(sysfs) },
};
/* clang-format on */

static const struct table table = { "facts", rows, COUNT(rows) };

static int
unknown(struct field_ctx *c, const struct args_part *part, size_t n, struct str name)
{
	struct str near = field_suggest(part, n, name, false);
	char list[256];
	struct buf b = BUF(list);

	if (near.p != NULL)
		return err_config(c->err, c->pos, "unknown fact \"%\"; did you mean \"%\"?", name,
		    near);
	for (size_t i = 0; i < table.n; i++)
		buf_text(&b, TEXT("%%", i > 0 ? S(", ") : S(""), row_key(&rows[i])));
	return err_config(c->err, c->pos, "unknown fact \"%\" (%)", name, buf_str(&b));
}

static int
read_line(struct field_ctx *c, struct str line, const struct args_part *part, size_t n)
{
	size_t space = str_find(line, ' ', 0), row = 0, i = 0;
	struct str name = str_slice(line, 0, space), text = str_slice(line, space + 1, line.n);
	const struct field *f;

	while (i < n && (row = field_row(part[i].table, name)) == part[i].table->n)
		i++;
	if (i == n)
		return unknown(c, part, n, name);
	f = &part[i].table->row[row];
	if (f->type == FIELD_FLAG && space < line.n)
		return err_config(c->err, c->pos, "\"%\" stands alone on its line", name);
	/* a line end in a path would begin another fact: it is written as the kernel does it */
	if (f->type == FIELD_PATH || f->type == FIELD_STRING) {
		text = mountinfo_unescape(c->arena, text);
		if (text.p == NULL)
			return err_memory(c->err);
	}
	if (space < line.n)
		c->pos.col = (uint32_t)space + 2;
	return field_text(c, part[i].table, row, part[i].target, text, S(""));
}

int
facts_read(struct arena *a, struct str file, struct str text, struct facts *f,
    const struct args_part *more, struct err *e)
{
	const struct args_part part[] = { { &table, f },
		more == NULL ? (struct args_part){ NULL, NULL } : *more };
	struct field_ctx c = { .arena = a, .fault = FAULT_CONFIG, .err = e };
	uint32_t number = 1;

	*f = (struct facts){ 0 };
	e->file = file;
	for (size_t at = 0, end; at < text.n; at = end + 1, number++) {
		end = str_find(text, '\n', at);
		c.pos = (struct pos){ number, 1 };
		if (end > at &&
		    read_line(&c, str_slice(text, at, end), part, more == NULL ? 1 : 2) < 0)
			return -1;
	}
	e->file = S("");
	return 0;
}

void
facts_put_text(struct buf *b, struct str text, bool spaces)
{
	for (size_t at = 0, end; at < text.n; at = end + 1) {
		for (end = at; end < text.n && text.p[end] != '\n' && text.p[end] != '\\' &&
			       (spaces || text.p[end] != ' ');)
			end++;
		buf_put(b, str_slice(text, at, end));
		if (end < text.n)
			buf_cstr(b, text.p[end] == '\n'  ? "\\012"
				    : text.p[end] == ' ' ? "\\040"
							 : "\\134");
	}
}

static void
put_text(struct buf *b, struct str name, struct str text)
{
	buf_text(b, TEXT("%%", name, text.n > 0 ? S(" ") : S("")));
	facts_put_text(b, text, true);
	buf_char(b, '\n');
}

static void
put_ranges(struct buf *b, struct str name, const struct facts *f, const struct idrange *r)
{
	size_t n = r == f->gids ? f->ngids : f->nuids;

	for (size_t i = 0; i < n; i++) {
		buf_text(b, TEXT("% ", name));
		buf_uint(b, r[i].inside);
		buf_char(b, ' ');
		buf_uint(b, r[i].outside);
		buf_char(b, ' ');
		buf_uint(b, r[i].count);
		buf_char(b, '\n');
	}
}

/* A list of texts, or one. */
static void
put_texts(struct buf *b, const struct field *f, const void *at)
{
	const struct str *one = at;
	const struct strlist *all = at;

	if ((f->flags & FIELD_LIST) == 0) {
		if (f->type == FIELD_PATH ? one->n > 0 : one->p != NULL)
			put_text(b, row_key(f), *one);
		return;
	}
	for (const struct strnode *n = all->first; n != NULL; n = n->next)
		put_text(b, row_key(f), n->s);
}

void
facts_put_rows(struct buf *b, const struct table *t, const void *target)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->row[i];
		const void *at = (const char *)target + f->offset;
		struct str name = row_key(f);

		if (f->type == FIELD_FLAG) {
			if (*(const bool *)at)
				put_text(b, name, S(""));
		} else if (f->type == FIELD_UINT) {
			buf_text(b, TEXT("% ", name));
			buf_uint(b, *(const uint64_t *)at);
			buf_char(b, '\n');
		} else if (f->type == FIELD_ENUM) {
			for (size_t k = 0; word_at(f->words, k).p != NULL; k++)
				if ((*(const uint32_t *)at >> k & 1) != 0)
					put_text(b, name, word_at(f->words, k));
		} else if (f->type != FIELD_CUSTOM) {
			put_texts(b, f, at);
		} else if (f->read == read_range) {
			put_ranges(b, name, target, at);
		}
	}
}

void
facts_put(struct buf *b, const struct facts *f)
{
	facts_put_rows(b, &table, f);
}
