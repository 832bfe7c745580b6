/* The fake kernel's processes: coroutines, who runs next, time, signals, waiting, dying. */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBERS 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FIBERS 1
#endif

#ifdef FIBERS
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

/* Frames on the heap would outlive the coroutines that are dropped. */
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
	return "detect_stack_use_after_return=0";
}
#endif

enum { STACK = 1 << 18 };

static _Alignas(16) unsigned char stacks[FAKE_PROCS][STACK];
/* The main process is over: how, and until when the others may go on. */
static enum fake_end main_end;
static bool main_over;
static uint64_t settle_until;

static struct proc *
fresh(size_t i, int pid, struct proc *parent)
{
	struct proc *p = &kernel.proc[i];
	int generation = p->generation + 1;

	memset(p, 0, sizeof(*p));
	p->generation = generation;
	p->state = PROC_READY;
	p->pid = p->memory = pid;
	p->parent = parent;
	p->group = -1;
	p->old_root = p->dumpable = true;
	p->session = p->pgrp = FAKE_CALLER;
	copy_path(p->cwd, "/");
	return p;
}

/* The caller, one of us, and children that we had before. */
void
proc_reset(void)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		kernel.proc[i].state = PROC_FREE;
	for (size_t i = 0; i < kernel.nfiles; i++)
		kernel.file[i].refs = 0;
	kernel.nfiles = 0;
	main_over = false;
	kernel.caller = fresh(0, FAKE_CALLER, NULL);
	kernel.caller->idle = true;
	kernel.main = fresh(1, FAKE_MONITOR, kernel.caller);
	kernel.main->begun = true;
	kernel.self = kernel.main;
	kernel.next_pid = FAKE_MONITOR + 1;
	fd_new(file_new(FILE_INPUT, "standard input"));
	for (int i = 0; i < 2; i++) {
		struct file *f = file_new(FILE_OUTPUT, "output");

		f->index = i;
		fd_new(f);
	}
	for (int i = 0; i < 3; i++)
		kernel.self->cloexec[i] = false;
}

/* Children that somebody else's program had before it became ours. */
void
proc_before(void)
{
	kernel.main->chld_ignored = fake.chld_ignored;
	kernel.main->mask = fake.mask;
	if (fake.inside)
		kernel.main->group = group_find(fake.cgroup);
	kernel.main->init = fake.main_is_init ? kernel.main : NULL;
	for (int i = 0; i < fake.before; i++)
		fresh(2 + (size_t)i, FAKE_CALLER + 1 + i, kernel.main)->idle = true;
}

void
proc_over(enum fake_end end)
{
	main_over = true;
	main_end = end;
	settle_until = fake.now + 30000000;
}

struct proc *
proc_new(struct proc *parent)
{
	size_t i = 2;
	struct proc *p;
	int generation;

	while (i < FAKE_PROCS && kernel.proc[i].state != PROC_FREE)
		i++;
	if (i == FAKE_PROCS)
		return NULL;
	p = &kernel.proc[i];
	generation = p->generation + 1;
	*p = *parent;
	p->generation = generation;
	memset(p->fd, 0, sizeof(p->fd));
	fd_copy_all(p, parent);
	p->pid = p->memory = kernel.next_pid++;
	p->parent = parent;
	p->state = PROC_READY;
	p->pending = 0;
	p->death = 0;
	p->subreaper = p->replaying = p->chld_ignored = false;
	p->ready = NULL;
	p->files = NULL;
	p->top = NULL;
	return p;
}

void
proc_spaces(struct proc *p, uint64_t flags)
{
	p->spaces |=
	    flags & (K_CLONE_NEWUSER | K_CLONE_NEWNS | K_CLONE_NEWPID | K_CLONE_NEWNET |
			K_CLONE_NEWIPC | K_CLONE_NEWUTS | K_CLONE_NEWCGROUP | K_CLONE_NEWTIME);
	if ((flags & K_CLONE_NEWPID) != 0)
		p->init = p;
}

struct proc *
proc_by_pid(int pid)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (kernel.proc[i].state != PROC_FREE && kernel.proc[i].pid == pid)
			return &kernel.proc[i];
	return NULL;
}

bool
proc_alive(const struct proc *p)
{
	return p->state == PROC_READY || p->state == PROC_WAITS;
}

/* ---- switching ------------------------------------------------------------------------------- */

static void
arrived(struct proc *from)
{
#ifdef FIBERS
	const void *bottom;
	size_t size;

	__sanitizer_finish_switch_fiber(kernel.self->fake_stack, &bottom, &size);
	if (from == kernel.main) {
		kernel.main->stack = bottom;
		kernel.main->stack_size = size;
	}
#else
	(void)from;
#endif
}

static struct proc *switched_from;

/* The first time by its context, then by jumps, which are no system calls. */
static void
go_to(struct proc *next)
{
	struct proc *p = kernel.self;

	switched_from = p;
	kernel.self = next;
#ifdef FIBERS
	__sanitizer_start_switch_fiber(&p->fake_stack, next->stack, next->stack_size);
#endif
	if (_setjmp(p->place) == 0) {
		if (next->begun)
			_longjmp(next->place, 1);
		next->begun = true;
		(void)setcontext(&next->context);
	}
	arrived(switched_from);
}

static void
begin(void)
{
	arrived(switched_from);
	kernel.self->run(kernel.self->arg);
	sys_exit(0);
}

void
proc_start(struct proc *p, void (*run)(void *), void *arg)
{
	size_t i = (size_t)(p - kernel.proc);

	p->run = run;
	p->arg = arg;
	p->stack = stacks[i];
	p->stack_size = STACK;
	p->fake_stack = NULL;
	p->begun = false;
#ifdef FIBERS
	/* what a dropped coroutine left of its frames */
	__asan_unpoison_memory_region(stacks[i], STACK);
#endif
	if (getcontext(&p->context) != 0)
		abort();
	p->context.uc_stack.ss_sp = stacks[i];
	p->context.uc_stack.ss_size = STACK;
	p->context.uc_link = NULL;
	makecontext(&p->context, begin, 0);
}

static bool
can_run(struct proc *p)
{
	if (p->idle || (p == kernel.main && main_over))
		return false;
	return p->state == PROC_READY ||
	       (p->state == PROC_WAITS && (fake.now >= p->until || p->ready(p)));
}

/* The next one after us, in turn. */
static struct proc *
runnable(void)
{
	size_t at = (size_t)(kernel.self - kernel.proc);

	for (size_t i = 1; i <= FAKE_PROCS; i++) {
		struct proc *p = &kernel.proc[(at + i) % FAKE_PROCS];

		if (can_run(p))
			return p;
	}
	return NULL;
}

static bool
due_events(void)
{
	bool some = false;

	for (size_t i = 0; i < COUNT(fake.event); i++) {
		struct fake_event *e = &fake.event[i];

		if (e->happen == NULL || e->done || e->at != 0 || e->us > fake.now)
			continue;
		e->done = some = true;
		e->happen(e->arg);
	}
	return some;
}

/* The clock jumps to the next thing that anybody waits for. */
static bool
advance(void)
{
	uint64_t next = UINT64_MAX;

	for (size_t i = 0; i < FAKE_PROCS; i++) {
		const struct proc *p = &kernel.proc[i];

		if (p->state == PROC_WAITS && !p->idle && !(p == kernel.main && main_over) &&
		    p->until < next)
			next = p->until;
	}
	for (size_t i = 0; i < COUNT(fake.event); i++) {
		const struct fake_event *e = &fake.event[i];

		if (e->happen != NULL && !e->done && e->at == 0 && e->us < next)
			next = e->us;
	}
	if (next == UINT64_MAX || (main_over && next > settle_until))
		return false;
	if (next > fake.now)
		fake.now = next;
	return true;
}

/* Whoever goes next, or NULL when nothing will happen any more. */
static struct proc *
next_one(void)
{
	for (;;) {
		struct proc *p;

		due_events();
		p = runnable();
		if (p != NULL || !advance())
			return p;
	}
}

static void
check_over(void)
{
	if (kernel.self == kernel.main && main_over && in_run)
		main_leave(main_end);
}

static void
run_others(void)
{
	struct proc *next = next_one();

	/* the main one is over, or nobody can go on: that is a hang */
	if (next == NULL && !main_over)
		proc_over(FAKE_HUNG);
	if (next == NULL)
		next = kernel.main;
	if (next != kernel.self)
		go_to(next);
	check_over();
}

void
proc_block(bool (*ready)(struct proc *), const void *arg, uint64_t until)
{
	struct proc *p = kernel.self;

	p->ready = ready;
	p->ready_arg = arg;
	p->until = until;
	p->state = PROC_WAITS;
	while (fake.now < until && !ready(p))
		run_others();
	p->state = PROC_READY;
}

void
proc_yield(void)
{
	struct proc *p = runnable();

	if (p != NULL && p != kernel.self)
		go_to(p);
	check_over();
}

NORETURN void
proc_leave(void)
{
	for (;;)
		run_others();
}

void
proc_settle(uint64_t us)
{
	struct proc *p;

	main_over = true;
	settle_until = fake.now + us;
	while ((p = next_one()) != NULL)
		go_to(p);
}

/* ---- dying ----------------------------------------------------------------------------------- */

static void
adopt(struct proc *child, struct proc *from)
{
	struct proc *p = from->parent;

	while (p != NULL && !(p->subreaper && proc_alive(p)) && p != child->init)
		p = p->parent;
	child->parent = p;
	/* init of the machine waits for everybody */
	if (p == NULL && child->state == PROC_ZOMBIE)
		child->state = PROC_FREE;
}

static void
orphans(struct proc *p)
{
	for (size_t i = 0; i < FAKE_PROCS; i++) {
		struct proc *c = &kernel.proc[i];

		if (c->state == PROC_FREE || c->parent != p)
			continue;
		adopt(c, p);
		if (c->death != 0 && proc_alive(c))
			proc_signal(c, c->death, 0, 0);
	}
}

void
proc_die(struct proc *p, int status)
{
	if (!proc_alive(p))
		return;
	if (p->pid < FAKE_MONITOR && p != kernel.caller)
		fake.damage++;
	p->state = PROC_ZOMBIE;
	p->status = status;
	p->group = -1;
	if (p->executed && p->pid == fake.world.pid)
		fake.payload_status = status;
	if (p != kernel.main || in_run)
		fd_drop_all(p);
	if (p == kernel.main) {
		fake.status = status;
		proc_over(FAKE_KILLED);
	}
	for (size_t i = 0; p->init == p && i < FAKE_PROCS; i++)
		if (kernel.proc[i].init == p && &kernel.proc[i] != p &&
		    kernel.proc[i].state != PROC_FREE)
			proc_die(&kernel.proc[i], SIGKILL);
	orphans(p);
	if (p->parent == NULL || p->parent->chld_ignored)
		p->state = PROC_FREE;
	else if (proc_alive(p->parent))
		proc_signal(p->parent, SIGCHLD, p->pid, 1);
}

static bool
harmless(int sig)
{
	return sig == SIGCHLD || sig == SIGWINCH || sig == SIGCONT || sig == SIGURG;
}

void
proc_signal(struct proc *p, int sig, int sender, int code)
{
	uint64_t bit = (uint64_t)1 << sig;
	bool inside = sender > 0 && p->init == p && kernel.self->init == p;

	if (!proc_alive(p) || p->held || sig == 0)
		return;
	if (sig != SIGKILL && (p->mask & bit) != 0) {
		if ((p->pending & bit) == 0) {
			p->info[sig].pid = sender;
			p->info[sig].code = code;
		}
		p->pending |= bit;
		return;
	}
	/* SIGNAL_UNKILLABLE: an init does not die of what comes from within */
	if (inside || (sig != SIGKILL && (harmless(sig) || (p->ignored & bit) != 0)))
		return;
	proc_die(p, sig);
}

void
fake_kill(int pid, int sig)
{
	struct proc *p = proc_by_pid(pid);

	if (p != NULL)
		proc_signal(p, sig, p->init != NULL ? 0 : FAKE_CALLER, 0);
}

void
fake_sigkill(int pid)
{
	fake_kill(pid, SIGKILL);
}

void
fake_sigterm(int pid)
{
	fake_kill(pid, SIGTERM);
}

void
fake_hold(int pid)
{
	struct proc *p = proc_by_pid(pid);

	if (p != NULL)
		p->held = true;
}

void
fake_terminal(int pid, int sig)
{
	struct proc *p = proc_by_pid(pid);

	if (p != NULL)
		proc_signal(p, sig, 0, 0x80);
}

void
fake_ctrl_c(int pid)
{
	fake_terminal(pid, SIGINT);
}

bool
fake_lives(int pid)
{
	struct proc *p = proc_by_pid(pid);

	return p != NULL && proc_alive(p);
}

/* ---- what payloads do ------------------------------------------------------------------------ */

static void
run_program(void *arg)
{
	(void)arg;
	kernel.self->program();
}

int
fake_fork(void (*run)(void))
{
	struct proc *p = proc_new(kernel.self);

	if (p == NULL)
		return -EAGAIN;
	p->program = run;
	proc_start(p, run_program, NULL);
	return p->pid;
}

void
fake_ignore(int sig)
{
	kernel.self->ignored |= (uint64_t)1 << sig;
}

static bool
never(struct proc *p)
{
	(void)p;
	return false;
}

void
fake_sleep(uint64_t ms)
{
	proc_block(never, NULL, fake.now + ms * 1000);
}

void
fake_leave_session(void)
{
	kernel.self->session = kernel.self->pgrp = kernel.self->pid;
}

void
fake_become_other(void)
{
	kernel.self->foreign = true;
	kernel.self->death = 0;
}

UNWATCHED_END
