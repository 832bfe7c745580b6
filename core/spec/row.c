#include "spec/field.h"

static struct str
part(const struct field *f, size_t i)
{
	const char *at = f->text;

	for (; i > 0; i--)
		at += str_of(at).n + 1;
	return str_of(at);
}

struct str
row_key(const struct field *f)
{
	return part(f, 0);
}

struct str
row_option(const struct field *f)
{
	return part(f, 1);
}

struct str
row_arg(const struct field *f)
{
	return part(f, 2);
}

struct str
row_initial(const struct field *f)
{
	return part(f, 3);
}

struct str
row_prose(const struct field *f)
{
	return part(f, 4);
}

const char *
row_words(const struct field *f)
{
	return f->type == FIELD_ENUM || f->type == FIELD_CUSTOM ? f->words : NULL;
}

struct str
word_at(const char *words, size_t i)
{
	struct str s = str_of(words);
	size_t at = 0;

	for (; i > 0; i--)
		at = str_find(s, '|', at) + 1;
	if (at > s.n)
		return (struct str){ NULL, 0 };
	return str_slice(s, at, str_find(s, '|', at));
}

void
words_put(struct buf *b, const char *words, uint32_t bits, struct str between)
{
	bool first = true;

	for (size_t i = 0; word_at(words, i).p != NULL; i++) {
		bool in = i < 32 ? (bits & (uint32_t)1 << i) != 0 : bits == UINT32_MAX;

		if (!in || word_at(words, i).n == 0)
			continue;
		buf_put(b, first ? S("") : between);
		buf_put(b, word_at(words, i));
		first = false;
	}
}
