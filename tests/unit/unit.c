#include "unit.h"

#include <stdio.h>

static unsigned number;
static int bad;

/* One line of TAP a test, and one of comment for each assertion that failed. */
static void
told(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
	const CU_FailureRecord *f = failure;

	printf("%s %u - %s: %s\n", f == NULL ? "ok" : "not ok", ++number, suite->pName,
	    test->pName);
	for (; f != NULL; f = f->pNext)
		if (f->pTest == test)
			printf("# %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
	bad += failure != NULL;
	fflush(stdout);
}

int
unit_run(const char *name, const struct unit_test *tests, size_t n)
{
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	suite = CU_add_suite(name, NULL, NULL);
	for (size_t i = 0; suite != NULL && i < n; i++)
		if (CU_add_test(suite, tests[i].title, tests[i].run) == NULL)
			return 1;
	CU_set_test_complete_handler(told);
	printf("1..%zu\n", n);
	if (suite == NULL || CU_run_all_tests() != CUE_SUCCESS)
		return 1;
	CU_cleanup_registry();
	return bad > 0 || number != n;
}
