/* core/plan/confine.c, core/spec/boxseccomp.c: the filter of a payload, from the key to the
 * operation. */
#include "planning.h"
#include "spec/hook.h"
#include "spec/policy.h"
#include "told.h"
#include "unit.h"

static struct planned p;

/* The plan of the only box of a document; its file has the text that a program would have read.
 */
static bool
documented(struct str text, const char *file)
{
	const struct config *c;

	planned_reset(&p);
	c = config_read(&p.arena, S("f"), text, &p.err);
	if (c == NULL)
		return false;
	p.box = *c->boxes;
	p.box.seccomp.text = str_of(file);
	p.err.file = S("f");
	return planned_again(&p) != NULL;
}

static bool
doc(const char *text)
{
	return documented(str_of(text), NULL);
}

/* Right before the exec, with so many instructions as the claim says; none with 0. */
static void
check_place(size_t row, const char *name)
{
	size_t i = find_op(p.plan, OP_SECCOMP, 0);
	char text[64];
	struct buf b = BUF(text);

	CHECK_NUM(row, count_ops(p.plan, OP_SECCOMP), 1);
	CU_ASSERT_FATAL(i + 1 < p.plan->n);
	CHECK_NUM(row, p.plan->op[i + 1].kind, OP_EXEC);
	CHECK_NUM(row, count_ops(p.plan, OP_NO_NEW_PRIVS), 1);
	CHECK_STR(row, str_of(p.plan->op[i].text), str_of(name));
	CU_ASSERT_FATAL(p.plan->op[i].filter != NULL && p.plan->op[i].filter->n > 0);
	buf_text(&b, TEXT("%, ", str_of(name)));
	buf_uint(&b, p.plan->op[i].filter->n);
	buf_put(&b, S(" instructions"));
	CHECK_STR(row, find_claim(p.plan, "seccomp")->detail, buf_str(&b));
}

/* What the program gives for a call without arguments of interest. */
static uint32_t
gives(const char *call)
{
	const struct op *o = &p.plan->op[find_op(p.plan, OP_SECCOMP, 0)];
	struct bpf_data d = { .arch = arch_audit(arch_native()),
		.nr = (uint32_t)call_number((unsigned)call_find(str_of(call)), arch_native()) };

	return bpf_run(o->filter, &d, NULL, NULL) & (uint32_t)RET_ACTION;
}

#define OPEN "open wanted: none, no filter: every system call can be made"
#define DROPPED \
	"dropped wanted: seccomp filter, this kernel takes no filters, or an outer filter " \
	"refuses them"

static void
by_level(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(doc("{\"mount_proc\":true}"));
	check_place(0, "deny-dangerous");
	CU_ASSERT(find_claim(p.plan, "seccomp")->state == CLAIM_ENFORCED);
	CU_ASSERT(!find_claim(p.plan, "seccomp")->needed);
	CU_ASSERT(gives("execve") == RET_ALLOW && gives("read") == RET_ALLOW);
	CU_ASSERT(gives("ptrace") == RET_ERRNO && gives("mount") == RET_ERRNO);
	/* as wanted, it may be absent */
	p.facts.seccomp = false;
	CU_ASSERT_FATAL(doc("{\"mount_proc\":true}"));
	CHECK_CLAIM(1, &p, "seccomp", DROPPED);
	CHECK_NUM(1, count_ops(p.plan, OP_SECCOMP), 0);
	/* level none has none of its own, sbx-ns says nothing */
	p.facts.seccomp = true;
	CU_ASSERT_FATAL(doc("{\"level\":\"none\"}"));
	CHECK_CLAIM(2, &p, "seccomp", OPEN);
	CHECK_NUM(2, count_ops(p.plan, OP_SECCOMP) + count_ops(p.plan, OP_NO_NEW_PRIVS), 0);
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_CLAIM(3, &p, "seccomp", "(none)");
	CHECK_NUM(3, count_ops(p.plan, OP_SECCOMP), 0);
}

static void
by_key(void)
{
	p = (struct planned){ .facts = machine_nobody() };
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"strict\"}"));
	check_place(0, "strict");
	CU_ASSERT(find_claim(p.plan, "seccomp")->needed && gives("execve") == RET_ALLOW);
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"none\"}"));
	CHECK_CLAIM(1, &p, "seccomp", OPEN);
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"default\",\"level\":\"none\"}"));
	check_place(2, "default");
	CHECK_CLAIM(2, &p, "no_new_privs", "enforced needed: prctl, set: no exec gives any back");
	CU_ASSERT_FATAL(doc("{\"seccomp\":[\"default allow\",\"\",\"errno EPERM mount\"]}"));
	check_place(3, "inline");
	CU_ASSERT(gives("mount") == RET_ERRNO && gives("unshare") == RET_ALLOW);
	CU_ASSERT_FATAL(doc("{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":"
			    "[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\"}]}}"));
	check_place(4, "inline");
	CU_ASSERT(gives("mount") == RET_ERRNO && gives("unshare") == RET_ALLOW);
	CU_ASSERT_FATAL(
	    documented(S("{\"seccomp\":\"/etc/p\"}"), "default allow\nerrno EPERM mount\n"));
	check_place(5, "/etc/p");
	CU_ASSERT(gives("mount") == RET_ERRNO && gives("unshare") == RET_ALLOW);
	/* its own flags are the call's */
	CU_ASSERT_FATAL(doc("{\"seccomp\":[\"default allow\",\"flags log\",\"log mount\"]}"));
	CHECK_NUM(6, p.plan->op[find_op(p.plan, OP_SECCOMP, 0)].num, FILTER_LOG);
	/* and what went well left the document's name in its place */
	CHECK_STR(6, p.err.file, S("f"));
}

static void
where_there_is_none(void)
{
	p = (struct planned){ .facts = machine_root() };
	p.facts.seccomp = false;
	CU_ASSERT(!doc("{\n\"seccomp\":\"strict\"}"));
	CHECK_TOLD(0, &p.err, FAULT_REFUSED, 2, 11, "",
	    "this kernel takes no seccomp filters, or an outer filter refuses them; "
	    "\"degrade\": [\"seccomp\"] accepts a box without one");
	CHECK_STR(0, p.err.file, S("f"));
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"strict\",\"degrade\":[\"seccomp\"]}"));
	CHECK_CLAIM(1, &p, "seccomp", DROPPED);
	CU_ASSERT_FATAL(
	    doc("{\"level\":\"none\",\"seccomp\":\"strict\",\"degrade\":[\"seccomp\"]}"));
	CHECK_CLAIM(2, &p, "seccomp", DROPPED);
	CHECK_NUM(2, count_ops(p.plan, OP_NO_NEW_PRIVS), 0);
	/* what is not asked for is not missed */
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"none\"}"));
	CHECK_CLAIM(3, &p, "seccomp", OPEN);
	/* where there is one, it is had all the same */
	p.facts.seccomp = true;
	CU_ASSERT_FATAL(doc("{\"seccomp\":\"strict\",\"degrade\":[\"seccomp\"]}"));
	check_place(4, "strict");
	CU_ASSERT(!find_claim(p.plan, "seccomp")->needed);
	/* a program that makes none of a box's policy gets no plan of that box */
	p.payload.filter = NULL;
	CU_ASSERT(planned_with(&p) == NULL);
	CHECK_TEXT(5, ((struct str){ p.err.msg, p.err.nmsg }), "no filter was made of the policy");
}

#define DENIES "it denies execve, by which the program is started"
#define ALL_DENY "the policy denies execve, by which the program is started"
#define NOTIFY "notify needs a supervisor, which a box has not got"

/* Rules of a document are at their places in it, those of a file at theirs. */
static void
refused(void)
{
	static const struct {
		const char *text, *file;
		const char *at, *msg;
		uint32_t line, col;
	} t[] = {
		{ "{\"seccomp\":[\"default allow\",\n \"errno EPERM execve\"]}", NULL, "f", DENIES,
		    2, 3 },
		{ "{\"seccomp\":[\"default allow\",\n \"allow read\",\"kill-process execve\"]}",
		    NULL, "f", DENIES, 2, 16 },
		/* whatever the addresses may be */
		{ "{\"seccomp\":[\"default allow\", \"errno EPERM execve path == 0\"]}", NULL, "f",
		    DENIES, 1, 31 },
		{ "{\"seccomp\":[\"default errno EPERM\",\"allow execve argv != 0\"]}", NULL, "f",
		    ALL_DENY, 1, 12 },
		{ "{\n\"seccomp\":[\"default errno EPERM\",\"allow read\"]}", NULL, "f", ALL_DENY,
		    2, 11 },
		{ "{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_KILL\"}}", NULL, "f", ALL_DENY, 1,
		    12 },
		{ "{\"seccomp\":\"/p\"}", "default allow\n\nerrno EPERM execve\n", "/p", DENIES, 3,
		    1 },
		{ "{\"seccomp\":\"/p\"}", "default trap\n", "f", ALL_DENY, 1, 12 },
		/* the first rule decides, and the other cannot be meant */
		{ "{\"seccomp\":\"/p\"}", "default allow\nallow execve\nerrno EPERM execve\n", "/p",
		    "the rule can never match: earlier ones decide execve without tests", 3, 1 },
		{ "{\"seccomp\":\"/p\"}", "default kill\nlog execve\n", NULL, NULL, 0, 0 },
		{ "{\"seccomp\":[\"default allow\",\"notify mount\"]}", NULL, "f", NOTIFY, 1, 30 },
		{ "{\"seccomp\":\"/p\"}", "default allow\nnotify mount\n", "/p", NOTIFY, 2, 1 },
		{ "{\"seccomp\":\"/p\"}", "default notify\nallow execve\n", "f", NOTIFY, 1, 12 },
		{ "{\"seccomp\":\"/p\"}", "default allow\nnewer-than 6.1 notify\n", "f", NOTIFY, 1,
		    12 },
		{ "{\"seccomp\":\"/p\"}", "default allow\nflags wait-killable\n", "f", NOTIFY, 1,
		    12 },
	};

	p = (struct planned){ .facts = machine_root() };
	for (size_t i = 0; i < COUNT(t); i++) {
		bool good = documented(str_of(t[i].text), t[i].file);

		CHECK_NUM(i, good, t[i].msg == NULL);
		if (t[i].msg == NULL) {
			if (!good)
				printf("# row %zu: %.*s\n", i, (int)p.err.nmsg, p.err.msg);
			continue;
		}
		CHECK_TOLD(i, &p.err, FAULT_REFUSED, t[i].line, t[i].col, "", t[i].msg);
		CHECK_STR(i, p.err.file, str_of(t[i].at));
	}
}

/* Where in the text, in which, is all that is ours to say of it. */
static void
wrong_policies(void)
{
	static const struct {
		const char *text, *file, *at;
		uint32_t line, col;
	} t[] = {
		{ "{\"seccomp\":[\"default allow\",\n \"allow nothing_such\"]}", NULL, "f", 2, 9 },
		{ "{\"seccomp\":[\"default allow\",\"oops\"]}", NULL, "f", 1, 30 },
		{ "{\"seccomp\":[]}", NULL, "f", 1, 12 },
		{ "{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_FOO\"}}", NULL, "f", 1, 29 },
		{ "{\"seccomp\":\"/p\"}", "default allow\nallow nothing_such\n", "/p", 2, 7 },
		{ "{\"seccomp\":\"/p\"}", "{\"defaultAction\":\n7}", "/p", 2, 1 },
	};

	p = (struct planned){ .facts = machine_root() };
	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, documented(str_of(t[i].text), t[i].file), false);
		CHECK_NUM(i, p.err.fault, FAULT_CONFIG);
		CHECK_NUM(i, p.err.pos.line, t[i].line);
		CHECK_NUM(i, p.err.pos.col, t[i].col);
		CHECK_STR(i, p.err.file, str_of(t[i].at));
	}
	/* an object's own path goes on from that of the document */
	CHECK_NUM(0, doc("{\"seccomp\":{\"defaultAction\":\"SCMP_ACT_FOO\"}}"), false);
	CHECK_TEXT(0, ((struct str){ p.err.path, p.err.npath }), "$.seccomp.defaultAction");
	CHECK_NUM(1, doc("{\"sandboxes\":{\"b\":{\"seccomp\":{\"defaultAction\":1}}}}"), false);
	CHECK_TEXT(1, ((struct str){ p.err.path, p.err.npath }),
	    "$.sandboxes.b.seccomp.defaultAction");
}

#define KINDS ", where a profile's name, an absolute path, an array of lines or an object is due"

static void
wrong_keys(void)
{
	static const struct {
		const char *text, *path, *msg;
		uint32_t col;
	} t[] = {
		{ "{\"seccomp\":\"deny\"}", "$.seccomp",
		    "no profile is called \"deny\" (default, deny-dangerous, none, strict); an "
		    "absolute path, an array of lines or an object is a policy of your own",
		    12 },
		{ "{\"seccomp\":\"\"}", "$.seccomp",
		    "no profile is called \"\" (default, deny-dangerous, none, strict); an "
		    "absolute path, an array of lines or an object is a policy of your own",
		    12 },
		{ "{\"seccomp\":\"./p\"}", "$.seccomp",
		    "\"./p\" is a relative path, where an absolute one is due", 12 },
		{ "{\"seccomp\":\"/a/../p\"}", "$.seccomp",
		    "\"/a/../p\" is a path with \"..\", where one without is due", 12 },
		{ "{\"seccomp\":null}", "$.seccomp", "null" KINDS, 12 },
		{ "{\"seccomp\":true}", "$.seccomp", "true or false" KINDS, 12 },
		{ "{\"seccomp\":3}", "$.seccomp", "a number" KINDS, 12 },
		{ "{\"seccomp\":[\"x\",[]]}", "$.seccomp",
		    "an array, where a line of a policy is due", 17 },
		{ "{\"seccomp\":[\"x\\ny\"]}", "$.seccomp", "a line end in a line of a policy",
		    13 },
		{ "{\"degrade\":[\"seccomp\",\"seccomp\"]}", "$.degrade[1]",
		    "\"seccomp\" is there already", 23 },
		{ "{\"degrade\":[\"all\"]}", "$.degrade[0]",
		    "unknown word \"all\" (seccomp, memory, cpu, pids)", 13 },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		CHECK_NUM(i, doc(t[i].text), false);
		CHECK_TOLD(i, &p.err, FAULT_CONFIG, 1, t[i].col, t[i].path, t[i].msg);
	}
}

/* No memory is no plan, and nothing else. */
static void
an_exhausted_arena(void)
{
	static const char *const t[] = {
		"{\"seccomp\":\"strict\"}",
		"{\"seccomp\":[\"default allow\",\"errno EPERM mount\"]}",
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		size_t used;

		p = (struct planned){ .facts = machine_root() };
		CU_ASSERT_FATAL(doc(t[i]));
		used = p.arena.used;
		for (size_t room = 1; room < used; room += used / 200 + 1) {
			p.room = room;
			CHECK_NUM(i, doc(t[i]), false);
			CHECK_NUM(i, p.err.fault, FAULT_LIMIT);
		}
	}
}

UNIT_MAIN("confine", { "by level", by_level }, { "by key", by_key },
    { "where there is none", where_there_is_none }, { "refused", refused },
    { "wrong policies", wrong_policies }, { "wrong keys", wrong_keys },
    { "an exhausted arena", an_exhausted_arena })
