/* Path names as text; nothing here asks the file system. */
#ifndef SBX_PATH_H
#define SBX_PATH_H

#include "base/base.h"

enum path_fault { PATH_OK, PATH_EMPTY, PATH_RELATIVE, PATH_DOTDOT, PATH_NUL, PATH_LONG };

/* Is it absolute, without "..", without NUL, at most LIMIT_PATH bytes? */
enum path_fault path_check(struct str);
/* "a relative path", ... with what would be right; for messages. */
struct str path_fault_text(enum path_fault);
/* "//a/./b/" -> "/a/b"; idempotent; the copy is owned by the arena, p NULL when exhausted. The
 * input passed path_check. */
struct str path_clean(struct arena *, struct str) MUST_CHECK;
/* Clean absolute paths: is path the same as top or below it? */
bool path_below(struct str path, struct str top);
/* Last component of a clean path ("/" for the root), and everything before it ("/" at least). */
struct str path_base(struct str);
struct str path_dir(struct str);

#endif
