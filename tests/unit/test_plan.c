/* core/plan/build.c: a plan as a whole: its claims, its slots, its memory. */
#include "goodplans.h"
#include "plan/build.h"
#include "unit.h"

static struct planned p;

/* Which operations stand behind a claim: all of these lines are in a plan that claims it. Slots are
 * written "#"; what the claim's detail names stands for "@". */
static const struct {
	const char *name, *mechanism, *detail; /* NULL: any */
	const char *ops[4];
} behind[] = {
	{ "user", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ user #\n" } },
	{ "mount", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ mount #\n" } },
	{ "pid", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ pid #\n" } },
	{ "net", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ net #\n" } },
	{ "ipc", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ ipc #\n" } },
	{ "uts", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ uts #\n" } },
	{ "cgroup", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ cgroup #\n" } },
	{ "time", "namespace", NULL, { "host  open @ -> #\n", "host  setns @ time #\n" } },
	{ "tree", "pid namespace", NULL, { "box   pdeathsig\n", "box   spawn\n" } },
	{ "tree", "cgroup.kill", NULL, { "host  subreaper\n", "host  cgroup-leaf " } },
	{ "tree", "subreaper", NULL, { "host  subreaper\n" } },
	{ "root", "mount", "read-only with everything below it, nosuid, nodev",
	    { "box   private\n",
		"box   mount_setattr ro,nosuid,nodev # recursive\nbox   attach-root #\n" } },
	{ "root", "mount", "writable, nosuid, nodev",
	    { "box   private\n", "box   mount_setattr nosuid,nodev # recursive\nbox   writable ",
		"box   attach-root #\n" } },
	{ "proc", "mount", "hidden",
	    { "box   target proc -> # in # if possible\nbox   enter #\n"
	      "box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n" } },
	{ "proc", "mount", "own, read-only",
	    { "box   target proc -> # in #\nbox   enter #\n"
	      "box   mount proc . ro,nosuid,nodev,noexec #\n" } },
	{ "proc", "mount", "own, read-only, processes only",
	    { "box   mount proc . subset=pid ro,nosuid,nodev,noexec #\n" } },
	{ "devices", "mount", "null zero full random urandom tty pts shm",
	    { "box   mount tmpfs . size=64k,nr_inodes=512,mode=0755 nosuid,nodev,noexec #\n",
		"box   move_mount null # on #\n",
		"box   mount_setattr ro,nosuid,noexec # recursive\n",
		"box   mount devpts pts newinstance," } },
	{ "devices", "nodev", NULL, { "nosuid,nodev # recursive\n" } },
	{ "sockets", "mount", NULL,
	    { "box   target run -> # in # if possible\nbox   enter #\nbox   mount tmpfs . "
	      "size=1m,nr_inodes=512,mode=0755 nosuid,nodev,noexec #\n",
		"box   target var/run -> # in # unless a link if possible\nbox   enter #\n"
		"box   mount tmpfs . size=4k,nr_inodes=2,mode=0555 ro,nosuid,nodev,noexec #\n",
		"box   mount_setattr ro,nosuid,nodev,noexec #\n" } },
	{ "read-only", "mount", NULL,
	    { "box   open_tree @ -> # recursive\n"
	      "box   mount_setattr ro,nosuid,nodev # recursive\n",
		"box   move_mount # on #\n" } },
	{ "writable", "mount", "/",
	    { "box   mount_setattr nosuid,nodev # recursive\nbox   writable " } },
	{ "writable", "mount", NULL,
	    { "box   open_tree @ -> # recursive\nbox   mount_setattr nosuid,nodev # recursive\n"
	      "box   writable @ #\n",
		"box   move_mount # on #\n" } },
	{ "bind", "mount", NULL,
	    { "box   mount_setattr nosuid,nodev # recursive\n", "box   move_mount # on #\n" } },
	{ "tmpfs", "mount", NULL, { "nr_inodes=16384,mode=1777 nosuid,nodev #\n" } },
	{ "nesting", "sysctl user.max_user_namespaces", NULL,
	    { "box   sysctl user/max_user_namespaces 0\n" } },
	{ "hostname", "uts namespace", NULL, { "uts", "box   hostname @\n" } },
	{ "capabilities", "capset, securebits", NULL,
	    { "box   securebits\n", "box   capabilities\n" } },
	{ "capabilities", "capset", NULL, { "box   capabilities\n" } },
	{ "no_new_privs", "prctl", NULL, { "box   no_new_privs\n" } },
	{ "seccomp", "seccomp filter", NULL, { "box   no_new_privs\n", "exec  seccomp " } },
	{ "session", "setsid", NULL, { "exec  setsid\n" } },
	{ "descriptors", "close_range", NULL, { "exec  cloexec\n" } },
	{ "monitor", "cgroup v2", NULL, { "host  cgroup-self /sys/fs/cgroup/me\n" } },
	{ "memory.max", "cgroup v2", NULL,
	    { "host  cgroup-leaf /sys/fs/cgroup/me -> #\n"
	      "host  cgroup-limit memory.max 65536 #\n" } },
	{ "memory.swap.max", "cgroup v2", NULL,
	    { "host  cgroup-limit memory.swap.max 0 # if possible\n" } },
	{ "pids.max", "cgroup v2", NULL, { "host  cgroup-limit pids.max 65 #\n" } },
	{ "devices", "bpf cgroup device", NULL, { "host  cgroup-devices 2 instructions #\n" } },
	{ "placement", "cgroup v2", "the payload has no way to write to cgroup.procs",
	    { "host  clone user,mount,pid,net,ipc,uts" } },
	{ "placement", "cgroup v2", NULL, { "host  clone" } },
	{ "memory.max", "RLIMIT_AS and sampling", NULL, { "exec  rlimit AS 65536\n" } },
	{ "cpu.max", "RLIMIT_CPU and sampling", NULL, { "exec  rlimit CPU 3\n" } },
	{ "verdict", "descriptor that the payload never has", NULL,
	    { "box   undumpable\n", "exec  cloexec\n" } },
};

/* The text with the detail in place of "@". */
static const char *
filled(const char *text, struct str detail)
{
	static char out[1024];
	struct buf b = BUF(out);

	for (; *text != '\0'; text++) {
		if (*text == '@')
			buf_escaped(&b, detail);
		else
			buf_char(&b, *text);
	}
	buf_char(&b, '\0');
	return b.p;
}

/* A new namespace is made by the clone, or unshared by init. */
static bool
made(const struct claim *c)
{
	uint64_t flags = 0;
	size_t k = 0;

	for (size_t i = 0; i < p.plan->n; i++)
		if (p.plan->op[i].kind == OP_CLONE || p.plan->op[i].kind == OP_UNSHARE)
			flags |= p.plan->op[i].num;
	while (k < NS_COUNT && !str_eq(ns_name((enum ns_kind)k), c->name))
		k++;
	return k < NS_COUNT && (flags & ns_flag((enum ns_kind)k)) != 0;
}

static void
claims_are_true(void)
{
	bool used[COUNT(behind)] = { false };

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		const char *text;

		CU_ASSERT_FATAL(good_plan(&p, i));
		text = plan_text(p.plan, true);
		for (size_t c = 0; c < p.plan->nclaims; c++) {
			const struct claim *claim = &p.plan->claim[c];
			size_t row = 0;

			if (claim->state == CLAIM_NOT_ASKED || claim->state == CLAIM_DROPPED)
				continue;
			if (str_eq(claim->mechanism, S("namespace")) &&
			    str_eq(claim->detail, S("new"))) {
				CU_ASSERT(made(claim));
				continue;
			}
			while (row < COUNT(behind) &&
			       (!str_eq(claim->name, str_of(behind[row].name)) ||
				   !str_eq(claim->mechanism, str_of(behind[row].mechanism)) ||
				   (behind[row].detail != NULL &&
				       !str_eq(claim->detail, str_of(behind[row].detail)))))
				row++;
			if (row == COUNT(behind))
				printf("# row %zu: %.*s\n", i, (int)claim->name.n, claim->name.p);
			CU_ASSERT_FATAL(row < COUNT(behind));
			used[row] = true;
			for (size_t k = 0; k < 4 && behind[row].ops[k] != NULL; k++) {
				const char *want = filled(behind[row].ops[k], claim->detail);

				if (strstr(text, want) == NULL)
					printf("# row %zu: no %s\n", i, want);
				CU_ASSERT(strstr(text, want) != NULL);
			}
		}
	}
	for (size_t row = 0; row < COUNT(behind); row++)
		CHECK_NUM(row, used[row], true);
}

/* Each claim once, but those that may be there for several paths. */
static void
claims_are_complete(void)
{
	static const char *const always[] = { "user", "mount", "pid", "net", "ipc", "uts", "cgroup",
		"time", "tree", "session", "descriptors", "verdict" };
	static const char *const view[] = { "root", "proc", "devices", "sockets" };

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		CU_ASSERT_FATAL(good_plan(&p, i));
		for (size_t c = 0; c < p.plan->nclaims; c++) {
			const struct claim *claim = &p.plan->claim[c];

			CU_ASSERT(
			    claim->name.n > 0 && claim->mechanism.n > 0 && claim->detail.n > 0);
			CU_ASSERT((claim->op == UINT32_MAX) == (claim->otherwise.n == 0));
			for (size_t d = 0; d < c; d++)
				CU_ASSERT(!str_eq(claim->name, p.plan->claim[d].name) ||
					  str_eq(claim->mechanism, S("mount")) ||
					  !str_eq(claim->mechanism, p.plan->claim[d].mechanism));
		}
		for (size_t k = 0; k < COUNT(always); k++)
			CU_ASSERT(find_claim(p.plan, always[k]) != NULL);
		for (size_t k = 0; k < COUNT(view); k++)
			CHECK_NUM(k, find_claim(p.plan, view[k]) != NULL,
			    p.box.ns[NS_MOUNT].mode == NS_NEW);
		CU_ASSERT((find_claim(p.plan, "privileges") != NULL) ==
			  (find_claim(p.plan, "capabilities") == NULL));
		CU_ASSERT((find_claim(p.plan, "privileges") != NULL) ==
			  (find_claim(p.plan, "nesting") == NULL));
	}
}

static void
same_again(void)
{
	static char once[1 << 20];

	for (size_t i = 0; i < COUNT(good_plans); i++) {
		const char *text;

		CU_ASSERT_FATAL(good_plan(&p, i));
		text = plan_text(p.plan, false);
		CU_ASSERT_FATAL(strlen(text) < sizeof(once));
		strcpy(once, text);
		memset(planning_mem, 0xa5, sizeof(planning_mem));
		CU_ASSERT_FATAL(good_plan(&p, i));
		CHECK_STR(i, str_of(plan_text(p.plan, false)), str_of(once));
	}
}

/* Every allocation fails once: out of memory is told, nothing else happens. */
static void
memory(void)
{
	for (size_t i = 0; i < COUNT(good_plans); i++) {
		size_t most, least;

		CU_ASSERT_FATAL(good_plan(&p, i));
		CU_ASSERT_FATAL(planned_box(&p, good_plans[i].words) && planned_filter(&p));
		least = p.arena.used;
		CU_ASSERT_FATAL(planned_with(&p) != NULL);
		most = p.arena.used;
		for (size_t room = least; room < most; room++) {
			p.arena.used = least;
			p.arena.cap = room;
			p.err = (struct err){ 0 };
			CU_ASSERT_FATAL(planned_with(&p) == NULL);
			CU_ASSERT_FATAL(p.err.fault == FAULT_LIMIT);
		}
		p.arena.used = least;
		p.arena.cap = most;
		CU_ASSERT(planned_with(&p) != NULL);
	}
}

/* Slots are used again from the 64th on, each closed first. */
static void
slots(void)
{
	size_t at;

	CU_ASSERT_FATAL(good_plan(&p, COUNT(good_plans) - 1));
	at = find_op(p.plan, OP_CLOSE, 0);
	CU_ASSERT_FATAL(at < p.plan->n);
	for (size_t i = 0; i < p.plan->n; i++) {
		const struct op *o = &p.plan->op[i];

		CU_ASSERT(o->a == NO_SLOT || o->a < LIMIT_SLOTS);
		CU_ASSERT(o->b == NO_SLOT || o->b < LIMIT_SLOTS);
		if (o->kind == OP_CLOSE)
			CHECK_NUM(i, p.plan->op[i + 1].a, o->a);
	}
	CU_ASSERT(count_ops(p.plan, OP_CLOSE) > 1);
}

/* More than the 16 clones of "/" and 32 file systems with mount points that a box may have, and
 * what else is held with them: no plan gets there, and if one did, it would be refused. */
static void
no_slot_left(void)
{
	struct build b;

	p = (struct planned){ .facts = machine_root() };
	planned_reset(&p);
	p.plan = arena_get(&p.arena, sizeof(*p.plan));
	b = (struct build){ .plan = p.plan, .arena = &p.arena, .err = &p.err };
	for (uint8_t i = 0; i < LIMIT_SLOTS; i++)
		CHECK_NUM(i, build_slot(&b), i);
	build_release(&b, 63);
	build_release(&b, NO_SLOT);
	CHECK_NUM(64, build_slot(&b), 63);
	CHECK_NUM(64, p.plan->op[0].kind, OP_CLOSE);
	CHECK_NUM(65, build_slot(&b), NO_SLOT);
	CHECK_TEXT(65, ((struct str){ p.err.msg, p.err.nmsg }),
	    "the plan holds more than 64 descriptors at once");
	CHECK_NUM(66, build_slot(&b), NO_SLOT);
}

static void
refusals_keep_the_first(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.root_mount = false;
	p.facts.proc = false;
	CHECK_REFUSED(0, &p, "--ro /a --rw /a", "a new user namespace needs /proc");
}

UNIT_MAIN("plan", { "every claim has its operations", claims_are_true },
    { "every plan has its claims", claims_are_complete }, { "the same again", same_again },
    { "every allocation fails once", memory }, { "slots are used again", slots },
    { "no slot left", no_slot_left }, { "the first refusal is told", refusals_keep_the_first })
