/* A kernel that knows nothing but files: what is in a table, by path. For what only looks; it
 * stands in for those calls of core/sys that are made for that, and no part of tests/fake may be
 * linked beside it. */
#ifndef UNIT_TREE_H
#define UNIT_TREE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "sys/sys.h"

enum { TREE_FDS = 512, TREE_NODES = 8192, TREE_FIRST = 3 };

struct node {
	const char *path;
	const char *text; /* NULL: a directory; of a link where it leads to */
	bool link;
	bool gone; /* what is open of it gives ENODEV, and nobody finds it any more */
	int error; /* reading it gives that */
	dev_t dev; /* and of a directory with a file system: how full that is */
	uint64_t used, size;
	uint64_t inode;
};

static struct tree {
	struct node node[TREE_NODES];
	size_t n;
	struct {
		struct node *node;
		size_t at;
		char path[512];
	} fd[TREE_FDS];
	size_t open, most_open, calls;
	size_t fail_at; /* that call fails, from 1 */
	int error;
	size_t change_at; /* before that call a file has become another one */
	struct node *changed;
	const char *change_to;
	int files; /* what sys_raise_files gives */
	uint64_t now;
	size_t reads_again;
} tree;

static void
tree_reset(void)
{
	memset(&tree, 0, sizeof(tree));
	tree.files = 1024;
	tree.error = EIO;
}

static struct node *
tree_add(const char *path, const char *text)
{
	struct node *n = &tree.node[tree.n++];

	*n = (struct node){ .path = path, .text = text, .inode = 100 + tree.n };
	return n;
}

static struct node *
tree_find(const char *path)
{
	for (size_t i = 0; i < tree.n; i++)
		if (!tree.node[i].gone && strcmp(tree.node[i].path, path) == 0)
			return &tree.node[i];
	return NULL;
}

/* A directory with all that is in it. */
static UNUSED void
tree_remove(const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < tree.n; i++)
		if (strncmp(tree.node[i].path, path, n) == 0 &&
		    (tree.node[i].path[n] == '/' || tree.node[i].path[n] == '\0'))
			tree.node[i].gone = true;
}

/* True when this call is to fail. */
static bool
tree_fails(void)
{
	if (++tree.calls == tree.change_at)
		tree.changed->text = tree.change_to;
	return tree.calls == tree.fail_at;
}

static int
tree_open(const char *path)
{
	struct node *n = tree_find(path);

	if (tree_fails())
		return -tree.error;
	if (n == NULL)
		return -ENOENT;
	for (int i = TREE_FIRST; i < TREE_FDS; i++) {
		if (tree.fd[i].node != NULL)
			continue;
		tree.fd[i].node = n;
		tree.fd[i].at = 0;
		snprintf(tree.fd[i].path, sizeof(tree.fd[i].path), "%s", path);
		if (++tree.open > tree.most_open)
			tree.most_open = tree.open;
		return i;
	}
	return -EMFILE;
}

static struct node *
tree_node(int fd)
{
	if (fd < TREE_FIRST || fd >= TREE_FDS || tree.fd[fd].node == NULL)
		abort();
	return tree.fd[fd].node;
}

int
sys_open(const char *path, int flags)
{
	(void)flags;
	return tree_open(path);
}

int
sys_open_at(int dir, const char *name, int flags, unsigned resolve)
{
	char path[1024];
	const char *at = (tree_node(dir), tree.fd[dir].path);

	(void)flags;
	if ((resolve & (K_RESOLVE_BENEATH | K_RESOLVE_IN_ROOT)) == 0)
		abort();
	if (strcmp(name, ".") == 0)
		return tree_open(at);
	snprintf(path, sizeof(path), "%s/%s", at, name[0] == '/' ? name + 1 : name);
	return tree_open(path);
}

int
sys_close(int fd)
{
	tree_node(fd);
	tree.fd[fd].node = NULL;
	tree.open--;
	return 0;
}

static long
tree_read(int fd, void *p, size_t n, size_t at)
{
	const struct node *f = tree_node(fd);
	size_t len;

	if (tree_fails())
		return -tree.error;
	if (f->gone)
		return -ENODEV;
	if (f->text == NULL)
		return -EISDIR;
	if (f->error != 0)
		return -f->error;
	len = strlen(f->text);
	at = at < len ? at : len;
	n = n < len - at ? n : len - at;
	memcpy(p, f->text + at, n);
	return (long)n;
}

long
sys_read(int fd, void *p, size_t n)
{
	long r = tree_read(fd, p, n, tree.fd[fd].at);

	tree.fd[fd].at += r > 0 ? (size_t)r : 0;
	return r;
}

long
sys_read_again(int fd, void *p, size_t n)
{
	tree.reads_again++;
	return tree_read(fd, p, n, 0);
}

long
sys_write(int fd, const void *p, size_t n)
{
	(void)fd;
	(void)p;
	(void)n;
	abort();
}

long
sys_getdents(int fd, void *p, size_t room)
{
	const char *top = (tree_node(fd), tree.fd[fd].path);
	size_t len = strlen(top), used = 0;
	size_t *at = &tree.fd[fd].at;

	if (tree_fails())
		return -tree.error;
	for (; *at < tree.n; (*at)++) {
		const struct node *n = &tree.node[*at];
		size_t name, size;
		struct k_dirent *d;

		if (n->gone || strncmp(n->path, top, len) != 0 || n->path[len] != '/' ||
		    strchr(n->path + len + 1, '/') != NULL)
			continue;
		name = strlen(n->path + len + 1);
		size = (offsetof(struct k_dirent, name) + name + 8) & ~(size_t)7;
		if (used + size > room)
			break;
		d = (void *)((char *)p + used);
		memset(d, 0, size);
		d->ino = n->inode;
		d->reclen = (uint16_t)size;
		d->type = n->text == NULL ? K_DT_DIR : 8;
		memcpy(d->name, n->path + len + 1, name);
		used += size;
	}
	return (long)used;
}

long
sys_readlink(const char *path, char *p, size_t n)
{
	const struct node *f = tree_find(path);
	size_t len = f == NULL ? 0 : strlen(f->text);

	if (tree_fails())
		return -tree.error;
	if (f == NULL || !f->link)
		return -ENOENT;
	memcpy(p, f->text, len < n ? len : n);
	return (long)(len < n ? len : n);
}

int
sys_stat_fd(int fd, struct stat *st)
{
	const struct node *f = tree_node(fd);

	memset(st, 0, sizeof(*st));
	if (tree_fails())
		return -tree.error;
	st->st_dev = f->dev;
	return 0;
}

int
sys_space(int fd, uint64_t *used, uint64_t *size)
{
	const struct node *f = tree_node(fd);

	if (tree_fails())
		return -tree.error;
	*used = f->used;
	*size = f->size;
	return 0;
}

int
sys_raise_files(void)
{
	return tree_fails() ? -tree.error : tree.files;
}

uint64_t
sys_now(void)
{
	return tree.now;
}

#endif
