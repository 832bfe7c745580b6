/* What can be seen of a box from outside, by the group that its processes are in. */
#ifndef SBX_WITHIN_H
#define SBX_WITHIN_H

#include "base/base.h"

enum { WITHIN_MOUNTS = 32 };

struct within {
	bool has_network; /* of its own; of all interfaces but the loopback */
	uint64_t rx_bytes, rx_packets, tx_bytes, tx_packets;
	/* file systems that can be written to and are not the host's: those in memory, and
	 * overlays, of which the figures are of what is below their upper layer */
	struct within_mount {
		struct str target, type;
		uint64_t used, size; /* bytes */
	} mount[WITHIN_MOUNTS];
	size_t nmounts;
};

/* Through those of its processes that are first in the list and have a network, and mounts, of
 * their own. What cannot be read is absent. */
void within_look(struct arena *, int group, struct within *);

#endif
