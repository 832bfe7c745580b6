/* The fake kernel's descriptors: who holds what, pipes, reading, writing. */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

struct file *
file_new(enum file_kind kind, const char *path)
{
	size_t i = 0;
	struct file *f;

	while (i < COUNT(kernel.file) && kernel.file[i].refs > 0)
		i++;
	if (i == COUNT(kernel.file)) {
		fprintf(stderr, "fake: too many open files\n");
		abort();
	}
	if (i >= kernel.nfiles)
		kernel.nfiles = i + 1;
	f = &kernel.file[i];
	memset(f, 0, offsetof(struct file, made));
	f->made[0] = '\0';
	f->kind = kind;
	copy_path(f->path, path);
	return f;
}

int
fd_new(struct file *f)
{
	for (int i = 0; i < FAKE_FDS; i++) {
		if (kernel.self->fd[i] != NULL)
			continue;
		kernel.self->fd[i] = f;
		kernel.self->cloexec[i] = true;
		f->refs++;
		return i;
	}
	return -EMFILE;
}

int
fd_process(struct proc *p)
{
	struct file *f = file_new(FILE_PROCESS, "pidfd");

	f->proc = p;
	f->generation = p->generation;
	return fd_new(f);
}

/* What an open descriptor leads to; using one that is not open is a fault of ours. */
struct file *
fd_file(int fd, const char *call)
{
	if (fd >= 0 && fd < FAKE_FDS && kernel.self->fd[fd] != NULL)
		return kernel.self->fd[fd];
	if (!kernel.self->payload)
		wrong("a descriptor that is not open is used", call);
	return NULL;
}

const char *
fd_path(int fd)
{
	return fd >= 0 && fd < FAKE_FDS && kernel.self->fd[fd] != NULL ? kernel.self->fd[fd]->path
								       : "?";
}

static void
release(struct file *f)
{
	f->refs--;
	if (f->refs > 0)
		return;
	if (f->kind == FILE_PIPE_OUT)
		kernel.pipe[f->index].readers--;
	if (f->kind == FILE_PIPE_IN)
		kernel.pipe[f->index].writers--;
	if (f == kernel.listener)
		kernel.listener = NULL;
	if (f->kind == FILE_GROUP)
		group_unlock(f);
}

void
fd_drop(struct proc *p, int fd)
{
	struct file *f = p->fd[fd];

	p->fd[fd] = NULL;
	if (f != NULL)
		release(f);
}

void
fd_drop_all(struct proc *p)
{
	for (int i = 0; i < FAKE_FDS; i++)
		fd_drop(p, i);
}

void
fd_copy_all(struct proc *to, const struct proc *from)
{
	for (int i = 0; i < FAKE_FDS; i++) {
		to->fd[i] = from->fd[i];
		to->cloexec[i] = from->cloexec[i];
		if (to->fd[i] != NULL)
			to->fd[i]->refs++;
	}
}

int
sys_close(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_close, fd_path(fd), (uint64_t)fd)) {
		c.r = fd_file(fd, "close") == NULL ? -EBADF : 0;
		if (c.r == 0)
			fd_drop(kernel.self, fd);
	} else if (c.live && fd >= 0 && fd < FAKE_FDS) {
		/* close(2): whatever it says, the descriptor is gone */
		fd_drop(kernel.self, fd);
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_close_range(unsigned first, unsigned last)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_close_range, "", first)) {
		for (unsigned i = first; i <= last && i < FAKE_FDS; i++)
			fd_drop(kernel.self, (int)i);
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_cloexec_from(unsigned first)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_cloexec_from, "", first)) {
		for (unsigned i = first; i < FAKE_FDS; i++)
			kernel.self->cloexec[i] = true;
		c.r = 0;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_keep_on_exec(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_keep_on_exec, "", (uint64_t)fd)) {
		c.r = fd_file(fd, "keep_on_exec") == NULL ? -EBADF : 0;
		if (c.r == 0)
			kernel.self->cloexec[fd] = false;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_nonblock(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_nonblock, fd_path(fd), 0)) {
		struct file *f = fd_file(fd, "nonblock");

		c.r = f == NULL ? -EBADF : 0;
		if (f != NULL)
			f->nonblock = true;
	}
	return (int)call_end(&c, c.r, 0);
}

int
sys_dup_to(int from, int to)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_dup_to, fd_path(from), (uint64_t)to)) {
		struct file *f = fd_file(from, "dup_to");

		c.r = f == NULL || to < 0 || to >= FAKE_FDS ? -EBADF : to;
		if (c.r >= 0 && from != to) {
			f->refs++;
			fd_drop(kernel.self, to);
			kernel.self->fd[to] = f;
			kernel.self->cloexec[to] = false;
		}
	}
	return (int)call_end(&c, c.r, 0);
}

int
fake_report_fd(void)
{
	struct file *f = file_new(FILE_OUTPUT, "output");

	f->index = 2;
	return fd_new(f);
}

/* ---- pipes ----------------------------------------------------------------------------------- */

static int
do_pipe(int fd[2])
{
	int i = (int)kernel.npipes;
	struct file *f;

	if (kernel.npipes == PIPES)
		return -ENFILE;
	kernel.npipes++;
	kernel.pipe[i].from = kernel.pipe[i].n = 0;
	kernel.pipe[i].readers = kernel.pipe[i].writers = 1;
	f = file_new(FILE_PIPE_OUT, "pipe");
	f->index = i;
	fd[0] = fd_new(f);
	f = file_new(FILE_PIPE_IN, "pipe");
	f->index = i;
	fd[1] = fd_new(f);
	return 0;
}

int
sys_pipe(int fd[2])
{
	struct call c = { .out = fd, .room = 2 * sizeof(*fd) };

	if (call_begin(&c, FAKE_pipe, "", 0))
		c.r = do_pipe(fd);
	return (int)call_end(&c, c.r, c.r == 0 ? 2 * sizeof(*fd) : 0);
}

static bool
pipe_readable(struct proc *p)
{
	const struct pipe *q = p->ready_arg;

	return q->n > 0 || q->writers == 0;
}

static bool
pipe_writable(struct proc *p)
{
	const struct pipe *q = p->ready_arg;

	return PIPE_ROOM - q->n >= PIPE_ATOMIC || q->readers == 0;
}

static long
pipe_read(struct file *f, void *to, size_t n)
{
	struct pipe *q = &kernel.pipe[f->index];

	if (q->n == 0 && q->writers > 0 && f->nonblock)
		return -EAGAIN;
	if (q->n == 0)
		proc_block(pipe_readable, q, UINT64_MAX);
	if (n > q->n)
		n = q->n;
	memcpy(to, q->room + q->from, n);
	q->from += n;
	q->n -= n;
	if (q->n == 0)
		q->from = 0;
	return (long)n;
}

static long
broken(void)
{
	proc_signal(kernel.self, SIGPIPE, kernel.self->pid, 0);
	if (!proc_alive(kernel.self))
		proc_leave();
	return -EPIPE;
}

/* Up to PIPE_BUF in one piece, more in pieces. */
static long
pipe_write(struct file *f, const void *from, size_t n)
{
	struct pipe *q = &kernel.pipe[f->index];
	size_t done = 0;

	while (done < n) {
		size_t left = n - done, part;

		if (q->readers == 0)
			return done > 0 ? (long)done : broken();
		if (q->from + q->n + left > PIPE_ROOM && q->from > 0) {
			memmove(q->room, q->room + q->from, q->n);
			q->from = 0;
		}
		part = PIPE_ROOM - q->n < left ? PIPE_ROOM - q->n : left;
		if (part == 0 || (n <= PIPE_ATOMIC && part < n)) {
			if (f->nonblock)
				return done > 0 ? (long)done : -EAGAIN;
			proc_block(pipe_writable, q, UINT64_MAX);
			continue;
		}
		memcpy(q->room + q->from + q->n, (const char *)from + done, part);
		q->n += part;
		done += part;
	}
	return (long)done;
}

struct str
fake_pipe_text(int fd)
{
	return fake_pipe_left((size_t)kernel.self->fd[fd]->index);
}

struct str
fake_pipe_left(size_t nth)
{
	const struct pipe *q = &kernel.pipe[nth];

	return (struct str){ (const char *)q->room + q->from, q->n };
}

void
fake_pipe_put(size_t nth, const void *p, size_t n)
{
	struct pipe *q = &kernel.pipe[nth];

	memcpy(q->room + q->from + q->n, p, n);
	q->n += n;
}

/* ---- reading and writing --------------------------------------------------------------------- */

static long
text_read(struct file *f, void *to, size_t n)
{
	size_t len = f->text == NULL ? 0 : strlen(f->text);

	if (f->text == NULL)
		return -EISDIR;
	if (n > len - f->at)
		n = len - f->at;
	memcpy(to, f->text + f->at, n);
	for (size_t i = 0; fake.nul != 0 && i < n; i++)
		if (((char *)to)[i] == fake.nul)
			((char *)to)[i] = '\0';
	f->at += n;
	return (long)n;
}

static long
signal_read(const struct file *f, void *to)
{
	struct proc *p = kernel.self;
	uint64_t have = p->pending & f->signals;
	struct signalfd_siginfo s = { 0 };

	for (int i = 1; i < 64; i++) {
		if ((have >> i & 1) == 0)
			continue;
		s.ssi_signo = (uint32_t)i;
		s.ssi_code = p->info[i].code;
		s.ssi_pid = (uint32_t)p->info[i].pid;
		p->pending &= ~((uint64_t)1 << i);
		memcpy(to, &s, sizeof(s));
		return (long)sizeof(s);
	}
	return -EAGAIN;
}

static long
do_read(struct file *f, void *p, size_t n)
{
	switch (f->kind) {
	case FILE_TEXT:
	case FILE_CONTROL:
		return text_read(f, p, n);
	case FILE_PIPE_OUT:
		return pipe_read(f, p, n);
	case FILE_SIGNALS:
		return n < sizeof(struct signalfd_siginfo) ? -EINVAL : signal_read(f, p);
	case FILE_INPUT:
		return 0;
	case FILE_PLACE:
	case FILE_TREE:
	case FILE_GROUP:
	case FILE_PIPE_IN:
	case FILE_PROCESS:
	case FILE_OUTPUT:
	case FILE_LISTENER:
		break;
	}
	return -EBADF;
}

long
sys_read(int fd, void *p, size_t n)
{
	struct call c = { .out = p, .room = n };
	bool now = call_begin(&c, FAKE_read, fd_path(fd), (uint64_t)fd);
	struct file *f = c.live ? fd_file(fd, "read") : NULL;

	if (f != NULL)
		call_pipe(&c, f);
	if (now)
		c.r = f == NULL ? -EBADF : do_read(f, p, c.short_ && n > 1 ? n / 2 : n);
	return call_end(&c, c.r, c.r > 0 ? (size_t)c.r : 0);
}

static bool
output_ready(struct proc *p)
{
	const struct fake_output *o = p->ready_arg;

	return !o->stuck;
}

static void
output_take(struct fake_output *o, const void *p, size_t n)
{
	size_t room = sizeof(o->text) - o->n;

	memcpy(o->text + o->n, p, n < room ? n : room);
	o->n += n < room ? n : room;
	o->took += n;
	o->stuck = o->most > 0 && o->took >= o->most;
}

static long
output_write(const struct file *f, const void *p, size_t n)
{
	struct fake_output *o = &fake.out[f->index];

	if (o->gone)
		return broken();
	if (o->cannot)
		return -EIO;
	if (o->stuck)
		proc_block(output_ready, o, UINT64_MAX);
	output_take(o, p, n);
	return (long)n;
}

/* To a pipe as much as it has room for, without waiting; into something else all of it. */
static long
output_splice(struct fake_output *o, struct pipe *q, size_t n)
{
	if (!o->pipe && !o->spliced)
		return -EINVAL;
	if (o->gone)
		return broken();
	if (o->cannot)
		return -EIO;
	if (o->stuck && o->pipe)
		return -EAGAIN;
	if (o->stuck)
		proc_block(output_ready, o, UINT64_MAX);
	if (q->n == 0)
		return q->writers == 0 ? 0 : -EAGAIN;
	n = n < q->n ? n : q->n;
	if (o->pipe && o->most > 0 && n > o->most - o->took)
		n = o->most - o->took;
	output_take(o, q->room + q->from, n);
	q->from += n;
	q->n -= n;
	return (long)n;
}

long
sys_splice(int from, int to, size_t n)
{
	struct call c = { 0 };
	bool now = call_begin(&c, FAKE_splice, fd_path(to), n);
	const struct file *f = c.live ? fd_file(from, "splice") : NULL;
	const struct file *t = c.live ? fd_file(to, "splice") : NULL;

	if (f != NULL)
		call_pipe(&c, f);
	if (now)
		c.r = f == NULL || t == NULL || f->kind != FILE_PIPE_OUT || t->kind != FILE_OUTPUT
			? -EBADF
			: output_splice(&fake.out[t->index], &kernel.pipe[f->index], n);
	return call_end(&c, c.r, 0);
}

static long
do_write(struct file *f, const void *p, size_t n)
{
	switch (f->kind) {
	case FILE_PIPE_IN:
		return pipe_write(f, p, n);
	case FILE_OUTPUT:
		return output_write(f, p, n);
	case FILE_TEXT:
	case FILE_CONTROL:
		return fs_write(f, p, n);
	case FILE_PIPE_OUT:
	case FILE_PLACE:
	case FILE_TREE:
	case FILE_GROUP:
	case FILE_PROCESS:
	case FILE_SIGNALS:
	case FILE_LISTENER:
	case FILE_INPUT:
		break;
	}
	return -EBADF;
}

static uint64_t
hash(const unsigned char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 1099511628211u;
	return h;
}

long
sys_write(int fd, const void *p, size_t n)
{
	struct call c = { 0 };
	bool now = call_begin(&c, FAKE_write, fd_path(fd), n > 256 ? n : hash(p, n));
	struct file *f = c.live ? fd_file(fd, "write") : NULL;

	if (f != NULL)
		call_pipe(&c, f);
	if (now)
		c.r = f == NULL        ? -EBADF
		    : fake.zero_writes ? 0
				       : do_write(f, p, c.short_ && n > 1 ? n / 2 : n);
	return call_end(&c, c.r, 0);
}

bool
fd_is_pipe(const struct file *f)
{
	return f->kind == FILE_PIPE_IN || f->kind == FILE_PIPE_OUT ||
	       (f->kind == FILE_OUTPUT && fake.out[f->index].pipe);
}

bool
wake_events(const struct file *f, short events, short *revents)
{
	const struct pipe *q =
	    f->kind == FILE_PIPE_IN || f->kind == FILE_PIPE_OUT ? &kernel.pipe[f->index] : NULL;
	int r = 0;

	switch (f->kind) {
	case FILE_PIPE_OUT:
		r = (q->n > 0 ? POLLIN : 0) | (q->writers == 0 ? POLLHUP : 0);
		break;
	case FILE_PIPE_IN:
		r = (PIPE_ROOM - q->n >= PIPE_ATOMIC ? POLLOUT : 0) |
		    (q->readers == 0 ? POLLERR : 0);
		break;
	case FILE_LISTENER:
		r = (ask_some() ? POLLIN : 0) | (ask_over() ? POLLHUP : 0);
		break;
	case FILE_SIGNALS:
		r = (kernel.self->pending & f->signals) != 0 ? POLLIN : 0;
		break;
	case FILE_PROCESS:
		r = f->proc->generation != f->generation || !proc_alive(f->proc) ? POLLIN : 0;
		break;
	case FILE_OUTPUT:
		r = fake.out[f->index].gone  ? POLLERR | POLLOUT
		  : fake.out[f->index].stuck ? 0
					     : POLLOUT;
		break;
	case FILE_TEXT:
	case FILE_CONTROL:
	case FILE_INPUT:
		r = POLLIN | POLLOUT;
		break;
	case FILE_PLACE:
	case FILE_TREE:
	case FILE_GROUP:
		break;
	}
	*revents = (short)(r & (events | POLLERR | POLLHUP));
	return *revents != 0;
}

UNWATCHED_END
