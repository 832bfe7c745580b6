#include "run/sample.h"

#include "sys/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
	TEXT_ROOM = 16 << 10,
	ABSENT = -1, /* there is no such file */
	SHUT = -2,   /* there is, but no descriptor to keep it open by */
	SLOW = 8, /* limits, and files that were absent, are looked for in every so manieth round */
	SPARE = 128,
};

static const uint8_t kept[SAMPLE_FILES] = { CG_CPU_STAT, CG_MEMORY_CURRENT, CG_PIDS_CURRENT,
	CG_IO_STAT, CG_CPU_PRESSURE, CG_MEMORY_PRESSURE, CG_IO_PRESSURE };

int
sampler_init(struct arena *a, struct sampler *s, struct err *e)
{
	const size_t pointers = SAMPLE_GROUPS * sizeof(struct sample *);
	int most;

	*s = (struct sampler){ 0 };
	s->slot = arena_raw(a, SAMPLE_GROUPS * sizeof(*s->slot));
	s->now = arena_raw(a, pointers);
	s->before = arena_raw(a, pointers);
	s->gone = arena_raw(a, pointers);
	s->list = arena_raw(a, pointers);
	s->text = arena_raw(a, TEXT_ROOM);
	if (s->slot == NULL || s->now == NULL || s->before == NULL || s->gone == NULL ||
	    s->list == NULL || s->text == NULL)
		return err_memory(e);
	/* those that cannot be kept are opened at each look; some are needed for a moment only */
	most = sys_raise_files();
	s->most = most > 4 * SPARE ? (size_t)most - SPARE : 0;
	return 0;
}

/* ---- which groups there are ------------------------------------------------------------------ */

static struct sample *
new_sample(struct sampler *s)
{
	struct sample *g = NULL;

	/* those that were never used lie behind all others, and are not touched before their
	 * turn */
	for (size_t i = 0; i < s->free && g == NULL; i++)
		if (!s->slot[i].used)
			g = &s->slot[i];
	if (g == NULL && s->free < SAMPLE_GROUPS)
		g = &s->slot[s->free++];
	if (g == NULL)
		return NULL;
	*g = (struct sample){ .top = g, .dir = ABSENT, .fresh = true, .used = true };
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		g->fd[i] = ABSENT;
	return g;
}

int
sampler_add(struct sampler *s, int dir, struct str name)
{
	struct sample *g = new_sample(s);

	if (g == NULL)
		return -1;
	g->dir = dir;
	g->named = name;
	s->now[s->n++] = g;
	s->tops++;
	return 0;
}

void
sample_name(struct buf *b, const struct sample *g)
{
	const struct sample *top = g->top;

	if (g == top) {
		buf_put(b, g->named);
		return;
	}
	/* the base itself is called "." */
	if (!str_eq(top->named, S("."))) {
		buf_put(b, top->named);
		buf_char(b, '/');
	}
	buf_cstr(b, g->name);
}

/* The kernel lists groups in the same order each time, so that the one that is meant is mostly the
 * next of those that were there before. */
static struct sample *
known(const struct sampler *s, const struct sample *top, uint64_t inode, size_t *cursor)
{
	for (size_t i = 0; i < s->nbefore; i++) {
		size_t at = *cursor + i < s->nbefore ? *cursor + i : *cursor + i - s->nbefore;
		struct sample *g = s->before[at];

		if (g->inode == inode && g->top == top && g != top && !g->seen) {
			*cursor = at + 1;
			return g;
		}
	}
	return NULL;
}

static void
found(struct sampler *s, struct sample *top, const struct k_dirent *d, size_t *cursor)
{
	struct str name = str_of(d->name);
	struct sample *g;

	if (d->type != K_DT_DIR || name.p[0] == '.')
		return;
	g = known(s, top, d->ino, cursor);
	if (g == NULL && name.n < sizeof(g->name)) {
		g = new_sample(s);
		if (g != NULL) {
			g->top = top;
			g->inode = d->ino;
			memcpy(g->name, name.p, name.n + 1);
		}
	}
	if (g == NULL) {
		s->missed++;
		return;
	}
	g->seen = true;
	s->now[s->n++] = g;
}

/* What cannot be listed now is not gone for that. */
static void
keep(struct sampler *s, const struct sample *top)
{
	for (size_t i = 0; i < s->nbefore; i++) {
		struct sample *g = s->before[i];

		if (g->top != top || g->seen)
			continue;
		g->seen = true;
		s->now[s->n++] = g;
	}
}

static void
list(struct sampler *s, struct sample *top, size_t *cursor)
{
	int dir = sys_open_at(top->dir, ".", O_RDONLY | O_DIRECTORY, K_RESOLVE_BENEATH);
	long n = dir;

	while (n >= 0 && (n = sys_getdents(dir, s->text, TEXT_ROOM)) > 0) {
		const struct k_dirent *d;

		for (long at = 0; at < n; at += d->reclen) {
			d = (const void *)(s->text + at);
			found(s, top, d, cursor);
		}
	}
	if (dir >= 0)
		sys_close(dir);
	if (n < 0 && n != -ENOENT && n != -ENODEV)
		keep(s, top);
}

static void
drop(struct sampler *s, struct sample *g)
{
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		if (g->fd[i] >= 0) {
			sys_close(g->fd[i]);
			s->open--;
		}
	if (g->dir >= 0)
		sys_close(g->dir);
	s->tops -= g == g->top;
	s->gone[s->ngone++] = g;
}

/* Those that are there now, in s->now; those that are not any more, in s->gone. */
static void
list_all(struct sampler *s)
{
	struct sample **swap = s->before;
	size_t cursor = 0;

	for (size_t i = 0; i < s->ngone; i++)
		s->gone[i]->used = false;
	s->before = s->now;
	s->nbefore = s->n;
	s->now = swap;
	s->n = s->ngone = s->missed = 0;
	for (size_t i = 0; i < s->nbefore; i++) {
		s->before[i]->seen = false;
		s->before[i]->fresh = s->rounds == 0;
	}
	for (size_t i = 0; i < s->nbefore; i++) {
		struct sample *g = s->before[i];

		if (g->top != g || g->gone)
			continue;
		g->seen = true;
		s->now[s->n++] = g;
		list(s, g, &cursor);
	}
	for (size_t i = 0; i < s->nbefore; i++)
		if (!s->before[i]->seen)
			drop(s, s->before[i]);
}

/* ---- what they do ---------------------------------------------------------------------------- */

static void
take(struct sampler *s, struct sample *g, struct cgusage *u, enum cgsource source, int fd)
{
	long n = sys_read_again(fd, s->text, TEXT_ROOM);

	/* kernfs: the group was removed */
	if (n == -ENODEV)
		g->gone = true;
	/* what fills all room may be cut */
	else if (n >= 0 && n < TEXT_ROOM)
		(void)!cgusage_take(u, source, (struct str){ s->text, (size_t)n });
}

static int
open_file(int dir, enum cgsource source)
{
	return sys_open_at(dir, cgusage_file(source).p, O_RDONLY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
}

static int
open_dir(const struct sample *g)
{
	if (g->top == g)
		return sys_open_at(g->dir, ".", O_PATH | O_DIRECTORY, K_RESOLVE_BENEATH);
	return sys_open_at(g->top->dir, g->name, O_PATH | O_DIRECTORY,
	    K_RESOLVE_BENEATH | K_RESOLVE_NO_SYMLINKS);
}

/* A file for this look alone. */
static void
take_once(struct sampler *s, struct sample *g, struct cgusage *u, enum cgsource source, int dir)
{
	int fd = open_file(dir, source);

	if (fd < 0)
		return;
	take(s, g, u, source, fd);
	sys_close(fd);
}

/* What is not open yet; slow: also what was not there the last time. */
static void
open_files(struct sampler *s, struct sample *g, struct cgusage *u, int dir, bool slow)
{
	for (size_t i = 0; i < SAMPLE_FILES && !g->gone; i++) {
		int fd;

		if (g->fd[i] >= 0 || (g->fd[i] == ABSENT && !slow))
			continue;
		fd = open_file(dir, (enum cgsource)kept[i]);
		g->fd[i] = ABSENT;
		if (fd < 0)
			continue;
		take(s, g, u, (enum cgsource)kept[i], fd);
		if (s->open < s->most) {
			s->open++;
			g->fd[i] = fd;
		} else {
			sys_close(fd);
			g->fd[i] = SHUT;
		}
	}
}

static bool
any_shut(const struct sample *g)
{
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		if (g->fd[i] == SHUT)
			return true;
	return false;
}

/* Limits change rarely: what was found stays until they are read again. */
static void
keep_limits(struct cgusage *u, const struct cgrate *r)
{
	u->memory_max = r->memory_max;
	u->pids_max = r->pids_max;
	u->have |= r->levels & (1u << CG_MEMORY_MAX | 1u << CG_PIDS_MAX);
}

static void
look(struct sampler *s, struct sample *g, bool slow)
{
	struct cgusage u = { 0 };

	for (size_t i = 0; i < SAMPLE_FILES && !g->gone; i++)
		if (g->fd[i] >= 0)
			take(s, g, &u, (enum cgsource)kept[i], g->fd[i]);
	if (!slow)
		keep_limits(&u, &g->rate);
	if (slow || any_shut(g)) {
		int dir = open_dir(g);

		if (dir < 0) {
			g->gone = g->gone || dir == -ENOENT || dir == -ENODEV;
			return;
		}
		open_files(s, g, &u, dir, slow);
		if (slow) {
			take_once(s, g, &u, CG_MEMORY_MAX, dir);
			take_once(s, g, &u, CG_PIDS_MAX, dir);
		}
		sys_close(dir);
	}
	if (g->gone)
		return;
	cgrate_next(&g->rate, &u, sys_now());
	g->history[g->turn] = g->rate.cpu < UINT32_MAX ? (uint32_t)g->rate.cpu : UINT32_MAX;
	g->turn = (g->turn + 1) % SAMPLE_HISTORY;
}

void
sampler_look(struct sampler *s)
{
	list_all(s);
	s->at = sys_now();
	for (size_t i = 0; i < s->n; i++) {
		struct sample *g = s->now[i];

		look(s, g, g->fresh || (s->rounds + (size_t)(g - s->slot)) % SLOW == 0);
	}
	s->rounds++;
}
