#include "text/cgfile.h"

#include "base/num.h"
#include "text/take.h"

struct str
cgfile_word(struct str *rest)
{
	return take_word(rest);
}

bool
cgfile_has(struct str list, struct str word)
{
	for (struct str w; (w = take_word(&list)).n > 0;)
		if (str_eq(w, word))
			return true;
	return false;
}

/* A number, or "max". */
static int
limit(struct str s, uint64_t *out)
{
	if (!str_eq(s, S("max")))
		return num_uint(s, out);
	*out = UINT64_MAX;
	return 0;
}

int
cgfile_value(struct str text, uint64_t *out)
{
	struct str line;

	return take_line(&text, &line) <= 0 || text.n > 0 ? -1 : limit(line, out);
}

int
cgfile_key(struct str text, struct str key, uint64_t *out)
{
	struct str line, name;
	int found = 0, r;
	uint64_t v;

	while ((r = take_line(&text, &line)) > 0) {
		if (take_until(&line, ' ', &name) < 0 || name.n == 0 || num_uint(line, &v) < 0)
			return -1;
		if (!str_eq(name, key))
			continue;
		if (found++ > 0)
			return -1;
		*out = v;
	}
	return r < 0 ? -1 : found;
}

/*
 * 8:0 rbytes=1 wbytes=2
 * Linux 5.15 and 5.16 forget the line end behind a device without figures ("7:1 7:0 rbytes=1"),
 * even that of the last one: the key ends such a line.
 */
int
cgfile_line(struct str *rest, struct str *key, struct str *pairs)
{
	size_t end = str_find(*rest, '\n', 0), from;
	struct str line = str_slice(*rest, 0, end), after, next;
	bool cut = end == rest->n, alone;

	if (rest->n == 0)
		return 0;
	*key = str_slice(line, 0, str_find(line, ' ', 0));
	if (key->n == 0 || str_find(*key, '=', 0) < key->n || str_find(line, '\0', 0) < line.n)
		return -1;
	after = str_slice(line, key->n, line.n);
	next = take_word(&after);
	from = line.n - after.n - next.n;
	alone = str_find(next, '=', 0) == next.n;
	if (cut && (!alone || key->n == line.n))
		return -1;
	*pairs = str_slice(line, from, alone ? from : line.n);
	*rest = str_slice(*rest, alone && next.n > 0 ? from : end + 1, rest->n);
	return 1;
}

int
cgfile_pair(struct str *pairs, struct str *key, struct str *value)
{
	*value = take_word(pairs);
	if (value->n == 0)
		return 0;
	return take_until(value, '=', key) < 0 || key->n == 0 || value->n == 0 ? -1 : 1;
}

int
cgfile_member(struct str pairs, struct str key, struct str *out)
{
	struct str name, value;
	int found = 0, r;

	while ((r = cgfile_pair(&pairs, &name, &value)) > 0) {
		if (!str_eq(name, key))
			continue;
		if (found++ > 0)
			return -1;
		*out = value;
	}
	return r < 0 ? -1 : found;
}

int
cgfile_device(struct str s, uint32_t *major, uint32_t *minor)
{
	uint64_t a, b;

	if (take_number(&s, ':', &a) < 0 || num_uint(s, &b) < 0 || a > UINT32_MAX || b > UINT32_MAX)
		return -1;
	*major = (uint32_t)a;
	*minor = (uint32_t)b;
	return 0;
}

int
cgfile_pid(struct str *rest, int *pid)
{
	struct str line;
	int r = take_line(rest, &line);
	uint64_t v;

	if (r <= 0)
		return r;
	if (num_uint(line, &v) < 0 || v > INT32_MAX)
		return -1;
	*pid = (int)v;
	return 1;
}

/* "3.07": two digits behind the point; hundredths. */
static int
hundredths(struct str s, uint32_t *out)
{
	uint64_t whole;
	unsigned ten, one;

	if (take_number(&s, '.', &whole) < 0 || whole > UINT32_MAX / 100 - 1 || s.n != 2)
		return -1;
	ten = (unsigned char)s.p[0] - (unsigned)'0';
	one = (unsigned char)s.p[1] - (unsigned)'0';
	if (ten > 9 || one > 9)
		return -1;
	*out = (uint32_t)whole * 100 + ten * 10 + one;
	return 0;
}

static int
stalls(struct str pairs, uint32_t *avg10, uint64_t *total)
{
	struct str text;

	if (cgfile_member(pairs, S("avg10"), &text) <= 0 || hundredths(text, avg10) < 0)
		return -1;
	return cgfile_member(pairs, S("total"), &text) <= 0 ? -1 : num_uint(text, total);
}

int
cgfile_pressure(struct str text, struct pressure *out)
{
	struct str key, pairs;
	struct pressure p = { 0 };

	if (cgfile_line(&text, &key, &pairs) <= 0 || !str_eq(key, S("some")) ||
	    stalls(pairs, &p.some_avg10, &p.some_total) < 0)
		return -1;
	if (text.n > 0)
		if (cgfile_line(&text, &key, &pairs) <= 0 || !str_eq(key, S("full")) ||
		    stalls(pairs, &p.full_avg10, &p.full_total) < 0 || text.n > 0)
			return -1;
	*out = p;
	return 0;
}

/* One of the numbers of a list like 0-3,5 off the front, as a range; 0 or -1. */
static int
take_range(struct str *list, uint64_t *from, uint64_t *to)
{
	size_t comma = str_find(*list, ',', 0), dash;
	struct str part = str_slice(*list, 0, comma);

	dash = str_find(part, '-', 0);
	if (num_uint(str_slice(part, 0, dash), from) < 0)
		return -1;
	*to = *from;
	if (dash < part.n && (num_uint(str_slice(part, dash + 1, part.n), to) < 0 || *to < *from))
		return -1;
	/* a comma that stands last leaves an empty number */
	if (comma + 1 == list->n)
		return -1;
	*list = str_slice(*list, comma + 1, list->n);
	return 0;
}

/* Is v in the list? Then also: up to where without a gap in that range. */
static bool
in_list(struct str list, uint64_t v, uint64_t *upto)
{
	uint64_t from, to;
	bool found = false;

	while (list.n > 0) {
		if (take_range(&list, &from, &to) < 0)
			return false;
		if (from <= v && v <= to) {
			*upto = to;
			found = true;
		}
	}
	return found;
}

/* Is each number of one list in the other? */
static bool
covers(struct str other, struct str list)
{
	uint64_t from, to, upto;

	while (list.n > 0) {
		if (take_range(&list, &from, &to) < 0)
			return false;
		for (;; from = upto + 1) {
			if (!in_list(other, from, &upto))
				return false;
			if (upto >= to)
				break;
		}
	}
	return true;
}

/* "0,1,2" is "0-2" when it is read. */
static bool
same(struct str a, struct str b)
{
	return str_eq(a, b) || (a.n > 0 && b.n > 0 && covers(a, b) && covers(b, a));
}

static bool
is_pair(struct str word)
{
	return str_find(word, '=', 0) < word.n;
}

/* Pairs come in the kernel's order, whatever order they were written in. What holds for all devices
 * that have no line of their own has "default" before it, written or not. */
static bool
line_has(struct str line, struct str wrote)
{
	struct str rest = line, word, found;
	bool first = true;

	if (cgfile_has(line, S("invalid")) && !cgfile_has(wrote, S("invalid")))
		return false;
	while ((word = take_word(&wrote)).n > 0) {
		if (is_pair(word)) {
			if (!cgfile_has(line, word))
				return false;
			continue;
		}
		do
			found = take_word(&rest);
		while (is_pair(found));
		if (first && str_eq(found, S("default")) && !str_eq(word, found))
			found = take_word(&rest);
		first = false;
		if (found.n == 0 || !same(found, word))
			return false;
	}
	return true;
}

/* Whole pages, and no limit at all from 2^63-1 on (mm/page_counter.c). */
static bool
took_pages(struct str wrote, struct str read, uint64_t page)
{
	uint64_t want, got;
	struct str w = take_word(&wrote), r = take_word(&read);

	if (page == 0 || take_word(&wrote).n > 0 || take_word(&read).n > 0 ||
	    num_size(w, &want) < 0 || limit(r, &got) < 0)
		return false;
	return want / page >= INT64_MAX / page ? got == UINT64_MAX : got == want / page * page;
}

bool
cgfile_took(struct str wrote, struct str read, uint64_t page)
{
	struct str rest = read, first = wrote;

	/* an empty list is one that says nothing when it is read */
	if (take_word(&first).n == 0)
		return take_word(&rest).n == 0;
	do {
		size_t end = str_find(rest, '\n', 0);

		if (line_has(str_slice(rest, 0, end), wrote))
			return true;
		rest = str_slice(rest, end + 1, rest.n);
	} while (rest.n > 0);
	return took_pages(wrote, read, page);
}
