#include "run/io.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

int
io_read_fd(struct arena *a, int fd, size_t cap, struct str *out)
{
	/* straight into the arena's free end; taken only when the length is known */
	char *p = (char *)a->mem + a->used;
	size_t room = a->cap - a->used, n = 0;

	for (;;) {
		/* one byte more than may be, to see that it is there */
		size_t want = (cap < room ? cap + 1 : room) - n;
		long r;

		if (want == 0)
			return n > cap ? -EFBIG : -ENOMEM;
		r = sys_read(fd, p + n, want);
		if (r == -EINTR)
			continue;
		if (r < 0)
			return (int)r;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	a->used += n;
	*out = (struct str){ p, n };
	return 0;
}

int
io_read(struct arena *a, const char *path, size_t cap, struct str *out)
{
	int fd = sys_open(path, O_RDONLY | O_NOCTTY);
	int r;

	if (fd < 0)
		return fd;
	r = io_read_fd(a, fd, cap, out);
	sys_close(fd);
	return r;
}

int
io_write(int fd, struct str s)
{
	size_t n = 0;

	while (n < s.n) {
		long r = sys_write(fd, s.p + n, s.n - n);

		if (r == -EINTR)
			continue;
		if (r < 0)
			return (int)r;
		if (r == 0)
			return -EIO;
		n += (size_t)r;
	}
	return 0;
}

static int
put(int fd, const char *text)
{
	int r;

	if (fd < 0)
		return fd;
	r = io_write(fd, str_of(text));
	sys_close(fd);
	return r;
}

int
io_put(const char *path, const char *text)
{
	return put(sys_open(path, O_WRONLY | O_NOCTTY), text);
}

int
io_put_at(int dir, const char *name, const char *text)
{
	return put(sys_open_at(dir, name, O_WRONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS),
	    text);
}
