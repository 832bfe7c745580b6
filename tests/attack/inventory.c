/*
 * Prints what a box is made of, as seen from inside, in words that do not change from run to run:
 * two boxes that print the same are the same. What the caller's namespaces are stands in the
 * environment, as NS_user and so on.
 */
#include "attack.h"

#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static void
ids(void)
{
	printf("ids %u %u %u %u groups %d\n", (unsigned)getuid(), (unsigned)geteuid(),
	    (unsigned)getgid(), (unsigned)getegid(), getgroups(0, NULL));
	printf("pid %d parent %d session %d group %d\n", getpid(), getppid(), getsid(0) == getpid(),
	    getpgrp() == getpid());
}

static void
privileges(void)
{
	struct {
		unsigned version;
		int pid;
	} head = { 0x20080522, 0 };
	unsigned data[6] = { 0 };

	(void)syscall(SYS_capget, &head, data);
	printf("caps %x %x %x %x %x %x\n", data[0], data[1], data[2], data[3], data[4], data[5]);
	printf("securebits %d no_new_privs %d dumpable %d\n", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0),
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	printf("user namespaces %d\n", unshare(CLONE_NEWUSER) == 0 ? 1 : -errno);
}

static void
descriptors(void)
{
	struct stat st;

	for (int fd = 0; fd < 64; fd++)
		if (fstat(fd, &st) == 0)
			printf("fd %d type %o cloexec %d\n", fd, st.st_mode & S_IFMT,
			    fcntl(fd, F_GETFD));
}

static void
signals(void)
{
	sigset_t set;

	sigprocmask(SIG_BLOCK, NULL, &set);
	for (int sig = 1; sig < 65; sig++) {
		struct sigaction act;

		if (sig == 32 || sig == 33 || sig == 34)
			continue;
		if (sigismember(&set, sig) == 1)
			printf("blocked %d\n", sig);
		if (sigaction(sig, NULL, &act) == 0 && act.sa_handler != SIG_DFL)
			printf("ignored %d\n", sig);
	}
}

static void
network(void)
{
	struct if_nameindex *n = if_nameindex();
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	for (size_t i = 0; n != NULL && n[i].if_index != 0; i++) {
		struct ifreq r = { 0 };

		strncpy(r.ifr_name, n[i].if_name, IFNAMSIZ - 1);
		(void)ioctl(fd, SIOCGIFFLAGS, &r);
		printf("interface %s up %d\n", r.ifr_name, (r.ifr_flags & IFF_UP) != 0);
	}
	close(fd);
}

static void
place(const char *path)
{
	struct statvfs v;
	char probe[4096];
	int fd;

	if (statvfs(path, &v) < 0) {
		printf("place %s %s\n", path, strerror(errno));
		return;
	}
	snprintf(probe, sizeof(probe), "%s/.sbx-inventory", path);
	fd = open(probe, O_WRONLY | O_CREAT | O_EXCL, 0600);
	printf("place %s flags %lx size %lu files %lu writable %s\n", path, v.f_flag,
	    (unsigned long)v.f_blocks, strcmp(path, "/") == 0 ? 0ul : (unsigned long)v.f_files,
	    fd >= 0 ? "yes" : strerror(errno));
	if (fd >= 0) {
		close(fd);
		unlink(probe);
	}
}

/* Of each line without what is numbered: mount, parent and device. */
static void
mounts(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "r");
	char line[4096];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		char *p = line;

		for (int i = 0; i < 3 && p != NULL; i++)
			p = strchr(p, ' ') == NULL ? NULL : strchr(p, ' ') + 1;
		printf("mount %s", p == NULL ? "?\n" : p);
	}
	if (f != NULL)
		fclose(f);
}

static void
spaces(void)
{
	static const char *const names[] = { "user", "mnt", "pid", "net", "ipc", "uts", "cgroup",
		"time" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[64], text[64];
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/self/ns/%s", names[i]);
		n = readlink(path, text, sizeof(text) - 1);
		text[n < 0 ? 0 : n] = '\0';
		snprintf(path, sizeof(path), "NS_%s", names[i]);
		printf("namespace %s %s\n", names[i],
		    n < 0                                                     ? "?"
		    : getenv(path) != NULL && strcmp(text, getenv(path)) == 0 ? "the caller's"
									      : "new");
	}
}

int
main(void)
{
	static const char *const places[] = { "/", "/etc", "/tmp", "/proc", "/dev", "/dev/null",
		"/dev/pts", "/dev/shm", "/run", "/sys", "/sys/fs/cgroup" };
	char cwd[4096];
	struct utsname u;

	ids();
	privileges();
	descriptors();
	signals();
	network();
	uname(&u);
	printf("host %s cwd %s umask %o\n", u.nodename, getcwd(cwd, sizeof(cwd)), umask(0));
	printf("init %d\n", access("/proc/1/root/", F_OK) == 0 ? 1 : -errno);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		place(places[i]);
	spaces();
	mounts();
	return 0;
}
