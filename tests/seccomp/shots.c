#include "shots.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534, URETPROBE = 335, UPROBE = 336 };

#if defined(__x86_64__)
extern const char raw_syscall_ip[], raw_int80_ip[];
int64_t raw_syscall(const uint64_t *), raw_int80(const uint32_t *);

/* The number and six arguments, and where the call returns to. */
__asm__(".text\n"
	"raw_syscall:\n"
	"	mov 0(%rdi), %rax\n"
	"	mov 16(%rdi), %rsi\n"
	"	mov 24(%rdi), %rdx\n"
	"	mov 32(%rdi), %r10\n"
	"	mov 40(%rdi), %r8\n"
	"	mov 48(%rdi), %r9\n"
	"	mov 8(%rdi), %rdi\n"
	"	syscall\n"
	"raw_syscall_ip:\n"
	"	ret\n"
	"raw_int80:\n"
	"	push %rbx\n"
	"	push %rbp\n"
	"	mov 0(%rdi), %eax\n"
	"	mov 4(%rdi), %ebx\n"
	"	mov 8(%rdi), %ecx\n"
	"	mov 12(%rdi), %edx\n"
	"	mov 16(%rdi), %esi\n"
	"	mov 24(%rdi), %ebp\n"
	"	mov 20(%rdi), %edi\n"
	"	int $0x80\n"
	"raw_int80_ip:\n"
	"	movslq %eax, %rax\n"
	"	pop %rbp\n"
	"	pop %rbx\n"
	"	ret\n");
#elif defined(__aarch64__)
extern const char raw_syscall_ip[];
int64_t raw_syscall(const uint64_t *);

/* The number and six arguments, and where the call returns to. That address would be the one of its
 * section where the linker does not know it by name. */
__asm__(".text\n"
	".globl raw_syscall_ip\n"
	"raw_syscall:\n"
	"	mov x9, x0\n"
	"	ldr x8, [x9]\n"
	"	ldp x0, x1, [x9, 8]\n"
	"	ldp x2, x3, [x9, 24]\n"
	"	ldp x4, x5, [x9, 40]\n"
	"	svc 0\n"
	"raw_syscall_ip:\n"
	"	ret\n");

/* A program of 64 bits cannot make calls of 32 bits here: nothing is fired that way. */
#define raw_int80_ip raw_syscall_ip

static int64_t
raw_int80(const uint32_t *r)
{
	(void)r;
	__builtin_trap();
}
#else
#error "not for this processor"
#endif

static int64_t
fire(const struct shot *s)
{
	uint64_t r[1 + CALL_ARGS] = { s->data.nr };
	uint32_t r32[1 + CALL_ARGS] = { s->data.nr };

	for (size_t i = 0; i < CALL_ARGS; i++) {
		r[1 + i] = s->data.arg[i];
		r32[1 + i] = (uint32_t)s->data.arg[i];
	}
	return s->i386 ? raw_int80(r32) : raw_syscall(r);
}

bool
shots_have_int80(void)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		raw_int80((const uint32_t[1 + CALL_ARGS]){ 20 /* getpid */ });
		_exit(0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

bool
shot_tells(const struct shot *s)
{
	return s->i386 || arch_native() != ARCH_X86_64 ||
	       (s->data.nr != URETPROBE && s->data.nr != UPROBE);
}

void
shots_aim(const struct bpf *b, struct shot *shot, size_t n)
{
	for (struct shot *s = shot; s < shot + n; s++) {
		struct bpf_data *d = &s->data;

		d->arch = arch_audit(s->i386 ? ARCH_I386 : arch_native());
		d->ip = (uint64_t)(uintptr_t)(s->i386 ? raw_int80_ip : raw_syscall_ip);
		for (size_t i = 0; s->i386 && i < CALL_ARGS; i++)
			d->arg[i] = (uint32_t)d->arg[i];
		s->want = bpf_run(b, d, NULL, NULL);
		s->predicted = (s->want & (uint32_t)RET_ACTION) == RET_ERRNO && shot_tells(s);
		s->fired = false;
	}
}

static bool
kills(const struct shot *s)
{
	uint32_t action = s->want & (uint32_t)RET_ACTION;

	return shot_tells(s) && (action == RET_KILL_THREAD || action == (uint32_t)RET_KILL_PROCESS);
}

static void
child(const struct bpf *b, struct shot *shot, size_t n)
{
	struct shot *last = NULL;

	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	/* Should the filter let through what it must not, it is not root's. */
	if (getuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		die();
	if (attach(b->insn, b->n) != 0)
		die();
	for (struct shot *s = shot; s < shot + n; s++) {
		if (s->predicted) {
			s->got = fire(s);
			s->fired = true;
		} else if (kills(s)) {
			last = s;
		}
	}
	if (last != NULL) {
		last->fired = true;
		last->got = fire(last);
	}
	die();
}

static void
tell(const struct bpf *b, const struct shot *s, int status)
{
	printf("%s %#x: we say %#x, the kernel answered %lld (status %d); arguments",
	    s->i386 ? "i386" : "native", s->data.nr, s->want, (long long)s->got, status);
	for (size_t i = 0; i < CALL_ARGS; i++)
		printf(" %#llx", (unsigned long long)s->data.arg[i]);
	printf("\n");
	for (size_t i = 0; i < b->n && i < 60; i++)
		printf("  %zu: { %#x, %u, %u, %#x }\n", i, b->insn[i].code, b->insn[i].jt,
		    b->insn[i].jf, b->insn[i].k);
}

/* The kernel gives no errno above 4095. */
static bool
right(const struct shot *s, int status)
{
	uint32_t sysno = s->want & RET_DATA;

	if (!s->predicted)
		return !s->fired || (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
	return s->fired && s->got == -(int64_t)(sysno > 4095 ? 4095 : sysno);
}

int
shots_fire(const struct bpf *b, struct shot *shot, size_t n)
{
	int status = 0, wrong = 0;
	pid_t pid;

	shots_aim(b, shot, n);
	pid = fork();
	if (pid == 0)
		child(b, shot, n);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("child");
		return -1;
	}
	for (const struct shot *s = shot; s < shot + n; s++)
		if (!right(s, status) && wrong++ == 0)
			tell(b, s, status);
	return wrong;
}
