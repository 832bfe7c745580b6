/* Devices: what they carry at most, and which may be opened. */
#include "spec/limitsread.h"

#include "base/num.h"

/* include/linux/kdev_t.h: 12 bits and 20 */
enum { MAJOR_MAX = (1 << 12) - 1, MINOR_MAX = (1 << 20) - 1 };
/* the kernel has 32 bits for them, and the last number is "max" */
#define OPERATIONS_MAX (UINT32_MAX - 1)

static size_t
last(struct str s, char ch)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != ch)
		i--;
	return i > 0 ? i - 1 : s.n;
}

static bool
device_number(struct str text, uint32_t most, bool any, uint32_t *out)
{
	uint64_t n = DEVICE_ANY;

	if (!(any && str_eq(text, S("*"))) && (num_uint(text, &n) < 0 || n > most))
		return false;
	*out = (uint32_t)n;
	return true;
}

/* MAJ:MIN */
static bool
device_numbers(struct str text, bool any, uint32_t *major, uint32_t *minor)
{
	size_t colon = str_find(text, ':', 0);

	return device_number(str_slice(text, 0, colon), MAJOR_MAX, any, major) &&
	       device_number(str_slice(text, colon + 1, text.n), MINOR_MAX, any, minor);
}

static int
io_value(struct field_ctx *c, const struct field *f, struct io_limit *l, struct str pair)
{
	uint64_t *const at[] = { &l->rbps, &l->wbps, &l->riops, &l->wiops };
	size_t equals = str_find(pair, '=', 0), i = 0;
	struct str name = str_slice(pair, 0, equals), text = str_slice(pair, equals + 1, pair.n);
	uint64_t v;

	while (i < COUNT(at) && !str_eq(word_at("rbps|wbps|riops|wiops", i), name))
		i++;
	if (i == COUNT(at))
		return field_fault(c, f,
		    TEXT("unknown limit \"%\" (rbps, wbps, riops, wiops)", name));
	if (*at[i] != UINT64_MAX)
		return limits_repeated(c, f, name);
	if (i < 2 && (num_size(text, &v) < 0 || v < 1 || v > LIMITS_BYTES_MAX))
		return field_quoted(c, f, pair, S(": bytes a second are due, such as rbps=1M"));
	if (i >= 2 && (num_uint(text, &v) < 0 || v < 1 || v > OPERATIONS_MAX))
		return field_quoted(c, f, pair,
		    S(": operations a second are due, such as riops=100"));
	*at[i] = v;
	return 0;
}

static int
io_device(struct field_ctx *c, const struct field *f, struct io_limit *l, struct str text)
{
	l->known = device_numbers(text, false, &l->major, &l->minor);
	if (l->known)
		return 0;
	/* so that nothing of half a number stays */
	l->major = l->minor = 0;
	if (text.n > 0 && text.p[0] == '/')
		return field_path(c, f, text, &l->path);
	return field_quoted(c, f, text, S(" is no device; an absolute path or MAJ:MIN is due"));
}

int
limits_read_io(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct limits *limits = target;
	struct io_limit *l;
	size_t colon = last(a, ':'), n = 0;

	(void)b;
	for (l = limits->io; l != NULL; l = l->next)
		n++;
	l = limits_another(c, f, n, sizeof(*l));
	if (l == NULL)
		return -1;
	*l = (struct io_limit){ .rbps = UINT64_MAX,
		.wbps = UINT64_MAX,
		.riops = UINT64_MAX,
		.wiops = UINT64_MAX,
		.pos = c->pos };
	if (colon == a.n)
		return field_quoted(c, f, a, S(": DEVICE:rbps=N,wbps=N,riops=N,wiops=N is due"));
	if (io_device(c, f, l, str_slice(a, 0, colon)) < 0)
		return -1;
	for (size_t at = colon + 1, end; at <= a.n; at = end + 1) {
		end = str_find(a, ',', at);
		if (io_value(c, f, l, str_slice(a, at, end)) < 0)
			return -1;
	}
	for (const struct io_limit *o = limits->io; o != NULL; o = o->next)
		if (o->known == l->known && str_eq(o->path, l->path) && o->major == l->major &&
		    o->minor == l->minor)
			return limits_repeated(c, f, str_slice(a, 0, colon));
	if (limits->io_last == NULL)
		limits->io_last = &limits->io;
	*limits->io_last = l;
	limits->io_last = &l->next;
	return 0;
}

/* Bits of the letters, each once; 0 when it is something else. */
static uint8_t
access_of(struct str text)
{
	static const struct str letters = { "mrw", 3 };
	unsigned bits = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned bit = 1u << str_find(letters, text.p[i], 0);

		if (bit > DEVICE_WRITE || (bits & bit) != 0)
			return 0;
		bits |= bit;
	}
	return (uint8_t)bits;
}

static bool
only_letters(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] | 0x20) < 'a' || (s.p[i] | 0x20) > 'z')
			return false;
	return true;
}

static int
device(struct field_ctx *c, const struct field *f, struct device_rule *d, struct str text)
{
	size_t colon = last(text, ':');
	struct str tail = str_slice(text, colon + 1, text.n);

	d->access = DEVICE_MKNOD | DEVICE_READ | DEVICE_WRITE;
	d->major = d->minor = DEVICE_ANY;
	/* a path may have colons of its own, and then more than letters behind them */
	if (colon < text.n && only_letters(tail)) {
		d->access = access_of(tail);
		if (d->access == 0)
			return field_quoted(c, f, tail,
			    S(" is no access; r, w and m, each once, are due"));
		text = str_slice(text, 0, colon);
	}
	if (text.n > 0 && text.p[0] == '/') {
		d->major = d->minor = 0;
		return field_path(c, f, text, &d->path);
	}
	if (text.n > 0 && str_find(S("abc"), text.p[0], 0) < 3) {
		d->known = str_eq(text, S("a")) || (text.n > 2 && text.p[1] == ':' &&
						       device_numbers(str_slice(text, 2, text.n),
							   true, &d->major, &d->minor));
		d->type = text.p[0];
	}
	return d->known
		 ? 0
		 : field_quoted(c, f, text,
		       S(" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a is due"));
}

int
limits_read_device(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	struct limits *limits = target;
	struct device_rule *d;
	size_t n = 0;

	(void)b;
	for (d = limits->devices; d != NULL; d = d->next)
		n++;
	d = limits_another(c, f, n, sizeof(*d));
	if (d == NULL || device(c, f, d, a) < 0)
		return -1;
	d->pos = c->pos;
	for (const struct device_rule *o = limits->devices; o != NULL; o = o->next)
		if (o->type == d->type && str_eq(o->path, d->path) && o->major == d->major &&
		    o->minor == d->minor)
			return limits_repeated(c, f, a);
	if (limits->devices_last == NULL)
		limits->devices_last = &limits->devices;
	*limits->devices_last = d;
	limits->devices_last = &d->next;
	return 0;
}
