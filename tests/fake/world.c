/* The fake kernel's rest: ids, rights, namespaces, time, and the exec. */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int
sys_clone3_probe(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_clone3_probe, "", 0))
		c.r = fake.no_clone3 ? -ENOSYS : -EINVAL;
	return (int)call_end(&c, c.r, 0);
}

int
sys_unshare(uint64_t flags)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_unshare, "", flags)) {
		kernel.self->spaces |= flags;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_unshare_files(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_unshare_files, "", 0)) {
		for (size_t i = 0; i < FAKE_PROCS; i++)
			if (kernel.proc[i].files == kernel.self)
				kernel.proc[i].files = NULL;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_setns(int fd, int type)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_setns, fd_path(fd), (uint64_t)type)) {
		c.r = fd_file(fd, "setns") == NULL ? -EBADF : 0;
		if (c.r == 0)
			kernel.self->joined |= (uint64_t)type;
	}
	return (int)call_end(&c, c.r, 0);
}

static void
own_space(uint64_t flag, const char *what)
{
	if (((kernel.self->spaces | kernel.self->joined) & flag) == 0)
		wrong("the host is changed", what);
}

int
sys_sethostname(const char *name, size_t n)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_sethostname, name, n)) {
		own_space(K_CLONE_NEWUTS, "hostname");
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_loopback_up(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_loopback_up, "", 0)) {
		own_space(K_CLONE_NEWNET, "network");
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

/* It is the memory's, whoever shares it. */
static void
set_dumpable(int memory, bool on)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (kernel.proc[i].memory == memory)
			kernel.proc[i].dumpable = on;
}

int
sys_prctl(int option, unsigned long value)
{
	struct proc *p = kernel.self;
	struct call c = { 0 };
	const char *name = option == K_PR_SET_PDEATHSIG       ? "pdeathsig"
			 : option == K_PR_SET_DUMPABLE        ? "dumpable"
			 : option == K_PR_SET_SECUREBITS      ? "securebits"
			 : option == K_PR_SET_CHILD_SUBREAPER ? "subreaper"
			 : option == K_PR_SET_NO_NEW_PRIVS    ? "no_new_privs"
							      : "?";

	if (call_begin(&c, FAKE_prctl, name, value)) {
		if (option == K_PR_SET_PDEATHSIG)
			p->death = (int)value;
		else if (option == K_PR_SET_DUMPABLE)
			set_dumpable(p->memory, value != 0);
		else if (option == K_PR_SET_SECUREBITS)
			p->securebits = value;
		else if (option == K_PR_SET_CHILD_SUBREAPER)
			p->subreaper = true;
		else if (option == K_PR_SET_NO_NEW_PRIVS)
			p->no_new_privs = true;
		else
			wrong("an unknown prctl", NULL);
		c.r = 0;
		/* a parent that died before tells nothing any more */
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_seccomp_probe(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_seccomp_probe, "", 0))
		c.r = fake.no_seccomp ? -EINVAL : -EFAULT;
	return (int)call_end(&c, c.r, 0);
}

int
sys_capget(uint64_t *effective)
{
	struct call c = { .out = effective, .room = sizeof(*effective) };

	if (call_begin(&c, FAKE_capget, "", 0)) {
		*effective = fake.caps;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, c.r == 0 ? sizeof(*effective) : 0);
}

int
sys_capset_none(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_capset_none, "", 0)) {
		kernel.self->caps_none = true;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_setsid(void)
{
	struct proc *p = kernel.self;
	struct call c = { 0 };

	if (call_begin(&c, FAKE_setsid, "", 0)) {
		c.r = p->pgrp == p->pid ? -EPERM : p->pid;
		if (c.r > 0) {
			p->session = p->pgrp = p->pid;
			p->own_session = true;
		}
	}
	return (int)call_end(&c, c.r, 0);
}

static int
answer(enum fake_call call, long value)
{
	struct call c = { 0 };

	if (call_begin(&c, call, "", 0))
		c.r = value;
	return (int)call_end(&c, c.r, 0);
}

int
sys_geteuid(void)
{
	return answer(FAKE_geteuid, fake.uid);
}

int
sys_getegid(void)
{
	return answer(FAKE_getegid, fake.gid);
}

int
sys_getpid(void)
{
	return answer(FAKE_getpid, kernel.self->pid);
}

int
sys_getppid(void)
{
	return answer(FAKE_getppid,
	    kernel.self == kernel.main && kernel.self->parent == kernel.caller ? fake.ppid
	    : kernel.self->parent == NULL                                      ? 1
					  : kernel.self->parent->pid);
}

bool
sys_is_tty(int fd)
{
	(void)fd;
	return answer(FAKE_is_tty, fake.tty);
}

uint64_t
sys_now(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_now, "", 0))
		c.r = (long)fake.now;
	return (uint64_t)call_end(&c, c.r, 0);
}

size_t
sys_page(void)
{
	return 4096;
}

int
sys_rlimit(int resource, uint64_t most)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_rlimit, "", (uint64_t)resource << 56 | most)) {
		kernel.self->rlimits |= 1u << resource;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

void *
sys_map(size_t n)
{
	static _Alignas(16) unsigned char memory[1 << 21];
	struct call c = { 0 };
	bool given = call_begin(&c, FAKE_map, "", n) && n <= fake.memory && n <= sizeof(memory);

	(void)call_end(&c, given ? 0 : -ENOMEM, 0);
	return given ? memory : NULL;
}

/* One at a time. What is in it is what whoever holds it writes; a child that is copied finds what
 * its parent left there. */
int
sys_map_shared(size_t n, void **p)
{
	static _Alignas(16) unsigned char memory[4096];
	struct call c = { 0 };

	if (call_begin(&c, FAKE_map_shared, "", n)) {
		c.r = n <= sizeof(memory) ? 0 : -ENOMEM;
		memset(memory, 0, sizeof(memory));
	}
	if (c.r == 0)
		*p = memory;
	return (int)call_end(&c, c.r, 0);
}

void
sys_unmap(void *p, size_t n)
{
	(void)p;
	(void)n;
}

int
sys_kernel(void)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_kernel, "", 0))
		c.r = fake.kernel;
	return (int)call_end(&c, c.r, 0);
}

/* ---- exec ------------------------------------------------------------------------------------ */

static void
note_world(const char *path)
{
	const struct proc *p = kernel.self;
	struct fake_world *w = &fake.world;

	*w = (struct fake_world){ .pid = p->pid,
		.path = path,
		.entry = fake.nlog,
		.spaces = p->spaces,
		.joined = p->joined,
		.securebits = p->securebits,
		.mask = p->mask,
		.death = p->death,
		.caps_none = p->caps_none,
		.no_new_privs = p->no_new_privs,
		.private_mounts = p->private_mounts,
		.root_moved = p->root_moved,
		.old_root = p->old_root,
		.session = p->own_session,
		.monitor_dumpable = kernel.main->dumpable,
		.parent_dumpable = p->parent != NULL && p->parent->dumpable,
		.root_attr = p->root_attr,
		.group = p->group > 0,
		.rlimits = p->rlimits,
		.filtered = p->filtered,
		.no_nesting = p->no_nesting };
	copy_path(w->cwd, p->cwd);
	if (p->group > 0) {
		const struct group *g = &kernel.group[p->group];

		w->programs = g->programs;
		for (size_t i = 0; i < g->nvalues; i++)
			snprintf(w->limits[i], sizeof(w->limits[i]), "%s=%s", g->value[i].name,
			    g->value[i].text);
	}
	for (int i = 0; i < FAKE_FDS; i++) {
		const struct file *f = kernel.main->fd[i];

		w->monitor_pipes +=
		    f != NULL && (f->kind == FILE_PIPE_IN || f->kind == FILE_PIPE_OUT);
	}
	if (kernel.nbare > 0)
		wrong("set-user-id programs of the host came along", kernel.bare[0]);
	if (p->root_moved && p->old_root)
		wrong("the payload can reach the old root", path);
	if ((p->spaces & K_CLONE_NEWUSER) != 0 && (!p->uid_mapped || !p->gid_mapped))
		wrong("the payload has no ids", path);
}

static void
close_on_exec(void)
{
	struct proc *p = kernel.self;

	for (int i = 0; i < FAKE_FDS; i++) {
		if (p->fd[i] == NULL)
			continue;
		if (i > 2 && p->cloexec[i]) {
			fd_drop(p, i);
			continue;
		}
		fake.world.fds++;
		if (p->fd[i]->kind != FILE_INPUT && p->fd[i]->kind != FILE_OUTPUT &&
		    !(i < 3 && p->fd[i]->kind == (i == 0 ? FILE_PIPE_OUT : FILE_PIPE_IN)))
			wrong("the payload got a descriptor of ours", p->fd[i]->path);
	}
}

int
sys_execve(const char *path, char *const *argv, char *const *envp)
{
	const struct fake_program *t = fake.program;
	struct call c = { 0 };

	(void)argv;
	(void)envp;
	if (!call_begin(&c, FAKE_execve, path, 0))
		return (int)call_end(&c, c.r, 0);
	while (t != NULL && t->path != NULL && strcmp(t->path, path) != 0)
		t++;
	if (t == NULL || t->path == NULL || t->error != 0)
		return (int)call_end(&c, t == NULL || t->path == NULL ? -ENOENT : -t->error, 0);
	(void)call_end(&c, 0, 0);
	fake.executed++;
	fake.payload_status = -1;
	note_world(path);
	close_on_exec();
	kernel.self->executed = kernel.self->payload = true;
	kernel.self->memory = kernel.self->pid;
	kernel.self->files = NULL;
	kernel.self->dumpable = true;
	if (t->run != NULL)
		t->run();
	sys_exit(0);
}

UNWATCHED_END
