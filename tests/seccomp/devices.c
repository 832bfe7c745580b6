/* devices COUNT SEED GROUP FOLDER: do the programs that ebpf_devices() makes of rules by chance say
 * in the kernel what the rules say? Joins GROUP, a directory of the v2 hierarchy, and attaches one
 * after the other to it; makes nodes in FOLDER and tries what may be done with them. No device of
 * these numbers is there: the right to it is all that is asked for. Status 0 if all agree, 1 if
 * not, 2 on trouble. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "judge.h"
#include "plan/ebpf.h"
#include "sys/uapi.h"

enum { FIRST = 2000, NUMBERS = 3, RULES = 24, PROG_DETACH = 9 };

static unsigned char mem[1 << 20];
static struct device_rule rule[RULES];

static void
trouble(const char *what)
{
	perror(what);
	exit(2);
}

static uint32_t
some_number(struct dice *d)
{
	return dice_below(d, 4) == 0 ? DEVICE_ANY : FIRST + dice_below(d, NUMBERS);
}

static const struct device_rule *
some_rules(struct dice *d)
{
	size_t n = dice_below(d, RULES + 1);

	for (size_t i = 0; i < n; i++)
		rule[i] = (struct device_rule){ .type = "abcbc"[dice_below(d, 5)],
			.known = true,
			.major = some_number(d),
			.minor = some_number(d),
			.access = (uint8_t)(1 + dice_below(d, 7)),
			.next = i + 1 < n ? &rule[i + 1] : NULL };
	return n == 0 ? NULL : rule;
}

/* Each way by some rule that is about the device. */
static bool
allowed(const struct device_rule *r, char type, uint32_t major, uint32_t minor, unsigned access)
{
	for (; r != NULL; r = r->next)
		if ((r->type == 'a' || r->type == type) &&
		    (r->major == DEVICE_ANY || r->major == major) &&
		    (r->minor == DEVICE_ANY || r->minor == minor))
			access &= ~(unsigned)r->access;
	return access == 0;
}

static int
attached(const struct ebpf *e, int group)
{
	struct k_bpf_load load = { .type = K_BPF_PROG_TYPE_CGROUP_DEVICE,
		.insn_cnt = (uint32_t)e->n,
		.insns = (uint64_t)(uintptr_t)e->insn,
		.license = (uint64_t)(uintptr_t) "" };
	int fd = (int)syscall(SYS_bpf, K_BPF_PROG_LOAD, &load, sizeof(load));
	struct k_bpf_attach to = { (uint32_t)group, (uint32_t)fd, K_BPF_CGROUP_DEVICE,
		K_BPF_F_ALLOW_MULTI };

	if (fd < 0)
		trouble("the kernel does not take the program");
	if (syscall(SYS_bpf, K_BPF_PROG_ATTACH, &to, sizeof(to)) < 0)
		trouble("attaching it");
	return fd;
}

static void
detach(int program, int group)
{
	struct k_bpf_attach from = { (uint32_t)group, (uint32_t)program, K_BPF_CGROUP_DEVICE, 0 };

	if (syscall(SYS_bpf, PROG_DETACH, &from, sizeof(from)) < 0)
		trouble("detaching it");
	close(program);
}

static bool
can(int r)
{
	if (r < 0 && errno != EPERM)
		trouble("a node");
	return r == 0;
}

/* What the kernel says of one device, in each way: how often that is not what the rules say. */
static unsigned
ask(const struct device_rule *r, const struct ebpf *e, char type, uint32_t major, uint32_t minor)
{
	static const struct {
		uint8_t access;
		int mode;
	} way[] = { { DEVICE_READ, R_OK }, { DEVICE_WRITE, W_OK },
		{ DEVICE_READ | DEVICE_WRITE, R_OK | W_OK }, { DEVICE_MKNOD, 0 } };
	char name[32];
	unsigned wrong = 0;

	for (size_t i = 0; i < COUNT(way); i++) {
		bool want = allowed(r, type, major, minor, way[i].access), got;
		int ours = ebpf_run(e, type, major, minor, way[i].access);

		snprintf(name, sizeof(name), "%c%u.%u", type, major, minor);
		if (way[i].mode != 0) {
			got = can(access(name, way[i].mode));
		} else {
			got = can(mknod("new", (type == 'b' ? S_IFBLK : S_IFCHR) | 0600,
			    makedev(major, minor)));
			if (got)
				unlink("new");
		}
		if (got == want && ours == want)
			continue;
		printf("%s, access %u: the rules say %d, the kernel %d, we %d\n", name,
		    way[i].access, want, got, ours);
		wrong++;
	}
	return wrong;
}

/* Over all devices that rules may be about, and one that none is about by its numbers. */
static unsigned
ask_all(const struct device_rule *r, const struct ebpf *e)
{
	unsigned wrong = 0;

	for (uint32_t i = 0; i < 2 * (NUMBERS + 1) * (NUMBERS + 1); i++)
		wrong += ask(r, e, i % 2 == 0 ? 'b' : 'c', FIRST + i / 2 % (NUMBERS + 1),
		    FIRST + i / 2 / (NUMBERS + 1));
	return wrong;
}

static void
make_nodes(void)
{
	for (uint32_t i = 0; i < 2 * (NUMBERS + 1) * (NUMBERS + 1); i++) {
		uint32_t major = FIRST + i / 2 % (NUMBERS + 1);
		uint32_t minor = FIRST + i / 2 / (NUMBERS + 1);
		char name[32];

		snprintf(name, sizeof(name), "%c%u.%u", i % 2 == 0 ? 'b' : 'c', major, minor);
		if (mknod(name, (i % 2 == 0 ? S_IFBLK : S_IFCHR) | 0600, makedev(major, minor)) < 0)
			trouble("mknod");
	}
}

static int
join(const char *path)
{
	int group = open(path, O_RDONLY | O_DIRECTORY), procs;

	if (group < 0 || (procs = openat(group, "cgroup.procs", O_WRONLY)) < 0 ||
	    write(procs, "0", 1) != 1)
		trouble(path);
	close(procs);
	return group;
}

int
main(int argc, char **argv)
{
	unsigned long count, seed;
	unsigned wrong = 0;
	size_t insns = 0;
	int group;

	if (argc != 5) {
		fprintf(stderr, "usage: devices COUNT SEED GROUP FOLDER\n");
		return 2;
	}
	count = number(argv[1]);
	seed = number(argv[2]);
	group = join(argv[3]);
	if (chdir(argv[4]) < 0)
		trouble(argv[4]);
	make_nodes();
	for (unsigned long i = 0; i < count; i++) {
		struct dice d = { (seed << 32 | i) * UINT64_C(0x9e3779b97f4a7c15) | 1 };
		struct arena a = { mem, 0, sizeof(mem) };
		struct err err = { 0 };
		const struct device_rule *r;
		struct ebpf e;
		int program;

		for (int warm = 0; warm < 4; warm++)
			dice_roll(&d);
		r = some_rules(&d);
		if (ebpf_devices(&a, r, &e, &err) < 0)
			trouble("ebpf_devices");
		program = attached(&e, group);
		wrong += ask_all(r, &e);
		detach(program, group);
		insns += e.n;
	}
	printf("%lu programs of %zu instructions: %u differences\n", count, insns, wrong);
	return wrong > 0;
}
