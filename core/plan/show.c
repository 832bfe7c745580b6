#include "plan/plan.h"
#include "sys/uapi.h"

/* For each operation in the order of the enum its name, and what it does as a sentence's
 * beginning; one string rather than pointers, which would all be relocated at the start. */
/* clang-format off */
static const char shown[] =
	"open\0open\0"
	"setns\0join the namespace\0"
	"unshare\0make a time namespace\0"
	"subreaper\0adopt orphans\0"
	"cgroup-leaf\0make a control group in\0"
	"clone\0make the namespaces\0"
	"map\0write the id map\0"
	"go\0start the box\0"
	"wait\0wait for the monitor\0"
	"pdeathsig\0set the parent-death signal\0"
	"map-self\0write the id map\0"
	"undumpable\0become untraceable\0"
	"private\0cut mount propagation\0"
	"open_tree\0clone the mount at\0"
	"mount_setattr\0set mount attributes\0"
	"attach-root\0attach the new root\0"
	"target\0find in the box /\0"
	"move_mount\0attach a mount\0"
	"writable\0have a writable mount of\0"
	"enter\0enter a directory of the box\0"
	"mount\0mount\0"
	"mkdir\0make the directory\0"
	"mount-point\0make the mount point\0"
	"mkfile\0make the file\0"
	"symlink\0make the link to\0"
	"close\0close\0"
	"pivot_root\0change the root\0"
	"umount-old\0unmount the old root\0"
	"chroot\0change the root\0"
	"hostname\0set the hostname\0"
	"loopback\0bring the loopback interface up\0"
	"chdir\0change the working directory to\0"
	"securebits\0lock the securebits\0"
	"capabilities\0drop the capabilities\0"
	"no_new_privs\0set no_new_privs\0"
	"spawn\0start the payload's process\0"
	"setsid\0start a session\0"
	"stream\0connect the stream\0"
	"sigmask\0restore the signal mask\0"
	"cloexec\0close other descriptors\0"
	"keep-fd\0keep the descriptor\0"
	"exec\0execute\0";
/* clang-format on */

/* Text i of the list. */
static struct str
shown_text(size_t i)
{
	const char *at = shown;

	for (; i > 0; i--)
		at += str_of(at).n + 1;
	return str_of(at);
}

/* MS_* and MOUNT_ATTR_* have the same numbers here, from bit 0 on. */
static const char attr_words[] = "ro|nosuid|nodev|noexec";
static const char space_words[] = "user|mount|pid|net|ipc|uts|cgroup|time";
static const uint32_t space_flags[] = { K_CLONE_NEWUSER, K_CLONE_NEWNS, K_CLONE_NEWPID,
	K_CLONE_NEWNET, K_CLONE_NEWIPC, K_CLONE_NEWUTS, K_CLONE_NEWCGROUP, K_CLONE_NEWTIME };

struct str
op_name(enum op_kind k)
{
	return k < OP_COUNT ? shown_text(2 * (size_t)k) : S("?");
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

	for (size_t i = 0; i < COUNT(space_flags); i++)
		if ((flags & space_flags[i]) != 0)
			bits |= (uint32_t)1 << i;
	buf_put(b, bits != 0 ? S(" ") : S(""));
	words_put(b, space_words, bits, S(","));
}

static void
put_number(struct buf *b, const struct op *o)
{
	switch (o->kind) {
	case OP_CLONE:
	case OP_SETNS:
	case OP_UNSHARE:
		put_spaces(b, o->num);
		break;
	case OP_ATTR:
	case OP_MOUNT:
		buf_put(b, o->num != 0 ? S(" ") : S(""));
		words_put(b, attr_words, (uint32_t)o->num, S(","));
		break;
	case OP_MKDIR:
		buf_put(b, S(" mode "));
		buf_octal(b, o->num);
		break;
	case OP_STREAM:
	case OP_KEEP_FD:
		buf_char(b, ' ');
		buf_uint(b, o->num);
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

static bool
fills(const struct op *o)
{
	return o->kind == OP_OPEN || o->kind == OP_LEAF || o->kind == OP_TREE ||
	       o->kind == OP_TARGET;
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
	struct str stage = stage_name((enum plan_stage)o->stage);

	buf_put(b, stage);
	for (size_t i = stage.n; i < 6; i++)
		buf_char(b, ' ');
	buf_put(b, op_name((enum op_kind)o->kind));
	put_text(b, o->text);
	put_text(b, o->text2);
	put_text(b, o->text3);
	put_number(b, o);
	put_slot(b, fills(o) ? S(" -> #") : S(" #"), o->a);
	put_slot(b, o->kind == OP_TARGET ? S(" under #") : S(" on #"), o->b);
	if ((o->flags & FLAG_RECURSIVE) != 0)
		buf_put(b, S(" recursive"));
	if ((o->flags & FLAG_MAY) != 0)
		buf_put(b, S(" if possible"));
	if ((o->flags & FLAG_OLD) != 0)
		buf_put(b, S(" by clone(2)"));
}

void
op_fault(struct buf *b, const struct op *o)
{
	buf_put(b, S("cannot "));
	buf_put(b, o->kind < OP_COUNT ? shown_text(2 * (size_t)o->kind + 1) : S("do that"));
	if (o->text != NULL && o->kind != OP_MAP && o->kind != OP_MAP_SELF) {
		if (o->kind != OP_TARGET)
			buf_char(b, ' ');
		buf_escaped(b, str_of(o->text));
	}
	if (o->kind == OP_MOUNT && o->text2 != NULL && o->text2[0] != '.') {
		buf_put(b, S(" on "));
		buf_escaped(b, str_of(o->text2));
	}
}
