/* The figures of a group, read from its files. */
#include "run/group.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>

enum { NAME_ROOM = 32, TEXT_ROOM = 16384 };

/* All of a file; -E2BIG when there is more than fits, and what is cut off would be a lie. */
static long
read_all(int group, const char *name, char *text, size_t room)
{
	int fd = sys_open_at(group, name, O_RDONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	size_t at = 0;
	long n = fd;

	while (fd >= 0 && at < room) {
		n = sys_read(fd, text + at, room - at);
		if (n == 0 || (n < 0 && n != -EINTR))
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		sys_close(fd);
	return n < 0 ? n : at == room ? -E2BIG : (long)at;
}

void
group_usage(int group, uint32_t wanted, struct cgusage *u)
{
	/* one reader at a time */
	static char text[TEXT_ROOM];

	*u = (struct cgusage){ 0 };
	for (unsigned i = 0; i < CG_SOURCES; i++) {
		char name[NAME_ROOM];
		struct buf b = BUF(name);
		long n;

		if ((wanted >> i & 1) == 0)
			continue;
		buf_put(&b, cgusage_file((enum cgsource)i));
		buf_char(&b, '\0');
		n = read_all(group, name, text, sizeof(text));
		/* what makes no sense counts for nothing: have tells what does */
		if (n >= 0)
			(void)!cgusage_take(u, (enum cgsource)i, (struct str){ text, (size_t)n });
	}
}
