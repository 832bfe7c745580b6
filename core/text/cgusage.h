/* The figures of one control group, gathered from the texts of its files. */
#ifndef SBX_CGUSAGE_H
#define SBX_CGUSAGE_H

#include "base/buf.h"
#include "text/cgfile.h"
#include "text/json.h"

enum { CGUSAGE_DEVICES = 16 };

/* Files that tell something, in the order of cgusage_file(). */
enum cgsource {
	CG_CPU_STAT,
	CG_MEMORY_CURRENT,
	CG_MEMORY_PEAK, /* since Linux 5.19 */
	CG_MEMORY_MAX,
	CG_MEMORY_EVENTS,
	CG_MEMORY_EVENTS_LOCAL,
	CG_SWAP_CURRENT,
	CG_SWAP_PEAK, /* 6.5 */
	CG_PIDS_CURRENT,
	CG_PIDS_PEAK, /* 6.1 */
	CG_PIDS_MAX,
	CG_PIDS_EVENTS,
	CG_IO_STAT,
	CG_CPU_PRESSURE,
	CG_MEMORY_PRESSURE,
	CG_IO_PRESSURE,
	CG_EVENTS, /* cgroup.events */
	CG_SOURCES
};

struct cgio {
	uint32_t major, minor;
	uint64_t rbytes, wbytes, rios, wios;
};

struct cgusage {
	uint32_t have; /* bit set over enum cgsource: that file was there, and made sense */
	uint64_t cpu_us, user_us, system_us, periods, throttled, throttled_us;
	uint64_t memory, memory_peak, memory_max;               /* bytes; UINT64_MAX: no limit */
	uint64_t low, high, max, oom, oom_kill, oom_group_kill; /* memory.events */
	uint64_t local_oom, local_oom_kill; /* memory.events.local: of this group's own limit */
	uint64_t swap, swap_peak;
	uint64_t pids, pids_peak, pids_max, pids_hit; /* pids_hit: forks that failed */
	struct cgio io; /* of all devices together; major and minor 0 */
	struct cgio device[CGUSAGE_DEVICES];
	size_t ndevices;
	struct pressure cpu_pressure, memory_pressure, io_pressure;
	bool populated, frozen;
};

/* "memory.current": the name of a source's file. */
struct str cgusage_file(enum cgsource);
/* Takes what the text of that file tells. 0, or -1 when it is malformed: then nothing of it counts,
 * and what there was stays. */
int cgusage_take(struct cgusage *, enum cgsource, struct str text) MUST_CHECK;
/* As members of an object that is open: those figures that there are. */
void cgusage_json(struct jsonw *, const struct cgusage *);

#endif
