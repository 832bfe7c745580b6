/* sbx-cg ls, tree: which groups there are. */
#include "sbx-cg.h"

#include "base/sort.h"
#include "run/io.h"
#include "spec/environ.h"
#include "sys/sys.h"
#include "text/bars.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
	LEVELS = 32, /* below the one that is named; deeper ones are not shown */
	ENTRIES_ROOM = 16 << 10,
	PATH_MOST = LEVELS * 256 + 4096,
	OUT_ROOM = 256 << 10,
	OUT_FULL = OUT_ROOM / 2,
	STATE = 9,
	NUMBER = 9,
	OWNER = 5,
};

/* A directory on the way, and what is in it, by name. */
struct listing {
	int fd;
	char **name;
	size_t n, at;
	size_t path; /* length of its path */
	size_t mark; /* of the arena before it */
};

struct show {
	struct cg_call *c;
	struct listing listing[LEVELS];
	size_t depth;
	struct buf out, path;
	bool ascii, deep, deeper; /* deeper: there was more than is shown */
};

struct row {
	struct cgusage u;
	uint64_t processes;
	bool counted; /* processes is known */
	int owner;    /* of one of ours, made for one run: 1 alive, 0 gone, -1 not known */
};

/* ---- one group ------------------------------------------------------------------------------- */

/* Its own ones; in a threaded group they cannot be listed. */
static bool
count_processes(int group, uint64_t *n)
{
	char text[4096];
	int fd =
	    sys_open_at(group, "cgroup.procs", O_RDONLY, K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
	long r;

	*n = 0;
	if (fd < 0)
		return false;
	while ((r = sys_read(fd, text, sizeof(text))) > 0)
		for (long i = 0; i < r; i++)
			*n += text[i] == '\n';
	sys_close(fd);
	return r == 0;
}

/* Who made it holds a lock on its directory while he lives; ours is given up at once. */
static int
owner_of(int group)
{
	int fd = sys_open_at(group, ".", O_RDONLY | O_DIRECTORY, K_RESOLVE_BENEATH), r;

	if (fd < 0)
		return -1;
	r = sys_lock(fd);
	sys_close(fd);
	return r == 0 ? 0 : r == -EAGAIN ? 1 : -1;
}

static void
examine(int group, struct str name, struct row *r)
{
	*r = (struct row){ .owner = -1 };
	group_usage(group, 1u << CG_EVENTS | 1u << CG_MEMORY_CURRENT, &r->u);
	r->counted = count_processes(group, &r->processes);
	/* a process is in it only after its owner has the lock, which we must not take away from
	 * under it */
	if (str_starts(name, S(GROUP_MARK)) && (r->u.populated || group_settled(name)))
		r->owner = owner_of(group);
}

static void
put_json(struct buf *b, const struct show *s, const struct row *r)
{
	struct jsonw j = { b, false };

	event_open(&j, CG_TOOL, S("group"));
	jsonw_member(&j, "group", s->path.n > 0 ? buf_str(&s->path) : S("."));
	if ((r->u.have & 1u << CG_EVENTS) != 0) {
		jsonw_key(&j, S("populated"));
		jsonw_bool(&j, r->u.populated);
		jsonw_key(&j, S("frozen"));
		jsonw_bool(&j, r->u.frozen);
	}
	if (r->counted)
		jsonw_number(&j, "processes", r->processes);
	if ((r->u.have & 1u << CG_MEMORY_CURRENT) != 0)
		jsonw_number(&j, "memory", r->u.memory);
	if (r->owner >= 0)
		jsonw_member(&j, "owner", r->owner > 0 ? S("alive") : S("gone"));
	event_close(&j);
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void
cells(struct show *s, struct str text, size_t n, bool right)
{
	cell_put(&s->out, text, n, right, s->ascii);
	buf_char(&s->out, ' ');
}

/* Which lines go on downwards, and the one that leads to it. */
static void
put_branches(struct show *s)
{
	for (size_t i = 0; s->deep && i < s->depth; i++) {
		const struct listing *l = &s->listing[i];
		bool last = l->at + 1 >= l->n;

		if (i + 1 < s->depth)
			buf_cstr(&s->out, last ? "   " : s->ascii ? "|  " : "\xe2\x94\x82  ");
		else if (s->ascii)
			buf_cstr(&s->out, last ? "`- " : "|- ");
		else
			buf_cstr(&s->out,
			    last ? "\xe2\x94\x94\xe2\x94\x80 " : "\xe2\x94\x9c\xe2\x94\x80 ");
	}
}

static void
put_row(struct show *s, const struct row *r, struct str name)
{
	char text[32];
	struct buf b = BUF(text);

	if ((r->u.have & 1u << CG_EVENTS) != 0)
		buf_cstr(&b, r->u.frozen ? "frozen" : r->u.populated ? "populated" : "empty");
	cells(s, buf_str(&b), STATE, false);
	b.n = 0;
	if (r->counted)
		buf_uint(&b, r->processes);
	cells(s, r->counted ? buf_str(&b) : S("-"), NUMBER, true);
	b.n = 0;
	if ((r->u.have & 1u << CG_MEMORY_CURRENT) != 0)
		short_bytes(&b, r->u.memory);
	cells(s, b.n > 0 ? buf_str(&b) : S("-"), NUMBER, true);
	cells(s, r->owner > 0 ? S("alive") : r->owner == 0 ? S("gone") : S("-"), OWNER, false);
	put_branches(s);
	buf_escaped(&s->out, name);
	buf_char(&s->out, '\n');
}

static void
put_heading(struct show *s)
{
	if (s->c->options.json)
		return;
	cells(s, S("state"), STATE, false);
	cells(s, S("processes"), NUMBER, true);
	cells(s, S("memory"), NUMBER, true);
	cells(s, S("owner"), OWNER, false);
	buf_cstr(&s->out, "group\n");
}

static int
flush(struct show *s)
{
	int r = io_write(1, buf_str(&s->out));

	s->out.n = 0;
	return r < 0 ? err_system(&s->c->err, -r, "cannot write to standard output") : 0;
}

static int
show_group(struct show *s, int group, struct str name)
{
	struct row r;

	examine(group, name, &r);
	if (s->c->options.json)
		put_json(&s->out, s, &r);
	else
		put_row(s, &r, name);
	return s->out.n > OUT_FULL ? flush(s) : 0;
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct name {
	struct name *next;
	char text[];
};

static bool
by_name(const void *a, const void *b)
{
	return str_cmp(str_of(a), str_of(b)) < 0;
}

static int
gather(struct show *s, struct listing *l)
{
	struct arena *a = &s->c->arena;
	char *entries = arena_raw(a, ENTRIES_ROOM);
	struct name *first = NULL;
	long n = 0;

	l->n = l->at = 0;
	while (entries != NULL && (n = sys_getdents(l->fd, entries, ENTRIES_ROOM)) > 0) {
		const struct k_dirent *d;

		for (long at = 0; at < n; at += d->reclen) {
			size_t length;
			struct name *e;

			d = (const void *)(entries + at);
			length = strlen(d->name);
			if (d->type != K_DT_DIR || d->name[0] == '.')
				continue;
			e = arena_get(a, sizeof(*e) + length + 1);
			if (e == NULL)
				return err_memory(&s->c->err);
			memcpy(e->text, d->name, length + 1);
			e->next = first;
			first = e;
			l->n++;
		}
	}
	l->name = arena_array(a, l->n + 1, sizeof(*l->name));
	if (entries == NULL || l->name == NULL)
		return err_memory(&s->c->err);
	for (size_t i = 0; first != NULL; first = first->next)
		l->name[i++] = first->text;
	sort_pointers((const void **)l->name, l->n, by_name);
	return 0;
}

static bool
has_groups(int dir)
{
	struct stat st;

	/* a directory has a link from each one in it, from itself and from above */
	return sys_stat_fd(dir, &st) == 0 && st.st_nlink > 2;
}

/* Goes into a directory, whose descriptor is the level's from now on. */
static int
enter(struct show *s, int fd)
{
	struct listing *l = &s->listing[s->depth++];

	*l = (struct listing){ .fd = fd, .path = s->path.n, .mark = s->c->arena.used };
	return gather(s, l);
}

static void
leave(struct show *s)
{
	struct listing *l = &s->listing[--s->depth];

	sys_close(l->fd);
	/* all that was taken since then is names of this level */
	s->c->arena.used = l->mark;
	if (s->depth > 0)
		s->listing[s->depth - 1].at++;
}

static int
show_next(struct show *s)
{
	struct listing *l = &s->listing[s->depth - 1];
	const char *name = l->name[l->at];
	/* it may be gone by now */
	int fd = sys_open_at(l->fd, name, O_RDONLY | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);

	if (fd < 0) {
		l->at++;
		return 0;
	}
	s->path.n = l->path;
	if (l->path > 0)
		buf_char(&s->path, '/');
	buf_cstr(&s->path, name);
	if (show_group(s, fd, str_of(name)) < 0)
		return -1;
	if (s->deep && s->depth < LEVELS)
		return enter(s, fd);
	if (s->deep)
		s->deeper = s->deeper || has_groups(fd);
	sys_close(fd);
	l->at++;
	return 0;
}

static int
show_all(struct show *s, const struct cg_group *g)
{
	/* names are below the base, as they are to be written */
	if (!str_eq(g->name, S(".")))
		buf_put(&s->path, g->name);
	put_heading(s);
	if (s->deep && show_group(s, g->fd, g->name) < 0)
		return -1;
	if (enter(s, g->fd) < 0)
		return -1;
	while (s->depth > 0) {
		const struct listing *l = &s->listing[s->depth - 1];

		if (l->at == l->n)
			leave(s);
		else if (show_next(s) < 0)
			return -1;
	}
	if (s->deeper)
		report_note(CG_TOOL, S("groups more than 32 levels below are not shown"));
	return flush(s);
}

static int
show(struct cg_call *c, bool deep)
{
	struct show *s = arena_get(&c->arena, sizeof(*s));
	char *out = arena_bytes(&c->arena, OUT_ROOM), *path = arena_bytes(&c->arena, PATH_MOST);
	struct cg_group g;

	if (s == NULL || out == NULL || path == NULL)
		return err_memory(&c->err);
	if (cg_word(c, &g) < 0)
		return -1;
	s->c = c;
	s->deep = deep;
	s->out = (struct buf){ out, 0, OUT_ROOM, false };
	s->path = (struct buf){ path, 0, PATH_MOST, false };
	s->ascii = !bars_utf8(str_of(env_value(c->envp, S("LC_ALL"))),
	    str_of(env_value(c->envp, S("LC_CTYPE"))), str_of(env_value(c->envp, S("LANG"))));
	return show_all(s, &g);
}

int
cg_ls(struct cg_call *c)
{
	return show(c, false);
}

int
cg_tree(struct cg_call *c)
{
	return show(c, true);
}
