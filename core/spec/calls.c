#include "spec/calls.h"

/* clang-format off */

/* Names in one piece, found through offsets: a static PIE pays 32 bytes for each pointer. A struct,
 * since it knows the offsets, and no string may be as long as all of them. */
#define CALL(name, ...) char at_##name[sizeof(#name)];
struct names {
#include "spec/callrows.h"
};
#undef CALL

#define CALL(name, ...) #name,
static const struct names names = {
#include "spec/callrows.h"
};
#undef CALL

#define CALL(name, ...) offsetof(struct names, at_##name),
static const uint16_t name_at[] = {
#include "spec/callrows.h"
};
#undef CALL

enum { CALLS = COUNT(name_at), NO = 0xffff };

/* ARM's own calls, from 0xf0000 on, have no room in 16 bits; no number lies between. */
#define PACK(nr) ((nr) >= 0xf0000 ? (nr) - 0xf0000 + 0xf000 : (nr))

#define CALL(name, args, since, x86_64, i386, x32, aarch64, arm, riscv64, ppc64le, s390x) \
	{ x86_64, i386, x32, aarch64, PACK(arm), riscv64, ppc64le, s390x },
static const uint16_t numbers[CALLS][ARCH_COUNT] = {
#include "spec/callrows.h"
};
#undef CALL

#define CALL(name, args, since, ...) since,
static const uint16_t kernels[CALLS] = {
#include "spec/callrows.h"
};
#undef CALL
/* clang-format on */

_Static_assert((int)CALLS <= CALL_COUNT_MAX, "a callset has too few bits");
_Static_assert(sizeof(names) < UINT16_MAX, "offsets have 16 bits");

size_t
calls_count(void)
{
	return CALLS;
}

struct str
call_name(unsigned call)
{
	return str_of((const char *)&names + name_at[call]);
}

int
call_find(struct str name)
{
	unsigned low = 0, high = CALLS, middle;
	int d;

	while (low < high) {
		middle = (low + high) / 2;
		d = str_cmp(name, call_name(middle));
		if (d == 0)
			return (int)middle;
		if (d < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

int64_t
call_number(unsigned call, enum arch arch)
{
	uint16_t nr = numbers[call][arch];

	if (nr == NO)
		return -1;
	if (arch == ARCH_X32)
		return X32_BIT | nr;
	return nr < 0xf000 ? nr : nr - 0xf000 + 0xf0000;
}

int
call_of(enum arch arch, uint32_t nr)
{
	for (unsigned i = 0; i < CALLS; i++)
		if (call_number(i, arch) == nr)
			return (int)i;
	return -1;
}

void
calls_by_number(enum arch arch, uint16_t *by, size_t n)
{
	for (size_t nr = 0; nr < n; nr++)
		by[nr] = CALL_NONE;
	for (unsigned i = CALLS; i > 0; i--)
		if (numbers[i - 1][arch] < n)
			by[numbers[i - 1][arch]] = (uint16_t)(i - 1);
}

unsigned
call_since(unsigned call)
{
	return kernels[call];
}

size_t
call_args(unsigned call, enum arch arch)
{
	(void)call;
	(void)arch;
	return 0;
}

struct str
call_arg_name(unsigned call, enum arch arch, size_t i)
{
	(void)call;
	(void)arch;
	(void)i;
	return S("");
}

enum width
call_arg_width(unsigned call, enum arch arch, size_t i)
{
	(void)call;
	(void)arch;
	(void)i;
	return WIDTH_LONG;
}

int
call_arg_find(unsigned call, enum arch arch, struct str name)
{
	(void)call;
	(void)arch;
	(void)name;
	return -1;
}
