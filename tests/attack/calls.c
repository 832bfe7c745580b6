/* calls LETTERS: system calls of every kind, without an interpreter that makes others; what they
 * come to, a line each. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void
say(const char *what, long r)
{
	char line[100];
	int n = snprintf(line, sizeof(line), "%s %ld\n", what, r < 0 ? -errno : r);

	syscall(SYS_writev, 1, &(struct {
		void *p;
		size_t n;
	}){ line, (size_t)n },
	    1);
}

static void
one(char what)
{
	if (what == 'p')
		say("getpid", syscall(SYS_getpid) == getpid() ? 0 : syscall(SYS_getpid));
	if (what == 'g')
		say("getuid", syscall(SYS_getuid));
	if (what == 's')
		say("socket", socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? -1 : 0);
	if (what == 'w')
		say("write", write(1, "", 0));
	if (what == 'm')
		say("sendmsg", sendmsg(-1, &(struct msghdr){ 0 }, 0));
	if (what == 'f' && fork() == 0) {
		say("child", syscall(SYS_getuid));
		_exit(0);
	}
	if (what == 'W')
		while (wait(NULL) > 0)
			;
	if (what == 'z')
		sleep(1);
	if (what == 'Z')
		sleep(100);
	if (what == 'b' && fork() != 0)
		_exit(9);
}

int
main(int argc, char **argv)
{
	for (const char *p = argc > 1 ? argv[1] : ""; *p != '\0'; p++)
		one(*p);
	return 7;
}
