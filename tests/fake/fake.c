/* The outside of the fake kernel: what a test sees, the log, and what goes wrong on demand. */
#include "kernel.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRACE = 512, TRACE_BYTES = 1 << 15, ARG_ROOM = 1024, CALLS_MAX = 200000 };

struct fake fake;
struct kernel kernel;
bool in_run;

/* What the main process was answered, for its children's replay. */
static struct {
	enum fake_call call;
	long r;
	size_t at, n;
} trace[TRACE];
static unsigned char trace_bytes[TRACE_BYTES];
static size_t ntrace, ntrace_bytes;
static bool trace_full;

static struct fake_entry unseen;
static jmp_buf out;
static unsigned char pristine[ARG_ROOM];
static unsigned char args[FAKE_PROCS][ARG_ROOM];
static size_t arg_size;
static void (*entry)(void *);

/* One of the arrays of counters is large: only what was used is cleared. */
void
fake_reset(void)
{
	size_t logged = fake.nlog < FAKE_LOG ? fake.nlog : FAKE_LOG;
	static const struct fake nothing;

	memset(fake.log, 0, logged * sizeof(fake.log[0]));
	memcpy(&fake, &nothing, offsetof(struct fake, log));
	memset((char *)&fake + offsetof(struct fake, nlog), 0,
	    offsetof(struct fake, out) - offsetof(struct fake, nlog));
	for (size_t i = 0; i < COUNT(fake.out); i++) {
		fake.out[i].n = fake.out[i].most = fake.out[i].took = 0;
		fake.out[i].stuck = fake.out[i].gone = fake.out[i].cannot = false;
		fake.out[i].pipe = fake.out[i].spliced = false;
	}
	memset((char *)&fake + offsetof(struct fake, status), 0,
	    sizeof(fake) - offsetof(struct fake, status));
	fake.ppid = FAKE_CALLER;
	fake.memory = 1 << 20;
	fake.kernel = 6001;
	fake.now = 1000000;
	ntrace = ntrace_bytes = 0;
	trace_full = false;
	in_run = false;
	for (size_t i = 0; i < kernel.npipes; i++)
		kernel.pipe[i].readers = kernel.pipe[i].writers = 0;
	memset(kernel.group, 0, kernel.ngroups * sizeof(kernel.group[0]));
	kernel.npipes = kernel.ngroups = kernel.nareas = kernel.ngone = kernel.nbare = 0;
	kernel.calls = 0;
	memset(kernel.ask, 0, sizeof(kernel.ask));
	kernel.listener = NULL;
	memset(kernel.count, 0, sizeof(kernel.count));
	proc_reset();
}

void
wrong(const char *what, const char *about)
{
	if (fake.wrong != NULL)
		return;
	fake.wrong = what;
	copy_path(fake.wrong_about, about == NULL ? "" : about);
}

void
copy_path(char *to, const char *from)
{
	size_t n = strlen(from);

	if (n > PATH_ROOM - 1)
		n = PATH_ROOM - 1;
	memcpy(to, from, n);
	to[n] = '\0';
}

const char *
fake_call_name(enum fake_call c)
{
#define FAKE_NAME(name) #name,
	static const char *const names[] = { FAKE_CALLS(FAKE_NAME, FAKE_NAME) };
#undef FAKE_NAME

	return names[c];
}

bool
fake_has_effect(enum fake_call c)
{
#define FAKE_NO(name) false,
#define FAKE_YES(name) true,
	static const bool effects[] = { FAKE_CALLS(FAKE_NO, FAKE_YES) };

	return effects[c];
}

/* ---- one call -------------------------------------------------------------------------------- */

static bool
replay(struct call *c)
{
	struct proc *p = kernel.self;

	c->live = false;
	if (p->replay == p->replay_to) {
		/* the clone itself, in the child */
		p->replaying = false;
		if (c->call != FAKE_clone && c->call != FAKE_clone_old)
			wrong("the child did not come to the clone that made it",
			    fake_call_name(c->call));
		c->r = 0;
		return false;
	}
	if (trace[p->replay].call != c->call)
		wrong("the child went another way than its parent", fake_call_name(c->call));
	c->r = trace[p->replay].r;
	if (trace[p->replay].n > 0)
		memcpy(c->out, trace_bytes + trace[p->replay].at, trace[p->replay].n);
	p->replay++;
	return false;
}

static void
events(void)
{
	for (size_t i = 0; i < COUNT(fake.event); i++) {
		struct fake_event *e = &fake.event[i];

		if (e->happen == NULL || e->done || e->at == 0 || e->at != fake.nlog + 1)
			continue;
		e->done = true;
		e->happen(e->arg);
	}
	if (!proc_alive(kernel.self))
		proc_leave();
}

/* What cannot fail: the contract of sys.h has no error for it. */
static bool
sure(enum fake_call c)
{
	return c == FAKE_exit || c == FAKE_now || c == FAKE_getpid || c == FAKE_getppid ||
	       c == FAKE_geteuid || c == FAKE_getegid || c == FAKE_is_tty;
}

static bool
faulty(struct call *c)
{
	if (sure(c->call))
		return false;
	for (size_t i = 0; i < COUNT(fake.fault); i++) {
		const struct fake_fault *f = &fake.fault[i];
		bool here = f->at > 0 ? f->at == fake.nlog + 1
				      : (f->error > 0 || f->nth > 0) && f->call == c->call &&
					    (f->nth == 0 || f->nth == kernel.count[c->call]);

		if (!here || (f->pid != 0 && f->pid != kernel.self->pid))
			continue;
		fake.hits++;
		c->r = -f->error;
		c->short_ = f->error == 0;
		return true;
	}
	return false;
}

static bool
others_first(void)
{
	size_t bit = kernel.calls % (fake.nschedule * 8 + (fake.nschedule == 0));

	return fake.nschedule > 0 && (fake.schedule[bit / 8] >> bit % 8 & 1) != 0;
}

bool
call_begin(struct call *c, enum fake_call call, const char *text, uint64_t num)
{
	struct proc *p = kernel.self;
	struct fake_entry *e;

	c->call = call;
	c->live = true;
	c->short_ = false;
	c->entry = NULL;
	if (p->replaying)
		return replay(c);
	/* which a filter may deny, or kill for */
	if (fake.closed_filter && p->filtered && !p->payload && call != FAKE_execve &&
	    call != FAKE_exit)
		wrong("a call behind the filter", fake_call_name(call));
	kernel.calls++;
	fake.now++;
	/* whoever spins does so without waiting for anybody */
	if (kernel.calls > CALLS_MAX)
		main_leave(FAKE_HUNG);
	if (p->payload)
		return true;
	if (others_first())
		proc_yield();
	kernel.count[call]++;
	events();
	/* a full log goes on being kept in one entry that nobody sees */
	e = fake.nlog < FAKE_LOG ? &fake.log[fake.nlog] : &unseen;
	memset(e, 0, sizeof(*e));
	e->call = call;
	e->pid = p->pid;
	e->pipe = -1;
	e->num = num;
	e->injected = faulty(c);
	copy_path(e->text, text == NULL ? "" : text);
	c->entry = e;
	fake.nlog++;
	return !e->injected || c->short_;
}

void
call_pipe(struct call *c, const struct file *f)
{
	if (c->entry == NULL || (f->kind != FILE_PIPE_IN && f->kind != FILE_PIPE_OUT))
		return;
	c->entry->pipe = f->index;
}

long
call_end(struct call *c, long r, size_t n)
{
	if (!c->live)
		return c->r;
	if (c->entry != NULL)
		c->entry->r = r;
	if (!proc_alive(kernel.self) && c->call != FAKE_exit)
		proc_leave();
	if (kernel.self != kernel.main || !in_run)
		return r;
	if (ntrace == TRACE || ntrace_bytes + n > TRACE_BYTES) {
		trace_full = true;
		return r;
	}
	trace[ntrace].call = c->call;
	trace[ntrace].r = r;
	trace[ntrace].at = ntrace_bytes;
	trace[ntrace].n = n;
	if (n > 0)
		memcpy(trace_bytes + ntrace_bytes, c->out, n);
	ntrace_bytes += n;
	ntrace++;
	return r;
}

/* ---- clone, which is made of the replay ------------------------------------------------------ */

static void
again(void *arg)
{
	entry(arg);
	wrong("a child returned from what it was to be", NULL);
}

static long
start_clone(uint64_t flags, int group, int *pidfd)
{
	struct proc *p;
	struct file *f = group >= 0 ? fd_file(group, "clone") : NULL;
	size_t place;

	if (group >= 0 && (f == NULL || f->kind != FILE_GROUP))
		return -EBADF;
	if (f != NULL && group_takes(f->index) < 0)
		return group_takes(f->index);
	if (kernel.self != kernel.main || !in_run || trace_full) {
		wrong("a fork that cannot be replayed", NULL);
		return -EAGAIN;
	}
	p = proc_new(kernel.self);
	if (p == NULL)
		return -EAGAIN;
	proc_spaces(p, flags);
	if (f != NULL)
		p->group = f->index;
	p->replaying = true;
	p->replay = 0;
	p->replay_to = ntrace;
	place = (size_t)(p - kernel.proc);
	memcpy(args[place], pristine, arg_size);
	*pidfd = fd_process(p);
	proc_start(p, again, args[place]);
	return p->pid;
}

int
sys_clone(uint64_t flags, int cgroup_fd, int *pidfd)
{
	struct call c = { .out = pidfd, .room = sizeof(*pidfd) };
	long r;

	if (call_begin(&c, FAKE_clone, cgroup_fd >= 0 ? "into a group" : "", flags))
		c.r = fake.no_clone3 ? -ENOSYS : start_clone(flags, cgroup_fd, pidfd);
	r = call_end(&c, c.r, c.r > 0 ? sizeof(*pidfd) : 0);
	if (r > 0 && c.live && fake.child_first)
		proc_yield();
	return (int)r;
}

int
sys_clone_old(uint64_t flags, int *pidfd)
{
	struct call c = { .out = pidfd, .room = sizeof(*pidfd) };
	long r;

	if (call_begin(&c, FAKE_clone_old, "", flags))
		c.r = (flags & K_CLONE_NEWTIME) != 0 ? -EINVAL : start_clone(flags, -1, pidfd);
	r = call_end(&c, c.r, c.r > 0 ? sizeof(*pidfd) : 0);
	if (r > 0 && c.live && fake.child_first)
		proc_yield();
	return (int)r;
}

/* ---- the run --------------------------------------------------------------------------------- */

NORETURN void
main_leave(enum fake_end end)
{
	struct proc *from = kernel.self;

	if (!in_run) {
		fprintf(stderr, "fake: a call waits for ever, outside of fake_run\n");
		abort();
	}
	if (from != kernel.main) {
		/* back on its stack; where it stands there, it sees that it is over */
		proc_over(end);
		proc_leave();
	}
	longjmp(out, 1 + (int)end);
}

static unsigned
count_alive(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < FAKE_PROCS; i++) {
		const struct proc *p = &kernel.proc[i];

		n += p != kernel.main && !p->idle && p->state != PROC_FREE &&
		     p->state != PROC_ZOMBIE;
	}
	return n;
}

static void
count_left(void)
{
	fake.left = count_alive();
	for (size_t i = 0; i < FAKE_PROCS; i++)
		fake.zombies += kernel.proc[i].state == PROC_ZOMBIE &&
				kernel.proc[i].parent == kernel.main && !kernel.proc[i].idle;
}

static unsigned
count_leaks(unsigned before)
{
	unsigned n = fake_open_fds();

	return n > before ? n - before : n < before ? 1000 + before - n : 0;
}

enum fake_end
fake_run(void (*main)(void *), void *arg, size_t size)
{
	unsigned before = fake_open_fds();
	volatile enum fake_end end = FAKE_RETURNED;
	int jumped;

	if (size > ARG_ROOM)
		abort();
	memcpy(pristine, arg, size);
	arg_size = size;
	entry = main;
	in_run = true;
	proc_before();
	jumped = setjmp(out);
	if (jumped == 0) {
		main(arg);
		count_left();
		fake.leaks = count_leaks(before);
		fake.mask_after = kernel.main->mask;
	} else {
		end = (enum fake_end)(jumped - 1);
		kernel.self = kernel.main;
		kernel.main->state = PROC_ZOMBIE;
		count_left();
	}
	proc_settle(30000000);
	fake.alive = count_alive();
	for (size_t i = 0; i < FAKE_PROCS; i++)
		fake.traced += kernel.proc[i].traced;
	for (size_t i = 0; i < kernel.ngroups; i++)
		fake.groups += kernel.group[i].made && i > 0;
	in_run = false;
	return end;
}

unsigned
fake_open_fds(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < FAKE_FDS; i++)
		n += kernel.self->fd[i] != NULL;
	return n;
}

struct str
fake_log_text(size_t from)
{
	static char text[1 << 16];
	size_t n = 0;

	for (size_t i = from; i < fake.nlog && n + 256 < sizeof(text); i++) {
		const struct fake_entry *e = &fake.log[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%zu: %d %s %s %llx = %ld%s\n",
		    i + 1, e->pid, fake_call_name(e->call), e->text, (unsigned long long)e->num,
		    e->r, e->injected ? " (injected)" : "");
	}
	return (struct str){ text, n };
}

UNWATCHED_END
