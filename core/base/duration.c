#include <string.h>

#include "base/num.h"

static const struct unit {
	char name[4];
	uint32_t ms;
} units[] = {
	{ "d", 86400000 },
	{ "h", 3600000 },
	{ "m", 60000 },
	{ "s", 1000 },
	{ "ms", 1 },
};

/*
 * A fraction is only accepted when it makes whole milliseconds. The longest unit is 2^10 * 3^3 *
 * 5^5 of them, so a fraction without trailing zeros that has more than ten digits never does; ten
 * digits of a day still fit into 64 bits.
 */
enum { FRACTION_DIGITS = 10 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at the front, leading zeros and all (1h05m); -1 on overflow or when there are none. */
static int
read_digits(struct str s, size_t *used, uint64_t *out)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && is_digit(s.p[i]); i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (unsigned)(s.p[i] - '0'), &v))
			return -1;
	*used = i;
	*out = v;
	return i > 0 ? 0 : -1;
}

/* Milliseconds of 0.DIGITS units. */
static int
fraction_ms(struct str digits, uint32_t unit, uint64_t *out)
{
	uint64_t part, one = 1;
	size_t used;

	while (digits.n > 1 && digits.p[digits.n - 1] == '0')
		digits.n--;
	if (digits.n > FRACTION_DIGITS || read_digits(digits, &used, &part) < 0)
		return -1;
	for (size_t i = 0; i < digits.n; i++)
		one *= 10;
	if (part * unit % one != 0)
		return -1;
	*out = part * unit / one;
	return 0;
}

/* The unit at or after *from whose name is all that stands before the next digit, or NULL. */
static const struct unit *
read_unit(struct str s, size_t *from)
{
	size_t n = 0;

	while (n < s.n && !is_digit(s.p[n]))
		n++;
	for (size_t i = *from; i < COUNT(units); i++) {
		if (str_eq(str_slice(s, 0, n), str_of(units[i].name))) {
			*from = i + 1;
			return &units[i];
		}
	}
	return NULL;
}

/* One number with its unit, off the front of *s. */
static int
read_term(struct str *s, size_t *from, uint64_t *ms)
{
	struct str fraction = { NULL, 0 };
	const struct unit *unit;
	uint64_t part = 0;
	size_t used;

	if (read_digits(*s, &used, ms) < 0)
		return -1;
	*s = str_slice(*s, used, s->n);
	if (s->n > 0 && s->p[0] == '.') {
		for (used = 1; used < s->n && is_digit(s->p[used]); used++)
			continue;
		fraction = str_slice(*s, 1, used);
		if (fraction.n == 0)
			return -1;
		*s = str_slice(*s, used, s->n);
	}
	unit = read_unit(*s, from);
	if (unit == NULL)
		return -1;
	*s = str_slice(*s, strlen(unit->name), s->n);
	if (fraction.n > 0 && (s->n > 0 || fraction_ms(fraction, unit->ms, &part) < 0))
		return -1;
	if (__builtin_mul_overflow(*ms, unit->ms, ms) || __builtin_add_overflow(*ms, part, ms))
		return -1;
	return 0;
}

int
num_duration(struct str s, uint64_t *out)
{
	uint64_t sum = 0, term;
	size_t from = 0;

	if (s.n == 0)
		return -1;
	if (str_eq(s, S("0"))) {
		*out = 0;
		return 0;
	}
	while (s.n > 0)
		if (read_term(&s, &from, &term) < 0 || __builtin_add_overflow(sum, term, &sum))
			return -1;
	*out = sum;
	return 0;
}

void
num_put_duration(struct buf *b, uint64_t ms)
{
	char text[24];
	struct buf t = BUF(text);
	size_t unit = 0;

	while (ms > 0 && ms % units[unit].ms != 0)
		unit++;
	buf_uint(&t, ms / units[unit].ms);
	if (ms > 0)
		buf_put(&t, str_of(units[unit].name));
	buf_put(b, buf_str(&t));
}

const struct num_unit num_of_ms = { num_duration, num_put_duration,
	" is no duration; 500ms, 30s, 5m or 1h30m is due", 0 };

void
num_put_us(struct buf *b, uint64_t us)
{
	buf_uint(b, us / 1000);
	buf_char(b, '.');
	buf_uint(b, us / 100 % 10);
	buf_cstr(b, " ms");
}
