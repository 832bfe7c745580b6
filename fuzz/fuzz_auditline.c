/* fuzz: core/spec/auditline.c */
#include "must.h"
#include "spec/auditline.h"

enum { INPUT_MAX = 1 << 12 };

static char text[8 * INPUT_MAX];

static bool
is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (str_find(S("0123456789abcdefABCDEF"), s.p[i], 0) == 22)
			return false;
	return s.n > 0 && s.n % 2 == 0;
}

static void
check_text(struct str line, struct str s, bool hex)
{
	struct buf b = BUF(text);

	MUST(lies_within(s, line));
	MUST(!hex || is_hex(s));
	MUST(s.n == 0 || hex || s.p[-1] == '"');
	auditline_put(&b, s, hex);
	MUST(!b.full && (b.n > 0) == (s.n > 0));
	for (size_t i = 0; i < b.n; i++)
		MUST((unsigned char)b.p[i] >= ' ' && b.p[i] != 0x7f);
}

static void
put_member(struct buf *b, struct str key, struct str value, bool hex)
{
	if (value.n > 0)
		buf_text(b,
		    TEXT(" %=%%%", key, hex ? S("") : S("\""), value, hex ? S("") : S("\"")));
}

/* As auditd would write it, it means the same. */
static void
check_round(const struct auditline *a)
{
	static char again[4 * INPUT_MAX];
	struct buf b = BUF(again);
	struct auditline r;
	static const char digit[] = "0123456789abcdef";

	buf_put(&b, S("type=SECCOMP msg=audit(1.2:3): pid="));
	buf_uint(&b, a->pid);
	put_member(&b, S("comm"), a->comm, a->comm_hex);
	put_member(&b, S("exe"), a->exe, a->exe_hex);
	buf_put(&b, S(" sig="));
	buf_uint(&b, a->sig);
	buf_put(&b, S(" arch="));
	for (int shift = 28; shift >= 0; shift -= 4)
		buf_char(&b, digit[a->audit >> shift & 15]);
	buf_put(&b, S(" syscall="));
	buf_uint(&b, a->nr);
	if (a->coded) {
		buf_put(&b, S(" code="));
		buf_hex(&b, a->code);
	}
	MUST(!b.full && auditline_read(buf_str(&b), &r) == 0);
	MUST(r.audit == a->audit && r.nr == a->nr && r.sig == a->sig && r.pid == a->pid);
	MUST(r.coded == a->coded && r.code == a->code);
	MUST(str_eq(r.comm, a->comm) && r.comm_hex == a->comm_hex);
	MUST(str_eq(r.exe, a->exe) && r.exe_hex == a->exe_hex);
}

static void
check_siginfo(struct str bytes)
{
	struct auditline a;

	if (siginfo_read(bytes, &a) < 0)
		return;
	MUST(bytes.n == 128 && arch_of(a.audit, a.nr) >= 0);
	MUST((unsigned char)bytes.p[0] + (unsigned char)bytes.p[3] == 31);
	check_round(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str line = { (const char *)data, n };
	struct auditline a;
	int arch;

	if (n > INPUT_MAX)
		return 0;
	check_siginfo(line);
	if (auditline_read(line, &a) < 0)
		return 0;
	MUST(a.audit != 0);
	check_text(line, a.comm, a.comm_hex);
	check_text(line, a.exe, a.exe_hex);
	arch = arch_of(a.audit, a.nr);
	MUST(arch < 0 || arch_audit((enum arch)arch) == a.audit);
	MUST((arch == ARCH_X32) <= ((a.nr & X32_BIT) != 0));
	check_round(&a);
	return 0;
}
