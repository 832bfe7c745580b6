/* Texts of the kernel's proc file system, read from a buffer; hostile or cut text gives an
 * error, never a wrong answer. */
#ifndef SBX_PROCFS_H
#define SBX_PROCFS_H

#include "base/err.h"

struct mountinfo {
	uint64_t id, parent;
	uint32_t major, minor;
	struct str root, target; /* still with \040 escapes */
	struct str options, fstype, source, super;
};

/* Takes one line off the front of *rest: 1 filled, 0 at the end, -1 malformed (or without line
 * end). */
int mountinfo_next(struct str *rest, struct mountinfo *) MUST_CHECK;
/* Is the comma-separated option in the list? */
bool mountinfo_option(struct str options, struct str name);
/* The mount, or its file system, cannot be written to. */
bool mountinfo_readonly(const struct mountinfo *);
/* \040 and friends undone, other bytes kept; owned by the arena; p NULL when exhausted. */
struct str mountinfo_unescape(struct arena *, struct str) MUST_CHECK;

/* A line of /proc/PID/cgroup: of a v1 hierarchy ("4:cpu,cpuacct:/a", "9:name=systemd:/") or of v2
 * ("0::/a"). mountinfo_option() looks for a controller in such a list. */
struct cgroup_line {
	uint64_t hierarchy;
	struct str controllers, path; /* the path as written, see below */
};
/* Takes one line off the front: 1, 0 at the end, -1 malformed (or without line end). */
int cgroup_next(struct str *rest, struct cgroup_line *) MUST_CHECK;
/* The path of the "0::" line of /proc/PID/cgroup, which needs its line end; p NULL when there is
 * none (no v2 hierarchy), or what stands before it is malformed. As written: may begin with "/.."
 * or end in " (deleted)". */
struct str cgroup_own(struct str text);

/* Takes one line off the front of a uid_map or gid_map: 1 with inside, outside, count; 0 at the
 * end, -1 malformed (or without line end). */
int idmap_next(struct str *rest, uint32_t out[3]) MUST_CHECK;

#endif
