/* filter_audit: each finding has a policy that has it, and one nearby that has not. */
#include "check.h"
#include "filters.h"
#include "unit.h"

static unsigned char mem[32 << 20];

static bool
found(const struct notes *notes, enum severity severity, const char *id, const char *said)
{
	for (const struct note *n = notes->first; n != NULL; n = n->next)
		if (n->severity == severity && str_eq(n->id, str_of(id)) &&
		    (said == NULL || str_eq(n->text, str_of(said))))
			return true;
	return false;
}

static int
audit(struct arena *a, const char *text, struct notes *notes)
{
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct policy *p = policy_parse(a, S("p"), str_of(text), &host, &e);
	struct filter_options o = { 0 };
	struct bpf b;

	CHECK_STR(0, ((struct str){ e.msg, e.nmsg }), S(""));
	CU_ASSERT_FATAL(p != NULL);
	o.archs = p->archs;
	CU_ASSERT_FATAL(filter_compile(a, p, &o, &b, &e) == 0);
	return filter_audit(a, &b, p, notes, &e);
}

#define DENY "default errno ENOSYS\narch x86_64\n"
#define ALLOW "default allow\narch x86_64\n"

#define NEWER ALLOW "newer-than 6.12 errno ENOSYS\n"

static const struct {
	const char *id;
	enum severity severity;
	const char *with, *without;
	const char *said;
} rows[] = {
	{ "default-allow-only-allows", SEVERITY_ERROR, "default allow\narch all\nforeign allow",
	    ALLOW, "whatever is called, it is allowed" },
	{ "arch-unchecked", SEVERITY_ERROR, ALLOW "foreign allow\nerrno EPERM mount", ALLOW, NULL },
	{ "pointer-argument", SEVERITY_ERROR, DENY "notify connect", DENY "notify getpid",
	    "a supervisor is asked about connect on x86_64, with arguments that are pointers: what "
	    "they point to can change after the answer" },
	{ "pointer-argument", SEVERITY_ERROR, DENY "notify #39 #999", DENY "notify #39",
	    "a supervisor is asked about unknown calls on x86_64, with arguments that are "
	    "pointers: what they point to can change after the answer" },
	{ "pointer-argument", SEVERITY_ERROR, DENY "foreign notify", DENY "foreign trap",
	    "a supervisor is asked about all calls on other architectures, with arguments that are "
	    "pointers: what they point to can change after the answer" },
	{ "pointer-argument", SEVERITY_ERROR, DENY "allow openat path == 4096",
	    DENY "allow openat path == 0", NULL },
	{ "x32-open", SEVERITY_WARNING,
	    "default errno EPERM\narch x86_64 x32\non x32 { allow mount }",
	    "default errno EPERM\narch x86_64 x32\nallow mount",
	    "mount is denied on x86_64 and allowed by its x32 number" },
	{ "x32-old-numbers", SEVERITY_WARNING, ALLOW "errno EPERM execve",
	    ALLOW "errno EPERM execve #512..547",
	    "execve is denied on x86_64; number 520 is allowed, "
	    "by which kernels before 5.4 make it" },
	{ "i386-multiplex", SEVERITY_WARNING,
	    "default errno EPERM\narch i386\nallow socketcall\nallow socket family == AF_UNIX",
	    "default errno EPERM\narch i386\nallow socket family == AF_UNIX",
	    "socketcall is allowed on i386: it makes socket too, with arguments that no filter "
	    "sees" },
	{ "clone3-pointer-flags", SEVERITY_WARNING, DENY "allow clone flags == 0\nallow clone3",
	    DENY "allow clone flags == 0", NULL },
	{ "clone3-errno", SEVERITY_WARNING, DENY "allow clone\nerrno EPERM clone3",
	    DENY "allow clone", NULL },
	{ "openat2-pointer-flags", SEVERITY_WARNING, DENY "allow openat flags == 0\nallow openat2",
	    DENY "allow openat openat2", NULL },
	{ "io_uring-bypass", SEVERITY_WARNING, ALLOW "errno EPERM connect",
	    ALLOW "errno EPERM connect io_uring_setup", NULL },
	{ "msg-fastopen", SEVERITY_WARNING, DENY "allow socket sendto", DENY "allow sendto", NULL },
	{ "sibling-gap", SEVERITY_WARNING, ALLOW "errno EPERM openat",
	    ALLOW "errno EPERM open openat openat2 creat",
	    "open is allowed on x86_64, its sibling openat is denied" },
	/* what is denied besides what is newer */
	{ "sibling-gap", SEVERITY_WARNING, NEWER "errno EPERM settimeofday clock_settime",
	    NEWER "errno ENOSYS openat2 clone3", NULL },
	{ "sibling-gap", SEVERITY_WARNING, DENY "allow open flags == 0\nallow openat",
	    DENY "allow open openat flags == 0",
	    "openat is allowed on x86_64 with any arguments, its sibling open is not" },
	{ "time64-missing", SEVERITY_NOTE, "default errno ENOSYS\narch i386\nallow clock_gettime",
	    "default errno ENOSYS\narch i386\nallow clock_gettime clock_gettime64",
	    "clock_gettime64 is denied on i386, while clock_gettime is allowed: newer programs use "
	    "the first" },
	{ "ignored-half", SEVERITY_WARNING, DENY "allow socket family:64 == 2",
	    DENY "allow socket family == 2",
	    "the answer to socket on x86_64 depends on the high half of family, which the kernel "
	    "ignores" },
	{ "signed-comparison", SEVERITY_NOTE, DENY "allow socket family <= 9",
	    DENY "allow socket family == 9", NULL },
	{ "trace-without-tracer", SEVERITY_NOTE, DENY "trace 1 sync", DENY, NULL },
	{ "notify-on-runtime-calls", SEVERITY_WARNING, DENY "notify close", DENY "notify getpid",
	    NULL },
	{ "ptrace-old-kernel", SEVERITY_NOTE, DENY "allow ptrace", DENY, NULL },
	{ "denies-exec", SEVERITY_WARNING, DENY, DENY "allow execve",
	    "execve is denied on x86_64: no program can be executed" },
	{ "arm-private-calls", SEVERITY_WARNING, "default errno ENOSYS\narch arm",
	    "default errno ENOSYS\narch arm\nallow set_tls cacheflush", NULL },
	{ "dangerous-allowed", SEVERITY_WARNING, DENY "allow bpf setns read", DENY "allow read",
	    "allowed, though it reaches beyond the process: bpf setns" },
	{ "uprobe-always-allowed", SEVERITY_NOTE, DENY, DENY "allow uprobe uretprobe", NULL },
	{ "newer-calls-eperm", SEVERITY_WARNING, "default errno EPERM\narch x86_64", DENY, NULL },
};

static void
findings(void)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct notes with = { 0 }, without = { 0 };
		bool is, was;

		with.last = &with.first;
		CHECK_NUM(i, audit(&a, rows[i].with, &with), 0);
		CHECK_NUM(i, audit(&a, rows[i].without, &without), 0);
		is = found(&with, rows[i].severity, rows[i].id, rows[i].said);
		was = found(&without, rows[i].severity, rows[i].id, rows[i].said);
		CHECK_NUM(i, is, true);
		CHECK_NUM(i, was, false);
		CU_ASSERT(with.n[rows[i].severity] > 0);
	}
}

/* Positions are those of the policy's lines, or none. */
static void
positions(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct notes notes = { 0 };
	const struct note *n;

	notes.last = &notes.first;
	CHECK_NUM(0, audit(&a, DENY "allow read\nnotify connect", &notes), 0);
	for (n = notes.first; n != NULL && !str_eq(n->id, S("pointer-argument")); n = n->next)
		;
	CU_ASSERT_FATAL(n != NULL);
	CHECK_NUM(0, n->pos.line, 4);
}

/* What only raw programs have. */
static void
raw(void)
{
	static const struct bpf_insn insn[] = {
		{ BPF_LD_ABS, 0, 0, DATA_ARCH },
		{ BPF_JEQ, 0, 5, 0x40000003 },
		{ BPF_LD_ABS, 0, 0, DATA_ARGS + 4 },
		{ BPF_JEQ, 0, 1, 0 },
		{ BPF_RET_K, 0, 0, RET_ERRNO | 5000 },
		{ BPF_RET_K, 0, 0, 0x12340000 },
		{ BPF_RET_K, 0, 0, RET_ERRNO },
		{ BPF_RET_K, 0, 0, 0 },
	};
	struct bpf b = { insn, NULL, COUNT(insn) };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct notes notes = { 0 };

	CHECK_NUM(0, filter_audit(&a, &b, NULL, &notes, &e), 0);
	CU_ASSERT(found(&notes, SEVERITY_WARNING, "errno-range", NULL));
	CU_ASSERT(found(&notes, SEVERITY_WARNING, "unknown-action", NULL));
	CU_ASSERT(found(&notes, SEVERITY_WARNING, "errno-zero", NULL));
	CU_ASSERT(found(&notes, SEVERITY_NOTE, "high-word-on-32-bit", NULL));
	CU_ASSERT(found(&notes, SEVERITY_WARNING, "denies-exec", NULL));
	b.n--;
	b.n--;
	CHECK_NUM(0, filter_audit(&a, &b, NULL, &notes, &e), -1);
}

/* Ours have no errors. */
static void
builtin(void)
{
	for (size_t i = 0; profile_name(i).n > 0; i++) {
		struct arena a = { mem, 0, sizeof(mem) };
		struct policy_host host = { .arch = ARCH_X86_64 };
		struct err e = { 0 };
		struct notes notes = { 0 };
		struct policy *p = policy_builtin(&a, profile_name(i), &host, &e);
		struct filter_options o = { 0 };
		struct bpf b;

		CU_ASSERT_FATAL(p != NULL);
		o.archs = p->archs;
		CU_ASSERT_FATAL(filter_compile(&a, p, &o, &b, &e) == 0);
		CHECK_NUM(i, filter_audit(&a, &b, p, &notes, &e), 0);
		CHECK_NUM(i, notes.n[SEVERITY_ERROR], str_eq(profile_name(i), S("none")));
	}
}

static void
exhausted(void)
{
	struct arena a = { mem, 0, sizeof(mem) };
	struct policy_host host = { .arch = ARCH_X86_64 };
	struct err e = { 0 };
	struct policy *p = policy_parse(&a, S("p"),
	    S(ALLOW "errno EPERM mount\nnotify connect fd == 1"), &host, &e);
	struct filter_options o = { .archs = 1 << ARCH_X86_64 };
	struct bpf b;
	int result = -1;

	CU_ASSERT_FATAL(p != NULL && filter_compile(&a, p, &o, &b, &e) == 0);
	for (size_t cap = 0; result < 0 && cap < 1 << 20; cap += 16) {
		struct arena small = { mem + a.used, 0, cap };
		struct notes notes = { 0 };

		e = (struct err){ 0 };
		result = filter_audit(&small, &b, p, &notes, &e);
		CHECK_NUM(cap, e.fault, result < 0 ? FAULT_LIMIT : FAULT_NONE);
	}
	CHECK_NUM(0, result, 0);
}

UNIT_MAIN("audit", { "findings", findings }, { "positions", positions }, { "raw", raw },
    { "built in", builtin }, { "exhausted", exhausted })
