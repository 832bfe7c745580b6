#include "spec/policyread.h"

#include "base/num.h"
#include "spec/field.h"

int
word_find(const char *words, struct str word)
{
	for (int i = 0; word_at(words, (size_t)i).p != NULL; i++)
		if (str_eq(word_at(words, (size_t)i), word))
			return i;
	return -1;
}

struct str
word_suggest(const char *words, struct str wrong)
{
	struct str best = S(""), word;
	size_t near = wrong.n < 4 ? 2 : 3;

	for (size_t i = 0; word = word_at(words, i), word.p != NULL; i++) {
		size_t d = str_distance(wrong, word, near);

		if (d < near) {
			near = d;
			best = word;
		}
	}
	return best;
}

int
unknown(struct err *e, struct pos pos, struct str what, struct str wrong, struct str near)
{
	if (near.n == 0)
		return err_config(e, pos, "unknown % \"%\"", what, wrong);
	return err_config(e, pos, "unknown % \"%\"; did you mean \"%\"?", what, wrong, near);
}

int
version_read(struct str text, unsigned *out)
{
	size_t dot = str_find(text, '.', 0);
	uint64_t major, minor;

	if (num_uint(str_slice(text, 0, dot), &major) < 0 ||
	    num_uint(str_slice(text, dot + 1, text.n), &minor) < 0 || major > 999 || minor > 999 ||
	    major + minor == 0)
		return -1;
	*out = (unsigned)(major * 1000 + minor);
	return 0;
}

int
number_read(struct str s, uint64_t *out)
{
	unsigned base = 10;
	uint64_t v = 0;
	size_t i = 0;

	if (s.n > 1 && s.p[0] == '0') {
		bool hex = (s.p[1] | 0x20) == 'x';

		base = hex ? 16 : 8;
		i = hex ? 2 : 1;
	}
	if (i == s.n)
		return -1;
	for (; i < s.n; i++) {
		char c = s.p[i];
		unsigned d = c <= '9' ? (unsigned)c - (unsigned)'0'
				      : (unsigned)(c | 0x20) - (unsigned)'a' + 10;

		if (d >= base || __builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, d, &v))
			return -1;
	}
	*out = v;
	return 0;
}
