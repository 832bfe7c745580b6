/* What a program file offers: a name and a main of its own. */
#ifndef SBX_PROGRAM_H
#define SBX_PROGRAM_H

#define SBX_VERSION "0.1.0"

struct program {
	const char *name;
	/* As main; the result is the exit status. */
	int (*run)(int argc, char **argv, char **envp);
};

#endif
