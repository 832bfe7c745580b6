#include "text/bars.h"

#include "base/utf8.h"

/* ---- what the terminal shows ----------------------------------------------------------------- */

static bool
same_letter(char a, char b)
{
	return a == b || (b >= 'a' && b <= 'z' && a == b - 'a' + 'A');
}

/* "C.UTF-8", "de_DE.utf8@euro": what stands behind the point, as both are written. */
static bool
charset_at(struct str s)
{
	static const char name[] = "utf8";
	size_t at = 0;

	for (size_t i = 0; at < 4 && i < s.n; i++) {
		if (s.p[i] == '-' && at == 3)
			continue;
		if (!same_letter(s.p[i], name[at]))
			return false;
		at++;
	}
	return at == 4;
}

bool
bars_utf8(struct str lc_all, struct str lc_ctype, struct str lang)
{
	struct str s = lc_all.n > 0 ? lc_all : lc_ctype.n > 0 ? lc_ctype : lang;

	return charset_at(str_slice(s, str_find(s, '.', 0) + 1, s.n));
}

/* ---- bars ------------------------------------------------------------------------------------ */

unsigned
bar_share(uint64_t value, uint64_t most, unsigned steps)
{
	unsigned n;

	if (value == 0 || most == 0)
		return 0;
	if (value >= most)
		return steps;
	/* so that the product fits; what is lost is less than a step */
	while (most >> 40 != 0) {
		most >>= 1;
		value >>= 1;
	}
	n = (unsigned)((value * steps + most / 2) / most);
	return n == 0 ? 1 : n;
}

/* A block of that many eighths: to the left (U+2588 full .. U+258F), or from below (U+2581 ..
 * U+2588). */
static void
block(struct buf *b, unsigned eighths, bool left)
{
	char text[4];
	uint32_t cp = left ? 0x2590 - eighths : 0x2580 + eighths;

	buf_put(b, (struct str){ text, utf8_encode(cp, text) });
}

void
bar_put(struct buf *b, uint64_t value, uint64_t most, size_t cells, bool ascii)
{
	unsigned each = ascii ? 1 : 8, share = bar_share(value, most, (unsigned)cells * each);

	for (size_t i = 0; i < cells; i++) {
		unsigned here = share < each ? share : each;

		share -= here;
		if (here == 0)
			buf_char(b, ' ');
		else if (ascii)
			buf_char(b, '=');
		else
			block(b, here, true);
	}
}

void
spark_put(struct buf *b, const uint32_t *ring, size_t n, size_t from, uint64_t most, bool ascii)
{
	static const char marks[] = " .,:-=+*#";

	for (size_t i = 0; i < n; i++) {
		unsigned share = bar_share(ring[(from + i) % n], most, 8);

		if (share == 0 || ascii)
			buf_char(b, marks[share]);
		else
			block(b, share, false);
	}
}

/* ---- columns --------------------------------------------------------------------------------- */

void
blank_put(struct buf *b, size_t cells)
{
	while (cells-- > 0)
		buf_char(b, ' ');
}

/* Cells of a character: marks that lie on the one before take none, those of East Asia and pictures
 * two (Unicode, EastAsianWidth.txt; what is rare is taken for its neighbours). */
static size_t
cells_of(uint32_t cp)
{
	static const struct {
		uint32_t from, to, cells;
	} rows[] = {
		{ 0x300, 0x36f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x1ab0, 0x1aff, 0 },
		{ 0x1dc0, 0x1dff, 0 },
		{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0x303e, 2 },
		{ 0x3041, 0xa4cf, 2 },
		{ 0xa960, 0xa97f, 2 },
		{ 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 },
		{ 0xfe20, 0xfe2f, 0 },
		{ 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 },
		{ 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (cp >= rows[i].from && cp <= rows[i].to)
			return rows[i].cells;
	return 1;
}

enum { ESCAPE = 4 }; /* cells of \xNN */

/* What the front of the text takes: so many bytes of it, and so many cells; escaped: it is one
 * byte, shown as such. */
static size_t
character(struct str s, bool ascii, size_t *cells, bool *escaped)
{
	uint32_t cp;
	size_t n = utf8_next(s, &cp);

	*escaped = n == 0 || cp == '\\' || !utf8_printable(cp) || (ascii && cp >= 0x80);
	*cells = *escaped ? ESCAPE : cells_of(cp);
	return *escaped ? 1 : n;
}

size_t
cell_width(struct str s, bool ascii)
{
	bool escaped;
	size_t cells = 0, one;

	for (size_t at = 0; at < s.n; cells += one)
		at += character(str_slice(s, at, s.n), ascii, &one, &escaped);
	return cells;
}

static void
put_character(struct buf *b, struct str s, bool escaped)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c;

	if (!escaped) {
		buf_put(b, s);
		return;
	}
	c = (unsigned char)s.p[0];
	buf_put(b, (struct str){ (char[4]){ '\\', 'x', hex[c >> 4], hex[c & 15] }, 4 });
}

void
cell_put(struct buf *b, struct str text, size_t cells, bool right, bool ascii)
{
	size_t all = cell_width(text, ascii), one;
	bool cut = all > cells, escaped;

	if (right && !cut)
		blank_put(b, cells - all);
	/* the last cell is the mark's */
	for (size_t at = 0, n; at < text.n && cells >= cut; at += n, cells -= one) {
		n = character(str_slice(text, at, text.n), ascii, &one, &escaped);
		if (one > cells - cut)
			break;
		put_character(b, str_slice(text, at, at + n), escaped);
	}
	if (cut && cells > 0) {
		buf_cstr(b, ascii ? "~" : "\xe2\x80\xa6"); /* U+2026 */
		cells--;
	}
	if (!right || cut)
		blank_put(b, cells);
}

/* ---- numbers --------------------------------------------------------------------------------- */

void
short_bytes(struct buf *b, uint64_t v)
{
	static const char suffix[] = "KMGTPE";
	unsigned unit = 0;
	uint64_t rest = 0;

	for (; v >> 10 != 0; unit++) {
		rest = v & 1023;
		v >>= 10;
	}
	buf_uint(b, v);
	if (unit == 0)
		return;
	if (v < 10) {
		buf_char(b, '.');
		buf_uint(b, rest * 10 / 1024);
	}
	buf_char(b, suffix[unit - 1]);
}

void
short_percent(struct buf *b, uint64_t ppm)
{
	buf_uint(b, ppm / 10000);
	if (ppm < 1000000) {
		buf_char(b, '.');
		buf_uint(b, ppm / 1000 % 10);
	}
	buf_char(b, '%');
}

void
short_seconds(struct buf *b, uint64_t us)
{
	uint64_t ms = us / 1000;

	buf_uint(b, ms / 1000);
	buf_char(b, '.');
	buf_uint(b, ms / 100 % 10);
	buf_uint(b, ms / 10 % 10);
	buf_uint(b, ms % 10);
	buf_char(b, 's');
}
