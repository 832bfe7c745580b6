/* FILE on a command line: "-" is standard input, "@N" descriptor N, else a path. */
#ifndef SBX_FILE_H
#define SBX_FILE_H

#include "base/err.h"

/* Reads it whole, at most cap bytes, into the arena. 0, or -1 with the file named in the error. */
int file_read(struct arena *, struct str name, size_t cap, struct str *out,
    struct err *) MUST_CHECK;

#endif
