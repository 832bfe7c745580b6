/* What an error told, compared field by field; and short ways to the readers of core/spec. */
#ifndef UNIT_TOLD_H
#define UNIT_TOLD_H

#include "check.h"
#include "spec/field.h"

static inline void
check_told_at(int at, const char *file, size_t row, const struct err *e, enum fault fault,
    struct pos pos, const char *path, const char *msg)
{
	check_num_at(at, file, row, e->fault, fault);
	check_num_at(at, file, row, (unsigned)e->sysno, 0);
	check_num_at(at, file, row, e->pos.line, pos.line);
	check_num_at(at, file, row, e->pos.col, pos.col);
	check_text_at(at, file, row, (struct str){ e->path, e->npath }, str_of(path));
	check_text_at(at, file, row, (struct str){ e->msg, e->nmsg }, str_of(msg));
}

#define CHECK_TOLD(row, e, fault, line, col, path, msg) \
	check_told_at(__LINE__, __FILE__, (row), (e), (fault), ((struct pos){ (line), (col) }), \
	    (path), (msg))

/* What every caller sees when the arena is exhausted. */
#define CHECK_EXHAUSTED(row, e) \
	do { \
		CHECK_NUM(row, (e)->fault, FAULT_LIMIT); \
		CHECK_TEXT(row, ((struct str){ (e)->msg, (e)->nmsg }), \
		    "out of memory: the arena is exhausted"); \
	} while (0)

#endif
