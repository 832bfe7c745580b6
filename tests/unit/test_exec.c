/* core/plan/exec.c: environment, candidates, descriptors, streams. */
#include "planning.h"
#include "unit.h"

static struct planned p;

/* The payload's environment as one text. */
static struct str
environment(const char *words, char *const *caller)
{
	static char text[4096];
	struct buf b = BUF(text);

	p.payload.envp = caller;
	CU_ASSERT_FATAL(planned(&p, words) != NULL);
	for (char *const *e = p.plan->envp; *e != NULL; e++) {
		if (b.n > 0)
			buf_char(&b, '|');
		buf_put(&b, str_of(*e));
	}
	return buf_str(&b);
}

#define CALLER(...) ((char *const[]){ __VA_ARGS__, NULL })
static char a1[] = "A=1", b2[] = "B=2", ab[] = "AB=", dup1[] = "A=again", odd[] = "odd",
	    report[] = "SBX_REPORT_FD=9", report2[] = "SBX_REPORT_FD2=x";

static void
env_rules(void)
{
	static char *const none[] = { NULL };

	p = (struct planned){ .facts = machine_root() };
	CHECK_TEXT(0, environment("", CALLER(a1, b2, ab, odd)), "A=1|B=2|AB=|odd");
	CHECK_TEXT(1, environment("", none), "");
	CHECK_TEXT(2, environment("--clear-env", CALLER(a1, b2)), "");
	CHECK_TEXT(3, environment("--clear-env --env B --env C=3 --env D=", CALLER(a1, b2)),
	    "B=2|C=3|D=");
	CHECK_TEXT(4, environment("--env A=new", CALLER(a1, b2)), "B=2|A=new");
	CHECK_TEXT(5, environment("--env A", CALLER(a1, b2, dup1)), "B=2|A=1");
	CHECK_TEXT(6, environment("--env X", CALLER(a1)), "A=1");
	CHECK_TEXT(7, environment("--env AB=x", CALLER(a1, ab)), "A=1|AB=x");
	/* the report's descriptor is not the payload's; one that the user writes down is his own */
	CHECK_TEXT(8, environment("", CALLER(report, a1, report2)), "A=1|SBX_REPORT_FD2=x");
	CHECK_TEXT(9, environment("--env SBX_REPORT_FD", CALLER(report, a1)), "A=1");
	CHECK_TEXT(10, environment("--clear-env --env SBX_REPORT_FD", CALLER(report)), "");
	CHECK_TEXT(11, environment("--env SBX_REPORT_FD=4", CALLER(report, a1)),
	    "A=1|SBX_REPORT_FD=4");
}

/* Boxes can be joined of several lists of rules: a later one wins. */
static void
later_rule(void)
{
	struct env_rule third = { .name = S("B"), .literal = false };
	struct env_rule second = { .name = S("A"),
		.value = S("2"),
		.literal = true,
		.next = &third };
	struct env_rule rule = { .name = S("A"),
		.value = S("1"),
		.literal = true,
		.next = &second };

	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned_box(&p, "--clear-env"));
	p.box.env = &rule;
	CU_ASSERT_FATAL(planned_again(&p) != NULL);
	CU_ASSERT_FATAL(p.plan->envp[0] != NULL);
	CHECK_TEXT(0, str_of(p.plan->envp[0]), "A=2");
	CU_ASSERT(p.plan->envp[1] == NULL);
}

static struct str
candidates(const char *name, const char *words)
{
	static char text[4096], word[256];
	static char arg[] = "arg";
	static char *argv[] = { word, arg, NULL };
	struct buf b = BUF(text);

	snprintf(word, sizeof(word), "%s", name);
	p.payload.argv = argv;
	CU_ASSERT_FATAL(planned(&p, words) != NULL);
	CU_ASSERT(p.plan->argv == argv);
	for (size_t i = find_op(p.plan, OP_EXEC, 0); i < p.plan->n; i++) {
		CHECK_NUM(i, p.plan->op[i].kind, OP_EXEC);
		if (b.n > 0)
			buf_char(&b, '|');
		buf_put(&b, str_of(p.plan->op[i].text));
	}
	return buf_str(&b);
}

static void
search(void)
{
	static char path[] = "PATH=/u/bin:bin::/b", empty[] = "PATH=", colon[] = "PATH=:";

	p = (struct planned){ .facts = machine_root(), .payload.envp = CALLER(path) };
	CHECK_TEXT(0, candidates("cat", ""), "/u/bin/cat|bin/cat|./cat|/b/cat");
	CHECK_TEXT(1, candidates("/bin/cat", ""), "/bin/cat");
	CHECK_TEXT(2, candidates("./cat", ""), "./cat");
	CHECK_TEXT(3, candidates("x/", ""), "x/");
	CHECK_TEXT(4, candidates("", ""), "");
	CHECK_NUM(4, count_ops(p.plan, OP_EXEC), 1);
	/* the box's, not the caller's */
	CHECK_TEXT(5, candidates("cat", "--env PATH=/q:"), "/q/cat|./cat");
	CHECK_TEXT(6, candidates("cat", "--clear-env"),
	    "/usr/local/sbin/cat|/usr/local/bin/cat|/usr/sbin/cat|/usr/bin/cat|/sbin/cat|/bin/cat");
	p.payload.envp = CALLER(empty);
	CHECK_TEXT(7, candidates("cat", ""), "./cat");
	p.payload.envp = CALLER(colon);
	CHECK_TEXT(8, candidates("cat", ""), "./cat|./cat");
}

static void
descriptors(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "--keep-fd 1023 --keep-fd 3") != NULL);
	CHECK_LINES(&p, "exec  sigmask\n"
			"exec  cloexec\n"
			"exec  keep-fd 1023\n"
			"exec  keep-fd 3\n"
			"exec  exec /bin/prog");
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_KEEP_FD, 0)].pos.col, 1);
	CHECK_NUM(0, p.plan->op[find_op(p.plan, OP_EXEC, 0)].pos.col, 0);
	CHECK_CLAIM(0, &p, "descriptors",
	    "enforced needed: close_range, 0, 1, 2 and those that were named");
}

static void
session_and_streams(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "box   spawn\nexec  sigmask\nexec  cloexec\nexec  exec /bin/prog");
	CHECK_CLAIM(0, &p, "session",
	    "open wanted: none, the caller's: where it has a terminal, "
	    "input can be put into that");
	p.payload.streams = true;
	CU_ASSERT_FATAL(planned(&p, "--new-session") != NULL);
	CHECK_LINES(&p, "box   spawn\n"
			"exec  setsid\n"
			"exec  stream 0\n"
			"exec  stream 1\n"
			"exec  stream 2\n"
			"exec  sigmask\n"
			"exec  cloexec\n"
			"exec  exec /bin/prog");
	CHECK_CLAIM(1, &p, "session", "enforced needed: setsid, own, without a terminal");
	p.payload.streams = false;
	p.payload.output = true;
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_LINES(&p, "box   spawn\nexec  stream 1\nexec  stream 2\nexec  sigmask");
}

static void
verdict(void)
{
	p = (struct planned){ .facts = machine_root() };
	CU_ASSERT_FATAL(planned(&p, "") != NULL);
	CHECK_CLAIM(0, &p, "verdict",
	    "enforced needed: descriptor that the payload never has, not forgeable");
	CU_ASSERT_FATAL(planned(&p, "--no-init") != NULL);
	CHECK_CLAIM(1, &p, "verdict",
	    "best-effort needed: descriptor that the payload never has, a payload with our user's "
	    "rights could kill or trace what tells it");
}

UNIT_MAIN("exec", { "rules of the environment", env_rules }, { "a later rule wins", later_rule },
    { "where the program is looked for", search }, { "descriptors", descriptors },
    { "session and streams", session_and_streams }, { "the verdict", verdict })
