/* core/spec/notify.c: lines to and from who decides. */
#include "check.h"
#include "spec/notify.h"
#include "text/json.h"
#include "unit.h"

static const struct {
	uint32_t audit, nr;
	const char *call; /* then the number is the call's */
	uint64_t arg[CALL_ARGS];
	const char *line;
} requests[] = {
	{ 0xc000003e, 0, "connect", { 3, 0x7fff0000, 16 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"x86_64\",\"nr\":42,\"call\":\"connect\","
	    "\"args\":[3,2147418112,16]}\n" },
	/* an int has its sign, whatever stands above it; unsigned ones and longs have none */
	{ 0xc000003e, 0, "connect", { 0xabcdef00fffffffeu, UINT64_MAX, 0xffffffff },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"x86_64\",\"nr\":42,\"call\":\"connect\","
	    "\"args\":[-2,18446744073709551615,-1]}\n" },
	{ 0xc000003e, 0, "getpid", { 1, 2, 3, 4, 5, 6 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"x86_64\",\"nr\":39,\"call\":\"getpid\","
	    "\"args\":[]}\n" },
	{ 0xc00000b7, 0, "getpid", { 0 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"aarch64\",\"nr\":172,\"call\":\"getpid\","
	    "\"args\":[]}\n" },
	{ 0xc000003e, 0x40000000 + 39, NULL, { 0 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"x32\",\"nr\":1073741863,\"call\":\"getpid\","
	    "\"args\":[]}\n" },
	{ 0x40000003, 20, NULL, { 0 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"i386\",\"nr\":20,\"call\":\"getpid\","
	    "\"args\":[]}\n" },
	{ 0xc000003e, 60000, NULL, { UINT64_MAX, 2, 3, 4, 5, UINT64_MAX },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":\"x86_64\",\"nr\":60000,\"call\":null,"
	    "\"args\":[18446744073709551615,2,3,4,5,18446744073709551615]}\n" },
	{ 1, 39, NULL, { 0 },
	    "{\"v\":1,\"id\":9,\"pid\":77,\"arch\":null,\"nr\":39,\"call\":null,"
	    "\"args\":[0,0,0,0,0,0]}\n" },
};

static void
asks(void)
{
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct notify_request r = { .id = 9,
			.pid = 77,
			.audit = requests[i].audit,
			.nr = requests[i].nr };
		int arch = arch_of(r.audit, r.nr);
		struct str want = str_of(requests[i].line);
		char text[NOTIFY_LINE];
		struct buf b = { text, 0, want.n, false };

		if (requests[i].call != NULL)
			r.nr = (uint32_t)call_number((unsigned)call_find(str_of(requests[i].call)),
			    (enum arch)arch);
		memcpy(r.arg, requests[i].arg, sizeof(r.arg));
		notify_put(&b, &r);
		CHECK_STR(i, buf_str(&b), want);
		/* whole or not at all */
		b = (struct buf){ text, 0, want.n - 1, false };
		notify_put(&b, &r);
		CHECK_NUM(i, b.n, 0);
		CHECK_NUM(i, b.full, true);
	}
}

/* The longest that there can be. */
static void
longest(void)
{
	struct notify_request r = { .id = UINT64_MAX, .pid = UINT32_MAX };
	char text[NOTIFY_LINE];
	size_t most = 0;

	memset(r.arg, 0xff, sizeof(r.arg));
	for (unsigned a = 0; a < ARCH_COUNT; a++) {
		for (unsigned c = 0; c <= calls_count(); c++) {
			struct buf b = BUF(text);
			int64_t nr = c < calls_count() ? call_number(c, a) : UINT32_MAX;

			r.audit = arch_audit(a);
			r.nr = (uint32_t)nr;
			if (nr < 0)
				continue;
			notify_put(&b, &r);
			CU_ASSERT(b.n > 0 && text[b.n - 1] == '\n');
			most = b.n > most ? b.n : most;
		}
	}
	CU_ASSERT(most < NOTIFY_LINE - 100);
}

static const struct {
	const char *line;
	enum notify_kind kind;
	int64_t value;
	const char *say; /* NULL: it is an answer, of id 7 */
} answers[] = {
	{ "{\"id\":7,\"allow\":true}", NOTIFY_ALLOW, 0, NULL },
	{ " { \"allow\" : true , \"id\" : 7 } \r", NOTIFY_ALLOW, 0, NULL },
	{ "{\"id\":7,\"errno\":\"EACCES\"}", NOTIFY_ERRNO, 13, NULL },
	{ "{\"id\":7,\"errno\":\"EACC\\u0045S\"}", NOTIFY_ERRNO, 13, NULL },
	{ "{\"id\":7,\"errno\":1}", NOTIFY_ERRNO, 1, NULL },
	{ "{\"id\":7,\"errno\":4095}", NOTIFY_ERRNO, 4095, NULL },
	{ "{\"id\":7,\"value\":0}", NOTIFY_VALUE, 0, NULL },
	{ "{\"id\":7,\"value\":9223372036854775807}", NOTIFY_VALUE, INT64_MAX, NULL },
	{ "{\"id\":7,\"value\":-4096}", NOTIFY_VALUE, -4096, NULL },
	{ "{\"id\":7,\"value\":-9223372036854775808}", NOTIFY_VALUE, INT64_MIN, NULL },

	{ "", 0, 0, "expected a value, found the end of the text" },
	{ "[7]", 0, 0, "an object with id and allow, errno or value is due" },
	{ "7", 0, 0, "an object with id and allow, errno or value is due" },
	{ "{}", 0, 0, "an object with id and allow, errno or value is due" },
	{ "{\"id\":7}", 0, 0, "an object with id and allow, errno or value is due" },
	{ "{\"allow\":true}", 0, 0, "an object with id and allow, errno or value is due" },
	{ "{\"id\":7,\"allow\":true,\"value\":0}", 0, 0,
	    "an object with id and allow, errno or value is due" },
	{ "{\"value\":7,\"allow\":true}", 0, 0,
	    "an object with id and allow, errno or value is due" },
	{ "{\"id\":\"7\",\"allow\":true}", 0, 0, "id: the number of the call is due" },
	{ "{\"id\":-7,\"allow\":true}", 0, 0, "id: the number of the call is due" },
	{ "{\"id\":7.0,\"allow\":true}", 0, 0, "id: the number of the call is due" },
	{ "{\"id\":18446744073709551616,\"allow\":true}", 0, 0,
	    "id: the number of the call is due" },
	{ "{\"id\":7,\"allow\":false}", 0, 0, "allow: true is due; to refuse a call is an errno" },
	{ "{\"id\":7,\"allow\":1}", 0, 0, "allow: true is due; to refuse a call is an errno" },
	{ "{\"id\":7,\"allow\":\"true\"}", 0, 0,
	    "allow: true is due; to refuse a call is an errno" },
	{ "{\"id\":7,\"errno\":0}", 0, 0, "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":4096}", 0, 0,
	    "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":-1}", 0, 0, "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":1e0}", 0, 0, "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":\"E?\"}", 0, 0,
	    "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":\"eacces\"}", 0, 0,
	    "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"errno\":true}", 0, 0,
	    "errno: a name like \"EACCES\", or 1 to 4095, is due" },
	{ "{\"id\":7,\"value\":-1}", 0, 0, "value: an integer is due that is no negative errno" },
	{ "{\"id\":7,\"value\":-4095}", 0, 0,
	    "value: an integer is due that is no negative errno" },
	{ "{\"id\":7,\"value\":1.5}", 0, 0, "value: an integer is due that is no negative errno" },
	{ "{\"id\":7,\"value\":\"3\"}", 0, 0,
	    "value: an integer is due that is no negative errno" },
	{ "{\"id\":7,\"kill\":true}", 0, 0, "\"kill\": allow, errno or value is due" },
	{ "{\"id\":7,\"id\":7}", 0, 0, "duplicate key \"id\", which is at 1:2 already" },
	{ "{\"id\":7,\"allow\":true}{\"id\":8,\"allow\":true}", 0, 0,
	    "expected the end of the text, found \"{\"" },
};

static int
next(struct str text, struct notify_answer *a, struct err *e)
{
	struct notify_lines l = { .n = 0 };
	int r = notify_next(&l, &text, a, e);

	CU_ASSERT(r < 0 || text.n == 0);
	return r;
}

static void
hears(void)
{
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct notify_answer a = { 0 };
		struct err e = { 0 };
		char line[200];
		struct buf b = BUF(line);

		buf_put(&b, str_of(answers[i].line));
		buf_char(&b, '\n');
		if (answers[i].say != NULL) {
			CHECK_NUM(i, next(buf_str(&b), &a, &e), -1);
			CHECK_NUM(i, e.fault, FAULT_DATA);
			CHECK_STR(i, ((struct str){ e.msg, e.nmsg }), str_of(answers[i].say));
			continue;
		}
		CHECK_NUM(i, next(buf_str(&b), &a, &e), 1);
		CHECK_NUM(i, a.id, 7);
		CHECK_NUM(i, a.kind, answers[i].kind);
		CHECK_NUM(i, a.value, answers[i].value);
	}
}

/* In pieces of every size. */
static void
in_pieces(void)
{
	static const char text[] = "{\"id\":1,\"allow\":true}\n{\"id\":2,\"value\":5}\n"
				   "{\"id\":3,\"errno\":\"EPERM\"}\n{\"id\":4";

	for (size_t size = 1; size < sizeof(text); size++) {
		struct notify_lines l = { .n = 0 };
		uint64_t id = 0;

		for (size_t at = 0; at < sizeof(text) - 1; at += size) {
			struct str piece = str_slice(S(text), at, at + size);
			struct notify_answer a = { 0 };
			struct err e = { 0 };
			int r;

			while ((r = notify_next(&l, &piece, &a, &e)) > 0)
				CHECK_NUM(size, a.id, ++id);
			CHECK_NUM(size, r, 0);
			CHECK_NUM(size, piece.n, 0);
		}
		CHECK_NUM(size, id, 3);
		CHECK_NUM(size, l.n, 7);
	}
}

static void
too_long(void)
{
	struct notify_lines l = { .n = 0 };
	struct notify_answer a;
	struct err e = { 0 };
	char line[NOTIFY_LINE + 1];
	struct str all = { line, sizeof(line) }, piece;

	memset(line, ' ', sizeof(line));
	memcpy(line, "{\"id\":7,\"allow\":true}", 21);
	line[NOTIFY_LINE - 1] = '\n';
	CHECK_NUM(0, next(str_slice(all, 0, NOTIFY_LINE), &a, &e), 1);
	line[NOTIFY_LINE - 1] = ' ';
	line[NOTIFY_LINE] = '\n';
	CHECK_NUM(1, next(all, &a, &e), -1);
	CHECK_TEXT(1, ((struct str){ e.msg, e.nmsg }), "an answer of more than 512 bytes");
	/* before its end is there to be seen */
	e = (struct err){ 0 };
	CHECK_NUM(2, next(str_slice(all, 0, NOTIFY_LINE), &a, &e), -1);
	piece = str_slice(all, 0, NOTIFY_LINE - 1);
	CHECK_NUM(3, notify_next(&l, &piece, &a, &e), 0);
	piece = str_slice(all, 0, 2);
	e = (struct err){ 0 };
	CHECK_NUM(4, notify_next(&l, &piece, &a, &e), -1);
	/* nothing is no line */
	piece = S("");
	l.n = 0;
	CHECK_NUM(5, notify_next(&l, &piece, &a, &e), 0);
	/* more values than an answer has */
	memset(line, '[', sizeof(line));
	line[NOTIFY_LINE - 1] = '\n';
	e = (struct err){ 0 };
	CHECK_NUM(6, next(str_slice(all, 0, NOTIFY_LINE), &a, &e), -1);
	CHECK_NUM(6, e.fault, FAULT_LIMIT);
}

UNIT_MAIN("notify", { "asks", asks }, { "longest", longest }, { "hears", hears },
    { "in pieces", in_pieces }, { "too long", too_long })
