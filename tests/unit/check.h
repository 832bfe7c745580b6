/* Comparisons that say what they got; a row is the number of a table's line, or 0. */
#ifndef UNIT_CHECK_H
#define UNIT_CHECK_H

#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>

#include "base/err.h"

static inline void
check_text_at(int line, const char *file, size_t row, struct str got, struct str want)
{
	char text[512], said[1024];
	struct buf b = BUF(text);
	bool good = str_eq(got, want);

	buf_put(&b, S("got '"));
	buf_escaped(&b, str_slice(got, 0, 60));
	buf_put(&b, S("', want '"));
	buf_escaped(&b, str_slice(want, 0, 60));
	snprintf(said, sizeof(said), "row %zu: %.*s'", row, (int)b.n, text);
	CU_assertImplementation(good, (unsigned)line, said, file, "", CU_FALSE);
}

static inline void
check_num_at(int line, const char *file, size_t row, unsigned long long got,
    unsigned long long want)
{
	char said[128];

	snprintf(said, sizeof(said), "row %zu: got %llu, want %llu", row, got, want);
	CU_assertImplementation(got == want, (unsigned)line, said, file, "", CU_FALSE);
}

/* got is a struct str; want a string literal, which may hold NUL bytes. */
#define CHECK_TEXT(row, got, want) check_text_at(__LINE__, __FILE__, (row), (got), S(want))
#define CHECK_STR(row, got, want) check_text_at(__LINE__, __FILE__, (row), (got), (want))
#define CHECK_NUM(row, got, want) \
	check_num_at(__LINE__, __FILE__, (row), (unsigned long long)(got), \
	    (unsigned long long)(want))

#endif
