#include "text/take.h"

#include "base/num.h"

int
take_until(struct str *rest, char c, struct str *out)
{
	size_t end = str_find(*rest, c, 0);

	if (end == rest->n)
		return -1;
	*out = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 1, rest->n);
	return 0;
}

int
take_number(struct str *rest, char c, uint64_t *out)
{
	struct str field;

	return take_until(rest, c, &field) < 0 ? -1 : num_uint(field, out);
}

int
take_line(struct str *rest, struct str *line)
{
	if (rest->n == 0)
		return 0;
	return take_until(rest, '\n', line) < 0 || str_find(*line, '\0', 0) < line->n ? -1 : 1;
}

static bool
between(char c)
{
	return c == ' ' || c == '\n';
}

struct str
take_word(struct str *rest)
{
	size_t from = 0, to;
	struct str word;

	while (from < rest->n && between(rest->p[from]))
		from++;
	for (to = from; to < rest->n && !between(rest->p[to]);)
		to++;
	word = str_slice(*rest, from, to);
	*rest = str_slice(*rest, to, rest->n);
	return to > from ? word : (struct str){ NULL, 0 };
}
