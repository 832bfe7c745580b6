/* Calls by their names, where one is meant when this is compiled: NR_execve is its place in the
 * table, as call_find() gives it. */
#ifndef SBX_CALLENUM_H
#define SBX_CALLENUM_H

#define CALL(name, ...) NR_##name,
enum {
#include "spec/callrows.h"
	NR_CALLS
};
#undef CALL

#endif
