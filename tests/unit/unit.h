/* A unit test program: its table of tests, run by CUnit, told as TAP. One file, one program. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <CUnit/CUnit.h>

struct unit_test {
	const char *title;
	void (*run)(void);
};

/* Runs them all; the exit status: 0, or 1 when one failed or CUnit did. */
int unit_run(const char *suite, const struct unit_test *, size_t n);

#define UNIT_MAIN(suite, ...) \
	int main(void) \
	{ \
		static const struct unit_test tests[] = { __VA_ARGS__ }; \
		return unit_run(suite, tests, sizeof(tests) / sizeof(tests[0])); \
	}

#endif
