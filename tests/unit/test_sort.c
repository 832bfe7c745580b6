/* core/base/sort.c */
#include "base/sort.h"
#include "check.h"
#include "unit.h"

enum { MANY = 200000 };

static uint32_t number[MANY];
static const void *pointer[MANY];
static size_t asked;

static bool
less(const void *a, const void *b)
{
	asked++;
	return *(const uint32_t *)a < *(const uint32_t *)b;
}

static void
point(size_t n)
{
	for (size_t i = 0; i < n; i++)
		pointer[i] = &number[i];
	asked = 0;
	sort_pointers(pointer, n, less);
}

/* In order, and each pointer once: their sum, and that of their squares, is as before. */
static void
check_sorted(size_t row, size_t n)
{
	uint64_t sum = 0, want = 0, squares = 0, want_squares = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = (uint64_t)((const uint32_t *)pointer[i] - number);

		sum += at;
		squares += at * at;
		want += i;
		want_squares += i * i;
		if (i > 0 && less(pointer[i], pointer[i - 1]))
			CHECK_NUM(row, i, 0);
	}
	CHECK_NUM(row, sum, want);
	CHECK_NUM(row, squares, want_squares);
}

static void
every_order_of_a_few(void)
{
	/* as digits of base n: all orders, and all that have equals among them */
	for (size_t n = 0; n <= 6; n++) {
		size_t all = 1;

		for (size_t i = 0; i < n; i++)
			all *= n;
		for (size_t k = 0; k < all; k++) {
			size_t rest = k;

			for (size_t i = 0; i < n; i++, rest /= n)
				number[i] = (uint32_t)(rest % n);
			point(n);
			check_sorted(n, n);
		}
	}
}

static void
shapes_that_defeat_a_quicksort(void)
{
	uint32_t x = 1;

	for (size_t shape = 0; shape < 6; shape++) {
		for (size_t i = 0; i < MANY; i++) {
			x = x * 1664525 + 1013904223;
			number[i] = (uint32_t)(shape == 0   ? i
					       : shape == 1 ? MANY - i
					       : shape == 2 ? 7
					       : shape == 3 ? i % 2
					       : shape == 4 ? (i < MANY / 2 ? i : MANY - i)
							    : x >> 8);
		}
		point(MANY);
		/* 2 n log2 n, and not a square of anything */
		CU_ASSERT(asked < 2 * 18 * (size_t)MANY);
		check_sorted(shape, MANY);
	}
}

static void
nothing_to_sort(void)
{
	asked = 0;
	sort_pointers(NULL, 0, less);
	CU_ASSERT(asked == 0);
	point(1);
	CU_ASSERT(asked == 0 && pointer[0] == &number[0]);
}

UNIT_MAIN("sort", { "every order of a few", every_order_of_a_few },
    { "shapes that defeat a quicksort", shapes_that_defeat_a_quicksort },
    { "nothing to sort", nothing_to_sort })
