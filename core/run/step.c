#include "run/steps.h"

#include "run/io.h"
#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static int
slot_of(const struct process *p, uint8_t i)
{
	return i == NO_SLOT ? -1 : p->slot[i];
}

/* Stores what a call opened; with FLAG_MAY a thing that is absent, or out of reach for the payload
 * too, leaves the slot empty. */
static int
fill(struct process *p, const struct op *o, int fd)
{
	p->slot[o->a] = fd < 0 ? -1 : fd;
	if (fd < 0 && (o->flags & FLAG_MAY) != 0 &&
	    (fd == -ENOENT || fd == -ENOTDIR || fd == -EACCES))
		return 0;
	return fd < 0 ? fd : 0;
}

static int
target(struct process *p, const struct op *o)
{
	int flags = O_PATH | ((o->flags & FLAG_DIRECTORY) != 0 ? O_DIRECTORY : 0) |
		    ((o->flags & FLAG_NO_LINK) != 0 ? O_NOFOLLOW : 0);
	int fd = -EAGAIN;

	/* a rename anywhere while ".." is walked is told as EAGAIN (openat2(2)); a racer gets
	 * bounded patience */
	for (int i = 0; i < 1000 && fd == -EAGAIN; i++)
		fd = sys_open_at(slot_of(p, o->b), o->text, flags,
		    K_RESOLVE_IN_ROOT | K_RESOLVE_NO_MAGICLINKS);
	return fill(p, o, fd);
}

static int
map(const struct process *p, const struct op *o)
{
	char path[64];
	struct buf b = BUF(path);

	buf_cstr(&b, "/proc/");
	if (o->kind == OP_MAP)
		buf_int(&b, p->child);
	else
		buf_cstr(&b, "self");
	buf_char(&b, '/');
	buf_put(&b, str_of(o->text));
	buf_char(&b, '\0');
	return io_put(path, o->text2);
}

static int
box_main(void *process)
{
	process_box(process);
}

/* The box works on what we know now, in the upper end of its stack: from here on we both write. */
static int
start_shared(struct process *p, const struct op *o)
{
	size_t room = (sizeof(*p) + 15) / 16 * 16;
	unsigned char *top = p->stacks + 2 * STACK_SIZE - room;
	struct process *inside = (struct process *)(void *)top;

	*inside = *p;
	return sys_clone_shared(o->num, box_main, inside, top, &p->pidfd);
}

static int
start_copy(struct process *p, const struct op *o)
{
	int pid = (o->flags & FLAG_OLD) != 0 ? sys_clone_old(o->num, &p->pidfd)
					     : sys_clone(o->num, slot_of(p, o->a), &p->pidfd);

	if (pid == 0)
		process_box(p);
	return pid;
}

static int
start_box(struct process *p, const struct op *o)
{
	bool shared = (o->flags & FLAG_SHARED) != 0, old = (o->flags & FLAG_OLD) != 0;
	int group = slot_of(p, o->a);
	int pid = shared ? start_shared(p, o) : start_copy(p, o);

	if (pid < 0)
		return pid;
	p->child = pid;
	/* before clone3 the child cannot be born in its group; it waits for our byte, so nothing
	 * has run outside */
	return !old || group < 0 ? 0 : leaf_join(group, pid);
}

static int
point(const struct op *o, int like, int dir)
{
	struct stat st = { .st_mode = (o->flags & FLAG_FILE) != 0 ? S_IFREG : S_IFDIR };
	int r = like < 0 ? 0 : sys_stat_fd(like, &st);

	if (r < 0)
		return r;
	return S_ISDIR(st.st_mode) ? sys_mkdir_at(dir, o->text, 0755)
				   : sys_mkfile_at(dir, o->text, 0444);
}

static int
may(const struct op *o, int r, int tolerated)
{
	return (o->flags & FLAG_MAY) != 0 && r == -tolerated ? 0 : r;
}

static int
writable(int fd)
{
	int r = sys_mount_readonly(fd);

	return r > 0 ? -EROFS : r;
}

static int
stream(const struct process *p, const struct op *o)
{
	int fd = p->stream[o->num][0];

	return fd == (int)o->num ? sys_keep_on_exec(fd) : sys_dup_to(fd, (int)o->num);
}

static int
start_payload(struct process *p)
{
	int r = process_ready(p);
	int pid = r < 0 ? r : sys_vfork(process_exec, p, p->stacks + STACK_SIZE);

	if (pid < 0)
		return pid;
	process_init(p, pid);
}

static int
session(void)
{
	int r = sys_setsid();

	return r < 0 ? r : 0;
}

static int
go(const struct process *p)
{
	return io_write(p->life[1], S("G"));
}

static int
wait_for_go(const struct process *p)
{
	char byte;
	long r;

	do
		r = sys_read(p->life[0], &byte, 1);
	while (r == -EINTR);
	/* end of file: the monitor is gone */
	return r == 1 ? 0 : r == 0 ? -ESRCH : (int)r;
}

/* An empty slot stands for something absent that the plan allowed to be: what would use it is
 * skipped. That it was filled before, one way or the other, the lint has seen to. */
static bool
skipped(const struct process *p, const struct op *o)
{
	uint8_t shape = op_shape((enum op_kind)o->kind);

	return ((shape & SHAPE_A) != 0 && slot_of(p, o->a) < 0) ||
	       ((shape & SHAPE_B) != 0 && slot_of(p, o->b) < 0);
}

static int
forget(struct process *p, const struct op *o)
{
	int fd = p->slot[o->a];

	p->slot[o->a] = -1;
	return sys_close(fd);
}

static int
sysctl(const struct op *o)
{
	char path[64];
	struct buf b = BUF(path);

	buf_text(&b, TEXT("/proc/sys/%", str_of(o->text)));
	buf_char(&b, '\0');
	return io_put(path, o->text2);
}

/* Of a box with limits; who has none cannot have such a plan. */
static int
limited(struct process *p, const struct op *o)
{
	return p->steps == NULL ? -ENOSYS : p->steps->step(p, o);
}

/* dispatch: one case per operation */
int
process_step(struct process *p, size_t i)
{
	const struct op *o = &p->plan->op[i];
	int a = slot_of(p, o->a), b = slot_of(p, o->b);
	bool recursive = (o->flags & FLAG_RECURSIVE) != 0;

	if (skipped(p, o))
		return 0;
	switch ((enum op_kind)o->kind) {
	case OP_OPEN:
		return fill(p, o,
		    sys_open(o->text, (o->flags & FLAG_DIRECTORY) != 0 ? O_PATH | O_DIRECTORY
								       : O_RDONLY | O_NOCTTY));
	case OP_SETNS:
		return sys_setns(a, (int)o->num);
	case OP_UNSHARE:
		return sys_unshare(o->num);
	case OP_SUBREAPER:
		return sys_prctl(K_PR_SET_CHILD_SUBREAPER, 1);
	case OP_LEAF:
		return (o->flags & FLAG_MAY) != 0 ? leaf_make(p, o) : limited(p, o);
	case OP_SELF:
	case OP_ENABLE:
	case OP_LIMIT:
	case OP_DEVICES:
	case OP_RLIMIT:
		return limited(p, o);
	case OP_CLONE:
		return start_box(p, o);
	case OP_MAP:
	case OP_MAP_SELF:
		return map(p, o);
	case OP_GO:
		return go(p);
	case OP_SYSCTL:
		return sysctl(o);
	case OP_WAIT:
		return wait_for_go(p);
	case OP_PDEATH:
		return sys_prctl(K_PR_SET_PDEATHSIG, SIGKILL);
	case OP_DUMPABLE:
		return sys_prctl(K_PR_SET_DUMPABLE, 0);
	case OP_PRIVATE:
		return sys_mount(NULL, "/", NULL, K_MS_REC | K_MS_PRIVATE, NULL);
	case OP_TREE:
		return fill(p, o, sys_open_tree(o->text, recursive));
	case OP_ATTR:
		return sys_mount_attr(a, recursive, o->num, 0);
	case OP_ATTR_OFF:
		return sys_mount_attr(a, false, 0, o->num);
	case OP_MOVE_ROOT:
		return sys_move_mount_root(a);
	case OP_TARGET:
		return target(p, o);
	case OP_MOVE:
		return o->text == NULL ? sys_move_mount(a, b) : sys_move_mount_at(a, b, o->text);
	case OP_WRITABLE:
		return writable(a);
	case OP_FCHDIR:
		return sys_fchdir(a);
	case OP_MOUNT:
		return sys_mount(o->text, o->text2, o->text, (unsigned long)o->num, o->text3);
	case OP_MKDIR:
		return may(o, sys_mkdir_at(b, o->text, (unsigned)o->num), EEXIST);
	case OP_POINT:
		return may(o, point(o, a, b), EEXIST);
	case OP_SYMLINK:
		return sys_symlink_at(o->text, b, o->text2);
	case OP_CLOSE:
		return forget(p, o);
	case OP_PIVOT:
		return sys_pivot_root(".", ".");
	case OP_UMOUNT_OLD:
		return sys_umount_detach(".");
	case OP_CHROOT:
		return sys_chroot(".");
	case OP_HOSTNAME:
		return sys_sethostname(o->text, str_of(o->text).n);
	case OP_LOOPBACK:
		return sys_loopback_up();
	case OP_CHDIR:
		return (o->flags & FLAG_MAY) != 0 ? (sys_chdir(o->text), 0) : sys_chdir(o->text);
	case OP_SECUREBITS:
		return sys_prctl(K_PR_SET_SECUREBITS, (unsigned long)o->num);
	case OP_CAPS_NONE:
		return sys_capset_none();
	case OP_NO_NEW_PRIVS:
		return sys_prctl(K_PR_SET_NO_NEW_PRIVS, 1);
	case OP_SPAWN:
		return start_payload(p);
	case OP_SETSID:
		return session();
	case OP_STREAM:
		return stream(p, o);
	case OP_SIGMASK:
		return sys_sigmask(SIG_SETMASK, &p->mask, NULL);
	case OP_CLOEXEC:
		return sys_cloexec_from(3);
	case OP_KEEP_FD:
		return sys_keep_on_exec((int)o->num);
	case OP_SECCOMP:
		return sys_seccomp((unsigned)o->num, o->filter->insn, o->filter->n);
	case OP_EXEC:
		return sys_execve(o->text, p->plan->argv, p->plan->envp);
	case OP_COUNT:
		break;
	}
	return -ENOSYS;
}
