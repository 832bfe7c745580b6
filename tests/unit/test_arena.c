/* core/base/arena.c */
#include <stdalign.h>

#include "base/base.h"
#include "check.h"
#include "unit.h"

static alignas(max_align_t) unsigned char mem[256];

static void
memory_is_zeroed_and_aligned(void)
{
	struct arena a = { mem + 1, 0, sizeof(mem) - 1 };
	unsigned char *p, *q;

	memset(mem, 0xaa, sizeof(mem));
	p = arena_get(&a, 3);
	q = arena_get(&a, 5);
	CU_ASSERT_FATAL(p != NULL && q != NULL);
	CU_ASSERT((uintptr_t)p % alignof(max_align_t) == 0);
	CU_ASSERT((uintptr_t)q % alignof(max_align_t) == 0);
	CU_ASSERT(q >= p + 3);
	CU_ASSERT(memcmp(p, "\0\0\0", 3) == 0 && memcmp(q, "\0\0\0\0\0", 5) == 0);
	CU_ASSERT(mem[0] == 0xaa);
}

static void
an_exhausted_arena_stays_usable(void)
{
	struct arena a = { mem, 0, 64 };

	CU_ASSERT(arena_get(&a, 65) == NULL);
	CU_ASSERT(a.used == 0);
	CU_ASSERT(arena_get(&a, 33) != NULL);
	CU_ASSERT(a.used == 33);
	CU_ASSERT(arena_get(&a, 17) == NULL);
	CU_ASSERT(a.used == 33);
	CU_ASSERT(arena_get(&a, 16) != NULL);
	CU_ASSERT(a.used == 64);
	CU_ASSERT(arena_get(&a, 0) != NULL);
	CU_ASSERT(arena_get(&a, 1) == NULL);
	CU_ASSERT(arena_get(&a, SIZE_MAX) == NULL);
	a.used = 60;
	a.cap = 62;
	CU_ASSERT(arena_get(&a, 0) == NULL); /* no room for the alignment */
	CU_ASSERT(a.used == 60);
	a = (struct arena){ NULL, 0, 0 };
	CU_ASSERT(arena_get(&a, 0) == NULL);
	CU_ASSERT(arena_bytes(&a, 0) == NULL);
}

static void
products_are_checked(void)
{
	struct arena a = { mem, 0, sizeof(mem) };

	CU_ASSERT(arena_array(&a, SIZE_MAX / 2, 3) == NULL);
	CU_ASSERT(arena_array(&a, 257, 1) == NULL);
	CU_ASSERT(arena_array(&a, 16, 16) != NULL);
	CU_ASSERT(a.used == 256);
}

static void
c_strings(void)
{
	struct arena a = { mem, 0, 6 };
	char *p = arena_cstr(&a, S("abc"));

	CU_ASSERT_FATAL(p != NULL);
	CU_ASSERT(memcmp(p, "abc", 4) == 0);
	CU_ASSERT(arena_cstr(&a, S("de")) == NULL);
	CU_ASSERT(arena_cstr(&a, S("\0")) == NULL);
	CU_ASSERT(arena_cstr(&a, (struct str){ "x", SIZE_MAX }) == NULL);
	CU_ASSERT(a.used == 4);
	p = arena_cstr(&a, (struct str){ NULL, 0 });
	CU_ASSERT_FATAL(p != NULL);
	CU_ASSERT(*p == '\0');
}

static void
joins(void)
{
	struct arena a = { mem, 0, 8 };
	const struct str none = { NULL, 0 }, huge = { "x", SIZE_MAX };
	struct str s = arena_join(&a, TEXT("a%%c%", S("b"), none, S("d")));

	CHECK_TEXT(0, s, "abcd");
	CU_ASSERT(a.used == 4);
	CU_ASSERT(arena_join(&a, TEXT("ab%", huge)).p == NULL);
	s = arena_join(&a, TEXT(""));
	CU_ASSERT(s.p != NULL && s.n == 0);
	a.cap = 7;
	CU_ASSERT(arena_join(&a, TEXT("ab%", S("cd"))).p == NULL);
	CU_ASSERT(a.used == 4);
}

UNIT_MAIN("arena", { "memory is zeroed and aligned", memory_is_zeroed_and_aligned },
    { "an exhausted arena stays usable", an_exhausted_arena_stays_usable },
    { "products are checked", products_are_checked }, { "c strings", c_strings },
    { "joins", joins })
