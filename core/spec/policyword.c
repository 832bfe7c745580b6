#include "spec/policyread.h"

#include "spec/field.h"

int
word_find(const char *words, struct str word)
{
	int index = 0;

	for (const char *at = words;; at++) {
		size_t n = 0;

		while (n < word.n && at[n] == word.p[n] && at[n] != '|' && at[n] != '\0')
			n++;
		if (n == word.n && (at[n] == '|' || at[n] == '\0'))
			return index;
		for (at += n; *at != '|'; at++)
			if (*at == '\0')
				return -1;
		index++;
	}
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

/* On arm, where the older one is what its number is known by. */
void
calls_add(struct callset *s, unsigned call, struct str name)
{
	int older = str_eq(name, S("sync_file_range2")) ? call_find(S("arm_sync_file_range")) : -1;

	callset_add(s, call);
	if (older >= 0)
		callset_add(s, (unsigned)older);
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
