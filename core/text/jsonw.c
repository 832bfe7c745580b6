#include "text/json.h"

/* What separates an element from the one before it. */
static void
element(struct jsonw *w)
{
	if (w->comma)
		buf_char(w->buf, ',');
	w->comma = true;
}

void
jsonw_open(struct jsonw *w, char bracket)
{
	element(w);
	buf_char(w->buf, bracket);
	w->comma = false;
}

void
jsonw_close(struct jsonw *w, char bracket)
{
	buf_char(w->buf, bracket);
	w->comma = true;
}

void
jsonw_key(struct jsonw *w, struct str key)
{
	element(w);
	json_put_shown(w->buf, key);
	buf_char(w->buf, ':');
	w->comma = false;
}

void
jsonw_str(struct jsonw *w, struct str s)
{
	element(w);
	json_put_shown(w->buf, s);
}

void
jsonw_uint(struct jsonw *w, uint64_t v)
{
	element(w);
	buf_uint(w->buf, v);
}

void
jsonw_int(struct jsonw *w, int64_t v)
{
	element(w);
	buf_int(w->buf, v);
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	element(w);
	buf_put(w->buf, v ? S("true") : S("false"));
}

void
jsonw_null(struct jsonw *w)
{
	element(w);
	buf_put(w->buf, S("null"));
}
