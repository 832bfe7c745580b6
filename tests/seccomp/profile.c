#include "profile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* CAP_CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE,
 * NET_RAW, SYS_CHROOT, MKNOD, AUDIT_WRITE, SETFCAP: docker's default. */
static const uint64_t docker_caps = 0xa80425fb;

static unsigned char mem[64 << 20];
struct arena profile_arena = { mem, 0, sizeof(mem) };

const char *
profile_asked(int argc, char **argv, size_t i)
{
	static char name[64];
	struct str own = profile_name(i);

	if (argc > 1)
		return argv[i + 1];
	if (own.n == 0 || own.n >= sizeof(name))
		return NULL;
	memset(name, 0, sizeof(name));
	memcpy(name, own.p, own.n);
	return name;
}

static struct str
file_bytes(const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *p = NULL;

	if (fd < 0 || fstat(fd, &st) < 0 || (p = malloc((size_t)st.st_size + 1)) == NULL ||
	    read(fd, p, (size_t)st.st_size) != st.st_size) {
		perror(name);
		exit(2);
	}
	close(fd);
	return (struct str){ p, (size_t)st.st_size };
}

struct str
profile_source(const char *name)
{
	for (size_t i = 0; profile_name(i).n > 0; i++)
		if (str_eq(profile_name(i), str_of(name)))
			return profile_text(i);
	return file_bytes(name);
}

static void
complain(const struct err *e)
{
	char text[2048];
	struct buf line = BUF(text);

	err_line(e, &line);
	fprintf(stderr, "%.*s\n", (int)line.n, line.p);
}

struct policy *
profile_read(const char *name, struct str text)
{
	struct policy_host host = { .arch = arch_native(), .caps = docker_caps };
	struct err e = { 0 };
	struct policy *p;

	profile_arena.used = 0;
	p = policy_read(&profile_arena, str_of(name), text, &host, &e);
	if (p == NULL)
		complain(&e);
	return p;
}

int
profile_compile(const struct policy *p, uint32_t archs, unsigned level, bool proved, struct bpf *b)
{
	struct filter_options o = { .level = level, .archs = archs };
	struct err e = { 0 };
	int got = proved ? filter_make(&profile_arena, p, &o, b, &e)
			 : filter_compile(&profile_arena, p, &o, b, &e);

	if (got < 0)
		complain(&e);
	return got;
}
