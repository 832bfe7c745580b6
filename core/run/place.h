/* Where our own control group is seen. */
#ifndef SBX_RUN_PLACE_H
#define SBX_RUN_PLACE_H

#include "base/base.h"

/* A directory of the v2 hierarchy, and the mount that it is seen through; p NULL: there is none. */
struct place {
	struct str path, mount;
	bool readonly;
};

/* mounts is /proc/self/mountinfo, own what cgroup_own() says. The mount that shows it and can be
 * written to, else one that cannot. What others are mounted over is passed over. 0, or -1 when
 * the arena is exhausted. */
int place_own(struct arena *, struct str mounts, struct str own, struct place *) MUST_CHECK;

/* machine.c: what does not go by groups. 0 or -1. */
struct cgfacts;
struct err;
int place_machine(struct arena *, struct str mounts, struct cgfacts *, struct err *) MUST_CHECK;

/* device.c: numbers of the devices that limits name by a path. */
struct limits;
int place_devices(struct arena *, struct limits *, struct err *) MUST_CHECK;

#endif
