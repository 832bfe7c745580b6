/* The descriptors between the monitor and the box: made, fed, drained, closed. */
#include <errno.h>
#include <fcntl.h>

#include "run/process.h"
#include "sys/sys.h"

/* PIPE_BUF: where poll says that a pipe can be written to, so much does not wait (pipe(7)). */
enum { PIECE = 4096 };

int
stream_feed(int fd, struct str in, size_t *fed)
{
	long n = in.n == *fed ? 0 : sys_write(fd, in.p + *fed, in.n - *fed);

	if (n == -EAGAIN || n == -EINTR)
		return 0;
	/* a payload that closes its input early has read what it wanted */
	if (n == -EPIPE)
		return 1;
	if (n < 0)
		return (int)n;
	*fed += (size_t)n;
	return *fed == in.n;
}

int
stream_drain(int fd, struct drain *d)
{
	char spill[4096];
	size_t room = d->cap - d->n;
	char *to = room > 0 ? d->mem + d->n : spill;
	long n;

	do
		n = sys_read(fd, to, room > 0 ? room : sizeof(spill));
	while (n == -EINTR);
	if (n <= 0)
		return n == 0 ? 1 : n == -EAGAIN ? 0 : (int)n;
	if (room == 0) {
		d->over = true;
		d->dropped += (uint64_t)n;
	} else {
		d->n += (size_t)n;
	}
	return 0;
}

void
stream_end(struct drain *d)
{
	if (d->opened)
		sys_close(d->forward);
	d->forward = -1;
	d->opened = false;
}

void
stream_forward(struct drain *d)
{
	size_t left = d->n - d->forwarded;
	long n;

	if (d->forward < 0 || left == 0)
		return;
	n = sys_write(d->forward, d->mem + d->forwarded, left < PIECE ? left : PIECE);
	if (n > 0)
		d->forwarded += (size_t)n;
	else if (n != -EAGAIN && n != -EINTR)
		stream_end(d);
	if (d->through == NULL)
		return;
	d->passed += n > 0 ? (uint64_t)n : 0;
	if (d->forwarded == d->n)
		d->forwarded = d->n = 0;
}

int
process_pipes(struct process *p)
{
	int r = sys_pipe(p->status);

	if (r == 0)
		r = sys_pipe(p->life);
	for (size_t i = 0; r == 0 && i < 3; i++) {
		int fd[2];

		if ((p->streams >> i & 1) == 0)
			continue;
		r = sys_pipe(fd);
		if (r < 0)
			break;
		p->stream[i][0] = fd[i == 0 ? 0 : 1];
		p->stream[i][1] = fd[i == 0 ? 1 : 0];
		r = sys_nonblock(p->stream[i][1]);
	}
	return r < 0 ? r : sys_nonblock(p->status[0]);
}

void
process_prepare(struct process *p, const struct plan *plan)
{
	*p = (struct process){ .plan = plan,
		.pidfd = -1,
		.guard_fd = -1,
		.guard_pipe = -1,
		.leaf_parent = -1,
		.self = -1,
		.group = -1 };
	for (size_t i = 0; i < LIMIT_SLOTS; i++)
		p->slot[i] = -1;
	for (size_t i = 0; i < 2; i++) {
		p->status[i] = p->life[i] = -1;
		p->stream[0][i] = p->stream[1][i] = p->stream[2][i] = -1;
	}
	for (size_t i = 0; i < plan->n; i++) {
		if (plan->op[i].kind == OP_STREAM)
			p->streams |= (uint8_t)(1u << (plan->op[i].num & 7));
		p->filtered = p->filtered || plan->op[i].kind == OP_SECCOMP;
		p->apart = p->apart || plan->op[i].kind == OP_SETSID;
	}
}

void
process_close(int *fd)
{
	if (*fd >= 0)
		sys_close(*fd);
	*fd = -1;
}

void
process_close_all(struct process *p)
{
	for (size_t i = 0; i < 2; i++) {
		process_close(&p->status[i]);
		process_close(&p->life[i]);
		for (size_t k = 0; k < 3; k++)
			process_close(&p->stream[k][i]);
	}
	for (size_t i = 0; i < LIMIT_SLOTS; i++)
		process_close(&p->slot[i]);
	process_close(&p->leaf_parent);
	process_close(&p->guard_fd);
}
