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

/* Of an untrusted text: the reason behind it and the byte behind that have to fit as well. */
enum { SHOWN = 96 };

static struct str
shown(struct str s)
{
	return s.n <= SHOWN ? s : str_slice(s, 0, utf8_cut(s, SHOWN));
}

void
err_add(struct err *e, const char *text, const struct str *arg, size_t n)
{
	for (struct text t = { text, arg, n }; *t.at != '\0';) {
		bool quoted = t.at[0] == '%' && t.at[1] == '"';
		struct str piece = text_next(&t);

		if (!put_cut(e->msg, sizeof(e->msg), &e->nmsg, quoted ? shown(piece) : piece))
			break;
		if (quoted && piece.n > SHOWN)
			(void)put_cut(e->msg, sizeof(e->msg), &e->nmsg, S("..."));
	}
}

int
err_put(struct err *e, enum fault fault, struct pos pos, const char *text, const struct str *arg,
    size_t n)
{
	if (e->fault != FAULT_NONE)
		return -1;
	e->fault = fault;
	e->pos = pos;
	e->sysno = 0;
	e->nmsg = 0;
	err_add(e, text, arg, n);
	return -1;
}

int
err_failed(struct err *e, int sysno, const char *text, const struct str *arg, size_t n)
{
	if (e->fault != FAULT_NONE)
		return -1;
	err_put(e, FAULT_SYSTEM, (struct pos){ 0, 0 }, text, arg, n);
	e->sysno = sysno;
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
	return err_limit(e, ((struct pos){ 0, 0 }), "out of memory: the arena is exhausted");
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
		buf_cstr(b, ": ");
	}
	buf_printable(b, (struct str){ e->msg, e->nmsg });
	if (e->fault == FAULT_SYSTEM && e->sysno != 0) {
		buf_cstr(b, ": ");
		buf_put(b, err_text(e->sysno));
	}
}
