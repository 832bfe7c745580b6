#include "base/sort.h"
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
before(const void *x, const void *y)
{
	const struct slot *a = x, *b = y;
	int order = str_cmp(a->member->key, b->member->key);

	return order != 0 ? order < 0 : a->order < b->order;
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

/* Of slots that share a hash, the first in the text that repeats a key; or best, if before it.
 * p has room for a pointer to each. */
static const struct slot *
repeated_of_run(const struct slot *s, size_t n, const void **p, const struct slot *best)
{
	for (size_t i = 0; i < n; i++)
		p[i] = &s[i];
	sort_pointers(p, n, before);
	for (size_t i = 1; i < n; i++) {
		const struct slot *one = p[i - 1], *two = p[i];

		if (str_eq(one->member->key, two->member->key) &&
		    (best == NULL || two->order < best->order))
			best = two;
	}
	return best;
}

/* s has room for twice the number of members. */
static const struct value *
repeated_of_many(const struct value *object, struct slot *s)
{
	const struct slot *best = NULL;
	size_t n = 0, end;
	const void **p;

	for (const struct value *m = object->first; m != NULL; m = m->next, n++)
		s[n] = (struct slot){ hash_key(m->key), (uint32_t)n, m };
	radix_pass(s, s + n, n, 0);
	radix_pass(s + n, s, n, 8);
	radix_pass(s, s + n, n, 16);
	radix_pass(s + n, s, n, 24);
	p = (const void **)(void *)(s + n);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && s[end].hash == s[i].hash; end++)
			continue;
		if (end > i + 1)
			best = repeated_of_run(s + i, end - i, p, best);
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
