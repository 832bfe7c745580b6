/* Rows that are paths. Apart, for programs that have none. */
#include "spec/field.h"

#include "base/path.h"

int
field_path(struct field_ctx *c, const struct field *f, struct str text, struct str *out)
{
	enum path_fault bad = path_check(text);

	if (bad != PATH_OK)
		return field_fault(c, f, TEXT("\"%\" is %", text, path_fault_text(bad)));
	*out = path_clean(c->arena, text);
	return out->p == NULL ? err_memory(c->err) : 0;
}

int
field_read_path(struct field_ctx *c, const struct field *f, void *target, struct str a,
    struct str b)
{
	void *at = (char *)target + f->offset;

	(void)b;
	if ((f->flags & FIELD_LIST) == 0)
		return field_path(c, f, a, at);
	if (field_path(c, f, a, &a) < 0)
		return -1;
	return strlist_add(c->arena, at, a, c->pos) < 0 ? err_memory(c->err) : 0;
}
