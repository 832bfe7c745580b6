/* sbx-seccomp -p PROFILE -- PROGRAM: everything is judged before anything is applied. */
#include "sbx-seccomp.h"

#include "base/limits.h"
#include "base/num.h"
#include "spec/environ.h"
#include "spec/field.h"
#include "sys/sys.h"

#include <errno.h>
#include <unistd.h>

/* Where there is none, the name alone. */
static struct str
place(struct seccomp_call *c, struct str file, struct pos pos)
{
	char line[UINT_ROOM], col[UINT_ROOM];

	if (pos.line == 0)
		return file;
	return arena_join(&c->arena, TEXT("%%%:%", file, file.n > 0 ? S(":") : S(""),
					 uint_text(line, pos.line), uint_text(col, pos.col)));
}

void
seccomp_note_put(struct seccomp_call *c, struct buf *b, struct str file, const struct note *n)
{
	struct str at = place(c, file, n->pos);

	buf_printable(b, at);
	buf_text(b, TEXT("%%: ", at.n > 0 ? S(": ") : S(""),
			word_at("note|warning|error", (size_t)n->severity)));
	buf_printable(b, n->text);
	buf_text(b, TEXT(" (%)", n->id));
}

int
seccomp_notes(struct seccomp_call *c, struct str file, const struct notes *notes,
    enum severity least)
{
	for (const struct note *n = notes->first; n != NULL; n = n->next) {
		char line[LIMIT_REPORT_LINE];
		struct buf b = BUF(line);

		if (n->severity < least || c->quiet)
			continue;
		if (n->severity == SEVERITY_ERROR && c->strict && !c->options.audit_only) {
			c->err.file = file;
			return err_refused(&c->err, n->pos, "% (%)", n->text, n->id);
		}
		seccomp_note_put(c, &b, file, n);
		report_note(SECCOMP_TOOL, buf_str(&b));
	}
	return 0;
}

/* By the policy's line, where there is a policy. */
static struct pos
notify_pos(const struct policy *p)
{
	for (const struct rule *r = p == NULL ? NULL : p->first; r != NULL; r = r->next)
		if ((r->action & (uint32_t)RET_ACTION) == RET_NOTIFY)
			return r->pos;
	return POS_NONE;
}

static bool
notifies(const struct bpf *bpf)
{
	for (size_t i = 0; i < bpf->n; i++)
		if (bpf->insn[i].code == BPF_RET_K &&
		    (bpf->insn[i].k & (uint32_t)RET_ACTION) == RET_NOTIFY)
			return true;
	return false;
}

int
seccomp_may_exec(struct seccomp_call *c, const struct seccomp_input *in)
{
	struct bpf_data d = { .arch = arch_audit(arch_native()) };
	const struct rule *why = NULL;
	char text[64];
	struct buf b = BUF(text);
	uint32_t action;

	d.nr = (uint32_t)call_number((unsigned)call_find(S("execve")), arch_native());
	action = in->policy != NULL ? policy_decide(in->policy, d.arch, d.nr, d.arg, &why)
				    : bpf_run(&in->raw, &d, NULL, NULL);
	if (action == RET_ALLOW || action == RET_LOG)
		return 0;
	action_put(&b, action);
	c->err.file = in->name;
	return err_refused(&c->err, why != NULL ? why->pos : POS_NONE,
	    "execve is answered with %: no program could be executed", buf_str(&b));
}

/* What is built in was judged when it was made, and --errno is a wish. Doubts are for `audit` to
 * tell: a program that is run a thousand times does not want to hear them each time. */
int
seccomp_audited(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	struct notes found = { 0 };

	if (c->options.file.n + c->options.program.n == 0)
		return 0;
	found.last = &found.first;
	if (filter_audit(&c->arena, bpf, in->policy, &found, &c->err) < 0)
		return -1;
	return seccomp_notes(c, in->name, &found, SEVERITY_ERROR);
}

static int
judge(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	if (seccomp_may_exec(c, in) < 0 || seccomp_audited(c, in, bpf) < 0)
		return -1;
	if (!notifies(bpf))
		return 0;
	c->err.file = in->name;
	return err_refused(&c->err, notify_pos(in->policy),
	    "the policy notifies a supervisor; sbx-seccomp supervise is one");
}

/* The environment without what is not the program's. */
static char **
environment(struct seccomp_call *c)
{
	size_t n = 0, kept = 0;
	char **env;

	while (c->envp[n] != NULL)
		n++;
	env = arena_array(&c->arena, n + 1, sizeof(*env));
	for (size_t i = 0; env != NULL && i < n; i++)
		if (!env_names(c->envp[i], S("SBX_REPORT_FD")))
			env[kept++] = c->envp[i];
	return env;
}

/* Files that can be executed; where there are none, how far it came. Behind a filter nothing would
 * be looked for: who knows what it says to that. */
static int
candidates(struct seccomp_call *c, const char **path, int *sysno)
{
	struct search s = env_search(c->envp, str_of(c->argv[0]));
	size_t n = 0;
	char *file;
	int r;

	*sysno = ENOENT;
	while ((r = search_next(&s, &c->arena, &file)) > 0) {
		int can = sys_access(file, X_OK);

		/* what filters say that know no faccessat2(2): then the exec will tell */
		if (can == 0 || can == -ENOSYS || can == -EPERM)
			path[n++] = file;
		else if (can != -ENOENT && can != -ENOTDIR)
			*sysno = -can;
	}
	if (n > 0)
		*sysno = 0;
	return r < 0 ? err_memory(&c->err) : 0;
}

int
seccomp_no_exec(struct seccomp_call *c, int status)
{
	struct verdict v = { .cause = CAUSE_NO_EXEC, .op = UINT32_MAX, .absent = status == 127 };

	report_error(SECCOMP_TOOL, &c->err);
	report_ended(&c->report, &(struct ending){ .verdict = &v, .err = &c->err });
	return status;
}

int
seccomp_programless(struct seccomp_call *c, struct str usage)
{
	if (c->argc > 0)
		return 0;
	return err_usage(&c->err, "no program to execute: sbx-seccomp %[--] prog [arg ...]", usage);
}

int
seccomp_find(struct seccomp_call *c)
{
	const char *value = env_value(c->envp, S("PATH"));
	/* one more than it has colons at most */
	size_t most = (value != NULL ? str_of(value).n : 64) + 2;
	const char **path = arena_array(&c->arena, most, sizeof(*path));
	char **env = environment(c);
	int sysno;

	if (path == NULL || env == NULL)
		err_memory(&c->err);
	if (path == NULL || env == NULL || candidates(c, path, &sysno) < 0)
		return -1;
	c->command = (struct command){ path, c->argv, env };
	if (sysno == 0)
		return 0;
	err_system(&c->err, sysno, "cannot execute \"%\"", str_of(c->argv[0]));
	return seccomp_no_exec(c, sysno == ENOENT ? 127 : 126);
}

/* As every last link: 0, 1, 2 and what is named. */
int
seccomp_keep(struct seccomp_call *c)
{
	int r = sys_cloexec_from(3);

	for (const struct strnode *n = c->options.keep_fd.first; r >= 0 && n != NULL; n = n->next) {
		uint64_t fd;

		if (num_uint(n->s, &fd) < 0 || (int)fd == c->report.fd)
			return err_usage(&c->err,
			    "--keep-fd %: that is the report descriptor, which "
			    "the program never has",
			    n->s);
		if (sys_keep_on_exec((int)fd) < 0)
			return err_usage(&c->err, "--keep-fd %: that descriptor is not open", n->s);
	}
	return r < 0 ? err_system(&c->err, -r, "cannot keep our descriptors to ourselves") : 0;
}

static struct str
extent(struct buf *b, const struct bpf *bpf)
{
	buf_uint(b, bpf->n);
	buf_cstr(b, bpf->why != NULL ? " instructions, proved" : " instructions, as given");
	return buf_str(b);
}

/* Told before it is true, as what is attached may forbid to tell it; should the kernel refuse, that
 * is told too. */
void
seccomp_tell(struct seccomp_call *c, const struct bpf *bpf)
{
	char text[64];
	struct buf b = BUF(text);
	struct claim claim = { .detail = extent(&b, bpf),
		.name = S("seccomp"),
		.mechanism = S("seccomp filter"),
		.needed = true,
		.state = CLAIM_ENFORCED,
		.op = UINT32_MAX };
	struct plan plan = { .claim = &claim, .nclaims = 1 };
	struct verdict v = { .cause = CAUSE_NO_EXEC };

	report_enforced(&c->report, &plan, &v);
	if (c->common.receipt)
		report_receipt(&plan, &v, S("the program's"));
}

unsigned
seccomp_flags(const struct seccomp_call *c, const struct policy *p)
{
	const struct seccomp_options *o = &c->options;
	unsigned flags = (o->log ? FILTER_LOG : 0u) | (o->tsync ? FILTER_TSYNC : 0u) |
			 (o->spec_allow ? FILTER_SPEC_ALLOW : 0u) | (p != NULL ? p->flags : 0);

	return flags & (FILTER_LOG | FILTER_TSYNC | FILTER_SPEC_ALLOW);
}

static int
apply(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	int status;

	status = seccomp_find(c);
	if (status != 0)
		return status;
	if (seccomp_keep(c) < 0)
		return -1;
	seccomp_tell(c, bpf);
	if (filter_attach(bpf, seccomp_flags(c, in->policy), c->options.new_privs, &c->err) < 0)
		return -1;
	status = command_exec(&c->command, &c->err);
	return seccomp_no_exec(c, status);
}

int
seccomp_apply(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;

	c->strict = c->applies = true;
	if (seccomp_program(c, false, &in, &bpf) < 0 || judge(c, &in, &bpf) < 0)
		return -1;
	if (c->common.plan)
		return seccomp_plan(c, &in, &bpf);
	if (c->common.check)
		return 0;
	return seccomp_programless(c, S("[inputs] [options] ")) < 0 ? -1 : apply(c, &in, &bpf);
}
