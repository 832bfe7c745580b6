/* What sbx-cg watch draws, and what it shares with events. */
#ifndef SBX_CG_WATCH_H
#define SBX_CG_WATCH_H

#include "sbx-cg.h"

#include "run/sample.h"

struct cg_table {
	bool ascii, colour;
	bool moves; /* the terminal does what it is told: drawn over and over in one place */
	unsigned rows, columns; /* cells; asked before each drawing */
	unsigned drawn, wide;   /* lines of the table that is there, and cells of its longest */
};

/* From the environment and the terminal, which is standard output. */
void cg_table_init(struct cg_table *, char *const *envp);
/* Draws it in the place of the last one, below the lines of note. Orders the groups. */
void cg_table_put(struct buf *, struct cg_table *, struct sampler *, struct str note);
/* What was drawn stays, and what is printed next stands below it. */
void cg_table_end(struct buf *, const struct cg_table *);

/* INT, TERM, HUP and WINCH, which do not end us any more: a descriptor that they are read from, or
 * -1. */
int cg_signals(struct cg_call *);
/* What can be read there is one that is to end us. */
bool cg_ended(int signals);

#endif
