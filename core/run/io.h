/* Whole files and whole writes. */
#ifndef SBX_IO_H
#define SBX_IO_H

#include "base/err.h"

/* Reads fd to its end, at most cap bytes, into the arena. 0, -errno, or -EFBIG when there is more.
 */
int io_read_fd(struct arena *, int fd, size_t cap, struct str *out) MUST_CHECK;
/* The same for a path. */
int io_read(struct arena *, const char *path, size_t cap, struct str *out) MUST_CHECK;
/* Writes all of it, again after interruptions. 0 or -errno. */
int io_write(int fd, struct str) MUST_CHECK;
/* Opens path, writes text in one call, closes. 0 or -errno. */
int io_put(const char *path, const char *text) MUST_CHECK;
/* A file of ours under a directory descriptor, the same way; no symlink is followed. */
int io_put_at(int dir, const char *name, const char *text) MUST_CHECK;

#endif
