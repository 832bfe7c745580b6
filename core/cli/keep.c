#include "cli/common.h"

#include "base/num.h"
#include "sys/sys.h"

int
common_keep_fd(const struct strlist *keep, const struct report *r, struct err *e)
{
	for (const struct strnode *n = keep->first; n != NULL; n = n->next) {
		struct stat st;
		uint64_t fd;

		if (num_uint(n->s, &fd) < 0 || sys_stat_fd((int)fd, &st) < 0)
			return err_usage(e, "--keep-fd %: that descriptor is not open", n->s);
		if ((int)fd == r->fd)
			return err_usage(e,
			    "--keep-fd %: that is the report descriptor, which the "
			    "payload never has",
			    n->s);
	}
	return 0;
}
