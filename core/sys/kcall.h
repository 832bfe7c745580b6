/* The kernel's calling convention: a system call is this and nothing else, no cancellation, no
 * errno, no second call behind the first. */
/* Not called syscall.h: <sys/syscall.h> would find it. */
#ifndef SBX_KCALL_H
#define SBX_KCALL_H

#include <sys/syscall.h>

#if defined(__clang_analyzer__)

/* It does not see what assembly writes to; of a function that it does not know it expects all. */
long k_call6(long n, long a, long b, long c, long d, long e, long f);
long k_call3(long n, long a, long b, long c);

#elif defined(__x86_64__)

/* syscall(2): number and result in rax, arguments in rdi rsi rdx r10 r8 r9; rcx and r11 are lost */
static inline long
k_call6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

static inline long
k_call3(long n, long a, long b, long c)
{
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "a"(n), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return r;
}

#elif defined(__aarch64__)

/* syscall(2): number in x8, arguments in x0 to x5, result in x0 */
static inline long
k_call6(long n, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory", "cc");
	return x0;
}

static inline long
k_call3(long n, long a, long b, long c)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory", "cc");
	return x0;
}

#else
#error "the calling convention of this machine is not known"
#endif

/* Up to three arguments, or up to six; integers or pointers. For most calls three will do, and to
 * clear the registers of the others would be half of their code. */
#define K3(n, a, b, c) k_call3(n, (long)(a), (long)(b), (long)(c))
#define K6(n, a, b, c, d, e, f) \
	k_call6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

#endif
