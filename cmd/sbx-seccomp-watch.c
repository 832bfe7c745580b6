/* sbx-seccomp supervise, learn, dump: programs that run under a filter which asks, and what another
 * process is under. */
#include "sbx-seccomp.h"

#include "base/num.h"
#include "spec/notify.h"
#include "sys/sys.h"

/* ---- supervise and learn --------------------------------------------------------------------- */

/* Its exit status. The end of the program is told once, and not by this. */
static int
write_learned(struct seccomp_call *c, const struct learned *l)
{
	struct buf *b = seccomp_text(c);
	int told = learned_put(&c->arena, b, l, &c->err) < 0 ? -1 : seccomp_print(c);

	if (told < 0)
		report_error(SECCOMP_TOOL, &c->err);
	return told < 0 ? 125 : told;
}

/* The program's exit status, and what there is to say of its end. */
static int
watch(struct seccomp_call *c, struct watch *w)
{
	struct verdict v;
	int told = 0, status = seccomp_find(c);

	if (status != 0)
		return status;
	if (seccomp_keep(c) < 0)
		return -1;
	w->command = &c->command;
	if (w->decider != NULL)
		seccomp_tell(c, w->filter);
	status = watch_run(w, &v, &c->err);
	if (v.cause == CAUSE_NO_EXEC)
		return seccomp_no_exec(c, status);
	if (c->err.fault != FAULT_NONE)
		report_error(SECCOMP_TOOL, &c->err);
	else if (w->learned != NULL)
		told = write_learned(c, w->learned);
	report_ended(&c->report, &(struct ending){ .verdict = &v, .err = &c->err });
	return told != 0 ? told : status;
}

/* Whoever has them decides: the program is not to. */
static int
check_channel(struct seccomp_call *c, uint64_t fd, struct str option)
{
	struct stat st;

	if (fd == 0)
		return err_usage(&c->err, "--% N is due", option);
	if (sys_stat_fd((int)fd, &st) < 0)
		return err_usage(&c->err, "--%: that descriptor is not open", option);
	if ((int)fd == c->report.fd)
		return err_usage(&c->err, "--%: that is the report descriptor", option);
	for (const struct strnode *n = c->options.keep_fd.first; n != NULL; n = n->next) {
		uint64_t kept;

		if (num_uint(n->s, &kept) == 0 && kept == fd)
			return err_usage(&c->err, "--keep-fd %: the program would decide itself",
			    n->s);
	}
	return 0;
}

static int
check(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	struct seccomp_options *o = &c->options;

	if (o->answers == 0)
		o->answers = o->requests;
	if (check_channel(c, o->requests, S("requests")) < 0 ||
	    check_channel(c, o->answers, S("answers")) < 0 || seccomp_audited(c, in, bpf) < 0)
		return -1;
	/* who only watches is asked about the exec as about all others */
	return o->audit_only ? 0 : seccomp_may_exec(c, in);
}

int
seccomp_supervise(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;
	struct watch w = { .filter = &bpf };

	c->strict = c->applies = true;
	/* of raw bytes too it is asked what they notify of */
	if (seccomp_program(c, true, &in, &bpf) < 0 || check(c, &in, &bpf) < 0)
		return -1;
	if (c->common.plan)
		return seccomp_plan(c, &in, &bpf);
	if (c->common.check)
		return 0;
	w.flags = seccomp_flags(c, in.policy) & ~(unsigned)FILTER_TSYNC;
	w.new_privs = c->options.new_privs;
	w.decider = decider_new(&c->arena, (int)c->options.requests, (int)c->options.answers,
	    c->options.timeout);
	if (w.decider == NULL)
		err_memory(&c->err);
	if (w.decider == NULL ||
	    seccomp_programless(c, S("supervise [inputs] --requests N [--answers N] ")) < 0)
		return -1;
	return watch(c, &w);
}

int
seccomp_learn(struct seccomp_call *c)
{
	static const struct bpf_insn all = { BPF_RET_K, 0, 0, (uint32_t)RET_NOTIFY };
	static const struct bpf filter = { &all, NULL, 1 };
	struct learned learned;
	struct watch w = { .filter = &filter, .learned = &learned };

	if (seccomp_programless(c, S("learn [-o FILE] ")) < 0 ||
	    learned_init(&c->arena, &learned, &c->err) < 0)
		return -1;
	w.new_privs = c->options.new_privs;
	return watch(c, &w);
}

/* ---- dump ------------------------------------------------------------------------------------ */

static int
words(struct seccomp_call *c, uint64_t *pid, uint64_t *index)
{
	if (c->argc < 1 || c->argc > 2)
		return err_usage(&c->err,
		    "a process is due: sbx-seccomp dump [options] PID [INDEX]");
	if (num_uint(str_of(c->argv[0]), pid) < 0 || *pid == 0 || *pid > INT32_MAX)
		return err_usage(&c->err, "\"%\" is no process's number", str_of(c->argv[0]));
	if (c->argc == 2 && (num_uint(str_of(c->argv[1]), index) < 0 || *index > INT32_MAX))
		return err_usage(&c->err, "\"%\" is no filter's number", str_of(c->argv[1]));
	return 0;
}

int
seccomp_dump(struct seccomp_call *c)
{
	struct seccomp_input in = { .name = S("") };
	struct bpf bpf = { 0 };
	uint64_t pid = 0, index = 0;
	bool form;

	form = c->options.as_asm || c->options.as_dot || c->options.as_c || c->options.as_json;
	if (form && c->options.to != TO_NONE)
		err_usage(&c->err, "--to, --asm, --dot, --c and --json exclude each other");
	if (c->err.fault != FAULT_NONE || words(c, &pid, &index) < 0 ||
	    filter_dump(&c->arena, (int)pid, c->argc == 2 ? (int64_t)index : -1, &bpf, &c->err) < 0)
		return -1;
	/* the kernel has checked it, but not by our rules */
	if (bpf_check(&bpf, &c->err) < 0)
		return -1;
	if (form || c->options.to == TO_BPF)
		return seccomp_show(c, &in, &bpf);
	in.policy = filter_decompile(&c->arena, &bpf, &c->err);
	if (in.policy == NULL)
		return -1;
	return seccomp_write(c, &in, c->options.to == TO_JSON);
}
