/* Calls that stand for each other, that go around each other, that reach too far. */
#include "plan/audit.h"

/* The next word of a list; empty at its end. */
static struct str
word(struct str *list)
{
	size_t end = str_find(*list, ' ', 0);
	struct str w = str_slice(*list, 0, end);

	*list = str_slice(*list, end + 1, list->n);
	return w;
}

/* Of the calls in a list the first with one of the fates (bits 1 << FATE_...), or -1. */
static int
with_fate(const struct audit *a, int arch, struct str list, unsigned fates)
{
	while (list.n > 0) {
		int call = call_find(word(&list));

		if (call >= 0 && (fates >> a->fate[arch][call] & 1) != 0)
			return call;
	}
	return -1;
}

enum {
	LETS = 1 << FATE_TESTED | 1 << FATE_OPEN,
	RESTRICTS = 1 << FATE_TESTED | 1 << FATE_DENIED,
	OPEN = 1 << FATE_OPEN,
	TESTED = 1 << FATE_TESTED,
	DENIED = 1 << FATE_DENIED,
};

/* The first goes around the second. Each is a list; a line is what is found and both. */
static const char around[] =
    "socketcall\0socket connect bind\0"
    "ipc\0shmget semget msgget shmat\0"
    "clone3\0clone\0"
    "openat2\0openat\0"
    "io_uring_setup\0socket connect sendto openat openat2 unlinkat renameat2 mkdirat statx "
    "setxattr\0"
    "sendto sendmsg sendmmsg\0connect\0";

static const uint8_t around_found[] = { FOUND_MULTIPLEX, FOUND_MULTIPLEX, FOUND_CLONE3,
	FOUND_OPENAT2, FOUND_IO_URING, FOUND_FASTOPEN };

static void
go_around(struct audit *a, int arch)
{
	const char *at = around;

	for (size_t i = 0; i < COUNT(around_found); i++) {
		struct str by = str_of(at), of = str_of(by.p + by.n + 1);
		int one = with_fate(a, arch, by, LETS), other = with_fate(a, arch, of, RESTRICTS);

		at = of.p + of.n + 1;
		/* nothing to connect where there is no socket */
		if (around_found[i] == FOUND_FASTOPEN && with_fate(a, arch, S("socket"), LETS) < 0)
			continue;
		if (one >= 0 && other >= 0)
			audit_found(a, (enum finding)around_found[i], arch, one, other);
	}
}

/* Each is as good as the others; with the same arguments behind an =. Not openat2 and clone3: they
 * are best denied, and see above. */
static const char siblings[] = "=open openat\0"
			       "open creat\0"
			       "=execve execveat\0"
			       "fork vfork clone\0"
			       "=dup2 dup3\0"
			       "=chmod fchmod fchmodat fchmodat2\0"
			       "=chown lchown fchown fchownat\0"
			       "=rename renameat renameat2\0"
			       "=unlink unlinkat\0"
			       "=link linkat\0"
			       "=symlink symlinkat\0"
			       "=mkdir mkdirat\0"
			       "=mknod mknodat\0"
			       "=access faccessat faccessat2\0"
			       "=readlink readlinkat\0"
			       "=accept accept4\0"
			       "=setxattr lsetxattr fsetxattr setxattrat\0"
			       "mount fsopen fsmount move_mount mount_setattr open_tree\0"
			       "=umount umount2\0"
			       "unshare setns\0"
			       "init_module finit_module\0"
			       "kexec_load kexec_file_load\0"
			       "ptrace process_vm_readv process_vm_writev pidfd_getfd\0"
			       "settimeofday clock_settime clock_settime64 adjtimex clock_adjtime "
			       "clock_adjtime64\0"
			       "=truncate ftruncate\0"
			       "kill tkill tgkill pidfd_send_signal rt_sigqueueinfo\0";

/* Is it a list of what is denied: is that what it says, or are unknown numbers let through? */
static bool
lists_denied(const struct audit *a, int arch)
{
	const struct spans *s = &a->s[arch];

	/* what is newer may be denied all the same */
	if (a->policy != NULL && action_allows(a->policy->fallback))
		return true;
	return diagram_has(a->d, s->at[s->n - 1].node, action_allows);
}

/* Of the calls in a list the first that is denied, but not for being newer, or -1. */
static int
with_denial(const struct audit *a, int arch, struct str list)
{
	unsigned newest = a->policy != NULL && a->policy->newer > 0 ? a->policy->newer : UINT32_MAX;
	int call = -1;

	while (list.n > 0 && call < 0) {
		call = with_fate(a, arch, word(&list), DENIED);
		if (call >= 0 && call_since((unsigned)call) > newest)
			call = -1;
	}
	return call;
}

static void
compare_siblings(struct audit *a, int arch, struct str list, bool same)
{
	int open = with_fate(a, arch, list, OPEN), denied = with_denial(a, arch, list);
	int tested = with_fate(a, arch, list, TESTED);

	if (open >= 0 && denied >= 0 && lists_denied(a, arch))
		audit_found(a, FOUND_SIBLING, arch, open, denied);
	else if (open >= 0 && tested >= 0 && same)
		audit_found(a, FOUND_SIBLING_TESTED, arch, open, tested);
}

/* Of 32-bit architectures: what ends in 64 has a narrower twin. */
static void
compare_widths(struct audit *a, int arch)
{
	unsigned told = 0;

	for (unsigned call = 0; call < calls_count() && told < 2; call++) {
		struct str name = call_name(call), end = S("64");
		int twin;

		if (a->fate[arch][call] == FATE_ABSENT || !str_ends(name, end))
			continue;
		if (str_ends(name, S("_time64")))
			end = S("_time64");
		twin = call_find(str_slice(name, 0, name.n - end.n));
		if (twin < 0 || a->fate[arch][twin] == a->fate[arch][call] ||
		    a->fate[arch][twin] == FATE_ABSENT)
			continue;
		told++;
		if (a->fate[arch][call] == FATE_DENIED && !lists_denied(a, arch))
			audit_found(a, FOUND_MISSING_64, arch, (int)call, twin);
		else if (lists_denied(a, arch) && a->fate[arch][twin] == FATE_DENIED)
			audit_found(a, FOUND_SIBLING, arch, (int)call, twin);
		else if (lists_denied(a, arch) && a->fate[arch][call] == FATE_DENIED)
			audit_found(a, FOUND_SIBLING, arch, twin, (int)call);
		else
			told--;
	}
}

/* By an x32 number, or by one that x32 once had in x86_64's table. */
static void
compare_x32(struct audit *a)
{
	bool told = false, old = false;
	char digits[UINT_ROOM];

	if ((a->archs >> ARCH_X86_64 & 1) == 0)
		return;
	for (unsigned call = 0; call < calls_count(); call++) {
		int64_t nr = call_number(call, ARCH_X32);
		uint32_t low = (uint32_t)nr & ~(uint32_t)X32_BIT;

		if (nr < 0 || a->fate[ARCH_X86_64][call] != FATE_DENIED)
			continue;
		if (!told && (LETS >> a->fate[ARCH_X32][call] & 1) != 0) {
			audit_found(a, FOUND_X32, ARCH_X32, (int)call, -1);
			told = true;
		}
		if (old || low < 512 || low > 547 ||
		    !diagram_has(a->d, spans_find(&a->s[ARCH_X86_64], low)->node, action_allows))
			continue;
		audit_note(a, FOUND_X32_OLD, ARCH_X86_64, (int)call,
		    (const struct str[]){ call_name(call), uint_text(digits, low) }, 2);
		old = true;
	}
}

static const char dangerous[] =
    "@mount @module @raw-io @reboot @swap @keyring bpf clock_settime clock_settime64 "
    "lookup_dcookie open_by_handle_at perf_event_open pidfd_getfd process_vm_readv "
    "process_vm_writev ptrace quotactl setns settimeofday unshare userfaultfd";

static void
list_dangerous(struct audit *a)
{
	struct str list = str_of(dangerous);
	struct callset set = { { 0 } };
	char text[1024];
	struct buf b = BUF(text);

	while (list.n > 0) {
		struct str w = word(&list);
		bool named = str_starts(w, S("@"));
		int at = named ? set_find(str_slice(w, 1, w.n)) : call_find(w);

		if (at >= 0 && named)
			set_join((size_t)at, &set);
		else if (at >= 0)
			callset_add(&set, (unsigned)at);
	}
	for (unsigned call = 0; call < calls_count(); call++) {
		bool open = false;

		for (int arch = 0; arch < ARCH_COUNT; arch++)
			open = open ||
			       ((a->archs >> arch & 1) != 0 && a->fate[arch][call] == FATE_OPEN);
		if (!open || !callset_has(&set, call))
			continue;
		if (b.n > 0)
			buf_char(&b, ' ');
		buf_put(&b, call_name(call));
	}
	if (b.n > 0)
		audit_note(a, FOUND_DANGEROUS, 0, -1, (const struct str[]){ buf_str(&b) }, 1);
}

static bool
is_enosys(uint32_t action)
{
	return action == RET_ENOSYS;
}

static bool
is_errno(uint32_t action)
{
	return (action & (uint32_t)RET_ACTION) == RET_ERRNO;
}

/* What single calls should be like. */
static void
judge_known(struct audit *a, int arch)
{
	const struct spans *s = &a->s[arch];
	uint32_t unknown = s->at[s->n - 1].node;
	int call;

	if ((call = with_fate(a, arch, S("execve"), DENIED)) >= 0)
		audit_found(a, FOUND_NO_EXEC, arch, call, -1);
	if (arch == ARCH_ARM && (call = with_fate(a, arch, S("set_tls cacheflush"), DENIED)) >= 0)
		audit_found(a, FOUND_ARM_PRIVATE, arch, call, -1);
	if ((call = with_fate(a, arch, S("clone3"), DENIED)) >= 0 &&
	    with_fate(a, arch, S("clone"), LETS) >= 0 &&
	    !diagram_has(a->d, audit_node(a, arch, (unsigned)call), is_enosys))
		audit_found(a, FOUND_CLONE3_ERRNO, arch, call, -1);
	if ((call = with_fate(a, arch, S("ptrace"), LETS)) >= 0)
		audit_found(a, FOUND_PTRACE, arch, call, -1);
	if (arch == ARCH_X86_64 &&
	    (call = with_fate(a, arch, S("uretprobe uprobe"), RESTRICTS)) >= 0)
		audit_found(a, FOUND_UPROBE, arch, call, -1);
	if (diagram_has(a->d, unknown, is_errno) && !diagram_has(a->d, unknown, is_enosys))
		audit_found(a, FOUND_NEWER, arch, -1, -1);
}

void
audit_calls(struct audit *a)
{
	for (int arch = 0; arch < ARCH_COUNT; arch++) {
		if ((a->archs >> arch & 1) == 0)
			continue;
		judge_known(a, arch);
		go_around(a, arch);
		for (const char *at = siblings; *at != '\0'; at += str_of(at).n + 1)
			compare_siblings(a, arch, str_of(at + (*at == '=')), *at == '=');
		if (!arch_wide((enum arch)arch))
			compare_widths(a, arch);
	}
	compare_x32(a);
	list_dangerous(a);
}
