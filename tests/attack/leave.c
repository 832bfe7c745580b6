/* leave PROG [ARG...]: after pivot_root(".", "old"): goes into the new root, unmounts the old one
 * and executes, where no program of the host is left to do it. */
#include "attack.h"

#include <sys/mount.h>

int
main(int argc, char **argv)
{
	if (argc < 2 || chroot(".") < 0 || chdir("/") < 0 || umount2("/old", MNT_DETACH) < 0)
		return trouble("leave");
	execv(argv[1], argv + 1);
	return trouble(argv[1]);
}
