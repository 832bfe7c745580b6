/* How the planners write a plan: each adds operations and claims; the first fault is kept and the
 * rest is skipped. */
#ifndef SBX_BUILD_H
#define SBX_BUILD_H

#include "plan/plan.h"

struct build {
	struct plan *plan;
	struct arena *arena;
	const struct box *box;
	const struct facts *facts;
	struct err *err;
	enum plan_stage stage;
	struct pos pos;
	uint64_t slots;    /* bit set of those that were filled */
	uint64_t released; /* of those that nothing needs any more */
	uint8_t root;      /* slot of the new root */
	uint8_t run;       /* slot of the own /run, writable until the view is complete */
	uint8_t dev;       /* the same of /dev */
	bool failed;
};

/* Appends an operation; NULL once something failed. */
struct op *build_op(struct build *, enum op_kind);
/* The same with its text copied and NUL-terminated. */
struct op *build_text(struct build *, enum op_kind, struct str);
/* The same on a slot. */
struct op *build_op_on(struct build *, enum op_kind, uint8_t slot);
/* A slot to fill: a fresh one while there are any; then one that was released, closed first. What
 * is still open in the end is close-on-exec, and init closes everything. */
uint8_t build_slot(struct build *);
void build_release(struct build *, uint8_t slot);
void build_refuse(struct build *, struct pos, const struct str *part, size_t n);
char *build_cstr(struct build *, struct str);
/* The parts joined and NUL-terminated. */
char *build_join(struct build *, const struct str *part, size_t n);
struct claim *build_claim(struct build *, struct str name, bool needed, struct str mechanism,
    struct str detail);

void build_namespaces(struct build *);                   /* spaces.c: joins, clone, id maps */
void build_view(struct build *);                         /* view.c: the file-system view */
void build_privilege(struct build *);                    /* privilege.c */
void build_exec(struct build *, const struct payload *); /* exec.c */

#endif
