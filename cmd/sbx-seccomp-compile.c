/* sbx-seccomp compile and convert: a policy in other forms. */
#include "sbx-seccomp.h"

#include "base/num.h"
#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

enum { TEXT_MAX = 16 << 20, FILE_MODE = 0666 };

struct buf *
seccomp_text(struct seccomp_call *c)
{
	char *text = arena_bytes(&c->arena, TEXT_MAX);

	c->text = (struct buf){ text, 0, text == NULL ? 0 : TEXT_MAX, false };
	c->says = true;
	return &c->text;
}

/* As FILE is read: @N is a descriptor that is open. */
static int
open_out(struct seccomp_call *c, struct str name)
{
	char *path = arena_cstr(&c->arena, name);
	uint64_t fd;
	int r;

	if (path == NULL)
		return -ENOMEM;
	if (name.p[0] == '@')
		return num_uint(str_slice(name, 1, name.n), &fd) < 0 || fd > 1023 ? -EBADF
										  : (int)fd;
	r = sys_mkfile_at(K_AT_FDCWD, path, FILE_MODE);
	return r < 0 && r != -EEXIST ? r : sys_open(path, O_WRONLY | O_TRUNC | O_NOCTTY);
}

int
seccomp_print(struct seccomp_call *c)
{
	const struct buf *b = &c->text;
	struct str name = c->options.out;
	int fd;

	c->says = false;
	if (b->full)
		return err_limit(&c->err, POS_NONE, "what there is to say is longer than 16 MiB");
	if (name.n == 0 || str_eq(name, S("-")))
		return common_print(SECCOMP_TOOL, buf_str(b));
	fd = open_out(c, name);
	if (fd >= 0)
		fd = io_write(fd, buf_str(b));
	if (fd == 0)
		return 0;
	c->err.file = name;
	return err_system(&c->err, -fd, "cannot write it");
}

/* A terminal would take them for anything but what they are. */
static int
put_bytes(struct seccomp_call *c, const struct bpf *bpf)
{
	struct buf *b;

	if ((c->options.out.n == 0 || str_eq(c->options.out, S("-"))) && sys_is_tty(1))
		return err_usage(&c->err, "standard output is a terminal: -o FILE, or --asm");
	b = seccomp_text(c);
	buf_put(b, (struct str){ (const char *)bpf->insn, bpf->n * sizeof(*bpf->insn) });
	return 0;
}

static const struct rule *
rule_at(void *policy, uint32_t index)
{
	const struct policy *p = policy;
	const struct rule *r = p->first;

	while (r != NULL && r->index != index)
		r = r->next;
	return r;
}

static struct str
source_text(void *policy, uint32_t index)
{
	const struct rule *r = rule_at(policy, index);

	return r == NULL ? S("") : r->text;
}

static struct pos
source_pos(void *policy, uint32_t index)
{
	const struct rule *r = rule_at(policy, index);

	return r == NULL ? POS_NONE : r->pos;
}

void
seccomp_listing(struct buf *b, const struct seccomp_input *in, const struct bpf *bpf,
    void (*put)(struct buf *, const struct bpf *, const struct bpf_source *))
{
	const struct bpf_source source = { source_text, source_pos, in->policy };

	put(b, bpf, in->policy == NULL ? NULL : &source);
}

int
seccomp_show(struct seccomp_call *c, const struct seccomp_input *in, const struct bpf *bpf)
{
	const struct seccomp_options *o = &c->options;
	int forms = o->as_asm + o->as_dot + o->as_c + o->as_json;
	struct buf *b;

	if (forms == 0)
		return put_bytes(c, bpf);
	if (forms > 1)
		return err_usage(&c->err, "--asm, --dot, --c and --json exclude each other");
	b = seccomp_text(c);
	seccomp_listing(b, in, bpf,
	    o->as_asm   ? bpf_put_asm
	    : o->as_dot ? bpf_put_dot
	    : o->as_c   ? bpf_put_c
			: bpf_put_json);
	return 0;
}

int
seccomp_write(struct seccomp_call *c, const struct seccomp_input *in, bool json)
{
	struct buf *b = seccomp_text(c);
	int r = json ? policy_put_json(&c->arena, b, in->policy, &c->err)
		     : policy_put(b, in->policy, &c->err);

	if (r < 0 && c->err.file.n == 0)
		c->err.file = in->name;
	return r;
}

int
seccomp_compile_main(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;

	c->strict = true;
	if (seccomp_no_words(c, 0) < 0 || seccomp_program(c, false, &in, &bpf) < 0)
		return -1;
	return seccomp_show(c, &in, &bpf);
}

int
seccomp_convert(struct seccomp_call *c)
{
	struct seccomp_input in;
	struct bpf bpf;

	if (c->options.to == TO_NONE)
		err_usage(&c->err, "--to policy, json or bpf is due");
	if (c->options.to != TO_BPF && c->options.archs != 0)
		err_usage(&c->err, "--arch goes with --to bpf");
	if (seccomp_no_words(c, 0) < 0 || seccomp_input(c, c->options.to != TO_BPF, &in) < 0)
		return -1;
	if (c->options.to == TO_BPF)
		return seccomp_compile(c, &in, &bpf) < 0 ? -1 : put_bytes(c, &bpf);
	return seccomp_write(c, &in, c->options.to == TO_JSON);
}
