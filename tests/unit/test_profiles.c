/* core/spec/profiles.c and core/spec/profiles: what the built-in profiles answer */
#include "policies.h"
#include "unit.h"

static unsigned char mem[8 << 20], other_mem[8 << 20];

static struct policy *
builtin(const char *name, enum arch arch)
{
	const struct policy_host host = { .arch = arch };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };
	struct policy *p = policy_builtin(&a, str_of(name), &host, &e);

	CU_ASSERT_FATAL(p != NULL);
	CHECK_NUM(0, e.fault, FAULT_NONE);
	return p;
}

static void
they_have_names(void)
{
	const struct policy_host host = { .arch = ARCH_X86_64 };
	struct arena a = { mem, 0, sizeof(mem) };
	struct err e = { 0 };

	CHECK_TEXT(0, profile_name(0), "default");
	CHECK_TEXT(1, profile_name(1), "deny-dangerous");
	CHECK_TEXT(2, profile_name(2), "none");
	CHECK_TEXT(3, profile_name(3), "strict");
	CHECK_NUM(4, profile_name(4).n, 0);
	CHECK_NUM(4, profile_name(5).n, 0);
	CHECK_NUM(4, profile_text(4).n, 0);
	CU_ASSERT(policy_builtin(&a, S("defualt"), &host, &e) == NULL);
	CHECK_TEXT(5, ((struct str){ e.msg, e.nmsg }),
	    "unknown profile \"defualt\" (default, deny-dangerous, none, strict)");
}

/* Nothing to be said of them, on any host; a number without a name is in none. */
static void
they_are_clean(void)
{
	for (size_t i = 0; profile_name(i).n > 0; i++) {
		for (unsigned arch = 0; arch < ARCH_COUNT; arch++) {
			char name[64];
			struct policy *p;

			snprintf(name, sizeof(name), "%.*s", (int)profile_name(i).n,
			    profile_name(i).p);
			p = builtin(name, (enum arch)arch);
			CHECK_NUM(i, p->notes.n[SEVERITY_WARNING] + p->notes.n[SEVERITY_ERROR], 0);
			CHECK_NUM(i, p->archs | 1 << ARCH_X32, ARCH_ALL);
		}
	}
}

/* Lines are those of the file, though comments are not there. */
static void
lines_are_those_of_the_file(void)
{
	struct policy *p = builtin("deny-dangerous", ARCH_X86_64);
	char line[512] = "";
	FILE *f = fopen("core/spec/profiles/deny-dangerous.policy", "r");

	CU_ASSERT_FATAL(f != NULL);
	for (uint32_t n = 0; n < p->first->pos.line; n++)
		CU_ASSERT_FATAL(fgets(line, sizeof(line), f) != NULL);
	fclose(f);
	CHECK_STR(0, p->first->text, str_slice(str_of(line), 0, strlen(line) - 1));
	CU_ASSERT(str_find(profile_text(1), '#', 0) == profile_text(1).n);
}

static const struct {
	const char *profile, *call;
	uint64_t arg[3];
	uint32_t want;
} answers[] = {
	{ "none", "mount", { 0 }, RET_ALLOW },
	{ "deny-dangerous", "read", { 0 }, RET_ALLOW },
	{ "deny-dangerous", "socket", { 38 }, RET_ALLOW },
	{ "deny-dangerous", "mount", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "umount2", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "fsopen", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "open_tree_attr", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "mount_setattr", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "statmount", { 0 }, RET_ALLOW },
	{ "deny-dangerous", "setns", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "unshare", { 0x10000000 }, EPERM_SAID },
	{ "deny-dangerous", "unshare", { 0x80 }, EPERM_SAID },
	{ "deny-dangerous", "unshare", { 0x400 }, RET_ALLOW },
	{ "deny-dangerous", "clone", { 0x3d0f00 }, RET_ALLOW },
	{ "deny-dangerous", "clone", { 0x40000011 }, EPERM_SAID },
	{ "deny-dangerous", "clone3", { 0 }, ENOSYS_SAID },
	{ "deny-dangerous", "finit_module", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "kexec_file_load", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "bpf", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "perf_event_open", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "keyctl", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "userfaultfd", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "io_uring_setup", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "ptrace", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "process_vm_readv", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "pidfd_getfd", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "open_by_handle_at", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "clock_settime", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "settimeofday", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "clock_adjtime", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "swapon", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "reboot", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "quotactl_fd", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "iopl", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "ioperm", { 0 }, EPERM_SAID },
	{ "deny-dangerous", "ioctl", { 0, 0x5412 }, EPERM_SAID },
	{ "deny-dangerous", "ioctl", { 0, 0xffffffff00005412 }, EPERM_SAID },
	{ "deny-dangerous", "ioctl", { 0, 0x541c }, EPERM_SAID },
	{ "deny-dangerous", "ioctl", { 0, 0x5401 }, RET_ALLOW },
	{ "default", "clone", { 0x11 }, RET_ALLOW },
	{ "default", "clone", { 0x20000 }, EPERM_SAID },
	{ "default", "clone3", { 0 }, ENOSYS_SAID },
	{ "default", "socket", { 38 }, EPERM_SAID },
	{ "default", "socket", { 1 }, RET_ALLOW },
	{ "default", "personality", { 0xffffffff }, RET_ALLOW },
	{ "default", "personality", { 1 }, EPERM_SAID },
	{ "default", "file_getattr", { 0 }, ENOSYS_SAID },
	{ "default", "mseal", { 0 }, RET_ALLOW },
	{ "default", "ioctl", { 0, 0x5412 }, EPERM_SAID },
	{ "strict", "execve", { 0 }, RET_ALLOW },
	{ "strict", "openat", { 0, 0, 0x80000 }, RET_ALLOW },
	{ "strict", "openat", { 0, 0, 1 }, EPERM_SAID },
	{ "strict", "openat", { 0, 0, 0x40 }, EPERM_SAID },
	{ "strict", "openat", { 0, 0, 0x410002 }, EPERM_SAID },
	{ "strict", "openat2", { 0 }, ENOSYS_SAID },
	{ "strict", "socket", { 1 }, EPERM_SAID },
	{ "strict", "clone", { 0x3d0f00 }, EPERM_SAID },
	{ "strict", "fork", { 0 }, EPERM_SAID },
	{ "strict", "prlimit64", { 0, 3, 0 }, RET_ALLOW },
	{ "strict", "prlimit64", { 0, 3, 1 }, EPERM_SAID },
	{ "strict", "tgkill", { 1, 1, 6 }, RET_ALLOW },
	{ "strict", "tgkill", { 1, 1, 9 }, EPERM_SAID },
	{ "strict", "unlink", { 0 }, EPERM_SAID },
};

static void
they_answer(void)
{
	for (size_t i = 0; i < COUNT(answers); i++)
		CHECK_NUM(i,
		    policy_says(builtin(answers[i].profile, ARCH_X86_64), ARCH_X86_64,
			answers[i].call, answers[i].arg[0], answers[i].arg[1], answers[i].arg[2]),
		    answers[i].want);
}

/* ---- docker's profile ---- */

/* It is not ours, so that it may not be there. */
static struct str
docker_text(void)
{
	static const char *const place[] = { "../shared/vectors/seccomp/moby-default.json",
		"../../shared/vectors/seccomp/moby-default.json" };
	static char text[1 << 16];

	for (size_t i = 0; i < COUNT(place); i++) {
		FILE *f = fopen(place[i], "rb");
		size_t n;

		if (f == NULL)
			continue;
		n = fread(text, 1, sizeof(text), f);
		fclose(f);
		return (struct str){ text, n };
	}
	return S("");
}

/* Where default differs from it without arguments, apart from what is too new, for which docker's
 * answer depends on what else it names. */
static const char *const differ[ARCH_COUNT] = {
	[ARCH_X86_64] = " uprobe",
	[ARCH_I386] = " sigaction signal sigpending sigsuspend",
	[ARCH_AARCH64] = "",
	[ARCH_ARM] = " get_tls sigaction sigpending sigsuspend",
	[ARCH_RISCV64] = "",
	[ARCH_S390X] = " sigaction signal sigpending sigsuspend",
};

static void
compare(const struct policy *ours, const struct policy *docker, enum arch arch)
{
	char text[1024];
	struct buf b = BUF(text);
	uint32_t audit = arch_audit(arch);

	for (unsigned c = 0; c < calls_count(); c++) {
		int64_t nr = call_number(c, arch);
		const struct rule *why;
		uint32_t a, d;

		if (nr < 0)
			continue;
		a = policy_decide(ours, audit, (uint32_t)nr, (uint64_t[6]){ 0 }, &why);
		d = policy_decide(docker, audit, (uint32_t)nr, (uint64_t[6]){ 0 }, &why);
		if (a == d || (a == ENOSYS_SAID && d == EPERM_SAID && call_since(c) > 6013) ||
		    (a == EPERM_SAID && d == ENOSYS_SAID && call_since(c) <= 6013))
			continue;
		buf_char(&b, ' ');
		buf_put(&b, call_name(c));
	}
	for (uint64_t v = 0; v < 64; v++) {
		static const char *const call[] = { "socket", "personality", "clone", "clone" };
		const uint64_t arg[] = { v, v % 2 == 0 ? v >> 1 << 16 : v, (uint64_t)1 << v,
			(uint64_t)1 << v | 0x20000 };

		for (size_t i = 0; i < COUNT(call); i++) {
			unsigned c = (unsigned)call_find(str_of(call[i]));
			uint32_t nr = (uint32_t)call_number(c, arch);
			const uint64_t at[6] = { arg[i], i > 1 ? arg[i] : 0 };
			const struct rule *why;

			CHECK_NUM(v * 4 + i, policy_decide(ours, audit, nr, at, &why),
			    policy_decide(docker, audit, nr, at, &why));
		}
	}
	if (!str_eq(buf_str(&b), str_of(differ[arch])))
		fprintf(stderr, "%u:%.*s\n", arch, (int)b.n, b.p);
	CHECK_STR(arch, buf_str(&b), str_of(differ[arch]));
}

static void
default_is_what_docker_allows(void)
{
	struct str text = docker_text();

	if (text.n == 0) {
		printf("# docker's profile is not there: skipped\n");
		return;
	}
	for (unsigned arch = 0; arch < ARCH_COUNT; arch++) {
		/* what docker gives a container, of the capabilities that the profile asks for */
		enum arch first = (enum arch)__builtin_ctz(arch_family((enum arch)arch));
		struct policy_host host = { .arch = first, .caps = 1 << 18 };
		struct arena a = { other_mem, 0, sizeof(other_mem) };
		struct err e = { 0 };
		struct policy *docker, *ours;

		/* x32 is foreign to ours; docker's list has no word for this one as a host */
		if (arch == ARCH_X32 || arch == ARCH_PPC64LE)
			continue;
		docker = policy_read(&a, S("moby"), text, &host, &e);
		CU_ASSERT_FATAL(docker != NULL);
		CHECK_NUM(arch, docker->notes.n[SEVERITY_WARNING] + docker->notes.n[SEVERITY_ERROR],
		    0);
		ours = builtin("default", first);
		compare(ours, docker, (enum arch)arch);
	}
}

UNIT_MAIN("profiles", { "they have names", they_have_names }, { "they are clean", they_are_clean },
    { "their lines are those of the file", lines_are_those_of_the_file },
    { "they answer what they are for", they_answer },
    { "default is what docker allows", default_is_what_docker_allows })
