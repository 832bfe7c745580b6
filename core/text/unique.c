#include "text/value.h"

/* Up to here comparing every pair is faster than any preparation. */
enum { FEW = 12 };

/*
 * Members are sorted by a hash of their keys, in linear time and almost without a look at the keys.
 * Only those that share a hash are sorted by their texts, so that somebody who makes all hashes
 * equal gets n log n comparisons, not a quadratic time.
 */
struct slot {
	uint32_t hash; /* FNV-1a */
	uint32_t order;
	const struct value *member;
};

static uint32_t
hash_key(struct str key)
{
	uint32_t h = 2166136261;

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 16777619;
	return h;
}

/* By one byte of the hash, stable. */
static void
radix_pass(const struct slot *from, struct slot *to, size_t n, unsigned shift)
{
	size_t at[257] = { 0 };

	for (size_t i = 0; i < n; i++)
		at[(from[i].hash >> shift & 255) + 1]++;
	for (size_t i = 1; i < COUNT(at); i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < n; i++)
		to[at[from[i].hash >> shift & 255]++] = from[i];
}

static bool
before(const struct slot *a, const struct slot *b)
{
	int order = str_cmp(a->member->key, b->member->key);

	return order != 0 ? order < 0 : a->order < b->order;
}

/* Lets the slot at the top of a heap of n sink to its place. */
static void
sink(struct slot *s, size_t top, size_t n)
{
	struct slot hold = s[top];
	size_t child;

	while ((child = 2 * top + 1) < n) {
		if (child + 1 < n && before(&s[child], &s[child + 1]))
			child++;
		if (!before(&hold, &s[child]))
			break;
		s[top] = s[child];
		top = child;
	}
	s[top] = hold;
}

static void
heap_sort(struct slot *s, size_t n)
{
	for (size_t i = n / 2; i > 0; i--)
		sink(s, i - 1, n);
	for (size_t last = n - 1; last > 0; last--) {
		struct slot hold = s[0];

		s[0] = s[last];
		s[last] = hold;
		sink(s, 0, last);
	}
}

static const struct value *
repeated_of_few(const struct value *object)
{
	for (const struct value *m = object->first; m != NULL; m = m->next)
		for (const struct value *o = object->first; o != m; o = o->next)
			if (str_eq(o->key, m->key))
				return m;
	return NULL;
}

/* Of slots that share a hash, the first in the text that repeats a key; or best, if before it. */
static const struct slot *
repeated_of_run(struct slot *s, size_t n, const struct slot *best)
{
	heap_sort(s, n);
	for (size_t i = 1; i < n; i++)
		if (str_eq(s[i - 1].member->key, s[i].member->key) &&
		    (best == NULL || s[i].order < best->order))
			best = &s[i];
	return best;
}

/* s has room for twice the number of members. */
static const struct value *
repeated_of_many(const struct value *object, struct slot *s)
{
	const struct slot *best = NULL;
	size_t n = 0, end;

	for (const struct value *m = object->first; m != NULL; m = m->next, n++)
		s[n] = (struct slot){ hash_key(m->key), (uint32_t)n, m };
	radix_pass(s, s + n, n, 0);
	radix_pass(s + n, s, n, 8);
	radix_pass(s, s + n, n, 16);
	radix_pass(s + n, s, n, 24);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && s[end].hash == s[i].hash; end++)
			continue;
		best = repeated_of_run(s + i, end - i, best);
	}
	return best != NULL ? best->member : NULL;
}

const struct value *
value_duplicate(const struct value *object, struct arena *a, bool *exhausted)
{
	size_t used = a->used;
	const struct value *found;
	struct slot *s;

	*exhausted = false;
	if (object->count <= FEW)
		return repeated_of_few(object);
	s = arena_array(a, object->count, 2 * sizeof(*s));
	if (s == NULL) {
		*exhausted = true;
		return NULL;
	}
	found = repeated_of_many(object, s);
	a->used = used;
	return found;
}
