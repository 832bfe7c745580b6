/* fuzz: core/plan/bpfcheck.c core/plan/bpfread.c core/plan/bpfrun.c core/plan/bpfview.c */
/* fuzz: core/plan/bpfinsn.c core/plan/bpfput.c core/plan/bpfdata.c */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "must.h"
#include "plan/bpfcode.h"
#include "spec/policy.h"
#include "text/json.h"

/* An input is a program; where its length is no multiple of 8, up to 7 bytes behind it choose what
 * it is asked about. */
enum { ROOM = 4 << 20 };

static unsigned char mem[32 << 20], mem_json[64 << 20];
static char out[ROOM], quoted[64];

static const struct str line[] = { { "allow read \"x\"\\*/\n\xe2\x82\xac\xff", 22 }, { "", 0 } };

static struct str
text_of(void *arg, uint32_t rule)
{
	MUST(arg == out && rule < 1000);
	return line[rule % 2];
}

static struct pos
pos_of(void *arg, uint32_t rule)
{
	MUST(arg == out && rule < 1000);
	return (struct pos){ rule % 3 == 0 ? 0 : rule, 1 };
}

/* What an accepted program cannot have, in other words than those of the code. */
static void
check_accepted(const struct bpf *b)
{
	MUST(b->n >= 1 && b->n <= BPF_INSNS_MAX);
	MUST((b->insn[b->n - 1].code & 7) == 6);
	for (size_t i = 0; i < b->n; i++) {
		const struct bpf_insn *p = &b->insn[i];

		MUST(p->code < 256);
		if (p->code == BPF_JA)
			MUST((uint64_t)i + 1 + p->k < b->n);
		else if ((p->code & 7) == 5)
			MUST(i + 1 + p->jt < b->n && i + 1 + p->jf < b->n);
		else if ((p->code & 0xe6) == 0x60 || (p->code & 6) == 2)
			MUST(p->k < 16);
		else if (p->code == BPF_LD_ABS)
			MUST(p->k <= 60 && p->k % 4 == 0);
	}
}

/* The path is one that the program has, and its end is what was returned. */
static uint32_t
check_run(const struct bpf *b, const struct bpf_data *d)
{
	static uint16_t path[BPF_INSNS_MAX];
	size_t steps = 0;
	uint32_t got = bpf_run(b, d, &steps, path);
	const struct bpf_insn *last;

	MUST(steps >= 1 && steps <= b->n && path[0] == 0);
	for (size_t i = 0; i + 1 < steps; i++) {
		const struct bpf_insn *p = &b->insn[path[i]];
		size_t next = (size_t)path[i + 1] - path[i] - 1;

		MUST(path[i + 1] > path[i] && (p->code & 7) != 6);
		if (p->code == BPF_JA)
			MUST(next == p->k);
		else if ((p->code & 7) == 5)
			MUST(next == p->jt || next == p->jf);
		else
			MUST(next == 0);
	}
	last = &b->insn[path[steps - 1]];
	if (last->code == BPF_RET_K)
		MUST(got == last->k);
	else
		MUST(last->code == BPF_RET_A || (last->code == 0x3c && got == 0));
	MUST(bpf_run(b, d, NULL, NULL) == got);
	return got;
}

/* seccomp_is_const_allow() of kernel/seccomp.c, once more. */
static bool
is_const_allow(const struct bpf *b, uint32_t nr, uint32_t audit)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < b->n; pc++) {
		uint32_t k = b->insn[pc].k;
		bool yes;

		switch (b->insn[pc].code) {
		case 0x20:
			if (k != 0 && k != 4)
				return false;
			a = k == 0 ? nr : audit;
			continue;
		case 0x06:
			return k == 0x7fff0000;
		case 0x05:
			pc += k;
			continue;
		case 0x15:
			yes = a == k;
			break;
		case 0x25:
			yes = a > k;
			break;
		case 0x35:
			yes = a >= k;
			break;
		case 0x45:
			yes = (a & k) != 0;
			break;
		case 0x54:
			a &= k;
			continue;
		default:
			return false;
		}
		pc += yes ? b->insn[pc].jt : b->insn[pc].jf;
	}
	return false;
}

static void
check_answers(const struct bpf *b, const uint8_t *chosen, size_t n)
{
	struct bpf_data d = { 0 };
	uint64_t x = 0;

	memcpy(&x, chosen, n);
	for (unsigned i = 0; i < 48; i++, x = x * UINT64_C(6364136223846793005) + 99991) {
		enum arch arch = (enum arch)(i % ARCH_COUNT);
		uint32_t nr = (uint32_t)(x >> 33) % (i % 2 ? 480 : 1 << 20);
		bool cached =
		    arch != ARCH_X32 && nr < 1024 && is_const_allow(b, nr, arch_audit(arch));

		d = (struct bpf_data){ nr, arch_audit(arch), x, { x, ~x, x >> 7, 0, x % 100, x } };
		MUST(bpf_cached(b, arch, nr) == cached);
		MUST(!bpf_cached(b, arch, nr | X32_BIT));
		if (check_run(b, &d) != RET_ALLOW)
			MUST(!cached);
	}
}

static struct str
next_line(struct str *rest)
{
	size_t end = str_find(*rest, '\n', 0);
	struct str s = str_slice(*rest, 0, end);

	MUST(end < rest->n);
	*rest = str_slice(*rest, end + 1, rest->n);
	return s;
}

static void
check_printable(struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_next(str_slice(s, i, s.n), &cp);
		MUST(n > 0 && (utf8_printable(cp) || cp == '\n' || cp == '\t'));
	}
}

static struct str
put(void (*how)(struct buf *, const struct bpf *, const struct bpf_source *), const struct bpf *b,
    const struct bpf_source *source)
{
	struct buf o = BUF(out);

	how(&o, b, source);
	MUST(!o.full);
	check_printable(buf_str(&o));
	return buf_str(&o);
}

/* One line an instruction; every label that is jumped to stands somewhere, before its line. */
static void
check_asm(const struct bpf *b, const struct bpf_source *source)
{
	struct str rest = put(bpf_put_asm, b, source);
	unsigned labels = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct str s = next_line(&rest);
		size_t tab = str_find(s, '\t', 0);
		struct buf want = BUF(quoted);

		MUST(tab < s.n);
		if (tab == 0)
			continue;
		buf_text(&want, TEXT("L"));
		buf_uint(&want, ++labels);
		buf_char(&want, ':');
		MUST(str_eq(str_slice(s, 0, tab), buf_str(&want)));
	}
	MUST(rest.n == 0);
	rest = put(bpf_put_asm, b, source);
	for (size_t i = 0; i < b->n; i++) {
		const struct bpf_insn *p = &b->insn[i];
		struct str s = next_line(&rest);
		size_t at = str_find(s, '\t', 0) + 1, end = str_find(s, ';', 0);

		if ((p->code & 7) != 5)
			continue;
		for (at = str_find(s, 'L', at); at < end; at = str_find(s, 'L', at + 1)) {
			uint64_t n = 0;
			size_t stop = at + 1;

			while (stop < s.n && s.p[stop] >= '0' && s.p[stop] <= '9')
				stop++;
			MUST(num_uint(str_slice(s, at + 1, stop), &n) == 0);
			MUST(n >= 1 && n <= labels);
		}
	}
}

/* Quotes are closed, and nothing but our own escapes is within them. */
static void
check_dot(const struct bpf *b, const struct bpf_source *source)
{
	struct str s = put(bpf_put_dot, b, source);
	bool open = false;
	size_t lines = 0, depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (open && s.p[i] == '\\') {
			MUST(i + 1 < s.n);
			lines += s.p[++i] == 'l';
			MUST(str_find(S("l\"\\"), s.p[i], 0) < 3);
			continue;
		}
		MUST(!open || s.p[i] != '\n');
		if (s.p[i] == '"')
			open = !open;
		if (!open && s.p[i] == '{')
			depth++;
		if (!open && s.p[i] == '}')
			depth--;
	}
	MUST(!open && depth == 0 && lines == b->n);
}

/* Comments end where we end them; a line an instruction. */
static void
check_c(const struct bpf *b, const struct bpf_source *source)
{
	struct str rest = put(bpf_put_c, b, source);

	for (size_t i = 0; i < b->n + 2; i++) {
		struct str s = next_line(&rest);
		size_t comments = 0;

		for (size_t at = 0; at + 1 < s.n; at++)
			comments += s.p[at] == '*' && s.p[at + 1] == '/';
		MUST(comments == (i != 1) && str_find(s, '\\', 0) == s.n);
	}
	MUST(str_eq(rest, S("};\n")));
}

static void
check_number(const struct value *insn, struct str key, uint64_t want)
{
	uint64_t got = 0;

	MUST(num_json_uint(value_get(insn, key)->text, &got) == 0 && got == want);
}

static void
check_json(const struct bpf *b, const struct bpf_source *source)
{
	struct arena a = { mem_json, 0, sizeof(mem_json) };
	struct err e = { 0 };
	const struct value *v = json_parse(&a, put(bpf_put_json, b, source), FAULT_DATA, &e), *i;
	const struct bpf_insn *p = b->insn;

	MUST(v != NULL && v->kind == VALUE_OBJECT && value_get(v, S("insns"))->count == b->n);
	for (i = value_get(v, S("insns"))->first; i != NULL; i = i->next, p++) {
		check_number(i, S("code"), p->code);
		check_number(i, S("jt"), p->jt);
		check_number(i, S("jf"), p->jf);
		check_number(i, S("k"), p->k);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct bpf_source source = { text_of, pos_of, out };
	size_t tail = n % 8;
	struct str text = { (const char *)data, n - tail };
	struct err e = { 0 };
	struct bpf b = { 0 };
	uint32_t *why;

	if (bpf_read(&a, text, &b, &e) < 0) {
		MUST(text.n == 0 || text.n > BPF_INSNS_MAX * sizeof(struct bpf_insn));
		MUST(e.fault == FAULT_CONFIG || e.fault == FAULT_LIMIT);
		return 0;
	}
	a = (struct arena){ mem, 0, text.n - 1 };
	MUST(bpf_read(&a, text, &b, &e) < 0 && e.fault == FAULT_LIMIT);
	a = (struct arena){ mem, 0, sizeof(mem) };
	e = (struct err){ 0 };
	MUST(bpf_read(&a, text, &b, &e) == 0);
	MUST(b.n * sizeof(*b.insn) == text.n && memcmp(b.insn, data, text.n) == 0);
	if (bpf_check(&b, &e) < 0) {
		MUST(e.fault == FAULT_CONFIG && e.nmsg > 0);
		return 0;
	}
	MUST(e.fault == FAULT_NONE);
	check_accepted(&b);
	check_answers(&b, data + text.n, tail);
	why = arena_array(&a, b.n, sizeof(*why));
	MUST(why != NULL);
	for (size_t i = 0; i < b.n; i++)
		why[i] = data[8 * i + 4] % 8;
	b.why = data[0] % 2 ? why : NULL;
	check_asm(&b, data[0] % 4 ? &source : NULL);
	check_dot(&b, &source);
	check_c(&b, &source);
	check_json(&b, &source);
	return 0;
}
