/* A test of a rule in the policy language. */
#include "spec/policyput.h"
#include "base/num.h"

/* Is it the name of this argument on all of the rule's architectures, for all of its calls? */
static bool
names_it(const struct rule *r, struct str name, uint8_t arg)
{
	for (unsigned a = 0; a < ARCH_COUNT; a++)
		for (unsigned c = 0; (r->archs >> a & 1) != 0 && c < calls_count(); c++)
			if (callset_has(&r->calls, c) && arg_index(c, (enum arch)a, name) != arg)
				return false;
	return true;
}

static int
first_call(const struct rule *r)
{
	for (unsigned c = 0; c < calls_count(); c++)
		if (callset_has(&r->calls, c))
			return (int)c;
	return -1;
}

static enum arch
first_arch(const struct rule *r)
{
	return (enum arch)__builtin_ctz(r->archs);
}

static void
put_argument(struct writer *w, const struct rule *r, const struct test *t)
{
	char text[64];
	struct buf b = BUF(text);
	int call = first_call(r);
	struct str name = S("");
	enum arch arch;

	if (call >= 0 && r->nnr == 0) {
		arch = arch_with((unsigned)call, first_arch(r));
		if (t->arg < call_args((unsigned)call, arch))
			name = call_arg_name((unsigned)call, arch, t->arg);
	}
	/* one of those that look like a number is none */
	if (name.n == 0 || name.n > 40 || str_starts(name, S("arg")) ||
	    !names_it(r, name, t->arg)) {
		buf_cstr(&b, "arg");
		buf_uint(&b, t->arg);
	} else {
		buf_put(&b, name);
	}
	if (t->wide)
		buf_cstr(&b, ":64");
	put_word(w, buf_str(&b));
}

/* A constant that has this value wherever the rule applies, or empty. */
static struct str
constant_for(const struct rule *r, const struct test *t, uint64_t v)
{
	int call = first_call(r);
	struct str name;
	uint64_t same;

	if (call < 0)
		return S("");
	name = constant_name((unsigned)call, first_arch(r), t->arg, v);
	for (unsigned a = 0; a < ARCH_COUNT && name.n > 0; a++)
		if ((r->archs >> a & 1) != 0 &&
		    (constant_find(name, (enum arch)a, &same) < 0 || same != v))
			return S("");
	return name;
}

/* A few bits by their names, if all have one. */
static bool
put_bits(struct buf *b, const struct rule *r, const struct test *t, uint64_t v)
{
	struct buf whole = *b;

	if (num_ones(v) < 2 || num_ones(v) > 16)
		return false;
	for (uint64_t rest = v; rest != 0; rest &= rest - 1) {
		struct str name = constant_for(r, t, rest & (0 - rest));

		if (name.n == 0 || whole.full)
			return false;
		if (rest != v)
			buf_char(&whole, '|');
		buf_put(&whole, name);
	}
	*b = whole;
	return !whole.full;
}

/* flags: of a mask. Of other values, small ones are no sums of bits, and 0 is none of the names
 * that may be for it. */
static void
put_value(struct buf *b, const struct rule *r, const struct test *t, uint64_t v, bool flags)
{
	struct str name = v == 0 ? S("") : constant_for(r, t, v);

	if (name.n > 0)
		buf_put(b, name);
	else if ((flags || v > UINT8_MAX) && put_bits(b, r, t, v))
		return;
	else if (v <= 4096)
		buf_uint(b, v);
	else if (0 - v <= 4096)
		buf_int(b, (int64_t)v);
	else
		buf_hex(b, v);
}

enum { VALUE_MAX = 512 };

static void
put_list(struct writer *w, const struct rule *r, const struct test *t)
{
	char text[2 * VALUE_MAX];

	put_word(w, t->negated ? S("not in {") : S("in {"));
	w->glue = true;
	for (size_t i = 0; i < t->n; i++) {
		struct buf b = BUF(text);

		put_value(&b, r, t, t->in[i].lo, t->mask != UINT64_MAX);
		if (t->in[i].hi != t->in[i].lo) {
			buf_cstr(&b, "..");
			put_value(&b, r, t, t->in[i].hi, t->mask != UINT64_MAX);
		}
		if (i + 1 < t->n)
			buf_char(&b, ',');
		put_word(w, buf_str(&b));
	}
	buf_char(w->buf, '}');
	w->glue = false;
}

static void
put_compare(struct writer *w, const struct rule *r, const struct test *t, struct str op, uint64_t v)
{
	char text[VALUE_MAX];
	struct buf b = BUF(text);

	put_word(w, op);
	put_value(&b, r, t, v, t->mask != UINT64_MAX);
	for (size_t at = 0, end; at < b.n; at = end) {
		end = str_find(buf_str(&b), '|', at);
		end += end < b.n;
		put_word(w, str_slice(buf_str(&b), at, end));
		w->glue = true;
	}
	w->glue = false;
}

static void
put_limit(struct writer *w, struct str op, uint64_t v)
{
	char text[32];
	struct buf b = BUF(text);

	buf_put(&b, op);
	if (v <= 4096)
		buf_uint(&b, v);
	else
		buf_hex(&b, v);
	put_word(w, buf_str(&b));
}

void
put_test(struct writer *w, const struct rule *r, const struct test *t)
{
	bool masked = t->mask != UINT64_MAX;
	uint64_t lo = t->n == 1 ? t->in->lo : 1, hi = t->n == 1 ? t->in->hi : 0;

	put_argument(w, r, t);
	if (masked)
		put_compare(w, r, t, S("&"), t->mask);
	if (masked && lo == 0 && hi == 0 && t->negated)
		return;
	/* what test_compare() makes of <= and > */
	if (lo == hi)
		put_compare(w, r, t, t->negated ? S("!=") : S("=="), lo);
	else if (!masked && lo == 0 && hi >> 63 == 0)
		put_limit(w, t->negated ? S("> ") : S("<= "), hi);
	else
		put_list(w, r, t);
}
