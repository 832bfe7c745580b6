/* How the planners write a plan: each adds operations and claims; the first fault is kept and the
 * rest is skipped. Nothing here returns NULL: after a fault what is written goes nowhere. */
#ifndef SBX_BUILD_H
#define SBX_BUILD_H

#include "plan/group.h"

/* Clones of "/" that a box may take, each holding a slot until its turn comes; and file systems in
 * memory that mount points are made in, each holding one to the end. */
enum { EARLY_MAX = 16, AREA_MAX = 32 };

struct build {
	struct plan *plan;
	struct arena *arena;
	const struct box *box;
	const struct facts *facts;
	struct err *err;
	enum plan_stage stage;
	struct pos pos;
	uint64_t slots;            /* bit set of those that were filled */
	uint64_t released;         /* of those that nothing needs any more */
	uint8_t root;              /* slot of the new root */
	uint8_t run;               /* slot of the own /run, writable until the view is complete */
	uint8_t dev;               /* the same of /dev */
	const struct group *group; /* ready-made; NULL: none */
	uint8_t leaf;              /* slot of the group that the box begins in */
	bool dev_open;             /* which is closed already unless something will be made in it */
	struct {
		size_t index; /* of the action that made it */
		uint8_t slot;
	} area[AREA_MAX];
	size_t nareas;
	bool failed;
	struct op no_op; /* where operations and claims go after a fault */
	struct claim no_claim;
};

/* Appends an operation. */
struct op *build_op(struct build *, enum op_kind);
/* The same with its text copied and NUL-terminated. */
struct op *build_text(struct build *, enum op_kind, struct str);
/* The same on a slot. */
struct op *build_op_on(struct build *, enum op_kind, uint8_t slot);
/* A slot to fill: a fresh one while there are any; then one that was released, closed first. What
 * is still open in the end is close-on-exec, and init closes everything. */
uint8_t build_slot(struct build *);
void build_release(struct build *, uint8_t slot);
void build_refuse(struct build *, struct pos pos, const char *text, const struct str *arg,
    size_t n);
void build_memory(struct build *);
char *build_cstr(struct build *, struct str);
/* The parts joined and NUL-terminated. */
char *build_join(struct build *, const char *text, const struct str *arg, size_t n);
struct claim *build_claim(struct build *, const char *name, bool needed, const char *mechanism,
    struct str detail);
bool build_anew(const struct build *, enum ns_kind);

/* mounts.c: what the file-system view is made of */
/* A clone of all that is mounted at path. */
uint8_t build_tree(struct build *, struct str path);
void build_attr(struct build *, uint8_t slot, uint64_t set, bool recursive);
/* A place in the box, resolved without leaving it; flags FLAG_DIRECTORY, FLAG_MAY. */
uint8_t build_target(struct build *, struct str path, unsigned flags);
void build_enter(struct build *, uint8_t slot);
/* A new file system on name in the directory of the slot, which was entered. */
void build_mount(struct build *, uint8_t slot, const char *name, const char *type, unsigned flags,
    const char *data);
/* The same over a directory of the box; may: FLAG_MAY or 0. */
void build_mount_on(struct build *, struct str path, unsigned may, const char *type, unsigned flags,
    const char *data);
/* An empty read-only file system over path in the box, where it exists; flags FLAG_NO_LINK. */
void build_hide(struct build *, struct str path, unsigned flags);
/* The same over a path of the host. Before anything is cloned: by whatever road the box then comes
 * to see it, it is empty. */
void build_cover(struct build *, struct str path);
/* Where the host has its sockets, below dest (not "/") if it came along from src. */
void build_hide_sockets(struct build *, struct str src, struct str dest);
/* Does the path lie in a proc file system of the host? */
bool build_in_proc(const struct build *, struct str path);
/* Does it lie where the host has its sockets? */
bool build_in_run(struct str path);
/* Keeps the file system that was just mounted at dest by action index, for mount points in it. */
void build_area(struct build *, size_t index, struct str dest);
/* Attaches a slot's mount at dest, making a mount point for it where the place is ours: in /run,
 * /dev, and tmpfs that one of the actions before index made. */
void build_attach(struct build *, size_t index, uint8_t slot, struct str dest);
/* The mount point alone, for what is not attached by a slot. */
void build_point(struct build *, size_t index, struct str dest, uint8_t like);

#define ATTR_PLAIN (K_MOUNT_ATTR_NOSUID | K_MOUNT_ATTR_NODEV)
#define MOUNT_PLAIN (K_MS_NOSUID | K_MS_NODEV)
#define MOUNT_HIDDEN (K_MS_RDONLY | K_MS_NOSUID | K_MS_NODEV | K_MS_NOEXEC)

void build_namespaces(struct build *); /* spaces.c: joins, clone, id maps */
/* leaf.c: the group that the box begins in -> b->leaf */
void build_leaf(struct build *);
void build_view(struct build *); /* view.c: the file-system view */
void build_dev(struct build *);  /* devices.c */
/* actions.c: refuses what would not come out as it was asked for; which of the actions, by index,
 * need mount points made in them. */
bool *build_judge(struct build *);
/* Clones of "/", which have to be taken before the new root lies over it. */
void build_early(struct build *, uint8_t slot[EARLY_MAX]);
void build_actions(struct build *, const uint8_t *early, const bool *points);
void build_privilege(struct build *); /* privilege.c */
/* exec.c: is the payload to have a filter? There is one to be had, and it was not denied. */
bool build_filtered(const struct build *);
void build_exec(struct build *, const struct payload *); /* exec.c */

#endif
