#include "cli/file.h"

#include <fcntl.h>

#include "base/num.h"
#include "run/io.h"
#include "sys/sys.h"

static int
open_file(struct arena *a, struct str name, struct err *e)
{
	uint64_t fd;
	char *path;
	int r;

	if (str_eq(name, S("-")))
		return 0;
	if (name.p[0] == '@') {
		if (num_uint(str_slice(name, 1, name.n), &fd) < 0 || fd > 1023)
			return err_usage(e, "\"%\": @N with a descriptor's number is due", name);
		return (int)fd;
	}
	path = arena_cstr(a, name);
	if (path == NULL)
		return err_memory(e);
	r = sys_open(path, O_RDONLY | O_NOCTTY);
	return r < 0 ? err_system(e, -r, "cannot open it") : r;
}

int
file_read(struct arena *a, struct str name, size_t cap, struct str *out, struct err *e)
{
	int fd, r;

	e->file = name;
	fd = open_file(a, name, e);
	if (fd < 0)
		return -1;
	r = io_read_fd(a, fd, cap, out);
	/* what the caller opened may be for more than this */
	if (fd > 2 && name.p[0] != '@')
		sys_close(fd);
	if (r < 0)
		return err_system(e, -r, "cannot read it");
	e->file = S("");
	return 0;
}
