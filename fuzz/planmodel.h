/* A second opinion on the view that a plan makes: its operations are carried out on a list of
 * mounts, by name alone, as if every path existed and none were a link. */
#ifndef FUZZ_PLANMODEL_H
#define FUZZ_PLANMODEL_H

#include "base/limits.h"
#include "base/path.h"
#include "must.h"
#include "plan/plan.h"
#include "sys/uapi.h"

enum { MODEL_MOUNTS = 256, MODEL_LINKS = 16, MODEL_COVERS = 16 };

struct model_mount {
	struct str at, src; /* src empty: of the box's own making */
	bool readonly;
	bool file; /* nothing can be made below it */
};

struct model {
	struct arena *arena;
	const struct facts *facts;
	struct model_mount mount[MODEL_MOUNTS];
	size_t n;
	struct {
		struct str path;
		size_t mount;
	} link[MODEL_LINKS]; /* of the box's making */
	/* paths of the host: covered before all, and when all was done */
	struct str cover[MODEL_COVERS];
	size_t nlinks, ncovers, nlate;
	struct {
		struct str path;         /* in the box; of a clone: its source */
		const struct op *filled; /* by what */
		size_t mount;            /* that it lies in; n for none */
		bool readonly;
	} slot[LIMIT_SLOTS];
	uint8_t cwd;
};

static inline struct str
model_join(struct model *m, struct str dir, struct str name)
{
	struct str whole = arena_join(m->arena,
	    TEXT("%%%", dir.n == 1 ? S("") : dir, name.n == 0 ? S("") : S("/"), name));

	MUST(whole.p != NULL);
	return whole.n == 0 ? S("/") : whole;
}

/* The mount that is seen at a path: the last one on it or above it. */
static inline size_t
model_seen(const struct model *m, struct str path)
{
	size_t i = m->n;

	while (i > 0 && !path_below(path, m->mount[i - 1].at))
		i--;
	return i > 0 ? i - 1 : m->n;
}

static inline void
model_attach(struct model *m, struct str at, struct str src, bool readonly, bool file)
{
	MUST(m->n < MODEL_MOUNTS);
	m->mount[m->n++] = (struct model_mount){ at, src, readonly, .file = file };
}

/* Something is made here: only ever in what is the box's own, and not through a link. */
static inline void
model_make(struct model *m, const struct op *o)
{
	struct str path = model_join(m, m->slot[o->b].path, str_of(o->text));
	size_t in = model_seen(m, path_dir(path));

	MUST(m->slot[o->b].mount < m->n && m->mount[m->slot[o->b].mount].src.n == 0);
	MUST(in < m->n && (m->mount[in].src.n == 0 || m->mount[in].file));
	for (size_t i = 0; i < m->nlinks; i++)
		MUST(str_eq(path, m->link[i].path) || !path_below(path, m->link[i].path) ||
		     m->link[i].mount != in);
}

static inline void
model_attr(struct model *m, const struct op *o, bool set)
{
	struct str at = m->slot[o->a].path;
	size_t in = m->slot[o->a].mount;

	if ((o->num & K_MOUNT_ATTR_RDONLY) == 0)
		return;
	m->slot[o->a].readonly = set;
	for (size_t i = in; i < m->n; i++)
		if (i == in || ((o->flags & FLAG_RECURSIVE) != 0 && path_below(m->mount[i].at, at)))
			m->mount[i].readonly = set;
}

static inline void
model_fill(struct model *m, const struct op *o, struct str path, size_t mount)
{
	m->slot[o->a].path = path;
	m->slot[o->a].filled = o;
	m->slot[o->a].mount = mount;
	m->slot[o->a].readonly = false;
}

static inline void
model_mount(struct model *m, const struct op *o)
{
	struct str at = m->slot[o->a].path;

	MUST(m->cwd == o->a);
	if (m->slot[o->a].filled->kind == OP_OPEN) {
		MUST(m->ncovers + m->nlate < MODEL_COVERS);
		/* with a root in its place it is the old one that is covered, and only where that
		 * stays */
		MUST(m->n == 0 || m->facts->root_initramfs);
		m->cover[m->ncovers + m->nlate] = at;
		*(m->n == 0 ? &m->ncovers : &m->nlate) += 1;
		return;
	}
	if (!str_eq(str_of(o->text2), S(".")))
		at = model_join(m, at, str_of(o->text2));
	model_attach(m, at, S(""), (o->num & K_MS_RDONLY) != 0, false);
}

static inline void
model_step(struct model *m, const struct op *o)
{
	struct str text = str_of(o->text);

	switch (o->kind) {
	case OP_OPEN:
	case OP_TREE:
		model_fill(m, o, text, MODEL_MOUNTS);
		break;
	case OP_TARGET:
		text = str_eq(text, S(".")) ? S("") : text;
		model_fill(m, o, model_join(m, S("/"), text), 0);
		m->slot[o->a].mount = model_seen(m, m->slot[o->a].path);
		break;
	case OP_ATTR:
	case OP_ATTR_OFF:
		model_attr(m, o, o->kind == OP_ATTR);
		break;
	case OP_MOVE_ROOT:
		MUST(m->n == 0);
		model_attach(m, S("/"), m->slot[o->a].path, m->slot[o->a].readonly, false);
		m->slot[o->a].path = S("/");
		break;
	case OP_MOVE:
		model_attach(m,
		    o->text == NULL ? m->slot[o->b].path : model_join(m, m->slot[o->b].path, text),
		    m->slot[o->a].path, m->slot[o->a].readonly,
		    /* our devices, and the name server's file */
		    o->text != NULL || str_eq(m->slot[o->a].path, m->facts->resolv));
		break;
	case OP_FCHDIR:
		m->cwd = o->a;
		break;
	case OP_MOUNT:
		model_mount(m, o);
		break;
	case OP_MKDIR:
	case OP_POINT:
		model_make(m, o);
		break;
	case OP_SYMLINK:
		MUST(m->nlinks < MODEL_LINKS);
		m->link[m->nlinks].path = model_join(m, m->slot[o->b].path, str_of(o->text2));
		m->link[m->nlinks++].mount = m->slot[o->b].mount;
		break;
	default:
		break;
	}
}

/* Where a path of the host came along in a mount, or empty. */
static inline struct str
model_along(struct model *m, const struct model_mount *at, struct str path)
{
	if (at->src.n == 0 || !path_below(path, at->src))
		return S("");
	if (path.n == at->src.n)
		return at->at;
	return model_join(m, at->at, str_slice(path, at->src.n == 1 ? 1 : at->src.n + 1, path.n));
}

static inline bool
model_covered(const struct model *m, struct str path)
{
	for (size_t i = 0; i < m->ncovers; i++)
		if (path_below(path, m->cover[i]))
			return true;
	return false;
}

/* No proc file system of the host's is seen, and no socket of its /run that was not asked for. */
static inline void
model_hidden(struct model *m, const struct facts *f, bool sockets)
{
	static const struct str places[] = { { "/run", 4 }, { "/var/run", 8 } };

	for (size_t i = 0; i < m->n; i++) {
		struct str at;

		for (const struct strnode *p = f->procs.first; p != NULL; p = p->next) {
			at = model_along(m, &m->mount[i], p->s);
			MUST(m->mount[i].src.n == 0 || !path_below(m->mount[i].src, p->s) ||
			     model_covered(m, m->mount[i].src));
			MUST(at.n == 0 || model_covered(m, p->s) || model_seen(m, at) > i);
		}
		for (size_t k = 0; sockets && k < COUNT(places); k++) {
			at = model_along(m, &m->mount[i], places[k]);
			MUST(at.n == 0 || model_seen(m, at) != i);
		}
	}
}

/* Where the old root stays, nothing that is seen whole below it is left uncovered. */
static inline void
model_old(struct model *m, const struct facts *f)
{
	m->ncovers += m->nlate;
	for (const struct strnode *p = f->procs.first; p != NULL; p = p->next)
		MUST(model_covered(m, p->s));
	for (const struct strnode *p = f->sysfs.first; p != NULL; p = p->next)
		MUST(model_covered(m, p->s));
	MUST(f->proc || model_covered(m, S("/sys")));
}

/* Each action came out as it was asked for. */
static inline void
model_actions(const struct model *m, const struct box *box)
{
	for (const struct action *a = box->first; a != NULL; a = a->next) {
		size_t i = model_seen(m, a->dest);
		const struct model_mount *seen = &m->mount[i];

		MUST(i < m->n);
		MUST(str_eq(seen->at, a->dest));
		for (const struct strnode *p = m->facts->procs.first; p != NULL; p = p->next)
			MUST(a->kind == ACTION_TMP || !path_below(a->src, p->s));
		if (a->dest.n > 1)
			MUST(str_eq(seen->src, a->kind == ACTION_TMP ? S("") : a->src));
		MUST(seen->readonly == (a->kind == ACTION_RO));
	}
}

/* The whole of a plan's view; nothing to say of a box without one. */
static inline void
model_run(struct arena *a, const struct plan *p, const struct box *box, const struct facts *f,
    bool sockets)
{
	static struct model m;

	m = (struct model){ .arena = a, .facts = f, .cwd = NO_SLOT };
	for (size_t i = 0; i < p->n; i++)
		model_step(&m, &p->op[i]);
	if (box->ns[NS_MOUNT].mode != NS_NEW)
		return;
	MUST(m.n > 0 && m.mount[0].at.n == 1);
	MUST(m.mount[model_seen(&m, S("/proc"))].src.n == 0 ||
	     box_action_at(box, S("/proc"), SIZE_MAX) != NULL);
	MUST(!sockets || m.mount[model_seen(&m, S("/run"))].src.n == 0 ||
	     box_action_at(box, S("/run"), SIZE_MAX) != NULL);
	model_hidden(&m, f, sockets);
	model_actions(&m, box);
	if (f->root_initramfs)
		model_old(&m, f);
}

#endif
