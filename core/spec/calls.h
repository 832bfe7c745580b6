/* What the kernels of the supported architectures call their system calls. Source of every table:
 * scripts/calls.sh and scripts/constants.sh, which compare them with the kernel's own headers. */
#ifndef SBX_CALLS_H
#define SBX_CALLS_H

#include "base/base.h"

/* As a filter tells them apart; x32 has x86_64's audit number and bit 30 in its call numbers. */
enum arch {
	ARCH_X86_64,
	ARCH_I386,
	ARCH_X32,
	ARCH_AARCH64,
	ARCH_ARM,
	ARCH_RISCV64,
	ARCH_PPC64LE,
	ARCH_S390X,
	ARCH_COUNT
};

enum { ARCH_ALL = (1 << ARCH_COUNT) - 1, X32_BIT = 0x40000000 };

struct str arch_name(enum arch);
/* By our name, that of OCI (SCMP_ARCH_X86) or that of an image (amd64); -1 for none. */
int arch_find(struct str);
/* AUDIT_ARCH_*, linux/audit.h. */
uint32_t arch_audit(enum arch);
/* The architecture of a call by its AUDIT_ARCH_* and number (of which only x32's bit counts), or
 * -1. */
int arch_of(uint32_t audit, uint32_t nr);
/* Registers of 64 bits (x32 too: the kernel is handed them whole). */
bool arch_wide(enum arch);
bool arch_big_endian(enum arch);
/* Those that the kernel of this machine can run: {x86_64, i386, x32}, {aarch64, arm}, itself. */
uint32_t arch_family(enum arch);
/* The first of a family; what this program was built for. */
enum arch arch_native(void);

/* A call is its index in the table, in order of names (strcmp). */
enum { CALL_COUNT_MAX = 640, CALL_ARGS = 6 };

size_t calls_count(void);
/* Index, or -1. */
int call_find(struct str name);
/* The same, soon when it is a little behind `near`: lists are in order, mostly. */
int call_find_near(struct str name, unsigned near);
struct str call_name(unsigned call);
/* Its number, with X32_BIT where that belongs to it; -1 where the architecture has no such call. */
int64_t call_number(unsigned call, enum arch);
/* The call of a number (with X32_BIT for x32), or -1; of two names for one number
 * (arm_sync_file_range, sync_file_range2) the first. Looks at every call: for many numbers there is
 * calls_by_number(). */
int call_of(enum arch, uint32_t nr);
/* All at once: by[nr] for each nr < n (x32: without X32_BIT), CALL_NONE where there is none. No
 * number reaches CALL_NUMBERS but those of ARM's own calls, which are 0xf0001 to 0xf0006. */
enum { CALL_NUMBERS = 640, CALL_NONE = 0xffff };
void calls_by_number(enum arch, uint16_t *by, size_t n);
/* The first kernel with it on the first architecture that had it, major * 1000 + minor (2.6 and
 * earlier: 2006). */
unsigned call_since(unsigned call);

enum width { WIDTH_INT, WIDTH_UINT, WIDTH_LONG, WIDTH_POINTER };

/* How many arguments; 0..6. They can differ by architecture: clone's flags come second on s390x, a
 * loff_t takes two registers on 32-bit ones, where its halves have no name. */
size_t call_args(unsigned call, enum arch);
/* Of argument i < call_args(): its name in the kernel's prototype (empty for half of one), and what
 * the kernel takes of the register: WIDTH_INT and WIDTH_UINT the low 32 bits (of a umode_t, which
 * counts as UINT, only 16). */
struct str call_arg_name(unsigned call, enum arch, size_t i);
enum width call_arg_width(unsigned call, enum arch, size_t i);
/* Index of the argument of that name, or -1. */
int call_arg_find(unsigned call, enum arch, struct str name);
/* The nearest name, or empty. */
struct str call_suggest(struct str wrong);

struct callset {
	uint64_t word[CALL_COUNT_MAX / 64];
};

void callset_add(struct callset *, unsigned call);
void callset_remove(struct callset *, unsigned call);
bool callset_has(const struct callset *, unsigned call);
bool callset_empty(const struct callset *);
void callset_join(struct callset *, const struct callset *);
/* Of word i of a set the calls that the architecture has. */
uint64_t calls_there(enum arch, unsigned i, uint64_t word);

/* Named sets, without the @: "io", "file-system", "network", ... */
size_t sets_count(void);
struct str set_name(size_t);
int set_find(struct str name);
/* Adds its calls. */
void set_join(size_t set, struct callset *);
struct str set_suggest(struct str wrong);

/* CLONE_NEWUSER, AF_INET, TIOCSTI, ...: 0 or -1. The value is that of this architecture; AT_FDCWD
 * and the like are negative numbers of 64 bits. */
int constant_find(struct str name, enum arch, uint64_t *value);
/* Is its value not the same everywhere? */
bool constant_differs(struct str name);
/* A name for a value of this argument of this call, or empty: for printing. */
struct str constant_name(unsigned call, enum arch, size_t arg, uint64_t value);
struct str constant_suggest(struct str wrong);

#endif
