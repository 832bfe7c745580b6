/* main of a program that is alone in its file; the link says which one it is. */
#include "cli/common.h"
#include "cli/program.h"

extern const struct program program_only;

int main(int argc, char **argv, char **envp);

int
main(int argc, char **argv, char **envp)
{
	if (common_streams(str_of(program_only.name)) < 0)
		return 125;
	return program_only.run(argc, argv, envp);
}
