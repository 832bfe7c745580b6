/* Limits written back as the command line that means the same. Apart, for programs without any. */
#include "spec/chain.h"
#include "spec/limits.h"

#include <stddef.h>

/* --option=value */
static void
option(struct chain *w, const struct field *f, struct str value)
{
	chain_word(w, TEXT("--%=%", row_option(f), value));
}

static void
number(struct chain *w, const struct field *f, uint64_t v)
{
	char text[2 * UINT_ROOM];
	struct buf b = BUF(text);

	if (f->type == FIELD_UINT)
		buf_uint(&b, v);
	else
		f->unit->put(&b, v);
	option(w, f, buf_str(&b));
}

/* Of a path, or by number. */
static void
device_put(struct buf *b, struct str path, uint32_t major, uint32_t minor)
{
	const uint32_t number[] = { major, minor };

	for (size_t i = 0; path.n == 0 && i < COUNT(number); i++) {
		buf_cstr(b, i > 0 ? ":" : "");
		if (number[i] == DEVICE_ANY)
			buf_char(b, '*');
		else
			buf_uint(b, number[i]);
	}
}

static void
io(struct chain *w, const struct field *f, const struct io_limit *l)
{
	for (; l != NULL; l = l->next) {
		const uint64_t value[] = { l->rbps, l->wbps, l->riops, l->wiops };
		char text[160];
		struct buf b = BUF(text);
		char between = ':';

		device_put(&b, l->path, l->major, l->minor);
		for (size_t i = 0; i < COUNT(value); i++) {
			if (value[i] == UINT64_MAX)
				continue;
			buf_char(&b, between);
			buf_put(&b, word_at("rbps=|wbps=|riops=|wiops=", i));
			buf_uint(&b, value[i]);
			between = ',';
		}
		chain_word(w, TEXT("--%=%%", row_option(f), l->path, buf_str(&b)));
	}
}

static void
devices(struct chain *w, const struct field *f, const struct device_rule *d)
{
	static const struct {
		uint8_t bit;
		char letter;
	} access[] = { { DEVICE_READ, 'r' }, { DEVICE_WRITE, 'w' }, { DEVICE_MKNOD, 'm' } };

	for (; d != NULL; d = d->next) {
		char text[48];
		struct buf b = BUF(text);

		if (d->path.n == 0) {
			buf_char(&b, d->type);
			buf_char(&b, ':');
		}
		device_put(&b, d->path, d->major, d->minor);
		buf_char(&b, ':');
		for (size_t i = 0; i < COUNT(access); i++)
			if ((d->access & access[i].bit) != 0)
				buf_char(&b, access[i].letter);
		chain_word(w, TEXT("--%=%%", row_option(f), d->path, buf_str(&b)));
	}
}

/* A size of huge pages with its bytes, or a file with its value. */
static void
raw(struct chain *w, const struct field *f, const struct raw_limit *r)
{
	for (; r != NULL; r = r->next) {
		char text[UINT_ROOM];

		chain_word(w, TEXT("--%=%=%", row_option(f), r->name,
				  r->value.n > 0 ? r->value : uint_text(text, r->bytes)));
	}
}

static void
degrade(struct chain *w, const struct field *f, uint32_t bits)
{
	char text[64];
	struct buf b = BUF(text);

	words_put(&b, DEGRADE_WORDS, bits, S(","));
	option(w, f, buf_str(&b));
}

/* Rows with a reader of their own. */
static void
custom(struct chain *w, const struct field *f, const struct limits *l)
{
	switch (f->offset) {
	case offsetof(struct limits, cpus):
		option(w, f, l->cpus);
		break;
	case offsetof(struct limits, mems):
		option(w, f, l->mems);
		break;
	case offsetof(struct limits, io):
		io(w, f, l->io);
		break;
	case offsetof(struct limits, hugetlb):
		raw(w, f, l->hugetlb);
		break;
	case offsetof(struct limits, set):
		raw(w, f, l->set);
		break;
	case offsetof(struct limits, devices):
		devices(w, f, l->devices);
		break;
	default:
		degrade(w, f, l->degrade);
		break;
	}
}

int
box_limits_argv(struct arena *a, const struct box *box, struct str parent, struct strlist *words)
{
	const struct limits *l = box->limits;
	struct chain w = { a, words, false };

	if (l == NULL)
		return 0;
	chain_word(&w, TEXT("sbx-cg"));
	chain_word(&w, TEXT("run"));
	if (parent.n > 0)
		chain_word(&w, TEXT("--parent=%", parent));
	for (size_t i = 0; i < limits_table.n; i++) {
		const struct field *f = &limits_table.row[i];
		const void *at = (const char *)l + f->offset;

		if ((l->seen.bits & (uint64_t)1 << i) == 0)
			continue;
		if (f->type == FIELD_CUSTOM)
			custom(&w, f, l);
		else if (f->type != FIELD_FLAG)
			number(&w, f, *(const uint64_t *)at);
		else if (*(const bool *)at)
			chain_word(&w, TEXT("--%", row_option(f)));
	}
	/* what comes behind is no program of ours, to which they would be left */
	if (box->level == LEVEL_NONE)
		chain_word(&w, TEXT("--keep-privs"));
	chain_word(&w, TEXT("--"));
	return w.failed ? -1 : 0;
}
