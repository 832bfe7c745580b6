/* core/base/path.c */
#include "base/limits.h"
#include "base/path.h"
#include "check.h"
#include "unit.h"

static unsigned char mem[8192];

static void
checking(void)
{
	static const struct {
		const char *text;
		size_t n;
		enum path_fault want;
	} t[] = {
#define ROW(text, want) { text, sizeof(text) - 1, want }
		ROW("", PATH_EMPTY),
		ROW("/", PATH_OK),
		ROW("//", PATH_OK),
		ROW("/a/./b/", PATH_OK),
		ROW("/...", PATH_OK),
		ROW("/a..", PATH_OK),
		ROW("/..a", PATH_OK),
		ROW("a", PATH_RELATIVE),
		ROW("../a", PATH_RELATIVE),
		ROW("/..", PATH_DOTDOT),
		ROW("/a/../b", PATH_DOTDOT),
		ROW("/a//../", PATH_DOTDOT),
		ROW("/a\0b", PATH_NUL),
		ROW("a\0", PATH_NUL),
#undef ROW
	};

	for (size_t i = 0; i < COUNT(t); i++)
		CHECK_NUM(i, path_check((struct str){ t[i].text, t[i].n }), t[i].want);
}

static void
length_has_a_bound(void)
{
	static char text[LIMIT_PATH + 1];

	memset(text, 'x', sizeof(text));
	text[0] = '/';
	CU_ASSERT(path_check((struct str){ text, LIMIT_PATH }) == PATH_OK);
	CU_ASSERT(path_check((struct str){ text, LIMIT_PATH + 1 }) == PATH_LONG);
}

static void
faults_have_texts(void)
{
	CHECK_TEXT(0, path_fault_text(PATH_OK), "a good path");
	CHECK_TEXT(0, path_fault_text(PATH_EMPTY), "an empty path, where an absolute one is due");
	CHECK_TEXT(0, path_fault_text(PATH_RELATIVE),
	    "a relative path, where an absolute one is due");
	CHECK_TEXT(0, path_fault_text(PATH_DOTDOT), "a path with \"..\", where one without is due");
	CHECK_TEXT(0, path_fault_text(PATH_NUL), "a path with a NUL byte, which no file has");
	CHECK_TEXT(0, path_fault_text(PATH_LONG),
	    "a path of more than 4095 bytes, which no kernel takes");
}

static void
cleaning(void)
{
	static const char *const t[][2] = {
		{ "/", "/" },
		{ "///", "/" },
		{ "/.", "/" },
		{ "/./", "/" },
		{ "/a", "/a" },
		{ "/a/", "/a" },
		{ "//a/./b/", "/a/b" },
		{ "/a/.b/c.", "/a/.b/c." },
		{ "/.../a", "/.../a" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct str s = path_clean(&a, str_of(t[i][0]));

		CHECK_STR(i, s, str_of(t[i][1]));
		CHECK_STR(i, path_clean(&a, s), s);
		a = (struct arena){ mem, 0, strlen(t[i][0]) };
		CU_ASSERT(path_clean(&a, str_of(t[i][0])).p == NULL);
	}
}

static void
being_below(void)
{
	CU_ASSERT(path_below(S("/"), S("/")));
	CU_ASSERT(path_below(S("/a"), S("/")));
	CU_ASSERT(path_below(S("/a"), S("/a")));
	CU_ASSERT(path_below(S("/a/b"), S("/a")));
	CU_ASSERT(!path_below(S("/ab"), S("/a")));
	CU_ASSERT(!path_below(S("/a"), S("/a/b")));
	CU_ASSERT(!path_below(S("/"), S("/a")));
	CU_ASSERT(!path_below(S("/b/a"), S("/a")));
}

static void
parts(void)
{
	static const char *const t[][3] = {
		{ "/", "/", "/" },
		{ "/a", "a", "/" },
		{ "/a/b", "b", "/a" },
		{ "/usr/lib/x86", "x86", "/usr/lib" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_STR(i, path_base(str_of(t[i][0])), str_of(t[i][1]));
		CHECK_STR(i, path_dir(str_of(t[i][0])), str_of(t[i][2]));
	}
	CHECK_TEXT(0, path_dir(S("")), "/");
}

UNIT_MAIN("path", { "checking", checking }, { "length has a bound", length_has_a_bound },
    { "faults have texts", faults_have_texts }, { "cleaning", cleaning },
    { "being below", being_below }, { "parts", parts })
