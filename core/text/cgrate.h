/* What a group does in a second, from its figures at two moments. */
#ifndef SBX_CGRATE_H
#define SBX_CGRATE_H

#include "text/cgusage.h"

enum cgstall { STALL_CPU, STALL_MEMORY, STALL_IO, CGSTALLS };

/* Begins all zero. Which figures there are is told by bits over enum cgsource: of levels in levels,
 * of rates in rates. */
struct cgrate {
	uint32_t levels, rates;
	uint64_t memory, memory_max; /* bytes */
	uint64_t pids, pids_max;
	uint64_t cpu;                        /* microseconds in a second: a million is one core */
	uint64_t rbytes, wbytes, rios, wios; /* in a second, of all devices together */
	uint64_t some[CGSTALLS], full[CGSTALLS]; /* microseconds in a second */
	/* its own: the counters at the moment before */
	struct {
		uint32_t have;
		uint64_t at, cpu, rbytes, wbytes, rios, wios, some[CGSTALLS], full[CGSTALLS];
	} last;
};

/* So many in us microseconds: in a second, rounded down, UINT64_MAX at most. */
uint64_t cgrate_second(uint64_t count, uint64_t us);
/* The figures at a moment, in microseconds; rates from the second time on that a figure is there.
 * Where a counter went back there is none. */
void cgrate_next(struct cgrate *, const struct cgusage *, uint64_t at);
/* As members of an object that is open: those figures that there are, in the shape of
 * cgusage_json(). */
void cgrate_json(struct jsonw *, const struct cgrate *);

#endif
