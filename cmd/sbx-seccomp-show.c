/* sbx-seccomp stat, audit, explain and diff: questions, answered with 0 yes, 1 no, 125 trouble. */
#include "sbx-seccomp.h"

#include "plan/explain.h"
#include "spec/auditline.h"

enum { SHOWN = 8 };

int
seccomp_no_words(struct seccomp_call *c, int from)
{
	if (c->err.fault == FAULT_NONE && c->argc > from)
		err_usage(&c->err, "unexpected word \"%\"", str_of(c->argv[from]));
	return c->err.fault == FAULT_NONE ? 0 : -1;
}

static void
column(struct buf *b, uint64_t n, unsigned milli)
{
	char text[32];
	struct buf t = BUF(text);

	buf_uint(&t, n);
	if (milli > 0) {
		buf_char(&t, '.');
		buf_uint(&t, (milli - 1) / 100);
	}
	for (size_t i = t.n; i < 12; i++)
		buf_char(b, ' ');
	buf_put(b, buf_str(&t));
}

static void
pad(struct buf *b, struct str s, size_t width)
{
	buf_put(b, s);
	for (size_t i = s.n; i < width; i++)
		buf_char(b, ' ');
}

static void
put_row(struct buf *b, enum arch arch, const struct filter_stat_arch *s)
{
	/* to the nearest tenth */
	unsigned mean = s->mean_milli + 50;

	pad(b, arch_name(arch), 8);
	column(b, s->longest, 0);
	column(b, mean / 1000, mean % 1000 + 1);
	column(b, s->calls, 0);
	column(b, s->allowed, 0);
	column(b, s->conditional, 0);
	column(b, s->cached, 0);
	column(b, s->attach_steps, 0);
	buf_char(b, '\n');
}

/* What costs most: x32 is left out, of which the bitmap knows nothing. */
static void
put_asked(struct buf *b, enum arch arch, const struct callset *asked)
{
	if (arch == ARCH_X32 || callset_empty(asked))
		return;
	buf_text(b, TEXT("run for each call on %:", arch_name(arch)));
	for (unsigned call = 0; call < calls_count(); call++)
		if (callset_has(asked, call))
			buf_text(b, TEXT(" %", call_name(call)));
	buf_char(b, '\n');
}

/* Names that only other architectures know: no fault, as a profile is for many; but who meant them
 * for this one wants to hear it. */
static void
put_elsewhere(struct buf *b, const struct policy *p)
{
	struct callset named = { { 0 } };
	char text[512];
	struct buf names = BUF(text);
	size_t n = 0;

	for (const struct rule *r = p->first; r != NULL; r = r->next)
		callset_join(&named, &r->calls);
	for (unsigned call = 0; call < calls_count(); call++) {
		bool some = !callset_has(&named, call);

		for (unsigned a = 0; !some && a < ARCH_COUNT; a++)
			some = (p->archs & (uint32_t)1 << a) != 0 &&
			       call_number(call, (enum arch)a) >= 0;
		if (some)
			continue;
		if (n++ < SHOWN)
			buf_text(&names, TEXT("%%", n > 1 ? S(", ") : S(""), call_name(call)));
	}
	if (n == 0)
		return;
	buf_cstr(b, "names of other architectures only: ");
	buf_uint(b, n);
	buf_text(b, TEXT(" (%%)\n", buf_str(&names), n > SHOWN ? S(", ...") : S("")));
}

static int
put_stat(struct seccomp_call *c, struct buf *b, const struct seccomp_input *in,
    const struct bpf *bpf)
{
	struct filter_stat s;

	if (filter_stat(&c->arena, bpf, &s, &c->err) < 0)
		return -1;
	buf_cstr(b, "instructions ");
	buf_uint(b, s.insns);
	buf_cstr(b, ", longest path ");
	buf_uint(b, s.longest);
	buf_cstr(b, "\n             longest        mean       calls     allowed conditional      "
		    "cached      attach\n");
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if (s.arch[a].covered)
			put_row(b, (enum arch)a, &s.arch[a]);
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		put_asked(b, (enum arch)a, &s.arch[a].asked);
	if (in->policy != NULL)
		put_elsewhere(b, in->policy);
	return 0;
}

int
seccomp_stat(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;
	struct buf *b;

	if (seccomp_program(c, false, &in, &bpf) < 0)
		return -1;
	b = seccomp_text(c);
	if (seccomp_no_words(c, 0) < 0 || put_stat(c, b, &in, &bpf) < 0)
		return -1;
	return 0;
}

int
seccomp_plan(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	struct buf *b = seccomp_text(c);
	int r = 0;

	if (in->policy != NULL)
		r = policy_put(b, in->policy, &c->err);
	else
		seccomp_listing(b, in, bpf, bpf_put_asm);
	if (r == 0)
		r = put_stat(c, b, in, bpf);
	return r;
}

static bool
put_findings(struct seccomp_call *c, struct buf *b, struct str file, const struct notes *notes)
{
	bool severe = false;

	for (const struct note *n = notes->first; n != NULL; n = n->next) {
		seccomp_note_put(c, b, file, n);
		buf_char(b, '\n');
		severe = severe || n->severity == SEVERITY_ERROR;
	}
	return severe;
}

int
seccomp_audit(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;
	struct notes found = { 0 };
	struct buf *b;
	bool severe = false;

	found.last = &found.first;
	c->quiet = true;
	if (seccomp_program(c, false, &in, &bpf) < 0)
		return -1;
	b = seccomp_text(c);
	if (seccomp_no_words(c, 0) < 0 ||
	    filter_audit(&c->arena, &bpf, in.policy, &found, &c->err) < 0)
		return -1;
	if (in.policy != NULL)
		severe = put_findings(c, b, in.name, &in.policy->notes);
	severe = put_findings(c, b, in.name, &found) || severe;
	return severe;
}

/* On each architecture that was named, or here. */
static int
explain_on(struct seccomp_call *c, struct buf *b, enum arch arch, const struct seccomp_input *in,
    const struct bpf *bpf)
{
	struct str *word = arena_array(&c->arena, (size_t)c->argc + 1, sizeof(*word));
	struct bpf_data d;
	struct explained x;

	if (word == NULL)
		return err_memory(&c->err);
	for (int i = 0; i < c->argc; i++)
		word[i] = str_of(c->argv[i]);
	if (explain_read(arch, word, (size_t)c->argc, &d, &c->err) < 0 ||
	    explain(&c->arena, bpf, in->policy, &d, &x, &c->err) < 0)
		return -1;
	explain_put(b, &d, &x, in->policy);
	return 0;
}

int
seccomp_explain(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;
	struct buf *b;
	uint32_t archs;

	if (seccomp_program(c, false, &in, &bpf) < 0)
		return -1;
	archs = c->options.archs != 0 ? c->options.archs : (uint32_t)1 << arch_native();
	b = seccomp_text(c);
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if ((archs & (uint32_t)1 << a) != 0 &&
		    explain_on(c, b, (enum arch)a, &in, &bpf) < 0)
			return -1;
	return 0;
}

static void
put_witness(struct buf *b, const struct witness *w, struct str first, struct str second)
{
	call_put(b, &w->data);
	buf_cstr(b, "\n  ");
	buf_escaped(b, first);
	buf_cstr(b, ": ");
	action_put(b, w->a);
	buf_cstr(b, "\n  ");
	buf_escaped(b, second);
	buf_cstr(b, ": ");
	action_put(b, w->b);
	buf_char(b, '\n');
}

int
seccomp_diff(struct seccomp_call *c)
{
	struct seccomp_input in[2];
	struct bpf bpf[2];
	struct witness w;
	struct buf *b;
	int equal;

	if (c->argc < 2)
		err_usage(&c->err, "two are due, each a profile's name or a FILE");
	if (seccomp_no_words(c, 2) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (seccomp_named(c, str_of(c->argv[i]), &in[i]) < 0 ||
		    seccomp_compile(c, &in[i], &bpf[i]) < 0)
			return -1;
	equal = filter_diff(&c->arena, &bpf[0], &bpf[1], &w, &c->err);
	if (equal < 0)
		return -1;
	if (equal > 0)
		return 0;
	b = seccomp_text(c);
	put_witness(b, &w, in[0].name, in[1].name);
	return 1;
}
