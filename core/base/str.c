#include <string.h>

#include "base/base.h"

/* A band of this half width covers every cap that a suggestion has use for. */
enum { CAP_MAX = 15, BAND = 2 * CAP_MAX + 1 };

struct str
str_of(const char *s)
{
	return (struct str){ s, s != NULL ? strlen(s) : 0 };
}

/* As memcmp, which musl does byte by byte: paths have long beginnings in common. */
static int
compare(const char *a, const char *b, size_t n)
{
	uint64_t x, y;

	for (; n >= sizeof(x); a += sizeof(x), b += sizeof(y), n -= sizeof(x)) {
		memcpy(&x, a, sizeof(x));
		memcpy(&y, b, sizeof(y));
		if (x != y)
			break;
	}
	return n > 0 ? memcmp(a, b, n) : 0;
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && compare(a.p, b.p, a.n) == 0;
}

bool
str_empty(struct str s)
{
	return s.n == 0;
}

bool
str_starts(struct str text, struct str prefix)
{
	return text.n >= prefix.n && str_eq((struct str){ text.p, prefix.n }, prefix);
}

bool
str_ends(struct str text, struct str suffix)
{
	return text.n >= suffix.n && str_eq(str_slice(text, text.n - suffix.n, text.n), suffix);
}

size_t
str_find(struct str text, char c, size_t from)
{
	const char *hit;

	if (from >= text.n)
		return text.n;
	hit = memchr(text.p + from, c, text.n - from);
	return hit != NULL ? (size_t)(hit - text.p) : text.n;
}

struct str
text_next(struct text *t)
{
	struct str s = { t->at, 0 };

	if (*t->at == '%') {
		t->at++;
		if (t->n == 0)
			return S("");
		t->n--;
		return *t->arg++;
	}
	while (*t->at != '\0' && *t->at != '%')
		t->at++;
	s.n = (size_t)(t->at - s.p);
	return s;
}

struct str
str_slice(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){ from > 0 ? s.p + from : s.p, to - from };
}

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = compare(a.p, b.p, n);

	if (order != 0 || a.n == b.n)
		return order;
	return a.n < b.n ? -1 : 1;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * One row of the table for a[0..i), as a band of 2*cap+1 cells around its diagonal: cell k stands
 * for b[0..j) with j = i + k - cap, so the row above has the diagonal neighbour in the same cell.
 */
static void
distance_row(struct str a, struct str b, size_t cap, size_t i, size_t *cur, const size_t *up,
    const size_t *up2)
{
	for (size_t k = 0; k <= 2 * cap; k++) {
		size_t j = i + k - cap, best = cap + 1;

		if (i + k < cap || j > b.n) {
			cur[k] = best;
			continue;
		}
		if (i == 0 || j == 0) {
			cur[k] = i + j;
			continue;
		}
		best = least(best, up[k] + (a.p[i - 1] != b.p[j - 1]));
		if (k > 0)
			best = least(best, cur[k - 1] + 1);
		if (k < 2 * cap)
			best = least(best, up[k + 1] + 1);
		if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1])
			best = least(best, up2[k] + 1);
		cur[k] = best;
	}
}

size_t
str_distance(struct str a, struct str b, size_t cap)
{
	size_t row[3][BAND] = { { 0 } }, *cur = row[0], *up = row[1], *up2 = row[2];
	size_t gap = a.n < b.n ? b.n - a.n : a.n - b.n;
	size_t far = cap + 1, d;

	if (cap > CAP_MAX)
		cap = CAP_MAX;
	if (gap > cap)
		return far;
	for (size_t i = 0; i <= a.n; i++) {
		size_t *oldest = up2;

		up2 = up;
		up = cur;
		cur = oldest;
		distance_row(a, b, cap, i, cur, up, up2);
	}
	d = cur[b.n + cap - a.n];
	return d > cap ? far : d;
}
