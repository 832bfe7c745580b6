/* core/plan/bpfview.c, bpfinsn.c, bpfput.c, bpfdata.c: how a program reads */
#include "check.h"
#include "plan/bpfcode.h"
#include "plan/bpfview.h"
#include "spec/policy.h"
#include "text/json.h"
#include "unit.h"

static unsigned char mem[16 << 20];
static char out[4 << 20];

static struct str line[] = {
	{ "allow read\t\"x\" \\ */", 19 },
	{ NULL, 0 },
};

static struct str
text(void *arg, uint32_t rule)
{
	CU_ASSERT(arg == line && rule < COUNT(line));
	return line[rule];
}

static struct pos
pos(void *arg, uint32_t rule)
{
	CU_ASSERT(arg == line && rule < COUNT(line));
	return (struct pos){ 12 * (1 - rule), 3 };
}

static const struct bpf_source source = { text, pos, line };

#define PUT(how, bpf, source) (buffer = BUF(out), how(&buffer, (bpf), (source)), buf_str(&buffer))
static struct buf buffer;

/* Two architectures and an argument; rule 0 is read's, rule 1 has no text. */
static const struct bpf_insn two[] = {
	{ BPF_LD_ABS, 0, 0, DATA_ARCH },
	{ BPF_JEQ, 0, 8, 0xc000003e },
	{ BPF_LD_ABS, 0, 0, DATA_NR },
	{ BPF_JGE, 10, 0, X32_BIT },
	{ BPF_JEQ, 0, 2, 0 },
	{ BPF_LD_ABS, 0, 0, DATA_ARGS + 12 },
	{ BPF_JSET, 7, 5, 0x80000000 },
	{ BPF_JGT, 6, 0, 59 },
	{ BPF_JEQ, 3, 4, X32_BIT + 1 },
	{ BPF_RET_K, 0, 0, RET_KILL_THREAD },
	{ BPF_JEQ, 0, 3, 0x40000003 },
	{ BPF_LD_ABS, 0, 0, DATA_NR },
	{ BPF_JEQ, 0, 1, 3 },
	{ BPF_RET_K, 0, 0, RET_ALLOW },
	{ BPF_RET_K, 0, 0, RET_ERRNO | 1 },
};
static const uint32_t why[COUNT(two)] = { [4] = 1, [5] = 1, [6] = 1, [13] = 1, [14] = 2 };
static const struct bpf program = { two, why, COUNT(two) };

static void
assembly(void)
{
	struct err e = { 0 };

	CHECK_NUM(0, (unsigned)bpf_check(&program, &e), 0);
	CHECK_STR(0, PUT(bpf_put_asm, &program, &source),
	    S("\tld [4]                          ; arch\n"
	      "\tjeq #0xc000003e, L1, L6         ; x86_64\n"
	      "L1:\tld [0]                          ; nr\n"
	      "\tjge #0x40000000, L10, L2        ; x32\n"
	      "L2:\tjeq #0x0, L3, L4                ; read; 12:3: allow read\\t\"x\" \\\\ */\n"
	      "L3:\tld [28]                         ; arg1 high; 12:3\n"
	      "\tjset #0x80000000, L10, L8       ; 12:3\n"
	      "L4:\tjgt #0x3b, L10, L5              ; beyond execve\n"
	      "L5:\tjeq #0x40000001, L8, L9         ; write\n"
	      "\tret #0x0                        ; kill-thread\n"
	      "L6:\tjeq #0x40000003, L7, L10        ; i386\n"
	      "L7:\tld [0]                          ; nr\n"
	      "L8:\tjeq #0x3, L9, L10\n"
	      "L9:\tret #0x7fff0000                 ; allow; 12:3: allow read\\t\"x\" \\\\ */\n"
	      "L10:\tret #0x50001                    ; errno EPERM\n"));
}

/* Of every operation, its text. */
static void
operations(void)
{
	static const struct {
		struct bpf_insn insn;
		const char *want;
	} t[] = {
		{ { BPF_LD | BPF_IMM, 0, 0, 255 }, "ld #0xff" },
		{ { BPF_LD | BPF_LEN, 0, 0, 0 }, "ld #len" },
		{ { BPF_LD | BPF_MEM, 0, 0, 15 }, "ld M[15]" },
		{ { BPF_LDX | BPF_IMM, 0, 0, 1 }, "ldx #0x1" },
		{ { BPF_LDX | BPF_LEN, 0, 0, 0 }, "ldx #len" },
		{ { BPF_LDX | BPF_MEM, 0, 0, 2 }, "ldx M[2]" },
		{ { BPF_ST, 0, 0, 3 }, "st M[3]" },
		{ { BPF_STX, 0, 0, 4 }, "stx M[4]" },
		{ { BPF_ALU | BPF_ADD, 0, 0, 1 }, "add #0x1" },
		{ { BPF_ALU | BPF_SUB | BPF_X, 0, 0, 1 }, "sub x" },
		{ { BPF_ALU | BPF_MUL, 0, 0, 1 }, "mul #0x1" },
		{ { BPF_ALU | BPF_DIV | BPF_X, 0, 0, 1 }, "div x" },
		{ { BPF_ALU | BPF_OR, 0, 0, 1 }, "or #0x1" },
		{ { BPF_AND_K, 0, 0, 1 }, "and #0x1" },
		{ { BPF_ALU | BPF_LSH, 0, 0, 1 }, "lsh #0x1" },
		{ { BPF_ALU | BPF_RSH, 0, 0, 1 }, "rsh #0x1" },
		{ { BPF_ALU | BPF_NEG, 0, 0, 1 }, "neg" },
		{ { BPF_ALU | BPF_XOR | BPF_X, 0, 0, 1 }, "xor x" },
		{ { BPF_JA, 0, 0, 0 }, "ja L1" },
		{ { BPF_JEQ, 0, 0, 1 }, "jeq #0x1, L1, L1" },
		{ { BPF_JGT | BPF_X, 0, 0, 1 }, "jgt x, L1, L1" },
		{ { BPF_JGE, 0, 0, 1 }, "jge #0x1, L1, L1" },
		{ { BPF_JSET | BPF_X, 0, 0, 1 }, "jset x, L1, L1" },
		{ { BPF_RET_K, 0, 0, 1 }, "ret #0x1" },
		{ { BPF_RET_A, 0, 0, 1 }, "ret a" },
		{ { BPF_TAX, 0, 0, 1 }, "tax" },
		{ { BPF_TXA, 0, 0, 1 }, "txa" },
	};
	static struct bpf_view v;

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct bpf_insn p[] = { t[i].insn, { BPF_RET_K, 0, 0, 0 } };

		bpf_look(&v, &(struct bpf){ p, NULL, 2 }, NULL);
		buffer = BUF(out);
		bpf_put_insn(&buffer, &v, 0, true);
		CHECK_STR(i, buf_str(&buffer), str_of(t[i].want));
	}
}

/* Each behind the loads of architecture and number that make it mean something. */
static void
meanings(void)
{
	static const struct {
		enum arch arch;
		struct bpf_insn insn;
		const char *want;
	} t[] = {
		{ ARCH_X86_64, { BPF_JEQ, 0, 0, 59 }, "execve" },
		{ ARCH_X86_64, { BPF_JGE, 0, 0, 59 }, "from execve" },
		{ ARCH_X86_64, { BPF_JGT, 0, 0, 59 }, "beyond execve" },
		{ ARCH_X86_64, { BPF_JSET, 0, 0, 59 }, "" },
		{ ARCH_X86_64, { BPF_JSET, 0, 0, X32_BIT }, "x32" },
		{ ARCH_X86_64, { BPF_JEQ, 0, 0, X32_BIT }, "read" },
		{ ARCH_X86_64, { BPF_JEQ, 0, 0, X32_BIT | 520 }, "execve" },
		{ ARCH_X86_64, { BPF_JEQ, 0, 0, 0xffff }, "" },
		{ ARCH_X86_64, { BPF_JEQ | BPF_X, 0, 0, 59 }, "" },
		{ ARCH_I386, { BPF_JEQ, 0, 0, 11 }, "execve" },
		{ ARCH_AARCH64, { BPF_JEQ, 0, 0, 221 }, "execve" },
		{ ARCH_X86_64, { BPF_LD_ABS, 0, 0, 16 }, "arg0 low" },
		{ ARCH_X86_64, { BPF_LD_ABS, 0, 0, 60 }, "arg5 high" },
		{ ARCH_S390X, { BPF_LD_ABS, 0, 0, 16 }, "arg0 high" },
		{ ARCH_S390X, { BPF_LD_ABS, 0, 0, 12 }, "ip low" },
		{ ARCH_X86_64, { BPF_TAX, 0, 0, 0 }, "" },
		{ ARCH_X86_64, { BPF_RET_A, 0, 0, 0 }, "" },
		{ ARCH_X86_64, { BPF_RET_K, 0, 0, 0x00050026 }, "errno ENOSYS" },
	};
	static struct bpf_view v;

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct bpf_insn p[] = {
			{ BPF_LD_ABS, 0, 0, DATA_ARCH },
			{ BPF_JEQ, 1, 0, arch_audit(t[i].arch) },
			{ BPF_RET_K, 0, 0, 0 },
			{ BPF_LD_ABS, 0, 0, DATA_NR },
			t[i].insn,
			{ BPF_RET_K, 0, 0, 0 },
		};

		bpf_look(&v, &(struct bpf){ p, NULL, COUNT(p) }, NULL);
		buffer = BUF(out);
		bpf_put_meaning(&buffer, &v, 4);
		CHECK_STR(i, buf_str(&buffer), str_of(t[i].want));
	}
}

/* Where two ways meet, only what both agree on is told; and nothing of what is in neither. */
static void
ways_meet(void)
{
	const struct bpf_insn p[] = {
		{ BPF_LD_ABS, 0, 0, DATA_ARCH },
		{ BPF_JEQ, 0, 1, arch_audit(ARCH_X86_64) },
		{ BPF_JA, 0, 0, 1 },
		{ BPF_JEQ, 0, 1, 0xdead }, /* no architecture of ours */
		{ BPF_LD_ABS, 0, 0, DATA_NR },
		{ BPF_JEQ, 0, 0, 59 },
		{ BPF_RET_K, 0, 0, RET_LOG },
		{ BPF_LD_ABS, 0, 0, DATA_ARCH },
		{ BPF_JEQ, 0, 0, arch_audit(ARCH_X86_64) },
		{ BPF_JA, 0, 0, 0 },
		{ BPF_RET_K, 0, 0, RET_LOG },
	};

	CHECK_STR(0, PUT(bpf_put_asm, (&(struct bpf){ p, NULL, COUNT(p) }), NULL),
	    S("\tld [4]                          ; arch\n"
	      "\tjeq #0xc000003e, L1, L2         ; x86_64\n"
	      "L1:\tja L3\n"
	      "L2:\tjeq #0xdead, L3, L4\n"
	      "L3:\tld [0]                          ; nr\n"
	      "L4:\tjeq #0x3b, L5, L5\n"
	      "L5:\tret #0x7ffc0000                 ; log\n"
	      "\tld [4]                          ; not reached\n"
	      "\tjeq #0xc000003e, L6, L6         ; not reached\n"
	      "L6:\tja L7                           ; not reached\n"
	      "L7:\tret #0x7ffc0000                 ; log\n"));
}

static void
graph(void)
{
	const struct bpf_insn p[] = {
		{ BPF_LD_ABS, 0, 0, DATA_NR },
		{ BPF_TAX, 0, 0, 0 },
		{ BPF_JEQ, 0, 2, 59 },
		{ BPF_TXA, 0, 0, 0 },
		{ BPF_JA, 0, 0, 0 },
		{ BPF_RET_K, 0, 0, RET_ALLOW },
	};
	const uint32_t from[] = { 0, 0, 1, 0, 0, 0 };

	CHECK_STR(0, PUT(bpf_put_dot, (&(struct bpf){ p, from, COUNT(p) }), &source),
	    S("digraph filter {\n\tnode [shape=box, fontname=monospace];\n"
	      "\tn0 [label=\"ld [0]  nr\\ltax  \\ljeq #0x3b  12:3: allow read\\\\t\\\"x\\\" "
	      "\\\\\\\\ */\\l\"];\n"
	      "\tn0 -> n3 [label=yes];\n\tn0 -> n5 [label=no];\n"
	      "\tn3 [label=\"txa  \\lja  \\l\"];\n\tn3 -> n5;\n"
	      "\tn5 [label=\"ret #0x7fff0000  allow\\l\"];\n}\n"));
}

static void
runs_into_the_next(void)
{
	const struct bpf_insn p[] = {
		{ BPF_JEQ, 1, 0, 59 },
		{ BPF_TAX, 0, 0, 0 },
		{ BPF_RET_A, 0, 0, 0 },
	};

	CHECK_STR(0, PUT(bpf_put_dot, (&(struct bpf){ p, NULL, COUNT(p) }), NULL),
	    S("digraph filter {\n\tnode [shape=box, fontname=monospace];\n"
	      "\tn0 [label=\"jeq #0x3b  \\l\"];\n"
	      "\tn0 -> n2 [label=yes];\n\tn0 -> n1 [label=no];\n"
	      "\tn1 [label=\"tax  \\l\"];\n\tn1 -> n2;\n\tn2 [label=\"ret a  \\l\"];\n}\n"));
}

static void
c_array(void)
{
	const uint32_t from[] = { 1, 2 };

	CHECK_STR(0, PUT(bpf_put_c, (&(struct bpf){ two, from, 2 }), &source),
	    S("/* linux/filter.h; 2 instructions */\n"
	      "static const struct sock_filter filter[] = {\n"
	      "\t{ 0x20, 0, 0, 0x4 }, /* ld [4]; arch; 12:3 */\n"
	      "\t{ 0x15, 0, 8, 0xc000003e }, /* jeq #0xc000003e; x86_64 */\n};\n"));
}

static void
json(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct str got = PUT(bpf_put_json, &program, &source);
	const struct value *v = json_parse(&a, got, FAULT_DATA, &e), *insn;
	size_t n = 0;

	CU_ASSERT_FATAL(v != NULL);
	CHECK_TEXT(0, value_get(v, S("v"))->text, "1");
	CHECK_NUM(0, value_get(v, S("insns"))->count, COUNT(two));
	for (insn = value_get(v, S("insns"))->first; insn != NULL; insn = insn->next, n++) {
		CU_ASSERT((value_get(insn, S("line")) != NULL) == (why[n] == 1));
		CU_ASSERT((value_get(insn, S("pos")) != NULL) == (why[n] == 1));
		if (n == 4)
			CHECK_STR(n, value_get(insn, S("line"))->text, line[0]);
		if (n == 4)
			CHECK_TEXT(n, value_get(insn, S("meaning"))->text, "read");
	}
	CHECK_TEXT(0, str_slice(got, 0, 66),
	    "{\"v\":1,\"insns\":[{\"code\":32,\"jt\":0,\"jf\":0,\"k\":4,\"meaning\":\"arch\"},{");
}

/* A line is cut at a character; and what does not fit is not half there. */
static void
long_lines(void)
{
	char wide[200];
	struct str kept = line[0];
	const uint32_t from[] = { 1, 1 };
	struct bpf_insn p[] = { { BPF_TAX, 0, 0, 0 }, { BPF_RET_A, 0, 0, 0 } };

	memset(wide, 'x', sizeof(wide));
	memcpy(wide + 98, "\xe2\x82\xac", 3);
	line[0] = (struct str){ wide, sizeof(wide) };
	PUT(bpf_put_asm, (&(struct bpf){ p, from, 2 }), &source);
	CHECK_NUM(0, buffer.n, 1 + 32 + 2 + 6 + 98 + 1 + 1 + 32 + 2 + 4 + 1);
	memset(wide, '\x01', sizeof(wide));
	PUT(bpf_put_asm, (&(struct bpf){ p, from, 2 }), &source);
	CHECK_NUM(0, buffer.n, 1 + 32 + 2 + 6 + 400 + 1 + 1 + 32 + 2 + 4 + 1);
	line[0] = kept;
}

static void
the_largest(void)
{
	static struct bpf_insn p[BPF_INSNS_MAX];
	struct bpf b = { p, NULL, COUNT(p) };

	for (size_t i = 0; i < COUNT(p); i++)
		p[i] = (struct bpf_insn){ BPF_JEQ, 0, 0, UINT32_MAX };
	p[COUNT(p) - 1] = (struct bpf_insn){ BPF_RET_A, 0, 0, 0 };
	PUT(bpf_put_asm, &b, NULL);
	CU_ASSERT(!buffer.full);
	CHECK_TEXT(0, str_slice(buf_str(&buffer), buffer.n - 13, buffer.n), "L4095:\tret a\n");
	PUT(bpf_put_dot, &b, NULL);
	CU_ASSERT(!buffer.full);
	PUT(bpf_put_c, &b, NULL);
	CU_ASSERT(!buffer.full);
	PUT(bpf_put_json, &b, NULL);
	CU_ASSERT(!buffer.full);
}

UNIT_MAIN("bpf-put", { "assembly", assembly }, { "operations", operations },
    { "meanings", meanings }, { "ways meet", ways_meet }, { "graph", graph },
    { "runs into the next", runs_into_the_next }, { "C array", c_array }, { "JSON", json },
    { "long lines", long_lines }, { "the largest", the_largest })
