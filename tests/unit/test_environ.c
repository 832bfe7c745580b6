/* core/spec/environ.c */
#include "check.h"
#include "spec/environ.h"
#include "unit.h"

static void
entries_name_a_variable(void)
{
	CU_ASSERT(env_names("A=b", S("A")));
	CU_ASSERT(env_names("A=", S("A")));
	CU_ASSERT(env_names("A==", S("A")));
	CU_ASSERT(!env_names("A", S("A")));
	CU_ASSERT(!env_names("", S("A")));
	CU_ASSERT(!env_names("AB=c", S("A")));
	CU_ASSERT(!env_names("A=b", S("AB")));
	CU_ASSERT(!env_names("a=b", S("A")));
	/* glibc lets an entry begin with "=": its name is empty */
	CU_ASSERT(env_names("=b", S("")));
	CU_ASSERT(!env_names("A=b", S("")));
	CU_ASSERT(env_names("=b", ((struct str){ NULL, 0 })));
	CU_ASSERT(!env_names(NULL, S("A")));
}

static void
the_first_value_counts(void)
{
	char a[] = "A=1", b[] = "BA=2", c[] = "A=3", d[] = "EMPTY=", e[] = "nothing";
	char *const envp[] = { e, b, a, c, d, NULL };
	char *const none[] = { NULL };

	CU_ASSERT(env_value(envp, S("A")) == a + 2);
	CU_ASSERT(env_value(envp, S("BA")) == b + 3);
	CU_ASSERT(env_value(envp, S("EMPTY")) == d + 6);
	CU_ASSERT(env_value(envp, S("nothing")) == NULL);
	CU_ASSERT(env_value(envp, S("B")) == NULL);
	CU_ASSERT(env_value(none, S("A")) == NULL);
}

UNIT_MAIN("environ", { "entries name a variable", entries_name_a_variable },
    { "the first value counts", the_first_value_counts })
