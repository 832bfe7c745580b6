/* Lint's rules for control groups, for struct group_parts. */
#ifndef SBX_GROUPLINT_H
#define SBX_GROUPLINT_H

#include "plan/lint.h"
#include "spec/field.h"

/* Why the operation is not sound; NULL: it is, as far as groups go. */
const char *group_check(const struct lint *, const struct op *);
/* Was the claim, which is none of a box, made true? */
bool group_claim(const struct lint *, const struct claim *);

#endif
