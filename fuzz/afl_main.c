/* The targets under AFL++, many inputs a process. */
#include <unistd.h>

#include "must.h"

__AFL_FUZZ_INIT();

int
main(void)
{
	unsigned char *data;

	__AFL_INIT();
	data = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(100000))
		LLVMFuzzerTestOneInput(data, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	return 0;
}
