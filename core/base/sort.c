#include "base/sort.h"

/* Lets the pointer at the top of a heap of n sink to its place. */
static void
sink(const void **p, size_t top, size_t n, bool (*before)(const void *, const void *))
{
	const void *hold = p[top];
	size_t child;

	while ((child = 2 * top + 1) < n) {
		if (child + 1 < n && before(p[child], p[child + 1]))
			child++;
		if (!before(hold, p[child]))
			break;
		p[top] = p[child];
		top = child;
	}
	p[top] = hold;
}

void
sort_pointers(const void **p, size_t n, bool (*before)(const void *, const void *))
{
	for (size_t i = n / 2; i > 0; i--)
		sink(p, i - 1, n, before);
	for (size_t last = n; last > 1; last--) {
		const void *hold = p[0];

		p[0] = p[last - 1];
		p[last - 1] = hold;
		sink(p, 0, last - 1, before);
	}
}
