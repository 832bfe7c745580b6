/* The readers of a box's own kinds of values; rows of box_table point to them. */
#ifndef SBX_BOXREAD_H
#define SBX_BOXREAD_H

#include "spec/box.h"

field_reader box_read_space, box_read_ro, box_read_rw, box_read_bind, box_read_tmp,
    box_read_hostname, box_read_env;

/* Which policy the value of the key seccomp means, if it was given: 0 or -1. For programs that read
 * documents. */
int box_read_seccomp(struct field_ctx *, struct box *) MUST_CHECK;

/* One NAME or NAME=value appended to a list of rules; a repeated name is an error. 0 or -1. */
int env_read(struct field_ctx *, const struct field *, struct env_rule **first,
    struct env_rule ***last, struct str) MUST_CHECK;

#endif
