/* What -p, -f, -b, --errno and --kill come to, and how it is compiled. */
#include "sbx-seccomp.h"

#include "base/limits.h"
#include "cli/file.h"

/* A text has no NUL byte; no filter is without one, as codes are below 256. */
static bool
is_bpf(struct str text)
{
	return str_find(text, '\0', 0) < text.n;
}

static int
read_bpf(struct seccomp_call *c, struct str name, struct str bytes, struct bpf *bpf)
{
	int r = bpf_read(&c->arena, bytes, bpf, &c->err);

	if (r == 0)
		r = bpf_check(bpf, &c->err);
	if (r < 0 && c->err.file.n == 0)
		c->err.file = name;
	return r;
}

/* One file of a kind: a policy, a program, or what its bytes say. */
enum kind { KIND_POLICY, KIND_BPF, KIND_ANY };

static int
load(struct seccomp_call *c, struct str name, enum kind kind, struct seccomp_input *in)
{
	struct str text;

	*in = (struct seccomp_input){ .name = name };
	if (file_read(&c->arena, name, LIMIT_CONFIG_BYTES, &text, &c->err) < 0)
		return -1;
	if (kind == KIND_BPF || (kind == KIND_ANY && is_bpf(text)))
		return read_bpf(c, name, text, &in->raw);
	in->policy = policy_read(&c->arena, name, text, &c->host, &c->err);
	return in->policy == NULL ? -1
				  : seccomp_notes(c, name, &in->policy->notes, SEVERITY_WARNING);
}

static int
load_profile(struct seccomp_call *c, struct str name, struct seccomp_input *in)
{
	*in = (struct seccomp_input){ .name = name,
		.policy = policy_builtin(&c->arena, name, &c->host, &c->err) };
	return in->policy == NULL ? -1 : 0;
}

static int
decompiled(struct seccomp_call *c, struct seccomp_input *in)
{
	if (in->policy == NULL)
		in->policy = filter_decompile(&c->arena, &in->raw, &c->err);
	if (in->policy != NULL)
		return 0;
	if (c->err.file.n == 0)
		c->err.file = in->name;
	return -1;
}

static int
add_calls(struct seccomp_call *c, struct str option, struct str name, struct rule *r)
{
	bool set = str_starts(name, S("@"));
	struct str bare = str_slice(name, set, name.n);
	int at = set ? set_find(bare) : call_find(bare);
	struct str near;

	if (at >= 0 && set)
		set_join((size_t)at, &r->calls);
	else if (at >= 0)
		callset_add(&r->calls, (unsigned)at);
	if (at >= 0)
		return 0;
	near = set ? set_suggest(bare) : call_suggest(bare);
	if (near.n > 0)
		return err_usage(&c->err, "--%: unknown call \"%\"; did you mean \"%%\"?", option,
		    name, set ? S("@") : S(""), near);
	return err_usage(&c->err, "--%: unknown call \"%\"", option, name);
}

/* CALL=ERRNO of --errno, CALL of --kill. */
static int
add_item(struct seccomp_call *c, struct policy *p, struct str item, bool refuse)
{
	size_t equals = refuse ? str_find(item, '=', 0) : item.n;
	struct str sysno = str_slice(item, equals + 1, item.n);
	struct rule *r = policy_add(&c->arena, p);

	if (r == NULL)
		return err_memory(&c->err);
	r->action = (uint32_t)RET_KILL_PROCESS;
	r->text = item;
	if (refuse && (equals == item.n || action_read(S("errno"), sysno, &r->action) < 0))
		return err_usage(&c->err, "--errno %: CALL=ERRNO is due, like mount=EPERM", item);
	return add_calls(c, refuse ? S("errno") : S("kill"), str_slice(item, 0, equals), r);
}

static int
add_items(struct seccomp_call *c, struct policy *p, const struct strlist *list, bool refuse)
{
	for (const struct strnode *n = list->first; n != NULL; n = n->next)
		for (size_t at = 0, end; at <= n->s.n; at = end + 1) {
			end = str_find(n->s, ',', at);
			if (add_item(c, p, str_slice(n->s, at, end), refuse) < 0)
				return -1;
		}
	return 0;
}

/* Everything is allowed but what was named, whatever this machine can run. */
static int
load_ad_hoc(struct seccomp_call *c, struct seccomp_input *in)
{
	struct policy *p = policy_new(&c->arena);

	if (p == NULL)
		return err_memory(&c->err);
	p->fallback = RET_ALLOW;
	p->archs = arch_family(arch_native());
	*in = (struct seccomp_input){ .name = S("the command line"), .policy = p };
	if (add_items(c, p, &c->options.kill, false) < 0)
		return -1;
	return add_items(c, p, &c->options.refuse, true);
}

static int
load_list(struct seccomp_call *c, const struct strlist *list, enum kind kind,
    struct seccomp_input *in, size_t *n)
{
	for (const struct strnode *s = list->first; s != NULL; s = s->next)
		if (load(c, s->s, kind, &in[(*n)++]) < 0)
			return -1;
	return 0;
}

static int
load_all(struct seccomp_call *c, struct seccomp_input *in)
{
	const struct seccomp_options *o = &c->options;
	size_t n = 0;

	for (const struct strnode *s = o->profile.first; s != NULL; s = s->next)
		if (load_profile(c, s->s, &in[n++]) < 0)
			return -1;
	if (load_list(c, &o->file, KIND_POLICY, in, &n) < 0 ||
	    load_list(c, &o->program, KIND_BPF, in, &n) < 0)
		return -1;
	return o->refuse.n + o->kill.n > 0 ? load_ad_hoc(c, &in[n]) : 0;
}

static int
intersect(struct seccomp_call *c, struct seccomp_input *in, size_t n, struct seccomp_input *out)
{
	struct policy **p = arena_array(&c->arena, n, sizeof(struct policy *));
	unsigned flags = 0;

	if (p == NULL)
		return err_memory(&c->err);
	for (size_t i = 0; i < n; i++) {
		/* later it would not be told whose line it is */
		if (decompiled(c, &in[i]) < 0 || (c->applies && seccomp_may_exec(c, &in[i]) < 0))
			return -1;
		p[i] = in[i].policy;
		flags |= p[i]->flags;
	}
	*out = (struct seccomp_input){ .name = S("all of them together"),
		.policy = policy_intersect(&c->arena, p, n, &c->err) };
	if (out->policy == NULL)
		return -1;
	out->policy->flags |= flags;
	return seccomp_notes(c, out->name, &out->policy->notes, SEVERITY_WARNING);
}

int
seccomp_input(struct seccomp_call *c, bool decompile, struct seccomp_input *out)
{
	const struct seccomp_options *o = &c->options;
	size_t n = o->profile.n + o->file.n + o->program.n + (o->refuse.n + o->kill.n > 0);
	struct seccomp_input *in = arena_array(&c->arena, n + 1, sizeof(*in));

	if (n == 0)
		return err_usage(&c->err,
		    "no policy: -p PROFILE, -f FILE, -b FILE, --errno or --kill "
		    "is due");
	if (in == NULL)
		return err_memory(&c->err);
	if (load_all(c, in) < 0)
		return -1;
	if (n > 1)
		return intersect(c, in, n, out);
	*out = in[0];
	return decompile ? decompiled(c, out) : 0;
}

int
seccomp_named(struct seccomp_call *c, struct str name, struct seccomp_input *in)
{
	for (size_t i = 0; profile_name(i).n > 0; i++)
		if (str_eq(profile_name(i), name))
			return load_profile(c, name, in);
	return load(c, name, KIND_ANY, in);
}

int
seccomp_compile(struct seccomp_call *c, const struct seccomp_input *in, struct bpf *bpf)
{
	struct filter_options o = { .level = (unsigned)c->options.level,
		.archs = c->options.archs,
		.no_bitmap = c->host.kernel < 5011 };

	*bpf = in->raw;
	if (in->raw.n > 0)
		return o.archs == 0 ? 0
				    : err_usage(&c->err, "--arch: % is compiled already", in->name);
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if ((o.archs & ~in->policy->archs & (uint32_t)1 << a) != 0)
			return err_usage(&c->err, "--arch %: the policy does not cover it",
			    arch_name((enum arch)a));
	if (c->applies && o.archs != 0 && (o.archs & (uint32_t)1 << arch_native()) == 0)
		return err_usage(&c->err, "--arch: the program runs on %, which is none of them",
		    arch_name(arch_native()));
	if (o.archs == 0 && (in->policy->archs & arch_family(arch_native())) == 0)
		return err_usage(&c->err, "% covers no architecture of this machine; --arch is due",
		    in->name);
	return filter_make(&c->arena, in->policy, &o, bpf, &c->err);
}

int
seccomp_program(struct seccomp_call *c, bool decompile, struct seccomp_input *in, struct bpf *bpf)
{
	return seccomp_input(c, decompile, in) < 0 ? -1 : seccomp_compile(c, in, bpf);
}
