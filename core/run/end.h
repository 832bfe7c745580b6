/* Directories of the cgroup file system, for those that walk through them. */
#ifndef SBX_RUN_END_H
#define SBX_RUN_END_H

#include "base/base.h"

/* A group in dir, to look into; no link is followed, no mount crossed. Its descriptor or -errno. */
int group_open(int dir, const char *name);

/* The groups in a directory, by a descriptor that was not read from yet. */
struct group_list {
	int fd;
	size_t at, n;
	_Alignas(8) unsigned char room[1024];
};
/* The next one's name, which stays until the next call: 1, 0 at the end, or -errno. */
int group_next(struct group_list *, const char **name) MUST_CHECK;

#endif
