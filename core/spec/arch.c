#include "spec/calls.h"

/* By number: ours, which is uname -m's but for x32, which has no kernel of its own; then every
 * other name that a policy, a profile or an image may have for it. Each ends in a space. */
static const char names[] = "x86_64 amd64 SCMP_ARCH_X86_64 x86-64 |"
			    "i386 386 SCMP_ARCH_X86 x86 i486 i586 i686 |"
			    "x32 SCMP_ARCH_X32 |"
			    "aarch64 arm64 SCMP_ARCH_AARCH64 |"
			    "arm SCMP_ARCH_ARM armv6l armv7l armhf |"
			    "riscv64 SCMP_ARCH_RISCV64 |"
			    "ppc64le SCMP_ARCH_PPC64LE ppc64el |"
			    "s390x SCMP_ARCH_S390X |";

/* AUDIT_ARCH_* of linux/audit.h: EM_* of linux/elf-em.h, a bit for 64 bits, one for little
 * endian. */
enum { WIDE = 1, LITTLE = 2 };

static const struct {
	uint16_t machine;
	uint8_t bits;
	uint8_t family;
} traits[ARCH_COUNT] = {
	[ARCH_X86_64] = { 62, WIDE | LITTLE, ARCH_X86_64 },
	[ARCH_I386] = { 3, LITTLE, ARCH_X86_64 },
	[ARCH_X32] = { 62, WIDE | LITTLE, ARCH_X86_64 },
	[ARCH_AARCH64] = { 183, WIDE | LITTLE, ARCH_AARCH64 },
	[ARCH_ARM] = { 40, LITTLE, ARCH_AARCH64 },
	[ARCH_RISCV64] = { 243, WIDE | LITTLE, ARCH_RISCV64 },
	[ARCH_PPC64LE] = { 21, WIDE | LITTLE, ARCH_PPC64LE },
	[ARCH_S390X] = { 22, WIDE, ARCH_S390X },
};

struct str
arch_name(enum arch arch)
{
	struct str all = { names, sizeof(names) - 1 };
	size_t from = 0;

	for (unsigned i = 0; i < arch; i++)
		from = str_find(all, '|', from) + 1;
	return str_slice(all, from, str_find(all, ' ', from));
}

int
arch_find(struct str name)
{
	int arch = 0;

	for (const char *at = names; *at != '\0'; at++) {
		size_t n = 0;

		while (n < name.n && at[n] == name.p[n] && at[n] != ' ')
			n++;
		if (n == name.n && at[n] == ' ')
			return arch;
		for (at += n; *at != ' '; at++)
			;
		if (at[1] == '|') {
			at++;
			arch++;
		}
	}
	return -1;
}

uint32_t
arch_audit(enum arch arch)
{
	return traits[arch].machine | (uint32_t)(traits[arch].bits & WIDE) << 31 |
	       (uint32_t)(traits[arch].bits & LITTLE) << 29;
}

int
arch_of(uint32_t audit, uint32_t nr)
{
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		if (arch_audit((enum arch)a) == audit &&
		    (a == ARCH_X32) == (audit == arch_audit(ARCH_X32) && (nr & X32_BIT) != 0))
			return (int)a;
	return -1;
}

bool
arch_wide(enum arch arch)
{
	return (traits[arch].bits & WIDE) != 0;
}

bool
arch_big_endian(enum arch arch)
{
	return (traits[arch].bits & LITTLE) == 0;
}

uint32_t
arch_family(enum arch arch)
{
	uint32_t all = 0;

	for (unsigned i = 0; i < ARCH_COUNT; i++)
		if (traits[i].family == traits[arch].family)
			all |= UINT32_C(1) << i;
	return all;
}

enum arch
arch_native(void)
{
#if defined(__x86_64__)
	return ARCH_X86_64;
#elif defined(__aarch64__)
	return ARCH_AARCH64;
#else
#error "an architecture that core/spec/arch.c does not know"
#endif
}
