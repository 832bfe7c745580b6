/* What a policy may ask of the machine, in words: capabilities and a kernel's version. */
#ifndef SBX_HOST_H
#define SBX_HOST_H

#include "base/err.h"

/* A capability's number by its name, CAP_SYS_ADMIN or sys_admin in either case, or -1. */
int cap_find(struct str name);
/* Names with commas between them, "all" or "none", as a bit set; 0 or -1. */
int caps_read(struct str list, uint64_t *caps, struct err *) MUST_CHECK;
/* 6.12, 6.12.3, 6.12.3-generic as 6012; 0 or -1. */
int kernel_read(struct str version, unsigned *kernel) MUST_CHECK;

#endif
