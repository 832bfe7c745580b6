#include "plan/plan.h"
#include "spec/field.h"
#include "sys/uapi.h"

/* For each operation in the order of the enum: its name, what it does as a sentence's beginning,
 * its system call and since when that exists. One string: pointers would all be relocated at the
 * start. */
/* clang-format off */
static const char shown[] =
	"open|open|openat||"
	"setns|join the namespace|setns||"
	"unshare|make the namespace|unshare||"
	"subreaper|adopt orphans|prctl||"
	"cgroup-self|move the monitor into a control group of its own in|write||"
	"cgroup-enable|enable controllers in|write||"
	"cgroup-leaf|make a control group in|mkdirat||"
	"cgroup-limit|set the limit|write||"
	"cgroup-devices|limit the devices|bpf|4.15|"
	"clone|make the namespaces|clone3|5.3|"
	"map|write the id map|write||"
	"go|start the box|write||"
	"wait|wait for the monitor|read||"
	"pdeathsig|set the parent-death signal|prctl||"
	"map-self|write the id map|write||"
	"sysctl|set the sysctl|write||"
	"undumpable|become untraceable|prctl||"
	"private|cut mount propagation|mount||"
	"open_tree|clone the mount at|open_tree|5.2|"
	"mount_setattr|set mount attributes|mount_setattr|5.12|"
	"attributes-off|take mount attributes off|mount_setattr|5.12|"
	"attach-root|attach the new root|move_mount|5.2|"
	"target|find in the box /|openat2|5.6|"
	"move_mount|attach a mount|move_mount|5.2|"
	"writable|have a writable mount of|fstatfs||"
	"enter|enter a directory of the box|fchdir||"
	"mount|mount|mount||"
	"mkdir|make the directory|mkdirat||"
	"mount-point|make the mount point|mknodat||"
	"symlink|make the link|symlinkat||"
	"close|close|close||"
	"pivot_root|change the root|pivot_root||"
	"umount-old|unmount the old root|umount2||"
	"chroot|change the root|chroot||"
	"hostname|set the hostname|sethostname||"
	"loopback|bring the loopback interface up|ioctl||"
	"chdir|change the working directory to|chdir||"
	"securebits|lock the securebits|prctl||"
	"capabilities|drop the capabilities|capset||"
	"no_new_privs|set no_new_privs|prctl||"
	"spawn|start the payload's process|clone||"
	"setsid|start a session|setsid||"
	"stream|connect the stream|dup2||"
	"sigmask|restore the signal mask|rt_sigprocmask||"
	"cloexec|close other descriptors|close_range|5.11|"
	"keep-fd|keep the descriptor|fcntl||"
	"rlimit|set the resource limit|prlimit64||"
	"seccomp|apply the seccomp filter|seccomp|3.17|"
	"exec|execute|execve||";
/* clang-format on */

enum { SHOWN_NAME, SHOWN_VERB, SHOWN_CALL, SHOWN_SINCE, SHOWN_COLUMNS };

static struct str
shown_text(enum op_kind k, size_t column)
{
	return k < OP_COUNT ? word_at(shown, SHOWN_COLUMNS * (size_t)k + column) : S("?");
}

/* MS_* and MOUNT_ATTR_* have the same numbers here, from bit 0 on. */
static const char attr_words[] = "ro|nosuid|nodev|noexec";

uint64_t
ns_flag(enum ns_kind k)
{
	static const uint32_t flag[NS_COUNT] = { K_CLONE_NEWUSER, K_CLONE_NEWNS, K_CLONE_NEWPID,
		K_CLONE_NEWNET, K_CLONE_NEWIPC, K_CLONE_NEWUTS, K_CLONE_NEWCGROUP,
		K_CLONE_NEWTIME };

	return flag[k];
}

struct str
op_name(enum op_kind k)
{
	return shown_text(k, SHOWN_NAME);
}

struct str
op_call(enum op_kind k)
{
	return shown_text(k, SHOWN_CALL);
}

struct str
op_since(enum op_kind k)
{
	return shown_text(k, SHOWN_SINCE);
}

struct str
stage_name(enum plan_stage s)
{
	return word_at("host|box|exec", s);
}

struct str
claim_state_name(enum claim_state s)
{
	return word_at("enforced|best-effort|dropped|open", s);
}

static void
put_spaces(struct buf *b, uint64_t flags)
{
	uint32_t bits = 0;

	for (size_t k = 0; k < NS_COUNT; k++)
		if ((flags & ns_flag((enum ns_kind)k)) != 0)
			bits |= (uint32_t)1 << k;
	buf_cstr(b, bits != 0 ? " " : "");
	words_put(b, NS_WORDS, bits, S(","));
}

static void
put_number(struct buf *b, const struct op *o)
{
	switch (o->kind) {
	case OP_CLONE:
	case OP_SETNS:
		put_spaces(b, o->num);
		break;
	case OP_ATTR:
	case OP_ATTR_OFF:
	case OP_MOUNT:
		buf_cstr(b, o->num != 0 ? " " : "");
		words_put(b, attr_words, (uint32_t)o->num, S(","));
		break;
	case OP_MKDIR:
		buf_cstr(b, " mode ");
		buf_octal(b, o->num);
		break;
	case OP_STREAM:
	case OP_RLIMIT:
	case OP_KEEP_FD:
		buf_char(b, ' ');
		buf_uint(b, o->num);
		break;
	case OP_SECCOMP:
		buf_char(b, ' ');
		buf_uint(b, o->filter != NULL ? o->filter->n : 0);
		buf_cstr(b, " instructions");
		break;
	case OP_DEVICES:
		buf_char(b, ' ');
		buf_uint(b, o->devices != NULL ? o->devices->n : 0);
		buf_cstr(b, " instructions");
		break;
	default:
		break;
	}
}

static void
put_text(struct buf *b, const char *text)
{
	if (text == NULL)
		return;
	buf_char(b, ' ');
	buf_escaped(b, str_of(text));
}

static void
put_slot(struct buf *b, struct str before, uint8_t slot)
{
	if (slot == NO_SLOT)
		return;
	buf_put(b, before);
	buf_uint(b, slot);
}

void
op_put(struct buf *b, const struct op *o)
{
	uint8_t shape = op_shape((enum op_kind)o->kind);
	struct str stage = stage_name((enum plan_stage)o->stage);

	buf_put(b, stage);
	for (size_t i = stage.n; i < 6; i++)
		buf_char(b, ' ');
	buf_put(b, op_name((enum op_kind)o->kind));
	put_text(b, o->text);
	put_text(b, o->text2);
	put_text(b, o->text3);
	put_number(b, o);
	put_slot(b, (shape & SHAPE_FILLS) != 0 ? S(" -> #") : S(" #"), o->a);
	put_slot(b, o->kind == OP_MOVE ? S(" on #") : S(" in #"), o->b);
	if ((o->flags & FLAG_RECURSIVE) != 0)
		buf_cstr(b, " recursive");
	if ((o->flags & FLAG_NO_LINK) != 0)
		buf_cstr(b, " unless a link");
	if ((o->flags & FLAG_MAY) != 0)
		buf_cstr(b, " if possible");
	if ((o->flags & FLAG_OLD) != 0)
		buf_cstr(b, " by clone(2)");
	if ((o->flags & FLAG_SHARED) != 0)
		buf_cstr(b, " sharing memory");
}

struct str
op_object(const struct op *o)
{
	struct str on = str_of(o->text2);

	switch (o->kind) {
	case OP_SYMLINK:
		return on;
	case OP_MOUNT:
		return str_eq(on, S(".")) ? str_of(o->text) : on;
	default:
		return str_of(o->text);
	}
}

void
op_fault(struct buf *b, const struct op *o)
{
	struct str object = op_object(o);

	buf_cstr(b, "cannot ");
	buf_put(b, shown_text((enum op_kind)o->kind, SHOWN_VERB));
	if (object.n > 0 && o->kind != OP_TARGET)
		buf_char(b, ' ');
	buf_escaped(b, object);
}
