/* fuzz: core/spec/notify.c */
#include <string.h>

#include "must.h"
#include "spec/notify.h"
#include "text/json.h"

enum { ANSWERS = 64, MEMORY = 1 << 16 };

struct heard {
	struct notify_answer a[ANSWERS];
	size_t n;
	int end; /* 0, or -1 and the error */
	struct err err;
};

/* The text in pieces, each as long as the next of these bytes says. */
static void
hear(struct str text, const uint8_t *cut, size_t ncut, struct heard *h)
{
	struct notify_lines l = { .n = 0 };
	size_t at = 0, turn = 0;

	memset(h, 0, sizeof(*h));
	while (at < text.n && h->end == 0) {
		size_t size = ncut == 0 ? text.n : 1 + (size_t)cut[turn++ % ncut];
		struct str piece = str_slice(text, at, at + size);
		struct notify_answer a = { 0 };
		int r;

		at += piece.n;
		while ((r = notify_next(&l, &piece, &a, &h->err)) > 0) {
			MUST(lies_within(piece, text));
			if (h->n < ANSWERS)
				h->a[h->n] = a;
			h->n++;
		}
		MUST(r < 0 || (piece.n == 0 && l.n < NOTIFY_LINE));
		h->end = r;
	}
	MUST((h->end < 0) == (h->err.fault != FAULT_NONE));
}

static bool
same(const struct heard *x, const struct heard *y)
{
	for (size_t i = 0; i < x->n && i < ANSWERS; i++)
		if (x->a[i].id != y->a[i].id || x->a[i].kind != y->a[i].kind ||
		    x->a[i].value != y->a[i].value)
			return false;
	return x->n == y->n && x->end == y->end &&
	       str_eq((struct str){ x->err.msg, x->err.nmsg },
		   (struct str){ y->err.msg, y->err.nmsg });
}

/* Each answer in its plainest form is heard as itself. */
static void
check_again(const struct heard *h)
{
	for (size_t i = 0; i < h->n && i < ANSWERS; i++) {
		const struct notify_answer *a = &h->a[i];
		char line[NOTIFY_LINE];
		struct buf b = BUF(line);
		struct jsonw w = { .buf = &b };
		struct heard again;

		MUST(a->kind != NOTIFY_ERRNO || (a->value >= 1 && a->value <= 4095));
		MUST(a->kind != NOTIFY_VALUE || a->value >= 0 || a->value < -4095);
		jsonw_open(&w, '{');
		jsonw_key(&w, a->kind == NOTIFY_ALLOW   ? S("allow")
			      : a->kind == NOTIFY_ERRNO ? S("errno")
							: S("value"));
		if (a->kind == NOTIFY_ALLOW)
			jsonw_bool(&w, true);
		else
			jsonw_int(&w, a->value);
		jsonw_key(&w, S("id"));
		jsonw_uint(&w, a->id);
		jsonw_close(&w, '}');
		buf_char(&b, '\n');
		hear(buf_str(&b), NULL, 0, &again);
		MUST(again.n == 1 && again.end == 0 && again.a[0].id == a->id &&
		     again.a[0].kind == a->kind &&
		     (a->kind == NOTIFY_ALLOW || again.a[0].value == a->value));
	}
}

static bool
number_is(const struct value *v, uint64_t want, bool sign)
{
	char text[32];
	struct buf b = BUF(text);

	if (sign)
		buf_int(&b, (int32_t)(uint32_t)want);
	else
		buf_uint(&b, want);
	return v != NULL && v->kind == VALUE_NUMBER && str_eq(v->text, buf_str(&b));
}

/* What is asked is one line of JSON, and says what there was to say. */
static void
check_request(const uint8_t *p, size_t n)
{
	static unsigned char mem[MEMORY];
	struct arena arena = { mem, 0, sizeof(mem) };
	struct notify_request r = { .id = 1 };
	char line[NOTIFY_LINE];
	struct buf b = BUF(line);
	struct err e = { 0 };
	const struct value *v, *arg;
	int arch, call;

	memcpy(&r, p, n < sizeof(r) ? n : sizeof(r));
	/* else nearly none is of an architecture that we know */
	r.audit = n > 0 && p[0] < 2 * ARCH_COUNT ? arch_audit(p[0] % ARCH_COUNT) : r.audit;
	r.nr = n > 0 && p[0] < ARCH_COUNT ? r.nr % 600 : r.nr;
	notify_put(&b, &r);
	MUST(!b.full && b.n > 0 && str_find(buf_str(&b), '\n', 0) == b.n - 1);
	v = json_parse(&arena, buf_str(&b), FAULT_DATA, &e);
	MUST(v != NULL && v->count == 7);
	MUST(number_is(value_get(v, S("id")), r.id, false));
	MUST(number_is(value_get(v, S("pid")), r.pid, false));
	MUST(number_is(value_get(v, S("nr")), r.nr, false));
	arch = arch_of(r.audit, r.nr);
	call = arch < 0 ? -1 : call_of((enum arch)arch, r.nr);
	MUST((value_get(v, S("arch"))->kind == VALUE_NULL) == (arch < 0));
	MUST((value_get(v, S("call"))->kind == VALUE_NULL) == (call < 0));
	MUST(arch < 0 || arch_find(value_get(v, S("arch"))->text) == arch);
	MUST(call < 0 || call_find(value_get(v, S("call"))->text) == call);
	arg = value_get(v, S("args"));
	MUST(arg->count ==
	     (call < 0 ? (size_t)CALL_ARGS : call_args((unsigned)call, (enum arch)arch)));
	arg = arg->first;
	for (size_t i = 0; arg != NULL; i++, arg = arg->next) {
		enum width w =
		    call < 0 ? WIDTH_LONG : call_arg_width((unsigned)call, (enum arch)arch, i);
		bool narrow = w == WIDTH_INT || w == WIDTH_UINT;

		MUST(number_is(arg, narrow ? (uint32_t)r.arg[i] : r.arg[i], w == WIDTH_INT));
	}
}

/* A byte says how many that follow say where to cut; then the text. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct heard whole, parts, bytes;
	static const uint8_t one[] = { 0 };
	struct str text;
	size_t ncut;

	if (n < 1 || n > 4096)
		return 0;
	ncut = p[0] % 16 < n - 1 ? p[0] % 16 : n - 1;
	text = (struct str){ (const char *)p + 1 + ncut, n - 1 - ncut };
	hear(text, NULL, 0, &whole);
	hear(text, p + 1, ncut, &parts);
	hear(text, one, 1, &bytes);
	MUST(same(&whole, &parts) && same(&whole, &bytes));
	check_again(&whole);
	check_request(p, n);
	return 0;
}
