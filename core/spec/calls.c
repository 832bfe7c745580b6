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
#define PACK(nr) ((uint16_t)((nr) >= 0xf0000 ? (nr) - 0xf0000 + 0xf000 : (nr)))

/* x32 and riscv64 say how they differ from x86_64 and aarch64, in one byte: 0 not at all, 1 by not
 * having the call, else a number of their own from X32_OWN or RISCV_OWN on. */
enum { NOT_THERE = 1, OWN = 2, X32_OWN = 512, RISCV_OWN = 258, RISCV_AT = 6 };
#define AS(nr, other, own) \
	((nr) == (other) ? 0 : (nr) == NO ? NOT_THERE : (nr) - FROM(nr, other, own) + OWN)
/* Compilers look at what is not taken, too: nothing may be negative, or too large, there. */
#define FROM(nr, other, own) ((nr) == (other) || (nr) == NO ? (nr) : (own))

enum { ALONE_X86_64, ALONE_I386, ALONE_AARCH64, ALONE_ARM, ALONE_PPC64LE, ALONE_S390X, ALONE };

#define CALL(name, args, since, x86_64, i386, x32, aarch64, arm, riscv64, ppc64le, s390x) \
	{ x86_64, i386, aarch64, PACK(arm), ppc64le, s390x },
static const uint16_t numbers[CALLS][ALONE] = {
#include "spec/callrows.h"
};
#undef CALL

#define CALL(name, args, since, x86_64, i386, x32, aarch64, arm, riscv64, ppc64le, s390x) \
	AS(x32, x86_64, X32_OWN) | AS(riscv64, aarch64, RISCV_OWN) << RISCV_AT,
static const uint8_t derived[CALLS] = {
#include "spec/callrows.h"
};
#undef CALL

/* 2.6, or a byte with the major version from bit 5 on. */
#define SINCE(v) ((v) == 2006 ? 0 : ((v) / 1000 - 3 + ((v) == 2006)) << 5 | ((v) % 1000 + 1))
#define CALL(name, args, since, ...) SINCE(since),
static const uint8_t kernels[CALLS] = {
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
	size_t end = call + 1 < CALLS ? name_at[call + 1] : sizeof(names);

	return (struct str){ (const char *)&names + name_at[call], end - name_at[call] - 1 };
}

/* In memory order: a profile has hundreds of names to find. */
static int
compare(struct str s, unsigned call)
{
	const char *name = (const char *)&names + name_at[call];
	size_t i = 0;
	int d;

	while (i < s.n && s.p[i] == name[i] && name[i] != '\0')
		i++;
	if (i == s.n)
		return name[i] == '\0' ? 0 : -1;
	d = (unsigned char)s.p[i] - (unsigned char)name[i];
	return d != 0 ? d : 1;
}

int
call_find_near(struct str name, unsigned near)
{
	unsigned low = 0, high = CALLS, middle = near, step = 1;
	int d;

	/* by steps that double, for as long as it is further on */
	while (low < high) {
		if (step == 0 || middle >= high)
			middle = (low + high) / 2;
		d = compare(name, middle);
		if (d == 0)
			return (int)middle;
		if (d < 0) {
			high = middle;
			step = 0;
		} else {
			low = middle + 1;
			middle += step;
			step *= 2;
		}
	}
	return -1;
}

int
call_find(struct str name)
{
	return call_find_near(name, CALLS / 2);
}

/* Where the numbers of an architecture are, and its bits of `derived`. */
struct column {
	uint8_t at, shift, mask;
	uint16_t own;
};

static struct column
column_of(enum arch arch)
{
	static const uint8_t column[ARCH_COUNT] = { ALONE_X86_64, ALONE_I386, ALONE_X86_64,
		ALONE_AARCH64, ALONE_ARM, ALONE_AARCH64, ALONE_PPC64LE, ALONE_S390X };
	struct column c = { .at = column[arch] };

	if (arch == ARCH_X32) {
		c.mask = (1 << RISCV_AT) - 1;
		c.own = X32_OWN;
	} else if (arch == ARCH_RISCV64) {
		c.mask = 0xff >> RISCV_AT;
		c.shift = RISCV_AT;
		c.own = RISCV_OWN;
	}
	return c;
}

/* Without X32_BIT, or NO. */
static unsigned
packed(const struct column *c, unsigned call)
{
	unsigned how = derived[call] >> c->shift & c->mask;

	return how == 0 ? numbers[call][c->at] : how == NOT_THERE ? NO : c->own + how - OWN;
}

int64_t
call_number(unsigned call, enum arch arch)
{
	struct column c = column_of(arch);
	unsigned nr = packed(&c, call);

	if (nr == NO)
		return -1;
	if (arch == ARCH_X32)
		nr |= X32_BIT;
	else if (nr >= 0xf000)
		nr += 0xf0000 - 0xf000;
	return nr;
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
	struct column c = column_of(arch);

	for (size_t nr = 0; nr < n; nr++)
		by[nr] = CALL_NONE;
	/* backwards, so that of two names the first stays */
	for (unsigned i = CALLS; i > 0; i--) {
		unsigned nr = packed(&c, i - 1);

		if (nr < n && nr < 0xf000)
			by[nr] = (uint16_t)(i - 1);
	}
}

uint64_t
calls_there(enum arch arch, unsigned i, uint64_t word)
{
	struct column c = column_of(arch);

	for (uint64_t w = word; w != 0; w &= w - 1)
		if (packed(&c, i * 64 + (unsigned)__builtin_ctzll(w)) == NO)
			word &= ~(w & (0 - w));
	return word;
}

unsigned
call_since(unsigned call)
{
	unsigned v = kernels[call];

	return v == 0 ? 2006 : ((v >> 5) + 3) * 1000 + (v & 31) - 1;
}
