#include "plan/explain.h"

#include "base/num.h"
#include "spec/auditline.h"
#include "spec/field.h"

/* uretprobe and uprobe, which the kernel itself puts into programs: __secure_computing() lets them
 * pass from 6.14 and 6.18 on. */
enum { URETPROBE = 335, UPROBE = 336 };

/* From here on a number reads better in hexadecimal. */
enum { DECIMAL_MOST = 9999 };

/* The number of a name on this architecture; where it has none, which one has. */
static int
read_name(enum arch arch, struct str name, uint32_t *nr, struct err *e)
{
	struct str near = call_suggest(name);
	int call = call_find(name);
	int64_t n;

	if (call < 0)
		return near.n > 0
			 ? err_usage(e, "unknown call \"%\"; did you mean \"%\"?", name, near)
			 : err_usage(e, "unknown call \"%\"", name);
	n = call_number((unsigned)call, arch);
	for (unsigned a = 0; n < 0 && a < ARCH_COUNT; a++)
		if (call_number((unsigned)call, (enum arch)a) >= 0)
			return err_usage(e, "% has no call \"%\"; --arch % has", arch_name(arch),
			    name, arch_name((enum arch)a));
	*nr = (uint32_t)n;
	return 0;
}

static int
read_value(enum arch arch, struct str word, uint64_t *value, struct err *e)
{
	*value = 0;
	for (size_t at = 0, end; at <= word.n; at = end + 1) {
		struct str part, near;
		uint64_t v;

		end = str_find(word, '|', at);
		part = str_slice(word, at, end);
		if (num_bits(part, &v) < 0 && constant_find(part, arch, &v) < 0) {
			near = constant_suggest(part);
			return near.n > 0
				 ? err_usage(e, "unknown constant \"%\"; did you mean \"%\"?", part,
				       near)
				 : err_usage(e, "\"%\" is neither a number nor a constant", part);
		}
		*value |= v;
	}
	return 0;
}

/* Its place: the next one, or that of the name before the '='. */
static int
read_arg(enum arch arch, int call, struct str word, size_t next, unsigned *given,
    struct bpf_data *d, struct err *e)
{
	size_t equals = str_find(word, '=', 0);
	int at = (int)next;

	if (equals < word.n) {
		struct str name = str_slice(word, 0, equals);

		at = call < 0 ? -1 : call_arg_find((unsigned)call, arch, name);
		if (at < 0)
			return err_usage(e, "the call has no argument \"%\"", name);
		word = str_slice(word, equals + 1, word.n);
	}
	if (at >= CALL_ARGS)
		return err_usage(e, "more than six arguments");
	if ((*given >> at & 1) != 0)
		return err_usage(e, "argument % is there already",
		    word_at("0|1|2|3|4|5", (size_t)at));
	*given |= 1u << at;
	return read_value(arch, word, &d->arg[at], e);
}

int
explain_read(enum arch arch, const struct str *word, size_t n, struct bpf_data *d, struct err *e)
{
	unsigned given = 0;
	uint64_t nr;
	int call;

	*d = (struct bpf_data){ .arch = arch_audit(arch) };
	if (n == 0)
		return err_usage(e, "the name or the number of a call is due");
	if (num_bits(word[0], &nr) == 0) {
		if (nr > UINT32_MAX)
			return err_usage(e, "\"%\": a call's number has 32 bits", word[0]);
		d->nr = (uint32_t)nr;
	} else if (read_name(arch, word[0], &d->nr, e) < 0) {
		return -1;
	}
	call = call_of(arch, d->nr);
	for (size_t i = 1; i < n; i++)
		if (read_arg(arch, call, word[i], i - 1, &given, d, e) < 0)
			return -1;
	return 0;
}

/* Which of the policy's answers it was: another one in its place tells. */
static enum decided
decided_by(const struct policy *p, const struct bpf_data *d, uint32_t action)
{
	struct policy other = *p;
	const struct rule *why;

	other.foreign = ~action;
	if (policy_decide(&other, d->arch, d->nr, d->arg, &why) != action)
		return DECIDED_FOREIGN;
	other.newer_action = ~action;
	if (policy_decide(&other, d->arch, d->nr, d->arg, &why) != action)
		return DECIDED_NEWER;
	return DECIDED_DEFAULT;
}

int
explain(struct arena *a, const struct bpf *bpf, const struct policy *p, const struct bpf_data *d,
    struct explained *x, struct err *e)
{
	int arch = arch_of(d->arch, d->nr);
	uint32_t meant;

	*x = (struct explained){ .by = DECIDED_UNKNOWN };
	x->path = arena_array(a, bpf->n, sizeof(*x->path));
	if (x->path == NULL)
		return err_memory(e);
	x->action = bpf_run(bpf, d, &x->steps, x->path);
	x->cached = arch >= 0 && bpf_cached(bpf, (enum arch)arch, d->nr);
	x->exempt = arch == ARCH_X86_64 && (d->nr == URETPROBE || d->nr == UPROBE);
	if (p == NULL)
		return 0;
	meant = policy_decide(p, d->arch, d->nr, d->arg, &x->why);
	x->by = x->why != NULL ? DECIDED_RULE : decided_by(p, d, meant);
	return 0;
}

static void
put_arg(struct buf *b, int arch, int call, size_t i, uint64_t v)
{
	struct str name = S(""), constant = S("");

	if (call >= 0 && i < call_args((unsigned)call, (enum arch)arch)) {
		name = call_arg_name((unsigned)call, (enum arch)arch, i);
		constant = constant_name((unsigned)call, (enum arch)arch, i, v);
	}
	buf_cstr(b, i > 0 ? ", " : "");
	if (name.n > 0)
		buf_text(b, TEXT("%=", name));
	if (constant.n > 0)
		buf_put(b, constant);
	else if (v <= DECIMAL_MOST)
		buf_uint(b, v);
	else if (v >= (uint64_t)0 - DECIMAL_MOST)
		buf_int(b, (int64_t)v);
	else
		buf_hex(b, v);
}

void
call_put(struct buf *b, const struct bpf_data *d)
{
	int arch = arch_of(d->arch, d->nr);
	int call = arch < 0 ? -1 : call_of((enum arch)arch, d->nr);
	size_t n = call < 0 ? 0 : call_args((unsigned)call, (enum arch)arch);

	if (call >= 0) {
		buf_put(b, call_name((unsigned)call));
	} else {
		buf_cstr(b, "call ");
		buf_uint(b, d->nr);
	}
	/* what the kernel would not look at can still decide */
	for (size_t i = n; i < CALL_ARGS; i++)
		if (d->arg[i] != 0)
			n = i + 1;
	buf_char(b, '(');
	for (size_t i = 0; i < n; i++)
		put_arg(b, arch, call, i, d->arg[i]);
	buf_cstr(b, ") on ");
	if (arch >= 0) {
		buf_put(b, arch_name((enum arch)arch));
	} else {
		buf_cstr(b, "architecture ");
		buf_hex(b, d->arch);
	}
}

static void
put_why(struct buf *b, const struct explained *x, const struct policy *p)
{
	char line[UINT_ROOM], col[UINT_ROOM];

	if (x->by == DECIDED_UNKNOWN)
		return;
	buf_cstr(b, "rule: ");
	if (x->by != DECIDED_RULE) {
		buf_text(b,
		    TEXT("%\n", word_at("|none: the policy's default|none, and newer than the "
					"policy|none: the policy does not cover the "
					"architecture",
				    x->by)));
		return;
	}
	buf_escaped(b, p->file);
	if (x->why->pos.line > 0)
		buf_text(b,
		    TEXT("%%:%", p->file.n > 0 ? S(":") : S(""), uint_text(line, x->why->pos.line),
			uint_text(col, x->why->pos.col)));
	if (x->why->text.n > 0) {
		buf_cstr(b, ": ");
		buf_escaped(b, x->why->text);
	}
	buf_char(b, '\n');
}

void
explain_put(struct buf *b, const struct bpf_data *d, const struct explained *x,
    const struct policy *p)
{
	call_put(b, d);
	buf_cstr(b, ": ");
	action_put(b, x->action);
	buf_char(b, '\n');
	put_why(b, x, p);
	buf_cstr(b, "path:");
	for (size_t i = 0; i < x->steps; i++) {
		buf_char(b, ' ');
		buf_uint(b, x->path[i]);
	}
	buf_cstr(b, " (");
	buf_uint(b, x->steps);
	buf_cstr(b,
	    x->cached ? " instructions, which the kernel's bitmap spares)\n" : " instructions)\n");
	if (x->exempt)
		buf_cstr(b, "note: the kernel lets it pass whatever a filter says (335 from Linux "
			    "6.14, 336 from 6.18 on)\n");
}
