#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

/* Appends what fits, cut at a character; false when something was left out. */
static bool
put_cut(char *to, size_t cap, size_t *n, struct str s)
{
	size_t take = utf8_cut(s, cap - *n);

	if (take > 0)
		memcpy(to + *n, s.p, take);
	*n += take;
	return take == s.n;
}

void
err_add(struct err *e, const struct str *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!put_cut(e->msg, sizeof(e->msg), &e->nmsg, part[i]))
			break;
}

int
err_put(struct err *e, enum fault fault, struct pos pos, int sysno, const struct str *part,
    size_t n)
{
	if (e->fault != FAULT_NONE)
		return -1;
	e->fault = fault;
	e->pos = pos;
	e->sysno = sysno;
	e->nmsg = 0;
	err_add(e, part, n);
	return -1;
}

int
err_path(struct err *e, struct str path)
{
	if (e->npath == 0)
		put_cut(e->path, sizeof(e->path), &e->npath, path);
	return -1;
}

int
err_memory(struct err *e)
{
	return err_limit(e, ((struct pos){ 0, 0 }), S("out of memory: the arena is exhausted"));
}

void
err_line(const struct err *e, struct buf *b)
{
	if (e->file.n > 0) {
		buf_printable(b, e->file);
		buf_char(b, ':');
	}
	if (e->pos.line > 0) {
		buf_uint(b, e->pos.line);
		buf_char(b, ':');
		buf_uint(b, e->pos.col);
		buf_char(b, ':');
	}
	if (e->file.n > 0 || e->pos.line > 0)
		buf_char(b, ' ');
	if (e->npath > 0) {
		buf_printable(b, (struct str){ e->path, e->npath });
		buf_put(b, S(": "));
	}
	buf_printable(b, (struct str){ e->msg, e->nmsg });
	if (e->fault == FAULT_SYSTEM && e->sysno != 0) {
		buf_put(b, S(": "));
		buf_put(b, err_text(e->sysno));
	}
}
