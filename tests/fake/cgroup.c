/* The fake kernel's control groups: directories and their files, who is in them, controllers,
 * locks. */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- finding --------------------------------------------------------------------------------- */

int
group_find(const char *path)
{
	if (kernel.ngroups == 0 && fake.cgroup != NULL) {
		copy_path(kernel.group[0].path, fake.cgroup);
		kernel.group[0].made = true;
		kernel.ngroups = 1;
	}
	for (size_t i = 0; i < kernel.ngroups; i++)
		if (kernel.group[i].made && strcmp(kernel.group[i].path, path) == 0)
			return (int)i;
	return -1;
}

/* The directory of a path. */
static void
dir_of(char *dir, const char *path)
{
	char *slash;

	copy_path(dir, path);
	slash = strrchr(dir, '/');
	if (slash != NULL)
		*slash = '\0';
}

int
group_above(const char *path)
{
	char dir[PATH_ROOM];

	dir_of(dir, path);
	return group_find(dir);
}

static bool
is_below(size_t i, int group)
{
	return kernel.group[i].made && fs_below(kernel.group[i].path, kernel.group[group].path);
}

static bool
has_members(int group)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (proc_alive(&kernel.proc[i]) && kernel.proc[i].group == group)
			return true;
	return false;
}

bool
group_populated(int group)
{
	for (size_t i = 0; i < kernel.ngroups; i++)
		if (is_below(i, group) && has_members((int)i))
			return true;
	return false;
}

static bool
has_groups(int group)
{
	for (size_t i = 0; i < kernel.ngroups; i++)
		if ((int)i != group && is_below(i, group))
			return true;
	return false;
}

/* ---- controllers ----------------------------------------------------------------------------- */

static bool
has_word(const char *list, const char *word, size_t n)
{
	for (const char *p = list; n > 0 && p != NULL && (p = strstr(p, word)) != NULL; p++)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\n' || p[n] == '\0'))
			return true;
	return false;
}

static const char *
controllers(int group)
{
	int up = group == 0 ? -1 : group_above(kernel.group[group].path);

	return group == 0 ? (fake.controllers == NULL ? "" : fake.controllers)
	     : up < 0     ? ""
			  : kernel.group[up].subtree;
}

static bool
is_top(int group)
{
	return group == 0 && fake.cgroup_top;
}

/* cgroup-v2.rst, "No Internal Process Constraint" */
int
group_takes(int group)
{
	const struct group *g = &kernel.group[group];

	return !g->made ? -ENODEV : g->subtree[0] != '\0' && !is_top(group) ? -EBUSY : 0;
}

static void
forget_values(struct group *g, const char *controller, size_t n)
{
	for (size_t i = 0; i < g->nvalues; i++) {
		if (strncmp(g->value[i].name, controller, n) != 0 || g->value[i].name[n] != '.')
			continue;
		wrong("a limit is lost", g->path);
		g->value[i] = g->value[--g->nvalues];
		i--;
	}
}

static void
disable(int group, const char *word, size_t n)
{
	struct group *g = &kernel.group[group];
	char *at = strstr(g->subtree, word);
	size_t len;

	if (!has_word(g->subtree, word, n))
		return;
	len = n + (at[n] == ' ');
	memmove(at, at + len, strlen(at + len) + 1);
	for (size_t i = 0; i < kernel.ngroups; i++)
		if ((int)i != group && is_below(i, group))
			forget_values(&kernel.group[i], word, n);
}

static bool
used_below(int group, const char *word, size_t n)
{
	for (size_t i = 0; i < kernel.ngroups; i++)
		if ((int)i != group && is_below(i, group) &&
		    has_word(kernel.group[i].subtree, word, n))
			return true;
	return false;
}

/* "+memory -pids": all of it or nothing. */
static int
write_subtree(int group, const char *text)
{
	struct group *g = &kernel.group[group];

	for (int pass = 0; pass < 2; pass++) {
		char words[128];

		snprintf(words, sizeof(words), "%s", text);
		for (char *w = strtok(words, " \n"); w != NULL; w = strtok(NULL, " \n")) {
			size_t n = strlen(w + 1);
			bool on = w[0] == '+', is = has_word(g->subtree, w + 1, n);

			if (w[0] != '+' && w[0] != '-')
				return -EINVAL;
			if (!has_word(controllers(group), w + 1, n))
				return -ENOENT;
			if (on && !is && has_members(group) && !is_top(group))
				return -EBUSY;
			if (!on && used_below(group, w + 1, n))
				return -EBUSY;
			if (pass == 0 || on == is)
				continue;
			if (!on)
				disable(group, w + 1, n);
			else
				snprintf(g->subtree + strlen(g->subtree),
				    sizeof(g->subtree) - strlen(g->subtree), "%s%s",
				    g->subtree[0] == '\0' ? "" : " ", w + 1);
		}
	}
	return 0;
}

/* ---- opening --------------------------------------------------------------------------------- */

static const struct fake_control *
in_controls(const char *name)
{
	const struct fake_control *c = fake.control;

	while (c != NULL && c->name != NULL && strcmp(c->name, name) != 0)
		c++;
	return c == NULL || c->name == NULL ? NULL : c;
}

static bool
has_control(int group, const char *name)
{
	static const char *const always[] = { "cgroup.procs", "cgroup.freeze", "cgroup.events",
		"cgroup.controllers", "cgroup.subtree_control" };
	const char *dot = strchr(name, '.');
	char word[PATH_ROOM];

	for (size_t i = 0; i < COUNT(always); i++)
		if (strcmp(always[i], name) == 0)
			return true;
	if (strcmp(name, "cgroup.kill") == 0)
		return !fake.no_kill_file && !is_top(group);
	if (strcmp(name, "cgroup.type") == 0)
		return !is_top(group);
	if (in_controls(name) != NULL)
		return true;
	if (dot == NULL || is_top(group) || strncmp(name, "cgroup.", 7) == 0)
		return false;
	snprintf(word, sizeof(word), "%.*s", (int)(dot - name), name);
	return has_word(controllers(group), word, strlen(word));
}

static void
show_value(struct file *f, const struct group *g, const char *name)
{
	snprintf(f->made, sizeof(f->made), "max\n");
	for (size_t i = 0; i < g->nvalues; i++)
		if (strcmp(g->value[i].name, name) == 0)
			snprintf(f->made, sizeof(f->made), "%s\n", g->value[i].text);
}

static void
show(struct file *f, int group, const char *name)
{
	const struct group *g = &kernel.group[group];
	const struct fake_control *c = in_controls(name);
	size_t n = 0;

	f->text = f->made;
	if (c != NULL)
		f->text = c->text;
	else if (strcmp(name, "cgroup.procs") == 0)
		for (size_t i = 0; i < FAKE_PROCS; i++) {
			if (proc_alive(&kernel.proc[i]) && kernel.proc[i].group == group)
				n += (size_t)snprintf(f->made + n, sizeof(f->made) - n, "%d\n",
				    kernel.proc[i].pid);
		}
	else if (strcmp(name, "cgroup.events") == 0)
		snprintf(f->made, sizeof(f->made), "populated %d\nfrozen %d\n",
		    group_populated(group), g->frozen);
	else if (strcmp(name, "cgroup.controllers") == 0)
		snprintf(f->made, sizeof(f->made), "%s\n", controllers(group));
	else if (strcmp(name, "cgroup.subtree_control") == 0)
		snprintf(f->made, sizeof(f->made), "%s\n", g->subtree);
	else if (strcmp(name, "cgroup.type") == 0)
		snprintf(f->made, sizeof(f->made), "domain\n");
	else
		show_value(f, g, name);
}

static int
open_control(int group, const char *name)
{
	struct file *f;
	int fd;

	if (!has_control(group, name))
		return -ENOENT;
	f = file_new(FILE_CONTROL, name);
	f->index = group;
	fd = fd_new(f);
	show(f, group, name);
	return fd;
}

static int
open_group(int group, int flags)
{
	struct file *f = file_new(FILE_GROUP, kernel.group[group].path);

	f->index = group;
	f->place = (flags & O_PATH) != 0;
	return fd_new(f);
}

int
group_open_path(const char *path, int flags)
{
	int group = group_find(path);

	return group >= 0 ? open_group(group, flags)
			  : open_control(group_above(path), strrchr(path, '/') + 1);
}

int
group_open_at(const struct file *dir, const char *name, int flags)
{
	char path[PATH_ROOM];
	const struct fake_file *t;

	if (group_find(dir->path) < 0)
		return -ENOENT;
	if (strcmp(name, "..") == 0) {
		if (group_above(dir->path) < 0)
			wrong("a walk through groups leaves them", dir->path);
		return group_above(dir->path) < 0 ? -EXDEV
						  : open_group(group_above(dir->path), flags);
	}
	fs_join(path, dir->path, name);
	t = fs_in_table(path);
	if (t != NULL)
		return fs_open(path, flags);
	if (group_find(path) >= 0)
		return open_group(group_find(path), flags);
	return (flags & O_DIRECTORY) != 0 ? -ENOENT : open_control(dir->index, name);
}

bool
group_access(const char *path)
{
	int up = group_above(path);

	return group_find(path) >= 0 || (up >= 0 && has_control(up, strrchr(path, '/') + 1));
}

/* ---- writing --------------------------------------------------------------------------------- */

static void
kill_members(int group)
{
	for (size_t i = 0; i < FAKE_PROCS; i++)
		if (proc_alive(&kernel.proc[i]) && kernel.proc[i].group >= 0 &&
		    is_below((size_t)kernel.proc[i].group, group))
			proc_signal(&kernel.proc[i], SIGKILL, 0, 0);
}

static int
move(int group, const char *word)
{
	int pid = atoi(word);
	struct proc *p = pid == 0 ? kernel.self : proc_by_pid(pid);

	if (p == NULL || !proc_alive(p))
		return -ESRCH;
	if (group_takes(group) < 0)
		return group_takes(group);
	p->group = group;
	return 0;
}

static int
write_value(struct group *g, const char *name, const char *text)
{
	size_t i = 0;

	while (i < g->nvalues && strcmp(g->value[i].name, name) != 0)
		i++;
	if (i == COUNT(g->value) || strlen(name) >= sizeof(g->value[i].name) ||
	    strlen(text) >= sizeof(g->value[i].text))
		return -ENOSPC;
	g->nvalues += i == g->nvalues;
	memcpy(g->value[i].name, name, strlen(name) + 1);
	memcpy(g->value[i].text, text, strlen(text) + 1);
	return 0;
}

static int
write_control(const struct file *f, const char *word)
{
	struct group *g = &kernel.group[f->index];

	if (!g->made)
		return -ENODEV;
	if (strcmp(f->path, "cgroup.kill") == 0)
		kill_members(f->index);
	else if (strcmp(f->path, "cgroup.freeze") == 0)
		g->frozen = word[0] == '1';
	else if (strcmp(f->path, "cgroup.procs") == 0)
		return move(f->index, word);
	else if (strcmp(f->path, "cgroup.subtree_control") == 0)
		return write_subtree(f->index, word);
	else if (strncmp(f->path, "cgroup.", 7) != 0)
		return write_value(g, f->path, word);
	return 0;
}

long
group_write(const struct file *f, const char *text, size_t n)
{
	char word[128];
	int r;

	if (n >= sizeof(word))
		return -EINVAL;
	memcpy(word, text, n);
	word[n] = '\0';
	r = write_control(f, word);
	return r < 0 ? r : (long)n;
}

/* ---- making and removing --------------------------------------------------------------------- */

static int
make_path(const char *path)
{
	struct group *g;
	size_t i = 0;

	if (group_find(path) >= 0)
		return -EEXIST;
	/* the places of those that are gone are taken again, so that many can come and go; files of
	 * them lead nowhere meanwhile */
	while (i < kernel.ngroups && kernel.ngroups == GROUPS && kernel.group[i].made)
		i++;
	if (i == GROUPS)
		return -EAGAIN;
	i = kernel.ngroups == GROUPS ? i : kernel.ngroups++;
	g = &kernel.group[i];
	memset(g, 0, sizeof(*g));
	copy_path(g->path, path);
	g->made = true;
	fake.made++;
	return 0;
}

int
group_make_at(const struct file *dir, const char *name)
{
	char path[PATH_ROOM];

	fs_join(path, dir->path, name);
	return kernel.group[dir->index].made ? make_path(path) : -ENODEV;
}

int
sys_rmdir_at(int dir, const char *name)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_rmdir_at, "", 0)) {
		const struct file *d = fd_file(dir, "rmdir_at");
		char path[PATH_ROOM];
		int group;

		fs_join(path, d == NULL ? "" : d->path, name);
		group = d == NULL || d->kind != FILE_GROUP ? -1 : group_find(path);
		c.r = d == NULL                                   ? -EBADF
		    : group < 0                                   ? -ENOENT
		    : group_populated(group) || has_groups(group) ? -EBUSY
								  : 0;
		if (c.r == 0)
			kernel.group[group].made = false;
	}
	return (int)call_end(&c, c.r, 0);
}

/* ---- listing, locks, attributes -------------------------------------------------------------- */

static size_t
put_entry(unsigned char *to, size_t room, const char *name, uint8_t type)
{
	struct k_dirent e = { .ino = 1, .type = type };
	size_t n = (offsetof(struct k_dirent, name) + strlen(name) + 1 + 7) / 8 * 8;

	if (n > room)
		return 0;
	e.reclen = (uint16_t)n;
	memset(to, 0, n);
	memcpy(to, &e, offsetof(struct k_dirent, name));
	memcpy(to + offsetof(struct k_dirent, name), name, strlen(name));
	return n;
}

/* "." and "..", two files, and then the groups in it; f->at is how far it was read. */
static long
list(struct file *f, unsigned char *to, size_t room)
{
	static const char *const first[] = { ".", "..", "cgroup.procs", "cgroup.events" };
	const size_t files = COUNT(first);
	size_t n = 0;

	for (; f->at < files + kernel.ngroups; f->at++) {
		size_t i = f->at - files, add;
		const char *name = f->at < files ? first[f->at] : kernel.group[i].path;

		if (f->at >= files) {
			if (!kernel.group[i].made || group_above(name) != f->index || i == 0)
				continue;
			name = strrchr(name, '/') + 1;
		}
		add = put_entry(to + n, room - n, name, f->at < 2 || f->at >= files ? K_DT_DIR : 8);
		if (add == 0)
			break;
		n += add;
	}
	return (long)n;
}

long
sys_getdents(int fd, void *p, size_t n)
{
	struct call c = { .out = p, .room = n };

	if (call_begin(&c, FAKE_getdents, fd_path(fd), 0)) {
		struct file *f = fd_file(fd, "getdents");

		c.r = f == NULL || f->place        ? -EBADF
		    : f->kind != FILE_GROUP        ? -ENOTDIR
		    : !kernel.group[f->index].made ? -ENOENT
						   : list(f, p, n);
	}
	return call_end(&c, c.r, c.r > 0 ? (size_t)c.r : 0);
}

int
sys_lock(int fd)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_lock, fd_path(fd), 0)) {
		struct file *f = fd_file(fd, "lock");
		struct group *g = f == NULL ? NULL : &kernel.group[f->index];

		c.r = f == NULL || f->place || f->kind != FILE_GROUP ? -EBADF
		    : g->lock != NULL && g->lock != f                ? -EAGAIN
								     : 0;
		if (c.r == 0)
			g->lock = f;
	}
	return (int)call_end(&c, c.r, 0);
}

void
group_unlock(const struct file *f)
{
	if (kernel.group[f->index].lock == f)
		kernel.group[f->index].lock = NULL;
}

long
sys_getxattr(const char *path, const char *name, void *p, size_t n)
{
	struct call c = { .out = p, .room = n };

	if (call_begin(&c, FAKE_getxattr, path, 0)) {
		c.r = fake.delegated != NULL && strcmp(fake.delegated, path) == 0 &&
			      strcmp(name, "user.delegate") == 0
			? 1
			: -ENODATA;
		if (c.r == 1)
			*(char *)p = '1';
	}
	return call_end(&c, c.r, c.r > 0 ? (size_t)c.r : 0);
}

/* ---- programs -------------------------------------------------------------------------------- */

int
sys_bpf_devices(const void *insn, size_t n)
{
	struct call c = { 0 };

	(void)insn;
	if (call_begin(&c, FAKE_bpf_devices, "", n))
		c.r = fake.no_bpf ? -EPERM : fd_new(file_new(FILE_TEXT, "program"));
	return (int)call_end(&c, c.r, 0);
}

int
sys_bpf_attach(int program, int group)
{
	struct call c = { 0 };

	if (call_begin(&c, FAKE_bpf_attach, fd_path(group), 0)) {
		const struct file *p = fd_file(program, "bpf_attach");
		const struct file *g = fd_file(group, "bpf_attach");

		c.r = p == NULL || g == NULL || g->kind != FILE_GROUP ? -EBADF : 0;
		if (c.r == 0)
			kernel.group[g->index].programs++;
	}
	return (int)call_end(&c, c.r, 0);
}

/* ---- from outside ---------------------------------------------------------------------------- */

void
fake_group(const char *path, int pid)
{
	struct proc *p = pid == 0 ? NULL : proc_by_pid(pid);

	(void)group_find(path);
	(void)make_path(path);
	if (p != NULL)
		p->group = group_find(path);
}

void
fake_lock(const char *path)
{
	static struct file somebody;

	if (group_find(path) >= 0)
		kernel.group[group_find(path)].lock = &somebody;
}

bool
fake_has_group(const char *path)
{
	return group_find(path) >= 0;
}

const char *
fake_subtree(const char *path)
{
	return group_find(path) < 0 ? "" : kernel.group[group_find(path)].subtree;
}

bool
fake_in_group(int pid, const char *path)
{
	const struct proc *p = proc_by_pid(pid);

	return p != NULL && group_find(path) >= 0 && p->group == group_find(path);
}

UNWATCHED_END
