/* core/run/filter.c and dump.c over the fake kernel: filters attached and looked at, and the exec
 * behind them. */
#include "check.h"
#include "kernel.h"
#include "run/filter.h"
#include "spec/policy.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

static const struct bpf_insn insns[] = { { BPF_RET_K, 0, 0, (uint32_t)RET_NOTIFY } };
static const struct bpf filter = { insns, NULL, 1 };
static const char *const paths[] = { "/no/app", "/bin/app", NULL };
static char word[] = "app";
static char *argv[] = { word, NULL }, *envp[] = { NULL };
static const struct command command = { paths, argv, envp };
static struct fake_program programs[3];
static _Alignas(16) unsigned char mem[1 << 20];

#define MSG(row, e, want) CHECK_STR(row, ((struct str){ (e)->msg, (e)->nmsg }), str_of(want))

/* ---- attach ---------------------------------------------------------------------------------- */

static void
attach(void)
{
	static const struct {
		bool new_privs;
		uint64_t caps;
		enum fake_call call;
		int error;
		bool taken;
		unsigned flags;
		int want;
		enum fault fault;
		const char *say;
	} t[] = {
		{ .want = 0 },
		{ .flags = FILTER_LOG, .want = 0 },
		{ .flags = FILTER_LISTENER, .want = 3 },
		{ .new_privs = true, .caps = 1 << K_CAP_SYS_ADMIN, .want = 0 },
		{ .new_privs = true,
		    .caps = ~(1ull << K_CAP_SYS_ADMIN),
		    .want = -1,
		    .fault = FAULT_REFUSED,
		    .say =
			"a filter without no_new_privs needs CAP_SYS_ADMIN, which we do not have" },
		{ .call = FAKE_prctl,
		    .error = EINVAL,
		    .want = -1,
		    .fault = FAULT_SYSTEM,
		    .say = "prctl: cannot set no_new_privs" },
		{ .new_privs = true,
		    .call = FAKE_capget,
		    .error = EFAULT,
		    .want = -1,
		    .fault = FAULT_SYSTEM,
		    .say = "capget: cannot tell what we may do" },
		{ .call = FAKE_seccomp,
		    .error = EINVAL,
		    .want = -1,
		    .fault = FAULT_SYSTEM,
		    .say = "seccomp: cannot attach the filter" },
		{ .flags = FILTER_LISTENER,
		    .taken = true,
		    .want = -1,
		    .fault = FAULT_SYSTEM,
		    .say = "seccomp: a filter that we are under already has a listener, and the "
			   "kernel knows but one" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };

		fake_reset();
		fake.caps = t[i].caps;
		fake.listener_taken = t[i].taken;
		fake.fault[0] =
		    (struct fake_fault){ .call = t[i].call, .nth = 1, .error = t[i].error };
		if (t[i].error == 0)
			fake.fault[0] = (struct fake_fault){ 0 };
		CHECK_NUM(i, filter_attach(&filter, t[i].flags, t[i].new_privs, &e), t[i].want);
		CHECK_NUM(i, e.fault, t[i].fault);
		CHECK_NUM(i, e.sysno, t[i].taken ? EBUSY : t[i].error);
		MSG(i, &e, t[i].say == NULL ? "" : t[i].say);
		CHECK_NUM(i, kernel.self->no_new_privs, !t[i].new_privs && t[i].call != FAKE_prctl);
		CHECK_NUM(i, kernel.self->filtered, t[i].want >= 0);
	}
}

static void
exec_fails(void)
{
	static const struct {
		int error[2]; /* of /no/app, /bin/app; 0: not there */
		int status, sysno;
	} t[] = {
		{ { 0, 0 }, 127, ENOENT },
		{ { 0, EACCES }, 126, EACCES },
		{ { EACCES, 0 }, 126, EACCES },
		{ { ENOEXEC, 0 }, 126, ENOEXEC },
		{ { EACCES, E2BIG }, 126, E2BIG },
		{ { E2BIG, EACCES }, 126, E2BIG },
		/* a script whose interpreter is not there */
		{ { 0, ENOENT }, 126, ENOENT },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct err e = { 0 };
		struct fake_file files[3] = { { NULL, NULL, 0 } };

		fake_reset();
		memset(programs, 0, sizeof(programs));
		for (size_t k = 0, n = 0; k < 2; k++)
			if (t[i].error[k] != 0)
				programs[n++] =
				    (struct fake_program){ paths[k], t[i].error[k], NULL };
		if (t[i].error[1] == ENOENT)
			files[0] = (struct fake_file){ paths[1], "#!/no\n", 0 };
		fake.file = files;
		fake.program = programs;
		CHECK_NUM(i, command_exec(&command, &e), t[i].status);
		CHECK_NUM(i, e.sysno, t[i].sysno);
		MSG(i, &e, "cannot execute \"app\"");
	}
}

/* ---- dump ------------------------------------------------------------------------------------ */

static const struct bpf_insn first[] = { { BPF_LD_ABS, 0, 0, 0 }, { BPF_RET_K, 0, 0, 1 } };
static const struct bpf_insn second[] = { { BPF_RET_K, 0, 0, 2 } };

struct look {
	int64_t index;
	size_t room;
	int r;
	size_t n;
	uint32_t k;
	struct err err;
};

static void
look_main(void *p)
{
	struct look *l = p;
	struct arena a = { mem, 0, l->room };
	struct bpf b = { 0 };

	l->r = filter_dump(&a, FAKE_CALLER + 1, l->index, &b, &l->err);
	l->n = b.n;
	l->k = b.n > 0 ? b.insn[b.n - 1].k : 0;
}

static struct look
look(size_t filters, int64_t index)
{
	struct look l = { .index = index, .room = sizeof(mem) };

	fake_reset();
	fake.before = 1;
	if (filters > 0)
		fake.filter[0] = (struct fake_filter){ first, COUNT(first) };
	if (filters > 1)
		fake.filter[1] = (struct fake_filter){ second, COUNT(second) };
	return l;
}

static void
dump(void)
{
	static const struct {
		size_t filters;
		int64_t index;
		size_t n;
		uint32_t k;
		const char *say;
	} t[] = {
		{ 1, -1, 2, 1, "" },
		{ 1, 0, 2, 1, "" },
		{ 2, 0, 2, 1, "" },
		{ 2, 1, 1, 2, "" },
		{ 2, -1, 0, 0,
		    "the process is under several filters: say which, 0 is the first that was "
		    "attached" },
		{ 1, 1, 0, 0, "the process has no filter of that number" },
		{ 0, -1, 0, 0,
		    "the process is under no filter (or the kernel was built without "
		    "CONFIG_CHECKPOINT_RESTORE)" },
	};

	for (size_t i = 0; i < 2 * COUNT(t); i++) {
		size_t k = i / 2;
		struct look l = look(t[k].filters, t[k].index);

		fake.stop_signal = i % 2 == 0 ? 0 : SIGTERM;
		CHECK_NUM(i, fake_run(look_main, &l, sizeof(l)), FAKE_RETURNED);
		CU_ASSERT_PTR_NULL(fake.wrong);
		CHECK_NUM(i, l.r, t[k].n > 0 ? 0 : -1);
		CHECK_NUM(i, l.n, t[k].n);
		CHECK_NUM(i, l.k, t[k].k);
		MSG(i, &l.err, t[k].say);
		CHECK_NUM(i, fake.traced, 0);
		CHECK_NUM(i, fake.damage, 0);
	}
}

static void
dump_refused(void)
{
	static const struct {
		size_t
		    nth; /* of ptrace: seize, interrupt, its length, is there another, the filter */
		int error;
		const char *say;
	} t[] = {
		{ 1, EPERM, "ptrace: cannot look into the process" },
		{ 2, ESRCH, "ptrace: the process does not stop" },
		{ 3, EACCES,
		    "ptrace: the kernel shows filters only to who has CAP_SYS_ADMIN and is under "
		    "none" },
		{ 3, 124, "ptrace: the kernel has not kept that filter's program" },
		{ 3, EIO, "ptrace: cannot read the filter" },
		{ 5, EFAULT, "ptrace: cannot read the filter" },
	};
	struct look l;

	for (size_t i = 0; i < COUNT(t); i++) {
		l = look(1, -1);
		fake.fault[0] = (struct fake_fault){ .call = FAKE_ptrace,
			.nth = t[i].nth,
			.error = t[i].error };
		(void)fake_run(look_main, &l, sizeof(l));
		CHECK_NUM(i, l.r, -1);
		CHECK_NUM(i, l.err.sysno, t[i].error);
		MSG(i, &l.err, t[i].say);
		/* it is let go but where it has not stopped; then our end does it */
		CHECK_NUM(i, fake.traced, i == 1);
	}
	l = look(1, -1);
	fake.never_stops = true;
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(0, l.err.sysno, ETIMEDOUT);
	l = look(1, -1);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_wait, .nth = 1, .error = EINTR };
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(1, l.r, 0);
	l = look(1, -1);
	fake.fault[0] = (struct fake_fault){ .call = FAKE_wait, .nth = 1, .error = ECHILD };
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(2, l.err.sysno, ECHILD);
	/* it has another one meanwhile */
	l = look(1, -1);
	fake.read_other = 1;
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(3, l.err.sysno, EIO);
	l = look(1, -1);
	l.room = 8;
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(4, l.err.fault, FAULT_LIMIT);
	l = look(1, -1);
	fake.filter[0].n = BPF_INSNS_MAX + 1;
	(void)fake_run(look_main, &l, sizeof(l));
	CHECK_NUM(5, l.err.fault, FAULT_LIMIT);
	CHECK_NUM(5, fake.traced, 0);
}

UNIT_MAIN("filter-run", { "attached", attach }, { "the exec fails", exec_fails }, { "dump", dump },
    { "dump is refused", dump_refused })
