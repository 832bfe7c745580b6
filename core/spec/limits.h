/* What a box may use of the machine: limits that a control group enforces, and time. */
#ifndef SBX_LIMITS_OF_A_BOX_H
#define SBX_LIMITS_OF_A_BOX_H

#include "spec/field.h"

/* DEVICE:rbps=N,wbps=N,riops=N,wiops=N. A value of UINT64_MAX was not given. */
struct io_limit {
	struct str path;       /* absolute: a block device, or a file on it; empty: by number */
	uint32_t major, minor; /* once core/run has looked, or as given by MAJ:MIN */
	bool known;            /* these two are */
	uint64_t rbps, wbps, riops, wiops;
	struct pos pos;
	struct io_limit *next;
};

/* SIZE=BYTES of hugetlb ("2MB=64M"), FILE=VALUE of --set. */
struct raw_limit {
	struct str name, value;
	uint64_t bytes; /* hugetlb */
	struct pos pos;
	struct raw_limit *next;
};

/* /dev/NAME[:rwm], or TYPE:MAJ:MIN[:rwm] where MAJ and MIN may be *. */
struct device_rule {
	struct str path;
	char type;             /* 'b', 'c'; 'a' for both */
	uint32_t major, minor; /* DEVICE_ANY: all */
	bool known;            /* type, major and minor are; else core/run looks */
	uint8_t access;        /* DEVICE_READ | DEVICE_WRITE | DEVICE_MKNOD */
	struct pos pos;
	struct device_rule *next;
};
enum { DEVICE_MKNOD = 1, DEVICE_READ = 2, DEVICE_WRITE = 4 }; /* linux/bpf.h, BPF_DEVCG_ACC_* */
#define DEVICE_ANY UINT32_MAX

struct limits {
	struct seen seen;
	uint64_t memory, memory_high, memory_low, memory_min, swap; /* bytes */
	bool no_oom_group; /* of a group that is out of memory one process ends, not all */
	uint64_t cpu;      /* thousandths of a core */
	uint64_t cpu_period, cpu_burst; /* ms */
	uint64_t cpu_weight, io_weight; /* 1 to 10000 */
	struct str cpus, mems;          /* lists like 0-3,5, checked */
	uint64_t pids;
	struct io_limit *io, **io_last;
	struct raw_limit *hugetlb, **hugetlb_last, *set, **set_last;
	struct device_rule *devices, **devices_last;
	bool devices_only; /* without the small set that is allowed otherwise */
	uint64_t timeout, grace, idle, cpu_time; /* ms; 0: none */
	uint32_t degrade;                        /* DEGRADE_* of spec/box.h */
};

/* Keys of a sandbox, and options of sbx-cg. */
extern const struct table limits_table;
/* Rules between them, and the defaults that follow from others: grace, cpu_period. 0 or -1. */
int limits_finish(struct field_ctx *, struct limits *) MUST_CHECK;
/* The row of the member at this offset, which has one. */
size_t limits_row(size_t offset);
/* Was this member given? By its offset. */
#define limits_given(l, member) field_given(&limits_table, (l), offsetof(struct limits, member))
/* Is there anything that takes a control group to enforce? */
bool limits_group(const struct limits *);
/* Same limits, whatever notation and position they came from? */
bool limits_eq(const struct limits *, const struct limits *);

#endif
