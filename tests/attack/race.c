/* Swaps two names until it is killed: race A B. Says "swapping" when it begins. */
#include "attack.h"

#include <sys/syscall.h>

enum { EXCHANGE = 2 };

int
main(int argc, char **argv)
{
	if (argc != 3)
		return TROUBLE;
	if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], EXCHANGE) < 0)
		return trouble("renameat2");
	printf("swapping\n");
	fflush(stdout);
	for (;;)
		(void)syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], EXCHANGE);
}
