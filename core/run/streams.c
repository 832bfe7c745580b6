/* The descriptors between the monitor and the box: made, fed, drained, closed. */
#include <errno.h>
#include <fcntl.h>

#include "run/process.h"
#include "sys/sys.h"

/* A pipe that can be written to takes as much without waiting: PIPE_BUF. */
enum { PIPE_ROOM = 4096 };

bool
stream_feed(int fd, struct str in, size_t *fed)
{
	long n = in.n == *fed ? 0 : sys_write(fd, in.p + *fed, in.n - *fed);

	if (n == -EAGAIN || n == -EINTR)
		return false;
	*fed += n > 0 ? (size_t)n : 0;
	/* a payload that closes its input early has read what it wanted */
	return n <= 0 || *fed == in.n;
}

bool
stream_drain(int fd, struct drain *d)
{
	char spill[4096];
	size_t room = d->cap - d->n;
	char *to = room > 0 ? d->mem + d->n : spill;
	long n = sys_read(fd, to, room > 0 ? room : sizeof(spill));

	if (n == -EAGAIN || n == -EINTR)
		return false;
	if (n <= 0)
		return true;
	if (room == 0) {
		d->over = true;
		return false;
	}
	d->n += (size_t)n;
	return false;
}

bool
stream_waits(const struct drain *d)
{
	return d->forward >= 0 && d->forwarded < d->n;
}

void
stream_pass(struct drain *d)
{
	size_t n = d->n - d->forwarded;
	long r = sys_write(d->forward, d->mem + d->forwarded, n < PIPE_ROOM ? n : PIPE_ROOM);

	if (r >= 0)
		d->forwarded += (size_t)r;
	else if (r != -EAGAIN && r != -EINTR)
		d->forward = -1;
}

int
process_pipes(struct process *p)
{
	int r = sys_pipe(p->status);

	if (r == 0)
		r = sys_pipe(p->life);
	for (size_t i = 0; r == 0 && p->streams && i < 3; i++) {
		int fd[2];

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
	*p = (struct process){ .plan = plan, .pidfd = -1, .leaf_parent = -1 };
	for (size_t i = 0; i < LIMIT_SLOTS; i++)
		p->slot[i] = -1;
	for (size_t i = 0; i < 2; i++) {
		p->status[i] = p->life[i] = -1;
		p->stream[0][i] = p->stream[1][i] = p->stream[2][i] = -1;
	}
	for (size_t i = 0; i < plan->n; i++) {
		p->streams = p->streams || plan->op[i].kind == OP_STREAM;
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
}
