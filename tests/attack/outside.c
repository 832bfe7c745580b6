/* Attacks by what is no file and no process of the host: sockets, terminals, keys, namespaces. */
#include "attack.h"

#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

enum { NS_GET_USERNS = 0xb701, NS_GET_PARENT = 0xb702 };
enum { KEYCTL_READ = 11, SESSION_KEYRING = -3, USER_KEYRING = -4, USER_SESSION_KEYRING = -5 };
enum { KEYCTL_SEARCH = 10, KEYCTL_GET_ID = 0, KEYCTL_JOIN_SESSION = 1, KEYCTL_SETPERM = 5 };
enum { FAMILY_VSOCK = 40 };

/* "@name" is abstract. */
static socklen_t
address(struct sockaddr_un *a, const char *name)
{
	size_t n = strlen(name);

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (n >= sizeof(a->sun_path))
		n = sizeof(a->sun_path) - 1;
	memcpy(a->sun_path, name, n);
	if (name[0] == '@')
		a->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

/* Listens, says so, and stays until its standard input ends. */
static int
attack_listen(char **arg)
{
	struct sockaddr_un a;
	socklen_t n = address(&a, arg[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char byte;

	if (bind(fd, (struct sockaddr *)&a, n) < 0 || listen(fd, 8) < 0)
		return trouble(arg[0]);
	if (arg[0][0] != '@')
		chmod(arg[0], 0777);
	printf("listening\n");
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

static int
attack_connect(char **arg)
{
	struct sockaddr_un a;
	socklen_t n = address(&a, arg[0]);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return outcome(arg[0], connect(fd, (struct sockaddr *)&a, n));
}

/* Is there a way to the hypervisor? Network namespaces know nothing of it. */
static int
attack_vsock(char **arg)
{
	(void)arg;
	return outcome_fd("socket(AF_VSOCK)", socket(FAMILY_VSOCK, SOCK_STREAM, 0));
}

/* Puts words into the terminal, as if they had been typed. */
static int
attack_type(char **arg)
{
	int fd = atoi(arg[0]);

	for (const char *p = arg[1]; *p != '\0'; p++)
		if (ioctl(fd, TIOCSTI, p) < 0)
			return held("TIOCSTI");
	if (ioctl(fd, TIOCSTI, "\n") < 0)
		return held("TIOCSTI");
	return hole("TIOCSTI");
}

/* The terminal that the caller's session has. */
static int
attack_tty(char **arg)
{
	(void)arg;
	return outcome_fd("/dev/tty", open("/dev/tty", O_RDWR));
}

/* Descriptor FD becomes our terminal. */
static int
attack_own(char **arg)
{
	return outcome("TIOCSCTTY", ioctl(atoi(arg[0]), TIOCSCTTY, 0));
}

static int
attack_join(char **arg)
{
	return outcome("setns", setns(atoi(arg[0]), 0));
}

static int
attack_join_path(char **arg)
{
	int fd = open(arg[0], O_RDONLY);

	if (fd < 0)
		return trouble(arg[0]);
	return outcome("setns", setns(fd, 0));
}

/* The namespace that the one at PATH lies in. */
static int
attack_parent(char **arg)
{
	int fd = open(arg[0], O_RDONLY);

	if (fd < 0)
		return trouble(arg[0]);
	return outcome_fd("NS_GET_PARENT", ioctl(fd, NS_GET_PARENT));
}

static int
attack_owner(char **arg)
{
	int fd = open(arg[0], O_RDONLY);

	if (fd < 0)
		return trouble(arg[0]);
	return outcome_fd("NS_GET_USERNS", ioctl(fd, NS_GET_USERNS));
}

/* A session keyring of our own with one key of that description in it; then PROGRAM with the rest
 * of the words. */
static int
key_session(char **argv)
{
	long ring = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION, NULL);
	long key = syscall(SYS_add_key, "user", argv[0], "secret", 6, SESSION_KEYRING);

	if (ring < 0 || key < 0)
		return trouble("keyrings");
	execv(argv[1], argv + 1);
	return trouble(argv[1]);
}

static int
attack_key(char **arg)
{
	char text[64];
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, SESSION_KEYRING, "user", arg[0], 0);

	if (key < 0)
		return held("search");
	return outcome("read", syscall(SYS_keyctl, KEYCTL_READ, key, text, sizeof(text)));
}

int
main(int argc, char **argv)
{
	static const struct attack table[] = {
		{ "listen", 1, attack_listen },
		{ "connect", 1, attack_connect },
		{ "vsock", 0, attack_vsock },
		{ "type", 2, attack_type },
		{ "tty", 0, attack_tty },
		{ "own", 1, attack_own },
		{ "join", 1, attack_join },
		{ "join-path", 1, attack_join_path },
		{ "parent", 1, attack_parent },
		{ "owner", 1, attack_owner },
		{ "key", 1, attack_key },
	};

	if (argc > 3 && strcmp(argv[1], "key-session") == 0)
		return key_session(argv + 2);
	return attack_main(table, sizeof(table) / sizeof(table[0]), argc, argv);
}
