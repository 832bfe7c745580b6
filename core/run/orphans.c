/* What a box without a PID namespace of its own may leave: processes that became our children when
 * their parents ended, because we are a subreaper. */
#include "run/process.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

enum { PATIENCE_MS = 2000, NAMELESS_MS = 100, READ_MAX = 4096 };

size_t
pids_read(int *pid, size_t max, const char *text, size_t n)
{
	size_t count = 0;
	int at = 0;

	for (size_t i = 0; i < n && count < max; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			/* no pid has ten digits (linux/threads.h: PID_MAX_LIMIT) */
			at = at < 100000000 ? at * 10 + (text[i] - '0') : at;
		} else {
			if (at > 0)
				pid[count++] = at;
			at = 0;
		}
	}
	return count;
}

int
orphans_list(struct orphans *o)
{
	char text[READ_MAX];
	int fd = sys_open("/proc/thread-self/children", O_RDONLY);
	long n;

	o->n = 0;
	o->some = sys_wait(-1, NULL, WNOHANG, NULL) != -ECHILD;
	o->unlisted = fd == -ENOENT;
	if (fd < 0)
		return o->unlisted ? 0 : fd;
	do
		n = sys_read(fd, text, sizeof(text));
	while (n == -EINTR);
	sys_close(fd);
	if (n < 0)
		return (int)n;
	o->n = pids_read(o->pid, ORPHANS_MAX, text, (size_t)n);
	return o->n == ORPHANS_MAX || (size_t)n == sizeof(text) ? -E2BIG : 0;
}

static bool
listed(int pid, const struct orphans *o)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->pid[i] == pid)
			return true;
	return false;
}

/* A list that is too long is as good as any: the rest comes in the next round, and so does one that
 * could not be read now. Without a list there is only what waiting tells. */
static unsigned
kill_listed(const struct orphans *before)
{
	struct orphans now;
	int r = orphans_list(&now);
	unsigned left = 0;

	if (!now.some)
		return 0;
	/* who was not listed then may have been there all the same, and is not ours */
	if (now.unlisted || before->unlisted)
		return !before->some;
	if (r < 0 && r != -E2BIG)
		return 1;
	for (size_t i = 0; i < now.n; i++) {
		if (listed(now.pid[i], before))
			continue;
		left++;
		(void)sys_kill(now.pid[i], SIGKILL);
	}
	return left;
}

unsigned
orphans_end(const struct orphans *before)
{
	/* whom nobody can name nobody can kill: they may end by themselves */
	int patience = before->unlisted ? NAMELESS_MS : PATIENCE_MS;
	unsigned left = 0;

	for (int round = 0; round < patience; round++) {
		while (sys_wait(-1, NULL, WNOHANG, NULL) > 0)
			;
		left = kill_listed(before);
		if (left == 0)
			break;
		(void)sys_poll(NULL, 0, 1);
	}
	return left;
}
