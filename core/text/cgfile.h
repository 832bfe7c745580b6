/* Texts of the cgroup v2 file system, and of what lies beside it in /proc, read from a buffer;
 * what is malformed gives an error, never a wrong answer
 * (Documentation/admin-guide/cgroup-v2.rst, "Interface Files"). */
#ifndef SBX_CGFILE_H
#define SBX_CGFILE_H

#include "base/err.h"

/* "cpu io memory\n": is the word in the list? */
bool cgfile_has(struct str list, struct str word);
/* Takes one word off the front of *rest; p NULL at the end. Spaces and line ends are between. */
struct str cgfile_word(struct str *rest);
/* "67108864\n" or "max\n", which is UINT64_MAX. 0 or -1. */
int cgfile_value(struct str text, uint64_t *) MUST_CHECK;
/* The number behind a key of a flat keyed file ("oom_kill 0\n"): 1 found, 0 not there, -1
 * malformed. */
int cgfile_key(struct str text, struct str key, uint64_t *) MUST_CHECK;
/* Takes one line off the front of a nested keyed file ("8:0 rbytes=1 wbytes=2\n"): 1 with its key
 * and what stands behind it, 0 at the end, -1 malformed. A key with nothing behind it needs no line
 * end, only a space, as Linux 5.15 writes io.stat ("7:1 7:0 rbytes=1\n"). */
int cgfile_line(struct str *rest, struct str *key, struct str *pairs) MUST_CHECK;
/* Takes one pair off the front of that: 1, 0 at the end, -1 malformed. */
int cgfile_pair(struct str *pairs, struct str *key, struct str *value) MUST_CHECK;
/* The value behind a key among them all: 1 found, 0 not there, -1 malformed, or there twice. */
int cgfile_member(struct str pairs, struct str key, struct str *value) MUST_CHECK;
/* "8:16": 0 or -1. */
int cgfile_device(struct str, uint32_t *major, uint32_t *minor) MUST_CHECK;
/* Takes one pid off the front of cgroup.procs: 1, 0 at the end, -1 malformed. 0 stands for a
 * process of another PID namespace. */
int cgfile_pid(struct str *rest, int *pid) MUST_CHECK;

struct pressure {
	uint32_t some_avg10, full_avg10; /* hundredths of a percent */
	uint64_t some_total, full_total; /* microseconds */
};
/* A PSI file (Documentation/accounting/psi.rst); that of cpu may have no line "full". 0 or -1. */
int cgfile_pressure(struct str text, struct pressure *) MUST_CHECK;

/* One line of /proc/cgroups: which hierarchy a controller is bound to; 0 is the v2 one, or none. */
struct cgcontroller {
	struct str name;
	uint64_t hierarchy, groups;
	bool enabled;
};
/* Takes one line off the front: 1, 0 at the end, -1 malformed; the heading is passed over. */
int cgfile_controller(struct str *rest, struct cgcontroller *) MUST_CHECK;

/* One interface of /proc/PID/net/dev. */
struct netdev {
	struct str name;
	uint64_t rx_bytes, rx_packets, tx_bytes, tx_packets;
};
/* The same; both headings are passed over. */
int cgfile_netdev(struct str *rest, struct netdev *) MUST_CHECK;

/* Of /proc/PID/stat, proc_pid_stat(5). The name may hold any byte but NUL, even ")" and line ends;
 * 64 at most. */
struct procstat {
	int pid, parent;
	char state;
	struct str name;
	uint64_t utime, stime; /* ticks */
	uint64_t ended;        /* ticks, of both kinds: of children that it has waited for */
	uint64_t start;        /* ticks since the start of the machine */
	uint64_t rss;          /* pages */
};
int cgfile_procstat(struct str text, struct procstat *) MUST_CHECK;

/* Did the kernel take a value (one line) that was written to a file? What was read back begins, in
 * some line, with the words that were written ("50000" in "50000 100000"; "default" may stand
 * before them) and has their pairs in any order ("8:0 wbps=2 rbps=1" in "8:0 rbps=1 wbps=2
 * riops=max"). A list of numbers may be the same in other words ("0,1,2" and "0-2"), and a line
 * that says "invalid" of what was written ("root invalid (...)") does not count. Of a single number
 * of bytes, which may have a suffix, the kernel keeps whole pages, and "max" of what no machine
 * has: page is that granularity, 0 where it takes numbers as they are. */
bool cgfile_took(struct str wrote, struct str read, uint64_t page);

#endif
