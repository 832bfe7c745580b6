#include "spec/callenum.h"
#include "spec/calls.h"

/* clang-format off */
#define SET(id, name) SET_##id,
#define IN(call)
#define WITH(id)
#define ALL
enum {
#include "spec/setrows.h"
	SETS
};
#undef SET
#undef IN
#undef WITH
#undef ALL

#define SET(id, name) name "\0"
#define IN(call)
#define WITH(id)
#define ALL
static const char names[] =
#include "spec/setrows.h"
	;
#undef SET
#undef IN
#undef WITH
#undef ALL

/* One array for all: a set's beginning, calls by number, other sets. */
enum { BEGIN = 0x8000, OTHER = 0x4000, EVERY = 0x2000 };

#define SET(id, name) BEGIN,
#define IN(call) NR_##call,
#define WITH(id) OTHER | SET_##id,
#define ALL EVERY,
static const uint16_t members[] = {
#include "spec/setrows.h"
	BEGIN
};
#undef SET
#undef IN
#undef WITH
#undef ALL
/* clang-format on */

_Static_assert(SETS <= 64, "sets have one word of bits");

size_t
sets_count(void)
{
	return SETS;
}

struct str
set_name(size_t set)
{
	const char *at = names;

	for (; set > 0; set--)
		at += str_of(at).n + 1;
	return str_of(at);
}

int
set_find(struct str name)
{
	const char *at = names;

	for (int i = 0; i < SETS; i++) {
		struct str one = str_of(at);

		if (str_eq(one, name))
			return i;
		at += one.n + 1;
	}
	return -1;
}

/* Its calls; the sets that belong to it are noted. */
static void
join_one(size_t set, struct callset *to, uint64_t *noted)
{
	size_t i = 0;

	for (set++; set > 0; i++)
		set -= members[i] == BEGIN;
	for (; members[i] != BEGIN; i++) {
		if ((members[i] & OTHER) != 0)
			*noted |= UINT64_C(1) << (members[i] & ~OTHER);
		else if (members[i] != EVERY)
			callset_add(to, members[i]);
		else
			for (unsigned call = 0; call < calls_count(); call++)
				callset_add(to, call);
	}
}

void
set_join(size_t set, struct callset *to)
{
	uint64_t noted = UINT64_C(1) << set, done = 0;
	size_t i;

	while ((noted & ~done) != 0) {
		i = (size_t)__builtin_ctzll(noted & ~done);
		done |= UINT64_C(1) << i;
		join_one(i, to, &noted);
	}
}

void
callset_add(struct callset *s, unsigned call)
{
	s->word[call / 64] |= UINT64_C(1) << call % 64;
}

void
callset_remove(struct callset *s, unsigned call)
{
	s->word[call / 64] &= ~(UINT64_C(1) << call % 64);
}

bool
callset_has(const struct callset *s, unsigned call)
{
	return (s->word[call / 64] >> call % 64 & 1) != 0;
}

bool
callset_empty(const struct callset *s)
{
	uint64_t any = 0;

	for (size_t i = 0; i < COUNT(s->word); i++)
		any |= s->word[i];
	return any == 0;
}

void
callset_join(struct callset *s, const struct callset *more)
{
	for (size_t i = 0; i < COUNT(s->word); i++)
		s->word[i] |= more->word[i];
}
