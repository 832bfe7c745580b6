/* fuzz: core/text/cgfile.c */
/* fuzz: core/text/cgproc.c */
/* fuzz: core/text/take.c */
#include <string.h>

#include "base/buf.h"
#include "must.h"
#include "text/cgfile.h"

static char out[16 << 10];

/* The beginning of the text up to anywhere, which its bytes decide. */
static struct str
cut(struct str text)
{
	uint32_t sum = 1;

	for (size_t i = 0; i < text.n; i++)
		sum = sum * 31 + (unsigned char)text.p[i];
	return str_slice(text, 0, text.n > 0 ? sum % text.n : 0);
}

static bool
only(struct str text, const char *chars)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\0' || strchr(chars, text.p[i]) == NULL)
			return false;
	return true;
}

static void
check_words(struct str text)
{
	struct str rest = text, word;
	size_t at = 0;

	while ((word = cgfile_word(&rest)).p != NULL) {
		size_t from = (size_t)(word.p - text.p);

		MUST(word.n > 0 && only(str_slice(text, at, from), " \n"));
		MUST(str_find(word, ' ', 0) == word.n && str_find(word, '\n', 0) == word.n);
		at = from + word.n;
		MUST(from > 200 || cgfile_has(text, word));
	}
	MUST(only(str_slice(text, at, text.n), " \n"));
}

/* What it is written as again is the text. */
static void
check_value(struct str text)
{
	struct buf b = BUF(out);
	uint64_t v;

	if (cgfile_value(text, &v) < 0)
		return;
	buf_uint(&b, v);
	buf_char(&b, '\n');
	MUST(str_eq(buf_str(&b), text) || (v == UINT64_MAX && str_eq(text, S("max\n"))));
	MUST(cgfile_value(cut(text), &v) < 0);
}

/* That key's line again, of which there is one. */
static void
check_key_is(struct str text, struct str key, uint64_t v)
{
	struct buf b = BUF(out);
	char room[UINT_ROOM];
	uint64_t part;
	int lines = 0;

	buf_text(&b, TEXT("% %\n", key, uint_text(room, v)));
	MUST(cgfile_key(cut(text), key, &part) <= 0 || part == v);
	for (; text.n > 0; text = str_slice(text, str_find(text, '\n', 0) + 1, text.n))
		lines += str_starts(text, buf_str(&b));
	MUST(b.full || lines == 1);
}

static void
check_key(struct str text)
{
	struct str first = str_slice(text, 0, str_find(text, ' ', 0));
	uint64_t v;
	int found = cgfile_key(text, first, &v);

	MUST(found != 0 || text.n == 0);
	if (found > 0)
		check_key_is(text, first, v);
	if (cgfile_key(text, S("oom_kill"), &v) > 0)
		check_key_is(text, S("oom_kill"), v);
}

static void
check_pairs(struct str pairs)
{
	struct str rest = pairs, key, value, got;
	int r;

	while ((r = cgfile_pair(&rest, &key, &value)) > 0) {
		MUST(lies_within(key, pairs) && lies_within(value, pairs));
		MUST(key.n > 0 && value.n > 0 && key.p + key.n + 1 == value.p);
		MUST(key.p[key.n] == '=' && str_find(key, '=', 0) == key.n);
		r = cgfile_member(pairs, key, &got);
		MUST(r < 0 || (r == 1 && got.p == value.p && got.n == value.n));
	}
	MUST(r < 0 || only(rest, " \n"));
}

/* A line of a text, and of its beginning: the same, or that one ends there. */
static void
check_line_cut(struct str *part, struct str key, struct str pairs)
{
	struct str k, p;

	if (part->p == NULL)
		return;
	if (cgfile_line(part, &k, &p) <= 0) {
		part->p = NULL;
		return;
	}
	MUST(k.p == key.p && k.n == key.n);
	if (p.n == pairs.n) {
		MUST(p.n == 0 || p.p == pairs.p);
		return;
	}
	/* figures that were cut off leave a key alone, at the end */
	MUST(p.n == 0 && cgfile_line(part, &k, &p) <= 0);
	part->p = NULL;
}

static void
check_lines(struct str text)
{
	struct str rest = text, part = cut(text), before, key, pairs;
	int r;

	while (before = rest, (r = cgfile_line(&rest, &key, &pairs)) > 0) {
		size_t used = before.n - rest.n, at = (size_t)(pairs.p - before.p);

		MUST(key.p == before.p && key.n > 0 && lies_within(pairs, before));
		MUST(str_find(key, ' ', 0) == key.n && str_find(key, '=', 0) == key.n);
		MUST(only(str_slice(before, key.n, at), " "));
		if (pairs.n > 0)
			MUST(at + pairs.n + 1 == used && before.p[used - 1] == '\n');
		else
			MUST(used > key.n && only(str_slice(before, key.n, used - 1), " ") &&
			     only(str_slice(before, used - 1, used), " \n"));
		MUST(str_find(str_slice(before, 0, used), '\0', 0) == used);
		check_pairs(pairs);
		check_line_cut(&part, key, pairs);
	}
	MUST(r < 0 || rest.n == 0);
}

static void
check_device(struct str text)
{
	struct buf b = BUF(out);
	uint32_t major, minor;

	if (cgfile_device(text, &major, &minor) < 0)
		return;
	buf_uint(&b, major);
	buf_char(&b, ':');
	buf_uint(&b, minor);
	MUST(str_eq(buf_str(&b), text));
}

static void
check_pids(struct str text)
{
	struct str before;
	int pid, r;

	while (before = text, (r = cgfile_pid(&text, &pid)) > 0) {
		struct buf b = BUF(out);

		buf_int(&b, pid);
		buf_char(&b, '\n');
		MUST(pid >= 0 && b.n == before.n - text.n && str_starts(before, buf_str(&b)));
	}
	MUST(r < 0 || text.n == 0);
}

static void
put_stalls(struct buf *b, const char *key, uint32_t avg, uint64_t total)
{
	buf_cstr(b, key);
	buf_cstr(b, " avg10=");
	buf_uint(b, avg / 100);
	buf_cstr(b, avg % 100 < 10 ? ".0" : ".");
	buf_uint(b, avg % 100);
	buf_cstr(b, " total=");
	buf_uint(b, total);
	buf_char(b, '\n');
}

static void
check_pressure(struct str text)
{
	struct pressure p = { 0 }, q = { 0 };
	struct buf b = BUF(out);

	if (cgfile_pressure(text, &p) < 0)
		return;
	if (cgfile_pressure(cut(text), &q) == 0)
		MUST(q.some_avg10 == p.some_avg10 && q.some_total == p.some_total &&
		     q.full_avg10 == 0 && q.full_total == 0);
	put_stalls(&b, "some", p.some_avg10, p.some_total);
	put_stalls(&b, "full", p.full_avg10, p.full_total);
	MUST(cgfile_pressure(buf_str(&b), &q) == 0 && memcmp(&p, &q, sizeof(p)) == 0);
}

static void
check_controllers(struct str text)
{
	struct cgcontroller c;
	struct str before;
	int r;

	while (before = text, (r = cgfile_controller(&text, &c)) > 0) {
		struct buf b = BUF(out);
		char h[UINT_ROOM], g[UINT_ROOM];

		buf_text(&b, TEXT("%\t%\t%\t%\n", c.name, uint_text(h, c.hierarchy),
				 uint_text(g, c.groups), c.enabled ? S("1") : S("0")));
		before.n -= text.n;
		MUST(b.full || str_ends(before, buf_str(&b)));
		before.n -= b.n;
		MUST(before.n == 0 || (before.p[0] == '#' && str_ends(before, S("\n"))));
	}
	MUST(r < 0 || text.n == 0);
}

static void
check_netdevs(struct str text)
{
	struct str before;
	struct netdev d, e;
	int r;

	while (before = text, (r = cgfile_netdev(&text, &d)) > 0) {
		struct buf b = BUF(out);
		char v[4][UINT_ROOM];
		struct str again;

		before.n -= text.n;
		MUST(d.name.n > 0 && lies_within(d.name, before) && str_ends(before, S("\n")));
		MUST(str_find(d.name, ' ', 0) == d.name.n && d.name.p[d.name.n] == ':');
		buf_text(&b, TEXT("%:% % 0 0 0 0 0 0 % % 0 0 0 0 0 0\n", d.name,
				 uint_text(v[0], d.rx_bytes), uint_text(v[1], d.rx_packets),
				 uint_text(v[2], d.tx_bytes), uint_text(v[3], d.tx_packets)));
		again = buf_str(&b);
		MUST(cgfile_netdev(&again, &e) == 1 && again.n == 0 && str_eq(d.name, e.name));
		MUST(d.rx_bytes == e.rx_bytes && d.rx_packets == e.rx_packets);
		MUST(d.tx_bytes == e.tx_bytes && d.tx_packets == e.tx_packets);
	}
	MUST(r < 0 || text.n == 0);
}

static void
check_procstat(struct str text)
{
	struct procstat p, q;
	struct buf b = BUF(out);
	char v[6][UINT_ROOM];

	if (cgfile_procstat(text, &p) < 0)
		return;
	MUST(p.pid >= 0 && p.parent >= 0 && lies_within(p.name, text));
	MUST(cgfile_procstat(cut(text), &q) < 0 && str_find(text, '\0', 0) == text.n);
	buf_text(&b, TEXT("% (%)", uint_text(v[0], (uint64_t)p.pid), p.name));
	MUST(str_starts(text, buf_str(&b)));
	buf_text(&b,
	    TEXT(" % % 5 6 7 -8 9 10 11 12 13 % % 16 17 18 19 20 21 %",
		((struct str){ &p.state, 1 }), uint_text(v[1], (uint64_t)p.parent),
		uint_text(v[2], p.utime), uint_text(v[3], p.stime), uint_text(v[4], p.start)));
	buf_text(&b, TEXT(" 23 % 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 "
			  "47 48 49 50 51 52\n",
			 uint_text(v[5], p.rss)));
	MUST(cgfile_procstat(buf_str(&b), &q) == 0 && str_eq(p.name, q.name));
	MUST(p.pid == q.pid && p.parent == q.parent && p.state == q.state);
	MUST(p.utime == q.utime && p.stime == q.stime && p.start == q.start && p.rss == q.rss);
}

/* Pairs that are there twice, and lists of numbers, may be the same in other words. */
static bool
in_one_way(struct str line)
{
	struct str rest = line, word;

	while ((word = cgfile_word(&rest)).n > 0)
		if (str_find(word, '=', 0) < word.n && cgfile_has(rest, word))
			return false;
	return str_find(line, ',', 0) == line.n;
}

/* What was written is taken when it is read back, and not with another digit. */
static void
check_took(struct str text)
{
	struct str line = str_slice(text, 0, str_find(text, '\n', 0));
	struct str read = str_slice(text, line.n + 1, text.n), word;
	size_t digit = line.n;

	if (text.n > 512)
		return;
	MUST(cgfile_took(line, line, 0) && cgfile_took(line, line, 4096));
	if (cgfile_took(line, read, 0) && in_one_way(line) && str_find(line, '-', 0) == line.n)
		for (struct str rest = line; (word = cgfile_word(&rest)).n > 0;)
			MUST(cgfile_has(read, word) || str_find(read, '-', 0) < read.n ||
			     str_find(read, ',', 0) < read.n);
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] >= '0' && line.p[i] <= '9')
			digit = i;
	if (digit == line.n || !in_one_way(line))
		return;
	memcpy(out, line.p, line.n);
	out[digit] = (char)('0' + (line.p[digit] - '0' + 1) % 10);
	MUST(!cgfile_took(line, (struct str){ out, line.n }, 0));
	MUST(!in_one_way((struct str){ out, line.n }) ||
	     !cgfile_took((struct str){ out, line.n }, line, 0));
}

/* Of a number the kernel keeps whole pages. */
static void
check_pages(struct str text)
{
	struct buf b = BUF(out);
	uint64_t v;
	size_t n;

	if (cgfile_value(text, &v) < 0 || v == UINT64_MAX)
		return;
	buf_uint(&b, v);
	n = b.n;
	buf_uint(&b, v / 4096 * 4096);
	MUST(cgfile_took((struct str){ out, n }, str_slice(buf_str(&b), n, b.n), 4096) ==
	     (v < (uint64_t)INT64_MAX / 4096 * 4096 || v % 4096 == 0));
	MUST(cgfile_took((struct str){ out, n }, S("max\n"), 4096) ==
	     (v >= (uint64_t)INT64_MAX / 4096 * 4096));
	b.n = n;
	buf_uint(&b, v / 4096 * 4096 + 4096);
	MUST(v > UINT64_MAX - 8192 ||
	     !cgfile_took((struct str){ out, n }, str_slice(buf_str(&b), n, b.n), 4096));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };

	if (n > 4 << 10)
		return 0;
	check_words(text);
	check_value(text);
	check_key(text);
	check_lines(text);
	check_device(text);
	check_pids(text);
	check_pressure(text);
	check_controllers(text);
	check_netdevs(text);
	check_procstat(text);
	check_took(text);
	check_pages(text);
	return 0;
}
