/* What a filter makes of arguments that are not what it takes them for. */
#include <string.h>

#include "plan/audit.h"

/* On what of the arguments an answer depends. */
struct look {
	const struct diagram *d;
	unsigned char *seen;
	uint64_t bits[VALUE_IP + 1];
	bool beyond_null[VALUE_IP + 1]; /* on more than whether it is 0 */
	uint32_t first[VALUE_IP + 1];   /* a node at which it is asked for */
};

static void
look(struct look *l, uint32_t i, unsigned depth)
{
	const struct node *n = node_at(l->d, i);
	unsigned value = n->var / 64;

	if (depth == 0 || n->var == VAR_LEAF || (l->seen[i / 8] >> i % 8 & 1) != 0)
		return;
	l->seen[i / 8] |= (unsigned char)(1 << i % 8);
	if (l->bits[value] == 0)
		l->first[value] = i;
	l->bits[value] |= UINT64_C(1) << (63 - n->var % 64);
	if (node_at(l->d, n->one)->var / 64 == value)
		l->beyond_null[value] = true;
	look(l, n->zero, depth - 1);
	look(l, n->one, depth - 1);
}

/* Where a value leads. */
static uint32_t
follow(const struct diagram *d, uint32_t i, uint64_t v)
{
	unsigned value = node_at(d, i)->var / 64;

	for (const struct node *n = node_at(d, i); n->var / 64 == value; n = node_at(d, i))
		i = v >> (63 - n->var % 64) & 1 ? n->one : n->zero;
	return i;
}

/* Small ones one way; large ones and those that are negative as an int the other. */
static bool
is_threshold(const struct look *l, unsigned i)
{
	const uint64_t small[] = { 1, 2 }, large[] = { 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t zero, most;

	if ((l->bits[i] >> 30 & 3) != 3)
		return false;
	zero = follow(l->d, l->first[i], 0);
	most = follow(l->d, l->first[i], 0x40000000);
	for (size_t k = 0; k < COUNT(small); k++)
		if (follow(l->d, l->first[i], small[k]) != zero)
			return false;
	for (size_t k = 0; k < COUNT(large); k++)
		if (follow(l->d, l->first[i], large[k]) != most)
			return false;
	return zero != most;
}

static void
judge_argument(struct audit *a, const struct look *l, int arch, unsigned call, unsigned i)
{
	enum width width = call_arg_width(call, (enum arch)arch, i);
	struct str arg[] = { call_name(call), arch_name((enum arch)arch),
		call_arg_name(call, (enum arch)arch, i) };

	if (width == WIDTH_POINTER && l->beyond_null[i])
		audit_found(a, FOUND_TEST_POINTER, arch, (int)call, -1);
	if (width <= WIDTH_UINT && l->bits[i] > UINT32_MAX)
		audit_note(a, FOUND_IGNORED_HALF, arch, (int)call, arg, COUNT(arg));
	if (width == WIDTH_INT && l->bits[i] <= UINT32_MAX && is_threshold(l, i))
		audit_note(a, FOUND_SIGNED, arch, (int)call, arg, COUNT(arg));
}

bool
audit_asks(uint32_t action)
{
	return (action & (uint32_t)RET_ACTION) == RET_NOTIFY;
}

static const char runtime[] =
    "\0close\0execve\0exit\0exit_group\0futex\0mmap\0mprotect\0read\0recvmsg\0"
    "rt_sigreturn\0sendmsg\0write\0";

static bool
is_runtime(struct str name)
{
	for (const char *at = runtime + 1; *at != '\0'; at += str_of(at).n + 1)
		if (str_eq(str_of(at), name))
			return true;
	return false;
}

static void
judge_notify(struct audit *a, int arch, unsigned call)
{
	size_t n = call_args(call, (enum arch)arch);

	for (size_t i = 0; i < n; i++)
		if (call_arg_width(call, (enum arch)arch, i) == WIDTH_POINTER) {
			audit_found(a, FOUND_NOTIFY_POINTER, arch, (int)call, -1);
			break;
		}
	if (is_runtime(call_name(call)))
		audit_found(a, FOUND_NOTIFY_RUNTIME, arch, (int)call, -1);
}

/* The findings with an argument's name are told of the first architecture alone. */
void
audit_arguments(struct audit *a)
{
	struct look l = { .d = a->d };

	l.seen = arena_get(a->d->arena, a->d->n / 8 + 1);
	if (l.seen == NULL) {
		diagram_fail(a->d, NULL);
		return;
	}
	for (unsigned call = 0; call < calls_count(); call++)
		for (int arch = 0, told = 0; arch < ARCH_COUNT; arch++) {
			uint32_t node;
			size_t n;

			if (a->fate[arch][call] == FATE_ABSENT)
				continue;
			node = audit_node(a, arch, call);
			if (diagram_has(a->d, node, audit_asks))
				judge_notify(a, arch, call);
			if (node_is_leaf(a->d, node) || told)
				continue;
			told = 1;
			memset(l.seen, 0, a->d->n / 8 + 1);
			memset(l.bits, 0, sizeof(l.bits));
			memset(l.beyond_null, 0, sizeof(l.beyond_null));
			look(&l, node, VARS);
			n = call_args(call, (enum arch)arch);
			for (unsigned i = 0; i < n; i++)
				if (l.bits[i] != 0)
					judge_argument(a, &l, arch, call, i);
		}
}
