/* Profiles of the engines, as policies and as what libseccomp makes of the same rules. */
#ifndef SECCOMP_PROFILE_H
#define SECCOMP_PROFILE_H

#include "judge.h"
#include "plan/filter.h"

#ifdef __aarch64__
enum { ARCHS_ONE = 1 << ARCH_AARCH64, ARCHS_THREE = ARCHS_ONE | 1 << ARCH_ARM };
#else
enum { ARCHS_ONE = 1 << ARCH_X86_64, ARCHS_THREE = ARCHS_ONE | 1 << ARCH_I386 | 1 << ARCH_X32 };
#endif

/* The i-th name of the command line; if there is none there, of our own profiles; NULL behind. */
const char *profile_asked(int argc, char **argv, size_t i);
/* The text of one of our own profiles, if it has that name; else the file's bytes, for as long as
 * the program lives; or it ends with 2. */
struct str profile_source(const char *name);
/* Everything of ours belongs to it; each call takes it back first. */
extern struct arena profile_arena;
/* With the capabilities that docker gives. Says why and gives NULL when it is refused. */
struct policy *profile_read(const char *name, struct str text);
/* In the same arena, for these architectures; level as in filter_options. proved: with the proof.
 * 0, or says why. */
int profile_compile(const struct policy *, uint32_t archs, unsigned level, bool proved,
    struct bpf *);

#endif
