#include <string.h>

#include "base/base.h"

char *
arena_bytes(struct arena *a, size_t n)
{
	unsigned char *p;

	if (a->mem == NULL || n > a->cap - a->used)
		return NULL;
	p = a->mem + a->used;
	a->used += n;
	return (char *)p;
}

void *
arena_raw(struct arena *a, size_t n)
{
	size_t align = _Alignof(max_align_t);
	size_t old = a->used, pad = (size_t) - ((uintptr_t)a->mem + old) & (align - 1);
	char *p;

	if (arena_bytes(a, pad) == NULL)
		return NULL;
	p = arena_bytes(a, n);
	if (p == NULL) {
		a->used = old;
		return NULL;
	}
#ifdef ARENA_POISON /* where tests run: who reads before it writes sees no zeros by luck */
	memset(p, 0xa5, n);
#endif
	return p;
}

void *
arena_get(struct arena *a, size_t n)
{
	void *p = arena_raw(a, n);

	return p != NULL ? memset(p, 0, n) : NULL;
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		return NULL;
	return arena_get(a, n);
}

struct str
arena_join(struct arena *a, const char *text, const struct str *arg, size_t n)
{
	struct str whole = { NULL, 0 };
	char *p;

	for (struct text t = { text, arg, n }; *t.at != '\0';)
		if (__builtin_add_overflow(whole.n, text_next(&t).n, &whole.n))
			return (struct str){ NULL, 0 };
	p = arena_bytes(a, whole.n);
	if (p == NULL)
		return (struct str){ NULL, 0 };
	whole.p = p;
	for (struct text t = { text, arg, n }; *t.at != '\0';) {
		struct str piece = text_next(&t);

		if (piece.n > 0)
			memcpy(p, piece.p, piece.n);
		p += piece.n;
	}
	return whole;
}

char *
arena_text(struct arena *a, const char *text, const struct str *arg, size_t n)
{
	size_t old = a->used;
	struct str whole = arena_join(a, text, arg, n);
	/* right behind it: text is not aligned */
	char *end = whole.p == NULL ? NULL : arena_bytes(a, 1);

	if (end == NULL || str_find(whole, '\0', 0) < whole.n) {
		a->used = old;
		return NULL;
	}
	*end = '\0';
	return end - whole.n;
}

char *
arena_cstr(struct arena *a, struct str s)
{
	return arena_text(a, TEXT("%", s));
}
