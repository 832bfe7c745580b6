#include "spec/callenum.h"
#include "spec/calls.h"

/* A list of arguments is two bytes, with two bits of width for each from bit 0 on and their number
 * from bit 12 on; then a byte for each argument's name. */
enum { I = WIDTH_INT, U = WIDTH_UINT, L = WIDTH_LONG, P = WIDTH_POINTER, NUMBER_AT = 12 };

/* clang-format off */
#define NAME(name)
#define OTHER(call, list, archs)
#define ARGS0(id) LIST(id, 0, 0, )
#define ARGS1(id, v, a) LIST(id, 1, (v), N(a))
#define ARGS2(id, v, a, w, b) LIST(id, 2, (v) | (w) << 2, N(a) N(b))
#define ARGS3(id, v, a, w, b, x, c) LIST(id, 3, (v) | (w) << 2 | (x) << 4, N(a) N(b) N(c))
#define ARGS4(id, v, a, w, b, x, c, y, d) \
	LIST(id, 4, (v) | (w) << 2 | (x) << 4 | (y) << 6, N(a) N(b) N(c) N(d))
#define ARGS5(id, v, a, w, b, x, c, y, d, z, e) \
	LIST(id, 5, (v) | (w) << 2 | (x) << 4 | (y) << 6 | (z) << 8, N(a) N(b) N(c) N(d) N(e))
#define ARGS6(id, u, a, v, b, w, c, x, d, y, e, z, f) \
	LIST(id, 6, (u) | (v) << 2 | (w) << 4 | (x) << 6 | (y) << 8 | (z) << 10, \
	    N(a) N(b) N(c) N(d) N(e) N(f))

#define LIST(id, n, widths, names) unsigned char at_##id[2 + (n)];
struct lists {
#include "spec/argrows.h"
};
#undef LIST

#undef NAME
#define NAME(name) ARG_##name,
#define LIST(id, n, widths, names)
enum {
	ARG_HALF,
#include "spec/argrows.h"
	ARG_NAMES
};
#undef LIST

/* As in calls.c; the first is that of halves, which have none. */
#undef NAME
#define NAME(name) char at_##name[sizeof(#name)];
#define LIST(id, n, widths, names)
struct names {
	char half[1];
#include "spec/argrows.h"
};

#undef NAME
#define NAME(name) #name,
static const struct names names = { "",
#include "spec/argrows.h"
};

#undef NAME
#define NAME(name) offsetof(struct names, at_##name),
static const uint16_t name_at[] = { 0,
#include "spec/argrows.h"
	sizeof(struct names)
};
#undef LIST

#undef NAME
#define NAME(name)
#define N(name) ARG_##name,
#define LIST(id, n, widths, names) ((widths) & 0xff), ((n) << NUMBER_AT | (widths)) >> 8, names
static const uint8_t lists[] = {
#include "spec/argrows.h"
};
#undef LIST

#undef OTHER
#define OTHER(call, list, archs) { NR_##call, offsetof(struct lists, at_##list), archs },
#define LIST(id, n, widths, names)
enum {
	I386 = 1 << ARCH_I386,
	AARCH64 = 1 << ARCH_AARCH64,
	ARM = 1 << ARCH_ARM,
	RISCV64 = 1 << ARCH_RISCV64,
	PPC64LE = 1 << ARCH_PPC64LE,
	S390X = 1 << ARCH_S390X
};
static const struct {
	uint16_t call, list;
	uint8_t archs;
} others[] = {
#include "spec/argrows.h"
};

#undef OTHER
#define OTHER(call, list, archs) | (archs)
enum {
	DIFFERENT = 0
#include "spec/argrows.h"
};

#define CALL(name, args, ...) offsetof(struct lists, at_##args),
static const uint16_t list_at[] = {
#include "spec/callrows.h"
};
/* clang-format on */

_Static_assert(sizeof(lists) == sizeof(struct lists), "offsets are those of a struct");
_Static_assert(ARG_NAMES <= 256, "a name has one byte");

static const uint8_t *
list_of(unsigned call, enum arch arch)
{
	for (size_t i = 0; (DIFFERENT >> arch & 1) != 0 && i < COUNT(others); i++)
		if (others[i].call == call && (others[i].archs >> arch & 1) != 0)
			return lists + others[i].list;
	return lists + list_at[call];
}

size_t
call_args(unsigned call, enum arch arch)
{
	return list_of(call, arch)[1] >> (NUMBER_AT - 8);
}

enum width
call_arg_width(unsigned call, enum arch arch, size_t i)
{
	const uint8_t *list = list_of(call, arch);

	return (enum width)((unsigned)(list[0] | list[1] << 8) >> 2 * i & 3);
}

static struct str
name_of(unsigned name)
{
	return (struct str){ (const char *)&names + name_at[name],
		name_at[name + 1] - name_at[name] - 1U };
}

struct str
call_arg_name(unsigned call, enum arch arch, size_t i)
{
	return name_of(list_of(call, arch)[2 + i]);
}

int
call_arg_find(unsigned call, enum arch arch, struct str name)
{
	const uint8_t *list = list_of(call, arch);
	size_t n = list[1] >> (NUMBER_AT - 8);

	for (size_t i = 0; i < n && name.n > 0; i++)
		if (str_eq(name_of(list[2 + i]), name))
			return (int)i;
	return -1;
}
