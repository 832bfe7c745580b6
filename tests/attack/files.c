/* Attacks on the files of the host. */
#include "attack.h"

#include <dirent.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Opens PATH for writing and adds a byte. */
static int
attack_write(char **arg)
{
	int fd = open(arg[0], O_WRONLY | O_APPEND | O_NONBLOCK);

	if (fd < 0)
		return held(arg[0]);
	return outcome(arg[0], write(fd, "!", 1));
}

static int
attack_create(char **arg)
{
	return outcome_fd(arg[0], open(arg[0], O_WRONLY | O_CREAT | O_EXCL, 0644));
}

/* From descriptor FD, which came from outside, to PATH. */
static int
attack_from(char **arg)
{
	return outcome_fd(arg[1], openat(atoi(arg[0]), arg[1], O_WRONLY | O_CREAT, 0644));
}

/* The same file as that of descriptor FD again, but for writing: what a read-only descriptor was
 * opened on keeps its own mount. */
static int
attack_reopen(char **arg)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", atoi(arg[0]));
	return outcome_fd(path, open(path, O_WRONLY));
}

/* The file that we are executed from. It cannot be written to while it runs (ETXTBSY), so PROGRAM,
 * which is another file, goes on with a descriptor of it. */
static int
attack_exe(char **arg)
{
	char number[16];
	int fd = open("/proc/self/exe", O_PATH);

	if (fd < 0)
		return held("/proc/self/exe");
	snprintf(number, sizeof(number), "%d", fd);
	execl(arg[0], arg[0], "reopen", number, (char *)NULL);
	return trouble(arg[0]);
}

static int
try_root(const char *pid, const char *link, const char *path)
{
	char whole[4096];

	snprintf(whole, sizeof(whole), "/proc/%s/%s%s", pid, link, path);
	return open(whole, O_WRONLY | O_APPEND);
}

/* PATH through the root and the working directory of every process in sight. */
static int
attack_roots(char **arg)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int tried = 0;

	if (d == NULL)
		return trouble("/proc");
	while ((e = readdir(d)) != NULL) {
		if ((e->d_name[0] < '0' || e->d_name[0] > '9') && strcmp(e->d_name, "self") != 0)
			continue;
		tried++;
		if (try_root(e->d_name, "root", arg[0]) >= 0 ||
		    try_root(e->d_name, "cwd", arg[0]) >= 0)
			return hole(e->d_name);
	}
	closedir(d);
	if (tried < 2)
		return trouble("no process in /proc");
	return held(arg[0]);
}

/* A directory that shows more than itself. */
static int
lists(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n > 2;
}

/* What the process PID would tell or give of itself. */
static int
attack_links(char **arg)
{
	static const char *const names[] = { "exe", "root", "cwd", "environ", "mem", "maps", "fd/0",
		"fd/1", "fd/2", "auxv", "map_files", "ns/mnt", "syscall", "stack" };
	int r = HELD;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64], byte;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/%s", arg[0], names[i]);
		fd = open(path, O_RDONLY);
		/* some can be opened by everybody and refuse to tell */
		if (fd >= 0 && (read(fd, &byte, 1) >= 0 || lists(path)))
			r = hole(path);
		if (fd >= 0)
			close(fd);
	}
	if (r == HELD)
		held(arg[0]);
	return r;
}

/* A file by its handle, around every view. What is opened says which file system is meant. */
static int
attack_handle(char **arg)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} h = { .handle.handle_bytes = MAX_HANDLE_SZ };
	int mount, id;

	if (name_to_handle_at(AT_FDCWD, arg[0], &h.handle, &id, 0) < 0)
		return trouble("name_to_handle_at");
	mount = open(arg[0], O_RDONLY);
	if (mount < 0)
		return trouble(arg[0]);
	return outcome_fd("open_by_handle_at", open_by_handle_at(mount, &h.handle, O_RDONLY));
}

static int
attack_mode(char **arg)
{
	return outcome(arg[0], chmod(arg[0], 0600));
}

/* Makes a block device node at PATH for MAJOR MINOR. */
static int
attack_node(char **arg)
{
	dev_t dev = makedev((unsigned)atoi(arg[1]), (unsigned)atoi(arg[2]));

	return outcome("mknod", mknod(arg[0], S_IFBLK | 0600, dev));
}

static int
attack_open(char **arg)
{
	return outcome_fd(arg[0], open(arg[0], O_RDWR | O_NONBLOCK | O_NOCTTY));
}

/* Writes back what is there already, so that nothing changes where it works. */
static int
attack_same(char **arg)
{
	char text[4096];
	int fd = open(arg[0], O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return trouble(arg[0]);
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n <= 0)
		return trouble(arg[0]);
	fd = open(arg[0], O_WRONLY);
	if (fd < 0)
		return held(arg[0]);
	return outcome(arg[0], write(fd, text, (size_t)n));
}

/* Every number there can be a descriptor at, except the first three and those that are named. */
static int
attack_others(char **arg)
{
	int r = HELD;

	for (int fd = 3; fd < 4096; fd++) {
		char text[16];

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(text, sizeof(text), "%d", fd);
		if (strcmp(text, arg[0]) != 0)
			r = hole(text);
	}
	if (r == HELD)
		held("no other descriptor");
	return r;
}

/* A line that looks like our own, on every descriptor that takes it. */
static int
attack_forge(char **arg)
{
	int r = HELD;

	for (int fd = 3; fd < 4096; fd++)
		if (write(fd, arg[0], strlen(arg[0])) >= 0 && write(fd, "\n", 1) == 1)
			r = hole("written");
	if (r == HELD)
		held("no descriptor takes it");
	return r;
}

/* The kernel's log: 3 is SYSLOG_ACTION_READ_ALL. */
static int
attack_log(char **arg)
{
	char text[256];

	(void)arg;
	return outcome("syslog", klogctl(3, text, sizeof(text)));
}

int
main(int argc, char **argv)
{
	static const struct attack table[] = {
		{ "write", 1, attack_write },
		{ "create", 1, attack_create },
		{ "from", 2, attack_from },
		{ "reopen", 1, attack_reopen },
		{ "exe", 1, attack_exe },
		{ "roots", 1, attack_roots },
		{ "links", 1, attack_links },
		{ "handle", 1, attack_handle },
		{ "mode", 1, attack_mode },
		{ "node", 3, attack_node },
		{ "open", 1, attack_open },
		{ "same", 1, attack_same },
		{ "others", 1, attack_others },
		{ "forge", 1, attack_forge },
		{ "log", 0, attack_log },
	};

	return attack_main(table, sizeof(table) / sizeof(table[0]), argc, argv);
}
