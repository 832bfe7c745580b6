#include <string.h>

#include "spec/callenum.h"
#include "spec/calls.h"

/* One run of bytes: a group begins with the width of its values, and constants follow: the length
 * of the name, which is larger than any width, the name, the value. Zero ends it. */
enum { MINUS = 3, WIDTH_MAX = 4 };

/* clang-format off */
#define DIFF(name, archs, value)
#define USE(call, arg, group)

#define GROUP(id, width) uint8_t begin_##id;
#define C1(name, value) NAMED(name, 1)
#define C2(name, value) NAMED(name, 2)
#define C4(name, value) NAMED(name, 4)
#define NAMED(name, width) \
	uint8_t n_##name; char at_##name[sizeof(#name) - 1]; uint8_t v_##name[width];
#define M1(name, value) C1(name, value)
struct table {
#include "spec/constrows.h"
	uint8_t end;
};
#undef GROUP
#undef C1
#undef C2
#undef C4

#define BYTE(value, i) ((value) >> 8 * (i) & 0xff)
#define GROUP(id, width) width,
#define C1(name, value) sizeof(#name) - 1, #name, { value },
#define C2(name, value) sizeof(#name) - 1, #name, { BYTE(value, 0), BYTE(value, 1) },
#define C4(name, value) sizeof(#name) - 1, #name, \
	{ BYTE(value, 0), BYTE(value, 1), BYTE(value, 2), BYTE(value, 3) },
static const struct table table = {
#include "spec/constrows.h"
	0
};
#undef GROUP
#undef C1
#undef C2
#undef C4

#define C1(name, value)
#define C2(name, value)
#define C4(name, value)
#define GROUP(id, width) GROUP_##id,
enum {
#include "spec/constrows.h"
	GROUPS
};
#undef GROUP

#define GROUP(id, width)
#undef DIFF
#define DIFF(name, archs, value) { offsetof(struct table, at_##name), archs, value },
enum {
	I386 = 1 << ARCH_I386,
	AARCH64 = 1 << ARCH_AARCH64,
	ARM = 1 << ARCH_ARM,
	PPC64LE = 1 << ARCH_PPC64LE
};
static const struct {
	uint16_t at;
	uint8_t archs;
	uint32_t value;
} diffs[] = {
#include "spec/constrows.h"
};
#undef DIFF

#define DIFF(name, archs, value) | (archs)
enum {
	DIFFERENT = 0
#include "spec/constrows.h"
};
#undef DIFF

#define DIFF(name, archs, value)
#undef USE
#define USE(call, arg, group) { NR_##call, arg, GROUP_##group },
static const struct {
	uint16_t call;
	uint8_t arg, group;
} uses[] = {
#include "spec/constrows.h"
};

#undef USE
#define USE(call, arg, group)
#undef GROUP
#define GROUP(id, width) offsetof(struct table, begin_##id),
static const uint16_t groups[GROUPS] = {
#include "spec/constrows.h"
};

#undef GROUP
#undef C1
#undef C2
#undef C4
#define GROUP(id, width)
#define C1(name, value) && (sizeof(#name) - 1 > WIDTH_MAX)
#define C2(name, value) C1(name, value)
#define C4(name, value) C1(name, value)
enum { LONG_ENOUGH = 1
#include "spec/constrows.h"
};
/* clang-format on */

_Static_assert(LONG_ENOUGH, "a length is no width");
_Static_assert(_Alignof(struct table) == 1, "a run of bytes has no holes");
_Static_assert(sizeof(struct table) <= UINT16_MAX, "offsets have 16 bits");

struct constant {
	struct str name;
	uint64_t value;
};

/* The one at *at, of a group of this width; false where the group ends. */
static bool
next(size_t *at, unsigned width, struct constant *c)
{
	const uint8_t *run = (const uint8_t *)&table;
	unsigned n = width == MINUS ? 1 : width;

	if (run[*at] <= WIDTH_MAX)
		return false;
	c->name = (struct str){ (const char *)run + *at + 1, run[*at] };
	*at += c->name.n + 1;
	c->value = 0;
	for (unsigned i = 0; i < n; i++)
		c->value |= (uint64_t)run[(*at)++] << 8 * i;
	if (width == MINUS)
		c->value = 0 - c->value;
	return true;
}

static uint64_t
value_on(const struct constant *c, enum arch arch)
{
	size_t at = (size_t)(c->name.p - (const char *)&table);

	for (size_t i = 0; (DIFFERENT >> arch & 1) != 0 && i < COUNT(diffs); i++)
		if (diffs[i].at == at && (diffs[i].archs >> arch & 1) != 0)
			return diffs[i].value;
	return c->value;
}

/* Of the same length, with the same last letters, are few. */
int
constant_find(struct str name, enum arch arch, uint64_t *value)
{
	const uint8_t *run = (const uint8_t *)&table;
	struct constant c;

	for (size_t i = 0; i < COUNT(groups) && name.n > WIDTH_MAX; i++) {
		size_t at = groups[i];
		unsigned width = run[at++], n;

		if (run[at + 1] != (uint8_t)name.p[0] || run[at + 2] != (uint8_t)name.p[1])
			continue;
		for (; (n = run[at]) > WIDTH_MAX; at += n + 1 + (width == MINUS ? 1 : width)) {
			if (n != name.n || run[at + n] != (uint8_t)name.p[n - 1] ||
			    memcmp(run + at + 1, name.p, n) != 0)
				continue;
			(void)next(&at, width, &c);
			*value = value_on(&c, arch);
			return 0;
		}
	}
	return -1;
}

bool
constant_differs(struct str name)
{
	for (size_t i = 0; i < COUNT(diffs); i++) {
		const uint8_t *at = (const uint8_t *)&table + diffs[i].at;

		if (at[-1] == name.n && memcmp(at, name.p, name.n) == 0)
			return true;
	}
	return false;
}

/* From one group; empty where there is none. An int may come with or without its sign. */
static struct str
name_in(size_t at, enum arch arch, uint64_t value, bool low)
{
	uint64_t mask = low ? UINT32_MAX : UINT64_MAX;
	unsigned width = ((const uint8_t *)&table)[at++];
	struct constant c;

	while (next(&at, width, &c))
		if (((value_on(&c, arch) ^ value) & mask) == 0)
			return c.name;
	return (struct str){ NULL, 0 };
}

struct str
constant_name(unsigned call, enum arch arch, size_t arg, uint64_t value)
{
	struct str name = { NULL, 0 };
	enum width width = call_arg_width(call, arch, arg);
	bool low = width == WIDTH_INT || width == WIDTH_UINT || !arch_wide(arch);
	int place;

	/* a rule may test what the call does not take */
	if (arg >= call_args(call, arch))
		return name;
	place = call_arg_find(call, ARCH_X86_64, call_arg_name(call, arch, arg));
	for (size_t i = 0; i < COUNT(uses) && name.n == 0; i++)
		if (uses[i].call == call && uses[i].arg == place)
			name = name_in(groups[uses[i].group], arch, value, low);
	return name;
}

struct str
constant_suggest(struct str wrong)
{
	struct str best = { NULL, 0 };
	/* of a short name every other short one is near */
	size_t least = wrong.n >= 4 ? 3 : wrong.n / 2 + 1, d;
	struct constant c;

	for (size_t i = 0; i < COUNT(groups); i++) {
		size_t at = groups[i];
		unsigned width = ((const uint8_t *)&table)[at++];

		while (next(&at, width, &c)) {
			d = str_distance(c.name, wrong, least);
			if (d < least) {
				least = d;
				best = c.name;
			}
		}
	}
	return best;
}
