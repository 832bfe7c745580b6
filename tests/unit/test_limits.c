/* core/spec/limits.c, limitsread.c, limitsdevice.c, limitseq.c */
#include <stdio.h>
#include <string.h>

#include "spec/args.h"
#include "spec/box.h"
#include "spec/limits.h"
#include "told.h"
#include "unit.h"

static unsigned char mem[1 << 20];

struct limited {
	struct arena a;
	struct err e;
	struct limits l;
	char text[1 << 13];
};

/* The words are parted by spaces, _ stands for one. */
static int
parse(struct limited *g, struct arena a, const char *line)
{
	static char *word[2048];
	const struct args_part part = { &limits_table, &g->l };
	struct field_ctx c;
	int n = 0, rest;
	bool dashes;

	memset(g, 0, sizeof(*g));
	g->a = a;
	c = (struct field_ctx){ &g->a, FAULT_USAGE, &g->e, POS_NONE };
	snprintf(g->text, sizeof(g->text), "sbx-cg %s", line);
	for (char *w = strtok(g->text, " "); w != NULL; w = strtok(NULL, " ")) {
		word[n++] = w;
		for (; *w != '\0'; w++)
			*w = *w == '_' ? ' ' : *w;
	}
	if (args_parse(&c, &part, 1, n, word, &rest, &dashes) < 0)
		return -1;
	CHECK_NUM(0, rest, n);
	return limits_finish(&c, &g->l);
}

#define PARSE(g, line) parse((g), (struct arena){ mem, 0, sizeof(mem) }, (line))

static struct str
said(const struct limited *g)
{
	return (struct str){ g->e.msg, g->e.nmsg };
}

static void
numbers(void)
{
	struct limited g;

	CHECK_NUM(0,
	    PARSE(&g, "-m 512M --memory-high=256M --memory-low 1K --memory-min 0 --swap 4096T"), 0);
	CHECK_NUM(0, g.l.memory, 512 << 20);
	CHECK_NUM(0, g.l.memory_high, 256 << 20);
	CHECK_NUM(0, g.l.memory_low, 1024);
	CHECK_NUM(0, g.l.memory_min, 0);
	CHECK_NUM(0, g.l.swap, (uint64_t)1 << 52);
	CHECK_NUM(0, limits_given(&g.l, memory_min), true);
	CHECK_NUM(0, limits_given(&g.l, cpu), false);
	CHECK_NUM(1,
	    PARSE(&g, "-c.5 --cpu-period 1s --cpu-burst 500ms --cpu-weight 10000 -p 4194304"), 0);
	CHECK_NUM(1, g.l.cpu, 500);
	CHECK_NUM(1, g.l.cpu_period, 1000);
	CHECK_NUM(1, g.l.cpu_burst, 500);
	CHECK_NUM(1, g.l.cpu_weight, 10000);
	CHECK_NUM(1, g.l.pids, 4194304);
	CHECK_NUM(2, PARSE(&g, "-t 5m --grace 0 --idle-timeout 30d --cpu-time 1ms --io-weight 1"),
	    0);
	CHECK_NUM(2, g.l.timeout, 300000);
	CHECK_NUM(2, g.l.grace, 0);
	CHECK_NUM(2, g.l.idle, UINT64_C(2592000000));
	CHECK_NUM(2, g.l.cpu_time, 1);
	CHECK_NUM(2, g.l.io_weight, 1);
	/* defaults that are filled in, and that nobody gave */
	CHECK_NUM(3, PARSE(&g, "-c 0.01"), 0);
	CHECK_NUM(3, g.l.cpu, 10);
	CHECK_NUM(3, g.l.cpu_period, 100);
	CHECK_NUM(3, g.l.grace, 5000);
	CHECK_NUM(3, limits_given(&g.l, cpu_period), false);
	CHECK_NUM(3, g.l.no_oom_group || g.l.devices_only, false);
	CHECK_NUM(4, PARSE(&g, "-m 4K --no-oom-group --no-default-devices"), 0);
	CHECK_NUM(4, g.l.no_oom_group && g.l.devices_only, true);
}

static void
lists_as_the_kernel_shows_them(void)
{
	static const struct {
		const char *text, *want;
	} t[] = {
		{ "0", "0" },
		{ "0-3,5", "0-3,5" },
		{ "5,0-3", "0-3,5" },
		{ "1,0,2", "0-2" },
		{ "0-1", "0-1" },
		{ "0,1", "0-1" },
		{ "3,3,3", "3" },
		{ "62-65,127,128", "62-65,127-128" },
		{ "0-8191", "0-8191" },
		{ "8191", "8191" },
		{ "10-11,7-9,0,2,4", "0,2,4,7-11" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct limited g;
		char line[64];

		snprintf(line, sizeof(line), "--cpus %s", t[i].text);
		CHECK_NUM(i, PARSE(&g, line), 0);
		CHECK_STR(i, g.l.cpus, str_of(t[i].want));
		CHECK_NUM(i, g.l.mems.n, 0);
	}
}

static void
check_io(size_t row, const struct io_limit *l, const char *path, unsigned major, unsigned minor,
    const uint64_t want[4])
{
	CU_ASSERT_FATAL(l != NULL);
	CHECK_STR(row, l->path, str_of(path));
	CHECK_NUM(row, l->known, path == NULL);
	CHECK_NUM(row, l->major, major);
	CHECK_NUM(row, l->minor, minor);
	CHECK_NUM(row, l->rbps, want[0]);
	CHECK_NUM(row, l->wbps, want[1]);
	CHECK_NUM(row, l->riops, want[2]);
	CHECK_NUM(row, l->wiops, want[3]);
}

static void
limits_of_block_devices(void)
{
	const uint64_t no = UINT64_MAX;
	struct limited g;

	CHECK_NUM(0,
	    PARSE(&g, "--io //dev/./vda:rbps=1M,wbps=2K,riops=1,wiops=4294967294 --io 8:16:wbps=1 "
		      "--io /dev/disk/by-path/a:00:1f.2:riops=7"),
	    0);
	check_io(0, g.l.io, "/dev/vda", 0, 0, (const uint64_t[]){ 1 << 20, 2048, 1, 4294967294 });
	check_io(1, g.l.io->next, NULL, 8, 16, (const uint64_t[]){ no, 1, no, no });
	CHECK_NUM(1, g.l.io->next->pos.col, 3);
	check_io(2, g.l.io->next->next, "/dev/disk/by-path/a:00:1f.2", 0, 0,
	    (const uint64_t[]){ no, no, 7, no });
	CU_ASSERT(g.l.io->next->next->next == NULL);
}

static void
rules_for_devices(void)
{
	static const struct {
		const char *text, *path;
		char type;
		uint32_t major, minor;
		unsigned access;
	} t[] = {
		{ "/dev/kvm", "/dev/kvm", 0, 0, 0, 7 },
		{ "/dev/kvm:rw", "/dev/kvm", 0, 0, 0, DEVICE_READ | DEVICE_WRITE },
		{ "/dev/pci-0000:00:1f", "/dev/pci-0000:00:1f", 0, 0, 0, 7 },
		{ "/dev/pci-0000:00:1f:m", "/dev/pci-0000:00:1f", 0, 0, 0, DEVICE_MKNOD },
		{ "c:10:232", NULL, 'c', 10, 232, 7 },
		{ "c:10:*:r", NULL, 'c', 10, DEVICE_ANY, DEVICE_READ },
		{ "b:*:*:wmr", NULL, 'b', DEVICE_ANY, DEVICE_ANY, 7 },
		{ "b:4095:1048575", NULL, 'b', 4095, 1048575, 7 },
		{ "a", NULL, 'a', DEVICE_ANY, DEVICE_ANY, 7 },
		{ "a:r", NULL, 'a', DEVICE_ANY, DEVICE_ANY, DEVICE_READ },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		const struct device_rule *d;
		struct limited g;
		char line[64];

		snprintf(line, sizeof(line), "--device %s", t[i].text);
		CHECK_NUM(i, PARSE(&g, line), 0);
		d = g.l.devices;
		CU_ASSERT_FATAL(d != NULL && d->next == NULL);
		CHECK_STR(i, d->path, str_of(t[i].path));
		CHECK_NUM(i, d->known, t[i].path == NULL);
		CHECK_NUM(i, d->type, t[i].type);
		CHECK_NUM(i, d->major, t[i].major);
		CHECK_NUM(i, d->minor, t[i].minor);
		CHECK_NUM(i, d->access, t[i].access);
	}
}

static void
files_and_huge_pages(void)
{
	struct limited g;

	CHECK_NUM(0,
	    PARSE(&g,
		"--hugetlb 2M=64M --hugetlb 1GB=0 --set rdma.max=mlx4_0_hca_handle=2 "
		"--set rdma.max=mlx5_0 --set cgroup.max.depth=1 --set hugetlb.2MB.rsvd.max=0"),
	    0);
	CHECK_TEXT(0, g.l.hugetlb->name, "2MB");
	CHECK_NUM(0, g.l.hugetlb->bytes, 64 << 20);
	CHECK_NUM(0, g.l.hugetlb->value.n, 0);
	CHECK_TEXT(0, g.l.hugetlb->next->name, "1GB");
	CHECK_NUM(0, g.l.hugetlb->next->bytes, 0);
	CHECK_TEXT(0, g.l.set->name, "rdma.max");
	CHECK_TEXT(0, g.l.set->value, "mlx4 0 hca handle=2");
	CHECK_NUM(0, g.l.set->pos.col, 5);
	CHECK_TEXT(0, g.l.set->next->value, "mlx5 0");
	CHECK_TEXT(0, g.l.set->next->next->name, "cgroup.max.depth");
	CHECK_NUM(0, g.l.set->bytes, 0);
}

static void
what_may_be_less(void)
{
	struct limited g;

	CHECK_NUM(0, PARSE(&g, "-m 1G -c 1 -p 9 -t 1s --degrade pids,memory --degrade=cpu"), 0);
	CHECK_NUM(0, g.l.degrade, DEGRADE_MEMORY | DEGRADE_CPU | DEGRADE_PIDS);
	CHECK_NUM(1, PARSE(&g, "--cpu-time 1s --degrade cpu"), 0);
	CHECK_NUM(1, g.l.degrade, DEGRADE_CPU);
	CHECK_NUM(2, PARSE(&g, "-c 2 --cpu-time 1s --degrade cpu"), 0);
}

static void
faults(void)
{
	static const struct {
		const char *line, *want;
	} t[] = {
		{ "-m 12Q", "--memory: \"12Q\" is no size; bytes or 512K, 64M, 1.5G are due" },
		{ "-m 4095", "--memory: \"4095\" is out of range; 4K to 4096T is due" },
		{ "-m 4097T", "--memory: \"4097T\" is out of range; 4K to 4096T is due" },
		{ "--swap 4097T", "--swap: \"4097T\" is out of range; 0 to 4096T is due" },
		{ "-m 1M -m 2M", "--memory: given twice" },
		{ "-c 0", "--cpu: \"0\" is out of range; 0.01 to 4096 is due" },
		{ "-c 4096.001", "--cpu: \"4096.001\" is out of range; 0.01 to 4096 is due" },
		{ "-c 1e9",
		    "--cpu: \"1e9\" is no number of cores; digits such as 2 or 0.5 are due, three "
		    "behind the point at most" },
		{ "-c 1 --cpu-period 1001ms",
		    "--cpu-period: \"1001ms\" is out of range; 1ms to 1s is due" },
		{ "--cpu-weight 0", "--cpu-weight: \"0\" is out of range; 1 to 10000 is due" },
		{ "-p 0", "--pids: \"0\" is out of range; 1 to 4194304 is due" },
		{ "-t 0", "--timeout: \"0\" is out of range; 1ms to 30d is due" },
		{ "--idle-timeout 99ms",
		    "--idle-timeout: \"99ms\" is out of range; 100ms to 30d is due" },
		{ "--cpus=",
		    "--cpus: \"\" is no list; numbers and ranges up to 8191 such as 0-3,5 are "
		    "due" },
		{ "--cpus 0,",
		    "--cpus: \"0,\" is no list; numbers and ranges up to 8191 such as 0-3,5 are "
		    "due" },
		{ "--cpus 3-1",
		    "--cpus: \"3-1\" is no list; numbers and ranges up to 8191 such as 0-3,5 are "
		    "due" },
		{ "--cpus 1-",
		    "--cpus: \"1-\" is no list; numbers and ranges up to 8191 such as 0-3,5 are "
		    "due" },
		{ "--cpus 8192",
		    "--cpus: \"8192\" is no list; numbers and ranges up to 8191 such as 0-3,5 are "
		    "due" },
		{ "--mems 1024",
		    "--mems: \"1024\" is no list; numbers and ranges up to 1023 such as 0-3,5 are "
		    "due" },
		{ "--io vda", "--io: \"vda\": DEVICE:rbps=N,wbps=N,riops=N,wiops=N is due" },
		{ "--io vda:rbps=1",
		    "--io: \"vda\" is no device; an absolute path or MAJ:MIN is due" },
		{ "--io :rbps=1", "--io: \"\" is no device; an absolute path or MAJ:MIN is due" },
		{ "--io 4096:0:rbps=1",
		    "--io: \"4096:0\" is no device; an absolute path or MAJ:MIN is due" },
		{ "--io 8:1048576:rbps=1",
		    "--io: \"8:1048576\" is no device; an absolute path or MAJ:MIN is due" },
		{ "--io *:0:rbps=1",
		    "--io: \"*:0\" is no device; an absolute path or MAJ:MIN is due" },
		{ "--io /dev/../vda:rbps=1",
		    "--io: \"/dev/../vda\" is a path with \"..\", where one without is due" },
		{ "--io 8:0:", "--io: unknown limit \"\" (rbps, wbps, riops, wiops)" },
		{ "--io 8:0:bps=1", "--io: unknown limit \"bps\" (rbps, wbps, riops, wiops)" },
		{ "--io 8:0:rbps=0", "--io: \"rbps=0\": bytes a second are due, such as rbps=1M" },
		{ "--io 8:0:wbps", "--io: \"wbps\": bytes a second are due, such as rbps=1M" },
		{ "--io 8:0:wbps=4097T",
		    "--io: \"wbps=4097T\": bytes a second are due, such as rbps=1M" },
		{ "--io 8:0:riops=1K",
		    "--io: \"riops=1K\": operations a second are due, such as riops=100" },
		{ "--io 8:0:wiops=0",
		    "--io: \"wiops=0\": operations a second are due, such as riops=100" },
		{ "--io 8:0:wiops=4294967295",
		    "--io: \"wiops=4294967295\": operations a second are due, such as riops=100" },
		{ "--io 8:0:rbps=1,rbps=2", "--io: \"rbps\" is there already" },
		{ "--io 8:0:rbps=1 --io 8:0:wbps=1", "--io: \"8:0\" is there already" },
		{ "--io /a:rbps=1 --io //a:wbps=1", "--io: \"//a\" is there already" },
		{ "--hugetlb 2MB",
		    "--hugetlb: \"\" is not so many bytes as some pages of 2MB have" },
		{ "--hugetlb 3MB=3M",
		    "--hugetlb: \"3MB\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb 1024MB=0",
		    "--hugetlb: \"1024MB\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb 0MB=0",
		    "--hugetlb: \"0MB\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb B=0",
		    "--hugetlb: \"B\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb =0", "--hugetlb: \"\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb M=0",
		    "--hugetlb: \"M\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb 1.0M=0",
		    "--hugetlb: \"1.0M\" is no size of pages; 2MB, 1GB or 64KB is due" },
		{ "--hugetlb 2MB=3M",
		    "--hugetlb: \"3M\" is not so many bytes as some pages of 2MB have" },
		{ "--hugetlb 2MB=4097T",
		    "--hugetlb: \"4097T\" is not so many bytes as some pages of 2MB have" },
		{ "--hugetlb 2MB=0 --hugetlb 2M=0", "--hugetlb: \"2MB\" is there already" },
		{ "--set memory",
		    "--set: \"memory\" is no file of a controller; one such as memory.high is "
		    "due" },
		{ "--set memory.=1",
		    "--set: \"memory.\" is no file of a controller; one such as memory.high is "
		    "due" },
		{ "--set .max=1",
		    "--set: \".max\" is no file of a controller; one such as memory.high is due" },
		{ "--set a..b=1",
		    "--set: \"a..b\" is no file of a controller; one such as memory.high is due" },
		{ "--set a/b.c=1",
		    "--set: \"a/b.c\" is no file of a controller; one such as memory.high is due" },
		{ "--set cgroup.procs=1",
		    "--set: \"cgroup.procs\" is no file of a controller; one such as memory.high "
		    "is "
		    "due" },
		{ "--set cgroup.kill=1",
		    "--set: \"cgroup.kill\" is no file of a controller; one such as memory.high is "
		    "due" },
		{ "--set misc.max",
		    "--set: \"misc.max\": FILE=VALUE is due, of 1 to 255 printable bytes" },
		{ "--set misc.max=a\tb",
		    "--set: \"misc.max=a\tb\": FILE=VALUE is due, of 1 to 255 printable bytes" },
		{ "--set misc.max=a --set misc.max=a",
		    "--set: \"misc.max=a\": something is written there already" },
		{ "--set misc.max=a --set misc.max=b",
		    "--set: \"misc.max=b\": something is written there already" },
		{ "--set misc.max=a_1 --set misc.max=b",
		    "--set: \"misc.max=b\": something is written there already" },
		{ "--set misc.max=a --set misc.max=b_1",
		    "--set: \"misc.max=b 1\": something is written there already" },
		{ "--set misc.max=a_1 --set misc.max=a_2",
		    "--set: \"misc.max=a 2\": something is written there already" },
		{ "--set misc.max=_1 --set misc.max=a_2",
		    "--set: \"misc.max=a 2\": something is written there already" },
		{ "--set misc.max=a_1 --set misc.max=_2",
		    "--set: \"misc.max= 2\": something is written there already" },
		{ "--set cpu.max=5000_10000 --set cpu.max=max_9999",
		    "--set: \"cpu.max=max 9999\": something is written there already" },
		{ "--set cpu.max=max_9999 --set cpu.max=5000_10000",
		    "--set: \"cpu.max=5000 10000\": something is written there already" },
		{ "--device kvm",
		    "--device: \"kvm\" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a "
		    "is "
		    "due" },
		{ "--device=",
		    "--device: \"\" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a is "
		    "due" },
		{ "--device c:1:1048576",
		    "--device: \"c:1:1048576\" is no device; an absolute path, c:MAJ:MIN, "
		    "b:MAJ:MIN "
		    "or a is due" },
		{ "--device c:1",
		    "--device: \"c:1\" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a "
		    "is "
		    "due" },
		{ "--device c:r",
		    "--device: \"c\" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a is "
		    "due" },
		{ "--device cx1:2",
		    "--device: \"cx1:2\" is no device; an absolute path, c:MAJ:MIN, b:MAJ:MIN or a "
		    "is due" },
		{ "--device /dev/kvm:rwx",
		    "--device: \"rwx\" is no access; r, w and m, each once, are due" },
		{ "--device /dev/kvm:rr",
		    "--device: \"rr\" is no access; r, w and m, each once, are due" },
		{ "--device /dev/kvm:",
		    "--device: \"\" is no access; r, w and m, each once, are due" },
		{ "--device /..",
		    "--device: \"/..\" is a path with \"..\", where one without is due" },
		{ "--device a --device a:r", "--device: \"a:r\" is there already" },
		{ "--device /dev/a --device /dev//a:r",
		    "--device: \"/dev//a:r\" is there already" },
		{ "-m 1M --degrade memory,", "--degrade: unknown word \"\" (memory, cpu, pids)" },
		{ "--degrade seccomp", "--degrade: unknown word \"seccomp\" (memory, cpu, pids)" },
		{ "-p 1 --degrade pids,pids", "--degrade: \"pids\" is there already" },
		/* rules between them */
		{ "--no-oom-group", "--no-oom-group without --memory, which is due" },
		{ "--cpu-period 10ms", "--cpu-period without --cpu, which is due" },
		{ "--cpu-burst 10ms", "--cpu-burst without --cpu, which is due" },
		{ "-m 1M --memory-high 2M", "--memory-high is above --memory; at most 1M is due" },
		{ "-m 1M --memory-low 2M", "--memory-low is above --memory; at most 1M is due" },
		{ "-m 1M --memory-min 2M", "--memory-min is above --memory; at most 1M is due" },
		{ "-c 0.01 --cpu-period 99ms",
		    "--cpu of so short a --cpu-period is less than the 1ms that the kernel deals "
		    "out" },
		{ "-c 0.5 --cpu-burst 51ms",
		    "--cpu-burst is above what --cpu is in a --cpu-period; at most that is due" },
		{ "-m 1M --set memory.max=max",
		    "the file \"memory.max\" is written by another limit already" },
		{ "-c 1 --cpu-burst 0 --set cpu.max.burst=1",
		    "the file \"cpu.max.burst\" is written by another limit already" },
		{ "--cpu-weight 1 --set cpu.weight=1",
		    "the file \"cpu.weight\" is written by another limit already" },
		{ "--mems 0 --set cpuset.mems=1",
		    "the file \"cpuset.mems\" is written by another limit already" },
		{ "-p 5 --set pids.max=1",
		    "the file \"pids.max\" is written by another limit already" },
		{ "--io-weight 5 --set io.weight=1",
		    "the file \"io.weight\" is written by another limit already" },
		{ "--io 8:0:rbps=1 --set io.max=8:16_rbps=1",
		    "the file \"io.max\" is written by another limit already" },
		{ "--hugetlb 2M=0 --set hugetlb.2MB.max=0",
		    "the file \"hugetlb.2MB.max\" is written by another limit already" },
		{ "--degrade memory",
		    "--degrade memory: without --memory there is nothing to do without" },
		{ "-c 1 -p 1 --degrade memory",
		    "--degrade memory: without --memory there is nothing to do without" },
		{ "-t 1s --degrade cpu",
		    "--degrade cpu: without --cpu there is nothing to do without" },
		{ "--cpu-time 1s --degrade pids",
		    "--degrade pids: without --pids there is nothing to do without" },
		{ "-c 1 --degrade cpu",
		    "--degrade cpu: the share of the cores cannot be limited then; --timeout, of "
		    "which it "
		    "is the part, or --cpu-time is due" },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct limited g;

		CHECK_NUM(i, PARSE(&g, t[i].line), -1);
		CHECK_NUM(i, g.e.fault, FAULT_USAGE);
		CHECK_STR(i, said(&g), str_of(t[i].want));
	}
}

static void
more_than_can_be_told_apart(void)
{
	static const char *const option[][2] = { { "--io 7:", ":rbps=1" }, { "--device c:", ":0" },
		{ "--set a.b=r", "_1" } };
	static char line[1 << 13];

	for (size_t i = 0; i < COUNT(option); i++) {
		struct limited g;
		const char *before = option[i][0], *behind = option[i][1];
		size_t n = 0;

		for (int k = 0; k < 256; k++)
			n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%d%s ", before, k,
			    behind);
		CHECK_NUM(i, PARSE(&g, line), 0);
		snprintf(line + n, sizeof(line) - n, "%s%d%s ", before, 256, behind);
		CHECK_NUM(i, PARSE(&g, line), -1);
		CHECK_NUM(i, str_ends(said(&g), S(": more than 256 of them")), true);
	}
}

static const char everything[] =
    "-m 64M --memory-high 60M --memory-low 1M --memory-min 1K --swap 0 --no-oom-group -c 1.5 "
    "--cpu-period 50ms --cpu-burst 10ms --cpu-weight 7 --cpus 0-1 --mems 0 -p 10 "
    "--io /dev/vda:rbps=1 --io 8:0:wiops=9 --io-weight 3 --hugetlb 2M=4M --set misc.max=a_1 "
    "--device /dev/kvm:r --device c:1:* --no-default-devices -t 1m --grace 1s --idle-timeout 1s "
    "--cpu-time 9s --degrade memory,cpu,pids";

static void
less_memory(void)
{
	struct limited g;
	size_t used;

	CHECK_NUM(0, PARSE(&g, everything), 0);
	used = g.a.used;
	CHECK_NUM(0, used > 0, true);
	for (size_t i = 0; i < used; i++) {
		CHECK_NUM(i, parse(&g, (struct arena){ mem, 0, i }, everything), -1);
		CHECK_NUM(i, g.e.fault, FAULT_LIMIT);
	}
}

static void
what_takes_a_group(void)
{
	static const struct {
		const char *line;
		bool want;
	} t[] = {
		{ "", false },
		{ "-t 1s", false },
		{ "-t 1s --grace 2s", false },
		{ "-m 1M", true },
		{ "--memory-low 0", true },
		{ "--swap 0", true },
		{ "-p 1 --degrade pids", true },
		{ "--cpus 0", true },
		{ "--set misc.max=a", true },
		{ "--no-default-devices", true },
		{ "--device a", true },
		{ "--idle-timeout 1s", true },
		{ "--cpu-time 1s", true },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		struct limited g;

		CHECK_NUM(i, PARSE(&g, t[i].line), 0);
		CHECK_NUM(i, limits_group(&g.l), t[i].want);
	}
}

static void
equal_or_not(void)
{
	static const struct {
		const char *a, *b;
		bool want;
	} t[] = {
		{ "-m 1M", "--memory=1048576", true },
		{ "-m 1M", "--memory=1M --swap 0 --grace 5s", true },
		{ "-m 1M", "--memory=2M", false },
		{ "-m 1M", "--memory=1M --swap 1", false },
		{ "", "--swap 0", false },
		{ "", "--memory-low 0", false },
		{ "-c 1", "-c 1.0 --cpu-period 100ms", true },
		{ "-c 1", "-c 1.0 --cpu-period 101ms", false },
		{ "-m 1M", "-m 1M --no-oom-group", false },
		{ "-m 1M", "-m 1M --degrade memory", false },
		{ "--cpus 1,0", "--cpus 0-1", true },
		{ "--cpus 1", "--cpus 0-1", false },
		{ "--mems 1", "--mems 0-1", false },
		{ "--io /a:rbps=1", "--io //a:rbps=1", true },
		{ "--io /a:rbps=1", "--io /a:wbps=1", false },
		{ "--io /a:riops=1", "--io /a:wiops=1", false },
		{ "--io /a:rbps=1", "--io /b:rbps=1", false },
		{ "--io 1:2:rbps=1", "--io 1:3:rbps=1", false },
		{ "--io 1:2:rbps=1", "--io 1:2:rbps=1 --io 1:3:rbps=1", false },
		{ "--hugetlb 2M=0", "--hugetlb 2MB=0", true },
		{ "--hugetlb 2M=0", "--hugetlb 2MB=2M", false },
		{ "--set a.b=c", "--set a.b=d", false },
		{ "--set a.b=c", "--set a.c=c", false },
		{ "--set a.b=c", "--set a.b=c --set a.d=c", false },
		{ "--device a", "--device a:rwm", true },
		{ "--device a", "--device a:rw", false },
		{ "--device c:1:1", "--device b:1:1", false },
		{ "--device c:1:1", "--device c:1:2", false },
		{ "--device c:1:1", "--device c:2:1", false },
		{ "--device /a", "--device /b", false },
		{ "--device /a", "--device /a --device /b", false },
		{ "--no-default-devices", "", false },
		{ everything, everything, true },
	};

	for (size_t i = 0; i < COUNT(t); i++) {
		static unsigned char other[1 << 16];
		struct limited a, b;

		CHECK_NUM(i, PARSE(&a, t[i].a), 0);
		CHECK_NUM(i, parse(&b, (struct arena){ other, 0, sizeof(other) }, t[i].b), 0);
		CHECK_NUM(i, limits_eq(&a.l, &b.l), t[i].want);
		CHECK_NUM(i, limits_eq(&b.l, &a.l), t[i].want);
	}
}

UNIT_MAIN("limits", { "numbers", numbers },
    { "lists, as the kernel shows them", lists_as_the_kernel_shows_them },
    { "limits of block devices", limits_of_block_devices },
    { "rules for devices", rules_for_devices }, { "files and huge pages", files_and_huge_pages },
    { "what may be less", what_may_be_less }, { "faults", faults },
    { "more than 256", more_than_can_be_told_apart }, { "less memory", less_memory },
    { "what takes a group", what_takes_a_group }, { "equal or not", equal_or_not })
