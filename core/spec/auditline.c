#include "spec/auditline.h"

#include "base/num.h"

enum { SIGNAL_SYS = 31, CODE_SECCOMP = 1, SIGINFO_SIZE = 128 };

/* Members that tell something, and which; audit's and siginfo's own names for the same. */
static const char words[] = "arch\0si_arch\0_arch\0syscall\0si_syscall\0_syscall\0code\0sig\0"
			    "si_signo\0pid\0comm\0exe\0";
enum member { AUDIT, SI_ARCH, GDB_ARCH, NR, SI_NR, GDB_NR, CODE, SIG, SIGNO, PID, COMM, EXE, NONE };

static enum member
member_of(struct str key)
{
	const char *p = words;

	for (unsigned m = 0; m < NONE; m++) {
		struct str word = str_of(p);

		if (str_eq(word, key))
			return (enum member)m;
		p += word.n + 1;
	}
	return NONE;
}

/* 41, 0x29, -1: what fits 32 bits. */
static int
number(struct str s, uint32_t *v)
{
	uint64_t n;

	if (num_bits(s, &n) < 0 ||
	    n + ((uint64_t)1 << 31) > (uint64_t)UINT32_MAX + ((uint64_t)1 << 31))
		return -1;
	*v = (uint32_t)n;
	return 0;
}

/* What auditd writes of its own: no 0x before it. */
static int
plain(struct str s, uint32_t *v)
{
	uint64_t n;

	if (s.n > 8 || num_hex(s, &n) < 0)
		return -1;
	*v = (uint32_t)n;
	return 0;
}

/* c000003e; x86_64, of ausearch; AUDIT_ARCH_X86_64, of strace; 3221225534, of gdb. */
static int
read_arch(enum member m, struct str s, uint32_t *audit)
{
	char name[16];
	struct buf b = BUF(name);
	int arch;

	if ((m == AUDIT ? plain(s, audit) : number(s, audit)) == 0)
		return 0;
	if (str_starts(s, S("AUDIT_ARCH_")))
		s = str_slice(s, 11, s.n);
	for (size_t i = 0; i < s.n; i++)
		buf_char(&b, s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] | 0x20) : s.p[i]);
	arch = b.full ? -1 : arch_find(buf_str(&b));
	if (arch < 0)
		return -1;
	*audit = arch_audit((enum arch)arch);
	return 0;
}

/* A number, or a name on an architecture that may stand further behind. */
static int
read_nr(struct str s, struct auditline *a)
{
	int64_t nr = -1;
	int call;

	if (number(s, &a->nr) == 0)
		return 0;
	if (str_starts(s, S("__NR_")))
		s = str_slice(s, 5, s.n);
	call = call_find(s);
	for (unsigned k = 0; call >= 0 && nr < 0 && k < ARCH_COUNT; k++)
		if (arch_audit((enum arch)k) == a->audit)
			nr = call_number((unsigned)call, (enum arch)k);
	if (nr < 0)
		return -1;
	a->nr = (uint32_t)nr;
	return 0;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
ends_value(char c)
{
	return blank(c) || c == ',' || c == '}' || c == '\n' || c == '\r' || c == '\x1d';
}

static bool
in_key(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

/* One key and its value off the front, whatever stands between them; false at the end. */
static bool
next(struct str *rest, struct str *key, struct str *value, bool *quoted)
{
	struct str s = *rest;
	size_t at = 0, from, to;

	for (;;) {
		while (at < s.n && !in_key(s.p[at]))
			at++;
		for (from = at; at < s.n && in_key(s.p[at]);)
			at++;
		to = at;
		while (at < s.n && blank(s.p[at]))
			at++;
		if (at == s.n)
			return false;
		if (s.p[at] == '=')
			break;
	}
	*key = str_slice(s, from, to);
	for (at++; at < s.n && blank(s.p[at]);)
		at++;
	/* audit writes what holds a quotation mark in hexadecimal: there are none inside */
	*quoted = at < s.n && s.p[at] == '"';
	from = *quoted ? ++at : at;
	while (at < s.n && (*quoted ? s.p[at] != '"' : !ends_value(s.p[at])))
		at++;
	*value = str_slice(s, from, at);
	*rest = str_slice(s, at + (*quoted ? 1 : 0), s.n);
	return true;
}

/* Bytes in hexadecimal, to where they end; all of it? */
static bool
unhex(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i += 2) {
		uint64_t v;

		if (s.n - i < 2 || num_hex(str_slice(s, i, i + 2), &v) < 0)
			return false;
		if (b != NULL)
			buf_escaped(b, (struct str){ (char[]){ (char)v }, 1 });
	}
	return s.n > 0;
}

/* What is not in quotation marks is hexadecimal, or "(null)". */
static void
text(struct str value, bool quoted, struct str *out, bool *hex)
{
	*hex = !quoted && unhex(NULL, value);
	*out = quoted || *hex ? value : S("");
}

/* The number's text is kept: its name needs the architecture, which strace tells later. */
static int
take(struct auditline *a, enum member m, struct str value, bool quoted, struct str *nr)
{
	uint32_t v = 0;

	switch (m) {
	case AUDIT:
	case SI_ARCH:
	case GDB_ARCH:
		return read_arch(m, value, &a->audit);
	case NR:
	case SI_NR:
	case GDB_NR:
		*nr = value;
		return 0;
	case CODE:
		a->coded = number(value, &a->code) == 0;
		return 0;
	case SIG:
	case SIGNO:
		a->sig = str_eq(value, S("SIGSYS")) ? SIGNAL_SYS : number(value, &v) == 0 ? v : 0;
		return 0;
	case PID:
		a->pid = number(value, &v) == 0 ? v : 0;
		return 0;
	case COMM:
		text(value, quoted, &a->comm, &a->comm_hex);
		return 0;
	case EXE:
	case NONE: /* which is none */
		break;
	}
	text(value, quoted, &a->exe, &a->exe_hex);
	return 0;
}

int
auditline_read(struct str line, struct auditline *a)
{
	struct str key, value, nr = { NULL, 0 };
	uint32_t seen = 0;
	bool quoted;

	*a = (struct auditline){ 0 };
	while (next(&line, &key, &value, &quoted)) {
		enum member m = member_of(key);

		/* the first of a name counts */
		if (m == NONE || (seen & 1u << m) != 0)
			continue;
		seen |= 1u << m;
		if (take(a, m, value, quoted, &nr) < 0)
			return -1;
	}
	return nr.n == 0 || a->audit == 0 ? -1 : read_nr(nr, a);
}

static uint32_t
word(struct str bytes, size_t at, bool big)
{
	uint32_t v = 0;

	for (size_t i = 0; i < 4; i++)
		v = v << 8 | (unsigned char)bytes.p[at + (big ? i : 3 - i)];
	return v;
}

int
siginfo_read(struct str bytes, struct auditline *a)
{
	/* signal, errno, code; then an address of the word's size, aligned */
	static const uint8_t offset[] = { 24, 16 };

	*a = (struct auditline){ .sig = SIGNAL_SYS };
	if (bytes.n != SIGINFO_SIZE)
		return -1;
	for (unsigned big = 0; big < 2; big++) {
		if (word(bytes, 0, big) != SIGNAL_SYS || word(bytes, 8, big) != CODE_SECCOMP)
			continue;
		for (size_t i = 0; i < COUNT(offset); i++) {
			a->nr = word(bytes, offset[i], big);
			a->audit = word(bytes, offset[i] + 4u, big);
			if (arch_of(a->audit, a->nr) >= 0)
				return 0;
		}
	}
	return -1;
}

void
auditline_put(struct buf *b, struct str s, bool hex)
{
	if (hex)
		(void)unhex(b, s);
	else
		buf_escaped(b, s);
}
