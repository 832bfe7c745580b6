#include "spec/notify.h"

#include "base/num.h"
#include "text/json.h"

#include <string.h>

enum { ERRNO_MAX = 4095 }; /* MAX_ERRNO, linux/err.h */

static void
put_name(struct jsonw *w, struct str name)
{
	if (name.n > 0)
		jsonw_str(w, name);
	else
		jsonw_null(w);
}

static void
put_arg(struct jsonw *w, enum width width, uint64_t value)
{
	if (width == WIDTH_INT)
		jsonw_int(w, (int32_t)(uint32_t)value);
	else
		jsonw_uint(w, width == WIDTH_UINT ? (uint32_t)value : value);
}

void
notify_put(struct buf *b, const struct notify_request *r)
{
	char line[NOTIFY_LINE];
	struct buf own = BUF(line);
	struct jsonw w = { .buf = &own };
	int arch = arch_of(r->audit, r->nr);
	int call = arch < 0 ? -1 : call_of((enum arch)arch, r->nr);
	size_t n = call < 0 ? CALL_ARGS : call_args((unsigned)call, (enum arch)arch);

	jsonw_open(&w, '{');
	jsonw_number(&w, "v", 1);
	jsonw_number(&w, "id", r->id);
	jsonw_number(&w, "pid", r->pid);
	jsonw_key(&w, S("arch"));
	put_name(&w, arch < 0 ? S("") : arch_name((enum arch)arch));
	jsonw_number(&w, "nr", r->nr);
	jsonw_key(&w, S("call"));
	put_name(&w, call < 0 ? S("") : call_name((unsigned)call));
	jsonw_list(&w, "args", '[');
	for (size_t i = 0; i < n; i++)
		put_arg(&w,
		    call < 0 ? WIDTH_LONG : call_arg_width((unsigned)call, (enum arch)arch, i),
		    r->arg[i]);
	jsonw_close(&w, ']');
	jsonw_close(&w, '}');
	buf_char(&own, '\n');
	buf_put(b, buf_str(&own));
}

/* 0 for what is none. */
static int
errno_of(const struct value *v)
{
	uint32_t action = 0;

	if ((v->kind != VALUE_NUMBER && v->kind != VALUE_STRING) ||
	    action_read(S("errno"), v->text, &action) < 0)
		return 0;
	return (int)(action & RET_DATA);
}

static int
decision(const struct value *v, struct notify_answer *a, struct err *e)
{
	if (str_eq(v->key, S("allow"))) {
		a->kind = NOTIFY_ALLOW;
		if (v->kind == VALUE_BOOL && v->truth)
			return 0;
		return err_data(e, v->pos, "allow: true is due; to refuse a call is an errno");
	}
	if (str_eq(v->key, S("errno"))) {
		a->kind = NOTIFY_ERRNO;
		a->value = errno_of(v);
		if (a->value > 0)
			return 0;
		return err_data(e, v->pos, "errno: a name like \"EACCES\", or 1 to 4095, is due");
	}
	if (!str_eq(v->key, S("value")))
		return err_data(e, v->keypos, "\"%\": allow, errno or value is due", v->key);
	a->kind = NOTIFY_VALUE;
	/* the kernel's own way to say that a call failed */
	if (v->kind == VALUE_NUMBER && num_int(v->text, &a->value) == 0 &&
	    (a->value >= 0 || a->value < -ERRNO_MAX))
		return 0;
	return err_data(e, v->pos, "value: an integer is due that is no negative errno");
}

/* Both members once (the reader of JSON refuses what is there twice), and no other. */
static int
answer(struct str line, struct notify_answer *a, struct err *e)
{
	/* enough for three values: who answers with more has not understood */
	_Alignas(16) unsigned char mem[2048];
	struct arena arena = { mem, 0, sizeof(mem) };
	const struct value *v = json_parse(&arena, line, FAULT_DATA, e);
	const struct value *id, *m;

	if (v == NULL)
		return -1;
	id = value_get(v, S("id"));
	if (id == NULL || v->count != 2)
		return err_data(e, v->pos, "an object with id and allow, errno or value is due");
	if (id->kind != VALUE_NUMBER || num_json_uint(id->text, &a->id) < 0)
		return err_data(e, id->pos, "id: the number of the call is due");
	m = v->first == id ? id->next : v->first;
	return decision(m, a, e);
}

int
notify_next(struct notify_lines *l, struct str *piece, struct notify_answer *a, struct err *e)
{
	size_t end = str_find(*piece, '\n', 0);
	size_t n = end < piece->n ? end + 1 : end;
	int r;

	if (n > sizeof(l->line) - l->n)
		return err_data(e, POS_NONE, "an answer of more than 512 bytes");
	if (n > 0)
		memcpy(l->line + l->n, piece->p, n);
	l->n += n;
	*piece = str_slice(*piece, n, piece->n);
	/* so that what cannot become a line is refused before more of it comes */
	if (l->n == 0 || l->line[l->n - 1] != '\n')
		return l->n == sizeof(l->line)
			 ? err_data(e, POS_NONE, "an answer of more than 512 bytes")
			 : 0;
	r = answer((struct str){ l->line, l->n - 1 }, a, e);
	l->n = 0;
	return r < 0 ? -1 : 1;
}
