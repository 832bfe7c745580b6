/* A typed box written back as the command line that means the same. */
#ifndef SBX_CHAIN_H
#define SBX_CHAIN_H

#include "spec/box.h"

/* Appends the words: "sbx-ns", its options, "--"; every choice that differs from sbx-ns's own
 * default is spelled out: args_parse of the options and box_finish give an equal box. A box of
 * level none (nothing but session, environment and directory) gives the words of setsid(1) and
 * env(1): "setsid", "--wait", "env", "-i", "--chdir=DIR", NAME=value ..., each where it applies;
 * a rule that takes the caller's value takes it from envp. -1 when the arena is exhausted. */
int box_argv(struct arena *, const struct box *, char *const *envp,
    struct strlist *words) MUST_CHECK;
/* The link before them: "sbx-cg", "run", "--parent=PATH" unless parent is empty, options that give
 * equal limits, "--"; nothing where the box has none. A box of level none leaves its program the
 * privileges, and says so. 0 or -1. */
int box_limits_argv(struct arena *, const struct box *, struct str parent,
    struct strlist *words) MUST_CHECK;
/* The link that follows them: "sbx-seccomp", "-p", NAME or "-f", PATH, "--"; nothing where there is
 * no filter. 0; 1 where the policy is no file's, which no words can name; -1. */
int box_seccomp_argv(struct arena *, const struct box *, struct strlist *words) MUST_CHECK;
/* Same choices, whatever notation and position they came from? (seen, pos, name and
 * what is another link's, seccomp, do not count.) */
bool box_eq(const struct box *, const struct box *);

/* Words on the way; failed once the arena is exhausted. */
struct chain {
	struct arena *arena;
	struct strlist *words;
	bool failed;
};
void chain_word(struct chain *, const char *text, const struct str *arg, size_t n);

/* Appends a word as a POSIX shell would read it back. */
void shell_word(struct buf *, struct str);

#endif
