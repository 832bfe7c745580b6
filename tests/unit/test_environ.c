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

static void
programs_are_looked_for(void)
{
	static const struct {
		const char *path, *name, *want;
	} t[] = {
		{ "PATH=/a:/b", "x", "/a/x /b/x " },
		{ "PATH=:/b:", "x", "./x /b/x ./x " },
		{ "PATH=", "x", "./x " },
		{ "PATH=/a:/b", "c/x", "c/x " },
		{ "PATH=/a:/b", "/x", "/x " },
		{ "PATH=/a:/b", "", " " },
		{ "HOME=/", "x",
		    "/usr/local/sbin/x /usr/local/bin/x /usr/sbin/x /usr/bin/x /sbin/x /bin/x " },
	};
	static unsigned char mem[1024];

	for (size_t i = 0; i < COUNT(t); i++) {
		char *const envp[] = { (char *)(uintptr_t)t[i].path, NULL };
		struct arena a = { mem, 0, sizeof(mem) };
		char text[256], *file;
		struct buf b = BUF(text);

		for (struct search s = env_search(envp, str_of(t[i].name));
		     search_next(&s, &a, &file) > 0;)
			buf_text(&b, TEXT("% ", str_of(file)));
		CHECK_STR(i, buf_str(&b), str_of(t[i].want));
	}
}

static void
a_search_needs_memory(void)
{
	static unsigned char mem[64];
	char path[] = "PATH=/abc", *const envp[] = { path, NULL }, *file;

	for (size_t cap = 0; cap < 7; cap++) {
		struct arena a = { mem, 0, cap };
		struct search s = env_search(envp, S("x"));

		/* "/abc/x" and its NUL */
		CHECK_NUM(cap, search_next(&s, &a, &file) < 0, true);
	}
}

UNIT_MAIN("environ", { "entries name a variable", entries_name_a_variable },
    { "the first value counts", the_first_value_counts },
    { "programs are looked for", programs_are_looked_for },
    { "a search needs memory", a_search_needs_memory })
