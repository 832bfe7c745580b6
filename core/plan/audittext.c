/* What is said of a filter. */
#include "plan/audit.h"

/* Severity, id, text; an empty text is that of the next. Many begin alike: + is "% is allowed on
 * %", - "% is denied on %". */
static const char texts[] =
    "Earch-unchecked\0"
    "programs of other architectures are let through: their numbers mean other calls\0"
    "Edefault-allow-only-allows\0"
    "whatever is called, it is allowed\0"
    "Epointer-argument\0"
    "a supervisor is asked about % on %, with arguments that are pointers: what they point to can "
    "change after the answer\0"
    "Epointer-argument\0"
    "the answer to % on % depends on the value of a pointer, not on what it points to\0"
    "Wx32-open\0"
    "% is denied on x86_64 and allowed by its x32 number\0"
    "Wx32-old-numbers\0"
    "% is denied on x86_64; number % is allowed, by which kernels before 5.4 make it\0"
    "Wi386-multiplex\0"
    "+: it makes % too, with arguments that no filter sees\0"
    "Wclone3-pointer-flags\0"
    "\0"
    "Wclone3-errno\0"
    "% on % is not answered with ENOSYS, at which libc would use clone\0"
    "Wopenat2-pointer-flags\0"
    "+, whose flags no filter sees, while those of % are restricted\0"
    "Wio_uring-bypass\0"
    "+: through it goes what is restricted of %\0"
    "Wmsg-fastopen\0"
    "+: with MSG_FASTOPEN it connects, which % may not\0"
    "Wsibling-gap\0"
    "+, its sibling % is denied\0"
    "Wsibling-gap\0"
    "+ with any arguments, its sibling % is not\0"
    "Ntime64-missing\0"
    "-, while % is allowed: newer programs use the first\0"
    "Wignored-half\0"
    "the answer to % on % depends on the high half of %, which the kernel ignores\0"
    "Nsigned-comparison\0"
    "% on %: % is signed, a negative one is compared as a large one\0"
    "Nhigh-word-on-32-bit\0"
    "the program loads high halves of arguments on %, where they are always 0\0"
    "Werrno-range\0"
    "an error number above 4095: the kernel makes it 4095\0"
    "Werrno-zero\0"
    "error number 0: the call is not made, and its caller is told of success\0"
    "Wunknown-action\0"
    "an action that the kernel does not know kills the process\0"
    "Ntrace-without-tracer\0"
    "the action trace is ENOSYS where nobody traces\0"
    "Wnotify-on-runtime-calls\0"
    "a supervisor is asked about % on %, which every program needs to start or to end\0"
    "Nptrace-old-kernel\0"
    "+: before Linux 4.8 a tracer could change a call behind the filter\0"
    "Wdenies-exec\0"
    "-: no program can be executed\0"
    "Warm-private-calls\0"
    "-: its programs cannot start\0"
    "Wdangerous-allowed\0"
    "allowed, though it reaches beyond the process: %\0"
    "Nuprobe-always-allowed\0"
    "newer kernels make % on % whatever a filter says\0"
    "Wnewer-calls-eperm\0"
    "unknown calls on % are not answered with ENOSYS, at which libc would use older ones\0";

static const char *
next(const char *s)
{
	return s + str_of(s).n + 1;
}

static struct pos
position(const struct audit *a, int arch, int call)
{
	for (const struct rule *r = a->policy != NULL && call >= 0 ? a->policy->first : NULL;
	     r != NULL; r = r->next)
		if (rule_names(r, (enum arch)arch,
			(uint32_t)call_number((unsigned)call, (enum arch)arch), call))
			return r->pos;
	return POS_NONE;
}

static struct str
text_of(const struct audit *a, const char *at, const struct str *arg, size_t n)
{
	struct str begin = S("");

	while (*at == '\0')
		at = next(next(at));
	if (*at == '+')
		begin = S("% is allowed on %");
	else if (*at == '-')
		begin = S("% is denied on %");
	at = arena_text(a->d->arena, TEXT("%%", begin, str_of(at + (begin.n > 0))));
	return at == NULL ? (struct str){ NULL, 0 } : arena_join(a->d->arena, at, arg, n);
}

void
audit_note(struct audit *a, enum finding f, int arch, int call, const struct str *arg, size_t n)
{
	struct note *note = arena_get(a->d->arena, sizeof(*note));
	const char *at = texts;

	for (unsigned i = 0; i < (unsigned)f; i++)
		at = next(next(at));
	if (note == NULL) {
		diagram_fail(a->d, NULL);
		return;
	}
	note->severity = *at == 'E' ? SEVERITY_ERROR
		       : *at == 'W' ? SEVERITY_WARNING
				    : SEVERITY_NOTE;
	note->id = str_of(at + 1);
	note->pos = position(a, arch, call);
	note->text = text_of(a, next(at), arg, n);
	if (note->text.p == NULL)
		diagram_fail(a->d, NULL);
	if (a->notes->last == NULL)
		a->notes->last = &a->notes->first;
	*a->notes->last = note;
	a->notes->last = &note->next;
	a->notes->n[note->severity]++;
}

void
audit_found(struct audit *a, enum finding f, int arch, int call, int other)
{
	struct str arg[3] = { S(""), arch_name((enum arch)arch), S("") };

	for (size_t i = 0; i < a->ntold; i++)
		if (a->told[i].finding == (int)f && a->told[i].call == call &&
		    a->told[i].other == other)
			return;
	if (a->ntold < COUNT(a->told)) {
		a->told[a->ntold].finding = (int)f;
		a->told[a->ntold].call = call;
		a->told[a->ntold++].other = other;
	}
	if (call >= 0)
		arg[0] = call_name((unsigned)call);
	if (other >= 0)
		arg[2] = call_name((unsigned)other);
	audit_note(a, f, arch, call, call >= 0 ? arg : arg + 1, call >= 0 ? 3 : 1);
}
