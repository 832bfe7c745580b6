/* The smallest hook that is one: reads the whole request, allows it. */
#include <unistd.h>

int
main(void)
{
	static const char yes[] = "{\"allow\":true}\n";
	static char buf[4096];
	ssize_t n;

	while ((n = read(0, buf, sizeof buf)) > 0)
		;
	if (n < 0 || write(1, yes, sizeof yes - 1) != (ssize_t)sizeof yes - 1)
		return 1;
	return 0;
}
