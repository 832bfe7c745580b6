/* core/base/err.c, core/base/errname.c */
#include <errno.h>

#include "base/err.h"
#include "check.h"
#include "unit.h"

static void
check_line(const struct err *e, const char *want)
{
	char text[2048];
	struct buf b = BUF(text);

	err_line(e, &b);
	CU_ASSERT(!b.full);
	CHECK_STR(0, buf_str(&b), str_of(want));
}

static void
the_first_fault_wins(void)
{
	struct err e = { 0 };

	CU_ASSERT(err_config(&e, ((struct pos){ 12, 7 }), "unknown key") == -1);
	CU_ASSERT(err_system(&e, ENOENT, "later") == -1);
	CU_ASSERT(err_usage(&e, "later") == -1);
	CU_ASSERT(err_memory(&e) == -1);
	CU_ASSERT(e.fault == FAULT_CONFIG && e.sysno == 0);
	CU_ASSERT(e.pos.line == 12 && e.pos.col == 7);
	CHECK_TEXT(0, ((struct str){ e.msg, e.nmsg }), "unknown key");
	CU_ASSERT(err_path(&e, S("$.a")) == -1);
	CU_ASSERT(err_path(&e, S("$.b")) == -1);
	CHECK_TEXT(0, ((struct str){ e.path, e.npath }), "$.a");
}

static void
every_fault_has_its_kind(void)
{
	const struct pos at = { 1, 1 };
	struct err e = { 0 };

	err_usage(&e, "x");
	CU_ASSERT(e.fault == FAULT_USAGE && e.pos.line == 0);
	e = (struct err){ 0 };
	err_data(&e, at, "x");
	CU_ASSERT(e.fault == FAULT_DATA && e.pos.line == 1);
	e = (struct err){ 0 };
	err_refused(&e, at, "x");
	CU_ASSERT(e.fault == FAULT_REFUSED);
	e = (struct err){ 0 };
	err_limit(&e, at, "x");
	CU_ASSERT(e.fault == FAULT_LIMIT);
	e = (struct err){ 0 };
	err_memory(&e);
	CU_ASSERT(e.fault == FAULT_LIMIT && e.pos.line == 0);
	check_line(&e, "out of memory: the arena is exhausted");
	e = (struct err){ 0 };
	err_system(&e, EPERM, "x");
	CU_ASSERT(e.fault == FAULT_SYSTEM && e.sysno == EPERM);
	check_line(&e, "x: Operation not permitted");
	/* the system's fault, but no errno tells it */
	e = (struct err){ 0 };
	err_at(&e, FAULT_SYSTEM, POS_NONE, "x");
	check_line(&e, "x");
}

static void
lines(void)
{
	struct err e = { .file = S("box.json") };

	err_config(&e, ((struct pos){ 12, 7 }), "unknown file system \"tmfs\"");
	err_path(&e, S("$.actions[2].fs"));
	check_line(&e, "box.json:12:7: $.actions[2].fs: unknown file system \"tmfs\"");
	e.npath = 0;
	check_line(&e, "box.json:12:7: unknown file system \"tmfs\"");
	e.pos.line = 0;
	check_line(&e, "box.json: unknown file system \"tmfs\"");
	e.file = S("-");
	check_line(&e, "-: unknown file system \"tmfs\"");
	e.file.n = 0;
	check_line(&e, "unknown file system \"tmfs\"");
	e.pos = (struct pos){ 3, 4 };
	check_line(&e, "3:4: unknown file system \"tmfs\"");
	e = (struct err){ .file = S("a\nb") };
	err_system(&e, ENOENT, "cannot open \"\x1b\\n\xff\"");
	err_path(&e, S("$\r"));
	check_line(&e, "a\\x0ab: $\\x0d: cannot open \"\\x1b\\n\\xff\": No such file or directory");
}

static void
long_texts_are_cut_at_a_character(void)
{
	char text[1024];
	struct err e = { 0 };

	memset(text, 'x', sizeof(text));
	memcpy(text + sizeof(e.msg) - 2, "\xe2\x82\xac", 3);
	err_config(&e, ((struct pos){ 1, 1 }), "%tail", ((struct str){ text, sizeof(text) }));
	CHECK_NUM(0, e.nmsg, sizeof(e.msg) - 2);
	e = (struct err){ 0 };
	memcpy(text + sizeof(e.path) - 3, "\xe2\x82\xac", 3);
	err_config(&e, ((struct pos){ 1, 1 }), "m");
	err_path(&e, ((struct str){ text, sizeof(text) }));
	CHECK_NUM(0, e.npath, sizeof(e.path));
	e = (struct err){ 0 };
	err_config(&e, ((struct pos){ 1, 1 }), "%x", ((struct str){ text, sizeof(e.msg) }));
	CHECK_NUM(0, e.nmsg, sizeof(e.msg));
}

static void
names_and_texts(void)
{
	CHECK_TEXT(0, err_name(EPERM), "EPERM");
	CHECK_TEXT(0, err_name(ENOSYS), "ENOSYS");
	CHECK_TEXT(0, err_name(EAGAIN), "EAGAIN");
	CHECK_TEXT(0, err_name(EOPNOTSUPP), "EOPNOTSUPP");
	CHECK_TEXT(0, err_name(ENOTRECOVERABLE), "ENOTRECOVERABLE");
	CHECK_TEXT(0, err_name(133), "EHWPOISON");
	CHECK_TEXT(0, err_name(0), "E?");
	CHECK_TEXT(0, err_name(41), "E?");
	CHECK_TEXT(0, err_name(134), "E?");
	CHECK_TEXT(0, err_name(-1), "E?");
	CHECK_TEXT(0, err_text(0), "Unknown error");
	CHECK_TEXT(0, err_text(134), "Unknown error");
	CHECK_TEXT(0, err_text(ENOSPC), "No space left on device");
	CHECK_TEXT(0, err_text(EUSERS), "Too many users");
	CHECK_TEXT(0, err_text(EADV), "EADV");
	for (int i = 1; i < 133; i++) {
		const char *name = strerrorname_np(i), *text = strerror(i);

		if (i == ENOTSUP)
			name = "EOPNOTSUPP";
		CHECK_STR((size_t)i, err_name(i), name != NULL ? str_of(name) : S("E?"));
		if (i <= 40 || (name != NULL && !str_eq(err_text(i), str_of(name))))
			CHECK_STR((size_t)i, err_text(i),
			    name != NULL ? str_of(text) : S("Unknown error"));
	}
}

/* As much of an untrusted text as leaves room for the rest of the message. */
static void
long_texts_are_cut(void)
{
	static char text[200];
	struct err e = { 0 };

	memset(text, 'x', sizeof(text));
	err_usage(&e, "\"%\"\"%\"", S(""), ((struct str){ text, 96 }));
	CU_ASSERT(e.nmsg == 2 + 98 && e.msg[99] == '"' && e.msg[98] == 'x');
	e = (struct err){ 0 };
	err_usage(&e, "\"%\" is wrong", ((struct str){ text, 97 }));
	CU_ASSERT(e.nmsg == 1 + 96 + 4 + 9);
	CHECK_TEXT(0, str_slice((struct str){ e.msg, e.nmsg }, 95, e.nmsg), "xx...\" is wrong");
	/* and never inside a character */
	memcpy(text + 95, "\xc3\xa4", 2);
	e = (struct err){ 0 };
	err_usage(&e, "\"%\"", ((struct str){ text, 97 }));
	CHECK_TEXT(1, str_slice((struct str){ e.msg, e.nmsg }, 94, e.nmsg), "xx...\"");
}

UNIT_MAIN("err", { "the first fault wins", the_first_fault_wins },
    { "every fault has its kind", every_fault_has_its_kind }, { "lines", lines },
    { "long texts are cut at a character", long_texts_are_cut_at_a_character },
    { "names and texts", names_and_texts }, { "long texts are cut", long_texts_are_cut })
