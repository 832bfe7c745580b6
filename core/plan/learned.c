#include "plan/learned.h"

#include "base/sort.h"
#include "spec/notify.h"

/* Calls whose one argument says what they are for: without it, to allow them is to allow a lot.
 * Native places; clone's differ on s390x, which we do not run on. */
static const char told[] = "clone\0"
			   "ioctl\1"
			   "personality\0"
			   "prctl\0"
			   "socket\0"
			   "socketpair\0"
			   "unshare\0";

/* The index of that argument, or -1. */
static int
telling(struct str name)
{
	size_t i = 0;

	while (i + 1 < sizeof(told)) {
		size_t n = 0;

		while (told[i + n] >= 'a')
			n++;
		if (str_eq(name, (struct str){ told + i, n }))
			return told[i + n];
		i += n + 1;
	}
	return -1;
}

int
learned_init(struct arena *a, struct learned *l, struct err *e)
{
	l->call = arena_array(a, LEARNED_CALLS, sizeof(*l->call));
	l->n = 0;
	return l->call == NULL ? err_memory(e) : 0;
}

static void
note_value(struct learned_call *c, uint64_t value)
{
	for (size_t i = 0; i < c->nvalues; i++)
		if (c->value[i] == value)
			return;
	if (c->nvalues < LEARNED_VALUES)
		c->value[c->nvalues++] = value;
	else
		c->many = true;
}

static int
call_at(uint32_t audit, uint32_t nr, int *arch)
{
	*arch = arch_of(audit, nr);
	return *arch < 0 ? -1 : call_of((enum arch) * arch, nr);
}

/* What the kernel takes of it. */
static uint64_t
taken(unsigned call, enum arch arch, size_t i, uint64_t value)
{
	enum width w = call_arg_width(call, arch, i);

	return w == WIDTH_INT || w == WIDTH_UINT || !arch_wide(arch) ? (uint32_t)value : value;
}

int
learned_add(struct learned *l, uint32_t audit, uint32_t nr, const uint64_t arg[CALL_ARGS])
{
	size_t at = (nr * 2654435761u ^ audit) % LEARNED_CALLS;
	struct learned_call *c = &l->call[at];
	int arch, call, i;

	/* there is a free place always */
	while (c->count > 0 && (c->nr != nr || c->audit != audit))
		c = &l->call[at = (at + 1) % LEARNED_CALLS];
	if (c->count == 0) {
		if (l->n == LEARNED_CALLS - 1)
			return -1;
		l->n++;
		c->audit = audit;
		c->nr = nr;
	}
	c->count++;
	call = call_at(audit, nr, &arch);
	i = call < 0 ? -1 : telling(call_name((unsigned)call));
	if (i >= 0 && (size_t)i < call_args((unsigned)call, (enum arch)arch))
		note_value(c, taken((unsigned)call, (enum arch)arch, (size_t)i, arg[i]));
	return 0;
}

/* ---- printing -------------------------------------------------------------------------------- */

static bool
before(const void *a, const void *b)
{
	const struct learned_call *x = a, *y = b;
	int xa, ya, xc = call_at(x->audit, x->nr, &xa), yc = call_at(y->audit, y->nr, &ya);

	if (xa != ya)
		return xa < ya;
	/* the table is in order of names */
	return xc != yc ? xc < yc : x->nr < y->nr;
}

static void
put_values(struct buf *b, const struct learned_call *c, unsigned call, enum arch arch, size_t i)
{
	buf_text(b, TEXT(" % in {", call_arg_name(call, arch, i)));
	for (size_t k = 0; k < c->nvalues; k++) {
		struct str name = constant_name(call, arch, i, c->value[k]);

		buf_cstr(b, k > 0 ? ", " : "");
		if (name.n > 0)
			buf_put(b, name);
		else
			buf_hex(b, c->value[k]);
	}
	buf_char(b, '}');
}

static void
put_call(struct buf *b, const struct learned_call *c)
{
	int arch, call = call_at(c->audit, c->nr, &arch);
	int i = call < 0 ? -1 : telling(call_name((unsigned)call));

	buf_cstr(b, "allow ");
	if (call < 0) {
		buf_char(b, '#');
		buf_uint(b, c->nr);
	} else {
		buf_put(b, call_name((unsigned)call));
	}
	if (i >= 0 && c->nvalues > 0 && !c->many)
		put_values(b, c, (unsigned)call, (enum arch)arch, (size_t)i);
	if (c->count == 1) {
		buf_cstr(b, " # once\n");
		return;
	}
	buf_cstr(b, " # ");
	buf_uint(b, c->count);
	buf_cstr(b, c->many ? " times, with more values than are worth a list\n" : " times\n");
}

static bool
saw(const struct learned *l, enum arch arch, unsigned call)
{
	for (size_t i = 0; i < LEARNED_CALLS; i++) {
		const struct learned_call *c = &l->call[i];
		int a = -1;

		if (c->count > 0 && call_at(c->audit, c->nr, &a) == (int)call && a == (int)arch)
			return true;
	}
	return false;
}

/* A program does not ask for these by itself: the end of a signal's handler, and a call that is
 * taken up again after a stop. Whether that happens is chance. */
static void
put_kernels(struct buf *b, const struct learned *l, enum arch arch)
{
	static const char always[] = "restart_syscall\0rt_sigreturn\0";

	for (const char *name = always; *name != '\0'; name += str_of(name).n + 1) {
		int call = call_find(str_of(name));

		if (call >= 0 && call_number((unsigned)call, arch) >= 0 &&
		    !saw(l, arch, (unsigned)call))
			buf_text(b, TEXT("allow % # not seen: the kernel makes it when it has to\n",
					str_of(name)));
	}
}

/* The calls of one architecture, in order. */
static void
put_arch(struct buf *b, const struct learned *l, const void *const *order, enum arch arch)
{
	put_kernels(b, l, arch);
	for (size_t i = 0; i < l->n; i++) {
		const struct learned_call *c = order[i];

		if (arch_of(c->audit, c->nr) == (int)arch)
			put_call(b, c);
	}
}

/* Which there were, bit set; no kernel of ours gives another number. */
static uint32_t
archs_of(const struct learned *l)
{
	uint32_t archs = 0;

	for (size_t i = 0; i < LEARNED_CALLS; i++) {
		int arch = arch_of(l->call[i].audit, l->call[i].nr);

		if (l->call[i].count > 0 && arch >= 0)
			archs |= 1u << arch;
	}
	return archs;
}

int
learned_put(struct arena *a, struct buf *b, const struct learned *l, struct err *e)
{
	const void **order = arena_array(a, l->n + 1, sizeof(*order));
	uint32_t archs = archs_of(l);
	bool one = archs == 1u << arch_native();
	size_t n = 0;

	if (order == NULL)
		return err_memory(e);
	for (size_t i = 0; i < LEARNED_CALLS; i++)
		if (l->call[i].count > 0)
			order[n++] = &l->call[i];
	sort_pointers(order, n, before);
	buf_cstr(b, "default errno EPERM\n");
	/* the language's own default is the native one, and rules are for all that are named */
	if (!one)
		buf_cstr(b, "arch");
	for (unsigned i = 0; !one && i < ARCH_COUNT; i++)
		if ((archs >> i & 1) != 0)
			buf_text(b, TEXT(" %", arch_name(i)));
	if (!one)
		buf_char(b, '\n');
	for (unsigned i = 0; i < ARCH_COUNT; i++) {
		if ((archs >> i & 1) == 0)
			continue;
		if (!one)
			buf_text(b, TEXT("on % {\n", arch_name(i)));
		put_arch(b, l, order, i);
		if (!one)
			buf_cstr(b, "}\n");
	}
	return b->full ? err_limit(e, POS_NONE, "the policy does not fit") : 0;
}
