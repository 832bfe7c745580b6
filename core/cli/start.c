/* main of a program that is alone in its file; the link says which one it is. */
#include "cli/common.h"
#include "cli/program.h"
#include "sys/sys.h"

extern const struct program program_only;

int main(int argc, char **argv, char **envp);

int
main(int argc, char **argv, char **envp)
{
	if (common_streams(str_of(program_only.name)) < 0)
		return 125;
	/* the library's own exit tries for ever where a filter forbids it */
	sys_exit(program_only.run(argc, argv, envp));
}
