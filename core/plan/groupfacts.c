/* What is known of control groups, as text like other facts (plan/facts.h). */
#include "plan/group.h"
#include "text/procfs.h"

#include <stddef.h>

enum { TEXT_MAX = 1 << 20 };

/* "PATH controllers", nearest first; a space in the path is \040. */
static int
read_above(struct field_ctx *c, const struct field *f, void *target, struct str a, struct str b)
{
	struct cgfacts *facts = target;
	size_t space = str_find(a, ' ', 0);
	struct str path = mountinfo_unescape(c->arena, str_slice(a, 0, space));
	struct str controllers = mountinfo_unescape(c->arena, str_slice(a, space + 1, a.n));
	struct cgdir *d = &facts->above[facts->nabove % CG_ABOVE];

	(void)b;
	if (path.p == NULL || controllers.p == NULL)
		return err_memory(c->err);
	if (facts->nabove == CG_ABOVE)
		return field_fault(c, f, TEXT("more than 16 groups"));
	*d = (struct cgdir){ .controllers = controllers };
	facts->nabove++;
	return field_path(c, f, path, &d->path);
}

#define AT(member) .offset = offsetof(struct cgfacts, member)
#define FACT(name) ROW(name, "", "", "", "")
#define STRING .type = FIELD_STRING, .max = TEXT_MAX

/* clang-format off */
/* What each is stands at its member in group.h. */
static const struct field rows[] = {
	{ FACT("cg_mount"), PATH, AT(mount) },
	{ FACT("cg_readonly"), AT(readonly) },
	{ FACT("cg_outside"), AT(outside) },
	{ FACT("cg_group"), PATH, AT(base.path) },
	{ FACT("cg_controllers"), STRING, AT(base.controllers) },
	{ FACT("cg_subtree"), STRING, AT(base.subtree) },
	{ FACT("cg_type"), STRING, AT(base.type) },
	{ FACT("cg_procs"), STRING, AT(base.procs) },
	{ FACT("cg_self"), .type = FIELD_UINT, AT(self), .max = INT32_MAX },
	{ FACT("cg_writable"), AT(base.writable) },
	{ FACT("cg_delegated"), AT(base.delegated) },
	{ FACT("cg_top"), AT(base.top) },
	{ FACT("cg_chosen"), AT(chosen) },
	{ FACT("cg_above"), .type = FIELD_CUSTOM, .flags = FIELD_LIST, .read = read_above,
	  AT(above) },
	{ FACT("cg_known"), STRING, AT(proc_cgroups) },
	{ FACT("cg_v1"), STRING, AT(v1) },
	{ FACT("cg_systemd"), AT(systemd) },
	{ FACT("cg_bpf"), AT(bpf) },
	{ FACT("cg_page"), .type = FIELD_UINT, AT(page), .max = 1 << 30 },
};
/* clang-format on */

const struct table cgfacts_table = { "facts", rows, COUNT(rows) };

void
cgfacts_put(struct buf *b, const struct cgfacts *f)
{
	facts_put_rows(b, &cgfacts_table, f);
	for (size_t i = 0; i < f->nabove; i++) {
		buf_cstr(b, "cg_above ");
		facts_put_text(b, f->above[i].path, false);
		buf_char(b, ' ');
		facts_put_text(b, f->above[i].controllers, true);
		buf_char(b, '\n');
	}
}
